//! Small programs, and what real PySpark prints for them (`tests/reference/pyspark_api.py`).

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use kindling_frame::Session;
use kindling_python::{Host, Interpreter, Stream};
use serde_json::Value as Json;

/// Where a program's text goes.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<String>>);

impl Host for Paper {
    fn write(&mut self, _: Stream, text: &str) {
        self.0.borrow_mut().push_str(text);
    }

    fn now(&self) -> f64 {
        0.0
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        7
    }
}

/// Runs a program; gives what it printed, and the class and message of the exception that ended it.
fn run(source: &str) -> (String, Option<(String, String)>) {
    let paper = Paper::default();
    let mut interpreter = Interpreter::new(paper.clone());
    let session = Session::in_memory(2);
    crate::install(interpreter.vm(), &session, None);
    let error = interpreter.run_cell("program", source).err().map(|error| {
        let text = error.value();
        let message = interpreter.vm().str(&text).unwrap_or_default();
        (error.class_name(), message)
    });
    let printed = paper.0.borrow().clone();
    (printed, error)
}

/// `[UNRESOLVED_COLUMN.WITH_SUGGESTION]`, when a message starts with a condition.
fn condition(message: &str) -> Option<&str> {
    message.strip_prefix('[')?.split_once(']').map(|(name, _)| name)
}

#[test]
fn programs_print_what_they_print_on_real_spark() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/pyspark_api.json");
    let programs: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference is there")).expect("JSON");
    assert!(programs.len() >= 80);
    let mut report = String::new();
    let mut failed = 0;
    for program in &programs {
        let text = |key: &str| program[key].as_str().unwrap_or_default();
        let expected = program["error"].as_object().map(|error| {
            let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
            (text("class"), text("message"))
        });
        let (printed, error) = run(text("source"));
        let same_error = match (&error, &expected) {
            (None, None) => true,
            // Messages speak to learners in Kindling's own words; class and condition are Spark's.
            (Some(found), Some(wanted)) => found.0 == wanted.0 && condition(&found.1) == condition(&wanted.1),
            _ => false,
        };
        if printed != text("stdout") || !same_error {
            failed += 1;
            let _ = writeln!(report, "## {}\n--- expected\n{}{expected:?}\n--- found\n{printed}{error:?}\n", text("name"), text("stdout"));
        }
    }
    assert!(failed == 0, "{failed} of {} programs differ:\n{report}", programs.len());
}
