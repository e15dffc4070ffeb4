//! Words for the text alternatives.

use crate::format_number;

/// `3 points`, `1 point`.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    let number = crate::number::grouped(&n.to_string());
    if n == 1 { format!("{number} {noun}") } else { format!("{number} {noun}s") }
}

/// `a`, `a and b`, `a, b and c`; the middle of a long list is counted.
pub(crate) fn joined(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if names.len() <= 6 => format!("{} and {last}", first.join(", ")),
        [first @ .., _] => format!("{} and {} more", first[..5].join(", "), names.len() - 5),
    }
}

/// Adds `; highest b (3), lowest a (1)`.
pub(crate) fn push_extremes(summary: &mut String, names: &[String], values: &[f64]) {
    let known = || names.iter().zip(values).filter(|(_, value)| value.is_finite());
    let highest = known().reduce(|best, next| if next.1 > best.1 { next } else { best });
    let lowest = known().reduce(|best, next| if next.1 < best.1 { next } else { best });
    if let (Some((top, high)), Some((bottom, low))) = (highest, lowest)
        && high > low
    {
        summary.push_str(&format!("; highest {top} ({}), lowest {bottom} ({})", format_number(*high), format_number(*low)));
    }
}
