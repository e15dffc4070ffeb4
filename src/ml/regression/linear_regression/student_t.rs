//! Student's t distribution.

use crate::stat::distribution::incomplete_beta;

/// The probability that |T| is at least `t` with `df` degrees of freedom: `I(df / (df + t²); df/2, 1/2)`.
pub(crate) fn two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    incomplete_beta(df / (df + t * t), df / 2.0, 0.5)
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
