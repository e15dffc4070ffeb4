//! Texts of JSON, CSV and XML as values and back: Spark's `jsonExpressions.scala`, `csvExpressions.scala` and `xmlExpressions.scala`.

pub(super) mod csv;
pub(super) mod extract;
mod infer;
mod path;
mod read;
pub(super) mod structs;
pub(super) mod xml;

use kindling_partition::{Error, Result};
use serde_json::Value as Json;

use crate::Schema;
use crate::coerce::literal;
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;
use crate::widths::as_strings;

/// The options of a call, a map of texts that may be left out.
pub(super) fn options(value: Option<&Value>) -> Vec<(String, String)> {
    match value {
        Some(Value::Map(entries)) => entries.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        _ => Vec::new(),
    }
}

/// The options argument of a call, none when it was left out.
///
/// # Errors
/// `INVALID_OPTIONS`
pub(super) fn given<'a>(function: &str, args: &'a [Typed], i: usize) -> Result<Option<&'a Value>> {
    let is_text = |t: &DataType| matches!(t, DataType::String | DataType::Null);
    let (what, condition) = match args.get(i).map(|a| &a.data_type) {
        None => return Ok(None),
        Some(DataType::Map(key, value, _)) if is_text(key) && is_text(value) => return literal(function, args, i),
        Some(other @ DataType::Map(..)) => (
            format!("A type of keys and values in `map()` must be string, but got \"{}\".", other.sql()),
            "INVALID_OPTIONS.NON_STRING_TYPE",
        ),
        Some(_) => ("Must use the `map()` function for options.".to_owned(), "INVALID_OPTIONS.NON_MAP_FUNCTION"),
    };
    Err(Error::analysis(format!("Invalid options: {what}")).with_condition(condition))
}

pub(super) fn option<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options.iter().rev().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}

/// The schema argument of `from_json`, `from_csv` and `from_xml`: SQL text (of a type or of fields), or JSON as PySpark writes it.
///
/// # Errors
/// `INVALID_SCHEMA.NON_STRING_LITERAL`, `PARSE_SYNTAX_ERROR`, `UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING`
pub(super) fn schema_of(arg: &Typed) -> Result<DataType> {
    let text = match &arg.kind {
        Kind::Literal(Value::String(text)) => text.to_string(),
        // `schema_of_json('…')` of a plain text is as good as a plain text.
        Kind::Call { function, args, .. } if matches!(function.name, "schema_of_json" | "schema_of_csv" | "schema_of_xml") => {
            let cell = match args.first().map(|a| &a.kind) {
                Some(Kind::Literal(value)) => value.as_str().unwrap_or_default().to_owned(),
                _ => return Err(not_plain(arg)),
            };
            let given = options(match args.get(1).map(|a| &a.kind) {
                Some(Kind::Literal(value)) => Some(value),
                _ => None,
            });
            return match function.name {
                "schema_of_json" => infer::of_text(&cell, &given),
                "schema_of_csv" => csv::inferred(&cell, &given),
                _ => xml::inferred(&cell, &given),
            };
        }
        _ => return Err(not_plain(arg)),
    };
    if let Ok(json) = serde_json::from_str::<Json>(&text)
        && let Ok(data_type) = DataType::from_json(&json)
    {
        return as_strings(&data_type);
    }
    let found = DataType::parse_whole(&text).or_else(|_| Schema::parse_whole(&text).map(|s| DataType::Struct(s.fields().to_vec())));
    as_strings(&found?)
}

fn not_plain(arg: &Typed) -> Error {
    let text = format!(
        "The input schema {} must be a plain text or schema_of_json, schema_of_csv or schema_of_xml of one.",
        crate::coerce::text(arg)
    );
    Error::analysis(text).with_condition("INVALID_SCHEMA.NON_STRING_LITERAL")
}

/// Every field may be null: what a text says is never certain.
pub(super) fn nullable(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Struct(fields) => DataType::Struct(
            fields.iter().map(|f| crate::types::Field { data_type: nullable(&f.data_type), nullable: true, ..f.clone() }).collect(),
        ),
        DataType::Array(element, _) => DataType::Array(nullable(element).into(), true),
        DataType::Map(key, value, _) => DataType::Map(nullable(key).into(), nullable(value).into(), true),
        other => other.clone(),
    }
}
