//! `math`.

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::module::PyModule;
use crate::signature::Signature;
use crate::value::Value;
use crate::vm::{Operator, Vm};

use super::elementary;

pub(super) fn module() -> PyModule {
    super::from_table("math", TABLE)
        .doc("This module provides access to the mathematical functions defined by the C standard.")
        .with("pi", std::f64::consts::PI)
        .with("e", std::f64::consts::E)
        .with("tau", std::f64::consts::TAU)
        .with("inf", f64::INFINITY)
        .with("nan", f64::NAN)
}

macro_rules! float {
    ($function:expr) => {
        Native::Fast(
            |vm, args| {
                let x = vm.to_float(&args[0])?;
                let function: fn(f64) -> f64 = $function;
                finish(function(x), x.is_finite(), x.is_nan())
            },
            1,
            1,
        )
    };
}

/// A function with poles or bounds of its own, outside of which is a domain error.
macro_rules! domain_first {
    ($function:expr, $outside:expr) => {
        Native::Fast(
            |vm, args| {
                let x = vm.to_float(&args[0])?;
                let outside: fn(f64) -> bool = $outside;
                if outside(x) {
                    return Err(domain());
                }
                finish($function(x), x.is_finite(), x.is_nan())
            },
            1,
            1,
        )
    };
}

const TABLE: super::Table = &[
    ("acos", float!(elementary::acos)),
    ("acosh", float!(libm::acosh)),
    ("asin", float!(elementary::asin)),
    ("asinh", float!(libm::asinh)),
    ("atan", float!(elementary::atan)),
    ("atan2", Native::Fast(|vm, args| Ok(Value::Float(elementary::atan2(vm.to_float(&args[0])?, vm.to_float(&args[1])?))), 2, 2)),
    ("atanh", domain_first!(libm::atanh, |x: f64| x.abs() >= 1.0)),
    ("cbrt", float!(libm::cbrt)),
    ("ceil", Native::Fast(ceil, 1, 1)),
    ("comb", Native::Fast(comb, 2, 2)),
    ("copysign", Native::Fast(|vm, args| Ok(Value::Float(vm.to_float(&args[0])?.copysign(vm.to_float(&args[1])?))), 2, 2)),
    ("cos", float!(elementary::cos)),
    ("cosh", float!(elementary::cosh)),
    ("degrees", Native::Fast(|vm, args| Ok(Value::Float(vm.to_float(&args[0])? * (180.0 / std::f64::consts::PI))), 1, 1)),
    ("dist", Native::Fast(dist, 2, 2)),
    ("erf", float!(libm::erf)),
    ("erfc", float!(libm::erfc)),
    ("exp", float!(elementary::exp)),
    ("exp2", float!(libm::exp2)),
    ("expm1", float!(libm::expm1)),
    ("fabs", float!(f64::abs)),
    ("factorial", Native::Fast(factorial, 1, 1)),
    ("floor", Native::Fast(floor, 1, 1)),
    ("fmod", Native::Fast(fmod, 2, 2)),
    ("frexp", Native::Fast(frexp, 1, 1)),
    ("fsum", Native::Fast(fsum, 1, 1)),
    ("gamma", Native::Fast(gamma, 1, 1)),
    ("gcd", Native::Fast(gcd, 0, 255)),
    ("hypot", Native::Fast(hypot, 0, 255)),
    ("isclose", Native::Full(is_close)),
    ("isfinite", Native::Fast(|vm, args| Ok(Value::Bool(vm.to_float(&args[0])?.is_finite())), 1, 1)),
    ("isinf", Native::Fast(|vm, args| Ok(Value::Bool(vm.to_float(&args[0])?.is_infinite())), 1, 1)),
    ("isnan", Native::Fast(|vm, args| Ok(Value::Bool(vm.to_float(&args[0])?.is_nan())), 1, 1)),
    ("isqrt", Native::Fast(isqrt, 1, 1)),
    ("lcm", Native::Fast(lcm, 0, 255)),
    ("ldexp", Native::Fast(ldexp, 2, 2)),
    ("lgamma", domain_first!(libm::lgamma, |x: f64| x.is_finite() && x <= 0.0 && x == x.floor())),
    ("log", Native::Fast(log, 0, 255)),
    ("log10", Native::Fast(|vm, args| logarithm(vm, &args[0], libm::log10, std::f64::consts::LOG10_2), 1, 1)),
    ("log1p", domain_first!(libm::log1p, |x: f64| x <= -1.0)),
    ("log2", Native::Fast(|vm, args| logarithm(vm, &args[0], elementary::log2, 1.0), 1, 1)),
    ("modf", Native::Fast(modf, 1, 1)),
    ("nextafter", Native::Fast(|vm, args| Ok(Value::Float(libm::nextafter(vm.to_float(&args[0])?, vm.to_float(&args[1])?))), 2, 2)),
    ("perm", Native::Fast(perm, 1, 2)),
    ("pow", Native::Fast(pow, 2, 2)),
    ("prod", Native::Full(prod)),
    ("radians", float!(|x| x * (std::f64::consts::PI / 180.0))),
    ("remainder", Native::Fast(remainder, 2, 2)),
    ("sin", float!(elementary::sin)),
    ("sinh", float!(libm::sinh)),
    ("sqrt", float!(libm::sqrt)),
    ("tan", float!(elementary::tan)),
    ("tanh", float!(libm::tanh)),
    ("trunc", Native::Fast(trunc, 1, 1)),
    ("ulp", Native::Fast(ulp, 1, 1)),
];

fn domain() -> PyError {
    PyError::value_error("math domain error")
}

/// The result of a C function: NaN from a number is a domain error, infinity from a finite one an overflow.
fn finish(result: f64, finite: bool, nan: bool) -> PyResult<Value> {
    if result.is_nan() && !nan {
        return Err(domain());
    }
    if result.is_infinite() && finite {
        return Err(PyError::overflow("math range error"));
    }
    Ok(Value::Float(result))
}

fn to_whole(vm: &mut Vm, value: &Value, method: &crate::Name, round: fn(f64) -> f64) -> PyResult<Value> {
    if let Value::Instance(_) | Value::Native(_) = value
        && let Some(function) = vm.special(value, method)
    {
        return vm.call_special(&function, value, &[]);
    }
    match value.base() {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => vm.to_int(value),
        _ => {
            let float = vm.to_float(value)?;
            crate::types::int::float_to_int(round(float))
        }
    }
}

fn ceil(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = vm.n.ceil.clone();
    to_whole(vm, &args[0], &name, f64::ceil)
}

fn floor(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = vm.n.floor.clone();
    to_whole(vm, &args[0], &name, f64::floor)
}

fn trunc(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args[0].base() {
        Value::Str(_) | Value::List(_) | Value::None => {
            Err(PyError::type_error(format!("type {} doesn't define __trunc__ method", vm.type_name(&args[0]))))
        }
        _ => {
            let name = vm.n.trunc.clone();
            to_whole(vm, &args[0], &name, f64::trunc)
        }
    }
}

fn non_negative(vm: &mut Vm, value: &Value, message: &str) -> PyResult<BigInt> {
    let value = vm.to_bigint(value)?;
    if value.is_negative() { Err(PyError::value_error(message)) } else { Ok(value) }
}

fn comb(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let n = non_negative(vm, &args[0], "n must be a non-negative integer")?;
    let k = non_negative(vm, &args[1], "k must be a non-negative integer")?;
    if k > n {
        return Ok(Value::Int(0));
    }
    let k = (&n - &k).min(k);
    let Some(k) = k.to_u64() else { return Err(PyError::overflow("min(n - k, k) must not exceed 18446744073709551615")) };
    let mut result = BigInt::one();
    for step in 0..k {
        vm.tick()?;
        result = result * (&n - step) / (step + 1);
    }
    Ok(Value::int(result))
}

fn perm(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let n = non_negative(vm, &args[0], "n must be a non-negative integer")?;
    let k = match args.get(1) {
        None | Some(Value::None) => n.clone(),
        Some(k) => non_negative(vm, k, "k must be a non-negative integer")?,
    };
    if k > n {
        return Ok(Value::Int(0));
    }
    let mut result = BigInt::one();
    let mut factor = n;
    let Some(k) = k.to_u64() else { return Err(PyError::overflow("k must not exceed 18446744073709551615")) };
    for _ in 0..k {
        vm.tick()?;
        result *= &factor;
        factor -= 1;
    }
    Ok(Value::int(result))
}

fn factorial(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if let Value::Float(_) = args[0].base() {
        return Err(PyError::type_error("'float' object cannot be interpreted as an integer"));
    }
    let n = non_negative(vm, &args[0], "factorial() not defined for negative values")?;
    let Some(n) = n.to_u64().filter(|&n| n < 1_000_000) else {
        return Err(PyError::overflow("factorial() argument should not exceed 9223372036854775807"));
    };
    let mut result = BigInt::one();
    for factor in 2..=n {
        vm.tick()?;
        result *= factor;
    }
    Ok(Value::int(result))
}

fn fmod(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (x, y) = (vm.to_float(&args[0])?, vm.to_float(&args[1])?);
    if (x.is_infinite() && !y.is_nan()) || (y == 0.0 && !x.is_nan()) {
        return Err(domain());
    }
    Ok(Value::Float(libm::fmod(x, y)))
}

fn remainder(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (x, y) = (vm.to_float(&args[0])?, vm.to_float(&args[1])?);
    if (x.is_infinite() && !y.is_nan()) || (y == 0.0 && !x.is_nan()) {
        return Err(domain());
    }
    Ok(Value::Float(libm::remainder(x, y)))
}

fn frexp(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let x = vm.to_float(&args[0])?;
    let (mantissa, exponent) = if x.is_finite() { libm::frexp(x) } else { (x, 0) };
    Ok(Value::tuple([Value::Float(mantissa), Value::Int(exponent.into())]))
}

fn ldexp(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let x = vm.to_float(&args[0])?;
    let exponent = vm.index(&args[1])?.clamp(-100_000, 100_000) as i32;
    finish(libm::ldexp(x, exponent), x.is_finite(), x.is_nan())
}

fn modf(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let x = vm.to_float(&args[0])?;
    if x.is_infinite() {
        return Ok(Value::tuple([Value::Float(0.0f64.copysign(x)), Value::Float(x)]));
    }
    Ok(Value::tuple([Value::Float((x - x.trunc()).copysign(x)), Value::Float(x.trunc())]))
}

/// Exact sum by Shewchuk's partials.
fn fsum(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut partials: Vec<f64> = Vec::new();
    let mut special = 0.0;
    for item in vm.collect(&args[0])? {
        let mut x = vm.to_float(&item)?;
        if !x.is_finite() {
            special += x;
            continue;
        }
        let mut kept = 0;
        for index in 0..partials.len() {
            let mut y = partials[index];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        partials.push(x);
        if x.is_infinite() {
            return Err(PyError::overflow("intermediate overflow in fsum"));
        }
    }
    if special != 0.0 || special.is_nan() {
        if special.is_nan() {
            return Err(PyError::value_error("-inf + inf in fsum"));
        }
        return Ok(Value::Float(special));
    }
    let Some(mut high) = partials.pop() else { return Ok(Value::Float(0.0)) };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    if let Some(&next) = partials.last()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    Ok(Value::Float(high))
}

fn gamma(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let x = vm.to_float(&args[0])?;
    if x == f64::NEG_INFINITY || (x <= 0.0 && x == x.floor()) {
        return Err(domain());
    }
    finish(libm::tgamma(x), x.is_finite(), x.is_nan())
}

fn big_gcd(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        let rest = &a % &b;
        a = b;
        b = rest;
    }
    a.abs()
}

fn gcd(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = BigInt::zero();
    for value in args {
        result = big_gcd(result, vm.to_bigint(value)?);
    }
    Ok(Value::int(result))
}

fn lcm(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = BigInt::one();
    for value in args {
        let value = vm.to_bigint(value)?;
        if value.is_zero() {
            return Ok(Value::Int(0));
        }
        let divisor = big_gcd(result.clone(), value.clone());
        result = (result / divisor * value).abs();
    }
    Ok(Value::int(result))
}

fn vector_norm(parts: &[f64]) -> f64 {
    if parts.iter().any(|part| part.is_infinite()) {
        return f64::INFINITY;
    }
    if parts.iter().any(|part| part.is_nan()) {
        return f64::NAN;
    }
    elementary::norm(parts)
}

fn hypot(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let parts: PyResult<Vec<f64>> = args.iter().map(|value| vm.to_float(value)).collect();
    Ok(Value::Float(vector_norm(&parts?)))
}

fn dist(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (p, q) = (vm.collect(&args[0])?, vm.collect(&args[1])?);
    if p.len() != q.len() {
        return Err(PyError::value_error("both points must have the same number of dimensions"));
    }
    let mut parts = Vec::new();
    for (a, b) in p.iter().zip(&q) {
        parts.push(vm.to_float(a)? - vm.to_float(b)?);
    }
    Ok(Value::Float(vector_norm(&parts)))
}

fn is_close(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)").bind(vm, args)?;
    let numbers: PyResult<Vec<f64>> = values.iter().map(|value| vm.to_float(value)).collect();
    let [a, b, relative, absolute] = numbers?[..] else { return Ok(Value::Bool(false)) };
    if relative < 0.0 || absolute < 0.0 {
        return Err(PyError::value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::Bool(true));
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::Bool(false));
    }
    let difference = (b - a).abs();
    Ok(Value::Bool(difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute))
}

fn isqrt(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let n = non_negative(vm, &args[0], "isqrt() argument must be nonnegative")?;
    Ok(Value::int(n.sqrt()))
}

/// A logarithm, of integers of any size too: `scale` is the logarithm of two.
fn logarithm(vm: &mut Vm, value: &Value, log: fn(f64) -> f64, scale: f64) -> PyResult<Value> {
    if let Value::BigInt(big) = value.base() {
        if !big.is_positive() {
            return Err(domain());
        }
        let shift = big.bits().saturating_sub(60);
        let top = (&**big >> shift).to_f64().unwrap_or(1.0);
        return Ok(Value::Float(log(top) + shift as f64 * scale));
    }
    let x = vm.to_float(value)?;
    if x <= 0.0 {
        return Err(domain());
    }
    Ok(Value::Float(log(x)))
}

fn log(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if args.is_empty() || args.len() > 2 {
        return Err(PyError::type_error("math.log requires 1 to 2 arguments"));
    }
    let numerator = logarithm(vm, &args[0], elementary::log, std::f64::consts::LN_2)?;
    match args.get(1) {
        None => Ok(numerator),
        Some(base) => {
            let denominator = logarithm(vm, base, elementary::log, std::f64::consts::LN_2)?;
            vm.binary(Operator::Div, &numerator, &denominator)
        }
    }
}

fn pow(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (x, y) = (vm.to_float(&args[0])?, vm.to_float(&args[1])?);
    if (x == 0.0 && y < 0.0) || (x < 0.0 && x.is_finite() && y.is_finite() && y != y.floor()) {
        return Err(domain());
    }
    finish(elementary::pow(x, y), x.is_finite() && y.is_finite(), x.is_nan() || y.is_nan())
}

fn prod(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let values = Signature::known("prod(iterable, /, *, start=1)").bind(vm, args)?;
    let mut result = values[1].clone();
    for item in vm.collect(&values[0])? {
        vm.tick()?;
        result = vm.binary(Operator::Mul, &result, &item)?;
    }
    Ok(result)
}

fn ulp(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let x = vm.to_float(&args[0])?.abs();
    if !x.is_finite() {
        return Ok(Value::Float(x));
    }
    let next = libm::nextafter(x, f64::INFINITY);
    Ok(Value::Float(if next.is_infinite() { x - libm::nextafter(x, 0.0) } else { next - x }))
}
