//! Records read one character after the other, with the rules of the parser that Spark uses (univocity): the way for files whose quotes
//! don't stand where they should.
//!
//! Newlines within quotes belong to the field when a closing quote follows where a field may end. When none does, the quote was a stray
//! one: the field ends with its line, as when Spark reads line by line.

use std::ops::Range;

use super::options::CsvOptions;

pub(super) struct CarefulReader<'a> {
    data: &'a [u8],
    at: usize,
    separator: &'a [u8],
    newline: Option<u8>,
    quote: Option<u8>,
    escape: Option<u8>,
    comment: Option<u8>,
    trim_start: bool,
    trim_end: bool,
    /// What a field says that isn't there as it stands.
    unescaped: Vec<u8>,
}

/// A record that was read.
pub(super) struct CarefulRecord {
    /// Without its line end.
    pub range: Range<usize>,
    /// Blank, or a comment.
    pub skipped: bool,
}

/// A field that was read.
pub(super) enum Text<'a> {
    /// As it stands in the file.
    Plain(Range<usize>),
    /// Between quotes, as it stands in the file.
    Quoted(Range<usize>),
    /// Without its escapes.
    Unescaped(&'a [u8]),
}

impl<'a> CarefulReader<'a> {
    pub fn new(data: &'a [u8], options: &'a CsvOptions, at: usize) -> Self {
        Self {
            data,
            at,
            separator: options.separator.as_bytes(),
            newline: options.line_separator,
            quote: options.quote,
            escape: options.escape,
            comment: options.comment,
            trim_start: options.ignore_leading_white_space,
            trim_end: options.ignore_trailing_white_space,
            unescaped: Vec::new(),
        }
    }

    /// Where the next record begins.
    pub fn position(&self) -> usize {
        self.at
    }

    pub fn skip_record(&mut self) -> Option<CarefulRecord> {
        self.record(|_, _| {})
    }

    /// Reads the next record and gives each of its fields, with its number, to `field`; none at the end of the data.
    pub fn record(&mut self, mut field: impl FnMut(usize, Text<'_>)) -> Option<CarefulRecord> {
        let start = self.at;
        if start >= self.data.len() {
            return None;
        }
        let end = self.line_end(start);
        let line = &self.data[start..end];
        let comment = self.comment.is_some() && line.first().copied() == self.comment;
        if comment || line.iter().all(|b| *b <= b' ') {
            self.at = self.behind_line(end);
            return Some(CarefulRecord { range: start..end, skipped: true });
        }
        let mut number = 0;
        loop {
            self.field(number, &mut field);
            number += 1;
            if self.data[self.at..].starts_with(self.separator) {
                self.at += self.separator.len();
            } else {
                break;
            }
        }
        let end = self.at;
        self.at = self.behind_line(end);
        Some(CarefulRecord { range: start..end, skipped: false })
    }

    fn is_line_end(&self, byte: u8) -> bool {
        self.newline.map_or(byte == b'\n' || byte == b'\r', |newline| byte == newline)
    }

    fn line_end(&self, from: usize) -> usize {
        self.data[from..].iter().position(|b| self.is_line_end(*b)).map_or(self.data.len(), |i| from + i)
    }

    fn behind_line(&self, end: usize) -> usize {
        let crlf = self.newline.is_none() && self.data[end..].starts_with(b"\r\n");
        (end + 1 + usize::from(crlf)).min(self.data.len())
    }

    /// Whether a field may end here.
    fn ends_at(&self, at: usize) -> bool {
        self.data.get(at).is_none_or(|b| self.is_line_end(*b)) || self.data[at..].starts_with(self.separator)
    }

    fn is_blank(&self, at: usize) -> bool {
        self.data.get(at).is_some_and(|b| *b <= b' ') && !self.ends_at(at)
    }

    fn field(&mut self, number: usize, give: &mut impl FnMut(usize, Text<'_>)) {
        if self.trim_start {
            while self.is_blank(self.at) {
                self.at += 1;
            }
        }
        let start = self.at;
        if self.quote.is_some() && self.data.get(start).copied() == self.quote {
            return self.quoted(number, give);
        }
        let end = self.end_of_plain(start);
        self.at = end;
        give(number, Text::Plain(start..self.trimmed_end(start, end)));
    }

    fn end_of_plain(&self, from: usize) -> usize {
        let mut end = from;
        while !self.ends_at(end) {
            end += 1;
        }
        end
    }

    fn trimmed_end(&self, start: usize, mut end: usize) -> usize {
        while self.trim_end && end > start && self.data[end - 1] <= b' ' {
            end -= 1;
        }
        end
    }

    fn quoted(&mut self, number: usize, give: &mut impl FnMut(usize, Text<'_>)) {
        let start = self.at + 1;
        let line_end = self.line_end(start);
        let quoted = self.scan_quotes(start);
        self.unescaped.clear();
        match quoted {
            Quoted::Closed { close, next, escapes } => {
                self.at = next;
                let lines = close > line_end && self.data[start..close].contains(&b'\r');
                if escapes || lines {
                    self.unescape(start, close);
                    give(number, Text::Unescaped(&self.unescaped));
                } else {
                    give(number, Text::Quoted(start..close));
                }
            }
            // Text follows the closing quote: the quotes are part of the field, which ends at the next separator.
            Quoted::Stray { close } if close < line_end => {
                let quote = self.data[start - 1];
                self.unescaped.push(quote);
                self.unescape(start, close);
                self.unescaped.push(quote);
                let end = self.end_of_plain(close + 1);
                self.at = end;
                self.unescaped.extend_from_slice(&self.data[close + 1..self.trimmed_end(close + 1, end)]);
                give(number, Text::Unescaped(&self.unescaped));
            }
            // Nothing closes it on its line, and nothing well on a later one.
            Quoted::Stray { .. } | Quoted::Open => {
                self.unescape(start, line_end);
                self.at = line_end;
                give(number, Text::Unescaped(&self.unescaped));
            }
        }
    }

    /// Looks for the quote that closes a field whose text begins at `at`.
    fn scan_quotes(&self, mut at: usize) -> Quoted {
        let (quote, doubled) = (self.quote, self.escape == self.quote);
        let mut escapes = false;
        while let Some(byte) = self.data.get(at).copied() {
            let next = self.data.get(at + 1).copied();
            if !doubled && Some(byte) == self.escape && (next == quote || next == self.escape) {
                escapes = true;
                at += 2;
            } else if Some(byte) == quote {
                if doubled && next == quote {
                    escapes = true;
                    at += 2;
                    continue;
                }
                // Quotes one after the other are text until the last, when quotes don't escape themselves.
                if next == quote {
                    escapes = true;
                    at += 1;
                    continue;
                }
                let mut behind = at + 1;
                while self.is_blank(behind) {
                    behind += 1;
                }
                return if self.ends_at(behind) {
                    Quoted::Closed { close: at, next: behind, escapes }
                } else {
                    Quoted::Stray { close: at }
                };
            } else {
                at += 1;
            }
        }
        Quoted::Open
    }

    /// Appends the text between two places without its escapes, its line ends as `\n`.
    fn unescape(&mut self, mut at: usize, end: usize) {
        while at < end {
            let byte = self.data[at];
            let next = self.data[..end].get(at + 1).copied();
            let escaped =
                Some(byte) == self.escape && next.is_some() && (next == self.quote || (next == self.escape && self.escape != self.quote));
            let crlf = self.newline.is_none() && byte == b'\r' && next == Some(b'\n');
            if escaped || crlf {
                at += 1;
            }
            self.unescaped.push(self.data[at]);
            at += 1;
        }
    }
}

enum Quoted {
    /// The closing quote, and where the field ends; whether there are escapes in between.
    Closed { close: usize, next: usize, escapes: bool },
    /// Text follows the closing quote.
    Stray { close: usize },
    /// The data ends first.
    Open,
}
