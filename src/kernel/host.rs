use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use kindling_frame::FileStore;
use kindling_partition::{ErrorKind, task_counters};
use kindling_python::{FileError, Host, Stream};

use crate::outside::Outside;
use crate::protocol::{Event, StreamName};

/// How long a sleeping program goes without looking at the Stop flag.
const NAP: f64 = 0.02;

/// The cell that is running, shared by all that speak in its name.
pub(crate) type CurrentCell = Rc<RefCell<String>>;

/// The notebook as the interpreter sees it.
pub(crate) struct CellHost {
    pub(crate) outside: Rc<dyn Outside>,
    pub(crate) cell: CurrentCell,
    pub(crate) files: Arc<dyn FileStore>,
}

fn file_error(error: kindling_partition::Error) -> FileError {
    match error.kind() {
        ErrorKind::FileNotFound => FileError::NotFound,
        _ => FileError::Other(error.to_string()),
    }
}

impl Host for CellHost {
    fn write(&mut self, stream: Stream, text: &str) {
        let stream = match stream {
            Stream::Stdout => StreamName::Stdout,
            Stream::Stderr => StreamName::Stderr,
        };
        self.outside.emit(Event::Stream { cell: self.cell.borrow().clone(), stream, text: text.to_owned() });
    }

    fn poll(&mut self) -> bool {
        task_counters().cancel.load(Relaxed) != 0
    }

    fn now(&self) -> f64 {
        self.outside.epoch_seconds()
    }

    fn monotonic(&self) -> f64 {
        self.outside.monotonic_seconds()
    }

    fn sleep(&mut self, seconds: f64) -> bool {
        let end = self.monotonic() + seconds;
        loop {
            if self.poll() {
                return false;
            }
            let left = end - self.monotonic();
            if left <= 0.0 {
                return true;
            }
            self.outside.pause(left.min(NAP));
        }
    }

    fn entropy(&mut self) -> u64 {
        self.outside.entropy()
    }

    fn read_file(&mut self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read(path).map(|bytes| bytes.to_vec()).map_err(file_error)
    }

    fn write_file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), FileError> {
        self.files.write(path, bytes).map_err(file_error)
    }

    fn remove_file(&mut self, path: &str) -> Result<(), FileError> {
        self.files.remove(path).map_err(file_error)
    }

    fn list_files(&mut self, folder: &str) -> Result<Vec<String>, FileError> {
        let entries = self.files.list(folder).map_err(file_error)?;
        Ok(entries.into_iter().map(|entry| entry.name.trim_end_matches('/').to_owned()).collect())
    }
}
