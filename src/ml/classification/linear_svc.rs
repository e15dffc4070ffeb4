//! Linear support vector machines (`org.apache.spark.ml.classification.LinearSVC`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::kernels::dot;
use kindling_linalg::{Lbfgs, Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use super::decision_tree::classifier_schema;
use super::fitted::{ClassificationModel, Learned};
use super::logistic_regression::{L2, Objective, histogram};
use super::probabilistic::{Decision, Scores};
use super::summary::Family;
use crate::attribute::Attribute;
use crate::dataset::{Instances, LabelKind};
use crate::moments::moments;
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, StageDecl};
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
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::method("summary", &[], "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    members::EVALUATE,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The margins of the classes for one vector of features."),
])
.saved("coefficients vector, intercept double", |params, stored| {
    let row = stored.row()?;
    let plane = Plane::new(row.vector("coefficients")?, row.float("intercept")?);
    Ok(Arc::new(ClassificationModel::new(params, Arc::new(plane))?))
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
        let instances = Instances::labelled(data, params, LabelKind::Classes { classes: Some(2) })?;
        let partitions = instances.tasks();
        let known = Attribute::of(data.schema().field(&params.text(&shared::LABEL_COL)?)?).as_ref().and_then(Attribute::categories);
        let classes = histogram(&partitions, known)?.len();
        if classes != 2 {
            return Err(Error::illegal_argument(format!(
                "requirement failed: LinearSVC only supports binary classification. {classes} classes detected in {}__labelCol",
                self.params.uid()
            )));
        }
        let (coefficients, intercept, history) = self.minimise(data.session().executor(), &partitions, instances.width)?;
        let plane = Plane::new(Vector::Dense(coefficients).as_ref().compressed(), intercept);
        let model = ClassificationModel::new(self.params.for_model(&LINEAR_SVC_MODEL), Arc::new(plane))?;
        Ok(Arc::new(model.trained(data, history)?))
    }
}

/// What is learned: `pyspark.ml.classification.LinearSVCModel`.
struct Plane {
    coefficients: Vector,
    dense: Vec<f64>,
    intercept: f64,
}

impl Plane {
    fn new(coefficients: Vector, intercept: f64) -> Self {
        Self { dense: coefficients.to_dense(), coefficients, intercept }
    }
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

impl Learned for Plane {
    fn decl(&self) -> &'static StageDecl {
        &LINEAR_SVC_MODEL
    }

    fn decision(&self, params: Checked<'_>) -> Result<Decision> {
        let threshold = params.float(&THRESHOLD)?;
        Ok(Decision::Over(threshold, threshold))
    }

    fn family(&self) -> Option<(Family, bool)> {
        Some((Family::LinearSvc, true))
    }

    fn attribute(&self, name: &str) -> Option<MlValue> {
        match name {
            "coefficients" => Some(MlValue::Vector(self.coefficients.clone())),
            "intercept" => Some(MlValue::Float(self.intercept)),
            _ => None,
        }
    }

    fn facts(&self, _: &Params) -> String {
        format!("numClasses=2, numFeatures={}", self.dense.len())
    }
}
