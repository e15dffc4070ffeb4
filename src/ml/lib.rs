//! `pyspark.ml`: params, estimators, transformers, models, pipelines and tuning, one folder for each of its modules.
//!
//! Everything that Python sees of a class comes from its [`StageDecl`]: see [`registry()`].

pub mod attribute;
pub mod check;
pub mod dataset;
pub mod param;
mod registry;
pub mod stage;
mod uid;
mod value;

pub use param::{ParamDecl, ParamDefault, ParamKind, ParamMap, ParamRef, Params};
pub use registry::{find, registry};
pub use stage::{Estimator, Evaluator, Make, MemberDecl, MemberKind, Model, Object, Role, Stage, StageDecl, StaticDecl, Transformer};
pub use value::MlValue;
