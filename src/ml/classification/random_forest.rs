//! Random forests for classification.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::decision_tree::{
    DECISION_TREE_CLASSIFICATION_MODEL, DecisionTreeClassificationModel, classifier_schema, fit_classifier, shares,
};
use super::probabilistic::{Decision, Outputs, Scores, predict_member, vector_argument};
use super::summary::{ClassificationSummary, Family, Training};
use crate::param::{ParamDecl, Params, shared};
use crate::persist::Saved;
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, Stage, StageDecl, Transformer};
use crate::tree::ensemble::with_leaves;
use crate::tree::members as tree_members;
use crate::tree::params::{self, forest_strategy, leaf_column};
use crate::tree::saved;
use crate::tree::{Ensemble, Strategy, WeightedTrees};
use crate::value::MlValue;

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
    params::NUM_TREES,
    params::FEATURE_SUBSET_STRATEGY,
    shared::SEED,
    params::SUBSAMPLING_RATE,
    params::LEAF_COL,
    params::MIN_WEIGHT_FRACTION_PER_NODE,
    shared::WEIGHT_COL,
    params::BOOTSTRAP,
    shared::THRESHOLDS,
];

pub static RANDOM_FOREST_CLASSIFIER: StageDecl = StageDecl::estimator(
    "RandomForestClassifier",
    "classification",
    "A random forest for classification (Breiman, 2001): many trees, each grown on a bootstrap sample with a random choice of features at \
     each node; together they vote.",
    PARAMS,
    |params| Ok(Arc::new(RandomForestClassifier::new(params)?) as Arc<dyn Estimator>),
    &RANDOM_FOREST_CLASSIFICATION_MODEL,
);

pub static RANDOM_FOREST_CLASSIFICATION_MODEL: StageDecl = StageDecl::model(
    "RandomForestClassificationModel",
    "classification",
    "A fitted random forest: adds the votes of the trees, probabilities, and the most probable class.",
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
    members::HAS_SUMMARY,
    MemberDecl::attribute("summary", "Summary of the training set: accuracy and other metrics."),
    members::EVALUATE,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The votes of the trees for one vector of features."),
    members::PREDICT_PROBABILITY,
    tree_members::PREDICT_LEAF,
])
.saved(saved::TREES, |params, stored| {
    let (trees, _) = saved::read_trees(stored, forest_strategy(params.checked()?)?.impurity)?;
    let ensemble = Ensemble { trees, width: stored.count("numFeatures")?, classes: stored.count("numClasses")? };
    Ok(Arc::new(RandomForestClassificationModel::new(params, Arc::new(ensemble))?))
})
.saved_fields(&["numFeatures", "numClasses"]);

/// `pyspark.ml.classification.RandomForestClassifier` with checked params.
pub struct RandomForestClassifier {
    params: Params,
    strategy: Strategy,
}

/// `pyspark.ml.classification.RandomForestClassificationModel`.
#[derive(Clone)]
pub struct RandomForestClassificationModel {
    params: Params,
    scores: Arc<Votes>,
    ensemble: Arc<Ensemble>,
    outputs: Outputs,
    leaf: Option<Arc<str>>,
    features: Arc<str>,
    summary: Option<Arc<ClassificationSummary>>,
}

/// Scores by the votes of the trees.
struct Votes(Arc<Ensemble>);

impl Scores for Votes {
    fn classes(&self) -> usize {
        self.0.classes
    }

    fn features(&self) -> usize {
        self.0.width
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        self.0.votes(row, out);
    }

    fn to_probability(&self, raw: &mut [f64]) {
        shares(raw);
    }
}

impl RandomForestClassifier {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { strategy: forest_strategy(params.checked()?)?, params: params.clone() })
    }
}

impl Estimator for RandomForestClassifier {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let ensemble = fit_classifier("RandomForestClassifier", data, self.params.checked()?, &self.strategy, 1)?;
        let params = self.params.for_model(&RANDOM_FOREST_CLASSIFICATION_MODEL);
        let mut model = RandomForestClassificationModel::new(params, Arc::new(ensemble))?;
        model.summary = Some(Arc::new(model.summarise(data, Some(Training { objective_history: vec![0.0] }))?));
        Ok(Arc::new(model))
    }
}

impl RandomForestClassificationModel {
    /// A model of trees.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, ensemble: Arc<Ensemble>) -> Result<Self> {
        let checked = params.checked()?;
        let decision =
            Decision::by_thresholds("RandomForestClassificationModel", checked.opt_floats(&shared::THRESHOLDS), ensemble.classes)?;
        Ok(Self {
            outputs: Outputs::new(checked, decision)?,
            leaf: leaf_column(checked),
            features: checked.text(&shared::FEATURES_COL)?,
            scores: Arc::new(Votes(ensemble.clone())),
            ensemble,
            params,
            summary: None,
        })
    }

    fn summarise(&self, data: &DataFrame, training: Option<Training>) -> Result<ClassificationSummary> {
        let outputs = self.outputs.for_summary(self.params.uid());
        let scores: Arc<dyn Scores> = self.scores.clone();
        let predictions = outputs.transform(data, &scores)?;
        let binary = self.ensemble.classes <= 2;
        ClassificationSummary::new(Family::RandomForest, predictions, &self.params, outputs.prediction(), outputs.score(), binary, training)
    }

    /// The trees as models of their own.
    fn trees(&self) -> Result<Vec<MlValue>> {
        let one = |tree: &crate::tree::Tree| {
            let ensemble = Ensemble { trees: vec![tree.clone()], width: self.ensemble.width, classes: self.ensemble.classes };
            let model = DecisionTreeClassificationModel::new(Params::new(&DECISION_TREE_CLASSIFICATION_MODEL), Arc::new(ensemble))?;
            Ok(MlValue::Stage(Stage::from_model(Arc::new(model))))
        };
        self.ensemble.trees.iter().map(one).collect()
    }
}

impl Transformer for RandomForestClassificationModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let schema = self.outputs.schema(schema, Some(self.ensemble.classes))?;
        self.ensemble.leaf_schema(schema, self.leaf.as_ref(), true)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let scores: Arc<dyn Scores> = self.scores.clone();
        let data = self.outputs.transform(data, &scores)?;
        with_leaves(&self.ensemble, &data, &self.features, self.leaf.as_ref(), true)
    }
}

impl Object for RandomForestClassificationModel {
    fn decl(&self) -> &'static StageDecl {
        &RANDOM_FOREST_CLASSIFICATION_MODEL
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
            "numClasses" => MlValue::Int(ensemble.classes as i64),
            "numFeatures" => MlValue::Int(ensemble.width as i64),
            "hasSummary" => MlValue::Bool(self.summary.is_some()),
            "summary" => match &self.summary {
                Some(summary) => MlValue::Object(summary.clone()),
                None => return Err(Error::runtime(format!("No training summary available for this {}", self.decl().name))),
            },
            "evaluate" => match args {
                [MlValue::DataFrame(data)] => MlValue::Object(Arc::new(self.summarise(data, None)?)),
                _ => return Err(Error::type_error("evaluate() takes one DataFrame.")),
            },
            "predictLeaf" => {
                let leaves = ensemble.leaves(vector_argument(args, ensemble.width)?.as_ref());
                MlValue::Vector(kindling_linalg::Vector::Dense(leaves))
            }
            _ => match predict_member(&*self.scores, &self.outputs.decision, name, args) {
                Some(result) => result?,
                None => return Err(self.no_member(name)),
            },
        })
    }

    fn describe(&self) -> String {
        format!(
            "RandomForestClassificationModel: uid={}, numTrees={}, numClasses={}, numFeatures={}",
            self.params.uid(),
            self.ensemble.trees.len(),
            self.ensemble.classes,
            self.ensemble.width
        )
    }
}

impl Model for RandomForestClassificationModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { summary: self.summary.clone(), ..Self::new(params, self.ensemble.clone())? }))
    }

    fn saved(&self) -> Result<Saved> {
        let trees = &self.ensemble.trees;
        Saved::rows(self.decl(), saved::tree_rows(trees))?.with_fields(self)?.field("numTrees", trees.len()).table(
            "treesMetadata",
            saved::TREES_METADATA,
            saved::about_trees(&self.params, &DECISION_TREE_CLASSIFICATION_MODEL, &vec![1.0; trees.len()]),
        )
    }

    fn weighted_trees(&self) -> Option<WeightedTrees> {
        let count = self.ensemble.trees.len();
        Some(WeightedTrees { ensemble: self.ensemble.clone(), weights: vec![1.0 / count as f64; count] })
    }
}
