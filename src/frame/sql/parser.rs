//! A cursor over tokens, shared by the grammars of expressions, queries and statements.

use std::cell::Cell;
use std::sync::Arc;

use indexmap::IndexMap;
use kindling_partition::{Error, ErrorKind, Result};

use super::error::{parse_error, syntax_error};
use super::lex::{Token, TokenKind, tokens};
use crate::expr::Expr;

/// How deep expressions and queries may nest; each level takes some of a stack that nobody can make larger.
const DEEPEST: usize = 150;

/// The values of `:name` and `?` in SQL text.
#[derive(Default)]
pub struct Parameters {
    pub(crate) named: IndexMap<String, Arc<Expr>>,
    pub(crate) positional: Vec<Arc<Expr>>,
}

/// Whether a part of a name needs no quotes.
pub(super) fn is_plain(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_')
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    parameters: &'a Parameters,
    used: Cell<usize>,
    /// The parameters of the lambdas around the expression.
    pub variables: Vec<Arc<str>>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, parameters: &'a Parameters) -> Result<Self> {
        Ok(Self { text, tokens: tokens(text)?, at: 0, depth: 0, parameters, used: Cell::new(0), variables: Vec::new() })
    }

    pub fn peek(&self) -> &Token<'a> {
        self.ahead(0)
    }

    /// The token so many places on; at the end, the end.
    pub fn ahead(&self, places: usize) -> &Token<'a> {
        &self.tokens[(self.at + places).min(self.tokens.len() - 1)]
    }

    pub fn next(&mut self) -> Token<'a> {
        let token = self.peek().clone();
        self.skip(1);
        token
    }

    pub fn skip(&mut self, places: usize) {
        self.at = (self.at + places).min(self.tokens.len() - 1);
    }

    pub fn is(&self, symbol: &str) -> bool {
        self.peek().is(symbol)
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.peek().is_word(word)
    }

    /// The text from a place up to the end of what was taken last.
    pub fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.tokens[self.at.saturating_sub(1)].end().max(start)]
    }

    /// Whether these words come next, one after the other.
    pub fn is_words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.ahead(i).is_word(word))
    }

    pub fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.skip(usize::from(found));
        found
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        self.take_words(&[word])
    }

    pub fn take_words(&mut self, words: &[&str]) -> bool {
        let found = self.is_words(words);
        if found {
            self.skip(words.len());
        }
        found
    }

    /// Takes the one of the words that comes next.
    pub fn take_one_of<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().find(|word| self.is_word(word)).copied();
        self.skip(usize::from(found.is_some()));
        found
    }

    pub fn need(&mut self, symbol: &str) -> Result<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub fn need_word(&mut self, word: &str) -> Result<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// That the text ends here.
    pub fn end(&mut self) -> Result<()> {
        while self.take(";") {}
        let token = self.peek();
        if token.kind == TokenKind::End {
            return Ok(());
        }
        if self.ahead(1).kind == TokenKind::End {
            let message = format!("Syntax error at or near '{0}': extra input '{0}'. SQLSTATE: 42601", token.text);
            return Err(self.error_at(token, "PARSE_SYNTAX_ERROR", &message));
        }
        Err(self.unexpected())
    }

    /// The next token is not what may stand there.
    pub fn unexpected(&self) -> Error {
        let token = self.peek();
        // At the end the place is after the last token.
        let at = if token.kind == TokenKind::End { self.text.trim_end().len() } else { token.start };
        syntax_error(self.text, at, token.text)
    }

    /// An error about a token.
    pub fn error_at(&self, token: &Token<'_>, condition: &'static str, message: &str) -> Error {
        parse_error(self.text, token.start, condition, message)
    }

    /// What `read` reads, one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            return Err(Error::new(ErrorKind::Parse, "The statement is nested too deeply.").with_condition("FAILED_TO_PARSE_TOO_COMPLEX"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// One or more of what `read` reads, between commas.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = vec![read(self)?];
        while self.take(",") {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// A list in parentheses; it may be empty.
    pub fn parenthesized<T>(&mut self, read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.need("(")?;
        if self.take(")") {
            return Ok(Vec::new());
        }
        let items = self.list(read)?;
        self.need(")")?;
        Ok(items)
    }

    /// What `read` reads, or none, with nothing taken, when it fails.
    pub fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        let (at, depth) = (self.at, self.depth);
        let found = read(self).ok();
        if found.is_none() {
            (self.at, self.depth) = (at, depth);
        }
        found
    }

    /// A name, back-quoted or not.
    pub fn identifier(&mut self) -> Result<Arc<str>> {
        if self.is_identifier_clause() {
            let mut parts = self.identifier_clause()?;
            return parts.pop().filter(|_| parts.is_empty()).ok_or_else(|| self.unexpected());
        }
        let name = match &self.peek().kind {
            TokenKind::Word => Arc::from(self.peek().text),
            TokenKind::Quoted(name) => Arc::from(name.as_str()),
            _ => return Err(self.unexpected()),
        };
        self.skip(1);
        Ok(name)
    }

    /// A name such as `spark_catalog.default.people`; of several parts, those that need it are quoted.
    pub fn table_name(&mut self) -> Result<Arc<str>> {
        let mut parts = self.name_parts()?;
        if parts.len() > 1 {
            for part in parts.iter_mut().filter(|part| !is_plain(part)) {
                *part = format!("`{}`", part.replace('`', "``")).into();
            }
        }
        Ok(parts.join(".").into())
    }

    /// The parts of a name with dots.
    pub fn name_parts(&mut self) -> Result<Vec<Arc<str>>> {
        if self.is_identifier_clause() {
            return self.identifier_clause();
        }
        let mut parts = vec![self.identifier()?];
        while self.take(".") {
            parts.push(self.identifier()?);
        }
        Ok(parts)
    }

    /// A string literal's value; several after each other are one.
    pub fn string(&mut self) -> Result<String> {
        let mut value = None;
        while let TokenKind::Text(text) = &self.peek().kind {
            value = Some(value.unwrap_or_default() + text.as_str());
            self.skip(1);
        }
        value.ok_or_else(|| self.unexpected())
    }

    /// The value of `:name` or `?`, whose sign was taken.
    pub fn parameter(&mut self, sign: &Token<'_>) -> Result<Arc<Expr>> {
        let (name, found) = if sign.text == ":" {
            let name = self.identifier()?;
            let found = self.parameters.named.get(&*name).cloned();
            (name.to_string(), found)
        } else {
            let number = self.used.get();
            self.used.set(number + 1);
            (format!("_{}", sign.start), self.parameters.positional.get(number).cloned())
        };
        found.ok_or_else(|| {
            Error::analysis(format!(
                "Found the unbound parameter: {name}. Please, fix `args` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as `map()`, `array()`, `struct()`."
            ))
            .with_condition("UNBOUND_SQL_PARAMETER")
        })
    }
}
