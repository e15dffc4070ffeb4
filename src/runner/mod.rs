//! Runs notebooks natively: the page's own kernel in a terminal.

mod files;
mod terminal;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use kindling_kernel::protocol::{CellStatus, Request};
use kindling_kernel::{Session, Settings};
use kindling_notebook::{CellKind, Notebook, from_file, to_ipynb};
use kindling_partition::{Error, ErrorKind, Result};

use self::files::DiskFiles;
use self::terminal::Terminal;

/// What `kindling run` was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// An `.ipynb`, or a `.py` that is plain (one cell), in percent format, or a Databricks source file.
    pub notebook: PathBuf,
    /// Where the executed notebook goes, as nbformat 4.5.
    pub output: Option<PathBuf>,
    /// Tasks that run at once.
    pub threads: usize,
    /// The folder that cells see as `/files`.
    pub files: PathBuf,
    /// The folder that cells see as `/datasets`.
    pub datasets: PathBuf,
}

/// Runs the cells in order and stops at the first that fails; text goes to stdout, the traceback to stderr. Gives whether all ran.
///
/// # Errors
/// When the notebook can't be read or the executed one can't be written. What was executed is written also when a cell failed.
pub fn run(options: &RunOptions) -> Result<bool> {
    let text = std::fs::read_to_string(&options.notebook).map_err(|error| told(&options.notebook, &error))?;
    let name = options.notebook.file_name().unwrap_or_default().to_string_lossy();
    let mut notebook = from_file(&name, &text)?;
    let files = Arc::new(DiskFiles::new(&options.files, &options.datasets));
    let terminal = Rc::new(Terminal::default());
    let mut session = Session::new(terminal.clone(), Settings { threads: options.threads, clock: None, files });
    let ran = execute(&mut notebook, &mut session, &terminal);
    if let Some(output) = &options.output {
        std::fs::write(output, to_ipynb(&notebook)).map_err(|error| told(output, &error))?;
    }
    Ok(ran)
}

fn execute(notebook: &mut Notebook, session: &mut Session, terminal: &Terminal) -> bool {
    for cell in &mut notebook.cells {
        cell.outputs.clear();
        cell.execution_count = None;
    }
    for cell in notebook.cells.iter_mut().filter(|cell| cell.kind == CellKind::Code) {
        session.handle(Request::Execute { cell: cell.id.clone(), source: cell.source.clone() });
        let executed = terminal.take();
        cell.outputs = executed.outputs;
        cell.execution_count = executed.count;
        if executed.status != Some(CellStatus::Ok) {
            return false;
        }
    }
    true
}

fn told(path: &Path, error: &std::io::Error) -> Error {
    let kind = if error.kind() == std::io::ErrorKind::NotFound { ErrorKind::FileNotFound } else { ErrorKind::Runtime };
    Error::new(kind, format!("{}: {error}", path.display()))
}

/// Seconds since the Unix epoch.
fn epoch_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
