//! Conditions, loops, `try` and `with`, and leaving them early.

use ruff_python_ast::{BoolOp, ExceptHandler, Expr, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::code::{Op, Reg};

use super::expression::{compare_operator, small_int};
use super::unit::{Block, Region};
use super::{CompileError, Compiled, Compiler};

/// How control leaves the blocks around it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Leave {
    Return,
    Break,
    Continue,
}

fn text_range((start, end): (u32, u32)) -> TextRange {
    TextRange::new(TextSize::new(start), TextSize::new(end.max(start)))
}

impl<'a> Compiler<'a> {
    pub(super) fn patch_all(&mut self, jumps: Vec<usize>) {
        for jump in jumps {
            self.unit().patch(jump);
        }
    }

    /// Jumps (to be patched) taken when a condition is false.
    pub(super) fn jump_unless(&mut self, test: &'a Expr) -> Compiled<Vec<usize>> {
        let top = self.unit().top;
        let range = test.range();
        let jumps = self.nested(range, |compiler| match test {
            Expr::BoolOp(operation) if operation.op == BoolOp::And => {
                let mut jumps = Vec::new();
                for value in &operation.values {
                    jumps.extend(compiler.jump_unless(value)?);
                }
                Ok(jumps)
            }
            Expr::BoolOp(operation) => {
                let mut holds = Vec::new();
                let Some((last, rest)) = operation.values.split_last() else { return Ok(Vec::new()) };
                for value in rest {
                    holds.extend(compiler.jump_if(value)?);
                }
                let jumps = compiler.jump_unless(last)?;
                compiler.patch_all(holds);
                Ok(jumps)
            }
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => compiler.jump_if(&unary.operand),
            Expr::Compare(compare) if compare.ops.len() == 1 => {
                let operator = compare_operator(compare.ops[0]);
                let a = compiler.expr_any(&compare.operands[0])?;
                if let (Some(value), true) = (small_int(&compare.operands[1]), (operator as u8) < 6) {
                    let jump = compiler.unit().jump();
                    return Ok(vec![compiler.emit(Op::JumpUnlessInt { operator, a, value, jump }, range)]);
                }
                let b = compiler.expr_any(&compare.operands[1])?;
                let jump = compiler.unit().jump();
                Ok(vec![compiler.emit(Op::JumpUnless { operator, a, b, jump }, range)])
            }
            Expr::BooleanLiteral(literal) if literal.value => Ok(Vec::new()),
            _ => {
                let src = compiler.expr_any(test)?;
                Ok(vec![compiler.emit(Op::JumpIfFalse { src, target: 0 }, range)])
            }
        })?;
        self.unit().top = top;
        Ok(jumps)
    }

    /// Jumps (to be patched) taken when a condition is true.
    fn jump_if(&mut self, test: &'a Expr) -> Compiled<Vec<usize>> {
        let top = self.unit().top;
        let range = test.range();
        let jumps = self.nested(range, |compiler| match test {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => compiler.jump_unless(&unary.operand),
            Expr::BoolOp(operation) if operation.op == BoolOp::Or => {
                let mut jumps = Vec::new();
                for value in &operation.values {
                    jumps.extend(compiler.jump_if(value)?);
                }
                Ok(jumps)
            }
            Expr::BoolOp(operation) => {
                let mut fails = Vec::new();
                let Some((last, rest)) = operation.values.split_last() else { return Ok(Vec::new()) };
                for value in rest {
                    fails.extend(compiler.jump_unless(value)?);
                }
                let jumps = compiler.jump_if(last)?;
                compiler.patch_all(fails);
                Ok(jumps)
            }
            _ => {
                let src = compiler.expr_any(test)?;
                Ok(vec![compiler.emit(Op::JumpIfTrue { src, target: 0 }, range)])
            }
        })?;
        self.unit().top = top;
        Ok(jumps)
    }

    /// Compiles a body that may not run, or not to its end: what it binds isn't certain afterwards.
    fn uncertain(&mut self, body: &'a [Stmt]) -> Compiled<()> {
        let bound = self.unit().bound.clone();
        self.body(body)?;
        self.unit().bound = bound;
        Ok(())
    }

    pub(super) fn if_statement(&mut self, statement: &'a ruff_python_ast::StmtIf) -> Compiled<()> {
        let before = self.unit().bound.clone();
        let mut otherwise = self.jump_unless(&statement.test)?;
        self.unit().bound = before.clone();
        self.body(&statement.body)?;
        let mut certain = self.unit().bound.clone();
        let mut ends = Vec::new();
        let mut has_else = false;
        for clause in &statement.elif_else_clauses {
            ends.push(self.emit(Op::Jump { target: 0 }, clause.range));
            self.patch_all(std::mem::take(&mut otherwise));
            self.unit().bound = before.clone();
            match &clause.test {
                Some(test) => otherwise = self.jump_unless(test)?,
                None => has_else = true,
            }
            self.unit().bound = before.clone();
            self.body(&clause.body)?;
            let now = &self.unit().bound;
            certain.retain(|reg| now.contains(reg));
        }
        self.patch_all(otherwise);
        self.patch_all(ends);
        self.unit().bound = if has_else { certain } else { before };
        Ok(())
    }

    pub(super) fn while_statement(&mut self, statement: &'a ruff_python_ast::StmtWhile) -> Compiled<()> {
        let start = self.unit().here();
        let bound = self.unit().bound.clone();
        let exits = self.jump_unless(&statement.test)?;
        self.unit().bound = bound.clone();
        self.unit().blocks.push(Block::Loop { breaks: Vec::new(), continues: Vec::new() });
        self.body(&statement.body)?;
        self.finish_loop(start, exits, &statement.orelse, statement.range)?;
        self.unit().bound = bound;
        Ok(())
    }

    pub(super) fn for_statement(&mut self, statement: &'a ruff_python_ast::StmtFor) -> Compiled<()> {
        if statement.is_async {
            return Err(CompileError::unsupported("'async for' loops", statement.range));
        }
        let top = self.unit().top;
        let bound = self.unit().bound.clone();
        let range = statement.range;
        let iter = self.unit().temp();
        let source = self.expr_any(&statement.iter)?;
        self.emit(Op::GetIter { dst: iter, src: source }, range);
        let start = self.unit().here();
        let jump = self.unit().jump();
        let local = match &*statement.target {
            Expr::Name(name) => self.plain_local(name.id.as_str()),
            _ => None,
        };
        let dst = local.unwrap_or_else(|| self.unit().temp());
        let exit = self.emit(Op::ForIter { dst, iter, jump }, range);
        match (local, &*statement.target) {
            (Some(reg), Expr::Name(name)) => {
                let mangled = self.mangled(name.id.as_str());
                self.mark_bound(&mangled, reg);
            }
            (_, target) => self.store(target, dst)?,
        }
        self.unit().blocks.push(Block::Loop { breaks: Vec::new(), continues: Vec::new() });
        self.body(&statement.body)?;
        let is_left = matches!(self.unit().blocks.last(), Some(Block::Loop { breaks, .. }) if !breaks.is_empty());
        self.finish_loop(start, vec![exit], &statement.orelse, range)?;
        if is_left {
            // A generator that nobody else holds is closed here.
            self.emit(Op::Clear { dst: iter }, range);
        }
        self.unit().bound = bound;
        self.unit().top = top;
        Ok(())
    }

    fn finish_loop(&mut self, start: usize, exits: Vec<usize>, orelse: &'a [Stmt], range: TextRange) -> Compiled<()> {
        let Some(Block::Loop { breaks, continues }) = self.unit().blocks.pop() else { return Ok(()) };
        for jump in continues {
            self.unit().patch_to(jump, start as u32);
        }
        self.emit(Op::JumpBack { target: start as u32 }, range);
        self.patch_all(exits);
        self.uncertain(orelse)?;
        self.patch_all(breaks);
        Ok(())
    }

    /// `return`, `break` or `continue` out of the blocks around: runs what they owe, then jumps (or lets the caller return).
    pub(super) fn leave(&mut self, leave: Leave, range: TextRange) -> Compiled<()> {
        let mut set_aside: Vec<Block<'a>> = Vec::new();
        let mut result = Ok(());
        while let Some(mut block) = self.unit().blocks.pop() {
            match &mut block {
                Block::Loop { breaks, continues } => match leave {
                    Leave::Return => {}
                    Leave::Break => {
                        let at = self.emit(Op::Jump { target: 0 }, range);
                        breaks.push(at);
                        set_aside.push(block);
                        break;
                    }
                    Leave::Continue => {
                        let at = self.emit(Op::JumpBack { target: 0 }, range);
                        continues.push(at);
                        set_aside.push(block);
                        break;
                    }
                },
                Block::Finally { body, region } => {
                    let body = *body;
                    self.pause(region);
                    result = self.nested(range, |compiler| compiler.uncertain(body));
                }
                Block::Handler { saved, name, region } => {
                    self.pause(region);
                    let (saved, name) = (*saved, name.clone());
                    self.end_handler(saved, name.as_deref(), range);
                }
                Block::Try { region } => self.pause(region),
                Block::With { base, region, span } => {
                    self.pause(region);
                    let (base, span) = (*base, *span);
                    self.emit(Op::Exit { base }, text_range(span));
                }
            }
            set_aside.push(block);
            if result.is_err() {
                break;
            }
        }
        // The regions begin again after the jump or return that follows.
        let here = self.unit().here();
        let skip = usize::from(leave == Leave::Return);
        for mut block in set_aside.into_iter().rev() {
            if let Block::Finally { region, .. } | Block::Handler { region, .. } | Block::With { region, .. } | Block::Try { region } =
                &mut block
            {
                region.start = here + skip;
            }
            self.unit().blocks.push(block);
        }
        result
    }

    fn pause(&mut self, region: &mut Region) {
        let here = self.unit().here();
        if region.start < here {
            region.pieces.push((region.start, here));
        }
        region.start = usize::MAX;
    }

    /// Is there a loop to break out of?
    pub(super) fn in_loop(&mut self) -> bool {
        self.unit().blocks.iter().any(|block| matches!(block, Block::Loop { .. }))
    }

    fn end_handler(&mut self, saved: Reg, name: Option<&str>, range: TextRange) {
        if let Some(name) = name {
            let none = self.unit().temp();
            self.emit(Op::None { dst: none }, range);
            self.store_name(name, none, range);
            self.delete_name(name, range);
        }
        self.emit(Op::LeaveHandler { saved }, range);
    }

    pub(super) fn try_statement(&mut self, statement: &'a ruff_python_ast::StmtTry) -> Compiled<()> {
        if statement.is_star {
            return Err(CompileError::unsupported("'except*' clauses", statement.range));
        }
        if statement.finalbody.is_empty() {
            return self.try_except(statement);
        }
        let top = self.unit().top;
        let range = statement.range;
        let exception = self.unit().temps(3);
        let (saved, second) = (exception + 1, exception + 2);
        let bound = self.unit().bound.clone();
        let region = self.unit().region();
        self.unit().blocks.push(Block::Finally { body: &statement.finalbody, region });
        if statement.handlers.is_empty() {
            self.body(&statement.body)?;
        } else {
            self.try_except(statement)?;
        }
        let Some(Block::Finally { region, .. }) = self.unit().blocks.pop() else { return Ok(()) };
        let end = self.unit().here();
        self.unit().bound = bound.clone();
        self.uncertain(&statement.finalbody)?;
        let done = self.emit(Op::Jump { target: 0 }, range);
        self.unit().handle(region, end, exception);
        self.unit().bound = bound.clone();
        self.emit(Op::EnterHandler { saved, exception }, range);
        let region = self.unit().region();
        self.unit().blocks.push(Block::Handler { saved, name: None, region });
        self.uncertain(&statement.finalbody)?;
        let Some(Block::Handler { region, .. }) = self.unit().blocks.pop() else { return Ok(()) };
        let end = self.unit().here();
        self.emit(Op::LeaveHandler { saved }, range);
        self.emit(Op::Reraise { exception }, range);
        self.unit().handle(region, end, second);
        self.emit(Op::LeaveHandler { saved }, range);
        self.emit(Op::Reraise { exception: second }, range);
        self.unit().patch(done);
        self.unit().bound = bound;
        self.unit().top = top;
        Ok(())
    }

    fn try_except(&mut self, statement: &'a ruff_python_ast::StmtTry) -> Compiled<()> {
        let top = self.unit().top;
        let range = statement.range;
        let exception = self.unit().temps(4);
        let (saved, second, matched) = (exception + 1, exception + 2, exception + 3);
        let bound = self.unit().bound.clone();
        let region = self.unit().region();
        self.unit().blocks.push(Block::Try { region });
        self.body(&statement.body)?;
        let Some(Block::Try { region }) = self.unit().blocks.pop() else { return Ok(()) };
        let end = self.unit().here();
        self.body(&statement.orelse)?;
        let mut ends = vec![self.emit(Op::Jump { target: 0 }, range)];
        self.unit().handle(region, end, exception);
        self.unit().bound = bound.clone();
        self.emit(Op::EnterHandler { saved, exception }, range);
        let count = statement.handlers.len();
        for (index, handler) in statement.handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let region = self.unit().region();
            let mut next = None;
            match &handler.type_ {
                Some(class) => {
                    let inner = self.unit().top;
                    let class_reg = self.expr_any(class)?;
                    self.emit(Op::MatchException { dst: matched, exception, class: class_reg }, handler.range);
                    next = Some(self.emit(Op::JumpIfFalse { src: matched, target: 0 }, class.range()));
                    self.unit().top = inner;
                }
                None if index + 1 < count => return Err(CompileError::syntax("default 'except:' must be last", handler.range)),
                None => {}
            }
            let matching_end = self.unit().here();
            let body_region = self.unit().region();
            let name = handler.name.as_ref().map(|name| name.as_str().to_string());
            if let Some(name) = &name {
                self.store_name(name, exception, handler.range);
            }
            self.unit().blocks.push(Block::Handler { saved, name: name.clone(), region: body_region });
            self.uncertain(&handler.body)?;
            let Some(Block::Handler { region: body_region, .. }) = self.unit().blocks.pop() else { return Ok(()) };
            let body_end = self.unit().here();
            self.end_handler(saved, name.as_deref(), handler.range);
            ends.push(self.emit(Op::Jump { target: 0 }, handler.range));
            // An exception in the handler: the name goes, what was handled before comes back.
            self.unit().handle(body_region, body_end, second);
            self.end_handler(saved, name.as_deref(), handler.range);
            self.emit(Op::Reraise { exception: second }, handler.range);
            self.unit().handle(region, matching_end, second);
            self.emit(Op::LeaveHandler { saved }, handler.range);
            self.emit(Op::Reraise { exception: second }, handler.range);
            if let Some(next) = next {
                self.unit().patch(next);
            }
            self.unit().bound = bound.clone();
        }
        self.emit(Op::LeaveHandler { saved }, range);
        self.emit(Op::Reraise { exception }, range);
        self.patch_all(ends);
        self.unit().bound = bound;
        self.unit().top = top;
        Ok(())
    }

    pub(super) fn with_statement(&mut self, statement: &'a ruff_python_ast::StmtWith, from: usize) -> Compiled<()> {
        if statement.is_async {
            return Err(CompileError::unsupported("'async with' statements", statement.range));
        }
        let Some(item) = statement.items.get(from) else { return self.body(&statement.body) };
        let top = self.unit().top;
        let range = statement.range;
        let base = self.unit().temps(6);
        let (value, exception, saved, second) = (base + 2, base + 3, base + 4, base + 5);
        self.expr_to(&item.context_expr, base)?;
        self.emit(Op::Enter { dst: value, base }, range);
        let bound = self.unit().bound.clone();
        let region = self.unit().region();
        let span = (range.start().to_u32(), range.end().to_u32());
        self.unit().blocks.push(Block::With { base, region, span });
        if let Some(target) = &item.optional_vars {
            self.store(target, value)?;
        }
        self.nested(range, |compiler| compiler.with_statement(statement, from + 1))?;
        let Some(Block::With { region, .. }) = self.unit().blocks.pop() else { return Ok(()) };
        let end = self.unit().here();
        self.emit(Op::Exit { base }, range);
        let done = self.emit(Op::Jump { target: 0 }, range);
        self.unit().handle(region, end, exception);
        self.emit(Op::EnterHandler { saved, exception }, range);
        let region = self.unit().region();
        self.emit(Op::ExitException { dst: value, base, exception }, range);
        let end = self.unit().here();
        let swallowed = self.emit(Op::JumpIfTrue { src: value, target: 0 }, range);
        self.emit(Op::LeaveHandler { saved }, range);
        self.emit(Op::Reraise { exception }, range);
        self.unit().handle(region, end, second);
        self.emit(Op::LeaveHandler { saved }, range);
        self.emit(Op::Reraise { exception: second }, range);
        self.unit().patch(swallowed);
        self.emit(Op::LeaveHandler { saved }, range);
        self.unit().patch(done);
        self.unit().bound = bound;
        self.unit().top = top;
        Ok(())
    }
}
