//! Least squares by L-BFGS, or OWL-QN with an L1 penalty, over passes of the data (`LeastSquaresBlockAggregator`).

use kindling_linalg::kernels::{axpy, dot, gemv, gemv_transposed};
use kindling_linalg::{Lbfgs, RowsRef};
use kindling_partition::{Error, Executor, Result};

use super::fitted::{Fitted, Settings, label_moments, penalty};
use crate::moments::moments;
use crate::task::{Task, tasks};

/// Rows that a pass takes at once.
pub(crate) const BLOCK: usize = 64;

/// # Errors
/// When a constant label is to be regularised without an intercept.
pub(super) fn fit(executor: &Executor, partitions: &[Task<'_>], width: usize, settings: &Settings) -> Result<Fitted> {
    let tasks = tasks(partitions, width + 1);
    let features = moments(executor, &tasks)?;
    let label = label_moments(executor, &tasks)?;
    let (mean_label, std_label) = (label.mean[0], label.std[0]);
    if std_label == 0.0 {
        if settings.fit_intercept || mean_label == 0.0 {
            return Ok(Fitted::constant(width, mean_label));
        }
        if settings.reg_param != 0.0 {
            return Err(Error::illegal_argument(
                "requirement failed: The standard deviation of the label is zero. Model cannot be regularized.",
            ));
        }
    }
    // A constant label can't be scaled by its deviation.
    let scale = if std_label > 0.0 { std_label } else { mean_label.abs() };
    let inverse_std: Vec<f64> = features.std.iter().map(|s| if *s == 0.0 { 0.0 } else { 1.0 / s }).collect();
    let reg_param = settings.reg_param / scale;
    let (l1, l2) = (settings.elastic_net_param * reg_param, (1.0 - settings.elastic_net_param) * reg_param);
    let l1: Option<Vec<f64>> = (l1 != 0.0).then(|| {
        features
            .std
            .iter()
            .map(|std| {
                if settings.standardization {
                    l1
                } else if *std == 0.0 {
                    0.0
                } else {
                    l1 / std
                }
            })
            .collect()
    });
    let end = Lbfgs::new(settings.max_iter, settings.tol).minimize(
        |x, gradient| {
            let coefficients: Vec<f64> = x.iter().zip(&inverse_std).map(|(x, inverse)| x * inverse).collect();
            let offset = if settings.fit_intercept { mean_label / scale - dot(&coefficients, &features.mean) } else { 0.0 };
            let parts = executor.map_quietly(&tasks, |_, task| Ok(pass(task, &coefficients, offset, scale)))?;
            let mut loss = 0.0;
            for (part, sums) in &parts {
                loss += part;
                axpy(1.0, sums, gradient);
            }
            for (g, inverse) in gradient.iter_mut().zip(&inverse_std) {
                *g *= inverse / features.weight;
            }
            Ok(loss / features.weight + penalty(l2, x, (!settings.standardization).then_some(&features.std), gradient))
        },
        vec![0.0; width],
        l1.as_deref(),
        |iteration| executor.step("LinearRegression", iteration as u64, settings.max_iter as u64),
    )?;
    let coefficients: Vec<f64> = end.x.iter().zip(&inverse_std).map(|(x, inverse)| x * scale * inverse).collect();
    let intercept = if settings.fit_intercept { mean_label - dot(&coefficients, &features.mean) } else { 0.0 };
    Ok(Fitted { coefficients, intercept, scale: 1.0, objective_history: end.history, inverse_diagonal: None })
}

/// `½ Σ w r²` and `Σ w r x` with the residual `r = x·coefficients + offset - y / scale`.
fn pass(task: &Task<'_>, coefficients: &[f64], offset: f64, scale: f64) -> (f64, Vec<f64>) {
    let (mut loss, mut gradient) = (0.0, vec![0.0; coefficients.len()]);
    let mut buffer = [0.0; BLOCK];
    for start in (0..task.len()).step_by(BLOCK) {
        let block = task.slice(start, (start + BLOCK).min(task.len()));
        let residuals = &mut buffer[..block.len()];
        for (residual, label) in residuals.iter_mut().zip(block.labels) {
            *residual = offset - label / scale;
        }
        add_products(block.rows, coefficients, residuals);
        for (i, residual) in residuals.iter_mut().enumerate() {
            let weighted = block.weight(i) * *residual;
            loss += 0.5 * weighted * *residual;
            *residual = weighted;
        }
        add_rows(block.rows, residuals, &mut gradient);
    }
    (loss, gradient)
}

/// `out[i] += rows[i] · vector`.
pub(crate) fn add_products(rows: RowsRef<'_>, vector: &[f64], out: &mut [f64]) {
    match rows {
        RowsRef::Dense { values, .. } => gemv(values, vector, out),
        sparse => out.iter_mut().enumerate().for_each(|(i, out)| *out += sparse.row(i).dot(vector)),
    }
}

/// `out += Σ multipliers[i] · rows[i]`.
pub(crate) fn add_rows(rows: RowsRef<'_>, multipliers: &[f64], out: &mut [f64]) {
    match rows {
        RowsRef::Dense { values, .. } => gemv_transposed(values, multipliers, out),
        sparse => {
            for (i, multiplier) in multipliers.iter().enumerate() {
                sparse.row(i).active().for_each(|(j, v)| out[j] += multiplier * v);
            }
        }
    }
}
