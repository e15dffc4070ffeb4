//! Characters by name, for `"\N{BULLET}"`, in the place of the crate that the parser asks for them.
//!
//! That crate knows all of Unicode's 34,000 names: a quarter of a megabyte, compressed, that every reader would download. This one knows
//! those of scripts and signs that notebooks use (`tests/reference/unicode_names.py` chooses them), from a text that it is given when a cell
//! names the first; who writes another is told to write its number.

use std::sync::OnceLock;

/// What gives the runs of names: `@` and the first character's number, then one name a line for it and each that follows.
type Names = fn() -> Option<String>;

static NAMES: OnceLock<Names> = OnceLock::new();

/// Says where the names come from. The first word counts.
pub fn set_names(names: Names) {
    NAMES.get_or_init(|| names);
}

/// Named by their numbers, from Unicode 14.
const IDEOGRAPHS: [(u32, u32); 8] = [
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B738),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
    (0x30000, 0x3134A),
];

/// The character of this name, in upper or lower case.
pub fn character(name: &str) -> Option<char> {
    let name = name.to_ascii_uppercase();
    if let Some(number) = name.strip_prefix("CJK UNIFIED IDEOGRAPH-") {
        let code = u32::from_str_radix(number, 16).ok().filter(|_| matches!(number.len(), 4 | 5))?;
        return IDEOGRAPHS.iter().any(|(first, last)| (*first..=*last).contains(&code)).then(|| char::from_u32(code))?;
    }
    let names = NAMES.get()?()?;
    let mut next = 0;
    for line in names.lines() {
        match line.strip_prefix('@') {
            Some(number) => next = u32::from_str_radix(number, 16).ok()?,
            None if line == name => return char::from_u32(next),
            None => next += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{character, set_names};

    #[test]
    fn names_are_unicodes() {
        set_names(|| Some(include_str!("../lib/unicode_names.txt").to_owned()));
        for (name, expected) in [
            ("BULLET", '•'),
            ("greek small letter alpha", 'α'),
            ("LATIN SMALL LETTER E WITH ACUTE", 'é'),
            ("NO-BREAK SPACE", '\u{A0}'),
            ("LF", '\n'),
            ("BELL", '🔔'),
            ("SNOWMAN", '☃'),
            ("FIRE", '🔥'),
            ("CJK UNIFIED IDEOGRAPH-4E2D", '中'),
            ("RIGHTWARDS ARROW", '→'),
        ] {
            assert_eq!(character(name), Some(expected), "{name}");
        }
        for unknown in ["", "BULLET ", "@2022", "CJK UNIFIED IDEOGRAPH-0041", "CJK UNIFIED IDEOGRAPH-+4E2", "NO SUCH NAME"] {
            assert_eq!(character(unknown), None, "{unknown}");
        }
    }
}
