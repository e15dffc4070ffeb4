use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use kindling_frame::{Column, DataFrame, DataType, Schema, Value};
use kindling_partition::{Error, Result};

use super::fit::{ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, Progress, Trial, model_list};
use super::saved;
use crate::check::numeric_column;
use crate::param::{ParamDecl, ParamKind, ParamMap, Params, Range, shared};
use crate::persist::{Saved, encode};
use crate::stage::{Estimator, MemberDecl, Model, Object, Stage, StageDecl, Transformer};
use crate::value::MlValue;

const NUM_FOLDS: ParamDecl =
    ParamDecl::new("numFolds", "number of folds for cross validation", ParamKind::Int(Range::at_least(2.0))).default_int(3);

const FOLD_COL: ParamDecl = ParamDecl::new(
    "foldCol",
    "Param for the column name of user specified fold number. Once this is specified, :py:class:`CrossValidator` won't do random k-fold split. \
     Note that this column should be integer type with range [0, numFolds) and Spark will throw exception on out-of-range fold numbers.",
    ParamKind::Column,
)
.default_text("");

/// Tries each param map on folds of the data and fits the best to all of it. The semantics and the folds are those of
/// `pyspark.ml.tuning.CrossValidator`.
pub static CROSS_VALIDATOR: StageDecl = StageDecl::estimator(
    "CrossValidator",
    "tuning",
    "K-fold cross validation performs model selection by splitting the dataset into a set of non-overlapping randomly partitioned folds which are \
     used as separate training and test datasets e.g., with k=3 folds, K-fold cross validation will generate 3 (training, test) dataset pairs, \
     each of which uses 2/3 of the data for training and 1/3 for testing. Each fold is used as the test set exactly once.",
    &[ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, NUM_FOLDS, shared::SEED, shared::PARALLELISM, shared::COLLECT_SUB_MODELS, FOLD_COL],
    |params| Ok(Arc::new(CrossValidator::new(params)?)),
    &CROSS_VALIDATOR_MODEL,
)
.saved_around(saved::save, saved::load);

/// What a [`CROSS_VALIDATOR`] found.
pub static CROSS_VALIDATOR_MODEL: StageDecl = StageDecl::model(
    "CrossValidatorModel",
    "tuning",
    "CrossValidatorModel contains the model with the highest average cross-validation metric across folds and uses this model to transform input \
     data. CrossValidatorModel also tracks the metrics for each param map evaluated.",
    &[ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR, NUM_FOLDS, shared::SEED, FOLD_COL],
)
.members(&[
    MemberDecl::attribute("bestModel", "best model from cross validation"),
    MemberDecl::attribute(
        "avgMetrics",
        "Average cross-validation metrics for each paramMap in CrossValidator.estimatorParamMaps, in the corresponding order.",
    ),
    MemberDecl::attribute(
        "stdMetrics",
        "standard deviation of metrics for each paramMap in CrossValidator.estimatorParamMaps, in the corresponding order.",
    ),
    MemberDecl::attribute("subModels", "sub model list from cross validation"),
])
.saved("", |params, stored| {
    let params = saved::load(params, stored)?;
    let averages = saved::metrics(stored, "avgMetrics");
    let folds = params.checked()?.count(&NUM_FOLDS)?;
    let sub_models = (0..folds).map(|fold| saved::sub_models(stored, &format!("subModels/fold{fold}"), averages.len()));
    let sub_models = sub_models.collect::<Result<Option<_>>>()?;
    // Spark saves no deviations.
    let found = Found { best: stored.stage("bestModel")?, averages, deviations: Vec::new(), sub_models };
    Ok(Arc::new(CrossValidatorModel { params, found }))
});

pub(super) struct CrossValidator {
    params: Params,
    trial: Trial,
    folds: usize,
    fold_col: Option<Arc<str>>,
    seed: i64,
}

impl CrossValidator {
    pub(super) fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            trial: Trial::of(checked)?,
            folds: checked.count(&NUM_FOLDS)?,
            fold_col: checked.opt_column(&FOLD_COL),
            seed: checked.int(&shared::SEED)?,
            params: params.clone(),
        })
    }

    /// (train, validation) for each fold: by the fold column, or by where a random number of each row falls.
    pub(super) fn split(&self, data: &DataFrame) -> Result<Vec<(DataFrame, DataFrame)>> {
        if let Some(name) = &self.fold_col {
            return self.split_by_column(data, name);
        }
        let name = format!("{}_rand", self.params.uid());
        let data = data.with_column(&name, &Column::call("rand", [Column::lit(Value::Long(self.seed))]))?;
        let width = 1.0 / self.folds as f64;
        let place = data.col(&name)?;
        (0..self.folds)
            .map(|fold| {
                let (low, high) = (fold as f64 * width, (fold as f64 + 1.0) * width);
                let inside = place.ge(&Column::lit(Value::Double(low))).and(&place.lt(&Column::lit(Value::Double(high))));
                Ok((data.filter(&inside.not())?.drop(&[&name])?, data.filter(&inside)?.drop(&[&name])?))
            })
            .collect()
    }

    fn split_by_column(&self, data: &DataFrame, name: &str) -> Result<Vec<(DataFrame, DataFrame)>> {
        let field = numeric_column(data.schema(), name)?;
        if !matches!(field.data_type, DataType::Byte | DataType::Short | DataType::Int | DataType::Long) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: The specified `foldCol` column {name} must be integer type, but got {}.",
                field.data_type
            )));
        }
        let place = data.col(name)?.cast(DataType::Long);
        let fold_number = |fold: usize| Column::lit(Value::Long(fold as i64));
        let outside = data.filter(&place.lt(&fold_number(0)).or(&place.ge(&fold_number(self.folds))))?;
        if let Some(row) = outside.select(&[data.col(name)?])?.first()? {
            return Err(Error::runtime(format!("Fold number must be in range [0, {}), but got {}.", self.folds, row.values[0])));
        }
        (0..self.folds)
            .map(|fold| {
                let (train, validation) = (data.filter(&place.ne(&fold_number(fold)))?, data.filter(&place.eq(&fold_number(fold)))?);
                for (kind, frame) in [("training", &train), ("validation", &validation)] {
                    if frame.is_empty()? {
                        return Err(Error::value_error(format!("The {kind} data at fold {fold} is empty.")));
                    }
                }
                Ok((train, validation))
            })
            .collect()
    }
}

impl Estimator for CrossValidator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.trial.estimator.transform_schema(schema)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        let total = (self.folds * self.trial.maps.len()) as u64;
        let progress = Progress { name: "CrossValidator", done: AtomicU64::new(0), total };
        let data = data.cache();
        let mut rounds = Vec::with_capacity(self.folds);
        for (train, validation) in self.split(&data)? {
            let (train, validation) = (train.cache(), validation.cache());
            let round = self.trial.round(&train, &validation, &progress);
            train.unpersist();
            validation.unpersist();
            rounds.push(round?);
        }
        let count = rounds.len() as f64;
        let of_map = |map: usize| rounds.iter().map(move |round| round.metrics[map]);
        let maps = 0..self.trial.maps.len();
        let averages: Vec<f64> = maps.clone().map(|map| of_map(map).sum::<f64>() / count).collect();
        let deviations = maps
            .map(|map| (of_map(map).map(|metric| (metric - averages[map]) * (metric - averages[map])).sum::<f64>() / count).sqrt())
            .collect();
        let best = self.trial.fit_best(&data, &averages)?;
        data.unpersist();
        let sub_models = rounds.into_iter().map(|round| round.models).collect();
        let found = Found { best, averages, deviations, sub_models };
        Ok(Arc::new(CrossValidatorModel { params: self.params.for_fitted(&CROSS_VALIDATOR_MODEL), found }))
    }
}

/// A model as it was saved: of the params of its tuner.
pub(super) fn model(params: &Params, uid: &str, best: Stage, metrics: [Vec<f64>; 2], sub_models: Option<Vec<Vec<Stage>>>) -> Stage {
    let [averages, deviations] = metrics;
    let params = params.for_model(&CROSS_VALIDATOR_MODEL).of_uid(uid);
    Stage::from_model(Arc::new(CrossValidatorModel { params, found: Found { best, averages, deviations, sub_models } }))
}

struct CrossValidatorModel {
    params: Params,
    found: Found,
}

#[derive(Clone)]
struct Found {
    best: Stage,
    averages: Vec<f64>,
    deviations: Vec<f64>,
    /// By fold, then by map.
    sub_models: Option<Vec<Vec<Stage>>>,
}

impl Transformer for CrossValidatorModel {
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

impl Object for CrossValidatorModel {
    fn decl(&self) -> &'static StageDecl {
        &CROSS_VALIDATOR_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "bestModel" => self.found.best.clone().into(),
            "avgMetrics" => MlValue::floats(self.found.averages.iter().copied()),
            "stdMetrics" => MlValue::floats(self.found.deviations.iter().copied()),
            "subModels" => match &self.found.sub_models {
                Some(folds) => MlValue::List(folds.iter().map(|models| model_list(models)).collect()),
                None => MlValue::None,
            },
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for CrossValidatorModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { params, found: self.found.clone() }))
    }

    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        let found = Found { best: self.found.best.copy(extra)?, ..self.found.clone() };
        Ok(Arc::new(Self { params: self.params.copy(extra)?, found }))
    }

    fn saved(&self) -> Result<Saved> {
        let found = &self.found;
        let averages = MlValue::floats(found.averages.iter().copied());
        let mut saved = saved::save(&self.params)?
            .field("avgMetrics", encode(&averages).unwrap_or_default())
            .field("persistSubModels", found.sub_models.is_some())
            .stage("bestModel", found.best.clone());
        for (fold, models) in found.sub_models.iter().flatten().enumerate() {
            saved.stages.extend(models.iter().enumerate().map(|(i, model)| (format!("subModels/fold{fold}/{i}"), model.clone())));
        }
        Ok(saved)
    }
}
