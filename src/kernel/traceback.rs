use kindling_python::{Interpreter, PyError};

use crate::protocol::{Traceback, TracebackFrame};

/// Which cell and which text a file name of a traceback stands for.
#[derive(Default)]
pub(crate) struct Sources(Vec<RunSource>);

struct RunSource {
    file_name: String,
    cell: String,
    text: String,
}

impl Sources {
    /// Remembers what runs as execution `count`, and gives the name by which tracebacks call it.
    pub(crate) fn add(&mut self, cell: &str, count: u32, text: &str) -> String {
        let file_name = format!("Cell [{count}]");
        self.0.push(RunSource { file_name: file_name.clone(), cell: cell.to_owned(), text: text.to_owned() });
        file_name
    }

    fn of(&self, file_name: &str) -> Option<&RunSource> {
        self.0.iter().rev().find(|source| source.file_name == file_name)
    }
}

/// The traceback with cells for file names and the page's columns.
pub(crate) fn traceback(interpreter: &mut Interpreter, sources: &Sources, error: &PyError) -> Traceback {
    let traceback = interpreter.traceback(error);
    let frames = traceback.frames.into_iter().filter_map(|frame| {
        let source = sources.of(&frame.file_name)?;
        Some(TracebackFrame {
            cell: source.cell.clone(),
            function: frame.function,
            line: frame.line,
            column: utf16_column(&source.text, frame.line, frame.column),
            end_line: frame.end_line,
            end_column: utf16_column(&source.text, frame.end_line, frame.end_column),
        })
    });
    Traceback { frames: frames.collect(), exception: traceback.exception, message: traceback.message, text: traceback.text }
}

/// A column in characters as the page counts it, in UTF-16 units.
fn utf16_column(text: &str, line: u32, column: u32) -> u32 {
    let line = text.split('\n').nth((line as usize).saturating_sub(1)).unwrap_or_default();
    line.chars().take(column as usize).map(|c| c.len_utf16() as u32).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_as_in_the_page() {
        assert_eq!(utf16_column("a\n😀b = 1", 2, 2), 3);
        assert_eq!(utf16_column("a", 7, 2), 0);
    }
}
