//! What is under the pointer.

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::marks::slot;
use super::style::Style;
use crate::{Axis, Chart, Layer, format_number};

/// The mark nearest to the pointer, in words, and where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ReadOut {
    pub lines: Vec<String>,
    /// In CSS pixels from the chart's left edge.
    pub x: f64,
    /// In CSS pixels from the chart's top edge.
    pub y: f64,
}

/// How far from a point the pointer may be.
const REACH: f64 = 40.0;

/// The mark nearest to (`x`, `y`), both in CSS pixels; none when the pointer is outside the plot or far from every mark.
pub fn hover(chart: &Chart, style: &Style, x: f64, y: f64) -> Option<ReadOut> {
    let layout = Layout::new(chart, style);
    if chart.is_empty() || !layout.plot.contains(x, y, 12.0) {
        return None;
    }
    let mut best: Option<(f64, ReadOut)> = None;
    let mut bar = 0;
    for layer in &chart.layers {
        let found = match layer {
            Layer::Line { x: xs, y: ys, .. } => layout.near_line(layer, xs, ys, (x, y)),
            Layer::Scatter { x: xs, y: ys, .. } => layout.near_point(layer, xs, ys, (x, y)),
            Layer::ErrorBars { .. } => layout.near_error_bar(layer, (x, y)),
            Layer::Bar { .. } => {
                bar += 1;
                layout.near_bar(layer, bar - 1, (x, y))
            }
            Layer::Histogram { .. } => layout.near_bin(layer, (x, y)),
            Layer::Box { .. } => layout.near_box(layer, x),
            Layer::HeatMap { values } => layout.near_cell(values, (x, y)),
            Layer::Reference { .. } => None,
        };
        if let Some((distance, read_out)) = found
            && best.as_ref().is_none_or(|(nearest, _)| distance < *nearest)
        {
            best = Some((distance, read_out));
        }
    }
    best.map(|(_, read_out)| read_out)
}

type Found = Option<(f64, ReadOut)>;

impl Layout<'_> {
    /// The point of a line nearest along `x`, and how far its line is in `y`.
    fn near_line(&self, layer: &Layer, xs: &[f64], ys: &[f64], pointer: (f64, f64)) -> Found {
        let pixels = xs.iter().zip(ys).map(|(x, y)| (self.x.at(*x), self.y.at(*y)));
        // Distance along x decides; of points at one x the nearest in y.
        let distance = |p: &(f64, f64)| ((p.0 - pointer.0).abs(), (p.1 - pointer.1).abs());
        let (i, pixel) = pixels.enumerate().min_by(|a, b| {
            let (a, b) = (distance(&a.1), distance(&b.1));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })?;
        Some((distance(&pixel).1, self.point(layer, xs[i], ys[i], pixel)))
    }

    fn near_point(&self, layer: &Layer, xs: &[f64], ys: &[f64], pointer: (f64, f64)) -> Found {
        let pixels = xs.iter().zip(ys).map(|(x, y)| (self.x.at(*x), self.y.at(*y)));
        let distance = |p: &(f64, f64)| libm::hypot(p.0 - pointer.0, p.1 - pointer.1);
        let (i, pixel) = pixels.enumerate().min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)))?;
        let away = distance(&pixel);
        (away <= REACH).then(|| (away, self.point(layer, xs[i], ys[i], pixel)))
    }

    fn near_error_bar(&self, layer: &Layer, pointer: (f64, f64)) -> Found {
        let Layer::ErrorBars { x, mean, deviation, .. } = layer else { return None };
        let lying = self.chart.y.names().is_some();
        let pixel = |i: usize| if lying { (self.x.at(mean[i]), self.y.at(x[i])) } else { (self.x.at(x[i]), self.y.at(mean[i])) };
        let along = |i: usize| if lying { (pixel(i).1 - pointer.1).abs() } else { (pixel(i).0 - pointer.0).abs() };
        let i = (0..mean.len().min(x.len())).min_by(|a, b| along(*a).total_cmp(&along(*b)))?;
        let (place, value) = if lying { (&self.chart.y, &self.chart.x) } else { (&self.chart.x, &self.chart.y) };
        let mut lines = titled(layer);
        lines.push(told(place, x[i]));
        let spread = deviation.get(i).filter(|d| **d > 0.0).map(|d| format!(" ± {}", format_number(*d))).unwrap_or_default();
        lines.push(format!("{}{spread}", told(value, mean[i])));
        Some((along(i), read_out(lines, pixel(i))))
    }

    fn near_bar(&self, layer: &Layer, series: usize, pointer: (f64, f64)) -> Found {
        let Layer::Bar { values, .. } = layer else { return None };
        let lying = self.chart.y.names().is_some();
        let (scale, along) = if lying { (&self.y, pointer.1) } else { (&self.x, pointer.0) };
        let i = scale.band_at(along)?;
        let value = values.get(i).copied().flatten()?;
        let ((x0, y0), (x1, y1)) = self.bar(i, value, series, self.bar_layers());
        let (low, high) = slot(scale.band(), scale.at(i as f64), series, self.bar_layers());
        let away = if along < low { low - along } else { (along - high).max(0.0) };
        let tip = if lying { (x1, f64::midpoint(y0, y1)) } else { (f64::midpoint(x0, x1), y0) };
        let (place, numbers) = if lying { (&self.chart.y, &self.chart.x) } else { (&self.chart.x, &self.chart.y) };
        let name = place.names().and_then(|names| names.get(i)).cloned().unwrap_or_default();
        let label = if layer.name().is_empty() { numbers.label.as_str() } else { layer.name() };
        Some((away, read_out(vec![name, pair(label, &format_number(value))], tip)))
    }

    fn near_bin(&self, layer: &Layer, pointer: (f64, f64)) -> Found {
        let Layer::Histogram { edges, counts, .. } = layer else { return None };
        let i = edges.windows(2).position(|edge| pointer.0 >= self.x.at(edge[0]) && pointer.0 <= self.x.at(edge[1]))?;
        let count = *counts.get(i)?;
        let tip = (f64::midpoint(self.x.at(edges[i]), self.x.at(edges[i + 1])), self.y.at(count));
        let mut lines = titled(layer);
        lines.push(format!("{}: {} to {}", self.chart.x.title(), format_number(edges[i]), format_number(edges[i + 1])));
        lines.push(pair(&self.chart.y.label, &format_number(count)));
        // Bins of several series overlap: the one whose top is nearest is meant.
        Some(((tip.1 - pointer.1).abs(), read_out(lines, tip)))
    }

    fn near_box(&self, layer: &Layer, x: f64) -> Found {
        let Layer::Box { boxes } = layer else { return None };
        let i = self.x.band_at(x)?;
        let stats = boxes.get(i)?.as_ref()?;
        let mut lines = vec![self.chart.x.names()?.get(i)?.clone()];
        let numbers = [
            ("upper whisker", stats.high),
            ("third quartile", stats.q3),
            ("median", stats.median),
            ("first quartile", stats.q1),
            ("lower whisker", stats.low),
        ];
        lines.extend(numbers.iter().map(|(name, value)| pair(name, &format_number(*value))));
        if !stats.outliers.is_empty() {
            lines.push(pair("outliers shown", &stats.outliers.len().to_string()));
        }
        Some((0.0, read_out(lines, (self.x.at(i as f64), self.y.at(stats.q3)))))
    }

    fn near_cell(&self, values: &[Vec<f64>], (x, y): (f64, f64)) -> Found {
        let (column, row) = (self.x.band_at(x)?, self.y.band_at(y)?);
        let line = values.get(row)?;
        let value = *line.get(column)?;
        let total: f64 = line.iter().sum();
        let mut lines = vec![told(&self.chart.y, row as f64), told(&self.chart.x, column as f64), pair("count", &format_number(value))];
        if total > 0.0 {
            lines.push(format!("{}% of the row", format_number(libm::round(value / total * 1000.0) / 10.0)));
        }
        Some((0.0, read_out(lines, (self.x.at(column as f64), self.y.at(row as f64)))))
    }

    fn point(&self, layer: &Layer, x: f64, y: f64, pixel: (f64, f64)) -> ReadOut {
        let mut lines = titled(layer);
        lines.push(told(&self.chart.x, x));
        lines.push(told(&self.chart.y, y));
        read_out(lines, pixel)
    }
}

fn read_out(lines: Vec<String>, (x, y): (f64, f64)) -> ReadOut {
    ReadOut { lines, x, y }
}

fn titled(layer: &Layer) -> Vec<String> {
    Some(layer.name()).filter(|name| !name.is_empty()).map(str::to_owned).into_iter().collect()
}

/// `age: 31`.
fn told(axis: &Axis, value: f64) -> String {
    let text = match axis.names() {
        Some(names) => names.get(value as usize).cloned().unwrap_or_default(),
        None => format_number(value),
    };
    pair(&axis.title(), &text)
}

fn pair(label: &str, text: &str) -> String {
    if label.is_empty() { text.to_owned() } else { format!("{label}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Orientation, Positions, Series, XySeries, bar, confusion_matrix, cv_scores, line, scatter};

    fn at(chart: &Chart, place: impl Fn(&Layout<'_>) -> (f64, f64)) -> Option<ReadOut> {
        let style = Style::default();
        let (x, y) = place(&Layout::new(chart, &style));
        hover(chart, &style, x, y)
    }

    #[test]
    fn the_nearest_point_is_read_out() {
        let chart = scatter("a", "b", vec![XySeries { name: String::new(), x: vec![1.0, 5.0], y: vec![2.0, 7.5] }]);
        let found = at(&chart, |l| (l.x.at(5.0) + 3.0, l.y.at(7.5) - 2.0)).expect("a point is near");
        assert_eq!(found.lines, ["a: 5", "b: 7.5"]);
        assert_eq!(at(&chart, |l| (l.x.at(3.0), l.y.at(4.75))), None, "far from both");
        assert_eq!(at(&chart, |_| (1.0, 1.0)), None, "outside the plot");
    }

    #[test]
    fn of_two_lines_the_nearer_one_is_read_out() {
        let series = |name: &str, values: &[f64]| Series { name: name.into(), values: values.to_vec() };
        let chart = line("x", Positions::Numbers(vec![0.0, 1.0]), vec![series("low", &[0.0, 0.0]), series("high", &[9.0, 9.0])]);
        assert_eq!(at(&chart, |l| (l.x.at(0.9), l.y.at(8.0))).expect("near").lines, ["high", "x: 1", "value: 9"]);
    }

    #[test]
    fn bars_cells_and_grid_points_tell_their_names() {
        let bars =
            bar("kind", vec!["p".into(), "q".into()], vec![Series { name: "n".into(), values: vec![3.0, 4.0] }], Orientation::Horizontal);
        assert_eq!(at(&bars, |l| (l.x.at(1.0), l.y.at(1.0))).expect("a bar").lines, ["q", "n: 4"]);
        let matrix = confusion_matrix(&["no".into(), "yes".into()], &[vec![30.0, 10.0], vec![0.0, 5.0]]);
        let cell = at(&matrix, |l| (l.x.at(1.0), l.y.at(0.0))).expect("a cell");
        assert_eq!(cell.lines, ["actual: no", "predicted: yes", "count: 10", "25% of the row"]);
        let scores = cv_scores("rmse", &["a=1".into(), "a=2".into()], &[0.5, 0.25], Some(&[0.1, 0.0]), false);
        assert_eq!(at(&scores, |l| (l.x.at(0.5), l.y.at(0.0))).expect("a score").lines, ["a=1", "mean rmse: 0.5 ± 0.1"]);
    }
}
