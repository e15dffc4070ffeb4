//! What the ways to fit a linear regression share.

use kindling_linalg::RowsRef;
use kindling_partition::{Executor, Result};

use crate::moments::{Moments, moments};
use crate::task::Task;

/// The params that a fit depends on, checked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub reg_param: f64,
    pub elastic_net_param: f64,
    pub fit_intercept: bool,
    pub standardization: bool,
    /// Whether the penalty is on the scale of a label of deviation 1.
    pub standardize_label: bool,
    pub max_iter: usize,
    pub tol: f64,
    /// The Huber loss's bend, in units of the scale.
    pub epsilon: f64,
}

/// What a fit gives, on the scale of the data.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    pub coefficients: Vec<f64>,
    pub intercept: f64,
    pub scale: f64,
    pub objective_history: Vec<f64>,
    /// The diagonal of the inverse of the matrix of the normal equations, where there is one: what standard errors come from.
    pub inverse_diagonal: Option<Vec<f64>>,
}

impl Fitted {
    /// A constant label needs no training.
    pub fn constant(width: usize, label: f64) -> Self {
        Self { coefficients: vec![0.0; width], intercept: label, scale: 1.0, objective_history: vec![0.0], inverse_diagonal: None }
    }
}

/// Mean and deviation of the label.
pub(super) fn label_moments(executor: &Executor, tasks: &[Task<'_>]) -> Result<Moments> {
    let labels: Vec<Task<'_>> = tasks.iter().map(|t| Task { rows: RowsRef::Dense { values: t.labels, width: 1 }, ..*t }).collect();
    moments(executor, &labels)
}

/// Adds the gradient of `½ λ Σ x²` over the standardised coefficients, or over those of the original scale when `std` is given, and gives
/// the penalty.
pub(super) fn penalty(lambda: f64, x: &[f64], std: Option<&Vec<f64>>, gradient: &mut [f64]) -> f64 {
    if lambda == 0.0 {
        return 0.0;
    }
    let mut sum = 0.0;
    for (j, (x, g)) in x.iter().zip(gradient).enumerate() {
        let scaled = match std {
            None => *x,
            Some(std) if std[j] != 0.0 => x / (std[j] * std[j]),
            Some(_) => continue,
        };
        sum += x * scaled;
        *g += lambda * scaled;
    }
    0.5 * lambda * sum
}
