//! Names that nothing is bound to.

use crate::code::Code;
use crate::error::PyError;
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::frame::Frame;

pub(super) fn free_variable_error(name: &Name) -> PyError {
    PyError::new("NameError", format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope"))
        .with_attr("name", Value::str(&**name))
}

impl Vm {
    /// The error for a name that nothing binds, with the nearest that something does.
    pub(super) fn unknown_name(&mut self, frame: &Frame, name: &Name) -> PyError {
        self.nearest_names(PyError::name_error(name), frame, name)
    }

    /// The error with the name nearest to the one it is about, of those the frame sees.
    pub(super) fn nearest_names(&mut self, error: PyError, frame: &Frame, name: &Name) -> PyError {
        let globals: Vec<Name> = frame.code.globals.items().into_iter().map(|(name, _)| name).collect();
        let constants = ["None", "Ellipsis", "NotImplemented", "False", "True"].map(Name::new);
        let builtins: Vec<Name> = self.builtins.attrs.borrow().keys().cloned().chain(constants).collect();
        let locals: Vec<Name> = match &frame.namespace {
            Some(namespace) => namespace.borrow().keys().cloned().collect(),
            None => frame.code.variables.clone(),
        };
        for candidates in [locals, globals, builtins] {
            if let Some(near) = crate::suggest::nearest(name, candidates.iter().map(|name| &**name)) {
                *error.data().suggestion.borrow_mut() = Some(near.to_string());
                break;
            }
        }
        error
    }

    pub(super) fn unbound_local(&mut self, code: &Code, name: u16) -> PyError {
        let name = &code.names[name as usize];
        PyError::new("UnboundLocalError", format!("cannot access local variable '{name}' where it is not associated with a value"))
            .with_attr("name", Value::name(name))
    }
}
