//! Which function goes where.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::Operator;

use crate::module::Module;
use crate::{COPIED, PARTS, Result};

pub struct Plan {
    /// The part of each function; nothing for those of the core.
    part: Vec<Option<usize>>,
    /// What each part holds, in order: what went into it and after that its copies.
    held: Vec<Vec<u32>>,
    /// The functions that each part calls and doesn't hold.
    wanted: Vec<BTreeSet<u32>>,
    /// The slots by which functions that went into a part are called.
    slots: BTreeMap<u32, u32>,
    /// How many slots the first table has with them.
    pub table: u32,
    /// The engine's function that asks for a part.
    pub load: u32,
}

impl Plan {
    pub fn of(module: &Module) -> Result<Self> {
        let load = *module.exports.get("loadPart").ok_or("it does not export loadPart")?;
        let calls = calls(module)?;
        let part = places(module, &calls);
        let mut held = Vec::new();
        let mut wanted = Vec::new();
        for index in 0..PARTS.len() {
            let own: Vec<u32> = (0..).zip(&part).filter(|(_, part)| **part == Some(index)).map(|(function, _)| function).collect();
            let (with_copies, others) = with_copies(module, &calls, &part, own);
            held.push(with_copies);
            wanted.push(others);
        }

        // A function that went is called by the slot that it has, or by a new one.
        let mut slots = BTreeMap::new();
        for (&slot, &function) in &module.slots {
            if part[function as usize].is_some() {
                slots.entry(function).or_insert(slot);
            }
        }
        let mut table = u32::try_from(module.tables.first().ok_or("it has no table")?.initial)?;
        for (caller, callees) in calls.iter().enumerate() {
            for &callee in callees.iter().filter(|&&callee| part[callee as usize].is_some_and(|of| part[caller] != Some(of))) {
                slots.entry(callee).or_insert_with(|| {
                    table += 1;
                    table - 1
                });
            }
        }
        if let Some(function) = wanted.iter().flatten().find(|&&f| part[f as usize].is_some() && !slots.contains_key(&f)) {
            return Err(format!("function {function} is called from elsewhere, and has no slot").into());
        }
        Ok(Self { part, held, wanted, slots, table, load })
    }

    /// The part that a function went into.
    pub fn part_of(&self, function: u32) -> Option<usize> {
        self.part[function as usize]
    }

    pub fn held(&self, part: usize) -> &[u32] {
        &self.held[part]
    }

    pub fn wanted(&self, part: usize) -> &BTreeSet<u32> {
        &self.wanted[part]
    }

    /// What parts call of the core, its stubs for other parts included.
    pub fn exported(&self) -> BTreeSet<u32> {
        self.wanted.iter().flatten().copied().collect()
    }

    pub fn slot_of(&self, function: u32) -> Option<u32> {
        self.slots.get(&function).copied()
    }

    /// The slots that a part fills, with its functions.
    pub fn filled(&self, module: &Module, part: usize) -> BTreeMap<u32, u32> {
        let new = self.slots.iter().map(|(&function, &slot)| (slot, function));
        let old = module.slots.iter().map(|(&slot, &function)| (slot, function));
        old.chain(new).filter(|&(_, function)| self.part_of(function) == Some(part)).collect()
    }
}

/// What each function calls.
fn calls(module: &Module) -> Result<Vec<BTreeSet<u32>>> {
    let mut calls = vec![BTreeSet::new(); module.imported];
    for body in &module.bodies {
        let mut found = BTreeSet::new();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => drop(found.insert(function_index)),
                Operator::RefFunc { .. } => return Err("a function that refers to another is not known".into()),
                _ => {}
            }
        }
        calls.push(found);
    }
    Ok(calls)
}

/// The largest function that is copied, in bytes; `exp` has 700.
const COPY: u64 = 1000;

fn copied(module: &Module, function: u32) -> bool {
    size(module, function).is_some_and(|size| size <= COPY) && COPIED.contains(&module.name(function).owner())
}

/// The bytes of a function that is not imported.
fn size(module: &Module, function: u32) -> Option<u64> {
    module.body(function).map(|body| body.range().end - body.range().start)
}

/// A part's own functions and its copies of those of the core that [`COPIED`] tells and they call, and what else these call.
fn with_copies(module: &Module, calls: &[BTreeSet<u32>], part: &[Option<usize>], own: Vec<u32>) -> (Vec<u32>, BTreeSet<u32>) {
    let mut known: BTreeSet<u32> = own.iter().copied().collect();
    let mut held = own;
    let mut others = BTreeSet::new();
    let mut next = 0;
    while let Some(&function) = held.get(next) {
        next += 1;
        for &callee in &calls[function as usize] {
            if known.contains(&callee) || others.contains(&callee) {
                continue;
            }
            if part[callee as usize].is_none() && copied(module, callee) {
                known.insert(callee);
                held.push(callee);
            } else {
                others.insert(callee);
            }
        }
    }
    (held, others)
}

/// What a stub takes, in bytes: to leave one for a smaller function gains nothing.
const STUB: u64 = 48;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// None of its callers' places is known yet.
    Unknown,
    Part(usize),
    Core,
}

/// The part of each function.
///
/// What a part's crates hold is its own. What others made for it (a list of its rows, a closure that the pool runs) goes with it too, but where
/// its callers are known it follows them, since functions that came out alike are one function, under any of their names.
fn places(module: &Module, calls: &[BTreeSet<u32>]) -> Vec<Option<usize>> {
    let fixed: BTreeSet<u32> = module.exports.values().chain(&module.referred).copied().chain(module.start).collect();
    let with_slot: BTreeSet<u32> = module.slots.values().copied().collect();
    let mut places = vec![Place::Core; module.functions.len()];
    let mut callers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for function in (module.imported as u32..module.functions.len() as u32).filter(|f| !fixed.contains(f)) {
        let name = module.name(function);
        let small = size(module, function).is_some_and(|size| size <= STUB);
        places[function as usize] = if name.is_kept() {
            Place::Core
        } else if let Some(part) = name.owner_part().filter(|_| !small) {
            Place::Part(part)
        } else if with_slot.contains(&function) {
            name.part_named().filter(|_| !small).map_or(Place::Core, Place::Part)
        } else {
            callers.insert(function, Vec::new());
            Place::Unknown
        };
    }
    for (caller, callees) in (0..).zip(calls) {
        for callee in callees {
            if let Some(callers) = callers.get_mut(callee) {
                callers.push(caller);
            }
        }
    }
    loop {
        let mut changed = false;
        for (&function, callers) in &callers {
            let together = callers.iter().map(|&caller| places[caller as usize]).fold(Place::Unknown, |one, other| match (one, other) {
                (Place::Unknown, place) | (place, Place::Unknown) => place,
                (one, other) if one == other => one,
                _ => Place::Core,
            });
            changed |= together != places[function as usize];
            places[function as usize] = together;
        }
        if !changed {
            break;
        }
    }
    places.into_iter().map(|place| if let Place::Part(part) = place { Some(part) } else { None }).collect()
}
