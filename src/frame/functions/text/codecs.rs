//! Bytes as texts of other alphabets and back: base64, base32, hexadecimal, URLs, character sets.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use crate::base64;
use crate::coerce::{expect, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "base64",
        "Bytes as base64.",
        params!("col"),
        |a| of_bytes("base64", a, DataType::String),
        |c| Ok(base64::encode(c.bytes(0)).into()),
    ),
    Function::rows(
        "unbase64",
        "The bytes of a text of base64.",
        params!("col"),
        |a| of_text("unbase64", a, DataType::Binary),
        |c| {
            let kept: String = c.text(0).chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')).collect();
            base64::decode(kept.as_bytes()).map(binary).ok_or_else(|| invalid("unbase64", c.text(0), "BASE64", "try_to_binary"))
        },
    ),
    Function::rows(
        "to_base32",
        "Bytes as base32.",
        params!("col"),
        |a| of_bytes("to_base32", a, DataType::String),
        |c| Ok(to_base32(c.bytes(0)).into()),
    ),
    Function::rows(
        "from_base32",
        "The bytes of a text of base32.",
        params!("col"),
        |a| of_text("from_base32", a, DataType::Binary),
        |c| from_base32(c.text(0)).map(binary).ok_or_else(|| invalid("from_base32", c.text(0), "BASE32", "try_to_binary")),
    ),
    Function::rows(
        "hex",
        "A whole number, bytes or a text in hexadecimal digits.",
        params!("col"),
        |args| {
            if !matches!(args[0].data_type, DataType::Binary | DataType::String) {
                expect("hex", args, 0, &DataType::Long)?;
            }
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| {
            Ok(match c.values[0].as_i64() {
                Some(number) => format!("{number:X}").into(),
                None => to_hex(c.bytes(0)).into(),
            })
        },
    ),
    Function::rows(
        "unhex",
        "The bytes of hexadecimal digits; null when there are others.",
        params!("col"),
        |args| {
            expect("unhex", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::Binary, true))
        },
        |c| Ok(from_hex(c.text(0)).map_or(Value::Null, binary)),
    ),
    Function::rows(
        "url_encode",
        "The text as it stands in a URL.",
        params!("str"),
        |a| of_text("url_encode", a, DataType::String),
        |c| Ok(to_url(c.text(0)).into()),
    ),
    Function::rows(
        "url_decode",
        "The text that stands in a URL.",
        params!("str"),
        |a| of_text("url_decode", a, DataType::String),
        |c| {
            from_url(c.text(0)).map(Value::from).ok_or_else(|| {
                let text = format!(
                    "The provided URL cannot be decoded: {}. Please ensure that the URL is properly formatted and try again.",
                    c.text(0)
                );
                Error::illegal_argument(text).with_condition("CANNOT_DECODE_URL")
            })
        },
    ),
    Function::rows(
        "try_url_decode",
        "As url_decode, but null for what is no URL.",
        params!("str"),
        |args| {
            expect("try_url_decode", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| Ok(from_url(c.text(0)).into()),
    ),
    Function::rows(
        "encode",
        "The bytes of a text in a character set.",
        params!("col", "=charset"),
        |args| {
            expect("encode", args, 0, &DataType::String)?;
            expect("encode", args, 1, &DataType::String)?;
            Ok(Outcome::strict(DataType::Binary, args))
        },
        |c| encoded(c.text(0), c.text(1)).map(binary),
    ),
    Function::rows(
        "decode",
        "The text of bytes in a character set.",
        params!("col", "=charset"),
        |args| {
            expect("decode", args, 0, &DataType::Binary)?;
            expect("decode", args, 1, &DataType::String)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| decoded(c.bytes(0), c.text(1)).map(Value::from),
    ),
    Function::rows_with_nulls(
        "to_binary",
        "The bytes of a text: hex, base64 or utf-8.",
        params!("col", "~format"),
        |a| bytes_of("to_binary", a),
        |c| to_binary(c, "to_binary"),
    ),
    Function::rows_with_nulls(
        "try_to_binary",
        "As to_binary, but null for what is none.",
        params!("col", "~format"),
        |a| bytes_of("try_to_binary", a),
        |c| Ok(to_binary(c, "to_binary").unwrap_or(Value::Null)),
    ),
];

fn of_bytes(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    if !matches!(args[0].data_type, DataType::Binary | DataType::String | DataType::Null) {
        return Err(wrong_type(name, args, 0, "BINARY"));
    }
    expect(name, args, 0, &DataType::Binary)?;
    Ok(Outcome::strict(result, args))
}

fn of_text(name: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    Ok(Outcome::strict(result, args))
}

fn bytes_of(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    expect(name, args, 1, &DataType::String)?;
    let format = crate::coerce::literal(name, args, 1)?.and_then(Value::as_str).unwrap_or("hex").to_lowercase();
    if !["hex", "base64", "utf-8", "utf8"].contains(&format.as_str()) {
        let text = format!("The format of {name} should be one of 'hex', 'base64', 'utf-8' and 'utf8', but is '{format}'.");
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.INVALID_ARG_VALUE"));
    }
    Ok(Outcome::new(DataType::Binary, true))
}

fn to_binary(c: &Cells<'_>, name: &str) -> Result<Value> {
    if c.values.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    let format = c.maybe_text(1).unwrap_or("hex").to_lowercase();
    let found = match format.as_str() {
        "base64" => base64::decode(c.text(0).as_bytes()),
        "hex" => from_hex(c.text(0)),
        _ => Some(c.text(0).as_bytes().to_vec()),
    };
    found.map(binary).ok_or_else(|| invalid(name, c.text(0), &format.to_uppercase(), "try_to_binary"))
}

fn invalid(_: &str, text: &str, format: &str, instead: &str) -> Error {
    let text = format!(
        "The value '{text}' (STRING) cannot be converted to \"BINARY\" because it is malformed {format}. Use `{instead}` to tolerate malformed input and return NULL instead."
    );
    Error::illegal_argument(text).with_condition("CONVERSION_INVALID_INPUT")
}

pub(in super::super) fn binary(bytes: Vec<u8>) -> Value {
    Value::Binary(bytes.into())
}

pub(in super::super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

/// An odd digit at the start stands for a byte of its own.
pub(in super::super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().map(|b| (b as char).to_digit(16).map(|d| d as u8)).collect::<Option<Vec<u8>>>()?;
    let (first, pairs) = digits.split_at(digits.len() % 2);
    Some(first.iter().copied().chain(pairs.as_chunks().0.iter().map(|[a, b]| a * 16 + b)).collect())
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn to_base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let word = chunk.iter().fold(0_u64, |w, b| w << 8 | u64::from(*b)) << (8 * (5 - chunk.len()));
        let digits = (chunk.len() * 8).div_ceil(5);
        (0..8).for_each(|place| out.push(if place < digits { BASE32[(word >> (35 - 5 * place) & 31) as usize] as char } else { '=' }));
    }
    out
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len() > digits.len() && !text.len().is_multiple_of(8) || matches!(digits.len() % 8, 1 | 3 | 6) {
        return None;
    }
    unpacked(digits.chars().map(|c| BASE32.iter().position(|b| (*b as char).eq_ignore_ascii_case(&c)).map(|i| i as u32)), 5)
}

/// The whole bytes of digits of so many bits.
fn unpacked(digits: impl Iterator<Item = Option<u32>>, width: u32) -> Option<Vec<u8>> {
    let (mut out, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        word = word << width | digit?;
        bits += width;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    Some(out)
}

/// Java's `URLEncoder`.
fn to_url(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(byte as char),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn from_url(text: &str) -> Option<String> {
    let (mut out, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| (b as char).to_digit(16));
                (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8
            }
            other => other,
        });
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

const CHARSETS: &str = "'ISO-8859-1', 'US-ASCII', 'UTF-16', 'UTF-16BE', 'UTF-16LE', 'UTF-32', 'UTF-8'";

fn bad_charset(function: &str, charset: &str) -> Error {
    let text = format!(
        "The value of parameter(s) `charset` in `{function}` is invalid: expects one of the charsets {CHARSETS}, but got {charset}."
    );
    Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.CHARSET")
}

fn malformed(function: &str, charset: &str) -> Error {
    let text = format!("Invalid value found when performing `{function}` with {charset}");
    Error::new(ErrorKind::Runtime, text).with_condition("MALFORMED_CHARACTER_CODING")
}

fn encoded(text: &str, charset: &str) -> Result<Vec<u8>> {
    let narrow =
        |limit: u32| text.chars().map(|c| u8::try_from(u32::from(c)).ok().filter(|b| u32::from(*b) < limit)).collect::<Option<Vec<u8>>>();
    let name = charset.to_uppercase();
    Ok(match name.as_str() {
        "UTF-8" => text.as_bytes().to_vec(),
        "US-ASCII" => narrow(128).ok_or_else(|| malformed("encode", &name))?,
        "ISO-8859-1" => narrow(256).ok_or_else(|| malformed("encode", &name))?,
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16" if text.is_empty() => Vec::new(),
        "UTF-16" => [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        "UTF-32" => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        _ => return Err(bad_charset("encode", charset)),
    })
}

fn decoded(bytes: &[u8], charset: &str) -> Result<String> {
    let name = charset.to_uppercase();
    let wide = |little: bool, bytes: &[u8]| {
        let words: Vec<u16> = bytes
            .chunks(2)
            .map(|p| {
                let pair = [p[0], p.get(1).copied().unwrap_or(0)];
                if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
            })
            .collect();
        String::from_utf16(&words).map_err(|_| malformed("decode", &name))
    };
    match name.as_str() {
        "UTF-8" => String::from_utf8(bytes.to_vec()).map_err(|_| malformed("decode", &name)),
        "US-ASCII" if bytes.iter().all(u8::is_ascii) => Ok(bytes.iter().map(|b| *b as char).collect()),
        "US-ASCII" => Err(malformed("decode", &name)),
        "ISO-8859-1" => Ok(bytes.iter().map(|b| *b as char).collect()),
        "UTF-16BE" => wide(false, bytes),
        "UTF-16LE" => wide(true, bytes),
        "UTF-16" => match bytes {
            [0xFF, 0xFE, rest @ ..] => wide(true, rest),
            [0xFE, 0xFF, rest @ ..] => wide(false, rest),
            _ => wide(false, bytes),
        },
        "UTF-32" => bytes
            .chunks(4)
            .map(|w| <[u8; 4]>::try_from(w).ok().and_then(|w| char::from_u32(u32::from_be_bytes(w))))
            .collect::<Option<String>>()
            .ok_or_else(|| malformed("decode", &name)),
        _ => Err(bad_charset("decode", charset)),
    }
}
