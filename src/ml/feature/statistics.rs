//! What the scalers learn of each feature (`org.apache.spark.ml.stat.Summarizer`; partitions are joined as in Chan, Golub and LeVeque, 1979).

use kindling_frame::{DataFrame, VectorColumn};
use kindling_linalg::{Gram, VectorRef, kernels};
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
        each_strip(executor, rows, CHUNK, |strip| kernels::add_ranges(strip, &origin, mean, min, max))?;
        for (mean, origin) in mean.iter_mut().zip(&origin) {
            *mean = origin + *mean / rows.len() as f64;
        }
        each_strip(executor, rows, CHUNK, |strip| kernels::add_squares(strip, mean, squares))?;
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
/// One pass adds up products and means around a point among the rows, and the means are taken out of the products at the end. The point
/// being the mean of a sample, little is lost by that.
///
/// # Errors
/// When there are too many features, or too many for the memory that is free.
pub(crate) fn covariances(executor: &Executor, blocks: &[Rows]) -> Result<Vec<f64>> {
    let size = blocks.first().map_or(0, Rows::width);
    if size > MOST_COLUMNS {
        return Err(Error::illegal_argument(format!("Argument with more than {MOST_COLUMNS} cols: {size}")));
    }
    let bytes = (size * size) as u64 * (16 + 4 * blocks.len() as u64);
    executor.ask(&format!("The covariances of {size} features"), bytes, "Choose fewer features first: with a selector, or by hashing.")?;
    let origin = middle(blocks, size);
    let ones = vec![1.0; CHUNK];
    let strip_rows = (CHUNK * 16 / (size * size).max(1)).clamp(64, CHUNK);
    let parts = executor.map("covariances", blocks, |_, rows| {
        let mut gram = Gram::new(size + 1);
        each_strip(executor, rows, strip_rows, |strip| gram.add_rows(strip, &origin, &[&ones[..strip.len() / size.max(1)]]))?;
        Ok(gram.finish())
    })?;
    let at = |i: usize, j: usize| i.min(j) + i.max(j) * (i.max(j) + 1) / 2;
    let sum = |place: usize| parts.iter().map(|part| part[place]).sum::<f64>();
    let sums: Vec<f64> = (0..=size).map(|i| sum(at(i, size))).collect();
    let count = sums[size];
    let mut matrix = vec![0.0; size * size];
    for j in 0..size {
        for i in 0..=j {
            let value = (sum(at(i, j)) - sums[i] * (sums[j] / count)) / (count - 1.0);
            (matrix[i + j * size], matrix[j + i * size]) = (value, value);
        }
    }
    Ok(matrix)
}

/// The mean of some thousand rows; of a constant feature exactly its value.
fn middle(blocks: &[Rows], size: usize) -> Vec<f64> {
    let Some(first) = blocks.iter().flat_map(Rows::iter).next() else { return vec![0.0; size] };
    let (first, rows) = (first.to_dense(), blocks.iter().map(Rows::len).sum::<usize>());
    let (mut sums, mut dense, mut count) = (vec![0.0; size], vec![0.0; size], 0.0);
    for block in blocks {
        for row in (0..block.len()).step_by(rows.div_ceil(1024)) {
            let values = dense_row(block, row, &mut dense);
            sums.iter_mut().zip(values).zip(&first).for_each(|((sum, value), first)| *sum += value - first);
            count += 1.0;
        }
    }
    sums.iter().zip(&first).map(|(sum, first)| first + sum / count).collect()
}

/// Calls `take` with strip after strip of so many rows, the last of fewer, as row-major blocks.
fn each_strip(executor: &Executor, rows: &Rows, strip_rows: usize, mut take: impl FnMut(&[f64])) -> Result<()> {
    let width = rows.width().max(1);
    if let Some(values) = rows.dense() {
        for strip in values.chunks(strip_rows * width) {
            executor.check()?;
            take(strip);
        }
        return Ok(());
    }
    let mut strip = vec![0.0; rows.len().min(64) * width];
    for start in (0..rows.len()).step_by(64) {
        executor.check()?;
        let count = (rows.len() - start).min(64);
        strip.chunks_exact_mut(width).take(count).enumerate().for_each(|(i, out)| rows.row(start + i).write_dense(out));
        take(&strip[..count * width]);
    }
    Ok(())
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
