//! `pyspark.ml.tuning`: grids, cross-validation and the train-validation split.

mod cross_validator;
mod fit;
mod grid;
mod saved;
#[cfg(test)]
mod tests;
mod train_validation_split;

pub use cross_validator::{CROSS_VALIDATOR, CROSS_VALIDATOR_MODEL};
pub use grid::ParamGridBuilder;
pub use train_validation_split::{TRAIN_VALIDATION_SPLIT, TRAIN_VALIDATION_SPLIT_MODEL};
