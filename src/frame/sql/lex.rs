//! SQL text as tokens, by the lexical rules of Spark's grammar.

use std::ops::Range;

use kindling_partition::{Error, ErrorKind, Result};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub kind: TokenKind,
    /// The text as it was written.
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub start: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A keyword or a plain name.
    Word,
    /// A name in back-quotes, without them.
    Quoted(String),
    /// A string literal's value.
    Text(String),
    /// Digits with an optional fraction, exponent and suffix.
    Number,
    Symbol,
    End,
}

impl Token<'_> {
    pub fn is(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The longest first.
const SYMBOLS: [&str; 41] = [
    "/*+", "*/", "<=>", ">>>", "|>", "==", "<>", "!=", "<=", ">=", "||", "<<", ">>", "->", "=>", "::", "(", ")", "[", "]", ",", ".", ";",
    ":", "?", "+", "-", "*", "/", "%", "=", "<", ">", "&", "|", "^", "~", "!", "{", "}", "@",
];

/// All tokens and one for the end. Comments are left out.
///
/// # Errors
/// `UNCLOSED_BRACKETED_COMMENT`, and `PARSE_SYNTAX_ERROR` for what no token starts with.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") && !rest.starts_with("/*+") {
            at += comment(rest).ok_or_else(|| {
                Error::new(ErrorKind::Parse, "Found an unclosed bracketed comment. Please, append */ at the end of the comment.")
                    .with_condition("UNCLOSED_BRACKETED_COMMENT")
            })?;
            continue;
        }
        let raw = matches!(first, 'r' | 'R') && matches!(rest.as_bytes().get(1), Some(b'\'' | b'"'));
        let (kind, length) = match first {
            _ if raw => string(&rest[1..], true).map(|(value, length)| (TokenKind::Text(value), length + 1)),
            '\'' | '"' => string(rest, false).map(|(value, length)| (TokenKind::Text(value), length)),
            '`' => quoted(rest).map(|(name, length)| (TokenKind::Quoted(name), length)),
            '0'..='9' => Some((TokenKind::Number, number(rest))),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) && !after_name(found.last(), at) => {
                Some((TokenKind::Number, number(rest)))
            }
            c if c.is_alphabetic() || c == '_' => {
                Some((TokenKind::Word, rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())))
            }
            _ => SYMBOLS.iter().find(|s| rest.starts_with(**s)).map(|s| (TokenKind::Symbol, s.len())),
        }
        .ok_or_else(|| super::error::syntax_error(text, at, &rest[..first.len_utf8()]))?;
        found.push(Token { kind, text: &rest[..length], start: at });
        at += length;
    }
    found.push(Token { kind: TokenKind::End, text: "", start: text.len() });
    Ok(found)
}

/// Whether a dot here goes on with a name, as in `t.1`.
fn after_name(last: Option<&Token<'_>>, at: usize) -> bool {
    last.is_some_and(|t| t.end() == at && (matches!(t.kind, TokenKind::Word | TokenKind::Quoted(_)) || t.is(")") || t.is("]")))
}

/// The length of a bracketed comment; they nest.
fn comment(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut at = digits(0);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(at + 1 + sign);
        if end > at + 1 + sign {
            at = end;
        }
    }
    // What follows is a suffix, or makes it no number; the parser says which.
    while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        at += 1;
    }
    at
}

/// The name in back-quotes, of which two stand for one.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut rest = &text[1..];
    loop {
        let end = rest.find('`')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        if !rest.starts_with('`') {
            return Some((name, text.len() - rest.len()));
        }
        name.push('`');
        rest = &rest[1..];
    }
}

/// The value of a string literal (`SparkParserUtils.unescapeSQLString`).
fn string(text: &str, raw: bool) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            // Two quotes within a string stand for one.
            if !raw && chars.next_if(|(_, next)| *next == quote).is_some() {
                value.push(quote);
                continue;
            }
            return Some((value, at + 1));
        }
        if c != '\\' || raw {
            value.push(c);
            continue;
        }
        let (at, escaped) = chars.next()?;
        let code = |digits: Range<usize>, radix: u32| text.get(digits).and_then(|d| u32::from_str_radix(d, radix).ok());
        let numbered = match escaped {
            'u' => code(at + 1..at + 5, 16).map(|c| (c, 4)),
            'U' => code(at + 1..at + 9, 16).map(|c| (c, 8)),
            '0'..='1' => code(at..at + 3, 8).map(|c| (c, 2)),
            _ => None,
        };
        match (numbered.and_then(|(c, skipped)| Some((char::from_u32(c)?, skipped))), escaped) {
            (Some((c, skipped)), _) => {
                value.push(c);
                chars.by_ref().take(skipped).for_each(|_| {});
            }
            (None, '0') => value.push('\0'),
            (None, 'b') => value.push('\u{8}'),
            (None, 'n') => value.push('\n'),
            (None, 'r') => value.push('\r'),
            (None, 't') => value.push('\t'),
            (None, 'Z') => value.push('\u{1a}'),
            // For LIKE, which has a use for the backslash.
            (None, '%' | '_') => value.extend(['\\', escaped]),
            (None, other) => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql).expect("tokens").into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn tokens_are_the_longest_and_comments_are_left_out() {
        assert_eq!(texts("a<=>b /* x /* y */ */ ->1.5e3D--end"), ["a", "<=>", "b", "->", "1.5e3D", ""]);
        assert_eq!(texts("t.x .5 t.`a``b`"), ["t", ".", "x", ".5", "t", ".", "`a``b`", ""]);
    }

    /// As `spark.sql` unescapes them.
    #[test]
    fn strings_are_unescaped() {
        let value = |sql| match tokens(sql).expect("tokens").swap_remove(0).kind {
            TokenKind::Text(value) => value,
            other => panic!("{other:?} is no text"),
        };
        assert_eq!(value(r"'a\tb\'c\\d\%\u0041\101'"), "a\tb'c\\d\\%AA");
        assert_eq!(value(r"'it''s'"), "it's");
        assert_eq!(value(r"r'a\tb'"), r"a\tb");
    }
}
