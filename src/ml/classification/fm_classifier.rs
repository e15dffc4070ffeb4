//! Factorization machines for two classes (`org.apache.spark.ml.classification.FMClassifier`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::{Matrix, Vector, VectorRef};
use kindling_partition::Result;

use super::decision_tree::classifier_schema;
use super::probabilistic::{Decision, Outputs, Scores, predict_member};
use super::summary::{ClassificationSummary, Family, Training, summary_member};
use crate::dataset::{InstanceColumns, Instances, LabelKind};
use crate::factorization::{FACTOR_SIZE, FIT_LINEAR, INIT_STD, MINI_BATCH_FRACTION, Machine, SOLVER, STEP_SIZE, described};
use crate::param::{ParamDecl, Params, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::task::Task;
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
    MemberDecl::attribute("numClasses", "Number of classes (values which the label can take)."),
    MemberDecl::attribute("numFeatures", "Number of features the model was trained on."),
    MemberDecl::attribute("hasSummary", "Whether the model has a summary of its training."),
    MemberDecl::method("summary", &[], "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    MemberDecl::method("evaluate", &["dataset"], "The model's summary on another data set."),
    MemberDecl::method("predict", &["value"], "The predicted class of one vector of features."),
    MemberDecl::method("predictRaw", &["value"], "The margins of the classes for one vector of features."),
    MemberDecl::method("predictProbability", &["value"], "The probability of each class for one vector of features."),
])
.saved("intercept double, linear vector, factors matrix", |params, stored| {
    let row = stored.row()?;
    Ok(Arc::new(FmClassificationModel::new(params, row.float("intercept")?, row.vector("linear")?, row.matrix("factors")?)?))
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
        let (features, label) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::LABEL_COL)?);
        let kind = LabelKind::Classes { classes: Some(2) };
        // As in Spark, weights are not looked at by the fit.
        let instances = Instances::read(data, &InstanceColumns { features: &features, label: Some((&label, kind)), weight: None })?;
        let partitions: Vec<Task<'_>> = instances.blocks.iter().map(Task::from).collect();
        let (machine, history) = Machine::fit(data.session().executor(), &partitions, instances.width, params, logistic_loss)?;
        let mut model = FmClassificationModel::with(self.params.for_model(&FM_CLASSIFICATION_MODEL), Arc::new(machine))?;
        model.summary = Some(Arc::new(model.summarise(data, Some(Training { objective_history: history }))?));
        Ok(Arc::new(model))
    }
}

/// `pyspark.ml.classification.FMClassificationModel`.
#[derive(Clone)]
pub struct FmClassificationModel {
    params: Params,
    machine: Arc<Machine>,
    outputs: Outputs,
    summary: Option<Arc<ClassificationSummary>>,
}

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

impl FmClassificationModel {
    /// A model of given numbers; factors have a row for each feature.
    ///
    /// # Errors
    /// When they don't fit together, or a param is out of range.
    pub fn new(params: Params, intercept: f64, linear: Vector, factors: Matrix) -> Result<Self> {
        Self::with(params, Arc::new(Machine::new(intercept, linear, factors)?))
    }

    fn with(params: Params, machine: Arc<Machine>) -> Result<Self> {
        let checked = params.checked()?;
        let decision = Decision::by_thresholds("FMClassificationModel", checked.opt_floats(&shared::THRESHOLDS), 2)?;
        let outputs = Outputs::new(checked, decision)?;
        Ok(Self { params, machine, outputs, summary: None })
    }

    fn summarise(&self, data: &DataFrame, training: Option<Training>) -> Result<ClassificationSummary> {
        let outputs = self.outputs.for_summary(self.params.uid());
        let scores: Arc<dyn Scores> = self.machine.clone();
        let predictions = outputs.transform(data, &scores)?;
        let (prediction, score) = (outputs.prediction(), outputs.score());
        ClassificationSummary::new(Family::FactorizationMachine, predictions, &self.params, prediction, score, true, training)
    }
}

impl Transformer for FmClassificationModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.outputs.schema(schema, Some(2))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let scores: Arc<dyn Scores> = self.machine.clone();
        self.outputs.transform(data, &scores)
    }
}

impl Object for FmClassificationModel {
    fn decl(&self) -> &'static StageDecl {
        &FM_CLASSIFICATION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let summarise = |data: &DataFrame| self.summarise(data, None);
        if let Some(result) = summary_member(self.decl(), self.summary.as_ref(), &summarise, name, args) {
            return result;
        }
        let machine = &self.machine;
        Ok(match name {
            "intercept" => MlValue::Float(machine.intercept),
            "linear" => MlValue::Vector(machine.linear.clone()),
            "factors" => MlValue::Matrix(machine.factors.clone()),
            "numClasses" => MlValue::Int(2),
            "numFeatures" => MlValue::Int(machine.width() as i64),
            _ => match predict_member(&**machine, &self.outputs.decision, name, args) {
                Some(result) => result?,
                None => return Err(self.no_member(name)),
            },
        })
    }

    fn describe(&self) -> String {
        let [size, linear, intercept] = described(&self.params);
        format!(
            "FMClassificationModel: uid={}, numClasses=2, numFeatures={}, factorSize={size}, fitLinear={linear}, fitIntercept={intercept}",
            self.params.uid(),
            self.machine.width()
        )
    }
}

impl Model for FmClassificationModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let made = Self::with(params, self.machine.clone())?;
        Ok(Arc::new(Self { summary: self.summary.clone(), ..made }))
    }
}
