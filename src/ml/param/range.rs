use std::fmt;

/// The numbers a param allows. It prints itself as the end of "must be …".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: Limit,
    pub high: Limit,
}

/// One end of a [`Range`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No limit at this end.
    Open,
    /// The number itself is allowed.
    Inclusive(f64),
    /// The number itself is not allowed.
    Exclusive(f64),
}

impl Range {
    /// Any number, NaN too.
    pub const ANY: Self = Self { low: Limit::Open, high: Limit::Open };

    pub const fn at_least(low: f64) -> Self {
        Self { low: Limit::Inclusive(low), high: Limit::Open }
    }

    pub const fn above(low: f64) -> Self {
        Self { low: Limit::Exclusive(low), high: Limit::Open }
    }

    /// From `low` to `high`, both allowed.
    pub const fn between(low: f64, high: f64) -> Self {
        Self { low: Limit::Inclusive(low), high: Limit::Inclusive(high) }
    }

    pub fn contains(self, value: f64) -> bool {
        let above = match self.low {
            Limit::Open => true,
            Limit::Inclusive(low) => value >= low,
            Limit::Exclusive(low) => value > low,
        };
        let below = match self.high {
            Limit::Open => true,
            Limit::Inclusive(high) => value <= high,
            Limit::Exclusive(high) => value < high,
        };
        above && below && !(value.is_nan() && self != Self::ANY)
    }

    /// Numbers just outside, for tests and for the guided form's hints.
    pub fn violations(self) -> Vec<f64> {
        let low = match self.low {
            Limit::Open => None,
            Limit::Inclusive(low) => Some(low - 1.0),
            Limit::Exclusive(low) => Some(low),
        };
        let high = match self.high {
            Limit::Open => None,
            Limit::Inclusive(high) => Some(high + 1.0),
            Limit::Exclusive(high) => Some(high),
        };
        low.into_iter().chain(high).collect()
    }
}

/// `at least 0`, `greater than 0`, `in the range [0, 1]`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Limit::Open, Limit::Open) => f.write_str("a number"),
            (Limit::Inclusive(low), Limit::Open) => write!(f, "at least {low}"),
            (Limit::Exclusive(low), Limit::Open) => write!(f, "greater than {low}"),
            (Limit::Open, Limit::Inclusive(high)) => write!(f, "at most {high}"),
            (Limit::Open, Limit::Exclusive(high)) => write!(f, "less than {high}"),
            (low, high) => {
                let (open, low) = match low {
                    Limit::Inclusive(low) => ('[', low),
                    Limit::Exclusive(low) => ('(', low),
                    Limit::Open => ('(', f64::NEG_INFINITY),
                };
                let (close, high) = match high {
                    Limit::Inclusive(high) => (']', high),
                    Limit::Exclusive(high) => (')', high),
                    Limit::Open => (')', f64::INFINITY),
                };
                write!(f, "in the range {open}{low}, {high}{close}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_knows_its_own_violations_and_prints_itself() {
        for (range, text) in [
            (Range::at_least(0.0), "at least 0"),
            (Range::above(0.0), "greater than 0"),
            (Range::between(0.0, 1.0), "in the range [0, 1]"),
            (Range { low: Limit::Exclusive(0.0), high: Limit::Exclusive(1.5) }, "in the range (0, 1.5)"),
        ] {
            assert_eq!(range.to_string(), text);
            assert!(!range.violations().is_empty());
            assert!(range.violations().into_iter().all(|v| !range.contains(v)));
            assert!(!range.contains(f64::NAN));
        }
        assert!(Range::ANY.contains(f64::NAN));
    }
}
