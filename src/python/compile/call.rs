//! Calls.

use ruff_python_ast::{Arguments, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::code::{CallSite, Op, Reg};
use crate::text::Name;
use crate::value::Value;

use super::scope::Meaning;
use super::{Compiled, Compiler};

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, call: &'a ruff_python_ast::ExprCall, dst: Reg) -> Compiled<()> {
        let range = call.range();
        if self.zero_argument_super(call, dst)? {
            return Ok(());
        }
        let arguments = &call.arguments;
        let spread = arguments.args.iter().any(Expr::is_starred_expr) || arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        let too_many = arguments.args.len() + arguments.keywords.len() > 200;
        let method = match &*call.func {
            Expr::Attribute(attribute) if !spread && !too_many => Some(attribute),
            _ => None,
        };
        let base = self.unit().temp();
        let mut span = range;
        let site = match method {
            Some(attribute) => {
                self.expr_to(&attribute.value, base)?;
                let attribute_span = self.attribute_span(attribute);
                if attribute_span != attribute.range {
                    let line = |offset: ruff_text_size::TextSize| self.source.line_of(offset.to_u32());
                    let same_line = line(attribute_span.end()) == line(range.end());
                    span = if same_line { attribute_span } else { TextRange::new(attribute_span.start(), range.end()) };
                }
                let name = self.mangled(attribute.attr.as_str());
                let at = (attribute_span.start().to_u32(), attribute_span.end().to_u32());
                Some(self.unit().site_at(&name, at))
            }
            None => {
                self.expr_to(&call.func, base)?;
                None
            }
        };
        if spread || too_many {
            self.spread_arguments(arguments, base, range)?;
            self.emit(Op::CallSpread { dst, base }, range);
            return Ok(());
        }
        if let Some(site) = site
            && !arguments.args.iter().chain(arguments.keywords.iter().map(|keyword| &keyword.value)).all(|argument| self.is_quiet(argument))
        {
            self.emit(Op::HasMethod { base, site }, span);
        }
        let count = arguments.args.len();
        let first = self.unit().temps(count + arguments.keywords.len());
        for (index, argument) in arguments.args.iter().enumerate() {
            self.expr_to(argument, first + index as Reg)?;
        }
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            self.expr_to(&keyword.value, first + (count + index) as Reg)?;
        }
        if arguments.keywords.is_empty() {
            let argc = count as u8;
            let op = match site {
                Some(site) => Op::CallMethod { argc, dst, base, site },
                None => Op::Call { argc, dst, base },
            };
            self.emit(op, span);
            return Ok(());
        }
        let names: Vec<Name> =
            arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref().map(|name| Name::new(name.as_str()))).collect();
        self.check_repeated(arguments)?;
        let site = self.unit().call_site(CallSite { positional: count as u16, names, method: site });
        self.emit(Op::CallKeywords { dst, base, site }, span);
        Ok(())
    }

    /// Whether finding an argument does nothing that could be seen, so that the method may be looked up after it.
    fn is_quiet(&mut self, argument: &Expr) -> bool {
        match argument {
            Expr::Name(name) => match self.plain_local(name.id.as_str()) {
                Some(reg) => self.unit().is_bound(reg),
                None => false,
            },
            argument => argument.is_literal_expr(),
        }
    }

    fn check_repeated(&self, arguments: &Arguments) -> Compiled<()> {
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            if let Some(name) = &keyword.arg {
                let earlier =
                    arguments.keywords[..index].iter().any(|other| other.arg.as_ref().is_some_and(|other| other.as_str() == name.as_str()));
                if earlier {
                    return Err(super::CompileError::syntax(format!("keyword argument repeated: {name}"), keyword.range()));
                }
            }
        }
        Ok(())
    }

    /// Arguments with `*` or `**`: a list in `base + 1`, a dict (or nothing) in `base + 2`.
    pub(super) fn spread_arguments(&mut self, arguments: &'a Arguments, base: Reg, range: TextRange) -> Compiled<()> {
        let list = self.unit().temps(2);
        let dict = list + 1;
        debug_assert_eq!(list, base + 1);
        self.emit(Op::List { dst: list, base: list, count: 0 }, range);
        for argument in &arguments.args {
            let top = self.unit().top;
            match argument {
                Expr::Starred(starred) => {
                    let value = self.expr_any(&starred.value)?;
                    // CPython unpacks a lone `*argument` in the call itself, several into a list before it.
                    if arguments.args.len() == 1 {
                        self.emit(Op::ArgumentsExtend { list, value, function: base }, range);
                    } else {
                        self.emit(Op::ListExtend { list, value }, range);
                    }
                }
                argument => {
                    let value = self.expr_any(argument)?;
                    self.emit(Op::ListAppend { list, value }, argument.range());
                }
            }
            self.unit().top = top;
        }
        if arguments.keywords.is_empty() {
            self.emit(Op::None { dst: dict }, range);
            return Ok(());
        }
        self.check_repeated(arguments)?;
        self.emit(Op::Dict { dst: dict, base: dict, count: 0 }, range);
        for keyword in &arguments.keywords {
            let top = self.unit().top;
            match &keyword.arg {
                Some(name) => {
                    let one = self.unit().temps(3);
                    let index = self.constant(Value::str(name.as_str()));
                    self.emit(Op::Const { dst: one, index }, range);
                    self.expr_to(&keyword.value, one + 1)?;
                    self.emit(Op::Dict { dst: one + 2, base: one, count: 1 }, range);
                    self.emit(Op::KeywordsExtend { dict, value: one + 2, function: base }, range);
                }
                None => {
                    let value = self.expr_any(&keyword.value)?;
                    self.emit(Op::KeywordsExtend { dict, value, function: base }, range);
                }
            }
            self.unit().top = top;
        }
        Ok(())
    }

    /// `super()`: the class around and the first parameter are filled in.
    fn zero_argument_super(&mut self, call: &'a ruff_python_ast::ExprCall, dst: Reg) -> Compiled<bool> {
        let Expr::Name(name) = &*call.func else { return Ok(false) };
        let plain = name.id.as_str() == "super" && call.arguments.args.is_empty() && call.arguments.keywords.is_empty();
        if !plain || self.meaning("super") != Meaning::Global || self.meaning("__class__") != Meaning::Free {
            return Ok(false);
        }
        let Some(first) = self.unit().parameters.first().cloned() else { return Ok(false) };
        let range = call.range();
        let base = self.unit().temps(2);
        let cell = self.unit().variable("__class__");
        let index = self.unit().name("__class__");
        self.emit(Op::LoadCell { dst: base, cell, name: index }, range);
        let reg = self.unit().variable(&first);
        let index = self.unit().name(&first);
        match self.meaning(&first) {
            Meaning::Cell => self.emit(Op::LoadCell { dst: base + 1, cell: reg, name: index }, range),
            _ => self.emit(Op::Move { dst: base + 1, src: reg }, range),
        };
        self.emit(Op::Super { dst, base }, range);
        Ok(true)
    }
}
