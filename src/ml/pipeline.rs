//! `Pipeline` and `PipelineModel` (`pyspark/ml/pipeline.py`).

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use crate::param::{Checked, ParamDecl, ParamKind, ParamMap, Params};
use crate::persist::{Saved, Stored};
use crate::stage::{Estimator, MemberDecl, Model, Object, Role, Stage, StageDecl, Transformer};
use crate::value::MlValue;

const STAGES: ParamDecl = ParamDecl::new("stages", "a list of pipeline stages", ParamKind::Stages);

/// Runs stages one after the other: transformers transform, estimators are fitted to what came before them.
pub static PIPELINE: StageDecl = StageDecl::estimator(
    "Pipeline",
    "",
    "A simple pipeline, which acts as an estimator. A Pipeline consists of a sequence of stages, each of which is either an Estimator or a \
     Transformer. When Pipeline.fit() is called, the stages are executed in order.",
    &[STAGES],
    |params| Ok(Arc::new(Pipeline { stages: stages(params.checked()?)?, params: params.clone() })),
    &PIPELINE_MODEL,
)
.saved_around(|params| Ok(saved_stages(&stages(params.checked()?)?)), |params, stored| params.with(STAGES.name, stored_stages(stored)?));

/// What a [`PIPELINE`] fitted: a transformer for each stage.
pub static PIPELINE_MODEL: StageDecl =
    StageDecl::model("PipelineModel", "", "Represents a compiled pipeline with transformers and fitted models.", &[])
        .members(&[MemberDecl::attribute("stages", "The transformers and fitted models, in order.")])
        .saved("", |params, stored| Ok(Arc::new(PipelineModel { params, stages: stored_stages(stored)? })));

/// Each stage in a folder named by its place and uid.
fn saved_stages(stages: &[Stage]) -> Saved {
    let uids: Vec<String> = stages.iter().map(|stage| stage.uid().to_string()).collect();
    let inner = stages.iter().enumerate().map(|(i, stage)| (folder(i, &stage.uid(), stages.len()), stage.clone())).collect();
    Saved { params: vec![("stageUids", uids.into())], stages: inner, ..Saved::default() }
}

fn folder(place: usize, uid: &str, stages: usize) -> String {
    format!("stages/{place:0digits$}_{uid}", digits = stages.to_string().len())
}

fn stored_stages(stored: &Stored<'_>) -> Result<Vec<Stage>> {
    let uids = stored.field("paramMap").and_then(|params| params.get("stageUids")).and_then(|uids| uids.as_array());
    let uids: Vec<&str> = uids.ok_or_else(|| stored.broken("names no stages"))?.iter().filter_map(|uid| uid.as_str()).collect();
    uids.iter().enumerate().map(|(i, uid)| stored.stage(&folder(i, uid, uids.len()))).collect()
}

struct Pipeline {
    params: Params,
    stages: Vec<Stage>,
}

/// The stages, each an estimator or a transformer.
fn stages(checked: Checked<'_>) -> Result<Vec<Stage>> {
    let stages = checked.list(&STAGES)?.into_iter().map(|value| match value {
        MlValue::Stage(stage) if matches!(stage.role(), Role::Estimator | Role::Transformer | Role::Model) => Ok(stage),
        other => {
            let found = match &other {
                MlValue::Stage(stage) if stage.is_foreign() => format!("<class '__main__.{}'>", stage.decl().name),
                MlValue::Stage(stage) => format!("<class '{}.{}'>", stage.decl().python_module(), stage.decl().name),
                other => other.python_type().to_owned(),
            };
            Err(Error::type_error(format!("Cannot recognize a pipeline stage of type {found}.")))
        }
    });
    stages.collect()
}

fn is_estimator(stage: &Stage) -> bool {
    stage.role() == Role::Estimator
}

/// Whether a map has a value for the stage or one inside it.
fn concerns(stage: &Stage, map: &ParamMap) -> bool {
    if stage.is_foreign() {
        return !map.is_empty();
    }
    let params = stage.params();
    if map.of(params.uid()).next().is_some() {
        return true;
    }
    params.decl().params.iter().filter_map(|decl| params.get(decl.name)).any(|value| match value {
        MlValue::Stage(inner) => concerns(&inner, map),
        MlValue::List(values) => values.iter().any(|value| matches!(value, MlValue::Stage(inner) if concerns(inner, map))),
        _ => false,
    })
}

/// A transformer with the values of `extra`: the object itself when there are none and it is written in a cell, where it may be compared.
fn unfitted(stage: &Stage, extra: &ParamMap) -> Result<Stage> {
    if extra.is_empty() && stage.is_foreign() { Ok(stage.clone()) } else { stage.copy(extra) }
}

/// A pipeline under way: what is fitted so far, and the data as it is after it.
#[derive(Clone)]
struct Progress {
    fitted: Vec<Stage>,
    data: DataFrame,
}

impl Pipeline {
    fn last_estimator(&self) -> Option<usize> {
        self.stages.iter().rposition(is_estimator)
    }

    /// Fits stage `i`, with the values of `extra` that concern it.
    fn fit_stage(&self, mut progress: Progress, i: usize, extra: &ParamMap) -> Result<Progress> {
        let (stage, last) = (&self.stages[i], self.last_estimator());
        let fitted = if is_estimator(stage) { stage.fit(&progress.data, extra)? } else { unfitted(stage, extra)? };
        if last.is_some_and(|last| i < last) {
            progress.data = fitted.transform(&progress.data, &ParamMap::new())?;
        }
        progress.data.session().executor().step("Pipeline", i as u64 + 1, self.stages.len() as u64)?;
        progress.fitted.push(fitted);
        Ok(progress)
    }

    fn fit_stages(&self, progress: Progress, from: usize, extra: &ParamMap) -> Result<Vec<Stage>> {
        (from..self.stages.len()).try_fold(progress, |progress, i| self.fit_stage(progress, i, extra)).map(|progress| progress.fitted)
    }
}

impl Estimator for Pipeline {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.stages.iter().try_fold(schema.clone(), |schema, stage| stage.transform_schema(&schema))
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        let start = Progress { fitted: Vec::new(), data: data.clone() };
        let fitted = self.fit_stages(start, 0, &ParamMap::new())?;
        Ok(Arc::new(PipelineModel::new(fitted)))
    }

    /// Stages before the first one that a map changes are fitted once and their output is kept for all maps; a last stage that alone
    /// changes gets all maps together.
    fn fit_multiple(&self, data: &DataFrame, maps: &[ParamMap]) -> Result<Vec<Arc<dyn Model>>> {
        if maps.iter().any(|map| map.of(self.params.uid()).next().is_some()) {
            // A map that sets the stages themselves: each is a pipeline of its own.
            return maps.iter().map(|map| Stage::from_params(self.params.clone()).copy(map)?.estimator()?.fit(data)).collect();
        }
        let none = ParamMap::new();
        let shared = self.stages.iter().position(|stage| maps.iter().any(|map| concerns(stage, map))).unwrap_or(self.stages.len());
        let shared = shared.min(self.last_estimator().unwrap_or(self.stages.len()));
        let start = Progress { fitted: Vec::new(), data: data.clone() };
        let mut progress = (0..shared).try_fold(start, |progress, i| self.fit_stage(progress, i, &none))?;
        if shared > 0 {
            progress.data = progress.data.cache();
        }
        let models = match self.stages.get(shared) {
            Some(stage) if self.last_estimator() == Some(shared) => stage
                .fit_multiple(&progress.data, maps)?
                .into_iter()
                .zip(maps)
                .map(|(model, map)| {
                    let mut progress = progress.clone();
                    progress.fitted.push(model);
                    self.fit_stages(progress, shared + 1, map)
                })
                .collect::<Result<Vec<_>>>(),
            _ => maps.iter().map(|map| self.fit_stages(progress.clone(), shared, map)).collect(),
        };
        if shared > 0 {
            progress.data.unpersist();
        }
        Ok(models?.into_iter().map(|fitted| Arc::new(PipelineModel::new(fitted)) as Arc<dyn Model>).collect())
    }
}

/// `PipelineModel(stages)`: the transformers, in order; with a new uid unless one is given.
pub fn pipeline_model(stages: Vec<Stage>, uid: Option<&str>) -> Stage {
    let mut model = PipelineModel::new(stages);
    if let Some(uid) = uid {
        model.params = Params::loaded(&PIPELINE_MODEL, uid.into());
    }
    Stage::from_model(Arc::new(model))
}

struct PipelineModel {
    params: Params,
    stages: Vec<Stage>,
}

impl PipelineModel {
    fn new(stages: Vec<Stage>) -> Self {
        Self { params: Params::new(&PIPELINE_MODEL), stages }
    }
}

impl Transformer for PipelineModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.stages.iter().try_fold(schema.clone(), |schema, stage| stage.transform_schema(&schema))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.stages.iter().try_fold(data.clone(), |data, stage| stage.transform(&data, &ParamMap::new()))
    }
}

impl Object for PipelineModel {
    fn decl(&self) -> &'static StageDecl {
        &PIPELINE_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "stages" => Ok(self.stages.clone().into()),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for PipelineModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { params, stages: self.stages.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        Ok(saved_stages(&self.stages))
    }

    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        let stages = self.stages.iter().map(|stage| stage.copy(extra)).collect::<Result<_>>()?;
        Ok(Arc::new(Self { params: self.params.copy(extra)?, stages }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::frame;
    use kindling_frame::Session;

    fn stage(class: &str, params: &[(&str, MlValue)]) -> Stage {
        let stage = Stage::new(crate::find(class).expect("declared"));
        params.iter().for_each(|(name, value)| stage.set(name, value.clone()).expect("a value"));
        stage
    }

    fn data(session: &Session) -> DataFrame {
        let word = |i: usize| ["a", "b", "c"][i % 3];
        let rows: Vec<_> = (0..40).map(|i| serde_json::json!([word(i), i as f64 / 7.0])).collect();
        frame(session, "word string, x double", &rows.into())
    }

    fn stages() -> [Stage; 3] {
        [
            stage("StringIndexer", &[("inputCol", "word".into()), ("outputCol", "i".into())]),
            stage("VectorAssembler", &[("inputCols", ["i", "x"].into()), ("outputCol", "v".into())]),
            stage("StandardScaler", &[("inputCol", "v".into()), ("outputCol", "s".into())]),
        ]
    }

    fn rows(model: &Stage, data: &DataFrame) -> String {
        format!("{:?}", model.transform(data, &ParamMap::new()).expect("transformed").collect().expect("rows"))
    }

    #[test]
    fn a_stage_that_is_set_later_is_set_in_its_pipeline_too() {
        let stages = stages();
        let pipeline = stage("Pipeline", &[("stages", MlValue::from(stages.to_vec()))]);
        stages[0].set("stringOrderType", "alphabetDesc".into()).expect("an order");
        let data = data(&Session::in_memory(2));
        let model = pipeline.fit(&data, &ParamMap::new()).expect("fitted");
        let MlValue::List(fitted) = model.member("stages", &[]).expect("stages") else { panic!("a list") };
        let MlValue::Stage(indexer) = &fitted[0] else { panic!("a model") };
        assert_eq!(format!("{:?}", indexer.member("labels", &[]).expect("labels")), "['c', 'b', 'a']");
        // A copy has stages of its own.
        let map: ParamMap =
            [(stages[0].params().reference("stringOrderType").expect("a param"), "alphabetAsc".into())].into_iter().collect();
        pipeline.copy(&map).expect("a copy");
        assert_eq!(format!("{:?}", stages[0].params().get("stringOrderType").expect("set")), "alphabetDesc");
    }

    #[test]
    fn models_of_several_maps_are_those_of_single_fits() {
        let stages = stages();
        let pipeline = stage("Pipeline", &[("stages", MlValue::from(stages.to_vec()))]);
        let data = data(&Session::in_memory(2));
        let values: [(usize, &str, [MlValue; 2]); 3] = [
            (2, "withMean", [true.into(), false.into()]),
            (1, "inputCols", [["x", "i"].into(), ["x"].into()]),
            (0, "stringOrderType", ["alphabetAsc".into(), "alphabetDesc".into()]),
        ];
        for (at, name, values) in values {
            let param = stages[at].params().reference(name).expect("a param");
            let maps = values.map(|value| [(param.clone(), value)].into_iter().collect::<ParamMap>());
            let models = pipeline.fit_multiple(&data, &maps).expect("fitted");
            for (model, map) in models.iter().zip(&maps) {
                let single = pipeline.fit(&data, map).expect("fitted");
                assert_eq!(rows(model, &data), rows(&single, &data), "{name}");
            }
            assert_ne!(rows(&models[0], &data), rows(&models[1], &data), "{name}");
        }
    }

    #[test]
    fn an_evaluator_is_no_stage() {
        let pipeline = stage("Pipeline", &[("stages", MlValue::from(vec![stage("RegressionEvaluator", &[])]))]);
        let error = pipeline.fit(&data(&Session::in_memory(1)), &ParamMap::new()).expect_err("no stage");
        assert_eq!(error.message(), "Cannot recognize a pipeline stage of type <class 'pyspark.ml.evaluation.RegressionEvaluator'>.");
    }
}
