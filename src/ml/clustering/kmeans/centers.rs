//! Centres laid out for search: the same coordinate of neighbouring centres in neighbouring lanes, so that distances to several centres are
//! added up at once and nothing is summed across lanes.

use std::simd::{Select, cmp::SimdPartialOrd, f64x2, num::SimdFloat};

use kindling_linalg::{RowsRef, Screen, VectorRef, kernels};

/// Centres whose distances are computed together; those that are left over go by pairs.
const TILE: usize = 8;
const PAIR: usize = 2;

/// The centres of a clustering.
#[derive(Clone, Debug)]
pub(super) struct Centers {
    pub width: usize,
    pub count: usize,
    /// Centre after centre.
    pub rows: Vec<f64>,
    /// Coordinate after coordinate within each tile or pair of centres; a place without a centre is infinitely far.
    lanes: Vec<f64>,
    /// How many centres go by tiles.
    tiled: usize,
    square_norms: Vec<f64>,
    screen: Screen,
}

/// The nearest centre, how far it is at most and all others at least; both squared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nearest {
    pub center: usize,
    pub distance: f64,
    pub second: f64,
}

impl Centers {
    pub fn new(width: usize, rows: Vec<f64>) -> Self {
        let count = rows.len().checked_div(width).unwrap_or(0);
        let tiled = count - count % TILE;
        let mut lanes = vec![f64::INFINITY; count.next_multiple_of(PAIR) * width];
        for (c, row) in rows.chunks_exact(width.max(1)).enumerate() {
            let size = if c < tiled { TILE } else { PAIR };
            let start = (c - c % size) * width;
            for (j, value) in row.iter().enumerate() {
                lanes[start + j * size + c % size] = *value;
            }
        }
        let square_norms = rows.chunks_exact(width.max(1)).map(|row| kernels::dot(row, row)).collect();
        let screen = Screen::new(width, &rows);
        Self { width, count, rows, lanes, tiled, square_norms, screen }
    }

    pub fn row(&self, center: usize) -> &[f64] {
        &self.rows[center * self.width..(center + 1) * self.width]
    }

    /// Tells of these rows the nearest centre, of several the first.
    pub fn nearest(&self, rows: RowsRef<'_>, which: &[u32], tell: &mut dyn FnMut(usize, Nearest)) {
        let RowsRef::Dense { values, width } = rows else {
            which.iter().for_each(|i| tell(*i as usize, self.nearest_exact(rows.row(*i as usize))));
            return;
        };
        let row = |i: u32| &values[i as usize * width..(i as usize + 1) * width];
        let mut room = Vec::new();
        for some in which.chunks(Screen::ROWS) {
            let found = self.screen.nearest(std::array::from_fn(|k| row(some[k.min(some.len() - 1)])), &mut room);
            for (i, found) in some.iter().zip(found) {
                let nearest = match found {
                    Some(found) => Nearest { center: found.point, distance: found.upper, second: found.lower },
                    None => self.nearest_dense(row(*i)),
                };
                tell(*i as usize, nearest);
            }
        }
    }

    /// The nearest centre, of several the first, and the distances themselves.
    pub fn nearest_exact(&self, row: VectorRef<'_>) -> Nearest {
        match row {
            VectorRef::Dense(x) => self.nearest_dense(x),
            sparse => self.nearest_sparse(sparse),
        }
    }

    fn nearest_dense(&self, x: &[f64]) -> Nearest {
        let mut search = Lanes::new();
        let (tiles, pairs) = self.lanes.split_at(self.tiled * self.width);
        for tile in tiles.chunks_exact(TILE * self.width) {
            let mut sums = [f64x2::splat(0.0); TILE / 2];
            for (x, lanes) in x.iter().zip(tile.as_chunks::<TILE>().0) {
                let x = f64x2::splat(*x);
                for (k, sum) in sums.iter_mut().enumerate() {
                    let difference = x - f64x2::from_slice(&lanes[2 * k..2 * k + 2]);
                    *sum += difference * difference;
                }
            }
            sums.into_iter().for_each(|sum| search.see(sum));
        }
        for pair in pairs.chunks_exact(PAIR * self.width) {
            let mut sum = f64x2::splat(0.0);
            for (x, lanes) in x.iter().zip(pair.as_chunks::<PAIR>().0) {
                let difference = f64x2::splat(*x) - f64x2::from_array(*lanes);
                sum += difference * difference;
            }
            search.see(sum);
        }
        search.finish()
    }

    /// By `|x|² + |c|² - 2 x·c`, which needs only what is stored.
    fn nearest_sparse(&self, row: VectorRef<'_>) -> Nearest {
        let mut nearest = Nearest { center: 0, distance: f64::INFINITY, second: f64::INFINITY };
        let norm: f64 = row.active().map(|(_, v)| v * v).sum();
        for center in 0..self.count {
            nearest.see(center, (norm + self.square_norms[center] - 2.0 * row.dot(self.row(center))).max(0.0));
        }
        nearest
    }

    /// The squared distance of a row to one centre, as the nearest is told by.
    pub fn squared_distance(&self, row: VectorRef<'_>, center: usize) -> f64 {
        match row {
            VectorRef::Dense(x) => {
                let mut sum = 0.0;
                for (x, c) in x.iter().zip(self.row(center)) {
                    sum += (x - c) * (x - c);
                }
                sum
            }
            sparse => {
                let norm: f64 = sparse.active().map(|(_, v)| v * v).sum();
                (norm + self.square_norms[center] - 2.0 * sparse.dot(self.row(center))).max(0.0)
            }
        }
    }
}

/// The nearest of the even centres in one lane, of the odd ones in the other, without a branch.
struct Lanes {
    least: f64x2,
    second: f64x2,
    /// The numbers of the nearest, and of the pair to be seen next.
    center: f64x2,
    next: f64x2,
}

impl Lanes {
    #[inline(always)]
    fn new() -> Self {
        let far = f64x2::splat(f64::INFINITY);
        Self { least: far, second: far, center: f64x2::from_array([0.0, 1.0]), next: f64x2::from_array([0.0, 1.0]) }
    }

    #[inline(always)]
    fn see(&mut self, distance: f64x2) {
        let nearer = distance.simd_lt(self.least);
        self.second = nearer.select(self.least, self.second.simd_min(distance));
        self.center = nearer.select(self.next, self.center);
        self.least = self.least.simd_min(distance);
        self.next += f64x2::splat(2.0);
    }

    /// Of both lanes the nearest, of equals the one of the lower number.
    #[inline(always)]
    fn finish(self) -> Nearest {
        let ([a, b], [i, j], [s, t]) = (self.least.to_array(), self.center.to_array(), self.second.to_array());
        let odd = b < a || (b == a && j < i);
        let (distance, center, other) = if odd { (b, j, a) } else { (a, i, b) };
        Nearest { center: center as usize, distance, second: other.min(s).min(t) }
    }
}

impl Nearest {
    #[inline(always)]
    fn see(&mut self, center: usize, distance: f64) {
        if distance < self.distance {
            self.second = self.distance;
            self.distance = distance;
            self.center = center;
        } else if distance < self.second {
            self.second = distance;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kindling_linalg::{SparseVector, Vector};

    #[test]
    fn the_nearest_centre_is_the_nearest_for_any_number_of_centres() {
        for (count, width) in [(1, 3), (2, 1), (7, 5), (8, 2), (9, 4), (21, 10)] {
            let value = |i: usize| ((i * 37 + 11) % 101) as f64 / 7.0;
            let centers = Centers::new(width, (0..count * width).map(value).collect());
            for point in 0..20 {
                let x: Vec<f64> = (0..width).map(|j| value(1000 + point * width + j)).collect();
                let distances: Vec<f64> = (0..count).map(|c| centers.squared_distance(VectorRef::Dense(&x), c)).collect();
                let found = centers.nearest_exact(VectorRef::Dense(&x));
                centers.nearest(RowsRef::Dense { values: &x, width }, &[0], &mut |_, screened| assert_eq!(screened.center, found.center));
                let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
                assert_eq!((found.distance, found.center), (least, distances.iter().position(|d| *d == least).expect("one")));
                let mut sorted = distances.clone();
                sorted.sort_by(f64::total_cmp);
                assert_eq!(found.second, sorted.get(1).copied().unwrap_or(f64::INFINITY));
                let sparse = Vector::Sparse(SparseVector::new(width, (0..width as i32).collect(), x).expect("sorted"));
                assert!((centers.nearest_exact(sparse.as_ref()).distance - least).abs() < 1e-9);
            }
        }
    }
}
