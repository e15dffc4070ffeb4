//! The exponential and the logarithm in 32 bits, eight numbers at a time, two registers that don't wait for each other: polynomials (Moshier's,
//! of the Cephes library), so that the bits are the same on every machine. Errors are about one unit in the last place.

use std::simd::cmp::SimdPartialOrd;
use std::simd::num::{SimdFloat, SimdInt, SimdUint};
use std::simd::{Select, f32x8, i32x8, u32x8};

const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// `e^x`, of x held between -87 and 88.
#[inline]
pub fn exp(x: f32x8) -> f32x8 {
    const SHIFT: f32 = 12_582_912.0;
    const TERMS: [f32; 6] = [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let x = at_least(x, -87.0);
    let x = x.simd_gt(f32x8::splat(88.0)).select(f32x8::splat(88.0), x);
    let shifted = x * f32x8::splat(std::f32::consts::LOG2_E) + f32x8::splat(SHIFT);
    let k = shifted - f32x8::splat(SHIFT);
    let r = (x - k * f32x8::splat(LN2_HIGH)) - k * f32x8::splat(LN2_LOW);
    let mut series = f32x8::splat(TERMS[0]);
    for term in &TERMS[1..] {
        series = series * r + f32x8::splat(*term);
    }
    let e = (series * (r * r) + r) + f32x8::splat(1.0);
    // The low bits of `shifted` are k; moved to the exponent they are 2^k.
    e * f32x8::from_bits((shifted.to_bits() << u32x8::splat(23)) + f32x8::splat(1.0).to_bits())
}

/// The natural logarithm of normal numbers above zero.
#[inline]
pub fn log(x: f32x8) -> f32x8 {
    const TERMS: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_7e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    // x = 2^k · (1 + f), and 1 + f lies between the root of a half and that of two.
    let bits = x.to_bits().cast::<i32>();
    let k = (bits - i32x8::splat(0x3f35_04f3)) >> i32x8::splat(23);
    let f = f32x8::from_bits((bits - (k << i32x8::splat(23))).cast::<u32>()) - f32x8::splat(1.0);
    let k = k.cast::<f32>();
    let square = f * f;
    let mut series = f32x8::splat(TERMS[0]);
    for term in &TERMS[1..] {
        series = series * f + f32x8::splat(*term);
    }
    let low = (series * f * square + k * f32x8::splat(LN2_LOW)) - square * f32x8::splat(0.5);
    (f + low) + k * f32x8::splat(LN2_HIGH)
}

/// The greater of each number and `least`: one instruction, where `simd_max` minds what is no number.
#[inline]
pub fn at_least(x: f32x8, least: f32) -> f32x8 {
    x.simd_lt(f32x8::splat(least)).select(f32x8::splat(least), x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against libm in 64 bits.
    #[test]
    fn both_agree_with_libm() {
        for step in -8700..=8800_i16 {
            let x = f32::from(step) * 0.01 + 0.001_3;
            let exact = libm::exp(f64::from(x));
            let found = f64::from(exp(f32x8::splat(x))[1]);
            assert!(x < -87.0 || x > 88.0 || (found - exact).abs() <= 2e-7 * exact, "{x}: {found} {exact}");
            let exact = libm::log(found);
            let found = f64::from(log(f32x8::splat(found as f32))[2]);
            assert!((found - exact).abs() <= 1.5e-7 * exact.abs() + 1e-12, "{x}: {found} {exact}");
        }
        assert_eq!(exp(f32x8::splat(-1e30))[0], exp(f32x8::splat(-87.0))[0]);
        assert_eq!(exp(f32x8::splat(f32::INFINITY))[0], exp(f32x8::splat(88.0))[0]);
        assert_eq!((exp(f32x8::splat(0.0))[3], log(f32x8::splat(1.0))[3]), (1.0, 0.0));
    }
}
