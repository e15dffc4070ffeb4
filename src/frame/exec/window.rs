//! Window functions: rows come together by their partition keys, are sorted, and each function is computed over the sorted rows at once.

mod frames;

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int32Array, UInt32Array};
use arrow_row::{RowConverter, SortField};
use kindling_partition::{Error, Result};

use super::aggregate::{Planned, prepared};
use super::keys::canonical;
use super::packed::{Layout, Wide};
use super::shuffle;
use super::sort::sorted_indices;
use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::{Batch, array_of, arrow, comparator, gather, value_at};
use crate::eval::Evaluator;
use crate::expr::{Attribute, AttributeId, SortOrder};
use crate::plan::Plan;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;
use crate::window::{Over, OverFunction};
use frames::Frames;

pub(super) fn stage<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    partition: &'a [Typed],
    orders: &'a [(Typed, SortOrder)],
    functions: &'a [(Attribute, Over)],
    required: &Ids,
) -> Result<Stage<'a>> {
    let child_output = child.output();
    let wanted: Vec<&'a (Attribute, Over)> = functions.iter().filter(|(a, _)| required.contains(&a.id)).collect();
    let columns = kept(child_output.iter().chain(wanted.iter().map(|(a, _)| a)), required);
    let mut needed = required.clone();
    partition.iter().chain(orders.iter().map(|(e, _)| e)).for_each(|e| e.references(&mut needed));
    wanted.iter().flat_map(|(_, over)| over.children()).for_each(|e| e.references(&mut needed));
    let together = if partition.is_empty() { Some(1) } else { None };
    let Stage { partitions, attributes: inputs, task, .. } = shuffle::repartition(runner, child, together, partition, &needed)?;
    Ok(Stage::new(&columns.clone(), partitions, "window", move |i| {
        let batch = task(i)?;
        let sorted = sorted(runner, i, &inputs, &batch, partition, orders)?;
        let computed = Sorted::new(runner, i, &inputs, &sorted, partition, orders)?;
        let made = wanted.iter().map(|(a, over)| Ok((a.id, computed.column(over, &a.field.data_type)?))).collect::<Result<Vec<_>>>()?;
        let column = |a: &Attribute| {
            let input = inputs.iter().position(|id| *id == a.id).map(|p| sorted.columns[p].clone());
            input.or_else(|| made.iter().find(|(id, _)| *id == a.id).map(|(_, column)| column.clone()))
        };
        Ok(Batch::new(columns.iter().filter_map(column).collect(), sorted.rows))
    }))
}

/// The rows by partition keys, then in the window's order.
fn sorted(
    runner: Runner<'_>,
    number: usize,
    inputs: &[AttributeId],
    batch: &Batch,
    partition: &[Typed],
    orders: &[(Typed, SortOrder)],
) -> Result<Batch> {
    let evaluator = Evaluator::new(runner.executor, number, inputs, batch);
    let keys = partition.iter().chain(orders.iter().map(|(e, _)| e)).map(|e| evaluator.column(e)).collect::<Result<Vec<_>>>()?;
    let directions: Vec<SortOrder> = partition.iter().map(|_| SortOrder::ASCENDING).chain(orders.iter().map(|(_, o)| *o)).collect();
    batch.take(&sorted_indices(runner.executor, &keys, &directions, batch.rows)?)
}

/// Sorted rows, and where their partitions and their equals begin.
struct Sorted<'a> {
    runner: Runner<'a>,
    number: usize,
    inputs: &'a [AttributeId],
    batch: &'a Batch,
    orders: &'a [(Typed, SortOrder)],
    segments: Vec<Range<usize>>,
    /// Of rows with equal keys and order.
    peers: Vec<Range<usize>>,
}

impl<'a> Sorted<'a> {
    fn new(
        runner: Runner<'a>,
        number: usize,
        inputs: &'a [AttributeId],
        batch: &'a Batch,
        partition: &[Typed],
        orders: &'a [(Typed, SortOrder)],
    ) -> Result<Self> {
        let evaluator = Evaluator::new(runner.executor, number, inputs, batch);
        let keys = partition.iter().map(|e| evaluator.column(e)).collect::<Result<Vec<_>>>()?;
        let all = keys.iter().cloned().map(Ok).chain(orders.iter().map(|(e, _)| evaluator.column(e))).collect::<Result<Vec<_>>>()?;
        let (segments, peers) = (runs(runner, &keys, batch.rows)?, runs(runner, &all, batch.rows)?);
        Ok(Self { runner, number, inputs, batch, orders, segments, peers })
    }

    fn evaluate(&self, expr: &Typed) -> Result<ArrayRef> {
        Evaluator::new(self.runner.executor, self.number, self.inputs, self.batch).column(expr)
    }

    fn column(&self, over: &Over, data_type: &DataType) -> Result<ArrayRef> {
        self.runner.executor.check()?;
        match over.function {
            OverFunction::RowNumber => Ok(self.ints(|segment, _, i| i - segment.start + 1)),
            OverFunction::Rank => Ok(self.ints(|segment, peers, _| peers.start - segment.start + 1)),
            OverFunction::DenseRank => Ok(self.dense_rank()),
            OverFunction::PercentRank => Ok(self.doubles(|segment, peers| match segment.len() {
                1 => 0.0,
                n => (peers.start - segment.start) as f64 / (n - 1) as f64,
            })),
            OverFunction::CumeDist => Ok(self.doubles(|segment, peers| (peers.end - segment.start) as f64 / segment.len() as f64)),
            OverFunction::Ntile(n) => Ok(self.ints(|segment, _, i| bucket(segment.len(), n as usize, i - segment.start))),
            OverFunction::Shift { by, ignore_nulls } => self.shifted(over, by, ignore_nulls),
            OverFunction::Nth { n, ignore_nulls } => self.nth(over, n, ignore_nulls),
            OverFunction::CounterDiff => self.counter_diff(over, data_type),
            OverFunction::Aggregate(function) => {
                let planned = prepared(self.runner, function, &over.args, data_type, false)?;
                let args = planned.args.iter().map(|a| self.evaluate(a)).collect::<Result<Vec<_>>>()?;
                self.aggregate(over, function.aggregate(), &planned, &args)
            }
        }
    }

    /// Calls `f(segment, peers, row)` for each row, in order.
    fn each_row(&self, mut f: impl FnMut(&Range<usize>, &Range<usize>, usize)) {
        let mut segment = 0;
        for peers in &self.peers {
            while self.segments[segment].end <= peers.start {
                segment += 1;
            }
            peers.clone().for_each(|i| f(&self.segments[segment], peers, i));
        }
    }

    fn ints(&self, f: impl Fn(&Range<usize>, &Range<usize>, usize) -> usize) -> ArrayRef {
        let mut values = Vec::with_capacity(self.batch.rows);
        self.each_row(|segment, peers, i| values.push(f(segment, peers, i) as i32));
        Arc::new(Int32Array::from(values))
    }

    fn doubles(&self, f: impl Fn(&Range<usize>, &Range<usize>) -> f64) -> ArrayRef {
        let mut values = Vec::with_capacity(self.batch.rows);
        self.each_row(|segment, peers, _| values.push(f(segment, peers)));
        Arc::new(Float64Array::from(values))
    }

    fn dense_rank(&self) -> ArrayRef {
        let (mut values, mut rank) = (Vec::with_capacity(self.batch.rows), 0);
        self.each_row(|segment, peers, i| {
            if i == segment.start {
                rank = 0;
            }
            rank += i32::from(i == peers.start);
            values.push(rank);
        });
        Arc::new(Int32Array::from(values))
    }

    /// `lag` and `lead`: the value so many rows away, or the default.
    fn shifted(&self, over: &Over, by: i64, ignore_nulls: bool) -> Result<ArrayRef> {
        let (values, defaults) = (self.evaluate(&over.args[0])?, self.evaluate(&over.args[1])?);
        let nulls = values.logical_nulls().filter(|_| ignore_nulls && by != 0);
        let mut picks = Vec::with_capacity(self.batch.rows);
        for segment in &self.segments {
            self.runner.executor.check()?;
            match &nulls {
                None => picks.extend(segment.clone().map(|i| {
                    let from = i as i64 + by;
                    let inside = from >= segment.start as i64 && from < segment.end as i64;
                    if inside { (0, from as usize) } else { (1, i) }
                })),
                Some(nulls) => {
                    let valid: Vec<usize> = segment.clone().filter(|i| nulls.is_valid(*i)).collect();
                    // How many valid rows come before the row.
                    let mut before = 0;
                    for i in segment.clone() {
                        let place = if by < 0 { before as i64 + by } else { before as i64 + i64::from(nulls.is_valid(i)) + by - 1 };
                        let found = usize::try_from(place).ok().and_then(|p| valid.get(p));
                        picks.push(found.map_or((1, i), |from| (0, *from)));
                        before += usize::from(nulls.is_valid(i));
                    }
                }
            }
        }
        gather(&[values, defaults], picks.into_iter())
    }

    /// By how much a counter grew since the last row that has one; null where it began anew.
    fn counter_diff(&self, over: &Over, data_type: &DataType) -> Result<ArrayRef> {
        let (counters, starts) = (self.evaluate(&over.args[0])?, self.evaluate(&over.args[1])?);
        let order = comparator(&counters, &counters)?;
        let mut grown = Vec::with_capacity(self.batch.rows);
        for segment in &self.segments {
            let mut last: Option<(usize, Value, Value)> = None;
            for i in segment.clone() {
                if i % 65_536 == 0 {
                    self.runner.executor.check()?;
                }
                let value = value_at(&counters, data_type, i);
                if value.is_null() {
                    grown.push(Value::Null);
                    continue;
                }
                if value.as_f64().is_some_and(|v| v < 0.0) {
                    let text = format!(
                        "A negative counter value {value} was provided to function `counter_diff`. Negative counter values are not allowed."
                    );
                    return Err(Error::runtime(text).with_condition("COUNTER_DIFF_NEGATIVE_COUNTER_VALUE"));
                }
                let start = value_at(&starts, &over.args[1].data_type, i);
                let at = |start: &Value| match start {
                    Value::Timestamp(micros) | Value::TimestampNtz(micros) => Some(*micros),
                    _ => None,
                };
                grown.push(match &last {
                    Some((_, _, before)) if at(before).is_some() && at(&start).is_some_and(|s| Some(s) < at(before)) => {
                        let text = format!("Start time provided to function `counter_diff` decreased from {before} to {start}. Start time is required to be non-decreasing.");
                        return Err(Error::runtime(text).with_condition("COUNTER_DIFF_START_TIME_DECREASED"));
                    }
                    Some((j, _, before)) if order(i, *j).is_lt() || at(before).is_some() && at(&start) > at(before) => Value::Null,
                    Some((_, counter, _)) => minus(&value, counter),
                    None => Value::Null,
                });
                last = Some((i, value, start));
            }
        }
        array_of(data_type, &grown)
    }

    /// The n-th value of each row's frame.
    fn nth(&self, over: &Over, n: i64, ignore_nulls: bool) -> Result<ArrayRef> {
        let values = self.evaluate(&over.args[0])?;
        let frames = Frames::new(self, &over.frame)?;
        let nulls = values.logical_nulls().filter(|_| ignore_nulls);
        let valid: Vec<usize> = match &nulls {
            Some(nulls) => nulls.valid_indices().collect(),
            None => Vec::new(),
        };
        let picks = frames.ranges().map(|frame| {
            let found = match &nulls {
                None => frame.start + n as usize - 1,
                Some(_) => *valid.get(valid.partition_point(|v| *v < frame.start) + n as usize - 1)?,
            };
            (found < frame.end).then_some(found as u32)
        });
        let picks: UInt32Array = picks.collect();
        crate::select::take(&values, &picks)
    }

    fn aggregate(
        &self,
        over: &Over,
        aggregate: Option<crate::functions::Aggregate>,
        planned: &Planned<'_>,
        args: &[ArrayRef],
    ) -> Result<ArrayRef> {
        let frames = Frames::new(self, &over.frame)?;
        frames.aggregate(self, aggregate, planned, args)
    }
}

/// The difference of two numbers of one type, of which the first is not the smaller one.
fn minus(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Byte(a), Value::Byte(b)) => Value::Byte(a - b),
        (Value::Short(a), Value::Short(b)) => Value::Short(a - b),
        (Value::Int(a), Value::Int(b)) => Value::Int(a - b),
        (Value::Long(a), Value::Long(b)) => Value::Long(a - b),
        (Value::Float(a), Value::Float(b)) => Value::Float(a - b),
        (Value::Double(a), Value::Double(b)) => Value::Double(a - b),
        (Value::Decimal { unscaled, precision, scale }, Value::Decimal { unscaled: less, .. }) => {
            Value::Decimal { unscaled: unscaled - less, precision: *precision, scale: *scale }
        }
        _ => Value::Null,
    }
}

/// The bucket of a row: the first ones have a row more when they can't be equal.
fn bucket(rows: usize, buckets: usize, row: usize) -> usize {
    let (size, larger) = (rows / buckets, rows % buckets);
    let in_larger = larger * (size + 1);
    if row < in_larger { row / (size + 1) + 1 } else { larger + (row - in_larger) / size.max(1) + 1 }
}

/// Where rows that are equal in all columns begin and end.
fn runs(runner: Runner<'_>, columns: &[ArrayRef], rows: usize) -> Result<Vec<Range<usize>>> {
    if rows == 0 {
        return Ok(Vec::new());
    }
    if columns.is_empty() {
        return Ok(std::iter::once(0..rows).collect());
    }
    match Layout::of(columns) {
        Some(layout) if layout.bits <= 64 => {
            let keys: Vec<u64> = layout.pack(columns, rows, |_| ());
            breaks(runner, rows, |i| keys[i] != keys[i - 1])
        }
        Some(layout) => {
            let keys: Vec<Wide> = layout.pack(columns, rows, |_| ());
            breaks(runner, rows, |i| keys[i] != keys[i - 1])
        }
        None => {
            let columns: Vec<ArrayRef> = columns.iter().map(canonical).collect();
            let fields = columns.iter().map(|c| SortField::new(c.data_type().clone())).collect();
            let keys = RowConverter::new(fields).map_err(arrow)?.convert_columns(&columns).map_err(arrow)?;
            breaks(runner, rows, |i| keys.row(i) != keys.row(i - 1))
        }
    }
}

/// The rows from each one that `differs` from the one before it up to the next.
fn breaks(runner: Runner<'_>, rows: usize, differs: impl Fn(usize) -> bool) -> Result<Vec<Range<usize>>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for i in 1..rows {
        if i % 65_536 == 0 {
            runner.executor.check()?;
        }
        if differs(i) {
            found.push(start..i);
            start = i;
        }
    }
    found.push(start..rows);
    Ok(found)
}
