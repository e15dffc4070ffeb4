//! Impurities and the statistics they are computed from (`org.apache.spark.mllib.tree.impurity`).

/// How mixed the labels of a node are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impurity {
    Gini,
    Entropy,
    Variance,
}

impl Impurity {
    /// The name that Spark gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gini => "gini",
            Self::Entropy => "entropy",
            Self::Variance => "variance",
        }
    }

    /// Of the statistics of a node; zero of no rows.
    ///
    /// Statistics are the weight of each class, or for variance the sums of weights, weighted labels and weighted squares.
    #[inline]
    pub fn of(self, stats: &[f64]) -> f64 {
        match self {
            Self::Gini => {
                let total = total(stats);
                if total == 0.0 {
                    return 0.0;
                }
                let mut impurity = 1.0;
                for count in stats {
                    let share = count / total;
                    impurity -= share * share;
                }
                impurity
            }
            Self::Entropy => {
                let total = total(stats);
                if total == 0.0 {
                    return 0.0;
                }
                let mut impurity = 0.0;
                for count in stats {
                    if *count != 0.0 {
                        let share = count / total;
                        impurity -= share * (libm::log(share) / std::f64::consts::LN_2);
                    }
                }
                impurity
            }
            Self::Variance => {
                if stats[0] == 0.0 {
                    return 0.0;
                }
                let squared_loss = stats[2] - (stats[1] * stats[1]) / stats[0];
                squared_loss / stats[0]
            }
        }
    }

    /// The weight of the rows.
    #[inline]
    pub fn count(self, stats: &[f64]) -> f64 {
        if self == Self::Variance { stats[0] } else { total(stats) }
    }

    /// What a leaf with these statistics predicts: the class of the greatest weight, of several the first, or the mean.
    pub fn predict(self, stats: &[f64]) -> f64 {
        match self {
            Self::Variance if stats[0] == 0.0 => 0.0,
            Self::Variance => stats[1] / stats[0],
            _ => {
                let mut best = 0;
                for (class, count) in stats.iter().enumerate() {
                    if *count > stats[best] {
                        best = class;
                    }
                }
                best as f64
            }
        }
    }
}

#[inline]
fn total(stats: &[f64]) -> f64 {
    stats.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impurities_by_hand() {
        assert_eq!(Impurity::Gini.of(&[1.0, 3.0]), 1.0 - 1.0 / 16.0 - 9.0 / 16.0);
        assert_eq!(Impurity::Entropy.of(&[2.0, 2.0]), 1.0);
        assert_eq!(Impurity::Entropy.of(&[0.0, 2.0]), 0.0);
        // Labels 1 and 3: mean 2, variance 1.
        assert_eq!(Impurity::Variance.of(&[2.0, 4.0, 10.0]), 1.0);
        assert_eq!(Impurity::Variance.predict(&[2.0, 4.0, 10.0]), 2.0);
        assert_eq!(Impurity::Gini.predict(&[2.0, 5.0, 5.0]), 1.0);
        assert_eq!(Impurity::Gini.of(&[0.0, 0.0]), 0.0);
    }
}
