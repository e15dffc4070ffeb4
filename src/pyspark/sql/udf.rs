//! Python functions of rows: `F.udf`, `spark.udf.register`, `F.call_udf`.
//!
//! A frame with such a column computes on the driver's thread. The notebook's interpreter waits for the action there, so that the functions
//! run in another one, as they run in a worker of their own on a cluster: they see what they close over and the notebook's names, what they
//! print is not shown, and their errors come back as `PythonException`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use std::sync::atomic::Ordering::Relaxed;

use arrow_array::ArrayRef;
use kindling_frame::{Column, DataType, Field, Row, Value as Cell, array_of, value_at};
use kindling_partition::{Error, ErrorKind, Executor, task_counters};
use kindling_python::{Args, ClassBuilder, Host, Interpreter, Name, NativeObject, PyError, PyModule, PyResult, Stream, Value, Vm};

use super::column::{column_or_name, column_value};
use super::pandas_udf::PandasFunction;
use super::types;
use crate::args;
use crate::convert::{cell_of, to_python};
use crate::errors::{not_expected, spark_error};

thread_local! {
    static WORKER: RefCell<Option<Interpreter>> = const { RefCell::new(None) };
    /// The functions by their numbers.
    static FUNCTIONS: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
    /// The functions that `spark.udf.register` and calls by name know.
    static REGISTERED: RefCell<BTreeMap<String, Registered>> = const { RefCell::new(BTreeMap::new()) };
}

/// A function by name: of the values of rows, or of pandas.
type Registered = Rc<dyn Fn(Vec<Column>) -> Column>;

/// What a worker has of the outside: nothing.
struct Silent;

impl Host for Silent {
    fn write(&mut self, _: Stream, _: &str) {}

    fn poll(&mut self) -> bool {
        task_counters().cancel.load(Relaxed) != 0
    }

    fn now(&self) -> f64 {
        0.0
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        0
    }
}

/// A Python function of rows.
#[derive(Clone)]
pub(crate) struct Function {
    number: usize,
    function: Value,
    name: String,
    returns: DataType,
    /// The names of the last arguments, where they are given by name.
    keywords: Rc<[String]>,
}

impl NativeObject for Function {
    fn class_name(&self) -> &str {
        "UserDefinedFunction"
    }

    fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        let mut columns = Vec::new();
        for value in args.positional {
            columns.push(column_or_name(vm, &value, "cols")?);
        }
        if args.keywords.is_empty() {
            return Ok(column_value(self.of(vm, columns)));
        }
        let mut shown: Vec<String> = columns.iter().map(|c| c.expr().column_name()).collect();
        let mut named = Self { keywords: Rc::default(), ..self.clone() };
        let mut names = Vec::new();
        for (name, value) in args.keywords {
            let column = column_or_name(vm, &value, "cols")?;
            shown.push(format!("{name} => {}", column.expr().column_name()));
            columns.push(column);
            names.push(name.to_string());
        }
        named.keywords = names.into();
        Ok(column_value(named.of(vm, columns).alias(format!("{}({})", self.name, shown.join(", ")))))
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "func" => Some(self.function.clone()),
            "evalType" => Some(Value::Int(100)),
            "returnType" => Some(types::type_value(self.returns.clone())),
            "deterministic" => Some(Value::Bool(true)),
            "__name__" | "_name" => Some(Value::str(self.name.as_str())),
            _ => None,
        })
    }
}

impl Function {
    fn new(vm: &mut Vm, function: &Value, name: Option<String>, returns: DataType) -> Self {
        let own = vm.get_attr_str(function, "__name__").ok().and_then(|n| n.as_str().map(str::to_owned));
        let number = number_of(function);
        let name = name.or(own).unwrap_or_else(|| vm.type_name(function));
        Self { number, function: function.clone(), name, returns, keywords: Rc::default() }
    }

    fn of(&self, vm: &Vm, columns: Vec<Column>) -> Column {
        adopt(vm);
        self.call_of(columns)
    }

    fn call_of(&self, columns: Vec<Column>) -> Column {
        let (number, returns, keywords) = (self.number, self.returns.clone(), self.keywords.to_vec());
        let field = Field::new(self.name.as_str(), returns.clone(), true);
        Column::on_driver(self.name.as_str(), columns, field, move |executor, args, rows| {
            rows_of(executor, number, &returns, &keywords, args, rows)
        })
    }
}

/// Lets the worker see what the notebook knows now.
pub(super) fn adopt(vm: &Vm) {
    WORKER.with_borrow_mut(|worker| worker.get_or_insert_with(|| Interpreter::new(Silent)).vm().adopt(vm));
}

/// Lets the functions that SQL text may call see what the notebook knows now.
pub(super) fn before_sql(vm: &Vm) {
    if WORKER.with_borrow(Option::is_some) {
        adopt(vm);
    }
}

/// The number by which a column finds the function again.
pub(super) fn number_of(function: &Value) -> usize {
    FUNCTIONS.with_borrow_mut(|all| {
        all.push(function.clone());
        all.len() - 1
    })
}

/// Runs something with a function in the worker.
pub(super) fn on_worker<T>(
    executor: &Executor,
    number: usize,
    work: impl FnOnce(&mut Vm, &Value) -> PyResult<T>,
) -> kindling_partition::Result<T> {
    let Some(function) = FUNCTIONS.with_borrow(|all| all.get(number).cloned()) else {
        return Err(Error::runtime("A Python function can be called on the driver's thread only."));
    };
    let worked = in_worker(|vm| work(vm, &function));
    executor.check()?;
    worked
}

/// Does something in the worker.
pub(super) fn in_worker<T>(work: impl FnOnce(&mut Vm) -> PyResult<T>) -> kindling_partition::Result<T> {
    // Taken out: a function may run an action that calls functions itself.
    let Some(mut worker) = WORKER.with_borrow_mut(Option::take) else {
        return Err(Error::runtime("A Python function of rows can't run an action that calls another one."));
    };
    let worked = work(worker.vm());
    let failed = worked.map_err(|error| {
        let message = worker.vm().str(&error.value()).unwrap_or_default();
        format!("{}: {message}", error.class_name())
    });
    WORKER.set(Some(worker));
    failed.map_err(|message| {
        let text = format!("An exception was thrown from the Python worker. Please see the stack trace below.\n{message}");
        Error::new(ErrorKind::Python, text)
    })
}

/// Calls the function for each row.
fn rows_of(
    executor: &Executor,
    number: usize,
    returns: &DataType,
    keywords: &[String],
    args: &[ArrayRef],
    rows: usize,
) -> kindling_partition::Result<ArrayRef> {
    let types: Vec<DataType> = args.iter().map(|a| DataType::of_arrow(a.data_type())).collect();
    let cells = on_worker(executor, number, |vm, function| {
        let mut cells = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut positional = args.iter().zip(&types).map(|(a, t)| to_python(vm, &value_at(a, t, row))).collect::<PyResult<Vec<_>>>()?;
            let last = positional.split_off(positional.len() - keywords.len());
            let keywords = keywords.iter().map(|name| Name::new(name)).zip(last).collect();
            let value = vm.call(function, Args { positional, keywords })?;
            cells.push(returned(vm, &value, returns)?);
            if row % 64 == 0 && executor.check().is_err() {
                break;
            }
        }
        Ok(cells)
    })?;
    array_of(returns, &cells)
}

/// What a function gave as a value of its type; what doesn't fit is null, as in Spark.
pub(super) fn returned(vm: &mut Vm, value: &Value, data_type: &DataType) -> PyResult<Cell> {
    if value.is_none() {
        return Ok(Cell::Null);
    }
    Ok(match data_type {
        DataType::String => match value.as_str() {
            Some(text) => Cell::from(text),
            None => Cell::from(vm.str(value)?),
        },
        // A whole number is one with a fraction, too.
        DataType::Float if matches!(value, Value::Int(_)) => Cell::Float(value.as_f64().unwrap_or(f64::NAN) as f32),
        DataType::Double if matches!(value, Value::Int(_)) => Cell::Double(value.as_f64().unwrap_or(f64::NAN)),
        DataType::Float | DataType::Double | DataType::Boolean | DataType::Byte | DataType::Short | DataType::Int | DataType::Long => {
            cell_of(vm, value, &Field::new("value", data_type.clone(), true)).unwrap_or(Cell::Null)
        }
        DataType::Array(element, _) => match value.as_sequence() {
            Some(items) => Cell::Array(items.iter().map(|item| returned(vm, item, element)).collect::<PyResult<_>>()?),
            // A NumPy array.
            None if matches!(value, Value::Native(_)) => {
                let items = vm.collect(value)?;
                Cell::Array(items.iter().map(|item| returned(vm, item, element)).collect::<PyResult<_>>()?)
            }
            None => Cell::Null,
        },
        DataType::Map(key, item, _) => match value.as_dict() {
            Some(dict) => {
                let items = dict.items();
                let entries = items.iter().map(|(k, v)| Ok((returned(vm, k, key)?, returned(vm, v, item)?)));
                Cell::Map(entries.collect::<PyResult<_>>()?)
            }
            None => Cell::Null,
        },
        DataType::Struct(fields) => {
            let items = match value.as_dict() {
                Some(dict) => fields.iter().map(|f| dict.get_str(&f.name).unwrap_or(Value::None)).collect(),
                None => crate::convert::row_items(value).unwrap_or_default(),
            };
            if items.len() != fields.len() {
                let text =
                    format!("A row of {} values was expected for {}, but got {}.", fields.len(), data_type.simple_string(), items.len());
                return Err(spark_error("PySparkRuntimeError", "RESULT_LENGTH_MISMATCH", text));
            }
            let values = items.iter().zip(fields).map(|(item, f)| returned(vm, item, &f.data_type)).collect::<PyResult<_>>()?;
            Cell::Struct(Row::new(fields.iter().map(|f| f.name.clone()), values))
        }
        other => cell_of(vm, value, &Field::new("value", other.clone(), true)).unwrap_or(Cell::Null),
    })
}

/// `F.udf`, also as a decorator with and without a type.
pub(super) fn install(module: &PyModule) {
    module.set(
        "udf",
        Value::function(
            "udf(f=None, returnType=None, *, useArrow=None)",
            "A function of columns from a Python function of their values; a decorator, too. The type of the result is a string unless given.",
            |vm, values| {
                let (first, given) = (&values[0], &values[1]);
                let is_type = first.is_none() || first.as_str().is_some() || types::type_object(first).is_some();
                let chosen = if is_type && !first.is_none() { first } else { given };
                let returns = if chosen.is_none() { DataType::String } else { types::data_type(vm, chosen, "returnType")? };
                if !is_type {
                    return Ok(Value::native(Function::new(vm, first, None, returns)));
                }
                Ok(Value::function("udf(f)", "Makes a function of columns.", move |vm, values| {
                    Ok(Value::native(Function::new(vm, &values[0], None, returns.clone())))
                }))
            },
        ),
    );
    module.set(
        "call_udf",
        Value::function("call_udf(udfName, *cols) -> Column", "The function that was registered by this name.", |vm, values| {
            let name = args::text(vm, &values[0], "udfName")?;
            let mut columns = Vec::new();
            for item in args::spread(&values[1]) {
                columns.push(column_or_name(vm, &item, "cols")?);
            }
            match registered(vm, &name, &columns) {
                Some(column) => Ok(column_value(column)),
                None => super::functions::call(&name, columns),
            }
        }),
    );
}

/// The call of a function that was registered by this name.
pub(crate) fn registered(vm: &Vm, name: &str, columns: &[Column]) -> Option<Column> {
    let function = REGISTERED.with_borrow(|all| all.get(&name.to_lowercase()).cloned())?;
    adopt(vm);
    Some(function(columns.to_vec()))
}

/// Makes a function known by a name.
fn register(vm: &Vm, name: &str, call: impl Fn(Vec<Column>) -> Column + Clone + 'static) {
    REGISTERED.with_borrow_mut(|all| all.insert(name.to_lowercase(), Rc::new(call.clone())));
    adopt(vm);
    kindling_frame::functions::register(name, call);
}

fn type_given() -> PyError {
    let text = "Invalid return type: data type can not be specified when f is a user-defined function, but got one.";
    spark_error("PySparkTypeError", "CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF", text)
}

/// `spark.udf`
pub(crate) struct Registration;

impl NativeObject for Registration {
    fn class_name(&self) -> &str {
        "UDFRegistration"
    }
}

pub(super) fn install_classes(vm: &mut Vm) {
    let class = ClassBuilder::new("UserDefinedFunction", "pyspark.sql.udf")
        .doc("A function of columns from a Python function.")
        .method("asNondeterministic(self)", "The same function: every call of it is made once for each row here.", |_, values| {
            Ok(values[0].clone())
        })
        .build();
    vm.register_class(&class);
    let registration = ClassBuilder::new("UDFRegistration", "pyspark.sql.udf")
        .doc("Functions by name: spark.udf.register(name, function).")
        .method(
            "register(self, name, f, returnType=None)",
            "Makes a Python function or a udf known by a name, for call_udf() and SQL.",
            |vm, values| {
                let name = args::text(vm, &values[1], "name")?;
                if let Some(function) = values[2].as_native::<PandasFunction>() {
                    if !values[3].is_none() {
                        return Err(type_given());
                    }
                    let function = function.named(&name);
                    let known = function.clone();
                    register(vm, &name, move |columns| known.call_of(columns));
                    return Ok(Value::native(function));
                }
                let function = match values[2].as_native::<Function>() {
                    Some(_) if !values[3].is_none() => return Err(type_given()),
                    Some(function) => Function { name: name.clone(), ..function.clone() },
                    None if matches!(values[2], Value::Function(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_)) => {
                        let returns = if values[3].is_none() { DataType::String } else { types::data_type(vm, &values[3], "returnType")? };
                        Function::new(vm, &values[2], Some(name.clone()), returns)
                    }
                    None => return Err(not_expected(vm, "f", "a Python function or a udf", &values[2])),
                };
                let known = function.clone();
                register(vm, &name, move |columns| known.call_of(columns));
                Ok(Value::native(function))
            },
        )
        .build();
    vm.register_class(&registration);
    let module = PyModule::new("pyspark.sql.udf").doc("Python functions of rows.");
    module.set("UserDefinedFunction", class);
    module.set("UDFRegistration", registration);
    vm.add_module(module);
}
