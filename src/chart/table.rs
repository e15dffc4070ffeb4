use serde::{Deserialize, Serialize};

use crate::number::exact;
use crate::{Axis, Chart, Layer};

/// The data behind a chart, for reading as a table and for download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ChartTable {
    pub columns: Vec<String>,
    /// Row by row, one text for each column; empty where there is no value.
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// The data behind the chart. Layers of one shape share columns, told apart by a first column `series` when there are several.
    pub fn table(&self) -> ChartTable {
        let layers: Vec<&Layer> = self.layers.iter().filter(|layer| !matches!(layer, Layer::Reference { .. })).collect();
        if !layers.is_empty() && layers.iter().all(|layer| matches!(layer, Layer::Bar { .. })) {
            return self.bar_table(&layers);
        }
        let several = layers.len() > 1;
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        for layer in layers {
            let (names, body) = self.layer_table(layer);
            if columns.is_empty() {
                columns = names;
                if several {
                    columns.insert(0, "series".to_owned());
                }
            }
            for mut row in body {
                if several {
                    row.insert(0, layer.name().to_owned());
                }
                rows.push(row);
            }
        }
        ChartTable { columns, rows }
    }

    /// A row for each category, a column for each series.
    fn bar_table(&self, layers: &[&Layer]) -> ChartTable {
        let (category, value) = if self.x.names().is_some() { (&self.x, &self.y) } else { (&self.y, &self.x) };
        let mut columns = vec![header(category, "category")];
        columns.extend(layers.iter().map(|layer| if layer.name().is_empty() { header(value, "value") } else { layer.name().to_owned() }));
        let names = category.names().unwrap_or_default();
        let rows = names
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let cells = layers.iter().map(|layer| match layer {
                    Layer::Bar { values, .. } => values.get(i).copied().flatten().map(exact).unwrap_or_default(),
                    _ => String::new(),
                });
                std::iter::once(name.clone()).chain(cells).collect()
            })
            .collect();
        ChartTable { columns, rows }
    }

    fn layer_table(&self, layer: &Layer) -> (Vec<String>, Vec<Vec<String>>) {
        let (x, y) = (header(&self.x, "x"), header(&self.y, if self.y.names().is_some() { "name" } else { "y" }));
        let lying = self.y.names().is_some();
        let places = if lying { &self.y } else { &self.x };
        match layer {
            Layer::Line { x: xs, y: ys, .. } | Layer::Scatter { x: xs, y: ys, .. } => {
                (vec![x, y], xs.iter().zip(ys).map(|(a, b)| vec![place(&self.x, *a), place(&self.y, *b)]).collect())
            }
            Layer::ErrorBars { x: xs, mean, deviation, .. } => (
                if lying { vec![y, x, "standard deviation".to_owned()] } else { vec![x, y, "standard deviation".to_owned()] },
                xs.iter().zip(mean).zip(deviation).map(|((a, b), d)| vec![place(places, *a), exact(*b), exact(*d)]).collect(),
            ),
            Layer::Histogram { edges, counts, .. } => (
                vec![format!("{x} from"), format!("{x} to"), y],
                edges.windows(2).zip(counts).map(|(edge, count)| edge.iter().chain([count]).map(|v| exact(*v)).collect()).collect(),
            ),
            Layer::Box { boxes } => {
                let columns = [x.as_str(), "low", "q1", "median", "q3", "high", "outliers"].map(str::to_owned).to_vec();
                let names = self.x.names().unwrap_or_default();
                let rows = names.iter().zip(boxes).map(|(name, stats)| {
                    let mut row = vec![name.clone()];
                    match stats {
                        Some(s) => {
                            row.extend([s.low, s.q1, s.median, s.q3, s.high].map(exact));
                            row.push(s.outliers.iter().map(|v| exact(*v)).collect::<Vec<_>>().join(" "));
                        }
                        None => row.resize(7, String::new()),
                    }
                    row
                });
                (columns, rows.collect())
            }
            Layer::HeatMap { values } => {
                let mut columns = vec![format!("{y} \\ {x}")];
                columns.extend(self.x.names().unwrap_or_default().iter().cloned());
                let names = self.y.names().unwrap_or_default();
                let rows = names
                    .iter()
                    .zip(values)
                    .map(|(name, row)| std::iter::once(name.clone()).chain(row.iter().map(|v| exact(*v))).collect());
                (columns, rows.collect())
            }
            Layer::Bar { values, .. } => (vec![y], values.iter().map(|v| vec![v.map(exact).unwrap_or_default()]).collect()),
            Layer::Reference { .. } => (vec![x, y], Vec::new()),
        }
    }
}

fn header(axis: &Axis, otherwise: &str) -> String {
    if axis.label.is_empty() { otherwise.to_owned() } else { axis.title() }
}

fn place(axis: &Axis, value: f64) -> String {
    axis.names().and_then(|names| names.get(value as usize)).cloned().unwrap_or_else(|| exact(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Orientation, Positions, Series, bar, confusion_matrix, line};

    fn series(name: &str, values: &[f64]) -> Series {
        Series { name: name.into(), values: values.to_vec() }
    }

    #[test]
    fn bars_of_several_series_share_a_row_for_each_category() {
        let names = vec!["a".to_owned(), "b".to_owned()];
        let chart = bar("kind", names, vec![series("p", &[1.0, f64::NAN]), series("q", &[0.5, 2.0])], Orientation::Vertical);
        let table = chart.table();
        assert_eq!(table.columns, ["kind", "p", "q"]);
        assert_eq!(table.rows, [["a", "1", "0.5"], ["b", "", "2"]]);
    }

    #[test]
    fn lines_are_told_apart_by_a_column() {
        let one = line("x", Positions::Numbers(vec![1.0, 2.0]), vec![series("y", &[3.0, 4.0])]);
        assert_eq!(
            one.table(),
            ChartTable { columns: vec!["x".into(), "y".into()], rows: vec![vec!["1".into(), "3".into()], vec!["2".into(), "4".into()]] }
        );
        let two = line("x", Positions::Names(vec!["m".into()]), vec![series("y", &[3.0]), series("z", &[5.0])]);
        assert_eq!(two.table().rows, [["y", "m", "3"], ["z", "m", "5"]]);
    }

    #[test]
    fn scores_stand_beside_their_grid_points() {
        let table = crate::cv_scores("rmse", &["a=1".into()], &[0.5], Some(&[0.1]), false).table();
        assert_eq!(table.columns, ["name", "mean rmse", "standard deviation"]);
        assert_eq!(table.rows, [["a=1", "0.5", "0.1"]]);
    }

    #[test]
    fn a_confusion_matrix_keeps_its_shape() {
        let table = confusion_matrix(&["no".into(), "yes".into()], &[vec![4.0, 1.0], vec![2.0, 3.0]]).table();
        assert_eq!(table.columns, ["actual \\ predicted", "no", "yes"]);
        assert_eq!(table.rows, [["no", "4", "1"], ["yes", "2", "3"]]);
    }
}
