use std::sync::Arc;

use kindling_partition::Result;

use super::DataFrame;
use crate::again::RanJob;
use crate::batch::Batch;
use crate::exec::{Ids, Runner, Stage};
use crate::explain::ExplainMode;
use crate::plan::Plan;
use crate::types::DataType;
use crate::value::Row;

impl DataFrame {
    fn runner(&self) -> Runner<'_> {
        self.session.runner()
    }

    /// Tells whoever watches the executor that an action on all rows begins.
    fn job(&self, action: &'static str) {
        self.job_of(RanJob { action, plan: self.plan.clone(), columns: true });
    }

    /// As [`job`](Self::job), on the first rows alone.
    fn job_on_first(&self, action: &'static str, rows: usize) {
        self.job_of(RanJob { action, plan: Arc::new(Plan::Limit { child: self.plan.clone(), rows }), columns: true });
    }

    fn job_of(&self, job: RanJob) {
        let action = job.action;
        let number = self.session.keep_job(job);
        self.session.executor().job(action, number, || self.explain(ExplainMode::Simple));
    }

    /// The plan as it runs.
    pub(crate) fn optimized(&self) -> Arc<Plan> {
        self.session.optimized(&self.plan)
    }

    /// The stage of the whole plan, and the place of each column in its batches.
    fn stage<'a>(&'a self, plan: &'a Arc<Plan>) -> Result<(Stage<'a>, Vec<usize>)> {
        self.runner().whole(plan, &self.plan.output())
    }

    /// Computes all partitions, in order; each has this frame's columns.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn partitions(&self) -> Result<Vec<Batch>> {
        self.job("compute");
        self.compute()
    }

    /// As [`partitions`](Self::partitions), as a part of another job.
    pub(crate) fn compute(&self) -> Result<Vec<Batch>> {
        self.runner().compute(&self.optimized(), &self.plan.output())
    }

    /// How many partitions the frame has. Wide operators compute to know.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn num_partitions(&self) -> Result<usize> {
        Ok(self.stage(&self.optimized())?.0.partitions)
    }

    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn collect(&self) -> Result<Vec<Row>> {
        self.job("collect");
        let batches = self.compute()?;
        let (bytes, rows): (usize, usize) = batches.iter().fold((0, 0), |(b, r), batch| (b + batch.bytes(), r + batch.rows));
        let objects = bytes as u64 + 64 * rows as u64 * self.schema.len() as u64;
        self.runner().ask("Collecting rows", objects, "Look at some rows with show() or take(n), or aggregate before collect().")?;
        Ok(self.rows_of(&batches))
    }

    /// The rows of each partition.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    pub fn collect_partitions(&self) -> Result<Vec<Vec<Row>>> {
        self.job("collect");
        Ok(self.compute()?.iter().map(|batch| self.rows_of(std::slice::from_ref(batch))).collect())
    }

    fn rows_of(&self, batches: &[Batch]) -> Vec<Row> {
        let names: Arc<[Arc<str>]> = self.schema.iter().map(|f| f.name.clone()).collect();
        let types: Vec<&DataType> = self.schema.iter().map(|f| &f.data_type).collect();
        let row = |batch: &Batch, i: usize| Row {
            names: names.clone(),
            values: types.iter().enumerate().map(|(c, t)| batch.value(t, c, i)).collect(),
        };
        batches.iter().flat_map(|b| (0..b.rows).map(move |i| (b, i))).map(|(b, i)| row(b, i)).collect()
    }

    /// The first rows, computing only as many partitions as they need.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn take(&self, rows: usize) -> Result<Vec<Row>> {
        self.job_on_first("take", rows);
        Ok(self.rows_of(&self.head_batches(rows)?))
    }

    fn head_batches(&self, rows: usize) -> Result<Vec<Batch>> {
        // Of a sorted frame only the first rows need to be sorted.
        let plan = match is_sorted(&self.plan) {
            true => self.session.optimized(&Arc::new(Plan::Limit { child: self.plan.clone(), rows })),
            false => self.optimized(),
        };
        let (stage, order) = self.stage(&plan)?;
        Ok(self.runner().run_until(&stage, rows)?.iter().map(|b| b.project(&order)).collect())
    }

    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn first(&self) -> Result<Option<Row>> {
        Ok(self.take(1)?.pop())
    }

    /// The last rows, computing only as many partitions as they need.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn tail(&self, rows: usize) -> Result<Vec<Row>> {
        self.job("tail");
        let plan = self.optimized();
        let (stage, order) = self.stage(&plan)?;
        let (mut found, mut batches) = (0, Vec::new());
        for i in (0..stage.partitions).rev() {
            if found >= rows {
                break;
            }
            for batch in self.session.executor().range("tail", 1, |_| self.runner().task(&stage, i))? {
                let kept = batch.rows.min(rows - found);
                found += kept;
                batches.push(batch.slice(batch.rows - kept, kept).project(&order));
            }
        }
        batches.reverse();
        Ok(self.rows_of(&batches))
    }

    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn is_empty(&self) -> Result<bool> {
        self.job_on_first("isEmpty", 1);
        Ok(self.head_batches(1)?.iter().all(|b| b.rows == 0))
    }

    /// How many rows there are; no column is computed that isn't needed to know.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn count(&self) -> Result<usize> {
        self.job_of(RanJob { action: "count", plan: self.plan.clone(), columns: false });
        let plan = self.optimized();
        let stage = self.runner().stage(&plan, &Ids::new())?;
        let counts = self.session.executor().range("count", stage.partitions, |i| match stage.rows.as_ref().and_then(|rows| rows(i)) {
            Some(rows) => Ok(rows),
            None => self.runner().task(&stage, i).map(|b| b.rows),
        })?;
        Ok(counts.into_iter().sum())
    }
}

fn is_sorted(plan: &Plan) -> bool {
    match plan {
        Plan::Sort { global, .. } => *global,
        Plan::Project { child, .. } | Plan::Alias { child, .. } => is_sorted(child),
        _ => false,
    }
}
