use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, UInt32Array};
use kindling_partition::{Error, Result};

use super::accumulate::{Accumulator, Call, accumulator};
use super::keys::{KeyTable, canonical};
use super::shuffle::{SHUFFLE_PARTITIONS, concat, grouped, taken_by_size};
use super::sort::sorted_indices;
use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::{Batch, value_at};
use crate::eval::Evaluator;
use crate::expr::{Attribute, AttributeId, SortOrder};
use crate::functions::{Aggregate, Function};
use crate::hash;
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};
use crate::types::DataType;
use crate::value::Value;

/// `spark.sql.objectHashAggregate.sortBased.fallbackThreshold`
const OBJECTS_IN_TABLE: usize = 128;

/// One aggregate of a plan, ready to run.
pub(super) struct Planned<'a> {
    aggregate: Aggregate,
    pub args: &'a [Typed],
    types: Vec<DataType>,
    plain: Vec<Option<Value>>,
    result: &'a DataType,
    distinct: bool,
}

impl Planned<'_> {
    pub fn accumulator(&self, groups: usize) -> Box<dyn Accumulator> {
        let mut accumulator = accumulator(&Call { aggregate: self.aggregate, types: &self.types, result: self.result, plain: &self.plain });
        accumulator.resize(groups);
        accumulator
    }

    /// What the accumulator reads of an argument: sums and means take ints as they are, without a column of them as longs or doubles.
    fn summed<'e>(&self, arg: &'e Typed) -> &'e Typed {
        match &arg.kind {
            Kind::Cast { child, .. }
                if matches!(self.aggregate, Aggregate::Sum | Aggregate::Avg)
                    && child.data_type == DataType::Int
                    && matches!(arg.data_type, DataType::Long | DataType::Double) =>
            {
                child
            }
            _ => arg,
        }
    }
}

/// What one partition found: its groups' keys, and each aggregate's states.
struct Partial {
    keys: Batch,
    states: Vec<PartialState>,
}

enum PartialState {
    Done(Box<dyn Accumulator>),
    /// The different argument rows of each group, to be told apart again across partitions.
    Distinct {
        groups: Vec<u32>,
        args: Batch,
    },
}

/// Aggregates each partition, merges in partition order, and gives the groups in the order that Spark's hash shuffle gives them.
pub(super) fn stage<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    keys: &'a [Named],
    aggregates: &'a [Named],
    required: &Ids,
) -> Result<Stage<'a>> {
    let wanted: Vec<&Named> = aggregates.iter().filter(|a| required.contains(&a.attribute.id)).collect();
    let planned = wanted.iter().map(|a| plan_one(runner, &a.expr)).collect::<Result<Vec<_>>>()?;
    let mut needed = Ids::new();
    keys.iter().for_each(|k| k.expr.references(&mut needed));
    planned.iter().flat_map(|p| p.args).for_each(|a| a.references(&mut needed));
    let Stage { partitions, attributes: inputs, types, task, .. } = runner.stage(child, &needed)?;
    let sketches = planned.iter().any(|p| matches!(p.aggregate, Aggregate::Sketch(_)));
    let whole = sketches && is_whole(child, true);
    let partials = runner.executor.range("aggregate", if whole { 1 } else { partitions }, |i| {
        let batch = if whole && partitions != 1 {
            let parts = (0..partitions).map(&task).collect::<Result<Vec<_>>>()?;
            Batch::concat(runner.executor, &parts, &types)?
        } else {
            task(i)?
        };
        partial(runner, i, &inputs, &batch, keys, &planned)
    })?;
    let key_types: Vec<DataType> = keys.iter().map(|k| k.expr.data_type.clone()).collect();
    let (merged, arrays) = merge(runner, partials, &key_types, &planned, whole, is_single(child))?;
    let attributes: Vec<Attribute> = keys.iter().chain(wanted.iter().copied()).map(|n| n.attribute.clone()).collect();
    let kept_columns = kept(&attributes, required);
    let positions: Vec<usize> = kept_columns.iter().filter_map(|c| attributes.iter().position(|a| a.id == c.id)).collect();
    let (merged, orders) = ordered(runner, merged, &key_types, is_single(child), &planned)?;
    let mut start = 0;
    let parts: Vec<Batch> = merged
        .into_iter()
        .map(|Batch { mut columns, rows }| {
            columns.extend(arrays.iter().map(|array| array.slice(start, rows)));
            start += rows;
            Batch::new(columns, rows).project(&positions)
        })
        .collect();
    let types: Vec<DataType> = kept_columns.iter().map(|c| c.field.data_type.clone()).collect();
    let batches = taken_by_size(runner, &parts, &orders, &types)?;
    Ok(Stage::ready(&kept_columns, batches, "aggregated"))
}

fn plan_one<'a>(runner: Runner<'_>, expr: &'a Typed) -> Result<Planned<'a>> {
    let Kind::Call { function, args, distinct } = &expr.kind else { return Err(not_aggregate()) };
    prepared(runner, function, args, &expr.data_type, *distinct)
}

/// What an aggregate gives without rows.
pub(crate) fn of_no_rows(runner: Runner<'_>, aggregate: &Typed) -> Result<Value> {
    let column = plan_one(runner, aggregate)?.accumulator(1).finish()?;
    Ok(value_at(&column, &aggregate.data_type, 0))
}

/// An aggregate over these arguments, ready to run.
pub(super) fn prepared<'a>(
    runner: Runner<'_>,
    function: &Function,
    args: &'a [Typed],
    result: &'a DataType,
    distinct: bool,
) -> Result<Planned<'a>> {
    let aggregate = Function::aggregate(function).ok_or_else(not_aggregate)?;
    let one = Batch::new(Vec::new(), 1);
    let plain = args
        .iter()
        .map(|arg| {
            let mut references = Ids::new();
            arg.references(&mut references);
            if !references.is_empty() {
                return Ok(None);
            }
            let column = Evaluator::new(runner.executor, 0, &[], &one).column(arg)?;
            Ok(Some(value_at(&column, &arg.data_type, 0)))
        })
        .collect::<Result<Vec<_>>>()?;
    // Options such as a percentage are no columns to read.
    let columns = match aggregate {
        Aggregate::Count => args.len(),
        Aggregate::Cold(cold) => super::cold::columns(cold),
        Aggregate::Sketch(sketch) => crate::sketches::columns(sketch),
        Aggregate::Corr | Aggregate::CovarSamp | Aggregate::CovarPop | Aggregate::MaxBy | Aggregate::MinBy | Aggregate::Regression(_) => 2,
        _ => 1,
    };
    let types = args.iter().map(|a| a.data_type.clone()).collect();
    Ok(Planned { aggregate, args: &args[..columns.min(args.len())], types, plain, result, distinct })
}

fn not_aggregate() -> Error {
    Error::runtime("A plan aggregates by something that is no aggregate.")
}

fn partial(
    runner: Runner<'_>,
    partition: usize,
    inputs: &[AttributeId],
    batch: &Batch,
    keys: &[Named],
    planned: &[Planned<'_>],
) -> Result<Partial> {
    let evaluator = Evaluator::new(runner.executor, partition, inputs, batch);
    // Both zeros are one key, and it comes out as 0.0 (`NormalizeFloatingNumbers`).
    let key_columns = keys.iter().map(|k| Ok(canonical(&evaluator.column(&k.expr)?))).collect::<Result<Vec<_>>>()?;
    let (firsts, groups) =
        if keys.is_empty() { (vec![0], vec![0; batch.rows]) } else { KeyTable::groups(runner.executor, &key_columns, batch.rows)? };
    let count = firsts.len();
    let states = planned
        .iter()
        .map(|p| {
            runner.executor.check()?;
            if p.distinct {
                let args = p.args.iter().map(|a| evaluator.column(a)).collect::<Result<Vec<_>>>()?;
                let (groups, args) = distinct_rows(runner, &groups, &args)?;
                return Ok(PartialState::Distinct { groups, args });
            }
            let args = p.args.iter().map(|a| evaluator.column(p.summed(a))).collect::<Result<Vec<_>>>()?;
            let mut accumulator = p.accumulator(count);
            accumulator.update(&groups, &args)?;
            Ok(PartialState::Done(accumulator))
        })
        .collect::<Result<Vec<_>>>()?;
    let keys =
        if keys.is_empty() { Batch::new(Vec::new(), 1) } else { Batch::new(key_columns, batch.rows).take(&UInt32Array::from(firsts))? };
    Ok(Partial { keys, states })
}

/// The different rows of (group, arguments), where they first come.
fn distinct_rows(runner: Runner<'_>, groups: &[u32], args: &[ArrayRef]) -> Result<(Vec<u32>, Batch)> {
    let mut columns: Vec<ArrayRef> = vec![Arc::new(UInt32Array::from(groups.to_vec()))];
    columns.extend(args.iter().cloned());
    let (firsts, _) = KeyTable::groups(runner.executor, &columns, groups.len())?;
    let kept = firsts.iter().map(|f| groups[*f as usize]).collect();
    Ok((kept, Batch::new(args.to_vec(), groups.len()).take(&UInt32Array::from(firsts))?))
}

/// The keys of all groups in the order they first come, those that first come in each partition together, and each aggregate's values.
fn merge(
    runner: Runner<'_>,
    partials: Vec<Partial>,
    key_types: &[DataType],
    planned: &[Planned<'_>],
    whole: bool,
    single: bool,
) -> Result<(Vec<Batch>, Vec<ArrayRef>)> {
    let sizes: Vec<usize> = partials.iter().map(|p| p.keys.rows).collect();
    let starts: Vec<usize> = sizes.iter().scan(0, |at, size| Some(std::mem::replace(at, *at + size))).collect();
    let (key_batches, states): (Vec<Batch>, Vec<Vec<PartialState>>) = partials.into_iter().map(|p| (p.keys, p.states)).unzip();
    let (merged, groups) = if key_types.is_empty() {
        (vec![Batch::new(Vec::new(), 1)], vec![0; sizes.iter().sum()])
    } else {
        let (bytes, rows): (usize, usize) = key_batches.iter().fold((0, 0), |(b, r), keys| (b + keys.bytes(), r + keys.rows));
        runner.ask("Grouping", 2 * bytes as u64 + 48 * rows as u64, "Group by fewer or coarser columns, or filter rows first.")?;
        let (firsts, groups) = KeyTable::groups_of_parts(runner, &key_batches, key_types)?;
        let merged = runner.executor.map_quietly(&key_batches, |i, keys| {
            let (start, place) = (starts[i] as u32, |row: usize| firsts.partition_point(|first| (*first as usize) < row));
            let here = &firsts[place(starts[i])..place(starts[i] + sizes[i])];
            keys.take(&here.iter().map(|first| first - start).collect::<Vec<_>>().into())
        })?;
        (merged, groups)
    };
    let places: Vec<&[u32]> = starts.iter().zip(&sizes).map(|(start, size)| &groups[*start..start + size]).collect();
    let count = merged.iter().map(|keys| keys.rows).sum();
    // Each aggregate by itself, partition after partition.
    let mut by_aggregate: Vec<Vec<PartialState>> = planned.iter().map(|_| Vec::with_capacity(sizes.len())).collect();
    states.into_iter().flat_map(|states| states.into_iter().enumerate()).for_each(|(i, state)| by_aggregate[i].push(state));
    let waiting: Vec<Mutex<Vec<PartialState>>> = by_aggregate.into_iter().map(Mutex::new).collect();
    let arrays = runner.executor.map_quietly(&waiting, |i, states| {
        let states = std::mem::take(&mut *states.lock().unwrap_or_else(PoisonError::into_inner));
        merge_one(runner, &planned[i], states, &places, count, whole, single)
    })?;
    Ok((merged, arrays))
}

/// One aggregate's values: the states of all partitions, whose groups have these places, in partition order.
fn merge_one(
    runner: Runner<'_>,
    planned: &Planned<'_>,
    states: Vec<PartialState>,
    places: &[&[u32]],
    groups: usize,
    whole: bool,
    single: bool,
) -> Result<ArrayRef> {
    let mut total = planned.accumulator(groups);
    let (mut open, mut rows) = (Vec::new(), Vec::new());
    for (state, here) in states.into_iter().zip(places) {
        runner.executor.check()?;
        match state {
            PartialState::Done(accumulator) if whole && matches!(planned.aggregate, Aggregate::Sketch(_)) => return accumulator.finish(),
            // Spark aggregates rows that are all in one place once, without merging, which the last digit of a mean can tell.
            PartialState::Done(accumulator) if single && here.iter().copied().eq(0..groups as u32) => return accumulator.finish(),
            PartialState::Done(accumulator) => total.merge(here, accumulator)?,
            PartialState::Distinct { groups, args } => {
                open.extend(groups.iter().map(|g| here[*g as usize]));
                rows.push(args);
            }
        }
    }
    if planned.distinct {
        let args = Batch::concat(runner.executor, &rows, &planned.types[..planned.args.len()])?;
        let (groups, args) = distinct_rows(runner, &open, &args.columns)?;
        total.update(&groups, &args.columns)?;
    }
    total.finish()
}

/// The groups in parts, and the order of those of each part when Spark's shuffled partitions are read as one: map task after map task, each
/// task's groups by their hash partition; by key where Spark aggregates sorted rows (a first, smallest or largest value that has no fixed
/// width, or more collected groups than its hash table takes).
fn ordered(
    runner: Runner<'_>,
    parts: Vec<Batch>,
    key_types: &[DataType],
    single: bool,
    planned: &[Planned<'_>],
) -> Result<(Vec<Batch>, Vec<UInt32Array>)> {
    if key_types.is_empty() || parts.is_empty() {
        let orders = parts.iter().map(|part| (0..part.rows as u32).collect()).collect();
        return Ok((parts, orders));
    }
    let objects = planned.iter().any(|p| p.aggregate.keeps_objects());
    let wide = planned.iter().any(|p| is_wide(p.aggregate, p.result));
    let groups: usize = parts.iter().map(|part| part.rows).sum();
    let sorted = if objects { groups > OBJECTS_IN_TABLE } else { wide };
    // Distinct values go through a shuffle of their own first, which leaves one map task.
    let distinct = planned.iter().any(|p| p.distinct);
    let parts = if sorted || distinct { vec![concat(runner, &parts, key_types)?] } else { parts };
    let orders = runner.executor.map_quietly(&parts, |_, part| {
        if sorted {
            let directions = vec![SortOrder::ASCENDING; key_types.len()];
            return sorted_indices(runner.executor, &part.columns, &directions, part.rows);
        }
        if single {
            return Ok((0..part.rows as u32).collect());
        }
        let buckets: Vec<u32> =
            hash::hash_rows(&part.columns, part.rows)?.into_iter().map(|hash| hash::pmod(hash, SHUFFLE_PARTITIONS) as u32).collect();
        Ok(grouped(&buckets, SHUFFLE_PARTITIONS).0.into())
    })?;
    Ok((parts, orders))
}

/// Whether Spark sorts the rows of groups for this aggregate, since it keeps a value that has no fixed width.
pub(crate) fn sorts_groups(aggregate: &Typed) -> bool {
    match &aggregate.kind {
        Kind::Call { function, .. } => Function::aggregate(function).is_some_and(|a| is_wide(a, &aggregate.data_type)),
        _ => false,
    }
}

fn is_wide(aggregate: Aggregate, result: &DataType) -> bool {
    use Aggregate::{First, Last, Max, MaxBy, Min, MinBy};
    matches!(aggregate, Min | Max | First { .. } | Last { .. } | MaxBy | MinBy) && !is_mutable(result)
}

/// Whether Spark can change a value of the type in place (`UnsafeRow.isMutable`).
fn is_mutable(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::String
            | DataType::Binary
            | DataType::Array(..)
            | DataType::Map(..)
            | DataType::Struct(_)
            | DataType::Variant
            | DataType::Vector
            | DataType::Matrix
    )
}

/// Whether one task of Spark sees all rows, so that nothing is merged, which sketches show: a merge trims them and turns their items round.
/// A few rows in memory are one partition here and some in Spark, where merging single rows changes nothing.
fn is_whole(plan: &Plan, rows: bool) -> bool {
    match plan {
        Plan::Scan { source, .. } => source.is_single() || rows && source.partitions() == 1 && source.files().is_empty(),
        Plan::Union { children, .. } => children.iter().all(|child| is_whole(child, false)),
        Plan::Project { child, .. } | Plan::Filter { child, .. } | Plan::Alias { child, .. } => is_whole(child, rows),
        plan => is_single(plan),
    }
}

/// Whether the plan's rows are in one partition by construction, so that Spark needs no shuffle to group them.
fn is_single(plan: &Plan) -> bool {
    match plan {
        Plan::Limit { .. } | Plan::Offset { .. } | Plan::Coalesce { partitions: 1, .. } | Plan::Repartition { partitions: Some(1), .. } => {
            true
        }
        Plan::Aggregate { keys, .. } => keys.is_empty(),
        Plan::Stored { plan, .. } => is_single(plan),
        Plan::Project { child, .. } | Plan::Filter { child, .. } | Plan::Alias { child, .. } | Plan::Sample { child, .. } => {
            is_single(child)
        }
        _ => false,
    }
}
