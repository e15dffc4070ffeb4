//! `pyspark.ml.regression`.

mod decision_tree;
mod gbt;
mod linear_regression;
mod random_forest;
mod regressor;

pub use decision_tree::{DECISION_TREE_REGRESSION_MODEL, DECISION_TREE_REGRESSOR, DecisionTreeRegressionModel, DecisionTreeRegressor};
pub use gbt::{GBT_REGRESSION_MODEL, GBT_REGRESSOR, GbtRegressionModel, GbtRegressor};
pub use linear_regression::{
    LINEAR_REGRESSION, LINEAR_REGRESSION_MODEL, LINEAR_REGRESSION_SUMMARY, LINEAR_REGRESSION_TRAINING_SUMMARY, LinearRegression,
    LinearRegressionModel, LinearRegressionSummary, least_squares,
};
pub use random_forest::{RANDOM_FOREST_REGRESSION_MODEL, RANDOM_FOREST_REGRESSOR, RandomForestRegressionModel, RandomForestRegressor};
