//! `pyspark.ml.classification`.

mod decision_tree;
mod gbt;
mod logistic_regression;
mod naive_bayes;
mod one_vs_rest;
mod probabilistic;
mod random_forest;
mod summary;

pub use decision_tree::{
    DECISION_TREE_CLASSIFICATION_MODEL, DECISION_TREE_CLASSIFIER, DecisionTreeClassificationModel, DecisionTreeClassifier,
};
pub use gbt::{GBT_CLASSIFICATION_MODEL, GBT_CLASSIFIER, GbtClassificationModel, GbtClassifier};
pub use logistic_regression::numerics as logistic;
pub use logistic_regression::{LOGISTIC_REGRESSION, LOGISTIC_REGRESSION_MODEL, LogisticRegression, LogisticRegressionModel};
pub use naive_bayes::{NAIVE_BAYES, NAIVE_BAYES_MODEL, NaiveBayes, NaiveBayesModel};
pub use one_vs_rest::{ONE_VS_REST, ONE_VS_REST_MODEL, OneVsRest, OneVsRestModel};
pub(crate) use probabilistic::vector_argument;
pub use random_forest::{
    RANDOM_FOREST_CLASSIFICATION_MODEL, RANDOM_FOREST_CLASSIFIER, RandomForestClassificationModel, RandomForestClassifier,
};
pub use summary::{
    BINARY_LOGISTIC_REGRESSION_SUMMARY, BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY, BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY, ClassificationSummary, LOGISTIC_REGRESSION_SUMMARY,
    LOGISTIC_REGRESSION_TRAINING_SUMMARY, RANDOM_FOREST_CLASSIFICATION_SUMMARY, RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
};
