//! The case that boosting spends its time in, many rows of equal weight and every feature: a bin holds the number of its rows and the sum of
//! their labels, two lanes of one register, and of two siblings only the smaller is added up: the other is the parent less that one.

use std::simd::f64x2;
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
/// Features that a task adds up at once: their tables stay in the nearest cache.
const AT_ONCE: usize = 4;

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
    let parts = binned.width.div_ceil(AT_ONCE);
    let added: Vec<usize> = (0..nodes.len()).filter(|at| !nodes[*at].is_rest(*at, nodes)).collect();
    let jobs: Vec<(usize, usize)> = added.iter().flat_map(|node| (0..parts).map(|part| (*node, part * AT_ONCE))).collect();
    let filled = executor.map_quietly(&jobs, |_, (node, first)| {
        executor.check()?;
        let mut tables = vec![[f64x2::splat(0.0); 256]; AT_ONCE.min(binned.width - first)];
        fill(&mut tables, bins, binned.width, *first, nodes[*node].samples, labels);
        Ok(tables)
    })?;
    let mut found: Vec<Option<Tables>> = vec![None; nodes.len()];
    for (node, parts) in added.iter().zip(filled.chunks(parts)) {
        found[*node] = Some(Arc::new(parts.concat()));
    }
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

fn fill(tables: &mut [Table], bins: &[u8], width: usize, first: usize, samples: &[Sample], labels: &[f64]) {
    let value = |sample: &Sample| {
        let count = f64::from(sample.count);
        f64x2::from_array([count, count * labels[sample.row as usize]])
    };
    if let [a, b, c, d] = tables {
        for sample in samples {
            let row = &bins[sample.row as usize * width + first..][..4];
            let value = value(sample);
            a[usize::from(row[0])] += value;
            b[usize::from(row[1])] += value;
            c[usize::from(row[2])] += value;
            d[usize::from(row[3])] += value;
        }
        return;
    }
    for (column, table) in tables.iter_mut().enumerate() {
        for sample in samples {
            table[usize::from(bins[sample.row as usize * width + first + column])] += value(sample);
        }
    }
}

/// The best cut of a node: the feature, the bins that go left, and what the squares of the sums over the rows of both sides add up to.
pub(super) struct Cut {
    pub feature: usize,
    pub bins: LeftBins,
    pub score: f64,
}

/// The cut that parts the labels best, of equals the first; no side gets less than `least` rows.
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
