use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use kindling_partition::{Error, ErrorKind, Executor, Result};

use crate::again::RanJobs;
use crate::cache::Cache;
use crate::dataframe::DataFrame;
use crate::exec::Runner;
use crate::plan::Plan;

/// `sc.defaultParallelism`, whatever the number of threads, so that a notebook gives the same rows everywhere.
pub const DEFAULT_PARALLELISM: usize = 8;

/// The files that a notebook sees: `/files/…`, `/datasets/…`.
pub trait FileStore: Send + Sync {
    /// # Errors
    /// [`ErrorKind::FileNotFound`] when there is no such file.
    fn read(&self, path: &str) -> Result<Arc<Vec<u8>>>;

    /// Writes over what was there.
    ///
    /// # Errors
    /// When the place can't be written.
    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<()>;

    /// # Errors
    /// [`ErrorKind::FileNotFound`] when there is no such file.
    fn remove(&self, path: &str) -> Result<()>;

    /// When a file was last written, in microseconds since the epoch; the time of the query where a store keeps no times.
    fn modified(&self, _path: &str) -> i64 {
        crate::functions::query_time()
    }

    /// The files and folders directly in a folder, by name.
    ///
    /// # Errors
    /// [`ErrorKind::FileNotFound`] when there is no such folder.
    fn list(&self, folder: &str) -> Result<Vec<FileEntry>>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// The whole path; a folder's ends with `/`.
    pub path: String,
    pub name: String,
    /// In bytes; 0 for a folder.
    pub size: u64,
}

/// Files that live in memory.
#[derive(Debug, Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Arc<Vec<u8>>>>);

impl MemoryFiles {
    /// The paths of all files with their bytes' counts.
    pub fn sizes(&self) -> Vec<(String, u64)> {
        self.locked().iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `file:/a`, `dbfs:/a` and `/a` mean the same file.
pub fn plain_path(path: &str) -> &str {
    let path = path.strip_prefix("dbfs:").or_else(|| path.strip_prefix("file:")).unwrap_or(path);
    if path.starts_with("//") { &path[path.rfind("//").map_or(0, |i| i + 1)..] } else { path }
}

fn not_found(path: &str) -> Error {
    Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {path}")).with_condition("PATH_NOT_FOUND")
}

impl FileStore for MemoryFiles {
    fn read(&self, path: &str) -> Result<Arc<Vec<u8>>> {
        self.locked().get(plain_path(path)).cloned().ok_or_else(|| not_found(path))
    }

    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        self.locked().insert(plain_path(path).to_owned(), Arc::new(bytes));
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.locked().remove(plain_path(path)).map(|_| ()).ok_or_else(|| not_found(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<FileEntry>> {
        list_folder(folder, self.locked().iter().map(|(path, bytes)| (path.as_str(), bytes.len() as u64)))
    }
}

/// The files and folders directly in `folder`, from the paths and sizes of all files, each folder once and where its first file is.
///
/// # Errors
/// [`ErrorKind::FileNotFound`] when no file is in it or below.
pub fn list_folder<'a>(folder: &str, files: impl IntoIterator<Item = (&'a str, u64)>) -> Result<Vec<FileEntry>> {
    let prefix = format!("{}/", plain_path(folder).trim_end_matches('/'));
    let mut entries: IndexMap<String, FileEntry> = IndexMap::new();
    for (path, size) in files {
        let Some(rest) = path.strip_prefix(&prefix) else { continue };
        let entry = match rest.split_once('/') {
            Some((name, _)) => FileEntry { path: format!("{prefix}{name}/"), name: format!("{name}/"), size: 0 },
            None => FileEntry { path: path.to_owned(), name: rest.to_owned(), size },
        };
        entries.entry(entry.path.clone()).or_insert(entry);
    }
    if entries.is_empty() { Err(not_found(folder)) } else { Ok(entries.into_values().collect()) }
}

/// What all frames of a notebook share, Spark's `SparkSession`. Cheap to clone.
#[derive(Clone)]
pub struct Session(Arc<Shared>, Where);

/// Where the tasks of a session's frames run.
#[derive(Clone, Copy, PartialEq)]
enum Where {
    Pool,
    /// On the driver's thread, which alone can call functions of the notebook's language.
    Driver,
}

struct Shared {
    executor: Executor,
    driver: Executor,
    files: Arc<dyn FileStore>,
    conf: Mutex<IndexMap<String, String>>,
    views: Mutex<IndexMap<String, Arc<Plan>>>,
    cache: Cache,
    ran_jobs: Mutex<RanJobs>,
    /// The current one.
    database: Mutex<String>,
    /// The plans of saved tables whose rows are kept, by the tables' folders.
    kept_tables: Mutex<BTreeMap<String, Arc<Plan>>>,
    /// The folder of the view that is being saved: it can't read itself.
    view_in_making: Mutex<Option<String>>,
}

impl Session {
    pub fn new(executor: Executor, files: Arc<dyn FileStore>) -> Self {
        let driver = executor.on_caller();
        let _ = crate::zone::set("UTC");
        crate::time_type::set("false");
        crate::widths::reset();
        crate::variables::forget_all();
        crate::functions::set_database(crate::databases::DEFAULT);
        let (conf, views) = (Mutex::default(), Mutex::default());
        let database = Mutex::new(crate::databases::DEFAULT.to_owned());
        let shared = Shared {
            executor,
            driver,
            files,
            conf,
            views,
            cache: Cache::default(),
            ran_jobs: Mutex::default(),
            database,
            kept_tables: Mutex::default(),
            view_in_making: Mutex::default(),
        };
        Self(Arc::new(shared), Where::Pool)
    }

    /// A session over `threads` threads with no files yet.
    pub fn in_memory(threads: usize) -> Self {
        Self::new(Executor::new(threads), Arc::new(MemoryFiles::default()))
    }

    pub fn executor(&self) -> &Executor {
        match self.1 {
            Where::Pool => &self.0.executor,
            Where::Driver => &self.0.driver,
        }
    }

    /// The same session, whose tasks run on the driver's thread.
    pub(crate) fn on_driver(self) -> Self {
        Self(self.0, Where::Driver)
    }

    pub fn files(&self) -> &Arc<dyn FileStore> {
        &self.0.files
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    pub(crate) fn runner(&self) -> Runner<'_> {
        Runner { executor: self.executor(), cache: self.cache() }
    }

    /// The plan that runs in a plan's place. `spark.kindling.optimizer.enabled` off, it is the plan itself: for tests that compare both.
    pub(crate) fn ran_jobs(&self) -> &Mutex<RanJobs> {
        &self.0.ran_jobs
    }

    pub(crate) fn optimized(&self, plan: &Arc<Plan>) -> Arc<Plan> {
        match self.conf("spark.kindling.optimizer.enabled").as_deref() {
            Some("false") => crate::optimize::unoptimized(plan, self.cache()),
            _ => crate::optimize::optimize(plan, self.cache(), self.executor()),
        }
    }

    /// `spark.conf.get(key)`, Spark's default when it was not set; none when nobody knows the key.
    pub fn conf(&self, key: &str) -> Option<String> {
        let conf = self.0.conf.lock().unwrap_or_else(PoisonError::into_inner);
        conf.get(key).cloned().or_else(|| default_conf(key).map(str::to_owned))
    }

    /// What a key was set to; none when it wasn't.
    pub fn conf_given(&self, key: &str) -> Option<String> {
        self.0.conf.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// In how many partitions frames are made: `spark.default.parallelism`, [`DEFAULT_PARALLELISM`] unless set.
    pub fn default_parallelism(&self) -> usize {
        let set = self.conf("spark.default.parallelism");
        set.and_then(|text| text.parse().ok()).filter(|partitions| *partitions > 0).unwrap_or(DEFAULT_PARALLELISM)
    }

    /// `spark.conf.set(key, value)`. The time zone holds for what this thread analyzes from now on.
    ///
    /// # Errors
    /// `INVALID_CONF_VALUE.TIME_ZONE`
    pub fn set_conf(&self, key: &str, value: &str) -> Result<()> {
        if key == crate::zone::SETTING {
            crate::zone::set(value)?;
        }
        if key == crate::functions::MAP_KEY_POLICY {
            crate::functions::set_map_key_policy(value)?;
        }
        if key == crate::time_type::SETTING {
            crate::time_type::set(value);
        }
        crate::widths::set(key, value)?;
        self.0.conf.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    /// `spark.conf.unset(key)`
    pub fn unset_conf(&self, key: &str) {
        if key == crate::zone::SETTING {
            let _ = crate::zone::set("UTC");
        }
        if key == crate::functions::MAP_KEY_POLICY {
            let _ = crate::functions::set_map_key_policy("EXCEPTION");
        }
        if key == crate::time_type::SETTING {
            crate::time_type::set("false");
        }
        let _ = crate::widths::set(key, "false");
        self.0.conf.lock().unwrap_or_else(PoisonError::into_inner).shift_remove(key);
    }

    pub(crate) fn view_in_making(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.0.view_in_making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn kept_tables(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Plan>>> {
        self.0.kept_tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn database(&self) -> std::sync::MutexGuard<'_, String> {
        self.0.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `spark.table(name)`: the frame that was stored as a temporary view, else a saved table.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`
    pub fn table(&self, name: &str) -> Result<DataFrame> {
        self.table_with(name, &[])
    }

    /// As [`table`](Self::table), with options for the files of a saved table.
    pub(crate) fn table_with(&self, name: &str, options: &[(&str, &str)]) -> Result<DataFrame> {
        let view = self.0.views.lock().unwrap_or_else(PoisonError::into_inner).get(&name.to_lowercase()).cloned();
        if let Some(plan) = view {
            return Ok(DataFrame::new(self.clone(), plan));
        }
        if let Some(table) = self.saved_table(name, options)? {
            return Ok(table);
        }
        if let Some(error) = self.place_of(name).err().filter(|e| e.condition() == Some("REQUIRES_SINGLE_PART_NAMESPACE")) {
            return Err(error);
        }
        let names: Vec<String> = self.views().into_iter().chain(self.saved_tables()).collect();
        let near = kindling_partition::did_you_mean(name, names.iter().map(String::as_str));
        Err(Error::analysis(format!("The table or view '{name}' cannot be found.{near}")).with_condition("TABLE_OR_VIEW_NOT_FOUND"))
    }

    /// The names of the temporary views, sorted.
    pub fn views(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.views.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        names.sort();
        names
    }

    pub(crate) fn set_view(&self, name: &str, plan: Arc<Plan>) {
        self.0.views.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_lowercase(), plan);
    }

    /// Forgets a temporary view; says whether there was one.
    pub fn drop_view(&self, name: &str) -> bool {
        self.0.views.lock().unwrap_or_else(PoisonError::into_inner).shift_remove(&name.to_lowercase()).is_some()
    }
}

fn default_conf(key: &str) -> Option<&'static str> {
    Some(match key {
        "spark.sql.session.timeZone" => "UTC",
        "spark.sql.ansi.enabled" | "spark.sql.adaptive.enabled" | crate::direct::SETTING => "true",
        "spark.sql.shuffle.partitions" => "200",
        "spark.sql.mapKeyDedupPolicy" => "EXCEPTION",
        "spark.default.parallelism" => "8",
        "spark.sql.autoBroadcastJoinThreshold" => "10485760b",
        "spark.sql.caseSensitive" | crate::time_type::SETTING | crate::widths::AS_STRING | crate::widths::PRESERVED => "false",
        "spark.sql.warehouse.dir" => "/files/spark-warehouse",
        "spark.sql.sources.partitionOverwriteMode" => "STATIC",
        "spark.sql.sources.default" => "parquet",
        "spark.app.name" => "kindling",
        "spark.master" => "local[8]",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_folder_by_folder() {
        let files = MemoryFiles::default();
        files.write("/files/b.csv", vec![1, 2]).expect("written");
        files.write("dbfs:/files/a/x.csv", vec![1]).expect("written");
        let names: Vec<_> = files.list("/files").expect("listed").into_iter().map(|e| (e.name, e.size)).collect();
        assert_eq!(names, [("a/".to_owned(), 0), ("b.csv".to_owned(), 2)]);
        assert_eq!(files.read("/files/c.csv").expect_err("not there").kind(), ErrorKind::FileNotFound);
    }
}
