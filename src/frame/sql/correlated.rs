//! Subqueries that read columns of the query around them, as plans that don't: their conditions on these columns become conditions of a
//! join with the rows around, where that keeps the answer, and else the subquery is [unnested](super::unnest).

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::unnest::unnested;
use crate::analyze::{has_aggregate, make_call};
use crate::coerce::text;
use crate::dataframe::{DataFrame, JoinKind};
use crate::exec::Ids;
use crate::expr::{Attribute, AttributeId};
use crate::optimize::conjuncts;
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};
use crate::types::Field;

const NOT_HERE: &str = "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED";
const MIXED: &str = "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES";

/// What the names of columns begin with that are joined to a frame for its subqueries.
const HIDDEN: char = '\0';

/// The column under a name that nobody can say.
pub(super) fn hidden(column: Attribute) -> Attribute {
    let name = if column.name().starts_with(HIDDEN) { column.field.name } else { format!("{HIDDEN}{}", column.name()).into() };
    Attribute { field: Field { name, ..column.field }, qualifier: None, id: column.id }
}

/// The rows around a subquery.
pub(super) struct Around<'a> {
    pub frame: &'a DataFrame,
    ids: Ids,
}

/// A subquery's rows, with more columns than it has itself where conditions read them, and what must hold between them and the rows around.
pub(super) struct Related {
    pub plan: Arc<Plan>,
    pub conditions: Vec<Typed>,
}

/// What is asked of a subquery's conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any conditions.
    Rows,
    /// Plain equalities with the subquery's columns, so that these can stand for the rows around it.
    Keys,
    /// As [`Keys`](Self::Keys), and where an aggregate without keys of its own finds no rows, it need not say so.
    Answer,
}

impl<'a> Around<'a> {
    pub fn new(frame: &'a DataFrame) -> Self {
        Self { frame, ids: frame.plan().output().iter().map(|a| a.id).collect() }
    }

    /// The subquery without columns from around it.
    ///
    /// # Errors
    /// `UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY` where Spark doesn't have these columns either.
    pub fn related(&self, plan: &Arc<Plan>, wanted: Wanted) -> Result<Related> {
        if !self.is_read_in(plan) {
            return Ok(Related { plan: plan.clone(), conditions: Vec::new() });
        }
        self.check(plan)?;
        let mut conditions = Vec::new();
        if let Some(pulled) = self.pulled(plan, wanted == Wanted::Answer, &mut conditions)
            && (wanted == Wanted::Rows || are_plain(&conditions, &pulled))
        {
            return Ok(Related { plan: pulled, conditions });
        }
        unnested(plan, self)
    }

    /// Whether a plan reads columns from around it.
    pub fn is_read_in(&self, plan: &Plan) -> bool {
        let own = offered(plan);
        plan.expressions().into_iter().any(|e| self.is_read_by(e, &own)) || plan.children().into_iter().any(|c| self.is_read_in(c))
    }

    /// Whether an expression over the columns `own` reads columns from around.
    pub fn is_read_by(&self, expr: &Typed, own: &Ids) -> bool {
        let mut ids = Ids::new();
        expr.references(&mut ids);
        ids.iter().any(|id| self.is_around(*id, own))
    }

    fn is_around(&self, id: AttributeId, own: &Ids) -> bool {
        self.ids.contains(&id) && !own.contains(&id)
    }

    /// The columns from around that a plan reads, each as often as it does.
    pub fn read_in(&self, plan: &Plan) -> Vec<Attribute> {
        let mut read = Vec::new();
        self.add_read(plan, &mut read);
        read
    }

    fn add_read(&self, plan: &Plan, into: &mut Vec<Attribute>) {
        let (own, output) = (offered(plan), self.frame.plan().output());
        for expr in plan.expressions() {
            expr.each(&mut |part| {
                let Kind::Attribute(id, _) = part.kind else { return };
                into.extend(output.iter().find(|a| a.id == id && self.is_around(id, &own)).cloned());
            });
        }
        plan.children().into_iter().for_each(|child| self.add_read(child, into));
    }

    /// Spark's `ValidateSubqueryExpression`: filters, projections and joins may read the columns around, and they stand anywhere but below
    /// grouping sets, samples, and the sides of an outer join that may find no row.
    fn check(&self, plan: &Plan) -> Result<()> {
        let own = offered(plan);
        let reading: Vec<&Typed> = plan.expressions().into_iter().filter(|e| self.is_read_by(e, &own)).collect();
        for expr in &reading {
            if matches!(plan, Plan::Filter { .. } | Plan::Join { .. }) && has_aggregate(expr) {
                let what = format!("Accessing outer query column is not allowed in this location: {}, an aggregate.", text(expr));
                return Err(unsupported(NOT_HERE, &what));
            }
            let mut ids = Ids::new();
            expr.references(&mut ids);
            if matches!(plan, Plan::Aggregate { .. }) && has_aggregate(expr) && ids.iter().any(|id| own.contains(id)) {
                let what = "Found an aggregate function in a correlated predicate that has both outer and local references, which is not supported";
                return Err(unsupported(MIXED, &format!("{what}: {}.", text(expr))));
            }
        }
        let hosts = match plan {
            Plan::Filter { .. } | Plan::Join { .. } => true,
            // What is selected of groups is a part of Spark's aggregate.
            Plan::Project { child, .. } => !matches!(**child, Plan::Aggregate { .. }),
            _ => false,
        };
        if !reading.is_empty() && !hosts {
            let exprs = reading.iter().map(|e| format!("\"{}\"", text(e))).collect::<Vec<_>>().join(",");
            let what = format!("Expressions referencing the outer query are not supported outside of WHERE/HAVING clauses: {exprs}.");
            return Err(unsupported("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE", &what));
        }
        for (i, child) in plan.children().into_iter().enumerate() {
            let fine = match plan {
                Plan::Expand { .. } | Plan::Sample { .. } | Plan::Stored { .. } => false,
                // Joins for subqueries of its own are none of the query's.
                Plan::Join { kind: JoinKind::Left, right, .. } => i == 0 || right.output().iter().any(|a| a.name().starts_with(HIDDEN)),
                Plan::Join { kind: JoinKind::Right, .. } => i == 1,
                Plan::Join { kind: JoinKind::Full, .. } => false,
                _ => true,
            };
            if !fine && self.is_read_in(child) {
                let what = "a side of an outer join that may have no row, below a sample or below grouping sets";
                return Err(unsupported(NOT_HERE, &format!("Accessing outer query column is not allowed in this location: {what}.")));
            }
            self.check(child)?;
        }
        Ok(())
    }

    /// The plan without its conditions on columns from around it, which go into `conditions`; the columns that they read come out with the
    /// others. None where the answer would be another one.
    fn pulled(&self, plan: &Arc<Plan>, answer: bool, conditions: &mut Vec<Typed>) -> Option<Arc<Plan>> {
        if !self.is_read_in(plan) {
            return Some(plan.clone());
        }
        let own = offered(plan);
        let asks = |expr: &Typed| self.is_read_by(expr, &own);
        Some(Arc::new(match &**plan {
            Plan::Filter { child, condition } => {
                let child = self.pulled(child, false, conditions)?;
                let (asking, own): (Vec<_>, Vec<_>) = conjuncts(condition).into_iter().partition(asks);
                conditions.extend(asking);
                match all_of(own).ok()? {
                    Some(condition) => Plan::Filter { child, condition },
                    None => return Some(child),
                }
            }
            Plan::Project { child, columns } if !columns.iter().any(|c| asks(&c.expr)) => {
                let child = self.pulled(child, answer, conditions)?;
                let more = missing(&child, conditions, columns.iter().map(|c| &c.attribute));
                Plan::Project { child, columns: columns.iter().cloned().chain(more.iter().map(Named::from)).collect() }
            }
            Plan::Aggregate { child, keys, aggregates } if answer || !keys.is_empty() => {
                let first = conditions.len();
                let child = self.pulled(child, false, conditions)?;
                if !are_plain(&conditions[first..], &child) {
                    return None;
                }
                let more = missing(&child, conditions, keys.iter().map(|k| &k.attribute));
                let keys = keys.iter().cloned().chain(more.iter().map(Named::from)).collect();
                Plan::Aggregate { child, keys, aggregates: aggregates.clone() }
            }
            Plan::Alias { child, output, name } => {
                let child = self.pulled(child, answer, conditions)?;
                let more = missing(&child, conditions, output.iter());
                Plan::Alias { child, output: output.iter().cloned().chain(more).collect(), name: name.clone() }
            }
            // The order of rows that are only looked up tells nothing.
            Plan::Sort { child, .. } => return self.pulled(child, answer, conditions),
            Plan::Join { left, right, kind: kind @ (JoinKind::Inner | JoinKind::Cross), condition, broadcast } => {
                let (left, right) = (self.pulled(left, false, conditions)?, self.pulled(right, false, conditions)?);
                let (asking, own): (Vec<_>, Vec<_>) = condition.iter().flat_map(conjuncts).partition(asks);
                conditions.extend(asking);
                Plan::Join { left, right, kind: *kind, condition: all_of(own).ok()?, broadcast: *broadcast }
            }
            Plan::Join { left, right, kind, condition, broadcast }
                if matches!(kind, JoinKind::Left | JoinKind::LeftSemi | JoinKind::LeftAnti)
                    && !condition.iter().any(asks)
                    && !self.is_read_in(right) =>
            {
                let left = self.pulled(left, false, conditions)?;
                Plan::Join { left, right: right.clone(), kind: *kind, condition: condition.clone(), broadcast: *broadcast }
            }
            _ => return None,
        }))
    }
}

/// Whether all conditions are equalities of one of the plan's columns with something that reads none of them.
fn are_plain(conditions: &[Typed], plan: &Plan) -> bool {
    let own: Ids = plan.output().iter().map(|a| a.id).collect();
    let is_own = |e: &Typed| matches!(e.kind, Kind::Attribute(id, _) if own.contains(&id));
    conditions.iter().all(|condition| match &condition.kind {
        Kind::Call { function, args, .. } if matches!(function.name, "=" | "<=>") => {
            is_own(&args[0]) && !args[1].any(&is_own) || is_own(&args[1]) && !args[0].any(&is_own)
        }
        _ => false,
    })
}

pub(super) fn unsupported(condition: &'static str, what: &str) -> Error {
    Error::analysis(format!("Unsupported subquery expression: {what}")).with_condition(condition)
}

/// The columns that a plan's own expressions see: they may be those of the query around, when both read one frame.
pub(super) fn offered(plan: &Plan) -> Ids {
    plan.children().into_iter().flat_map(|child| child.output()).map(|a| a.id).collect()
}

pub(super) fn all_of(conditions: Vec<Typed>) -> Result<Option<Typed>> {
    conditions.into_iter().map(Ok).reduce(|a, b| make_call("and", vec![a?, b?], false)).transpose()
}

/// The child's columns that the conditions read and that are not among those that come out.
pub(super) fn missing<'a>(child: &Plan, conditions: &[Typed], out: impl Iterator<Item = &'a Attribute> + Clone) -> Vec<Attribute> {
    let mut ids = Ids::new();
    conditions.iter().for_each(|c| c.references(&mut ids));
    child.output().into_iter().filter(|a| ids.contains(&a.id) && !out.clone().any(|o| o.id == a.id)).collect()
}

/// The expression over other columns.
pub(super) fn at(expr: &Typed, moved: &[(AttributeId, Attribute)]) -> Typed {
    expr.rewrite(&mut |part| match part.kind {
        Kind::Attribute(id, _) => {
            moved.iter().find(|(old, _)| *old == id).map(|(_, new)| Typed { nullable: part.nullable, ..Typed::attribute(new) })
        }
        _ => None,
    })
}
