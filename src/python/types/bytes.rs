//! `bytes`, and the encodings of text.

use std::rc::Rc;

use crate::args::Args;
use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::signature::Signature;
use crate::types::Methods;
use crate::types::str::text;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("decode", Native::Full(decode_method)),
    ("hex", Native::Fast(hex, 0, 1)),
    ("class fromhex", Native::Fast(from_hex, 1, 1)),
    ("startswith", Native::Fast(|vm, args| Ok(Value::Bool(get(&args[0]).starts_with(bytes_arg(vm, &args[1])?))), 1, 1)),
    ("endswith", Native::Fast(|vm, args| Ok(Value::Bool(get(&args[0]).ends_with(bytes_arg(vm, &args[1])?))), 1, 1)),
    ("find", Native::Fast(|vm, args| Ok(Value::Int(position(get(&args[0]), bytes_arg(vm, &args[1])?).map_or(-1, |at| at as i64))), 1, 1)),
    ("count", Native::Fast(count, 1, 1)),
    ("join", Native::Fast(join, 1, 1)),
    ("split", Native::Fast(split, 0, 1)),
    ("strip", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).trim_ascii())), 0, 0)),
    ("lower", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).to_ascii_lowercase())), 0, 0)),
    ("upper", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).to_ascii_uppercase())), 0, 0)),
    ("replace", Native::Fast(replace, 2, 2)),
];

fn get(value: &Value) -> &[u8] {
    match value.base() {
        Value::Bytes(bytes) => bytes,
        _ => &[],
    }
}

fn bytes_arg<'a>(vm: &mut Vm, value: &'a Value) -> PyResult<&'a [u8]> {
    match value.base() {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(PyError::type_error(format!("a bytes-like object is required, not '{}'", vm.type_name(value)))),
    }
}

fn position(whole: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    whole.windows(part.len()).position(|window| window == part)
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        let has_encoding = args.positional.len() > 1 || args.keywords.iter().any(|(name, _)| &**name != "source");
        let values = Signature::known("bytes(source=None, encoding='utf-8', errors='strict')").bind(vm, args)?;
        match values[0].base() {
            Value::None => Ok(Value::bytes([])),
            Value::Str(string) if has_encoding => encode(string.as_str(), text(&values[1]), text(&values[2])),
            Value::Str(_) => Err(PyError::type_error("string argument without an encoding")),
            Value::Bytes(_) => Ok(values[0].base().clone()),
            Value::Int(count) => {
                let count = usize::try_from(*count).map_err(|_| PyError::value_error("negative count"))?;
                vm.check_size(count, 1)?;
                Ok(Value::bytes(vec![0; count]))
            }
            _ => {
                let mut bytes = Vec::new();
                for item in vm.collect(&values[0])? {
                    let byte = vm.index(&item)?;
                    bytes.push(u8::try_from(byte).map_err(|_| PyError::value_error("bytes must be in range(0, 256)"))?);
                }
                Ok(Value::bytes(bytes))
            }
        }
    })
}

fn normal(encoding: &str) -> String {
    encoding.to_ascii_lowercase().replace(['-', '_', ' '], "")
}

/// `text.encode(encoding, errors)`.
pub(crate) fn encode(text: &str, encoding: &str, errors: &str) -> PyResult<Value> {
    let limit = match normal(encoding).as_str() {
        "utf8" => return Ok(Value::bytes(text.as_bytes())),
        "ascii" | "usascii" => 128,
        "latin1" | "iso88591" => 256,
        _ => return Err(PyError::new("LookupError", format!("unknown encoding: {encoding}"))),
    };
    let mut bytes = Vec::new();
    for (position, c) in text.chars().enumerate() {
        if (c as u32) < limit {
            bytes.push(c as u8);
            continue;
        }
        match errors {
            "ignore" => {}
            "replace" => bytes.push(b'?'),
            _ => {
                let code = c as u32;
                let shown = if code < 0x100 {
                    format!("\\x{code:02x}")
                } else if code < 0x10000 {
                    format!("\\u{code:04x}")
                } else {
                    format!("\\U{code:08x}")
                };
                let name = if limit == 128 { "ascii" } else { "latin-1" };
                return Err(PyError::new(
                    "UnicodeEncodeError",
                    format!("'{name}' codec can't encode character '{shown}' in position {position}: ordinal not in range({limit})"),
                ));
            }
        }
    }
    Ok(Value::bytes(bytes))
}

/// `bytes.decode(encoding, errors)`.
pub(crate) fn decode(bytes: &[u8], encoding: &str, errors: &str) -> PyResult<Value> {
    match normal(encoding).as_str() {
        "utf8" => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::str(text)),
            Err(_) if errors == "replace" => Ok(Value::str(String::from_utf8_lossy(bytes))),
            Err(_) if errors == "ignore" => Ok(Value::str(String::from_utf8_lossy(bytes).replace('\u{fffd}', ""))),
            Err(error) => {
                let at = error.valid_up_to();
                let reason = match (error.error_len(), bytes[at]) {
                    (None, _) => "unexpected end of data",
                    (_, 0x80..=0xc1 | 0xf5..=0xff) => "invalid start byte",
                    _ => "invalid continuation byte",
                };
                Err(PyError::new(
                    "UnicodeDecodeError",
                    format!("'utf-8' codec can't decode byte 0x{:02x} in position {at}: {reason}", bytes[at]),
                ))
            }
        },
        "ascii" | "usascii" => match bytes.iter().position(|byte| *byte >= 128) {
            Some(at) if errors == "strict" => Err(PyError::new(
                "UnicodeDecodeError",
                format!("'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)", bytes[at]),
            )),
            _ => Ok(Value::str(bytes.iter().filter(|byte| **byte < 128).map(|&byte| byte as char).collect::<String>())),
        },
        "latin1" | "iso88591" => Ok(Value::str(bytes.iter().map(|&byte| byte as char).collect::<String>())),
        _ => Err(PyError::new("LookupError", format!("unknown encoding: {encoding}"))),
    }
}

fn decode_method(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("decode(self, encoding='utf-8', errors='strict')").bind(vm, args)?;
    decode(get(&values[0]), text(&values[1]), text(&values[2]))
}

fn hex(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let separator = args.get(1).and_then(Value::as_str).unwrap_or("");
    Ok(Value::str(get(&args[0]).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator)))
}

fn from_hex(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let digits: Vec<char> = text(&args[1]).chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let mut bytes = Vec::new();
    for (index, pair) in digits.chunks(2).enumerate() {
        match pair.iter().collect::<String>() {
            pair if pair.len() == 2 && u8::from_str_radix(&pair, 16).is_ok() => bytes.extend(u8::from_str_radix(&pair, 16)),
            _ => {
                return Err(PyError::value_error(format!("non-hexadecimal number found in fromhex() arg at position {}", index * 2 + 1)));
            }
        }
    }
    Ok(Value::bytes(bytes))
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let part = bytes_arg(vm, &args[1])?;
    let mut rest = get(&args[0]);
    let mut count = 0i64;
    while let Some(at) = position(rest, part) {
        count += 1;
        match rest.get(at + part.len().max(1)..) {
            Some(after) => rest = after,
            None => break,
        }
    }
    Ok(Value::Int(count))
}

fn join(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = Vec::new();
    for (index, item) in vm.collect(&args[1])?.iter().enumerate() {
        if index > 0 {
            result.extend_from_slice(get(&args[0]));
        }
        match item.base() {
            Value::Bytes(bytes) => result.extend_from_slice(bytes),
            _ => {
                let name = vm.type_name(item);
                return Err(PyError::type_error(format!("sequence item {index}: expected a bytes-like object, {name} found")));
            }
        }
    }
    Ok(Value::bytes(result))
}

fn split(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let whole = get(&args[0]);
    let mut parts = Vec::new();
    match args.get(1) {
        None | Some(Value::None) => parts.extend(whole.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty()).map(Value::bytes)),
        Some(separator) => {
            let separator = bytes_arg(vm, separator)?;
            if separator.is_empty() {
                return Err(PyError::value_error("empty separator"));
            }
            let mut rest = whole;
            while let Some(at) = position(rest, separator) {
                parts.push(Value::bytes(&rest[..at]));
                rest = &rest[at + separator.len()..];
            }
            parts.push(Value::bytes(rest));
        }
    }
    Ok(Value::list(parts))
}

fn replace(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (old, new) = (bytes_arg(vm, &args[1])?, bytes_arg(vm, &args[2])?);
    let mut rest = get(&args[0]);
    let mut result = Vec::new();
    if old.is_empty() {
        return Err(PyError::not_supported("bytes.replace() of an empty pattern is not supported"));
    }
    while let Some(at) = position(rest, old) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(new);
        rest = &rest[at + old.len()..];
    }
    result.extend_from_slice(rest);
    Ok(Value::bytes(result))
}
