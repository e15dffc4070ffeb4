//! Every model of `tests/reference/ml_models.json` fitted on a frame, as a user does: columns, metadata, predictions, attributes and
//! summaries are those of real Spark.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Batch, DataFrame, DataType, Field, Metadata, Schema, Session, Value, vector_column};
use serde_json::{Value as Json, json};

use crate::param::ParamMap;
use crate::reference::{assert_close, data, floats, models};
use crate::stage::Stage;
use crate::testing::ml_value;
use crate::value::MlValue;

pub(crate) fn frame(name: &str) -> DataFrame {
    let nominal =
        |i: usize, n: usize| json!({"vals": (0..n).map(|v| v.to_string()).collect::<Vec<_>>(), "idx": i, "name": format!("c{i}")});
    let categorical = json!({"ml_attr": {
        "attrs": {
            "numeric": [{"idx": 1, "name": "n1"}, {"idx": 3, "name": "n3"}, {"idx": 4, "name": "n4"}],
            "nominal": [nominal(0, 3), nominal(2, 7)],
        },
        "num_attrs": 5,
    }});
    let metadata: Option<Metadata> = name.starts_with("tree").then(|| Arc::new(categorical.as_object().expect("an object").clone()));
    let schema = Schema::new(vec![
        Field::new("label", DataType::Double, false),
        Field::new("weight", DataType::Double, false),
        Field::new("features", DataType::Vector, true).with_metadata(metadata),
    ]);
    let batches = data(name)
        .into_iter()
        .map(|p| {
            let rows = p.labels.len();
            let features = vector_column::from_dense_block(rows, p.width, p.values).expect("a block");
            let (labels, weights): (ArrayRef, ArrayRef) = (Arc::new(Float64Array::from(p.labels)), Arc::new(Float64Array::from(p.weights)));
            Batch::new(vec![labels, weights, features], rows)
        })
        .collect();
    DataFrame::from_batches(&Session::in_memory(2), Arc::new(schema), batches)
}

pub(crate) fn fitted(estimator: &str, case: &Json, data: &DataFrame) -> Stage {
    let stage = Stage::new(crate::find(estimator).expect("declared"));
    for (name, value) in case["params"].as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    stage.fit(data, &ParamMap::new()).unwrap_or_else(|error| panic!("{estimator} {}: {error}", case["params"]))
}

pub(crate) fn cell(value: &Value) -> Vec<f64> {
    match value {
        Value::Vector(vector) => vector.to_dense(),
        other => vec![other.as_f64().expect("a number")],
    }
}

/// The columns that the case tells of: their types, metadata and first values.
pub(crate) fn assert_predictions(model: &Stage, data: &DataFrame, case: &Json, tolerance: f64, what: &str) {
    let predictions = model.transform(data, &ParamMap::new()).expect("a frame");
    assert_eq!(**predictions.schema(), model.transform_schema(data.schema()).expect("a schema"), "{what}: transform_schema");
    if let Some(columns) = case["columns"].as_array() {
        assert_eq!(predictions.columns(), columns.iter().map(|c| c.as_str().expect("a name")).collect::<Vec<_>>(), "{what}");
    }
    let metadata = case["metadata"].as_object().expect("metadata");
    let mut columns = Vec::new();
    for (name, expected) in metadata {
        let field = predictions.schema().field(name).expect("a column").clone();
        let found = json!({
            "type": field.data_type.simple_string(),
            "nullable": field.nullable,
            "metadata": field.metadata.as_ref().map_or_else(|| json!({}), |m| Json::Object((**m).clone())),
        });
        assert_eq!(found, *expected, "{what}: {name}");
        columns.push(predictions.col(name).expect("a column"));
    }
    let rows = predictions.select(&columns).expect("a frame").collect().expect("rows");
    for (i, expected) in case["predictions"].as_array().into_iter().flatten().enumerate() {
        let found: Vec<f64> = (0..columns.len()).flat_map(|j| cell(&rows[i].values[j])).collect();
        assert_close(&found, &floats(expected), tolerance, &format!("{what}: row {i}"));
    }
    let uid = model.uid();
    assert_eq!(Some(&*model.to_string().replace(&*uid, "UID")), case["text"].as_str(), "{what}");
}

pub(crate) fn member(model: &Stage, name: &str) -> Vec<f64> {
    numbers(&model.member(name, &[]).unwrap_or_else(|error| panic!("{name}: {error}")))
}

pub(crate) fn numbers(value: &MlValue) -> Vec<f64> {
    match value {
        MlValue::Matrix(matrix) => matrix.to_rows(),
        MlValue::List(values) => values.iter().flat_map(numbers).collect(),
        MlValue::DataFrame(frame) => {
            frame.collect().expect("rows").iter().flat_map(|row| row.values.iter().flat_map(cell).collect::<Vec<_>>()).collect()
        }
        other => other.numbers().or_else(|| other.as_f64().map(|v| vec![v])).unwrap_or_else(|| panic!("numbers, not {other:?}")),
    }
}

/// Every entry of the case's summary.
pub(crate) fn assert_summary(model: &Stage, expected: &Json, tolerance: f64, what: &str) {
    let Ok(MlValue::Object(summary)) = model.member("summary", &[]) else { panic!("{what} has a summary") };
    for (name, expected) in expected.as_object().into_iter().flatten() {
        let (member, args) = match name.as_str() {
            "fMeasureByLabel2" => ("fMeasureByLabel", vec![MlValue::Float(2.0)]),
            "weightedFMeasure2" => ("weightedFMeasure", vec![MlValue::Float(2.0)]),
            other => (other, Vec::new()),
        };
        let what = format!("{what}: {name}");
        let found = summary.member(member, &args);
        if let Some(error) = expected["error"].as_str() {
            assert_eq!(found.err().map(|e| e.message().to_owned()).as_deref(), Some(error), "{what}");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
        let rows = expected.get("rows").unwrap_or(expected);
        if let (MlValue::DataFrame(frame), Some(columns)) = (&found, expected.get("columns")) {
            assert_eq!(json!(frame.columns()), *columns, "{what}");
        }
        if name != "objectiveHistory" && name != "totalIterations" {
            assert_close(&numbers(&found), &floats(rows), tolerance, &what);
        }
    }
}

#[test]
fn logistic_regression_is_sparks() {
    for case in models()["logistic"].as_array().expect("cases") {
        let what = format!("{} {}", case["data"], case["params"]);
        let data = frame(case["data"].as_str().expect("data"));
        let model = fitted("LogisticRegression", case, &data);
        let tolerance = if case["params"]["tol"].is_number() { 1e-6 } else { 1e-4 };
        assert_close(&member(&model, "coefficientMatrix"), &floats(&case["coefficients"]), tolerance, &what);
        assert_close(&member(&model, "interceptVector"), &floats(&case["intercepts"]), tolerance, &what);
        assert_predictions(&model, &data, case, tolerance, &what);
        if case["params"]["tol"].is_null() {
            let Ok(MlValue::Object(summary)) = model.member("summary", &[]) else { panic!("a summary") };
            assert_eq!(numbers(&summary.member("totalIterations", &[]).expect("a number")), floats(&case["iterations"]), "{what}");
        }
        assert_summary(&model, &case["summary"], 1e-6, &what);
    }
}

#[test]
fn linear_regression_is_sparks() {
    for case in models()["linear"].as_array().expect("cases") {
        let what = case["params"].to_string();
        let data = frame("regression");
        let model = fitted("LinearRegression", case, &data);
        let tolerance = 1e-6;
        assert_close(&member(&model, "coefficients"), &floats(&case["coefficients"]), tolerance, &what);
        assert_predictions(&model, &data, case, tolerance, &what);
        assert_summary(&model, &case["summary"], tolerance, &what);
    }
}

#[test]
fn k_means_is_sparks() {
    for case in models()["kmeans"].as_array().expect("cases") {
        let what = format!("{} {}", case["data"], case["params"]);
        let data = frame(case["data"].as_str().expect("data"));
        let model = fitted("KMeans", case, &data);
        assert_close(&member(&model, "clusterCenters"), &floats(&case["centers"]), 1e-9, &what);
        assert_predictions(&model, &data, case, 0.0, &what);
        assert_summary(&model, &case["summary"], 1e-9, &what);
    }
}

#[test]
fn trees_and_forests_are_sparks() {
    for case in models()["trees"].as_array().expect("trees").iter().chain(models()["forests"].as_array().expect("forests")) {
        let estimator = case["estimator"].as_str().expect("estimator");
        let what = format!("{estimator} {} {}", case["data"], case["params"]);
        let data = frame(case["data"].as_str().expect("data"));
        let model = fitted(estimator, case, &data);
        assert_summary_if_any(&model, case, &what);
        model.set("leafCol", "leaf".into()).expect("a name");
        assert_predictions(&model, &data, case, 1e-9, &what);
        assert_close(&member(&model, "featureImportances"), &floats(&case["importances"]), 1e-9, &what);
        let nodes = if case["treeWeights"].is_null() { "numNodes" } else { "totalNumNodes" };
        assert_eq!(member(&model, nodes), floats(&case["nodes"]), "{what}");
        let uid = model.uid();
        if let Ok(MlValue::Text(text)) = model.member("toDebugString", &[])
            && !estimator.ends_with("Regressor")
        {
            assert_eq!(Some(&*text.replace(&*uid, "UID")), case["debug"].as_str(), "{what}");
        }
    }
}

fn assert_summary_if_any(model: &Stage, case: &Json, what: &str) {
    if case["summary"].is_object() {
        assert_summary(model, &case["summary"], 1e-9, what);
    }
}

/// What a learner is told when data can't be fitted.
#[test]
fn unfit_data_are_refused_with_the_reason() {
    let told = |estimator: &str, params: &[(&str, MlValue)], data: &DataFrame| {
        let stage = Stage::new(crate::find(estimator).expect("declared"));
        for (name, value) in params {
            stage.set(name, value.clone()).expect("a value");
        }
        stage.fit(data, &ParamMap::new()).err().map(|e| e.message().to_owned()).unwrap_or_default()
    };
    let three = frame("three");
    assert!(told("LogisticRegression", &[("family", "binomial".into())], &three).contains("Binomial family only supports 1 or 2"));
    assert!(told("LogisticRegression", &[("thresholds", MlValue::floats([0.5, 0.5]))], &three).contains("numClasses=3"));
    assert!(told("LogisticRegression", &[("featuresCol", "feature".into())], &three).contains("Did you mean 'features'?"));
    assert!(told("RandomForestClassifier", &[("featureSubsetStrategy", "none".into())], &three).contains("Supported values"));
    assert!(told("DecisionTreeClassifier", &[("maxBins", 5.into())], &frame("tree2")).contains("categorical feature 2 has 7 values"));
    let normal: &[(&str, MlValue)] = &[("loss", "huber".into()), ("solver", "normal".into())];
    assert!(told("LinearRegression", normal, &frame("regression")).contains("doesn't support normal solver"));
    let empty = three.limit(0).expect("a frame");
    for estimator in ["LogisticRegression", "LinearRegression", "KMeans", "DecisionTreeClassifier", "RandomForestRegressor"] {
        assert!(!told(estimator, &[], &empty).is_empty(), "{estimator} on no rows");
    }
}

/// The data sets of `tests/reference/naive_bayes.py`.
fn bayes_frame(name: &str) -> DataFrame {
    let value = |i: usize, j: usize| match name {
        "counts" => ((i * 3 + j * 2 + i / 7 * (j + 1) + i % 3 * j) % (4 + i % 3)) as f64,
        "bits" => f64::from(u8::from((i * 3 + j * 5 + i * j) % 7 < 3 + i % 3 - j % 2)),
        _ => ((i * 37 + j * 11) % 23) as f64 / 4.0 - 2.0 + (i % 3) as f64 * (j + 1) as f64 * 0.75,
    };
    let schema = Schema::new(vec![
        Field::new("label", DataType::Double, true),
        Field::new("weight", DataType::Double, true),
        Field::new("features", DataType::Vector, true),
    ]);
    let batch = |rows: std::ops::Range<usize>| {
        let values = rows.clone().flat_map(|i| (0..4).map(move |j| value(i, j))).collect();
        let number = |of: fn(usize) -> f64| Arc::new(Float64Array::from_iter_values(rows.clone().map(of))) as ArrayRef;
        let features = vector_column::from_dense_block(rows.len(), 4, values).expect("a block");
        Batch::new(vec![number(|i| (i % 3) as f64), number(|i| 0.5 + (i % 5) as f64 * 0.25), features], rows.len())
    };
    DataFrame::from_batches(&Session::in_memory(2), Arc::new(schema), vec![batch(0..20), batch(20..40), batch(40..60)])
}

#[test]
fn naive_bayes_is_sparks() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/naive_bayes.json");
    let cases: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("JSON");
    for case in cases.as_array().expect("cases") {
        let what = format!("{} {}", case["data"], case["params"]);
        let data = bayes_frame(case["data"].as_str().expect("data"));
        let model = fitted("NaiveBayes", case, &data);
        for name in ["pi", "theta", "sigma"] {
            assert_close(&member(&model, name), &floats(&case[name]), 1e-12, &format!("{what}: {name}"));
        }
        assert_predictions(&model, &data, case, 1e-11, &what);
    }
    // A feature that such a model can't have is named with its row.
    for (kind, data, text) in [("multinomial", "numbers", "NOT be Negative"), ("bernoulli", "counts", "be in {0, 1}")] {
        let stage = Stage::new(crate::find("NaiveBayes").expect("declared"));
        stage.set("modelType", kind.into()).expect("a value");
        let error = stage.fit(&bayes_frame(data), &ParamMap::new()).expect_err("refused");
        assert!(error.message().contains(text) && error.message().contains('['), "{error}");
    }
}
