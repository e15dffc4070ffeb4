//! Logistic regression, binomial and multinomial.

mod declare;
mod estimator;
mod fit;
mod model;
mod objective;

pub use declare::{LOGISTIC_REGRESSION, LOGISTIC_REGRESSION_MODEL};
pub use estimator::LogisticRegression;
pub use fit::{Fitted, Settings, fit};
pub use model::LogisticRegressionModel;
