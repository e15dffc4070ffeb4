//! The standard normal distribution.

use std::f64::consts::{PI, SQRT_2};

pub(super) fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

pub(super) fn density(x: f64) -> f64 {
    libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * PI)
}

/// The probability that |X| is at least `x`.
pub(super) fn two_sided(x: f64) -> f64 {
    libm::erfc(x.abs() / SQRT_2)
}

/// The inverse of [`cdf`]: Winitzki's approximation (2008), then Newton's steps on the smaller tail.
pub(super) fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p <= 0.0 || p.is_nan() {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    }
    const A: f64 = 0.147;
    let log = libm::log(4.0 * p * (1.0 - p));
    let half = 2.0 / (PI * A) + log / 2.0;
    let mut x = -SQRT_2 * libm::sqrt((libm::sqrt(half * half - log / A) - half).max(0.0));
    for _ in 0..5 {
        x -= (cdf(x) - p) / density(x);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From SciPy: `scipy.stats.norm.ppf`.
    #[test]
    fn quantiles_are_scipys() {
        for (p, x) in [(0.5, 0.0), (0.975, 1.959963984540054), (1e-16, -8.222082216130436), (0.2, -0.8416212335729143)] {
            assert!((quantile(p) - x).abs() < 1e-12 * (1.0 + f64::abs(x)), "{p}: {}", quantile(p));
        }
        assert!((two_sided(1.959963984540054) - 0.05).abs() < 1e-15);
    }
}
