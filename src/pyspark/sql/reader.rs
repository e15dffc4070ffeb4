//! `spark.read`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Row, Schema, Session, Value as Cell, read_files, read_texts};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyResult, Value, Vm};

use super::frame::{FrameObject, frame_value};
use super::{rdd, types};
use crate::args;
use crate::errors::{OrRaise, missing, not_expected, spark_error};

/// Options that were set so far; each setter gives the same reader back.
pub(crate) struct ReaderObject {
    session: Session,
    state: RefCell<State>,
}

#[derive(Clone, Default)]
struct State {
    format: Option<String>,
    options: Vec<(String, String)>,
    schema: Option<Schema>,
}

/// The named options of a format's own method, in PySpark's order.
type Names = &'static [&'static str];

#[rustfmt::skip]
const CSV: Names = &[
    "sep", "encoding", "quote", "escape", "comment", "header", "inferSchema", "ignoreLeadingWhiteSpace", "ignoreTrailingWhiteSpace", "nullValue", "nanValue", "positiveInf", "negativeInf", "dateFormat", "timestampFormat", "maxColumns", "maxCharsPerColumn", "maxMalformedLogPerPartition", "mode", "columnNameOfCorruptRecord", "multiLine", "charToEscapeQuoteEscaping", "samplingRatio", "enforceSchema", "emptyValue", "locale", "lineSep", "pathGlobFilter", "recursiveFileLookup", "modifiedBefore", "modifiedAfter",
];

#[rustfmt::skip]
const JSON: Names = &[
    "primitivesAsString", "prefersDecimal", "allowComments", "allowUnquotedFieldNames", "allowSingleQuotes", "allowNumericLeadingZero",
    "allowBackslashEscapingAnyCharacter", "mode", "columnNameOfCorruptRecord", "dateFormat", "timestampFormat", "multiLine",
    "allowUnquotedControlChars", "lineSep", "samplingRatio", "dropFieldIfAllNull", "encoding", "locale", "pathGlobFilter",
    "recursiveFileLookup", "modifiedBefore", "modifiedAfter", "allowNonNumericNumbers", "useUnsafeRow",
];

#[rustfmt::skip]
const XML: Names = &[
    "excludeAttribute", "attributePrefix", "valueTag", "ignoreSurroundingSpaces", "rowValidationXSDPath", "ignoreNamespace",
    "wildcardColName", "encoding", "inferSchema", "nullValue", "dateFormat", "timestampFormat", "mode", "columnNameOfCorruptRecord",
    "multiLine", "samplingRatio", "locale",
];

const TEXT: Names = &["wholetext", "lineSep", "pathGlobFilter", "recursiveFileLookup", "modifiedBefore", "modifiedAfter"];

impl ReaderObject {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, state: RefCell::default() }
    }

    fn set(&self, name: String, value: String) {
        let options = &mut self.state.borrow_mut().options;
        options.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        options.push((name, value));
    }

    /// Sets the options that were given to a method.
    fn set_named(&self, vm: &mut Vm, names: Names, values: &[Value]) -> PyResult<()> {
        for (name, value) in names.iter().zip(values).filter(|(_, value)| !value.is_none()) {
            self.set((*name).to_owned(), option_text(vm, value)?);
        }
        Ok(())
    }

    fn set_all(&self, vm: &mut Vm, options: &Value) -> PyResult<()> {
        for (name, value) in options.as_dict().map(|dict| dict.items()).unwrap_or_default() {
            if !value.is_none() {
                self.set(name.as_str().unwrap_or_default().to_owned(), option_text(vm, &value)?);
            }
        }
        Ok(())
    }

    fn set_schema(&self, vm: &mut Vm, schema: &Value) -> PyResult<()> {
        if !schema.is_none() {
            self.state.borrow_mut().schema = Some(schema_of(vm, schema)?);
        }
        Ok(())
    }

    fn texts(&self, format: &str, texts: &[Option<Arc<str>>]) -> PyResult<DataFrame> {
        let state = self.state.borrow();
        let options: Vec<(&str, &str)> = state.options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        read_texts(&self.session, format, texts, &options, state.schema.as_ref()).or_raise()
    }

    fn load(&self, format: &str, paths: &[String]) -> PyResult<DataFrame> {
        let state = self.state.borrow();
        let options: Vec<(&str, &str)> = state.options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let path = options.iter().find(|(name, _)| name.eq_ignore_ascii_case("path")).map(|(_, path)| *path);
        let paths = if paths.is_empty() { path.into_iter().collect() } else { args::strs(paths) };
        if paths.is_empty() {
            return Err(PyError::value_error("There is no path to read: give one, as in load(\"/files/data.csv\")."));
        }
        read_files(&self.session, format, &paths, &options, state.schema.as_ref()).or_raise()
    }
}

/// The texts of a frame of one column, or of an RDD; none of anything else.
fn texts(vm: &mut Vm, value: &Value) -> PyResult<Option<Vec<Option<Arc<str>>>>> {
    if let Some(items) = rdd::items_of(vm, value) {
        return items?.iter().map(|item| vm.str(item).map(|text| Some(text.into()))).collect::<PyResult<_>>().map(Some);
    }
    let Some(FrameObject(frame, _)) = value.as_native::<FrameObject>() else { return Ok(None) };
    let failed = |condition, text: String| Err(spark_error("AnalysisException", condition, text));
    match frame.schema().fields() {
        [field] if field.data_type == DataType::String => {}
        [field] => {
            let text = format!("Input DataFrame column must be StringType, but got \"{}\".", field.data_type.sql());
            return failed("DATAFRAME_INPUT_NOT_STRING_TYPE", text);
        }
        fields => {
            let text = format!("Input DataFrame must have exactly one column, but got {}.", fields.len());
            return failed("DATAFRAME_INPUT_NOT_SINGLE_COLUMN", text);
        }
    }
    let text = |row: Row| match row.values.into_iter().next() {
        Some(Cell::String(text)) => Some(text),
        _ => None,
    };
    Ok(Some(frame.collect().or_raise()?.into_iter().map(text).collect()))
}

impl NativeObject for ReaderObject {
    fn class_name(&self) -> &str {
        "DataFrameReader"
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(format!("<pyspark.sql.readwriter.DataFrameReader object at {:p}>", std::ptr::from_ref(self)))
    }
}

fn this(value: &Value) -> PyResult<&ReaderObject> {
    value.as_native::<ReaderObject>().ok_or_else(|| PyError::type_error("not a DataFrameReader"))
}

/// An option's value as Spark passes it on: `true`, `1`, a text.
pub(super) fn option_text(vm: &mut Vm, value: &Value) -> PyResult<String> {
    Ok(match value {
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        other => vm.str(other)?,
    })
}

fn schema_of(vm: &mut Vm, value: &Value) -> PyResult<Schema> {
    let declared = match value.as_str() {
        Some(text) => Ok(DataType::Struct(Schema::parse_whole(text).or_raise()?.fields().to_vec())),
        None => types::declared_type(vm, value, "schema"),
    };
    match declared {
        Ok(declared @ DataType::Struct(_)) => match kindling_frame::as_strings(&declared).or_raise()? {
            DataType::Struct(fields) => Ok(Schema::new(fields)),
            _ => Ok(Schema::default()),
        },
        _ => Err(not_expected(vm, "schema", "StructType or str", value)),
    }
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let named = |names: Names| names.iter().map(|name| format!("{name}=None")).collect::<Vec<_>>().join(", ");
    let mut builder = ClassBuilder::new("DataFrameReader", "pyspark.sql")
        .doc("Reads files: spark.read.csv(path, header=True, inferSchema=True).")
        .method(
            "format(self, source) -> DataFrameReader",
            "Which format load() reads: \"csv\", \"json\", \"parquet\", \"text\", \"xml\" or \"libsvm\".",
            |vm, values| {
                this(&values[0])?.state.borrow_mut().format = Some(args::text(vm, &values[1], "source")?.to_lowercase());
                Ok(values[0].clone())
            },
        )
        .method("option(self, key, value) -> DataFrameReader", "Sets an option, such as option(\"header\", True).", |vm, values| {
            let (name, value) = (args::text(vm, &values[1], "key")?, option_text(vm, &values[2])?);
            this(&values[0])?.set(name, value);
            Ok(values[0].clone())
        })
        .method("options(self, **options) -> DataFrameReader", "Sets several options.", |vm, values| {
            this(&values[0])?.set_all(vm, &values[1])?;
            Ok(values[0].clone())
        })
        .method(
            "schema(self, schema) -> DataFrameReader",
            "Gives the columns and their types: a StructType or a text such as \"id INT, name STRING\".",
            |vm, values| {
                this(&values[0])?.state.borrow_mut().schema = Some(schema_of(vm, &values[1])?);
                Ok(values[0].clone())
            },
        )
        .method(
            "load(self, path=None, format=None, schema=None, **options) -> DataFrame",
            "Reads files in the format that was set.",
            |vm, values| {
                let reader = this(&values[0])?;
                reader.set_all(vm, &values[4])?;
                reader.set_schema(vm, &values[3])?;
                let format = match args::optional_text(vm, &values[2], "format")? {
                    Some(format) => format,
                    None => reader.state.borrow().format.clone().unwrap_or_else(|| "parquet".to_owned()),
                };
                let paths = args::optional_texts(vm, &values[1], "path")?.unwrap_or_default();
                reader.load(&format, &paths).map(frame_value)
            },
        )
        .method("parquet(self, *paths, **options) -> DataFrame", "Reads Parquet files.", |vm, values| {
            let reader = this(&values[0])?;
            reader.set_all(vm, &values[2])?;
            let mut paths = Vec::new();
            for path in values[1].as_sequence().unwrap_or_default() {
                paths.extend(args::texts(vm, &path, "paths")?);
            }
            reader.load("parquet", &paths).map(frame_value)
        })
        .method(
            "table(self, tableName) -> DataFrame",
            "The frame of a saved table, of a temporary view, or of files: csv.`/files/a.csv`.",
            |vm, values| {
                let name = args::text(vm, &values[1], "tableName")?;
                let reader = this(&values[0])?;
                let state = reader.state.borrow();
                if state.schema.is_some() {
                    let text = "User specified schema not supported with `table`.";
                    return Err(spark_error("AnalysisException", "_LEGACY_ERROR_TEMP_1189", text.to_owned()));
                }
                let options: Vec<(&str, &str)> = state.options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                reader.session.relation(&name, &options).or_raise().map(frame_value)
            },
        );
    for (format, doc, first, names) in [
        ("csv", "Reads CSV files, or a frame or RDD of texts.", &[] as Names, CSV),
        ("json", "Reads JSON files, a record a line, or a frame or RDD of texts.", &[] as Names, JSON),
        ("xml", "Reads XML files, an element rowTag a row, or a frame or RDD of texts.", &["rowTag"], XML),
    ] {
        // XML's first option stands before the schema.
        let before: String = first.iter().map(|name| format!("{name}=None, ")).collect();
        let signature = format!("{format}(self, path, {before}schema=None, {}) -> DataFrame", named(names));
        builder = builder.method(&signature, doc, move |vm, values| {
            let reader = this(&values[0])?;
            reader.set_named(vm, first, &values[2..])?;
            reader.set_named(vm, names, &values[3 + first.len()..])?;
            reader.set_schema(vm, &values[2 + first.len()])?;
            if let Some(texts) = texts(vm, &values[1])? {
                return reader.texts(format, &texts).map(frame_value);
            }
            if values[1].as_str().is_none() && values[1].as_sequence().is_none() {
                return Err(not_expected(vm, "path", "str, list, RDD, or DataFrame", &values[1]));
            }
            let paths = args::texts(vm, &values[1], "path")?;
            reader.load(format, &paths).map(frame_value)
        });
    }
    let text = format!("text(self, paths, {}) -> DataFrame", named(TEXT));
    builder = builder.method(&text, "Reads text files, a row a line.", |vm, values| {
        let reader = this(&values[0])?;
        reader.set_named(vm, TEXT, &values[2..])?;
        let paths = args::texts(vm, &values[1], "paths")?;
        reader.load("text", &paths).map(frame_value)
    });
    for format in ["orc", "jdbc"] {
        builder = builder.method(&format!("{format}(self, *args, **kwargs)"), "Not in Kindling.", move |_, _| {
            Err(missing(&format!("the format '{format}'"), "spark.read reads csv, json, parquet, text and xml files."))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}
