//! Columns that a condition needs to be there.

use std::collections::BTreeSet;
use std::sync::Arc;

use kindling_partition::Executor;

use super::predicates::{all_of, conjuncts, is_pure, reads_only};
use crate::analyze::make_call;
use crate::dataframe::JoinKind;
use crate::expr::{Attribute, AttributeId};
use crate::plan::Plan;
use crate::typed::{Kind, Typed};

/// Spark's `InferFiltersFromConstraints`: a filter on a comparison drops nulls, and so does a join by equal keys on both its sides; said
/// aloud, that can move to the rows' source.
pub(super) fn infer(plan: &Plan, _: &Executor) -> Option<Plan> {
    match plan {
        Plan::Filter { child, condition } => {
            let conditions = conjuncts(condition);
            let mut more = Vec::new();
            conditions.iter().for_each(|c| needed(c, &mut more));
            let more = told(more, &conditions);
            if more.is_empty() {
                return None;
            }
            Some(Plan::Filter { child: child.clone(), condition: all_of([more, conditions].concat())? })
        }
        Plan::Join { left, right, kind, condition: Some(on), broadcast } => {
            let (drops_left, drops_right) = match kind {
                JoinKind::Inner | JoinKind::LeftSemi => (true, true),
                JoinKind::Left | JoinKind::LeftAnti => (false, true),
                JoinKind::Right => (true, false),
                JoinKind::Cross | JoinKind::Full => return None,
            };
            let mut found = Vec::new();
            conjuncts(on).iter().for_each(|c| needed(c, &mut found));
            let side = |plan: &Arc<Plan>, drops: bool| {
                let output = plan.output();
                let own = found.iter().filter(|f| drops && reads_only(f, &output)).cloned().collect();
                let known = match &**plan {
                    Plan::Filter { condition, .. } => conjuncts(condition),
                    _ => Vec::new(),
                };
                all_of(told(own, &known)).map(|condition| Arc::new(Plan::Filter { child: plan.clone(), condition }))
            };
            if shared(&left.output(), &right.output()) {
                return None;
            }
            let (new_left, new_right) = (side(left, drops_left), side(right, drops_right));
            if new_left.is_none() && new_right.is_none() {
                return None;
            }
            let (left, right) = (new_left.unwrap_or_else(|| left.clone()), new_right.unwrap_or_else(|| right.clone()));
            Some(Plan::Join { left, right, kind: *kind, condition: Some(on.clone()), broadcast: *broadcast })
        }
        _ => None,
    }
}

fn shared(left: &[Attribute], right: &[Attribute]) -> bool {
    left.iter().any(|l| right.iter().any(|r| r.id == l.id))
}

/// The columns without which the condition can't hold.
fn needed(condition: &Typed, into: &mut Vec<Typed>) {
    let Kind::Call { function, args, .. } = &condition.kind else { return };
    if !is_pure(condition) || !(is_comparison(function.name) || is_strict_on_texts(function.name)) {
        return;
    }
    args.iter().for_each(|arg| strict(arg, into));
}

fn is_comparison(name: &str) -> bool {
    matches!(name, "=" | "<" | "<=" | ">" | ">=" | "not")
}

fn is_strict_on_texts(name: &str) -> bool {
    matches!(name, "startswith" | "endswith" | "contains" | "like" | "rlike" | "upper" | "lower" | "length" | "substring")
}

/// The columns without which an expression is null: those of operators that are null where an argument is.
fn strict(expr: &Typed, into: &mut Vec<Typed>) {
    match &expr.kind {
        Kind::Attribute(..) if expr.nullable => into.push(expr.clone()),
        Kind::Cast { child, to_null: false } => strict(child, into),
        Kind::Call { function, args, .. }
            if is_comparison(function.name)
                || is_strict_on_texts(function.name)
                || matches!(function.name, "+" | "-" | "*" | "/" | "%" | "negative" | "abs") =>
        {
            args.iter().for_each(|a| strict(a, into));
        }
        _ => {}
    }
}

/// That the columns are not null, each once, where it isn't said already.
fn told(columns: Vec<Typed>, known: &[Typed]) -> Vec<Typed> {
    let mut seen: BTreeSet<AttributeId> = BTreeSet::new();
    for condition in known {
        if let Kind::Call { function, args, .. } = &condition.kind
            && function.name == "isnotnull"
            && let Some(Kind::Attribute(id, _)) = args.first().map(|a| &a.kind)
        {
            seen.insert(*id);
        }
    }
    let fresh = columns.into_iter().filter(|c| matches!(c.kind, Kind::Attribute(id, _) if seen.insert(id)));
    fresh.filter_map(|c| make_call("isnotnull", vec![c], false).ok()).collect()
}
