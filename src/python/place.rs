//! Where a cursor stands in source that need not be finished.

/// What the text before a cursor leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Code,
    Comment,
    /// In a string: where its literal begins, prefix included, and where its content does.
    String {
        literal: usize,
        content: usize,
    },
}

/// The place at the end of `before`. The fields of an f-string are code.
pub(crate) fn place(before: &str) -> Place {
    let bytes = before.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => match before[at..].find('\n') {
                Some(length) => at += length,
                None => return Place::Comment,
            },
            b'"' | b'\'' => match string(before, at) {
                Ok(end) => at = end,
                Err(place) => return place,
            },
            _ => at += 1,
        }
    }
    Place::Code
}

/// The end of the string whose first quote is at `open`, or the place at the end of the text when it goes on there.
fn string(before: &str, open: usize) -> Result<usize, Place> {
    let bytes = before.as_bytes();
    let quote = bytes[open];
    let prefix = before[..open].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let prefix = if prefix <= 2 { &before[open - prefix..open] } else { "" };
    let formatted = prefix.contains(['f', 'F', 't', 'T']);
    let triple = bytes[open..].starts_with(&[quote; 3]);
    let content = open + if triple { 3 } else { 1 };
    let (mut at, mut fields) = (content, 0_u32);
    while let Some(&byte) = bytes.get(at) {
        let doubled = bytes.get(at + 1) == Some(&byte);
        match byte {
            b'\\' => at += 1,
            b'\n' if !triple => return Ok(at),
            b'{' | b'}' if formatted && fields == 0 && doubled => at += 1,
            b'{' if formatted => fields += 1,
            b'}' if formatted => fields = fields.saturating_sub(1),
            _ if byte != quote => {}
            _ if !triple => return Ok(at + 1),
            _ if bytes[at..].starts_with(&[quote; 3]) => return Ok(at + 3),
            _ => {}
        }
        at += 1;
    }
    Err(if fields > 0 { Place::Code } else { Place::String { literal: open - prefix.len(), content } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_the_fields_of_f_strings_are_told_apart() {
        for code in ["", "x = 'a'", "'''a\n'''.", "f'{x", "f'{{}}{x", "'a\nb", "'it\\'s'", "# a\n", "'#'"] {
            assert_eq!(place(code), Place::Code, "{code}");
        }
        assert_eq!(place("x # 'a"), Place::Comment);
        let string = |literal, content| Place::String { literal, content };
        assert_eq!(place("f('a"), string(2, 3));
        assert_eq!(place("f('a', r\"b"), string(7, 9));
        assert_eq!(place("'''a 'b' \n"), string(0, 3));
        assert_eq!(place("f'{x} {{"), string(0, 2));
        assert_eq!(place("x = 'it\\'s"), string(4, 5));
    }
}
