//! The time of the query, and what else is the same in every row.

use std::cell::RefCell;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use kindling_partition::Result;

use super::super::declare::{Function, Outcome, Param, params};
use crate::datetime::MICROS_PER_DAY;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// Microseconds since the epoch. The engine has no clock of its own: who asks for the time sets it.
static NOW: AtomicI64 = AtomicI64::new(0);

/// What the session's clocks show then.
static LOCAL: AtomicI64 = AtomicI64::new(0);

/// Sets what `current_timestamp()` is in all queries that run from now on, in microseconds since the epoch.
pub fn set_query_time(micros: i64) {
    NOW.store(micros, Relaxed);
    LOCAL.store(crate::zone::local(micros), Relaxed);
}

/// What the session's clocks show, as [`set_query_time`] was last told.
pub(crate) fn local_now() -> i64 {
    LOCAL.load(Relaxed)
}

/// What [`set_query_time`] set.
pub(crate) fn query_time() -> i64 {
    NOW.load(Relaxed)
}

thread_local! {
    /// Expressions are analyzed on the driver's thread.
    static DATABASE: RefCell<Value> = RefCell::new(Value::from("default"));
}

/// Sets what `current_schema()` is in what this thread runs from now on.
pub(crate) fn set_database(name: &str) {
    DATABASE.set(Value::from(name));
}

/// The call has the current database as its argument, which nobody writes.
pub(crate) fn with_database(name: &str, args: &mut Vec<Typed>) {
    if args.is_empty() && names_database(name) {
        args.push(Typed::literal(DATABASE.with_borrow(Clone::clone)));
    }
}

fn names_database(function: &str) -> bool {
    matches!(function, "current_database" | "current_schema" | "current_path")
}

/// The argument of a call that has the current database, as it is when a query runs: `USE` comes between.
pub(crate) fn database_now(function: &str) -> Option<Typed> {
    names_database(function).then(|| Typed::literal(DATABASE.with_borrow(Clone::clone)))
}

fn a_text(_: &mut [Typed]) -> Result<Outcome> {
    Ok(Outcome::new(DataType::String, false))
}

macro_rules! constant {
    ($name:literal, $doc:literal, $type:ident, $value:expr) => {
        Function::rows($name, $doc, NONE, |_| Ok(Outcome::new(DataType::$type, false)), |_| Ok($value))
    };
}

const NONE: &[Param] = params!();

pub(in super::super) const FUNCTIONS: &[Function] = &[
    constant!(
        "current_date",
        "Today's date, the same in the whole query.",
        Date,
        Value::Date(query_time().div_euclid(MICROS_PER_DAY) as i32)
    ),
    constant!("curdate", "Today's date, the same in the whole query.", Date, Value::Date(query_time().div_euclid(MICROS_PER_DAY) as i32)),
    constant!("current_timestamp", "The time now, the same in the whole query.", Timestamp, Value::Timestamp(query_time())),
    constant!("now", "The time now, the same in the whole query.", Timestamp, Value::Timestamp(query_time())),
    constant!(
        "localtimestamp",
        "The time now without a zone, the same in the whole query.",
        TimestampNtz,
        Value::TimestampNtz(query_time())
    ),
    constant!("current_timezone", "The session's time zone.", String, Value::from("UTC")),
    constant!("current_catalog", "The current catalog.", String, Value::from("spark_catalog")),
    Function::rows("current_database", "The current database.", NONE, a_text, |c| Ok(c.values[0].clone())),
    Function::rows("current_schema", "The current database.", NONE, a_text, |c| Ok(c.values[0].clone())),
    Function::rows("current_path", "The schemas that names are looked up in.", NONE, a_text, |c| {
        Ok(format!("system.builtin,system.session,spark_catalog.{}", c.text(0)).into())
    }),
    constant!("current_user", "The user.", String, Value::from("kindling")),
    constant!("session_user", "The user.", String, Value::from("kindling")),
    constant!("user", "The user.", String, Value::from("kindling")),
    constant!("version", "The version of Spark whose semantics these are.", String, Value::from("4.3.0 kindling")),
];
