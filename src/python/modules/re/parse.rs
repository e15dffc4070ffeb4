//! Regular expressions, from text to instructions of a backtracking machine.

use std::collections::HashMap;

/// One step of the machine.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Char(char),
    /// Any character but a newline.
    Any,
    AnyAtAll,
    Class(usize),
    /// Tries the first way, then the second.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    LineStart,
    LineEnd,
    TextStart,
    /// The end, or before a last newline.
    TextEnd,
    AbsoluteEnd,
    WordBoundary(bool),
    Backreference(usize),
    /// Whether what follows (or precedes) matches; the steps up to the target are the condition.
    Look {
        ahead: bool,
        negative: bool,
        end: usize,
    },
    /// Remembers the position, to leave a loop whose body matched nothing.
    Mark(usize),
    LeaveIfUnmoved(usize),
    /// Goes one way when a group took part, else the other.
    Condition {
        group: usize,
        otherwise: usize,
    },
    Match,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    Range(char, char),
    Digit(bool),
    Word(bool),
    Space(bool),
}

#[derive(Clone, Debug)]
pub(super) struct Class {
    pub negated: bool,
    pub items: Vec<Item>,
}

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Program {
    pub steps: Vec<Step>,
    pub classes: Vec<Class>,
    pub groups: usize,
    pub marks: usize,
    /// Named groups, in order.
    pub names: Vec<(String, usize)>,
    pub ignore_case: bool,
    pub flags: i64,
}

pub(super) const IGNORE_CASE: i64 = 2;
pub(super) const MULTI_LINE: i64 = 8;
pub(super) const DOT_ALL: i64 = 16;
pub(super) const UNICODE: i64 = 32;
pub(super) const VERBOSE: i64 = 64;
pub(super) const ASCII: i64 = 256;

/// Instructions a program may have: repetitions are written out.
const MAX_STEPS: usize = 100_000;

/// What is wrong with an expression, and where (in characters).
pub(super) struct Error {
    pub message: String,
    pub position: usize,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    flags: i64,
    program: Program,
    names: HashMap<String, usize>,
    open: Vec<usize>,
    depth: usize,
}

type Parsed<T> = Result<T, Error>;

pub(super) fn compile(pattern: &str, flags: i64) -> Parsed<Program> {
    let program = Program { steps: Vec::new(), classes: Vec::new(), groups: 1, marks: 0, names: Vec::new(), ignore_case: false, flags: 0 };
    let mut parser = Parser { chars: pattern.chars().collect(), at: 0, flags, program, names: HashMap::new(), open: Vec::new(), depth: 0 };
    parser.program.steps.push(Step::Save(0));
    parser.alternatives()?;
    if parser.at < parser.chars.len() {
        return Err(parser.error("unbalanced parenthesis", parser.at));
    }
    parser.program.steps.push(Step::Save(1));
    parser.program.steps.push(Step::Match);
    parser.program.ignore_case = parser.flags & IGNORE_CASE != 0;
    parser.program.flags = parser.flags | if parser.flags & ASCII == 0 { UNICODE } else { 0 };
    Ok(parser.program)
}

impl Parser {
    fn error(&self, message: impl Into<String>, position: usize) -> Error {
        Error { message: message.into(), position }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn here(&self) -> usize {
        self.program.steps.len()
    }

    fn push(&mut self, step: Step) -> Parsed<usize> {
        if self.here() >= MAX_STEPS {
            return Err(self.error("the regular expression is too large", 0));
        }
        self.program.steps.push(step);
        Ok(self.here() - 1)
    }

    fn alternatives(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > 100 {
            return Err(self.error("the regular expression is nested too deeply", self.at));
        }
        let mut ends = Vec::new();
        loop {
            let start = self.here();
            self.sequence()?;
            if !self.eat('|') {
                break;
            }
            // What was emitted moves behind a choice.
            self.insert(start, Step::Split(start + 1, 0));
            let jump = self.push(Step::Jump(0))?;
            ends.push(jump);
            let next = self.here();
            if let Step::Split(_, second) = &mut self.program.steps[start] {
                *second = next;
            }
        }
        let end = self.here();
        for jump in ends {
            self.program.steps[jump] = Step::Jump(end);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Inserts a step; targets at or behind it move along.
    fn insert(&mut self, position: usize, step: Step) {
        for step in &mut self.program.steps[position..] {
            shift(step, position, 1);
        }
        self.program.steps.insert(position, step);
    }

    fn sequence(&mut self) -> Parsed<()> {
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            if self.flags & VERBOSE != 0 {
                if c.is_whitespace() {
                    self.at += 1;
                    continue;
                }
                if c == '#' {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                    continue;
                }
            }
            let start = self.here();
            let repeatable = self.atom()?;
            self.quantifier(start, repeatable)?;
        }
        Ok(())
    }

    fn quantifier(&mut self, start: usize, repeatable: bool) -> Parsed<()> {
        let begin = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.bounds()? {
                Some(bounds) => bounds,
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        if self.at == begin {
            self.at += 1;
        }
        if !repeatable {
            return Err(self.error("nothing to repeat", begin));
        }
        let lazy = self.eat('?');
        if matches!(self.peek(), Some('*' | '+' | '{')) && !lazy {
            let is_bounds = self.peek() != Some('{') || self.bounds_ahead();
            if is_bounds {
                return Err(self.error("multiple repeat", self.at));
            }
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.error("min repeat greater than max repeat", begin + 1));
        }
        let body: Vec<Step> = self.program.steps.drain(start..).collect();
        let split = |first: usize, second: usize| if lazy { Step::Split(second, first) } else { Step::Split(first, second) };
        for _ in 0..least {
            self.copy(&body, start)?;
        }
        match most {
            None => {
                let mark = self.program.marks;
                self.program.marks += 1;
                let begin = self.push(Step::Split(0, 0))?;
                self.push(Step::Mark(mark))?;
                self.copy(&body, start)?;
                self.push(Step::LeaveIfUnmoved(mark))?;
                self.push(Step::Jump(begin))?;
                let end = self.here();
                self.program.steps[begin] = split(begin + 1, end);
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    splits.push(self.push(Step::Split(0, 0))?);
                    self.copy(&body, start)?;
                }
                let end = self.here();
                for at in splits {
                    self.program.steps[at] = split(at + 1, end);
                }
            }
        }
        Ok(())
    }

    fn bounds_ahead(&mut self) -> bool {
        let at = self.at;
        let found = matches!(self.bounds(), Ok(Some(_)));
        self.at = at;
        found
    }

    /// Appends a body that was compiled at `origin`.
    fn copy(&mut self, body: &[Step], origin: usize) -> Parsed<()> {
        let offset = self.here() - origin;
        if self.here() + body.len() > MAX_STEPS {
            return Err(self.error("the regular expression is too large", 0));
        }
        for step in body {
            let mut step = step.clone();
            shift(&mut step, origin, offset);
            self.program.steps.push(step);
        }
        Ok(())
    }

    /// `{m,n}`; `None` when the brace is an ordinary character.
    fn bounds(&mut self) -> Parsed<Option<(usize, Option<usize>)>> {
        let begin = self.at;
        self.at += 1;
        let number = |parser: &mut Parser| -> Option<usize> {
            let start = parser.at;
            while parser.peek().is_some_and(|c| c.is_ascii_digit()) {
                parser.at += 1;
            }
            parser.chars[start..parser.at].iter().collect::<String>().parse().ok()
        };
        let least = number(self);
        let bounds = if self.eat(',') {
            let most = number(self);
            if least.is_none() && most.is_none() && !self.chars.get(self.at).is_some_and(|&c| c == '}') {
                None
            } else {
                Some((least.unwrap_or(0), most))
            }
        } else {
            least.map(|count| (count, Some(count)))
        };
        match bounds {
            Some(bounds) if self.eat('}') => Ok(Some(bounds)),
            _ => {
                self.at = begin;
                Ok(None)
            }
        }
    }

    fn class(&mut self, class: Class) -> Parsed<()> {
        self.program.classes.push(class);
        let index = self.program.classes.len() - 1;
        self.push(Step::Class(index))?;
        Ok(())
    }

    /// One thing that can be repeated (or not, as an anchor).
    fn atom(&mut self) -> Parsed<bool> {
        let position = self.at;
        let Some(c) = self.peek() else { return Ok(false) };
        self.at += 1;
        match c {
            '.' => {
                let step = if self.flags & DOT_ALL != 0 { Step::AnyAtAll } else { Step::Any };
                self.push(step)?;
            }
            '^' => {
                let step = if self.flags & MULTI_LINE != 0 { Step::LineStart } else { Step::TextStart };
                self.push(step)?;
                return Ok(false);
            }
            '$' => {
                let step = if self.flags & MULTI_LINE != 0 { Step::LineEnd } else { Step::TextEnd };
                self.push(step)?;
                return Ok(false);
            }
            '[' => self.bracket(position)?,
            '(' => return self.group(position),
            '\\' => return self.escape(position),
            '*' | '+' | '?' => return Err(self.error("nothing to repeat", position)),
            '{' => {
                self.at -= 1;
                if self.bounds_ahead() {
                    return Err(self.error("nothing to repeat", position));
                }
                self.at = position + 1;
                self.push(Step::Char('{'))?;
            }
            c => {
                self.push(Step::Char(c))?;
            }
        }
        Ok(true)
    }

    fn escape(&mut self, position: usize) -> Parsed<bool> {
        let Some(c) = self.peek() else { return Err(self.error("bad escape (end of pattern)", position)) };
        self.at += 1;
        let single = |item: Item| Class { negated: false, items: vec![item] };
        match c {
            'd' => self.class(single(Item::Digit(true)))?,
            'D' => self.class(single(Item::Digit(false)))?,
            'w' => self.class(single(Item::Word(true)))?,
            'W' => self.class(single(Item::Word(false)))?,
            's' => self.class(single(Item::Space(true)))?,
            'S' => self.class(single(Item::Space(false)))?,
            'b' | 'B' | 'A' | 'Z' => {
                let step = match c {
                    'b' => Step::WordBoundary(true),
                    'B' => Step::WordBoundary(false),
                    'A' => Step::TextStart,
                    _ => Step::AbsoluteEnd,
                };
                self.push(step)?;
                return Ok(false);
            }
            '1'..='9' => {
                let mut number = c.to_digit(10).unwrap_or(0) as usize;
                if let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    self.at += 1;
                }
                if number >= self.program.groups {
                    return Err(self.error(format!("invalid group reference {number}"), position + 1));
                }
                if self.open.contains(&number) {
                    return Err(self.error("cannot refer to an open group", position));
                }
                self.push(Step::Backreference(number))?;
            }
            c => {
                let c = self.escaped_char(c, position)?;
                self.push(Step::Char(c))?;
            }
        }
        Ok(true)
    }

    fn escaped_char(&mut self, c: char, position: usize) -> Parsed<char> {
        Ok(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\x0c',
            'v' => '\x0b',
            'a' => '\x07',
            '0' => {
                let mut code = 0;
                for _ in 0..2 {
                    match self.peek().and_then(|c| c.to_digit(8)) {
                        Some(digit) => {
                            code = code * 8 + digit;
                            self.at += 1;
                        }
                        None => break,
                    }
                }
                char::from_u32(code).unwrap_or('\0')
            }
            'x' | 'u' | 'U' => {
                let count = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits: String = self.chars.iter().skip(self.at).take(count).collect();
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(found) if digits.len() == count => {
                        self.at += count;
                        found
                    }
                    _ => return Err(self.error(format!("incomplete escape \\{c}{digits}"), position)),
                }
            }
            c if c.is_ascii_alphabetic() => return Err(self.error(format!("bad escape \\{c}"), position)),
            c => c,
        })
    }

    fn bracket(&mut self, position: usize) -> Parsed<()> {
        let negated = self.eat('^');
        let mut items = Vec::new();
        let mut first = true;
        loop {
            let start = self.at;
            let Some(c) = self.peek() else { return Err(self.error("unterminated character set", position)) };
            self.at += 1;
            if c == ']' && !first {
                break;
            }
            first = false;
            let low = match self.class_item(c, start)? {
                Ok(c) => c,
                Err(item) => {
                    items.push(item);
                    continue;
                }
            };
            if self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|&c| c != ']') {
                self.at += 1;
                let Some(c) = self.peek() else { return Err(self.error("unterminated character set", position)) };
                self.at += 1;
                match self.class_item(c, self.at - 1)? {
                    Ok(high) if high >= low => items.push(Item::Range(low, high)),
                    _ => {
                        let text: String = self.chars[start..self.at].iter().collect();
                        return Err(self.error(format!("bad character range {text}"), start));
                    }
                }
            } else {
                items.push(Item::Range(low, low));
            }
        }
        self.class(Class { negated, items })
    }

    fn class_item(&mut self, c: char, position: usize) -> Parsed<Result<char, Item>> {
        if c != '\\' {
            return Ok(Ok(c));
        }
        let Some(c) = self.peek() else { return Err(self.error("bad escape (end of pattern)", position)) };
        self.at += 1;
        Ok(match c {
            'd' => Err(Item::Digit(true)),
            'D' => Err(Item::Digit(false)),
            'w' => Err(Item::Word(true)),
            'W' => Err(Item::Word(false)),
            's' => Err(Item::Space(true)),
            'S' => Err(Item::Space(false)),
            'b' => Ok('\x08'),
            c => Ok(self.escaped_char(c, position)?),
        })
    }

    fn group_name(&mut self, end: char, numbers: bool) -> Parsed<String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if !self.eat(end) {
            return Err(self.error(format!("missing {end}, unterminated name"), start));
        }
        if name.is_empty() {
            return Err(self.error("missing group name", start));
        }
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        if !(crate::types::str::is_identifier(&name) || is_number && numbers) {
            return Err(self.error(format!("bad character in group name {}", crate::repr::str_repr(&name)), start));
        }
        Ok(name)
    }

    fn close(&mut self, position: usize) -> Parsed<()> {
        if self.eat(')') { Ok(()) } else { Err(self.error("missing ), unterminated subpattern", position)) }
    }

    fn group(&mut self, position: usize) -> Parsed<bool> {
        let mut name = None;
        if self.eat('?') {
            let Some(c) = self.peek() else { return Err(self.error("unexpected end of pattern", self.at)) };
            self.at += 1;
            match c {
                ':' => {
                    self.alternatives()?;
                    self.close(position)?;
                    return Ok(true);
                }
                '#' => {
                    while self.peek().is_some_and(|c| c != ')') {
                        self.at += 1;
                    }
                    self.close(position)?;
                    return Ok(false);
                }
                '=' | '!' => return self.look(position, true, c == '!'),
                '<' if matches!(self.peek(), Some('=' | '!')) => {
                    let negative = self.peek() == Some('!');
                    self.at += 1;
                    return self.look(position, false, negative);
                }
                'P' if self.eat('<') => name = Some(self.group_name('>', false)?),
                'P' if self.eat('=') => {
                    let name = self.group_name(')', false)?;
                    let Some(&group) = self.names.get(&name) else {
                        return Err(self.error(format!("unknown group name '{name}'"), position + 4));
                    };
                    self.push(Step::Backreference(group))?;
                    return Ok(true);
                }
                '(' => return self.condition(position),
                'a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-' => return self.inline_flags(c, position),
                c => return Err(self.error(format!("unknown extension ?{c}"), position + 1)),
            }
        }
        let group = self.program.groups;
        self.program.groups += 1;
        if let Some(name) = name {
            if let Some(earlier) = self.names.get(&name) {
                return Err(self.error(format!("redefinition of group name '{name}' as group {group}; was group {earlier}"), position + 4));
            }
            self.names.insert(name.clone(), group);
            self.program.names.push((name, group));
        }
        self.open.push(group);
        self.push(Step::Save(group * 2))?;
        let flags = self.flags;
        self.alternatives()?;
        self.flags = flags;
        self.push(Step::Save(group * 2 + 1))?;
        self.open.pop();
        self.close(position)?;
        Ok(true)
    }

    fn look(&mut self, position: usize, ahead: bool, negative: bool) -> Parsed<bool> {
        let at = self.push(Step::Look { ahead, negative, end: 0 })?;
        self.alternatives()?;
        self.push(Step::Match)?;
        let end = self.here();
        self.program.steps[at] = Step::Look { ahead, negative, end };
        self.close(position)?;
        Ok(true)
    }

    fn condition(&mut self, position: usize) -> Parsed<bool> {
        let name = self.group_name(')', true)?;
        let group = match name.parse::<usize>() {
            Ok(group) => group,
            Err(_) => *self.names.get(&name).ok_or_else(|| self.error(format!("unknown group name '{name}'"), position + 3))?,
        };
        let at = self.push(Step::Condition { group, otherwise: 0 })?;
        self.sequence()?;
        let mut otherwise = self.here();
        if self.eat('|') {
            let jump = self.push(Step::Jump(0))?;
            otherwise = self.here();
            self.sequence()?;
            self.program.steps[jump] = Step::Jump(self.here());
        }
        self.program.steps[at] = Step::Condition { group, otherwise };
        self.close(position)?;
        Ok(true)
    }

    fn inline_flags(&mut self, first: char, position: usize) -> Parsed<bool> {
        let before = self.flags;
        let mut c = first;
        let mut remove = false;
        loop {
            let flag = match c {
                'i' => IGNORE_CASE,
                'm' => MULTI_LINE,
                's' => DOT_ALL,
                'x' => VERBOSE,
                'a' => ASCII,
                'u' => UNICODE,
                '-' => {
                    remove = true;
                    0
                }
                c => return Err(self.error(format!("unknown flag '{c}'"), self.at)),
            };
            if remove {
                self.flags &= !flag;
            } else {
                self.flags |= flag;
            }
            match self.peek() {
                Some(')') => {
                    self.at += 1;
                    if position != 0 {
                        return Err(self.error("global flags not at the start of the expression", position));
                    }
                    return Ok(false);
                }
                Some(':') => {
                    self.at += 1;
                    self.alternatives()?;
                    self.close(position)?;
                    self.flags = before;
                    return Ok(true);
                }
                Some(next) => {
                    self.at += 1;
                    c = next;
                }
                None => return Err(self.error("missing -, : or )", self.at)),
            }
        }
    }
}

/// Moves the targets at or behind `origin` by `offset`.
fn shift(step: &mut Step, origin: usize, offset: usize) {
    let move_target = |target: &mut usize| {
        if *target >= origin {
            *target += offset;
        }
    };
    match step {
        Step::Split(first, second) => {
            move_target(first);
            move_target(second);
        }
        Step::Jump(target) | Step::Look { end: target, .. } | Step::Condition { otherwise: target, .. } => move_target(target),
        _ => {}
    }
}
