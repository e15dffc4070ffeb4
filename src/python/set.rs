//! Python's `set` and `frozenset`, laid out as CPython lays them out, so that they iterate in the same order.

use std::cell::{Cell, RefCell};

use crate::error::PyResult;
use crate::hash::quick_eq;
use crate::value::{Value, drop_flat};
use crate::vm::Vm;

/// A `set` or `frozenset`.
#[derive(Default)]
pub struct PySet {
    table: RefCell<Table>,
    version: Cell<u64>,
}

#[derive(Clone, Default)]
struct Slot {
    hash: i64,
    /// `Unbound` when empty, `Ellipsis` with hash -1 when removed.
    key: Value,
}

struct Table {
    slots: Vec<Slot>,
    /// Slots in use or once used.
    fill: usize,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Table { slots: vec![Slot::default(); 8], fill: 0, used: 0 }
    }
}

const LINEAR_PROBES: usize = 9;

impl Slot {
    fn is_free(&self) -> bool {
        self.key.is_unbound()
    }
    fn is_dummy(&self) -> bool {
        self.hash == -1 && matches!(self.key, Value::Ellipsis)
    }
}

enum Probe {
    Found(usize),
    Free(usize),
    Ask(usize),
}

impl Table {
    /// CPython's probe sequence: runs of up to ten neighbours, then a jump by the perturbed hash.
    fn probe(&self, key: &Value, hash: i64, skip: &[usize]) -> Probe {
        let mask = self.slots.len() - 1;
        // 64 bits wide on every machine, so that the order is CPython's in WebAssembly too.
        let mut perturb = hash as u64;
        let mut start = hash as usize & mask;
        let mut dummy = None;
        loop {
            let run = if start + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for slot in start..=start + run {
                let entry = &self.slots[slot];
                if entry.is_free() {
                    return Probe::Free(dummy.unwrap_or(slot));
                }
                if entry.is_dummy() && dummy.is_none() {
                    dummy = Some(slot);
                }
                if entry.hash == hash && !entry.is_dummy() {
                    match quick_eq(&entry.key, key) {
                        Some(true) => return Probe::Found(slot),
                        Some(false) => {}
                        None if skip.contains(&slot) => {}
                        None => return Probe::Ask(slot),
                    }
                }
            }
            perturb >>= 5;
            start = (start.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }

    fn insert_clean(slots: &mut [Slot], key: Value, hash: i64) {
        let mask = slots.len() - 1;
        let mut perturb = hash as u64;
        let mut start = hash as usize & mask;
        loop {
            let run = if start + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for slot in &mut slots[start..=start + run] {
                if slot.is_free() {
                    *slot = Slot { hash, key };
                    return;
                }
            }
            perturb >>= 5;
            start = (start.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }

    fn insert_at(&mut self, slot: usize, key: Value, hash: i64) {
        let reused = self.slots[slot].is_dummy();
        self.slots[slot] = Slot { hash, key };
        self.used += 1;
        if reused {
            return;
        }
        self.fill += 1;
        let mask = self.slots.len() - 1;
        if self.fill * 5 >= mask * 3 {
            let wanted = if self.used > 50_000 { self.used * 2 } else { self.used * 4 };
            self.resize(wanted);
        }
    }

    fn resize(&mut self, wanted: usize) {
        let mut size = 8;
        while size <= wanted {
            size <<= 1;
        }
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old {
            if !slot.is_free() && !slot.is_dummy() {
                Table::insert_clean(&mut self.slots, slot.key, slot.hash);
            }
        }
        self.fill = self.used;
    }
}

impl PySet {
    pub fn len(&self) -> usize {
        self.table.borrow().used
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn version(&self) -> u64 {
        self.version.get()
    }

    fn find(&self, vm: &mut Vm, key: &Value, hash: i64) -> PyResult<Result<usize, usize>> {
        let mut asked: Vec<usize> = Vec::new();
        loop {
            let (slot, candidate) = {
                let table = self.table.borrow();
                match table.probe(key, hash, &asked) {
                    Probe::Found(slot) => return Ok(Ok(slot)),
                    Probe::Free(slot) => return Ok(Err(slot)),
                    Probe::Ask(slot) => (slot, table.slots[slot].key.clone()),
                }
            };
            let before = self.version.get();
            let equal = vm.eq(&candidate, key)?;
            if self.version.get() != before {
                asked.clear();
                continue;
            }
            if equal {
                return Ok(Ok(slot));
            }
            asked.push(slot);
        }
    }

    pub fn contains(&self, vm: &mut Vm, key: &Value) -> PyResult<bool> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, key, hash)?.is_ok())
    }

    /// Adds a value; false when it was there.
    pub fn add(&self, vm: &mut Vm, key: Value) -> PyResult<bool> {
        let hash = vm.hash(&key)?;
        self.add_hashed(vm, key, hash)
    }

    fn add_hashed(&self, vm: &mut Vm, key: Value, hash: i64) -> PyResult<bool> {
        match self.find(vm, &key, hash)? {
            Ok(_) => Ok(false),
            Err(slot) => {
                self.version.set(self.version.get() + 1);
                self.table.borrow_mut().insert_at(slot, key, hash);
                Ok(true)
            }
        }
    }

    /// Removes a value; false when it was not there.
    pub fn remove(&self, vm: &mut Vm, key: &Value) -> PyResult<bool> {
        let hash = vm.hash(key)?;
        match self.find(vm, key, hash)? {
            Ok(slot) => {
                drop(self.take_at(slot));
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }

    fn take_at(&self, slot: usize) -> Value {
        self.version.set(self.version.get() + 1);
        let mut table = self.table.borrow_mut();
        table.used -= 1;
        std::mem::replace(&mut table.slots[slot], Slot { hash: -1, key: Value::Ellipsis }).key
    }

    /// Removes what comes first in iteration.
    pub fn pop(&self) -> Option<Value> {
        let slot = self.table.borrow().slots.iter().position(|slot| !slot.is_free() && !slot.is_dummy())?;
        Some(self.take_at(slot))
    }

    pub fn clear(&self) {
        self.version.set(self.version.get() + 1);
        let old = std::mem::take(&mut *self.table.borrow_mut());
        drop(old);
    }

    pub fn items(&self) -> Vec<Value> {
        self.table.borrow().slots.iter().filter(|slot| !slot.is_free() && !slot.is_dummy()).map(|slot| slot.key.clone()).collect()
    }

    /// The hashes of the items, for the hash of a frozenset.
    pub fn hashes(&self) -> Vec<i64> {
        self.table.borrow().slots.iter().filter(|slot| !slot.is_free() && !slot.is_dummy()).map(|slot| slot.hash).collect()
    }

    pub fn item_from(&self, mut position: usize) -> Option<(usize, Value)> {
        let table = self.table.borrow();
        while let Some(slot) = table.slots.get(position) {
            position += 1;
            if !slot.is_free() && !slot.is_dummy() {
                return Some((position, slot.key.clone()));
            }
        }
        None
    }

    pub fn from_items(vm: &mut Vm, items: impl IntoIterator<Item = Value>) -> PyResult<PySet> {
        let set = PySet::default();
        for item in items {
            set.add(vm, item)?;
        }
        Ok(set)
    }

    /// Room for the keys of a dict that are to be added: CPython makes it at once.
    pub fn reserve(&self, count: usize) {
        if let Ok(mut table) = self.table.try_borrow_mut()
            && (table.fill + count) * 5 >= (table.slots.len().max(8) - 1) * 3
        {
            let wanted = (table.used + count) * 2;
            table.resize(wanted);
        }
    }

    /// Adds all of another set, in CPython's way of merging tables.
    pub fn merge(&self, vm: &mut Vm, other: &PySet) -> PyResult<()> {
        {
            let (mut table, source) = match (self.table.try_borrow_mut(), other.table.try_borrow()) {
                (Ok(table), Ok(source)) => (table, source),
                _ => return Ok(()),
            };
            if source.used == 0 {
                return Ok(());
            }
            self.version.set(self.version.get() + 1);
            if (table.fill + source.used) * 5 >= (table.slots.len() - 1) * 3 {
                let wanted = (table.used + source.used) * 2;
                table.resize(wanted);
            }
            if table.fill == 0 && table.slots.len() == source.slots.len() && source.fill == source.used {
                table.slots = source.slots.clone();
                table.fill = source.fill;
                table.used = source.used;
                return Ok(());
            }
            if table.fill == 0 {
                table.fill = source.used;
                table.used = source.used;
                for slot in source.slots.iter().filter(|slot| !slot.is_free() && !slot.is_dummy()) {
                    Table::insert_clean(&mut table.slots, slot.key.clone(), slot.hash);
                }
                return Ok(());
            }
        }
        let slots: Vec<Slot> = other.table.borrow().slots.iter().filter(|slot| !slot.is_free() && !slot.is_dummy()).cloned().collect();
        for slot in slots {
            self.add_hashed(vm, slot.key, slot.hash)?;
        }
        Ok(())
    }

    pub fn copy(&self, vm: &mut Vm) -> PyResult<PySet> {
        let copy = PySet::default();
        copy.merge(vm, self)?;
        Ok(copy)
    }
}

impl Drop for PySet {
    fn drop(&mut self) {
        let slots = std::mem::take(&mut self.table.get_mut().slots);
        drop_flat(&mut slots.into_iter().map(|slot| slot.key));
    }
}
