//! `pyspark.ml.classification`.

mod decision_tree;
mod fitted;
mod fm_classifier;
mod gbt;
mod linear_svc;
mod logistic_regression;
mod multilayer_perceptron;
mod naive_bayes;
mod one_vs_rest;
mod probabilistic;
mod random_forest;
mod summary;

pub use decision_tree::{
    DECISION_TREE_CLASSIFICATION_MODEL, DECISION_TREE_CLASSIFIER, DecisionTreeClassificationModel, DecisionTreeClassifier,
};
pub use fm_classifier::{FM_CLASSIFICATION_MODEL, FM_CLASSIFIER, FmClassifier};
pub use gbt::{GBT_CLASSIFICATION_MODEL, GBT_CLASSIFIER, GbtClassificationModel, GbtClassifier};
pub use linear_svc::{LINEAR_SVC, LINEAR_SVC_MODEL, LinearSvc};
pub use logistic_regression::numerics as logistic;
pub use logistic_regression::{LOGISTIC_REGRESSION, LOGISTIC_REGRESSION_MODEL, LogisticRegression, LogisticRegressionModel};
pub use multilayer_perceptron::{
    MULTILAYER_PERCEPTRON_CLASSIFICATION_MODEL, MULTILAYER_PERCEPTRON_CLASSIFIER, MultilayerPerceptronClassifier,
};
pub use naive_bayes::{NAIVE_BAYES, NAIVE_BAYES_MODEL, NaiveBayes};
pub use one_vs_rest::{ONE_VS_REST, ONE_VS_REST_MODEL, OneVsRest, OneVsRestModel, one_vs_rest_model};
pub(crate) use probabilistic::vector_argument;
pub use random_forest::{
    RANDOM_FOREST_CLASSIFICATION_MODEL, RANDOM_FOREST_CLASSIFIER, RandomForestClassificationModel, RandomForestClassifier,
};
pub use summary::{
    BINARY_LOGISTIC_REGRESSION_SUMMARY, BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY, BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY, ClassificationSummary, FM_CLASSIFICATION_SUMMARY,
    FM_CLASSIFICATION_TRAINING_SUMMARY, LINEAR_SVC_SUMMARY, LINEAR_SVC_TRAINING_SUMMARY, LOGISTIC_REGRESSION_SUMMARY,
    LOGISTIC_REGRESSION_TRAINING_SUMMARY, MULTILAYER_PERCEPTRON_CLASSIFICATION_SUMMARY,
    MULTILAYER_PERCEPTRON_CLASSIFICATION_TRAINING_SUMMARY, RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
};
