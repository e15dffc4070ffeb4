//! Times between zones, and texts as times with and without one.

use kindling_partition::{Error, Result};

use super::super::declare::{Args, Body, Function, Outcome, lookup, params};
use super::{micros, zone};
use crate::coerce::expect;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "from_utc_timestamp",
        "The clock time in a zone of a time whose clock is UTC's.",
        params!("timestamp", "=tz"),
        |a| shifted("from_utc_timestamp", a),
        |c| Ok(Value::Timestamp(zone(c.text(1))?.local(micros(&c.values[0])))),
    ),
    Function::rows(
        "to_utc_timestamp",
        "UTC's clock time of a time whose clock is a zone's.",
        params!("timestamp", "=tz"),
        |a| shifted("to_utc_timestamp", a),
        |c| Ok(Value::Timestamp(zone(c.text(1))?.instant(micros(&c.values[0])))),
    ),
    Function::rows(
        "convert_timezone",
        "A time without a zone from one zone's clock to another's.",
        params!("sourceTz", "targetTz", "~sourceTs"),
        |args| {
            let time = args.len() - 1;
            for i in 0..time {
                expect("convert_timezone", args, i, &DataType::String)?;
            }
            expect("convert_timezone", args, time, &DataType::TimestampNtz)?;
            Ok(Outcome::strict(DataType::TimestampNtz, args))
        },
        |c| {
            let time = c.values.len() - 1;
            let local = micros(&c.values[time]);
            let moment = if time > 1 { zone(c.text(0))?.instant(local) } else { local };
            Ok(Value::TimestampNtz(zone(c.text(time - 1))?.local(moment)))
        },
    ),
    Function::scalar(
        "to_timestamp_ltz",
        "The text as a timestamp, by a pattern when one is given.",
        params!("timestamp", "~format"),
        |a| like("to_timestamp", a),
        |args| call("to_timestamp", args),
    ),
    Function::scalar(
        "to_timestamp_ntz",
        "The text as a timestamp without a zone, by a pattern when one is given.",
        params!("timestamp", "~format"),
        |args| {
            if args.len() == 1 {
                expect("to_timestamp_ntz", args, 0, &DataType::TimestampNtz)?;
            } else {
                like("to_timestamp", args)?;
            }
            Ok(Outcome::new(DataType::TimestampNtz, true))
        },
        |args| {
            if args.args[0].data_type == DataType::TimestampNtz {
                return args.args[0].expand(args.rows);
            }
            let found = call("to_timestamp", &Args { result: &DataType::Timestamp, ..*args })?;
            crate::cast::cast(&found, &DataType::Timestamp, &DataType::TimestampNtz, false)
        },
    ),
    Function::scalar(
        "to_unix_timestamp",
        "Seconds since 1970 of a time or of a text by a pattern.",
        params!("timestamp", "~format"),
        |a| like("unix_timestamp", a),
        |args| call("unix_timestamp", args),
    ),
];

fn shifted(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Timestamp)?;
    expect(name, args, 1, &DataType::String)?;
    Ok(Outcome::strict(DataType::Timestamp, args))
}

fn like(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    (lookup(name).ok_or_else(|| super::super::declare_unknown(name))?.resolve)(args)
}

fn call(name: &str, args: &Args<'_>) -> Result<arrow_array::ArrayRef> {
    match lookup(name).map(|f| &f.body) {
        Some(Body::Scalar(kernel)) => kernel(args),
        _ => Err(Error::runtime(format!("{name} is no function of rows."))),
    }
}
