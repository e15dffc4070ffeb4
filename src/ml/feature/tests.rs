//! Every case of `tests/reference/ml_features.json`, which real PySpark 4.3 wrote.

use kindling_frame::{DataFrame, Session};
use kindling_partition::Result;
use serde_json::Value as Json;

use crate::param::ParamMap;
use crate::stage::{Role, Stage};
use crate::testing::{frame, list, ml_value, reference, same_rows, same_value};

fn stage(class: &str, params: &Json) -> Result<Stage> {
    let stage = Stage::new(crate::find(class).unwrap_or_else(|| panic!("{class} is declared")));
    for (name, value) in params.as_object().expect("params") {
        stage.set(name, ml_value(value))?;
    }
    Ok(stage)
}

fn named(session: &Session, frames: &Json, name: &Json) -> Option<DataFrame> {
    let known = &frames[name.as_str().filter(|name| !name.is_empty())?];
    Some(frame(session, known["ddl"].as_str().expect("columns"), &known["rows"]))
}

/// The fitted stage, and what it makes of the case's frame.
fn run(session: &Session, frames: &Json, case: &Json) -> Result<(Stage, DataFrame)> {
    let none = ParamMap::new();
    let mut train = named(session, frames, &case["fit"]);
    let mut test = named(session, frames, &case["transform"]).expect("a frame to transform");
    for step in list(&case["prepare"]) {
        let mut prepared = stage(step[0].as_str().expect("a class"), &step[1])?;
        if prepared.role() == Role::Estimator {
            prepared = prepared.fit(train.as_ref().unwrap_or(&test), &none)?;
        }
        train = train.map(|train| prepared.transform(&train, &none)).transpose()?;
        test = prepared.transform(&test, &none)?;
    }
    let mut stage = stage(case["class"].as_str().expect("a class"), &case["params"])?;
    if let Some(train) = train {
        stage = stage.fit(&train, &none)?;
    }
    let out = stage.transform(&test, &none)?;
    out.collect()?;
    Ok((stage, out))
}

/// Messages that say more than Spark's: Spark's first words, and ours.
const OWN_WORDS: &[(&str, &str)] = &[
    ("Input column nothing does not exist.", "Column 'nothing' does not exist."),
    ("parameter handleInvalid given invalid value bad.", "StringIndexer.handleInvalid must be one of skip, error, keep, found 'bad'."),
    ("but got org.apache.spark.ml.linalg.VectorUDT", "must be either string type or numeric type, but got vector."),
    ("but got StringType.", "must be a numeric type, but got string."),
    ("must be of type class org.apache.spark.ml.linalg.VectorUDT", "must be of type vector but was actually of type double."),
    ("parameter splits given invalid value", "Bucketizer.splits must be at least 3 strictly increasing numbers, found ["),
    ("requires exactly one of inputCol, inputCols Params to be set", "Params to be set, but both are set."),
];

fn same_error(spark: &str, ours: &str) -> bool {
    let spark = spark.trim_start_matches("[USER_RAISED_EXCEPTION] ").trim_end_matches(" SQLSTATE: P0001");
    ours.contains(spark.trim_end_matches('.')) || OWN_WORDS.iter().any(|(known, own)| spark.contains(known) && ours.contains(own))
}

fn check(frames: &Json, case: &Json, threads: usize) {
    let session = Session::in_memory(threads);
    let what = format!("{} {} fitted on {} over {}", case["class"], case["params"], case["fit"], case["transform"]);
    let (stage, out) = match (run(&session, frames, case), case.get("error")) {
        (Ok(done), None) => done,
        (Err(error), Some(expected)) => {
            assert!(same_error(expected.as_str().expect("a message"), error.message()), "{what}: {error}, not {expected}");
            return;
        }
        (Ok(_), Some(expected)) => panic!("{what}: expected the error {expected}"),
        (Err(error), None) => panic!("{what}: {error}"),
    };
    let schema: Vec<Json> = list(&case["schema"]).to_vec();
    assert_eq!(out.schema().len(), schema.len(), "{what}");
    for (field, expected) in out.schema().iter().zip(&schema) {
        assert_eq!(&*field.name, expected["name"].as_str().expect("a name"), "{what}");
        assert_eq!(field.data_type.to_string(), expected["type"].as_str().expect("a type"), "{what}");
        let metadata = field.metadata.as_ref().map_or_else(|| Json::Object(serde_json::Map::new()), |m| Json::Object((**m).clone()));
        assert_eq!(metadata, expected["metadata"], "{what}: metadata of {}", field.name);
    }
    assert!(same_rows(&case["rows"], &out), "{what}: {:?}, not {}", out.collect(), case["rows"]);
    for (name, expected) in case["members"].as_object().expect("members") {
        let found = stage.member(name, &[]).expect("a member");
        assert!(same_value(expected, &found), "{what}: {name} is {found:?}, not {expected}");
    }
    let text = stage.to_string().replace(&*stage.uid(), "UID");
    assert_eq!(text, case["describe"].as_str().expect("a text"), "{what}");
}

#[test]
fn every_case_is_as_in_spark_on_any_number_of_threads() {
    let reference = reference("ml_features.json");
    let cases = list(&reference["cases"]);
    assert!(cases.len() > 60, "the reference has its cases");
    for case in cases {
        for threads in [1, 4] {
            check(&reference["frames"], case, threads);
        }
    }
}

#[test]
fn labels_make_a_model_without_a_fit() {
    let session = Session::in_memory(1);
    let decl = crate::find("StringIndexerModel").expect("declared");
    let from_labels = decl.statics.iter().find(|f| f.name == "from_labels").expect("a static function");
    let model = (from_labels.call)(&[["x", "y"].into(), "word".into(), "i".into(), "keep".into()]).expect("a model");
    let crate::MlValue::Stage(model) = model else { panic!("a stage") };
    let rows = serde_json::json!([["y"], ["z"], ["x"]]);
    let out = model.transform(&frame(&session, "word string", &rows), &ParamMap::new()).expect("transformed");
    assert!(same_rows(&serde_json::json!([["y", 1.0], ["z", 2.0], ["x", 0.0]]), &out));
}

#[test]
fn a_constant_feature_has_no_spread_whatever_its_value() {
    let session = Session::in_memory(2);
    let rows: Vec<Json> = (0..1000).map(|_| serde_json::json!([[0.1, 3.3]])).collect();
    let scaler = stage("StandardScaler", &serde_json::json!({"inputCol": "v", "outputCol": "s", "withMean": true})).expect("set");
    let model = scaler.fit(&frame(&session, "v vector", &Json::from(rows)), &ParamMap::new()).expect("fitted");
    assert!(same_value(&serde_json::json!([0.0, 0.0]), &model.member("std", &[]).expect("std")));
}
