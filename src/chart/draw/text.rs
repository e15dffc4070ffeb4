//! How wide text is, near enough to place labels without asking the backend.

/// Advance widths of Helvetica's ASCII glyphs in thousandths of an em, from the space on; most interface fonts are close.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Other interface fonts run wider than Helvetica.
const ROOM: f64 = 1.15;

/// The width of `text` at `size` pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let units: u32 = text.chars().map(advance).sum();
    f64::from(units) / 1000.0 * size * ROOM
}

/// `text`, or as much of its beginning as fits in `room` pixels with an ellipsis. At least one character stays.
pub(super) fn shorten(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let mut used = 0.0;
    let mut kept = String::new();
    for c in text.chars() {
        used += f64::from(advance(c)) / 1000.0 * size * ROOM;
        if used > room && !kept.is_empty() {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

fn advance(c: char) -> u32 {
    match c {
        ' '..='~' => u32::from(WIDTHS[c as usize - 32]),
        '…' => 1000,
        '\u{300}'..='\u{36f}' => 0,
        '\u{1100}'.. => 1000,
        _ => 600,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_text_fits_its_room() {
        assert_eq!(shorten("age", 12.0, 100.0), "age");
        let short = shorten("a rather long category name", 12.0, 80.0);
        assert!(short.ends_with('…') && width(&short, 12.0) <= 80.0, "{short}");
        assert!(width("WWW", 12.0) > width("iii", 12.0));
    }
}
