use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result, did_you_mean};

use super::decl::StageDecl;
use super::handle::Stage;
use crate::param::{ParamMap, Params};
use crate::persist::Saved;
use crate::tree::WeightedTrees;
use crate::value::MlValue;

/// Learns from a frame. Made from checked params, so that it can fit as it is.
pub trait Estimator: Send + Sync {
    fn params(&self) -> &Params;

    /// The schema that the fitted model's `transform` gives; fails when the columns it needs are missing or of the wrong type.
    fn transform_schema(&self, schema: &Schema) -> Result<Schema>;

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>>;

    /// A model for each param map, in their order. Estimators that can share work between them (a data set read once, a path of
    /// regularisations) do; the models are those of single fits, to the bit.
    fn fit_multiple(&self, data: &DataFrame, maps: &[ParamMap]) -> Result<Vec<Arc<dyn Model>>> {
        maps.iter().map(|map| super::handle::estimator(&self.params().copy(map)?)?.fit(data)).collect()
    }
}

/// Adds columns to a frame; lazily, as Spark does.
pub trait Transformer: Send + Sync {
    fn params(&self) -> &Params;

    /// The schema that `transform` gives; fails when the columns it needs are missing or of the wrong type.
    fn transform_schema(&self, schema: &Schema) -> Result<Schema>;

    fn transform(&self, data: &DataFrame) -> Result<DataFrame>;

    /// A method of a transformer that isn't a model (`hashingTF.indexOf(term)`); models have [`Object::member`].
    fn method(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Err(Error::type_error(format!("'{}' object has no attribute '{name}'.", self.params().decl().name)))
    }
}

/// Something with attributes and methods: a model, a summary.
pub trait Object: Send + Sync {
    fn decl(&self) -> &'static StageDecl;

    /// The attribute, or the result of the method; `args` are by position, as the [`MemberDecl`](super::MemberDecl) lists them.
    ///
    /// # Errors
    /// [`no_member`](Self::no_member) for a name that isn't there, and whatever the method itself may fail with.
    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue>;

    /// `repr()`: `KMeansModel: uid=KMeans_1a2b3c4d5e6f, k=2, distanceMeasure=euclidean, numFeatures=4`.
    fn describe(&self) -> String;

    fn no_member(&self, name: &str) -> Error {
        let decl = self.decl();
        let near = did_you_mean(name, decl.members.iter().map(|member| member.name));
        Error::type_error(format!("'{}' object has no attribute '{name}'.{near}", decl.name))
    }
}

/// What a fit gives.
pub trait Model: Transformer + Object {
    /// The same model with other params (`setPredictionCol`, `model.transform(df, {…})`).
    ///
    /// # Errors
    /// When a value is out of its range.
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>>;

    /// The same model with the values of `extra` that are meant for it, or for models inside it.
    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        self.with_params(self.params().copy(extra)?)
    }

    /// What is saved of it: the members that its declaration names.
    ///
    /// # Errors
    /// When a member fails, or it can't be saved.
    fn saved(&self) -> Result<Saved> {
        Saved::of_members(self)
    }

    /// The stage that stands behind this model, when it isn't one of the engine's.
    fn lent(&self) -> Option<Stage> {
        None
    }

    /// The trees that its predictions are made of; `None` for models of other kinds.
    fn weighted_trees(&self) -> Option<WeightedTrees> {
        None
    }
}

/// Gives a frame of predictions one number.
pub trait Evaluator: Send + Sync {
    fn params(&self) -> &Params;

    fn evaluate(&self, data: &DataFrame) -> Result<f64>;

    /// Whether more is better.
    fn is_larger_better(&self) -> bool;
}
