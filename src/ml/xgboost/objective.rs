//! What is to be small: gradients, the score that boosting starts from, and margins as predictions. In 32 bits, as in XGBoost
//! (`src/objective/regression_loss.h`, `multiclass_obj.cu`, `init_estimation.cc`).

use std::simd::cmp::SimdPartialEq;
use std::simd::{Select, f32x8};

use kindling_linalg::single::{at_least, exp};
use kindling_partition::{Error, Result};

use super::data::Data;
use super::rank::Ranking;

/// The first and second derivative of the loss at one row.
pub(super) type Pair = [f32; 2];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Objective {
    SquaredError,
    Logistic {
        positive_weight: f32,
    },
    Softmax {
        classes: usize,
    },
    /// LambdaRank over the pairs of a query, each weighed by how much a swap would change NDCG.
    Ndcg,
    /// As [`Ndcg`](Self::Ndcg), all pairs alike.
    Pairwise,
}

impl Objective {
    pub fn name(self) -> &'static str {
        match self {
            Self::SquaredError => "reg:squarederror",
            Self::Logistic { .. } => "binary:logistic",
            Self::Softmax { .. } => "multi:softprob",
            Self::Ndcg => "rank:ndcg",
            Self::Pairwise => "rank:pairwise",
        }
    }

    /// The objective of a saved model.
    ///
    /// # Errors
    /// When it is one that Kindling doesn't have.
    pub fn named(name: &str, classes: usize, positive_weight: f32) -> Result<Self> {
        Ok(match name {
            "reg:squarederror" => Self::SquaredError,
            "binary:logistic" => Self::Logistic { positive_weight },
            "multi:softprob" => Self::Softmax { classes },
            "rank:ndcg" => Self::Ndcg,
            "rank:pairwise" => Self::Pairwise,
            other => {
                return Err(Error::unsupported(format!(
                    "XGBoost's objective '{other}' isn't here. Kindling has reg:squarederror, binary:logistic, multi:softprob, rank:ndcg and \
                     rank:pairwise."
                )));
            }
        })
    }

    /// Trees of one round.
    pub fn outputs(self) -> usize {
        if let Self::Softmax { classes } = self { classes } else { 1 }
    }

    pub fn metric(self) -> &'static str {
        match self {
            Self::SquaredError => "rmse",
            Self::Logistic { .. } => "logloss",
            Self::Softmax { .. } => "mlogloss",
            Self::Ndcg | Self::Pairwise => "ndcg@32",
        }
    }

    /// # Errors
    /// When a label is none that the objective can have.
    pub fn check(self, labels: &[f32]) -> Result<()> {
        let (fine, why): (fn(f32, usize) -> bool, _) = match self {
            Self::SquaredError => return Ok(()),
            Self::Logistic { .. } => (|label, _| (0.0..=1.0).contains(&label), "label must be in (0, 1) for logistic regression"),
            Self::Softmax { .. } => (
                |label, classes| label >= 0.0 && label < classes as f32 && label.fract() == 0.0,
                "SoftmaxMultiClassObj: label must be discrete values in the range of [0, num_class).",
            ),
            Self::Ndcg => (
                |label, _| (0.0..=31.0).contains(&label) && label.fract() == 0.0,
                "When using relevance degree as target, label must be either 0 or positive integer, and at most 31.",
            ),
            Self::Pairwise => (|label, _| label >= 0.0, "When using relevance degree as target, label must be either 0 or positive."),
        };
        match labels.iter().find(|label| !fine(**label, self.outputs())) {
            None => Ok(()),
            Some(label) => Err(Error::runtime(format!("{why} Found {label}."))),
        }
    }

    /// The prediction that boosting starts from, as XGBoost estimates it: of labels, not of margins, but for [`Softmax`](Self::Softmax).
    pub fn base_score(self, data: &Data, ranking: Option<&Ranking>) -> Vec<f32> {
        let labels = &data.labels;
        match self {
            Self::Softmax { classes } => {
                let mut shares = vec![0.0_f32; classes];
                let mut all = 0.0_f64;
                for (i, label) in labels.iter().enumerate() {
                    let weight = data.weights.as_ref().map_or(1.0, |weights| weights[i]);
                    shares[*label as usize] += weight;
                    all += f64::from(weight);
                }
                let logs: Vec<f32> = shares.iter().map(|share| libm::logf((share / all as f32).max(EPS))).collect();
                let mean = logs.iter().map(|log| log / classes as f32).sum::<f32>();
                logs.iter().map(|log| log - mean).collect()
            }
            Self::Logistic { positive_weight } if (positive_weight - 1.0).abs() > EPS => {
                let margins = vec![0.0; labels.len()];
                vec![sigmoid(stump(&self.gradients(data, &margins, ranking)))]
            }
            Self::SquaredError | Self::Logistic { .. } => {
                let mean = match &data.weights {
                    None => {
                        let n = labels.len() as f64;
                        labels.iter().map(|label| f64::from(*label) / n).sum::<f64>()
                    }
                    Some(weights) => {
                        let all = weights.iter().map(|weight| f64::from(*weight)).sum::<f64>();
                        labels.iter().zip(weights).map(|(label, weight)| f64::from(*label) * f64::from(*weight) / all).sum::<f64>()
                    }
                };
                vec![mean as f32]
            }
            Self::Ndcg | Self::Pairwise => {
                let margins = vec![0.0; labels.len()];
                vec![stump(&self.gradients(data, &margins, ranking))]
            }
        }
    }

    /// A base score as a margin.
    pub fn to_margin(self, score: f32) -> f32 {
        match self {
            Self::Logistic { .. } => -libm::logf(1.0 / score.clamp(EPS, 1.0 - EPS) - 1.0),
            _ => score,
        }
    }

    /// The margins of one row as its prediction.
    pub fn transform(self, margins: &mut [f32]) {
        match self {
            Self::Logistic { .. } => margins.iter_mut().for_each(|margin| *margin = sigmoid(*margin)),
            Self::Softmax { .. } => softmax(margins),
            _ => {}
        }
    }

    /// The gradients at all rows, on one thread; `margins` has one number for each row and output.
    fn gradients(self, data: &Data, margins: &[f32], ranking: Option<&Ranking>) -> Vec<Pair> {
        let mut pairs = vec![[0.0; 2]; margins.len()];
        match ranking {
            Some(ranking) => ranking.gradients(self == Self::Ndcg, data, margins, 0..ranking.groups(), &mut pairs),
            None => self.write(data, 0, margins, &mut pairs),
        }
        pairs
    }

    /// The gradients at the rows from `first` on; not of rankings.
    pub fn write(self, data: &Data, first: usize, margins: &[f32], pairs: &mut [Pair]) {
        let weight = |i: usize| data.weights.as_ref().map_or(1.0, |weights| weights[first + i]);
        let labels = &data.labels[first..];
        match self {
            Self::SquaredError => {
                for (i, (pair, (margin, label))) in pairs.iter_mut().zip(margins.iter().zip(labels)).enumerate() {
                    let weight = weight(i);
                    *pair = [(margin - label) * weight, weight];
                }
            }
            Self::Logistic { positive_weight } => {
                let weights = data.weights.as_ref().map(|weights| &weights[first..]);
                logistic(positive_weight, margins, labels, weights, pairs);
            }
            Self::Softmax { classes } => {
                let rows = pairs.chunks_exact_mut(classes).zip(margins.chunks_exact(classes)).zip(labels).enumerate();
                for (i, ((pairs, margins), label)) in rows {
                    let weight = weight(i);
                    // XGBoost starts from the least positive number, not from minus infinity.
                    let most = margins.iter().fold(f32::MIN_POSITIVE, |most, margin| most.max(*margin));
                    let sum = margins.iter().map(|margin| f64::from(libm::expf(margin - most))).sum::<f64>() as f32;
                    for (class, (pair, margin)) in pairs.iter_mut().zip(margins).enumerate() {
                        let p = libm::expf(margin - most) / sum;
                        let gradient = if class as f32 == *label { p - 1.0 } else { p };
                        *pair = [gradient * weight, (2.0 * p * (1.0 - p) * weight).max(1e-16)];
                    }
                }
            }
            Self::Ndcg | Self::Pairwise => {}
        }
    }
}

const EPS: f32 = 1e-6;

/// The best constant without a penalty.
fn stump(pairs: &[Pair]) -> f32 {
    let (mut gradient, mut hessian) = (0.0_f64, 0.0_f64);
    for pair in pairs {
        gradient += f64::from(pair[0]);
        hessian += f64::from(pair[1]);
    }
    (-gradient / hessian.max(f64::from(EPS))) as f32
}

/// The gradients of the logistic loss.
#[inline(never)]
#[optimize(speed)]
fn logistic(positive_weight: f32, margins: &[f32], labels: &[f32], weights: Option<&[f32]>, pairs: &mut [Pair]) {
    let one = f32x8::splat(1.0);
    for (i, pairs) in pairs.chunks_mut(8).enumerate() {
        let labels = eight(&labels[8 * i..]);
        let weights = weights.map_or(one, |weights| eight(&weights[8 * i..]));
        let weights = labels.simd_eq(one).select(weights * f32x8::splat(positive_weight), weights);
        let p = sigmoids(eight(&margins[8 * i..]));
        let hessians = at_least(p * (one - p), 1e-16) * weights;
        let (low, high) = ((p - labels) * weights).interleave(hessians);
        let found = [low.to_array(), high.to_array()];
        pairs.copy_from_slice(&found.as_flattened().as_chunks().0[..pairs.len()]);
    }
}

/// The first eight numbers, zeros behind the last.
#[inline(always)]
pub(super) fn eight(numbers: &[f32]) -> f32x8 {
    match numbers.first_chunk() {
        Some(eight) => f32x8::from_array(*eight),
        None => f32x8::from_array(std::array::from_fn(|i| numbers.get(i).copied().unwrap_or(0.0))),
    }
}

/// As [`sigmoid`], of eight.
#[inline(always)]
pub(super) fn sigmoids(margins: f32x8) -> f32x8 {
    let one = f32x8::splat(1.0);
    one / (exp(-margins) + one)
}

pub(super) fn sigmoid(margin: f32) -> f32 {
    1.0 / (libm::expf((-margin).min(88.7)) + 1.0 + 1e-16)
}

fn softmax(margins: &mut [f32]) {
    let most = margins.iter().fold(f32::NEG_INFINITY, |most, margin| most.max(*margin));
    let mut sum = 0.0_f64;
    for margin in margins.iter_mut() {
        *margin = libm::expf(*margin - most);
        sum += f64::from(*margin);
    }
    margins.iter_mut().for_each(|margin| *margin /= sum as f32);
}
