//! NumPy's arrays in PySpark: `vector.toArray()`, cluster centres, matrices; and vectors and matrices written as NumPy writes arrays.

use kindling_python::{Operator, Value, Vm};

pub(crate) use kindling_python::NdArray as ArrayObject;

/// NumPy's layout of numbers: as few decimals as tell them apart, at most eight, the points below each other.
pub(crate) fn layout(values: &[f64]) -> Vec<String> {
    let finite = || values.iter().copied().filter(|v| v.is_finite() && *v != 0.0).map(f64::abs);
    let (most, least) = (finite().fold(0.0, f64::max), finite().fold(f64::INFINITY, f64::min));
    let scientific = most >= 1e8 || (least < 1e-4) || (most > 0.0 && most / least > 1000.0 && least < 1e-4);
    let texts: Vec<String> = values
        .iter()
        .map(|v| {
            if !v.is_finite() {
                if v.is_nan() {
                    "nan".to_owned()
                } else if *v > 0.0 {
                    "inf".to_owned()
                } else {
                    "-inf".to_owned()
                }
            } else if scientific {
                exponent(*v)
            } else {
                let short = format!("{v}");
                let decimals = short.split_once('.').map_or(0, |(_, f)| f.len()).min(8);
                let text = format!("{v:.decimals$}");
                if text.contains('.') { text.trim_end_matches('0').to_owned() } else { text + "." }
            }
        })
        .collect();
    if scientific {
        let width = texts.iter().map(String::len).max().unwrap_or(0);
        return texts.into_iter().map(|t| format!("{t:>width$}")).collect();
    }
    let before = |t: &str| t.find('.').unwrap_or(t.len());
    let whole = texts.iter().map(|t| before(t)).max().unwrap_or(0);
    let fraction = texts.iter().map(|t| t.len() - before(t)).max().unwrap_or(0);
    texts
        .into_iter()
        .map(|t| {
            let at = before(&t);
            format!("{}{t}{}", " ".repeat(whole - at), " ".repeat(fraction - (t.len() - at)))
        })
        .collect()
}

/// `1.5e-05` with at most eight decimals.
fn exponent(value: f64) -> String {
    let text = format!("{value:.8e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    // NumPy keeps one decimal at least.
    let mantissa = mantissa.trim_end_matches('0');
    let mantissa = if mantissa.ends_with('.') { format!("{mantissa}0") } else { mantissa.to_owned() };
    let power: i32 = power.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.unsigned_abs())
}

/// `array([1., 2.])` under another name than `array`.
pub(crate) fn bracketed(name: &str, values: &[f64], columns: Option<usize>) -> String {
    let texts = layout(values);
    match columns {
        None => format!("{name}([{}])", texts.join(", ")),
        Some(columns) => {
            let indent = " ".repeat(name.len() + 2);
            let rows: Vec<String> = texts.chunks(columns.max(1)).map(|row| format!("[{}]", row.join(", "))).collect();
            format!("{name}([{}])", rows.join(&format!(",\n{indent}")))
        }
    }
}

pub(crate) fn arithmetic(operator: Operator) -> Option<fn(f64, f64) -> f64> {
    Some(match operator {
        Operator::Add => |a, b| a + b,
        Operator::Sub => |a, b| a - b,
        Operator::Mul => |a, b| a * b,
        Operator::Div => |a, b| a / b,
        Operator::Mod => |a, b| a - b * libm::floor(a / b),
        Operator::Pow => libm::pow,
        Operator::FloorDiv => |a, b| libm::floor(a / b),
        _ => return None,
    })
}

/// The numbers of an array, a vector, or a list of numbers.
pub(crate) fn numbers(value: &Value) -> Option<Vec<f64>> {
    if let Some(array) = value.as_native::<ArrayObject>() {
        return array.numbers();
    }
    if let Some(vector) = value.as_native::<crate::ml::linalg::VectorObject>() {
        return Some(vector.vector().to_dense());
    }
    if let Value::Range(range) = value {
        return Some((0..range.len()).map(|i| range.item(i) as f64).collect());
    }
    value.as_sequence()?.iter().map(Value::as_f64).collect()
}

/// Makes the class of arrays, which `numpy` shares.
pub(crate) fn install(vm: &mut Vm) {
    let loaded = vm.import("_numpy");
    debug_assert!(loaded.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As NumPy 2 prints them.
    #[test]
    fn arrays_print_as_in_numpy() {
        assert_eq!(bracketed("array", &[1.0, 2.5, -3.0], None), "array([ 1. ,  2.5, -3. ])");
        assert_eq!(bracketed("array", &[1.0, 3.0, 2.0, 4.0], Some(2)), "array([[1., 3.],\n       [2., 4.]])");
        assert_eq!(bracketed("array", &[0.123_456_789_12, 10.0], None), "array([ 0.12345679, 10.        ])");
        assert_eq!(bracketed("array", &[1e-5, 1.5], None), "array([1.0e-05, 1.5e+00])");
    }
}
