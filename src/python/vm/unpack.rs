//! Unpacking: `a, b = …` and `a, *b = …`.

use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Exactly `count` items. Errors: `ValueError` when there are more or fewer.
    pub(super) fn unpack(&mut self, value: &Value, count: usize) -> PyResult<Vec<Value>> {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let _ = plural;
        match value {
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::Str(_) | Value::Range(_) => {
                let length = self.len(value)?;
                if length > count {
                    return Err(PyError::value_error(format!("too many values to unpack (expected {count})")));
                }
                if length < count {
                    return Err(PyError::value_error(format!("not enough values to unpack (expected {count}, got {length})")));
                }
                self.collect(value)
            }
            _ => {
                let iterator = match self.iter(value) {
                    Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                        return Err(PyError::type_error(format!("cannot unpack non-iterable {} object", self.type_name(value))));
                    }
                    other => other?,
                };
                let mut items = Vec::with_capacity(count);
                while items.len() < count {
                    match self.next(&iterator)? {
                        Some(item) => items.push(item),
                        None => {
                            let got = items.len();
                            return Err(PyError::value_error(format!("not enough values to unpack (expected {count}, got {got})")));
                        }
                    }
                }
                if self.next(&iterator)?.is_some() {
                    return Err(PyError::value_error(format!("too many values to unpack (expected {count})")));
                }
                Ok(items)
            }
        }
    }

    pub(super) fn unpack_star(&mut self, value: &Value, before: usize, after: usize) -> PyResult<Vec<Value>> {
        let mut items = match self.collect(value) {
            Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                return Err(PyError::type_error(format!("cannot unpack non-iterable {} object", self.type_name(value))));
            }
            other => other?,
        };
        if items.len() < before + after {
            return Err(PyError::value_error(format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            )));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        items.push(Value::list(middle));
        items.extend(tail);
        Ok(items)
    }
}
