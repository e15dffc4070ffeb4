//! `_time`: the clocks under `time`.

use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::module::PyModule;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn module() -> PyModule {
    let module = super::from_table("time", TABLE);
    PyModule { name: "_time".into(), ..module }
}

const TABLE: super::Table = &[
    ("time", Native::Fast(|vm, _| Ok(Value::Float(vm.host().now())), 0, 0)),
    ("time_ns", Native::Fast(|vm, _| Ok(Value::Int((vm.host().now() * 1e9) as i64)), 0, 0)),
    ("perf_counter", Native::Fast(|vm, _| Ok(Value::Float(vm.host().monotonic())), 0, 0)),
    ("perf_counter_ns", Native::Fast(|vm, _| Ok(Value::Int((vm.host().monotonic() * 1e9) as i64)), 0, 0)),
    ("monotonic", Native::Fast(|vm, _| Ok(Value::Float(vm.host().monotonic())), 0, 0)),
    ("process_time", Native::Fast(|vm, _| Ok(Value::Float(vm.host().monotonic())), 0, 0)),
    ("sleep", Native::Fast(sleep, 1, 1)),
];

fn sleep(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let seconds = match vm.to_float(&args[0]) {
        Err(error) if error.is("TypeError") => {
            return Err(PyError::type_error(format!("'{}' object cannot be interpreted as an integer", vm.type_name(&args[0]))));
        }
        other => other?,
    };
    if seconds < 0.0 {
        return Err(PyError::value_error("sleep length must be non-negative"));
    }
    if !vm.host().sleep(seconds) {
        return Err(PyError::of(&vm.types.exception_named("KeyboardInterrupt"), vec![]));
    }
    Ok(Value::None)
}
