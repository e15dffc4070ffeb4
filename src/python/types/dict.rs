//! `dict` and its views.

use std::rc::Rc;

use crate::args::Args;
use crate::class::Constructor;
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::iterator::{IterState, PyIterator};
use crate::types::Methods;
use crate::value::{PyDictView, Value, ViewKind};
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("__init__", Native::Full(init)),
    ("get", Native::Fast(get_method, 1, 2)),
    ("setdefault", Native::Fast(set_default, 1, 2)),
    ("pop", Native::Fast(pop, 1, 2)),
    ("popitem", Native::Fast(popitem, 0, 0)),
    ("keys", Native::Fast(|_, args| Ok(view(&args[0], ViewKind::Keys)), 0, 0)),
    ("values", Native::Fast(|_, args| Ok(view(&args[0], ViewKind::Values)), 0, 0)),
    ("items", Native::Fast(|_, args| Ok(view(&args[0], ViewKind::Items)), 0, 0)),
    ("update", Native::Full(update)),
    ("clear", Native::Fast(clear, 0, 0)),
    ("copy", Native::Fast(|_, args| Ok(Value::Dict(Rc::new(get(&args[0]).copy()))), 0, 0)),
    ("class fromkeys", Native::Fast(from_keys, 1, 2)),
    ("__reversed__", Native::Fast(|_, args| Ok(reversed(&get(&args[0]), ViewKind::Keys)), 0, 0)),
];

pub(crate) const VIEW_METHODS: Methods = &[
    ("__iter__", Native::Fast(|vm, args| vm.iter(&args[0]), 0, 0)),
    ("__len__", Native::Fast(|vm, args| Ok(Value::from(vm.len(&args[0])?)), 0, 0)),
    ("__contains__", Native::Fast(|vm, args| Ok(Value::Bool(vm.contains_builtin(&args[0], &args[1])?)), 1, 1)),
    ("__reversed__", Native::Fast(view_reversed, 0, 0)),
    (
        "isdisjoint",
        Native::Fast(
            |vm, args| {
                for item in vm.collect(&args[1])? {
                    if vm.contains_builtin(&args[0], &item)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Ok(Value::Bool(true))
            },
            1,
            1,
        ),
    ),
];

fn get(value: &Value) -> Rc<PyDict> {
    match value.base() {
        Value::Dict(dict) => dict.clone(),
        _ => Rc::default(),
    }
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        let dict = Rc::new(PyDict::default());
        fill(vm, &dict, args)?;
        Ok(Value::Dict(dict))
    })
}

fn fill(vm: &mut Vm, dict: &Rc<PyDict>, args: Args) -> PyResult<()> {
    match args.positional.as_slice() {
        [] => {}
        [value] => vm.dict_update(dict, value)?,
        many => return Err(PyError::type_error(format!("dict expected at most 1 argument, got {}", many.len()))),
    }
    for (name, value) in args.keywords {
        dict.set_str_object(name.object().clone(), value);
    }
    Ok(())
}

fn init(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let this = args.positional.remove(0);
    fill(vm, &get(&this), args)?;
    Ok(Value::None)
}

fn get_method(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Dict(dict) = args[0].base() else { return Ok(Value::None) };
    let found = match dict.get_quick(&args[1]) {
        Some(found) => found,
        None => dict.clone().get(vm, &args[1])?,
    };
    Ok(found.unwrap_or_else(|| args.get(2).cloned().unwrap_or(Value::None)))
}

fn set_default(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).get_or_set(vm, args[1].clone(), args.get(2).cloned().unwrap_or(Value::None))
}

fn pop(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match (get(&args[0]).remove(vm, &args[1])?, args.get(2)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(PyError::key_error(args[1].clone())),
    }
}

fn popitem(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match get(&args[0]).pop_last() {
        Some((key, value)) => Ok(Value::tuple([key, value])),
        None => Err(PyError::key_error(Value::str("popitem(): dictionary is empty"))),
    }
}

fn view(value: &Value, kind: ViewKind) -> Value {
    Value::DictView(Rc::new(PyDictView { dict: get(value), kind }))
}

fn update(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let this = args.positional.remove(0);
    if args.positional.len() > 1 {
        return Err(PyError::type_error(format!("update expected at most 1 argument, got {}", args.positional.len())));
    }
    fill(vm, &get(&this), args)?;
    Ok(Value::None)
}

fn clear(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).clear();
    Ok(Value::None)
}

fn from_keys(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let value = args.get(2).cloned().unwrap_or(Value::None);
    let target = vm.call_values(&args[0], &[])?;
    for key in vm.collect(&args[1])? {
        vm.set_item(&target, &key, value.clone())?;
    }
    Ok(target)
}

pub(crate) fn reversed(dict: &Rc<PyDict>, kind: ViewKind) -> Value {
    let name = match kind {
        ViewKind::Keys => "dict_reversekeyiterator",
        ViewKind::Values => "dict_reversevalueiterator",
        ViewKind::Items => "dict_reverseitemiterator",
    };
    PyIterator::value(name, IterState::DictReversed { dict: dict.clone(), kind, position: usize::MAX, len: dict.len() })
}

fn view_reversed(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::DictView(view) = &args[0] else { return Ok(Value::None) };
    Ok(reversed(&view.dict, view.kind))
}
