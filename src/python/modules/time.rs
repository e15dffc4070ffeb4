//! `time`.

use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::module::PyModule;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn module() -> PyModule {
    super::from_table("time", TABLE)
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
    let seconds = vm.to_float(&args[0])?;
    if seconds < 0.0 {
        return Err(PyError::value_error("sleep length must be non-negative"));
    }
    if !vm.host().sleep(seconds) {
        return Err(PyError::of(&vm.types.exception_named("KeyboardInterrupt"), vec![]));
    }
    Ok(Value::None)
}
