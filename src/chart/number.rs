/// A number as a reader wants it: four significant digits, thousands grouped, no trailing zeros; very large and very small ones in
/// scientific notation.
pub fn format_number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    if !(1e-4..1e9).contains(&size) {
        return scientific(value, 3);
    }
    if size >= 1e4 {
        return grouped(&format!("{value:.0}"));
    }
    let digits_before = magnitude(size) + 1;
    let decimals = usize::try_from(4 - digits_before).unwrap_or(0);
    grouped(trimmed(&format!("{value:.decimals$}")))
}

/// A number in full, as a table of data shows it.
pub(crate) fn exact(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e15).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// The power of ten at or below a positive number.
pub(crate) fn magnitude(size: f64) -> i32 {
    libm::floor(libm::log10(size)) as i32
}

pub(crate) fn scientific(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa)),
        None => text,
    }
}

/// Without the zeros that end a fraction.
pub(crate) fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// With a comma between thousands.
pub(crate) fn grouped(text: &str) -> String {
    let (sign, rest) = if let Some(rest) = text.strip_prefix('-') { ("-", rest) } else { ("", text) };
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut out = String::with_capacity(text.len() + whole.len() / 3);
    out.push_str(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(fraction);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_at_every_size() {
        let cases = [
            (0.0, "0"),
            (0.93214, "0.9321"),
            (0.5, "0.5"),
            (-12.3456, "-12.35"),
            (1234.5678, "1,235"),
            (1_234_567.0, "1,234,567"),
            (0.001_234_56, "0.001235"),
            (0.000_012_3, "1.23e-5"),
            (1.5e12, "1.5e12"),
            (100.0, "100"),
        ];
        for (value, text) in cases {
            assert_eq!(format_number(value), text);
        }
        assert_eq!(exact(0.1), "0.1");
        assert_eq!(exact(1e300), "1e300");
    }
}
