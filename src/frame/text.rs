//! Text files: `spark.read.text` and `df.write.text`, a row a line.

use std::sync::Arc;

use arrow_array::Array;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use kindling_partition::{Error, Executor, Result};

use crate::batch::Batch;
use crate::files::{Format, Input, InputFile, Lines, Split};
use crate::options::{boolean, common, unknown};
use crate::schema::Schema;
use crate::source::{Pieces, Test};
use crate::types::{DataType, Field};

/// The options of `spark.read.text` and `df.write.text`, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextOptions {
    /// Whether a file is one row; false.
    pub whole_text: bool,
    /// Between lines; none: `\n`, `\r\n` or `\r` when reading, `\n` when writing.
    pub line_separator: Option<String>,
}

impl TextOptions {
    /// # Errors
    /// An unknown name, a value that makes no sense, or an option that Kindling doesn't have.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "wholetext" => options.whole_text = boolean(name, value)?,
                "linesep" if value.is_empty() => return Err(Error::illegal_argument("'lineSep' cannot be an empty string.")),
                "linesep" => options.line_separator = Some(value.to_owned()),
                "compression" if matches!(value, "none" | "uncompressed") => {}
                _ if common(name, value)? => {}
                _ => return Err(unknown("text", name, value, ["wholetext", "lineSep", "encoding", "compression"])),
            }
        }
        Ok(options)
    }
}

/// Text files as one column, `value`.
pub(crate) struct TextFormat {
    files: Vec<InputFile>,
    options: TextOptions,
    schema: Arc<Schema>,
}

impl TextFormat {
    /// # Errors
    /// A schema of anything but one column of strings.
    pub fn new(input: &Input, options: TextOptions, schema: Option<Schema>) -> Result<Self> {
        let schema = schema.unwrap_or_else(|| Schema::new(vec![Field::new("value", DataType::String, true)]));
        check_schema(&schema)?;
        Ok(Self { files: input.files.clone(), options, schema: Arc::new(schema) })
    }
}

/// # Errors
/// Anything but one column of strings.
fn check_schema(schema: &Schema) -> Result<()> {
    if let Some(field) = schema.iter().find(|f| f.data_type != DataType::String) {
        let text = format!("The Text datasource doesn't support the column `{}` of the type \"{}\".", field.name, field.data_type.sql());
        return Err(Error::analysis(text).with_condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
    }
    if schema.len() == 1 {
        return Ok(());
    }
    Err(Error::analysis(format!("Text data source supports only a single column, and you have {} columns.", schema.len())))
}

impl Format for TextFormat {
    fn name(&self) -> &'static str {
        "text"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn keeps_files_whole(&self) -> bool {
        self.options.whole_text
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], _: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let mut lines = StringBuilder::new();
        for split in splits {
            let data = &self.files[split.file].data;
            if self.options.whole_text {
                lines.append_value(String::from_utf8_lossy(data));
                continue;
            }
            let separator = self.options.line_separator.as_deref().map(str::as_bytes);
            for (i, (_, line)) in Lines::new(data, &split.bytes, separator).enumerate() {
                if i % 1024 == 0 {
                    executor.check()?;
                }
                lines.append_value(String::from_utf8_lossy(line));
            }
        }
        let lines = Arc::new(lines.finish());
        let rows = lines.len();
        each(Batch::new(columns.iter().map(|_| lines.clone() as _).collect(), rows))
    }
}

/// One partition as lines; null is an empty line.
///
/// # Errors
/// Anything but one column of strings.
pub(crate) fn write_text(schema: &Schema, batch: &Batch, options: &TextOptions) -> Result<Vec<u8>> {
    check_schema(schema)?;
    let separator = options.line_separator.as_deref().unwrap_or("\n");
    let mut out = Vec::new();
    for line in batch.columns[0].as_string::<i32>() {
        out.extend_from_slice(line.unwrap_or_default().as_bytes());
        out.extend_from_slice(separator.as_bytes());
    }
    Ok(out)
}
