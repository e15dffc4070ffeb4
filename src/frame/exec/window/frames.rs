//! Each row's frame, and aggregates over frames: sums by running totals, anything else by a tree of partial states, so that no frame costs
//! more than the logarithm of the rows. Small frames are added up row by row as Spark does, for its very bits.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, UInt32Array};
use arrow_row::{RowConverter, SortField};
use arrow_schema::SortOptions;
use kindling_partition::{Error, ErrorKind, Result};

use super::Sorted;
use crate::batch::arrow;
use crate::exec::accumulate::Accumulator;
use crate::exec::aggregate::Planned;
use crate::exec::keys::canonical;
use crate::functions::Aggregate;
use crate::window::{Bound, Frame};

/// How many rows, for each row and in all, frames may have to be added up one by one.
const DIRECT_EACH: usize = 64;
const DIRECT_ALL: usize = 1 << 21;
/// Pairs of a row and one of its frame's rows that are looked at together.
const PAIRS: usize = 1 << 18;

pub(super) struct Frames {
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// Whether each frame is the row's whole partition.
    whole: bool,
    /// Whether each begins where the row's partition does.
    growing: bool,
}

impl Frames {
    pub fn new(rows: &Sorted<'_>, frame: &Frame) -> Result<Self> {
        let starts = edges(rows, &frame.start, frame.rows, true)?;
        let mut ends = edges(rows, &frame.end, frame.rows, false)?;
        starts.iter().zip(&mut ends).for_each(|(start, end)| *end = (*end).max(*start));
        let growing = matches!(frame.start, Bound::Unbounded);
        Ok(Self { starts, ends, whole: growing && matches!(frame.end, Bound::Unbounded), growing })
    }

    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.starts.iter().zip(&self.ends).map(|(start, end)| *start as usize..*end as usize)
    }

    pub fn aggregate(&self, rows: &Sorted<'_>, aggregate: Option<Aggregate>, planned: &Planned<'_>, args: &[ArrayRef]) -> Result<ArrayRef> {
        if self.whole {
            return by_segment(rows, planned, args);
        }
        match (aggregate, args) {
            (Some(Aggregate::Count), args) => Ok(self.counts(args)),
            (Some(Aggregate::Sum), [numbers]) if numbers.data_type() == &arrow_schema::DataType::Int64 => self.long_sums(numbers),
            (Some(Aggregate::Sum), [numbers]) if self.growing && numbers.data_type() == &arrow_schema::DataType::Float64 => {
                Ok(self.running(rows, numbers, false))
            }
            (Some(Aggregate::Avg), [numbers]) if self.growing && numbers.data_type() == &arrow_schema::DataType::Float64 => {
                Ok(self.running(rows, numbers, true))
            }
            _ => {
                let work: usize = self.ranges().map(|r| r.len()).sum();
                if work <= (self.starts.len() * DIRECT_EACH).max(DIRECT_ALL) {
                    self.directly(rows, planned, args)
                } else {
                    self.by_tree(rows, planned, args)
                }
            }
        }
    }

    /// How many rows of each frame have no null, from the number up to each row.
    fn counts(&self, args: &[ArrayRef]) -> ArrayRef {
        let nulls = args.iter().fold(None, |n, c| arrow_buffer::NullBuffer::union(n.as_ref(), c.logical_nulls().as_ref()));
        let mut totals = Vec::with_capacity(self.starts.len() + 1);
        let mut total = 0_i64;
        totals.push(0);
        for i in 0..self.starts.len() {
            total += i64::from(nulls.as_ref().is_none_or(|n| n.is_valid(i)));
            totals.push(total);
        }
        Arc::new(Int64Array::from_iter_values(self.ranges().map(|r| totals[r.end] - totals[r.start])))
    }

    /// Sums of whole numbers: differences of totals, which lose nothing.
    fn long_sums(&self, numbers: &ArrayRef) -> Result<ArrayRef> {
        let numbers = numbers.as_primitive::<Int64Type>();
        let (mut totals, mut counts) = (vec![0_i128], vec![0_usize]);
        for i in 0..numbers.len() {
            let valid = numbers.is_valid(i);
            totals.push(totals[i] + if valid { i128::from(numbers.value(i)) } else { 0 });
            counts.push(counts[i] + usize::from(valid));
        }
        let sums = self.ranges().map(|r| {
            if counts[r.end] == counts[r.start] {
                return Ok(None);
            }
            i64::try_from(totals[r.end] - totals[r.start]).map(Some).map_err(|_| {
                Error::new(ErrorKind::Arithmetic, "long overflow. Use 'try_sum' to tolerate overflow and return NULL instead.")
                    .with_condition("ARITHMETIC_OVERFLOW")
            })
        });
        Ok(Arc::new(sums.collect::<Result<Int64Array>>()?))
    }

    /// Sums or means of frames that only grow, added up in order.
    fn running(&self, rows: &Sorted<'_>, numbers: &ArrayRef, mean: bool) -> ArrayRef {
        let numbers = numbers.as_primitive::<Float64Type>();
        let mut results: Vec<Option<f64>> = Vec::with_capacity(self.starts.len());
        for segment in &rows.segments {
            let (mut at, mut sum, mut count) = (segment.start, 0.0, 0_u32);
            for i in segment.clone() {
                while at < self.ends[i] as usize {
                    if numbers.is_valid(at) {
                        sum += numbers.value(at);
                        count += 1;
                    }
                    at += 1;
                }
                let value = if mean { sum / f64::from(count) } else { sum };
                results.push((count > 0).then_some(value));
            }
        }
        Arc::new(Float64Array::from(results))
    }

    /// Every row of every frame, some frames at a time.
    fn directly(&self, rows: &Sorted<'_>, planned: &Planned<'_>, args: &[ArrayRef]) -> Result<ArrayRef> {
        let frames: Vec<Range<usize>> = self.ranges().collect();
        let mut pieces: Vec<ArrayRef> = Vec::new();
        let mut at = 0;
        while at < frames.len() || pieces.is_empty() {
            rows.runner.executor.check()?;
            let (mut groups, mut picks): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
            let first = at;
            while at < frames.len() && (at == first || groups.len() < PAIRS) {
                groups.extend(std::iter::repeat_n((at - first) as u32, frames[at].len()));
                picks.extend(frames[at].clone().map(|i| i as u32));
                at += 1;
            }
            let mut accumulator = planned.accumulator(at - first);
            accumulator.update(&groups, &taken(args, picks)?)?;
            pieces.push(accumulator.finish()?);
        }
        let parts: Vec<&dyn Array> = pieces.iter().map(|p| &**p).collect();
        crate::select::concat(&parts)
    }

    /// A tree whose leaves are rows and whose inner nodes hold the state of both their children, in order: every frame is a few of its nodes.
    fn by_tree(&self, rows: &Sorted<'_>, planned: &Planned<'_>, args: &[ArrayRef]) -> Result<ArrayRef> {
        let n = self.starts.len();
        let mut leaves = planned.accumulator(n);
        leaves.update(&(0..n as u32).collect::<Vec<_>>(), args)?;
        let mut level: Box<dyn Accumulator> = leaves;
        let mut size = n;
        let mut results = planned.accumulator(n);
        // The nodes that come last in a frame are found first; they wait until those before them are in.
        let mut waiting: Vec<(Vec<u32>, Box<dyn Accumulator>)> = Vec::new();
        let (mut lefts, mut rights) = (self.starts.clone(), self.ends.clone());
        loop {
            rows.runner.executor.check()?;
            let (mut first, mut last): (Nodes, Nodes) = Default::default();
            for row in 0..n {
                let (left, right) = (&mut lefts[row], &mut rights[row]);
                if *left < *right && *left % 2 == 1 {
                    first.add(row, *left);
                    *left += 1;
                }
                if *left < *right && *right % 2 == 1 {
                    *right -= 1;
                    last.add(row, *right);
                }
                *left /= 2;
                *right /= 2;
            }
            if !first.rows.is_empty() {
                results.merge(&first.rows, level.picked(&first.nodes))?;
            }
            if !last.rows.is_empty() {
                waiting.push((last.rows, level.picked(&last.nodes)));
            }
            if size <= 1 {
                break;
            }
            let parents = size.div_ceil(2);
            let evens: Vec<u32> = (0..size as u32).step_by(2).collect();
            let odds: Vec<u32> = (1..size as u32).step_by(2).collect();
            let mut above = level.picked(&evens);
            above.merge(&(0..odds.len() as u32).collect::<Vec<_>>(), level.picked(&odds))?;
            level = above;
            size = parents;
        }
        for (rows, states) in waiting.into_iter().rev() {
            results.merge(&rows, states)?;
        }
        results.finish()
    }
}

/// Rows and the node that each takes in.
#[derive(Default)]
struct Nodes {
    rows: Vec<u32>,
    nodes: Vec<u32>,
}

impl Nodes {
    fn add(&mut self, row: usize, node: u32) {
        self.rows.push(row as u32);
        self.nodes.push(node);
    }
}

fn taken(args: &[ArrayRef], picks: Vec<u32>) -> Result<Vec<ArrayRef>> {
    let picks = UInt32Array::from(picks);
    args.iter().map(|a| crate::select::take(a, &picks)).collect()
}

fn by_segment(rows: &Sorted<'_>, planned: &Planned<'_>, args: &[ArrayRef]) -> Result<ArrayRef> {
    let mut groups = Vec::with_capacity(rows.batch.rows);
    for (number, segment) in rows.segments.iter().enumerate() {
        groups.extend(std::iter::repeat_n(number as u32, segment.len()));
    }
    let mut accumulator = planned.accumulator(rows.segments.len());
    accumulator.update(&groups, args)?;
    crate::select::take(&accumulator.finish()?, &UInt32Array::from(groups))
}

/// Where each row's frame starts, or where it ends.
fn edges(rows: &Sorted<'_>, bound: &Bound, by_rows: bool, start: bool) -> Result<Vec<u32>> {
    let mut edges = Vec::with_capacity(rows.batch.rows);
    let of = |range: &Range<usize>| if start { range.start } else { range.end };
    match bound {
        Bound::Unbounded => rows.each_row(|segment, _, _| edges.push(of(segment) as u32)),
        Bound::Current if by_rows => rows.each_row(|_, _, i| edges.push(if start { i } else { i + 1 } as u32)),
        Bound::Current => rows.each_row(|_, peers, _| edges.push(of(peers) as u32)),
        Bound::Rows(n) => rows.each_row(|segment, _, i| {
            let place = (i as i64).saturating_add(*n).saturating_add(i64::from(!start));
            edges.push(place.clamp(segment.start as i64, segment.end as i64) as u32);
        }),
        Bound::Value(value) => return by_value(rows, &rows.evaluate(value)?, start),
    }
    Ok(edges)
}

/// The first row of the segment that isn't before the bound's value, or the first that is behind it. A row without a value has its equals.
fn by_value(rows: &Sorted<'_>, bounds: &ArrayRef, start: bool) -> Result<Vec<u32>> {
    let [(key, order)] = rows.orders else { return Err(Error::runtime("A range frame over other than one order.")) };
    let keys = rows.evaluate(key)?;
    let options = SortOptions { descending: order.descending, nulls_first: order.nulls_first };
    let converter = RowConverter::new(vec![SortField::new_with_options(keys.data_type().clone(), options)]).map_err(arrow)?;
    let converted = |column: &ArrayRef| converter.convert_columns(&[canonical(column)]).map_err(arrow);
    let (values, limits) = (converted(&keys)?, converted(bounds)?);
    let mut edges = vec![0; rows.batch.rows];
    let mut at = 0;
    rows.each_row(|segment, peers, i| {
        if bounds.is_null(i) || keys.is_null(i) {
            edges[i] = if start { peers.start } else { peers.end } as u32;
            return;
        }
        at = at.max(segment.start);
        let before = |j: usize| {
            let (value, limit) = (values.row(j), limits.row(i));
            if start { value < limit } else { value <= limit }
        };
        while at < segment.end && before(at) {
            at += 1;
        }
        edges[i] = at as u32;
    });
    Ok(edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::cache::Cache;
    use crate::exec::Runner;
    use crate::exec::aggregate::prepared;
    use crate::expr::Attribute;
    use crate::functions::lookup;
    use crate::typed::Typed;
    use crate::types::{DataType, Field};
    use kindling_partition::Executor;
    use proptest::prelude::*;

    /// Both ways over the same frames, as texts.
    fn both(name: &str, values: Vec<Option<i64>>, frame: &Frame) -> [String; 2] {
        let (executor, cache) = (Executor::new(1), Cache::default());
        let runner = Runner { executor: &executor, cache: &cache };
        let attribute = Attribute::new(Field::new("x", DataType::Long, true));
        let rows = values.len();
        let column: ArrayRef = Arc::new(Int64Array::from(values));
        let batch = Batch::new(vec![column.clone()], rows);
        let inputs = [attribute.id];
        let (a, b) = (rows / 3, rows);
        let segments: Vec<Range<usize>> = [0..a, a..b].into_iter().filter(|r| !r.is_empty()).collect();
        let sorted = Sorted { runner, number: 0, inputs: &inputs, batch: &batch, orders: &[], peers: segments.clone(), segments };
        let args = [Typed::attribute(&attribute)];
        let function = lookup(name).expect("a function");
        let result = if name == "collect_list" { DataType::Array(Box::new(DataType::Long), false) } else { DataType::Long };
        let planned = prepared(runner, function, &args, &result, false).expect("an aggregate");
        let frames = Frames::new(&sorted, frame).expect("frames");
        let columns = [column];
        [frames.directly(&sorted, &planned, &columns), frames.by_tree(&sorted, &planned, &columns)]
            .map(|found| format!("{:?}", found.expect("a column")))
    }

    proptest! {
        /// The tree gives what adding up gives, in order too (`collect_list`, `first`).
        #[test]
        fn trees_add_up(values in proptest::collection::vec(proptest::option::of(-50_i64..50), 1..70), start in -5_i64..4, length in 0_i64..9, open in 0..3) {
            let (start, end) = match open {
                0 => (Bound::Rows(start), Bound::Rows(start + length)),
                1 => (Bound::Unbounded, Bound::Rows(start)),
                _ => (Bound::Rows(start), Bound::Unbounded),
            };
            for name in ["max", "first", "collect_list"] {
                let [direct, tree] = both(name, values.clone(), &Frame { rows: true, start: start.clone(), end: end.clone() });
                prop_assert_eq!(direct, tree, "{}", name);
            }
        }
    }
}
