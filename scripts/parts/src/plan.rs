//! Which function goes where.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::Operator;

use crate::module::Module;
use crate::{COPIED, KEPT, PARTS, Result};

pub struct Plan {
    /// The part that each function lies in, if it isn't the core.
    pub part: Vec<Option<usize>>,
    /// By part, the functions that it has besides the core's own: what it moves and, after them, what it copies.
    pub copies: Vec<BTreeSet<u32>>,
    /// The slot by which the core calls a function that it gave away, for those that it does call.
    pub slot: BTreeMap<u32, u32>,
    /// How many slots the first table has with them.
    pub table: u32,
    /// The engine's function that asks for a part.
    pub load: u32,
}

impl Plan {
    pub fn of(module: &Module) -> Result<Self> {
        let load = *module.exports.get("loadPart").ok_or("it does not export loadPart")?;
        let calls = module.bodies.iter().map(|body| called(body)).collect::<Result<Vec<_>>>()?;
        let fixed: BTreeSet<u32> =
            module.exports.values().chain(&module.referred).copied().chain(module.start).chain(0..module.imported as u32).collect();
        let part = places(module, &calls, &fixed);

        let copied: BTreeSet<u32> =
            module.names.iter().filter(|(_, name)| COPIED.contains(&SymbolName::of(name).owner())).map(|(&function, _)| function).collect();
        let copies = (0..PARTS.len())
            .map(|p| {
                let mut found = BTreeSet::new();
                let mut open: Vec<u32> = (0..part.len() as u32).filter(|&f| part[f as usize] == Some(p)).collect();
                while let Some(function) = open.pop() {
                    let Some(at) = (function as usize).checked_sub(module.imported) else { continue };
                    for &callee in &calls[at] {
                        if copied.contains(&callee) && part[callee as usize] != Some(p) && found.insert(callee) {
                            open.push(callee);
                        }
                    }
                }
                found
            })
            .collect();

        // A function given away is called by the slot it has, or by a new one.
        let mut slot = BTreeMap::new();
        for (&at, &function) in &module.slots {
            if part[function as usize].is_some() {
                slot.entry(function).or_insert(at);
            }
        }
        let mut table = module.tables.first().ok_or("it has no table")?.initial as u32;
        for (at, callees) in calls.iter().enumerate() {
            let caller = part[at + module.imported];
            for &callee in callees {
                if part[callee as usize].is_some() && part[callee as usize] != caller {
                    slot.entry(callee).or_insert_with(|| {
                        table += 1;
                        table - 1
                    });
                }
            }
        }
        Ok(Self { part, copies, slot, table, load })
    }

    /// What a part holds, in the order in which it holds it.
    pub fn held(&self, part: usize) -> impl Iterator<Item = u32> {
        let own = (0..self.part.len() as u32).filter(move |&f| self.part[f as usize] == Some(part));
        own.chain(self.copies[part].iter().copied())
    }
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
fn places(module: &Module, calls: &[BTreeSet<u32>], fixed: &BTreeSet<u32>) -> Vec<Option<usize>> {
    let with_slot: BTreeSet<u32> = module.slots.values().copied().collect();
    let mut places = vec![Place::Core; module.functions.len()];
    let mut callers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for function in (module.imported as u32..module.functions.len() as u32).filter(|f| !fixed.contains(f)) {
        let name = SymbolName::of(module.names.get(&function).copied().unwrap_or_default());
        let small = module.body(function).is_some_and(|body| body.range().end - body.range().start <= STUB);
        places[function as usize] = if name.is_kept() {
            Place::Core
        } else if let Some(part) = name.owner_part().filter(|_| !small) {
            Place::Part(part)
        } else if with_slot.contains(&function) {
            name.part_named().map_or(Place::Core, Place::Part)
        } else {
            callers.insert(function, Vec::new());
            Place::Unknown
        };
    }
    for (at, callees) in calls.iter().enumerate() {
        for callee in callees {
            if let Some(callers) = callers.get_mut(callee) {
                callers.push((at + module.imported) as u32);
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

/// A function's name, such as `<alloc[5e8…]::vec::Vec<kindling_frame[84…]::batch::Batch>>::push`, without its crates' hashes.
struct SymbolName(String);

impl SymbolName {
    fn of(symbol: &str) -> Self {
        let mut name = String::with_capacity(symbol.len());
        let mut rest = symbol;
        while let Some(open) = rest.find('[') {
            let (before, after) = rest.split_at(open);
            name.push_str(before);
            let is_hash = after.len() > 17 && after.as_bytes()[17] == b']' && after[1..17].bytes().all(|b| b.is_ascii_hexdigit());
            rest = if is_hash {
                &after[18..]
            } else {
                name.push('[');
                &after[1..]
            };
        }
        name.push_str(rest);
        Self(name)
    }

    /// The crate that the function itself is of; nothing for what is made for a tuple or a slice.
    fn owner(&self) -> &str {
        let path = self.0.trim_start_matches(['<', '&']).trim_start_matches("mut ");
        path.find("::").map_or("", |end| &path[..end])
    }

    fn owner_part(&self) -> Option<usize> {
        PARTS.iter().position(|(_, crates)| crates.contains(&self.owner()))
    }

    /// The first part that the name speaks of, other than by what stays in the core.
    fn part_named(&self) -> Option<usize> {
        PARTS.iter().position(|(_, crates)| crates.iter().any(|name| self.paths_of(name).any(|path| !is_kept(path))))
    }

    fn is_kept(&self) -> bool {
        is_kept(self.0.trim_start_matches(['<', '&']).trim_start_matches("mut "))
    }

    /// What follows each mention of a crate, the crate included.
    fn paths_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.match_indices(name).filter_map(move |(at, _)| {
            let is_start = !self.0[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            (is_start && self.0[at + name.len()..].starts_with("::")).then_some(&self.0[at..])
        })
    }
}

fn is_kept(path: &str) -> bool {
    KEPT.iter().any(|kept| path.strip_prefix(kept).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')))
}

pub fn called(body: &wasmparser::FunctionBody) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } | Operator::RefFunc { function_index } => {
                found.insert(function_index);
            }
            _ => {}
        }
    }
    Ok(found)
}
