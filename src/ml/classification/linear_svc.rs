//! Linear support vector machines (`org.apache.spark.ml.classification.LinearSVC`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::kernels::dot;
use kindling_linalg::{Lbfgs, Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use super::decision_tree::classifier_schema;
use super::logistic_regression::{L2, Objective, histogram};
use super::probabilistic::{Decision, Outputs, Scores, predict_member};
use super::summary::{ClassificationSummary, Family, Training, summary_member};
use crate::attribute::Attribute;
use crate::dataset::{InstanceColumns, Instances, LabelKind};
use crate::moments::moments;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::task::{Task, tasks};
use crate::value::MlValue;

const THRESHOLD: ParamDecl = ParamDecl::new(
    "threshold",
    "The threshold in binary classification applied to the linear model prediction.  This threshold can be any real number, where Inf will \
     make all predictions 0.0 and -Inf will make all predictions 1.0.",
    ParamKind::Float(Range::ANY),
)
.default_float(0.0);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::MAX_ITER.default_int(100),
    shared::REG_PARAM.default_float(0.0),
    shared::TOL.default_float(1e-6),
    shared::RAW_PREDICTION_COL,
    shared::FIT_INTERCEPT,
    shared::STANDARDIZATION,
    THRESHOLD,
    shared::WEIGHT_COL,
    shared::AGGREGATION_DEPTH,
    shared::MAX_BLOCK_SIZE_IN_MB,
];

pub static LINEAR_SVC: StageDecl = StageDecl::estimator(
    "LinearSVC",
    "classification",
    "A linear support vector machine: the plane between two classes that keeps rows at a distance from it, by the hinge loss and an L2 penalty.",
    PARAMS,
    |params| Ok(Arc::new(LinearSvc::new(params)?) as Arc<dyn Estimator>),
    &LINEAR_SVC_MODEL,
);

pub static LINEAR_SVC_MODEL: StageDecl = StageDecl::model(
    "LinearSVCModel",
    "classification",
    "A fitted linear support vector machine: adds the margin of each row and its class.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("coefficients", "Model coefficients of Linear SVM Classifier."),
    MemberDecl::attribute("intercept", "Model intercept of Linear SVM Classifier."),
    MemberDecl::attribute("numClasses", "Number of classes (values which the label can take)."),
    MemberDecl::attribute("numFeatures", "Number of features the model was trained on."),
    MemberDecl::attribute("hasSummary", "Whether the model has a summary of its training."),
    MemberDecl::method("summary", &[], "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    MemberDecl::method("evaluate", &["dataset"], "The model's summary on another data set."),
    MemberDecl::method("predict", &["value"], "The predicted class of one vector of features."),
    MemberDecl::method("predictRaw", &["value"], "The margins of the classes for one vector of features."),
])
.saved("coefficients vector, intercept double", |params, stored| {
    let row = stored.row()?;
    Ok(Arc::new(LinearSvcModel::from_parts(params, row.vector("coefficients")?, row.float("intercept")?)?))
});

/// `pyspark.ml.classification.LinearSVC` with checked params.
pub struct LinearSvc {
    params: Params,
}

impl LinearSvc {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        params.checked()?;
        Ok(Self { params: params.clone() })
    }

    /// Coefficients and intercept on the scale of the data, and the objective at each iteration.
    ///
    /// The search is OWL-QN's without a penalty, as Spark's is: the hinge has corners too.
    fn minimise(&self, executor: &Executor, partitions: &[Task<'_>], width: usize) -> Result<(Vec<f64>, f64, Vec<f64>)> {
        let params = self.params.checked()?;
        let (max_iter, fit_intercept) = (params.count(&shared::MAX_ITER)?, params.bool(&shared::FIT_INTERCEPT)?);
        let (lambda, standardization) = (params.float(&shared::REG_PARAM)?, params.bool(&shared::STANDARDIZATION)?);
        let tasks = tasks(partitions, width + 2);
        let moments = moments(executor, &tasks)?;
        let inverse_std: Vec<f64> = moments.std.iter().map(|s| if *s == 0.0 { 0.0 } else { 1.0 / s }).collect();
        let objective = Objective {
            executor,
            tasks: &tasks,
            scaled_mean: inverse_std.iter().zip(&moments.mean).map(|(i, m)| i * m).collect(),
            inverse_std,
            fit_intercept,
            sets: 1,
            loss: hinge,
            l2: (lambda != 0.0).then_some(L2 { lambda, std: (!standardization).then_some(&moments.std) }),
            weight: moments.weight,
        };
        let start = vec![0.0; width + usize::from(fit_intercept)];
        let no_penalty = start.clone();
        let end = Lbfgs::new(max_iter, params.float(&shared::TOL)?).minimize(
            |x, gradient| objective.evaluate(x, gradient),
            start,
            Some(&no_penalty),
            |iteration| executor.step("LinearSVC", iteration as u64, max_iter as u64),
        )?;
        let intercept = if fit_intercept { end.x[width] - dot(&end.x[..width], &objective.scaled_mean) } else { 0.0 };
        let coefficients = end.x[..width].iter().zip(&objective.inverse_std).map(|(x, inverse)| x * inverse).collect();
        Ok((coefficients, intercept, end.history))
    }
}

/// `w max(0, 1 - (2y - 1) m)`.
fn hinge(margins: &mut [f64], labels: &[f64], weights: Option<&[f64]>) -> (f64, f64) {
    let (mut total, mut sum) = (0.0, 0.0);
    for (i, (margin, label)) in margins.iter_mut().zip(labels).enumerate() {
        let (weight, sign) = (weights.map_or(1.0, |w| w[i]), label + label - 1.0);
        let loss = (1.0 - sign * *margin) * weight;
        *margin = if loss > 0.0 { -sign * weight } else { 0.0 };
        total += loss.max(0.0);
        sum += *margin;
    }
    (total, sum)
}

impl Estimator for LinearSvc {
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
        let weight = params.opt_column(&shared::WEIGHT_COL);
        let kind = LabelKind::Classes { classes: Some(2) };
        let columns = InstanceColumns { features: &features, label: Some((&label, kind)), weight: weight.as_deref() };
        let instances = Instances::read(data, &columns)?;
        let partitions: Vec<Task<'_>> = instances.blocks.iter().map(Task::from).collect();
        let known = Attribute::of(data.schema().field(&label)?).as_ref().and_then(Attribute::categories);
        let classes = histogram(&partitions, known)?.len();
        if classes != 2 {
            return Err(Error::illegal_argument(format!(
                "requirement failed: LinearSVC only supports binary classification. {classes} classes detected in {}__labelCol",
                self.params.uid()
            )));
        }
        let (coefficients, intercept, history) = self.minimise(data.session().executor(), &partitions, instances.width)?;
        let coefficients = Vector::Dense(coefficients).as_ref().compressed();
        let mut model = LinearSvcModel::from_parts(self.params.for_model(&LINEAR_SVC_MODEL), coefficients, intercept)?;
        model.summary = Some(Arc::new(model.summarise(data, Some(Training { objective_history: history }))?));
        Ok(Arc::new(model))
    }
}

/// `pyspark.ml.classification.LinearSVCModel`.
#[derive(Clone)]
pub struct LinearSvcModel {
    params: Params,
    plane: Arc<Plane>,
    outputs: Outputs,
    summary: Option<Arc<ClassificationSummary>>,
}

struct Plane {
    coefficients: Vector,
    dense: Vec<f64>,
    intercept: f64,
}

impl Scores for Plane {
    fn classes(&self) -> usize {
        2
    }

    fn features(&self) -> usize {
        self.dense.len()
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let margin = row.dot(&self.dense) + self.intercept;
        out.copy_from_slice(&[-margin, margin]);
    }

    /// There are none: the threshold is one of margins.
    fn to_probability(&self, _raw: &mut [f64]) {}
}

impl LinearSvcModel {
    /// A model of a plane.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn from_parts(params: Params, coefficients: Vector, intercept: f64) -> Result<Self> {
        let checked = params.checked()?;
        let threshold = checked.float(&THRESHOLD)?;
        let outputs = Outputs::new(checked, Decision::Over(threshold, threshold))?;
        Ok(Self { plane: Arc::new(Plane { dense: coefficients.to_dense(), coefficients, intercept }), outputs, summary: None, params })
    }

    fn summarise(&self, data: &DataFrame, training: Option<Training>) -> Result<ClassificationSummary> {
        let outputs = self.outputs.for_summary(self.params.uid());
        let scores: Arc<dyn Scores> = self.plane.clone();
        let predictions = outputs.transform(data, &scores)?;
        ClassificationSummary::new(Family::LinearSvc, predictions, &self.params, outputs.prediction(), outputs.score(), true, training)
    }
}

impl Transformer for LinearSvcModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.outputs.schema(schema, Some(2))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let scores: Arc<dyn Scores> = self.plane.clone();
        self.outputs.transform(data, &scores)
    }
}

impl Object for LinearSvcModel {
    fn decl(&self) -> &'static StageDecl {
        &LINEAR_SVC_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let summarise = |data: &DataFrame| self.summarise(data, None);
        if let Some(result) = summary_member(self.decl(), self.summary.as_ref(), &summarise, name, args) {
            return result;
        }
        Ok(match name {
            "coefficients" => MlValue::Vector(self.plane.coefficients.clone()),
            "intercept" => MlValue::Float(self.plane.intercept),
            "numClasses" => MlValue::Int(2),
            "numFeatures" => MlValue::Int(self.plane.dense.len() as i64),
            "predict" | "predictRaw" => match predict_member(&*self.plane, &self.outputs.decision, name, args) {
                Some(result) => result?,
                None => return Err(self.no_member(name)),
            },
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("LinearSVCModel: uid={}, numClasses=2, numFeatures={}", self.params.uid(), self.plane.dense.len())
    }
}

impl Model for LinearSvcModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let made = Self::from_parts(params, self.plane.coefficients.clone(), self.plane.intercept)?;
        Ok(Arc::new(Self { summary: self.summary.clone(), ..made }))
    }
}
