//! Random texts, numbers and identifiers.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use kindling_partition::Error;

use super::declare::{Args, Body, Function, Outcome, params};
use crate::batch::{array_of, value_at};
use crate::coerce::{expect, literal, wider, wrong_type};
use crate::random::{TwisterRandom, XorShiftRandom};
use crate::types::DataType;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "randstr",
        doc: "A random text of so many digits and letters.",
        params: params!("=length", "?seed"),
        resolve: |args| {
            expect("randstr", args, 0, &DataType::Int)?;
            if literal("randstr", args, 0)?.and_then(Value::as_i64).unwrap_or(0) < 0 {
                let text = "The length of randstr must be at least 0.";
                return Err(Error::analysis(text).with_condition("INVALID_PARAMETER_VALUE.LENGTH"));
            }
            expect("randstr", args, 1, &DataType::Long)?;
            literal("randstr", args, 1).map(|_| Outcome::new(DataType::String, false))
        },
        body: Body::Nondeterministic(|args| {
            let (length, mut random) = (plain(args, 0).as_i64().unwrap_or(0), generator(args, 1));
            let draw = |_| {
                let digit = (random.next_int() % 62).unsigned_abs() as u8;
                match digit {
                    0..10 => (b'0' + digit) as char,
                    10..36 => (b'a' + digit - 10) as char,
                    _ => (b'A' + digit - 36) as char,
                }
            };
            let mut draw = draw;
            let texts: StringArray = (0..args.rows).map(|_| Some((0..length).map(&mut draw).collect::<String>())).collect();
            Ok(Arc::new(texts))
        }),
    },
    Function {
        name: "uniform",
        doc: "A random number from min on and below max.",
        params: params!("=min", "=max", "?seed"),
        resolve: |args| {
            for i in 0..2 {
                if !args[i].data_type.is_numeric() {
                    return Err(wrong_type("uniform", args, i, "INTEGER or FLOATING-POINT"));
                }
                literal("uniform", args, i)?;
            }
            let common = wider(&args[0].data_type, &args[1].data_type).unwrap_or(DataType::Double);
            expect("uniform", args, 0, &DataType::Double)?;
            expect("uniform", args, 1, &DataType::Double)?;
            expect("uniform", args, 2, &DataType::Long)?;
            literal("uniform", args, 2).map(|_| Outcome::new(common, false))
        },
        body: Body::Nondeterministic(|args| {
            let (low, high) = (plain(args, 0).as_f64().unwrap_or(0.0), plain(args, 1).as_f64().unwrap_or(0.0));
            let mut random = generator(args, 2);
            let values: Vec<Value> = (0..args.rows).map(|_| Value::Double(low + (high - low) * random.next_double())).collect();
            crate::cast::cast(&array_of(&DataType::Double, &values)?, &DataType::Double, args.result, false)
        }),
    },
    Function {
        name: "uuid",
        doc: "A random identifier (UUID, version 4).",
        params: params!("?seed"),
        resolve: |args| {
            expect("uuid", args, 0, &DataType::Long)?;
            literal("uuid", args, 0).map(|_| Outcome::new(DataType::String, false))
        },
        body: Body::Nondeterministic(|args| {
            let mut random = TwisterRandom::new(seed_of(args, 0));
            let mut one = || {
                let mut word = || u64::from(random.next_int() as u32) << 32 | u64::from(random.next_int() as u32);
                let (high, low) = (word(), word());
                let (high, low) = (high & !0xF000 | 0x4000, low & !(3 << 62) | 2 << 62);
                format!(
                    "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                    high >> 32,
                    high >> 16 & 0xFFFF,
                    high & 0xFFFF,
                    low >> 48,
                    low & 0xFFFF_FFFF_FFFF
                )
            };
            let texts: StringArray = (0..args.rows).map(|_| Some(one())).collect();
            Ok(Arc::new(texts) as ArrayRef)
        }),
    },
];

fn plain(args: &Args<'_>, i: usize) -> Value {
    args.args.get(i).map_or(Value::Null, |a| value_at(&a.array, &a.data_type, 0))
}

fn generator(args: &Args<'_>, seed: usize) -> XorShiftRandom {
    XorShiftRandom::new(seed_of(args, seed))
}

/// Each partition has its own generator.
pub(super) fn seed_of(args: &Args<'_>, seed: usize) -> i64 {
    plain(args, seed).as_i64().unwrap_or(0).wrapping_add(args.context.partition as i64)
}
