//! Numbers and values as the bytes of a page.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, ArrowPrimitiveType};

use super::thrift::write_varint;
use crate::types::DataType;

/// A dictionary never grows beyond so many bytes.
const MOST_DICTIONARY: usize = 1 << 20;

/// Values one after the other, and where each ends.
pub(super) struct Plain {
    pub bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// A dictionary's values, plain, how many they are, and the numbers of the values in it.
pub(super) struct Dictionary {
    pub bytes: Vec<u8>,
    pub size: usize,
    pub indices: Vec<u32>,
}

/// The bytes of a decimal of so many digits.
pub(super) fn decimal_width(precision: u8) -> usize {
    (1..=16).find(|width| precision as usize <= ((8 * width - 1) as f64 * std::f64::consts::LOG10_2) as usize).unwrap_or(16)
}

/// The picked values of an array.
pub(super) fn plain(data_type: &DataType, array: &ArrayRef, picks: &[u32]) -> Plain {
    let mut out = Plain { bytes: Vec::new(), ends: Vec::with_capacity(picks.len()) };
    match data_type {
        DataType::Boolean => {
            let values = array.as_boolean();
            for (i, pick) in picks.iter().enumerate() {
                if i % 8 == 0 {
                    out.bytes.push(0);
                }
                if let Some(last) = out.bytes.last_mut() {
                    *last |= u8::from(values.value(*pick as usize)) << (i % 8);
                }
            }
        }
        DataType::Byte => fixed::<Int8Type, 4>(array, picks, &mut out, |v| i32::from(v).to_le_bytes()),
        DataType::Short => fixed::<Int16Type, 4>(array, picks, &mut out, |v| i32::from(v).to_le_bytes()),
        DataType::Int => fixed::<Int32Type, 4>(array, picks, &mut out, i32::to_le_bytes),
        DataType::Date => fixed::<Date32Type, 4>(array, picks, &mut out, i32::to_le_bytes),
        DataType::Long | DataType::Time(7..) => fixed::<Int64Type, 8>(array, picks, &mut out, i64::to_le_bytes),
        DataType::Time(_) => fixed::<Int64Type, 8>(array, picks, &mut out, |v| (v / 1000).to_le_bytes()),
        DataType::Timestamp | DataType::TimestampNtz => fixed::<TimestampMicrosecondType, 8>(array, picks, &mut out, i64::to_le_bytes),
        DataType::Float => fixed::<Float32Type, 4>(array, picks, &mut out, f32::to_le_bytes),
        DataType::Double => fixed::<Float64Type, 8>(array, picks, &mut out, f64::to_le_bytes),
        DataType::Decimal(precision, _) => {
            let values = array.as_primitive::<Decimal128Type>().values();
            for pick in picks {
                let value = values[*pick as usize];
                match precision {
                    ..=9 => out.bytes.extend_from_slice(&(value as i32).to_le_bytes()),
                    10..=18 => out.bytes.extend_from_slice(&(value as i64).to_le_bytes()),
                    _ => out.bytes.extend_from_slice(&value.to_be_bytes()[16 - decimal_width(*precision)..]),
                }
                out.ends.push(out.bytes.len());
            }
        }
        _ => {
            for pick in picks {
                let value: &[u8] = match array.as_string_opt::<i32>() {
                    Some(texts) => texts.value(*pick as usize).as_bytes(),
                    None => array.as_binary::<i32>().value(*pick as usize),
                };
                out.bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
                out.bytes.extend_from_slice(value);
                out.ends.push(out.bytes.len());
            }
        }
    }
    out
}

fn fixed<T: ArrowPrimitiveType, const N: usize>(array: &ArrayRef, picks: &[u32], out: &mut Plain, bytes: impl Fn(T::Native) -> [u8; N]) {
    let values = array.as_primitive::<T>().values();
    for pick in picks {
        out.bytes.extend_from_slice(&bytes(values[*pick as usize]));
        out.ends.push(out.bytes.len());
    }
}

/// The same values by a dictionary; none when that is no shorter.
pub(super) fn dictionary(plain: &Plain) -> Option<Dictionary> {
    let mut known: HashMap<&[u8], u32> = HashMap::new();
    let mut found = Dictionary { bytes: Vec::new(), size: 0, indices: Vec::with_capacity(plain.ends.len()) };
    let mut start = 0;
    for end in &plain.ends {
        let value = &plain.bytes[start..*end];
        start = *end;
        let next = known.len() as u32;
        let index = *known.entry(value).or_insert(next);
        if index == next {
            found.bytes.extend_from_slice(value);
            if found.bytes.len() > MOST_DICTIONARY || (found.indices.len() > 1000 && known.len() * 2 > found.indices.len()) {
                return None;
            }
        }
        found.indices.push(index);
    }
    found.size = known.len();
    let indices = found.indices.len() * width_of(found.size.saturating_sub(1) as u32) as usize / 8;
    (found.bytes.len() + indices < plain.bytes.len()).then_some(found)
}

/// Bits of the largest of some numbers.
pub(super) fn width_of(most: u32) -> u32 {
    32 - most.leading_zeros()
}

/// Numbers of `width` bits in runs of one number and of packed ones.
pub(super) fn hybrid(values: impl Fn(usize) -> u32, count: usize, width: u32, out: &mut Vec<u8>) {
    let run = |from: usize| (from..count).take_while(|i| values(*i) == values(from)).count();
    let mut at = 0;
    while at < count {
        let length = run(at);
        if length >= 8 {
            write_varint((length as u64) << 1, out);
            out.extend_from_slice(&values(at).to_le_bytes()[..width.div_ceil(8) as usize]);
            at += length;
            continue;
        }
        // Whole groups of eight up to the next run; only the last of all may be filled up.
        let start = at;
        at += 8;
        while at < count && run_of_eight(&values, at, count).is_none() {
            at += 8;
        }
        let groups = (at - start) / 8;
        write_varint((groups as u64) << 1 | 1, out);
        let (mut held, mut bits) = (0_u64, 0);
        for i in start..at {
            held |= u64::from(if i < count { values(i) } else { 0 }) << bits;
            bits += width;
            while bits >= 8 {
                out.push(held as u8);
                held >>= 8;
                bits -= 8;
            }
        }
    }
}

fn run_of_eight(values: &impl Fn(usize) -> u32, at: usize, count: usize) -> Option<()> {
    (at + 8 <= count && (at + 1..at + 8).all(|i| values(i) == values(at))).then_some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parquet::encoding;

    proptest! {
        #[test]
        fn packed_numbers_read_back(runs in proptest::collection::vec((0_u32..5000, 1_usize..20), 0..30)) {
            let values: Vec<u32> = runs.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times)).collect();
            let width = width_of(values.iter().copied().max().unwrap_or(0));
            let mut bytes = Vec::new();
            hybrid(|i| values[i], values.len(), width, &mut bytes);
            prop_assert_eq!(encoding::hybrid(&bytes, width, values.len()), Some(values));
        }
    }

    /// `Decimal.minBytesForPrecision` of Spark.
    #[test]
    fn decimals_are_as_wide_as_in_spark() {
        assert_eq!([19, 20, 21, 23, 24, 38].map(decimal_width), [9, 9, 9, 10, 11, 16]);
    }
}
