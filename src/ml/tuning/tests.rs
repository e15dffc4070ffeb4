//! Folds, metrics and best models against `tests/reference/ml_tuning.json`, which real PySpark 4.3 wrote.

use kindling_frame::{DataFrame, Session};
use serde_json::Value as Json;

use super::ParamGridBuilder;
use super::cross_validator::CrossValidator;
use crate::param::{ParamMap, Params};
use crate::stage::Stage;
use crate::testing::{close, frame, list, ml_value, number, reference};
use crate::value::MlValue;

fn data(session: &Session, reference: &Json) -> DataFrame {
    frame(session, "id int, a double, b double, c double, label double, fold int", &reference["rows"])
}

fn new(class: &str, params: &[(&str, MlValue)]) -> Stage {
    let stage = Stage::new(crate::find(class).unwrap_or_else(|| panic!("{class} is declared")));
    for (name, value) in params {
        stage.set(name, value.clone()).expect("a value");
    }
    stage
}

struct Tuned {
    pipeline: Stage,
    grid: Vec<MlValue>,
}

fn tuned() -> Tuned {
    let assembler = new("VectorAssembler", &[("inputCols", ["a", "b", "c"].into()), ("outputCol", "raw".into())]);
    let scaler = new("StandardScaler", &[("inputCol", "raw".into()), ("outputCol", "features".into())]);
    let regression = new("LinearRegression", &[("solver", "normal".into()), ("standardization", false.into())]);
    let grid = ParamGridBuilder::new()
        .add_grid(regression.params().reference("regParam").expect("a param"), vec![0.05.into(), 0.5.into(), 2.0.into()])
        .add_grid(scaler.params().reference("withStd").expect("a param"), vec![true.into(), false.into()])
        .build();
    let pipeline = new("Pipeline", &[("stages", vec![assembler, scaler, regression].into())]);
    Tuned { pipeline, grid: grid.into_iter().map(MlValue::ParamMap).collect() }
}

fn validator(class: &str, case: &Json, parallelism: i64) -> Stage {
    let Tuned { pipeline, grid } = tuned();
    let metric = case["metric"].as_str().unwrap_or("rmse");
    let evaluator = new("RegressionEvaluator", &[("metricName", metric.into())]);
    let stage = new(
        class,
        &[
            ("estimator", pipeline.into()),
            ("estimatorParamMaps", MlValue::List(grid)),
            ("evaluator", evaluator.into()),
            ("parallelism", parallelism.into()),
        ],
    );
    for (name, value) in case["params"].as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    stage
}

/// Intercept and coefficients of the regression that ends a fitted pipeline.
fn regression(model: &MlValue) -> Vec<f64> {
    let MlValue::Stage(model) = model else { panic!("a model") };
    let MlValue::List(stages) = model.member("stages", &[]).expect("stages") else { panic!("a list") };
    let Some(MlValue::Stage(last)) = stages.last() else { panic!("a stage") };
    let intercept = last.member("intercept", &[]).expect("an intercept").as_f64().expect("a number");
    let coefficients = last.member("coefficients", &[]).expect("coefficients").numbers().expect("numbers");
    std::iter::once(intercept).chain(coefficients).collect()
}

fn assert_close(expected: &Json, found: &[f64], what: &str) {
    let expected: Vec<f64> = list(expected).iter().map(|value| number(value).expect("a number")).collect();
    let same = expected.len() == found.len() && expected.iter().zip(found).all(|(a, b)| close(*a, *b, 1e-9));
    assert!(same, "{what}: {found:?}, not {expected:?}");
}

fn numbers(model: &Stage, member: &str) -> Vec<f64> {
    model.member(member, &[]).expect("a member").numbers().expect("numbers")
}

fn ids(frame: &DataFrame) -> Vec<i64> {
    let ids = frame.select(&[frame.col("id").expect("a column")]).expect("selected").collect().expect("rows");
    ids.iter().map(|row| row.values[0].as_i64().expect("an id")).collect()
}

#[test]
fn folds_hold_the_rows_of_sparks_folds() {
    let reference = reference("ml_tuning.json");
    for case in list(&reference["folds"]) {
        let params = validator("CrossValidator", case, 1).params();
        let validator = CrossValidator::new(&params).expect("checked");
        let folds = validator.split(&data(&Session::in_memory(2), &reference)).expect("folds");
        let expected = list(&case["folds"]);
        assert_eq!(folds.len(), expected.len());
        for ((train, validation), expected) in folds.iter().zip(expected) {
            for (frame, expected) in [(train, &expected[0]), (validation, &expected[1])] {
                let expected: Vec<i64> = list(expected).iter().filter_map(Json::as_i64).collect();
                assert_eq!(ids(frame), expected, "{}", case["params"]);
            }
        }
    }
}

#[test]
fn cross_validation_finds_sparks_metrics_and_model() {
    let reference = reference("ml_tuning.json");
    for case in list(&reference["cross_validator"]) {
        let mut bits = Vec::new();
        for (threads, parallelism) in [(1, 1), (2, 2), (4, 3), (8, 8)] {
            let what = format!("{} {} on {threads} threads", case["params"], case["metric"]);
            let session = Session::in_memory(threads);
            let cv = validator("CrossValidator", case, parallelism);
            let model = cv.fit(&data(&session, &reference), &ParamMap::new()).unwrap_or_else(|error| panic!("{what}: {error}"));
            let averages = numbers(&model, "avgMetrics");
            assert_close(&case["avgMetrics"], &averages, &what);
            assert_close(&case["stdMetrics"], &numbers(&model, "stdMetrics"), &what);
            let best = regression(&model.member("bestModel", &[]).expect("a model"));
            assert_close(&case["best"], &best, &what);
            match (model.member("subModels", &[]).expect("sub models"), case["subModels"].as_array()) {
                (MlValue::List(folds), Some(expected)) => {
                    assert_eq!(folds.len(), expected.len());
                    for (fold, expected) in folds.iter().zip(expected) {
                        let MlValue::List(models) = fold else { panic!("models of a fold") };
                        models.iter().zip(list(expected)).for_each(|(model, expected)| assert_close(expected, &regression(model), &what));
                    }
                }
                (MlValue::None, None) => {}
                _ => panic!("{what}: sub models only when asked for"),
            }
            bits.push(averages.iter().chain(&best).map(|value| value.to_bits()).collect::<Vec<_>>());
        }
        assert!(bits.windows(2).all(|pair| pair[0] == pair[1]), "{}", case["params"]);
    }
}

#[test]
fn the_train_validation_split_finds_sparks_metrics_and_model() {
    let reference = reference("ml_tuning.json");
    for case in list(&reference["train_validation_split"]) {
        let session = Session::in_memory(2);
        let split = validator("TrainValidationSplit", case, 2);
        let model = split.fit(&data(&session, &reference), &ParamMap::new()).expect("fitted");
        let what = case["params"].to_string();
        assert_close(&case["validationMetrics"], &numbers(&model, "validationMetrics"), &what);
        assert_close(&case["best"], &regression(&model.member("bestModel", &[]).expect("a model")), &what);
        if let MlValue::List(models) = model.member("subModels", &[]).expect("sub models") {
            models.iter().zip(list(&case["subModels"])).for_each(|(model, expected)| assert_close(expected, &regression(model), &what));
        }
    }
}

#[test]
fn a_fold_number_out_of_range_is_told() {
    let session = Session::in_memory(1);
    let rows = serde_json::json!([[0, 1.0, 1.0, 1.0, 1.0, 0], [1, 1.0, 2.0, 1.0, 1.0, 3]]);
    let frame = frame(&session, "id int, a double, b double, c double, label double, fold int", &rows);
    let params: Params = validator("CrossValidator", &serde_json::json!({"params": {"foldCol": "fold"}}), 1).params();
    let error = CrossValidator::new(&params).expect("checked").split(&frame).map(|_| ()).expect_err("fold 3 of 3");
    assert_eq!(error.message(), "Fold number must be in range [0, 3), but got 3.");
}
