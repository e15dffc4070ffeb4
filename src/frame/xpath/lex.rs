//! The tokens of a path, parted as Xalan's `Lexer` parts them.

use super::Bad;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a number, `.` or `..`.
    Word,
    Symbol,
    /// With its quotes.
    Literal,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'p> {
    pub kind: Kind,
    pub text: &'p str,
}

/// # Errors
/// A quote without its other.
pub(super) fn tokens(path: &str) -> Result<Vec<Token<'_>>, Bad> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = path[at..].chars().next() {
        let rest = &path[at..];
        let (kind, length) = match c {
            ' ' | '\t' | '\n' | '\r' => {
                at += 1;
                continue;
            }
            '"' | '\'' => {
                let quote = if c == '"' { "double" } else { "single" };
                let end = rest[1..].find(c).ok_or_else(|| format!("misquoted literal... expected {quote} quote!"))?;
                (Kind::Literal, end + 2)
            }
            ':' if rest.starts_with("::") => (Kind::Symbol, 2),
            c if is_symbol(c) => (Kind::Symbol, c.len_utf8()),
            _ => (Kind::Word, word(rest)),
        };
        tokens.push(Token { kind, text: &rest[..length] });
        at += length;
    }
    Ok(tokens)
}

fn is_symbol(c: char) -> bool {
    matches!(c, '@' | '-' | '(' | ')' | '[' | ']' | '|' | '/' | '*' | '+' | '=' | ',' | '\\' | '^' | '!' | '$' | '<' | '>')
}

/// How long the word is that a text begins with. A `-` is part of it unless digits alone stand before.
fn word(text: &str) -> usize {
    let mut digits = true;
    for (at, c) in text.char_indices() {
        let ends = match c {
            '-' => digits,
            ':' => text[at..].starts_with("::"),
            c => is_symbol(c) || matches!(c, ' ' | '\t' | '\n' | '\r' | '"' | '\''),
        };
        if ends {
            return at;
        }
        digits &= c.is_ascii_digit();
    }
    text.len()
}
