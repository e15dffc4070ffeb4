//! Exact nearest neighbours by brute force, on all threads.
//!
//! For Euclidean distances the squared length of `y - x` is ranked by `|y|² - 2 x·y`, from products of small register tiles. Rounding can
//! put such a rank a little off, so whatever lies within a bound of that error is kept, and its distance is then computed directly: the
//! neighbours and their distances are those of the plain formula, whatever the tiles rounded. Neighbours at the same distance come in the
//! order of their rows.

use std::simd::cmp::SimdPartialOrd;
use std::simd::f64x2;

use kindling_linalg::kernels;
use kindling_partition::{Executor, Result};

/// Rows of one tile: two registers.
const TILE: usize = 4;
/// Rows that stay in the cache while all queries of a task pass over them.
const BLOCK: usize = 256;
/// Queries of one task.
const TASK: usize = 64;

/// How far two rows are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    Euclidean,
    Manhattan,
    Chebyshev,
    /// The p-th root of the sum of p-th powers.
    Minkowski(f64),
    /// One minus the cosine of the angle; a row of zeros is at distance 1 from all.
    Cosine,
}

impl Metric {
    fn distance(self, a: &[f64], b: &[f64]) -> f64 {
        let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        match self {
            Self::Euclidean => libm::sqrt(kernels::squared_distance(a, b)),
            Self::Manhattan => gaps.sum(),
            Self::Chebyshev => gaps.fold(0.0, f64::max),
            Self::Minkowski(p) => libm::pow(gaps.map(|gap| libm::pow(gap, p)).sum(), 1.0 / p),
            Self::Cosine => (1.0 - kernels::dot(a, b)).clamp(0.0, 2.0),
        }
    }
}

/// The nearest rows of each query: `k` for each, the nearest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    pub distances: Vec<f64>,
    pub rows: Vec<usize>,
}

/// The `k` nearest of `data` to each row of `queries`; both row by row, `width` finite numbers each. `k` is at most the rows of `data`.
///
/// # Errors
/// When the work is cancelled.
pub fn nearest(executor: &Executor, data: &[f64], queries: &[f64], width: usize, k: usize, metric: Metric) -> Result<Nearest> {
    let scaled;
    let (data, queries) = if metric == Metric::Cosine {
        scaled = (directions(data, width), directions(queries, width));
        (scaled.0.as_slice(), scaled.1.as_slice())
    } else {
        (data, queries)
    };
    let rows = data.len().checked_div(width).unwrap_or(0);
    let packed = matches!(metric, Metric::Euclidean | Metric::Cosine).then(|| Packed::new(data, width, metric));
    let tasks: Vec<&[f64]> = queries.chunks(TASK * width.max(1)).collect();
    let parts = executor.map("nearest neighbours", &tasks, |_, queries| {
        let mut found: Vec<Candidates> = queries.chunks_exact(width).map(|_| Candidates::new(k)).collect();
        match &packed {
            Some(packed) => packed.rank(executor, queries, &mut found)?,
            None => {
                for (query, found) in queries.chunks_exact(width).zip(&mut found) {
                    executor.check()?;
                    for (row, values) in data.chunks_exact(width).enumerate() {
                        found.offer(metric.distance(query, values), row);
                    }
                }
            }
        }
        let mut nearest = Nearest { distances: Vec::with_capacity(found.len() * k), rows: Vec::with_capacity(found.len() * k) };
        for (query, found) in queries.chunks_exact(width).zip(found) {
            let distance = |row: usize| metric.distance(query, &data[row * width..(row + 1) * width]);
            for (distance, row) in found.finish(distance) {
                nearest.distances.push(distance);
                nearest.rows.push(row);
            }
        }
        Ok(nearest)
    })?;
    debug_assert!(k <= rows);
    let mut all = Nearest { distances: Vec::new(), rows: Vec::new() };
    for part in parts {
        all.distances.extend(part.distances);
        all.rows.extend(part.rows);
    }
    Ok(all)
}

/// Rows of length one; rows of zeros stay.
fn directions(values: &[f64], width: usize) -> Vec<f64> {
    let mut scaled = values.to_vec();
    for row in scaled.chunks_exact_mut(width.max(1)) {
        let length = libm::sqrt(kernels::dot(row, row));
        if length > 0.0 {
            row.iter_mut().for_each(|value| *value /= length);
        }
    }
    scaled
}

/// Rows in tiles of [`TILE`], feature by feature, and what each adds to its rank.
struct Packed {
    tiles: Vec<f64>,
    offsets: Vec<f64>,
    rows: usize,
    width: usize,
    /// The factor of `x·y` in a rank.
    factor: f64,
    /// The greatest length of a row.
    reach: f64,
}

impl Packed {
    fn new(data: &[f64], width: usize, metric: Metric) -> Self {
        let rows = data.len() / width;
        let padded = rows.div_ceil(TILE) * TILE;
        let mut tiles = vec![0.0; padded * width];
        // The rows that fill the last tile are never near.
        let mut offsets = vec![f64::INFINITY; padded];
        let mut reach: f64 = 0.0;
        for (row, values) in data.chunks_exact(width).enumerate() {
            let tile = &mut tiles[row / TILE * TILE * width..];
            for (j, value) in values.iter().enumerate() {
                tile[j * TILE + row % TILE] = *value;
            }
            let square = kernels::dot(values, values);
            reach = reach.max(square);
            offsets[row] = if metric == Metric::Cosine { 0.0 } else { square };
        }
        let factor = if metric == Metric::Cosine { -1.0 } else { -2.0 };
        Self { tiles, offsets, rows, width, factor, reach: libm::sqrt(reach) }
    }

    /// Offers every row to every query.
    fn rank(&self, executor: &Executor, queries: &[f64], found: &mut [Candidates]) -> Result<()> {
        let width = self.width;
        // A short last group repeats its last query.
        let groups = found.len().div_ceil(TILE);
        let at = |group: usize, q: usize| (group * TILE + q).min(found.len() - 1);
        let mut scaled = vec![0.0; groups * TILE * width];
        for group in 0..groups {
            for q in 0..TILE {
                for j in 0..width {
                    scaled[(group * width + j) * TILE + q] = self.factor * queries[at(group, q) * width + j];
                }
            }
        }
        // Each product and each sum rounds once: so many times half a unit of the last place of what is summed at most.
        for (candidates, query) in found.iter_mut().zip(queries.chunks_exact(width)) {
            let length = libm::sqrt(kernels::dot(query, query));
            candidates.margin = f64::EPSILON * (width + 8) as f64 * (self.reach + length) * (self.reach + length);
        }
        let tiles_in_block = BLOCK / TILE;
        let tiles = self.offsets.len() / TILE;
        for first in (0..tiles).step_by(tiles_in_block) {
            executor.check()?;
            let last = (first + tiles_in_block).min(tiles);
            for (group, (queries, found)) in scaled.chunks_exact(TILE * width).zip(found.chunks_mut(TILE)).enumerate() {
                debug_assert!(group < groups);
                let mut bounds: [f64; TILE] = std::array::from_fn(|q| found.get(q).map_or(f64::NEG_INFINITY, |f| f.bound));
                for tile in first..last {
                    let ranks = self.tile(tile, queries);
                    let near = ranks.iter().zip(&bounds).any(|(ranks, bound)| {
                        let bound = f64x2::splat(*bound);
                        (ranks[0].simd_lt(bound) | ranks[1].simd_lt(bound)).any()
                    });
                    if near {
                        for (q, found) in found.iter_mut().enumerate() {
                            for (lane, rank) in ranks[q].iter().flat_map(|pair| pair.to_array()).enumerate() {
                                let row = tile * TILE + lane;
                                if row < self.rows {
                                    found.offer(rank, row);
                                }
                            }
                            bounds[q] = found.bound;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The ranks of the rows of a tile for four queries.
    #[inline(always)]
    fn tile(&self, tile: usize, queries: &[f64]) -> [[f64x2; 2]; TILE] {
        let offsets = &self.offsets[tile * TILE..(tile + 1) * TILE];
        let start = [f64x2::from_slice(&offsets[..2]), f64x2::from_slice(&offsets[2..])];
        let mut ranks = [start; TILE];
        let rows = self.tiles[tile * TILE * self.width..(tile + 1) * TILE * self.width].as_chunks::<TILE>().0;
        for (row, query) in rows.iter().zip(queries.as_chunks::<TILE>().0) {
            let (low, high) = (f64x2::from_slice(&row[..2]), f64x2::from_slice(&row[2..]));
            for (rank, x) in ranks.iter_mut().zip(query) {
                let x = f64x2::splat(*x);
                rank[0] += x * low;
                rank[1] += x * high;
            }
        }
        ranks
    }
}

/// The rows that may be among the nearest of one query.
struct Candidates {
    k: usize,
    /// How far a rank may be off.
    margin: f64,
    /// No row of this rank or above can be among the nearest.
    bound: f64,
    found: Vec<(f64, usize)>,
    room: usize,
}

impl Candidates {
    fn new(k: usize) -> Self {
        let room = 2 * k + 32;
        Self { k, margin: 0.0, bound: f64::INFINITY, found: Vec::with_capacity(room), room }
    }

    #[inline]
    fn offer(&mut self, rank: f64, row: usize) {
        if rank < self.bound {
            self.found.push((rank, row));
            if self.found.len() == self.room {
                self.prune();
                // So many that are too near to tell apart: more room, or this would be done at each of them.
                self.room = (2 * self.found.len()).max(2 * self.k + 32);
            }
        }
    }

    /// Leaves out what can't be among the nearest.
    fn prune(&mut self) {
        if self.found.len() <= self.k || self.k == 0 {
            return;
        }
        let (_, kth, _) = self.found.select_nth_unstable_by(self.k - 1, |a, b| a.0.total_cmp(&b.0));
        // Twice the margin: of the k-th, and of the one that is compared. The next float up, so that equal ranks stay.
        let bound = (kth.0 + 2.0 * self.margin).next_up();
        self.found.retain(|candidate| candidate.0 < bound);
        self.bound = bound;
    }

    /// The nearest by their true distances.
    fn finish(mut self, distance: impl Fn(usize) -> f64) -> impl Iterator<Item = (f64, usize)> {
        self.prune();
        let mut exact: Vec<(f64, usize)> = self.found.iter().map(|(_, row)| (distance(*row), *row)).collect();
        exact.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        exact.truncate(self.k);
        exact.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of a simple generator, some of them repeated.
    fn numbers(count: usize, mut state: u64) -> Vec<f64> {
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / 1e4
        };
        (0..count).map(|_| next().round() / 8.0 + 1000.0).collect()
    }

    fn plainly(data: &[f64], queries: &[f64], width: usize, k: usize, metric: Metric) -> Nearest {
        let mut nearest = Nearest { distances: Vec::new(), rows: Vec::new() };
        for query in queries.chunks(width) {
            let mut all: Vec<(f64, usize)> =
                data.chunks(width).enumerate().map(|(row, values)| (metric.distance(query, values), row)).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            nearest.distances.extend(all[..k].iter().map(|found| found.0));
            nearest.rows.extend(all[..k].iter().map(|found| found.1));
        }
        nearest
    }

    #[test]
    fn tiles_find_what_the_plain_formula_finds() {
        for (rows, queries, width, k) in [(400, 67, 7, 10), (5, 3, 1, 5), (257, 6, 20, 1), (64, 1, 3, 64)] {
            let (mut data, queries) = (numbers(rows * width, 1), numbers(queries * width, 2));
            // Rows that are there twice: the earlier one comes first.
            let copied = data[..width].to_vec();
            data[(rows - 1) * width..].copy_from_slice(&copied);
            for metric in [Metric::Euclidean, Metric::Manhattan, Metric::Minkowski(3.0), Metric::Chebyshev] {
                for threads in [1, 3] {
                    let found = nearest(&Executor::new(threads), &data, &queries, width, k, metric).expect("neighbours");
                    assert_eq!(found, plainly(&data, &queries, width, k, metric), "{rows} {width} {metric:?}");
                }
            }
            let found = nearest(&Executor::new(2), &data, &queries, width, k, Metric::Cosine).expect("neighbours");
            let expected = plainly(&directions(&data, width), &directions(&queries, width), width, k, Metric::Cosine);
            assert_eq!(found, expected);
        }
    }
}
