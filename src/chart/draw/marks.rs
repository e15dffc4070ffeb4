//! The marks themselves, layer by layer.

use super::layout::Layout;
use super::scene::{Scene, ink};
use super::thin;
use crate::{BoxStats, Layer};

/// The widest a bar or a box gets.
const WIDEST: f64 = 72.0;

/// Where bar `series` of `of` stands in the band around `middle`: its two edges.
pub(super) fn slot(band: f64, middle: f64, series: usize, of: usize) -> (f64, f64) {
    let group = (band * 0.78).min(WIDEST * of as f64);
    let each = group / of as f64;
    let start = middle - group / 2.0 + each * series as f64;
    let gap = if each > 4.0 { 0.75 } else { 0.0 };
    (start + gap, start + each - gap)
}

impl Layout<'_> {
    pub(super) fn marks(&self, scene: &mut Scene) {
        let bars = self.bar_layers();
        let histograms = self.chart.layers.iter().filter(|layer| matches!(layer, Layer::Histogram { .. })).count();
        let mut bar = 0;
        let mut series = 0;
        for (i, layer) in self.chart.layers.iter().enumerate() {
            if i > 0 && layer.belongs_to(&self.chart.layers[i - 1]) {
                series -= 1;
            }
            let colour = ink(self.theme.series(series));
            match layer {
                Layer::Line { x, y, .. } => {
                    let points: Vec<(f64, f64)> = x.iter().zip(y).map(|(x, y)| (self.x.at(*x), self.y.at(*y))).collect();
                    if let [(x, y)] = points.as_slice() {
                        scene.circle(*x, *y, 3.5, colour);
                    }
                    scene.line(thin::line(&points), colour, 2.0);
                }
                Layer::Scatter { x, y, .. } => {
                    let (radius, alpha) = point_size(self.points());
                    let points = x.iter().zip(y).map(|(x, y)| (self.x.at(*x), self.y.at(*y)));
                    for (x, y) in thin::scatter(points, if x.len() > 4000 { 2.0 } else { 0.5 }) {
                        scene.point(series, x, y, radius, colour.faint(alpha));
                    }
                }
                Layer::Bar { values, .. } => {
                    for (i, value) in values.iter().enumerate() {
                        if let Some(value) = value {
                            let (from, to) = self.bar(i, *value, bar, bars);
                            scene.rect(from, to, colour);
                        }
                    }
                    bar += 1;
                }
                Layer::Histogram { edges, counts, .. } => {
                    let alpha = if histograms > 1 { 0.55 } else { 1.0 };
                    for (edge, count) in edges.windows(2).zip(counts).filter(|(_, count)| **count > 0.0) {
                        let (left, right) = (self.x.at(edge[0]), self.x.at(edge[1]));
                        let gap = if right - left > 5.0 { 0.5 } else { 0.0 };
                        scene.rect((left + gap, self.y.at(*count)), (right - gap, self.plot.bottom), colour.faint(alpha));
                    }
                }
                Layer::Box { boxes } => {
                    for (i, stats) in boxes.iter().enumerate() {
                        if let Some(stats) = stats {
                            self.box_mark(scene, i, stats);
                        }
                    }
                }
                Layer::HeatMap { values } => self.heat(scene, values),
                Layer::Reference { from, to, .. } => {
                    let pixel = |p: &[f64; 2]| (self.x.at(p[0]), self.y.at(p[1]));
                    scene.dashed(pixel(from), pixel(to), ink(self.theme.muted), 1.5);
                }
                Layer::ErrorBars { x, mean, deviation, .. } => {
                    for ((place, mean), deviation) in x.iter().zip(mean).zip(deviation) {
                        self.error_bar(scene, *place, *mean, *deviation, series);
                    }
                }
            }
            if !matches!(layer, Layer::Reference { .. }) {
                series += 1;
            }
        }
    }

    pub(super) fn bar_layers(&self) -> usize {
        self.chart.layers.iter().filter(|layer| matches!(layer, Layer::Bar { .. })).count()
    }

    /// Two corners of a bar.
    pub(super) fn bar(&self, category: usize, value: f64, series: usize, of: usize) -> ((f64, f64), (f64, f64)) {
        let place = category as f64;
        if self.chart.y.names().is_some() {
            let (top, bottom) = slot(self.y.band(), self.y.at(place), series, of);
            ((self.x.zero(), top), (self.x.at(value), bottom))
        } else {
            let (left, right) = slot(self.x.band(), self.x.at(place), series, of);
            ((left, self.y.at(value)), (right, self.y.zero()))
        }
    }

    /// How many points all scatter layers have.
    fn points(&self) -> usize {
        self.chart.layers.iter().filter(|layer| matches!(layer, Layer::Scatter { .. })).map(Layer::len).sum()
    }

    fn box_mark(&self, scene: &mut Scene, i: usize, stats: &BoxStats) {
        let (left, right) = slot(self.x.band() * 0.7, self.x.at(i as f64), 0, 1);
        let middle = f64::midpoint(left, right);
        let cap = (right - left) * 0.22;
        let colour = self.theme.series(0);
        let (q1, q3) = (self.y.at(stats.q1), self.y.at(stats.q3));
        let line = ink(colour);
        for (end, quartile) in [(stats.low, q1), (stats.high, q3)] {
            let end = self.y.at(end);
            scene.vertical(middle, end.min(quartile), end.max(quartile), 1.5, line);
            scene.horizontal(middle - cap, middle + cap, end, 1.5, line);
        }
        scene.rect((left, q1), (right, q3), ink(super::style::mix(self.theme.background, colour, 0.3)));
        for y in [q1, q3] {
            scene.horizontal(left, right, y, 1.5, line);
        }
        for x in [left, right] {
            scene.vertical(x, q3 - 0.75, q1 + 0.75, 1.5, line);
        }
        scene.horizontal(left, right, self.y.at(stats.median), 3.0, line);
        let outliers = stats.outliers.iter().map(|value| (middle, self.y.at(*value)));
        for (x, y) in thin::scatter(outliers, 1.0) {
            scene.ring(x, y, 3.0, line);
        }
    }

    fn error_bar(&self, scene: &mut Scene, place: f64, mean: f64, deviation: f64, series: usize) {
        let colour = ink(self.theme.series(series));
        if self.chart.y.names().is_some() {
            let y = self.y.at(place);
            if deviation > 0.0 {
                let (left, right) = (self.x.at(mean - deviation), self.x.at(mean + deviation));
                scene.horizontal(left, right, y, 1.5, colour);
                [left, right].into_iter().for_each(|x| scene.vertical(x, y - 4.0, y + 4.0, 1.5, colour));
            }
            scene.circle(self.x.at(mean), y, 4.5, colour);
        } else {
            let x = self.x.at(place);
            if deviation > 0.0 {
                let (top, bottom) = (self.y.at(mean + deviation), self.y.at(mean - deviation));
                scene.vertical(x, top, bottom, 1.5, colour);
                [top, bottom].into_iter().for_each(|y| scene.horizontal(x - 4.0, x + 4.0, y, 1.5, colour));
            }
            scene.circle(x, self.y.at(mean), 4.5, colour);
        }
    }
}

/// Many points are drawn small and see-through.
fn point_size(n: usize) -> (f64, f64) {
    match n {
        0..=300 => (3.5, 0.85),
        301..=3000 => (2.8, 0.7),
        _ => (1.8, 0.5),
    }
}
