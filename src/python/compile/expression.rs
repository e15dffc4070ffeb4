//! Expressions.

use num_bigint::BigInt;
use ruff_python_ast::{CmpOp, Expr, FStringPartRef, InterpolatedStringElement, Number, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::code::{Op, Reg};
use crate::value::Value;
use crate::vm::{CompareOperator, Operator, UnaryOperator};

use super::scope::ScopeKind;
use super::{CompileError, Compiled, Compiler};

pub(super) fn operator(operator: ruff_python_ast::Operator) -> Operator {
    match operator {
        ruff_python_ast::Operator::Add => Operator::Add,
        ruff_python_ast::Operator::Sub => Operator::Sub,
        ruff_python_ast::Operator::Mult => Operator::Mul,
        ruff_python_ast::Operator::MatMult => Operator::MatMul,
        ruff_python_ast::Operator::Div => Operator::Div,
        ruff_python_ast::Operator::Mod => Operator::Mod,
        ruff_python_ast::Operator::Pow => Operator::Pow,
        ruff_python_ast::Operator::LShift => Operator::LShift,
        ruff_python_ast::Operator::RShift => Operator::RShift,
        ruff_python_ast::Operator::BitOr => Operator::BitOr,
        ruff_python_ast::Operator::BitXor => Operator::BitXor,
        ruff_python_ast::Operator::BitAnd => Operator::BitAnd,
        ruff_python_ast::Operator::FloorDiv => Operator::FloorDiv,
    }
}

pub(super) fn compare_operator(operator: CmpOp) -> CompareOperator {
    match operator {
        CmpOp::Eq => CompareOperator::Eq,
        CmpOp::NotEq => CompareOperator::Ne,
        CmpOp::Lt => CompareOperator::Lt,
        CmpOp::LtE => CompareOperator::Le,
        CmpOp::Gt => CompareOperator::Gt,
        CmpOp::GtE => CompareOperator::Ge,
        CmpOp::Is => CompareOperator::Is,
        CmpOp::IsNot => CompareOperator::IsNot,
        CmpOp::In => CompareOperator::In,
        CmpOp::NotIn => CompareOperator::NotIn,
    }
}

/// A small integer literal, with its sign.
pub(super) fn small_int(expr: &Expr) -> Option<i16> {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => value.as_i64().and_then(|value| i16::try_from(value).ok()),
            _ => None,
        },
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => match &*unary.operand {
            Expr::NumberLiteral(_) => small_int(&unary.operand).and_then(i16::checked_neg),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the result is written in the last instruction alone, so that a variable can be the target.
pub(super) fn writes_last(expr: &Expr) -> bool {
    match expr {
        Expr::BinOp(_)
        | Expr::UnaryOp(_)
        | Expr::Call(_)
        | Expr::Attribute(_)
        | Expr::Subscript(_)
        | Expr::NumberLiteral(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_)
        | Expr::Name(_)
        | Expr::Lambda(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_)
        | Expr::Generator(_) => true,
        Expr::Compare(compare) => compare.ops.len() == 1,
        Expr::If(conditional) => writes_last(&conditional.body) && writes_last(&conditional.orelse),
        _ => false,
    }
}

impl<'a> Compiler<'a> {
    /// Compiles an expression wherever its value ends up: a local variable stays where it is.
    pub(super) fn expr_any(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        match expr {
            Expr::Name(name) => self.load_name(name.id.as_str(), name.range, None),
            _ => self.expr_temp(expr),
        }
    }

    /// Into a fresh temporary.
    pub(super) fn expr_temp(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        let dst = self.unit().temp();
        self.expr_to(expr, dst)?;
        Ok(dst)
    }

    /// Into the given register; temporaries used on the way are free again.
    pub(super) fn expr_to(&mut self, expr: &'a Expr, dst: Reg) -> Compiled<()> {
        let top = self.unit().top;
        self.nested(expr.range(), |compiler| compiler.expr_inner(expr, dst))?;
        self.unit().top = top;
        Ok(())
    }

    fn load_constant(&mut self, value: Value, dst: Reg, range: TextRange) {
        let index = self.constant(value);
        self.emit(Op::Const { dst, index }, range);
    }

    fn expr_inner(&mut self, expr: &'a Expr, dst: Reg) -> Compiled<()> {
        let range = expr.range();
        match expr {
            Expr::Name(name) => {
                self.load_name(name.id.as_str(), range, Some(dst))?;
            }
            Expr::NoneLiteral(_) => {
                self.emit(Op::None { dst }, range);
            }
            Expr::BooleanLiteral(literal) => {
                self.emit(Op::Bool { dst, value: literal.value }, range);
            }
            Expr::EllipsisLiteral(_) => self.load_constant(Value::Ellipsis, dst, range),
            Expr::NumberLiteral(literal) => {
                let value = number(&literal.value, range)?;
                self.load_number(value, dst, range);
            }
            Expr::StringLiteral(literal) => self.load_constant(Value::str(literal.value.to_str()), dst, range),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                self.load_constant(Value::bytes(bytes), dst, range);
            }
            Expr::FString(string) => self.f_string(string, dst)?,
            Expr::TString(_) => return Err(CompileError::unsupported("template strings", range)),
            Expr::IpyEscapeCommand(_) => return Err(CompileError::unsupported("IPython commands", range)),
            Expr::Await(_) => return Err(CompileError::unsupported("'await' expressions", range)),
            Expr::BinOp(binary) => {
                let op = operator(binary.op);
                let a = self.expr_any(&binary.left)?;
                if let Some(value) = small_int(&binary.right).filter(|_| !matches!(op, Operator::Pow | Operator::Div | Operator::MatMul)) {
                    self.emit(Op::BinaryInt { operator: op, dst, a, value }, range);
                    return Ok(());
                }
                let b = self.expr_any(&binary.right)?;
                let op = match op {
                    Operator::Add => Op::Add { dst, a, b },
                    Operator::Sub => Op::Sub { dst, a, b },
                    Operator::Mul => Op::Mul { dst, a, b },
                    operator => Op::Binary { operator, dst, a, b },
                };
                self.emit(op, range);
            }
            Expr::UnaryOp(unary) => self.unary(unary, dst)?,
            Expr::BoolOp(_) => {
                let result = self.unit().temp();
                self.bool_op(expr, result)?;
                self.emit(Op::Move { dst, src: result }, range);
            }
            Expr::Compare(compare) => self.compare_chain(compare, dst)?,
            Expr::If(conditional) => {
                let otherwise = self.jump_unless(&conditional.test)?;
                let bound = self.unit().bound.clone();
                self.expr_to(&conditional.body, dst)?;
                let end = self.emit(Op::Jump { target: 0 }, range);
                self.patch_all(otherwise);
                self.unit().bound = bound.clone();
                self.expr_to(&conditional.orelse, dst)?;
                self.unit().bound = bound;
                self.unit().patch(end);
            }
            Expr::Named(named) => {
                let value = self.expr_temp(&named.value)?;
                if let Expr::Name(name) = &*named.target {
                    self.store_name(name.id.as_str(), value, range);
                }
                self.emit(Op::Move { dst, src: value }, range);
            }
            Expr::Attribute(attribute) => {
                let object = self.expr_any(&attribute.value)?;
                let name = self.mangled(attribute.attr.as_str());
                let site = self.unit().site(&name);
                let span = self.attribute_span(attribute);
                self.emit(Op::LoadAttr { dst, object, site }, span);
            }
            Expr::Subscript(subscript) => {
                let object = self.expr_any(&subscript.value)?;
                let key = self.expr_any(&subscript.slice)?;
                self.emit(Op::GetItem { dst, object, key }, range);
            }
            Expr::Slice(slice) => {
                let base = self.unit().temps(3);
                for (offset, part) in [&slice.lower, &slice.upper, &slice.step].into_iter().enumerate() {
                    let target = base + offset as Reg;
                    match part {
                        Some(part) => self.expr_to(part, target)?,
                        None => {
                            self.emit(Op::None { dst: target }, range);
                        }
                    }
                }
                self.emit(Op::Slice { dst, base }, range);
            }
            Expr::List(list) => self.sequence(&list.elts, range, dst, Display::List)?,
            Expr::Tuple(tuple) => self.sequence(&tuple.elts, range, dst, Display::Tuple)?,
            Expr::Set(set) => self.sequence(&set.elts, range, dst, Display::Set)?,
            Expr::Dict(dict) => self.dict(dict, dst)?,
            Expr::Starred(_) => return Err(CompileError::syntax("can't use starred expression here", range)),
            Expr::Call(call) => self.call(call, dst)?,
            Expr::Lambda(lambda) => self.lambda(lambda, dst)?,
            Expr::ListComp(comp) => {
                let scope = self.scope_of(comp.range, ScopeKind::Comprehension);
                self.comprehension(scope, "<listcomp>", range, &comp.generators, Element::List(&comp.elt), dst)?;
            }
            Expr::SetComp(comp) => {
                let scope = self.scope_of(comp.range, ScopeKind::Comprehension);
                self.comprehension(scope, "<setcomp>", range, &comp.generators, Element::Set(&comp.elt), dst)?;
            }
            Expr::DictComp(comp) => {
                let scope = self.scope_of(comp.range, ScopeKind::Comprehension);
                let Some(key) = &comp.key else {
                    return Err(CompileError::syntax("dict unpacking cannot be used in dict comprehension", range));
                };
                self.comprehension(scope, "<dictcomp>", range, &comp.generators, Element::Dict(key, &comp.value), dst)?;
            }
            Expr::Generator(comp) => {
                let scope = self.scope_of(comp.range, ScopeKind::Comprehension);
                // As a call's only argument it has the call's brackets.
                let range = if comp.parenthesized { range } else { self.bracketed(range) };
                self.comprehension(scope, "<genexpr>", range, &comp.generators, Element::Yield(&comp.elt), dst)?;
            }
            Expr::Yield(yielded) => {
                let src = self.unit().temp();
                match &yielded.value {
                    Some(value) => self.expr_to(value, src)?,
                    None => {
                        self.emit(Op::None { dst: src }, range);
                    }
                }
                self.emit(Op::Yield { dst, src }, range);
            }
            Expr::YieldFrom(yielded) => {
                let iter = self.expr_temp(&yielded.value)?;
                self.emit(Op::GetIter { dst: iter, src: iter }, range);
                let sent = self.unit().temp();
                self.emit(Op::None { dst: sent }, range);
                let jump = self.unit().jump();
                let at = self.emit(Op::YieldFrom { dst: sent, iter, jump }, range);
                self.unit().patch(at);
                self.emit(Op::Move { dst, src: sent }, range);
            }
        }
        Ok(())
    }

    /// Where an attribute's error is shown: on its name alone when it stands on a line of its own.
    pub(super) fn attribute_span(&self, attribute: &ruff_python_ast::ExprAttribute) -> TextRange {
        let line = |offset: ruff_text_size::TextSize| self.source.line_of(offset.to_u32());
        if line(attribute.range.start()) == line(attribute.attr.end()) { attribute.range } else { attribute.attr.range }
    }

    pub(super) fn load_number(&mut self, value: Value, dst: Reg, range: TextRange) {
        match value {
            Value::Int(small) if i32::try_from(small).is_ok() => {
                self.emit(Op::Int { dst, value: small as i32 }, range);
            }
            value => self.load_constant(value, dst, range),
        }
    }

    fn unary(&mut self, unary: &'a ruff_python_ast::ExprUnaryOp, dst: Reg) -> Compiled<()> {
        let range = unary.range;
        if let (UnaryOp::USub, Expr::NumberLiteral(literal)) = (unary.op, &*unary.operand) {
            let value = match number(&literal.value, range)? {
                Value::Int(value) => Value::Int(-value),
                Value::Float(value) => Value::Float(-value),
                Value::BigInt(value) => Value::int(-(*value).clone()),
                other => other,
            };
            self.load_number(value, dst, range);
            return Ok(());
        }
        let a = self.expr_any(&unary.operand)?;
        let op = match unary.op {
            UnaryOp::Not => Op::Not { dst, a },
            UnaryOp::USub => Op::Unary { operator: UnaryOperator::Neg, dst, a },
            UnaryOp::UAdd => Op::Unary { operator: UnaryOperator::Pos, dst, a },
            UnaryOp::Invert => Op::Unary { operator: UnaryOperator::Invert, dst, a },
        };
        self.emit(op, range);
        Ok(())
    }

    fn bool_op(&mut self, expr: &'a Expr, dst: Reg) -> Compiled<()> {
        let Expr::BoolOp(operation) = expr else { return self.expr_to(expr, dst) };
        let mut ends = Vec::new();
        let bound = self.unit().bound.clone();
        for (index, value) in operation.values.iter().enumerate() {
            self.expr_to(value, dst)?;
            if index + 1 < operation.values.len() {
                let op = match operation.op {
                    ruff_python_ast::BoolOp::And => Op::JumpIfFalse { src: dst, target: 0 },
                    ruff_python_ast::BoolOp::Or => Op::JumpIfTrue { src: dst, target: 0 },
                };
                ends.push(self.emit(op, value.range()));
            }
        }
        self.unit().bound = bound;
        self.patch_all(ends);
        Ok(())
    }

    fn compare_chain(&mut self, compare: &'a ruff_python_ast::ExprCompare, dst: Reg) -> Compiled<()> {
        let range = compare.range;
        let operands = &compare.operands;
        let mut a = self.expr_any(&operands[0])?;
        if compare.ops.len() == 1 {
            let b = self.expr_any(&operands[1])?;
            self.emit(Op::Compare { operator: compare_operator(compare.ops[0]), dst, a, b }, range);
            return Ok(());
        }
        let result = self.unit().temp();
        let mut ends = Vec::new();
        let bound = self.unit().bound.clone();
        for (index, op) in compare.ops.iter().enumerate() {
            let b = self.expr_any(&operands[index + 1])?;
            self.emit(Op::Compare { operator: compare_operator(*op), dst: result, a, b }, range);
            if index + 1 < compare.ops.len() {
                ends.push(self.emit(Op::JumpIfFalse { src: result, target: 0 }, range));
            }
            a = b;
        }
        self.unit().bound = bound;
        self.patch_all(ends);
        self.emit(Op::Move { dst, src: result }, range);
        Ok(())
    }

    fn f_string(&mut self, string: &'a ruff_python_ast::ExprFString, dst: Reg) -> Compiled<()> {
        let mut parts: Vec<Piece<'a>> = Vec::new();
        for part in &string.value {
            match part {
                FStringPartRef::Literal(literal) => parts.push(Piece::Text(literal.value.to_string())),
                FStringPartRef::FString(inner) => pieces(&inner.elements, &mut parts),
            }
        }
        self.join_pieces(parts, string.range, dst)
    }

    fn join_pieces(&mut self, parts: Vec<Piece<'a>>, range: TextRange, dst: Reg) -> Compiled<()> {
        let mut merged: Vec<Piece<'a>> = Vec::new();
        for part in parts {
            match (merged.last_mut(), part) {
                (_, Piece::Text(text)) if text.is_empty() => {}
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, part) => merged.push(part),
            }
        }
        match merged.len() {
            0 => self.load_constant(Value::str(""), dst, range),
            1 => {
                let Some(piece) = merged.pop() else { return Ok(()) };
                self.piece(piece, range, dst)?;
            }
            count => {
                if count > 4000 {
                    return Err(CompileError::syntax("too many parts in an f-string", range));
                }
                let base = self.unit().temps(count);
                for (index, piece) in merged.into_iter().enumerate() {
                    self.piece(piece, range, base + index as Reg)?;
                }
                self.emit(Op::Join { dst, base, count: count as u16 }, range);
            }
        }
        Ok(())
    }

    fn piece(&mut self, piece: Piece<'a>, range: TextRange, dst: Reg) -> Compiled<()> {
        let top = self.unit().top;
        match piece {
            Piece::Text(text) => self.load_constant(Value::str(text), dst, range),
            Piece::Value(element) => {
                let mut conversion = element.conversion.to_byte().unwrap_or(0);
                if element.debug_text.is_some() && conversion == 0 && element.format_spec.is_none() {
                    conversion = b'r';
                }
                let value = self.expr_any(&element.expression)?;
                match &element.format_spec {
                    Some(spec) => {
                        let mut parts = Vec::new();
                        pieces(&spec.elements, &mut parts);
                        let text = self.unit().temp();
                        self.nested(range, |compiler| compiler.join_pieces(parts, range, text))?;
                        self.emit(Op::Format { conversion, dst, value, spec: text }, range);
                    }
                    None => {
                        self.emit(Op::FormatSimple { conversion, dst, value }, range);
                    }
                }
            }
        }
        self.unit().top = top;
        Ok(())
    }

    fn sequence(&mut self, items: &'a [Expr], range: TextRange, dst: Reg, display: Display) -> Compiled<()> {
        const AT_ONCE: usize = 200;
        if items.len() <= AT_ONCE && !items.iter().any(Expr::is_starred_expr) {
            if let (Display::Tuple, true) = (display, items.iter().all(is_constant)) {
                let values: Compiled<Vec<Value>> = items.iter().map(constant_value).collect();
                self.load_constant(Value::tuple(values?), dst, range);
                return Ok(());
            }
            let base = self.unit().temps(items.len());
            for (index, item) in items.iter().enumerate() {
                self.expr_to(item, base + index as Reg)?;
            }
            let count = items.len() as u16;
            let op = match display {
                Display::List => Op::List { dst, base, count },
                Display::Tuple => Op::Tuple { dst, base, count },
                Display::Set => Op::Set { dst, base, count },
            };
            self.emit(op, range);
            return Ok(());
        }
        let container = self.unit().temp();
        let op = match display {
            Display::Set => Op::Set { dst: container, base: container, count: 0 },
            _ => Op::List { dst: container, base: container, count: 0 },
        };
        self.emit(op, range);
        for item in items {
            let top = self.unit().top;
            let (op, at) = match item {
                Expr::Starred(starred) => {
                    let value = self.expr_any(&starred.value)?;
                    let op = match display {
                        Display::Set => Op::SetExtend { set: container, value },
                        _ => Op::ListExtend { list: container, value },
                    };
                    (op, range)
                }
                item => {
                    let value = self.expr_any(item)?;
                    let op = match display {
                        Display::Set => Op::SetAdd { set: container, value },
                        _ => Op::ListAppend { list: container, value },
                    };
                    (op, item.range())
                }
            };
            self.emit(op, at);
            self.unit().top = top;
        }
        let op = match display {
            Display::Tuple => Op::ListToTuple { dst, list: container },
            _ => Op::Move { dst, src: container },
        };
        self.emit(op, range);
        Ok(())
    }

    fn dict(&mut self, dict: &'a ruff_python_ast::ExprDict, dst: Reg) -> Compiled<()> {
        let range = dict.range;
        if dict.items.len() <= 100 && dict.items.iter().all(|item| item.key.is_some()) {
            let base = self.unit().temps(dict.items.len() * 2);
            for (index, item) in dict.items.iter().enumerate() {
                let at = base + 2 * index as Reg;
                if let Some(key) = &item.key {
                    self.expr_to(key, at)?;
                }
                self.expr_to(&item.value, at + 1)?;
            }
            self.emit(Op::Dict { dst, base, count: dict.items.len() as u16 }, range);
            return Ok(());
        }
        let container = self.unit().temp();
        self.emit(Op::Dict { dst: container, base: container, count: 0 }, range);
        for item in &dict.items {
            let top = self.unit().top;
            match &item.key {
                Some(key) => {
                    let key = self.expr_any(key)?;
                    let value = self.expr_any(&item.value)?;
                    self.emit(Op::DictSet { dict: container, key, value }, range);
                }
                None => {
                    let value = self.expr_any(&item.value)?;
                    self.emit(Op::DictExtend { dict: container, value }, range);
                }
            }
            self.unit().top = top;
        }
        self.emit(Op::Move { dst, src: container }, range);
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Display {
    List,
    Tuple,
    Set,
}

/// What a comprehension makes of each round.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Yield(&'a Expr),
}

enum Piece<'a> {
    Text(String),
    Value(&'a ruff_python_ast::InterpolatedElement),
}

fn pieces<'a>(elements: &'a ruff_python_ast::InterpolatedStringElements, parts: &mut Vec<Piece<'a>>) {
    for element in elements.iter() {
        match element {
            InterpolatedStringElement::Literal(literal) => parts.push(Piece::Text(literal.value.to_string())),
            InterpolatedStringElement::Interpolation(value) => {
                if let Some(debug) = &value.debug_text {
                    parts.push(Piece::Text(debug.as_str().to_string()));
                }
                parts.push(Piece::Value(value));
            }
        }
    }
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::NumberLiteral(literal) => !matches!(literal.value, Number::Complex { .. }),
        Expr::StringLiteral(_) | Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) => true,
        _ => false,
    }
}

fn constant_value(expr: &Expr) -> Compiled<Value> {
    Ok(match expr {
        Expr::NumberLiteral(literal) => number(&literal.value, literal.range)?,
        Expr::StringLiteral(literal) => Value::str(literal.value.to_str()),
        Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
        _ => Value::None,
    })
}

/// The value of a number literal.
pub(super) fn number(number: &Number, range: TextRange) -> Compiled<Value> {
    match number {
        Number::Int(value) => match value.as_i64() {
            Some(value) => Ok(Value::Int(value)),
            None => {
                let text = value.to_string();
                let (digits, radix) = match text.get(..2) {
                    Some("0x" | "0X") => (&text[2..], 16),
                    Some("0o" | "0O") => (&text[2..], 8),
                    Some("0b" | "0B") => (&text[2..], 2),
                    _ => (&text[..], 10),
                };
                if radix == 10 && digits.len() > 4300 {
                    return Err(CompileError::syntax(
                        "Exceeds the limit (4300 digits) for integer string conversion - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
                        range,
                    ));
                }
                BigInt::parse_bytes(digits.replace('_', "").as_bytes(), radix)
                    .map(Value::int)
                    .ok_or_else(|| CompileError::syntax("invalid number", range))
            }
        },
        Number::Float(value) => Ok(Value::Float(*value)),
        Number::Complex { .. } => Err(CompileError::unsupported("complex numbers", range)),
    }
}
