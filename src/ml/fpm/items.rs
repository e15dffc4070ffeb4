//! Items of any type as numbers: how often each is there, and in which order Spark ranks them.

use std::collections::HashMap;
use std::sync::Arc;

use kindling_frame::{DataFrame, Value, value_at};
use kindling_partition::Result;

use crate::scala::{java_hash, shuffled};

/// Different items in the order in which they came.
#[derive(Default)]
pub(super) struct Items {
    pub values: Vec<Value>,
    places: HashMap<Arc<str>, u32>,
}

/// A partition's items, and its rows as numbers of them.
pub(super) struct Numbered<T> {
    items: Items,
    pub rows: Vec<T>,
}

/// The lists of a column as `read` numbers their items, partition by partition; those that are null are left out.
///
/// # Errors
/// What `read` finds wrong with a row.
pub(super) fn numbered<T: Send>(
    data: &DataFrame,
    column: &str,
    read: impl Fn(&mut Items, &[Value]) -> Result<T> + Sync,
) -> Result<Vec<Numbered<T>>> {
    let data_type = data.schema().field(column)?.data_type.clone();
    let batches = data.select(&[data.col(column)?])?.partitions()?;
    let executor = data.session().executor();
    executor.map("read items", &batches, |_, batch| {
        let (mut items, mut rows) = (Items::default(), Vec::with_capacity(batch.rows));
        for row in 0..batch.rows {
            if row % 1024 == 0 {
                executor.check()?;
            }
            if let Value::Array(list) = value_at(&batch.columns[0], &data_type, row) {
                rows.push(read(&mut items, &list)?);
            }
        }
        Ok(Numbered { items, rows })
    })
}

/// The items of all partitions, and for each partition which of them its own are.
pub(super) fn merged<T>(parts: &[Numbered<T>]) -> (Items, Vec<Vec<u32>>) {
    let mut all = Items::default();
    let places = parts.iter().map(|part| part.items.values.iter().map(|item| all.number(item)).collect()).collect();
    (all, places)
}

/// What tells an item from others of its type.
fn key(item: &Value) -> Arc<str> {
    match item {
        Value::String(text) => text.clone(),
        other => format!("{other:?}").into(),
    }
}

impl Items {
    /// The number of an item, a new one when it wasn't there.
    pub fn number(&mut self, item: &Value) -> u32 {
        *self.places.entry(key(item)).or_insert_with(|| {
            self.values.push(item.clone());
            self.values.len() as u32 - 1
        })
    }

    /// The number of an item that is there.
    pub fn find(&self, item: &Value) -> Option<u32> {
        self.places.get(&key(item)).copied()
    }

    /// The items with at least so many of these counts, the most frequent first; equal counts go by where their hashes put them in Spark's
    /// shuffle to so many partitions.
    pub fn ranked(&self, counts: &[u64], least: u64, partitions: usize) -> Vec<u32> {
        let hashes: Vec<i32> = self.values.iter().map(java).collect();
        let mut ranked = shuffled(&hashes, partitions);
        ranked.retain(|i| counts[*i] >= least);
        ranked.sort_by_key(|i| std::cmp::Reverse(counts[*i]));
        ranked.into_iter().map(|i| i as u32).collect()
    }
}

fn long(value: i64) -> i32 {
    (value ^ (value >> 32 & 0xffff_ffff)) as i32
}

/// `hashCode` of Java.
fn java(item: &Value) -> i32 {
    match item {
        Value::String(text) => java_hash(text),
        Value::Boolean(value) => {
            if *value {
                1231
            } else {
                1237
            }
        }
        Value::Byte(value) => i32::from(*value),
        Value::Short(value) => i32::from(*value),
        Value::Int(value) => *value,
        Value::Long(value) => long(*value),
        Value::Float(value) => value.to_bits().cast_signed(),
        Value::Double(value) => long(value.to_bits().cast_signed()),
        other => java_hash(&format!("{other:?}")),
    }
}

/// `##` of Scala, where equal numbers of different types hash alike.
pub(super) fn scala(item: &Value) -> i32 {
    match item {
        Value::Long(value) => i32::try_from(*value).unwrap_or_else(|_| long(*value)),
        Value::Double(value) if value.fract() == 0.0 && value.abs() < 2_147_483_648.0 => *value as i32,
        Value::Float(value) if value.fract() == 0.0 && value.abs() < 2_147_483_648.0 => *value as i32,
        Value::Double(value) if f64::from(*value as f32) == *value => (*value as f32).to_bits().cast_signed(),
        other => java(other),
    }
}
