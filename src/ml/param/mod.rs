//! Params as in `pyspark.ml.param`: declared once, set freely, checked before use.
//!
//! A [`ParamDecl`] says all there is to know of a param. [`Params`] holds what a user set, with Python's conversions; [`Checked`] is the
//! proof that every value is in its range, and only from it does an estimator make the struct that fits.

mod checked;
mod convert;
mod decl;
mod map;
mod params;
mod range;
pub mod shared;
mod text;

pub use checked::Checked;
pub use decl::{ParamDecl, ParamDefault, ParamKind};
pub use map::{ParamMap, ParamRef};
pub use params::Params;
pub use range::{Limit, Range};
pub use text::{python_float, python_hash, python_str};
