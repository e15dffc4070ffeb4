use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use kindling_frame::{Column, DataFrame, Schema, Value};
use kindling_partition::Result;

use super::fit::{ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, Progress, Trial, model_list};
use super::saved;
use crate::param::{ParamDecl, ParamKind, ParamMap, Params, Range, shared};
use crate::persist::{Saved, encode};
use crate::stage::{Estimator, MemberDecl, Model, Object, Stage, StageDecl, Transformer};
use crate::value::MlValue;

const TRAIN_RATIO: ParamDecl = ParamDecl::new(
    "trainRatio",
    "Param for ratio between train and     validation data. Must be between 0 and 1.",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.75);

/// Tries each param map on one split of the data and fits the best to all of it. The semantics and the split are those of
/// `pyspark.ml.tuning.TrainValidationSplit`.
pub static TRAIN_VALIDATION_SPLIT: StageDecl = StageDecl::estimator(
    "TrainValidationSplit",
    "tuning",
    "Validation for hyper-parameter tuning. Randomly splits the input dataset into train and validation sets, and uses evaluation metric on the \
     validation set to select the best model. Similar to CrossValidator, but only splits the set once.",
    &[ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, TRAIN_RATIO, shared::PARALLELISM, shared::COLLECT_SUB_MODELS, shared::SEED],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(TrainValidationSplit {
            trial: Trial::of(checked)?,
            ratio: checked.float(&TRAIN_RATIO)?,
            seed: checked.int(&shared::SEED)?,
            params: params.clone(),
        }))
    },
    &TRAIN_VALIDATION_SPLIT_MODEL,
)
.saved_around(saved::save, saved::load);

/// What a [`TRAIN_VALIDATION_SPLIT`] found.
pub static TRAIN_VALIDATION_SPLIT_MODEL: StageDecl = StageDecl::model(
    "TrainValidationSplitModel",
    "tuning",
    "Model from train validation split.",
    &[ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, TRAIN_RATIO, shared::SEED],
)
.members(&[
    MemberDecl::attribute("bestModel", "best model from train validation split"),
    MemberDecl::attribute("validationMetrics", "evaluated validation metrics"),
    MemberDecl::attribute("subModels", "sub models from train validation split"),
])
.saved("", |params, stored| {
    let metrics = saved::metrics(stored, "validationMetrics");
    let sub_models = saved::sub_models(stored, "subModels", metrics.len())?;
    let found = Found { best: stored.stage("bestModel")?, metrics, sub_models };
    Ok(Arc::new(TrainValidationSplitModel { params: saved::load(params, stored)?, found }))
});

struct TrainValidationSplit {
    params: Params,
    trial: Trial,
    ratio: f64,
    seed: i64,
}

impl Estimator for TrainValidationSplit {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.trial.estimator.transform_schema(schema)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        let progress = Progress { name: "TrainValidationSplit", done: AtomicU64::new(0), total: self.trial.maps.len() as u64 };
        let name = format!("{}_rand", self.params.uid());
        let with_place = data.with_column(&name, &Column::call("rand", [Column::lit(Value::Long(self.seed))]))?;
        let beyond = with_place.col(&name)?.ge(&Column::lit(Value::Double(self.ratio)));
        let validation = with_place.filter(&beyond)?.drop(&[&name])?.cache();
        let train = with_place.filter(&beyond.not())?.drop(&[&name])?.cache();
        let round = self.trial.round(&train, &validation, &progress);
        train.unpersist();
        validation.unpersist();
        let round = round?;
        let best = self.trial.fit_best(data, &round.metrics)?;
        let found = Found { best, metrics: round.metrics, sub_models: round.models };
        Ok(Arc::new(TrainValidationSplitModel { params: self.params.for_fitted(&TRAIN_VALIDATION_SPLIT_MODEL), found }))
    }
}

/// A model as it was saved: of the params of its tuner.
pub(super) fn model(params: &Params, uid: &str, best: Stage, metrics: Vec<f64>, sub_models: Option<Vec<Stage>>) -> Stage {
    let params = params.for_model(&TRAIN_VALIDATION_SPLIT_MODEL).of_uid(uid);
    Stage::from_model(Arc::new(TrainValidationSplitModel { params, found: Found { best, metrics, sub_models } }))
}

struct TrainValidationSplitModel {
    params: Params,
    found: Found,
}

#[derive(Clone)]
struct Found {
    best: Stage,
    metrics: Vec<f64>,
    sub_models: Option<Vec<Stage>>,
}

impl Transformer for TrainValidationSplitModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.found.best.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.found.best.transform(data, &ParamMap::new())
    }
}

impl Object for TrainValidationSplitModel {
    fn decl(&self) -> &'static StageDecl {
        &TRAIN_VALIDATION_SPLIT_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "bestModel" => self.found.best.clone().into(),
            "validationMetrics" => MlValue::floats(self.found.metrics.iter().copied()),
            "subModels" => self.found.sub_models.as_deref().map_or(MlValue::None, model_list),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for TrainValidationSplitModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { params, found: self.found.clone() }))
    }

    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        let found = Found { best: self.found.best.copy(extra)?, ..self.found.clone() };
        Ok(Arc::new(Self { params: self.params.copy(extra)?, found }))
    }

    fn saved(&self) -> Result<Saved> {
        let found = &self.found;
        let metrics = MlValue::floats(found.metrics.iter().copied());
        let mut saved = saved::save(&self.params)?
            .field("validationMetrics", encode(&metrics).unwrap_or_default())
            .field("persistSubModels", found.sub_models.is_some())
            .stage("bestModel", found.best.clone());
        let models = found.sub_models.iter().flatten().enumerate();
        saved.stages.extend(models.map(|(i, model)| (format!("subModels/{i}"), model.clone())));
        Ok(saved)
    }
}
