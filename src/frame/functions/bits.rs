//! Bits of whole numbers, and small arithmetic that is seldom called.

use kindling_partition::{Error, Result};

use super::declare::{Cells, Function, Outcome, params};
use crate::coerce::{cast_to, expect, unify, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::rows("bitwise_not", "Each bit turned over.", params!("col"), |a| same("bitwise_not", a), |c| Ok(c.integral(!c.long(0)))),
    Function::rows(
        "bit_count",
        "How many bits are 1.",
        params!("col"),
        |args| {
            if !args[0].data_type.is_integral() && args[0].data_type != DataType::Boolean {
                return Err(wrong_type("bit_count", args, 0, "INTEGRAL or BOOLEAN"));
            }
            Ok(Outcome::strict(DataType::Int, args))
        },
        |c| {
            Ok(Value::Int(match &c.values[0] {
                Value::Boolean(v) => i32::from(*v),
                other => other.as_i64().unwrap_or(0).count_ones() as i32,
            }))
        },
    ),
    Function::rows("bit_get", "The bit at a position from the right, from 0.", params!("col", "pos"), |a| bit_at("bit_get", a), bit_get),
    Function::rows("getbit", "The bit at a position from the right, from 0.", params!("col", "pos"), |a| bit_at("getbit", a), bit_get),
    Function::rows(
        "shiftrightunsigned",
        "The bits shifted to the right, with zeros from the left.",
        params!("col", "numBits"),
        |args| shifted("shiftrightunsigned", args),
        |c| {
            Ok(match c.values[0] {
                Value::Int(v) => Value::Int((v as u32).wrapping_shr(c.long(1) as u32) as i32),
                _ => Value::Long((c.long(0) as u64).wrapping_shr(c.long(1) as u32) as i64),
            })
        },
    ),
    Function::rows(
        "positive",
        "The number itself.",
        params!("col"),
        |args| {
            if !args[0].data_type.is_numeric() {
                expect("positive", args, 0, &DataType::Double)?;
            }
            Ok(Outcome::strict(args[0].data_type.clone(), args))
        },
        |c| Ok(c.values[0].clone()),
    ),
    Function::rows_with_nulls(
        "nullifzero",
        "Null for 0, else the number.",
        params!("col"),
        |a| number("nullifzero", a, true),
        |c| Ok(if c.values[0].as_f64() == Some(0.0) { Value::Null } else { c.values[0].clone() }),
    ),
    Function::rows_with_nulls(
        "zeroifnull",
        "0 for a null, else the number.",
        params!("col"),
        |a| number("zeroifnull", a, false),
        |c| {
            Ok(match (&c.values[0], c.result) {
                (Value::Null, DataType::Double) => Value::Double(0.0),
                (Value::Null, DataType::Float) => Value::Float(0.0),
                (Value::Null, DataType::Decimal(precision, scale)) => Value::Decimal { unscaled: 0, precision: *precision, scale: *scale },
                (Value::Null, _) => c.integral(0),
                (other, _) => other.clone(),
            })
        },
    ),
    Function::rows_with_nulls(
        "equal_null",
        "Whether both are equal, or both null.",
        params!("col1", "col2"),
        |args| {
            unify("equal_null", args)?;
            Ok(Outcome::new(DataType::Boolean, false))
        },
        |c| Ok(super::collection::order(&c.values[0], &c.values[1]).is_eq().into()),
    ),
    Function::rows(
        "width_bucket",
        "Which of so many buckets of equal width between two numbers the value is in; 0 below, one more above.",
        params!("v", "min", "max", "numBucket"),
        |args| {
            for i in 0..3 {
                expect("width_bucket", args, i, &DataType::Double)?;
            }
            expect("width_bucket", args, 3, &DataType::Long)?;
            Ok(Outcome::new(DataType::Long, true))
        },
        width_bucket,
    ),
    Function::rows_with_nulls(
        "assert_true",
        "Null where the condition holds, else an error.",
        params!("col", "?errMsg"),
        |args| {
            expect("assert_true", args, 0, &DataType::Boolean)?;
            expect("assert_true", args, 1, &DataType::String)?;
            Ok(Outcome::new(DataType::Null, true))
        },
        |c| match c.values[0].as_bool() {
            Some(true) => Ok(Value::Null),
            _ => Err(Error::runtime(c.maybe_text(1).unwrap_or("null")).with_condition("USER_RAISED_EXCEPTION")),
        },
    ),
    Function::rows(
        "bitmap_bit_position",
        "The place of a number's bit within its bitmap.",
        params!("col"),
        |a| long("bitmap_bit_position", a),
        |c| {
            let value = c.long(0);
            Ok(Value::Long(if value > 0 { (value - 1) % BITS } else { value.wrapping_neg() % BITS }))
        },
    ),
    Function::rows(
        "bitmap_bucket_number",
        "The number of the bitmap that has a number's bit.",
        params!("col"),
        |a| long("bitmap_bucket_number", a),
        |c| {
            let value = c.long(0);
            Ok(Value::Long(if value > 0 { 1 + (value - 1) / BITS } else { value / BITS }))
        },
    ),
    Function::rows(
        "bitmap_count",
        "How many bits of the bitmap are 1.",
        params!("col"),
        |args| {
            if args[0].data_type != DataType::Binary {
                return Err(wrong_type("bitmap_count", args, 0, "BINARY"));
            }
            Ok(Outcome::strict(DataType::Long, args))
        },
        |c| Ok(Value::Long(c.bytes(0).iter().map(|b| i64::from(b.count_ones())).sum())),
    ),
];

/// A long stays one; other numbers are shifted as integers.
pub(super) fn shifted(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if args[0].data_type.is_numeric() && args[0].data_type != DataType::Long {
        cast_to(&mut args[0], &DataType::Int);
    } else if args[0].data_type != DataType::Long {
        expect(name, args, 0, &DataType::Int)?;
    }
    expect(name, args, 1, &DataType::Int)?;
    Ok(Outcome::strict(args[0].data_type.clone(), args))
}

/// The bits of Spark's bitmaps: 4 KB.
const BITS: i64 = 8 * 4096;

fn same(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if !args[0].data_type.is_integral() {
        return Err(wrong_type(name, args, 0, "INTEGRAL"));
    }
    Ok(Outcome::strict(args[0].data_type.clone(), args))
}

fn long(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Long)?;
    Ok(Outcome::strict(DataType::Long, args))
}

fn bit_at(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    same(name, args)?;
    expect(name, args, 1, &DataType::Int)?;
    Ok(Outcome::strict(DataType::Byte, args))
}

fn bit_get(c: &Cells<'_>) -> Result<Value> {
    let bits = match c.types[0] {
        DataType::Byte => 8,
        DataType::Short => 16,
        DataType::Int => 32,
        _ => 64,
    };
    let place = c.long(1);
    if !(0..bits).contains(&place) {
        let message =
            format!("The value of parameter(s) `pos` in `bit_get` is invalid: expects an integer value in [0, {bits}), but got {place}.");
        return Err(Error::illegal_argument(message).with_condition("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE"));
    }
    Ok(Value::Byte((c.long(0) >> place & 1) as i8))
}

fn number(name: &str, args: &mut [Typed], nullable: bool) -> Result<Outcome> {
    if !args[0].data_type.is_numeric() {
        expect(name, args, 0, &DataType::Int)?;
    }
    Ok(Outcome::new(args[0].data_type.clone(), nullable))
}

fn width_bucket(c: &Cells<'_>) -> Result<Value> {
    let (value, low, high, count) = (c.double(0), c.double(1), c.double(2), c.long(3));
    if count <= 0 || count == i64::MAX || value.is_nan() || low == high || !low.is_finite() || !high.is_finite() {
        return Ok(Value::Null);
    }
    let (least, most) = (low.min(high), low.max(high));
    let bucket = if low < high {
        if value < least {
            0
        } else if value >= most {
            count + 1
        } else {
            (count as f64 * (value - least) / (most - least)) as i64 + 1
        }
    } else if value > most {
        0
    } else if value <= least {
        count + 1
    } else {
        (count as f64 * (most - value) / (most - least)) as i64 + 1
    };
    Ok(Value::Long(bucket))
}
