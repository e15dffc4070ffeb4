//! Linear regression: least squares and the Huber loss, with elastic net.

mod declare;
mod estimator;
mod huber;
mod iterative;
mod least_squares;
mod model;
mod normal;
mod student_t;
mod summary;
#[cfg(test)]
mod tests;

pub use declare::{LINEAR_REGRESSION, LINEAR_REGRESSION_MODEL};
pub use estimator::LinearRegression;
pub use model::LinearRegressionModel;
pub use summary::{LINEAR_REGRESSION_SUMMARY, LINEAR_REGRESSION_TRAINING_SUMMARY, LinearRegressionSummary};
