//! Spark's exceptions as Python classes, and engine errors raised as them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use kindling_partition::{Error, ErrorKind};
use kindling_python::{ClassBuilder, Name, PyClass, PyError, PyModule, PyResult, Types, Value, Vm};

thread_local! {
    static CLASSES: RefCell<BTreeMap<&'static str, Rc<PyClass>>> = const { RefCell::new(BTreeMap::new()) };
}

const MODULE: &str = "pyspark.errors";

/// Each class with its base among Spark's own, and the builtin that it also is.
const DECLARED: [(&str, &str, Option<&str>); 22] = [
    ("AnalysisException", "PySparkException", None),
    ("ParseException", "AnalysisException", None),
    ("TempTableAlreadyExistsException", "AnalysisException", None),
    ("IllegalArgumentException", "PySparkException", None),
    ("NumberFormatException", "IllegalArgumentException", None),
    ("ArithmeticException", "PySparkException", None),
    ("DateTimeException", "PySparkException", None),
    ("ArrayIndexOutOfBoundsException", "PySparkException", None),
    ("SparkRuntimeException", "PySparkException", None),
    ("SparkNoSuchElementException", "PySparkException", None),
    ("SparkUpgradeException", "PySparkException", None),
    ("QueryExecutionException", "PySparkException", None),
    ("PythonException", "PySparkException", None),
    ("UnknownException", "PySparkException", None),
    ("PySparkTypeError", "PySparkException", Some("TypeError")),
    ("PySparkValueError", "PySparkException", Some("ValueError")),
    ("PySparkIndexError", "PySparkException", Some("IndexError")),
    ("PySparkKeyError", "PySparkException", Some("KeyError")),
    ("PySparkAttributeError", "PySparkException", Some("AttributeError")),
    ("PySparkRuntimeError", "PySparkException", Some("RuntimeError")),
    ("PySparkAssertionError", "PySparkException", Some("AssertionError")),
    ("PySparkNotImplementedError", "PySparkException", Some("NotImplementedError")),
];

/// Makes `pyspark.errors` and `pyspark.sql.utils`.
pub(crate) fn install(vm: &mut Vm) {
    let types = Types::get();
    let root = ClassBuilder::exception("PySparkException", MODULE, &types.exception_named("Exception"))
        .doc("The base of all exceptions that Spark raises.")
        .method("getCondition(self)", "The name of the error condition, `UNRESOLVED_COLUMN.WITH_SUGGESTION`, or None.", |vm, args| {
            vm.get_attr_str(&args[0], "_condition").or(Ok(Value::None))
        })
        .method("getErrorClass(self)", "As getCondition().", |vm, args| vm.get_attr_str(&args[0], "_condition").or(Ok(Value::None)))
        .method("getMessage(self)", "The text of the error.", |vm, args| Ok(Value::str(vm.str(&args[0])?)))
        .method("getMessageParameters(self)", "Always an empty dict.", |_, _| Ok(Value::dict::<&str>([])))
        .build();
    let mut classes = BTreeMap::from([("PySparkException", root)]);
    for (name, base, builtin) in DECLARED {
        let Some(base) = classes.get(base).cloned() else { continue };
        let class = match builtin {
            None => ClassBuilder::exception(name, MODULE, &base).build(),
            Some(builtin) => {
                let class = PyClass::builtin(name, base.layout, &[base.clone(), types.exception_named(builtin)]);
                class.attrs.borrow_mut().insert(Name::new("__module__"), Value::str(MODULE));
                Rc::new(class)
            }
        };
        classes.insert(name, class);
    }
    for module in [MODULE, "pyspark.sql.utils", "pyspark.errors.exceptions.base", "pyspark.errors.exceptions.captured"] {
        let mut made = PyModule::new(module).doc("Spark's exceptions.");
        for (name, class) in &classes {
            made = made.with(name, class.clone());
        }
        vm.add_module(made);
    }
    CLASSES.with(|cell| *cell.borrow_mut() = classes);
}

/// An exception of one of Spark's classes with a condition: `[CONDITION] message`.
pub(crate) fn spark_error(class: &str, condition: &str, message: impl std::fmt::Display) -> PyError {
    let text = if condition.is_empty() { message.to_string() } else { format!("[{condition}] {message}") };
    let error = match CLASSES.with(|cell| cell.borrow().get(class).cloned()) {
        Some(class) => PyError::of(&class, vec![Value::str(text)]),
        None => PyError::new(class, text),
    };
    if condition.is_empty() { error } else { error.with_attr("_condition", Value::str(condition)) }
}

/// The exception that a PySpark user would catch for an engine error.
pub(crate) fn raised(error: &Error) -> PyError {
    match error.kind() {
        ErrorKind::Python if let Some(own) = crate::ml::raised_by_stage(error) => own,
        ErrorKind::Cancelled => PyError::of(&Types::get().exception_named("KeyboardInterrupt"), vec![]),
        kind => {
            let raised = spark_error(kind.class_name(), "", error);
            match error.condition() {
                Some(condition) => raised.with_attr("_condition", Value::str(condition)),
                None => raised,
            }
        }
    }
}

/// As [`raised`] for params: a wrong type or value there is Python's own `TypeError` or `ValueError`.
pub(crate) fn raised_plain(error: &Error) -> PyError {
    match error.kind() {
        ErrorKind::Type => PyError::type_error(error.to_string()),
        ErrorKind::Value => PyError::value_error(error.to_string()),
        _ => raised(error),
    }
}

/// As [`raised_plain`] for `fit` and `transform`: Spark ML tells of a column that isn't there as of a bad argument.
pub(crate) fn raised_in_fit(error: &Error) -> PyError {
    match error.condition() {
        Some("UNRESOLVED_COLUMN.WITH_SUGGESTION" | "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION") => {
            spark_error("IllegalArgumentException", "FIELD_NOT_FOUND", error.message())
        }
        None if error.kind() == ErrorKind::Type => raised_plain(error),
        _ => raised(error),
    }
}

/// `[NOT_EXPECTED_TYPE]`: the argument `name` should be something else than what it is.
pub(crate) fn not_expected(vm: &mut Vm, name: &str, expected: &str, value: &Value) -> PyError {
    let found = vm.type_name(value);
    spark_error("PySparkTypeError", "NOT_EXPECTED_TYPE", format!("Argument `{name}` should be {expected}, got {found}."))
}

/// What Spark has and Kindling doesn't.
pub(crate) fn missing(what: &str, instead: &str) -> PyError {
    let hint = if instead.is_empty() { String::new() } else { format!(" {instead}") };
    PyError::not_supported(format!("Kindling doesn't have {what}.{hint}"))
}

/// Engine results on their way to Python.
pub(crate) trait OrRaise<T> {
    fn or_raise(self) -> PyResult<T>;
    /// As [`raised_plain`].
    fn or_raise_plain(self) -> PyResult<T>;
    /// As [`raised_in_fit`].
    fn or_raise_in_fit(self) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, Error> {
    fn or_raise(self) -> PyResult<T> {
        self.map_err(|error| raised(&error))
    }

    fn or_raise_plain(self) -> PyResult<T> {
        self.map_err(|error| raised_plain(&error))
    }

    fn or_raise_in_fit(self) -> PyResult<T> {
        self.map_err(|error| raised_in_fit(&error))
    }
}
