//! How well a generalized linear regression does on a data set (`GeneralizedLinearRegressionSummary`).

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::declare::OFFSET_COL;
use super::family::Family;
use super::irls::Glm;
use super::model::Linear;
use super::normal_distribution;
use crate::attribute::AttributeGroup;
use crate::dataset::doubles;
use crate::param::{Params, shared};
use crate::regression::linear_regression::two_sided;
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

const MEMBERS: [MemberDecl; 17] = [
    MemberDecl::attribute("predictions", "The data with the model's predictions."),
    MemberDecl::attribute("predictionCol", "Field in predictions which gives the predicted value of each instance."),
    MemberDecl::attribute("numInstances", "Number of instances in the predictions."),
    MemberDecl::attribute("rank", "The numeric rank of the fitted linear model."),
    MemberDecl::attribute("degreesOfFreedom", "Degrees of freedom."),
    MemberDecl::attribute("residualDegreeOfFreedom", "The residual degrees of freedom."),
    MemberDecl::attribute("residualDegreeOfFreedomNull", "The residual degrees of freedom for the null model."),
    MemberDecl::method("residuals", &["residualsType='deviance'"], "The residuals of the model: deviance, pearson, working or response."),
    MemberDecl::attribute("nullDeviance", "The deviance for the null model, which has an intercept alone."),
    MemberDecl::attribute("deviance", "The deviance for the fitted model."),
    MemberDecl::attribute(
        "dispersion",
        "The dispersion: 1 for binomial and poisson, else Pearson's χ² by the residual degrees of freedom.",
    ),
    MemberDecl::attribute("aic", "Akaike's An Information Criterion (AIC) for the fitted model."),
    MemberDecl::attribute("numIterations", "Number of training iterations."),
    MemberDecl::attribute("solver", "The numeric solver used for training."),
    MemberDecl::attribute("coefficientStandardErrors", "Standard error of estimated coefficients and, last, intercept."),
    MemberDecl::attribute("tValues", "T-statistic of estimated coefficients and, last, intercept."),
    MemberDecl::attribute("pValues", "Two-sided p-value of estimated coefficients and, last, intercept."),
];

pub static GENERALIZED_LINEAR_REGRESSION_SUMMARY: StageDecl =
    StageDecl::summary("GeneralizedLinearRegressionSummary", "regression", "How well a generalized linear regression does on a data set.")
        .members(MEMBERS.split_at(12).0);
pub static GENERALIZED_LINEAR_REGRESSION_TRAINING_SUMMARY: StageDecl = StageDecl::summary(
    "GeneralizedLinearRegressionTrainingSummary",
    "regression",
    "How well a generalized linear regression does on the data it was trained on.",
)
.members(&MEMBERS);

/// What a summary knows of the training.
#[derive(Clone, Debug)]
pub(super) struct Training {
    /// The diagonal of (AᵀWA)⁻¹ at the last iteration, where there is one.
    pub inverse_diagonal: Option<Vec<f64>>,
    pub iterations: usize,
}

/// `pyspark.ml.regression.GeneralizedLinearRegressionSummary`, of a training or of another data set.
pub struct GeneralizedLinearRegressionSummary {
    glm: Arc<Glm>,
    linear: Arc<Linear>,
    predictions: DataFrame,
    prediction: Arc<str>,
    label: Arc<str>,
    features: Arc<str>,
    weight: Option<Arc<str>>,
    offset: Option<Arc<str>>,
    training: Option<Training>,
    /// Read when first asked for.
    rows: OnceLock<Vec<Observed>>,
}

#[derive(Clone, Copy)]
struct Observed {
    label: f64,
    mean: f64,
    weight: f64,
    offset: f64,
}

impl GeneralizedLinearRegressionSummary {
    pub(super) fn new(
        params: &Params,
        glm: Arc<Glm>,
        linear: Arc<Linear>,
        predictions: DataFrame,
        prediction: Arc<str>,
        training: Option<Training>,
    ) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            glm,
            linear,
            predictions,
            prediction,
            label: checked.text(&shared::LABEL_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            offset: checked.opt_column(&OFFSET_COL),
            training,
            rows: OnceLock::new(),
        })
    }

    fn number(&self, name: &str) -> Result<Column> {
        Ok(self.predictions.col(name)?.cast(DataType::Double))
    }

    fn rows(&self) -> Result<&[Observed]> {
        if let Some(rows) = self.rows.get() {
            return Ok(rows);
        }
        let mut columns = vec![self.number(&self.label)?, self.number(&self.prediction)?];
        for name in self.weight.iter().chain(&self.offset) {
            columns.push(self.number(name)?);
        }
        let mut rows = Vec::new();
        for batch in self.predictions.select(&columns)?.partitions()? {
            let columns: Vec<Vec<f64>> = batch.columns.iter().map(doubles).collect();
            let weights = self.weight.as_ref().map(|_| &columns[2]);
            let offsets = self.offset.as_ref().map(|_| &columns[columns.len() - 1]);
            rows.extend((0..columns[0].len()).map(|i| Observed {
                label: columns[0][i],
                mean: columns[1][i],
                weight: weights.map_or(1.0, |w| w[i]),
                offset: offsets.map_or(0.0, |o| o[i]),
            }));
        }
        Ok(self.rows.get_or_init(|| rows))
    }

    fn sum(&self, of: impl Fn(&Observed) -> f64) -> Result<f64> {
        Ok(self.rows()?.iter().map(of).sum())
    }

    fn rank(&self) -> i64 {
        self.linear.coefficients.len() as i64 + i64::from(self.glm.fit_intercept)
    }

    fn instances(&self) -> Result<i64> {
        Ok(self.rows()?.len() as i64)
    }

    fn freedom(&self) -> Result<i64> {
        Ok(self.instances()? - self.rank())
    }

    fn deviance(&self) -> Result<f64> {
        self.sum(|r| self.glm.family.deviance(r.label, r.mean, r.weight))
    }

    fn null_deviance(&self) -> Result<f64> {
        let (rows, Glm { family, link, .. }) = (self.rows()?, &*self.glm);
        let intercept = if !self.glm.fit_intercept {
            0.0
        } else if self.offset.is_none() || self.glm.is_least_squares() {
            link.link(self.sum(|r| (r.label - r.offset) * r.weight)? / self.sum(|r| r.weight)?)
        } else {
            self.glm.intercept_alone(&rows.iter().map(|r| (r.label, r.weight, r.offset)).collect::<Vec<_>>())?
        };
        self.sum(|r| family.deviance(r.label, link.unlink(intercept + r.offset), r.weight))
    }

    fn dispersion(&self) -> Result<f64> {
        if !self.glm.dispersed {
            return Ok(1.0);
        }
        let family = self.glm.family;
        let pearson = self.sum(|r| (r.label - r.mean) * (r.label - r.mean) * r.weight / family.variance(r.mean))?;
        Ok(pearson / self.freedom()? as f64)
    }

    fn aic(&self) -> Result<f64> {
        let (family, deviance) = (self.glm.family, self.deviance()?);
        let dispersion = deviance / self.sum(|r| r.weight)?;
        let sum = self.sum(|r| family.aic(r.label, r.mean, r.weight, dispersion))?;
        let n = self.instances()? as f64;
        let of_family = match family {
            Family::Gaussian => n * (libm::log(deviance / n * 2.0 * std::f64::consts::PI) + 1.0) + 2.0 + sum,
            Family::Gamma => sum + 2.0,
            Family::Tweedie(_) => return Err(Error::unsupported("No AIC available for the tweedie family")),
            _ => sum,
        };
        Ok(of_family + 2.0 * self.rank() as f64)
    }

    fn standard_errors(&self, what: &str) -> Result<Vec<f64>> {
        let Some(diagonal) = self.training.as_ref().and_then(|training| training.inverse_diagonal.as_ref()) else {
            return Err(Error::unsupported(format!("No {what} available for this GeneralizedLinearRegressionModel")));
        };
        let dispersion = self.dispersion()?;
        Ok(diagonal.iter().map(|d| libm::sqrt(d * dispersion)).collect())
    }

    fn estimates(&self) -> impl Iterator<Item = f64> {
        self.linear.coefficients.iter().copied().chain(self.glm.fit_intercept.then_some(self.linear.intercept))
    }

    fn t_values(&self, what: &str) -> Result<Vec<f64>> {
        Ok(self.estimates().zip(self.standard_errors(what)?).map(|(estimate, error)| estimate / error).collect())
    }

    fn p_values(&self) -> Result<Vec<f64>> {
        let freedom = self.freedom()? as f64;
        let values = self.t_values("p-value")?.into_iter();
        Ok(values.map(|t| if self.glm.dispersed { two_sided(t, freedom) } else { normal_distribution::two_sided(t) }).collect())
    }

    fn residuals(&self, kind: &str) -> Result<DataFrame> {
        let glm = self.glm.clone();
        let (family, link) = (glm.family, glm.link);
        let of: Arc<dyn Fn(f64, f64, f64) -> f64 + Send + Sync> = match kind {
            "deviance" => Arc::new(move |y, mu, w| libm::sqrt(family.deviance(y, mu, w).max(0.0)) * if y > mu { 1.0 } else { -1.0 }),
            "pearson" => Arc::new(move |y, mu, w| (y - mu) * libm::sqrt(w) / libm::sqrt(family.variance(mu))),
            "working" => Arc::new(move |y, mu, _| (y - mu) * link.derivative(mu)),
            "response" => Arc::new(|y, mu, _| y - mu),
            other => {
                return Err(Error::unsupported(format!(
                    "The residuals type {other} is not supported by Generalized Linear Regression. It can be deviance, pearson, working or \
                     response."
                )));
            }
        };
        let name = format!("{kind}Residuals");
        let mut args = vec![self.number(&self.label)?, self.number(&self.prediction)?];
        if let Some(weight) = &self.weight {
            args.push(self.number(weight)?);
        }
        let field = Field::new(name.as_str(), DataType::Double, true);
        let column = Column::native(name.as_str(), args, field, move |_, args, _| {
            let columns: Vec<Vec<f64>> = args.iter().map(doubles).collect();
            let residual = |i: usize| of(columns[0][i], columns[1][i], columns.get(2).map_or(1.0, |w| w[i]));
            Ok(Arc::new(Float64Array::from_iter_values((0..columns[0].len()).map(residual))) as ArrayRef)
        });
        self.predictions.select(&[column.alias(name)])
    }

    /// The table that R prints.
    fn table(&self) -> Result<String> {
        let no = "summary";
        let (errors, t, p) = (self.standard_errors(no)?, self.t_values(no)?, self.p_values()?);
        let estimates: Vec<f64> = self.estimates().collect();
        let names = AttributeGroup::of(self.predictions.schema().field(&self.features)?).and_then(|group| group.names());
        let width = self.linear.coefficients.len();
        let name = |i: usize| match names.as_ref().and_then(|names| names.get(i)) {
            Some(Some(name)) => name.to_string(),
            _ => format!("{}_{i}", self.features),
        };
        let mut rows = vec![["Feature", "Estimate", "Std Error", "T Value", "P Value"].map(str::to_owned)];
        for i in self.glm.fit_intercept.then_some(width).into_iter().chain(0..width) {
            let feature = if i == width { "(Intercept)".to_owned() } else { name(i) };
            rows.push([feature, rounded(estimates[i]), rounded(errors[i]), rounded(t[i]), rounded(p[i])].map(shortened));
        }
        let widths: [usize; 5] = std::array::from_fn(|j| rows.iter().map(|row| row[j].chars().count()).max().unwrap_or(0));
        let mut text = String::from("Coefficients:\n");
        for row in &rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
            let _ = writeln!(text, "{}", cells.join(" "));
        }
        let (family, freedom) = (self.glm.family, self.freedom()?);
        let _ = writeln!(text, "\n(Dispersion parameter for {} family taken to be {})", family.name(), rounded(self.dispersion()?));
        let null = format!("Null deviance: {} on {freedom} degrees of freedom", rounded(self.null_deviance()?));
        let residual = format!("Residual deviance: {} on {freedom} degrees of freedom", rounded(self.deviance()?));
        let width = null.len().max(residual.len());
        let _ = write!(text, "{null:>width$}\n{residual:>width$}");
        if !matches!(family, Family::Tweedie(_)) {
            let _ = write!(text, "\nAIC: {}", rounded(self.aic()?));
        }
        Ok(text)
    }
}

/// Four decimals of the shortest text of a number, halves away from zero.
fn rounded(x: f64) -> String {
    if !x.is_finite() {
        return java_double(x);
    }
    let text = format!("{}", x.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(4)).collect();
    if fraction.as_bytes().get(4).is_some_and(|digit| *digit >= b'5') {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
    }
    let sign = if x < 0.0 && digits.iter().any(|digit| *digit != b'0') { "-" } else { "" };
    let digits: String = digits.into_iter().map(char::from).collect();
    let (whole, fraction) = digits.split_at(digits.len() - 4);
    format!("{sign}{whole}.{fraction}")
}

/// At most twenty letters.
fn shortened(cell: String) -> String {
    if cell.chars().count() > 20 { cell.chars().take(17).chain("...".chars()).collect() } else { cell }
}

impl Object for GeneralizedLinearRegressionSummary {
    fn decl(&self) -> &'static StageDecl {
        if self.training.is_some() { &GENERALIZED_LINEAR_REGRESSION_TRAINING_SUMMARY } else { &GENERALIZED_LINEAR_REGRESSION_SUMMARY }
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let float = |value: Result<f64>| value.map(MlValue::Float);
        let int = |value: Result<i64>| value.map(MlValue::Int);
        match (name, &self.training) {
            ("predictions", _) => Ok(MlValue::DataFrame(self.predictions.clone())),
            ("predictionCol", _) => Ok(MlValue::from(&*self.prediction)),
            ("numInstances", _) => int(self.instances()),
            ("rank", _) => int(Ok(self.rank())),
            ("degreesOfFreedom" | "residualDegreeOfFreedom", _) => int(self.freedom()),
            ("residualDegreeOfFreedomNull", _) => int(Ok(self.instances()? - i64::from(self.glm.fit_intercept))),
            ("residuals", _) => match args {
                [] | [MlValue::None] => Ok(MlValue::DataFrame(self.residuals("deviance")?)),
                [MlValue::Text(kind)] => Ok(MlValue::DataFrame(self.residuals(kind)?)),
                _ => Err(Error::type_error("residuals() takes the name of a type of residuals.")),
            },
            ("nullDeviance", _) => float(self.null_deviance()),
            ("deviance", _) => float(self.deviance()),
            ("dispersion", _) => float(self.dispersion()),
            ("aic", _) => float(self.aic()),
            ("numIterations", Some(training)) => Ok(MlValue::Int(training.iterations as i64)),
            ("solver", Some(_)) => Ok(MlValue::from("irls")),
            ("coefficientStandardErrors", Some(_)) => Ok(MlValue::floats(self.standard_errors("Std. Error of coefficients")?)),
            ("tValues", Some(_)) => Ok(MlValue::floats(self.t_values("t-statistic")?)),
            ("pValues", Some(_)) => Ok(MlValue::floats(self.p_values()?)),
            _ => Err(self.no_member(name)),
        }
    }

    /// Of a training its table, as far as there is one.
    fn describe(&self) -> String {
        if self.training.is_none() {
            return self.decl().name.to_owned();
        }
        self.table().unwrap_or_else(|error| error.message().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_are_rounded_as_decimals_are() {
        for (x, text) in [(1.00005, "1.0001"), (-0.00001, "0.0000"), (9.99995, "10.0000"), (-2.5, "-2.5000"), (1e12, "1000000000000.0000")]
        {
            assert_eq!(rounded(x), text);
        }
    }
}
