use std::cmp::Ordering;
use std::collections::BinaryHeap;

use arrow_array::{ArrayRef, UInt32Array};
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::SortOptions;
use kindling_partition::{Executor, Result};

use super::keys::canonical;
use crate::batch::arrow;
use crate::expr::SortOrder;

/// How many rows one task sorts; fixed, so that the result doesn't depend on the threads.
const RUN: usize = 1 << 16;

/// The order of the rows by these columns: stable, NaN the largest number, both zeros equal.
pub(crate) fn sorted_indices(executor: &Executor, columns: &[ArrayRef], orders: &[SortOrder], rows: usize) -> Result<UInt32Array> {
    if columns.is_empty() {
        return Ok((0..rows as u32).collect());
    }
    let keys = sort_keys(columns, orders)?;
    let runs = rows.div_ceil(RUN).max(1);
    let run = |i: usize| {
        let mut order: Vec<Entry> = (i * RUN..rows.min((i + 1) * RUN)).map(|row| Entry::new(&keys, row)).collect();
        order.sort_unstable_by(|a, b| a.compare(b, &keys));
        order
    };
    if runs == 1 {
        return Ok(run(0).into_iter().map(|e| e.row).collect());
    }
    let sorted = executor.range("sort", runs, |i| Ok(run(i)))?;
    merge(executor, &keys, &sorted, rows)
}

/// A row and the first bytes of its key, which decide most comparisons without a look at the rest.
#[derive(Clone, Copy)]
struct Entry {
    prefix: u64,
    row: u32,
}

impl Entry {
    fn new(keys: &Rows, row: usize) -> Self {
        let key = keys.row(row);
        let mut first = [0; 8];
        let length = key.as_ref().len().min(8);
        first[..length].copy_from_slice(&key.as_ref()[..length]);
        Self { prefix: u64::from_be_bytes(first), row: row as u32 }
    }

    /// By key, and rows of equal keys as they came.
    fn compare(&self, other: &Self, keys: &Rows) -> Ordering {
        let rest = || keys.row(self.row as usize).cmp(&keys.row(other.row as usize));
        self.prefix.cmp(&other.prefix).then_with(rest).then(self.row.cmp(&other.row))
    }
}

fn sort_keys(columns: &[ArrayRef], orders: &[SortOrder]) -> Result<Rows> {
    let columns: Vec<ArrayRef> = columns.iter().map(canonical).collect();
    let fields = columns
        .iter()
        .zip(orders)
        .map(|(c, order)| {
            let options = SortOptions { descending: order.descending, nulls_first: order.nulls_first };
            SortField::new_with_options(c.data_type().clone(), options)
        })
        .collect();
    RowConverter::new(fields).map_err(arrow)?.convert_columns(&columns).map_err(arrow)
}

/// The smallest head of several sorted runs.
struct Head<'a> {
    entry: Entry,
    run: usize,
    keys: &'a Rows,
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head<'_> {}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.entry.compare(&self.entry, self.keys)
    }
}

fn merge(executor: &Executor, keys: &Rows, runs: &[Vec<Entry>], rows: usize) -> Result<UInt32Array> {
    let mut merged = Vec::with_capacity(rows);
    let mut next = vec![0; runs.len()];
    let mut heads: BinaryHeap<Head<'_>> =
        runs.iter().enumerate().filter_map(|(run, order)| order.first().map(|entry| Head { entry: *entry, run, keys })).collect();
    while let Some(mut head) = heads.peek_mut() {
        if merged.len() % RUN == 0 {
            executor.check()?;
        }
        let run = head.run;
        merged.push(head.entry.row);
        next[run] += 1;
        match runs[run].get(next[run]) {
            Some(entry) => head.entry = *entry,
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
    }
    Ok(merged.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Float64Array;
    use std::sync::Arc;

    #[test]
    fn nan_is_largest_zeros_are_equal_and_ties_keep_their_order() {
        let column: ArrayRef =
            Arc::new(Float64Array::from(vec![Some(f64::NAN), Some(0.0), None, Some(-0.0), Some(f64::INFINITY), Some(-1.0)]));
        let sort = |order| sorted_indices(&Executor::new(2), std::slice::from_ref(&column), &[order], 6).expect("sorted").values().to_vec();
        assert_eq!(sort(SortOrder::ASCENDING), [2, 5, 1, 3, 4, 0]);
        assert_eq!(sort(SortOrder::DESCENDING), [0, 4, 1, 3, 5, 2]);
    }

    #[test]
    fn long_columns_sort_as_one_run_would() {
        let values: Vec<f64> = (0..200_000_u64).map(|i| f64::from((i.wrapping_mul(2_654_435_761) % 1000) as u32)).collect();
        let column: ArrayRef = Arc::new(Float64Array::from(values.clone()));
        let order = sorted_indices(&Executor::new(2), &[column], &[SortOrder::ASCENDING], values.len()).expect("sorted");
        let mut expected: Vec<u32> = (0..values.len() as u32).collect();
        expected.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
        assert_eq!(order.values(), expected.as_slice());
    }
}
