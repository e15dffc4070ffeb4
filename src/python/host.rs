//! What the interpreter asks of the world around it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// Why a file could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    NotFound,
    /// The host has no files.
    Unsupported,
    Other(String),
}

/// The notebook, a terminal or a test around an interpreter.
pub trait Host {
    fn write(&mut self, stream: Stream, text: &str);

    /// Asked every few milliseconds while a program runs; true interrupts it with `KeyboardInterrupt`.
    fn poll(&mut self) -> bool {
        false
    }

    /// Seconds since the Unix epoch, for `time.time()` and `datetime.now()`.
    fn now(&self) -> f64;

    /// Seconds of a clock that never goes back, for `time.perf_counter()`.
    fn monotonic(&self) -> f64 {
        self.now()
    }

    /// Waits, polling; false when interrupted.
    fn sleep(&mut self, seconds: f64) -> bool;

    /// Seed material for `random` without a seed.
    fn entropy(&mut self) -> u64;

    /// The bytes of a file, by its whole path (`/files/notes.txt`).
    fn read_file(&mut self, _path: &str) -> Result<Vec<u8>, FileError> {
        Err(FileError::Unsupported)
    }

    /// Writes a file over what was there.
    fn write_file(&mut self, _path: &str, _bytes: Vec<u8>) -> Result<(), FileError> {
        Err(FileError::Unsupported)
    }

    fn remove_file(&mut self, _path: &str) -> Result<(), FileError> {
        Err(FileError::Unsupported)
    }

    /// The names of the files and folders directly in a folder.
    fn list_files(&mut self, _folder: &str) -> Result<Vec<String>, FileError> {
        Err(FileError::Unsupported)
    }
}
