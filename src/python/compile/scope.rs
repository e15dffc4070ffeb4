//! Which names each function, class and comprehension binds, and where every other name comes from.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Expr, ExprContext, Parameters, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::CompileError;

pub(super) type ScopeId = usize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    Comprehension,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Symbol {
    pub bound: bool,
    pub used: bool,
    pub annotated: bool,
    pub parameter: bool,
    pub global: bool,
    pub nonlocal: bool,
    /// Where it was declared global or nonlocal.
    pub declared_at: TextRange,
}

/// What a name means in a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Local,
    /// A local that inner functions share.
    Cell,
    /// A variable of an outer function.
    Free,
    Global,
    /// A name in the body of a class.
    Name,
}

pub(super) struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<ScopeId>,
    pub symbols: IndexMap<String, Symbol>,
    pub cells: IndexSet<String>,
    pub free: IndexSet<String>,
    pub has_walrus: bool,
    pub is_generator: bool,
    /// Names that `del` or the end of an `except` may unbind.
    pub unbound: IndexSet<String>,
    /// The innermost class around, for private names.
    pub class_name: Option<String>,
}

pub(super) struct Scopes {
    pub all: Vec<Scope>,
    by_node: HashMap<(u32, u32, ScopeKind), ScopeId>,
    /// Where names stand, when somebody asked.
    pub mentions: Option<Vec<Mention>>,
}

/// A name (mangled) as it stands in the text.
pub(super) struct Mention {
    pub name: String,
    pub range: TextRange,
    pub binds: bool,
    pub scope: ScopeId,
}

/// `__name` inside a class becomes `_Class__name`.
pub(super) fn mangle(class_name: Option<&str>, name: &str) -> String {
    match class_name {
        Some(class) if name.starts_with("__") && !name.ends_with("__") && !name.contains('.') => {
            let class = class.trim_start_matches('_');
            if class.is_empty() { name.to_string() } else { format!("_{class}{name}") }
        }
        _ => name.to_string(),
    }
}

impl Scopes {
    pub(super) fn of_node(&self, range: TextRange, kind: ScopeKind) -> ScopeId {
        self.by_node.get(&(range.start().to_u32(), range.end().to_u32(), kind)).copied().unwrap_or(0)
    }

    /// What `name` (mangled) means in a scope.
    pub(super) fn meaning(&self, scope: ScopeId, name: &str) -> Meaning {
        let this = &self.all[scope];
        let symbol = this.symbols.get(name).copied().unwrap_or_default();
        if symbol.global || this.kind == ScopeKind::Module {
            return Meaning::Global;
        }
        if this.kind == ScopeKind::Class {
            if symbol.nonlocal {
                return Meaning::Free;
            }
            return if this.free.contains(name) && !symbol.bound { Meaning::Free } else { Meaning::Name };
        }
        if this.cells.contains(name) {
            return Meaning::Cell;
        }
        if this.free.contains(name) {
            return Meaning::Free;
        }
        if symbol.bound { Meaning::Local } else { Meaning::Global }
    }

    /// The scope whose variable `name` (mangled) is in `scope`; `None` for a global of the notebook.
    pub(super) fn owner(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        match self.meaning(scope, name) {
            Meaning::Global => None,
            Meaning::Name => self.all[scope].symbols.get(name).is_some_and(|symbol| symbol.bound).then_some(scope),
            Meaning::Local | Meaning::Cell => Some(scope),
            Meaning::Free => {
                let mut outer = self.all[scope].parent;
                while let Some(candidate) = outer.filter(|&candidate| !self.all[candidate].cells.contains(name)) {
                    outer = self.all[candidate].parent;
                }
                outer
            }
        }
    }
}

/// Analyses a whole cell.
pub(super) fn analyse(body: &[Stmt]) -> Result<Scopes, CompileError> {
    analysed(body, None)
}

/// Analyses a whole cell and notes where its names stand.
pub(super) fn analyse_with_mentions(body: &[Stmt]) -> Result<Scopes, CompileError> {
    analysed(body, Some(Vec::new()))
}

fn analysed(body: &[Stmt], mentions: Option<Vec<Mention>>) -> Result<Scopes, CompileError> {
    let mut builder = Builder { scopes: Scopes { all: Vec::new(), by_node: HashMap::new(), mentions }, current: 0, error: None, depth: 0 };
    builder.open(ScopeKind::Module, TextRange::default(), None);
    builder.visit_body(body);
    if let Some(error) = builder.error {
        return Err(error);
    }
    let mut scopes = builder.scopes;
    resolve(&mut scopes)?;
    Ok(scopes)
}

/// Connects the uses of names to the outer functions that bind them.
fn resolve(scopes: &mut Scopes) -> Result<(), CompileError> {
    for id in 0..scopes.all.len() {
        let names: Vec<(String, Symbol)> = scopes.all[id].symbols.iter().map(|(name, symbol)| (name.clone(), *symbol)).collect();
        for (name, symbol) in names {
            if symbol.global || scopes.all[id].kind == ScopeKind::Module || (symbol.bound && !symbol.nonlocal) {
                continue;
            }
            let mut path = vec![id];
            let mut outer = scopes.all[id].parent;
            let mut found = None;
            while let Some(candidate) = outer {
                let scope = &scopes.all[candidate];
                let in_function = matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension);
                if let Some(known) = scope.symbols.get(&name) {
                    if in_function && known.global {
                        break;
                    }
                    if in_function && known.bound && !known.nonlocal {
                        found = Some(candidate);
                        break;
                    }
                }
                if scope.kind == ScopeKind::Class && name == "__class__" {
                    found = Some(candidate);
                    break;
                }
                path.push(candidate);
                outer = scope.parent;
            }
            match found {
                Some(owner) => {
                    scopes.all[owner].cells.insert(name.clone());
                    for step in path {
                        scopes.all[step].free.insert(name.clone());
                    }
                }
                None if symbol.nonlocal => {
                    return Err(CompileError::syntax(format!("no binding for nonlocal '{name}' found"), symbol.declared_at));
                }
                None => {}
            }
        }
    }
    Ok(())
}

struct Builder {
    scopes: Scopes,
    current: ScopeId,
    error: Option<CompileError>,
    depth: u32,
}

/// Nesting of expressions and statements that the compiler goes along with.
pub(super) const MAX_DEPTH: u32 = if cfg!(debug_assertions) { 120 } else { 250 };

impl Builder {
    fn open(&mut self, kind: ScopeKind, range: TextRange, class_name: Option<String>) -> ScopeId {
        let id = self.scopes.all.len();
        let parent = (id > 0).then_some(self.current);
        let class_name = class_name.or_else(|| parent.and_then(|parent| self.scopes.all[parent].class_name.clone()));
        self.scopes.all.push(Scope {
            kind,
            parent,
            symbols: IndexMap::new(),
            cells: IndexSet::new(),
            free: IndexSet::new(),
            has_walrus: false,
            is_generator: false,
            unbound: IndexSet::new(),
            class_name,
        });
        self.scopes.by_node.insert((range.start().to_u32(), range.end().to_u32(), kind), id);
        self.current = id;
        id
    }

    fn close(&mut self) {
        self.current = self.scopes.all[self.current].parent.unwrap_or(0);
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scopes.all[self.current]
    }

    fn symbol(&mut self, name: &str) -> &mut Symbol {
        let scope = &mut self.scopes.all[self.current];
        let name = mangle(scope.class_name.as_deref(), name);
        scope.symbols.entry(name).or_default()
    }

    fn bind(&mut self, name: &str) {
        self.symbol(name).bound = true;
    }

    /// Binds a name that stands at `range`.
    fn bind_at(&mut self, name: &str, range: TextRange) {
        self.bind(name);
        self.mention(name, range, true);
    }

    fn mention(&mut self, name: &str, range: TextRange, binds: bool) {
        let scope = self.current;
        if let Some(mentions) = &mut self.scopes.mentions {
            let name = mangle(self.scopes.all[scope].class_name.as_deref(), name);
            mentions.push(Mention { name, range, binds, scope });
        }
    }

    fn fail(&mut self, message: impl Into<String>, range: TextRange) {
        self.error.get_or_insert(CompileError::syntax(message, range));
    }

    fn parameters(&mut self, parameters: &Parameters) {
        for parameter in parameters.iter() {
            let name = parameter.name();
            let symbol = self.symbol(name.as_str());
            let repeated = symbol.parameter;
            symbol.bound = true;
            symbol.parameter = true;
            self.mention(name.as_str(), name.range(), true);
            if repeated {
                self.fail(format!("duplicate argument '{}' in function definition", name.as_str()), name.range());
            }
        }
    }

    fn defaults(&mut self, parameters: &Parameters, annotations: bool) {
        for parameter in parameters.iter() {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
            if let (true, Some(annotation)) = (annotations, parameter.annotation()) {
                self.visit_expr(annotation);
            }
        }
    }

    fn comprehension<'a>(&mut self, range: TextRange, generators: &'a [Comprehension], elements: &[&'a Expr]) {
        let Some(first) = generators.first() else { return };
        self.visit_expr(&first.iter);
        self.open(ScopeKind::Comprehension, range, None);
        self.bind(".0");
        self.scope().symbols[".0"].parameter = true;
        for (index, generator) in generators.iter().enumerate() {
            self.visit_expr(&generator.target);
            if index > 0 {
                self.visit_expr(&generator.iter);
            }
            for condition in &generator.ifs {
                self.visit_expr(condition);
            }
        }
        for element in elements {
            self.visit_expr(element);
        }
        self.close();
    }

    /// `:=` in a comprehension binds in the function around it.
    fn walrus_target(&mut self, name: &str, range: TextRange) {
        let start = self.current;
        let mut owner = start;
        while self.scopes.all[owner].kind == ScopeKind::Comprehension {
            if self.scopes.all[owner].symbols.get(name).is_some_and(|symbol| symbol.bound && !symbol.nonlocal && !symbol.global) {
                self.fail(format!("assignment expression cannot rebind comprehension iteration variable '{name}'"), range);
                return;
            }
            owner = self.scopes.all[owner].parent.unwrap_or(0);
        }
        if owner != start && self.scopes.all[owner].kind == ScopeKind::Class {
            self.fail("assignment expression within a comprehension cannot be used in a class body", range);
            return;
        }
        let is_global = self.scopes.all[owner].kind == ScopeKind::Module
            || self.scopes.all[owner].symbols.get(name).is_some_and(|symbol| symbol.global);
        self.current = owner;
        self.bind(name);
        self.scope().has_walrus = true;
        self.current = start;
        let mut inner = start;
        while inner != owner {
            let scope = &mut self.scopes.all[inner];
            scope.has_walrus = true;
            let symbol = scope.symbols.entry(name.to_string()).or_default();
            if is_global {
                symbol.global = true;
            } else {
                symbol.nonlocal = true;
                symbol.declared_at = range;
            }
            inner = scope.parent.unwrap_or(owner);
        }
    }
}

impl<'a> Visitor<'a> for Builder {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.error.is_some() {
            return;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.fail("too many statically nested blocks", stmt.range());
            self.depth -= 1;
            return;
        }
        match stmt {
            Stmt::FunctionDef(def) => {
                for decorator in &def.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                self.defaults(&def.parameters, true);
                if let Some(returns) = &def.returns {
                    self.visit_expr(returns);
                }
                self.bind_at(def.name.as_str(), def.name.range());
                self.open(ScopeKind::Function, def.range, None);
                self.parameters(&def.parameters);
                self.visit_body(&def.body);
                self.close();
            }
            Stmt::ClassDef(def) => {
                for decorator in &def.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                if let Some(arguments) = &def.arguments {
                    self.visit_arguments(arguments);
                }
                self.bind_at(def.name.as_str(), def.name.range());
                self.open(ScopeKind::Class, def.range, Some(def.name.as_str().to_string()));
                self.visit_body(&def.body);
                self.close();
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    self.mention(name.as_str(), name.range(), false);
                    let symbol = self.symbol(name.as_str());
                    if symbol.parameter {
                        self.fail(format!("name '{name}' is parameter and global"), stmt.range());
                    } else if symbol.used {
                        self.fail(format!("name '{name}' is used prior to global declaration"), stmt.range());
                    } else if symbol.annotated {
                        self.fail(format!("annotated name '{name}' can't be global"), stmt.range());
                    } else if symbol.bound {
                        self.fail(format!("name '{name}' is assigned to before global declaration"), stmt.range());
                    } else if symbol.nonlocal {
                        self.fail(format!("name '{name}' is nonlocal and global"), stmt.range());
                    } else {
                        symbol.global = true;
                    }
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                if self.scope().kind == ScopeKind::Module {
                    self.fail("nonlocal declaration not allowed at module level", stmt.range());
                }
                for name in &nonlocal.names {
                    self.mention(name.as_str(), name.range(), false);
                    let symbol = self.symbol(name.as_str());
                    if symbol.parameter {
                        self.fail(format!("name '{name}' is parameter and nonlocal"), stmt.range());
                    } else if symbol.used {
                        self.fail(format!("name '{name}' is used prior to nonlocal declaration"), stmt.range());
                    } else if symbol.annotated {
                        self.fail(format!("annotated name '{name}' can't be nonlocal"), stmt.range());
                    } else if symbol.bound {
                        self.fail(format!("name '{name}' is assigned to before nonlocal declaration"), stmt.range());
                    } else if symbol.global {
                        self.fail(format!("name '{name}' is nonlocal and global"), stmt.range());
                    } else {
                        symbol.nonlocal = true;
                        symbol.declared_at = stmt.range();
                    }
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    match &alias.asname {
                        Some(name) => self.bind_at(name.as_str(), name.range()),
                        None => {
                            let first = alias.name.as_str().split('.').next().unwrap_or("");
                            self.bind_at(first, TextRange::at(alias.name.start(), TextSize::of(first)));
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    if alias.name.as_str() == "*" {
                        if self.scope().kind != ScopeKind::Module {
                            self.fail("import * only allowed at module level", alias.range);
                        }
                        continue;
                    }
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind_at(name.as_str(), name.range());
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.bind_at(name.id.as_str(), name.range);
                    self.symbol(name.id.as_str()).annotated = true;
                } else {
                    self.visit_expr(&assign.target);
                }
                let evaluated = matches!(self.scope().kind, ScopeKind::Module | ScopeKind::Class) || !assign.simple;
                if evaluated {
                    self.visit_expr(&assign.annotation);
                }
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
            }
            Stmt::Try(statement) => {
                for handler in &statement.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    if let Some(name) = &handler.name {
                        self.bind_at(name.as_str(), name.range());
                        let class_name = self.scope().class_name.clone();
                        let name = mangle(class_name.as_deref(), name.as_str());
                        self.scope().unbound.insert(name);
                    }
                }
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
        self.depth -= 1;
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.error.is_some() {
            return;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.fail("this expression is nested too deeply", expr.range());
            self.depth -= 1;
            return;
        }
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Store => self.bind_at(name.id.as_str(), name.range),
                ExprContext::Del => {
                    self.bind(name.id.as_str());
                    self.mention(name.id.as_str(), name.range, false);
                    let class_name = self.scope().class_name.clone();
                    let name = mangle(class_name.as_deref(), name.id.as_str());
                    self.scope().unbound.insert(name);
                }
                _ => {
                    self.symbol(name.id.as_str()).used = true;
                    self.mention(name.id.as_str(), name.range, false);
                    if name.id.as_str() == "super"
                        && matches!(self.scope().kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension)
                    {
                        self.symbol("__class__");
                    }
                }
            },
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                if let Expr::Name(name) = &*named.target {
                    let class_name = self.scope().class_name.clone();
                    let mangled = mangle(class_name.as_deref(), name.id.as_str());
                    self.walrus_target(&mangled, named.range);
                    self.mention(name.id.as_str(), name.range, true);
                }
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters, false);
                }
                self.open(ScopeKind::Lambda, lambda.range, None);
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters);
                }
                self.visit_expr(&lambda.body);
                self.close();
            }
            Expr::ListComp(comp) => self.comprehension(comp.range, &comp.generators, &[&comp.elt]),
            Expr::SetComp(comp) => self.comprehension(comp.range, &comp.generators, &[&comp.elt]),
            Expr::DictComp(comp) => {
                let mut elements: Vec<&Expr> = comp.key.iter().map(|key| &**key).collect();
                elements.push(&comp.value);
                self.comprehension(comp.range, &comp.generators, &elements);
            }
            Expr::Generator(comp) => self.comprehension(comp.range, &comp.generators, &[&comp.elt]),
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                match self.scope().kind {
                    ScopeKind::Function | ScopeKind::Lambda => self.scope().is_generator = true,
                    ScopeKind::Comprehension => self.fail("'yield' inside list comprehension", expr.range()),
                    _ => self.fail("'yield' outside function", expr.range()),
                }
                visitor::walk_expr(self, expr);
            }
            Expr::StringLiteral(_) | Expr::NumberLiteral(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
        self.depth -= 1;
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(matched) => {
                if let Some(name) = &matched.name {
                    self.bind_at(name.as_str(), name.range());
                }
            }
            Pattern::MatchStar(matched) => {
                if let Some(name) = &matched.name {
                    self.bind_at(name.as_str(), name.range());
                }
            }
            Pattern::MatchMapping(matched) => {
                if let Some(name) = &matched.rest {
                    self.bind_at(name.as_str(), name.range());
                }
            }
            _ => {}
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.fail("this pattern is nested too deeply", pattern.range());
        } else {
            visitor::walk_pattern(self, pattern);
        }
        self.depth -= 1;
    }
}
