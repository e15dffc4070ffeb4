use kindling_partition::{Error, Result};

use super::super::collection::order;
use super::super::declare::{Cells, Function, Outcome, params};
use super::element_of;
use super::map_keys::map_of;
use crate::coerce::{cast_to, expect, unify, wrong_type};
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "map_concat",
        "One map of the entries of all.",
        params!("*cols"),
        |args| {
            for i in 0..args.len() {
                if !matches!(args[i].data_type, DataType::Map(..)) {
                    return Err(wrong_type("map_concat", args, i, "MAP"));
                }
            }
            if args.is_empty() {
                return Ok(Outcome::new(DataType::Map(DataType::String.into(), DataType::String.into(), false), false));
            }
            Ok(Outcome::strict(unify("map_concat", args)?, args))
        },
        |c| {
            let all: Vec<(Value, Value)> = (0..c.values.len()).flat_map(|i| c.entries(i)).cloned().collect();
            map_of(all)
        },
    ),
    Function::rows(
        "map_contains_key",
        "Whether the map has the key.",
        params!("col", "=value"),
        |args| match args[0].data_type.clone() {
            DataType::Map(key, ..) => {
                let Some(common) = super::common(&key, &args[1].data_type) else {
                    return Err(Error::analysis(format!(
                        "Cannot resolve {} due to data type mismatch: Input to `map_contains_key` should have been \"MAP\" followed by a value \
                         with same key type, but it's [\"{}\", \"{}\"].",
                        crate::coerce::described("map_contains_key", args),
                        args[0].data_type.sql(),
                        args[1].data_type.sql()
                    ))
                    .with_condition("DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES"));
                };
                if args[1].data_type == DataType::Null {
                    return Err(Error::analysis("Null typed values cannot be used as arguments of `map_contains_key`.")
                        .with_condition("DATATYPE_MISMATCH.NULL_TYPE"));
                }
                cast_to(&mut args[1], &common);
                Ok(Outcome::strict(DataType::Boolean, args))
            }
            _ => Err(wrong_type("map_contains_key", args, 0, "MAP")),
        },
        |c| Ok(c.entries(0).iter().any(|e| order(&e.0, &c.values[1]).is_eq()).into()),
    ),
    Function::rows(
        "map_entries",
        "The entries of the map as an array of structs.",
        params!("col"),
        |args| match &args[0].data_type {
            DataType::Map(key, value, nulls) => {
                let fields = vec![Field::new("key", (**key).clone(), false), Field::new("value", (**value).clone(), *nulls)];
                Ok(Outcome::strict(DataType::Array(DataType::Struct(fields).into(), false), args))
            }
            _ => Err(wrong_type("map_entries", args, 0, "MAP")),
        },
        |c| {
            let names: std::sync::Arc<[std::sync::Arc<str>]> = ["key".into(), "value".into()].into();
            let entry = |e: &(Value, Value)| Value::Struct(Row { names: names.clone(), values: vec![e.0.clone(), e.1.clone()] });
            Ok(Value::Array(c.entries(0).iter().map(entry).collect()))
        },
    ),
    Function::rows(
        "map_from_arrays",
        "A map of an array of keys and an array of their values.",
        params!("col1", "col2"),
        |args| {
            let ((key, _), (value, nulls)) = (element_of("map_from_arrays", args, 0)?, element_of("map_from_arrays", args, 1)?);
            Ok(Outcome::strict(DataType::Map(key.into(), value.into(), nulls), args))
        },
        |c| {
            let (keys, values) = (c.items(0), c.items(1));
            if keys.len() != values.len() {
                let text = "The key array and value array of MapData must have the same length.";
                return Err(Error::runtime(text));
            }
            map_of(keys.iter().cloned().zip(values.iter().cloned()).collect())
        },
    ),
    Function::rows(
        "map_from_entries",
        "A map of an array of structs of key and value; null when one of them is.",
        params!("col"),
        |args| match &args[0].data_type {
            DataType::Array(entry, nulls) if matches!(&**entry, DataType::Struct(f) if f.len() == 2) => {
                let DataType::Struct(fields) = &**entry else { return Err(wrong_type("map_from_entries", args, 0, "ARRAY")) };
                let map = DataType::Map(fields[0].data_type.clone().into(), fields[1].data_type.clone().into(), fields[1].nullable);
                Ok(Outcome::new(map, args[0].nullable || *nulls))
            }
            _ => Err(wrong_type("map_from_entries", args, 0, "ARRAY of pair STRUCT")),
        },
        |c| {
            let pair = |v: &Value| match v {
                Value::Struct(row) => Some((row.values[0].clone(), row.values[1].clone())),
                _ => None,
            };
            c.items(0).iter().map(pair).collect::<Option<Vec<_>>>().map_or(Ok(Value::Null), map_of)
        },
    ),
    Function::rows(
        "str_to_map",
        "A map of a text such as `a:1,b:2`; the delimiters are regular expressions.",
        params!("text", "~pairDelim", "~keyValueDelim"),
        |args| {
            for i in 0..args.len() {
                expect("str_to_map", args, i, &DataType::String)?;
            }
            Ok(Outcome::strict(DataType::Map(DataType::String.into(), DataType::String.into(), true), args))
        },
        str_to_map,
    ),
];

fn str_to_map(c: &Cells<'_>) -> Result<Value> {
    let given = |i: usize, other: &'static str| super::super::regexp::compile(c.maybe_text(i).unwrap_or(other));
    let (pairs, within) = (given(1, ",")?, given(2, ":")?);
    let entries = pairs.split(c.text(0)).map(|pair| {
        let mut parts = within.splitn(pair, 2);
        let key = Value::from(parts.next().unwrap_or_default());
        (key, parts.next().map_or(Value::Null, Value::from))
    });
    map_of(entries.collect())
}
