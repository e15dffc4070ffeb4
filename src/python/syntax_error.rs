//! `SyntaxError`: in CPython's words, at CPython's place.

use std::rc::Rc;

use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextRange};

use crate::compile::CompileError;
use crate::error::PyError;
use crate::source::{Place, Source};
use crate::syntax_words::Words;
use crate::value::Value;

/// Parses a cell. Errors: `SyntaxError` and its subclasses.
pub(crate) fn parse(source: &Rc<Source>) -> Result<Parsed<ModModule>, PyError> {
    parse_text(&source.text).map_err(|words| syntax_error(words.class, &words.message, source, words.range))
}

/// Parses a cell; the first error as data.
pub(crate) fn parse_text(text: &str) -> Result<Parsed<ModModule>, Words> {
    if let Some(words) = too_deep(text) {
        return Err(words);
    }
    crate::modules::name_characters();
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    if let Some(error) = parsed.errors().first() {
        return Err(crate::syntax_words::translate(&error.error, text, error.location));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(Words { class: "SyntaxError", message: error.to_string(), range: error.range() });
    }
    parsed.try_into_module().ok_or_else(|| Words { class: "SyntaxError", message: "invalid syntax".into(), range: TextRange::default() })
}

/// The exception for what the compiler refuses.
pub(crate) fn from_compiler(error: &CompileError, source: &Rc<Source>) -> PyError {
    // CPython's compiler counts columns in bytes.
    let in_bytes = |offset: u32| {
        let mut place = source.place(offset);
        let before = &source.text[..offset as usize];
        place.column = (before.len() - before.rfind('\n').map_or(0, |at| at + 1)) as u32;
        place
    };
    let (start, end) = (in_bytes(error.range.start().to_u32()), in_bytes(error.range.end().to_u32()));
    error_between("SyntaxError", &error.message, source, start, end)
}

pub(crate) fn syntax_error(class: &str, message: &str, source: &Rc<Source>, range: TextRange) -> PyError {
    let (start, end) = (source.place(range.start().to_u32()), source.place(range.end().to_u32()));
    error_between(class, message, source, start, end)
}

fn error_between(class: &str, message: &str, source: &Rc<Source>, start: Place, end: Place) -> PyError {
    let number = |value: u32| Value::Int(i64::from(value));
    let details = Value::tuple([
        Value::str(source.file_name.as_str()),
        number(start.line),
        number(start.column + 1),
        Value::str(source.line(start.line)),
        number(end.line),
        number(end.column + 1),
    ]);
    // CPython has no column for these.
    let offset = if message == "unexpected indent" { 0 } else { start.column + 1 };
    let error = PyError::of(&crate::types::Types::get().exception_named(class), vec![Value::str(message), details]);
    error
        .with_attr("msg", Value::str(message))
        .with_attr("filename", Value::str(source.file_name.as_str()))
        .with_attr("lineno", number(start.line))
        .with_attr("offset", number(offset))
        .with_attr("text", Value::str(source.line(start.line)))
        .with_attr("end_lineno", number(end.line))
        .with_attr("end_offset", number(end.column + 1))
}

/// Brackets nested so deep that the parser's recursion is in danger; CPython's own limit.
const MAX_BRACKETS: u32 = if cfg!(debug_assertions) { 100 } else { 200 };

/// Operators that nest to the right, in one logical line.
const MAX_PREFIXES: u32 = 400;

fn too_deep(text: &str) -> Option<Words> {
    let refused = |class, message: &str, at: usize| {
        let range = TextRange::empty(ruff_text_size::TextSize::new(at as u32));
        Some(Words { class, message: message.to_owned(), range })
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    let (mut depth, mut run) = (0u32, 0u32);
    // What had been counted where each open bracket began.
    let mut outer: Vec<u32> = Vec::new();
    let (mut indents, mut line_start) = (vec![0usize], true);
    while at < bytes.len() {
        if line_start && depth == 0 {
            let width = bytes[at..].iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
            at += width;
            line_start = false;
            if at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r' | b'#') {
                while indents.last().is_some_and(|&known| known > width) {
                    indents.pop();
                }
                if indents.last().is_some_and(|&known| known < width) {
                    indents.push(width);
                }
                if indents.len() > 100 {
                    return refused("IndentationError", "too many levels of indentation", at);
                }
            }
            continue;
        }
        let byte = bytes[at];
        match byte {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            b'\n' => {
                line_start = true;
                if depth == 0 {
                    run = 0;
                }
            }
            b'\'' | b'"' => {
                at = skip_string(bytes, at);
                continue;
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                outer.push(run);
                if depth > MAX_BRACKETS {
                    return refused("SyntaxError", "too many nested parentheses", at);
                }
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                run = outer.pop().unwrap_or(0);
            }
            b'+' | b'-' | b'~' | b'*' | b':' | b'=' | b'/' | b'%' | b'&' | b'|' | b'^' | b'<' | b'>' | b'@' | b'.' => run += 1,
            b'i' | b'l' | b'n' | b'e' | b'y' | b'a' | b'o' if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() => {
                if ["if ", "lambda", "not ", "else ", "yield ", "await ", "and ", "or "]
                    .iter()
                    .any(|word| bytes[at..].starts_with(word.as_bytes()))
                {
                    run += 1;
                }
            }
            b',' | b';' if depth == 0 => run = 0,
            b',' => run = outer.last().copied().unwrap_or(0),
            _ => {}
        }
        if run > MAX_PREFIXES {
            return refused("SyntaxError", "this expression is too long: split it", at);
        }
        at += 1;
    }
    None
}

/// The position after a string literal.
pub(crate) fn skip_string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote, quote, quote]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            byte if byte == quote => {
                if !triple {
                    return at + 1;
                }
                if bytes[at..].starts_with(&[quote, quote, quote]) {
                    return at + 3;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
