//! `str`: splitting, stripping, searching.

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::signature::Signature;
use crate::types::Methods;
use crate::types::str::{is_space, text};
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("split", Native::Full(|vm, args| split(vm, args, false))),
    ("rsplit", Native::Full(|vm, args| split(vm, args, true))),
    ("splitlines", Native::Full(splitlines)),
    ("strip", Native::Fast(|vm, args| strip(vm, args, true, true, "strip"), 0, 1)),
    ("lstrip", Native::Fast(|vm, args| strip(vm, args, true, false, "lstrip"), 0, 1)),
    ("rstrip", Native::Fast(|vm, args| strip(vm, args, false, true, "rstrip"), 0, 1)),
    ("partition", Native::Fast(|vm, args| partition(vm, args, false), 1, 1)),
    ("rpartition", Native::Fast(|vm, args| partition(vm, args, true), 1, 1)),
    ("count", Native::Fast(count, 1, 3)),
    ("find", Native::Fast(|vm, args| find(vm, args, false).map(|found| Value::Int(found.map_or(-1, |at| at as i64))), 1, 3)),
    ("rfind", Native::Fast(|vm, args| find(vm, args, true).map(|found| Value::Int(found.map_or(-1, |at| at as i64))), 1, 3)),
    ("index", Native::Fast(|vm, args| index(vm, args, false), 1, 3)),
    ("rindex", Native::Fast(|vm, args| index(vm, args, true), 1, 3)),
    ("startswith", Native::Fast(|vm, args| starts(vm, args, true), 1, 3)),
    ("endswith", Native::Fast(|vm, args| starts(vm, args, false), 1, 3)),
];

fn split(vm: &mut Vm, args: Args, from_right: bool) -> PyResult<Value> {
    let signature = if from_right { "rsplit(self, sep=None, maxsplit=-1)" } else { "split(self, sep=None, maxsplit=-1)" };
    let values = Signature::known(signature).bind(vm, args)?;
    let whole = text(&values[0]);
    let most = vm.index(&values[2])?;
    let most = if most < 0 { usize::MAX } else { most as usize };
    let parts: Vec<Value> = if values[1].is_none() {
        split_space(whole, most, from_right).into_iter().map(Value::from).collect()
    } else {
        let Some(separator) = values[1].as_str() else {
            return Err(PyError::type_error(format!("must be str or None, not {}", vm.type_name(&values[1]))));
        };
        if separator.is_empty() {
            return Err(PyError::value_error("empty separator"));
        }
        if from_right {
            let mut parts: Vec<Value> = whole.rsplitn(most.saturating_add(1), separator).map(Value::from).collect();
            parts.reverse();
            parts
        } else {
            whole.splitn(most.saturating_add(1), separator).map(Value::from).collect()
        }
    };
    Ok(Value::list(parts))
}

fn split_space(whole: &str, most: usize, from_right: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    if from_right {
        let mut rest = whole.trim_end_matches(is_space);
        while !rest.is_empty() {
            if parts.len() == most {
                parts.push(rest);
                break;
            }
            match rest.rfind(is_space) {
                Some(at) => {
                    let width = rest[at..].chars().next().map_or(1, char::len_utf8);
                    parts.push(&rest[at + width..]);
                    rest = rest[..at].trim_end_matches(is_space);
                }
                None => {
                    parts.push(rest);
                    break;
                }
            }
        }
        parts.reverse();
        return parts;
    }
    let mut rest = whole.trim_start_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest.trim_end_matches(|_| false));
            break;
        }
        match rest.find(is_space) {
            Some(at) => {
                parts.push(&rest[..at]);
                rest = rest[at..].trim_start_matches(is_space);
            }
            None => {
                parts.push(rest);
                break;
            }
        }
    }
    parts
}

fn splitlines(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("splitlines(self, keepends=False)").bind(vm, args)?;
    let keep = vm.index(&values[1])? != 0;
    let whole = text(&values[0]);
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c' | '\x1d' | '\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines = Vec::new();
    let mut rest = whole;
    while !rest.is_empty() {
        match rest.find(is_end) {
            Some(at) => {
                let mut width = rest[at..].chars().next().map_or(1, char::len_utf8);
                if rest[at..].starts_with("\r\n") {
                    width = 2;
                }
                lines.push(Value::from(if keep { &rest[..at + width] } else { &rest[..at] }));
                rest = &rest[at + width..];
            }
            None => {
                lines.push(Value::from(rest));
                break;
            }
        }
    }
    Ok(Value::list(lines))
}

fn strip(vm: &mut Vm, args: &[Value], left: bool, right: bool, name: &str) -> PyResult<Value> {
    let mut whole = text(&args[0]);
    match args.get(1) {
        None | Some(Value::None) => {
            if left {
                whole = whole.trim_start_matches(is_space);
            }
            if right {
                whole = whole.trim_end_matches(is_space);
            }
        }
        Some(value) => {
            let Some(set) = value.as_str() else {
                let got = vm.type_name(value);
                let _ = got;
                return Err(PyError::type_error(format!("{name} arg must be None or str")));
            };
            if left {
                whole = whole.trim_start_matches(|c| set.contains(c));
            }
            if right {
                whole = whole.trim_end_matches(|c| set.contains(c));
            }
        }
    }
    if whole.len() == text(&args[0]).len() {
        return Ok(args[0].base().clone());
    }
    Ok(Value::str(whole))
}

fn partition(vm: &mut Vm, args: &[Value], from_right: bool) -> PyResult<Value> {
    let Some(separator) = args[1].as_str() else {
        return Err(PyError::type_error(format!("must be str, not {}", vm.type_name(&args[1]))));
    };
    if separator.is_empty() {
        return Err(PyError::value_error("empty separator"));
    }
    let whole = text(&args[0]);
    let found = if from_right { whole.rsplit_once(separator) } else { whole.split_once(separator) };
    let parts = match found {
        Some((before, after)) => [before, separator, after],
        None if from_right => ["", "", whole],
        None => [whole, "", ""],
    };
    Ok(Value::tuple(parts.map(Value::from)))
}

/// The range of bytes that optional start and end (in characters) leave, with the start clamped; `None` when they cross.
fn range(vm: &mut Vm, args: &[Value]) -> PyResult<Option<(usize, usize, usize)>> {
    let Value::Str(string) = args[0].base() else { return Ok(None) };
    let length = string.char_len() as i64;
    let mut limit = |index: usize, default: i64| -> PyResult<i64> {
        match args.get(index) {
            None | Some(Value::None) => Ok(default),
            Some(value) => {
                let position = match vm.index(value) {
                    Err(error) if error.is("TypeError") => {
                        return Err(PyError::type_error("slice indices must be integers or None or have an __index__ method"));
                    }
                    other => other?,
                };
                Ok(if position < 0 { (position + length).max(0) } else { position })
            }
        }
    };
    let (start, end) = (limit(2, 0)?, limit(3, length)?.min(length));
    if start > end {
        return Ok(None);
    }
    Ok(Some((string.byte_offset(start as usize), string.byte_offset(end as usize), start as usize)))
}

fn needle<'a>(vm: &mut Vm, value: &'a Value) -> PyResult<&'a str> {
    match value.as_str() {
        Some(text) => Ok(text),
        None => Err(PyError::type_error(format!("must be str, not {}", vm.type_name(value)))),
    }
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let part = needle(vm, &args[1])?;
    let Some((from, to, _)) = range(vm, args)? else { return Ok(Value::Int(0)) };
    let whole = &text(&args[0])[from..to];
    let count = if part.is_empty() { whole.chars().count() + 1 } else { whole.matches(part).count() };
    Ok(Value::from(count))
}

fn find(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Option<usize>> {
    let part = needle(vm, &args[1])?;
    let Some((from, to, start)) = range(vm, args)? else { return Ok(None) };
    let whole = &text(&args[0])[from..to];
    let found = if last { whole.rfind(part) } else { whole.find(part) };
    Ok(found.map(|at| start + whole[..at].chars().count()))
}

fn index(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Value> {
    match find(vm, args, last)? {
        Some(at) => Ok(Value::from(at)),
        None => Err(PyError::value_error("substring not found")),
    }
}

fn starts(vm: &mut Vm, args: &[Value], at_start: bool) -> PyResult<Value> {
    let name = if at_start { "startswith" } else { "endswith" };
    let Some((from, to, _)) = range(vm, args)? else { return Ok(Value::Bool(false)) };
    let whole = text(&args[0])[from..to].to_string();
    let candidates = match args[1].base() {
        Value::Tuple(tuple) => tuple.0.to_vec(),
        other => vec![other.clone()],
    };
    let in_tuple = matches!(args[1].base(), Value::Tuple(_));
    for candidate in &candidates {
        let Some(part) = candidate.as_str() else {
            let got = vm.type_name(candidate);
            return Err(PyError::type_error(if in_tuple {
                format!("tuple for {name} must only contain str, not {got}")
            } else {
                format!("{name} first arg must be str or a tuple of str, not {got}")
            }));
        };
        if if at_start { whole.starts_with(part) } else { whole.ends_with(part) } {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}
