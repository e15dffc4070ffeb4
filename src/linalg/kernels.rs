//! Dense kernels in fixed lanes of two doubles: the same operations in the same order on every machine, so the same bits natively and in
//! WebAssembly. Sums run in four interleaved chains, which is both faster and more accurate than one.

use std::simd::{f64x2, num::SimdFloat};

/// Lanes of one vector register.
const LANES: usize = 2;
/// Elements that one turn of an unrolled loop takes.
const STEP: usize = 2 * LANES;

#[inline(always)]
fn load(values: &[f64]) -> f64x2 {
    f64x2::from_slice(values)
}

#[inline(always)]
fn store(lanes: f64x2, out: &mut [f64]) {
    lanes.copy_to_slice(out);
}

/// The dot product of two slices of the same length.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    let (mut first, mut second) = (f64x2::splat(0.0), f64x2::splat(0.0));
    let (chunks_a, rest_a) = a.as_chunks::<STEP>();
    let (chunks_b, rest_b) = b.as_chunks::<STEP>();
    for (x, y) in chunks_a.iter().zip(chunks_b) {
        first += load(&x[..LANES]) * load(&y[..LANES]);
        second += load(&x[LANES..]) * load(&y[LANES..]);
    }
    let mut sum = (first + second).reduce_sum();
    for (x, y) in rest_a.iter().zip(rest_b) {
        sum += x * y;
    }
    sum
}

/// The dot products of four rows with one vector; each has the bits of [`dot`].
#[inline]
pub fn dot4(rows: [&[f64]; 4], vector: &[f64]) -> [f64; 4] {
    let width = vector.len();
    let [a, b, c, d] = rows.map(|row| &row[..width]);
    let mut first = [f64x2::splat(0.0); 4];
    let mut second = [f64x2::splat(0.0); 4];
    let whole = width - width % STEP;
    for j in (0..whole).step_by(STEP) {
        let (low, high) = (load(&vector[j..j + LANES]), load(&vector[j + LANES..j + STEP]));
        for (k, row) in [a, b, c, d].into_iter().enumerate() {
            first[k] += load(&row[j..j + LANES]) * low;
            second[k] += load(&row[j + LANES..j + STEP]) * high;
        }
    }
    let mut sums = [0.0; 4];
    for (k, row) in [a, b, c, d].into_iter().enumerate() {
        sums[k] = (first[k] + second[k]).reduce_sum();
        for j in whole..width {
            sums[k] += row[j] * vector[j];
        }
    }
    sums
}

/// `y += alpha · x`.
#[inline]
pub fn axpy(alpha: f64, x: &[f64], y: &mut [f64]) {
    debug_assert_eq!(x.len(), y.len());
    let scale = f64x2::splat(alpha);
    let (chunks_x, rest_x) = x.as_chunks::<LANES>();
    let (chunks_y, rest_y) = y.as_chunks_mut::<LANES>();
    for (x, y) in chunks_x.iter().zip(chunks_y) {
        store(load(y) + scale * load(x), y);
    }
    for (x, y) in rest_x.iter().zip(rest_y) {
        *y += alpha * x;
    }
}

/// `y += alphas[0] · rows[0] + … + alphas[3] · rows[3]`, the four products added up first.
#[inline]
pub fn axpy4(alphas: [f64; 4], rows: [&[f64]; 4], y: &mut [f64]) {
    let width = y.len();
    let [a, b, c, d] = rows.map(|row| &row[..width]);
    let [p, q, r, s] = alphas.map(f64x2::splat);
    let whole = width - width % LANES;
    for j in (0..whole).step_by(LANES) {
        let at = j..j + LANES;
        let sum = (p * load(&a[at.clone()]) + q * load(&b[at.clone()])) + (r * load(&c[at.clone()]) + s * load(&d[at.clone()]));
        store(load(&y[at.clone()]) + sum, &mut y[at]);
    }
    for j in whole..width {
        y[j] += (alphas[0] * a[j] + alphas[1] * b[j]) + (alphas[2] * c[j] + alphas[3] * d[j]);
    }
}

/// `x *= alpha`.
#[inline]
pub fn scale(alpha: f64, x: &mut [f64]) {
    for value in x {
        *value *= alpha;
    }
}

/// The squared Euclidean distance of two slices of the same length.
#[inline]
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    let (mut first, mut second) = (f64x2::splat(0.0), f64x2::splat(0.0));
    let (chunks_a, rest_a) = a.as_chunks::<STEP>();
    let (chunks_b, rest_b) = b.as_chunks::<STEP>();
    for (x, y) in chunks_a.iter().zip(chunks_b) {
        let (low, high) = (load(&x[..LANES]) - load(&y[..LANES]), load(&x[LANES..]) - load(&y[LANES..]));
        first += low * low;
        second += high * high;
    }
    let mut sum = (first + second).reduce_sum();
    for (x, y) in rest_a.iter().zip(rest_b) {
        sum += (x - y) * (x - y);
    }
    sum
}

/// The Euclidean norm.
#[inline]
pub fn norm(x: &[f64]) -> f64 {
    libm::sqrt(dot(x, x))
}

/// `out[i] += rows[i] · vector` for a row-major block whose width is the vector's length.
pub fn gemv(rows: &[f64], vector: &[f64], out: &mut [f64]) {
    let width = vector.len();
    if width == 0 {
        return;
    }
    let fours = out.len() / 4;
    for block in 0..fours {
        let sums = dot4(four_rows(rows, width, 4 * block), vector);
        for (out, sum) in out[4 * block..].iter_mut().zip(sums) {
            *out += sum;
        }
    }
    for i in 4 * fours..out.len() {
        out[i] += dot(&rows[i * width..(i + 1) * width], vector);
    }
}

/// `out += Σ multipliers[i] · rows[i]` for a row-major block whose width is `out`'s length.
pub fn gemv_transposed(rows: &[f64], multipliers: &[f64], out: &mut [f64]) {
    let width = out.len();
    if width == 0 {
        return;
    }
    let fours = multipliers.len() / 4;
    for block in 0..fours {
        let at = 4 * block;
        axpy4([multipliers[at], multipliers[at + 1], multipliers[at + 2], multipliers[at + 3]], four_rows(rows, width, at), out);
    }
    for i in 4 * fours..multipliers.len() {
        axpy(multipliers[i], &rows[i * width..(i + 1) * width], out);
    }
}

/// Adds each row of a row-major block to the one of `sums` that `groups` says.
pub fn add_by_group(rows: &[f64], width: usize, groups: &[u32], sums: &mut [f64]) {
    for (row, group) in rows.chunks_exact(width.max(1)).zip(groups) {
        let start = *group as usize * width;
        let (pairs, rest) = row.as_chunks::<LANES>();
        let (pairs_out, rest_out) = sums[start..start + width].as_chunks_mut::<LANES>();
        for (x, out) in pairs.iter().zip(pairs_out) {
            store(load(out) + load(x), out);
        }
        for (x, out) in rest.iter().zip(rest_out) {
            *out += x;
        }
    }
}

/// Whether no number is NaN or infinite.
pub fn are_finite(values: &[f64]) -> bool {
    // Zero times any of the others is NaN, and stays so in every sum.
    let zero = f64x2::splat(0.0);
    let (chunks, rest) = values.as_chunks::<STEP>();
    let (mut first, mut second) = (zero, zero);
    for x in chunks {
        first += load(&x[..LANES]) * zero;
        second += load(&x[LANES..]) * zero;
    }
    (first + second).reduce_sum() == 0.0 && rest.iter().all(|x| x.is_finite())
}

/// Adds `row - origin` to `sums` for each row of a row-major block, and widens the ranges; a NaN widens none.
pub fn add_ranges(rows: &[f64], origin: &[f64], sums: &mut [f64], min: &mut [f64], max: &mut [f64]) {
    let width = origin.len();
    let (sums, min, max) = (&mut sums[..width], &mut min[..width], &mut max[..width]);
    for row in rows.chunks_exact(width.max(1)) {
        for j in 0..width {
            let value = row[j];
            sums[j] += value - origin[j];
            min[j] = if value < min[j] { value } else { min[j] };
            max[j] = if value > max[j] { value } else { max[j] };
        }
    }
}

/// Adds `row - origin` to `sums` for each row of a row-major block.
pub fn add_shifted(rows: &[f64], origin: &[f64], sums: &mut [f64]) {
    let width = origin.len();
    let sums = &mut sums[..width];
    for row in rows.chunks_exact(width.max(1)) {
        for j in 0..width {
            sums[j] += row[j] - origin[j];
        }
    }
}

/// Adds `(row - mean)²` to `sums` for each row of a row-major block.
pub fn add_squares(rows: &[f64], mean: &[f64], sums: &mut [f64]) {
    let width = mean.len();
    let sums = &mut sums[..width];
    for row in rows.chunks_exact(width.max(1)) {
        for j in 0..width {
            sums[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
        }
    }
}

/// Appends `(rows[i] - shift) · scale`, number by number, for a row-major block whose width is `shift`'s and `scale`'s length.
pub fn standardize(rows: &[f64], shift: &[f64], scale: &[f64], out: &mut Vec<f64>) {
    for row in rows.chunks_exact(shift.len().max(1)) {
        out.extend(row.iter().zip(shift).zip(scale).map(|((value, shift), scale)| (value - shift) * scale));
    }
}

/// Rows `at` to `at + 3` of a row-major block.
#[inline(always)]
pub fn four_rows(rows: &[f64], width: usize, at: usize) -> [&[f64]; 4] {
    let block = &rows[at * width..(at + 4) * width];
    [&block[..width], &block[width..2 * width], &block[2 * width..3 * width], &block[3 * width..]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(n: usize, seed: u64) -> Vec<f64> {
        let mut state = seed;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((state >> 33) as f64) / f64::from(u32::MAX) - 0.25
            })
            .collect()
    }

    /// Against the plain sums, for widths around every unrolled step.
    #[test]
    fn kernels_agree_with_plain_loops_for_any_width() {
        for width in 0..19 {
            let (rows, vector) = (values(7 * width, 1), values(width, 2));
            let plain: Vec<f64> = (0..7).map(|i| (0..width).map(|j| rows[i * width + j] * vector[j]).sum()).collect();
            let mut product = vec![0.0; 7];
            gemv(&rows, &vector, &mut product);
            for i in 0..7 {
                if width > 0 {
                    assert!((product[i] - plain[i]).abs() < 1e-14);
                    assert_eq!(product[i].to_bits(), dot(&rows[i * width..(i + 1) * width], &vector).to_bits());
                }
            }
            let mut transposed = vec![0.0; width];
            gemv_transposed(&rows, &product, &mut transposed);
            for j in 0..width {
                let sum: f64 = (0..7).map(|i| product[i] * rows[i * width + j]).sum();
                assert!((transposed[j] - sum).abs() < 1e-14);
            }
            if width > 0 {
                let far: f64 = (0..width).map(|j| (rows[j] - rows[width + j]).powi(2)).sum();
                assert!((squared_distance(&rows[..width], &rows[width..2 * width]) - far).abs() < 1e-14);
            }
        }
    }
}
