//! Spark's TIME type is there, and for most of what can be done with it switched off: literals, columns, `current_time()` and comparisons are
//! always there; casts to it, its functions and its arithmetic, its files and tables wait for `spark.sql.timeType.enabled`.

use std::cell::Cell;

use kindling_partition::{Error, Result};

use crate::types::DataType;

/// The setting's name.
pub(crate) const SETTING: &str = "spark.sql.timeType.enabled";

thread_local! {
    /// Expressions are analyzed on the driver's thread.
    static ENABLED: Cell<bool> = const { Cell::new(false) };
}

/// Switches what is analyzed from now on.
pub(crate) fn set(value: &str) {
    ENABLED.set(value.eq_ignore_ascii_case("true"));
}

pub(crate) fn is_enabled() -> bool {
    ENABLED.get()
}

/// # Errors
/// `UNSUPPORTED_TIME_TYPE` unless the setting is on.
pub(crate) fn needed() -> Result<()> {
    if is_enabled() {
        return Ok(());
    }
    let text =
        format!("The data type TIME is not supported. Spark has it switched off: spark.conf.set(\"{SETTING}\", True) switches it on.");
    Err(Error::analysis(text).with_condition("UNSUPPORTED_TIME_TYPE"))
}

/// As [`needed`], where the type is TIME or has it within.
///
/// # Errors
/// `UNSUPPORTED_TIME_TYPE`
pub(crate) fn checked(data_type: &DataType) -> Result<()> {
    if data_type.any(|t| matches!(t, DataType::Time(_))) { needed() } else { Ok(()) }
}
