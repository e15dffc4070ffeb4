//! JSON as values of a type: Spark's `JacksonParser`.

use std::cell::Cell;

use serde_json::Value as Json;

use super::option;
use crate::base64;
use crate::dates::{Pattern, parse_date, parse_timestamp, time_by};
use crate::datetime::MICROS_PER_SECOND;
use crate::numbers::{parse_decimal, parse_double};
use crate::types::DataType;
use crate::value::{Row, Value};
use crate::zone::Clocks;

/// The first JSON value of a text; none when there is none.
pub(super) fn parse(text: &str) -> Option<Json> {
    parse_with(text, &[])
}

pub(super) fn parse_with(text: &str, options: &[(String, String)]) -> Option<Json> {
    let flag = |name: &str| option(options, name) == Some("true");
    let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter::<Json>().next().and_then(Result::ok);
    let comments = flag("allowComments");
    first(text).or_else(|| {
        let relaxed = relaxed(
            text,
            option(options, "allowSingleQuotes") != Some("false"),
            flag("allowUnquotedFieldNames"),
            comments,
            flag("allowNumericLeadingZeros"),
        );
        if relaxed == text { None } else { first(&relaxed) }
    })
}

/// The text with what Spark's options allow written as JSON has it: single quotes, names without quotes, comments, zeros before numbers.
fn relaxed(text: &str, single: bool, bare: bool, comments: bool, zeros: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => copy_quoted(&mut chars, '"', &mut out),
            '\'' if single => copy_quoted(&mut chars, '\'', &mut out),
            '/' if comments && chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '/' if comments && chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            c if c.is_alphabetic() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                let is_value = matches!(word.as_str(), "true" | "false" | "null");
                if bare && !is_value { out.push_str(&format!("\"{word}\"")) } else { out.push_str(&word) }
            }
            c if c.is_ascii_digit() => {
                let mut number = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')) {
                    number.push(c);
                }
                let short = number.trim_start_matches('0');
                let plain = !zeros || number.len() == 1 || !number.starts_with('0');
                out.push_str(match short.chars().next() {
                    _ if plain => &number,
                    Some(d) if d.is_ascii_digit() => short,
                    _ => &number[number.len() - short.len() - 1..],
                });
            }
            c => out.push(c),
        }
    }
    out
}

fn copy_quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char, out: &mut String) {
    out.push('"');
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next().unwrap_or('\\');
                if escaped != '\'' {
                    out.push('\\');
                }
                out.push(escaped);
            }
            c if c == quote => break,
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// How texts are read as values.
pub(super) struct Reader {
    dates: Option<Pattern>,
    timestamps: Option<Pattern>,
    times: Option<Pattern>,
    clocks: Clocks,
    pub fail_fast: bool,
    /// Whether some part of what was read didn't fit and is null.
    pub spoilt: Cell<bool>,
    pub corrupt: String,
}

impl Reader {
    pub fn new(options: &[(String, String)]) -> kindling_partition::Result<Self> {
        let pattern = |name: &str| option(options, name).map(Pattern::new).transpose();
        Ok(Self {
            spoilt: Cell::new(false),
            dates: pattern("dateFormat")?,
            timestamps: pattern("timestampFormat")?,
            times: pattern("timeFormat")?,
            clocks: option(options, "timeZone").map_or_else(|| Ok(Clocks::default()), Clocks::named)?,
            fail_fast: option(options, "mode").is_some_and(|m| m.eq_ignore_ascii_case("FAILFAST")),
            corrupt: option(options, "columnNameOfCorruptRecord").unwrap_or("_corrupt_record").to_owned(),
        })
    }

    /// The value of a type; none when the JSON is of another.
    pub fn value(&self, json: &Json, data_type: &DataType) -> Option<Value> {
        if json.is_null() {
            return Some(Value::Null);
        }
        let int = || json.as_i64();
        Some(match data_type {
            DataType::Boolean => Value::Boolean(json.as_bool()?),
            DataType::Byte => Value::Byte(int()?.try_into().ok()?),
            DataType::Short => Value::Short(int()?.try_into().ok()?),
            DataType::Int => Value::Int(int()?.try_into().ok()?),
            DataType::Long => Value::Long(int()?),
            DataType::Float => Value::Float(double(json)? as f32),
            DataType::Double => Value::Double(double(json)?),
            DataType::Decimal(precision, scale) => {
                let text = match json {
                    Json::Number(n) => n.to_string(),
                    Json::String(text) => text.clone(),
                    _ => return None,
                };
                Value::Decimal { unscaled: parse_decimal(text.as_bytes(), *precision, *scale).ok()?, precision: *precision, scale: *scale }
            }
            DataType::String => match json {
                Json::String(text) => Value::from(text.as_str()),
                other => Value::from(other.to_string()),
            },
            DataType::Binary => Value::Binary(base64::decode(json.as_str()?.as_bytes())?.into()),
            DataType::Date => Value::Date(match &self.dates {
                Some(pattern) => pattern.try_parse(json.as_str()?)?.instant().div_euclid(crate::datetime::MICROS_PER_DAY) as i32,
                None => parse_date(json.as_str()?.as_bytes())?,
            }),
            DataType::Timestamp | DataType::TimestampNtz => {
                let micros = match (json.as_str(), &self.timestamps) {
                    (Some(text), pattern) => {
                        let read = match pattern {
                            Some(pattern) => pattern.try_parse(text)?,
                            None => parse_timestamp(text.as_bytes())?,
                        };
                        if *data_type == DataType::Timestamp { self.clocks.instant(read) } else { read.instant() }
                    }
                    (None, _) => int()?.checked_mul(MICROS_PER_SECOND)?,
                };
                if *data_type == DataType::Timestamp { Value::Timestamp(micros) } else { Value::TimestampNtz(micros) }
            }
            DataType::Time(precision) => Value::Time(time_by(json.as_str()?, self.times.as_ref())?, *precision),
            DataType::Array(element, _) => {
                let items = json.as_array()?;
                Value::Array(items.iter().map(|item| self.value(item, element)).collect::<Option<_>>()?)
            }
            DataType::Map(key, value, _) if **key == DataType::String => {
                let members = json.as_object()?;
                let entry = |(k, v): (&String, &Json)| Some((Value::from(k.as_str()), self.value(v, value).unwrap_or(Value::Null)));
                Value::Map(members.iter().map(entry).collect::<Option<_>>()?)
            }
            DataType::Struct(fields) => {
                let members = json.as_object()?;
                // What doesn't fit is null, and the rest of the struct stands.
                let values = fields.iter().map(|f| match members.get(&*f.name) {
                    Some(member) => self.value(member, &f.data_type).unwrap_or_else(|| {
                        self.spoilt.set(true);
                        Value::Null
                    }),
                    None => Value::Null,
                });
                Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values: values.collect() })
            }
            _ => return None,
        })
    }
}

fn double(json: &Json) -> Option<f64> {
    match json {
        Json::Number(n) => n.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" | "+Infinity" | "INF" | "+INF" => Some(f64::INFINITY),
            "-Infinity" | "-INF" => Some(f64::NEG_INFINITY),
            text => parse_double(text.as_bytes()),
        },
        _ => None,
    }
}
