//! The fits of issue-sized jobs, natively: `cargo bench -p kindling-ml --bench ml [-- threads [name]]`.
//!
//! Data are made by formula; each line gives the best of three runs.

use std::sync::Arc;
use std::time::Instant;

use arrow_array::Float64Array;
use kindling_frame::{Batch, DataFrame, DataType, Field, Session, vector_column};
use kindling_linalg::RowsRef;
use kindling_ml::classification::logistic;
use kindling_ml::clustering::lloyd;
use kindling_ml::regression::least_squares;
use kindling_ml::task::Task;
use kindling_ml::tree::{Boosting, Impurity, Loss, Strategy, boost, grow};
use kindling_ml::{ParamMap, Stage, find};
use kindling_partition::Executor;

struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

struct Data {
    values: Vec<f64>,
    labels: Vec<f64>,
    width: usize,
}

impl Data {
    fn tasks(&self, partitions: usize) -> Vec<Task<'_>> {
        let rows = self.labels.len();
        let whole = Task { rows: RowsRef::Dense { values: &self.values, width: self.width }, labels: &self.labels, weights: None };
        (0..partitions).map(|p| whole.slice(p * rows / partitions, (p + 1) * rows / partitions)).collect()
    }
}

/// Normal features; a label from a noisy linear score, cut at zero when `classes`.
fn linear(rows: usize, width: usize, classes: bool) -> Data {
    let mut random = Random(1);
    let weights: Vec<f64> = (0..width).map(|_| random.normal() / (width as f64).sqrt()).collect();
    let mut data = Data { values: Vec::with_capacity(rows * width), labels: Vec::with_capacity(rows), width };
    for _ in 0..rows {
        let mut score = random.normal();
        for w in &weights {
            let x = random.normal();
            score += 2.0 * w * x;
            data.values.push(x);
        }
        data.labels.push(if classes { f64::from(u8::from(score > 0.0)) } else { score });
    }
    data
}

/// Rows around `k` random centres.
fn blobs(rows: usize, width: usize, k: usize) -> Data {
    let mut random = Random(2);
    let centers: Vec<f64> = (0..k * width).map(|_| 10.0 * random.next()).collect();
    let mut data = Data { values: Vec::with_capacity(rows * width), labels: vec![0.0; rows], width };
    for _ in 0..rows {
        let c = (random.next() * k as f64) as usize;
        data.values.extend((0..width).map(|j| centers[c * width + j] + 1.5 * random.normal()));
    }
    data
}

fn time<T>(name: &str, mut run: impl FnMut() -> T) -> T {
    let mut best = f64::INFINITY;
    let mut last = None;
    for _ in 0..3 {
        let start = Instant::now();
        last = Some(run());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name:44} {best:8.3} s");
    last.expect("three runs")
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let threads = args.first().and_then(|a| a.parse().ok()).unwrap_or(2);
    let wanted = |name: &str| args.get(1).is_none_or(|w| name.contains(w.as_str()));
    let executor = Executor::new(threads);
    println!("{threads} threads");
    if wanted("logistic") {
        let data = linear(200_000, 50, true);
        let ones: f64 = data.labels.iter().sum();
        let settings = logistic::Settings {
            reg_param: 0.0,
            elastic_net_param: 0.0,
            fit_intercept: true,
            standardization: true,
            max_iter: 100,
            tol: 1e-6,
            multinomial: false,
            bounds: None,
        };
        let fitted = time("logistic regression 200k x 50", || {
            logistic::fit(&executor, &data.tasks(8), 50, &[200_000.0 - ones, ones], &settings).expect("a fit")
        });
        println!("    {} iterations, objective {}", fitted.objective_history.len() - 1, fitted.objective_history.last().expect("one"));
    }
    if wanted("linear") {
        let data = linear(1_000_000, 20, false);
        time("linear regression 1M x 20", || least_squares(&executor, &data.tasks(8), 20).expect("a fit"));
    }
    if wanted("kmeans") {
        let data = blobs(500_000, 10, 10);
        let start = data.values[..100].to_vec();
        let (centers, iterations) = time("k-means 500k x 10, k = 10, 50 iterations", || {
            lloyd(&executor, &data.tasks(8), start.clone(), 10, 50, 0.0).expect("clusters")
        });
        println!("    {iterations} iterations, first centre {:?}", &centers[..2]);
    }
    if wanted("tree") || wanted("forest") {
        let data = linear(100_000, 20, true);
        let tree = Strategy {
            classes: 2,
            impurity: Impurity::Gini,
            max_depth: 10,
            max_bins: 32,
            min_instances_per_node: 1,
            min_weight_fraction_per_node: 0.0,
            min_info_gain: 0.0,
            num_trees: 1,
            bootstrap: false,
            subsampling_rate: 1.0,
            feature_subset: "auto".into(),
            max_memory_in_mb: 256,
            seed: 1,
            prune: true,
        };
        let grow = |strategy: &Strategy| grow(&executor, "bench", &data.tasks(8), &[None; 20], strategy).expect("trees");
        let one = time("decision tree depth 10, 100k x 20", || grow(&tree));
        println!("    {} nodes", one[0].nodes.len());
        let forest = Strategy { max_depth: 12, num_trees: 100, bootstrap: true, ..tree };
        let trees = time("random forest 100 x depth 12, 100k x 20", || grow(&forest));
        println!("    {} nodes", trees.iter().map(|t| t.nodes.len()).sum::<usize>());
    }
    if wanted("boosting") {
        let data = linear(500_000, 28, true);
        let strategy = Strategy {
            classes: 0,
            impurity: Impurity::Variance,
            max_depth: 6,
            max_bins: 255,
            min_instances_per_node: 1,
            min_weight_fraction_per_node: 0.0,
            min_info_gain: 0.0,
            num_trees: 1,
            bootstrap: false,
            subsampling_rate: 1.0,
            feature_subset: "all".into(),
            max_memory_in_mb: 256,
            seed: 1,
            prune: true,
        };
        let boosting = Boosting { strategy, loss: Loss::Logistic, rounds: 100, step: 0.1, tolerance: 0.0 };
        let (trees, _) = time("boosted trees 100 x depth 6, 255 bins, 500k x 28", || {
            boost(&executor, "bench", &data.tasks(8), None, &[None; 28], &boosting).expect("trees")
        });
        println!("    {} nodes", trees.iter().map(|t| t.nodes.len()).sum::<usize>());
    }
    if wanted("xgboost") || wanted("boosting") {
        let data = linear(500_000, 28, true);
        let session = Session::in_memory(threads);
        let fields = [Field::new("features", DataType::Vector, true), Field::new("label", DataType::Double, true)];
        let batches = data.tasks(8).into_iter().map(|task| {
            let RowsRef::Dense { values, width } = task.rows else { unreachable!("dense rows") };
            let features = vector_column::from_dense_block(task.len(), width, values.to_vec()).expect("vectors");
            Batch::new(vec![features, Arc::new(Float64Array::from(task.labels.to_vec()))], task.len())
        });
        let frame = DataFrame::from_batches(&session, Arc::new(fields.into_iter().collect()), batches.collect());
        let stage = Stage::new(find("SparkXGBClassifier").expect("declared"));
        for (param, value) in [("n_estimators", 100), ("max_depth", 6), ("max_bin", 255)] {
            stage.set(param, value.into()).expect("a param");
        }
        time("XGBoost 100 x depth 6, 255 bins, 500k x 28", || stage.fit(&frame, &ParamMap::new()).expect("a model"));
    }
}
