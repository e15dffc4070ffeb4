//! `WITH RECURSIVE`: a table that begins with some rows and goes on with what a query makes of the rows before, until it makes none.

use std::sync::{Arc, Mutex, PoisonError};

use kindling_partition::{Error, ErrorKind, Executor, Result};

use super::ast::{Body, Cte, Orders, Query, SetOp};
use super::plan::{Planner, renamed};
use crate::batch::Batch;
use crate::dataframe::{DataFrame, JoinKind};
use crate::plan::Plan;
use crate::schema::{Schema, same_name};
use crate::source::Source;
use crate::types::{DataType, Field};

/// `spark.sql.cteRecursionLevelLimit`
pub(super) const LEVELS: usize = 100;
/// `spark.sql.cteRecursionRowLimit`
const ROWS: usize = 1_000_000;

/// The rows of one level, for the query that makes the next one of them.
struct Before {
    schema: Arc<Schema>,
    rows: Mutex<Batch>,
}

impl Source for Before {
    fn name(&self) -> String {
        "UnionLoopRef".into()
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        1
    }

    fn read(&self, _: &Executor, _: usize, columns: &[usize]) -> Result<Batch> {
        Ok(self.rows.lock().unwrap_or_else(PoisonError::into_inner).project(columns))
    }
}

/// All levels. Each is computed when it is first read, and then kept: a partition has twice as many levels as the one before it, so that
/// `LIMIT` needs the first ones alone, and the last partition has none, but fails when there are more than may be.
struct Levels {
    schema: Arc<Schema>,
    types: Vec<DataType>,
    anchor: DataFrame,
    before: Arc<Before>,
    step: DataFrame,
    limit: usize,
    done: Mutex<Vec<Batch>>,
}

impl Levels {
    fn rows_of(&self, frame: &DataFrame) -> Result<Batch> {
        Batch::concat(frame.session().executor(), &frame.compute()?, &self.types)
    }

    /// So many levels, or as many as have rows and one without.
    fn computed(&self, levels: usize) -> Result<std::sync::MutexGuard<'_, Vec<Batch>>> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if done.is_empty() {
            done.push(self.rows_of(&self.anchor)?);
        }
        let mut rows: usize = done.iter().map(|level| level.rows).sum();
        while let Some(last) = done.last().filter(|last| last.rows > 0)
            && done.len() < levels
        {
            if rows > ROWS {
                let text = format!(
                    "Recursion row limit {ROWS} reached but query has not exhausted, try setting a larger LIMIT value when querying the CTE \
                     relation."
                );
                return Err(Error::runtime(text).with_condition("RECURSION_ROW_LIMIT_EXCEEDED"));
            }
            *self.before.rows.lock().unwrap_or_else(PoisonError::into_inner) = last.clone();
            let next = self.rows_of(&self.step)?;
            rows += next.rows;
            done.push(next);
        }
        Ok(done)
    }
}

impl Source for Levels {
    fn name(&self) -> String {
        "UnionLoop".into()
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        self.limit.ilog2() as usize + 2
    }

    fn read(&self, executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        let types: Vec<DataType> = columns.iter().map(|column| self.types[*column].clone()).collect();
        if partition + 1 == self.partitions() {
            if self.computed(self.limit + 1)?.get(self.limit).is_some_and(|level| level.rows > 0) {
                let text = format!(
                    "Recursion level limit {} reached but query has not exhausted, try increasing it like 'WITH RECURSIVE t(col) MAX RECURSION \
                     LEVEL 200'.",
                    self.limit
                );
                return Err(Error::runtime(text).with_condition("RECURSION_LEVEL_LIMIT_EXCEEDED"));
            }
            return Ok(Batch::empty(&types));
        }
        let (start, end) = ((1 << partition) - 1, ((1 << (partition + 1)) - 1).min(self.limit));
        let done = self.computed(end)?;
        let levels: Vec<Batch> = done.iter().take(end).skip(start).map(|level| level.project(columns)).collect();
        Batch::concat(executor, &levels, &types)
    }
}

/// # Errors
/// What a recursive table can't be made of.
pub(super) fn invalid() -> Error {
    let text = "Invalid recursive definition found. Recursive queries must contain an UNION or an UNION ALL statement with 2 children. The first \
         child needs to be the anchor term without any recursive references. Any top level inner CTE must not contain self references.";
    Error::analysis(text).with_condition("INVALID_RECURSIVE_CTE")
}

impl Planner<'_> {
    /// A table of `WITH RECURSIVE`, which need not be recursive.
    ///
    /// # Errors
    /// `INVALID_RECURSIVE_CTE`, `INVALID_RECURSIVE_REFERENCE.PLACE`, `UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE`,
    /// `CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE`, and what is wrong with its parts.
    pub(super) fn recursive(&self, cte: &Cte) -> Result<DataFrame> {
        // Its own WITH may have another table of this name, which is meant then.
        if cte.query.ctes.iter().any(|own| same_name(&own.name, &cte.name)) {
            return renamed(&self.query(&cte.query)?, &cte.columns);
        }
        let mut planner = self.clone();
        planner.unready.push(cte.name.clone());
        let query: &Query = &cte.query;
        let plain = matches!(query.orders, Orders::None) && query.sorts.is_empty() && query.limit.is_none() && query.offset.is_none();
        let Body::Set { op: SetOp::Union, all, left, right } = &query.body else {
            return renamed(&planner.query(query)?, &cte.columns);
        };
        if !plain {
            return renamed(&planner.query(query)?, &cte.columns);
        }
        planner = planner.with_tables(query)?;
        let anchor = renamed(&planner.body(left)?, &cte.columns)?;
        let fields: Vec<Field> = anchor.schema().iter().map(|field| Field { nullable: true, ..field.clone() }).collect();
        let types: Vec<DataType> = fields.iter().map(|field| field.data_type.clone()).collect();
        let schema = Arc::new(Schema::new(fields));
        let before = Arc::new(Before { schema: schema.clone(), rows: Mutex::new(Batch::empty(&types)) });
        planner.unready.pop();
        planner.ctes.push((cte.name.clone(), self.scanned(before.clone())));
        let step = planner.body(right)?;
        let source: Arc<dyn Source> = before.clone();
        if !reads(step.plan(), &source) {
            let all_rows = anchor.union(&step)?;
            return if *all { Ok(all_rows) } else { all_rows.distinct() };
        }
        if !all {
            let text = "The UNION operator is not yet supported within recursive common table expressions (WITH clauses that refer to \
                 themselves, directly or indirectly). Please use UNION ALL instead.";
            return Err(Error::new(ErrorKind::Parse, text).with_condition("UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE"));
        }
        placed(step.plan(), &source)?;
        // Whose columns are of the same number and types: a union that is never run says so.
        anchor.union(&step)?;
        for (there, here) in types.iter().zip(step.schema().iter()) {
            if !crate::coerce::same_layout(there, &here.data_type) {
                let text = format!(
                    "Failed to merge incompatible data types \"{}\" and \"{}\". Please check the data types of the columns being merged and \
                     ensure that they are compatible.",
                    there.sql(),
                    here.data_type.sql()
                );
                return Err(Error::analysis(text).with_condition("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE"));
            }
        }
        // A level is computed where it is read, by the thread that reads it: another one may wait for the same level.
        let here = |frame: &DataFrame| DataFrame::new(frame.session().clone().on_driver(), frame.plan().clone());
        let (anchor, step, done) = (here(&anchor), here(&step), Mutex::default());
        let limit = cte.levels.unwrap_or(LEVELS).max(1);
        Ok(self.scanned(Arc::new(Levels { schema, types, anchor, before, step, limit, done })))
    }

    fn scanned(&self, source: Arc<dyn Source>) -> DataFrame {
        DataFrame::new(self.session.clone(), Arc::new(Plan::scan(source))).within(self.outer.clone())
    }
}

/// Whether the source's rows are in a plan's.
fn reads(plan: &Plan, source: &Arc<dyn Source>) -> bool {
    match plan {
        Plan::Scan { source: found, .. } => std::ptr::addr_eq(Arc::as_ptr(found), Arc::as_ptr(source)),
        Plan::Stored { plan, .. } => reads(plan, source),
        plan => plan.children().into_iter().any(|child| reads(child, source)),
    }
}

/// That the rows of the level before are read only where each of them makes rows of its own.
fn placed(plan: &Plan, source: &Arc<dyn Source>) -> Result<()> {
    let wrong = match plan {
        // DISTINCT has no aggregates.
        Plan::Aggregate { child, aggregates, .. } => !aggregates.is_empty() && reads(child, source),
        Plan::Window { child, .. } | Plan::Sort { child, .. } => reads(child, source),
        Plan::Join { left, right, kind, .. } => match kind {
            JoinKind::Left | JoinKind::LeftSemi | JoinKind::LeftAnti => reads(right, source),
            JoinKind::Right => reads(left, source),
            JoinKind::Full => reads(left, source) || reads(right, source),
            _ => false,
        },
        _ => false,
    };
    if wrong {
        let text = "Invalid recursive reference found inside WITH RECURSIVE clause. Recursive references cannot be used on the right side of left \
             outer/semi/anti joins, on the left side of right outer joins, in full outer joins, in aggregates, window functions or sorts";
        return Err(Error::analysis(text).with_condition("INVALID_RECURSIVE_REFERENCE.PLACE"));
    }
    plan.children().into_iter().try_for_each(|child| placed(child, source))
}
