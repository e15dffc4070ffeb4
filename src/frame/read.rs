//! `spark.read.format(…).load(…)`: files of any format as a frame.

use std::sync::Arc;

use kindling_partition::{Error, Result, did_you_mean};

use crate::csv::{CsvOptions, CsvSource};
use crate::dataframe::DataFrame;
use crate::files::{FileOptions, FileScan, Format, Input, InputFile, open};
use crate::json::{JsonFormat, JsonOptions};
use crate::libsvm::LibsvmSource;
use crate::parquet::{ParquetFormat, ParquetOptions};
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::text::{TextFormat, TextOptions};
use crate::xml::{XmlFormat, XmlOptions};

/// The formats that are read.
pub const FORMATS: [&str; 6] = ["csv", "json", "parquet", "text", "xml", "libsvm"];

/// The rows of files. `options` are those of the format and of all readers of files, names in any case.
///
/// # Errors
/// An unknown format or option, `PATH_NOT_FOUND`, and what the format finds wrong with the files.
pub fn read_files(session: &Session, format: &str, paths: &[&str], options: &[(&str, &str)], schema: Option<&Schema>) -> Result<DataFrame> {
    schema.map_or(Ok(()), |schema| schema.iter().try_for_each(|f| crate::time_type::checked(&f.data_type)))?;
    let format = format.to_ascii_lowercase();
    if !FORMATS.contains(&format.as_str()) {
        let near = did_you_mean(&format, FORMATS);
        let text = format!("Failed to find the data source: {format}.{near} Kindling reads {}.", FORMATS.join(", "));
        return Err(Error::analysis(text).with_condition("DATA_SOURCE_NOT_FOUND"));
    }
    let (file_options, pairs) = FileOptions::take(options)?;
    let input = open(&**session.files(), paths, &file_options, schema)?;
    let own = schema.map(|schema| schema.iter().filter(|f| !input.columns.iter().any(|c| same_name(&c.name, &f.name))).cloned().collect());
    let format = reader(session, &format, &input, &pairs, own)?;
    Ok(DataFrame::from_source(session, Arc::new(FileScan::new(format, &input))))
}

/// No text has it between records of JSON or XML.
const END: &str = "\u{0}\u{1e}\n";

/// The rows that texts are, one a text, as if they were the lines of a file; a null is an object of nothing in JSON, an element of nothing in
/// XML, and nothing in CSV.
///
/// # Errors
/// As [`read_files`].
pub fn read_texts(
    session: &Session,
    format: &str,
    texts: &[Option<Arc<str>>],
    options: &[(&str, &str)],
    schema: Option<&Schema>,
) -> Result<DataFrame> {
    let (_, mut pairs) = FileOptions::take(options)?;
    let has_header = pairs.iter().any(|(name, value)| name.eq_ignore_ascii_case("header") && value.eq_ignore_ascii_case("true"));
    let nothing = match format {
        "json" => Some("{}"),
        "xml" => Some("<null/>"),
        _ => None,
    };
    let shown = texts.iter().filter_map(|text| text.as_deref().or(nothing));
    let mut lines: Vec<&str> = shown.filter(|text| format == "xml" || !text.trim().is_empty()).collect();
    if has_header && let Some(first) = lines.first().copied() {
        // As often as it stands there.
        let mut seen = false;
        lines.retain(|line| *line != first || !std::mem::replace(&mut seen, true));
    }
    let end = if nothing.is_some() { END } else { "\n" };
    let data: Vec<u8> = lines.iter().flat_map(|line| [line.as_bytes(), end.as_bytes()]).flatten().copied().collect();
    match format {
        "json" => pairs.extend([("lineSep", END), ("multiLine", "false")]),
        "xml" => pairs.push(("multiLine", "false")),
        _ => {}
    }
    let file = InputFile { path: String::new(), size: data.len(), data: Arc::new(data), modified: 0, values: Vec::new() };
    let input = Input { roots: vec![String::new()], files: vec![file], columns: Vec::new() };
    let format = reader(session, format, &input, &pairs, schema.cloned())?;
    Ok(DataFrame::from_source(session, Arc::new(FileScan::new(format, &input))))
}

fn reader(session: &Session, format: &str, input: &Input, pairs: &[(&str, &str)], schema: Option<Schema>) -> Result<Arc<dyn Format>> {
    let executor = session.executor();
    let pairs = pairs.iter().copied();
    let older = schema.as_ref().map_or(Ok(Vec::new()), |schema| session.older_values(schema))?;
    let files = || input.files.iter().map(|f| (f.path.clone(), f.data.clone())).collect();
    Ok(match format {
        "csv" => Arc::new(CsvSource::new(executor, files(), CsvOptions::from_pairs(pairs)?, schema.as_ref())?.with_older(older)),
        "json" => {
            if schema.is_none() && input.files.is_empty() {
                return Err(nothing_to_infer("JSON"));
            }
            Arc::new(JsonFormat::new(executor, input, JsonOptions::from_pairs(pairs)?, schema)?.with_older(older))
        }
        "parquet" => {
            if schema.is_none() && input.files.is_empty() {
                return Err(nothing_to_infer("Parquet"));
            }
            Arc::new(ParquetFormat::new(input, ParquetOptions::from_pairs(pairs)?, schema)?.with_older(older))
        }
        "xml" => {
            // Texts of a frame come as a file without a name, a record a text.
            let texts = input.files.iter().any(|f| f.path.is_empty());
            let options = if texts { XmlOptions::from_pairs(pairs)? } else { XmlOptions::of_files(pairs)? };
            if schema.is_none() && input.files.is_empty() {
                return Err(nothing_to_infer("XML"));
            }
            Arc::new(XmlFormat::new(executor, input, options, schema, texts.then_some(END))?)
        }
        "text" => Arc::new(TextFormat::new(input, TextOptions::from_pairs(pairs)?, schema)?),
        _ => Arc::new(LibsvmSource::new(executor, files(), pairs)?),
    })
}

fn nothing_to_infer(format: &str) -> Error {
    Error::analysis(format!("Unable to infer schema for {format}. It must be specified manually.")).with_condition("UNABLE_TO_INFER_SCHEMA")
}

/// Expected values: Spark 4.3, by tests/reference/files.py.
#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn texts(list: &Json) -> Vec<&str> {
        list.as_array().map(|list| list.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
    }

    /// The frame's type, table and files, or the condition of what fails.
    fn answer(case: &Json) -> Result<(String, String, Vec<String>)> {
        let session = Session::in_memory(2);
        for (path, text) in case["files"].as_object().expect("files") {
            session.files().write(&format!("/files/{path}"), text.as_str().expect("text").as_bytes().to_vec())?;
        }
        let paths: Vec<String> = texts(&case["paths"]).iter().map(|path| format!("/files/{path}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let options: Vec<(&str, String)> = case["options"]
            .as_object()
            .expect("options")
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str().unwrap_or_default().replace('$', "/files")))
            .collect();
        let options: Vec<(&str, &str)> = options.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let schema = case["schema"].as_str().map(Schema::parse).transpose()?;
        let mut frame = read_files(&session, case["format"].as_str().expect("a format"), &paths, &options, schema.as_ref())?;
        if case["select"].is_array() {
            frame = frame.select(&texts(&case["select"]).iter().map(|name| crate::Column::name(*name)).collect::<Vec<_>>())?;
        }
        let mut files: Vec<String> = frame.input_files().iter().map(|path| path.trim_start_matches("/files/").to_owned()).collect();
        files.sort();
        Ok((frame.schema().simple_string(), frame.show_string(100, 0, false)?, files))
    }

    #[test]
    fn files_read_as_in_spark() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/files.json");
        let reference: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON");
        let mut wrong = Vec::new();
        for case in reference["reads"].as_array().expect("a list") {
            let name = case["name"].as_str().expect("a name");
            match answer(case) {
                Ok((schema, table, files)) => {
                    let wanted = [&case["type"], &case["table"]].map(|v| v.as_str().unwrap_or_default());
                    if case.get("error").is_some()
                        || [schema.as_str(), table.as_str()] != wanted
                        || case["inputs"].is_array() && files != texts(&case["inputs"])
                    {
                        wrong.push(format!(
                            "{name}\nSpark: {}\n{}\n{}{}\nhere: {schema}\n{table}{files:?}",
                            case["error"], wanted[0], wanted[1], case["inputs"]
                        ));
                    }
                }
                Err(error) => {
                    // Spark wraps what fails in a task once more.
                    let wanted = case["error"].as_str().unwrap_or("nothing");
                    let same = error.condition().map_or(wanted == error.message(), |c| wanted.starts_with(c))
                        || wanted.starts_with("FAILED_READ_FILE");
                    if !same {
                        wrong.push(format!("{name}\nSpark: {wanted}\n{}\nhere: {error}", case["table"].as_str().unwrap_or_default()));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} reads differ\n\n{}", wrong.len(), wrong.join("\n\n"));
    }
}
