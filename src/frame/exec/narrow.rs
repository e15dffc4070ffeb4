//! Operators whose partitions come each from one partition before: they run within its task.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, UInt32Array};
use kindling_partition::Result;

use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::Batch;
use crate::eval::Evaluator;
use crate::expr::Attribute;
use crate::functions::Body;
use crate::plan::Plan;
use crate::random::{BernoulliCellSampler, PoissonSampler, partition_seeds};
use crate::typed::{Kind, Named, Typed};
use crate::types::DataType;

pub(super) fn project<'a>(runner: Runner<'a>, child: &'a Arc<Plan>, columns: &'a [Named], required: &Ids) -> Result<Stage<'a>> {
    let attributes = kept(columns.iter().map(|c| &c.attribute), required);
    let named: Vec<&'a Typed> =
        attributes.iter().filter_map(|a| columns.iter().find(|c| c.attribute.id == a.id)).map(|c| &c.expr).collect();
    let mut needed = Ids::new();
    named.iter().for_each(|e| e.references(&mut needed));
    let Stage { partitions, attributes: inputs, task, rows, name, .. } = runner.stage(child, &needed)?;
    let mut stage = Stage::new(&attributes, partitions, name, move |i| {
        let batch = task(i)?;
        let evaluator = Evaluator::new(runner.executor, i, &inputs, &batch);
        let columns = named.iter().map(|e| evaluator.column(e)).collect::<Result<Vec<_>>>()?;
        Ok(Batch::new(columns, batch.rows))
    });
    stage.rows = rows;
    Ok(stage)
}

pub(super) fn filter<'a>(runner: Runner<'a>, child: &'a Arc<Plan>, condition: &'a Typed, required: &Ids) -> Result<Stage<'a>> {
    let output = child.output();
    let columns = kept(&output, required);
    let mut needed = required.clone();
    condition.references(&mut needed);
    if let Plan::Scan { source, output, filters } = &**child
        && !filters.is_empty()
        && crate::optimize::is_pure(condition)
    {
        return Ok(super::scan::filtered(runner, source, output, filters, condition, &columns, &needed));
    }
    let Stage { partitions, attributes: inputs, task, name, .. } = runner.stage(child, &needed)?;
    let positions: Vec<usize> = columns.iter().filter_map(|c| inputs.iter().position(|i| *i == c.id)).collect();
    Ok(Stage::new(&columns, partitions, name, move |i| {
        let batch = task(i)?;
        let keep = Evaluator::new(runner.executor, i, &inputs, &batch).selection(condition)?;
        batch.project(&positions).filter(&keep)
    }))
}

/// Row by row, what each projection makes of it.
pub(super) fn expand<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    projections: &'a [Vec<Typed>],
    output: &[Attribute],
    required: &Ids,
) -> Result<Stage<'a>> {
    let columns = kept(output, required);
    let positions: Vec<usize> = columns.iter().filter_map(|c| output.iter().position(|o| o.id == c.id)).collect();
    let mut needed = Ids::new();
    projections.iter().for_each(|p| positions.iter().for_each(|i| p[*i].references(&mut needed)));
    let Stage { partitions, attributes: inputs, task, name, .. } = runner.stage(child, &needed)?;
    let types: Vec<DataType> = columns.iter().map(|c| c.field.data_type.clone()).collect();
    Ok(Stage::new(&columns, partitions, name, move |i| {
        let batch = task(i)?;
        let evaluator = Evaluator::new(runner.executor, i, &inputs, &batch);
        let each = projections.iter().map(|projection| {
            let columns = positions.iter().map(|p| evaluator.column(&projection[*p])).collect::<Result<Vec<_>>>()?;
            Ok(Batch::new(columns, batch.rows))
        });
        let all = Batch::concat(runner.executor, &each.collect::<Result<Vec<_>>>()?, &types)?;
        let (rows, copies) = (batch.rows, projections.len());
        all.take(&UInt32Array::from_iter_values((0..rows * copies).map(|k| (k % copies * rows + k / copies) as u32)))
    }))
}

pub(super) fn generate<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    generator: &'a Typed,
    outer: bool,
    position: Option<&'a Attribute>,
    columns: &'a [Attribute],
    required: &Ids,
) -> Result<Stage<'a>> {
    let output = child.output();
    let kept_columns = kept(&output, required);
    let Kind::Call { function, args, .. } = &generator.kind else {
        return Err(kindling_partition::Error::runtime("A generator that is no call."));
    };
    let members = matches!(function.body, Body::Generator { members: true, .. });
    let container = &args[0];
    let mut needed = required.clone();
    container.references(&mut needed);
    let Stage { partitions, attributes: inputs, task, name, .. } = runner.stage(child, &needed)?;
    let positions: Vec<usize> = kept_columns.iter().filter_map(|c| inputs.iter().position(|i| *i == c.id)).collect();
    let all: Vec<Attribute> = kept_columns.iter().chain(position).chain(columns).cloned().collect();
    Ok(Stage::new(&all, partitions, name, move |i| {
        let batch = task(i)?;
        let column = Evaluator::new(runner.executor, i, &inputs, &batch).column(container)?;
        let (offsets, items): (&[i32], Vec<ArrayRef>) = match &container.data_type {
            DataType::Map(..) => (column.as_map().value_offsets(), column.as_map().entries().columns().to_vec()),
            _ => {
                let lists = column.as_list::<i32>();
                (lists.value_offsets(), if members { members_of(lists.values())? } else { vec![lists.values().clone()] })
            }
        };
        let (mut rows, mut picks, mut at) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..batch.rows {
            let length = if column.is_null(row) { 0 } else { offsets[row + 1] - offsets[row] };
            for k in 0..length {
                rows.push(row as u32);
                picks.push(Some((offsets[row] + k) as u32));
                at.push(Some(k));
            }
            if length == 0 && outer {
                rows.push(row as u32);
                picks.push(None);
                at.push(None);
            }
        }
        let kept = batch.project(&positions);
        let count = rows.len();
        let mut result = kept.take(&UInt32Array::from(rows))?.columns;
        if position.is_some() {
            result.push(Arc::new(Int32Array::from(at)));
        }
        let picks = UInt32Array::from(picks);
        for item in &items {
            result.push(crate::select::take(item, &picks)?);
        }
        Ok(Batch::new(result, count))
    }))
}

/// The members of a column of structs; null where the struct is.
fn members_of(structs: &ArrayRef) -> Result<Vec<ArrayRef>> {
    let structs = structs.as_struct();
    let Some(nulls) = structs.nulls() else { return Ok(structs.columns().to_vec()) };
    let hidden = BooleanArray::new(!nulls.inner(), None);
    structs.columns().iter().map(|c| crate::select::nullif(c, &hidden)).collect()
}

pub(super) fn union<'a>(runner: Runner<'a>, children: &'a [Arc<Plan>], output: &[Attribute], required: &Ids) -> Result<Stage<'a>> {
    let columns = kept(output, required);
    let positions: Vec<usize> = columns.iter().filter_map(|c| output.iter().position(|o| o.id == c.id)).collect();
    let mut parts = Vec::new();
    for child in children {
        let ids: Vec<_> = {
            let output = child.output();
            positions.iter().map(|p| output[*p].id).collect()
        };
        let stage = runner.stage(child, &ids.iter().copied().collect())?;
        let order: Vec<usize> = ids.iter().filter_map(|id| stage.position(*id)).collect();
        parts.push((stage, order));
    }
    let parts = Arc::new(parts);
    let places: Arc<Vec<(usize, usize)>> =
        Arc::new(parts.iter().enumerate().flat_map(|(p, (stage, _))| (0..stage.partitions).map(move |i| (p, i))).collect());
    let (parts_too, places_too) = (parts.clone(), places.clone());
    let mut stage = Stage::new(&columns, places.len(), "union", move |i| {
        let (part, partition) = places[i];
        let (stage, order) = &parts[part];
        let batch = (stage.task)(partition)?;
        Ok(batch.project(order))
    });
    stage.rows = Some(Box::new(move |i| {
        let (part, partition) = places_too[i];
        parts_too[part].0.rows.as_ref().and_then(|rows| rows(partition))
    }));
    Ok(stage)
}

pub(super) fn sample<'a>(
    runner: Runner<'a>,
    child: &'a Arc<Plan>,
    (lower, upper): (f64, f64),
    replacement: bool,
    seed: i64,
    required: &Ids,
) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    let Stage { partitions, task, name, .. } = runner.stage(child, required)?;
    let seeds = partition_seeds(seed, partitions);
    Ok(Stage::new(&columns, partitions, name, move |i| {
        let batch = task(i)?;
        let mut rows: Vec<u32> = Vec::new();
        if replacement {
            let mut sampler = PoissonSampler::new(upper - lower, false, seeds[i])?;
            for row in 0..batch.rows as u32 {
                rows.extend(std::iter::repeat_n(row, sampler.copies() as usize));
            }
        } else {
            let mut sampler = BernoulliCellSampler::new(lower, upper, false, seed.wrapping_add(i as i64));
            rows.extend((0..batch.rows as u32).filter(|_| sampler.takes()));
        }
        batch.take(&UInt32Array::from(rows))
    }))
}

/// Neighbouring partitions put together, as evenly as can be.
pub(super) fn coalesce<'a>(runner: Runner<'a>, child: &'a Arc<Plan>, partitions: usize, required: &Ids) -> Result<Stage<'a>> {
    let columns = kept(&child.output(), required);
    let stage = runner.stage(child, required)?;
    let (before, after) = (stage.partitions, partitions.max(1).min(stage.partitions));
    let types = stage.types.clone();
    Ok(Stage::new(&columns, after, stage.name, move |i| {
        let parts = (i * before / after..(i + 1) * before / after).map(|p| (stage.task)(p)).collect::<Result<Vec<_>>>()?;
        Batch::concat(runner.executor, &parts, &types)
    }))
}
