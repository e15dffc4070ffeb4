//! JSON values as values of a type: Spark's `JacksonParser`.

use super::options::JsonOptions;
use super::parse::Json;
use crate::base64;
use crate::dates::{parse_date, parse_timestamp, time_by};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::numbers::parse_decimal;
use crate::types::{DataType, Field, vector_fields};
use crate::value::{Row, Value};
use crate::variant::Tree;
use crate::vector_column::vector_of_row;

/// A value that doesn't fit its type at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

/// The value of `json` as `data_type`; null is null of any type. Where only a member of a struct doesn't fit it is null and `partial` is set.
///
/// # Errors
/// When the value doesn't fit.
pub fn convert(json: &Json<'_>, data_type: &DataType, options: &JsonOptions, partial: &mut bool) -> Result<Value, Unfit> {
    Ok(match (data_type, json) {
        (DataType::Variant, json) => Value::Variant(Tree::from_json(json).encode("from_json").map_err(|_| Unfit)?),
        (_, Json::Null) | (DataType::Null, _) => Value::Null,
        (DataType::String, json) => Value::string(text_of(json)),
        (DataType::Boolean, Json::Bool(value)) => Value::Boolean(*value),
        // Jackson takes a byte without its sign, too.
        (DataType::Byte, Json::Number(text)) => match integer(text)? {
            value @ -128..=255 => Value::Byte(value as u8 as i8),
            _ => return Err(Unfit),
        },
        (DataType::Short, Json::Number(text)) => Value::Short(integer(text)?.try_into().map_err(|_| Unfit)?),
        (DataType::Int, Json::Number(text)) => Value::Int(integer(text)?.try_into().map_err(|_| Unfit)?),
        (DataType::Long, Json::Number(text)) => Value::Long(integer(text)?),
        (DataType::Float, Json::Number(text)) => Value::Float(match special(text) {
            Some(value) => value as f32,
            None => text.parse().map_err(|_| Unfit)?,
        }),
        (DataType::Double, Json::Number(text)) => Value::Double(match special(text) {
            Some(value) => value,
            None => text.parse().map_err(|_| Unfit)?,
        }),
        (DataType::Float, Json::String(text)) if options.syntax.non_numeric_numbers => Value::Float(quoted_special(text)? as f32),
        (DataType::Double, Json::String(text)) if options.syntax.non_numeric_numbers => Value::Double(quoted_special(text)?),
        (DataType::Decimal(precision, scale), Json::Number(text)) => decimal(text, *precision, *scale)?,
        (DataType::Decimal(precision, scale), Json::String(text)) => decimal(&text.replace(',', ""), *precision, *scale)?,
        (DataType::Date, Json::String(text)) => Value::Date(date(text, options).ok_or(Unfit)?),
        (DataType::Timestamp, Json::String(text)) => {
            let found = match &options.timestamp_format {
                None => parse_timestamp(text.as_bytes()),
                Some(pattern) => pattern.try_parse(text),
            };
            Value::Timestamp(options.clocks.instant(found.ok_or(Unfit)?))
        }
        (DataType::Timestamp, Json::Number(text)) => Value::Timestamp(integer(text)?.checked_mul(MICROS_PER_SECOND).ok_or(Unfit)?),
        (DataType::TimestampNtz, Json::String(text)) => {
            let found = match &options.timestamp_ntz_format {
                None => parse_timestamp(text.as_bytes()),
                Some(pattern) => pattern.try_parse(text),
            };
            Value::TimestampNtz(found.filter(|t| t.offset.is_none()).ok_or(Unfit)?.local)
        }
        (DataType::Time(precision), Json::String(text)) => {
            Value::Time(time_by(text, options.time_format.as_ref()).ok_or(Unfit)?, *precision)
        }
        (DataType::Binary, Json::String(text)) => Value::Binary(base64::decode(text.as_bytes()).ok_or(Unfit)?.into()),
        (DataType::Array(element, _), Json::Array(items, _)) => {
            Value::Array(items.iter().map(|item| convert(item, element, options, partial)).collect::<Result<_, _>>()?)
        }
        (DataType::Map(_, value_type, _), Json::Object(members, _)) => {
            let mut entries = Vec::with_capacity(members.len());
            for (name, value) in members {
                entries.push((Value::string(&**name), convert(value, value_type, options, partial)?));
            }
            Value::Map(entries.into())
        }
        (DataType::Struct(fields), Json::Object(members, _)) => Value::Struct(object(members, fields, options, partial)),
        (DataType::Vector, Json::Object(members, _)) => {
            let mut broken = false;
            let row = object(members, &vector_fields(), options, &mut broken);
            vector_of_row(&row.values).filter(|_| !broken).map(Value::Vector).ok_or(Unfit)?
        }
        _ => return Err(Unfit),
    })
}

/// The members of an object that fields ask for; a name that comes twice counts the last time.
pub(super) fn object(
    members: &[(std::borrow::Cow<'_, str>, Json<'_>)],
    fields: &[Field],
    options: &JsonOptions,
    partial: &mut bool,
) -> Row {
    let mut values = vec![Value::Null; fields.len()];
    let mut next = 0;
    for (name, value) in members {
        // Records mostly have their members in one order.
        let here =
            if fields.get(next).is_some_and(|f| *f.name == **name) { Some(next) } else { fields.iter().position(|f| *f.name == **name) };
        let Some(place) = here else { continue };
        next = place + 1;
        match convert(value, &fields[place].data_type, options, partial) {
            Ok(value) => values[place] = value,
            Err(Unfit) => *partial = true,
        }
    }
    Row { names: fields.iter().map(|f| f.name.clone()).collect(), values }
}

/// A string itself, anything else as it was written.
fn text_of<'j>(json: &'j Json<'_>) -> &'j str {
    match json {
        Json::Null => "null",
        Json::Bool(true) => "true",
        Json::Bool(false) => "false",
        Json::Number(text) | Json::Array(_, text) | Json::Object(_, text) => text,
        Json::String(text) => text,
    }
}

fn integer(text: &str) -> Result<i64, Unfit> {
    text.parse().map_err(|_| Unfit)
}

/// The names of what is no number.
fn special(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "INF" | "+INF" | "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-INF" | "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// As [`special`], but for one name that only counts without quotes.
fn quoted_special(text: &str) -> Result<f64, Unfit> {
    if text == "INF" { Err(Unfit) } else { special(text).ok_or(Unfit) }
}

fn decimal(text: &str, precision: u8, scale: i8) -> Result<Value, Unfit> {
    parse_decimal(text.as_bytes(), precision, scale).map(|unscaled| Value::Decimal { unscaled, precision, scale }).map_err(|_| Unfit)
}

/// By `dateFormat`; without one in any form that a cast takes, or as days since 1970.
fn date(text: &str, options: &JsonOptions) -> Option<i32> {
    match &options.date_format {
        None => parse_date(text.as_bytes()).or_else(|| text.parse().ok()),
        Some(pattern) => i32::try_from(pattern.try_parse(text)?.local.div_euclid(MICROS_PER_DAY)).ok(),
    }
}
