//! Programs through a whole session, and what they print compared with what real Spark 4.3 prints: natively (`notebooks.rs`) and in a
//! browser (`wasm.rs`).

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling::frame::MemoryFiles;
use kindling::kernel::protocol::{CellStatus, Event, Output, Request};
use kindling::kernel::{Outside, Session, Settings};
use kindling::notebook::{CellKind, from_script};

/// A session's surroundings that keep what it says, at a time that stands still.
#[derive(Default)]
pub struct Recorder(pub RefCell<Vec<Event>>);

impl Outside for Recorder {
    fn emit(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }

    fn epoch_seconds(&self) -> f64 {
        0.0
    }

    fn monotonic_seconds(&self) -> f64 {
        0.0
    }

    fn entropy(&self) -> u64 {
        1
    }

    fn pause(&self, _seconds: f64) {}
}

pub fn session(threads: usize, files: Arc<MemoryFiles>) -> (Session, Rc<Recorder>) {
    kindling::python::set_library(kindling::python::embedded_library);
    let recorder = Rc::new(Recorder::default());
    (Session::new(recorder.clone(), Settings { threads, clock: Some(|| 0.0), files }), recorder)
}

/// What a program prints, and what ended it: the exception's class and its message.
pub fn outcome(source: &str, threads: usize, files: Arc<MemoryFiles>) -> (String, Option<(String, String)>) {
    let (mut session, recorder) = session(threads, files);
    for cell in from_script(source).cells.iter().filter(|cell| cell.kind == CellKind::Code) {
        session.handle(Request::Execute { cell: cell.id.clone(), source: cell.source.clone() });
    }
    let (mut printed, mut error) = (String::new(), None);
    for event in recorder.0.borrow().iter() {
        match event {
            Event::Stream { text, .. } => printed += text,
            Event::Display { output: Output::Error { traceback }, .. } => {
                error = Some((traceback.exception.clone(), traceback.message.clone()));
            }
            Event::Finished { status, .. } => assert_eq!(*status == CellStatus::Error, error.is_some()),
            _ => {}
        }
    }
    (printed, error)
}

/// What a program prints that ends well.
pub fn printed(source: &str, threads: usize, files: Arc<MemoryFiles>) -> String {
    let (printed, error) = outcome(source, threads, files);
    assert_eq!(error, None, "{printed}");
    printed
}

pub fn assert_same_lines(printed: &str, expected: &str) {
    for (number, (ours, sparks)) in printed.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, sparks, "line {}", number + 1);
    }
    assert_eq!(printed.lines().count(), expected.lines().count());
}

/// The words of a line, and its numbers.
fn parts(line: &str) -> (Vec<&str>, Vec<f64>) {
    let parts = line.split([' ', ',', '[', ']', '(', ')', '=']).filter(|part| !part.is_empty() && *part != "np.float64");
    parts.fold(Default::default(), |(mut words, mut numbers), part| {
        match part.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => words.push(part),
        }
        (words, numbers)
    })
}

/// Whether two lines have the same words, and numbers within a tolerance.
fn same_numbers(ours: &str, sparks: &str, tolerance: f64) -> bool {
    let ((words, numbers), (sparks_words, sparks_numbers)) = (parts(ours), parts(sparks));
    let near = |found: f64, expected: f64| {
        found == expected || (found.is_nan() && expected.is_nan()) || (found - expected).abs() <= tolerance * (1e-3 + expected.abs())
    };
    words == sparks_words && numbers.len() == sparks_numbers.len() && numbers.iter().zip(&sparks_numbers).all(|(a, b)| near(*a, *b))
}

/// Compares the estimators' words exactly and their numbers within 1e-9. Spark's areas under curves of more than 2,000 scores depend on where
/// its own sort cut the scores into bins, so those of the tuning estimators agree less closely; its factors are single-precision numbers.
pub fn assert_same_numbers(printed: &str, expected: &str) {
    assert_all_near(printed, expected, |name| match name {
        "CrossValidator" | "TrainValidationSplit" => 1e-5,
        "ALS" => 1e-6,
        _ => 1e-9,
    });
}

/// Compares words exactly and numbers within 1e-6: sums of very many numbers, or of odd ones, have another order than Spark's. The inference of
/// LDA of the optimizer "em" begins at random in Spark.
pub fn assert_near(printed: &str, expected: &str) {
    assert_all_near(printed, expected, |name| if name == "LDAEM" { 1e-4 } else { 1e-6 });
}

/// Compares lines as [`same_numbers`] does, with the tolerance that is right for a line's first word, and shows all that differ.
fn assert_all_near(printed: &str, expected: &str, tolerance: impl Fn(&str) -> f64) {
    let of_line = |line: &str| tolerance(line.split([' ', ',']).next().unwrap_or_default());
    let differing: Vec<String> = printed
        .lines()
        .zip(expected.lines())
        .filter(|(ours, sparks)| !same_numbers(ours, sparks, of_line(sparks)))
        .map(|(ours, sparks)| format!("{ours}\n    Spark: {sparks}"))
        .collect();
    assert!(differing.is_empty(), "{} lines differ:\n{}", differing.len(), differing.join("\n"));
    assert_eq!(printed.lines().count(), expected.lines().count());
}
