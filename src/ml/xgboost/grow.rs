//! How a tree grows: level by level, the smaller child of each split counted, the other one the rest
//! (`src/tree/updater_quantile_hist.cc`, `driver.h` of XGBoost).

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use kindling_partition::{Executor, Result};

use super::histogram::{Sum, histogram};
use super::matrix::{BLOCK, Bin, Bins, Matrix};
use super::objective::Pair;
use super::sample::{self, Shares};
use super::split::{Penalty, Split};
use super::tree::{NO_PARENT, Node, Tree};

/// A split must lower the loss by more.
const LEAST_GAIN: f32 = 1e-6;

/// How far and how trees grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    pub penalty: Penalty,
    pub learning_rate: f32,
    /// The least gain of a split.
    pub gamma: f32,
    /// 0 for any.
    pub max_depth: usize,
    /// 0 for any.
    pub max_leaves: usize,
    pub shares: Shares,
}

/// Of each block of rows, where in the order of rows those of a node are.
pub(super) type Runs = Vec<Range<usize>>;

/// A tree and where its training rows ended.
pub(super) struct Grown {
    pub tree: Tree,
    /// The rows of each block, counted from its first, those of each leaf together.
    pub order: Vec<u16>,
    /// Where the rows of each leaf are, and what it says.
    pub leaves: Vec<(Runs, f32)>,
}

/// A node that may split.
struct Candidate {
    id: usize,
    depth: usize,
    rows: Runs,
    sum: Sum,
    /// Its own gain as a leaf.
    gain: f32,
    sums: Vec<Sum>,
    best: Split,
}

struct Grower<'a> {
    executor: &'a Executor,
    matrix: &'a Matrix,
    growth: &'a Growth,
    /// The gradients of all rows.
    pairs: &'a [Pair],
    /// The features of this tree.
    features: Vec<u32>,
    seed: u64,
    order: Vec<u16>,
    tree: Tree,
    leaves: Vec<(Runs, f32)>,
}

/// Grows one tree on gradients that lie on the grid of exact sums.
///
/// # Errors
/// When Stop was pressed.
pub(super) fn grow(executor: &Executor, matrix: &Matrix, growth: &Growth, pairs: &[Pair], seed: u64) -> Result<Grown> {
    let all: Vec<u32> = (0..matrix.cuts.features() as u32).collect();
    let features = sample::features(&all, growth.shares.by_tree, sample::part(seed, 0));
    let order = (0..matrix.rows).map(|row| (row % BLOCK) as u16).collect();
    let (tree, leaves) = (Tree::default(), Vec::new());
    Grower { executor, matrix, growth, pairs, features, seed, order, tree, leaves }.grow()
}

impl Grower<'_> {
    fn grow(mut self) -> Result<Grown> {
        let mut level = vec![self.root()?];
        let mut leaves = 1;
        while !level.is_empty() {
            let mut split = Vec::new();
            for candidate in level {
                if self.may_split(&candidate, leaves) {
                    leaves += 1;
                    self.split(&candidate);
                    split.push(candidate);
                } else {
                    self.leaves.push((candidate.rows, self.tree.nodes[candidate.id].condition));
                }
            }
            let parts = self.part(&split)?;
            let grows = |parent: &Candidate| {
                (self.growth.max_depth == 0 || parent.depth + 1 < self.growth.max_depth)
                    && (self.growth.max_leaves == 0 || leaves < self.growth.max_leaves)
            };
            let mut parents = Vec::new();
            for (candidate, parts) in split.into_iter().zip(parts) {
                if grows(&candidate) {
                    parents.push((candidate, parts));
                } else {
                    let node = self.tree.nodes[candidate.id];
                    let value = |child: i32| self.tree.nodes[child as usize].condition;
                    let [left, right] = parts;
                    self.leaves.extend([(left, value(node.left)), (right, value(node.right))]);
                }
            }
            level = if parents.is_empty() { Vec::new() } else { self.children(parents)? };
        }
        Ok(Grown { tree: self.tree, order: self.order, leaves: self.leaves })
    }

    fn root(&mut self) -> Result<Candidate> {
        let all = self.order.len();
        let rows: Runs = (0..all).step_by(BLOCK).map(|start| start..(start + BLOCK).min(all)).collect();
        let sums = self.histograms(&[&rows])?.swap_remove(0);
        // Every row has one bin of the first feature, that for missing values among them.
        let sum = sums[..self.matrix.starts[1]].iter().fold(Sum::splat(0.0), |all, sum| all + sum);
        let penalty = &self.growth.penalty;
        let weight = penalty.weight(sum);
        self.tree.nodes.push(Node::leaf(NO_PARENT, self.growth.learning_rate * weight, weight, sum[1] as f32));
        let gain = penalty.gain(sum);
        let mut root = [Candidate { id: 0, depth: 0, rows, sum, gain, sums, best: Split::NONE }];
        self.search(&mut root)?;
        let [root] = root;
        Ok(root)
    }

    fn may_split(&self, candidate: &Candidate, leaves: usize) -> bool {
        let growth = self.growth;
        let gain = candidate.best.gain;
        gain > LEAST_GAIN
            && gain >= growth.gamma
            && (growth.max_depth == 0 || candidate.depth < growth.max_depth)
            && (growth.max_leaves == 0 || leaves < growth.max_leaves)
    }

    /// Two leaves in the place of one.
    fn split(&mut self, candidate: &Candidate) {
        let (penalty, rate) = (self.growth.penalty, self.growth.learning_rate);
        let best = &candidate.best;
        let left = self.tree.nodes.len() as i32;
        let node = &mut self.tree.nodes[candidate.id];
        *node = Node {
            left,
            right: left + 1,
            feature: best.feature as u32,
            condition: best.condition,
            default_left: best.default_left,
            weight: penalty.weight(best.left + best.right),
            cover: (best.left[1] + best.right[1]) as f32,
            gain: best.gain,
            ..*node
        };
        for sum in [best.left, best.right] {
            let value = penalty.weight(sum) * rate;
            self.tree.nodes.push(Node::leaf(candidate.id as u32, value, value, sum[1] as f32));
        }
    }

    /// Brings the rows of each node that go left before those that go right, both in their order, block by block; gives both.
    fn part(&mut self, nodes: &[Candidate]) -> Result<Vec<[Runs; 2]>> {
        if nodes.is_empty() {
            return Ok(Vec::new());
        }
        let blocks: Vec<Mutex<&mut [u16]>> = self.order.chunks_mut(BLOCK).map(Mutex::new).collect();
        let lefts = self.executor.map_quietly(&blocks, |i, block| {
            let block = &mut **block.lock().unwrap_or_else(PoisonError::into_inner);
            let first = i * BLOCK;
            let mut spare = vec![0; block.len()];
            let part = |node: &Candidate| {
                let run = &node.rows[i];
                let rows = &mut block[run.start - first..run.end - first];
                let missing = self.matrix.cuts.of_feature(node.best.feature).len();
                match &self.matrix.bins {
                    Bins::Bytes(layout) => part_run(rows, &layout.by_column[node.best.feature][first..], &node.best, missing, &mut spare),
                    Bins::Words(layout) => part_run(rows, &layout.by_column[node.best.feature][first..], &node.best, missing, &mut spare),
                }
            };
            Ok(nodes.iter().map(part).collect::<Vec<usize>>())
        })?;
        let sides = |(i, node): (usize, &Candidate)| {
            let middles = node.rows.iter().zip(&lefts).map(|(run, lefts)| (run, run.start + lefts[i]));
            middles.map(|(run, middle)| (run.start..middle, middle..run.end)).unzip().into()
        };
        Ok(nodes.iter().enumerate().map(sides).collect())
    }

    /// The children of nodes whose rows were parted like this, with their best splits.
    fn children(&self, parents: Vec<(Candidate, [Runs; 2])>) -> Result<Vec<Candidate>> {
        let is_left = |[left, right]: &[Runs; 2]| count(left) <= count(right);
        let smaller: Vec<&[Range<usize>]> = parents.iter().map(|(_, parts)| parts[usize::from(!is_left(parts))].as_slice()).collect();
        let small = self.histograms(&smaller)?;
        let mut children = Vec::with_capacity(2 * parents.len());
        for ((parent, parts), small) in parents.into_iter().zip(small) {
            let mut large = parent.sums;
            large.iter_mut().zip(&small).for_each(|(large, small)| *large -= small);
            let sums = if is_left(&parts) { [small, large] } else { [large, small] };
            let node = self.tree.nodes[parent.id];
            let ids = [node.left, node.right];
            for (((id, rows), sums), sum) in ids.into_iter().zip(parts).zip(sums).zip([parent.best.left, parent.best.right]) {
                let gain = self.growth.penalty.gain(sum);
                children.push(Candidate { id: id as usize, depth: parent.depth + 1, rows, sum, gain, sums, best: Split::NONE });
            }
        }
        self.search(&mut children)?;
        Ok(children)
    }

    /// The histograms of nodes with these rows. Sums are exact, so that the cut into tasks changes nothing.
    fn histograms(&self, nodes: &[&[Range<usize>]]) -> Result<Vec<Vec<Sum>>> {
        let all: usize = nodes.iter().map(|runs| count(runs)).sum();
        let most = (all / (2 * self.executor.threads())).max(BLOCK);
        let mut pieces = Vec::new();
        for (node, runs) in nodes.iter().enumerate() {
            let (mut first, mut rows) = (0, 0);
            for (i, run) in runs.iter().enumerate() {
                rows += run.len();
                if rows >= most || i + 1 == runs.len() {
                    pieces.push((node, &runs[first..=i]));
                    (first, rows) = (i + 1, 0);
                }
            }
        }
        let found =
            self.executor.map_quietly(&pieces, |_, (_, runs)| histogram(self.executor, self.matrix, self.pairs, &self.order, runs))?;
        let mut sums: Vec<Vec<Sum>> = vec![Vec::new(); nodes.len()];
        for ((node, _), piece) in pieces.iter().zip(found) {
            if sums[*node].is_empty() {
                sums[*node] = piece;
            } else {
                sums[*node].iter_mut().zip(&piece).for_each(|(sum, more)| *sum += more);
            }
        }
        Ok(sums)
    }

    /// Finds the best split of each node.
    fn search(&self, nodes: &mut [Candidate]) -> Result<()> {
        let shares = self.growth.shares;
        let depth = nodes.first().map_or(0, |node| node.depth) as u64;
        let level = sample::features(&self.features, shares.by_level, sample::part(self.seed, 1 + depth));
        let blocks = (4 * self.executor.threads()).div_ceil(nodes.len().max(1));
        let mut tasks = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let features = sample::features(&level, shares.by_node, sample::part(self.seed, (1 << 32) + node.id as u64));
            let block = features.len().div_ceil(blocks).max(4);
            tasks.extend(features.chunks(block).map(|features| (i, features.to_vec())));
        }
        let found = self.executor.map_quietly(&tasks, |_, (i, features)| {
            let node = &nodes[*i];
            Ok(self.growth.penalty.best(self.matrix, &node.sums, features, node.sum, node.gain))
        })?;
        for ((i, _), split) in tasks.iter().zip(found) {
            if split.gain > nodes[*i].best.gain {
                nodes[*i].best = split;
            }
        }
        Ok(())
    }
}

fn count(runs: &[Range<usize>]) -> usize {
    runs.iter().map(Range::len).sum()
}

/// How many of these rows go left; they come first then. Without a branch: which way a row goes can't be foreseen.
#[inline(never)]
#[optimize(speed)]
fn part_run<T: Bin>(rows: &mut [u16], column: &[T], split: &Split, missing: usize, spare: &mut [u16]) -> usize {
    let also = if split.default_left { missing } else { usize::MAX };
    let (mut left, mut right) = (0, 0);
    for i in 0..rows.len() {
        let row = rows[i];
        let bin = column[usize::from(row)].index();
        let goes_left = (bin < split.limit) | (bin == also);
        rows[left] = row;
        spare[right] = row;
        left += usize::from(goes_left);
        right += usize::from(!goes_left);
    }
    rows[left..].copy_from_slice(&spare[..right]);
    left
}
