//! `type`: what classes answer to.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Constructor, PyClass};
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::text::{Attrs, Name};
use crate::types::Methods;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("mro", Native::Fast(|_, args| Ok(mro(&args[0], false)), 0, 0)),
    ("__subclasses__", Native::Fast(subclasses, 0, 0)),
    ("__call__", Native::Full(call)),
    ("__instancecheck__", Native::Fast(instance_check, 1, 1)),
    ("__subclasscheck__", Native::Fast(subclass_check, 1, 1)),
    ("__repr__", Native::Fast(|vm, args| Ok(Value::str(crate::repr::repr(vm, &args[0])?)), 0, 0)),
];

/// `type(value)` and `type(name, bases, namespace)`.
pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, class, args| {
        if args.positional.len() == 1 && args.keywords.is_empty() {
            return Ok(Value::Class(vm.class_of(&args.positional[0])));
        }
        new_from(vm, class, args)
    })
}

/// `type.__new__(metaclass, name, bases, namespace)`.
pub(crate) fn new_from(vm: &mut Vm, metaclass: &Rc<PyClass>, args: Args) -> PyResult<Value> {
    match args.positional.as_slice() {
        [name, bases, Value::Dict(namespace)] => {
            let Some(name) = name.as_str().map(String::from) else {
                return Err(PyError::type_error("type.__new__() argument 1 must be str"));
            };
            let Some(bases) = bases.as_sequence() else { return Err(PyError::type_error("type.__new__() argument 2 must be tuple")) };
            let mut attrs = Attrs::default();
            for (key, value) in namespace.items() {
                if let Some(key) = key.as_str() {
                    attrs.insert(Name::new(key), value);
                }
            }
            vm.new_class(metaclass, &name, bases, args.keywords, attrs)
        }
        _ => Err(PyError::type_error("type() takes 1 or 3 arguments")),
    }
}

fn mro(class: &Value, tuple: bool) -> Value {
    let Value::Class(class) = class else { return Value::None };
    let classes: Vec<Value> = class.mro().cloned().map(Value::Class).collect();
    if tuple { Value::tuple(classes) } else { Value::list(classes) }
}

fn subclasses(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Class(class) = &args[0] else { return Ok(Value::list([])) };
    Ok(Value::list(class.subclasses.borrow().iter().filter_map(|class| class.upgrade().map(Value::Class)).collect::<Vec<_>>()))
}

fn call(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    match args.positional.remove(0) {
        Value::Class(class) => vm.instantiate(&class, args),
        other => vm.call(&other, args),
    }
}

fn instance_check(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Class(class) = &args[0] else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(vm.is_instance(&args[1], &class.clone())))
}

fn subclass_check(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match (&args[0], &args[1]) {
        (Value::Class(class), Value::Class(candidate)) => Ok(Value::Bool(candidate.is_subclass_of(class))),
        _ => Ok(Value::Bool(false)),
    }
}

/// Attributes of every class, computed; `None` when there is none of this name.
pub(crate) fn class_attr(vm: &mut Vm, class: &Rc<PyClass>, name: &Name) -> PyResult<Option<Value>> {
    Ok(Some(match &**name {
        "__name__" => Value::str(&**class.name.borrow()),
        "__qualname__" => Value::str(&**class.qualname.borrow()),
        "__bases__" => Value::tuple(class.bases.iter().cloned().map(Value::Class).collect::<Vec<_>>()),
        "__base__" => class.bases.first().cloned().map_or(Value::None, Value::Class),
        "__mro__" => mro(&Value::Class(class.clone()), true),
        "__class__" => Value::Class(class.metaclass.clone().unwrap_or_else(|| vm.types.type_.clone())),
        "__dict__" => Value::dict(class.attrs.borrow().iter().map(|(name, value)| (name.to_string(), value.clone()))),
        "__doc__" => Value::None,
        "__annotations__" if !class.builtin => {
            let own = class.attrs.borrow().get(name).cloned();
            match own {
                Some(own) => own,
                None => {
                    let empty = Value::dict(Vec::<(String, Value)>::new());
                    class.attrs.borrow_mut().insert(name.clone(), empty.clone());
                    empty
                }
            }
        }
        _ => return Ok(None),
    }))
}
