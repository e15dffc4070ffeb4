//! What runs a piece of code for another: `with`, a class body, `yield from`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::frame::{Action, Outcome};

impl Vm {
    /// One step of `yield from`.
    pub(super) fn delegate(&mut self, inner: &Value, sent: Value) -> PyResult<Outcome> {
        match inner {
            Value::Generator(generator) => Ok(self
                .resume(generator, crate::vm::frame::Resume::Send(if sent.is_unbound() { Value::None } else { sent }))?
                .unwrap_or(Outcome::Returned(Value::None))),
            _ if sent.is_unbound() || sent.is_none() => {
                if let Value::Iterator(_) = inner {
                    return Ok(self.next(inner)?.map_or(Outcome::Returned(Value::None), Outcome::Yielded));
                }
                match self.special(inner, &self.n.next) {
                    Some(function) => match self.call_special(&function, inner, &[]) {
                        Ok(value) => Ok(Outcome::Yielded(value)),
                        Err(stop) if stop.is("StopIteration") => Ok(Outcome::Returned(crate::types::exception::stop_value(&stop))),
                        Err(error) => Err(error),
                    },
                    None => Ok(self.next(inner)?.map_or(Outcome::Returned(Value::None), Outcome::Yielded)),
                }
            }
            _ => match self.call_method(inner, "send", Args::new([sent])) {
                Ok(value) => Ok(Outcome::Yielded(value)),
                Err(stop) if stop.is("StopIteration") => Ok(Outcome::Returned(crate::types::exception::stop_value(&stop))),
                Err(error) => Err(error),
            },
        }
    }

    /// Runs the body of a class, and makes the class.
    pub(super) fn run_class_body(
        &mut self,
        body: &Value,
        name: &str,
        bases: Vec<Value>,
        keywords: Vec<(crate::Name, Value)>,
    ) -> PyResult<Value> {
        let Value::Function(function) = body else { return Err(PyError::type_error("not a class body")) };
        let namespace = Rc::new(RefCell::new(crate::text::Attrs::default()));
        {
            let mut names = namespace.borrow_mut();
            names.insert(self.n.module.clone(), Value::str(&**function.code.globals.module_name.borrow()));
            names.insert(self.n.qualname.clone(), Value::str(&*function.code.qualname));
        }
        let mut frame = self.frame_for(function, Args::none())?;
        frame.namespace = Some(namespace.clone());
        frame.action = Action::Leave;
        let class_cell = match self.run(frame, None)? {
            Outcome::Returned(value) | Outcome::Yielded(value) => value,
        };
        let attrs = namespace.borrow().clone();
        let class = self.build_class(name, bases, keywords, attrs)?;
        if let Value::Cell(cell) = class_cell {
            *cell.0.borrow_mut() = class.clone();
        }
        Ok(class)
    }

    /// `__enter__`: the method to leave with, and what `as` binds.
    pub(super) fn enter_context(&mut self, manager: &Value) -> PyResult<(Value, Value)> {
        if let Value::Native(native) = manager
            && let Some(value) = native.clone().object().enter(self, manager)?
        {
            return Ok((Value::None, value));
        }
        let class = self.class_of(manager);
        let (enter, exit) = (class.lookup(&self.n.enter), class.lookup(&self.n.exit));
        let missing = |vm: &mut Vm, what: &str| {
            let name = vm.type_name(manager);
            PyError::type_error(format!("'{name}' object does not support the context manager protocol{what}"))
        };
        let Some(enter) = enter else { return Err(missing(self, "")) };
        let Some(exit) = exit else { return Err(missing(self, " (missed __exit__ method)")) };
        let exit = self.bind(&exit, manager, &class)?;
        let value = self.call_special(&enter, manager, &[])?;
        Ok((exit, value))
    }

    /// `__exit__`; true swallows the exception.
    pub(super) fn exit_context(&mut self, manager: &Value, exit: &Value, error: Option<&PyError>) -> PyResult<bool> {
        if let (Value::Native(native), Value::None) = (manager, exit) {
            return native.clone().object().exit(self, error);
        }
        let args = match error {
            Some(error) => {
                let traceback = Value::native(crate::traceback::TracebackObject::new(error.data().traceback.borrow().clone()));
                vec![Value::Class(error.0.class()), error.value(), traceback]
            }
            None => vec![Value::None, Value::None, Value::None],
        };
        let result = self.call(exit, Args::new(args))?;
        self.truth(&result)
    }
}
