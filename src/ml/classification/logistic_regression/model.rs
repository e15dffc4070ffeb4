use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::logistic::softmax;
use kindling_linalg::{DenseMatrix, Matrix, Vector, VectorRef, kernels};
use kindling_partition::{Error, Result};

use super::declare::LOGISTIC_REGRESSION_MODEL;
use super::estimator::threshold;
use super::fit::Fitted;
use crate::classification::probabilistic::{Decision, Outputs, Scores, predict_member};
use crate::classification::summary::{ClassificationSummary, Family, Training};
use crate::param::{Params, shared};
use crate::persist::{Saved, Stored};
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// `pyspark.ml.classification.LogisticRegressionModel`.
#[derive(Clone)]
pub struct LogisticRegressionModel {
    params: Params,
    linear: Arc<Linear>,
    outputs: Outputs,
    summary: Option<Arc<ClassificationSummary>>,
}

/// Coefficients and intercepts, one set for binomial models, one for each class for multinomial ones.
struct Linear {
    matrix: Matrix,
    intercepts: Vector,
    classes: usize,
    width: usize,
    multinomial: bool,
    /// The matrix row after row, and the intercepts, for the loops.
    rows: Vec<f64>,
    offsets: Vec<f64>,
}

impl Linear {
    fn margin(&self, set: usize, row: VectorRef<'_>) -> f64 {
        let coefficients = &self.rows[set * self.width..(set + 1) * self.width];
        let product = match row {
            VectorRef::Dense(x) => kernels::dot(coefficients, x),
            sparse => sparse.dot(coefficients),
        };
        product + self.offsets[set]
    }
}

impl Scores for Linear {
    /// Margins come in pairs even when only one class was seen.
    fn classes(&self) -> usize {
        if self.multinomial { self.classes } else { 2 }
    }

    fn features(&self) -> usize {
        self.width
    }

    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]) {
        if self.multinomial {
            for (k, out) in out.iter_mut().enumerate() {
                *out = self.margin(k, row);
            }
        } else {
            let margin = self.margin(0, row);
            out.copy_from_slice(&[-margin, margin]);
        }
    }

    fn to_probability(&self, raw: &mut [f64]) {
        if self.multinomial {
            softmax(raw);
        } else {
            raw[0] = 1.0 / (1.0 + libm::exp(-raw[0]));
            raw[1] = 1.0 - raw[0];
        }
    }
}

impl LogisticRegressionModel {
    pub(super) fn new(params: Params, fitted: &Fitted, width: usize, classes: usize, multinomial: bool) -> Result<Self> {
        let sets = fitted.intercepts.len();
        let matrix = Matrix::Dense(DenseMatrix::new(sets, width, fitted.coefficients.clone(), true)?).compressed();
        let intercepts = Vector::Dense(fitted.intercepts.clone()).as_ref().compressed();
        Self::from_parts(params, matrix, intercepts, classes, multinomial)
    }

    /// A model of given coefficients: `sets` rows (1, or a class each when `multinomial`) and as many intercepts.
    ///
    /// # Errors
    /// When the matrix and the intercepts don't fit together, or the params are out of range.
    pub fn from_parts(params: Params, matrix: Matrix, intercepts: Vector, classes: usize, multinomial: bool) -> Result<Self> {
        if matrix.num_rows() != intercepts.size() {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Dimension mismatch! Expected coefficientMatrix.numRows == interceptVector.size, but {} != {}",
                matrix.num_rows(),
                intercepts.size()
            )));
        }
        let linear = Linear {
            rows: matrix.to_rows(),
            offsets: intercepts.to_dense(),
            width: matrix.num_cols(),
            matrix,
            intercepts,
            classes,
            multinomial,
        };
        let outputs = outputs(&params, &linear)?;
        Ok(Self { params, linear: Arc::new(linear), outputs, summary: None })
    }

    pub(super) fn load(params: Params, stored: &Stored<'_>) -> Result<Arc<dyn Model>> {
        let row = stored.row()?;
        let (matrix, intercepts) = (row.matrix("coefficientMatrix")?, row.vector("interceptVector")?);
        Ok(Arc::new(Self::from_parts(params, matrix, intercepts, row.count("numClasses")?, row.bool("isMultinomial")?)?))
    }

    /// The same model with the summary of its training.
    pub(super) fn with_training(mut self, data: &DataFrame, objective_history: Vec<f64>) -> Result<Self> {
        self.summary = Some(Arc::new(self.summarise(data, Some(Training { objective_history }))?));
        Ok(self)
    }

    fn summarise(&self, data: &DataFrame, training: Option<Training>) -> Result<ClassificationSummary> {
        let outputs = self.outputs.for_summary(self.params.uid());
        let predictions = outputs.transform(data, &self.scores())?;
        ClassificationSummary::new(
            Family::LogisticRegression,
            predictions,
            &self.params,
            outputs.prediction(),
            outputs.score(),
            self.linear.classes <= 2,
            training,
        )
    }

    fn scores(&self) -> Arc<dyn Scores> {
        self.linear.clone()
    }

    fn binomial(&self, what: &str, instead: &str) -> Result<()> {
        if self.linear.multinomial {
            return Err(Error::runtime(format!("Multinomial models contain a {what}, use {instead} instead.")));
        }
        Ok(())
    }

    pub fn coefficient_matrix(&self) -> &Matrix {
        &self.linear.matrix
    }

    pub fn intercept_vector(&self) -> &Vector {
        &self.linear.intercepts
    }
}

fn outputs(params: &Params, linear: &Linear) -> Result<Outputs> {
    let checked = params.checked()?;
    let decision = if linear.multinomial {
        Decision::by_thresholds("LogisticRegressionModel", checked.opt_floats(&shared::THRESHOLDS), linear.classes)?
    } else {
        let threshold = threshold(checked)?.ok_or_else(|| {
            Error::illegal_argument(
                "requirement failed: Logistic Regression getThreshold only applies to binary classification, but thresholds has length != 2.",
            )
        })?;
        Decision::Over(threshold, libm::log(threshold / (1.0 - threshold)))
    };
    Outputs::new(checked, decision)
}

impl Transformer for LogisticRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.outputs.schema(schema, Some(self.linear.classes()))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.outputs.transform(data, &self.scores())
    }
}

impl Object for LogisticRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &LOGISTIC_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let linear = &self.linear;
        Ok(match name {
            "coefficients" => {
                self.binomial("matrix of coefficients", "coefficientMatrix")?;
                let row = Vector::Dense(linear.rows.clone());
                MlValue::Vector(if matches!(linear.matrix, Matrix::Sparse(_)) { row.as_ref().compressed() } else { row })
            }
            "intercept" => {
                self.binomial("vector of intercepts", "interceptVector")?;
                MlValue::Float(linear.offsets[0])
            }
            "coefficientMatrix" => MlValue::Matrix(linear.matrix.clone()),
            "interceptVector" => MlValue::Vector(linear.intercepts.clone()),
            "numClasses" => MlValue::Int(linear.classes as i64),
            "numFeatures" => MlValue::Int(linear.width as i64),
            "hasSummary" => MlValue::Bool(self.summary.is_some()),
            "summary" => match &self.summary {
                Some(summary) => MlValue::Object(summary.clone()),
                None => return Err(Error::runtime(format!("No training summary available for this {}", self.decl().name))),
            },
            "evaluate" => match args {
                [MlValue::DataFrame(data)] => MlValue::Object(Arc::new(self.summarise(data, None)?)),
                _ => return Err(Error::type_error("evaluate() takes one DataFrame.")),
            },
            _ => match predict_member(&**linear, &self.outputs.decision, name, args) {
                Some(result) => result?,
                None => return Err(self.no_member(name)),
            },
        })
    }

    fn describe(&self) -> String {
        format!("LogisticRegressionModel: uid={}, numClasses={}, numFeatures={}", self.params.uid(), self.linear.classes, self.linear.width)
    }
}

impl Model for LogisticRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let outputs = outputs(&params, &self.linear)?;
        Ok(Arc::new(Self { params, outputs, ..self.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let linear = &self.linear;
        let values: [MlValue; 5] = [
            MlValue::Int(linear.classes as i64),
            MlValue::Int(linear.width as i64),
            linear.intercepts.clone().into(),
            linear.matrix.clone().into(),
            linear.multinomial.into(),
        ];
        Saved::row(self.decl(), values)
    }
}
