//! Bisecting k-means (Steinbach, Karypis and Kumar, "A comparison of document clustering techniques", 2000) as in
//! `org.apache.spark.mllib.clustering.BisectingKMeans`.

mod declare;
mod distance;
mod estimator;
mod model;
mod tree;

pub use declare::{BISECTING_KMEANS, BISECTING_KMEANS_MODEL, BISECTING_KMEANS_SUMMARY};
pub use estimator::BisectingKMeans;
pub use model::BisectingKMeansModel;
