//! The statistics of `pyspark.ml.stat`, which the feature selectors share.

mod anova;
mod chi_square;
mod correlation;
pub mod distribution;
mod f_value;
mod frames;
mod kolmogorov_smirnov;
mod multivariate_gaussian;
mod test_result;

pub use anova::anova;
pub use chi_square::chi_square;
pub use correlation::correlation;
pub use f_value::f_value;
pub use frames::FeatureTest;
pub use kolmogorov_smirnov::kolmogorov_smirnov;
pub(crate) use multivariate_gaussian::Density;
pub use multivariate_gaussian::{MULTIVARIATE_GAUSSIAN, MultivariateGaussian};
pub use test_result::TestResult;
