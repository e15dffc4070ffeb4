//! `set` and `frozenset`.

use std::rc::Rc;

use crate::args::Args;
use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::set::PySet;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("copy", Native::Fast(copy, 0, 0)),
    ("union", Native::Fast(union, 0, 255)),
    ("intersection", Native::Fast(intersection, 0, 255)),
    ("difference", Native::Fast(difference, 0, 255)),
    ("symmetric_difference", Native::Fast(symmetric_difference, 1, 1)),
    ("issubset", Native::Fast(|vm, args| subset(vm, &args[0], &args[1]), 1, 1)),
    ("issuperset", Native::Fast(|vm, args| subset(vm, &args[1], &args[0]), 1, 1)),
    ("isdisjoint", Native::Fast(is_disjoint, 1, 1)),
];

pub(crate) const MUTABLE: Methods = &[
    ("__init__", Native::Full(init)),
    ("add", Native::Fast(add, 1, 1)),
    ("remove", Native::Fast(remove, 1, 1)),
    ("discard", Native::Fast(discard, 1, 1)),
    ("pop", Native::Fast(pop, 0, 0)),
    ("clear", Native::Fast(clear, 0, 0)),
    ("update", Native::Fast(update, 0, 255)),
    ("intersection_update", Native::Fast(intersection_update, 0, 255)),
    ("difference_update", Native::Fast(difference_update, 0, 255)),
    ("symmetric_difference_update", Native::Fast(symmetric_difference_update, 1, 1)),
];

fn get(value: &Value) -> Rc<PySet> {
    match value.base() {
        Value::Set(set) | Value::FrozenSet(set) => set.clone(),
        _ => Rc::default(),
    }
}

/// A new set of the same type as `this`.
fn like(this: &Value, set: PySet) -> Value {
    match this.base() {
        Value::FrozenSet(_) => Value::FrozenSet(Rc::new(set)),
        _ => Value::Set(Rc::new(set)),
    }
}

fn from_args(vm: &mut Vm, name: &str, args: &Args) -> PyResult<Rc<PySet>> {
    if !args.keywords.is_empty() {
        return Err(PyError::type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.positional.as_slice() {
        [] => Ok(Rc::default()),
        [value] => vm.set_from(value),
        many => Err(PyError::type_error(format!("{name} expected at most 1 argument, got {}", many.len()))),
    }
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| Ok(Value::Set(from_args(vm, "set", &args)?)))
}

pub(crate) fn frozen_constructor() -> Constructor {
    Rc::new(|vm, _, args| match args.positional.as_slice() {
        [value @ Value::FrozenSet(_)] => Ok(value.clone()),
        _ => Ok(Value::FrozenSet(from_args(vm, "frozenset", &args)?)),
    })
}

fn init(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let this = get(&args.positional.remove(0));
    let items = from_args(vm, "set", &args)?;
    this.clear();
    this.merge(vm, &items)?;
    Ok(Value::None)
}

fn copy(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if let Value::FrozenSet(_) = &args[0] {
        return Ok(args[0].clone());
    }
    let copy = get(&args[0]).copy(vm)?;
    Ok(like(&args[0], copy))
}

fn union(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let result = get(&args[0]).copy(vm)?;
    for other in &args[1..] {
        extend(vm, &result, other)?;
    }
    Ok(like(&args[0], result))
}

fn extend(vm: &mut Vm, set: &PySet, other: &Value) -> PyResult<()> {
    if let Value::Set(other) | Value::FrozenSet(other) = other.base() {
        return set.merge(vm, &other.clone());
    }
    for item in vm.collect(other)? {
        set.add(vm, item)?;
    }
    Ok(())
}

fn intersect(vm: &mut Vm, set: &PySet, other: &Value) -> PyResult<PySet> {
    if let Value::Set(other) | Value::FrozenSet(other) = other.base() {
        return vm.set_intersection(set, &other.clone());
    }
    let result = PySet::default();
    for item in vm.collect(other)? {
        if set.contains(vm, &item)? {
            result.add(vm, item)?;
        }
    }
    Ok(result)
}

fn intersection(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = get(&args[0]).copy(vm)?;
    for other in &args[1..] {
        result = intersect(vm, &result, other)?;
    }
    Ok(like(&args[0], result))
}

fn difference(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut result = get(&args[0]).copy(vm)?;
    for other in &args[1..] {
        let other = vm.set_from(other)?;
        result = vm.set_difference(&result, &other)?;
    }
    Ok(like(&args[0], result))
}

fn symmetric_difference(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let other = vm.set_from(&args[1])?;
    let result = vm.set_symmetric_difference(&get(&args[0]), &other)?;
    Ok(like(&args[0], result))
}

fn subset(vm: &mut Vm, small: &Value, large: &Value) -> PyResult<Value> {
    let (small, large) = (vm.set_from(small)?, vm.set_from(large)?);
    Ok(Value::Bool(vm.is_subset(&small, &large)?))
}

fn is_disjoint(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let set = get(&args[0]);
    for item in vm.collect(&args[1])? {
        if set.contains(vm, &item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn add(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).add(vm, args[1].clone())?;
    Ok(Value::None)
}

/// What is looked for in a set: a set stands for the frozenset of its items.
pub(crate) fn sought(value: &Value) -> Value {
    match value.base() {
        Value::Set(set) => Value::FrozenSet(set.clone()),
        _ => value.clone(),
    }
}

fn remove(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if get(&args[0]).remove(vm, &sought(&args[1]))? { Ok(Value::None) } else { Err(PyError::key_error(args[1].clone())) }
}

fn discard(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).remove(vm, &sought(&args[1]))?;
    Ok(Value::None)
}

fn pop(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).pop().ok_or_else(|| PyError::key_error(Value::str("pop from an empty set")))
}

fn clear(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).clear();
    Ok(Value::None)
}

fn update(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let set = get(&args[0]);
    for other in &args[1..] {
        extend(vm, &set, other)?;
    }
    Ok(Value::None)
}

fn replace(vm: &mut Vm, set: &PySet, new: PySet) -> PyResult<Value> {
    set.clear();
    set.merge(vm, &new)?;
    Ok(Value::None)
}

fn intersection_update(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let set = get(&args[0]);
    let mut result = set.copy(vm)?;
    for other in &args[1..] {
        result = intersect(vm, &result, other)?;
    }
    replace(vm, &set, result)
}

fn difference_update(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let set = get(&args[0]);
    for other in &args[1..] {
        for item in vm.collect(other)? {
            set.remove(vm, &item)?;
        }
    }
    Ok(Value::None)
}

fn symmetric_difference_update(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let set = get(&args[0]);
    // CPython walks a set or dict as it stands, and makes a set of anything else.
    let items = match args[1].base() {
        Value::Set(other) | Value::FrozenSet(other) if !Rc::ptr_eq(other, &set) => other.items(),
        other => vm.set_from(&other.clone())?.items(),
    };
    for item in items {
        if !set.remove(vm, &item)? {
            set.add(vm, item)?;
        }
    }
    Ok(Value::None)
}
