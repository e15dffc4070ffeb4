//! `object`, functions, and the descriptor types.

use std::cell::RefCell;
use std::rc::Rc;

use crate::args::Args;
use crate::class::{Constructor, Layout, PyClass};
use crate::error::{PyError, PyResult};
use crate::function::{Native, PyFunction};
use crate::text::Name;
use crate::types::Methods;
use crate::value::{Descriptor, Value};
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("static __new__", Native::Full(new)),
    ("__init__", Native::Full(init)),
    ("__repr__", Native::Fast(|vm, args| Ok(Value::str(default_repr(vm, &args[0])?)), 0, 0)),
    ("__str__", Native::Fast(|vm, args| Ok(Value::str(vm.repr(&args[0])?)), 0, 0)),
    ("__hash__", Native::Fast(|_, args| Ok(Value::Int((args[0].identity().1 >> 4) as i64)), 0, 0)),
    ("__eq__", Native::Fast(|_, args| Ok(if args[0].is(&args[1]) { Value::Bool(true) } else { Value::NotImplemented }), 1, 1)),
    ("__ne__", Native::Fast(not_equal, 1, 1)),
    ("__format__", Native::Fast(format, 1, 1)),
    ("__getattribute__", Native::Fast(get_attribute, 1, 1)),
    ("__setattr__", Native::Fast(set_attribute, 2, 2)),
    ("__delattr__", Native::Fast(delete_attribute, 1, 1)),
    ("__dir__", Native::Fast(|vm, args| crate::builtins::dir_of(vm, &args[0]), 0, 0)),
    ("__sizeof__", Native::Fast(|_, _| Ok(Value::Int(16)), 0, 0)),
    ("class __init_subclass__", Native::Full(init_subclass)),
];

fn class_arg(args: &Args, what: &str) -> PyResult<Rc<PyClass>> {
    match args.positional.first() {
        Some(Value::Class(class)) => Ok(class.clone()),
        _ => Err(PyError::type_error(format!("{what}: not enough arguments"))),
    }
}

fn new(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let class = class_arg(&args, "object.__new__()")?;
    args.positional.remove(0);
    if class.layout == Layout::Type {
        return crate::types::type_::new_from(vm, &class, args);
    }
    if class.layout == Layout::Object
        && (!args.is_empty())
        && matches!(class.lookup(&vm.n.new), Some(Value::Descriptor(d)) if matches!(&*d, Descriptor::StaticMethod(Value::Function(_))))
    {
        return Err(PyError::type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
    }
    if class.builtin && class.constructor.is_some() {
        return vm.instantiate(&class, args);
    }
    vm.default_new(&class, &args)
}

fn init(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let Some(this @ Value::Instance(instance)) = args.positional.first() else { return Ok(Value::None) };
    if args.positional.len() > 1 || !args.keywords.is_empty() {
        let class = instance.class();
        let own_new =
            matches!(class.lookup(&vm.n.new), Some(Value::Descriptor(d)) if matches!(&*d, Descriptor::StaticMethod(Value::Function(_))));
        let own_init = matches!(class.lookup(&vm.n.init), Some(Value::Function(_)));
        let takes_value =
            matches!(class.layout, Layout::Int | Layout::Float | Layout::Str | Layout::Bytes | Layout::Tuple | Layout::FrozenSet);
        if own_init {
            return Err(PyError::type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if !own_new && !takes_value {
            let _ = this;
            return Err(PyError::type_error(format!("{}() takes no arguments", class.name.borrow())));
        }
    }
    Ok(Value::None)
}

fn init_subclass(_: &mut Vm, args: Args) -> PyResult<Value> {
    if !args.keywords.is_empty() {
        let name = match args.positional.first() {
            Some(Value::Class(class)) => class.name.borrow().to_string(),
            _ => String::from("object"),
        };
        return Err(PyError::type_error(format!("{name}.__init_subclass__() takes no keyword arguments")));
    }
    Ok(Value::None)
}

fn default_repr(vm: &mut Vm, value: &Value) -> PyResult<String> {
    match value {
        Value::Instance(instance) => Ok(format!("<{} object at {}>", instance.class().full_name(), crate::repr::address(value))),
        other => crate::repr::repr(vm, other),
    }
}

fn not_equal(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Some(function) = vm.special(&args[0], &vm.n.eq) else { return Ok(Value::Bool(!args[0].is(&args[1]))) };
    let equal = vm.call_special(&function, &args[0], &args[1..2])?;
    if matches!(equal, Value::NotImplemented) {
        return Ok(equal);
    }
    Ok(Value::Bool(!vm.truth(&equal)?))
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let spec = args[1].as_str().unwrap_or("").to_string();
    Ok(Value::str(vm.format_builtin(&args[0], &spec)?))
}

fn name_of(vm: &mut Vm, value: &Value) -> PyResult<Name> {
    match value.base() {
        Value::Str(text) => Ok(Name::new(text.as_str())),
        _ => Err(PyError::type_error(format!("attribute name must be string, not '{}'", vm.type_name(value)))),
    }
}

fn get_attribute(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name_of(vm, &args[1])?;
    let class = vm.class_of(&args[0]);
    match vm.generic_get_attr(&args[0], &class, &name)? {
        Some(value) => Ok(value),
        None => Err(vm.no_attribute(&args[0], &name)),
    }
}

fn set_attribute(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name_of(vm, &args[1])?;
    match &args[0] {
        Value::Class(class) => vm.set_class_attr_raw(&class.clone(), &name, args[2].clone())?,
        _ => vm.generic_set_attr(&args[0], &name, args[2].clone())?,
    }
    Ok(Value::None)
}

fn delete_attribute(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name_of(vm, &args[1])?;
    vm.generic_delete_attr(&args[0], &name)?;
    Ok(Value::None)
}

pub(crate) const FUNCTION_METHODS: Methods = &[("__call__", Native::Full(call)), ("__get__", Native::Fast(get, 1, 2))];

fn call(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let this = args.positional.remove(0);
    vm.call(&this, args)
}

fn get(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if args[1].is_none() {
        return Ok(args[0].clone());
    }
    let class = vm.class_of(&args[1]);
    vm.bind(&args[0], &args[1], &class)
}

/// Attributes of functions, methods, generators and numbers that no class holds; `None` when there is none.
pub(crate) fn builtin_attr(vm: &mut Vm, value: &Value, name: &Name) -> PyResult<Option<Value>> {
    Ok(Some(match value {
        Value::Function(function) => {
            if let Some(found) = function.attrs.borrow().get(name) {
                return Ok(Some(found.clone()));
            }
            match &**name {
                "__name__" => Value::str(&**function.name.borrow()),
                "__qualname__" => Value::str(&**function.qualname.borrow()),
                "__doc__" => function.doc.borrow().clone(),
                "__module__" => function.module.borrow().clone(),
                "__annotations__" => {
                    let mut annotations = function.annotations.borrow_mut();
                    if annotations.is_none() {
                        *annotations = Value::dict(Vec::<(String, Value)>::new());
                    }
                    annotations.clone()
                }
                "__defaults__" => {
                    let defaults = function.defaults.borrow();
                    if defaults.is_empty() { Value::None } else { Value::tuple(defaults.to_vec()) }
                }
                "__kwdefaults__" => {
                    let defaults = function.keyword_defaults.borrow();
                    if defaults.is_empty() {
                        Value::None
                    } else {
                        Value::dict(defaults.iter().map(|(name, value)| (name.to_string(), value.clone())))
                    }
                }
                "__closure__" => {
                    if function.closure.is_empty() {
                        Value::None
                    } else {
                        Value::tuple(function.closure.iter().cloned().map(Value::Cell).collect::<Vec<_>>())
                    }
                }
                "__dict__" => Value::dict(function.attrs.borrow().iter().map(|(name, value)| (name.to_string(), value.clone()))),
                "__code__" => code_object(vm, function),
                _ => return Ok(None),
            }
        }
        Value::Builtin(builtin) => match &**name {
            "__name__" => Value::name(&builtin.name),
            "__qualname__" => Value::str(&*builtin.qualname),
            "__doc__" => {
                if builtin.doc.is_empty() {
                    Value::None
                } else {
                    Value::str(&*builtin.doc)
                }
            }
            "__module__" => Value::str("builtins"),
            _ => return Ok(None),
        },
        Value::Method(method) => match &**name {
            "__self__" => method.this.clone(),
            "__func__" => method.function.clone(),
            "__class__" | "__call__" | "__get__" => return Ok(None),
            _ => {
                let function = method.function.clone();
                return match &function {
                    Value::Function(_) | Value::Builtin(_) => vm.try_attr(&function, name),
                    _ => Ok(None),
                };
            }
        },
        Value::Generator(generator) => match &**name {
            "__name__" => Value::str(&*generator.name),
            "__qualname__" => Value::str(&*generator.qualname),
            _ => return Ok(None),
        },
        Value::Cell(cell) if &**name == "cell_contents" => cell.0.borrow().clone(),
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => match &**name {
            "real" | "numerator" => vm.to_int(value)?,
            "imag" => Value::Int(0),
            "denominator" => Value::Int(1),
            _ => return Ok(None),
        },
        Value::Float(float) => match &**name {
            "real" => Value::Float(*float),
            "imag" => Value::Float(0.0),
            _ => return Ok(None),
        },
        Value::Range(range) => match &**name {
            "start" => Value::Int(range.start),
            "stop" => Value::Int(range.stop),
            "step" => Value::Int(range.step),
            _ => return Ok(None),
        },
        Value::Slice(slice) => match &**name {
            "start" => slice.start.clone(),
            "stop" => slice.stop.clone(),
            "step" => slice.step.clone(),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

fn code_object(vm: &mut Vm, function: &Rc<PyFunction>) -> Value {
    let code = &function.code;
    let names: Vec<Value> = code.variables.iter().map(Value::name).collect();
    let module = crate::module::PyModule::new("code")
        .with("co_name", &*code.name)
        .with("co_qualname", &*code.qualname)
        .with("co_filename", code.source.file_name.as_str())
        .with("co_firstlineno", i64::from(code.first_line))
        .with("co_argcount", i64::from(code.positional_count))
        .with("co_kwonlyargcount", i64::from(code.keyword_only))
        .with("co_posonlyargcount", i64::from(code.positional_only))
        .with("co_varnames", Value::tuple(names));
    let _ = vm;
    Value::from(module)
}

pub(crate) fn set_function_attr(function: &PyFunction, name: &Name, value: Value) {
    match (&**name, &value) {
        ("__name__", Value::Str(text)) => *function.name.borrow_mut() = text.as_str().into(),
        ("__qualname__", Value::Str(text)) => *function.qualname.borrow_mut() = text.as_str().into(),
        ("__doc__", _) => *function.doc.borrow_mut() = value,
        ("__module__", _) => *function.module.borrow_mut() = value,
        ("__annotations__", _) => *function.annotations.borrow_mut() = value,
        ("__defaults__", Value::Tuple(items)) => *function.defaults.borrow_mut() = items.0.to_vec().into(),
        ("__defaults__", Value::None) => *function.defaults.borrow_mut() = Rc::from([]),
        _ => {
            function.attrs.borrow_mut().insert(name.clone(), value);
        }
    }
}

pub(crate) fn property_constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        let signature = crate::signature::Signature::known("property(fget=None, fset=None, fdel=None, doc=None)");
        let values = signature.bind(vm, args)?;
        let [get, set, delete, mut doc] =
            <[Value; 4]>::try_from(values).map_err(|_| PyError::type_error("property() takes 4 arguments"))?;
        if doc.is_none()
            && let Value::Function(function) = &get
        {
            doc = function.doc.borrow().clone();
        }
        Ok(Value::Descriptor(Rc::new(Descriptor::Property { get, set, delete, doc, name: RefCell::new(None) })))
    })
}

fn property_with(args: &[Value], part: usize) -> PyResult<Value> {
    let Value::Descriptor(descriptor) = &args[0] else { return Err(PyError::type_error("not a property")) };
    let Descriptor::Property { get, set, delete, doc, .. } = &**descriptor else { return Err(PyError::type_error("not a property")) };
    let pick = |index: usize, old: &Value| if index == part { args[1].clone() } else { old.clone() };
    Ok(Value::Descriptor(Rc::new(Descriptor::Property {
        get: pick(0, get),
        set: pick(1, set),
        delete: pick(2, delete),
        doc: doc.clone(),
        name: RefCell::new(None),
    })))
}

pub(crate) const PROPERTY_METHODS: Methods = &[
    ("getter", Native::Fast(|_, args| property_with(args, 0), 1, 1)),
    ("setter", Native::Fast(|_, args| property_with(args, 1), 1, 1)),
    ("deleter", Native::Fast(|_, args| property_with(args, 2), 1, 1)),
    (
        "__get__",
        Native::Fast(
            |vm, args| {
                if args[1].is_none() {
                    return Ok(args[0].clone());
                }
                let class = vm.class_of(&args[1]);
                vm.bind(&args[0], &args[1], &class)
            },
            1,
            2,
        ),
    ),
];

pub(crate) fn static_method_constructor() -> Constructor {
    Rc::new(|_, _, args| match args.positional.into_iter().next() {
        Some(function) => Ok(Value::Descriptor(Rc::new(Descriptor::StaticMethod(function)))),
        None => Err(PyError::type_error("staticmethod expected 1 argument, got 0")),
    })
}

pub(crate) fn class_method_constructor() -> Constructor {
    Rc::new(|_, _, args| match args.positional.into_iter().next() {
        Some(function) => Ok(Value::Descriptor(Rc::new(Descriptor::ClassMethod(function)))),
        None => Err(PyError::type_error("classmethod expected 1 argument, got 0")),
    })
}

pub(crate) fn super_constructor() -> Constructor {
    Rc::new(|vm, _, args| match args.positional.as_slice() {
        [Value::Class(class), object] => make_super(vm, class, object),
        [] => Err(PyError::new("RuntimeError", "super(): no arguments")),
        [_] => Err(PyError::not_supported("super() with one argument is not supported")),
        _ => Err(PyError::type_error("super() argument 1 must be a type")),
    })
}

/// `super(class, object)`.
pub(crate) fn make_super(vm: &mut Vm, class: &Rc<PyClass>, object: &Value) -> PyResult<Value> {
    let object_class = match object {
        Value::Class(candidate) if candidate.is_subclass_of(class) => candidate.clone(),
        _ => vm.class_of(object),
    };
    if !object_class.is_subclass_of(class) {
        return Err(PyError::type_error("super(type, obj): obj must be an instance or subtype of type"));
    }
    Ok(Value::Descriptor(Rc::new(Descriptor::Super { class: class.clone(), object: object.clone(), object_class })))
}
