//! Charts of a frame's columns: what `df.plot` draws.

use crate::summary::{self, counted, joined};
use crate::{Axis, BoxStats, Chart, Layer};

/// Where the points of a line stand along `x`.
#[derive(Clone, Debug, PartialEq)]
pub enum Positions {
    Numbers(Vec<f64>),
    Names(Vec<String>),
}

/// One named column of values, one for each position or category; what isn't finite is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<f64>,
}

/// One named group of points.
#[derive(Clone, Debug, PartialEq)]
pub struct XySeries {
    pub name: String,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// Which way bars go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    Vertical,
    Horizontal,
}

/// A line for each series against the same positions.
pub fn line(x_label: &str, x: Positions, series: Vec<Series>) -> Chart {
    let (positions, axis) = match x {
        Positions::Numbers(numbers) => (numbers, Axis::linear(x_label)),
        Positions::Names(names) => ((0..names.len()).map(|i| i as f64).collect(), Axis::category(x_label, names)),
    };
    let (label, names) = labels(&series);
    let summary = format!("Line chart of {} against {x_label}, {}.", joined(&series_names(&series)), counted(positions.len(), "point"));
    let layers = series
        .into_iter()
        .zip(names)
        .map(|(series, name)| {
            let (x, y) = finite_pairs(&positions, &series.values);
            Layer::Line { name, x, y }
        })
        .collect();
    Chart { title: None, x: axis, y: Axis::linear(label), layers, summary }
}

/// A bar for each category, grouped when there are several series.
pub fn bar(label: &str, categories: Vec<String>, series: Vec<Series>, orientation: Orientation) -> Chart {
    let (value_label, names) = labels(&series);
    let mut summary = format!("Bar chart of {} by {label}, {}", joined(&series_names(&series)), counted(categories.len(), "bar"));
    if let [only] = series.as_slice() {
        summary::push_extremes(&mut summary, &categories, &only.values);
    }
    summary.push('.');
    let layers = series
        .into_iter()
        .zip(names)
        .map(|(series, name)| Layer::Bar { name, values: series.values.into_iter().map(finite).collect() })
        .collect();
    let (category, value) = (Axis::category(label, categories), Axis::linear(value_label));
    let (x, y) = match orientation {
        Orientation::Vertical => (category, value),
        Orientation::Horizontal => (value, category),
    };
    Chart { title: None, x, y, layers, summary }
}

/// Points, in one colour and shape for each group.
pub fn scatter(x_label: &str, y_label: &str, groups: Vec<XySeries>) -> Chart {
    let several = groups.len() > 1;
    let mut points = 0;
    let mut names = Vec::new();
    let layers: Vec<Layer> = groups
        .into_iter()
        .map(|group| {
            let (x, y) = finite_pairs(&group.x, &group.y);
            points += x.len();
            names.push(group.name.clone());
            Layer::Scatter { name: if several { group.name } else { String::new() }, x, y }
        })
        .collect();
    let mut summary = format!("Scatter chart of {y_label} against {x_label}, {}", counted(points, "point"));
    if several {
        summary.push_str(&format!(" in {}: {}", counted(names.len(), "group"), joined(&names)));
    }
    summary.push('.');
    Chart { title: None, x: Axis::linear(x_label), y: Axis::linear(y_label), layers, summary }
}

/// How many values of each series fall between the edges, which all series share: one more edge than counts.
pub fn histogram(x_label: &str, edges: &[f64], series: Vec<Series>) -> Chart {
    let several = series.len() > 1;
    let names = series_names(&series);
    let totals: Vec<f64> = series.iter().map(|series| series.values.iter().sum()).collect();
    let mut summary = format!(
        "Histogram of {}, {}",
        if names.is_empty() { x_label.to_owned() } else { joined(&names) },
        counted(edges.len().saturating_sub(1), "bin")
    );
    if let ([low, .., high], [total]) = (edges, totals.as_slice()) {
        summary.push_str(&format!(
            " from {} to {}, {}",
            crate::format_number(*low),
            crate::format_number(*high),
            counted(*total as usize, "value")
        ));
    }
    summary.push('.');
    let layers = series
        .into_iter()
        .map(|series| Layer::Histogram {
            name: if several { series.name } else { String::new() },
            edges: edges.to_vec(),
            counts: series.values,
        })
        .collect();
    Chart { title: None, x: Axis::linear(x_label), y: Axis::linear("count"), layers, summary }
}

/// A box for each named column.
pub fn box_plot(label: &str, names: Vec<String>, boxes: Vec<Option<BoxStats>>) -> Chart {
    let medians: Vec<String> = names
        .iter()
        .zip(&boxes)
        .filter_map(|(name, stats)| stats.as_ref().map(|stats| format!("{name} {}", crate::format_number(stats.median))))
        .collect();
    let mut summary = format!("Box plot of {}", joined(&names));
    if !medians.is_empty() {
        summary.push_str(&format!("; medians: {}", joined(&medians)));
    }
    summary.push('.');
    Chart { title: None, x: Axis::category(label, names), y: Axis::linear("value"), layers: vec![Layer::Box { boxes }], summary }
}

fn series_names(series: &[Series]) -> Vec<String> {
    series.iter().map(|series| series.name.clone()).collect()
}

/// The value axis's label and the legend's names: one series names the axis, several have a legend.
fn labels(series: &[Series]) -> (String, Vec<String>) {
    match series {
        [only] => (only.name.clone(), vec![String::new()]),
        several => ("value".to_owned(), series_names(several)),
    }
}

pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

pub(crate) fn finite_pairs(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_series_names_the_axis_and_several_have_a_legend() {
        let one = line("x", Positions::Numbers(vec![1.0, 2.0]), vec![Series { name: "y".into(), values: vec![3.0, 4.0] }]);
        assert_eq!((one.y.label.as_str(), one.layers[0].name()), ("y", ""));
        let two = bar(
            "kind",
            vec!["a".into(), "b".into()],
            vec![Series { name: "p".into(), values: vec![1.0, 2.0] }, Series { name: "q".into(), values: vec![1.0, f64::NAN] }],
            Orientation::Horizontal,
        );
        assert_eq!(two.x.label, "value");
        assert_eq!(two.layers.iter().map(Layer::name).collect::<Vec<_>>(), ["p", "q"]);
        assert_eq!(two.layers[1], Layer::Bar { name: "q".into(), values: vec![Some(1.0), None] });
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        let chart =
            scatter("a", "b", vec![XySeries { name: String::new(), x: vec![1.0, f64::NAN, 3.0], y: vec![1.0, 2.0, f64::INFINITY] }]);
        assert_eq!(chart.layers[0].len(), 1);
        assert_eq!(chart.summary, "Scatter chart of b against a, 1 point.");
    }

    #[test]
    fn a_histogram_says_its_range_and_its_count() {
        let chart = histogram("age", &[0.0, 10.0, 20.0], vec![Series { name: "age".into(), values: vec![3.0, 5.0] }]);
        assert_eq!(chart.summary, "Histogram of age, 2 bins from 0 to 20, 8 values.");
    }
}
