//! Factorization machines for two classes (`org.apache.spark.ml.classification.FMClassifier`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::Result;

use super::decision_tree::classifier_schema;
use super::fitted::{ClassificationModel, Learned};
use super::probabilistic::Scores;
use super::summary::Family;
use crate::dataset::{Instances, LabelKind};
use crate::factorization::{FACTOR_SIZE, FIT_LINEAR, INIT_STD, MINI_BATCH_FRACTION, Machine, SOLVER, STEP_SIZE, described};
use crate::param::{ParamDecl, Params, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, StageDecl};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    FACTOR_SIZE,
    shared::FIT_INTERCEPT,
    FIT_LINEAR,
    shared::REG_PARAM.default_float(0.0),
    MINI_BATCH_FRACTION,
    INIT_STD,
    shared::MAX_ITER.default_int(100),
    STEP_SIZE,
    shared::TOL.default_float(1e-6),
    SOLVER,
    shared::THRESHOLDS,
    shared::SEED,
    shared::WEIGHT_COL,
];

pub static FM_CLASSIFIER: StageDecl = StageDecl::estimator(
    "FMClassifier",
    "classification",
    "A factorization machine for two classes: the probability of class 1 from a weighted sum of the features and of all their pairs, with the \
     weights of pairs from short vectors, so that sparse data are enough.",
    PARAMS,
    |params| Ok(Arc::new(FmClassifier::new(params)?) as Arc<dyn Estimator>),
    &FM_CLASSIFICATION_MODEL,
);

pub static FM_CLASSIFICATION_MODEL: StageDecl = StageDecl::model(
    "FMClassificationModel",
    "classification",
    "A fitted factorization machine: adds the margin, probability and more probable class of each row.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("intercept", "Model intercept."),
    MemberDecl::attribute("linear", "Model linear term."),
    MemberDecl::attribute("factors", "Model factor term: a row for each feature."),
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::method("summary", &[], "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    members::EVALUATE,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The margins of the classes for one vector of features."),
    members::PREDICT_PROBABILITY,
])
.saved("intercept double, linear vector, factors matrix", |params, stored| {
    let row = stored.row()?;
    let machine = Machine::new(row.float("intercept")?, row.vector("linear")?, row.matrix("factors")?)?;
    Ok(Arc::new(ClassificationModel::new(params, Arc::new(machine))?))
});

/// `pyspark.ml.classification.FMClassifier` with checked params.
pub struct FmClassifier {
    params: Params,
}

impl FmClassifier {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        params.checked()?;
        Ok(Self { params: params.clone() })
    }
}

/// `-log` of the probability that the label has, and its slope.
fn logistic_loss(raw: f64, label: f64) -> (f64, f64) {
    let margin = if label > 0.0 { -raw } else { raw };
    let loss = if margin > 0.0 { margin + libm::log1p(libm::exp(-margin)) } else { libm::log1p(libm::exp(margin)) };
    (loss, 1.0 / (1.0 + libm::exp(-raw)) - label)
}

impl Estimator for FmClassifier {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        // As in Spark, weights are not looked at by the fit.
        let instances = Instances::weighted_by(data, params, LabelKind::Classes { classes: Some(2) }, None)?;
        let partitions = instances.tasks();
        let (machine, history) = Machine::fit(data.session().executor(), &partitions, instances.width, params, logistic_loss)?;
        let model = ClassificationModel::new(self.params.for_model(&FM_CLASSIFICATION_MODEL), Arc::new(machine))?;
        Ok(Arc::new(model.trained(data, history)?))
    }
}

/// What is learned: `pyspark.ml.classification.FMClassificationModel`.
impl Scores for Machine {
    fn classes(&self) -> usize {
        2
    }

    fn features(&self) -> usize {
        self.width()
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let raw = self.predict(row);
        out.copy_from_slice(&[-raw, raw]);
    }

    fn to_probability(&self, raw: &mut [f64]) {
        raw[1] = 1.0 / (1.0 + libm::exp(-raw[1]));
        raw[0] = 1.0 - raw[1];
    }
}

impl Learned for Machine {
    fn decl(&self) -> &'static StageDecl {
        &FM_CLASSIFICATION_MODEL
    }

    fn family(&self) -> Option<(Family, bool)> {
        Some((Family::FactorizationMachine, true))
    }

    fn attribute(&self, name: &str) -> Option<MlValue> {
        match name {
            "intercept" => Some(MlValue::Float(self.intercept)),
            "linear" => Some(MlValue::Vector(self.linear.clone())),
            "factors" => Some(MlValue::Matrix(self.factors.clone())),
            _ => None,
        }
    }

    fn facts(&self, params: &Params) -> String {
        let [size, linear, intercept] = described(params);
        let width = self.width();
        format!("numClasses=2, numFeatures={width}, factorSize={size}, fitLinear={linear}, fitIntercept={intercept}")
    }
}
