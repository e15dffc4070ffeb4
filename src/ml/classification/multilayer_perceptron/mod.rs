//! Multilayer perceptrons (`org.apache.spark.ml.classification.MultilayerPerceptronClassifier`).

mod network;

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::logistic::softmax;
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::{Error, Result};

use self::network::{Network, Settings, initial_weights, size};
use super::decision_tree::classifier_schema;
use super::fitted::{ClassificationModel, Learned};
use super::probabilistic::Scores;
use super::summary::Family;
use crate::dataset::{InstanceColumns, Instances, LabelKind};
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, StageDecl};
use crate::value::MlValue;

const LAYERS: ParamDecl = ParamDecl::new(
    "layers",
    "Sizes of layers from input layer to output layer E.g., Array(780, 100, 10) means 780 inputs, one hidden layer with 100 neurons and \
     output layer of 10 neurons.",
    ParamKind::IntList(Range::above(0.0)),
);
const INITIAL_WEIGHTS: ParamDecl = ParamDecl::new("initialWeights", "The initial weights of the model.", ParamKind::Vector);
const BLOCK_SIZE: ParamDecl = shared::BLOCK_SIZE.default_int(128);
const STEP_SIZE: ParamDecl = shared::STEP_SIZE.default_float(0.03);
const SOLVER: ParamDecl = shared::SOLVER
    .doc("The solver algorithm for optimization. Supported options: l-bfgs, gd.")
    .kind(ParamKind::choice(&["l-bfgs", "gd"]))
    .default_text("l-bfgs");

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::MAX_ITER.default_int(100),
    shared::TOL.default_float(1e-6),
    shared::SEED,
    LAYERS,
    BLOCK_SIZE,
    STEP_SIZE,
    SOLVER,
    INITIAL_WEIGHTS,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    shared::THRESHOLDS,
];

pub static MULTILAYER_PERCEPTRON_CLASSIFIER: StageDecl = StageDecl::estimator(
    "MultilayerPerceptronClassifier",
    "classification",
    "A neural network: layers of weighted sums with sigmoids between them, and the probabilities of the classes on top. layers says how many \
     features, hidden neurons and classes there are.",
    PARAMS,
    |params| Ok(Arc::new(MultilayerPerceptronClassifier::new(params)?) as Arc<dyn Estimator>),
    &MULTILAYER_PERCEPTRON_CLASSIFICATION_MODEL,
);

pub static MULTILAYER_PERCEPTRON_CLASSIFICATION_MODEL: StageDecl = StageDecl::model(
    "MultilayerPerceptronClassificationModel",
    "classification",
    "A fitted neural network: adds the probabilities of the classes and the most probable one.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("weights", "The weights of layers."),
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::method("summary", &[], "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    members::EVALUATE,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "What goes into the softmax for one vector of features."),
    members::PREDICT_PROBABILITY,
])
.saved("weights vector", |params, stored| {
    let row = stored.row()?;
    let (layers, weights) = (layers(params.checked()?)?, row.numbers("weights")?);
    check_size(&layers, &weights)?;
    Ok(Arc::new(ClassificationModel::new(params, Arc::new(Network { layers, weights }))?))
});

/// `pyspark.ml.classification.MultilayerPerceptronClassifier` with checked params.
pub struct MultilayerPerceptronClassifier {
    params: Params,
}

impl MultilayerPerceptronClassifier {
    /// # Errors
    /// When a param is out of its range, or there are fewer than two layers.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        if checked.params().is_set(LAYERS.name) {
            layers(checked)?;
        }
        Ok(Self { params: params.clone() })
    }
}

fn layers(params: Checked<'_>) -> Result<Vec<usize>> {
    let layers: Vec<usize> = params.floats(&LAYERS)?.into_iter().map(|n| n as usize).collect();
    if layers.len() < 2 {
        return Err(Error::illegal_argument(format!(
            "MultilayerPerceptronClassifier.layers must be the numbers of features, hidden neurons and classes, found {layers:?}."
        )));
    }
    Ok(layers)
}

impl Estimator for MultilayerPerceptronClassifier {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let layers = layers(params)?;
        let (features, label) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::LABEL_COL)?);
        let kind = LabelKind::Classes { classes: layers.last().copied() };
        let instances = Instances::read(data, &InstanceColumns { features: &features, label: Some((&label, kind)), weight: None })?;
        if instances.width != layers[0] {
            return Err(Error::illegal_argument(format!(
                "layers begins with {}, but the vectors of column {features} have {} numbers.",
                layers[0], instances.width
            )));
        }
        let weights = match params.opt_vector(&INITIAL_WEIGHTS) {
            Some(weights) => weights.to_dense(),
            None => initial_weights(&layers, params.int(&shared::SEED)?),
        };
        check_size(&layers, &weights)?;
        let settings = Settings {
            gradient_descent: &*params.text(&SOLVER)? == "gd",
            max_iter: params.count(&shared::MAX_ITER)?,
            tol: params.float(&shared::TOL)?,
            step: params.float(&STEP_SIZE)?,
            block_size: params.count(&BLOCK_SIZE)?,
        };
        let partitions = instances.tasks();
        let mut network = Network { layers, weights };
        let history = network.train(data.session().executor(), &partitions, &settings)?;
        let params = self.params.for_model(&MULTILAYER_PERCEPTRON_CLASSIFICATION_MODEL);
        Ok(Arc::new(ClassificationModel::new(params, Arc::new(network))?.trained(data, history)?))
    }
}

fn check_size(layers: &[usize], weights: &[f64]) -> Result<()> {
    let needed = size(layers);
    if weights.len() == needed {
        return Ok(());
    }
    Err(Error::illegal_argument(format!(
        "requirement failed: Expected weight vector of size {needed} but got size {}. The layers are {layers:?}.",
        weights.len()
    )))
}

/// What is learned: `pyspark.ml.classification.MultilayerPerceptronClassificationModel`.
impl Scores for Network {
    fn classes(&self) -> usize {
        self.layers[self.layers.len() - 1]
    }

    fn features(&self) -> usize {
        self.layers[0]
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        Network::raw(self, row, out);
    }

    fn to_probability(&self, raw: &mut [f64]) {
        softmax(raw);
    }
}

impl Learned for Network {
    fn decl(&self) -> &'static StageDecl {
        &MULTILAYER_PERCEPTRON_CLASSIFICATION_MODEL
    }

    fn family(&self) -> Option<(Family, bool)> {
        Some((Family::Perceptron, false))
    }

    fn attribute(&self, name: &str) -> Option<MlValue> {
        (name == "weights").then(|| MlValue::Vector(Vector::Dense(self.weights.clone())))
    }

    fn facts(&self, _: &Params) -> String {
        format!("numLayers={}, numClasses={}, numFeatures={}", self.layers.len(), self.classes(), self.features())
    }
}
