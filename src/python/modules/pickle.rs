//! `_pickle`: what `pickle`, which is Python text, can't do by itself.

use crate::error::PyResult;
use crate::function::Native;
use crate::module::PyModule;
use crate::value::Value;
use crate::vm::Vm;
use crate::{Name, PyError};

pub(super) fn module() -> PyModule {
    let module = super::from_table("pickle", TABLE);
    PyModule { name: "_pickle".into(), ..module }
}

const TABLE: super::Table = &[
    ("find", Native::Fast(find, 2, 2)),
    ("double_bytes", Native::Fast(|vm, args| Ok(Value::bytes(vm.to_float(&args[0])?.to_be_bytes().to_vec())), 1, 1)),
    ("double", Native::Fast(double, 1, 1)),
];

/// What a module calls so; the name may have dots. `None` when there is no such thing.
fn find(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let [Some(module), Some(path)] = [&args[0], &args[1]].map(|value| value.as_str().map(String::from)) else {
        return Err(PyError::type_error("a module and a name are expected"));
    };
    let mut names = path.split('.');
    let first = names.next().unwrap_or_default();
    let mut found = match module.as_str() {
        "__main__" => vm.globals().get(first),
        "builtins" => vm.builtins.get(first),
        _ => {
            let module = vm.import(&module)?;
            vm.try_attr(&module, &Name::new(first))?
        }
    };
    for name in names {
        let Some(value) = found else { break };
        found = vm.try_attr(&value, &Name::new(name))?;
    }
    Ok(found.unwrap_or(Value::None))
}

fn double(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Bytes(bytes) = args[0].base() else { return Err(PyError::type_error("bytes are expected")) };
    let bytes = <[u8; 8]>::try_from(bytes.as_slice()).map_err(|_| PyError::value_error("a float has eight bytes"))?;
    Ok(Value::Float(f64::from_be_bytes(bytes)))
}
