use kindling_partition::Result;
use serde_json::Value as Json;

use super::super::declare::{Cells, Function, Outcome, params};
use super::path;
use crate::coerce::{expect, wrong_type};
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

/// What `json_tuple` gives before it is made into columns; not a name that anybody can write.
pub(in super::super) const TUPLE: &str = "json_tuple:rows";

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "get_json_object",
        "What a text of JSON has at a path such as `$.a[0].b`, as text.",
        params!("col", "=path"),
        |args| {
            expect("get_json_object", args, 0, &DataType::String)?;
            expect("get_json_object", args, 1, &DataType::String)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| {
            let (Some(json), Some(steps)) = (parsed(c.text(0)), path::parse(c.text(1))) else { return Ok(Value::Null) };
            Ok(path::extract(&json, &steps).into())
        },
    ),
    Function::rows(
        "json_array_length",
        "How many elements the outermost array of a text of JSON has; null when there is no array.",
        params!("col"),
        |args| {
            expect("json_array_length", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::Int, true))
        },
        |c| Ok(parsed(c.text(0)).and_then(|j| j.as_array().map(|items| items.len() as i32)).into()),
    ),
    Function::rows(
        "json_object_keys",
        "The keys of the outermost object of a text of JSON; null when there is no object.",
        params!("col"),
        |args| {
            expect("json_object_keys", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::Array(DataType::String.into(), true), true))
        },
        |c| {
            let keys = parsed(c.text(0)).and_then(|j| j.as_object().map(|o| o.keys().map(|k| Value::from(k.as_str())).collect()));
            Ok(keys.map_or(Value::Null, Value::Array))
        },
    ),
    Function::rows_with_nulls(
        TUPLE,
        "The row of json_tuple as an array of one struct.",
        params!("col", "+fields"),
        |args| {
            for i in 0..args.len() {
                if args[i].data_type != DataType::String && args[i].data_type != DataType::Null {
                    return Err(wrong_type("json_tuple", args, i, "STRING").with_condition("DATATYPE_MISMATCH.NON_STRING_TYPE"));
                }
                expect("json_tuple", args, i, &DataType::String)?;
            }
            let fields = (1..args.len()).map(|i| Field::new(format!("c{}", i - 1), DataType::String, true)).collect();
            Ok(Outcome::new(DataType::Array(DataType::Struct(fields).into(), false), false))
        },
        tuple,
    ),
];

/// A text as JSON; none when it is none. Spaces around it don't matter, what follows it neither.
pub(super) fn parsed(text: &str) -> Option<Json> {
    super::read::parse(text)
}

fn tuple(c: &Cells<'_>) -> Result<Value> {
    let DataType::Array(row, _) = c.result else { return Ok(Value::Null) };
    let DataType::Struct(fields) = &**row else { return Ok(Value::Null) };
    let json = c.maybe_text(0).and_then(parsed);
    let member = |i: usize| match json.as_ref().and_then(|j| j.get(c.text(i + 1))) {
        None | Some(Json::Null) => Value::Null,
        Some(Json::String(text)) => Value::from(text.as_str()),
        Some(other) => Value::from(other.to_string()),
    };
    let values = (0..fields.len()).map(member).collect();
    Ok(Value::Array([Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values })].into()))
}
