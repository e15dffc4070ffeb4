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

pub(crate) const CODECS: Methods = &[("decode", Native::Full(decode_method))];

pub(crate) fn get(value: &Value) -> &[u8] {
    match value.base() {
        Value::Bytes(bytes) => bytes,
        _ => &[],
    }
}

pub(crate) fn bytes_arg<'a>(vm: &mut Vm, value: &'a Value) -> PyResult<&'a [u8]> {
    match value.base() {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(PyError::type_error(format!("a bytes-like object is required, not '{}'", vm.type_name(value)))),
    }
}

pub(crate) fn position(whole: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    whole.windows(part.len()).position(|window| window == part)
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        let given = !args.is_empty();
        let has_encoding = args.positional.len() > 1 || args.keywords.iter().any(|(name, _)| &**name != "source");
        let values = Signature::known("bytes(source=None, encoding='utf-8', errors='strict')").bind(vm, args)?;
        match values[0].base() {
            Value::None if !given => Ok(Value::bytes([])),
            Value::Str(string) if has_encoding => encode(string.as_str(), text(&values[1]), text(&values[2])),
            Value::Str(_) => Err(PyError::type_error("string argument without an encoding")),
            Value::Bytes(_) => Ok(values[0].base().clone()),
            Value::Bool(_) => Ok(Value::bytes(vec![0; usize::from(values[0].as_bool() == Some(true))])),
            Value::Int(count) => {
                let count = usize::try_from(*count).map_err(|_| PyError::value_error("negative count"))?;
                vm.check_size(count, 1)?;
                Ok(Value::bytes(vec![0; count]))
            }
            _ => {
                let mut bytes = Vec::new();
                let items = match vm.collect(&values[0]) {
                    Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                        return Err(PyError::type_error(format!("cannot convert '{}' object to bytes", vm.type_name(&values[0]))));
                    }
                    other => other?,
                };
                for item in items {
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
    if bytes.is_empty() {
        return Ok(Value::str(""));
    }
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

/// Names of encodings and of treatments of errors are texts.
pub(crate) fn check_codec(vm: &mut Vm, function: &str, values: &[Value]) -> PyResult<()> {
    for (value, name) in values[1..].iter().zip(["encoding", "errors"]) {
        if value.as_str().is_none() {
            let got = vm.type_name(value);
            return Err(PyError::type_error(format!("{function}() argument '{name}' must be str, not {got}")));
        }
    }
    Ok(())
}

fn decode_method(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("decode(self, encoding='utf-8', errors='strict')").bind(vm, args)?;
    check_codec(vm, "decode", &values)?;
    decode(get(&values[0]), text(&values[1]), text(&values[2]))
}
