//! Exact nearest neighbours by brute force, on all threads.
//!
//! Rows are first ranked by whole numbers of 13 bits: with `p` and `q` the rounded rows, `|p - q|²` is `|q|²` plus the rank `|p|² - 2 p·q`, whose
//! products of 16 bits a processor multiplies and adds eight at a time. How far rounding moved each row is known, so by the triangle inequality
//! it is known how far a rank can be off; whatever may be among the nearest is kept, and its distance is then computed directly in double
//! precision: the neighbours and their distances are those of the plain formula. Neighbours at the same distance come in the order of their
//! rows.

use std::simd::cmp::SimdPartialOrd;
use std::simd::{ToBytes, i16x8, i32x4};

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
    let packed = if matches!(metric, Metric::Euclidean | Metric::Cosine) { Packed::new(data, width, metric) } else { None };
    let tasks: Vec<&[f64]> = queries.chunks(TASK * width.max(1)).collect();
    let parts = executor.map("nearest neighbours", &tasks, |_, queries| {
        let candidates = packed.as_ref().map(|packed| packed.candidates(executor, queries, k)).transpose()?;
        let mut nearest = Nearest { distances: Vec::new(), rows: Vec::new() };
        for (q, query) in queries.chunks_exact(width).enumerate() {
            let distance = |row: usize| (metric.distance(query, &data[row * width..(row + 1) * width]), row);
            let mut found: Vec<(f64, usize)> = match &candidates {
                Some(candidates) => candidates[q].found.iter().map(|(_, row)| distance(*row)).collect(),
                None => {
                    executor.check()?;
                    (0..data.len() / width).map(distance).collect()
                }
            };
            let nearer = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if k < found.len() {
                found.select_nth_unstable_by(k, nearer);
                found.truncate(k);
            }
            found.sort_unstable_by(nearer);
            nearest.distances.extend(found.iter().map(|(distance, _)| distance));
            nearest.rows.extend(found.iter().map(|(_, row)| row));
        }
        Ok(nearest)
    })?;
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

/// Rows as whole numbers, in tiles of [`TILE`], two features at a time, around their mean.
struct Packed {
    tiles: Vec<[i16; 2 * TILE]>,
    /// What each row adds to its rank.
    offsets: Vec<i32>,
    /// Pairs of features.
    pairs: usize,
    width: usize,
    mean: Vec<f64>,
    /// What numbers are multiplied with before they are rounded.
    scale: f64,
    /// The largest whole number of a query.
    limit: f64,
    metric: Metric,
    /// How far the farthest of the rounded rows is from its row, and the length of the longest.
    error: f64,
    longest: f64,
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
        // A power of two, by which numbers are multiplied without rounding.
        if !(1e-140..1e140).contains(&reach) {
            return None;
        }
        // As many bits as the sum of all products leaves: five times the square of each number, a query's being up to twice as large.
        let bits = ((31.0 - libm::log2(5.0 * width as f64 + 1.0)) / 2.0).floor().clamp(1.0, 12.0);
        let scale = libm::exp2(bits - libm::ceil(libm::log2(reach)));
        let (tiles, pairs) = (rows.div_ceil(TILE), width.div_ceil(2));
        let mut packed = Self {
            tiles: vec![[0; 2 * TILE]; tiles * pairs],
            // The rows that fill the last tile are never near.
            offsets: vec![i32::MAX; tiles * TILE],
            pairs,
            width,
            mean,
            scale,
            limit: libm::exp2(bits + 1.0),
            metric,
            error: 0.0,
            longest: 0.0,
        };
        let mut rounded = vec![0; 2 * pairs];
        for (row, values) in data.chunks_exact(width).enumerate() {
            let (square, error) = packed.round(values, &mut rounded);
            (packed.error, packed.longest) = (packed.error.max(error), packed.longest.max(libm::sqrt(square)));
            packed.offsets[row] = if metric == Metric::Cosine { 0 } else { square as i32 };
            for (tile, pair) in packed.tiles[row / TILE * pairs..].iter_mut().zip(rounded.as_chunks::<2>().0) {
                tile.as_chunks_mut::<2>().0[row % TILE] = *pair;
            }
        }
        // What double precision may itself be off by, here and in the distances.
        packed.error += 1e-9 * packed.longest + 1e-9;
        Some(packed)
    }

    /// Rounds a row; its squared length then, and how far it was moved.
    fn round(&self, row: &[f64], out: &mut [i16]) -> (f64, f64) {
        let (mut square, mut moved) = (0.0, 0.0);
        for ((value, mean), out) in row.iter().zip(&self.mean).zip(out) {
            let value = (value - mean) * self.scale;
            let whole = value.round_ties_even().clamp(-self.limit, self.limit);
            square += whole * whole;
            moved += (value - whole) * (value - whole);
            *out = whole as i16;
        }
        (square, libm::sqrt(moved))
    }

    /// For each query what may be among its `k` nearest: every row is ranked.
    #[optimize(speed)]
    fn candidates(&self, executor: &Executor, queries: &[f64], k: usize) -> Result<Vec<Candidates>> {
        let count = queries.len() / self.width;
        // Each pair of numbers as one. A short last group is filled with queries of zeros, which nobody asks for.
        let mut groups = vec![[0; GROUP]; count.div_ceil(GROUP) * self.pairs];
        let mut rounded = vec![0; 2 * self.pairs];
        let factor = if self.metric == Metric::Cosine { -1 } else { -2 };
        let mut all = Vec::with_capacity(count);
        for (q, query) in queries.chunks_exact(self.width).enumerate() {
            let (square, error) = self.round(query, &mut rounded);
            for (group, pair) in groups[q / GROUP * self.pairs..].iter_mut().zip(rounded.as_chunks::<2>().0) {
                let [[a, b], [c, d]] = pair.map(|value| (factor * value).to_ne_bytes());
                group[q % GROUP] = i32::from_ne_bytes([a, b, c, d]);
            }
            all.push(Candidates::new(
                k,
                match self.metric {
                    // The error of a product of two rounded rows.
                    Metric::Cosine => Spread::Product(libm::sqrt(square) * self.error + (self.longest + self.error) * error),
                    _ => Spread::Distance { square, error: self.error + error },
                },
            ));
        }
        let tiles_in_block = BLOCK / TILE;
        let tiles = self.offsets.len() / TILE;
        for first in (0..tiles).step_by(tiles_in_block) {
            executor.check()?;
            let last = (first + tiles_in_block).min(tiles);
            for (queries, found) in groups.chunks_exact(self.pairs).zip(all.chunks_mut(GROUP)) {
                let mut bounds: [i32; GROUP] = std::array::from_fn(|q| found.get(q).map_or(i32::MIN, |found| found.bound));
                for tile in first..last {
                    let ranks = self.tile(tile, queries);
                    let [a, b, c, d] = &ranks;
                    let near = |ranks: &[i32x4; 2], bound| ranks[0].simd_lt(i32x4::splat(bound)) | ranks[1].simd_lt(i32x4::splat(bound));
                    let any = near(a, bounds[0]) | near(b, bounds[1]) | near(c, bounds[2]) | near(d, bounds[3]);
                    if !any.any() {
                        continue;
                    }
                    for (q, found) in found.iter_mut().enumerate() {
                        let bound = i32x4::splat(bounds[q]);
                        let mut lanes = ranks[q][0].simd_lt(bound).to_bitmask() | ranks[q][1].simd_lt(bound).to_bitmask() << 4;
                        while lanes != 0 {
                            let lane = lanes.trailing_zeros() as usize;
                            lanes &= lanes - 1;
                            found.offer(ranks[q][lane / 4][lane % 4], tile * TILE + lane);
                        }
                        bounds[q] = found.bound;
                    }
                }
            }
        }
        all.iter_mut().for_each(Candidates::prune);
        Ok(all)
    }

    /// The ranks of the rows of a tile for the queries of a group.
    #[inline(always)]
    fn tile(&self, tile: usize, queries: &[[i32; GROUP]]) -> [[i32x4; 2]; GROUP] {
        let offsets = &self.offsets[tile * TILE..(tile + 1) * TILE];
        let start = [i32x4::from_slice(&offsets[..4]), i32x4::from_slice(&offsets[4..])];
        // Written out: a loop over the queries would keep their sums in memory where code is made small.
        let [mut a, mut b, mut c, mut d] = [start; GROUP];
        for (rows, query) in self.tiles[tile * self.pairs..(tile + 1) * self.pairs].iter().zip(queries) {
            let (low, high) = (i16x8::from_slice(&rows[..8]), i16x8::from_slice(&rows[8..]));
            let add = |ranks: &mut [i32x4; 2], pair: i32| {
                let pair = i16x8::from_ne_bytes(i32x4::splat(pair).to_ne_bytes());
                ranks[0] += add_products(pair, low);
                ranks[1] += add_products(pair, high);
            };
            add(&mut a, query[0]);
            add(&mut b, query[1]);
            add(&mut c, query[2]);
            add(&mut d, query[3]);
        }
        [a, b, c, d]
    }
}

/// The products of neighbouring numbers, added in pairs.
#[inline(always)]
fn add_products(a: i16x8, b: i16x8) -> i32x4 {
    #[cfg(target_arch = "wasm32")]
    return std::arch::wasm32::i32x4_dot_i16x8(a.into(), b.into()).into();
    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::simd::{i16x4, num::SimdInt, simd_swizzle};
        let products = |a: i16x4, b: i16x4| a.cast::<i32>() * b.cast::<i32>();
        products(simd_swizzle!(a, [0, 2, 4, 6]), simd_swizzle!(b, [0, 2, 4, 6]))
            + products(simd_swizzle!(a, [1, 3, 5, 7]), simd_swizzle!(b, [1, 3, 5, 7]))
    }
}

/// How far the ranks of one query can be off.
enum Spread {
    /// By so much.
    Product(f64),
    /// The query's squared length makes a rank the square of a distance, which is off by at most the error.
    Distance { square: f64, error: f64 },
}

/// The rows that may be among the nearest of one query, with their ranks.
struct Candidates {
    k: usize,
    spread: Spread,
    /// No row of this rank or above can be among the nearest.
    bound: i32,
    found: Vec<(i32, usize)>,
    room: usize,
}

impl Candidates {
    fn new(k: usize, spread: Spread) -> Self {
        let room = 2 * k + 8;
        Self { k, spread, bound: i32::MAX, found: Vec::with_capacity(room), room }
    }

    #[inline]
    fn offer(&mut self, rank: i32, row: usize) {
        self.found.push((rank, row));
        if self.found.len() == self.room {
            self.prune();
            // So many that are too near to tell apart: more room, or this would be done at each of them.
            self.room = (2 * self.found.len()).max(2 * self.k + 8);
        }
    }

    /// Leaves out what can't be among the nearest: what is surely farther than `k` others.
    fn prune(&mut self) {
        if self.found.len() <= self.k || self.k == 0 {
            return;
        }
        let (_, kth, _) = self.found.select_nth_unstable_by_key(self.k - 1, |(rank, _)| *rank);
        let kth = f64::from(kth.0);
        let last = match self.spread {
            Spread::Product(error) => kth + 2.0 * error,
            Spread::Distance { square, error } => {
                let farthest = libm::sqrt((kth + square).max(0.0)) + 2.0 * error;
                farthest * farthest - square
            }
        };
        // Rounded up, so that equal ranks stay; what is no number, or too large, leaves out nothing.
        if last < f64::from(i32::MAX - 2) {
            self.bound = last as i32 + 2;
            let bound = self.bound;
            self.found.retain(|(rank, _)| *rank < bound);
        }
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
