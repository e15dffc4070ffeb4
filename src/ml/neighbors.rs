//! Exact nearest neighbours by brute force, on all threads.
//!
//! For Euclidean distances the squared length of `y - x` is ranked by `|y|² - 2 x·y`, from products of small register tiles in single
//! precision, around the mean of the data. How far rounding can put such a rank off is known for each row, so whatever may be among the
//! nearest is kept, and its distance is then computed directly in double precision: the neighbours and their distances are those of the
//! plain formula. Neighbours at the same distance come in the order of their rows.

use std::simd::cmp::SimdPartialOrd;
use std::simd::f32x4;

use kindling_linalg::kernels;
use kindling_partition::{Executor, Result};

/// Rows of one tile: two registers.
const TILE: usize = 8;
/// Queries that a tile is multiplied with at a time.
const GROUP: usize = 4;
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
    let packed = if matches!(metric, Metric::Euclidean | Metric::Cosine) { Packed::new(data, width, metric) } else { None };
    let tasks: Vec<&[f64]> = queries.chunks(TASK * width.max(1)).collect();
    let parts = executor.map("nearest neighbours", &tasks, |_, queries| {
        let mut found: Vec<Candidates> = queries.chunks_exact(width).map(|_| Candidates::new(k)).collect();
        match &packed {
            Some(packed) => packed.rank(executor, queries, &mut found)?,
            None => {
                for (query, found) in queries.chunks_exact(width).zip(&mut found) {
                    executor.check()?;
                    for (row, values) in data.chunks_exact(width).enumerate() {
                        found.offer(metric.distance(query, values), 0.0, row);
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

/// Rows in tiles of [`TILE`], feature by feature, around their mean and in a scale in which no number is above one.
struct Packed {
    tiles: Vec<f32>,
    /// What each row adds to its rank, less the most that rounding can add to it.
    offsets: Vec<f32>,
    /// How far the rank of each row can be below the truth, beside what is the query's share of it.
    slack: Vec<f64>,
    width: usize,
    mean: Vec<f64>,
    scale: f64,
    /// The factor of `x·y` in a rank.
    factor: f64,
    /// The share of `|x|² + |y|²` that rounding can change a rank by: each number, product and sum is rounded once.
    error: f64,
}

impl Packed {
    /// `None` when the squares of the numbers are too large or too small for that, or all rows are the same.
    fn new(data: &[f64], width: usize, metric: Metric) -> Option<Self> {
        let rows = data.len() / width;
        let mut mean = vec![0.0; width];
        if metric != Metric::Cosine {
            data.chunks_exact(width).for_each(|row| mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value));
            mean.iter_mut().for_each(|mean| *mean /= rows as f64);
        }
        let reach =
            data.chunks_exact(width).flat_map(|row| row.iter().zip(&mean)).fold(0.0f64, |reach, (x, mean)| reach.max((x - mean).abs()));
        // A power of two, by which numbers are divided without rounding.
        if !(1e-140..1e140).contains(&reach) {
            return None;
        }
        let scale = libm::exp2(libm::ceil(libm::log2(reach)) + 1.0);
        let padded = rows.div_ceil(TILE) * TILE;
        let mut tiles = vec![0.0; padded * width];
        // The rows that fill the last tile are never near.
        let mut offsets = vec![f32::INFINITY; padded];
        let mut slack = vec![0.0; rows];
        let error = f64::from(f32::EPSILON) * (width + 8) as f64;
        for (row, values) in data.chunks_exact(width).enumerate() {
            let tile = &mut tiles[row / TILE * TILE * width..];
            let mut square = 0.0;
            for (j, (value, mean)) in values.iter().zip(&mean).enumerate() {
                let value = (value - mean) / scale;
                square += value * value;
                tile[j * TILE + row % TILE] = value as f32;
            }
            slack[row] = 2.0 * error * square + f64::from(f32::MIN_POSITIVE);
            offsets[row] = ((if metric == Metric::Cosine { 0.0 } else { square }) - error * square) as f32;
        }
        let factor = if metric == Metric::Cosine { -1.0 } else { -2.0 };
        Some(Self { tiles, offsets, slack, width, mean, scale, factor, error })
    }

    /// Offers every row to every query.
    #[optimize(speed)]
    fn rank(&self, executor: &Executor, queries: &[f64], found: &mut [Candidates]) -> Result<()> {
        let width = self.width;
        // A short last group is filled with queries of zeros, which nobody asks for.
        let mut scaled = vec![0.0f32; found.len().div_ceil(GROUP) * GROUP * width];
        for (q, (query, candidates)) in queries.chunks_exact(width).zip(found.iter_mut()).enumerate() {
            let mut square = 0.0;
            for (j, (value, mean)) in query.iter().zip(&self.mean).enumerate() {
                let value = (value - mean) / self.scale;
                square += value * value;
                scaled[(q / GROUP * width + j) * GROUP + q % GROUP] = (self.factor * value) as f32;
            }
            candidates.margin = 2.0 * self.error * square + f64::from(f32::MIN_POSITIVE) * width as f64;
            if square.is_nan() || square >= 1e30 {
                // So far away that ranks tell nothing: every row stays.
                candidates.margin = f64::INFINITY;
                (0..width).for_each(|j| scaled[(q / GROUP * width + j) * GROUP + q % GROUP] = 0.0);
            }
        }
        let tiles_in_block = BLOCK / TILE;
        let tiles = self.offsets.len() / TILE;
        for first in (0..tiles).step_by(tiles_in_block) {
            executor.check()?;
            let last = (first + tiles_in_block).min(tiles);
            for (queries, found) in scaled.chunks_exact(GROUP * width).zip(found.chunks_mut(GROUP)) {
                let mut bounds: [f32; GROUP] = std::array::from_fn(|q| found.get(q).map_or(f32::NEG_INFINITY, Candidates::bound));
                for tile in first..last {
                    let ranks = self.tile(tile, queries);
                    let near = |q: usize, half: usize| ranks[q][half].simd_lt(f32x4::splat(bounds[q]));
                    let any = (1..GROUP).fold(near(0, 0) | near(0, 1), |any, q| any | near(q, 0) | near(q, 1));
                    if !any.any() {
                        continue;
                    }
                    for (q, found) in found.iter_mut().enumerate() {
                        let bound = f32x4::splat(bounds[q]);
                        let mut lanes = ranks[q][0].simd_lt(bound).to_bitmask() | ranks[q][1].simd_lt(bound).to_bitmask() << 4;
                        while lanes != 0 {
                            let lane = lanes.trailing_zeros() as usize;
                            lanes &= lanes - 1;
                            let row = tile * TILE + lane;
                            found.offer(f64::from(ranks[q][lane / 4][lane % 4]), self.slack[row], row);
                        }
                        bounds[q] = found.bound();
                    }
                }
            }
        }
        Ok(())
    }

    /// The ranks of the rows of a tile for the queries of a group.
    #[inline(always)]
    fn tile(&self, tile: usize, queries: &[f32]) -> [[f32x4; 2]; GROUP] {
        let offsets = &self.offsets[tile * TILE..(tile + 1) * TILE];
        let start = [f32x4::from_slice(&offsets[..4]), f32x4::from_slice(&offsets[4..])];
        let mut ranks = [start; GROUP];
        let rows = self.tiles[tile * TILE * self.width..(tile + 1) * TILE * self.width].as_chunks::<TILE>().0;
        for (row, query) in rows.iter().zip(queries.as_chunks::<GROUP>().0) {
            let (low, high) = (f32x4::from_slice(&row[..4]), f32x4::from_slice(&row[4..]));
            for (rank, x) in ranks.iter_mut().zip(query) {
                let x = f32x4::splat(*x);
                rank[0] += x * low;
                rank[1] += x * high;
            }
        }
        ranks
    }
}

/// A row that may be among the nearest: its rank is at most so far below the truth.
struct Candidate {
    rank: f64,
    slack: f64,
    row: usize,
}

/// The rows that may be among the nearest of one query.
struct Candidates {
    k: usize,
    /// How far every rank may be off, beside the slack of its row.
    margin: f64,
    /// No row of this rank or above can be among the nearest.
    bound: f64,
    found: Vec<Candidate>,
    room: usize,
}

impl Candidates {
    fn new(k: usize) -> Self {
        let room = 2 * k + 8;
        Self { k, margin: 0.0, bound: f64::INFINITY, found: Vec::with_capacity(room), room }
    }

    /// The bound in single precision, not below itself.
    fn bound(&self) -> f32 {
        (self.bound as f32).next_up()
    }

    #[inline]
    fn offer(&mut self, rank: f64, slack: f64, row: usize) {
        // Distances can be infinite, and are neighbours' all the same.
        if rank < self.bound || self.found.len() < self.k {
            self.found.push(Candidate { rank, slack, row });
            if self.found.len() == self.room {
                self.prune();
                // So many that are too near to tell apart: more room, or this would be done at each of them.
                self.room = (2 * self.found.len()).max(2 * self.k + 8);
            }
        }
    }

    /// Leaves out what can't be among the nearest: what is surely farther than `k` others.
    fn prune(&mut self) {
        if self.found.len() <= self.k || self.k == 0 {
            return;
        }
        let farthest = |candidate: &Candidate| candidate.rank + candidate.slack;
        let (_, kth, _) = self.found.select_nth_unstable_by(self.k - 1, |a, b| farthest(a).total_cmp(&farthest(b)));
        // The next float up, so that equal ranks stay.
        let bound = (farthest(kth) + 2.0 * self.margin).next_up();
        if bound < f64::INFINITY {
            self.found.retain(|candidate| candidate.rank < bound);
            self.bound = bound;
        }
    }

    /// The nearest by their true distances.
    fn finish(mut self, distance: impl Fn(usize) -> f64) -> impl Iterator<Item = (f64, usize)> {
        self.prune();
        let mut exact: Vec<(f64, usize)> = self.found.iter().map(|candidate| (distance(candidate.row), candidate.row)).collect();
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
            // A row far away, rows much nearer to each other than it, and numbers too large to be added up.
            for (factor, far) in [(1e-6, 1e9), (1e-100, 1.0), (1e-200, 1.0), (1e304, 1.0)] {
                let mut data: Vec<f64> = data.iter().map(|value| (value - 1000.0) * factor).collect();
                data[0] *= far;
                let mut queries: Vec<f64> = queries.iter().map(|value| (value - 1000.0) * factor).collect();
                queries[0] *= 1e20;
                let found = nearest(&Executor::new(2), &data, &queries, width, k, Metric::Euclidean).expect("neighbours");
                assert_eq!(found, plainly(&data, &queries, width, k, Metric::Euclidean), "{rows} {width} {factor}");
            }
            let found = nearest(&Executor::new(2), &data, &queries, width, k, Metric::Cosine).expect("neighbours");
            let expected = plainly(&directions(&data, width), &directions(&queries, width), width, k, Metric::Cosine);
            assert_eq!(found, expected);
        }
    }
}
