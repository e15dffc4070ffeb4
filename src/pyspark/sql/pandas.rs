//! Frames of Spark as frames of pandas, and back.
//!
//! The dtypes are those that Spark's `toPandas` gives: whole numbers keep their width when none is null and are float64 else, dates, arrays,
//! structs, maps and vectors are objects. An array in a cell is NumPy's, of int64 or float64 whatever its width in Spark: there are no others
//! here.

use arrow_array::{Array, ArrayRef};
use kindling_frame::{DataFrame, DataType, Field, Schema, Session, Value as Cell, infer_schema, value_at};
use kindling_python::{Args, NdArray, PyDict, PyResult, Value, Vm};

use crate::args;
use crate::convert::{cell, cell_of, to_python};
use crate::errors::{OrRaise, spark_error};

/// The helpers on Python's side.
const MODULE: &str = "_pandas_output";

/// `df.toPandas()`
pub(super) fn to_pandas(vm: &mut Vm, frame: &DataFrame) -> PyResult<Value> {
    let batches = frame.partitions().or_raise()?;
    let columns: Vec<(String, DataType, Vec<ArrayRef>)> = (0..frame.schema().len())
        .map(|at| {
            let field = &frame.schema().fields()[at];
            (field.name.to_string(), field.data_type.clone(), batches.iter().map(|batch| batch.columns[at].clone()).collect())
        })
        .collect();
    made(vm, &columns)
}

/// A frame of pandas of these columns, each in parts.
pub(super) fn made(vm: &mut Vm, columns: &[(String, DataType, Vec<ArrayRef>)]) -> PyResult<Value> {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (name, data_type, parts) in columns {
        names.push(Value::str(name.as_str()));
        values.push(column(vm, parts, data_type)?);
    }
    let module = vm.import(MODULE)?;
    vm.call_method(&module, "made", Args::new([Value::list(names), Value::list(values)]))
}

/// The name of a column's dtype, and its data.
fn column(vm: &mut Vm, parts: &[ArrayRef], data_type: &DataType) -> PyResult<Value> {
    let has_nulls = parts.iter().any(|part| part.null_count() > 0);
    let cells = parts.iter().flat_map(|part| (0..part.len()).map(move |row| value_at(part, data_type, row)));
    let (kind, data) = match data_type {
        DataType::Byte | DataType::Short | DataType::Int | DataType::Long if !has_nulls => {
            let kind = match data_type {
                DataType::Byte => "int8",
                DataType::Short => "int16",
                DataType::Int => "int32",
                _ => "int64",
            };
            (kind, Value::native(NdArray::ints(cells.map(|cell| whole(&cell)).collect())))
        }
        DataType::Timestamp | DataType::TimestampNtz => {
            ("datetime64[us]", Value::native(NdArray::ints(cells.map(|cell| whole(&cell)).collect())))
        }
        DataType::DayTimeInterval(..) => ("timedelta64[us]", Value::native(NdArray::ints(cells.map(|cell| whole(&cell)).collect()))),
        DataType::Byte | DataType::Short | DataType::Int | DataType::Long | DataType::Float | DataType::Double => {
            let kind = if *data_type == DataType::Float { "float32" } else { "float64" };
            (kind, Value::native(NdArray::row(cells.map(|cell| number(&cell)).collect())))
        }
        DataType::Boolean if !has_nulls => {
            ("bool", Value::native(NdArray::bools(cells.map(|cell| matches!(cell, Cell::Boolean(true))).collect())))
        }
        DataType::String => {
            let texts = cells.map(|cell| match cell {
                Cell::String(text) => Value::str(&*text),
                _ => Value::Float(f64::NAN),
            });
            ("str", Value::list(texts.collect::<Vec<_>>()))
        }
        _ => {
            let mut items = Vec::new();
            for cell in cells {
                vm.tick()?;
                items.push(object(vm, &cell)?);
            }
            ("object", Value::list(items))
        }
    };
    Ok(Value::tuple([Value::str(kind), data]))
}

/// A whole number or a time; null is the least, pandas' NaT.
fn whole(cell: &Cell) -> i64 {
    match cell {
        Cell::Byte(v) => i64::from(*v),
        Cell::Short(v) => i64::from(*v),
        Cell::Int(v) => i64::from(*v),
        Cell::Long(v) | Cell::Timestamp(v) | Cell::TimestampNtz(v) | Cell::DayTimeInterval(v, ..) => *v,
        _ => i64::MIN,
    }
}

fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::Float(v) => f64::from(*v),
        Cell::Double(v) => *v,
        Cell::Null => f64::NAN,
        other => whole(other) as f64,
    }
}

/// A value of an object column: arrays are NumPy's, structs are dicts.
fn object(vm: &mut Vm, cell: &Cell) -> PyResult<Value> {
    Ok(match cell {
        Cell::Array(items) => {
            let values = items.iter().map(|item| object(vm, item)).collect::<PyResult<Vec<_>>>()?;
            let plain = items.iter().all(|item| {
                matches!(
                    item,
                    Cell::Byte(_) | Cell::Short(_) | Cell::Int(_) | Cell::Long(_) | Cell::Float(_) | Cell::Double(_) | Cell::Boolean(_)
                )
            });
            let module = vm.import("numpy")?;
            let mut args = vec![Value::list(values)];
            if !plain {
                args.push(Value::str("object"));
            }
            vm.call_method(&module, "array", Args::new(args))?
        }
        Cell::Struct(row) => {
            let dict = PyDict::default();
            for (name, value) in row.names.iter().zip(&row.values) {
                let value = object(vm, value)?;
                dict.set(vm, Value::str(&**name), value)?;
            }
            Value::Dict(dict.into())
        }
        other => to_python(vm, other)?,
    })
}

/// Whether a value is a frame of pandas.
pub(super) fn is_frame(vm: &mut Vm, value: &Value) -> bool {
    vm.type_name(value) == "DataFrame" && vm.has_attr(value, &kindling_python::Name::new("values_")).unwrap_or(false)
}

/// A frame or a column of pandas in lists: names, names of dtypes, and values of each column.
pub(super) struct Lists {
    pub names: Vec<String>,
    kinds: Vec<String>,
    pub columns: Vec<Vec<Value>>,
}

impl Lists {
    pub(super) fn of(vm: &mut Vm, frame: &Value) -> PyResult<Self> {
        let module = vm.import(MODULE)?;
        let parts = vm.call_method(&module, "lists", Args::new([frame.clone()]))?.as_sequence().unwrap_or_default();
        let part = |at: usize| parts.get(at).cloned().unwrap_or(Value::None);
        let names = args::texts(vm, &part(0), "names")?;
        let kinds = args::texts(vm, &part(1), "kinds")?;
        let columns = part(2).as_sequence().unwrap_or_default().iter().map(|column| column.as_sequence().unwrap_or_default()).collect();
        Ok(Self { names, kinds, columns })
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// The rows as lists.
    pub(super) fn items(&self) -> Vec<Value> {
        (0..self.rows()).map(|row| Value::list(self.columns.iter().map(|column| column[row].clone()).collect::<Vec<_>>())).collect()
    }

    /// The types that Spark gives the columns: by their dtypes, those of objects by their values.
    fn schema(&self, vm: &mut Vm) -> PyResult<Schema> {
        let mut fields = Vec::new();
        for ((name, kind), values) in self.names.iter().zip(&self.kinds).zip(&self.columns) {
            let data_type = match kind.as_str() {
                "int64" | "uint32" => DataType::Long,
                "int32" | "uint16" => DataType::Int,
                "int16" | "uint8" => DataType::Short,
                "int8" => DataType::Byte,
                "float64" => DataType::Double,
                "float32" => DataType::Float,
                "bool" => DataType::Boolean,
                "str" => DataType::String,
                "datetime64[us]" => DataType::Timestamp,
                // Days to seconds.
                "timedelta64[us]" => DataType::DayTimeInterval(0, 3),
                _ => {
                    let cells = values.iter().map(|value| Ok(vec![cell(vm, value)?])).collect::<PyResult<Vec<_>>>()?;
                    let inferred = infer_schema(&[name], &cells).or_raise()?;
                    inferred.fields().first().map_or(DataType::Null, |field| field.data_type.clone())
                }
            };
            fields.push(Field::new(name.as_str(), data_type, true));
        }
        Ok(Schema::new(fields))
    }
}

/// `spark.createDataFrame(pdf)` with names at most.
pub(crate) fn from_pandas(vm: &mut Vm, session: &Session, frame: &Value, names: &[String]) -> PyResult<DataFrame> {
    let mut lists = Lists::of(vm, frame)?;
    if lists.names.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_INFER_EMPTY_SCHEMA", "Can not infer schema from an empty dataset."));
    }
    for (name, given) in lists.names.iter_mut().zip(names) {
        name.clone_from(given);
    }
    let schema = lists.schema(vm)?;
    let mut rows: Vec<Vec<Cell>> = (0..lists.rows()).map(|_| Vec::with_capacity(lists.columns.len())).collect();
    for (column, field) in lists.columns.iter().zip(schema.fields()) {
        for (row, value) in rows.iter_mut().zip(column) {
            vm.tick()?;
            row.push(cell_of(vm, value, field)?);
        }
    }
    session.create_dataframe(&rows, schema).or_raise()
}

/// The frame that shows a frame or a column of pandas, its labels first unless they only count the rows.
pub(crate) fn shown(vm: &mut Vm, session: &Session, value: &Value) -> PyResult<Option<DataFrame>> {
    let name = vm.type_name(value);
    if name != "DataFrame" || !is_frame(vm, value) {
        return Ok(None);
    }
    let module = vm.import(MODULE)?;
    let whole = vm.call_method(&module, "labelled", Args::new([value.clone()]))?;
    Ok(from_pandas(vm, session, &whole, &[]).ok())
}
