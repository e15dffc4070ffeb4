//! Writing a timestamp by a pattern.

use std::fmt::Write;

use super::names::{MONTHS, WEEKDAYS, short, weekday};
use super::pattern::Item;
use super::{Pattern, Zone};
use crate::datetime::{Civil, MICROS_PER_DAY, MICROS_PER_SECOND, civil, days};

impl Pattern {
    /// Appends a timestamp, microseconds since the epoch in UTC.
    pub fn format(&self, micros: i64, out: &mut String) {
        write_items(&self.items, &Moment::new(micros), out);
    }

    /// Appends a timestamp as the clocks of a zone show it.
    pub fn format_in(&self, micros: i64, zone: &Zone, name: &str, out: &mut String) {
        let (offset, short) = zone.at(micros);
        let moment = Moment { zone: Some((offset, short, name)), ..Moment::new(zone.local(micros)) };
        write_items(&self.items, &moment, out);
    }
}

struct Moment<'a> {
    /// Offset in seconds, abbreviation and name; none in UTC.
    zone: Option<(i32, &'a str, &'a str)>,
    days: i32,
    date: Civil,
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
}

impl Moment<'_> {
    fn new(micros: i64) -> Self {
        let days = micros.div_euclid(MICROS_PER_DAY) as i32;
        let within = micros.rem_euclid(MICROS_PER_DAY);
        let seconds = within / MICROS_PER_SECOND;
        Self {
            zone: None,
            days,
            date: civil(days),
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            micros: within % MICROS_PER_SECOND,
        }
    }

    fn day_of_year(&self) -> i32 {
        days(self.date.year, 1, 1).map_or(1, |first| self.days - first + 1)
    }
}

fn write_items(items: &[Item], at: &Moment<'_>, out: &mut String) {
    for item in items {
        match item {
            Item::Literal(text) => out.push_str(text),
            Item::Optional(items) => write_items(items, at, out),
            Item::Field(letter, count) => write_field(*letter, *count, at, out),
        }
    }
}

fn write_field(letter: char, count: usize, at: &Moment<'_>, out: &mut String) {
    let month = MONTHS[at.date.month as usize - 1];
    let quarter = (at.date.month - 1) / 3 + 1;
    match (letter, count) {
        ('y', _) => write_year(at.date.year, count, out),
        ('M' | 'L', 3) => out.push_str(short(month)),
        ('M' | 'L', 4) => out.push_str(month),
        ('M' | 'L', _) => number(i64::from(at.date.month), count, out),
        ('d', _) => number(i64::from(at.date.day), count, out),
        ('D', _) => number(i64::from(at.day_of_year()), count, out),
        ('F', _) => number(i64::from((at.date.day - 1) % 7 + 1), count, out),
        ('E', 4) => out.push_str(WEEKDAYS[weekday(at.days)]),
        ('E', _) => out.push_str(short(WEEKDAYS[weekday(at.days)])),
        ('G', 4) => out.push_str(if at.date.year > 0 { "Anno Domini" } else { "Before Christ" }),
        ('G', _) => out.push_str(if at.date.year > 0 { "AD" } else { "BC" }),
        ('Q' | 'q', 4) => out.push_str(["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"][quarter as usize - 1]),
        ('Q' | 'q', 3) => {
            out.push('Q');
            number(i64::from(quarter), 1, out);
        }
        ('Q' | 'q', _) => number(i64::from(quarter), count, out),
        ('a', _) => out.push_str(if at.hour < 12 { "AM" } else { "PM" }),
        ('H', _) => number(at.hour, count, out),
        ('k', _) => number(if at.hour == 0 { 24 } else { at.hour }, count, out),
        ('K', _) => number(at.hour % 12, count, out),
        ('h', _) => number(if at.hour % 12 == 0 { 12 } else { at.hour % 12 }, count, out),
        ('m', _) => number(at.minute, count, out),
        ('s', _) => number(at.second, count, out),
        ('S', _) => {
            let nanos = format!("{:06}000", at.micros);
            out.push_str(&nanos[..count]);
        }
        ('X' | 'x' | 'Z' | 'O' | 'z' | 'V', _) if at.zone.is_some_and(|(offset, ..)| offset != 0 || letter == 'V' || letter == 'z') => {
            write_zone(letter, count, at.zone.unwrap_or_default(), out);
        }
        // In UTC.
        ('X', _) | ('Z', 5) => out.push('Z'),
        ('x', 1) => out.push_str("+00"),
        ('x', 3 | 5) => out.push_str("+00:00"),
        ('O', _) | ('Z', 4) => out.push_str("GMT"),
        ('x' | 'Z', _) => out.push_str("+0000"),
        ('z', 4) => out.push_str("Coordinated Universal Time"),
        _ => out.push_str("UTC"),
    }
}

/// `+02`, `+0200`, `+02:00`, `GMT+2`, `CEST`, `Europe/Berlin`
fn write_zone(letter: char, count: usize, (offset, short, name): (i32, &str, &str), out: &mut String) {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = match (letter, count) {
        ('V', _) => out.write_str(name),
        ('z', _) => out.write_str(short),
        ('O', 1) if minutes == 0 => write!(out, "GMT{sign}{hours}"),
        ('O', 1) => write!(out, "GMT{sign}{hours}:{minutes:02}"),
        ('O', _) | ('Z', 4) => write!(out, "GMT{sign}{hours:02}:{minutes:02}"),
        ('X' | 'x', 1) if minutes == 0 => write!(out, "{sign}{hours:02}"),
        ('X' | 'x', 3) | ('X' | 'x' | 'Z', 5) if rest == 0 || count == 3 => write!(out, "{sign}{hours:02}:{minutes:02}"),
        ('X' | 'x' | 'Z', 5) => write!(out, "{sign}{hours:02}:{minutes:02}:{rest:02}"),
        _ => write!(out, "{sign}{hours:02}{minutes:02}"),
    };
}

fn write_year(year: i32, count: usize, out: &mut String) {
    match count {
        2 => number(i64::from(year.rem_euclid(100)), 2, out),
        _ => {
            if count >= 4 && i64::from(year) >= 10_i64.pow(count as u32) {
                out.push('+');
            }
            number(i64::from(year), count, out);
        }
    }
}

/// At least `width` digits; the sign stands before them.
fn number(value: i64, width: usize, out: &mut String) {
    let sign = if value < 0 { "-" } else { "" };
    let _ = write!(out, "{sign}{:0width$}", value.unsigned_abs());
}
