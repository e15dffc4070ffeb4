//! Time zones with rules: what the clocks of a region such as `Europe/Berlin` show, by the IANA database (`scripts/time_zones.py`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::zone_offset;
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, civil, days, days_in_month};

/// A line for each set of rules: names, kinds of time, the rule after the last change.
const LINES: &str = include_str!("zones.txt");
/// The changes of each line.
const CHANGES: &[u8] = include_bytes!("zones.bin");
/// 1900-01-01, which the changes count from.
const START: i64 = -2_208_988_800;

/// Java's short names of regions.
const SHORT: [(&str, &str); 25] = [
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AGT", "America/Argentina/Buenos_Aires"),
    ("ART", "Africa/Cairo"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BST", "Asia/Dhaka"),
    ("CAT", "Africa/Harare"),
    ("CNT", "America/St_Johns"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("EAT", "Africa/Addis_Ababa"),
    ("ECT", "Europe/Paris"),
    ("IET", "America/Indiana/Indianapolis"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MIT", "Pacific/Apia"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PLT", "Asia/Karachi"),
    ("PNT", "America/Phoenix"),
    ("PRT", "America/Puerto_Rico"),
    ("PST", "America/Los_Angeles"),
    ("SST", "Pacific/Guadalcanal"),
    ("VST", "Asia/Ho_Chi_Minh"),
];

/// A time zone: always so far from UTC, or by rules.
#[derive(Clone, Debug)]
pub enum Zone {
    /// In seconds east of UTC.
    Fixed(i32),
    Rules(Arc<Rules>),
}

/// What the clocks of a region show, and when that changes.
#[derive(Debug)]
pub struct Rules {
    /// Moments in seconds since 1970, and which kind of time begins.
    changes: Vec<(i64, u8)>,
    /// Offset in seconds, and abbreviation.
    kinds: Vec<(i32, &'static str)>,
    /// Summer time after the last change.
    tail: Option<Tail>,
}

/// A POSIX rule of summer time: `CET-1CEST,M3.5.0,M10.5.0/3`.
#[derive(Debug)]
struct Tail {
    standard: (i32, &'static str),
    summer: (i32, &'static str),
    start: Day,
    end: Day,
}

/// The so-manieth weekday of a month, and a time of that day in seconds.
#[derive(Debug)]
struct Day {
    month: u32,
    week: u32,
    weekday: i32,
    time: i64,
}

impl Zone {
    /// The zone of this name or offset; none when nobody knows it.
    pub fn named(name: &str) -> Option<Self> {
        static KNOWN: OnceLock<Mutex<BTreeMap<String, Arc<Rules>>>> = OnceLock::new();
        let name = name.trim();
        if let Some(seconds) = zone_offset(name) {
            return Some(Self::Fixed(seconds));
        }
        let name = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| long);
        let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(name) {
            return Some(Self::Rules(rules.clone()));
        }
        let rules = Arc::new(Rules::find(name)?);
        known.insert(name.to_owned(), rules.clone());
        Some(Self::Rules(rules))
    }

    /// Seconds east of UTC, and the time's abbreviation, at a moment in microseconds since 1970.
    pub fn at(&self, micros: i64) -> (i32, &'static str) {
        match self {
            Self::Fixed(seconds) => (*seconds, "UTC"),
            Self::Rules(rules) => rules.at(micros.div_euclid(MICROS_PER_SECOND)),
        }
    }

    /// Seconds east of UTC when the zone's clocks show a time.
    pub fn offset_of(&self, local: i64) -> i32 {
        ((local - self.instant(local)) / MICROS_PER_SECOND) as i32
    }

    /// What the zone's clocks show at a moment, as microseconds since 1970 on a clock without a zone.
    pub fn local(&self, micros: i64) -> i64 {
        micros.saturating_add(i64::from(self.at(micros).0) * MICROS_PER_SECOND)
    }

    /// The moment at which the zone's clocks show a time: the earlier one of two, and for a time that is left out as if the clocks had
    /// not been changed (Java's `ZonedDateTime.of`).
    pub fn instant(&self, local: i64) -> i64 {
        let by = |seconds: i32| local.saturating_sub(i64::from(seconds) * MICROS_PER_SECOND);
        let before = self.at(by(0).saturating_sub(MICROS_PER_DAY)).0;
        let after = self.at(by(0).saturating_add(MICROS_PER_DAY)).0;
        if before != after && self.at(by(before)).0 != before && self.at(by(after)).0 == after { by(after) } else { by(before) }
    }
}

impl Rules {
    fn find(name: &str) -> Option<Self> {
        let mut at = 0;
        for line in LINES.lines() {
            let count = usize::from(u16::from_le_bytes([*CHANGES.get(at)?, *CHANGES.get(at + 1)?]));
            let (names, rest) = line.split_once(';')?;
            if names.split(' ').any(|known| known == name) {
                let (kinds, rule) = rest.split_once(';')?;
                let kinds = kinds.split(',').map(|kind| {
                    let mut words = kind.split(' ');
                    Some((words.next()?.parse().ok()?, words.nth(1)?))
                });
                let starts = CHANGES.get(at + 2..at + 2 + count)?;
                let steps = CHANGES.get(at + 2 + count..at + 2 + 5 * count)?.as_chunks::<4>().0;
                let mut moment = START;
                let changes = starts.iter().zip(steps).map(|(kind, step)| {
                    moment += i64::from(u32::from_le_bytes(*step));
                    (moment, *kind)
                });
                return Some(Self { changes: changes.collect(), kinds: kinds.collect::<Option<_>>()?, tail: Tail::parse(rule) });
            }
            at += 2 + 5 * count;
        }
        None
    }

    fn at(&self, seconds: i64) -> (i32, &'static str) {
        let passed = self.changes.partition_point(|(moment, _)| *moment <= seconds);
        match (&self.tail, passed.checked_sub(1).and_then(|i| self.changes.get(i))) {
            (Some(tail), _) if passed == self.changes.len() => tail.at(seconds),
            (_, Some((_, kind))) => self.kinds.get(usize::from(*kind)).copied().unwrap_or((0, "UTC")),
            (_, None) => self.kinds.first().copied().unwrap_or((0, "UTC")),
        }
    }
}

impl Tail {
    /// None for a zone without summer time.
    fn parse(rule: &'static str) -> Option<Self> {
        let mut parts = rule.split(',');
        let names = parts.next()?;
        let (start, end) = (Day::parse(parts.next()?)?, Day::parse(parts.next()?)?);
        let (standard, rest) = named_offset(names)?;
        let (summer, _) = match named_offset(rest) {
            Some(found) => found,
            // An hour ahead unless it is said.
            None => ((standard.0 + 3600, rest.trim_matches(['<', '>'])), ""),
        };
        Some(Self { standard, summer, start, end })
    }

    fn at(&self, seconds: i64) -> (i32, &'static str) {
        let year = civil(seconds.div_euclid(86_400) as i32).year;
        let mut last = (i64::MIN, self.standard);
        for year in [year - 1, year, year + 1] {
            let edges = [
                (self.start.moment(year) - i64::from(self.standard.0), self.summer),
                (self.end.moment(year) - i64::from(self.summer.0), self.standard),
            ];
            for (moment, kind) in edges {
                if moment <= seconds && moment > last.0 {
                    last = (moment, kind);
                }
            }
        }
        last.1
    }
}

/// `CET-1` and what follows: POSIX counts west of UTC.
fn named_offset(text: &'static str) -> Option<((i32, &'static str), &'static str)> {
    let end = if text.starts_with('<') { text.find('>')? + 1 } else { text.find(|c: char| !c.is_ascii_alphabetic())? };
    let (name, rest) = text.split_at(end);
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || "+-:".contains(c))).unwrap_or(rest.len());
    let (offset, rest) = rest.split_at(digits);
    if offset.is_empty() {
        return None;
    }
    Some(((-clock(offset)? as i32, name.trim_matches(['<', '>'])), rest))
}

/// `-1:30` in seconds.
fn clock(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text.trim_start_matches('+')), |rest| (-1, rest));
    let mut seconds = 0;
    for (i, part) in text.split(':').enumerate() {
        seconds += part.parse::<i64>().ok()? * [3600, 60, 1].get(i)?;
    }
    Some(sign * seconds)
}

impl Day {
    /// `M10.5.0/3`
    fn parse(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let mut numbers = day.strip_prefix('M')?.split('.').map(|n| n.parse::<u32>().ok());
        let mut next = || numbers.next().flatten();
        Some(Self { month: next()?, week: next()?, weekday: next()? as i32, time: clock(time)? })
    }

    /// Seconds since 1970 on a clock without a zone.
    fn moment(&self, year: i32) -> i64 {
        let first = days(year, self.month, 1).unwrap_or(0);
        // 1970-01-01 was a Thursday.
        let mut day = (self.weekday - (first + 4)).rem_euclid(7) + 7 * (self.week as i32 - 1);
        while day >= days_in_month(year, self.month) as i32 {
            day -= 7;
        }
        i64::from(first + day) * 86_400 + self.time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every set of rules can be read, and its rule of summer time begins where its changes end.
    #[test]
    fn all_zones_are_read() {
        let names: Vec<&str> = LINES.lines().filter_map(|line| line.split(';').next()?.split(' ').next()).collect();
        assert!(names.len() > 300);
        for name in names {
            let Some(Zone::Rules(rules)) = Zone::named(name).filter(|z| matches!(z, Zone::Rules(_))) else {
                assert!(zone_offset(name).is_some(), "{name}");
                continue;
            };
            assert!(rules.kinds.iter().all(|(offset, _)| offset.abs() < 18 * 3600), "{name}");
            if let (Some(tail), Some((moment, kind))) = (&rules.tail, rules.changes.last()) {
                assert_eq!(tail.at(*moment).0, rules.kinds[usize::from(*kind)].0, "{name}");
            }
        }
    }

    /// From java.time: the hour that spring leaves out, and the hour that autumn has twice.
    #[test]
    fn clocks_change_as_in_java() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let at = |day: i32, minutes: i64| i64::from(day) * MICROS_PER_DAY + minutes * 60 * MICROS_PER_SECOND;
        let (spring, autumn) = (days(2024, 3, 10).expect("a day"), days(2024, 11, 3).expect("a day"));
        assert_eq!(zone.instant(at(spring, 150)), at(spring, 450));
        assert_eq!(zone.instant(at(autumn, 90)), at(autumn, 330));
        assert_eq!(zone.at(at(spring, 0)), (-5 * 3600, "EST"));
        assert_eq!(Zone::named("Europe/London").expect("a zone").at(at(days(2050, 7, 15).expect("a day"), 0)), (3600, "BST"));
        assert!(Zone::named("Mars/Olympus").is_none());
    }
}
