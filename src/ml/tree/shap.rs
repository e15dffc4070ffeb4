//! SHAP values of trees (Lundberg, Erion, Lee: "Consistent individualized feature attribution for tree ensembles", 2018), the
//! path-dependent algorithm: how much each feature moves one row's prediction away from the mean, so that all of it adds up.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::best_split::Split;
use super::ensemble::Ensemble;
use kindling_partition::Executor;

/// Rows of one task.
const TASK: usize = 16;

/// The trees of a model with the weight of each: what its predictions are made of.
pub struct WeightedTrees {
    pub ensemble: Arc<Ensemble>,
    pub weights: Vec<f64>,
}

/// Trees laid out for explaining rows.
pub struct TreeExplainer {
    trees: Vec<Explained>,
    width: usize,
    outputs: usize,
}

struct Explained {
    nodes: Vec<Place>,
    /// What each node predicts, `outputs` numbers each.
    values: Vec<f64>,
    /// The prediction to expect of a row of which nothing is known.
    expected: Vec<f64>,
    depth: usize,
}

/// A node: where a row goes on, and which share of the rows of the node before came here.
struct Place {
    feature: usize,
    threshold: f64,
    /// 0 for a leaf; the left child is the next node.
    right: usize,
    share: f64,
}

/// A feature on the way to a node: the share of rows that follow the way when the feature is unknown, 1 or 0 when it is known, and the
/// weight of the subsets of each size.
#[derive(Clone, Copy, Default)]
struct Step {
    feature: usize,
    zero: f64,
    one: f64,
    weight: f64,
}

/// No feature: the first step of each way.
const ROOT: usize = usize::MAX;

impl TreeExplainer {
    /// What explains the probabilities of a classifier of one tree or a forest, or the sum or mean of regression trees.
    ///
    /// # Errors
    /// Unsupported when a tree splits categories, which the shap package doesn't explain either.
    pub fn new(model: &WeightedTrees) -> Result<Self> {
        let outputs = model.ensemble.classes.max(1);
        let mut trees = Vec::with_capacity(model.weights.len());
        for (tree, weight) in model.ensemble.trees.iter().zip(&model.weights) {
            let counts: Vec<f64> = (0..tree.nodes.len()).map(|node| tree.impurity.count(tree.stats_of(node))).collect();
            let mut values = Vec::with_capacity(counts.len() * outputs);
            for (i, node) in tree.nodes.iter().enumerate() {
                if model.ensemble.classes == 0 {
                    values.push(node.prediction * weight);
                } else {
                    let total: f64 = tree.stats_of(i).iter().sum();
                    values.extend(tree.stats_of(i).iter().map(|count| count / total * weight));
                }
            }
            let mut nodes: Vec<Place> = tree.nodes.iter().map(|_| Place { feature: 0, threshold: 0.0, right: 0, share: 1.0 }).collect();
            for (i, node) in tree.nodes.iter().enumerate() {
                let Some(branch) = &node.branch else { continue };
                let Split::Continuous { feature, threshold } = &branch.split else {
                    return Err(Error::unsupported("CategoricalSplit are not yet implemented"));
                };
                let right = branch.right as usize;
                (nodes[i].feature, nodes[i].threshold, nodes[i].right) = (*feature, *threshold, right);
                nodes[i + 1].share = counts[i + 1] / counts[i];
                nodes[right].share = counts[right] / counts[i];
            }
            let mut explained = Explained { nodes, values, expected: Vec::new(), depth: tree.depth() };
            explained.expected = explained.mean(0, &counts, outputs);
            trees.push(explained);
        }
        Ok(Self { trees, width: model.ensemble.width, outputs })
    }

    /// The number of features.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The number of what is explained: classes, or one.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The mean prediction, one number for each output.
    pub fn expected(&self) -> Vec<f64> {
        (0..self.outputs).map(|o| self.trees.iter().map(|tree| tree.expected[o]).sum()).collect()
    }

    /// The SHAP values of rows of `width` numbers each: for each row and feature, one for each output.
    ///
    /// # Errors
    /// When the work is cancelled.
    pub fn explain(&self, executor: &Executor, rows: &[f64], width: usize) -> Result<Vec<f64>> {
        let tasks: Vec<&[f64]> = rows.chunks(TASK * width.max(1)).collect();
        let depth = self.trees.iter().map(|tree| tree.depth).max().unwrap_or(0);
        let parts = executor.map("SHAP values", &tasks, |_, rows| {
            let mut all = vec![0.0; rows.len() * self.outputs];
            let mut steps = vec![Step::default(); (depth + 2) * (depth + 3) / 2];
            for (row, out) in rows.chunks_exact(width).zip(all.chunks_exact_mut(width * self.outputs)) {
                for tree in &self.trees {
                    executor.check()?;
                    let mut walk = Walk { tree, row, out, outputs: self.outputs };
                    walk.visit(0, 0, &mut steps, Step { feature: ROOT, zero: 1.0, one: 1.0, weight: 0.0 });
                }
            }
            Ok(all)
        })?;
        Ok(parts.concat())
    }
}

impl Explained {
    /// The mean of the leaves below a node, by the rows that came to each.
    fn mean(&self, node: usize, counts: &[f64], outputs: usize) -> Vec<f64> {
        let right = self.nodes[node].right;
        if right == 0 {
            return self.values[node * outputs..(node + 1) * outputs].to_vec();
        }
        let (a, b) = (counts[node + 1], counts[right]);
        let (left, right) = (self.mean(node + 1, counts, outputs), self.mean(right, counts, outputs));
        left.iter().zip(right).map(|(left, right)| if a + b == 0.0 { 0.0 } else { (left * a + right * b) / (a + b) }).collect()
    }
}

/// One row on its way through one tree.
struct Walk<'a> {
    tree: &'a Explained,
    row: &'a [f64],
    out: &'a mut [f64],
    outputs: usize,
}

impl Walk<'_> {
    /// `steps` begins with the `depth` steps of the way to the node before; `next` leads here.
    fn visit(&mut self, node: usize, mut depth: usize, steps: &mut [Step], next: Step) {
        extend(steps, depth, next);
        let place = &self.tree.nodes[node];
        if place.right == 0 {
            let values = &self.tree.values[node * self.outputs..(node + 1) * self.outputs];
            for i in 1..=depth {
                let step = steps[i];
                let scale = unwound_sum(steps, depth, i) * (step.one - step.zero);
                for (out, value) in self.out[step.feature * self.outputs..].iter_mut().zip(values) {
                    *out += scale * value;
                }
            }
            return;
        }
        let (feature, left) = (place.feature, node + 1);
        let (hot, cold) = if self.row[feature] <= place.threshold { (left, place.right) } else { (place.right, left) };
        let (mut zero, mut one) = (1.0, 1.0);
        // A feature that was met before counts once, with both of its shares.
        if let Some(met) = (1..=depth).find(|i| steps[*i].feature == feature) {
            (zero, one) = (steps[met].zero, steps[met].one);
            unwind(steps, depth, met);
            depth -= 1;
        }
        let (way, rest) = steps.split_at_mut(depth + 1);
        for (child, one) in [(hot, one), (cold, 0.0)] {
            rest[..=depth].copy_from_slice(way);
            let share = self.tree.nodes[child].share;
            self.visit(child, depth + 1, rest, Step { feature, zero: zero * share, one, weight: 0.0 });
        }
    }
}

/// Adds a step to the way of `depth` steps.
fn extend(steps: &mut [Step], depth: usize, next: Step) {
    steps[depth] = Step { weight: if depth == 0 { 1.0 } else { 0.0 }, ..next };
    let count = (depth + 1) as f64;
    for i in (0..depth).rev() {
        steps[i + 1].weight += next.one * steps[i].weight * (i + 1) as f64 / count;
        steps[i].weight = next.zero * steps[i].weight * (depth - i) as f64 / count;
    }
}

/// Takes a step out of the way again.
fn unwind(steps: &mut [Step], depth: usize, at: usize) {
    let Step { zero, one, .. } = steps[at];
    let mut next = steps[depth].weight;
    let count = (depth + 1) as f64;
    for i in (0..depth).rev() {
        if one != 0.0 {
            let known = steps[i].weight;
            steps[i].weight = next * count / ((i + 1) as f64 * one);
            next = known - steps[i].weight * zero * (depth - i) as f64 / count;
        } else {
            steps[i].weight = steps[i].weight * count / (zero * (depth - i) as f64);
        }
    }
    for i in at..depth {
        steps[i] = Step { weight: steps[i].weight, ..steps[i + 1] };
    }
}

/// The weights of the way without one step, added up.
fn unwound_sum(steps: &[Step], depth: usize, at: usize) -> f64 {
    let Step { zero, one, .. } = steps[at];
    let mut next = steps[depth].weight;
    let count = (depth + 1) as f64;
    let mut total = 0.0;
    for i in (0..depth).rev() {
        if one != 0.0 {
            let part = next * count / ((i + 1) as f64 * one);
            total += part;
            next = steps[i].weight - part * zero * ((depth - i) as f64 / count);
        } else if zero != 0.0 {
            total += steps[i].weight / zero / ((depth - i) as f64 / count);
        }
    }
    total
}
