//! `xgboost.spark.SparkXGBClassifier`, `SparkXGBRegressor` and `SparkXGBRanker`: one estimator, three declarations.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::data;
use super::model::{self, XgbModel};
use super::objective::Objective;
use super::params::{self, CLASSIFIER, RANKER, REGRESSOR, Task};
use super::train::train;
use crate::check;
use crate::param::{ParamDecl, Params};
use crate::stage::{Estimator, Model, StageDecl};

pub(super) const MODULE: &str = "xgboost.spark";

pub static SPARK_XGB_CLASSIFIER: StageDecl = StageDecl::estimator(
    "SparkXGBClassifier",
    MODULE,
    "XGBoost for classes: trees grown one after the other on gradients, fast, with penalties against overfitting; missing values go where \
     they lower the loss most.",
    CLASSIFIER,
    |params| make(params, Task::Classify),
    &model::SPARK_XGB_CLASSIFIER_MODEL,
)
.keywords(params::set_keyword);

pub static SPARK_XGB_REGRESSOR: StageDecl = StageDecl::estimator(
    "SparkXGBRegressor",
    MODULE,
    "XGBoost for numbers: trees grown one after the other on gradients, fast, with penalties against overfitting; missing values go where \
     they lower the loss most.",
    REGRESSOR,
    |params| make(params, Task::Regress),
    &model::SPARK_XGB_REGRESSOR_MODEL,
)
.keywords(params::set_keyword);

pub static SPARK_XGB_RANKER: StageDecl = StageDecl::estimator(
    "SparkXGBRanker",
    MODULE,
    "XGBoost for rankings: learns scores that bring the relevant rows of each query (qid_col) to the top.",
    RANKER,
    |params| make(params, Task::Rank),
    &model::SPARK_XGB_RANKER_MODEL,
)
.keywords(params::set_keyword);

fn make(params: &Params, task: Task) -> Result<Arc<dyn Estimator>> {
    params::settings(params.checked()?, task)?;
    Ok(Arc::new(XgbEstimator { params: params.clone(), task }))
}

struct XgbEstimator {
    params: Params,
    task: Task,
}

impl XgbEstimator {
    /// As many classes as there are different labels, and never less than two.
    fn objective(&self, objective: Objective, labels: &[&[f32]]) -> Result<Objective> {
        if self.task != Task::Classify {
            return Ok(objective);
        }
        let mut found: Vec<f32> = labels.iter().flat_map(|labels| labels.iter().copied()).collect();
        found.sort_by(f32::total_cmp);
        found.dedup();
        Ok(if found.len() > 2 { Objective::Softmax { classes: found.len() } } else { objective })
    }
}

impl Estimator for XgbEstimator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        params::features(params)?.check(schema)?;
        let columns = params::columns(params, self.task)?;
        for name in [Some(columns.label), columns.weight, columns.margin, columns.query].into_iter().flatten() {
            check::numeric_column(schema, &name)?;
        }
        model::schema_with(schema, params)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let mut settings = params::settings(params, self.task)?;
        let (rows, watched) = data::read(data, &params::features(params)?, &params::columns(params, self.task)?)?;
        let labels = [Some(&rows), watched.as_ref()].into_iter().flatten().map(|data| data.labels.as_slice()).collect::<Vec<_>>();
        settings.objective = self.objective(settings.objective, &labels)?;
        settings.metrics = params::metrics(params, settings.objective)?;
        for (given, what) in [(&settings.names, "feature_names"), (&settings.types, "feature_types")] {
            if !given.is_empty() && given.len() != rows.features.width {
                return Err(Error::value_error(format!(
                    "{what} must have the same length as the number of data columns, expected {}, got {}",
                    rows.features.width,
                    given.len()
                )));
            }
        }
        let (booster, history) = train(data.session().executor(), &settings, &rows, watched.as_ref())?;
        let model = self.params.decl().model.ok_or_else(|| Error::runtime("An estimator has a model."))?;
        Ok(Arc::new(XgbModel::new(self.params.for_model(model), Arc::new(booster), history, data.session().clone())?))
    }
}

/// Whether a class declares a param: what tells the three apart.
pub(super) fn has(decl: &StageDecl, param: &ParamDecl) -> bool {
    decl.param(param.name).is_some()
}
