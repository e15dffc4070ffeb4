//! Numbers as text, as the JVM prints them.

/// `Double.toString` of Java: `1.0`, `0.001`, `1.0E7`, `1.5E-4`, `NaN`, `Infinity`; the shortest digits that read back as the same number.
pub fn java_double(value: f64) -> String {
    if let Some(special) = special(value) {
        return special.to_owned();
    }
    layout(&format!("{value:e}"))
}

/// `Float.toString` of Java.
pub fn java_float(value: f32) -> String {
    if let Some(special) = special(f64::from(value)) {
        return special.to_owned();
    }
    layout(&format!("{value:e}"))
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else if value == 0.0 {
        Some(if value.is_sign_negative() { "-0.0" } else { "0.0" })
    } else {
        None
    }
}

/// Puts the shortest digits, given as Rust's `-d.ddde-n`, into Java's form: plain from 1e-3 up to 1e7, else with `E`.
fn layout(scientific: &str) -> String {
    let (sign, unsigned) = scientific.strip_prefix('-').map_or(("", scientific), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    match exponent {
        -3..=-1 => format!("{sign}0.{}{digits}", "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0))),
        0..=6 if digits.len() <= point => format!("{sign}{digits}{}.0", "0".repeat(point - digits.len())),
        0..=6 => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        _ => {
            let rest = if digits.len() > 1 { &digits[1..] } else { "0" };
            format!("{sign}{}.{rest}E{exponent}", &digits[..1])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read off `Double.toString` in Java 17.
    #[test]
    fn doubles_print_as_in_java() {
        let cases = [
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.001, "0.001"),
            (0.00099, "9.9E-4"),
            (1e7, "1.0E7"),
            (9_999_999.0, "9999999.0"),
            (123_456.789, "123456.789"),
            (1e-3, "0.001"),
            (0.012, "0.012"),
            (1.234e10, "1.234E10"),
            (100.0, "100.0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
            (-0.0, "-0.0"),
            (1e21, "1.0E21"),
            (0.1 + 0.2, "0.30000000000000004"),
        ];
        for (value, text) in cases {
            assert_eq!(java_double(value), text);
        }
        assert_eq!(java_float(0.1), "0.1");
        assert_eq!(java_float(16_777_216.0), "1.6777216E7");
    }
}
