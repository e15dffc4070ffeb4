//! The distributions and link functions of generalized linear regression.

use kindling_partition::{Error, Result};

use super::normal_distribution::{cdf, density, quantile};

/// The distribution of the label around its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Family {
    Gaussian,
    Binomial,
    Poisson,
    Gamma,
    /// With the power of the mean that the variance is: neither 0, 1 nor 2, which are the three above.
    Tweedie(f64),
}

/// How the linear predictor η comes from the mean μ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Link {
    Identity,
    Log,
    Inverse,
    Sqrt,
    Logit,
    Probit,
    CLogLog,
    /// μ to this power.
    Power(f64),
}

/// Stands in for labels of 0 where a logarithm is taken.
const DELTA: f64 = 0.1;
const EPSILON: f64 = 1e-16;

impl Family {
    pub fn named(name: &str, variance_power: f64) -> Self {
        match name {
            "binomial" => Self::Binomial,
            "poisson" => Self::Poisson,
            "gamma" => Self::Gamma,
            "tweedie" => match variance_power {
                0.0 => Self::Gaussian,
                1.0 => Self::Poisson,
                2.0 => Self::Gamma,
                power => Self::Tweedie(power),
            },
            _ => Self::Gaussian,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Binomial => "binomial",
            Self::Poisson => "poisson",
            Self::Gamma => "gamma",
            Self::Tweedie(_) => "tweedie",
        }
    }

    pub fn default_link(self) -> Link {
        match self {
            Self::Gaussian => Link::Identity,
            Self::Binomial => Link::Logit,
            Self::Poisson => Link::Log,
            Self::Gamma => Link::Inverse,
            Self::Tweedie(power) => Link::Power(1.0 - power),
        }
    }

    /// Whether Spark fits the pair.
    pub fn supports(self, link: Link) -> bool {
        use Link::{CLogLog, Identity, Inverse, Log, Logit, Probit, Sqrt};
        match self {
            Self::Gaussian | Self::Gamma => matches!(link, Identity | Log | Inverse),
            Self::Binomial => matches!(link, Logit | Probit | CLogLog),
            Self::Poisson => matches!(link, Log | Identity | Sqrt),
            Self::Tweedie(_) => true,
        }
    }

    /// The mean that the fit starts from at a label.
    ///
    /// # Errors
    /// When the label can't be of this family.
    pub fn start(self, y: f64, weight: f64) -> Result<f64> {
        let refuse = |must: &str, got: f64| {
            let name = match self {
                Self::Tweedie(power) => format!("tweedie({power:?})"),
                Self::Poisson => "Poisson".to_owned(),
                Self::Gamma => "Gamma".to_owned(),
                _ => "Binomial".to_owned(),
            };
            Err(Error::illegal_argument(format!(
                "requirement failed: The response variable of {name} family should be {must}, but got {got:?}"
            )))
        };
        match self {
            Self::Gaussian => Ok(y),
            Self::Binomial => {
                let mu = (weight * y + 0.5) / (weight + 1.0);
                if mu > 0.0 && mu < 1.0 { Ok(mu) } else { refuse("in range (0, 1)", mu) }
            }
            Self::Poisson if y < 0.0 => refuse("non-negative", y),
            Self::Poisson => Ok(y.max(DELTA)),
            Self::Gamma if y <= 0.0 => refuse("positive", y),
            Self::Gamma => Ok(y),
            Self::Tweedie(power) if power < 2.0 && y < 0.0 => refuse("non-negative", y),
            Self::Tweedie(power) if power >= 2.0 && y <= 0.0 => refuse("positive", y),
            Self::Tweedie(_) => Ok(if y == 0.0 { DELTA } else { y }),
        }
    }

    /// The variance of the label as a function of its mean.
    pub fn variance(self, mu: f64) -> f64 {
        match self {
            Self::Gaussian => 1.0,
            Self::Binomial => mu * (1.0 - mu),
            Self::Poisson => mu,
            Self::Gamma => mu * mu,
            Self::Tweedie(power) => libm::pow(mu, power),
        }
    }

    /// Twice the log likelihood that the mean is short of the label itself.
    pub fn deviance(self, y: f64, mu: f64, weight: f64) -> f64 {
        let y_log_y = |y: f64, mu: f64| if y == 0.0 { 0.0 } else { y * libm::log(y / mu) };
        match self {
            Self::Gaussian => weight * (y - mu) * (y - mu),
            Self::Binomial => 2.0 * weight * (y_log_y(y, mu) + y_log_y(1.0 - y, 1.0 - mu)),
            Self::Poisson => 2.0 * weight * (y_log_y(y, mu) - (y - mu)),
            Self::Gamma => -2.0 * weight * (libm::log(y / mu) - (y - mu) / mu),
            Self::Tweedie(power) => {
                let part = |y: f64, p: f64| if p == 0.0 { libm::log(y / mu) } else { (libm::pow(y, p) - libm::pow(mu, p)) / p };
                let raised = if (1.0..2.0).contains(&power) { y.max(DELTA) } else { y };
                2.0 * weight * (y * part(raised, 1.0 - power) - part(y, 2.0 - power))
            }
        }
    }

    /// What a row adds to Akaike's information criterion; `dispersion` is the deviance by the sum of weights.
    pub fn aic(self, y: f64, mu: f64, weight: f64, dispersion: f64) -> f64 {
        let gamma = libm::lgamma;
        match self {
            Self::Gaussian => -libm::log(weight),
            Self::Binomial => {
                // Weights are numbers of trials.
                let (n, k) = (java_round(weight), java_round(y * weight));
                if n == 0.0 {
                    return 0.0;
                }
                let ways = gamma(n + 1.0) - gamma(k + 1.0) - gamma(n - k + 1.0);
                -2.0 * (ways + k * libm::log(mu) + (n - k) * libm::log(1.0 - mu))
            }
            Self::Poisson => {
                let k = y.trunc();
                -2.0 * weight * (k * libm::log(mu) - mu - gamma(k + 1.0))
            }
            Self::Gamma => {
                let (shape, scale) = (1.0 / dispersion, mu * dispersion);
                -2.0 * weight * ((shape - 1.0) * libm::log(y) - y / scale - shape * libm::log(scale) - gamma(shape))
            }
            Self::Tweedie(_) => f64::NAN,
        }
    }

    /// The mean, moved to where it may be.
    pub fn project(self, mu: f64) -> f64 {
        match self {
            Self::Gaussian if mu.is_infinite() => f64::MAX.copysign(mu),
            Self::Gaussian => mu,
            Self::Binomial if mu > 1.0 - EPSILON => 1.0 - EPSILON,
            _ if mu < EPSILON => EPSILON,
            _ if mu.is_infinite() => f64::MAX,
            _ => mu,
        }
    }
}

/// `Math.round`: halves go up.
fn java_round(x: f64) -> f64 {
    (x + 0.5).floor()
}

impl Link {
    pub fn named(name: &str) -> Self {
        match name {
            "log" => Self::Log,
            "inverse" => Self::Inverse,
            "sqrt" => Self::Sqrt,
            "logit" => Self::Logit,
            "probit" => Self::Probit,
            "cloglog" => Self::CLogLog,
            _ => Self::Identity,
        }
    }

    pub fn of_power(power: f64) -> Self {
        match power {
            0.0 => Self::Log,
            1.0 => Self::Identity,
            -1.0 => Self::Inverse,
            0.5 => Self::Sqrt,
            power => Self::Power(power),
        }
    }

    /// η of μ.
    pub fn link(self, mu: f64) -> f64 {
        match self {
            Self::Identity => mu,
            Self::Log => libm::log(mu),
            Self::Inverse => 1.0 / mu,
            Self::Sqrt => mu.sqrt(),
            Self::Logit => libm::log(mu / (1.0 - mu)),
            Self::Probit => quantile(mu),
            Self::CLogLog => libm::log(-libm::log1p(-mu)),
            Self::Power(power) => libm::pow(mu, power),
        }
    }

    /// dη/dμ.
    pub fn derivative(self, mu: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Log => 1.0 / mu,
            Self::Inverse => -libm::pow(mu, -2.0),
            Self::Sqrt => 1.0 / (2.0 * mu.sqrt()),
            Self::Logit => 1.0 / (mu * (1.0 - mu)),
            Self::Probit => 1.0 / density(quantile(mu)),
            Self::CLogLog => 1.0 / ((mu - 1.0) * libm::log1p(-mu)),
            Self::Power(power) => power * libm::pow(mu, power - 1.0),
        }
    }

    /// μ of η.
    pub fn unlink(self, eta: f64) -> f64 {
        match self {
            Self::Identity => eta,
            Self::Log => libm::exp(eta),
            Self::Inverse => 1.0 / eta,
            Self::Sqrt => eta * eta,
            Self::Logit => 1.0 / (1.0 + libm::exp(-eta)),
            Self::Probit => cdf(eta),
            Self::CLogLog => 1.0 - libm::exp(-libm::exp(eta)),
            Self::Power(power) => libm::pow(eta, 1.0 / power),
        }
    }
}
