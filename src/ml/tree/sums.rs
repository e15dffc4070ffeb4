//! The case that boosting spends its time in, many rows of equal weight and every feature: a bin holds the number of its rows and the sum of
//! their labels, two lanes of one register, and of two siblings only the smaller is added up: the other is the parent less that one.

use std::simd::{Select, f64x2, mask64x2};
use std::sync::Arc;

use kindling_partition::{Executor, Result};

use super::best_split::LeftBins;
use super::binned::Binned;
use super::histogram::Sample;
use super::strategy::Feature;

/// Rows from which a data set is worth it. Smaller ones are added up as Spark adds them up, to the last digit, squares and all: where two
/// splits part the same rows, or labels are all alike, rounding tells what is split, and it tells the same.
pub(super) const MANY: usize = 1 << 15;
/// Rows from which a node is taken this way.
pub(super) const LARGE: usize = 1 << 12;
/// Features at most, so that the tables of a level fit in memory.
pub(super) const WIDEST: usize = 128;
/// Features that are added up at once: their tables stay in the nearest cache.
const AT_ONCE: usize = 4;
/// Rows that are added up before the next features are.
const TILE: usize = 1024;
/// Rows of one task: the same everywhere, as the last digits of sums depend on what is added first.
pub(super) const PIECE: usize = 1 << 14;

/// By bin the number of rows, and the sum of their labels.
type Table = [f64x2; 256];
/// The tables of a node, one for each feature.
pub(super) type Tables = Arc<Vec<Table>>;

/// A node to be added up: its samples, the tables of its parent, and its sibling, if there is one at work.
pub(super) struct Node<'a> {
    pub samples: &'a [Sample],
    pub parent: Option<&'a Tables>,
    pub sibling: Option<usize>,
}

impl Node<'_> {
    /// Whether the tables are the parent's less the sibling's.
    fn is_rest(&self, at: usize, nodes: &[Node<'_>]) -> bool {
        let larger = |other: usize| (self.samples.len(), at) > (nodes[other].samples.len(), other);
        self.parent.is_some() && self.sibling.is_some_and(larger)
    }
}

/// The tables of nodes.
pub(super) fn tables(executor: &Executor, binned: &Binned, bins: &[u8], labels: &[f64], nodes: &[Node<'_>]) -> Result<Vec<Tables>> {
    let added = (0..nodes.len()).filter(|at| !nodes[*at].is_rest(*at, nodes));
    let jobs: Vec<(usize, &[Sample])> = added.flat_map(|at| nodes[at].samples.chunks(PIECE).map(move |samples| (at, samples))).collect();
    let filled = executor.map_quietly(&jobs, |_, (_, samples)| Ok(fill(bins, binned.width, samples, labels)))?;
    let mut sums: Vec<Option<Vec<Table>>> = vec![None; nodes.len()];
    for ((at, _), piece) in jobs.iter().zip(filled) {
        match &mut sums[*at] {
            None => sums[*at] = Some(piece),
            Some(sums) => sums.as_flattened_mut().iter_mut().zip(piece.as_flattened()).for_each(|(sum, more)| *sum += more),
        }
    }
    let found: Vec<Option<Tables>> = sums.into_iter().map(|sums| sums.map(Arc::new)).collect();
    let rest = executor.map_quietly(&(0..nodes.len()).collect::<Vec<_>>(), |_, at| {
        let node = &nodes[*at];
        let (None, Some(parent), Some(sibling)) = (&found[*at], node.parent, node.sibling.and_then(|s| found[s].as_ref())) else {
            return Ok(None);
        };
        let less = |(parent, sibling): (&Table, &Table)| std::array::from_fn(|bin| parent[bin] - sibling[bin]);
        Ok(Some(Arc::new(parent.iter().zip(sibling.iter()).map(less).collect::<Vec<Table>>())))
    })?;
    Ok(found.into_iter().zip(rest).map(|(added, rest)| added.or(rest).unwrap_or_default()).collect())
}

/// The tables of a piece of a node: a tile of rows at a time, which come from all over the memory once and then stay in the near cache for
/// feature after feature.
#[optimize(speed)]
fn fill(bins: &[u8], width: usize, samples: &[Sample], labels: &[f64]) -> Vec<Table> {
    let mut tables = vec![[f64x2::splat(0.0); 256]; width];
    let (mut rows, mut values) = (Vec::with_capacity(TILE), Vec::with_capacity(TILE));
    for samples in samples.chunks(TILE) {
        rows.clear();
        values.clear();
        for sample in samples {
            let count = f64::from(sample.count);
            rows.push(sample.row as usize * width);
            values.push(f64x2::from_array([count, count * labels[sample.row as usize]]));
        }
        for (i, tables) in tables.chunks_mut(AT_ONCE).enumerate() {
            add(tables, &bins[i * AT_ONCE..], &rows, &values);
        }
    }
    tables
}

/// Adds the values of rows, whose bins begin at these places, to the tables of a few features.
#[inline(never)]
#[optimize(speed)]
fn add(tables: &mut [Table], bins: &[u8], rows: &[usize], values: &[f64x2]) {
    if let [a, b, c, d] = tables {
        for (row, value) in rows.iter().zip(values) {
            let row = &bins[*row..row + 4];
            a[usize::from(row[0])] += value;
            b[usize::from(row[1])] += value;
            c[usize::from(row[2])] += value;
            d[usize::from(row[3])] += value;
        }
        return;
    }
    for (column, table) in tables.iter_mut().enumerate() {
        for (row, value) in rows.iter().zip(values) {
            table[usize::from(bins[row + column])] += value;
        }
    }
}

/// The cells of the rows that go left and right by their bins, which begin with the feature's; see [`Target::Labels`](super::histogram::Target).
#[inline(never)]
#[optimize(speed)]
pub(super) fn sides(samples: &[Sample], bins: &[u8], width: usize, goes_left: &[bool; 256], labels: &[f64]) -> [[f64; 4]; 2] {
    let zero = f64x2::splat(0.0);
    let [mut a, mut b, mut c, mut d] = [zero; 4];
    for sample in samples {
        let (row, count) = (sample.row as usize, f64::from(sample.count));
        let weighted = count * labels[row];
        let (low, high) = (f64x2::from_array([count, weighted]), f64x2::from_array([weighted * labels[row], count]));
        let left = mask64x2::splat(goes_left[usize::from(bins[row * width])]);
        // Written out: in a loop the sums would stay in memory.
        a += left.select(low, zero);
        b += left.select(high, zero);
        c += left.select(zero, low);
        d += left.select(zero, high);
    }
    [[a, b], [c, d]].map(|[low, high]| [low[0], low[1], high[0], high[1]])
}

/// The best cut of a node: the feature, the bins that go left, and what the squares of the sums over the rows of both sides add up to.
pub(super) struct Cut {
    pub feature: usize,
    pub bins: LeftBins,
    pub score: f64,
}

/// The cut that parts the labels best, of equals the first; no side gets less than `least` rows.
#[optimize(speed)]
pub(super) fn best_cut(tables: &[Table], features: &[Feature], least: f64) -> Option<Cut> {
    let mut best: Option<Cut> = None;
    for (feature, (table, kind)) in tables.iter().zip(features).enumerate() {
        if kind.splits() == 0 {
            continue;
        }
        let table = &table[..kind.bins()];
        let order = matches!(kind, Feature::Ordered { .. }).then(|| by_mean(table));
        let total: f64x2 = table.iter().sum();
        let mut left = f64x2::splat(0.0);
        for i in 0..table.len() - 1 {
            let bin = table[order.as_ref().map_or(i, |order| order[i] as usize)];
            if bin[0] == 0.0 {
                continue;
            }
            left += bin;
            let right = total - left;
            if left[0] < least || right[0] < least {
                continue;
            }
            let score = left[1] * left[1] / left[0] + right[1] * right[1] / right[0];
            if best.as_ref().is_none_or(|best| score > best.score) {
                let bins = order.as_ref().map_or(LeftBins::UpTo(i), |order| LeftBins::Categories(order[..=i].to_vec()));
                best = Some(Cut { feature, bins, score });
            }
        }
    }
    best
}

/// Categories by the mean of their labels, those without rows last.
fn by_mean(table: &[f64x2]) -> Vec<u32> {
    let mean = |category: &u32| match table[*category as usize].to_array() {
        [0.0, _] => f64::MAX,
        [rows, sum] => sum / rows,
    };
    let mut order: Vec<u32> = (0..table.len() as u32).collect();
    order.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    order
}
