//! What surrounds the marks: grid, axes, and the numbers and names along them.

use super::layout::{Layout, TEXT};
use super::scene::{Align, Scene, ink};
use super::text;
use crate::Layer;

const LINE: f64 = TEXT + 2.0;
/// The least room a shortened name may have: of a few names none is left out.
fn least_room(names: usize) -> f64 {
    if names <= 8 { 34.0 } else { 56.0 }
}

impl Layout<'_> {
    /// Lines across the plot at the values' ticks; names need none.
    pub(super) fn grid(&self, scene: &mut Scene) {
        let colour = ink(self.theme.grid);
        for value in self.y.ticks(self.y_ticks).values {
            scene.horizontal(self.plot.left, self.plot.right, self.y.at(value), 1.0, colour);
        }
        let points_only =
            self.chart.layers.iter().all(|layer| matches!(layer, Layer::Scatter { .. } | Layer::Line { .. } | Layer::Reference { .. }));
        if points_only || self.chart.y.names().is_some() {
            for value in self.x.ticks(self.x_ticks).values {
                scene.vertical(self.x.at(value), self.plot.top, self.plot.bottom, 1.0, colour);
            }
        }
    }

    /// The base lines and all that is written along them.
    pub(super) fn axes(&self, scene: &mut Scene) {
        if !self.chart.layers.iter().any(|layer| matches!(layer, Layer::HeatMap { .. })) {
            if self.chart.y.names().is_some() {
                scene.vertical(self.x.zero(), self.plot.top, self.plot.bottom, 1.0, ink(self.theme.axis));
            } else {
                let base = if self.bar_layers() > 0 { self.y.zero() } else { self.plot.bottom };
                scene.horizontal(self.plot.left, self.plot.right, base, 1.0, ink(self.theme.axis));
            }
        }
        match self.chart.x.names() {
            Some(names) => self.names_below(scene, names),
            None => self.numbers_below(scene),
        }
        match self.chart.y.names() {
            Some(names) => self.names_left(scene, names),
            None => {
                let ticks = self.y.ticks(self.y_ticks);
                for (value, label) in ticks.values.iter().zip(ticks.labels()) {
                    scene.text(self.plot.left - 7.0, self.y.at(*value), label, TEXT, Align::Right, ink(self.theme.muted));
                }
            }
        }
    }

    /// As many ticks as have room beside each other.
    fn numbers_below(&self, scene: &mut Scene) {
        let y = self.plot.bottom + 12.0;
        for most in (1..=self.x_ticks).rev() {
            let ticks = self.x.ticks(most);
            let labels = ticks.labels();
            let places: Vec<(f64, f64)> =
                ticks.values.iter().zip(&labels).map(|(value, label)| (self.x.at(*value), text::width(label, TEXT) / 2.0)).collect();
            let collide = places.windows(2).any(|pair| pair[0].0 + pair[0].1 + 8.0 > pair[1].0 - pair[1].1);
            if collide && most > 1 {
                continue;
            }
            for ((x, half), label) in places.iter().zip(labels) {
                let x = x.min(self.width - half - 1.0).max(half + 1.0);
                scene.text(x, y, label, TEXT, Align::Centre, ink(self.theme.muted));
            }
            return;
        }
    }

    /// Names under their bands, shortened to the band; when bands are too narrow for that, only every second, third … name.
    fn names_below(&self, scene: &mut Scene, names: &[String]) {
        let band = self.x.band();
        let widest = names.iter().map(|name| text::width(name, TEXT)).fold(0.0, f64::max);
        let wanted = widest.min(least_room(names.len())) + 8.0;
        let every = libm::ceil(wanted / band.max(1e-9)).max(1.0) as usize;
        let room = band * every as f64 - 8.0;
        for (i, name) in names.iter().enumerate().step_by(every) {
            let label = text::shorten(name, TEXT, room);
            let half = text::width(&label, TEXT) / 2.0;
            let x = self.x.at(i as f64).min(self.width - half - 1.0).max(half + 1.0);
            scene.text(x, self.plot.bottom + 12.0, label, TEXT, Align::Centre, ink(self.theme.text));
        }
    }

    fn names_left(&self, scene: &mut Scene, names: &[String]) {
        let every = libm::ceil((TEXT + 2.0) / self.y.band().max(1e-9)).max(1.0) as usize;
        for (i, name) in names.iter().enumerate().step_by(every) {
            let lines = if self.y.band() >= 2.0 * LINE { broken(name, self.gutter) } else { vec![name.as_str()] };
            let first = self.y.at(i as f64) - LINE / 2.0 * (lines.len() - 1) as f64;
            for (line, part) in lines.into_iter().enumerate() {
                let label = text::shorten(part, TEXT, self.gutter + 1.0);
                scene.text(self.plot.left - 7.0, first + LINE * line as f64, label, TEXT, Align::Right, ink(self.theme.text));
            }
        }
    }
}

/// A name in one line, or, when that is too wide, in two, parted after the comma nearest to its middle.
fn broken(name: &str, room: f64) -> Vec<&str> {
    let middle = name.len() / 2;
    let comma = name.match_indices(", ").map(|(at, _)| at + 1).min_by_key(|at| at.abs_diff(middle));
    match comma {
        Some(at) if text::width(name, TEXT) > room + 1.0 => vec![&name[..at], name[at..].trim_start()],
        _ => vec![name],
    }
}
