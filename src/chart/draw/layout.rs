use super::legend::Legend;
use super::scale::{AxisScale, Which};
use super::scene::{Align, Scene, ink};
use super::style::{Style, Theme};
use super::text;
use crate::{Chart, Layer};

pub(super) const TEXT: f64 = 12.0;
pub(super) const TITLE: f64 = 14.0;
const EDGE: f64 = 10.0;
const ROW: f64 = 18.0;
/// The most of the width that names at the left may take.
const SIDE: f64 = 0.42;

/// Everything's place, in CSS pixels: the title, the legend and the `y` label stand above the plot, the `x` label below, so nothing
/// covers data.
pub(super) struct Layout<'a> {
    pub(super) chart: &'a Chart,
    pub(super) theme: Theme,
    pub(super) width: f64,
    pub(super) plot: Area,
    pub(super) x: AxisScale,
    pub(super) y: AxisScale,
    /// The most ticks each axis has room for.
    pub(super) x_ticks: usize,
    pub(super) y_ticks: usize,
    /// How wide the names or numbers left of the plot may be.
    pub(super) gutter: f64,
    legend: Legend,
    top: Tops,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// The middles of the rows above the plot.
struct Tops {
    title: Option<f64>,
    legend: f64,
    y_label: Option<f64>,
}

impl Area {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn contains(&self, x: f64, y: f64, room: f64) -> bool {
        x >= self.left - room && x <= self.right + room && y >= self.top - room && y <= self.bottom + room
    }
}

impl<'a> Layout<'a> {
    pub(super) fn new(chart: &'a Chart, style: &Style) -> Self {
        let (width, height) = (f64::from(style.width.max(80)), f64::from(style.height.max(80)));
        let theme = Theme::of(style);
        let legend = Legend::new(chart, width - 2.0 * EDGE);
        let mut y = EDGE * 0.6;
        let mut row = |height: f64| {
            y += height;
            y - height / 2.0
        };
        let title = chart.title.as_ref().map(|_| row(24.0));
        let legend_top = row(ROW * legend.rows() as f64) - ROW * legend.rows() as f64 / 2.0;
        let y_label = (!chart.y.label.is_empty()).then(|| row(ROW));
        let plot_top = y + 6.0;
        let x_label_room = if chart.x.label.is_empty() { 0.0 } else { ROW };
        let plot_bottom = (height - EDGE * 0.6 - x_label_room - ROW).max(plot_top + 20.0);

        let y_ticks = ((plot_bottom - plot_top) / 34.0).clamp(2.0, 10.0) as usize;
        let y_scale = AxisScale::new(chart, Which::Y, y_ticks).between(plot_bottom, plot_top);
        let y_scale = if chart.y.names().is_some() { y_scale.between(plot_top, plot_bottom) } else { y_scale };
        let gutter = match chart.y.names() {
            Some(names) => widest(names).min(width * SIDE),
            None => widest(&y_scale.ticks(y_ticks).labels()),
        };
        let plot_left = EDGE + gutter + 8.0;
        let x_ticks = ((width - plot_left) / 56.0).clamp(2.0, 12.0) as usize;
        let x_scale = AxisScale::new(chart, Which::X, x_ticks);
        let last = x_scale.ticks(x_ticks).labels().last().map_or(0.0, |label| text::width(label, TEXT));
        let mut plot_right = (width - EDGE - last / 2.0).max(plot_left + 20.0);
        if let (Some(names), true) = (chart.x.names(), chart.layers.iter().any(|layer| matches!(layer, Layer::HeatMap { .. }))) {
            plot_right = plot_right.min(plot_left + 150.0 * names.len() as f64);
        }
        Self {
            chart,
            theme,
            width,
            plot: Area { left: plot_left, top: plot_top, right: plot_right, bottom: plot_bottom },
            x: x_scale.between(plot_left, plot_right),
            y: y_scale,
            x_ticks,
            y_ticks,
            gutter,
            legend,
            top: Tops { title, legend: legend_top, y_label },
        }
    }

    /// The whole chart as shapes, without its background.
    pub(super) fn scene(&self) -> Scene {
        let mut scene = Scene::default();
        self.headings(&mut scene);
        if self.chart.is_empty() {
            let middle = (self.plot.top + self.plot.bottom) / 2.0;
            scene.text(self.width / 2.0, middle, "No data to show", TEXT + 1.0, Align::Centre, ink(self.theme.muted));
            return scene;
        }
        self.grid(&mut scene);
        self.marks(&mut scene);
        self.axes(&mut scene);
        scene
    }

    fn headings(&self, scene: &mut Scene) {
        let room = self.width - 2.0 * EDGE;
        if let (Some(title), Some(y)) = (&self.chart.title, self.top.title) {
            scene.shapes.push(super::scene::Shape::Text {
                x: EDGE,
                y,
                text: text::shorten(title, TITLE * 1.1, room),
                size: TITLE,
                bold: true,
                align: Align::Left,
                ink: ink(self.theme.text),
            });
        }
        if self.chart.is_empty() {
            return;
        }
        self.legend.draw(scene, &self.theme, EDGE, self.top.legend, ROW);
        if let Some(y) = self.top.y_label {
            scene.text(EDGE, y, text::shorten(&self.chart.y.title(), TEXT, room), TEXT, Align::Left, ink(self.theme.muted));
        }
        if !self.chart.x.label.is_empty() {
            let room = self.plot.width().max(self.width * 0.6);
            let label = text::shorten(&self.chart.x.title(), TEXT, room);
            let half = text::width(&label, TEXT) / 2.0;
            let middle = f64::midpoint(self.plot.left, self.plot.right).min(self.width - EDGE - half).max(EDGE + half);
            scene.text(middle, self.plot.bottom + ROW * 1.5, label, TEXT, Align::Centre, ink(self.theme.muted));
        }
    }
}

/// A height that gives every name of a chart with lying bars or points its own line, and other charts a pleasant shape.
pub fn preferred_height(chart: &Chart, width: u32) -> u32 {
    let names = chart.y.names().map_or(0, <[String]>::len);
    let long = widest(chart.y.names().unwrap_or_default()) > f64::from(width) * SIDE;
    let heat = chart.layers.iter().any(|layer| matches!(layer, Layer::HeatMap { .. }));
    let usual = (f64::from(width) * 0.56).clamp(240.0, 400.0);
    let wanted = match (names, heat) {
        (0, _) => usual,
        (n, true) => 100.0 + (n as f64 * 64.0).clamp(120.0, 480.0),
        (n, false) => 100.0 + (n as f64 * if long { 36.0 } else { 24.0 }).clamp(80.0, 900.0),
    };
    wanted as u32
}

fn widest(texts: &[String]) -> f64 {
    texts.iter().map(|t| text::width(t, TEXT)).fold(0.0, f64::max)
}
