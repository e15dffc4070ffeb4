//! Hash tables over the rows of key columns: every different key gets a number, in the order the keys first come.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, Float32Array, Float64Array, StringArray};
use arrow_buffer::NullBuffer;
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::{DataType as ArrowType, TimeUnit};
use kindling_partition::{Executor, Result};

use crate::batch::arrow;

/// How many rows pass between two looks at the Stop flag.
const CHECK_EVERY: usize = 1 << 16;

/// Key columns, row by row in a form that compares and hashes fast.
pub(crate) enum Keys {
    /// One column of at most 64 bits.
    Bits {
        bits: Vec<u64>,
        nulls: Option<NullBuffer>,
    },
    Text(StringArray),
    Rows(Rows),
    /// No key columns: all rows are alike.
    Unit(usize),
}

impl Keys {
    /// Both zeros are one key, and all NaNs.
    pub fn new(columns: &[ArrayRef], rows: usize) -> Result<Self> {
        if let [one] = columns {
            let column = one.as_ref();
            if let Some(bits) = bits(column) {
                return Ok(Self::Bits { bits, nulls: column.nulls().cloned() });
            }
            if let Some(text) = column.as_string_opt::<i32>() {
                return Ok(Self::Text(text.clone()));
            }
        }
        if columns.is_empty() {
            return Ok(Self::Unit(rows));
        }
        let columns: Vec<ArrayRef> = columns.iter().map(canonical).collect();
        let converter = RowConverter::new(columns.iter().map(|c| SortField::new(c.data_type().clone())).collect()).map_err(arrow)?;
        Ok(Self::Rows(converter.convert_columns(&columns).map_err(arrow)?))
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Bits { bits, .. } => bits.len(),
            Self::Text(text) => text.len(),
            Self::Rows(rows) => rows.num_rows(),
            Self::Unit(rows) => *rows,
        }
    }

    fn hash(&self, row: usize) -> u64 {
        match self {
            Self::Bits { bits, nulls } => {
                if nulls.as_ref().is_some_and(|n| n.is_null(row)) {
                    1
                } else {
                    mix(bits[row])
                }
            }
            Self::Text(text) => {
                if text.is_null(row) {
                    1
                } else {
                    hash_bytes(text.value(row).as_bytes())
                }
            }
            Self::Rows(rows) => hash_bytes(rows.row(row).as_ref()),
            Self::Unit(_) => 0,
        }
    }

    fn equal(&self, row: usize, other: &Self, other_row: usize) -> bool {
        match (self, other) {
            (Self::Bits { bits: a, nulls: a_nulls }, Self::Bits { bits: b, nulls: b_nulls }) => {
                let null = |nulls: &Option<NullBuffer>, row: usize| nulls.as_ref().is_some_and(|n| n.is_null(row));
                match (null(a_nulls, row), null(b_nulls, other_row)) {
                    (false, false) => a[row] == b[other_row],
                    (a, b) => a && b,
                }
            }
            (Self::Text(a), Self::Text(b)) => match (a.is_null(row), b.is_null(other_row)) {
                (false, false) => a.value(row) == b.value(other_row),
                (a, b) => a && b,
            },
            (Self::Rows(a), Self::Rows(b)) => a.row(row).as_ref() == b.row(other_row).as_ref(),
            (Self::Unit(_), Self::Unit(_)) => true,
            _ => false,
        }
    }
}

fn bits(column: &dyn Array) -> Option<Vec<u64>> {
    fn of<T: ArrowPrimitiveType>(column: &dyn Array, f: impl Fn(T::Native) -> u64) -> Vec<u64> {
        column.as_primitive::<T>().values().iter().map(|v| f(*v)).collect()
    }
    Some(match column.data_type() {
        ArrowType::Int8 => of::<Int8Type>(column, |v| v as u64),
        ArrowType::Int16 => of::<Int16Type>(column, |v| v as u64),
        ArrowType::Int32 => of::<Int32Type>(column, |v| v as u64),
        ArrowType::Int64 => of::<Int64Type>(column, |v| v as u64),
        ArrowType::Date32 => of::<Date32Type>(column, |v| v as u64),
        ArrowType::Timestamp(TimeUnit::Microsecond, _) => of::<TimestampMicrosecondType>(column, |v| v as u64),
        ArrowType::Float64 => of::<Float64Type>(column, |v| one_zero(v).to_bits()),
        ArrowType::Boolean => column.as_boolean().values().iter().map(u64::from).collect(),
        _ => return None,
    })
}

/// One zero and one NaN for keys and for sorting, as Spark has it.
fn one_zero(value: f64) -> f64 {
    if value.is_nan() { f64::NAN } else { value + 0.0 }
}

/// A key column whose equal values have equal bytes.
pub(crate) fn canonical(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        ArrowType::Float64 => Arc::new(column.as_primitive::<Float64Type>().unary::<_, Float64Type>(one_zero)) as Arc<Float64Array>,
        ArrowType::Float32 => {
            let f = |v: f32| if v.is_nan() { f32::NAN } else { v + 0.0 };
            Arc::new(column.as_primitive::<Float32Type>().unary::<_, Float32Type>(f)) as Arc<Float32Array>
        }
        _ => column.clone(),
    }
}

/// Numbers the different keys 0, 1, 2 … as they first come. Linear probing; the order never depends on the hashes.
pub(crate) struct KeyTable {
    /// The group in each slot and one, 0 when the slot is free; the upper half holds hash bits that tell most strangers apart.
    slots: Vec<u64>,
    /// The first row of each group.
    firsts: Vec<u32>,
}

impl KeyTable {
    /// The table of the keys, and each row's group.
    pub fn build(executor: &Executor, keys: &Keys) -> Result<(Self, Vec<u32>)> {
        let mut table = Self { slots: vec![0; 64], firsts: Vec::new() };
        let mut groups = Vec::with_capacity(keys.len());
        let mut hashes = Vec::new();
        for row in 0..keys.len() {
            if row % CHECK_EVERY == 0 {
                executor.check()?;
            }
            let hash = keys.hash(row);
            match table.find(hash, |first| keys.equal(row, keys, first)) {
                Ok(group) => groups.push(group),
                Err(slot) => {
                    let group = table.firsts.len() as u32;
                    table.slots[slot] = entry(hash, group);
                    table.firsts.push(row as u32);
                    hashes.push(hash);
                    groups.push(group);
                    if table.firsts.len() * 2 > table.slots.len() {
                        table.grow(&hashes);
                    }
                }
            }
        }
        Ok((table, groups))
    }

    /// The first row of each group, in the order of the groups.
    pub fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// The group of a row of other keys; `keys` are those that the table was built from.
    pub fn probe(&self, keys: &Keys, other: &Keys, row: usize) -> Option<u32> {
        self.find(other.hash(row), |first| other.equal(row, keys, first)).ok()
    }

    /// The group, or the free slot where it would be.
    fn find(&self, hash: u64, is_same: impl Fn(usize) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return Err(slot);
            }
            let group = (found as u32) - 1;
            if found >> 32 == hash >> 32 && is_same(self.firsts[group as usize] as usize) {
                return Ok(group);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self, hashes: &[u64]) {
        let mask = self.slots.len() * 4 - 1;
        self.slots = vec![0; mask + 1];
        for (group, hash) in hashes.iter().enumerate() {
            let mut slot = *hash as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = entry(*hash, group as u32);
        }
    }
}

fn entry(hash: u64, group: u32) -> u64 {
    (hash >> 32 << 32) | u64::from(group + 1)
}

/// The finalizer of MurmurHash3 (Appleby).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut hash = bytes.len() as u64;
    for word in words {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    let rest = rest.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    mix((hash.rotate_left(5) ^ rest).wrapping_mul(0x517c_c1b7_2722_0a95))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Int64Array;
    use proptest::prelude::*;

    fn groups(columns: &[ArrayRef]) -> Vec<u32> {
        let keys = Keys::new(columns, columns[0].len()).expect("keys");
        KeyTable::build(&Executor::new(1), &keys).expect("table").1
    }

    #[test]
    fn zeros_and_nans_and_nulls_are_one_key_each() {
        let column: ArrayRef =
            Arc::new(Float64Array::from(vec![Some(0.0), Some(-0.0), None, Some(f64::NAN), Some(-f64::NAN), None, Some(1.0)]));
        assert_eq!(groups(std::slice::from_ref(&column)), [0, 0, 1, 2, 2, 1, 3]);
        assert_eq!(groups(&[column.clone(), column]), [0, 0, 1, 2, 2, 1, 3]);
    }

    proptest! {
        #[test]
        fn equal_rows_and_only_they_share_a_group(values in prop::collection::vec(prop::option::of(0_i64..300), 1..2000)) {
            let numbers: ArrayRef = Arc::new(Int64Array::from(values.clone()));
            let texts: ArrayRef = Arc::new(StringArray::from_iter(values.iter().map(|v| v.map(|v| format!("key{v}")))));
            let mut seen: Vec<Option<i64>> = Vec::new();
            let expected: Vec<u32> = values.iter().map(|v| seen.iter().position(|s| s == v).unwrap_or_else(|| { seen.push(*v); seen.len() - 1 }) as u32).collect();
            prop_assert_eq!(&groups(std::slice::from_ref(&numbers)), &expected);
            prop_assert_eq!(&groups(std::slice::from_ref(&texts)), &expected);
            prop_assert_eq!(&groups(&[numbers, texts]), &expected);
        }
    }
}
