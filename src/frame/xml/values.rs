//! Texts as values of a type: what Spark's `StaxXmlParser` makes of a value, and `XmlInferSchema` of its type.

use super::options::XmlOptions;
use crate::dates::{Pattern, parse_date, parse_timestamp, time_by};
use crate::datetime::MICROS_PER_DAY;
use crate::numbers::{decimal_shape, parse_decimal, parse_double};
use crate::types::DataType;
use crate::value::Value;

/// The value of a text, blanks around it as the options have them; none when it doesn't fit.
pub(super) fn value_of(text: &str, data_type: &DataType, options: &XmlOptions) -> Option<Value> {
    let text = options.spaced(text);
    if Some(text) == options.null_value.as_deref() {
        return Some(Value::Null);
    }
    // A sign is taken off before the number is read, which may then have one of its own.
    let (minus, unsigned) = sign(text);
    Some(match data_type {
        DataType::String => Value::from(text),
        DataType::Null => Value::Null,
        DataType::Boolean if text.eq_ignore_ascii_case("true") || text == "1" => Value::Boolean(true),
        DataType::Boolean if text.eq_ignore_ascii_case("false") || text == "0" => Value::Boolean(false),
        DataType::Byte => Value::Byte(text.parse().ok()?),
        DataType::Short => Value::Short(text.parse().ok()?),
        DataType::Int => {
            let value: i32 = unsigned.parse().ok()?;
            Value::Int(if minus { value.wrapping_neg() } else { value })
        }
        DataType::Long => {
            let value: i64 = unsigned.parse().ok()?;
            Value::Long(if minus { value.wrapping_neg() } else { value })
        }
        DataType::Float => {
            // What is hexadecimal is rounded twice.
            let exact = |double: f64| unsigned.trim().trim_end_matches(['d', 'D', 'f', 'F']).parse().unwrap_or(double as f32);
            let value = parse_double(unsigned.as_bytes()).map(exact).or_else(|| beginning(unsigned).map(|v| v as f32))?;
            Value::Float(if minus { -value } else { value })
        }
        DataType::Double => {
            let value = parse_double(unsigned.as_bytes()).or_else(|| beginning(unsigned))?;
            Value::Double(if minus { -value } else { value })
        }
        DataType::Decimal(precision, scale) => {
            let unscaled = parse_decimal(text.replace(',', "").as_bytes(), *precision, *scale).ok()?;
            Value::Decimal { unscaled, precision: *precision, scale: *scale }
        }
        DataType::Date => Value::Date(date(text, options)?),
        DataType::Timestamp => Value::Timestamp(options.clocks.instant(moment(text, options.timestamp_format.as_ref())?)),
        DataType::TimestampNtz => {
            let found = moment(text, options.timestamp_ntz_format.as_ref())?;
            Value::TimestampNtz(if found.offset.is_none() { found.local } else { return None })
        }
        DataType::Binary => Value::Binary(bytes(text)?),
        DataType::Time(precision) => Value::Time(time_by(text, options.time_format.as_ref())?, *precision),
        _ => return None,
    })
}

/// The type of a text: null when it is the null of the options.
pub(super) fn type_of(text: Option<&str>, options: &XmlOptions) -> DataType {
    let Some(text) = text.map(|text| options.spaced(text)) else {
        return if options.infer_schema { DataType::Null } else { DataType::String };
    };
    if !options.infer_schema {
        return DataType::String;
    }
    if Some(text) == options.null_value.as_deref() {
        return DataType::Null;
    }
    let unsigned = sign(text).1;
    let digit = unsigned.starts_with(|c: char| c.is_ascii_digit());
    if digit && unsigned.parse::<i64>().is_ok() {
        return DataType::Long;
    }
    if (digit || unsigned.starts_with('.')) && !unsigned.ends_with(['d', 'D', 'f', 'F']) {
        if options.prefers_decimal
            && let Some((precision @ ..=38, scale @ 0..=38)) = decimal_shape(text.replace(',', "").as_bytes())
        {
            return DataType::Decimal(precision.max(scale as u32) as u8, scale as i8);
        }
        if parse_double(unsigned.as_bytes()).is_some() {
            return DataType::Double;
        }
    }
    if options.prefer_date && date(text, options).is_some() {
        return DataType::Date;
    }
    if moment(text, options.timestamp_format.as_ref()).is_some() {
        return DataType::Timestamp;
    }
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") { DataType::Boolean } else { DataType::String }
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn date(text: &str, options: &XmlOptions) -> Option<i32> {
    match &options.date_format {
        Some(pattern) => i32::try_from(pattern.try_parse(text)?.local.div_euclid(MICROS_PER_DAY)).ok(),
        None if !options.prefer_date => parse_date(text.as_bytes()),
        None => {
            let plain = text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
            parse_date(text.as_bytes()).filter(|_| plain && text.len() == 10)
        }
    }
}

fn moment(text: &str, pattern: Option<&Pattern>) -> Option<crate::dates::ParsedTimestamp> {
    match pattern {
        None => parse_timestamp(text.as_bytes()),
        Some(pattern) => pattern.try_parse(text),
    }
}

/// Two hexadecimal digits a byte.
fn bytes(text: &str) -> Option<std::sync::Arc<[u8]>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()).flatten()
}

/// The number that a text begins with, as Java's `NumberFormat` for people reads it: commas between digits don't count.
fn beginning(text: &str) -> Option<f64> {
    let (minus, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut number = String::new();
    let mut rest = rest.chars().peekable();
    let mut point = false;
    while let Some(c) = rest.next_if(|c| c.is_ascii_digit() || !point && matches!(c, ',' | '.')) {
        point |= c == '.';
        if c != ',' {
            number.push(c);
        }
    }
    if !number.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if rest.next_if_eq(&'E').is_some() {
        let exponent: String = rest.collect();
        let end = exponent.char_indices().find(|(i, c)| !(c.is_ascii_digit() || *i == 0 && *c == '-')).map_or(exponent.len(), |(i, _)| i);
        if exponent[..end].ends_with(|c: char| c.is_ascii_digit()) {
            number.push('e');
            number.push_str(&exponent[..end]);
        }
    }
    let value: f64 = number.parse().ok()?;
    Some(if minus { -value } else { value })
}
