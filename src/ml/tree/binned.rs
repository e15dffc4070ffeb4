//! Rows as trees see them: a byte (two when there are more than 256 bins) for each feature.

use kindling_partition::{Error, Executor, Result};

use super::strategy::Feature;
use crate::task::Task;

/// The bins of all rows in partition order, row after row: a node of a forest looks at few of its rows and features, which then lie
/// together.
pub(crate) struct Binned {
    pub width: usize,
    pub rows: usize,
    pub bins: Bins,
}

pub(crate) enum Bins {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
}

/// A number that names a bin.
pub(crate) trait Bin: Copy + Send + Sync {
    fn new(bin: usize) -> Self;
    fn get(self) -> usize;
}

impl Bin for u8 {
    fn new(bin: usize) -> Self {
        bin as u8
    }

    #[inline(always)]
    fn get(self) -> usize {
        self.into()
    }
}

impl Bin for u16 {
    fn new(bin: usize) -> Self {
        bin as u16
    }

    #[inline(always)]
    fn get(self) -> usize {
        self.into()
    }
}

impl Binned {
    /// # Errors
    /// When a categorical feature has a value that is none of its categories.
    pub fn new(executor: &Executor, tasks: &[Task<'_>], features: &[Feature]) -> Result<Self> {
        let width = features.len();
        let rows = tasks.iter().map(Task::len).sum();
        let most = features.iter().map(Feature::bins).max().unwrap_or(1);
        let bins = if most <= 256 { Bins::Bytes(bin(executor, tasks, features)?) } else { Bins::Words(bin(executor, tasks, features)?) };
        Ok(Self { width, rows, bins })
    }
}

fn bin<B: Bin>(executor: &Executor, tasks: &[Task<'_>], features: &[Feature]) -> Result<Vec<B>> {
    let parts = executor.map("bin features", tasks, |_, task| {
        let mut bins = Vec::with_capacity(task.len() * features.len());
        let mut row = vec![0.0; features.len()];
        for i in 0..task.len() {
            task.rows.row(i).write_dense(&mut row);
            for (j, (value, feature)) in row.iter().zip(features).enumerate() {
                bins.push(B::new(bin_of(*value, feature).ok_or_else(|| not_a_category(j, *value, feature))?));
            }
        }
        Ok(bins)
    })?;
    Ok(parts.concat())
}

/// The bin of a value; `None` for what is no category.
#[inline]
fn bin_of(value: f64, feature: &Feature) -> Option<usize> {
    match feature {
        Feature::Continuous { thresholds } => {
            // A branchless search: how many thresholds are below the value.
            let mut base = 0;
            let mut size = thresholds.len();
            while size > 1 {
                let half = size / 2;
                base += if thresholds[base + half - 1] < value { half } else { 0 };
                size -= half;
            }
            Some(base + usize::from(size == 1 && thresholds[base] < value))
        }
        Feature::Ordered { arity } | Feature::Unordered { arity } => (value >= 0.0 && value < *arity as f64).then_some(value as usize),
    }
}

fn not_a_category(j: usize, value: f64, feature: &Feature) -> Error {
    Error::illegal_argument(format!(
        "DecisionTree given invalid data: Feature {j} is categorical with values in {{0,...,{}, but a data point gives it value {}.",
        feature.bins() - 1,
        kindling_linalg::number::java_double(value)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_what_is_not_over_its_threshold() {
        for n in 0..9 {
            let thresholds: Vec<f64> = (0..n).map(f64::from).collect();
            let feature = Feature::Continuous { thresholds: thresholds.clone() };
            for step in -3..30 {
                let value = f64::from(step) * 0.5;
                assert_eq!(bin_of(value, &feature), Some(thresholds.iter().filter(|t| **t < value).count()));
            }
        }
        assert_eq!(bin_of(3.0, &Feature::Ordered { arity: 3 }), None);
        assert_eq!(bin_of(-0.5, &Feature::Unordered { arity: 3 }), None);
    }
}
