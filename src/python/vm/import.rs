//! `import`.

use std::rc::Rc;

use crate::error::{PyError, PyResult};
use crate::text::Name;
use crate::value::Value;
use crate::vm::{Globals, Vm};

impl Vm {
    /// The module of a full dotted name, loaded at its first use.
    ///
    /// Errors: `ModuleNotFoundError` with what there is instead.
    pub fn import(&mut self, name: &str) -> PyResult<Value> {
        if let Some(module) = self.modules.get(name) {
            return Ok(module.clone());
        }
        if let Some(module) = crate::modules::load(self, name)? {
            return Ok(module);
        }
        if let Some((parent, _)) = name.rsplit_once('.') {
            let parent_value = self.import(parent)?;
            if let Value::Module(module) = &parent_value {
                let last = &name[parent.len() + 1..];
                if let Some(child @ Value::Module(_)) = module.get(last) {
                    return Ok(child);
                }
            }
            let is_package = self.modules.keys().any(|key| key.starts_with(&format!("{parent}.")));
            let note = if is_package { "" } else { "; 'PARENT' is not a package" };
            let message = format!("No module named '{name}'{}", note.replace("PARENT", parent));
            return Err(PyError::new("ModuleNotFoundError", message).with_attr("name", Value::str(name)));
        }
        let error = PyError::new("ModuleNotFoundError", format!("No module named '{name}'")).with_attr("name", Value::str(name));
        Err(error)
    }

    /// `import a.b.c` binds `a`.
    pub(crate) fn import_top(&mut self, name: &str) -> PyResult<Value> {
        let module = self.import(name)?;
        match name.split_once('.') {
            Some((top, _)) => self.import(top),
            None => Ok(module),
        }
    }

    /// `from module import name`.
    pub(crate) fn import_from(&mut self, module: &Value, name: &Name) -> PyResult<Value> {
        if let Some(value) = self.try_attr(module, name)? {
            return Ok(value);
        }
        let module_name = match module {
            Value::Module(module) => module.name.to_string(),
            _ => String::from("?"),
        };
        let full = format!("{module_name}.{name}");
        match self.import(&full) {
            Ok(value) => Ok(value),
            Err(error) if error.is("ModuleNotFoundError") => {
                let error = PyError::new("ImportError", format!("cannot import name '{name}' from '{module_name}' (unknown location)"));
                Err(error.with_attr("name", Value::str(module_name)).with_attr("name_from", Value::name(name)))
            }
            Err(error) => Err(error),
        }
    }

    /// `from module import *`: what `__all__` lists, else every name without a leading underscore.
    pub(crate) fn import_star(&mut self, module: &Value, globals: &Rc<Globals>) -> PyResult<()> {
        let Value::Module(module) = module else { return Ok(()) };
        let names: Vec<Name> = match module.get("__all__") {
            Some(all) => self.collect(&all)?.iter().filter_map(|name| name.as_str().map(Name::new)).collect(),
            None => module.attrs.borrow().keys().filter(|name| !name.starts_with('_')).cloned().collect(),
        };
        for name in names {
            let value = self.get_attr(&Value::Module(module.clone()), &name)?;
            let builtins = self.builtins.clone();
            globals.set(&name, value, &builtins);
        }
        Ok(())
    }
}
