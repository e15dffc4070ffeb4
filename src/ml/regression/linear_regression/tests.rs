use kindling_partition::Executor;
use serde_json::Value as Json;

use super::estimator::{Method, fit};
use super::fitted::{Fitted, Settings};
use super::student_t::two_sided;
use crate::reference::{assert_close, data, floats, models};

fn fitted(case: &Json, threads: usize) -> Fitted {
    let params = &case["params"];
    let number = |name: &str, default: f64| params[name].as_f64().unwrap_or(default);
    let settings = Settings {
        reg_param: number("regParam", 0.0),
        elastic_net_param: number("elasticNetParam", 0.0),
        fit_intercept: params["fitIntercept"].as_bool().unwrap_or(true),
        standardization: params["standardization"].as_bool().unwrap_or(true),
        standardize_label: true,
        max_iter: number("maxIter", 100.0) as usize,
        tol: number("tol", 1e-6),
        epsilon: number("epsilon", 1.35),
    };
    let method = match (params["loss"].as_str(), params["solver"].as_str()) {
        (Some("huber"), _) => Method::Huber,
        (_, Some("l-bfgs")) => Method::LBfgs,
        (_, Some("normal")) => Method::Normal,
        _ => Method::Auto,
    };
    let partitions = data(case["data"].as_str().expect("data"));
    let tasks: Vec<_> = partitions.iter().map(|p| p.task(params["weightCol"].is_string())).collect();
    fit(&Executor::new(threads), &tasks, 4, method, &settings).expect("a fit")
}

/// Closed forms agree to 1e-9, iterative fits with a tight tolerance end at the same optimum, and all take Spark's way.
#[test]
fn fits_are_sparks() {
    for case in models()["linear"].as_array().expect("cases") {
        let what = case["params"].to_string();
        let found = fitted(case, 1);
        let closed = found.inverse_diagonal.is_some();
        let tolerance = if closed { 1e-9 } else { 1e-6 };
        let expected = floats(&Json::Array(vec![case["coefficients"].clone(), case["intercept"].clone(), case["scale"].clone()]));
        let numbers: Vec<f64> = found.coefficients.iter().copied().chain([found.intercept, found.scale]).collect();
        assert_close(&numbers, &expected, tolerance, &what);
        let history = floats(&case["summary"]["objectiveHistory"]);
        let length = history.len().min(6);
        assert_close(&found.objective_history[..length], &history[..length], 1e-8, &what);
        let (end, expected) = (found.objective_history[found.objective_history.len() - 1], history[history.len() - 1]);
        assert!(end <= expected + 1e-10, "{what}: ended at {end}, Spark at {expected}");
        assert_close(&[end], &[expected], 1e-8, &what);
    }
}

#[test]
fn p_values_are_sparks() {
    for case in models()["linear"].as_array().expect("cases").iter().filter(|c| c["summary"]["tValues"].is_array()) {
        let freedom = floats(&case["summary"]["degreesOfFreedom"])[0];
        let found: Vec<f64> = floats(&case["summary"]["tValues"]).iter().map(|t| two_sided(*t, freedom)).collect();
        assert_close(&found, &floats(&case["summary"]["pValues"]), 1e-12, &case["params"].to_string());
    }
}

#[test]
fn fits_have_the_same_bits_on_any_number_of_threads() {
    for case in models()["linear"].as_array().expect("cases") {
        let bits = |threads| {
            let found = fitted(case, threads);
            found.coefficients.iter().chain([&found.intercept, &found.scale]).map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        let one = bits(1);
        assert!([2, 4, 8].into_iter().all(|threads| bits(threads) == one));
    }
}
