use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::paint::draw;
use super::style::Style;
use crate::Chart;

/// Draws a chart on a canvas whose CSS size the page set to the style's, at device resolution: twice the CSS pixels at least, because
/// the backend rounds to whole ones.
///
/// # Errors
/// When the browser gives no 2D context for the canvas.
pub fn draw_on_canvas(chart: &Chart, canvas: HtmlCanvasElement, style: &Style) -> Result<(), String> {
    let ratio = style.device_pixel_ratio.clamp(2.0, 4.0);
    canvas.set_width((f64::from(style.width) * ratio) as u32);
    canvas.set_height((f64::from(style.height) * ratio) as u32);
    let context = canvas.get_context("2d").ok().flatten().and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    if let Some(context) = context {
        context.set_line_join("round");
        context.set_line_cap("round");
    }
    let backend = CanvasBackend::with_canvas_object(canvas).ok_or("The browser gives no drawing context for the chart.")?;
    let style = Style { device_pixel_ratio: ratio, ..style.clone() };
    draw(chart, &backend.into_drawing_area(), &style).map_err(|error| error.to_string())
}
