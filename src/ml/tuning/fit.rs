//! What cross-validation and the train-validation split share.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use kindling_frame::DataFrame;
use kindling_partition::{Error, Result};

use crate::param::{Checked, ParamDecl, ParamKind, ParamMap, shared};
use crate::stage::{Role, Stage};
use crate::value::MlValue;

pub(super) const ESTIMATOR: ParamDecl = ParamDecl::new("estimator", "estimator to be cross-validated", ParamKind::Estimator);
pub(super) const ESTIMATOR_PARAM_MAPS: ParamDecl = ParamDecl::new("estimatorParamMaps", "estimator param maps", ParamKind::ParamMaps);
pub(super) const EVALUATOR: ParamDecl =
    ParamDecl::new("evaluator", "evaluator used to select hyper-parameters that maximize the validator metric", ParamKind::Evaluator);

/// What is tuned and how it is measured.
#[derive(Clone)]
pub(super) struct Trial {
    pub estimator: Stage,
    pub maps: Vec<ParamMap>,
    pub evaluator: Stage,
    pub parallelism: usize,
    pub collect: bool,
}

/// One fit of every map: a metric for each, and the models when they are wanted.
pub(super) struct Round {
    pub metrics: Vec<f64>,
    pub models: Option<Vec<Stage>>,
}

/// Counts the fits of a tuning for its progress.
pub(super) struct Progress {
    pub name: &'static str,
    pub done: AtomicU64,
    pub total: u64,
}

impl Trial {
    pub fn of(checked: Checked<'_>) -> Result<Self> {
        let (estimator, evaluator) = (checked.stage(&ESTIMATOR)?, checked.stage(&EVALUATOR)?);
        let class = checked.params().decl().name;
        if estimator.role() != Role::Estimator {
            return Err(Error::type_error(format!("{class}.estimator must be an estimator, found {}.", estimator.decl().name)));
        }
        if evaluator.role() != Role::Evaluator {
            return Err(Error::type_error(format!("{class}.evaluator must be an evaluator, found {}.", evaluator.decl().name)));
        }
        let maps = checked.list(&ESTIMATOR_PARAM_MAPS)?.into_iter().map(|value| match value {
            MlValue::ParamMap(map) => Ok(map),
            MlValue::Map(entries) if entries.is_empty() => Ok(ParamMap::new()),
            other => Err(Error::type_error(format!("{class}.estimatorParamMaps must be param maps, found {}.", other.python_type()))),
        });
        let maps = maps.collect::<Result<Vec<_>>>()?;
        if maps.is_empty() {
            return Err(Error::illegal_argument(format!("{class}.estimatorParamMaps must have at least one param map, found none.")));
        }
        let parallelism = checked.count(&shared::PARALLELISM)?.max(1);
        Ok(Self { estimator, maps, evaluator, parallelism, collect: checked.bool(&shared::COLLECT_SUB_MODELS)? })
    }

    /// Fits every map on `train` and measures it on `validation`. `parallelism` groups of maps run at once, and within a group the
    /// estimator may share work between maps; neither changes a bit of the result.
    pub fn round(&self, train: &DataFrame, validation: &DataFrame, progress: &Progress) -> Result<Round> {
        let executor = train.session().executor();
        let (estimator, evaluator) = (self.estimator.estimator()?, self.evaluator.evaluator()?);
        let lanes: Vec<&[ParamMap]> = self.maps.chunks(self.maps.len().div_ceil(self.parallelism)).collect();
        let measure = |maps: &[ParamMap]| {
            let models = estimator.fit_multiple(train, maps)?;
            let mut measured = Vec::with_capacity(models.len());
            for (model, map) in models.into_iter().zip(maps) {
                let predictions = model.copy(map)?.transform(validation)?;
                let metric = evaluator.evaluate(&predictions)?;
                executor.step(progress.name, progress.done.fetch_add(1, Relaxed) + 1, progress.total)?;
                measured.push((metric, self.collect.then(|| Stage::from_model(model))));
            }
            Ok(measured)
        };
        let measured =
            if self.is_foreign() { vec![measure(&self.maps)?] } else { executor.map_quietly(&lanes, |_, maps| measure(maps))? };
        let (metrics, models): (Vec<f64>, Vec<Option<Stage>>) = measured.into_iter().flatten().unzip();
        Ok(Round { metrics, models: models.into_iter().collect() })
    }

    /// Whether something of it must stay on this thread.
    fn is_foreign(&self) -> bool {
        let maps = self.maps.iter().flat_map(ParamMap::iter);
        self.estimator.is_foreign() || self.evaluator.is_foreign() || maps.into_iter().any(|(_, value)| value.has_foreign())
    }

    /// The place of the best metric: the first of equals, and the first NaN before all (`numpy.argmax`, `numpy.argmin`).
    pub fn best(&self, metrics: &[f64]) -> Result<usize> {
        if let Some(nan) = metrics.iter().position(|metric| metric.is_nan()) {
            return Ok(nan);
        }
        let larger = self.evaluator.is_larger_better()?;
        let better = |a: f64, b: f64| if larger { a > b } else { a < b };
        Ok((1..metrics.len()).fold(0, |best, i| if better(metrics[i], metrics[best]) { i } else { best }))
    }

    /// The estimator with the best map's values, fitted to all of the data.
    pub fn fit_best(&self, data: &DataFrame, metrics: &[f64]) -> Result<Stage> {
        self.estimator.fit(data, &self.maps[self.best(metrics)?])
    }
}

/// The models of maps, or of folds of maps, as Python's `subModels` has them.
pub(super) fn model_list(models: &[Stage]) -> MlValue {
    MlValue::from(models.to_vec())
}
