//! Intervals to one another, to and from numbers of their smallest unit, and from strings.

use arrow_array::ArrayRef;
use kindling_partition::{Error, ErrorKind, Result};

use super::cast;
use super::error::{overflow, quoted};
use crate::batch::{array_of, value_at};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::interval::{self, Interval};
use crate::types::DataType;
use crate::value::Value;

/// How many microseconds or months the smallest unit of a type is.
fn unit(data_type: &DataType) -> i64 {
    match data_type {
        DataType::DayTimeInterval(_, to) => [MICROS_PER_DAY, 3600 * MICROS_PER_SECOND, 60 * MICROS_PER_SECOND, 1][usize::from(*to.min(&3))],
        DataType::YearMonthInterval(_, 0) => 12,
        _ => 1,
    }
}

/// The type of numbers that count an interval's smallest unit: whole ones, but seconds have fractions.
fn counted(data_type: &DataType) -> DataType {
    match data_type {
        DataType::DayTimeInterval(_, 3..) => DataType::Decimal(18, 6),
        _ => DataType::Long,
    }
}

fn of(count: i128, data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        DataType::DayTimeInterval(from, to) => Value::DayTimeInterval(i64::try_from(count).ok()?, *from, *to),
        DataType::YearMonthInterval(from, to) => Value::YearMonthInterval(i32::try_from(count).ok()?, *from, *to),
        _ => return None,
    })
}

fn count(value: &Value) -> i128 {
    match value {
        Value::DayTimeInterval(micros, ..) => i128::from(*micros),
        Value::YearMonthInterval(months, ..) => i128::from(*months),
        Value::Decimal { unscaled, .. } => *unscaled,
        other => other.as_i64().map_or(0, i128::from),
    }
}

/// One value in its new type; none when it has no place there.
fn converted(value: &Value, from: &DataType, to: &DataType) -> Option<Value> {
    match (value, to) {
        (Value::Null, _) => Some(Value::Null),
        (Value::String(text), DataType::DayTimeInterval(a, b)) => of(interval::parse_day_time(text, *a, *b)?.into(), to),
        (Value::String(text), DataType::YearMonthInterval(a, b)) => of(interval::parse_year_month(text, *a, *b)?.into(), to),
        (Value::String(text), _) => {
            let Interval { months, days, micros, .. } = Interval::parse(text)?;
            Some(Value::CalendarInterval { months, days, micros })
        }
        _ if from.is_ansi_interval() && to.is_ansi_interval() => {
            let count = count(value);
            of(count - count % i128::from(unit(to)), to)
        }
        // To the number of the smallest unit, and from it.
        _ if from.is_ansi_interval() => match counted(from) {
            DataType::Decimal(precision, scale) => Some(Value::Decimal { unscaled: count(value), precision, scale }),
            _ => Some(Value::Long(i64::try_from(count(value) / i128::from(unit(from))).ok()?)),
        },
        _ => of(count(value) * i128::from(unit(to)), to),
    }
}

pub(super) fn cast_interval(column: &ArrayRef, from: &DataType, to: &DataType, to_null: bool) -> Result<ArrayRef> {
    let is_number = |t: &DataType| t.is_numeric();
    if is_number(from) && *from != counted(to) {
        let count = cast(column, from, &counted(to), to_null)?;
        return cast_interval(&count, &counted(to), to, to_null);
    }
    let target = if is_number(to) { counted(from) } else { to.clone() };
    let values = (0..column.len())
        .map(|row| {
            let value = value_at(column, from, row);
            match converted(&value, from, &target) {
                Some(found) => Ok(found),
                None if to_null => Ok(Value::Null),
                None if *from == DataType::String => {
                    let text = format!(
                        "Interval string does not match the format of \"{}\" when cast to it: {}.",
                        to.sql(),
                        quoted(value.as_str().unwrap_or_default())
                    );
                    let condition = "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE";
                    Err(Error::new(ErrorKind::IllegalArgument, text).with_condition(condition))
                }
                None => Err(overflow(&value.to_string(), from, to)),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    let found = array_of(&target, &values)?;
    if target == *to { Ok(found) } else { cast(&found, &target, to, to_null) }
}
