//! Times as counts since 1970 and back.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Function, Outcome, params};
use super::micros;
use crate::coerce::{expect, wrong_type};
use crate::datetime::MICROS_PER_SECOND;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "date_from_unix_date",
        "The date so many days after 1970-01-01.",
        params!("days"),
        |args| {
            expect("date_from_unix_date", args, 0, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Date, args))
        },
        |c| Ok(Value::Date(c.long(0) as i32)),
    ),
    Function::rows(
        "unix_micros",
        "Microseconds since 1970.",
        params!("col"),
        |a| of_time("unix_micros", a),
        |c| Ok(Value::Long(micros(&c.values[0]))),
    ),
    Function::rows(
        "unix_millis",
        "Whole milliseconds since 1970.",
        params!("col"),
        |a| of_time("unix_millis", a),
        |c| Ok(Value::Long(micros(&c.values[0]).div_euclid(1_000))),
    ),
    Function::rows(
        "unix_seconds",
        "Whole seconds since 1970.",
        params!("col"),
        |a| of_time("unix_seconds", a),
        |c| Ok(Value::Long(micros(&c.values[0]).div_euclid(MICROS_PER_SECOND))),
    ),
    Function::rows(
        "timestamp_micros",
        "The time so many microseconds after 1970.",
        params!("col"),
        |a| of_count("timestamp_micros", a),
        |c| Ok(Value::Timestamp(c.long(0))),
    ),
    Function::rows(
        "timestamp_millis",
        "The time so many milliseconds after 1970.",
        params!("col"),
        |a| of_count("timestamp_millis", a),
        |c| c.long(0).checked_mul(1_000).map(Value::Timestamp).ok_or_else(overflow),
    ),
    Function::rows(
        "timestamp_seconds",
        "The time so many seconds after 1970; fractions count.",
        params!("col"),
        |args| {
            if !args[0].data_type.is_numeric() {
                return Err(wrong_type("timestamp_seconds", args, 0, "NUMERIC"));
            }
            let fractions = matches!(args[0].data_type, DataType::Float | DataType::Double);
            Ok(Outcome::new(DataType::Timestamp, args[0].nullable || fractions))
        },
        |c| {
            Ok(match &c.values[0] {
                Value::Decimal { unscaled, scale, .. } => {
                    let up = 10_i128.pow(u32::try_from(6 - i32::from(*scale)).unwrap_or(0));
                    let down = 10_i128.pow(u32::try_from(i32::from(*scale) - 6).unwrap_or(0));
                    let micros = unscaled.checked_mul(up).map(|v| v / down).and_then(|v| i64::try_from(v).ok());
                    Value::Timestamp(micros.ok_or_else(overflow)?)
                }
                Value::Float(_) | Value::Double(_) if !c.double(0).is_finite() => Value::Null,
                Value::Float(_) | Value::Double(_) => Value::Timestamp((c.double(0) * MICROS_PER_SECOND as f64) as i64),
                _ => Value::Timestamp(c.long(0).checked_mul(MICROS_PER_SECOND).ok_or_else(overflow)?),
            })
        },
    ),
];

fn overflow() -> Error {
    Error::new(ErrorKind::Arithmetic, "Datetime operation overflow: the time is out of range.").with_condition("DATETIME_OVERFLOW")
}

fn of_time(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Timestamp)?;
    Ok(Outcome::strict(DataType::Long, args))
}

fn of_count(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if !args[0].data_type.is_integral() && args[0].data_type != DataType::Null {
        return Err(wrong_type(name, args, 0, "INTEGRAL"));
    }
    expect(name, args, 0, &DataType::Long)?;
    Ok(Outcome::strict(DataType::Timestamp, args))
}
