//! Tracebacks: the text CPython 3.11 prints, and the same as data.
//!
//! Source of the rules: CPython 3.11, `Python/traceback.c` and `Python/pythonrun.c`.

use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use crate::class::PyInstance;
use crate::error::{PyError, PyResult, TraceEntry};
use crate::native::NativeObject;
use crate::source::Source;
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;

/// An uncaught exception, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Traceback {
    /// The class, with its module unless that is builtin.
    pub exception: String,
    pub message: String,
    /// What CPython prints.
    pub text: String,
    /// Outermost first.
    pub frames: Vec<TracebackFrame>,
}

/// Lines count from 1, columns in characters from 0; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracebackFrame {
    pub file_name: String,
    pub function: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// `exception.__traceback__`.
pub struct TracebackObject {
    entries: Vec<TraceEntry>,
}

impl TracebackObject {
    pub fn new(entries: Vec<TraceEntry>) -> TracebackObject {
        TracebackObject { entries }
    }
}

impl NativeObject for TracebackObject {
    fn class_name(&self) -> &str {
        "traceback"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        let Some(entry) = self.entries.last() else { return Ok(None) };
        Ok(match name {
            "tb_lineno" => Some(Value::Int(entry.source.line_of(entry.start).into())),
            "tb_next" => {
                let rest = &self.entries[..self.entries.len() - 1];
                Some(if rest.is_empty() { Value::None } else { Value::native(TracebackObject::new(rest.to_vec())) })
            }
            _ => None,
        })
    }
}

/// Lines of a frame seen more often than this in a row are counted, not shown.
const REPEATS: usize = 3;

/// The whole traceback of an exception, its causes and contexts first.
pub fn traceback(vm: &mut Vm, error: &PyError) -> Traceback {
    let mut text = String::new();
    print_chain(vm, &error.0, &mut text);
    let mut frames: Vec<_> = error.data().traceback.borrow().iter().rev().filter(|entry| !entry.source.internal).map(frame_of).collect();
    let place = if is_syntax_error(&error.0) { syntax_place(&error.0) } else { None };
    let message = match &place {
        Some(place) => place.message.clone(),
        None => message(vm, &error.0),
    };
    // As the frame that would have run it, so that it can be shown in its cell.
    frames.extend(place.map(|place| place.frame()));
    Traceback { exception: class_text(&error.0), message, text, frames }
}

fn frame_of(entry: &TraceEntry) -> TracebackFrame {
    let (start, end) = (entry.source.place(entry.start), entry.source.place(entry.end));
    TracebackFrame {
        file_name: entry.source.file_name.clone(),
        function: entry.function.to_string(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// Exceptions of a chain that are shown at most: the last ones. A loop of failing handlers makes chains of any length.
const CHAIN: usize = 100;

fn print_chain(vm: &mut Vm, exception: &Rc<PyInstance>, out: &mut String) {
    let mut chain = vec![(exception.clone(), "")];
    while chain.len() < CHAIN {
        let Some((last, _)) = chain.last() else { break };
        let Some(data) = last.exception() else { break };
        let (cause, context) = (data.cause.borrow().clone(), data.context.borrow().clone());
        let next = match (cause, context) {
            (Some(cause), _) => (cause, "\nThe above exception was the direct cause of the following exception:\n\n"),
            (None, Some(context)) if !data.suppress_context.get() => {
                (context, "\nDuring handling of the above exception, another exception occurred:\n\n")
            }
            _ => break,
        };
        if chain.iter().any(|(seen, _)| Rc::ptr_eq(seen, &next.0)) {
            break;
        }
        chain.push(next);
    }
    for (exception, between) in chain.iter().rev() {
        print_one(vm, exception, out);
        out.push_str(between);
    }
}

fn print_one(vm: &mut Vm, exception: &Rc<PyInstance>, out: &mut String) {
    let Some(data) = exception.exception() else { return };
    let entries: Vec<TraceEntry> = data.traceback.borrow().iter().rev().filter(|entry| !entry.source.internal).cloned().collect();
    if !entries.is_empty() {
        out.push_str("Traceback (most recent call last):\n");
        print_frames(&entries, out);
    }
    let place = if is_syntax_error(exception) { syntax_place(exception) } else { None };
    let text = match place {
        Some(place) => {
            place.print(out);
            place.message
        }
        None => message(vm, exception),
    };
    out.push_str(&class_text(exception));
    if !text.is_empty() {
        out.push_str(": ");
        out.push_str(&text);
    }
    if let Some(name) = suggestion(vm, exception) {
        out.push_str(&format!(". Did you mean: '{name}'?"));
    }
    out.push('\n');
    if let Some(Value::List(notes)) = exception.get_attr(&Name::new("__notes__")) {
        for note in notes.0.borrow().iter() {
            if let Some(note) = note.as_str() {
                out.push_str(note);
                out.push('\n');
            }
        }
    }
}

fn class_text(exception: &Rc<PyInstance>) -> String {
    let class = exception.class();
    let full = class.full_name();
    full.strip_prefix("__main__.").map(String::from).unwrap_or(full)
}

fn message(vm: &mut Vm, exception: &Rc<PyInstance>) -> String {
    let value = Value::Instance(exception.clone());
    vm.str(&value).unwrap_or_else(|_| "<exception str() failed>".into())
}

fn print_frames(entries: &[TraceEntry], out: &mut String) {
    let key = |entry: &TraceEntry| (Rc::as_ptr(&entry.source), entry.source.line_of(entry.start), entry.function.clone());
    let mut count = 0;
    let mut last = None;
    for entry in entries {
        let this = key(entry);
        if last.as_ref() != Some(&this) {
            repeated(count, out);
            count = 0;
            last = Some(this);
        }
        count += 1;
        if count <= REPEATS {
            print_frame(entry, out);
        }
    }
    repeated(count, out);
}

fn repeated(count: usize, out: &mut String) {
    if count > REPEATS {
        let more = count - REPEATS;
        out.push_str(&format!("  [Previous line repeated {more} more time{}]\n", if more == 1 { "" } else { "s" }));
    }
}

fn print_frame(entry: &TraceEntry, out: &mut String) {
    let source = &entry.source;
    let place = source.place(entry.start);
    out.push_str(&format!("  File \"{}\", line {}, in {}\n", source.file_name, place.line, entry.function));
    let line = source.line(place.line);
    let trimmed = line.trim_start_matches([' ', '\t', '\x0c']);
    if trimmed.is_empty() {
        return;
    }
    out.push_str(&format!("    {trimmed}\n"));
    if let Some(carets) = carets(source, entry, line) {
        out.push_str("    ");
        out.push_str(&carets);
        out.push('\n');
    }
}

/// The line of carets under a source line; `None` when they would mark all of it.
fn carets(source: &Source, entry: &TraceEntry, line: &str) -> Option<String> {
    let start = source.place(entry.start);
    let end = source.place(entry.end);
    let chars: Vec<char> = line.chars().collect();
    let indent = chars.iter().take_while(|c| matches!(c, ' ' | '\t' | '\x0c')).count();
    let first = start.column as usize;
    let mut anchors = None;
    let last = if start.line == end.line {
        let segment: String = chars.get(first..end.column as usize)?.iter().collect();
        anchors = find_anchors(&segment);
        end.column as usize
    } else {
        chars.iter().rposition(|c| !matches!(c, ' ' | '\t' | '\x0c')).map_or(0, |at| at + 1)
    };
    if last - first.min(last) == chars.len() - indent && anchors.is_none() {
        return None;
    }
    let (left, right, primary, secondary) = match anchors {
        Some((left, right)) => (first + left, first + right, '~', '^'),
        None => (usize::MAX, 0, '^', '^'),
    };
    let mut result = String::new();
    for offset in indent..last {
        result.push(if offset < first {
            ' '
        } else if anchors.is_some() && left <= offset && offset < right {
            secondary
        } else {
            primary
        });
    }
    Some(result)
}

/// The operator of a binary operation, or the brackets of a subscript, in characters of the segment.
fn find_anchors(segment: &str) -> Option<(usize, usize)> {
    let parsed = ruff_python_parser::parse_module(segment).ok()?;
    let [Stmt::Expr(statement)] = parsed.suite().as_ref() else { return None };
    let bytes = segment.as_bytes();
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\x0c');
    let (left, right) = match &*statement.value {
        Expr::BinOp(operation) => {
            let (from, to) = (operation.left.end().to_usize(), operation.right.start().to_usize());
            let mut found = None;
            for at in from..to {
                if is_space(bytes[at]) {
                    continue;
                }
                let double = at + 1 < to && !is_space(bytes[at + 1]);
                found = Some((at, at + 1 + usize::from(double)));
                if at + 1 < to && bytes[at] == b')' {
                    continue;
                }
                break;
            }
            found?
        }
        // CPython finds such a constant while it reads the segment, and no brackets any more.
        Expr::Subscript(subscript) if constant_item(&subscript.value, &subscript.slice) => return None,
        Expr::Subscript(subscript) => {
            let mut left = subscript.value.end().to_usize();
            let mut right = subscript.slice.end().to_usize() + 1;
            while left < bytes.len() && bytes[left] != b'[' {
                left += 1;
            }
            while right < bytes.len() && bytes[right] != b']' {
                right += 1;
            }
            if right < bytes.len() {
                right += 1;
            }
            (left, right.min(bytes.len()))
        }
        _ => return None,
    };
    let chars = |offset: usize| segment.get(..offset).map_or(offset, |text| text.chars().count());
    Some((chars(left), chars(right)))
}

/// Whether it is an item that a constant has, at a constant index.
fn constant_item(value: &Expr, index: &Expr) -> bool {
    let length = match value {
        Expr::StringLiteral(literal) => literal.value.chars().count(),
        Expr::BytesLiteral(literal) => literal.value.bytes().count(),
        Expr::Tuple(tuple) if tuple.elts.iter().all(Expr::is_literal_expr) => tuple.elts.len(),
        _ => return false,
    };
    let (negative, index) = match index {
        Expr::UnaryOp(operation) if operation.op == ruff_python_ast::UnaryOp::USub => (true, &*operation.operand),
        index => (false, index),
    };
    let Expr::NumberLiteral(number) = index else { return false };
    let ruff_python_ast::Number::Int(index) = &number.value else { return false };
    index.as_usize().is_some_and(|index| if negative { index <= length } else { index < length })
}

fn is_syntax_error(exception: &Rc<PyInstance>) -> bool {
    exception.class().mro().any(|class| class.builtin && &**class.name.borrow() == "SyntaxError")
}

/// Where a `SyntaxError` found what it complains of: lines counted from 1, and so are the offsets, in characters.
struct SyntaxPlace {
    message: String,
    file: String,
    line: i64,
    end_line: i64,
    offset: Option<i64>,
    end_offset: i64,
    text: Option<String>,
}

/// None when it has no place.
fn syntax_place(exception: &Rc<PyInstance>) -> Option<SyntaxPlace> {
    let attr = |name: &str| exception.get_attr(&Name::new(name));
    let number = |name: &str| attr(name).and_then(|number| number.as_i64());
    let text = |name: &str| attr(name).and_then(|text| text.as_str().map(String::from));
    let line = number("lineno")?;
    let offset = number("offset");
    Some(SyntaxPlace {
        message: text("msg").unwrap_or_default(),
        file: text("filename").unwrap_or_else(|| "<string>".into()),
        line,
        end_line: number("end_lineno").unwrap_or(line),
        offset,
        end_offset: number("end_offset").or(offset).unwrap_or(1),
        text: text("text"),
    })
}

impl SyntaxPlace {
    fn print(&self, out: &mut String) {
        out.push_str(&format!("  File \"{}\", line {}\n", self.file, self.line));
        let Some(text) = &self.text else { return };
        let text = text.trim_end_matches('\n');
        let trimmed = text.trim_start_matches([' ', '\t', '\x0c']);
        let spaces = text.chars().count() - trimmed.chars().count();
        out.push_str(&format!("    {trimmed}\n"));
        let Some(offset) = self.offset else { return };
        let end = if self.end_line > self.line { text.chars().count() as i64 + 1 } else { self.end_offset };
        let column = offset - 1 - spaces as i64;
        let width = (end - offset).max(1);
        if column >= 0 {
            let space: String = trimmed
                .chars()
                .chain(std::iter::repeat(' '))
                .take(column as usize)
                .map(|c| if c.is_whitespace() { c } else { ' ' })
                .collect();
            out.push_str(&format!("    {space}{}\n", "^".repeat(width as usize)));
        }
    }

    fn frame(&self) -> TracebackFrame {
        let place = |number: i64| u32::try_from(number).unwrap_or(0);
        TracebackFrame {
            file_name: self.file.clone(),
            function: "<module>".into(),
            line: place(self.line),
            column: place(self.offset.unwrap_or(1) - 1),
            end_line: place(self.end_line),
            end_column: place(self.end_offset - 1),
        }
    }
}

/// "Did you mean": for unknown names and attributes.
fn suggestion(vm: &mut Vm, exception: &Rc<PyInstance>) -> Option<String> {
    let data = exception.exception()?;
    if let Some(name) = &*data.suggestion.borrow() {
        return Some(name.clone());
    }
    let is_attribute_error = exception.class().mro().any(|class| class.builtin && &**class.name.borrow() == "AttributeError");
    if !is_attribute_error {
        return None;
    }
    let name = exception.get_attr(&Name::new("name"))?;
    let object = exception.get_attr(&Name::new("obj"))?;
    let members = crate::builtins::member_names(vm, &object).ok()?;
    crate::suggest::nearest(name.as_str()?, members.iter().map(String::as_str)).map(String::from)
}
