//! Options of readers and writers: names in any case, values as texts.

use kindling_partition::{Error, Result, did_you_mean};

/// `true` or `false`, in any case.
///
/// # Errors
/// When it is neither.
pub(crate) fn boolean(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Error::illegal_argument(format!("{name} flag can be true or false, found '{value}'."))),
    }
}

/// A number that isn't negative.
///
/// # Errors
/// When it is none.
pub(crate) fn number(name: &str, value: &str) -> Result<f64> {
    let found = value.trim().parse().ok().filter(|n: &f64| *n >= 0.0);
    found.ok_or_else(|| Error::illegal_argument(format!("{name} should be a number, found '{value}'.")))
}

/// Takes an option that means the same in every text format: encoding, time zone, locale. Says whether it was one.
///
/// # Errors
/// A value that Kindling can't serve.
pub(crate) fn common(name: &str, value: &str) -> Result<bool> {
    match name.to_ascii_lowercase().as_str() {
        "encoding" | "charset" if matches!(value.to_ascii_uppercase().as_str(), "UTF-8" | "UTF8" | "US-ASCII" | "ASCII") => Ok(true),
        "encoding" | "charset" => Err(Error::unsupported(format!("Files are UTF-8 here; the encoding '{value}' can't be used."))),
        // What has times takes it before.
        "timezone" => Ok(true),
        "locale" if value.starts_with("en") => Ok(true),
        "locale" => Err(Error::unsupported(format!("Names are English here; the locale '{value}' can't be used."))),
        _ => Ok(false),
    }
}

/// The error of an option that nobody knows, or that Kindling doesn't have.
pub(crate) fn unknown<const N: usize>(format: &str, name: &str, value: &str, names: [&str; N]) -> Error {
    if names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
        return Error::unsupported(format!("The {format} option {name} = '{value}' is not supported."));
    }
    Error::illegal_argument(format!("There is no {format} option '{name}'.{}", did_you_mean(name, names)))
}
