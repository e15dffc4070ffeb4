//! Spark's words for what can't be cast.

use kindling_partition::{Error, ErrorKind};

use crate::types::DataType;

/// `DATATYPE_MISMATCH`: the two types don't go together in `expression`, which is SQL text.
pub fn cast_mismatch(expression: &str, from: &DataType, to: &DataType) -> Error {
    let text = format!("Cannot resolve \"{expression}\" due to data type mismatch: cannot cast \"{}\" to \"{}\".", from.sql(), to.sql());
    Error::analysis(text).with_condition("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION")
}

/// `CAST_INVALID_INPUT`: `value` is SQL text, a string with its quotes.
pub(super) fn invalid_input(value: &str, from: &DataType, to: &DataType) -> Error {
    let kind = match to {
        DataType::Date | DataType::Time(_) | DataType::Timestamp | DataType::TimestampNtz => ErrorKind::DateTime,
        DataType::Boolean => ErrorKind::Runtime,
        _ => ErrorKind::NumberFormat,
    };
    let text = format!(
        "The value {value} of the type \"{}\" cannot be cast to \"{}\" because it is malformed. Correct the value as per the syntax, or change \
         its target type. Use `try_cast` to tolerate malformed input and return NULL instead.",
        from.sql(),
        to.sql()
    );
    Error::new(kind, text).with_condition("CAST_INVALID_INPUT")
}

/// `CAST_OVERFLOW`: `value` is SQL text.
pub(super) fn overflow(value: &str, from: &DataType, to: &DataType) -> Error {
    let text = format!(
        "The value {value} of the type \"{}\" cannot be cast to \"{}\" due to an overflow. Use `try_cast` to tolerate overflow and return NULL \
         instead.",
        from.sql(),
        to.sql()
    );
    Error::new(ErrorKind::Arithmetic, text).with_condition("CAST_OVERFLOW")
}

/// `NUMERIC_VALUE_OUT_OF_RANGE`: a number that a decimal type has no room for.
pub(crate) fn out_of_range(value: &str, precision: u8, scale: i8) -> Error {
    let text = format!(
        " {value} cannot be represented as Decimal({precision}, {scale}). If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass \
         this error, and return NULL instead."
    );
    Error::new(ErrorKind::Arithmetic, text).with_condition("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION")
}

/// A string as SQL text.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
