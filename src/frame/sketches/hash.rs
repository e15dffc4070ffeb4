//! The hash that Apache's sketches give their items: MurmurHash3 (Appleby), the one of 128 bits for 64-bit machines, with their seed.

use crate::value::Value;

const SEED: u64 = 9001;

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The hash of a value as the sketches of Java take it: whole numbers as longs, floats as doubles, texts as UTF-8, arrays as their numbers one
/// after the other. Empty texts, binaries and arrays have none.
pub(super) fn of(value: &Value) -> Option<[u64; 2]> {
    let double = |v: f64| {
        let canonical = if v == 0.0 { 0.0 } else { v };
        (if v.is_nan() { 0x7FF8_0000_0000_0000 } else { canonical.to_bits() }).to_le_bytes()
    };
    Some(match value {
        Value::Int(v) => murmur3(&i64::from(*v).to_le_bytes()),
        Value::Long(v) => murmur3(&v.to_le_bytes()),
        Value::Float(v) => murmur3(&double(f64::from(*v))),
        Value::Double(v) => murmur3(&double(*v)),
        Value::String(text) if !text.is_empty() => murmur3(text.as_bytes()),
        Value::Binary(bytes) if !bytes.is_empty() => murmur3(bytes),
        Value::Array(items) if !items.is_empty() => {
            let long = items.iter().any(|v| matches!(v, Value::Long(_)));
            let mut bytes = Vec::with_capacity(8 * items.len());
            for item in items.iter() {
                let number = item.as_i64().unwrap_or(0);
                if long { bytes.extend(number.to_le_bytes()) } else { bytes.extend((number as i32).to_le_bytes()) }
            }
            murmur3(&bytes)
        }
        _ => return None,
    })
}

fn murmur3(bytes: &[u8]) -> [u64; 2] {
    let (mut h1, mut h2) = (SEED, SEED);
    let (blocks, rest) = bytes.as_chunks::<16>();
    for block in blocks {
        let (k1, k2) = words(block);
        h1 ^= mixed(k1, C1, 31, C2);
        h1 = h1.rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 ^= mixed(k2, C2, 33, C1);
        h2 = h2.rotate_left(31).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    let (k1, k2) = words(&last);
    h2 ^= mixed(k2, C2, 33, C1) ^ bytes.len() as u64;
    h1 ^= mixed(k1, C1, 31, C2) ^ bytes.len() as u64;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (h1, h2) = (spread(h1), spread(h2));
    h1 = h1.wrapping_add(h2);
    [h1, h2.wrapping_add(h1)]
}

fn words(block: &[u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(*block);
    (both as u64, (both >> 64) as u64)
}

fn mixed(key: u64, first: u64, turn: u32, second: u64) -> u64 {
    key.wrapping_mul(first).rotate_left(turn).wrapping_mul(second)
}

fn spread(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}
