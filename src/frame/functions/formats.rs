use arrow_array::types::{Date32Type, Int64Type, TimestampMicrosecondType};
use kindling_partition::Result;

use super::declare::{Args, Function, Outcome, params};
use crate::coerce::{cast_to, expect, literal};
use crate::dates::{ParsedTimestamp, Pattern};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The pattern that Spark takes when none is given.
const DEFAULT: &str = "yyyy-MM-dd HH:mm:ss";

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "date_format",
        "The date or timestamp as text by a pattern such as `yyyy-MM-dd`.",
        params!("date", "=format"),
        |args| {
            expect("date_format", args, 0, &DataType::Timestamp)?;
            expect("date_format", args, 1, &DataType::String)?;
            pattern_of(literal("date_format", args, 1)?)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |args| {
            let (pattern, times) = (given(args)?, args.args[0].nums::<TimestampMicrosecondType>());
            args.rows_to_strings(|i, out| {
                Ok(match (times.get(i), &pattern) {
                    (Some(time), Some(pattern)) => {
                        pattern.format(time, out);
                        true
                    }
                    _ => false,
                })
            })
        },
    ),
    Function::scalar(
        "to_date",
        "The text as a date, by a pattern when one is given; an error when it is none.",
        params!("col", "?format"),
        |args| parsed("to_date", args, DataType::Date),
        |args| {
            if args.args[0].data_type == *args.result {
                return args.args[0].expand(args.rows);
            }
            let instants = instants(args, "try_to_date")?;
            args.rows_to_nums::<Date32Type>(|i| Ok(instants[i].map(|t| t.div_euclid(MICROS_PER_DAY) as i32)))
        },
    ),
    Function::scalar(
        "to_timestamp",
        "The text as a timestamp, by a pattern when one is given; an error when it is none.",
        params!("col", "?format"),
        |args| parsed("to_timestamp", args, DataType::Timestamp),
        |args| {
            if args.args[0].data_type == *args.result {
                return args.args[0].expand(args.rows);
            }
            let instants = instants(args, "try_to_timestamp")?;
            args.rows_to_nums::<TimestampMicrosecondType>(|i| Ok(instants[i]))
        },
    ),
    Function::scalar(
        "unix_timestamp",
        "Seconds since 1970 of a date, a timestamp, or a text by a pattern.",
        params!("timestamp", "?format"),
        |args| {
            if args[0].data_type == DataType::String {
                expect("unix_timestamp", args, 1, &DataType::String)?;
                checked("unix_timestamp", args)?;
            } else {
                expect("unix_timestamp", args, 0, &DataType::Timestamp)?;
            }
            Ok(Outcome::strict(DataType::Long, args))
        },
        |args| {
            if args.args[0].data_type == DataType::String {
                let instants = instants(args, "try_to_timestamp")?;
                return args.rows_to_nums::<Int64Type>(|i| Ok(instants[i].map(|t| t / MICROS_PER_SECOND)));
            }
            let times = args.args[0].nums::<TimestampMicrosecondType>();
            // Towards zero, unlike unix_seconds.
            args.rows_to_nums::<Int64Type>(|i| Ok(times.get(i).map(|t| t / MICROS_PER_SECOND)))
        },
    ),
    Function::scalar(
        "from_unixtime",
        "Seconds since 1970 as text by a pattern.",
        params!("timestamp", "?format"),
        |args| {
            expect("from_unixtime", args, 0, &DataType::Long)?;
            expect("from_unixtime", args, 1, &DataType::String)?;
            pattern_of(literal("from_unixtime", args, 1)?)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |args| {
            let (pattern, seconds) = (given(args)?, args.args[0].nums::<Int64Type>());
            args.rows_to_strings(|i, out| {
                Ok(match (seconds.get(i), &pattern) {
                    (Some(seconds), Some(pattern)) => {
                        pattern.format(seconds.wrapping_mul(MICROS_PER_SECOND), out);
                        true
                    }
                    _ => false,
                })
            })
        },
    ),
];

/// A pattern that is known when the frame is made must be one then.
fn checked(name: &str, args: &[Typed]) -> Result<()> {
    match literal(name, args, 1) {
        Ok(value) => pattern_of(value).map(|_| ()),
        Err(_) => Ok(()),
    }
}

fn pattern_of(value: Option<&Value>) -> Result<Option<Pattern>> {
    match value {
        None => Pattern::new(DEFAULT).map(Some),
        Some(value) => value.as_str().map(Pattern::new).transpose(),
    }
}

/// The pattern of the second argument; none when it is null.
fn given(args: &Args<'_>) -> Result<Option<Pattern>> {
    pattern_of(args.args.get(1).map(|a| crate::batch::value_at(&a.array, &a.data_type, 0)).as_ref())
}

fn parsed(name: &'static str, args: &mut [Typed], to: DataType) -> Result<Outcome> {
    if args.len() == 1 || args[0].data_type != DataType::String {
        if !crate::cast::can_cast(&args[0].data_type, &to) {
            return Err(crate::coerce::wrong_type(name, args, 0, "STRING, DATE or TIMESTAMP"));
        }
        cast_to(&mut args[0], &to);
    } else {
        expect(name, args, 1, &DataType::String)?;
        checked(name, args)?;
    }
    let nullable = to == DataType::Timestamp || args.iter().any(|a| a.nullable);
    Ok(Outcome::new(to, nullable))
}

/// The texts of the first argument read by the pattern of the second.
fn instants(args: &Args<'_>, instead: &str) -> Result<Vec<Option<i64>>> {
    let texts = args.args[0].strs();
    if let Some(patterns) = args.args.get(1).filter(|a| !a.scalar) {
        let patterns = patterns.strs();
        return (0..args.rows)
            .map(|i| match (texts.get(i), patterns.get(i)) {
                (Some(text), Some(pattern)) => {
                    let found = Pattern::new(pattern)?.parse(text).map_err(|failure| failure.into_error(instead))?;
                    Ok(Some(ParsedTimestamp::instant(found)))
                }
                _ => Ok(None),
            })
            .collect();
    }
    let pattern = given(args)?;
    (0..args.rows)
        .map(|i| match (texts.get(i), &pattern) {
            (Some(text), Some(pattern)) => match pattern.parse(text) {
                Ok(found) => Ok(Some(ParsedTimestamp::instant(found))),
                Err(failure) => Err(failure.into_error(instead)),
            },
            _ => Ok(None),
        })
        .collect()
}
