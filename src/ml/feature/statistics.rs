//! What the scalers learn of each feature (`org.apache.spark.ml.stat.Summarizer`; partitions are joined as in Chan, Golub and LeVeque, 1979).

use kindling_frame::{DataFrame, VectorColumn};
use kindling_linalg::{Gram, VectorRef};
use kindling_partition::{Error, Executor, Result};

use super::columns::CHUNK;
use crate::dataset::Rows;

/// Mean, spread and range of each feature.
#[derive(Clone, Debug)]
pub(crate) struct Statistics {
    count: usize,
    pub mean: Vec<f64>,
    /// Sums of squared deviations from the mean.
    squares: Vec<f64>,
    pub min: Vec<f64>,
    pub max: Vec<f64>,
}

impl Statistics {
    fn new(width: usize) -> Self {
        let zeros = || vec![0.0; width];
        Self { count: 0, mean: zeros(), squares: zeros(), min: vec![f64::MAX; width], max: vec![-f64::MAX; width] }
    }

    /// Reads a column of vectors; NaNs go into mean and spread, as in Spark, and not into the range.
    ///
    /// # Errors
    /// When there is no row, a vector is null, or vectors are of different sizes.
    pub fn of(data: &DataFrame, input: &str) -> Result<Self> {
        Self::of_blocks(data.session().executor(), &blocks(data, input)?)
    }

    pub fn of_blocks(executor: &Executor, blocks: &[Rows]) -> Result<Self> {
        let width = blocks.first().map_or(0, Rows::width);
        executor.aggregate(
            "feature statistics",
            blocks,
            || Self::new(width),
            |_, _, rows| Self::of_rows(executor, rows, width),
            |a, b| a.join(&b),
        )
    }

    /// The mean first and the deviations from it after: what rounding leaves is far smaller than in one running pass. Sums run around the
    /// first row, so that a constant feature has a deviation of exactly zero.
    fn of_rows(executor: &Executor, rows: &Rows, width: usize) -> Result<Self> {
        let mut statistics = Self { count: rows.len(), ..Self::new(width) };
        if rows.is_empty() {
            return Ok(statistics);
        }
        let Self { mean, squares, min, max, .. } = &mut statistics;
        let origin = rows.row(0).to_dense();
        let mut dense = vec![0.0; width];
        for row in 0..rows.len() {
            if row % CHUNK == 0 {
                executor.check()?;
            }
            for (j, value) in dense_row(rows, row, &mut dense).iter().enumerate() {
                mean[j] += value - origin[j];
                min[j] = if *value < min[j] { *value } else { min[j] };
                max[j] = if *value > max[j] { *value } else { max[j] };
            }
        }
        for (mean, origin) in mean.iter_mut().zip(&origin) {
            *mean = origin + *mean / rows.len() as f64;
        }
        for row in 0..rows.len() {
            if row % CHUNK == 0 {
                executor.check()?;
            }
            for (j, value) in dense_row(rows, row, &mut dense).iter().enumerate() {
                squares[j] += (value - mean[j]) * (value - mean[j]);
            }
        }
        Ok(statistics)
    }

    fn join(mut self, other: &Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other.clone() } else { self };
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let total = a + b;
        for j in 0..self.mean.len() {
            let delta = other.mean[j] - self.mean[j];
            self.mean[j] += delta * (b / total);
            self.squares[j] += other.squares[j] + delta * delta * (a * b / total);
            self.min[j] = self.min[j].min(other.min[j]);
            self.max[j] = self.max[j].max(other.max[j]);
        }
        self.count += other.count;
        self
    }

    /// The square roots of the variances.
    pub fn std(&self) -> Vec<f64> {
        self.variance().into_iter().map(f64::sqrt).collect()
    }

    /// The unbiased variances; zero for a single row.
    pub fn variance(&self) -> Vec<f64> {
        let denominator = self.count as f64 - 1.0;
        self.squares.iter().map(|squares| if denominator > 0.0 { squares / denominator } else { 0.0 }).collect()
    }

    pub fn count(&self) -> usize {
        self.count
    }
}

/// The partitions of a column of vectors.
///
/// # Errors
/// When there is no row, a vector is null, or vectors are of different sizes.
pub(crate) fn blocks(data: &DataFrame, input: &str) -> Result<Vec<Rows>> {
    let batches = data.select(&[data.col(input)?])?.partitions()?;
    let width = batches.iter().find_map(|batch| VectorColumn::new(&batch.columns[0]).ok()?.size());
    let Some(width) = width else {
        return Err(Error::runtime(format!("The data set is empty: column {input} has no vector.")));
    };
    data.session().executor().map("read features", &batches, |_, batch| Rows::read(&batch.columns[0], width))
}

/// More columns' covariances don't fit an array in Spark.
const MOST_COLUMNS: usize = 65_535;

/// The covariances of all pairs of features, as a square matrix.
///
/// # Errors
/// When there are too many features, or too many for the memory that is free.
pub(crate) fn covariances(executor: &Executor, blocks: &[Rows], statistics: &Statistics) -> Result<Vec<f64>> {
    let (mean, size) = (&statistics.mean, statistics.mean.len());
    if size > MOST_COLUMNS {
        return Err(Error::illegal_argument(format!("Argument with more than {MOST_COLUMNS} cols: {size}")));
    }
    let bytes = size * size * (16 + 4 * blocks.len());
    executor.ask(&format!("The covariances of {size} features"), bytes, "Choose fewer features first: with a selector, or by hashing.")?;
    let between_checks = (CHUNK * 16 / (size * size).max(1)).max(16);
    let parts = executor.map("covariances", blocks, |_, rows| {
        let mut gram = Gram::new(size);
        let mut dense = vec![0.0; size];
        for row in 0..rows.len() {
            if row % between_checks == 0 {
                executor.check()?;
            }
            gram.add(dense_row(rows, row, &mut dense).iter().zip(mean).map(|(value, mean)| value - mean), 1.0);
        }
        Ok(gram.finish())
    })?;
    let denominator = statistics.count() as f64 - 1.0;
    let at = |i: usize, j: usize| i.min(j) + i.max(j) * (i.max(j) + 1) / 2;
    let packed: Vec<f64> = (0..size * (size + 1) / 2).map(|at| parts.iter().map(|part| part[at]).sum::<f64>() / denominator).collect();
    Ok((0..size * size).map(|place| packed[at(place % size, place / size)]).collect())
}

fn dense_row<'a>(rows: &'a Rows, row: usize, buffer: &'a mut [f64]) -> &'a [f64] {
    match rows.row(row) {
        VectorRef::Dense(values) => values,
        sparse => {
            sparse.write_dense(buffer);
            buffer
        }
    }
}
