//! Rows as the fits see them, and their cut into tasks.

use kindling_linalg::RowsRef;

use crate::dataset::{Block, Rows};

/// Numbers that one task reads at most, some two milliseconds of work.
const TASK_NUMBERS: usize = 1 << 18;
/// Rows of one task at most, so that progress and Stop never wait long.
const TASK_ROWS: usize = 1 << 14;

/// A run of rows with their labels, which may be none, and weights; without weights every row weighs 1.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    pub rows: RowsRef<'a>,
    pub labels: &'a [f64],
    pub weights: Option<&'a [f64]>,
}

impl<'a> Task<'a> {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn weight(&self, i: usize) -> f64 {
        self.weights.map_or(1.0, |w| w[i])
    }

    /// These rows alone.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let labels = if self.labels.is_empty() { self.labels } else { &self.labels[start..end] };
        Self { rows: self.rows.slice(start..end), labels, weights: self.weights.map(|w| &w[start..end]) }
    }
}

impl<'a> From<&'a Block> for Task<'a> {
    fn from(block: &'a Block) -> Self {
        let rows = match &block.features {
            Rows::Dense { values, width } => RowsRef::Dense { values, width: *width },
            Rows::Sparse { width, offsets, indices, values } => RowsRef::Sparse { width: *width, offsets, indices, values },
        };
        Self { rows, labels: &block.labels, weights: block.weights.as_deref() }
    }
}

/// Cuts partitions into tasks of a size that depends on the data alone, so that sums over tasks in their order are the same for any number
/// of threads. `result` is how many numbers a task gives back: a task does at least four times that much work.
pub fn tasks<'a>(partitions: &[Task<'a>], result: usize) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for partition in partitions {
        let stored = partition.rows.stored().max(1);
        let numbers = TASK_NUMBERS.max(4 * result);
        let rows = (numbers.saturating_mul(partition.len()) / stored).clamp(64, TASK_ROWS.max(4 * result));
        // A multiple of four, the rows that kernels take at once.
        let rows = rows - rows % 4;
        tasks.extend((0..partition.len()).step_by(rows).map(|start| partition.slice(start, (start + rows).min(partition.len()))));
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_cover_every_row_once_in_order() {
        let values: Vec<f64> = (0..50_000 * 30).map(f64::from).collect();
        let labels = vec![0.0; 50_000];
        let whole = Task { rows: RowsRef::Dense { values: &values, width: 30 }, labels: &labels, weights: None };
        let cut = tasks(&[whole.slice(0, 20_000), whole.slice(20_000, 50_000)], 31);
        assert!(cut.len() > 4);
        assert_eq!(cut.iter().map(Task::len).sum::<usize>(), 50_000);
        let joined: Vec<f64> = cut.iter().flat_map(|t| (0..t.len()).map(|i| t.rows.row(i).get(0))).collect();
        assert!(joined.iter().enumerate().all(|(i, v)| *v == (i * 30) as f64));
    }
}
