//! Gradient boosting (`org.apache.spark.ml.tree.impl.GradientBoostedTrees`; Friedman, "Stochastic Gradient Boosting", 1999).

use std::simd::cmp::SimdPartialOrd;
use std::simd::num::SimdFloat;
use std::simd::{f64x4, u64x4};
use std::sync::{Mutex, PoisonError};

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

    /// The negative gradients, which the next tree is grown on.
    #[inline(never)]
    #[optimize(speed)]
    fn residuals(self, predictions: &[f64], labels: &[f64]) -> Vec<f64> {
        let one = |(prediction, label): (&f64, &f64)| match self {
            Self::Squared => 2.0 * (label - prediction),
            Self::Absolute if label - prediction < 0.0 => -1.0,
            _ => 1.0,
        };
        if self != Self::Logistic {
            return predictions.iter().zip(labels).map(one).collect();
        }
        let mut residuals = Vec::with_capacity(predictions.len().next_multiple_of(4));
        for (predictions, labels) in predictions.chunks(4).zip(labels.chunks(4)) {
            let (label, prediction) = (f64x4::load_or_default(labels), f64x4::load_or_default(predictions));
            let e = exp(f64x4::splat(2.0) * label * prediction);
            residuals.extend_from_slice((f64x4::splat(4.0) * label / (f64x4::splat(1.0) + e)).as_array());
        }
        residuals.truncate(predictions.len());
        residuals
    }
}

/// `eˣ`, the nearest number but for a few times in a thousand, as Java's `Math.exp` gives it. `libm`'s is off by one bit one time in ten,
/// and where two splits part the same rows that bit tells which of them is taken.
#[inline(always)]
fn exp(x: f64x4) -> f64x4 {
    const LN2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let all = f64x4::splat;
    // x = k · ln 2 + r + rest. Added to the shift and taken away again, a number is whole; the low bits of the sum are k.
    let shifted = x * all(std::f64::consts::LOG2_E) + all(SHIFT);
    let k = shifted - all(SHIFT);
    let (high, low) = (x - k * all(LN2[0]), k * all(LN2[1]));
    let r = high - low;
    let rest = (high - r) - low;
    // The square with what its rounding loses, and the terms from the third power on.
    let square = r * r;
    let top = all(134_217_729.0) * r - (all(134_217_729.0) * r - r);
    let bottom = r - top;
    let lost = ((top * top - square) + all(2.0) * top * bottom) + bottom * bottom;
    let half = square / all(2.0);
    let more = (3..16_u32).rev().fold(all(0.0), |sum, n| (all(1.0) + sum) * r / all(f64::from(n))) * half;
    let (one, lost_one) = exact_sum(all(1.0), r);
    let (two, lost_two) = exact_sum(one, half);
    let sum = two + (lost_two + (lost_one + (lost / all(2.0) + more + rest * one)));
    let power = f64x4::from_bits((shifted.to_bits() << u64x4::splat(52)) + all(1.0).to_bits());
    let near = x.abs().simd_le(all(700.0));
    if near.all() {
        return sum * power;
    }
    f64x4::from_array(std::array::from_fn(|i| if near.test(i) { sum[i] * power[i] } else { libm::exp(x[i]) }))
}

/// A sum and what its rounding loses.
#[inline(always)]
fn exact_sum(a: f64x4, b: f64x4) -> (f64x4, f64x4) {
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
    let data = Quantised::new(executor, train, arities, &strategy)?.with_columns(executor)?;
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
        let chunks: Vec<Mutex<&mut [f64]>> = self.predictions.chunks_mut(CHUNK).map(Mutex::new).collect();
        executor.map_quietly(&chunks, |i, predictions| {
            let predictions = &mut **predictions.lock().unwrap_or_else(PoisonError::into_inner);
            match &binned.bins {
                Bins::Bytes(bins) => add(predictions, &bins[i * CHUNK * binned.width..], binned.width, &steps, weight),
                Bins::Words(bins) => add(predictions, &bins[i * CHUNK * binned.width..], binned.width, &steps, weight),
            }
            Ok(())
        })?;
        Ok(())
    }

    fn residuals(&self, executor: &Executor, loss: Loss) -> Result<Vec<f64>> {
        let chunks: Vec<&[f64]> = self.predictions.chunks(CHUNK).collect();
        let parts = executor.map_quietly(&chunks, |i, predictions| {
            executor.check()?;
            Ok(loss.residuals(predictions, &self.labels[i * CHUNK..]))
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
    /// The left and the right child; of a leaf itself.
    next: [usize; 2],
}

fn steps(tree: &Tree, features: &[Feature]) -> Vec<Step> {
    let step = |(at, node): (usize, &super::model::Node)| {
        let mut step = Step { prediction: node.prediction, column: 0, cut: 0, left: Vec::new(), next: [at; 2] };
        if let Some(branch) = &node.branch {
            step.next = [at + 1, branch.right as usize];
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
    tree.nodes.iter().enumerate().map(step).collect()
}

/// Adds what the tree says of each row. Four rows pass through it side by side: each waits for its next node, and a leaf leads to itself until
/// all four are in one.
#[inline(never)]
#[optimize(speed)]
fn add<B: Bin>(predictions: &mut [f64], bins: &[B], width: usize, steps: &[Step], weight: f64) {
    for (i, predictions) in predictions.chunks_mut(4).enumerate() {
        let row = |row: usize| &bins[(4 * i + row.min(predictions.len() - 1)) * width..][..width];
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let next = |at: usize, row: &[B]| {
            let step = &steps[at];
            let bin = row[step.column].get();
            let left = if step.left.is_empty() { bin <= step.cut } else { step.left[bin] };
            step.next[usize::from(!left)]
        };
        let mut at = [0; 4];
        loop {
            // Written out: in a loop over the rows their places would stay in memory.
            let then = [next(at[0], a), next(at[1], b), next(at[2], c), next(at[3], d)];
            if then == at {
                break;
            }
            at = then;
        }
        for (prediction, at) in predictions.iter_mut().zip(at) {
            *prediction += steps[at].prediction * weight;
        }
    }
}
