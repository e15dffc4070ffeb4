use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::{Vector, VectorRef, kernels};
use kindling_partition::{Error, Result};

use super::declare::LINEAR_REGRESSION_MODEL;
use super::summary::{LinearRegressionSummary, Training};
use crate::classification::vector_argument;
use crate::param::{Params, shared};
use crate::regression::regressor::{schema_with, with_numbers};
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// `pyspark.ml.regression.LinearRegressionModel`.
#[derive(Clone)]
pub struct LinearRegressionModel {
    params: Params,
    linear: Arc<Linear>,
    features: Arc<str>,
    prediction: Arc<str>,
    summary: Option<Arc<LinearRegressionSummary>>,
}

/// The fitted numbers.
#[derive(Debug)]
struct Linear {
    coefficients: Vec<f64>,
    intercept: f64,
    scale: f64,
}

impl Linear {
    fn predict(&self, row: VectorRef<'_>) -> f64 {
        let product = match row {
            VectorRef::Dense(x) => kernels::dot(&self.coefficients, x),
            sparse => sparse.dot(&self.coefficients),
        };
        product + self.intercept
    }
}

impl LinearRegressionModel {
    /// A model of given coefficients.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, coefficients: Vec<f64>, intercept: f64, scale: f64) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            linear: Arc::new(Linear { coefficients, intercept, scale }),
            summary: None,
            params,
        })
    }

    pub(super) fn with_training(
        mut self,
        data: &DataFrame,
        objective_history: Vec<f64>,
        inverse_diagonal: Option<Vec<f64>>,
    ) -> Result<Self> {
        let training = Training { objective_history: Some(objective_history), inverse_diagonal };
        self.summary = Some(Arc::new(self.summarise(data, training)?));
        Ok(self)
    }

    fn summarise(&self, data: &DataFrame, training: Training) -> Result<LinearRegressionSummary> {
        let prediction: Arc<str> =
            if self.prediction.is_empty() { format!("prediction_{}", self.params.uid()).into() } else { self.prediction.clone() };
        let predictions = self.predictions(data, &prediction)?;
        let linear = &self.linear;
        LinearRegressionSummary::new(&self.params, predictions, &prediction, linear.coefficients.clone(), linear.intercept, training)
    }

    fn predictions(&self, data: &DataFrame, name: &Arc<str>) -> Result<DataFrame> {
        let linear = self.linear.clone();
        with_numbers(data, &self.features, name, linear.coefficients.len(), move |row| linear.predict(row))
    }
}

impl Transformer for LinearRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        schema_with(schema, &self.features, &self.prediction)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        self.predictions(data, &self.prediction)
    }
}

impl Object for LinearRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &LINEAR_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let linear = &self.linear;
        Ok(match name {
            "coefficients" => MlValue::Vector(Vector::Dense(linear.coefficients.clone())),
            "intercept" => MlValue::Float(linear.intercept),
            "scale" => MlValue::Float(linear.scale),
            "numFeatures" => MlValue::Int(linear.coefficients.len() as i64),
            "hasSummary" => MlValue::Bool(self.summary.is_some()),
            "summary" => match &self.summary {
                Some(summary) => MlValue::Object(summary.clone()),
                None => return Err(Error::runtime(format!("No training summary available for this {}", self.decl().name))),
            },
            "evaluate" => match args {
                [MlValue::DataFrame(data)] => {
                    MlValue::Object(Arc::new(self.summarise(data, Training { objective_history: None, inverse_diagonal: None })?))
                }
                _ => return Err(Error::type_error("evaluate() takes one DataFrame.")),
            },
            "predict" => MlValue::Float(linear.predict(vector_argument(args, linear.coefficients.len())?.as_ref())),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("LinearRegressionModel: uid={}, numFeatures={}", self.params.uid(), self.linear.coefficients.len())
    }
}

impl Model for LinearRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let checked = params.checked()?;
        let (features, prediction) = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::PREDICTION_COL)?);
        Ok(Arc::new(Self { features, prediction, params, ..self.clone() }))
    }
}
