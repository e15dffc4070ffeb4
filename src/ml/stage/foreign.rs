//! Stages written outside the engine: classes of a notebook's cells, used in pipelines and in tuning like those that are declared.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::decl::{Make, Role, StageDecl};
use super::handle::Stage;
use super::traits::{Estimator, Evaluator, Model, Object, Transformer};
use crate::param::{ParamMap, Params};
use crate::persist::{Saved, Saving};
use crate::value::MlValue;

/// A stage whose params and methods are kept outside. It works on the thread that made it only: what runs stages keeps to that thread when
/// one of them is such a stage (see [`Stage::is_foreign`]).
pub trait Foreign: Any + Send + Sync {
    /// Its class's name and role: [`foreign_decl`].
    fn decl(&self) -> &'static StageDecl;

    fn uid(&self) -> Arc<str>;

    /// `estimator.fit(data, extra)`: a model, or any transformer.
    fn fit(&self, data: &DataFrame, extra: &ParamMap) -> Result<Stage>;

    fn transform(&self, data: &DataFrame, extra: &ParamMap) -> Result<DataFrame>;

    fn evaluate(&self, data: &DataFrame, extra: &ParamMap) -> Result<f64>;

    fn is_larger_better(&self) -> Result<bool>;

    /// Whether it has a param of this name.
    fn has_param(&self, name: &str) -> Result<bool>;

    fn copy(&self, extra: &ParamMap) -> Result<Stage>;

    fn as_any(&self) -> &dyn Any;
}

/// The declaration of a class that is written outside: its name and its role. The same for the same two.
pub fn foreign_decl(name: &str, role: Role) -> &'static StageDecl {
    type Known = BTreeMap<(String, u8), &'static StageDecl>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry((name.to_owned(), role as u8)).or_insert_with(|| {
        let make = match role {
            Role::Estimator => Make::Estimator(|params| Err(outside(params))),
            Role::Transformer => Make::Transformer(|params| Err(outside(params))),
            Role::Evaluator => Make::Evaluator(|params| Err(outside(params))),
            Role::Model | Role::Summary => Make::Model,
        };
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        Box::leak(Box::new(StageDecl { saving: Saving::Never, ..StageDecl::foreign(name, make) }))
    })
}

fn outside(params: &Params) -> Error {
    Error::type_error(format!("{} is written outside the engine.", params.uid()))
}

/// A stage where the engine wants an estimator, a transformer, an evaluator or a model.
pub(super) struct Lent {
    pub params: Params,
    pub stage: Stage,
}

impl Lent {
    pub fn new(stage: &Stage) -> Self {
        Self { params: stage.params(), stage: stage.clone() }
    }
}

impl Estimator for Lent {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, _: &Schema) -> Result<Schema> {
        Err(unknown_schema(&self.params))
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.stage.fit(data, &ParamMap::new())?.lent()
    }

    fn fit_multiple(&self, data: &DataFrame, maps: &[ParamMap]) -> Result<Vec<Arc<dyn Model>>> {
        maps.iter().map(|map| self.stage.fit(data, map)?.lent()).collect()
    }
}

/// A class of a cell says what its `transform` gives only by doing it.
fn unknown_schema(params: &Params) -> Error {
    Error::unsupported(format!("{} is written in Python: its schema is known when it has transformed a frame.", params.uid()))
}

impl Transformer for Lent {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, _: &Schema) -> Result<Schema> {
        Err(unknown_schema(&self.params))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.stage.transform(data, &ParamMap::new())
    }
}

impl Evaluator for Lent {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        self.stage.evaluate(data, &ParamMap::new())
    }

    fn is_larger_better(&self) -> bool {
        // Whoever needs it asks the stage, which can tell of an error.
        self.stage.is_larger_better().unwrap_or(true)
    }
}

impl Object for Lent {
    fn decl(&self) -> &'static StageDecl {
        self.params.decl()
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        self.stage.member(name, args)
    }

    fn describe(&self) -> String {
        self.stage.to_string()
    }
}

impl Model for Lent {
    fn with_params(&self, _: Params) -> Result<Arc<dyn Model>> {
        Err(outside(&self.params))
    }

    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        self.stage.copy(extra)?.lent()
    }

    fn saved(&self) -> Result<Saved> {
        Err(Error::unsupported(format!("{} is written in Python and saves itself.", self.params.uid())))
    }

    fn lent(&self) -> Option<Stage> {
        Some(self.stage.clone())
    }
}

/// A value of a param that only its own stage understands.
#[derive(Clone)]
pub struct Opaque(pub Arc<dyn Any + Send + Sync>, pub Arc<str>);

impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}
