//! Reading a text by a pattern, as Java's `DateTimeFormatter` does in strict mode.

use super::names::{MONTHS, short};
use super::pattern::Item;
use super::{ParsedTimestamp, Zone};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, days, days_in_month, is_leap};

/// What a text said so far.
#[derive(Clone, Default)]
pub(super) struct Fields {
    year: Option<i32>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    /// `H` or `k`, 0 to 23.
    hour: Option<i64>,
    /// `K` or `h`, 0 to 11.
    half_day_hour: Option<i64>,
    afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    micros: i64,
    zone: Option<Zone>,
    before_christ: bool,
}

impl Fields {
    /// Reads `items` from `at` on and gives the position behind them, or fails with the position where the text doesn't fit.
    pub fn read(&mut self, items: &[Item], text: &str, mut at: usize) -> Result<usize, Failure> {
        for (i, item) in items.iter().enumerate() {
            at = match item {
                Item::Literal(literal) => {
                    let there = text.get(at..at + literal.len()).is_some_and(|t| t.eq_ignore_ascii_case(literal));
                    if there { at + literal.len() } else { return Err(Failure::At(at)) }
                }
                Item::Optional(items) => {
                    let before = self.clone();
                    self.read(items, text, at).unwrap_or_else(|_| {
                        *self = before;
                        at
                    })
                }
                Item::Field(letter, count) => self.field(*letter, *count, &items[i + 1..], text, at)?,
            };
        }
        Ok(at)
    }

    fn field(&mut self, letter: char, count: usize, after: &[Item], text: &str, at: usize) -> Result<usize, Failure> {
        match letter {
            'M' | 'L' if count >= 3 => {
                let found = MONTHS.iter().position(|name| starts_with(text, at, if count == 3 { short(name) } else { name }));
                let month = found.ok_or(Failure::At(at))?;
                self.month = Some(month as i64 + 1);
                Ok(at + if count == 3 { 3 } else { MONTHS[month].len() })
            }
            'a' => {
                let afternoon = if starts_with(text, at, "AM") {
                    false
                } else if starts_with(text, at, "PM") {
                    true
                } else {
                    return Err(Failure::At(at));
                };
                self.afternoon = Some(afternoon);
                Ok(at + 2)
            }
            'G' => {
                self.before_christ = starts_with(text, at, "BC");
                if self.before_christ || starts_with(text, at, "AD") { Ok(at + 2) } else { Err(Failure::At(at)) }
            }
            'X' | 'x' | 'Z' | 'z' | 'O' | 'V' => {
                let part = |b: &u8| b.is_ascii_alphanumeric() || b"/_+-:".contains(b);
                let end = at + text.as_bytes()[at..].iter().take_while(|b| part(b)).count();
                self.zone = Some(Zone::named(&text[at..end]).ok_or(Failure::At(at))?);
                Ok(end)
            }
            'S' => {
                let digits = text.as_bytes()[at..].iter().take(count).take_while(|b| b.is_ascii_digit()).count();
                if digits == 0 {
                    return Err(Failure::At(at));
                }
                let fraction = &text.as_bytes()[at..at + digits];
                self.micros = (0..6).fold(0, |n, i| n * 10 + fraction.get(i).map_or(0, |d| i64::from(d - b'0')));
                Ok(at + digits)
            }
            _ => self.number(letter, count, after, text, at),
        }
    }

    fn number(&mut self, letter: char, count: usize, after: &[Item], text: &str, start: usize) -> Result<usize, Failure> {
        let bytes = text.as_bytes();
        let (min, max) = match (letter, count) {
            ('y', 2) => (2, 2),
            ('y', n) => (n, 19),
            ('D', n) => (n, 3),
            (_, 1) => (1, 19),
            (_, n) => (n, n),
        };
        let signed = letter == 'y' && min != max && matches!(bytes.get(start), Some(b'-' | b'+'));
        let at = start + usize::from(signed);
        let mut digits = bytes[at..].iter().take(max).take_while(|b| b.is_ascii_digit()).count();
        if min != max {
            digits = digits.min(digits.saturating_sub(fixed_digits(after)).max(min));
        }
        let plus = signed && bytes[start] == b'+';
        let wrong_width = letter == 'y' && count >= 4 && (if signed { plus && digits <= count } else { digits > count });
        if digits < min || wrong_width {
            return Err(Failure::At(start));
        }
        let mut value = text[at..at + digits].parse::<i64>().map_err(|_| Failure::At(start))?;
        if signed && !plus {
            value = -value;
        }
        self.set(letter, count, value)?;
        Ok(at + digits)
    }

    fn set(&mut self, letter: char, count: usize, value: i64) -> Result<(), Failure> {
        let ranged = |name: &str, low: i64, high: i64| {
            if (low..=high).contains(&value) { Ok(value) } else { Err(out_of_range(name, &format!("{low} - {high}"), value)) }
        };
        match letter {
            'y' => {
                let year = if count == 2 { value + 2000 } else { value };
                self.year = Some(i32::try_from(year).map_err(|_| out_of_range("Year", "-999999999 - 999999999", value))?);
            }
            'M' | 'L' => self.month = Some(ranged("MonthOfYear", 1, 12)?),
            'd' => {
                self.day =
                    Some(if (1..=31).contains(&value) { value } else { return Err(out_of_range("DayOfMonth", "1 - 28/31", value)) });
            }
            'D' => {
                self.day_of_year =
                    Some(if (1..=366).contains(&value) { value } else { return Err(out_of_range("DayOfYear", "1 - 365/366", value)) });
            }
            'H' => self.hour = Some(ranged("HourOfDay", 0, 23)?),
            'k' => self.hour = Some(ranged("ClockHourOfDay", 1, 24)? % 24),
            'K' => self.half_day_hour = Some(ranged("HourOfAmPm", 0, 11)?),
            'h' => self.half_day_hour = Some(ranged("ClockHourOfAmPm", 1, 12)? % 12),
            'm' => self.minute = Some(ranged("MinuteOfHour", 0, 59)?),
            's' => self.second = Some(ranged("SecondOfMinute", 0, 59)?),
            // Weekdays and quarters are for writing; Spark refuses them when it reads.
            _ => return Err(Failure::Why(format!("the pattern letter '{letter}' can't be read"))),
        }
        Ok(())
    }

    /// The moment that the fields make: what is missing is January, the first, midnight; the year 1970.
    pub fn resolve(self) -> Result<ParsedTimestamp, Failure> {
        let year = match (self.year.unwrap_or(1970), self.before_christ) {
            (year, true) => 1 - year,
            (year, false) => year,
        };
        let (month, day) = (self.month.unwrap_or(1) as u32, self.day.unwrap_or(1) as u32);
        let date = match self.day_of_year {
            Some(366) if !is_leap(year) => {
                return Err(Failure::Why(format!("Invalid date 'DayOfYear 366' as '{year}' is not a leap year")));
            }
            Some(day_of_year) => days(year, 1, 1).and_then(|first| first.checked_add(day_of_year as i32 - 1)),
            None if day > days_in_month(year, month) => {
                let name = MONTHS[month as usize - 1];
                return Err(Failure::Why(if month == 2 && day == 29 {
                    format!("Invalid date 'February 29' as '{year}' is not a leap year")
                } else {
                    format!("Invalid date '{} {day}'", name.to_uppercase())
                }));
            }
            None => days(year, month, day),
        };
        let date = date.ok_or_else(|| out_of_range("Year", "-999999999 - 999999999", i64::from(year)))?;
        let afternoon = if self.afternoon == Some(true) { 12 } else { 0 };
        let hour = self.hour.or(self.half_day_hour.map(|h| h + afternoon)).unwrap_or(afternoon);
        let seconds = hour * 3600 + self.minute.unwrap_or(0) * 60 + self.second.unwrap_or(0);
        let local = i64::from(date) * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + self.micros;
        Ok(ParsedTimestamp { local, offset: self.zone.map(|zone| zone.offset_of(local)) })
    }
}

/// Why a text doesn't fit.
pub(super) enum Failure {
    At(usize),
    Why(String),
}

fn out_of_range(field: &str, range: &str, value: i64) -> Failure {
    Failure::Why(format!("Invalid value for {field} (valid values {range}): {value}"))
}

fn starts_with(text: &str, at: usize, name: &str) -> bool {
    text.get(at..at + name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name))
}

/// The digits that the fields of fixed width right behind a field keep for themselves, as in `yyyyMMdd`.
fn fixed_digits(after: &[Item]) -> usize {
    let fixed = |item: &Item| match item {
        Item::Field('y' | 'M' | 'L' | 'd' | 'H' | 'k' | 'K' | 'h' | 'm' | 's', 2) => Some(2),
        Item::Field('D', 3) => Some(3),
        _ => None,
    };
    after.iter().map_while(fixed).sum()
}
