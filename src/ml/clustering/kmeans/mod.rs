//! K-means.

mod centers;
mod declare;
mod estimator;
mod init;
mod lloyd;
mod model;
#[cfg(test)]
mod tests;

pub use declare::{KMEANS, KMEANS_MODEL, KMEANS_SUMMARY};
pub use estimator::KMeans;
pub use model::{KMeansModel, KMeansSummary};
