//! Gradient boosting (`org.apache.spark.ml.tree.impl.GradientBoostedTrees`; Friedman, "Stochastic Gradient Boosting", 1999).

use kindling_partition::{Error, Executor, Result};

use super::bagging::bag;
use super::binned::{Bin, Binned, Bins};
use super::grow::{Quantised, grow_on};
use super::model::Tree;
use super::strategy::{Feature, Strategy};
use crate::task::{Task, tasks};

/// Rows whose predictions one task brings up to date.
const CHUNK: usize = 1 << 14;

/// What boosting makes small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Of labels -1 and 1: `2 · log(1 + exp(-2 · label · prediction))`.
    Logistic,
    Squared,
    Absolute,
}

impl Loss {
    pub fn named(name: &str) -> Self {
        match name {
            "absolute" => Self::Absolute,
            "squared" => Self::Squared,
            _ => Self::Logistic,
        }
    }

    /// A label as the loss takes it: classes 0 and 1 as -1 and 1.
    pub fn label(self, label: f64) -> f64 {
        if self == Self::Logistic { label * 2.0 - 1.0 } else { label }
    }

    /// How wrong a prediction is.
    pub fn error(self, prediction: f64, label: f64) -> f64 {
        let off = label - prediction;
        match self {
            Self::Squared => off * off,
            Self::Absolute => off.abs(),
            Self::Logistic => {
                let x = -2.0 * label * prediction;
                2.0 * if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
            }
        }
    }

    /// The negative gradient, which the next tree is grown on.
    fn residual(self, prediction: f64, label: f64) -> f64 {
        match self {
            Self::Squared => 2.0 * (label - prediction),
            Self::Absolute if label - prediction < 0.0 => -1.0,
            Self::Absolute => 1.0,
            Self::Logistic => 4.0 * label / (1.0 + exp(2.0 * label * prediction)),
        }
    }
}

/// `eˣ`, the nearest number but for a few times in a thousand, as Java's `Math.exp` gives it. `libm`'s is off by one bit one time in ten,
/// and where two splits part the same rows that bit tells which of them is taken.
fn exp(x: f64) -> f64 {
    const LN2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    if x.abs() > 700.0 || x.is_nan() {
        return libm::exp(x);
    }
    // x = k · ln 2 + r + rest.
    let k = libm::rint(x * std::f64::consts::LOG2_E);
    let (high, low) = (x - k * LN2[0], k * LN2[1]);
    let r = high - low;
    let rest = (high - r) - low;
    // The square with what its rounding loses, and the terms from the third power on.
    let square = r * r;
    let top = 134_217_729.0 * r - (134_217_729.0 * r - r);
    let bottom = r - top;
    let lost = ((top * top - square) + 2.0 * top * bottom) + bottom * bottom;
    let half = square / 2.0;
    let more = (3..16_u32).rev().fold(0.0, |sum, n| (1.0 + sum) * r / f64::from(n)) * half;
    let (one, lost_one) = exact_sum(1.0, r);
    let (two, lost_two) = exact_sum(one, half);
    let sum = two + (lost_two + (lost_one + (lost / 2.0 + more + rest * one)));
    sum * f64::from_bits(((k as i64 + 1023) as u64) << 52)
}

/// A sum and what its rounding loses.
fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// The params of a fit, checked.
#[derive(Clone, Debug)]
pub struct Boosting {
    /// Of each tree.
    pub strategy: Strategy,
    pub loss: Loss,
    pub rounds: usize,
    pub step: f64,
    /// By how much the error on the validation rows has to fall, as a share of it, for boosting to go on.
    pub tolerance: f64,
}

/// Grows trees one after the other, each on what the ones before leave over, and gives them with their weights.
///
/// Round `m` bags rows and draws features with `seed + m`, as Spark does; rows are binned once. With `validation` boosting stops when the
/// error there falls no more, and keeps the trees up to the best. The sums behind splits are in row order, where Spark adds up whichever
/// partition is done first: the last digits of its trees depend on that.
///
/// # Errors
/// When a category is out of range, or a param makes no sense for the data.
pub fn boost(
    executor: &Executor,
    name: &str,
    train: &[Task<'_>],
    validation: Option<&[Task<'_>]>,
    arities: &[Option<usize>],
    boosting: &Boosting,
) -> Result<(Vec<Tree>, Vec<f64>)> {
    let Boosting { loss, rounds, .. } = *boosting;
    if rounds == 0 {
        return Err(Error::illegal_argument(format!("{name}.maxIter must be at least 1, found 0: the first tree is a round too.")));
    }
    let mut strategy = boosting.strategy.clone();
    let data = Quantised::new(executor, train, arities, &strategy)?;
    let labels = |tasks: &[Task<'_>]| tasks.iter().flat_map(|p| p.labels.iter().map(|label| loss.label(*label))).collect::<Vec<f64>>();
    let mut course = Course::new(labels(train));
    let mut watched = match validation {
        None => None,
        Some(parts) => {
            let weights: Vec<f64> = parts.iter().flat_map(|p| (0..p.len()).map(|i| p.weight(i))).collect();
            Some((Binned::new(executor, &tasks(parts, 0), &data.features)?, Course::new(labels(parts)), weights))
        }
    };
    let (mut trees, mut weights): (Vec<Tree>, Vec<f64>) = (Vec::new(), Vec::new());
    let (mut best_error, mut best) = (0.0, 1);
    for round in 0..rounds {
        strategy.seed = boosting.strategy.seed.wrapping_add(round as i64);
        let bags = bag(executor, train, &strategy)?;
        let residuals = if round == 0 { course.labels.clone() } else { course.residuals(executor, loss)? };
        let tree = grow_on(executor, None, &data, &residuals, bags.as_deref(), &strategy)?.remove(0);
        let weight = if round == 0 { 1.0 } else { boosting.step };
        course.add(executor, &tree, weight, &data.binned, &data.features)?;
        executor.step(name, round as u64 + 1, rounds as u64)?;
        trees.push(tree);
        weights.push(weight);
        if let Some((binned, course, row_weights)) = &mut watched {
            course.add(executor, &trees[round], weight, binned, &data.features)?;
            let error = course.error(loss, row_weights);
            if round == 0 {
                best_error = error;
            } else if best_error - error < boosting.tolerance * error.max(0.01) {
                break;
            } else if error < best_error {
                (best_error, best) = (error, round + 1);
            }
        }
    }
    if watched.is_some() {
        trees.truncate(best);
        weights.truncate(best);
    }
    Ok((trees, weights))
}

/// How far the predictions of some rows have come.
struct Course {
    labels: Vec<f64>,
    predictions: Vec<f64>,
}

impl Course {
    fn new(labels: Vec<f64>) -> Self {
        Self { predictions: vec![0.0; labels.len()], labels }
    }

    fn add(&mut self, executor: &Executor, tree: &Tree, weight: f64, binned: &Binned, features: &[Feature]) -> Result<()> {
        let steps = steps(tree, features);
        let chunks: Vec<&[f64]> = self.predictions.chunks(CHUNK).collect();
        let parts = executor.map_quietly(&chunks, |i, old| {
            executor.check()?;
            Ok(match &binned.bins {
                Bins::Bytes(bins) => added(old, &bins[i * CHUNK * binned.width..], binned.width, &steps, weight),
                Bins::Words(bins) => added(old, &bins[i * CHUNK * binned.width..], binned.width, &steps, weight),
            })
        })?;
        self.predictions = parts.concat();
        Ok(())
    }

    fn residuals(&self, executor: &Executor, loss: Loss) -> Result<Vec<f64>> {
        let chunks: Vec<&[f64]> = self.predictions.chunks(CHUNK).collect();
        let parts = executor.map_quietly(&chunks, |i, predictions| {
            executor.check()?;
            let labels = &self.labels[i * CHUNK..];
            Ok(predictions.iter().zip(labels).map(|(prediction, label)| loss.residual(*prediction, *label)).collect::<Vec<_>>())
        })?;
        Ok(parts.concat())
    }

    fn error(&self, loss: Loss, weights: &[f64]) -> f64 {
        let errors = self.predictions.iter().zip(&self.labels).map(|(prediction, label)| loss.error(*prediction, *label));
        let sum: f64 = errors.zip(weights).map(|(error, weight)| error * weight).sum();
        sum / weights.iter().sum::<f64>()
    }
}

/// A node as binned rows pass through it.
struct Step {
    prediction: f64,
    column: usize,
    /// Bins up to this one go left, unless `left` says for each bin.
    cut: usize,
    left: Vec<bool>,
    /// The right child, the left one being the next; zero of a leaf.
    right: usize,
}

fn steps(tree: &Tree, features: &[Feature]) -> Vec<Step> {
    let step = |node: &super::model::Node| {
        let mut step = Step { prediction: node.prediction, column: 0, cut: 0, left: Vec::new(), right: 0 };
        if let Some(branch) = &node.branch {
            step.right = branch.right as usize;
            step.column = branch.split.feature();
            match &features[step.column] {
                // Bin `b` ends at threshold `b`.
                Feature::Continuous { thresholds } => {
                    step.cut = thresholds.partition_point(|t| branch.split.goes_left(*t)).saturating_sub(1)
                }
                kind => step.left = (0..kind.bins()).map(|bin| branch.split.goes_left(bin as f64)).collect(),
            }
        }
        step
    };
    tree.nodes.iter().map(step).collect()
}

/// Predictions and what the tree adds to them.
fn added<B: Bin>(old: &[f64], bins: &[B], width: usize, steps: &[Step], weight: f64) -> Vec<f64> {
    let predict = |row: &[B]| {
        let mut at = 0;
        loop {
            let step = &steps[at];
            if step.right == 0 {
                return step.prediction;
            }
            let bin = row[step.column].get();
            let left = if step.left.is_empty() { bin <= step.cut } else { step.left[bin] };
            at = if left { at + 1 } else { step.right };
        }
    };
    old.iter().enumerate().map(|(i, old)| old + predict(&bins[i * width..(i + 1) * width]) * weight).collect()
}
