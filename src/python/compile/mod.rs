//! From syntax to instructions, once for each cell.

mod assign;
mod call;
mod control;
mod expression;
mod function;
mod mentions;
mod pattern;
mod scope;
mod statement;
mod unit;

use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_text_size::{Ranged, TextRange};

use crate::code::{Code, CodeKind, Op, Reg};
use crate::module::PyModule;
use crate::source::Source;
use crate::text::Name;
use crate::value::Value;
use crate::vm::Globals;

pub(crate) use mentions::{Mention, mentions};
use scope::{Meaning, ScopeId, ScopeKind, Scopes};
use unit::Unit;

/// What the compiler refuses: a `SyntaxError` with its place.
#[derive(Debug)]
pub(crate) struct CompileError {
    pub message: String,
    pub range: TextRange,
}

impl CompileError {
    pub(crate) fn syntax(message: impl Into<String>, range: TextRange) -> CompileError {
        CompileError { message: message.into(), range }
    }

    /// A construct of Python that is not here.
    pub(crate) fn unsupported(what: &str, range: TextRange) -> CompileError {
        CompileError { message: format!("{what} are not supported in this notebook"), range }
    }
}

pub(crate) type Compiled<T> = Result<T, CompileError>;

struct Compiler<'a> {
    source: Rc<Source>,
    globals: Rc<Globals>,
    builtins: Rc<PyModule>,
    scopes: Scopes,
    units: Vec<Unit<'a>>,
    /// Nesting of what is being compiled.
    depth: u32,
    /// Annotations stay text (`from __future__ import annotations`).
    future_annotations: bool,
}

/// Compiles a cell. When its last statement is an expression, the code returns that value.
pub(crate) fn compile(
    source: &Rc<Source>,
    body: &[Stmt],
    globals: &Rc<Globals>,
    builtins: &Rc<PyModule>,
    want_value: bool,
) -> Compiled<Rc<Code>> {
    let scopes = scope::analyse(body)?;
    let mut compiler = Compiler {
        source: source.clone(),
        globals: globals.clone(),
        builtins: builtins.clone(),
        scopes,
        units: Vec::new(),
        depth: 0,
        future_annotations: false,
    };
    compiler.units.push(Unit::new(0, CodeKind::Module, "<module>", "", None));
    let (last, rest) = match body.split_last() {
        Some((Stmt::Expr(last), rest)) if want_value => (Some(last), rest),
        _ => (None, body),
    };
    for stmt in rest {
        compiler.statement(stmt)?;
    }
    if let Some(last) = last {
        let value = compiler.expr_temp(&last.value)?;
        compiler.emit(Op::Return { src: value }, last.value.range());
    }
    compiler.emit(Op::ReturnNone, TextRange::default());
    let unit = compiler.pop_unit();
    compiler.finish(unit)
}

impl<'a> Compiler<'a> {
    fn unit(&mut self) -> &mut Unit<'a> {
        let last = self.units.len() - 1;
        &mut self.units[last]
    }

    fn pop_unit(&mut self) -> Unit<'a> {
        self.units.pop().unwrap_or_else(|| Unit::new(0, CodeKind::Module, "", "", None))
    }

    fn scope_id(&self) -> ScopeId {
        self.units.last().map_or(0, |unit| unit.scope)
    }

    fn mangled(&self, name: &str) -> String {
        scope::mangle(self.scopes.all[self.scope_id()].class_name.as_deref(), name)
    }

    fn meaning(&self, name: &str) -> Meaning {
        self.scopes.meaning(self.scope_id(), name)
    }

    fn emit(&mut self, op: Op, range: TextRange) -> usize {
        self.unit().emit(op, (range.start().to_u32(), range.end().to_u32()))
    }

    /// Guards recursion of the compiler.
    fn nested<T>(&mut self, range: TextRange, f: impl FnOnce(&mut Self) -> Compiled<T>) -> Compiled<T> {
        self.depth += 1;
        if self.depth > scope::MAX_DEPTH {
            return Err(CompileError::syntax("this is nested too deeply", range));
        }
        let result = f(self);
        self.depth -= 1;
        result
    }

    fn global_slot(&mut self, name: &str) -> u32 {
        self.globals.slot(&Name::new(name), &self.builtins)
    }

    /// The qualified name of something defined in the current unit.
    fn qualname(&mut self, name: &str) -> String {
        let is_global = self.meaning(name) == Meaning::Global;
        let unit = self.unit();
        if unit.qualname.is_empty() || (is_global && unit.kind != CodeKind::Module && !name.starts_with('<')) {
            return name.to_string();
        }
        match unit.kind {
            CodeKind::Class => format!("{}.{name}", unit.qualname),
            CodeKind::Module => name.to_string(),
            _ => format!("{}.<locals>.{name}", unit.qualname),
        }
    }

    /// Makes code of a finished unit.
    fn finish(&mut self, unit: Unit<'a>) -> Compiled<Rc<Code>> {
        let scope = &self.scopes.all[unit.scope];
        let generator = scope.is_generator || unit.is_generator_expression;
        let kind = if unit.kind == CodeKind::Function && generator { CodeKind::Generator } else { unit.kind };
        if let Some(limit) = unit.overflow {
            return Err(CompileError::syntax(format!("too many {limit} in one cell or function"), TextRange::default()));
        }
        Ok(Rc::new(unit.into_code(kind, self.source.clone(), self.globals.clone())))
    }

    /// Loads a variable; a local one is not copied when that is safe.
    fn load_name(&mut self, name: &str, range: TextRange, dst: Option<Reg>) -> Compiled<Reg> {
        let name = self.mangled(name);
        let has_walrus = self.scopes.all[self.scope_id()].has_walrus;
        match self.meaning(&name) {
            Meaning::Local => {
                let reg = self.unit().variable(&name);
                if !self.unit().is_bound(reg) {
                    let index = self.unit().name(&name);
                    self.emit(Op::CheckBound { src: reg, name: index }, range);
                }
                match dst {
                    None if !has_walrus => Ok(reg),
                    _ => {
                        let dst = dst.unwrap_or_else(|| self.unit().temp());
                        self.emit(Op::Move { dst, src: reg }, range);
                        Ok(dst)
                    }
                }
            }
            Meaning::Cell | Meaning::Free => {
                let cell = self.unit().variable(&name);
                let dst = dst.unwrap_or_else(|| self.unit().temp());
                let index = self.unit().name(&name);
                let in_class = self.unit().kind == CodeKind::Class;
                let op = if in_class { Op::LoadNameOrCell { dst, name: index, cell } } else { Op::LoadCell { dst, cell, name: index } };
                self.emit(op, range);
                Ok(dst)
            }
            Meaning::Global => {
                let slot = self.global_slot(&name);
                let dst = dst.unwrap_or_else(|| self.unit().temp());
                self.emit(Op::LoadGlobal { dst, slot }, range);
                Ok(dst)
            }
            Meaning::Name => {
                let index = self.unit().name(&name);
                let dst = dst.unwrap_or_else(|| self.unit().temp());
                self.emit(Op::LoadName { dst, name: index }, range);
                Ok(dst)
            }
        }
    }

    /// Binds a variable to the value of a register.
    fn store_name(&mut self, name: &str, src: Reg, range: TextRange) {
        let name = self.mangled(name);
        match self.meaning(&name) {
            Meaning::Local => {
                let reg = self.unit().variable(&name);
                if reg != src {
                    self.emit(Op::Move { dst: reg, src }, range);
                }
                self.mark_bound(&name, reg);
            }
            Meaning::Cell | Meaning::Free => {
                let cell = self.unit().variable(&name);
                self.emit(Op::StoreCell { src, cell }, range);
            }
            Meaning::Global => {
                let slot = self.global_slot(&name);
                self.emit(Op::StoreGlobal { src, slot }, range);
            }
            Meaning::Name => {
                let index = self.unit().name(&name);
                self.emit(Op::StoreName { src, name: index }, range);
            }
        }
    }

    fn mark_bound(&mut self, name: &str, reg: Reg) {
        if !self.scopes.all[self.scope_id()].unbound.contains(name) {
            self.unit().bound.insert(reg);
        }
    }

    fn delete_name(&mut self, name: &str, range: TextRange) {
        let name = self.mangled(name);
        let index = self.unit().name(&name);
        match self.meaning(&name) {
            Meaning::Local => {
                let reg = self.unit().variable(&name);
                self.emit(Op::DeleteLocal { reg, name: index }, range);
            }
            Meaning::Cell | Meaning::Free => {
                let cell = self.unit().variable(&name);
                self.emit(Op::DeleteCell { cell, name: index }, range);
            }
            Meaning::Global => {
                let slot = self.global_slot(&name);
                self.emit(Op::DeleteGlobal { slot }, range);
            }
            Meaning::Name => {
                self.emit(Op::DeleteName { name: index }, range);
            }
        }
    }

    /// The register that a local variable lives in, when assigning to it needs nothing more.
    fn plain_local(&mut self, name: &str) -> Option<Reg> {
        let name = self.mangled(name);
        (self.meaning(&name) == Meaning::Local).then(|| self.unit().variable(&name))
    }

    fn scope_of(&self, range: TextRange, kind: ScopeKind) -> ScopeId {
        self.scopes.of_node(range, kind)
    }

    fn constant(&mut self, value: Value) -> u32 {
        self.unit().constant(value)
    }
}
