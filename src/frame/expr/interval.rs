use std::fmt;

/// A span of time as `INTERVAL` writes it: months on the calendar, days, and microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
    /// The largest and the smallest unit that was written.
    units: Option<(usize, usize)>,
}

const SECOND: i64 = 1_000_000;

/// From the largest; what each is in months, days or microseconds.
const UNITS: [(&str, i64); 9] = [
    ("YEAR", 12),
    ("MONTH", 1),
    ("WEEK", 7),
    ("DAY", 1),
    ("HOUR", 3600 * SECOND),
    ("MINUTE", 60 * SECOND),
    ("SECOND", SECOND),
    ("MILLISECOND", 1000),
    ("MICROSECOND", 1),
];
const DAY: usize = 3;

impl Interval {
    /// Whether a word is a unit of time, in singular or plural.
    pub(crate) fn is_unit(word: &str) -> bool {
        unit(word).is_some()
    }

    /// Adds `3 DAYS`, `'1-2' YEAR TO MONTH`, or a text such as `1 day 2 hours`; none when the text is no such thing.
    pub(crate) fn add_text(&mut self, text: &str, unit_name: Option<&str>, to: Option<&str>) -> Option<()> {
        match (unit_name, to) {
            (Some(name), None) => self.add(text.trim(), unit(name)?),
            (Some(from), Some(to)) => self.add_range(text.trim(), unit(from)?, unit(to)?),
            (None, _) => {
                let text = text.trim();
                let words: Vec<&str> = text.strip_prefix("interval ").unwrap_or(text).split_whitespace().collect();
                if words.is_empty() || words.len() % 2 == 1 {
                    return None;
                }
                words.chunks(2).try_for_each(|pair| self.add(pair[0], unit(pair[1])?))
            }
        }
    }

    fn add(&mut self, number: &str, unit: usize) -> Option<()> {
        let each = UNITS[unit].1;
        match unit {
            0 | 1 => self.months = self.months.checked_add(i32::try_from(number.parse::<i64>().ok()?.checked_mul(each)?).ok()?)?,
            2 | DAY => self.days = self.days.checked_add(i32::try_from(number.parse::<i64>().ok()?.checked_mul(each)?).ok()?)?,
            _ => self.micros = self.micros.checked_add(scaled(number, each)?)?,
        }
        let unit = if unit == 2 { DAY } else { unit.min(6) };
        let (first, last) = self.units.unwrap_or((unit, unit));
        self.units = Some((first.min(unit), last.max(unit)));
        Some(())
    }

    /// `1-2` from years to months; `1 02:03:04` from days to seconds.
    fn add_range(&mut self, text: &str, from: usize, to: usize) -> Option<()> {
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text),
        };
        let units: Vec<usize> = (from..=to).filter(|u| *u != 2).collect();
        let parts: Vec<&str> = text.split(['-', ' ', ':']).filter(|p| !p.is_empty()).collect();
        if parts.len() != units.len() {
            return None;
        }
        parts.iter().zip(units).try_for_each(|(part, unit)| self.add(&format!("{sign}{part}"), unit))
    }

    /// Days and smaller in microseconds.
    pub(crate) fn all_micros(&self) -> i64 {
        i64::from(self.days) * 86_400 * SECOND + self.micros
    }

    #[must_use]
    pub(crate) fn negated(&self) -> Self {
        Self { months: -self.months, days: -self.days, micros: -self.micros, units: self.units }
    }
}

fn unit(word: &str) -> Option<usize> {
    let word = word.to_uppercase();
    UNITS.iter().position(|(name, _)| word == *name || word.strip_suffix('S') == Some(name))
}

/// A number with up to six digits of a fraction, times `each`.
fn scaled(text: &str, each: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole_part: i64 = if matches!(whole, "" | "-" | "+") { 0 } else { whole.parse().ok()? };
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits: i64 = format!("{fraction:0<6}")[..6].parse().ok()?;
    let part = digits.checked_mul(each)? / 1_000_000;
    whole_part.checked_mul(each)?.checked_add(if whole.starts_with('-') { -part } else { part })
}

/// As Spark writes an ANSI interval: `INTERVAL '1' DAY`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 02:03:04' DAY TO SECOND`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.units.unwrap_or((DAY, DAY));
        let name = |unit: usize| UNITS[unit].0;
        let micros = self.all_micros();
        let negative = self.months < 0 || micros < 0;
        write!(f, "INTERVAL '{}", if negative { "-" } else { "" })?;
        let (months, micros) = (self.months.unsigned_abs(), micros.unsigned_abs());
        if last <= 1 {
            match (first, last) {
                (0, 0) => write!(f, "{}", months / 12)?,
                (1, _) => write!(f, "{months}")?,
                _ => write!(f, "{}-{}", months / 12, months % 12)?,
            }
        } else {
            let second = SECOND as u64;
            let seconds = micros / second;
            for unit in first.max(DAY)..=last {
                let (size, separator) = match unit {
                    DAY => (86_400, ""),
                    4 => (3600, " "),
                    5 => (60, ":"),
                    _ => (1, ":"),
                };
                let value = if unit == first.max(DAY) { seconds / size } else { seconds / size % if unit == 4 { 24 } else { 60 } };
                match unit == first.max(DAY) {
                    true => write!(f, "{value}")?,
                    false => write!(f, "{separator}{value:02}")?,
                }
            }
            if last == 6 && micros % second > 0 {
                write!(f, ".{}", format!("{:06}", micros % second).trim_end_matches('0'))?;
            }
        }
        if first == last { write!(f, "' {}", name(first)) } else { write!(f, "' {} TO {}", name(first), name(last)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that Spark gives literals of these.
    #[test]
    fn intervals_are_read_and_written() {
        let shown = |text: &str, unit: Option<&str>, to: Option<&str>| {
            let mut interval = Interval::default();
            interval.add_text(text, unit, to).expect("an interval");
            interval.to_string()
        };
        assert_eq!(shown("1", Some("days"), None), "INTERVAL '1' DAY");
        assert_eq!(shown("1-2", Some("year"), Some("month")), "INTERVAL '1-2' YEAR TO MONTH");
        assert_eq!(shown("1 02:03:04.5", Some("day"), Some("second")), "INTERVAL '1 02:03:04.5' DAY TO SECOND");
        assert_eq!(shown("1 day 2 hours", None, None), "INTERVAL '1 02' DAY TO HOUR");
        assert_eq!(Interval::default().add_text("1 dya", None, None), None);
    }
}
