//! `pyspark.ml.recommendation`.

mod als;
mod blocks;
mod factorize;
mod model;
mod nnls;
mod recommend;
#[cfg(test)]
mod tests;

pub use als::{ALS, Als};
pub use model::{ALS_MODEL, AlsModel};
