//! The bytes of sketches: those of theta sketches compressed (version 4 of their form) where Java compresses them, of tuple sketches version 3.

use kindling_partition::{Error, Result};

use super::super::invalid;
use super::{Compact, EVERYTHING, Entry, Flavour, Mode, Summary};

/// What every sketch made with the seed 9001 says of it.
const SEED: [u8; 2] = [0xCC, 0x93];
const THETA: u8 = 3;
const TUPLE: u8 = 9;

const EMPTY: u8 = 4;
const COMPACT: u8 = 8;
const READ_ONLY: u8 = 2;
const ORDERED: u8 = 16;
const SINGLE: u8 = 32;

/// The families of sketches, by their number less one.
const FAMILIES: [&str; 21] = [
    "ALPHA",
    "QUICKSELECT",
    "COMPACT",
    "UNION",
    "INTERSECTION",
    "A_NOT_B",
    "HLL",
    "QUANTILES",
    "TUPLE",
    "FREQUENCY",
    "RESERVOIR",
    "RESERVOIR_UNION",
    "VAROPT",
    "VAROPT_UNION",
    "KLL",
    "CPC",
    "REQ",
    "COUNTMIN",
    "EBPPS",
    "TDIGEST",
    "BLOOMFILTER",
];

impl Compact {
    pub fn bytes(&self, flavour: Flavour) -> Vec<u8> {
        match flavour {
            Flavour::Theta => self.theta_bytes(),
            Flavour::Tuple { double } => self.tuple_bytes(double),
        }
    }

    fn theta_bytes(&self) -> Vec<u8> {
        let mut hashes: Vec<u64> = self.entries.iter().map(|e| e.hash).collect();
        hashes.sort_unstable();
        let whole = self.theta == EVERYTHING;
        let head = |longs: u8, version: u8, bits: u8, places: u8, flags: u8, seed: [u8; 2]| {
            vec![longs, version, THETA, bits, places, flags | COMPACT | READ_ONLY | ORDERED, seed[0], seed[1]]
        };
        match hashes.as_slice() {
            [] if self.empty || whole => head(1, 3, 0, 0, EMPTY, [0; 2]),
            [] => {
                let mut bytes = head(3, 3, 0, 0, 0, SEED);
                bytes.extend([0; 4]);
                bytes.extend(1.0_f32.to_le_bytes());
                bytes.extend(self.theta.to_le_bytes());
                bytes
            }
            [hash] if whole => {
                let mut bytes = head(1, 3, 0, 0, SINGLE, SEED);
                bytes.extend(hash.to_le_bytes());
                bytes
            }
            hashes => {
                let deltas: Vec<u64> = std::iter::once(hashes[0]).chain(hashes.windows(2).map(|w| w[1] - w[0])).collect();
                let bits = 64 - deltas.iter().fold(0, |all, d| all | d).leading_zeros();
                let count_bytes = (usize::BITS - hashes.len().leading_zeros()).div_ceil(8);
                let mut bytes = head(if whole { 1 } else { 2 }, 4, bits as u8, count_bytes as u8, 0, SEED);
                if !whole {
                    bytes.extend(self.theta.to_le_bytes());
                }
                bytes.extend(&hashes.len().to_le_bytes()[..count_bytes as usize]);
                pack(&deltas, bits, &mut bytes);
                bytes
            }
        }
    }

    fn tuple_bytes(&self, double: bool) -> Vec<u8> {
        let (count, whole) = (self.entries.len(), self.is_whole());
        let longs = if self.empty || count == 1 && whole { 1 } else { 3 - u8::from(whole) };
        let mut bytes = vec![longs, 3, TUPLE, 1, 0, COMPACT | READ_ONLY | if self.empty { EMPTY } else { 0 }, SEED[0], SEED[1]];
        if longs > 1 {
            bytes.extend((count as u64).to_le_bytes());
        }
        if longs > 2 {
            bytes.extend(self.theta.to_le_bytes());
        }
        for Entry { hash, summary } in &self.entries {
            bytes.extend(hash.to_le_bytes());
            if double {
                bytes.extend(summary.value.to_le_bytes());
            } else {
                bytes.extend((summary.value as i32).to_le_bytes());
            }
            bytes.push(summary.mode as u8);
        }
        bytes
    }

    /// Reads a sketch.
    ///
    /// # Errors
    /// `THETA_INVALID_INPUT_SKETCH_BUFFER`, `TUPLE_INVALID_INPUT_SKETCH_BUFFER` and those of another family.
    pub fn read(bytes: &[u8], flavour: Flavour, function: &str) -> Result<Self> {
        let (family, found) = match flavour {
            Flavour::Theta => (THETA, read_theta as fn(&[u8], bool) -> Option<Self>),
            Flavour::Tuple { .. } => (TUPLE, read_tuple as fn(&[u8], bool) -> Option<Self>),
        };
        if let Some(other) = bytes.get(2).filter(|f| **f != family && bytes.len() >= 8)
            && let Some(name) = FAMILIES.get(usize::from(other.wrapping_sub(1)))
        {
            return Err(other_family(flavour, function, name));
        }
        let double = flavour == Flavour::Tuple { double: true };
        let family_fits = bytes.get(2) == Some(&family) && bytes.len() >= 8;
        let read = if family_fits { found(bytes, double) } else { None };
        read.ok_or_else(|| match flavour {
            Flavour::Theta => invalid(function, "Theta", "`theta_sketch_agg`", "THETA_INVALID_INPUT_SKETCH_BUFFER"),
            Flavour::Tuple { .. } => invalid(function, "Tuple", "corresponding `tuple_sketch_agg_*`", "TUPLE_INVALID_INPUT_SKETCH_BUFFER"),
        })
    }
}

fn other_family(flavour: Flavour, function: &str, name: &str) -> Error {
    let (wanted, kind, makers, condition) = match flavour {
        Flavour::Theta => ("COMPACT", "Theta", "`theta_sketch_agg`", "THETA_INVALID_INPUT_SKETCH_BUFFER_FAMILY"),
        Flavour::Tuple { .. } => ("TUPLE", "Tuple", "`tuple_sketch_agg_*` functions", "TUPLE_INVALID_INPUT_SKETCH_BUFFER_FAMILY"),
    };
    Error::runtime(format!(
        "Invalid call to `{function}`: expected {wanted} sketch family but received {name}. Only valid {kind} sketch buffers (produced by {makers}) are supported as inputs."
    ))
    .with_condition(condition)
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes)
}

/// A sketch of these hashes without numbers.
fn plain(hashes: Vec<u64>, theta: u64) -> Option<Compact> {
    let none = Summary { value: 0.0, mode: Mode::Sum };
    let valid = hashes.iter().all(|h| (1..=EVERYTHING).contains(h));
    valid.then(|| Compact { entries: hashes.into_iter().map(|hash| Entry { hash, summary: none }).collect(), theta, empty: false })
}

fn read_theta(bytes: &[u8], _: bool) -> Option<Compact> {
    let (longs, version, flags) = (usize::from(bytes[0] & 0x3F), bytes[1], bytes[5]);
    if flags & EMPTY != 0 && (3..=4).contains(&version) {
        return Some(Compact::nothing());
    }
    if bytes[6..8] != SEED {
        return None;
    }
    match version {
        3 if flags & SINGLE != 0 || longs == 1 && flags & 0x1F == COMPACT | READ_ONLY | ORDERED => {
            plain(vec![long(bytes, 8 * longs)?], EVERYTHING)
        }
        3 if flags & COMPACT != 0 && flags & READ_ONLY != 0 => {
            let count = if longs > 1 { long(bytes, 8)? as u32 as usize } else { 0 };
            let theta = if longs > 2 { long(bytes, 16)? } else { EVERYTHING };
            plain((0..count).map(|i| long(bytes, 8 * (longs + i))).collect::<Option<_>>()?, theta)
        }
        4 => {
            let (bits, count_bytes) = (u32::from(bytes[3]), usize::from(bytes[4]));
            let theta = if longs > 1 { long(bytes, 8)? } else { EVERYTHING };
            let rest = bytes.get(8 * longs..)?;
            let (count, packed) = rest.split_at_checked(count_bytes.min(4))?;
            let count = count.iter().rev().fold(0, |all, b| all << 8 | usize::from(*b));
            if !(1..=63).contains(&bits) || (count as u64 * u64::from(bits)).div_ceil(8) > packed.len() as u64 {
                return None;
            }
            let mut last = 0_u64;
            let hashes = unpack(packed, bits, count)
                .map(|delta| {
                    last = last.wrapping_add(delta);
                    last
                })
                .collect();
            plain(hashes, theta)
        }
        _ => None,
    }
}

fn read_tuple(bytes: &[u8], double: bool) -> Option<Compact> {
    let (longs, version, kind, flags) = (usize::from(bytes[0]), bytes[1], bytes[3], bytes[5]);
    if version != 3 || kind != 1 || !(1..=3).contains(&longs) {
        return None;
    }
    if flags & EMPTY != 0 {
        return Some(Compact::nothing());
    }
    let count = if longs == 1 { 1 } else { long(bytes, 8)? as u32 as usize };
    let theta = if longs > 2 { long(bytes, 16)? } else { EVERYTHING };
    let width = if double { 17 } else { 13 };
    let entries = bytes.get(8 * longs..)?.get(..count.checked_mul(width)?)?;
    let entries = entries.chunks_exact(width).map(|entry| {
        let value = if double { f64::from_bits(long(entry, 8)?) } else { f64::from(i32::from_le_bytes(entry[8..12].try_into().ok()?)) };
        Some(Entry { hash: long(entry, 0)?, summary: Summary { value, mode: *Mode::ALL.get(usize::from(entry[width - 1]))? } })
    });
    let entries = entries.collect::<Option<Vec<_>>>()?;
    entries.iter().all(|e| (1..=EVERYTHING).contains(&e.hash)).then_some(Compact { entries, theta, empty: false })
}

/// Numbers of so many bits, the highest first.
fn pack(numbers: &[u64], bits: u32, bytes: &mut Vec<u8>) {
    let (mut held, mut count) = (0_u128, 0);
    for number in numbers {
        held = held << bits | u128::from(*number);
        count += bits;
        while count >= 8 {
            count -= 8;
            bytes.push((held >> count) as u8);
        }
    }
    if count > 0 {
        bytes.push((held << (8 - count)) as u8);
    }
}

fn unpack(bytes: &[u8], bits: u32, numbers: usize) -> impl Iterator<Item = u64> {
    let mut bytes = bytes.iter();
    let (mut held, mut count) = (0_u128, 0);
    (0..numbers).map(move |_| {
        while count < bits {
            held = held << 8 | u128::from(*bytes.next().unwrap_or(&0));
            count += 8;
        }
        count -= bits;
        (held >> count) as u64 & ((1_u64 << bits) - 1)
    })
}
