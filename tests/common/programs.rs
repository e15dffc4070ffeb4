//! Python programs, and how what they do here differs from what CPython 3.11 did with them: natively (`src/python/tests/programs.rs`) and in a
//! browser (`tests/wasm.rs`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use kindling_python::{FileError, Host, Interpreter, Stream};
use serde_json::Value;

#[derive(Clone, Default)]
struct Recorder {
    output: Rc<RefCell<String>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Host for Recorder {
    fn write(&mut self, stream: Stream, text: &str) {
        if stream == Stream::Stdout {
            self.output.borrow_mut().push_str(text);
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
    fn read_file(&mut self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.get(path).cloned().ok_or(FileError::NotFound)
    }
    fn write_file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), FileError> {
        self.files.insert(path.into(), bytes);
        Ok(())
    }
    fn remove_file(&mut self, path: &str) -> Result<(), FileError> {
        self.files.remove(path).map(drop).ok_or(FileError::NotFound)
    }
    fn list_files(&mut self, folder: &str) -> Result<Vec<String>, FileError> {
        let inside = format!("{}/", folder.trim_end_matches('/'));
        let mut names: Vec<String> =
            self.files.keys().filter_map(|path| path.strip_prefix(&inside)?.split('/').next().map(String::from)).collect();
        names.dedup();
        if names.is_empty() { Err(FileError::NotFound) } else { Ok(names) }
    }
}

/// What running a program gave.
struct Outcome {
    stdout: String,
    error: Option<(String, String, String)>,
}

fn run(source: &str) -> Outcome {
    kindling_python::set_library(kindling_python::embedded_library);
    let recorder = Recorder::default();
    let mut interpreter = Interpreter::new(recorder.clone());
    let error = interpreter.run_cell("<cell>", source).err().map(|error| {
        let traceback = interpreter.traceback(&error);
        (error.class_name(), traceback.message.clone(), traceback.text)
    });
    Outcome { stdout: recorder.output.take(), error }
}

/// What differs between a recorded program and what it does here, if anything.
pub fn difference(program: &Value) -> Option<String> {
    let outcome = run(program["source"].as_str().unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    if outcome.stdout != text(&program["stdout"]) {
        let (expected, got) = (text(&program["stdout"]), &outcome.stdout);
        let line = expected.lines().zip(got.lines()).find(|(a, b)| a != b);
        let error = outcome.error.as_ref().map(|(_, _, text)| text.clone()).unwrap_or_default();
        return Some(format!("stdout: {line:?}\n{error}"));
    }
    match (&program["error"], &outcome.error) {
        (Value::Null, None) => None,
        (Value::Null, Some((_, _, text))) => Some(format!("raised\n{text}")),
        (expected, None) => Some(format!("did not raise {}", expected["type"])),
        (expected, Some((class, message, traceback))) => {
            let expected_traceback = text(&expected["traceback"]);
            if *class != text(&expected["type"]) {
                Some(format!("raised {class} ({message}), not {}", expected["type"]))
            } else if *traceback != expected_traceback {
                Some(format!("traceback\n{traceback}not\n{expected_traceback}"))
            } else {
                None
            }
        }
    }
}
