//! Builtins about objects, their attributes and types.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;

pub(super) const TABLE: super::Table = &[
    ("ascii", Native::Fast(|vm, args| Ok(Value::str(ascii_text(&vm.repr(&args[0])?))), 1, 1)),
    ("callable", Native::Fast(|vm, args| Ok(Value::Bool(vm.is_callable(&args[0]))), 1, 1)),
    ("delattr", Native::Fast(del_attr, 2, 2)),
    ("dir", Native::Fast(dir, 0, 1)),
    ("format", Native::Fast(format, 1, 2)),
    ("getattr", Native::Fast(get_attr, 2, 3)),
    ("globals", Native::Fast(|_, _| Ok(Value::native(GlobalsMapping)), 0, 0)),
    ("hasattr", Native::Fast(has_attr, 2, 2)),
    ("hash", Native::Fast(|vm, args| vm.hash(&args[0]).map(Value::Int), 1, 1)),
    ("id", Native::Fast(|_, args| Ok(Value::Int(args[0].identity().1 as i64)), 1, 1)),
    ("isinstance", Native::Fast(|vm, args| vm.check_instance(&args[0], &args[1]).map(Value::Bool), 2, 2)),
    ("issubclass", Native::Fast(is_subclass, 2, 2)),
    ("locals", Native::Fast(locals, 0, 0)),
    ("repr", Native::Fast(|vm, args| Ok(Value::str(vm.repr(&args[0])?)), 1, 1)),
    ("setattr", Native::Fast(set_attr, 3, 3)),
    ("vars", Native::Fast(vars, 0, 1)),
];

/// Escapes everything beyond ASCII, as `ascii()` does.
pub(crate) fn ascii_text(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars() {
        match c as u32 {
            0..=0x7f => result.push(c),
            code @ 0x80..=0xff => result.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xffff => result.push_str(&format!("\\u{code:04x}")),
            code => result.push_str(&format!("\\U{code:08x}")),
        }
    }
    result
}

fn name(vm: &mut Vm, value: &Value) -> PyResult<Name> {
    match value.base() {
        Value::Str(text) => Ok(Name::new(text.as_str())),
        _ => Err(PyError::type_error(format!("attribute name must be string, not '{}'", vm.type_name(value)))),
    }
}

fn get_attr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name(vm, &args[1])?;
    match args.get(2) {
        Some(default) => Ok(vm.try_attr(&args[0], &name)?.unwrap_or_else(|| default.clone())),
        None => vm.get_attr(&args[0], &name),
    }
}

fn has_attr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name(vm, &args[1])?;
    Ok(Value::Bool(vm.has_attr(&args[0], &name)?))
}

fn set_attr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name(vm, &args[1])?;
    vm.set_attr(&args[0], &name, args[2].clone())?;
    Ok(Value::None)
}

fn del_attr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = name(vm, &args[1])?;
    vm.delete_attr(&args[0], &name)?;
    Ok(Value::None)
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let spec = match args.get(1) {
        None => String::new(),
        Some(spec) => match spec.as_str() {
            Some(spec) => spec.to_string(),
            None => return Err(PyError::type_error(format!("format() argument 2 must be str, not {}", vm.type_name(spec)))),
        },
    };
    Ok(Value::str(vm.format(&args[0], &spec)?))
}

fn is_subclass(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Class(class) = &args[0] else { return Err(PyError::type_error("issubclass() arg 1 must be a class")) };
    fn check(vm: &mut Vm, class: &Rc<crate::PyClass>, of: &Value) -> PyResult<bool> {
        match of {
            Value::Class(other) => {
                if other.metaclass.is_some()
                    && let Some(function @ Value::Function(_)) = vm.special(of, &vm.n.subclasscheck)
                {
                    let result = vm.call_special(&function, of, &[Value::Class(class.clone())])?;
                    return vm.truth(&result);
                }
                Ok(class.is_subclass_of(other))
            }
            Value::Tuple(classes) => {
                for other in classes.0.iter() {
                    if check(vm, class, other)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Native(native) => match native.downcast_ref::<crate::types::union_type::UnionType>() {
                Some(union) => {
                    for other in union.members() {
                        if check(vm, class, other)? {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                }
                None => Err(PyError::type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union")),
            },
            _ => Err(PyError::type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union")),
        }
    }
    Ok(Value::Bool(check(vm, &class.clone(), &args[1])?))
}

fn locals(vm: &mut Vm, _: &[Value]) -> PyResult<Value> {
    Ok(vm.current_locals())
}

fn vars(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Some(value) = args.first() else { return locals(vm, args) };
    match vm.try_attr(value, &vm.n.dict)? {
        Some(dict) => Ok(dict),
        None => Err(PyError::type_error("vars() argument must have __dict__ attribute")),
    }
}

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args.first() {
        Some(value @ (Value::Instance(_) | Value::Class(_))) => {
            if let Some(function @ Value::Function(_)) = vm.special(value, &vm.n.dir) {
                let names = vm.call_special(&function, value, &[])?;
                let names = vm.collect(&names)?;
                return Ok(Value::list(crate::types::list::sort_values(vm, names, &Value::None, false)?));
            }
            dir_of(vm, value)
        }
        Some(value) => dir_of(vm, value),
        None => {
            let mut names: Vec<String> = match vm.current_locals() {
                Value::Dict(dict) => dict.keys().iter().filter_map(|key| key.as_str().map(String::from)).collect(),
                _ => Vec::new(),
            };
            names.sort();
            Ok(names.into())
        }
    }
}

/// `dir(value)` without `__dir__`.
pub(crate) fn dir_of(vm: &mut Vm, value: &Value) -> PyResult<Value> {
    Ok(member_names(vm, value)?.into())
}

/// The names of a value's attributes, sorted.
pub(crate) fn member_names(vm: &mut Vm, value: &Value) -> PyResult<Vec<String>> {
    let mut names = BTreeSet::new();
    let mut add_class = |class: &Rc<crate::PyClass>| {
        for class in class.mro() {
            names.extend(class.attrs.borrow().keys().map(|name| name.to_string()));
        }
    };
    match value {
        Value::Class(class) => add_class(class),
        Value::Module(module) => names.extend(module.attrs.borrow().keys().map(|name| name.to_string())),
        Value::Instance(instance) => {
            add_class(&instance.class());
            names.extend(instance.attr_names().iter().map(|name| name.to_string()));
            if instance.exception().is_some() {
                names.extend(["args", "__cause__", "__context__", "__suppress_context__", "__traceback__"].map(String::from));
            }
        }
        Value::Native(native) => {
            let native = native.clone();
            let class = vm.native_class(native.object().class_name());
            add_class(&class);
            names.extend(native.object().members().into_iter().map(|member| member.name));
        }
        _ => {
            let class = vm.class_of(value);
            add_class(&class);
            if let Value::Function(function) = value {
                names.extend(function.attrs.borrow().keys().map(|name| name.to_string()));
                names.extend(["__name__", "__qualname__", "__doc__", "__module__", "__defaults__", "__annotations__"].map(String::from));
            }
        }
    }
    if !matches!(value, Value::Module(_)) {
        names.insert("__class__".into());
        names.insert("__doc__".into());
    }
    Ok(names.into_iter().collect())
}

/// `globals()`: the notebook's names, live.
struct GlobalsMapping;

impl crate::NativeObject for GlobalsMapping {
    fn class_name(&self) -> &str {
        "dict"
    }

    fn get_item(&self, vm: &mut Vm, _: &Value, key: &Value) -> PyResult<Option<Value>> {
        match key.as_str().and_then(|name| vm.globals().get(name)) {
            Some(value) => Ok(Some(value)),
            None => Err(PyError::key_error(key.clone())),
        }
    }

    fn set_item(&self, vm: &mut Vm, key: &Value, value: Value) -> PyResult<bool> {
        match key.as_str() {
            Some(name) => {
                vm.set_global(name, value);
                Ok(true)
            }
            None => Err(PyError::not_supported("globals() takes strings as keys")),
        }
    }

    fn contains(&self, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(Some(item.as_str().is_some_and(|name| vm.globals().get(name).is_some())))
    }

    fn len(&self, vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(vm.globals().items().len()))
    }

    fn iter(&self, vm: &mut Vm, _: &Value) -> PyResult<Option<Value>> {
        let names: Vec<Value> = vm.globals().items().iter().map(|(name, _)| Value::name(name)).collect();
        vm.iter(&Value::list(names)).map(Some)
    }

    fn get_attr(&self, vm: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        let snapshot = Value::dict(vm.globals().items().into_iter().map(|(name, value)| (name.to_string(), value)));
        match name {
            "get" | "keys" | "values" | "items" | "copy" => vm.get_attr_str(&snapshot, name).map(Some),
            _ => Err(PyError::not_supported(format!("globals().{name} is not supported"))),
        }
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        let snapshot = Value::dict(vm.globals().items().into_iter().map(|(name, value)| (name.to_string(), value)));
        vm.repr(&snapshot)
    }
}
