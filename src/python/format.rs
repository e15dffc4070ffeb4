//! Format specifications, and `str.format`.

use rustpython_literal::float;
use rustpython_literal::format::Case;

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

const MAX_WIDTH: usize = 10_000_000;

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Str(_) => "str",
        Value::Float(_) => "float",
        Value::Bool(_) => "bool",
        _ => "int",
    }
}

fn parse(text: &str, name: &str) -> PyResult<Spec> {
    let chars: Vec<char> = text.chars().collect();
    let invalid = || PyError::value_error(format!("Invalid format specifier '{text}' for object of type '{name}'"));
    let is_align = |c: char| matches!(c, '<' | '>' | '=' | '^');
    let mut at = 0;
    let mut spec = Spec {
        fill: ' ',
        align: None,
        sign: None,
        no_negative_zero: false,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        kind: None,
    };
    let mut fill_given = false;
    if chars.len() > 1 && is_align(chars[1]) {
        (spec.fill, spec.align, at) = (chars[0], Some(chars[1]), 2);
        fill_given = true;
    } else if chars.first().is_some_and(|&c| is_align(c)) {
        (spec.align, at) = (Some(chars[0]), 1);
    }
    if let Some(&c @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(c);
        at += 1;
    }
    if chars.get(at) == Some(&'z') {
        spec.no_negative_zero = true;
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if !fill_given && chars.get(at) == Some(&'0') {
        spec.fill = '0';
        if spec.align.is_none() && name != "str" {
            spec.align = Some('=');
        } else if spec.align.is_none() {
            spec.align = Some('<');
        }
        at += 1;
    }
    let number = |at: &mut usize| -> PyResult<Option<usize>> {
        let start = *at;
        let mut value = 0usize;
        while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
            value = value.saturating_mul(10).saturating_add(digit as usize);
            *at += 1;
        }
        if value > i32::MAX as usize {
            return Err(PyError::value_error("Too many decimal digits in format string"));
        }
        Ok((*at > start).then_some(value))
    };
    spec.width = number(&mut at)?.unwrap_or(0);
    while let Some(&c @ (',' | '_')) = chars.get(at) {
        match spec.grouping {
            Some(known) if known != c => return Err(PyError::value_error("Cannot specify both ',' and '_'.")),
            Some(_) => return Err(PyError::value_error(format!("Cannot specify '{c}' with '{c}'."))),
            None => spec.grouping = Some(c),
        }
        at += 1;
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        match number(&mut at)? {
            Some(precision) => spec.precision = Some(precision),
            None => return Err(PyError::value_error("Format specifier missing precision")),
        }
    }
    match chars.len() - at {
        0 => {}
        1 => spec.kind = Some(chars[at]),
        _ => return Err(invalid()),
    }
    if spec.width > MAX_WIDTH || spec.precision.is_some_and(|precision| precision > MAX_WIDTH) {
        return Err(PyError::new("MemoryError", ""));
    }
    let kind = spec.kind.or(if name == "str" { Some('s') } else { None });
    if let (Some(grouping), Some(kind)) = (spec.grouping, kind) {
        let allowed =
            matches!(kind, 'd' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%') || (grouping == '_' && matches!(kind, 'b' | 'o' | 'x' | 'X'));
        if !allowed {
            return Err(PyError::value_error(format!("Cannot specify '{grouping}' with '{kind}'.")));
        }
    }
    Ok(spec)
}

/// Formats a builtin value; the specification is not empty.
pub fn format_value(value: &Value, text: &str) -> PyResult<String> {
    let name = type_name(value);
    let spec = parse(text, name)?;
    let unknown = |kind: char| {
        let kind = if (33..128).contains(&(kind as u32)) { kind.to_string() } else { format!("\\x{:x}", kind as u32) };
        PyError::value_error(format!("Unknown format code '{kind}' for object of type '{name}'"))
    };
    match value {
        Value::Str(string) => match spec.kind {
            None | Some('s') => format_str(string.as_str(), &spec),
            Some(kind) => Err(unknown(kind)),
        },
        Value::Float(number) => match spec.kind {
            None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => Ok(format_float(*number, &spec)),
            Some(kind) => Err(unknown(kind)),
        },
        Value::Bool(flag) if spec.kind.is_none() && spec.grouping.is_none() && spec.precision.is_none() => {
            format_int(&Value::Int(i64::from(*flag)), &spec)
        }
        _ => match spec.kind {
            None | Some('b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => format_int(value, &spec),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                let number = match value.as_bigint() {
                    Some(big) => crate::number::big_to_float(&big)?,
                    None => 0.0,
                };
                Ok(format_float(number, &spec))
            }
            Some(kind) => Err(unknown(kind)),
        },
    }
}

fn format_str(text: &str, spec: &Spec) -> PyResult<String> {
    if let Some(sign) = spec.sign {
        return Err(PyError::value_error(if sign == ' ' {
            "Space not allowed in string format specifier"
        } else {
            "Sign not allowed in string format specifier"
        }));
    }
    if spec.no_negative_zero {
        return Err(PyError::value_error("Negative zero coercion (z) not allowed in string format specifier"));
    }
    if spec.alternate {
        return Err(PyError::value_error("Alternate form (#) not allowed in string format specifier"));
    }
    if let Some(grouping) = spec.grouping {
        return Err(PyError::value_error(format!("Cannot specify '{grouping}' with 's'.")));
    }
    if spec.align == Some('=') {
        return Err(PyError::value_error("'=' alignment not allowed in string format specifier"));
    }
    let text: String = match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_string(),
    };
    Ok(pad(&text, "", spec, '<'))
}

/// Fills to the width; `prefix` (a sign, `0x`) stays in front with `=`.
fn pad(body: &str, prefix: &str, spec: &Spec, default_align: char) -> String {
    let length = prefix.chars().count() + body.chars().count();
    let missing = spec.width.saturating_sub(length);
    if missing == 0 {
        return format!("{prefix}{body}");
    }
    let fill = |count: usize| std::iter::repeat_n(spec.fill, count).collect::<String>();
    match spec.align.unwrap_or(default_align) {
        '<' => format!("{prefix}{body}{}", fill(missing)),
        '>' => format!("{}{prefix}{body}", fill(missing)),
        '^' => format!("{}{prefix}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
        _ => format!("{prefix}{}{body}", fill(missing)),
    }
}

fn format_int(value: &Value, spec: &Spec) -> PyResult<String> {
    if spec.precision.is_some() {
        return Err(PyError::value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(PyError::value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    let big = value.as_bigint().unwrap_or_default();
    if spec.kind == Some('c') {
        if spec.sign.is_some() {
            return Err(PyError::value_error("Sign not allowed with integer format specifier 'c'"));
        }
        if spec.alternate {
            return Err(PyError::value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let c = value.as_i64().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
        return match c {
            Some(c) => Ok(pad(&c.to_string(), "", spec, '<')),
            None if value.as_i64().is_none() => Err(PyError::overflow("Python int too large to convert to C long")),
            None => Err(PyError::overflow("%c arg not in range(0x110000)")),
        };
    }
    let negative = big.sign() == num_bigint::Sign::Minus;
    let (digits, prefix, group) = match spec.kind {
        Some('b') => (big.magnitude().to_str_radix(2), "0b", 4),
        Some('o') => (big.magnitude().to_str_radix(8), "0o", 4),
        Some('x') => (big.magnitude().to_str_radix(16), "0x", 4),
        Some('X') => (big.magnitude().to_str_radix(16).to_uppercase(), "0X", 4),
        _ => (big.magnitude().to_string(), "", 3),
    };
    let mut front = sign(negative, spec.sign).to_string();
    if spec.alternate {
        front.push_str(prefix);
    }
    let digits = grouped(&digits, "", spec, group, front.chars().count());
    Ok(pad(&digits, &front, spec, '>'))
}

fn sign(negative: bool, wanted: Option<char>) -> &'static str {
    match (negative, wanted) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

/// Puts separators between groups of digits; zeros that fill the width are grouped too.
fn grouped(digits: &str, rest: &str, spec: &Spec, group: usize, front: usize) -> String {
    let Some(separator) = spec.grouping else { return format!("{digits}{rest}") };
    let mut digits = digits.to_string();
    if spec.fill == '0' && spec.align == Some('=') {
        let grouped_len = |count: usize| count + (count.max(1) - 1) / group;
        while grouped_len(digits.len()) + rest.chars().count() + front < spec.width {
            digits.insert(0, '0');
        }
    }
    let mut result = String::new();
    for (index, c) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(group) {
            result.push(separator);
        }
        result.push(c);
    }
    result.push_str(rest);
    result
}

fn format_float(number: f64, spec: &Spec) -> String {
    let magnitude = number.abs();
    let kind = spec.kind.unwrap_or('\0');
    let case = if kind.is_ascii_uppercase() { Case::Upper } else { Case::Lower };
    let precision = spec.precision.unwrap_or(6);
    let body = match kind {
        'e' | 'E' => float::format_exponent(precision, magnitude, case, spec.alternate),
        'f' | 'F' => float::format_fixed(precision, magnitude, case, spec.alternate),
        'g' | 'G' | 'n' => float::format_general(precision.max(1), magnitude, case, spec.alternate, false),
        '%' => match magnitude {
            magnitude if magnitude.is_nan() => "nan%".into(),
            magnitude if magnitude.is_infinite() => "inf%".into(),
            _ => format!("{}%", float::format_fixed(precision, magnitude * 100.0, case, spec.alternate)),
        },
        _ => match spec.precision {
            Some(precision) => float::format_general(precision.max(1), magnitude, case, spec.alternate, true),
            None => crate::repr::float_repr(magnitude),
        },
    };
    let body = if kind == '\0' && spec.precision.is_some() && magnitude.is_finite() && !body.contains(['.', 'e', 'E']) {
        format!("{body}.0")
    } else {
        body
    };
    let mut negative = number.is_sign_negative() && !number.is_nan();
    if spec.no_negative_zero && negative && !body.chars().any(|c| ('1'..='9').contains(&c)) && number.is_finite() {
        negative = false;
    }
    let front = sign(negative, spec.sign);
    let whole = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
    let body = if number.is_finite() { grouped(&body[..whole], &body[whole..], spec, 3, front.len()) } else { body };
    pad(&body, front, spec, '>')
}

/// `template.format(*args, **keywords)`, or with the names of a mapping.
pub fn str_format(vm: &mut Vm, template: &str, args: &Args, mapping: Option<&Value>) -> PyResult<String> {
    let mut numbering = Numbering { next: 0, manual: None };
    expand(vm, template, args, mapping, &mut numbering, 2)
}

struct Numbering {
    next: usize,
    manual: Option<bool>,
}

fn expand(vm: &mut Vm, template: &str, args: &Args, mapping: Option<&Value>, numbering: &mut Numbering, depth: u32) -> PyResult<String> {
    if depth == 0 {
        return Err(PyError::value_error("Max string recursion exceeded"));
    }
    let mut result = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        result.push_str(&rest[..at]);
        let brace = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        if rest.as_bytes().first() == Some(&brace) {
            result.push(brace as char);
            rest = &rest[1..];
            continue;
        }
        if brace == b'}' {
            return Err(PyError::value_error("Single '}' encountered in format string"));
        }
        if rest.is_empty() {
            return Err(PyError::value_error("Single '{' encountered in format string"));
        }
        let mut open = 1;
        let mut end = None;
        let mut in_bracket = false;
        for (position, c) in rest.char_indices() {
            match c {
                '[' if open == 1 => in_bracket = true,
                ']' => in_bracket = false,
                '{' if !in_bracket => open += 1,
                '}' if !in_bracket => {
                    open -= 1;
                    if open == 0 {
                        end = Some(position);
                        break;
                    }
                }
                _ => {}
            }
        }
        let Some(end) = end else { return Err(PyError::value_error("expected '}' before end of string")) };
        let field = &rest[..end];
        rest = &rest[end + 1..];
        let (name, conversion, spec) = split_field(field)?;
        let value = field_value(vm, name, args, mapping, numbering)?;
        let value = match conversion {
            None => value,
            Some('r') => Value::str(vm.repr(&value)?),
            Some('s') => vm.str_value(&value)?,
            Some('a') => Value::str(crate::builtins::ascii_text(&vm.repr(&value)?)),
            Some(c) => return Err(PyError::value_error(format!("Unknown conversion specifier {c}"))),
        };
        let spec = if spec.contains('{') { expand(vm, spec, args, mapping, numbering, depth - 1)? } else { spec.to_string() };
        result.push_str(&vm.format(&value, &spec)?);
        vm.check_size(result.len(), 1)?;
    }
    result.push_str(rest);
    Ok(result)
}

fn split_field(field: &str) -> PyResult<(&str, Option<char>, &str)> {
    let mut in_bracket = false;
    for (at, c) in field.char_indices() {
        match c {
            '[' => in_bracket = true,
            ']' => in_bracket = false,
            ':' if !in_bracket => return Ok((&field[..at], None, &field[at + 1..])),
            '!' if !in_bracket => {
                let mut after = field[at + 1..].chars();
                let Some(conversion) = after.next() else { return Err(PyError::value_error("unmatched '{' in format spec")) };
                return match after.next() {
                    None => Ok((&field[..at], Some(conversion), "")),
                    Some(':') => Ok((&field[..at], Some(conversion), after.as_str())),
                    Some(_) => Err(PyError::value_error("expected ':' after conversion specifier")),
                };
            }
            _ => {}
        }
    }
    Ok((field, None, ""))
}

fn field_value(vm: &mut Vm, name: &str, args: &Args, mapping: Option<&Value>, numbering: &mut Numbering) -> PyResult<Value> {
    let first_end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut path) = name.split_at(first_end);
    let index = if first.is_empty() {
        if numbering.manual == Some(true) {
            return Err(PyError::value_error("cannot switch from manual field specification to automatic field numbering"));
        }
        numbering.manual = Some(false);
        numbering.next += 1;
        Some(numbering.next - 1)
    } else if first.bytes().all(|byte| byte.is_ascii_digit()) {
        if numbering.manual == Some(false) {
            return Err(PyError::value_error("cannot switch from automatic field numbering to manual field specification"));
        }
        numbering.manual = Some(true);
        first.parse::<usize>().ok()
    } else {
        None
    };
    let mut value = match (index, mapping) {
        (Some(_), Some(_)) => return Err(PyError::value_error("Format string contains positional fields")),
        (Some(index), None) => match args.positional.get(index) {
            Some(value) => value.clone(),
            None => return Err(PyError::index_error(format!("Replacement index {index} out of range for positional args tuple"))),
        },
        (None, Some(mapping)) => vm.get_item(mapping, &Value::str(first))?,
        (None, None) => match args.keywords.iter().find(|(keyword, _)| &**keyword == first) {
            Some((_, value)) => value.clone(),
            None => return Err(PyError::key_error(Value::str(first))),
        },
    };
    while !path.is_empty() {
        if let Some(after) = path.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            if end == 0 {
                return Err(PyError::value_error("Empty attribute in format string"));
            }
            value = vm.get_attr_str(&value, &after[..end])?;
            path = &after[end..];
        } else if let Some(after) = path.strip_prefix('[') {
            let Some(end) = after.find(']') else { return Err(PyError::value_error("Missing ']' in format string")) };
            let key = &after[..end];
            if key.is_empty() {
                return Err(PyError::value_error("Empty attribute in format string"));
            }
            let key = key.parse::<i64>().map_or_else(|_| Value::str(key), Value::Int);
            value = vm.get_item(&value, &key)?;
            path = &after[end + 1..];
            if !path.is_empty() && !path.starts_with(['.', '[']) {
                return Err(PyError::value_error("Only '.' or '[' may follow ']' in format field specifier"));
            }
        } else {
            break;
        }
    }
    Ok(value)
}
