//! `print` and `open`.

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::host::Stream;
use crate::value::Value;
use crate::vm::Vm;

pub(super) const TABLE: super::Table =
    &[("print", Native::Full(print)), ("open", Native::Full(open)), ("__import__", Native::Fast(import, 1, 5))];

fn text_option(vm: &mut Vm, args: &mut Args, name: &str, default: &str) -> PyResult<String> {
    match args.take_keyword(name) {
        None | Some(Value::None) => Ok(default.into()),
        Some(value) => match value.as_str() {
            Some(text) => Ok(text.into()),
            None => Err(PyError::type_error(format!("{name} must be None or a string, not {}", vm.type_name(&value)))),
        },
    }
}

fn print(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let separator = text_option(vm, &mut args, "sep", " ")?;
    let end = text_option(vm, &mut args, "end", "\n")?;
    let mut file = args.take_keyword("file").unwrap_or(Value::None);
    if file.is_none()
        && let Some(Value::Module(sys)) = vm.modules.get("sys")
        && let Some(replaced) = sys.get("stdout")
        && !crate::modules::is_standard_output(&replaced)
    {
        file = replaced;
    }
    args.take_keyword("flush");
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for print()")));
    }
    let mut text = String::new();
    for (index, value) in args.positional.iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        match value {
            Value::Str(string) => text.push_str(string.as_str()),
            other => match vm.str(other) {
                Ok(shown) => text.push_str(&shown),
                Err(error) => {
                    // What came before it was printed already.
                    if file.is_none() {
                        vm.host.write(Stream::Stdout, &text);
                    }
                    return Err(error);
                }
            },
        }
    }
    text.push_str(&end);
    if file.is_none() {
        vm.host.write(Stream::Stdout, &text);
    } else {
        vm.call_method(&file, "write", Args::new([Value::str(text)]))?;
    }
    Ok(Value::None)
}

/// `__import__(name)`: the first module of a dotted name.
fn import(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args[0].as_str() {
        Some(name) => vm.import_top(name),
        None => Err(PyError::type_error(format!("__import__() argument 1 must be str, not {}", vm.type_name(&args[0])))),
    }
}

/// `open(file, mode)`, over the host's files.
fn open(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let module = vm.import("_open")?;
    let function = vm.get_attr_str(&module, "open")?;
    vm.call(&function, args)
}
