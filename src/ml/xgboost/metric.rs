//! How good predictions are (`src/metric` of XGBoost).

use std::simd::cmp::SimdPartialEq;
use std::simd::num::SimdFloat;
use std::simd::{Select, f32x8, f64x8};

use kindling_linalg::single::{at_least, log};
use kindling_partition::{Error, Executor, Result};

use super::data::Data;
use super::objective::{Objective, eight, sigmoids};
use super::rank::Ranking;

/// Rows of one task.
const ROWS: usize = 8192;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Rmse,
    Mae,
    LogLoss,
    /// The share of rows on the wrong side of the threshold.
    Error(f32),
    Auc,
    MultiLogLoss,
    MultiError,
    /// Of so many first rows of each query.
    Ndcg(usize),
}

#[derive(Debug)]
pub(super) struct Metric {
    pub name: String,
    pub kind: Kind,
}

impl Metric {
    /// # Errors
    /// When there is no metric of this name, or it can't judge what the objective predicts.
    pub fn named(name: &str, objective: Objective) -> Result<Self> {
        let (word, at) = name.split_once('@').map_or((name, None), |(word, at)| (word, Some(at)));
        let top = || at.map_or(Some(usize::MAX), |at| at.parse().ok());
        let kind = match (word, at) {
            ("rmse", None) => Some(Kind::Rmse),
            ("mae", None) => Some(Kind::Mae),
            ("logloss", None) => Some(Kind::LogLoss),
            ("error", None) => Some(Kind::Error(0.5)),
            ("error", Some(at)) => at.parse().ok().map(Kind::Error),
            ("auc", None) => Some(Kind::Auc),
            ("mlogloss", None) => Some(Kind::MultiLogLoss),
            ("merror", None) => Some(Kind::MultiError),
            ("ndcg", _) => top().map(Kind::Ndcg),
            _ => None,
        };
        let kind = kind.ok_or_else(|| {
            let near = kindling_partition::did_you_mean(name, NAMES);
            Error::value_error(format!("Unknown metric function {name}. XGBoost's metrics here are {}.{near}", NAMES.join(", ")))
        })?;
        let classes = matches!(objective, Objective::Softmax { .. });
        let fits = match kind {
            Kind::MultiLogLoss | Kind::MultiError => classes,
            Kind::Ndcg(_) => matches!(objective, Objective::Ndcg | Objective::Pairwise),
            Kind::Auc => true,
            _ => !classes,
        };
        if !fits {
            return Err(Error::value_error(format!("The metric {name} can't judge the predictions of {}.", objective.name())));
        }
        Ok(Self { name: name.to_owned(), kind })
    }

    pub fn more_is_better(&self) -> bool {
        matches!(self.kind, Kind::Auc | Kind::Ndcg(_))
    }

    /// Of margins, one for each row and output.
    ///
    /// # Errors
    /// When Stop was pressed.
    pub fn of(&self, executor: &Executor, objective: Objective, data: &Data, margins: &[f32]) -> Result<f64> {
        let outputs = objective.outputs();
        let weight = |i: usize| data.weights.as_ref().filter(|_| data.groups.is_empty()).map_or(1.0, |weights| weights[i]);
        if let Kind::Ndcg(top) = self.kind {
            return Ok(Ranking::new(data, top).ndcg(data, margins, top));
        }
        if self.kind == Kind::Auc {
            let mut predictions = margins.to_vec();
            predictions.chunks_exact_mut(outputs).for_each(|row| objective.transform(row));
            return Ok(auc(&data.labels, &predictions, outputs, weight));
        }
        let chunks: Vec<&[f32]> = margins.chunks(ROWS * outputs).collect();
        let parts = executor.map_quietly(&chunks, |chunk, margins| {
            let first = chunk * ROWS;
            let labels = &data.labels[first..first + margins.len() / outputs];
            if self.kind == Kind::LogLoss && matches!(objective, Objective::Logistic { .. }) && data.groups.is_empty() {
                return Ok(log_loss(labels, margins, data.weights.as_ref().map(|weights| &weights[first..])));
            }
            let mut predictions = margins.to_vec();
            let (mut sum, mut weights) = (0.0_f64, 0.0_f64);
            for (i, row) in predictions.chunks_exact_mut(outputs).enumerate() {
                objective.transform(row);
                let i = chunk * ROWS + i;
                let weight = weight(i);
                sum += f64::from(self.of_row(data.labels[i], row) * weight);
                weights += f64::from(weight);
            }
            Ok((sum, weights))
        })?;
        let (sum, weights) = parts.into_iter().fold((0.0, 0.0), |all, part| (all.0 + part.0, all.1 + part.1));
        let mean = if weights == 0.0 { sum } else { sum / weights };
        Ok(if self.kind == Kind::Rmse { mean.sqrt() } else { mean })
    }

    fn of_row(&self, label: f32, row: &[f32]) -> f32 {
        let predicted = row[0];
        match self.kind {
            Kind::Rmse => (label - predicted) * (label - predicted),
            Kind::Mae => (label - predicted).abs(),
            Kind::LogLoss => {
                let part = |share: f32, p: f32| if share == 0.0 { 0.0 } else { -share * libm::logf(p.max(1e-16)) };
                part(label, predicted) + part(1.0 - label, 1.0 - predicted)
            }
            Kind::Error(threshold) => {
                if predicted > threshold {
                    1.0 - label
                } else {
                    label
                }
            }
            Kind::MultiLogLoss => -libm::logf(row[label as usize].max(1e-16)),
            Kind::MultiError => {
                let most = row.iter().enumerate().fold(0, |most, (i, p)| if *p > row[most] { i } else { most });
                f32::from(u8::from(most as f32 != label))
            }
            Kind::Auc | Kind::Ndcg(_) => 0.0,
        }
    }
}

/// The sums of [`Kind::LogLoss`] and of the weights, of margins.
#[inline(never)]
#[optimize(speed)]
fn log_loss(labels: &[f32], margins: &[f32], weights: Option<&[f32]>) -> (f64, f64) {
    let one = f32x8::splat(1.0);
    let log = |p| log(at_least(p, 1e-16));
    let (mut sums, mut all) = (f64x8::splat(0.0), f64x8::splat(0.0));
    for (i, margins) in margins.chunks(8).enumerate() {
        let mut weights = weights.map_or(one, |weights| eight(&weights[8 * i..]));
        if margins.len() < 8 {
            weights *= f32x8::from_array(std::array::from_fn(|lane| f32::from(u8::from(lane < margins.len()))));
        }
        let labels = eight(&labels[8 * i..]);
        let p = sigmoids(eight(margins));
        // Of labels 0 and 1 one of the two logarithms counts.
        let sure = labels.simd_eq(one);
        let losses = if (sure | labels.simd_eq(f32x8::splat(0.0))).all() {
            log(sure.select(p, one - p))
        } else {
            labels * log(p) + (one - labels) * log(one - p)
        };
        sums -= (losses * weights).cast::<f64>();
        all += weights.cast::<f64>();
    }
    (sums.reduce_sum(), all.reduce_sum())
}

const NAMES: [&str; 8] = ["rmse", "mae", "logloss", "error", "auc", "mlogloss", "merror", "ndcg"];

/// The area under the curve; of several classes the mean of each against the rest, by their share.
fn auc(labels: &[f32], predictions: &[f32], outputs: usize, weight: impl Fn(usize) -> f32) -> f64 {
    let curve = |class: Option<usize>| {
        let score = |row: u32| predictions[row as usize * outputs + class.unwrap_or(0)];
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        order.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
        let (mut area, mut wrong, mut right) = (0.0_f64, 0.0_f64, 0.0_f64);
        let (mut wrong_before, mut right_before) = (0.0, 0.0);
        for (i, row) in order.iter().enumerate() {
            if i > 0 && score(*row) != score(order[i - 1]) {
                area += (wrong - wrong_before) * (right + right_before) / 2.0;
                (wrong_before, right_before) = (wrong, right);
            }
            let label = labels[*row as usize];
            let label = class.map_or(label, |class| f32::from(u8::from(label == class as f32)));
            let weight = weight(*row as usize);
            wrong += f64::from((1.0 - label) * weight);
            right += f64::from(label * weight);
        }
        area += (wrong - wrong_before) * (right + right_before) / 2.0;
        (area, wrong, right)
    };
    if outputs == 1 {
        let (area, wrong, right) = curve(None);
        return if wrong <= 0.0 || right <= 0.0 { f64::NAN } else { (area / (wrong * right)).min(1.0) };
    }
    let (mut sum, mut weights) = (0.0, 0.0);
    for class in 0..outputs {
        let (area, wrong, right) = curve(Some(class));
        if wrong <= 0.0 || right <= 0.0 {
            return f64::NAN;
        }
        sum += area / (wrong * right) * right;
        weights += right;
    }
    sum / weights
}
