//! `str`: tests, case, padding, replacing. Splitting and searching are in `str_split`.

use std::rc::Rc;

use crate::args::Args;
use crate::class::Constructor;
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("__str__", Native::Fast(|_, args| Ok(args[0].base().clone()), 0, 0)),
    ("capitalize", Native::Fast(capitalize, 0, 0)),
    ("casefold", Native::Fast(|_, args| Ok(Value::str(casefold(text(&args[0])))), 0, 0)),
    ("center", Native::Fast(|vm, args| pad(vm, args, Side::Center), 1, 2)),
    ("ljust", Native::Fast(|vm, args| pad(vm, args, Side::Left), 1, 2)),
    ("rjust", Native::Fast(|vm, args| pad(vm, args, Side::Right), 1, 2)),
    ("zfill", Native::Fast(zfill, 1, 1)),
    ("encode", Native::Full(encode)),
    ("expandtabs", Native::Full(expandtabs)),
    ("format", Native::Full(format)),
    ("format_map", Native::Fast(format_map, 1, 1)),
    ("isalnum", Native::Fast(|_, args| Ok(all_chars(&args[0], |c| c.is_alphanumeric())), 0, 0)),
    ("isalpha", Native::Fast(|_, args| Ok(all_chars(&args[0], char::is_alphabetic)), 0, 0)),
    ("isascii", Native::Fast(|_, args| Ok(Value::Bool(text(&args[0]).is_ascii())), 0, 0)),
    ("isdecimal", Native::Fast(|_, args| Ok(all_chars(&args[0], |c| crate::types::int::unicode_digit(c).is_some())), 0, 0)),
    ("isdigit", Native::Fast(|_, args| Ok(all_chars(&args[0], is_digit)), 0, 0)),
    ("isnumeric", Native::Fast(|_, args| Ok(all_chars(&args[0], char::is_numeric)), 0, 0)),
    ("isidentifier", Native::Fast(|_, args| Ok(Value::Bool(is_identifier(text(&args[0])))), 0, 0)),
    ("islower", Native::Fast(|_, args| Ok(is_cased(&args[0], char::is_lowercase, |c| c.is_uppercase() || is_title_letter(c))), 0, 0)),
    ("isupper", Native::Fast(|_, args| Ok(is_cased(&args[0], char::is_uppercase, |c| c.is_lowercase() || is_title_letter(c))), 0, 0)),
    ("isprintable", Native::Fast(|_, args| Ok(Value::Bool(is_printable(text(&args[0])))), 0, 0)),
    ("isspace", Native::Fast(|_, args| Ok(all_chars(&args[0], is_space)), 0, 0)),
    ("istitle", Native::Fast(|_, args| Ok(Value::Bool(is_title(text(&args[0])))), 0, 0)),
    ("lower", Native::Fast(|_, args| Ok(Value::str(text(&args[0]).to_lowercase())), 0, 0)),
    ("upper", Native::Fast(|_, args| Ok(Value::str(text(&args[0]).to_uppercase())), 0, 0)),
    ("swapcase", Native::Fast(swapcase, 0, 0)),
    ("title", Native::Fast(title, 0, 0)),
    ("join", Native::Fast(join, 1, 1)),
    ("static maketrans", Native::Fast(maketrans, 1, 3)),
    ("translate", Native::Fast(translate, 1, 1)),
    ("removeprefix", Native::Fast(removeprefix, 1, 1)),
    ("removesuffix", Native::Fast(removesuffix, 1, 1)),
    ("replace", Native::Fast(replace, 2, 3)),
];

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if let ([value], true) = (args.positional.as_slice(), args.keywords.is_empty()) {
            return vm.str_value(value);
        }
        let signature = crate::signature::Signature::known("str(object='', encoding='utf-8', errors='strict')");
        let decode = args.positional.len() > 1 || args.keywords.iter().any(|(name, _)| &**name != "object");
        let given = args.positional.len();
        let values = signature.bind(vm, args)?;
        for (value, name) in [(&values[1], "encoding"), (&values[2], "errors")] {
            if value.as_str().is_none() {
                return Err(PyError::type_error(format!(
                    "str() argument '{name}' must be str, not {}",
                    vm.type_name(value).replace("NoneType", "None")
                )));
            }
        }
        if decode && !matches!(values[0].base(), Value::Bytes(_) | Value::Str(_)) && given > 0 {
            let name = vm.type_name(&values[0]);
            return Err(PyError::type_error(format!("decoding to str: need a bytes-like object, {name} found")));
        }
        match values[0].base() {
            Value::Bytes(bytes) if decode => crate::types::bytes::decode(bytes, text(&values[1]), text(&values[2])),
            Value::Str(_) if decode => Err(PyError::type_error("decoding str is not supported")),
            _ => vm.str_value(&values[0]),
        }
    })
}

fn all_chars(value: &Value, test: impl Fn(char) -> bool) -> Value {
    let text = text(value);
    Value::Bool(!text.is_empty() && text.chars().all(test))
}

fn is_digit(c: char) -> bool {
    crate::types::int::unicode_digit(c).is_some() || matches!(c, '²' | '³' | '¹' | '⁰'..='⁹' | '₀'..='₉' | '①'..='⑨')
}

/// Python's notion of white space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn is_cased(value: &Value, wanted: impl Fn(char) -> bool, other: impl Fn(char) -> bool) -> Value {
    let text = text(value);
    Value::Bool(text.chars().any(wanted) && !text.chars().any(other))
}

pub(crate) fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}

fn is_printable(text: &str) -> bool {
    let repr = crate::repr::str_repr(text);
    !repr.contains('\\')
        || !text
            .chars()
            .any(|c| c.is_control() || crate::repr::str_repr(c.encode_utf8(&mut [0; 4])).starts_with("'\\") && c != '\\' && c != '\'')
}

fn is_title(text: &str) -> bool {
    let (mut previous_cased, mut any) = (false, false);
    for c in text.chars() {
        if c.is_uppercase() {
            if previous_cased {
                return false;
            }
            (previous_cased, any) = (true, true);
        } else if c.is_lowercase() {
            if !previous_cased {
                return false;
            }
            any = true;
        } else {
            previous_cased = false;
        }
    }
    any
}

fn casefold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect::<String>().replace('ß', "ss")
}

/// The four letters that have a form for titles, `ǅ`, in between upper and lower case.
fn is_title_letter(c: char) -> bool {
    matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ')
}

/// A character at the beginning of a word: `ß` gives `Ss`.
fn title_case(c: char) -> String {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => "ǅ".into(),
        'Ǉ' | 'ǈ' | 'ǉ' => "ǈ".into(),
        'Ǌ' | 'ǋ' | 'ǌ' => "ǋ".into(),
        'Ǳ' | 'ǲ' | 'ǳ' => "ǲ".into(),
        'ა'..='ჿ' => c.into(),
        _ => {
            let mut upper = c.to_uppercase();
            let first = upper.next().into_iter();
            first.chain(upper.flat_map(char::to_lowercase)).collect()
        }
    }
}

fn capitalize(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut chars = text(&args[0]).chars();
    Ok(match chars.next() {
        Some(first) => Value::str(title_case(first).chars().chain(chars.as_str().to_lowercase().chars()).collect::<String>()),
        None => Value::str(""),
    })
}

fn swapcase(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = String::new();
    for c in text(&args[0]).chars() {
        if c.is_uppercase() {
            result.extend(c.to_lowercase());
        } else if c.is_lowercase() {
            result.extend(c.to_uppercase());
        } else {
            result.push(c);
        }
    }
    Ok(Value::str(result))
}

fn title(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = String::new();
    let mut previous_cased = false;
    for c in text(&args[0]).chars() {
        if previous_cased {
            result.extend(c.to_lowercase());
        } else {
            result.push_str(&title_case(c));
        }
        previous_cased = is_title_letter(c) || c.is_lowercase() || c.is_uppercase();
    }
    Ok(Value::str(result))
}

#[derive(PartialEq)]
enum Side {
    Left,
    Right,
    Center,
}

fn pad(vm: &mut Vm, args: &[Value], side: Side) -> PyResult<Value> {
    let width = vm.index(&args[1])?;
    let fill = match args.get(2) {
        None => ' ',
        Some(value) => {
            let mut chars = match value.as_str() {
                Some(text) => text.chars(),
                None => {
                    let name = vm.type_name(value);
                    return Err(PyError::type_error(format!("The fill character must be a unicode character, not {name}")));
                }
            };
            match (chars.next(), chars.next()) {
                (Some(c), None) => c,
                _ => return Err(PyError::type_error("The fill character must be exactly one character long")),
            }
        }
    };
    let Value::Str(string) = args[0].base() else { return Ok(Value::None) };
    let length = string.char_len() as i64;
    if width <= length {
        return Ok(args[0].base().clone());
    }
    vm.check_size(width as usize, 4)?;
    let missing = (width - length) as usize;
    let left = match side {
        Side::Left => 0,
        Side::Right => missing,
        Side::Center => missing / 2 + (missing & width as usize & 1),
    };
    let filler = |count: usize| std::iter::repeat_n(fill, count);
    Ok(Value::str(filler(left).chain(string.as_str().chars()).chain(filler(missing - left)).collect::<String>()))
}

fn zfill(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let width = vm.index(&args[1])?.max(0) as usize;
    vm.check_size(width, 1)?;
    let text = text(&args[0]);
    let missing = width.saturating_sub(text.chars().count());
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'+' | b'-') => text.split_at(1),
        _ => ("", text),
    };
    Ok(Value::str(format!("{sign}{}{rest}", "0".repeat(missing))))
}

fn encode(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let signature = crate::signature::Signature::known("encode(self, encoding='utf-8', errors='strict')");
    let values = signature.bind(vm, args)?;
    crate::types::bytes::check_codec(vm, "encode", &values)?;
    crate::types::bytes::encode(text(&values[0]), text(&values[1]), text(&values[2]))
}

fn expandtabs(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let signature = crate::signature::Signature::known("expandtabs(self, tabsize=8)");
    let values = signature.bind(vm, args)?;
    let size = vm.index(&values[1])?.max(0) as usize;
    let mut result = String::new();
    let mut column = 0;
    for c in text(&values[0]).chars() {
        match c {
            '\t' => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                vm.check_size(result.len() + spaces, 1)?;
                result.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            _ => {
                result.push(c);
                column = if c == '\n' || c == '\r' { 0 } else { column + 1 };
            }
        }
    }
    Ok(Value::str(result))
}

fn format(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    if args.positional.is_empty() {
        return Err(PyError::type_error("unbound method str.format() needs an argument"));
    }
    let template = args.positional.remove(0);
    Ok(Value::str(crate::format::str_format(vm, text(&template), &args, None)?))
}

fn format_map(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    Ok(Value::str(crate::format::str_format(vm, text(&args[0]), &Args::none(), Some(&args[1]))?))
}

fn join(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Ok(iterator) = vm.iter(&args[1]) else { return Err(PyError::type_error("can only join an iterable")) };
    let items = vm.collect(&iterator)?;
    let separator = text(&args[0]);
    let mut result = String::new();
    for (index, item) in items.iter().enumerate() {
        let Some(part) = item.as_str() else {
            let name = vm.type_name(item);
            return Err(PyError::type_error(format!("sequence item {index}: expected str instance, {name} found")));
        };
        if index > 0 {
            result.push_str(separator);
        }
        result.push_str(part);
    }
    Ok(Value::str(result))
}

fn maketrans(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let table = PyDict::default();
    match args {
        [Value::Dict(dict)] => {
            for (key, value) in dict.items() {
                let key = match key.as_str() {
                    Some(text) => match text.chars().next() {
                        Some(c) if text.chars().count() == 1 => Value::Int(c as i64),
                        _ => return Err(PyError::value_error("string keys in translate table must be of length 1")),
                    },
                    None => key,
                };
                table.set(vm, key, value)?;
            }
        }
        [_] => return Err(PyError::type_error("if you give only one argument to maketrans it must be a dict")),
        [from, to, rest @ ..] => {
            let (from, to) = (text(from), text(to));
            if from.chars().count() != to.chars().count() {
                return Err(PyError::value_error("the first two maketrans arguments must have equal length"));
            }
            for (a, b) in from.chars().zip(to.chars()) {
                table.set(vm, Value::Int(a as i64), Value::Int(b as i64))?;
            }
            if let Some(removed) = rest.first() {
                for c in text(removed).chars() {
                    table.set(vm, Value::Int(c as i64), Value::None)?;
                }
            }
        }
        [] => {}
    }
    Ok(Value::Dict(Rc::new(table)))
}

fn translate(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = String::new();
    for c in text(&args[0]).chars() {
        match vm.get_item(&args[1], &Value::Int(c as i64)) {
            Ok(Value::None) => {}
            Ok(Value::Int(code)) => match u32::try_from(code).ok().and_then(char::from_u32) {
                Some(c) => result.push(c),
                None => return Err(PyError::value_error("character mapping must be in range(0x110000)")),
            },
            Ok(value) => match value.as_str() {
                Some(text) => result.push_str(text),
                None => return Err(PyError::type_error("character mapping must return integer, None or str")),
            },
            Err(error) if error.is("LookupError") => result.push(c),
            Err(error) => return Err(error),
        }
    }
    Ok(Value::str(result))
}

/// What messages about arguments call a value's type.
fn argument_type(vm: &mut Vm, value: &Value) -> String {
    if value.is_none() { "None".into() } else { vm.type_name(value) }
}

fn str_arg<'a>(vm: &mut Vm, function: &str, value: &'a Value) -> PyResult<&'a str> {
    match value.as_str() {
        Some(text) => Ok(text),
        None => Err(PyError::type_error(format!("{function}() argument must be str, not {}", argument_type(vm, value)))),
    }
}

fn removeprefix(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let prefix = str_arg(vm, "removeprefix", &args[1])?;
    let whole = text(&args[0]);
    Ok(Value::str(whole.strip_prefix(prefix).unwrap_or(whole)))
}

fn removesuffix(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let suffix = str_arg(vm, "removesuffix", &args[1])?;
    let whole = text(&args[0]);
    Ok(Value::str(whole.strip_suffix(suffix).unwrap_or(whole)))
}

fn replace(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    for (position, value) in args[1..].iter().take(2).enumerate() {
        if value.as_str().is_none() {
            let name = argument_type(vm, value);
            return Err(PyError::type_error(format!("replace() argument {} must be str, not {name}", position + 1)));
        }
    }
    let (whole, old, new) = (text(&args[0]), text(&args[1]), text(&args[2]));
    let count = match args.get(3) {
        Some(count) => vm.index(count)?,
        None => -1,
    };
    vm.check_size(whole.len() + 1, new.len().max(1))?;
    Ok(Value::str(if count < 0 { whole.replace(old, new) } else { whole.replacen(old, new, count as usize) }))
}
