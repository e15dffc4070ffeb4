use super::ticks::{Ticks, widened};
use crate::{Axis, Chart, Layer, Scale};

/// From values to pixels along one axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AxisScale {
    Linear { low: f64, high: f64, from: f64, to: f64, whole: bool },
    Bands { n: usize, from: f64, to: f64 },
}

/// Which axis of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    X,
    Y,
}

impl AxisScale {
    /// The scale of an axis whose pixels are not known yet; `most` ticks are wanted.
    pub(super) fn new(chart: &Chart, which: Which, most: usize) -> Self {
        let axis = axis(chart, which);
        match &axis.scale {
            Scale::Category { names } => Self::Bands { n: names.len(), from: 0.0, to: 1.0 },
            Scale::Linear { domain: Some([low, high]) } if high > low => {
                Self::Linear { low: *low, high: *high, from: 0.0, to: 1.0, whole: false }
            }
            Scale::Linear { .. } => {
                let reach = Reach::of(chart, which);
                let (low, high) = reach.domain(most);
                Self::Linear { low, high, from: 0.0, to: 1.0, whole: reach.whole }
            }
        }
    }

    /// The same scale between two pixels.
    pub(super) fn between(self, a: f64, b: f64) -> Self {
        match self {
            Self::Linear { low, high, whole, .. } => Self::Linear { low, high, from: a, to: b, whole },
            Self::Bands { n, .. } => Self::Bands { n, from: a, to: b },
        }
    }

    /// The pixel of a value; of a band's middle when there are bands.
    pub(super) fn at(&self, value: f64) -> f64 {
        match *self {
            Self::Linear { low, high, from, to, .. } => from + (value - low) / (high - low) * (to - from),
            Self::Bands { n, from, to } => from + (value + 0.5) / n.max(1) as f64 * (to - from),
        }
    }

    /// How many pixels one band has; 0 for numbers.
    pub(super) fn band(&self) -> f64 {
        match *self {
            Self::Bands { n, from, to } => (to - from).abs() / n.max(1) as f64,
            Self::Linear { .. } => 0.0,
        }
    }

    /// The band at a pixel.
    pub(super) fn band_at(&self, pixel: f64) -> Option<usize> {
        match *self {
            Self::Bands { n, from, to } => {
                let i = (pixel - from) / (to - from) * n as f64;
                (i >= 0.0 && i < n as f64).then_some(i as usize)
            }
            Self::Linear { .. } => None,
        }
    }

    pub(super) fn ticks(&self, most: usize) -> Ticks {
        match *self {
            Self::Linear { low, high, whole, .. } => Ticks::new(low, high, most, whole),
            Self::Bands { .. } => Ticks { step: 1.0, values: Vec::new() },
        }
    }

    /// Where bars start: zero, or the nearest end to it.
    pub(super) fn zero(&self) -> f64 {
        match *self {
            Self::Linear { low, high, .. } => self.at(0.0_f64.clamp(low, high)),
            Self::Bands { .. } => self.at(0.0),
        }
    }
}

fn axis(chart: &Chart, which: Which) -> &Axis {
    match which {
        Which::X => &chart.x,
        Which::Y => &chart.y,
    }
}

/// How far the data goes along one axis, and what its marks ask of the axis.
struct Reach {
    low: f64,
    high: f64,
    /// Counts: ticks are whole numbers.
    whole: bool,
    /// Ends at the data itself, as the `x` of a line or a histogram does.
    tight: bool,
}

impl Reach {
    fn of(chart: &Chart, which: Which) -> Self {
        let mut reach = Self { low: f64::INFINITY, high: f64::NEG_INFINITY, whole: false, tight: which == Which::X };
        for layer in &chart.layers {
            match (layer, which) {
                (Layer::Line { x, .. }, Which::X) => reach.extend(x),
                (Layer::Line { y, .. }, Which::Y) => reach.extend(y),
                (Layer::Scatter { x: values, .. }, Which::X) | (Layer::Scatter { y: values, .. }, Which::Y) => {
                    reach.extend(values);
                    reach.tight = false;
                }
                (Layer::Bar { values, .. }, _) => {
                    reach.include(0.0);
                    values.iter().flatten().for_each(|v| reach.include(*v));
                    reach.tight = false;
                }
                (Layer::Histogram { edges, .. }, Which::X) => reach.extend(edges),
                (Layer::Histogram { counts, .. }, Which::Y) => {
                    reach.include(0.0);
                    reach.extend(counts);
                    reach.whole = counts.iter().all(|count| count.fract() == 0.0);
                }
                (Layer::Box { boxes }, Which::Y) => {
                    for stats in boxes.iter().flatten() {
                        reach.extend(&[stats.low, stats.high]);
                        reach.extend(&stats.outliers);
                    }
                }
                (Layer::ErrorBars { x, mean, deviation, .. }, _) => {
                    let values_run_along_x = chart.y.names().is_some();
                    if values_run_along_x == (which == Which::X) {
                        mean.iter().zip(deviation).for_each(|(m, d)| reach.extend(&[m - d, m + d]));
                        reach.tight = false;
                    } else {
                        reach.extend(x);
                    }
                }
                (Layer::Reference { from, to, .. }, _) => {
                    let i = usize::from(which == Which::Y);
                    reach.extend(&[from[i], to[i]]);
                }
                (Layer::Box { .. }, Which::X) | (Layer::HeatMap { .. }, _) => {}
            }
        }
        reach
    }

    fn include(&mut self, value: f64) {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    fn extend(&mut self, values: &[f64]) {
        values.iter().for_each(|value| self.include(*value));
    }

    /// The ends of the axis: the data's when tight, else round numbers around it.
    fn domain(&self, most: usize) -> (f64, f64) {
        if self.low > self.high {
            return (0.0, 1.0);
        }
        if self.low == self.high {
            let room = if self.low == 0.0 { 1.0 } else { self.low.abs() * 0.1 };
            return (self.low - room, self.high + room);
        }
        if self.tight { (self.low, self.high) } else { widened(self.low, self.high, most, self.whole) }
    }
}
