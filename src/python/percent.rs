//! `%` on strings.

use rustpython_literal::float;
use rustpython_literal::format::Case;

use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;

struct Arguments {
    values: Vec<Value>,
    next: usize,
    /// A single value that isn't a tuple.
    single: bool,
    mapping: Option<Value>,
}

impl Arguments {
    fn take(&mut self) -> PyResult<Value> {
        match self.values.get(self.next) {
            Some(value) => {
                self.next += 1;
                Ok(value.clone())
            }
            None => Err(PyError::type_error("not enough arguments for format string")),
        }
    }
}

#[derive(Default)]
struct Flags {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// `template % values`.
pub fn format(vm: &mut Vm, template: &str, values: &Value) -> PyResult<String> {
    let mut arguments = match values.base() {
        Value::Tuple(tuple) => Arguments { values: tuple.0.to_vec(), next: 0, single: false, mapping: None },
        _ => {
            let is_mapping = matches!(values.base(), Value::Dict(_) | Value::List(_) | Value::Bytes(_) | Value::Range(_))
                || (matches!(values, Value::Instance(_)) && vm.special(values, &vm.n.getitem).is_some());
            Arguments { values: vec![values.clone()], next: 0, single: true, mapping: is_mapping.then(|| values.clone()) }
        }
    };
    let mut used_mapping = false;
    let chars: Vec<char> = template.chars().collect();
    let mut result = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if c != '%' {
            result.push(c);
            continue;
        }
        if chars.get(at) == Some(&'%') {
            at += 1;
            result.push('%');
            continue;
        }
        let incomplete = || PyError::value_error("incomplete format");
        let mut keyed = None;
        if chars.get(at) == Some(&'(') {
            let mut depth = 1;
            let start = at + 1;
            at += 1;
            while depth > 0 {
                match chars.get(at) {
                    Some('(') => depth += 1,
                    Some(')') => depth -= 1,
                    Some(_) => {}
                    None => return Err(PyError::value_error("incomplete format key")),
                }
                at += 1;
            }
            let key: String = chars[start..at - 1].iter().collect();
            let Some(mapping) = &arguments.mapping else { return Err(PyError::type_error("format requires a mapping")) };
            used_mapping = true;
            keyed = Some(vm.get_item(&mapping.clone(), &Value::str(key))?);
        }
        let mut flags = Flags::default();
        while let Some(flag) = chars.get(at) {
            match flag {
                '-' => flags.left = true,
                '+' => flags.plus = true,
                ' ' => flags.space = true,
                '#' => flags.alternate = true,
                '0' => flags.zero = true,
                _ => break,
            }
            at += 1;
        }
        flags.width = match number(vm, &chars, &mut at, &mut arguments, "*")? {
            Some(width) if width < 0 => {
                flags.left = true;
                width.unsigned_abs() as usize
            }
            Some(width) => width as usize,
            None => 0,
        };
        if chars.get(at) == Some(&'.') {
            at += 1;
            flags.precision = Some(number(vm, &chars, &mut at, &mut arguments, ".*")?.unwrap_or(0).max(0) as usize);
        }
        vm.check_size(flags.width.max(flags.precision.unwrap_or(0)), 16)?;
        while matches!(chars.get(at), Some('h' | 'l' | 'L')) {
            at += 1;
        }
        let Some(&kind) = chars.get(at) else { return Err(incomplete()) };
        at += 1;
        if !"diouxXeEfFgGcrsa".contains(kind) {
            if keyed.is_none() {
                arguments.take()?;
            }
            return Err(PyError::value_error(format!("unsupported format character '{kind}' (0x{:x}) at index {}", kind as u32, at - 1)));
        }
        let value = match keyed {
            Some(value) => value,
            None => arguments.take()?,
        };
        result.push_str(&convert(vm, kind, &value, &flags)?);
    }
    let left_over = arguments.next < arguments.values.len();
    if left_over && !used_mapping && !(arguments.single && arguments.mapping.is_some()) {
        return Err(PyError::type_error("not all arguments converted during string formatting"));
    }
    Ok(result)
}

/// `template % values` of bytes: as for texts whose characters are the bytes.
pub fn format_bytes(vm: &mut Vm, template: &[u8], values: &Value) -> PyResult<Vec<u8>> {
    let latin = |bytes: &[u8]| bytes.iter().map(|&byte| byte as char).collect::<String>();
    let text_of = |value: &Value| match value.base() {
        Value::Bytes(bytes) => Value::str(latin(bytes)),
        other => other.clone(),
    };
    let values = match values.base() {
        Value::Tuple(tuple) => Value::tuple(tuple.0.iter().map(text_of).collect::<Vec<_>>()),
        other => text_of(other),
    };
    let text = format(vm, &latin(template), &values).map_err(|error| {
        let message = error.message();
        if message.contains("string formatting") {
            PyError::type_error(message.replace("string formatting", "bytes formatting"))
        } else {
            error
        }
    })?;
    Ok(text.chars().map(|c| c as u8).collect())
}

fn number(vm: &mut Vm, chars: &[char], at: &mut usize, arguments: &mut Arguments, what: &str) -> PyResult<Option<i64>> {
    if chars.get(*at) == Some(&'*') {
        *at += 1;
        let value = arguments.take()?;
        return match value.as_i64() {
            Some(value) => Ok(Some(value)),
            None => {
                let _ = (vm, what);
                Err(PyError::type_error("* wants int"))
            }
        };
    }
    let start = *at;
    let mut value = 0i64;
    while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
        value = value.saturating_mul(10).saturating_add(digit.into());
        *at += 1;
    }
    Ok((*at > start).then_some(value))
}

fn convert(vm: &mut Vm, kind: char, value: &Value, flags: &Flags) -> PyResult<String> {
    let text = match kind {
        's' | 'r' | 'a' => {
            let text = match kind {
                's' => vm.str(value)?,
                'r' => vm.repr(value)?,
                _ => crate::builtins::ascii_text(&vm.repr(value)?),
            };
            let text: String = match flags.precision {
                Some(precision) => text.chars().take(precision).collect(),
                None => text,
            };
            return Ok(pad("", &text, flags, false));
        }
        'c' => {
            let c = match value.as_str() {
                Some(text) if text.chars().count() == 1 => text.to_string(),
                Some(_) => return Err(PyError::type_error("%c requires int or char")),
                None => match value.base() {
                    Value::Int(_) | Value::Bool(_) => {
                        match value.as_i64().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32) {
                            Some(c) => c.to_string(),
                            None => return Err(PyError::overflow("%c arg not in range(0x110000)")),
                        }
                    }
                    _ => return Err(PyError::type_error("%c requires int or char")),
                },
            };
            return Ok(pad("", &c, flags, false));
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let integer = match value.base() {
                Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => vm.to_int(value)?,
                Value::Float(_) if matches!(kind, 'd' | 'i' | 'u') => crate::types::int_from(vm, value)?,
                Value::Instance(_) if matches!(kind, 'd' | 'i' | 'u') && vm.special(value, &vm.n.int).is_some() => {
                    crate::types::int_from(vm, value)?
                }
                _ => match vm.to_int(value) {
                    Ok(value) => value,
                    Err(error) if error.is("TypeError") => {
                        let name = vm.type_name(value);
                        return Err(PyError::type_error(if matches!(kind, 'd' | 'i' | 'u') {
                            format!("%{kind} format: a real number is required, not {name}")
                        } else {
                            format!("%{kind} format: an integer is required, not {name}")
                        }));
                    }
                    Err(error) => return Err(error),
                },
            };
            let big = integer.as_bigint().unwrap_or_default();
            let negative = big.sign() == num_bigint::Sign::Minus;
            let (mut digits, prefix) = match kind {
                'o' => (big.magnitude().to_str_radix(8), "0o"),
                'x' => (big.magnitude().to_str_radix(16), "0x"),
                'X' => (big.magnitude().to_str_radix(16).to_uppercase(), "0X"),
                _ => (big.magnitude().to_string(), ""),
            };
            if let Some(precision) = flags.precision {
                digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
            }
            let front = format!("{}{}", sign(negative, flags), if flags.alternate { prefix } else { "" });
            return Ok(pad(&front, &digits, flags, true));
        }
        _ => {
            let number = match vm.to_float(value) {
                Ok(number) => number,
                Err(error) if error.is("TypeError") => {
                    return Err(PyError::type_error(format!("must be real number, not {}", vm.type_name(value))));
                }
                Err(error) => return Err(error),
            };
            let case = if kind.is_ascii_uppercase() { Case::Upper } else { Case::Lower };
            let precision = flags.precision.unwrap_or(6);
            let body = match kind.to_ascii_lowercase() {
                'e' => float::format_exponent(precision, number.abs(), case, flags.alternate),
                'f' => float::format_fixed(precision, number.abs(), case, flags.alternate),
                _ => float::format_general(precision.max(1), number.abs(), case, flags.alternate, false),
            };
            let negative = number.is_sign_negative() && !number.is_nan();
            (sign(negative, flags), body)
        }
    };
    let (front, body) = text;
    Ok(pad(front, &body, flags, true))
}

fn sign(negative: bool, flags: &Flags) -> &'static str {
    match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}

fn pad(front: &str, body: &str, flags: &Flags, zeros: bool) -> String {
    let missing = flags.width.saturating_sub(front.chars().count() + body.chars().count());
    if flags.left {
        format!("{front}{body}{}", " ".repeat(missing))
    } else if flags.zero && zeros {
        format!("{front}{}{body}", "0".repeat(missing))
    } else {
        format!("{}{front}{body}", " ".repeat(missing))
    }
}
