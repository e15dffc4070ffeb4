//! Loss and gradient of logistic regression over tasks of rows.
//!
//! The optimiser works on standardised, centred features, but no standardised copy is made: the deviations are folded into the
//! coefficients before a pass and into the gradient after it, and the means into the intercept (Spark's virtual centring).

use kindling_linalg::kernels::{axpy, axpy4, dot, dot4, four_rows, gemv, gemv_transposed};
use kindling_linalg::logistic::softmax;
use kindling_linalg::{RowsRef, VectorRef};
use kindling_partition::{Executor, Result};

use crate::task::Task;

/// Rows that a pass takes at once, so that they are still in the first cache when their gradient is added up.
const BLOCK: usize = 64;

/// Mean loss and its gradient at a point, for the optimiser.
pub(crate) struct Objective<'a> {
    pub executor: &'a Executor,
    pub tasks: &'a [Task<'a>],
    /// `1 / std`, zero for constant features.
    pub inverse_std: Vec<f64>,
    /// `mean / std`.
    pub scaled_mean: Vec<f64>,
    pub fit_intercept: bool,
    /// Sets of coefficients: 1 for binomial, the number of classes for multinomial regression.
    pub sets: usize,
    /// The loss of a block of margins when there is one set.
    pub loss: MarginLoss,
    pub l2: Option<L2<'a>>,
    /// The sum of all weights.
    pub weight: f64,
}

/// Turns margins into the multipliers of the gradient, by labels and weights, and gives the loss and the sum of the multipliers
/// ([`kindling_linalg::logistic::binary_logistic`]).
pub(crate) type MarginLoss = fn(&mut [f64], &[f64], Option<&[f64]>) -> (f64, f64);

/// The penalty `½ λ Σ β²`, on the scale of the standardised features or of the original ones.
pub(crate) struct L2<'a> {
    pub lambda: f64,
    /// Given when the penalty is on the original scale.
    pub std: Option<&'a [f64]>,
}

/// What a task adds up: the loss and, per set, the plain gradient of the features and the sum of the multipliers.
struct Partial {
    loss: f64,
    gradient: Vec<f64>,
    sums: Vec<f64>,
}

impl Objective<'_> {
    pub fn features(&self) -> usize {
        self.inverse_std.len()
    }

    /// The point is laid out set after set, each with its coefficients and no intercept; the intercepts of all sets follow.
    pub fn evaluate(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let (width, sets) = (self.features(), self.sets);
        let mut scaled = x[..sets * width].to_vec();
        let mut offsets = vec![0.0; sets];
        for (k, row) in scaled.chunks_exact_mut(width.max(1)).enumerate().take(sets) {
            if self.fit_intercept {
                offsets[k] = -dot(row, &self.scaled_mean);
            }
            for (c, inverse) in row.iter_mut().zip(&self.inverse_std) {
                *c *= inverse;
            }
        }
        if self.fit_intercept {
            axpy(1.0, &x[sets * width..], &mut offsets);
        }
        let parts = self.executor.map_quietly(self.tasks, |_, task| {
            Ok(if sets == 1 { binary(task, &scaled, offsets[0], self.loss) } else { multinomial(task, &scaled, &offsets) })
        })?;
        let mut total = Partial { loss: 0.0, gradient: vec![0.0; sets * width], sums: vec![0.0; sets] };
        for part in &parts {
            total.loss += part.loss;
            axpy(1.0, &part.gradient, &mut total.gradient);
            axpy(1.0, &part.sums, &mut total.sums);
        }
        for k in 0..sets {
            let sum = if self.fit_intercept { total.sums[k] } else { 0.0 };
            for j in 0..width {
                let plain = total.gradient[k * width + j] * self.inverse_std[j] - sum * self.scaled_mean[j];
                gradient[k * width + j] = plain / self.weight;
            }
            if self.fit_intercept {
                gradient[sets * width + k] = sum / self.weight;
            }
        }
        let penalty = self.l2.as_ref().map_or(0.0, |l2| l2.add(&x[..sets * width], width, gradient));
        Ok(total.loss / self.weight + penalty)
    }
}

impl L2<'_> {
    /// Adds the penalty's gradient and gives its value.
    fn add(&self, x: &[f64], width: usize, gradient: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (i, (x, g)) in x.iter().zip(gradient).enumerate() {
            let scaled = match self.std {
                None => *x,
                Some(std) if std[i % width] != 0.0 => x / (std[i % width] * std[i % width]),
                Some(_) => continue,
            };
            sum += x * scaled;
            *g += self.lambda * scaled;
        }
        0.5 * sum * self.lambda
    }
}

fn binary(task: &Task<'_>, coefficients: &[f64], offset: f64, loss_of: MarginLoss) -> Partial {
    let mut partial = Partial { loss: 0.0, gradient: vec![0.0; coefficients.len()], sums: vec![0.0] };
    let mut buffer = [0.0; BLOCK];
    for start in (0..task.len()).step_by(BLOCK) {
        let block = task.slice(start, (start + BLOCK).min(task.len()));
        let margins = &mut buffer[..block.len()];
        margins.fill(offset);
        match block.rows {
            RowsRef::Dense { values, .. } => gemv(values, coefficients, margins),
            rows => {
                for (i, margin) in margins.iter_mut().enumerate() {
                    *margin += rows.row(i).dot(coefficients);
                }
            }
        }
        let (loss, sum) = loss_of(margins, block.labels, block.weights);
        partial.loss += loss;
        partial.sums[0] += sum;
        match block.rows {
            RowsRef::Dense { values, .. } => gemv_transposed(values, margins, &mut partial.gradient),
            rows => {
                for (i, margin) in margins.iter().enumerate() {
                    add_sparse(*margin, rows.row(i), &mut partial.gradient);
                }
            }
        }
    }
    partial
}

fn multinomial(task: &Task<'_>, coefficients: &[f64], offsets: &[f64]) -> Partial {
    let (sets, width) = (offsets.len(), task.rows.width());
    let mut partial = Partial { loss: 0.0, gradient: vec![0.0; sets * width], sums: vec![0.0; sets] };
    let mut multipliers = vec![0.0; 4 * sets];
    for start in (0..task.len()).step_by(4) {
        let block = task.slice(start, (start + 4).min(task.len()));
        for i in 0..block.len() {
            let margins = &mut multipliers[i * sets..(i + 1) * sets];
            margins.copy_from_slice(offsets);
            add_margins(block.rows.row(i), coefficients, width, margins);
            let weight = block.weight(i);
            let label = block.labels[i] as usize;
            let margin = margins[label];
            let log = softmax(margins);
            if weight > 0.0 {
                partial.loss += weight * (log - margin);
                margins[label] -= 1.0;
                margins.iter_mut().for_each(|m| *m *= weight);
            } else {
                margins.fill(0.0);
            }
            axpy(1.0, margins, &mut partial.sums);
        }
        match block.rows {
            RowsRef::Dense { values, .. } if block.len() == 4 && width > 0 => {
                let rows = four_rows(values, width, 0);
                for (k, gradient) in partial.gradient.chunks_exact_mut(width).enumerate() {
                    axpy4([multipliers[k], multipliers[sets + k], multipliers[2 * sets + k], multipliers[3 * sets + k]], rows, gradient);
                }
            }
            rows => {
                for i in 0..block.len() {
                    for (k, gradient) in partial.gradient.chunks_exact_mut(width.max(1)).enumerate() {
                        add_sparse(multipliers[i * sets + k], rows.row(i), gradient);
                    }
                }
            }
        }
    }
    partial
}

/// `margins[k] += coefficients of set k · row`.
fn add_margins(row: VectorRef<'_>, coefficients: &[f64], width: usize, margins: &mut [f64]) {
    match row {
        VectorRef::Dense(x) if width > 0 => {
            let fours = margins.len() / 4;
            for block in 0..fours {
                let sums = dot4(four_rows(coefficients, width, 4 * block), x);
                for (margin, sum) in margins[4 * block..].iter_mut().zip(sums) {
                    *margin += sum;
                }
            }
            for k in 4 * fours..margins.len() {
                margins[k] += dot(&coefficients[k * width..(k + 1) * width], x);
            }
        }
        row => {
            for (margin, set) in margins.iter_mut().zip(coefficients.chunks_exact(width.max(1))) {
                *margin += row.dot(set);
            }
        }
    }
}

fn add_sparse(multiplier: f64, row: VectorRef<'_>, gradient: &mut [f64]) {
    match row {
        VectorRef::Dense(x) => axpy(multiplier, x, gradient),
        sparse => sparse.active().for_each(|(j, v)| gradient[j] += multiplier * v),
    }
}
