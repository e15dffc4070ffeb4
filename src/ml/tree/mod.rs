//! Decision trees, forests and boosting: the engine behind the tree classifiers and regressors, level by level over histograms of binned
//! features.

mod bagging;
mod best_split;
mod binned;
mod boost;
pub(crate) mod boosted;
pub(crate) mod ensemble;
mod grow;
mod histogram;
mod impurity;
pub(crate) mod members;
mod model;
mod pairs;
pub mod params;
pub(crate) mod saved;
mod shap;
mod splits;
mod strategy;
mod sums;
#[cfg(test)]
pub(crate) mod tests;

pub use best_split::Split;
pub use boost::{Boosting, Loss, boost};
pub use ensemble::Ensemble;
pub use grow::grow;
pub use impurity::Impurity;
pub use model::{Branch, Node, Tree, importances};
pub use shap::{TreeExplainer, WeightedTrees};
pub use strategy::{Feature, Strategy};
