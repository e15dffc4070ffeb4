//! Conditions taken apart and put together, and what can be known of an expression without computing it.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::make_call;
use crate::expr::{Attribute, AttributeId};
use crate::functions::Body;
use crate::typed::{Kind, Named, Typed};

/// Expressions in the place of columns.
pub(super) type Places = BTreeMap<AttributeId, Typed>;

/// The conditions that must all hold.
pub(crate) fn conjuncts(condition: &Typed) -> Vec<Typed> {
    let mut found = Vec::new();
    take_apart(condition, &mut found);
    found
}

fn take_apart(condition: &Typed, into: &mut Vec<Typed>) {
    match &condition.kind {
        Kind::Call { function, args, .. } if function.name == "and" => args.iter().for_each(|a| take_apart(a, into)),
        _ => into.push(condition.clone()),
    }
}

/// The condition that all of these hold, none when there are none.
pub(crate) fn all_of(conditions: Vec<Typed>) -> Option<Typed> {
    let mut conditions = conditions.into_iter();
    let first = conditions.next()?;
    conditions.try_fold(first, |all, one| make_call("and", vec![all, one], false).ok())
}

/// Whether the same row always gives the same value, and no code from outside is called for it.
pub(crate) fn is_pure(expr: &Typed) -> bool {
    !expr.any(&|part| match &part.kind {
        Kind::Call { function, .. } => matches!(function.body, Body::Nondeterministic(_) | Body::Generator { .. }),
        Kind::Native { .. } | Kind::Window(_) => true,
        _ => false,
    })
}

/// Whether it costs nothing to compute the expression twice.
pub(super) fn is_cheap(expr: &Typed) -> bool {
    match &expr.kind {
        Kind::Attribute(..) | Kind::Literal(_) => true,
        Kind::Cast { child, .. } => is_cheap(child) && expr.data_type.is_numeric() && child.data_type.is_numeric(),
        Kind::Call { function, args, .. } => function.name == "getfield" && args.iter().all(is_cheap),
        _ => false,
    }
}

pub(crate) fn references(expr: &Typed) -> BTreeSet<AttributeId> {
    let mut ids = BTreeSet::new();
    expr.references(&mut ids);
    ids
}

/// Whether the expression reads these columns alone.
pub(crate) fn reads_only(expr: &Typed, columns: &[Attribute]) -> bool {
    references(expr).iter().all(|id| columns.iter().any(|c| c.id == *id))
}

/// What each column of a projection stands for.
pub(super) fn places(columns: &[Named]) -> Places {
    let mut places = Places::new();
    for column in columns {
        places.entry(column.attribute.id).or_insert_with(|| column.expr.clone());
    }
    places
}

/// The expression with others in the place of its columns.
pub(super) fn replaced(expr: &Typed, places: &Places) -> Typed {
    expr.rewrite(&mut |part| match &part.kind {
        Kind::Attribute(id, _) => places.get(id).cloned(),
        _ => None,
    })
}

/// Whether two expressions are the same, whatever they are called.
pub(super) fn same(a: &Typed, b: &Typed) -> bool {
    a.data_type == b.data_type && format!("{:?}", a.kind) == format!("{:?}", b.kind)
}
