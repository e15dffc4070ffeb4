use kindling_partition::{Error, Result};

use super::parse::Syntax;
use crate::csv::ParseMode;
use crate::dates::Pattern;
use crate::options::{boolean, common, number, unknown};
use crate::zone::Clocks;

/// The options of `spark.read.json` and `from_json`, checked; each field's doc says Spark's default.
#[derive(Clone, Debug)]
pub struct JsonOptions {
    pub syntax: Syntax,
    /// Numbers and booleans are strings; false.
    pub primitives_as_string: bool,
    /// Fractions are decimals where 38 digits hold them; false.
    pub prefers_decimal: bool,
    /// Whether texts that are timestamps are inferred so; false.
    pub infer_timestamp: bool,
    /// Whether columns of nulls alone are left out; false.
    pub drop_field_if_all_null: bool,
    pub mode: ParseMode,
    /// `_corrupt_record`: a string column of this name gets the text of records that don't fit.
    pub column_name_of_corrupt_record: String,
    /// None: every form that a cast takes.
    pub date_format: Option<Pattern>,
    /// None: every form that a cast takes.
    pub timestamp_format: Option<Pattern>,
    /// None: every form that a cast takes, without a zone.
    pub timestamp_ntz_format: Option<Pattern>,
    /// None: every form that a cast takes.
    pub time_format: Option<Pattern>,
    /// The one column of variants that records become; none: columns of their members.
    pub single_variant_column: Option<String>,
    /// Of times without a zone: `timeZone`, else the session's.
    pub clocks: Clocks,
    /// Whether a file is one record, or one array of records; false, then a line is.
    pub multi_line: bool,
    /// Between records; none: `\n`, `\r\n` or `\r`.
    pub line_separator: Option<String>,
    /// The part of the records that inference looks at; 1.
    pub sampling_ratio: f64,
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self {
            syntax: Syntax::default(),
            primitives_as_string: false,
            prefers_decimal: false,
            infer_timestamp: false,
            drop_field_if_all_null: false,
            mode: ParseMode::Permissive,
            column_name_of_corrupt_record: "_corrupt_record".into(),
            date_format: None,
            timestamp_format: None,
            timestamp_ntz_format: None,
            time_format: None,
            single_variant_column: None,
            clocks: Clocks::default(),
            multi_line: false,
            line_separator: None,
            sampling_ratio: 1.0,
        }
    }
}

const NAMES: [&str; 29] = [
    "primitivesAsString",
    "prefersDecimal",
    "allowComments",
    "allowUnquotedFieldNames",
    "allowSingleQuotes",
    "allowNumericLeadingZeros",
    "allowBackslashEscapingAnyCharacter",
    "allowUnquotedControlChars",
    "allowNonNumericNumbers",
    "mode",
    "columnNameOfCorruptRecord",
    "dateFormat",
    "timestampFormat",
    "timestampNTZFormat",
    "timeFormat",
    "enableDateTimeParsingFallback",
    "inferTimestamp",
    "multiLine",
    "lineSep",
    "samplingRatio",
    "dropFieldIfAllNull",
    "encoding",
    "charset",
    "locale",
    "timeZone",
    "compression",
    "useUnsafeRow",
    "singleVariantColumn",
    "pretty",
];

impl JsonOptions {
    /// Reads the options as `spark.read.option(name, value)` gives them; names in any case.
    ///
    /// # Errors
    /// An unknown name, a value that makes no sense, or an option that Kindling doesn't have.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "primitivesasstring" => options.primitives_as_string = boolean(name, value)?,
                "prefersdecimal" => options.prefers_decimal = boolean(name, value)?,
                "allowcomments" => options.syntax.comments = boolean(name, value)?,
                "allowunquotedfieldnames" => options.syntax.unquoted_names = boolean(name, value)?,
                "allowsinglequotes" => options.syntax.single_quotes = boolean(name, value)?,
                // PySpark's keyword argument has lost its s on the way.
                "allownumericleadingzeros" | "allownumericleadingzero" => options.syntax.leading_zeros = boolean(name, value)?,
                "allowbackslashescapinganycharacter" => options.syntax.any_escape = boolean(name, value)?,
                "allowunquotedcontrolchars" => options.syntax.control_characters = boolean(name, value)?,
                "allownonnumericnumbers" => options.syntax.non_numeric_numbers = boolean(name, value)?,
                "mode" => options.mode = ParseMode::parse(value),
                "columnnameofcorruptrecord" => value.clone_into(&mut options.column_name_of_corrupt_record),
                "singlevariantcolumn" => options.single_variant_column = Some(value.to_owned()),
                "dateformat" => options.date_format = Some(Pattern::new(value)?),
                "timestampformat" => options.timestamp_format = Some(Pattern::new(value)?),
                "timestampntzformat" => options.timestamp_ntz_format = Some(Pattern::new(value)?),
                "timeformat" => options.time_format = Some(Pattern::new(value)?),
                "infertimestamp" => options.infer_timestamp = boolean(name, value)?,
                "multiline" => options.multi_line = boolean(name, value)?,
                "linesep" if value.is_empty() => return Err(Error::illegal_argument("'lineSep' cannot be an empty string.")),
                "linesep" => options.line_separator = Some(value.to_owned()),
                "samplingratio" => options.sampling_ratio = number(name, value)?,
                "dropfieldifallnull" => options.drop_field_if_all_null = boolean(name, value)?,
                // These change nothing that Kindling reads.
                "useunsaferow" | "enabledatetimeparsingfallback" | "pretty" => {}
                "compression" if matches!(value, "none" | "uncompressed") => {}
                "timezone" => options.clocks = Clocks::named(value)?,
                _ if common(name, value)? => {}
                _ => return Err(unknown("JSON", name, value, NAMES)),
            }
        }
        Ok(options)
    }
}

/// The options of `df.write.json` and `to_json`, checked; each field's doc says Spark's default.
#[derive(Clone, Debug)]
pub struct JsonWriteOptions {
    /// Whether members that are null are left out; true.
    pub ignore_null_fields: bool,
    /// `yyyy-MM-dd`
    pub date_format: Pattern,
    /// `yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]`
    pub timestamp_format: Pattern,
    /// `yyyy-MM-dd'T'HH:mm:ss[.SSS]`
    pub timestamp_ntz_format: Pattern,
    /// None: as a cast to a string writes them.
    pub time_format: Option<Pattern>,
    /// Whose clocks timestamps show: `timeZone`, else the session's.
    pub clocks: Clocks,
    /// `\n`
    pub line_separator: String,
    /// Whether members stand on lines of their own; false.
    pub pretty: bool,
}

const WRITE_NAMES: [&str; 11] = [
    "ignoreNullFields",
    "dateFormat",
    "timestampFormat",
    "timestampNTZFormat",
    "timeFormat",
    "lineSep",
    "encoding",
    "compression",
    "locale",
    "timeZone",
    "pretty",
];

impl JsonWriteOptions {
    /// Reads the options as `df.write.option(name, value)` gives them; names in any case.
    ///
    /// # Errors
    /// An unknown name, a value that makes no sense, or an option that Kindling doesn't have.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self {
            ignore_null_fields: true,
            date_format: Pattern::new("yyyy-MM-dd")?,
            timestamp_format: Pattern::new("yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]")?,
            timestamp_ntz_format: Pattern::new("yyyy-MM-dd'T'HH:mm:ss[.SSS]")?,
            time_format: None,
            clocks: Clocks::default(),
            line_separator: "\n".into(),
            pretty: false,
        };
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "ignorenullfields" => options.ignore_null_fields = boolean(name, value)?,
                "dateformat" => options.date_format = Pattern::new(value)?,
                "timestampformat" => options.timestamp_format = Pattern::new(value)?,
                "timestampntzformat" => options.timestamp_ntz_format = Pattern::new(value)?,
                "timeformat" => options.time_format = Some(Pattern::new(value)?),
                "linesep" => value.clone_into(&mut options.line_separator),
                "compression" if matches!(value, "none" | "uncompressed") => {}
                "pretty" => options.pretty = boolean(name, value)?,
                "timezone" => options.clocks = Clocks::named(value)?,
                _ if common(name, value)? => {}
                _ => return Err(unknown("JSON", name, value, WRITE_NAMES)),
            }
        }
        Ok(options)
    }
}
