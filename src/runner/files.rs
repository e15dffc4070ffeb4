use std::path::{Path, PathBuf};
use std::sync::Arc;

use kindling_frame::{FileEntry, FileStore, plain_path};
use kindling_partition::{Error, ErrorKind, Result};

/// Folders of the disk under the names that cells know them by.
pub(super) struct DiskFiles {
    files: PathBuf,
    datasets: PathBuf,
}

impl DiskFiles {
    pub(super) fn new(files: &Path, datasets: &Path) -> Self {
        Self { files: files.to_owned(), datasets: datasets.to_owned() }
    }

    /// Where on the disk a cell's path is.
    fn place(&self, path: &str) -> Result<PathBuf> {
        let plain = plain_path(path);
        let (root, rest) = if let Some(rest) = plain.strip_prefix("/files") {
            (&self.files, rest)
        } else if let Some(rest) = plain.strip_prefix("/datasets") {
            (&self.datasets, rest)
        } else {
            return Err(missing(path));
        };
        if rest.split('/').any(|part| part == "..") || !(rest.is_empty() || rest.starts_with('/')) {
            return Err(missing(path));
        }
        Ok(root.join(rest.trim_start_matches('/')))
    }

    fn writable(&self, path: &str) -> Result<PathBuf> {
        if plain_path(path).starts_with("/files/") {
            return self.place(path);
        }
        Err(Error::illegal_argument(format!("{path} can't be written. Write under /files/.")))
    }
}

impl FileStore for DiskFiles {
    fn read(&self, path: &str) -> Result<Arc<Vec<u8>>> {
        std::fs::read(self.place(path)?).map(Arc::new).map_err(|error| told(path, &error))
    }

    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        let place = self.writable(path)?;
        let made = place.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(place, bytes)).map_err(|error| told(path, &error))
    }

    fn remove(&self, path: &str) -> Result<()> {
        let place = self.writable(path)?;
        std::fs::remove_file(&place).map_err(|error| told(path, &error))?;
        // A folder is there as long as a file is in it.
        let above = place.ancestors().skip(1).take_while(|folder| *folder != self.files);
        above.map(std::fs::remove_dir).take_while(Result::is_ok).for_each(drop);
        Ok(())
    }

    fn modified(&self, path: &str) -> i64 {
        let time = self.place(path).ok().and_then(|place| place.metadata().ok()?.modified().ok());
        time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_millis() as i64 * 1000)
    }

    fn list(&self, folder: &str) -> Result<Vec<FileEntry>> {
        let base = plain_path(folder).trim_end_matches('/').to_owned();
        let place = self.place(&base)?;
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(place).map_err(|error| told(folder, &error))? {
            let entry = entry.map_err(|error| told(folder, &error))?;
            let metadata = entry.metadata().map_err(|error| told(folder, &error))?;
            let slash = if metadata.is_dir() { "/" } else { "" };
            let size = if metadata.is_dir() { 0 } else { metadata.len() };
            let name = format!("{}{slash}", entry.file_name().to_string_lossy());
            entries.push(FileEntry { path: format!("{base}/{name}"), name, size });
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }
}

fn missing(path: &str) -> Error {
    Error::new(ErrorKind::FileNotFound, format!("There is no file {path}. Cells see files under /files/ and /datasets/."))
}

fn told(path: &str, error: &std::io::Error) -> Error {
    // A folder is no file: those who look for one in either place go on.
    let absent = matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory);
    if absent { missing(path) } else { Error::runtime(format!("{path}: {error}")) }
}
