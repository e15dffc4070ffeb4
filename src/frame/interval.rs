//! Intervals as text: what `INTERVAL '1 02:03:04' DAY TO SECOND` means, and how Spark writes spans of time.

use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::value::Value;

/// A span of time as `INTERVAL` and texts such as `1 day 2 hours` write it: months on the calendar, days, and microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
    /// The largest and the smallest unit that was written.
    units: Option<(usize, usize)>,
}

/// From the largest; what each is in months, days or microseconds.
const UNITS: [(&str, i64); 9] = [
    ("YEAR", 12),
    ("MONTH", 1),
    ("WEEK", 7),
    ("DAY", 1),
    ("HOUR", 3600 * MICROS_PER_SECOND),
    ("MINUTE", 60 * MICROS_PER_SECOND),
    ("SECOND", MICROS_PER_SECOND),
    ("MILLISECOND", 1000),
    ("MICROSECOND", 1),
];
const MONTH: usize = 1;
const WEEK: usize = 2;
const DAY: usize = 3;
const SECOND: usize = 6;

/// What a part after the first can be at most: 11 months, 23 hours, 59 minutes.
const LARGEST: [i64; 7] = [i64::MAX, 11, i64::MAX, i64::MAX, 23, 59, 59];

impl Interval {
    /// Whether a word is a unit of time, in singular or plural.
    pub(crate) fn is_unit(word: &str) -> bool {
        unit(word).is_some()
    }

    /// The interval that a text such as `1 day 2 hours` or `interval 3 months` means; none when it is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut interval = Self::default();
        interval.add_text(text, None, None)?;
        Some(interval)
    }

    /// Adds `3 DAYS`, `'1-2' YEAR TO MONTH`, or a text such as `1 day 2 hours`; none when the text is no such thing.
    pub(crate) fn add_text(&mut self, text: &str, unit_name: Option<&str>, to: Option<&str>) -> Option<()> {
        match (unit_name, to) {
            (Some(name), None) => self.add(text.trim(), unit(name)?),
            (Some(from), Some(to)) => self.add_range(text.trim(), unit(from)?, unit(to)?),
            (None, _) => {
                let text = text.trim().to_lowercase();
                let words: Vec<&str> = text.strip_prefix("interval ").unwrap_or(&text).split_whitespace().collect();
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
            0 | MONTH => self.months = self.months.checked_add(i32::try_from(number.parse::<i64>().ok()?.checked_mul(each)?).ok()?)?,
            WEEK | DAY => self.days = self.days.checked_add(i32::try_from(number.parse::<i64>().ok()?.checked_mul(each)?).ok()?)?,
            _ => self.micros = self.micros.checked_add(scaled(number, each)?)?,
        }
        let unit = if unit == WEEK { DAY } else { unit.min(SECOND) };
        let (first, last) = self.units.unwrap_or((unit, unit));
        self.units = Some((first.min(unit), last.max(unit)));
        Some(())
    }

    /// `1-2` from years to months; `1 02:03:04` from days to seconds.
    fn add_range(&mut self, text: &str, from: usize, to: usize) -> Option<()> {
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let units: Vec<usize> = (from..=to).filter(|u| *u != WEEK).collect();
        let parts: Vec<&str> = text.split(['-', ' ', ':']).filter(|p| !p.is_empty()).collect();
        if parts.len() != units.len() {
            return None;
        }
        for (i, (part, unit)) in parts.iter().zip(units).enumerate() {
            let whole: i64 = part.split('.').next()?.parse().ok()?;
            if i > 0 && whole > LARGEST[unit] {
                return None;
            }
            self.add(&format!("{sign}{part}"), unit)?;
        }
        Some(())
    }

    pub(crate) fn add_interval(&mut self, more: &Self) -> Option<()> {
        self.months = self.months.checked_add(more.months)?;
        self.days = self.days.checked_add(more.days)?;
        self.micros = self.micros.checked_add(more.micros)?;
        self.units = match (self.units, more.units) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
        Some(())
    }

    /// Days and smaller in microseconds.
    pub fn all_micros(&self) -> Option<i64> {
        i64::from(self.days).checked_mul(MICROS_PER_DAY)?.checked_add(self.micros)
    }

    /// The literal that the interval is; none when months and days are mixed.
    pub(crate) fn value(&self) -> Option<Value> {
        let (first, last) = self.units.unwrap_or((SECOND, SECOND));
        match (first <= MONTH, last <= MONTH) {
            (true, true) => Some(Value::YearMonthInterval(self.months, first as u8, last as u8)),
            (false, false) => Some(Value::DayTimeInterval(self.all_micros()?, (first - DAY) as u8, (last - DAY) as u8)),
            _ => None,
        }
    }

    #[must_use]
    pub(crate) fn negated(&self) -> Self {
        Self { months: self.months.wrapping_neg(), days: self.days.wrapping_neg(), micros: self.micros.wrapping_neg(), units: self.units }
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

/// The name of an interval's type: `day to second`, `month`. The units count from days, or from years.
pub(crate) fn range(first: usize, from: u8, to: u8) -> String {
    let name = |unit: u8| UNITS.get(first + usize::from(unit)).map_or("SECOND", |u| u.0).to_lowercase();
    if from == to { name(from) } else { format!("{} to {}", name(from), name(to)) }
}

/// The name of a range of day-time units.
pub(crate) fn day_time_range(from: u8, to: u8) -> String {
    range(DAY, from, to)
}

/// The name of a range of year-month units.
pub(crate) fn year_month_range(from: u8, to: u8) -> String {
    range(0, from, to)
}

/// The units of a type such as `interval day to second`; none when they are no range.
pub(crate) fn units_of(from: &str, to: &str) -> Option<(usize, usize)> {
    let (from, to) = (unit(from)?, unit(to)?);
    let known = |u: usize| u <= SECOND && u != WEEK;
    (known(from) && known(to) && from <= to && (from <= MONTH) == (to <= MONTH)).then_some((from, to))
}

/// `INTERVAL '1 02:03:04.5' DAY TO SECOND`
pub(crate) fn day_time_text(micros: i64, from: u8, to: u8) -> String {
    const SECONDS: [u64; 4] = [86_400, 3600, 60, 1];
    let total = micros.unsigned_abs();
    let (mut seconds, fraction) = (total / MICROS_PER_SECOND as u64, total % MICROS_PER_SECOND as u64);
    let mut text = String::from(if micros < 0 { "-" } else { "" });
    for unit in from..=to.min(3) {
        let size = SECONDS[usize::from(unit)];
        if unit > from {
            text.push(if unit == 1 { ' ' } else { ':' });
        }
        let count = seconds / size;
        text.push_str(&if unit == 0 { count.to_string() } else { format!("{count:02}") });
        seconds %= size;
    }
    if to == 3 && fraction > 0 {
        text.push('.');
        text.push_str(format!("{fraction:06}").trim_end_matches('0'));
    }
    format!("INTERVAL '{text}' {}", day_time_range(from, to).to_uppercase())
}

/// `INTERVAL '1-2' YEAR TO MONTH`
pub(crate) fn year_month_text(months: i32, from: u8, to: u8) -> String {
    let (sign, months_) = (if months < 0 { "-" } else { "" }, months.unsigned_abs());
    let text = match (from, to) {
        (0, 0) => format!("{sign}{}", months_ / 12),
        (1, _) => format!("{sign}{months_}"),
        _ => format!("{sign}{}-{}", months_ / 12, months_ % 12),
    };
    format!("INTERVAL '{text}' {}", year_month_range(from, to).to_uppercase())
}

/// `1 years 2 months 3 days 4 hours 5 minutes 6.7 seconds`; `0 seconds` when there is nothing.
pub(crate) fn calendar_text(months: i32, days: i32, micros: i64) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut part = |count: i64, name: &str| {
        if count != 0 {
            parts.push(format!("{count} {name}"));
        }
    };
    part(i64::from(months / 12), "years");
    part(i64::from(months % 12), "months");
    part(i64::from(days), "days");
    part(micros / UNITS[4].1, "hours");
    part(micros % UNITS[4].1 / UNITS[5].1, "minutes");
    let rest = micros % UNITS[5].1;
    if rest != 0 {
        let (sign, rest) = (if rest < 0 { "-" } else { "" }, rest.unsigned_abs());
        let fraction = format!("{:06}", rest % 1_000_000);
        let fraction = fraction.trim_end_matches('0');
        parts.push(format!("{sign}{}{}{fraction} seconds", rest / 1_000_000, if fraction.is_empty() { "" } else { "." }));
    }
    if parts.is_empty() { "0 seconds".into() } else { parts.join(" ") }
}

/// The text of an interval of a type, `first` of whose units are years or days: `1 02:03:04`, or all of `INTERVAL '…' DAY TO SECOND`.
fn parse_range(text: &str, first: usize, from: u8, to: u8) -> Option<Interval> {
    let text = text.trim();
    let (negative, inner) = match text.get(..8).filter(|start| start.eq_ignore_ascii_case("interval")) {
        None => (false, text),
        Some(_) => {
            let rest = text[8..].trim_start();
            let (negative, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
            let (inner, units) = rest.trim_start().strip_prefix('\'')?.split_once('\'')?;
            if !units.split_whitespace().collect::<Vec<_>>().join(" ").eq_ignore_ascii_case(&range(first, from, to)) {
                return None;
            }
            (negative, inner)
        }
    };
    let mut interval = Interval::default();
    interval.add_range(inner.trim(), first + usize::from(from), first + usize::from(to))?;
    Some(if negative { interval.negated() } else { interval })
}

/// The microseconds of a text in a day-time type.
pub(crate) fn parse_day_time(text: &str, from: u8, to: u8) -> Option<i64> {
    parse_range(text, DAY, from, to)?.all_micros()
}

/// The months of a text in a year-month type.
pub(crate) fn parse_year_month(text: &str, from: u8, to: u8) -> Option<i32> {
    parse_range(text, 0, from, to).map(|i| i.months)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that Spark gives literals of these.
    #[test]
    fn intervals_are_read_and_written() {
        let shown = |text: &str, unit: Option<&str>, to: Option<&str>| {
            let mut interval = Interval::default();
            interval.add_text(text, unit, to).and_then(|()| interval.value()).expect("an interval").to_string()
        };
        assert_eq!(shown("1", Some("days"), None), "INTERVAL '1' DAY");
        assert_eq!(shown("1", Some("hour"), None), "INTERVAL '01' HOUR");
        assert_eq!(shown("1-2", Some("year"), Some("month")), "INTERVAL '1-2' YEAR TO MONTH");
        assert_eq!(shown("1 02:03:04.5", Some("day"), Some("second")), "INTERVAL '1 02:03:04.5' DAY TO SECOND");
        assert_eq!(shown("1 day 2 hours", None, None), "INTERVAL '1 02' DAY TO HOUR");
        assert_eq!(Interval::default().add_text("1 dya", None, None), None);
        assert_eq!(Interval::parse("1 month 1 day").expect("an interval").value(), None);
    }

    #[test]
    fn texts_of_intervals_read_back() {
        for micros in [0, 1, -5_000_000, 93_784_500_000, -864_000_000_001] {
            assert_eq!(parse_day_time(&day_time_text(micros, 0, 3), 0, 3), Some(micros));
        }
        for months in [0, 14, -3, i32::MAX] {
            assert_eq!(parse_year_month(&year_month_text(months, 0, 1), 0, 1), Some(months));
        }
        assert_eq!(calendar_text(-14, -25, -18_367_008_000), "-1 years -2 months -25 days -5 hours -6 minutes -7.008 seconds");
    }
}
