//! `bytes`: its methods.

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::signature::Signature;
use crate::types::Methods;
use crate::types::bytes::{bytes_arg, get, position};
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("hex", Native::Full(hex)),
    ("class fromhex", Native::Fast(from_hex, 1, 1)),
    ("startswith", Native::Fast(|vm, args| starts(vm, args, true), 1, 3)),
    ("endswith", Native::Fast(|vm, args| starts(vm, args, false), 1, 3)),
    ("find", Native::Fast(|vm, args| Ok(Value::Int(find(vm, args, false)?.map_or(-1, |at| at as i64))), 1, 3)),
    ("rfind", Native::Fast(|vm, args| Ok(Value::Int(find(vm, args, true)?.map_or(-1, |at| at as i64))), 1, 3)),
    ("index", Native::Fast(|vm, args| index(vm, args, false), 1, 3)),
    ("rindex", Native::Fast(|vm, args| index(vm, args, true), 1, 3)),
    ("count", Native::Fast(count, 1, 3)),
    ("join", Native::Fast(join, 1, 1)),
    ("split", Native::Full(|vm, args| split(vm, args, false))),
    ("rsplit", Native::Full(|vm, args| split(vm, args, true))),
    ("splitlines", Native::Fast(splitlines, 0, 1)),
    ("partition", Native::Fast(|vm, args| partition(vm, args, false), 1, 1)),
    ("rpartition", Native::Fast(|vm, args| partition(vm, args, true), 1, 1)),
    ("strip", Native::Fast(|vm, args| strip(vm, args, true, true), 0, 1)),
    ("lstrip", Native::Fast(|vm, args| strip(vm, args, true, false), 0, 1)),
    ("rstrip", Native::Fast(|vm, args| strip(vm, args, false, true), 0, 1)),
    (
        "removeprefix",
        Native::Fast(|vm, args| Ok(Value::bytes(get(&args[0]).strip_prefix(bytes_arg(vm, &args[1])?).unwrap_or(get(&args[0])))), 1, 1),
    ),
    (
        "removesuffix",
        Native::Fast(|vm, args| Ok(Value::bytes(get(&args[0]).strip_suffix(bytes_arg(vm, &args[1])?).unwrap_or(get(&args[0])))), 1, 1),
    ),
    ("lower", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).to_ascii_lowercase())), 0, 0)),
    ("upper", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).to_ascii_uppercase())), 0, 0)),
    ("swapcase", Native::Fast(|_, args| Ok(Value::bytes(get(&args[0]).iter().map(|&byte| swapped(byte)).collect::<Vec<u8>>())), 0, 0)),
    ("capitalize", Native::Fast(|_, args| Ok(titled(&args[0], false)), 0, 0)),
    ("title", Native::Fast(|_, args| Ok(titled(&args[0], true)), 0, 0)),
    ("islower", Native::Fast(|_, args| Ok(cased(&args[0], u8::is_ascii_lowercase, u8::is_ascii_uppercase)), 0, 0)),
    ("isupper", Native::Fast(|_, args| Ok(cased(&args[0], u8::is_ascii_uppercase, u8::is_ascii_lowercase)), 0, 0)),
    ("istitle", Native::Fast(|_, args| Ok(is_title(&args[0])), 0, 0)),
    ("ljust", Native::Fast(|vm, args| justify(vm, args, "ljust"), 1, 2)),
    ("rjust", Native::Fast(|vm, args| justify(vm, args, "rjust"), 1, 2)),
    ("center", Native::Fast(|vm, args| justify(vm, args, "center"), 1, 2)),
    ("zfill", Native::Fast(zero_fill, 1, 1)),
    ("isalpha", Native::Fast(|_, args| Ok(all(&args[0], u8::is_ascii_alphabetic)), 0, 0)),
    ("isdigit", Native::Fast(|_, args| Ok(all(&args[0], u8::is_ascii_digit)), 0, 0)),
    ("isalnum", Native::Fast(|_, args| Ok(all(&args[0], u8::is_ascii_alphanumeric)), 0, 0)),
    ("isspace", Native::Fast(|_, args| Ok(all(&args[0], is_space)), 0, 0)),
    ("isascii", Native::Fast(|_, args| Ok(Value::Bool(get(&args[0]).is_ascii())), 0, 0)),
    ("replace", Native::Fast(replace, 2, 3)),
];

fn all(value: &Value, test: fn(&u8) -> bool) -> Value {
    Value::Bool(!get(value).is_empty() && get(value).iter().all(test))
}

fn swapped(byte: u8) -> u8 {
    if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() }
}

/// The first letter, of each word or of all, in upper case, the others in lower case.
fn titled(value: &Value, words: bool) -> Value {
    let mut inside = false;
    let letters = get(value).iter().map(|byte| {
        let made = if inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        inside = !words || byte.is_ascii_alphabetic();
        made
    });
    Value::bytes(letters.collect::<Vec<u8>>())
}

fn cased(value: &Value, wanted: fn(&u8) -> bool, other: fn(&u8) -> bool) -> Value {
    Value::Bool(get(value).iter().any(wanted) && !get(value).iter().any(other))
}

fn is_title(value: &Value) -> Value {
    let (mut inside, mut any) = (false, false);
    for byte in get(value) {
        if inside && byte.is_ascii_uppercase() || !inside && byte.is_ascii_lowercase() {
            return Value::Bool(false);
        }
        inside = byte.is_ascii_alphabetic();
        any |= inside;
    }
    Value::Bool(any)
}

/// Longer results are refused, as CPython runs out of memory.
const MAX_WIDTH: usize = 100_000_000;

fn justify(vm: &mut Vm, args: &[Value], method: &str) -> PyResult<Value> {
    let bytes = get(&args[0]);
    let width = usize::try_from(vm.index(&args[1])?).unwrap_or(0);
    let fill = match args.get(2) {
        None => b' ',
        Some(Value::Bytes(fill)) if fill.len() == 1 => fill[0],
        Some(other) => {
            let found = vm.type_name(other);
            return Err(PyError::type_error(format!("{method}() argument 2 must be a byte string of length 1, not {found}")));
        }
    };
    if width > MAX_WIDTH {
        return Err(PyError::new("MemoryError", ""));
    }
    let missing = width.saturating_sub(bytes.len());
    let left = match method {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width & 1),
    };
    let padding = |count: usize| std::iter::repeat_n(fill, count);
    Ok(Value::bytes(padding(left).chain(bytes.iter().copied()).chain(padding(missing - left)).collect::<Vec<u8>>()))
}

fn zero_fill(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let bytes = get(&args[0]);
    let width = usize::try_from(vm.index(&args[1])?).unwrap_or(0);
    if width > MAX_WIDTH {
        return Err(PyError::new("MemoryError", ""));
    }
    let sign = bytes.first().filter(|byte| matches!(byte, b'+' | b'-')).copied();
    let rest = &bytes[usize::from(sign.is_some())..];
    let zeros = std::iter::repeat_n(b'0', width.saturating_sub(bytes.len()));
    Ok(Value::bytes(sign.into_iter().chain(zeros).chain(rest.iter().copied()).collect::<Vec<u8>>()))
}

fn is_space(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || *byte == 0x0b
}

fn hex(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("hex(self, sep=None, bytes_per_sep=1)").bind(vm, args)?;
    let bytes = get(&values[0]);
    let separator = match values[1].base() {
        Value::None => None,
        Value::Str(text) if text.as_str().len() == 1 => Some(text.as_str().to_string()),
        Value::Bytes(bytes) if bytes.len() == 1 => Some((bytes[0] as char).to_string()),
        other => {
            if vm.len(&other.clone())? != 1 {
                return Err(PyError::value_error("sep must be length 1."));
            }
            return Err(PyError::type_error("sep must be str or bytes."));
        }
    };
    let group = vm.index(&values[2])?;
    let mut text = String::with_capacity(bytes.len() * 2);
    for (index, byte) in bytes.iter().enumerate() {
        let edge = if group > 0 { bytes.len() - index } else { index };
        if let Some(separator) = &separator
            && index > 0
            && group != 0
            && edge.is_multiple_of(group.unsigned_abs() as usize)
        {
            text.push_str(separator);
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Ok(Value::str(text))
}

fn from_hex(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Some(text) = args[1].as_str() else {
        return Err(PyError::type_error(format!("fromhex() argument must be str, not {}", vm.type_name(&args[1]))));
    };
    let mut bytes = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let digit = |at: usize| {
        let wrong = || PyError::value_error(format!("non-hexadecimal number found in fromhex() arg at position {at}"));
        chars.get(at).and_then(|c| c.to_digit(16)).ok_or_else(wrong)
    };
    while at < chars.len() {
        if chars[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        bytes.push((digit(at)? * 16 + digit(at + 1)?) as u8);
        at += 2;
    }
    Ok(Value::bytes(bytes))
}

/// The part between the bounds in `args[2]` and `args[3]`, and where it begins; nothing when it begins after the end.
fn range<'a>(vm: &mut Vm, args: &'a [Value]) -> PyResult<Option<(&'a [u8], usize)>> {
    let whole = get(&args[0]);
    let mut bound = |value: Option<&Value>, default: usize| match value {
        None | Some(Value::None) => Ok(default),
        Some(value) => {
            let index = match vm.index(value) {
                Err(error) if error.is("TypeError") => {
                    return Err(PyError::type_error("slice indices must be integers or None or have an __index__ method"));
                }
                other => other?,
            };
            Ok(if index < 0 { (index + whole.len() as i64).max(0) as usize } else { index as usize })
        }
    };
    let (start, end) = (bound(args.get(2), 0)?, bound(args.get(3), whole.len())?.min(whole.len()));
    Ok((start <= whole.len() && start <= end).then(|| (&whole[start..end], start)))
}

/// What to look for: bytes, or one byte as a number.
fn needle(vm: &mut Vm, value: &Value) -> PyResult<Vec<u8>> {
    match value.base() {
        Value::Bytes(bytes) => Ok(bytes.to_vec()),
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => {
            let number = value.as_i64().and_then(|number| u8::try_from(number).ok());
            Ok(vec![number.ok_or_else(|| PyError::value_error("byte must be in range(0, 256)"))?])
        }
        _ => {
            let name = vm.type_name(value);
            Err(PyError::type_error(format!("argument should be integer or bytes-like object, not '{name}'")))
        }
    }
}

fn find(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Option<usize>> {
    let part = needle(vm, &args[1])?;
    let Some((whole, start)) = range(vm, args)? else { return Ok(None) };
    let found = match (last, part.is_empty()) {
        (false, _) => position(whole, &part),
        (true, true) => Some(whole.len()),
        (true, false) => whole.windows(part.len()).rposition(|window| window == part),
    };
    Ok(found.map(|at| at + start))
}

fn index(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Value> {
    find(vm, args, last)?.map(Value::from).ok_or_else(|| PyError::value_error("subsection not found"))
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let part = needle(vm, &args[1])?;
    let Some((mut rest, _)) = range(vm, args)? else { return Ok(Value::Int(0)) };
    let mut count = 0i64;
    while let Some(at) = position(rest, &part) {
        count += 1;
        match rest.get(at + part.len().max(1)..) {
            Some(after) => rest = after,
            None => break,
        }
    }
    Ok(Value::Int(count))
}

fn starts(vm: &mut Vm, args: &[Value], at_start: bool) -> PyResult<Value> {
    let name = if at_start { "startswith" } else { "endswith" };
    let candidates = match args[1].base() {
        Value::Tuple(tuple) => tuple.0.to_vec(),
        other => vec![other.clone()],
    };
    let whole = range(vm, args)?;
    for candidate in &candidates {
        let Value::Bytes(part) = candidate.base() else {
            let got = vm.type_name(candidate);
            return Err(PyError::type_error(match args[1].base() {
                Value::Tuple(_) => format!("a bytes-like object is required, not '{got}'"),
                _ => format!("{name} first arg must be bytes or a tuple of bytes, not {got}"),
            }));
        };
        let fits = whole.is_some_and(|(whole, _)| if at_start { whole.starts_with(part) } else { whole.ends_with(part) });
        if fits {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn join(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let items = match vm.collect(&args[1]) {
        Err(error) if error.is("TypeError") && error.message().ends_with("is not iterable") => {
            return Err(PyError::type_error("can only join an iterable"));
        }
        other => other?,
    };
    let mut result = Vec::new();
    for (index, item) in items.iter().enumerate() {
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

fn split(vm: &mut Vm, args: Args, from_right: bool) -> PyResult<Value> {
    let signature = if from_right { "rsplit(self, sep=None, maxsplit=-1)" } else { "split(self, sep=None, maxsplit=-1)" };
    let values = Signature::known(signature).bind(vm, args)?;
    let most = vm.index(&values[2])?;
    let most = if most < 0 { usize::MAX } else { most as usize };
    // A text whose characters are the bytes is split by the rules of texts.
    let whole: String = get(&values[0]).iter().map(|&byte| byte as char).collect();
    let separator = match values[1].base() {
        Value::None => Value::None,
        other => Value::str(bytes_arg(vm, &other.clone())?.iter().map(|&byte| byte as char).collect::<String>()),
    };
    let parts = vm.call_method(
        &Value::str(whole),
        if from_right { "rsplit" } else { "split" },
        Args::new([separator, Value::Int(most.min(i64::MAX as usize) as i64)]),
    )?;
    let parts = parts.as_sequence().unwrap_or_default();
    Ok(Value::list(parts.iter().map(|part| Value::bytes(latin(part))).collect::<Vec<_>>()))
}

/// The bytes of a text whose characters are bytes.
fn latin(text: &Value) -> Vec<u8> {
    text.as_str().unwrap_or("").chars().map(|c| c as u8).collect()
}

fn splitlines(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let keep = match args.get(1) {
        Some(keep) => vm.truth(keep)?,
        None => false,
    };
    let mut lines = Vec::new();
    let mut rest = get(&args[0]);
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let width = if rest[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < rest.len()) };
        lines.push(Value::bytes(if keep { &rest[..end + width] } else { &rest[..end] }));
        rest = &rest[end + width..];
    }
    Ok(Value::list(lines))
}

fn partition(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Value> {
    let whole = get(&args[0]);
    let separator = bytes_arg(vm, &args[1])?;
    if separator.is_empty() {
        return Err(PyError::value_error("empty separator"));
    }
    let found = if last { whole.windows(separator.len()).rposition(|window| window == separator) } else { position(whole, separator) };
    let parts = match (found, last) {
        (Some(at), _) => [&whole[..at], separator, &whole[at + separator.len()..]],
        (None, false) => [whole, &[], &[]],
        (None, true) => [&[], &[], whole],
    };
    Ok(Value::tuple(parts.map(Value::bytes)))
}

fn strip(vm: &mut Vm, args: &[Value], left: bool, right: bool) -> PyResult<Value> {
    let mut whole = get(&args[0]);
    let chosen = match args.get(1) {
        None | Some(Value::None) => None,
        Some(value) => Some(bytes_arg(vm, value)?),
    };
    let is_dropped = |byte: &u8| chosen.map_or_else(|| is_space(byte), |chosen| chosen.contains(byte));
    while left && whole.first().is_some_and(is_dropped) {
        whole = &whole[1..];
    }
    while right && whole.last().is_some_and(is_dropped) {
        whole = &whole[..whole.len() - 1];
    }
    Ok(Value::bytes(whole))
}

fn replace(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (whole, old, new) = (get(&args[0]), bytes_arg(vm, &args[1])?, bytes_arg(vm, &args[2])?);
    let most = match args.get(3) {
        Some(count) => usize::try_from(vm.index(count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    vm.check_size(whole.len() + 1, new.len().max(1))?;
    let mut result = Vec::new();
    let mut rest = whole;
    let mut done = 0;
    while done < most {
        let Some(at) = position(rest, old) else { break };
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(new);
        done += 1;
        if old.is_empty() {
            match rest.split_first() {
                Some((byte, after)) => {
                    result.push(*byte);
                    rest = after;
                }
                None => return Ok(Value::bytes(result)),
            }
        } else {
            rest = &rest[at + old.len()..];
        }
    }
    result.extend_from_slice(rest);
    Ok(Value::bytes(result))
}
