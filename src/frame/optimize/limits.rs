//! Limits move towards the rows' source, so that what nobody sees is not computed.

use std::sync::Arc;

use kindling_partition::Executor;

use super::filters::deterministic;
use crate::dataframe::JoinKind;
use crate::plan::Plan;

/// Spark's `CombineLimits`.
pub(super) fn combine(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Limit { child, rows: outer } = plan else { return None };
    let Plan::Limit { child, rows: inner } = &**child else { return None };
    Some(Plan::Limit { child: child.clone(), rows: *outer.min(inner) })
}

/// Spark's `LimitPushDown`: through projections, into each part of a union, and to the side that an outer join keeps whole.
pub(super) fn push_down(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Limit { child, rows } = plan else { return None };
    let limited = |child: &Arc<Plan>| Arc::new(Plan::Limit { child: child.clone(), rows: *rows });
    match &**child {
        Plan::Project { child: below, columns } if columns.iter().all(|c| deterministic(&c.expr)) => {
            Some(Plan::clone(&child.over(&[limited(below)])))
        }
        Plan::Union { children, output } if !children.iter().all(|c| at_most(c, *rows)) => {
            let children = children.iter().map(|c| if at_most(c, *rows) { c.clone() } else { limited(c) }).collect();
            Some(Plan::Limit { child: Arc::new(Plan::Union { children, output: output.clone() }), rows: *rows })
        }
        Plan::Join { left, right, kind, condition, broadcast } => {
            let (left, right) = match kind {
                JoinKind::Left if !at_most(left, *rows) => (limited(left), right.clone()),
                JoinKind::Right if !at_most(right, *rows) => (left.clone(), limited(right)),
                _ => return None,
            };
            let join = Plan::Join { left, right, kind: *kind, condition: condition.clone(), broadcast: *broadcast };
            Some(Plan::Limit { child: Arc::new(join), rows: *rows })
        }
        _ => None,
    }
}

/// Whether the plan can't have more rows than these.
fn at_most(plan: &Plan, rows: usize) -> bool {
    match plan {
        Plan::Limit { rows: found, .. } => *found <= rows,
        Plan::Aggregate { keys, .. } => keys.is_empty() && rows >= 1,
        Plan::Project { child, .. } | Plan::Filter { child, .. } | Plan::Sort { child, .. } => at_most(child, rows),
        _ => false,
    }
}
