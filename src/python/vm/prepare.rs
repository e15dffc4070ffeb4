//! Calls before they run: what is called, with which arguments.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, PyClass};
use crate::code::CodeKind;
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::function::{PyBuiltin, PyFunction};
use crate::value::{Descriptor, Value};
use crate::vm::Vm;
use crate::vm::frame::Frame;

/// A call made ready: a frame to run, or the result already.
pub(crate) enum Prepared {
    Frame(Box<Frame>),
    Value(Value),
}

impl Vm {
    /// A call with keywords: functions of the program become frames, so that they need no Rust stack.
    pub(super) fn prepare_call(&mut self, callee: Value, args: Args) -> PyResult<Prepared> {
        match &callee {
            Value::Function(function) => {
                let frame = self.frame_for(function, args)?;
                if function.code.kind == CodeKind::Generator {
                    return Ok(Prepared::Value(self.make_generator(frame, function)));
                }
                Ok(Prepared::Frame(frame))
            }
            Value::Method(method) if matches!(method.function, Value::Function(_)) => {
                self.prepare_call(method.function.clone(), args.with_self(method.this.clone()))
            }
            _ => self.call(&callee, args).map(Prepared::Value),
        }
    }

    /// `str.upper(1)`: a method taken from its class needs an object of that class.
    pub(super) fn check_receiver(&mut self, builtin: &PyBuiltin, receiver: &Value) -> PyResult<()> {
        let Some((owner, method)) = builtin.qualname.split_once('.') else { return Ok(()) };
        let class = self.class_of(receiver);
        let is_builtin_owner = matches!(owner, "str" | "list" | "dict" | "set" | "int" | "float" | "tuple" | "bytes" | "frozenset");
        if !is_builtin_owner || method.starts_with("__") || class.mro().any(|class| class.builtin && &**class.name.borrow() == owner) {
            return Ok(());
        }
        let got = self.type_name(receiver);
        Err(PyError::type_error(format!("descriptor '{method}' for '{owner}' objects doesn't apply to a '{got}' object")))
    }

    /// The `__init__` of a class that is made in the ordinary way.
    #[inline]
    pub(super) fn simple_init(&mut self, class: &Rc<PyClass>) -> Option<Rc<PyFunction>> {
        if class.layout != Layout::Object || class.metaclass.is_some() || class.has_own(&self.n.abstract_methods) {
            return None;
        }
        match class.lookup(&self.n.new) {
            Some(Value::Descriptor(descriptor)) if matches!(&*descriptor, Descriptor::StaticMethod(Value::Builtin(_))) => {}
            _ => return None,
        }
        match class.lookup(&self.n.init) {
            Some(Value::Function(function)) => Some(function),
            _ => None,
        }
    }

    /// A callee as errors about its spread arguments name it.
    pub(super) fn callee_name(&mut self, function: &Value) -> String {
        match function {
            Value::Function(function) => format!("{}.{}()", self.main.module_name.borrow(), function.qualname.borrow()),
            Value::Class(class) => format!("{}()", class.full_name()),
            Value::Builtin(builtin) => format!("{}()", builtin.qualname),
            Value::Method(method) => self.callee_name(&method.function.clone()),
            other => self.type_name(other) + " object",
        }
    }

    pub(super) fn merge_keywords(&mut self, dict: &Rc<PyDict>, more: &Value, function: &Value) -> PyResult<()> {
        let name = self.callee_name(function);
        let is_mapping = matches!(more.base(), Value::Dict(_)) || self.has_attr(more, &self.n.keys)?;
        if !is_mapping {
            return Err(PyError::type_error(format!("{name} argument after ** must be a mapping, not {}", self.type_name(more))));
        }
        let addition = Rc::new(PyDict::default());
        self.dict_update(&addition, more)?;
        for (key, value) in addition.items() {
            let Some(text) = key.as_str() else { return Err(PyError::type_error("keywords must be strings")) };
            if dict.contains(self, &key)? {
                return Err(PyError::type_error(format!("{name} got multiple values for keyword argument '{text}'")));
            }
            dict.set(self, key, value)?;
        }
        Ok(())
    }
}
