//! Student's t distribution.

/// The probability that |T| is at least `t` with `df` degrees of freedom: `I(df / (df + t²); df/2, 1/2)`.
pub(super) fn two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    incomplete_beta(df / (df + t * t), df / 2.0, 0.5)
}

/// The regularised incomplete beta function, by its continued fraction (Numerical Recipes, 6.4).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    let front = libm::exp(log_front);
    // The fraction converges fast on its own side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) { front * fraction(x, a, b) / a } else { 1.0 - front * fraction(1.0 - x, b, a) / b }
}

/// Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With 1 degree of freedom P = 1 - 2 atan(t)/π, with 2 it is 1 - t / √(2 + t²); the last from SciPy: `2 * stats.t.sf(3.2, 95)`.
    #[test]
    fn tails_agree_with_closed_forms() {
        for t in [0.0, 0.3, 1.0, 2.5, 40.0] {
            assert!((two_sided(t, 1.0) - (1.0 - 2.0 * libm::atan(t) / std::f64::consts::PI)).abs() < 1e-14);
            assert!((two_sided(t, 2.0) - (1.0 - t / libm::sqrt(2.0 + t * t))).abs() < 1e-14);
        }
        assert!((two_sided(3.2, 95.0) / 0.001_868_723_733_397_202_4 - 1.0).abs() < 1e-11);
        assert_eq!(two_sided(f64::INFINITY, 5.0), 0.0);
    }
}
