//! Every function's calls, and what real PySpark answers (`tests/reference/functions.py`).

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use kindling_frame::Session;
use kindling_python::{Host, Interpreter, Stream};
use serde_json::Value as Json;

#[derive(Clone, Default)]
struct Paper(Rc<RefCell<String>>);

impl Host for Paper {
    fn write(&mut self, _: Stream, text: &str) {
        self.0.borrow_mut().push_str(text);
    }

    fn now(&self) -> f64 {
        1.7e9
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        7
    }
}

/// Whether two texts have the same words, numbers up to the last digits of transcendental functions.
fn near(found: &str, wanted: &str) -> bool {
    let words = |text: &str| {
        text.split(['|', '\n', ',', '[', ']', '{', '}']).map(|w| w.trim().to_owned()).filter(|w| !w.starts_with('+')).collect::<Vec<_>>()
    };
    let (found, wanted) = (words(found), words(wanted));
    let alike = |(a, b): (&String, &String)| {
        a == b || a.parse::<f64>().ok().zip(b.parse::<f64>().ok()).is_some_and(|(x, y)| (x - y).abs() <= 4e-15 * y.abs().max(1.0))
    };
    found.len() == wanted.len() && found.iter().zip(&wanted).all(alike)
}

#[test]
fn functions_answer_as_on_real_spark() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/functions.json");
    let reference: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference is there")).expect("JSON");
    let paper = Paper::default();
    let mut interpreter = Interpreter::new(paper.clone());
    let session = Session::in_memory(2);
    crate::install(interpreter.vm(), &session, None);
    let setup = format!("from pyspark.sql import functions as F\n{}", reference["setup"].as_str().expect("a setup"));
    if let Err(error) = interpreter.run_cell("setup", &setup) {
        let message = interpreter.vm().str(&error.value()).unwrap_or_default();
        panic!("{}: {message}", error.class_name());
    }
    let cases = reference["cases"].as_array().expect("cases");
    assert!(cases.len() >= 300);
    let (mut report, mut failed) = (String::new(), 0);
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        paper.0.borrow_mut().clear();
        let program = format!(
            "case = {}\nmade = {}\nprint(made.columns)\nprint([field.dataType.simpleString() for field in made.schema])\nmade.show(100, False)",
            text("source"),
            text("frame")
        );
        let error = interpreter.run_cell("case", &program).err().map(|error| {
            let message = interpreter.vm().str(&error.value()).unwrap_or_default();
            (error.class_name().rsplit('.').next().unwrap_or_default().to_owned(), message)
        });
        let printed = paper.0.borrow().clone();
        let same = match (&error, case["error"].as_str()) {
            (None, None) => near(&printed, text("printed")),
            (Some((class, message)), Some(wanted)) => {
                let condition = message.strip_prefix('[').and_then(|m| m.split_once(']')).map(|(c, _)| c);
                // Errors that tasks of a cluster wrap, and errors that have no name yet.
                let unnamed = case["condition"].as_str().is_none_or(|c| c.starts_with("_LEGACY"));
                wanted == "Py4JJavaError"
                    || class == wanted && (unnamed || wanted == "PythonException" || condition == case["condition"].as_str())
            }
            _ => false,
        };
        if !same {
            failed += 1;
            let wanted = if case["error"].is_null() { text("printed").to_owned() } else { format!("{} {}", case["error"], case["text"]) };
            let _ = writeln!(report, "## {}\n--- Spark\n{wanted}\n--- here\n{printed}{error:?}\n", text("source"));
        }
    }
    assert!(failed == 0, "{failed} of {} calls differ:\n{report}", cases.len());
}
