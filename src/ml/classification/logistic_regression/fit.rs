//! The fit itself: from tasks of rows to coefficients.

use kindling_linalg::kernels::dot;
use kindling_linalg::logistic::binary_logistic;
use kindling_linalg::{Lbfgs, Lbfgsb};
use kindling_partition::{Executor, Result};

use super::bounds::Bounds;
use super::objective::{L2, Objective};
use crate::moments::moments;
use crate::task::{Task, tasks};

/// The params that a fit depends on, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub reg_param: f64,
    pub elastic_net_param: f64,
    pub fit_intercept: bool,
    pub standardization: bool,
    pub max_iter: usize,
    pub tol: f64,
    /// One set of coefficients for each class, instead of one that tells class 1 from class 0.
    pub multinomial: bool,
    pub bounds: Option<Bounds>,
}

/// What a fit gives, on the scale of the data.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Row after row, one for each set.
    pub coefficients: Vec<f64>,
    pub intercepts: Vec<f64>,
    pub objective_history: Vec<f64>,
}

/// Minimises the weighted mean of the logistic loss plus the elastic net penalty with L-BFGS, OWL-QN when there is an L1 part, or L-BFGS-B
/// within bounds, from the
/// start that Spark takes: coefficients of zero and intercepts that give the classes' shares.
///
/// `histogram` is the weight of each class; with one class alone and an intercept no training is needed, and the intercept is infinite.
pub fn fit(executor: &Executor, partitions: &[Task<'_>], width: usize, histogram: &[f64], settings: &Settings) -> Result<Fitted> {
    let classes = histogram.len();
    let sets = if settings.multinomial { classes } else { 1 };
    if let Some(bounds) = &settings.bounds {
        bounds.check(sets, width)?;
    } else if settings.fit_intercept && histogram.iter().filter(|w| **w != 0.0).count() == 1 {
        return Ok(constant(width, sets, histogram));
    }
    let tasks = tasks(partitions, sets * width + sets + 1);
    let moments = moments(executor, &tasks)?;
    let (std, mean) = (&moments.std, &moments.mean);
    let inverse_std: Vec<f64> = std.iter().map(|s| if *s == 0.0 { 0.0 } else { 1.0 / s }).collect();
    let l2 = (1.0 - settings.elastic_net_param) * settings.reg_param;
    let objective = Objective {
        executor,
        tasks: &tasks,
        // Features can be centred when the intercepts are free to take it up.
        scaled_mean: if settings.bounds.as_ref().is_none_or(Bounds::leave_intercepts) {
            inverse_std.iter().zip(mean).map(|(i, m)| i * m).collect()
        } else {
            vec![0.0; width]
        },
        inverse_std,
        fit_intercept: settings.fit_intercept,
        sets,
        loss: binary_logistic,
        l2: (l2 != 0.0).then_some(L2 { lambda: l2, std: (!settings.standardization).then_some(std) }),
        weight: moments.weight,
    };
    let mut start = vec![0.0; sets * width];
    if settings.fit_intercept {
        start.extend(initial_intercepts(histogram, settings.multinomial));
    }
    let progress = |iteration: usize| executor.step("LogisticRegression", iteration as u64, settings.max_iter as u64);
    let end = match &settings.bounds {
        Some(bounds) => {
            let [lower, upper] = bounds.scaled(std, sets, start.len());
            start.iter_mut().zip(lower.iter().zip(&upper)).for_each(|(x, (low, high))| *x = x.max(*low).min(*high));
            if settings.fit_intercept {
                let (sets_of, intercepts) = start.split_at_mut(sets * width);
                for (set, intercept) in sets_of.chunks_exact(width.max(1)).zip(intercepts) {
                    *intercept += dot(set, &objective.scaled_mean);
                }
            }
            let search = Lbfgsb { lower, upper, max_iter: settings.max_iter, tolerance: settings.tol, memory: 10 };
            search.minimize(|x, gradient| objective.evaluate(x, gradient), start, progress)?
        }
        None => {
            let l1 = l1_weights(settings, std, sets, start.len());
            let search = Lbfgs::new(settings.max_iter, settings.tol);
            search.minimize(|x, gradient| objective.evaluate(x, gradient), start, l1.as_deref(), progress)?
        }
    };
    let mut intercepts = vec![0.0; sets];
    let mut coefficients = end.x[..sets * width].to_vec();
    for (k, set) in coefficients.chunks_exact_mut(width.max(1)).enumerate().take(sets) {
        if settings.fit_intercept {
            intercepts[k] = end.x[sets * width + k] - dot(set, &objective.scaled_mean);
        }
        for (c, inverse) in set.iter_mut().zip(&objective.inverse_std) {
            *c *= inverse;
        }
    }
    if settings.multinomial && settings.bounds.is_none() {
        centre(&mut coefficients, &mut intercepts, width, settings);
    }
    Ok(Fitted { coefficients, intercepts, objective_history: end.history })
}

fn constant(width: usize, sets: usize, histogram: &[f64]) -> Fitted {
    let class = histogram.iter().position(|w| *w != 0.0).unwrap_or(0);
    let mut intercepts = vec![0.0; sets];
    if sets == 1 {
        intercepts[0] = if class == 1 { f64::INFINITY } else { f64::NEG_INFINITY };
    } else {
        intercepts[class] = f64::INFINITY;
    }
    Fitted { coefficients: vec![0.0; sets * width], intercepts, objective_history: vec![0.0] }
}

/// The intercepts that, with no features at all, give each class its share.
fn initial_intercepts(histogram: &[f64], multinomial: bool) -> Vec<f64> {
    if !multinomial {
        let of = |class: usize| histogram.get(class).copied().unwrap_or(0.0);
        return vec![libm::log(of(1) / of(0))];
    }
    let mut logs: Vec<f64> = histogram.iter().map(|w| libm::log1p(*w)).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    logs.iter_mut().for_each(|log| *log -= mean);
    logs
}

/// The L1 penalty of each coordinate; none when the penalty has no L1 part.
fn l1_weights(settings: &Settings, std: &[f64], sets: usize, dimension: usize) -> Option<Vec<f64>> {
    let lambda = settings.elastic_net_param * settings.reg_param;
    if lambda == 0.0 {
        return None;
    }
    let of_feature = |std: &f64| match (settings.standardization, *std == 0.0) {
        (true, _) => lambda,
        (false, true) => 0.0,
        (false, false) => lambda / std,
    };
    let mut weights: Vec<f64> = (0..sets).flat_map(|_| std.iter().map(of_feature)).collect();
    weights.resize(dimension, 0.0);
    Some(weights)
}

/// Multinomial coefficients are known up to a constant per feature when nothing is penalised, and intercepts always: they are given with
/// mean zero over the classes.
fn centre(coefficients: &mut [f64], intercepts: &mut [f64], width: usize, settings: &Settings) {
    let sets = intercepts.len();
    if settings.reg_param == 0.0 {
        for j in 0..width {
            let mean = (0..sets).map(|k| coefficients[k * width + j]).sum::<f64>() / sets as f64;
            (0..sets).for_each(|k| coefficients[k * width + j] -= mean);
        }
    }
    if settings.fit_intercept {
        let mean = intercepts.iter().sum::<f64>() / sets as f64;
        intercepts.iter_mut().for_each(|b| *b -= mean);
    }
}
