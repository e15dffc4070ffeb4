//! Java's `Formatter`: `%5d`, `%-10s`, `%.2f`, `%x`.

use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::super::math::round_double;
use crate::coerce::expect;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows_with_nulls(
        "format_string",
        "The values put into a text such as `%d %s`.",
        params!("=format", "*cols"),
        |a| resolve("format_string", a),
        formatted,
    ),
    Function::rows_with_nulls(
        "printf",
        "The values put into a text such as `%d %s`.",
        params!("format", "*cols"),
        |a| resolve("printf", a),
        formatted,
    ),
];

fn resolve(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::String)?;
    Ok(Outcome::new(DataType::String, args[0].nullable))
}

/// One `%…` of a format.
#[derive(Default)]
struct Spec {
    left: bool,
    zeros: bool,
    plus: bool,
    space: bool,
    groups: bool,
    paren: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

fn formatted(c: &Cells<'_>) -> Result<Value> {
    let Some(format) = c.maybe_text(0) else { return Ok(Value::Null) };
    let bad = |what: &str| {
        Error::illegal_argument(format!("The format '{format}' doesn't fit its values: {what}."))
            .with_condition("INVALID_PARAMETER_VALUE.PRINTF")
    };
    let (mut out, mut chars, mut next) = (String::new(), format.chars().peekable(), 1);
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let (mut spec, mut digits, mut place) = (Spec::default(), String::new(), None);
        let conversion = loop {
            let Some(ch) = chars.next() else { return Err(bad("it ends within a conversion")) };
            match ch {
                '-' => spec.left = true,
                '+' => spec.plus = true,
                ' ' => spec.space = true,
                ',' => spec.groups = true,
                '(' => spec.paren = true,
                '#' => spec.alternate = true,
                '0' if digits.is_empty() && spec.precision.is_none() => spec.zeros = true,
                '0'..='9' => digits.push(ch),
                '$' => place = digits.parse::<usize>().ok().inspect(|_| digits.clear()),
                '.' => {
                    spec.width = digits.parse().unwrap_or(0);
                    digits.clear();
                    spec.precision = Some(0);
                }
                other => break other,
            }
        };
        match spec.precision {
            Some(_) => spec.precision = digits.parse().ok(),
            None => spec.width = digits.parse().unwrap_or(0),
        }
        match conversion {
            '%' => out.push_str(&filled("%".into(), &spec)),
            'n' => out.push('\n'),
            _ => {
                let at = place.unwrap_or_else(|| {
                    next += 1;
                    next - 1
                });
                let value = c.values.get(at).ok_or_else(|| bad(&format!("there is no value for '%{conversion}'")))?;
                let text = converted(value, conversion, &spec).ok_or_else(|| bad(&format!("'%{conversion}' can't show {value}")))?;
                out.push_str(&filled(text, &spec));
            }
        }
    }
    Ok(out.into())
}

fn filled(text: String, spec: &Spec) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    if spec.left {
        return text + &" ".repeat(missing);
    }
    if spec.zeros && missing > 0 && text.contains(|c: char| c.is_ascii_digit()) {
        let sign = text.len() - text.trim_start_matches(['-', '+', ' ', '(']).len();
        return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
    }
    " ".repeat(missing) + &text
}

fn converted(value: &Value, conversion: char, spec: &Spec) -> Option<String> {
    let upper = conversion.is_ascii_uppercase();
    let cased = |text: String| if upper { text.to_uppercase() } else { text };
    let cut = |text: String| match spec.precision {
        Some(length) => text.chars().take(length).collect(),
        None => text,
    };
    if value.is_null() {
        return Some(cased(cut(if conversion.eq_ignore_ascii_case(&'b') { "false".into() } else { "null".into() })));
    }
    Some(match conversion.to_ascii_lowercase() {
        's' => cased(cut(value.to_string())),
        'b' => cased(cut(value.as_bool().unwrap_or(true).to_string())),
        'c' => match value {
            Value::String(text) if text.chars().count() == 1 => cased(text.to_string()),
            other => cased(char::from_u32(u32::try_from(other.as_i64()?).ok()?)?.to_string()),
        },
        'd' => {
            let digits = match value {
                Value::Decimal { scale: 0, .. } => value.to_string(),
                other => other.as_i64()?.to_string(),
            };
            signed(&digits, spec)
        }
        'x' | 'o' => {
            let bits = match value {
                Value::Byte(v) => u64::from(*v as u8),
                Value::Short(v) => u64::from(*v as u16),
                Value::Int(v) => u64::from(*v as u32),
                other => other.as_i64()? as u64,
            };
            cased(match (conversion.eq_ignore_ascii_case(&'x'), spec.alternate) {
                (true, false) => format!("{bits:x}"),
                (true, true) => format!("0x{bits:x}"),
                (false, false) => format!("{bits:o}"),
                (false, true) => format!("0{bits:o}"),
            })
        }
        'f' | 'e' | 'g' if matches!(value, Value::Float(_) | Value::Double(_) | Value::Decimal { .. }) => {
            let number = value.as_f64()?;
            if !number.is_finite() {
                return Some(cased(if number.is_nan() {
                    "NaN".into()
                } else {
                    signed(if number > 0.0 { "Infinity" } else { "-Infinity" }, spec)
                }));
            }
            let precision = spec.precision.unwrap_or(6);
            let digits = match conversion.to_ascii_lowercase() {
                'f' => fixed(number, precision),
                'e' => scientific(number, precision),
                _ => {
                    let precision = precision.max(1);
                    let size = libm::fabs(number);
                    if size == 0.0 || (1e-4..libm::pow(10.0, precision as f64)).contains(&size) {
                        let whole = if size == 0.0 { 0 } else { libm::floor(libm::log10(size)) as i64 };
                        fixed(number, usize::try_from(precision as i64 - 1 - whole).unwrap_or(0))
                    } else {
                        scientific(number, precision - 1)
                    }
                }
            };
            cased(signed(&digits, spec))
        }
        _ => return None,
    })
}

/// Half up of the decimal digits that Java prints.
fn fixed(number: f64, precision: usize) -> String {
    let rounded = if java_double(number).contains('E') { number } else { round_double(number, precision as i32, false) };
    format!("{rounded:.precision$}")
}

fn scientific(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn signed(digits: &str, spec: &Spec) -> String {
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = if spec.groups && whole.bytes().all(|b| b.is_ascii_digit()) {
        let mut out = String::new();
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    } else {
        whole.to_owned()
    };
    if let Some(fraction) = fraction {
        text = format!("{text}.{fraction}");
    }
    match (negative, spec.paren) {
        (true, true) => format!("({text})"),
        (true, false) => format!("-{text}"),
        _ if spec.plus => format!("+{text}"),
        _ if spec.space => format!(" {text}"),
        _ => text,
    }
}
