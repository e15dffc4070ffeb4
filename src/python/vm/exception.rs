//! Raising: from any value to an exception, its context, and the frames it passes.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, PyInstance};
use crate::error::{PyError, PyResult, TraceEntry};
use crate::value::Value;
use crate::vm::{Frame, Vm};

impl Vm {
    /// The error for `raise value`. Errors that come up on the way are the result too.
    pub(crate) fn raise_value(&mut self, value: &Value) -> PyError {
        match self.exception_from(value) {
            Ok(Some(error)) | Err(error) => error,
            Ok(None) => PyError::type_error("exceptions must derive from BaseException"),
        }
    }

    /// An exception from a class (called without arguments) or an instance; `None` when it is neither.
    pub(crate) fn exception_from(&mut self, value: &Value) -> PyResult<Option<PyError>> {
        match value {
            Value::Instance(instance) if instance.exception().is_some() => Ok(Some(PyError(instance.clone()))),
            Value::Class(class) if class.layout == Layout::Exception => {
                let made = self.call_class(&class.clone(), Args::none())?;
                match &made {
                    Value::Instance(instance) if instance.exception().is_some() => Ok(Some(PyError(instance.clone()))),
                    _ => {
                        let (name, got) = (class.name.borrow().to_string(), self.type_name(&made));
                        Err(PyError::type_error(format!(
                            "calling <class '{name}'> should have returned an instance of BaseException, not <class '{got}'>"
                        )))
                    }
                }
            }
            _ => Ok(None),
        }
    }

    /// `raise exception from cause`.
    pub(crate) fn raise_from(&mut self, exception: &Value, cause: &Value) -> PyError {
        let error = self.raise_value(exception);
        let cause = if cause.is_none() {
            None
        } else {
            match self.exception_from(cause) {
                Ok(Some(cause)) => Some(cause.0),
                Ok(None) => return PyError::type_error("exception causes must derive from BaseException"),
                Err(error) => return error,
            }
        };
        *error.data().cause.borrow_mut() = cause;
        error.data().suppress_context.set(true);
        error
    }

    /// Remembers the exception being handled as the context of a new one.
    pub(crate) fn set_context(&mut self, error: &PyError) {
        let Some(handled) = &self.handled else { return };
        if Rc::ptr_eq(handled, &error.0) {
            return;
        }
        // Cut a chain that would lead back to the new exception; to one that nobody else holds none does.
        let mut link = handled.clone();
        while Rc::strong_count(&error.0) > 1 {
            let next = link.exception().and_then(|data| data.context.borrow().clone());
            match next {
                Some(next) if Rc::ptr_eq(&next, &error.0) => {
                    if let Some(data) = link.exception() {
                        *data.context.borrow_mut() = None;
                    }
                    break;
                }
                Some(next) => link = next,
                None => break,
            }
        }
        *error.data().context.borrow_mut() = Some(handled.clone());
    }

    /// Adds a frame to an exception's traceback.
    pub(crate) fn add_traceback(&self, error: &PyError, frame: &Frame, pc: usize, narrowed: Option<(u32, u32)>) {
        let (start, end) = narrowed.or_else(|| frame.code.spans.get(pc).copied()).unwrap_or_default();
        error.data().traceback.borrow_mut().push(TraceEntry {
            source: frame.code.source.clone(),
            function: frame.code.name.clone(),
            start,
            end,
        });
    }

    /// Whether an exception matches what `except` names. Errors: `TypeError` when that isn't exception classes.
    pub(crate) fn exception_matches(&mut self, exception: &Rc<PyInstance>, classes: &Value) -> PyResult<bool> {
        match classes {
            Value::Class(class) if class.layout == Layout::Exception => Ok(exception.class().is_subclass_of(class)),
            Value::Tuple(classes) => {
                for class in classes.0.iter() {
                    if self.exception_matches(exception, class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(PyError::type_error("catching classes that do not inherit from BaseException is not allowed")),
        }
    }
}
