//! Dates and timestamps as text: the forms that Spark's casts accept, and `DateTimeFormatter` patterns.

mod format;
mod names;
mod parse;
mod pattern;
mod rules;
mod zone;

pub use pattern::{ParseFailure, Pattern};
pub use rules::Zone;
pub use zone::zone_offset;

use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, NANOS_PER_SECOND, days};

/// A timestamp that was read: its clock time, and the offset of its zone in seconds when it named one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedTimestamp {
    /// Microseconds since 1970-01-01 00:00 on the clock of its zone.
    pub local: i64,
    pub offset: Option<i32>,
}

impl ParsedTimestamp {
    /// Microseconds since the epoch; a clock without a zone is UTC's.
    pub fn instant(self) -> i64 {
        self.local - i64::from(self.offset.unwrap_or(0)) * MICROS_PER_SECOND
    }
}

/// The date that a string casts to: `yyyy`, `yyyy-M`, `yyyy-M-d`, and after a whole date anything behind a space or `T`; spaces around.
/// None when it is no date. Spark's `SparkDateTimeUtils.stringToDate`.
pub fn parse_date(text: &[u8]) -> Option<i32> {
    let text = trim(text);
    let (sign, text) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    let (year, rest) = number(text, 4, 7)?;
    let (month, rest) = part_after_dash(rest)?;
    let (day, rest) = match month {
        Some(_) => part_after_dash(rest)?,
        None => (None, rest),
    };
    let ended = rest.is_empty() || (day.is_some() && matches!(rest[0], b' ' | b'T'));
    if ended { days(sign * year as i32, month.unwrap_or(1), day.unwrap_or(1)) } else { None }
}

/// `-MM` or `-M` at the start: its number and the rest; no number when there is no dash; none when something else follows the dash.
fn part_after_dash(text: &[u8]) -> Option<(Option<u32>, &[u8])> {
    match text {
        [b'-', rest @ ..] => number(rest, 1, 2).map(|(n, rest)| (Some(n), rest)),
        _ => Some((None, text)),
    }
}

/// All digits at the start as a number, when there are `min` to `max` of them.
fn number(text: &[u8], min: usize, max: usize) -> Option<(u32, &[u8])> {
    let digits = text.iter().take(max + 1).take_while(|b| b.is_ascii_digit()).count();
    if digits < min || digits > max {
        return None;
    }
    let (digits, rest) = text.split_at(digits);
    Some((digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')), rest))
}

/// The timestamp that a string casts to: a date as [`parse_date`] has it, then perhaps ` ` or `T`, `H`, `H:m`, `H:m:s` or `H:m:s.ffffff` and
/// a zone. Digits after the sixth of the fraction are dropped. None when it is no timestamp.
///
/// Spark's `SparkDateTimeUtils.parseTimestampString`, but that a time alone, which would be today's, is refused.
pub fn parse_timestamp(text: &[u8]) -> Option<ParsedTimestamp> {
    let text = trim(text);
    let (sign, unsigned) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    let (year, rest) = number(unsigned, 4, 6)?;
    let (month, rest) = part_after_dash(rest)?;
    let (day, rest) = match month {
        Some(_) => part_after_dash(rest)?,
        None => (None, rest),
    };
    let date = days(sign * year as i32, month.unwrap_or(1), day.unwrap_or(1))?;
    let midnight = i64::from(date) * MICROS_PER_DAY;
    let rest = match rest {
        [] => return Some(ParsedTimestamp { local: midnight, offset: None }),
        [b' ' | b'T', rest @ ..] if day.is_some() => rest,
        _ => return None,
    };
    let (hour, rest) = number(rest, 1, 2)?;
    let (minute, rest) = time_part(rest)?;
    let (second, rest) = match minute {
        Some(_) => time_part(rest)?,
        None => (None, rest),
    };
    let (minute, seconds) = (minute.unwrap_or(0), second.unwrap_or(0));
    let (micros, rest) = match rest {
        [b'.', fraction @ ..] if second.is_some() => fraction_of_second(fraction, 6),
        _ => (0, rest),
    };
    if hour > 23 || minute > 59 || seconds > 59 {
        return None;
    }
    let local = midnight + i64::from(hour * 3600 + minute * 60 + seconds) * MICROS_PER_SECOND + i64::from(micros);
    let offset = match rest {
        [] => None,
        _ if second.is_none() => return None,
        zone => Some(Zone::named(std::str::from_utf8(zone).ok()?)?.offset_of(local)),
    };
    Some(ParsedTimestamp { local, offset })
}

/// The time of the day that a string casts to, in nanoseconds: `H:m`, `H:m:s` or `H:m:s.fffffffff`, perhaps after a `T`, perhaps with AM or PM
/// behind, which want hours from 1 to 12. Digits after the ninth of the fraction are dropped. None when it is no time.
///
/// Spark's `SparkDateTimeUtils.stringToTime`.
pub fn parse_time(text: &[u8]) -> Option<i64> {
    let text = trim(text);
    let half = match text {
        [.., half @ (b'a' | b'A' | b'p' | b'P'), b'm' | b'M'] => Some(half.to_ascii_lowercase()),
        _ => None,
    };
    let text = if half.is_some() { trim(&text[..text.len() - 2]) } else { text };
    let (marked, text) = text.strip_prefix(b"T").map_or((false, text), |rest| (true, rest));
    let (hour, rest) = number(text, 1, 2)?;
    let (minute, rest) = time_part(rest)?;
    let (second, rest) = if minute.is_some() { time_part(rest)? } else { (None, rest) };
    let (nanos, rest) = match rest {
        [b'.', fraction @ ..] if second.is_some() => fraction_of_second(fraction, 9),
        _ => (0, rest),
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + if half == b'p' { 12 } else { 0 },
    };
    let (minutes, seconds) = (minute.unwrap_or(0), second.unwrap_or(0));
    let fits = rest.is_empty() && (marked || minute.is_some()) && hour < 24 && minutes < 60 && seconds < 60;
    fits.then(|| i64::from(hour * 3600 + minutes * 60 + seconds) * NANOS_PER_SECOND + i64::from(nanos))
}

/// The time of the day that a text says by a pattern; without one in any form that [`parse_time`] takes.
pub(crate) fn time_by(text: &str, pattern: Option<&Pattern>) -> Option<i64> {
    match pattern {
        None => parse_time(text.as_bytes()),
        Some(pattern) => Some(pattern.try_parse(text)?.local.rem_euclid(MICROS_PER_DAY) * 1000),
    }
}

/// `:mm` or `:m` at the start, as [`part_after_dash`].
fn time_part(text: &[u8]) -> Option<(Option<u32>, &[u8])> {
    match text {
        [b':', rest @ ..] => number(rest, 1, 2).map(|(n, rest)| (Some(n), rest)),
        _ => Some((None, text)),
    }
}

/// The digits at the start as so many digits after the second; those that are more don't count.
fn fraction_of_second(text: &[u8], wanted: usize) -> (u32, &[u8]) {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(digits);
    ((0..wanted).fold(0, |n, i| n * 10 + digits.get(i).map_or(0, |d| u32::from(d - b'0'))), rest)
}

/// Without spaces and control characters around, as Spark's `UTF8String.trimAll`.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let blank = |b: &u8| *b <= b' ' || *b == 0x7F;
    let start = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let end = text.iter().rposition(|b| !blank(b)).map_or(start, |i| i + 1);
    &text[start..end]
}

/// Expected values: `date_format`, `to_date` and `to_timestamp` of Spark 4.3, by tests/reference/casts.py.
#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::datetime::{date_text, timestamp_text};

    fn reference() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/casts.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON")
    }

    #[test]
    fn patterns_write_as_in_spark() {
        for case in reference()["formats"].as_array().expect("a list") {
            let micros = parse_timestamp(case["moment"].as_str().expect("moment").as_bytes()).expect("a timestamp").instant();
            match Pattern::new(case["pattern"].as_str().expect("pattern")) {
                Ok(pattern) => {
                    let mut text = String::new();
                    pattern.format(micros, &mut text);
                    assert_eq!(Some(text.as_str()), case["value"].as_str(), "{case}");
                }
                Err(error) => assert!(case.get("error").is_some(), "{case}: {error}"),
            }
        }
    }

    #[test]
    fn patterns_read_as_in_spark() {
        for case in reference()["parses"].as_array().expect("a list") {
            let text = case["text"].as_str().expect("text");
            // Quarters and weekdays Spark doesn't read, and says so of the pattern.
            let Ok(pattern) = Pattern::new(case["pattern"].as_str().expect("pattern")) else {
                assert!(case["try"].get("error").is_some(), "{case}");
                continue;
            };
            match pattern.parse(text) {
                Ok(parsed) => {
                    assert_eq!(Some(timestamp_text(parsed.instant()).as_str()), case["timestamp"]["value"].as_str(), "{case}");
                    let day = date_text(parsed.instant().div_euclid(MICROS_PER_DAY) as i32);
                    assert_eq!(Some(day.as_str()), case["date"]["value"].as_str(), "{case}");
                }
                Err(failure) if case["timestamp"]["error"].as_str().is_some_and(|e| e.starts_with("[CANNOT_PARSE")) => {
                    assert_eq!(
                        Value::from(failure.clone().into_error("try_to_timestamp").to_string()),
                        case["timestamp"]["error"],
                        "{case}"
                    );
                    assert_eq!(Value::from(failure.into_error("try_to_date").to_string()), case["date"]["error"], "{case}");
                }
                Err(failure) => assert!(case["timestamp"].get("error").is_some(), "{case}: {failure:?}"),
            }
        }
    }

    #[test]
    fn zones_without_rules_have_offsets() {
        let zones = ["Z", "UTC", "+2", "-08:00", "+0530", "GMT+1", "UTC-03:30", "+18:00"];
        assert_eq!(zones.map(zone_offset), [0, 0, 7200, -28800, 19800, 3600, -12600, 64800].map(Some));
        assert_eq!(["Europe/Berlin", "+19", "", "+", "+1:60", "PST"].map(zone_offset), [None; 6]);
    }
}
