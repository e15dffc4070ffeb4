//! From shapes to a plotters backend.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::DrawingBackend;

use super::layout::Layout;
use super::scene::{Align, Ink, Scene, Shape, ink};
use super::style::{Style, Theme};
use crate::Chart;

/// SVG has whole units only: drawing larger and showing it smaller keeps lines smooth.
const SVG_UNITS: f64 = 4.0;
/// The SVG backend takes a font's size for its line height.
const SVG_TEXT: f64 = 1.24;

/// Draws a chart on an area of `style.width × style.height` CSS pixels, each `style.device_pixel_ratio` of the backend's.
pub fn draw<DB: DrawingBackend>(
    chart: &Chart,
    area: &DrawingArea<DB, Shift>,
    style: &Style,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    Painter { area, style, text: 1.0 }.chart(chart)
}

/// The chart as an SVG document, with its summary as description.
pub fn to_svg(chart: &Chart, style: &Style) -> String {
    let units = |pixels: u32| (f64::from(pixels) * SVG_UNITS) as u32;
    let (width, height) = (units(style.width), units(style.height));
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let style = Style { device_pixel_ratio: SVG_UNITS, ..style.clone() };
        // Writing into a String doesn't fail.
        let _ = Painter { area: &area, style: &style, text: SVG_TEXT }.chart(chart);
        let _ = area.present();
    }
    let told = chart.summary.replace('&', "&amp;").replace('<', "&lt;");
    svg.replacen(
        &format!("width=\"{width}\" height=\"{height}\""),
        &format!("role=\"img\" width=\"{}\" height=\"{}\"", style.width, style.height),
        1,
    )
    .replacen(">\n", &format!(">\n<desc>{told}</desc>\n"), 1)
}

struct Painter<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    style: &'a Style,
    /// What the backend multiplies font sizes with.
    text: f64,
}

type Painted<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

impl<DB: DrawingBackend> Painter<'_, DB> {
    fn chart(&self, chart: &Chart) -> Painted<DB> {
        let (width, height) = (f64::from(self.style.width), f64::from(self.style.height));
        let ground = ink(Theme::of(self.style).background);
        let mut scene = Scene::default();
        scene.rect((0.0, 0.0), (width, height), ground);
        scene.shapes.extend(Layout::new(chart, self.style).scene().shapes);
        scene.shapes.iter().try_for_each(|shape| self.shape(shape))
    }

    fn shape(&self, shape: &Shape) -> Painted<DB> {
        match shape {
            Shape::Line { points, ink, width } => {
                let stroke = ShapeStyle { color: colour(*ink), filled: false, stroke_width: self.length(*width) };
                self.area.draw(&PathElement::new(self.all(points), stroke))
            }
            Shape::Rect { left, top, right, bottom, ink } => {
                let (x0, y0) = self.at(*left, *top);
                let (x1, y1) = self.at(*right, *bottom);
                // A hair line keeps at least one device pixel.
                self.area.draw(&Rectangle::new([(x0, y0), (x1.max(x0 + 1), y1.max(y0 + 1))], filled(*ink)))
            }
            Shape::Polygon { points, ink } => self.area.draw(&Polygon::new(self.all(points), filled(*ink))),
            Shape::Circle { x, y, radius, ink, filled: inside } => {
                let stroke = ShapeStyle { color: colour(*ink), filled: *inside, stroke_width: self.length(1.25) };
                self.area.draw(&Circle::new(self.at(*x, *y), self.length(*radius), stroke))
            }
            Shape::Text { x, y, text, size, bold, align, ink } => {
                let size = size * self.style.device_pixel_ratio * self.text;
                let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                let font = FontDesc::new(FontFamily::Name(&self.style.font), size, weight).transform(FontTransform::None);
                let side = match align {
                    Align::Left => HPos::Left,
                    Align::Centre => HPos::Center,
                    Align::Right => HPos::Right,
                };
                let inked = colour(*ink);
                let style = TextStyle::from(font).color(&inked).pos(Pos::new(side, VPos::Center));
                self.area.draw_text(text, &style, self.at(*x, *y))
            }
        }
    }

    fn at(&self, x: f64, y: f64) -> (i32, i32) {
        let device = |v: f64| libm::round(v * self.style.device_pixel_ratio) as i32;
        (device(x), device(y))
    }

    fn all(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|(x, y)| self.at(*x, *y)).collect()
    }

    fn length(&self, pixels: f64) -> u32 {
        libm::round(pixels * self.style.device_pixel_ratio).max(1.0) as u32
    }
}

fn colour(ink: Ink) -> RGBAColor {
    let (r, g, b) = ink.colour;
    RGBAColor(r, g, b, ink.alpha)
}

fn filled(ink: Ink) -> ShapeStyle {
    ShapeStyle { color: colour(ink), filled: true, stroke_width: 0 }
}
