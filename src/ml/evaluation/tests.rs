//! Every case of `tests/reference/ml_evaluation.json`, which real PySpark 4.3 wrote.

use kindling_frame::Session;
use kindling_partition::Executor;
use serde_json::Value as Json;

use super::{BinaryCurve, Scored};
use crate::param::ParamMap;
use crate::stage::Stage;
use crate::testing::{close, frame, list, ml_value, number, reference};

fn evaluate(session: &Session, frames: &Json, case: &Json) -> (Stage, kindling_partition::Result<f64>) {
    let data = &frames[case["frame"].as_str().expect("a frame")];
    let columns: Vec<String> = list(&data["columns"])
        .iter()
        .map(|name| {
            let name = name.as_str().expect("a name");
            let kind = if matches!(name, "rawPrediction" | "probability" | "features") { "vector" } else { "double" };
            format!("{name} {kind}")
        })
        .collect();
    let stage = Stage::new(crate::find(case["class"].as_str().expect("a class")).expect("declared"));
    for (name, value) in case["params"].as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    let value = stage.evaluate(&frame(session, &columns.join(", "), &data["rows"]), &ParamMap::new());
    (stage, value)
}

#[test]
fn every_metric_is_sparks_to_nine_digits_and_the_same_bits_on_any_number_of_threads() {
    let reference = reference("ml_evaluation.json");
    assert!(list(&reference["cases"]).len() > 60, "the reference has its cases");
    for case in list(&reference["cases"]) {
        let what = format!("{} {} of {}", case["class"], case["params"], case["frame"]);
        let mut bits = Vec::new();
        for threads in [1, 2, 4, 8] {
            let (stage, value) = evaluate(&Session::in_memory(threads), &reference["frames"], case);
            let Some(expected) = number(&case["value"]) else {
                assert!(value.is_err(), "{what}: expected {}", case["error"]);
                continue;
            };
            let value = value.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(close(value, expected, 1e-9), "{what}: {value}, not {expected}");
            assert_eq!(stage.is_larger_better().expect("an evaluator"), case["larger"].as_bool().expect("a boolean"), "{what}");
            bits.push(value.to_bits());
        }
        assert!(bits.windows(2).all(|pair| pair[0] == pair[1]), "{what}");
    }
}

fn scored(rows: &[Json]) -> Vec<Scored> {
    let part = |rows: &[Json]| {
        let column = |i: usize| rows.iter().map(|row| number(&row[i]).expect("a number")).collect();
        Scored { scores: column(3), labels: column(1), weights: Some(column(2)) }
    };
    rows.chunks(37).map(part).collect()
}

#[test]
fn curves_are_those_of_sparks_binary_classification_metrics() {
    let reference = reference("ml_evaluation.json");
    for (name, expected) in reference["curves"].as_object().expect("curves") {
        let parts = scored(list(&reference["frames"][name]["rows"]));
        let curve = BinaryCurve::new(&Executor::new(2), &parts, 1000).expect("a curve");
        let curves = [
            ("roc", curve.roc()),
            ("pr", curve.pr()),
            ("precisionByThreshold", curve.precision_by_threshold()),
            ("recallByThreshold", curve.recall_by_threshold()),
            ("fMeasureByThreshold", curve.f_measure_by_threshold(1.0)),
        ];
        for (method, points) in curves {
            let expected = list(&expected[method]);
            assert_eq!(points.len(), expected.len(), "{name} {method}");
            for ((x, y), point) in points.iter().zip(expected) {
                let (ex, ey) = (number(&point[0]).expect("x"), number(&point[1]).expect("y"));
                assert!(close(*x, ex, 1e-12) && close(*y, ey, 1e-12), "{name} {method}: ({x}, {y}), not {point}");
            }
        }
    }
}

/// Spark groups `n / numBins` neighbouring scores; the counts at each remaining threshold don't change.
#[test]
fn bins_leave_out_points_and_change_none() {
    let scores: Vec<f64> = (0..5000).map(|i| f64::from(i * 7919 % 5000) / 5000.0).collect();
    let labels = scores.iter().map(|score| f64::from(u8::from((score * 97.0).fract() < *score))).collect();
    let part = Scored { scores, labels, weights: None };
    let all = BinaryCurve::new(&Executor::new(1), std::slice::from_ref(&part), 0).expect("a curve");
    let binned = BinaryCurve::new(&Executor::new(1), &[part], 1000).expect("a curve");
    assert_eq!((all.points.len(), binned.points.len()), (5000, 1000));
    assert!(binned.points.iter().all(|point| all.points.contains(point)));
    assert!((all.area_under_roc() - binned.area_under_roc()).abs() < 1e-3);
}

/// Every case of `tests/reference/array_evaluation.json`.
#[test]
fn rankings_and_sets_of_labels_are_measured_as_by_spark() {
    let reference = reference("array_evaluation.json");
    let session = Session::in_memory(2);
    for case in list(&reference["cases"]) {
        let what = format!("{} {} of {}", case["class"], case["params"], case["frame"]);
        let rows = &reference["frames"][case["frame"].as_str().expect("a frame")];
        let data = frame(&session, "prediction array<double>, label array<double>", rows);
        let stage = Stage::new(crate::find(case["class"].as_str().expect("a class")).expect("declared"));
        for (name, value) in case["params"].as_object().expect("params") {
            stage.set(name, ml_value(value)).expect("a value");
        }
        let value = stage.evaluate(&data, &ParamMap::new());
        let Some(expected) = number(&case["value"]) else {
            assert!(value.is_err_and(|error| error.message().starts_with("key not found: ")), "{what}: {}", case["error"]);
            continue;
        };
        let value = value.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(close(value, expected, 1e-12), "{what}: {value}, not {expected}");
        assert_eq!(stage.is_larger_better().expect("an evaluator"), case["larger"].as_bool().expect("a boolean"), "{what}");
    }
}
