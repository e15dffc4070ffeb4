//! `repr` of builtin values.

use rustpython_literal::escape::{AsciiEscape, UnicodeEscape};

use crate::error::PyResult;
use crate::function::PyMethod;
use crate::value::{Descriptor, Value, ViewKind};
use crate::vm::Vm;

/// `repr` of a float: the shortest text that reads back as the same number.
pub fn float_repr(value: f64) -> String {
    rustpython_literal::float::to_string(value)
}

/// `repr` of a string.
pub fn str_repr(text: &str) -> String {
    UnicodeEscape::new_repr(text.as_ref()).str_repr().to_string().unwrap_or_else(|| format!("'{text}'"))
}

/// `repr` of a bytes object.
pub fn bytes_repr(bytes: &[u8]) -> String {
    AsciiEscape::new_repr(bytes).bytes_repr().to_string().unwrap_or_default()
}

/// The address that default reprs show.
pub fn address(value: &Value) -> String {
    format!("0x{:012x}", value.identity().1)
}

/// The repr of a default value in a signature; no program code runs.
pub fn literal_repr(value: &Value) -> String {
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_repr(*value),
        Value::Str(text) => str_repr(text.as_str()),
        Value::Ellipsis => "...".into(),
        Value::Tuple(tuple) => {
            let items: Vec<String> = tuple.0.iter().map(literal_repr).collect();
            if items.len() == 1 { format!("({},)", items[0]) } else { format!("({})", items.join(", ")) }
        }
        Value::List(list) => format!("[{}]", list.0.borrow().iter().map(literal_repr).collect::<Vec<_>>().join(", ")),
        Value::Class(class) => class.name.borrow().to_string(),
        _ => "...".into(),
    }
}

/// `repr` of a value without `__repr__` of its own.
pub fn repr(vm: &mut Vm, value: &Value) -> PyResult<String> {
    Ok(match value {
        Value::Unbound => "<unbound>".into(),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => literal_repr(value),
        Value::Ellipsis => "Ellipsis".into(),
        Value::NotImplemented => "NotImplemented".into(),
        Value::BigInt(value) => {
            if value.bits() > 14_000 {
                let digits = value.to_string();
                if digits.trim_start_matches('-').len() > 4300 {
                    return Err(crate::PyError::value_error(
                        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
                    ));
                }
                return Ok(digits);
            }
            value.to_string()
        }
        Value::Bytes(bytes) => bytes_repr(bytes),
        Value::List(list) => {
            let items = list.0.borrow().clone();
            container(vm, value, "[...]", |vm| Ok(format!("[{}]", joined(vm, &items)?)))?
        }
        Value::Tuple(tuple) => container(vm, value, "(...)", |vm| {
            let items = joined(vm, &tuple.0)?;
            Ok(if tuple.0.len() == 1 { format!("({items},)") } else { format!("({items})") })
        })?,
        Value::Dict(dict) => {
            let items = dict.items();
            container(vm, value, "{...}", |vm| {
                let mut text = String::from("{");
                for (index, (key, item)) in items.iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    text.push_str(&vm.repr(key)?);
                    text.push_str(": ");
                    text.push_str(&vm.repr(item)?);
                }
                text.push('}');
                Ok(text)
            })?
        }
        Value::Set(set) => set_repr(vm, value, &set.items(), "set", false)?,
        Value::FrozenSet(set) => set_repr(vm, value, &set.items(), "frozenset", true)?,
        Value::Range(range) => {
            if range.step == 1 {
                format!("range({}, {})", range.start, range.stop)
            } else {
                format!("range({}, {}, {})", range.start, range.stop, range.step)
            }
        }
        Value::Slice(slice) => {
            let (start, stop, step) = (vm.repr(&slice.start)?, vm.repr(&slice.stop)?, vm.repr(&slice.step)?);
            format!("slice({start}, {stop}, {step})")
        }
        Value::DictView(view) => {
            let name = match view.kind {
                ViewKind::Keys => "dict_keys",
                ViewKind::Values => "dict_values",
                ViewKind::Items => "dict_items",
            };
            let items = vm.collect(value)?;
            container(vm, value, "...", |vm| Ok(format!("{name}([{}])", joined(vm, &items)?)))?
        }
        Value::Function(function) => format!("<function {} at {}>", function.qualname.borrow(), address(value)),
        Value::Builtin(builtin) => {
            if builtin.is_method {
                match builtin.qualname.rsplit_once('.') {
                    Some((owner, name)) => format!("<method '{name}' of '{owner}' objects>"),
                    None => format!("<built-in method {}>", builtin.name),
                }
            } else {
                format!("<built-in function {}>", builtin.name)
            }
        }
        Value::Method(method) => method_repr(vm, method)?,
        Value::Class(class) => format!("<class '{}'>", class.full_name()),
        Value::Instance(instance) => {
            if let Some(base) = instance.base_value() {
                return vm.repr(&base.clone());
            }
            format!("<{} object at {}>", instance.class().full_name(), address(value))
        }
        Value::Module(module) => match module.get("__file__") {
            Some(_) => format!("<module '{}'>", module.name),
            None => format!("<module '{}' (built-in)>", module.name),
        },
        Value::Iterator(iterator) => format!("<{} object at {}>", iterator.class_name, address(value)),
        Value::Generator(generator) => format!("<generator object {} at {}>", generator.qualname, address(value)),
        Value::Native(native) => return native.clone().object().repr(vm),
        Value::Descriptor(descriptor) => match &**descriptor {
            Descriptor::Property { .. } => format!("<property object at {}>", address(value)),
            Descriptor::StaticMethod(function) => format!("<staticmethod({})>", vm.repr(&function.clone())?),
            Descriptor::ClassMethod(function) => format!("<classmethod({})>", vm.repr(&function.clone())?),
            Descriptor::Super { class, object_class, .. } => {
                format!("<super: <class '{}'>, <{} object>>", class.name.borrow(), object_class.name.borrow())
            }
            Descriptor::Getter { name, owner, .. } => format!("<attribute '{name}' of '{owner}' objects>"),
        },
        Value::Cell(_) => format!("<cell at {}>", address(value)),
    })
}

fn method_repr(vm: &mut Vm, method: &PyMethod) -> PyResult<String> {
    Ok(match &method.function {
        Value::Builtin(builtin) => {
            let owner = vm.type_name(&method.this);
            let at = address(&method.this);
            format!("<built-in method {} of {owner} object at {at}>", builtin.name)
        }
        Value::Function(function) => {
            let this = vm.repr(&method.this)?;
            format!("<bound method {} of {this}>", function.qualname.borrow())
        }
        other => {
            let this = vm.repr(&method.this)?;
            let function = vm.repr(other)?;
            format!("<bound method {function} of {this}>")
        }
    })
}

fn joined(vm: &mut Vm, items: &[Value]) -> PyResult<String> {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        vm.tick()?;
        text.push_str(&vm.repr(item)?);
    }
    Ok(text)
}

/// Makes a container's repr, guarding against cycles and depth.
fn container(vm: &mut Vm, value: &Value, cycle: &str, make: impl FnOnce(&mut Vm) -> PyResult<String>) -> PyResult<String> {
    let id = value.identity().1;
    if vm.in_repr.contains(&id) {
        return Ok(cycle.into());
    }
    vm.in_repr.push(id);
    let result = vm.deeper(make);
    vm.in_repr.pop();
    result
}

pub(crate) fn set_repr(vm: &mut Vm, value: &Value, items: &[Value], name: &str, named: bool) -> PyResult<String> {
    if items.is_empty() {
        return Ok(format!("{name}()"));
    }
    let cycle = format!("{name}(...)");
    container(vm, value, &cycle, |vm| {
        let items = joined(vm, items)?;
        Ok(if named { format!("{name}({{{items}}})") } else { format!("{{{items}}}") })
    })
}

impl std::fmt::Debug for Value {
    /// As a literal where it is one; no program code runs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&literal_repr(self))
    }
}
