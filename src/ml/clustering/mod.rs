//! `pyspark.ml.clustering`.

mod kmeans;

pub use kmeans::{KMEANS, KMEANS_MODEL, KMEANS_SUMMARY, KMeans, KMeansModel, KMeansSummary, lloyd};
