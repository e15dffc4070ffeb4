//! Any bytes as a cell: it is parsed, compiled, run and told about, without a panic, an abort or a hang.

#![no_main]

use kindling_python::{Host, Interpreter, Stream};
use libfuzzer_sys::fuzz_target;

/// Interrupts a cell after some hundred milliseconds, and writes nowhere.
struct Patience {
    polls_left: u32,
    written: usize,
}

impl Host for Patience {
    fn write(&mut self, _: Stream, text: &str) {
        self.written += text.len();
    }
    fn poll(&mut self) -> bool {
        self.polls_left = self.polls_left.saturating_sub(1);
        self.polls_left == 0 || self.written > 1 << 20
    }
    fn now(&self) -> f64 {
        1.7e9
    }
    fn sleep(&mut self, _: f64) -> bool {
        true
    }
    fn entropy(&mut self) -> u64 {
        1
    }
}

fuzz_target!(|bytes: &[u8]| {
    let source = String::from_utf8_lossy(bytes);
    let mut interpreter = Interpreter::new(Patience { polls_left: 30, written: 0 });
    if let Err(error) = interpreter.run_cell("<cell>", &source) {
        assert!(!interpreter.traceback(&error).text.is_empty());
    }
    // What the editor asks while such a cell is being written.
    let middle = source.floor_char_boundary(source.len() / 2);
    interpreter.complete("", &source, middle);
    interpreter.inspect("", &source, middle);
    interpreter.signature_help("", &source, middle);
    interpreter.problems(&[&source]);
});
