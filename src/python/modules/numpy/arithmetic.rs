//! Item by item: operators and elementary functions, over shapes that fit together.

use crate::error::{PyError, PyResult};
use crate::modules::elementary;
use crate::value::Value;
use crate::vm::{CompareOperator, Operator, UnaryOperator, Vm};

use super::array::{Buffer, Kind, NdArray, common_shape, shape_text};

/// Both arrays repeated to their common shape, items row by row. Errors: `ValueError` for shapes that don't fit.
fn aligned(a: &NdArray, b: &NdArray) -> PyResult<(Buffer, Buffer, Vec<usize>)> {
    let misfit = || {
        PyError::value_error(format!(
            "operands could not be broadcast together with shapes {} {} ",
            shape_text(&a.shape),
            shape_text(&b.shape)
        ))
    };
    let shape = common_shape(&a.shape, &b.shape).ok_or_else(misfit)?;
    let wide =
        |array: &NdArray| if array.shape == shape { Some(array.gather()) } else { array.broadcast(&shape).map(|wide| wide.gather()) };
    let (a, b) = (wide(a).ok_or_else(misfit)?, wide(b).ok_or_else(misfit)?);
    Ok((a, b, shape))
}

fn zip<T: Copy, R>(a: &[T], b: &[T], f: impl Fn(T, T) -> R) -> Vec<R> {
    a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect()
}

fn comparison(operator: Operator) -> Option<CompareOperator> {
    Some(match operator {
        Operator::Eq => CompareOperator::Eq,
        Operator::Ne => CompareOperator::Ne,
        Operator::Lt => CompareOperator::Lt,
        Operator::Le => CompareOperator::Le,
        Operator::Gt => CompareOperator::Gt,
        Operator::Ge => CompareOperator::Ge,
        _ => return None,
    })
}

/// Python's remainder: of the divisor's sign.
fn modulo(a: f64, b: f64) -> f64 {
    let rest = libm::fmod(a, b);
    if b == 0.0 {
        return f64::NAN;
    }
    if rest == 0.0 {
        return 0.0f64.copysign(b);
    }
    if (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

fn floor_divide(a: f64, b: f64) -> f64 {
    if b == 0.0 {
        return a / b;
    }
    let quotient = (a - modulo(a, b)) / b;
    if quotient == 0.0 {
        return 0.0f64.copysign(a / b);
    }
    let floor = libm::floor(quotient);
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

fn int_power(base: i64, exponent: i64) -> i64 {
    let (mut base, mut exponent, mut result) = (base, exponent, 1i64);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    result
}

fn floats(operator: Operator, a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    Some(match operator {
        Operator::Add => zip(a, b, |a, b| a + b),
        Operator::Sub => zip(a, b, |a, b| a - b),
        Operator::Mul => zip(a, b, |a, b| a * b),
        Operator::Div => zip(a, b, |a, b| a / b),
        Operator::Mod => zip(a, b, modulo),
        Operator::FloorDiv => zip(a, b, floor_divide),
        Operator::Pow => zip(a, b, elementary::pow),
        _ => return None,
    })
}

fn ints(operator: Operator, a: &[i64], b: &[i64]) -> PyResult<Option<Vec<i64>>> {
    Ok(Some(match operator {
        Operator::Add => zip(a, b, i64::wrapping_add),
        Operator::Sub => zip(a, b, i64::wrapping_sub),
        Operator::Mul => zip(a, b, i64::wrapping_mul),
        Operator::Mod => zip(a, b, |a, b| if b == 0 { 0 } else { a.wrapping_rem(b).wrapping_add(b).wrapping_rem(b) }),
        Operator::FloorDiv => zip(a, b, |a, b| {
            if b == 0 {
                return 0;
            }
            let quotient = a.wrapping_div(b);
            if a.wrapping_rem(b) != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
        }),
        Operator::Pow => {
            if b.iter().any(|&exponent| exponent < 0) {
                return Err(PyError::value_error("Integers to negative integer powers are not allowed."));
            }
            zip(a, b, int_power)
        }
        Operator::BitAnd => zip(a, b, |a, b| a & b),
        Operator::BitOr => zip(a, b, |a, b| a | b),
        Operator::BitXor => zip(a, b, |a, b| a ^ b),
        Operator::LShift => zip(a, b, |a, b| u32::try_from(b).ok().and_then(|b| a.checked_shl(b)).unwrap_or(0)),
        Operator::RShift => zip(a, b, |a, b| a >> b.clamp(0, 63)),
        _ => return Ok(None),
    }))
}

/// `a operator b`; `None` when these kinds don't know the operator.
pub(super) fn binary(vm: &mut Vm, operator: Operator, a: &NdArray, b: &NdArray) -> PyResult<Option<NdArray>> {
    if operator == Operator::MatMul {
        return super::products::matmul(a, b).map(Some);
    }
    let bits = matches!(operator, Operator::BitAnd | Operator::BitOr | Operator::BitXor | Operator::LShift | Operator::RShift);
    if bits && (a.kind() == Kind::Float || b.kind() == Kind::Float) {
        let name = match operator {
            Operator::BitAnd => "bitwise_and",
            Operator::BitOr => "bitwise_or",
            Operator::BitXor => "bitwise_xor",
            Operator::LShift => "left_shift",
            _ => "right_shift",
        };
        return Err(PyError::type_error(format!(
            "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''"
        )));
    }
    let (left, right, shape) = aligned(a, b)?;
    let kind = left.kind().max(right.kind());
    if kind == Kind::Text {
        let (Buffer::Text(left), Buffer::Text(right)) = (left.cast(Kind::Text), right.cast(Kind::Text)) else { return Ok(None) };
        let mut results = Vec::with_capacity(left.len());
        for (a, b) in left.iter().zip(&right) {
            results.push(if comparison(operator).is_some() { vm.rich_compare(operator, a, b)? } else { vm.binary(operator, a, b)? });
        }
        let buffer = if comparison(operator).is_some() {
            Buffer::Bool(results.iter().map(|value| value.as_bool().unwrap_or(false)).collect())
        } else {
            Buffer::Text(results)
        };
        return Ok(Some(NdArray::new(buffer, shape)));
    }
    if let Some(compare) = comparison(operator) {
        let results = match (left.cast(kind), right.cast(kind)) {
            (Buffer::Int(a), Buffer::Int(b)) => zip(&a, &b, |a, b| compare.holds(&a, &b)),
            (Buffer::Bool(a), Buffer::Bool(b)) => zip(&a, &b, |a, b| compare.holds(&a, &b)),
            (a, b) => zip(&a.floats(), &b.floats(), |a, b| compare.holds(&a, &b)),
        };
        return Ok(Some(NdArray::new(Buffer::Bool(results), shape)));
    }
    if kind == Kind::Bool {
        let (Buffer::Bool(x), Buffer::Bool(y)) = (&left, &right) else { return Ok(None) };
        let logical = match operator {
            Operator::Add | Operator::BitOr => Some(zip(x, y, |a, b| a | b)),
            Operator::Mul | Operator::BitAnd => Some(zip(x, y, |a, b| a & b)),
            Operator::BitXor => Some(zip(x, y, |a, b| a ^ b)),
            Operator::Sub => {
                return Err(PyError::type_error(
                    "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
                ));
            }
            _ => None,
        };
        if let Some(items) = logical {
            return Ok(Some(NdArray::new(Buffer::Bool(items), shape)));
        }
    }
    if kind == Kind::Float || operator == Operator::Div {
        return Ok(floats(operator, &left.floats(), &right.floats()).map(|items| NdArray::new(Buffer::Float(items), shape)));
    }
    let (Buffer::Int(left), Buffer::Int(right)) = (left.cast(Kind::Int), right.cast(Kind::Int)) else { return Ok(None) };
    Ok(ints(operator, &left, &right)?.map(|items| NdArray::new(Buffer::Int(items), shape)))
}

/// `-a`, `+a`, `~a`.
pub(super) fn unary(operator: UnaryOperator, a: &NdArray) -> PyResult<NdArray> {
    let buffer = match (operator, a.gather()) {
        (UnaryOperator::Neg, Buffer::Float(items)) => Buffer::Float(items.into_iter().map(|item| -item).collect()),
        (UnaryOperator::Neg, Buffer::Int(items)) => Buffer::Int(items.into_iter().map(i64::wrapping_neg).collect()),
        (UnaryOperator::Invert, Buffer::Int(items)) => Buffer::Int(items.into_iter().map(|item| !item).collect()),
        (UnaryOperator::Invert, Buffer::Bool(items)) => Buffer::Bool(items.into_iter().map(|item| !item).collect()),
        (UnaryOperator::Pos, same @ (Buffer::Float(_) | Buffer::Int(_))) => same,
        (UnaryOperator::Neg, Buffer::Bool(_)) => {
            return Err(PyError::type_error(
                "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.",
            ));
        }
        _ => {
            let name = match operator {
                UnaryOperator::Neg => "negative",
                UnaryOperator::Pos => "positive",
                UnaryOperator::Invert => "invert",
            };
            return Err(PyError::type_error(format!(
                "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''"
            )));
        }
    };
    Ok(NdArray::new(buffer, a.shape.clone()))
}

type Function = (&'static str, fn(f64) -> f64);

/// Functions of one number that give floats, by NumPy's names.
pub(super) const FLOAT_FUNCTIONS: &[Function] = &[
    ("sqrt", f64::sqrt),
    ("exp", elementary::exp),
    ("exp2", libm::exp2),
    ("expm1", libm::expm1),
    ("log", elementary::log),
    ("log2", elementary::log2),
    ("log10", libm::log10),
    ("log1p", libm::log1p),
    ("cbrt", libm::cbrt),
    ("sin", elementary::sin),
    ("cos", elementary::cos),
    ("tan", elementary::tan),
    ("arcsin", elementary::asin),
    ("arccos", elementary::acos),
    ("arctan", elementary::atan),
    ("sinh", libm::sinh),
    ("cosh", elementary::cosh),
    ("tanh", libm::tanh),
    ("fabs", f64::abs),
    ("deg2rad", |x| x * (std::f64::consts::PI / 180.0)),
    ("radians", |x| x * (std::f64::consts::PI / 180.0)),
    ("rad2deg", |x| x * (180.0 / std::f64::consts::PI)),
    ("degrees", |x| x * (180.0 / std::f64::consts::PI)),
];

/// Functions that keep integers as they are.
pub(super) const ROUNDING_FUNCTIONS: &[Function] =
    &[("floor", libm::floor), ("ceil", libm::ceil), ("rint", libm::rint), ("trunc", libm::trunc)];

/// A function of each number, as floats. Errors: `TypeError` for texts.
pub(super) fn map(name: &str, a: &NdArray, f: fn(f64) -> f64) -> PyResult<NdArray> {
    if a.kind() == Kind::Text {
        return Err(PyError::type_error(format!(
            "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''"
        )));
    }
    Ok(NdArray::new(Buffer::Float(a.gather().floats().into_iter().map(f).collect()), a.shape.clone()))
}

pub(super) fn absolute(a: &NdArray) -> PyResult<NdArray> {
    let buffer = match a.gather() {
        Buffer::Float(items) => Buffer::Float(items.into_iter().map(f64::abs).collect()),
        Buffer::Int(items) => Buffer::Int(items.into_iter().map(i64::wrapping_abs).collect()),
        same @ Buffer::Bool(_) => same,
        Buffer::Text(_) => return Err(PyError::type_error("bad operand type for abs(): 'str'")),
    };
    Ok(NdArray::new(buffer, a.shape.clone()))
}

pub(super) fn sign(a: &NdArray) -> NdArray {
    let buffer = match a.gather() {
        Buffer::Float(items) => Buffer::Float(
            items
                .into_iter()
                .map(|item| {
                    if item > 0.0 {
                        1.0
                    } else if item < 0.0 {
                        -1.0
                    } else {
                        item.abs()
                    }
                })
                .collect(),
        ),
        other => match other.cast(Kind::Int) {
            Buffer::Int(items) => Buffer::Int(items.into_iter().map(i64::signum).collect()),
            other => other,
        },
    };
    NdArray::new(buffer, a.shape.clone())
}

/// Rounds to a number of decimals, halves to even, as NumPy does: scaled, rounded, scaled back.
pub(super) fn round(a: &NdArray, decimals: i64) -> NdArray {
    let scale = elementary::pow(10.0, decimals.unsigned_abs().min(300) as f64);
    let buffer = match a.gather() {
        Buffer::Float(items) => Buffer::Float(
            items
                .into_iter()
                .map(|item| match decimals {
                    0 => libm::rint(item),
                    d if d > 0 => libm::rint(item * scale) / scale,
                    _ => libm::rint(item / scale) * scale,
                })
                .collect(),
        ),
        Buffer::Int(items) if decimals < 0 => {
            Buffer::Int(items.into_iter().map(|item| (libm::rint(item as f64 / scale) * scale) as i64).collect())
        }
        other => other,
    };
    NdArray::new(buffer, a.shape.clone())
}

/// `maximum` and `minimum`: NaN wins.
pub(super) fn extreme(a: &NdArray, b: &NdArray, largest: bool) -> PyResult<NdArray> {
    let (left, right, shape) = aligned(a, b)?;
    let kind = left.kind().max(right.kind());
    let buffer = match (left.cast(kind), right.cast(kind)) {
        (Buffer::Int(a), Buffer::Int(b)) => Buffer::Int(zip(&a, &b, |a, b| if largest { a.max(b) } else { a.min(b) })),
        (Buffer::Bool(a), Buffer::Bool(b)) => Buffer::Bool(zip(&a, &b, |a, b| if largest { a | b } else { a & b })),
        (a, b) => Buffer::Float(zip(&a.floats(), &b.floats(), |a, b| {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else if (a > b) == largest {
                a
            } else {
                b
            }
        })),
    };
    Ok(NdArray::new(buffer, shape))
}

/// A test of each number.
pub(super) fn test(a: &NdArray, f: impl Fn(f64) -> bool) -> NdArray {
    NdArray::new(Buffer::Bool(a.gather().floats().into_iter().map(f).collect()), a.shape.clone())
}

/// `where(condition, a, b)`.
pub(super) fn choose(condition: &NdArray, a: &NdArray, b: &NdArray) -> PyResult<NdArray> {
    let (left, right, shape) = aligned(a, b)?;
    let kind = left.kind().max(right.kind());
    let all = common_shape(&shape, &condition.shape).ok_or_else(|| {
        PyError::value_error(format!(
            "operands could not be broadcast together with shapes {} {} {} ",
            shape_text(&condition.shape),
            shape_text(&a.shape),
            shape_text(&b.shape)
        ))
    })?;
    let wide = |buffer: Buffer| NdArray::new(buffer.cast(kind), shape.clone()).broadcast(&all).map(|wide| wide.gather());
    let chosen = condition.broadcast(&all).map(|wide| truths(wide.gather()));
    let (Some(left), Some(right), Some(chosen)) = (wide(left), wide(right), chosen) else {
        return Err(PyError::value_error("operands could not be broadcast together"));
    };
    let buffer = match (left, right) {
        (Buffer::Float(a), Buffer::Float(b)) => Buffer::Float(pick(&chosen, &a, &b)),
        (Buffer::Int(a), Buffer::Int(b)) => Buffer::Int(pick(&chosen, &a, &b)),
        (Buffer::Bool(a), Buffer::Bool(b)) => Buffer::Bool(pick(&chosen, &a, &b)),
        (a, b) => {
            let (Buffer::Text(a), Buffer::Text(b)) = (a.cast(Kind::Text), b.cast(Kind::Text)) else {
                return Err(PyError::type_error("where() of unlike kinds"));
            };
            Buffer::Text(pick(&chosen, &a, &b))
        }
    };
    Ok(NdArray::new(buffer, all))
}

fn pick<T: Clone>(chosen: &[bool], a: &[T], b: &[T]) -> Vec<T> {
    chosen.iter().zip(a.iter().zip(b)).map(|(&first, (a, b))| if first { a.clone() } else { b.clone() }).collect()
}

/// Each item in a condition.
pub(super) fn truths(buffer: Buffer) -> Vec<bool> {
    match buffer {
        Buffer::Text(items) => items.iter().map(|item| !matches!(item, Value::None) && item.as_str() != Some("")).collect(),
        other => match other.cast(Kind::Bool) {
            Buffer::Bool(items) => items,
            _ => Vec::new(),
        },
    }
}
