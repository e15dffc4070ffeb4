//! Logistic regression, binomial and multinomial.

mod bounds;
mod declare;
mod estimator;
mod fit;
mod model;
mod objective;

#[cfg(test)]
mod tests;

pub(crate) use estimator::histogram;
pub(crate) use objective::{L2, Objective};

pub use declare::{LOGISTIC_REGRESSION, LOGISTIC_REGRESSION_MODEL};
pub use estimator::LogisticRegression;
pub use model::LogisticRegressionModel;

/// The fit alone, on rows instead of a frame.
pub mod numerics {
    pub use super::bounds::Bounds;
    pub use super::fit::{Fitted, Settings, fit};
}
