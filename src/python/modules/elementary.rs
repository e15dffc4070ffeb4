//! Elementary functions rounded correctly (but for rare ties), so that `math.exp(1)` shows the digits that CPython shows.
//!
//! CPython takes these functions from the C library, and the common one errs by at most a hair over half a unit in the last place. Here they
//! are computed in pairs of doubles (about 100 bits) and rounded once. Source of the pair arithmetic: Dekker, 1971; no fused operations, so
//! that every platform gives the same bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// An unevaluated sum of two doubles; the second is at most half a unit in the last place of the first.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

fn two_sum(a: f64, b: f64) -> Pair {
    let sum = a + b;
    let part = sum - a;
    Pair(sum, (a - (sum - part)) + (b - part))
}

fn quick_two_sum(a: f64, b: f64) -> Pair {
    let sum = a + b;
    Pair(sum, b - (sum - a))
}

fn split(a: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

fn two_product(a: f64, b: f64) -> Pair {
    let product = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    Pair(product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}

impl Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        let high = two_sum(self.0, other.0);
        let low = two_sum(self.1, other.1);
        let sum = quick_two_sum(high.0, high.1 + low.0);
        quick_two_sum(sum.0, sum.1 + low.1)
    }
}

impl Neg for Pair {
    type Output = Pair;
    fn neg(self) -> Pair {
        Pair(-self.0, -self.1)
    }
}

impl Sub for Pair {
    type Output = Pair;
    fn sub(self, other: Pair) -> Pair {
        self + -other
    }
}

impl Mul for Pair {
    type Output = Pair;
    fn mul(self, other: Pair) -> Pair {
        let product = two_product(self.0, other.0);
        quick_two_sum(product.0, product.1 + (self.0 * other.1 + self.1 * other.0))
    }
}

impl Div for Pair {
    type Output = Pair;
    fn div(self, other: Pair) -> Pair {
        let first = self.0 / other.0;
        let rest = self - other * Pair(first, 0.0);
        let second = rest.0 / other.0;
        let rest = rest - other * Pair(second, 0.0);
        let sum = quick_two_sum(first, second);
        sum + Pair(rest.0 / other.0, 0.0)
    }
}

impl Pair {
    fn value(self) -> f64 {
        self.0 + self.1
    }

    fn scaled(self, factor: f64) -> Pair {
        Pair(self.0 * factor, self.1 * factor)
    }

    fn sqrt(self) -> Pair {
        let root = self.0.sqrt();
        if root == 0.0 {
            return Pair(0.0, 0.0);
        }
        let rest = self - two_product(root, root);
        quick_two_sum(root, rest.0 / (2.0 * root))
    }
}

/// The logarithm of two in three doubles.
const LN2: [f64; 3] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17, 5.707_708_438_416_212e-34];
/// A right angle in three doubles.
const RIGHT: [f64; 3] = [std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17, -1.497_384_904_859_169_8e-33];
/// `1 / ln(2)` as a pair.
const INVERSE_LN2: Pair = Pair(std::f64::consts::LOG2_E, 2.035_527_374_093_103e-17);

/// `value - count * constant`, where the constant is in three doubles.
fn reduce(value: Pair, count: f64, constant: [f64; 3]) -> Pair {
    let mut rest = value;
    for part in constant {
        rest = rest - two_product(count, part);
    }
    rest
}

/// `e` to the power of a pair, as a pair and a power of two.
fn exp_pair(x: Pair) -> (Pair, i32) {
    let count = libm::rint(x.0 * std::f64::consts::LOG2_E);
    let small = reduce(x, count, LN2).scaled(1.0 / 512.0);
    // Taylor's series of exp(x) - 1.
    let mut sum = Pair(0.0, 0.0);
    for divisor in (2..=9).rev() {
        sum = (sum + Pair(1.0, 0.0)) * small / Pair(f64::from(divisor), 0.0);
    }
    let mut less_one = (sum + Pair(1.0, 0.0)) * small;
    for _ in 0..9 {
        less_one = less_one.scaled(2.0) + less_one * less_one;
    }
    (less_one + Pair(1.0, 0.0), count as i32)
}

/// The logarithm of a positive, finite number.
fn log_pair(x: f64) -> Pair {
    let (mut mantissa, mut exponent) = libm::frexp(x);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    let f = mantissa - 1.0;
    let log = if f.abs() < 0.02 {
        let s = Pair(f, 0.0) / (Pair(2.0, 0.0) + Pair(f, 0.0));
        let square = s * s;
        let mut sum = Pair(0.0, 0.0);
        for odd in (0..=8).rev() {
            sum = sum * square + Pair(1.0, 0.0) / Pair(f64::from(2 * odd + 1), 0.0);
        }
        (s * sum).scaled(2.0)
    } else {
        // One step of Newton from the library's value.
        let near = libm::log(mantissa);
        let (power, twos) = exp_pair(Pair(-near, 0.0));
        let rest = power.scaled(libm::ldexp(1.0, twos)) * Pair(mantissa, 0.0) - Pair(1.0, 0.0);
        Pair(near, 0.0) + (rest - (rest * rest).scaled(0.5))
    };
    let count = f64::from(exponent);
    let mut sum = Pair(0.0, 0.0);
    for part in LN2.iter().rev() {
        sum = sum + two_product(count, *part);
    }
    sum + log
}

/// `e ** x`.
pub(crate) fn exp(x: f64) -> f64 {
    if !(-700.0..=709.0).contains(&x) || x == 0.0 {
        return libm::exp(x);
    }
    let (power, twos) = exp_pair(Pair(x, 0.0));
    libm::ldexp(power.value(), twos)
}

/// The natural logarithm.
pub(crate) fn log(x: f64) -> f64 {
    if !(x > 0.0 && x.is_finite()) { libm::log(x) } else { log_pair(x).value() }
}

/// The logarithm to base two.
pub(crate) fn log2(x: f64) -> f64 {
    if !(x > 0.0 && x.is_finite()) { libm::log2(x) } else { (log_pair(x) * INVERSE_LN2).value() }
}

/// The hyperbolic cosine.
pub(crate) fn cosh(x: f64) -> f64 {
    if x.abs() > 350.0 || x.is_nan() {
        return libm::cosh(x);
    }
    let (power, twos) = exp_pair(Pair(x.abs(), 0.0));
    let power = power.scaled(libm::ldexp(1.0, twos));
    (power + Pair(1.0, 0.0) / power).scaled(0.5).value()
}

/// `x ** y` for floats, as the C library's `pow`.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        return x * x;
    }
    let size = x.abs();
    if y == 1.0 || !size.is_normal() || !y.is_normal() || size == 1.0 || (x < 0.0 && y != libm::trunc(y)) {
        return libm::pow(x, y);
    }
    let log = log_pair(size);
    let product = y * log.0;
    if !(-700.0..=709.0).contains(&product) {
        return libm::pow(x, y);
    }
    let (power, twos) = exp_pair(Pair(y, 0.0) * log);
    let result = libm::ldexp(power.value(), twos);
    if x < 0.0 && libm::fmod(y, 2.0) != 0.0 { -result } else { result }
}

/// Angles above this are left to the library.
const LARGEST_ANGLE: f64 = 1e6;

/// Sine and cosine of an angle of at most [`LARGEST_ANGLE`].
fn sin_cos_pair(x: f64) -> (Pair, Pair) {
    let count = libm::rint(x / std::f64::consts::FRAC_PI_2);
    let angle = reduce(Pair(x, 0.0), count, RIGHT);
    let square = -(angle * angle);
    let (mut sine, mut cosine) = (Pair(1.0, 0.0), Pair(1.0, 0.0));
    for step in (1..=14).rev() {
        let even = f64::from(2 * step);
        sine = Pair(1.0, 0.0) + sine * square / Pair(even * (even + 1.0), 0.0);
        cosine = Pair(1.0, 0.0) + cosine * square / Pair(even * (even - 1.0), 0.0);
    }
    let sine = sine * angle;
    match (count as i64).rem_euclid(4) {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

fn is_plain_angle(x: f64) -> bool {
    x.abs() <= LARGEST_ANGLE && x.abs() > 1e-150
}

pub(crate) fn sin(x: f64) -> f64 {
    if is_plain_angle(x) { sin_cos_pair(x).0.value() } else { libm::sin(x) }
}

pub(crate) fn cos(x: f64) -> f64 {
    if is_plain_angle(x) { sin_cos_pair(x).1.value() } else { libm::cos(x) }
}

pub(crate) fn tan(x: f64) -> f64 {
    if !is_plain_angle(x) {
        return libm::tan(x);
    }
    let (sine, cosine) = sin_cos_pair(x);
    (sine / cosine).value()
}

/// The angle of a point, from an angle that is nearly right.
fn angle(y: Pair, x: Pair, near: f64) -> f64 {
    let (sine, cosine) = sin_cos_pair(near);
    let off = (y * cosine - x * sine) / (x * cosine + y * sine);
    (Pair(near, 0.0) + off).value()
}

pub(crate) fn atan(x: f64) -> f64 {
    if (1e-100..1e100).contains(&x.abs()) { angle(Pair(x, 0.0), Pair(1.0, 0.0), libm::atan(x)) } else { libm::atan(x) }
}

pub(crate) fn atan2(y: f64, x: f64) -> f64 {
    let plain = |value: f64| (1e-100..1e100).contains(&value.abs());
    let near = libm::atan2(y, x);
    if plain(x) && plain(y) && plain(near) { angle(Pair(y, 0.0), Pair(x, 0.0), near) } else { near }
}

/// `sqrt(1 - x * x)`.
fn other_leg(x: f64) -> Pair {
    ((Pair(1.0, 0.0) - Pair(x, 0.0)) * (Pair(1.0, 0.0) + Pair(x, 0.0))).sqrt()
}

pub(crate) fn asin(x: f64) -> f64 {
    if (1e-100..1.0).contains(&x.abs()) { angle(Pair(x, 0.0), other_leg(x), libm::asin(x)) } else { libm::asin(x) }
}

pub(crate) fn acos(x: f64) -> f64 {
    if (1e-100..1.0).contains(&x.abs()) { angle(other_leg(x), Pair(x, 0.0), libm::acos(x)) } else { libm::acos(x) }
}

/// The length of a vector of finite numbers.
pub(crate) fn norm(parts: &[f64]) -> f64 {
    let largest = parts.iter().fold(0.0f64, |largest, part| largest.max(part.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let (_, exponent) = libm::frexp(largest);
    let sum = parts.iter().fold(Pair(0.0, 0.0), |sum, part| {
        let scaled = libm::ldexp(*part, -exponent);
        sum + two_product(scaled, scaled)
    });
    libm::ldexp(sum.sqrt().value(), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits from Wolfram's and the NIST's tables, rounded to the nearest double.
    #[test]
    fn values_are_rounded_correctly() {
        assert_eq!(exp(1.0), std::f64::consts::E);
        assert_eq!(exp(-1.0), 0.367_879_441_171_442_33);
        assert_eq!(log(2.0), std::f64::consts::LN_2);
        assert_eq!(log(10.0), std::f64::consts::LN_10);
        assert_eq!(log2(8.0), 3.0);
        assert_eq!(pow(2.0, 0.5), std::f64::consts::SQRT_2);
        assert_eq!(pow(10.0, 22.0), 1e22);
        assert_eq!(pow(-2.0, 3.0), -8.0);
        assert_eq!(sin(std::f64::consts::PI / 6.0), 0.499_999_999_999_999_94);
        assert_eq!(cos(1.0), 0.540_302_305_868_139_8);
        assert_eq!(atan(1.0), std::f64::consts::FRAC_PI_4);
        assert_eq!(acos(-1.0), std::f64::consts::PI);
        assert_eq!(asin(0.5), std::f64::consts::FRAC_PI_6);
        assert_eq!(norm(&[3.0, 4.0]), 5.0);
    }
}
