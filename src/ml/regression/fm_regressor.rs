//! Factorization machines for regression (`org.apache.spark.ml.regression.FMRegressor`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::{Matrix, Vector};
use kindling_partition::Result;

use super::regressor::{schema_with, with_numbers};
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::{Instances, LabelKind};
use crate::factorization::{FACTOR_SIZE, FIT_LINEAR, INIT_STD, MINI_BATCH_FRACTION, Machine, SOLVER, STEP_SIZE};
use crate::param::{ParamDecl, Params, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
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
    shared::SEED,
    shared::WEIGHT_COL,
];

pub static FM_REGRESSOR: StageDecl = StageDecl::estimator(
    "FMRegressor",
    "regression",
    "A factorization machine for numbers: a weighted sum of the features and of all their pairs, with the weights of pairs from short vectors, \
     so that sparse data are enough.",
    PARAMS,
    |params| Ok(Arc::new(FmRegressor::new(params)?) as Arc<dyn Estimator>),
    &FM_REGRESSION_MODEL,
);

pub static FM_REGRESSION_MODEL: StageDecl =
    StageDecl::model("FMRegressionModel", "regression", "A fitted factorization machine: adds the predicted label.", PARAMS)
        .members(&[
            MemberDecl::attribute("intercept", "Model intercept."),
            MemberDecl::attribute("linear", "Model linear term."),
            MemberDecl::attribute("factors", "Model factor term: a row for each feature."),
            members::NUM_FEATURES,
            members::PREDICT_LABEL,
        ])
        .saved("intercept double, linear vector, factors matrix", |params, stored| {
            let row = stored.row()?;
            Ok(Arc::new(FmRegressionModel::new(params, row.float("intercept")?, row.vector("linear")?, row.matrix("factors")?)?))
        });

/// `pyspark.ml.regression.FMRegressor` with checked params.
pub struct FmRegressor {
    params: Params,
}

impl FmRegressor {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        params.checked()?;
        Ok(Self { params: params.clone() })
    }
}

/// The squared error and its slope.
fn squared_error(prediction: f64, label: f64) -> (f64, f64) {
    ((prediction - label) * (prediction - label), 2.0 * (prediction - label))
}

impl Estimator for FmRegressor {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        check::numeric_column(schema, &params.text(&shared::LABEL_COL)?)?;
        schema_with(schema, &params.text(&shared::FEATURES_COL)?, &params.text(&shared::PREDICTION_COL)?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        // As in Spark, weights are not looked at.
        let instances = Instances::weighted_by(data, params, LabelKind::Regression, None)?;
        let partitions = instances.tasks();
        let (machine, _) = Machine::fit(data.session().executor(), &partitions, instances.width, params, squared_error)?;
        Ok(Arc::new(FmRegressionModel { params: self.params.for_model(&FM_REGRESSION_MODEL), machine: Arc::new(machine) }))
    }
}

/// `pyspark.ml.regression.FMRegressionModel`.
#[derive(Clone)]
pub struct FmRegressionModel {
    params: Params,
    machine: Arc<Machine>,
}

impl FmRegressionModel {
    /// A model of given numbers; factors have a row for each feature.
    ///
    /// # Errors
    /// When they don't fit together, or a param is out of range.
    pub fn new(params: Params, intercept: f64, linear: Vector, factors: Matrix) -> Result<Self> {
        params.checked()?;
        Ok(Self { params, machine: Arc::new(Machine::new(intercept, linear, factors)?) })
    }
}

impl Transformer for FmRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        schema_with(schema, &params.text(&shared::FEATURES_COL)?, &params.text(&shared::PREDICTION_COL)?)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let machine = self.machine.clone();
        let (features, prediction) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::PREDICTION_COL)?);
        with_numbers(data, &features, &prediction, machine.width(), move |row| machine.predict(row))
    }
}

impl Object for FmRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &FM_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let machine = &self.machine;
        Ok(match name {
            "intercept" => MlValue::Float(machine.intercept),
            "linear" => MlValue::Vector(machine.linear.clone()),
            "factors" => MlValue::Matrix(machine.factors.clone()),
            "numFeatures" => MlValue::Int(machine.width() as i64),
            "predict" => MlValue::Float(machine.predict(vector_argument(args, machine.width())?.as_ref())),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        let [size, linear, intercept] = crate::factorization::described(&self.params);
        format!(
            "FMRegressionModel: uid={}, numFeatures={}, factorSize={size}, fitLinear={linear}, fitIntercept={intercept}",
            self.params.uid(),
            self.machine.width()
        )
    }
}

impl Model for FmRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, ..self.clone() }))
    }
}
