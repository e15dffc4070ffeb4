//! Gradient descent as `org.apache.spark.mllib.optimization.GradientDescent` does it, with the updaters that perceptrons and factorization
//! machines use.

use kindling_linalg::kernels::{axpy, norm};
use kindling_partition::{Executor, Result};

/// How a gradient moves the weights.
pub(crate) enum Updater {
    /// By the step alone.
    Plain,
    /// By the step over the root of the iteration, with an L2 penalty.
    SquaredL2,
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
    AdamW(Moments),
}

/// What AdamW remembers.
#[derive(Default)]
pub(crate) struct Moments {
    first: Vec<f64>,
    second: Vec<f64>,
    powers: (f64, f64),
}

impl Updater {
    pub fn adam_w(size: usize) -> Self {
        Self::AdamW(Moments { first: vec![0.0; size], second: vec![0.0; size], powers: (1.0, 1.0) })
    }

    fn update(&mut self, w: &mut [f64], gradient: &[f64], step: f64, iteration: usize, reg_param: f64) {
        match self {
            Self::Plain => axpy(-step, gradient, w),
            Self::SquaredL2 => {
                let step = step / libm::sqrt(iteration as f64);
                w.iter_mut().for_each(|w| *w *= 1.0 - step * reg_param);
                axpy(-step, gradient, w);
            }
            Self::AdamW(Moments { first, second, powers }) => {
                const BETA: (f64, f64) = (0.9, 0.999);
                *powers = (powers.0 * BETA.0, powers.1 * BETA.1);
                for (((w, g), m), v) in w.iter_mut().zip(gradient).zip(first).zip(second) {
                    *m = *m * BETA.0 + (1.0 - BETA.0) * g;
                    *v = *v * BETA.1 + (1.0 - BETA.1) * (g * g);
                    let (m, v) = (*m / (1.0 - powers.0), *v / (1.0 - powers.1));
                    *w -= step * m / (libm::sqrt(v) + 1e-8) + reg_param * *w;
                }
            }
        }
    }

    fn penalty(&self, w: &[f64], reg_param: f64) -> f64 {
        let norm = norm(w);
        if matches!(self, Self::Plain) { 0.0 } else { 0.5 * reg_param * norm * norm }
    }
}

/// The params of a descent.
pub(crate) struct Descent<'a> {
    pub name: &'a str,
    pub max_iter: usize,
    pub step: f64,
    pub reg_param: f64,
    /// The weights have converged when they move less than this, by their norm where that is over 1.
    pub tol: f64,
}

/// At weights, for an iteration from 1 on, the mean loss of the batch; it writes the mean gradient, all zero at the call. Nothing when the
/// batch has no row.
pub(crate) type Batch<'a> = &'a mut dyn FnMut(&[f64], usize, &mut [f64]) -> Result<Option<f64>>;

impl Descent<'_> {
    /// The weights at the end, and the loss of each iteration's batch, with the penalty, before its step; one more at the end, unless the
    /// weights converged before.
    pub fn run(&self, executor: &Executor, mut w: Vec<f64>, mut updater: Updater, batch: Batch<'_>) -> Result<(Vec<f64>, Vec<f64>)> {
        let mut penalty = updater.penalty(&w, self.reg_param);
        let mut history = Vec::new();
        let mut stepped = false;
        let mut gradient = vec![0.0; w.len()];
        for iteration in 1..=self.max_iter + 1 {
            gradient.fill(0.0);
            if let Some(loss) = batch(&w, iteration, &mut gradient)? {
                history.push(loss + penalty);
                if iteration > self.max_iter {
                    break;
                }
                let before = w.clone();
                updater.update(&mut w, &gradient, self.step, iteration, self.reg_param);
                penalty = updater.penalty(&w, self.reg_param);
                let moved: Vec<f64> = before.iter().zip(&w).map(|(a, b)| a - b).collect();
                // The first step is compared with nothing.
                if stepped && norm(&moved) < self.tol * norm(&w).max(1.0) {
                    break;
                }
                stepped = true;
            }
            executor.step(self.name, iteration.min(self.max_iter) as u64, self.max_iter as u64)?;
        }
        Ok((w, history))
    }
}
