//! Decision trees for classification.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::probabilistic::{Decision, Outputs, Scores, predict_member, vector_argument};
use crate::dataset::{Instances, LabelKind, num_classes};
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
use crate::{attribute::Attribute, check};

/// Classes that are counted from labels without metadata, at most.
pub(super) const MOST_CLASSES: usize = 100;

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    params::MAX_DEPTH,
    params::MAX_BINS,
    params::MIN_INSTANCES_PER_NODE,
    params::MIN_INFO_GAIN,
    params::PRUNE_TREE,
    params::MAX_MEMORY_IN_MB,
    params::CACHE_NODE_IDS,
    params::CHECKPOINT_INTERVAL,
    params::CLASSIFIER_IMPURITY,
    shared::SEED,
    shared::WEIGHT_COL,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
    shared::THRESHOLDS,
];

pub static DECISION_TREE_CLASSIFIER: StageDecl = StageDecl::estimator(
    "DecisionTreeClassifier",
    "classification",
    "A decision tree for classification: questions about one feature at a time, chosen so that the classes part best.",
    PARAMS,
    |params| Ok(Arc::new(DecisionTreeClassifier::new(params)?) as Arc<dyn Estimator>),
    &DECISION_TREE_CLASSIFICATION_MODEL,
);

pub static DECISION_TREE_CLASSIFICATION_MODEL: StageDecl = StageDecl::model(
    "DecisionTreeClassificationModel",
    "classification",
    "A fitted decision tree: adds the class weights of each row's leaf, probabilities, and the most probable class.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("depth", "Depth of the tree: 0 for a single leaf."),
    MemberDecl::attribute("numNodes", "Number of nodes in the tree, including leaf nodes."),
    MemberDecl::attribute("toDebugString", "Full description of model, as nested If and Else."),
    tree_members::FEATURE_IMPORTANCES,
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The class weights of the leaf of one vector of features."),
    members::PREDICT_PROBABILITY,
    MemberDecl::method("predictLeaf", &["value"], "The number of the leaf of one vector of features, in preorder."),
])
.saved(saved::NODES, |params, stored| {
    let tree = saved::read_tree(stored, tree_strategy(params.checked()?)?.impurity)?;
    let ensemble = Ensemble { trees: vec![tree], width: stored.count("numFeatures")?, classes: stored.count("numClasses")? };
    Ok(Arc::new(DecisionTreeClassificationModel::new(params, Arc::new(ensemble))?))
})
.saved_fields(&["numFeatures", "numClasses"]);

/// `pyspark.ml.classification.DecisionTreeClassifier` with checked params.
pub struct DecisionTreeClassifier {
    params: Params,
    strategy: Strategy,
}

/// `pyspark.ml.classification.DecisionTreeClassificationModel`.
#[derive(Clone)]
pub struct DecisionTreeClassificationModel {
    params: Params,
    scores: Arc<Leaves>,
    ensemble: Arc<Ensemble>,
    outputs: Outputs,
    leaf: Option<Arc<str>>,
    features: Arc<str>,
}

/// Scores by the classes of the leaf.
struct Leaves(Arc<Ensemble>);

impl Scores for Leaves {
    fn classes(&self) -> usize {
        self.0.classes
    }

    fn features(&self) -> usize {
        self.0.width
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let tree = &self.0.trees[0];
        out.copy_from_slice(tree.stats_of(tree.leaf(row)));
    }

    fn to_probability(&self, raw: &mut [f64]) {
        shares(raw);
    }
}

/// Divides numbers by their sum, unless it is zero.
pub(super) fn shares(values: &mut [f64]) {
    let sum: f64 = values.iter().sum();
    if sum != 0.0 {
        values.iter_mut().for_each(|v| *v /= sum);
    }
}

impl DecisionTreeClassifier {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { strategy: tree_strategy(params.checked()?)?, params: params.clone() })
    }
}

/// Reads a data set for a tree classifier and grows its trees.
///
/// # Errors
/// When there are fewer classes than `least`: Spark refuses one class to a tree alone, but not to a forest.
pub(super) fn fit_classifier(name: &str, data: &DataFrame, params: Checked<'_>, strategy: &Strategy, least: usize) -> Result<Ensemble> {
    let label = params.text(&shared::LABEL_COL)?;
    let classes = num_classes(data, &label, MOST_CLASSES)?;
    if classes < least {
        return Err(Error::illegal_argument(format!(
            "requirement failed: DecisionTree Strategy for Classification must have numClasses >= 2, but numClasses = {classes}."
        )));
    }
    Decision::by_thresholds(name, params.opt_floats(&shared::THRESHOLDS), classes)?;
    let instances = Instances::labelled(data, params, LabelKind::Classes { classes: Some(classes) })?;
    let partitions = instances.tasks();
    let strategy = Strategy { classes, ..strategy.clone() };
    let trees = grow(data.session().executor(), name, &partitions, &instances.categories(), &strategy)?;
    Ok(Ensemble { trees, width: instances.width, classes })
}

/// What a tree classifier demands of a schema, and what it adds before it is fitted.
pub(super) fn classifier_schema(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    let label = params.text(&shared::LABEL_COL)?;
    let field = check::numeric_column(schema, &label)?;
    let has_weight = params.params().decl().param(shared::WEIGHT_COL.name).is_some();
    if let Some(weight) = has_weight.then(|| params.opt_column(&shared::WEIGHT_COL)).flatten() {
        check::numeric_column(schema, &weight)?;
    }
    let classes = Attribute::of(field).as_ref().and_then(Attribute::categories);
    Outputs::new(params, Decision::Most)?.schema(schema, classes)
}

impl Estimator for DecisionTreeClassifier {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let ensemble = fit_classifier("DecisionTreeClassifier", data, self.params.checked()?, &self.strategy, 2)?;
        let params = self.params.for_model(&DECISION_TREE_CLASSIFICATION_MODEL);
        Ok(Arc::new(DecisionTreeClassificationModel::new(params, Arc::new(ensemble))?))
    }
}

impl DecisionTreeClassificationModel {
    /// A model of a tree.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, ensemble: Arc<Ensemble>) -> Result<Self> {
        let checked = params.checked()?;
        let decision =
            Decision::by_thresholds("DecisionTreeClassificationModel", checked.opt_floats(&shared::THRESHOLDS), ensemble.classes)?;
        Ok(Self {
            outputs: Outputs::new(checked, decision)?,
            leaf: leaf_column(checked),
            features: checked.text(&shared::FEATURES_COL)?,
            scores: Arc::new(Leaves(ensemble.clone())),
            ensemble,
            params,
        })
    }

    pub fn tree(&self) -> &Tree {
        &self.ensemble.trees[0]
    }
}

impl Transformer for DecisionTreeClassificationModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let schema = self.outputs.schema(schema, Some(self.ensemble.classes))?;
        self.ensemble.leaf_schema(schema, self.leaf.as_ref(), false)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let scores: Arc<dyn Scores> = self.scores.clone();
        let data = self.outputs.transform(data, &scores)?;
        with_leaves(&self.ensemble, &data, &self.features, self.leaf.as_ref(), false)
    }
}

impl Object for DecisionTreeClassificationModel {
    fn decl(&self) -> &'static StageDecl {
        &DECISION_TREE_CLASSIFICATION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "depth" => MlValue::Int(self.tree().depth() as i64),
            "numNodes" => MlValue::Int(self.tree().nodes.len() as i64),
            "toDebugString" => MlValue::from(format!("{}\n{}", self.describe(), self.tree().text(2))),
            "featureImportances" => MlValue::Vector(self.ensemble.importances(true)),
            "numClasses" => MlValue::Int(self.ensemble.classes as i64),
            "numFeatures" => MlValue::Int(self.ensemble.width as i64),
            "predictLeaf" => MlValue::Float(self.ensemble.leaves(vector_argument(args, self.ensemble.width)?.as_ref())[0]),
            _ => match predict_member(&*self.scores, &self.outputs.decision, name, args) {
                Some(result) => result?,
                None => return Err(self.no_member(name)),
            },
        })
    }

    fn describe(&self) -> String {
        format!(
            "DecisionTreeClassificationModel: uid={}, depth={}, numNodes={}, numClasses={}, numFeatures={}",
            self.params.uid(),
            self.tree().depth(),
            self.tree().nodes.len(),
            self.ensemble.classes,
            self.ensemble.width
        )
    }
}

impl Model for DecisionTreeClassificationModel {
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
