//! `df.write`.

use std::cell::RefCell;
use std::rc::Rc;

use kindling_frame::DataFrame;
use kindling_frame::csv::{CsvWriteOptions, SaveMode, save_csv};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyResult, Value, Vm};

use super::reader::option_text;
use crate::args;
use crate::errors::{OrRaise, missing};

/// A frame and how it is to be written; each setter gives the same writer back.
pub(crate) struct WriterObject {
    frame: DataFrame,
    state: RefCell<State>,
}

struct State {
    format: String,
    mode: SaveMode,
    options: Vec<(String, String)>,
}

/// The named options of `df.write.csv`, in PySpark's order after `path` and `mode`.
const CSV: [&str; 16] = [
    "compression",
    "sep",
    "quote",
    "escape",
    "header",
    "nullValue",
    "escapeQuotes",
    "quoteAll",
    "dateFormat",
    "timestampFormat",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "charToEscapeQuoteEscaping",
    "encoding",
    "emptyValue",
    "lineSep",
];

impl WriterObject {
    pub(crate) fn new(frame: DataFrame) -> Self {
        let state = State { format: "parquet".to_owned(), mode: SaveMode::default(), options: Vec::new() };
        Self { frame, state: RefCell::new(state) }
    }

    fn set(&self, name: &str, value: String) {
        let options = &mut self.state.borrow_mut().options;
        options.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        options.push((name.to_owned(), value));
    }

    fn set_mode(&self, mode: &str) -> PyResult<()> {
        self.state.borrow_mut().mode = SaveMode::parse(mode).or_raise()?;
        Ok(())
    }

    /// Writes a folder with one file for each partition.
    fn save_csv(&self, path: &str) -> PyResult<()> {
        let state = self.state.borrow();
        let options = CsvWriteOptions::from_pairs(state.options.iter().map(|(name, value)| (name.as_str(), value.as_str()))).or_raise()?;
        let session = self.frame.session();
        let partitions = self.frame.partitions().or_raise()?;
        save_csv(session.executor(), &**session.files(), path, self.frame.schema(), &partitions, &options, state.mode).or_raise()
    }
}

impl NativeObject for WriterObject {
    fn class_name(&self) -> &str {
        "DataFrameWriter"
    }
}

fn this(value: &Value) -> PyResult<&WriterObject> {
    value.as_native::<WriterObject>().ok_or_else(|| PyError::type_error("not a DataFrameWriter"))
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let csv = format!("csv(self, path, mode=None, {})", CSV.map(|name| format!("{name}=None")).join(", "));
    let mut builder = ClassBuilder::new("DataFrameWriter", "pyspark.sql")
        .doc("Writes a frame to files: df.write.csv(path, header=True).")
        .method(&csv, "Writes a folder of CSV files, one for each partition.", |vm, values| {
            let writer = this(&values[0])?;
            if let Some(mode) = args::optional_text(vm, &values[2], "mode")? {
                writer.set_mode(&mode)?;
            }
            for (name, value) in CSV.iter().zip(&values[3..]) {
                if !value.is_none() {
                    writer.set(name, option_text(vm, value)?);
                }
            }
            let path = args::text(vm, &values[1], "path")?;
            writer.save_csv(&path).map(|()| Value::None)
        })
        .method("mode(self, saveMode)", "What happens when the path exists: error, overwrite, append or ignore.", |vm, values| {
            let mode = args::text(vm, &values[1], "saveMode")?;
            this(&values[0])?.set_mode(&mode)?;
            Ok(values[0].clone())
        })
        .method("format(self, source)", "Which format save() writes: \"csv\".", |vm, values| {
            this(&values[0])?.state.borrow_mut().format = args::text(vm, &values[1], "source")?.to_lowercase();
            Ok(values[0].clone())
        })
        .method("option(self, key, value)", "Sets an option, such as option(\"header\", True).", |vm, values| {
            let (name, value) = (args::text(vm, &values[1], "key")?, option_text(vm, &values[2])?);
            this(&values[0])?.set(&name, value);
            Ok(values[0].clone())
        })
        .method("options(self, **options)", "Sets several options.", |vm, values| {
            for (name, value) in values[1].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                let value = option_text(vm, &value)?;
                this(&values[0])?.set(name.as_str().unwrap_or_default(), value);
            }
            Ok(values[0].clone())
        })
        .method("save(self, path=None, format=None, mode=None, **options)", "Writes files in the format that was set.", |vm, values| {
            let writer = this(&values[0])?;
            if let Some(mode) = args::optional_text(vm, &values[3], "mode")? {
                writer.set_mode(&mode)?;
            }
            for (name, value) in values[4].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                let value = option_text(vm, &value)?;
                writer.set(name.as_str().unwrap_or_default(), value);
            }
            let format = args::optional_text(vm, &values[2], "format")?.unwrap_or_else(|| writer.state.borrow().format.clone());
            if format != "csv" {
                return Err(missing(&format!("the format '{format}' for writing"), "df.write.csv() writes CSV files."));
            }
            let path = args::text(vm, &values[1], "path")?;
            writer.save_csv(&path).map(|()| Value::None)
        });
    for name in ["json", "parquet", "orc", "text", "saveAsTable", "insertInto", "jdbc", "partitionBy", "bucketBy", "sortBy"] {
        builder = builder.method(&format!("{name}(self, *args, **kwargs)"), "Not in Kindling yet.", move |_, _| {
            Err(missing(&format!("DataFrameWriter.{name}"), "df.write.csv() writes CSV files."))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}
