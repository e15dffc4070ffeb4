use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use kindling_partition::Result;

use super::declare::{Args, Function, Outcome, params};
use super::loops::{Arg, Nums};
use crate::coerce::{cast_to, expect, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

macro_rules! text {
    ($name:literal, $doc:literal, $f:expr) => {
        Function::scalar($name, $doc, params!("col"), |args| texts($name, args), |args| args.map_strings($f))
    };
}

macro_rules! test {
    ($name:literal, $doc:literal, $f:expr) => {
        Function::scalar(
            $name,
            $doc,
            params!("left", "right"),
            |args| texts($name, args).map(|o| Outcome::new(DataType::Boolean, o.nullable)),
            |args| args.strings_to_bools($f),
        )
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    text!("upper", "The text in upper case.", |text, out| out.push_str(&text.to_uppercase())),
    text!("lower", "The text in lower case.", |text, out| out.push_str(&text.to_lowercase())),
    text!("initcap", "Each word's first letter in upper case, the rest in lower case.", initcap),
    Function::rows(
        "reverse",
        "The text, the bytes or the array from its end to its start.",
        params!("col"),
        |args| {
            if !matches!(args[0].data_type, DataType::Array(..) | DataType::Binary) {
                expect("reverse", args, 0, &DataType::String)?;
            }
            Ok(Outcome::strict(args[0].data_type.clone(), args))
        },
        |c| {
            Ok(match &c.values[0] {
                Value::Array(items) => Value::Array(items.iter().rev().cloned().collect()),
                Value::Binary(bytes) => Value::Binary(bytes.iter().rev().copied().collect()),
                _ => c.text(0).chars().rev().collect::<String>().into(),
            })
        },
    ),
    Function::scalar(
        "trim",
        "Without the spaces (or the characters of `trim`) at both ends.",
        params!("col", "~trim"),
        |args| texts("trim", args),
        |args| trim(args, true, true),
    ),
    Function::scalar(
        "ltrim",
        "Without the spaces at the start.",
        params!("col", "~trim"),
        |args| texts("ltrim", args),
        |args| trim(args, true, false),
    ),
    Function::scalar(
        "rtrim",
        "Without the spaces at the end.",
        params!("col", "~trim"),
        |args| texts("rtrim", args),
        |args| trim(args, false, true),
    ),
    test!("contains", "Whether the text has the other within it.", |text, part| text.contains(part)),
    test!("startswith", "Whether the text starts with the other.", |text, part| text.starts_with(part)),
    test!("endswith", "Whether the text ends with the other.", |text, part| text.ends_with(part)),
    Function::scalar(
        "length",
        "How many characters the text has, or how many bytes the binary.",
        params!("col"),
        |args| {
            if args[0].data_type != DataType::Binary {
                texts("length", args)?;
            }
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let arg = &args.args[0];
            if let Some(bytes) = arg.array.as_binary_opt::<i32>() {
                return args.rows_to_nums::<Int32Type>(|i| Ok((!arg.is_null(i)).then(|| bytes.value_length(arg.at(i)))));
            }
            let texts = args.args[0].strs();
            args.rows_to_nums::<Int32Type>(|i| Ok(texts.get(i).map(characters)))
        },
    ),
    Function::scalar(
        "ascii",
        "The code of the first character.",
        params!("col"),
        |args| {
            texts("ascii", args)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let texts = args.args[0].strs();
            args.rows_to_nums::<Int32Type>(|i| Ok(texts.get(i).map(|t| t.chars().next().map_or(0, |c| c as i32))))
        },
    ),
    Function::scalar(
        "substring",
        "`len` characters from position `pos`, counted from 1, or from the end when negative.",
        params!("str", "pos", "?len"),
        |args| {
            expect("substring", args, 0, &DataType::String)?;
            expect("substring", args, 1, &DataType::Int)?;
            expect("substring", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        substring,
    ),
    Function::scalar(
        "left",
        "The first `len` characters.",
        params!("str", "len"),
        |args| text_and_int("left", args),
        |args| slice(args, |length, count| (0, count.clamp(0, length))),
    ),
    Function::scalar(
        "right",
        "The last `len` characters.",
        params!("str", "len"),
        |args| text_and_int("right", args),
        |args| slice(args, |length, count| ((length - count.max(0)).max(0), length)),
    ),
    Function::scalar(
        "repeat",
        "The text `n` times.",
        params!("str", "n"),
        |args| text_and_int("repeat", args),
        |args| {
            let (texts, counts) = (args.args[0].strs(), args.args[1].nums::<Int32Type>());
            args.rows_to_strings(|i, out| match (texts.get(i), counts.get(i)) {
                (Some(text), Some(n)) => {
                    (0..n).for_each(|_| out.push_str(text));
                    Ok(true)
                }
                _ => Ok(false),
            })
        },
    ),
    Function::scalar(
        "lpad",
        "Filled up at the start to `len` characters, or cut to them.",
        params!("str", "len", "?pad"),
        |args| padded("lpad", args),
        |args| pad(args, true),
    ),
    Function::scalar(
        "rpad",
        "Filled up at the end to `len` characters, or cut to them.",
        params!("str", "len", "?pad"),
        |args| padded("rpad", args),
        |args| pad(args, false),
    ),
    Function::scalar(
        "instr",
        "Where the part is for the `occurrence`th time at or after `start`, counted from 1; from the end when `start` is negative; 0 when it \
         isn't there.",
        params!("str", "substr", "?start", "?occurrence"),
        |args| {
            expect("instr", args, 0, &DataType::String)?;
            expect("instr", args, 1, &DataType::String)?;
            expect("instr", args, 2, &DataType::Int)?;
            expect("instr", args, 3, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let (texts, parts) = (args.args[0].strs(), args.args[1].strs());
            let number = |k: usize, i: usize| match args.args.get(k) {
                Some(arg) => arg.nums::<Int32Type>().get(i),
                None => Some(1),
            };
            args.rows_to_nums::<Int32Type>(|i| {
                let found = texts.get(i).zip(parts.get(i)).zip(number(2, i).zip(number(3, i)));
                Ok(found.map(|((text, part), (start, occurrence))| occurrence_of(text, part, start, occurrence)))
            })
        },
    ),
    Function::scalar(
        "locate",
        "Where the part first is at or after `pos`, counted from 1; 0 when it isn't there.",
        params!("substr", "str", "?pos"),
        |args| {
            expect("locate", args, 0, &DataType::String)?;
            expect("locate", args, 1, &DataType::String)?;
            expect("locate", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let (parts, texts) = (args.args[0].strs(), args.args[1].strs());
            let from = args.args.get(2).map(Arg::nums::<Int32Type>);
            args.rows_to_nums::<Int32Type>(|i| {
                let start = from.map_or(Some(1), |f| f.get(i));
                let Some(start) = start else { return Ok(Some(0)) };
                Ok(texts.get(i).zip(parts.get(i)).map(|(text, part)| position(text, part, start)))
            })
        },
    ),
    Function::scalar(
        "concat",
        "The texts (or arrays) one after the other; null when one is null.",
        params!("*cols"),
        resolve_concat,
        concat,
    ),
    Function::scalar(
        "concat_ws",
        "The texts that aren't null with `sep` between them.",
        params!("=sep", "*cols"),
        |args| {
            for i in 0..args.len() {
                match &args[i].data_type {
                    DataType::Array(items, null) if !matches!(**items, DataType::Array(..) | DataType::Map(..) | DataType::Struct(..)) => {
                        let texts = DataType::Array(DataType::String.into(), *null);
                        cast_to(&mut args[i], &texts);
                    }
                    _ => expect("concat_ws", args, i, &DataType::String)?,
                }
            }
            Ok(Outcome::new(DataType::String, args[0].nullable))
        },
        concat_ws,
    ),
    Function::scalar(
        "translate",
        "Each character of `matching` replaced by the one at its place in `replace`, or left out.",
        params!("col", "matching", "replace"),
        |args| texts("translate", args),
        |args| {
            let (texts, from, to) = (args.args[0].strs(), args.args[1].strs(), args.args[2].strs());
            args.rows_to_strings(|i, out| {
                let (Some(text), Some(from), Some(to)) = (texts.get(i), from.get(i), to.get(i)) else { return Ok(false) };
                out.extend(text.chars().filter_map(|c| match from.chars().position(|f| f == c) {
                    Some(at) => to.chars().nth(at),
                    None => Some(c),
                }));
                Ok(true)
            })
        },
    ),
    Function::scalar(
        "replace",
        "Every `search` replaced by `replace`, or left out.",
        params!("src", "search", "?replace"),
        |args| texts("replace", args),
        |args| {
            let (texts, search, replace) = (args.args[0].strs(), args.args[1].strs(), args.args.get(2).map(Arg::strs));
            args.rows_to_strings(|i, out| {
                let (Some(text), Some(search)) = (texts.get(i), search.get(i)) else { return Ok(false) };
                let Some(with) = replace.map_or(Some(""), |r| r.get(i)) else { return Ok(false) };
                if search.is_empty() {
                    out.push_str(text)
                } else {
                    out.push_str(&text.replace(search, with))
                }
                Ok(true)
            })
        },
    ),
    Function::scalar(
        "levenshtein",
        "How many characters must be put in, left out or changed to get from one text to the other.",
        params!("left", "right", "?threshold"),
        |args| {
            expect("levenshtein", args, 0, &DataType::String)?;
            expect("levenshtein", args, 1, &DataType::String)?;
            expect("levenshtein", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let (a, b) = (args.args[0].strs(), args.args[1].strs());
            args.rows_to_nums::<Int32Type>(|i| {
                let most = match args.args.get(2) {
                    Some(arg) => arg.nums::<Int32Type>().get(i),
                    None => Some(i32::MAX),
                };
                // More than the threshold is -1.
                let found = a.get(i).zip(b.get(i)).zip(most);
                Ok(found.map(|((a, b), most)| Some(levenshtein(a, b)).filter(|d| *d <= most).unwrap_or(-1)))
            })
        },
    ),
    Function::scalar(
        "format_number",
        "With commas every three digits and `d` digits after the point.",
        params!("col", "=d"),
        |args| {
            expect("format_number", args, 0, &DataType::Double)?;
            expect("format_number", args, 1, &DataType::Int)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |args| {
            let (numbers, digits) = (args.args[0].nums::<arrow_array::types::Float64Type>(), args.args[1].nums::<Int32Type>());
            args.rows_to_strings(|i, out| match (numbers.get(i), digits.get(i)) {
                (Some(number), Some(digits)) if digits >= 0 => {
                    out.push_str(&grouped(number, digits));
                    Ok(true)
                }
                _ => Ok(false),
            })
        },
    ),
    Function::scalar(
        "crc32",
        "The cyclic redundancy check of the text.",
        params!("col"),
        |args| {
            texts("crc32", args)?;
            Ok(Outcome::strict(DataType::Long, args))
        },
        |args| {
            let texts = args.args[0].strs();
            args.rows_to_nums::<Int64Type>(|i| Ok(texts.get(i).map(|t| i64::from(crc32(t.as_bytes())))))
        },
    ),
];

fn texts(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::String)?;
    }
    Ok(Outcome::strict(DataType::String, args))
}

fn text_and_int(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    expect(name, args, 1, &DataType::Int)?;
    Ok(Outcome::strict(DataType::String, args))
}

fn padded(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 2, &DataType::String)?;
    text_and_int(name, args)
}

fn characters(text: &str) -> i32 {
    if text.is_ascii() { text.len() as i32 } else { text.chars().count() as i32 }
}

/// Characters `start..end` of a text.
fn char_slice(text: &str, start: i64, end: i64) -> &str {
    if start >= end {
        return "";
    }
    let (start, end) = (start as usize, end as usize);
    if text.is_ascii() {
        return &text[start.min(text.len())..end.min(text.len())];
    }
    let mut ends = text.char_indices().map(|(i, _)| i).chain(std::iter::once(text.len()));
    let from = ends.by_ref().nth(start).unwrap_or(text.len());
    let to = ends.nth(end - start - 1).unwrap_or(text.len());
    &text[from..to]
}

fn initcap(text: &str, out: &mut String) {
    let mut first = true;
    for c in text.chars() {
        if first {
            out.extend(c.to_uppercase())
        } else {
            out.extend(c.to_lowercase())
        }
        first = c == ' ';
    }
}

fn trim(args: &Args<'_>, start: bool, end: bool) -> Result<ArrayRef> {
    let (texts, cut) = (args.args[0].strs(), args.args.get(1).map(Arg::strs));
    args.rows_to_strings(|i, out| {
        let Some(mut text) = texts.get(i) else { return Ok(false) };
        let Some(cut) = cut.map_or(Some(" "), |c| c.get(i)) else { return Ok(false) };
        if start {
            text = text.trim_start_matches(|c| cut.contains(c));
        }
        if end {
            text = text.trim_end_matches(|c| cut.contains(c));
        }
        out.push_str(text);
        Ok(true)
    })
}

/// `UTF8String.substringSQL`: position 0 means 1, a negative one counts from the end.
fn substring(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, starts) = (args.args[0].strs(), args.args[1].nums::<Int32Type>());
    let lengths = args.args.get(2).map(Arg::nums::<Int32Type>);
    args.rows_to_strings(|i, out| {
        let (Some(text), Some(pos)) = (texts.get(i), starts.get(i)) else { return Ok(false) };
        let Some(len) = lengths.map_or(Some(i32::MAX), |l| l.get(i)) else { return Ok(false) };
        let all = i64::from(characters(text));
        let start = match pos {
            1.. => i64::from(pos) - 1,
            0 => 0,
            _ => all + i64::from(pos),
        };
        let end = (start + i64::from(len)).min(all);
        out.push_str(char_slice(text, start.max(0), end));
        Ok(true)
    })
}

fn slice(args: &Args<'_>, range: impl Fn(i64, i64) -> (i64, i64)) -> Result<ArrayRef> {
    let (texts, counts): (_, Nums<'_, Int32Type>) = (args.args[0].strs(), args.args[1].nums());
    args.rows_to_strings(|i, out| {
        let (Some(text), Some(count)) = (texts.get(i), counts.get(i)) else { return Ok(false) };
        let (start, end) = range(i64::from(characters(text)), i64::from(count));
        out.push_str(char_slice(text, start, end));
        Ok(true)
    })
}

fn pad(args: &Args<'_>, left: bool) -> Result<ArrayRef> {
    let (texts, lengths) = (args.args[0].strs(), args.args[1].nums::<Int32Type>());
    let pads = args.args.get(2).map(Arg::strs);
    args.rows_to_strings(|i, out| {
        let (Some(text), Some(length)) = (texts.get(i), lengths.get(i)) else { return Ok(false) };
        let Some(pad) = pads.map_or(Some(" "), |p| p.get(i)) else { return Ok(false) };
        let missing = i64::from(length) - i64::from(characters(text));
        if missing <= 0 {
            out.push_str(char_slice(text, 0, i64::from(length.max(0))));
        } else if left {
            out.extend(pad.chars().cycle().take(missing as usize));
            out.push_str(text);
        } else {
            out.push_str(text);
            out.extend(pad.chars().cycle().take(missing as usize));
        }
        Ok(true)
    })
}

/// Counted from 1 in characters; 0 when it isn't there.
fn position(text: &str, part: &str, start: i32) -> i32 {
    if start < 1 {
        return 0;
    }
    let from = text.char_indices().nth(start as usize - 1).map_or(text.len(), |(i, _)| i);
    if from == text.len() && start as usize > text.chars().count() + 1 {
        return 0;
    }
    text[from..].find(part).map_or(0, |i| characters(&text[..from + i]) + 1)
}

fn resolve_concat(args: &mut [Typed]) -> Result<Outcome> {
    if args.iter().any(|a| matches!(a.data_type, DataType::Array(..))) {
        let common = crate::coerce::unify("concat", args)?;
        if !matches!(common, DataType::Array(..)) {
            return Err(wrong_type("concat", args, 0, "ARRAY"));
        }
        return Ok(Outcome::strict(common, args));
    }
    if !args.is_empty() && args.iter().all(|a| a.data_type == DataType::Binary) {
        return Ok(Outcome::strict(DataType::Binary, args));
    }
    texts("concat", args)
}

fn concat(args: &Args<'_>) -> Result<ArrayRef> {
    if let DataType::Array(element, _) = args.result {
        return super::collection::concat_arrays(args, element);
    }
    if *args.result == DataType::Binary {
        use arrow_array::cast::AsArray;
        let bytes = |arg: &Arg, i: usize| arg.array.as_binary::<i32>().value(arg.at(i)).to_vec();
        let rows: Vec<Value> = (0..args.rows)
            .map(|i| {
                if args.args.iter().any(|a| a.is_null(i)) {
                    return Value::Null;
                }
                Value::Binary(args.args.iter().flat_map(|a| bytes(a, i)).collect())
            })
            .collect();
        return crate::batch::array_of(args.result, &rows);
    }
    let parts: Vec<_> = args.args.iter().map(Arg::strs).collect();
    args.rows_to_strings(|i, out| {
        for part in &parts {
            let Some(text) = part.get(i) else { return Ok(false) };
            out.push_str(text);
        }
        Ok(true)
    })
}

fn concat_ws(args: &Args<'_>) -> Result<ArrayRef> {
    use arrow_array::cast::AsArray;
    let separators = args.args[0].strs();
    args.rows_to_strings(|i, out| {
        let Some(separator) = separators.get(i) else { return Ok(false) };
        let mut first = true;
        let mut push = |text: &str| {
            if !std::mem::take(&mut first) {
                out.push_str(separator);
            }
            out.push_str(text);
        };
        for arg in &args.args[1..] {
            if arg.is_null(i) {
                continue;
            }
            if arg.data_type == DataType::String {
                push(arg.array.as_string::<i32>().value(arg.at(i)));
            } else {
                let items = arg.array.as_list::<i32>().value(arg.at(i));
                let items = items.as_string::<i32>();
                (0..items.len()).filter(|k| items.is_valid(*k)).for_each(|k| push(items.value(k)));
            }
        }
        Ok(true)
    })
}

/// Where a part is for the so manyth time, counted in characters from 1.
fn occurrence_of(text: &str, part: &str, start: i32, occurrence: i32) -> i32 {
    if start == 1 && occurrence == 1 {
        return position(text, part, 1);
    }
    let wanted = usize::try_from(occurrence - 1);
    let places = || text.char_indices().enumerate().filter(|(_, (at, _))| text[*at..].starts_with(part)).map(|(i, _)| i as i32 + 1);
    let length = text.chars().count() as i32;
    let found = match wanted {
        Ok(wanted) if start > 0 => places().filter(|p| *p >= start).nth(wanted),
        Ok(wanted) if start < 0 => {
            let before: Vec<i32> = places().filter(|p| *p <= length + start + 1).collect();
            before.into_iter().rev().nth(wanted)
        }
        _ => None,
    };
    found.unwrap_or(0)
}

fn levenshtein(a: &str, b: &str) -> i32 {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<i32> = (0..=b.len() as i32).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i as i32 + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + i32::from(x != *y);
            let best = change.min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}

/// `12,345.68`, the exact number rounded half to even as `java.text.DecimalFormat` does.
fn grouped(number: f64, digits: i32) -> String {
    if !number.is_finite() {
        return if number.is_nan() { "NaN".into() } else { format!("{}\u{221e}", if number < 0.0 { "-" } else { "" }) };
    }
    let text = format!("{:.*}", digits as usize, number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let negative = number < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9'));
    let mut out = String::from(if negative { "-" } else { "" });
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(char_slice("größe", 1, 4), "röß");
        assert_eq!(char_slice("abc", 2, 9), "c");
        assert_eq!((position("größe", "ß", 1), position("abcabc", "b", 3), position("abc", "x", 1)), (4, 5, 0));
        assert_eq!((levenshtein("kitten", "sitting"), crc32(b"123456789")), (3, 0xCBF4_3926));
        assert_eq!(grouped(-1_234_567.891, 2), "-1,234,567.89");
    }
}
