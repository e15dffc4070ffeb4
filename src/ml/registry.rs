//! Every class of `pyspark.ml` that Kindling has, one line each.

use crate::stage::StageDecl;
use crate::{classification, clustering, evaluation, feature, pipeline, regression, tuning};

/// All declared classes, by module.
pub fn registry() -> &'static [&'static StageDecl] {
    REGISTRY
}

/// The class of this name.
pub fn find(name: &str) -> Option<&'static StageDecl> {
    REGISTRY.iter().copied().find(|decl| decl.name == name)
}

static REGISTRY: &[&StageDecl] = &[
    &pipeline::PIPELINE,
    &pipeline::PIPELINE_MODEL,
    &classification::DECISION_TREE_CLASSIFIER,
    &classification::DECISION_TREE_CLASSIFICATION_MODEL,
    &classification::LOGISTIC_REGRESSION,
    &classification::LOGISTIC_REGRESSION_MODEL,
    &classification::LOGISTIC_REGRESSION_SUMMARY,
    &classification::LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    &classification::BINARY_LOGISTIC_REGRESSION_SUMMARY,
    &classification::BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    &classification::NAIVE_BAYES,
    &classification::NAIVE_BAYES_MODEL,
    &classification::RANDOM_FOREST_CLASSIFIER,
    &classification::RANDOM_FOREST_CLASSIFICATION_MODEL,
    &classification::RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    &classification::RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    &classification::BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    &classification::BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    &clustering::KMEANS,
    &clustering::KMEANS_MODEL,
    &clustering::KMEANS_SUMMARY,
    &evaluation::BINARY_CLASSIFICATION_EVALUATOR,
    &evaluation::CLUSTERING_EVALUATOR,
    &evaluation::MULTICLASS_CLASSIFICATION_EVALUATOR,
    &evaluation::REGRESSION_EVALUATOR,
    &feature::BUCKETIZER,
    &feature::IMPUTER,
    &feature::IMPUTER_MODEL,
    &feature::INDEX_TO_STRING,
    &feature::MIN_MAX_SCALER,
    &feature::MIN_MAX_SCALER_MODEL,
    &feature::ONE_HOT_ENCODER,
    &feature::ONE_HOT_ENCODER_MODEL,
    &feature::STANDARD_SCALER,
    &feature::STANDARD_SCALER_MODEL,
    &feature::STRING_INDEXER,
    &feature::STRING_INDEXER_MODEL,
    &feature::VECTOR_ASSEMBLER,
    &regression::DECISION_TREE_REGRESSOR,
    &regression::DECISION_TREE_REGRESSION_MODEL,
    &regression::LINEAR_REGRESSION,
    &regression::LINEAR_REGRESSION_MODEL,
    &regression::LINEAR_REGRESSION_SUMMARY,
    &regression::LINEAR_REGRESSION_TRAINING_SUMMARY,
    &regression::RANDOM_FOREST_REGRESSOR,
    &regression::RANDOM_FOREST_REGRESSION_MODEL,
    &tuning::CROSS_VALIDATOR,
    &tuning::CROSS_VALIDATOR_MODEL,
    &tuning::TRAIN_VALIDATION_SPLIT,
    &tuning::TRAIN_VALIDATION_SPLIT_MODEL,
];
