//! What Python does to a value that is set (`pyspark.ml.param.TypeConverters`), and what a fit demands of it.

use kindling_linalg::Vector;
use kindling_partition::{Error, Result, did_you_mean};

use super::decl::{ParamDecl, ParamKind};
use super::range::Range;
use super::text::python_str;
use crate::value::MlValue;

/// The value as the param keeps it: an integral float becomes an integer, a tuple or vector a list. `None` stays.
///
/// # Errors
/// A type error in PySpark's words when the value can't be converted.
pub(super) fn convert(decl: &ParamDecl, value: MlValue) -> Result<MlValue> {
    if matches!(value, MlValue::None) {
        return Ok(value);
    }
    let converted = match decl.kind {
        ParamKind::Boolean => match value {
            MlValue::Bool(_) => Ok(value),
            other => Err(format!("Boolean Param requires value of type bool. Found {}.", other.python_type())),
        },
        ParamKind::Int(_) | ParamKind::Long => integer(&value).map(MlValue::Int).ok_or_else(|| could_not(&value, "int")),
        ParamKind::Float(_) => number(&value).map(MlValue::Float).ok_or_else(|| could_not(&value, "float")),
        ParamKind::Choice { .. } | ParamKind::Text | ParamKind::Column | ParamKind::OutputColumn => match value {
            MlValue::Text(_) => Ok(value),
            other => Err(format!("Could not convert {} to string type", other.python_type())),
        },
        ParamKind::Columns | ParamKind::OutputColumns | ParamKind::TextList => {
            texts(&value).ok_or_else(|| could_not(&value, "list of strings"))
        }
        ParamKind::TextListList => elements(&value, texts).ok_or_else(|| could_not(&value, "list of list of strings")),
        ParamKind::IntList(_) => elements(&value, |v| integer(v).map(MlValue::Int)).ok_or_else(|| could_not(&value, "list of ints")),
        ParamKind::FloatList(_) => floats(&value).ok_or_else(|| could_not(&value, "list of floats")),
        ParamKind::FloatListList => elements(&value, floats).ok_or_else(|| could_not(&value, "list of list of floats")),
        ParamKind::Vector => match &value {
            MlValue::Vector(_) => Ok(value),
            list => list.numbers().map(|v| MlValue::Vector(Vector::Dense(v))).ok_or_else(|| could_not(&value, "vector")),
        },
        ParamKind::Matrix => match value {
            MlValue::Matrix(_) => Ok(value),
            other => Err(could_not(&other, "matrix")),
        },
        ParamKind::Estimator | ParamKind::Evaluator => match value {
            MlValue::Stage(_) => Ok(value),
            other => Err(could_not(&other, "a stage")),
        },
        ParamKind::Stages | ParamKind::ParamMaps => match value {
            MlValue::List(_) => Ok(value),
            other => Err(could_not(&other, "list")),
        },
        ParamKind::Any => Ok(value),
    };
    converted.map_err(|why| Error::type_error(format!("Invalid param value given for param \"{}\". {why}", decl.name)))
}

/// Fails when the value is outside what the declaration allows.
pub(super) fn check(stage: &str, decl: &ParamDecl, value: &MlValue) -> Result<()> {
    let out_of = |range: Range, number: f64| {
        if range.contains(number) { Ok(()) } else { Err(must_be(stage, decl, &range.to_string(), value)) }
    };
    match (decl.kind, value) {
        (ParamKind::Int(range), MlValue::Int(number)) => {
            if i32::try_from(*number).is_err() {
                return Err(must_be(stage, decl, "a 32-bit integer", value));
            }
            out_of(range, *number as f64)
        }
        (ParamKind::Float(range), MlValue::Float(number)) => out_of(range, *number),
        (ParamKind::IntList(range) | ParamKind::FloatList(range), MlValue::List(values)) => values
            .iter()
            .filter_map(MlValue::as_f64)
            .find(|number| !range.contains(*number))
            .map_or(Ok(()), |_| Err(must_be(stage, decl, &format!("numbers {range}"), value))),
        (ParamKind::Choice { options, fold_case }, MlValue::Text(text)) => {
            let fits = |option: &&str| if fold_case { option.eq_ignore_ascii_case(text) } else { *option == &**text };
            if options.iter().any(fits) {
                return Ok(());
            }
            let near = did_you_mean(text, options.iter().copied());
            Err(Error::illegal_argument(format!("{stage}.{} must be one of {}, found '{text}'.{near}", decl.name, options.join(", "))))
        }
        _ => Ok(()),
    }
}

fn must_be(stage: &str, decl: &ParamDecl, what: &str, found: &MlValue) -> Error {
    Error::illegal_argument(format!("{stage}.{} must be {what}, found {}.", decl.name, python_str(found)))
}

fn could_not(value: &MlValue, target: &str) -> String {
    format!("Could not convert {} to {target}", python_str(value))
}

fn number(value: &MlValue) -> Option<f64> {
    match value {
        MlValue::Int(value) => Some(*value as f64),
        MlValue::Float(value) => Some(*value),
        _ => None,
    }
}

/// An integer, or a float that is one.
fn integer(value: &MlValue) -> Option<i64> {
    match value {
        MlValue::Int(value) => Some(*value),
        MlValue::Float(value) if value.fract() == 0.0 && value.abs() < 9.2e18 => Some(*value as i64),
        _ => None,
    }
}

fn elements(value: &MlValue, one: impl Fn(&MlValue) -> Option<MlValue>) -> Option<MlValue> {
    match value {
        MlValue::List(values) => values.iter().map(one).collect::<Option<Vec<_>>>().map(MlValue::List),
        MlValue::Vector(vector) => {
            vector.to_dense().into_iter().map(|v| one(&MlValue::Float(v))).collect::<Option<Vec<_>>>().map(MlValue::List)
        }
        _ => None,
    }
}

fn texts(value: &MlValue) -> Option<MlValue> {
    elements(value, |v| matches!(v, MlValue::Text(_)).then(|| v.clone()))
}

fn floats(value: &MlValue) -> Option<MlValue> {
    elements(value, |v| number(v).map(MlValue::Float))
}
