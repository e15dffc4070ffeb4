//! The machine that runs a regular expression: backtracking, with its own stack, so that long texts need no deep recursion.

use crate::error::{PyError, PyResult};
use crate::vm::Vm;

use super::parse::{ASCII, Class, Item, Program, Step};

/// Positions of groups: start and end of each, in characters; `None` where a group took no part.
pub(super) type Groups = Vec<Option<usize>>;

enum Undo {
    Save(usize, Option<usize>),
    Mark(usize, usize),
}

/// A way not taken yet.
struct Choice {
    pc: usize,
    position: usize,
    undo: usize,
}

const MAX_CHOICES: usize = 10_000_000;

struct Machine<'a> {
    program: &'a Program,
    text: &'a [char],
    end: usize,
    /// Where the match may not end.
    not_at: Option<usize>,
}

/// Matches at exactly `start`; with `full`, up to exactly `end`; with `must_move`, more than nothing.
pub(super) fn match_at(
    vm: &mut Vm,
    program: &Program,
    text: &[char],
    start: usize,
    end: usize,
    full: bool,
    must_move: bool,
) -> PyResult<Option<Groups>> {
    let machine = Machine { program, text, end, not_at: must_move.then_some(start) };
    let mut groups = vec![None; program.groups * 2];
    let found = machine.run(vm, 0, start, &mut groups, if full { Some(end) } else { None }, 0)?;
    Ok(found.map(|_| groups))
}

impl Machine<'_> {
    fn run(
        &self,
        vm: &mut Vm,
        pc: usize,
        position: usize,
        groups: &mut Groups,
        must_end: Option<usize>,
        depth: u32,
    ) -> PyResult<Option<usize>> {
        if depth > 50 {
            return Err(PyError::new("RecursionError", "maximum recursion depth exceeded"));
        }
        let mut choices: Vec<Choice> = Vec::new();
        let mut undo: Vec<Undo> = Vec::new();
        let mut marks = vec![usize::MAX; self.program.marks];
        let (mut pc, mut position) = (pc, position);
        loop {
            vm.tick()?;
            let mut ok = true;
            match &self.program.steps[pc] {
                Step::Match => {
                    if must_end.is_none_or(|end| end == position) && (depth > 0 || self.not_at != Some(position)) {
                        return Ok(Some(position));
                    }
                    ok = false;
                }
                Step::Split(first, second) => {
                    if choices.len() >= MAX_CHOICES {
                        return Err(PyError::new("MemoryError", ""));
                    }
                    choices.push(Choice { pc: *second, position, undo: undo.len() });
                    pc = *first;
                    continue;
                }
                Step::Jump(target) => {
                    pc = *target;
                    continue;
                }
                Step::Save(slot) => {
                    undo.push(Undo::Save(*slot, groups[*slot]));
                    groups[*slot] = Some(position);
                }
                Step::Mark(mark) => {
                    undo.push(Undo::Mark(*mark, marks[*mark]));
                    marks[*mark] = position;
                }
                Step::LeaveIfUnmoved(mark) => {
                    if marks[*mark] == position {
                        // The jump back follows: step over it.
                        pc += 2;
                        continue;
                    }
                }
                Step::Backreference(group) => match (groups[group * 2], groups[group * 2 + 1]) {
                    (Some(from), Some(to)) => {
                        let part = &self.text[from..to];
                        let fits =
                            position + part.len() <= self.end && part.iter().zip(&self.text[position..]).all(|(a, b)| self.same(*a, *b));
                        if fits {
                            position += part.len();
                        }
                        ok = fits;
                    }
                    _ => ok = false,
                },
                Step::Condition { group, otherwise } => {
                    if groups[group * 2 + 1].is_none() {
                        pc = *otherwise;
                        continue;
                    }
                }
                Step::Look { ahead, negative, end } => {
                    let before = groups.clone();
                    let found = if *ahead {
                        self.run(vm, pc + 1, position, groups, None, depth + 1)?.is_some()
                    } else {
                        let mut found = false;
                        for start in (0..=position).rev() {
                            if self.run(vm, pc + 1, start, groups, Some(position), depth + 1)?.is_some() {
                                found = true;
                                break;
                            }
                        }
                        found
                    };
                    if !found || *negative {
                        groups.clone_from(&before);
                    } else {
                        for (slot, old) in before.iter().enumerate() {
                            if groups[slot] != *old {
                                undo.push(Undo::Save(slot, *old));
                            }
                        }
                    }
                    if found != *negative {
                        pc = *end;
                        continue;
                    }
                    ok = false;
                }
                step => match self.simple(step, position) {
                    Some(next) => position = next,
                    None => ok = false,
                },
            }
            if ok {
                pc += 1;
                continue;
            }
            let Some(choice) = choices.pop() else { return Ok(None) };
            while undo.len() > choice.undo {
                match undo.pop() {
                    Some(Undo::Save(slot, old)) => groups[slot] = old,
                    Some(Undo::Mark(mark, old)) => marks[mark] = old,
                    None => {}
                }
            }
            (pc, position) = (choice.pc, choice.position);
        }
    }

    /// A step that looks at one character or at none.
    fn simple(&self, step: &Step, position: usize) -> Option<usize> {
        let next = self.text[..self.end].get(position).copied();
        let eat = |fits: bool| fits.then_some(position + 1);
        let stay = |fits: bool| fits.then_some(position);
        match step {
            Step::Char(c) => eat(next.is_some_and(|next| self.same(*c, next))),
            Step::Any => eat(next.is_some_and(|next| next != '\n')),
            Step::AnyAtAll => eat(next.is_some()),
            Step::Class(index) => eat(next.is_some_and(|next| self.in_class(&self.program.classes[*index], next))),
            Step::TextStart => stay(position == 0),
            Step::LineStart => stay(position == 0 || self.text[position - 1] == '\n'),
            Step::LineEnd => stay(next.is_none_or(|next| next == '\n')),
            Step::TextEnd => stay(next.is_none() || (next == Some('\n') && position + 1 == self.end)),
            Step::AbsoluteEnd => stay(next.is_none()),
            Step::WordBoundary(wanted) => {
                let before = position > 0 && self.is_word(self.text[position - 1]);
                let after = next.is_some_and(|next| self.is_word(next));
                stay((before != after) == *wanted)
            }
            _ => None,
        }
    }

    fn same(&self, a: char, b: char) -> bool {
        a == b || (self.program.ignore_case && a.to_lowercase().eq(b.to_lowercase()))
    }

    fn is_ascii(&self) -> bool {
        self.program.flags & ASCII != 0
    }

    fn is_word(&self, c: char) -> bool {
        c == '_' || if self.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
    }

    fn in_class(&self, class: &Class, c: char) -> bool {
        let has = |c: char| {
            class.items.iter().any(|item| match item {
                Item::Range(low, high) => (*low..=*high).contains(&c),
                Item::Digit(wanted) => {
                    (if self.is_ascii() { c.is_ascii_digit() } else { crate::types::int::unicode_digit(c).is_some() }) == *wanted
                }
                Item::Word(wanted) => self.is_word(c) == *wanted,
                Item::Space(wanted) => {
                    (if self.is_ascii() { c.is_ascii_whitespace() || c == '\x0b' } else { crate::types::str::is_space(c) }) == *wanted
                }
            })
        };
        let mut found = has(c);
        if !found && self.program.ignore_case {
            found = c.to_lowercase().any(has) || c.to_uppercase().any(has);
        }
        found != class.negated
    }
}
