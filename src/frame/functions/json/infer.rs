//! The type of a text of JSON: Spark's `JsonInferSchema`.

use kindling_partition::{Error, Result};
use serde_json::Value as Json;

use super::{option, read};
use crate::coerce::wider;
use crate::types::{DataType, Field};

pub(super) fn of_text(text: &str, options: &[(String, String)]) -> Result<DataType> {
    match read::parse_with(text, options) {
        Some(json) => Ok(finished(of(&json, option(options, "primitivesAsString") == Some("true")))),
        None => Err(Error::illegal_argument(format!("The text '{text}' is no JSON, so that no schema can be told from it."))),
    }
}

fn of(json: &Json, texts: bool) -> DataType {
    match json {
        Json::Null => DataType::Null,
        Json::Bool(_) | Json::Number(_) if texts => DataType::String,
        Json::Bool(_) => DataType::Boolean,
        Json::Number(n) if n.is_i64() => DataType::Long,
        Json::Number(n) if n.is_u64() => DataType::Decimal(20, 0),
        Json::Number(_) => DataType::Double,
        Json::String(_) => DataType::String,
        Json::Array(items) => {
            let element = items.iter().map(|item| of(item, texts)).fold(DataType::Null, |a, b| common(&a, &b));
            DataType::Array(element.into(), true)
        }
        Json::Object(members) => {
            let mut fields: Vec<Field> = members.iter().map(|(name, v)| Field::new(name.as_str(), of(v, texts), true)).collect();
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            DataType::Struct(fields)
        }
    }
}

/// A type that has both; a text when nothing else does.
fn common(a: &DataType, b: &DataType) -> DataType {
    match (a, b) {
        (DataType::Struct(a), DataType::Struct(b)) => {
            let mut fields = a.clone();
            for field in b {
                match fields.iter_mut().find(|f| f.name == field.name) {
                    Some(known) => known.data_type = common(&known.data_type, &field.data_type),
                    None => fields.push(field.clone()),
                }
            }
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            DataType::Struct(fields)
        }
        (DataType::Array(a, _), DataType::Array(b, _)) => DataType::Array(common(a, b).into(), true),
        (a, b) if a == b => a.clone(),
        (DataType::Null, other) | (other, DataType::Null) => other.clone(),
        (a, b) if a.is_numeric() && b.is_numeric() => wider(a, b).unwrap_or(DataType::Double),
        _ => DataType::String,
    }
}

/// What was null everywhere is a text.
fn finished(data_type: DataType) -> DataType {
    match data_type {
        DataType::Null => DataType::String,
        DataType::Array(element, nulls) => DataType::Array(finished(*element).into(), nulls),
        DataType::Struct(fields) => {
            DataType::Struct(fields.into_iter().map(|f| Field { data_type: finished(f.data_type.clone()), ..f }).collect())
        }
        other => other,
    }
}
