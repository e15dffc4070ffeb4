//! Expressions without columns become their values, and conditions that say nothing go away.

use kindling_partition::Executor;

use super::predicates::{is_pure, same};
use crate::analyze::make_call;
use crate::batch::{Batch, value_at};
use crate::eval::Evaluator;
use crate::functions::Body;
use crate::plan::Plan;
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// Spark's `ConstantFolding` and `BooleanSimplification`. What can't be computed stays, so that its error comes when, and only when, rows
/// need it.
pub(super) fn fold(plan: &Plan, executor: &Executor) -> Option<Plan> {
    let mut changed = false;
    let next = plan.map_expressions(&mut |expr| {
        let (simple, different) = simplified(expr, executor);
        changed |= different;
        simple
    });
    changed.then_some(next)
}

/// The expression in its simplest form, and whether that is another one. Parts come before the whole.
fn simplified(expr: &Typed, executor: &Executor) -> (Typed, bool) {
    let mut changed = false;
    let mut simple = expr.map_children(&mut |child| {
        let (simple, different) = simplified(child, executor);
        changed |= different;
        simple
    });
    while let Some(found) = value(&simple, executor).or_else(|| simpler(&simple)) {
        simple = found;
        changed = true;
    }
    (simple, changed)
}

/// The value of a call, cast or case of plain values.
fn value(expr: &Typed, executor: &Executor) -> Option<Typed> {
    let computes = match &expr.kind {
        Kind::Cast { .. } | Kind::Case { .. } => true,
        Kind::Call { function, .. } => matches!(function.body, Body::Scalar(_) | Body::Rows { .. }),
        _ => false,
    };
    let constant = computes && is_plain(&expr.data_type) && expr.children().iter().all(|c| matches!(c.kind, Kind::Literal(_)));
    let bound = match &expr.kind {
        Kind::Call { function, distinct, .. } => crate::functions::database_now(function.name)
            .map(|database| Typed { kind: Kind::Call { function, args: vec![database], distinct: *distinct }, ..expr.clone() }),
        _ => None,
    };
    let value = constant.then(|| computed(bound.as_ref().unwrap_or(expr), executor)).flatten()?;
    Some(Typed { data_type: expr.data_type.clone(), nullable: value.is_null(), kind: Kind::Literal(value) })
}

/// The value of an expression without columns; none when it has an error.
pub(super) fn computed(expr: &Typed, executor: &Executor) -> Option<Value> {
    let one = Batch::new(Vec::new(), 1);
    let column = Evaluator::new(executor, 0, &[], &one).column(expr).ok()?;
    Some(value_at(&column, &expr.data_type, 0))
}

fn is_plain(data_type: &DataType) -> bool {
    data_type.is_numeric() || matches!(data_type, DataType::Boolean | DataType::String | DataType::Date | DataType::Timestamp)
}

pub(super) fn truth(expr: &Typed) -> Option<bool> {
    match &expr.kind {
        Kind::Literal(Value::Boolean(value)) => Some(*value),
        _ => None,
    }
}

/// What a condition comes to when a part of it is known.
fn simpler(expr: &Typed) -> Option<Typed> {
    match &expr.kind {
        Kind::Call { function, args, .. } => match (function.name, args.as_slice()) {
            (name @ ("and" | "or"), [a, b]) => {
                // The value that decides.
                let strong = name == "or";
                match (truth(a), truth(b)) {
                    (Some(known), _) => Some(if known == strong { a.clone() } else { b.clone() }),
                    (_, Some(known)) => Some(if known == strong { b.clone() } else { a.clone() }),
                    _ if is_pure(a) && same(a, b) => Some(a.clone()),
                    _ => None,
                }
            }
            // Spark's `SimplifyBinaryComparison`.
            ("<=>", [a, b]) if is_pure(a) && same(a, b) => Some(Typed::literal(Value::Boolean(true))),
            ("=" | "<=" | ">=", [a, b]) if is_pure(a) && !a.nullable && same(a, b) => Some(Typed::literal(Value::Boolean(true))),
            ("<" | ">", [a, b]) if is_pure(a) && !a.nullable && same(a, b) => Some(Typed::literal(Value::Boolean(false))),
            ("like", [text, pattern]) => like(text, pattern),
            ("not", [inner]) => {
                let Kind::Call { function, args, .. } = &inner.kind else { return None };
                let opposite = match (function.name, args.as_slice()) {
                    ("not", [twice]) => return Some(twice.clone()),
                    ("<", _) => ">=",
                    ("<=", _) => ">",
                    (">", _) => "<=",
                    (">=", _) => "<",
                    ("isnull", _) => "isnotnull",
                    ("isnotnull", _) => "isnull",
                    _ => return None,
                };
                make_call(opposite, args.clone(), false).ok()
            }
            _ => None,
        },
        Kind::Case { branches, otherwise } => {
            let (condition, first) = branches.first()?;
            match truth(condition)? {
                true => Some(first.clone()),
                false if branches.len() > 1 => {
                    let kind = Kind::Case { branches: branches[1..].to_vec(), otherwise: otherwise.clone() };
                    Some(Typed { kind, data_type: expr.data_type.clone(), nullable: expr.nullable })
                }
                false => Some(match otherwise {
                    Some(otherwise) => Typed::clone(otherwise),
                    None => Typed { data_type: expr.data_type.clone(), ..Typed::literal(Value::Null) },
                }),
            }
        }
        // A cast to the type that the value has.
        Kind::Cast { child, .. } if child.data_type == expr.data_type => Some(Typed::clone(child)),
        _ => None,
    }
}

/// Spark's `LikeSimplification`: what a pattern with `%` at its ends alone says without one.
fn like(text: &Typed, pattern: &Typed) -> Option<Typed> {
    let Kind::Literal(Value::String(pattern)) = &pattern.kind else { return None };
    let (begins, rest) = pattern.strip_suffix('%').map_or((false, &**pattern), |rest| (true, rest));
    let (ends, part) = rest.strip_prefix('%').map_or((false, rest), |part| (true, part));
    if part.contains(['%', '_', '\\']) || part.is_empty() && (begins || ends) {
        return None;
    }
    let test = match (begins, ends) {
        (true, true) => "contains",
        (true, false) => "startswith",
        (false, true) => "endswith",
        (false, false) => "=",
    };
    make_call(test, vec![text.clone(), Typed::literal(Value::from(part))], false).ok()
}
