//! Hash tables over the rows of key columns: every different key gets a number, in the order the keys first come.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Float32Array, Float64Array, StringArray, UInt32Array};
use arrow_buffer::NullBuffer;
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::DataType as ArrowType;
use kindling_partition::{Executor, Result};

use super::dealt::{BUCKETS, Dealt, RUN};
use super::packed::{Extent, Layout, Packed, Wide};
use super::shuffle::concat;
use super::stage::Runner;
use crate::batch::{Batch, arrow};
use crate::expr::SortOrder;
use crate::types::DataType;

/// How many rows pass between two looks at the Stop flag.
const CHECK_EVERY: usize = 1 << 16;
/// Keys of so few bits have a place each, however few rows there are; and of so many, when there are as many rows.
const FEW_BITS: u32 = 12;
const MANY_BITS: u32 = 24;

/// Slots of a large table.
const LARGE: usize = 1 << 20;
/// Rows that show whether there are many different keys, and how many there must be to deal them into buckets.
const SHOWN: usize = 1 << 15;
const MANY_ROWS: usize = 1 << 17;

/// The number of no group.
pub(super) const NONE: u32 = u32::MAX;

/// Numbers the different keys 0, 1, 2 … as they first come. Both zeros are one key, and all NaNs, and all nulls.
pub(crate) struct KeyTable {
    /// For each column that is taken by the numbers of its own different values, how they are numbered; empty when none is.
    codes: Vec<Option<KeyTable>>,
    table: Table,
    /// The first row of each group.
    firsts: Vec<u32>,
}

enum Table {
    /// Keys of few bits: the group of each possible one.
    Places(Layout, Vec<u32>),
    Narrow(Layout, Hashed<u64>),
    Wide(Layout, Hashed<Wide>),
    /// Keys that don't pack.
    General(Keys, Vec<u64>),
}

impl KeyTable {
    /// The table of the keys, and each row's group.
    ///
    /// # Errors
    /// When Stop was pressed.
    pub fn build(executor: &Executor, columns: &[ArrayRef], rows: usize) -> Result<(Self, Vec<u32>)> {
        let layout = Layout::of(columns);
        let is_text = |column: &ArrayRef| column.data_type() == &ArrowType::Utf8;
        if layout.is_some() || columns.len() == 1 || !columns.iter().any(is_text) {
            return Self::number(executor, columns, rows, layout);
        }
        // Texts that don't pack do as the numbers of the different ones.
        let mut columns = columns.to_vec();
        let mut codes = Vec::with_capacity(columns.len());
        for column in &mut columns {
            if !is_text(column) {
                codes.push(None);
                continue;
            }
            let (table, numbers) = Self::build(executor, std::slice::from_ref(column), rows)?;
            *column = Arc::new(UInt32Array::from(numbers));
            codes.push(Some(table));
        }
        let layout = Layout::of(&columns);
        let (table, groups) = Self::number(executor, &columns, rows, layout)?;
        Ok((Self { codes, ..table }, groups))
    }

    /// The first row of each group, in the order of the groups, and each row's group.
    ///
    /// # Errors
    /// When Stop was pressed.
    pub fn groups(executor: &Executor, columns: &[ArrayRef], rows: usize) -> Result<(Vec<u32>, Vec<u32>)> {
        if rows >= MANY_ROWS
            && let Some(layout) = Layout::of(columns)
            && layout.bits > MANY_BITS
            && layout.bits <= 64
        {
            let keys = layout.pack::<u64>(columns, rows, |_| ());
            let mut firsts = Vec::new();
            Hashed::build(executor, &keys[..SHOWN], &mut firsts)?;
            if firsts.len() > SHOWN / 2 {
                return number_dealt(&executor.on_caller(), &keys.chunks(RUN).collect::<Vec<_>>());
            }
            firsts.clear();
            let (_, groups) = Hashed::build(executor, &keys, &mut firsts)?;
            return Ok((firsts, groups));
        }
        let (table, groups) = Self::build(executor, columns, rows)?;
        Ok((table.firsts, groups))
    }

    /// As [`groups`](Self::groups), of the rows of all parts one after the other, by as many threads as there are; the rows of one part are
    /// groups already.
    ///
    /// # Errors
    /// When Stop was pressed, or the parts need more memory than there is.
    pub fn groups_of_parts(runner: Runner<'_>, parts: &[Batch], types: &[DataType]) -> Result<(Vec<u32>, Vec<u32>)> {
        let rows: usize = parts.iter().map(|part| part.rows).sum();
        if parts.len() == 1 {
            let all: Vec<u32> = (0..rows as u32).collect();
            return Ok((all.clone(), all));
        }
        let executor = runner.executor;
        if rows >= MANY_ROWS {
            let extents =
                executor.map_quietly(parts, |_, part| Ok(part.columns.iter().map(|c| Extent::of(c)).collect::<Option<Vec<_>>>()))?;
            let both = |a: Option<Vec<Extent>>, b: Option<Vec<Extent>>| Some(a?.into_iter().zip(b?).map(|(a, b)| a.and(b)).collect());
            let extents = extents.into_iter().reduce(both).flatten();
            let layout = extents.and_then(|extents| Layout::new(&extents, &vec![SortOrder::ASCENDING; types.len()]));
            if let Some(layout) = layout.filter(|layout| layout.bits <= 64) {
                let runs: Vec<(&Batch, usize)> =
                    parts.iter().flat_map(|part| (0..part.rows).step_by(RUN).map(move |start| (part, start))).collect();
                let keys = executor.map_quietly(&runs, |_, (part, start)| {
                    let run = part.slice(*start, RUN.min(part.rows - start));
                    Ok(layout.pack(&run.columns, run.rows, |_| ()))
                })?;
                return number_dealt(executor, &keys.iter().map(Vec::as_slice).collect::<Vec<_>>());
            }
        }
        let all = concat(runner, parts, types)?;
        let (table, groups) = Self::build(executor, &all.columns, rows)?;
        Ok((table.firsts, groups))
    }

    fn number(executor: &Executor, columns: &[ArrayRef], rows: usize, layout: Option<Layout>) -> Result<(Self, Vec<u32>)> {
        let mut firsts = Vec::new();
        let (table, groups) = match layout {
            Some(layout) if layout.bits <= FEW_BITS || (layout.bits <= MANY_BITS && 1 << layout.bits <= rows) => {
                let (places, groups) = number_places(&layout.pack(columns, rows, |_| ()), layout.bits, &mut firsts);
                (Table::Places(layout, places), groups)
            }
            Some(layout) if layout.bits <= 64 => {
                let (table, groups) = Hashed::build(executor, &layout.pack(columns, rows, |_| ()), &mut firsts)?;
                (Table::Narrow(layout, table), groups)
            }
            Some(layout) => {
                let (table, groups) = Hashed::build(executor, &layout.pack(columns, rows, |_| ()), &mut firsts)?;
                (Table::Wide(layout, table), groups)
            }
            None => {
                let keys = Keys::new(columns)?;
                let (slots, groups) = number(executor, &keys, rows, &mut firsts)?;
                (Table::General(keys, slots), groups)
            }
        };
        Ok((Self { codes: Vec::new(), table, firsts }, groups))
    }

    /// The first row of each group, in the order of the groups.
    pub fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// The group of each row of other columns of the same types, [`NONE`] where there is none or the row isn't live.
    ///
    /// # Errors
    /// When Stop was pressed.
    pub fn lookup(&self, executor: &Executor, columns: &[ArrayRef], rows: usize, live: Option<&NullBuffer>) -> Result<Vec<u32>> {
        let mut columns = columns.to_vec();
        for (column, table) in columns.iter_mut().zip(&self.codes) {
            if let Some(table) = table {
                *column = Arc::new(UInt32Array::from(table.lookup(executor, std::slice::from_ref(column), rows, None)?));
            }
        }
        let columns = columns.as_slice();
        let mut groups = match &self.table {
            Table::Places(layout, places) => {
                let mut strangers = Vec::new();
                let keys = layout.pack::<u64>(columns, rows, |row| strangers.push(row));
                let mut groups: Vec<u32> = keys.iter().map(|key| places.get(key.small()).copied().unwrap_or(NONE)).collect();
                strangers.into_iter().for_each(|row| groups[row] = NONE);
                groups
            }
            Table::Narrow(layout, table) => table.lookup(executor, layout, columns, rows)?,
            Table::Wide(layout, table) => table.lookup(executor, layout, columns, rows)?,
            Table::General(keys, slots) => {
                let others = Keys::new(columns)?;
                let mut groups = Vec::with_capacity(rows);
                for row in 0..rows {
                    if row % CHECK_EVERY == 0 {
                        executor.check()?;
                    }
                    let found = find(slots, &self.firsts, others.hash(row), |first| others.equal(row, keys, first));
                    groups.push(found.unwrap_or(NONE));
                }
                groups
            }
        };
        if let Some(live) = live {
            groups.iter_mut().enumerate().filter(|(row, _)| live.is_null(*row)).for_each(|(_, group)| *group = NONE);
        }
        Ok(groups)
    }
}

/// The group of each possible key of few bits, and of each row.
#[optimize(speed)]
fn number_places(keys: &[u64], bits: u32, firsts: &mut Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let (mut places, mut groups) = (vec![NONE; 1 << bits], vec![0; keys.len()]);
    for (row, (key, group)) in keys.iter().zip(&mut groups).enumerate() {
        let place = &mut places[*key as usize];
        if *place == NONE {
            *place = firsts.len() as u32;
            firsts.push(row as u32);
        }
        *group = *place;
    }
    (places, groups)
}

/// The first row of each group and each row's group, by keys of which most are different: dealt by their hashes.
fn number_dealt(executor: &Executor, runs: &[&[u64]]) -> Result<(Vec<u32>, Vec<u32>)> {
    let starts: Vec<usize> = runs.iter().scan(0, |at, run| Some(std::mem::replace(at, *at + run.len()))).collect();
    let dealt = executor.map_quietly(runs, |i, run| Ok(Dealt::new(run, starts[i], BUCKETS, |key, _| (key.hash() >> 56) as usize)))?;
    let again = executor.map_quietly(&(0..BUCKETS).collect::<Vec<_>>(), |_, bucket| Ok(repeated(&dealt, *bucket)))?;
    drop(dealt);
    let rows = runs.iter().map(|run| run.len() as u32).sum();
    // Of each row the first one with its key, then its group.
    let (mut groups, mut firsts): (Vec<u32>, Vec<u32>) = ((0..rows).collect(), Vec::new());
    again.into_iter().flatten().for_each(|(row, first)| groups[row as usize] = first);
    for row in 0..groups.len() {
        let first = groups[row] as usize;
        groups[row] = if first == row { firsts.len() as u32 } else { groups[first] };
        if first == row {
            firsts.push(row as u32);
        }
    }
    Ok((firsts, groups))
}

/// The rows of a bucket whose key was there before, and where it was first.
#[optimize(speed)]
fn repeated(dealt: &[Dealt], bucket: usize) -> Vec<(u32, u32)> {
    let rows: usize = dealt.iter().map(|run| run.bucket(bucket).len()).sum();
    let mut slots = vec![(0_u64, NONE); (rows * 2).next_power_of_two()];
    let mut again = Vec::new();
    for (key, row) in dealt.iter().flat_map(|run| run.bucket(bucket)) {
        let slot = Hashed::slot(&slots, *key);
        match slots[slot].1 {
            NONE => slots[slot] = (*key, *row),
            first => again.push((*row, first)),
        }
    }
    again
}

/// A table of integers by linear probing; each slot has a key and its group, [`NONE`] where it is free.
struct Hashed<K>(Vec<(K, u32)>);

impl<K: Packed> Hashed<K> {
    #[optimize(speed)]
    fn build(executor: &Executor, keys: &[K], firsts: &mut Vec<u32>) -> Result<(Self, Vec<u32>)> {
        let mut slots = vec![(K::default(), NONE); 1024];
        let mut groups = Vec::with_capacity(keys.len());
        for (row, key) in keys.iter().enumerate() {
            if row % CHECK_EVERY == 0 {
                executor.check()?;
            }
            let slot = Self::slot(&slots, *key);
            if slots[slot].1 == NONE {
                slots[slot] = (*key, firsts.len() as u32);
                firsts.push(row as u32);
                groups.push(slots[slot].1);
                if firsts.len() * 3 > slots.len() * 2 {
                    let before = std::mem::take(&mut slots);
                    // Large tables grow by less, for memory's sake.
                    let times = if before.len() < LARGE { 4 } else { 2 };
                    slots = vec![(K::default(), NONE); before.len() * times];
                    for entry in before.into_iter().filter(|entry| entry.1 != NONE) {
                        let slot = Self::slot(&slots, entry.0);
                        slots[slot] = entry;
                    }
                }
            } else {
                groups.push(slots[slot].1);
            }
        }
        Ok((Self(slots), groups))
    }

    /// The slot of a key, or the free one where it would be.
    #[inline]
    fn slot(slots: &[(K, u32)], key: K) -> usize {
        let mask = slots.len() - 1;
        let mut slot = key.hash() as usize & mask;
        while slots[slot].1 != NONE && slots[slot].0 != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    #[optimize(speed)]
    fn lookup(&self, executor: &Executor, layout: &Layout, columns: &[ArrayRef], rows: usize) -> Result<Vec<u32>> {
        let mut strangers = Vec::new();
        let keys = layout.pack::<K>(columns, rows, |row| strangers.push(row));
        let mut groups = vec![NONE; rows];
        for (keys, groups) in keys.chunks(CHECK_EVERY).zip(groups.chunks_mut(CHECK_EVERY)) {
            executor.check()?;
            for (key, group) in keys.iter().zip(groups) {
                *group = self.0[Self::slot(&self.0, *key)].1;
            }
        }
        strangers.into_iter().for_each(|row| groups[row] = NONE);
        Ok(groups)
    }
}

/// Key columns that don't pack, row by row in a form that compares and hashes fast.
enum Keys {
    Text(StringArray),
    Rows(Rows),
}

impl Keys {
    fn new(columns: &[ArrayRef]) -> Result<Self> {
        if let [one] = columns
            && let Some(text) = one.as_string_opt::<i32>()
        {
            return Ok(Self::Text(text.clone()));
        }
        let columns: Vec<ArrayRef> = columns.iter().map(canonical).collect();
        let converter = RowConverter::new(columns.iter().map(|c| SortField::new(c.data_type().clone())).collect()).map_err(arrow)?;
        Ok(Self::Rows(converter.convert_columns(&columns).map_err(arrow)?))
    }

    fn hash(&self, row: usize) -> u64 {
        match self {
            Self::Text(text) if text.is_null(row) => 1,
            Self::Text(text) => hash_bytes(text.value(row).as_bytes()),
            Self::Rows(rows) => hash_bytes(rows.row(row).as_ref()),
        }
    }

    fn equal(&self, row: usize, other: &Self, other_row: usize) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => match (a.is_null(row), b.is_null(other_row)) {
                (false, false) => a.value(row) == b.value(other_row),
                (a, b) => a && b,
            },
            (Self::Rows(a), Self::Rows(b)) => a.row(row).as_ref() == b.row(other_row).as_ref(),
            _ => false,
        }
    }
}

/// A key column whose equal values have equal bytes.
pub(crate) fn canonical(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        ArrowType::Float64 => {
            let f = |v: f64| if v.is_nan() { f64::NAN } else { v + 0.0 };
            Arc::new(column.as_primitive::<Float64Type>().unary::<_, Float64Type>(f)) as Arc<Float64Array>
        }
        ArrowType::Float32 => {
            let f = |v: f32| if v.is_nan() { f32::NAN } else { v + 0.0 };
            Arc::new(column.as_primitive::<Float32Type>().unary::<_, Float32Type>(f)) as Arc<Float32Array>
        }
        _ => column.clone(),
    }
}

/// Linear probing: each slot holds its group and one, 0 when it is free; the upper half holds hash bits that tell most strangers apart.
fn number(executor: &Executor, keys: &Keys, rows: usize, firsts: &mut Vec<u32>) -> Result<(Vec<u64>, Vec<u32>)> {
    let (mut slots, mut hashes): (Vec<u64>, Vec<u64>) = (vec![0; 64], Vec::new());
    let mut groups = Vec::with_capacity(rows);
    for row in 0..rows {
        if row % CHECK_EVERY == 0 {
            executor.check()?;
        }
        let hash = keys.hash(row);
        match find(&slots, firsts, hash, |first| keys.equal(row, keys, first)) {
            Ok(group) => groups.push(group),
            Err(slot) => {
                let group = firsts.len() as u32;
                slots[slot] = entry(hash, group);
                firsts.push(row as u32);
                hashes.push(hash);
                groups.push(group);
                if firsts.len() * 2 > slots.len() {
                    slots = grown(slots.len() * 4, &hashes);
                }
            }
        }
    }
    Ok((slots, groups))
}

/// The group, or the free slot where it would be.
fn find(slots: &[u64], firsts: &[u32], hash: u64, is_same: impl Fn(usize) -> bool) -> Result<u32, usize> {
    let mask = slots.len() - 1;
    let mut slot = hash as usize & mask;
    loop {
        let found = slots[slot];
        if found == 0 {
            return Err(slot);
        }
        let group = (found as u32) - 1;
        if found >> 32 == hash >> 32 && is_same(firsts[group as usize] as usize) {
            return Ok(group);
        }
        slot = (slot + 1) & mask;
    }
}

fn grown(size: usize, hashes: &[u64]) -> Vec<u64> {
    let mut slots = vec![0; size];
    for (group, hash) in hashes.iter().enumerate() {
        let mut slot = *hash as usize & (size - 1);
        while slots[slot] != 0 {
            slot = (slot + 1) & (size - 1);
        }
        slots[slot] = entry(*hash, group as u32);
    }
    slots
}

fn entry(hash: u64, group: u32) -> u64 {
    (hash >> 32 << 32) | u64::from(group + 1)
}

/// The finalizer of MurmurHash3 (Appleby).
#[inline]
pub(super) fn mix(mut x: u64) -> u64 {
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
        let (table, groups) = KeyTable::build(&Executor::new(1), columns, columns[0].len()).expect("table");
        assert_eq!(table.lookup(&Executor::new(1), columns, columns[0].len(), None).expect("groups"), groups);
        groups
    }

    #[test]
    fn zeros_and_nans_and_nulls_are_one_key_each() {
        let column: ArrayRef =
            Arc::new(Float64Array::from(vec![Some(0.0), Some(-0.0), None, Some(f64::NAN), Some(-f64::NAN), None, Some(1.0)]));
        assert_eq!(groups(std::slice::from_ref(&column)), [0, 0, 1, 2, 2, 1, 3]);
        assert_eq!(groups(&[column.clone(), column]), [0, 0, 1, 2, 2, 1, 3]);
    }

    #[test]
    fn tables_grow() {
        let numbers = || (0..300_000_i64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64));
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers().chain(numbers())));
        let expected: Vec<u32> = (0..300_000).chain(0..300_000).collect();
        assert!(groups(std::slice::from_ref(&column)) == expected);
        assert!(groups(&[column.clone(), column]) == expected);
    }

    /// Keys that are nearly all different, with nulls, and some that come again, in their own part and in others.
    #[test]
    fn many_keys_are_numbered_as_they_first_come() {
        let mixed = |i: u64| (i % 1000 != 7).then(|| (i % 90_000).wrapping_mul(0x9E37_79B9_7F4A_7C15) as i64);
        let values: Vec<Option<i64>> = (0..200_000).map(mixed).collect();
        let (mut numbers, mut firsts) = (std::collections::BTreeMap::new(), Vec::new());
        let mut number = |(row, value): (usize, &Option<i64>)| {
            *numbers.entry(*value).or_insert_with(|| {
                firsts.push(row as u32);
                firsts.len() as u32 - 1
            })
        };
        let expected: Vec<u32> = values.iter().enumerate().map(&mut number).collect();
        let column: ArrayRef = Arc::new(Int64Array::from(values));
        let cache = crate::cache::Cache::default();
        for threads in [1, 3] {
            let executor = Executor::new(threads);
            assert!(
                KeyTable::groups(&executor, std::slice::from_ref(&column), column.len()).expect("groups")
                    == (firsts.clone(), expected.clone())
            );
            let runner = Runner { executor: &executor, cache: &cache };
            let parts =
                [0..70_000, 70_000..70_000, 70_000..200_000].map(|rows| Batch::new(vec![column.slice(rows.start, rows.len())], rows.len()));
            assert!(KeyTable::groups_of_parts(runner, &parts, &[DataType::Long]).expect("groups") == (firsts.clone(), expected.clone()));
        }
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
            let long: ArrayRef = Arc::new(StringArray::from_iter(values.iter().map(|v| v.map(|v| format!("a key of many characters {v}")))));
            let apart: ArrayRef = Arc::new(Int64Array::from_iter(values.iter().map(|v| v.map(|v| v << 54))));
            for columns in [vec![numbers.clone(), texts.clone()], vec![long.clone()], vec![long, numbers], vec![apart.clone()], vec![apart.clone(), apart]] {
                prop_assert_eq!(&groups(&columns), &expected);
            }
        }
    }
}
