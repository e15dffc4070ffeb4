//! `float`.

use std::rc::Rc;

use num_bigint::BigInt;

use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("part real", Native::Fast(|_, args| Ok(Value::Float(get(args))), 0, 0)),
    ("part imag", Native::Fast(|_, _| Ok(Value::Float(0.0)), 0, 0)),
    ("is_integer", Native::Fast(|_, args| Ok(Value::Bool(get(args).is_finite() && get(args).fract() == 0.0)), 0, 0)),
    ("as_integer_ratio", Native::Fast(as_integer_ratio, 0, 0)),
    ("conjugate", Native::Fast(|_, args| Ok(Value::Float(get(args))), 0, 0)),
    ("hex", Native::Fast(|_, args| Ok(Value::str(rustpython_literal::float::to_hex(get(args)))), 0, 0)),
    ("class fromhex", Native::Fast(from_hex, 1, 1)),
    ("__trunc__", Native::Fast(|_, args| crate::types::int::float_to_int(get(args)), 0, 0)),
    ("__floor__", Native::Fast(|_, args| crate::types::int::float_to_int(get(args).floor()), 0, 0)),
    ("__ceil__", Native::Fast(|_, args| crate::types::int::float_to_int(get(args).ceil()), 0, 0)),
];

fn get(args: &[Value]) -> f64 {
    args[0].as_f64().unwrap_or(0.0)
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if !args.keywords.is_empty() {
            return Err(PyError::type_error("float() takes no keyword arguments"));
        }
        match args.positional.as_slice() {
            [] => Ok(Value::Float(0.0)),
            [value] => float_from(vm, value),
            many => Err(PyError::type_error(format!("float expected at most 1 argument, got {}", many.len()))),
        }
    })
}

fn float_from(vm: &mut Vm, value: &Value) -> PyResult<Value> {
    if let Some(function @ Value::Function(_)) = vm.special(value, &vm.n.float) {
        let _ = function;
        return Ok(Value::Float(vm.float_by_method(value)?));
    }
    match value.base() {
        Value::Str(text) => parse_float(text.as_str()),
        Value::Bytes(bytes) => parse_float(&String::from_utf8_lossy(bytes))
            .map_err(|_| PyError::value_error(format!("could not convert string to float: {}", crate::repr::bytes_repr(bytes)))),
        _ => match vm.to_float(value) {
            Ok(value) => Ok(Value::Float(value)),
            Err(error) if error.is("TypeError") && error.message().starts_with("must be real number") => {
                let name = vm.type_name(value);
                Err(PyError::type_error(format!("float() argument must be a string or a real number, not '{name}'")))
            }
            Err(error) => Err(error),
        },
    }
}

impl Vm {
    /// A float by the program's own `__float__`.
    fn float_by_method(&mut self, value: &Value) -> PyResult<f64> {
        let Some(function) = self.special(value, &self.n.float) else { return self.to_float(value) };
        let result = self.call_special(&function, value, &[])?;
        match result.base() {
            Value::Float(value) => Ok(*value),
            other => {
                let (class, got) = (self.type_name(value), self.type_name(&other.clone()));
                Err(PyError::type_error(format!("{class}.__float__ returned non-float (type {got})")))
            }
        }
    }
}

/// `float(text)`.
pub(crate) fn parse_float(text: &str) -> PyResult<Value> {
    let invalid = || PyError::value_error(format!("could not convert string to float: {}", crate::repr::str_repr(text)));
    let trimmed = text.trim();
    let mut clean: String =
        trimmed.chars().map(|c| crate::types::int::unicode_digit(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)).collect();
    if clean.contains('_') {
        let bytes = clean.as_bytes();
        let between_digits = |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !clean.char_indices().filter(|&(_, c)| c == '_').all(|(at, _)| between_digits(at)) {
            return Err(invalid());
        }
        clean.retain(|c| c != '_');
    }
    let unsigned = clean.trim_start_matches(['+', '-']);
    let signs = clean.len() - unsigned.len();
    let special = ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') && unsigned.chars().any(|c| c.is_ascii_digit());
    if signs > 1 || !(special || numeric) {
        return Err(invalid());
    }
    clean.parse::<f64>().map(Value::Float).map_err(|_| invalid())
}

fn as_integer_ratio(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let value = get(args);
    if value.is_nan() {
        return Err(PyError::value_error("cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(PyError::overflow("cannot convert Infinity to integer ratio"));
    }
    let (mut mantissa, mut exponent) = libm::frexp(value);
    while mantissa != mantissa.floor() {
        mantissa *= 2.0;
        exponent -= 1;
    }
    let numerator = BigInt::from(mantissa as i64);
    let one = BigInt::from(1);
    Ok(if exponent >= 0 {
        Value::tuple([Value::int(numerator << exponent as u32), Value::Int(1)])
    } else {
        Value::tuple([Value::int(numerator), Value::int(one << (-exponent) as u32)])
    })
}

fn from_hex(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args[1].as_str().and_then(|text| rustpython_literal::float::from_hex(text.trim())) {
        Some(value) => Ok(Value::Float(value)),
        None => Err(PyError::value_error("invalid hexadecimal floating-point string")),
    }
}
