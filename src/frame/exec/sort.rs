//! Rows put in order: keys become integers where they can, rows are dealt into buckets by a sample of them, and each bucket is sorted by
//! itself.

use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::{ArrayRef, UInt32Array};
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::SortOptions;
use kindling_partition::{Executor, Result};

use super::keys::canonical;
use super::packed::{Extent, Layout, Packed, Wide};
use crate::batch::arrow;
use crate::expr::SortOrder;

/// How many rows one task looks at; fixed, so that the result doesn't depend on the threads.
const RUN: usize = 1 << 16;
/// Rows in a bucket, more or less.
const BUCKET: usize = 1 << 15;
/// Buckets there are at most.
const BUCKETS: usize = 256;
/// Rows of the sample for each bucket.
const SAMPLES: usize = 16;

/// The order of the rows by these columns: stable, NaN the largest number, both zeros equal.
pub(crate) fn sorted_indices(executor: &Executor, columns: &[ArrayRef], orders: &[SortOrder], rows: usize) -> Result<UInt32Array> {
    if columns.is_empty() {
        return Ok((0..rows as u32).collect());
    }
    let sliced = |range: &Range<usize>| columns.iter().map(|c| c.slice(range.start, range.len())).collect::<Vec<_>>();
    let extents = each_run(executor, rows, |range| Ok(sliced(&range).iter().map(|c| Extent::of(c)).collect::<Option<Vec<_>>>()))?;
    let both = |a: Option<Vec<Extent>>, b: Option<Vec<Extent>>| Some(a?.into_iter().zip(b?).map(|(a, b)| a.and(b)).collect());
    let layout = extents.into_iter().reduce(both).flatten().and_then(|extents| Layout::new(&extents, orders));
    match layout {
        Some(layout) if layout.bits <= 64 => {
            sorted(executor, rows, |range| layout.pack::<u64>(&sliced(&range), range.len(), |_| ()), |_, _| Ordering::Equal)
        }
        Some(layout) => sorted(executor, rows, |range| layout.pack::<Wide>(&sliced(&range), range.len(), |_| ()), |_, _| Ordering::Equal),
        None => {
            let keys = sort_keys(columns, orders)?;
            let prefixes = |range: Range<usize>| range.map(|row| prefix(&keys, row)).collect();
            sorted(executor, rows, prefixes, |a, b| keys.row(a as usize).cmp(&keys.row(b as usize)))
        }
    }
}

/// `f` of each run of rows, in order.
fn each_run<T: Send>(executor: &Executor, rows: usize, f: impl Fn(Range<usize>) -> Result<T> + Send + Sync) -> Result<Vec<T>> {
    let run = |i: usize| f(i * RUN..rows.min((i + 1) * RUN));
    if rows <= RUN { Ok(vec![run(0)?]) } else { executor.range("sort", rows.div_ceil(RUN), run) }
}

/// The first bytes of a key, which decide most comparisons without a look at the rest.
fn prefix(keys: &Rows, row: usize) -> Wide {
    let key = keys.row(row);
    let mut first = [0; 16];
    let length = key.as_ref().len().min(16);
    first[..length].copy_from_slice(&key.as_ref()[..length]);
    Wide::from_code(u128::from_be_bytes(first))
}

/// The rows by their keys (which `keys` gives for any range of them), then by `rest`, then as they came.
fn sorted<K: Packed>(
    executor: &Executor,
    rows: usize,
    keys: impl Fn(Range<usize>) -> Vec<K> + Send + Sync,
    rest: impl Fn(u32, u32) -> Ordering + Send + Sync,
) -> Result<UInt32Array> {
    let compare = |a: &(K, u32), b: &(K, u32)| a.0.cmp(&b.0).then_with(|| rest(a.1, b.1)).then(a.1.cmp(&b.1));
    let entries = |range: Range<usize>| keys(range.clone()).into_iter().zip(range.map(|row| row as u32)).collect::<Vec<_>>();
    if rows <= RUN {
        let mut all = entries(0..rows);
        all.sort_unstable_by(compare);
        return Ok(all.into_iter().map(|(_, row)| row).collect::<Vec<_>>().into());
    }
    let runs = each_run(executor, rows, |range| Ok(entries(range)))?;
    // Rows of equal keys have an order too, so the buckets come out alike however often a key is there.
    let buckets = (rows / BUCKET).next_power_of_two().min(BUCKETS);
    let step = (rows / (buckets * SAMPLES)).max(1);
    let mut sample: Vec<(K, u32)> = runs.iter().flat_map(|run| run.iter().step_by(step)).copied().collect();
    sample.sort_unstable_by(compare);
    let edges: Vec<(K, u32)> = (1..buckets).map(|i| sample[i * sample.len() / buckets]).collect();
    let dealt =
        executor.map("sort", &runs, |_, run| Ok(deal(run, buckets, |entry| edges.partition_point(|e| compare(e, entry).is_le()))))?;
    drop(runs);
    let ordered = executor.range("sort", buckets, |bucket| {
        let mut all: Vec<(K, u32)> = Vec::new();
        for (entries, ends) in &dealt {
            all.extend_from_slice(&entries[ends[bucket]..ends[bucket + 1]]);
        }
        all.sort_unstable_by(compare);
        Ok(all.into_iter().map(|(_, row)| row).collect::<Vec<_>>())
    })?;
    Ok(ordered.concat().into())
}

/// The entries bucket by bucket, and where each bucket begins and ends.
fn deal<E: Copy>(entries: &[E], buckets: usize, bucket: impl Fn(&E) -> usize) -> (Vec<E>, Vec<usize>) {
    let places: Vec<u8> = entries.iter().map(|e| bucket(e) as u8).collect();
    let mut ends = vec![0; buckets + 1];
    places.iter().for_each(|b| ends[*b as usize + 1] += 1);
    (0..buckets).for_each(|b| ends[b + 1] += ends[b]);
    let (mut next, mut dealt) = (ends.clone(), entries.to_vec());
    for (entry, place) in entries.iter().zip(places) {
        dealt[next[place as usize]] = *entry;
        next[place as usize] += 1;
    }
    (dealt, ends)
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

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float64Array, Int64Array, StringArray};
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

    /// Keys that pack into 64 bits, into 128, and not at all; few different ones and many.
    #[test]
    fn many_rows_sort_alike_on_any_number_of_threads() {
        let rows = 150_000_u64;
        let mix = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let few: ArrayRef = Arc::new(Int64Array::from_iter((0..rows).map(|i| (mix(i) % 8 > 0).then_some(mix(i) as i64 % 5))));
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|i| format!("key {}", mix(i + 7) % 1000))));
        let doubles: ArrayRef = Arc::new(Float64Array::from_iter_values((0..rows).map(|i| mix(i + 99) as f64 / 7.0)));
        let long: ArrayRef =
            Arc::new(StringArray::from_iter_values((0..rows).map(|i| format!("a key of many characters {}", mix(i) % 100))));
        for (columns, orders) in [
            (vec![few.clone()], vec![SortOrder::DESCENDING]),
            (vec![few.clone(), texts.clone(), doubles.clone()], vec![SortOrder::ASCENDING, SortOrder::DESCENDING, SortOrder::ASCENDING]),
            (vec![long.clone(), few.clone()], vec![SortOrder::DESCENDING, SortOrder::ASCENDING]),
        ] {
            let by_rows = sort_keys(&columns, &orders).expect("keys");
            let mut expected: Vec<u32> = (0..rows as u32).collect();
            expected.sort_by(|a, b| by_rows.row(*a as usize).cmp(&by_rows.row(*b as usize)));
            for threads in [1, 2, 5] {
                let order = sorted_indices(&Executor::new(threads), &columns, &orders, rows as usize).expect("sorted");
                assert!(order.values()[..] == expected[..], "{orders:?}");
            }
        }
    }
}
