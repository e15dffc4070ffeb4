//! Numbers and typed literals, by Spark's rules of what type each has.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::expr::literal;
use super::lex::Token;
use super::parser::Parser;
use crate::dates::{parse_date, parse_time, parse_timestamp};
use crate::expr::Expr;
use crate::types::DataType;
use crate::value::Value;

/// The longest first.
const SUFFIXES: [&str; 6] = ["BD", "L", "S", "Y", "D", "F"];

impl Parser<'_> {
    /// A number; its sign was taken when it is negative.
    pub fn number(&mut self, negative: bool) -> Result<Arc<Expr>> {
        let token = self.next();
        let text = token.text.to_uppercase();
        let (digits, suffix) = split(&text);
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        let range = |name: &str, low: &str, high: &str| {
            let message = format!(
                "Numeric literal {signed} is outside the valid range for {name} with minimum value of {low} and maximum value of {high}. Please adjust the value accordingly. SQLSTATE: 22003"
            );
            self.error_at(&token, "INVALID_NUMERIC_LITERAL_RANGE", &message)
        };
        let value = match suffix {
            "" if plain => match (signed.parse::<i32>(), signed.parse::<i64>()) {
                (Ok(value), _) => Value::Int(value),
                (_, Ok(value)) => Value::Long(value),
                _ => decimal(&signed).ok_or_else(|| too_precise(&signed))?,
            },
            "L" if plain => Value::Long(signed.parse().map_err(|_| range("bigint", "-9223372036854775808", "9223372036854775807"))?),
            "S" if plain => Value::Short(signed.parse().map_err(|_| range("smallint", "-32768", "32767"))?),
            "Y" if plain => Value::Byte(signed.parse().map_err(|_| range("tinyint", "-128", "127"))?),
            "D" => Value::Double(signed.parse().map_err(|_| self.error_at(&token, "PARSE_SYNTAX_ERROR", "Not a number."))?),
            "F" => Value::Float(signed.parse().map_err(|_| self.error_at(&token, "PARSE_SYNTAX_ERROR", "Not a number."))?),
            "BD" => decimal(&signed).ok_or_else(|| too_precise(&signed))?,
            "" if digits.contains('E') => match signed.parse() {
                Ok(value) => Value::Double(value),
                Err(_) => return Err(super::error::syntax_error(self.text, token.start, token.text)),
            },
            "" if digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') => decimal(&signed).ok_or_else(|| too_precise(&signed))?,
            _ => return Err(super::error::syntax_error(self.text, token.start, token.text)),
        };
        Ok(literal(value))
    }
}

/// The number and its suffix, in capitals.
fn split(text: &str) -> (&str, &str) {
    for suffix in SUFFIXES {
        if let Some(digits) = text.strip_suffix(suffix)
            && digits.ends_with(|c: char| c.is_ascii_digit() || c == '.')
        {
            return (digits, suffix);
        }
    }
    (text, "")
}

/// The decimal with just the digits that are written; none when they are more than 38.
fn decimal(text: &str) -> Option<Value> {
    let (mantissa, exponent) = match text.split_once('E') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut unscaled: i128 = format!("{whole}{fraction}").parse().ok()?;
    let mut scale = i32::try_from(fraction.len()).ok()? - exponent;
    if scale < 0 {
        unscaled = unscaled.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?;
        scale = 0;
    }
    let digits = unscaled.unsigned_abs().checked_ilog10().map_or(1, |d| d + 1);
    let precision = i32::try_from(digits).ok()?.max(scale);
    (precision <= 38).then_some(Value::Decimal { unscaled, precision: precision as u8, scale: scale as i8 })
}

fn too_precise(text: &str) -> Error {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    Error::new(kindling_partition::ErrorKind::Parse, format!("Decimal precision {digits} exceeds max precision 38."))
        .with_condition("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION")
}

/// `DATE '…'`, `TIMESTAMP '…'`, `X'…'`
pub(super) fn typed(parser: &Parser<'_>, token: &Token<'_>, kind: &str, text: &str) -> Result<Arc<Expr>> {
    let value = match kind {
        "date" => parse_date(text.as_bytes()).map(Value::Date),
        "time" => parse_time(text.as_bytes()).map(|nanos| Value::Time(nanos, precision(text))),
        // A text with a zone is an instant whatever the type is called.
        "timestamp" | "timestamp_ltz" => parse_timestamp(text.as_bytes())
            .map(|t| Value::Timestamp(if t.offset.is_none() { crate::zone::instant(t.local) } else { t.instant() })),
        "timestamp_ntz" => parse_timestamp(text.as_bytes()).map(|t| Value::TimestampNtz(t.instant())),
        _ => bytes(text).map(|b| Value::Binary(b.into())),
    };
    value.map(literal).ok_or_else(|| {
        let name = DataType::parse(kind).map_or_else(|_| "BINARY".to_owned(), |t| if kind == "time" { "TIME".to_owned() } else { t.sql() });
        let message = format!("The value of the typed literal \"{name}\" is invalid: '{text}'. SQLSTATE: 42604");
        parser.error_at(token, "INVALID_TYPED_LITERAL", &message)
    })
}

/// A time has six digits of a fraction, or the seven to nine that are written.
fn precision(text: &str) -> u8 {
    let digits = text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
    digits.clamp(6, 9) as u8
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let padded = if text.len() % 2 == 1 { format!("0{text}") } else { text.to_owned() };
    (0..padded.len()).step_by(2).map(|i| u8::from_str_radix(padded.get(i..i + 2)?, 16).ok()).collect()
}
