//! What can be said of a notebook's cells without running them: syntax errors, names that nothing defines, and where a variable stands.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_text_size::TextRange;

use crate::compile::{Mention, compile, mentions};
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
        match mentions_of(vm, text) {
            Ok((mentions, stars)) => {
                for module in stars {
                    match vm.import(&module) {
                        Ok(Value::Module(module)) => known.extend(module.attrs.borrow().keys().map(ToString::to_string)),
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
pub(crate) fn occurrences(vm: &mut Vm, cells: &[&str], cell: usize, offset: usize) -> Vec<Occurrence> {
    let Some(Ok((here, _))) = cells.get(cell).map(|text| mentions_of(vm, text)) else { return Vec::new() };
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
    all.filter_map(|(cell, text)| Some(in_cell(cell, &mentions_of(vm, text).ok()?.0))).flatten().collect()
}

type Refused = (TextRange, String);

/// The names of a cell, and the modules it imports all names of.
fn mentions_of(vm: &Vm, text: &str) -> Result<(Vec<Mention>, Vec<String>), Refused> {
    let parsed = parse_text(text).map_err(|words| (words.range, words.message))?;
    let body = parsed.suite();
    let told = |error: crate::compile::CompileError| (error.range, error.message);
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

#[cfg(test)]
mod tests {
    use crate::host::{Host, Stream};
    use crate::interpreter::Interpreter;

    struct Silent;

    impl Host for Silent {
        fn write(&mut self, _: Stream, _: &str) {}

        fn now(&self) -> f64 {
            0.0
        }

        fn sleep(&mut self, _: f64) -> bool {
            true
        }

        fn entropy(&mut self) -> u64 {
            0
        }
    }

    fn messages(cells: &[&str]) -> Vec<String> {
        let problems = Interpreter::new(Silent).problems(cells);
        problems
            .iter()
            .map(|problem| format!("{}: {} {}", problem.cell, &cells[problem.cell][problem.range.clone()], problem.message))
            .collect()
    }

    #[test]
    fn names_that_nothing_defines_are_found_and_others_not() {
        assert_eq!(
            messages(&["a = 1\nprint(a, b)", "b = later", "def later(): return a + late"]),
            ["2: late name 'late' is not defined. Did you mean: 'later'?"]
        );
        let fine = "import os.path as p, math
from itertools import *
class A:
    x = 1
    y = [x for x in range(3)]
    def f(self, *args, k=x, **more):
        global g
        g = lambda z: z + k
        return __class__, self, args, more, g
try:
    with open('a') as file, p.join('a') as (b, [c, *d]):
        del b
except (ValueError, OSError) as error:
    print(error, file, c, d, math, chain, __name__)
match A():
    case {'k': [first, *rest], **others} if (n := first): print(n, rest, others)
for i, [j] in {}: print(f'{i!r:>{j}}')
v: int
async_ = [m for l in [[1]] for m in l]
";
        assert_eq!(messages(&[fine]), Vec::<String>::new());
        assert_eq!(messages(&["[q for q in 'a']\nq"]), ["0: q name 'q' is not defined"]);
    }

    #[test]
    fn syntax_errors_have_their_place_and_silence_the_rest() {
        assert_eq!(messages(&["unknown", "x = = 1"]), ["1: = invalid syntax"]);
        assert_eq!(messages(&["def f():\n    nonlocal x"]).len(), 1);
    }

    #[test]
    fn a_variable_is_found_in_all_cells_and_a_local_only_in_its_function() {
        let cells = ["total = 1\ndef f(total):\n    return total", "print(total)\ntotal += 1", "x.total = 2; f(total=3)"];
        let mut interpreter = Interpreter::new(Silent);
        let mut at = |cell: usize, offset: usize| {
            let found = interpreter.occurrences(&cells, cell, offset);
            found.iter().map(|o| (o.cell, o.range.start, o.binds)).collect::<Vec<_>>()
        };
        assert_eq!(at(0, 0), [(0, 0, true), (1, 6, false), (1, 13, true)]);
        assert_eq!(at(1, 11), at(0, 3));
        assert_eq!(at(0, 16), [(0, 16, true), (0, 35, false)]);
        assert_eq!(at(0, 8), []);
    }
}
