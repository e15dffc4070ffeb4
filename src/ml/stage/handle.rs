use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::decl::{Make, Role, StageDecl};
use super::foreign::{Foreign, Lent};
use super::traits::{Estimator, Evaluator, Model, Transformer};
use crate::param::{ParamMap, ParamRef, Params};
use crate::value::MlValue;

/// An estimator, transformer, evaluator or model as a Python variable holds it: clones are the same object, so a param set on a pipeline's
/// stage is seen by the pipeline.
#[derive(Clone)]
pub struct Stage(Arc<RwLock<State>>);

#[derive(Clone)]
enum State {
    /// Constructed: its params are checked when it is used.
    Declared(Params),
    Fitted(Arc<dyn Model>),
    /// Written outside the engine.
    Foreign(Arc<dyn Foreign>),
}

impl Stage {
    /// A new stage with nothing set.
    pub fn new(decl: &'static StageDecl) -> Self {
        Self::from_params(Params::new(decl))
    }

    pub fn from_params(params: Params) -> Self {
        Self(Arc::new(RwLock::new(State::Declared(params))))
    }

    pub fn from_model(model: Arc<dyn Model>) -> Self {
        if let Some(stage) = model.lent() {
            return stage;
        }
        Self(Arc::new(RwLock::new(State::Fitted(model))))
    }

    pub fn from_foreign(stage: Arc<dyn Foreign>) -> Self {
        Self(Arc::new(RwLock::new(State::Foreign(stage))))
    }

    /// The stage as it was given, when it is written outside the engine.
    pub fn foreign(&self) -> Option<Arc<dyn Foreign>> {
        match self.state() {
            State::Foreign(stage) => Some(stage),
            _ => None,
        }
    }

    /// Whether the stage, or one inside it, is written outside the engine, and so must stay on this thread.
    pub fn is_foreign(&self) -> bool {
        match self.state() {
            State::Foreign(_) => true,
            State::Declared(params) => has_foreign(&params),
            State::Fitted(model) => {
                let inner = ["stages", "bestModel", "models"].into_iter().filter(|name| model.decl().member(name).is_some());
                has_foreign(model.params()) || inner.filter_map(|name| model.member(name, &[]).ok()).any(|value| value.has_foreign())
            }
        }
    }

    /// As a model, which a stage that isn't one is too once an estimator gave it.
    pub(super) fn lent(&self) -> Result<Arc<dyn Model>> {
        match self.state() {
            State::Fitted(model) => Ok(model),
            _ => Ok(Arc::new(Lent::new(self))),
        }
    }

    fn state(&self) -> State {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn decl(&self) -> &'static StageDecl {
        self.params().decl()
    }

    pub fn role(&self) -> Role {
        self.decl().role()
    }

    pub fn uid(&self) -> Arc<str> {
        self.params().uid().clone()
    }

    /// The params as they are now.
    pub fn params(&self) -> Params {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            State::Declared(params) => params.clone(),
            State::Fitted(model) => model.params().clone(),
            State::Foreign(stage) => Params::loaded(stage.decl(), stage.uid()),
        }
    }

    /// Whether two variables hold the same object.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// `setMaxIter(5)`.
    pub fn set(&self, name: &str, value: MlValue) -> Result<()> {
        self.update(|params| params.set(name, value))
    }

    /// What a constructor's keyword sets.
    ///
    /// # Errors
    /// When there is no such keyword, or the value is of another type.
    pub fn set_keyword(&self, name: &str, value: MlValue) -> Result<()> {
        let set = self.decl().keywords.unwrap_or(Params::set);
        self.update(|params| set(params, name, value))
    }

    /// `set(param, value)`.
    pub fn set_ref(&self, param: &ParamRef, value: MlValue) -> Result<()> {
        self.update(|params| params.set_ref(param, value))
    }

    pub fn clear(&self, name: &str) -> Result<()> {
        self.update(|params| params.clear(name))
    }

    fn update(&self, change: impl FnOnce(&mut Params) -> Result<()>) -> Result<()> {
        let mut params = self.params();
        change(&mut params)?;
        let state = match self.state() {
            State::Declared(_) => State::Declared(params),
            State::Fitted(model) => State::Fitted(model.with_params(params)?),
            State::Foreign(_) => return Err(Error::type_error(format!("{} keeps its params itself.", params.uid()))),
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }

    /// What a param of this name is called by in a [`ParamMap`]; none when the stage has none.
    pub fn reference(&self, name: &'static str) -> Result<Option<ParamRef>> {
        Ok(match self.foreign() {
            Some(stage) if stage.has_param(name)? => Some(ParamRef { parent: stage.uid(), name, doc: "" }),
            Some(_) => None,
            None => self.params().reference(name).ok(),
        })
    }

    /// A stage of its own with the same uid and values, and those of `extra`, which also reach the stages inside it.
    pub fn copy(&self, extra: &ParamMap) -> Result<Self> {
        Ok(match self.state() {
            State::Declared(params) => Self::from_params(copy_params(&params, extra)?),
            State::Fitted(model) => Self::from_model(model.copy(extra)?),
            State::Foreign(stage) => stage.copy(extra)?,
        })
    }

    /// The checked estimator.
    ///
    /// # Errors
    /// When a param is out of its range, or this is no estimator.
    pub fn estimator(&self) -> Result<Arc<dyn Estimator>> {
        if self.foreign().is_some() && self.role() == Role::Estimator {
            return Ok(Arc::new(Lent::new(self)));
        }
        estimator(&self.params())
    }

    pub fn transformer(&self) -> Result<Arc<dyn Transformer>> {
        match self.state() {
            State::Fitted(model) => Ok(model),
            State::Foreign(_) => Ok(Arc::new(Lent::new(self))),
            State::Declared(params) => match params.decl().make {
                Make::Transformer(make) => make(&params),
                _ => Err(Error::type_error(format!("{} is not a transformer: it has to be fitted first.", params.uid()))),
            },
        }
    }

    pub fn evaluator(&self) -> Result<Arc<dyn Evaluator>> {
        let params = self.params();
        match params.decl().make {
            Make::Evaluator(_) if self.foreign().is_some() => Ok(Arc::new(Lent::new(self))),
            Make::Evaluator(make) => make(&params),
            _ => Err(Error::type_error(format!("{} is not an evaluator.", params.uid()))),
        }
    }

    /// The fitted model behind the handle.
    pub fn model(&self) -> Result<Arc<dyn Model>> {
        match self.state() {
            State::Fitted(model) => Ok(model),
            _ => Err(Error::type_error(format!("{} is not a model.", self.uid()))),
        }
    }

    /// `estimator.fit(data, extra)`.
    pub fn fit(&self, data: &DataFrame, extra: &ParamMap) -> Result<Self> {
        if let Some(stage) = self.foreign() {
            return stage.fit(data, extra);
        }
        let model = estimator(&copy_params(&self.params(), extra)?)?.fit(data).map(Self::from_model)?;
        // LDA fits either of two models with the same params.
        let declared = |decl: &StageDecl| std::ptr::eq(decl, model.decl()) || std::ptr::eq(decl.params, model.decl().params);
        debug_assert!(self.decl().model.is_some_and(declared), "{} fits what it declares", self.decl().name);
        Ok(model)
    }

    /// `estimator.fit(data, [map, …])` and `fitMultiple`: a model for each map.
    pub fn fit_multiple(&self, data: &DataFrame, maps: &[ParamMap]) -> Result<Vec<Self>> {
        Ok(self.estimator()?.fit_multiple(data, maps)?.into_iter().map(Self::from_model).collect())
    }

    /// `transformer.transform(data, extra)`.
    pub fn transform(&self, data: &DataFrame, extra: &ParamMap) -> Result<DataFrame> {
        if let Some(stage) = self.foreign() {
            return stage.transform(data, extra);
        }
        if extra.is_empty() { self.transformer()?.transform(data) } else { self.copy(extra)?.transformer()?.transform(data) }
    }

    pub fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        match self.role() {
            Role::Estimator => self.estimator()?.transform_schema(schema),
            _ => self.transformer()?.transform_schema(schema),
        }
    }

    /// `evaluator.evaluate(data, extra)`.
    pub fn evaluate(&self, data: &DataFrame, extra: &ParamMap) -> Result<f64> {
        if let Some(stage) = self.foreign() {
            return stage.evaluate(data, extra);
        }
        self.copy(extra)?.evaluator()?.evaluate(data)
    }

    pub fn is_larger_better(&self) -> Result<bool> {
        if let Some(stage) = self.foreign() {
            return stage.is_larger_better();
        }
        Ok(self.evaluator()?.is_larger_better())
    }

    /// An attribute or the result of a method of a model, or of a transformer that has one.
    pub fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        match self.state() {
            State::Declared(params) if matches!(params.decl().make, Make::Transformer(_)) => self.transformer()?.method(name, args),
            _ => self.model()?.member(name, args),
        }
    }
}

/// The checked estimator that the params declare.
pub(super) fn estimator(params: &Params) -> Result<Arc<dyn Estimator>> {
    match params.decl().make {
        Make::Estimator(make) => make(params),
        _ => Err(Error::type_error(format!("{} is not an estimator: it can't be fitted.", params.uid()))),
    }
}

/// Whether a param is or holds a stage that is written outside the engine.
fn has_foreign(params: &Params) -> bool {
    params.decl().params.iter().filter_map(|decl| params.get(decl.name)).any(|value| value.has_foreign())
}

/// Copies params with `extra`, and the stages that they hold, as `Pipeline.copy` and `CrossValidator.copy` do.
fn copy_params(params: &Params, extra: &ParamMap) -> Result<Params> {
    let mut copy = params.copy(extra)?;
    if extra.is_empty() {
        return Ok(copy);
    }
    for decl in params.decl().params {
        let inner = match copy.get(decl.name) {
            Some(MlValue::Stage(stage)) => MlValue::Stage(stage.copy(extra)?),
            Some(MlValue::List(values)) if values.iter().any(|value| matches!(value, MlValue::Stage(_))) => {
                let stages = values.into_iter().map(|value| match value {
                    MlValue::Stage(stage) => stage.copy(extra).map(MlValue::Stage),
                    other => Ok(other),
                });
                MlValue::List(stages.collect::<Result<_>>()?)
            }
            _ => continue,
        };
        copy.set(decl.name, inner)?;
    }
    Ok(copy)
}

/// `repr()`: a model describes itself, all others show their uid.
impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state() {
            State::Declared(params) => f.write_str(params.uid()),
            State::Fitted(model) => f.write_str(&model.describe()),
            State::Foreign(stage) => f.write_str(&stage.uid()),
        }
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
