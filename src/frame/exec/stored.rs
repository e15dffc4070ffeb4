//! Rows that the session keeps.

use std::sync::Arc;

use kindling_partition::Result;

use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::Batch;
use crate::plan::Plan;

/// What part of the memory kept rows may take: Spark's `spark.memory.storageFraction`.
const SHARE: f64 = 0.5;

/// The partitions that are kept; others are computed by `run`, whole, and kept if there is room.
pub(super) fn stage<'a>(runner: Runner<'a>, plan: &'a Arc<Plan>, run: &'a Arc<Plan>, required: &Ids) -> Result<Stage<'a>> {
    let output = plan.output();
    let columns = kept(&output, required);
    let positions: Vec<usize> = columns.iter().filter_map(|c| output.iter().position(|o| o.id == c.id)).collect();
    let chosen = move |batch: &Batch| batch.project(&positions);
    if let Some(batches) = runner.cache.all(plan) {
        return Ok(Stage::ready(&columns, batches.iter().map(chosen).collect(), "cached"));
    }
    let stage = runner.stage(run, &output.iter().map(|a| a.id).collect())?;
    let order: Vec<usize> = output.iter().filter_map(|a| stage.position(a.id)).collect();
    let (partitions, budget) = (stage.partitions, (runner.executor.memory_limit() as f64 * SHARE) as u64);
    Ok(Stage::new(&columns, partitions, stage.name, move |i| {
        if let Some(batch) = runner.cache.get(plan, i) {
            return Ok(chosen(&batch));
        }
        let batch = (stage.task)(i)?;
        let whole = batch.project(&order);
        runner.cache.put(plan, partitions, i, &whole, budget);
        Ok(chosen(&whole))
    }))
}
