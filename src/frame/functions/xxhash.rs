//! `xxhash64`: XXH64 of the columns, seed 42, one column's hash the seed of the next (Spark's `XxHash64Function`).

use super::declare::{Function, Outcome, params};
use crate::types::DataType;
use crate::value::Value;

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

pub(super) const FUNCTIONS: &[Function] = &[Function::rows_with_nulls(
    "xxhash64",
    "Spark's XXH64 hash of the columns, seed 42.",
    params!("*cols"),
    |_| Ok(Outcome::new(DataType::Long, false)),
    |c| Ok(Value::Long(c.values.iter().fold(42, |seed, v| hash(v, seed)) as i64)),
)];

/// Spark's XXH64 of a value.
pub(crate) fn hash(value: &Value, seed: u64) -> u64 {
    match value {
        Value::Null => seed,
        Value::Boolean(v) => of_int(u32::from(*v), seed),
        Value::Byte(v) => of_int(i32::from(*v) as u32, seed),
        Value::Short(v) => of_int(i32::from(*v) as u32, seed),
        Value::Int(v) | Value::Date(v) | Value::YearMonthInterval(v, ..) => of_int(*v as u32, seed),
        Value::Long(v) | Value::Timestamp(v) | Value::TimestampNtz(v) | Value::DayTimeInterval(v, ..) | Value::Time(v, _) => {
            of_long(*v as u64, seed)
        }
        Value::CalendarInterval { months, days, micros } => of_int(*months as u32, of_int(*days as u32, of_long(*micros as u64, seed))),
        Value::Float(v) => of_int(
            if *v == 0.0 {
                0
            } else if v.is_nan() {
                0x7FC0_0000
            } else {
                v.to_bits()
            },
            seed,
        ),
        Value::Double(v) => of_long(
            if *v == 0.0 {
                0
            } else if v.is_nan() {
                0x7FF8 << 48
            } else {
                v.to_bits()
            },
            seed,
        ),
        Value::Decimal { unscaled, precision: ..=18, .. } => of_long(*unscaled as u64, seed),
        Value::Decimal { unscaled, .. } => {
            let bytes = unscaled.to_be_bytes();
            let same = |b: &u8| *b == if *unscaled < 0 { 0xFF } else { 0 };
            let extra = bytes.iter().take(15).take_while(|b| same(b)).count();
            // One byte more where the sign would be lost.
            let start = if extra > 0 && (bytes[extra] >= 0x80) != (*unscaled < 0) { extra - 1 } else { extra };
            of_bytes(&bytes[start..], seed)
        }
        Value::String(text) => of_bytes(text.as_bytes(), seed),
        Value::Binary(bytes) => of_bytes(bytes, seed),
        Value::Array(items) => items.iter().fold(seed, |seed, v| hash(v, seed)),
        Value::Map(entries) => entries.iter().fold(seed, |seed, (k, v)| hash(v, hash(k, seed))),
        Value::Struct(row) => row.values.iter().fold(seed, |seed, v| hash(v, seed)),
        Value::Vector(_) | Value::Matrix(_) | Value::Variant(_) => seed,
    }
}

fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(P2);
    hash = (hash ^ hash >> 29).wrapping_mul(P3);
    hash ^ hash >> 32
}

fn of_int(value: u32, seed: u64) -> u64 {
    let hash = seed.wrapping_add(P5).wrapping_add(4) ^ u64::from(value).wrapping_mul(P1);
    finish(hash.rotate_left(23).wrapping_mul(P2).wrapping_add(P3))
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

fn of_long(value: u64, seed: u64) -> u64 {
    let hash = seed.wrapping_add(P5).wrapping_add(8) ^ round(0, value);
    finish(hash.rotate_left(27).wrapping_mul(P1).wrapping_add(P4))
}

fn of_bytes(bytes: &[u8], seed: u64) -> u64 {
    let (blocks, mut rest) = bytes.as_chunks::<32>();
    let mut hash = if blocks.is_empty() {
        seed.wrapping_add(P5)
    } else {
        let mut lanes = [seed.wrapping_add(P1).wrapping_add(P2), seed.wrapping_add(P2), seed, seed.wrapping_sub(P1)];
        for block in blocks {
            for (lane, word) in lanes.iter_mut().zip(block.as_chunks().0) {
                *lane = round(*lane, u64::from_le_bytes(*word));
            }
        }
        let [a, b, c, d] = lanes;
        let mut hash = a.rotate_left(1).wrapping_add(b.rotate_left(7)).wrapping_add(c.rotate_left(12)).wrapping_add(d.rotate_left(18));
        for lane in lanes {
            hash = (hash ^ round(0, lane)).wrapping_mul(P1).wrapping_add(P4);
        }
        hash
    };
    hash = hash.wrapping_add(bytes.len() as u64);
    while let Some((word, after)) = rest.split_first_chunk() {
        hash = (hash ^ round(0, u64::from_le_bytes(*word))).rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
        rest = after;
    }
    if let Some((word, after)) = rest.split_first_chunk() {
        hash = (hash ^ u64::from(u32::from_le_bytes(*word)).wrapping_mul(P1)).rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
        rest = after;
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte).wrapping_mul(P5)).rotate_left(11).wrapping_mul(P1);
    }
    finish(hash)
}
