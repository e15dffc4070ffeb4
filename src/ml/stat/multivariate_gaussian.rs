use kindling_linalg::{Matrix, Vector, VectorRef, kernels, svd};
use kindling_partition::Result;

use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

/// `pyspark.ml.stat.MultivariateGaussian`: a normal distribution of vectors.
pub static MULTIVARIATE_GAUSSIAN: StageDecl = StageDecl::summary("MultivariateGaussian", "stat", "A normal distribution of vectors.")
    .members(&[MemberDecl::attribute("mean", "The mean vector."), MemberDecl::attribute("cov", "The matrix of covariances.")]);

pub struct MultivariateGaussian {
    pub mean: Vector,
    pub cov: Matrix,
}

impl Object for MultivariateGaussian {
    fn decl(&self) -> &'static StageDecl {
        &MULTIVARIATE_GAUSSIAN
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "mean" => self.mean.clone().into(),
            "cov" => self.cov.clone().into(),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("MultivariateGaussian(mean={:?}, cov={:?})", MlValue::from(self.mean.clone()), MlValue::from(self.cov.clone()))
    }
}

/// The density of a normal distribution: `exp(offset - |root · (x - mean)|² / 2)`. Where the covariances are singular, it is that on the
/// subspace they span.
#[derive(Clone, Debug)]
pub(crate) struct Density {
    offset: f64,
    /// `D^(-1/2) Uᵀ` of the covariances `U D Uᵀ`, row after row.
    root: Vec<f64>,
    /// `root · mean`.
    centre: Vec<f64>,
}

impl Density {
    /// `cov` is square and symmetric, row after row.
    pub fn new(mean: &[f64], cov: &[f64]) -> Self {
        let n = mean.len();
        let found = svd(n, cov);
        let tolerance = f64::EPSILON * found.values.first().copied().unwrap_or(0.0) * n as f64;
        let mut root = found.vectors;
        let mut log_determinant = 0.0;
        for (value, vector) in found.values.iter().zip(root.chunks_exact_mut(n)) {
            if *value > tolerance {
                log_determinant += libm::log(*value);
                kernels::scale(libm::sqrt(1.0 / value), vector);
            } else {
                vector.fill(0.0);
            }
        }
        let centre = root.chunks_exact(n).map(|row| kernels::dot(row, mean)).collect();
        let offset = -0.5 * (n as f64 * libm::log(2.0 * std::f64::consts::PI) + log_determinant);
        Self { offset, root, centre }
    }

    pub fn at(&self, x: VectorRef<'_>) -> f64 {
        let distance = |(row, centre): (&[f64], &f64)| {
            let difference = centre - x.dot(row);
            difference * difference
        };
        let squares: f64 = self.root.chunks_exact(self.centre.len()).zip(&self.centre).map(distance).sum();
        libm::exp(self.offset - 0.5 * squares)
    }
}
