//! Statements.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::code::{CodeKind, Op, Reg};

use super::control::Leave;
use super::{CompileError, Compiled, Compiler};

/// The comparison that CPython blames when an assertion fails: the last one that decides it.
fn compared(test: &Expr) -> Option<TextRange> {
    match test {
        Expr::Compare(compare) => Some(compare.range),
        Expr::UnaryOp(unary) if unary.op == ruff_python_ast::UnaryOp::Not => compared(&unary.operand),
        Expr::BoolOp(operation) => operation.values.iter().rev().find_map(compared),
        _ => None,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Compiled<()> {
        for statement in body {
            self.statement(statement)?;
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt) -> Compiled<()> {
        let top = self.unit().top;
        self.nested(statement.range(), |compiler| compiler.statement_inner(statement))?;
        self.unit().top = top;
        Ok(())
    }

    fn statement_inner(&mut self, statement: &'a Stmt) -> Compiled<()> {
        let range = statement.range();
        match statement {
            Stmt::Expr(expression) => {
                // A text alone is a comment.
                if !matches!(
                    &*expression.value,
                    Expr::StringLiteral(_) | Expr::NumberLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_)
                ) {
                    self.expr_any(&expression.value)?;
                }
            }
            Stmt::Assign(assign) => self.assign(&assign.targets, &assign.value, range)?,
            Stmt::AugAssign(assign) => self.augmented(assign)?,
            Stmt::AnnAssign(assign) => self.annotated(assign)?,
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(target)?;
                }
            }
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::Return(returned) => self.return_statement(returned)?,
            Stmt::Break(_) => {
                if !self.in_loop() {
                    return Err(CompileError::syntax("'break' outside loop", range));
                }
                self.leave(Leave::Break, range)?;
            }
            Stmt::Continue(_) => {
                if !self.in_loop() {
                    return Err(CompileError::syntax("'continue' not properly in loop", range));
                }
                self.leave(Leave::Continue, range)?;
            }
            Stmt::If(statement) => self.if_statement(statement)?,
            Stmt::While(statement) => self.while_statement(statement)?,
            Stmt::For(statement) => self.for_statement(statement)?,
            Stmt::Try(statement) => self.try_statement(statement)?,
            Stmt::With(statement) => self.with_statement(statement, 0)?,
            Stmt::Match(statement) => self.match_statement(statement)?,
            Stmt::FunctionDef(def) => self.function_def(def)?,
            Stmt::ClassDef(def) => self.class_def(def)?,
            Stmt::Raise(raise) => {
                let op = match (&raise.exc, &raise.cause) {
                    (None, _) => Op::RaiseAgain,
                    (Some(exception), cause) => {
                        let exception = self.expr_any(exception)?;
                        let cause = match cause {
                            Some(cause) => self.expr_any(cause)?,
                            None => Reg::MAX,
                        };
                        Op::Raise { exception, cause }
                    }
                };
                self.emit(op, range);
            }
            Stmt::Assert(assert) => {
                let bound = self.unit().bound.clone();
                let fails = self.jump_unless(&assert.test)?;
                let holds = self.emit(Op::Jump { target: 0 }, range);
                self.patch_all(fails);
                let message = match &assert.msg {
                    Some(message) => self.expr_any(message)?,
                    None => Reg::MAX,
                };
                self.emit(Op::AssertFailed { message }, compared(&assert.test).unwrap_or(range));
                self.unit().patch(holds);
                self.unit().bound = bound;
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let dst = self.unit().temp();
                    let name = self.unit().name(alias.name.as_str());
                    match &alias.asname {
                        Some(bound) => {
                            self.emit(Op::ImportTail { dst, name }, range);
                            self.store_name(bound.as_str(), dst, range);
                        }
                        None => {
                            self.emit(Op::Import { dst, name }, range);
                            let top = alias.name.as_str().split('.').next().unwrap_or("");
                            self.store_name(top, dst, range);
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import, range)?,
            Stmt::TypeAlias(alias) => return Err(CompileError::unsupported("'type' statements", alias.range)),
            Stmt::IpyEscapeCommand(_) => return Err(CompileError::unsupported("IPython commands", range)),
        }
        Ok(())
    }

    fn return_statement(&mut self, returned: &'a ruff_python_ast::StmtReturn) -> Compiled<()> {
        let range = returned.range;
        if !matches!(self.unit().kind, CodeKind::Function | CodeKind::Generator) {
            return Err(CompileError::syntax("'return' outside function", range));
        }
        let src = match &returned.value {
            Some(value) => Some(self.expr_temp(value)?),
            None => None,
        };
        self.leave(Leave::Return, range)?;
        match src {
            Some(src) => self.emit(Op::Return { src }, range),
            None => self.emit(Op::ReturnNone, range),
        };
        Ok(())
    }

    fn import_from(&mut self, import: &'a ruff_python_ast::StmtImportFrom, range: TextRange) -> Compiled<()> {
        if import.level > 0 {
            return Err(CompileError::unsupported("relative imports", range));
        }
        let module_name = import.module.as_ref().map_or("", |module| module.as_str());
        if module_name == "__future__" {
            for alias in &import.names {
                match alias.name.as_str() {
                    "annotations" => self.future_annotations = true,
                    "division" | "print_function" | "generator_stop" | "absolute_import" | "unicode_literals" | "nested_scopes"
                    | "generators" | "with_statement" => {}
                    other => return Err(CompileError::syntax(format!("future feature {other} is not defined"), range)),
                }
            }
            return Ok(());
        }
        let module = self.unit().temp();
        let name = self.unit().name(module_name);
        self.emit(Op::ImportTail { dst: module, name }, range);
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.emit(Op::ImportStar { module }, range);
                continue;
            }
            let dst = self.unit().temp();
            let name = self.unit().name(alias.name.as_str());
            self.emit(Op::ImportFrom { dst, module, name }, range);
            self.store_name(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), dst, range);
        }
        Ok(())
    }
}
