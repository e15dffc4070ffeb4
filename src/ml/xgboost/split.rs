//! The best split of a node (`src/tree/hist/evaluate_splits.h`, `split_evaluator.h` and `param.h` of XGBoost 3.2; Chen and Guestrin, *XGBoost: A
//! Scalable Tree Boosting System*, 2016). Sums are of 64 bits and gains of 32, as there, so that equal gains are equal here too.

use std::ops::Range;

use super::histogram::Sum;
use super::matrix::Matrix;

/// What a split is judged by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalty {
    pub lambda: f32,
    pub alpha: f32,
    /// The greatest weight of a leaf; 0 for any.
    pub max_delta_step: f32,
    pub min_child_weight: f32,
}

/// A way to part a node's rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    /// How much the loss falls.
    pub gain: f32,
    pub feature: usize,
    /// Rows whose bin is less go left.
    pub limit: usize,
    /// The same of values.
    pub condition: f32,
    /// Whether rows without a value go left.
    pub default_left: bool,
    pub left: Sum,
    pub right: Sum,
}

impl Split {
    pub const NONE: Self = Self {
        gain: 0.0,
        feature: 0,
        limit: 0,
        condition: 0.0,
        default_left: false,
        left: Sum::from_array([0.0; 2]),
        right: Sum::from_array([0.0; 2]),
    };
}

impl Penalty {
    /// What a leaf of these rows says.
    pub fn weight(&self, sum: Sum) -> f32 {
        let [gradient, hessian] = sum.to_array();
        if hessian < f64::from(self.min_child_weight) || hessian <= 0.0 {
            return 0.0;
        }
        let weight = -self.shrunk(gradient) / (hessian + f64::from(self.lambda));
        let most = f64::from(self.max_delta_step);
        (if most != 0.0 && weight.abs() > most { most.copysign(weight) } else { weight }) as f32
    }

    fn shrunk(&self, gradient: f64) -> f64 {
        let alpha = f64::from(self.alpha);
        if gradient > alpha {
            gradient - alpha
        } else if gradient < -alpha {
            gradient + alpha
        } else {
            0.0
        }
    }

    /// How much a leaf of these rows lowers the loss, twice over.
    pub fn gain(&self, sum: Sum) -> f32 {
        let [gradient, hessian] = sum.to_array();
        if hessian <= 0.0 {
            return 0.0;
        }
        if self.max_delta_step == 0.0 {
            let gradient = self.shrunk(gradient);
            return (gradient * gradient) as f32 / (hessian + f64::from(self.lambda)) as f32;
        }
        let weight = self.weight(sum);
        let (gradient, hessian) = (gradient as f32, hessian as f32);
        -(2.0 * gradient * weight + (hessian + self.lambda) * (weight * weight))
    }

    /// The best split by one of these features, given in rising order, of a node with these sums; `gain` is the node's own.
    pub fn best(&self, matrix: &Matrix, sums: &[Sum], features: &[u32], node: Sum, gain: f32) -> Split {
        let mut best = Split::NONE;
        for feature in features {
            let feature = *feature as usize;
            let bins = matrix.cuts.of_feature(feature).len();
            let start = matrix.starts[feature];
            let found = self.best_of(&sums[start..start + bins], 0..bins, node, gain);
            if found.gain > best.gain {
                best = Split { feature, condition: self.condition(matrix, feature, found.limit), ..found };
            }
        }
        best
    }

    fn condition(&self, matrix: &Matrix, feature: usize, limit: usize) -> f32 {
        if limit == 0 { matrix.cuts.mins[feature] } else { matrix.cuts.of_feature(feature)[limit - 1] }
    }

    /// First with missing values on the right, then, when there are any, on the left.
    fn best_of(&self, sums: &[Sum], bins: Range<usize>, node: Sum, gain: f32) -> Split {
        let least = f64::from(self.min_child_weight);
        let plain = self.alpha == 0.0 && self.max_delta_step == 0.0;
        let lambda = f64::from(self.lambda);
        let mut best = Split::NONE;
        let nothing = Sum::splat(0.0);
        let mut one = |side: Sum, backward: bool, limit: usize| {
            let other = node - side;
            if side[1] < least || other[1] < least {
                return;
            }
            let both = if plain && side[1] > 0.0 && other[1] > 0.0 {
                (side[0] * side[0]) as f32 / (side[1] + lambda) as f32 + (other[0] * other[0]) as f32 / (other[1] + lambda) as f32
            } else {
                self.gain(side) + self.gain(other)
            };
            let found = both - gain;
            if found > best.gain && found < f32::INFINITY {
                let (left, right) = if backward { (other, side) } else { (side, other) };
                best = Split { gain: found, limit, default_left: backward, left, right, ..Split::NONE };
            }
        };
        let mut side = nothing;
        for bin in bins.clone() {
            if sums[bin] != nothing {
                side += sums[bin];
                one(side, false, bin + 1);
            }
        }
        if side != node {
            side = nothing;
            for bin in bins.rev() {
                if sums[bin] != nothing {
                    side += sums[bin];
                    one(side, true, bin);
                }
            }
        }
        best
    }
}
