//! The fits of issue-sized jobs, natively: `cargo bench -p kindling-ml --bench ml [-- threads [name]]`.
//!
//! Data are made by formula; each line gives the best of three runs.

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int32Array, StringArray};
use kindling_frame::vector_column::from_dense_block;
use kindling_frame::{Batch, DataFrame, DataType, Field, Schema, Session};
use kindling_linalg::RowsRef;
use kindling_ml::classification::logistic;
use kindling_ml::clustering::lloyd;
use kindling_ml::regression::least_squares;
use kindling_ml::stage::Stage;
use kindling_ml::task::Task;
use kindling_ml::tree::{Boosting, Impurity, Loss, Strategy, boost, grow};
use kindling_ml::{MlValue, ParamMap, find, neighbors};
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

/// A cached frame of eight partitions with `features` and `label`.
fn frame(session: &Session, data: &Data) -> DataFrame {
    let schema: Schema =
        [Field::new("features", DataType::Vector, true), Field::new("label", DataType::Double, true)].into_iter().collect();
    let tasks = data.tasks(8);
    let batches = tasks.iter().map(|task| {
        let RowsRef::Dense { values, width } = task.rows else { panic!("dense rows") };
        let features = from_dense_block(task.len(), width, values.to_vec()).expect("vectors");
        Batch::new(vec![features, Arc::new(Float64Array::from(task.labels.to_vec()))], task.len())
    });
    DataFrame::from_batches(session, Arc::new(schema), batches.collect())
}

/// Numbers with gaps, whole ones too, and texts, as the `features` job reads them.
fn mixed(session: &Session, rows: usize) -> DataFrame {
    let mut random = Random(3);
    let names = ["age", "income", "score", "ratio", "balance"];
    let mut fields: Vec<Field> = names.iter().map(|name| Field::new(*name, DataType::Double, true)).collect();
    fields[0] = Field::new("age", DataType::Int, true);
    fields.extend(["city", "segment"].map(|name| Field::new(name, DataType::String, true)));
    let batches = (0..8).map(|_| {
        let rows = rows / 8;
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new((0..rows).map(|_| (random.next() > 0.03).then(|| (80.0 * random.next()) as i32)).collect::<Int32Array>())];
        for name in &names[1..] {
            let gaps = if *name == "balance" { 0.02 } else { 0.0 };
            let column: Float64Array = (0..rows).map(|_| (random.next() >= gaps).then(|| random.normal())).collect();
            columns.push(Arc::new(column));
        }
        for (name, count) in [("city", 8.0), ("segment", 40.0)] {
            let texts: StringArray = (0..rows).map(|_| Some(format!("{name}_{}", (count * random.next()) as u8))).collect();
            columns.push(Arc::new(texts));
        }
        Batch::new(columns, rows)
    });
    DataFrame::from_batches(session, Arc::new(fields.into_iter().collect()), batches.collect())
}

fn texts(texts: &[&str]) -> MlValue {
    MlValue::List(texts.iter().map(|text| MlValue::from(*text)).collect())
}

fn stage(name: &str, params: &[(&str, MlValue)]) -> Stage {
    let stage = Stage::new(find(name).expect("a class"));
    params.iter().for_each(|(name, value)| stage.set(name, value.clone()).expect("a param"));
    stage
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
    let (session, none) = (Session::in_memory(threads), ParamMap::new());
    if wanted("kmeans") {
        let data = frame(&session, &blobs(500_000, 10, 7));
        let kmeans = stage("KMeans", &[("k", 10.into()), ("maxIter", 20.into()), ("tol", 0.0.into()), ("seed", 1.into())]);
        time("KMeans 500k x 10 around 7, k = 10, whole", || kmeans.fit(&data, &none).expect("a fit"));
    }
    if wanted("pca") {
        let data = frame(&session, &linear(200_000, 50, false));
        let pca = stage("PCA", &[("k", 10.into()), ("inputCol", "features".into()), ("outputCol", "components".into())]);
        time("PCA 200k x 50 to 10", || pca.fit(&data, &none).expect("a fit"));
    }
    if wanted("lasso") {
        let data = frame(&session, &linear(200_000, 50, false));
        let lasso =
            stage("LinearRegression", &[("elasticNetParam", 1.0.into()), ("maxIter", 1000.into()), ("standardization", false.into())]);
        let reg_param = lasso.params().reference("regParam").expect("a param");
        let maps: Vec<ParamMap> = (0..100)
            .map(|i| {
                let mut map = ParamMap::new();
                map.put(reg_param.clone(), (0.25 * 0.001_f64.powf(f64::from(i) / 99.0)).into());
                map
            })
            .collect();
        time("lasso path of 100, 200k x 50", || lasso.fit_multiple(&data, &maps).expect("fits"));
    }
    if wanted("logistic") {
        let data = frame(&session, &linear(200_000, 50, true));
        let logistic = stage("LogisticRegression", &[("regParam", 1e-4.into()), ("tol", 1e-8.into()), ("maxIter", 200.into())]);
        time("LogisticRegression 200k x 50, whole", || logistic.fit(&data, &none).expect("a fit"));
    }
    if wanted("neighbors") {
        let (data, queries) = (linear(20_000, 20, false), linear(2000, 20, false));
        time("5 nearest of 20k x 20 to 2k", || {
            neighbors::nearest(&executor, &data.values, &queries.values, 20, 5, neighbors::Metric::Euclidean).expect("neighbours")
        });
    }
    if wanted("features") {
        let data = mixed(&session, 1_000_000);
        let (numbers, words) = (["age", "income", "score", "ratio", "balance"], ["city", "segment"]);
        let (indices, vectors) = (["city_index", "segment_index"], ["city_vector", "segment_vector"]);
        let stages = [
            stage("Imputer", &[("inputCols", texts(&numbers)), ("outputCols", texts(&numbers))]),
            stage("VectorAssembler", &[("inputCols", texts(&numbers)), ("outputCol", "raw".into())]),
            stage("StandardScaler", &[("inputCol", "raw".into()), ("outputCol", "scaled".into()), ("withMean", true.into())]),
            stage("StringIndexer", &[("inputCols", texts(&words)), ("outputCols", texts(&indices))]),
            stage("OneHotEncoder", &[("inputCols", texts(&indices)), ("outputCols", texts(&vectors)), ("dropLast", false.into())]),
            stage("VectorAssembler", &[("inputCols", texts(&["scaled", vectors[0], vectors[1]])), ("outputCol", "features".into())]),
        ];
        let pipeline = stage("Pipeline", &[("stages", MlValue::List(stages.map(MlValue::from).to_vec()))]);
        let model = time("imputer, scaler, one-hot of 1M, fit", || pipeline.fit(&data, &none).expect("a fit"));
        time("imputer, scaler, one-hot of 1M, transform", || {
            let made = model.transform(&data, &none).expect("a frame");
            made.select(&[made.col("features").expect("a column")]).expect("a frame").partitions().expect("rows")
        });
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
            let features = from_dense_block(task.len(), width, values.to_vec()).expect("vectors");
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
