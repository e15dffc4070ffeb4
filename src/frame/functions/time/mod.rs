//! Functions of dates and times beyond the everyday ones of `temporal.rs`.

pub(super) mod arithmetic;
pub(super) mod clock;
pub(super) mod epoch;
pub(super) mod make;
pub(super) mod of_day;
pub(super) mod parts;
pub(super) mod units;
pub(super) mod window;
pub(super) mod zones;

pub(crate) use arithmetic::{time_operator, unswapped};
pub use clock::set_query_time;
pub(crate) use clock::{database_now, local_now, query_time, set_database, with_database};
pub(crate) use of_day::{NANOS, OF_NANOS};
pub(crate) use window::SESSION;

use kindling_partition::{Error, ErrorKind, Result};

use crate::dates::Zone;
use crate::value::Value;

/// The microseconds since the epoch of a time of any type.
pub(super) fn micros(value: &Value) -> i64 {
    match value {
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => *micros,
        Value::Date(days) => i64::from(*days) * crate::datetime::MICROS_PER_DAY,
        _ => 0,
    }
}

/// The time zone of this name or offset.
///
/// # Errors
/// `INVALID_TIMEZONE`
pub(super) fn zone(zone: &str) -> Result<Zone> {
    if let Some(zone) = Zone::named(zone) {
        return Ok(zone);
    }
    let text = format!(
        "The timezone: {zone} is invalid. The timezone must be either a region-based zone ID or a zone offset. Region IDs must have the form \
         'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the format '(+|-)HH', '(+|-)HH:mm' or '(+|-)HH:mm:ss'."
    );
    Err(Error::new(ErrorKind::DateTime, text).with_condition("INVALID_TIMEZONE"))
}
