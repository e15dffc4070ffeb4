//! For tests: frames and expected values from the reference files that real PySpark wrote.

use kindling_frame::{DataFrame, DataType, Field, Schema, Session, Value};
use kindling_linalg::{SparseVector, Vector};
use serde_json::Value as Json;

use crate::value::MlValue;

/// A file of `tests/reference`.
pub(crate) fn reference(name: &str) -> Json {
    let path = format!("{}/../../tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

/// A number; NaN and the infinities are written as strings.
pub(crate) fn number(json: &Json) -> Option<f64> {
    match json.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        _ => json.as_f64(),
    }
}

fn numbers(json: &Json) -> Vec<f64> {
    list(json).iter().map(|value| number(value).expect("a number")).collect()
}

/// A list is dense, `{"dense": …}` too, and `{"size", "indices", "values"}` sparse.
pub(crate) fn vector(json: &Json) -> Option<Vector> {
    if let Some(dense) = json.get("dense").or(json.as_array().map(|_| json)) {
        return Some(Vector::Dense(numbers(dense)));
    }
    let indices = list(json.get("indices")?).iter().map(|i| i.as_i64().expect("an index") as i32).collect();
    let sparse = SparseVector::new(json["size"].as_u64()? as usize, indices, numbers(&json["values"]));
    Some(Vector::Sparse(sparse.expect("a vector")))
}

/// A frame of columns written as `"a double, v vector"`, in eight partitions as `createDataFrame` makes them.
pub(crate) fn frame(session: &Session, ddl: &str, rows: &Json) -> DataFrame {
    let schema: Schema = ddl
        .split(", ")
        .map(|column| {
            let (name, kind) = column.split_once(' ').expect("name and type");
            let data_type = match kind {
                "int" => DataType::Int,
                "double" => DataType::Double,
                "string" => DataType::String,
                "boolean" => DataType::Boolean,
                "vector" => DataType::Vector,
                "array<string>" => DataType::array(DataType::String),
                "array<double>" => DataType::array(DataType::Double),
                other => panic!("no type {other}"),
            };
            Field::new(name, data_type, true)
        })
        .collect();
    let rows: Vec<Vec<Value>> = list(rows)
        .iter()
        .map(|row| list(row).iter().zip(schema.iter()).map(|(value, field)| cell(value, &field.data_type)).collect())
        .collect();
    session.create_dataframe(&rows, schema).expect("a frame")
}

fn cell(json: &Json, data_type: &DataType) -> Value {
    match data_type {
        _ if json.is_null() => Value::Null,
        DataType::Int => Value::Int(json.as_i64().expect("an integer") as i32),
        DataType::Double => Value::Double(number(json).expect("a number")),
        DataType::String => Value::from(json.as_str().expect("a string")),
        DataType::Boolean => Value::Boolean(json.as_bool().expect("a boolean")),
        DataType::Array(element, _) => Value::Array(list(json).iter().map(|value| cell(value, element)).collect()),
        _ => Value::Vector(vector(json).expect("a vector")),
    }
}

/// A param's value.
pub(crate) fn ml_value(json: &Json) -> MlValue {
    match json {
        Json::Null => MlValue::None,
        Json::Bool(value) => MlValue::Bool(*value),
        Json::Number(value) => value.as_i64().map_or_else(|| MlValue::Float(value.as_f64().expect("a number")), MlValue::Int),
        Json::String(text) => number(json).map_or_else(|| MlValue::from(text.as_str()), MlValue::Float),
        Json::Array(values) => MlValue::List(values.iter().map(ml_value).collect()),
        Json::Object(_) => vector(json).map_or(MlValue::None, MlValue::Vector),
    }
}

/// Equal up to a relative difference, NaN to NaN.
pub(crate) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

/// Whether a vector is of the expected kind and its numbers within a part in 10¹² of the expected.
fn same_vector(expected: &Vector, found: &Vector) -> bool {
    let parts = |v: &Vector| match v {
        Vector::Dense(values) => (None, values.clone()),
        Vector::Sparse(v) => (Some((v.size(), v.indices().to_vec())), v.values().to_vec()),
    };
    let ((kind, expected), (found_kind, found)) = (parts(expected), parts(found));
    kind == found_kind && expected.len() == found.len() && expected.iter().zip(&found).all(|(a, b)| close(*a, *b, 1e-12))
}

pub(crate) fn same_cell(expected: &Json, found: &Value) -> bool {
    match found {
        Value::Null => expected.is_null(),
        Value::Vector(found) => vector(expected).is_some_and(|expected| same_vector(&expected, found)),
        Value::String(found) => expected.as_str() == Some(found),
        Value::Boolean(found) => expected.as_bool() == Some(*found),
        Value::Array(found) => {
            let expected = list(expected);
            expected.len() == found.len() && expected.iter().zip(found.iter()).all(|(a, b)| same_cell(a, b))
        }
        other => other.as_f64().zip(number(expected)).is_some_and(|(found, expected)| close(found, expected, 1e-12)),
    }
}

pub(crate) fn same_value(expected: &Json, found: &MlValue) -> bool {
    match found {
        MlValue::None => expected.is_null(),
        MlValue::Vector(found) => vector(expected).is_some_and(|expected| expected == *found || same_vector(&expected, found)),
        MlValue::List(found) => {
            let expected = list(expected);
            expected.len() == found.len() && expected.iter().zip(found).all(|(expected, found)| same_value(expected, found))
        }
        MlValue::Matrix(found) => {
            let rows = list(expected).iter().flat_map(list).map(|value| number(value).expect("a number"));
            let (rows, found): (Vec<f64>, Vec<f64>) = (rows.collect(), found.to_rows());
            rows.len() == found.len() && rows.iter().zip(&found).all(|(a, b)| close(*a, *b, 1e-12))
        }
        MlValue::DataFrame(found) => same_rows(expected, found),
        MlValue::Map(found) => {
            let named = |(key, value): &(MlValue, MlValue)| matches!(key, MlValue::Text(key) if same_value(&expected[&**key], value));
            expected.as_object().is_some_and(|expected| expected.len() == found.len()) && found.iter().all(named)
        }
        MlValue::Text(found) => expected.as_str() == Some(found),
        MlValue::Bool(found) => expected.as_bool() == Some(*found),
        other => other.as_f64().zip(number(expected)).is_some_and(|(found, expected)| close(found, expected, 1e-12)),
    }
}

pub(crate) fn same_rows(expected: &Json, found: &DataFrame) -> bool {
    let (expected, found) = (list(expected), found.collect().expect("rows"));
    let same_row = |(expected, found): (&Json, &kindling_frame::Row)| {
        let expected = list(expected);
        expected.len() == found.values.len() && expected.iter().zip(found.values.iter()).all(|(a, b)| same_cell(a, b))
    };
    expected.len() == found.len() && expected.iter().zip(&found).all(same_row)
}
