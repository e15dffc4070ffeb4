//! Times made of their parts.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::attempts;
use super::super::declare::{Cells, Function, Outcome, Param, params};
use super::zone;
use crate::coerce::{cast_to, expect, wrong_type};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, days};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

const WITH_ZONE: &[Param] = params!("years", "~months", "~days", "~hours", "~mins", "~secs", "~timezone");
const WITHOUT_ZONE: &[Param] = params!("years", "~months", "~days", "~hours", "~mins", "~secs");

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "make_timestamp",
        "The time of year, month, day, hour, minute and second, in a time zone when one is given.",
        WITH_ZONE,
        |a| parts("make_timestamp", a, DataType::Timestamp),
        made,
    ),
    Function::rows(
        "make_timestamp_ltz",
        "The time of year, month, day, hour, minute and second, in a time zone when one is given.",
        WITH_ZONE,
        |a| parts("make_timestamp_ltz", a, DataType::Timestamp),
        made,
    ),
    Function::rows(
        "make_timestamp_ntz",
        "The time without a zone of year, month, day, hour, minute and second.",
        WITHOUT_ZONE,
        |a| parts("make_timestamp_ntz", a, DataType::TimestampNtz),
        made,
    ),
    Function::rows_with_nulls(
        "try_make_timestamp",
        "As make_timestamp, but null where there is no such time.",
        WITH_ZONE,
        |a| attempts::resolve("make_timestamp", a),
        |c| attempts::value("make_timestamp", c),
    ),
    Function::rows_with_nulls(
        "try_make_timestamp_ltz",
        "As make_timestamp_ltz, but null where there is no such time.",
        WITH_ZONE,
        |a| attempts::resolve("make_timestamp_ltz", a),
        |c| attempts::value("make_timestamp_ltz", c),
    ),
    Function::rows_with_nulls(
        "try_make_timestamp_ntz",
        "As make_timestamp_ntz, but null where there is no such time.",
        WITHOUT_ZONE,
        |a| attempts::resolve("make_timestamp_ntz", a),
        |c| attempts::value("make_timestamp_ntz", c),
    ),
];

fn parts(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    let zoned = result == DataType::Timestamp;
    match args.len() {
        1..=3 if zoned || args.len() == 2 => return of_date_and_time(name, args, result),
        6 => {}
        7 if zoned => {}
        given => {
            let text = format!("The `{name}` requires a date and a time, or 6 parts of both, but the number of arguments is {given}.");
            return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
        }
    }
    for i in 0..5 {
        expect(name, args, i, &DataType::Int)?;
    }
    seconds(name, args, 5)?;
    expect(name, args, 6, &DataType::String)?;
    Ok(Outcome::strict(result, args))
}

/// Seconds with a fraction.
pub(super) fn seconds(name: &str, args: &mut [Typed], i: usize) -> Result<()> {
    if args[i].data_type.is_numeric() || matches!(args[i].data_type, DataType::String | DataType::Null) {
        cast_to(&mut args[i], &DataType::Decimal(16, 6));
        return Ok(());
    }
    Err(wrong_type(name, args, i, "\"DECIMAL(16,6)\""))
}

/// A date, perhaps a time of the day, perhaps a zone.
fn of_date_and_time(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    for i in 0..args.len() {
        match (i, &args[i].data_type) {
            (0, DataType::Date) | (1, DataType::Time(_)) => {}
            (2, _) => expect(name, args, 2, &DataType::String)?,
            (0, DataType::Null) => cast_to(&mut args[0], &DataType::Date),
            (_, DataType::Null) => cast_to(&mut args[1], &DataType::Time(6)),
            (i, _) => return Err(wrong_type(name, args, i, if i == 0 { "\"DATE\"" } else { "\"TIME\"" })),
        }
    }
    Ok(Outcome::new(result.clone(), result == DataType::TimestampNtz || args.iter().any(|a| a.nullable)))
}

pub(super) fn micros_at(c: &Cells<'_>, i: usize) -> i64 {
    match &c.values[i] {
        Value::Decimal { unscaled, .. } => *unscaled as i64,
        _ => 0,
    }
}

fn bad(field: &str, range: &str, value: i64) -> Error {
    let text = format!("Invalid value for {field} (valid values {range}): {value}.");
    Error::new(ErrorKind::DateTime, text).with_condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION")
}

/// # Errors
/// `DATETIME_FIELD_OUT_OF_BOUNDS` for an hour, a minute or microseconds of a minute that no clock shows.
pub(super) fn check_clock(hour: i64, minute: i64, second: i64, most: i64) -> Result<()> {
    if !(0..24).contains(&hour) {
        return Err(bad("HourOfDay", "0 - 23", hour));
    }
    if !(0..60).contains(&minute) {
        return Err(bad("MinuteOfHour", "0 - 59", minute));
    }
    if !(0..=most).contains(&second) {
        return Err(bad("SecondOfMinute", "0 - 59", second.div_euclid(MICROS_PER_SECOND)));
    }
    Ok(())
}

fn made(c: &Cells<'_>) -> Result<Value> {
    if let Value::Date(date) = c.values[0] {
        let time = c.values.get(1).and_then(Value::span).unwrap_or(0);
        return placed(c, i64::from(date) * MICROS_PER_DAY + time / 1000, 2);
    }
    let [year, month, day, hour, minute] = [0, 1, 2, 3, 4].map(|i| c.long(i));
    let second = micros_at(c, 5);
    let date = i32::try_from(year).ok().zip(u32::try_from(month).ok().zip(u32::try_from(day).ok())).and_then(|(y, (m, d))| days(y, m, d));
    let Some(date) = date else {
        return Err(match (1..=12).contains(&month) {
            false => bad("MonthOfYear", "1 - 12", month),
            true => bad("DayOfMonth", "1 - 28/31", day),
        });
    };
    // 60 seconds are the next minute, but nothing beyond them.
    check_clock(hour, minute, second, 60 * MICROS_PER_SECOND)?;
    let local = i64::from(date) * MICROS_PER_DAY + (hour * 60 + minute) * 60 * MICROS_PER_SECOND + second;
    placed(c, local, 6)
}

/// What the clocks show as a timestamp, in the zone that argument `i` names if there is one.
fn placed(c: &Cells<'_>, local: i64, i: usize) -> Result<Value> {
    Ok(match c.result {
        DataType::TimestampNtz => Value::TimestampNtz(local),
        _ if c.values.len() > i => Value::Timestamp(zone(c.text(i))?.instant(local)),
        _ => Value::Timestamp(local),
    })
}
