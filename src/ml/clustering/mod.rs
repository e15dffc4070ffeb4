//! `pyspark.ml.clustering`.

mod bisecting_kmeans;
mod gaussian_mixture;
mod kmeans;
mod lda;
mod power_iteration;
#[cfg(test)]
mod reference;
mod sample;
mod summary;

pub use bisecting_kmeans::{BISECTING_KMEANS, BISECTING_KMEANS_MODEL, BISECTING_KMEANS_SUMMARY, BisectingKMeans, BisectingKMeansModel};
pub use gaussian_mixture::{GAUSSIAN_MIXTURE, GAUSSIAN_MIXTURE_MODEL, GAUSSIAN_MIXTURE_SUMMARY, GaussianMixture, GaussianMixtureModel};
pub use kmeans::{KMEANS, KMEANS_MODEL, KMEANS_SUMMARY, KMeans, KMeansModel, lloyd};
pub use lda::{DISTRIBUTED_LDA_MODEL, LDA, LOCAL_LDA_MODEL, Lda, LdaModel};
pub use power_iteration::{POWER_ITERATION_CLUSTERING, PowerIterationClustering};
pub use summary::ClusteringSummary;
