//! Conditions that a join's sides can check by themselves.

use std::sync::Arc;

use kindling_partition::Executor;

use super::constants::computed;
use super::filters::filtered;
use super::predicates::{Places, all_of, conjuncts, is_pure, reads_only, references, replaced};
use crate::dataframe::JoinKind;
use crate::expr::Attribute;
use crate::plan::Plan;
use crate::typed::Typed;
use crate::value::Value;

/// A join whose sides have no column in common, so that each column says which side it is of.
struct Sides {
    left: Vec<Attribute>,
    right: Vec<Attribute>,
}

impl Sides {
    fn of(left: &Plan, right: &Plan) -> Option<Self> {
        let (left, right) = (left.output(), right.output());
        (!left.iter().any(|l| right.iter().any(|r| r.id == l.id))).then_some(Self { left, right })
    }

    /// Those that read the left side alone, the right side alone, and the others.
    fn split(&self, conditions: Vec<Typed>) -> [Vec<Typed>; 3] {
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        for condition in conditions {
            let side = match () {
                () if !is_pure(&condition) || references(&condition).is_empty() => 2,
                () if reads_only(&condition, &self.left) => 0,
                () if reads_only(&condition, &self.right) => 1,
                () => 2,
            };
            parts[side].push(condition);
        }
        parts
    }
}

fn below(plan: &Arc<Plan>, conditions: Vec<Typed>) -> Arc<Plan> {
    if conditions.is_empty() { plan.clone() } else { Arc::new(filtered(Plan::clone(plan), conditions)) }
}

/// Spark's `PushPredicateThroughJoin` for a filter over a join.
pub(super) fn push_down(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Filter { child, condition } = plan else { return None };
    let Plan::Join { left, right, kind, condition: on, broadcast } = &**child else { return None };
    let [lefts, rights, others] = Sides::of(left, right)?.split(conjuncts(condition));
    let mut on = on.clone();
    let (lefts, rights, staying) = match kind {
        JoinKind::Inner | JoinKind::Cross => {
            let (both, staying): (Vec<Typed>, Vec<Typed>) = others.into_iter().partition(|c| is_pure(c) && !references(c).is_empty());
            if lefts.is_empty() && rights.is_empty() && both.is_empty() {
                return None;
            }
            on = all_of(on.iter().flat_map(conjuncts).chain(both).collect());
            (lefts, rights, staying)
        }
        JoinKind::Left | JoinKind::LeftSemi | JoinKind::LeftAnti => (lefts, Vec::new(), [rights, others].concat()),
        JoinKind::Right => (Vec::new(), rights, [lefts, others].concat()),
        JoinKind::Full => return None,
    };
    let kind = if *kind == JoinKind::Cross && on.is_some() { JoinKind::Inner } else { *kind };
    let pushes = !lefts.is_empty() || !rights.is_empty() || matches!(kind, JoinKind::Inner);
    let (left, right) = (below(left, lefts), below(right, rights));
    pushes.then(|| filtered(Plan::Join { left, right, kind, condition: on, broadcast: *broadcast }, staying))
}

/// The same for a join's own condition: a side that the join doesn't keep whole can be filtered first.
pub(super) fn push_condition_down(plan: &Plan, _: &Executor) -> Option<Plan> {
    let Plan::Join { left, right, kind, condition: Some(on), broadcast } = plan else { return None };
    let [lefts, rights, others] = Sides::of(left, right)?.split(conjuncts(on));
    let (lefts, rights, staying) = match kind {
        JoinKind::Inner | JoinKind::Cross | JoinKind::LeftSemi => (lefts, rights, others),
        JoinKind::Left | JoinKind::LeftAnti => (Vec::new(), rights, [lefts, others].concat()),
        JoinKind::Right => (lefts, Vec::new(), [rights, others].concat()),
        JoinKind::Full => return None,
    };
    if lefts.is_empty() && rights.is_empty() {
        return None;
    }
    let (left, right) = (below(left, lefts), below(right, rights));
    Some(Plan::Join { left, right, kind: *kind, condition: all_of(staying), broadcast: *broadcast })
}

/// Spark's `EliminateOuterJoin`: rows that an outer join makes up have nulls, and a filter that drops those needs no outer join.
pub(super) fn without_outer(plan: &Plan, executor: &Executor) -> Option<Plan> {
    let Plan::Filter { child, condition } = plan else { return None };
    let Plan::Join { left, right, kind, condition: on, broadcast } = &**child else { return None };
    if !matches!(kind, JoinKind::Left | JoinKind::Right | JoinKind::Full) {
        return None;
    }
    let [lefts, rights, _] = Sides::of(left, right)?.split(conjuncts(condition));
    let drops = |conditions: &[Typed]| conditions.iter().any(|c| drops_nulls(c, executor));
    let next = match (kind, drops(&lefts), drops(&rights)) {
        (JoinKind::Right, true, _) | (JoinKind::Left, _, true) | (JoinKind::Full, true, true) => JoinKind::Inner,
        (JoinKind::Full, true, false) => JoinKind::Left,
        (JoinKind::Full, false, true) => JoinKind::Right,
        _ => return None,
    };
    let join = Plan::Join { left: left.clone(), right: right.clone(), kind: next, condition: on.clone(), broadcast: *broadcast };
    Some(Plan::Filter { child: Arc::new(join), condition: condition.clone() })
}

/// Whether the condition doesn't hold where all its columns are null.
fn drops_nulls(condition: &Typed, executor: &Executor) -> bool {
    let null = |part: &Typed| Typed { data_type: part.data_type.clone(), ..Typed::literal(Value::Null) };
    let mut nulls = Places::new();
    collect(condition, &mut |part, id| {
        nulls.insert(id, null(part));
    });
    matches!(computed(&replaced(condition, &nulls), executor), Some(Value::Null | Value::Boolean(false)))
}

fn collect(expr: &Typed, found: &mut impl FnMut(&Typed, crate::expr::AttributeId)) {
    if let crate::typed::Kind::Attribute(id, _) = expr.kind {
        found(expr, id);
    }
    expr.children().into_iter().for_each(|c| collect(c, found));
}
