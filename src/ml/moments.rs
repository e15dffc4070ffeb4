//! Weighted means and standard deviations of columns, as Spark's Summarizer defines them.

use kindling_linalg::{RowsRef, kernels};
use kindling_partition::{Executor, Result};

use crate::task::Task;

/// Mean and standard deviation of each feature.
#[derive(Clone, Debug)]
pub struct Moments {
    pub mean: Vec<f64>,
    /// Of the sample: with the unbiased denominator for weights of reliability, `W - ΣW²/W`, which is `n - 1` without weights. Zero where
    /// the feature is constant.
    pub std: Vec<f64>,
    pub weight: f64,
}

/// Two passes: means first, then the squares of what is left, which keeps every digit when a mean is far from zero.
///
/// Sums run around the first row of the first task, so that a constant column has a deviation of exactly zero.
pub fn moments(executor: &Executor, tasks: &[Task<'_>]) -> Result<Moments> {
    let Some(first) = tasks.iter().find(|t| !t.is_empty()) else {
        return Ok(Moments { mean: Vec::new(), std: Vec::new(), weight: 0.0 });
    };
    let width = first.rows.width();
    let origin = first.rows.row(0).to_dense();
    let sums = executor.map_quietly(tasks, |_, task| {
        let (mut weight, mut squares, mut shifted) = (0.0, 0.0, vec![0.0; width]);
        for i in 0..task.len() {
            let w = task.weight(i);
            weight += w;
            squares += w * w;
        }
        add_shifted(task, &origin, weight, &mut shifted);
        Ok((weight, squares, shifted))
    })?;
    let (mut weight, mut squares, mut mean) = (0.0, 0.0, vec![0.0; width]);
    for (w, s, shifted) in &sums {
        weight += w;
        squares += s;
        kernels::axpy(1.0, shifted, &mut mean);
    }
    for (mean, origin) in mean.iter_mut().zip(&origin) {
        *mean = origin + *mean / weight;
    }
    let parts = executor.map_quietly(tasks, |_, task| Ok(centred_squares(task, &mean)))?;
    let mut variance = vec![0.0; width];
    for part in &parts {
        kernels::axpy(1.0, part, &mut variance);
    }
    let denominator = weight - squares / weight;
    let std = variance.iter().map(|v| if denominator > 0.0 { libm::sqrt((v / denominator).max(0.0)) } else { 0.0 }).collect();
    Ok(Moments { mean, std, weight })
}

/// Adds `Σ w (x - origin)`.
fn add_shifted(task: &Task<'_>, origin: &[f64], weight: f64, out: &mut [f64]) {
    match task.rows {
        RowsRef::Dense { values, .. } if task.weights.is_none() => kernels::add_shifted(values, origin, out),
        RowsRef::Dense { values, width } if width > 0 => {
            for (i, row) in values.chunks_exact(width).enumerate() {
                let w = task.weight(i);
                for ((out, x), o) in out.iter_mut().zip(row).zip(origin) {
                    *out += w * (x - o);
                }
            }
        }
        rows => {
            // What isn't stored is zero: start from Σ w (0 - origin).
            for (out, o) in out.iter_mut().zip(origin) {
                *out -= weight * o;
            }
            for i in 0..task.len() {
                let w = task.weight(i);
                rows.row(i).active().for_each(|(j, v)| out[j] += w * v);
            }
        }
    }
}

/// `Σ w (x - mean)²`.
fn centred_squares(task: &Task<'_>, mean: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; mean.len()];
    match task.rows {
        RowsRef::Dense { values, .. } if task.weights.is_none() => kernels::add_squares(values, mean, &mut out),
        RowsRef::Dense { values, width } if width > 0 => {
            for (i, row) in values.chunks_exact(width).enumerate() {
                let w = task.weight(i);
                for ((out, x), m) in out.iter_mut().zip(row).zip(mean) {
                    *out += w * ((x - m) * (x - m));
                }
            }
        }
        rows => {
            let mut stored = vec![0.0; mean.len()];
            let mut total = 0.0;
            for i in 0..task.len() {
                let w = task.weight(i);
                total += w;
                for (j, v) in rows.row(i).active() {
                    stored[j] += w;
                    out[j] += w * ((v - mean[j]) * (v - mean[j]));
                }
            }
            for ((out, stored), m) in out.iter_mut().zip(&stored).zip(mean) {
                *out += (total - stored) * (m * m);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: x = 1, 2, 4 with weights 1, 2, 1: mean 9/4, Σw(x-m)² = 1.5625 + 0.125 + 3.0625 = 4.75, denominator 4 - 6/4.
    #[test]
    fn weighted_moments_are_those_of_the_formula() {
        let (labels, weights) = (vec![0.0; 3], vec![1.0, 2.0, 1.0]);
        let values = [1.0, 7.0, 2.0, 7.0, 4.0, 7.0];
        let dense = Task { rows: RowsRef::Dense { values: &values, width: 2 }, labels: &labels, weights: Some(&weights) };
        let (offsets, indices) = ([0, 2, 4, 6], [0, 1, 0, 1, 0, 1]);
        let sparse = Task { rows: RowsRef::Sparse { width: 2, offsets: &offsets, indices: &indices, values: &values }, ..dense };
        for instances in [dense, sparse] {
            let moments = moments(&Executor::new(1), &[instances.slice(0, 1), instances.slice(1, 3)]).expect("moments");
            assert!((moments.mean[0] - 2.25).abs() < 1e-15);
            assert!((moments.std[0] - libm::sqrt(4.75 / 2.5)).abs() < 1e-15);
            assert_eq!((moments.mean[1], moments.std[1]), (7.0, 0.0));
        }
    }
}
