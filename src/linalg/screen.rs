//! Which of many points is nearest, told in single precision wherever that is precise enough.

use std::simd::cmp::SimdPartialOrd;
use std::simd::{Select, f32x4, f64x2, i32x4, num::SimdFloat};

use crate::kernels;

const LANES: usize = 4;
/// Points whose ranks are added up together.
const PAIR: usize = 2;
/// Squared lengths from here on are left to double precision.
const FAR: f64 = 1e30;

/// Points to compare rows with: `|x - p|² = |x|² + |p|² - 2 x·p`, of which the last two are a point's rank for a row, by products in
/// single precision around the mean of the points.
///
/// How far rounding can put a rank off is known for each row. A point that is nearer by more than that is the nearest by the plain formula
/// in double precision too; where none is, the caller has to look closer.
#[derive(Clone, Debug)]
pub struct Screen {
    width: usize,
    mean: Vec<f64>,
    /// A power of two that brings the points' numbers near one.
    scale: f64,
    /// The points' squared lengths; a place without a point is infinitely far.
    squares: Vec<f32>,
    /// Minus twice the points, coordinate after coordinate of each pair.
    pairs: Vec<[f32; PAIR]>,
    longest: f64,
    error: f64,
}

/// A point that is surely the nearest.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    pub point: usize,
    /// The squared distance to it is at most this,
    pub upper: f64,
    /// and to all other points at least this.
    pub lower: f64,
}

impl Screen {
    /// Rows that are looked at together.
    pub const ROWS: usize = 2 * LANES;

    /// For points of `width` numbers, one after the other.
    pub fn new(width: usize, points: &[f64]) -> Self {
        let count = points.len().checked_div(width).unwrap_or(0);
        let mut mean = vec![0.0; width];
        points.chunks_exact(width.max(1)).for_each(|point| kernels::axpy(1.0 / count as f64, point, &mut mean));
        let off_mean = |at: usize| points[at] - mean[at % width];
        let reach = (0..points.len()).map(|at| off_mean(at).abs()).fold(0.0, f64::max);
        let scale = if (1e-100..1e100).contains(&reach) { libm::exp2(-libm::ceil(libm::log2(reach))) } else { 1.0 };
        let places = count.next_multiple_of(PAIR);
        let (mut squares, mut pairs) = (vec![f32::INFINITY; places], vec![[0.0; PAIR]; places / PAIR * width]);
        let mut longest = 0.0_f64;
        for point in 0..count {
            let mut square = 0.0;
            for j in 0..width {
                let value = off_mean(point * width + j) * scale;
                square += value * value;
                pairs[point / PAIR * width + j][point % PAIR] = (-2.0 * value) as f32;
            }
            squares[point] = square as f32;
            longest = longest.max(square);
        }
        Self { width, mean, scale, squares, pairs, longest, error: f64::from(f32::EPSILON) * (width + 8) as f64 }
    }

    /// For each row the point that is surely the nearest to it, if one is. `room` is for numbers in between.
    pub fn nearest(&self, rows: [&[f64]; Self::ROWS], room: &mut Vec<[f32; Self::ROWS]>) -> [Option<Nearest>; Self::ROWS] {
        room.resize(self.width, [0.0; Self::ROWS]);
        let mut lengths = [0.0; Self::ROWS];
        for (r, (row, length)) in rows.into_iter().zip(&mut lengths).enumerate() {
            *length = self.narrow(row, r, room);
        }
        let mut halves = [Search::new(), Search::new()];
        let pairs = self.pairs.chunks_exact(self.width.max(1));
        for (number, (squares, pair)) in self.squares.as_chunks::<PAIR>().0.iter().zip(pairs).enumerate() {
            let mut ranks = squares.map(|square| [f32x4::splat(square); 2]);
            for (x, point) in room.iter().zip(pair) {
                let x = [f32x4::from_slice(&x[..LANES]), f32x4::from_slice(&x[LANES..])];
                for (ranks, point) in ranks.iter_mut().zip(point) {
                    let point = f32x4::splat(*point);
                    ranks[0] += x[0] * point;
                    ranks[1] += x[1] * point;
                }
            }
            for (k, ranks) in ranks.into_iter().enumerate() {
                let point = i32x4::splat((number * PAIR + k) as i32);
                halves.iter_mut().zip(ranks).for_each(|(half, ranks)| half.see(ranks, point));
            }
        }
        let unscale = (1.0 / self.scale) * (1.0 / self.scale);
        std::array::from_fn(|r| {
            let (half, lane, length) = (&halves[r / LANES], r % LANES, lengths[r]);
            let (least, second) = (f64::from(half.least[lane]), f64::from(half.second[lane]));
            let error = self.error * (length + 2.0 * self.longest) + f64::from(f32::MIN_POSITIVE) * self.width as f64;
            // Numbers that are too large for single precision, or NaN, tell nothing.
            let told = length < FAR && self.longest < FAR && second - least > 2.0 * error;
            told.then(|| Nearest {
                point: half.point[lane] as usize,
                upper: (length + least + error).max(0.0) * unscale,
                lower: (length + second - error).max(0.0) * unscale,
            })
        })
    }

    /// Writes a row as the points are, into its place, and gives its squared length.
    #[inline(always)]
    fn narrow(&self, row: &[f64], place: usize, out: &mut [[f32; Self::ROWS]]) -> f64 {
        let (pairs, rest) = row.as_chunks::<2>();
        let (means, rest_mean) = self.mean.as_chunks::<2>();
        let (outs, rest_out) = out.as_chunks_mut::<2>();
        let scale = f64x2::splat(self.scale);
        let mut sums = f64x2::splat(0.0);
        for ((x, mean), out) in pairs.iter().zip(means).zip(outs) {
            let value = (f64x2::from_array(*x) - f64x2::from_array(*mean)) * scale;
            sums += value * value;
            let value = value.cast::<f32>();
            out[0][place] = value[0];
            out[1][place] = value[1];
        }
        let mut length = sums.reduce_sum();
        for ((x, mean), out) in rest.iter().zip(rest_mean).zip(rest_out) {
            let value = (x - mean) * self.scale;
            length += value * value;
            out[place] = value as f32;
        }
        length
    }
}

/// The least rank of each of four rows, and the second least.
struct Search {
    least: f32x4,
    second: f32x4,
    point: i32x4,
}

impl Search {
    #[inline(always)]
    fn new() -> Self {
        let far = f32x4::splat(f32::INFINITY);
        Self { least: far, second: far, point: i32x4::splat(0) }
    }

    #[inline(always)]
    fn see(&mut self, ranks: f32x4, point: i32x4) {
        let nearer = ranks.simd_lt(self.least);
        let other = nearer.select(self.least, ranks);
        self.second = other.simd_lt(self.second).select(other, self.second);
        self.point = nearer.select(point, self.point);
        self.least = nearer.select(ranks, self.least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_surely_nearest_is_nearest_within_its_bounds() {
        let mut state = 7_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        for (count, width, far) in [(1, 3, 0.0), (2, 1, 1e6), (9, 4, 0.0), (12, 7, 1e9), (13, 10, -3.0), (40, 25, 0.0)] {
            let points: Vec<f64> = (0..count * width).map(|_| far + random()).collect();
            let screen = Screen::new(width, &points);
            let (mut sure, mut room) = (0, Vec::new());
            for _ in 0..25 {
                let mut rows: Vec<Vec<f64>> = (0..8).map(|_| (0..width).map(|_| far + 2.0 * random()).collect()).collect();
                (rows[3][0], rows[6][width - 1]) = (f64::NAN, 1e200);
                let all = screen.nearest(std::array::from_fn(|r| &*rows[r]), &mut room);
                assert!(all[3].is_none() && all[6].is_none());
                for (x, found) in rows.iter().zip(all) {
                    let Some(found) = found else { continue };
                    sure += 1;
                    let distances: Vec<f64> = points.chunks(width).map(|p| kernels::squared_distance(x, p)).collect();
                    let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
                    assert_eq!(distances[found.point], least);
                    let others = (0..count).filter(|i| *i != found.point).map(|i| distances[i]).fold(f64::INFINITY, f64::min);
                    assert!(least <= found.upper && others >= found.lower, "{count} {width}: {least} {others} {found:?}");
                }
            }
            assert!(sure > 140, "{sure} of 150 are told at once");
        }
        // Two points at one place can't be told apart.
        let screen = Screen::new(2, &[1.0, 2.0, 1.0, 2.0]);
        assert!(screen.nearest([&[3.0, 4.0]; 8], &mut Vec::new()).iter().all(Option::is_none));
    }
}
