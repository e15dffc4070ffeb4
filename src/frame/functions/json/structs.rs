use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::{given, infer, nullable, options, read, schema_of};
use crate::coerce::{described, expect, literal};
use crate::json::{JsonOptions, JsonWriteOptions, convert, parse, write_value};
use crate::types::DataType;
use crate::value::{Row, Value};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "from_json",
        "A text of JSON as a struct, array, map or variant of a schema; nulls where it doesn't fit.",
        params!("col", "=schema", "?options"),
        |args| {
            expect("from_json", args, 0, &DataType::String)?;
            let schema = nullable(&schema_of(&args[1])?);
            if let DataType::Map(key, ..) = &schema
                && **key != DataType::String
            {
                let text = format!(
                    "Cannot resolve {}: Input schema {} can only contain STRING as a key type for a MAP.",
                    described("from_json", args),
                    schema.sql()
                );
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE"));
            }
            if !matches!(schema, DataType::Struct(_) | DataType::Array(..) | DataType::Map(..) | DataType::Variant) {
                let text = format!("The schema \"{}\" of from_json must be a struct, an array or a map.", schema.sql());
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA"));
            }
            let given = options(given("from_json", args, 2)?);
            read::Reader::new(&given)?;
            Ok(Outcome::new(schema, true))
        },
        from_json,
    ),
    Function::rows(
        "to_json",
        "A struct, array, map or variant as a text of JSON.",
        params!("col", "?options"),
        |args| {
            if !matches!(args[0].data_type, DataType::Struct(_) | DataType::Array(..) | DataType::Map(..) | DataType::Variant) {
                let text = format!(
                    "Cannot resolve {} due to data type mismatch: Input schema \"{}\" must be a struct, an array or a map.",
                    described("to_json", args),
                    args[0].data_type.sql()
                );
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA"));
            }
            writing(&options(given("to_json", args, 1)?))?;
            Ok(Outcome::new(DataType::String, args[0].nullable))
        },
        |c| {
            let mut out = String::new();
            let options = writing(&options(c.values.get(1)))?;
            crate::zone::within(c.maybe_text(2), || write_value(&c.values[0], &c.types[0], &options, &mut out));
            Ok(out.into())
        },
    ),
    Function::rows(
        "schema_of_json",
        "The schema of a text of JSON as SQL text.",
        params!("=json", "?options"),
        |args| {
            expect("schema_of_json", args, 0, &DataType::String)?;
            literal("schema_of_json", args, 0)?;
            given("schema_of_json", args, 1)?;
            Ok(Outcome::new(DataType::String, false))
        },
        |c| Ok(infer::of_text(c.text(0), &options(c.values.get(1)))?.sql().into()),
    ),
];

fn writing(options: &[(String, String)]) -> Result<JsonWriteOptions> {
    JsonWriteOptions::from_pairs(options.iter().map(|(k, v)| (k.as_str(), v.as_str())))
}

fn from_json(c: &Cells<'_>) -> Result<Value> {
    let given = options(c.values.get(2));
    let reader = read::Reader::new(&given)?;
    let text = c.text(0);
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    if c.result.has_variant() {
        // Numbers as they are written, and members in their order.
        let options = JsonOptions::from_pairs(given.iter().map(|(k, v)| (k.as_str(), v.as_str())))?;
        let mut partial = false;
        if let Ok(Some(json)) = parse(text, options.syntax)
            && let Ok(value) = convert(&json, c.result, &options, &mut partial)
            && !(reader.fail_fast && partial)
        {
            return Ok(value);
        }
        return unread(c, &reader, text);
    }
    let json = read::parse_with(text, &given);
    let json = match (json, c.result) {
        // One struct is an array of it, too.
        (Some(json @ serde_json::Value::Object(_)), DataType::Array(element, _)) if matches!(**element, DataType::Struct(_)) => {
            Some(serde_json::Value::Array(vec![json]))
        }
        (json, _) => json,
    };
    if let Some(mut value) = json.as_ref().and_then(|j| reader.value(j, c.result))
        && !(reader.fail_fast && reader.spoilt.get())
    {
        if let (true, Value::Struct(row), DataType::Struct(fields)) = (reader.spoilt.get(), &mut value, c.result) {
            let marked = fields.iter().position(|f| *f.name == *reader.corrupt);
            marked.into_iter().for_each(|i| row.values[i] = Value::from(text));
        }
        return Ok(value);
    }
    unread(c, &reader, text)
}

/// What a text that doesn't fit gives.
fn unread(c: &Cells<'_>, reader: &read::Reader, text: &str) -> Result<Value> {
    if reader.fail_fast {
        let text = format!(
            "Malformed records are detected in record parsing: {text}. Parse Mode: FAILFAST. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'."
        );
        return Err(Error::new(ErrorKind::Runtime, text).with_condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"));
    }
    let DataType::Struct(fields) = c.result else { return Ok(Value::Null) };
    let values = fields.iter().map(|f| if *f.name == *reader.corrupt { Value::from(text) } else { Value::Null }).collect();
    Ok(Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values }))
}
