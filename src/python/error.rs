//! A raised Python exception, as it travels through Rust.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::class::{Layout, Payload, PyClass, PyInstance};
use crate::source::Source;
use crate::types::Types;
use crate::value::Value;

pub type PyResult<T> = std::result::Result<T, PyError>;

/// A Python exception on its way to a handler. Cheap to move: it is a reference to the exception object.
#[derive(Clone)]
pub struct PyError(pub Rc<PyInstance>);

/// What every exception object carries beside its attributes.
pub struct ExceptionData {
    pub args: RefCell<Value>,
    pub cause: RefCell<Option<Rc<PyInstance>>>,
    pub context: RefCell<Option<Rc<PyInstance>>>,
    pub suppress_context: Cell<bool>,
    /// The frames it came through, innermost first.
    pub traceback: RefCell<Vec<TraceEntry>>,
    /// The name that was meant, found where a `NameError` came up.
    pub suggestion: RefCell<Option<String>>,
}

/// One line of a traceback: where a frame was when the exception passed.
#[derive(Clone)]
pub struct TraceEntry {
    pub source: Rc<Source>,
    pub function: Rc<str>,
    /// Byte offsets into the source.
    pub start: u32,
    pub end: u32,
}

impl Default for ExceptionData {
    fn default() -> Self {
        ExceptionData {
            args: RefCell::new(Value::tuple([])),
            cause: RefCell::default(),
            context: RefCell::default(),
            suppress_context: Cell::new(false),
            traceback: RefCell::default(),
            suggestion: RefCell::default(),
        }
    }
}

/// Unlinks a long chain of exceptions one by one, so that dropping it needs no deep stack.
impl Drop for ExceptionData {
    fn drop(&mut self) {
        let mut chain: Vec<Rc<PyInstance>> = [self.cause.take(), self.context.take()].into_iter().flatten().collect();
        while let Some(exception) = chain.pop() {
            if Rc::strong_count(&exception) == 1
                && let Some(data) = exception.exception()
            {
                chain.extend(data.cause.take());
                chain.extend(data.context.take());
            }
        }
    }
}

impl PyError {
    /// An exception of the builtin class named `class`; an unknown name gives `RuntimeError`.
    pub fn new(class: &str, message: impl Into<String>) -> PyError {
        let types = Types::get();
        let class = types.exception(class).unwrap_or_else(|| types.exception_named("RuntimeError"));
        PyError::of(&class, vec![Value::str(message)])
    }

    /// An exception of `class`, which must derive from `BaseException`, with `args`. No `__init__` runs.
    pub fn of(class: &Rc<PyClass>, args: Vec<Value>) -> PyError {
        debug_assert!(class.layout == Layout::Exception);
        let data = ExceptionData::default();
        data.args.replace(Value::tuple(args));
        PyError(Rc::new(PyInstance::with_payload(class.clone(), Payload::Exception(Box::new(data)))))
    }

    pub fn type_error(message: impl Into<String>) -> PyError {
        PyError::new("TypeError", message)
    }

    pub fn value_error(message: impl Into<String>) -> PyError {
        PyError::new("ValueError", message)
    }

    pub fn index_error(message: impl Into<String>) -> PyError {
        PyError::new("IndexError", message)
    }

    pub fn key_error(key: Value) -> PyError {
        PyError::of(&Types::get().exception_named("KeyError"), vec![key])
    }

    pub fn overflow(message: impl Into<String>) -> PyError {
        PyError::new("OverflowError", message)
    }

    pub fn not_supported(message: impl Into<String>) -> PyError {
        PyError::new("NotImplementedError", message)
    }

    /// `'X' object has no attribute 'y'`, with what suggestions need.
    pub fn attribute(object: &Value, owner: &str, name: &str) -> PyError {
        let error = PyError::new("AttributeError", format!("{owner} has no attribute '{name}'"));
        error.with_attr("name", Value::str(name)).with_attr("obj", object.clone())
    }

    pub fn name_error(name: &str) -> PyError {
        PyError::new("NameError", format!("name '{name}' is not defined")).with_attr("name", Value::str(name))
    }

    pub fn stop_iteration(value: Value) -> PyError {
        let args = if value.is_none() { vec![] } else { vec![value] };
        PyError::of(&Types::get().exception_named("StopIteration"), args)
    }

    /// Adds an attribute to the exception object.
    pub fn with_attr(self, name: &str, value: Value) -> PyError {
        self.0.set_attr(crate::Name::new(name), value);
        self
    }

    /// The exception as a Python value.
    pub fn value(&self) -> Value {
        Value::Instance(self.0.clone())
    }

    /// The name of its class.
    pub fn class_name(&self) -> String {
        self.0.class().name.borrow().to_string()
    }

    pub fn data(&self) -> &ExceptionData {
        match &self.0.payload {
            Payload::Exception(data) => data,
            _ => unreachable!("a raised value derives from BaseException"),
        }
    }

    /// Whether its class is, or derives from, the builtin exception class `name`.
    pub fn is(&self, name: &str) -> bool {
        self.0.class().mro().any(|class| &**class.name.borrow() == name)
    }

    /// The first argument as text: the message of the ordinary exception.
    pub fn message(&self) -> String {
        match &*self.data().args.borrow() {
            Value::Tuple(args) => match args.0.first() {
                Some(Value::Str(text)) => text.as_str().to_string(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// Makes `cause` its direct cause, as `raise … from cause` does.
    pub fn with_cause(self, cause: PyError) -> PyError {
        *self.data().cause.borrow_mut() = Some(cause.0);
        self.data().suppress_context.set(true);
        self
    }
}

impl std::fmt::Debug for PyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.class_name(), self.message())
    }
}
