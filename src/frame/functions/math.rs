use arrow_array::ArrayRef;
use arrow_array::types::{Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use kindling_partition::{Error, ErrorKind, Result};

use super::declare::{Args, Function, Outcome, params};
use crate::batch::value_at;
use crate::coerce::{adjusted_decimal, cast_to, expect, literal, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

macro_rules! doubles {
    ($name:literal, $doc:literal, $f:expr) => {
        Function::scalar($name, $doc, params!("col"), |args| all_doubles($name, args), |args| args.unary::<Float64Type, Float64Type>($f))
    };
}

/// A logarithm, which is null where the argument isn't above `$limit`.
macro_rules! logarithm {
    ($name:literal, $doc:literal, $limit:literal, $f:expr) => {
        Function::scalar(
            $name,
            $doc,
            params!("col"),
            |args| {
                let outcome = all_doubles($name, args)?;
                Ok(Outcome::new(outcome.data_type, true))
            },
            |args| {
                let x = args.args[0].nums::<Float64Type>();
                args.rows_to_nums::<Float64Type>(|i| Ok(x.get(i).filter(|x| x.is_nan() || *x > $limit).map($f)))
            },
        )
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    doubles!("sqrt", "The square root; NaN below zero.", libm::sqrt),
    doubles!("cbrt", "The cube root.", libm::cbrt),
    doubles!("exp", "e to the power of the number.", libm::exp),
    doubles!("expm1", "exp(x) - 1 without losing digits near zero.", libm::expm1),
    doubles!("sin", "The sine of an angle in radians.", libm::sin),
    doubles!("cos", "The cosine of an angle in radians.", libm::cos),
    doubles!("tan", "The tangent of an angle in radians.", libm::tan),
    doubles!("asin", "The angle whose sine this is.", libm::asin),
    doubles!("acos", "The angle whose cosine this is.", libm::acos),
    doubles!("atan", "The angle whose tangent this is.", libm::atan),
    doubles!("sinh", "The hyperbolic sine.", libm::sinh),
    doubles!("cosh", "The hyperbolic cosine.", libm::cosh),
    doubles!("tanh", "The hyperbolic tangent.", libm::tanh),
    doubles!("asinh", "The inverse hyperbolic sine.", libm::asinh),
    doubles!("acosh", "The inverse hyperbolic cosine.", libm::acosh),
    doubles!("atanh", "The inverse hyperbolic tangent.", libm::atanh),
    doubles!("cot", "The cotangent of an angle in radians.", |x| 1.0 / libm::tan(x)),
    doubles!("csc", "The cosecant of an angle in radians.", |x| 1.0 / libm::sin(x)),
    doubles!("sec", "The secant of an angle in radians.", |x| 1.0 / libm::cos(x)),
    doubles!("rint", "The nearest whole number, half to even.", libm::rint),
    doubles!("signum", "-1, 0 or 1 by the sign.", |x: f64| if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }),
    doubles!("degrees", "Radians as degrees.", |x: f64| x * (180.0 / std::f64::consts::PI)),
    doubles!("radians", "Degrees as radians.", |x: f64| x * (std::f64::consts::PI / 180.0)),
    logarithm!("log10", "The logarithm to base 10; null for zero and below.", 0.0, libm::log10),
    logarithm!("log2", "The logarithm to base 2; null for zero and below.", 0.0, |x| libm::log(x) / std::f64::consts::LN_2),
    logarithm!("log1p", "log(1 + x) without losing digits near zero; null for -1 and below.", -1.0, libm::log1p),
    logarithm!("ln", "The natural logarithm; null for zero and below.", 0.0, libm::log),
    Function::scalar(
        "log",
        "The natural logarithm, or with two arguments `log(base, x)`; null for zero and below.",
        params!("col", "?x"),
        |args| {
            let outcome = all_doubles("log", args)?;
            Ok(Outcome::new(outcome.data_type, true))
        },
        logarithm,
    ),
    Function::scalar(
        "power",
        "`col1` to the power of `col2`.",
        params!("col1", "col2"),
        |args| all_doubles("power", args),
        |args| args.binary::<Float64Type, Float64Type, Float64Type>(libm::pow),
    ),
    Function::scalar(
        "atan2",
        "The angle of the point (x = `col2`, y = `col1`).",
        params!("col1", "col2"),
        |args| all_doubles("atan2", args),
        |args| args.binary::<Float64Type, Float64Type, Float64Type>(|y, x| libm::atan2(y + 0.0, x + 0.0)),
    ),
    Function::scalar(
        "hypot",
        "sqrt(a² + b²).",
        params!("col1", "col2"),
        |args| all_doubles("hypot", args),
        |args| args.binary::<Float64Type, Float64Type, Float64Type>(libm::hypot),
    ),
    Function::scalar(
        "pi",
        "The number π.",
        params!(),
        |_| Ok(Outcome::new(DataType::Double, false)),
        |args| args.rows_to_nums::<Float64Type>(|_| Ok(Some(std::f64::consts::PI))),
    ),
    Function::scalar(
        "e",
        "Euler's number.",
        params!(),
        |_| Ok(Outcome::new(DataType::Double, false)),
        |args| args.rows_to_nums::<Float64Type>(|_| Ok(Some(std::f64::consts::E))),
    ),
    Function::scalar(
        "ceil",
        "The smallest whole number not below, or with so many digits after the point.",
        params!("col", "?scale"),
        |args| whole("ceil", args),
        |args| to_whole(args, true),
    ),
    Function::scalar(
        "floor",
        "The largest whole number not above, or with so many digits after the point.",
        params!("col", "?scale"),
        |args| whole("floor", args),
        |args| to_whole(args, false),
    ),
    Function::scalar(
        "round",
        "Rounded to `scale` digits after the point, half away from zero.",
        params!("col", "?scale"),
        |args| rounding("round", args),
        |args| round(args, false),
    ),
    Function::scalar(
        "bround",
        "Rounded to `scale` digits after the point, half to even.",
        params!("col", "?scale"),
        |args| rounding("bround", args),
        |args| round(args, true),
    ),
    Function::scalar(
        "factorial",
        "n! for 0 to 20, else null.",
        params!("col"),
        |args| {
            expect("factorial", args, 0, &DataType::Int)?;
            Ok(Outcome::new(DataType::Long, true))
        },
        |args| {
            let n = args.args[0].nums::<Int32Type>();
            args.rows_to_nums::<Int64Type>(|i| Ok(n.get(i).filter(|n| (0..=20).contains(n)).map(|n| (1..=i64::from(n)).product())))
        },
    ),
];

fn all_doubles(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::Double)?;
    }
    Ok(Outcome::strict(DataType::Double, args))
}

fn logarithm(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.args[0].nums::<Float64Type>();
    let Some(b) = args.args.get(1).map(super::loops::Arg::nums::<Float64Type>) else {
        return args.rows_to_nums::<Float64Type>(|i| Ok(a.get(i).filter(|x| x.is_nan() || *x > 0.0).map(libm::log)));
    };
    args.rows_to_nums::<Float64Type>(|i| {
        Ok(match (a.get(i), b.get(i)) {
            (Some(base), Some(x)) if (base.is_nan() || base > 0.0) && (x.is_nan() || x > 0.0) => Some(libm::log(x) / libm::log(base)),
            _ => None,
        })
    })
}

/// `ceil` and `floor` at a scale: of decimals, to decimals.
fn at_scale(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let scale = scale_of(literal(name, args, 1)?)?;
    let decimal = match &args[0].data_type {
        DataType::Float => DataType::Decimal(14, 7),
        DataType::Double | DataType::String => DataType::Decimal(30, 15),
        DataType::Null => DataType::Decimal(38, 18),
        other => crate::coerce::decimal_for(other).ok_or_else(|| wrong_type(name, args, 0, "DECIMAL"))?,
    };
    cast_to(&mut args[0], &decimal);
    let DataType::Decimal(precision, from) = decimal else { return Err(wrong_type(name, args, 0, "DECIMAL")) };
    let digits = i16::from(precision) - i16::from(from) + 1;
    let kept = i16::from(scale).min(i16::from(from));
    let result = if scale < 0 { (digits.max(1 - i16::from(scale)), 0) } else { (digits + kept, kept) };
    Ok(Outcome::new(DataType::Decimal(result.0.min(38) as u8, result.1 as i8), args[0].nullable))
}

fn to_scale(args: &Args<'_>, up: bool) -> Result<ArrayRef> {
    let scale = i32::from(scale_of(Some(&value_at(&args.args[1].array, &args.args[1].data_type, 0)))?);
    let (DataType::Decimal(_, from), DataType::Decimal(_, to)) = (&args.args[0].data_type, args.result) else {
        return Err(Error::runtime("A decimal that is none."));
    };
    let unit = 10_i128.pow(u32::try_from(i32::from(*from) - scale).unwrap_or(0).min(38));
    let shrink = 10_i128.pow(u32::from(from.abs_diff(*to)));
    args.unary::<Decimal128Type, Decimal128Type>(|v| (if up { -(-v).div_euclid(unit) } else { v.div_euclid(unit) }) * unit / shrink)
}

fn whole(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if args.len() > 1 {
        return at_scale(name, args);
    }
    let result = match args[0].data_type {
        DataType::Decimal(p, s) => adjusted_decimal(i16::from(p) - i16::from(s) + i16::from(s != 0), 0),
        ref t if t.is_integral() => {
            cast_to(&mut args[0], &DataType::Long);
            DataType::Long
        }
        _ => {
            expect(name, args, 0, &DataType::Double)?;
            DataType::Long
        }
    };
    Ok(Outcome::strict(result, args))
}

fn to_whole(args: &Args<'_>, up: bool) -> Result<ArrayRef> {
    if args.args.len() > 1 {
        return to_scale(args, up);
    }
    match args.args[0].data_type {
        DataType::Long => Ok(args.args[0].array.clone()),
        DataType::Decimal(_, scale) => {
            let unit = 10_i128.pow(u32::from(scale.unsigned_abs()));
            args.unary::<Decimal128Type, Decimal128Type>(|v| if up { -(-v).div_euclid(unit) } else { v.div_euclid(unit) })
        }
        _ => args.unary::<Float64Type, Int64Type>(|v| if up { v.ceil() as i64 } else { v.floor() as i64 }),
    }
}

fn rounding(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let scale = scale_of(literal(name, args, 1)?)?;
    if args[0].data_type == DataType::String || args[0].data_type == DataType::Null {
        cast_to(&mut args[0], &DataType::Double);
    }
    let result = match args[0].data_type {
        DataType::Decimal(p, s) => {
            let whole = i16::from(p) - i16::from(s) + 1;
            if scale < 0 {
                adjusted_decimal(whole.max(i16::from(scale.unsigned_abs()) + 1), 0)
            } else {
                let kept = i16::from(s).min(i16::from(scale));
                adjusted_decimal(whole + kept, kept)
            }
        }
        ref t if t.is_numeric() => t.clone(),
        _ => return Err(wrong_type(name, args, 0, "NUMERIC")),
    };
    Ok(Outcome::strict(result, args))
}

fn scale_of(value: Option<&Value>) -> Result<i8> {
    let scale = value.map_or(Some(0), Value::as_i64).unwrap_or(0);
    i8::try_from(scale).map_err(|_| Error::illegal_argument(format!("The scale of round must be between -128 and 127, not {scale}.")))
}

fn round(args: &Args<'_>, even: bool) -> Result<ArrayRef> {
    let scale = args.args.get(1).map_or(0, |a| crate::batch::value_at(&a.array, &a.data_type, 0).as_i64().unwrap_or(0)) as i32;
    let mut one = Args { args: &args.args[..1], rows: args.rows, result: args.result, context: args.context };
    one.rows = args.rows;
    let unit = || 10_i128.checked_pow(scale.unsigned_abs()).unwrap_or(i128::MAX);
    let integer = |v: i64| if scale >= 0 { Some(v) } else { i64::try_from(round_to(i128::from(v), unit(), even)).ok() };
    let overflow = || Error::new(ErrorKind::Arithmetic, "Overflow while rounding.").with_condition("ARITHMETIC_OVERFLOW");
    match args.args[0].data_type {
        DataType::Byte => {
            one.try_unary::<Int8Type, Int8Type>(|v| integer(i64::from(v)).and_then(|v| v.try_into().ok()).ok_or_else(overflow))
        }
        DataType::Short => {
            one.try_unary::<Int16Type, Int16Type>(|v| integer(i64::from(v)).and_then(|v| v.try_into().ok()).ok_or_else(overflow))
        }
        DataType::Int => {
            one.try_unary::<Int32Type, Int32Type>(|v| integer(i64::from(v)).and_then(|v| v.try_into().ok()).ok_or_else(overflow))
        }
        DataType::Long => one.try_unary::<Int64Type, Int64Type>(|v| integer(v).ok_or_else(overflow)),
        DataType::Float => one.unary::<Float32Type, Float32Type>(|v| {
            if v.is_finite() { round_decimal(&format!("{v:e}"), scale, even).parse().unwrap_or(v) + 0.0 } else { v }
        }),
        DataType::Decimal(_, from) => {
            let drop = i32::from(from) - scale.min(i32::from(from));
            let unit = 10_i128.checked_pow(drop.unsigned_abs()).unwrap_or(i128::MAX);
            let grow = if scale < 0 { 10_i128.pow(scale.unsigned_abs()) } else { 1 };
            one.unary::<Decimal128Type, Decimal128Type>(|v| round_to(v, unit, even) / unit * grow)
        }
        _ => one.unary::<Float64Type, Float64Type>(|v| round_double(v, scale, even)),
    }
}

/// The nearest multiple of `unit`; halves away from zero, or to an even multiple.
fn round_to(value: i128, unit: i128, even: bool) -> i128 {
    let (quotient, rest) = (value / unit, value % unit);
    let twice = rest.unsigned_abs() * 2;
    let up = twice > unit.unsigned_abs() || twice == unit.unsigned_abs() && (!even || quotient % 2 != 0);
    (quotient + if up { value.signum() } else { 0 }) * unit
}

/// Rounds the shortest decimal digits of a double, as `BigDecimal(Double.toString(x)).setScale(scale)` does.
pub(crate) fn round_double(value: f64, scale: i32, even: bool) -> f64 {
    if !value.is_finite() || value == 0.0 || value.fract() == 0.0 && scale >= 0 {
        return value + 0.0;
    }
    // A decimal number has no negative zero.
    round_decimal(&format!("{value:e}"), scale, even).parse().unwrap_or(value) + 0.0
}

/// Rounds a number written as `-d.ddde-n` to so many digits after the point.
fn round_decimal(scientific: &str, scale: i32, even: bool) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|d| d - b'0').collect();
    // The last digit kept stands at 10^-scale; the first digit stands at 10^exponent.
    let keep = i64::from(exponent) + i64::from(scale) + 1;
    if keep >= digits.len() as i64 {
        return scientific.to_owned();
    }
    if keep < 0 {
        return if negative { "-0.0".into() } else { "0.0".into() };
    }
    let keep = keep as usize;
    let exact_half = digits[keep] == 5 && digits[keep + 1..].iter().all(|d| *d == 0);
    let odd = keep > 0 && digits[keep - 1] % 2 == 1;
    let up = if exact_half { !even || odd } else { digits[keep] >= 5 };
    digits.truncate(keep);
    if up {
        match digits.iter().rposition(|d| *d != 9) {
            Some(i) => {
                digits[i] += 1;
                digits[i + 1..].fill(0);
            }
            None => {
                digits.fill(0);
                digits.insert(0, 1);
            }
        }
    }
    let text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
    let text = if text.is_empty() { "0".to_owned() } else { text };
    format!("{}{text}e{}", if negative { "-" } else { "" }, -scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SELECT round(x, s)` and `bround(x, s)` of Spark.
    #[test]
    fn doubles_round_by_their_decimal_digits() {
        for (value, scale, half_up, half_even) in [
            (2.5, 0, 3.0, 2.0),
            (-2.5, 0, -3.0, -2.0),
            (1.005, 2, 1.01, 1.0),
            (0.15, 1, 0.2, 0.2),
            (1234.5, -2, 1200.0, 1200.0),
            (0.4, 0, 0.0, 0.0),
            (0.5, 0, 1.0, 0.0),
            (99.99, 1, 100.0, 100.0),
            (1e300, 3, 1e300, 1e300),
        ] {
            assert_eq!((round_double(value, scale, false), round_double(value, scale, true)), (half_up, half_even), "{value} to {scale}");
        }
    }
}
