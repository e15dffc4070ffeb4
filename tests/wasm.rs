//! The engine in a browser: the same programs give the same answers as real Spark's, and as natively.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::{FileStore, MemoryFiles};
use kindling_kernel::protocol::{CellStatus, Event, Output, Request};
use kindling_kernel::{Outside, Session, Settings};
use kindling_notebook::{Cell, CellKind, Notebook, decode_link, encode_link, from_ipynb, from_script, to_ipynb};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Keeps what a session says.
#[derive(Default)]
struct Heard(RefCell<Vec<Event>>);

impl Outside for Heard {
    fn emit(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }

    fn epoch_seconds(&self) -> f64 {
        js_sys::Date::now() / 1000.0
    }

    fn monotonic_seconds(&self) -> f64 {
        self.epoch_seconds()
    }

    fn entropy(&self) -> u64 {
        1
    }

    fn pause(&self, _seconds: f64) {}
}

/// A session over one thread that has the data sets.
fn session() -> (Session, Rc<Heard>) {
    let files = MemoryFiles::default();
    files.write("/datasets/penguins.csv", include_bytes!("../www/public/datasets/penguins.csv").to_vec()).expect("stored");
    files.write("/datasets/iris.csv", include_bytes!("../www/public/datasets/iris.csv").to_vec()).expect("stored");
    let heard = Rc::new(Heard::default());
    (Session::new(heard.clone(), Settings { threads: 1, files: Arc::new(files) }), heard)
}

/// What a program prints, cell by cell.
///
/// # Panics
/// With its traceback, when a cell fails.
fn printed(notebook: &Notebook) -> String {
    let (mut session, heard) = session();
    for cell in notebook.cells.iter().filter(|cell| cell.kind == CellKind::Code) {
        session.handle(Request::Execute { cell: cell.id.clone(), source: cell.source.clone() });
    }
    let mut text = String::new();
    for event in heard.0.borrow().iter() {
        match event {
            Event::Stream { text: piece, .. } => text += piece,
            Event::Display { output: Output::Error { traceback }, .. } => panic!("{}", traceback.text),
            Event::Finished { status, .. } => assert_eq!(*status, CellStatus::Ok),
            _ => {}
        }
    }
    text
}

#[wasm_bindgen_test]
fn the_main_job_prints_what_real_spark_prints() {
    let notebook = from_script(include_str!("reference/main_job.py"));
    let expected = include_str!("reference/main_job.txt");
    for (number, (here, there)) in printed(&notebook).lines().zip(expected.lines()).enumerate() {
        assert_eq!(here, there, "line {} of main_job.txt", number + 1);
    }
}

#[wasm_bindgen_test]
fn a_failing_cell_tells_its_exception() {
    let (mut session, heard) = session();
    session.handle(Request::Execute { cell: "a".into(), source: "1 / 0".into() });
    let failed = heard.0.borrow().iter().any(
        |event| matches!(event, Event::Display { output: Output::Error { traceback }, .. } if traceback.exception == "ZeroDivisionError"),
    );
    assert!(failed);
}

#[wasm_bindgen_test]
fn notebooks_go_round_through_links_and_files() {
    let notebook = Notebook::new(vec![Cell::new(CellKind::Markdown, "# Grüße"), Cell::new(CellKind::Code, "print(1)\n")]);
    assert_eq!(decode_link(&encode_link(&notebook)).expect("our own link"), notebook);
    assert_eq!(from_ipynb(&to_ipynb(&notebook)).expect("our own file").cells, notebook.cells);
}
