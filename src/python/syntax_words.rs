//! CPython's words for errors of the parser, and the places it points at.

use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseErrorType};
use ruff_text_size::{TextRange, TextSize};

/// An error of the parser, translated.
pub(crate) struct Words {
    pub class: &'static str,
    pub message: String,
    pub range: TextRange,
}

fn at(start: usize, end: usize) -> TextRange {
    TextRange::new(TextSize::new(start as u32), TextSize::new(end.max(start) as u32))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// A bracket that is open where the scan ends, or one that closes nothing.
enum Brackets {
    Open(Vec<(usize, u8)>),
    Unmatched(usize, String),
}

/// Scans code (no strings, no comments) for its brackets, up to `end`.
fn brackets(text: &str, end: usize) -> Brackets {
    let bytes = text.as_bytes();
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut position = 0;
    while position < end.min(bytes.len()) {
        match bytes[position] {
            b'#' => {
                position += bytes[position..].iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len() - position);
                continue;
            }
            b'\'' | b'"' => {
                position = super::syntax_error::skip_string(bytes, position);
                continue;
            }
            byte @ (b'(' | b'[' | b'{') => open.push((position, byte)),
            byte @ (b')' | b']' | b'}') => {
                let wanted = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                match open.pop() {
                    Some((_, opener)) if opener == wanted => {}
                    Some((start, opener)) => {
                        let (closer, opener) = (byte as char, opener as char);
                        let (from, here) = (line_of(text, start), line_of(text, position));
                        let on_line = if from == here { String::new() } else { format!(" on line {from}") };
                        return Brackets::Unmatched(
                            position,
                            format!("closing parenthesis '{closer}' does not match opening parenthesis '{opener}'{on_line}"),
                        );
                    }
                    None => return Brackets::Unmatched(position, format!("unmatched '{}'", byte as char)),
                }
            }
            _ => {}
        }
        position += 1;
    }
    Brackets::Open(open)
}

/// What CPython calls an expression that can't be assigned to.
fn expression_name(expr: &Expr) -> &'static str {
    match expr {
        Expr::Call(_) => "function call",
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => "literal",
        Expr::BooleanLiteral(literal) if literal.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Compare(_) => "comparison",
        Expr::Lambda(_) => "lambda",
        Expr::If(_) => "conditional expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Generator(_) => "generator expression",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) => "f-string expression",
        Expr::Await(_) => "await expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Named(_) => "named expression",
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Name(_) => "name",
        Expr::Tuple(_) => "tuple",
        Expr::List(_) => "list",
        Expr::Starred(_) => "starred",
        _ => "expression",
    }
}

fn named(text: &str, range: TextRange) -> Option<&'static str> {
    let parsed = ruff_python_parser::parse_expression(text.get(range.to_std_range())?).ok()?;
    Some(expression_name(parsed.expr()))
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
    "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
];

/// What number literal runs right into the name at `start` (`1.real`), if one does.
fn number_before(text: &str, start: usize) -> Option<&'static str> {
    let bytes = text.as_bytes();
    if !bytes.get(start).is_some_and(|&byte| is_word(byte)) {
        return None;
    }
    // CPython reads a number before what begins like a keyword (`1if x else y`).
    if ["and", "else", "for", "if", "in", "is", "not", "or"].iter().any(|word| text[start..].starts_with(word)) {
        return None;
    }
    let length = bytes[..start].iter().rev().take_while(|&&byte| is_word(byte) || byte == b'.').count();
    let number = &text[start - length..start];
    let decimal = number.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) && !number.starts_with("0x");
    decimal.then(|| if number.ends_with('j') { "imaginary" } else { "decimal" })
}

/// Translates an error of the parser at `range` of `text`.
pub(crate) fn translate(error: &ParseErrorType, text: &str, range: TextRange) -> Words {
    let (start, end) = (range.start().to_usize().min(text.len()), range.end().to_usize().min(text.len()));
    let words = |class: &'static str, message: String, range: TextRange| Words { class, message, range };
    let syntax = |message: String, range: TextRange| Words { class: "SyntaxError", message, range };
    if let Brackets::Unmatched(position, message) = brackets(text, end + 1) {
        return syntax(message, at(position, position + 1));
    }
    if let Some(kind) = number_before(text, start) {
        return syntax(format!("invalid {kind} literal"), at(start - 1, start - 1));
    }
    match error {
        ParseErrorType::Lexical(error) => return lexical(error, text, start, end),
        ParseErrorType::UnexpectedIndentation => {
            let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
            let first = start + text[start..line_end].len() - text[start..line_end].trim_start().len();
            return words("IndentationError", "unexpected indent".into(), at(first, first));
        }
        ParseErrorType::OtherError(message) if message.starts_with("Expected an indented block") => {
            let header = header_line(text, start);
            let what = message["Expected an indented block".len()..].replace('`', "'");
            let start = end_of_text(text, start).unwrap_or(start);
            return words("IndentationError", format!("expected an indented block{what} on line {header}"), at(start, start));
        }
        ParseErrorType::PositionalAfterKeywordArgument | ParseErrorType::PositionalAfterKeywordUnpacking => {
            let what = if matches!(error, ParseErrorType::PositionalAfterKeywordArgument) { "" } else { " unpacking" };
            return syntax(format!("positional argument follows keyword argument{what}"), at(end, end + 1));
        }
        ParseErrorType::NonDefaultParamAfterDefaultParam => return syntax("non-default argument follows default argument".into(), range),
        ParseErrorType::InvalidAssignmentTarget | ParseErrorType::InvalidNamedAssignmentTarget => {
            let Some(name) = named(text, range) else { return syntax("invalid syntax".into(), range) };
            if matches!(error, ParseErrorType::InvalidNamedAssignmentTarget) {
                return syntax(format!("cannot use assignment expressions with {name}"), range);
            }
            let after = text[end..].trim_start();
            let line = text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start].trim_start();
            let plain = after.starts_with('=') && !["for ", "with "].iter().any(|word| line.starts_with(word));
            let hint = if plain && !matches!(name, "True" | "False" | "None") { " here. Maybe you meant '==' instead of '='?" } else { "" };
            return syntax(format!("cannot assign to {name}{hint}"), range);
        }
        ParseErrorType::InvalidAugmentedAssignmentTarget => {
            let name = named(text, range).unwrap_or("expression");
            return syntax(format!("'{name}' is an illegal expression for augmented assignment"), range);
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget => {
            let name = named(text, range).unwrap_or("expression");
            return syntax(
                match name {
                    "list" | "tuple" => format!("only single target (not {name}) can be annotated"),
                    _ => "illegal target for annotation".into(),
                },
                range,
            );
        }
        ParseErrorType::InvalidDeleteTarget => {
            let name = named(text, range).unwrap_or("expression");
            return syntax(format!("cannot delete {name}"), range);
        }
        ParseErrorType::OtherError(message) if message.contains("`except` or `finally`") => {
            let end = end_of_text(text, start);
            return syntax("expected 'except' or 'finally' block".into(), end.map_or(range, |end| at(end, end)));
        }
        ParseErrorType::FStringError(error) => return f_string(error, text, start, end),
        ParseErrorType::ExpectedExpression if text[..start].trim_end().ends_with('{') && text[start..].starts_with(['}', '!', ':']) => {
            let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
            return syntax("f-string: empty expression not allowed".into(), at(line_end, line_end));
        }
        _ => {}
    }
    // A bracket opened on an earlier line explains the rest.
    if let Brackets::Open(open) = brackets(text, start) {
        let last = text.trim_end().len();
        if let Some(&(position, opener)) = open.last()
            && (line_of(text, start) > line_of(text, position) || start >= last)
        {
            return syntax(format!("'{}' was never closed", opener as char), at(position, position));
        }
        if let Some(words) = assignment_in_condition(error, text, start) {
            return words;
        }
        if let Some(words) = print_statement(text, start) {
            return words;
        }
        if let Some(words) = open.last().and_then(|&(opener, _)| missing_comma(text, opener, start)) {
            return words;
        }
    }
    match error {
        ParseErrorType::ExpectedToken { expected: TokenKind::Colon, .. } if !in_expression(text, start) => {
            syntax("expected ':'".into(), range)
        }
        ParseErrorType::InvalidStarredExpressionUsage => syntax("can't use starred expression here".into(), range),
        ParseErrorType::UnparenthesizedGeneratorExpression => syntax("Generator expression must be parenthesized".into(), range),
        ParseErrorType::ParamAfterVarKeywordParam => syntax("arguments cannot follow var-keyword argument".into(), range),
        ParseErrorType::ExpectedKeywordParam => syntax("named arguments must follow bare *".into(), range),
        _ => syntax("invalid syntax".into(), at(start, if start == end { end } else { token_end(text, start, end) })),
    }
}

/// Where nothing follows any more, the end of the last line that was read.
fn end_of_text(text: &str, start: usize) -> Option<usize> {
    let nothing = text[start..].lines().all(|line| matches!(line.trim_start().bytes().next(), None | Some(b'#')));
    nothing.then(|| text.strip_suffix('\n').unwrap_or(text).len())
}

/// Only the first token of a range is marked.
fn token_end(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    if start < bytes.len() && is_word(bytes[start]) {
        let number = bytes[start].is_ascii_digit();
        return start + bytes[start..].iter().take_while(|&&byte| is_word(byte) || (number && byte == b'.')).count();
    }
    end
}

/// The line of the statement whose block is missing: the last one that isn't blank before the error.
fn header_line(text: &str, start: usize) -> usize {
    let before = text[..start].trim_end_matches([' ', '\t']);
    let mut line = line_of(text, before.len());
    for candidate in text[..before.len()].lines().rev() {
        let trimmed = candidate.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            let is_header =
                ["if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "match", "case", "async"]
                    .iter()
                    .any(|word| trimmed.strip_prefix(word).is_some_and(|rest| !rest.bytes().next().is_some_and(is_word)));
            if is_header {
                break;
            }
        }
        line -= 1;
        if line <= 1 {
            break;
        }
    }
    let text_lines = text[..before.len()].lines().count();
    line.clamp(1, text_lines.max(1))
}

/// Whether a colon missing at `start` belongs to a dict or a lambda rather than to a statement.
fn in_expression(text: &str, start: usize) -> bool {
    matches!(brackets(text, start), Brackets::Open(open) if !open.is_empty())
        || text[..start].trim_end().rsplit('\n').next().is_some_and(|line| line.contains("lambda"))
}

/// `if x = 3:`
fn assignment_in_condition(error: &ParseErrorType, text: &str, start: usize) -> Option<Words> {
    if !matches!(error, ParseErrorType::ExpectedToken { expected: TokenKind::Colon, found: TokenKind::Equal }) {
        return None;
    }
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[line_start..start];
    let keyword = ["if ", "elif ", "while "].iter().find(|word| line.trim_start().starts_with(**word))?;
    let first = line_start + (line.len() - line.trim_start().len()) + keyword.len();
    let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let last = text[start..line_end].rfind(':').map_or(line_end, |length| start + length);
    let name = named(text, at(first, first + text[first..start].trim_end().len())).unwrap_or("name");
    let range = at(first, first + text[first..last].trim_end().len());
    Some(match name {
        "name" => Words { class: "SyntaxError", message: "invalid syntax. Maybe you meant '==' or ':=' instead of '='?".into(), range },
        name => Words {
            class: "SyntaxError",
            message: format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?"),
            range: at(first, first + text[first..start].trim_end().len()),
        },
    })
}

/// `print "hello"`
fn print_statement(text: &str, start: usize) -> Option<Words> {
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[line_start..start];
    let before = line.trim();
    if !matches!(before, "print" | "exec") {
        return None;
    }
    let first = line_start + (line.len() - line.trim_start().len());
    let line_end = text[start..].find(['\n', ';']).map_or(text.len(), |length| start + length);
    let next = text[start..line_end].trim_end();
    if next.is_empty() || !ruff_python_parser::parse_expression(next).is_ok() {
        return None;
    }
    Some(Words {
        class: "SyntaxError",
        message: format!("Missing parentheses in call to '{before}'. Did you mean {before}(...)?"),
        range: at(first, start + next.len()),
    })
}

/// `[1 2]`: two expressions side by side within brackets.
fn missing_comma(text: &str, opener: usize, start: usize) -> Option<Words> {
    let bytes = text.as_bytes();
    let next = *bytes.get(start)?;
    if !(is_word(next) || matches!(next, b'"' | b'\'' | b'(' | b'[' | b'{')) {
        return None;
    }
    let word: String = text[start..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if KEYWORDS.contains(&word.as_str()) {
        return None;
    }
    let mut first = opener + 1;
    let mut depth = 0;
    for (position, byte) in bytes[..start].iter().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b',' | b'(' | b'[' | b'{' | b'=' | b':' if depth == 0 => {
                first = position + 1;
                break;
            }
            _ => {}
        }
    }
    first += text[first..start].len() - text[first..start].trim_start().len();
    ruff_python_parser::parse_expression(text[first..start].trim_end()).ok()?;
    let mut last = start;
    let mut depth = 0;
    for (position, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b')' | b']' | b'}' | b',' | b'\n' | b':' if depth == 0 => break,
            _ => {}
        }
        last = position + 1;
    }
    let second = text[start..last].trim_end();
    ruff_python_parser::parse_expression(second).ok()?;
    Some(Words {
        class: "SyntaxError",
        message: "invalid syntax. Perhaps you forgot a comma?".into(),
        range: at(first, start + second.len()),
    })
}

fn lexical(error: &LexicalErrorType, text: &str, start: usize, end: usize) -> Words {
    let syntax = |message: String, range: TextRange| Words { class: "SyntaxError", message, range };
    match error {
        LexicalErrorType::IndentationError => {
            let line_end = text[end.min(text.len())..].find('\n').map_or(text.len(), |length| end + length);
            Words {
                class: "IndentationError",
                message: "unindent does not match any outer indentation level".into(),
                range: at(line_end, line_end),
            }
        }
        LexicalErrorType::UnclosedStringError => {
            let quote = text[start..].find(['"', '\'']).map_or(start, |length| start + length);
            let triple = text[quote..].starts_with("\"\"\"") || text[quote..].starts_with("'''");
            if triple {
                let lines = line_of(text, text.trim_end_matches('\n').len());
                return syntax(format!("unterminated triple-quoted string literal (detected at line {lines})"), at(start, start + 1));
            }
            syntax(format!("unterminated string literal (detected at line {})", line_of(text, quote)), at(start, start + 1))
        }
        LexicalErrorType::UnrecognizedToken { tok } => match tok {
            '$' | '?' | '!' => syntax("invalid syntax".into(), at(start, end)),
            tok => syntax(format!("invalid character '{tok}' (U+{:04X})", *tok as u32), at(start, start + tok.len_utf8())),
        },
        LexicalErrorType::LineContinuationError => {
            syntax("unexpected character after line continuation character".into(), at(start, start + 1))
        }
        LexicalErrorType::FStringError(error) => f_string(error, text, start, end),
        // The parser knows the names of common characters only, so the text can't be CPython's.
        LexicalErrorType::UnicodeError if text[..start].ends_with("N{") => {
            let name = &text[start..end];
            syntax(format!("(unicode error) no character is known here as {name:?}: write its number, such as \\u2022"), at(start, end))
        }
        LexicalErrorType::Eof => match brackets(text, text.len()) {
            Brackets::Open(open) if !open.is_empty() => {
                let (position, opener) = open[open.len() - 1];
                syntax(format!("'{}' was never closed", opener as char), at(position, position))
            }
            _ => syntax("unexpected EOF while parsing".into(), at(start, end)),
        },
        LexicalErrorType::InvalidByteLiteral => syntax("bytes can only contain ASCII literal characters".into(), at(start, end)),
        LexicalErrorType::OtherError(message)
            if message.contains("Invalid decimal integer literal") || message.contains("leading zeros") =>
        {
            let zeros = text[start..].bytes().take_while(|&byte| byte == b'0' || byte == b'_').count();
            syntax(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers".into(),
                at(start, start + zeros),
            )
        }
        LexicalErrorType::OtherError(message) => {
            let kind = if message.contains("hexadecimal") {
                "hexadecimal"
            } else if message.contains("octal") {
                "octal"
            } else if message.contains("binary") {
                "binary"
            } else {
                return syntax("invalid decimal literal".into(), at(start, start + 1));
            };
            syntax(format!("invalid {kind} literal"), at(start, start + 1))
        }
        _ => syntax("invalid syntax".into(), at(start, end)),
    }
}

fn f_string(error: &InterpolatedStringErrorType, text: &str, start: usize, end: usize) -> Words {
    let message = match error {
        InterpolatedStringErrorType::UnclosedLbrace => "f-string: expecting '}'",
        InterpolatedStringErrorType::InvalidConversionFlag => "f-string: invalid conversion character: expected 's', 'r', or 'a'",
        InterpolatedStringErrorType::SingleRbrace => "f-string: single '}' is not allowed",
        InterpolatedStringErrorType::UnterminatedString | InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
            return lexical(&LexicalErrorType::UnclosedStringError, text, start, end);
        }
        _ => "f-string: invalid syntax",
    };
    Words { class: "SyntaxError", message: message.into(), range: at(start, end) }
}
