//! Numbers as texts by a format such as `$99,999.00`, and in other bases.

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::super::loops::Arg;
use super::codecs::to_hex;
use crate::base64;
use crate::coerce::{cast_to, decimal_for, expect, literal, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// `luhn_check`, which Python has no name for.
pub(crate) const LUHN: &str = "luhn check";

/// Every second digit from the right counts twice, and the digits of all add up to a multiple of ten.
fn luhn(text: &str) -> bool {
    let digits = text.bytes().rev().enumerate().map(|(place, byte)| match (byte, place % 2) {
        (b'0'..=b'9', 0) => Some(u32::from(byte - b'0')),
        (b'0'..=b'9', _) => Some(u32::from(byte - b'0') * 2).map(|twice| if twice > 9 { twice - 9 } else { twice }),
        _ => None,
    });
    !text.is_empty() && digits.sum::<Option<u32>>().is_some_and(|total| total % 10 == 0)
}

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        LUHN,
        "Whether the digits of a text end in the right check digit (Luhn's algorithm).",
        params!("str"),
        |args| {
            expect(LUHN, args, 0, &DataType::String)?;
            Ok(Outcome::strict(DataType::Boolean, args))
        },
        |c| Ok(Value::Boolean(luhn(c.text(0)))),
    ),
    Function::rows(
        "to_number",
        "The number of a text in a format such as `$99,999.00`.",
        params!("col", "format"),
        |a| number_type("to_number", a),
        |c| {
            Format::new(c.text(1), "to_number")?.read(c.text(0), c.result).ok_or_else(|| {
            let text = format!(
                "The input string '{}' does not match the given number format: '{}'. Use `try_to_number` to tolerate malformed input and return \
                 NULL instead.",
                c.text(0),
                c.text(1)
            );
            Error::illegal_argument(text).with_condition("INVALID_FORMAT.MISMATCH_INPUT")
        })
        },
    ),
    Function::rows(
        "try_to_number",
        "As to_number, but null for what doesn't fit.",
        params!("col", "format"),
        |a| number_type("try_to_number", a),
        |c| Ok(Format::new(c.text(1), "to_number")?.read(c.text(0), c.result).unwrap_or(Value::Null)),
    ),
    Function::rows(
        "to_char",
        "A number, a time or bytes as text in a format.",
        params!("col", "format"),
        |a| char_type("to_char", a),
        to_char,
    ),
    Function::rows(
        "to_varchar",
        "A number, a time or bytes as text in a format.",
        params!("col", "format"),
        |a| char_type("to_varchar", a),
        to_char,
    ),
    Function::rows(
        "bin",
        "A whole number in binary digits.",
        params!("col"),
        |args| {
            expect("bin", args, 0, &DataType::Long)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| Ok(format!("{:b}", c.long(0)).into()),
    ),
    Function::rows(
        "conv",
        "A number from one base in another.",
        params!("col", "=fromBase", "=toBase"),
        |args| {
            expect("conv", args, 0, &DataType::String)?;
            expect("conv", args, 1, &DataType::Int)?;
            expect("conv", args, 2, &DataType::Int)?;
            Ok(Outcome::new(DataType::String, true))
        },
        conv,
    ),
];

fn number_type(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    expect(name, args, 1, &DataType::String)?;
    let format = Format::new(literal(name, args, 1)?.and_then(Value::as_str).unwrap_or_default(), name)?;
    let (whole, fraction) = (format.digits(), format.fraction.len());
    Ok(Outcome::new(DataType::Decimal((whole + fraction).clamp(1, 38) as u8, fraction.min(38) as i8), true))
}

fn char_type(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 1, &DataType::String)?;
    match &args[0].data_type {
        DataType::Binary | DataType::Date | DataType::Timestamp | DataType::TimestampNtz => {}
        DataType::Time(_) => cast_to(&mut args[0], &DataType::Timestamp),
        t if t.is_integral() => {
            let decimal = decimal_for(t).unwrap_or(DataType::Double);
            cast_to(&mut args[0], &decimal);
        }
        DataType::Decimal(..) => {}
        DataType::Float | DataType::Double | DataType::String => cast_to(&mut args[0], &DataType::Decimal(38, 18)),
        _ => return Err(wrong_type(name, args, 0, "NUMERIC, DATE, TIMESTAMP or BINARY")),
    }
    let format = literal(name, args, 1)?.and_then(Value::as_str).unwrap_or_default();
    if matches!(args[0].data_type, DataType::Decimal(..)) {
        Format::new(format, name)?;
    }
    Ok(Outcome::new(DataType::String, true))
}

fn to_char(c: &Cells<'_>) -> Result<Value> {
    Ok(match &c.values[0] {
        Value::Decimal { unscaled, scale, .. } => Format::new(c.text(1), "to_char")?.write(*unscaled, *scale).into(),
        Value::Binary(bytes) => match c.text(1).to_lowercase().as_str() {
            "base64" => base64::encode(bytes).into(),
            "hex" => to_hex(bytes).into(),
            "utf-8" => String::from_utf8_lossy(bytes).into_owned().into(),
            other => {
                let text = format!("The format of to_char of bytes should be one of 'base64', 'hex' and 'utf-8', but is '{other}'.");
                return Err(Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.BINARY_FORMAT"));
            }
        },
        other => {
            let time = Arg { array: crate::batch::array_of(&c.types[0], [other])?, scalar: false, data_type: c.types[0].clone() };
            let micros = crate::cast::cast(&time.array, &time.data_type, &DataType::Timestamp, false)?;
            let mut out = String::new();
            if let Value::Timestamp(micros) = crate::batch::value_at(&micros, &DataType::Timestamp, 0) {
                crate::dates::Pattern::new(c.text(1))?.format(micros, &mut out);
            }
            out.into()
        }
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    None,
    /// `S`: plus or minus; `MI`: a minus or nothing.
    Before(bool),
    After(bool),
    /// `PR`: in angle brackets.
    Brackets,
}

/// Spark's `ToNumberParser`.
struct Format {
    /// `9`, `0` and `,` before the point.
    whole: Vec<char>,
    fraction: Vec<char>,
    point: bool,
    dollar: bool,
    sign: Sign,
}

impl Format {
    fn new(text: &str, function: &str) -> Result<Self> {
        let bad = |why: &str| {
            Error::analysis(format!("The format '{text}' of {function} is invalid: {why}."))
                .with_condition("INVALID_FORMAT.UNEXPECTED_TOKEN")
        };
        let upper = text.to_uppercase();
        let mut rest = upper.as_str();
        let mut sign = Sign::None;
        for (mark, plus) in [("MI", false), ("S", true)] {
            if let Some(after) = rest.strip_prefix(mark) {
                (rest, sign) = (after, Sign::Before(plus));
            } else if let Some(before) = rest.strip_suffix(mark) {
                (rest, sign) = (before, Sign::After(plus));
            }
        }
        if let Some(before) = rest.strip_suffix("PR") {
            (rest, sign) = (before, Sign::Brackets);
        }
        let dollar = rest.starts_with('$');
        let digits = rest.strip_prefix('$').unwrap_or(rest).replace('G', ",").replace('D', ".");
        let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
        if !whole.chars().all(|c| "09,".contains(c)) || !fraction.unwrap_or_default().chars().all(|c| "09".contains(c)) {
            return Err(bad("only digits 0 and 9, one decimal point, group separators, one dollar sign and one sign may stand there"));
        }
        if !digits.contains(['0', '9']) {
            return Err(bad("it has no digit").with_condition("INVALID_FORMAT.WRONG_NUM_DIGIT"));
        }
        Ok(Self {
            whole: whole.chars().collect(),
            fraction: fraction.unwrap_or_default().chars().collect(),
            point: fraction.is_some(),
            dollar,
            sign,
        })
    }

    fn digits(&self) -> usize {
        self.whole.iter().filter(|c| **c != ',').count()
    }

    fn read(&self, text: &str, result: &DataType) -> Option<Value> {
        let DataType::Decimal(precision, scale) = result else { return None };
        let mut rest = text.trim();
        let mut negative = false;
        match self.sign {
            Sign::Before(plus) => {
                if let Some(after) = rest.strip_prefix('-') {
                    (rest, negative) = (after, true);
                } else if plus {
                    rest = rest.strip_prefix('+').unwrap_or(rest);
                }
            }
            Sign::After(plus) => {
                if let Some(before) = rest.strip_suffix('-') {
                    (rest, negative) = (before, true);
                } else if plus {
                    rest = rest.strip_suffix('+').unwrap_or(rest);
                }
            }
            Sign::Brackets => {
                if let Some(inner) = rest.strip_prefix('<').and_then(|r| r.strip_suffix('>')) {
                    (rest, negative) = (inner, true);
                }
            }
            Sign::None => {}
        }
        if self.dollar {
            rest = rest.strip_prefix('$')?;
        }
        let (whole, fraction) = rest.split_once('.').map_or((rest, ""), |(w, f)| (w, f));
        if rest.contains('.') && !self.point || fraction.len() > self.fraction.len() {
            return None;
        }
        let groups: Vec<&str> = whole.split(',').collect();
        let format: String = self.whole.iter().collect();
        let wanted: Vec<&str> = format.split(',').collect();
        let fits = groups.len() <= wanted.len()
            && groups.iter().rev().zip(wanted.iter().rev()).enumerate().all(|(i, (group, want))| {
                let last = i + 1 == groups.len();
                if last && !want.starts_with('0') { group.len() <= want.len() } else { group.len() == want.len() }
            });
        // A format of nothing but zeros before the point asks for every digit.
        let all = !self.whole.first().is_some_and(|c| *c == '0') || groups.len() == wanted.len();
        if !fits || !all || !whole.replace(',', "").bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits = format!("{}{fraction:0<width$}", whole.replace(',', ""), width = usize::try_from(*scale).unwrap_or(0));
        let unscaled: i128 = if digits.is_empty() { return None } else { digits.parse().ok()? };
        Some(Value::Decimal { unscaled: if negative { -unscaled } else { unscaled }, precision: *precision, scale: *scale })
    }

    fn write(&self, unscaled: i128, scale: i8) -> String {
        let plain = crate::value::decimal_text(unscaled.abs(), scale);
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut whole = whole.trim_start_matches('0').chars().rev();
        let kept = fraction.trim_end_matches('0');
        let mut text: Vec<char> = Vec::new();
        for place in self.whole.iter().rev() {
            match place {
                ',' => text.push(','),
                place => match whole.next() {
                    Some(digit) => text.push(digit),
                    None => text.push(if *place == '0' { '0' } else { ' ' }),
                },
            }
        }
        if whole.next().is_some() || kept.len() > self.fraction.len() {
            let hashes = |c: &char| if *c == ',' { ',' } else { '#' };
            let mut out: String = self.whole.iter().map(hashes).collect();
            if self.point {
                out.push('.');
                out.extend(self.fraction.iter().map(hashes));
            }
            return out;
        }
        // Separators before the first digit are blanks.
        while text.last().is_some_and(|c| matches!(c, ',' | ' ')) {
            text.pop();
        }
        let shown: String = text.iter().rev().map(|c| if *c == ' ' { '0' } else { *c }).collect();
        let width = self.whole.len();
        let mut number = shown;
        if self.point {
            number.push('.');
            number.push_str(&format!("{kept:0<width$}", width = self.fraction.len()));
        }
        let blanks = " ".repeat(width.saturating_sub(number.split('.').next().map_or(0, str::len)));
        let number = format!("{}{number}", if self.dollar { "$" } else { "" });
        let negative = unscaled < 0;
        match self.sign {
            Sign::Before(plus) => format!(
                "{blanks}{}{number}",
                if negative {
                    "-"
                } else if plus {
                    "+"
                } else {
                    " "
                }
            ),
            Sign::After(plus) => format!(
                "{blanks}{number}{}",
                if negative {
                    "-"
                } else if plus {
                    "+"
                } else {
                    " "
                }
            ),
            Sign::Brackets if negative => format!("{blanks}<{number}>"),
            Sign::Brackets => format!("{blanks}{number}"),
            // Without a place for it the sign is lost.
            Sign::None => format!("{blanks}{number}"),
        }
    }
}

/// Spark's `NumberConverter`: 64 bits, what lies beyond is the largest number; digits that the base hasn't end the number.
fn conv(c: &Cells<'_>) -> Result<Value> {
    let (from, to) = (c.long(1), c.long(2));
    let text = c.text(0).trim();
    if !(2..=36).contains(&from) || !(2..=36).contains(&to.abs()) || text.is_empty() {
        return Ok(Value::Null);
    }
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut value: u64 = 0;
    for digit in digits.chars().map_while(|ch| ch.to_digit(from as u32)) {
        value = value.checked_mul(from as u64).and_then(|v| v.checked_add(u64::from(digit))).ok_or_else(|| {
            Error::new(kindling_partition::ErrorKind::Arithmetic, "Overflow in function conv().").with_condition("ARITHMETIC_OVERFLOW")
        })?;
    }
    let mut minus = false;
    if negative && to > 0 {
        value = if (value as i64) < 0 { u64::MAX } else { (value as i64).wrapping_neg() as u64 };
    } else if to < 0 {
        minus = negative || (value as i64) < 0;
        if !negative && minus {
            value = (value as i64).wrapping_neg() as u64;
        }
    }
    let base = to.unsigned_abs();
    let mut out = Vec::new();
    loop {
        out.push(char::from_digit((value % base) as u32, base as u32).unwrap_or('0').to_ascii_uppercase());
        value /= base;
        if value == 0 {
            break;
        }
    }
    if minus {
        out.push('-');
    }
    Ok(out.into_iter().rev().collect::<String>().into())
}
