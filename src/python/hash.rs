//! Hashes and equality of builtin immutable values, as CPython has them.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use crate::value::Value;

/// Numbers hash modulo this prime, so that equal ints and floats hash alike.
const MODULUS: u64 = (1 << 61) - 1;

#[inline]
pub fn hash_int(value: i64) -> i64 {
    let magnitude = value.unsigned_abs();
    let reduced = if magnitude < MODULUS { magnitude } else { magnitude % MODULUS } as i64;
    match if value < 0 { -reduced } else { reduced } {
        -1 => -2,
        hash => hash,
    }
}

pub fn hash_bigint(value: &BigInt) -> i64 {
    let reduced = (value.magnitude() % MODULUS).to_i64().unwrap_or(0);
    match if value.sign() == Sign::Minus { -reduced } else { reduced } {
        -1 => -2,
        hash => hash,
    }
}

/// CPython's `_Py_HashDouble`; a NaN hashes by its bits here.
pub fn hash_float(value: f64) -> i64 {
    if value.is_infinite() {
        return if value > 0.0 { 314_159 } else { -314_159 };
    }
    if value.is_nan() {
        return value.to_bits() as i64 & 0xffff_ffff;
    }
    let (mut mantissa, mut exponent) = libm::frexp(value.abs());
    let mut hash: u64 = 0;
    while mantissa != 0.0 {
        hash = ((hash << 28) & MODULUS) | (hash >> (61 - 28));
        mantissa *= 268_435_456.0;
        exponent -= 28;
        let digit = mantissa as u64;
        mantissa -= digit as f64;
        hash += digit;
        if hash >= MODULUS {
            hash -= MODULUS;
        }
    }
    let exponent = exponent.rem_euclid(61) as u32;
    if exponent > 0 {
        hash = ((hash << exponent) & MODULUS) | (hash >> (61 - exponent));
    }
    match if value < 0.0 { -(hash as i64) } else { hash as i64 } {
        -1 => -2,
        hash => hash,
    }
}

/// CPython's tuple hash (a form of xxHash) over the hashes of the items.
pub fn hash_tuple(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let count = hashes.len() as u64;
    let mut accumulator = PRIME_5;
    for hash in hashes {
        accumulator = accumulator.wrapping_add((hash as u64).wrapping_mul(PRIME_2));
        accumulator = accumulator.rotate_left(31).wrapping_mul(PRIME_1);
    }
    accumulator = accumulator.wrapping_add(count ^ (PRIME_5 ^ 3_527_539));
    if accumulator == u64::MAX { 1_546_275_796 } else { accumulator as i64 }
}

/// CPython's frozenset hash: independent of the order.
pub fn hash_frozenset(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    let count = hashes.len() as u64;
    let mut hash: u64 = 0;
    for item in hashes {
        let item = item as u64;
        hash ^= ((item ^ 89_869_747) ^ (item << 16)).wrapping_mul(3_644_798_167);
    }
    // CPython's table also mixes in its empty slots, which cancel out in pairs by construction.
    hash ^= (count + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash as i64 }
}

/// Tuples nested deeper than this are left to the interpreter, which watches the stack.
const MAX_NESTING: u32 = 8;

/// The hash of a value that needs no interpreter.
pub fn quick_hash(value: &Value) -> Option<i64> {
    quick_hash_nested(value, MAX_NESTING)
}

fn quick_hash_nested(value: &Value, nesting: u32) -> Option<i64> {
    Some(match value {
        Value::Int(value) => hash_int(*value),
        Value::Str(text) => text.hash(),
        Value::Bool(value) => i64::from(*value),
        Value::Float(value) => hash_float(*value),
        Value::BigInt(value) => hash_bigint(value),
        Value::Bytes(bytes) => crate::text::hash_bytes(bytes),
        Value::None
        | Value::Ellipsis
        | Value::NotImplemented
        | Value::Function(_)
        | Value::Builtin(_)
        | Value::Module(_)
        | Value::Generator(_) => (value.identity().1 >> 4) as i64,
        Value::Tuple(tuple) => {
            let nesting = nesting.checked_sub(1)?;
            let hashes: Option<Vec<i64>> = tuple.0.iter().map(|item| quick_hash_nested(item, nesting)).collect();
            hash_tuple(hashes?.into_iter())
        }
        _ => return None,
    })
}

/// Whether two values are equal, when that needs no interpreter.
#[inline]
pub fn quick_eq(a: &Value, b: &Value) -> Option<bool> {
    Some(match (a, b) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => std::rc::Rc::ptr_eq(a, b) || a.as_str() == b.as_str(),
        _ => return quick_eq_slow(a, b, MAX_NESTING),
    })
}

fn quick_eq_slow(a: &Value, b: &Value, nesting: u32) -> Option<bool> {
    Some(match (a, b) {
        (Value::Str(a), Value::Str(b)) => a.as_str() == b.as_str(),
        (
            Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::BigInt(_),
            Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::BigInt(_),
        ) => crate::number::compare(a, b) == Some(std::cmp::Ordering::Equal) || (matches!(a, Value::Float(_)) && a.is(b)),
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::Tuple(a), Value::Tuple(b)) => {
            if a.0.len() != b.0.len() {
                return Some(false);
            }
            let nesting = nesting.checked_sub(1)?;
            for (a, b) in a.0.iter().zip(b.0.iter()) {
                if !quick_eq_slow(a, b, nesting)? {
                    return Some(false);
                }
            }
            true
        }
        (Value::Instance(_) | Value::Native(_), _) | (_, Value::Instance(_) | Value::Native(_)) => {
            if a.is(b) {
                return Some(true);
            }
            return None;
        }
        (
            Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::Str(_) | Value::None | Value::Bytes(_),
            Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::Str(_) | Value::None | Value::Bytes(_) | Value::Tuple(_),
        ) => false,
        (Value::Tuple(_), Value::Int(_) | Value::Str(_) | Value::None | Value::Float(_)) => false,
        _ if a.is(b) => true,
        _ => return None,
    })
}
