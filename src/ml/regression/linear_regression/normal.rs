//! Weighted least squares by the normal equations (`org.apache.spark.ml.optim.WeightedLeastSquares`).

use kindling_linalg::kernels::{axpy, dot};
use kindling_linalg::{Cholesky, Gram, Lbfgs, RowsRef};
use kindling_partition::{Error, Executor, Result};

use super::fitted::{Fitted, Settings};
use crate::task::{Task, tasks};

/// Features at most: their products are all kept.
pub(super) const MOST_FEATURES: usize = 4096;

/// The weighted means of all products of features, label and one, as sums: all that a fit needs of the data, whatever its penalty.
pub(super) struct Moments {
    width: usize,
    /// Packed upper triangle over the features, then the label, then one.
    packed: Vec<f64>,
}

impl Moments {
    /// One pass over the rows.
    ///
    /// # Errors
    /// When there are too many features.
    pub fn read(executor: &Executor, partitions: &[Task<'_>], width: usize) -> Result<Self> {
        if width > MOST_FEATURES {
            return Err(Error::illegal_argument(format!(
                "requirement failed: In order to take the normal equation approach efficiently, we set the max number of features to \
                 {MOST_FEATURES} but got {width}."
            )));
        }
        let size = width + 2;
        let parts = executor.map("normal equations", &tasks(partitions, size * (size + 1) / 2), |_, task| {
            let mut gram = Gram::new(size);
            let rows_between_checks = ((1 << 22) / (size * size)).max(64);
            if let (RowsRef::Dense { values, .. }, None) = (task.rows, task.weights) {
                let (zeros, ones) = (vec![0.0; width], vec![1.0; task.len()]);
                for (strip, values) in values.chunks(rows_between_checks * width.max(1)).enumerate() {
                    executor.check()?;
                    let rows = strip * rows_between_checks..strip * rows_between_checks + values.len() / width;
                    gram.add_rows(values, &zeros, &[&task.labels[rows.clone()], &ones[rows]]);
                }
                return Ok(gram.finish());
            }
            let mut row = vec![0.0; width];
            for i in 0..task.len() {
                if i % rows_between_checks == 0 {
                    executor.check()?;
                }
                task.rows.row(i).write_dense(&mut row);
                gram.add(row.iter().copied().chain([task.labels[i], 1.0]), task.weight(i));
            }
            Ok(gram.finish())
        })?;
        let mut packed = vec![0.0; size * (size + 1) / 2];
        parts.iter().for_each(|part| axpy(1.0, part, &mut packed));
        Ok(Self { width, packed })
    }

    fn product(&self, i: usize, j: usize) -> f64 {
        let (i, j) = (i.min(j), i.max(j));
        self.packed[i + j * (j + 1) / 2]
    }

    fn weight(&self) -> f64 {
        self.product(self.width + 1, self.width + 1)
    }

    fn mean(&self, i: usize, j: usize) -> f64 {
        self.product(i, j) / self.weight()
    }

    /// The mean of a column, the label's at `width`.
    fn mean_of(&self, i: usize) -> f64 {
        self.mean(i, self.width + 1)
    }

    /// The standard deviation of the population.
    fn std_of(&self, i: usize) -> f64 {
        let mean = self.mean_of(i);
        libm::sqrt((self.mean(i, i) - mean * mean).max(0.0))
    }
}

/// Reads the rows and solves their equations.
///
/// # Errors
/// As of [`Moments::read`] and [`solve_moments`].
pub(crate) fn solve(executor: &Executor, partitions: &[Task<'_>], width: usize, settings: &Settings) -> Result<Fitted> {
    solve_moments(executor, &Moments::read(executor, partitions, width)?, settings)
}

/// Solves for coefficients and intercept: by Cholesky's decomposition, or when there is an L1 penalty, or the matrix is singular, by
/// L-BFGS on the same equations.
///
/// # Errors
/// When all weights are zero, or a constant label is to be regularised without an intercept.
pub(super) fn solve_moments(executor: &Executor, moments: &Moments, settings: &Settings) -> Result<Fitted> {
    let width = moments.width;
    if moments.weight() <= 0.0 {
        return Err(Error::illegal_argument("assertion failed: Sum of weights cannot be zero."));
    }
    let label = width;
    let (mean_label, std_label) = (moments.mean_of(label), moments.std_of(label));
    if std_label == 0.0 {
        if settings.fit_intercept || mean_label == 0.0 {
            return Ok(Fitted::constant(width, mean_label));
        }
        if settings.reg_param > 0.0 && settings.standardize_label {
            return Err(Error::illegal_argument(
                "requirement failed: The standard deviation of the label is zero. Model cannot be regularized when labels are standardized.",
            ));
        }
    }
    // A constant label can't be scaled by its deviation.
    let scale = if std_label == 0.0 { mean_label.abs() } else { std_label };
    let std: Vec<f64> = (0..width).map(|j| moments.std_of(j)).collect();
    let scaled = |value: f64, divisor: f64| if divisor == 0.0 { 0.0 } else { value / divisor };
    let penalty = if settings.standardize_label { settings.reg_param / scale } else { settings.reg_param };
    let (l1, l2) = (settings.elastic_net_param * penalty, (1.0 - settings.elastic_net_param) * penalty);
    let order = if settings.fit_intercept { width + 1 } else { width };
    let mut products = Vec::with_capacity(order * (order + 1) / 2);
    for j in 0..width {
        for i in 0..=j {
            let mut value = scaled(moments.mean(i, j), std[i] * std[j]);
            if i == j {
                value += if settings.standardization { l2 } else { scaled(l2, std[j] * std[j]) };
            }
            products.push(value);
        }
    }
    let means: Vec<f64> = (0..width).map(|j| scaled(moments.mean_of(j), std[j])).collect();
    let mut right: Vec<f64> = (0..width).map(|j| scaled(moments.mean(j, label), std[j] * scale)).collect();
    if settings.fit_intercept {
        products.extend(&means);
        products.push(1.0);
        right.push(mean_label / scale);
    }
    let equations = Equations {
        products,
        right,
        means,
        label: mean_label / scale,
        square: moments.mean(label, label) / (scale * scale),
        order,
        settings,
    };
    let exact = if l1 == 0.0 { Cholesky::new(equations.products.clone(), order) } else { None };
    let (solution, history, inverse) = match exact {
        Some(cholesky) => (cholesky.solve(&equations.right), vec![0.0], Some(cholesky.inverse())),
        None => {
            let weights: Vec<f64> = std
                .iter()
                .map(|std| if settings.standardization { l1 } else { scaled(l1, *std) })
                .chain(settings.fit_intercept.then_some(0.0))
                .collect();
            let (x, history) = equations.minimise(executor, (l1 != 0.0).then_some(&weights))?;
            (x, history, None)
        }
    };
    let coefficients = (0..width).map(|j| if std[j] == 0.0 { 0.0 } else { solution[j] * (scale / std[j]) }).collect();
    let intercept = if settings.fit_intercept { solution[width] * scale } else { 0.0 };
    let inverse_diagonal = inverse.map(|inverse| {
        (0..order)
            .map(|j| {
                let multiplier = if j == width { 1.0 } else { std[j] * std[j] };
                inverse[j + j * (j + 1) / 2] / (moments.weight() * multiplier)
            })
            .collect()
    });
    Ok(Fitted { coefficients, intercept, scale: 1.0, objective_history: history, inverse_diagonal })
}

/// `A x = b` in standardised units, of which the intercept is the last.
struct Equations<'a> {
    products: Vec<f64>,
    right: Vec<f64>,
    means: Vec<f64>,
    label: f64,
    square: f64,
    order: usize,
    settings: &'a Settings,
}

impl Equations<'_> {
    /// `½ b² - bᵀx + ½ xᵀA x` and the penalties, by L-BFGS; at every point the intercept is the best for the coefficients.
    fn minimise(&self, executor: &Executor, l1: Option<&[f64]>) -> Result<(Vec<f64>, Vec<f64>)> {
        let width = self.means.len();
        let intercept = |x: &mut [f64]| {
            if self.settings.fit_intercept {
                x[width] = self.label - dot(&x[..width], &self.means);
            }
        };
        let mut start = vec![0.0; self.order];
        if self.settings.fit_intercept {
            start[width] = self.label;
        }
        let mut end = Lbfgs::new(self.settings.max_iter, self.settings.tol).minimize(
            |x, gradient| {
                let mut x = x.to_vec();
                intercept(&mut x);
                for j in 0..self.order {
                    let column = &self.products[j * (j + 1) / 2..=j + j * (j + 1) / 2];
                    gradient[j] += dot(column, &x[..=j]);
                    axpy(x[j], &column[..j], &mut gradient[..j]);
                }
                let value = 0.5 * self.square - dot(&self.right, &x) + 0.5 * dot(&x, gradient);
                axpy(-1.0, &self.right, gradient);
                Ok(value)
            },
            start,
            l1,
            |iteration| executor.step("LinearRegression", iteration as u64, self.settings.max_iter as u64),
        )?;
        intercept(&mut end.x);
        Ok((end.x, end.history))
    }
}
