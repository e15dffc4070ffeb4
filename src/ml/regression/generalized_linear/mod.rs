//! Generalized linear regression: families, links, and iteratively reweighted least squares.

mod declare;
mod estimator;
mod family;
mod irls;
mod model;
mod normal_distribution;
mod summary;

pub use declare::{GENERALIZED_LINEAR_REGRESSION, GENERALIZED_LINEAR_REGRESSION_MODEL};
pub use estimator::GeneralizedLinearRegression;
pub use model::GeneralizedLinearRegressionModel;
pub use summary::{
    GENERALIZED_LINEAR_REGRESSION_SUMMARY, GENERALIZED_LINEAR_REGRESSION_TRAINING_SUMMARY, GeneralizedLinearRegressionSummary,
};
