//! Arithmetic of `bool`, `int` and `float`.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Operator;

/// The largest integer a program may make, in bits.
const MAX_BITS: u64 = 1 << 26;

/// A number of Python, seen through `bool`.
pub enum Number<'a> {
    Int(i64),
    Big(&'a Rc<BigInt>),
    Float(f64),
}

pub fn number(value: &Value) -> Option<Number<'_>> {
    Some(match value.base() {
        Value::Int(value) => Number::Int(*value),
        Value::Float(value) => Number::Float(*value),
        Value::Bool(value) => Number::Int(i64::from(*value)),
        Value::BigInt(value) => Number::Big(value),
        _ => return None,
    })
}

impl Number<'_> {
    fn to_big(&self) -> BigInt {
        match self {
            Number::Int(value) => BigInt::from(*value),
            Number::Big(value) => (***value).clone(),
            Number::Float(_) => BigInt::zero(),
        }
    }

    fn to_float(&self) -> PyResult<f64> {
        match self {
            Number::Int(value) => Ok(*value as f64),
            Number::Float(value) => Ok(*value),
            Number::Big(value) => big_to_float(value),
        }
    }
}

/// The nearest float. Errors: `OverflowError` when there is none.
pub fn big_to_float(value: &BigInt) -> PyResult<f64> {
    match value.to_f64() {
        Some(float) if float.is_finite() => Ok(float),
        _ => Err(PyError::overflow("int too large to convert to float")),
    }
}

/// The order of two numbers, exact between ints and floats; `None` with a NaN or when one isn't a number.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (number(a)?, number(b)?) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Float(a), b) => compare_float_int(a, &b.to_big()),
        (a, Number::Float(b)) => compare_float_int(b, &a.to_big()).map(Ordering::reverse),
        (a, b) => Some(a.to_big().cmp(&b.to_big())),
    }
}

fn compare_float_int(float: f64, int: &BigInt) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let floor = float.floor();
    let whole = float_to_big(floor);
    Some(whole.cmp(int).then(if float > floor { Ordering::Greater } else { Ordering::Equal }))
}

/// The integer a whole float stands for.
pub fn float_to_big(value: f64) -> BigInt {
    if value.abs() < 9e18 {
        return BigInt::from(value as i64);
    }
    let bits = value.abs().to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1075;
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let magnitude = BigInt::from(mantissa) << exponent.max(0) as u64;
    if value < 0.0 { -magnitude } else { magnitude }
}

/// The arithmetic of two numbers; `None` when one isn't a number or the operator isn't theirs.
pub fn arithmetic(operator: Operator, a: &Value, b: &Value) -> Option<PyResult<Value>> {
    let (a, b) = (number(a)?, number(b)?);
    Some(match (&a, &b) {
        (Number::Int(a), Number::Int(b)) => int_arithmetic(operator, *a, *b)?,
        (Number::Float(_), _) | (_, Number::Float(_)) => {
            let (a, b) = match (a.to_float(), b.to_float()) {
                (Ok(a), Ok(b)) => (a, b),
                (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
            };
            float_arithmetic(operator, a, b)?
        }
        _ => big_arithmetic(operator, &a.to_big(), &b.to_big())?,
    })
}

fn division_by_zero(operator: Operator, float: bool) -> PyError {
    PyError::new(
        "ZeroDivisionError",
        match (operator, float) {
            (Operator::Div, false) => "division by zero",
            (Operator::Div, true) => "float division by zero",
            (Operator::FloorDiv, true) => "float floor division by zero",
            (Operator::Mod, true) => "float modulo",
            (Operator::Mod, false) => "integer modulo by zero",
            _ => "integer division or modulo by zero",
        },
    )
}

fn int_arithmetic(operator: Operator, a: i64, b: i64) -> Option<PyResult<Value>> {
    let small = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mul => a.checked_mul(b),
        Operator::FloorDiv | Operator::Mod if b == 0 => return Some(Err(division_by_zero(operator, false))),
        Operator::FloorDiv => floor_div(a, b),
        Operator::Mod => {
            if b == -1 {
                Some(0)
            } else {
                let rest = a % b;
                Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
            }
        }
        Operator::Div => {
            if b == 0 {
                return Some(Err(division_by_zero(operator, false)));
            }
            const EXACT: u64 = 1 << 53;
            return Some(if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
                Ok(Value::Float(a as f64 / b as f64))
            } else {
                true_divide(&BigInt::from(a), &BigInt::from(b))
            });
        }
        Operator::BitAnd => Some(a & b),
        Operator::BitOr => Some(a | b),
        Operator::BitXor => Some(a ^ b),
        Operator::LShift if (0..63).contains(&b) && (a << b) >> b == a => Some(a << b),
        Operator::RShift if b >= 0 => Some(if b > 63 { if a < 0 { -1 } else { 0 } } else { a >> b }),
        Operator::Pow if b >= 0 => u32::try_from(b).ok().and_then(|exponent| a.checked_pow(exponent)),
        Operator::Pow => {
            if a == 0 {
                return Some(Err(PyError::new("ZeroDivisionError", "0.0 cannot be raised to a negative power")));
            }
            return Some(Ok(Value::Float(crate::modules::elementary::pow(a as f64, b as f64))));
        }
        _ => None,
    };
    match small {
        Some(value) => Some(Ok(Value::Int(value))),
        None => big_arithmetic(operator, &BigInt::from(a), &BigInt::from(b)),
    }
}

/// Floor division; `None` on overflow.
pub fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

fn float_arithmetic(operator: Operator, a: f64, b: f64) -> Option<PyResult<Value>> {
    let value = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div | Operator::FloorDiv | Operator::Mod if b == 0.0 => return Some(Err(division_by_zero(operator, true))),
        Operator::Div => a / b,
        Operator::FloorDiv => float_divmod(a, b).0,
        Operator::Mod => float_divmod(a, b).1,
        Operator::Pow => return Some(float_pow(a, b).map(Value::Float)),
        _ => return None,
    };
    Some(Ok(Value::Float(value)))
}

/// CPython's `float.__divmod__`; the divisor is not zero.
pub fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = libm::fmod(a, b);
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0f64.copysign(a / b)
    };
    (floor, rest)
}

/// CPython's `float.__pow__`.
pub fn float_pow(a: f64, b: f64) -> PyResult<f64> {
    if a == 0.0 && b < 0.0 {
        return Err(PyError::new("ZeroDivisionError", "0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return Err(PyError::not_supported("complex numbers are not supported: a negative number was raised to a fractional power"));
    }
    let value = crate::modules::elementary::pow(a, b);
    if value.is_infinite() && a.is_finite() && b.is_finite() {
        let overflow = PyError::of(
            &crate::types::Types::get().exception_named("OverflowError"),
            vec![Value::Int(34), Value::str("Numerical result out of range")],
        );
        return Err(overflow);
    }
    Ok(value)
}

fn big_arithmetic(operator: Operator, a: &BigInt, b: &BigInt) -> Option<PyResult<Value>> {
    let value = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => {
            if a.bits() + b.bits() > MAX_BITS {
                return Some(Err(PyError::new("MemoryError", "")));
            }
            a * b
        }
        Operator::FloorDiv | Operator::Mod | Operator::Div if b.is_zero() => return Some(Err(division_by_zero(operator, false))),
        Operator::FloorDiv => divmod(a, b).0,
        Operator::Mod => divmod(a, b).1,
        Operator::Div => return Some(true_divide(a, b)),
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::LShift | Operator::RShift if b.sign() == Sign::Minus => return Some(Err(PyError::value_error("negative shift count"))),
        Operator::LShift => match b.to_u64() {
            _ if a.is_zero() => BigInt::zero(),
            Some(shift) if shift + a.bits() <= MAX_BITS => a << shift,
            Some(_) => return Some(Err(PyError::new("MemoryError", ""))),
            None => return Some(Err(PyError::overflow("too many digits in integer"))),
        },
        Operator::RShift => match b.to_u64() {
            Some(shift) => a >> shift,
            None if a.is_negative() => BigInt::from(-1),
            None => BigInt::zero(),
        },
        Operator::Pow => {
            if b.is_negative() {
                let (Ok(a), Ok(b)) = (big_to_float(a), big_to_float(b)) else {
                    return Some(Err(PyError::overflow("int too large to convert to float")));
                };
                return Some(float_pow(a, b).map(Value::Float));
            }
            match b.to_u32() {
                Some(exponent) if u64::from(exponent).saturating_mul(a.bits()) <= MAX_BITS || a.bits() <= 1 => {
                    num_traits::pow::Pow::pow(a, exponent)
                }
                _ if a.bits() <= 1 => {
                    if a.is_negative() && !b.bit(0) {
                        -a
                    } else {
                        a.clone()
                    }
                }
                _ => return Some(Err(PyError::new("MemoryError", ""))),
            }
        }
        _ => return None,
    };
    Some(Ok(Value::int(value)))
}

/// Floor division and its rest; the divisor is not zero.
pub fn divmod(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let quotient = a / b;
    let rest = a - &quotient * b;
    if !rest.is_zero() && (rest.sign() == Sign::Minus) != (b.sign() == Sign::Minus) { (quotient - 1, rest + b) } else { (quotient, rest) }
}

/// `a / b`, correctly rounded.
fn true_divide(a: &BigInt, b: &BigInt) -> PyResult<Value> {
    if a.is_zero() {
        return Ok(Value::Float(if b.is_negative() { -0.0 } else { 0.0 }));
    }
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.magnitude(), b.magnitude());
    // Enough quotient bits to round once: 55 beyond the point where the leading bit falls, fewer below the normal range.
    let shift = (a.bits() as i64 - b.bits() as i64 - 55).max(-1074 - 2);
    let (quotient, exact) = if shift >= 0 {
        let divisor = b << shift as u64;
        let quotient = a / &divisor;
        let exact = &quotient * &divisor == *a;
        (quotient, exact)
    } else {
        let dividend = a << (-shift) as u64;
        let quotient = &dividend / b;
        let exact = &quotient * b == dividend;
        (quotient, exact)
    };
    let mut bits = quotient.to_u64().unwrap_or(u64::MAX);
    if !exact {
        bits |= 1;
    }
    let length = 64 - i64::from(bits.leading_zeros());
    // Round to 53 bits, or to what is left of them among the subnormals, half to even.
    let drop = (length - 53).max(-1074 - shift).max(0) as u32;
    let mut mantissa = if drop >= 64 { 0 } else { bits >> drop };
    if drop > 0 && drop < 64 {
        let rest = bits & ((1 << drop) - 1);
        let half = 1u64 << (drop - 1);
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
    }
    let value = libm::ldexp(mantissa as f64, (shift + i64::from(drop)).clamp(-5000, 5000) as i32);
    if value.is_infinite() {
        return Err(PyError::overflow("integer division result too large for a float"));
    }
    Ok(Value::Float(if negative { -value } else { value }))
}
