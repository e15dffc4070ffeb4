//! The builtin functions.

mod iterators;
mod numbers;
mod objects;
mod output;

use std::rc::Rc;

use crate::function::{Native, PyBuiltin};
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) use numbers::{abs, round_value};
pub(crate) use objects::{ascii_text, dir_of, member_names};

type Table = &'static [(&'static str, Native)];

/// Builtins that exist in CPython and not here; using one says so.
const UNSUPPORTED: &[&str] = &[
    "aiter",
    "anext",
    "breakpoint",
    "bytearray",
    "compile",
    "complex",
    "eval",
    "exec",
    "exit",
    "help",
    "input",
    "memoryview",
    "quit",
    "copyright",
    "credits",
    "license",
];

/// Fills the `builtins` module.
pub(crate) fn install(vm: &mut Vm) {
    let builtins = vm.builtins.clone();
    let mut attrs = builtins.attrs.borrow_mut();
    let mut add = |name: &str, value: Value| {
        attrs.insert(Name::new(name), value);
    };
    for (name, native) in [numbers::TABLE, iterators::TABLE, objects::TABLE, output::TABLE].iter().copied().flatten() {
        add(name, Value::Builtin(Rc::new(PyBuiltin::from_table(name, None, *native))));
    }
    let types = vm.types.clone();
    for class in [
        &types.object,
        &types.type_,
        &types.bool_,
        &types.int,
        &types.float,
        &types.str,
        &types.bytes,
        &types.tuple,
        &types.list,
        &types.dict,
        &types.set,
        &types.frozenset,
        &types.range,
        &types.slice,
        &types.property,
        &types.static_method,
        &types.class_method,
        &types.super_,
    ] {
        let name = class.name.borrow().to_string();
        add(&name, Value::Class(class.clone()));
    }
    for name in crate::types::exception::names() {
        add(name, Value::Class(types.exception_named(name)));
    }
    add("EnvironmentError", Value::Class(types.exception_named("OSError")));
    add("IOError", Value::Class(types.exception_named("OSError")));
    add("Ellipsis", Value::Ellipsis);
    add("NotImplemented", Value::NotImplemented);
    add("__debug__", Value::Bool(true));
    for name in UNSUPPORTED {
        let function = move |_: &mut Vm, _: crate::Args| -> crate::PyResult<Value> {
            Err(crate::PyError::not_supported(format!("{name}() is not supported in this notebook")))
        };
        add(name, Value::raw_function(name, "", function));
    }
    drop(attrs);
    vm.modules.insert("builtins".into(), Value::Module(builtins));
    vm.set_global("__name__", Value::str("__main__"));
    vm.set_global("__doc__", Value::None);
}
