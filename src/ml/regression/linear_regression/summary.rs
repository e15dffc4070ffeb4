//! How well a linear regression does on a data set (`org.apache.spark.ml.regression.LinearRegressionSummary`).

use std::sync::{Arc, OnceLock};

use kindling_frame::{Column, DataFrame, DataType};
use kindling_partition::{Error, Result};

use super::student_t::two_sided;
use crate::dataset::doubles;
use crate::evaluation::{Observed, RegressionMetrics};
use crate::param::{Params, shared};
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

const MEMBERS: [MemberDecl; 17] = [
    MemberDecl::attribute("predictions", "The data with the model's predictions."),
    MemberDecl::attribute("predictionCol", "Field in predictions which gives the predicted value of the label at each instance."),
    MemberDecl::attribute("labelCol", "Field in predictions which gives the true label of each instance."),
    MemberDecl::attribute("featuresCol", "Field in predictions which gives the features of each instance as a vector."),
    MemberDecl::attribute("residuals", "Residuals (label - predicted value), a DataFrame."),
    MemberDecl::attribute("rootMeanSquaredError", "The square root of the mean squared error."),
    MemberDecl::attribute("meanSquaredError", "The mean of the squared residuals."),
    MemberDecl::attribute("meanAbsoluteError", "The mean of the absolute residuals."),
    MemberDecl::attribute("explainedVariance", "The mean of (predicted value - mean label) squared."),
    MemberDecl::attribute("r2", "R squared, the coefficient of determination."),
    MemberDecl::attribute("r2adj", "Adjusted R squared, the adjusted coefficient of determination."),
    MemberDecl::attribute("numInstances", "Number of instances in the predictions."),
    MemberDecl::attribute("degreesOfFreedom", "Degrees of freedom."),
    MemberDecl::attribute("devianceResiduals", "The weighted residuals: the least and the greatest."),
    MemberDecl::attribute(
        "coefficientStandardErrors",
        "Standard error of estimated coefficients and, last, intercept. Only for the \"normal\" solver.",
    ),
    MemberDecl::attribute("tValues", "T-statistic of estimated coefficients and, last, intercept. Only for the \"normal\" solver."),
    MemberDecl::attribute("pValues", "Two-sided p-value of estimated coefficients and, last, intercept. Only for the \"normal\" solver."),
];

const TRAINING_MEMBERS: [MemberDecl; 19] = {
    let mut members =
        [MemberDecl::attribute("objectiveHistory", "Objective function (scaled loss + regularization) at each iteration."); 19];
    let mut i = 0;
    while i < MEMBERS.len() {
        members[i] = MEMBERS[i];
        i += 1;
    }
    members[17] = MemberDecl::attribute("objectiveHistory", "Objective function (scaled loss + regularization) at each iteration.");
    members[18] = MemberDecl::attribute("totalIterations", "Number of training iterations until termination.");
    members
};

pub static LINEAR_REGRESSION_SUMMARY: StageDecl =
    StageDecl::summary("LinearRegressionSummary", "regression", "How well a linear regression does on a data set.").members(&MEMBERS);
pub static LINEAR_REGRESSION_TRAINING_SUMMARY: StageDecl =
    StageDecl::summary("LinearRegressionTrainingSummary", "regression", "How well a linear regression does on the data it was trained on.")
        .members(&TRAINING_MEMBERS);

/// What a summary knows of the training; nothing when it is of another data set.
#[derive(Clone, Debug)]
pub(super) struct Training {
    pub objective_history: Option<Vec<f64>>,
    pub inverse_diagonal: Option<Vec<f64>>,
}

/// `pyspark.ml.regression.LinearRegressionSummary`, of a training or of another data set.
pub struct LinearRegressionSummary {
    predictions: DataFrame,
    prediction: Arc<str>,
    label: Arc<str>,
    features: Arc<str>,
    weight: Option<Arc<str>>,
    fit_intercept: bool,
    coefficients: Vec<f64>,
    intercept: f64,
    training: Training,
    /// Computed when first asked for.
    errors: OnceLock<Errors>,
}

/// What the errors come to.
#[derive(Clone, Copy, Debug)]
struct Errors {
    rows: usize,
    metrics: RegressionMetrics,
    /// The least and the greatest residual, each by the root of its weight.
    deviance: (f64, f64),
}

impl LinearRegressionSummary {
    pub(super) fn new(
        params: &Params,
        predictions: DataFrame,
        prediction: &Arc<str>,
        coefficients: Vec<f64>,
        intercept: f64,
        training: Training,
    ) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            predictions,
            prediction: prediction.clone(),
            label: checked.text(&shared::LABEL_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            fit_intercept: checked.bool(&shared::FIT_INTERCEPT)?,
            coefficients,
            intercept,
            training,
            errors: OnceLock::new(),
        })
    }

    fn errors(&self) -> Result<&Errors> {
        if let Some(errors) = self.errors.get() {
            return Ok(errors);
        }
        let data = &self.predictions;
        let number = |name: &str| Ok(data.col(name)?.cast(DataType::Double));
        let mut columns = vec![number(&self.prediction)?, number(&self.label)?];
        if let Some(weight) = &self.weight {
            columns.push(number(weight)?);
        }
        let batches = data.select(&columns)?.partitions()?;
        let observed: Vec<Observed> = batches
            .iter()
            .map(|b| Observed {
                predictions: doubles(&b.columns[0]),
                labels: doubles(&b.columns[1]),
                weights: b.columns.get(2).map(doubles),
            })
            .collect();
        let errors = Errors {
            rows: observed.iter().map(|o| o.labels.len()).sum(),
            metrics: RegressionMetrics::new(data.session().executor(), &observed)?,
            deviance: deviance(&observed),
        };
        Ok(self.errors.get_or_init(|| errors))
    }

    fn degrees_of_freedom(&self) -> Result<i64> {
        Ok(self.errors()?.rows as i64 - self.coefficients.len() as i64 - i64::from(self.fit_intercept))
    }

    fn r2(&self) -> Result<f64> {
        Ok(self.errors()?.metrics.r2(!self.fit_intercept))
    }

    fn standard_errors(&self, what: &str) -> Result<Vec<f64>> {
        let Some(diagonal) = &self.training.inverse_diagonal else {
            return Err(Error::unsupported(format!("No {what} available for this LinearRegressionModel")));
        };
        let metrics = &self.errors()?.metrics;
        let variance = metrics.mean_squared_error() * metrics.weight_sum() / self.degrees_of_freedom()? as f64;
        Ok(diagonal.iter().map(|d| libm::sqrt(d * variance)).collect())
    }

    fn t_values(&self, what: &str) -> Result<Vec<f64>> {
        let errors = self.standard_errors(what)?;
        let estimates = self.coefficients.iter().copied().chain(self.fit_intercept.then_some(self.intercept));
        Ok(estimates.zip(errors).map(|(estimate, error)| estimate / error).collect())
    }

    fn residuals(&self) -> Result<DataFrame> {
        let column: Column = self.predictions.col(&self.label)?.sub(&self.predictions.col(&self.prediction)?);
        self.predictions.select(&[column.alias("residuals")])
    }
}

/// The least and the greatest residual, each by the root of its weight.
fn deviance(observed: &[Observed]) -> (f64, f64) {
    let residuals = observed.iter().flat_map(|o| {
        let weight = |i: usize| o.weights.as_ref().map_or(1.0, |w| libm::sqrt(w[i]));
        o.labels.iter().zip(&o.predictions).enumerate().map(move |(i, (label, prediction))| (label - prediction) * weight(i))
    });
    residuals.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), r| (least.min(r), greatest.max(r)))
}

impl Object for LinearRegressionSummary {
    fn decl(&self) -> &'static StageDecl {
        if self.training.objective_history.is_some() { &LINEAR_REGRESSION_TRAINING_SUMMARY } else { &LINEAR_REGRESSION_SUMMARY }
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        let float = |value: f64| Ok(MlValue::Float(value));
        match name {
            "predictions" => Ok(MlValue::DataFrame(self.predictions.clone())),
            "predictionCol" => Ok(MlValue::from(&*self.prediction)),
            "labelCol" => Ok(MlValue::from(&*self.label)),
            "featuresCol" => Ok(MlValue::from(&*self.features)),
            "residuals" => Ok(MlValue::DataFrame(self.residuals()?)),
            "meanSquaredError" => float(self.errors()?.metrics.mean_squared_error()),
            "rootMeanSquaredError" => float(self.errors()?.metrics.root_mean_squared_error()),
            "meanAbsoluteError" => float(self.errors()?.metrics.mean_absolute_error()),
            "explainedVariance" => float(self.errors()?.metrics.explained_variance()),
            "r2" => float(self.r2()?),
            "r2adj" => {
                let (rows, intercept) = (self.errors()?.rows as f64, f64::from(u8::from(self.fit_intercept)));
                float(1.0 - (1.0 - self.r2()?) * (rows - intercept) / (rows - self.coefficients.len() as f64 - intercept))
            }
            "numInstances" => Ok(MlValue::Int(self.errors()?.rows as i64)),
            "degreesOfFreedom" => Ok(MlValue::Int(self.degrees_of_freedom()?)),
            "devianceResiduals" => {
                let (least, greatest) = self.errors()?.deviance;
                Ok(MlValue::floats([least, greatest]))
            }
            "coefficientStandardErrors" => Ok(MlValue::floats(self.standard_errors("Std. Error of coefficients")?)),
            "tValues" => Ok(MlValue::floats(self.t_values("t-statistic")?)),
            "pValues" => {
                let freedom = self.degrees_of_freedom()? as f64;
                Ok(MlValue::floats(self.t_values("p-value")?.into_iter().map(|t| two_sided(t, freedom))))
            }
            "objectiveHistory" | "totalIterations" => match &self.training.objective_history {
                Some(history) if name == "totalIterations" => Ok(MlValue::Int(history.len() as i64 - 1)),
                Some(history) => Ok(MlValue::floats(history.iter().copied())),
                None => Err(self.no_member(name)),
            },
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        self.decl().name.to_owned()
    }
}
