use kindling_partition::{Error, ErrorKind, Result};

use super::ParsedTimestamp;
use super::parse::{Failure, Fields};

/// A pattern such as `dd.MM.yyyy HH:mm:ss[.SSS]`, read as Spark reads patterns: Java's `DateTimeFormatter`, English names, any case.
///
/// Letters: `y` year, `M L` month, `d` day, `D` day of year, `E` weekday, `F` which such weekday of the month, `G` era, `Q q` quarter, `a` AM/PM, `H k K h`
/// hour, `m` minute, `s` second, `S` fraction, `X x Z O z VV` zone. `'…'` is text, `[…]` optional when read.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Literal(String),
    /// A letter and how often it stands there.
    Field(char, usize),
    Optional(Vec<Item>),
}

/// Where and how a text doesn't fit a pattern, in Java's words: `Text 'x' could not be parsed at index 0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFailure(String);

impl ParseFailure {
    /// Spark's error of `to_date` and `to_timestamp`; `instead` is the function that gives null: `try_to_date`, `try_to_timestamp`.
    pub fn into_error(self, instead: &str) -> Error {
        Error::new(ErrorKind::DateTime, format!("{}. Use `{instead}` to tolerate invalid input string and return NULL instead.", self.0))
            .with_condition("CANNOT_PARSE_TIMESTAMP")
    }
}

impl Pattern {
    /// # Errors
    /// `INVALID_DATETIME_PATTERN` when a letter means nothing here or too many stand together, or a quote isn't closed.
    pub fn new(pattern: &str) -> Result<Self> {
        let chars: Vec<char> = pattern.chars().collect();
        let mut at = 0;
        let items = items(&chars, &mut at, 0).map_err(|found| {
            let (condition, text) = match found {
                Some(letter) => (
                    "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
                    format!("Illegal pattern character found in datetime pattern: {letter}."),
                ),
                None => ("INVALID_DATETIME_PATTERN.WITH_SUGGESTION", "A quote of the datetime pattern is not closed.".into()),
            };
            let text = format!("Unrecognized datetime pattern: {pattern}. {text} Please provide legal character.");
            Error::illegal_argument(text).with_condition(condition)
        })?;
        Ok(Self { text: pattern.to_owned(), items })
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a whole text. What the pattern doesn't say is January, the first, midnight.
    ///
    /// # Errors
    /// When the text doesn't fit, or names a day or hour that doesn't exist.
    pub fn parse(&self, text: &str) -> Result<ParsedTimestamp, ParseFailure> {
        let failure = |failure: Failure| {
            ParseFailure(match failure {
                Failure::At(index) => format!("Text '{text}' could not be parsed at index {index}"),
                Failure::Why(why) => format!("Text '{text}' could not be parsed: {why}"),
            })
        };
        let mut fields = Fields::default();
        let end = fields.read(&self.items, text, 0).map_err(failure)?;
        if end < text.len() {
            return Err(ParseFailure(format!("Text '{text}' could not be parsed, unparsed text found at index {end}")));
        }
        fields.resolve().map_err(failure)
    }
}

impl Pattern {
    /// As [`parse`](Self::parse), without a word on why it fails.
    pub fn try_parse(&self, text: &str) -> Option<ParsedTimestamp> {
        let mut fields = Fields::default();
        let end = fields.read(&self.items, text, 0).ok()?;
        if end == text.len() { fields.resolve().ok() } else { None }
    }
}

/// The items up to the end or the closing bracket (the end closes an open one, as in Java); `Err` is the letter that means nothing, or none for what isn't closed.
fn items(chars: &[char], at: &mut usize, depth: usize) -> Result<Vec<Item>, Option<char>> {
    let mut found: Vec<Item> = Vec::new();
    while let Some(&c) = chars.get(*at) {
        *at += 1;
        match c {
            '\'' => {
                let mut literal = String::new();
                if chars.get(*at) == Some(&'\'') {
                    *at += 1;
                    literal.push('\'');
                } else {
                    loop {
                        match (chars.get(*at), chars.get(*at + 1)) {
                            (Some('\''), Some('\'')) => {
                                literal.push('\'');
                                *at += 2;
                            }
                            (Some('\''), _) => break,
                            (Some(other), _) => {
                                literal.push(*other);
                                *at += 1;
                            }
                            (None, _) => return Err(None),
                        }
                    }
                    *at += 1;
                }
                push_literal(&mut found, &literal);
            }
            '[' => found.push(Item::Optional(items(chars, at, depth + 1)?)),
            ']' if depth > 0 => return Ok(found),
            ']' | '{' | '}' | '#' => return Err(Some(c)),
            'a'..='z' | 'A'..='Z' => {
                let run = chars[*at..].iter().take_while(|other| **other == c).count() + 1;
                *at += run - 1;
                if !(1..=most(c)).contains(&run) || (c == 'V' && run != 2) || (c == 'O' && !matches!(run, 1 | 4)) || (c == 'd' && run > 2) {
                    return Err(Some(c));
                }
                found.push(Item::Field(c, run));
            }
            other => push_literal(&mut found, other.encode_utf8(&mut [0; 4])),
        }
    }
    Ok(found)
}

fn push_literal(items: &mut Vec<Item>, text: &str) {
    match items.last_mut() {
        Some(Item::Literal(before)) => before.push_str(text),
        _ => items.push(Item::Literal(text.to_owned())),
    }
}

/// How many of a letter may stand together; none for letters that Spark refuses.
fn most(letter: char) -> usize {
    match letter {
        'y' => 6,
        'G' | 'M' | 'L' | 'E' | 'Q' | 'q' | 'z' | 'O' => 4,
        'X' | 'x' | 'Z' => 5,
        'S' => 9,
        'D' => 3,
        'd' | 'H' | 'k' | 'K' | 'h' | 'm' | 's' | 'V' => 2,
        'F' | 'a' => 1,
        _ => 0,
    }
}
