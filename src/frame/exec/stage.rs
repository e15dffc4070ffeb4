use std::collections::BTreeSet;
use std::sync::Arc;

use kindling_partition::{Error, Executor, Result};

use super::{aggregate, join, narrow, ranges, scan, shuffle, stored, window};
use crate::batch::Batch;
use crate::cache::Cache;
use crate::expr::{Attribute, AttributeId};
use crate::plan::Plan;
use crate::types::DataType;

pub(crate) type Ids = BTreeSet<AttributeId>;

/// Partitions that a task computes when asked, each with these columns.
pub(crate) struct Stage<'a> {
    pub partitions: usize,
    pub attributes: Vec<AttributeId>,
    pub types: Vec<DataType>,
    pub task: Box<dyn Fn(usize) -> Result<Batch> + Send + Sync + 'a>,
    /// The rows of a partition where they are known without running its task.
    pub rows: Option<Box<dyn Fn(usize) -> Option<usize> + Send + Sync + 'a>>,
    /// What the stage does, for the list of jobs.
    pub name: &'static str,
}

impl<'a> Stage<'a> {
    pub fn new(
        columns: &[Attribute],
        partitions: usize,
        name: &'static str,
        task: impl Fn(usize) -> Result<Batch> + Send + Sync + 'a,
    ) -> Self {
        Self {
            partitions,
            attributes: columns.iter().map(|c| c.id).collect(),
            types: columns.iter().map(|c| c.field.data_type.clone()).collect(),
            task: Box::new(task),
            rows: None,
            name,
        }
    }

    /// Partitions that are there already.
    pub fn ready(columns: &[Attribute], batches: Vec<Batch>, name: &'static str) -> Self {
        let batches = Arc::new(batches);
        let sizes: Vec<usize> = batches.iter().map(|b| b.rows).collect();
        let mut stage = Self::new(columns, batches.len(), name, move |i| Ok(batches[i].clone()));
        stage.rows = Some(Box::new(move |i| sizes.get(i).copied()));
        stage
    }

    /// The position of a column.
    pub fn position(&self, id: AttributeId) -> Option<usize> {
        self.attributes.iter().position(|a| *a == id)
    }
}

/// Turns plans into stages on behalf of a session.
#[derive(Clone, Copy)]
pub(crate) struct Runner<'a> {
    pub executor: &'a Executor,
    pub cache: &'a Cache,
}

impl<'a> Runner<'a> {
    /// The stage that gives the plan's columns among `required`.
    pub fn stage(self, plan: &'a Arc<Plan>, required: &Ids) -> Result<Stage<'a>> {
        match &**plan {
            Plan::Scan { source, output, filters } => Ok(scan::stage(self, source, output, filters, required)),
            Plan::Stored { plan, run } => stored::stage(self, plan, run, required),
            Plan::Project { child, columns } => narrow::project(self, child, columns, required),
            Plan::Filter { child, condition } => narrow::filter(self, child, condition, required),
            Plan::Generate { child, generator, outer, position, columns } => {
                narrow::generate(self, child, generator, *outer, position.as_ref(), columns, required)
            }
            Plan::Expand { child, projections, output } => narrow::expand(self, child, projections, output, required),
            Plan::Window { child, partition, orders, functions } => window::stage(self, child, partition, orders, functions, required),
            Plan::Union { children, output } => narrow::union(self, children, output, required),
            Plan::Alias { child, .. } => self.stage(child, required),
            Plan::Sample { child, lower, upper, replacement, seed } => {
                narrow::sample(self, child, (*lower, *upper), *replacement, *seed, required)
            }
            Plan::Coalesce { child, partitions } => narrow::coalesce(self, child, *partitions, required),
            Plan::Limit { child, rows } => shuffle::limit(self, child, *rows, required),
            Plan::Offset { child, rows } => shuffle::offset(self, child, *rows, required),
            Plan::Sort { child, orders, global } => shuffle::sort(self, child, orders, *global, required),
            Plan::Repartition { child, partitions, keys, orders } if orders.is_empty() => {
                shuffle::repartition(self, child, *partitions, keys, required)
            }
            Plan::Repartition { child, partitions, keys, orders } => ranges::stage(self, child, *partitions, (keys, orders), required),
            Plan::Aggregate { child, keys, aggregates } => aggregate::stage(self, child, keys, aggregates, required),
            Plan::Join { left, right, kind, condition, broadcast } => {
                join::stage(self, left, right, *kind, condition.as_ref(), *broadcast, required)
            }
        }
    }

    /// The stage that gives all columns of `output`, and the place of each in its batches.
    pub fn whole(self, plan: &'a Arc<Plan>, output: &[Attribute]) -> Result<(Stage<'a>, Vec<usize>)> {
        let stage = self.stage(plan, &output.iter().map(|a| a.id).collect())?;
        let lost = |a: &Attribute| Error::runtime(format!("The plan lost the column {}.", a.name()));
        let order = output.iter().map(|a| stage.position(a.id).ok_or_else(|| lost(a))).collect::<Result<Vec<_>>>()?;
        Ok((stage, order))
    }

    /// Computes all partitions of a plan, in order; each has the columns of `output`.
    pub fn compute(self, plan: &'a Arc<Plan>, output: &[Attribute]) -> Result<Vec<Batch>> {
        let (stage, order) = self.whole(plan, output)?;
        Ok(self.run(&stage)?.iter().map(|b| b.project(&order)).collect())
    }

    /// Asks for memory before a step takes it. Rows that are kept make room before it fails.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfMemory`](kindling_partition::ErrorKind::OutOfMemory)
    pub fn ask(self, what: &str, bytes: u64, instead: &str) -> Result<()> {
        let answer = self.executor.ask(what, bytes, instead);
        if answer.is_err() && self.cache.release(bytes) > 0 {
            return self.executor.ask(what, bytes, instead);
        }
        answer
    }

    /// Computes all partitions of a stage, in order.
    pub fn run(self, stage: &Stage<'_>) -> Result<Vec<Batch>> {
        self.executor.range(stage.name, stage.partitions, |i| self.task(stage, i))
    }

    /// Computes one partition, and notes what it gave for whoever watches the executor.
    pub fn task(self, stage: &Stage<'_>, partition: usize) -> Result<Batch> {
        let batch = (stage.task)(partition)?;
        self.executor.note(batch.rows, batch.bytes());
        Ok(batch)
    }

    /// The first partitions until they have so many rows: one, then four times as many as before, and so on.
    pub fn run_until(self, stage: &Stage<'_>, rows: usize) -> Result<Vec<Batch>> {
        let mut batches: Vec<Batch> = Vec::new();
        let (mut found, mut step) = (0, 1);
        while found < rows && batches.len() < stage.partitions {
            let start = batches.len();
            let more = self.executor.range(stage.name, step.min(stage.partitions - start), |i| self.task(stage, start + i))?;
            found += more.iter().map(|b| b.rows).sum::<usize>();
            batches.extend(more);
            step = batches.len() * 4;
        }
        let mut missing = rows;
        for batch in &mut batches {
            if batch.rows > missing {
                *batch = batch.slice(0, missing);
            }
            missing -= batch.rows;
        }
        Ok(batches)
    }
}

/// The attributes of `output` that are required, each once.
pub(crate) fn kept<'p>(output: impl IntoIterator<Item = &'p Attribute>, required: &Ids) -> Vec<Attribute> {
    let mut kept: Vec<Attribute> = Vec::new();
    for attribute in output {
        if required.contains(&attribute.id) && !kept.iter().any(|k| k.id == attribute.id) {
            kept.push(attribute.clone());
        }
    }
    kept
}
