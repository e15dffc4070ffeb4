//! `dbutils.fs`: the notebook's files.

use kindling_frame::{Session, below};
use kindling_python::{ClassBuilder, NativeObject, PyError, PyModule, PyResult, Value, Vm};

use crate::args;
use crate::errors::{OrRaise, missing};
use crate::sql::row::RowObject;

struct Dbutils(Session);

struct Files(Session);

impl NativeObject for Dbutils {
    fn class_name(&self) -> &str {
        "DBUtils"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        match name {
            "fs" => Ok(Some(Value::native(Files(self.0.clone())))),
            "widgets" | "notebook" | "secrets" | "jobs" | "library" | "data" => {
                Err(missing(&format!("dbutils.{name}"), "There is dbutils.fs."))
            }
            _ => Ok(None),
        }
    }
}

impl NativeObject for Files {
    fn class_name(&self) -> &str {
        "FsUtils"
    }
}

fn this(value: &Value) -> PyResult<&Session> {
    value.as_native::<Files>().map(|files| &files.0).ok_or_else(|| PyError::type_error("not dbutils.fs"))
}

/// Makes `dbutils`.
pub(crate) fn install(vm: &mut Vm, session: &Session) {
    let root = ClassBuilder::new("DBUtils", "dbutils").doc("Helpers of a Databricks notebook: dbutils.fs.").build();
    let files = ClassBuilder::new("FsUtils", "dbutils")
        .doc("The notebook's files, under /files and /datasets.")
        .method("ls(self, dir)", "The files of a folder.", |vm, values| {
            let folder = args::text(vm, &values[1], "dir")?;
            let entries = this(&values[0])?.files().list(&folder).or_raise()?;
            let fields = ["path", "name", "size", "modificationTime"];
            let rows = entries.into_iter().map(|entry| {
                let cells =
                    vec![Value::str(format!("dbfs:{}", entry.path)), Value::str(entry.name), Value::Int(entry.size as i64), Value::Int(0)];
                Value::native(RowObject::of_class("FileInfo", &fields, cells))
            });
            Ok(Value::list(rows.collect::<Vec<_>>()))
        })
        .method("head(self, file, maxBytes=65536)", "The beginning of a file as text.", |vm, values| {
            let path = args::text(vm, &values[1], "file")?;
            let most = args::count(vm, &values[2], "maxBytes")?;
            let bytes = this(&values[0])?.files().read(&path).or_raise()?;
            Ok(Value::str(String::from_utf8_lossy(&bytes[..bytes.len().min(most)]).into_owned()))
        })
        .method("put(self, file, contents, overwrite=False)", "Writes a text to a file.", |vm, values| {
            let (path, text) = (args::text(vm, &values[1], "file")?, args::text(vm, &values[2], "contents")?);
            let files = this(&values[0])?.files();
            if !vm.truth(&values[3])? && files.read(&path).is_ok() {
                return Err(PyError::new("FileExistsError", format!("{path} exists already: put(…, overwrite=True) writes over it.")));
            }
            files.write(&path, text.into_bytes()).or_raise()?;
            Ok(Value::Bool(true))
        })
        .method("cp(self, source, dest, recurse=False)", "Copies a file.", |vm, values| {
            let (from, to) = (args::text(vm, &values[1], "source")?, args::text(vm, &values[2], "dest")?);
            let files = this(&values[0])?.files();
            let bytes = files.read(&from).or_raise()?;
            files.write(&to, bytes.to_vec()).or_raise()?;
            Ok(Value::Bool(true))
        })
        .method("rm(self, dir, recurse=False)", "Removes a file, or with recurse a folder and all in it.", |vm, values| {
            let path = args::text(vm, &values[1], "dir")?;
            let files = this(&values[0])?.files();
            if vm.truth(&values[2])? {
                let found = below(&**files, path.trim_end_matches('/')).or_raise()?;
                found.iter().try_for_each(|path| files.remove(path)).or_raise()?;
                return Ok(Value::Bool(!found.is_empty()));
            }
            files.remove(&path).or_raise()?;
            Ok(Value::Bool(true))
        })
        .method("mkdirs(self, dir)", "Nothing: a folder is there once it has a file.", |_, _| Ok(Value::Bool(true)))
        .method("help(self)", "What there is.", |vm, _| {
            vm.print("dbutils.fs: ls(dir), head(file), put(file, contents), cp(source, dest), rm(file)\n");
            Ok(Value::None)
        })
        .build();
    vm.register_class(&root);
    vm.register_class(&files);
    let value = Value::native(Dbutils(session.clone()));
    vm.set_builtin("dbutils", value.clone());
    vm.add_module(PyModule::new("pyspark.dbutils").with("dbutils", value));
}
