//! `int` and `bool`.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::{One, Zero};

use crate::args::Args;
use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;

/// Texts of more digits than this can't become an `int` in decimal, as in CPython.
const MAX_DIGITS: usize = 4300;

pub(crate) const METHODS: Methods = &[
    ("part real", Native::Fast(|vm, args| vm.to_int(&args[0]), 0, 0)),
    ("part numerator", Native::Fast(|vm, args| vm.to_int(&args[0]), 0, 0)),
    ("part imag", Native::Fast(|_, _| Ok(Value::Int(0)), 0, 0)),
    ("part denominator", Native::Fast(|_, _| Ok(Value::Int(1)), 0, 0)),
    ("bit_length", Native::Fast(bit_length, 0, 0)),
    ("bit_count", Native::Fast(bit_count, 0, 0)),
    ("conjugate", Native::Fast(|vm, args| vm.to_int(&args[0]), 0, 0)),
    ("as_integer_ratio", Native::Fast(|vm, args| Ok(Value::tuple([vm.to_int(&args[0])?, Value::Int(1)])), 0, 0)),
    ("__index__", Native::Fast(|vm, args| vm.to_int(args[0].base()), 0, 0)),
    ("__trunc__", Native::Fast(|vm, args| vm.to_int(args[0].base()), 0, 0)),
    ("__floor__", Native::Fast(|vm, args| vm.to_int(args[0].base()), 0, 0)),
    ("__ceil__", Native::Fast(|vm, args| vm.to_int(args[0].base()), 0, 0)),
    ("to_bytes", Native::Full(to_bytes)),
    ("class from_bytes", Native::Full(from_bytes)),
];

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, mut args| {
        let base = match args.take_keyword("base") {
            Some(base) => Some(base),
            None => (args.positional.len() > 1).then(|| args.positional.remove(1)),
        };
        if let Some((name, _)) = args.keywords.first() {
            return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for int()")));
        }
        if args.positional.len() > 1 {
            return Err(PyError::type_error(format!("int() takes at most 2 arguments ({} given)", args.positional.len() + 1)));
        }
        let value = args.positional.into_iter().next();
        match (value, base) {
            (None, None) => Ok(Value::Int(0)),
            (None, Some(_)) => Err(PyError::type_error("int() missing string argument")),
            (Some(value), Some(base)) => {
                let base = vm.index(&base)?;
                if base != 0 && !(2..=36).contains(&base) {
                    return Err(PyError::value_error("int() base must be >= 2 and <= 36, or 0"));
                }
                match value.base() {
                    Value::Str(text) => parse_int(text.as_str(), base),
                    Value::Bytes(bytes) => parse_int_bytes(bytes, base),
                    _ => Err(PyError::type_error("int() can't convert non-string with explicit base")),
                }
            }
            (Some(value), None) => int_from(vm, &value),
        }
    })
}

/// `int(value)`.
pub(crate) fn int_from(vm: &mut Vm, value: &Value) -> PyResult<Value> {
    if let Value::Instance(_) | Value::Native(_) = value {
        for name in [&vm.n.int, &vm.n.index, &vm.n.trunc] {
            if let Some(function @ Value::Function(_)) = vm.special(value, name) {
                let result = vm.call_special(&function, value, &[])?;
                if matches!(result.base(), Value::Int(_) | Value::BigInt(_) | Value::Bool(_)) {
                    return vm.to_int(&result);
                }
                let got = vm.type_name(&result);
                return Err(PyError::type_error(format!("{name} returned non-int (type {got})")));
            }
        }
    }
    match value.base() {
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => vm.to_int(value),
        Value::Float(float) => float_to_int(*float),
        Value::Str(text) => parse_int(text.as_str(), 10),
        Value::Bytes(bytes) => parse_int_bytes(bytes, 10),
        _ => {
            if let Some(function) = vm.special(value, &vm.n.int) {
                let result = vm.call_special(&function, value, &[])?;
                return vm.to_int(&result);
            }
            Err(PyError::type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                vm.type_name(value)
            )))
        }
    }
}

/// The integer part of a float. Errors: for infinities and NaN.
pub(crate) fn float_to_int(value: f64) -> PyResult<Value> {
    if value.is_nan() {
        return Err(PyError::value_error("cannot convert float NaN to integer"));
    }
    if value.is_infinite() {
        return Err(PyError::overflow("cannot convert float infinity to integer"));
    }
    Ok(Value::int(crate::number::float_to_big(value.trunc())))
}

fn parse_int_bytes(bytes: &[u8], base: i64) -> PyResult<Value> {
    parse_int(&String::from_utf8_lossy(bytes), base)
        .map_err(|_| PyError::value_error(format!("invalid literal for int() with base {base}: {}", crate::repr::bytes_repr(bytes))))
}

/// `int(text, base)`.
pub(crate) fn parse_int(text: &str, base: i64) -> PyResult<Value> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(PyError::value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    let invalid = || PyError::value_error(format!("invalid literal for int() with base {base}: {}", crate::repr::str_repr(text)));
    let trimmed = text.trim_matches(|c: char| c.is_whitespace());
    let (negative, mut digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let prefix = digits.get(..2).map(str::to_ascii_lowercase);
    let mut radix = base as u32;
    let prefixed = match prefix.as_deref() {
        Some("0x") if base == 0 || base == 16 => Some(16),
        Some("0o") if base == 0 || base == 8 => Some(8),
        Some("0b") if base == 0 || base == 2 => Some(2),
        _ => None,
    };
    if let Some(value) = prefixed {
        radix = value;
        digits = &digits[2..];
        digits = digits.strip_prefix('_').unwrap_or(digits);
    } else if base == 0 {
        radix = 10;
        let zeros = digits.chars().all(|c| c == '0' || c == '_');
        if digits.starts_with('0') && digits.len() > 1 && !zeros {
            return Err(invalid());
        }
    }
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(invalid());
    }
    let mut clean = String::with_capacity(digits.len());
    for c in digits.chars().filter(|&c| c != '_') {
        let digit = if c.is_ascii() { c.to_digit(radix) } else { unicode_digit(c).filter(|&digit| digit < radix) };
        match digit.and_then(|digit| char::from_digit(digit, 36)) {
            Some(c) => clean.push(c),
            None => return Err(invalid()),
        }
    }
    if clean.len() > MAX_DIGITS && !radix.is_power_of_two() {
        return Err(PyError::value_error(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use sys.set_int_max_str_digits() to increase the limit",
            clean.len()
        )));
    }
    if let Ok(small) = i64::from_str_radix(&clean, radix) {
        return Ok(Value::Int(if negative { -small } else { small }));
    }
    match BigInt::parse_bytes(clean.as_bytes(), radix) {
        Some(value) => Ok(Value::int(if negative { -value } else { value })),
        None => Err(invalid()),
    }
}

/// Decimal digits of other scripts, by the start of their run of ten.
pub(crate) fn unicode_digit(c: char) -> Option<u32> {
    const ZEROS: &[u32] = &[
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040,
        0x17e0, 0x1810, 0xff10,
    ];
    let code = c as u32;
    ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&code)).map(|zero| code - zero)
}

fn bit_length(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    Ok(Value::Int(args[0].as_bigint().unwrap_or_default().bits() as i64))
}

fn bit_count(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    Ok(Value::Int(args[0].as_bigint().unwrap_or_default().magnitude().count_ones() as i64))
}

fn byte_order(value: Option<&Value>) -> PyResult<bool> {
    match value.map(|value| value.as_str().unwrap_or("")) {
        None | Some("big") => Ok(true),
        Some("little") => Ok(false),
        _ => Err(PyError::value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let signature = crate::signature::Signature::known("to_bytes(self, length=1, byteorder='big', *, signed=False)");
    let values = signature.bind(vm, args)?;
    let value = vm.to_bigint(&values[0])?;
    let length = usize::try_from(vm.index(&values[1])?).map_err(|_| PyError::value_error("length argument must be non-negative"))?;
    let big = byte_order(Some(&values[2]))?;
    let signed = vm.truth(&values[3])?;
    if value.sign() == Sign::Minus && !signed {
        return Err(PyError::overflow("can't convert negative int to unsigned"));
    }
    vm.check_size(length, 1)?;
    let mut bytes = if signed { value.to_signed_bytes_le() } else { value.magnitude().to_bytes_le() };
    let fill = if value.sign() == Sign::Minus { 0xff } else { 0 };
    while bytes.len() > length
        && bytes.last() == Some(&fill)
        && (!signed || bytes.get(bytes.len().wrapping_sub(2)).is_some_and(|b| (b & 0x80 != 0) == (fill != 0)))
    {
        bytes.pop();
    }
    if bytes.len() > length && !value.is_zero() {
        return Err(PyError::overflow("int too big to convert"));
    }
    bytes.resize(length, fill);
    if big {
        bytes.reverse();
    }
    Ok(Value::bytes(bytes))
}

fn from_bytes(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let signature = crate::signature::Signature::known("from_bytes(cls, bytes, byteorder='big', *, signed=False)");
    let values = signature.bind(vm, args)?;
    let bytes: Vec<u8> = match values[1].base() {
        Value::Bytes(bytes) => bytes.to_vec(),
        other => vm.collect(&other.clone())?.iter().filter_map(|byte| byte.as_i64().and_then(|byte| u8::try_from(byte).ok())).collect(),
    };
    let big = byte_order(Some(&values[2]))?;
    let signed = vm.truth(&values[3])?;
    Ok(Value::int(match (big, signed) {
        (true, true) => BigInt::from_signed_bytes_be(&bytes),
        (false, true) => BigInt::from_signed_bytes_le(&bytes),
        (true, false) => BigInt::from_bytes_be(Sign::Plus, &bytes),
        (false, false) => BigInt::from_bytes_le(Sign::Plus, &bytes),
    }))
}

pub(crate) fn bool_constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if !args.keywords.is_empty() {
            return Err(PyError::type_error("bool() takes no keyword arguments"));
        }
        match args.positional.as_slice() {
            [] => Ok(Value::Bool(false)),
            [value] => Ok(Value::Bool(vm.truth(value)?)),
            many => Err(PyError::type_error(format!("bool expected at most 1 argument, got {}", many.len()))),
        }
    })
}

/// `pow(base, exponent, modulus)` of integers.
pub(crate) fn pow_mod(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> PyResult<Value> {
    if modulus.is_zero() {
        return Err(PyError::value_error("pow() 3rd argument cannot be 0"));
    }
    let (base, exponent) = if exponent.sign() == Sign::Minus {
        match base.modinv(&BigInt::from(modulus.magnitude().clone())) {
            Some(inverse) => (inverse, -exponent),
            None => return Err(PyError::value_error("base is not invertible for the given modulus")),
        }
    } else {
        (base.clone(), exponent.clone())
    };
    if modulus.magnitude().is_one() {
        return Ok(Value::Int(0));
    }
    Ok(Value::int(base.modpow(&exponent, modulus)))
}
