//! Numbers, booleans and timestamps to one another.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use kindling_linalg::number::{java_double, java_float};
use kindling_partition::{Error, Result};

use super::error::{invalid_input, out_of_range, overflow};
use crate::datetime::{MICROS_PER_SECOND, timestamp_text};
use crate::numbers::{DecimalError, parse_decimal, power_of_ten, rescale};
use crate::types::DataType;
use crate::value::decimal_text;

/// A number on its way from one type to another.
#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    /// A float is exactly a double; its own digits are for the error's text.
    Fraction(f64),
    /// Unscaled value and scale.
    Decimal(i128, i8),
    /// Microseconds since the epoch.
    Instant(i64),
}

/// Why a number can't be cast.
enum Refusal {
    Overflow,
    Malformed,
    OutOfRange(String),
}

type Outcome<T> = Result<Option<T>, Refusal>;

pub(super) fn cast_number(column: &ArrayRef, from: &DataType, to: &DataType, to_null: bool) -> Result<ArrayRef> {
    match (from, to) {
        (DataType::Int, DataType::Long) => return Ok(widened::<Int32Type, Int64Type>(column, i64::from)),
        (DataType::Int, DataType::Double) => return Ok(widened::<Int32Type, Float64Type>(column, f64::from)),
        (DataType::Long, DataType::Double) => return Ok(widened::<Int64Type, Float64Type>(column, |v| v as f64)),
        _ => {}
    }
    match from {
        DataType::Boolean => {
            let ones: PrimitiveArray<Int64Type> = column.as_boolean().iter().map(|b| b.map(i64::from)).collect();
            let ones: ArrayRef = Arc::new(ones);
            if *to == DataType::Long { Ok(ones) } else { cast_number(&ones, &DataType::Long, to, to_null) }
        }
        DataType::Byte => typed::<Int8Type>(column, from, to, to_null, |v| Number::Integer(i64::from(v))),
        DataType::Short => typed::<Int16Type>(column, from, to, to_null, |v| Number::Integer(i64::from(v))),
        DataType::Int => typed::<Int32Type>(column, from, to, to_null, |v| Number::Integer(i64::from(v))),
        DataType::Long => typed::<Int64Type>(column, from, to, to_null, Number::Integer),
        DataType::Float => typed::<Float32Type>(column, from, to, to_null, |v| Number::Fraction(f64::from(v))),
        DataType::Double => typed::<Float64Type>(column, from, to, to_null, Number::Fraction),
        DataType::Decimal(_, scale) => typed::<Decimal128Type>(column, from, to, to_null, |v| Number::Decimal(v, *scale)),
        DataType::Timestamp => typed::<TimestampMicrosecondType>(column, from, to, to_null, Number::Instant),
        other => Err(Error::unsupported(format!("A value of type {other} can't be cast to {to}."))),
    }
}

/// A cast that can't fail, of what aggregates take most often.
fn widened<F: ArrowPrimitiveType, T: ArrowPrimitiveType>(column: &ArrayRef, convert: impl Fn(F::Native) -> T::Native) -> ArrayRef {
    let from = column.as_primitive::<F>();
    let values = from.values().iter().map(|v| convert(*v)).collect();
    Arc::new(PrimitiveArray::<T>::new(values, from.nulls().cloned()))
}

fn typed<F: ArrowPrimitiveType>(
    column: &ArrayRef,
    from: &DataType,
    to: &DataType,
    to_null: bool,
    number: impl Fn(F::Native) -> Number + Copy,
) -> Result<ArrayRef> {
    let cast = Cast { values: column.as_primitive::<F>(), number, from, to, to_null };
    match to {
        DataType::Boolean => {
            let is_true = |v| match number(v) {
                Number::Integer(v) | Number::Instant(v) => v != 0,
                Number::Fraction(v) => v != 0.0,
                Number::Decimal(v, _) => v != 0,
            };
            let values = cast.values.values().iter().map(|v| is_true(*v)).collect();
            Ok(Arc::new(BooleanArray::new(values, cast.values.nulls().cloned())))
        }
        DataType::Byte => cast.run::<Int8Type>(|v| integer(v, i8::MIN.into(), i8::MAX.into()).map(|v| v.map(|v| v as i8))),
        DataType::Short => cast.run::<Int16Type>(|v| integer(v, i16::MIN.into(), i16::MAX.into()).map(|v| v.map(|v| v as i16))),
        DataType::Int => cast.run::<Int32Type>(|v| integer(v, i32::MIN.into(), i32::MAX.into()).map(|v| v.map(|v| v as i32))),
        DataType::Long => cast.run::<Int64Type>(|v| integer(v, i64::MIN, i64::MAX)),
        DataType::Float => cast.run::<Float32Type>(|v| {
            Ok(Some(match v {
                Number::Integer(v) => v as f32,
                Number::Decimal(v, scale) => decimal_text(v, scale).parse().unwrap_or(f32::NAN),
                other => fraction(other) as f32,
            }))
        }),
        DataType::Double => cast.run::<Float64Type>(|v| Ok(Some(fraction(v)))),
        DataType::Decimal(precision, scale) => cast.run::<Decimal128Type>(|v| decimal(v, *precision, *scale)),
        _ => cast.run::<TimestampMicrosecondType>(instant),
    }
}

struct Cast<'a, F: ArrowPrimitiveType, N> {
    values: &'a PrimitiveArray<F>,
    number: N,
    from: &'a DataType,
    to: &'a DataType,
    to_null: bool,
}

impl<F: ArrowPrimitiveType, N: Fn(F::Native) -> Number> Cast<'_, F, N> {
    fn run<T: ArrowPrimitiveType>(&self, convert: impl Fn(Number) -> Outcome<T::Native>) -> Result<ArrayRef> {
        let nulls = self.values.nulls();
        let mut out = Vec::with_capacity(self.values.len());
        let mut lost = Vec::new();
        for (row, value) in self.values.values().iter().enumerate() {
            out.push(match convert((self.number)(*value)) {
                Ok(Some(value)) => value,
                // Whatever stands where a null is.
                _ if nulls.is_some_and(|nulls| nulls.is_null(row)) => T::Native::default(),
                Err(refusal) if !self.to_null => return Err(self.refuse((self.number)(*value), refusal)),
                _ => {
                    lost.push(row);
                    T::Native::default()
                }
            });
        }
        let mut nulls = nulls.cloned();
        if !lost.is_empty() {
            let mut valid = BooleanBufferBuilder::new(out.len());
            valid.append_n(out.len(), true);
            lost.into_iter().for_each(|row| valid.set_bit(row, false));
            nulls = NullBuffer::union(nulls.as_ref(), Some(&valid.finish().into()));
        }
        Ok(Arc::new(PrimitiveArray::<T>::new(out.into(), nulls).with_data_type(self.to.to_arrow())))
    }

    fn refuse(&self, value: Number, refusal: Refusal) -> Error {
        let text = match (value, self.from) {
            (Number::Integer(v), DataType::Byte) => format!("{v}Y"),
            (Number::Integer(v), DataType::Short) => format!("{v}S"),
            (Number::Integer(v), DataType::Long) => format!("{v}L"),
            (Number::Integer(v), _) => v.to_string(),
            (Number::Fraction(v), DataType::Double) if v.is_finite() => format!("{}D", java_double(v)),
            (Number::Fraction(v), DataType::Float) => java_float(v as f32),
            (Number::Fraction(v), _) => java_double(v),
            (Number::Decimal(v, scale), _) => format!("{}BD", decimal_text(v, scale)),
            (Number::Instant(v), _) => format!("TIMESTAMP '{}'", timestamp_text(v)),
        };
        match (refusal, self.to, value) {
            (Refusal::OutOfRange(text), DataType::Decimal(precision, scale), _) => out_of_range(&text, *precision, *scale),
            // Spark tells of the microseconds that the seconds would be.
            (Refusal::Overflow, DataType::Timestamp, Number::Fraction(v)) => {
                overflow(&format!("{}D", java_double(v * 1e6)), &DataType::Double, &DataType::Long)
            }
            (Refusal::Malformed, _, _) => invalid_input(&text, &DataType::Double, self.to),
            _ => overflow(&text, self.from, self.to),
        }
    }
}

fn integer(number: Number, min: i64, max: i64) -> Outcome<i64> {
    let value = match number {
        Number::Integer(v) => v,
        Number::Instant(v) => v.div_euclid(MICROS_PER_SECOND),
        Number::Decimal(v, scale) => {
            let whole = v / 10_i128.pow(u32::from(scale.unsigned_abs()));
            i64::try_from(whole).map_err(|_| Refusal::Overflow)?
        }
        Number::Fraction(v) => {
            // Comparing in doubles, as Spark's DoubleExactNumeric does: i64::MAX is 2^63 there.
            if v.floor() <= max as f64 && v.ceil() >= min as f64 { v as i64 } else { return Err(Refusal::Overflow) }
        }
    };
    if (min..=max).contains(&value) { Ok(Some(value)) } else { Err(Refusal::Overflow) }
}

fn fraction(number: Number) -> f64 {
    match number {
        Number::Integer(v) => v as f64,
        Number::Fraction(v) => v,
        Number::Decimal(v, scale) if v.unsigned_abs() <= 1 << 53 && (0..=22).contains(&scale) => {
            v as f64 / power_of_ten(scale.unsigned_abs()) as f64
        }
        Number::Decimal(v, scale) => decimal_text(v, scale).parse().unwrap_or(f64::NAN),
        Number::Instant(v) => v as f64 / MICROS_PER_SECOND as f64,
    }
}

fn decimal(number: Number, precision: u8, scale: i8) -> Outcome<i128> {
    match number {
        Number::Integer(v) => rescale(v.into(), 0, precision, scale).map(Some).ok_or_else(|| Refusal::OutOfRange(v.to_string())),
        Number::Decimal(v, from_scale) => {
            rescale(v, from_scale, precision, scale).map(Some).ok_or_else(|| Refusal::OutOfRange(decimal_text(v, from_scale)))
        }
        Number::Instant(v) => {
            rescale(v.into(), 6, precision, scale).map(Some).ok_or_else(|| Refusal::OutOfRange(decimal_text(v.into(), 6)))
        }
        Number::Fraction(value) => {
            match parse_decimal(java_double(value).as_bytes(), precision, scale) {
                Ok(value) => Ok(Some(value)),
                // Neither NaN nor the infinities are decimals: null, also under ANSI rules.
                Err(DecimalError::NotANumber) => Ok(None),
                Err(DecimalError::TooLarge) => Err(Refusal::OutOfRange(plain_double(value))),
            }
        }
    }
}

/// The shortest digits of a large double, without an exponent.
fn plain_double(value: f64) -> String {
    let text = format!("{value}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

fn instant(number: Number) -> Outcome<i64> {
    Ok(Some(match number {
        Number::Instant(v) => v,
        Number::Integer(seconds) => seconds.saturating_mul(MICROS_PER_SECOND),
        Number::Decimal(v, scale) => {
            let (scale, micros) = (scale.unsigned_abs(), 6);
            // The low 64 bits of a number that is too large, as Java's BigDecimal.longValue.
            let value = if scale >= micros { v / power_of_ten(scale - micros) } else { v.wrapping_mul(power_of_ten(micros - scale)) };
            value as i64
        }
        Number::Fraction(v) if !v.is_finite() => return Err(Refusal::Malformed),
        Number::Fraction(v) => {
            let micros = v * MICROS_PER_SECOND as f64;
            if micros.floor() <= i64::MAX as f64 && micros.ceil() >= i64::MIN as f64 {
                micros as i64
            } else {
                return Err(Refusal::Overflow);
            }
        }
    }))
}
