//! Expected values: what Spark 4.3 saved and says of it, by tests/reference/persistence.py.

use std::path::Path;

use kindling_frame::{DataFrame, Session, below, parquet_schema};
use kindling_partition::ErrorKind;
use serde_json::{Map, Value as Json};

use super::{SaveOptions, load, save};
use crate::param::{ParamKind, ParamMap};
use crate::stage::{Role, Stage, StageDecl};
use crate::testing::{frame, list, reference, same_cell};
use crate::value::MlValue;
use crate::{find, registry};

const SAVED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/saved");

/// A session with a folder that Spark saved, as /files/NAME.
fn with_saved(name: &str) -> Session {
    fn copy(session: &Session, from: &Path, to: &str) {
        for entry in std::fs::read_dir(from).expect("a folder").flatten() {
            let place = format!("{to}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                copy(session, &entry.path(), &place);
            } else {
                session.files().write(&place, std::fs::read(entry.path()).expect("a file")).expect("written");
            }
        }
    }
    let session = Session::in_memory(2);
    copy(&session, &Path::new(SAVED).join(name), &format!("/files/{name}"));
    session
}

/// Spark's stages of the classes that there are, with what Spark says of each.
fn saved_by_spark() -> Vec<(String, Json, Json)> {
    let reference = reference("persistence.json");
    let stages = reference["stages"].as_object().expect("stages").clone();
    let known = stages.into_iter().filter(|(_, told)| find(told["class"].as_str().expect("a class")).is_some());
    known
        .map(|(name, told)| {
            let rows = told["frame"].as_str().map_or(Json::Null, |frame| reference["frames"][frame].clone());
            (name, told, rows)
        })
        .collect()
}

fn data(session: &Session, rows: &Json) -> DataFrame {
    frame(session, rows["ddl"].as_str().expect("columns"), &rows["rows"]).coalesce(2).expect("two partitions")
}

/// The values of the params that are no stages, as `explainParam` tells them behind the doc.
fn told(stage: &Stage) -> Vec<(String, String)> {
    let params = stage.params();
    let plain = stage
        .decl()
        .params_by_name()
        .into_iter()
        .filter(|decl| !decl.kind.is_inner() && !matches!(decl.kind, ParamKind::Any | ParamKind::Matrix));
    plain
        .map(|decl| {
            let text = params.explain_param(decl.name).expect("explained");
            (decl.name.to_owned(), text[decl.name.len() + decl.doc.len() + 3..].to_owned())
        })
        .collect()
}

#[test]
fn what_spark_saved_is_what_it_was() {
    let mut wrong = Vec::new();
    for (name, spark, rows) in saved_by_spark() {
        let session = with_saved(&name);
        let stage = match load(&session, &name, find(spark["class"].as_str().expect("a class"))) {
            Ok(stage) => stage,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        if Some(&*stage.uid()) != spark["uid"].as_str() || Some(&*stage.to_string()) != spark["repr"].as_str() {
            wrong.push(format!("{name}: {stage}, not {}", spark["repr"]));
        }
        for (param, text) in told(&stage) {
            let wanted = spark["params"][&param].as_str().unwrap_or("nothing");
            // Python makes another uid while it loads.
            // Some of its models have no defaults of their own.
            let same = text == wanted || (wanted.starts_with("(current: ") && text.ends_with(&wanted[1..]));
            // Tuning takes its default seed from Scala's class.
            let tuned = param == "seed" && stage.decl().module == "tuning";
            if !same && !tuned && !wanted.contains("__output") {
                wrong.push(format!("{name}.{param}: {text}, not {wanted}"));
            }
        }
        // Spark starts the inference of a distributed model from a seed of the moment.
        if spark.get("rows").is_some() && stage.decl().name != "DistributedLDAModel" {
            let columns: Vec<&str> = list(&spark["columns"]).iter().filter_map(Json::as_str).collect();
            let found = stage
                .transform(&data(&session, &rows), &ParamMap::new())
                .and_then(|frame| frame.select(&columns.iter().map(|name| frame.col(name)).collect::<Result<Vec<_>, _>>()?)?.collect());
            match found {
                Err(error) => wrong.push(format!("{name}: {error}")),
                Ok(found) => {
                    let same = found.len() == list(&spark["rows"]).len()
                        && found
                            .iter()
                            .zip(list(&spark["rows"]))
                            .all(|(row, wanted)| row.values.iter().zip(list(wanted)).all(|(found, wanted)| same_cell(wanted, found)));
                    if !same {
                        wrong.push(format!("{name}: {columns:?} {found:?}\nnot {}", spark["rows"]));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// What a folder holds: of each file its place, without the job's own name, and what its schema says.
fn shape(session: &Session, folder: &str) -> Vec<(String, String)> {
    let files = below(&**session.files(), folder).expect("files");
    let mut found: Vec<(String, String)> = Vec::new();
    for path in files {
        let place = path[folder.len()..].to_owned();
        let (above, name) = place.rsplit_once('/').expect("a folder");
        let bytes = session.files().read(&path).expect("a file");
        if name == "_SUCCESS" {
            found.push((place.clone(), String::new()));
        } else if name.ends_with(".snappy.parquet") {
            let text = parquet_schema(&bytes).expect("a schema");
            // A run of files in Spark's partitions, one here.
            if found.iter().all(|(known, _)| known != above) {
                found.push((above.to_owned(), text));
            }
        } else {
            assert!(name.starts_with("part-00000-") && name.ends_with("-c000.txt"), "{name}");
            let line = bytes.split(|byte| *byte == b'\n').next().expect("a line");
            found.push((above.to_owned(), keys(&serde_json::from_slice(line).expect("JSON"))));
        }
    }
    found.sort();
    found
}

/// The names in a folder's metadata, and the values that don't depend on the run. Which values of params were set is the caller's matter.
fn keys(metadata: &Map<String, Json>) -> String {
    let mut lines: Vec<String> = metadata
        .iter()
        .map(|(name, value)| match name.as_str() {
            "timestamp" => format!("{name}: {}", value.is_i64()),
            "paramMap" => name.clone(),
            _ => format!("{name}: {}", rounded(value)),
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

/// Numbers alike, whole or not; names in order.
fn rounded(value: &Json) -> String {
    match value {
        Json::Number(number) => format!("{:?}", number.as_f64()),
        Json::Object(entries) => {
            let mut entries: Vec<String> = entries.iter().map(|(name, value)| format!("{name}: {}", rounded(value))).collect();
            // Default seeds are hashes of class names, Python's or Scala's, and the default output is named after a uid.
            entries.retain(|entry| !entry.starts_with("seed: ") && !entry.ends_with("__output\""));
            entries.sort();
            entries.join(", ")
        }
        other => other.to_string(),
    }
}

#[test]
fn what_is_saved_has_sparks_files_names_and_schemas() {
    let mut wrong = Vec::new();
    for (name, spark, _) in saved_by_spark() {
        let session = with_saved(&name);
        let saved = load(&session, &name, None).and_then(|stage| save(&session, &stage, "/files/ours", &SaveOptions::default()));
        if let Err(error) = saved {
            wrong.push(format!("{name}: {error}"));
            continue;
        }
        let (found, wanted) = (shape(&session, "/files/ours"), shape(&session, &format!("/files/{name}")));
        let places = |shape: &[(String, String)]| shape.iter().map(|(place, _)| place.clone()).collect::<Vec<_>>();
        if places(&found) != places(&wanted) {
            wrong.push(format!("{name} ({}): {:?}\nnot {:?}", spark["class"], places(&found), places(&wanted)));
            continue;
        }
        for ((place, found), (_, wanted)) in found.iter().zip(&wanted) {
            if found != wanted {
                wrong.push(format!("{name}{place}:\n{found}\nnot\n{wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// A fitted model with what it says and gives; the rows as text.
fn answers(stage: &Stage, data: Option<&DataFrame>) -> String {
    let rows = data
        .filter(|_| matches!(stage.role(), Role::Transformer | Role::Model))
        .map(|data| format!("{:?}", stage.transform(data, &ParamMap::new()).and_then(|frame| frame.collect()).expect("rows")));
    // A fitted model has its estimator's default seed, a loaded one its own class's, as in PySpark.
    let set = stage.params().is_set("seed").then(|| stage.params().get("seed"));
    let params: Vec<_> = told(stage).into_iter().filter(|(name, _)| name != "seed").collect();
    format!("{stage} {:?} {params:?} {set:?} {rows:?}", stage.uid())
}

#[test]
fn every_stage_comes_back_as_it_was_saved() {
    // Spark has no way to save PrefixSpan.
    let saved = registry().iter().filter(|decl| decl.role() != Role::Summary && decl.name != "PrefixSpan");
    // xgboost.spark's are in its own tests.
    let mut left: Vec<&str> = saved.filter(|decl| !decl.is_of_other_package()).map(|decl| decl.name).collect();
    for (name, spark, rows) in saved_by_spark() {
        let session = with_saved(&name);
        let data = (!rows.is_null()).then(|| data(&session, &rows));
        let loaded = load(&session, &name, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut stages = vec![loaded.clone()];
        if loaded.role() == Role::Estimator
            && let Some(data) = &data
        {
            match loaded.fit(data, &ParamMap::new()) {
                Ok(model) => stages.push(model),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}"),
            }
        }
        for stage in stages {
            left.retain(|known| *known != stage.decl().name);
            save(&session, &stage, "ours", &SaveOptions { overwrite: true, ..SaveOptions::default() })
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let again = load(&session, "ours", Some(stage.decl())).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(answers(&again, data.as_ref()), answers(&stage, data.as_ref()), "{name} {}", spark["class"]);
        }
    }
    assert!(left.is_empty(), "never saved: {left:?}");
}

fn decl(name: &str) -> &'static StageDecl {
    find(name).expect("declared")
}

#[test]
fn a_path_that_exists_and_another_class_are_told_in_sparks_words() {
    let session = Session::in_memory(1);
    let stage = Stage::new(decl("Binarizer"));
    save(&session, &stage, "a", &SaveOptions::default()).expect("saved");
    let error = save(&session, &stage, "a", &SaveOptions::default()).expect_err("it exists");
    assert_eq!(
        error.message(),
        "Path /files/a already exists. To overwrite it, please use write.overwrite().save(path) for Scala and use \
         write().overwrite().save(path) for Java and Python."
    );
    save(&session, &stage, "a", &SaveOptions { overwrite: true, ..SaveOptions::default() }).expect("overwritten");
    let error = load(&session, "a", Some(decl("PCAModel"))).expect_err("no PCAModel");
    assert_eq!(
        error.message(),
        "requirement failed: Error loading metadata: Expected class name org.apache.spark.ml.feature.PCAModel but found class name \
         org.apache.spark.ml.feature.Binarizer"
    );
    assert_eq!(load(&session, "b", None).expect_err("nothing there").condition(), Some("PATH_NOT_FOUND"));
    session.files().write("/files/c/metadata/part-00000", b"{]".to_vec()).expect("written");
    assert!(load(&session, "c", None).expect_err("no JSON").message().contains("no line of JSON"));
}

/// A stage that can't be saved leaves what was there.
#[test]
fn nothing_is_lost_when_a_stage_inside_cannot_be_saved() {
    let session = Session::in_memory(1);
    let options = SaveOptions { overwrite: true, ..SaveOptions::default() };
    save(&session, &Stage::new(decl("Binarizer")), "a", &options).expect("saved");
    let pipeline = Stage::new(decl("Pipeline"));
    pipeline.set("stages", MlValue::List(vec![Stage::new(decl("RegressionEvaluator")).into()])).expect("a list");
    assert!(save(&session, &pipeline, "a", &options).is_err());
    assert!(load(&session, "a", Some(decl("Binarizer"))).is_ok());
}

#[test]
fn numbers_that_json_lacks_come_back() {
    let session = Session::in_memory(1);
    let stage = Stage::new(decl("Bucketizer"));
    stage.set("splits", [f64::NEG_INFINITY, 0.5, f64::INFINITY].into()).expect("splits");
    save(&session, &stage, "a", &SaveOptions::default()).expect("saved");
    let again = load(&session, "a", None).expect("loaded");
    assert_eq!(format!("{:?}", again.params().get("splits").expect("set")), "[-inf, 0.5, inf]");
}
