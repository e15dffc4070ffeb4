use arrow_array::types::{Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{ArrayRef, ArrowPrimitiveType};
use arrow_buffer::i256;
use kindling_partition::{Error, ErrorKind, Result};

use super::declare::{Args, Function, Outcome, params};
use crate::coerce::{adjusted_decimal, cast_to, decimal_for, described, wider, wrong_type};
use crate::typed::{Kind, Typed};
use crate::types::DataType;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar("+", "The sum.", params!("left", "right"), |args| arithmetic("+", args), |args| compute(args, Op::Add)),
    Function::scalar("-", "The difference.", params!("left", "right"), |args| arithmetic("-", args), |args| compute(args, Op::Sub)),
    Function::scalar("*", "The product.", params!("left", "right"), |args| arithmetic("*", args), |args| compute(args, Op::Mul)),
    Function::scalar(
        "/",
        "The quotient; integers divide as doubles.",
        params!("left", "right"),
        |args| arithmetic("/", args),
        |args| compute(args, Op::Div),
    ),
    Function::scalar(
        "%",
        "The remainder, with the sign of the dividend.",
        params!("left", "right"),
        |args| arithmetic("%", args),
        |args| compute(args, Op::Rem),
    ),
    Function::scalar(
        "div",
        "The quotient without its fraction, as a long.",
        params!("left", "right"),
        |args| {
            let mut common = args.iter().try_fold(DataType::Null, |common, arg| wider(&common, &arg.data_type));
            common = common.map(|t| if matches!(t, DataType::String | DataType::Null) { DataType::Long } else { t });
            match common {
                Some(t) if t.is_integral() => args.iter_mut().for_each(|a| cast_to(a, &DataType::Long)),
                Some(t @ DataType::Decimal(..)) => args.iter_mut().for_each(|a| cast_to(a, &t)),
                _ => return Err(wrong_type("div", args, 0, "(\"BIGINT\" or \"DECIMAL\")")),
            }
            Ok(Outcome::strict(DataType::Long, args))
        },
        |args| match args.args[0].data_type {
            DataType::Long => args.try_binary::<Int64Type, Int64Type, Int64Type>(|a, b| match b {
                0 => Err(divide_by_zero()),
                b => a.checked_div(b).ok_or_else(|| overflow("long", Op::Div)),
            }),
            _ => args.try_binary::<Decimal128Type, Decimal128Type, Int64Type>(|a, b| match b {
                0 => Err(divide_by_zero()),
                b => i64::try_from(a / b).map_err(|_| overflow("long", Op::Div)),
            }),
        },
    ),
    Function::scalar(
        "pmod",
        "The remainder that is never negative for a positive divisor.",
        params!("dividend", "divisor"),
        |args| arithmetic("pmod", args),
        |args| compute(args, Op::Pmod),
    ),
    Function::scalar("negative", "The number with the other sign.", params!("col"), |args| signed("negative", args), negate),
    Function::scalar("abs", "The absolute value.", params!("col"), |args| signed("abs", args), abs),
    Function::scalar("&", "Bitwise and.", params!("left", "right"), |args| bitwise("&", args), |args| bits(args, |a, b| a & b)),
    Function::scalar("|", "Bitwise or.", params!("left", "right"), |args| bitwise("|", args), |args| bits(args, |a, b| a | b)),
    Function::scalar("^", "Bitwise exclusive or.", params!("left", "right"), |args| bitwise("^", args), |args| bits(args, |a, b| a ^ b)),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pmod,
}

/// The numeric type of `+ - * / %` over two arguments, which are cast to it.
fn arithmetic(sign: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let types = (args[0].data_type.clone(), args[1].data_type.clone());
    let common = match (&types.0, &types.1) {
        (DataType::Null, DataType::Null) => Some(DataType::Double),
        (DataType::Boolean, _) | (_, DataType::Boolean) => None,
        (a, b) if *a == DataType::String && *b == DataType::String => Some(DataType::Double),
        (a, b) => wider(a, b).filter(DataType::is_numeric),
    };
    let Some(mut common) = common else {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: the left and right operands of the binary operator have incompatible types (\"{}\" and \"{}\").",
            described(sign, args),
            types.0.sql(),
            types.1.sql()
        ))
        .with_condition(match types.0 == types.1 {
            true => "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
            false => "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
        }));
    };
    if let DataType::Decimal(..) = common {
        return Ok(decimal_arithmetic(sign, args));
    }
    if sign == "/" {
        common = DataType::Double;
    }
    args.iter_mut().for_each(|a| cast_to(a, &common));
    Ok(Outcome::strict(common, args))
}

/// The result type of decimal arithmetic (`DecimalPrecisionTypeCoercion`). The arguments keep their own scales.
fn decimal_arithmetic(sign: &str, args: &mut [Typed]) -> Outcome {
    for arg in args.iter_mut() {
        let to = match &arg.kind {
            Kind::Literal(value) if arg.data_type.is_integral() => {
                let digits = value.as_i64().map_or(1, |v| v.unsigned_abs().checked_ilog10().unwrap_or(0) as u8 + 1);
                DataType::Decimal(digits, 0)
            }
            _ => decimal_for(&arg.data_type).unwrap_or(DataType::Decimal(38, 18)),
        };
        cast_to(arg, &to);
    }
    let (DataType::Decimal(p1, s1), DataType::Decimal(p2, s2)) = (&args[0].data_type, &args[1].data_type) else {
        return Outcome::strict(DataType::Double, args);
    };
    let (p1, s1, p2, s2) = (i16::from(*p1), i16::from(*s1), i16::from(*p2), i16::from(*s2));
    let scale = s1.max(s2);
    let result = match sign {
        "*" => adjusted_decimal(p1 + p2 + 1, s1 + s2),
        "/" => {
            let scale = (s1 + p2 + 1).max(6);
            adjusted_decimal(p1 - s1 + s2 + scale, scale)
        }
        "%" | "pmod" => adjusted_decimal((p1 - s1).min(p2 - s2) + scale, scale),
        _ => adjusted_decimal((p1 - s1).max(p2 - s2) + scale + 1, scale),
    };
    Outcome::strict(result, args)
}

fn compute(args: &Args<'_>, op: Op) -> Result<ArrayRef> {
    match args.args[0].data_type {
        DataType::Byte => integral::<Int8Type>(args, op, "byte"),
        DataType::Short => integral::<Int16Type>(args, op, "short"),
        DataType::Int => integral::<Int32Type>(args, op, "integer"),
        DataType::Long => integral::<Int64Type>(args, op, "long"),
        DataType::Float => match op {
            Op::Add => args.binary::<Float32Type, Float32Type, Float32Type>(|a, b| a + b),
            Op::Sub => args.binary::<Float32Type, Float32Type, Float32Type>(|a, b| a - b),
            Op::Mul => args.binary::<Float32Type, Float32Type, Float32Type>(|a, b| a * b),
            Op::Div => {
                args.try_binary::<Float32Type, Float32Type, Float32Type>(|a, b| if b == 0.0 { Err(divide_by_zero()) } else { Ok(a / b) })
            }
            Op::Rem => {
                args.try_binary::<Float32Type, Float32Type, Float32Type>(|a, b| if b == 0.0 { Err(remainder_by_zero()) } else { Ok(a % b) })
            }
            Op::Pmod => args.try_binary::<Float32Type, Float32Type, Float32Type>(|a, b| {
                if b == 0.0 { Err(remainder_by_zero()) } else { Ok(if a % b < 0.0 { (a % b + b) % b } else { a % b }) }
            }),
        },
        DataType::Double => match op {
            Op::Add => args.binary::<Float64Type, Float64Type, Float64Type>(|a, b| a + b),
            Op::Sub => args.binary::<Float64Type, Float64Type, Float64Type>(|a, b| a - b),
            Op::Mul => args.binary::<Float64Type, Float64Type, Float64Type>(|a, b| a * b),
            Op::Div => {
                args.try_binary::<Float64Type, Float64Type, Float64Type>(|a, b| if b == 0.0 { Err(divide_by_zero()) } else { Ok(a / b) })
            }
            Op::Rem => {
                args.try_binary::<Float64Type, Float64Type, Float64Type>(|a, b| if b == 0.0 { Err(remainder_by_zero()) } else { Ok(a % b) })
            }
            Op::Pmod => args.try_binary::<Float64Type, Float64Type, Float64Type>(|a, b| {
                if b == 0.0 { Err(remainder_by_zero()) } else { Ok(if a % b < 0.0 { (a % b + b) % b } else { a % b }) }
            }),
        },
        _ => decimal(args, op),
    }
}

/// What checked integer arithmetic needs of a type.
trait Integer: ArrowPrimitiveType {
    fn checked(op: Op, a: Self::Native, b: Self::Native) -> Option<Self::Native>;
    fn zero(value: Self::Native) -> bool;
}

macro_rules! integer {
    ($($arrow:ty),*) => {$(
        impl Integer for $arrow {
            fn checked(op: Op, a: Self::Native, b: Self::Native) -> Option<Self::Native> {
                match op {
                    Op::Add => a.checked_add(b),
                    Op::Sub => a.checked_sub(b),
                    Op::Mul => a.checked_mul(b),
                    Op::Div => a.checked_div(b),
                    Op::Rem => Some(a.wrapping_rem(b)),
                    Op::Pmod => {
                        let rest = a.wrapping_rem(b);
                        Some(if rest < 0 { rest.wrapping_add(b).wrapping_rem(b) } else { rest })
                    }
                }
            }

            fn zero(value: Self::Native) -> bool {
                value == 0
            }
        }
    )*};
}

integer!(Int8Type, Int16Type, Int32Type, Int64Type);

fn integral<T: Integer>(args: &Args<'_>, op: Op, name: &str) -> Result<ArrayRef> {
    args.try_binary::<T, T, T>(|a, b| {
        if matches!(op, Op::Rem | Op::Pmod) && T::zero(b) {
            return Err(remainder_by_zero());
        }
        T::checked(op, a, b).ok_or_else(|| overflow(name, op))
    })
}

fn decimal(args: &Args<'_>, op: Op) -> Result<ArrayRef> {
    let (DataType::Decimal(_, s1), DataType::Decimal(_, s2), DataType::Decimal(precision, scale)) =
        (&args.args[0].data_type, &args.args[1].data_type, args.result)
    else {
        return Err(Error::runtime("Decimal arithmetic over columns that are no decimals."));
    };
    let (s1, s2, scale) = (i32::from(*s1), i32::from(*s2), i32::from(*scale));
    let ten = |power: i32| i256::from_i128(10).wrapping_pow(power.unsigned_abs());
    let rescale = |value: i256, by: i32| if by >= 0 { value.wrapping_mul(ten(by)) } else { half_up(value, ten(by)) };
    let limit = ten(i32::from(*precision));
    args.try_binary::<Decimal128Type, Decimal128Type, Decimal128Type>(|a, b| {
        let (a, b) = (i256::from_i128(a), i256::from_i128(b));
        let common = s1.max(s2);
        let (left, right) = (rescale(a, common - s1), rescale(b, common - s2));
        if b == i256::ZERO && !matches!(op, Op::Add | Op::Sub | Op::Mul) {
            return Err(if op == Op::Div { divide_by_zero() } else { remainder_by_zero() });
        }
        let result = match op {
            Op::Add => rescale(left.wrapping_add(right), scale - common),
            Op::Sub => rescale(left.wrapping_sub(right), scale - common),
            Op::Mul => rescale(a.wrapping_mul(b), scale - s1 - s2),
            Op::Div => half_up(rescale(a, scale - s1 + s2), b),
            Op::Rem => rescale(left.wrapping_rem(right), scale - common),
            Op::Pmod => {
                let rest = left.wrapping_rem(right);
                rescale(if rest.is_negative() { rest.wrapping_add(right).wrapping_rem(right) } else { rest }, scale - common)
            }
        };
        if result.wrapping_abs() >= limit {
            return Err(Error::new(ErrorKind::Arithmetic, format!("The result cannot be represented as Decimal({precision}, {scale})."))
                .with_condition("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"));
        }
        result.to_i128().ok_or_else(|| overflow("decimal", op))
    })
}

/// The quotient rounded half away from zero.
fn half_up(dividend: i256, divisor: i256) -> i256 {
    let (quotient, rest) = (dividend.wrapping_div(divisor), dividend.wrapping_rem(divisor));
    if rest.wrapping_abs().wrapping_mul(i256::from_i128(2)) < divisor.wrapping_abs() {
        return quotient;
    }
    let away = if dividend.is_negative() == divisor.is_negative() { i256::ONE } else { i256::MINUS_ONE };
    quotient.wrapping_add(away)
}

fn signed(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if args[0].data_type == DataType::String || args[0].data_type == DataType::Null {
        cast_to(&mut args[0], &DataType::Double);
    }
    if !args[0].data_type.is_numeric() {
        return Err(wrong_type(name, args, 0, "NUMERIC"));
    }
    Ok(Outcome::strict(args[0].data_type.clone(), args))
}

fn negate(args: &Args<'_>) -> Result<ArrayRef> {
    match args.args[0].data_type {
        DataType::Byte => args.try_unary::<Int8Type, Int8Type>(|v| v.checked_neg().ok_or_else(|| overflow("byte", Op::Sub))),
        DataType::Short => args.try_unary::<Int16Type, Int16Type>(|v| v.checked_neg().ok_or_else(|| overflow("short", Op::Sub))),
        DataType::Int => args.try_unary::<Int32Type, Int32Type>(|v| v.checked_neg().ok_or_else(|| overflow("integer", Op::Sub))),
        DataType::Long => args.try_unary::<Int64Type, Int64Type>(|v| v.checked_neg().ok_or_else(|| overflow("long", Op::Sub))),
        DataType::Float => args.unary::<Float32Type, Float32Type>(|v| -v),
        DataType::Double => args.unary::<Float64Type, Float64Type>(|v| -v),
        _ => args.unary::<Decimal128Type, Decimal128Type>(|v| -v),
    }
}

fn abs(args: &Args<'_>) -> Result<ArrayRef> {
    match args.args[0].data_type {
        DataType::Byte => args.try_unary::<Int8Type, Int8Type>(|v| v.checked_abs().ok_or_else(|| overflow("byte", Op::Sub))),
        DataType::Short => args.try_unary::<Int16Type, Int16Type>(|v| v.checked_abs().ok_or_else(|| overflow("short", Op::Sub))),
        DataType::Int => args.try_unary::<Int32Type, Int32Type>(|v| v.checked_abs().ok_or_else(|| overflow("integer", Op::Sub))),
        DataType::Long => args.try_unary::<Int64Type, Int64Type>(|v| v.checked_abs().ok_or_else(|| overflow("long", Op::Sub))),
        DataType::Float => args.unary::<Float32Type, Float32Type>(f32::abs),
        DataType::Double => args.unary::<Float64Type, Float64Type>(f64::abs),
        _ => args.unary::<Decimal128Type, Decimal128Type>(i128::abs),
    }
}

fn bitwise(sign: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let (left, right) = (args[0].data_type.clone(), args[1].data_type.clone());
    match wider(&left, &right).filter(DataType::is_integral) {
        Some(common) => {
            args.iter_mut().for_each(|a| cast_to(a, &common));
            Ok(Outcome::strict(common, args))
        }
        None => Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: the binary operator requires the input type \"INTEGRAL\", not \"{}\" and \"{}\". For conditions, use & | ~ on comparisons in parentheses.",
            described(sign, args),
            left.sql(),
            right.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE")),
    }
}

fn bits(args: &Args<'_>, f: impl Fn(i64, i64) -> i64) -> Result<ArrayRef> {
    match args.args[0].data_type {
        DataType::Byte => args.binary::<Int8Type, Int8Type, Int8Type>(|a, b| f(i64::from(a), i64::from(b)) as i8),
        DataType::Short => args.binary::<Int16Type, Int16Type, Int16Type>(|a, b| f(i64::from(a), i64::from(b)) as i16),
        DataType::Int => args.binary::<Int32Type, Int32Type, Int32Type>(|a, b| f(i64::from(a), i64::from(b)) as i32),
        _ => args.binary::<Int64Type, Int64Type, Int64Type>(f),
    }
}

fn overflow(name: &str, op: Op) -> Error {
    let hint = match op {
        Op::Add => " Use 'try_add' to tolerate overflow and return NULL instead.",
        Op::Sub => " Use 'try_subtract' to tolerate overflow and return NULL instead.",
        Op::Mul => " Use 'try_multiply' to tolerate overflow and return NULL instead.",
        _ => "",
    };
    Error::new(ErrorKind::Arithmetic, format!("{name} overflow.{hint}")).with_condition("ARITHMETIC_OVERFLOW")
}

pub(crate) fn divide_by_zero() -> Error {
    Error::new(ErrorKind::Arithmetic, "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.")
        .with_condition("DIVIDE_BY_ZERO")
}

pub(crate) fn remainder_by_zero() -> Error {
    Error::new(ErrorKind::Arithmetic, "Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead.")
        .with_condition("REMAINDER_BY_ZERO")
}
