//! Reading the arguments of calls.

use kindling_python::{PyResult, Value, Vm};

use crate::errors::not_expected;

pub(crate) fn text(vm: &mut Vm, value: &Value, name: &str) -> PyResult<String> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(not_expected(vm, name, "str", value)),
    }
}

/// A text, or nothing for `None`.
pub(crate) fn optional_text(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Option<String>> {
    if value.is_none() { Ok(None) } else { text(vm, value, name).map(Some) }
}

pub(crate) fn int(vm: &mut Vm, value: &Value, name: &str) -> PyResult<i64> {
    match value {
        Value::Bool(_) => Err(not_expected(vm, name, "int", value)),
        _ => value.as_i64().ok_or_else(|| not_expected(vm, name, "int", value)),
    }
}

/// A count: an int that is not negative, which is taken as 0 otherwise.
pub(crate) fn count(vm: &mut Vm, value: &Value, name: &str) -> PyResult<usize> {
    Ok(usize::try_from(int(vm, value, name)?).unwrap_or(0))
}

pub(crate) fn float(vm: &mut Vm, value: &Value, name: &str) -> PyResult<f64> {
    value.as_f64().ok_or_else(|| not_expected(vm, name, "float or int", value))
}

/// A list or tuple of texts, or one text.
pub(crate) fn texts(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Vec<String>> {
    if let Some(one) = value.as_str() {
        return Ok(vec![one.to_owned()]);
    }
    match value.as_sequence() {
        Some(items) => items.iter().map(|item| text(vm, item, name)).collect(),
        None => Err(not_expected(vm, name, "str or list of str", value)),
    }
}

/// As [`texts`]; none for `None`.
pub(crate) fn optional_texts(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Option<Vec<String>>> {
    if value.is_none() { Ok(None) } else { texts(vm, value, name).map(Some) }
}

/// `*cols`: the arguments themselves, or the items of the one list among them.
pub(crate) fn spread(value: &Value) -> Vec<Value> {
    let items = value.as_sequence().unwrap_or_default();
    match items.as_slice() {
        [only] => match only {
            Value::List(_) | Value::Tuple(_) => only.as_sequence().unwrap_or_default(),
            _ => items,
        },
        _ => items,
    }
}

pub(crate) fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
