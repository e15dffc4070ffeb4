//! `try_…`: null where the function of the same meaning would fail.

use kindling_partition::{Error, ErrorKind, Result};

use super::declare::{Args, Body, Cells, Function, Outcome, Param, lookup, params};
use super::loops::Arg;
use crate::batch::{array_of, value_at};
use crate::typed::Typed;
use crate::value::Value;

macro_rules! attempt {
    ($name:literal, $of:literal, $doc:literal, $params:expr) => {
        attempt($name, $doc, $params, |args| resolve($of, args), |c| value($of, c))
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    attempt!("try_add", "+", "The sum; null when it is too large.", params!("left", "right")),
    attempt!("try_subtract", "-", "The difference; null when it is too large.", params!("left", "right")),
    attempt!("try_multiply", "*", "The product; null when it is too large.", params!("left", "right")),
    attempt!("try_divide", "/", "The quotient; null for a division by 0.", params!("left", "right")),
    attempt!("try_mod", "%", "The rest of a division; null for a division by 0.", params!("left", "right")),
    attempt!("try_to_date", "to_date", "As to_date, but null for what is no date.", params!("col", "?format")),
    attempt!("try_to_timestamp", "to_timestamp", "As to_timestamp, but null for what is none.", params!("col", "~format")),
];

const fn attempt(
    name: &'static str,
    doc: &'static str,
    params: &'static [Param],
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
    kernel: fn(&Cells<'_>) -> Result<Value>,
) -> Function {
    Function::rows_with_nulls(name, doc, params, resolve, kernel)
}

pub(super) fn resolve(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let name = super::time_operator(name, args)?.unwrap_or(name);
    let function = lookup(name).ok_or_else(|| super::declare_unknown(name))?;
    let outcome = (function.resolve)(args)?;
    // A cast that Spark puts in may fail, too.
    for arg in args {
        if let crate::typed::Kind::Cast { to_null, .. } = &mut arg.kind {
            *to_null = true;
        }
    }
    Ok(Outcome::new(outcome.data_type, true))
}

/// The function of one row, or null for an error that comes of the values.
pub(super) fn value(name: &str, c: &Cells<'_>) -> Result<Value> {
    let name = match c.types {
        [left, right] => super::time::arithmetic::binary(name, left, right).unwrap_or(name),
        _ => name,
    };
    let function = lookup(name).ok_or_else(|| super::declare_unknown(name))?;
    let found = match function.body {
        Body::Scalar(kernel) => {
            let args = c.values.iter().zip(c.types).map(|(v, t)| Ok(Arg { array: array_of(t, [v])?, scalar: false, data_type: t.clone() }));
            let args = args.collect::<Result<Vec<_>>>()?;
            kernel(&Args { args: &args, rows: 1, result: c.result, context: c.context }).map(|array| value_at(&array, c.result, 0))
        }
        Body::Rows { strict, kernel } => {
            if strict && c.values.iter().any(Value::is_null) {
                return Ok(Value::Null);
            }
            kernel(c)
        }
        _ => Err(Error::runtime(format!("{name} can't be tried."))),
    };
    match found {
        Err(error) if matches!(error.kind(), ErrorKind::Analysis | ErrorKind::Cancelled) => Err(error),
        Err(_) => Ok(Value::Null),
        found => found,
    }
}
