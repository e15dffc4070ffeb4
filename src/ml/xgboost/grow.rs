//! How a tree grows: level by level, the smaller child of each split counted, the other one the rest
//! (`src/tree/updater_quantile_hist.cc`, `driver.h` of XGBoost).

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use kindling_partition::{Executor, Result};

use super::histogram::{Chosen, Sum, histogram};
use super::matrix::{Bin, Bins, Matrix};
use super::objective::Pair;
use super::sample::{self, Shares};
use super::split::{Penalty, Split};
use super::tree::{NO_PARENT, Node, Tree};

/// Rows that one task parts at most, or counts at least.
const CHUNK: usize = 16_384;
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

/// A tree and where its training rows ended.
pub(super) struct Grown {
    pub tree: Tree,
    /// All rows, those of each leaf together.
    pub rows: Vec<u32>,
    /// The runs of `rows`, and what the leaf of each says.
    pub leaves: Vec<(Range<usize>, f32)>,
}

/// A node that may split.
struct Candidate {
    id: usize,
    depth: usize,
    rows: Range<usize>,
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
    /// The features of this tree.
    features: Vec<u32>,
    seed: u64,
    rows: Vec<u32>,
    /// The gradients in the order of `rows`.
    pairs: Vec<Pair>,
    tree: Tree,
    leaves: Vec<(Range<usize>, f32)>,
}

/// Grows one tree on gradients that lie on the grid of exact sums.
///
/// # Errors
/// When Stop was pressed.
pub(super) fn grow(executor: &Executor, matrix: &Matrix, growth: &Growth, pairs: Vec<Pair>, seed: u64) -> Result<Grown> {
    let all: Vec<u32> = (0..matrix.cuts.features() as u32).collect();
    let features = sample::features(&all, growth.shares.by_tree, sample::part(seed, 0));
    let rows = (0..matrix.rows as u32).collect();
    let (tree, leaves) = (Tree::default(), Vec::new());
    Grower { executor, matrix, growth, features, seed, rows, pairs, tree, leaves }.grow()
}

impl Grower<'_> {
    fn grow(mut self) -> Result<Grown> {
        let mut level = vec![self.root()?];
        let mut leaves = 1;
        while !level.is_empty() {
            let mut next = Vec::new();
            let (mut split, mut parts) = (Vec::new(), Vec::new());
            for candidate in level {
                if self.may_split(&candidate, leaves) {
                    leaves += 1;
                    self.split(&candidate);
                    parts.push((candidate.rows.clone(), candidate.best));
                    split.push(candidate);
                } else {
                    self.leaves.push((candidate.rows, self.tree.nodes[candidate.id].condition));
                }
            }
            let middles = self.part(&parts)?;
            let grows = |parent: &Candidate| {
                (self.growth.max_depth == 0 || parent.depth + 1 < self.growth.max_depth)
                    && (self.growth.max_leaves == 0 || leaves < self.growth.max_leaves)
            };
            let mut parents = Vec::new();
            for (candidate, middle) in split.into_iter().zip(middles) {
                if grows(&candidate) {
                    parents.push((candidate, middle));
                } else {
                    let node = self.tree.nodes[candidate.id];
                    let value = |child: i32| self.tree.nodes[child as usize].condition;
                    let (left, right) = (value(node.left), value(node.right));
                    self.leaves.push((candidate.rows.start..middle, left));
                    self.leaves.push((middle..candidate.rows.end, right));
                }
            }
            if !parents.is_empty() {
                next = self.children(parents)?;
            }
            level = next;
        }
        Ok(Grown { tree: self.tree, rows: self.rows, leaves: self.leaves })
    }

    fn root(&mut self) -> Result<Candidate> {
        let all = 0..self.rows.len();
        let pieces = self.pieces(std::slice::from_ref(&all));
        let found = self.executor.map_quietly(&pieces, |_, (_, rows)| {
            histogram(self.executor, self.matrix, &self.pairs[rows.clone()], Chosen::Run(rows.start, rows.end))
        })?;
        let mut found = found.into_iter();
        let mut sums = found.next().unwrap_or_default();
        found.for_each(|piece| add(&mut sums, &piece));
        // Every row has one bin of the first feature, that for missing values among them.
        let sum = sums[..self.matrix.starts[1]].iter().fold(Sum::splat(0.0), |all, sum| all + sum);
        let penalty = &self.growth.penalty;
        let weight = penalty.weight(sum);
        self.tree.nodes.push(Node::leaf(NO_PARENT, self.growth.learning_rate * weight, weight, sum[1] as f32));
        let gain = penalty.gain(sum);
        let mut root = [Candidate { id: 0, depth: 0, rows: 0..self.rows.len(), sum, gain, sums, best: Split::NONE }];
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

    /// Brings the rows of each node that go left before those that go right, both in their order; gives where the right ones begin.
    fn part(&mut self, parts: &[(Range<usize>, Split)]) -> Result<Vec<usize>> {
        let mut tasks = Vec::new();
        let (mut rest, mut at) = ((self.rows.as_mut_slice(), self.pairs.as_mut_slice()), 0);
        for (i, (rows, _)) in parts.iter().enumerate() {
            for start in rows.clone().step_by(CHUNK) {
                let end = (start + CHUNK).min(rows.end);
                let (row, row_rest) = std::mem::take(&mut rest.0)[start - at..].split_at_mut(end - start);
                let (pair, pair_rest) = std::mem::take(&mut rest.1)[start - at..].split_at_mut(end - start);
                tasks.push((i, start..end, Mutex::new((row, pair))));
                (rest, at) = ((row_rest, pair_rest), end);
            }
        }
        let lefts = self.executor.map_quietly(&tasks, |_, (i, _, chunk)| {
            let (rows, pairs) = &mut *chunk.lock().unwrap_or_else(PoisonError::into_inner);
            let split = &parts[*i].1;
            let missing = self.matrix.cuts.of_feature(split.feature).len();
            Ok(match &self.matrix.bins {
                Bins::Bytes(layout) => part_chunk(rows, pairs, &layout.by_column[split.feature], split, missing),
                Bins::Words(layout) => part_chunk(rows, pairs, &layout.by_column[split.feature], split, missing),
            })
        })?;
        let chunks: Vec<(usize, Range<usize>)> = tasks.into_iter().map(|(i, rows, _)| (i, rows)).collect();
        let mut middles: Vec<usize> = parts.iter().map(|(rows, _)| rows.start).collect();
        let mut first = 0;
        while first < chunks.len() {
            let i = chunks[first].0;
            let last = first + chunks[first..].iter().take_while(|chunk| chunk.0 == i).count();
            let node = &parts[i].0;
            middles[i] += lefts[first..last].iter().sum::<usize>();
            if last - first > 1 {
                join(&mut self.rows, node, &chunks[first..last], &lefts[first..last]);
                join(&mut self.pairs, node, &chunks[first..last], &lefts[first..last]);
            }
            first = last;
        }
        Ok(middles)
    }

    /// The children of nodes that were split at these rows, with their best splits.
    fn children(&self, parents: Vec<(Candidate, usize)>) -> Result<Vec<Candidate>> {
        let smaller: Vec<Range<usize>> = parents
            .iter()
            .map(|(parent, middle)| {
                let (left, right) = (parent.rows.start..*middle, *middle..parent.rows.end);
                if left.len() <= right.len() { left } else { right }
            })
            .collect();
        let pieces = self.pieces(&smaller);
        let found = self.executor.map_quietly(&pieces, |_, (_, rows)| {
            histogram(self.executor, self.matrix, &self.pairs[rows.clone()], Chosen::These(&self.rows[rows.clone()]))
        })?;
        let mut counted: Vec<Vec<Sum>> = vec![Vec::new(); parents.len()];
        for ((i, _), sums) in pieces.iter().zip(found) {
            if counted[*i].is_empty() {
                counted[*i] = sums;
            } else {
                add(&mut counted[*i], &sums);
            }
        }
        let mut children = Vec::with_capacity(2 * parents.len());
        for (((parent, middle), small), mut sums) in parents.into_iter().zip(smaller).zip(counted) {
            if sums.is_empty() {
                sums = vec![Sum::splat(0.0); self.matrix.places()];
            }
            let mut others = parent.sums;
            others.iter_mut().zip(&sums).for_each(|(other, sum)| *other -= sum);
            let is_left = small.start == parent.rows.start && small.end == middle;
            let (left, right) = if is_left { (sums, others) } else { (others, sums) };
            let node = self.tree.nodes[parent.id];
            let sides = [
                (node.left, parent.rows.start..middle, left, parent.best.left),
                (node.right, middle..parent.rows.end, right, parent.best.right),
            ];
            for (id, rows, sums, sum) in sides {
                let gain = self.growth.penalty.gain(sum);
                children.push(Candidate { id: id as usize, depth: parent.depth + 1, rows, sum, gain, sums, best: Split::NONE });
            }
        }
        self.search(&mut children)?;
        Ok(children)
    }

    /// Cuts runs of rows into pieces for the threads. Sums are exact, so that the cut changes nothing.
    fn pieces(&self, runs: &[Range<usize>]) -> Vec<(usize, Range<usize>)> {
        let all: usize = runs.iter().map(Range::len).sum();
        let piece = (all / (2 * self.executor.threads())).max(CHUNK) + 1;
        let cut = |(i, run): (usize, &Range<usize>)| {
            let end = run.end;
            run.clone().step_by(piece).map(move |start| (i, start..(start + piece).min(end))).collect::<Vec<_>>()
        };
        runs.iter().enumerate().flat_map(cut).collect()
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

fn add(sums: &mut [Sum], more: &[Sum]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// Brings what goes left in each chunk of a node before what goes right.
fn join<T: Copy>(all: &mut [T], node: &Range<usize>, chunks: &[(usize, Range<usize>)], lefts: &[usize]) {
    let mut ordered = Vec::with_capacity(node.len());
    for ((_, chunk), left) in chunks.iter().zip(lefts) {
        ordered.extend_from_slice(&all[chunk.start..chunk.start + left]);
    }
    for ((_, chunk), left) in chunks.iter().zip(lefts) {
        ordered.extend_from_slice(&all[chunk.start + left..chunk.end]);
    }
    all[node.clone()].copy_from_slice(&ordered);
}

/// How many rows of a chunk go left; they are in its front then, with their gradients. Without a branch: which way a row goes can't be
/// foreseen.
fn part_chunk<T: Bin>(rows: &mut [u32], pairs: &mut [Pair], column: &[T], split: &Split, missing: usize) -> usize {
    let mut rights = vec![(0, [0.0; 2]); rows.len()];
    let (mut left, mut right) = (0, 0);
    for i in 0..rows.len() {
        let (row, pair) = (rows[i], pairs[i]);
        let bin = column[row as usize].index();
        let goes_left = (bin < split.limit) | (split.default_left & (bin == missing));
        (rows[left], pairs[left]) = (row, pair);
        rights[right] = (row, pair);
        left += usize::from(goes_left);
        right += usize::from(!goes_left);
    }
    for (i, (row, pair)) in rights[..right].iter().enumerate() {
        (rows[left + i], pairs[left + i]) = (*row, *pair);
    }
    left
}
