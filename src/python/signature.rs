//! What a function takes: declared once as Python text, used to bind calls, to complete and to explain.

use crate::args::Args;
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterKind {
    PositionalOnly,
    Normal,
    /// `*args`
    VarPositional,
    KeywordOnly,
    /// `**kwargs`
    VarKeyword,
}

#[derive(Clone)]
pub struct Parameter {
    pub name: Name,
    pub kind: ParameterKind,
    pub default: Option<Value>,
    pub annotation: Option<String>,
}

#[derive(Clone)]
pub struct Signature {
    /// The qualified name that error messages show.
    pub name: String,
    pub parameters: Vec<Parameter>,
    pub returns: Option<String>,
    /// A constructor's `self`, which counts in messages but is not bound.
    hidden_self: bool,
    /// Errors are worded as CPython words those of functions in C.
    native: bool,
}

impl Signature {
    pub fn new(name: &str, parameters: Vec<Parameter>) -> Signature {
        Signature { name: name.into(), parameters, returns: None, hidden_self: false, native: false }
    }

    /// Reads `"name(a, b: int = 1, /, *args, c=None, **kwargs) -> str"`. Defaults are literals.
    pub fn parse(text: &str) -> Signature {
        let open = text.find('(').unwrap_or(text.len());
        Signature::parse_named(text[..open].trim(), &text[open..])
    }

    /// As `parse`, read once for each text of the source.
    pub fn known(text: &'static str) -> Rc<Signature> {
        thread_local! {
            static KNOWN: std::cell::RefCell<std::collections::HashMap<&'static str, Rc<Signature>>> = Default::default();
        }
        KNOWN.with_borrow_mut(|known| {
            known.entry(text).or_insert_with(|| Rc::new(Signature { native: true, ..Signature::parse(text) })).clone()
        })
    }

    /// As `parse`, for the part in parentheses.
    pub fn parse_named(name: &str, text: &str) -> Signature {
        let close = text.rfind(')').unwrap_or(text.len());
        let returns = text[close..].find("->").map(|at| text[close + at + 2..].trim().to_string());
        let inner = text[..close].trim_start_matches('(');
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut keyword_only = false;
        for part in split_top_level(inner) {
            let part = part.trim();
            match part {
                "" => continue,
                "/" => {
                    parameters.iter_mut().for_each(|parameter| parameter.kind = ParameterKind::PositionalOnly);
                    continue;
                }
                "*" => {
                    keyword_only = true;
                    continue;
                }
                _ => {}
            }
            let (declaration, default) = match find_top_level(part, '=') {
                Some(at) => (part[..at].trim(), Some(literal(part[at + 1..].trim()))),
                None => (part, None),
            };
            let (name, annotation) = match declaration.find(':') {
                Some(at) => (declaration[..at].trim(), Some(declaration[at + 1..].trim().to_string())),
                None => (declaration, None),
            };
            let (name, kind) = if let Some(name) = name.strip_prefix("**") {
                (name, ParameterKind::VarKeyword)
            } else if let Some(name) = name.strip_prefix('*') {
                keyword_only = true;
                (name, ParameterKind::VarPositional)
            } else if keyword_only {
                (name, ParameterKind::KeywordOnly)
            } else {
                (name, ParameterKind::Normal)
            };
            parameters.push(Parameter { name: Name::new(name), kind, default, annotation });
        }
        Signature { name: name.into(), parameters, returns, hidden_self: false, native: false }
    }

    pub(crate) fn with_hidden_self(mut self) -> Signature {
        self.hidden_self = true;
        self
    }

    /// One value for each parameter: the argument, the default, a tuple for `*args`, a dict for `**kwargs`.
    ///
    /// Errors: CPython's `TypeError`s for missing, surplus, repeated and unknown arguments.
    pub fn bind(&self, _vm: &mut Vm, args: Args) -> PyResult<Vec<Value>> {
        let name = &self.name;
        let given = args.positional.len();
        let mut values: Vec<Value> = vec![Value::Unbound; self.parameters.len()];
        let mut positional = args.positional.into_iter();
        let mut surplus = Vec::new();
        for (parameter, value) in self.parameters.iter().zip(values.iter_mut()) {
            match parameter.kind {
                ParameterKind::PositionalOnly | ParameterKind::Normal => {
                    if let Some(argument) = positional.next() {
                        *value = argument;
                    }
                }
                ParameterKind::VarPositional => *value = Value::tuple(positional.by_ref().collect::<Vec<_>>()),
                ParameterKind::KeywordOnly => {}
                ParameterKind::VarKeyword => *value = Value::Dict(Rc::new(PyDict::default())),
            }
        }
        surplus.extend(positional);
        if self.native && (!surplus.is_empty() || given + args.keywords.len() > self.parameters.len()) {
            return Err(self.too_many_native(given, args.keywords.len()));
        }
        let mut keyword_only_given = 0;
        for (keyword, argument) in args.keywords {
            let found = self.parameters.iter().position(|parameter| {
                parameter.name == keyword && matches!(parameter.kind, ParameterKind::Normal | ParameterKind::KeywordOnly)
            });
            if let Some(index) = found {
                if !values[index].is_unbound() {
                    return Err(PyError::type_error(format!("{name}() got multiple values for argument '{keyword}'")));
                }
                keyword_only_given += usize::from(self.parameters[index].kind == ParameterKind::KeywordOnly);
                values[index] = argument;
            } else if let Some(index) = self.parameters.iter().position(|parameter| parameter.kind == ParameterKind::VarKeyword) {
                if let Value::Dict(dict) = &values[index] {
                    dict.set_str_object(keyword.object().clone(), argument);
                }
            } else if self.native {
                return Err(PyError::type_error(format!("'{keyword}' is an invalid keyword argument for {name}()")));
            } else if self.parameters.iter().any(|parameter| parameter.name == keyword && parameter.kind == ParameterKind::PositionalOnly) {
                return Err(PyError::type_error(format!(
                    "{name}() got some positional-only arguments passed as keyword arguments: '{keyword}'"
                )));
            } else {
                let known: Vec<&str> = self.parameters.iter().map(|parameter| &*parameter.name).collect();
                let hint = crate::suggest::nearest(&keyword, known.iter().copied()).map(|near| format!(". Did you mean '{near}'?"));
                return Err(PyError::type_error(format!(
                    "{name}() got an unexpected keyword argument '{keyword}'{}",
                    hint.unwrap_or_default()
                )));
            }
        }
        if !surplus.is_empty() {
            return Err(self.too_many(given, keyword_only_given));
        }
        for missing_kind in [ParameterKind::Normal, ParameterKind::KeywordOnly] {
            let missing: Vec<&str> = self
                .parameters
                .iter()
                .zip(&values)
                .filter(|(parameter, value)| {
                    let keyword_only = parameter.kind == ParameterKind::KeywordOnly;
                    value.is_unbound() && parameter.default.is_none() && keyword_only == (missing_kind == ParameterKind::KeywordOnly)
                })
                .map(|(parameter, _)| &*parameter.name)
                .collect();
            if let (true, Some(first)) = (self.native, missing.first()) {
                let position = self.parameters.iter().position(|parameter| *parameter.name == **first).unwrap_or(0);
                let position = position + usize::from(self.parameters.first().is_none_or(|parameter| &*parameter.name != "self"));
                return Err(PyError::type_error(format!("{name}() missing required argument '{first}' (pos {position})")));
            }
            if !missing.is_empty() {
                let kind = if missing_kind == ParameterKind::Normal { "positional" } else { "keyword-only" };
                return Err(missing_arguments(name, kind, &missing));
            }
        }
        for (parameter, value) in self.parameters.iter().zip(values.iter_mut()) {
            if value.is_unbound() {
                *value = parameter.default.clone().unwrap_or(Value::None);
            }
        }
        Ok(values)
    }

    /// `round() takes at most 2 arguments (3 given)`
    fn too_many_native(&self, positional: usize, keywords: usize) -> PyError {
        let own = usize::from(self.parameters.first().is_some_and(|parameter| matches!(&*parameter.name, "self" | "cls")));
        let keyword_only = self.parameters.iter().filter(|parameter| parameter.kind == ParameterKind::KeywordOnly).count();
        let least = self.parameters.iter().filter(|parameter| parameter.default.is_none()).count() - own;
        let most = self.parameters.len() - own;
        let (most, given, what) = if positional + keywords > self.parameters.len() {
            (most, positional + keywords - own, "")
        } else {
            (most - keyword_only, positional - own, "positional ")
        };
        let takes = if least < most { "at most" } else { "exactly" };
        let plural = if most == 1 { "" } else { "s" };
        PyError::type_error(format!("{}() takes {takes} {most} {what}argument{plural} ({given} given)", self.name))
    }

    fn too_many(&self, given: usize, keyword_only_given: usize) -> PyError {
        let hidden = usize::from(self.hidden_self);
        let positional = |parameter: &&Parameter| matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Normal);
        let most = self.parameters.iter().filter(positional).count() + hidden;
        let least = self.parameters.iter().filter(positional).filter(|parameter| parameter.default.is_none()).count() + hidden;
        too_many_arguments(&self.name, least, most, given + hidden, keyword_only_given)
    }
}

impl std::fmt::Display for Signature {
    /// As it is written in Python, without the name: `(weights, seed=None)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(")?;
        let mut star_shown = false;
        let mut first = true;
        for (index, parameter) in self.parameters.iter().enumerate() {
            if index == 0 && &*parameter.name == "self" {
                continue;
            }
            if !first {
                write!(f, ", ")?;
            }
            first = false;
            match parameter.kind {
                ParameterKind::VarPositional => star_shown = true,
                ParameterKind::KeywordOnly if !star_shown => {
                    star_shown = true;
                    write!(f, "*, ")?;
                }
                _ => {}
            }
            write!(f, "{parameter}")?;
        }
        write!(f, ")")
    }
}

impl std::fmt::Display for Parameter {
    /// As it is written in Python: `b: int = 1`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stars = match self.kind {
            ParameterKind::VarPositional => "*",
            ParameterKind::VarKeyword => "**",
            _ => "",
        };
        write!(f, "{stars}{}", self.name)?;
        if let Some(annotation) = &self.annotation {
            write!(f, ": {annotation}")?;
        }
        if let Some(default) = &self.default {
            let equals = if self.annotation.is_some() { " = " } else { "=" };
            write!(f, "{equals}{}", crate::repr::literal_repr(default))?;
        }
        Ok(())
    }
}

/// `f() missing 2 required positional arguments: 'a' and 'b'`
pub(crate) fn missing_arguments(name: &str, kind: &str, missing: &[&str]) -> PyError {
    let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
    let list = match quoted.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [start @ .., last] => format!("{}, and {last}", start.join(", ")),
        [] => String::new(),
    };
    let plural = if missing.len() == 1 { "" } else { "s" };
    PyError::type_error(format!("{name}() missing {} required {kind} argument{plural}: {list}", missing.len()))
}

/// `f() takes from 1 to 2 positional arguments but 3 were given`
pub(crate) fn too_many_arguments(name: &str, least: usize, most: usize, given: usize, keyword_only: usize) -> PyError {
    let takes = if least == most { format!("{most}") } else { format!("from {least} to {most}") };
    let plural = if most == 1 && least == most { "" } else { "s" };
    let (extra, were) = if keyword_only > 0 {
        let given_plural = if given == 1 { "" } else { "s" };
        let keyword_plural = if keyword_only == 1 { "" } else { "s" };
        (format!(" positional argument{given_plural} (and {keyword_only} keyword-only argument{keyword_plural})"), "were")
    } else {
        (String::new(), if given == 1 { "was" } else { "were" })
    };
    PyError::type_error(format!("{name}() takes {takes} positional argument{plural} but {given}{extra} {were} given"))
}

pub(crate) fn split_top_level(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quote) = (0, 0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn find_top_level(text: &str, wanted: char) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        (c == wanted && depth == 0).then_some(at)
    })
}

/// The value of a literal in a signature.
fn literal(text: &str) -> Value {
    match text {
        "None" => Value::None,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        "..." => Value::Ellipsis,
        "()" => Value::tuple([]),
        "float('inf')" | "inf" => Value::Float(f64::INFINITY),
        "float('nan')" | "nan" => Value::Float(f64::NAN),
        _ if text.starts_with('[') && text.ends_with(']') => Value::list(
            split_top_level(&text[1..text.len() - 1])
                .into_iter()
                .filter(|part| !part.trim().is_empty())
                .map(|part| literal(part.trim()))
                .collect::<Vec<_>>(),
        ),
        _ if text.starts_with(['\'', '"']) && text.len() >= 2 => Value::str(&text[1..text.len() - 1]),
        _ => {
            if let Ok(value) = text.parse::<i64>() {
                Value::Int(value)
            } else if let Ok(value) = text.parse::<f64>() {
                Value::Float(value)
            } else {
                debug_assert!(false, "not a literal default: {text}");
                Value::str(text)
            }
        }
    }
}
