//! Symmetric positive definite systems, packed by columns of the upper triangle as LAPACK's `dppsv` and `dpptri` take them.

use crate::kernels::dot;

/// The factor `U` of `A = Uᵀ U`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    order: usize,
    factor: Vec<f64>,
}

impl Cholesky {
    /// Factors a packed upper triangle of the given order; `None` when the matrix is not positive definite, which for a matrix of normal
    /// equations means that it is singular.
    pub fn new(mut packed: Vec<f64>, order: usize) -> Option<Self> {
        debug_assert_eq!(packed.len(), order * (order + 1) / 2);
        for j in 0..order {
            let (before, rest) = packed.split_at_mut(start(j));
            let column = &mut rest[..=j];
            for i in 0..j {
                let (head, tail) = column.split_at_mut(i);
                let above = &before[start(i)..start(i) + i + 1];
                tail[0] = (tail[0] - dot(&above[..i], head)) / above[i];
            }
            let pivot = column[j] - dot(&column[..j], &column[..j]);
            if pivot.is_nan() || pivot <= 0.0 {
                return None;
            }
            column[j] = libm::sqrt(pivot);
        }
        Some(Self { order, factor: packed })
    }

    /// The solution of `A x = b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..self.order {
            let column = self.column(i);
            x[i] = (x[i] - dot(&column[..i], &x[..i])) / column[i];
        }
        for i in (0..self.order).rev() {
            let column = self.column(i);
            x[i] /= column[i];
            let value = x[i];
            for (x, u) in x[..i].iter_mut().zip(column) {
                *x -= value * u;
            }
        }
        x
    }

    /// The upper triangle of the inverse of `A`, packed.
    pub fn inverse(&self) -> Vec<f64> {
        let mut inverse = vec![0.0; self.factor.len()];
        let mut unit = vec![0.0; self.order];
        for j in 0..self.order {
            unit.fill(0.0);
            unit[j] = 1.0;
            inverse[start(j)..=start(j) + j].copy_from_slice(&self.solve(&unit)[..=j]);
        }
        inverse
    }

    fn column(&self, j: usize) -> &[f64] {
        &self.factor[start(j)..=start(j) + j]
    }
}

/// Where column `j` of a packed upper triangle begins.
fn start(j: usize) -> usize {
    j * (j + 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A = [[4, 2, 1], [2, 5, 3], [1, 3, 6]] and its inverse, det 67, by hand.
    #[test]
    fn a_small_system_solves_and_inverts() {
        let cholesky = Cholesky::new(vec![4.0, 2.0, 5.0, 1.0, 3.0, 6.0], 3).expect("positive definite");
        for (x, expected) in cholesky.solve(&[7.0, 10.0, 10.0]).iter().zip([1.0, 1.0, 1.0]) {
            assert!((x - expected).abs() < 1e-14);
        }
        for (x, expected) in cholesky.inverse().iter().zip([21.0, -9.0, 23.0, 1.0, -10.0, 16.0]) {
            assert!((x - expected / 67.0).abs() < 1e-15);
        }
    }

    #[test]
    fn a_singular_matrix_has_no_factor() {
        assert!(Cholesky::new(vec![1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::new(vec![f64::NAN], 1).is_none());
    }
}
