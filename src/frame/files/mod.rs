//! Paths that readers are given, as files: folders of part files, patterns, and folders named after the values of a column.

mod glob;
mod gzip;
mod lines;
mod partitions;
mod records;
mod scan;
mod splits;

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use crate::options::boolean;
use crate::schema::Schema;
use crate::session::{FileEntry, FileStore, plain_path};
use crate::types::Field;
use crate::value::Value;

pub(crate) use glob::matches;
pub(crate) use gzip::{gunzip, gzip};
pub(crate) use lines::{Lines, line_number};
pub(crate) use partitions::{DEFAULT_PARTITION, escape_path_name};
pub(crate) use records::{Records, corrupt_column};
pub(crate) use scan::{FileScan, Format};
pub(crate) use splits::{Split, partitions};

/// A file to read, with its contents as they were when it was found.
#[derive(Clone, Debug)]
pub(crate) struct InputFile {
    pub path: String,
    pub data: Arc<Vec<u8>>,
    /// Bytes of the file as it lies there, packed or not.
    pub size: usize,
    /// When it was last written, in microseconds since the epoch.
    pub modified: i64,
    /// What its folders' names say, a value for each field of [`Input::columns`].
    pub values: Vec<Value>,
}

/// The files of a read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    /// The paths that were asked for, those that match in the place of a pattern.
    pub roots: Vec<String>,
    pub files: Vec<InputFile>,
    /// The columns that folders are named after.
    pub columns: Vec<Field>,
}

/// The options of every reader of files.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileOptions {
    /// Only files whose names match; none: all.
    pub path_glob_filter: Option<String>,
    /// Whether folders below are read whatever their names, without columns from them; false.
    pub recursive_file_lookup: bool,
    /// Where folders begin to name columns; none: below each path.
    pub base_path: Option<String>,
}

impl FileOptions {
    /// Takes its own options out of all that a reader was given.
    ///
    /// # Errors
    /// A value that makes no sense, or an option that Kindling doesn't have.
    pub fn take<'a>(pairs: &[(&'a str, &'a str)]) -> Result<(Self, Vec<(&'a str, &'a str)>)> {
        let (mut options, mut rest) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "pathglobfilter" => options.path_glob_filter = Some((*value).to_owned()),
                "recursivefilelookup" => options.recursive_file_lookup = boolean(name, value)?,
                "basepath" => options.base_path = Some((*value).to_owned()),
                "modifiedbefore" | "modifiedafter" => {
                    return Err(Error::unsupported(format!(
                        "The option {name} is not supported: the notebook's files have no times here."
                    )));
                }
                "ignorecorruptfiles" | "ignoremissingfiles" | "path" => {}
                _ => rest.push((*name, *value)),
            }
        }
        Ok((options, rest))
    }
}

/// The files at some paths with their contents: a file itself, or the files directly in a folder, without those whose names begin with
/// `_` or `.` (which writers leave beside the data).
///
/// # Errors
/// `PATH_NOT_FOUND`
pub fn data_files(store: &dyn FileStore, paths: &[&str]) -> Result<Vec<(String, Arc<Vec<u8>>)>> {
    let input = open(store, paths, &FileOptions::default(), None)?;
    Ok(input.files.into_iter().map(|file| (file.path, file.data)).collect())
}

/// Finds and opens the files of a read. A column that the given schema names too has the type it has there.
///
/// # Errors
/// `PATH_NOT_FOUND`; folders that name different columns; a value that isn't of the schema's type.
pub(crate) fn open(store: &dyn FileStore, paths: &[&str], options: &FileOptions, schema: Option<&Schema>) -> Result<Input> {
    let mut found: Vec<Leaf> = Vec::new();
    let paths = paths.iter().map(|path| whole_path(path)).collect::<Result<Vec<_>>>()?;
    // Spark has those that patterns name first.
    let is_pattern = |path: &String| glob::is_pattern(path) && !is_remote(path);
    let (patterns, plain): (Vec<String>, Vec<String>) = paths.into_iter().partition(is_pattern);
    let expanded = patterns.iter().map(|pattern| glob::expand(store, pattern)).collect::<Result<Vec<_>>>()?;
    let roots: Vec<String> = expanded.into_iter().flatten().chain(plain).collect();
    roots.iter().try_for_each(|root| leaves(store, root, options, &mut found))?;
    if let Some(pattern) = &options.path_glob_filter {
        found.retain(|(path, ..)| matches(pattern, path.rsplit('/').next().unwrap_or_default()));
    }
    let columns = partitions::columns(&found.iter().map(|f| f.2.as_slice()).collect::<Vec<_>>(), schema)?;
    let mut files = Vec::with_capacity(found.len());
    for (path, data, folders) in found {
        let values = columns.iter().map(|c| partitions::value(&folders, c)).collect::<Result<_>>()?;
        let mut data = data.map_or_else(|| store.read(&path), Ok)?;
        let (size, modified) = (data.len(), store.modified(&path));
        if path.ends_with(".gz") {
            let whole = gunzip(&data, u64::MAX);
            data = Arc::new(whole.ok_or_else(|| Error::runtime(format!("{path} is no gzip file, as its name says.")))?);
        }
        files.push(InputFile { path, data, size, modified, values });
    }
    Ok(Input { roots, files, columns })
}

/// A path as the notebook's files know it: from the root on, without a scheme.
///
/// # Errors
/// A scheme that Kindling doesn't have.
pub fn whole_path(path: &str) -> Result<String> {
    let plain = plain_path(path.trim());
    if is_remote(plain) {
        return Ok(plain.to_owned());
    }
    if let Some((scheme, rest)) = plain.split_once("://") {
        let name = rest.rsplit('/').next().unwrap_or_default();
        let text = format!(
            "Kindling can't read from {scheme}://, only from https:// and its own files. Download the file, drop it on the notebook, and \
             read it as /files/{name}."
        );
        return Err(Error::unsupported(text).with_condition("DATA_SOURCE_NOT_FOUND"));
    }
    let trimmed = plain.trim_end_matches('/');
    Ok(if trimmed.is_empty() {
        "/".to_owned()
    } else if trimmed.starts_with('/') {
        trimmed.to_owned()
    } else {
        format!("/files/{trimmed}")
    })
}

/// Whether a path is the address of another host's file. The store decides whether it has it; such a path is no pattern and no folder.
fn is_remote(path: &str) -> bool {
    path.starts_with("https://")
}

/// Files that readers pass over.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || (name.starts_with('_') && !name.contains('=')) || name.ends_with("._COPYING_")
}

/// A file's path, its contents where they were read already, and the names of the folders that lead to it.
type Leaf = (String, Option<Arc<Vec<u8>>>, Vec<String>);

/// The files of one path, each with the names of the folders that lead to it.
fn leaves(store: &dyn FileStore, root: &str, options: &FileOptions, found: &mut Vec<Leaf>) -> Result<()> {
    let base = options.base_path.as_deref().map(whole_path).transpose()?;
    let above: Vec<String> = match &base {
        Some(base) => {
            let rest = root.strip_prefix(base.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            let rest =
                rest.ok_or_else(|| Error::illegal_argument(format!("Option 'basePath' must be a folder above {root}, found {base}.")))?;
            rest.split('/').filter(|part| part.contains('=')).map(str::to_owned).collect()
        }
        None => Vec::new(),
    };
    match store.read(root) {
        Ok(data) => {
            // A file's own name is no folder.
            let above = above.into_iter().filter(|part| !root.ends_with(&format!("/{part}"))).collect();
            found.push((root.to_owned(), Some(data), above));
            return Ok(());
        }
        Err(error) if error.kind() == ErrorKind::FileNotFound => {}
        Err(error) => return Err(error),
    }
    let entries = store.list(root).map_err(|_| not_found(store, root))?;
    let start = found.len();
    descend(store, entries, &above, found)?;
    let named = found[start..].iter().any(|f| !f.2.is_empty());
    if !options.recursive_file_lookup {
        // Folders that name no columns count only when the reader was told to look everywhere; beside folders that do, no other file counts.
        let depth = root.matches('/').count() + 1;
        let mut at = 0;
        found.retain(|(path, _, folders)| {
            at += 1;
            at <= start || if named { !folders.is_empty() } else { path.matches('/').count() == depth }
        });
    } else {
        found[start..].iter_mut().for_each(|f| f.2.clear());
    }
    Ok(())
}

fn descend(store: &dyn FileStore, entries: Vec<FileEntry>, above: &[String], found: &mut Vec<Leaf>) -> Result<()> {
    for entry in entries {
        let name = entry.name.trim_end_matches('/');
        if is_hidden(name) {
            continue;
        }
        if !entry.path.ends_with('/') {
            found.push((entry.path, None, above.to_vec()));
            continue;
        }
        let mut folders = above.to_vec();
        if name.contains('=') {
            folders.push(name.to_owned());
        }
        descend(store, store.list(entry.path.trim_end_matches('/'))?, &folders, found)?;
    }
    Ok(())
}

/// `PATH_NOT_FOUND`, with the nearest file in the same folder.
fn not_found(store: &dyn FileStore, path: &str) -> Error {
    let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let beside: Vec<String> = store.list(folder).map(|entries| entries.into_iter().map(|e| e.path).collect()).unwrap_or_default();
    let near = kindling_partition::did_you_mean(path, beside.iter().map(String::as_str));
    Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {path}.{near}")).with_condition("PATH_NOT_FOUND")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::MemoryFiles;
    use crate::types::DataType;

    fn store(paths: &[&str]) -> MemoryFiles {
        let files = MemoryFiles::default();
        paths.iter().for_each(|path| files.write(path, path.as_bytes().to_vec()).expect("written"));
        files
    }

    fn found(files: &MemoryFiles, paths: &[&str], options: &FileOptions) -> Vec<String> {
        open(files, paths, options, None).expect("found").files.into_iter().map(|f| f.path).collect()
    }

    /// As `df.inputFiles()` of Spark 4.3 names them.
    #[test]
    fn folders_patterns_and_lists_name_files() {
        let files = store(&[
            "/files/a/part-0.csv",
            "/files/a/_SUCCESS",
            "/files/a/.crc",
            "/files/a/deep/x.csv",
            "/files/b1.csv",
            "/files/b2.csv",
            "/files/c.txt",
        ]);
        let plain = FileOptions::default();
        assert_eq!(found(&files, &["/files/a"], &plain), ["/files/a/part-0.csv"]);
        assert_eq!(found(&files, &["/files/b*.csv"], &plain), ["/files/b1.csv", "/files/b2.csv"]);
        assert_eq!(found(&files, &["/files/{c.txt,b1.csv}"], &plain), ["/files/b1.csv", "/files/c.txt"]);
        assert_eq!(found(&files, &["c.txt", "file:/files/b[13].csv"], &plain), ["/files/b1.csv", "/files/c.txt"]);
        let deep = FileOptions { recursive_file_lookup: true, ..FileOptions::default() };
        assert_eq!(found(&files, &["/files/a"], &deep), ["/files/a/deep/x.csv", "/files/a/part-0.csv"]);
        let csv = FileOptions { path_glob_filter: Some("*.csv".into()), ..FileOptions::default() };
        assert_eq!(found(&files, &["/files"], &csv), ["/files/b1.csv", "/files/b2.csv"]);
        let error = open(&files, &["/files/d*.csv"], &plain, None).expect_err("no such files");
        assert_eq!(error.condition(), Some("PATH_NOT_FOUND"));
        assert!(open(&files, &["s3://bucket/a.csv"], &plain, None).expect_err("not here").message().contains("/files/a.csv"));
        // The page gives what the reader agreed to fetch under its address.
        let address = "https://example.org/a.csv?raw=1";
        assert_eq!(open(&files, &[address], &plain, None).expect_err("not given").condition(), Some("PATH_NOT_FOUND"));
        let files = store(&[address]);
        assert_eq!(found(&files, &[address], &plain), [address]);
    }

    #[test]
    fn folders_name_columns_of_the_type_of_all_their_values() {
        let files = store(&["/files/t/year=2024/kind=a%2Fb/x", "/files/t/year=2025/kind=__HIVE_DEFAULT_PARTITION__/y"]);
        let input = open(&files, &["/files/t"], &FileOptions::default(), None).expect("found");
        let columns: Vec<String> = input.columns.iter().map(|c| format!("{} {}", c.name, c.data_type)).collect();
        assert_eq!(columns, ["year int", "kind string"]);
        assert_eq!(input.files[0].values, [Value::Int(2024), Value::from("a/b")]);
        assert_eq!(input.files[1].values, [Value::Int(2025), Value::Null]);
        let schema = Schema::new(vec![Field::new("YEAR", DataType::String, true)]);
        let input = open(&files, &["/files/t"], &FileOptions::default(), Some(&schema)).expect("found");
        assert_eq!(input.files[0].values[0], Value::from("2024"));
        let below = FileOptions { base_path: Some("/files/t".into()), ..FileOptions::default() };
        assert_eq!(open(&files, &["/files/t/year=2024"], &below, None).expect("found").columns.len(), 2);
        let mixed = store(&["/files/t/year=2024/x", "/files/t/month=1/y"]);
        assert!(open(&mixed, &["/files/t"], &FileOptions::default(), None).is_err());
    }
}
