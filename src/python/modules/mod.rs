//! The modules of the standard library that there are.

use crate::error::PyResult;
use crate::value::Value;
use crate::vm::Vm;

/// Loads a module of the library; `None` when there is no such module.
pub(crate) fn load(_: &mut Vm, _: &str) -> PyResult<Option<Value>> {
    Ok(None)
}
