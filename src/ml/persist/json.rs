//! Values of params as JSON, as Spark's `Param.jsonEncode` writes them.

use kindling_linalg::{DenseMatrix, Matrix, SparseMatrix, SparseVector, Vector};
use kindling_partition::{Error, Result};
use serde_json::{Value as Json, json};

use crate::param::ParamKind;
use crate::value::MlValue;

/// `None` for what Spark keeps elsewhere: stages, frames, maps of params.
pub(crate) fn encode(value: &MlValue) -> Option<Json> {
    Some(match value {
        MlValue::Bool(value) => Json::from(*value),
        MlValue::Int(value) => Json::from(*value),
        MlValue::Float(value) => float(*value),
        MlValue::Text(text) => Json::from(&**text),
        MlValue::List(values) | MlValue::Tuple(values) => Json::Array(values.iter().map(encode).collect::<Option<_>>()?),
        MlValue::Array(values) => floats(values),
        MlValue::Vector(Vector::Dense(values)) => json!({"type": 1, "values": floats(values)}),
        MlValue::Vector(Vector::Sparse(vector)) => {
            json!({"type": 0, "size": vector.size(), "indices": vector.indices(), "values": floats(vector.values())})
        }
        MlValue::Matrix(matrix) => {
            let (rows, cols, transposed) = (matrix.num_rows(), matrix.num_cols(), matrix.is_transposed());
            match matrix {
                Matrix::Dense(m) => {
                    json!({"class": "matrix", "type": 1, "numRows": rows, "numCols": cols, "values": floats(m.values()), "isTransposed": transposed})
                }
                Matrix::Sparse(m) => json!({
                    "class": "matrix", "type": 0, "numRows": rows, "numCols": cols, "colPtrs": m.pointers(), "rowIndices": m.indices(),
                    "values": floats(m.values()), "isTransposed": transposed,
                }),
            }
        }
        MlValue::Map(entries) => {
            let entry = |(key, value): &(MlValue, MlValue)| match key {
                MlValue::Text(key) => Some((key.to_string(), encode(value)?)),
                _ => None,
            };
            Json::Object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        MlValue::None
        | MlValue::Bytes(_)
        | MlValue::DataFrame(_)
        | MlValue::Stage(_)
        | MlValue::Object(_)
        | MlValue::ParamMap(_)
        | MlValue::Opaque(_) => {
            return None;
        }
    })
}

/// A number; JSON has no NaN and no infinities.
pub(super) fn float(value: f64) -> Json {
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        if value > 0.0 { "Inf" } else { "-Inf" }.into()
    } else {
        value.into()
    }
}

fn floats(values: &[f64]) -> Json {
    values.iter().copied().map(float).collect()
}

/// The value of a param of this kind.
///
/// # Errors
/// When the JSON is no such value.
pub(crate) fn decode(kind: ParamKind, json: &Json) -> Result<MlValue> {
    Ok(match json {
        Json::Null => MlValue::None,
        Json::Bool(value) => MlValue::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| MlValue::Float(number.as_f64().unwrap_or(f64::NAN)), MlValue::Int),
        Json::String(text) => {
            let is_number = matches!(kind, ParamKind::Float(_) | ParamKind::FloatList(_) | ParamKind::FloatListList);
            match text.as_str() {
                "NaN" if is_number => MlValue::Float(f64::NAN),
                "Inf" if is_number => MlValue::Float(f64::INFINITY),
                "-Inf" if is_number => MlValue::Float(f64::NEG_INFINITY),
                text => text.into(),
            }
        }
        Json::Array(values) => MlValue::List(values.iter().map(|value| decode(kind, value)).collect::<Result<_>>()?),
        Json::Object(_) => object(json)?,
    })
}

/// A vector or a matrix.
fn object(json: &Json) -> Result<MlValue> {
    let numbers = || -> Vec<f64> {
        let kind = ParamKind::FloatList(crate::param::Range::ANY);
        decode(kind, &json["values"]).ok().and_then(|values| values.numbers()).unwrap_or_default()
    };
    let integers = |name: &str| -> Vec<i32> {
        json[name].as_array().map_or_else(Vec::new, |list| list.iter().filter_map(|v| v.as_i64()?.try_into().ok()).collect())
    };
    let size = |name: &str| json[name].as_u64().and_then(|size| usize::try_from(size).ok());
    let transposed = json["isTransposed"].as_bool().unwrap_or(false);
    Ok(match (json["type"].as_i64(), size("size"), size("numRows"), size("numCols")) {
        (Some(1), _, Some(rows), Some(cols)) => MlValue::Matrix(Matrix::Dense(DenseMatrix::new(rows, cols, numbers(), transposed)?)),
        (Some(0), _, Some(rows), Some(cols)) => {
            let matrix = SparseMatrix::new(rows, cols, integers("colPtrs"), integers("rowIndices"), numbers(), transposed)?;
            MlValue::Matrix(Matrix::Sparse(matrix))
        }
        (Some(0), Some(size), ..) => MlValue::Vector(Vector::Sparse(SparseVector::new(size, integers("indices"), numbers())?)),
        (Some(1), ..) => MlValue::Vector(Vector::Dense(numbers())),
        _ if json.get("type").is_none() => {
            let entries = json.as_object().into_iter().flatten();
            MlValue::Map(entries.map(|(key, value)| Ok((key.as_str().into(), decode(ParamKind::Any, value)?))).collect::<Result<_>>()?)
        }
        _ => return Err(Error::runtime(format!("The metadata has a value that is no vector and no matrix: {json}."))),
    })
}
