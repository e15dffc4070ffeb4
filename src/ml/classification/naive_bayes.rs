//! Naive Bayes in its four kinds (`org.apache.spark.ml.classification.NaiveBayes`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::logistic::softmax;
use kindling_linalg::{DenseMatrix, Matrix, Vector, VectorRef, kernels};
use kindling_partition::{Error, Result};

use super::decision_tree::classifier_schema;
use super::fitted::{self, ClassificationModel};
use super::probabilistic::Scores;
use super::summary::Family;
use crate::dataset::{Block, Instances, LabelKind};
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, StageDecl};
use crate::value::MlValue;

const SMOOTHING: ParamDecl =
    ParamDecl::new("smoothing", "The smoothing parameter, should be >= 0, default is 1.0", ParamKind::Float(Range::at_least(0.0)))
        .default_float(1.0);
const MODEL_TYPE: ParamDecl = ParamDecl::new(
    "modelType",
    "The model type which is a string (case-sensitive). Supported options: multinomial (default), bernoulli and gaussian.",
    ParamKind::choice(&["multinomial", "complement", "bernoulli", "gaussian"]),
)
.default_text("multinomial");

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    SMOOTHING,
    MODEL_TYPE,
    shared::THRESHOLDS,
    shared::WEIGHT_COL,
];

pub static NAIVE_BAYES: StageDecl = StageDecl::estimator(
    "NaiveBayes",
    "classification",
    "Naive Bayes: how often each feature goes with each class, as if features had nothing to do with each other. multinomial and complement \
     take counts such as word frequencies, bernoulli zeros and ones, gaussian any numbers.",
    PARAMS,
    |params| Ok(Arc::new(NaiveBayes::new(params)?) as Arc<dyn Estimator>),
    &NAIVE_BAYES_MODEL,
);

pub static NAIVE_BAYES_MODEL: StageDecl = StageDecl::model(
    "NaiveBayesModel",
    "classification",
    "A fitted naive Bayes: adds the log likelihood and probability of each class, and the most probable class.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("pi", "log of class priors."),
    MemberDecl::attribute("theta", "log of class conditional probabilities, a row for each class; the means of features when gaussian."),
    MemberDecl::attribute("sigma", "variance of each feature, a row for each class; only when gaussian."),
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The log likelihood of each class for one vector of features."),
    members::PREDICT_PROBABILITY,
])
.saved("pi vector, theta matrix, sigma matrix", |params, stored| {
    let row = stored.row()?;
    model(params, row.vector("pi")?, row.matrix("theta")?, row.matrix("sigma")?)
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Multinomial,
    Complement,
    Bernoulli,
    Gaussian,
}

impl Kind {
    fn new(params: Checked<'_>) -> Result<Self> {
        Ok(match &*params.text(&MODEL_TYPE)? {
            "complement" => Self::Complement,
            "bernoulli" => Self::Bernoulli,
            "gaussian" => Self::Gaussian,
            _ => Self::Multinomial,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Multinomial => "multinomial",
            Self::Complement => "complement",
            Self::Bernoulli => "bernoulli",
            Self::Gaussian => "gaussian",
        }
    }

    /// Fails for a feature that such a model can't have.
    fn check(self, row: VectorRef<'_>) -> Result<()> {
        let wrong = |what: &str| Error::runtime(format!("Vector values MUST {what}, but got {row}."));
        for (_, value) in row.active() {
            match self {
                Self::Multinomial | Self::Complement if value < 0.0 => return Err(wrong("NOT be Negative, NaN or Infinity")),
                Self::Bernoulli if value != 0.0 && value != 1.0 => return Err(wrong("be in {0, 1}")),
                _ => {}
            }
        }
        Ok(())
    }
}

/// `pyspark.ml.classification.NaiveBayes` with checked params.
pub struct NaiveBayes {
    params: Params,
    kind: Kind,
    smoothing: f64,
}

/// What is known of one class: the weight of its rows, and of each feature the sum and, when gaussian, the sum of squares.
#[derive(Clone, Debug, Default)]
struct Class {
    weight: f64,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl NaiveBayes {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self { kind: Kind::new(checked)?, smoothing: checked.float(&SMOOTHING)?, params: params.clone() })
    }

    /// The classes that have rows, by label. Parts are added in partition order.
    fn classes(&self, data: &DataFrame, instances: &Instances) -> Result<Vec<Class>> {
        let executor = data.session().executor();
        let parts = executor.map("naive Bayes", &instances.blocks, |_, block| {
            executor.check()?;
            self.count(block, instances.width)
        })?;
        let mut classes: Vec<Class> = Vec::new();
        for part in parts {
            if part.len() > classes.len() {
                classes.resize(part.len(), Class::default());
            }
            for (class, part) in classes.iter_mut().zip(part) {
                if class.sums.is_empty() {
                    *class = part;
                } else if !part.sums.is_empty() {
                    class.weight += part.weight;
                    kernels::axpy(1.0, &part.sums, &mut class.sums);
                    kernels::axpy(1.0, &part.squares, &mut class.squares);
                }
            }
        }
        classes.retain(|class| !class.sums.is_empty());
        Ok(classes)
    }

    fn count(&self, block: &Block, width: usize) -> Result<Vec<Class>> {
        let mut classes: Vec<Class> = Vec::new();
        for (i, label) in block.labels.iter().enumerate() {
            let at = *label as usize;
            if at >= classes.len() {
                classes.resize(at + 1, Class::default());
            }
            let class = &mut classes[at];
            if class.sums.is_empty() {
                class.sums = vec![0.0; width];
                class.squares = vec![0.0; if self.kind == Kind::Gaussian { width } else { 0 }];
            }
            let (row, weight) = (block.features.row(i), block.weight(i));
            self.kind.check(row)?;
            class.weight += weight;
            for (j, value) in row.active() {
                class.sums[j] += weight * value;
                if self.kind == Kind::Gaussian {
                    class.squares[j] += weight * value * value;
                }
            }
        }
        Ok(classes)
    }

    /// Priors, `theta` and `sigma`, row by row.
    fn learned(&self, classes: &[Class], width: usize) -> Learned {
        let total: f64 = classes.iter().map(|c| c.weight).sum();
        if self.kind == Kind::Gaussian {
            return gaussian(classes, width, total);
        }
        let lambda = self.smoothing;
        let all: Vec<f64> = (0..width).map(|j| classes.iter().map(|c| c.sums[j]).sum()).collect();
        let prior = libm::log(total + classes.len() as f64 * lambda);
        let mut learned = Learned::default();
        for class in classes {
            learned.pi.push(libm::log(class.weight + lambda) - prior);
            let sums: Vec<f64> = match self.kind {
                Kind::Complement => all.iter().zip(&class.sums).map(|(all, own)| all - own).collect(),
                _ => class.sums.clone(),
            };
            let whole = match self.kind {
                Kind::Bernoulli => libm::log(class.weight + 2.0 * lambda),
                _ => libm::log(sums.iter().sum::<f64>() + width as f64 * lambda),
            };
            let sign = if self.kind == Kind::Complement { -1.0 } else { 1.0 };
            learned.theta.extend(sums.iter().map(|sum| sign * (libm::log(sum + lambda) - whole)));
        }
        learned
    }
}

#[derive(Default)]
struct Learned {
    pi: Vec<f64>,
    theta: Vec<f64>,
    sigma: Vec<f64>,
}

/// Means and variances. All variances are raised by a billionth of the largest feature's, so that none is zero.
fn gaussian(classes: &[Class], width: usize, total: f64) -> Learned {
    let variance = |j: usize| {
        let sum: f64 = classes.iter().map(|c| c.sums[j]).sum();
        let squares: f64 = classes.iter().map(|c| c.squares[j]).sum();
        squares / total - sum * sum / total / total
    };
    let epsilon = (0..width).map(variance).fold(f64::NEG_INFINITY, f64::max) * 1e-9;
    let mut learned = Learned::default();
    for class in classes {
        learned.pi.push(libm::log(class.weight) - libm::log(total));
        for (sum, square) in class.sums.iter().zip(&class.squares) {
            let mean = sum / class.weight;
            learned.theta.push(mean);
            learned.sigma.push(epsilon + square / class.weight - mean * mean);
        }
    }
    learned
}

impl Estimator for NaiveBayes {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        classifier_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let kind = LabelKind::Classes { classes: params.opt_floats(&shared::THRESHOLDS).map(|t| t.len()) };
        let instances = Instances::labelled(data, params, kind)?;
        let classes = self.classes(data, &instances)?;
        let learned = self.learned(&classes, instances.width);
        let (n, width) = (classes.len(), instances.width);
        let matrix = |values| Ok::<_, Error>(Matrix::Dense(DenseMatrix::new(n, width, values, true)?).compressed());
        let sigma = if learned.sigma.is_empty() { Matrix::Dense(DenseMatrix::zeros(0, 0)) } else { matrix(learned.sigma)? };
        let pi = Vector::Dense(learned.pi).as_ref().compressed();
        let params = self.params.for_model(&NAIVE_BAYES_MODEL);
        model(params, pi, matrix(learned.theta)?, sigma)
    }
}

/// A model made ready to score: `offset + weights · x` for each class, or by the distances from the means.
struct Bayes {
    kind: Kind,
    pi: Vector,
    theta: Matrix,
    sigma: Matrix,
    width: usize,
    offsets: Vec<f64>,
    weights: Vec<f64>,
    variances: Vec<f64>,
}

impl Bayes {
    fn new(kind: Kind, pi: Vector, theta: Matrix, sigma: Matrix) -> Self {
        let (width, rows, variances) = (theta.num_cols(), theta.to_rows(), sigma.to_rows());
        let mut offsets = pi.to_dense();
        let mut weights = rows.clone();
        match kind {
            Kind::Multinomial => {}
            Kind::Complement => offsets.fill(0.0),
            Kind::Bernoulli => {
                // log p of a one, log (1 - p) of a zero.
                let absent: Vec<f64> = rows.iter().map(|log| libm::log1p(-libm::exp(*log))).collect();
                weights.iter_mut().zip(&absent).for_each(|(w, a)| *w -= a);
                offsets.iter_mut().zip(absent.chunks(width.max(1))).for_each(|(o, a)| *o += a.iter().sum::<f64>());
            }
            Kind::Gaussian => {
                offsets.iter_mut().zip(variances.chunks(width.max(1))).for_each(|(o, v)| {
                    *o -= v.iter().map(|v| libm::log(*v)).sum::<f64>() / 2.0;
                });
            }
        }
        Self { kind, pi, theta, sigma, width, offsets, weights, variances }
    }
}

impl Scores for Bayes {
    fn classes(&self) -> usize {
        self.offsets.len()
    }

    fn features(&self) -> usize {
        self.width
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        let dense = (self.kind == Kind::Gaussian).then(|| row.to_dense());
        for (k, out) in out.iter_mut().enumerate() {
            let weights = &self.weights[k * self.width..(k + 1) * self.width];
            *out = match &dense {
                Some(x) => {
                    let variances = &self.variances[k * self.width..(k + 1) * self.width];
                    let distance: f64 = x.iter().zip(weights).zip(variances).map(|((x, m), v)| (x - m) * (x - m) / v).sum();
                    self.offsets[k] - distance / 2.0
                }
                None => self.offsets[k] + row.dot(weights),
            };
        }
        if self.kind == Kind::Complement {
            let most = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let log_sum = libm::log(out.iter().map(|v| libm::exp(v - most)).sum::<f64>()) + most;
            out.iter_mut().for_each(|v| *v -= log_sum);
        }
    }

    fn to_probability(&self, raw: &mut [f64]) {
        softmax(raw);
    }
}

/// `pyspark.ml.classification.NaiveBayesModel` of log priors, log likelihoods (or means) and variances; without variances `sigma` is 0 × 0.
///
/// # Errors
/// When they don't fit together, or a param is out of range.
fn model(params: Params, pi: Vector, theta: Matrix, sigma: Matrix) -> Result<Arc<dyn Model>> {
    if theta.num_rows() != pi.size() {
        let (classes, rows) = (pi.size(), theta.num_rows());
        return Err(Error::illegal_argument(format!("requirement failed: pi has {classes} classes, but theta {rows} rows.")));
    }
    let bayes = Bayes::new(Kind::new(params.checked()?)?, pi, theta, sigma);
    Ok(Arc::new(ClassificationModel::new(params, Arc::new(bayes))?))
}

impl fitted::Learned for Bayes {
    fn decl(&self) -> &'static StageDecl {
        &NAIVE_BAYES_MODEL
    }

    fn family(&self) -> Option<(Family, bool)> {
        None
    }

    fn attribute(&self, name: &str) -> Option<MlValue> {
        match name {
            "pi" => Some(MlValue::Vector(self.pi.clone())),
            "theta" => Some(MlValue::Matrix(self.theta.clone())),
            "sigma" => Some(MlValue::Matrix(self.sigma.clone())),
            _ => None,
        }
    }

    fn facts(&self, _: &Params) -> String {
        format!("modelType={}, numClasses={}, numFeatures={}", self.kind.name(), self.classes(), self.width)
    }
}
