use std::fmt;
use std::sync::Arc;

use kindling_linalg::number::{java_double, java_float};
use kindling_linalg::{Matrix, Vector};

use crate::types::{DataType, Field};
use crate::variant::Variant;
use crate::{datetime, interval};

/// One cell of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Byte(i8),
    Short(i16),
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    /// `unscaled / 10^scale`, with its precision.
    Decimal {
        unscaled: i128,
        precision: u8,
        scale: i8,
    },
    String(Arc<str>),
    Binary(Arc<[u8]>),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since the epoch.
    Timestamp(i64),
    /// Microseconds on a wall clock without a zone.
    TimestampNtz(i64),
    /// Nanoseconds of the day, and the precision of [`DataType::Time`].
    Time(i64, u8),
    /// Microseconds, and the units it is shown from and to, as in [`DataType::DayTimeInterval`].
    DayTimeInterval(i64, u8, u8),
    /// Months, and the units it is shown from and to, as in [`DataType::YearMonthInterval`].
    YearMonthInterval(i32, u8, u8),
    CalendarInterval {
        months: i32,
        days: i32,
        micros: i64,
    },
    Array(Arc<[Value]>),
    /// Entries in order.
    Map(Arc<[(Value, Value)]>),
    Struct(Row),
    Variant(Variant),
    Vector(Vector),
    Matrix(Arc<Matrix>),
}

/// One row: the values of a frame's columns, and their names, which all rows of a frame share.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub names: Arc<[Arc<str>]>,
    pub values: Vec<Value>,
}

impl Row {
    pub fn new<N: Into<Arc<str>>>(names: impl IntoIterator<Item = N>, values: Vec<Value>) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), values }
    }

    /// The value of the first column with exactly this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.names.iter().position(|n| &**n == name).and_then(|i| self.values.get(i))
    }
}

impl Value {
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The type that a literal of this value has. An empty array has elements of type `void`.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Boolean(_) => DataType::Boolean,
            Self::Byte(_) => DataType::Byte,
            Self::Short(_) => DataType::Short,
            Self::Int(_) => DataType::Int,
            Self::Long(_) => DataType::Long,
            Self::Float(_) => DataType::Float,
            Self::Double(_) => DataType::Double,
            Self::Decimal { precision, scale, .. } => DataType::Decimal(*precision, *scale),
            Self::String(_) => DataType::String,
            Self::Binary(_) => DataType::Binary,
            Self::Date(_) => DataType::Date,
            Self::Timestamp(_) => DataType::Timestamp,
            Self::TimestampNtz(_) => DataType::TimestampNtz,
            Self::Time(_, precision) => DataType::Time(*precision),
            Self::DayTimeInterval(_, from, to) => DataType::DayTimeInterval(*from, *to),
            Self::YearMonthInterval(_, from, to) => DataType::YearMonthInterval(*from, *to),
            Self::CalendarInterval { .. } => DataType::CalendarInterval,
            Self::Array(items) => DataType::Array(Box::new(first_type(items.iter())), items.iter().any(Self::is_null)),
            Self::Map(entries) => DataType::Map(
                Box::new(first_type(entries.iter().map(|e| &e.0))),
                Box::new(first_type(entries.iter().map(|e| &e.1))),
                entries.iter().any(|e| e.1.is_null()),
            ),
            Self::Struct(row) => DataType::Struct(
                row.names.iter().zip(&row.values).map(|(n, v)| Field::new(n.clone(), v.data_type(), v.is_null())).collect(),
            ),
            Self::Variant(_) => DataType::Variant,
            Self::Vector(_) => DataType::Vector,
            Self::Matrix(_) => DataType::Matrix,
        }
    }

    /// An integral number as i64.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Byte(v) => Some(i64::from(*v)),
            Self::Short(v) => Some(i64::from(*v)),
            Self::Int(v) => Some(i64::from(*v)),
            Self::Long(v) => Some(*v),
            _ => None,
        }
    }

    /// Any number as f64.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(v) => Some(f64::from(*v)),
            Self::Double(v) => Some(*v),
            Self::Decimal { .. } => self.to_string().parse().ok(),
            other => other.as_i64().map(|v| v as f64),
        }
    }

    /// The microseconds of a day-time interval, or the nanoseconds of a time of the day.
    pub(crate) fn span(&self) -> Option<i64> {
        match self {
            Self::DayTimeInterval(count, ..) | Self::Time(count, _) => Some(*count),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(v) => Some(*v),
            _ => None,
        }
    }
}

fn first_type<'a>(mut values: impl Iterator<Item = &'a Value>) -> DataType {
    values.find(|v| !v.is_null()).map_or(DataType::Null, Value::data_type)
}

/// As Spark casts the value to a string, which is what `show()` prints: `1.0`, `2024-01-31`, `[1, 2]`, `{a -> 1}`, `NULL`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Boolean(v) => write!(f, "{v}"),
            Self::Byte(v) => write!(f, "{v}"),
            Self::Short(v) => write!(f, "{v}"),
            Self::Int(v) => write!(f, "{v}"),
            Self::Long(v) => write!(f, "{v}"),
            Self::Float(v) => f.write_str(&java_float(*v)),
            Self::Double(v) => f.write_str(&java_double(*v)),
            Self::Decimal { unscaled, scale, .. } => f.write_str(&decimal_text(*unscaled, *scale)),
            Self::String(v) => f.write_str(v),
            Self::Binary(v) => f.write_str(&String::from_utf8_lossy(v)),
            Self::Date(days) => f.write_str(&datetime::date_text(*days)),
            Self::Timestamp(micros) | Self::TimestampNtz(micros) => f.write_str(&datetime::timestamp_text(*micros)),
            Self::Time(nanos, _) => f.write_str(&datetime::time_text(*nanos)),
            Self::DayTimeInterval(micros, from, to) => f.write_str(&interval::day_time_text(*micros, *from, *to)),
            Self::YearMonthInterval(months, from, to) => f.write_str(&interval::year_month_text(*months, *from, *to)),
            Self::CalendarInterval { months, days, micros } => f.write_str(&interval::calendar_text(*months, *days, *micros)),
            Self::Array(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (i, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key} -> {value}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Self::Struct(row) => {
                f.write_str("{")?;
                for (i, value) in row.values.iter().enumerate() {
                    write!(f, "{}{value}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Self::Variant(v) => write!(f, "{v}"),
            Self::Vector(v) => write!(f, "{v}"),
            Self::Matrix(m) => f.write_str(&crate::matrix_value::text(m)),
        }
    }
}

/// A decimal in plain digits: `-0.05`, `12`, `1200`.
pub(crate) fn decimal_text(unscaled: i128, scale: i8) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = unscaled.unsigned_abs().to_string();
    match usize::try_from(scale) {
        Ok(0) => format!("{sign}{digits}"),
        Ok(scale) => {
            let padded = format!("{digits:0>width$}", width = scale + 1);
            let (whole, fraction) = padded.split_at(padded.len() - scale);
            format!("{sign}{whole}.{fraction}")
        }
        Err(_) => format!("{sign}{digits}{}", "0".repeat(usize::from(scale.unsigned_abs()))),
    }
}

macro_rules! from {
    ($($rust:ty => $variant:ident),* $(,)?) => {$(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from!(bool => Boolean, i8 => Byte, i16 => Short, i32 => Int, i64 => Long, f32 => Float, f64 => Double, &str => String, String => String,
    Arc<str> => String, Vector => Vector, Row => Struct);

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `df.show()` prints them in Spark 4.
    #[test]
    fn values_print_as_in_a_table() {
        let array = Value::Array([Value::Int(1), Value::Null].into());
        assert_eq!(array.to_string(), "[1, NULL]");
        assert_eq!(Value::Map([(Value::from("a"), Value::Double(1.0))].into()).to_string(), "{a -> 1.0}");
        assert_eq!(Value::Decimal { unscaled: -5, precision: 10, scale: 2 }.to_string(), "-0.05");
        assert_eq!(Value::Struct(Row::new(["x", "y"], vec![Value::Int(1), Value::from("b")])).to_string(), "{1, b}");
        assert_eq!(Value::Date(19_753).to_string(), "2024-01-31");
        assert_eq!(Value::Timestamp(1_706_703_753_120_000).to_string(), "2024-01-31 12:22:33.12");
    }
}
