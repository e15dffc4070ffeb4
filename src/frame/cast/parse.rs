//! Strings to everything else.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, StringArray};
use kindling_partition::{Error, Result};

use super::error::{invalid_input, out_of_range, quoted};
use crate::dates::{parse_date, parse_time, parse_timestamp, trim};
use crate::datetime::cut_time;
use crate::numbers::{DecimalError, parse_decimal, parse_double, parse_long};
use crate::types::DataType;

pub(super) fn cast_text(texts: &StringArray, to: &DataType, to_null: bool) -> Result<ArrayRef> {
    let column = Column { texts, to, to_null };
    Ok(match to {
        DataType::Boolean => column.booleans()?,
        DataType::Byte => column.parsed::<Int8Type>(integer)?,
        DataType::Short => column.parsed::<Int16Type>(integer)?,
        DataType::Int => column.parsed::<Int32Type>(integer)?,
        DataType::Long => column.parsed::<Int64Type>(|t| parse_long(trim(t)))?,
        DataType::Float => column.parsed::<Float32Type>(float)?,
        DataType::Double => column.parsed::<Float64Type>(double)?,
        DataType::Date => column.parsed::<Date32Type>(|t| match trim(t) {
            b"epoch" => Some(0),
            text => parse_date(text),
        })?,
        DataType::Timestamp => column.parsed::<TimestampMicrosecondType>(|t| match trim(t) {
            b"epoch" => Some(0),
            text => parse_timestamp(text).map(|t| t.instant()),
        })?,
        // A zone is read and has no meaning here.
        DataType::TimestampNtz => column.parsed::<TimestampMicrosecondType>(|t| parse_timestamp(t).map(|t| t.local))?,
        DataType::Time(precision) => column.parsed::<Int64Type>(|t| parse_time(t).map(|nanos| cut_time(nanos, *precision)))?,
        DataType::Decimal(precision, scale) => column.decimals(*precision, *scale)?,
        other => return Err(Error::unsupported(format!("A string can't be cast to {other}."))),
    })
}

/// The strings of a cast.
struct Column<'a> {
    texts: &'a StringArray,
    to: &'a DataType,
    to_null: bool,
}

impl Column<'_> {
    fn parsed<T: ArrowPrimitiveType>(&self, parse: impl Fn(&[u8]) -> Option<T::Native>) -> Result<ArrayRef> {
        let values = PrimitiveArray::<T>::builder(self.texts.len());
        let values = self.texts.iter().try_fold(values, |mut values, text| {
            match text {
                None => values.append_null(),
                Some(text) => match parse(text.as_bytes()) {
                    Some(value) => values.append_value(value),
                    None => self.refuse(text).map(|()| values.append_null())?,
                },
            }
            Ok::<_, Error>(values)
        });
        Ok(Arc::new(values?.finish().with_data_type(self.to.to_arrow())))
    }

    fn booleans(&self) -> Result<ArrayRef> {
        let mut values = BooleanBuilder::with_capacity(self.texts.len());
        for text in self.texts {
            let value = match text {
                None => None,
                Some(text) => match boolean(text) {
                    Some(value) => Some(value),
                    None => self.refuse(text).map(|()| None)?,
                },
            };
            values.append_option(value);
        }
        Ok(Arc::new(values.finish()))
    }

    fn decimals(&self, precision: u8, scale: i8) -> Result<ArrayRef> {
        let mut values = PrimitiveArray::<Decimal128Type>::builder(self.texts.len());
        for text in self.texts {
            match text.map(|text| (text, parse_decimal(trim(text.as_bytes()), precision, scale))) {
                None => values.append_null(),
                Some((_, Ok(value))) => values.append_value(value),
                Some((_, Err(_))) if self.to_null => values.append_null(),
                Some((text, Err(DecimalError::TooLarge))) => return Err(out_of_range(&plain(text), precision, scale)),
                Some((text, Err(DecimalError::NotANumber))) => return Err(invalid_input(&quoted(text), &DataType::String, self.to)),
            }
        }
        Ok(Arc::new(values.finish().with_data_type(self.to.to_arrow())))
    }

    fn refuse(&self, text: &str) -> Result<()> {
        if self.to_null { Ok(()) } else { Err(invalid_input(&quoted(text), &DataType::String, self.to)) }
    }
}

fn integer<T: TryFrom<i64>>(text: &[u8]) -> Option<T> {
    parse_long(trim(text)).and_then(|v| v.try_into().ok())
}

/// Java's forms, and the names of the special values in any case.
fn double(text: &[u8]) -> Option<f64> {
    parse_double(text).or_else(|| match trim(text).to_ascii_lowercase().as_slice() {
        b"inf" | b"+inf" | b"infinity" | b"+infinity" => Some(f64::INFINITY),
        b"-inf" | b"-infinity" => Some(f64::NEG_INFINITY),
        b"nan" => Some(f64::NAN),
        _ => None,
    })
}

/// Rounded once from the text, not twice through a double.
pub(crate) fn float(text: &[u8]) -> Option<f32> {
    let trimmed = trim(text);
    let plain = trimmed.first().is_some_and(|b| b.is_ascii_digit() || b"+-.".contains(b));
    let direct = if plain { std::str::from_utf8(trimmed).ok().and_then(|t| t.parse::<f32>().ok()) } else { None };
    direct.or_else(|| double(text).map(|v| v as f32))
}

fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "1" => Some(true),
        "f" | "false" | "n" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// A number that is too large, in plain digits where they aren't too many.
fn plain(text: &str) -> String {
    let text = text.trim();
    match text.split_once(['e', 'E']).map(|(mantissa, exponent)| (mantissa, exponent.parse::<usize>())) {
        Some((mantissa, Ok(exponent))) if exponent <= 400 => {
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            if fraction.len() <= exponent { format!("{whole}{fraction}{}", "0".repeat(exponent - fraction.len())) } else { text.to_owned() }
        }
        _ => text.to_owned(),
    }
}
