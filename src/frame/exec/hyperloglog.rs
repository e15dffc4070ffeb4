//! `approx_count_distinct`: HyperLogLog++ (Heule, Nunkesser and Hall, 2013) over Spark's xxHash64.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType as ArrowType;
use kindling_partition::Result;

use super::accumulate::State;
use crate::batch::value_at;
use crate::types::DataType;

const SEED: u64 = 42;

/// Up to which estimate empty registers tell more than the harmonic mean, for 4, 5, … address bits.
const THRESHOLDS: [f64; 15] =
    [10.0, 20.0, 40.0, 80.0, 220.0, 400.0, 900.0, 1800.0, 3100.0, 6500.0, 15500.0, 20000.0, 50000.0, 120_000.0, 350_000.0];

/// How long a run of zeros each register has seen.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    address_bits: u32,
    registers: Vec<u8>,
}

impl Sketch {
    /// A sketch whose estimate has at most this relative standard deviation. Registers come with the first value.
    pub fn new(deviation: f64) -> Self {
        let bits = (2.0 * libm::log(1.106 / deviation) / std::f64::consts::LN_2).ceil();
        Self { address_bits: bits.clamp(4.0, 18.0) as u32, registers: Vec::new() }
    }

    pub fn insert(&mut self, hash: u64) {
        self.registers.resize(1 << self.address_bits, 0);
        let register = &mut self.registers[(hash >> (64 - self.address_bits)) as usize];
        let zeros = ((hash << self.address_bits) | 1 << (self.address_bits - 1)).leading_zeros() as u8 + 1;
        *register = zeros.max(*register);
    }

    pub fn estimate(&self) -> i64 {
        if self.registers.is_empty() {
            return 0;
        }
        let m = self.registers.len() as f64;
        let inverse: f64 = self.registers.iter().map(|r| 1.0 / (1_u64 << r) as f64).sum();
        let empty = self.registers.iter().filter(|r| **r == 0).count() as f64;
        let alpha = match self.address_bits {
            4 => 0.673,
            5 => 0.697,
            6 => 0.709,
            _ => 0.7213 / (1.0 + 1.079 / m),
        };
        let raw = alpha * m * m / inverse;
        if empty > 0.0 {
            let linear = m * libm::log(m / empty);
            if linear <= THRESHOLDS[self.address_bits as usize - 4] || raw <= 2.5 * m {
                return libm::round(linear) as i64;
            }
        }
        libm::round(raw) as i64
    }
}

impl State for Sketch {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if self.registers.is_empty() {
            *self = later;
        } else {
            self.registers.iter_mut().zip(later.registers).for_each(|(a, b)| *a = b.max(*a));
        }
        Ok(())
    }
}

/// Spark's xxHash64 of each value of a column; of a null, the seed.
pub(crate) fn hashes(column: &ArrayRef) -> Result<Vec<u64>> {
    macro_rules! ints {
        ($t:ty) => {
            column.as_primitive::<$t>().values().iter().map(|v| hash_int(*v as i32 as u32)).collect()
        };
    }
    Ok(match column.data_type() {
        ArrowType::Null => vec![SEED; column.len()],
        ArrowType::Boolean => column.as_boolean().values().iter().map(|v| hash_int(u32::from(v))).collect(),
        ArrowType::Int8 => ints!(Int8Type),
        ArrowType::Int16 => ints!(Int16Type),
        ArrowType::Int32 => ints!(Int32Type),
        ArrowType::Date32 => ints!(Date32Type),
        ArrowType::Int64 => column.as_primitive::<Int64Type>().values().iter().map(|v| hash_long(*v as u64)).collect(),
        ArrowType::Timestamp(..) => {
            column.as_primitive::<TimestampMicrosecondType>().values().iter().map(|v| hash_long(*v as u64)).collect()
        }
        ArrowType::Float32 => {
            let bits = |v: f32| if v.is_nan() { f32::NAN.to_bits() } else { (v + 0.0).to_bits() };
            column.as_primitive::<Float32Type>().values().iter().map(|v| hash_int(bits(*v))).collect()
        }
        ArrowType::Float64 => {
            let bits = |v: f64| if v.is_nan() { f64::NAN.to_bits() } else { (v + 0.0).to_bits() };
            column.as_primitive::<Float64Type>().values().iter().map(|v| hash_long(bits(*v))).collect()
        }
        ArrowType::Decimal128(precision, _) if *precision <= 18 => {
            column.as_primitive::<Decimal128Type>().values().iter().map(|v| hash_long(*v as i64 as u64)).collect()
        }
        ArrowType::Utf8 => (0..column.len()).map(|i| hash_bytes(column.as_string::<i32>().value(i).as_bytes())).collect(),
        ArrowType::Binary => (0..column.len()).map(|i| hash_bytes(column.as_binary::<i32>().value(i))).collect(),
        other => {
            let data_type = DataType::of_arrow(other);
            (0..column.len()).map(|i| crate::functions::xxhash(&value_at(column, &data_type, i), SEED)).collect()
        }
    })
}

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

fn finish(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(P2);
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(P3);
    hash ^ (hash >> 32)
}

fn with_word(hash: u64, word: u64) -> u64 {
    (hash ^ round(0, word)).rotate_left(27).wrapping_mul(P1).wrapping_add(P4)
}

fn with_half(hash: u64, half: u32) -> u64 {
    (hash ^ u64::from(half).wrapping_mul(P1)).rotate_left(23).wrapping_mul(P2).wrapping_add(P3)
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

fn hash_int(value: u32) -> u64 {
    finish(with_half(SEED.wrapping_add(P5).wrapping_add(4), value))
}

fn hash_long(value: u64) -> u64 {
    finish(with_word(SEED.wrapping_add(P5).wrapping_add(8), value))
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut hash = if bytes.len() >= 32 {
        let mut lanes = [SEED.wrapping_add(P1).wrapping_add(P2), SEED.wrapping_add(P2), SEED, SEED.wrapping_sub(P1)];
        for block in blocks {
            for (lane, chunk) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
                *lane = round(*lane, word(chunk));
            }
        }
        let joined = [1, 7, 12, 18].iter().zip(lanes).fold(0_u64, |sum, (turn, lane)| sum.wrapping_add(lane.rotate_left(*turn)));
        lanes.iter().fold(joined, |hash, lane| (hash ^ round(0, *lane)).wrapping_mul(P1).wrapping_add(P4))
    } else {
        SEED.wrapping_add(P5)
    };
    hash = hash.wrapping_add(bytes.len() as u64);
    let (words, mut rest) = rest.as_chunks::<8>();
    for chunk in words {
        hash = with_word(hash, word(chunk));
    }
    if rest.len() >= 4 {
        hash = with_half(hash, word(&rest[..4]) as u32);
        rest = &rest[4..];
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte).wrapping_mul(P5)).rotate_left(11).wrapping_mul(P1);
    }
    finish(hash)
}
