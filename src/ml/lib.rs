//! `pyspark.ml`: params, estimators, transformers, models, pipelines and tuning, one folder for each of its modules.
//!
//! Everything that Python sees of a class comes from its [`StageDecl`]: see [`registry()`].

#![feature(portable_simd, optimize_attribute)]

pub mod attribute;
#[cfg(test)]
mod boosting_tests;
pub mod check;
pub mod classification;
pub mod clustering;
#[cfg(test)]
mod conformance;
pub mod dataset;
pub mod evaluation;
mod factorization;
pub mod feature;
pub mod fpm;
mod gradient_descent;
#[cfg(test)]
mod linear_model_tests;
#[cfg(test)]
mod model_tests;
mod moments;
pub mod neighbors;
pub mod param;
pub mod persist;
pub mod pipeline;
pub mod recommendation;
#[cfg(test)]
mod reference;
mod registry;
pub mod regression;
mod scala;
pub mod stage;
pub mod stat;
pub mod task;
#[cfg(test)]
mod testing;
pub mod tree;
pub mod tuning;
mod uid;
mod value;
pub mod xgboost;

pub use param::{ParamDecl, ParamDefault, ParamKind, ParamMap, ParamRef, Params};
pub use registry::{find, registry};
pub use stage::{
    Estimator, Evaluator, Foreign, Make, MemberDecl, MemberKind, Model, Object, Opaque, Role, Stage, StageDecl, StaticDecl, Transformer,
    foreign_decl,
};
pub use uid::new_uid;
pub use value::MlValue;
