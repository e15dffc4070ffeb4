//! `xgboost.spark`: gradient boosting as XGBoost does it, with an engine of Kindling's own.
//!
//! The algorithm is XGBoost's `hist` (Chen and Guestrin, *XGBoost: A Scalable Tree Boosting System*, 2016): `cuts` bins the features by
//! quantiles, `grow` grows trees level by level on `histogram`s of gradients, `split` finds splits with a default side for missing values,
//! `train` goes round after round. Trees, predictions and model files are those of XGBoost 3.2 with one worker (`num_workers` changes nothing:
//! the threads of the page share each tree); but see `sample` for what is drawn at random.

mod booster;
mod cuts;
mod data;
mod dump;
mod estimator;
mod grow;
mod handle;
mod histogram;
mod json;
mod matrix;
mod metric;
mod model;
mod objective;
mod params;
mod rank;
mod sample;
mod split;
#[cfg(test)]
mod tests;
mod train;
mod tree;

pub use estimator::{SPARK_XGB_CLASSIFIER, SPARK_XGB_RANKER, SPARK_XGB_REGRESSOR};
pub use handle::BOOSTER;
pub use model::{SPARK_XGB_CLASSIFIER_MODEL, SPARK_XGB_RANKER_MODEL, SPARK_XGB_REGRESSOR_MODEL, XGBOOST_TRAINING_SUMMARY};
