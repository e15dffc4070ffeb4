//! Paths that readers are given, as files.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use crate::session::FileStore;

/// The files at some paths with their contents: a file itself, or the files directly in a folder, without those whose names begin with
/// `_` or `.` (which writers leave beside the data).
///
/// # Errors
/// `PATH_NOT_FOUND`
pub fn data_files(store: &dyn FileStore, paths: &[&str]) -> Result<Vec<(String, Arc<Vec<u8>>)>> {
    let mut files = Vec::new();
    for path in paths {
        match store.read(path) {
            Ok(data) => files.push(((*path).to_owned(), data)),
            Err(error) if error.kind() == ErrorKind::FileNotFound => {
                let entries = store.list(path).map_err(|_| not_found(store, path))?;
                for entry in entries.iter().filter(|e| !e.path.ends_with('/') && !e.name.starts_with(['_', '.'])) {
                    files.push((entry.path.clone(), store.read(&entry.path)?));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// `PATH_NOT_FOUND`, with the nearest file in the same folder.
fn not_found(store: &dyn FileStore, path: &str) -> Error {
    let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let beside: Vec<String> = store.list(folder).map(|entries| entries.into_iter().map(|e| e.path).collect()).unwrap_or_default();
    let near = kindling_partition::did_you_mean(path, beside.iter().map(String::as_str));
    Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {path}.{near}")).with_condition("PATH_NOT_FOUND")
}
