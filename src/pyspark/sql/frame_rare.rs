//! Methods of `DataFrame` that are called seldom: other shapes of a table, tables of counts, levels of storage, global views.

use std::rc::Rc;

use kindling_frame::{Column, DataFrame, Schema};
use kindling_python::{Args, ClassBuilder, NativeObject, PyClass, PyModule, PyResult, Value, Vm};

use super::column::column_or_name;
use super::frame::{FrameObject, frame_of, frame_value};
use super::{observe, types};
use crate::args;
use crate::convert::{literal, row_to_python};
use crate::errors::{OrRaise, not_expected, spark_error};

fn this(value: &Value) -> PyResult<&DataFrame> {
    match value.as_native::<FrameObject>() {
        Some(object) => Ok(&object.0),
        None => Err(kindling_python::PyError::type_error("not a DataFrame")),
    }
}

fn framed(result: kindling_partition::Result<DataFrame>) -> PyResult<Value> {
    result.or_raise().map(frame_value)
}

pub(super) fn all(builder: ClassBuilder) -> ClassBuilder {
    storing(viewing(watching(shaping(builder))))
}

/// The number of partitions and the columns of `repartitionByRange(numPartitions, *cols)`, where the number may be left out.
fn by_range(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let rest = values[2].as_sequence().unwrap_or_default();
    let (number, columns) = match (&values[1], values[1].as_i64()) {
        (_, Some(number)) => (Some(usize::try_from(number).unwrap_or(0)), rest),
        (Value::Float(_), None) => return Err(not_expected(vm, "numPartitions", "Column, int or str", &values[1])),
        (column, None) => (None, std::iter::once(column.clone()).chain(rest).collect()),
    };
    if columns.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_BE_EMPTY", "At least one partition-by expression must be specified."));
    }
    let columns = columns.iter().map(|item| column_or_name(vm, item, "col")).collect::<PyResult<Vec<_>>>()?;
    framed(this(&values[0])?.repartition_by_range(number, &columns))
}

/// What looks at rows on their way.
fn watching(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("repartitionByRange(self, numPartitions, *cols) -> DataFrame", "The rows in partitions of neighbouring keys.", by_range)
        .method(
            "observe(self, observation, *exprs) -> DataFrame",
            "The same rows; the Observation gets aggregates of them.",
            |vm, values| {
                let figures = values[2].as_sequence().unwrap_or_default();
                observe::observe(vm, this(&values[0])?, &values[1], &figures)
            },
        )
        .method("foreach(self, f)", "Calls a function with each row.", |vm, values| {
            for row in this(&values[0])?.collect().or_raise()? {
                let row = row_to_python(vm, &row)?;
                vm.call(&values[1], Args::new(vec![row]))?;
            }
            Ok(Value::None)
        })
        .method("foreachPartition(self, f)", "Calls a function with an iterator over the rows of each partition.", |vm, values| {
            for rows in this(&values[0])?.collect_partitions().or_raise()? {
                let rows = rows.iter().map(|row| row_to_python(vm, row)).collect::<PyResult<Vec<_>>>()?;
                let rows = vm.iter(&Value::list(rows))?;
                vm.call(&values[1], Args::new(vec![rows]))?;
            }
            Ok(Value::None)
        })
}

/// One column or name, or a list of them.
fn several(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Vec<Column>> {
    let items = match value {
        Value::List(_) | Value::Tuple(_) => value.as_sequence().unwrap_or_default(),
        one => vec![one.clone()],
    };
    items.iter().map(|item| column_or_name(vm, item, name)).collect()
}

fn unpivot(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let ids = several(vm, &values[1], "ids")?;
    let columns = if values[2].is_none() { None } else { Some(several(vm, &values[2], "values")?) };
    let (variable, value) = (args::text(vm, &values[3], "variableColumnName")?, args::text(vm, &values[4], "valueColumnName")?);
    framed(this(&values[0])?.unpivot(&ids, columns.as_deref(), &variable, &value))
}

fn shaping(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method(
            "unpivot(self, ids, values, variableColumnName, valueColumnName) -> DataFrame",
            "For each row one row for each of the columns `values`.",
            unpivot,
        )
        .method("melt(self, ids, values, variableColumnName, valueColumnName) -> DataFrame", "As unpivot().", unpivot)
        .method("transpose(self, indexColumn=None) -> DataFrame", "Rows as columns and columns as rows.", |vm, values| {
            let index = if values[1].is_none() { None } else { Some(column_or_name(vm, &values[1], "indexColumn")?) };
            framed(this(&values[0])?.transpose(index.as_ref()))
        })
        .method("to(self, schema) -> DataFrame", "The columns that the schema names, with its types.", |vm, values| {
            let schema: Schema = match kindling_frame::as_strings(&types::declared_type(vm, &values[1], "schema")?).or_raise()? {
                kindling_frame::DataType::Struct(fields) => Schema::new(fields),
                _ => return Err(not_expected(vm, "schema", "StructType", &values[1])),
            };
            framed(this(&values[0])?.to(&schema))
        })
        .method("zipWithIndex(self, indexColName='index') -> DataFrame", "With the place of each row, from 0 on.", |vm, values| {
            let name = args::text(vm, &values[1], "indexColName")?;
            framed(this(&values[0])?.zip_with_index(&name))
        })
        .method("crosstab(self, col1, col2) -> DataFrame", "How often each pair of values occurs.", |vm, values| {
            crosstab(vm, this(&values[0])?, &values[1..])
        })
        .method("freqItems(self, cols, support=None) -> DataFrame", "Of each column the values that may be frequent.", |vm, values| {
            freq_items(vm, this(&values[0])?, &values[1..])
        })
        .method(
            "sampleBy(self, col, fractions, seed=None) -> DataFrame",
            "A share of the rows with each value of a column.",
            |vm, values| sample_by(vm, this(&values[0])?, &values[1..]),
        )
        .method("sameSemantics(self, other)", "Whether both are sure to give the same rows.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            Ok(Value::Bool(this(&values[0])?.same_semantics(&other)))
        })
}

pub(super) fn crosstab(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let (first, second) = (args::text(vm, &values[0], "col1")?, args::text(vm, &values[1], "col2")?);
    frame.check_times().or_raise()?;
    framed(frame.crosstab(&first, &second))
}

pub(super) fn freq_items(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let names = args::texts(vm, &values[0], "cols")?;
    let support = if values[1].is_none() { 0.01 } else { args::float(vm, &values[1], "support")? };
    framed(frame.freq_items(&args::strs(&names), support))
}

pub(super) fn sample_by(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let column = column_or_name(vm, &values[0], "col")?;
    let Some(dict) = values[1].as_dict().cloned() else { return Err(not_expected(vm, "fractions", "dict", &values[1])) };
    let mut fractions = Vec::new();
    for (key, fraction) in dict.items() {
        fractions.push((literal(vm, &key)?, args::float(vm, &fraction, "fractions")?));
    }
    let seed = super::frame_methods::seed(vm, &values[2])?;
    framed(frame.sample_by(&column, &fractions, seed))
}

/// Where global temporary views are.
const GLOBAL: &str = "global_temp";

fn viewing(builder: ClassBuilder) -> ClassBuilder {
    let checkpoint = |vm: &mut Vm, values: Vec<Value>| {
        if vm.truth(&values[1])? { framed(this(&values[0])?.checkpoint()) } else { Ok(frame_value(this(&values[0])?.cache())) }
    };
    builder
        .method("createOrReplaceGlobalTempView(self, name)", "Names the frame for spark.table(\"global_temp.name\").", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            this(&values[0])?.create_or_replace_temp_view(&format!("{GLOBAL}.{name}"));
            Ok(Value::None)
        })
        .method("createGlobalTempView(self, name)", "As createOrReplaceGlobalTempView(); an error when the name is taken.", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            let (frame, whole) = (this(&values[0])?, format!("{GLOBAL}.{name}"));
            if frame.session().views().contains(&whole.to_lowercase()) {
                let text = format!("Cannot create the temporary view `{GLOBAL}`.`{name}` because it already exists.");
                return Err(spark_error("AnalysisException", "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", text));
            }
            frame.create_or_replace_temp_view(&whole);
            Ok(Value::None)
        })
        .method("registerTempTable(self, name)", "The old name of createOrReplaceTempView().", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            this(&values[0])?.create_or_replace_temp_view(&name);
            Ok(Value::None)
        })
        .method("checkpoint(self, eager=True) -> DataFrame", "The rows as they are now, whatever they came from.", checkpoint)
        .method("localCheckpoint(self, eager=True, storageLevel=None) -> DataFrame", "As checkpoint().", checkpoint)
}

/// Where kept rows may lie: on disk, in memory, off the heap, as objects, and how often.
#[derive(Clone, Copy)]
struct Level(bool, bool, bool, bool, i64);

/// Spark's levels; here every one means memory.
const LEVELS: [(&str, Level); 12] = [
    ("NONE", Level(false, false, false, false, 1)),
    ("DISK_ONLY", Level(true, false, false, false, 1)),
    ("DISK_ONLY_2", Level(true, false, false, false, 2)),
    ("DISK_ONLY_3", Level(true, false, false, false, 3)),
    ("MEMORY_ONLY", Level(false, true, false, false, 1)),
    ("MEMORY_ONLY_2", Level(false, true, false, false, 2)),
    ("MEMORY_AND_DISK", Level(true, true, false, false, 1)),
    ("MEMORY_AND_DISK_2", Level(true, true, false, false, 2)),
    ("OFF_HEAP", Level(true, true, true, false, 1)),
    ("MEMORY_AND_DISK_DESER", Level(true, true, false, true, 1)),
    ("MEMORY_ONLY_SER", Level(false, true, false, false, 1)),
    ("MEMORY_AND_DISK_SER", Level(true, true, false, false, 1)),
];

impl NativeObject for Level {
    fn class_name(&self) -> &str {
        "StorageLevel"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "useDisk" => Value::Bool(self.0),
            "useMemory" => Value::Bool(self.1),
            "useOffHeap" => Value::Bool(self.2),
            "deserialized" => Value::Bool(self.3),
            "replication" => Value::from(self.4),
            _ => return Ok(None),
        }))
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        let word = |yes: bool| if yes { "True" } else { "False" };
        Ok(format!("StorageLevel({}, {}, {}, {}, {})", word(self.0), word(self.1), word(self.2), word(self.3), self.4))
    }

    fn str(&self, _: &mut Vm) -> PyResult<String> {
        let places = [(self.0, "Disk "), (self.1, "Memory "), (self.2, "OffHeap ")];
        let places: String = places.iter().filter(|(used, _)| *used).map(|(_, name)| *name).collect();
        Ok(format!("{places}{} {}x Replicated", if self.3 { "Deserialized" } else { "Serialized" }, self.4))
    }
}

fn storing(builder: ClassBuilder) -> ClassBuilder {
    builder.property("storageLevel", "Where the rows are kept: in memory after cache() or persist(), else nowhere.", |_, value| {
        let kept = this(value)?.is_cached();
        // What cache() asks for.
        Ok(Value::native(if kept { Level(true, true, false, true, 1) } else { LEVELS[0].1 }))
    })
}

/// Makes `pyspark.storagelevel`.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let mut builder = ClassBuilder::new("StorageLevel", "pyspark.storagelevel").doc("Where kept rows lie; here always in memory.");
    for (name, level) in LEVELS {
        builder = builder.attribute(name, Value::native(level));
    }
    let class = builder.build();
    vm.register_class(&class);
    vm.add_module(PyModule::new("pyspark.storagelevel").with("StorageLevel", class.clone()));
    class
}
