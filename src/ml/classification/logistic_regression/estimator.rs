use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::bounds::Bounds;
use super::declare::{FAMILY, LOGISTIC_REGRESSION_MODEL, THRESHOLD};
use super::fit::{Settings, fit};
use super::model::LogisticRegressionModel;
use crate::attribute::Attribute;
use crate::check;
use crate::classification::probabilistic::{Decision, Outputs, check_thresholds};
use crate::dataset::{InstanceColumns, Instances, LabelKind};
use crate::param::{Checked, Params, shared};
use crate::stage::{Estimator, Model};
use crate::task::Task;

/// `pyspark.ml.classification.LogisticRegression` with checked params.
pub struct LogisticRegression {
    params: Params,
    family: String,
    label: Arc<str>,
    features: Arc<str>,
    weight: Option<Arc<str>>,
    thresholds: Option<Vec<f64>>,
    settings: Settings,
}

impl LogisticRegression {
    /// # Errors
    /// When a param is out of its range, `threshold` and `thresholds` contradict each other, or bounds don't go with other params.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let thresholds = checked.opt_floats(&shared::THRESHOLDS);
        if let Some(thresholds) = &thresholds {
            check_thresholds(thresholds)?;
        }
        threshold(checked)?;
        Ok(Self {
            family: checked.choice(&FAMILY)?,
            label: checked.text(&shared::LABEL_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            thresholds,
            settings: Settings {
                reg_param: checked.float(&shared::REG_PARAM)?,
                elastic_net_param: checked.float(&shared::ELASTIC_NET_PARAM)?,
                fit_intercept: checked.bool(&shared::FIT_INTERCEPT)?,
                standardization: checked.bool(&shared::STANDARDIZATION)?,
                max_iter: checked.count(&shared::MAX_ITER)?,
                tol: checked.float(&shared::TOL)?,
                multinomial: false,
                bounds: Bounds::new(checked)?,
            },
            params: params.clone(),
        })
    }

    fn is_multinomial(&self, classes: usize) -> Result<bool> {
        match (self.family.as_str(), classes) {
            ("multinomial", _) => Ok(true),
            ("binomial", 3..) => Err(Error::illegal_argument(format!(
                "requirement failed: Binomial family only supports 1 or 2 outcome classes but found {classes}."
            ))),
            ("binomial", _) => Ok(false),
            _ => Ok(classes > 2),
        }
    }
}

impl Estimator for LogisticRegression {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        check::numeric_column(schema, &self.label)?;
        if let Some(weight) = &self.weight {
            check::numeric_column(schema, weight)?;
        }
        Outputs::new(self.params.checked()?, Decision::Most)?.schema(schema, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let known = Attribute::of(data.schema().field(&self.label)?).as_ref().and_then(Attribute::categories);
        let columns = InstanceColumns {
            features: &self.features,
            label: Some((&self.label, LabelKind::Classes { classes: None })),
            weight: self.weight.as_deref(),
        };
        let instances = Instances::read(data, &columns)?;
        let partitions = instances.tasks();
        let histogram = histogram(&partitions, known)?;
        let classes = histogram.len();
        if let Some(thresholds) = &self.thresholds {
            Decision::by_thresholds("LogisticRegression", Some(thresholds.clone()), classes)?;
        }
        let settings = Settings { multinomial: self.is_multinomial(classes)?, ..self.settings.clone() };
        let fitted = fit(data.session().executor(), &partitions, instances.width, &histogram, &settings)?;
        let model = LogisticRegressionModel::new(
            self.params.for_model(&LOGISTIC_REGRESSION_MODEL),
            &fitted,
            instances.width,
            classes,
            settings.multinomial,
        )?;
        Ok(Arc::new(model.with_training(data, fitted.objective_history)?))
    }
}

/// The weight of each class, in partition order.
///
/// # Errors
/// When the metadata of the label column knows fewer classes than there are.
pub(crate) fn histogram(partitions: &[Task<'_>], known: Option<usize>) -> Result<Vec<f64>> {
    let mut histogram = vec![0.0; known.unwrap_or(0)];
    for partition in partitions {
        for (i, label) in partition.labels.iter().enumerate() {
            let class = *label as usize;
            if class >= histogram.len() {
                if let Some(known) = known {
                    return Err(Error::illegal_argument(format!(
                        "requirement failed: Specified number of classes {known} was less than the number of unique labels {}.",
                        class + 1
                    )));
                }
                if class > 1 << 20 {
                    return Err(Error::illegal_argument(format!(
                        "The label {label} would make {} classes. Labels are the numbers of classes, from 0; StringIndexer makes them.",
                        class + 1
                    )));
                }
                histogram.resize(class + 1, 0.0);
            }
            histogram[class] += partition.weight(i);
        }
    }
    // One class alone, 0: Spark's histogram then has one entry, and binomial regression needs the other.
    Ok(histogram)
}

/// The probability over which class 1 is predicted: `threshold`, or what `thresholds` of two classes come to.
///
/// # Errors
/// When both are set and differ.
pub(super) fn threshold(params: Checked<'_>) -> Result<Option<f64>> {
    let thresholds = params.opt_floats(&shared::THRESHOLDS);
    let equivalent = match thresholds.as_deref() {
        Some([zero, one]) => Some(1.0 / (1.0 + zero / one)),
        _ => None,
    };
    if !params.is_set(&THRESHOLD) {
        return Ok(if thresholds.is_some() { equivalent } else { Some(params.float(&THRESHOLD)?) });
    }
    let threshold = params.float(&THRESHOLD)?;
    match (thresholds, equivalent) {
        (None, _) => Ok(Some(threshold)),
        (Some(_), Some(other)) if (other - threshold).abs() < 1e-5 => Ok(Some(other)),
        (Some(thresholds), other) => Err(Error::illegal_argument(format!(
            "requirement failed: Logistic Regression found inconsistent values for threshold ({threshold}) and thresholds ({thresholds:?}{}). \
             Clear one of the two.",
            other.map(|t| format!(", equivalent to {t}")).unwrap_or_default()
        ))),
    }
}
