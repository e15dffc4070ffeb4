use std::cell::RefCell;
use std::io::Write;
use std::time::{Duration, Instant};

use kindling_kernel::Outside;
use kindling_kernel::protocol::{CellStatus, Event, Output, StreamName, Table};
use kindling_notebook::{Shown, StreamName as NotebookStream};

/// A session's world when there is no page: text goes to stdout as it comes, and what a cell showed is kept for the executed notebook.
pub(super) struct Terminal {
    start: Instant,
    cell: RefCell<Executed>,
}

/// What came of one cell.
#[derive(Default)]
pub(super) struct Executed {
    pub outputs: Vec<Shown>,
    pub count: Option<u32>,
    pub status: Option<CellStatus>,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { start: Instant::now(), cell: RefCell::default() }
    }
}

impl Terminal {
    /// What came since the last call.
    pub(super) fn take(&self) -> Executed {
        self.cell.take()
    }

    fn show(&self, output: &Output) {
        match output {
            Output::Text { text } => print(text),
            Output::Table { table } => print(&grid(table)),
            Output::Chart { chart } => print(&chart.summary),
            Output::Error { traceback } => eprintln!("{}", traceback.text.trim_end()),
        }
        // The notebook keeps outputs in the protocol's own form.
        if let Ok(shown) = serde_json::to_value(output).and_then(serde_json::from_value) {
            self.cell.borrow_mut().outputs.push(shown);
        }
    }

    fn stream(&self, stream: StreamName, text: String) {
        let (kept, result) = match stream {
            StreamName::Stdout => (NotebookStream::Stdout, std::io::stdout().write_all(text.as_bytes())),
            StreamName::Stderr => (NotebookStream::Stderr, std::io::stderr().write_all(text.as_bytes())),
        };
        // A closed pipe ends the reading, not the run.
        drop(result);
        let outputs = &mut self.cell.borrow_mut().outputs;
        match outputs.last_mut() {
            Some(Shown::Stream { stream, text: before }) if *stream == kept => before.push_str(&text),
            _ => outputs.push(Shown::Stream { stream: kept, text }),
        }
    }
}

impl Outside for Terminal {
    fn emit(&self, event: Event) {
        match event {
            Event::Started { execution_count, .. } => self.cell.borrow_mut().count = Some(execution_count),
            Event::Stream { stream, text, .. } => self.stream(stream, text),
            Event::Display { output, .. } => self.show(&output),
            Event::Finished { status, .. } => self.cell.borrow_mut().status = Some(status),
            _ => {}
        }
    }

    fn epoch_seconds(&self) -> f64 {
        super::epoch_seconds()
    }

    fn monotonic_seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn entropy(&self) -> u64 {
        // The standard library's own way to what the system has of it.
        std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), super::epoch_seconds().to_bits())
    }

    fn pause(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds));
    }
}

fn print(text: &str) {
    // As above: a closed pipe ends the reading, not the run.
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// A table for a terminal, numbers to the right.
fn grid(table: &Table) -> String {
    let cell = |row: &[Option<String>], i: usize| row.get(i).cloned().flatten().unwrap_or_else(|| "NULL".to_owned());
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|i| {
            table.rows.iter().map(|row| cell(row, i).chars().count()).chain([table.columns[i].name.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let line =
        |text: &dyn Fn(usize) -> String| {
            let cells =
                table.columns.iter().zip(&widths).enumerate().map(|(i, (column, width))| {
                    if column.numeric { format!("{:>width$}", text(i)) } else { format!("{:<width$}", text(i)) }
                });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
    let head = line(&|i| table.columns[i].name.clone());
    let rows = table.rows.iter().map(|row| line(&|i| cell(row, i)));
    let more = table.truncated.then(|| "…".to_owned());
    [head].into_iter().chain(rows).chain(more).collect::<Vec<_>>().join("\n")
}
