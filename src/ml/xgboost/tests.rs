//! Against real XGBoost 3.2: `tests/reference/xgboost_models.py`.

use kindling_frame::{DataFrame, DataType, Field, Row, Schema, Session, Value};
use serde_json::Value as Json;

use super::booster::Booster;
use super::tree::Tree;
use crate::persist::{SaveOptions, load, save};
use crate::testing::{list, number, reference};
use crate::{MlValue, ParamMap, Stage, find};

fn numbers(json: &Json) -> Vec<f64> {
    list(json).iter().map(|value| number(value).expect("a number")).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-5 * (1.0 + b.abs())
}

/// The frame of a case, its rows in their order in so many partitions.
fn frame(session: &Session, case: &Json, partitions: usize) -> DataFrame {
    let mut fields = vec![Field::new("features", DataType::Vector, true), Field::new("label", DataType::Double, true)];
    let more = ["weights", "qid", "margins", "valid"];
    let there: Vec<&str> = more.into_iter().filter(|name| !case[*name].is_null()).collect();
    fields.extend(there.iter().map(|name| {
        let data_type = match *name {
            "valid" => DataType::Boolean,
            "qid" => DataType::Int,
            _ => DataType::Double,
        };
        Field::new(*name, data_type, true)
    }));
    let rows: Vec<Vec<Value>> = list(&case["features"])
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let vector = kindling_linalg::Vector::Dense(numbers(row));
            let mut cells = vec![Value::Vector(vector), Value::Double(case["labels"][i].as_f64().expect("a label"))];
            cells.extend(there.iter().map(|name| match &case[*name][i] {
                Json::Bool(value) => Value::Boolean(*value),
                value if *name == "qid" => Value::Int(value.as_i64().expect("a query") as i32),
                value => Value::Double(value.as_f64().expect("a number")),
            }));
            cells
        })
        .collect();
    session.create_dataframe(&rows, fields.into_iter().collect::<Schema>()).expect("a frame").coalesce(partitions).expect("partitions")
}

fn estimator(case: &Json) -> Stage {
    let name = match case["objective"].as_str().expect("an objective") {
        "reg:squarederror" => "SparkXGBRegressor",
        objective if objective.starts_with("rank") => "SparkXGBRanker",
        _ => "SparkXGBClassifier",
    };
    let stage = Stage::new(find(name).expect("declared"));
    let set = |name: &str, value: MlValue| stage.set(name, value).unwrap_or_else(|error| panic!("{name}: {error}"));
    if name == "SparkXGBRanker" {
        set("objective", case["objective"].as_str().expect("text").into());
    }
    for (name, value) in case["params"].as_object().expect("params") {
        set(name, crate::testing::ml_value(value));
    }
    set("n_estimators", MlValue::Int(case["rounds"].as_i64().expect("rounds")));
    for (column, param) in
        [("weights", "weightCol"), ("qid", "qid_col"), ("margins", "base_margin_col"), ("valid", "validationIndicatorCol")]
    {
        if !case[column].is_null() {
            set(param, column.into());
        }
    }
    if let Some(rounds) = case["stop"].as_i64() {
        set("early_stopping_rounds", rounds.into());
    }
    stage
}

fn member(value: &MlValue, name: &str, args: &[MlValue]) -> MlValue {
    let MlValue::Object(object) = value else { panic!("no object: {value:?}") };
    object.member(name, args).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn booster(model: &Stage) -> Booster {
    let raw = member(&model.member("get_booster", &[]).expect("a booster"), "save_raw", &["json".into()]);
    let MlValue::Bytes(bytes) = raw else { panic!("bytes") };
    Booster::from_json(std::str::from_utf8(&bytes).expect("text")).expect("a model")
}

/// Where two trees differ; the side of missing values counts only where there are any.
fn difference(ours: &Tree, theirs: &Tree, missing: bool) -> Option<String> {
    if ours.nodes.len() != theirs.nodes.len() {
        return Some(format!("{} nodes, not {}", ours.nodes.len(), theirs.nodes.len()));
    }
    ours.nodes.iter().zip(&theirs.nodes).enumerate().find_map(|(i, (a, b))| {
        let numbers = [(a.condition, b.condition), (a.cover, b.cover), (a.weight, b.weight)];
        let same = (a.parent, a.left, a.right, a.feature) == (b.parent, b.left, b.right, b.feature)
            && (!missing || a.default_left == b.default_left)
            && numbers.iter().all(|(a, b)| close(f64::from(*a), f64::from(*b)))
            && (a.gain - b.gain).abs() <= 1e-4 * (1.0 + b.gain.abs());
        (!same).then(|| format!("node {i}: {a:?}\n not {b:?}"))
    })
}

fn rows(frame: &DataFrame, columns: &[&str]) -> Vec<Row> {
    let columns = columns.iter().map(|name| frame.col(name)).collect::<Result<Vec<_>, _>>().expect("columns");
    frame.select(&columns).expect("a frame").collect().expect("rows")
}

fn vector(value: &Value) -> Vec<f64> {
    match value {
        Value::Vector(vector) => vector.to_dense(),
        other => vec![other.as_f64().expect("a number")],
    }
}

#[test]
fn trees_predictions_and_metrics_are_xgboosts() {
    let session = Session::in_memory(2);
    let mut wrong = Vec::new();
    for case in list(&reference("xgboost_models.json")) {
        let name = case["name"].as_str().expect("a name");
        let data = frame(&session, case, 3);
        let model = estimator(case).fit(&data, &ParamMap::new()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (ours, theirs) = (booster(&model), Booster::from_json(case["model"].as_str().expect("a model")).expect("a model"));
        if ours.trees.len() != theirs.trees.len() {
            wrong.push(format!("{name}: {} trees, not {}", ours.trees.len(), theirs.trees.len()));
        }
        if !ours.base_score.iter().zip(&theirs.base_score).all(|(a, b)| close(f64::from(*a), f64::from(*b))) {
            wrong.push(format!("{name}: base score {:?}, not {:?}", ours.base_score, theirs.base_score));
        }
        let trees = ours.trees.iter().zip(&theirs.trees).enumerate();
        let missing = case["missing"].as_bool().expect("a flag");
        wrong.extend(trees.filter_map(|(i, (a, b))| Some(format!("{name}: tree {i}: {}", difference(a, b, missing)?))).take(1));
        let classifies = matches!(model.decl().name, "SparkXGBClassifierModel");
        let columns: &[&str] = if classifies { &["rawPrediction", "probability", "prediction"] } else { &["prediction"] };
        let found = rows(&model.transform(&data, &ParamMap::new()).expect("predictions"), columns);
        for (i, row) in found.iter().enumerate() {
            let pair = |json: &Json, other: fn(f64) -> f64| match json.as_f64() {
                Some(one) if classifies => vec![other(one), one],
                Some(one) => vec![one],
                None => numbers(json),
            };
            let mut expected = vec![pair(&case["predictions"][i], |one| 1.0 - one)];
            if classifies {
                expected.insert(0, pair(&case["raw"][i], |one| -one));
                let shares = &expected[1];
                expected.push(vec![(0..shares.len()).rev().max_by(|a, b| shares[*a].total_cmp(&shares[*b])).expect("a class") as f64]);
            }
            let found: Vec<Vec<f64>> = row.values.iter().map(vector).collect();
            let same = found.len() == expected.len()
                && found.iter().zip(&expected).all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b)));
            if !same {
                wrong.push(format!("{name}: row {i}: {found:?}, not {expected:?}"));
                break;
            }
        }
        let summary = model.member("training_summary", &[]).expect("a summary");
        for (member_name, key) in [("train_objective_history", "training"), ("validation_objective_history", "validation")] {
            let MlValue::Map(history) = member(&summary, member_name, &[]) else { panic!("a dict") };
            assert_eq!(history.len(), case["history"][key].as_object().map_or(0, |scores| scores.len()), "{name}");
            for (metric, scores) in history {
                let MlValue::Text(metric) = metric else { panic!("a name") };
                let (found, expected) = (scores.numbers().expect("scores"), numbers(&case["history"][key][&*metric]));
                if found.len() != expected.len() || !found.iter().zip(&expected).all(|(a, b)| close(*a, *b)) {
                    wrong.push(format!("{name}: {key} {metric} {found:?}, not {expected:?}"));
                }
            }
        }
        for kind in ["weight", "gain", "cover", "total_gain", "total_cover"] {
            let MlValue::Map(found) = model.member("get_feature_importances", &[kind.into()]).expect("importances") else {
                panic!("a dict")
            };
            let expected = case["importances"][kind].as_object().expect("a dict");
            let same = found.len() == expected.len()
                && found.iter().all(|(name, value)| {
                    let MlValue::Text(name) = name else { return false };
                    let (Some(a), Some(b)) = (value.as_f64(), expected.get(&**name).and_then(Json::as_f64)) else { return false };
                    (a - b).abs() <= 1e-4 * (1.0 + b.abs())
                });
            if !same {
                wrong.push(format!("{name}: {kind} {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_model_file_of_xgboost_is_read_and_written_again() {
    for case in list(&reference("xgboost_models.json")) {
        let name = case["name"].as_str().expect("a name");
        let text = case["model"].as_str().expect("a model");
        let booster = Booster::from_json(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name != "early" {
            assert_eq!(booster.to_json(), text, "{name}");
        }
        assert_eq!(booster.dump("text", true).expect("a dump")[0], case["dump"].as_str().expect("a dump"), "{name}");
        assert_eq!(booster.dump("json", true).expect("a dump")[0], case["dump_json"].as_str().expect("a dump"), "{name}");
    }
}

#[test]
fn a_model_is_saved_as_xgboost_spark_saves_it_and_loaded() {
    let session = Session::in_memory(1);
    let all = reference("xgboost_models.json");
    let options = SaveOptions { overwrite: true, ..SaveOptions::default() };
    for name in ["early", "classes", "ranking"] {
        let case = list(&all).iter().find(|case| case["name"] == name).expect("a case");
        let data = frame(&session, case, 2);
        let model = estimator(case).fit(&data, &ParamMap::new()).expect("a model");
        save(&session, &model, "/files/m", &options).expect("saved");
        let line = session.files().list("/files/m/metadata").expect("files");
        let text = line.iter().find(|file| file.name.starts_with("part")).map(|file| session.files().read(&file.path).expect("a file"));
        let text = String::from_utf8(text.expect("a part").to_vec()).expect("text");
        assert!(text.contains(&format!("\"class\":\"xgboost.spark.estimator.{}\"", model.decl().name)) && text.contains(":NaN"), "{text}");
        let again = load(&session, "/files/m", Some(model.decl())).expect("loaded");
        assert_eq!((again.uid(), booster(&again).to_json()), (model.uid(), booster(&model).to_json()));
        let predictions = |model: &Stage| format!("{:?}", rows(&model.transform(&data, &ParamMap::new()).expect("rows"), &["prediction"]));
        assert_eq!(predictions(&again), predictions(&model));
        assert_eq!(again.params().explain_params(), model.params().explain_params());
    }
}

#[test]
fn the_same_bits_for_every_number_of_threads_and_with_samples() {
    let all = reference("xgboost_models.json");
    for name in ["regression", "classes", "many values", "ranking"] {
        let case = list(&all).iter().find(|case| case["name"] == name).expect("a case");
        let models: Vec<String> = [(1, 1), (3, 2), (8, 5)]
            .into_iter()
            .map(|(threads, partitions)| {
                let session = Session::in_memory(threads);
                let stage = estimator(case);
                for (param, share) in [("subsample", 0.7), ("colsample_bytree", 0.8), ("colsample_bylevel", 0.7), ("colsample_bynode", 0.9)]
                {
                    stage.set(param, share.into()).expect("a share");
                }
                booster(&stage.fit(&frame(&session, case, partitions), &ParamMap::new()).expect("a model")).to_json()
            })
            .collect();
        assert!(models.windows(2).all(|pair| pair[0] == pair[1]), "{name}");
        let whole = booster(&estimator(case).fit(&frame(&Session::in_memory(1), case, 1), &ParamMap::new()).expect("a model")).to_json();
        assert_ne!(whole, models[0], "{name}");
    }
}

fn small(session: &Session, rows: &[(&[f64], f64)]) -> DataFrame {
    let schema: Schema =
        [Field::new("features", DataType::Vector, true), Field::new("label", DataType::Double, true)].into_iter().collect();
    let cells =
        |(features, label): &(&[f64], f64)| vec![Value::Vector(kindling_linalg::Vector::Dense(features.to_vec())), Value::Double(*label)];
    session.create_dataframe(&rows.iter().map(cells).collect::<Vec<_>>(), schema).expect("a frame")
}

#[test]
fn data_that_teach_little_or_nothing() {
    let session = Session::in_memory(1);
    let nan = f64::NAN;
    let fit = |name: &str, rows: &[(&[f64], f64)]| Stage::new(find(name).expect("declared")).fit(&small(&session, rows), &ParamMap::new());
    let predictions = |name: &str, data: &[(&[f64], f64)]| -> Vec<f64> {
        let model = fit(name, data).unwrap_or_else(|error| panic!("{name}: {error}"));
        rows(&model.transform(&small(&session, data), &ParamMap::new()).expect("rows"), &["prediction"])
            .iter()
            .map(|row| row.values[0].as_f64().expect("a number"))
            .collect()
    };
    assert_eq!(predictions("SparkXGBRegressor", &[(&[1.0, 2.0], 3.0)]), [3.0]);
    assert_eq!(predictions("SparkXGBClassifier", &[(&[1.0], 1.0), (&[2.0], 1.0)]), [1.0, 1.0]);
    assert_eq!(predictions("SparkXGBClassifier", &[(&[nan], 0.0), (&[nan], 1.0), (&[nan], 1.0)]), [1.0, 1.0, 1.0]);
    let error = fit("SparkXGBRegressor", &[]).expect_err("no rows");
    assert!(error.message().contains("empty"), "{error}");
    let error = fit("SparkXGBRegressor", &[(&[f64::INFINITY], 1.0)]).expect_err("infinite");
    assert_eq!(error.message(), "Input data contains `inf` or a value too large, while `missing` is not set to `inf`");
    let error = fit("SparkXGBRegressor", &[(&[1.0], nan)]).expect_err("no label");
    assert_eq!(error.message(), "Label contains NaN, infinity or a value too large.");
    let error = fit("SparkXGBClassifier", &[(&[1.0], 0.0), (&[1.0], 1.0), (&[1.0], 5.0)]).expect_err("no class");
    assert!(error.message().contains("label must be discrete values in the range of [0, num_class)."), "{error}");
    let error = fit("SparkXGBRegressor", &[(&[1.0], 0.0), (&[1.0, 2.0], 1.0)]).expect_err("two widths");
    assert!(error.message().starts_with("Feature shape mismatch, expected: "), "{error}");
}

#[test]
fn what_real_xgboost_refuses_is_refused_in_its_words() {
    let refused = |name: &str, param: &str, value: MlValue, wanted: &str| {
        let stage = Stage::new(find(name).expect("declared"));
        stage.set(param, value).expect("set");
        let error = stage.estimator().err().unwrap_or_else(|| panic!("{param} is refused"));
        assert!(error.message().contains(wanted), "{param}: {error}");
    };
    let classifier = "SparkXGBClassifier";
    refused(classifier, "tree_method", "exact".into(), "The `exact` tree method is not supported for distributed systems.");
    refused(classifier, "objective", "binary:logistic".into(), "Setting custom 'objective' param is not allowed in 'SparkXGBClassifier'.");
    refused(classifier, "qid_col", "q".into(), "Spark Xgboost classifier estimator does not support `qid_col` param.");
    refused(classifier, "early_stopping_rounds", 3.into(), "you need to set 'validation_indicator_col' param as well.");
    refused(
        classifier,
        "enable_sparse_data_optim",
        true.into(),
        "If enable_sparse_data_optim is True, missing param != 0 is not supported.",
    );
    refused("SparkXGBRanker", "max_depth", 3.into(), "Spark Xgboost ranker estimator requires setting `qid_col` param.");
    refused("SparkXGBRegressor", "booster", "dart".into(), "gbtree");
    let stage = Stage::new(find(classifier).expect("declared"));
    for (name, wanted) in [
        ("featuresCol", "Please use param name features_col instead."),
        ("n_jobs", "Unsupported param 'n_jobs'."),
        ("eval_set", "Unsupported param 'eval_set'."),
        ("arbitrary_params_dict", "Invalid param name: 'arbitrary_params_dict'."),
        ("max_dept", "Did you mean 'max_depth'?"),
    ] {
        let error = stage.set_keyword(name, 1.into()).expect_err(name);
        assert!(error.message().contains(wanted), "{name}: {error}");
    }
    stage.set_keyword("features_col", ["a", "b"].into()).expect("columns");
    stage.set_keyword("eta", 0.5.into()).expect("the learning rate");
    assert!(stage.params().is_set("features_cols") && stage.params().is_set("learning_rate"));
}
