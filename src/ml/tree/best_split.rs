//! The best split of a node (`RandomForest.binsToBestSplit`).

use super::histogram::{Histograms, Target};
use super::impurity::Impurity;
use super::strategy::Feature;

/// A split as a tree keeps it.
#[derive(Clone, Debug, PartialEq)]
pub enum Split {
    /// At most the threshold goes left.
    Continuous { feature: usize, threshold: f64 },
    /// These categories, in the order that the split was found with, go left.
    Categorical { feature: usize, left: Vec<u32>, arity: usize },
}

/// What a split must come up to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub rows: f64,
    pub weight: f64,
    pub gain: f64,
}

/// The best split of some features of a node.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub gain: f64,
    pub feature: u32,
    /// The bins that go left: those up to this one, or these categories.
    pub bins: LeftBins,
    /// The cell of all rows that go left; the node's cell less this one is the right.
    pub left: Vec<f64>,
    pub right: Vec<f64>,
}

#[derive(Clone, Debug)]
pub(crate) enum LeftBins {
    UpTo(usize),
    Categories(Vec<u32>),
}

/// Looks for the best split of a node among histograms.
pub(crate) struct Search<'a> {
    pub impurity: Impurity,
    pub limits: Limits,
    pub target: Target<'a>,
    /// More than two classes: categories are then ordered by their impurity.
    pub multiclass: bool,
    /// The impurity of the node.
    pub parent: f64,
}

impl Search<'_> {
    /// The best of the chosen features, of equals the first; `None` when no split is allowed.
    pub fn best(&self, histograms: &Histograms, features: &[Feature], chosen: &[u32]) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for (slot, feature) in chosen.iter().enumerate() {
            let kind = &features[*feature as usize];
            if kind.splits() == 0 {
                continue;
            }
            let start = histograms.starts[slot];
            let cells = &histograms.cells[start..start + kind.bins() * self.target.stride()];
            let least = best.as_ref().map_or(f64::MIN, |b| b.gain);
            let found = match kind {
                Feature::Continuous { .. } => self.ordered(cells, None, least),
                Feature::Ordered { .. } => self.ordered(cells, Some(&self.by_centroid(cells)), least),
                Feature::Unordered { arity } => self.unordered(cells, *arity, least),
            };
            if let Some((gain, bins, left, right)) = found {
                best = Some(Candidate { gain, feature: *feature, bins, left, right });
            }
        }
        best
    }

    /// Bins in order (or in the given one), cut after each of them.
    fn ordered(&self, cells: &[f64], order: Option<&[u32]>, least: f64) -> Option<(f64, LeftBins, Vec<f64>, Vec<f64>)> {
        let stride = self.target.stride();
        let bins = cells.len() / stride;
        let cell = |i: usize| {
            let bin = order.map_or(i, |order| order[i] as usize);
            &cells[bin * stride..(bin + 1) * stride]
        };
        let mut total = vec![0.0; stride];
        for i in 0..bins {
            add(&mut total, cell(i));
        }
        let (mut left, mut right) = (vec![0.0; stride], vec![0.0; stride]);
        let (mut best, mut cut) = (least, None);
        for i in 0..bins - 1 {
            let cell = cell(i);
            // Without rows in the bin the split is the one before it.
            if self.target.rows(cell) == 0.0 {
                continue;
            }
            add(&mut left, cell);
            for ((right, total), left) in right.iter_mut().zip(&total).zip(&left) {
                *right = total - left;
            }
            if let Some(gain) = self.gain(&left, &right)
                && gain > best
            {
                (best, cut) = (gain, Some(i));
            }
        }
        let cut = cut?;
        left.fill(0.0);
        for i in 0..=cut {
            add(&mut left, cell(i));
        }
        let right = total.iter().zip(&left).map(|(t, l)| t - l).collect();
        let bins = order.map_or(LeftBins::UpTo(cut), |order| LeftBins::Categories(order[..=cut].to_vec()));
        Some((best, bins, left, right))
    }

    /// Every way to part the categories in two, numbered as Spark numbers them: the bits of the number are the categories that go left.
    fn unordered(&self, cells: &[f64], arity: usize, least: f64) -> Option<(f64, LeftBins, Vec<f64>, Vec<f64>)> {
        let stride = self.target.stride();
        let mut total = vec![0.0; stride];
        for cell in cells.chunks_exact(stride) {
            add(&mut total, cell);
        }
        let sides = |subset: usize| {
            let mut left = vec![0.0; stride];
            for (category, cell) in cells.chunks_exact(stride).enumerate() {
                if subset >> category & 1 == 1 {
                    add(&mut left, cell);
                }
            }
            let right: Vec<f64> = total.iter().zip(&left).map(|(t, l)| t - l).collect();
            (left, right)
        };
        let (mut best, mut chosen) = (least, None);
        for subset in 1..1 << (arity - 1) {
            let (left, right) = sides(subset);
            if let Some(gain) = self.gain(&left, &right)
                && gain > best
            {
                (best, chosen) = (gain, Some(subset));
            }
        }
        let subset = chosen?;
        let (left, right) = sides(subset);
        let categories = (0..arity as u32).rev().filter(|c| subset >> c & 1 == 1).collect();
        Some((best, LeftBins::Categories(categories), left, right))
    }

    /// Categories by what their rows are like, those without rows last.
    fn by_centroid(&self, cells: &[f64]) -> Vec<u32> {
        let stats = self.target.stats();
        let centroids: Vec<f64> = cells
            .chunks_exact(self.target.stride())
            .map(|cell| {
                let stats = &cell[..stats];
                if self.impurity.count(stats) == 0.0 {
                    f64::MAX
                } else if self.multiclass {
                    self.impurity.of(stats)
                } else if self.impurity == Impurity::Variance {
                    self.impurity.predict(stats)
                } else {
                    stats[1]
                }
            })
            .collect();
        let mut order: Vec<u32> = (0..centroids.len() as u32).collect();
        order.sort_by(|a, b| centroids[*a as usize].total_cmp(&centroids[*b as usize]));
        order
    }

    /// What a split gains; `None` when a side is too small or the gain too little.
    #[inline(always)]
    fn gain(&self, left: &[f64], right: &[f64]) -> Option<f64> {
        if self.target.rows(left) < self.limits.rows || self.target.rows(right) < self.limits.rows {
            return None;
        }
        let stats = self.target.stats();
        let (left, right) = (&left[..stats], &right[..stats]);
        let (left_count, right_count) = (self.impurity.count(left), self.impurity.count(right));
        if left_count < self.limits.weight || right_count < self.limits.weight {
            return None;
        }
        let total = left_count + right_count;
        let gain = self.parent - left_count / total * self.impurity.of(left) - right_count / total * self.impurity.of(right);
        (gain >= self.limits.gain).then_some(gain)
    }
}

#[inline(always)]
fn add(sum: &mut [f64], cell: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(cell) {
        *sum += value;
    }
}
