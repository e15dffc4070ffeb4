//! Columns that nobody reads are left out as early as can be.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::expr::AttributeId;
use crate::plan::Plan;
use crate::typed::{Named, Typed};

type Ids = BTreeSet<AttributeId>;

/// Spark's `ColumnPruning`. Steps compute only what is asked of them anyway: this writes it into the plan, for joins to know how wide
/// their sides are, and for readers of `explain()`.
pub(super) fn prune(plan: &Arc<Plan>) -> Arc<Plan> {
    pruned(plan, &plan.output().iter().map(|a| a.id).collect())
}

fn pruned(plan: &Arc<Plan>, required: &Ids) -> Arc<Plan> {
    let with = |more: &[&Typed]| {
        let mut ids = required.clone();
        more.iter().for_each(|e| e.references(&mut ids));
        ids
    };
    let only = |exprs: Vec<&Typed>| {
        let mut ids = Ids::new();
        exprs.iter().for_each(|e| e.references(&mut ids));
        ids
    };
    match &**plan {
        Plan::Project { child, columns } => {
            let columns: Vec<Named> = columns.iter().filter(|c| required.contains(&c.attribute.id)).cloned().collect();
            let child = pruned(child, &only(columns.iter().map(|c| &c.expr).collect()));
            Arc::new(Plan::Project { child, columns })
        }
        Plan::Aggregate { child, keys, aggregates } => {
            let aggregates: Vec<Named> = aggregates.iter().filter(|c| required.contains(&c.attribute.id)).cloned().collect();
            let needed = only(keys.iter().chain(&aggregates).map(|c| &c.expr).collect());
            let child = narrowed(&pruned(child, &needed), &needed);
            Arc::new(Plan::Aggregate { child, keys: keys.clone(), aggregates })
        }
        Plan::Join { left, right, kind, condition, broadcast } => {
            let needed = with(&condition.iter().collect::<Vec<_>>());
            let side = |plan: &Arc<Plan>| {
                let own = plan.output().iter().map(|a| a.id).filter(|id| needed.contains(id)).collect();
                narrowed(&pruned(plan, &own), &own)
            };
            let (left, right) = (side(left), side(right));
            Arc::new(Plan::Join { left, right, kind: *kind, condition: condition.clone(), broadcast: *broadcast })
        }
        Plan::Filter { child, condition } => {
            let needed = with(&[condition]);
            Arc::new(Plan::Filter { child: pruned(child, &needed), condition: condition.clone() })
        }
        Plan::Sort { child, orders, global } => {
            let needed = with(&orders.iter().map(|(e, _)| e).collect::<Vec<_>>());
            Arc::new(Plan::Sort { child: narrowed(&pruned(child, &needed), &needed), orders: orders.clone(), global: *global })
        }
        Plan::Window { child, partition, orders, functions } => {
            let functions: Vec<_> = functions.iter().filter(|(a, _)| required.contains(&a.id)).cloned().collect();
            let keys = partition.iter().chain(orders.iter().map(|(e, _)| e));
            let needed = with(&keys.chain(functions.iter().flat_map(|(_, over)| over.children())).collect::<Vec<_>>());
            let child = narrowed(&pruned(child, &needed), &needed);
            if functions.is_empty() {
                return child;
            }
            Arc::new(Plan::Window { child, partition: partition.clone(), orders: orders.clone(), functions })
        }
        Plan::Generate { child, generator, .. } => {
            let needed = with(&[generator]);
            plan.over(&[narrowed(&pruned(child, &needed), &needed)])
        }
        Plan::Union { children, output } if output.iter().any(|a| !required.contains(&a.id)) => {
            let places: Vec<usize> = (0..output.len()).filter(|i| required.contains(&output[*i].id)).collect();
            let narrow = |child: &Arc<Plan>| {
                let all = child.output();
                let columns: Vec<Named> = places.iter().map(|i| Named::from(&all[*i])).collect();
                pruned(
                    &Arc::new(Plan::Project { child: child.clone(), columns: columns.clone() }),
                    &columns.iter().map(|c| c.attribute.id).collect(),
                )
            };
            let output = places.iter().map(|i| output[*i].clone()).collect();
            Arc::new(Plan::Union { children: children.iter().map(narrow).collect(), output })
        }
        Plan::Limit { child, .. } | Plan::Coalesce { child, .. } | Plan::Sample { child, .. } | Plan::Offset { child, .. } => {
            plan.over(&[pruned(child, required)])
        }
        // Where whole rows count, or columns have places, everything stays.
        _ => {
            let children = plan.children().into_iter().map(|c| pruned(c, &c.output().iter().map(|a| a.id).collect()));
            plan.over(&children.collect::<Vec<_>>())
        }
    }
}

/// The plan with these columns alone.
fn narrowed(plan: &Arc<Plan>, required: &Ids) -> Arc<Plan> {
    let output = plan.output();
    if output.iter().all(|a| required.contains(&a.id)) {
        return plan.clone();
    }
    let columns = output.into_iter().filter(|a| required.contains(&a.id)).map(Named::from).collect();
    Arc::new(Plan::Project { child: plan.clone(), columns })
}
