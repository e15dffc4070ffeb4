use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, UInt32Array};
use kindling_partition::{Error, Result};

use super::accumulate::{Accumulator, Call, accumulator};
use super::keys::{KeyTable, canonical};
use super::shuffle::{SHUFFLE_PARTITIONS, by_size, concat, grouped, taken_by_size};
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
    let Stage { partitions, attributes: inputs, task, .. } = runner.stage(child, &needed)?;
    let partials = runner.executor.range("aggregate", partitions, |i| {
        let batch = task(i)?;
        partial(runner, i, &inputs, &batch, keys, &planned)
    })?;
    let key_types: Vec<DataType> = keys.iter().map(|k| k.expr.data_type.clone()).collect();
    let Merged { keys: merged, origins, arrays } = merge(runner, partials, &key_types, &planned)?;
    let order = group_order(runner, &merged, &origins, is_single(child), &planned)?;
    let mut columns = merged.columns.clone();
    columns.extend(arrays);
    let attributes: Vec<Attribute> = keys.iter().chain(wanted.iter().copied()).map(|n| n.attribute.clone()).collect();
    let kept_columns = kept(&attributes, required);
    let positions = kept_columns.iter().filter_map(|c| attributes.iter().position(|a| a.id == c.id));
    let all = Batch::new(positions.map(|p| columns[p].clone()).collect(), merged.rows);
    let batches = if keys.is_empty() { by_size(all) } else { taken_by_size(runner, &all, &order)? };
    Ok(Stage::ready(&kept_columns, batches, "aggregated"))
}

fn plan_one<'a>(runner: Runner<'_>, expr: &'a Typed) -> Result<Planned<'a>> {
    let Kind::Call { function, args, distinct } = &expr.kind else { return Err(not_aggregate()) };
    prepared(runner, function, args, &expr.data_type, *distinct)
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
        Aggregate::Corr | Aggregate::CovarSamp | Aggregate::CovarPop | Aggregate::MaxBy | Aggregate::MinBy => 2,
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
    let (firsts, groups) = if keys.is_empty() {
        (vec![0], vec![0; batch.rows])
    } else {
        let (table, groups) = KeyTable::build(runner.executor, &key_columns, batch.rows)?;
        (table.firsts().to_vec(), groups)
    };
    let count = firsts.len();
    let states = planned
        .iter()
        .map(|p| {
            runner.executor.check()?;
            let args = p.args.iter().map(|a| evaluator.column(a)).collect::<Result<Vec<_>>>()?;
            if p.distinct {
                let (groups, args) = distinct_rows(runner, &groups, &args)?;
                return Ok(PartialState::Distinct { groups, args });
            }
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
    let (table, _) = KeyTable::build(runner.executor, &columns, groups.len())?;
    let firsts = table.firsts();
    let kept = firsts.iter().map(|f| groups[*f as usize]).collect();
    Ok((kept, Batch::new(args.to_vec(), groups.len()).take(&UInt32Array::from(firsts.to_vec()))?))
}

/// All groups in the order they first come.
struct Merged {
    keys: Batch,
    /// The partition in which each group first comes.
    origins: Vec<u32>,
    /// Each aggregate's values.
    arrays: Vec<ArrayRef>,
}

fn merge(runner: Runner<'_>, partials: Vec<Partial>, key_types: &[DataType], planned: &[Planned<'_>]) -> Result<Merged> {
    let sizes: Vec<usize> = partials.iter().map(|p| p.keys.rows).collect();
    let (key_batches, states): (Vec<Batch>, Vec<Vec<PartialState>>) = partials.into_iter().map(|p| (p.keys, p.states)).unzip();
    let (merged, groups) = if key_types.is_empty() {
        (Batch::new(Vec::new(), 1), vec![0; sizes.iter().sum()])
    } else {
        let (bytes, rows): (usize, usize) = key_batches.iter().fold((0, 0), |(b, r), keys| (b + keys.bytes(), r + keys.rows));
        runner.ask("Grouping", 2 * bytes + 48 * rows, "Group by fewer or coarser columns, or filter rows first.")?;
        let all = concat(runner, &key_batches, key_types)?;
        drop(key_batches);
        let (table, groups) = KeyTable::build(runner.executor, &all.columns, all.rows)?;
        (all.take(&UInt32Array::from(table.firsts().to_vec()))?, groups)
    };
    let mut origins = Vec::with_capacity(merged.rows);
    let mut start = 0;
    let places: Vec<&[u32]> = sizes
        .iter()
        .enumerate()
        .map(|(partition, size)| {
            let here = &groups[start..start + size];
            start += size;
            let groups_so_far = here.iter().map(|g| *g as usize + 1).max().unwrap_or(0).max(origins.len());
            origins.resize(groups_so_far, partition as u32);
            here
        })
        .collect();
    // Each aggregate by itself, partition after partition.
    let mut by_aggregate: Vec<Vec<PartialState>> = planned.iter().map(|_| Vec::with_capacity(sizes.len())).collect();
    states.into_iter().flat_map(|states| states.into_iter().enumerate()).for_each(|(i, state)| by_aggregate[i].push(state));
    let waiting: Vec<Mutex<Vec<PartialState>>> = by_aggregate.into_iter().map(Mutex::new).collect();
    let arrays = runner.executor.map_quietly(&waiting, |i, states| {
        let states = std::mem::take(&mut *states.lock().unwrap_or_else(PoisonError::into_inner));
        merge_one(runner, &planned[i], states, &places, merged.rows)
    })?;
    Ok(Merged { keys: merged, origins, arrays })
}

/// One aggregate's values: the states of all partitions, whose groups have these places, in partition order.
fn merge_one(runner: Runner<'_>, planned: &Planned<'_>, states: Vec<PartialState>, places: &[&[u32]], groups: usize) -> Result<ArrayRef> {
    let mut total = planned.accumulator(groups);
    let (mut open, mut rows) = (Vec::new(), Vec::new());
    for (state, here) in states.into_iter().zip(places) {
        runner.executor.check()?;
        match state {
            PartialState::Done(accumulator) => total.merge(here, accumulator)?,
            PartialState::Distinct { groups, args } => {
                open.extend(groups.iter().map(|g| here[*g as usize]));
                rows.push(args);
            }
        }
    }
    if planned.distinct {
        let args = Batch::concat(&rows, &planned.types[..planned.args.len()])?;
        let (groups, args) = distinct_rows(runner, &open, &args.columns)?;
        total.update(&groups, &args.columns)?;
    }
    total.finish()
}

/// The order of the groups when Spark's shuffled partitions are read as one: map task after map task, each task's groups by their hash
/// partition; by key where Spark aggregates sorted rows (a first, smallest or largest value that has no fixed width, or more collected
/// groups than its hash table takes).
fn group_order(runner: Runner<'_>, keys: &Batch, origins: &[u32], single: bool, planned: &[Planned<'_>]) -> Result<UInt32Array> {
    let mut order: Vec<u32> = (0..keys.rows as u32).collect();
    if keys.columns.is_empty() {
        return Ok(order.into());
    }
    let objects = planned.iter().any(|p| {
        use Aggregate::{CollectList, CollectSet, Median, Mode, Percentile, PercentileApprox};
        matches!(p.aggregate, CollectList | CollectSet | Percentile | PercentileApprox | Median | Mode)
    });
    let wide = planned.iter().any(|p| is_wide(p.aggregate, p.result));
    if if objects { keys.rows > OBJECTS_IN_TABLE } else { wide } {
        return sorted_indices(runner.executor, &keys.columns, &vec![SortOrder::ASCENDING; keys.columns.len()], keys.rows);
    }
    if !single {
        let hashes = hashes(runner, keys)?;
        let distinct = planned.iter().any(|p| p.distinct);
        // Distinct values go through a shuffle of their own first, which leaves one map task.
        let tasks = if distinct { 1 } else { origins.last().map_or(1, |last| *last as usize + 1) };
        let bucket = |i: usize| {
            let task = if distinct { 0 } else { origins[i] as usize };
            task * SHUFFLE_PARTITIONS + hash::pmod(hashes[i], SHUFFLE_PARTITIONS)
        };
        order = grouped(&(0..keys.rows).map(|i| bucket(i) as u32).collect::<Vec<_>>(), tasks * SHUFFLE_PARTITIONS).0;
    }
    Ok(order.into())
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

/// Spark's hash of each row, some rows a task.
fn hashes(runner: Runner<'_>, keys: &Batch) -> Result<Vec<i32>> {
    const ROWS: usize = 1 << 16;
    let starts: Vec<usize> = (0..keys.rows).step_by(ROWS).collect();
    let some = |_: usize, start: &usize| {
        let rows = keys.slice(*start, ROWS.min(keys.rows - start));
        hash::hash_rows(&rows.columns, rows.rows)
    };
    Ok(runner.executor.map_quietly(&starts, some)?.concat())
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
            | DataType::Vector
            | DataType::Matrix
    )
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
