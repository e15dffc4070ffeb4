//! Modules.

use std::cell::RefCell;
use std::rc::Rc;

use crate::text::{Attrs, Name};
use crate::value::Value;

/// What `import` gives.
pub struct PyModule {
    pub name: Rc<str>,
    pub attrs: RefCell<Attrs>,
}

impl PyModule {
    /// An empty module by its full dotted name.
    pub fn new(name: &str) -> PyModule {
        let module = PyModule { name: name.into(), attrs: RefCell::default() };
        module.attrs.borrow_mut().insert(Name::new("__name__"), Value::str(name));
        module
    }

    /// The module with one more name in it.
    pub fn with(self, name: &str, value: impl Into<Value>) -> PyModule {
        self.attrs.borrow_mut().insert(Name::new(name), value.into());
        self
    }

    pub fn doc(self, doc: &str) -> PyModule {
        self.with("__doc__", doc)
    }

    pub fn set(&self, name: &str, value: impl Into<Value>) {
        self.attrs.borrow_mut().insert(Name::new(name), value.into());
    }

    /// The names of `__all__` that are made when they are asked for.
    pub(crate) fn promised(&self) -> Vec<String> {
        let all = self.get("__all__").and_then(|all| all.as_sequence()).unwrap_or_default();
        let names = all.iter().filter_map(Value::as_str).filter(|name| !self.attrs.borrow().contains_key(&Name::new(name)));
        names.map(str::to_owned).collect()
    }

    pub fn get(&self, name: &str) -> Option<Value> {
        self.attrs.borrow().get(&Name::new(name)).cloned()
    }
}

impl From<PyModule> for Value {
    fn from(module: PyModule) -> Value {
        Value::Module(Rc::new(module))
    }
}

impl From<Rc<crate::class::PyClass>> for Value {
    fn from(class: Rc<crate::class::PyClass>) -> Value {
        Value::Class(class)
    }
}
