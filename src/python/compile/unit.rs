//! One code object in the making.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast::Stmt;

use crate::code::{CallSite, Code, CodeKind, Handler, Op, Reg, Site, Template};
use crate::source::Source;
use crate::text::Name;
use crate::value::Value;
use crate::vm::Globals;

use super::scope::ScopeId;

/// A statement around the current one that `return`, `break` and `continue` have to leave properly.
pub(super) enum Block<'a> {
    Loop {
        breaks: Vec<usize>,
        continues: Vec<usize>,
    },
    /// Leaving it early owes nothing, but what outer blocks run then is not covered by its handlers.
    Try {
        region: Region,
    },
    Finally {
        body: &'a [Stmt],
        region: Region,
    },
    /// An exception handler: what was handled before is in `saved`; `name` is the variable of `as`.
    Handler {
        saved: Reg,
        name: Option<String>,
        region: Region,
    },
    With {
        base: Reg,
        region: Region,
        span: (u32, u32),
    },
}

/// Instructions that an exception handler covers, in pieces: what leaves a block early is not covered.
#[derive(Default)]
pub(super) struct Region {
    pub start: usize,
    pub pieces: Vec<(usize, usize)>,
}

pub(super) struct Unit<'a> {
    pub scope: ScopeId,
    pub kind: CodeKind,
    pub name: String,
    pub qualname: String,
    pub is_generator_expression: bool,
    pub doc: Value,
    ops: Vec<Op>,
    spans: Vec<(u32, u32)>,
    constants: Vec<Value>,
    known_constants: HashMap<ConstantKey, u32>,
    names: Vec<Name>,
    known_names: HashMap<String, u16>,
    sites: Vec<Site>,
    call_sites: Vec<CallSite>,
    pub templates: Vec<Template>,
    pub jumps: Vec<u32>,
    handlers: Vec<Handler>,
    variables: HashMap<String, Reg>,
    variable_names: Vec<Name>,
    pub parameters: Vec<Name>,
    pub positional_only: u16,
    pub positional_count: u16,
    pub keyword_only: u16,
    pub has_varargs: bool,
    pub has_kwargs: bool,
    pub first_free: Reg,
    pub free_count: u16,
    pub first_line: u32,
    /// The next free register.
    pub top: u32,
    high: u32,
    /// Local variables that certainly have a value here.
    pub bound: HashSet<Reg>,
    pub blocks: Vec<Block<'a>>,
    /// What there is too much of.
    pub overflow: Option<&'static str>,
}

#[derive(PartialEq, Eq, Hash)]
enum ConstantKey {
    Int(i64),
    Float(u64),
    Str(String),
    Bytes(Vec<u8>),
    Ellipsis,
}

impl<'a> Unit<'a> {
    pub(super) fn new(scope: ScopeId, kind: CodeKind, name: &str, qualname: &str, doc: Option<Value>) -> Unit<'a> {
        Unit {
            scope,
            kind,
            name: name.into(),
            qualname: qualname.into(),
            is_generator_expression: false,
            doc: doc.unwrap_or(Value::None),
            ops: Vec::new(),
            spans: Vec::new(),
            constants: Vec::new(),
            known_constants: HashMap::new(),
            names: Vec::new(),
            known_names: HashMap::new(),
            sites: Vec::new(),
            call_sites: Vec::new(),
            templates: Vec::new(),
            jumps: Vec::new(),
            handlers: Vec::new(),
            variables: HashMap::new(),
            variable_names: Vec::new(),
            parameters: Vec::new(),
            positional_only: 0,
            positional_count: 0,
            keyword_only: 0,
            has_varargs: false,
            has_kwargs: false,
            first_free: 0,
            free_count: 0,
            first_line: 1,
            top: 0,
            high: 0,
            bound: HashSet::new(),
            blocks: Vec::new(),
            overflow: None,
        }
    }

    pub(super) fn emit(&mut self, op: Op, span: (u32, u32)) -> usize {
        self.ops.push(op);
        self.spans.push(span);
        self.ops.len() - 1
    }

    pub(super) fn here(&self) -> usize {
        self.ops.len()
    }

    /// A fresh temporary.
    pub(super) fn temp(&mut self) -> Reg {
        self.temps(1)
    }

    /// The first of `count` temporaries in a row.
    pub(super) fn temps(&mut self, count: usize) -> Reg {
        let first = self.top;
        self.top += count as u32;
        self.high = self.high.max(self.top);
        if self.top >= u32::from(Reg::MAX) {
            self.overflow = Some("values at once");
            self.top = first;
            return 0;
        }
        first as Reg
    }

    /// Declares a variable in the next register.
    pub(super) fn declare(&mut self, name: &str) -> Reg {
        let reg = self.temp();
        self.variables.insert(name.to_string(), reg);
        self.variable_names.push(Name::new(name));
        reg
    }

    pub(super) fn variable(&mut self, name: &str) -> Reg {
        self.variables.get(name).copied().unwrap_or(0)
    }

    pub(super) fn is_bound(&self, reg: Reg) -> bool {
        self.bound.contains(&reg)
    }

    fn limited(&mut self, length: usize, what: &'static str) -> u16 {
        if length >= usize::from(u16::MAX) {
            self.overflow = Some(what);
            return 0;
        }
        length as u16
    }

    pub(super) fn name(&mut self, name: &str) -> u16 {
        if let Some(&index) = self.known_names.get(name) {
            return index;
        }
        let index = self.limited(self.names.len(), "names");
        self.names.push(Name::new(name));
        self.known_names.insert(name.to_string(), index);
        index
    }

    pub(super) fn site(&mut self, name: &str) -> u16 {
        self.site_at(name, (0, 0))
    }

    /// A site of a method that stands at `span`.
    pub(super) fn site_at(&mut self, name: &str, span: (u32, u32)) -> u16 {
        let index = self.limited(self.sites.len(), "attributes");
        self.sites.push(Site { name: Name::new(name), span, cache: Cell::default(), value: RefCell::default() });
        index
    }

    pub(super) fn call_site(&mut self, site: CallSite) -> u16 {
        let index = self.limited(self.call_sites.len(), "calls");
        self.call_sites.push(site);
        index
    }

    pub(super) fn template(&mut self, template: Template) -> u16 {
        let index = self.limited(self.templates.len(), "functions");
        self.templates.push(template);
        index
    }

    /// A new entry of the jump table, to be patched.
    pub(super) fn jump(&mut self) -> u16 {
        let index = self.limited(self.jumps.len(), "branches");
        self.jumps.push(0);
        index
    }

    pub(super) fn constant(&mut self, value: Value) -> u32 {
        let key = match &value {
            Value::Int(value) => Some(ConstantKey::Int(*value)),
            Value::Float(value) => Some(ConstantKey::Float(value.to_bits())),
            Value::Str(text) => Some(ConstantKey::Str(text.as_str().into())),
            Value::Bytes(bytes) => Some(ConstantKey::Bytes(bytes.to_vec())),
            Value::Ellipsis => Some(ConstantKey::Ellipsis),
            _ => None,
        };
        let next = self.constants.len() as u32;
        if let Some(key) = key {
            if let Some(&index) = self.known_constants.get(&key) {
                return index;
            }
            self.known_constants.insert(key, next);
        }
        self.constants.push(value);
        next
    }

    /// Makes a jump go to the next instruction.
    pub(super) fn patch(&mut self, at: usize) {
        let here = self.ops.len() as u32;
        self.patch_to(at, here);
    }

    pub(super) fn patch_to(&mut self, at: usize, to: u32) {
        match &mut self.ops[at] {
            Op::Jump { target } | Op::JumpBack { target } => *target = to,
            Op::JumpIfFalse { target, .. } | Op::JumpIfTrue { target, .. } | Op::JumpIfBound { target, .. } => *target = to,
            Op::JumpUnless { jump, .. } | Op::JumpUnlessInt { jump, .. } | Op::ForIter { jump, .. } | Op::YieldFrom { jump, .. } => {
                let jump = *jump as usize;
                self.jumps[jump] = to;
            }
            _ => {}
        }
    }

    pub(super) fn region(&self) -> Region {
        Region { start: self.ops.len(), pieces: Vec::new() }
    }

    /// Ends a region and sends its exceptions to the next instruction, in `exception`.
    pub(super) fn handle(&mut self, region: Region, end: usize, exception: Reg) {
        let target = self.ops.len() as u32;
        let mut pieces = region.pieces;
        pieces.push((region.start, end));
        for (start, end) in pieces {
            if start < end {
                self.handlers.push(Handler { start: start as u32, end: end as u32, target, exception });
            }
        }
    }

    pub(super) fn into_code(self, kind: CodeKind, source: Rc<Source>, globals: Rc<Globals>) -> Code {
        Code {
            name: self.name.into(),
            qualname: self.qualname.into(),
            source,
            globals,
            doc: self.doc,
            kind,
            ops: self.ops,
            spans: self.spans,
            constants: self.constants,
            names: self.names,
            sites: self.sites,
            call_sites: self.call_sites,
            templates: self.templates,
            jumps: self.jumps,
            handlers: self.handlers,
            registers: self.high as u16,
            parameters: self.parameters,
            positional_only: self.positional_only,
            positional_count: self.positional_count,
            keyword_only: self.keyword_only,
            has_varargs: self.has_varargs,
            has_kwargs: self.has_kwargs,
            first_free: self.first_free,
            free_count: self.free_count,
            variables: self.variable_names,
            first_line: self.first_line,
        }
    }
}
