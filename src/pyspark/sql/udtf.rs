//! Python functions that make tables: `F.udtf`, `df.asTable()`, `spark.udtf.register`.
//!
//! The rows that such a class is to see lie together as an array of structs of its arguments; it makes of them an array of structs, which
//! become the rows of a frame. It runs where functions of rows do; see [`super::udf`].

use kindling_frame::{Column, DataFrame, DataType, Expr, Session, Value as Cell, array_of, functions, one_row, value_at};
use kindling_python::{Args, ClassBuilder, Name, NativeObject, PyError, PyModule, PyResult, Value, Vm};

use super::column::column_or_name;
use super::frame::{frame_of, frame_value};
use super::row::RowObject;
use super::{pandas_udf, types, udf};
use crate::args;
use crate::convert::{row_items, to_python};
use crate::errors::{OrRaise, not_expected, spark_error};

/// A class whose `eval` makes rows.
#[derive(Clone)]
struct TableFunction {
    number: usize,
    class: Value,
    name: String,
    /// None when the class's `analyze` says it for each call.
    returns: Option<DataType>,
}

/// `df.asTable()`
#[derive(Clone)]
struct TableArg {
    frame: DataFrame,
    keys: Vec<Column>,
    orders: Vec<Column>,
    single: bool,
}

/// An argument of a call, before the rows are known.
enum Given {
    Column(Column),
    Table(TableArg),
}

impl NativeObject for TableArg {
    fn class_name(&self) -> &str {
        "TableArg"
    }
}

impl NativeObject for TableFunction {
    fn class_name(&self) -> &str {
        "UserDefinedTableFunction"
    }

    fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        let mut given = Vec::new();
        for value in &args.positional {
            given.push((None, argument(vm, value)?));
        }
        for (name, value) in &args.keywords {
            given.push((Some(name.to_string()), argument(vm, value)?));
        }
        let session = super::session::current(vm)?;
        udf::adopt(vm);
        self.rows(vm, &session, given).map(frame_value)
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "func" => Some(self.class.clone()),
            "returnType" => Some(self.returns.clone().map_or(Value::None, types::type_value)),
            "deterministic" => Some(Value::Bool(false)),
            "__name__" | "_name" => Some(Value::str(self.name.as_str())),
            _ => None,
        })
    }
}

fn argument(vm: &mut Vm, value: &Value) -> PyResult<Given> {
    Ok(match value.as_native::<TableArg>() {
        Some(table) => Given::Table(table.clone()),
        None => Given::Column(column_or_name(vm, value, "args")?),
    })
}

impl TableFunction {
    /// The frame that a call makes.
    fn rows(&self, vm: &mut Vm, session: &Session, given: Vec<(Option<String>, Given)>) -> PyResult<DataFrame> {
        let names: Vec<Option<String>> = given.iter().map(|(name, _)| name.clone()).collect();
        let mut table = None;
        let mut cells = Vec::new();
        for (i, (_, given)) in given.iter().enumerate() {
            let cell = match given {
                Given::Column(column) => column.clone(),
                Given::Table(found) => {
                    let row = functions::call("struct", pandas_udf::all_columns(&found.frame)?).or_raise()?;
                    table = Some(found.clone());
                    row
                }
            };
            cells.push(cell.alias(format!("_{i}")));
        }
        let source = match &table {
            None => one_row(session),
            Some(table) => table.laid_out()?,
        };
        let returns = match &self.returns {
            Some(returns) => returns.clone(),
            None => self.analyzed(vm, &source, &given, &cells)?,
        };
        // A call without arguments sees one struct all the same.
        cells.push(Column::lit(true).alias("_called"));
        let call = functions::call("struct", cells).or_raise()?;
        let keys = table.map(|table| table.keys).unwrap_or_default();
        let (frame, calls) = if keys.is_empty() {
            (source, functions::call("array", vec![call]).or_raise()?)
        } else {
            let calls = functions::call("collect_list", vec![call]).or_raise()?.alias("calls");
            let frame = source.group_by(&keys).or_raise()?.agg(&[calls]).or_raise()?;
            (frame, Column::name("calls"))
        };
        let (number, each, result) = (self.number, !keys.is_empty(), pandas_udf::rows_field(&returns));
        let made = result.data_type.clone();
        let column = Column::on_driver(self.name.as_str(), [calls], result, move |executor, args, rows| {
            if rows == 0 {
                return array_of(&made, &[]);
            }
            let kind = DataType::of_arrow(args[0].data_type());
            let cells = udf::on_worker(executor, number, |vm, class| {
                let mut run = Run { class, names: &names, returns: &returns, instance: None, rows: Vec::new() };
                let mut cells = Vec::with_capacity(rows);
                for row in 0..rows {
                    let calls = to_python(vm, &value_at(&args[0], &kind, row))?;
                    for call in calls.as_sequence().unwrap_or_default() {
                        run.eval(vm, row_items(&call).unwrap_or_default())?;
                    }
                    if each {
                        cells.push(Cell::Array(run.end(vm)?.into()));
                    }
                }
                if !each {
                    // The first row of the batch brings all of them.
                    cells = vec![Cell::Array(Vec::new().into()); rows];
                    cells[0] = Cell::Array(run.end(vm)?.into());
                }
                Ok(cells)
            })?;
            array_of(&made, &cells)
        });
        let rows = functions::call("inline", vec![column]).or_raise()?;
        frame.select(&[rows]).or_raise()
    }

    /// What the class's `analyze` says of the columns that a call makes.
    fn analyzed(&self, vm: &mut Vm, source: &DataFrame, given: &[(Option<String>, Given)], cells: &[Column]) -> PyResult<DataType> {
        let kinds = source.select(cells).or_raise()?;
        let mut call = Args::new(Vec::new());
        for ((name, given), field) in given.iter().zip(kinds.schema().iter()) {
            let value = match given {
                Given::Column(column) => match &**column.expr() {
                    Expr::Literal(value) => Some(to_python(vm, value)?),
                    _ => None,
                },
                Given::Table(_) => None,
            };
            let cells = vec![
                types::type_value(field.data_type.clone()),
                value.clone().unwrap_or(Value::None),
                Value::Bool(matches!(given, Given::Table(_))),
                Value::Bool(value.is_some()),
            ];
            let about = Value::native(RowObject::of_class("AnalyzeArgument", &ARGUMENT, cells));
            match name {
                Some(name) => call = call.keyword(name, about),
                None => call.positional.push(about),
            }
        }
        let analyze = vm.get_attr_str(&self.class, "analyze")?;
        let result = vm.call(&analyze, call)?;
        let schema = vm.get_attr_str(&result, "schema")?;
        types::data_type(vm, &schema, "schema")
    }
}

const ARGUMENT: [&str; 4] = ["dataType", "value", "isTable", "isConstantExpression"];
const RESULT: [&str; 5] = ["schema", "withSinglePartition", "partitionBy", "orderBy", "select"];

/// One object of a class at work.
struct Run<'a> {
    class: &'a Value,
    names: &'a [Option<String>],
    returns: &'a DataType,
    instance: Option<Value>,
    rows: Vec<Cell>,
}

impl Run<'_> {
    fn instance(&mut self, vm: &mut Vm) -> PyResult<Value> {
        if self.instance.is_none() {
            self.instance = Some(vm.call(self.class, Args::new(Vec::new()))?);
        }
        Ok(self.instance.clone().unwrap_or(Value::None))
    }

    fn eval(&mut self, vm: &mut Vm, values: Vec<Value>) -> PyResult<()> {
        let mut call = Args::new(Vec::new());
        for (name, value) in self.names.iter().zip(values) {
            match name {
                Some(name) => call.keywords.push((Name::new(name), value)),
                None => call.positional.push(value),
            }
        }
        let instance = self.instance(vm)?;
        let eval = vm.get_attr_str(&instance, "eval")?;
        let made = vm.call(&eval, call)?;
        self.take(vm, &made)
    }

    /// The rows so far, and those that `terminate` adds; the next row gets a fresh object.
    fn end(&mut self, vm: &mut Vm) -> PyResult<Vec<Cell>> {
        let instance = self.instance(vm)?;
        if let Ok(terminate) = vm.get_attr_str(&instance, "terminate") {
            let made = vm.call(&terminate, Args::new(Vec::new()))?;
            self.take(vm, &made)?;
        }
        self.instance = None;
        Ok(std::mem::take(&mut self.rows))
    }

    fn take(&mut self, vm: &mut Vm, made: &Value) -> PyResult<()> {
        if made.is_none() {
            return Ok(());
        }
        let fields = if let DataType::Struct(fields) = self.returns { fields.len() } else { 1 };
        for row in vm.collect(made)? {
            let items = if row.as_dict().is_some() { None } else { row_items(&row) };
            let Some(items) = items else {
                let text = format!("The type of an output row is expected to be tuple, list or Row, but got {}.", vm.type_name(&row));
                return Err(spark_error("PySparkRuntimeError", "UDTF_INVALID_OUTPUT_ROW_TYPE", text));
            };
            if items.len() != fields {
                let text = format!(
                    "The number of columns in the result does not match the specified schema. Expected column count: {fields}, Actual column \
                     count: {}. Please make sure the values you want to return have the same number of columns as the specified schema.",
                    items.len()
                );
                return Err(spark_error("PySparkRuntimeError", "UDTF_RETURN_SCHEMA_MISMATCH", text));
            }
            self.rows.push(udf::returned(vm, &row, self.returns)?);
        }
        Ok(())
    }
}

impl TableArg {
    /// The rows in the partitions and the order that were asked for.
    fn laid_out(&self) -> PyResult<DataFrame> {
        let frame = if self.single { self.frame.coalesce(1).or_raise()? } else { self.frame.clone() };
        if self.orders.is_empty() {
            return Ok(frame);
        }
        if self.keys.is_empty() {
            return frame.sort_within_partitions(&self.orders).or_raise();
        }
        frame.sort(&self.keys.iter().chain(&self.orders).cloned().collect::<Vec<_>>()).or_raise()
    }
}

fn made(vm: &mut Vm, class: &Value, returns: &Value) -> PyResult<Value> {
    if !matches!(class, Value::Class(_)) {
        let text = format!("Invalid user defined table function: the function handler must be a class, but got '{}'.", vm.type_name(class));
        return Err(spark_error("PySparkTypeError", "INVALID_UDTF_HANDLER_TYPE", text));
    }
    if vm.get_attr_str(class, "eval").is_err() {
        let text = "Failed to create the user defined table function: it does not implement the 'eval' method. Please add one.";
        return Err(spark_error("PySparkAttributeError", "INVALID_UDTF_NO_EVAL", text));
    }
    let analyzes = vm.get_attr_str(class, "analyze").is_ok();
    let returns = match (returns, analyzes) {
        (Value::None, true) => None,
        (Value::None, false) => {
            let text = "Failed to create the user defined table function: it has neither a returnType nor a static method 'analyze'.";
            return Err(spark_error("PySparkAttributeError", "UDTF_RETURN_TYPE_MISSING", text));
        }
        (_, true) => {
            let text =
                "Failed to create the user defined table function: it has both a returnType and a static method 'analyze'. Keep one.";
            return Err(spark_error("PySparkAttributeError", "INVALID_UDTF_BOTH_RETURN_TYPE_AND_ANALYZE", text));
        }
        (schema, false) => Some(pandas_udf::rows_type(vm, schema)?),
    };
    let name = vm.get_attr_str(class, "__name__")?.as_str().unwrap_or("udtf").to_owned();
    Ok(Value::native(TableFunction { number: udf::number_of(class), class: class.clone(), name, returns }))
}

/// `F.udtf`, also as a decorator with and without a type.
pub(super) fn install(module: &PyModule) {
    module.set(
        "udtf",
        Value::function(
            "udtf(cls=None, *, returnType=None, useArrow=None)",
            "A function that makes a table, from a class with eval(); a decorator, too.",
            |vm, values| {
                if !values[0].is_none() {
                    return made(vm, &values[0], &values[1]);
                }
                let returns = values[1].clone();
                Ok(Value::function("udtf(cls)", "Makes a table function.", move |vm, values| made(vm, &values[0], &returns)))
            },
        ),
    );
}

/// `spark.udtf`
pub(crate) struct Registration;

impl NativeObject for Registration {
    fn class_name(&self) -> &str {
        "UDTFRegistration"
    }
}

fn table(value: &Value) -> PyResult<TableArg> {
    value.as_native::<TableArg>().cloned().ok_or_else(|| PyError::type_error("not a TableArg"))
}

pub(super) fn as_table(builder: ClassBuilder) -> ClassBuilder {
    builder.method("asTable(self)", "The rows as an argument of a table function.", |vm, values| {
        let frame = frame_of(vm, &values[0], "self")?;
        Ok(Value::native(TableArg { frame, keys: Vec::new(), orders: Vec::new(), single: false }))
    })
}

pub(super) fn install_classes(vm: &mut Vm) {
    let several =
        |vm: &mut Vm, value: &Value| args::spread(value).iter().map(|item| column_or_name(vm, item, "cols")).collect::<PyResult<Vec<_>>>();
    let argument = ClassBuilder::new("TableArg", "pyspark.sql.table_arg")
        .doc("The rows of a frame as an argument of a table function.")
        .method("partitionBy(self, *cols)", "An object of the function for each value of these columns.", move |vm, values| {
            let table = table(&values[0])?;
            if table.single {
                let text = "Cannot call partitionBy() after withSinglePartition() has been called.";
                return Err(spark_error("IllegalArgumentException", "", text));
            }
            let keys = table.keys.iter().cloned().chain(several(vm, &values[1])?).collect();
            Ok(Value::native(TableArg { keys, ..table }))
        })
        .method("orderBy(self, *cols)", "In this order within each partition.", move |vm, values| {
            let table = table(&values[0])?;
            if table.keys.is_empty() && !table.single {
                let text = "Please call partitionBy() or withSinglePartition() before orderBy().";
                return Err(spark_error("IllegalArgumentException", "", text));
            }
            let orders = table.orders.iter().cloned().chain(several(vm, &values[1])?).collect();
            Ok(Value::native(TableArg { orders, ..table }))
        })
        .method("withSinglePartition(self)", "One object of the function for all rows.", |_, values| {
            let table = table(&values[0])?;
            if !table.keys.is_empty() {
                let text = "Cannot call withSinglePartition() after partitionBy() has been called.";
                return Err(spark_error("IllegalArgumentException", "", text));
            }
            Ok(Value::native(TableArg { single: true, ..table }))
        })
        .build();
    vm.register_class(&argument);
    let class = ClassBuilder::new("UserDefinedTableFunction", "pyspark.sql.udtf")
        .doc("A function that makes a table.")
        .method("asDeterministic(self)", "The same function.", |_, values| Ok(values[0].clone()))
        .build();
    vm.register_class(&class);
    let registration = ClassBuilder::new("UDTFRegistration", "pyspark.sql.udtf")
        .doc("Table functions by name: spark.udtf.register(name, function).")
        .method("register(self, name, f)", "Makes a table function known to SQL by a name.", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            let Some(function) = values[2].as_native::<TableFunction>().cloned() else {
                return Err(not_expected(vm, "f", "a user-defined table function", &values[2]));
            };
            udf::adopt(vm);
            functions::register_table(&name, move |session, columns| {
                let given = columns.into_iter().map(|(name, column)| (name, Given::Column(column))).collect();
                udf::in_worker(|vm| function.rows(vm, session, given))
            });
            Ok(values[2].clone())
        })
        .build();
    vm.register_class(&registration);
    vm.add_module(PyModule::new("pyspark.sql.table_arg").with("TableArg", argument));
    let module = PyModule::new("pyspark.sql.udtf").doc("Python functions that make tables.");
    module.set("UserDefinedTableFunction", class);
    module.set("UDTFRegistration", registration);
    let about = |name: &'static str, fields: &'static [&'static str], signature: &str, doc: &str| {
        let make = move |_: &mut Vm, values: Vec<Value>| Ok(Value::native(RowObject::of_class(name, fields, values)));
        module.set(name, Value::function(signature, doc, make));
    };
    about(
        "AnalyzeArgument",
        &ARGUMENT,
        "AnalyzeArgument(dataType, value=None, isTable=False, isConstantExpression=False)",
        "What analyze() is told of an argument.",
    );
    about(
        "AnalyzeResult",
        &RESULT,
        "AnalyzeResult(schema, withSinglePartition=False, partitionBy=(), orderBy=(), select=())",
        "What analyze() says of the columns that a call makes.",
    );
    vm.add_module(module);
}
