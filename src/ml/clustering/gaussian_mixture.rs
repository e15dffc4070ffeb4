//! Mixtures of Gaussians (`org.apache.spark.ml.clustering.GaussianMixture`).
//!
//! The same seed and partitions give Spark's mixture. Where a covariance matrix is singular up to rounding (a constant feature, fewer rows than
//! features), rounding decides which directions it spans, and Spark's own mixture changes with the order of its tasks.

use std::sync::Arc;

use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Value, VectorColumn, vector_column};
use kindling_linalg::{DenseMatrix, Gram, Matrix, Vector, VectorRef, kernels};
use kindling_partition::{Error, Executor, Result};

use super::sample::take_sample;
use super::summary::{self, ClusteringSummary, prediction_column, prediction_field, summary_member};
use crate::attribute::AttributeGroup;
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::{Block, Instances, Rows};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::persist::Saved;
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::stat::{Density, MultivariateGaussian};
use crate::task::{Task, tasks};
use crate::value::MlValue;

const K: ParamDecl =
    ParamDecl::new("k", "Number of independent Gaussians in the mixture model. Must be > 1.", ParamKind::Int(Range::above(1.0)))
        .default_int(2);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::PREDICTION_COL,
    K,
    shared::PROBABILITY_COL,
    shared::TOL.default_float(0.01),
    shared::MAX_ITER.default_int(100),
    shared::SEED,
    shared::AGGREGATION_DEPTH,
    shared::WEIGHT_COL,
];

pub static GAUSSIAN_MIXTURE: StageDecl = StageDecl::estimator(
    "GaussianMixture",
    "clustering",
    "A mixture of Gaussians, fitted by expectation maximisation: each row belongs to each cluster with a probability.",
    PARAMS,
    |params| Ok(Arc::new(GaussianMixture::new(params)?) as Arc<dyn Estimator>),
    &GAUSSIAN_MIXTURE_MODEL,
);

pub static GAUSSIAN_MIXTURE_MODEL: StageDecl = StageDecl::model(
    "GaussianMixtureModel",
    "clustering",
    "A fitted mixture: adds the probability of each Gaussian, and the number of the most probable.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("weights", "Weight for each Gaussian distribution in the mixture; they sum to 1."),
    MemberDecl::attribute("gaussians", "The Gaussians: each has a mean and a cov."),
    MemberDecl::attribute("gaussiansDF", "The Gaussians as a frame with a row each: mean and cov."),
    members::NUM_FEATURES,
    members::PREDICT_CLUSTER,
    MemberDecl::method("predictProbability", &["value"], "The probability of each cluster for one vector of features."),
    members::HAS_SUMMARY,
    MemberDecl::attribute("summary", "Summary of the clustering of the training set."),
])
.saved("weights array<double>, mus mllib array<vector>, sigmas mllib array<matrix>", |params, stored| {
    let row = stored.row()?;
    let gaussians = row.list("mus")?.into_iter().zip(row.list("sigmas")?).map(|pair| match pair {
        (MlValue::Vector(mean), MlValue::Matrix(cov)) => Ok(MultivariateGaussian { mean, cov }),
        _ => Err(stored.broken("has Gaussians without means or covariances")),
    });
    Ok(Arc::new(GaussianMixtureModel::new(params, row.numbers("weights")?, gaussians.collect::<Result<_>>()?)?))
});

pub static GAUSSIAN_MIXTURE_SUMMARY: StageDecl =
    StageDecl::summary("GaussianMixtureSummary", "clustering", "How a mixture clusters the data it was trained on.").members(&[
        summary::PREDICTIONS,
        summary::CLUSTER,
        summary::CLUSTER_SIZES,
        summary::K,
        summary::NUM_ITER,
        MemberDecl::attribute("logLikelihood", "Total log-likelihood for this model on the given data."),
        MemberDecl::attribute("probability", "The probability of each cluster, for each row."),
        MemberDecl::attribute("probabilityCol", "Name of the column of probabilities in predictions."),
        summary::FEATURES_COL,
        summary::PREDICTION_COL,
    ]);

/// Rows that each Gaussian starts from.
const SAMPLES: usize = 5;
/// The least probability of a row in a cluster, so that no row is without one.
const EPSILON: f64 = f64::EPSILON;
/// The covariances of more features than this don't fit an array.
const MAX_FEATURES: usize = 46_340;

/// `pyspark.ml.clustering.GaussianMixture` with checked params.
pub struct GaussianMixture {
    params: Params,
    k: usize,
    tol: f64,
    max_iter: usize,
    seed: i64,
}

/// One Gaussian of a mixture as it is learned: `cov` is the upper triangle, packed by columns.
#[derive(Clone)]
struct Component {
    weight: f64,
    mean: Vec<f64>,
    cov: Vec<f64>,
}

impl Component {
    /// The covariances as a square matrix.
    fn square(&self) -> Vec<f64> {
        let n = self.mean.len();
        (0..n * n).map(|at| (at % n, at / n)).map(|(i, j)| self.cov[i.min(j) + i.max(j) * (i.max(j) + 1) / 2]).collect()
    }
}

impl GaussianMixture {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            k: checked.count(&K)?,
            tol: checked.float(&shared::TOL)?,
            max_iter: checked.count(&shared::MAX_ITER)?,
            seed: checked.int(&shared::SEED)?,
            params: params.clone(),
        })
    }

    /// Each Gaussian from five random rows: their mean, and their variances alone.
    fn start(&self, executor: &Executor, blocks: &[Block], width: usize) -> Result<Vec<Component>> {
        let lengths: Vec<usize> = blocks.iter().map(Block::len).collect();
        let taken = take_sample(executor, &lengths, self.k * SAMPLES, true, self.seed)?;
        let weight = |(p, i): &(usize, usize)| blocks[*p].weight(*i);
        let total: f64 = taken.iter().map(weight).sum();
        let component = |rows: &[(usize, usize)]| {
            let own: f64 = rows.iter().map(weight).sum();
            let (mut mean, mut cov) = (vec![0.0; width], vec![0.0; width * (width + 1) / 2]);
            let rows: Vec<(f64, Vec<f64>)> = rows.iter().map(|at| (weight(at), blocks[at.0].features.row(at.1).to_dense())).collect();
            rows.iter().for_each(|(weight, row)| kernels::axpy(*weight, row, &mut mean));
            kernels::scale(1.0 / own, &mut mean);
            for (j, mean) in mean.iter().enumerate() {
                let squares: f64 = rows.iter().map(|(weight, row)| (row[j] - mean) * (row[j] - mean) * weight).sum();
                cov[j + j * (j + 1) / 2] = squares / own;
            }
            Component { weight: own / total, mean, cov }
        };
        Ok(taken.chunks(SAMPLES).map(component).collect())
    }
}

/// Writes the probability of each Gaussian, and gives their sum before they were scaled to 1.
fn probabilities(densities: &[(f64, Density)], row: VectorRef<'_>, out: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for ((weight, density), out) in densities.iter().zip(out.iter_mut()) {
        *out = EPSILON + weight * density.at(row);
        sum += *out;
    }
    out.iter_mut().for_each(|p| *p /= sum);
    sum
}

/// One step of expectation maximisation: the new mixture, and the log-likelihood of the old one.
fn step(executor: &Executor, tasks: &[Task<'_>], mixture: &[Component]) -> Result<(Vec<Component>, f64)> {
    let width = mixture[0].mean.len();
    let densities: Vec<(f64, Density)> = mixture.iter().map(|c| (c.weight, Density::new(&c.mean, &c.square()))).collect();
    let between_checks = (1 << 18) / (densities.len() * width * width + 1) + 1;
    let parts = executor.map_quietly(tasks, |_, task| {
        let mut likelihood = 0.0;
        let mut sums: Vec<(f64, Vec<f64>, Gram)> = densities.iter().map(|_| (0.0, vec![0.0; width], Gram::new(width))).collect();
        let (mut shares, mut dense) = (vec![0.0; densities.len()], vec![0.0; width]);
        for i in 0..task.len() {
            if i % between_checks == 0 {
                executor.check()?;
            }
            let weight = task.weight(i);
            task.rows.row(i).write_dense(&mut dense);
            likelihood += libm::log(probabilities(&densities, VectorRef::Dense(&dense), &mut shares)) * weight;
            for (share, (total, mean, gram)) in shares.iter().zip(&mut sums) {
                let share = share * weight;
                *total += share;
                kernels::axpy(share, &dense, mean);
                gram.add(dense.iter().copied(), share);
            }
        }
        Ok((likelihood, sums.into_iter().map(|(weight, mean, gram)| Component { weight, mean, cov: gram.finish() }).collect::<Vec<_>>()))
    })?;
    let zero = Component { weight: 0.0, mean: vec![0.0; width], cov: vec![0.0; width * (width + 1) / 2] };
    let (mut next, mut likelihood) = (vec![zero; mixture.len()], 0.0);
    for (part, components) in &parts {
        likelihood += part;
        for (sum, part) in next.iter_mut().zip(components) {
            sum.weight += part.weight;
            kernels::axpy(1.0, &part.mean, &mut sum.mean);
            kernels::axpy(1.0, &part.cov, &mut sum.cov);
        }
    }
    let total: f64 = next.iter().map(|c| c.weight).sum();
    for Component { weight, mean, cov } in &mut next {
        kernels::scale(1.0 / *weight, mean);
        for j in 0..width {
            for i in 0..=j {
                let at = i + j * (j + 1) / 2;
                cov[at] = (cov[at] - *weight * mean[i] * mean[j]) / *weight;
            }
        }
        *weight /= total;
    }
    Ok((next, likelihood))
}

impl Estimator for GaussianMixture {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        if let Some(weight) = checked.opt_column(&shared::WEIGHT_COL) {
            check::numeric_column(schema, &weight)?;
        }
        Outputs::new(&self.params)?.schema(schema, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let instances = Instances::unlabelled(data, self.params.checked()?)?;
        let width = instances.width;
        if width >= MAX_FEATURES {
            return Err(Error::illegal_argument(format!(
                "requirement failed: GaussianMixture cannot handle more than {MAX_FEATURES} features because the size of the covariance matrix \
                 is quadratic in the number of features."
            )));
        }
        let executor = data.session().executor();
        executor.ask("GaussianMixture", 16 * self.k as u64 * (width * width) as u64, "Fewer features would do: PCA gives them.")?;
        let mut mixture = self.start(executor, &instances.blocks, width)?;
        let partitions = instances.tasks();
        let tasks = tasks(&partitions, self.k * width * width);
        let (mut likelihood, mut before, mut iterations) = (f64::MIN, 0.0, 0);
        while iterations < self.max_iter && (likelihood - before).abs() > self.tol {
            before = likelihood;
            (mixture, likelihood) = step(executor, &tasks, &mixture)?;
            iterations += 1;
            executor.step("GaussianMixture", iterations as u64, self.max_iter as u64)?;
        }
        let weights = mixture.iter().map(|c| c.weight).collect();
        let gaussians = mixture.iter().map(|c| {
            let cov = Matrix::Dense(DenseMatrix::new(width, width, c.square(), false)?);
            Ok(MultivariateGaussian { mean: Vector::Dense(c.mean.clone()), cov })
        });
        let model = GaussianMixtureModel::new(self.params.for_model(&GAUSSIAN_MIXTURE_MODEL), weights, gaussians.collect::<Result<_>>()?)?;
        Ok(Arc::new(model.with_training(data, likelihood, iterations)?))
    }
}

/// The columns that a mixture adds; an empty name leaves a column out.
#[derive(Clone)]
struct Outputs {
    features: Arc<str>,
    prediction: Arc<str>,
    probability: Arc<str>,
}

impl Outputs {
    fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            probability: checked.text(&shared::PROBABILITY_COL)?,
        })
    }

    fn probability_field(&self, k: Option<usize>) -> Field {
        let metadata = k.map(|k| AttributeGroup::of_size(k).to_metadata(None));
        Field::new(self.probability.clone(), DataType::Vector, true).with_metadata(metadata)
    }

    fn schema(&self, schema: &Schema, k: Option<usize>) -> Result<Schema> {
        check::vector_column(schema, &self.features)?;
        let mut out = schema.clone();
        if !self.probability.is_empty() {
            out = check::append(&out, self.probability_field(k))?;
        }
        if !self.prediction.is_empty() {
            out = check::append(&out, prediction_field(&self.prediction, k))?;
        }
        Ok(out)
    }
}

/// `pyspark.ml.clustering.GaussianMixtureModel`.
#[derive(Clone)]
pub struct GaussianMixtureModel {
    params: Params,
    mixture: Arc<Mixture>,
    outputs: Outputs,
    summary: Option<Arc<ClusteringSummary>>,
}

struct Mixture {
    gaussians: Vec<Arc<MultivariateGaussian>>,
    densities: Vec<(f64, Density)>,
    width: usize,
}

impl Mixture {
    fn probabilities(&self, row: VectorRef<'_>) -> Vec<f64> {
        let mut out = vec![0.0; self.densities.len()];
        probabilities(&self.densities, row, &mut out);
        out
    }

    fn column(&self, executor: &Executor, rows: &Rows) -> Result<Vec<f64>> {
        let mut block = Vec::with_capacity(rows.len() * self.densities.len());
        for i in 0..rows.len() {
            if i % 256 == 0 {
                executor.check()?;
            }
            block.extend(self.probabilities(rows.row(i)));
        }
        Ok(block)
    }
}

/// The place of the largest number, of several the first.
fn most(row: VectorRef<'_>) -> usize {
    let (mut best, mut found) = (0, f64::NEG_INFINITY);
    for (i, value) in row.active() {
        if value > found {
            (best, found) = (i, value);
        }
    }
    best
}

impl GaussianMixtureModel {
    /// A mixture of given Gaussians.
    ///
    /// # Errors
    /// When there is not one weight for each Gaussian, or a param is out of its range.
    pub fn new(params: Params, weights: Vec<f64>, gaussians: Vec<MultivariateGaussian>) -> Result<Self> {
        if weights.len() != gaussians.len() {
            return Err(Error::illegal_argument("requirement failed: Length of weight and Gaussian array must match"));
        }
        let width = gaussians.first().map_or(0, |g| g.mean.size());
        let density = |(weight, g): (f64, &MultivariateGaussian)| (weight, Density::new(&g.mean.to_dense(), &g.cov.to_rows()));
        let densities = weights.into_iter().zip(&gaussians).map(density).collect();
        let mixture = Arc::new(Mixture { densities, width, gaussians: gaussians.into_iter().map(Arc::new).collect() });
        Ok(Self { outputs: Outputs::new(&params)?, params, mixture, summary: None })
    }

    fn with_training(mut self, data: &DataFrame, likelihood: f64, iterations: usize) -> Result<Self> {
        let predictions = self.transform(data)?;
        let Outputs { features, prediction, probability } = self.outputs.clone();
        let mut own = vec![("logLikelihood", likelihood.into()), ("probabilityCol", MlValue::Text(probability.clone()))];
        if !probability.is_empty() {
            own.push(("probability", predictions.select(&[predictions.col(&probability)?])?.into()));
        }
        let (decl, k) = (&GAUSSIAN_MIXTURE_SUMMARY, self.mixture.densities.len());
        self.summary = Some(Arc::new(ClusteringSummary { decl, predictions, features, prediction, k, iterations, own }));
        Ok(self)
    }

    fn gaussians_frame(&self) -> Result<DataFrame> {
        let rows: Vec<Vec<Value>> =
            self.mixture.gaussians.iter().map(|g| vec![g.mean.clone().into(), Value::Matrix(Arc::new(g.cov.clone()))]).collect();
        let fields = [Field::new("mean", DataType::Vector, true), Field::new("cov", DataType::Matrix, true)];
        kindling_frame::Session::in_memory(1).create_dataframe(&rows, fields.into_iter().collect::<Schema>())
    }
}

impl Transformer for GaussianMixtureModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.outputs.schema(schema, Some(self.mixture.densities.len()))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let (outputs, k, width) = (&self.outputs, self.mixture.densities.len(), self.mixture.width);
        let (mut out, mixture) = (data.clone(), self.mixture.clone());
        if !outputs.probability.is_empty() {
            let field = outputs.probability_field(Some(k));
            let column = Column::native("GaussianMixtureModel", [data.col(&outputs.features)?], field, move |executor, args, rows| {
                VectorColumn::new(&args[0])?;
                vector_column::from_dense_block(rows, k, mixture.column(executor, &Rows::read(&args[0], width)?)?)
            });
            out = out.with_column(&outputs.probability, &column)?;
        }
        if !outputs.prediction.is_empty() {
            let (field, mixture) = (prediction_field(&outputs.prediction, Some(k)), self.mixture.clone());
            let column = if outputs.probability.is_empty() {
                prediction_column("GaussianMixtureModel", data.col(&outputs.features)?, field, width, move |row| {
                    Ok(most(VectorRef::Dense(&mixture.probabilities(row))))
                })
            } else {
                prediction_column("GaussianMixtureModel", out.col(&outputs.probability)?, field, k, |row| Ok(most(row)))
            };
            out = out.with_column(&outputs.prediction, &column)?;
        }
        Ok(out)
    }
}

impl Object for GaussianMixtureModel {
    fn decl(&self) -> &'static StageDecl {
        &GAUSSIAN_MIXTURE_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let mixture = &self.mixture;
        let probabilities = || Ok::<_, Error>(mixture.probabilities(vector_argument(args, mixture.width)?.as_ref()));
        Ok(match name {
            "weights" => MlValue::floats(mixture.densities.iter().map(|d| d.0)),
            "gaussians" => MlValue::List(mixture.gaussians.iter().map(|g| MlValue::Object(g.clone())).collect()),
            "gaussiansDF" => self.gaussians_frame()?.into(),
            "numFeatures" => MlValue::Int(mixture.width as i64),
            "predict" => MlValue::Int(most(VectorRef::Dense(&probabilities()?)) as i64),
            "predictProbability" => Vector::Dense(probabilities()?).into(),
            _ => return summary_member(self.summary.as_ref(), self, name),
        })
    }

    fn describe(&self) -> String {
        let (k, width) = (self.mixture.densities.len(), self.mixture.width);
        format!("GaussianMixtureModel: uid={}, k={k}, numFeatures={width}", self.params.uid())
    }
}

impl Model for GaussianMixtureModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { outputs: Outputs::new(&params)?, params, ..self.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let gaussians = &self.mixture.gaussians;
        let mus = gaussians.iter().map(|g| g.mean.clone().into()).collect();
        let sigmas = gaussians.iter().map(|g| g.cov.clone().into()).collect();
        Saved::row(self.decl(), [self.member("weights", &[])?, MlValue::List(mus), MlValue::List(sigmas)])
    }
}
