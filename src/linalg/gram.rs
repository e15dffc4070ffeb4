//! Weighted sums of outer products, `Σ w · x xᵀ`, by cache blocks.

use std::simd::{f64x2, num::SimdFloat};

/// Rows of one cache block: with 64 columns a block is 32 KiB.
const BLOCK: usize = 64;
/// Columns of one register tile on the left, and half as many on the right: eight sums, which with their factors fit into sixteen
/// registers.
const TILE: usize = 4;
const HALF: usize = TILE / 2;

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

    /// Adds `x xᵀ` for each row of a row-major block, where `x` is the row less `shift` with the `more` columns behind it.
    pub fn add_rows(&mut self, rows: &[f64], shift: &[f64], more: &[&[f64]]) {
        let width = shift.len();
        let count = rows.len().checked_div(width).unwrap_or_else(|| more.first().map_or(0, |column| column.len()));
        let mut done = 0;
        while done < count {
            let strip = (BLOCK - self.filled).min(count - done);
            let at = self.filled;
            transpose(&rows[done * width..(done + strip) * width], shift, &mut self.plain[at..]);
            for (column, out) in more.iter().zip(self.plain[width * BLOCK..].as_chunks_mut::<BLOCK>().0) {
                out[at..at + strip].copy_from_slice(&column[done..done + strip]);
            }
            self.weights[at..at + strip].fill(1.0);
            self.filled += strip;
            done += strip;
            if self.filled == BLOCK {
                self.flush();
            }
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
        for j in (0..self.padded).step_by(HALF) {
            for i in (0..=j).step_by(TILE) {
                self.tile(i, j, weighted);
            }
        }
        self.filled = 0;
    }

    /// Adds the block's part to the entries (i..i + 4, j..j + 2).
    fn tile(&mut self, i: usize, j: usize, weighted: bool) {
        let mut sums = [[f64x2::splat(0.0); TILE]; HALF];
        let left = &self.plain[i * BLOCK..(i + TILE) * BLOCK];
        let right = &(if weighted { &self.weighted } else { &self.plain })[j * BLOCK..(j + HALF) * BLOCK];
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

/// Writes a row-major block, less `shift`, column by column, each at a multiple of [`BLOCK`].
fn transpose(rows: &[f64], shift: &[f64], out: &mut [f64]) {
    let width = shift.len();
    if width == 0 {
        return;
    }
    for (r, pair) in rows.chunks(2 * width).enumerate() {
        let (first, second) = pair.split_at(width);
        let columns = out[2 * r..].chunks_mut(BLOCK);
        if second.is_empty() {
            columns.zip(first.iter().zip(shift)).for_each(|(out, (value, shift))| out[0] = value - shift);
        } else {
            for (out, ((first, second), shift)) in columns.zip(first.iter().zip(second).zip(shift)) {
                (f64x2::from_array([*first, *second]) - f64x2::splat(*shift)).copy_to_slice(&mut out[..2]);
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
            // By blocks: each row with its number behind it.
            let (values, numbers): (Vec<f64>, Vec<f64>) =
                ((0..rows).flat_map(|r| (0..width).map(move |j| x(r, j) + 0.5)).collect(), (0..rows).map(|r| r as f64).collect());
            let mut whole = Gram::new(width + 1);
            let middle = rows / 3;
            for range in [0..middle, middle..rows] {
                whole.add_rows(&values[range.start * width..range.end * width], &vec![0.5; width], &[&numbers[range]]);
            }
            let whole = whole.finish();
            for j in 0..=width {
                for i in 0..=j {
                    let column = |r: usize, j: usize| if j < width { x(r, j) } else { r as f64 };
                    let plain: f64 = (0..rows).map(|r| column(r, i) * column(r, j)).sum();
                    assert_eq!(whole[i + j * (j + 1) / 2], plain);
                }
            }
            for j in 0..width {
                for i in 0..=j {
                    let plain: f64 = (0..rows).map(|r| weight(r) * x(r, i) * x(r, j)).sum();
                    assert_eq!(packed[i + j * (j + 1) / 2], plain, "small integers and halves add up exactly");
                }
            }
        }
    }
}
