//! Linear regression: least squares and the Huber loss, with elastic net.

mod declare;
mod estimator;
mod fitted;
mod huber;
mod iterative;
mod model;
mod normal;
mod student_t;
mod summary;
#[cfg(test)]
mod tests;

pub(crate) use fitted::{Fitted, Settings};
pub(crate) use iterative::{BLOCK, add_products, add_rows};
pub(crate) use normal::solve;
pub(crate) use student_t::two_sided;

pub use declare::{LINEAR_REGRESSION, LINEAR_REGRESSION_MODEL};
pub use estimator::LinearRegression;
pub use model::LinearRegressionModel;
pub use summary::{LINEAR_REGRESSION_SUMMARY, LINEAR_REGRESSION_TRAINING_SUMMARY, LinearRegressionSummary};

/// Ordinary least squares alone, on rows instead of a frame: coefficients, and last the intercept.
///
/// # Errors
/// When there are too many features, or Stop was pressed.
pub fn least_squares(
    executor: &kindling_partition::Executor,
    partitions: &[crate::task::Task<'_>],
    width: usize,
) -> kindling_partition::Result<Vec<f64>> {
    let settings = fitted::Settings {
        reg_param: 0.0,
        elastic_net_param: 0.0,
        fit_intercept: true,
        standardization: true,
        standardize_label: true,
        max_iter: 100,
        tol: 1e-6,
        epsilon: 1.35,
    };
    let fitted = normal::solve(executor, partitions, width, &settings)?;
    Ok(fitted.coefficients.into_iter().chain([fitted.intercept]).collect())
}
