//! Latent Dirichlet allocation (Blei, Ng and Jordan, JMLR 2003) as in `org.apache.spark.ml.clustering.LDA`.
//!
//! Topics of the `online` optimiser, and everything that a `LocalLDAModel` says, are Spark's for the same seed and partitions. A
//! `DistributedLDAModel` (optimiser `em`) starts inference for `transform`, `logLikelihood` and `logPerplexity` from a seed that Spark draws
//! anew each time; here it is that of a local model, so that those agree with Spark's only as far as inference converges.

mod declare;
mod em;
mod estimator;
mod inference;
mod model;
mod online;
mod random;
mod saved;

pub use declare::{DISTRIBUTED_LDA_MODEL, LDA, LOCAL_LDA_MODEL};
pub use estimator::Lda;
pub use model::LdaModel;
