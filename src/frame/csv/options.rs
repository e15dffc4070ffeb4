use kindling_partition::{Error, Result};

use crate::dates::Pattern;
use crate::options::{boolean, number, unknown};
use crate::zone::Clocks;

/// What happens to a record that doesn't fit the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParseMode {
    /// What doesn't fit is null, missing fields are null, extra fields are dropped. The default.
    #[default]
    Permissive,
    /// The whole record is dropped.
    DropMalformed,
    /// The job fails and says where.
    FailFast,
}

impl ParseMode {
    /// A mode's name in any case. Spark warns of any other text and goes on as `PERMISSIVE`.
    pub fn parse(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "DROPMALFORMED" => Self::DropMalformed,
            "FAILFAST" => Self::FailFast,
            _ => Self::Permissive,
        }
    }
}

/// The options of `spark.read.csv`, checked; each field's doc says Spark's default.
#[derive(Clone, Debug)]
pub struct CsvOptions {
    /// Between fields; `,`.
    pub separator: String,
    /// Around fields that contain separators or newlines; `"`. None turns quoting off.
    pub quote: Option<u8>,
    /// Before a quote inside quotes; `\`.
    pub escape: Option<u8>,
    /// Lines that start with it are skipped; none.
    pub comment: Option<u8>,
    /// Whether the first line holds the names; false.
    pub header: bool,
    /// Whether the types come from the data; false, then every column is a string.
    pub infer_schema: bool,
    /// false
    pub ignore_leading_white_space: bool,
    /// false
    pub ignore_trailing_white_space: bool,
    /// This text means null, as an empty field does; empty.
    pub null_value: String,
    /// What a field of two quotes is; empty.
    pub empty_value: String,
    /// `NaN`
    pub nan_value: String,
    /// `Inf`
    pub positive_inf: String,
    /// `-Inf`
    pub negative_inf: String,
    pub mode: ParseMode,
    /// Only decides the number of partitions (one a file, as in Spark): newlines within quotes are always part of the field.
    pub multi_line: bool,
    /// Whether dates are inferred; true.
    pub prefer_date: bool,
    /// `yyyy-MM-dd`, and when it isn't set also the shorter forms that a cast takes.
    pub date_format: Option<Pattern>,
    /// None: every form that a cast takes.
    pub timestamp_format: Option<Pattern>,
    /// None: every form that a cast takes.
    pub time_format: Option<Pattern>,
    /// Whether times of the day are inferred; false, but what `spark.sql.timeType.enabled` says where an application is.
    pub infer_time: bool,
    /// Of times without a zone: `timeZone`, else the session's.
    pub clocks: Clocks,
    /// The one column of variants that records become; none: columns of their fields.
    pub single_variant_column: Option<String>,
    /// `_corrupt_record`: a string column of this name in a given schema gets the text of records that don't fit.
    pub column_name_of_corrupt_record: String,
    /// The part of the lines that inference looks at; 1.
    pub sampling_ratio: f64,
    /// None: `\n`, `\r\n` or `\r`.
    pub line_separator: Option<u8>,
    /// Whether a given schema stands whatever the header says; true.
    pub enforce_schema: bool,
    /// Fields a record may have; 20480.
    pub max_columns: usize,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            separator: ",".into(),
            quote: Some(b'"'),
            escape: Some(b'\\'),
            comment: None,
            header: false,
            infer_schema: false,
            ignore_leading_white_space: false,
            ignore_trailing_white_space: false,
            null_value: String::new(),
            empty_value: String::new(),
            nan_value: "NaN".into(),
            positive_inf: "Inf".into(),
            negative_inf: "-Inf".into(),
            mode: ParseMode::Permissive,
            multi_line: false,
            prefer_date: true,
            date_format: None,
            timestamp_format: None,
            time_format: None,
            infer_time: crate::time_type::is_enabled(),
            clocks: Clocks::default(),
            single_variant_column: None,
            column_name_of_corrupt_record: "_corrupt_record".into(),
            sampling_ratio: 1.0,
            line_separator: None,
            enforce_schema: true,
            max_columns: 20_480,
        }
    }
}

/// Every option of the reader, as Spark spells it.
const NAMES: [&str; 35] = [
    "sep",
    "delimiter",
    "quote",
    "escape",
    "comment",
    "header",
    "inferSchema",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "nullValue",
    "emptyValue",
    "nanValue",
    "positiveInf",
    "negativeInf",
    "mode",
    "multiLine",
    "preferDate",
    "dateFormat",
    "timestampFormat",
    "timestampNTZFormat",
    "timeFormat",
    "columnNameOfCorruptRecord",
    "singleVariantColumn",
    "samplingRatio",
    "lineSep",
    "enforceSchema",
    "maxColumns",
    "maxCharsPerColumn",
    "encoding",
    "charset",
    "charToEscapeQuoteEscaping",
    "unescapedQuoteHandling",
    "locale",
    "timeZone",
    "maxMalformedLogPerPartition",
];

impl CsvOptions {
    /// Reads the options as `spark.read.option(name, value)` gives them; names in any case.
    ///
    /// # Errors
    /// An unknown name, a value that makes no sense, or an option that Kindling doesn't have.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            options.set(name, value)?;
        }
        Ok(options)
    }

    /// Sets one option; errors as [`from_pairs`](Self::from_pairs).
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name.to_ascii_lowercase().as_str() {
            "sep" | "delimiter" => self.separator = separator(value)?,
            "quote" => self.quote = character(name, value)?,
            "escape" => self.escape = character(name, value)?,
            "comment" => self.comment = character(name, value)?,
            "header" => self.header = boolean(name, value)?,
            "inferschema" => self.infer_schema = boolean(name, value)?,
            "ignoreleadingwhitespace" => self.ignore_leading_white_space = boolean(name, value)?,
            "ignoretrailingwhitespace" => self.ignore_trailing_white_space = boolean(name, value)?,
            "nullvalue" => value.clone_into(&mut self.null_value),
            "emptyvalue" => value.clone_into(&mut self.empty_value),
            "nanvalue" => value.clone_into(&mut self.nan_value),
            "positiveinf" => value.clone_into(&mut self.positive_inf),
            "negativeinf" => value.clone_into(&mut self.negative_inf),
            "mode" => self.mode = ParseMode::parse(value),
            "multiline" => self.multi_line = boolean(name, value)?,
            "preferdate" => self.prefer_date = boolean(name, value)?,
            "dateformat" => self.date_format = Some(Pattern::new(value)?),
            "timestampformat" | "timestampntzformat" => self.timestamp_format = Some(Pattern::new(value)?),
            "timeformat" => self.time_format = Some(Pattern::new(value)?),
            "columnnameofcorruptrecord" => value.clone_into(&mut self.column_name_of_corrupt_record),
            "singlevariantcolumn" => self.single_variant_column = Some(value.to_owned()),
            "samplingratio" => self.sampling_ratio = number(name, value)?,
            "linesep" => {
                self.line_separator = match value.as_bytes() {
                    b"\r\n" => None,
                    [byte] => Some(*byte),
                    _ => return Err(Error::illegal_argument(format!("'lineSep' can contain only 1 character, found '{value}'."))),
                }
            }
            "enforceschema" => self.enforce_schema = boolean(name, value)?,
            "maxcolumns" => self.max_columns = number(name, value)? as usize,
            "encoding" | "charset" if matches!(value.to_ascii_uppercase().as_str(), "UTF-8" | "UTF8" | "US-ASCII" | "ASCII") => {}
            "encoding" | "charset" => return Err(Error::unsupported(format!("Only UTF-8 files can be read; encoding '{value}' can't."))),
            "timezone" => self.clocks = Clocks::named(value)?,
            "locale" if value.starts_with("en") => {}
            // These change nothing that Kindling reads.
            "maxcharspercolumn" | "maxmalformedlogperpartition" => {}
            "unescapedquotehandling" if value.eq_ignore_ascii_case("STOP_AT_DELIMITER") => {}
            _ => return Err(unknown("CSV", name, value, NAMES)),
        }
        Ok(())
    }
}

fn character(name: &str, value: &str) -> Result<Option<u8>> {
    match value.as_bytes() {
        [] | [0] => Ok(None),
        [byte] if byte.is_ascii() => Ok(Some(*byte)),
        _ => Err(Error::illegal_argument(format!("{name} cannot be more than one ASCII character, found '{value}'."))),
    }
}

/// `\t` and its like as Spark's `CSVExprUtils.toDelimiterStr` understands them.
fn separator(value: &str) -> Result<String> {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('0') => '\0',
            Some(same @ ('\\' | '"' | '\'')) => same,
            Some(other) => return Err(Error::illegal_argument(format!("Unsupported special character for delimiter: \\{other}."))),
            None => return Err(Error::illegal_argument("Single backslash is prohibited. It has special meaning as beginning of an escape sequence. To get the backslash character, pass a string with two backslashes as the delimiter.")),
        });
    }
    if out.is_empty() { Err(Error::illegal_argument("Delimiter cannot be empty string.")) } else { Ok(out) }
}
