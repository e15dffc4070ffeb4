//! Completion and inspection, from live values and from what signatures say that calls return. No program code runs.

use std::rc::Rc;

use crate::class::PyClass;
use crate::function::PyBuiltin;
use crate::native::{Member, MemberKind};
use crate::place::{Place, place};
use crate::text::Name;
use crate::value::{Descriptor, Value};
use crate::vm::Vm;

/// What can stand at the cursor: `options` replace the text from the byte offset `from`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    pub from: usize,
    pub options: Vec<Member>,
}

/// What is known of something under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its name, dotted as written.
    pub name: String,
    pub kind: MemberKind,
    pub signature: String,
    pub doc: String,
}

const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "break", "case", "class", "continue", "def", "del", "elif", "else", "except", "False", "finally", "for", "from",
    "global", "if", "import", "in", "is", "lambda", "match", "None", "nonlocal", "not", "or", "pass", "raise", "return", "True", "try",
    "while", "with", "yield",
];

/// Dots and calls that a chain may have to be understood.
const MAX_CHAIN: u32 = 50;

/// What an expression is known to be.
enum Known {
    Value(Value),
    InstanceOf(Rc<PyClass>),
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The byte offset where the word that ends at `end` begins.
fn word_start(text: &str, end: usize) -> usize {
    text[..end].char_indices().rev().take_while(|&(_, c)| is_word(c)).last().map_or(end, |(at, _)| at)
}

/// The call that the cursor is in the arguments of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The function, dotted as written.
    pub name: String,
    /// As a signature shows them: `b: int = 1`.
    pub parameters: Vec<String>,
    /// Which of them the argument at the cursor is for.
    pub active: Option<usize>,
    pub doc: String,
}

/// A cell below the cells that were not run yet, as one text, and where the cursor is in it.
fn below(above: &str, source: &str, offset: usize) -> (String, usize) {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = if above.is_empty() { 0 } else { above.len() + 1 };
    (if above.is_empty() { source.to_owned() } else { format!("{above}\n{source}") }, start + offset)
}

/// What can stand at a byte offset of a cell; `above` is the source of the cells before it, which tells of names that aren't bound yet.
pub(crate) fn complete(vm: &mut Vm, above: &str, source: &str, offset: usize) -> Completions {
    let (text, at) = below(above, source, offset);
    let start = text.len() - source.len();
    // A string that is left open in a cell above ends with it.
    if !above.is_empty() && place(&text[..start]) != Place::Code {
        return complete(vm, "", source, offset);
    }
    let found = complete_in(vm, &text, at);
    Completions { from: found.from - start, options: found.options }
}

fn complete_in(vm: &mut Vm, source: &str, offset: usize) -> Completions {
    let before = &source[..offset];
    let (from, inside) = match place(before) {
        Place::Code => (word_start(source, offset), None),
        Place::Comment => return Completions { from: offset, options: Vec::new() },
        Place::String { literal, content } => (content, Some(literal)),
    };
    let prefix = &source[from..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before[line_start..].trim_start();
    let mut options = if let Some(literal) = inside {
        let mut options = value_options(vm, source, literal);
        if options.is_empty() {
            options = column_options(vm, source, literal, prefix);
        }
        options
    } else if prefix.is_empty() && before.ends_with(['"', '\'', ')', ']', '}']) {
        // No name can follow.
        Vec::new()
    } else if let Some(options) = import_options(vm, line, prefix) {
        options
    } else if before[..from].ends_with('.') {
        match known(vm, source, from - 1) {
            Some(Known::Value(value)) => members(vm, &value),
            Some(Known::InstanceOf(class)) => class_members(&class),
            None => Vec::new(),
        }
    } else if prefix.starts_with(|c: char| c.is_ascii_digit()) {
        Vec::new()
    } else {
        let mut options = parameter_options(vm, source, from);
        options.extend(name_options(vm, source, from));
        options
    };
    let hidden = !prefix.starts_with('_');
    options.retain(|option| option.name.starts_with(prefix) && !(hidden && option.name.starts_with('_')));
    Completions { from, options }
}

/// Modules after `import` and `from`, names after `from … import`.
fn import_options(vm: &mut Vm, line: &str, prefix: &str) -> Option<Vec<Member>> {
    let rest = &line[..line.len() - prefix.len()];
    let module = |name: String| Member { name, kind: MemberKind::Module, signature: String::new(), doc: String::new() };
    if let Some(after) = rest.strip_prefix("from ")
        && let Some((path, _)) = after.split_once(" import ")
    {
        let value = match vm.modules.get(path.trim()) {
            Some(value) => value.clone(),
            None => vm.import(path.trim()).ok()?,
        };
        return Some(members(vm, &value));
    }
    let path =
        rest.strip_prefix("from ").or_else(|| rest.strip_prefix("import ").map(|names| names.rsplit(", ").next().unwrap_or(names)))?;
    if path.contains(' ') {
        return None;
    }
    let known: Vec<String> = vm.modules.keys().cloned().chain(crate::modules::names().map(String::from)).collect();
    let mut names: Vec<String> = known
        .iter()
        .filter_map(|name| name.strip_prefix(path))
        .map(|rest| rest.split('.').next().unwrap_or(rest).to_string())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    Some(names.into_iter().map(module).collect())
}

/// Names bound in the notebook, assigned in the cell, builtins and keywords.
fn name_options(vm: &mut Vm, source: &str, from: usize) -> Vec<Member> {
    let mut options: Vec<Member> = Vec::new();
    for (name, value) in vm.globals().items() {
        let mut found = member(&name, &value);
        if found.kind == MemberKind::Variable {
            found.signature = vm.class_of(&value).name.borrow().to_string();
        }
        options.push(found);
    }
    let mut at = 0;
    for (start, _) in source.match_indices(|c: char| is_word(c)).filter(|(start, _)| {
        let first = *start >= at;
        if first {
            at = source[*start..].find(|c: char| !is_word(c)).map_or(source.len(), |length| start + length);
        }
        first
    }) {
        let word = &source[start..source[start..].find(|c: char| !is_word(c)).map_or(source.len(), |length| start + length)];
        let fresh = start != from && !word.starts_with(|c: char| c.is_ascii_digit()) && !options.iter().any(|option| option.name == word);
        let assigned =
            source[start + word.len()..].trim_start_matches([' ', '\t']).strip_prefix('=').is_some_and(|rest| !rest.starts_with('='));
        let defined = ["def ", "class ", "for ", "as ", "import "].iter().any(|keyword| source[..start].ends_with(keyword));
        if fresh && (assigned || defined) {
            options.push(Member { name: word.into(), kind: MemberKind::Variable, signature: String::new(), doc: String::new() });
        }
    }
    let builtins: Vec<(Name, Value)> = vm.builtins.attrs.borrow().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    for (name, value) in builtins {
        if !options.iter().any(|option| option.name == *name) {
            options.push(member(&name, &value));
        }
    }
    options.extend(KEYWORDS.iter().map(|word| Member {
        name: (*word).into(),
        kind: MemberKind::Keyword,
        signature: String::new(),
        doc: String::new(),
    }));
    options
}

/// `name=` for each parameter of the call around the cursor.
fn parameter_options(vm: &mut Vm, source: &str, from: usize) -> Vec<Member> {
    let Some(open) = enclosing_call(source, from) else { return Vec::new() };
    let Some(Known::Value(callee)) = known(vm, source, open) else { return Vec::new() };
    let given = &source[open + 1..from];
    let Some(signature) = signature_of(vm, &callee) else { return Vec::new() };
    signature
        .parameters
        .iter()
        .filter(|parameter| &*parameter.name != "self" && !given.contains(&format!("{}=", parameter.name)))
        .filter(|parameter| matches!(parameter.kind, crate::ParameterKind::Normal | crate::ParameterKind::KeywordOnly))
        .map(|parameter| Member {
            name: format!("{}=", parameter.name),
            kind: MemberKind::Parameter,
            signature: parameter.default.as_ref().map(crate::repr::literal_repr).unwrap_or_default(),
            doc: parameter.annotation.clone().unwrap_or_default(),
        })
        .collect()
}

/// The values that a parameter may have, for a string that is its argument: `family="…"`.
fn value_options(vm: &mut Vm, source: &str, literal: usize) -> Vec<Member> {
    let Some(before) = source[..literal].trim_end().strip_suffix('=') else { return Vec::new() };
    let name = &before[word_start(before, before.len())..];
    let Some(open) = enclosing_call(source, literal) else { return Vec::new() };
    let Some(Known::Value(callee)) = known(vm, source, open) else { return Vec::new() };
    let Some(signature) = signature_of(vm, &callee) else { return Vec::new() };
    let parameter = signature.parameters.iter().find(|parameter| &*parameter.name == name);
    let annotation = parameter.and_then(|parameter| parameter.annotation.as_deref()).unwrap_or_default();
    let Some(values) = annotation.strip_prefix("Literal[").and_then(|rest| rest.split_once(']')) else { return Vec::new() };
    let values = values.0.split(',').map(|value| value.trim().trim_matches(['\'', '"']));
    values.map(|value| Member { name: value.into(), kind: MemberKind::Value, signature: String::new(), doc: String::new() }).collect()
}

/// Columns for a string that is an argument or an index: those of the frame at hand, else of every frame that has a name.
fn column_options(vm: &mut Vm, source: &str, literal: usize, prefix: &str) -> Vec<Member> {
    let mut at = literal;
    let open = loop {
        let Some(open) = enclosing_bracket(source, at) else { return Vec::new() };
        // Around a list, a tuple or a dict lies what it is given to.
        if source[..open].ends_with(|c: char| is_word(c) || c == ')' || c == ']') {
            break open;
        }
        at = open;
    };
    let name = word_start(source, open);
    let owner = match (source[..open + 1].ends_with('['), source[..name].ends_with('.')) {
        (true, _) => known(vm, source, open),
        (false, true) => known(vm, source, name - 1),
        (false, false) if vm.globals().get(&source[name..open]).is_none() && vm.builtins.get(&source[name..open]).is_some() => {
            return Vec::new();
        }
        (false, false) => None,
    };
    let own = match &owner {
        Some(Known::Value(value)) => columns(value),
        _ => Vec::new(),
    };
    // Any string could begin after a bare quote; some letters say that it is a column.
    if !own.is_empty() || prefix.is_empty() {
        return own;
    }
    let mut all: Vec<Member> = Vec::new();
    for (_, value) in vm.globals().items() {
        for column in columns(&value) {
            if !all.iter().any(|known| known.name == column.name) {
                all.push(column);
            }
        }
    }
    all
}

fn columns(value: &Value) -> Vec<Member> {
    let Value::Native(native) = value else { return Vec::new() };
    native.object().members().into_iter().filter(|member| member.kind == MemberKind::Column).collect()
}

/// The position of the innermost bracket that is open at `at`.
fn enclosing_bracket(source: &str, at: usize) -> Option<usize> {
    let mut depth = 0;
    for (position, byte) in source.as_bytes()[..at].iter().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b'(' | b'[' | b'{' => return Some(position),
            _ => {}
        }
    }
    None
}

/// The position of the open parenthesis when the innermost bracket around `at` is a call's.
fn enclosing_call(source: &str, at: usize) -> Option<usize> {
    let open = enclosing_bracket(source, at)?;
    let called = source[open..].starts_with('(') && source[..open].ends_with(|c: char| is_word(c) || c == ')');
    called.then_some(open)
}

/// What the expression that ends at byte `end` is: names, dots, calls whose signature says what they return.
fn known(vm: &mut Vm, source: &str, end: usize) -> Option<Known> {
    known_within(vm, source, end, MAX_CHAIN)
}

fn known_within(vm: &mut Vm, source: &str, end: usize, chain: u32) -> Option<Known> {
    let chain = chain.checked_sub(1)?;
    let text = source[..end].trim_end_matches([' ', '\t', '\n', '\\']);
    let end = text.len();
    if text.ends_with(')') {
        let mut depth = 0;
        let open = text.bytes().enumerate().rev().find_map(|(position, byte)| {
            match byte {
                b')' => depth += 1,
                b'(' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(position)
        })?;
        let Known::Value(callee) = known_within(vm, source, open, chain)? else { return None };
        if let Value::Class(class) = &callee {
            return Some(Known::InstanceOf(class.clone()));
        }
        let returns = signature_of(vm, &callee)?.returns?;
        return class_named(vm, returns.trim_matches(['"', '\'', ' '])).map(Known::InstanceOf);
    }
    if text.ends_with(['"', '\'']) {
        return Some(Known::InstanceOf(vm.types.str.clone()));
    }
    let start = word_start(text, end);
    let word = &text[start..];
    if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let before = text[..start].trim_end_matches([' ', '\t', '\n', '\\']);
    if let Some(owner) = before.strip_suffix('.') {
        let name = Name::new(word);
        return match known_within(vm, source, owner.len(), chain)? {
            Known::Value(value) => attribute(vm, &value, &name),
            Known::InstanceOf(class) => class_attribute(vm, &class, &name),
        };
    }
    if let Some(value) = vm.globals().get(word) {
        return Some(Known::Value(value));
    }
    if let Some(builtin) = vm.builtins.get(word) {
        return Some(Known::Value(builtin));
    }
    defined_before(vm, source, start, word, chain)
}

/// What the last line before `end` that defines a name makes of it: an assignment, an import, a class.
fn defined_before(vm: &mut Vm, source: &str, end: usize, word: &str, chain: u32) -> Option<Known> {
    let mut line_end = source[..end].rfind('\n')?;
    loop {
        let line_start = source[..line_end].rfind('\n').map_or(0, |at| at + 1);
        let line = source[line_start..line_end].trim_start();
        if let Some(value) = line.strip_prefix(word).map(str::trim_start).and_then(|rest| rest.strip_prefix('='))
            && !value.starts_with('=')
        {
            let value_start = line_end - value.len();
            return known_within(vm, source, logical_line_end(source, value_start), chain);
        }
        if let Some(found) = imported(vm, &source[line_end - line.len()..logical_line_end(source, line_end - line.len())], word) {
            return Some(Known::Value(found));
        }
        line_end = line_start.checked_sub(1)?;
    }
}

/// Where the line that begins at `start` ends, its brackets closed.
fn logical_line_end(source: &str, start: usize) -> usize {
    let mut depth = 0_u32;
    for (at, byte) in source.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    source.len()
}

/// What an import statement binds a name to.
fn imported(vm: &mut Vm, line: &str, word: &str) -> Option<Value> {
    let bound = |part: &str| -> Option<(String, String)> {
        let part = part.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')');
        let (name, here) = part.split_once(" as ").unwrap_or((part, part));
        (here.trim() == word || (!part.contains(" as ") && name.split('.').next() == Some(word)))
            .then(|| (name.trim().to_owned(), here.trim().to_owned()))
    };
    if let Some((module, names)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) {
        let (name, _) = names.split(',').find_map(bound)?;
        let Value::Module(found) = vm.modules.get(module.trim()).cloned().or_else(|| vm.import(module.trim()).ok())? else { return None };
        return found.get(&name).or_else(|| vm.modules.get(&format!("{}.{name}", module.trim())).cloned());
    }
    let (name, here) = line.strip_prefix("import ")?.split(',').find_map(bound)?;
    // `import a.b` binds `a`.
    let module = if here == name { name.split('.').next().unwrap_or(&name).to_owned() } else { name };
    vm.modules.get(&module).cloned().or_else(|| vm.import(&module).ok())
}

/// A class by the name that a signature uses for it.
fn class_named(vm: &mut Vm, name: &str) -> Option<Rc<PyClass>> {
    if let Some(class) = vm.native_classes.get(name) {
        return Some(class.clone());
    }
    match vm.builtins.get(name) {
        Some(Value::Class(class)) => Some(class),
        _ => None,
    }
}

/// An attribute as it lies there: nothing is computed.
fn attribute(vm: &mut Vm, value: &Value, name: &Name) -> Option<Known> {
    match value {
        Value::Module(module) => module.attrs.borrow().get(name).cloned().map(Known::Value),
        Value::Class(class) => class.lookup(name).map(|found| unwrap_static(&found)).map(Known::Value),
        Value::Instance(instance) => match instance.get_attr(name) {
            Some(found) => Some(Known::Value(found)),
            None => class_attribute(vm, &instance.class(), name),
        },
        _ => {
            let class = vm.class_of(value);
            class_attribute(vm, &class, name)
        }
    }
}

fn unwrap_static(found: &Value) -> Value {
    match found {
        Value::Descriptor(descriptor) => match &**descriptor {
            Descriptor::StaticMethod(function) | Descriptor::ClassMethod(function) => function.clone(),
            _ => found.clone(),
        },
        _ => found.clone(),
    }
}

fn class_attribute(vm: &mut Vm, class: &Rc<PyClass>, name: &Name) -> Option<Known> {
    let found = class.lookup(name)?;
    if let Value::Descriptor(descriptor) = &found
        && let Descriptor::Property { get: Value::Builtin(getter), .. } = &**descriptor
    {
        // A property says what it is in the first word of its documentation: `DataFrameWriter: …`.
        let kind = getter.doc.split([':', ' ', '.']).next().unwrap_or("").to_string();
        return class_named(vm, &kind).map(Known::InstanceOf);
    }
    Some(Known::Value(unwrap_static(&found)))
}

/// The signature of anything that can be called.
pub(crate) fn signature_of(vm: &mut Vm, callee: &Value) -> Option<crate::Signature> {
    match callee {
        Value::Function(function) => Some(function.signature()),
        Value::Builtin(builtin) => builtin.signature.as_deref().cloned(),
        Value::Method(method) => signature_of(vm, &method.function),
        Value::Class(class) => match class.lookup(&vm.n.init) {
            Some(function @ (Value::Function(_) | Value::Builtin(_))) => signature_of(vm, &function),
            _ => None,
        },
        Value::Instance(_) => match vm.special(callee, &vm.n.call) {
            Some(function) => signature_of(vm, &function),
            None => None,
        },
        _ => None,
    }
}

fn builtin_member(name: &str, builtin: &PyBuiltin) -> Member {
    let signature = builtin.signature.as_ref().map_or_else(|| "(…)".to_string(), |signature| signature.to_string());
    let kind = if builtin.is_method { MemberKind::Method } else { MemberKind::Function };
    Member { name: name.into(), kind, signature, doc: builtin.doc.to_string() }
}

/// How a value shows in a list of completions.
fn member(name: &str, value: &Value) -> Member {
    let text = |value: &Value| value.as_str().map(String::from).unwrap_or_default();
    let plain = |kind, doc: String| Member { name: name.into(), kind, signature: String::new(), doc };
    match value {
        Value::Function(function) => Member {
            name: name.into(),
            kind: MemberKind::Function,
            signature: function.signature().to_string(),
            doc: text(&function.doc.borrow()),
        },
        Value::Builtin(builtin) => builtin_member(name, builtin),
        Value::Method(method) => Member { kind: MemberKind::Method, ..member(name, &method.function) },
        Value::Class(class) => {
            let doc = class.attrs.borrow().get(&Name::new("__doc__")).map(text).unwrap_or_default();
            let signature = match class.lookup(&Name::new("__init__")) {
                Some(Value::Function(init)) => init.signature().to_string(),
                Some(Value::Builtin(init)) => init.signature.as_ref().map(|signature| signature.to_string()).unwrap_or_default(),
                _ => String::new(),
            };
            Member { name: name.into(), kind: MemberKind::Class, signature, doc }
        }
        Value::Module(module) => plain(MemberKind::Module, module.get("__doc__").map(|doc| text(&doc)).unwrap_or_default()),
        Value::Descriptor(descriptor) => match &**descriptor {
            Descriptor::Property { doc, .. } => plain(MemberKind::Property, text(doc)),
            Descriptor::StaticMethod(function) | Descriptor::ClassMethod(function) => {
                Member { kind: MemberKind::Method, ..member(name, function) }
            }
            _ => plain(MemberKind::Property, String::new()),
        },
        _ => plain(MemberKind::Variable, String::new()),
    }
}

fn class_members(class: &Rc<PyClass>) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for class in class.mro() {
        for (name, value) in class.attrs.borrow().iter() {
            if !members.iter().any(|known| known.name == **name) {
                let mut found = member(name, value);
                if found.kind == MemberKind::Function {
                    found.kind = MemberKind::Method;
                }
                members.push(found);
            }
        }
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

/// Everything behind the dot of a value.
pub(crate) fn members(vm: &mut Vm, value: &Value) -> Vec<Member> {
    let mut own = match value {
        Value::Module(module) => {
            let mut members: Vec<Member> = module.attrs.borrow().iter().map(|(name, value)| member(name, value)).collect();
            members.extend(module.promised().into_iter().map(|name| {
                let kind = if name.starts_with(char::is_uppercase) { MemberKind::Class } else { MemberKind::Function };
                Member { name, kind, signature: String::new(), doc: String::new() }
            }));
            members.sort_by(|a, b| a.name.cmp(&b.name));
            return members;
        }
        Value::Class(class) => return class_members(class),
        Value::Instance(instance) => {
            let names = instance.attr_names();
            names.iter().filter_map(|name| instance.get_attr(name).map(|value| member(name, &value))).collect()
        }
        Value::Native(native) => native.object().members(),
        _ => Vec::new(),
    };
    let class = vm.class_of(value);
    for inherited in class_members(&class) {
        if !own.iter().any(|known| known.name == inherited.name) {
            own.push(inherited);
        }
    }
    own
}

/// A module's name and its entries, each with its members.
pub type ModuleReference = (String, Vec<(Member, Vec<Member>)>);

/// What can be imported from the modules under the given roots. A class is listed where it is from, not where it is imported again.
pub(crate) fn reference(vm: &mut Vm, roots: &[&str]) -> Vec<ModuleReference> {
    let public = |member: &Member| !member.name.starts_with('_') && member.kind != MemberKind::Module;
    let mut found = Vec::new();
    for (name, module) in &vm.modules {
        let Value::Module(module) = module else { continue };
        if !roots.iter().any(|root| name.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))) {
            continue;
        }
        let mut entries: Vec<(Member, Vec<Member>)> = Vec::new();
        for (key, value) in module.attrs.borrow().iter() {
            let entry = member(key, value);
            let home = match value {
                Value::Class(class) => class.attrs.borrow().get(&Name::new("__module__")).and_then(|home| home.as_str().map(String::from)),
                _ => None,
            };
            let elsewhere = home.is_some_and(|home| home != *name && vm.modules.contains_key(&home));
            if !public(&entry) || elsewhere {
                continue;
            }
            let members = match value {
                Value::Class(class) => class_members(class).into_iter().filter(public).collect(),
                _ => Vec::new(),
            };
            entries.push((entry, members));
        }
        entries.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        found.push((name.clone(), entries));
    }
    found.sort_by(|a: &ModuleReference, b| a.0.cmp(&b.0));
    found
}

/// The call around the cursor, and which argument the cursor is in.
pub(crate) fn signature_help(vm: &mut Vm, above: &str, source: &str, offset: usize) -> Option<SignatureHelp> {
    let (text, at) = below(above, source, offset);
    let own = text.len() - source.len();
    // From within a string's or a comment's words no argument can be told; a list or tuple is part of its argument.
    let mut inner = match place(&text[..at]) {
        Place::Code => at,
        Place::Comment => return None,
        Place::String { literal, .. } => literal,
    };
    let open = loop {
        let open = enclosing_bracket(&text, inner).filter(|&open| open >= own)?;
        if enclosing_call(&text, inner) == Some(open) {
            break open;
        }
        inner = open;
    };
    let Known::Value(callee) = known(vm, &text, open)? else { return None };
    let start = text[..open].char_indices().rev().take_while(|&(_, c)| is_word(c) || c == '.').last().map_or(open, |(at, _)| at);
    let name = text[start..open].trim_start_matches('.').to_owned();
    let shown = member(name.rsplit('.').next().unwrap_or(&name), &callee);
    let mut signature = signature_of(vm, &callee)?;
    let bound = matches!(&callee, Value::Class(_)) || text[..open].trim_end_matches(is_word).ends_with('.');
    if bound && signature.parameters.first().is_some_and(|parameter| &*parameter.name == "self") {
        signature.parameters.remove(0);
    }
    let given = crate::signature::split_top_level(&text[open + 1..at]);
    let last = given.last().copied().unwrap_or_default();
    let keyword = last.split_once('=').map(|(name, _)| name.trim()).filter(|name| !name.is_empty() && name.chars().all(is_word));
    let positional = |kind| matches!(kind, crate::ParameterKind::Normal | crate::ParameterKind::PositionalOnly);
    let active = match keyword {
        Some(name) => signature.parameters.iter().position(|parameter| &*parameter.name == name),
        None => {
            let place = given.len().saturating_sub(1);
            let many = signature.parameters.iter().position(|parameter| parameter.kind == crate::ParameterKind::VarPositional);
            let at = many.map_or(place, |many| place.min(many));
            signature.parameters.get(at).filter(|parameter| positional(parameter.kind) || many == Some(at)).map(|_| at)
        }
    };
    Some(SignatureHelp { name, parameters: signature.parameters.iter().map(ToString::to_string).collect(), active, doc: shown.doc })
}

/// What stands under the cursor, or is being called there.
pub(crate) fn inspect(vm: &mut Vm, above: &str, source: &str, offset: usize) -> Option<Inspection> {
    let (text, at) = below(above, source, offset);
    inspect_in(vm, &text, at)
}

fn inspect_in(vm: &mut Vm, source: &str, offset: usize) -> Option<Inspection> {
    let end = source[offset..].find(|c: char| !is_word(c)).map_or(source.len(), |length| offset + length);
    let start = word_start(source, end);
    let end = if start == end { enclosing_call(source, offset)? } else { end };
    let start = source[..end].char_indices().rev().take_while(|&(_, c)| is_word(c) || c == '.').last().map_or(end, |(at, _)| at);
    let name = source[start..end].to_string();
    let last = name.rsplit('.').next().unwrap_or(&name).to_string();
    let found = match known(vm, source, end)? {
        Known::Value(value) => member(&last, &value),
        Known::InstanceOf(class) => Member { kind: MemberKind::Property, ..member(&last, &Value::Class(class)) },
    };
    Some(Inspection { name, kind: found.kind, signature: found.signature, doc: found.doc })
}
