//! `pyspark.ml.classification`.

mod logistic_regression;
mod probabilistic;
mod summary;

pub use logistic_regression::{LOGISTIC_REGRESSION, LOGISTIC_REGRESSION_MODEL, LogisticRegression, LogisticRegressionModel};
