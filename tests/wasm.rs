//! The engine in a browser: the same programs give the same answers as on real Spark and in CPython.
#![cfg(target_arch = "wasm32")]

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use common::{assert_same_lines, assert_same_numbers, outcome, printed};
use kindling::frame::{FileStore, MemoryFiles};
use kindling::notebook::{Cell, CellKind, Notebook, decode_link, encode_link, from_ipynb, to_ipynb};
use kindling::python::{Host, Interpreter, Stream};
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

/// Where a Python program writes.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<String>>);

impl Host for Paper {
    fn write(&mut self, stream: Stream, text: &str) {
        if stream == Stream::Stdout {
            self.0.borrow_mut().push_str(text);
        }
    }

    fn now(&self) -> f64 {
        1.7e9
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        4
    }
}

#[wasm_bindgen_test]
fn programs_do_what_they_do_in_cpython() {
    let programs: Vec<Value> = serde_json::from_str(include_str!("reference/python_programs.json")).expect("JSON");
    let mut differing = Vec::new();
    for program in &programs {
        let paper = Paper::default();
        let mut interpreter = Interpreter::new(paper.clone());
        let error = interpreter.run_cell("<cell>", program["source"].as_str().expect("a program")).err();
        let traceback = error.map(|error| interpreter.traceback(&error).text);
        if Some(&**paper.0.borrow()) != program["stdout"].as_str() || traceback.as_deref() != program["error"]["traceback"].as_str() {
            differing.push(format!("{}: {}", program["topic"], program["name"]));
        }
    }
    assert!(differing.is_empty(), "{} of {} differ: {differing:?}", differing.len(), programs.len());
}

#[wasm_bindgen_test]
fn notebooks_go_round_through_links_and_files() {
    let notebook = Notebook::new(vec![Cell::new(CellKind::Markdown, "# Grüße"), Cell::new(CellKind::Code, "print(1)\n")]);
    assert_eq!(decode_link(&encode_link(&notebook)).expect("our own link"), notebook);
    assert_eq!(from_ipynb(&to_ipynb(&notebook)).expect("our own file").cells, notebook.cells);
}
