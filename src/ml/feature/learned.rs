//! Stages that learn: an estimator of functions, and a model around what it learned.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::Result;

use crate::param::Params;
use crate::persist::Saved;
use crate::stage::{Estimator, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// An estimator whose params are checked.
pub(super) struct Learner {
    params: Params,
    schema: fn(&Params, &Schema) -> Result<Schema>,
    fit: fn(&Params, &DataFrame) -> Result<Arc<dyn Model>>,
}

impl Learner {
    /// From the function that tells the model's schema and the one that fits, which sees only frames that the first accepts.
    pub fn make(
        params: &Params,
        schema: fn(&Params, &Schema) -> Result<Schema>,
        fit: fn(&Params, &DataFrame) -> Result<Arc<dyn Model>>,
    ) -> Result<Arc<dyn Estimator>> {
        params.checked()?;
        Ok(Arc::new(Self { params: params.clone(), schema, fit }))
    }
}

impl Estimator for Learner {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        (self.schema)(&self.params, schema)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        (self.fit)(&self.params, data)
    }
}

/// What a fit learned.
pub(super) trait Learned: Send + Sync {
    /// The transformer that it makes with these params.
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>>;

    /// An attribute of the model; `None` when it has no such one.
    fn member(&self, name: &str, params: &Params) -> Option<MlValue>;

    /// The rows that are saved, when the columns of the declaration are no members.
    fn rows(&self) -> Option<Vec<Vec<MlValue>>> {
        None
    }

    /// What the model's text says behind its uid: `, numFeatures=3`.
    fn describe(&self, params: &Params) -> String;
}

/// A model: params, what was learned, and the transformer of both.
pub(super) struct Fitted {
    params: Params,
    learned: Arc<dyn Learned>,
    transformer: Arc<dyn Transformer>,
}

impl Fitted {
    /// The model of an estimator's params.
    pub fn model(params: &Params, decl: &'static StageDecl, learned: impl Learned + 'static) -> Result<Arc<dyn Model>> {
        Self::of(params.for_model(decl), Arc::new(learned))
    }

    /// The model of params that were saved with it.
    pub fn loaded(params: Params, learned: impl Learned + 'static) -> Result<Arc<dyn Model>> {
        Self::of(params, Arc::new(learned))
    }

    fn of(params: Params, learned: Arc<dyn Learned>) -> Result<Arc<dyn Model>> {
        let transformer = learned.clone().transformer(&params)?;
        Ok(Arc::new(Self { params, learned, transformer }))
    }
}

impl Transformer for Fitted {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.transformer.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transformer.transform(data)
    }
}

impl Object for Fitted {
    fn decl(&self) -> &'static StageDecl {
        self.params.decl()
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        self.learned.member(name, &self.params).ok_or_else(|| self.no_member(name))
    }

    fn describe(&self) -> String {
        format!("{}: uid={}{}", self.decl().name, self.params.uid(), self.learned.describe(&self.params))
    }
}

impl Model for Fitted {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Self::of(params, self.learned.clone())
    }

    fn saved(&self) -> Result<Saved> {
        match self.learned.rows() {
            Some(rows) => Saved::rows(self.decl(), rows),
            None => Saved::of_members(self),
        }
    }
}
