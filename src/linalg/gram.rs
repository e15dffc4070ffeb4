//! Weighted sums of outer products, `Σ w · x xᵀ`, by cache blocks.

use std::simd::{f64x2, num::SimdFloat};

/// Rows of one cache block: with 64 columns a block is 32 KiB.
const BLOCK: usize = 64;
/// Columns of one register tile.
const TILE: usize = 4;

/// The upper triangle of `Σ w · x xᵀ`, packed by columns as LAPACK (and Spark's `BLAS.spr`) packs it: entry (i, j), i ≤ j, is at
/// `i + j(j + 1)/2`.
///
/// Rows are gathered in a small column-major block, where each entry of the triangle is a dot product of two short contiguous columns.
#[derive(Clone, Debug)]
pub struct Gram {
    width: usize,
    padded: usize,
    packed: Vec<f64>,
    plain: Vec<f64>,
    /// The rows of `plain` by their weights; used only in blocks where some weight isn't 1.
    weighted: Vec<f64>,
    weights: [f64; BLOCK],
    filled: usize,
}

impl Gram {
    /// An empty sum over vectors of `width` numbers.
    pub fn new(width: usize) -> Self {
        let padded = width.div_ceil(TILE) * TILE;
        Self {
            width,
            padded,
            packed: vec![0.0; width * (width + 1) / 2],
            plain: vec![0.0; padded * BLOCK],
            weighted: vec![0.0; padded * BLOCK],
            weights: [1.0; BLOCK],
            filled: 0,
        }
    }

    /// Adds `weight · x xᵀ`.
    #[inline]
    pub fn add(&mut self, x: impl IntoIterator<Item = f64>, weight: f64) {
        for (j, value) in x.into_iter().enumerate() {
            self.plain[j * BLOCK + self.filled] = value;
        }
        self.weights[self.filled] = weight;
        self.filled += 1;
        if self.filled == BLOCK {
            self.flush();
        }
    }

    /// The packed upper triangle.
    pub fn finish(mut self) -> Vec<f64> {
        if self.filled > 0 {
            for j in 0..self.width {
                self.plain[j * BLOCK + self.filled..(j + 1) * BLOCK].fill(0.0);
            }
            self.weights[self.filled..].fill(1.0);
            self.flush();
        }
        self.packed
    }

    fn flush(&mut self) {
        let weighted = self.weights.iter().any(|w| *w != 1.0);
        if weighted {
            for (out, plain) in self.weighted.as_chunks_mut::<BLOCK>().0.iter_mut().zip(self.plain.as_chunks::<BLOCK>().0) {
                for ((out, value), weight) in out.iter_mut().zip(plain).zip(&self.weights) {
                    *out = weight * value;
                }
            }
        }
        for j in (0..self.padded).step_by(TILE) {
            for i in (0..=j).step_by(TILE) {
                self.tile(i, j, weighted);
            }
        }
        self.filled = 0;
    }

    /// Adds the block's part to the entries (i..i + 4, j..j + 4).
    fn tile(&mut self, i: usize, j: usize, weighted: bool) {
        let mut sums = [[f64x2::splat(0.0); TILE]; TILE];
        let left = &self.plain[i * BLOCK..(i + TILE) * BLOCK];
        let right = &(if weighted { &self.weighted } else { &self.plain })[j * BLOCK..(j + TILE) * BLOCK];
        for r in (0..BLOCK).step_by(2) {
            let a: [f64x2; TILE] = std::array::from_fn(|k| f64x2::from_slice(&left[k * BLOCK + r..k * BLOCK + r + 2]));
            for (k, sums) in sums.iter_mut().enumerate() {
                let b = f64x2::from_slice(&right[k * BLOCK + r..k * BLOCK + r + 2]);
                for (sum, a) in sums.iter_mut().zip(a) {
                    *sum += a * b;
                }
            }
        }
        for (k, sums) in sums.iter().enumerate() {
            let column = j + k;
            for (l, sum) in sums.iter().enumerate() {
                let row = i + l;
                if row <= column && column < self.width {
                    self.packed[row + column * (column + 1) / 2] += sum.reduce_sum();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_is_the_plain_sum_for_any_width_and_count() {
        for (width, rows) in [(1, 3), (3, 64), (5, 65), (8, 200), (13, 1)] {
            let x = |r: usize, j: usize| ((r * 7 + j * 3) % 11) as f64 - 4.5;
            let weight = |r: usize| 1.0 + (r % 3) as f64;
            let mut gram = Gram::new(width);
            for r in 0..rows {
                gram.add((0..width).map(|j| x(r, j)), weight(r));
            }
            let packed = gram.finish();
            for j in 0..width {
                for i in 0..=j {
                    let plain: f64 = (0..rows).map(|r| weight(r) * x(r, i) * x(r, j)).sum();
                    assert_eq!(packed[i + j * (j + 1) / 2], plain, "small integers and halves add up exactly");
                }
            }
        }
    }
}
