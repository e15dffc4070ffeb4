use kindling_partition::{Error, ErrorKind, Executor, Result};

use super::writer::{CsvWriteOptions, write_csv};
use crate::batch::Batch;
use crate::schema::Schema;
use crate::session::FileStore;

/// What `df.write.mode(…)` does with a folder that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaveMode {
    /// An error. The default.
    #[default]
    ErrorIfExists,
    /// More files beside those that are there.
    Append,
    /// Those that are there go first.
    Overwrite,
    /// Nothing.
    Ignore,
}

impl SaveMode {
    /// `error`, `errorifexists`, `default`, `append`, `overwrite` or `ignore`, in any case.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(mode: &str) -> Result<Self> {
        match mode.to_ascii_lowercase().as_str() {
            "error" | "errorifexists" | "default" => Ok(Self::ErrorIfExists),
            "append" => Ok(Self::Append),
            "overwrite" => Ok(Self::Overwrite),
            "ignore" => Ok(Self::Ignore),
            _ => {
                let text = format!(
                    "The specified save mode \"{mode}\" is invalid. Valid save modes include \"append\", \"overwrite\", \"ignore\", \"error\", \
                     \"errorifexists\", and \"default\"."
                );
                Err(Error::illegal_argument(text).with_condition("INVALID_SAVE_MODE"))
            }
        }
    }
}

/// `df.write.csv(folder)`: one file for each partition that has rows (`part-00000.csv`, …; always one at least) and an empty `_SUCCESS`.
///
/// # Errors
/// `PATH_ALREADY_EXISTS` by the mode; as [`write_csv`]; when a file can't be written.
pub fn save_csv(
    executor: &Executor,
    store: &dyn FileStore,
    folder: &str,
    schema: &Schema,
    partitions: &[Batch],
    options: &CsvWriteOptions,
    mode: SaveMode,
) -> Result<()> {
    let folder = folder.trim_end_matches('/');
    let there = match store.list(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::FileNotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    match mode {
        SaveMode::Ignore if !there.is_empty() => return Ok(()),
        SaveMode::ErrorIfExists if !there.is_empty() => {
            let text = format!("Path {folder} already exists. Set mode as \"overwrite\" to overwrite the existing path.");
            return Err(Error::analysis(text).with_condition("PATH_ALREADY_EXISTS"));
        }
        _ => {}
    }
    let texts = executor.map("write csv", partitions, |i, batch| {
        let mut text = String::new();
        if batch.rows > 0 || i == 0 {
            write_csv(schema, batch, options, &mut text)?;
        }
        Ok(text)
    })?;
    if mode == SaveMode::Overwrite {
        there.iter().filter(|e| !e.path.ends_with('/')).try_for_each(|e| store.remove(&e.path))?;
    }
    let first = if mode == SaveMode::Append { there.iter().filter(|e| e.name.starts_with("part-")).count() } else { 0 };
    for (i, text) in texts.into_iter().enumerate().filter(|(i, _)| *i == 0 || partitions[*i].rows > 0) {
        store.write(&format!("{folder}/part-{:05}.csv", first + i), text.into_bytes())?;
    }
    store.write(&format!("{folder}/_SUCCESS"), Vec::new())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;
    use proptest::prelude::*;

    use super::*;
    use crate::csv::{CsvOptions, CsvSource};
    use crate::session::MemoryFiles;
    use crate::source::Source;
    use crate::types::{DataType, Field};

    fn schema() -> Schema {
        ["a", "b"].into_iter().map(|name| Field::new(name, DataType::String, true)).collect()
    }

    fn batch(rows: &[(String, String)]) -> Batch {
        let column = |pick: fn(&(String, String)) -> &String| Arc::new(StringArray::from_iter_values(rows.iter().map(pick)));
        Batch::new(vec![column(|r| &r.0), column(|r| &r.1)], rows.len())
    }

    fn save(files: &MemoryFiles, partitions: &[Batch], mode: SaveMode) -> Result<()> {
        let options = CsvWriteOptions::from_pairs([("header", "true"), ("escape", "\"")])?;
        save_csv(&Executor::new(2), files, "/files/out", &schema(), partitions, &options, mode)
    }

    fn load(files: &MemoryFiles) -> Vec<Batch> {
        let options = CsvOptions::from_pairs([("header", "true"), ("escape", "\"")]).expect("options");
        let source = CsvSource::open(&Executor::new(1), files, &["/files/out"], options, None).expect("opened");
        (0..source.partitions()).map(|p| source.read(&Executor::new(1), p, &[0, 1]).expect("read")).collect()
    }

    #[test]
    fn a_folder_is_written_by_the_mode() {
        let files = MemoryFiles::default();
        let one = [batch(&[("x".into(), "y".into())]), batch(&[])];
        save(&files, &one, SaveMode::ErrorIfExists).expect("a new folder");
        let names: Vec<String> = files.list("/files/out").expect("listed").into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["_SUCCESS", "part-00000.csv"]);
        assert_eq!(save(&files, &one, SaveMode::ErrorIfExists).expect_err("it exists").condition(), Some("PATH_ALREADY_EXISTS"));
        save(&files, &one, SaveMode::Append).expect("appended");
        assert_eq!(load(&files).iter().map(|b| b.rows).sum::<usize>(), 2);
        save(&files, &one, SaveMode::Overwrite).expect("overwritten");
        assert_eq!(load(&files).iter().map(|b| b.rows).sum::<usize>(), 1);
        assert!(SaveMode::parse("sometimes").is_err());
    }

    proptest! {
        /// Whatever isn't blank at its ends (the writer trims, as Spark's does) and has plain line ends comes back.
        #[test]
        fn what_is_written_reads_back(rows in proptest::collection::vec(("[a-z\"',;#\\\\é]([a-z\"',;# \n\\\\é]{0,8}[a-z\"',;#\\\\é])?", "[a-z0-9\"]{1,5}"), 1..20)) {
            let files = MemoryFiles::default();
            save(&files, &[batch(&rows)], SaveMode::ErrorIfExists).expect("written");
            let read = load(&files).remove(0);
            prop_assert_eq!(read.columns, batch(&rows).columns);
        }
    }
}
