//! Runs a Python file as one cell.

use std::io::Write;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kindling_python::{Host, Interpreter, Stream};

struct Terminal {
    start: Instant,
}

impl Host for Terminal {
    fn write(&mut self, stream: Stream, text: &str) {
        match stream {
            Stream::Stdout => print!("{text}"),
            Stream::Stderr => eprint!("{text}"),
        }
    }
    fn now(&self) -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
    }
    fn monotonic(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
    fn sleep(&mut self, seconds: f64) -> bool {
        std::thread::sleep(Duration::from_secs_f64(seconds));
        true
    }
    fn entropy(&mut self) -> u64 {
        self.now().to_bits()
    }
}

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "-".into());
    let source = if path == "-" { std::io::read_to_string(std::io::stdin())? } else { std::fs::read_to_string(&path)? };
    let mut interpreter = Interpreter::new(Terminal { start: Instant::now() });
    let result = interpreter.run_cell(&path, &source);
    std::io::stdout().flush()?;
    if let Err(error) = result {
        eprint!("{}", interpreter.traceback(&error).text);
        std::process::exit(1);
    }
    Ok(())
}
