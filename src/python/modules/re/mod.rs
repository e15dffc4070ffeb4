//! `re`.

mod machine;
mod parse;

use std::rc::Rc;

use crate::class::ClassBuilder;
use crate::error::{PyError, PyResult};
use crate::module::PyModule;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::{Operator, Vm};

use machine::Groups;
use parse::Program;

/// A compiled expression, `re.Pattern`.
#[derive(Clone)]
struct Pattern {
    source: Rc<str>,
    program: Rc<Program>,
}

/// `re.Match`.
struct Match {
    pattern: Pattern,
    text: Rc<Vec<char>>,
    string: Value,
    groups: Groups,
    pos: usize,
    endpos: usize,
}

impl NativeObject for Pattern {
    fn class_name(&self) -> &str {
        "Pattern"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "pattern" => Some(Value::str(&*self.source)),
            "flags" => Some(Value::Int(self.program.flags)),
            "groups" => Some(Value::from(self.program.groups - 1)),
            "groupindex" => Some(Value::dict(self.program.names.iter().map(|(name, group)| (name.clone(), Value::from(*group))))),
            _ => None,
        })
    }

    fn binary(&self, _: &mut Vm, _: &Value, operator: Operator, other: &Value, _: bool) -> PyResult<Option<Value>> {
        Ok(match (operator, other.as_native::<Pattern>()) {
            (Operator::Eq, Some(other)) => Some(Value::Bool(self.source == other.source && self.program.flags == other.program.flags)),
            _ => None,
        })
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        let flags: Vec<&str> = [(2, "re.IGNORECASE"), (8, "re.MULTILINE"), (16, "re.DOTALL"), (64, "re.VERBOSE"), (256, "re.ASCII")]
            .iter()
            .filter(|(bit, _)| self.program.flags & bit != 0)
            .map(|(_, name)| *name)
            .collect();
        let flags = if flags.is_empty() { String::new() } else { format!(", {}", flags.join("|")) };
        Ok(format!("re.compile({}{flags})", crate::repr::str_repr(&self.source)))
    }
}

impl Match {
    fn span(&self, group: usize) -> Option<(usize, usize)> {
        Some((self.groups[group * 2]?, self.groups[group * 2 + 1]?))
    }

    fn text(&self, group: usize) -> Value {
        match self.span(group) {
            Some((start, end)) => Value::str(self.text[start..end].iter().collect::<String>()),
            None => Value::None,
        }
    }

    /// The number of a group by number or name.
    fn group(&self, vm: &mut Vm, key: &Value) -> PyResult<usize> {
        let number = match key.as_str() {
            Some(name) => self.pattern.program.names.iter().find(|(known, _)| known == name).map(|(_, group)| *group),
            None => usize::try_from(vm.index(key)?).ok().filter(|&group| group < self.pattern.program.groups),
        };
        number.ok_or_else(|| PyError::index_error("no such group"))
    }
}

impl NativeObject for Match {
    fn class_name(&self) -> &str {
        "Match"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        let last = (1..self.pattern.program.groups)
            .filter(|&group| self.span(group).is_some())
            .max_by_key(|&group| (self.groups[group * 2 + 1], std::cmp::Reverse(group)));
        Ok(match name {
            "string" => Some(self.string.clone()),
            "re" => Some(Value::native(self.pattern.clone())),
            "pos" => Some(Value::from(self.pos)),
            "endpos" => Some(Value::from(self.endpos)),
            "lastindex" => Some(last.map_or(Value::None, Value::from)),
            "lastgroup" => {
                let name = last.and_then(|last| self.pattern.program.names.iter().find(|(_, group)| *group == last));
                Some(name.map_or(Value::None, |(name, _)| Value::str(name.as_str())))
            }
            _ => None,
        })
    }

    fn get_item(&self, vm: &mut Vm, _: &Value, key: &Value) -> PyResult<Option<Value>> {
        let group = self.group(vm, key)?;
        Ok(Some(self.text(group)))
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        let (start, end) = self.span(0).unwrap_or((0, 0));
        Ok(format!("<re.Match object; span=({start}, {end}), match={}>", vm.repr(&self.text(0))?))
    }
}

/// `re.error`, with the position in the pattern.
fn error(vm: &mut Vm, pattern: &str, error: parse::Error) -> PyError {
    let message = format!("{} at position {}", error.message, error.position);
    let class = match vm.modules.get("re") {
        Some(Value::Module(module)) => module.get("error"),
        _ => None,
    };
    let raised = match class {
        Some(Value::Class(class)) => PyError::of(&class, vec![Value::str(message)]),
        _ => PyError::value_error(message),
    };
    raised
        .with_attr("msg", Value::str(error.message))
        .with_attr("pattern", Value::str(pattern))
        .with_attr("pos", Value::from(error.position))
}

fn compiled(vm: &mut Vm, pattern: &Value, flags: &Value) -> PyResult<Pattern> {
    if let Some(pattern) = pattern.as_native::<Pattern>() {
        if flags.as_i64().is_some_and(|flags| flags != 0) {
            return Err(PyError::value_error("cannot process flags argument with a compiled pattern"));
        }
        return Ok(pattern.clone());
    }
    let Some(text) = pattern.as_str().map(String::from) else {
        if let Value::Bytes(_) = pattern.base() {
            return Err(PyError::not_supported("regular expressions over bytes are not supported"));
        }
        return Err(PyError::type_error("first argument must be string or compiled pattern"));
    };
    let flags = vm.index(flags)?;
    match parse::compile(&text, flags) {
        Ok(program) => Ok(Pattern { source: text.into(), program: Rc::new(program) }),
        Err(problem) => Err(error(vm, &text, problem)),
    }
}

fn chars(vm: &mut Vm, string: &Value) -> PyResult<Rc<Vec<char>>> {
    match string.as_str() {
        Some(text) => Ok(Rc::new(text.chars().collect())),
        None => Err(PyError::type_error(format!("expected string or bytes-like object, got '{}'", vm.type_name(string)))),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Match,
    Full,
    Search,
}

fn find(vm: &mut Vm, pattern: &Pattern, text: &[char], start: usize, end: usize, mode: Mode) -> PyResult<Option<Groups>> {
    let last = if mode == Mode::Search { end } else { start };
    for from in start..=last {
        if let Some(groups) = machine::match_at(vm, &pattern.program, text, from, end, mode == Mode::Full, false)? {
            return Ok(Some(groups));
        }
    }
    Ok(None)
}

/// Every match that doesn't overlap an earlier one. After an empty match, the next one at its place must take something.
fn find_all(vm: &mut Vm, pattern: &Pattern, text: &[char], start: usize, end: usize) -> PyResult<Vec<Groups>> {
    let mut found = Vec::new();
    let (mut from, mut must_move) = (start, false);
    while from <= end {
        match machine::match_at(vm, &pattern.program, text, from, end, false, must_move)? {
            Some(groups) => {
                let to = groups[1].unwrap_or(from);
                must_move = from == to;
                from = to;
                found.push(groups);
            }
            None => {
                must_move = false;
                from += 1;
            }
        }
    }
    Ok(found)
}

fn bounds(vm: &mut Vm, values: &[Value], length: usize) -> PyResult<(usize, usize)> {
    let clamp = |vm: &mut Vm, value: Option<&Value>, default: usize| -> PyResult<usize> {
        match value {
            Some(value) if !value.is_none() => Ok(usize::try_from(vm.index(value)?).unwrap_or(0).min(length)),
            _ => Ok(default),
        }
    };
    Ok((clamp(vm, values.first(), 0)?, clamp(vm, values.get(1), length)?))
}

fn found_value(pattern: &Pattern, text: &Rc<Vec<char>>, string: &Value, groups: Option<Groups>, pos: usize, endpos: usize) -> Value {
    match groups {
        Some(groups) => Value::native(Match { pattern: pattern.clone(), text: text.clone(), string: string.clone(), groups, pos, endpos }),
        None => Value::None,
    }
}

fn run(vm: &mut Vm, pattern: &Pattern, string: &Value, limits: &[Value], mode: Mode) -> PyResult<Value> {
    let text = chars(vm, string)?;
    let (start, end) = bounds(vm, limits, text.len())?;
    let groups = find(vm, pattern, &text, start, end, mode)?;
    Ok(found_value(pattern, &text, string, groups, start, end))
}

fn all_matches(vm: &mut Vm, pattern: &Pattern, string: &Value, limits: &[Value]) -> PyResult<Vec<Match>> {
    let text = chars(vm, string)?;
    let (pos, endpos) = bounds(vm, limits, text.len())?;
    let found = find_all(vm, pattern, &text, pos, endpos)?;
    Ok(found
        .into_iter()
        .map(|groups| Match { pattern: pattern.clone(), text: text.clone(), string: string.clone(), groups, pos, endpos })
        .collect())
}

fn findall(vm: &mut Vm, pattern: &Pattern, string: &Value, limits: &[Value]) -> PyResult<Value> {
    let matches = all_matches(vm, pattern, string, limits)?;
    let text = |found: &Match, group: usize| match found.text(group) {
        Value::None => Value::str(""),
        text => text,
    };
    let items: Vec<Value> = matches
        .iter()
        .map(|found| match pattern.program.groups {
            1 => text(found, 0),
            2 => text(found, 1),
            groups => Value::tuple((1..groups).map(|group| text(found, group)).collect::<Vec<_>>()),
        })
        .collect();
    Ok(Value::list(items))
}

fn substitute(vm: &mut Vm, pattern: &Pattern, replacement: &Value, string: &Value, count: &Value) -> PyResult<(String, usize)> {
    let most = match vm.index(count)? {
        0 => usize::MAX,
        count => usize::try_from(count).unwrap_or(0),
    };
    let text = chars(vm, string)?;
    let mut result = String::new();
    let (mut at, mut done) = (0, 0);
    for found in all_matches(vm, pattern, string, &[])? {
        if done == most {
            break;
        }
        let (start, end) = found.span(0).unwrap_or((at, at));
        result.extend(&text[at..start]);
        at = end;
        done += 1;
        match replacement.as_str() {
            Some(template) => result.push_str(&expand(vm, &found, template)?),
            None => {
                let value = vm.call_values(replacement, &[Value::native(found)])?;
                match value.as_str() {
                    Some(text) => result.push_str(text),
                    None => {
                        let name = vm.type_name(&value);
                        return Err(PyError::type_error(format!("expected str instance, {name} found")));
                    }
                }
            }
        }
    }
    result.extend(&text[at..]);
    Ok((result, done))
}

/// A replacement with its `\1` and `\g<name>` filled in.
fn expand(vm: &mut Vm, found: &Match, template: &str) -> PyResult<String> {
    let bad = |message: String, position: usize| parse::Error { message, position };
    let mut result = String::new();
    let chars: Vec<char> = template.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if c != '\\' {
            result.push(c);
            continue;
        }
        let Some(&c) = chars.get(at) else { return Err(error(vm, template, bad("bad escape (end of pattern)".into(), at - 1))) };
        at += 1;
        let group = match c {
            'g' if chars.get(at) == Some(&'<') => {
                let Some(length) = chars[at..].iter().position(|&c| c == '>') else {
                    return Err(error(vm, template, bad("missing >, unterminated name".into(), at + 1)));
                };
                let name: String = chars[at + 1..at + length].iter().collect();
                at += length + 1;
                match name.parse::<usize>() {
                    Ok(number) if number < found.pattern.program.groups => number,
                    Ok(number) => return Err(error(vm, template, bad(format!("invalid group reference {number}"), at))),
                    Err(_) => match found.pattern.program.names.iter().find(|(known, _)| *known == name) {
                        Some((_, group)) => *group,
                        None => return Err(PyError::index_error(format!("unknown group name '{name}'"))),
                    },
                }
            }
            '1'..='9' => {
                let mut number = c.to_digit(10).unwrap_or(0) as usize;
                if let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    at += 1;
                }
                if number >= found.pattern.program.groups {
                    return Err(error(vm, template, bad(format!("invalid group reference {number}"), at - 1)));
                }
                number
            }
            other => {
                match other {
                    'n' => result.push('\n'),
                    't' => result.push('\t'),
                    'r' => result.push('\r'),
                    '0' => result.push('\0'),
                    '\\' => result.push('\\'),
                    c if c.is_ascii_alphabetic() => return Err(error(vm, template, bad(format!("bad escape \\{c}"), at - 2))),
                    c => {
                        result.push('\\');
                        result.push(c);
                    }
                }
                continue;
            }
        };
        if let Some(text) = found.text(group).as_str() {
            result.push_str(text);
        }
    }
    Ok(result)
}

fn split(vm: &mut Vm, pattern: &Pattern, string: &Value, count: &Value) -> PyResult<Value> {
    let most = match vm.index(count)? {
        0 => usize::MAX,
        count => usize::try_from(count).unwrap_or(0),
    };
    let text = chars(vm, string)?;
    let part = |from: usize, to: usize| Value::str(text[from..to].iter().collect::<String>());
    let mut parts = Vec::new();
    let mut at = 0;
    for (done, found) in all_matches(vm, pattern, string, &[])?.into_iter().enumerate() {
        if done == most {
            break;
        }
        let (start, end) = found.span(0).unwrap_or((at, at));
        parts.push(part(at, start));
        parts.extend((1..pattern.program.groups).map(|group| found.text(group)));
        at = end;
    }
    parts.push(part(at, text.len()));
    Ok(Value::list(parts))
}

fn this(values: &[Value]) -> PyResult<&Pattern> {
    values[0].as_native::<Pattern>().ok_or_else(|| PyError::type_error("not a pattern"))
}

fn this_match(values: &[Value]) -> PyResult<&Match> {
    values[0].as_native::<Match>().ok_or_else(|| PyError::type_error("not a match"))
}

fn finditer(vm: &mut Vm, pattern: &Pattern, string: &Value, limits: &[Value]) -> PyResult<Value> {
    let matches = all_matches(vm, pattern, string, limits)?.into_iter().map(Value::native).collect();
    Ok(Value::iterator(crate::iterator::Values::new("callable_iterator", matches)))
}

fn classes(vm: &mut Vm) {
    let pattern = ClassBuilder::new("Pattern", "re")
        .method("match(self, string, pos=0, endpos=None)", "Matches at the beginning.", |vm, v| {
            run(vm, this(&v)?, &v[1], &v[2..], Mode::Match)
        })
        .method("fullmatch(self, string, pos=0, endpos=None)", "Matches all of it.", |vm, v| run(vm, this(&v)?, &v[1], &v[2..], Mode::Full))
        .method("search(self, string, pos=0, endpos=None)", "Finds the first match.", |vm, v| {
            run(vm, this(&v)?, &v[1], &v[2..], Mode::Search)
        })
        .method("findall(self, string, pos=0, endpos=None)", "The texts of all matches.", |vm, v| findall(vm, this(&v)?, &v[1], &v[2..]))
        .method("finditer(self, string, pos=0, endpos=None)", "All matches.", |vm, v| finditer(vm, this(&v)?, &v[1], &v[2..]))
        .method("sub(self, repl, string, count=0)", "Replaces matches.", |vm, v| {
            Ok(Value::str(substitute(vm, this(&v)?, &v[1], &v[2], &v[3])?.0))
        })
        .method("subn(self, repl, string, count=0)", "Replaces matches and counts them.", |vm, v| {
            let (text, count) = substitute(vm, this(&v)?, &v[1], &v[2], &v[3])?;
            Ok(Value::tuple([Value::str(text), Value::from(count)]))
        })
        .method("split(self, string, maxsplit=0)", "Splits at matches.", |vm, v| split(vm, this(&v)?, &v[1], &v[2]))
        .build();
    vm.register_class(&pattern);
    let found = ClassBuilder::new("Match", "re")
        .method("group(self, *args)", "The text of groups.", |vm, v| {
            let found = this_match(&v)?;
            let keys = v[1].as_sequence().unwrap_or_default();
            match keys.as_slice() {
                [] => Ok(found.text(0)),
                [one] => {
                    let group = found.group(vm, one)?;
                    Ok(found.text(group))
                }
                many => {
                    let texts: PyResult<Vec<Value>> = many.iter().map(|key| Ok(found.text(found.group(vm, key)?))).collect();
                    Ok(Value::tuple(texts?))
                }
            }
        })
        .method("groups(self, default=None)", "The texts of all groups.", |_, v| {
            let found = this_match(&v)?;
            let text = |group: usize| match found.text(group) {
                Value::None => v[1].clone(),
                text => text,
            };
            Ok(Value::tuple((1..found.pattern.program.groups).map(text).collect::<Vec<_>>()))
        })
        .method("groupdict(self, default=None)", "The texts of named groups.", |_, v| {
            let found = this_match(&v)?;
            Ok(Value::dict(found.pattern.program.names.iter().map(|(name, group)| {
                let text = match found.text(*group) {
                    Value::None => v[1].clone(),
                    text => text,
                };
                (name.clone(), text)
            })))
        })
        .method("start(self, group=0, /)", "Where a group begins.", |vm, v| {
            let group = this_match(&v)?.group(vm, &v[1])?;
            Ok(this_match(&v)?.span(group).map_or(Value::Int(-1), |(start, _)| Value::from(start)))
        })
        .method("end(self, group=0, /)", "Where a group ends.", |vm, v| {
            let group = this_match(&v)?.group(vm, &v[1])?;
            Ok(this_match(&v)?.span(group).map_or(Value::Int(-1), |(_, end)| Value::from(end)))
        })
        .method("span(self, group=0, /)", "Where a group begins and ends.", |vm, v| {
            let group = this_match(&v)?.group(vm, &v[1])?;
            let (start, end) = this_match(&v)?.span(group).map_or((-1, -1), |(start, end)| (start as i64, end as i64));
            Ok(Value::tuple([Value::Int(start), Value::Int(end)]))
        })
        .method("expand(self, template)", "A template with groups filled in.", |vm, v| {
            let template = v[1].as_str().unwrap_or("").to_string();
            Ok(Value::str(expand(vm, this_match(&v)?, &template)?))
        })
        .build();
    vm.register_class(&found);
}

pub(super) fn module(vm: &mut Vm) -> PyModule {
    classes(vm);
    let error = ClassBuilder::exception("error", "re", &vm.types.exception_named("Exception")).build();
    let mut module = PyModule::new("re").with("error", error);
    let flags = [
        ("IGNORECASE", "I", parse::IGNORE_CASE),
        ("MULTILINE", "M", parse::MULTI_LINE),
        ("DOTALL", "S", parse::DOT_ALL),
        ("VERBOSE", "X", parse::VERBOSE),
        ("ASCII", "A", parse::ASCII),
        ("UNICODE", "U", parse::UNICODE),
    ];
    for (long, short, value) in flags {
        module = module.with(long, value).with(short, value);
    }
    for class in ["Pattern", "Match"] {
        let class_value = vm.native_class(class);
        module.set(class, class_value);
    }
    let functions = [
        Value::function("compile(pattern, flags=0)", "Compiles a regular expression.", |vm, v| {
            Ok(Value::native(compiled(vm, &v[0], &v[1])?))
        }),
        Value::function("match(pattern, string, flags=0)", "Matches at the beginning of a text.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[2])?;
            run(vm, &pattern, &v[1], &[], Mode::Match)
        }),
        Value::function("fullmatch(pattern, string, flags=0)", "Matches all of a text.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[2])?;
            run(vm, &pattern, &v[1], &[], Mode::Full)
        }),
        Value::function("search(pattern, string, flags=0)", "Finds the first match in a text.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[2])?;
            run(vm, &pattern, &v[1], &[], Mode::Search)
        }),
        Value::function("findall(pattern, string, flags=0)", "The texts of all matches.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[2])?;
            findall(vm, &pattern, &v[1], &[])
        }),
        Value::function("finditer(pattern, string, flags=0)", "All matches.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[2])?;
            finditer(vm, &pattern, &v[1], &[])
        }),
        Value::function("sub(pattern, repl, string, count=0, flags=0)", "Replaces matches.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[4])?;
            Ok(Value::str(substitute(vm, &pattern, &v[1], &v[2], &v[3])?.0))
        }),
        Value::function("subn(pattern, repl, string, count=0, flags=0)", "Replaces matches and counts them.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[4])?;
            let (text, count) = substitute(vm, &pattern, &v[1], &v[2], &v[3])?;
            Ok(Value::tuple([Value::str(text), Value::from(count)]))
        }),
        Value::function("split(pattern, string, maxsplit=0, flags=0)", "Splits a text at matches.", |vm, v| {
            let pattern = compiled(vm, &v[0], &v[3])?;
            split(vm, &pattern, &v[1], &v[2])
        }),
        Value::function("escape(pattern)", "A text as a pattern that matches it.", |_, v| {
            let special = "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c";
            let text = v[0].as_str().unwrap_or("");
            Ok(Value::str(text.chars().flat_map(|c| special.contains(c).then_some('\\').into_iter().chain([c])).collect::<String>()))
        }),
        Value::function("purge()", "", |_, _| Ok(Value::None)),
    ];
    for function in functions {
        if let Value::Builtin(builtin) = &function {
            let name = builtin.name.to_string();
            module.set(&name, function);
        }
    }
    module
}
