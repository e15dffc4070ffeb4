//! The functions of sketches. Spark takes their arguments as they are: it casts none but nulls.

pub(super) mod hll;
pub(super) mod kll;
pub(super) mod theta;
pub(super) mod tuple;

use kindling_partition::{Error, Result};

use super::declare::{Aggregate, Body, Function, Outcome, Param, Sketch};
use crate::coerce::{cast_to, described, text, wrong_type};
use crate::exec::Ids;
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// An aggregate that makes a sketch.
const fn aggregate(
    name: &'static str,
    doc: &'static str,
    params: &'static [Param],
    sketch: Sketch,
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
) -> Function {
    Function { name, doc, params, resolve, body: Body::Aggregate(Aggregate::Sketch(sketch)) }
}

/// What an aggregate that makes a sketch gives.
fn made() -> Result<Outcome> {
    Ok(Outcome::new(DataType::Binary, false))
}

/// The argument has one of these types, or is null.
fn exactly(function: &str, args: &mut [Typed], i: usize, types: &[DataType]) -> Result<()> {
    let Some(arg) = args.get_mut(i) else { return Ok(()) };
    if arg.data_type == DataType::Null {
        cast_to(arg, &types[0]);
    }
    let fits = |t: &DataType| crate::coerce::same_layout(t, &args[i].data_type);
    if types.iter().any(fits) {
        return Ok(());
    }
    let shown: Vec<String> = types.iter().map(DataType::sql).collect();
    let shown = if let [one] = shown.as_slice() { one.clone() } else { format!("({})", shown.join(" or ")) };
    Err(wrong_type(function, args, i, &shown))
}

fn binary(function: &str, args: &mut [Typed], i: usize) -> Result<()> {
    exactly(function, args, i, &[DataType::Binary])
}

/// An error of an argument's value, as Spark tells it where it checks types.
fn hinted(checked: Result<()>, function: &str, args: &[Typed]) -> Result<()> {
    checked.map_err(|error| {
        let condition = error.condition().unwrap_or_default();
        let text = format!("Cannot resolve {} due to data type mismatch: [{condition}] {error}", described(function, args));
        Error::analysis(text).with_condition("DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT")
    })
}

/// Whether the argument is the same for all rows.
fn is_constant(arg: &Typed) -> bool {
    let mut references = Ids::new();
    arg.references(&mut references);
    references.is_empty()
}

/// The argument is the same for all rows, and not null.
fn constant(function: &str, args: &[Typed], i: usize, name: &str) -> Result<()> {
    let Some(arg) = args.get(i) else { return Ok(()) };
    if !is_constant(arg) {
        let text = format!(
            "Cannot resolve {} due to data type mismatch: the input {name} should be a foldable {} expression; however, got {}.",
            described(function, args),
            arg.data_type.sql(),
            text(arg)
        );
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"));
    }
    if let Kind::Literal(Value::Null) = arg.kind {
        let text = format!("Cannot resolve {} due to data type mismatch: The {name} must not be null.", described(function, args));
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.UNEXPECTED_NULL"));
    }
    Ok(())
}
