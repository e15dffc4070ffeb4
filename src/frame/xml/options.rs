use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use crate::csv::ParseMode;
use crate::dates::Pattern;
use crate::options::{boolean, common, number, unknown};
use crate::zone::Clocks;

/// The options of `spark.read.xml`, `df.write.xml`, `from_xml`, `to_xml` and `schema_of_xml`, checked; each field's doc says Spark's default.
#[derive(Clone, Debug)]
pub(crate) struct XmlOptions {
    /// The elements that are rows; `ROW` where no files are read or written.
    pub row_tag: String,
    /// Around the rows, with attributes after a blank; `ROWS`.
    pub root_tag: String,
    /// What a file begins with, between `<?xml ` and `?>`; `version="1.0" encoding="UTF-8" standalone="yes"`.
    pub declaration: String,
    /// The elements of arrays in arrays; `item`.
    pub array_element_name: String,
    /// Whether attributes are passed over; false.
    pub exclude_attribute: bool,
    /// Before the names of columns that are attributes; `_`.
    pub attribute_prefix: String,
    /// The column of the text of an element that has attributes or elements beside it; `_VALUE`.
    pub value_tag: String,
    /// The text that is null; none: where nothing is.
    pub null_value: Option<String>,
    /// `_corrupt_record`: a string column of this name gets the text of records that don't fit.
    pub column_name_of_corrupt_record: String,
    /// Whether blanks around values don't count; true.
    pub ignore_surrounding_spaces: bool,
    pub mode: ParseMode,
    /// Whether types are looked for; true, else all are strings.
    pub infer_schema: bool,
    /// The column of elements that no other column has; `xs_any`.
    pub wildcard_column: String,
    /// Whether names count without what stands before their last colon; false.
    pub ignore_namespace: bool,
    /// Whether fractions are decimals where 38 digits hold them; false.
    pub prefers_decimal: bool,
    /// Before each line of an element within another; four blanks. None: a row is a line.
    pub indent: String,
    /// Whether names that XML doesn't have are refused; true.
    pub validate_name: bool,
    /// Whether what is a date is inferred so, not as a timestamp; true.
    pub prefer_date: bool,
    /// None: `yyyy-MM-dd`, without [`prefer_date`](Self::prefer_date) every form that a cast takes.
    pub date_format: Option<Pattern>,
    /// None: every form that a cast takes, and `yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]` to write.
    pub timestamp_format: Option<Pattern>,
    /// None: every form that a cast takes, without a zone, and `yyyy-MM-dd'T'HH:mm:ss[.SSS]` to write.
    pub timestamp_ntz_format: Option<Pattern>,
    /// None: every form that a cast takes.
    pub time_format: Option<Pattern>,
    /// Of times without a zone: `timeZone`, else the session's.
    pub clocks: Clocks,
    /// Whether records may have several lines; true, else a line is one.
    pub multi_line: bool,
    /// The one column of variants that records become; none: columns of their parts.
    pub single_variant_column: Option<String>,
}

impl Default for XmlOptions {
    fn default() -> Self {
        Self {
            row_tag: "ROW".into(),
            root_tag: "ROWS".into(),
            declaration: "version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"".into(),
            array_element_name: "item".into(),
            exclude_attribute: false,
            attribute_prefix: "_".into(),
            value_tag: "_VALUE".into(),
            null_value: None,
            column_name_of_corrupt_record: "_corrupt_record".into(),
            ignore_surrounding_spaces: true,
            mode: ParseMode::Permissive,
            infer_schema: true,
            wildcard_column: "xs_any".into(),
            ignore_namespace: false,
            prefers_decimal: false,
            indent: "    ".into(),
            validate_name: true,
            prefer_date: true,
            date_format: None,
            timestamp_format: None,
            timestamp_ntz_format: None,
            time_format: None,
            clocks: Clocks::default(),
            multi_line: true,
            single_variant_column: None,
        }
    }
}

const NAMES: [&str; 34] = [
    "rowTag",
    "rootTag",
    "declaration",
    "arrayElementName",
    "samplingRatio",
    "excludeAttribute",
    "attributePrefix",
    "valueTag",
    "nullValue",
    "columnNameOfCorruptRecord",
    "ignoreSurroundingSpaces",
    "mode",
    "inferSchema",
    "rowValidationXSDPath",
    "wildcardColName",
    "ignoreNamespace",
    "prefersDecimal",
    "indent",
    "validateName",
    "preferDate",
    "dateFormat",
    "timestampFormat",
    "timestampNTZFormat",
    "timeFormat",
    "timeZone",
    "locale",
    "multiLine",
    "encoding",
    "charset",
    "compression",
    "singleVariantColumn",
    "useLegacyXMLParser",
    "treatEmptyValuesAsNulls",
    "enableDateTimeParsingFallback",
];

impl XmlOptions {
    /// As [`from_pairs`](Self::from_pairs), for files: which elements are rows must be said.
    ///
    /// # Errors
    /// `XML_ROW_TAG_MISSING`, and as [`from_pairs`](Self::from_pairs).
    pub fn of_files<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let pairs: Vec<_> = pairs.into_iter().collect();
        if !pairs.iter().any(|(name, _)| name.eq_ignore_ascii_case("rowTag")) {
            let text = "`rowTag` option is required for reading/writing files in XML format.";
            return Err(Error::analysis(text).with_condition("XML_ROW_TAG_MISSING"));
        }
        Self::from_pairs(pairs)
    }

    /// Reads the options as `spark.read.option(name, value)` gives them; names in any case.
    ///
    /// # Errors
    /// An unknown name, a value that makes no sense, or an option that Kindling doesn't have.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            let text = || value.to_owned();
            match name.to_ascii_lowercase().as_str() {
                "rowtag" => options.row_tag = value.trim().to_owned(),
                "roottag" => options.root_tag = text(),
                "declaration" => options.declaration = text(),
                "arrayelementname" => options.array_element_name = text(),
                // Spark looks at every record all the same.
                "samplingratio" => {
                    let ratio = number(name, value)?;
                    required(ratio > 0.0, &format!("samplingRatio ({}) should be greater than 0", java_double(ratio)))?;
                }
                "excludeattribute" => options.exclude_attribute = boolean(name, value)?,
                "attributeprefix" => options.attribute_prefix = text(),
                "valuetag" => options.value_tag = text(),
                "nullvalue" => options.null_value = Some(text()),
                "columnnameofcorruptrecord" => options.column_name_of_corrupt_record = text(),
                "ignoresurroundingspaces" => options.ignore_surrounding_spaces = boolean(name, value)?,
                "mode" => options.mode = ParseMode::parse(value),
                "inferschema" => options.infer_schema = boolean(name, value)?,
                "wildcardcolname" => options.wildcard_column = text(),
                "ignorenamespace" => options.ignore_namespace = boolean(name, value)?,
                "prefersdecimal" => options.prefers_decimal = boolean(name, value)?,
                "indent" => options.indent = text(),
                "validatename" => options.validate_name = boolean(name, value)?,
                "preferdate" => options.prefer_date = boolean(name, value)?,
                "dateformat" => options.date_format = Some(Pattern::new(value)?),
                "timestampformat" => options.timestamp_format = Some(Pattern::new(value)?),
                "timestampntzformat" => options.timestamp_ntz_format = Some(Pattern::new(value)?),
                "timeformat" => options.time_format = Some(Pattern::new(value)?),
                "timezone" => options.clocks = Clocks::named(value)?,
                "multiline" => options.multi_line = boolean(name, value)?,
                "singlevariantcolumn" => options.single_variant_column = Some(text()),
                "rowvalidationxsdpath" => {
                    let text = "The XML option rowValidationXSDPath is not supported: records can't be checked against an XSD schema here. Give \
                                the columns and their types with schema(), and read in the mode FAILFAST or with a column _corrupt_record.";
                    return Err(Error::unsupported(text));
                }
                "compression" if matches!(value, "none" | "uncompressed") => {}
                // These change nothing that Kindling reads.
                "treatemptyvaluesasnulls" | "enabledatetimeparsingfallback" => {}
                "uselegacyxmlparser" if !boolean(name, value)? => {}
                _ if common(name, value)? => {}
                _ => return Err(unknown("XML", name, value, NAMES)),
            }
        }
        let bare = |text: &str| !text.starts_with('<') && !text.ends_with('>');
        required(!options.row_tag.is_empty(), "'rowTag' option should not be an empty string.")?;
        required(bare(&options.row_tag), "'rowTag' should not include angle brackets")?;
        required(bare(&options.root_tag), "'rootTag' should not include angle brackets")?;
        required(bare(&options.declaration), "'declaration' should not include angle brackets")?;
        required(!options.value_tag.is_empty(), "'valueTag' option should not be empty string.")?;
        required(options.value_tag != options.attribute_prefix, "'valueTag' and 'attributePrefix' options should not be the same.")?;
        Ok(options)
    }

    /// A name as columns have it.
    pub fn name<'n>(&self, name: &'n str) -> &'n str {
        if self.ignore_namespace { name.rsplit(':').next().unwrap_or(name) } else { name }
    }

    /// The attributes of an element as columns have them; none is a null.
    pub fn attributes(&self, attributes: &[(String, String)]) -> Vec<(String, Option<String>)> {
        if self.exclude_attribute {
            return Vec::new();
        }
        let named = |(name, value): &(String, String)| {
            let value = self.spaced(value);
            let value = (Some(value) != self.null_value.as_deref()).then(|| value.to_owned());
            (format!("{}{}", self.attribute_prefix, self.name(name)), value)
        };
        attributes.iter().map(named).collect()
    }

    /// The text with the blanks around it that count.
    pub fn spaced<'t>(&self, text: &'t str) -> &'t str {
        if self.ignore_surrounding_spaces { super::events::trimmed(text) } else { text }
    }
}

/// As Scala's `require`.
pub(super) fn required(holds: bool, text: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::illegal_argument(format!("requirement failed: {text}"))) }
}
