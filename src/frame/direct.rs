//! Files in the place of a table: ``SELECT … FROM csv.`/files/a.csv` `` (Spark's `ResolveSQLOnFile`).

use kindling_partition::{Error, ErrorKind, Result};

use crate::dataframe::DataFrame;
use crate::read::{FORMATS, read_files};
use crate::session::Session;

/// The setting that lets queries name files.
pub(crate) const SETTING: &str = "spark.sql.runSQLOnFiles";
/// Formats of files that Spark has beside ours.
const OTHER_FORMATS: [&str; 4] = ["orc", "avro", "binaryfile", "image"];
/// What Spark reads that is in no files.
const NO_FILES: [&str; 8] = ["jdbc", "hive", "rate", "rate-micro-batch", "socket", "console", "noop", "statestore"];

impl Session {
    /// `spark.table(name)`, and what stands in `FROM`: a temporary view, a saved table, else the files of ``format.`path` ``. The options are
    /// those of the format; a view takes no notice of them.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`; for files `PATH_NOT_FOUND`, `INVALID_EMPTY_LOCATION`, `UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY`, and
    /// `FAILED_TO_CREATE_PLAN_FOR_DIRECT_QUERY` with what the format finds wrong with them.
    pub fn relation(&self, name: &str, options: &[(&str, &str)]) -> Result<DataFrame> {
        let found = self.table_with(name, options);
        if !found.as_ref().is_err_and(|error| error.condition() == Some("TABLE_OR_VIEW_NOT_FOUND")) {
            return found;
        }
        self.files_named(name, options).unwrap_or(found)
    }

    /// The rows of ``format.`path` ``; none when the name is none of files.
    fn files_named(&self, name: &str, options: &[(&str, &str)]) -> Option<Result<DataFrame>> {
        let format = name.split_once('.')?.0.trim_matches('`').to_ascii_lowercase();
        let is = |names: &[&str]| names.contains(&format.as_str());
        if !(is(&FORMATS) || is(&OTHER_FORMATS) || is(&NO_FILES)) || self.conf(SETTING).is_some_and(|on| on.eq_ignore_ascii_case("false")) {
            return None;
        }
        let parts = match crate::sql::name(name) {
            Ok(parts) => parts,
            Err(error) => return Some(Err(error)),
        };
        let [_, path] = parts.as_slice() else { return None };
        if is(&NO_FILES) {
            let text = format!("Unsupported data source type for direct query on files: {format}");
            return Some(Err(Error::analysis(text).with_condition("UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY")));
        }
        if path.is_empty() {
            let text = "The location name cannot be empty string, but `` was given.";
            return Some(Err(Error::analysis(text).with_condition("INVALID_EMPTY_LOCATION")));
        }
        Some(read_files(self, &format, &[path], options, None).map_err(|error| match error.kind() {
            ErrorKind::Runtime => {
                let text = format!("Failed to create plan for direct query on files: {format}. {}", error.message());
                Error::analysis(text).with_condition("FAILED_TO_CREATE_PLAN_FOR_DIRECT_QUERY")
            }
            _ => error,
        }))
    }
}
