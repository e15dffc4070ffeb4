use std::sync::Arc;

use kindling_linalg::{Matrix, Vector};
use kindling_partition::Result;

use super::decl::ParamDecl;
use super::params::Params;
use crate::stage::Stage;
use crate::value::MlValue;

/// Params whose values are all of their type and in their range; made by [`Params::checked`]. From it an estimator reads the struct of
/// plain numbers that its fit runs on.
///
/// The plain getters fail when the param is neither set nor has a default; those that begin with `opt_` give `None` then, and for Python's
/// `None`.
#[derive(Clone, Copy)]
pub struct Checked<'a>(&'a Params);

impl<'a> Checked<'a> {
    pub(super) fn new(params: &'a Params) -> Self {
        Self(params)
    }

    pub fn params(self) -> &'a Params {
        self.0
    }

    fn value(self, param: &ParamDecl) -> Option<MlValue> {
        debug_assert!(self.0.decl().param(param.name).is_some(), "{} does not declare {}", self.0.decl().name, param.name);
        self.0.get(param.name).filter(|value| !matches!(value, MlValue::None))
    }

    fn need<T>(self, param: &ParamDecl, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.0.undefined(param.name))
    }

    pub fn is_set(self, param: &ParamDecl) -> bool {
        self.0.is_set(param.name)
    }

    pub fn bool(self, param: &ParamDecl) -> Result<bool> {
        let value = self.value(param).and_then(|v| if let MlValue::Bool(v) = v { Some(v) } else { None });
        self.need(param, value)
    }

    /// An integer param: checked to fit 32 bits unless it is a `Long`.
    pub fn int(self, param: &ParamDecl) -> Result<i64> {
        self.need(param, self.opt_int(param))
    }

    /// An integer param that is never negative.
    pub fn count(self, param: &ParamDecl) -> Result<usize> {
        self.int(param).map(|value| usize::try_from(value).unwrap_or(0))
    }

    pub fn float(self, param: &ParamDecl) -> Result<f64> {
        self.need(param, self.opt_float(param))
    }

    pub fn text(self, param: &ParamDecl) -> Result<Arc<str>> {
        self.need(param, self.opt_text(param))
    }

    /// The text of a choice in lower case, for choices in any case.
    pub fn choice(self, param: &ParamDecl) -> Result<String> {
        self.text(param).map(|text| text.to_lowercase())
    }

    pub fn texts(self, param: &ParamDecl) -> Result<Vec<Arc<str>>> {
        self.need(param, self.opt_texts(param))
    }

    pub fn floats(self, param: &ParamDecl) -> Result<Vec<f64>> {
        self.need(param, self.opt_floats(param))
    }

    pub fn stage(self, param: &ParamDecl) -> Result<Stage> {
        let value = self.value(param).and_then(|v| if let MlValue::Stage(v) = v { Some(v) } else { None });
        self.need(param, value)
    }

    pub fn list(self, param: &ParamDecl) -> Result<Vec<MlValue>> {
        let value = self.value(param).and_then(|v| if let MlValue::List(v) = v { Some(v) } else { None });
        self.need(param, value)
    }

    pub fn opt_int(self, param: &ParamDecl) -> Option<i64> {
        self.value(param).and_then(|v| if let MlValue::Int(v) = v { Some(v) } else { None })
    }

    pub fn opt_float(self, param: &ParamDecl) -> Option<f64> {
        self.value(param).and_then(|v| v.as_f64())
    }

    pub fn opt_text(self, param: &ParamDecl) -> Option<Arc<str>> {
        self.value(param).and_then(|v| if let MlValue::Text(v) = v { Some(v) } else { None })
    }

    /// A column that may be left out: `None` when not set or empty (`weightCol`).
    pub fn opt_column(self, param: &ParamDecl) -> Option<Arc<str>> {
        self.opt_text(param).filter(|name| !name.is_empty())
    }

    pub fn opt_texts(self, param: &ParamDecl) -> Option<Vec<Arc<str>>> {
        self.value(param).and_then(|v| v.texts())
    }

    pub fn opt_floats(self, param: &ParamDecl) -> Option<Vec<f64>> {
        self.value(param).and_then(|v| v.numbers())
    }

    pub fn opt_vector(self, param: &ParamDecl) -> Option<Vector> {
        self.value(param).and_then(|v| if let MlValue::Vector(v) = v { Some(v) } else { None })
    }

    pub fn opt_matrix(self, param: &ParamDecl) -> Option<Matrix> {
        self.value(param).and_then(|v| if let MlValue::Matrix(v) = v { Some(v) } else { None })
    }

    /// A list of lists of numbers.
    pub fn opt_float_lists(self, param: &ParamDecl) -> Option<Vec<Vec<f64>>> {
        match self.value(param)? {
            MlValue::List(lists) => lists.iter().map(MlValue::numbers).collect(),
            _ => None,
        }
    }
}
