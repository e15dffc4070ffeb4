//! Partitions of neighbouring keys: `repartitionByRange`.

use std::sync::Arc;

use arrow_array::{ArrayRef, UInt32Array};
use kindling_partition::Result;

use super::shuffle::{SHUFFLE_PARTITIONS, coalesced, split};
use super::sort::sorted_indices;
use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::{Batch, comparator};
use crate::eval::Evaluator;
use crate::expr::SortOrder;
use crate::plan::Plan;
use crate::select;
use crate::typed::Typed;
use crate::types::DataType;

pub(super) fn stage<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    partitions: Option<usize>,
    (keys, orders): (&'a [Typed], &'a [SortOrder]),
    required: &Ids,
) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    let mut needed = required.clone();
    keys.iter().for_each(|e| e.references(&mut needed));
    let Stage { partitions: before, attributes: inputs, task, name, .. } = runner.stage(child, &needed)?;
    let positions: Vec<usize> = columns.iter().filter_map(|c| inputs.iter().position(|i| *i == c.id)).collect();
    let read: Vec<(Batch, Vec<ArrayRef>)> = runner.executor.range(name, before, |i| {
        let batch = task(i)?;
        runner.executor.note(batch.rows, batch.bytes());
        runner.ask("Moving rows to other partitions", 2 * batch.bytes() as u64, "Select fewer columns or filter rows first.")?;
        let evaluator = Evaluator::new(runner.executor, i, &inputs, &batch);
        let keys = keys.iter().map(|k| evaluator.column(k)).collect::<Result<Vec<_>>>()?;
        Ok((batch.project(&positions), keys))
    })?;
    let rows = read.iter().map(|(batch, _)| batch.rows).sum();
    let whole = |k: usize| select::concat(&read.iter().map(|(_, keys)| &*keys[k]).collect::<Vec<_>>());
    let all = (0..keys.len()).map(whole).collect::<Result<Vec<_>>>()?;
    let sorted = sorted_indices(runner.executor, &all, orders, rows)?;
    let (targets, after) = targets(&all, &sorted, partitions.unwrap_or(SHUFFLE_PARTITIONS).min(rows.max(1)))?;
    let starts: Vec<usize> = read.iter().scan(0, |at, (batch, _)| Some(std::mem::replace(at, *at + batch.rows))).collect();
    let dealt: Vec<(&Batch, usize)> = read.iter().map(|(batch, _)| batch).zip(starts).collect();
    let pieces = runner
        .executor
        .shuffle("repartition", &dealt, after, |_, (batch, start)| split(batch, &targets[*start..*start + batch.rows], after))?;
    let types: Vec<DataType> = columns.iter().map(|c| c.field.data_type.clone()).collect();
    let batches = if partitions.is_none() {
        coalesced(runner, &pieces, &types)?
    } else {
        runner.executor.map_quietly(&pieces, |_, parts| Batch::concat(runner.executor, parts, &types))?
    };
    Ok(Stage::ready(&columns, batches, "repartitioned"))
}

/// The partition of each row, and how many there are: as many rows to each as equal keys allow (`RangePartitioner.determineBounds`).
fn targets(keys: &[ArrayRef], sorted: &UInt32Array, partitions: usize) -> Result<(Vec<u32>, usize)> {
    let compare = keys.iter().map(|key| comparator(key, key)).collect::<Result<Vec<_>>>()?;
    let same = |a: usize, b: usize| compare.iter().all(|key| key(a, b).is_eq());
    let step = sorted.len() as f64 / partitions as f64;
    let mut targets = vec![0; sorted.len()];
    // The last row of each partition but the last one.
    let mut bounds: Vec<usize> = Vec::new();
    let mut aim = step;
    for (seen, row) in sorted.values().iter().map(|row| *row as usize).enumerate() {
        let within = bounds.last().is_some_and(|bound| same(*bound, row));
        targets[row] = (bounds.len() - usize::from(within)) as u32;
        if !within && (seen + 1) as f64 >= aim && bounds.len() + 1 < partitions {
            bounds.push(row);
            aim += step;
        }
    }
    Ok((targets, bounds.len() + 1))
}
