//! The windows of time that a moment falls into: `window`, `session_window`, `window_time`.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Body, Cells, Function, Outcome, params};
use super::micros;
use crate::coerce::{cast_to, described, literal, wrong_type};
use crate::datetime::MICROS_PER_SECOND;
use crate::interval::Interval;
use crate::typed::Typed;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

/// What `window` gives before it is made into rows; not a name that anybody can write.
pub(in super::super) const WINDOWS: &str = "window:rows";

/// `session_window` of one row, before those that meet become one; not a name that anybody can write.
pub(crate) const SESSION: &str = "session:rows";

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "window",
        doc: "The windows of time, such as \"10 minutes\", that a time falls into; a row for each where they overlap.",
        params: params!("timeColumn", "=windowDuration", "?slideDuration", "?startTime"),
        resolve: |args| {
            let DataType::Array(element, _) = &args[0].data_type else { return Err(wrong_type("window", args, 0, "TIMESTAMP")) };
            Ok(Outcome::new((**element).clone(), false))
        },
        body: Body::Generator { outer: false, position: false, members: false },
    },
    Function::rows_with_nulls(
        WINDOWS,
        "The windows of time that a time falls into, as an array.",
        params!("timeColumn", "=windowDuration", "?slideDuration", "?startTime"),
        |args| {
            let window = time_of("window", args)?;
            let [duration, slide, start] = sizes(args)?;
            let shown = |i: usize| args.get(i).map_or_else(String::new, crate::coerce::text);
            let range = |name: &str, given: String| {
                let text = format!("Cannot resolve {}: the {name} must be greater than 0, but it is {given}.", described("window", args));
                Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"))
            };
            if duration <= 0 {
                return range("window_duration", shown(1));
            }
            if slide <= 0 {
                return range("slide_duration", shown(2));
            }
            if slide > duration || start.abs() >= slide {
                let text = format!(
                    "Cannot resolve {}: the slide duration must be at most the window's, and the start time less than the slide duration.",
                    described("window", args)
                );
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION"));
            }
            Ok(Outcome::new(DataType::Array(window.into(), false), false))
        },
        windows,
    ),
    Function::rows(
        "session_window",
        "The window from a time to a gap later; grouped by it, windows that meet become one.",
        params!("timeColumn", "=gapDuration"),
        resolve_session,
        session,
    ),
    Function::rows(SESSION, "The window of one row.", params!("timeColumn", "=gapDuration"), resolve_session, session),
    Function::rows(
        "window_time",
        "The last moment of a window: a microsecond before its end.",
        params!("windowColumn"),
        |args| match &args[0].data_type {
            DataType::Struct(fields)
                if fields.len() == 2 && matches!(fields[1].data_type, DataType::Timestamp | DataType::TimestampNtz) =>
            {
                Ok(Outcome::strict(fields[1].data_type.clone(), args))
            }
            _ => Err(wrong_type("window_time", args, 0, "the STRUCT of a window")),
        },
        |c| {
            let Value::Struct(row) = &c.values[0] else { return Ok(Value::Null) };
            Ok(match row.values.get(1) {
                Some(Value::Timestamp(end)) => Value::Timestamp(end - 1),
                Some(Value::TimestampNtz(end)) => Value::TimestampNtz(end - 1),
                _ => Value::Null,
            })
        },
    ),
    Function::rows(
        "time_bucket",
        "The start of the bucket of a width that a time falls into, counted from an origin, 1970 unless given.",
        params!("bucketSize", "ts", "~origin"),
        |args| {
            if !args[0].data_type.is_ansi_interval() {
                return Err(wrong_type("time_bucket", args, 0, "INTERVAL"));
            }
            for i in 1..args.len() {
                if args[i].data_type != DataType::TimestampNtz {
                    crate::coerce::expect("time_bucket", args, i, &DataType::Timestamp)?;
                }
            }
            Ok(Outcome::strict(args[1].data_type.clone(), args))
        },
        bucket,
    ),
];

fn resolve_session(args: &mut [Typed]) -> Result<Outcome> {
    let window = time_of("session_window", args)?;
    if args[1].data_type != DataType::String && !args[1].data_type.is_ansi_interval() {
        return Err(wrong_type("session_window", args, 1, "STRING or INTERVAL"));
    }
    Ok(Outcome::new(window, true))
}

fn session(c: &Cells<'_>) -> Result<Value> {
    let gap = match &c.values[1] {
        Value::DayTimeInterval(micros, ..) => *micros,
        _ => duration(c.text(1))?,
    };
    let start = micros(&c.values[0]);
    Ok(if gap > 0 { window(start, start + gap, c.result) } else { Value::Null })
}

/// Makes the first argument a timestamp; gives the type of its windows.
fn time_of(name: &str, args: &mut [Typed]) -> Result<DataType> {
    match args[0].data_type {
        DataType::Timestamp | DataType::TimestampNtz => {}
        DataType::Date | DataType::Null | DataType::String => cast_to(&mut args[0], &DataType::Timestamp),
        _ => return Err(wrong_type(name, args, 0, "TIMESTAMP")),
    }
    let member = |name: &str| Field::new(name, args[0].data_type.clone(), true);
    Ok(DataType::Struct(vec![member("start"), member("end")]))
}

/// The microseconds of a duration such as `10 minutes`.
fn duration(text: &str) -> Result<i64> {
    let found = Interval::parse(text).ok_or_else(|| {
        Error::illegal_argument(format!("Unable to parse '{text}'. Write it as 10 minutes.")).with_condition("CANNOT_PARSE_INTERVAL")
    })?;
    if found.months != 0 {
        return Err(Error::new(ErrorKind::IllegalArgument, format!("Intervals greater than a month is not supported ({text}).")));
    }
    found.all_micros().ok_or_else(|| Error::illegal_argument(format!("The duration '{text}' is too long.")))
}

/// The window's duration, how far one window is from the next, and where the first starts.
fn sizes(args: &[Typed]) -> Result<[i64; 3]> {
    let text = |i: usize| match literal("window", args, i)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => match duration(text) {
            Ok(micros) => Ok(Some(micros)),
            Err(error) => Err(match error.condition() {
                Some(_) => Error::analysis(error.message()).with_condition("CANNOT_PARSE_INTERVAL"),
                None => Error::analysis(error.message()),
            }),
        },
        Some(_) => Err(Error::analysis("The duration and time inputs to window must be an integer, long or string literal.")),
    };
    let length = text(1)?.unwrap_or(0);
    Ok([length, text(2)?.unwrap_or(length), text(3)?.unwrap_or(0)])
}

fn window(start: i64, end: i64, data_type: &DataType) -> Value {
    let DataType::Struct(fields) = data_type else { return Value::Null };
    let names: Arc<[_]> = fields.iter().map(|f| f.name.clone()).collect();
    let time = |t: i64| if fields[0].data_type == DataType::TimestampNtz { Value::TimestampNtz(t) } else { Value::Timestamp(t) };
    Value::Struct(Row { names, values: vec![time(start), time(end)] })
}

/// The latest window first.
fn windows(c: &Cells<'_>) -> Result<Value> {
    let DataType::Array(element, _) = c.result else { return Ok(Value::Null) };
    if c.is_null(0) {
        return Ok(Value::Array([].into()));
    }
    let size = |i: usize| c.maybe_text(i).map(duration).transpose();
    let length = size(1)?.unwrap_or(0);
    let (slide, first) = (size(2)?.unwrap_or(length), size(3)?.unwrap_or(0));
    let time = micros(&c.values[0]);
    let last = time - (time - first).rem_euclid(slide);
    let count = (length + slide - 1) / slide;
    let starts = (0..count).map(|i| last - i * slide).filter(|start| time < start + length);
    Ok(Value::Array(starts.map(|start| window(start, start + length, element)).collect()))
}

fn bucket(c: &Cells<'_>) -> Result<Value> {
    let time = micros(&c.values[1]);
    let origin = c.values.get(2).map_or(0, micros);
    let start = match &c.values[0] {
        Value::DayTimeInterval(width, ..) if *width > 0 => Some(time - (time - origin).rem_euclid(*width)),
        Value::YearMonthInterval(width, ..) if *width > 0 => {
            let width = i64::from(*width);
            // A first guess by the length of the longest month, then forward.
            let mut months = (time - origin).div_euclid(31 * 86_400 * MICROS_PER_SECOND).div_euclid(width) * width;
            let at = |months: i64| super::units::plus_months(origin, months);
            while at(months + width).is_some_and(|next| next <= time) {
                months += width;
            }
            while at(months).is_some_and(|start| start > time) {
                months -= width;
            }
            at(months)
        }
        _ => {
            let text = format!("The bucket size must be greater than 0, but it is {}.", c.values[0]);
            return Err(Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.TIME_BUCKET_SIZE"));
        }
    };
    Ok(start.map_or(Value::Null, |start| match c.result {
        DataType::TimestampNtz => Value::TimestampNtz(start),
        _ => Value::Timestamp(start),
    }))
}
