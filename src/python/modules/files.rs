//! `_files`: the host's files, under `open` and `os`.

use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::host::FileError;
use crate::module::PyModule;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn module() -> PyModule {
    super::from_table("_files", TABLE)
}

const TABLE: super::Table = &[
    ("read", Native::Fast(read, 1, 1)),
    ("write", Native::Fast(write, 2, 2)),
    ("remove", Native::Fast(remove, 1, 1)),
    ("entries", Native::Fast(entries, 1, 1)),
    ("is_folder", Native::Fast(|vm, args| Ok(Value::Bool(vm.host().list_files(path(args)).is_ok_and(|names| !names.is_empty()))), 1, 1)),
];

fn path(args: &[Value]) -> &str {
    args[0].as_str().unwrap_or("")
}

fn failure(error: FileError) -> PyError {
    match error {
        FileError::NotFound => PyError::new("FileNotFoundError", "No such file or directory"),
        FileError::Unsupported => PyError::not_supported("files are not supported here"),
        FileError::Other(message) => PyError::new("OSError", message),
    }
}

/// The bytes of a file; `None` when there is no such file.
fn read(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match vm.host().read_file(path(args)) {
        Ok(bytes) => Ok(Value::bytes(bytes)),
        Err(FileError::NotFound) => Ok(Value::None),
        Err(error) => Err(failure(error)),
    }
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Bytes(bytes) = args[1].base() else { return Err(PyError::type_error("files hold bytes")) };
    vm.host().write_file(path(args), bytes.to_vec()).map_err(failure)?;
    Ok(Value::None)
}

fn remove(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    vm.host().remove_file(path(args)).map_err(failure)?;
    Ok(Value::None)
}

/// The names directly in a folder; `None` when there is no such folder.
fn entries(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match vm.host().list_files(path(args)) {
        Ok(names) => Ok(Value::list(names.into_iter().map(Value::str).collect::<Vec<_>>())),
        Err(FileError::NotFound) => Ok(Value::None),
        Err(error) => Err(failure(error)),
    }
}
