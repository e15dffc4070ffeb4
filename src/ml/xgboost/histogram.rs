//! Sums of gradients by bin.
//!
//! Each sum is of two 64-bit numbers that are added exactly: gradients are rounded to a grid so coarse that no sum of all rows needs more than
//! 53 bits, and so fine that a 32-bit gradient hardly ever notices. So the order of rows never matters: any cut into tasks gives the same bits,
//! and a sibling is its parent minus the other child to the last bit.

use std::ops::Range;
use std::simd::cmp::SimdPartialOrd;
use std::simd::num::SimdFloat;
use std::simd::{Select, f32x2, f32x4, f64x2};

use kindling_partition::{Executor, Result};

use super::matrix::{BLOCK, Bin, Bins, Layout, Matrix};
use super::objective::Pair;

/// Rows that are added together, four features at a time: many enough that it pays to bring the sums of four features into the first cache.
const TILE: usize = 2048;
/// The room of sixteen features for the bins of a tile: not a power of two, whose multiples share few places of the cache.
const ROOM: usize = TILE + 16;

/// The sums of the first and the second derivatives.
pub(super) type Sum = f64x2;

/// The greatest gradients, signs aside.
#[inline(never)]
#[optimize(speed)]
pub(super) fn most(pairs: &[Pair]) -> Pair {
    let greater = |a: f32x4, b: f32x4| a.simd_lt(b).select(b, a);
    let (twos, rest) = pairs.as_chunks::<2>();
    let mut most = f32x4::splat(0.0);
    for two in twos {
        most = greater(most, f32x4::from_slice(two.as_flattened()).abs());
    }
    let [mut a, mut b, c, d] = most.to_array();
    for pair in rest.iter().copied().chain([[c, d]]) {
        (a, b) = (a.max(pair[0].abs()), b.max(pair[1].abs()));
    }
    [a, b]
}

/// Rounds gradients to the grid on which all sums are exact.
pub(super) struct Grid(Sum);

impl Grid {
    /// For so many rows whose gradients are at most so large.
    pub fn new(rows: usize, most: Pair) -> Self {
        let bits = i32::try_from(rows.max(1).next_power_of_two().trailing_zeros()).unwrap_or(64);
        // A number added to 1.5 · 2^52 steps and taken away again is a whole number of steps.
        Self(Sum::from_array(most.map(|most| {
            let (_, exponent) = libm::frexp(f64::from(most));
            1.5 * libm::ldexp(1.0, exponent + bits)
        })))
    }

    #[inline(never)]
    #[optimize(speed)]
    pub fn round(&self, pairs: &mut [Pair]) {
        for pair in pairs {
            *pair = ((f32x2::from_array(*pair).cast::<f64>() + self.0) - self.0).cast::<f32>().to_array();
        }
    }
}

/// The sums of some rows by feature and bin, in the places that the matrix gives them. `runs` are parts of `order`, which has the rows of each
/// block in some order of its own, counted from the block's first; `pairs` has the gradients of all rows.
///
/// # Errors
/// When Stop was pressed.
pub(super) fn histogram(executor: &Executor, matrix: &Matrix, pairs: &[Pair], order: &[u16], runs: &[Range<usize>]) -> Result<Vec<Sum>> {
    let mut sums = vec![Sum::splat(0.0); matrix.places()];
    match &matrix.bins {
        Bins::Bytes(layout) => add(executor, layout, &matrix.starts, pairs, order, runs, &mut sums)?,
        Bins::Words(layout) => add(executor, layout, &matrix.starts, pairs, order, runs, &mut sums)?,
    }
    Ok(sums)
}

fn add<T: Bin>(
    executor: &Executor,
    layout: &Layout<T>,
    starts: &[usize],
    pairs: &[Pair],
    order: &[u16],
    runs: &[Range<usize>],
    sums: &mut [Sum],
) -> Result<()> {
    let mut tile = Tile { bins: vec![Default::default(); layout.stride * ROOM], pairs: vec![[0.0; 2]; TILE], rows: 0 };
    for run in runs {
        let block = run.start / BLOCK * BLOCK;
        let mut rows = &order[run.clone()];
        while !rows.is_empty() {
            let (now, later) = rows.split_at(rows.len().min(TILE - tile.rows));
            tile.take(&layout.by_row[block * layout.stride..], &pairs[block..], now);
            rows = later;
            if tile.rows == TILE {
                executor.check()?;
                tile.add(starts, sums);
            }
        }
    }
    tile.add(starts, sums);
    Ok(())
}

/// Rows brought together: their bins, sixteen features after sixteen, and their gradients.
struct Tile<T> {
    bins: Vec<[[T; 4]; 4]>,
    pairs: Vec<Pair>,
    rows: usize,
}

impl<T: Bin> Tile<T> {
    /// Brings rows of a block in, whose bins and gradients are given. A few at a time, so that what is in other lines of memory for each row
    /// comes all at once.
    #[inline(never)]
    #[optimize(speed)]
    fn take(&mut self, bins: &[[[T; 4]; 4]], pairs: &[Pair], rows: &[u16]) {
        let stride = self.bins.len() / ROOM;
        for rows in rows.chunks(64) {
            for (pair, row) in self.pairs[self.rows..].iter_mut().zip(rows) {
                *pair = pairs[usize::from(*row)];
            }
            for (i, part) in self.bins.as_chunks_mut::<ROOM>().0.iter_mut().enumerate() {
                for (part, row) in part[self.rows..].iter_mut().zip(rows) {
                    *part = bins[usize::from(*row) * stride + i];
                }
            }
            self.rows += rows.len();
        }
    }

    /// Adds the tile to the sums; it is empty then.
    fn add(&mut self, starts: &[usize], sums: &mut [Sum]) {
        let mut rest = sums;
        for (group, starts) in starts.windows(5).step_by(4).enumerate() {
            let mut tables = [0, 1, 2, 3].map(|i| rest.split_off_mut(..starts[i + 1] - starts[i]).unwrap_or_default());
            add_group(&self.bins[group / 4 * ROOM..], group % 4, &self.pairs[..self.rows], &mut tables);
        }
        self.rows = 0;
    }
}

/// Adds the gradients of a tile of rows to the sums of four features.
#[inline(never)]
#[optimize(speed)]
fn add_group<T: Bin>(bins: &[[[T; 4]; 4]], group: usize, pairs: &[Pair], tables: &mut [&mut [Sum]; 4]) {
    let [a, b, c, d] = tables;
    let group = group % 4;
    for (bins, pair) in bins.iter().zip(pairs) {
        let bins = &bins[group];
        let pair = f32x2::from_array(*pair).cast::<f64>();
        a[bins[0].index()] += pair;
        b[bins[1].index()] += pair;
        c[bins[2].index()] += pair;
        d[bins[3].index()] += pair;
    }
}
