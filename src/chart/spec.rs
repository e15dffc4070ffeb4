use serde::{Deserialize, Serialize};

/// A chart as data: two axes and the layers drawn on them, first to last.
///
/// Every number in it is finite; the builders leave out what isn't.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Chart {
    pub title: Option<String>,
    pub x: Axis,
    pub y: Axis,
    pub layers: Vec<Layer>,
    /// What the chart shows, in one sentence, for those who don't see it.
    pub summary: String,
}

/// One axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Axis {
    /// Empty when the axis needs none.
    pub label: String,
    /// Written after the label, in parentheses.
    pub unit: Option<String>,
    pub scale: Scale,
}

/// How values become positions along an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Scale {
    /// Numbers; `domain` is fixed, or follows the data when `null`.
    Linear { domain: Option<[f64; 2]> },
    /// Names in order; the value `i` of a line, a point or an error bar stands at name `i`.
    Category { names: Vec<String> },
}

/// One kind of mark over all of its data. A layer's `name` is its entry in the legend, empty for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Layer {
    /// Points joined in their order.
    Line {
        name: String,
        x: Vec<f64>,
        y: Vec<f64>,
    },
    /// One bar for each name of the category axis, lying when that axis is `y`; several such layers stand side by side.
    Bar {
        name: String,
        values: Vec<Option<f64>>,
    },
    Scatter {
        name: String,
        x: Vec<f64>,
        y: Vec<f64>,
    },
    /// `counts[i]` values are in `edges[i]..edges[i + 1]`, the last bin's upper edge included.
    Histogram {
        name: String,
        edges: Vec<f64>,
        counts: Vec<f64>,
    },
    /// One box for each name of the `x` axis; `null` where a column has no values.
    Box {
        boxes: Vec<Option<BoxStats>>,
    },
    /// A cell for each pair of names: `values[row][column]`, rows along `y` from the top, columns along `x`.
    HeatMap {
        values: Vec<Vec<f64>>,
    },
    /// A thin straight line to compare with, such as the diagonal of a ROC curve.
    Reference {
        name: String,
        from: [f64; 2],
        to: [f64; 2],
    },
    /// A dot at each mean with a whisker of one deviation to both sides; `x` holds the places along the category axis, whichever it is.
    ErrorBars {
        name: String,
        x: Vec<f64>,
        mean: Vec<f64>,
        deviation: Vec<f64>,
    },
}

/// The five numbers of a box plot by Tukey's rule, and what lies outside the whiskers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct BoxStats {
    /// The end of the lower whisker: the least value within 1.5 interquartile ranges below `q1`.
    pub low: f64,
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
    /// The end of the upper whisker.
    pub high: f64,
    /// Values beyond the whiskers, or the farthest of them when they are many.
    pub outliers: Vec<f64>,
}

impl Chart {
    /// The same chart under a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into()).filter(|title| !title.is_empty());
        self
    }

    /// The same chart with other axis labels; `None` keeps one.
    #[must_use]
    pub fn labelled(mut self, x: Option<String>, y: Option<String>) -> Self {
        if let Some(x) = x {
            self.x.label = x;
        }
        if let Some(y) = y {
            self.y.label = y;
        }
        self
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(Layer::is_empty)
    }
}

impl Axis {
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), unit: None, scale: Scale::Linear { domain: None } }
    }

    /// A linear axis from `low` to `high`, whatever the data.
    pub fn fixed(label: impl Into<String>, low: f64, high: f64) -> Self {
        Self { label: label.into(), unit: None, scale: Scale::Linear { domain: Some([low, high]) } }
    }

    pub fn category(label: impl Into<String>, names: Vec<String>) -> Self {
        Self { label: label.into(), unit: None, scale: Scale::Category { names } }
    }

    /// The names of a category axis, none for numbers.
    pub fn names(&self) -> Option<&[String]> {
        match &self.scale {
            Scale::Category { names } => Some(names),
            Scale::Linear { .. } => None,
        }
    }

    /// The label with its unit, `duration (s)`.
    pub fn title(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} ({unit})", self.label),
            None => self.label.clone(),
        }
    }
}

impl Layer {
    /// The layer's entry in the legend; empty for none.
    pub fn name(&self) -> &str {
        match self {
            Self::Line { name, .. }
            | Self::Bar { name, .. }
            | Self::Scatter { name, .. }
            | Self::Histogram { name, .. }
            | Self::Reference { name, .. }
            | Self::ErrorBars { name, .. } => name,
            Self::Box { .. } | Self::HeatMap { .. } => "",
        }
    }

    /// Whether the layer is of the line before it, and so in its colour and under its entry in the legend: whiskers without a name of their
    /// own, or points of the same name.
    pub fn belongs_to(&self, before: &Self) -> bool {
        let Self::Line { name: line, .. } = before else { return false };
        match self {
            Self::ErrorBars { name, .. } => name.is_empty() || name == line,
            Self::Scatter { name, .. } => !name.is_empty() && name == line,
            _ => false,
        }
    }

    /// How many values the layer shows.
    pub fn len(&self) -> usize {
        match self {
            Self::Line { x, .. } | Self::Scatter { x, .. } | Self::ErrorBars { x, .. } => x.len(),
            Self::Bar { values, .. } => values.iter().flatten().count(),
            Self::Histogram { counts, .. } => counts.len(),
            Self::Box { boxes } => boxes.iter().flatten().count(),
            Self::HeatMap { values } => values.iter().map(Vec::len).sum(),
            Self::Reference { .. } => 0,
        }
    }

    /// Whether the layer shows no data; a reference line never does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whiskers_and_points_belong_to_the_line_before_them() {
        let line = Layer::Line { name: "Train".into(), x: vec![1.0], y: vec![2.0] };
        let whiskers = |name: &str| Layer::ErrorBars { name: name.into(), x: vec![1.0], mean: vec![2.0], deviation: vec![0.5] };
        let points = |name: &str| Layer::Scatter { name: name.into(), x: vec![1.0], y: vec![2.0] };
        assert!(whiskers("").belongs_to(&line) && whiskers("Train").belongs_to(&line) && points("Train").belongs_to(&line));
        assert!(!whiskers("Test").belongs_to(&line) && !points("").belongs_to(&line) && !line.belongs_to(&line));
        assert!(!whiskers("").belongs_to(&points("")));
    }
}
