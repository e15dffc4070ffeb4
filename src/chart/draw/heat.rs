use super::layout::{Layout, TEXT};
use super::scene::{Align, Scene, ink};
use super::text;
use crate::format_number;

impl Layout<'_> {
    /// A cell for each pair of names, with its number when it has room.
    pub(super) fn heat(&self, scene: &mut Scene, values: &[Vec<f64>]) {
        let most = values.iter().flatten().copied().fold(0.0, f64::max);
        let (width, height) = (self.x.band(), self.y.band());
        let gap = if width.min(height) > 8.0 { 1.0 } else { 0.0 };
        for (row, line) in values.iter().enumerate() {
            for (column, value) in line.iter().enumerate() {
                let (x, y) = (self.x.at(column as f64), self.y.at(row as f64));
                let ground = self.theme.heat(if most > 0.0 { value / most } else { 0.0 });
                scene.rect((x - width / 2.0 + gap, y - height / 2.0 + gap), (x + width / 2.0 - gap, y + height / 2.0 - gap), ink(ground));
                let label = format_number(*value);
                if text::width(&label, TEXT) + 4.0 <= width && height >= TEXT + 2.0 {
                    scene.text(x, y, label, TEXT, Align::Centre, ink(self.theme.text_on(ground)));
                }
            }
        }
    }
}
