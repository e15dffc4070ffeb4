//! XML as structs and variants and back: Spark's `xmlExpressions.scala`.

use std::borrow::Cow;

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::{given, nullable, options, schema_of};
use crate::coerce::{described, expect, literal, wrong_type};
use crate::csv::ParseMode;
use crate::files::corrupt_column;
use crate::typed::Typed;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};
use crate::xml::{Event, Events, Failure, Inference, Parser, XmlOptions, variant_of, write_record};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "from_xml",
        "A text of XML as a struct or variant of a schema; nulls where it doesn't fit.",
        params!("col", "=schema", "?options"),
        |args| {
            texts("from_xml", args)?;
            let schema = nullable(&schema_of(&args[1])?);
            if !matches!(schema, DataType::Struct(_) | DataType::Variant) {
                let text = format!(
                    "Cannot resolve {} due to data type mismatch: Input schema \"{}\" must be a struct or a variant.",
                    described("from_xml", args),
                    schema.sql()
                );
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.INVALID_XML_SCHEMA"));
            }
            let options = of_pairs(given("from_xml", args, 2)?)?;
            keeps_malformed("from_xml", &options)?;
            if let DataType::Struct(fields) = &schema {
                corrupt_column(fields, &options.column_name_of_corrupt_record)?;
            }
            Ok(Outcome::new(schema, true))
        },
        from_xml,
    ),
    Function::rows(
        "to_xml",
        "A struct or variant as a text of XML.",
        params!("col", "?options"),
        |args| {
            if !matches!(args[0].data_type, DataType::Struct(_) | DataType::Variant | DataType::Null) {
                return Err(wrong_type("to_xml", args, 0, "STRUCT"));
            }
            of_pairs(given("to_xml", args, 1)?)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| {
            let options = of_pairs(c.values.get(1))?;
            if c.values[0].is_null() {
                return Ok(Value::Null);
            }
            write_record(&c.values[0], &c.types[0], &options).map(Value::from)
        },
    ),
    Function::rows(
        "schema_of_xml",
        "The schema of a text of XML as SQL text.",
        params!("=xml", "?options"),
        |args| {
            texts("schema_of_xml", args)?;
            if literal("schema_of_xml", args, 0)?.is_some_and(Value::is_null) {
                let text =
                    format!("Cannot resolve {} due to data type mismatch: The xml must not be null.", described("schema_of_xml", args));
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.UNEXPECTED_NULL"));
            }
            keeps_malformed("schema_of_xml", &of_pairs(given("schema_of_xml", args, 1)?)?)?;
            Ok(Outcome::new(DataType::String, false))
        },
        |c| Ok(inferred(c.text(0), &options(c.values.get(1)))?.sql().into()),
    ),
];

/// The first argument must be a text: none is cast to one.
fn texts(function: &str, args: &mut [Typed]) -> Result<()> {
    match args[0].data_type {
        DataType::String => Ok(()),
        DataType::Null => expect(function, args, 0, &DataType::String),
        _ => Err(wrong_type(function, args, 0, "STRING")),
    }
}

fn of_pairs(value: Option<&Value>) -> Result<XmlOptions> {
    XmlOptions::from_pairs(options(value).iter().map(|(k, v)| (k.as_str(), v.as_str())))
}

/// # Errors
/// `PARSE_MODE_UNSUPPORTED`
fn keeps_malformed(function: &str, options: &XmlOptions) -> Result<()> {
    if options.mode != ParseMode::DropMalformed {
        return Ok(());
    }
    let text = format!("The function `{function}` doesn't support the DROPMALFORMED mode. Acceptable modes are PERMISSIVE and FAILFAST.");
    Err(Error::analysis(text).with_condition("PARSE_MODE_UNSUPPORTED"))
}

pub(super) fn inferred(text: &str, options: &[(String, String)]) -> Result<DataType> {
    let options = XmlOptions::from_pairs(options.iter().map(|(k, v)| (k.as_str(), v.as_str())))?;
    let mut inference = Inference::new(&options);
    inference.add_text(text)?;
    Ok(DataType::Struct(inference.fields()))
}

fn from_xml(c: &Cells<'_>) -> Result<Value> {
    let (options, text) = (of_pairs(c.values.get(2))?, c.text(0));
    let found = match c.result {
        DataType::Struct(fields) => {
            let is_corrupt = |f: &Field| *f.name == *options.column_name_of_corrupt_record;
            let own: Cow<'_, [Field]> = match fields.iter().any(is_corrupt) {
                true => fields.iter().filter(|f| !is_corrupt(f)).cloned().collect(),
                false => fields.into(),
            };
            let found = Parser { options: &options }.record(text, &own);
            let bad = found.is_err();
            let (row, broken) = match found {
                Ok(row) | Err(Failure::Partial(row)) => (row, String::new()),
                Err(Failure::Broken(broken)) => (vec![Value::Null; own.len()], broken.to_string()),
                Err(Failure::Unfit) => (vec![Value::Null; own.len()], String::new()),
            };
            let mut values = row.into_iter();
            let corrupt = if bad { Value::from(text) } else { Value::Null };
            let cell = |f: &Field| if is_corrupt(f) { corrupt.clone() } else { values.next().unwrap_or(Value::Null) };
            let values = fields.iter().map(cell).collect();
            let row = Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values });
            if bad { Err((row, broken)) } else { Ok(row) }
        }
        _ => {
            let mut events = Events::new(text);
            let variant = match events.next() {
                Ok(Event::Start(tag)) => variant_of(&mut events, &tag.attributes, &options),
                Ok(_) => Err(Failure::Unfit),
                Err(broken) => Err(broken.into()),
            };
            variant.map_err(|_| (Value::Null, String::new()))
        }
    };
    match found {
        Err((_, broken)) if options.mode == ParseMode::FailFast => {
            let text = format!(
                "Malformed records are detected in record parsing: {text}. {broken} Parse Mode: FAILFAST. To process malformed records as \
                 null result, try setting the option 'mode' as 'PERMISSIVE'."
            );
            Err(Error::new(ErrorKind::Runtime, text).with_condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"))
        }
        Ok(value) | Err((value, _)) => Ok(value),
    }
}
