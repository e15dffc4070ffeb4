//! A feed-forward network: sigmoids between affine layers, softmax on top (`org.apache.spark.ml.ann`).

use kindling_frame::random::XorShiftRandom;
use kindling_linalg::kernels::{axpy, dot};
use kindling_linalg::logistic::softmax;
use kindling_linalg::{Lbfgs, VectorRef};
use kindling_partition::{Executor, Result};

use crate::gradient_descent::{Descent, Updater};
use crate::task::{Task, tasks};

/// The sizes of the layers, and for each pair of neighbours a matrix, column after column (a column for each input), and the biases.
#[derive(Clone, Debug)]
pub(super) struct Network {
    pub layers: Vec<usize>,
    pub weights: Vec<f64>,
}

/// How to train.
pub(super) struct Settings {
    pub gradient_descent: bool,
    pub max_iter: usize,
    pub tol: f64,
    pub step: f64,
    pub block_size: usize,
}

/// The number of weights of a network with these layers.
pub(super) fn size(layers: &[usize]) -> usize {
    layers.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
}

/// Spark's start: uniform in ±2.4 by the root of the number of inputs.
pub(super) fn initial_weights(layers: &[usize], seed: i64) -> Vec<f64> {
    let mut random = XorShiftRandom::new(seed);
    let mut weights = Vec::with_capacity(size(layers));
    for pair in layers.windows(2) {
        weights.extend((0..(pair[0] + 1) * pair[1]).map(|_| (random.next_double() * 4.8 - 2.4) / (pair[0] as f64).sqrt()));
    }
    weights
}

/// The outputs of every layer but the input for one row, the last before its softmax.
fn forward(layers: &[usize], weights: &[f64], row: VectorRef<'_>, outputs: &mut [Vec<f64>]) {
    let mut rest = weights;
    for (k, pair) in layers.windows(2).enumerate() {
        let (matrix, after) = rest.split_at(pair[0] * pair[1]);
        let (biases, after) = after.split_at(pair[1]);
        rest = after;
        let (before, here) = outputs.split_at_mut(k);
        let output = &mut here[0];
        output.copy_from_slice(biases);
        let mut add = |j: usize, x: f64| axpy(x, &matrix[j * pair[1]..(j + 1) * pair[1]], output);
        match before.last() {
            None => row.active().for_each(|(j, x)| add(j, x)),
            Some(input) => input.iter().enumerate().for_each(|(j, x)| add(j, *x)),
        }
        if k + 2 < layers.len() {
            output.iter_mut().for_each(|x| *x = 1.0 / (1.0 + libm::exp(-*x)));
        }
    }
}

fn buffers(layers: &[usize]) -> Vec<Vec<f64>> {
    layers[1..].iter().map(|n| vec![0.0; *n]).collect()
}

impl Network {
    /// What goes into the softmax.
    pub fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let mut outputs = buffers(&self.layers);
        forward(&self.layers, &self.weights, row, &mut outputs);
        out.copy_from_slice(&outputs[outputs.len() - 1]);
    }

    /// Trains from the weights given; the loss is the mean over blocks of the mean over their rows, as Spark stacks rows within partitions.
    pub fn train(&mut self, executor: &Executor, partitions: &[Task<'_>], settings: &Settings) -> Result<Vec<f64>> {
        let blocks: usize = partitions.iter().map(|p| p.len().div_ceil(settings.block_size)).sum();
        let weights: Vec<Vec<f64>> = partitions
            .iter()
            .map(|partition| {
                let n = partition.len();
                let share = |i: usize| {
                    let start = i - i % settings.block_size;
                    1.0 / (blocks as f64 * settings.block_size.min(n - start) as f64)
                };
                (0..n).map(share).collect()
            })
            .collect();
        let weighted: Vec<Task<'_>> = partitions.iter().zip(&weights).map(|(p, w)| Task { weights: Some(w), ..*p }).collect();
        let cut = tasks(&weighted, self.weights.len());
        let layers = &self.layers;
        let evaluate = |w: &[f64], gradient: &mut [f64]| {
            let parts = executor.map_quietly(&cut, |_, task| {
                executor.check()?;
                Ok(pass(layers, w, task))
            })?;
            let mut loss = 0.0;
            for (part, sums) in &parts {
                loss += part;
                axpy(1.0, sums, gradient);
            }
            Ok(loss)
        };
        let start = std::mem::take(&mut self.weights);
        let (name, max_iter, tol) = ("MultilayerPerceptronClassifier", settings.max_iter, settings.tol);
        if settings.gradient_descent {
            let descent = Descent { name, max_iter, step: settings.step, reg_param: 0.0, tol };
            let (w, history) = descent.run(executor, start, Updater::Plain, &mut |w, _, gradient| evaluate(w, gradient).map(Some))?;
            self.weights = w;
            return Ok(history);
        }
        let progress = |iteration| executor.step(name, iteration as u64, max_iter as u64);
        let end = Lbfgs::new(max_iter, tol).minimize(evaluate, start, None, progress)?;
        self.weights = end.x;
        Ok(end.history)
    }
}

/// The cross entropy of a task's rows and its gradient, by back propagation.
fn pass(layers: &[usize], weights: &[f64], task: &Task<'_>) -> (f64, Vec<f64>) {
    let (mut loss, mut gradient) = (0.0, vec![0.0; weights.len()]);
    let (mut outputs, mut deltas) = (buffers(layers), buffers(layers));
    let last = outputs.len() - 1;
    for i in 0..task.len() {
        let (row, weight, label) = (task.rows.row(i), task.weight(i), task.labels[i] as usize);
        forward(layers, weights, row, &mut outputs);
        deltas[last].copy_from_slice(&outputs[last]);
        softmax(&mut deltas[last]);
        loss -= weight * libm::log(deltas[last][label]);
        deltas[last][label] -= 1.0;
        deltas[last].iter_mut().for_each(|d| *d *= weight);
        let mut end = weights.len();
        for k in (0..=last).rev() {
            let (inputs, n) = (layers[k], layers[k + 1]);
            let start = end - (inputs + 1) * n;
            let (matrix, biases) = gradient[start..end].split_at_mut(inputs * n);
            let (before, here) = deltas.split_at_mut(k);
            let delta = &here[0];
            axpy(1.0, delta, biases);
            if k == 0 {
                row.active().for_each(|(j, x)| axpy(x, delta, &mut matrix[j * n..(j + 1) * n]));
            } else {
                let input = &outputs[k - 1];
                for (j, (x, back)) in input.iter().zip(&mut before[k - 1]).enumerate() {
                    axpy(*x, delta, &mut matrix[j * n..(j + 1) * n]);
                    *back = dot(&weights[start + j * n..start + (j + 1) * n], delta) * (1.0 - x) * x;
                }
            }
            end = start;
        }
    }
    (loss, gradient)
}
