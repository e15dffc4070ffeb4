//! A JSON text as a tree.

use std::borrow::Cow;

/// A JSON value that borrows from its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    /// A number as it was written, also `NaN` and the infinities.
    Number(&'a str),
    String(Cow<'a, str>),
    /// The items, and the whole array as it was written.
    Array(Vec<Json<'a>>, &'a str),
    /// The members in order, names that come twice included, and the whole object as it was written.
    Object(Vec<(Cow<'a, str>, Json<'a>)>, &'a str),
}

/// Which texts are JSON, beyond the standard. The defaults are Spark's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// `/* … */`, `// …`; false.
    pub comments: bool,
    /// `{a: 1}`; false.
    pub unquoted_names: bool,
    /// `{'a': 1}`; true.
    pub single_quotes: bool,
    /// `007`; false.
    pub leading_zeros: bool,
    /// `NaN`, `INF`, `-Infinity` and their like; true.
    pub non_numeric_numbers: bool,
    /// `\q`; false.
    pub any_escape: bool,
    /// Tabs and newlines within strings; false.
    pub control_characters: bool,
}

impl Default for Syntax {
    fn default() -> Self {
        Self {
            comments: false,
            unquoted_names: false,
            single_quotes: true,
            leading_zeros: false,
            non_numeric_numbers: true,
            any_escape: false,
            control_characters: false,
        }
    }
}

/// Where a text stops being JSON, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxFailure(pub usize);

/// How deep arrays and objects may lie in each other: Jackson's limit.
const MOST_DEPTH: usize = 1000;

/// Reads the first value of a text; what follows it is not looked at, as in Spark. None for a text of blanks.
///
/// # Errors
/// Where the text stops being JSON.
pub fn parse(text: &str, syntax: Syntax) -> Result<Option<Json<'_>>, SyntaxFailure> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, depth: 0, syntax };
    if text.starts_with('\u{feff}') {
        parser.at = 3;
    }
    parser.blanks()?;
    if parser.at == text.len() { Ok(None) } else { parser.value().map(Some) }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    syntax: Syntax,
}

impl<'a> Parser<'a> {
    fn fail<T>(&self) -> Result<T, SyntaxFailure> {
        Err(SyntaxFailure(self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blanks(&mut self) -> Result<(), SyntaxFailure> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') if self.syntax.comments => {
                    let rest = &self.text[self.at..];
                    let length = if rest.starts_with("/*") {
                        rest.find("*/").map(|i| i + 2)
                    } else if rest.starts_with("//") {
                        Some(rest.find('\n').unwrap_or(rest.len()))
                    } else {
                        None
                    };
                    match length {
                        Some(length) => self.at += length,
                        None => return self.fail(),
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self) -> Result<Json<'a>, SyntaxFailure> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string(b'"').map(Json::String),
            Some(b'\'') if self.syntax.single_quotes => self.string(b'\'').map(Json::String),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(_) => {
                let word = self.word();
                match word {
                    "null" => Ok(Json::Null),
                    "true" => Ok(Json::Bool(true)),
                    "false" => Ok(Json::Bool(false)),
                    "NaN" | "INF" | "Infinity" if self.syntax.non_numeric_numbers => Ok(Json::Number(word)),
                    _ => Err(SyntaxFailure(start)),
                }
            }
            None => self.fail(),
        }
    }

    fn word(&mut self) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$')) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Json<'a>, SyntaxFailure> {
        let start = self.at;
        let signed = self.take(b'-') || (self.syntax.non_numeric_numbers && self.take(b'+'));
        if signed && self.syntax.non_numeric_numbers && self.peek().is_some_and(|b| b == b'I') {
            let word = self.word();
            return if matches!(word, "INF" | "Infinity") {
                Ok(Json::Number(&self.text[start..self.at]))
            } else {
                Err(SyntaxFailure(start))
            };
        }
        let first = self.at;
        let whole = self.digits();
        if whole == 0 || self.bytes[start] == b'+' || (whole > 1 && self.bytes[first] == b'0' && !self.syntax.leading_zeros) {
            return Err(SyntaxFailure(start));
        }
        if self.take(b'.') && self.digits() == 0 {
            return self.fail();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            let _ = self.take(b'-') || self.take(b'+');
            if self.digits() == 0 {
                return self.fail();
            }
        }
        // A number at the root ends where blanks begin; anywhere else a separator must follow, which whoever reads on will see.
        if self.depth == 0 && self.peek().is_some_and(|b| !b.is_ascii_whitespace()) {
            return self.fail();
        }
        Ok(Json::Number(&self.text[start..self.at]))
    }

    fn string(&mut self, quote: u8) -> Result<Cow<'a, str>, SyntaxFailure> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut from = start;
        loop {
            match self.peek() {
                None => return self.fail(),
                Some(byte) if byte == quote => {
                    let rest = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[from..self.at]);
                    let c = self.escape()?;
                    owned.get_or_insert_default().push(c);
                    from = self.at;
                }
                Some(0..0x20) if !self.syntax.control_characters => return self.fail(),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxFailure> {
        let Some(c) = self.text[self.at + 1..].chars().next() else { return self.fail() };
        let plain = match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            '\'' if self.syntax.single_quotes => c,
            _ if self.syntax.any_escape => c,
            _ => return self.fail(),
        };
        self.at += 1 + c.len_utf8();
        Ok(plain)
    }

    /// `\u20ac`, two of them for what lies beyond the first plane; half a pair is a question mark.
    fn unicode(&mut self) -> Result<char, SyntaxFailure> {
        let first = self.unit()?;
        if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            let here = self.at;
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                return Ok(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).unwrap_or('?'));
            }
            self.at = here;
        }
        Ok(char::from_u32(first).unwrap_or('?'))
    }

    fn unit(&mut self) -> Result<u32, SyntaxFailure> {
        let digits = self.bytes.get(self.at + 2..self.at + 6).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let unit = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.fail(),
        }
    }

    fn enter(&mut self) -> Result<(), SyntaxFailure> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MOST_DEPTH { self.fail() } else { self.blanks() }
    }

    fn array(&mut self) -> Result<Json<'a>, SyntaxFailure> {
        let start = self.at;
        self.enter()?;
        let mut items = Vec::new();
        if !self.take(b']') {
            loop {
                items.push(self.value()?);
                self.blanks()?;
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return self.fail();
                }
                self.blanks()?;
            }
        }
        self.depth -= 1;
        Ok(Json::Array(items, &self.text[start..self.at]))
    }

    fn object(&mut self) -> Result<Json<'a>, SyntaxFailure> {
        let start = self.at;
        self.enter()?;
        let mut members = Vec::new();
        if !self.take(b'}') {
            loop {
                let name = self.name()?;
                self.blanks()?;
                if !self.take(b':') {
                    return self.fail();
                }
                self.blanks()?;
                members.push((name, self.value()?));
                self.blanks()?;
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return self.fail();
                }
                self.blanks()?;
            }
        }
        self.depth -= 1;
        Ok(Json::Object(members, &self.text[start..self.at]))
    }

    fn name(&mut self) -> Result<Cow<'a, str>, SyntaxFailure> {
        match self.peek() {
            Some(b'"') => self.string(b'"'),
            Some(b'\'') if self.syntax.single_quotes => self.string(b'\''),
            Some(byte) if self.syntax.unquoted_names && (byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$')) => {
                Ok(Cow::Borrowed(self.word()))
            }
            _ => self.fail(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Option<Json<'_>> {
        parse(text, Syntax::default()).ok().flatten()
    }

    /// RFC 8259, and the two liberties that Spark takes by default.
    #[test]
    fn texts_become_trees() {
        let Some(Json::Object(members, raw)) = texts(" {\"a\\u00e9\\n\": [1, -2.5e3, 'x', NaN], \"b\": {}} rest") else {
            panic!("an object")
        };
        assert_eq!(raw, "{\"a\\u00e9\\n\": [1, -2.5e3, 'x', NaN], \"b\": {}}");
        assert_eq!(members[0].0, "aé\n");
        let items = vec![Json::Number("1"), Json::Number("-2.5e3"), Json::String("x".into()), Json::Number("NaN")];
        assert_eq!(members[0].1, Json::Array(items, "[1, -2.5e3, 'x', NaN]"));
        assert_eq!(texts("\"\\ud83d\\ude00\""), Some(Json::String("😀".into())));
        assert_eq!(parse("  \n", Syntax::default()), Ok(None));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for (text, at) in [
            ("{\"a\":}", 5),
            ("{\"a\" 1}", 5),
            ("[1,]", 3),
            ("{a:1}", 1),
            ("01", 0),
            ("[1", 2),
            ("\"\t\"", 1),
            ("nul", 0),
            ("{\"a\":1,}", 7),
        ] {
            assert_eq!(parse(text, Syntax::default()), Err(SyntaxFailure(at)), "{text}");
        }
        let deep = "[".repeat(2000);
        assert!(parse(&deep, Syntax::default()).is_err());
    }

    #[test]
    fn options_allow_more() {
        let syntax = Syntax {
            comments: true,
            unquoted_names: true,
            leading_zeros: true,
            any_escape: true,
            control_characters: true,
            ..Syntax::default()
        };
        let text = "/* c */ {a: 007, // d\n b: \"\\q\t\"}";
        let Ok(Some(Json::Object(members, _))) = parse(text, syntax) else { panic!("an object") };
        assert_eq!(members, vec![("a".into(), Json::Number("007")), ("b".into(), Json::String("q\t".into()))]);
    }
}
