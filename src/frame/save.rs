//! `df.write.save(folder)`: a folder of part files.

use std::fmt::Write;

use indexmap::IndexMap;
use kindling_partition::{Error, ErrorKind, Result};

use crate::batch::Batch;
use crate::cast::{Nulls, text_column};
use crate::csv::{CsvWriteOptions, write_csv};
use crate::dataframe::DataFrame;
use crate::files::{DEFAULT_PARTITION, escape_path_name, gzip, whole_path};
use crate::hash::murmur3_bytes;
use crate::json::{JsonWriteOptions, write_json};
use crate::libsvm::write_libsvm;
use crate::parquet::{ParquetWriteOptions, write_parquet};
use crate::schema::Schema;
use crate::session::{FileEntry, FileStore};
use crate::text::{TextOptions, write_text};
use crate::types::{DataType, Field};
use crate::xml::{XmlOptions, write_xml};

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

/// How a frame is written.
#[derive(Clone, Debug, Default)]
pub struct Save {
    /// `csv`, `json`, `parquet`, `text`, `xml`, `libsvm`
    pub format: String,
    pub mode: SaveMode,
    /// Names in any case.
    pub options: Vec<(String, String)>,
    /// Columns that folders are named after and that the files then lack.
    pub partition_by: Vec<String>,
    /// Of a saved table: where its rows are, when not in the warehouse.
    pub location: Option<String>,
    /// Of a saved table: what is to be known of it besides.
    pub properties: Vec<(String, String)>,
    /// Of a saved table: what it was said to be.
    pub comment: Option<String>,
    /// Of an overwrite: the folder below the table's in which alone files are replaced, `/year=2024`.
    pub below: Option<String>,
}

/// The formats that are written.
pub const WRITTEN: [&str; 6] = ["csv", "json", "parquet", "text", "xml", "libsvm"];

/// Turns one partition's rows into a file's bytes.
type Encode = Box<dyn Fn(&Schema, &Batch) -> Result<Vec<u8>> + Send + Sync>;

impl DataFrame {
    /// Writes a folder: one file for each partition that has rows (`part-00000-….csv`, …; always one at least) and an empty `_SUCCESS`; with
    /// [`partition_by`](Save::partition_by) below folders such as `year=2024`. Every byte is made before anything in the folder changes.
    ///
    /// # Errors
    /// `PATH_ALREADY_EXISTS` by the mode, an unknown format, option or column, a type that the format doesn't have, whatever fails while rows
    /// are computed, and when a file can't be written.
    pub fn save(&self, folder: &str, save: &Save) -> Result<()> {
        self.schema().iter().try_for_each(|f| crate::time_type::checked(&f.data_type))?;
        let folder = whole_path(folder)?;
        let store = &**self.session().files();
        let there = below(store, &folder)?;
        match save.mode {
            SaveMode::Ignore if !there.is_empty() => return Ok(()),
            SaveMode::ErrorIfExists if !there.is_empty() => {
                let text = format!("Path {folder} already exists. Set mode as \"overwrite\" to overwrite the existing path.");
                return Err(Error::analysis(text).with_condition("PATH_ALREADY_EXISTS"));
            }
            _ => {}
        }
        let (own, dynamic) = self.dynamic_overwrite(save);
        let (encode, extension) = encoder(&save.format, &own)?;
        let keys = self.partition_columns(&save.partition_by)?;
        let kept: Vec<usize> = (0..self.schema().len()).filter(|i| !keys.contains(i)).collect();
        let schema: Schema = kept.iter().map(|i| self.schema()[*i].clone()).collect();
        // What the format doesn't have is told before a row is computed.
        encode(&schema, &Batch::empty(schema.iter().map(|f| &f.data_type)))?;
        let partitions = self.partitions()?;
        let parts = self.session().executor().map("write", &partitions, |_, batch| {
            let groups = if keys.is_empty() { vec![(String::new(), batch.clone())] } else { grouped(self.schema(), batch, &keys)? };
            let file = |(place, rows): (String, Batch)| {
                let rows = rows.project(&kept);
                Ok((place, encode(&schema, &rows)?))
            };
            groups.into_iter().map(file).collect::<Result<Vec<_>>>()
        })?;
        let job = job_id(&folder, &there);
        let mut files = Vec::new();
        for (i, part) in parts.into_iter().enumerate().filter(|(i, _)| *i == 0 || partitions[*i].rows > 0) {
            for (place, bytes) in part {
                let counter = if keys.is_empty() { "-c000" } else { ".c000" };
                files.push((format!("{place}/part-{i:05}-{job}{counter}.{extension}"), bytes));
            }
        }
        if partitions.is_empty() && keys.is_empty() {
            files.push((
                format!("/part-00000-{job}-c000.{extension}"),
                encode(&schema, &Batch::empty(schema.iter().map(|f| &f.data_type)))?,
            ));
        }
        if save.mode == SaveMode::Overwrite {
            let replaced = |path: &str| {
                let place = path[folder.len()..].rsplit_once('/').map_or("", |(place, _)| place);
                let within = save.below.as_ref().is_none_or(|below| place == below || place.starts_with(&format!("{below}/")));
                within && (!dynamic || files.iter().any(|(file, _)| file.rsplit_once('/').is_some_and(|(folder, _)| folder == place)))
            };
            there.iter().filter(|path| replaced(path)).try_for_each(|path| store.remove(path))?;
        }
        files.into_iter().try_for_each(|(place, bytes)| store.write(&format!("{folder}{place}"), bytes))?;
        store.write(&format!("{folder}/_SUCCESS"), Vec::new())
    }

    /// The format's own options, and whether an overwrite spares folders that get no rows.
    fn dynamic_overwrite(&self, save: &Save) -> (Vec<(String, String)>, bool) {
        let (mine, own): (Vec<_>, Vec<_>) =
            save.options.iter().cloned().partition(|(k, _)| k.eq_ignore_ascii_case("partitionOverwriteMode"));
        let set = mine.into_iter().next().map(|(_, v)| v).or_else(|| self.session().conf("spark.sql.sources.partitionOverwriteMode"));
        (own, set.is_some_and(|mode| mode.eq_ignore_ascii_case("dynamic")) && !save.partition_by.is_empty())
    }

    fn partition_columns(&self, names: &[String]) -> Result<Vec<usize>> {
        let mut keys = Vec::with_capacity(names.len());
        for name in names {
            let key = self.schema().index_of(name).map_err(|_| {
                Error::analysis(format!("Partition column `{name}` not found in schema {}.", self.schema().simple_string()))
            })?;
            let data_type = &self.schema()[key].data_type;
            if matches!(data_type, DataType::Array(..) | DataType::Map(..) | DataType::Struct(_) | DataType::Vector | DataType::Matrix)
                || *data_type == DataType::Variant
            {
                let text = format!("Cannot use \"{}\" for partition column.", data_type.sql());
                return Err(Error::analysis(text).with_condition("INVALID_PARTITION_COLUMN_DATA_TYPE"));
            }
            keys.push(key);
        }
        if !keys.is_empty() && keys.len() == self.schema().len() {
            return Err(
                Error::analysis("Cannot use all columns for partition columns.").with_condition("ALL_PARTITION_COLUMNS_NOT_ALLOWED")
            );
        }
        Ok(keys)
    }
}

/// How rows become a file's bytes, and what the file's name ends in.
fn encoder(format: &str, options: &[(String, String)]) -> Result<(Encode, String)> {
    let is_gzip = |(name, value): &(String, String)| name.eq_ignore_ascii_case("compression") && value.eq_ignore_ascii_case("gzip");
    // Parquet compresses page by page.
    if format.eq_ignore_ascii_case("parquet") || !options.iter().any(is_gzip) {
        return plain_encoder(format, options).map(|(encode, extension)| (encode, extension.to_owned()));
    }
    let rest: Vec<_> = options.iter().filter(|o| !is_gzip(o)).cloned().collect();
    let (encode, extension) = plain_encoder(format, &rest)?;
    Ok((Box::new(move |schema: &Schema, batch: &Batch| gzip(&encode(schema, batch)?)), format!("{extension}.gz")))
}

fn plain_encoder(format: &str, options: &[(String, String)]) -> Result<(Encode, &'static str)> {
    let pairs = options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(match format.to_ascii_lowercase().as_str() {
        "csv" => {
            let options = CsvWriteOptions::from_pairs(pairs)?;
            let encode = move |schema: &Schema, batch: &Batch| {
                let mut text = String::new();
                write_csv(schema, batch, &options, &mut text)?;
                Ok(text.into_bytes())
            };
            (Box::new(encode), "csv")
        }
        "json" => {
            let options = JsonWriteOptions::from_pairs(pairs)?;
            (Box::new(move |schema: &Schema, batch: &Batch| Ok(write_json(schema, batch, &options).into_bytes())), "json")
        }
        "parquet" => {
            let options = ParquetWriteOptions::from_pairs(pairs)?;
            (Box::new(move |schema: &Schema, batch: &Batch| write_parquet(schema, batch, options)), options.extension())
        }
        "text" => {
            let options = TextOptions::from_pairs(pairs)?;
            (Box::new(move |schema: &Schema, batch: &Batch| write_text(schema, batch, &options)), "txt")
        }
        "xml" => {
            let options = XmlOptions::of_files(pairs)?;
            (Box::new(move |schema: &Schema, batch: &Batch| write_xml(schema, batch, &options).map(String::into_bytes)), "xml")
        }
        // What its reader is told says nothing to the writer.
        "libsvm" => (Box::new(write_libsvm), "libsvm"),
        other => {
            let near = kindling_partition::did_you_mean(other, WRITTEN);
            let text = format!("Failed to find the data source: {other}.{near} Kindling writes {}.", WRITTEN.join(", "));
            return Err(Error::analysis(text).with_condition("DATA_SOURCE_NOT_FOUND"));
        }
    })
}

/// The rows of each folder, the folders by name.
fn grouped(schema: &Schema, batch: &Batch, keys: &[usize]) -> Result<Vec<(String, Batch)>> {
    let fields: Vec<&Field> = keys.iter().map(|k| &schema[*k]).collect();
    let texts: Vec<_> = keys.iter().zip(&fields).map(|(k, f)| text_column(&batch.columns[*k], &f.data_type, Nulls::Lower)).collect();
    let mut groups: IndexMap<String, Vec<u32>> = IndexMap::new();
    for row in 0..batch.rows {
        let mut place = String::new();
        for (field, texts) in fields.iter().zip(&texts) {
            let value = texts.iter().nth(row).flatten().filter(|text| !text.is_empty());
            let value = value.map_or_else(|| DEFAULT_PARTITION.to_owned(), escape_path_name);
            // Writing into a string can't fail.
            let _ = write!(place, "/{}={value}", escape_path_name(&field.name));
        }
        groups.entry(place).or_default().push(row as u32);
    }
    groups.sort_keys();
    groups.into_iter().map(|(place, rows)| Ok((place, batch.take(&rows.into())?))).collect()
}

/// All files in a folder and below, or the file of that name; none when there is neither.
///
/// # Errors
/// When a folder can't be listed.
pub fn below(store: &dyn FileStore, folder: &str) -> Result<Vec<String>> {
    let entries = match store.list(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::FileNotFound => {
            return Ok(store.read(folder).map_or_else(|_| Vec::new(), |_| vec![folder.to_owned()]));
        }
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for FileEntry { path, .. } in entries {
        if path.ends_with('/') {
            files.extend(below(store, path.trim_end_matches('/'))?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Names the files of one write, unlike those that are there: Spark's UUID, but the same in every run of a notebook.
fn job_id(folder: &str, there: &[String]) -> String {
    let text = there.iter().fold(folder.to_owned(), |text, path| text + "\n" + path);
    let parts: Vec<u32> = (0..4).map(|seed| murmur3_bytes(text.as_bytes(), seed) as u32).collect();
    let [a, b, c, d] = [parts[0], parts[1], parts[2], parts[3]];
    format!("{a:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{d:08x}", b >> 16, b & 0xfff, 0x8000 | (c >> 16 & 0x3fff), c & 0xffff)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;
    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::*;
    use crate::read::read_files;
    use crate::session::Session;
    use crate::{MemorySource, Value};

    fn schema() -> Schema {
        ["a", "b"].into_iter().map(|name| Field::new(name, DataType::String, true)).collect()
    }

    fn batch(rows: &[(String, String)]) -> Batch {
        let column = |pick: fn(&(String, String)) -> &String| Arc::new(StringArray::from_iter_values(rows.iter().map(pick)));
        Batch::new(vec![column(|r| &r.0), column(|r| &r.1)], rows.len())
    }

    fn csv(mode: SaveMode) -> Save {
        let options = [("header", "true"), ("escape", "\"")].map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        Save { format: "csv".into(), mode, options, partition_by: Vec::new(), ..Save::default() }
    }

    fn save(session: &Session, partitions: &[Batch], mode: SaveMode) -> Result<()> {
        DataFrame::from_batches(session, Arc::new(schema()), partitions.to_vec()).save("/files/out", &csv(mode))
    }

    fn load(session: &Session) -> Vec<Batch> {
        let options = [("header", "true"), ("escape", "\"")];
        read_files(session, "csv", &["/files/out"], &options, None).and_then(|frame| frame.partitions()).expect("read")
    }

    #[test]
    fn a_folder_is_written_by_the_mode() {
        let session = Session::in_memory(2);
        let one = [batch(&[("x".into(), "y".into())]), batch(&[])];
        let rows = |session: &Session| load(session).iter().map(|b| b.rows).sum::<usize>();
        save(&session, &one, SaveMode::ErrorIfExists).expect("a new folder");
        let names: Vec<String> = session.files().list("/files/out").expect("listed").into_iter().map(|e| e.name).collect();
        assert_eq!((names.len(), names[0].as_str()), (2, "_SUCCESS"));
        assert_eq!(save(&session, &one, SaveMode::ErrorIfExists).expect_err("it exists").condition(), Some("PATH_ALREADY_EXISTS"));
        save(&session, &one, SaveMode::Ignore).expect("nothing done");
        assert_eq!(rows(&session), 1);
        save(&session, &one, SaveMode::Append).expect("appended");
        save(&session, &one, SaveMode::Append).expect("appended again");
        assert_eq!(rows(&session), 3);
        save(&session, &one, SaveMode::Overwrite).expect("overwritten");
        assert_eq!(rows(&session), 1);
        assert!(SaveMode::parse("sometimes").is_err());
    }

    #[test]
    fn compressed_files_are_named_so_and_read_back() {
        let session = Session::in_memory(1);
        let frame = DataFrame::from_batches(&session, Arc::new(schema()), vec![batch(&[("x".into(), "y".into())])]);
        for format in ["csv", "json"] {
            let options = vec![("compression".to_owned(), "gzip".to_owned())];
            frame
                .save(
                    "/files/out",
                    &Save { format: format.into(), mode: SaveMode::Overwrite, options, partition_by: Vec::new(), ..Save::default() },
                )
                .expect("saved");
            let again = read_files(&session, format, &["/files/out"], &[], None).expect("opened");
            assert!(again.input_files()[0].ends_with(&format!("-c000.{format}.gz")));
            assert_eq!(again.collect().expect("rows")[0].values, [Value::from("x"), Value::from("y")]);
        }
    }

    #[test]
    fn an_overwrite_may_spare_other_folders() {
        let session = Session::in_memory(2);
        let save = |rows: &[(String, String)], mode, how: &str| {
            let options = vec![("partitionOverwriteMode".to_owned(), how.to_owned())];
            let save = Save { format: "json".into(), mode, options, partition_by: vec!["a".into()], ..Save::default() };
            DataFrame::from_batches(&session, Arc::new(schema()), vec![batch(rows)]).save("/files/t", &save).expect("saved");
            read_files(&session, "json", &["/files/t"], &[], None).and_then(|f| f.count()).expect("rows")
        };
        let row = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(save(&[row("x", "1"), row("y", "2"), row("y", "3")], SaveMode::ErrorIfExists, "static"), 3);
        assert_eq!(save(&[row("y", "4")], SaveMode::Overwrite, "dynamic"), 2);
        assert_eq!(save(&[row("y", "4")], SaveMode::Overwrite, "static"), 1);
    }

    /// Expected files: `df.write` of Spark 4.3, by tests/reference/files.py. The frames come as JSON through our own reader.
    #[test]
    fn folders_are_written_as_spark_writes_them() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/files.json");
        let reference: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON");
        let mut wrong = Vec::new();
        for case in reference["writes"].as_array().expect("a list") {
            let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            let session = Session::in_memory(2);
            let schema = Schema::from_json(&case["schema"]).expect("a schema");
            let fields = DataType::Struct(schema.to_vec());
            let rows: Vec<Vec<Value>> = case["rows"].as_array().expect("rows").iter().map(|row| cells(row, &fields)).collect();
            let columns =
                (0..schema.len()).map(|i| crate::array_of(&schema[i].data_type, rows.iter().map(|r| &r[i])).expect("a column")).collect();
            let source = MemorySource::new(Arc::new(schema), vec![Batch::new(columns, rows.len())]);
            let options = case["options"]
                .as_object()
                .expect("options")
                .iter()
                .map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()))
                .collect();
            let partition_by =
                case["partition_by"].as_array().expect("names").iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
            let save = Save { format: text("format"), mode: SaveMode::default(), options, partition_by, ..Save::default() };
            let found = DataFrame::from_source(&session, Arc::new(source)).save("/files/out", &save);
            let found = found.and_then(|()| below(&**session.files(), "/files/out")).map(|paths| {
                let read = |path: &String| String::from_utf8_lossy(&session.files().read(path).expect("a file")).into_owned();
                paths.iter().map(|path| (plain(&path["/files/out/".len()..]), Json::from(read(path)))).collect::<serde_json::Map<_, _>>()
            });
            match found {
                Ok(files)
                    if case["files"]
                        .as_object()
                        .is_some_and(|f| f.len() == files.len() && f.iter().all(|(k, v)| files.get(k) == Some(v))) => {}
                Err(error)
                    if case["error"]
                        .as_str()
                        // Spark wraps what fails in a task once more.
                        .is_some_and(|wanted| {
                            error.condition().map_or(wanted == error.message(), |c| wanted.starts_with(c)) || wanted == "TASK_WRITE_FAILED"
                        }) => {}
                other => {
                    wrong.push(format!("{} {}\nSpark: {}{}\nhere: {other:?}", case["name"], case["format"], case["files"], case["error"]))
                }
            }
        }
        assert!(wrong.is_empty(), "{} writes differ\n{}", wrong.len(), wrong.join("\n"));
    }

    fn cells(row: &Json, schema: &DataType) -> Vec<Value> {
        let options = crate::json::JsonOptions::default();
        let text = row.to_string();
        let json = crate::json::parse(&text, options.syntax).expect("JSON").expect("a value");
        match crate::json::convert(&json, schema, &options, &mut false) {
            Ok(Value::Struct(row)) => row.values,
            other => panic!("{row} is {other:?}"),
        }
    }

    /// A file's place without the id of its job.
    fn plain(place: &str) -> String {
        let (folder, name) = place.rsplit_once('/').unwrap_or((".", place));
        if name.starts_with('_') { format!("{folder}/{name}") } else { format!("{folder}/{}{}", &name[..11], &name[47..]) }
    }

    proptest! {
        /// Whatever isn't blank at its ends (the writer trims, as Spark's does) and has plain line ends comes back.
        #[test]
        fn what_is_written_reads_back(rows in proptest::collection::vec(("[a-z\"',;#\\\\é]([a-z\"',;# \n\\\\é]{0,8}[a-z\"',;#\\\\é])?", "[a-z0-9\"]{1,5}"), 1..20)) {
            let session = Session::in_memory(1);
            save(&session, &[batch(&rows)], SaveMode::ErrorIfExists).expect("written");
            let read = load(&session).remove(0);
            prop_assert_eq!(read.columns, batch(&rows).columns);
        }
    }
}
