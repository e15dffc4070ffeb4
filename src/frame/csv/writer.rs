use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, StringArray};
use kindling_partition::{Error, Result};

use super::columns::is_supported;
use crate::batch::Batch;
use crate::cast::{Nulls, text_column};
use crate::dates::Pattern;
use crate::datetime::MICROS_PER_DAY;
use crate::options::{boolean, unknown};
use crate::schema::Schema;
use crate::types::DataType;
use crate::zone::Clocks;

/// The options of `df.write.csv`, checked; each field's doc says Spark's default.
#[derive(Clone, Debug)]
pub struct CsvWriteOptions {
    /// `,`
    pub separator: String,
    /// Around what needs it; `"`.
    pub quote: char,
    /// Before quotes within quotes, and itself; `\`.
    pub escape: char,
    /// Whether the names come first in each file; false.
    pub header: bool,
    /// For null; empty.
    pub null_value: String,
    /// For an empty string; two quotes.
    pub empty_value: String,
    /// Whether everything is quoted; false.
    pub quote_all: bool,
    /// Whether quotes within a value are a reason to quote it; true.
    pub escape_quotes: bool,
    /// true
    pub ignore_leading_white_space: bool,
    /// true
    pub ignore_trailing_white_space: bool,
    /// `yyyy-MM-dd`
    pub date_format: Pattern,
    /// `yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]`
    pub timestamp_format: Pattern,
    /// Whose clocks timestamps show: `timeZone`, else the session's.
    pub clocks: Clocks,
    /// `yyyy-MM-dd'T'HH:mm:ss[.SSS]`
    pub timestamp_ntz_format: Pattern,
    /// None: as a cast to a string writes them.
    pub time_format: Option<Pattern>,
    /// `\n`
    pub line_separator: String,
}

const NAMES: [&str; 20] = [
    "sep",
    "delimiter",
    "quote",
    "escape",
    "header",
    "nullValue",
    "emptyValue",
    "quoteAll",
    "escapeQuotes",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "dateFormat",
    "timestampFormat",
    "timestampNTZFormat",
    "timeFormat",
    "lineSep",
    "encoding",
    "compression",
    "comment",
    "timeZone",
];

impl CsvWriteOptions {
    /// Reads the options as `df.write.option(name, value)` gives them; names in any case.
    ///
    /// # Errors
    /// An unknown name or a value that makes no sense; an encoding or compression that Kindling doesn't write.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self {
            separator: ",".into(),
            quote: '"',
            escape: '\\',
            header: false,
            null_value: String::new(),
            empty_value: "\"\"".into(),
            quote_all: false,
            escape_quotes: true,
            ignore_leading_white_space: true,
            ignore_trailing_white_space: true,
            date_format: Pattern::new("yyyy-MM-dd")?,
            timestamp_format: Pattern::new("yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]")?,
            clocks: Clocks::default(),
            timestamp_ntz_format: Pattern::new("yyyy-MM-dd'T'HH:mm:ss[.SSS]")?,
            time_format: None,
            line_separator: "\n".into(),
        };
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "sep" | "delimiter" => options.separator = if value == "\\t" { "\t".into() } else { value.into() },
                "quote" => options.quote = character(name, value)?,
                "escape" => options.escape = character(name, value)?,
                "header" => options.header = boolean(name, value)?,
                "nullvalue" => options.null_value = value.into(),
                "emptyvalue" => options.empty_value = value.into(),
                "quoteall" => options.quote_all = boolean(name, value)?,
                "escapequotes" => options.escape_quotes = boolean(name, value)?,
                "ignoreleadingwhitespace" => options.ignore_leading_white_space = boolean(name, value)?,
                "ignoretrailingwhitespace" => options.ignore_trailing_white_space = boolean(name, value)?,
                "dateformat" => options.date_format = Pattern::new(value)?,
                "timestampformat" => options.timestamp_format = Pattern::new(value)?,
                "timestampntzformat" => options.timestamp_ntz_format = Pattern::new(value)?,
                "timeformat" => options.time_format = Some(Pattern::new(value)?),
                "timezone" => options.clocks = Clocks::named(value)?,
                "linesep" => options.line_separator = value.into(),
                "encoding" if value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8") => {}
                "compression" if value.eq_ignore_ascii_case("none") || value.eq_ignore_ascii_case("uncompressed") => {}
                // A value that begins with the comment sign is quoted whatever the option says.
                "comment" => {}
                _ => return Err(unknown("CSV", name, value, NAMES)),
            }
        }
        Ok(options)
    }
}

/// Nothing at all is the NUL character, as in Spark.
fn character(name: &str, value: &str) -> Result<char> {
    let mut chars = value.chars();
    match (chars.next(), chars.next()) {
        (first, None) => Ok(first.unwrap_or('\0')),
        _ => Err(Error::illegal_argument(format!("{name} cannot be more than one character, found '{value}'."))),
    }
}

/// Appends one partition as CSV text, with the names first when the options say so: one part file of `df.write.csv`.
///
/// # Errors
/// `UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE` for a column of arrays, maps, structs or vectors.
pub fn write_csv(schema: &Schema, batch: &Batch, options: &CsvWriteOptions, out: &mut String) -> Result<()> {
    if let Some(field) = schema.iter().find(|f| {
        (!is_supported(&f.data_type) || f.data_type == DataType::Variant)
            && f.data_type != DataType::Null
            && !f.data_type.is_ansi_interval()
    }) {
        let text = format!("The CSV datasource doesn't support the column `{}` of the type \"{}\".", field.name, field.data_type.sql());
        return Err(Error::analysis(text).with_condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
    }
    let writer = Writer { options };
    if options.header {
        writer.row(schema.names().map(Some), out);
    }
    let columns: Vec<StringArray> = batch.columns.iter().zip(schema.iter()).map(|(c, f)| writer.texts(c, &f.data_type)).collect();
    for row in 0..batch.rows {
        writer.row(columns.iter().map(|c| c.is_valid(row).then(|| c.value(row))), out);
    }
    Ok(())
}

struct Writer<'a> {
    options: &'a CsvWriteOptions,
}

impl Writer<'_> {
    fn texts(&self, column: &ArrayRef, data_type: &DataType) -> StringArray {
        let formatted = |micros: i64, pattern: &Pattern| {
            let mut text = String::new();
            pattern.format(micros, &mut text);
            text
        };
        match data_type {
            DataType::Time(_) if let Some(pattern) = &self.options.time_format => {
                column.as_primitive::<Int64Type>().iter().map(|t| t.map(|t| formatted(t / 1000, pattern))).collect()
            }
            DataType::Null => StringArray::new_null(column.len()),
            DataType::String => column.as_string().clone(),
            DataType::Date => {
                let days = column.as_primitive::<Date32Type>().iter();
                days.map(|d| d.map(|d| formatted(i64::from(d) * MICROS_PER_DAY, &self.options.date_format))).collect()
            }
            DataType::Timestamp | DataType::TimestampNtz => {
                let zoned = *data_type == DataType::Timestamp;
                let shown = |micros: i64| {
                    if !zoned {
                        return formatted(micros, &self.options.timestamp_ntz_format);
                    }
                    let mut text = String::new();
                    self.options.clocks.format(micros, &self.options.timestamp_format, &mut text);
                    text
                };
                column.as_primitive::<TimestampMicrosecondType>().iter().map(|t| t.map(shown)).collect()
            }
            _ => text_column(&Arc::clone(column), data_type, Nulls::Upper),
        }
    }

    /// One line. A row of which nothing is left to write, not even a separator, is left out.
    fn row<'a>(&self, cells: impl Iterator<Item = Option<&'a str>>, out: &mut String) {
        let start = out.len();
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                out.push_str(&self.options.separator);
            }
            self.cell(cell, out);
        }
        if out.len() > start {
            out.push_str(&self.options.line_separator);
        }
    }

    fn cell(&self, cell: Option<&str>, out: &mut String) {
        let blank = |c: char| c <= ' ';
        let text = match cell {
            None if self.options.quote_all => return self.quoted(&self.options.null_value, out),
            None => return out.push_str(&self.options.null_value),
            Some(text) => text,
        };
        let text = if self.options.ignore_leading_white_space { text.trim_start_matches(blank) } else { text };
        let text = if self.options.ignore_trailing_white_space { text.trim_end_matches(blank) } else { text };
        if text.is_empty() {
            if self.options.quote_all && self.options.empty_value != "\"\"" {
                self.quoted(&self.options.empty_value, out);
            } else {
                out.push_str(&self.options.empty_value);
            }
        } else if self.options.quote_all || self.needs_quotes(text) {
            self.quoted(text, out);
        } else {
            out.push_str(text);
        }
    }

    fn needs_quotes(&self, text: &str) -> bool {
        let options = self.options;
        text.starts_with(['#', options.quote])
            || text.contains(['\n', '\r'])
            || text.contains(&options.separator)
            || text.contains(&options.line_separator)
            || (options.escape_quotes && text.contains(options.quote))
    }

    fn quoted(&self, text: &str, out: &mut String) {
        out.push(self.options.quote);
        for c in text.chars() {
            if c == self.options.quote || c == self.options.escape {
                out.push(self.options.escape);
            }
            out.push(c);
        }
        out.push(self.options.quote);
    }
}

/// Expected values: `df.write.csv` of Spark 4.3, by tests/reference/write_csv.py.
#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::array_of;
    use crate::types::Field;
    use crate::value::Value as Cell;

    fn reference() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/write_csv.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON")
    }

    fn columns(list: &[(&str, DataType, Vec<Cell>)]) -> (Schema, Batch) {
        let schema = list.iter().map(|(name, data_type, _)| Field::new(*name, data_type.clone(), true)).collect();
        let arrays = list.iter().map(|(_, data_type, cells)| array_of(data_type, cells).expect("a column")).collect();
        (schema, Batch::new(arrays, list[0].2.len()))
    }

    /// The frames of write_csv.py.
    fn frame(name: &str) -> (Schema, Batch) {
        let text = |cells: &[&str]| cells.iter().map(|c| Cell::from(*c)).collect::<Vec<_>>();
        let decimal = Cell::Decimal { unscaled: 250, precision: 3, scale: 2 };
        match name {
            "strings" => {
                let mut b = text(&["a,b", "line\nbreak", "", "tab\there", "back\\slash", "\"", "both \\ and \""]);
                b[2] = Cell::Null;
                columns(&[
                    ("a", DataType::String, text(&["plain", "with \"quote\"", "", " padded ", "#comment", "a\rb", "end\\"])),
                    ("b", DataType::String, b),
                ])
            }
            "numbers" => columns(&[
                ("a", DataType::Int, vec![Cell::Int(1), Cell::Null]),
                ("b", DataType::Double, vec![Cell::Double(1.5), Cell::Double(f64::NAN)]),
                ("c", DataType::Boolean, vec![Cell::Boolean(true), Cell::Null]),
                ("d", DataType::Decimal(3, 2), vec![decimal, Cell::Null]),
                ("e", DataType::Long, vec![Cell::Long(9_999_999_999), Cell::Long(-1)]),
                ("f", DataType::Double, vec![Cell::Double(1e10), Cell::Double(-0.0)]),
            ]),
            "times" => columns(&[
                ("d", DataType::Date, vec![Cell::Date(19_782)]),
                ("t", DataType::Timestamp, vec![Cell::Timestamp(1_709_200_800_123_456)]),
                ("n", DataType::TimestampNtz, vec![Cell::TimestampNtz(1_709_200_800_000_000)]),
                ("u", DataType::Timestamp, vec![Cell::Timestamp(-1_000_000)]),
            ]),
            "names" => columns(&[
                ("a,b", DataType::Int, vec![Cell::Int(1)]),
                ("c\"d", DataType::Int, vec![Cell::Int(2)]),
                (" e ", DataType::Int, vec![Cell::Int(3)]),
            ]),
            "one column" => columns(&[("a", DataType::String, vec![Cell::from(""), Cell::Null, Cell::from("x"), Cell::from(" ")])]),
            _ => columns(&[("a", DataType::Binary, vec![Cell::Binary([0x61, 0x62].into())])]),
        }
    }

    #[test]
    fn files_are_written_as_spark_writes_them() {
        for case in reference()["written"].as_array().expect("a list") {
            let pairs = case["options"].as_object().expect("options");
            let options = CsvWriteOptions::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str().expect("text")))).expect("options");
            let (schema, batch) = frame(case["name"].as_str().expect("name"));
            let mut text = String::new();
            write_csv(&schema, &batch, &options, &mut text).expect("written");
            assert_eq!(Value::from(text), case["text"], "{} {}", case["name"], case["options"]);
        }
    }

    #[test]
    fn what_has_no_text_is_refused() {
        let lists = DataType::array(DataType::Int);
        let (schema, batch) = columns(&[("a", lists, vec![Cell::Array([Cell::Int(1)].into())])]);
        let error =
            write_csv(&schema, &batch, &CsvWriteOptions::from_pairs([]).expect("defaults"), &mut String::new()).expect_err("a list");
        assert_eq!(error.condition(), Some("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
        assert!(CsvWriteOptions::from_pairs([("compression", "gzip")]).is_err());
    }
}
