//! How texts sound and how near they are.

use super::super::declare::{Function, Outcome, params};
use crate::coerce::expect;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "soundex",
        "The Soundex code of the text.",
        params!("col"),
        |args| {
            expect("soundex", args, 0, &DataType::String)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| Ok(soundex(c.text(0)).into()),
    ),
    Function::rows(
        "jaro_winkler_similarity",
        "How alike two texts are, from 0 to 1.",
        params!("left", "right"),
        |args| {
            expect("jaro_winkler_similarity", args, 0, &DataType::String)?;
            expect("jaro_winkler_similarity", args, 1, &DataType::String)?;
            Ok(Outcome::strict(DataType::Double, args))
        },
        |c| Ok(Value::Double(jaro_winkler(c.text(0), c.text(1)))),
    ),
];

/// Spark's `UTF8String.soundex`: a text that doesn't start with a letter is its own code.
fn soundex(text: &str) -> String {
    const CODES: &[u8; 26] = b"01230127022455012623017202";
    let bytes = text.as_bytes();
    let Some(first) = bytes.first().map(u8::to_ascii_uppercase).filter(u8::is_ascii_uppercase) else { return text.to_owned() };
    let mut code = String::from(first as char);
    let mut last = CODES[(first - b'A') as usize];
    for byte in &bytes[1..] {
        let letter = byte.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            last = b'0';
            continue;
        }
        let digit = CODES[(letter - b'A') as usize];
        if digit == b'7' {
            continue;
        }
        if digit != b'0' && digit != last {
            code.push(digit as char);
            if code.len() == 4 {
                break;
            }
        }
        last = digit;
    }
    format!("{code:0<4}")
}

/// Winkler's measure with a prefix of up to four characters and a weight of 0.1.
fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a == b {
        return 1.0;
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched = Vec::new();
    for (i, x) in a.iter().enumerate() {
        let range = i.saturating_sub(window)..(i + window + 1).min(b.len());
        if let Some(j) = range.into_iter().find(|j| !taken[*j] && b[*j] == *x) {
            taken[j] = true;
            matched.push(*x);
        }
    }
    if matched.is_empty() {
        return 0.0;
    }
    let others = b.iter().zip(&taken).filter(|(_, t)| **t).map(|(c, _)| c);
    let moved = matched.iter().zip(others).filter(|(x, y)| x != y).count() / 2;
    let m = matched.len() as f64;
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - moved as f64) / m) / 3.0;
    let prefix = a.iter().zip(&b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}
