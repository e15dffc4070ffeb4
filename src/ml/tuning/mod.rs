//! `pyspark.ml.tuning`: grids, cross-validation and the train-validation split.

mod cross_validator;
mod fit;
mod grid;
mod saved;
#[cfg(test)]
mod tests;
mod train_validation_split;

use kindling_partition::{Error, Result};

use crate::param::Params;
use crate::stage::Stage;
use crate::value::MlValue;

pub use cross_validator::{CROSS_VALIDATOR, CROSS_VALIDATOR_MODEL};
pub use grid::ParamGridBuilder;
pub use train_validation_split::{TRAIN_VALIDATION_SPLIT, TRAIN_VALIDATION_SPLIT_MODEL};

/// The fitted model of a tuner's params as it was saved: its best model, the metric of each param map and its deviation, and the models
/// of all param maps, or lists of them for each fold.
///
/// # Errors
/// When the params are of another class, or the models are no such lists.
pub fn tuned_model(params: &Params, uid: &str, best: Stage, metrics: [Vec<f64>; 2], sub_models: &MlValue) -> Result<Stage> {
    let wrong = || Error::type_error(format!("{} has no such model.", params.decl().name));
    let models = |value: &MlValue| match value {
        MlValue::List(models) => {
            models.iter().map(|model| if let MlValue::Stage(stage) = model { Ok(stage.clone()) } else { Err(wrong()) }).collect()
        }
        _ => Err(wrong()),
    };
    if std::ptr::eq(params.decl(), &TRAIN_VALIDATION_SPLIT) {
        let sub_models = if matches!(sub_models, MlValue::None) { None } else { Some(models(sub_models)?) };
        let [metrics, _] = metrics;
        return Ok(train_validation_split::model(params, uid, best, metrics, sub_models));
    }
    if !std::ptr::eq(params.decl(), &CROSS_VALIDATOR) {
        return Err(wrong());
    }
    let sub_models = match sub_models {
        MlValue::List(folds) => Some(folds.iter().map(models).collect::<Result<_>>()?),
        _ => None,
    };
    Ok(cross_validator::model(params, uid, best, metrics, sub_models))
}
