use kindling_partition::Executor;
use serde_json::Value as Json;

use super::fit::{Fitted, Settings, fit};
use crate::reference::{assert_close, data, floats, models};

fn settings(params: &Json, classes: usize) -> Settings {
    let number = |name: &str, default: f64| params[name].as_f64().unwrap_or(default);
    Settings {
        reg_param: number("regParam", 0.0),
        elastic_net_param: number("elasticNetParam", 0.0),
        fit_intercept: params["fitIntercept"].as_bool().unwrap_or(true),
        standardization: params["standardization"].as_bool().unwrap_or(true),
        max_iter: number("maxIter", 100.0) as usize,
        tol: number("tol", 1e-6),
        multinomial: classes > 2 || params["family"] == "multinomial",
        bounds: None,
    }
}

fn fitted(case: &Json, threads: usize) -> Fitted {
    let partitions = data(case["data"].as_str().expect("data"));
    let weighted = case["params"]["weightCol"].is_string();
    let tasks: Vec<_> = partitions.iter().map(|p| p.task(weighted)).collect();
    let mut histogram = vec![0.0; if case["data"] == "three" { 3 } else { 2 }];
    for task in &tasks {
        (0..task.len()).for_each(|i| histogram[task.labels[i] as usize] += task.weight(i));
    }
    fit(&Executor::new(threads), &tasks, 4, &histogram, &settings(&case["params"], histogram.len())).expect("a fit")
}

/// Tight fits end at Spark's optimum; every fit takes Spark's way there.
#[test]
fn fits_are_sparks() {
    for case in models()["logistic"].as_array().expect("cases") {
        let what = format!("{} {}", case["data"], case["params"]);
        let found = fitted(case, 1);
        let tight = case["params"]["tol"].is_number();
        let tolerance = if tight { 1e-6 } else { 1e-5 };
        assert_close(&found.coefficients, &floats(&case["coefficients"]), tolerance, &what);
        assert_close(&found.intercepts, &floats(&case["intercepts"]), tolerance, &what);
        let history = floats(&case["history"]);
        if !tight {
            assert_close(&found.objective_history, &history, 1e-9, &what);
        }
        assert_close(&[found.objective_history[found.objective_history.len() - 1]], &[history[history.len() - 1]], 1e-10, &what);
    }
}

#[test]
fn fits_have_the_same_bits_on_any_number_of_threads() {
    for case in models()["logistic"].as_array().expect("cases") {
        let bits = |threads| {
            let found = fitted(case, threads);
            found.coefficients.iter().chain(&found.intercepts).map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        let one = bits(1);
        assert!([2, 4, 8].into_iter().all(|threads| bits(threads) == one));
    }
}

#[test]
fn one_class_alone_needs_no_training() {
    let partitions = data("binary");
    let tasks: Vec<_> = partitions.iter().map(|p| p.task(false)).collect();
    let settings = settings(&Json::Null, 2);
    let only_one = fit(&Executor::new(1), &tasks, 4, &[0.0, 5.0], &settings).expect("a fit");
    assert_eq!((only_one.coefficients, only_one.intercepts), (vec![0.0; 4], vec![f64::INFINITY]));
    let only_zero = fit(&Executor::new(1), &tasks, 4, &[5.0], &settings).expect("a fit");
    assert_eq!(only_zero.intercepts, [f64::NEG_INFINITY]);
}
