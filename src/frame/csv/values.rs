//! One field as a value of a type, by the rules of Spark's CSV reader, which are not those of casts.

use super::options::CsvOptions;
use crate::cast::float;
use crate::dates::{parse_date, parse_timestamp, time_by};
use crate::datetime::days;
use crate::numbers::{parse_decimal, parse_double, parse_long};

/// Reads fields as the options say.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub options: &'a CsvOptions,
}

impl Values<'_> {
    /// `true` or `false` in any case.
    pub fn boolean(text: &[u8]) -> Option<bool> {
        if text.eq_ignore_ascii_case(b"true") {
            Some(true)
        } else if text.eq_ignore_ascii_case(b"false") {
            Some(false)
        } else {
            None
        }
    }

    /// Digits with a sign, no blanks.
    #[inline]
    pub fn integer<T: TryFrom<i64>>(text: &[u8]) -> Option<T> {
        parse_long(text).and_then(|v| v.try_into().ok())
    }

    #[inline]
    pub fn double(self, text: &[u8]) -> Option<f64> {
        match parse_double(text) {
            Some(value) if !value.is_nan() => Some(value),
            other => self.special(text).or(other),
        }
    }

    pub fn float(self, text: &[u8]) -> Option<f32> {
        self.special(text).map(|v| v as f32).or_else(|| if parse_double(text).is_some() { float(text) } else { None })
    }

    /// The texts that the options give to NaN and the infinities.
    fn special(self, text: &[u8]) -> Option<f64> {
        if text == self.options.nan_value.as_bytes() {
            Some(f64::NAN)
        } else if text == self.options.positive_inf.as_bytes() {
            Some(f64::INFINITY)
        } else if text == self.options.negative_inf.as_bytes() {
            Some(f64::NEG_INFINITY)
        } else {
            None
        }
    }

    /// Whether inference takes the text for a double that [`parse_double`] doesn't know.
    pub fn is_special(self, text: &[u8]) -> bool {
        self.special(text).is_some()
    }

    /// Without the commas between thousands.
    pub fn decimal(text: &[u8], precision: u8, scale: i8) -> Option<i128> {
        if text.contains(&b',') {
            let plain: Vec<u8> = text.iter().copied().filter(|b| *b != b',').collect();
            parse_decimal(&plain, precision, scale).ok()
        } else {
            parse_decimal(text, precision, scale).ok()
        }
    }

    /// By `dateFormat`, or in any form that a cast takes.
    pub fn date(self, text: &[u8]) -> Option<i32> {
        match &self.options.date_format {
            None => iso_date(text).or_else(|| parse_date(text)),
            Some(pattern) => {
                let local = pattern.try_parse(std::str::from_utf8(text).ok()?)?.local;
                i32::try_from(local.div_euclid(crate::datetime::MICROS_PER_DAY)).ok()
            }
        }
    }

    /// Whether inference takes the text for a date: by `dateFormat`, else strictly `yyyy-MM-dd`.
    pub fn is_date(self, text: &[u8]) -> bool {
        match &self.options.date_format {
            None => iso_date(text).is_some(),
            Some(_) => self.date(text).is_some(),
        }
    }

    /// By `timestampFormat`, or in any form that a cast takes.
    pub fn timestamp(self, text: &[u8]) -> Option<i64> {
        let parsed = match &self.options.timestamp_format {
            None => parse_timestamp(text)?,
            Some(pattern) => pattern.try_parse(std::str::from_utf8(text).ok()?)?,
        };
        Some(self.options.clocks.instant(parsed))
    }

    /// As [`timestamp`](Self::timestamp), refusing what names a zone.
    pub fn timestamp_ntz(self, text: &[u8]) -> Option<i64> {
        let parsed = match &self.options.timestamp_format {
            None => parse_timestamp(text)?,
            Some(pattern) => pattern.try_parse(std::str::from_utf8(text).ok()?)?,
        };
        if parsed.offset.is_none() { Some(parsed.local) } else { None }
    }

    /// By `timeFormat`, or in any form that a cast takes.
    pub fn time(self, text: &[u8]) -> Option<i64> {
        time_by(std::str::from_utf8(text).ok()?, self.options.time_format.as_ref())
    }

    /// Whether inference takes the text for a timestamp: without a zone in any form, with one by the format.
    pub fn is_timestamp(self, text: &[u8]) -> bool {
        parse_timestamp(text).is_some_and(|t| t.offset.is_none()) || self.timestamp(text).is_some()
    }
}

/// `2024-02-29`, nothing else.
#[inline]
fn iso_date(text: &[u8]) -> Option<i32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0_u32, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')));
    days(number(&[y1, y2, y3, y4])? as i32, number(&[m1, m2])?, number(&[d1, d2])?)
}
