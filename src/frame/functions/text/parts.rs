//! Parts of texts: finding, cutting, masking, quoting.

use kindling_partition::{Error, ErrorKind, Result};

use super::super::collections::arrays::index_of_zero;
use super::super::declare::{Cells, Function, Outcome, params};
use super::super::regexp::compile;
use crate::coerce::{expect, literal, unify};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "btrim",
        "Without the spaces, or the characters of `trim`, at both ends.",
        params!("str", "~trim"),
        |a| texts("btrim", a),
        |c| {
            let set = c.maybe_text(1).unwrap_or(" ");
            Ok(c.text(0).trim_matches(|ch| set.contains(ch)).into())
        },
    ),
    Function::rows("char", "The character of a code; codes are taken modulo 256.", params!("col"), |a| of_long("char", a), character),
    Function::rows("chr", "The character of a code; codes are taken modulo 256.", params!("n"), |a| of_long("chr", a), character),
    Function::rows_with_nulls(
        "elt",
        "The input at a position from 1.",
        params!("*inputs"),
        |args| {
            if args.len() < 2 {
                return Err(
                    Error::analysis("elt needs a position and at least one input.").with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION")
                );
            }
            expect("elt", args, 0, &DataType::Int)?;
            let common = unify("elt", &mut args[1..])?;
            if !matches!(common, DataType::String | DataType::Binary) {
                for i in 1..args.len() {
                    expect("elt", args, i, &DataType::String)?;
                }
            }
            Ok(Outcome::new(args[1].data_type.clone(), true))
        },
        |c| {
            if c.is_null(0) {
                return Ok(Value::Null);
            }
            let position = c.long(0);
            usize::try_from(position).ok().filter(|p| *p > 0).and_then(|p| c.values.get(p)).cloned().ok_or_else(|| {
                let text = format!(
                    "The index {position} is out of bounds. The array has {} elements. Use the SQL function `get()` to tolerate accessing element \
                     at invalid index and return NULL instead.",
                    c.values.len() - 1
                );
                Error::new(ErrorKind::ArrayIndex, text).with_condition("INVALID_ARRAY_INDEX")
            })
        },
    ),
    Function::rows(
        "find_in_set",
        "Where the text is in a list with commas, from 1; 0 when it isn't.",
        params!("str", "str_array"),
        |args| {
            texts("find_in_set", args)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |c| {
            let found = if c.text(0).contains(',') { None } else { c.text(1).split(',').position(|part| part == c.text(0)) };
            Ok(Value::Int(found.map_or(0, |i| i as i32 + 1)))
        },
    ),
    Function::rows_with_nulls(
        "mask",
        "The text with its letters and digits replaced; a null leaves a kind as it is.",
        params!("col", "~upperChar", "~lowerChar", "~digitChar", "~otherChar"),
        |args| texts("mask", args),
        |c| {
            if c.is_null(0) {
                return Ok(Value::Null);
            }
            let with =
                |i: usize, other: Option<char>| if c.values.len() > i { c.maybe_text(i).and_then(|t| t.chars().next()) } else { other };
            let (upper, lower, digit, rest) = (with(1, Some('X')), with(2, Some('x')), with(3, Some('n')), with(4, None));
            let masked = |ch: char| {
                let instead = if ch.is_uppercase() {
                    upper
                } else if ch.is_lowercase() {
                    lower
                } else if ch.is_numeric() {
                    digit
                } else {
                    rest
                };
                instead.unwrap_or(ch)
            };
            Ok(c.text(0).chars().map(masked).collect::<String>().into())
        },
    ),
    Function::rows(
        "overlay",
        "The text with another put over `len` of its characters from `pos` on.",
        params!("src", "replace", "pos", "~len"),
        |args| {
            if args[0].data_type != DataType::Binary {
                expect("overlay", args, 0, &DataType::String)?;
            }
            let same = args[0].data_type.clone();
            expect("overlay", args, 1, &same)?;
            expect("overlay", args, 2, &DataType::Int)?;
            expect("overlay", args, 3, &DataType::Int)?;
            Ok(Outcome::strict(same, args))
        },
        overlay,
    ),
    Function::rows(
        "quote",
        "The text in single quotes.",
        params!("col"),
        |a| texts("quote", a),
        |c| Ok(format!("'{}'", c.text(0).replace('\'', "\\'")).into()),
    ),
    Function::rows(
        "regexp_instr",
        "Where a regular expression first matches, from 1; 0 where it doesn't.",
        params!("str", "regexp", "?idx"),
        |args| {
            expect("regexp_instr", args, 0, &DataType::String)?;
            expect("regexp_instr", args, 1, &DataType::String)?;
            expect("regexp_instr", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |c| {
            let found = compile(c.text(1))?.find(c.text(0)).map(|m| m.start());
            Ok(Value::Int(found.map_or(0, |at| c.text(0)[..at].chars().count() as i32 + 1)))
        },
    ),
    Function::rows(
        "regexp_substr",
        "What a regular expression first matches; null where it doesn't.",
        params!("str", "regexp"),
        |args| {
            texts("regexp_substr", args)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| Ok(compile(c.text(1))?.find(c.text(0)).map(|m| m.as_str()).filter(|t| !t.is_empty()).into()),
    ),
    Function::rows(
        "split_part",
        "A part of the text between delimiters, from 1, from the end when negative.",
        params!("src", "delimiter", "partNum"),
        |args| {
            expect("split_part", args, 0, &DataType::String)?;
            expect("split_part", args, 1, &DataType::String)?;
            expect("split_part", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| {
            let parts: Vec<&str> = if c.text(1).is_empty() { vec![c.text(0)] } else { c.text(0).split(c.text(1)).collect() };
            let place = c.long(2);
            let at = match place {
                0 => return Err(index_of_zero()),
                p if p > 0 => p - 1,
                p => parts.len() as i64 + p,
            };
            Ok(usize::try_from(at).ok().and_then(|i| parts.get(i)).copied().unwrap_or_default().into())
        },
    ),
    Function::rows(
        "substring_index",
        "What stands before so many delimiters; after so many from the end when negative.",
        params!("str", "=delim", "=count"),
        |args| {
            expect("substring_index", args, 0, &DataType::String)?;
            expect("substring_index", args, 1, &DataType::String)?;
            expect("substring_index", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| {
            let (text, delimiter, count) = (c.text(0), c.text(1), c.long(2));
            if delimiter.is_empty() || count == 0 {
                return Ok("".into());
            }
            let wanted = count.unsigned_abs() as usize - 1;
            Ok(if count > 0 {
                text.match_indices(delimiter).nth(wanted).map_or(text, |(at, _)| &text[..at])
            } else {
                text.rmatch_indices(delimiter).nth(wanted).map_or(text, |(at, found)| &text[at + found.len()..])
            }
            .into())
        },
    ),
    Function::rows(
        "sentences",
        "The words of each sentence of the text.",
        params!("string", "~language", "~country"),
        |args| {
            texts("sentences", args)?;
            Ok(Outcome::strict(DataType::Array(DataType::Array(DataType::String.into(), false).into(), false), args))
        },
        |c| {
            let words = |sentence: &str| -> Vec<Value> {
                let part = |ch: char| ch.is_alphanumeric() || matches!(ch, '\'' | '_');
                sentence.split(|ch| !part(ch)).filter(|w| w.chars().any(char::is_alphanumeric)).map(Value::from).collect()
            };
            let all = c.text(0).split(['.', '!', '?']).map(words).filter(|w| !w.is_empty());
            Ok(Value::Array(all.map(|w| Value::Array(w.into())).collect()))
        },
    ),
    Function::rows(
        "is_valid_utf8",
        "Whether the bytes of the text are UTF-8.",
        params!("str"),
        |args| {
            expect("is_valid_utf8", args, 0, &DataType::String)?;
            Ok(Outcome::strict(DataType::Boolean, args))
        },
        |c| Ok((!c.text(0).contains('\u{FFFD}')).into()),
    ),
    Function::rows(
        "make_valid_utf8",
        "The text with what is no UTF-8 as U+FFFD.",
        params!("str"),
        |a| texts("make_valid_utf8", a),
        |c| Ok(c.text(0).into()),
    ),
    Function::rows(
        "validate_utf8",
        "The text; an error when its bytes are no UTF-8.",
        params!("str"),
        |a| texts("validate_utf8", a),
        |c| {
            if c.text(0).contains('\u{FFFD}') {
                return Err(Error::illegal_argument("Invalid UTF8 byte sequence found in string.").with_condition("INVALID_UTF8_STRING"));
            }
            Ok(c.text(0).into())
        },
    ),
    Function::rows(
        "try_validate_utf8",
        "The text; null when its bytes are no UTF-8.",
        params!("str"),
        |args| {
            expect("try_validate_utf8", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| Ok(if c.text(0).contains('\u{FFFD}') { Value::Null } else { c.text(0).into() }),
    ),
    Function::rows_with_nulls(
        "collation",
        "The collation of the text.",
        params!("col"),
        |args| {
            expect("collation", args, 0, &DataType::String)?;
            Ok(Outcome::new(DataType::String, false))
        },
        |_| Ok("SYSTEM.BUILTIN.UTF8_BINARY".into()),
    ),
    Function::rows(
        "collate",
        "The text under a collation, of which Kindling has UTF8_BINARY.",
        params!("col", "=collation"),
        |args| {
            expect("collate", args, 0, &DataType::String)?;
            let name = literal("collate", args, 1)?.and_then(Value::as_str).unwrap_or_default().to_owned();
            if !name.eq_ignore_ascii_case("UTF8_BINARY") {
                let text = format!(
                    "The collation {name} is not supported: Kindling compares texts by their bytes, UTF8_BINARY. Use F.lower() to compare without case."
                );
                return Err(Error::unsupported(text));
            }
            Ok(Outcome::new(DataType::String, args[0].nullable))
        },
        |c| Ok(c.values[0].clone()),
    ),
    Function::rows(
        "bit_length",
        "How many bits the text or the bytes have.",
        params!("col"),
        |a| counted("bit_length", a),
        |c| Ok(Value::Int(c.bytes(0).len() as i32 * 8)),
    ),
    Function::rows(
        "octet_length",
        "How many bytes the text or the binary has.",
        params!("col"),
        |a| counted("octet_length", a),
        |c| Ok(Value::Int(c.bytes(0).len() as i32)),
    ),
];

fn texts(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::String)?;
    }
    Ok(Outcome::strict(DataType::String, args))
}

fn counted(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if args[0].data_type != DataType::Binary {
        expect(name, args, 0, &DataType::String)?;
    }
    Ok(Outcome::strict(DataType::Int, args))
}

fn of_long(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Long)?;
    Ok(Outcome::strict(DataType::String, args))
}

fn character(c: &Cells<'_>) -> Result<Value> {
    let code = c.long(0);
    Ok(if code < 0 { String::new() } else { String::from((code & 0xFF) as u8 as char) }.into())
}

fn overlay(c: &Cells<'_>) -> Result<Value> {
    let (at, length) = (c.long(2), if c.values.len() > 3 { c.long(3) } else { -1 });
    if let (Value::Binary(bytes), Value::Binary(with)) = (&c.values[0], &c.values[1]) {
        return Ok(Value::Binary(over(bytes, with, at, length).into()));
    }
    let (text, with): (Vec<char>, Vec<char>) = (c.text(0).chars().collect(), c.text(1).chars().collect());
    Ok(over(&text, &with, at, length).into_iter().collect::<String>().into())
}

fn over<T: Copy>(text: &[T], with: &[T], at: i64, length: i64) -> Vec<T> {
    let length = if length >= 0 { length } else { with.len() as i64 };
    // As Spark: what stands before is `substring(1, pos - 1)`, what follows starts at `pos + length`.
    let before = usize::try_from(at - 1).unwrap_or(0).min(text.len());
    let after = match at + length {
        place if place > 0 => place - 1,
        // From the end, as `substring` counts.
        0 => 0,
        place => (text.len() as i64 + place).max(0),
    };
    let after = usize::try_from(after).unwrap_or(0).min(text.len());
    text[..before].iter().chain(with).chain(&text[after..]).copied().collect()
}
