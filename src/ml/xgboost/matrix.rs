//! The training features as bins: bytes, or two of them where a feature has more than 256, stored twice. Histograms read them row by row, the
//! partition of rows column by column.

use std::simd::cmp::SimdPartialOrd;
use std::simd::f32x4;
use std::simd::num::SimdInt;
use std::sync::{Mutex, PoisonError};

use kindling_partition::{Executor, Result};

use super::cuts::{Cuts, cuts};
use super::data::Table;

/// Rows that one task bins.
const ROWS: usize = 2048;
/// Rows that stay together while a tree grows: each node has its own of each block.
pub(super) const BLOCK: usize = 16_384;

/// One more than the last bin of a feature stands for a missing value.
#[derive(Debug)]
pub(super) struct Matrix {
    pub cuts: Cuts,
    pub rows: usize,
    /// Where in a histogram each feature's bins begin, one place for missing values behind them; as many features as make whole groups of four,
    /// those that aren't there with one place.
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
    /// The bins of each row, four times four together, one row after the other.
    pub by_row: Vec<[[T; 4]; 4]>,
    /// Sixteens of a row.
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
        let bytes = 2 * rows as u64 * features.next_multiple_of(16) as u64 * if max_bin > 255 { 2 } else { 1 };
        executor.ask("The bins of the features", bytes, "Train on fewer rows (sample) or fewer features (a selector).")?;
        let found = executor.range("quantiles of the features", features, |feature| {
            executor.check()?;
            let values = table.column(feature);
            let missing = values.iter().any(|value| value.is_nan());
            Ok((cuts(max_bin, &values, weights), missing))
        })?;
        let narrow = found.iter().all(|(cuts, missing)| cuts.values.len() + usize::from(*missing) <= 256);
        let cuts = Cuts::of(found.into_iter().map(|(cuts, _)| cuts).collect());
        let starts = (0..=features.next_multiple_of(4)).map(|f| cuts.ptrs[f.min(features)] + f).collect();
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
    let stride = features.div_ceil(16);
    let mut by_row = vec![[[T::default(); 4]; 4]; rows * stride];
    let mut by_column = vec![vec![T::default(); rows]; features];
    {
        let mut columns: Vec<_> = by_column.iter_mut().map(|column| column.chunks_mut(ROWS)).collect();
        let chunks = by_row.chunks_mut((ROWS * stride).max(1));
        let tasks: Vec<_> =
            chunks.map(|chunk| Mutex::new((chunk, columns.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()))).collect();
        executor.map("bins of the features", &tasks, |i, task| {
            executor.check()?;
            let (by_row, by_column) = &mut *task.lock().unwrap_or_else(PoisonError::into_inner);
            let values = table.rows_from(i * ROWS);
            for (feature, column) in by_column.iter_mut().enumerate() {
                find_bins(cuts.of_feature(feature), values, feature, table.width, column);
                for (row, bin) in by_row.chunks_exact_mut(stride).zip(column.iter()) {
                    row[feature / 16][feature / 4 % 4][feature % 4] = *bin;
                }
            }
            Ok(())
        })?;
    }
    Ok(Layout { by_row, stride, by_column })
}

/// The bins of one feature's values, those from `feature` on each `width` apart: how many cuts each isn't under, or the place behind all bins
/// for a missing one. The last cut is above every value of a row that counts.
#[inline(never)]
#[optimize(speed)]
fn find_bins<T: Bin>(cuts: &[f32], values: &[f32], feature: usize, width: usize, bins: &mut [T]) {
    let last = cuts.len() - 1;
    let values = values.chunks(width).map(|row| row[feature]);
    if cuts.len() > 256 {
        for (value, bin) in values.zip(bins) {
            *bin = T::of(if value.is_nan() { cuts.len() } else { cuts.partition_point(|cut| *cut <= value).min(last) });
        }
        return;
    }
    // Sixteen times sixteen cuts, and the last of each sixteen: each value is compared with those, and with the sixteen that it falls among.
    let mut all = [[f32::INFINITY; 16]; 16];
    all.as_flattened_mut()[..cuts.len()].copy_from_slice(cuts);
    let ends = all.map(|sixteen| sixteen[15]);
    let under = |sixteen: &[f32; 16], value: f32x4| {
        let (fours, _) = sixteen.as_chunks::<4>();
        let count = |four: &[f32; 4]| f32x4::from_array(*four).simd_le(value).to_simd();
        (-((count(&fours[0]) + count(&fours[1])) + (count(&fours[2]) + count(&fours[3]))).reduce_sum()) as usize
    };
    for (value, bin) in values.zip(bins) {
        let four = f32x4::splat(value);
        let sixteen = under(&ends, four).min(15);
        let found = 16 * sixteen + under(&all[sixteen], four);
        *bin = T::of(if value.is_nan() { cuts.len() } else { found.min(last) });
    }
}
