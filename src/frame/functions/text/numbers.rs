//! Numbers as texts by a format such as `$99,999.00`, and in other bases.

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::super::loops::Arg;
use super::codecs::to_hex;
use super::number_format::Format;
use crate::base64;
use crate::coerce::{cast_to, decimal_for, expect, literal, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// `luhn_check`, which Python has no name for.
pub(crate) const LUHN: &str = "luhn check";

/// Every second digit from the right counts twice, and the digits of all add up to a multiple of ten.
fn luhn(text: &str) -> bool {
    let digits = text.bytes().rev().enumerate().map(|(place, byte)| match (byte, place % 2) {
        (b'0'..=b'9', 0) => Some(u32::from(byte - b'0')),
        (b'0'..=b'9', _) => Some(u32::from(byte - b'0') * 2).map(|twice| if twice > 9 { twice - 9 } else { twice }),
        _ => None,
    });
    !text.is_empty() && digits.sum::<Option<u32>>().is_some_and(|total| total % 10 == 0)
}

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        LUHN,
        "Whether the digits of a text end in the right check digit (Luhn's algorithm).",
        params!("str"),
        |args| {
            expect(LUHN, args, 0, &DataType::String)?;
            Ok(Outcome::strict(DataType::Boolean, args))
        },
        |c| Ok(Value::Boolean(luhn(c.text(0)))),
    ),
    Function::rows(
        "to_number",
        "The number of a text in a format such as `$99,999.00`.",
        params!("col", "format"),
        |a| number_type("to_number", a),
        |c| {
            Format::new(c.text(1))?.read(c.text(0), c.result).ok_or_else(|| {
            let text = format!(
                "The input string '{}' does not match the given number format: '{}'. Use `try_to_number` to tolerate malformed input and return \
                 NULL instead.",
                c.text(0),
                c.text(1)
            );
            Error::illegal_argument(text).with_condition("INVALID_FORMAT.MISMATCH_INPUT")
        })
        },
    ),
    Function::rows(
        "try_to_number",
        "As to_number, but null for what doesn't fit.",
        params!("col", "format"),
        |a| number_type("try_to_number", a),
        |c| Ok(Format::new(c.text(1))?.read(c.text(0), c.result).unwrap_or(Value::Null)),
    ),
    Function::rows(
        "to_char",
        "A number, a time or bytes as text in a format.",
        params!("col", "format"),
        |a| char_type("to_char", a),
        to_char,
    ),
    Function::rows(
        "to_varchar",
        "A number, a time or bytes as text in a format.",
        params!("col", "format"),
        |a| char_type("to_varchar", a),
        to_char,
    ),
    Function::rows(
        "bin",
        "A whole number in binary digits.",
        params!("col"),
        |args| {
            expect("bin", args, 0, &DataType::Long)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| Ok(format!("{:b}", c.long(0)).into()),
    ),
    Function::rows(
        "conv",
        "A number from one base in another.",
        params!("col", "=fromBase", "=toBase"),
        |args| {
            expect("conv", args, 0, &DataType::String)?;
            expect("conv", args, 1, &DataType::Int)?;
            expect("conv", args, 2, &DataType::Int)?;
            Ok(Outcome::new(DataType::String, true))
        },
        conv,
    ),
];

fn number_type(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    expect(name, args, 1, &DataType::String)?;
    let format = Format::new(literal(name, args, 1)?.and_then(Value::as_str).unwrap_or_default())?;
    let (whole, fraction) = format.digits();
    Ok(Outcome::new(DataType::Decimal((whole + fraction).clamp(1, 38) as u8, fraction.min(38) as i8), true))
}

fn char_type(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 1, &DataType::String)?;
    match &args[0].data_type {
        DataType::Binary | DataType::Date | DataType::Timestamp | DataType::TimestampNtz => {}
        DataType::Time(_) => cast_to(&mut args[0], &DataType::Timestamp),
        t if t.is_integral() => {
            let decimal = decimal_for(t).unwrap_or(DataType::Double);
            cast_to(&mut args[0], &decimal);
        }
        DataType::Decimal(..) => {}
        DataType::Float | DataType::Double | DataType::String => cast_to(&mut args[0], &DataType::Decimal(38, 18)),
        _ => return Err(wrong_type(name, args, 0, "NUMERIC, DATE, TIMESTAMP or BINARY")),
    }
    let format = literal(name, args, 1)?.and_then(Value::as_str).unwrap_or_default();
    if matches!(args[0].data_type, DataType::Decimal(..)) {
        Format::new(format)?;
    }
    Ok(Outcome::new(DataType::String, true))
}

fn to_char(c: &Cells<'_>) -> Result<Value> {
    Ok(match &c.values[0] {
        Value::Decimal { unscaled, scale, .. } => Format::new(c.text(1))?.write(*unscaled, *scale).into(),
        Value::Binary(bytes) => match c.text(1).to_lowercase().as_str() {
            "base64" => base64::encode(bytes).into(),
            "hex" => to_hex(bytes).into(),
            "utf-8" => String::from_utf8_lossy(bytes).into_owned().into(),
            other => {
                let text = format!("The format of to_char of bytes should be one of 'base64', 'hex' and 'utf-8', but is '{other}'.");
                return Err(Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.BINARY_FORMAT"));
            }
        },
        other => {
            let time = Arg { array: crate::batch::array_of(&c.types[0], [other])?, scalar: false, data_type: c.types[0].clone() };
            let micros = crate::cast::cast(&time.array, &time.data_type, &DataType::Timestamp, false)?;
            let mut out = String::new();
            if let Value::Timestamp(micros) = crate::batch::value_at(&micros, &DataType::Timestamp, 0) {
                crate::dates::Pattern::new(c.text(1))?.format(micros, &mut out);
            }
            out.into()
        }
    })
}

/// Spark's `NumberConverter`: 64 bits, what lies beyond is the largest number; digits that the base hasn't end the number.
fn conv(c: &Cells<'_>) -> Result<Value> {
    let (from, to) = (c.long(1), c.long(2));
    let text = c.text(0).trim();
    if !(2..=36).contains(&from) || !(2..=36).contains(&to.abs()) || text.is_empty() {
        return Ok(Value::Null);
    }
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut value: u64 = 0;
    for digit in digits.chars().map_while(|ch| ch.to_digit(from as u32)) {
        value = value.checked_mul(from as u64).and_then(|v| v.checked_add(u64::from(digit))).ok_or_else(|| {
            Error::new(kindling_partition::ErrorKind::Arithmetic, "Overflow in function conv().").with_condition("ARITHMETIC_OVERFLOW")
        })?;
    }
    let mut minus = false;
    if negative && to > 0 {
        value = if (value as i64) < 0 { u64::MAX } else { (value as i64).wrapping_neg() as u64 };
    } else if to < 0 {
        minus = negative || (value as i64) < 0;
        if !negative && minus {
            value = (value as i64).wrapping_neg() as u64;
        }
    }
    let base = to.unsigned_abs();
    let mut out = Vec::new();
    loop {
        out.push(char::from_digit((value % base) as u32, base as u32).unwrap_or('0').to_ascii_uppercase());
        value /= base;
        if value == 0 {
            break;
        }
    }
    if minus {
        out.push('-');
    }
    Ok(out.into_iter().rev().collect::<String>().into())
}
