//! What can be said of a notebook's cells without running them: syntax errors, names that nothing defines, and where a variable stands.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_text_size::TextRange;

use crate::compile::{CompileError, Mention, compile, mentions};
use crate::source::Source;
use crate::syntax_error::parse_text;
use crate::value::Value;
use crate::vm::{Globals, Vm};

/// Something wrong in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which of the cells.
    pub cell: usize,
    /// In bytes of its source.
    pub range: Range<usize>,
    pub message: String,
    /// The cell can't run at all; otherwise it fails when it comes to this place, if nothing else defines the name.
    pub fatal: bool,
}

/// A place where a variable stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which of the cells.
    pub cell: usize,
    /// In bytes of its source.
    pub range: Range<usize>,
    /// Whether the variable gets its value here.
    pub binds: bool,
}

/// What is wrong in the cells, which share one namespace. A name that a later cell defines is taken as known: cells run in any order.
pub(crate) fn problems(vm: &mut Vm, cells: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut known: HashSet<String> = vm.globals().items().iter().map(|(name, _)| name.to_string()).collect();
    known.extend(vm.builtins.attrs.borrow().keys().map(ToString::to_string));
    known.extend(["__name__", "__file__", "__doc__"].map(str::to_owned));
    let mut found: Vec<Vec<Mention>> = Vec::new();
    // A star from a module that isn't known may bring any name.
    let mut any = false;
    for (cell, text) in cells.iter().enumerate() {
        match checked(vm, text) {
            Ok((mentions, stars)) => {
                for module in stars {
                    match vm.import(&module) {
                        Ok(Value::Module(module)) => {
                            known.extend(module.attrs.borrow().keys().map(ToString::to_string));
                            known.extend(module.promised());
                        }
                        _ => any = true,
                    }
                }
                known
                    .extend(mentions.iter().filter(|mention| mention.binds && mention.owner.is_none()).map(|mention| mention.name.clone()));
                found.push(mentions);
            }
            Err((range, message)) => {
                problems.push(Problem { cell, range: bytes(range), message, fatal: true });
                // What it would define isn't known: say nothing of names.
                any = true;
                found.push(Vec::new());
            }
        }
    }
    if any {
        return problems;
    }
    let mut sorted: Vec<&str> = known.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    for (cell, mentions) in found.iter().enumerate() {
        for mention in mentions.iter().filter(|mention| !mention.binds && mention.owner.is_none() && !known.contains(&mention.name)) {
            let near = crate::suggest::nearest(&mention.name, sorted.iter().copied());
            let hint = near.map(|near| format!(". Did you mean: '{near}'?")).unwrap_or_default();
            let message = format!("name '{}' is not defined{hint}", mention.name);
            problems.push(Problem { cell, range: bytes(mention.range), message, fatal: false });
        }
    }
    problems
}

/// All places of the variable that stands at a byte offset of a cell, in the order of the notebook; none when no variable does.
pub(crate) fn occurrences(cells: &[&str], cell: usize, offset: usize) -> Vec<Occurrence> {
    let Some(Ok(here)) = cells.get(cell).map(|text| mentions_of(text)) else { return Vec::new() };
    let at = here.iter().find(|mention| bytes(mention.range).contains(&offset) || mention.range.end().to_usize() == offset);
    let Some(Mention { name, owner, .. }) = at else { return Vec::new() };
    let in_cell = |cell: usize, mentions: &[Mention]| -> Vec<Occurrence> {
        let same = mentions.iter().filter(|mention| mention.name == *name && mention.owner == *owner);
        same.map(|mention| Occurrence { cell, range: bytes(mention.range), binds: mention.binds }).collect()
    };
    if owner.is_some() {
        return in_cell(cell, &here);
    }
    let all = cells.iter().enumerate();
    all.filter_map(|(cell, text)| Some(in_cell(cell, &mentions_of(text).ok()?))).flatten().collect()
}

type Refused = (TextRange, String);

fn told(error: CompileError) -> Refused {
    (error.range, error.message)
}

/// The names of a cell.
fn mentions_of(text: &str) -> Result<Vec<Mention>, Refused> {
    let parsed = parse_text(text).map_err(|words| (words.range, words.message))?;
    mentions(parsed.suite()).map_err(told)
}

/// The names of a cell that can run, and the modules it imports all names of.
fn checked(vm: &Vm, text: &str) -> Result<(Vec<Mention>, Vec<String>), Refused> {
    let parsed = parse_text(text).map_err(|words| (words.range, words.message))?;
    let body = parsed.suite();
    let source = Rc::new(Source::new("check", text, false));
    // A namespace of its own: names that are only being typed leave nothing behind.
    compile(&source, body, &Globals::new("check"), &vm.builtins, true).map_err(told)?;
    let stars = body.iter().filter_map(|stmt| match stmt {
        Stmt::ImportFrom(import) if import.names.iter().any(|alias| alias.name.as_str() == "*") => {
            Some(import.module.as_ref().map_or_else(String::new, |module| module.to_string()))
        }
        _ => None,
    });
    Ok((mentions(body).map_err(told)?, stars.collect()))
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
