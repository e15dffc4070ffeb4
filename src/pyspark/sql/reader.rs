//! `spark.read`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::csv::{CsvOptions, CsvSource};
use kindling_frame::libsvm::LibsvmSource;
use kindling_frame::{DataFrame, Schema, Session};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyResult, Value, Vm};

use super::frame::frame_value;
use super::types;
use crate::args;
use crate::errors::{OrRaise, missing, not_expected};

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

/// The named options of `spark.read.csv`, in PySpark's order.
const CSV: [&str; 31] = [
    "sep",
    "encoding",
    "quote",
    "escape",
    "comment",
    "header",
    "inferSchema",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "nullValue",
    "nanValue",
    "positiveInf",
    "negativeInf",
    "dateFormat",
    "timestampFormat",
    "maxColumns",
    "maxCharsPerColumn",
    "maxMalformedLogPerPartition",
    "mode",
    "columnNameOfCorruptRecord",
    "multiLine",
    "charToEscapeQuoteEscaping",
    "samplingRatio",
    "enforceSchema",
    "emptyValue",
    "locale",
    "lineSep",
    "pathGlobFilter",
    "recursiveFileLookup",
    "modifiedBefore",
    "modifiedAfter",
];

impl ReaderObject {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, state: RefCell::default() }
    }

    fn set(&self, name: String, value: String) {
        let options = &mut self.state.borrow_mut().options;
        options.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        options.push((name, value));
    }

    fn load(&self, format: &str, paths: &[String]) -> PyResult<DataFrame> {
        let state = self.state.borrow().clone();
        match format {
            "csv" => {
                let pairs = state.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let options = CsvOptions::from_pairs(pairs).or_raise()?;
                let paths = args::strs(paths);
                let source =
                    CsvSource::open(self.session.executor(), &**self.session.files(), &paths, options, state.schema.as_ref()).or_raise()?;
                Ok(DataFrame::from_source(&self.session, Arc::new(source)))
            }
            "libsvm" => {
                let pairs = state.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let paths = args::strs(paths);
                let source = LibsvmSource::open(self.session.executor(), &**self.session.files(), &paths, pairs).or_raise()?;
                Ok(DataFrame::from_source(&self.session, Arc::new(source)))
            }
            other => Err(missing(&format!("the format '{other}'"), "It reads \"csv\" and \"libsvm\".")),
        }
    }
}

impl NativeObject for ReaderObject {
    fn class_name(&self) -> &str {
        "DataFrameReader"
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
    if let Some(text) = value.as_str() {
        return Schema::parse(text).or_raise();
    }
    match types::data_type(vm, value, "schema") {
        Ok(kindling_frame::DataType::Struct(fields)) => Ok(Schema::new(fields)),
        _ => Err(not_expected(vm, "schema", "StructType or str", value)),
    }
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let csv = format!("csv(self, path, schema=None, {}) -> DataFrame", CSV.map(|name| format!("{name}=None")).join(", "));
    let mut builder = ClassBuilder::new("DataFrameReader", "pyspark.sql")
        .doc("Reads files: spark.read.csv(path, header=True, inferSchema=True).")
        .method(&csv, "Reads CSV files.", |vm, values| {
            let reader = this(&values[0])?;
            for (name, value) in CSV.iter().zip(&values[3..]) {
                if !value.is_none() {
                    reader.set((*name).to_owned(), option_text(vm, value)?);
                }
            }
            if !values[2].is_none() {
                reader.state.borrow_mut().schema = Some(schema_of(vm, &values[2])?);
            }
            let paths = args::texts(vm, &values[1], "path")?;
            reader.load("csv", &paths).map(frame_value)
        })
        .method("format(self, source) -> DataFrameReader", "Which format load() reads: \"csv\" or \"libsvm\".", |vm, values| {
            this(&values[0])?.state.borrow_mut().format = Some(args::text(vm, &values[1], "source")?.to_lowercase());
            Ok(values[0].clone())
        })
        .method("option(self, key, value) -> DataFrameReader", "Sets an option, such as option(\"header\", True).", |vm, values| {
            let (name, value) = (args::text(vm, &values[1], "key")?, option_text(vm, &values[2])?);
            this(&values[0])?.set(name, value);
            Ok(values[0].clone())
        })
        .method("options(self, **options) -> DataFrameReader", "Sets several options.", |vm, values| {
            for (name, value) in values[1].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                let value = option_text(vm, &value)?;
                this(&values[0])?.set(name.as_str().unwrap_or_default().to_owned(), value);
            }
            Ok(values[0].clone())
        })
        .method(
            "schema(self, schema)",
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
                for (name, value) in values[4].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                    let value = option_text(vm, &value)?;
                    reader.set(name.as_str().unwrap_or_default().to_owned(), value);
                }
                if !values[3].is_none() {
                    reader.state.borrow_mut().schema = Some(schema_of(vm, &values[3])?);
                }
                let format = match args::optional_text(vm, &values[2], "format")? {
                    Some(format) => format,
                    None => reader.state.borrow().format.clone().unwrap_or_else(|| "parquet".to_owned()),
                };
                let paths = args::texts(vm, &values[1], "path")?;
                reader.load(&format, &paths).map(frame_value)
            },
        )
        .method("table(self, tableName) -> DataFrame", "The frame of a temporary view.", |vm, values| {
            let name = args::text(vm, &values[1], "tableName")?;
            this(&values[0])?.session.table(&name).or_raise().map(frame_value)
        });
    for format in ["json", "parquet", "orc", "text", "jdbc", "xml"] {
        builder = builder.method(&format!("{format}(self, *args, **kwargs)"), "Not in Kindling yet.", move |_, _| {
            Err(missing(&format!("the format '{format}'"), "spark.read.csv() reads CSV files."))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}
