//! What is in variants, as a type: Spark's `SchemaOfVariant`.

use kindling_partition::Result;

use super::read::{Node, View, stripped};
use crate::coerce::decimal_for;
use crate::types::{DataType, Field};

/// The type of a value; an object is a struct with its members by name.
///
/// # Errors
/// `MALFORMED_VARIANT`
pub(crate) fn schema_of(view: View<'_>) -> Result<DataType> {
    Ok(match view.open()? {
        Node::Scalar(value) => stripped(value).data_type(),
        Node::Array(items) => {
            let element = items.into_iter().try_fold(DataType::Null, |known, item| Ok(merged(&known, &schema_of(item)?)))?;
            DataType::array(element)
        }
        Node::Object(members) => {
            DataType::Struct(members.into_iter().map(|(name, v)| Ok(Field::new(name, schema_of(v)?, true))).collect::<Result<_>>()?)
        }
    })
}

/// A type that both fit, as `JsonInferSchema.compatibleType` finds it: VARIANT when nothing else does.
pub(crate) fn merged(a: &DataType, b: &DataType) -> DataType {
    use DataType as T;
    match (a, b) {
        (a, b) if a == b => a.clone(),
        (T::Null, other) | (other, T::Null) => other.clone(),
        (T::Double, other) | (other, T::Double) if other.is_numeric() => T::Double,
        (T::Float, T::Long) | (T::Long, T::Float) => T::Float,
        (T::Decimal(..), T::Decimal(..) | T::Long) | (T::Long, T::Decimal(..)) => match (decimal_for(a), decimal_for(b)) {
            (Some(T::Decimal(p, s)), Some(T::Decimal(q, t))) => {
                let (whole, scale) = ((p as i8 - s).max(q as i8 - t), s.max(t));
                if whole + scale > 38 { T::Double } else { T::Decimal((whole + scale) as u8, scale) }
            }
            _ => T::Double,
        },
        (T::Date | T::TimestampNtz, T::Timestamp) | (T::Timestamp, T::Date | T::TimestampNtz) => T::Timestamp,
        (T::Date, T::TimestampNtz) | (T::TimestampNtz, T::Date) => T::TimestampNtz,
        (T::Array(a, _), T::Array(b, _)) => DataType::array(merged(a, b)),
        (T::Struct(a), T::Struct(b)) => {
            let mut fields = a.clone();
            for field in b {
                match fields.iter_mut().find(|f| f.name == field.name) {
                    Some(known) => known.data_type = merged(&known.data_type, &field.data_type),
                    None => fields.push(field.clone()),
                }
            }
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            T::Struct(fields)
        }
        _ => T::Variant,
    }
}

/// SQL text, with OBJECT for a struct.
pub(crate) fn printed(data_type: &DataType) -> String {
    match data_type {
        DataType::Array(element, _) => format!("ARRAY<{}>", printed(element)),
        DataType::Struct(fields) => {
            let plain = |name: &str| {
                !name.starts_with(|c: char| c.is_ascii_digit())
                    && !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            };
            let member = |f: &Field| {
                let name = if plain(&f.name) { f.name.to_string() } else { format!("`{}`", f.name.replace('`', "``")) };
                format!("{name}: {}", printed(&f.data_type))
            };
            format!("OBJECT<{}>", fields.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.sql(),
    }
}
