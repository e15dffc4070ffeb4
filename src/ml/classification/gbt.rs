//! Gradient-boosted trees for classification (`org.apache.spark.ml.classification.GBTClassifier`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::decision_tree::classifier_schema;
use super::probabilistic::{Decision, Outputs, Scores, predict_member};
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
    "Loss function which GBT tries to minimize (case-insensitive). Supported options: logistic",
    ParamKind::choice_any_case(&["logistic"]),
)
.default_text("logistic");

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
    params::CHECKPOINT_INTERVAL,
    LOSS_TYPE,
    params::MAX_ITER,
    params::STEP_SIZE,
    shared::SEED,
    params::SUBSAMPLING_RATE,
    params::REGRESSOR_IMPURITY,
    params::FEATURE_SUBSET_STRATEGY.default_text("all"),
    params::VALIDATION_TOL,
    shared::VALIDATION_INDICATOR_COL,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
    shared::WEIGHT_COL,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    shared::THRESHOLDS,
];

const LABELS: LabelKind = LabelKind::Classes { classes: Some(2) };

pub static GBT_CLASSIFIER: StageDecl = StageDecl::estimator(
    "GBTClassifier",
    "classification",
    "Gradient-boosted trees for two classes: small trees one after the other, each grown on what the ones before it still get wrong.",
    PARAMS,
    |params| Ok(Arc::new(GbtClassifier::new(params)?) as Arc<dyn Estimator>),
    &GBT_CLASSIFICATION_MODEL,
);

pub static GBT_CLASSIFICATION_MODEL: StageDecl = StageDecl::model(
    "GBTClassificationModel",
    "classification",
    "Fitted gradient-boosted trees: adds the margin, the probability of each class, and the more probable class.",
    PARAMS,
)
.members(&[
    tree_members::TREES,
    tree_members::TREE_WEIGHTS,
    tree_members::GET_NUM_TREES,
    tree_members::TOTAL_NUM_NODES,
    tree_members::TO_DEBUG_STRING,
    tree_members::FEATURE_IMPORTANCES,
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    MemberDecl::method("evaluateEachIteration", &["dataset"], "The mean loss on a data set after each round of boosting."),
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The margin of each class for one vector of features."),
    members::PREDICT_PROBABILITY,
    tree_members::PREDICT_LEAF,
])
.saved(saved::TREES, |params, stored| Ok(Arc::new(GbtClassificationModel::new(params, Arc::new(Margin(Boosted::stored(stored)?)))?)))
.saved_fields(&["numFeatures"]);

/// `pyspark.ml.classification.GBTClassifier` with checked params.
pub struct GbtClassifier {
    params: Params,
    boosting: Boosting,
}

impl GbtClassifier {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { boosting: boosting(params.checked()?, &LOSS_TYPE)?, params: params.clone() })
    }
}

impl Estimator for GbtClassifier {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let boosted = fit_boosted("GBTClassifier", data, self.params.checked()?, LABELS, &self.boosting)?;
        Ok(Arc::new(GbtClassificationModel::new(self.params.for_model(&GBT_CLASSIFICATION_MODEL), Arc::new(Margin(boosted)))?))
    }
}

/// `pyspark.ml.classification.GBTClassificationModel`.
#[derive(Clone)]
pub struct GbtClassificationModel {
    params: Params,
    margin: Arc<Margin>,
    outputs: Outputs,
    leaf: Option<Arc<str>>,
    features: Arc<str>,
}

/// Scores by the weighted sum of the trees, half the log of the odds.
struct Margin(Boosted);

impl Scores for Margin {
    fn classes(&self) -> usize {
        2
    }

    fn features(&self) -> usize {
        self.0.ensemble.width
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let margin = self.0.sum(row);
        out.copy_from_slice(&[-margin, margin]);
    }

    fn to_probability(&self, raw: &mut [f64]) {
        let zero = 1.0 / (1.0 + libm::exp(-2.0 * raw[0]));
        raw.copy_from_slice(&[zero, 1.0 - zero]);
    }
}

impl GbtClassificationModel {
    fn new(params: Params, margin: Arc<Margin>) -> Result<Self> {
        let checked = params.checked()?;
        let decision = Decision::by_thresholds("GBTClassificationModel", checked.opt_floats(&shared::THRESHOLDS), 2)?;
        Ok(Self {
            outputs: Outputs::new(checked, decision)?,
            leaf: leaf_column(checked),
            features: checked.text(&shared::FEATURES_COL)?,
            margin,
            params,
        })
    }
}

impl Transformer for GbtClassificationModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.margin.0.ensemble.leaf_schema(self.outputs.schema(schema, Some(2))?, self.leaf.as_ref(), true)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let scores: Arc<dyn Scores> = self.margin.clone();
        let data = self.outputs.transform(data, &scores)?;
        with_leaves(&self.margin.0.ensemble, &data, &self.features, self.leaf.as_ref(), true)
    }
}

impl Object for GbtClassificationModel {
    fn decl(&self) -> &'static StageDecl {
        &GBT_CLASSIFICATION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        if let Some(result) = self.margin.0.member(name, args, || self.describe()) {
            return result;
        }
        match (name, args) {
            ("numClasses", _) => Ok(MlValue::Int(2)),
            ("evaluateEachIteration", [MlValue::DataFrame(data)]) => {
                self.margin.0.errors(data, self.params.checked()?, LABELS, Loss::Logistic)
            }
            ("evaluateEachIteration", _) => Err(Error::type_error("evaluateEachIteration() takes one DataFrame.")),
            _ => predict_member(&*self.margin, &self.outputs.decision, name, args).unwrap_or_else(|| Err(self.no_member(name))),
        }
    }

    fn describe(&self) -> String {
        let ensemble = &self.margin.0.ensemble;
        format!(
            "GBTClassificationModel: uid = {}, numTrees={}, numClasses=2, numFeatures={}",
            self.params.uid(),
            ensemble.trees.len(),
            ensemble.width
        )
    }
}

impl Model for GbtClassificationModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.margin.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        self.margin.0.saved(self)
    }

    fn weighted_trees(&self) -> Option<WeightedTrees> {
        Some(WeightedTrees { ensemble: self.margin.0.ensemble.clone(), weights: self.margin.0.weights.clone() })
    }
}
