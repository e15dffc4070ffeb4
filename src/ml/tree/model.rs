//! A grown tree: its nodes, predictions, text and importances (`org.apache.spark.ml.tree`).

use std::fmt::Write;

use kindling_linalg::VectorRef;
use kindling_linalg::number::java_double;

use super::best_split::Split;
use super::histogram::Target;
use super::impurity::Impurity;

/// A decision tree, its nodes in preorder.
#[derive(Clone, Debug)]
pub struct Tree {
    pub impurity: Impurity,
    pub nodes: Vec<Node>,
    /// The statistics of all nodes one after the other: the weight of each class, or the sums of weights, labels and squares.
    pub stats: Vec<f64>,
    /// Numbers of one node in `stats`.
    pub stride: usize,
}

/// A node of a tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub prediction: f64,
    /// -1 for a leaf that had no allowed split, as in Spark.
    pub impurity: f64,
    /// Rows that came here, each as often as it was drawn.
    pub rows: u64,
    pub branch: Option<Branch>,
    /// Of a leaf: its number among the leaves, in preorder.
    pub leaf: u32,
}

/// How a node that is no leaf is split; the left child is the next node.
#[derive(Clone, Debug)]
pub struct Branch {
    pub split: Split,
    pub gain: f64,
    pub right: u32,
}

impl Split {
    pub fn feature(&self) -> usize {
        match self {
            Self::Continuous { feature, .. } | Self::Categorical { feature, .. } => *feature,
        }
    }

    /// Whether a value of the feature goes left.
    #[inline]
    pub fn goes_left(&self, value: f64) -> bool {
        match self {
            Self::Continuous { threshold, .. } => value <= *threshold,
            Self::Categorical { left, .. } => left.iter().any(|c| f64::from(*c) == value),
        }
    }

    fn text(&self, goes_left: bool) -> String {
        match self {
            Self::Continuous { feature, threshold } => {
                format!("feature {feature} {} {}", if goes_left { "<=" } else { ">" }, java_double(*threshold))
            }
            Self::Categorical { feature, left, .. } => {
                let mut left = left.clone();
                left.sort_unstable();
                let categories: Vec<String> = left.iter().map(|c| java_double(f64::from(*c))).collect();
                format!("feature {feature} {} {{{}}}", if goes_left { "in" } else { "not in" }, categories.join(","))
            }
        }
    }
}

impl Tree {
    pub fn depth(&self) -> usize {
        self.depth_of(0)
    }

    fn depth_of(&self, node: usize) -> usize {
        self.nodes[node].branch.as_ref().map_or(0, |b| 1 + self.depth_of(node + 1).max(self.depth_of(b.right as usize)))
    }

    /// The leaf that a row comes to.
    pub fn leaf(&self, row: VectorRef<'_>) -> usize {
        let mut at = 0;
        while let Some(branch) = &self.nodes[at].branch {
            at = if branch.split.goes_left(row.get(branch.split.feature())) { at + 1 } else { branch.right as usize };
        }
        at
    }

    /// The statistics of a node.
    pub fn stats_of(&self, node: usize) -> &[f64] {
        &self.stats[node * self.stride..(node + 1) * self.stride]
    }

    /// The tree as nested `If` and `Else`, each line behind `indent` spaces and one more for each level.
    pub fn text(&self, indent: usize) -> String {
        let mut text = String::new();
        self.write(0, indent, &mut text);
        text
    }

    fn write(&self, node: usize, indent: usize, text: &mut String) {
        let prefix = " ".repeat(indent);
        // Writing to a string can't fail.
        let _ = match &self.nodes[node].branch {
            None => writeln!(text, "{prefix}Predict: {}", java_double(self.nodes[node].prediction)),
            Some(branch) => {
                let _ = writeln!(text, "{prefix}If ({})", branch.split.text(true));
                self.write(node + 1, indent + 1, text);
                let _ = writeln!(text, "{prefix}Else ({})", branch.split.text(false));
                self.write(branch.right as usize, indent + 1, text);
                Ok(())
            }
        };
    }

    /// The gain of each feature, by the weight of the rows that it parts.
    fn gains(&self, features: usize) -> Vec<f64> {
        let mut gains = vec![0.0; features];
        for (i, node) in self.nodes.iter().enumerate() {
            if let Some(branch) = &node.branch {
                gains[branch.split.feature()] += branch.gain * self.impurity.count(self.stats_of(i));
            }
        }
        gains
    }
}

/// The importance of each feature: its share of the gains. Trees count `alike`, as in a forest, or by their gains, as in boosting.
pub fn importances(trees: &[Tree], features: usize, alike: bool) -> Vec<f64> {
    let mut total = vec![0.0; features];
    for tree in trees {
        let gains = tree.gains(features);
        let sum = if alike { gains.iter().sum() } else { 1.0 };
        if sum != 0.0 {
            total.iter_mut().zip(&gains).for_each(|(total, gain)| *total += gain / sum);
        }
    }
    let sum: f64 = total.iter().sum();
    if sum != 0.0 {
        total.iter_mut().for_each(|t| *t /= sum);
    }
    total
}

/// A tree while it grows: nodes in the order in which they came to be.
pub(crate) struct Grown {
    impurity: Impurity,
    nodes: Vec<Growing>,
    stats: Vec<f64>,
    stride: usize,
}

struct Growing {
    impurity: f64,
    rows: u64,
    level: u32,
    valid: bool,
    gain: f64,
    split: Option<(Split, [usize; 2])>,
}

impl Grown {
    /// A root of this cell.
    pub fn new(impurity: Impurity, target: Target<'_>, cell: &[f64]) -> Self {
        let mut tree = Self { impurity, nodes: Vec::new(), stats: Vec::new(), stride: target.stats() };
        tree.push(cell, target, 0);
        tree
    }

    fn push(&mut self, cell: &[f64], target: Target<'_>, level: u32) -> usize {
        let stats = &cell[..self.stride];
        self.nodes.push(Growing {
            impurity: self.impurity.of(stats),
            rows: target.rows(cell) as u64,
            level,
            valid: true,
            gain: 0.0,
            split: None,
        });
        self.stats.extend_from_slice(stats);
        self.nodes.len() - 1
    }

    pub fn impurity(&self, node: usize) -> f64 {
        self.nodes[node].impurity
    }

    /// Whether the labels of a node are alike: their variance is at most this share of their mean square.
    pub fn is_alike(&self, node: usize, share: f64) -> bool {
        let stats = &self.stats[node * self.stride..];
        self.impurity == Impurity::Variance && self.nodes[node].impurity.abs() <= share * stats[2] / stats[0]
    }

    pub fn level(&self, node: usize) -> usize {
        self.nodes[node].level as usize
    }

    /// The node had no allowed split.
    pub fn refuse(&mut self, node: usize) {
        self.nodes[node].valid = false;
    }

    /// Splits a node and gives its children.
    pub fn split(&mut self, node: usize, gain: f64, split: Split, cells: [&[f64]; 2], target: Target<'_>) -> [usize; 2] {
        let level = self.nodes[node].level + 1;
        let children = cells.map(|cell| self.push(cell, target, level));
        self.nodes[node].gain = gain;
        self.nodes[node].split = Some((split, children));
        children
    }

    /// The finished tree; `prune` merges sibling leaves that predict the same.
    pub fn finish(self, prune: bool) -> Tree {
        let mut tree = Tree { impurity: self.impurity, nodes: Vec::new(), stats: Vec::new(), stride: self.stride };
        self.lay(0, prune, &mut tree);
        for (leaf, node) in (0..).zip(tree.nodes.iter_mut().filter(|node| node.branch.is_none())) {
            node.leaf = leaf;
        }
        tree
    }

    /// Appends a subtree in preorder.
    fn lay(&self, node: usize, prune: bool, tree: &mut Tree) {
        let growing = &self.nodes[node];
        let stats = &self.stats[node * self.stride..(node + 1) * self.stride];
        let prediction = self.impurity.predict(stats);
        let at = tree.nodes.len();
        let impurity = if growing.valid { growing.impurity } else { -1.0 };
        tree.nodes.push(Node { prediction, impurity, rows: growing.rows, branch: None, leaf: 0 });
        tree.stats.extend_from_slice(stats);
        let Some((split, [left, right])) = &growing.split else { return };
        self.lay(*left, prune, tree);
        let right_at = tree.nodes.len();
        self.lay(*right, prune, tree);
        let both_leaves = right_at == at + 2 && tree.nodes.len() == at + 3;
        if prune && both_leaves && tree.nodes[at + 1].prediction == tree.nodes[at + 2].prediction {
            tree.nodes[at].prediction = tree.nodes[at + 1].prediction;
            tree.nodes.truncate(at + 1);
            tree.stats.truncate((at + 1) * self.stride);
        } else {
            tree.nodes[at].branch = Some(Branch { split: split.clone(), gain: growing.gain, right: right_at as u32 });
        }
    }
}
