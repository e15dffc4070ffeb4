//! Rows put in order: keys become integers where they can, rows are dealt into buckets by a sample of them, and each bucket is sorted by
//! itself, digit by digit.

use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::{ArrayRef, UInt32Array};
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::SortOptions;
use kindling_partition::{Executor, Result};

use super::dealt::{BUCKETS, Dealt, Entry, RUN};
use super::keys::canonical;
use super::packed::{Extent, Layout, Wide};
use crate::batch::arrow;
use crate::expr::SortOrder;

/// Rows in a bucket, more or less.
const BUCKET: usize = 1 << 15;
/// Rows of the sample for each bucket.
const SAMPLES: usize = 16;
/// So few rows are compared, more go digit by digit.
const FEW: usize = 256;

/// What decides between two rows of equal keys, before they stay as they came.
type Rest<'a> = Option<&'a (dyn Fn(u32, u32) -> Ordering + Send + Sync)>;

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
            let keys = each_run(executor, rows, |range| Ok(layout.pack(&sliced(&range), range.len(), |_| ())))?;
            sorted(executor, &keys, None)
        }
        Some(layout) => {
            let wide = each_run(executor, rows, |range| Ok(layout.pack::<Wide>(&sliced(&range), range.len(), |_| ())))?;
            let keys: Vec<Vec<u64>> = wide.iter().map(|run| run.iter().map(|key| key.first(layout.bits)).collect()).collect();
            let of = |row: u32| wide[row as usize / RUN][row as usize % RUN];
            sorted(executor, &keys, Some(&|a, b| of(a).cmp(&of(b))))
        }
        None => {
            let rest = sort_keys(columns, orders)?;
            let keys = each_run(executor, rows, |range| Ok(range.map(|row| prefix(&rest, row)).collect()))?;
            sorted(executor, &keys, Some(&|a, b| rest.row(a as usize).cmp(&rest.row(b as usize))))
        }
    }
}

/// `f` of each run of rows, in order.
fn each_run<T: Send>(executor: &Executor, rows: usize, f: impl Fn(Range<usize>) -> Result<T> + Send + Sync) -> Result<Vec<T>> {
    let run = |i: usize| f(i * RUN..rows.min((i + 1) * RUN));
    if rows <= RUN { Ok(vec![run(0)?]) } else { executor.range("sort", rows.div_ceil(RUN), run) }
}

/// The first bytes of a key, which decide most comparisons without a look at the rest.
fn prefix(keys: &Rows, row: usize) -> u64 {
    let key = keys.row(row);
    let mut first = [0; 8];
    let length = key.as_ref().len().min(8);
    first[..length].copy_from_slice(&key.as_ref()[..length]);
    u64::from_be_bytes(first)
}

/// The rows by their keys, which come in runs, then by `rest`, then as they came.
fn sorted(executor: &Executor, keys: &[Vec<u64>], rest: Rest<'_>) -> Result<UInt32Array> {
    let rows_of = |entries: Vec<Entry>| entries.into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    if let [one] = keys {
        return Ok(rows_of(in_order(one.iter().copied().zip(0..).collect(), rest)).into());
    }
    let rows: usize = keys.iter().map(Vec::len).sum();
    // Rows of equal keys have an order too, so the buckets come out alike however often a key is there.
    let buckets = (rows / BUCKET).next_power_of_two().min(BUCKETS);
    let step = (rows / (buckets * SAMPLES)).max(1);
    let numbered = keys.iter().enumerate().flat_map(|(run, keys)| keys.iter().copied().zip((run * RUN) as u32..).step_by(step));
    let sample = in_order(numbered.collect(), rest);
    let edges: Vec<Entry> = (1..buckets).map(|i| sample[i * sample.len() / buckets]).collect();
    let mut edge_keys = [u64::MAX; BUCKETS];
    edge_keys.iter_mut().zip(&edges).for_each(|(key, edge)| *key = edge.0);
    let dealt = executor.map("sort", keys, |run, keys| {
        Ok(Dealt::new(keys, run * RUN, buckets, |key, row| {
            let below = count_below(&edge_keys, key);
            if edge_keys[below] == key { edges.partition_point(|edge| compare(edge, &(key, row), rest).is_le()) } else { below }
        }))
    })?;
    let ordered = executor.range("sort", buckets, |bucket| {
        let here: Vec<&[Entry]> = dealt.iter().map(|run| run.bucket(bucket)).collect();
        Ok(rows_of(in_order(here.concat(), rest)))
    })?;
    Ok(ordered.concat().into())
}

/// How many of the numbers, which are in order and end with the highest, are below this one: by halves, without a branch to foresee.
#[inline]
fn count_below(numbers: &[u64; BUCKETS], number: u64) -> usize {
    let (mut below, mut half) = (0, BUCKETS / 2);
    while half > 0 {
        below += half * usize::from(numbers[below + half - 1] < number);
        half /= 2;
    }
    below
}

fn compare(a: &Entry, b: &Entry, rest: Rest<'_>) -> Ordering {
    a.0.cmp(&b.0).then_with(|| rest.map_or(Ordering::Equal, |rest| rest(a.1, b.1))).then(a.1.cmp(&b.1))
}

/// Entries whose rows are in order, now by their keys.
fn in_order(entries: Vec<Entry>, rest: Rest<'_>) -> Vec<Entry> {
    let sort = |some: &mut [Entry]| some.sort_unstable_by(|a, b| compare(a, b, rest));
    let mut entries = if entries.len() < FEW { entries } else { digit_by_digit(entries) };
    if entries.len() < FEW {
        sort(&mut entries);
    } else if rest.is_some() {
        entries.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1).for_each(sort);
    }
    entries
}

/// Radix sort from the last byte of the keys to the first, without those in which all are equal; entries of equal keys stay as they are.
#[optimize(speed)]
fn digit_by_digit(mut entries: Vec<Entry>) -> Vec<Entry> {
    let (mut differing, mut is_sorted, mut last) = (0, true, entries[0].0);
    for (key, _) in &entries {
        differing |= key ^ last;
        is_sorted &= last <= *key;
        last = *key;
    }
    if is_sorted {
        return entries;
    }
    let mut other = vec![(0, 0); entries.len()];
    for shift in (0..64).step_by(8).filter(|shift| differing >> shift & 255 != 0) {
        let digit = |entry: &Entry| (entry.0 >> shift) as usize & 255;
        let mut next = [0_usize; 256];
        for entry in &entries {
            next[digit(entry)] += 1;
        }
        let mut start = 0;
        for next in &mut next {
            start += std::mem::replace(next, start);
        }
        for entry in &entries {
            let next = &mut next[digit(entry)];
            other[*next] = *entry;
            *next += 1;
        }
        std::mem::swap(&mut entries, &mut other);
    }
    entries
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
