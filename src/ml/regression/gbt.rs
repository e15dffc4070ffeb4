//! Gradient-boosted trees for regression (`org.apache.spark.ml.regression.GBTRegressor`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::regressor::{fit_schema, schema_with, with_numbers};
use crate::classification::vector_argument;
use crate::dataset::LabelKind;
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::persist::Saved;
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::tree::boosted::{Boosted, boosting, fit_boosted};
use crate::tree::ensemble::with_leaves;
use crate::tree::members as tree_members;
use crate::tree::params::{self, leaf_column};
use crate::tree::saved;
use crate::tree::{Boosting, Loss, WeightedTrees};
use crate::value::MlValue;

const LOSS_TYPE: ParamDecl = ParamDecl::new(
    "lossType",
    "Loss function which GBT tries to minimize (case-insensitive). Supported options: squared, absolute",
    ParamKind::choice_any_case(&["squared", "absolute"]),
)
.default_text("squared");

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    params::MAX_DEPTH,
    params::MAX_BINS,
    params::MIN_INSTANCES_PER_NODE,
    params::MIN_INFO_GAIN,
    params::MAX_MEMORY_IN_MB,
    params::CACHE_NODE_IDS,
    params::SUBSAMPLING_RATE,
    params::CHECKPOINT_INTERVAL,
    LOSS_TYPE,
    params::MAX_ITER,
    params::STEP_SIZE,
    shared::SEED,
    params::REGRESSOR_IMPURITY,
    params::FEATURE_SUBSET_STRATEGY.default_text("all"),
    params::VALIDATION_TOL,
    shared::VALIDATION_INDICATOR_COL,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
    shared::WEIGHT_COL,
];

pub static GBT_REGRESSOR: StageDecl = StageDecl::estimator(
    "GBTRegressor",
    "regression",
    "Gradient-boosted trees for regression: small trees one after the other, each grown on what the ones before it leave over.",
    PARAMS,
    |params| Ok(Arc::new(GbtRegressor::new(params)?) as Arc<dyn Estimator>),
    &GBT_REGRESSION_MODEL,
);

pub static GBT_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "GBTRegressionModel",
    "regression",
    "Fitted gradient-boosted trees: predicts the weighted sum of what its trees predict.",
    PARAMS,
)
.members(&[
    tree_members::TREES,
    tree_members::TREE_WEIGHTS,
    tree_members::GET_NUM_TREES,
    tree_members::TOTAL_NUM_NODES,
    tree_members::TO_DEBUG_STRING,
    tree_members::FEATURE_IMPORTANCES,
    members::NUM_FEATURES,
    MemberDecl::method("evaluateEachIteration", &["dataset", "loss"], "The mean loss on a data set after each round of boosting."),
    members::PREDICT_LABEL,
    tree_members::PREDICT_LEAF,
])
.saved(saved::TREES, |params, stored| Ok(Arc::new(GbtRegressionModel::new(params, Arc::new(Boosted::stored(stored)?))?)))
.saved_fields(&["numFeatures"]);

/// `pyspark.ml.regression.GBTRegressor` with checked params.
pub struct GbtRegressor {
    params: Params,
    boosting: Boosting,
}

impl GbtRegressor {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { boosting: boosting(params.checked()?, &LOSS_TYPE)?, params: params.clone() })
    }
}

impl Estimator for GbtRegressor {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        fit_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let boosted = fit_boosted("GBTRegressor", data, self.params.checked()?, LabelKind::Regression, &self.boosting)?;
        Ok(Arc::new(GbtRegressionModel::new(self.params.for_model(&GBT_REGRESSION_MODEL), Arc::new(boosted))?))
    }
}

/// `pyspark.ml.regression.GBTRegressionModel`.
#[derive(Clone)]
pub struct GbtRegressionModel {
    params: Params,
    boosted: Arc<Boosted>,
    features: Arc<str>,
    prediction: Arc<str>,
    leaf: Option<Arc<str>>,
}

impl GbtRegressionModel {
    fn new(params: Params, boosted: Arc<Boosted>) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            leaf: leaf_column(checked),
            boosted,
            params,
        })
    }
}

impl Transformer for GbtRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.boosted.ensemble.leaf_schema(schema_with(schema, &self.features, &self.prediction)?, self.leaf.as_ref(), true)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let boosted = self.boosted.clone();
        let width = boosted.ensemble.width;
        let data = with_numbers(data, &self.features, &self.prediction, width, move |row| boosted.sum(row))?;
        with_leaves(&self.boosted.ensemble, &data, &self.features, self.leaf.as_ref(), true)
    }
}

impl Object for GbtRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &GBT_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        if let Some(result) = self.boosted.member(name, args, || self.describe()) {
            return result;
        }
        match (name, args) {
            ("evaluateEachIteration", [MlValue::DataFrame(data), MlValue::Text(loss)]) => match loss.to_lowercase().as_str() {
                loss @ ("squared" | "absolute") => {
                    self.boosted.errors(data, self.params.checked()?, LabelKind::Regression, Loss::named(loss))
                }
                other => Err(Error::illegal_argument(format!("loss must be one of squared, absolute, found '{other}'."))),
            },
            ("evaluateEachIteration", _) => Err(Error::type_error("evaluateEachIteration() takes a DataFrame and the name of a loss.")),
            ("predict", _) => Ok(MlValue::Float(self.boosted.sum(vector_argument(args, self.boosted.ensemble.width)?.as_ref()))),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        let ensemble = &self.boosted.ensemble;
        format!("GBTRegressionModel: uid={}, numTrees={}, numFeatures={}", self.params.uid(), ensemble.trees.len(), ensemble.width)
    }
}

impl Model for GbtRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.boosted.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        self.boosted.saved(self)
    }

    fn weighted_trees(&self) -> Option<WeightedTrees> {
        Some(WeightedTrees { ensemble: self.boosted.ensemble.clone(), weights: self.boosted.weights.clone() })
    }
}
