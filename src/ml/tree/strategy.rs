//! What a tree or forest is to be like, and what follows from it for a data set (`DecisionTreeMetadata`).

use kindling_partition::{Error, Result};

use super::impurity::Impurity;

/// The params of a fit, checked.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// The number of classes; zero for regression.
    pub classes: usize,
    pub impurity: Impurity,
    pub max_depth: usize,
    pub max_bins: usize,
    pub min_instances_per_node: usize,
    pub min_weight_fraction_per_node: f64,
    pub min_info_gain: f64,
    pub num_trees: usize,
    pub bootstrap: bool,
    pub subsampling_rate: f64,
    /// `auto`, `all`, `onethird`, `sqrt`, `log2`, a fraction or a number.
    pub feature_subset: String,
    pub max_memory_in_mb: usize,
    pub seed: i64,
    /// Merges sibling leaves that predict the same.
    pub prune: bool,
}

/// How a feature is split.
#[derive(Clone, Debug, PartialEq)]
pub enum Feature {
    /// At thresholds, in rising order: bin `b` holds what is over threshold `b - 1` and not over threshold `b`.
    Continuous { thresholds: Vec<f64> },
    /// Categories in the order of their labels, cut in two.
    Ordered { arity: usize },
    /// Every way to part the categories in two: few categories and more than two classes.
    Unordered { arity: usize },
}

impl Feature {
    /// Columns of a histogram.
    pub fn bins(&self) -> usize {
        match self {
            Self::Continuous { thresholds } => thresholds.len() + 1,
            Self::Ordered { arity } | Self::Unordered { arity } => *arity,
        }
    }

    /// Candidate splits.
    pub fn splits(&self) -> usize {
        match self {
            Self::Continuous { thresholds } => thresholds.len(),
            Self::Ordered { arity } => arity.saturating_sub(1),
            Self::Unordered { arity } => (1 << (arity - 1)) - 1,
        }
    }

    /// What Spark counts as bins when it reckons with memory.
    pub fn counted_bins(&self) -> usize {
        if let Self::Unordered { .. } = self { self.splits() } else { self.bins() }
    }
}

impl Strategy {
    pub fn is_classification(&self) -> bool {
        self.classes > 0
    }

    /// Bins at most, which are never more than rows.
    pub fn possible_bins(&self, rows: usize) -> usize {
        self.max_bins.min(rows)
    }

    /// How each categorical feature is split; `None` for continuous ones, whose thresholds come from the data.
    ///
    /// # Errors
    /// When a feature has more categories than there may be bins.
    pub fn categorical(&self, arities: &[Option<usize>], rows: usize) -> Result<Vec<Option<Feature>>> {
        let bins = self.possible_bins(rows);
        if let Some((feature, arity)) =
            arities.iter().enumerate().filter_map(|(i, a)| a.map(|a| (i, a))).max_by_key(|(i, a)| (*a, usize::MAX - i))
            && arity > bins
        {
            return Err(Error::illegal_argument(format!(
                "requirement failed: DecisionTree requires maxBins (= {bins}) to be at least as large as the number of values in each \
                 categorical feature, but categorical feature {feature} has {arity} values. Consider removing this and other categorical \
                 features with a large number of values, or add more training examples."
            )));
        }
        // Unordered while 2 · (2^(arity - 1) - 1) ≤ bins.
        let most = ((libm::log((bins / 2 + 1) as f64) / std::f64::consts::LN_2) + 1.0).floor() as usize;
        Ok(arities
            .iter()
            .map(|arity| {
                arity.map(|arity| {
                    if self.classes > 2 && arity > 1 && arity <= most { Feature::Unordered { arity } } else { Feature::Ordered { arity } }
                })
            })
            .collect())
    }

    /// How many features each node may choose from.
    ///
    /// # Errors
    /// When the strategy is neither a name nor a number in range.
    pub fn features_per_node(&self, features: usize) -> Result<usize> {
        let strategy = match (self.feature_subset.as_str(), self.num_trees, self.is_classification()) {
            ("auto", 1, _) => "all",
            ("auto", _, true) => "sqrt",
            ("auto", _, false) => "onethird",
            (other, ..) => other,
        };
        let n = features as f64;
        Ok(match strategy {
            "all" => features,
            "sqrt" => libm::sqrt(n).ceil() as usize,
            "log2" => ((libm::log(n) / libm::log(2.0)).ceil() as usize).max(1),
            "onethird" => (n / 3.0).ceil() as usize,
            number => match (number.parse::<usize>(), number.parse::<f64>()) {
                (Ok(count), _) if count > 0 => count.min(features),
                (_, Ok(share)) if share > 0.0 && share <= 1.0 => (share * n).ceil() as usize,
                _ => {
                    return Err(Error::illegal_argument(format!(
                        "Supported values: auto, all, onethird, sqrt, log2, (0.0-1.0], [1-n]; featureSubsetStrategy is '{number}'."
                    )));
                }
            },
        })
    }
}
