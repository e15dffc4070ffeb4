//! Python's `dict`: a hash table that keeps the order of insertion.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::PyResult;
use crate::hash::{hash_int, quick_eq, quick_hash};
use crate::text::PyStr;
use crate::value::{Value, drop_flat};
use crate::vm::Vm;

/// A `dict`. Keys of builtin types are compared here; others ask the interpreter.
#[derive(Default)]
pub struct PyDict {
    table: RefCell<Table>,
    /// Changes with every insertion of a new key and every removal.
    version: Cell<u64>,
}

struct Entry {
    hash: i64,
    /// `Unbound` when removed.
    key: Value,
    value: Value,
}

#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    /// Positions in `entries`, by hash; a power of two long, or empty.
    index: Vec<u32>,
    live: usize,
}

const EMPTY: u32 = u32::MAX;
const DELETED: u32 = u32::MAX - 1;

/// What probing found.
enum Probe {
    Found(usize),
    Missing,
    /// The entry at this position has the same hash, and only the interpreter can compare it.
    Ask(usize),
}

impl Table {
    #[inline]
    fn probe(&self, key: &Value, hash: i64, skip: &[usize]) -> Probe {
        if self.index.is_empty() {
            return Probe::Missing;
        }
        let mask = self.index.len() - 1;
        let mut slot = spread(hash) & mask;
        loop {
            match self.index[slot] {
                EMPTY => return Probe::Missing,
                DELETED => {}
                position => {
                    let entry = &self.entries[position as usize];
                    if entry.hash == hash {
                        match quick_eq(&entry.key, key) {
                            Some(true) => return Probe::Found(position as usize),
                            Some(false) => {}
                            None if skip.contains(&(position as usize)) => {}
                            None => return Probe::Ask(position as usize),
                        }
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert_new(&mut self, hash: i64, key: Value, value: Value) {
        if (self.entries.len() + 1) * 3 > self.index.len() * 2 {
            self.rebuild();
        }
        let mask = self.index.len() - 1;
        let mut slot = spread(hash) & mask;
        while self.index[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.index[slot] = self.entries.len() as u32;
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
    }

    /// Drops the holes and makes the index big enough for growth.
    fn rebuild(&mut self) {
        if self.live != self.entries.len() {
            self.entries.retain(|entry| !entry.key.is_unbound());
        }
        let size = ((self.entries.len() + 1) * 3).next_power_of_two().max(8);
        self.index.clear();
        self.index.resize(size, EMPTY);
        let mask = size - 1;
        for (position, entry) in self.entries.iter().enumerate() {
            let mut slot = spread(entry.hash) & mask;
            while self.index[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            self.index[slot] = position as u32;
        }
    }

    fn remove_at(&mut self, position: usize) -> (Value, Value) {
        let mask = self.index.len() - 1;
        let mut slot = spread(self.entries[position].hash) & mask;
        while self.index[slot] != position as u32 {
            slot = (slot + 1) & mask;
        }
        self.index[slot] = DELETED;
        self.live -= 1;
        let entry = &mut self.entries[position];
        let removed = (std::mem::take(&mut entry.key), std::mem::take(&mut entry.value));
        while self.entries.last().is_some_and(|entry| entry.key.is_unbound()) {
            self.entries.pop();
        }
        if self.live == 0 {
            self.entries.clear();
            self.index.fill(EMPTY);
        }
        removed
    }
}

#[inline]
fn spread(hash: i64) -> usize {
    let mixed = (hash as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
}

impl PyDict {
    pub fn len(&self) -> usize {
        self.table.borrow().live
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes when keys come or go.
    pub fn version(&self) -> u64 {
        self.version.get()
    }

    fn changed(&self) {
        self.version.set(self.version.get() + 1);
    }

    /// The position of a key. Errors: what `__hash__` or `__eq__` of the key raise.
    fn find(&self, vm: &mut Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        let mut asked: Vec<usize> = Vec::new();
        loop {
            let (position, candidate) = {
                let table = self.table.borrow();
                match table.probe(key, hash, &asked) {
                    Probe::Found(position) => return Ok(Some(position)),
                    Probe::Missing => return Ok(None),
                    Probe::Ask(position) => (position, table.entries[position].key.clone()),
                }
            };
            let before = self.version.get();
            let equal = vm.eq(&candidate, key)?;
            if self.version.get() != before {
                asked.clear();
                continue;
            }
            if equal {
                return Ok(Some(position));
            }
            asked.push(position);
        }
    }

    pub fn get(&self, vm: &mut Vm, key: &Value) -> PyResult<Option<Value>> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, key, hash)?.map(|position| self.table.borrow().entries[position].value.clone()))
    }

    pub fn contains(&self, vm: &mut Vm, key: &Value) -> PyResult<bool> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, key, hash)?.is_some())
    }

    pub fn set(&self, vm: &mut Vm, key: Value, value: Value) -> PyResult<()> {
        let hash = vm.hash(&key)?;
        let found = self.find(vm, &key, hash)?;
        self.put(found, hash, key, value);
        Ok(())
    }

    fn put(&self, found: Option<usize>, hash: i64, key: Value, value: Value) -> Option<Value> {
        let mut table = self.table.borrow_mut();
        match found {
            Some(position) => {
                let previous = std::mem::replace(&mut table.entries[position].value, value);
                drop(table);
                Some(previous)
            }
            None => {
                table.insert_new(hash, key, value);
                self.changed();
                None
            }
        }
    }

    /// The value of a key, set to `default` when missing.
    pub fn get_or_set(&self, vm: &mut Vm, key: Value, default: Value) -> PyResult<Value> {
        let hash = vm.hash(&key)?;
        match self.find(vm, &key, hash)? {
            Some(position) => Ok(self.table.borrow().entries[position].value.clone()),
            None => {
                self.put(None, hash, key, default.clone());
                Ok(default)
            }
        }
    }

    pub fn remove(&self, vm: &mut Vm, key: &Value) -> PyResult<Option<Value>> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, key, hash)?.map(|position| self.take_at(position).1))
    }

    fn take_at(&self, position: usize) -> (Value, Value) {
        self.changed();
        self.table.borrow_mut().remove_at(position)
    }

    pub fn pop_last(&self) -> Option<(Value, Value)> {
        let position = self.table.borrow().entries.len().checked_sub(1)?;
        Some(self.take_at(position))
    }

    pub fn pop_first(&self) -> Option<(Value, Value)> {
        let position = self.table.borrow().entries.iter().position(|entry| !entry.key.is_unbound())?;
        Some(self.take_at(position))
    }

    pub fn clear(&self) {
        self.changed();
        let old = std::mem::take(&mut *self.table.borrow_mut());
        drop(old);
    }

    pub fn get_str(&self, key: &str) -> Option<Value> {
        let key = Value::str(key);
        self.get_simple(&key)
    }

    /// As `get`, for a key of a builtin immutable type.
    fn get_simple(&self, key: &Value) -> Option<Value> {
        let hash = quick_hash(key)?;
        let table = self.table.borrow();
        match table.probe(key, hash, &[]) {
            Probe::Found(position) => Some(table.entries[position].value.clone()),
            _ => None,
        }
    }

    /// Fast paths of `d[key]` for `int` and `str` keys: `None` when the interpreter has to be asked.
    #[inline]
    pub fn get_quick(&self, key: &Value) -> Option<Option<Value>> {
        let hash = match key {
            Value::Int(value) => hash_int(*value),
            Value::Str(text) => text.hash(),
            _ => return None,
        };
        let table = self.table.borrow();
        match table.probe(key, hash, &[]) {
            Probe::Found(position) => Some(Some(table.entries[position].value.clone())),
            Probe::Missing => Some(None),
            Probe::Ask(_) => None,
        }
    }

    /// Fast path of `d[key] = value` for `int` and `str` keys; gives the value back when the interpreter has to be asked.
    #[inline]
    pub fn set_quick(&self, key: &Value, value: Value) -> Option<Value> {
        let hash = match key {
            Value::Int(value) => hash_int(*value),
            Value::Str(text) => text.hash(),
            _ => return Some(value),
        };
        let probe = self.table.borrow().probe(key, hash, &[]);
        match probe {
            Probe::Found(position) => drop(self.put(Some(position), hash, Value::Unbound, value)),
            Probe::Missing => drop(self.put(None, hash, key.clone(), value)),
            Probe::Ask(_) => return Some(value),
        }
        None
    }

    pub fn set_str(&self, key: &str, value: Value) {
        drop(self.set_str_object(Rc::new(PyStr::new(key)), value));
    }

    /// Sets a string key; gives the previous value.
    pub fn set_str_object(&self, key: Rc<PyStr>, value: Value) -> Option<Value> {
        let hash = key.hash();
        let key = Value::Str(key);
        let found = match self.table.borrow().probe(&key, hash, &[]) {
            Probe::Found(position) => Some(position),
            _ => None,
        };
        self.put(found, hash, key, value)
    }

    pub fn remove_str(&self, key: &str) -> Option<Value> {
        let key = Value::str(key);
        let hash = quick_hash(&key)?;
        let found = match self.table.borrow().probe(&key, hash, &[]) {
            Probe::Found(position) => position,
            _ => return None,
        };
        Some(self.take_at(found).1)
    }

    pub fn keys(&self) -> Vec<Value> {
        self.table.borrow().entries.iter().filter(|entry| !entry.key.is_unbound()).map(|entry| entry.key.clone()).collect()
    }

    pub fn values(&self) -> Vec<Value> {
        self.table.borrow().entries.iter().filter(|entry| !entry.key.is_unbound()).map(|entry| entry.value.clone()).collect()
    }

    pub fn items(&self) -> Vec<(Value, Value)> {
        let table = self.table.borrow();
        table.entries.iter().filter(|entry| !entry.key.is_unbound()).map(|entry| (entry.key.clone(), entry.value.clone())).collect()
    }

    /// The next item at or after `position`, with the position after it; for iteration.
    #[inline]
    pub fn item_from(&self, mut position: usize) -> Option<(usize, Value, Value)> {
        let table = self.table.borrow();
        while let Some(entry) = table.entries.get(position) {
            position += 1;
            if !entry.key.is_unbound() {
                return Some((position, entry.key.clone(), entry.value.clone()));
            }
        }
        None
    }

    /// The item before `position`, with its position; for `reversed`.
    pub fn item_before(&self, mut position: usize) -> Option<(usize, Value, Value)> {
        let table = self.table.borrow();
        position = position.min(table.entries.len());
        while position > 0 {
            position -= 1;
            let entry = &table.entries[position];
            if !entry.key.is_unbound() {
                return Some((position, entry.key.clone(), entry.value.clone()));
            }
        }
        None
    }

    pub fn copy(&self) -> PyDict {
        let table = self.table.borrow();
        let mut copy = Table::default();
        copy.entries.reserve(table.live);
        for entry in table.entries.iter().filter(|entry| !entry.key.is_unbound()) {
            copy.entries.push(Entry { hash: entry.hash, key: entry.key.clone(), value: entry.value.clone() });
        }
        copy.live = copy.entries.len();
        copy.rebuild();
        PyDict { table: RefCell::new(copy), version: Cell::new(0) }
    }

    /// Adds the items of another dict.
    pub fn update(&self, vm: &mut Vm, other: &PyDict) -> PyResult<()> {
        for (key, value) in other.items() {
            self.set(vm, key, value)?;
        }
        Ok(())
    }

    /// Moves a key to the end, or to the beginning; false when it is missing.
    pub fn move_to_end(&self, vm: &mut Vm, key: &Value, last: bool) -> PyResult<bool> {
        let hash = vm.hash(key)?;
        let Some(position) = self.find(vm, key, hash)? else { return Ok(false) };
        let (key, value) = self.take_at(position);
        if last {
            self.put(None, hash, key, value);
        } else {
            let mut table = self.table.borrow_mut();
            table.entries.insert(0, Entry { hash, key, value });
            table.live += 1;
            table.rebuild();
            self.changed();
        }
        Ok(true)
    }
}

impl Drop for PyDict {
    fn drop(&mut self) {
        let entries = std::mem::take(&mut self.table.get_mut().entries);
        if !entries.is_empty() {
            drop_flat(&mut entries.into_iter().flat_map(|entry| [entry.key, entry.value]));
        }
    }
}
