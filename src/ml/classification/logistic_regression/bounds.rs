//! Bounds on coefficients and intercepts.

use kindling_linalg::Matrix;
use kindling_partition::{Error, Result};

use super::declare::{LOWER_BOUNDS_ON_COEFFICIENTS, LOWER_BOUNDS_ON_INTERCEPTS, UPPER_BOUNDS_ON_COEFFICIENTS, UPPER_BOUNDS_ON_INTERCEPTS};
use crate::param::{Checked, ParamDecl, shared};

/// What the user asked for: matrices row by row, on the scale of the data.
#[derive(Clone, Debug)]
pub struct Bounds {
    coefficients: [Option<Vec<f64>>; 2],
    intercepts: [Option<Vec<f64>>; 2],
    shapes: [Option<(usize, usize)>; 2],
}

impl Bounds {
    /// The bounds that are set, if any.
    ///
    /// # Errors
    /// When there is an L1 penalty too, or bounds on intercepts that are not fitted.
    pub(super) fn new(params: Checked<'_>) -> Result<Option<Self>> {
        let matrices = [&LOWER_BOUNDS_ON_COEFFICIENTS, &UPPER_BOUNDS_ON_COEFFICIENTS].map(|param| params.opt_matrix(param));
        let vectors = [&LOWER_BOUNDS_ON_INTERCEPTS, &UPPER_BOUNDS_ON_INTERCEPTS].map(|param: &ParamDecl| params.opt_vector(param));
        let bounds = Self {
            coefficients: matrices.each_ref().map(|matrix| matrix.as_ref().map(Matrix::to_rows)),
            intercepts: vectors.map(|vector| vector.map(|v| v.to_dense())),
            shapes: matrices.map(|matrix| matrix.map(|m| (m.num_rows(), m.num_cols()))),
        };
        let on_intercepts = bounds.intercepts.iter().any(Option::is_some);
        if !on_intercepts && bounds.shapes.iter().all(Option::is_none) {
            return Ok(None);
        }
        let elastic = params.float(&shared::ELASTIC_NET_PARAM)?;
        if elastic != 0.0 {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Fitting under bound constrained optimization only supports L2 regularization, but got elasticNetParam = \
                 {elastic:?}."
            )));
        }
        if on_intercepts && !params.bool(&shared::FIT_INTERCEPT)? {
            return Err(Error::illegal_argument("requirement failed: Please don't set bounds on intercepts if fitting without intercept."));
        }
        Ok(Some(bounds))
    }

    /// # Errors
    /// When the shapes are not those of the coefficients, or a lower bound is over the upper one.
    pub(super) fn check(&self, sets: usize, width: usize) -> Result<()> {
        for (shape, which) in self.shapes.iter().zip(["LowerBoundsOnCoefficients", "upperBoundsOnCoefficients"]) {
            if let Some((rows, cols)) = shape
                && (*rows != sets || *cols != width)
            {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: The shape of {which} must be compatible with (1, number of features) for binomial regression, or \
                     (number of classes, number of features) for multinomial regression, but found: ({rows}, {cols})."
                )));
            }
        }
        for (vector, which) in self.intercepts.iter().zip(["lowerBoundsOnIntercepts", "upperBoundsOnIntercepts"]) {
            if let Some(vector) = vector
                && vector.len() != sets
            {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: The size of {which} must be equal to 1 for binomial regression, or the number of classes for \
                     multinomial regression, but found: {}.",
                    vector.len()
                )));
            }
        }
        for (pair, what) in [(&self.coefficients, "Coefficients"), (&self.intercepts, "Intercepts")] {
            if let [Some(lower), Some(upper)] = pair
                && lower.iter().zip(upper).any(|(low, high)| low > high)
            {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: LowerBoundsOn{what} should always be less than or equal to upperBoundsOn{what}, but found: \
                     lowerBoundsOn{what} = {lower:?}, upperBoundsOn{what} = {upper:?}."
                )));
            }
        }
        Ok(())
    }

    /// Whether intercepts are free, so that features may be centred.
    pub(super) fn leave_intercepts(&self) -> bool {
        self.intercepts.iter().all(|bounds| bounds.as_ref().is_none_or(|bounds| bounds.iter().all(|b| b.is_infinite())))
    }

    /// The lower and upper bounds of every coordinate of the search: sets of coefficients of standardised features, then intercepts.
    pub(super) fn scaled(&self, std: &[f64], sets: usize, dimension: usize) -> [Vec<f64>; 2] {
        [(0, f64::NEG_INFINITY), (1, f64::INFINITY)].map(|(which, none)| {
            let mut bounds = vec![none; dimension];
            if let Some(coefficients) = &self.coefficients[which] {
                for (i, (bound, coefficient)) in bounds.iter_mut().zip(coefficients).enumerate() {
                    *bound = if coefficient.is_infinite() { *coefficient } else { coefficient * std[i % std.len()] };
                }
            }
            if let Some(intercepts) = &self.intercepts[which] {
                bounds[sets * std.len()..].copy_from_slice(intercepts);
            }
            bounds
        })
    }
}
