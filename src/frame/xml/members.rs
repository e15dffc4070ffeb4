//! The entries of a map in the order that Spark's have: those of a Scala `Map`, whose first four stand as they came, and more by their hashes.

use std::sync::Arc;

use crate::hash::hash_bytes;
use crate::value::Value;

#[derive(Default)]
pub(super) struct Members(Vec<(String, Value)>);

impl Members {
    /// The last value of a name counts.
    pub fn set(&mut self, name: String, value: Value) {
        match self.0.iter_mut().find(|m| m.0 == name) {
            Some(known) => known.1 = value,
            None => self.0.push((name, value)),
        }
    }

    pub fn into_map(self) -> Value {
        let mut entries: Vec<(u32, (String, Value))> = self.0.into_iter().map(|entry| (improved(&entry.0), entry)).collect();
        if entries.len() > 4 {
            entries = by_slots(entries, 0);
        }
        Value::Map(entries.into_iter().map(|(_, (name, value))| (Value::string(Arc::from(name)), value)).collect())
    }
}

/// Scala's `Hashing.improve` of the hash of a `UTF8String`.
fn improved(name: &str) -> u32 {
    let hash = hash_bytes(name.as_bytes(), 42) as u32;
    let hash = hash.wrapping_add(!(hash << 9));
    let hash = hash ^ hash >> 14;
    let hash = hash.wrapping_add(hash << 4);
    hash ^ hash >> 10
}

/// A node of Scala's `HashMap` has what is alone in its slot first, then the nodes below.
fn by_slots<T>(entries: Vec<(u32, T)>, shift: u32) -> Vec<(u32, T)> {
    if entries.len() < 2 || shift >= 32 {
        return entries;
    }
    let mut slots: [Vec<(u32, T)>; 32] = std::array::from_fn(|_| Vec::new());
    entries.into_iter().for_each(|entry| slots[(entry.0 >> shift & 31) as usize].push(entry));
    let (alone, below): (Vec<_>, Vec<_>) = slots.into_iter().partition(|slot| slot.len() < 2);
    alone.into_iter().flatten().chain(below.into_iter().flat_map(|slot| by_slots(slot, shift + 5))).collect()
}
