//! `model.get_booster()`: `xgboost.Booster`, as far as it goes without XGBoost's own data.

use std::sync::Arc;

use kindling_frame::{Session, whole_path};
use kindling_partition::{Error, ErrorKind, Result};

use super::booster::Booster;
use super::model::text_argument;
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

pub static BOOSTER: StageDecl =
    StageDecl::summary("Booster", "xgboost.core", "What XGBoost trained: trees, and how to save, print and weigh them.").members(&[
        MemberDecl::method(
            "save_model",
            &["fname"],
            "Writes XGBoost's own model file, JSON: the name must end in .json. Real XGBoost loads it.",
        ),
        MemberDecl::method("save_raw", &["raw_format='ubj'"], "The model file as bytes: save_raw('json')."),
        MemberDecl::method(
            "get_score",
            &["fmap=''", "importance_type='weight'"],
            "How much each feature that splits at all is worth: 'weight', 'gain', 'cover', 'total_gain' or 'total_cover'.",
        ),
        MemberDecl::method("get_fscore", &["fmap=''"], "How often each feature splits."),
        MemberDecl::method(
            "get_dump",
            &["fmap=''", "with_stats=False", "dump_format='text'"],
            "Each tree as text, or as JSON with 'json'.",
        ),
        MemberDecl::method("num_boosted_rounds", &[], "How many rounds were trained."),
        MemberDecl::method("num_features", &[], "How many features the booster takes."),
        MemberDecl::method("attributes", &[], "best_iteration and best_score, as text, when training stopped early."),
        MemberDecl::method("attr", &["key"], "One of the attributes, None when there is none of this name."),
        MemberDecl::attribute("best_iteration", "The best round; only after early stopping."),
        MemberDecl::attribute("best_score", "The metric of the best round; only after early stopping."),
        MemberDecl::attribute("feature_names", "The names of the features, None when they have none."),
        MemberDecl::attribute("feature_types", "The types of the features, None when none were given."),
    ]);

/// A booster with the files that it can be saved to.
pub(super) struct BoosterHandle {
    pub booster: Arc<Booster>,
    pub session: Session,
}

impl Object for BoosterHandle {
    fn decl(&self) -> &'static StageDecl {
        &BOOSTER
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let booster = &self.booster;
        let texts = |texts: &[String]| match texts {
            [] => MlValue::None,
            texts => MlValue::List(texts.iter().map(|text| text.as_str().into()).collect()),
        };
        let attribute = |key: &str| match booster.attributes.get(key) {
            Some(value) => MlValue::from(value.as_str()),
            None => MlValue::None,
        };
        Ok(match name {
            "save_model" => {
                let path = text_argument(args, 0, "fname")?;
                if !path.ends_with(".json") {
                    return Err(Error::unsupported(format!("Kindling writes XGBoost's JSON: name the file '….json', not '{path}'.")));
                }
                self.session.files().write(&whole_path(path)?, booster.to_json().into_bytes())?;
                MlValue::None
            }
            "save_raw" => match text_argument(args, 0, "raw_format")? {
                "json" => MlValue::Bytes(booster.to_json().into_bytes().into()),
                other => return Err(Error::unsupported(format!("Kindling writes XGBoost's JSON: save_raw('json'), not '{other}'."))),
            },
            "get_score" => importances(booster, &args[args.len().min(1)..])?,
            "get_fscore" => importances(booster, &["weight".into()])?,
            "get_dump" => {
                let with_stats = matches!(args.get(1), Some(MlValue::Bool(true)));
                let trees = booster.dump(text_argument(args, 2, "dump_format")?, with_stats)?;
                MlValue::List(trees.into_iter().map(MlValue::from).collect())
            }
            "num_boosted_rounds" => MlValue::Int(booster.rounds() as i64),
            "num_features" => MlValue::Int(booster.features as i64),
            "attributes" => MlValue::Map(booster.attributes.iter().map(|(k, v)| (k.as_str().into(), v.as_str().into())).collect()),
            "attr" => attribute(text_argument(args, 0, "key")?),
            "best_iteration" | "best_score" => {
                let found = attribute(name);
                match (&found, booster.best_iteration()) {
                    (MlValue::Text(score), Some(best)) => {
                        if name == "best_score" {
                            MlValue::Float(score.parse().unwrap_or(f64::NAN))
                        } else {
                            MlValue::Int(best as i64)
                        }
                    }
                    _ => return Err(no_best(name)),
                }
            }
            "feature_names" => texts(&booster.names),
            "feature_types" => texts(&booster.types),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        "<xgboost.core.Booster object>".to_owned()
    }
}

fn no_best(name: &str) -> Error {
    Error::new(ErrorKind::Type, format!("`{name}` is only defined when early stopping is used."))
}

/// `importances(importance_type)` as a dict.
pub(super) fn importances(booster: &Booster, args: &[MlValue]) -> Result<MlValue> {
    let found = booster.importances(text_argument(args, 0, "importance_type")?)?;
    Ok(MlValue::Map(found.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
}
