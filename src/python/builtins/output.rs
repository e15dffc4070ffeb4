//! `print`.

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::host::Stream;
use crate::value::Value;
use crate::vm::Vm;

pub(super) const TABLE: super::Table = &[("print", Native::Full(print)), ("open", Native::Full(open))];

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
    let file = args.take_keyword("file").unwrap_or(Value::None);
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
            other => text.push_str(&vm.str(other)?),
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

/// Files belong to whoever embeds the interpreter, who replaces this.
fn open(_: &mut Vm, _: Args) -> PyResult<Value> {
    Err(PyError::not_supported("open() is not supported here"))
}
