//! The engine in a browser: the same programs give the same answers as on real Spark and in CPython.
#![cfg(target_arch = "wasm32")]

mod common;
#[path = "common/programs.rs"]
mod programs;

use std::sync::Arc;

use common::{assert_near, assert_same_lines, assert_same_numbers, outcome, printed};
use kindling::frame::{FileStore, MemoryFiles};
use kindling::notebook::{Cell, CellKind, Notebook, decode_link, encode_link, from_ipynb, to_ipynb};
use programs::difference;
use serde_json::Value;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn datasets() -> Arc<MemoryFiles> {
    let files = MemoryFiles::default();
    let sets: [(&str, &[u8]); 2] = [
        ("penguins", include_bytes!("../www/public/datasets/penguins.csv")),
        ("diamonds", include_bytes!("../www/public/datasets/diamonds.csv")),
    ];
    for (name, bytes) in sets {
        files.write(&format!("/datasets/{name}.csv"), bytes.to_vec()).expect("memory takes all");
    }
    Arc::new(files)
}

#[wasm_bindgen_test]
fn the_main_job_prints_what_real_spark_prints() {
    let printed = printed(include_str!("reference/main_job.py"), 1, datasets());
    assert_same_lines(&printed, include_str!("reference/main_job.txt"));
}

#[wasm_bindgen_test]
fn every_estimator_finds_what_real_spark_finds() {
    let printed = printed(include_str!("reference/every_estimator.py"), 1, datasets());
    assert_same_numbers(&printed, include_str!("reference/every_estimator.txt"));
}

#[wasm_bindgen_test]
fn more_estimators_find_what_real_spark_finds() {
    let printed = printed(include_str!("reference/more_estimators.py"), 1, datasets());
    assert_same_numbers(&printed, include_str!("reference/more_estimators.txt"));
}

#[wasm_bindgen_test]
fn estimators_find_in_a_million_rows_what_real_spark_finds() {
    let printed = printed(include_str!("reference/million_rows.py"), 1, Arc::default());
    assert_near(&printed, include_str!("reference/million_rows.txt"));
}

#[wasm_bindgen_test]
fn stages_find_in_a_hundred_thousand_features_what_real_spark_finds() {
    let printed = printed(include_str!("reference/wide.py"), 1, Arc::default());
    assert_near(&printed, include_str!("reference/wide.txt"));
}

/// `[UNRESOLVED_COLUMN.WITH_SUGGESTION]`, when a message starts with a condition.
fn condition(message: &str) -> Option<&str> {
    message.strip_prefix('[')?.split_once(']').map(|(name, _)| name)
}

#[wasm_bindgen_test]
fn programs_print_what_they_print_on_real_spark() {
    let programs: Vec<Value> = serde_json::from_str(include_str!("reference/pyspark_api.json")).expect("JSON");
    for program in &programs {
        let name = program["name"].as_str();
        let (printed, error) = outcome(program["source"].as_str().expect("a program"), 1, Arc::default());
        assert_eq!(Some(&*printed), program["stdout"].as_str(), "{name:?}");
        // A traceback names the class with its module.
        let error = error.as_ref().map(|(class, message)| (class.rsplit('.').next().unwrap_or_default(), condition(message)));
        let expected = program["error"].as_object().map(|error| {
            let text = |key: &str| error[key].as_str().unwrap_or_default();
            (text("class"), condition(text("message")))
        });
        assert_eq!(error, expected, "{name:?}");
    }
}

#[wasm_bindgen_test]
fn programs_do_what_they_do_in_cpython() {
    let programs: Vec<Value> = serde_json::from_str(include_str!("reference/python_programs.json")).expect("JSON");
    let differences = programs.iter().filter_map(|program| {
        let difference = difference(program)?;
        Some(format!("{}: {}: {difference}", program["topic"], program["name"]))
    });
    let differing: Vec<String> = differences.collect();
    assert!(differing.is_empty(), "{} of {} differ:\n{}", differing.len(), programs.len(), differing.join("\n"));
}

#[wasm_bindgen_test]
fn notebooks_go_round_through_links_and_files() {
    let notebook = Notebook::new(vec![Cell::new(CellKind::Markdown, "# Grüße"), Cell::new(CellKind::Code, "print(1)\n")]);
    assert_eq!(decode_link(&encode_link(&notebook)).expect("our own link"), notebook);
    assert_eq!(from_ipynb(&to_ipynb(&notebook)).expect("our own file").cells, notebook.cells);
}
