//! Operators that move rows between partitions.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, UInt32Array};
use kindling_partition::Result;

use super::sort::sorted_indices;
use super::stage::{Ids, Runner, Stage, kept};
use super::unsafe_row::dealing_order;
use crate::batch::Batch;
use crate::eval::Evaluator;
use crate::expr::{Attribute, SortOrder};
use crate::hash;
use crate::plan::{DIRECT, Plan};
use crate::random::XorShiftRandom;
use crate::session::DEFAULT_PARALLELISM;
use crate::typed::{Kind, Typed};
use crate::types::DataType;

/// `spark.sql.shuffle.partitions`
pub(super) const SHUFFLE_PARTITIONS: usize = 200;
/// Spark's advisory and smallest size of a partition after a shuffle, in bytes.
const ADVISORY: usize = 64 << 20;
const SMALLEST: usize = 1 << 20;

const SORTING_INSTEAD: &str = "Select fewer columns or filter rows before orderBy(), or sort only what you look at: orderBy(…).limit(100).";

/// How large a shuffle's partitions should be: small data ends in one, more is spread over the default parallelism.
pub(super) fn target_bytes(total: usize) -> usize {
    (total / DEFAULT_PARALLELISM).clamp(SMALLEST, ADVISORY)
}

/// The first rows, in one partition; later partitions run only when the earlier ones have too few.
pub(super) fn limit<'a>(runner: Runner<'a>, child: &'a Arc<Plan>, rows: usize, required: &Ids) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    if let Plan::Sort { child, orders, global: true } = &**child {
        return smallest(runner, child, orders, rows, &columns, required);
    }
    let stage = runner.stage(child, required)?;
    let types = stage.types.clone();
    Ok(Stage::new(&columns, 1, "limit", move |_| Batch::concat(runner.executor, &runner.run_until(&stage, rows)?, &types)))
}

/// The first rows of an order, in one partition (`TakeOrderedAndProject`): of each partition only its own first rows are held.
fn smallest<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    orders: &'a [(Typed, SortOrder)],
    rows: usize,
    columns: &[Attribute],
    required: &Ids,
) -> Result<Stage<'a>> {
    let mut needed = required.clone();
    orders.iter().for_each(|(e, _)| e.references(&mut needed));
    let stage = runner.stage(child, &needed)?;
    let positions: Vec<usize> = columns.iter().filter_map(|c| stage.position(c.id)).collect();
    let directions: Vec<SortOrder> = orders.iter().map(|(_, o)| *o).collect();
    Ok(Stage::new(columns, 1, "limit", move |_| {
        // Keys come along, so that what is random in them is drawn once.
        let first = |batch: &Batch, keys: &[ArrayRef]| -> Result<(Batch, Vec<ArrayRef>)> {
            let order = sorted_indices(runner.executor, keys, &directions, batch.rows)?;
            let order = order.slice(0, rows.min(batch.rows));
            let keys = Batch::new(keys.to_vec(), batch.rows).take(&order)?.columns;
            Ok((batch.take(&order)?, keys))
        };
        let found = runner.executor.range(stage.name, stage.partitions, |i| {
            let batch = runner.task(&stage, i)?;
            let evaluator = Evaluator::new(runner.executor, i, &stage.attributes, &batch);
            let keys = orders.iter().map(|(e, _)| evaluator.column(e)).collect::<Result<Vec<_>>>()?;
            first(&batch.project(&positions), &keys)
        })?;
        let (batches, keys): (Vec<Batch>, Vec<Batch>) = found
            .into_iter()
            .map(|(b, k)| {
                let rows = b.rows;
                (b, Batch::new(k, rows))
            })
            .unzip();
        let types: Vec<DataType> = columns_of(&positions, &stage.types);
        let key_types: Vec<DataType> = orders.iter().map(|(e, _)| e.data_type.clone()).collect();
        Ok(first(&Batch::concat(runner.executor, &batches, &types)?, &Batch::concat(runner.executor, &keys, &key_types)?.columns)?.0)
    }))
}

fn columns_of(positions: &[usize], types: &[DataType]) -> Vec<DataType> {
    positions.iter().map(|p| types[*p].clone()).collect()
}

pub(super) fn offset<'a>(runner: Runner<'a>, child: &'a Arc<Plan>, rows: usize, required: &Ids) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    let stage = runner.stage(child, required)?;
    let types = stage.types.clone();
    Ok(Stage::new(&columns, 1, "offset", move |_| {
        let all = Batch::concat(runner.executor, &runner.run(&stage)?, &types)?;
        let start = rows.min(all.rows);
        Ok(all.slice(start, all.rows - start))
    }))
}

pub(super) fn sort<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    orders: &'a [(Typed, SortOrder)],
    global: bool,
    required: &Ids,
) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    let mut needed = required.clone();
    orders.iter().for_each(|(e, _)| e.references(&mut needed));
    let Stage { partitions, attributes: inputs, types, task, name, .. } = runner.stage(child, &needed)?;
    let positions: Vec<usize> = columns.iter().filter_map(|c| inputs.iter().position(|i| *i == c.id)).collect();
    let kept = move |batch: &Batch| batch.project(&positions);
    let order = move |partition: usize, batch: &Batch| {
        let evaluator = Evaluator::new(runner.executor, partition, &inputs, batch);
        let keys = orders.iter().map(|(e, _)| evaluator.column(e)).collect::<Result<Vec<_>>>()?;
        let directions: Vec<SortOrder> = orders.iter().map(|(_, o)| *o).collect();
        sorted_indices(runner.executor, &keys, &directions, batch.rows)
    };
    if !global {
        return Ok(Stage::new(&columns, partitions, name, move |i| {
            let batch = task(i)?;
            kept(&batch).take(&order(i, &batch)?)
        }));
    }
    let batches = runner.executor.range(name, partitions, |i| {
        let batch = task(i)?;
        runner.executor.note(batch.rows, batch.bytes());
        Ok(batch)
    })?;
    let (bytes, rows): (usize, usize) = batches.iter().fold((0, 0), |(b, r), batch| (b + batch.bytes(), r + batch.rows));
    runner.ask("Sorting", 2 * bytes as u64 + 32 * rows as u64, SORTING_INSTEAD)?;
    let all = concat(runner, &batches, &types)?;
    drop(batches);
    let order = order(0, &all)?;
    let types: Vec<DataType> = columns.iter().map(|c| c.field.data_type.clone()).collect();
    Ok(Stage::ready(&columns, taken_by_size(runner, &[kept(&all)], &[order], &types)?, "sorted"))
}

/// All rows of the batches, column by column on as many threads as there are.
pub(super) fn concat(runner: Runner<'_>, batches: &[Batch], types: &[DataType]) -> Result<Batch> {
    let rows = batches.iter().map(|b| b.rows).sum();
    let column = |_: usize, i: &usize| {
        let i = *i;
        let one: Vec<Batch> = batches.iter().map(|b| Batch::new(vec![b.columns[i].clone()], b.rows)).collect();
        Batch::concat(runner.executor, &one, &types[i..=i]).map(|batch| batch.columns)
    };
    Ok(Batch::new(runner.executor.map_quietly(&(0..types.len()).collect::<Vec<_>>(), column)?.concat(), rows))
}

/// All rows of the parts, those of each in this order, cut into partitions of the size that Spark aims at.
pub(super) fn taken_by_size(runner: Runner<'_>, parts: &[Batch], orders: &[UInt32Array], types: &[DataType]) -> Result<Vec<Batch>> {
    let (bytes, rows): (usize, usize) = parts.iter().fold((0, 0), |(b, r), part| (b + part.bytes(), r + part.rows));
    let pieces = bytes.div_ceil(target_bytes(bytes)).clamp(1, rows.max(1));
    let pieces: Vec<Range<usize>> = (0..pieces).map(|i| i * rows / pieces..(i + 1) * rows / pieces).collect();
    runner.executor.map_quietly(&pieces, |_, piece| {
        let (mut start, mut taken) = (0, Vec::new());
        for (part, order) in parts.iter().zip(orders) {
            let here = piece.start.max(start)..piece.end.min(start + part.rows);
            if !here.is_empty() {
                taken.push(part.take(&order.slice(here.start - start, here.len()))?);
            }
            start += part.rows;
        }
        Batch::concat(runner.executor, &taken, types)
    })
}

pub(super) fn repartition<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    partitions: Option<usize>,
    keys: &'a [Typed],
    required: &Ids,
) -> Result<Stage<'a>> {
    let output = child.output();
    let columns = kept(&output, required);
    let mut needed = required.clone();
    keys.iter().for_each(|e| e.references(&mut needed));
    if keys.is_empty() && partitions != Some(1) {
        // The whole row decides where it goes.
        needed.extend(output.iter().map(|a| a.id));
    }
    let Stage { partitions: before, attributes: inputs, task, .. } = runner.stage(child, &needed)?;
    let positions: Vec<usize> = columns.iter().filter_map(|c| inputs.iter().position(|i| *i == c.id)).collect();
    let after = partitions.unwrap_or(SHUFFLE_PARTITIONS).max(1);
    let old: Vec<usize> = (0..before).collect();
    let direct = matches!(keys, [Typed { kind: Kind::Native { name, .. }, .. }] if &**name == DIRECT);
    let pieces = runner.executor.shuffle("repartition", &old, after, |_, i| {
        let batch = task(*i)?;
        runner.executor.note(batch.rows, batch.bytes());
        runner.ask("Moving rows to other partitions", batch.bytes() as u64, "Select fewer columns or filter rows first.")?;
        let targets = if keys.is_empty() && after == 1 {
            vec![0; batch.rows]
        } else if keys.is_empty() {
            let whole: Vec<ArrayRef> =
                output.iter().filter_map(|a| inputs.iter().position(|i| *i == a.id)).map(|p| batch.columns[p].clone()).collect();
            let order = UInt32Array::from(dealing_order(runner.executor, &whole, batch.rows)?);
            let kept = batch.project(&positions).take(&order)?;
            return split(&kept, &round_robin(*i, batch.rows, after), after);
        } else {
            let evaluator = Evaluator::new(runner.executor, *i, &inputs, &batch);
            let keys = keys.iter().map(|k| evaluator.column(k)).collect::<Result<Vec<_>>>()?;
            let numbers = if direct { keys[0].as_primitive::<Int32Type>().values().to_vec() } else { hash::hash_rows(&keys, batch.rows)? };
            numbers.into_iter().map(|n| hash::pmod(n, after) as u32).collect()
        };
        let kept = batch.project(&positions);
        split(&kept, &targets, after)
    })?;
    let types: Vec<DataType> = columns.iter().map(|c| c.field.data_type.clone()).collect();
    let batches = if partitions.is_none() {
        coalesced(runner, &pieces, &types)?
    } else {
        runner.executor.map_quietly(&pieces, |_, parts| Batch::concat(runner.executor, parts, &types))?
    };
    Ok(Stage::ready(&columns, batches, "repartitioned"))
}

/// Rows go to the partitions in turn, from a place that depends on the partition they come from.
fn round_robin(partition: usize, rows: usize, n: usize) -> Vec<u32> {
    let start = XorShiftRandom::new(partition as i64).next_int_below(n as i32) as usize;
    (1..=rows).map(|i| ((start + i) % n) as u32).collect()
}

/// The rows of each target, in their order.
pub(super) fn split(batch: &Batch, targets: &[u32], n: usize) -> Result<Vec<Batch>> {
    let (order, ends) = grouped(targets, n);
    let grouped = batch.take(&UInt32Array::from(order))?;
    Ok((0..n).map(|t| grouped.slice(ends[t], ends[t + 1] - ends[t])).collect())
}

/// The rows by their targets, those of one target in their order, and where each target begins and ends.
#[optimize(speed)]
pub(super) fn grouped(targets: &[u32], n: usize) -> (Vec<u32>, Vec<usize>) {
    let mut ends = vec![0_usize; n + 1];
    targets.iter().for_each(|t| ends[*t as usize + 1] += 1);
    (0..n).for_each(|t| ends[t + 1] += ends[t]);
    let mut next = ends.clone();
    let mut order = vec![0_u32; targets.len()];
    for (row, target) in targets.iter().enumerate() {
        order[next[*target as usize]] = row as u32;
        next[*target as usize] += 1;
    }
    (order, ends)
}

/// Neighbouring new partitions put together until they have the size that Spark aims at. `pieces[n]` holds what each old partition sends
/// to new partition `n`; put together, they are read old partition by old partition.
pub(super) fn coalesced(runner: Runner<'_>, pieces: &[Vec<Batch>], types: &[DataType]) -> Result<Vec<Batch>> {
    let sizes: Vec<usize> = pieces.iter().map(|parts| parts.iter().map(Batch::bytes).sum()).collect();
    let target = target_bytes(sizes.iter().sum());
    let mut ranges: Vec<(std::ops::Range<usize>, usize)> = vec![(0..0, 0)];
    for (i, size) in sizes.into_iter().enumerate() {
        match ranges.last_mut() {
            Some((range, total)) if *total == 0 || *total + size <= target => {
                range.end = i + 1;
                *total += size;
            }
            _ => ranges.push((i..i + 1, size)),
        }
    }
    let old = pieces.first().map_or(0, Vec::len);
    runner.executor.map_quietly(&ranges, |_, (range, _)| {
        let parts: Vec<Batch> = (0..old).flat_map(|o| pieces[range.clone()].iter().map(move |parts| parts[o].clone())).collect();
        Batch::concat(runner.executor, &parts, types)
    })
}
