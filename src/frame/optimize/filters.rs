//! Filters move towards the rows' source, so that what they drop is not carried along.

use std::sync::Arc;

use kindling_partition::Executor;

use super::constants::truth;
use super::predicates::{all_of, conjuncts, is_cheap, is_pure, places, reads_only, references, replaced};
use crate::expr::Attribute;
use crate::plan::Plan;
use crate::source::MemorySource;
use crate::typed::{Kind, Typed};
use crate::value::Value;

/// Parts that an expression may have and still be computed once for the condition and once for the column.
const SMALL: usize = 12;

/// A filter that keeps everything goes away; one that keeps nothing is an empty table (Spark's `PruneFilters`).
pub(super) fn prune(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Filter { child, condition } = plan else { return None };
    if truth(condition) == Some(true) {
        return Some(Plan::clone(child));
    }
    let nothing = truth(condition) == Some(false) || matches!(condition.kind, Kind::Literal(Value::Null));
    nothing.then(|| Plan::Scan {
        source: Arc::new(MemorySource::new(Arc::new(plan.schema()), Vec::new())),
        output: plan.output(),
        filters: Vec::new(),
    })
}

/// Spark's `CombineFilters`: what the first filter guards stays guarded.
pub(super) fn combine(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Filter { child, condition: outer } = plan else { return None };
    let Plan::Filter { child, condition: inner } = &**child else { return None };
    if !is_pure(inner) {
        return None;
    }
    let mut conditions = conjuncts(inner);
    let known: Vec<String> = conditions.iter().map(|c| format!("{c:?}")).collect();
    conditions.extend(conjuncts(outer).into_iter().filter(|c| !is_pure(c) || !known.contains(&format!("{c:?}"))));
    Some(Plan::Filter { child: child.clone(), condition: all_of(conditions)? })
}

/// Spark's `PushPredicateThroughNonJoin`.
pub(super) fn push_down(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Filter { child: step, condition } = plan else { return None };
    let (candidates, mut staying): (Vec<Typed>, Vec<Typed>) = conjuncts(condition).into_iter().partition(is_pure);
    // What stays and could fail must not see rows that a condition before it drops; those that move drop them still.
    let mut split = |test: &dyn Fn(&Typed) -> bool| -> Vec<Typed> {
        let (moving, rest): (Vec<Typed>, Vec<Typed>) = candidates.iter().cloned().partition(|c| test(c));
        staying.splice(0..0, rest);
        moving
    };
    let (below, moving) = match &**step {
        Plan::Project { child, columns } => {
            if columns.iter().any(|c| !deterministic(&c.expr)) {
                return None;
            }
            let places = places(columns);
            let fits =
                |c: &Typed| references(c).iter().all(|id| places.get(id).is_some_and(|e| is_cheap(e) || (is_pure(e) && size(e) <= SMALL)));
            let moving = split(&fits);
            (child, moving.iter().map(|c| replaced(c, &places)).collect())
        }
        Plan::Aggregate { child, keys, aggregates } => {
            if keys.is_empty() || keys.iter().chain(aggregates).any(|c| !deterministic(&c.expr)) {
                return None;
            }
            let places = places(keys);
            // An aggregate may have the identity of the column that it is made of.
            let fits = |c: &Typed| {
                let ids = references(c);
                !ids.is_empty() && ids.iter().all(|id| places.contains_key(id) && !aggregates.iter().any(|a| a.attribute.id == *id))
            };
            let moving = split(&fits);
            (child, moving.iter().map(|c| replaced(c, &places)).collect())
        }
        Plan::Window { child, partition, .. } => {
            let mut keys = Vec::new();
            for key in partition {
                let Kind::Attribute(id, _) = key.kind else { return None };
                keys.push(id);
            }
            let moving = split(&|c| {
                let ids = references(c);
                !ids.is_empty() && ids.iter().all(|id| keys.contains(id))
            });
            (child, moving)
        }
        Plan::Generate { child, generator, .. } => {
            if !args_are_pure(generator) {
                return None;
            }
            let output = child.output();
            (child, split(&|c| reads_only(c, &output)))
        }
        Plan::Expand { child, projections, .. } => {
            let output = child.output();
            if projections.iter().flatten().any(|e| !deterministic(e)) {
                return None;
            }
            (child, split(&|c| reads_only(c, &output)))
        }
        Plan::Sort { child, orders, .. } if orders.iter().all(|(e, _)| deterministic(e)) => (child, split(&|_| true)),
        Plan::Repartition { child, keys, .. } if keys.iter().all(deterministic) => (child, split(&|_| true)),
        Plan::Coalesce { child, .. } => (child, split(&|_| true)),
        Plan::Union { children, output } => {
            let moving = all_of(split(&|_| unique(output)))?;
            let children = children.iter().map(|child| {
                let places = output.iter().map(|o| o.id).zip(child.output().iter().map(Typed::attribute)).collect();
                Arc::new(Plan::Filter { child: child.clone(), condition: replaced(&moving, &places) })
            });
            let union = Plan::Union { children: children.collect(), output: output.clone() };
            return Some(filtered(union, staying));
        }
        _ => return None,
    };
    let moving = all_of(moving)?;
    let lower = Arc::new(Plan::Filter { child: below.clone(), condition: moving });
    Some(filtered(Plan::clone(&step.over(&[lower])), staying))
}

/// Whether each column has an identity of its own.
fn unique(output: &[Attribute]) -> bool {
    output.iter().enumerate().all(|(i, a)| !output[..i].iter().any(|b| b.id == a.id))
}

/// The plan's rows where all of these hold.
pub(super) fn filtered(plan: Plan, conditions: Vec<Typed>) -> Plan {
    match all_of(conditions) {
        Some(condition) => Plan::Filter { child: Arc::new(plan), condition },
        None => plan,
    }
}

/// Whether the same row always gives the same value; functions from outside are taken to.
pub(crate) fn deterministic(expr: &Typed) -> bool {
    !expr.any(&draws)
}

/// Whether this very call gives the same row another value elsewhere: it draws, or tells where the row lies.
pub(crate) fn draws(call: &Typed) -> bool {
    matches!(&call.kind, Kind::Call { function, .. } if matches!(function.body, crate::functions::Body::Nondeterministic(_)))
}

fn args_are_pure(generator: &Typed) -> bool {
    generator.children().into_iter().all(is_pure)
}

fn size(expr: &Typed) -> usize {
    1 + expr.children().into_iter().map(size).sum::<usize>()
}
