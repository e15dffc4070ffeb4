//! `pyspark.ml.feature`

mod bucketizer;
mod columns;
mod imputer;
mod index_to_string;
mod min_max_scaler;
mod one_hot_encoder;
mod standard_scaler;
mod statistics;
mod string_indexer;
#[cfg(test)]
mod tests;
mod vector_assembler;

pub use bucketizer::BUCKETIZER;
pub use imputer::{IMPUTER, IMPUTER_MODEL};
pub use index_to_string::INDEX_TO_STRING;
pub use min_max_scaler::{MIN_MAX_SCALER, MIN_MAX_SCALER_MODEL};
pub use one_hot_encoder::{ONE_HOT_ENCODER, ONE_HOT_ENCODER_MODEL};
pub use standard_scaler::{STANDARD_SCALER, STANDARD_SCALER_MODEL};
pub use string_indexer::{STRING_INDEXER, STRING_INDEXER_MODEL};
pub use vector_assembler::VECTOR_ASSEMBLER;
