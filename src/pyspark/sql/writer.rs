//! `df.write`.

use std::cell::RefCell;
use std::rc::Rc;

use kindling_frame::{DataFrame, Save, SaveMode};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyResult, Value, Vm};

use super::reader::option_text;
use crate::args;
use crate::errors::{OrRaise, missing};

/// A frame and how it is to be written; each setter gives the same writer back.
pub(crate) struct WriterObject {
    frame: DataFrame,
    save: RefCell<Save>,
}

/// The named options of a format's own method, in PySpark's order after `path` and `mode`.
type Names = &'static [&'static str];

#[rustfmt::skip]
const CSV: Names = &[
    "compression", "sep", "quote", "escape", "header", "nullValue", "escapeQuotes", "quoteAll", "dateFormat", "timestampFormat",
    "ignoreLeadingWhiteSpace", "ignoreTrailingWhiteSpace", "charToEscapeQuoteEscaping", "encoding", "emptyValue", "lineSep",
];

const JSON: Names = &["compression", "dateFormat", "timestampFormat", "lineSep", "encoding", "ignoreNullFields"];

#[rustfmt::skip]
const XML: Names = &[
    "attributePrefix", "valueTag", "rootTag", "declaration", "arrayElementName", "nullValue", "dateFormat", "timestampFormat",
    "compression", "encoding", "validateName",
];

impl WriterObject {
    pub(crate) fn new(frame: DataFrame) -> Self {
        Self { frame, save: RefCell::new(Save { format: "parquet".to_owned(), ..Save::default() }) }
    }

    fn set(&self, name: &str, value: String) {
        let options = &mut self.save.borrow_mut().options;
        options.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        options.push((name.to_owned(), value));
    }

    fn set_named(&self, vm: &mut Vm, names: Names, values: &[Value]) -> PyResult<()> {
        for (name, value) in names.iter().zip(values).filter(|(_, value)| !value.is_none()) {
            self.set(name, option_text(vm, value)?);
        }
        Ok(())
    }

    fn set_all(&self, vm: &mut Vm, options: &Value) -> PyResult<()> {
        for (name, value) in options.as_dict().map(|dict| dict.items()).unwrap_or_default() {
            self.set(name.as_str().unwrap_or_default(), option_text(vm, &value)?);
        }
        Ok(())
    }

    fn set_mode(&self, vm: &mut Vm, mode: &Value) -> PyResult<()> {
        if let Some(mode) = args::optional_text(vm, mode, "mode")? {
            self.save.borrow_mut().mode = SaveMode::parse(&mode).or_raise()?;
        }
        Ok(())
    }

    fn set_format(&self, vm: &mut Vm, format: &Value) -> PyResult<()> {
        if let Some(format) = args::optional_text(vm, format, "format")? {
            self.save.borrow_mut().format = format.to_lowercase();
        }
        Ok(())
    }

    fn set_partitions(&self, vm: &mut Vm, columns: &Value) -> PyResult<()> {
        if let Some(columns) = args::optional_texts(vm, columns, "partitionBy")? {
            self.save.borrow_mut().partition_by = columns;
        }
        Ok(())
    }

    fn save(&self, vm: &mut Vm, path: &Value) -> PyResult<Value> {
        let mut save = self.save.borrow_mut();
        let mut given = args::optional_text(vm, path, "path")?;
        save.options.retain(|(name, value)| {
            let is_path = name.eq_ignore_ascii_case("path");
            if is_path && given.is_none() {
                given = Some(value.clone());
            }
            !is_path
        });
        let path = given.ok_or_else(|| PyError::value_error("There is no path to write to: give one, as in save(\"/files/out\")."))?;
        self.frame.save(&path, &save).or_raise().map(|()| Value::None)
    }
}

impl NativeObject for WriterObject {
    fn class_name(&self) -> &str {
        "DataFrameWriter"
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(format!("<pyspark.sql.readwriter.DataFrameWriter object at {:p}>", std::ptr::from_ref(self)))
    }
}

fn this(value: &Value) -> PyResult<&WriterObject> {
    value.as_native::<WriterObject>().ok_or_else(|| PyError::type_error("not a DataFrameWriter"))
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let named = |names: Names| names.iter().map(|name| format!("{name}=None")).collect::<Vec<_>>().join(", ");
    let mut builder = ClassBuilder::new("DataFrameWriter", "pyspark.sql.readwriter")
        .doc("Writes a frame to files: df.write.csv(path, header=True).")
        .method(
            "mode(self, saveMode) -> DataFrameWriter",
            "What happens when the path exists: error, overwrite, append or ignore.",
            |vm, values| {
                this(&values[0])?.set_mode(vm, &values[1])?;
                Ok(values[0].clone())
            },
        )
        .method(
            "format(self, source) -> DataFrameWriter",
            "Which format save() writes: \"csv\", \"json\", \"parquet\", \"text\", \"xml\" or \"libsvm\".",
            |vm, values| {
                this(&values[0])?.set_format(vm, &values[1])?;
                Ok(values[0].clone())
            },
        )
        .method("option(self, key, value) -> DataFrameWriter", "Sets an option, such as option(\"header\", True).", |vm, values| {
            let (name, value) = (args::text(vm, &values[1], "key")?, option_text(vm, &values[2])?);
            this(&values[0])?.set(&name, value);
            Ok(values[0].clone())
        })
        .method("options(self, **options) -> DataFrameWriter", "Sets several options.", |vm, values| {
            this(&values[0])?.set_all(vm, &values[1])?;
            Ok(values[0].clone())
        })
        .method(
            "partitionBy(self, *cols) -> DataFrameWriter",
            "Names folders after the values of these columns, as year=2024.",
            |vm, values| {
                let columns = Value::list(args::spread(&values[1]));
                this(&values[0])?.set_partitions(vm, &columns)?;
                Ok(values[0].clone())
            },
        )
        .method(
            "bucketBy(self, numBuckets, col, *cols) -> DataFrameWriter",
            "Saved tables have no buckets here, and their rows don't depend on them: nothing changes.",
            |_, values| Ok(values[0].clone()),
        )
        .method("sortBy(self, col, *cols) -> DataFrameWriter", "As bucketBy(), whose buckets it sorts: nothing changes.", |_, values| {
            Ok(values[0].clone())
        })
        .method(
            "save(self, path=None, format=None, mode=None, partitionBy=None, **options)",
            "Writes a folder of files in the format that was set.",
            |vm, values| {
                let writer = this(&values[0])?;
                writer.set_all(vm, &values[5])?;
                writer.set_mode(vm, &values[3])?;
                writer.set_format(vm, &values[2])?;
                writer.set_partitions(vm, &values[4])?;
                writer.save(vm, &values[1])
            },
        )
        .method(
            "parquet(self, path, mode=None, partitionBy=None, compression=None)",
            "Writes a folder of Parquet files, one for each partition.",
            |vm, values| {
                let writer = this(&values[0])?;
                writer.save.borrow_mut().format = "parquet".to_owned();
                writer.set_mode(vm, &values[2])?;
                writer.set_partitions(vm, &values[3])?;
                writer.set_named(vm, &["compression"], &values[4..])?;
                writer.save(vm, &values[1])
            },
        )
        .method(
            "saveAsTable(self, name, format=None, mode=None, partitionBy=None, **options)",
            "Saves a table that spark.table(name) reads, also on the next visit.",
            |vm, values| {
                let writer = this(&values[0])?;
                writer.set_all(vm, &values[5])?;
                writer.set_mode(vm, &values[3])?;
                writer.set_format(vm, &values[2])?;
                writer.set_partitions(vm, &values[4])?;
                let name = args::text(vm, &values[1], "name")?;
                writer.frame.save_as_table(&name, &writer.save.borrow()).or_raise().map(|()| Value::None)
            },
        )
        .method(
            "insertInto(self, tableName, overwrite=None)",
            "Puts the rows into a saved table, column by column in order.",
            |vm, values| {
                let writer = this(&values[0])?;
                let name = args::text(vm, &values[1], "tableName")?;
                let overwrite = if values[2].is_none() { writer.save.borrow().mode == SaveMode::Overwrite } else { vm.truth(&values[2])? };
                writer.frame.insert_into(&name, overwrite).or_raise().map(|()| Value::None)
            },
        )
        .method(
            "text(self, path, compression=None, lineSep=None)",
            "Writes a folder of text files from the one column of strings.",
            |vm, values| {
                let writer = this(&values[0])?;
                writer.save.borrow_mut().format = "text".to_owned();
                writer.set_named(vm, &["compression", "lineSep"], &values[2..])?;
                writer.save(vm, &values[1])
            },
        );
    for (format, doc, first, names) in [
        ("csv", "Writes a folder of CSV files, one for each partition.", &[] as Names, CSV),
        ("json", "Writes a folder of JSON files, a record a line.", &[] as Names, JSON),
        ("xml", "Writes a folder of XML files, an element rowTag a row.", &["rowTag"], XML),
    ] {
        // XML's first option stands before the mode.
        let before: String = first.iter().map(|name| format!("{name}=None, ")).collect();
        builder = builder.method(&format!("{format}(self, path, {before}mode=None, {})", named(names)), doc, move |vm, values| {
            let writer = this(&values[0])?;
            writer.save.borrow_mut().format = format.to_owned();
            writer.set_named(vm, first, &values[2..])?;
            writer.set_mode(vm, &values[2 + first.len()])?;
            writer.set_named(vm, names, &values[3 + first.len()..])?;
            writer.save(vm, &values[1])
        });
    }
    for (name, instead) in [
        ("orc", "df.write writes csv, json, parquet, text and xml files."),
        ("jdbc", "There are no databases to reach."),
        ("clusterBy", "Use partitionBy()."),
    ] {
        builder = builder.method(&format!("{name}(self, *args, **kwargs)"), "Not in Kindling.", move |_, _| {
            Err(missing(&format!("DataFrameWriter.{name}"), instead))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}
