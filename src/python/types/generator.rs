//! Methods of generators and builtin iterators.

use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::{Outcome, Resume};

pub(crate) const METHODS: Methods = &[
    ("__iter__", Native::Fast(|_, args| Ok(args[0].clone()), 0, 0)),
    ("__next__", Native::Fast(|vm, args| send(vm, &args[0], Value::None), 0, 0)),
    ("send", Native::Fast(|vm, args| send(vm, &args[0], args[1].clone()), 1, 1)),
    ("throw", Native::Fast(throw, 1, 3)),
    ("close", Native::Fast(close, 0, 0)),
];

pub(crate) const ITERATOR_METHODS: Methods = &[
    ("__iter__", Native::Fast(|_, args| Ok(args[0].clone()), 0, 0)),
    ("__next__", Native::Fast(next, 0, 0)),
    ("__length_hint__", Native::Fast(length_hint, 0, 0)),
];

fn next(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match vm.next(&args[0])? {
        Some(value) => Ok(value),
        None => Err(PyError::stop_iteration(Value::None)),
    }
}

fn length_hint(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    Ok(match &args[0] {
        Value::Iterator(iterator) => Value::from(iterator.remaining().unwrap_or(0)),
        _ => Value::Int(0),
    })
}

/// `generator.send(value)`.
pub(crate) fn send(vm: &mut Vm, generator: &Value, value: Value) -> PyResult<Value> {
    let Value::Generator(generator) = generator else { return Err(PyError::type_error("not a generator")) };
    match vm.resume(generator, Resume::Send(value))? {
        Some(Outcome::Yielded(value)) => Ok(value),
        Some(Outcome::Returned(value)) => Err(PyError::stop_iteration(value)),
        None => Err(PyError::stop_iteration(Value::None)),
    }
}

fn throw(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Generator(generator) = &args[0] else { return Err(PyError::type_error("not a generator")) };
    let raised = match (&args[1], args.get(2)) {
        (class @ Value::Class(_), Some(value)) if !value.is_none() => vm.call_values(class, std::slice::from_ref(value))?,
        (value, _) => value.clone(),
    };
    let error = match vm.exception_from(&raised)? {
        Some(error) => error,
        None => {
            let name = vm.type_name(&raised);
            return Err(PyError::type_error(format!("exceptions must be classes or instances deriving from BaseException, not {name}")));
        }
    };
    match vm.resume(&generator.clone(), Resume::Throw(error))? {
        Some(Outcome::Yielded(value)) => Ok(value),
        Some(Outcome::Returned(value)) => Err(PyError::stop_iteration(value)),
        None => Err(PyError::stop_iteration(Value::None)),
    }
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if let Value::Generator(generator) = &args[0] {
        vm.close_generator(&generator.clone())?;
    }
    Ok(Value::None)
}
