//! The types of columns from their fields: Spark's `CSVInferSchema`.

use super::options::CsvOptions;
use super::tokens::Tokens;
use super::values::Values;
use crate::numbers::{decimal_shape, is_double, parse_decimal, parse_long};
use crate::types::DataType;
use crate::value::Value;

/// The type of a column as far as it was seen. Which type comes out depends on the order of the fields, as in Spark: a column so far of
/// integers that meets a date is one of strings, a column of dates that meets a year is one of timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Inferred {
    /// Nothing but nulls.
    #[default]
    Null,
    Int,
    Long,
    /// A whole number of so many digits, more than a long has.
    Decimal(u8),
    Double,
    Date,
    Time,
    Timestamp,
    Boolean,
    String,
}

impl Inferred {
    pub fn data_type(self) -> DataType {
        match self {
            Self::Null | Self::String => DataType::String,
            Self::Int => DataType::Int,
            Self::Long => DataType::Long,
            Self::Decimal(precision) => DataType::Decimal(precision, 0),
            Self::Double => DataType::Double,
            Self::Date => DataType::Date,
            Self::Time => DataType::Time(6),
            Self::Timestamp => DataType::Timestamp,
            Self::Boolean => DataType::Boolean,
        }
    }

    /// The type after the fields of one column of a batch.
    pub fn after(mut self, tokens: &Tokens, slot: usize, options: &CsvOptions) -> Self {
        if self == Self::String {
            return self;
        }
        let values = Values { options };
        let mut spans = Vec::new();
        tokens.column(slot, &mut spans);
        for span in spans {
            if self == Self::String {
                break;
            }
            let Some(text) = tokens.text(span) else { continue };
            let stays = match self {
                Self::Int => text.len() < 10 && text.iter().all(u8::is_ascii_digit) && !text.is_empty(),
                Self::Double => is_double(text),
                _ => false,
            };
            if !stays && !text.is_empty() {
                self = self.with(Self::of(text, self, values), options);
            }
        }
        self
    }

    /// The type of a field, beginning with the type of the column so far.
    pub fn of(text: &[u8], so_far: Self, values: Values) -> Self {
        let options = values.options;
        match so_far {
            Self::Null | Self::Int | Self::Long => {
                if let Some(value) = parse_long(text) {
                    return if so_far != Self::Long && i32::try_from(value).is_ok() { Self::Int } else { Self::Long };
                }
            }
            _ => {}
        }
        if matches!(so_far, Self::Null | Self::Int | Self::Long | Self::Decimal(_))
            && let Some((precision @ ..=38, 0)) = decimal_shape(text)
        {
            return Self::Decimal(precision as u8);
        }
        let number = !matches!(so_far, Self::Date | Self::Time | Self::Timestamp | Self::Boolean);
        if number && (is_double(text) || values.is_special(text)) {
            return Self::Double;
        }
        if options.prefer_date && (number || so_far == Self::Date) && values.is_date(text) {
            return Self::Date;
        }
        if options.infer_time && (number || so_far == Self::Time) && values.time(text).is_some() {
            return Self::Time;
        }
        if so_far != Self::Boolean && values.is_timestamp(text) {
            return Self::Timestamp;
        }
        if Values::boolean(text).is_some() { Self::Boolean } else { Self::String }
    }

    /// A field as a variant holds it, by the type of the column so far, and that type after it; no texts are doubles or times there.
    pub fn variant(self, text: &[u8], values: Values) -> (Value, Self) {
        let number = matches!(self, Self::Null | Self::Decimal(_));
        if self == Self::Null
            && let Some(value) = parse_long(text)
        {
            return (Value::Long(value), Self::Null);
        }
        let plain: Vec<u8> = text.iter().copied().filter(|b| *b != b',').collect();
        if number
            && let Some((precision, scale @ ..=38)) = decimal_shape(&plain)
            && i64::from(precision) - scale.min(0) <= 38
            && let Ok(unscaled) = parse_decimal(&plain, 38, scale.max(0) as i8)
        {
            return (Value::Decimal { unscaled, precision: 38, scale: scale.max(0) as i8 }, Self::Decimal(38));
        }
        if values.options.prefer_date
            && (number || self == Self::Date)
            && values.is_date(text)
            && let Some(days) = values.date(text)
        {
            return (Value::Date(days), Self::Date);
        }
        if !matches!(self, Self::Boolean | Self::String)
            && let Some(micros) = values.timestamp(text)
        {
            return (Value::Timestamp(micros), Self::Timestamp);
        }
        match Values::boolean(text).filter(|_| self != Self::String) {
            Some(truth) => (Value::Boolean(truth), Self::Boolean),
            None => (Value::from(&*String::from_utf8_lossy(text)), Self::String),
        }
    }

    /// The type that holds both.
    pub fn with(self, other: Self, options: &CsvOptions) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Null, b) => b,
            (a, Self::Null) => a,
            (Self::Int, Self::Long) | (Self::Long, Self::Int) => Self::Long,
            (Self::Decimal(a), Self::Decimal(b)) => Self::Decimal(a.max(b)),
            (Self::Decimal(p), Self::Int) | (Self::Int, Self::Decimal(p)) => Self::Decimal(p.max(10)),
            (Self::Decimal(p), Self::Long) | (Self::Long, Self::Decimal(p)) => Self::Decimal(p.max(20)),
            (Self::Double, Self::Int | Self::Long | Self::Decimal(_)) | (Self::Int | Self::Long | Self::Decimal(_), Self::Double) => {
                Self::Double
            }
            (Self::Date, Self::Timestamp) | (Self::Timestamp, Self::Date) if dates_are_timestamps(options) => Self::Timestamp,
            _ => Self::String,
        }
    }
}

/// Whether a date by `dateFormat` can also be read as a timestamp.
fn dates_are_timestamps(options: &CsvOptions) -> bool {
    let lenient = ["yyyy-MM-dd", "yyyy-M-d", "yyyy-M-dd", "yyyy-MM-d", "yyyy-MM", "yyyy-M", "yyyy"];
    options.timestamp_format.is_none() && options.date_format.as_ref().is_none_or(|p| lenient.contains(&p.as_str()))
}
