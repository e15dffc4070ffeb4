//! `pyspark.ml.fpm`.

mod growth;
mod items;
mod mine;
mod model;
mod prefix_span;
mod rules;
mod span;
#[cfg(test)]
mod tests;

pub use growth::{FP_GROWTH, FpGrowth};
pub use model::{FP_GROWTH_MODEL, FpGrowthModel};
pub use prefix_span::PREFIX_SPAN;
