//! `pyspark.ml.evaluation`: evaluators, and the metrics and curves behind them, which summaries and charts use too.

mod arrays;
mod binary;
mod binary_curve;
mod clustering;
mod multiclass;
mod multiclass_metrics;
mod multilabel;
mod ranking;
mod read;
mod regression;
mod regression_metrics;
#[cfg(test)]
mod tests;

pub use binary::BINARY_CLASSIFICATION_EVALUATOR;
pub use binary_curve::{BinaryCurve, CurveCounts, Scored};
pub use clustering::CLUSTERING_EVALUATOR;
pub use multiclass::MULTICLASS_CLASSIFICATION_EVALUATOR;
pub use multiclass_metrics::{MulticlassMetrics, Predicted, log_loss};
pub use multilabel::MULTILABEL_CLASSIFICATION_EVALUATOR;
pub use ranking::RANKING_EVALUATOR;
pub use regression::REGRESSION_EVALUATOR;
pub use regression_metrics::{Observed, RegressionMetrics};
