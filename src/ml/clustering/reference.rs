//! Every case of `tests/reference/ml_clustering.json`, which real Spark wrote, fitted on a frame as a user does.

use kindling_frame::{DataFrame, DataType, Field, Metadata, Schema, Session, Value};
use kindling_linalg::{SparseVector, Vector};
use serde_json::{Value as Json, json};

use crate::param::ParamMap;
use crate::reference::{assert_close, floats};
use crate::stage::Stage;
use crate::testing::{ml_value, reference};
use crate::value::MlValue;

fn blob(i: usize, j: usize) -> f64 {
    ((i * 37 + j * 11) % 23) as f64 / 4.0 - 2.0 + (i % 4) as f64 * (j + 1) as f64 * 2.5
}

fn topical(i: usize, j: usize) -> f64 {
    if (i + j).is_multiple_of(4) { 0.0 } else { ((i * 5 + j * 3) % 4 + if j % 3 == i % 3 { 6 } else { 0 }) as f64 }
}

fn sparse(size: usize, at: Vec<usize>, values: Vec<f64>) -> Vector {
    Vector::Sparse(SparseVector::new(size, at.into_iter().map(|i| i as i32).collect(), values).expect("a vector"))
}

/// The data sets by their names: how many rows, and each row.
fn row(name: &str) -> (usize, Box<dyn Fn(usize) -> Vector>) {
    let dense = |width: usize, of: fn(usize, usize) -> f64| -> Box<dyn Fn(usize) -> Vector> {
        Box::new(move |i| Vector::Dense((0..width).map(|j| of(i, j)).collect()))
    };
    match name {
        "blobs" => (60, dense(3, blob)),
        "many" => (200, dense(2, |i, j| blob(i, j) + (i % 13) as f64 * 7.0 * (j as f64 - 1.0))),
        "sparse" => (
            60,
            Box::new(|i| {
                let at: Vec<usize> = (0..6).filter(|j| (i + j).is_multiple_of(3)).collect();
                let values = at.iter().map(|j| blob(i, *j)).collect();
                sparse(6, at, values)
            }),
        ),
        "constant" => (30, dense(2, |i, j| if j == 0 { blob(i, 0) } else { 3.0 })),
        "same" => (9, dense(2, |_, j| (j + 1) as f64)),
        "few" => (2, dense(3, blob)),
        "one" => (1, dense(2, |_, j| if j == 0 { 1.5 } else { -2.0 })),
        "counts" => (30, dense(8, |i, j| ((i * 3 + j * 2 + i / 7 * (j + 1) + i % 3 * j) % (4 + i % 3)) as f64)),
        "topical" => (48, dense(9, topical)),
        "empty_document" => (
            12,
            Box::new(|i| match i % 5 {
                0 => sparse(5, Vec::new(), Vec::new()),
                _ => sparse(5, vec![i % 3, 4], vec![1.0 + (i % 4) as f64, 2.0]),
            }),
        ),
        other => panic!("no data {other}"),
    }
}

/// Three partitions, cut as `sc.parallelize(rows, 3)` cuts: between batches of a third.
fn frame(rows: &[Vec<Value>], fields: &[(&str, DataType)], threads: usize) -> DataFrame {
    let schema: Schema = fields.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), true)).collect();
    let session = Session::in_memory(threads);
    let batch = (rows.len() / 3).max(1);
    let cut = |p: usize| (p * rows.len().div_ceil(batch) / 3 * batch).min(rows.len());
    let part = |p: usize| session.create_dataframe(&rows[cut(p)..cut(p + 1)], schema.clone()).expect("a frame");
    let parts: Vec<DataFrame> = (0..3).map(|p| part(p).coalesce(1).expect("one partition")).collect();
    parts[0].union(&parts[1]).and_then(|frame| frame.union(&parts[2])).expect("a frame")
}

fn data(name: &str, threads: usize) -> DataFrame {
    let (count, row) = row(name);
    let rows: Vec<Vec<Value>> = (0..count).map(|i| vec![(0.5 + (i % 5) as f64 * 0.25).into(), row(i).into()]).collect();
    frame(&rows, &[("weight", DataType::Double), ("features", DataType::Vector)], threads)
}

fn stage(name: &str, params: &Json) -> Stage {
    let stage = Stage::new(crate::find(name).expect("declared"));
    for (name, value) in params.as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    stage
}

fn fitted(estimator: &str, case: &Json, data: &DataFrame) -> Stage {
    let stage = stage(estimator, &case["params"]);
    stage.fit(data, &ParamMap::new()).unwrap_or_else(|error| panic!("{estimator} {}: {error}", case["params"]))
}

fn cell(value: &Value) -> Vec<f64> {
    match value {
        Value::Vector(vector) => vector.to_dense(),
        Value::Array(items) => items.iter().flat_map(cell).collect(),
        other => vec![other.as_f64().expect("a number")],
    }
}

fn numbers(value: &MlValue) -> Vec<f64> {
    match value {
        MlValue::Matrix(matrix) => matrix.to_rows(),
        MlValue::List(values) => values.iter().flat_map(numbers).collect(),
        MlValue::DataFrame(frame) => frame.collect().expect("rows").iter().flat_map(|row| row.values.iter().flat_map(cell)).collect(),
        other => other.numbers().or_else(|| other.as_f64().map(|v| vec![v])).unwrap_or_else(|| panic!("numbers, not {other:?}")),
    }
}

fn member(model: &Stage, name: &str, args: &[MlValue]) -> Vec<f64> {
    numbers(&model.member(name, args).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// The columns that the case tells of: types, metadata, values; and how the model prints.
fn assert_predictions(model: &Stage, data: &DataFrame, case: &Json, tolerance: f64, what: &str) {
    let predictions = model.transform(data, &ParamMap::new()).expect("a frame");
    assert_eq!(**predictions.schema(), model.transform_schema(data.schema()).expect("a schema"), "{what}: transform_schema");
    assert_eq!(json!(predictions.columns()), case["columns"], "{what}");
    let mut columns = Vec::new();
    for (name, expected) in case["metadata"].as_object().expect("metadata") {
        let field = predictions.schema().field(name).expect("a column").clone();
        let metadata: Option<&Metadata> = field.metadata.as_ref();
        let found = json!({
            "type": field.data_type.simple_string(),
            "nullable": field.nullable,
            "metadata": metadata.map_or_else(|| json!({}), |m| Json::Object((**m).clone())),
        });
        assert_eq!(found, *expected, "{what}: {name}");
        columns.push(predictions.col(name).expect("a column"));
    }
    let rows = predictions.select(&columns).expect("a frame").collect().expect("rows");
    let expected = case["predictions"].as_array().expect("rows");
    assert_eq!(rows.len(), expected.len(), "{what}");
    for (i, (row, expected)) in rows.iter().zip(expected).enumerate() {
        let found: Vec<f64> = row.values.iter().flat_map(cell).collect();
        assert_close(&found, &floats(expected), tolerance, &format!("{what}: row {i}"));
    }
    assert_eq!(Some(&*model.to_string().replace(&*model.uid(), "UID")), case["text"].as_str(), "{what}");
}

fn assert_summary(model: &Stage, expected: &Json, tolerance: f64, what: &str) {
    let Ok(MlValue::Object(summary)) = model.member("summary", &[]) else { panic!("{what} has a summary") };
    for (name, expected) in expected.as_object().expect("a summary") {
        let found = summary.member(name, &[]).unwrap_or_else(|error| panic!("{what}: {name}: {error}"));
        assert_close(&numbers(&found), &floats(expected), tolerance, &format!("{what}: {name}"));
    }
}

fn cases(kind: &str) -> Vec<(String, DataFrame, Json)> {
    let all = reference("ml_clustering.json");
    let case = |case: &Json| {
        let name = case["data"].as_str().expect("data");
        (format!("{kind} {name} {}", case["params"]), data(name, 2), case.clone())
    };
    all[kind].as_array().expect("cases").iter().map(case).collect()
}

#[test]
fn mixtures_are_sparks() {
    for (what, data, case) in cases("mixture") {
        let model = fitted("GaussianMixture", &case, &data);
        assert_close(&member(&model, "weights", &[]), &floats(&case["weights"]), 1e-6, &what);
        let Ok(MlValue::List(gaussians)) = model.member("gaussians", &[]) else { panic!("{what} has Gaussians") };
        for (i, gaussian) in gaussians.iter().enumerate() {
            let MlValue::Object(gaussian) = gaussian else { panic!("a Gaussian") };
            assert_close(&numbers(&gaussian.member("mean", &[]).expect("a mean")), &floats(&case["means"][i]), 1e-6, &what);
            assert_close(&numbers(&gaussian.member("cov", &[]).expect("a matrix")), &floats(&case["covs"][i]), 1e-6, &what);
        }
        assert_predictions(&model, &data, &case, 1e-6, &what);
        // A covariance matrix of a few points is all but singular, and a likelihood has rounding by its least eigenvalue.
        assert_summary(&model, &case["summary"], 1e-4, &what);
        let Ok(MlValue::DataFrame(frame)) = model.member("gaussiansDF", &[]) else { panic!("a frame") };
        let schema = DataType::Struct(frame.schema().fields().to_vec()).simple_string();
        assert_eq!(Some(&*schema), case["gaussiansDF"].as_str(), "{what}");
        assert_eq!(frame.count().expect("rows"), gaussians.len(), "{what}");
    }
}

/// A covariance matrix that is singular up to rounding makes a mixture of rounding, in Spark too; it is still a mixture.
#[test]
fn mixtures_of_singular_data_are_mixtures() {
    for (name, k) in [("constant", 2), ("few", 2), ("few", 4), ("one", 2), ("same", 3)] {
        let model = stage("GaussianMixture", &json!({"k": k, "seed": 4})).fit(&data(name, 2), &ParamMap::new()).expect("a model");
        let weights = member(&model, "weights", &[]);
        assert!(weights.len() == k && (weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}: {weights:?}");
    }
}

#[test]
fn bisecting_k_means_is_sparks() {
    for (what, data, case) in cases("bisecting") {
        let model = fitted("BisectingKMeans", &case, &data);
        assert_close(&member(&model, "clusterCenters", &[]), &floats(&case["centers"]), 1e-9, &what);
        assert_predictions(&model, &data, &case, 0.0, &what);
        assert_summary(&model, &case["summary"], 1e-9, &what);
        assert_close(&member(&model, "computeCost", &[data.clone().into()]), &floats(&case["cost"]), 1e-9, &what);
    }
}

/// The graphs of the reference: edges with how alike their ends are.
fn edges(name: &str) -> DataFrame {
    let mut rows: Vec<(i64, i64, f64)> = Vec::new();
    match name {
        "chain" => {
            for (i, j) in (1..12).flat_map(|i| (0..i).map(move |j| (i, j))).filter(|(i, j)| (i + j) % 3 != 0) {
                rows.push((i, j, 0.5 + 0.2 * j as f64 + 0.1 * ((i * j) % 3) as f64));
            }
        }
        "rings" => {
            let turn = std::f64::consts::TAU;
            let ring = |r: f64, n: i64| (0..n).map(move |t| turn * t as f64 / n as f64).map(move |a| (r * libm::cos(a), r * libm::sin(a)));
            let points: Vec<(f64, f64)> = ring(1.0, 10).chain(ring(4.0, 30)).collect();
            for (i, p) in points.iter().enumerate() {
                for (j, q) in points[..i].iter().enumerate() {
                    let square = (p.0 - q.0) * (p.0 - q.0) + (p.1 - q.1) * (p.1 - q.1);
                    rows.push((i as i64, j as i64, libm::exp(-square / 2.0)));
                }
            }
        }
        _ => {
            let wanted = |(i, j): &(i64, i64)| (i * j) % 4 == 1 || i % 3 == j % 3;
            for (i, j) in (0..90).flat_map(|i| (0..i).map(move |j| (i, j))).filter(wanted) {
                rows.push(((i - 45) * 1_000_003, (j - 45) * 1_000_003, if i % 3 == j % 3 { 1.0 } else { 0.05 }));
            }
        }
    }
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|(i, j, weight)| vec![i.into(), j.into(), weight.into()]).collect();
    frame(&rows, &[("src", DataType::Long), ("dst", DataType::Long), ("weight", DataType::Double)], 2)
}

#[test]
fn power_iteration_clustering_is_sparks() {
    for case in reference("ml_clustering.json")["power"].as_array().expect("cases") {
        let what = format!("{} {}", case["data"], case["params"]);
        let found = stage("PowerIterationClustering", &case["params"]);
        let found = found.member("assignClusters", &[edges(case["data"].as_str().expect("data")).into()]);
        let Ok(MlValue::DataFrame(found)) = found else { panic!("{what}: a frame") };
        let schema = DataType::Struct(found.schema().fields().to_vec()).simple_string();
        assert_eq!(Some(&*schema), case["schema"].as_str());
        let rows: Vec<Vec<i64>> =
            found.collect().expect("rows").iter().map(|row| row.values.iter().filter_map(Value::as_i64).collect()).collect();
        assert_eq!(json!(rows), case["rows"], "{what}");
    }
}

#[test]
fn topics_are_sparks() {
    for (what, data, case) in cases("lda") {
        let model = fitted("LDA", &case, &data);
        let em = case["isDistributed"] == true;
        assert_close(&member(&model, "topicsMatrix", &[]), &floats(&case["topics"]), 1e-6, &what);
        assert_close(&member(&model, "estimatedDocConcentration", &[]), &floats(&case["alpha"]), 1e-6, &what);
        assert_close(&member(&model, "vocabSize", &[]), &floats(&case["vocabSize"]), 0.0, &what);
        assert_eq!(model.member("isDistributed", &[]).expect("a flag").python_type(), "<class 'bool'>");
        assert_eq!(matches!(model.member("isDistributed", &[]), Ok(MlValue::Bool(true))), em, "{what}");
        let Ok(MlValue::DataFrame(described)) = model.member("describeTopics", &[4.into()]) else { panic!("a frame") };
        let schema = DataType::Struct(described.schema().fields().to_vec()).simple_string();
        assert_eq!(Some(&*schema), case["describedSchema"].as_str());
        assert_close(&numbers(&described.into()), &floats(&case["described"]), 1e-6, &what);
        // Spark takes the seed of a distributed model's inference from the clock; it converges to within a few thousandths.
        let tolerance = if em { 5e-3 } else { 1e-6 };
        assert_predictions(&model, &data, &case, tolerance, &what);
        for name in ["logLikelihood", "logPerplexity"] {
            let (found, expected) = (member(&model, name, &[data.clone().into()])[0], floats(&case[name])[0]);
            assert!(
                found.is_nan() && expected.is_nan() || (found - expected).abs() <= 0.1 * tolerance * expected.abs(),
                "{what} {name} {found}"
            );
        }
        if em {
            for name in ["trainingLogLikelihood", "logPrior"] {
                assert_close(&member(&model, name, &[]), &floats(&case[name]), 1e-6, &what);
            }
            let Ok(MlValue::Stage(local)) = model.member("toLocal", &[]) else { panic!("a model") };
            assert_eq!(Some(&*local.to_string().replace(&*local.uid(), "UID")), case["localText"].as_str());
        }
    }
}

/// The same bits on any number of threads.
#[test]
fn threads_make_no_difference() {
    for (name, params, member) in [
        ("GaussianMixture", json!({"k": 3, "seed": 5, "maxIter": 5}), "weights"),
        ("BisectingKMeans", json!({"k": 6, "seed": 5}), "clusterCenters"),
        ("LDA", json!({"k": 3, "seed": 5, "maxIter": 4, "subsamplingRate": 0.6}), "topicsMatrix"),
        ("LDA", json!({"k": 3, "seed": 5, "maxIter": 4, "optimizer": "em"}), "topicsMatrix"),
    ] {
        let bits = |threads| {
            let model = stage(name, &params)
                .fit(&data(if name == "LDA" { "topical" } else { "blobs" }, threads), &ParamMap::new())
                .expect("a model");
            numbers(&model.member(member, &[]).expect("numbers")).iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        let one = bits(1);
        assert!([2, 4].into_iter().all(|threads| bits(threads) == one), "{name}");
    }
}

/// Data that can't be clustered, and what a learner is told.
#[test]
fn unfit_data_are_refused_with_the_reason() {
    let told = |name: &str, params: Json, rows: &[Option<Vec<f64>>]| {
        let rows: Vec<Vec<Value>> = rows.iter().map(|row| vec![row.clone().map(Vector::Dense).into()]).collect();
        let schema: Schema = [Field::new("features", DataType::Vector, true)].into_iter().collect();
        let data = Session::in_memory(1).create_dataframe(&rows, schema).expect("a frame");
        let error = stage(name, &params).fit(&data, &ParamMap::new()).err();
        error.map(|error| error.message().to_owned()).unwrap_or_default()
    };
    for name in ["GaussianMixture", "BisectingKMeans"] {
        assert!(told(name, json!({}), &[Some(vec![f64::NAN, 1.0])]).contains("NaN"), "{name}");
        assert!(told(name, json!({}), &[Some(vec![0.0, 1.0]), None]).contains("Null"), "{name}");
        assert!(told(name, json!({}), &[]).contains("empty"), "{name}");
        assert!(told(name, json!({"k": 1}), &[Some(vec![1.0])]).contains("greater than 1"), "{name}");
    }
    for (params, text) in [
        (json!({"optimizer": "em", "docConcentration": [0.5]}), "lda alpha em"),
        (json!({"optimizer": "em", "topicConcentration": 0.5}), "lda eta em"),
        (json!({"k": 3, "docConcentration": [0.5, 0.5]}), "lda alpha"),
    ] {
        let told = told("LDA", params, &[Some(vec![1.0, 2.0])]);
        assert_eq!(Some(&*told), reference("ml_clustering.json")["errors"][text].as_str());
    }
    let cosine = told("BisectingKMeans", json!({"distanceMeasure": "cosine"}), &[Some(vec![0.0, 0.0]), Some(vec![1.0, 1.0])]);
    assert!(cosine.contains("Cosine distance is not defined for zero-length vectors."), "{cosine}");
    let rows = vec![vec![0_i64.into(), 1_i64.into(), (-1.0).into()]];
    let negative = frame(&rows, &[("src", DataType::Long), ("dst", DataType::Long), ("weight", DataType::Double)], 1);
    let error = stage("PowerIterationClustering", &json!({"weightCol": "weight"})).member("assignClusters", &[negative.into()]);
    assert!(error.expect_err("refused").message().contains("Weights MUST NOT be Negative"));
}
