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
pub use model::KMeansModel;

/// Lloyd's algorithm alone, on rows instead of a frame: from these centres, `max_iter` times or until none moves more than `tol`; gives the
/// centres and the number of iterations.
///
/// # Errors
/// When Stop was pressed.
pub fn lloyd(
    executor: &kindling_partition::Executor,
    partitions: &[crate::task::Task<'_>],
    start: Vec<f64>,
    width: usize,
    max_iter: usize,
    tol: f64,
) -> kindling_partition::Result<(Vec<f64>, usize)> {
    let clustered = lloyd::lloyd(executor, partitions, start, width, lloyd::Settings { max_iter, tol, spherical: false })?;
    Ok((clustered.centers, clustered.iterations))
}

/// The centres of numbers by k-means with Spark's defaults and seed 0.
pub(super) fn of_numbers(
    executor: &kindling_partition::Executor,
    partitions: &[crate::task::Task<'_>],
    k: usize,
    max_iter: usize,
) -> kindling_partition::Result<Vec<f64>> {
    let start = init::parallel(executor, partitions, k, 2, 0, init::Measure::Euclidean)?;
    let settings = lloyd::Settings { max_iter, tol: 1e-4, spherical: false };
    Ok(lloyd::lloyd(executor, partitions, start, 1, settings)?.centers)
}
