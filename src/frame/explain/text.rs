//! Expressions as plans show them: columns with their identities, casts written out.

use crate::expr::{Attribute, SortOrder};
use crate::functions::Function;
use crate::typed::{Kind, Named, Typed};
use crate::types::DataType;
use crate::value::Value;
use crate::window::{Bound, Over, OverFunction};

/// `id#5L`: longs have an L.
pub(super) fn attribute(attribute: &Attribute) -> String {
    format!("{}{}{}", shown(attribute.name()), attribute.id, long(&attribute.field.data_type))
}

/// A name without the mark of columns that nobody can name.
fn shown(name: &str) -> &str {
    name.trim_start_matches('\0')
}

fn long(data_type: &DataType) -> &'static str {
    if *data_type == DataType::Long { "L" } else { "" }
}

pub(super) fn attributes(all: &[Attribute]) -> Vec<String> {
    all.iter().map(attribute).collect()
}

pub(super) fn exprs<'a>(all: impl IntoIterator<Item = &'a Typed>) -> Vec<String> {
    all.into_iter().map(expr).collect()
}

pub(super) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.join(", "))
}

/// `k#1`, or `(v#2 + 1.0) AS z#6`.
pub(super) fn named(column: &Named) -> String {
    match &column.expr.kind {
        Kind::Attribute(id, _) if *id == column.attribute.id => attribute(&column.attribute),
        _ => format!("{} AS {}", expr(&column.expr), attribute(&column.attribute)),
    }
}

pub(super) fn order((by, order): &(Typed, SortOrder)) -> String {
    format!("{} {}", expr(by), direction(*order))
}

/// Keys with how each is ordered, when they are.
pub(super) fn ordered(keys: &[Typed], orders: &[SortOrder]) -> Vec<String> {
    match orders {
        [] => exprs(keys),
        _ => keys.iter().zip(orders).map(|(key, order)| format!("{} {}", expr(key), direction(*order))).collect(),
    }
}

fn direction(order: SortOrder) -> String {
    format!("{} NULLS {}", if order.descending { "DESC" } else { "ASC" }, if order.nulls_first { "FIRST" } else { "LAST" })
}

pub(super) fn expr(typed: &Typed) -> String {
    match &typed.kind {
        Kind::Attribute(id, name) => format!("{}{id}{}", shown(name), long(&typed.data_type)),
        Kind::Literal(Value::Null) => "null".into(),
        Kind::Literal(value) => value.to_string(),
        Kind::Cast { child, to_null } => {
            format!("{}({} as {})", if *to_null { "try_cast" } else { "cast" }, expr(child), typed.data_type.simple_string())
        }
        Kind::Case { branches, otherwise } => {
            let mut out = String::from("CASE");
            for (condition, value) in branches {
                out.push_str(&format!(" WHEN {} THEN {}", expr(condition), expr(value)));
            }
            if let Some(otherwise) = otherwise {
                out.push_str(&format!(" ELSE {}", expr(otherwise)));
            }
            out + " END"
        }
        Kind::Call { function, args, distinct } => call(function, args, *distinct),
        Kind::Native { name, args, .. } => format!("{name}({})", exprs(args).join(", ")),
        Kind::Variable(id, name) => format!("lambda {name}{id}"),
        Kind::Lambda { params, body } => {
            let params: Vec<String> = params.iter().map(|p| format!("lambda x{p}")).collect();
            format!("lambdafunction({}, {}, false)", expr(body), params.join(", "))
        }
        Kind::Window(over) => window(over),
    }
}

fn call(function: &Function, args: &[Typed], distinct: bool) -> String {
    let texts = exprs(args);
    match (function.name, texts.as_slice()) {
        (sign @ ("+" | "-" | "*" | "/" | "%" | "=" | "<=>" | "<" | "<=" | ">" | ">=" | "&" | "|" | "^"), [a, b]) => {
            format!("({a} {sign} {b})")
        }
        ("and", [a, b]) => format!("({a} AND {b})"),
        ("or", [a, b]) => format!("({a} OR {b})"),
        ("not", [a]) => format!("NOT {a}"),
        ("negative", [a]) => format!("-{a}"),
        ("in", [a, rest @ ..]) => format!("{a} IN ({})", rest.join(",")),
        ("if", [a, b, c]) => format!("if ({a}) {b} else {c}"),
        ("getitem", [a, b]) => format!("{a}[{b}]"),
        ("getfield", [a, b]) => format!("{a}.{b}"),
        ("like", [a, b]) => format!("{a} LIKE {b}"),
        ("count", []) => "count(1)".into(),
        // Spark's sums and means take every number as it is.
        ("sum" | "avg", [_])
            if let [Typed { kind: Kind::Cast { child, to_null: false }, data_type, .. }] = args
                && child.data_type.is_numeric()
                && matches!(data_type, DataType::Long | DataType::Double) =>
        {
            let distinct = if distinct { "distinct " } else { "" };
            format!("{}({distinct}{})", function.name, expr(child))
        }
        ("startswith", [a, b]) => format!("StartsWith({a}, {b})"),
        ("endswith", [a, b]) => format!("EndsWith({a}, {b})"),
        ("contains", [a, b]) => format!("Contains({a}, {b})"),
        ("first" | "last", [a]) => format!("{}({a}, false)", function.name),
        ("power", _) => format!("POWER({})", texts.join(", ")),
        (name, _) => format!("{name}({}{})", if distinct { "distinct " } else { "" }, texts.join(", ")),
    }
}

/// `row_number() windowspecdefinition(k#1, v#2 ASC NULLS FIRST, specifiedwindowframe(…))`
pub(super) fn window(over: &Over) -> String {
    let args = exprs(&over.args).join(", ");
    let function = match over.function {
        OverFunction::RowNumber => "row_number()".into(),
        OverFunction::Rank => format!("rank({})", exprs(over.orders.iter().map(|(e, _)| e)).join(", ")),
        OverFunction::DenseRank => format!("dense_rank({})", exprs(over.orders.iter().map(|(e, _)| e)).join(", ")),
        OverFunction::PercentRank => format!("percent_rank({})", exprs(over.orders.iter().map(|(e, _)| e)).join(", ")),
        OverFunction::CumeDist => "cume_dist()".into(),
        OverFunction::Ntile(n) => format!("ntile({n})"),
        OverFunction::Shift { by, .. } => {
            let first = over.args.first().map(expr).unwrap_or_default();
            let default = over.args.get(1).map(expr).unwrap_or_default();
            format!("{}({first}, {by}, {default})", if by < 0 { "lag" } else { "lead" })
        }
        OverFunction::Nth { n, ignore_nulls } => format!("nth_value({args}, {n}, {ignore_nulls})"),
        OverFunction::CounterDiff => format!("counter_diff({args})"),
        OverFunction::Aggregate(function) => call(function, &over.args, false),
    };
    let bound = |bound: &Bound, start: bool| match bound {
        Bound::Unbounded if start => "unboundedpreceding$()".into(),
        Bound::Unbounded => "unboundedfollowing$()".into(),
        Bound::Current => "currentrow$()".into(),
        Bound::Rows(n) => n.to_string(),
        Bound::Value(value) => expr(value),
    };
    let kind = if over.frame.rows { "RowFrame" } else { "RangeFrame" };
    let (start, end) = match over.function {
        OverFunction::Shift { by, .. } => (by.to_string(), by.to_string()),
        _ => (bound(&over.frame.start, true), bound(&over.frame.end, false)),
    };
    let mut parts = exprs(&over.partition);
    parts.extend(over.orders.iter().map(order));
    parts.push(format!("specifiedwindowframe({kind}, {start}, {end})"));
    format!("{function} windowspecdefinition({})", parts.join(", "))
}
