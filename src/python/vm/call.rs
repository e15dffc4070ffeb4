//! Calls: of functions, classes, methods and anything else that can be called.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, PyClass, PyInstance, empty_payload};
use crate::code::CodeKind;
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::function::{BuiltinCall, PyFunction};
use crate::signature::{missing_arguments, too_many_arguments};
use crate::text::Name;
use crate::value::{Descriptor, Value};
use crate::vm::Vm;
use crate::vm::frame::{Action, Outcome};

impl Vm {
    /// `callee(*args, **keywords)`.
    pub fn call(&mut self, callee: &Value, args: Args) -> PyResult<Value> {
        match callee {
            Value::Function(function) => {
                let mut frame = self.frame_for(function, args)?;
                if function.code.kind == CodeKind::Generator {
                    return Ok(self.make_generator(frame, function));
                }
                frame.action = Action::Leave;
                match self.run(frame, None) {
                    Ok(Outcome::Returned(value) | Outcome::Yielded(value)) => Ok(value),
                    Err(error) => Err(error),
                }
            }
            Value::Builtin(builtin) => {
                let builtin = builtin.clone();
                builtin.call(self, args)
            }
            Value::Method(method) => {
                let method = method.clone();
                self.call(&method.function, args.with_self(method.this.clone()))
            }
            Value::Class(class) => {
                let class = class.clone();
                self.call_class(&class, args)
            }
            Value::Native(native) => native.clone().object().call(self, args),
            Value::Instance(_) => match self.special(callee, &self.n.call) {
                Some(function @ (Value::Function(_) | Value::Builtin(_))) => self.call(&function, args.with_self(callee.clone())),
                Some(function) => {
                    let class = self.class_of(callee);
                    let bound = self.bind(&function, callee, &class)?;
                    self.call(&bound, args)
                }
                None => Err(self.not_callable(callee)),
            },
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::StaticMethod(function) => self.call(&function.clone(), args),
                _ => Err(self.not_callable(callee)),
            },
            _ => Err(self.not_callable(callee)),
        }
    }

    #[cold]
    pub(crate) fn not_callable(&mut self, callee: &Value) -> PyError {
        PyError::type_error(format!("'{}' object is not callable", self.type_name(callee)))
    }

    /// Calls with positional arguments.
    pub fn call_values(&mut self, callee: &Value, args: &[Value]) -> PyResult<Value> {
        match callee {
            Value::Builtin(builtin) if matches!(builtin.call, BuiltinCall::Fast(..)) => builtin.clone().call_fast(self, args),
            _ => self.call(callee, Args::new(args)),
        }
    }

    /// `value.name(*args)`.
    pub fn call_method(&mut self, value: &Value, name: &str, args: Args) -> PyResult<Value> {
        let method = self.get_attr(value, &Name::new(name))?;
        self.call(&method, args)
    }

    pub fn is_callable(&mut self, value: &Value) -> bool {
        match value {
            Value::Function(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_) => true,
            Value::Instance(_) | Value::Native(_) => {
                self.special(value, &self.n.call).is_some()
                    || matches!(value, Value::Native(native) if native.object().members().iter().any(|m| m.name == "__call__"))
            }
            Value::Descriptor(descriptor) => matches!(&**descriptor, Descriptor::StaticMethod(_)),
            _ => false,
        }
    }

    pub(crate) fn call_class(&mut self, class: &Rc<PyClass>, args: Args) -> PyResult<Value> {
        if let Some(metaclass) = &class.metaclass
            && let Some(function @ Value::Function(_)) = metaclass.lookup(&self.n.call)
        {
            return self.call(&function, args.with_self(Value::Class(class.clone())));
        }
        self.instantiate(class, args)
    }

    /// `type.__call__`: `__new__`, then `__init__`.
    pub(crate) fn instantiate(&mut self, class: &Rc<PyClass>, args: Args) -> PyResult<Value> {
        if let Some(constructor) = &class.constructor {
            let constructor = constructor.clone();
            return constructor(self, class, args);
        }
        let new = class.lookup(&self.n.new);
        let value = match &new {
            Some(Value::Descriptor(descriptor)) => {
                let Descriptor::StaticMethod(function) = &**descriptor else { return Err(PyError::type_error("__new__ is not callable")) };
                match function {
                    Value::Builtin(_) => self.default_new(class, &args)?,
                    function => self.call(&function.clone(), args.clone().with_self(Value::Class(class.clone())))?,
                }
            }
            _ => self.default_new(class, &args)?,
        };
        if !self.is_instance(&value, class) {
            return Ok(value);
        }
        let actual = self.class_of(&value);
        match actual.lookup(&self.n.init) {
            Some(function @ (Value::Function(_) | Value::Builtin(_))) => {
                let result = self.call(&function, args.with_self(value.clone()))?;
                if !result.is_none() {
                    let name = self.type_name(&result);
                    return Err(PyError::type_error(format!("__init__() should return None, not '{name}'")));
                }
            }
            Some(function) => {
                let bound = self.bind(&function, &value, &actual)?;
                self.call(&bound, args)?;
            }
            None => {}
        }
        Ok(value)
    }

    /// `object.__new__(class)`, and that of the builtin type a class derives from.
    pub(crate) fn default_new(&mut self, class: &Rc<PyClass>, args: &Args) -> PyResult<Value> {
        self.check_abstract(class)?;
        let payload = match class.layout {
            Layout::Object | Layout::List | Layout::Dict | Layout::Set => empty_payload(class.layout),
            Layout::Exception => {
                let payload = empty_payload(Layout::Exception);
                if let crate::class::Payload::Exception(data) = &payload {
                    *data.args.borrow_mut() = Value::tuple(args.positional.clone());
                }
                payload
            }
            Layout::Closed => return Err(PyError::type_error(format!("cannot create '{}' instances", class.name.borrow()))),
            Layout::Type => return Err(PyError::type_error("type.__new__() takes exactly 3 arguments")),
            Layout::Int | Layout::Float | Layout::Str | Layout::Bytes | Layout::Tuple | Layout::FrozenSet => {
                let builtin = self.types.of_layout(class.layout);
                let mut args = args.clone();
                // Keywords belong to an `__init__` or `__new__` of the program.
                args.keywords.clear();
                let value = match &builtin.constructor {
                    Some(constructor) => constructor.clone()(self, &builtin, args)?,
                    None => return Err(PyError::type_error(format!("cannot create '{}' instances", class.name.borrow()))),
                };
                crate::class::Payload::Value(value.base().clone())
            }
        };
        Ok(Value::Instance(Rc::new(PyInstance::with_payload(class.clone(), payload))))
    }

    /// Errors: `TypeError` when abstract methods are left.
    pub(crate) fn check_abstract(&mut self, class: &Rc<PyClass>) -> PyResult<()> {
        let missing = match class.attrs.borrow().get(&self.n.abstract_methods) {
            Some(Value::FrozenSet(set)) if !set.is_empty() => {
                let mut names: Vec<String> = set.items().iter().filter_map(|name| name.as_str().map(String::from)).collect();
                names.sort();
                names
            }
            _ => return Ok(()),
        };
        let plural = if missing.len() == 1 { "" } else { "s" };
        Err(PyError::type_error(format!(
            "Can't instantiate abstract class {} with abstract method{plural} {}",
            class.name.borrow(),
            missing.join(", ")
        )))
    }

    /// The values of a function's parameters, in the order of registers. Errors: CPython's `TypeError`s.
    pub(crate) fn bind_arguments(&mut self, function: &PyFunction, args: Args) -> PyResult<Vec<Value>> {
        let code = &function.code;
        let positional_count = code.positional_count as usize;
        let keyword_only = code.keyword_only as usize;
        let name = || function.qualname.borrow().to_string();
        let mut values = vec![Value::Unbound; code.parameters.len()];
        let given = args.positional.len();
        let mut positional = args.positional.into_iter();
        for (value, argument) in values.iter_mut().zip(positional.by_ref().take(positional_count.min(given))) {
            *value = argument;
        }
        let surplus: Vec<Value> = positional.collect();
        let mut next = positional_count + keyword_only;
        let has_surplus = !surplus.is_empty();
        if code.has_varargs {
            values[next] = Value::tuple(surplus);
            next += 1;
        }
        let given_names: Vec<crate::Name> =
            if code.positional_only > 0 { args.keywords.iter().map(|(name, _)| name.clone()).collect() } else { Vec::new() };
        let keywords = code.has_kwargs.then(|| Rc::new(PyDict::default()));
        for (keyword, argument) in args.keywords {
            let found = code.parameters[..positional_count + keyword_only]
                .iter()
                .skip(code.positional_only as usize)
                .position(|name| *name == keyword);
            match (found, &keywords) {
                (Some(index), _) => {
                    let index = index + code.positional_only as usize;
                    if !values[index].is_unbound() {
                        return Err(PyError::type_error(format!("{}() got multiple values for argument '{keyword}'", name())));
                    }
                    values[index] = argument;
                }
                (None, Some(dict)) => drop(dict.set_str_object(keyword.object().clone(), argument)),
                (None, None) => {
                    let passed: Vec<&str> = code.parameters[..code.positional_only as usize]
                        .iter()
                        .filter(|name| given_names.contains(name))
                        .map(|name| &**name)
                        .collect();
                    if !passed.is_empty() {
                        return Err(PyError::type_error(format!(
                            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                            name(),
                            passed.join(", ")
                        )));
                    }
                    return Err(PyError::type_error(format!("{}() got an unexpected keyword argument '{keyword}'", name())));
                }
            }
        }
        if let Some(dict) = keywords {
            values[next] = Value::Dict(dict);
        }
        if has_surplus && !code.has_varargs {
            let keyword_only_given =
                values[positional_count..positional_count + keyword_only].iter().filter(|value| !value.is_unbound()).count();
            let least = positional_count - function.defaults.borrow().len();
            return Err(too_many_arguments(&name(), least, positional_count, given, keyword_only_given));
        }
        {
            let defaults = function.defaults.borrow();
            let first_default = positional_count - defaults.len();
            for (value, default) in values[first_default..positional_count].iter_mut().zip(defaults.iter()) {
                if value.is_unbound() {
                    *value = default.clone();
                }
            }
        }
        if values[..positional_count].iter().any(Value::is_unbound) {
            let missing: Vec<&str> = code.parameters[..positional_count]
                .iter()
                .zip(&values)
                .filter(|(_, value)| value.is_unbound())
                .map(|(name, _)| &**name)
                .collect();
            return Err(missing_arguments(&name(), "positional", &missing));
        }
        if keyword_only > 0 {
            let range = positional_count..positional_count + keyword_only;
            let defaults = function.keyword_defaults.borrow();
            for (value, parameter) in values[range.clone()].iter_mut().zip(&code.parameters[range.clone()]) {
                if value.is_unbound()
                    && let Some((_, default)) = defaults.iter().find(|(name, _)| name == parameter)
                {
                    *value = default.clone();
                }
            }
            let missing: Vec<&str> = code.parameters[range.clone()]
                .iter()
                .zip(&values[range])
                .filter(|(_, value)| value.is_unbound())
                .map(|(name, _)| &**name)
                .collect();
            if !missing.is_empty() {
                return Err(missing_arguments(&name(), "keyword-only", &missing));
            }
        }
        Ok(values)
    }
}
