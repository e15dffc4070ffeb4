//! The Huber loss with the scale fitted beside the coefficients (Owen, 2007; `HuberBlockAggregator`).

use kindling_linalg::Lbfgsb;
use kindling_linalg::kernels::{axpy, dot};
use kindling_partition::{Executor, Result};

use super::fitted::{Fitted, Settings, label_moments, penalty};
use super::iterative::{BLOCK, add_products, add_rows};
use crate::moments::moments;
use crate::task::{Task, tasks};

/// What a task adds up.
struct Partial {
    loss: f64,
    gradient: Vec<f64>,
    sum: f64,
    scale: f64,
}

/// Minimises the mean of `σ + H((y - x·β) / σ) σ`, halved, over coefficients, intercept and scale σ > 0, from ones on.
///
/// The bounds are Spark's: they keep σ positive.
pub(super) fn fit(executor: &Executor, partitions: &[Task<'_>], width: usize, settings: &Settings) -> Result<Fitted> {
    let tasks = tasks(partitions, width + 2);
    let features = moments(executor, &tasks)?;
    let label = label_moments(executor, &tasks)?;
    if label.std[0] == 0.0 && (settings.fit_intercept || label.mean[0] == 0.0) {
        return Ok(Fitted::constant(width, label.mean[0]));
    }
    let inverse_std: Vec<f64> = features.std.iter().map(|s| if *s == 0.0 { 0.0 } else { 1.0 / s }).collect();
    let scaled_mean: Vec<f64> = inverse_std.iter().zip(&features.mean).map(|(i, m)| i * m).collect();
    let intercepts = usize::from(settings.fit_intercept);
    let sigma_at = width + intercepts;
    let mut start = vec![1.0; sigma_at + 1];
    if settings.fit_intercept {
        start[width] += scaled_mean.iter().sum::<f64>();
    }
    let (mut lower, upper) = (vec![f64::MIN; sigma_at + 1], vec![f64::MAX; sigma_at + 1]);
    // Java's least positive number.
    lower[sigma_at] = f64::from_bits(1);
    let end = Lbfgsb { lower, upper, max_iter: settings.max_iter, tolerance: settings.tol, memory: 10 }.minimize(
        |x, gradient| {
            let sigma = x[sigma_at];
            let coefficients: Vec<f64> = x[..width].iter().zip(&inverse_std).map(|(x, inverse)| x * inverse).collect();
            let offset = if settings.fit_intercept { x[width] - dot(&x[..width], &scaled_mean) } else { 0.0 };
            let parts = executor.map_quietly(&tasks, |_, task| Ok(pass(task, &coefficients, offset, sigma, settings.epsilon)))?;
            let mut total = Partial { loss: 0.0, gradient: vec![0.0; width], sum: 0.0, scale: 0.0 };
            for part in &parts {
                total.loss += part.loss;
                axpy(1.0, &part.gradient, &mut total.gradient);
                total.sum += part.sum;
                total.scale += part.scale;
            }
            let sum = if settings.fit_intercept { total.sum } else { 0.0 };
            for j in 0..width {
                gradient[j] = (total.gradient[j] * inverse_std[j] - sum * scaled_mean[j]) / features.weight;
            }
            if settings.fit_intercept {
                gradient[width] = sum / features.weight;
            }
            gradient[sigma_at] = total.scale / features.weight;
            let std = (!settings.standardization).then_some(&features.std);
            Ok(total.loss / features.weight + penalty(settings.reg_param, &x[..width], std, &mut gradient[..width]))
        },
        start,
        |iteration| executor.step("LinearRegression", iteration as u64, settings.max_iter as u64),
    )?;
    let intercept = if settings.fit_intercept { end.x[width] - dot(&end.x[..width], &scaled_mean) } else { 0.0 };
    let coefficients = end.x[..width].iter().zip(&inverse_std).map(|(x, inverse)| x * inverse).collect();
    Ok(Fitted { coefficients, intercept, scale: end.x[sigma_at], objective_history: end.history, inverse_diagonal: None })
}

fn pass(task: &Task<'_>, coefficients: &[f64], offset: f64, sigma: f64, epsilon: f64) -> Partial {
    let mut partial = Partial { loss: 0.0, gradient: vec![0.0; coefficients.len()], sum: 0.0, scale: 0.0 };
    let mut buffer = [0.0; BLOCK];
    for start in (0..task.len()).step_by(BLOCK) {
        let block = task.slice(start, (start + BLOCK).min(task.len()));
        let multipliers = &mut buffer[..block.len()];
        multipliers.fill(offset);
        add_products(block.rows, coefficients, multipliers);
        for (i, multiplier) in multipliers.iter_mut().enumerate() {
            let (weight, residual) = (block.weight(i), block.labels[i] - *multiplier);
            if residual.abs() <= sigma * epsilon {
                let ratio = residual / sigma;
                partial.loss += 0.5 * weight * (sigma + residual * ratio);
                partial.scale += 0.5 * weight * (1.0 - ratio * ratio);
                *multiplier = -weight * ratio;
            } else {
                partial.loss += 0.5 * weight * (sigma + 2.0 * epsilon * residual.abs() - sigma * epsilon * epsilon);
                partial.scale += 0.5 * weight * (1.0 - epsilon * epsilon);
                *multiplier = if residual >= 0.0 { -weight * epsilon } else { weight * epsilon };
            }
            partial.sum += *multiplier;
        }
        add_rows(block.rows, multipliers, &mut partial.gradient);
    }
    partial
}
