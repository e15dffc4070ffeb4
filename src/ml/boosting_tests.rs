//! Boosted trees and OneVsRest as real Spark has them: every case of `tests/reference/boosting.json`.

use kindling_frame::{Column, DataFrame, Session, Value};
use serde_json::{Value as Json, json};

use crate::model_tests::{assert_predictions, fitted, frame, member, numbers};
use crate::param::ParamMap;
use crate::reference::{assert_close, floats};
use crate::stage::Stage;
use crate::testing::{list, ml_value, reference};
use crate::tree::tests::assert_same_text;
use crate::value::MlValue;

/// The data set, with a column `valid` that is true where the weight is over 2.
fn marked(name: &str) -> DataFrame {
    let data = frame(name);
    let valid = data.col("weight").expect("a column").gt(&Column::lit(Value::Double(2.0)));
    data.with_column("valid", &valid).expect("a frame")
}

fn evaluated(model: &Stage, args: &[MlValue], expected: &Json, what: &str) {
    if !expected.is_null() {
        let found = model.member("evaluateEachIteration", args).expect("errors");
        assert_close(&numbers(&found), &floats(expected), 1e-9, what);
    }
}

#[test]
fn boosted_trees_are_sparks() {
    for case in list(&reference("boosting.json")["boosted"]) {
        let estimator = case["estimator"].as_str().expect("estimator");
        let what = format!("{estimator} {} {}", case["data"], case["params"]);
        let data = marked(case["data"].as_str().expect("data"));
        if case["error"].is_string() {
            let stage = Stage::new(crate::find(estimator).expect("declared"));
            for (name, value) in case["params"].as_object().expect("params") {
                stage.set(name, ml_value(value)).expect("a value");
            }
            assert!(stage.fit(&data, &ParamMap::new()).is_err(), "{what}");
            continue;
        }
        let model = fitted(estimator, case, &data);
        let uid = model.uid();
        let text = member_text(&model, "toDebugString").replace(&*uid, "UID");
        assert_same_text(&text, case["debug"].as_str().expect("text"), &what);
        for (name, expected) in
            [("featureImportances", "importances"), ("totalNumNodes", "nodes"), ("treeWeights", "treeWeights"), ("getNumTrees", "numTrees")]
        {
            assert_close(&member(&model, name), &floats(&case[expected]), 1e-9, &format!("{what}: {name}"));
        }
        let arg = MlValue::DataFrame(data.clone());
        if estimator == "GBTClassifier" {
            evaluated(&model, &[arg], &case["each"], &what);
        } else {
            evaluated(&model, &[arg.clone(), "squared".into()], &case["each"], &what);
            evaluated(&model, &[arg, "absolute".into()], &case["absolute"], &what);
        }
        let row = data.select(&[data.col("features").expect("features")]).expect("a frame").first().expect("rows").expect("a row");
        let Value::Vector(row) = &row.values[0] else { panic!("a vector") };
        for (name, expected) in ["predict", "predictLeaf", "predictRaw", "predictProbability"].iter().zip(list(&case["predict"])) {
            let found = model.member(name, &[MlValue::Vector(row.clone())]).expect("a prediction");
            assert_close(&numbers(&found), &floats(expected), 1e-9, &format!("{what}: {name}"));
        }
        model.set("leafCol", "leaf".into()).expect("a name");
        assert_predictions(&model, &data, case, 1e-9, &what);
    }
}

fn member_text(model: &Stage, name: &str) -> String {
    match model.member(name, &[]) {
        Ok(MlValue::Text(text)) => text.to_string(),
        other => panic!("{name} is text: {other:?}"),
    }
}

/// What a learner is told when boosting can't be done.
#[test]
fn unfit_boosting_is_refused_with_the_reason() {
    let told = |name: &str, params: &[(&str, MlValue)], data: &str| {
        let stage = Stage::new(crate::find(name).expect("declared"));
        for (name, value) in params {
            stage.set(name, value.clone()).expect("a value");
        }
        stage.fit(&marked(data), &ParamMap::new()).err().map(|e| e.message().to_owned()).unwrap_or_default()
    };
    assert!(told("GBTClassifier", &[], "tree3").contains("Labels MUST be in {0, 1}, but got 2.0"));
    assert!(told("GBTClassifier", &[("maxIter", 0.into())], "tree2").contains("maxIter must be at least 1"));
    assert!(told("GBTClassifier", &[("featureSubsetStrategy", "some".into())], "tree2").contains("Supported values"));
    assert!(told("GBTRegressor", &[("validationIndicatorCol", "label".into())], "tree0").contains("DOUBLE"));
    assert!(told("OneVsRest", &[], "three").contains("classifier must be set"));
    let rows = serde_json::json!([[1e9, [1.0, 2.0]], [0.0, [2.0, 1.0]]]);
    let far = crate::testing::frame(&Session::in_memory(1), "label double, features vector", &rows);
    let rest = Stage::new(crate::find("OneVsRest").expect("declared"));
    rest.set("classifier", Stage::new(crate::find("LogisticRegression").expect("declared")).into()).expect("a stage");
    let error = rest.fit(&far, &ParamMap::new()).expect_err("a billion classifiers");
    assert!(error.message().contains("each of 1000000001 classes"), "{error}");
}

#[test]
fn one_vs_rest_is_pysparks() {
    for case in list(&reference("boosting.json")["oneVsRest"]) {
        let what = format!("{} {} {} {}", case["data"], case["classifier"], case["inner"], case["params"]);
        let classifier = Stage::new(crate::find(case["classifier"].as_str().expect("a name")).expect("declared"));
        for (name, value) in case["inner"].as_object().expect("params") {
            classifier.set(name, ml_value(value)).expect("a value");
        }
        let stage = Stage::new(crate::find("OneVsRest").expect("declared"));
        stage.set("classifier", classifier.into()).expect("a stage");
        for (name, value) in case["params"].as_object().expect("params") {
            stage.set(name, ml_value(value)).expect("a value");
        }
        let data = marked(case["data"].as_str().expect("data"));
        let model = stage.fit(&data, &ParamMap::new()).unwrap_or_else(|error| panic!("{what}: {error}"));
        if case["error"].is_string() {
            assert!(model.transform(&data, &ParamMap::new()).is_err(), "{what}");
            continue;
        }
        let tolerance = if case["classifier"] == "LogisticRegression" { 1e-6 } else { 1e-9 };
        assert_predictions(&model, &data, case, tolerance, &what);
        let Ok(MlValue::List(models)) = model.member("models", &[]) else { panic!("models") };
        let names: Vec<&str> =
            models.iter().map(|model| if let MlValue::Stage(stage) = model { stage.decl().name } else { panic!("a model") }).collect();
        assert_eq!(json!(names), case["models"], "{what}");
    }
}
