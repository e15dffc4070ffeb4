//! Tables of models: the columns as text, and their values on the way to a frame and back.

use std::sync::Arc;

use kindling_frame::{DataType, Field, MLLIB, Row, Schema, Value};
use kindling_partition::{Error, Result};

use crate::value::MlValue;

/// The schema of `"std vector, pc matrix, docFreq array<bigint>"`: columns are parted by a comma and a blank, and
/// `mllib vector` is of Spark's older class. Nulls are where a Scala class
/// has them: everywhere but in numbers and truth values.
pub(super) fn schema(columns: &str) -> Result<Schema> {
    let fields = columns.split(", ").filter(|column| !column.is_empty()).map(|column| {
        let (name, kind) = column.split_once(' ').unwrap_or((column, "double"));
        let data_type = in_scala(data_type(&kind.replace("mllib ", ""))?);
        let nulls = has_nulls(&data_type);
        let older = kind.contains("mllib ").then(|| Arc::new([(MLLIB.to_owned(), true.into())].into_iter().collect()));
        Ok(Field::new(name, data_type, nulls).with_metadata(older))
    });
    fields.collect()
}

fn has_nulls(data_type: &DataType) -> bool {
    !(data_type.is_numeric() || *data_type == DataType::Boolean)
}

fn in_scala(data_type: DataType) -> DataType {
    match data_type {
        DataType::Array(element, _) => {
            let element = in_scala(*element);
            let nulls = has_nulls(&element);
            DataType::Array(Box::new(element), nulls)
        }
        DataType::Map(key, value, _) => {
            let value = in_scala(*value);
            let nulls = has_nulls(&value);
            DataType::Map(key, Box::new(value), nulls)
        }
        DataType::Struct(fields) => {
            let fields = fields.into_iter().map(|field| {
                let data_type = in_scala(field.data_type);
                let nulls = has_nulls(&data_type);
                Field::new(field.name, data_type, nulls)
            });
            DataType::Struct(fields.collect())
        }
        other => other,
    }
}

fn data_type(text: &str) -> Result<DataType> {
    Ok(match text {
        "vector" => DataType::Vector,
        "matrix" => DataType::Matrix,
        _ => match text.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
            Some(element) => DataType::array(data_type(element)?),
            None => DataType::parse(text)?,
        },
    })
}

/// A member's value as a cell of a column.
///
/// # Errors
/// When it is of another type.
pub(super) fn cell(data_type: &DataType, value: &MlValue) -> Result<Value> {
    let cells = |element: &DataType, values: &[MlValue]| values.iter().map(|value| cell(element, value)).collect::<Result<Vec<_>>>();
    Ok(match (data_type, value) {
        (_, MlValue::None) => Value::Null,
        (DataType::Boolean, MlValue::Bool(value)) => Value::Boolean(*value),
        (DataType::Int, MlValue::Int(value)) => Value::Int(i32::try_from(*value).map_err(|_| misplaced(data_type, MlValue::Int(*value)))?),
        (DataType::Long, MlValue::Int(value)) => Value::Long(*value),
        (DataType::Float, value) => Value::Float(value.as_f64().ok_or_else(|| misplaced(data_type, value.clone()))? as f32),
        (DataType::Double, value) => Value::Double(value.as_f64().ok_or_else(|| misplaced(data_type, value.clone()))?),
        (DataType::String, MlValue::Text(text)) => Value::String(text.clone()),
        (DataType::Vector, MlValue::Vector(vector)) => Value::Vector(vector.clone()),
        (DataType::Vector, value) => {
            let numbers = value.numbers().ok_or_else(|| misplaced(data_type, value.clone()))?;
            Value::Vector(kindling_linalg::Vector::Dense(numbers))
        }
        (DataType::Matrix, MlValue::Matrix(matrix)) => Value::Matrix(Arc::new(matrix.clone())),
        (DataType::Struct(fields), MlValue::Tuple(values) | MlValue::List(values)) => {
            row(fields, fields.iter().zip(values).map(|(field, value)| cell(&field.data_type, value)).collect::<Result<_>>()?)
        }
        (DataType::Array(element, _), MlValue::Array(values)) => {
            Value::Array(values.iter().map(|value| cell(element, &MlValue::Float(*value))).collect::<Result<_>>()?)
        }
        (DataType::Array(element, _), MlValue::List(values) | MlValue::Tuple(values)) => Value::Array(cells(element, values)?.into()),
        (DataType::Map(key, item, _), MlValue::Map(entries)) => {
            Value::Map(entries.iter().map(|(k, v)| Ok((cell(key, k)?, cell(item, v)?))).collect::<Result<_>>()?)
        }
        (data_type, value) => return Err(misplaced(data_type, value.clone())),
    })
}

fn misplaced(data_type: &DataType, value: MlValue) -> Error {
    Error::runtime(format!("A model's value {value:?} is not of the type {data_type} that it is saved as."))
}

fn row(fields: &[Field], values: Vec<Value>) -> Value {
    Value::Struct(Row::new(fields.iter().map(|field| field.name.clone()), values))
}

/// What a cell of a saved table says. A struct is a tuple, a matrix's is a matrix.
///
/// # Errors
/// When a matrix isn't whole.
pub(super) fn value(cell: Value) -> Result<MlValue> {
    Ok(match cell {
        Value::Boolean(value) => MlValue::Bool(value),
        Value::Float(value) => MlValue::Float(value.into()),
        Value::Double(value) => MlValue::Float(value),
        Value::String(text) => MlValue::Text(text),
        Value::Vector(vector) => MlValue::Vector(vector),
        Value::Array(values) => MlValue::List(values.iter().cloned().map(value).collect::<Result<_>>()?),
        Value::Map(entries) => {
            MlValue::Map(entries.iter().map(|(k, v)| Ok((value(k.clone())?, value(v.clone())?))).collect::<Result<_>>()?)
        }
        Value::Matrix(matrix) => MlValue::Matrix((*matrix).clone()),
        Value::Struct(row) => MlValue::Tuple(row.values.into_iter().map(value).collect::<Result<_>>()?),
        other => other.as_i64().map_or(MlValue::None, MlValue::Int),
    })
}
