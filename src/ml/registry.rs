//! Every class of `pyspark.ml` that Kindling has, one line each.

use crate::stage::StageDecl;
use crate::{evaluation, feature, pipeline, tuning};

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
    &tuning::CROSS_VALIDATOR,
    &tuning::CROSS_VALIDATOR_MODEL,
    &tuning::TRAIN_VALIDATION_SPLIT,
    &tuning::TRAIN_VALIDATION_SPLIT_MODEL,
];
