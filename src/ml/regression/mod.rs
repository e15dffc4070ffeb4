//! `pyspark.ml.regression`.

mod aft_survival_regression;
mod decision_tree;
mod fm_regressor;
mod gbt;
mod generalized_linear;
mod isotonic_regression;
mod linear_regression;
mod random_forest;
mod regressor;

pub use aft_survival_regression::{
    AFT_SURVIVAL_REGRESSION, AFT_SURVIVAL_REGRESSION_MODEL, AftSurvivalRegression, AftSurvivalRegressionModel,
};
pub use decision_tree::{DECISION_TREE_REGRESSION_MODEL, DECISION_TREE_REGRESSOR, DecisionTreeRegressionModel, DecisionTreeRegressor};
pub use fm_regressor::{FM_REGRESSION_MODEL, FM_REGRESSOR, FmRegressionModel, FmRegressor};
pub use gbt::{GBT_REGRESSION_MODEL, GBT_REGRESSOR, GbtRegressionModel, GbtRegressor};
pub use generalized_linear::{
    GENERALIZED_LINEAR_REGRESSION, GENERALIZED_LINEAR_REGRESSION_MODEL, GENERALIZED_LINEAR_REGRESSION_SUMMARY,
    GENERALIZED_LINEAR_REGRESSION_TRAINING_SUMMARY, GeneralizedLinearRegression, GeneralizedLinearRegressionModel,
    GeneralizedLinearRegressionSummary,
};
pub use isotonic_regression::{ISOTONIC_REGRESSION, ISOTONIC_REGRESSION_MODEL, IsotonicRegression, IsotonicRegressionModel};
pub use linear_regression::{
    LINEAR_REGRESSION, LINEAR_REGRESSION_MODEL, LINEAR_REGRESSION_SUMMARY, LINEAR_REGRESSION_TRAINING_SUMMARY, LinearRegression,
    LinearRegressionModel, LinearRegressionSummary, least_squares,
};
pub use random_forest::{RANDOM_FOREST_REGRESSION_MODEL, RANDOM_FOREST_REGRESSOR, RandomForestRegressionModel, RandomForestRegressor};
