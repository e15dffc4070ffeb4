//! Builtins about numbers.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::signature::Signature;
use crate::value::Value;
use crate::vm::{Operator, Vm};

pub(super) const TABLE: super::Table = &[
    ("abs", Native::Fast(abs, 1, 1)),
    ("divmod", Native::Fast(divmod, 2, 2)),
    ("pow", Native::Full(pow)),
    ("round", Native::Full(round)),
    ("sum", Native::Full(sum)),
    ("bin", Native::Fast(|vm, args| radix(vm, &args[0], 2, "0b"), 1, 1)),
    ("oct", Native::Fast(|vm, args| radix(vm, &args[0], 8, "0o"), 1, 1)),
    ("hex", Native::Fast(|vm, args| radix(vm, &args[0], 16, "0x"), 1, 1)),
    ("chr", Native::Fast(chr, 1, 1)),
    ("ord", Native::Fast(ord, 1, 1)),
];

/// `abs(value)`.
pub(crate) fn abs(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let value = &args[0];
    match value {
        Value::Int(number) => Ok(number.checked_abs().map_or_else(|| Value::int(BigInt::from(*number).abs()), Value::Int)),
        Value::Float(number) => Ok(Value::Float(number.abs())),
        Value::Bool(flag) => Ok(Value::Int(i64::from(*flag))),
        Value::BigInt(number) => Ok(Value::int(number.abs())),
        _ => match vm.special(value, &vm.n.abs) {
            Some(Value::Builtin(builtin)) if builtin.qualname.starts_with("int.") || builtin.qualname.starts_with("float.") => {
                abs(vm, &[value.base().clone()])
            }
            Some(function) => vm.call_special(&function, value, &[]),
            None => Err(PyError::type_error(format!("bad operand type for abs(): '{}'", vm.type_name(value)))),
        },
    }
}

fn divmod(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    vm.binary(Operator::DivMod, &args[0], &args[1])
}

fn pow(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("pow(base, exp, mod=None)").bind(vm, args)?;
    if values[2].is_none() {
        return vm.binary(Operator::Pow, &values[0], &values[1]);
    }
    if let Some(function) = vm.special(&values[0], &vm.n.pow) {
        let found = vm.call_special(&function, &values[0], &values[1..])?;
        if !matches!(found, Value::NotImplemented) {
            return Ok(found);
        }
    }
    match (values[0].as_bigint(), values[1].as_bigint(), values[2].as_bigint()) {
        (Some(base), Some(exponent), Some(modulus)) => crate::types::int::pow_mod(&base, &exponent, &modulus),
        _ => {
            let names = [vm.type_name(&values[0]), vm.type_name(&values[1]), vm.type_name(&values[2])];
            if names[..2].iter().any(|name| name == "float") || names[2] == "float" {
                return Err(PyError::type_error("pow() 3rd argument not allowed unless all arguments are integers"));
            }
            Err(PyError::type_error(format!("unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", names[0], names[1], names[2])))
        }
    }
}

fn round(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("round(number, ndigits=None)").bind(vm, args)?;
    round_value(vm, &values[0], Some(&values[1]).filter(|digits| !digits.is_none()))
}

/// `round(value, digits)`.
pub(crate) fn round_value(vm: &mut Vm, value: &Value, digits: Option<&Value>) -> PyResult<Value> {
    match value {
        Value::Instance(_) | Value::Native(_) | Value::Class(_) => match vm.special(value, &vm.n.round) {
            Some(function) => {
                let args: Vec<Value> = digits.cloned().into_iter().collect();
                return vm.call_special(&function, value, &args);
            }
            None => return Err(PyError::type_error(format!("type {} doesn't define __round__ method", vm.type_name(value)))),
        },
        _ => {}
    }
    match (value.base(), digits) {
        (Value::Float(number), None) => {
            let rounded = round_half_even(*number);
            crate::types::int::float_to_int(rounded)
        }
        (Value::Float(number), Some(digits)) => {
            let digits = vm.index(digits)?;
            Ok(Value::Float(round_digits(*number, digits)?))
        }
        (Value::Int(_) | Value::Bool(_) | Value::BigInt(_), None) => vm.to_int(value),
        (Value::Int(_) | Value::Bool(_) | Value::BigInt(_), Some(digits)) => {
            let digits = vm.index(digits)?;
            if digits >= 0 {
                return vm.to_int(value);
            }
            let big = vm.to_bigint(value)?;
            if digits.unsigned_abs() > big.bits() {
                return Ok(Value::Int(0));
            }
            let unit = num_traits::pow::Pow::pow(BigInt::from(10), digits.unsigned_abs());
            let (quotient, rest) = crate::number::divmod(&big, &unit);
            let twice: BigInt = rest * 2;
            let up = match twice.cmp(&unit) {
                std::cmp::Ordering::Less => false,
                std::cmp::Ordering::Greater => true,
                std::cmp::Ordering::Equal => quotient.bit(0),
            };
            Ok(Value::int((quotient + i32::from(up)) * unit))
        }
        _ => Err(PyError::type_error(format!("type {} doesn't define __round__ method", vm.type_name(value)))),
    }
}

fn round_half_even(value: f64) -> f64 {
    let rounded = value.round();
    if (value - value.trunc()).abs() == 0.5 { 2.0 * (value / 2.0).round() } else { rounded }
}

/// A float rounded in decimal, half to even on its exact value.
fn round_digits(value: f64, digits: i64) -> PyResult<f64> {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0.0f64.copysign(value));
    }
    if digits >= 0 {
        return Ok(format!("{value:.*}", digits as usize).parse().unwrap_or(value));
    }
    // Exactly representable powers of ten; the quotient is rounded by its exact decimal text.
    let exact = format!("{:.0}", value.abs());
    let big: BigInt = exact.parse().unwrap_or_default();
    let unit = num_traits::pow::Pow::pow(BigInt::from(10), digits.unsigned_abs());
    let (quotient, rest) = crate::number::divmod(&big, &unit);
    let fraction = value.abs() != value.abs().trunc();
    let up = match (&rest * 2i32).cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient.bit(0) || fraction,
    };
    let result = ((quotient + i32::from(up)) * unit).to_f64().unwrap_or(f64::INFINITY);
    if result.is_infinite() {
        return Err(PyError::overflow("rounded value too large to represent"));
    }
    Ok(result.copysign(value))
}

fn sum(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let start = args.take_keyword("start");
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for sum()")));
    }
    let (iterable, start) = match (args.positional.as_slice(), start) {
        ([iterable], start) => (iterable.clone(), start.unwrap_or(Value::Int(0))),
        ([iterable, start], None) => (iterable.clone(), start.clone()),
        ([], _) => return Err(PyError::type_error("sum() takes at least 1 positional argument (0 given)")),
        (many, _) => return Err(PyError::type_error(format!("sum() takes at most 2 arguments ({} given)", many.len()))),
    };
    let iterator = vm.iter(&iterable)?;
    match start.base() {
        Value::Str(_) => return Err(PyError::type_error("sum() can't sum strings [use ''.join(seq) instead]")),
        Value::Bytes(_) => return Err(PyError::type_error("sum() can't sum bytes [use b''.join(seq) instead]")),
        _ => {}
    }
    let mut total = start;
    while let Some(item) = vm.next(&iterator)? {
        total = match (&total, &item) {
            (Value::Int(a), Value::Int(b)) => match a.checked_add(*b) {
                Some(sum) => Value::Int(sum),
                None => vm.binary(Operator::Add, &total, &item)?,
            },
            (Value::Float(a), Value::Float(b)) => Value::Float(a + b),
            _ => vm.binary(Operator::Add, &total, &item)?,
        };
    }
    Ok(total)
}

fn radix(vm: &mut Vm, value: &Value, radix: u32, prefix: &str) -> PyResult<Value> {
    let number = vm.to_bigint(value)?;
    let sign = if number.is_negative() { "-" } else { "" };
    Ok(Value::str(format!("{sign}{prefix}{}", number.magnitude().to_str_radix(radix))))
}

fn chr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let code = match vm.to_int(&args[0])? {
        Value::Int(code) => code,
        _ => return Err(PyError::overflow("Python int too large to convert to C int")),
    };
    match u32::try_from(code).ok().filter(|&code| code < 0x11_0000) {
        Some(code) => match char::from_u32(code) {
            Some(c) => Ok(vm.char_value(c)),
            None => Err(PyError::not_supported("strings with lone surrogates are not supported")),
        },
        None => Err(PyError::value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args[0].base() {
        Value::Str(text) => {
            let mut chars = text.as_str().chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Value::Int(c as i64)),
                _ => Err(PyError::type_error(format!("ord() expected a character, but string of length {} found", text.char_len()))),
            }
        }
        Value::Bytes(bytes) if bytes.len() == 1 => Ok(Value::Int(bytes[0].into())),
        Value::Bytes(bytes) => Err(PyError::type_error(format!("ord() expected a character, but string of length {} found", bytes.len()))),
        _ => Err(PyError::type_error(format!("ord() expected string of length 1, but {} found", vm.type_name(&args[0])))),
    }
}
