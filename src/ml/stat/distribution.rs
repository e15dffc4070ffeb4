//! Tails of the distributions that tests refer to.

/// The probability that χ² with `df` degrees of freedom is at least `x`.
pub fn chi_square_tail(x: f64, df: f64) -> f64 {
    incomplete_gamma_tail(df / 2.0, x / 2.0)
}

/// The probability that F with `d1` and `d2` degrees of freedom is at least `f`; NaN for NaN.
pub fn f_tail(f: f64, d1: f64, d2: f64) -> f64 {
    if f.is_nan() {
        return f64::NAN;
    }
    if f <= 0.0 {
        return 1.0;
    }
    if f.is_infinite() {
        return 0.0;
    }
    incomplete_beta(d2 / (d2 + d1 * f), d2 / 2.0, d1 / 2.0)
}

/// The regularised upper incomplete gamma function (Numerical Recipes, 6.2): by its series below the mean, by its fraction above.
fn incomplete_gamma_tail(a: f64, x: f64) -> f64 {
    if x.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let factor = -i * (i - a);
        b += 2.0;
        d = 1.0 / away(factor * d + b);
        c = away(b + factor / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

/// The regularised incomplete beta function, by its continued fraction (Numerical Recipes, 6.4).
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
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

fn away(v: f64) -> f64 {
    const TINY: f64 = 1e-300;
    if v.abs() < TINY { TINY } else { v }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With 2 degrees of freedom χ² has the tail e^(-x/2), and F with 2 and 2m has (1 + f/m)^(-m).
    #[test]
    fn tails_agree_with_closed_forms() {
        for x in [0.1, 1.0, 2.5, 9.0, 60.0] {
            assert!((chi_square_tail(x, 2.0) / libm::exp(-x / 2.0) - 1.0).abs() < 1e-13);
            for m in [1.0, 4.0, 25.0] {
                assert!((f_tail(x, 2.0, 2.0 * m) / libm::pow(1.0 + x / m, -m) - 1.0).abs() < 1e-12);
            }
        }
        assert!(f_tail(f64::NAN, 1.0, 2.0).is_nan());
    }
}
