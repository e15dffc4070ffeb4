use std::collections::BTreeMap;

use kindling_linalg::VectorRef;
use kindling_partition::{Error, Executor, Result};

/// One partition's predictions and true labels; `weights` is `None` when all are 1.
#[derive(Clone, Debug, Default)]
pub struct Predicted {
    pub predictions: Vec<f64>,
    pub labels: Vec<f64>,
    pub weights: Option<Vec<f64>>,
}

/// The confusion matrix of a classifier and what follows from it, as in Spark's `MulticlassMetrics`.
#[derive(Clone, Debug)]
pub struct MulticlassMetrics {
    /// The classes that occur as labels, rising.
    labels: Vec<f64>,
    /// The weight of rows by (label, prediction), rising; keys are [`ordered`] numbers.
    counts: BTreeMap<(u64, u64), f64>,
    total: f64,
}

/// An integer that orders as its number does, negative zero as zero.
fn ordered(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn number(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

impl MulticlassMetrics {
    pub fn new(executor: &Executor, data: &[Predicted]) -> Result<Self> {
        let counts = executor.aggregate(
            "confusion matrix",
            data,
            BTreeMap::new,
            |mut counts, _, part| {
                for row in 0..part.labels.len() {
                    if row % (1 << 14) == 0 {
                        executor.check()?;
                    }
                    let weight = part.weights.as_ref().map_or(1.0, |weights| weights[row]);
                    *counts.entry((ordered(part.labels[row]), ordered(part.predictions[row]))).or_insert(0.0) += weight;
                }
                Ok(counts)
            },
            |mut a, b| {
                for (cell, weight) in b {
                    *a.entry(cell).or_insert(0.0) += weight;
                }
                a
            },
        )?;
        let mut labels: Vec<f64> = counts.keys().map(|cell| number(cell.0)).collect();
        labels.dedup();
        let total = counts.values().sum();
        Ok(Self { labels, counts, total })
    }

    /// The classes that occur as labels, rising.
    pub fn labels(&self) -> &[f64] {
        &self.labels
    }

    /// Weights by true label (row) and prediction (column), for the classes of [`labels`](Self::labels).
    pub fn confusion_matrix(&self) -> Vec<Vec<f64>> {
        self.labels.iter().map(|label| self.labels.iter().map(|prediction| self.count(*label, *prediction)).collect()).collect()
    }

    fn count(&self, label: f64, prediction: f64) -> f64 {
        self.counts.get(&(ordered(label), ordered(prediction))).copied().unwrap_or(0.0)
    }

    /// From 0 on: Rust's sum of nothing is -0.
    fn sum(&self, keep: impl Fn(u64, u64) -> bool) -> f64 {
        self.counts
            .iter()
            .filter(|((label, prediction), _)| keep(*label, *prediction))
            .map(|(_, weight)| weight)
            .fold(0.0, |sum, weight| sum + weight)
    }

    fn of_label(&self, label: f64) -> f64 {
        let key = ordered(label);
        self.sum(|label, _| label == key)
    }

    fn false_positives(&self, label: f64) -> f64 {
        let key = ordered(label);
        self.sum(|label, prediction| prediction == key && label != key)
    }

    /// Of the rows predicted to be of this class, the part that is.
    pub fn precision(&self, label: f64) -> f64 {
        let (hits, misses) = (self.count(label, label), self.false_positives(label));
        if hits + misses == 0.0 { 0.0 } else { hits / (hits + misses) }
    }

    /// Of the rows of this class, the part that is found: the true positive rate.
    pub fn recall(&self, label: f64) -> f64 {
        self.count(label, label) / self.of_label(label)
    }

    /// Of the rows of other classes, the part that is predicted to be of this one.
    pub fn false_positive_rate(&self, label: f64) -> f64 {
        self.false_positives(label) / (self.total - self.of_label(label))
    }

    pub fn f_measure(&self, label: f64, beta: f64) -> f64 {
        let (precision, recall, square) = (self.precision(label), self.recall(label), beta * beta);
        if precision + recall == 0.0 { 0.0 } else { (1.0 + square) * precision * recall / (square * precision + recall) }
    }

    /// The mean of a metric over the classes, each with the weight of its rows.
    fn weighted(&self, metric: impl Fn(f64) -> f64) -> f64 {
        self.labels.iter().map(|label| metric(*label) * self.of_label(*label) / self.total).fold(0.0, |sum, part| sum + part)
    }

    pub fn weighted_precision(&self) -> f64 {
        self.weighted(|label| self.precision(label))
    }

    pub fn weighted_recall(&self) -> f64 {
        self.weighted(|label| self.recall(label))
    }

    pub fn weighted_false_positive_rate(&self) -> f64 {
        self.weighted(|label| self.false_positive_rate(label))
    }

    pub fn weighted_f_measure(&self, beta: f64) -> f64 {
        self.weighted(|label| self.f_measure(label, beta))
    }

    pub fn accuracy(&self) -> f64 {
        self.sum(|label, prediction| label == prediction) / self.total
    }

    pub fn hamming_loss(&self) -> f64 {
        self.sum(|label, prediction| label != prediction) / self.total
    }
}

/// The weighted sums (of losses, of weights) whose quotient is the mean log loss; probabilities are kept `eps` away from 0 and 1.
///
/// # Errors
/// When a label is not the place of a probability.
pub fn log_loss<'a>(rows: impl Iterator<Item = (VectorRef<'a>, f64, f64)>, eps: f64) -> Result<(f64, f64)> {
    let (none, sure) = (-libm::log(eps), -libm::log1p(-eps));
    let mut sums = (0.0, 0.0);
    for (probabilities, label, weight) in rows {
        if !(label >= 0.0 && label.fract() == 0.0) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Invalid label {}",
                kindling_linalg::number::java_double(label)
            )));
        }
        if label >= probabilities.size() as f64 {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Label {label} has no probability: the vector has {} of them.",
                probabilities.size()
            )));
        }
        let p = probabilities.get(label as usize);
        let loss = if p < eps {
            none
        } else if p > 1.0 - eps {
            sure
        } else {
            -libm::log(p)
        };
        sums.0 += loss * weight;
        sums.1 += weight;
    }
    Ok(sums)
}
