use kindling_frame::Session;
use kindling_partition::Executor;
use serde_json::Value as Json;

use super::estimator::{Method, fit};
use super::fitted::{Fitted, Settings};
use super::student_t::two_sided;
use crate::param::ParamMap;
use crate::reference::{assert_close, data, floats, models};
use crate::stage::Stage;
use crate::testing::frame;
use crate::value::MlValue;

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
    fit(&Executor::new(threads), &tasks, 4, method, &settings, &mut None).expect("a fit")
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

/// Other columns, other solvers and other losses in between: each model is that of a fit of its own, to the bit.
#[test]
fn a_path_that_shares_its_products_has_the_bits_of_single_fits() {
    let rows: Vec<_> = (0..90)
        .map(|i| {
            let x = f64::from(i);
            let features = [libm::sin(x), libm::cos(x * 0.7), (x * 0.37) % 1.0];
            let label = features[0] * 2.0 - features[2] + libm::sin(x * 12.9);
            serde_json::json!([features, label, label * x, 0.5 + (x % 3.0)])
        })
        .collect();
    let data = frame(&Session::in_memory(2), "features vector, label double, other double, w double", &rows.into());
    let estimator = Stage::new(crate::find("LinearRegression").expect("declared"));
    let maps: Vec<ParamMap> = [
        [("regParam", MlValue::from(0.0)), ("solver", "auto".into())],
        [("regParam", 0.3.into()), ("elasticNetParam", 1.0.into())],
        [("regParam", 0.01.into()), ("elasticNetParam", 0.5.into())],
        [("labelCol", "other".into()), ("regParam", 0.1.into())],
        [("labelCol", "label".into()), ("weightCol", "w".into())],
        [("solver", "l-bfgs".into()), ("regParam", 0.1.into())],
        [("loss", "huber".into()), ("fitIntercept", false.into())],
        [("standardization", false.into()), ("regParam", 0.2.into())],
    ]
    .into_iter()
    .map(|values| values.into_iter().map(|(name, value)| (estimator.params().reference(name).expect("a param"), value)).collect())
    .collect();
    let found = |model: &Stage| {
        let [coefficients, intercept] = ["coefficients", "intercept"].map(|name| model.member(name, &[]).expect("a member"));
        format!("{coefficients:?} {intercept:?}")
    };
    let shared: Vec<String> = estimator.fit_multiple(&data, &maps).expect("fitted").iter().map(found).collect();
    let single: Vec<String> = maps.iter().map(|map| found(&estimator.fit(&data, map).expect("fitted"))).collect();
    assert_eq!(shared, single);
    assert!((1..single.len()).all(|i| !single[..i].contains(&single[i])), "every map is another model: {single:#?}");
}
