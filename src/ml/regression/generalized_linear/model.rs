use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_linalg::{Vector, VectorRef, kernels};
use kindling_partition::{Error, Result};

use super::declare::{GENERALIZED_LINEAR_REGRESSION_MODEL, LINK, LINK_PREDICTION_COL, OFFSET_COL};
use super::estimator::glm;
use super::irls::Glm;
use super::summary::{GeneralizedLinearRegressionSummary, Training};
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::doubles;
use crate::param::{Params, shared};
use crate::regression::regressor::number_field;
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::tree::ensemble::each_row;
use crate::value::MlValue;

/// `pyspark.ml.regression.GeneralizedLinearRegressionModel`.
#[derive(Clone)]
pub struct GeneralizedLinearRegressionModel {
    params: Params,
    linear: Arc<Linear>,
    glm: Arc<Glm>,
    summary: Option<Arc<GeneralizedLinearRegressionSummary>>,
}

/// The fitted numbers.
pub(super) struct Linear {
    pub coefficients: Vec<f64>,
    pub intercept: f64,
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

impl GeneralizedLinearRegressionModel {
    /// A model of given coefficients.
    ///
    /// # Errors
    /// When a param is out of range.
    pub fn new(params: Params, coefficients: Vec<f64>, intercept: f64) -> Result<Self> {
        let glm = Arc::new(glm(params.checked()?)?);
        Ok(Self { glm, linear: Arc::new(Linear { coefficients, intercept }), summary: None, params })
    }

    pub(super) fn with_training(mut self, data: &DataFrame, inverse_diagonal: Option<Vec<f64>>, iterations: usize) -> Result<Self> {
        self.summary = Some(Arc::new(self.summarise(data, Some(Training { inverse_diagonal, iterations }))?));
        Ok(self)
    }

    fn summarise(&self, data: &DataFrame, training: Option<Training>) -> Result<GeneralizedLinearRegressionSummary> {
        let mut prediction = self.params.checked()?.text(&shared::PREDICTION_COL)?;
        if prediction.is_empty() {
            prediction = format!("prediction_{}", self.params.uid()).into();
        }
        let predictions = self.add_columns(data, &prediction)?;
        GeneralizedLinearRegressionSummary::new(&self.params, self.glm.clone(), self.linear.clone(), predictions, prediction, training)
    }

    /// Of a column that the model adds: null where an offset may be.
    fn field(&self, name: &Arc<str>, schema: &Schema) -> Result<Field> {
        let offset = self.params.checked()?.opt_column(&OFFSET_COL);
        let nullable = offset.map(|offset| schema.field(&offset).map(|field| field.nullable)).transpose()?.unwrap_or(false);
        Ok(Field { nullable, ..number_field(name) })
    }

    /// The linear predictors, when asked for, and the means of the rows.
    fn add_columns(&self, data: &DataFrame, prediction: &Arc<str>) -> Result<DataFrame> {
        let params = self.params.checked()?;
        let mut args = vec![data.col(&params.text(&shared::FEATURES_COL)?)?];
        if let Some(offset) = params.opt_column(&OFFSET_COL) {
            args.push(data.col(&offset)?.cast(DataType::Double));
        }
        let mut data = data.clone();
        let link = params.opt_column(&LINK_PREDICTION_COL);
        for (name, mean) in [(link.as_ref(), false), (Some(prediction).filter(|name| !name.is_empty()), true)] {
            let Some(name) = name else { continue };
            let (linear, glm) = (self.linear.clone(), self.glm.clone());
            let field = self.field(name, data.schema())?;
            let column = Column::native(name.clone(), args.clone(), field, move |executor, args, _| {
                let mut etas = each_row(executor, &args[0], linear.coefficients.len(), 1, |row, out| out[0] = linear.predict(row))?;
                if let Some(offsets) = args.get(1) {
                    etas.iter_mut().zip(doubles(offsets)).for_each(|(eta, offset)| *eta += offset);
                }
                if mean {
                    etas.iter_mut().for_each(|eta| *eta = glm.fitted(*eta));
                }
                Ok(Arc::new(Float64Array::from(etas)) as ArrayRef)
            });
            data = data.with_column(name, &column)?;
        }
        Ok(data)
    }
}

impl Transformer for GeneralizedLinearRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        check::vector_column(schema, &params.text(&shared::FEATURES_COL)?)?;
        let mut schema = schema.clone();
        for name in params.opt_column(&LINK_PREDICTION_COL).into_iter().chain(params.opt_column(&shared::PREDICTION_COL)) {
            schema = check::append(&schema, self.field(&name, &schema)?)?;
        }
        Ok(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        self.add_columns(data, &self.params.checked()?.text(&shared::PREDICTION_COL)?)
    }
}

impl Object for GeneralizedLinearRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &GENERALIZED_LINEAR_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let linear = &self.linear;
        Ok(match name {
            "coefficients" => MlValue::Vector(Vector::Dense(linear.coefficients.clone())),
            "intercept" => MlValue::Float(linear.intercept),
            "numFeatures" => MlValue::Int(linear.coefficients.len() as i64),
            "hasSummary" => MlValue::Bool(self.summary.is_some()),
            "summary" => match &self.summary {
                Some(summary) => MlValue::Object(summary.clone()),
                None => return Err(Error::runtime(format!("No training summary available for this {}", self.decl().name))),
            },
            "evaluate" => match args {
                [MlValue::DataFrame(data)] => MlValue::Object(Arc::new(self.summarise(data, None)?)),
                _ => return Err(Error::type_error("evaluate() takes one DataFrame.")),
            },
            "predict" => MlValue::Float(self.glm.fitted(linear.predict(vector_argument(args, linear.coefficients.len())?.as_ref()))),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        let text = |value: Option<MlValue>| if let Some(MlValue::Text(text)) = value { text } else { Arc::from("") };
        format!(
            "GeneralizedLinearRegressionModel: uid={}, family={}, link={}, numFeatures={}",
            self.params.uid(),
            text(self.params.get("family")),
            text(self.params.get(LINK.name)),
            self.linear.coefficients.len()
        )
    }
}

impl Model for GeneralizedLinearRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let glm = Arc::new(glm(params.checked()?)?);
        Ok(Arc::new(Self { glm, params, ..self.clone() }))
    }
}
