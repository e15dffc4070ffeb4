use super::scene::{Align, Scene, ink};
use super::style::Theme;
use super::text;
use crate::{Chart, Layer};

const SIZE: f64 = 12.0;
const SWATCH: f64 = 22.0;
const GAP: f64 = 14.0;
const MOST_ROWS: usize = 3;

/// The names of the layers, flowing in rows above the plot.
pub(super) struct Legend {
    entries: Vec<Entry>,
    /// How many names had no room.
    left_out: usize,
}

struct Entry {
    row: usize,
    x: f64,
    text: String,
    swatch: Swatch,
    series: usize,
}

#[derive(Clone, Copy)]
enum Swatch {
    Line,
    Dashes,
    Square,
    Point,
}

impl Legend {
    pub(super) fn new(chart: &Chart, room: f64) -> Self {
        let mut legend = Self { entries: Vec::new(), left_out: 0 };
        let (mut row, mut x, mut series) = (0, 0.0, 0);
        for (i, layer) in chart.layers.iter().enumerate() {
            if i > 0 && layer.belongs_to(&chart.layers[i - 1]) {
                continue;
            }
            let swatch = match layer {
                Layer::Line { .. } => Swatch::Line,
                Layer::Reference { .. } => Swatch::Dashes,
                Layer::Scatter { .. } | Layer::ErrorBars { .. } => Swatch::Point,
                _ => Swatch::Square,
            };
            let number = series;
            if !matches!(layer, Layer::Reference { .. }) {
                series += 1;
            }
            if layer.name().is_empty() {
                continue;
            }
            let text = text::shorten(layer.name(), SIZE, (room - SWATCH).min(170.0));
            let width = SWATCH + text::width(&text, SIZE);
            if x > 0.0 && x + width > room {
                row += 1;
                x = 0.0;
            }
            if row >= MOST_ROWS {
                legend.left_out += 1;
                continue;
            }
            legend.entries.push(Entry { row, x, text, swatch, series: number });
            x += width + GAP;
        }
        // The last name that had room makes way for the count of those that hadn't.
        if legend.left_out > 0
            && let Some(last) = legend.entries.last_mut()
        {
            legend.left_out += 1;
            last.text = format!("and {} more", legend.left_out);
        }
        legend
    }

    pub(super) fn rows(&self) -> usize {
        self.entries.last().map_or(0, |entry| entry.row + 1)
    }

    pub(super) fn draw(&self, scene: &mut Scene, theme: &Theme, left: f64, top: f64, row_height: f64) {
        for entry in &self.entries {
            let (x, y) = (left + entry.x, top + (entry.row as f64 + 0.5) * row_height);
            let colour = ink(theme.series(entry.series));
            let middle = x + SWATCH * 0.36;
            match entry.swatch {
                Swatch::Line => scene.horizontal(x, x + SWATCH * 0.72, y, 2.5, colour),
                Swatch::Dashes => scene.dashed((x, y), (x + SWATCH * 0.72, y), ink(theme.muted), 1.5),
                Swatch::Square => scene.rect((middle - 5.0, y - 5.0), (middle + 5.0, y + 5.0), colour),
                Swatch::Point => scene.point(entry.series, middle, y, 4.5, colour),
            }
            scene.text(x + SWATCH, y, entry.text.clone(), SIZE, Align::Left, ink(theme.text));
        }
    }
}
