//! Texts of JSON and CSV as values and back: Spark's `jsonExpressions.scala` and `csvExpressions.scala`.

pub(super) mod csv;
pub(super) mod extract;
mod infer;
mod path;
mod read;
pub(super) mod structs;

use kindling_partition::{Error, Result};
use serde_json::Value as Json;

use crate::Schema;
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

pub(super) fn option<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options.iter().rev().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}

/// The schema argument of `from_json` and `from_csv`: SQL text (of a type or of fields), or JSON as PySpark writes it.
///
/// # Errors
/// `INVALID_SCHEMA.NON_STRING_LITERAL`, `PARSE_SYNTAX_ERROR`, `UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING`
pub(super) fn schema_of(arg: &Typed) -> Result<DataType> {
    let text = match &arg.kind {
        Kind::Literal(Value::String(text)) => text.to_string(),
        // `schema_of_json('…')` of a plain text is as good as a plain text.
        Kind::Call { function, args, .. } if matches!(function.name, "schema_of_json" | "schema_of_csv") => {
            let cell = match args.first().map(|a| &a.kind) {
                Some(Kind::Literal(value)) => value.as_str().unwrap_or_default().to_owned(),
                _ => return Err(not_plain(arg)),
            };
            let given = options(match args.get(1).map(|a| &a.kind) {
                Some(Kind::Literal(value)) => Some(value),
                _ => None,
            });
            return if function.name == "schema_of_json" { infer::of_text(&cell, &given) } else { csv::inferred(&cell, &given) };
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
    let text = format!("The input schema {} must be a plain text or schema_of_json or schema_of_csv of one.", crate::coerce::text(arg));
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
