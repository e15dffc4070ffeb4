//! The session's time zone, `spark.sql.session.timeZone`: what reads clocks gets what the zone's clocks show, and what is read from clocks
//! becomes the moment at which they show it. In UTC, where both are the same, nothing is done.

use std::cell::RefCell;
use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use crate::analyze::make_call;
use crate::batch::{array_of, value_at};
use crate::dates::{ParsedTimestamp, Pattern, Zone, parse_timestamp};
use crate::datetime::MICROS_PER_SECOND;
use crate::functions::{Cells, Function, Outcome, Param, lookup, params};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::{Row, Value};

/// The setting's name.
pub(crate) const SETTING: &str = "spark.sql.session.timeZone";

thread_local! {
    /// None for UTC. Expressions are analyzed on the driver's thread.
    static CURRENT: RefCell<Option<(Arc<str>, Zone)>> = const { RefCell::new(None) };
}

/// Makes this the zone of what is analyzed from now on.
///
/// # Errors
/// `INVALID_CONF_VALUE.TIME_ZONE`
pub(crate) fn set(name: &str) -> Result<()> {
    let zone = Zone::named(name).ok_or_else(|| {
        let text = format!(
            "The value '{name}' in the config \"{SETTING}\" is invalid. Cannot resolve the given timezone: write a region such as \
             Europe/Berlin, or an offset such as +01:00."
        );
        Error::new(ErrorKind::IllegalArgument, text).with_condition("INVALID_CONF_VALUE.TIME_ZONE")
    })?;
    let here = !matches!(zone, Zone::Fixed(0));
    CURRENT.set(here.then(|| (name.into(), zone)));
    Ok(())
}

/// The zone's name; none for UTC.
pub(crate) fn name() -> Option<Arc<str>> {
    CURRENT.with_borrow(|current| current.as_ref().map(|(name, _)| name.clone()))
}

/// What the session's clocks show at a moment.
pub(crate) fn local(micros: i64) -> i64 {
    CURRENT.with_borrow(|current| current.as_ref().map_or(micros, |(_, zone)| zone.local(micros)))
}

/// The moment at which the session's clocks show a time.
pub(crate) fn instant(local: i64) -> i64 {
    CURRENT.with_borrow(|current| current.as_ref().map_or(local, |(_, zone)| zone.instant(local)))
}

/// Work with a zone for the session's, where it is done on another thread than the driver's.
pub(crate) fn within<T>(name: Option<&str>, work: impl FnOnce() -> T) -> T {
    let zone = name.and_then(|name| Some((name.into(), Zone::named(name)?)));
    let before = CURRENT.replace(zone);
    let done = work();
    CURRENT.set(before);
    done
}

/// The clocks that times in files, and in texts of JSON and CSV, are read from: those of the option `timeZone`, else the session's.
#[derive(Clone, Debug)]
pub struct Clocks(Option<(Arc<str>, Zone)>);

impl Default for Clocks {
    fn default() -> Self {
        Self(CURRENT.with_borrow(Clone::clone))
    }
}

impl Clocks {
    /// # Errors
    /// `INVALID_TIMEZONE`
    pub fn named(name: &str) -> Result<Self> {
        let zone = Zone::named(name).filter(|_| !name.is_empty()).ok_or_else(|| {
            let text = format!("The timezone: {name} is invalid. Write a region such as Europe/Berlin, or an offset such as +01:00.");
            Error::new(ErrorKind::DateTime, text).with_condition("INVALID_TIMEZONE")
        })?;
        Ok(Self(Some((name.into(), zone))))
    }

    /// Microseconds since the epoch of a time that was read.
    pub fn instant(&self, read: ParsedTimestamp) -> i64 {
        match &self.0 {
            Some((_, zone)) if read.offset.is_none() => zone.instant(read.local),
            _ => read.instant(),
        }
    }

    /// What the clocks show at a moment.
    pub fn local(&self, micros: i64) -> i64 {
        self.0.as_ref().map_or(micros, |(_, zone)| zone.local(micros))
    }

    /// Appends a moment as the clocks show it.
    pub fn format(&self, micros: i64, pattern: &Pattern, out: &mut String) {
        match &self.0 {
            Some((_, Zone::Fixed(0))) | None => pattern.format(micros, out),
            Some((name, zone)) => pattern.format_in(micros, zone, name, out),
        }
    }
}

/// A column as the session's clocks show its moments; none where nothing changes.
pub(crate) fn shown(column: &arrow_array::ArrayRef, data_type: &DataType) -> Option<arrow_array::ArrayRef> {
    let zone = CURRENT.with_borrow(|current| current.as_ref().map(|(_, zone)| zone.clone()))?;
    if !has_moments(data_type) {
        return None;
    }
    let values: Vec<Value> = (0..column.len()).map(|row| mapped(&value_at(column, data_type, row), &|t| zone.local(t))).collect();
    array_of(data_type, &values).ok()
}

fn has_moments(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp => true,
        DataType::Array(element, _) => has_moments(element),
        DataType::Map(key, value, _) => has_moments(key) || has_moments(value),
        DataType::Struct(fields) => fields.iter().any(|f| has_moments(&f.data_type)),
        _ => false,
    }
}

/// The value with every moment changed.
fn mapped(value: &Value, change: &impl Fn(i64) -> i64) -> Value {
    match value {
        Value::Timestamp(micros) => Value::Timestamp(change(*micros)),
        Value::Array(items) => Value::Array(items.iter().map(|v| mapped(v, change)).collect()),
        Value::Map(entries) => Value::Map(entries.iter().map(|(k, v)| (mapped(k, change), mapped(v, change))).collect()),
        Value::Struct(row) => {
            Value::Struct(Row { names: row.names.clone(), values: row.values.iter().map(|v| mapped(v, change)).collect() })
        }
        other => other.clone(),
    }
}

const LOCAL: &str = "zone:local";
const INSTANT: &str = "zone:instant";
const READ: &str = "zone:read";
const TRY_READ: &str = "zone:try_read";
const FORMAT: &str = "zone:format";
const VARIANT: &str = "zone:variant";
const TRY_VARIANT: &str = "zone:try_variant";
const LOCAL_SECONDS: &str = "zone:local_seconds";
const INSTANT_SECONDS: &str = "zone:instant_seconds";

const VALUE_AND_ZONE: &[Param] = params!("value", "=zone");

/// Functions that nobody can write: a value's last argument is a zone.
pub(crate) const FUNCTIONS: &[Function] = &[
    Function::rows(LOCAL, "What a zone's clocks show.", VALUE_AND_ZONE, same_type, |c| {
        let zone = of(c)?;
        Ok(mapped(&c.values[0], &|t| zone.local(t)))
    }),
    Function::rows(INSTANT, "When a zone's clocks show it.", VALUE_AND_ZONE, same_type, |c| {
        let zone = of(c)?;
        Ok(mapped(&c.values[0], &|t| zone.instant(t)))
    }),
    Function::rows(LOCAL_SECONDS, "What a zone's clocks show, in seconds.", VALUE_AND_ZONE, same_type, |c| {
        let zone = of(c)?;
        Ok(Value::Long(zone.local(c.long(0).saturating_mul(MICROS_PER_SECOND)).div_euclid(MICROS_PER_SECOND)))
    }),
    Function::rows(INSTANT_SECONDS, "When a zone's clocks show it, in seconds.", VALUE_AND_ZONE, same_type, |c| {
        let zone = of(c)?;
        Ok(Value::Long(zone.instant(c.long(0).saturating_mul(MICROS_PER_SECOND)).div_euclid(MICROS_PER_SECOND)))
    }),
    Function::rows(VARIANT, "A cast from variants.", VALUE_AND_ZONE, same_type, |c| of_variants(c, false)),
    Function::rows(TRY_VARIANT, "A cast from variants, or null.", VALUE_AND_ZONE, same_type, |c| of_variants(c, true)),
    Function::rows(READ, "The moment that a text says on a zone's clocks.", VALUE_AND_ZONE, a_moment, |c| read(c, false)),
    Function::rows(TRY_READ, "The moment that a text says on a zone's clocks, or null.", VALUE_AND_ZONE, a_moment, |c| read(c, true)),
    Function::rows(
        FORMAT,
        "A moment by a pattern, on a zone's clocks.",
        params!("value", "=format", "=zone"),
        |args| Ok(Outcome::strict(DataType::String, args)),
        |c| {
            let zone = of(c)?;
            let mut out = String::new();
            if let Value::Timestamp(micros) = c.values[0] {
                Pattern::new(c.text(1))?.format_in(micros, &zone, c.text(2), &mut out);
            }
            Ok(out.into())
        },
    ),
];

fn of(c: &Cells<'_>) -> Result<Zone> {
    let name = c.text(c.values.len() - 1);
    Zone::named(name).ok_or_else(|| Error::runtime(format!("There is no time zone {name}.")))
}

fn same_type(args: &mut [Typed]) -> Result<Outcome> {
    Ok(Outcome::new(args[0].data_type.clone(), args[0].nullable))
}

fn a_moment(args: &mut [Typed]) -> Result<Outcome> {
    Ok(Outcome::new(DataType::Timestamp, args[0].nullable))
}

fn of_variants(c: &Cells<'_>, to_null: bool) -> Result<Value> {
    within(c.maybe_text(1), || {
        let column = array_of(&c.types[0], &c.values[..1])?;
        Ok(value_at(&crate::cast::cast(&column, &c.types[0], c.result, to_null)?, c.result, 0))
    })
}

fn read(c: &Cells<'_>, to_null: bool) -> Result<Value> {
    match parse_timestamp(c.text(0).as_bytes()) {
        Some(parsed) if parsed.offset.is_none() => Ok(Value::Timestamp(of(c)?.instant(parsed.local))),
        Some(parsed) => Ok(Value::Timestamp(parsed.instant())),
        None => {
            // The cast says what is wrong, and knows `epoch`.
            let text = array_of(&DataType::String, &c.values[..1])?;
            let found = crate::cast::cast(&text, &DataType::String, &DataType::Timestamp, to_null)?;
            Ok(value_at(&found, &DataType::Timestamp, 0))
        }
    }
}

fn wrapped(function: &str, value: Typed, zone: &Arc<str>) -> Typed {
    let (data_type, nullable) = (value.data_type.clone(), value.nullable);
    let data_type = if matches!(function, READ | TRY_READ) { DataType::Timestamp } else { data_type };
    let Some(function) = lookup(function) else { return value };
    let zone = Typed::literal(Value::String(zone.clone()));
    Typed { kind: Kind::Call { function, args: vec![value, zone], distinct: false }, data_type, nullable }
}

/// What a step of this module was made of; none of any other expression.
pub(crate) fn unzoned(expr: &Typed) -> Option<&Typed> {
    match &expr.kind {
        Kind::Call { function, args, .. } if function.name.starts_with("zone:") && function.name != FORMAT => args.first(),
        _ => None,
    }
}

/// A cast, by the session's clocks where a moment and a clock's time meet.
pub(crate) fn cast(child: Typed, to: &DataType, to_null: bool) -> Typed {
    let clock = matches!((&child.data_type, to), (DataType::String, DataType::Time(_)) | (DataType::Time(_), DataType::Decimal(..)));
    let nullable = child.nullable || to_null || clock;
    let plain = |child: Typed| Typed { kind: Kind::Cast { child: Box::new(child), to_null }, data_type: to.clone(), nullable };
    let Some(zone) = name() else { return plain(child) };
    match (&child.data_type, to) {
        (from, to) if from.has_variant() => {
            let cast = wrapped(if to_null { TRY_VARIANT } else { VARIANT }, child, &zone);
            Typed { data_type: to.clone(), nullable, ..cast }
        }
        (DataType::String, DataType::Timestamp) => wrapped(if to_null { TRY_READ } else { READ }, child, &zone),
        (DataType::Date | DataType::Time(_) | DataType::TimestampNtz, DataType::Timestamp) => wrapped(INSTANT, plain(child), &zone),
        (from, to) if has_moments(from) && !has_moments(to) && !to.is_numeric() && !matches!(to, DataType::Boolean | DataType::Variant) => {
            plain(wrapped(LOCAL, child, &zone))
        }
        _ => plain(child),
    }
}

/// How a function reads clocks.
enum Clock {
    /// Its moments as the clocks show them, and what it gives back again as moments.
    Both,
    /// What it gives is read from clocks.
    Result,
    /// As [`Result`](Self::Result), in seconds.
    Seconds,
    /// Its first argument counts seconds.
    FromSeconds,
    Format,
}

/// How a call reads clocks; none when it doesn't. The arguments are of the types that the function takes.
fn clock(name: &str, args: &[Typed]) -> Option<Clock> {
    let text = |i: usize| match args.get(i).map(|a| &a.kind) {
        Some(Kind::Literal(Value::String(text))) => Some(&**text),
        _ => None,
    };
    let is = |i: usize, data_type: &DataType| args.get(i).is_some_and(|a| a.data_type == *data_type);
    // A pattern that reads zones says which moment it is.
    let zoneless = !text(1).is_some_and(|p| p.contains(['X', 'x', 'Z', 'z', 'V', 'O']));
    Some(match name {
        "hour" | "minute" | "second" | "date_trunc" | "extract" | "date_part" | "datepart" | "months_between" | "timestamp_diff"
        | "times -" | "sequence" | "time +" | "+ time" | "time -" => Clock::Both,
        "timestamp_add"
            if text(0).is_some_and(|u| !["MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR"].contains(&&*u.to_uppercase())) =>
        {
            Clock::Both
        }
        "make_timestamp" | "make_timestamp_ltz" | "try_make_timestamp" | "try_make_timestamp_ltz" if !matches!(args.len(), 3 | 7) => {
            Clock::Result
        }
        "to_timestamp" | "try_to_timestamp" | "to_timestamp_ltz" if is(0, &DataType::String) && args.len() > 1 && zoneless => Clock::Result,
        "unix_timestamp" | "to_unix_timestamp" if is(0, &DataType::String) && zoneless => Clock::Seconds,
        "from_unixtime" => Clock::FromSeconds,
        "date_format" if is(0, &DataType::Timestamp) => Clock::Format,
        _ => return None,
    })
}

/// The call of a function over resolved arguments, by the session's clocks.
pub(crate) fn zoned(function: &'static Function, mut args: Vec<Typed>, outcome: Outcome, distinct: bool) -> Result<Typed> {
    let made = |function: &'static Function, args: Vec<Typed>| Typed {
        kind: Kind::Call { function, args, distinct },
        data_type: outcome.data_type.clone(),
        nullable: outcome.nullable,
    };
    let Some(zone) = name() else { return Ok(made(function, args)) };
    // These read their options where there is no session.
    let options = match function.name {
        "from_json" | "from_csv" | "from_xml" => 2,
        "to_json" | "to_csv" | "to_xml" => 1,
        _ => usize::MAX,
    };
    let entry = (Value::from("timeZone"), Value::String(zone.clone()));
    if args.len() == options {
        args.push(Typed::literal(Value::Map([entry].into())));
    } else if let Some(Typed { kind: Kind::Literal(Value::Map(entries)), .. }) = args.get_mut(options) {
        // Of two the last counts.
        *entries = std::iter::once(entry).chain(entries.iter().cloned()).collect();
    }
    match (function.name, clock(function.name, &args)) {
        ("current_timezone", _) => return Ok(Typed::literal(Value::String(zone))),
        ("current_date" | "curdate", _) => return Ok(cast(make_call("current_timestamp", Vec::new(), false)?, &DataType::Date, false)),
        ("localtimestamp", _) => return Ok(cast(make_call("current_timestamp", Vec::new(), false)?, &DataType::TimestampNtz, false)),
        ("variant_get" | "try_variant_get" | "to_json", _) if args[0].data_type.has_variant() => {
            // What was left out, and the zone.
            if function.name == "to_json" && args.len() == 1 {
                args.push(Typed::literal(Value::Map([].into())));
            } else if args.len() == 2 && function.name != "to_json" {
                args.push(Typed::literal(outcome.data_type.simple_string().into()));
            }
            args.push(Typed::literal(Value::String(zone)));
            return Ok(made(function, args));
        }
        (_, None) => return Ok(made(function, args)),
        (_, Some(Clock::Both)) => {
            for arg in &mut args {
                if has_moments(&arg.data_type) {
                    *arg = wrapped(LOCAL, std::mem::replace(arg, Typed::literal(Value::Null)), &zone);
                }
            }
        }
        (_, Some(Clock::FromSeconds)) => {
            if let Some(arg) = args.first_mut() {
                *arg = wrapped(LOCAL_SECONDS, std::mem::replace(arg, Typed::literal(Value::Null)), &zone);
            }
        }
        (_, Some(Clock::Format)) => {
            if let Some(format) = lookup(FORMAT) {
                args.push(Typed::literal(Value::String(zone)));
                return Ok(made(format, args));
            }
        }
        (_, Some(Clock::Seconds)) => return Ok(wrapped(INSTANT_SECONDS, made(function, args), &zone)),
        (_, Some(Clock::Result)) => {}
    }
    let call = made(function, args);
    Ok(if has_moments(&call.data_type) { wrapped(INSTANT, call, &zone) } else { call })
}
