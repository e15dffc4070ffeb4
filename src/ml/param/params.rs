use std::sync::Arc;

use indexmap::IndexMap;
use kindling_partition::{Error, Result, did_you_mean};

use super::checked::Checked;
use super::convert::{check, convert};
use super::decl::{ParamDecl, ParamDefault};
use super::map::{ParamMap, ParamRef};
use super::text::{python_hash, python_str};
use crate::stage::StageDecl;
use crate::uid::new_uid;
use crate::value::MlValue;

/// The params of one stage as a user set them: converted as Python converts, not yet checked.
#[derive(Clone, Debug)]
pub struct Params {
    decl: &'static StageDecl,
    /// The stage that was constructed; a model remembers its estimator, whose name makes the default seed.
    origin: &'static StageDecl,
    uid: Arc<str>,
    set: IndexMap<&'static str, MlValue>,
}

impl Params {
    /// Nothing set, and a new uid.
    pub fn new(decl: &'static StageDecl) -> Self {
        Self { decl, origin: decl, uid: new_uid(decl.name), set: IndexMap::new() }
    }

    /// The params of the model that a fit of this stage makes: its uid, and the values of the params that the model has too.
    #[must_use]
    pub fn for_model(&self, model: &'static StageDecl) -> Self {
        let set = self.set.iter().filter(|(name, _)| model.param(name).is_some()).map(|(name, value)| (*name, value.clone())).collect();
        Self { decl: model, origin: self.origin, uid: self.uid.clone(), set }
    }

    /// As [`for_model`](Self::for_model) with a uid of the model's own, which models written in Python have.
    #[must_use]
    pub fn for_fitted(&self, model: &'static StageDecl) -> Self {
        Self { uid: new_uid(model.name), ..self.for_model(model) }
    }

    /// Of a stage that is loaded: nothing set yet.
    pub fn loaded(decl: &'static StageDecl, uid: Arc<str>) -> Self {
        Self { uid, ..Self::new(decl) }
    }

    /// The same params of a stage with this uid.
    pub(crate) fn of_uid(self, uid: &str) -> Self {
        Self { uid: uid.into(), ..self }
    }

    /// What was set, in that order.
    pub(crate) fn set_values(&self) -> impl Iterator<Item = (&'static str, &MlValue)> {
        self.set.iter().map(|(name, value)| (*name, value))
    }

    pub fn decl(&self) -> &'static StageDecl {
        self.decl
    }

    pub fn uid(&self) -> &Arc<str> {
        &self.uid
    }

    /// The declaration of a param of this stage.
    ///
    /// # Errors
    /// When there is none of this name; the text suggests the nearest.
    pub fn param(&self, name: &str) -> Result<&'static ParamDecl> {
        self.decl.param(name).ok_or_else(|| {
            let near = did_you_mean(name, self.decl.params.iter().map(|p| p.name));
            Error::type_error(format!("{} has no param '{name}'.{near}", self.decl.name))
        })
    }

    /// The key of a param in a param map: what `lr.regParam` is.
    pub fn reference(&self, name: &str) -> Result<ParamRef> {
        self.param(name).map(|decl| ParamRef { parent: self.uid.clone(), name: decl.name, doc: decl.doc })
    }

    /// Sets a param; `None` is kept as a value, as PySpark keeps it.
    ///
    /// # Errors
    /// When there is no such param, or the value is of the wrong type.
    pub fn set(&mut self, name: &str, value: MlValue) -> Result<()> {
        let decl = self.param(name)?;
        self.set.insert(decl.name, convert(decl, value)?);
        Ok(())
    }

    /// Sets the param that a reference names, which must be of this stage.
    pub fn set_ref(&mut self, param: &ParamRef, value: MlValue) -> Result<()> {
        if param.parent != self.uid {
            return Err(Error::value_error(format!("Param {}__{} does not belong to {}.", param.parent, param.name, self.uid)));
        }
        self.set(param.name, value)
    }

    /// A setter that gives the params back, for construction in Rust.
    pub fn with(mut self, name: &str, value: impl Into<MlValue>) -> Result<Self> {
        self.set(name, value.into())?;
        Ok(self)
    }

    pub fn clear(&mut self, name: &str) -> Result<()> {
        let decl = self.param(name)?;
        self.set.shift_remove(decl.name);
        Ok(())
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.set.contains_key(name)
    }

    pub fn has_default(&self, name: &str) -> bool {
        self.decl.param(name).is_some_and(|decl| !matches!(decl.default, ParamDefault::Undefined))
    }

    pub fn is_defined(&self, name: &str) -> bool {
        self.is_set(name) || self.has_default(name)
    }

    /// The value set, else the default, else nothing.
    pub fn get(&self, name: &str) -> Option<MlValue> {
        self.set.get(name).cloned().or_else(|| self.default_of(name))
    }

    /// As [`get`](Self::get).
    ///
    /// # Errors
    /// When the param doesn't exist, is not set and has no default.
    pub fn get_or_default(&self, name: &str) -> Result<MlValue> {
        self.param(name)?;
        self.get(name).ok_or_else(|| self.undefined(name))
    }

    pub(super) fn undefined(&self, name: &str) -> Error {
        Error::illegal_argument(format!("{}.{name} must be set: it has no default.", self.decl.name))
    }

    /// The value of a param that is not set.
    pub(crate) fn default_of(&self, name: &str) -> Option<MlValue> {
        Some(match self.decl.param(name)?.default {
            ParamDefault::Undefined => return None,
            ParamDefault::Null => MlValue::None,
            ParamDefault::Bool(value) => MlValue::Bool(value),
            ParamDefault::Int(value) => MlValue::Int(value),
            ParamDefault::Float(value) => MlValue::Float(value),
            ParamDefault::Text(value) => MlValue::from(value),
            ParamDefault::TextList(values) => MlValue::List(values.iter().copied().map(MlValue::from).collect()),
            ParamDefault::FloatList(values) => MlValue::List(values.iter().copied().map(MlValue::Float).collect()),
            ParamDefault::EmptyMap => MlValue::Map(Vec::new()),
            ParamDefault::Seed => MlValue::Int(python_hash(self.origin.name)),
            ParamDefault::OutputOfUid => MlValue::from(format!("{}__output", self.uid)),
        })
    }

    /// `explainParam(name)`: `maxIter: max number of iterations (>= 0). (default: 100, current: 5)`.
    pub fn explain_param(&self, name: &str) -> Result<String> {
        let decl = self.param(name)?;
        let default = self.default_of(name).map(|value| format!("default: {}", python_str(&value)));
        let current = self.set.get(name).map(|value| format!("current: {}", python_str(value)));
        let values: Vec<String> = default.into_iter().chain(current).collect();
        let values = if values.is_empty() { "undefined".to_owned() } else { values.join(", ") };
        Ok(format!("{}: {} ({values})", decl.name, decl.doc))
    }

    /// `explainParams()`: a line for each param, by name.
    pub fn explain_params(&self) -> String {
        let lines: Vec<String> = self.decl.params_by_name().iter().filter_map(|decl| self.explain_param(decl.name).ok()).collect();
        lines.join("\n")
    }

    /// Defaults, then what was set, then `extra`.
    pub fn extract_param_map(&self, extra: &ParamMap) -> ParamMap {
        let own = self.decl.params_by_name().into_iter().filter_map(|decl| {
            let value = self.get(decl.name)?;
            Some((ParamRef { parent: self.uid.clone(), name: decl.name, doc: decl.doc }, value))
        });
        own.chain(extra.iter().map(|(param, value)| (param.clone(), value.clone()))).collect()
    }

    /// The same uid and values, and those of `extra` that are meant for this stage.
    pub fn copy(&self, extra: &ParamMap) -> Result<Self> {
        let mut copy = self.clone();
        for (name, value) in extra.of(&self.uid) {
            copy.set(name, value.clone())?;
        }
        Ok(copy)
    }

    /// Proof that every value is of its type and in its range.
    ///
    /// # Errors
    /// `LogisticRegression.regParam must be at least 0, found -1.0.`
    pub fn checked(&self) -> Result<Checked<'_>> {
        for decl in self.decl.params {
            if let Some(value) = self.set.get(decl.name) {
                check(self.decl.name, decl, value)?;
            }
        }
        Ok(Checked::new(self))
    }
}
