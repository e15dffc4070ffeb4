//! What tuning estimators and their models save: the estimator, the evaluator and the grid (`org.apache.spark.ml.tuning.ValidatorParams`).

use kindling_partition::{Error, Result};
use serde_json::{Value as Json, json};

use super::fit::{ESTIMATOR, ESTIMATOR_PARAM_MAPS, EVALUATOR};
use crate::param::{ParamMap, Params};
use crate::persist::{Saved, Stored, decode, encode};
use crate::stage::Stage;
use crate::value::MlValue;

/// The estimator and the evaluator in folders of their own, and the grid among the params.
pub(super) fn save(params: &Params) -> Result<Saved> {
    let mut saved = Saved::default();
    for (folder, param) in [("estimator", &ESTIMATOR), ("evaluator", &EVALUATOR)] {
        let MlValue::Stage(stage) = params.get_or_default(param.name)? else {
            return Err(Error::type_error(format!("{}.{} must be a stage.", params.decl().name, param.name)));
        };
        saved = saved.stage(folder, stage);
    }
    let maps = match params.get_or_default(ESTIMATOR_PARAM_MAPS.name)? {
        MlValue::List(maps) => maps.iter().map(grid_point).collect::<Result<Vec<_>>>()?,
        _ => Vec::new(),
    };
    saved.params.push((ESTIMATOR_PARAM_MAPS.name, maps.into()));
    Ok(saved)
}

fn grid_point(map: &MlValue) -> Result<Json> {
    let MlValue::ParamMap(map) = map else { return Ok(Json::Array(Vec::new())) };
    let entries = map.iter().map(|(param, value)| {
        let value = encode(value).ok_or_else(|| {
            Error::unsupported(format!("A grid can't be saved whose values are stages, as those of '{}' are.", param.name))
        })?;
        Ok(json!({"parent": &*param.parent, "name": param.name, "value": value.to_string(), "isJson": "true"}))
    });
    Ok(Json::Array(entries.collect::<Result<_>>()?))
}

/// Sets estimator, evaluator and grid.
pub(super) fn load(params: Params, stored: &Stored<'_>) -> Result<Params> {
    let (estimator, evaluator) = (stored.stage("estimator")?, stored.stage("evaluator")?);
    let maps = stored.field("paramMap").and_then(|map| map.get(ESTIMATOR_PARAM_MAPS.name)).and_then(Json::as_array);
    let mut grid = Vec::new();
    for point in maps.into_iter().flatten() {
        let mut map = ParamMap::new();
        for entry in point.as_array().into_iter().flatten() {
            let text = |name: &str| entry[name].as_str().unwrap_or_default();
            let known = [&estimator, &evaluator].into_iter().find_map(|stage| owner(stage, text("parent")));
            let owner = known.ok_or_else(|| stored.broken(&format!("has a grid for a stage that it lacks, {}", text("parent"))))?;
            let kind = owner.param(text("name"))?.kind;
            let value = serde_json::from_str(text("value")).map_err(|_| stored.broken("has a value in its grid that is no JSON"))?;
            map.put(owner.reference(text("name"))?, decode(kind, &value)?);
        }
        grid.push(MlValue::ParamMap(map));
    }
    let params = params.with(ESTIMATOR.name, estimator)?.with(EVALUATOR.name, evaluator)?;
    params.with(ESTIMATOR_PARAM_MAPS.name, MlValue::List(grid))
}

/// The params of a stage, or of one inside it, by its uid.
fn owner(stage: &Stage, uid: &str) -> Option<Params> {
    let params = stage.params();
    if &**params.uid() == uid {
        return Some(params);
    }
    params.decl().params.iter().filter_map(|decl| params.get(decl.name)).find_map(|value| match value {
        MlValue::Stage(inner) => owner(&inner, uid),
        MlValue::List(values) => values.iter().find_map(|value| if let MlValue::Stage(inner) = value { owner(inner, uid) } else { None }),
        _ => None,
    })
}

/// A number of the metadata for each param map.
pub(super) fn metrics(stored: &Stored<'_>, name: &str) -> Vec<f64> {
    let values = stored.field(name).map(|values| decode(ESTIMATOR_PARAM_MAPS.kind, values));
    values.and_then(Result::ok).and_then(|values| values.numbers()).unwrap_or_default()
}

/// The models of param maps in a folder, when they were saved.
pub(super) fn sub_models(stored: &Stored<'_>, folder: &str, count: usize) -> Result<Option<Vec<Stage>>> {
    if stored.field("persistSubModels") != Some(&Json::Bool(true)) {
        return Ok(None);
    }
    (0..count).map(|i| stored.stage(&format!("{folder}/{i}"))).collect::<Result<_>>().map(Some)
}
