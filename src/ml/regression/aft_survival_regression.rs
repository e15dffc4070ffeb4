//! Accelerated failure time regression (`org.apache.spark.ml.regression.AFTSurvivalRegression`): Weibull lifetimes, some of them censored
//! (Lawless, 2003).

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, vector_column};
use kindling_linalg::kernels::{axpy, dot};
use kindling_linalg::{Lbfgs, Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use super::linear_regression::{BLOCK, add_products, add_rows};
use super::regressor::{number_field, schema_with};
use crate::attribute::AttributeGroup;
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::{InstanceColumns, Instances, LabelKind};
use crate::moments::moments;
use crate::param::{Checked, ParamDecl, ParamDefault, ParamKind, Params, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::task::{Task, tasks};
use crate::tree::ensemble::each_row;
use crate::value::MlValue;

const CENSOR_COL: ParamDecl = ParamDecl::new(
    "censorCol",
    "censor column name. The value of this column could be 0 or 1. If the value is 1, it means the event has occurred i.e. uncensored; \
     otherwise censored.",
    ParamKind::Column,
)
.default_text("censor");
const QUANTILE_PROBABILITIES: ParamDecl = ParamDecl::new(
    "quantileProbabilities",
    "quantile probabilities array. Values of the quantile probabilities array should be in the range (0, 1) and the array should be \
     non-empty.",
    ParamKind::FloatList(Range { low: crate::param::Limit::Exclusive(0.0), high: crate::param::Limit::Exclusive(1.0) }),
)
.default(ParamDefault::FloatList(&[0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]));
const QUANTILES_COL: ParamDecl = ParamDecl::new(
    "quantilesCol",
    "quantiles column name. This column will output quantiles of corresponding quantileProbabilities if it is set.",
    ParamKind::OutputColumn,
);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::FIT_INTERCEPT,
    shared::MAX_ITER.default_int(100),
    shared::TOL.default_float(1e-6),
    CENSOR_COL,
    QUANTILE_PROBABILITIES,
    QUANTILES_COL,
    shared::AGGREGATION_DEPTH,
    shared::MAX_BLOCK_SIZE_IN_MB,
];

pub static AFT_SURVIVAL_REGRESSION: StageDecl = StageDecl::estimator(
    "AFTSurvivalRegression",
    "regression",
    "Accelerated failure time regression: how long until an event, for data in which some events have not been seen yet (censored); lifetimes \
     follow a Weibull distribution.",
    PARAMS,
    |params| Ok(Arc::new(AftSurvivalRegression::new(params)?) as Arc<dyn Estimator>),
    &AFT_SURVIVAL_REGRESSION_MODEL,
);

pub static AFT_SURVIVAL_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "AFTSurvivalRegressionModel",
    "regression",
    "A fitted accelerated failure time regression: adds the predicted lifetime, and its quantiles if asked.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("coefficients", "Model coefficients."),
    MemberDecl::attribute("intercept", "Model intercept."),
    MemberDecl::attribute("scale", "Model scale parameter."),
    members::NUM_FEATURES,
    MemberDecl::method("predict", &["value"], "The predicted lifetime of one vector of features."),
    MemberDecl::method("predictQuantiles", &["features"], "Predicted quantiles of the lifetime of one vector of features."),
])
.saved("coefficients vector, intercept double, scale double", |params, stored| {
    let row = stored.row()?;
    Ok(Arc::new(AftSurvivalRegressionModel::new(params, row.numbers("coefficients")?, row.float("intercept")?, row.float("scale")?)?))
});

/// `pyspark.ml.regression.AFTSurvivalRegression` with checked params.
pub struct AftSurvivalRegression {
    params: Params,
}

/// What a task adds up: the loss, the gradient of the features, of the intercept and of log σ.
struct Partial {
    loss: f64,
    gradient: Vec<f64>,
    sum: f64,
    sigma: f64,
}

impl AftSurvivalRegression {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        check_quantiles(params.checked()?)?;
        Ok(Self { params: params.clone() })
    }

    /// Coefficients, intercept and scale, from zeros on. Without an intercept its place stays in the search, with no slope, as in Spark.
    fn minimise(&self, executor: &Executor, partitions: &[Task<'_>], width: usize) -> Result<Aft> {
        let params = self.params.checked()?;
        let (max_iter, fit_intercept) = (params.count(&shared::MAX_ITER)?, params.bool(&shared::FIT_INTERCEPT)?);
        let tasks = tasks(partitions, width + 3);
        // Weights are the marks of censoring here: they don't count for the moments.
        let unweighted: Vec<Task<'_>> = tasks.iter().map(|task| Task { weights: None, ..*task }).collect();
        let moments = moments(executor, &unweighted)?;
        let inverse_std: Vec<f64> = moments.std.iter().map(|s| if *s == 0.0 { 0.0 } else { 1.0 / s }).collect();
        let scaled_mean: Vec<f64> = inverse_std.iter().zip(&moments.mean).map(|(i, m)| i * m).collect();
        let end = Lbfgs::new(max_iter, params.float(&shared::TOL)?).minimize(
            |x, gradient| {
                let coefficients: Vec<f64> = x[..width].iter().zip(&inverse_std).map(|(x, inverse)| x * inverse).collect();
                let offset = if fit_intercept { x[width] - dot(&x[..width], &scaled_mean) } else { 0.0 };
                let log_sigma = x[width + 1];
                let parts = executor.map_quietly(&tasks, |_, task| Ok(pass(task, &coefficients, offset, log_sigma)))?;
                let (mut loss, mut sum) = (0.0, 0.0);
                for part in &parts {
                    loss += part.loss;
                    sum += part.sum;
                    axpy(1.0, &part.gradient, &mut gradient[..width]);
                    gradient[width + 1] += part.sigma;
                }
                for j in 0..width {
                    gradient[j] *= inverse_std[j];
                    if fit_intercept {
                        gradient[j] -= sum * scaled_mean[j];
                    }
                }
                gradient[width] = if fit_intercept { sum } else { 0.0 };
                gradient.iter_mut().for_each(|g| *g /= moments.weight);
                Ok(loss / moments.weight)
            },
            vec![0.0; width + 2],
            None,
            |iteration| executor.step("AFTSurvivalRegression", iteration as u64, max_iter as u64),
        )?;
        let intercept = if fit_intercept { end.x[width] - dot(&end.x[..width], &scaled_mean) } else { end.x[width] };
        let coefficients = end.x[..width].iter().zip(&inverse_std).map(|(x, inverse)| x * inverse).collect();
        Ok(Aft { coefficients, intercept, scale: libm::exp(end.x[width + 1]) })
    }
}

/// `Σ δ log σ - δ ε + e^ε` with `ε = (log t - x·β) / σ`.
fn pass(task: &Task<'_>, coefficients: &[f64], offset: f64, log_sigma: f64) -> Partial {
    let sigma = libm::exp(log_sigma);
    let mut partial = Partial { loss: 0.0, gradient: vec![0.0; coefficients.len()], sum: 0.0, sigma: 0.0 };
    let mut buffer = [0.0; BLOCK];
    for start in (0..task.len()).step_by(BLOCK) {
        let block = task.slice(start, (start + BLOCK).min(task.len()));
        let multipliers = &mut buffer[..block.len()];
        multipliers.fill(offset);
        add_products(block.rows, coefficients, multipliers);
        for (i, multiplier) in multipliers.iter_mut().enumerate() {
            let delta = block.weight(i);
            let epsilon = (libm::log(block.labels[i]) - *multiplier) / sigma;
            let power = libm::exp(epsilon);
            partial.loss += delta * libm::log(sigma) - delta * epsilon + power;
            *multiplier = (delta - power) / sigma;
            partial.sum += *multiplier;
            partial.sigma += delta + *multiplier * sigma * epsilon;
        }
        add_rows(block.rows, multipliers, &mut partial.gradient);
    }
    partial
}

fn check_quantiles(params: Checked<'_>) -> Result<()> {
    if params.floats(&QUANTILE_PROBABILITIES)?.is_empty() {
        return Err(Error::illegal_argument("AFTSurvivalRegression.quantileProbabilities must have at least one number."));
    }
    Ok(())
}

/// The schema with the columns that the model adds.
fn output_schema(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    let schema = schema_with(schema, &params.text(&shared::FEATURES_COL)?, &params.text(&shared::PREDICTION_COL)?)?;
    match params.opt_column(&QUANTILES_COL) {
        Some(name) => check::append(&schema, quantiles_field(&name, params)?),
        None => Ok(schema),
    }
}

fn quantiles_field(name: &Arc<str>, params: Checked<'_>) -> Result<Field> {
    let group = AttributeGroup::of_size(params.floats(&QUANTILE_PROBABILITIES)?.len());
    Ok(Field::new(name.clone(), DataType::Vector, true).with_metadata(Some(group.to_metadata(None))))
}

impl Estimator for AftSurvivalRegression {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        for name in [params.text(&CENSOR_COL)?, params.text(&shared::LABEL_COL)?] {
            check::numeric_column(schema, &name)?;
        }
        output_schema(schema, params)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let (features, label, censor) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::LABEL_COL)?, params.text(&CENSOR_COL)?);
        let columns = InstanceColumns { features: &features, label: Some((&label, LabelKind::Regression)), weight: Some(&censor) };
        let instances = Instances::read(data, &columns).map_err(|error| match error.message().split_once("Weights MUST") {
            Some((column, rest)) => Error::runtime(format!("{column}Censors MUST{rest}")),
            None => error,
        })?;
        for (i, block) in instances.blocks.iter().flat_map(|block| (0..block.len()).map(move |i| (i, block))) {
            let (censored, lifetime) = (block.weight(i), block.labels[i]);
            if censored != 0.0 && censored != 1.0 {
                return Err(Error::runtime(format!("Column {censor}: Censors MUST be in {{0, 1}}, but got {censored:?}.")));
            }
            if lifetime <= 0.0 {
                return Err(Error::runtime(format!("Column {label}: lifetimes must be greater than 0, but got {lifetime:?}.")));
            }
        }
        let partitions = instances.tasks();
        let aft = self.minimise(data.session().executor(), &partitions, instances.width)?;
        let params = self.params.for_model(&AFT_SURVIVAL_REGRESSION_MODEL);
        Ok(Arc::new(AftSurvivalRegressionModel::new(params, aft.coefficients, aft.intercept, aft.scale)?))
    }
}

/// `pyspark.ml.regression.AFTSurvivalRegressionModel`.
#[derive(Clone)]
pub struct AftSurvivalRegressionModel {
    params: Params,
    aft: Arc<Aft>,
    /// What a predicted lifetime is multiplied by, for each quantile.
    quantiles: Arc<[f64]>,
}

/// The fitted numbers.
struct Aft {
    coefficients: Vec<f64>,
    intercept: f64,
    scale: f64,
}

impl Aft {
    fn predict(&self, row: VectorRef<'_>) -> f64 {
        libm::exp(row.dot(&self.coefficients) + self.intercept)
    }
}

impl AftSurvivalRegressionModel {
    /// A model of given numbers.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, coefficients: Vec<f64>, intercept: f64, scale: f64) -> Result<Self> {
        Self::with(params, Arc::new(Aft { coefficients, intercept, scale }))
    }

    fn with(params: Params, aft: Arc<Aft>) -> Result<Self> {
        let checked = params.checked()?;
        check_quantiles(checked)?;
        let probabilities = checked.floats(&QUANTILE_PROBABILITIES)?;
        let quantiles = probabilities.into_iter().map(|q| libm::exp(libm::log(-libm::log1p(-q)) * aft.scale)).collect();
        Ok(Self { params, aft, quantiles })
    }
}

impl Transformer for AftSurvivalRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        output_schema(schema, self.params.checked()?)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let features = params.text(&shared::FEATURES_COL)?;
        let mut result = data.clone();
        if let Some(name) = params.opt_column(&shared::PREDICTION_COL) {
            let aft = self.aft.clone();
            let column = Column::native(name.clone(), [data.col(&features)?], number_field(&name), move |executor, args, _| {
                let numbers = each_row(executor, &args[0], aft.coefficients.len(), 1, |row, out| out[0] = aft.predict(row))?;
                Ok(Arc::new(Float64Array::from(numbers)) as ArrayRef)
            });
            result = result.with_column(&name, &column)?;
        }
        if let Some(name) = params.opt_column(&QUANTILES_COL) {
            let (aft, quantiles) = (self.aft.clone(), self.quantiles.clone());
            let field = quantiles_field(&name, params)?;
            let column = Column::native(name.clone(), [data.col(&features)?], field, move |executor, args, rows| {
                let write = |row: VectorRef<'_>, out: &mut [f64]| {
                    let lifetime = aft.predict(row);
                    out.iter_mut().zip(&*quantiles).for_each(|(out, q)| *out = q * lifetime);
                };
                let block = each_row(executor, &args[0], aft.coefficients.len(), quantiles.len(), write)?;
                vector_column::from_dense_block(rows, quantiles.len(), block)
            });
            result = result.with_column(&name, &column)?;
        }
        Ok(result)
    }
}

impl Object for AftSurvivalRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &AFT_SURVIVAL_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let aft = &self.aft;
        let lifetime = || vector_argument(args, aft.coefficients.len()).map(|row| aft.predict(row.as_ref()));
        Ok(match name {
            "coefficients" => MlValue::Vector(Vector::Dense(aft.coefficients.clone())),
            "intercept" => MlValue::Float(aft.intercept),
            "scale" => MlValue::Float(aft.scale),
            "numFeatures" => MlValue::Int(aft.coefficients.len() as i64),
            "predict" => MlValue::Float(lifetime()?),
            "predictQuantiles" => {
                let lifetime = lifetime()?;
                MlValue::Vector(Vector::Dense(self.quantiles.iter().map(|q| q * lifetime).collect()))
            }
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("AFTSurvivalRegressionModel: uid={}, numFeatures={}", self.params.uid(), self.aft.coefficients.len())
    }
}

impl Model for AftSurvivalRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::with(params, self.aft.clone())?))
    }
}
