//! `array_sort`, by the order of its elements' type or by a comparator.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, UInt32Array};
use kindling_partition::{Error, Result};

use super::collection::order;
use super::higher_order::{Flat, HigherOrder};
use crate::batch::value_at;
use crate::types::DataType;
use crate::value::Value;

/// Sorts each row's elements, equal ones kept in place.
pub(super) fn array_sort(call: &HigherOrder<'_, '_>) -> Result<ArrayRef> {
    let flat = call.list(0)?;
    let picks = if call.lambdas.is_empty() { natural(call, &flat)? } else { compared(call, &flat)? };
    let items = crate::select::take(&flat.columns[0], &UInt32Array::from(picks))?;
    flat.rebuilt(call.result, items)
}

/// Ascending, nulls last.
fn natural(call: &HigherOrder<'_, '_>, flat: &Flat) -> Result<Vec<u32>> {
    let DataType::Array(element, _) = call.result else { return Err(Error::runtime("An array that is none.")) };
    let values: Vec<Value> = (0..flat.parents.len()).map(|i| value_at(&flat.columns[0], element, i)).collect();
    let mut picks: Vec<u32> = (0..values.len() as u32).collect();
    for (start, length) in flat.starts().into_iter().zip(&flat.lengths) {
        picks[start..start + length].sort_by(|a, b| {
            let (a, b) = (&values[*a as usize], &values[*b as usize]);
            a.is_null().cmp(&b.is_null()).then_with(|| order(a, b))
        });
    }
    Ok(picks)
}

/// Two neighbouring sorted runs that are being merged.
struct Merge {
    row: u32,
    left: std::ops::Range<usize>,
    right: std::ops::Range<usize>,
    done: Vec<u32>,
}

/// A merge sort from the shortest runs up: all runs of all rows are merged at the same time, so that each call of the comparator is one
/// over many pairs.
fn compared(call: &HigherOrder<'_, '_>, flat: &Flat) -> Result<Vec<u32>> {
    let starts = flat.starts();
    let mut picks: Vec<u32> = (0..flat.parents.len() as u32).collect();
    let longest = flat.lengths.iter().copied().max().unwrap_or(0);
    let mut width = 1;
    while width < longest {
        let mut merges = Vec::new();
        for (row, (start, length)) in starts.iter().zip(&flat.lengths).enumerate() {
            let end = start + length;
            for left in (*start..end).step_by(2 * width).filter(|left| left + width < end) {
                let (middle, stop) = (left + width, (left + 2 * width).min(end));
                merges.push(Merge { row: row as u32, left: left..middle, right: middle..stop, done: Vec::with_capacity(stop - left) });
            }
        }
        loop {
            let open: Vec<usize> = (0..merges.len()).filter(|m| !merges[*m].left.is_empty() && !merges[*m].right.is_empty()).collect();
            if open.is_empty() {
                break;
            }
            let side = |pick: &dyn Fn(&Merge) -> usize| {
                let at = UInt32Array::from_iter_values(open.iter().map(|m| picks[pick(&merges[*m])]));
                crate::select::take(&flat.columns[0], &at)
            };
            let bound = vec![side(&|m| m.left.start)?, side(&|m| m.right.start)?];
            let rows: Vec<u32> = open.iter().map(|m| merges[*m].row).collect();
            let answers = call.evaluator.lambda(call.lambdas[0], bound, &rows)?;
            if answers.null_count() > 0 {
                return Err(Error::runtime(
                    "The comparison result is null. If you want to handle null as 0 (equal), you can set \
                     \"spark.sql.legacy.allowNullComparisonResultInArraySort\" to \"true\".",
                )
                .with_condition("COMPARATOR_RETURNS_NULL"));
            }
            let answers = answers.as_primitive::<Int32Type>();
            for (i, m) in open.into_iter().enumerate() {
                let merge = &mut merges[m];
                let from = if answers.value(i) <= 0 { merge.left.next() } else { merge.right.next() };
                merge.done.extend(from.map(|at| picks[at]));
            }
        }
        for mut merge in merges {
            let rest: Vec<u32> = merge.left.clone().chain(merge.right.clone()).map(|at| picks[at]).collect();
            merge.done.extend(rest);
            let end = merge.right.end;
            picks[end - merge.done.len()..end].copy_from_slice(&merge.done);
        }
        width *= 2;
    }
    Ok(picks)
}
