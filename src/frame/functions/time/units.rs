//! Moving times by units, and counting units between them.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::super::temporal::add_months;
use super::micros;
use crate::coerce::{expect, literal};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, civil};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "timestamp_add",
        "The time so many units later: MICROSECOND to YEAR.",
        params!("=unit", "quantity", "ts"),
        |args| {
            unit("timestamp_add", args)?;
            expect("timestamp_add", args, 1, &DataType::Long)?;
            if !matches!(args[2].data_type, DataType::TimestampNtz) {
                expect("timestamp_add", args, 2, &DataType::Timestamp)?;
            }
            Ok(Outcome::strict(args[2].data_type.clone(), args))
        },
        add,
    ),
    Function::rows(
        "timestamp_diff",
        "How many whole units there are from one time to another.",
        params!("=unit", "start", "end"),
        |args| {
            unit("timestamp_diff", args)?;
            for i in 1..3 {
                if args[i].data_type != DataType::TimestampNtz {
                    expect("timestamp_diff", args, i, &DataType::Timestamp)?;
                }
            }
            Ok(Outcome::strict(DataType::Long, args))
        },
        |c| Ok(Value::Long(between(c.text(0), micros(&c.values[1]), micros(&c.values[2])))),
    ),
];

/// A unit: so many months, or so many microseconds.
#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Micros(i64),
}

fn unit_of(name: &str) -> Option<Unit> {
    Some(match name.to_uppercase().as_str() {
        "MICROSECOND" => Unit::Micros(1),
        "MILLISECOND" => Unit::Micros(1_000),
        "SECOND" => Unit::Micros(MICROS_PER_SECOND),
        "MINUTE" => Unit::Micros(60 * MICROS_PER_SECOND),
        "HOUR" => Unit::Micros(3_600 * MICROS_PER_SECOND),
        "DAY" | "DAYOFYEAR" => Unit::Micros(MICROS_PER_DAY),
        "WEEK" => Unit::Micros(7 * MICROS_PER_DAY),
        "MONTH" => Unit::Months(1),
        "QUARTER" => Unit::Months(3),
        "YEAR" => Unit::Months(12),
        _ => return None,
    })
}

fn unit(name: &str, args: &mut [Typed]) -> Result<()> {
    let given = literal(name, args, 0)?.and_then(Value::as_str).unwrap_or_default();
    if unit_of(given).is_none() {
        let shown = if name == "timestamp_add" { "timestampadd" } else { "timestampdiff" };
        let text = format!(
            "The value of parameter(s) `unit` in `{shown}` is invalid: expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, \
             DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got '{given}'."
        );
        return Err(Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.DATETIME_UNIT"));
    }
    Ok(())
}

/// A time so many months later, on the last day of the month where there is no such day.
pub(in super::super) fn plus_months(time: i64, months: i64) -> Option<i64> {
    let day = add_months(time.div_euclid(MICROS_PER_DAY) as i32, i32::try_from(months).ok()?);
    i64::from(day).checked_mul(MICROS_PER_DAY)?.checked_add(time.rem_euclid(MICROS_PER_DAY))
}

fn add(c: &Cells<'_>) -> Result<Value> {
    let (time, count) = (micros(&c.values[2]), c.long(1));
    let moved = match unit_of(c.text(0)) {
        Some(Unit::Micros(micros)) => count.checked_mul(micros).and_then(|m| time.checked_add(m)),
        Some(Unit::Months(months)) => count.checked_mul(months).and_then(|m| plus_months(time, m)),
        None => None,
    };
    let moved = moved.ok_or_else(|| {
        let text = format!("Adding {count} {} to the time overflows.", c.text(0));
        Error::new(ErrorKind::Arithmetic, text).with_condition("DATETIME_OVERFLOW")
    })?;
    Ok(if *c.result == DataType::TimestampNtz { Value::TimestampNtz(moved) } else { Value::Timestamp(moved) })
}

/// Whole units between two times, as Java's `ChronoUnit.between` counts them.
fn between(unit: &str, start: i64, end: i64) -> i64 {
    match unit_of(unit) {
        Some(Unit::Micros(micros)) => (end - start) / micros,
        Some(Unit::Months(months)) => {
            let split = |t: i64| {
                let date = civil(t.div_euclid(MICROS_PER_DAY) as i32);
                (i64::from(date.year) * 12 + i64::from(date.month) - 1, i64::from(date.day) * MICROS_PER_DAY + t.rem_euclid(MICROS_PER_DAY))
            };
            let ((m1, rest1), (m2, rest2)) = (split(start), split(end));
            let whole = m2 - m1;
            let cut = if whole > 0 && rest2 < rest1 {
                whole - 1
            } else if whole < 0 && rest2 > rest1 {
                whole + 1
            } else {
                whole
            };
            cut / months
        }
        None => 0,
    }
}
