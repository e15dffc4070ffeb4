//! Functions, classes, lambdas and comprehensions.

use std::rc::Rc;

use ruff_python_ast::{Comprehension, Decorator, Expr, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::code::{Code, CodeKind, Op, Reg, Template};
use crate::text::Name;
use crate::value::Value;

use super::expression::Element;
use super::scope::{Meaning, ScopeId, ScopeKind};
use super::unit::Unit;
use super::{CompileError, Compiled, Compiler};

/// The text of a docstring.
fn docstring(body: &[Stmt]) -> Option<Value> {
    match body.first() {
        Some(Stmt::Expr(statement)) => match &*statement.value {
            Expr::StringLiteral(literal) => Some(Value::str(literal.value.to_str())),
            _ => None,
        },
        _ => None,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn function_def(&mut self, def: &'a ruff_python_ast::StmtFunctionDef) -> Compiled<()> {
        if def.is_async {
            return Err(CompileError::unsupported("'async def' functions", def.name.range));
        }
        if def.type_params.is_some() {
            return Err(CompileError::unsupported("type parameters", def.name.range));
        }
        let top = self.unit().top;
        let decorators = self.decorators(&def.decorator_list)?;
        let range = TextRange::new(def.name.range.start(), def.name.range.end());
        let (base, defaults, keyword_defaults) = self.defaults(&def.parameters)?;
        let mut annotations = Vec::new();
        for parameter in def.parameters.iter() {
            if let Some(annotation) = parameter.annotation() {
                self.annotation(annotation)?;
                let name = self.mangled(parameter.name().as_str());
                annotations.push(Name::new(&name));
            }
        }
        if let Some(returns) = &def.returns {
            self.annotation(returns)?;
            annotations.push(Name::new("return"));
        }
        let scope = self.scope_of(def.range, ScopeKind::Function);
        let qualname = self.qualname(def.name.as_str());
        let mut unit = Unit::new(scope, CodeKind::Function, def.name.as_str(), &qualname, docstring(&def.body));
        unit.first_line =
            self.source.line_of(def.decorator_list.first().map_or(def.name.range.start(), |decorator| decorator.range.start()).to_u32());
        self.units.push(unit);
        self.declare_parameters(Some(&def.parameters));
        self.prologue();
        let body = if docstring(&def.body).is_some() { &def.body[1..] } else { &def.body[..] };
        self.body(body)?;
        self.emit(Op::ReturnNone, def.range);
        let code = self.finish_function()?;
        let dst = self.make_function(code, scope, base, defaults, keyword_defaults, annotations, range);
        self.apply_decorators(&def.decorator_list, decorators, dst)?;
        self.store_name(def.name.as_str(), dst, range);
        self.unit().top = top;
        Ok(())
    }

    fn finish_function(&mut self) -> Compiled<Rc<Code>> {
        let unit = self.pop_unit();
        self.finish(unit)
    }

    /// Values of decorators, from the first on.
    fn decorators(&mut self, list: &'a [Decorator]) -> Compiled<Vec<Reg>> {
        let mut registers = Vec::new();
        for decorator in list {
            // Each decorator and its argument stand side by side for the call.
            let base = self.unit().temps(2);
            self.expr_to(&decorator.expression, base)?;
            registers.push(base);
        }
        Ok(registers)
    }

    fn apply_decorators(&mut self, list: &'a [Decorator], registers: Vec<Reg>, dst: Reg) -> Compiled<()> {
        for (decorator, base) in list.iter().zip(registers).rev() {
            let range = decorator.expression.range();
            self.emit(Op::Move { dst: base + 1, src: dst }, range);
            self.emit(Op::Call { argc: 1, dst, base }, range);
        }
        Ok(())
    }

    /// Evaluates default values, positional ones first; gives where they begin, how many, and the names of keyword-only ones.
    fn defaults(&mut self, parameters: &'a Parameters) -> Compiled<(Reg, u16, Vec<Name>)> {
        let base = self.unit().top as Reg;
        let mut count = 0;
        for parameter in parameters.posonlyargs.iter().chain(parameters.args.iter()) {
            if let Some(default) = &parameter.default {
                self.expr_temp(default)?;
                count += 1;
            }
        }
        let mut names = Vec::new();
        for parameter in &parameters.kwonlyargs {
            if let Some(default) = &parameter.default {
                self.expr_temp(default)?;
                let name = self.mangled(parameter.parameter.name.as_str());
                names.push(Name::new(&name));
            }
        }
        Ok((base, count, names))
    }

    /// Gives parameters, then the other variables, then free variables their registers.
    fn declare_parameters(&mut self, parameters: Option<&'a Parameters>) {
        let scope = self.scope_id();
        if let Some(parameters) = parameters {
            let mangle = |compiler: &Self, name: &str| compiler.mangled(name);
            let mut all: Vec<String> = Vec::new();
            for parameter in parameters.posonlyargs.iter().chain(parameters.args.iter()).chain(parameters.kwonlyargs.iter()) {
                all.push(mangle(self, parameter.parameter.name.as_str()));
            }
            for parameter in parameters.vararg.iter().chain(parameters.kwarg.iter()) {
                all.push(mangle(self, parameter.name.as_str()));
            }
            let unit = self.unit();
            unit.positional_only = parameters.posonlyargs.len() as u16;
            unit.positional_count = (parameters.posonlyargs.len() + parameters.args.len()) as u16;
            unit.keyword_only = parameters.kwonlyargs.len() as u16;
            unit.has_varargs = parameters.vararg.is_some();
            unit.has_kwargs = parameters.kwarg.is_some();
            unit.parameters = all.iter().map(|name| Name::new(name)).collect();
            for name in all {
                unit.declare(&name);
            }
        }
        let names: Vec<String> = self.scopes.all[scope].symbols.keys().cloned().collect();
        for name in names {
            let declared = self.unit().parameters.iter().any(|parameter| **parameter == *name);
            if !declared && matches!(self.meaning(&name), Meaning::Local | Meaning::Cell) {
                self.unit().declare(&name);
            }
        }
        let parameters = self.unit().parameters.clone();
        for parameter in parameters {
            let reg = self.unit().variable(&parameter);
            self.mark_bound(&parameter, reg);
        }
    }

    /// Makes cells of shared variables, and takes over those of outer functions.
    fn prologue(&mut self) {
        let scope = self.scope_id();
        let cells: Vec<String> = self.scopes.all[scope].cells.iter().cloned().collect();
        let range = TextRange::default();
        for name in &cells {
            if self.unit().kind == CodeKind::Class {
                self.unit().declare(name);
            }
            let reg = self.unit().variable(name);
            self.emit(Op::MakeCell { reg }, range);
        }
        let free: Vec<String> = self.scopes.all[scope].free.iter().cloned().collect();
        let first = self.unit().top as Reg;
        self.unit().first_free = first;
        self.unit().free_count = free.len() as u16;
        for name in &free {
            if cells.contains(name) {
                // In a class that both shares a name and passes an outer one of the same name on: inner functions see the outer one.
                self.unit().temp();
            } else {
                self.unit().declare(name);
            }
        }
    }

    /// Emits the instruction that makes a function of `code`; defaults and annotations stand from `base` on.
    #[allow(clippy::too_many_arguments)]
    fn make_function(
        &mut self,
        code: Rc<Code>,
        scope: ScopeId,
        base: Reg,
        defaults: u16,
        keyword_defaults: Vec<Name>,
        annotations: Vec<Name>,
        range: TextRange,
    ) -> Reg {
        let free: Vec<String> = self.scopes.all[scope].free.iter().cloned().collect();
        let closure = free.iter().map(|name| self.unit().variable(name)).collect();
        let template = self.unit().template(Template { code, defaults, keyword_defaults, annotations, closure });
        let dst = self.unit().temp();
        self.emit(Op::MakeFunction { dst, base, template }, range);
        dst
    }

    pub(super) fn lambda(&mut self, lambda: &'a ruff_python_ast::ExprLambda, dst: Reg) -> Compiled<()> {
        let (base, defaults, keyword_defaults) = match &lambda.parameters {
            Some(parameters) => self.defaults(parameters)?,
            None => (self.unit().top as Reg, 0, Vec::new()),
        };
        let scope = self.scope_of(lambda.range, ScopeKind::Lambda);
        let qualname = self.qualname("<lambda>");
        let mut unit = Unit::new(scope, CodeKind::Function, "<lambda>", &qualname, None);
        unit.first_line = self.source.line_of(lambda.range.start().to_u32());
        self.units.push(unit);
        self.declare_parameters(lambda.parameters.as_deref());
        self.prologue();
        let value = self.expr_temp(&lambda.body)?;
        self.emit(Op::Return { src: value }, lambda.body.range());
        let code = self.finish_function()?;
        let function = self.make_function(code, scope, base, defaults, keyword_defaults, Vec::new(), lambda.range);
        self.emit(Op::Move { dst, src: function }, lambda.range);
        Ok(())
    }

    /// A comprehension: a function of its own that gets the iterator of the first `for`.
    pub(super) fn comprehension(
        &mut self,
        scope: ScopeId,
        name: &str,
        range: TextRange,
        generators: &'a [Comprehension],
        element: Element<'a>,
        dst: Reg,
    ) -> Compiled<()> {
        if let Some(generator) = generators.iter().find(|generator| generator.is_async) {
            return Err(CompileError::unsupported("asynchronous comprehensions", generator.range));
        }
        let Some(first) = generators.first() else { return Ok(()) };
        let base = self.unit().temps(2);
        let qualname = self.qualname(name);
        let mut unit = Unit::new(scope, CodeKind::Function, name, &qualname, None);
        unit.first_line = self.source.line_of(range.start().to_u32());
        unit.is_generator_expression = matches!(element, Element::Yield(_));
        unit.positional_count = 1;
        unit.parameters = vec![Name::new(".0")];
        unit.declare(".0");
        self.units.push(unit);
        self.declare_parameters(None);
        self.prologue();
        let result = self.unit().temp();
        match element {
            Element::List(_) => {
                self.emit(Op::List { dst: result, base: result, count: 0 }, range);
            }
            Element::Set(_) => {
                self.emit(Op::Set { dst: result, base: result, count: 0 }, range);
            }
            Element::Dict(..) => {
                self.emit(Op::Dict { dst: result, base: result, count: 0 }, range);
            }
            Element::Yield(_) => {}
        }
        self.comprehension_loop(generators, 0, element, result, range)?;
        match element {
            Element::Yield(_) => self.emit(Op::ReturnNone, range),
            _ => self.emit(Op::Return { src: result }, range),
        };
        let code = self.finish_function()?;
        let function = self.make_function(code, scope, base, 0, Vec::new(), Vec::new(), range);
        self.emit(Op::Move { dst: base, src: function }, range);
        let source = self.expr_any(&first.iter)?;
        self.emit(Op::GetIter { dst: base + 1, src: source }, range);
        self.emit(Op::Call { argc: 1, dst, base }, range);
        Ok(())
    }

    /// A range with the brackets right around it.
    pub(super) fn bracketed(&self, range: TextRange) -> TextRange {
        let text = &self.source.text;
        let (before, after) = (&text[..range.start().to_usize()], &text[range.end().to_usize()..]);
        let start = before.trim_end().strip_suffix('(').map_or(range.start().to_usize(), str::len);
        let end = match after.trim_start().strip_prefix(')') {
            Some(rest) => text.len() - rest.len(),
            None => range.end().to_usize(),
        };
        TextRange::new((start as u32).into(), (end as u32).into())
    }

    fn comprehension_loop(
        &mut self,
        generators: &'a [Comprehension],
        level: usize,
        element: Element<'a>,
        result: Reg,
        range: TextRange,
    ) -> Compiled<()> {
        let Some(generator) = generators.get(level) else {
            let top = self.unit().top;
            match element {
                Element::List(item) => {
                    let value = self.expr_any(item)?;
                    self.emit(Op::ListAppend { list: result, value }, range);
                }
                Element::Set(item) => {
                    let value = self.expr_any(item)?;
                    self.emit(Op::SetAdd { set: result, value }, range);
                }
                Element::Dict(key, value) => {
                    let key = self.expr_any(key)?;
                    let value = self.expr_any(value)?;
                    self.emit(Op::DictSet { dict: result, key, value }, range);
                }
                Element::Yield(item) => {
                    let src = self.expr_temp(item)?;
                    let dst = self.unit().temp();
                    self.emit(Op::Yield { dst, src }, item.range());
                }
            }
            self.unit().top = top;
            return Ok(());
        };
        let iter_range = range;
        let iter = if level == 0 {
            self.unit().variable(".0")
        } else {
            let iter = self.unit().temp();
            let source = self.expr_any(&generator.iter)?;
            self.emit(Op::GetIter { dst: iter, src: source }, iter_range);
            iter
        };
        let bound = self.unit().bound.clone();
        let start = self.unit().here();
        let jump = self.unit().jump();
        let local = match &generator.target {
            Expr::Name(name) => self.plain_local(name.id.as_str()),
            _ => None,
        };
        let dst = local.unwrap_or_else(|| self.unit().temp());
        let exit = self.emit(Op::ForIter { dst, iter, jump }, iter_range);
        match (local, &generator.target) {
            (Some(reg), Expr::Name(name)) => {
                let name = self.mangled(name.id.as_str());
                self.mark_bound(&name, reg);
            }
            (_, target) => self.store(target, dst)?,
        }
        for condition in &generator.ifs {
            for at in self.jump_unless(condition)? {
                self.unit().patch_to(at, start as u32);
            }
        }
        self.nested(range, |compiler| compiler.comprehension_loop(generators, level + 1, element, result, range))?;
        self.emit(Op::JumpBack { target: start as u32 }, iter_range);
        self.unit().patch(exit);
        self.unit().bound = bound;
        Ok(())
    }

    pub(super) fn class_def(&mut self, def: &'a ruff_python_ast::StmtClassDef) -> Compiled<()> {
        if def.type_params.is_some() {
            return Err(CompileError::unsupported("type parameters", def.name.range));
        }
        let top = self.unit().top;
        let decorators = self.decorators(&def.decorator_list)?;
        let range = TextRange::new(def.range.start(), def.name.range.end());
        let range = match def.decorator_list.last() {
            Some(last) => TextRange::new(last.range.end(), def.name.range.end()),
            None => range,
        };
        let range = self.class_line(range, def);
        // The body, the name, a list of bases and a dict of keywords.
        let base = self.unit().temps(4);
        let scope = self.scope_of(def.range, ScopeKind::Class);
        let qualname = self.qualname(def.name.as_str());
        let mut unit = Unit::new(scope, CodeKind::Class, def.name.as_str(), &qualname, None);
        unit.first_line = self.source.line_of(def.name.range.start().to_u32());
        self.units.push(unit);
        self.prologue();
        if let Some(doc) = docstring(&def.body) {
            let value = self.unit().temp();
            let index = self.constant(doc);
            self.emit(Op::Const { dst: value, index }, def.range);
            let name = self.unit().name("__doc__");
            self.emit(Op::StoreName { src: value, name }, def.range);
        }
        let body = if docstring(&def.body).is_some() { &def.body[1..] } else { &def.body[..] };
        self.body(body)?;
        let shares_class = self.scopes.all[scope].cells.contains("__class__");
        if shares_class {
            let cell = self.unit().variable("__class__");
            let value = self.unit().temp();
            self.emit(Op::Move { dst: value, src: cell }, def.range);
            self.emit(Op::Return { src: value }, def.range);
        }
        self.emit(Op::ReturnNone, def.range);
        let code = self.finish_function()?;
        let function = self.make_function(code, scope, base, 0, Vec::new(), Vec::new(), range);
        self.emit(Op::Move { dst: base, src: function }, range);
        let index = self.constant(Value::str(def.name.as_str()));
        self.emit(Op::Const { dst: base + 1, index }, range);
        match &def.arguments {
            Some(arguments) => {
                let inner = self.unit().top;
                let spread = self.unit().temp();
                self.emit(Op::None { dst: spread }, range);
                self.spread_arguments(arguments, spread, range)?;
                self.emit(Op::Move { dst: base + 2, src: spread + 1 }, range);
                self.emit(Op::Move { dst: base + 3, src: spread + 2 }, range);
                self.unit().top = inner;
            }
            None => {
                self.emit(Op::List { dst: base + 2, base: base + 2, count: 0 }, range);
                self.emit(Op::None { dst: base + 3 }, range);
            }
        }
        self.emit(Op::BuildClass { dst: base, base, site: 0 }, range);
        self.apply_decorators(&def.decorator_list, decorators, base)?;
        self.store_name(def.name.as_str(), base, range);
        self.unit().top = top;
        Ok(())
    }

    /// Errors of a class statement are shown on its first line, from `class` on.
    fn class_line(&self, range: TextRange, def: &ruff_python_ast::StmtClassDef) -> TextRange {
        let text = &self.source.text[range.to_std_range()];
        let skipped = text.find("class").unwrap_or(0) as u32;
        let start = range.start() + ruff_text_size::TextSize::new(skipped);
        TextRange::new(start, def.range.end())
    }
}
