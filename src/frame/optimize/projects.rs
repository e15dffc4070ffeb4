//! Projections that can be one, or none.

use kindling_partition::Executor;

use super::filters::deterministic;
use super::predicates::{is_cheap, is_pure, places, replaced};
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};

/// Spark's `CollapseProject`: one over another becomes one, unless something costly or random would be computed more than once.
pub(super) fn collapse(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Project { child, columns: outer } = plan else { return None };
    let Plan::Project { child, columns: inner } = &**child else { return None };
    let fits = inner.iter().all(|column| {
        let uses: usize = outer.iter().map(|o| count(&o.expr, column)).sum();
        let once = uses == 1 && !outer.iter().any(|o| hides(&o.expr, column));
        uses == 0 || deterministic(&column.expr) && (is_cheap(&column.expr) || (once && is_pure(&column.expr)))
    });
    // A random column draws for every row below it: it must not come to see other rows, nor be drawn in another place.
    if !fits || inner.iter().chain(outer).any(|c| !deterministic(&c.expr)) {
        return None;
    }
    let places = places(inner);
    let columns = outer.iter().map(|o| Named { expr: replaced(&o.expr, &places), attribute: o.attribute.clone() }).collect();
    Some(Plan::Project { child: child.clone(), columns })
}

/// How often the expression reads a column.
fn count(expr: &Typed, column: &Named) -> usize {
    match expr.kind {
        Kind::Attribute(id, _) => usize::from(id == column.attribute.id),
        _ => expr.children().into_iter().map(|c| count(c, column)).sum(),
    }
}

/// Whether the column is read within a function of elements, which computes it for each of them.
fn hides(expr: &Typed, column: &Named) -> bool {
    expr.any(&|part| matches!(part.kind, Kind::Lambda { .. }) && count(part, column) > 0)
}

/// A projection that gives its child's columns as they are goes away (Spark's `RemoveNoopOperators`).
pub(super) fn drop_idle(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Project { child, columns } = plan else { return None };
    let output = child.output();
    let idle = output.len() == columns.len()
        && output.iter().zip(columns).all(|(a, c)| {
            a.id == c.attribute.id && a.name() == c.attribute.name() && matches!(c.expr.kind, Kind::Attribute(id, _) if id == a.id)
        });
    idle.then(|| Plan::clone(child))
}
