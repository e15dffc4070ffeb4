//! Sums of gradients by bin.
//!
//! Each sum is of two 64-bit numbers that are added exactly: gradients are rounded to a grid so coarse that no sum of all rows needs more than
//! 53 bits, and so fine that a 32-bit gradient hardly ever notices. So the order of rows never matters: any cut into tasks gives the same bits,
//! and a sibling is its parent minus the other child to the last bit.

use std::simd::f64x2;

use kindling_partition::{Executor, Result};

use super::matrix::{Bin, Bins, Layout, Matrix};
use super::objective::Pair;

/// Rows that are added together, four features at a time: their bins and gradients and the sums of four features stay in the first cache.
const TILE: usize = 128;
/// Rows between two looks at the Stop flag.
const CHECKED: usize = 16 * TILE;

/// The sums of the first and the second derivatives.
pub(super) type Sum = f64x2;

/// The rows of a histogram.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen<'a> {
    /// All from the first to before the second.
    Run(usize, usize),
    These(&'a [u32]),
}

impl Chosen<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Run(start, end) => end - start,
            Self::These(rows) => rows.len(),
        }
    }
}

/// Rounds gradients to the grid on which all sums are exact.
pub(super) struct Grid([f64; 2]);

impl Grid {
    /// For so many rows whose gradients are at most so large.
    pub fn new(rows: usize, most: [f32; 2]) -> Self {
        let bits = i32::try_from(rows.max(1).next_power_of_two().trailing_zeros()).unwrap_or(64);
        // A number added to 1.5 · 2^52 steps and taken away again is a whole number of steps.
        Self(most.map(|most| {
            let (_, exponent) = libm::frexp(f64::from(most));
            1.5 * libm::ldexp(1.0, exponent + bits)
        }))
    }

    pub fn round(&self, pairs: &mut [Pair]) {
        let [a, b] = self.0;
        for pair in pairs {
            *pair = [((f64::from(pair[0]) + a) - a) as f32, ((f64::from(pair[1]) + b) - b) as f32];
        }
    }
}

/// The sums of these rows by feature and bin, in the places that the matrix gives them; `pairs` has the gradients of these rows alone.
///
/// # Errors
/// When Stop was pressed.
pub(super) fn histogram(executor: &Executor, matrix: &Matrix, pairs: &[Pair], rows: Chosen<'_>) -> Result<Vec<Sum>> {
    let mut sums = vec![Sum::splat(0.0); matrix.places()];
    match &matrix.bins {
        Bins::Bytes(layout) => add(executor, layout, &matrix.starts, pairs, rows, &mut sums)?,
        Bins::Words(layout) => add(executor, layout, &matrix.starts, pairs, rows, &mut sums)?,
    }
    Ok(sums)
}

fn add<T: Bin>(
    executor: &Executor,
    layout: &Layout<T>,
    starts: &[usize],
    pairs: &[Pair],
    rows: Chosen<'_>,
    sums: &mut [Sum],
) -> Result<()> {
    let stride = layout.stride;
    let mut tile = Vec::with_capacity(TILE);
    let mut touched = 0;
    let mut at = |row: usize, pair: &Pair, tile: &mut Vec<(usize, Sum)>| {
        // Brings the row's bins into the cache, many rows at once: the sums would wait for one after the other.
        touched |= layout.by_row[row * stride].index();
        tile.push((row * stride, Sum::from_array([f64::from(pair[0]), f64::from(pair[1])])));
    };
    for begin in (0..rows.len()).step_by(TILE) {
        if begin % CHECKED == 0 {
            executor.check()?;
        }
        let end = (begin + TILE).min(rows.len());
        tile.clear();
        match rows {
            Chosen::Run(start, _) => pairs[begin..end].iter().enumerate().for_each(|(i, pair)| at(start + begin + i, pair, &mut tile)),
            Chosen::These(rows) => {
                rows[begin..end].iter().zip(&pairs[begin..end]).for_each(|(row, pair)| at(*row as usize, pair, &mut tile))
            }
        }
        add_tile(&layout.by_row, &tile, starts, sums);
    }
    std::hint::black_box(touched);
    Ok(())
}

/// Adds the gradients of a tile of rows, which say where their bins are.
fn add_tile<T: Bin>(bins: &[T], tile: &[(usize, Sum)], starts: &[usize], sums: &mut [Sum]) {
    let features = starts.len() - 1;
    let mut first = 0;
    while first + 4 <= features {
        let (a, rest) = sums[starts[first]..].split_at_mut(starts[first + 1] - starts[first]);
        let (b, rest) = rest.split_at_mut(starts[first + 2] - starts[first + 1]);
        let (c, rest) = rest.split_at_mut(starts[first + 3] - starts[first + 2]);
        let d = &mut rest[..starts[first + 4] - starts[first + 3]];
        for (at, pair) in tile {
            let row = &bins[at + first..at + first + 4];
            a[row[0].index()] += pair;
            b[row[1].index()] += pair;
            c[row[2].index()] += pair;
            d[row[3].index()] += pair;
        }
        first += 4;
    }
    for feature in first..features {
        let a = &mut sums[starts[feature]..starts[feature + 1]];
        for (at, pair) in tile {
            a[bins[at + feature].index()] += pair;
        }
    }
}
