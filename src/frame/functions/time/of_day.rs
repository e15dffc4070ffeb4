//! Times of the day: made, taken apart, counted.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::attempts;
use super::super::declare::{Cells, Function, Outcome, params};
use super::clock::local_now;
use crate::coerce::{cast_to, described, expect, literal, wrong_type};
use crate::dates::{Pattern, time_by};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, NANOS_PER_DAY, NANOS_PER_SECOND, cut_time};
use crate::time_type::needed;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The type of a time when nothing else is said.
const TIME: DataType = DataType::Time(6);

/// From the largest, in nanoseconds.
const UNITS: [(&str, i64); 5] = [
    ("HOUR", 3600 * NANOS_PER_SECOND),
    ("MINUTE", 60 * NANOS_PER_SECOND),
    ("SECOND", NANOS_PER_SECOND),
    ("MILLISECOND", 1_000_000),
    ("MICROSECOND", 1000),
];

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "current_time",
        "The time of the day now, with so many digits after the second, the same in the whole query.",
        params!("?precision"),
        |args| {
            expect("current_time", args, 0, &DataType::Int)?;
            let digits = match literal("current_time", args, 0)? {
                None => 6,
                Some(Value::String(text)) => text.trim().parse().unwrap_or(-1),
                Some(given) => given.as_i64().unwrap_or(-1),
            };
            match u8::try_from(digits) {
                Ok(precision @ ..=9) => Ok(Outcome::new(DataType::Time(precision), false)),
                _ => {
                    let call = described("current_time", args);
                    let text = format!("Cannot resolve {call}: the `precision` must be between [0, 9] (current value = {digits}).");
                    Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"))
                }
            }
        },
        |c| {
            let DataType::Time(precision) = c.result else { return Ok(Value::Null) };
            Ok(Value::Time(cut_time(local_now().rem_euclid(MICROS_PER_DAY) * 1000, *precision), *precision))
        },
    ),
    Function::rows(
        "make_time",
        "The time of hour, minute and second, which may have a fraction.",
        params!("hour", "minute", "second"),
        |args| {
            for i in 0..2 {
                if args[i].data_type.is_numeric() {
                    cast_to(&mut args[i], &DataType::Int);
                }
                expect("make_time", args, i, &DataType::Int)?;
            }
            super::make::seconds("make_time", args, 2)?;
            made(TIME)
        },
        |c| {
            let (hour, minute, second) = (c.long(0), c.long(1), super::make::micros_at(c, 2));
            super::make::check_clock(hour, minute, second, 60 * MICROS_PER_SECOND - 1)?;
            Ok(Value::Time(((hour * 60 + minute) * 60 * MICROS_PER_SECOND + second) * 1000, 6))
        },
    ),
    Function::rows(
        "time_diff",
        "How many whole units, HOUR to MICROSECOND, there are from one time to another.",
        params!("unit", "start", "end"),
        |args| {
            expect("time_diff", args, 0, &DataType::String)?;
            of_time("time_diff", args, 1)?;
            of_time("time_diff", args, 2)?;
            made(DataType::Long)
        },
        |c| {
            let unit = unit("time_diff", c.text(0))?;
            Ok(Value::Long((nanos(c, 2) - nanos(c, 1)) / unit))
        },
    ),
    Function::rows(
        "time_trunc",
        "The time at the start of its HOUR, MINUTE, SECOND, MILLISECOND or MICROSECOND.",
        params!("unit", "time"),
        |args| {
            expect("time_trunc", args, 0, &DataType::String)?;
            of_time("time_trunc", args, 1)?;
            made(args[1].data_type.clone())
        },
        |c| {
            let (time, unit) = (nanos(c, 1), unit("time_trunc", c.text(0))?);
            Ok(time_of(time - time % unit, c))
        },
    ),
    Function::rows(
        "to_time",
        "The text as a time, by a pattern when one is given; an error when it is none.",
        params!("str", "~format"),
        |args| {
            for i in 0..args.len() {
                if !matches!(args[i].data_type, DataType::String | DataType::Null) {
                    return Err(wrong_type("to_time", args, i, "\"STRING\""));
                }
                cast_to(&mut args[i], &DataType::String);
            }
            made(TIME)
        },
        |c| {
            let text = c.text(0);
            let pattern = c.values.get(1).map(|_| Pattern::new(c.text(1))).transpose()?;
            time_by(text, pattern.as_ref()).map(|nanos| Value::Time(nanos, 6)).ok_or_else(|| {
                let format = if c.values.len() > 1 { c.text(1) } else { "HH:mm:ss.SSSSSS" };
                let text = format!(
                    "The input string '{text}' cannot be parsed to a TIME value because it does not match to the datetime format '{format}'."
                );
                Error::new(ErrorKind::DateTime, text).with_condition("CANNOT_PARSE_TIME")
            })
        },
    ),
    Function::rows_with_nulls(
        "try_to_time",
        "As to_time, but null for what is no time.",
        params!("str", "~format"),
        |a| attempts::resolve("to_time", a),
        |c| attempts::value("to_time", c),
    ),
    Function::rows(
        "time_from_seconds",
        "The time so many seconds after midnight; fractions count.",
        params!("col"),
        |args| {
            if args[0].data_type == DataType::Null {
                cast_to(&mut args[0], &DataType::Double);
            }
            if !args[0].data_type.is_numeric() {
                return Err(wrong_type("time_from_seconds", args, 0, "NUMERIC"));
            }
            made(TIME)
        },
        |c| {
            let count = match &c.values[0] {
                Value::Decimal { unscaled, scale: scale @ 0..=9, .. } => unscaled.checked_mul(10_i128.pow(9 - *scale as u32)),
                Value::Decimal { .. } => None,
                Value::Float(_) | Value::Double(_) => {
                    let seconds = c.double(0);
                    if !seconds.is_finite() {
                        return Err(out_of_bounds("Cannot convert NaN or Infinite value to TIME."));
                    }
                    Some((seconds * NANOS_PER_SECOND as f64) as i128)
                }
                _ => Some(i128::from(c.long(0)) * i128::from(NANOS_PER_SECOND)),
            };
            within_day(count)
        },
    ),
    Function::rows(
        "time_from_millis",
        "The time so many milliseconds after midnight.",
        params!("col"),
        |a| of_count("time_from_millis", a),
        |c| within_day(Some(i128::from(c.long(0)) * 1_000_000)),
    ),
    Function::rows(
        "time_from_micros",
        "The time so many microseconds after midnight.",
        params!("col"),
        |a| of_count("time_from_micros", a),
        |c| within_day(Some(i128::from(c.long(0)) * 1000)),
    ),
    Function::rows(
        "time_to_seconds",
        "The seconds since midnight, with six digits of a fraction.",
        params!("col"),
        |a| counted("time_to_seconds", a, DataType::Decimal(14, 6)),
        |c| Ok(Value::Decimal { unscaled: i128::from((nanos(c, 0) + 500) / 1000), precision: 14, scale: 6 }),
    ),
    Function::rows(
        "time_to_millis",
        "The whole milliseconds since midnight.",
        params!("col"),
        |a| counted("time_to_millis", a, DataType::Long),
        |c| Ok(Value::Long(nanos(c, 0) / 1_000_000)),
    ),
    Function::rows(
        "time_to_micros",
        "The whole microseconds since midnight.",
        params!("col"),
        |a| counted("time_to_micros", a, DataType::Long),
        |c| Ok(Value::Long(nanos(c, 0) / 1000)),
    ),
];

/// What stands around aggregates that count with times of the day; nobody can write it.
pub(crate) const NANOS: &str = "zone:nanos";
pub(crate) const OF_NANOS: &str = "zone:of_nanos";

pub(in super::super) const COUNTS: &[Function] = &[
    Function::rows(
        NANOS,
        "The nanoseconds of a time of the day.",
        params!("time"),
        |args| Ok(Outcome::strict(DataType::Long, args)),
        |c| Ok(Value::Long(nanos(c, 0))),
    ),
    Function::rows(
        OF_NANOS,
        "The time, or the times, of so many nanoseconds.",
        params!("nanos", "=precision"),
        |args| {
            let precision = literal(OF_NANOS, args, 1)?.and_then(Value::as_i64).unwrap_or(6);
            let time = DataType::Time(precision as u8);
            Ok(Outcome::new(if let DataType::Array(..) = args[0].data_type { DataType::array(time) } else { time }, true))
        },
        |c| {
            let time = |v: &Value| v.as_f64().map_or(Value::Null, |nanos| Value::Time(nanos as i64, c.long(1) as u8));
            Ok(match &c.values[0] {
                Value::Array(items) => Value::Array(items.iter().map(time).collect()),
                value => time(value),
            })
        },
    ),
];

/// What may be null whatever the arguments are, as Spark has it, and needs the setting.
fn made(result: DataType) -> Result<Outcome> {
    needed().map(|()| Outcome::new(result, true))
}

/// Lets a time of any precision stand, and casts what casts to one.
fn of_time(name: &str, args: &mut [Typed], i: usize) -> Result<()> {
    match args[i].data_type {
        DataType::Time(_) => Ok(()),
        DataType::Null | DataType::String | DataType::Timestamp | DataType::TimestampNtz => expect(name, args, i, &TIME),
        _ => Err(wrong_type(name, args, i, "\"TIME\"")),
    }
}

fn counted(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    match args[0].data_type {
        DataType::Time(_) => {}
        DataType::Null => cast_to(&mut args[0], &TIME),
        _ => return Err(wrong_type(name, args, 0, "\"TIME\"")),
    }
    made(result)
}

fn of_count(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if !args[0].data_type.is_integral() && args[0].data_type != DataType::Null {
        return Err(wrong_type(name, args, 0, "INTEGRAL"));
    }
    expect(name, args, 0, &DataType::Long)?;
    made(TIME)
}

fn nanos(c: &Cells<'_>, i: usize) -> i64 {
    c.values[i].span().unwrap_or(0)
}

fn time_of(nanos: i64, c: &Cells<'_>) -> Value {
    Value::Time(nanos, if let DataType::Time(precision) = c.result { *precision } else { 6 })
}

fn unit(function: &str, name: &str) -> Result<i64> {
    UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name)).map(|(_, nanos)| *nanos).ok_or_else(|| {
        let units = UNITS.map(|(unit, _)| format!("'{unit}'")).join(", ");
        let text =
            format!("The value of parameter(s) `unit` in `{function}` is invalid: expects one of the units {units}, but got '{name}'.");
        Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.TIME_UNIT")
    })
}

fn out_of_bounds(text: &str) -> Error {
    Error::new(ErrorKind::DateTime, text).with_condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION")
}

/// The time so many nanoseconds after midnight; none stands for more than can be counted.
fn within_day(nanos: Option<i128>) -> Result<Value> {
    match nanos.and_then(|n| i64::try_from(n).ok()) {
        None => Err(out_of_bounds("Overflow in TIME conversion.")),
        Some(nanos @ 0..NANOS_PER_DAY) => Ok(Value::Time(nanos, 6)),
        Some(nanos) => Err(out_of_bounds(&format!(
            "Invalid TIME value: must be between 00:00:00 and 23:59:59.999999999, but got {nanos} nanoseconds."
        ))),
    }
}
