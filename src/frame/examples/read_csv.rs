//! `cargo run --release -p kindling-frame --example read_csv -- FILE [THREADS]`: how long a file takes to open with inference, and to read.

use std::time::Instant;

use kindling_frame::csv::{CsvOptions, CsvSource};
use kindling_frame::{FileStore, MemoryFiles, Source};
use kindling_partition::{Error, Executor, Result};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or_else(|| Error::illegal_argument("Which file?"))?;
    let threads = args.next().and_then(|t| t.parse().ok()).unwrap_or(2);
    let bytes = std::fs::read(&path).map_err(|error| Error::runtime(error.to_string()))?;
    let files = MemoryFiles::default();
    files.write(&path, bytes)?;
    let executor = Executor::new(threads);
    for _ in 0..5 {
        let started = Instant::now();
        let options = CsvOptions { header: true, infer_schema: true, ..CsvOptions::default() };
        let source = CsvSource::open(&executor, &files, &[&path], options, None)?;
        let opened = started.elapsed();
        let columns: Vec<usize> = (0..source.schema().len()).collect();
        let batches = executor.range("read", source.partitions(), |p| source.read(&executor, p, &columns))?;
        let rows: usize = batches.iter().map(|b| b.rows).sum();
        println!(
            "{rows} rows, {} partitions: opened in {opened:?}, read in {:?}, {}",
            batches.len(),
            started.elapsed() - opened,
            source.schema().simple_string()
        );
    }
    Ok(())
}
