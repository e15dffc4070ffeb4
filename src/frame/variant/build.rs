//! Variants made: from parts, from JSON, from values of other types.

use std::collections::HashMap;
use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::read::{Node, View};
use super::{SIZE_LIMIT, Variant, read, too_large};
use crate::json::{Json, Syntax, parse};
use crate::value::Value;

/// A variant in parts that can be changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// As encoded.
    Scalar(Vec<u8>),
    Array(Vec<Tree>),
    /// The members in the order in which their names are numbered.
    Object(Vec<(Arc<str>, Tree)>),
}

impl Tree {
    pub(super) const NULL: Self = Self::Scalar(Vec::new());

    /// # Errors
    /// `MALFORMED_VARIANT`
    pub(super) fn of(view: View<'_>) -> Result<Self> {
        Ok(match view.open()? {
            Node::Scalar(_) => Self::Scalar(view.bytes()?.to_vec()),
            Node::Array(items) => Self::Array(items.into_iter().map(Self::of).collect::<Result<_>>()?),
            Node::Object(members) => {
                Self::Object(members.into_iter().map(|(name, view)| Ok((name.into(), Self::of(view)?))).collect::<Result<_>>()?)
            }
        })
    }

    /// The value, of a type that can be stored; structs and maps become objects.
    ///
    /// # Errors
    /// `MALFORMED_VARIANT`
    pub fn from_value(value: &Value) -> Result<Self> {
        let long = |v: i64| {
            let (kind, width) = match v {
                -0x80..=0x7f => (3, 1),
                -0x8000..=0x7fff => (4, 2),
                -0x8000_0000..=0x7fff_ffff => (5, 4),
                _ => (6, 8),
            };
            scalar(kind, &v.to_le_bytes()[..width])
        };
        Ok(match value {
            Value::Boolean(v) => scalar(if *v { 1 } else { 2 }, &[]),
            Value::Byte(_) | Value::Short(_) | Value::Int(_) | Value::Long(_) => long(value.as_i64().unwrap_or_default()),
            Value::Double(v) => scalar(7, &v.to_bits().to_le_bytes()),
            Value::Float(v) => scalar(14, &v.to_bits().to_le_bytes()),
            Value::Decimal { unscaled, scale, .. } => {
                let digits = unscaled.unsigned_abs().checked_ilog10().map_or(1, |n| n as i8 + 1).max(*scale);
                let (kind, width) = match digits {
                    ..=9 => (8, 4),
                    10..=18 => (9, 8),
                    _ => (10, 16),
                };
                let bytes: Vec<u8> = std::iter::once(*scale as u8).chain(unscaled.to_le_bytes()[..width].iter().copied()).collect();
                scalar(kind, &bytes)
            }
            Value::String(text) if text.len() < 64 => {
                Self::Scalar(std::iter::once((text.len() as u8) << 2 | 1).chain(text.bytes()).collect())
            }
            Value::String(text) => long_bytes(16, text.as_bytes()),
            Value::Binary(bytes) => long_bytes(15, bytes),
            Value::Date(days) => scalar(11, &days.to_le_bytes()),
            Value::Timestamp(micros) => scalar(12, &micros.to_le_bytes()),
            Value::TimestampNtz(micros) => scalar(13, &micros.to_le_bytes()),
            Value::Variant(variant) => Self::of(variant.view())?,
            Value::Array(items) => Self::Array(items.iter().map(Self::from_value).collect::<Result<_>>()?),
            Value::Map(entries) => Self::Object(
                entries.iter().map(|(k, v)| Ok((k.as_str().unwrap_or_default().into(), Self::from_value(v)?))).collect::<Result<_>>()?,
            ),
            Value::Struct(row) => {
                Self::Object(row.names.iter().zip(&row.values).map(|(n, v)| Ok((n.clone(), Self::from_value(v)?))).collect::<Result<_>>()?)
            }
            _ => Self::NULL,
        })
    }

    /// Of members of one name the last one, in the place of the first.
    pub(super) fn keep_last(&mut self) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(items) => items.iter_mut().for_each(Self::keep_last),
            Self::Object(members) => {
                for (name, mut item) in std::mem::take(members) {
                    item.keep_last();
                    match members.iter_mut().find(|m| m.0 == name) {
                        Some(known) => known.1 = item,
                        None => members.push((name, item)),
                    }
                }
            }
        }
    }

    /// The first value of a text of JSON; none when it is no JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let strict = Syntax { single_quotes: false, non_numeric_numbers: false, ..Syntax::default() };
        parse(text, strict).ok().flatten().map(|json| Self::from_json(&json))
    }

    pub(crate) fn from_json(json: &Json<'_>) -> Self {
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(v) => Value::Boolean(*v),
            Json::Number(text) => number(text),
            Json::String(text) => Value::from(&**text),
            Json::Array(items, _) => return Self::Array(items.iter().map(Self::from_json).collect()),
            Json::Object(members, _) => {
                return Self::Object(members.iter().map(|(name, v)| ((&**name).into(), Self::from_json(v))).collect());
            }
        };
        Self::from_value(&value).unwrap_or(Self::NULL)
    }

    /// The variant. `function` is what the error of too large a one names.
    ///
    /// # Errors
    /// `VARIANT_DUPLICATE_KEY`, `VARIANT_SIZE_LIMIT`
    pub fn encode(&self, function: &str) -> Result<Variant> {
        self.encode_after(function, &[1, 0, 0])
    }

    /// As [`encode`](Self::encode), with the names of this metadata before all others.
    pub(super) fn encode_after(&self, function: &str, metadata: &[u8]) -> Result<Variant> {
        let mut names = Names::default();
        read::names(metadata)?.into_iter().for_each(|name| {
            names.number(name);
        });
        let mut value = Vec::new();
        self.write(&mut names, &mut value)?;
        let length: usize = names.ordered.iter().map(|n| n.len()).sum();
        let width = width_of(length.max(names.ordered.len()));
        let mut metadata = vec![1 | (width as u8 - 1) << 6];
        put(&mut metadata, names.ordered.len(), width);
        let mut at = 0;
        put(&mut metadata, at, width);
        for name in &names.ordered {
            at += name.len();
            put(&mut metadata, at, width);
        }
        names.ordered.iter().for_each(|name| metadata.extend_from_slice(name.as_bytes()));
        if value.len().max(metadata.len()) > SIZE_LIMIT {
            return Err(too_large(function));
        }
        Ok(Variant { value: value.into(), metadata: metadata.into() })
    }

    fn write<'a>(&'a self, names: &mut Names<'a>, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        // Members lie in the order they came in, and are found in the order of their names, which Java compares by units of UTF-16.
        let (basic, mut entries) = match self {
            Self::Scalar(bytes) => {
                if bytes.is_empty() {
                    out.push(0)
                } else {
                    out.extend_from_slice(bytes)
                }
                return Ok(());
            }
            Self::Array(items) => {
                let mut entries = Vec::with_capacity(items.len());
                for item in items {
                    entries.push(("", 0, out.len() - start));
                    item.write(names, out)?;
                }
                (3, entries)
            }
            Self::Object(members) => {
                let mut entries = Vec::with_capacity(members.len());
                for (name, item) in members {
                    entries.push((&**name, names.number(name), out.len() - start));
                    item.write(names, out)?;
                }
                (2, entries)
            }
        };
        if basic == 2 {
            entries.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            if let Some(twice) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                let text = format!("Failed to build variant because of a duplicate object key `{}`.", twice[0].0);
                return Err(Error::new(ErrorKind::Runtime, text).with_condition("VARIANT_DUPLICATE_KEY"));
            }
        }
        let data = out.len() - start;
        let large = entries.len() > 255;
        let (id_width, offset_width) = (width_of(entries.iter().map(|e| e.1).max().unwrap_or(0)), width_of(data));
        let info = match basic {
            2 => usize::from(large) << 4 | (id_width - 1) << 2 | (offset_width - 1),
            _ => usize::from(large) << 2 | (offset_width - 1),
        };
        let mut header = vec![(info << 2) as u8 | basic];
        put(&mut header, entries.len(), if large { 4 } else { 1 });
        if basic == 2 {
            entries.iter().for_each(|e| put(&mut header, e.1, id_width));
        }
        entries.iter().for_each(|e| put(&mut header, e.2, offset_width));
        put(&mut header, data, offset_width);
        out.splice(start..start, header);
        Ok(())
    }
}

/// The names of all members, numbered in the order they are met.
#[derive(Default)]
struct Names<'a> {
    ordered: Vec<&'a str>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        *self.numbers.entry(name).or_insert_with(|| {
            self.ordered.push(name);
            self.ordered.len() - 1
        })
    }
}

fn scalar(kind: u8, bytes: &[u8]) -> Tree {
    Tree::Scalar(std::iter::once(kind << 2).chain(bytes.iter().copied()).collect())
}

fn long_bytes(kind: u8, bytes: &[u8]) -> Tree {
    let length = (bytes.len() as u32).to_le_bytes();
    Tree::Scalar(std::iter::once(kind << 2).chain(length).chain(bytes.iter().copied()).collect())
}

/// Bytes that a number takes, at least one.
fn width_of(number: usize) -> usize {
    match number {
        ..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xff_ffff => 3,
        _ => 4,
    }
}

fn put(out: &mut Vec<u8>, number: usize, width: usize) {
    out.extend_from_slice(&(number as u32).to_le_bytes()[..width]);
}

/// A number of JSON: an integer where it is one, else a decimal where one of 38 digits holds all that is written, else a double.
pub(crate) fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return Value::Long(whole);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    match digits.parse::<i128>() {
        Ok(unscaled) if fraction.len() <= 38 && unscaled.unsigned_abs() < 10_u128.pow(38) && !digits.contains(['e', 'E', '+']) => {
            Value::Decimal { unscaled, precision: 38, scale: fraction.len() as i8 }
        }
        _ => Value::Double(text.parse().unwrap_or(f64::NAN)),
    }
}
