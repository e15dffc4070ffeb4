use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::{given, nullable, options, schema_of};
use crate::Schema;
use crate::batch::{Batch, array_of};
use crate::coerce::{expect, literal, wrong_type};
use crate::csv::{CsvOptions, CsvWriteOptions, ParseMode, Single, check_single, fields_of, infer_fields, value_of, write_csv};
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "from_csv",
        "A line of CSV as a struct of a schema; nulls where it doesn't fit.",
        params!("col", "=schema", "?options"),
        |args| {
            expect("from_csv", args, 0, &DataType::String)?;
            let schema = nullable(&schema_of(&args[1])?);
            if !matches!(schema, DataType::Struct(_)) {
                return Err(wrong_type("from_csv", args, 1, "STRUCT"));
            }
            let options = reading(&options(given("from_csv", args, 2)?))?;
            if let DataType::Struct(fields) = &schema {
                check_single(fields, &options)?;
            }
            Ok(Outcome::new(schema, true))
        },
        from_csv,
    ),
    Function::rows(
        "to_csv",
        "A struct as a line of CSV.",
        params!("col", "?options"),
        |args| {
            if !matches!(args[0].data_type, DataType::Struct(_)) {
                return Err(wrong_type("to_csv", args, 0, "STRUCT"));
            }
            writing(&options(given("to_csv", args, 1)?))?;
            Ok(Outcome::new(DataType::String, args[0].nullable))
        },
        |c| {
            let (Value::Struct(row), DataType::Struct(fields)) = (&c.values[0], &c.types[0]) else { return Ok(Value::Null) };
            let columns = row.values.iter().zip(fields).map(|(v, f)| array_of(&f.data_type, [v])).collect::<Result<Vec<_>>>()?;
            let mut out = String::new();
            write_csv(&Schema::new(fields.clone()), &Batch::new(columns, 1), &writing(&options(c.values.get(1)))?, &mut out)?;
            Ok(out.trim_end_matches('\n').into())
        },
    ),
    Function::rows(
        "schema_of_csv",
        "The schema of a line of CSV as SQL text.",
        params!("=csv", "?options"),
        |args| {
            expect("schema_of_csv", args, 0, &DataType::String)?;
            literal("schema_of_csv", args, 0)?;
            given("schema_of_csv", args, 1)?;
            Ok(Outcome::new(DataType::String, false))
        },
        |c| Ok(inferred(c.text(0), &options(c.values.get(1)))?.sql().into()),
    ),
];

fn reading(options: &[(String, String)]) -> Result<CsvOptions> {
    CsvOptions::from_pairs(options.iter().map(|(k, v)| (k.as_str(), v.as_str())))
}

fn writing(options: &[(String, String)]) -> Result<CsvWriteOptions> {
    CsvWriteOptions::from_pairs(options.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain([("header", "false")]))
}

pub(super) fn inferred(text: &str, options: &[(String, String)]) -> Result<DataType> {
    let options = reading(options)?;
    let types = infer_fields(&fields_of(text, &options), &options);
    Ok(DataType::Struct(types.into_iter().enumerate().map(|(i, t)| Field::new(format!("_c{i}"), t, true)).collect()))
}

fn from_csv(c: &Cells<'_>) -> Result<Value> {
    let options = reading(&options(c.values.get(2)))?;
    let DataType::Struct(fields) = c.result else { return Ok(Value::Null) };
    if options.single_variant_column.is_some() {
        let object = Single::default().object(&fields_of(c.text(0), &options), None, &options)?;
        let values = fields.iter().map(|f| if f.data_type == DataType::Variant { object.clone() } else { Value::Null }).collect();
        return Ok(Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values }));
    }
    let given = fields_of(c.text(0), &options);
    let corrupt = |f: &Field| *f.name == *options.column_name_of_corrupt_record;
    let expected = fields.iter().filter(|f| !corrupt(f)).count();
    let (mut bad, mut next) = (given.len() != expected, 0);
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        if corrupt(field) {
            values.push(Value::Null);
            continue;
        }
        let text = given.get(next).and_then(|t| t.as_deref());
        next += 1;
        let value = text.map_or(Some(Value::Null), |text| value_of(text, &field.data_type, &options));
        bad |= value.is_none();
        values.push(value.unwrap_or(Value::Null));
    }
    if bad && options.mode == ParseMode::FailFast {
        let text = format!("Malformed records are detected in record parsing: {}. Parse Mode: FAILFAST.", c.text(0));
        return Err(Error::new(ErrorKind::Runtime, text).with_condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"));
    }
    if bad {
        for (value, _) in values.iter_mut().zip(fields).filter(|(_, f)| corrupt(f)) {
            *value = Value::from(c.text(0));
        }
    }
    Ok(Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect::<Arc<[_]>>(), values }))
}
