//! What holds for every class of the registry: its params are PySpark's, and each of them behaves.

use kindling_frame::Session;
use serde_json::Value as Json;

use crate::param::{ParamKind, Range};
use crate::persist::{SaveOptions, Saving, load, save};
use crate::stage::{Make, MemberKind, Role, Stage, StageDecl};
use crate::testing::{list, ml_value, reference, same_value};
use crate::value::MlValue;
use crate::{find, registry};

fn constructed() -> impl Iterator<Item = &'static StageDecl> {
    registry().iter().copied().filter(|decl| matches!(decl.role(), Role::Estimator | Role::Transformer | Role::Evaluator))
}

/// What PySpark says of its classes, and xgboost.spark of its own.
fn both_references() -> Json {
    let mut all = reference("ml_params.json");
    let more = reference("xgboost_params.json");
    for (name, class) in more.as_object().expect("classes") {
        all[name] = class.clone();
    }
    all
}

#[test]
fn names_modules_and_params_are_pysparks() {
    let reference = both_references();
    for decl in registry().iter().filter(|decl| decl.role() != Role::Summary) {
        let spark = &reference[decl.name];
        assert!(spark.is_object(), "{} is a class of PySpark", decl.name);
        let module = if decl.module.is_empty() { "pyspark.ml.pipeline".to_owned() } else { decl.python_module() };
        assert_eq!(Some(&*module), spark["module"].as_str(), "{}", decl.name);
        let expected: Vec<&String> = spark["params"].as_object().expect("params").keys().collect();
        let found: Vec<&str> = decl.params_by_name().iter().map(|param| param.name).collect();
        assert_eq!(found, expected, "{}", decl.name);
        for param in decl.params {
            let doc = spark["params"][param.name]["doc"].as_str().expect("a doc");
            // Kindling tells what XGBoost's classes only refer to.
            assert!(param.doc == doc || doc.starts_with("Refer to XGBoost doc"), "{}.{}", decl.name, param.name);
        }
        if decl.role() != Role::Model {
            // What is left out of the keywords comes after them.
            let keywords: Vec<&str> = list(&spark["keywords"]).iter().filter_map(Json::as_str).collect();
            let found: Vec<String> = decl.params.iter().filter_map(|param| decl.keyword(param)).take(keywords.len()).collect();
            assert_eq!(found, keywords, "{}", decl.name);
        }
    }
}

#[test]
fn defaults_and_explanations_are_pysparks() {
    let reference = both_references();
    for decl in constructed() {
        let (stage, spark) = (Stage::new(decl), &reference[decl.name]);
        let params = stage.params();
        for param in decl.params {
            let what = format!("{}.{}", decl.name, param.name);
            let expected = spark["params"][param.name].get("default");
            match (params.get(param.name), expected) {
                (None, None) => assert!(!params.is_defined(param.name), "{what}"),
                (Some(MlValue::Text(found)), Some(Json::String(text))) => {
                    assert_eq!(found.replace(&**params.uid(), "UID"), *text, "{what}")
                }
                (Some(found), Some(expected)) => assert!(same_value(expected, &found), "{what}: {found:?}, not {expected}"),
                (found, expected) => panic!("{what}: {found:?}, not {expected:?}"),
            }
        }
        if decl.is_of_other_package() {
            continue;
        }
        assert_eq!(params.explain_params().replace(&**params.uid(), "UID"), spark["explain"].as_str().expect("a text"), "{}", decl.name);
    }
}

/// A value that a param of this kind takes.
fn valid(kind: ParamKind) -> Option<MlValue> {
    let within = |range: Range| [2.0, 0.25, 1.0, 0.0, 10.0].into_iter().find(|value| range.contains(*value));
    Some(match kind {
        ParamKind::Boolean => true.into(),
        ParamKind::Int(range) => MlValue::Int([2, 1, 10].into_iter().find(|value| range.contains(f64::from(*value)))?.into()),
        ParamKind::Long => MlValue::Int(1 << 40),
        ParamKind::Float(range) => within(range)?.into(),
        ParamKind::Choice { options, .. } => (*options.last()?).into(),
        ParamKind::Text | ParamKind::Column | ParamKind::OutputColumn => "a".into(),
        ParamKind::Columns | ParamKind::OutputColumns | ParamKind::TextList => ["a", "b"].into(),
        ParamKind::TextListList => [["a", "b"]].into(),
        ParamKind::IntList(_) => [1, 2].into(),
        ParamKind::FloatList(range) => [within(range)?].into(),
        ParamKind::FloatListList => [[0.0, 1.0]].into(),
        ParamKind::Vector => kindling_linalg::Vector::Dense(vec![1.0]).into(),
        ParamKind::Estimator => Stage::new(find("Pipeline")?).into(),
        ParamKind::Evaluator => Stage::new(find("RegressionEvaluator")?).into(),
        ParamKind::Stages | ParamKind::ParamMaps => MlValue::List(Vec::new()),
        ParamKind::Matrix | ParamKind::Any => return None,
    })
}

/// A value of a wrong type.
fn mistyped(kind: ParamKind) -> Option<MlValue> {
    match kind {
        ParamKind::Any => None,
        ParamKind::Boolean | ParamKind::Text | ParamKind::Choice { .. } | ParamKind::Column | ParamKind::OutputColumn => Some(1.5.into()),
        _ => Some("abc".into()),
    }
}

#[test]
fn every_param_can_be_set_read_explained_copied_and_cleared() {
    for decl in constructed() {
        for param in decl.params {
            let what = format!("{}.{}", decl.name, param.name);
            let Some(value) = valid(param.kind) else { continue };
            let stage = Stage::new(decl);
            stage.set(param.name, value.clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
            let params = stage.params();
            assert!(params.is_set(param.name) && params.is_defined(param.name), "{what}");
            assert_eq!(format!("{:?}", params.get(param.name).expect("set")), format!("{value:?}"), "{what}");
            assert!(params.explain_param(param.name).expect("explained").contains("current: "), "{what}");
            let copy = stage.copy(&crate::ParamMap::new()).expect("a copy");
            assert_eq!(copy.uid(), stage.uid(), "{what}");
            stage.clear(param.name).expect("cleared");
            assert!(!stage.params().is_set(param.name) && copy.params().is_set(param.name), "{what}");
        }
    }
}

/// Stages around others, and fitted models, are in `persist::tests`, against what Spark saved.
#[test]
fn a_stage_with_every_param_set_is_saved_and_loaded() {
    let session = Session::in_memory(1);
    let options = SaveOptions { overwrite: true, ..SaveOptions::default() };
    for decl in constructed().filter(|decl| matches!(decl.saving, Saving::Params)) {
        let stage = Stage::new(decl);
        for param in decl.params {
            if let Some(value) = valid(param.kind).filter(|_| !param.kind.is_inner()) {
                stage.set(param.name, value).expect("a value");
            }
        }
        save(&session, &stage, "stage", &options).unwrap_or_else(|error| panic!("{}: {error}", decl.name));
        let again = load(&session, "stage", Some(decl)).unwrap_or_else(|error| panic!("{}: {error}", decl.name));
        assert_eq!(again.uid(), stage.uid(), "{}", decl.name);
        assert_eq!(again.params().explain_params(), stage.params().explain_params(), "{}", decl.name);
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused_when_it_is_set() {
    for decl in constructed() {
        for param in decl.params {
            let Some(value) = mistyped(param.kind) else { continue };
            let error = Stage::new(decl).set(param.name, value).expect_err(param.name);
            let start = format!("Invalid param value given for param \"{}\". ", param.name);
            assert!(error.message().starts_with(&start), "{}: {error}", decl.name);
        }
    }
}

#[test]
fn a_value_out_of_range_is_refused_on_use_with_its_name_and_range() {
    for decl in constructed() {
        for param in decl.params {
            let (wrong, range): (Vec<MlValue>, String) = match param.kind {
                ParamKind::Int(range) => (range.violations().into_iter().map(|v| MlValue::Int(v as i64)).collect(), range.to_string()),
                ParamKind::Float(range) => (range.violations().into_iter().map(MlValue::Float).collect(), range.to_string()),
                ParamKind::FloatList(range) => (range.violations().into_iter().map(|v| [v].into()).collect(), range.to_string()),
                ParamKind::Choice { options, .. } => (vec!["no such choice".into()], options.join(", ")),
                _ => continue,
            };
            for value in wrong {
                let stage = Stage::new(decl);
                stage.set(param.name, value.clone()).expect("the type is right");
                let result = match decl.make {
                    Make::Estimator(make) => make(&stage.params()).map(|_| ()),
                    Make::Transformer(make) => make(&stage.params()).map(|_| ()),
                    Make::Evaluator(make) => make(&stage.params()).map(|_| ()),
                    Make::Model | Make::Summary => Ok(()),
                };
                let error = result.expect_err(param.name);
                let name = format!("{}.{} must be ", decl.name, param.name);
                let text = error.message();
                assert!(text.contains(&name) && text.contains(&range), "{}.{} = {value:?}: {text}", decl.name, param.name);
            }
        }
    }
}

#[test]
fn an_unknown_param_suggests_the_nearest() {
    let error = Stage::new(find("StringIndexer").expect("declared")).set("inputCl", "a".into()).expect_err("no such param");
    assert_eq!(error.message(), "StringIndexer has no param 'inputCl'. Did you mean 'inputCol'?");
}

#[test]
fn a_value_is_converted_as_python_converts() {
    let cv = Stage::new(find("CrossValidator").expect("declared"));
    cv.set("numFolds", 5.0.into()).expect("an integral float is an integer");
    assert!(same_value(&ml_value_json(5), &cv.params().get("numFolds").expect("set")));
    let error = cv.set("numFolds", 2.5.into()).expect_err("no integer");
    assert_eq!(error.message(), "Invalid param value given for param \"numFolds\". Could not convert 2.5 to int");
    cv.set("foldCol", MlValue::None).expect("None is kept");
    assert!(cv.params().is_set("foldCol"));
}

fn ml_value_json(value: i64) -> Json {
    let json = Json::from(value);
    assert!(matches!(ml_value(&json), MlValue::Int(_)));
    json
}

#[test]
fn names_are_unique_and_documented() {
    for (i, decl) in registry().iter().enumerate() {
        assert!(registry()[..i].iter().all(|other| other.name != decl.name), "{} is declared once", decl.name);
        assert!(!decl.doc.is_empty(), "{}", decl.name);
        for member in decl.members {
            assert!(!member.doc.is_empty(), "{}.{}", decl.name, member.name);
            if let MemberKind::Method(args) = member.kind {
                assert!(args.iter().all(|arg| !arg.is_empty()), "{}.{}", decl.name, member.name);
            }
        }
    }
}
