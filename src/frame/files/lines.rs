//! The lines of a part of a file.

use std::ops::Range;

use memchr::{memchr2, memmem};

/// The lines that begin behind the start of a split and not behind its end, each with its place, so that every line is in one split.
/// Without a separator a line ends at `\n`, `\r\n` or `\r`: Hadoop's `LineRecordReader`.
pub(crate) struct Lines<'a> {
    data: &'a [u8],
    separator: Option<&'a [u8]>,
    at: usize,
    end: usize,
}

impl<'a> Lines<'a> {
    pub fn new(data: &'a [u8], split: &Range<usize>, separator: Option<&'a [u8]>) -> Self {
        let mut lines = Self { data, separator, at: split.start, end: data.len() };
        if split.end < data.len() {
            lines.end = lines.line_end(split.end).1;
        }
        if split.start > 0 {
            lines.at = lines.line_end(split.start).1;
        }
        lines
    }

    /// Where the line around a place ends, and where the next one begins.
    fn line_end(&self, from: usize) -> (usize, usize) {
        let rest = &self.data[from..];
        match self.separator {
            Some(separator) => match memmem::find(rest, separator) {
                Some(i) => (from + i, from + i + separator.len()),
                None => (self.data.len(), self.data.len()),
            },
            None => match memchr2(b'\n', b'\r', rest) {
                Some(i) if rest[i..].starts_with(b"\r\n") => (from + i, from + i + 2),
                Some(i) => (from + i, from + i + 1),
                None => (self.data.len(), self.data.len()),
            },
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let start = self.at;
        let (end, next) = self.line_end(start);
        self.at = next;
        Some((start, &self.data[start..end]))
    }
}

/// The number of the line at a place, from 1 on.
pub(crate) fn line_number(data: &[u8], at: usize) -> u64 {
    Lines::new(&data[..at], &(0..at), None).count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_line_is_in_one_split(text in "[ab\n]{0,40}", cuts in proptest::collection::vec(0_usize..40, 0..4)) {
            let data = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c < data.len()).chain([0, data.len()]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let found: Vec<_> = cuts.windows(2).flat_map(|cut| Lines::new(data, &(cut[0]..cut[1]), None)).map(|l| l.1.to_vec()).collect();
            let whole: Vec<_> = text.split_terminator('\n').map(|l| l.as_bytes().to_vec()).collect();
            prop_assert_eq!(found, whole);
        }
    }

    #[test]
    fn lines_end_as_in_hadoop() {
        let lines = |text: &'static str, separator: Option<&'static str>| {
            Lines::new(text.as_bytes(), &(0..text.len()), separator.map(str::as_bytes))
                .map(|l| String::from_utf8_lossy(l.1).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(lines("a\r\nb\rc\n\nd", None), ["a", "b", "c", "", "d"]);
        assert_eq!(lines("a||b|c||", Some("||")), ["a", "b|c"]);
        assert_eq!(line_number(b"a\nb\nc", 4), 3);
    }
}
