//! Every class of `pyspark.ml` that Kindling has, one line each.

use crate::stage::StageDecl;
use crate::{classification, clustering, regression};

/// All declared classes, by module.
pub fn registry() -> &'static [&'static StageDecl] {
    REGISTRY
}

/// The class of this name.
pub fn find(name: &str) -> Option<&'static StageDecl> {
    REGISTRY.iter().copied().find(|decl| decl.name == name)
}

static REGISTRY: &[&StageDecl] = &[
    &classification::DECISION_TREE_CLASSIFIER,
    &classification::DECISION_TREE_CLASSIFICATION_MODEL,
    &classification::LOGISTIC_REGRESSION,
    &classification::LOGISTIC_REGRESSION_MODEL,
    &classification::LOGISTIC_REGRESSION_SUMMARY,
    &classification::LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    &classification::BINARY_LOGISTIC_REGRESSION_SUMMARY,
    &classification::BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    &classification::RANDOM_FOREST_CLASSIFIER,
    &classification::RANDOM_FOREST_CLASSIFICATION_MODEL,
    &classification::RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    &classification::RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    &classification::BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    &classification::BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    &clustering::KMEANS,
    &clustering::KMEANS_MODEL,
    &clustering::KMEANS_SUMMARY,
    &regression::DECISION_TREE_REGRESSOR,
    &regression::DECISION_TREE_REGRESSION_MODEL,
    &regression::LINEAR_REGRESSION,
    &regression::LINEAR_REGRESSION_MODEL,
    &regression::LINEAR_REGRESSION_SUMMARY,
    &regression::LINEAR_REGRESSION_TRAINING_SUMMARY,
    &regression::RANDOM_FOREST_REGRESSOR,
    &regression::RANDOM_FOREST_REGRESSION_MODEL,
];
