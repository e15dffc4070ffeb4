//! Assignment, augmented assignment, deletion.

use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange};

use crate::code::{Op, Reg};
use crate::value::Value;

use super::expression::{operator, writes_last};
use super::{CompileError, Compiled, Compiler};

impl<'a> Compiler<'a> {
    pub(super) fn assign(&mut self, targets: &'a [Expr], value: &'a Expr, range: TextRange) -> Compiled<()> {
        if let [Expr::Name(name)] = targets
            && let Some(reg) = self.plain_local(name.id.as_str())
            && writes_last(value)
        {
            self.expr_to(value, reg)?;
            let mangled = self.mangled(name.id.as_str());
            self.mark_bound(&mangled, reg);
            return Ok(());
        }
        if let ([Expr::Tuple(left)], Expr::Tuple(right)) = (targets, value) {
            let plain = |items: &[Expr]| !items.iter().any(Expr::is_starred_expr);
            if left.elts.len() == right.elts.len()
                && !left.elts.is_empty()
                && left.elts.len() <= 8
                && plain(&left.elts)
                && plain(&right.elts)
            {
                let base = self.unit().temps(right.elts.len());
                for (index, item) in right.elts.iter().enumerate() {
                    self.expr_to(item, base + index as Reg)?;
                }
                for (index, target) in left.elts.iter().enumerate() {
                    self.store(target, base + index as Reg)?;
                }
                return Ok(());
            }
        }
        let _ = range;
        let value = if targets.len() == 1 { self.expr_any(value)? } else { self.expr_temp(value)? };
        for target in targets {
            let top = self.unit().top;
            self.store(target, value)?;
            self.unit().top = top;
        }
        Ok(())
    }

    /// Assigns the value of a register to a target.
    pub(super) fn store(&mut self, target: &'a Expr, src: Reg) -> Compiled<()> {
        let range = target.range();
        match target {
            Expr::Name(name) => self.store_name(name.id.as_str(), src, range),
            Expr::Attribute(attribute) => {
                let object = self.expr_any(&attribute.value)?;
                let name = self.mangled(attribute.attr.as_str());
                let site = self.unit().site(&name);
                let span = self.attribute_span(attribute);
                self.emit(Op::StoreAttr { object, src, site }, span);
            }
            Expr::Subscript(subscript) => {
                let object = self.expr_any(&subscript.value)?;
                let key = self.expr_any(&subscript.slice)?;
                self.emit(Op::SetItem { object, key, src }, range);
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, src, range)?,
            Expr::List(list) => self.unpack(&list.elts, src, range)?,
            Expr::Starred(_) => return Err(CompileError::syntax("starred assignment target must be in a list or tuple", range)),
            _ => return Err(CompileError::syntax("cannot assign to this expression", range)),
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], src: Reg, range: TextRange) -> Compiled<()> {
        let top = self.unit().top;
        let base = self.unit().temps(targets.len());
        let stars = targets.iter().filter(|target| target.is_starred_expr()).count();
        match targets.iter().position(Expr::is_starred_expr) {
            Some(_) if stars > 1 => return Err(CompileError::syntax("multiple starred expressions in assignment", range)),
            Some(before) => {
                let after = targets.len() - before - 1;
                let Ok(before) = u8::try_from(before) else {
                    return Err(CompileError::syntax("too many expressions in star-unpacking assignment", range));
                };
                self.emit(Op::UnpackStar { before, src, base, after: after as u16 }, range);
            }
            None => {
                self.emit(Op::Unpack { src, base, count: targets.len() as u16 }, range);
            }
        }
        for (index, target) in targets.iter().enumerate() {
            let target = match target {
                Expr::Starred(starred) => &*starred.value,
                target => target,
            };
            self.nested(range, |compiler| compiler.store(target, base + index as Reg))?;
        }
        self.unit().top = top;
        Ok(())
    }

    pub(super) fn augmented(&mut self, assign: &'a ruff_python_ast::StmtAugAssign) -> Compiled<()> {
        let range = assign.range;
        let operator = operator(assign.op);
        match &*assign.target {
            Expr::Name(name) => {
                let a = self.load_name(name.id.as_str(), name.range, None)?;
                let b = self.expr_any(&assign.value)?;
                match self.plain_local(name.id.as_str()) {
                    Some(reg) if reg == a => {
                        self.emit(Op::Inplace { operator, dst: reg, a: reg, b }, range);
                    }
                    _ => {
                        self.emit(Op::Inplace { operator, dst: a, a, b }, range);
                        self.store_name(name.id.as_str(), a, range);
                    }
                }
            }
            Expr::Attribute(attribute) => {
                let object = self.expr_any(&attribute.value)?;
                let name = self.mangled(attribute.attr.as_str());
                let a = self.unit().temp();
                let load = self.unit().site(&name);
                let span = self.attribute_span(attribute);
                self.emit(Op::LoadAttr { dst: a, object, site: load }, span);
                let b = self.expr_any(&assign.value)?;
                self.emit(Op::Inplace { operator, dst: a, a, b }, range);
                let store = self.unit().site(&name);
                self.emit(Op::StoreAttr { object, src: a, site: store }, span);
            }
            Expr::Subscript(subscript) => {
                let object = self.expr_any(&subscript.value)?;
                let key = self.expr_any(&subscript.slice)?;
                let a = self.unit().temp();
                self.emit(Op::GetItem { dst: a, object, key }, subscript.range);
                let b = self.expr_any(&assign.value)?;
                self.emit(Op::Inplace { operator, dst: a, a, b }, range);
                self.emit(Op::SetItem { object, key, src: a }, subscript.range);
            }
            target => return Err(CompileError::syntax("illegal expression for augmented assignment", target.range())),
        }
        Ok(())
    }

    pub(super) fn annotated(&mut self, assign: &'a ruff_python_ast::StmtAnnAssign) -> Compiled<()> {
        let range = assign.range;
        if let Some(value) = &assign.value {
            let value = self.expr_any(value)?;
            self.store(&assign.target, value)?;
        }
        let kind = self.unit().kind;
        let evaluated = matches!(kind, crate::code::CodeKind::Module | crate::code::CodeKind::Class);
        if !evaluated {
            return Ok(());
        }
        if let (Expr::Name(name), true) = (&*assign.target, assign.simple) {
            let annotation = self.annotation(&assign.annotation)?;
            let dict = self.unit().temp();
            self.emit(Op::SetupAnnotations, range);
            self.load_name("__annotations__", range, Some(dict))?;
            let key = self.unit().temp();
            let mangled = self.mangled(name.id.as_str());
            let index = self.constant(Value::str(mangled));
            self.emit(Op::Const { dst: key, index }, range);
            self.emit(Op::SetItem { object: dict, key, src: annotation }, range);
        } else {
            self.expr_any(&assign.annotation)?;
        }
        Ok(())
    }

    /// The value of an annotation: its text under `from __future__ import annotations`.
    pub(super) fn annotation(&mut self, annotation: &'a Expr) -> Compiled<Reg> {
        if self.future_annotations {
            let dst = self.unit().temp();
            let text = self.source.text[annotation.range().to_std_range()].to_string();
            let index = self.constant(Value::str(text));
            self.emit(Op::Const { dst, index }, annotation.range());
            return Ok(dst);
        }
        self.expr_temp(annotation)
    }

    pub(super) fn delete(&mut self, target: &'a Expr) -> Compiled<()> {
        let range = target.range();
        match target {
            Expr::Name(name) => self.delete_name(name.id.as_str(), range),
            Expr::Attribute(attribute) => {
                let object = self.expr_any(&attribute.value)?;
                let name = self.mangled(attribute.attr.as_str());
                let site = self.unit().site(&name);
                self.emit(Op::DeleteAttr { object, site }, range);
            }
            Expr::Subscript(subscript) => {
                let object = self.expr_any(&subscript.value)?;
                let key = self.expr_any(&subscript.slice)?;
                self.emit(Op::DeleteItem { object, key }, range);
            }
            Expr::Tuple(tuple) => {
                for item in &tuple.elts {
                    self.nested(range, |compiler| compiler.delete(item))?;
                }
            }
            Expr::List(list) => {
                for item in &list.elts {
                    self.nested(range, |compiler| compiler.delete(item))?;
                }
            }
            _ => return Err(CompileError::syntax("cannot delete this expression", range)),
        }
        Ok(())
    }
}
