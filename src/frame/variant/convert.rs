//! Variants as JSON and as values of other types, and back: Spark's `Variant.toJson` and `VariantGet.cast`.

use kindling_linalg::number::{java_double, java_float};
use kindling_partition::{Error, ErrorKind, Result};

use super::build::Tree;
use super::read::{Node, View, stripped};
use crate::batch::{array_of, value_at};
use crate::cast::{can_cast, cast};
use crate::dates::parse_timestamp;
use crate::datetime::MICROS_PER_SECOND;
use crate::types::DataType;
use crate::value::{Row, Value, decimal_text};
use crate::{base64, zone};

/// Whether values of a type can be cast to a variant, and with `nested` made one by `to_variant_object`; else of structs and maps none can.
pub(crate) fn storable(data_type: &DataType, nested: bool) -> bool {
    use DataType as T;
    match data_type {
        T::Boolean | T::String | T::Binary | T::Date | T::Timestamp | T::TimestampNtz | T::Variant => true,
        T::Array(element, _) => storable(element, nested),
        T::Map(key, value, _) => nested && **key == T::String && storable(value, nested),
        T::Struct(fields) => nested && fields.iter().all(|f| storable(&f.data_type, nested)),
        other => other.is_numeric(),
    }
}

/// Whether a variant can be cast to the type.
pub(crate) fn readable(data_type: &DataType) -> bool {
    use DataType as T;
    match data_type {
        T::Time(_) => true,
        T::Array(element, _) => readable(element),
        T::Map(key, value, _) => **key == T::String && readable(value),
        T::Struct(fields) => fields.iter().all(|f| readable(&f.data_type)),
        other => storable(other, true),
    }
}

/// The value as JSON, its moments as the clocks show them that `local` reads.
///
/// # Errors
/// `MALFORMED_VARIANT`
pub(crate) fn json_text(view: View<'_>, local: &dyn Fn(i64) -> i64) -> Result<String> {
    let mut out = String::new();
    write_json(view, local, &mut out)?;
    Ok(out)
}

fn write_json(view: View<'_>, local: &dyn Fn(i64) -> i64, out: &mut String) -> Result<()> {
    use crate::json::quoted;
    match view.open()? {
        Node::Array(items) => {
            out.push('[');
            for (i, item) in items.into_iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_json(item, local, out)?;
            }
            out.push(']');
        }
        Node::Object(members) => {
            out.push('{');
            for (i, (name, item)) in members.into_iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                quoted(name, out);
                out.push(':');
                write_json(item, local, out)?;
            }
            out.push('}');
        }
        Node::Scalar(value) => match &stripped(value) {
            Value::Null => out.push_str("null"),
            Value::String(text) => quoted(text, out),
            Value::Binary(bytes) => quoted(&base64::encode(bytes), out),
            value @ (Value::Date(_) | Value::TimestampNtz(_)) => quoted(&value.to_string(), out),
            Value::Timestamp(micros) => {
                let local = local(*micros);
                let minutes = (local - micros) / (60 * MICROS_PER_SECOND);
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                quoted(&format!("{}{sign}{hours:02}:{rest:02}", Value::Timestamp(local)), out);
            }
            Value::Double(v) if !v.is_finite() => quoted(&java_double(*v), out),
            Value::Float(v) if !v.is_finite() => quoted(&java_float(*v), out),
            Value::Decimal { unscaled, scale, .. } => out.push_str(&decimal_text(*unscaled, *scale)),
            other => out.push_str(&other.to_string()),
        },
    }
    Ok(())
}

/// The value as one of another type. What doesn't fit is an error, or with `to_null` a null in its place.
///
/// # Errors
/// `INVALID_VARIANT_CAST`, `MALFORMED_VARIANT`
pub(crate) fn cast_from(view: View<'_>, to: &DataType, to_null: bool) -> Result<Value> {
    if *to == DataType::Variant {
        // Without the names that it doesn't need.
        return Tree::of(view)?.encode("variant_get").map(Value::Variant);
    }
    let found = match (view.open()?, to) {
        (Node::Scalar(Value::Null), _) => return Ok(Value::Null),
        (Node::Scalar(value), to) => cast_scalar(stripped(value), to)?,
        (_, DataType::String) => Some(Value::from(json_text(view, &zone::local)?)),
        (Node::Array(items), DataType::Array(element, _)) => {
            Some(Value::Array(items.into_iter().map(|item| cast_from(item, element, to_null)).collect::<Result<_>>()?))
        }
        (Node::Object(members), DataType::Map(_, value, _)) => Some(Value::Map(
            members.into_iter().map(|(name, item)| Ok((Value::from(name), cast_from(item, value, to_null)?))).collect::<Result<_>>()?,
        )),
        (Node::Object(members), DataType::Struct(fields)) => {
            let values = fields.iter().map(|field| match members.iter().find(|m| *m.0 == *field.name) {
                Some((_, item)) => cast_from(*item, &field.data_type, to_null),
                None => Ok(Value::Null),
            });
            Some(Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values: values.collect::<Result<_>>()? }))
        }
        _ => None,
    };
    match found {
        Some(value) => Ok(value),
        None if to_null => Ok(Value::Null),
        None => {
            let (value, to) = (json_text(view, &zone::local)?, to.sql());
            let text = format!("The variant value `{value}` cannot be cast into `\"{to}\"`. Please use `try_variant_get` instead.");
            Err(Error::new(ErrorKind::Runtime, text).with_condition("INVALID_VARIANT_CAST"))
        }
    }
}

/// None when the value doesn't fit.
fn cast_scalar(value: Value, to: &DataType) -> Result<Option<Value>> {
    let from = value.data_type();
    if from == *to {
        return Ok(Some(value));
    }
    // Too large a number is no moment here; an ordinary cast takes its last bits.
    if let (Some(seconds), DataType::Timestamp) = (value.as_f64().filter(|_| !matches!(value, Value::Double(_) | Value::Float(_))), to)
        && (seconds * 1e6).abs() >= i64::MAX as f64
    {
        return Ok(None);
    }
    if !can_cast(&from, to) || matches!(to, DataType::Array(..) | DataType::Map(..) | DataType::Struct(_)) {
        return Ok(None);
    }
    let value = match (value, to) {
        // A cast reads and writes the session's clocks.
        (Value::Timestamp(micros), DataType::String | DataType::Date | DataType::Time(_) | DataType::TimestampNtz) => {
            Value::Timestamp(zone::local(micros))
        }
        (value, _) => value,
    };
    let clocked = match &value {
        Value::String(text) => parse_timestamp(text.as_bytes()).is_some_and(|t| t.offset.is_none()),
        _ => matches!(from, DataType::Date | DataType::TimestampNtz),
    };
    let found = value_at(&cast(&array_of(&from, [&value])?, &from, to, true)?, to, 0);
    Ok(match found {
        Value::Null => None,
        Value::Timestamp(micros) if clocked => Some(Value::Timestamp(zone::instant(micros))),
        found => Some(found),
    })
}

/// A value as a variant; null stays null.
///
/// # Errors
/// `VARIANT_DUPLICATE_KEY`, `VARIANT_SIZE_LIMIT`
pub(crate) fn cast_to(value: &Value) -> Result<Value> {
    if value.is_null() { Ok(Value::Null) } else { Tree::from_value(value)?.encode("cast").map(Value::Variant) }
}
