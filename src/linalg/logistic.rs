//! The logistic function and its loss in fixed lanes: polynomials, so that two rows cost what one would, and the bits are the same on
//! every machine. Errors are a few units in the last place.

use std::simd::{Select, cmp::SimdPartialOrd, f64x2, num::SimdFloat, u64x2};

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `e^x` for x ≤ 0; zero below -708, where it is under 1e-307.
#[inline(always)]
fn exp_nonpositive(x: f64x2) -> f64x2 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    // Taylor's series up to x^13 on |x| ≤ ln 2 / 2, where the first term left out is under 5e-18.
    const TERMS: [f64; 12] = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
    ];
    let clamped = x.simd_max(f64x2::splat(-708.0));
    let shifted = clamped * f64x2::splat(std::f64::consts::LOG2_E) + f64x2::splat(SHIFT);
    let k = shifted - f64x2::splat(SHIFT);
    let r = (clamped - k * f64x2::splat(LN2_HIGH)) - k * f64x2::splat(LN2_LOW);
    let mut series = f64x2::splat(TERMS[0]);
    for term in &TERMS[1..] {
        series = series * r + f64x2::splat(*term);
    }
    let e = f64x2::splat(1.0) + (r + r * r * series);
    // The low bits of `shifted` are k; moved to the exponent they are 2^k.
    let power = f64x2::from_bits((shifted.to_bits() << u64x2::splat(52)) + f64x2::splat(1.0).to_bits());
    x.simd_lt(f64x2::splat(-708.0)).select(f64x2::splat(0.0), e * power)
}

/// `log(1 + u)` for u in 0 to 1.
#[inline(always)]
fn log1p_unit(u: f64x2) -> f64x2 {
    // log((1 + s) / (1 - s)) = 2 (s + s³/3 + s⁵/5 + …) with |s| under 0.1716.
    const TERMS: [f64; 10] =
        [1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0];
    let one = f64x2::splat(1.0);
    let high = u.simd_gt(f64x2::splat(std::f64::consts::SQRT_2 - 1.0));
    // Above √2 - 1: log(1 + u) = log 2 + log(1 + (u - 1)/2).
    let v = high.select((u - one) * f64x2::splat(0.5), u);
    let s = v / (v + f64x2::splat(2.0));
    let z = s * s;
    let mut series = f64x2::splat(TERMS[0]);
    for term in &TERMS[1..] {
        series = series * z + f64x2::splat(*term);
    }
    let log = f64x2::splat(2.0) * (s + s * z * series);
    high.select(f64x2::splat(LN2_HIGH) + (log + f64x2::splat(LN2_LOW)), log)
}

/// `1 / (1 + e^-m)` and `log(1 + e^-m)`.
#[inline(always)]
fn sigmoid_and_loss(m: f64x2) -> (f64x2, f64x2) {
    let one = f64x2::splat(1.0);
    let zero = f64x2::splat(0.0);
    let e = exp_nonpositive(-m.abs());
    let log = log1p_unit(e);
    let inverse = one / (one + e);
    let positive = m.simd_ge(zero);
    (positive.select(inverse, e * inverse), positive.select(log, log - m))
}

/// Turns margins into the multipliers `w (σ(m) - y)` of the gradient, and gives the loss `Σ w (log(1 + e^-m) + (1 - y) m)` and the sum of
/// the multipliers; labels are 0 or 1. All slices have one length. A weight of zero leaves a row out, whatever its margin.
pub fn binary_logistic(margins: &mut [f64], labels: &[f64], weights: Option<&[f64]>) -> (f64, f64) {
    let (mut loss, mut sum) = (f64x2::splat(0.0), f64x2::splat(0.0));
    let mut step = |m: f64x2, y: f64x2, w: f64x2| {
        let zero = f64x2::splat(0.0);
        let (sigmoid, log) = sigmoid_and_loss(m);
        let log = y.simd_gt(zero).select(log, log + m);
        let used = w.simd_gt(zero);
        loss += used.select(w * log, zero);
        let multiplier = used.select(w * (sigmoid - y), zero);
        sum += multiplier;
        multiplier
    };
    let whole = margins.len() - margins.len() % 2;
    for i in (0..whole).step_by(2) {
        let weight = weights.map_or(f64x2::splat(1.0), |w| f64x2::from_slice(&w[i..i + 2]));
        step(f64x2::from_slice(&margins[i..i + 2]), f64x2::from_slice(&labels[i..i + 2]), weight).copy_to_slice(&mut margins[i..i + 2]);
    }
    if whole < margins.len() {
        let weight = f64x2::from_array([weights.map_or(1.0, |w| w[whole]), 0.0]);
        let multiplier = step(f64x2::from_array([margins[whole], 0.0]), f64x2::from_array([labels[whole], 0.0]), weight);
        margins[whole] = multiplier[0];
    }
    (loss.reduce_sum(), sum.reduce_sum())
}

/// Turns the margins of one row into probabilities, and gives the logarithm of the sum that they were divided by, as `log Σ e^m`.
///
/// The highest margin is taken off first, as Spark does, so that nothing overflows; when it is infinite the probability is all its own.
/// With a margin that is not a number there are no probabilities.
pub fn softmax(margins: &mut [f64]) -> f64 {
    let highest = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if highest == f64::INFINITY {
        for margin in margins.iter_mut() {
            *margin = if *margin == f64::INFINITY { 1.0 } else { 0.0 };
        }
        return f64::INFINITY;
    }
    if margins.iter().any(|margin| margin.is_nan()) {
        margins.fill(f64::NAN);
        return f64::NAN;
    }
    let mut sum = 0.0;
    for pair in margins.chunks_mut(2) {
        let other = if pair.len() == 2 { pair[1] } else { f64::NEG_INFINITY };
        let e = exp_nonpositive(f64x2::from_array([pair[0] - highest, other - highest]));
        pair[0] = e[0];
        sum += e[0];
        if pair.len() == 2 {
            pair[1] = e[1];
            sum += e[1];
        }
    }
    for margin in margins.iter_mut() {
        *margin /= sum;
    }
    highest + libm::log(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against libm over the whole range of margins.
    #[test]
    fn loss_and_multiplier_agree_with_libm() {
        for step in -8000..=8000 {
            let m = f64::from(step) * 0.1 + 0.012_345;
            for label in [0.0, 1.0] {
                let mut margin = [m, -0.3, m];
                let (loss, sum) = binary_logistic(&mut margin, &[label, 1.0, label], Some(&[2.0, 0.0, 0.5]));
                let log = if m > 0.0 { libm::log1p(libm::exp(-m)) } else { libm::log1p(libm::exp(m)) - m };
                let expected = 2.5 * if label > 0.0 { log } else { log + m };
                assert!((loss - expected).abs() <= 4e-16 * expected.abs() + 4e-16 * m.abs() + 1e-300, "{m} {label}: {loss} {expected}");
                let sigmoid = 1.0 / (1.0 + libm::exp(-m));
                assert!((margin[0] - 2.0 * (sigmoid - label)).abs() <= 1e-15, "{m}: {}", margin[0]);
                assert_eq!(margin[1], 0.0, "a weight of zero leaves the row out");
                assert!((sum - (margin[0] + margin[2])).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn softmax_is_a_distribution_even_at_the_extremes() {
        let mut margins = [1.0, 2.0, 3.0];
        let log = softmax(&mut margins);
        let total = libm::exp(1.0) + libm::exp(2.0) + libm::exp(3.0);
        assert!((log - libm::log(total)).abs() < 1e-15);
        for (p, m) in margins.iter().zip([1.0, 2.0, 3.0]) {
            assert!((p - libm::exp(m) / total).abs() < 2e-16);
        }
        let mut far = [-1000.0, 1000.0, 0.0];
        softmax(&mut far);
        assert_eq!(far, [0.0, 1.0, 0.0]);
        let mut infinite = [f64::INFINITY, 3.0];
        softmax(&mut infinite);
        assert_eq!(infinite, [1.0, 0.0]);
    }
}
