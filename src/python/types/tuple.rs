//! `tuple`, `range` and `slice`.

use std::rc::Rc;

use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::iterator::{IterState, PyIterator};
use crate::types::Methods;
use crate::value::{PyRange, PySlice, Value};
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[("count", Native::Fast(count, 1, 1)), ("index", Native::Fast(index, 1, 3))];

pub(crate) const RANGE_METHODS: Methods =
    &[("count", Native::Fast(count, 1, 1)), ("index", Native::Fast(index, 1, 1)), ("__reversed__", Native::Fast(range_reversed, 0, 0))];

pub(crate) const SLICE_METHODS: Methods = &[("indices", Native::Fast(slice_indices, 1, 1))];

fn one_iterable(vm: &mut Vm, name: &str, args: &crate::Args) -> PyResult<Option<Vec<Value>>> {
    if !args.keywords.is_empty() {
        return Err(PyError::type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.positional.as_slice() {
        [] => Ok(None),
        [value] => vm.collect_to_list(value).map(Some),
        many => Err(PyError::type_error(format!("{name} expected at most 1 argument, got {}", many.len()))),
    }
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if let [value @ Value::Tuple(_)] = args.positional.as_slice() {
            return Ok(value.clone());
        }
        Ok(Value::tuple(one_iterable(vm, "tuple", &args)?.unwrap_or_default()))
    })
}

/// `count` of any sequence of builtin kind.
pub(crate) fn count(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut count = 0i64;
    for item in vm.collect(args[0].base())? {
        count += i64::from(vm.eq(&item, &args[1])?);
    }
    Ok(Value::Int(count))
}

/// `index` of any sequence of builtin kind.
pub(crate) fn index(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let items = vm.collect(args[0].base())?;
    let length = items.len() as i64;
    let mut limit = |position: usize, default: i64| -> PyResult<i64> {
        match args.get(position) {
            None => Ok(default),
            Some(value) => {
                let value = vm.index(value)?;
                Ok(if value < 0 { (value + length).max(0) } else { value })
            }
        }
    };
    let (start, end) = (limit(2, 0)?, limit(3, length)?.min(length));
    for position in start..end {
        if vm.eq(&items[position as usize], &args[1])? {
            return Ok(Value::Int(position));
        }
    }
    let message = match args[0].base() {
        Value::Tuple(_) => "tuple.index(x): x not in tuple".to_string(),
        _ => format!("{} is not in {}", vm.repr(&args[1])?, if matches!(args[0].base(), Value::Range(_)) { "range" } else { "list" }),
    };
    Err(PyError::value_error(message))
}

pub(crate) fn range_constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if !args.keywords.is_empty() {
            return Err(PyError::type_error("range() takes no keyword arguments"));
        }
        let mut part = |value: &Value| match vm.to_int(value)? {
            Value::Int(value) => Ok(value),
            _ => Err(PyError::overflow("range() with numbers beyond 64 bits is not supported")),
        };
        let (start, stop, step) = match args.positional.as_slice() {
            [stop] => (0, part(stop)?, 1),
            [start, stop] => (part(start)?, part(stop)?, 1),
            [start, stop, step] => (part(start)?, part(stop)?, part(step)?),
            [] => return Err(PyError::type_error("range expected at least 1 argument, got 0")),
            many => return Err(PyError::type_error(format!("range expected at most 3 arguments, got {}", many.len()))),
        };
        if step == 0 {
            return Err(PyError::value_error("range() arg 3 must not be zero"));
        }
        Ok(Value::Range(Rc::new(PyRange { start, stop, step })))
    })
}

fn range_reversed(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Range(range) = args[0].base() else { return Ok(Value::None) };
    let left = range.len();
    let next = if left == 0 { range.start } else { range.item(left - 1) };
    Ok(PyIterator::value("range_iterator", IterState::Range { next, left, step: range.step.wrapping_neg() }))
}

pub(crate) fn slice_constructor() -> Constructor {
    Rc::new(|_, _, args| {
        let (start, stop, step) = match args.positional.as_slice() {
            [stop] => (Value::None, stop.clone(), Value::None),
            [start, stop] => (start.clone(), stop.clone(), Value::None),
            [start, stop, step] => (start.clone(), stop.clone(), step.clone()),
            [] => return Err(PyError::type_error("slice expected at least 1 argument, got 0")),
            many => return Err(PyError::type_error(format!("slice expected at most 3 arguments, got {}", many.len()))),
        };
        Ok(Value::Slice(Rc::new(PySlice { start, stop, step })))
    })
}

fn slice_indices(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Slice(slice) = &args[0] else { return Ok(Value::None) };
    let length = vm.index(&args[1])?;
    let length = usize::try_from(length).map_err(|_| PyError::value_error("length should not be negative"))?;
    let indices = vm.slice_indices(slice, length)?;
    Ok(Value::tuple([indices.start, indices.stop, indices.step].map(Value::Int)))
}
