//! The training features as bins: bytes, or two of them where a feature has more than 256, stored twice. Histograms read them row by row, the
//! partition of rows column by column.

use std::sync::{Mutex, PoisonError};

use kindling_partition::{Executor, Result};

use super::cuts::{Cuts, cuts};
use super::data::Table;

/// Rows that one task bins.
const ROWS: usize = 4096;

/// One more than the last bin of a feature stands for a missing value.
#[derive(Debug)]
pub(super) struct Matrix {
    pub cuts: Cuts,
    pub rows: usize,
    /// Where in a histogram each feature's bins begin; one place for missing values behind them.
    pub starts: Vec<usize>,
    pub bins: Bins,
}

#[derive(Debug)]
pub(super) enum Bins {
    Bytes(Layout<u8>),
    Words(Layout<u16>),
}

#[derive(Debug)]
pub(super) struct Layout<T> {
    /// The bins of each row, one after the other, with room for whole groups of four.
    pub by_row: Vec<T>,
    pub stride: usize,
    pub by_column: Vec<Vec<T>>,
}

/// What a bin is stored as.
pub(super) trait Bin: Copy + Default + Send + Sync {
    fn index(self) -> usize;
    fn of(index: usize) -> Self;
}

impl Bin for u8 {
    #[inline]
    fn index(self) -> usize {
        usize::from(self)
    }

    fn of(index: usize) -> Self {
        index as Self
    }
}

impl Bin for u16 {
    #[inline]
    fn index(self) -> usize {
        usize::from(self)
    }

    fn of(index: usize) -> Self {
        index as Self
    }
}

impl Matrix {
    /// Cuts each feature into at most `max_bin` bins and stores the bin of each value.
    ///
    /// # Errors
    /// When there isn't memory enough, and when Stop was pressed.
    pub fn new(executor: &Executor, table: &Table, weights: Option<&[f32]>, max_bin: usize) -> Result<Self> {
        let (rows, features) = (table.rows, table.width);
        let bytes = 2 * rows.saturating_mul(features.next_multiple_of(4)).saturating_mul(if max_bin > 255 { 2 } else { 1 });
        executor.ask("The bins of the features", bytes, "Train on fewer rows (sample) or fewer features (a selector).")?;
        let found = executor.range("quantiles of the features", features, |feature| {
            let mut values = Vec::with_capacity(rows);
            let mut present = 0;
            for (row, value) in table.column(feature).enumerate() {
                if row % 65_536 == 0 {
                    executor.check()?;
                }
                if !value.is_nan() {
                    present += 1;
                    values.push((value, weights.map_or(1.0, |weights| weights[row])));
                }
            }
            Ok((cuts(present, max_bin, values.into_iter()), present < rows))
        })?;
        let narrow = found.iter().all(|(cuts, missing)| cuts.values.len() + usize::from(*missing) <= 256);
        let cuts = Cuts::of(found.into_iter().map(|(cuts, _)| cuts).collect());
        let starts = (0..=features).map(|f| cuts.ptrs[f] + f).collect();
        let bins = if narrow { Bins::Bytes(layout(executor, table, &cuts)?) } else { Bins::Words(layout(executor, table, &cuts)?) };
        Ok(Self { cuts, rows, starts, bins })
    }

    /// The number of places in a histogram.
    pub fn places(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }
}

fn layout<T: Bin>(executor: &Executor, table: &Table, cuts: &Cuts) -> Result<Layout<T>> {
    let (rows, features) = (table.rows, table.width);
    // A row of few features never lies in two lines of the cache.
    let stride = if features <= 32 { features.next_power_of_two().max(4) } else { features.next_multiple_of(16) };
    let mut by_row = vec![T::default(); rows * stride];
    {
        let tasks: Vec<(usize, Mutex<&mut [T]>)> =
            by_row.chunks_mut((ROWS * stride).max(1)).enumerate().map(|(i, chunk)| (i * ROWS, Mutex::new(chunk))).collect();
        executor.map("bins of the features", &tasks, |_, (first, chunk)| {
            let mut chunk = chunk.lock().unwrap_or_else(PoisonError::into_inner);
            for (i, row) in chunk.chunks_exact_mut(stride).enumerate() {
                if i % 256 == 0 {
                    executor.check()?;
                }
                for (feature, (bin, value)) in row.iter_mut().zip(table.row(first + i)).enumerate() {
                    let cuts = cuts.of_feature(feature);
                    let at = if value.is_nan() { cuts.len() } else { cuts.partition_point(|cut| cut <= value).min(cuts.len() - 1) };
                    *bin = T::of(at);
                }
            }
            Ok(())
        })?;
    }
    let by_column = executor.range("columns of bins", features, |feature| {
        executor.check()?;
        Ok(by_row.chunks_exact(stride).map(|row| row[feature]).collect::<Vec<T>>())
    })?;
    Ok(Layout { by_row, stride, by_column })
}
