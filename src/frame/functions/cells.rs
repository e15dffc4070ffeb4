//! Reading the values of one row, for kernels of `Body::Rows`.

use super::declare::Cells;
use crate::types::DataType;
use crate::value::Value;

impl Cells<'_> {
    pub fn is_null(&self, i: usize) -> bool {
        self.values.get(i).is_none_or(Value::is_null)
    }

    /// The elements of an array; none of a null.
    pub fn items(&self, i: usize) -> &[Value] {
        match self.values.get(i) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    /// The entries of a map; none of a null.
    pub fn entries(&self, i: usize) -> &[(Value, Value)] {
        match self.values.get(i) {
            Some(Value::Map(entries)) => entries,
            _ => &[],
        }
    }

    pub fn text(&self, i: usize) -> &str {
        self.values.get(i).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text, or a null or left out.
    pub fn maybe_text(&self, i: usize) -> Option<&str> {
        self.values.get(i).and_then(Value::as_str)
    }

    /// The bytes of a binary or of a text.
    pub fn bytes(&self, i: usize) -> &[u8] {
        match self.values.get(i) {
            Some(Value::Binary(bytes)) => bytes,
            Some(Value::String(text)) => text.as_bytes(),
            _ => &[],
        }
    }

    pub fn long(&self, i: usize) -> i64 {
        self.values.get(i).and_then(Value::as_i64).unwrap_or(0)
    }

    pub fn double(&self, i: usize) -> f64 {
        self.values.get(i).and_then(Value::as_f64).unwrap_or(0.0)
    }

    /// A number as the result's type has it.
    pub fn integral(&self, value: i64) -> Value {
        match self.result {
            DataType::Byte => Value::Byte(value as i8),
            DataType::Short => Value::Short(value as i16),
            DataType::Int => Value::Int(value as i32),
            _ => Value::Long(value),
        }
    }
}
