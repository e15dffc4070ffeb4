//! Numbers in text, read as the JVM reads them.

use crate::dates::trim;
use crate::float_text;

/// `Long.parseLong`: an optional sign and digits, nothing else; none also when it doesn't fit.
#[inline]
pub fn parse_long(text: &[u8]) -> Option<i64> {
    let (negative, digits) = sign(text);
    if digits.is_empty() {
        return None;
    }
    if digits.len() <= 18 {
        let value = float_text::digits(digits)? as i64;
        return Some(if negative { -value } else { value });
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Downwards: the smallest number has no positive counterpart.
        value = value.checked_mul(10)?.checked_sub(i64::from(digit))?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

#[inline]
fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// `Double.parseDouble`: decimal or hexadecimal, `NaN`, `Infinity`, a final `d` or `f`, blanks around; correctly rounded.
#[inline]
pub fn parse_double(text: &[u8]) -> Option<f64> {
    float_text::plain_double(text).or_else(|| any_double(text))
}

#[cold]
fn any_double(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    let (negative, unsigned) = sign(text);
    let value = match unsigned {
        b"NaN" => f64::NAN,
        b"Infinity" => f64::INFINITY,
        [b'0', b'x' | b'X', ..] => hexadecimal(unsigned)?,
        [b'0'..=b'9' | b'.', ..] => {
            let digits =
                unsigned.strip_suffix(b"d").or(unsigned.strip_suffix(b"D")).or(unsigned.strip_suffix(b"f")).or(unsigned.strip_suffix(b"F"));
            std::str::from_utf8(digits.unwrap_or(unsigned)).ok()?.parse().ok()?
        }
        _ => return None,
    };
    Some(if negative { -value } else { value })
}

/// `0x1.8p3` of Java: up to 16 hexadecimal digits and a power of two.
fn hexadecimal(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text.get(2..)?).ok()?;
    let text = text.strip_suffix(['d', 'D', 'f', 'F']).filter(|t| t.contains(['p', 'P'])).unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 13 || digits.starts_with(['+', '-']) {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent: i32 = exponent.parse().ok()?;
    Some(libm::scalbn(value, exponent.checked_sub(4 * i32::try_from(fraction.len()).ok()?)?))
}

/// Whether [`parse_double`] would succeed: for the usual forms without computing the number.
#[inline]
pub fn is_double(text: &[u8]) -> bool {
    let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(matches!(text, [b'-' | b'+', ..]));
    let whole = digits(at);
    at += whole;
    let mut count = whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        count += fraction;
    }
    if count > 0 && at == text.len() {
        return true;
    }
    parse_double(text).is_some()
}

/// A decimal number as it stands in text: `digits × 10^-scale`, as Java's `BigDecimal` reads it.
struct DecimalText<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> DecimalText<'a> {
    fn read(text: &'a [u8]) -> Option<Self> {
        let (negative, unsigned) = sign(text);
        let run = |from: &'a [u8]| from.split_at(from.iter().take_while(|b| b.is_ascii_digit()).count());
        let (whole, rest) = run(unsigned);
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => run(rest),
            _ => (&rest[..0], rest),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let exponent = match rest {
            [] => 0,
            [b'e' | b'E', rest @ ..] => i64::from(i32::try_from(parse_long(rest)?).ok()?),
            _ => return None,
        };
        Some(Self { negative, whole, fraction, exponent })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.fraction).map(|b| b - b'0')
    }
}

/// Precision and scale of a number in text, as `new BigDecimal(text)` has them; none when it is no number.
pub fn decimal_shape(text: &[u8]) -> Option<(u32, i64)> {
    let number = DecimalText::read(text)?;
    let precision = number.digits().skip_while(|d| *d == 0).count().max(1);
    Some((u32::try_from(precision).ok()?, number.fraction.len() as i64 - number.exponent))
}

/// Why a text is no decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    NotANumber,
    /// It needs more digits before the point than the type has.
    TooLarge,
}

/// The unscaled value of a number at `precision` (at most 38) and `scale`, rounded half up.
///
/// # Errors
/// See [`DecimalError`].
pub fn parse_decimal(text: &[u8], precision: u8, scale: i8) -> Result<i128, DecimalError> {
    let number = DecimalText::read(text).ok_or(DecimalError::NotANumber)?;
    // How many of the digits, leading zeros and all, stay left of the rounding.
    let kept = number.whole.len() as i64 + number.exponent + i64::from(scale);
    let mut value = 0_i128;
    let mut digits = number.digits();
    for _ in 0..kept.max(0) {
        let Some(digit) = digits.next() else {
            let zeros = kept - (number.whole.len() + number.fraction.len()) as i64;
            value = if value == 0 { 0 } else { scale_up(value, zeros, precision)? };
            break;
        };
        value = value * 10 + i128::from(digit);
        if value >= power_of_ten(precision) {
            return Err(DecimalError::TooLarge);
        }
    }
    if kept >= 0 && digits.next().is_some_and(|d| d >= 5) {
        value += 1;
    }
    if value >= power_of_ten(precision) {
        return Err(DecimalError::TooLarge);
    }
    Ok(if number.negative { -value } else { value })
}

fn scale_up(value: i128, zeros: i64, precision: u8) -> Result<i128, DecimalError> {
    let zeros = u32::try_from(zeros).ok().filter(|z| *z <= 38).ok_or(DecimalError::TooLarge)?;
    value.checked_mul(10_i128.pow(zeros)).filter(|v| *v < power_of_ten(precision)).ok_or(DecimalError::TooLarge)
}

/// 10^`digits`, at most 10^38.
pub fn power_of_ten(digits: u8) -> i128 {
    10_i128.pow(u32::from(digits.min(38)))
}

/// A decimal brought to another precision and scale, rounded half up; none when it doesn't fit.
pub fn rescale(unscaled: i128, from_scale: i8, precision: u8, scale: i8) -> Option<i128> {
    let change = i32::from(scale) - i32::from(from_scale);
    let value = if change >= 0 {
        if unscaled == 0 { 0 } else { unscaled.checked_mul(10_i128.checked_pow(change.unsigned_abs())?)? }
    } else {
        match 10_i128.checked_pow(change.unsigned_abs()) {
            Some(divisor) => divide_half_up(unscaled, divisor),
            None => 0,
        }
    };
    (value.abs() < power_of_ten(precision)).then_some(value)
}

/// The quotient rounded half away from zero.
pub fn divide_half_up(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value / divisor, value % divisor);
    if rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs() {
        quotient + if (value < 0) == (divisor < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_read_as_in_java() {
        assert_eq!([b"1".as_slice(), b"+7", b"-0", b"007"].map(parse_long), [Some(1), Some(7), Some(0), Some(7)]);
        assert_eq!([b"".as_slice(), b"-", b" 1", b"1.0", b"1_0", b"9223372036854775808"].map(parse_long), [None; 6]);
        assert_eq!(parse_long(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(
            [b" 1.5 ".as_slice(), b".5", b"5.", b"1d", b"1.5f", b"0x1p3", b"-Infinity", b"1e400"].map(parse_double),
            [1.5, 0.5, 5.0, 1.0, 1.5, 8.0, f64::NEG_INFINITY, f64::INFINITY].map(Some)
        );
        assert_eq!([b"".as_slice(), b".", b"-", b"1e", b"inf", b"nan", b"1,5", b"0x10", b"1 2"].map(parse_double), [None; 9]);
    }

    #[test]
    fn decimals_round_half_up_and_refuse_what_is_too_large() {
        assert_eq!(parse_decimal(b"1.005", 10, 2), Ok(101));
        assert_eq!(parse_decimal(b"-1.005", 10, 2), Ok(-101));
        assert_eq!(parse_decimal(b"1e3", 10, 2), Ok(100_000));
        assert_eq!(parse_decimal(b"0.004", 10, 2), Ok(0));
        assert_eq!(parse_decimal(b"5e-3", 10, 2), Ok(1));
        assert_eq!(parse_decimal(b"5e-9", 10, 2), Ok(0));
        assert_eq!(parse_decimal(b"99.995", 4, 2), Err(DecimalError::TooLarge));
        assert_eq!(parse_decimal(b"1e40", 38, 0), Err(DecimalError::TooLarge));
        assert_eq!(parse_decimal(b"1x", 38, 0), Err(DecimalError::NotANumber));
        assert_eq!((rescale(155, 2, 5, 0), rescale(-155, 2, 5, 1), rescale(15, 1, 5, 0)), (Some(2), Some(-16), Some(2)));
    }

    proptest! {
        #[test]
        fn any_double_reads_back(bits: u64, digits in 0_usize..25) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                for text in [format!("{value:?}"), format!("{value}"), format!("{value:.digits$}"), format!("{value:e}")] {
                    prop_assert_eq!(parse_double(text.as_bytes()), text.parse().ok());
                    prop_assert!(is_double(text.as_bytes()));
                }
            }
        }

        #[test]
        fn any_long_reads_back(value: i64) {
            prop_assert_eq!(parse_long(value.to_string().as_bytes()), Some(value));
        }
    }
}
