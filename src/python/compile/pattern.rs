//! `match`.

use ruff_python_ast::{Expr, Pattern, Singleton, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::code::{Op, Reg};
use crate::value::Value;
use crate::vm::CompareOperator;

use super::{CompileError, Compiled, Compiler};

/// What a pattern has captured so far: names, and the registers of their values.
type Captures = Vec<(String, Reg)>;

impl<'a> Compiler<'a> {
    pub(super) fn match_statement(&mut self, statement: &'a ruff_python_ast::StmtMatch) -> Compiled<()> {
        let top = self.unit().top;
        let subject = self.expr_temp(&statement.subject)?;
        let bound = self.unit().bound.clone();
        let mut ends = Vec::new();
        for (index, case) in statement.cases.iter().enumerate() {
            let inner = self.unit().top;
            let range = case.pattern.range();
            if index + 1 < statement.cases.len() && case.guard.is_none() {
                self.check_irrefutable(&case.pattern)?;
            }
            let mut fails = Vec::new();
            let mut captures = Captures::new();
            self.pattern(&case.pattern, subject, &mut fails, &mut captures)?;
            for (name, reg) in captures {
                self.store_name(&name, reg, range);
            }
            if let Some(guard) = &case.guard {
                fails.extend(self.jump_unless(guard)?);
            }
            self.body(&case.body as &'a [Stmt])?;
            ends.push(self.emit(Op::Jump { target: 0 }, range));
            self.patch_all(fails);
            self.unit().bound = bound.clone();
            self.unit().top = inner;
        }
        self.patch_all(ends);
        self.unit().top = top;
        Ok(())
    }

    fn check_irrefutable(&self, pattern: &Pattern) -> Compiled<()> {
        match pattern {
            Pattern::MatchAs(matched) if matched.pattern.is_none() => Err(CompileError::syntax(
                match &matched.name {
                    Some(name) => format!("name capture '{name}' makes remaining patterns unreachable"),
                    None => "wildcard makes remaining patterns unreachable".to_string(),
                },
                matched.range,
            )),
            _ => Ok(()),
        }
    }

    fn capture(&mut self, name: &str, value: Reg, range: TextRange, captures: &mut Captures) -> Compiled<()> {
        if captures.iter().any(|(known, _)| known == name) {
            return Err(CompileError::syntax(format!("multiple assignments to name '{name}' in pattern"), range));
        }
        let reg = self.unit().temp();
        self.emit(Op::Move { dst: reg, src: value }, range);
        captures.push((name.to_string(), reg));
        Ok(())
    }

    fn fail_if_false(&mut self, src: Reg, range: TextRange, fails: &mut Vec<usize>) {
        fails.push(self.emit(Op::JumpIfFalse { src, target: 0 }, range));
    }

    fn fail_unless(&mut self, operator: CompareOperator, a: Reg, b: Reg, range: TextRange, fails: &mut Vec<usize>) {
        let jump = self.unit().jump();
        fails.push(self.emit(Op::JumpUnless { operator, a, b, jump }, range));
    }

    fn pattern(&mut self, pattern: &'a Pattern, subject: Reg, fails: &mut Vec<usize>, captures: &mut Captures) -> Compiled<()> {
        let range = pattern.range();
        match pattern {
            Pattern::MatchValue(matched) => {
                let value = self.expr_any(&matched.value)?;
                self.fail_unless(CompareOperator::Eq, subject, value, range, fails);
            }
            Pattern::MatchSingleton(matched) => {
                let value = self.unit().temp();
                let op = match matched.value {
                    Singleton::None => Op::None { dst: value },
                    Singleton::True => Op::Bool { dst: value, value: true },
                    Singleton::False => Op::Bool { dst: value, value: false },
                };
                self.emit(op, range);
                self.fail_unless(CompareOperator::Is, subject, value, range, fails);
            }
            Pattern::MatchAs(matched) => {
                if let Some(inner) = &matched.pattern {
                    self.nested(range, |compiler| compiler.pattern(inner, subject, fails, captures))?;
                }
                if let Some(name) = &matched.name {
                    self.capture(name.as_str(), subject, range, captures)?;
                }
            }
            Pattern::MatchStar(matched) => {
                if let Some(name) = &matched.name {
                    self.capture(name.as_str(), subject, range, captures)?;
                }
            }
            Pattern::MatchOr(matched) => self.alternatives(matched, subject, fails, captures)?,
            Pattern::MatchSequence(matched) => self.sequence_pattern(matched, subject, fails, captures)?,
            Pattern::MatchMapping(matched) => self.mapping_pattern(matched, subject, fails, captures)?,
            Pattern::MatchClass(matched) => self.class_pattern(matched, subject, fails, captures)?,
        }
        Ok(())
    }

    fn alternatives(
        &mut self,
        matched: &'a ruff_python_ast::PatternMatchOr,
        subject: Reg,
        fails: &mut Vec<usize>,
        captures: &mut Captures,
    ) -> Compiled<()> {
        let range = matched.range;
        let mut shared: Option<Captures> = None;
        let mut matches = Vec::new();
        let count = matched.patterns.len();
        for (index, pattern) in matched.patterns.iter().enumerate() {
            if index + 1 < count {
                self.check_irrefutable(pattern)?;
            }
            let mut own_fails = Vec::new();
            let mut own = Captures::new();
            self.nested(range, |compiler| compiler.pattern(pattern, subject, &mut own_fails, &mut own))?;
            match &shared {
                None => {
                    let mut targets = Captures::new();
                    for (name, value) in own {
                        self.capture(&name, value, range, &mut targets)?;
                    }
                    shared = Some(targets);
                }
                Some(targets) => {
                    let same = targets.len() == own.len() && own.iter().all(|(name, _)| targets.iter().any(|(known, _)| known == name));
                    if !same {
                        return Err(CompileError::syntax("alternative patterns bind different names", range));
                    }
                    for (name, value) in own {
                        if let Some((_, dst)) = targets.iter().find(|(known, _)| *known == name) {
                            self.emit(Op::Move { dst: *dst, src: value }, range);
                        }
                    }
                }
            }
            if index + 1 < count {
                matches.push(self.emit(Op::Jump { target: 0 }, range));
                self.patch_all(own_fails);
            } else {
                fails.extend(own_fails);
            }
        }
        self.patch_all(matches);
        for (name, reg) in shared.unwrap_or_default() {
            if captures.iter().any(|(known, _)| *known == name) {
                return Err(CompileError::syntax(format!("multiple assignments to name '{name}' in pattern"), range));
            }
            captures.push((name, reg));
        }
        Ok(())
    }

    fn sequence_pattern(
        &mut self,
        matched: &'a ruff_python_ast::PatternMatchSequence,
        subject: Reg,
        fails: &mut Vec<usize>,
        captures: &mut Captures,
    ) -> Compiled<()> {
        let range = matched.range;
        let patterns = &matched.patterns;
        let is = self.unit().temp();
        self.emit(Op::MatchSequence { dst: is, subject }, range);
        self.fail_if_false(is, range, fails);
        let stars = patterns.iter().filter(|pattern| matches!(pattern, Pattern::MatchStar(_))).count();
        if stars > 1 {
            return Err(CompileError::syntax("multiple starred expressions in sequence pattern", range));
        }
        let star = patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let length = self.unit().temp();
        self.emit(Op::Length { dst: length, subject }, range);
        let fixed = patterns.len() - stars;
        let operator = if star.is_some() { CompareOperator::Ge } else { CompareOperator::Eq };
        let jump = self.unit().jump();
        fails.push(self.emit(Op::JumpUnlessInt { operator, a: length, value: fixed.min(i16::MAX as usize) as i16, jump }, range));
        if patterns.is_empty() {
            return Ok(());
        }
        let base = self.unit().temps(patterns.len());
        match star {
            Some(before) => {
                let after = patterns.len() - before - 1;
                let before = u8::try_from(before).map_err(|_| CompileError::syntax("too many patterns", range))?;
                self.emit(Op::UnpackStar { before, src: subject, base, after: after as u16 }, range);
            }
            None => {
                self.emit(Op::Unpack { src: subject, base, count: patterns.len() as u16 }, range);
            }
        }
        for (index, pattern) in patterns.iter().enumerate() {
            self.nested(range, |compiler| compiler.pattern(pattern, base + index as Reg, fails, captures))?;
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        matched: &'a ruff_python_ast::PatternMatchMapping,
        subject: Reg,
        fails: &mut Vec<usize>,
        captures: &mut Captures,
    ) -> Compiled<()> {
        let range = matched.range;
        let is = self.unit().temp();
        self.emit(Op::MatchMapping { dst: is, subject }, range);
        self.fail_if_false(is, range, fails);
        let keys = self.unit().temp();
        let first = self.unit().temps(matched.keys.len());
        for (index, key) in matched.keys.iter().enumerate() {
            self.expr_to(key as &'a Expr, first + index as Reg)?;
        }
        self.emit(Op::Tuple { dst: keys, base: first, count: matched.keys.len() as u16 }, range);
        let values = self.unit().temp();
        self.emit(Op::MatchKeys { dst: values, subject, keys }, range);
        self.fail_if_none(values, range, fails);
        let base = self.unit().temps(matched.keys.len());
        self.emit(Op::Unpack { src: values, base, count: matched.keys.len() as u16 }, range);
        for (index, pattern) in matched.patterns.iter().enumerate() {
            self.nested(range, |compiler| compiler.pattern(pattern, base + index as Reg, fails, captures))?;
        }
        if let Some(rest) = &matched.rest {
            let value = self.unit().temp();
            self.emit(Op::MatchRest { dst: value, subject, keys }, range);
            self.capture(rest.as_str(), value, range, captures)?;
        }
        Ok(())
    }

    fn fail_if_none(&mut self, value: Reg, range: TextRange, fails: &mut Vec<usize>) {
        let none = self.unit().temp();
        self.emit(Op::None { dst: none }, range);
        self.fail_unless(CompareOperator::IsNot, value, none, range, fails);
    }

    fn class_pattern(
        &mut self,
        matched: &'a ruff_python_ast::PatternMatchClass,
        subject: Reg,
        fails: &mut Vec<usize>,
        captures: &mut Captures,
    ) -> Compiled<()> {
        let range = matched.range;
        let arguments = &matched.arguments;
        let base = self.unit().temps(2);
        self.expr_to(&matched.cls, base)?;
        let names: Vec<Value> = arguments.keywords.iter().map(|keyword| Value::str(keyword.attr.as_str())).collect();
        let index = self.constant(Value::tuple(names));
        self.emit(Op::Const { dst: base + 1, index }, range);
        let values = self.unit().temp();
        let count = u8::try_from(arguments.patterns.len()).map_err(|_| CompileError::syntax("too many sub-patterns", range))?;
        self.emit(Op::MatchClass { count, dst: values, subject, base }, range);
        self.fail_if_none(values, range, fails);
        let total = arguments.patterns.len() + arguments.keywords.len();
        let first = self.unit().temps(total);
        self.emit(Op::Unpack { src: values, base: first, count: total as u16 }, range);
        let patterns = arguments.patterns.iter().chain(arguments.keywords.iter().map(|keyword| &keyword.pattern));
        for (index, pattern) in patterns.enumerate() {
            self.nested(range, |compiler| compiler.pattern(pattern, first + index as Reg, fails, captures))?;
        }
        Ok(())
    }
}
