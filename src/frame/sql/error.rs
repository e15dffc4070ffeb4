use kindling_partition::{Error, ErrorKind};

/// `PARSE_SYNTAX_ERROR` with Spark's picture of the place: the line, and carets below what was not expected (nothing at the end).
pub(super) fn syntax_error(text: &str, at: usize, token: &str) -> Error {
    let near = if token.is_empty() { "end of input".to_owned() } else { format!("'{token}'") };
    parse_error(text, at, "PARSE_SYNTAX_ERROR", &format!("Syntax error at or near {near}. SQLSTATE: 42601"))
}

/// An error of the parser, which shows the place as Spark does.
pub(super) fn parse_error(text: &str, at: usize, condition: &'static str, message: &str) -> Error {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = before.rfind('\n').map_or(before, |newline| &before[newline + 1..]).chars().count();
    let mut picture = String::new();
    for (i, shown) in text.split('\n').enumerate() {
        picture.push_str(shown);
        picture.push('\n');
        if i == line {
            picture.push_str(&format!("{}^^^\n", "-".repeat(column)));
        }
    }
    Error::new(ErrorKind::Parse, format!("{message} (line {}, pos {column})\n\n== SQL ==\n{picture}", line + 1)).with_condition(condition)
}
