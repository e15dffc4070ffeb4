//! Times made of their parts.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::attempts;
use super::super::declare::{Cells, Function, Outcome, params};
use super::zone;
use crate::coerce::{cast_to, expect};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, days};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "make_timestamp",
        "The time of year, month, day, hour, minute and second, in a time zone when one is given.",
        params!("years", "months", "days", "hours", "mins", "secs", "~timezone"),
        |a| parts("make_timestamp", a, DataType::Timestamp),
        made,
    ),
    Function::rows(
        "make_timestamp_ltz",
        "The time of year, month, day, hour, minute and second, in a time zone when one is given.",
        params!("years", "months", "days", "hours", "mins", "secs", "~timezone"),
        |a| parts("make_timestamp_ltz", a, DataType::Timestamp),
        made,
    ),
    Function::rows(
        "make_timestamp_ntz",
        "The time without a zone of year, month, day, hour, minute and second.",
        params!("years", "months", "days", "hours", "mins", "secs"),
        |a| parts("make_timestamp_ntz", a, DataType::TimestampNtz),
        made,
    ),
    Function::rows_with_nulls(
        "try_make_timestamp",
        "As make_timestamp, but null where there is no such time.",
        params!("years", "months", "days", "hours", "mins", "secs", "~timezone"),
        |a| attempts::resolve("make_timestamp", a),
        |c| attempts::value("make_timestamp", c),
    ),
    Function::rows_with_nulls(
        "try_make_timestamp_ltz",
        "As make_timestamp_ltz, but null where there is no such time.",
        params!("years", "months", "days", "hours", "mins", "secs", "~timezone"),
        |a| attempts::resolve("make_timestamp_ltz", a),
        |c| attempts::value("make_timestamp_ltz", c),
    ),
    Function::rows_with_nulls(
        "try_make_timestamp_ntz",
        "As make_timestamp_ntz, but null where there is no such time.",
        params!("years", "months", "days", "hours", "mins", "secs"),
        |a| attempts::resolve("make_timestamp_ntz", a),
        |c| attempts::value("make_timestamp_ntz", c),
    ),
];

fn parts(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    for i in 0..5 {
        expect(name, args, i, &DataType::Int)?;
    }
    if args[5].data_type.is_numeric() || args[5].data_type == DataType::String {
        cast_to(&mut args[5], &DataType::Decimal(16, 6));
    } else {
        expect(name, args, 5, &DataType::Double)?;
    }
    expect(name, args, 6, &DataType::String)?;
    Ok(Outcome::strict(result, args))
}

fn made(c: &Cells<'_>) -> Result<Value> {
    let [year, month, day, hour, minute] = [0, 1, 2, 3, 4].map(|i| c.long(i));
    let second = match &c.values[5] {
        Value::Decimal { unscaled, .. } => *unscaled as i64,
        _ => 0,
    };
    let bad = |field: &str, range: &str, value: i64| {
        let text = format!("Invalid value for {field} (valid values {range}): {value}.");
        Error::new(ErrorKind::DateTime, text).with_condition("DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION")
    };
    let date = i32::try_from(year).ok().zip(u32::try_from(month).ok().zip(u32::try_from(day).ok())).and_then(|(y, (m, d))| days(y, m, d));
    let Some(date) = date else {
        return Err(match (1..=12).contains(&month) {
            false => bad("MonthOfYear", "1 - 12", month),
            true => bad("DayOfMonth", "1 - 28/31", day),
        });
    };
    if !(0..24).contains(&hour) {
        return Err(bad("HourOfDay", "0 - 23", hour));
    }
    if !(0..60).contains(&minute) {
        return Err(bad("MinuteOfHour", "0 - 59", minute));
    }
    // 60 seconds are the next minute, but nothing beyond them.
    if !(0..=60 * MICROS_PER_SECOND).contains(&second) {
        return Err(bad("SecondOfMinute", "0 - 59", second / MICROS_PER_SECOND));
    }
    let local = i64::from(date) * MICROS_PER_DAY + (hour * 60 + minute) * 60 * MICROS_PER_SECOND + second;
    Ok(match c.result {
        DataType::TimestampNtz => Value::TimestampNtz(local),
        _ if c.values.len() > 6 => Value::Timestamp(zone(c.text(6))?.instant(local)),
        _ => Value::Timestamp(local),
    })
}
