use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::super::time::{micros, units::plus_months};
use super::arrays::checked_length;
use crate::coerce::{cast_to, unify, wrong_type};
use crate::datetime::MICROS_PER_DAY;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[Function::rows(
    "sequence",
    "The numbers from start to stop, both included, by a step.",
    params!("start", "stop", "~step"),
    |args| {
        if matches!(args[0].data_type, DataType::Date | DataType::Timestamp | DataType::TimestampNtz) {
            let common = unify("sequence", &mut args[..2])?;
            if let Some(step) = args.get(2)
                && !step.data_type.is_ansi_interval()
                && !matches!(step.data_type, DataType::CalendarInterval | DataType::Null)
            {
                return Err(wrong_type("sequence", args, 2, "INTERVAL"));
            }
            return Ok(Outcome::strict(DataType::Array(common.into(), false), args));
        }
        let common = unify("sequence", args)?;
        if !common.is_integral() {
            return Err(wrong_type("sequence", args, 0, "INTEGRAL"));
        }
        args.iter_mut().for_each(|a| cast_to(a, &common));
        Ok(Outcome::strict(DataType::Array(common.into(), false), args))
    },
    sequence,
)];

/// The times from start to stop, a day apart unless an interval is given.
fn times(c: &Cells<'_>) -> Result<Value> {
    let date = matches!(c.values[0], Value::Date(_));
    let (start, stop) = (micros(&c.values[0]), micros(&c.values[1]));
    let (months, step) = match c.values.get(2) {
        Some(Value::YearMonthInterval(months, ..)) => (i64::from(*months), 0),
        Some(Value::DayTimeInterval(micros, ..)) => (0, *micros),
        Some(Value::CalendarInterval { months, days, micros }) => (i64::from(*months), i64::from(*days) * MICROS_PER_DAY + micros),
        _ => (0, if stop >= start { MICROS_PER_DAY } else { -MICROS_PER_DAY }),
    };
    let about = months * 28 * MICROS_PER_DAY + step;
    if about == 0 && start != stop || about > 0 && start > stop || about < 0 && start < stop || date && step % MICROS_PER_DAY != 0 {
        let text =
            format!("Illegal sequence boundaries: {} to {} by {}", c.values[0], c.values[1], c.values.get(2).unwrap_or(&Value::Null));
        return Err(Error::illegal_argument(text));
    }
    checked_length("sequence", (stop - start).checked_div(about).unwrap_or(0) + 1)?;
    let mut found = Vec::new();
    for i in 0.. {
        let time = plus_months(start, months * i).map(|t| t + step * i);
        let Some(time) = time.filter(|t| if about > 0 { *t <= stop } else { *t >= stop }) else { break };
        found.push(match &c.values[0] {
            Value::Date(_) => Value::Date(time.div_euclid(MICROS_PER_DAY) as i32),
            Value::TimestampNtz(_) => Value::TimestampNtz(time),
            _ => Value::Timestamp(time),
        });
        if about == 0 {
            break;
        }
    }
    Ok(Value::Array(found.into()))
}

fn sequence(c: &Cells<'_>) -> Result<Value> {
    if matches!(c.values[0], Value::Date(_) | Value::Timestamp(_) | Value::TimestampNtz(_)) {
        return times(c);
    }
    let (start, stop) = (c.long(0), c.long(1));
    let step = if c.values.len() > 2 {
        c.long(2)
    } else if stop >= start {
        1
    } else {
        -1
    };
    if step == 0 && start != stop || step > 0 && start > stop || step < 0 && start < stop {
        return Err(Error::illegal_argument(format!("Illegal sequence boundaries: {start} to {stop} by {step}")));
    }
    let count = if step == 0 { 1 } else { (i128::from(stop) - i128::from(start)) / i128::from(step) + 1 };
    let count = checked_length("sequence", i64::try_from(count).unwrap_or(i64::MAX))?;
    let DataType::Array(element, _) = c.result else { return Ok(Value::Null) };
    let number = |i: usize| {
        let value = start + i as i64 * step;
        match **element {
            DataType::Byte => Value::Byte(value as i8),
            DataType::Short => Value::Short(value as i16),
            DataType::Int => Value::Int(value as i32),
            _ => Value::Long(value),
        }
    };
    Ok(Value::Array((0..count).map(number).collect()))
}
