//! Times of the day to one another, to and from timestamps, and to numbers of seconds.

use arrow_array::ArrayRef;
use kindling_partition::Result;

use super::cast;
use super::error::overflow;
use crate::batch::{array_of, value_at};
use crate::datetime::{MICROS_PER_DAY, NANOS_PER_SECOND, cut_time};
use crate::types::DataType;
use crate::value::Value;

/// A decimal of seconds that holds every time.
const SECONDS: DataType = DataType::Decimal(14, 9);

pub(super) fn cast_time(column: &ArrayRef, from: &DataType, to: &DataType, to_null: bool) -> Result<ArrayRef> {
    // The day of a time that becomes a timestamp is today.
    let today = crate::functions::local_now().div_euclid(MICROS_PER_DAY) * MICROS_PER_DAY;
    let target = if matches!(to, DataType::Decimal(..)) { SECONDS } else { to.clone() };
    let converted = |value: Value| {
        let (nanos, precision) = match value {
            Value::Time(nanos, precision) => (nanos, precision),
            Value::Timestamp(micros) | Value::TimestampNtz(micros) => (micros.rem_euclid(MICROS_PER_DAY) * 1000, 6),
            _ => return Ok(Value::Null),
        };
        let seconds = nanos / NANOS_PER_SECOND;
        let found = match to {
            DataType::Time(precision) => Some(Value::Time(cut_time(nanos, *precision), *precision)),
            DataType::Timestamp => Some(Value::Timestamp(today + nanos / 1000)),
            DataType::TimestampNtz => Some(Value::TimestampNtz(today + nanos / 1000)),
            DataType::Decimal(..) => Some(Value::Decimal { unscaled: nanos.into(), precision: 14, scale: 9 }),
            DataType::Byte => i8::try_from(seconds).ok().map(Value::Byte),
            DataType::Short => i16::try_from(seconds).ok().map(Value::Short),
            _ => Some(Value::Long(seconds)),
        };
        match found {
            None if !to_null => Err(overflow(&format!("TIME '{}'", Value::Time(nanos, precision)), from, to)),
            found => Ok(found.unwrap_or(Value::Null)),
        }
    };
    let values = (0..column.len()).map(|row| converted(value_at(column, from, row))).collect::<Result<Vec<_>>>()?;
    let found = array_of(&target, &values)?;
    if target == *to { Ok(found) } else { cast(&found, &target, to, to_null) }
}
