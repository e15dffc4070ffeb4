//! Functions of pandas: `F.pandas_udf`, `df.mapInPandas`, `applyInPandas` of groups and of two grouped frames.
//!
//! They run as functions of rows do (see `udf`). What makes other rows than it gets is a column of arrays of structs whose members become
//! the columns: of a whole batch for `mapInPandas`, of the collected rows of each group for `applyInPandas`.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use kindling_frame::{Column, DataFrame, DataType, Field, JoinKind, JoinOn, Row, Schema, Value as Cell, array_of, functions, value_at};
use kindling_python::{Args, ClassBuilder, NativeObject, PyModule, PyResult, Value, Vm};

use super::column::{column_or_name, column_value};
use super::frame::frame_value;
use super::pandas::{self, Lists};
use super::types;
use super::udf::{self, returned};
use crate::convert::to_python;
use crate::errors::{OrRaise, not_expected, spark_error};

/// What a function of pandas takes and gives.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Series to a Series of as many values.
    Scalar,
    /// An iterator of Series to an iterator of Series.
    Iterator,
    /// Series to one value, for each group.
    Aggregate,
}

/// `F.pandas_udf(f, returnType)`
#[derive(Clone)]
pub(super) struct PandasFunction {
    number: usize,
    name: String,
    returns: DataType,
    shape: Shape,
}

impl NativeObject for PandasFunction {
    fn class_name(&self) -> &str {
        "UserDefinedFunction"
    }

    fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        let mut columns = Vec::new();
        for value in args.positional {
            columns.push(column_or_name(vm, &value, "cols")?);
        }
        udf::adopt(vm);
        Ok(column_value(self.call_of(columns)))
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "returnType" => Some(types::type_value(self.returns.clone())),
            "deterministic" => Some(Value::Bool(true)),
            "evalType" => Some(Value::Int(match self.shape {
                Shape::Aggregate => 202,
                Shape::Iterator => 204,
                Shape::Scalar => 200,
            })),
            "__name__" | "_name" => Some(Value::str(self.name.as_str())),
            _ => None,
        })
    }
}

impl PandasFunction {
    /// The same function by another name.
    pub(super) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }

    pub(super) fn call_of(&self, columns: Vec<Column>) -> Column {
        let names: Vec<String> = columns.iter().map(|column| column.expr().column_name()).collect();
        let (number, returns, shape) = (self.number, self.returns.clone(), self.shape);
        let field = Field::new(self.name.as_str(), returns.clone(), true);
        if shape != Shape::Aggregate {
            return Column::on_driver(self.name.as_str(), columns, field, move |executor, args, rows| {
                if rows == 0 {
                    return array_of(&returns, &[]);
                }
                udf::on_worker(executor, number, |vm, function| vector(vm, function, shape, &returns, args, rows))
            });
        }
        let title = format!("{}({})", self.name, names.join(", "));
        let group = collected(columns.into_iter().enumerate().map(|(at, column)| column.alias(format!("_{at}"))).collect());
        let column = Column::on_driver(self.name.as_str(), [group], field, move |executor, args, rows| {
            udf::on_worker(executor, number, |vm, function| {
                let mut cells = Vec::with_capacity(rows);
                for row in 0..rows {
                    let series = members(vm, &args[0], row)?;
                    let value = vm.call(function, Args::new(series))?;
                    // A figure of nothing is NaN to pandas, null to Spark.
                    let is_nan = value.as_f64().is_some_and(f64::is_nan);
                    cells.push(if is_nan { Cell::Null } else { returned(vm, &value, &returns)? });
                }
                array_of(&returns, &cells).or_raise()
            })
        });
        column.alias(title)
    }
}

/// `collect_list(struct(…))`
fn collected(columns: Vec<Column>) -> Column {
    Column::call("collect_list", [Column::call("struct", columns)])
}

/// The structs of the array in a row as columns.
fn parts_of(array: &ArrayRef, row: usize) -> Vec<(String, DataType, Vec<ArrayRef>)> {
    let DataType::Array(element, _) = DataType::of_arrow(array.data_type()) else { return Vec::new() };
    let DataType::Struct(fields) = *element else { return Vec::new() };
    let items = if array.is_null(row) { None } else { array.as_list_opt::<i32>().map(|lists| lists.value(row)) };
    let columns = items.as_ref().and_then(|items| items.as_struct_opt()).map(|structs| structs.columns().to_vec());
    fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let parts = columns.as_ref().map(|columns| vec![columns[at].clone()]).unwrap_or_default();
            (field.name.to_string(), field.data_type.clone(), parts)
        })
        .collect()
}

/// Each member of the structs in a row as a Series.
fn members(vm: &mut Vm, array: &ArrayRef, row: usize) -> PyResult<Vec<Value>> {
    parts_of(array, row).into_iter().map(|part| series(vm, part)).collect()
}

/// A column as a Series, a struct as a DataFrame.
fn series(vm: &mut Vm, (name, data_type, parts): (String, DataType, Vec<ArrayRef>)) -> PyResult<Value> {
    if let DataType::Struct(fields) = &data_type {
        let inner: Vec<_> = fields
            .iter()
            .enumerate()
            .map(|(at, f)| {
                let parts = parts.iter().filter_map(|part| part.as_struct_opt().map(|structs| structs.column(at).clone())).collect();
                (f.name.to_string(), f.data_type.clone(), parts)
            })
            .collect();
        return pandas::made(vm, &inner);
    }
    let frame = pandas::made(vm, &[(name.clone(), data_type, parts)])?;
    vm.call_method(&frame, "__getitem__", Args::new([Value::str(name)]))
}

/// The values that a function gives for all rows of a batch.
fn vector(vm: &mut Vm, function: &Value, shape: Shape, returns: &DataType, args: &[ArrayRef], rows: usize) -> PyResult<ArrayRef> {
    let mut values = Vec::new();
    for (at, array) in args.iter().enumerate() {
        values.push(series(vm, (format!("_{at}"), DataType::of_arrow(array.data_type()), vec![array.clone()]))?);
    }
    let made = if shape == Shape::Iterator {
        let batch = if values.len() == 1 { values.remove(0) } else { Value::tuple(values) };
        let batches = vm.iter(&Value::list([batch]))?;
        let made = vm.call(function, Args::new([batches]))?;
        match vm.collect(&made)?.into_iter().next() {
            Some(first) => first,
            None => return Err(wrong_length(rows, 0)),
        }
    } else {
        vm.call(function, Args::new(values))?
    };
    let cells = match vm.type_name(&made).as_str() {
        "Series" => {
            let lists = Lists::of(vm, &made)?;
            let column = lists.columns.into_iter().next().unwrap_or_default();
            column.iter().map(|value| returned(vm, value, returns)).collect::<PyResult<Vec<_>>>()?
        }
        "DataFrame" => structs(vm, &made, returns)?,
        _ => {
            let mut cells = Vec::new();
            for value in vm.collect(&made)? {
                cells.push(returned(vm, &value, returns)?);
            }
            cells
        }
    };
    if cells.len() != rows {
        return Err(wrong_length(rows, cells.len()));
    }
    array_of(returns, &cells).or_raise()
}

fn wrong_length(expected: usize, found: usize) -> kindling_python::PyError {
    let text = format!(
        "The length of output in pandas_udf should be the same with the input's; the input length was {expected} and the output length was {found}."
    );
    spark_error("PySparkRuntimeError", "SCHEMA_MISMATCH_FOR_PANDAS_UDF", text)
}

/// The rows of a frame of pandas as structs: columns by their names, or by their places when none has a text for a name.
fn structs(vm: &mut Vm, frame: &Value, returns: &DataType) -> PyResult<Vec<Cell>> {
    if !pandas::is_frame(vm, frame) {
        let text = format!("Return type of the user-defined function should be pandas.DataFrame, but is {}.", vm.type_name(frame));
        return Err(spark_error("PySparkTypeError", "UDF_RETURN_TYPE", text));
    }
    let DataType::Struct(fields) = returns else { return Ok(Vec::new()) };
    let lists = Lists::of(vm, frame)?;
    if lists.names.is_empty() {
        return Ok(Vec::new());
    }
    let numbered = lists.names.iter().all(|name| name.parse::<usize>().is_ok());
    let missing: Vec<&str> = fields.iter().map(|f| &*f.name).filter(|name| !lists.names.iter().any(|n| n == name)).collect();
    if !numbered && !missing.is_empty() {
        let more: Vec<&str> = lists.names.iter().map(String::as_str).filter(|name| !fields.iter().any(|f| &*f.name == *name)).collect();
        let more = if more.is_empty() { String::new() } else { format!(" Unexpected: {}.", more.join(", ")) };
        let text = format!("Column names of the returned data do not match specified schema. Missing: {}.{more}", missing.join(", "));
        return Err(spark_error("PySparkRuntimeError", "RESULT_COLUMN_NAMES_MISMATCH", text));
    }
    if numbered && lists.names.len() != fields.len() {
        let text = format!(
            "Number of columns of the returned data doesn't match specified schema. Expected: {} Actual: {}",
            fields.len(),
            lists.names.len()
        );
        return Err(spark_error("PySparkRuntimeError", "RESULT_COLUMN_SCHEMA_MISMATCH", text));
    }
    let mut columns = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let place = if numbered { Some(at) } else { lists.names.iter().position(|name| *name == *field.name) };
        let values = place.map(|place| lists.columns[place].as_slice()).unwrap_or_default();
        columns.push(values.iter().map(|value| returned(vm, value, &field.data_type)).collect::<PyResult<Vec<_>>>()?);
    }
    let names = || fields.iter().map(|f| f.name.clone());
    Ok((0..lists.rows()).map(|row| Cell::Struct(Row::new(names(), columns.iter().map(|column| column[row].clone()).collect()))).collect())
}

/// The type that a `schema` argument means: a DDL text of columns, or a StructType.
pub(super) fn rows_type(vm: &mut Vm, schema: &Value) -> PyResult<DataType> {
    if let Some(text) = schema.as_str()
        && let Ok(schema) = Schema::parse(text)
    {
        return Ok(DataType::Struct(schema.fields().to_vec()));
    }
    let found = types::data_type(vm, schema, "schema")?;
    match found {
        DataType::Struct(_) => Ok(found),
        _ => Err(not_expected(vm, "schema", "a StructType or a text of columns", schema)),
    }
}

/// A column whose arrays of structs become the rows of a frame.
fn spread(frame: &DataFrame, column: Column) -> PyResult<Value> {
    let rows = functions::call("inline", vec![column]).or_raise()?;
    frame.select(&[rows]).or_raise().map(frame_value)
}

pub(super) fn rows_field(returns: &DataType) -> Field {
    Field::new("rows", DataType::Array(Box::new(returns.clone()), true), true)
}

/// `df.mapInPandas(func, schema)`
pub(super) fn map_in_pandas(vm: &mut Vm, frame: &DataFrame, function: &Value, schema: &Value) -> PyResult<Value> {
    let returns = rows_type(vm, schema)?;
    let number = udf::number_of(function);
    udf::adopt(vm);
    let field = rows_field(&returns);
    let result = field.data_type.clone();
    let fields: Vec<(String, DataType)> = frame.schema().fields().iter().map(|f| (f.name.to_string(), f.data_type.clone())).collect();
    let columns = all_columns(frame)?;
    let column = Column::on_driver("mapInPandas", columns, field, move |executor, args, rows| {
        if rows == 0 {
            return array_of(&result, &[]);
        }
        udf::on_worker(executor, number, |vm, function| {
            let parts: Vec<_> =
                fields.iter().zip(args).map(|((name, kind), array)| (name.clone(), kind.clone(), vec![array.clone()])).collect();
            let batch = pandas::made(vm, &parts)?;
            let batches = vm.iter(&Value::list([batch]))?;
            let made = vm.call(function, Args::new([batches]))?;
            if matches!(made, Value::Int(_) | Value::None | Value::Float(_)) || pandas::is_frame(vm, &made) {
                let text = format!(
                    "Return type of the user-defined function should be iterator of pandas.DataFrame, but is {}.",
                    vm.type_name(&made)
                );
                return Err(spark_error("PySparkTypeError", "UDF_RETURN_TYPE", text));
            }
            let mut all = Vec::new();
            for part in vm.collect(&made)? {
                all.extend(structs(vm, &part, &returns)?);
            }
            // The first row of the batch brings all of them.
            let mut cells = vec![Cell::Array(Vec::new().into()); rows];
            cells[0] = Cell::Array(all.into());
            array_of(&result, &cells).or_raise()
        })
    });
    spread(frame, column)
}

pub(super) fn all_columns(frame: &DataFrame) -> PyResult<Vec<Column>> {
    frame.columns().iter().map(|name| frame.col(&format!("`{}`", name.replace('`', "``"))).or_raise()).collect()
}

/// The keys named `_key0`, …, and the rows of each group as `rows`.
fn groups(frame: &DataFrame, keys: &[Column]) -> PyResult<DataFrame> {
    let named: Vec<Column> = keys.iter().enumerate().map(|(at, key)| key.alias(format!("_key{at}"))).collect();
    let rows = collected(all_columns(frame)?).alias("rows");
    frame.group_by(&named).or_raise()?.agg(&[rows]).or_raise()
}

/// `applyInPandas` of the groups of one frame, or of two with the same keys.
fn apply(vm: &mut Vm, frame: &DataFrame, keys: usize, sides: usize, function: &Value, schema: &Value) -> PyResult<Value> {
    let returns = rows_type(vm, schema)?;
    let with_key = parameters(function).is_some_and(|count| count > sides);
    let number = udf::number_of(function);
    udf::adopt(vm);
    let field = rows_field(&returns);
    let result = field.data_type.clone();
    let columns = all_columns(frame)?;
    let column = Column::on_driver("applyInPandas", columns, field, move |executor, args, rows| {
        udf::on_worker(executor, number, |vm, function| {
            let mut cells = Vec::with_capacity(rows);
            for row in 0..rows {
                let mut values = Vec::new();
                if with_key {
                    let key = args[..keys].iter().map(|array| to_python(vm, &value_at(array, &DataType::of_arrow(array.data_type()), row)));
                    values.push(Value::tuple(key.collect::<PyResult<Vec<_>>>()?));
                }
                for side in &args[keys..] {
                    values.push(pandas::made(vm, &parts_of(side, row))?);
                }
                let made = vm.call(function, Args::new(values))?;
                cells.push(Cell::Array(structs(vm, &made, &returns)?.into()));
            }
            array_of(&result, &cells).or_raise()
        })
    });
    spread(frame, column)
}

/// How many parameters a function has, when it says so.
fn parameters(function: &Value) -> Option<usize> {
    match function {
        Value::Function(function) => Some(usize::from(function.code.positional_count)),
        _ => None,
    }
}

/// `df.groupBy(…).applyInPandas(func, schema)`
pub(super) fn apply_in_pandas(vm: &mut Vm, frame: &DataFrame, keys: &[Column], function: &Value, schema: &Value) -> PyResult<Value> {
    apply(vm, &groups(frame, keys)?, keys.len(), 1, function, schema)
}

/// `df.groupBy(…).cogroup(other.groupBy(…))`
pub(super) struct Cogrouped {
    pub left: (DataFrame, Vec<Column>),
    pub right: (DataFrame, Vec<Column>),
}

impl NativeObject for Cogrouped {
    fn class_name(&self) -> &str {
        "PandasCogroupedOps"
    }
}

impl Cogrouped {
    fn apply(&self, vm: &mut Vm, function: &Value, schema: &Value) -> PyResult<Value> {
        let count = self.left.1.len();
        let left = groups(&self.left.0, &self.left.1)?;
        let right = groups(&self.right.0, &self.right.1)?;
        let mut condition: Option<Column> = None;
        for at in 0..count {
            let name = format!("_key{at}");
            let equal = left.col(&name).or_raise()?.eq_null_safe(&right.col(&name).or_raise()?);
            condition = Some(match condition {
                Some(all) => all.and(&equal),
                None => equal,
            });
        }
        let Some(condition) = condition else {
            return Err(spark_error("PySparkValueError", "", "cogroup needs the same number of keys on both sides, at least one."));
        };
        let joined = left.join(&right, &JoinOn::Condition(condition), JoinKind::Full).or_raise()?;
        let mut columns = Vec::new();
        for at in 0..count {
            let name = format!("_key{at}");
            let key = functions::call("coalesce", vec![left.col(&name).or_raise()?, right.col(&name).or_raise()?]).or_raise()?;
            columns.push(key.alias(name));
        }
        columns.push(left.col("rows").or_raise()?.alias("left"));
        columns.push(right.col("rows").or_raise()?.alias("right"));
        apply(vm, &joined.select(&columns).or_raise()?, count, 2, function, schema)
    }
}

/// What the hints of a function say; without hints it is of Series to a Series.
fn hinted(vm: &mut Vm, function: &Value) -> PyResult<Shape> {
    let hints = vm.get_attr_str(function, "__annotations__").unwrap_or(Value::None);
    let Some(hint) = hints.as_dict().and_then(|dict| dict.get_str("return")) else { return Ok(Shape::Scalar) };
    let text = match hint.as_str() {
        Some(text) => text.to_owned(),
        None => vm.repr(&hint)?,
    };
    Ok(match text {
        text if text.contains("Iterator") => Shape::Iterator,
        text if text.contains("Series") || text.contains("DataFrame") => Shape::Scalar,
        _ => Shape::Aggregate,
    })
}

fn wrapped(vm: &mut Vm, function: &Value, returns: DataType, given: Option<i64>) -> PyResult<Value> {
    let shape = match given {
        Some(202) => Shape::Aggregate,
        Some(204) => Shape::Iterator,
        Some(200) => Shape::Scalar,
        Some(_) => {
            return Err(spark_error(
                "PySparkNotImplementedError",
                "NOT_IMPLEMENTED",
                "GROUPED_MAP functions are groupBy(…).applyInPandas(func, schema) here.",
            ));
        }
        None => hinted(vm, function)?,
    };
    let name = vm.get_attr_str(function, "__name__").ok().and_then(|name| name.as_str().map(str::to_owned));
    let name = name.unwrap_or_else(|| vm.type_name(function));
    Ok(Value::native(PandasFunction { number: udf::number_of(function), name, returns, shape }))
}

/// `F.pandas_udf`, also as a decorator, and the class of two grouped frames.
pub(super) fn install(module: &PyModule) {
    module.set(
        "pandas_udf",
        Value::function(
            "pandas_udf(f=None, returnType=None, functionType=None)",
            "A function of columns from a Python function of pandas Series; a decorator, too.",
            |vm, values| {
                let (first, given) = (&values[0], &values[1]);
                let is_type = first.is_none() || first.as_str().is_some() || types::type_object(first).is_some();
                let (chosen, kind) = if is_type && !first.is_none() {
                    (first, if values[2].is_none() { given } else { &values[2] })
                } else {
                    (given, &values[2])
                };
                if chosen.is_none() {
                    return Err(spark_error("PySparkTypeError", "CANNOT_BE_NONE", "Argument `returnType` cannot be None."));
                }
                let returns = match chosen.as_str().map(|text| (DataType::parse(text), Schema::parse(text))) {
                    Some((Err(_), Ok(schema))) => DataType::Struct(schema.fields().to_vec()),
                    _ => types::data_type(vm, chosen, "returnType")?,
                };
                let kind = kind.as_i64();
                if !is_type {
                    return wrapped(vm, first, returns, kind);
                }
                Ok(Value::function("pandas_udf(f)", "Makes a function of columns.", move |vm, values| {
                    wrapped(vm, &values[0], returns.clone(), kind)
                }))
            },
        ),
    );
    let kinds = ClassBuilder::new("PandasUDFType", "pyspark.sql.functions")
        .doc("The kinds of functions of pandas, for pandas_udf.")
        .attribute("SCALAR", Value::Int(200))
        .attribute("GROUPED_MAP", Value::Int(201))
        .attribute("GROUPED_AGG", Value::Int(202))
        .attribute("SCALAR_ITER", Value::Int(204))
        .build();
    module.set("PandasUDFType", kinds);
}

pub(super) fn install_classes(vm: &mut Vm) {
    let class = ClassBuilder::new("PandasCogroupedOps", "pyspark.sql.pandas.group_ops")
        .doc("Two frames grouped by the same keys.")
        .method(
            "applyInPandas(self, func, schema) -> DataFrame",
            "The rows that a function gives for both sides of each key.",
            |vm, values| {
                let Some(both) = values[0].as_native::<Cogrouped>() else {
                    return Err(kindling_python::PyError::type_error("not a PandasCogroupedOps"));
                };
                both.apply(vm, &values[1], &values[2])
            },
        )
        .build();
    vm.register_class(&class);
}
