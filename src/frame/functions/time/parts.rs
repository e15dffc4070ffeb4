//! Parts of dates and times by name.

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::micros;
use crate::coerce::{expect, literal, wrong_type};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, NANOS_PER_SECOND, civil, days};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "dayname",
        "The day of the week in three letters.",
        params!("col"),
        |a| of_date("dayname", a),
        |c| {
            let Value::Date(day) = c.values[0] else { return Ok(Value::Null) };
            Ok(DAYS[(day + 3).rem_euclid(7) as usize].into())
        },
    ),
    Function::rows(
        "monthname",
        "The month in three letters.",
        params!("col"),
        |a| of_date("monthname", a),
        |c| {
            let Value::Date(day) = c.values[0] else { return Ok(Value::Null) };
            Ok(MONTHS[civil(day).month as usize - 1].into())
        },
    ),
    Function::rows(
        "extract",
        "The part of a date or time that a field such as YEAR or SECOND names.",
        params!("=field", "source"),
        |a| part("extract", a),
        value,
    ),
    Function::rows(
        "date_part",
        "The part of a date or time that a field such as YEAR or SECOND names.",
        params!("=field", "source"),
        |a| part("date_part", a),
        value,
    ),
    Function::rows(
        "datepart",
        "The part of a date or time that a field such as YEAR or SECOND names.",
        params!("=field", "source"),
        |a| part("datepart", a),
        value,
    ),
];

fn of_date(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Date)?;
    Ok(Outcome::strict(DataType::String, args))
}

/// The one name of a field that has several.
fn field(name: &str) -> Option<&'static str> {
    Some(match name.to_uppercase().as_str() {
        "YEAR" | "Y" | "YEARS" | "YR" | "YRS" => "year",
        "YEAROFWEEK" => "yearofweek",
        "QUARTER" | "QTR" => "quarter",
        "MONTH" | "MON" | "MONS" | "MONTHS" => "month",
        "WEEK" | "W" | "WEEKS" => "week",
        "DAY" | "D" | "DAYS" => "day",
        "DAYOFWEEK" | "DOW" => "dow",
        "DAYOFWEEK_ISO" | "DOW_ISO" => "isodow",
        "DOY" => "doy",
        "HOUR" | "H" | "HOURS" | "HR" | "HRS" => "hour",
        "MINUTE" | "M" | "MIN" | "MINS" | "MINUTES" => "minute",
        "SECOND" | "S" | "SEC" | "SECONDS" | "SECS" => "second",
        _ => return None,
    })
}

fn part(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let given = literal(name, args, 0)?.and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(outcome) = of_interval(&given, args) {
        return outcome;
    }
    let Some(field) = field(&given) else {
        let text = format!(
            "The field `{given}` cannot be extracted from a date or a time. YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, MINUTE and SECOND can."
        );
        return Err(Error::analysis(text).with_condition("INVALID_EXTRACT_FIELD"));
    };
    if !matches!(args[1].data_type, DataType::Date | DataType::Timestamp | DataType::TimestampNtz | DataType::String) {
        return Err(wrong_type(name, args, 1, "DATE, TIMESTAMP or INTERVAL"));
    }
    if matches!(field, "hour" | "minute" | "second") || args[1].data_type == DataType::String {
        expect(name, args, 1, &DataType::Timestamp)?;
    }
    Ok(Outcome::strict(if field == "second" { DataType::Decimal(8, 6) } else { DataType::Int }, args))
}

/// The part of an interval or of a time of the day; none when the source is another.
fn of_interval(given: &str, args: &[Typed]) -> Option<Result<Outcome>> {
    let found = field(given);
    let result = match (&args[1].data_type, found) {
        (DataType::Time(_), Some("hour" | "minute")) => Some(DataType::Int),
        (DataType::Time(precision), Some("second")) => Some(DataType::Decimal(precision + 2, *precision as i8)),
        (DataType::Time(_), _) => None,
        (DataType::YearMonthInterval(..) | DataType::CalendarInterval, Some("year")) => Some(DataType::Int),
        (DataType::YearMonthInterval(..) | DataType::CalendarInterval, Some("month")) => Some(DataType::Byte),
        (DataType::DayTimeInterval(..) | DataType::CalendarInterval, Some("day")) => Some(DataType::Int),
        (DataType::DayTimeInterval(..) | DataType::CalendarInterval, Some("hour" | "minute")) => Some(DataType::Byte),
        (DataType::DayTimeInterval(..) | DataType::CalendarInterval, Some("second")) => Some(DataType::Decimal(8, 6)),
        (DataType::DayTimeInterval(..) | DataType::YearMonthInterval(..) | DataType::CalendarInterval, _) => None,
        _ => return None,
    };
    if matches!(args[1].data_type, DataType::Time(_)) && result.is_some() {
        return Some(crate::time_type::needed().map(|()| Outcome::new(result.unwrap_or(DataType::Int), true)));
    }
    Some(result.map(|t| Outcome::strict(t, args)).ok_or_else(|| {
        Error::analysis(format!("Cannot extract `{given}` from a value of type \"{}\".", args[1].data_type.sql()))
            .with_condition("INVALID_EXTRACT_FIELD")
    }))
}

fn interval_part(field: &str, months: i64, days: i64, micros: i64) -> Value {
    let minute = 60 * MICROS_PER_SECOND;
    match field {
        "year" => Value::Int((months / 12) as i32),
        "month" => Value::Byte((months % 12) as i8),
        "day" => Value::Int(days as i32),
        "hour" => Value::Byte((micros / minute / 60 % 24) as i8),
        "minute" => Value::Byte((micros / minute % 60) as i8),
        _ => Value::Decimal { unscaled: i128::from(micros % minute), precision: 8, scale: 6 },
    }
}

fn value(c: &Cells<'_>) -> Result<Value> {
    let name = field(c.text(0)).unwrap_or_default();
    match c.values[1] {
        Value::DayTimeInterval(micros, ..) => return Ok(interval_part(name, 0, micros / MICROS_PER_DAY, micros % MICROS_PER_DAY)),
        Value::Time(nanos, precision) => {
            let seconds = nanos / NANOS_PER_SECOND;
            return Ok(match name {
                "hour" => Value::Int((seconds / 3600) as i32),
                "minute" => Value::Int((seconds / 60 % 60) as i32),
                _ => {
                    let unscaled = i128::from(nanos % (60 * NANOS_PER_SECOND) / 10_i64.pow(9 - u32::from(precision)));
                    Value::Decimal { unscaled, precision: precision + 2, scale: precision as i8 }
                }
            });
        }
        Value::YearMonthInterval(months, ..) => return Ok(interval_part(name, months.into(), 0, 0)),
        Value::CalendarInterval { months, days, micros } => return Ok(interval_part(name, months.into(), days.into(), micros)),
        _ => {}
    }
    let time = micros(&c.values[1]);
    let (day, within) = (time.div_euclid(MICROS_PER_DAY) as i32, time.rem_euclid(MICROS_PER_DAY));
    let date = civil(day);
    let thursday = day - (day + 3).rem_euclid(7) + 3;
    let first = |year: i32, day: i32| days(year, 1, 1).unwrap_or(day);
    Ok(Value::Int(match name {
        "year" => date.year,
        "yearofweek" => civil(thursday).year,
        "quarter" => (date.month as i32 - 1) / 3 + 1,
        "month" => date.month as i32,
        "week" => (thursday - first(civil(thursday).year, thursday)) / 7 + 1,
        "day" => date.day as i32,
        "dow" => (day + 4).rem_euclid(7) + 1,
        "isodow" => (day + 3).rem_euclid(7) + 1,
        "doy" => day - first(date.year, day) + 1,
        "hour" => (within / MICROS_PER_SECOND / 3600) as i32,
        "minute" => (within / MICROS_PER_SECOND / 60 % 60) as i32,
        _ => return Ok(Value::Decimal { unscaled: i128::from(within % (60 * MICROS_PER_SECOND)), precision: 8, scale: 6 }),
    }))
}
