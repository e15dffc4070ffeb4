//! Decision trees and forests: the engine behind the tree classifiers and regressors, level by level over histograms of binned features.

mod bagging;
mod best_split;
mod binned;
pub(crate) mod ensemble;
mod grow;
mod histogram;
mod impurity;
mod model;
mod pairs;
pub mod params;
pub(crate) mod saved;
pub(crate) mod scala;
mod splits;
mod strategy;
#[cfg(test)]
mod tests;

pub use best_split::Split;
pub use ensemble::Ensemble;
pub use grow::grow;
pub use impurity::Impurity;
pub use model::{Branch, Node, Tree, importances};
pub use strategy::{Feature, Strategy};
