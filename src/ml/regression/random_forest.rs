//! Random forests for regression.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::Vector;
use kindling_partition::Result;

use super::decision_tree::{DECISION_TREE_REGRESSION_MODEL, DecisionTreeRegressionModel, fit_regressor};
use super::regressor::{fit_schema, schema_with, with_numbers};
use crate::classification::vector_argument;
use crate::param::{ParamDecl, Params, shared};
use crate::persist::Saved;
use crate::stage::members;
use crate::stage::{Estimator, Model, Object, Stage, StageDecl, Transformer};
use crate::tree::ensemble::with_leaves;
use crate::tree::members as tree_members;
use crate::tree::params::{self, forest_strategy, leaf_column};
use crate::tree::saved;
use crate::tree::{Ensemble, Strategy, Tree, WeightedTrees};
use crate::value::MlValue;

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
    params::REGRESSOR_IMPURITY,
    params::SUBSAMPLING_RATE,
    shared::SEED,
    params::NUM_TREES,
    params::FEATURE_SUBSET_STRATEGY,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
    shared::WEIGHT_COL,
    params::BOOTSTRAP,
];

pub static RANDOM_FOREST_REGRESSOR: StageDecl = StageDecl::estimator(
    "RandomForestRegressor",
    "regression",
    "A random forest for regression (Breiman, 2001): many trees, each grown on a bootstrap sample with a random choice of features at each \
     node; the prediction is their mean.",
    PARAMS,
    |params| Ok(Arc::new(RandomForestRegressor::new(params)?) as Arc<dyn Estimator>),
    &RANDOM_FOREST_REGRESSION_MODEL,
);

pub static RANDOM_FOREST_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "RandomForestRegressionModel",
    "regression",
    "A fitted random forest: predicts the mean of what its trees predict.",
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
    members::PREDICT_LABEL,
    tree_members::PREDICT_LEAF,
])
.saved(saved::TREES, |params, stored| {
    let (trees, _) = saved::read_trees(stored, forest_strategy(params.checked()?)?.impurity)?;
    let ensemble = Ensemble { trees, width: stored.count("numFeatures")?, classes: 0 };
    Ok(Arc::new(RandomForestRegressionModel::new(params, Arc::new(ensemble))?))
})
.saved_fields(&["numFeatures"]);

/// `pyspark.ml.regression.RandomForestRegressor` with checked params.
pub struct RandomForestRegressor {
    params: Params,
    strategy: Strategy,
}

/// `pyspark.ml.regression.RandomForestRegressionModel`.
#[derive(Clone)]
pub struct RandomForestRegressionModel {
    params: Params,
    ensemble: Arc<Ensemble>,
    features: Arc<str>,
    prediction: Arc<str>,
    leaf: Option<Arc<str>>,
}

impl RandomForestRegressor {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { strategy: forest_strategy(params.checked()?)?, params: params.clone() })
    }
}

impl Estimator for RandomForestRegressor {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        fit_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let ensemble = fit_regressor("RandomForestRegressor", data, self.params.checked()?, &self.strategy)?;
        let params = self.params.for_model(&RANDOM_FOREST_REGRESSION_MODEL);
        Ok(Arc::new(RandomForestRegressionModel::new(params, Arc::new(ensemble))?))
    }
}

impl RandomForestRegressionModel {
    /// A model of trees.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, ensemble: Arc<Ensemble>) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            leaf: leaf_column(checked),
            ensemble,
            params,
        })
    }

    /// The trees as models of their own.
    fn trees(&self) -> Result<Vec<MlValue>> {
        let one = |tree: &Tree| {
            let ensemble = Ensemble { trees: vec![tree.clone()], width: self.ensemble.width, classes: 0 };
            let model = DecisionTreeRegressionModel::new(Params::new(&DECISION_TREE_REGRESSION_MODEL), Arc::new(ensemble))?;
            Ok(MlValue::Stage(Stage::from_model(Arc::new(model))))
        };
        self.ensemble.trees.iter().map(one).collect()
    }
}

impl Transformer for RandomForestRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.ensemble.leaf_schema(schema_with(schema, &self.features, &self.prediction)?, self.leaf.as_ref(), true)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let ensemble = self.ensemble.clone();
        let data = with_numbers(data, &self.features, &self.prediction, ensemble.width, move |row| ensemble.mean(row))?;
        with_leaves(&self.ensemble, &data, &self.features, self.leaf.as_ref(), true)
    }
}

impl Object for RandomForestRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &RANDOM_FOREST_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let ensemble = &self.ensemble;
        Ok(match name {
            "trees" => MlValue::List(self.trees()?),
            "treeWeights" => MlValue::floats(ensemble.trees.iter().map(|_| 1.0)),
            "getNumTrees" => MlValue::Int(ensemble.trees.len() as i64),
            "totalNumNodes" => MlValue::Int(ensemble.total_nodes() as i64),
            "toDebugString" => MlValue::from(ensemble.text(&self.describe(), |_| 1.0)),
            "featureImportances" => MlValue::Vector(ensemble.importances(true)),
            "numFeatures" => MlValue::Int(ensemble.width as i64),
            "predict" => MlValue::Float(ensemble.mean(vector_argument(args, ensemble.width)?.as_ref())),
            "predictLeaf" => MlValue::Vector(Vector::Dense(ensemble.leaves(vector_argument(args, ensemble.width)?.as_ref()))),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!(
            "RandomForestRegressionModel: uid={}, numTrees={}, numFeatures={}",
            self.params.uid(),
            self.ensemble.trees.len(),
            self.ensemble.width
        )
    }
}

impl Model for RandomForestRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.ensemble.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        let trees = &self.ensemble.trees;
        Saved::rows(self.decl(), saved::tree_rows(trees))?.with_fields(self)?.field("numTrees", trees.len()).table(
            "treesMetadata",
            saved::TREES_METADATA,
            saved::about_trees(&self.params, &DECISION_TREE_REGRESSION_MODEL, &vec![1.0; trees.len()]),
        )
    }

    fn weighted_trees(&self) -> Option<WeightedTrees> {
        let count = self.ensemble.trees.len();
        Some(WeightedTrees { ensemble: self.ensemble.clone(), weights: vec![1.0 / count as f64; count] })
    }
}
