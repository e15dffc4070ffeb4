use kindling_partition::Executor;
use serde_json::Value as Json;

use super::init::{self, Measure};
use super::lloyd::{Clustered, Settings, lloyd};
use crate::reference::{assert_close, data, floats, models};

fn clustered(case: &Json, threads: usize) -> Clustered {
    let partitions = data(case["data"].as_str().expect("data"));
    let params = &case["params"];
    let tasks: Vec<_> = partitions.iter().map(|p| p.task(params["weightCol"].is_string())).collect();
    let executor = Executor::new(threads);
    let (k, seed) = (params["k"].as_u64().expect("k") as usize, params["seed"].as_i64().expect("seed"));
    let measure = if params["distanceMeasure"] == "cosine" { Measure::Cosine } else { Measure::Euclidean };
    let start = if params["initMode"] == "random" {
        init::random(&executor, &tasks, k, seed)
    } else {
        init::parallel(&executor, &tasks, k, params["initSteps"].as_u64().unwrap_or(2) as usize, seed, measure)
    };
    let settings = Settings {
        max_iter: params["maxIter"].as_u64().unwrap_or(20) as usize,
        tol: params["tol"].as_f64().unwrap_or(1e-4),
        spherical: false,
    };
    lloyd(&executor, &tasks, start.expect("centres"), 3, settings).expect("clusters")
}

#[test]
fn centres_are_sparks_for_the_same_seed() {
    for case in models()["kmeans"].as_array().expect("cases").iter().filter(|c| c["params"]["distanceMeasure"].is_null()) {
        let what = format!("{} {}", case["data"], case["params"]);
        let found = clustered(case, 1);
        assert_close(&found.centers, &floats(&case["centers"]), 1e-9, &what);
        assert_eq!(case["summary"]["numIter"], found.iterations, "{what}");
        assert_close(&[found.cost], &floats(&case["summary"]["trainingCost"]), 1e-9, &what);
    }
}

#[test]
fn centres_have_the_same_bits_on_any_number_of_threads() {
    for case in models()["kmeans"].as_array().expect("cases") {
        let bits = |threads| clustered(case, threads).centers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let one = bits(1);
        assert!([2, 4, 8].into_iter().all(|threads| bits(threads) == one));
    }
}
