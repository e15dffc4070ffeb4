//! Decision trees for regression.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::Result;

use super::regressor::{fit_schema, number_field, schema_with, with_numbers};
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::{Instances, LabelKind};
use crate::param::{Checked, ParamDecl, Params, shared};
use crate::persist::Saved;
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::tree::ensemble::with_leaves;
use crate::tree::members as tree_members;
use crate::tree::params::{self, leaf_column, tree_strategy};
use crate::tree::saved;
use crate::tree::{Ensemble, Strategy, Tree, WeightedTrees, grow};
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
    shared::SEED,
    shared::VARIANCE_COL,
    shared::WEIGHT_COL,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
];

pub static DECISION_TREE_REGRESSOR: StageDecl = StageDecl::estimator(
    "DecisionTreeRegressor",
    "regression",
    "A decision tree for regression: questions about one feature at a time, chosen so that the labels on each side are alike.",
    PARAMS,
    |params| Ok(Arc::new(DecisionTreeRegressor::new(params)?) as Arc<dyn Estimator>),
    &DECISION_TREE_REGRESSION_MODEL,
);

pub static DECISION_TREE_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "DecisionTreeRegressionModel",
    "regression",
    "A fitted regression tree: predicts the mean label of each row's leaf.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("depth", "Depth of the tree: 0 for a single leaf."),
    MemberDecl::attribute("numNodes", "Number of nodes in the tree, including leaf nodes."),
    MemberDecl::attribute("toDebugString", "Full description of model, as nested If and Else."),
    tree_members::FEATURE_IMPORTANCES,
    members::NUM_FEATURES,
    members::PREDICT_LABEL,
    MemberDecl::method("predictLeaf", &["value"], "The number of the leaf of one vector of features, in preorder."),
])
.saved(saved::NODES, |params, stored| {
    let tree = saved::read_tree(stored, tree_strategy(params.checked()?)?.impurity)?;
    let ensemble = Ensemble { trees: vec![tree], width: stored.count("numFeatures")?, classes: 0 };
    Ok(Arc::new(DecisionTreeRegressionModel::new(params, Arc::new(ensemble))?))
})
.saved_fields(&["numFeatures"]);

/// `pyspark.ml.regression.DecisionTreeRegressor` with checked params.
pub struct DecisionTreeRegressor {
    params: Params,
    strategy: Strategy,
}

/// `pyspark.ml.regression.DecisionTreeRegressionModel`.
#[derive(Clone)]
pub struct DecisionTreeRegressionModel {
    params: Params,
    ensemble: Arc<Ensemble>,
    features: Arc<str>,
    prediction: Arc<str>,
    variance: Option<Arc<str>>,
    leaf: Option<Arc<str>>,
}

impl DecisionTreeRegressor {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { strategy: tree_strategy(params.checked()?)?, params: params.clone() })
    }
}

/// Reads a data set for a tree regressor and grows its trees.
pub(super) fn fit_regressor(name: &str, data: &DataFrame, params: Checked<'_>, strategy: &Strategy) -> Result<Ensemble> {
    let instances = Instances::labelled(data, params, LabelKind::Regression)?;
    let partitions = instances.tasks();
    let trees = grow(data.session().executor(), name, &partitions, &instances.categories(), strategy)?;
    Ok(Ensemble { trees, width: instances.width, classes: 0 })
}

impl Estimator for DecisionTreeRegressor {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        fit_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let ensemble = fit_regressor("DecisionTreeRegressor", data, self.params.checked()?, &self.strategy)?;
        let params = self.params.for_model(&DECISION_TREE_REGRESSION_MODEL);
        Ok(Arc::new(DecisionTreeRegressionModel::new(params, Arc::new(ensemble))?))
    }
}

impl DecisionTreeRegressionModel {
    /// A model of a tree.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, ensemble: Arc<Ensemble>) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            variance: checked.opt_column(&shared::VARIANCE_COL),
            leaf: leaf_column(checked),
            ensemble,
            params,
        })
    }

    pub fn tree(&self) -> &Tree {
        &self.ensemble.trees[0]
    }
}

impl Transformer for DecisionTreeRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let mut schema = schema_with(schema, &self.features, &self.prediction)?;
        if let Some(variance) = &self.variance {
            schema = check::append(&schema, number_field(variance))?;
        }
        self.ensemble.leaf_schema(schema, self.leaf.as_ref(), false)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let width = self.ensemble.width;
        let ensemble = self.ensemble.clone();
        let mut data = with_numbers(data, &self.features, &self.prediction, width, move |row| ensemble.mean(row))?;
        if let Some(variance) = &self.variance {
            let ensemble = self.ensemble.clone();
            data = with_numbers(&data, &self.features, variance, width, move |row| {
                let tree = &ensemble.trees[0];
                tree.impurity.of(tree.stats_of(tree.leaf(row)))
            })?;
        }
        with_leaves(&self.ensemble, &data, &self.features, self.leaf.as_ref(), false)
    }
}

impl Object for DecisionTreeRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &DECISION_TREE_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "depth" => MlValue::Int(self.tree().depth() as i64),
            "numNodes" => MlValue::Int(self.tree().nodes.len() as i64),
            "toDebugString" => MlValue::from(format!("{}\n{}", self.describe(), self.tree().text(2))),
            "featureImportances" => MlValue::Vector(self.ensemble.importances(true)),
            "numFeatures" => MlValue::Int(self.ensemble.width as i64),
            "predict" => MlValue::Float(self.ensemble.mean(vector_argument(args, self.ensemble.width)?.as_ref())),
            "predictLeaf" => MlValue::Float(self.ensemble.leaves(vector_argument(args, self.ensemble.width)?.as_ref())[0]),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!(
            "DecisionTreeRegressionModel: uid={}, depth={}, numNodes={}, numFeatures={}",
            self.params.uid(),
            self.tree().depth(),
            self.tree().nodes.len(),
            self.ensemble.width
        )
    }
}

impl Model for DecisionTreeRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.ensemble.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        Saved::rows(self.decl(), saved::node_rows(self.tree()))?.with_fields(self)
    }

    fn weighted_trees(&self) -> Option<WeightedTrees> {
        Some(WeightedTrees { ensemble: self.ensemble.clone(), weights: vec![1.0] })
    }
}
