//! Every model of `tests/reference/linear_models.json` fitted on a frame as a user does: columns, metadata, predictions, attributes,
//! summaries and errors are those of real Spark.

use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::vector_column::VectorBuilder;
use kindling_frame::{Batch, DataFrame, DataType, Field, Schema, Session};
use kindling_linalg::{DenseMatrix, Matrix, SparseVector, Vector};
use serde_json::{Value as Json, json};

use crate::model_tests::{assert_predictions, numbers};
use crate::param::ParamMap;
use crate::reference::{assert_close, floats};
use crate::stage::Stage;
use crate::testing::{list, ml_value, reference};
use crate::value::MlValue;

fn file() -> &'static Json {
    static FILE: OnceLock<Json> = OnceLock::new();
    FILE.get_or_init(|| reference("linear_models.json"))
}

fn frame(name: &str, threads: usize) -> DataFrame {
    let mut schema: Vec<Field> =
        ["label", "weight", "offset", "censor", "x"].into_iter().map(|name| Field::new(name, DataType::Double, true)).collect();
    schema.push(Field::new("features", DataType::Vector, true));
    let batch = |partition: &Json| {
        let rows = list(partition);
        let mut columns: Vec<ArrayRef> = (0..5)
            .map(|j| {
                let number = |row: &Json| if j < 4 { row[j].as_f64() } else { row[4][0].as_f64() };
                Arc::new(rows.iter().map(number).collect::<Float64Array>()) as ArrayRef
            })
            .collect();
        let mut features = VectorBuilder::with_capacity(rows.len(), 4 * rows.len());
        for row in rows {
            let x = floats(&row[4]);
            if name == "sparse" {
                let (indices, values) = x.iter().enumerate().filter(|e| *e.1 != 0.0).map(|(j, v)| (j as i32, *v)).unzip();
                features.append(Vector::Sparse(SparseVector::new(4, indices, values).expect("a vector")).as_ref());
            } else {
                features.append(Vector::Dense(x).as_ref());
            }
        }
        columns.push(features.finish());
        Batch::new(columns, rows.len())
    };
    let batches = list(&file()["data"][name]).iter().map(batch).collect();
    DataFrame::from_batches(&Session::in_memory(threads), Arc::new(Schema::new(schema)), batches)
}

fn stage(case: &Json) -> Stage {
    let stage = Stage::new(crate::find(case["estimator"].as_str().expect("estimator")).expect("declared"));
    for (name, value) in case["params"].as_object().expect("params") {
        let value = match value.get("rows").and_then(Json::as_u64) {
            Some(rows) => {
                let values = floats(&value["values"]);
                let rows = rows as usize;
                MlValue::Matrix(Matrix::Dense(DenseMatrix::new(rows, values.len() / rows, values, true).expect("a matrix")))
            }
            None => ml_value(value),
        };
        stage.set(name, value).expect("a value");
    }
    stage
}

/// Numbers, texts and errors of a member against what Spark has.
fn assert_member(found: kindling_partition::Result<MlValue>, expected: &Json, tolerance: f64, what: &str) {
    if let Some(error) = expected["error"].as_str() {
        assert_eq!(found.err().map(|e| e.message().to_owned()).as_deref(), Some(error), "{what}");
        return;
    }
    let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
    if let (MlValue::DataFrame(frame), Some(columns)) = (&found, expected.get("columns")) {
        assert_eq!(json!(frame.columns()), *columns, "{what}");
    }
    match (&found, expected.as_str()) {
        (MlValue::Text(found), Some(expected)) => assert_eq!(&**found, expected, "{what}"),
        _ => assert_close(&numbers(&found), &floats(expected.get("rows").unwrap_or(expected)), tolerance, what),
    }
}

/// Whether a refusal is about what Spark's is about: the texts differ in how they name the column or the param. Where Spark only knows that a
/// Java array has no such index, any reason is better.
fn says_the_same(found: &str, spark: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).map(str::to_owned).collect()
    };
    let spark = spark.trim_start_matches("[USER_RAISED_EXCEPTION] ").split(" SQLSTATE").next().unwrap_or_default();
    let (found, named) = (words(found), spark.contains(" given invalid value "));
    let spark = words(spark);
    if named || spark.iter().any(|word| word == "bounds" || word == "calling") {
        return !named || spark.iter().any(|word| found.contains(word));
    }
    spark.iter().filter(|word| found.contains(word)).count() * 2 >= spark.len()
}

/// Fits every case of an estimator, and tells of all that differ. `tolerance` is for what iterations end at.
fn assert_cases(estimator: &str, tolerance: f64) {
    let cases: Vec<&Json> = list(&file()["cases"]).iter().filter(|case| case["estimator"] == estimator).collect();
    assert!(!cases.is_empty(), "{estimator} has cases");
    let failed = cases.iter().filter(|case| std::panic::catch_unwind(|| assert_case(case, tolerance)).is_err());
    let failed: Vec<String> = failed.map(|case| format!("{} {}", case["data"], case["params"])).collect();
    assert!(failed.is_empty(), "{estimator} differs in {failed:#?}");
}

fn assert_case(case: &Json, tolerance: f64) {
    let estimator = case["estimator"].as_str().expect("an estimator");
    let what = format!("{estimator} {} {}", case["data"], case["params"]);
    let data = frame(case["data"].as_str().expect("data"), 2);
    let fitted = stage(case).fit(&data, &ParamMap::new());
    if let Some(error) = case["error"].as_str() {
        let found = fitted.err().map(|e| e.message().to_owned()).unwrap_or_default();
        assert!(!found.is_empty() && says_the_same(&found, error), "{what}: {found:?}, Spark says {error:?}");
        return;
    }
    let model = fitted.unwrap_or_else(|error| panic!("{what}: {error}"));
    for (name, expected) in case["members"].as_object().into_iter().flatten() {
        assert_member(model.member(name, &[]), expected, tolerance, &format!("{what}: {name}"));
    }
    let mut case = case.clone();
    if case["text"].is_object() {
        // Spark can't print a generalized linear model whose link was not set.
        case["text"] = Json::from(model.to_string().replace(&*model.uid(), "UID"));
    }
    assert_predictions(&model, &data, &case, tolerance, &what);
    for (name, expected) in case["summary"].as_object().into_iter().flatten() {
        let Ok(MlValue::Object(summary)) = model.member("summary", &[]) else { panic!("{what} has a summary") };
        assert_member(summary.member(name, &[]), expected, tolerance, &format!("{what}: {name}"));
    }
    if estimator == "GeneralizedLinearRegression" {
        assert_printed(&model, &data, &case, tolerance, &what);
    }
}

fn assert_printed(model: &Stage, data: &DataFrame, case: &Json, tolerance: f64, what: &str) {
    let Ok(MlValue::Object(summary)) = model.member("summary", &[]) else { panic!("{what} has a summary") };
    for (kind, expected) in case["residuals"].as_object().expect("residuals") {
        let found = summary.member("residuals", &[kind.as_str().into()]);
        if expected.get("error").is_some() {
            assert!(found.is_err(), "{what}: {kind}");
        } else {
            assert_member(found, expected, tolerance, &format!("{what}: {kind}"));
        }
    }
    let printed = case["printed"].as_str().unwrap_or_else(|| case["printed"]["error"].as_str().expect("a text"));
    // Spark can't print an infinite number.
    let printed = if printed.contains("is neither a decimal digit number") { "" } else { printed };
    if let Some(row) = summary.describe().lines().zip(printed.lines()).find(|(found, expected)| found != expected) {
        panic!("{what}: printed {row:?}");
    }
    let Ok(MlValue::Object(again)) = model.member("evaluate", &[MlValue::DataFrame(data.clone())]) else { panic!("{what}: evaluate") };
    assert_member(again.member("deviance", &[]), &case["evaluated"], tolerance, what);
}

#[test]
fn generalized_linear_regression_is_sparks() {
    assert_cases("GeneralizedLinearRegression", 1e-7);
}

#[test]
fn linear_support_vector_machines_are_sparks() {
    assert_cases("LinearSVC", 1e-6);
}

#[test]
fn isotonic_regression_is_sparks() {
    assert_cases("IsotonicRegression", 1e-12);
}

#[test]
fn survival_regression_is_sparks() {
    assert_cases("AFTSurvivalRegression", 1e-6);
}

#[test]
fn multilayer_perceptrons_are_sparks() {
    assert_cases("MultilayerPerceptronClassifier", 1e-6);
}

#[test]
fn factorization_machines_are_sparks() {
    assert_cases("FMRegressor", 1e-9);
    assert_cases("FMClassifier", 1e-9);
}

#[test]
fn bounded_logistic_regression_is_sparks() {
    assert_cases("LogisticRegression", 1e-6);
}

/// Estimators, a data set that each fits, and params that keep it short.
const FITS: [(&str, &str, &str); 7] = [
    ("GeneralizedLinearRegression", "counts", r#"{"family": "poisson", "maxIter": 4}"#),
    ("LinearSVC", "coin", r#"{"maxIter": 4, "regParam": 0.1}"#),
    ("IsotonicRegression", "steps", "{}"),
    ("AFTSurvivalRegression", "positive", r#"{"maxIter": 4}"#),
    ("MultilayerPerceptronClassifier", "coin", r#"{"layers": [4, 3, 2], "maxIter": 3, "seed": 1}"#),
    ("FMRegressor", "line", r#"{"maxIter": 3, "seed": 1, "miniBatchFraction": 0.5}"#),
    ("FMClassifier", "coin", r#"{"maxIter": 3, "seed": 1}"#),
];

fn fit(name: &str, params: &str, data: &DataFrame) -> kindling_partition::Result<Stage> {
    let params: Json = serde_json::from_str(params).expect("JSON");
    stage(&json!({"estimator": name, "params": params})).fit(data, &ParamMap::new())
}

#[test]
fn fits_have_the_same_bits_on_any_number_of_threads() {
    for (name, data, params) in FITS {
        let rows = |threads| {
            let data = frame(data, threads);
            let model = fit(name, params, &data).unwrap_or_else(|error| panic!("{name}: {error}"));
            format!("{:?}", model.transform(&data, &ParamMap::new()).and_then(|frame| frame.collect()).expect("rows"))
        };
        let one = rows(1);
        assert!([2, 5].into_iter().all(|threads| rows(threads) == one), "{name}");
    }
}

/// Every odd data set ends in a model or in a reason; what is no number always in a reason that names the column.
#[test]
fn odd_data_are_fitted_or_refused_with_the_reason() {
    let odd = |rows: &[(Option<f64>, Option<[f64; 4]>)]| {
        let rows: Vec<Json> =
            rows.iter().map(|(label, x)| json!([label, 1.0, 1.0, 0.5, x.map(|x| x.map(|x| x.to_string())), x.map(|x| x[0])])).collect();
        crate::testing::frame(
            &Session::in_memory(2),
            "label double, weight double, censor double, offset double, features vector, x double",
            &Json::from(
                rows.into_iter()
                    .map(|mut row| {
                        // Numbers that JSON lacks are text.
                        if let Some(cells) = row[4].as_array_mut() {
                            for cell in cells {
                                let number: f64 = cell.as_str().and_then(|text| text.parse().ok()).expect("a number");
                                *cell = if number.is_nan() { json!("NaN") } else { json!(number) };
                            }
                        }
                        row
                    })
                    .collect::<Vec<_>>(),
            ),
        )
    };
    let x = [1.0, 2.0, 0.0, 1.0];
    let one = odd(&[(Some(1.0), Some(x))]);
    let same = odd(&[(Some(1.0), Some(x)), (Some(1.0), Some(x)), (Some(1.0), Some(x))]);
    let none = one.limit(0).expect("a frame");
    let nan = odd(&[(Some(1.0), Some(x)), (Some(1.0), Some([f64::NAN, 1.0, 1.0, 1.0]))]);
    let no_label = odd(&[(Some(1.0), Some(x)), (None, Some(x))]);
    let no_vector = odd(&[(Some(1.0), Some(x)), (Some(1.0), None)]);
    for (name, _, params) in FITS {
        for (what, data) in [("one row", &one), ("the same rows", &same), ("no rows", &none)] {
            match fit(name, params, data) {
                Ok(model) => assert!(model.transform(data, &ParamMap::new()).and_then(|frame| frame.collect()).is_ok(), "{name}: {what}"),
                Err(error) => assert!(error.message().len() > 10, "{name}: {what}: {error}"),
            }
        }
        for (what, data) in [("features", &nan), ("label", &no_label)] {
            let error = fit(name, params, data).err().map(|e| e.message().to_owned()).unwrap_or_default();
            assert!(error.contains(what), "{name}: {what}: {error:?}");
        }
        assert!(fit(name, params, &no_vector).is_err(), "{name}: a null vector");
    }
}

/// A hundred thousand columns, of which a row has three.
#[test]
fn wide_sparse_features_stay_sparse() {
    const WIDTH: usize = 100_000;
    let rows: Vec<Json> = (0..40)
        .map(|i| {
            let label = f64::from(u8::from(i % 3 == 0));
            let vector = json!({"size": WIDTH, "indices": [i * 7, 500 + i * 11, 90_000 + i], "values": [1.0, 0.5 + label, 2.0]});
            json!([label, 1.0 + label, 1.0, vector])
        })
        .collect();
    let data =
        crate::testing::frame(&Session::in_memory(2), "coin double, label double, censor double, features vector", &Json::from(rows));
    for (name, params) in [
        ("LinearSVC", r#"{"labelCol": "coin", "maxIter": 3}"#),
        ("AFTSurvivalRegression", r#"{"maxIter": 3}"#),
        ("MultilayerPerceptronClassifier", r#"{"labelCol": "coin", "layers": [100000, 2, 2], "maxIter": 2, "seed": 1}"#),
        ("FMClassifier", r#"{"labelCol": "coin", "factorSize": 2, "maxIter": 2, "seed": 1}"#),
        ("IsotonicRegression", r#"{"featureIndex": 90001}"#),
    ] {
        let model = fit(name, params, &data).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(model.transform(&data, &ParamMap::new()).and_then(|frame| frame.collect()).expect("rows").len(), 40, "{name}");
    }
    let error = fit("GeneralizedLinearRegression", "{}", &data).expect_err("too many features");
    assert!(error.message().contains("4096"), "{error}");
}
