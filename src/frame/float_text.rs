//! Decimal digits as numbers, eight at a time, and correctly rounded doubles from them.

/// Powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/// The most digits of which every number fits into 64 bits.
const DIGITS: usize = 19;

/// Plain digits with a point and a sign, at most 19 that count, as the nearest double; none for any other text.
#[inline]
#[optimize(speed)]
pub(crate) fn plain_double(text: &[u8]) -> Option<f64> {
    let (negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (mantissa, power) = long_number(unsigned).or_else(|| any_number(unsigned))?;
    // The quotient of two numbers that a double holds exactly is rounded once (Clinger, *How to read floating point numbers accurately*).
    let value = if mantissa <= 1 << 53 { mantissa as f64 / EXACT_POWERS[power] } else { f64::from_bits(nearest(mantissa, power)) };
    Some(if negative { -value } else { value })
}

/// Digits and how many of them are behind the point, of eight characters or more with a point among the first eight: what most numbers
/// look like. Few of its steps depend on the lengths.
#[inline(always)]
fn long_number(text: &[u8]) -> Option<(u64, usize)> {
    let (head, tail) = (eight_at(text, 0)?, eight_at(text, text.len().checked_sub(8)?)?);
    let point = zero_byte(head ^ POINTS)?;
    let power = text.len() - 1 - point;
    let above = head << 8 << (56 - 8 * point) ^ ZEROS << 8 << (56 - 8 * point);
    // The last digits, without what is before them.
    let last = |count: usize| (tail ^ ZEROS) & TOPS[count];
    let (wrong, above) = (not_digits(above), joined(above));
    let (wrong, below) = if power <= 8 {
        let last = last(power);
        (wrong | not_digits(last), joined(last))
    } else {
        let first = eight_at(text, point + 1)? ^ ZEROS;
        let wrong = wrong | not_digits(first);
        if power <= 16 {
            let last = last(power - 8);
            (wrong | not_digits(last), joined(first) * POWERS[power - 8] + joined(last))
        } else if power <= DIGITS {
            let (second, last) = (eight_at(text, point + 9)? ^ ZEROS, last(power - 16));
            let high = joined(first) * POWERS[8] + joined(second);
            (wrong | not_digits(second) | not_digits(last), high * POWERS[power - 16] + joined(last))
        } else {
            return None;
        }
    };
    let fits = above == 0 || point + power <= DIGITS;
    (wrong == 0 && fits).then(|| (above * POWERS[power] + below, power))
}

/// The same of any text of at most 19 digits on either side of the point.
fn any_number(text: &[u8]) -> Option<(u64, usize)> {
    let (whole, fraction) = match text.iter().position(|b| *b == b'.') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &text[..0]),
    };
    if whole.len() + fraction.len() == 0 || fraction.len() > DIGITS || whole.len() > DIGITS {
        return None;
    }
    let above = digits(whole)?;
    if above != 0 && whole.len() + fraction.len() > DIGITS {
        return None;
    }
    Some((above * POWERS[fraction.len()] + digits(fraction)?, fraction.len()))
}

/// The number that at most 19 digits say; zero for none. None when there is anything else among them.
#[inline]
#[optimize(speed)]
pub(crate) fn digits(text: &[u8]) -> Option<u64> {
    if text.len() <= 8 {
        return up_to_eight(text);
    }
    let (first, last) = text.split_at(text.len() - 8);
    Some(digits(first)? * POWERS[8] + up_to_eight(last)?)
}

#[inline(always)]
fn up_to_eight(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return Some(0);
    }
    let x = right_aligned(text) ^ ZEROS << (64 - 8 * text.len());
    (not_digits(x) == 0).then(|| joined(x))
}

const ZEROS: u64 = 0x3030_3030_3030_3030;
const POINTS: u64 = 0x2E2E_2E2E_2E2E_2E2E;
const POWERS: [u64; DIGITS + 1] = {
    let mut powers = [1; DIGITS + 1];
    let mut i = 1;
    while i <= DIGITS {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};
/// The upper so many bytes of eight.
const TOPS: [u64; 9] = [0, 0xFF << 56, 0xFFFF << 48, 0xFF_FFFF << 40, 0xFFFF_FFFF << 32, !0 << 24, !0 << 16, !0 << 8, !0];

#[inline(always)]
fn eight_at(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Not zero when a byte is over nine.
#[inline(always)]
fn not_digits(x: u64) -> u64 {
    (x.wrapping_add(0x7676_7676_7676_7676) | x) & 0x8080_8080_8080_8080
}

/// Eight digits, the first one lowest, as a number: pairs, then fours, then all (Lemire, *Quickly parsing eight digits*).
#[inline(always)]
fn joined(x: u64) -> u64 {
    let x = x.wrapping_mul(10).wrapping_add(x >> 8);
    let pairs = 0x0000_00FF_0000_00FF;
    let high = (x & pairs).wrapping_mul(100 + (1_000_000 << 32));
    let low = ((x >> 16) & pairs).wrapping_mul(1 + (10_000 << 32));
    high.wrapping_add(low) >> 32
}

/// One to eight bytes, the last one highest, with zeros below the first.
#[inline(always)]
fn right_aligned(text: &[u8]) -> u64 {
    let n = text.len();
    if let Some(all) = text.first_chunk() {
        return u64::from_le_bytes(*all);
    }
    let shift = 64 - 8 * n;
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << shift | u64::from(u32::from_le_bytes(*last)) << 32,
        _ => u64::from(text[0]) << shift | u64::from(text[n / 2]) << (shift + n / 2 * 8) | u64::from(text[n - 1]) << 56,
    }
}

/// The place of the first byte that is zero.
#[inline(always)]
fn zero_byte(x: u64) -> Option<usize> {
    let found = x.wrapping_sub(0x0101_0101_0101_0101) & !x & 0x8080_8080_8080_8080;
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// The first 128 bits of 5 to the powers 0, -1, … -19, rounded up: what a mantissa is multiplied with instead of divided.
const RECIPROCALS: [(u64, u64); DIGITS + 1] = reciprocals();

const fn reciprocals() -> [(u64, u64); DIGITS + 1] {
    let mut all = [(1 << 63, 0); DIGITS + 1];
    let mut divisor = 1_u128;
    let mut power = 1;
    while power <= DIGITS {
        divisor *= 5;
        // 2^b / divisor with the b that gives 128 bits, one bit after the other.
        let mut rest = 1_u128;
        let mut quotient = 0_u128;
        while quotient >> 127 == 0 {
            rest <<= 1;
            quotient = quotient << 1 | (rest >= divisor) as u128;
            if rest >= divisor {
                rest -= divisor;
            }
        }
        let up = quotient + 1;
        all[power] = ((up >> 64) as u64, up as u64);
        power += 1;
    }
    all
}

/// The bits of the double nearest to `mantissa` / 10^`power`; the mantissa isn't zero, the power at most 19. Eisel and Lemire, in Lemire's
/// *Number parsing at a gigabyte per second* (2021): for powers this small the product of 128 bits always decides.
#[inline]
fn nearest(mantissa: u64, power: usize) -> u64 {
    let zeros = mantissa.leading_zeros();
    let w = mantissa << zeros;
    let (high, low) = RECIPROCALS[power];
    let product = u128::from(w) * u128::from(high);
    let (mut upper, mut lower) = ((product >> 64) as u64, product as u64);
    if upper & 0x1FF == 0x1FF {
        let more = ((u128::from(w) * u128::from(low)) >> 64) as u64;
        let (sum, carry) = lower.overflowing_add(more);
        lower = sum;
        upper += u64::from(carry);
    }
    let top = upper >> 63;
    let shift = top + 9;
    let mut bits = upper >> shift;
    // floor(log2(10^-power)), where the point stands, and the bias of a double.
    let scale = ((-(power as i64) * 217_706) >> 16) + 63;
    let mut exponent = (scale + top as i64 - i64::from(zeros) + 1023) as u64;
    // Half way between two doubles: to the even one. Only so small a divisor can leave no rest.
    if lower <= 1 && power <= 4 && bits & 3 == 1 && bits << shift == upper {
        bits &= !1;
    }
    bits = (bits + (bits & 1)) >> 1;
    if bits >> 53 != 0 {
        bits >>= 1;
        exponent += 1;
    }
    exponent << 52 | (bits & ((1 << 52) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_double_and_what_is_not_plain_is_left_alone() {
        for text in [
            "9007199254740993",
            "9007199254740995",
            "900719925474099.25",
            "4503599627370497.5",
            "0.3000000000000000166",
            "18014398509481985.0",
        ] {
            assert_eq!(plain_double(text.as_bytes()), text.parse().ok(), "{text}");
        }
        assert_eq!(
            [b"".as_slice(), b".", b"-", b"1e5", b"1.2.3", b"12345678901234567890123", b"1 ", b"/", b":"].map(plain_double),
            [None; 9]
        );
        assert_eq!(
            [b"5.".as_slice(), b".5", b"-0", b"+1"].map(|t| plain_double(t).map(f64::to_bits)),
            [5.0, 0.5, -0.0, 1.0].map(|v: f64| Some(v.to_bits()))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// The standard library rounds correctly.
        #[test]
        fn any_digits_read_as_the_nearest_double(mantissa: u64, keep in 1..20_u32, scale in 0_usize..20) {
            let text = format!("{:0>width$}", mantissa / 10_u64.pow(20 - keep.max(1)), width = scale + 1);
            let text = format!("{}.{}", &text[..text.len() - scale], &text[text.len() - scale..]);
            if let Some(value) = plain_double(text.as_bytes()) {
                prop_assert_eq!(value.to_bits(), text.parse::<f64>().expect("a number").to_bits(), "{}", text);
            } else {
                prop_assert!(text.trim_start_matches('0').len() > DIGITS, "{}", text);
            }
        }

        #[test]
        fn any_number_of_digits_is_that_number(number in 0_u64..10_000_000_000_000_000_000, cut in 0..20_u32) {
            let number = number / 10_u64.pow(cut.min(18));
            prop_assert_eq!(digits(number.to_string().as_bytes()), Some(number));
        }

        #[test]
        fn nothing_but_digits_is_a_number(text in "[0-9./:a\u{0}é]{1,12}") {
            let expected = text.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(digits(text.as_bytes()).is_some(), expected || text.is_empty());
        }
    }
}
