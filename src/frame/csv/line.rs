//! One line of CSV by itself, for `from_csv` and `schema_of_csv`.

use super::fields::{CarefulReader, Text};
use super::infer::Inferred;
use super::options::CsvOptions;
use super::values::Values;
use crate::types::DataType;
use crate::value::Value;
use crate::variant::Tree;

/// The fields of a line; none for one that the options call null.
pub(crate) fn fields_of(line: &str, options: &CsvOptions) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let data = line.as_bytes();
    CarefulReader::new(data, options, 0).record(|_, text| {
        let (bytes, quoted) = match text {
            Text::Plain(range) => (&data[range], false),
            Text::Quoted(range) => (&data[range], true),
            Text::Unescaped(bytes) => (bytes, true),
        };
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = if text.is_empty() && quoted { options.empty_value.clone() } else { text };
        found.push(if text == options.null_value { None } else { Some(text) });
    });
    found
}

/// A field as a value of a type; none when it is of another.
pub(crate) fn value_of(text: &str, data_type: &DataType, options: &CsvOptions) -> Option<Value> {
    let (values, bytes) = (Values { options }, text.as_bytes());
    Some(match data_type {
        DataType::Boolean => Value::Boolean(Values::boolean(bytes)?),
        DataType::Byte => Value::Byte(Values::integer(bytes)?),
        DataType::Short => Value::Short(Values::integer(bytes)?),
        DataType::Int => Value::Int(Values::integer(bytes)?),
        DataType::Long => Value::Long(Values::integer(bytes)?),
        DataType::Float => Value::Float(values.float(bytes)?),
        DataType::Double => Value::Double(values.double(bytes)?),
        DataType::Decimal(precision, scale) => {
            Value::Decimal { unscaled: Values::decimal(bytes, *precision, *scale)?, precision: *precision, scale: *scale }
        }
        DataType::Date => Value::Date(values.date(bytes)?),
        DataType::Timestamp => Value::Timestamp(values.timestamp(bytes)?),
        DataType::TimestampNtz => Value::TimestampNtz(values.timestamp_ntz(bytes)?),
        DataType::Time(precision) => Value::Time(values.time(bytes)?, *precision),
        DataType::String => Value::from(text),
        DataType::Variant => Value::Variant(Tree::from_value(&Inferred::Null.variant(bytes, values).0).ok()?.encode("from_csv").ok()?),
        _ => return None,
    })
}

/// The type of each field.
pub(crate) fn infer_fields(fields: &[Option<String>], options: &CsvOptions) -> Vec<DataType> {
    let values = Values { options };
    fields
        .iter()
        .map(|text| match text {
            Some(text) if !text.is_empty() => Inferred::of(text.as_bytes(), Inferred::Null, values).data_type(),
            _ => DataType::String,
        })
        .collect()
}
