//! Values as Python prints them, and Python's hash of a string.

use crate::value::MlValue;

/// `str(value)`, as `explainParams()` shows values.
pub fn python_str(value: &MlValue) -> String {
    match value {
        MlValue::Text(text) => text.to_string(),
        other => repr(other),
    }
}

fn repr(value: &MlValue) -> String {
    match value {
        MlValue::None => "None".to_owned(),
        MlValue::Bool(true) => "True".to_owned(),
        MlValue::Bool(false) => "False".to_owned(),
        MlValue::Int(value) => value.to_string(),
        MlValue::Float(value) => python_float(*value),
        MlValue::Text(text) => quoted(text),
        MlValue::Bytes(bytes) => format!("b{}", quoted(&bytes.escape_ascii().to_string())),
        MlValue::Vector(vector) => vector.to_string(),
        MlValue::Array(values) => format!("array({})", repr(&MlValue::floats(values.iter().copied()))),
        MlValue::Matrix(matrix) => matrix.to_string(),
        MlValue::List(values) => format!("[{}]", values.iter().map(repr).collect::<Vec<_>>().join(", ")),
        MlValue::Tuple(values) => format!("({})", values.iter().map(repr).collect::<Vec<_>>().join(", ")),
        MlValue::Map(entries) => {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{}: {}", repr(key), repr(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        MlValue::ParamMap(map) => {
            let entries: Vec<_> = map
                .iter()
                .map(|(param, value)| {
                    let (parent, name, doc) = (quoted(&param.parent), quoted(param.name), quoted(param.doc));
                    format!("Param(parent={parent}, name={name}, doc={doc}): {}", repr(value))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        MlValue::DataFrame(_) => "DataFrame".to_owned(),
        MlValue::Stage(stage) => stage.to_string(),
        MlValue::Object(object) => object.describe(),
        MlValue::Opaque(value) => value.to_string(),
    }
}

/// A string in single quotes, or in double ones when it has a single one and no double.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c == quote => {
                quoted.push('\\');
                quoted.push(c);
            }
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}

/// `repr(float)`: `0.5`, `1e-06`, `1e+16`, `nan`.
pub fn python_float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { plain + ".0" }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
    }
}

/// `hash(text)` of CPython 3.11 with `PYTHONHASHSEED=0`: SipHash-1-3 with a zero key, and -2 in the place of -1.
///
/// PySpark's default seeds are hashes of class names, so a notebook that sets no seed gets the numbers of a cluster that fixes the hash
/// seed, as Databricks does.
pub fn python_hash(text: &str) -> i64 {
    let bytes = text.as_bytes();
    let mut v = [0x736f_6d65_7073_6575_u64, 0x646f_7261_6e64_6f6d, 0x6c79_6765_6e65_7261, 0x7465_6462_7974_6573];
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        v[3] ^= word;
        sip_round(&mut v);
        v[0] ^= word;
    }
    let tail = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let last = (bytes.len() as u64) << 56 | tail;
    v[3] ^= last;
    sip_round(&mut v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for _ in 0..3 {
        sip_round(&mut v);
    }
    let hash = (v[0] ^ v[1] ^ v[2] ^ v[3]).cast_signed();
    if bytes.is_empty() {
        0
    } else if hash == -1 {
        -2
    } else {
        hash
    }
}

fn sip_round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by CPython 3.11.
    #[test]
    fn floats_and_strings_print_as_in_python() {
        for (value, text) in [(0.0, "0.0"), (1e-6, "1e-06"), (0.001, "0.001"), (1e16, "1e+16"), (1.5, "1.5"), (1e15, "1000000000000000.0")]
        {
            assert_eq!(python_float(value), text);
        }
        let list = MlValue::List(vec![MlValue::Text("it's".into()), MlValue::Text("a".into()), MlValue::Float(1e-7), MlValue::None]);
        assert_eq!(python_str(&list), "[\"it's\", 'a', 1e-07, None]");
    }
}
