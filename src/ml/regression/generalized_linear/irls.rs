//! Iteratively reweighted least squares (Green, 1984; `org.apache.spark.ml.optim.IterativelyReweightedLeastSquares`).

use std::ops::Range;

use kindling_partition::{Executor, Result};

use super::family::{Family, Link};
use crate::regression::linear_regression::{Fitted, Settings, add_products, solve};
use crate::task::Task;

/// Rows of a task of reweighting.
const CHUNK: usize = 4096;

/// The params that a fit depends on, checked.
#[derive(Clone, Debug)]
pub(super) struct Glm {
    pub family: Family,
    pub link: Link,
    /// Whether the dispersion is estimated. As in Spark the word counts: Poisson has none, but Tweedie of power 1, which is the same, has.
    pub dispersed: bool,
    pub fit_intercept: bool,
    pub reg_param: f64,
    pub max_iter: usize,
    pub tol: f64,
}

/// The rows of a partition, and their offsets, of which there may be none.
pub(super) struct Part<'a> {
    pub task: Task<'a>,
    pub offsets: Option<Vec<f64>>,
}

/// A row as the next least squares is to see it, of its linear predictor without the offset, label, weight and offset.
type Working<'a> = &'a (dyn Fn(f64, f64, f64, f64) -> Result<(f64, f64)> + Sync);

impl Glm {
    pub fn fitted(&self, eta: f64) -> f64 {
        self.family.project(self.link.unlink(eta))
    }

    /// Whether one least squares is all there is to do.
    pub fn is_least_squares(&self) -> bool {
        self.family == Family::Gaussian && self.link == Link::Identity
    }

    /// The label and weight that the first least squares sees.
    fn first(&self, label: f64, weight: f64, offset: f64) -> Result<(f64, f64)> {
        Ok((self.link.link(self.family.project(self.family.start(label, weight)?)) - offset, weight))
    }

    /// The working label and weight at a linear predictor, of which the offset is no part.
    fn again(&self, eta: f64, label: f64, weight: f64, offset: f64) -> (f64, f64) {
        let mu = self.fitted(eta + offset);
        let slope = self.link.derivative(mu);
        (eta + (label - mu) * slope, weight / (slope * slope * self.family.variance(mu)))
    }

    /// The fit, and how many iterations it took.
    pub fn fit(&self, executor: &Executor, parts: &[Part<'_>], width: usize) -> Result<(Fitted, usize)> {
        let settings = |standardize: bool| Settings {
            reg_param: self.reg_param,
            elastic_net_param: 0.0,
            fit_intercept: self.fit_intercept,
            standardization: standardize,
            standardize_label: standardize,
            max_iter: 100,
            tol: 1e-6,
            epsilon: 1.35,
        };
        if self.is_least_squares() {
            let fitted = least_squares(executor, parts, None, &|_, y, w, offset| Ok((y - offset, w)), width, &settings(true))?;
            return Ok((fitted, 1));
        }
        let mut model = least_squares(executor, parts, None, &|_, y, w, offset| self.first(y, w, offset), width, &settings(true))?;
        let mut iteration = 0;
        while iteration < self.max_iter {
            let again: Working<'_> = &|eta, y, w, offset| Ok(self.again(eta, y, w, offset));
            let next = least_squares(executor, parts, Some(&model), again, width, &settings(false))?;
            let moved = model.coefficients.iter().zip(&next.coefficients).map(|(a, b)| (a - b).abs());
            let most = moved.fold((model.intercept - next.intercept).abs(), f64::max);
            model = next;
            iteration += 1;
            executor.step("GeneralizedLinearRegression", iteration as u64, self.max_iter as u64)?;
            if most < self.tol {
                break;
            }
        }
        Ok((model, iteration))
    }

    /// The intercept of a fit of nothing else to labels, weights and offsets.
    pub fn intercept_alone(&self, rows: &[(f64, f64, f64)]) -> Result<f64> {
        let mean = |of: &dyn Fn(f64, f64, f64) -> Result<(f64, f64)>| {
            let (mut sum, mut total) = (0.0, 0.0);
            for (label, weight, offset) in rows {
                let (z, w) = of(*label, *weight, *offset)?;
                sum += w * z;
                total += w;
            }
            Ok(sum / total)
        };
        let mut intercept = mean(&|y, w, offset| self.first(y, w, offset))?;
        for _ in 0..self.max_iter {
            let next = mean(&|y, w, offset| Ok(self.again(intercept, y, w, offset)))?;
            let moved = (next - intercept).abs();
            intercept = next;
            if moved < self.tol {
                break;
            }
        }
        Ok(intercept)
    }
}

/// Least squares on the working labels and weights that the rows have under `model`.
fn least_squares(
    executor: &Executor,
    parts: &[Part<'_>],
    model: Option<&Fitted>,
    working: Working<'_>,
    width: usize,
    settings: &Settings,
) -> Result<Fitted> {
    let chunks: Vec<(usize, Range<usize>)> = parts
        .iter()
        .enumerate()
        .flat_map(|(p, part)| (0..part.task.len()).step_by(CHUNK).map(move |start| (p, start..(start + CHUNK).min(part.task.len()))))
        .collect();
    let worked = executor.map_quietly(&chunks, |_, (p, rows)| {
        let part = &parts[*p];
        let task = part.task.slice(rows.start, rows.end);
        let mut etas = vec![model.map_or(0.0, |m| m.intercept); task.len()];
        if let Some(model) = model {
            add_products(task.rows, &model.coefficients, &mut etas);
        }
        let mut weights = Vec::with_capacity(etas.len());
        for (i, eta) in etas.iter_mut().enumerate() {
            let offset = part.offsets.as_ref().map_or(0.0, |offsets| offsets[rows.start + i]);
            let (label, weight) = working(*eta, task.labels[i], task.weight(i), offset)?;
            *eta = label;
            weights.push(weight);
        }
        Ok((etas, weights))
    })?;
    let mut columns = vec![(Vec::new(), Vec::new()); parts.len()];
    for ((p, _), (labels, weights)) in chunks.iter().zip(worked) {
        columns[*p].0.extend(labels);
        columns[*p].1.extend(weights);
    }
    let tasks: Vec<Task<'_>> =
        parts.iter().zip(&columns).map(|(part, (labels, weights))| Task { rows: part.task.rows, labels, weights: Some(weights) }).collect();
    solve(executor, &tasks, width, settings)
}
