//! Functions: those of a program, those in Rust, and methods bound to an object.

use std::cell::RefCell;
use std::rc::Rc;

use crate::args::Args;
use crate::code::Code;
use crate::error::{PyError, PyResult};
use crate::signature::{Parameter, ParameterKind, Signature};
use crate::text::{Attrs, Name};
use crate::value::{PyCell, Value};
use crate::vm::Vm;

/// A `def` or `lambda` that was executed.
pub struct PyFunction {
    pub code: Rc<Code>,
    pub name: RefCell<Rc<str>>,
    pub qualname: RefCell<Rc<str>>,
    pub defaults: RefCell<Rc<[Value]>>,
    pub keyword_defaults: RefCell<Vec<(Name, Value)>>,
    pub closure: Vec<Rc<PyCell>>,
    pub doc: RefCell<Value>,
    pub annotations: RefCell<Value>,
    pub module: RefCell<Value>,
    pub attrs: RefCell<Attrs>,
}

/// A function and the object it is called on.
pub struct PyMethod {
    pub function: Value,
    pub this: Value,
}

pub type FastFn = fn(&mut Vm, &[Value]) -> PyResult<Value>;
pub type FullFn = fn(&mut Vm, Args) -> PyResult<Value>;
/// A function that gets one value for each parameter.
type BoundFn = dyn Fn(&mut Vm, Vec<Value>) -> PyResult<Value>;
pub type ClosureFn = Rc<dyn Fn(&mut Vm, Args) -> PyResult<Value>>;

/// How a table of builtins declares a function.
#[derive(Clone, Copy)]
pub enum Native {
    /// Takes between so many and so many positional arguments (a method's `self` not counted), no keywords.
    Fast(FastFn, u8, u8),
    Full(FullFn),
}

#[derive(Clone)]
pub enum BuiltinCall {
    Fast(FastFn, u8, u8),
    Full(FullFn),
    Closure(ClosureFn),
}

/// A function written in Rust.
pub struct PyBuiltin {
    pub name: Name,
    /// The name that messages show, `list.append`.
    pub qualname: Rc<str>,
    pub call: BuiltinCall,
    /// Found on a class, it binds to the instance.
    pub is_method: bool,
    pub doc: Rc<str>,
    pub signature: Option<Rc<Signature>>,
    /// The module of a function, where messages name it: `math.sin() takes exactly one argument`.
    pub module: Option<Rc<str>>,
}

impl PyBuiltin {
    pub fn from_table(name: &str, owner: Option<&str>, native: Native) -> PyBuiltin {
        let qualname = owner.map_or_else(|| name.to_string(), |owner| format!("{owner}.{name}"));
        let call = match native {
            Native::Fast(function, least, most) => BuiltinCall::Fast(function, least, most),
            Native::Full(function) => BuiltinCall::Full(function),
        };
        PyBuiltin {
            name: Name::new(name),
            qualname: qualname.into(),
            call,
            is_method: owner.is_some(),
            doc: "".into(),
            signature: None,
            module: None,
        }
    }

    pub fn closure(name: &str, doc: &str, function: ClosureFn) -> PyBuiltin {
        PyBuiltin {
            name: Name::new(name),
            qualname: name.into(),
            call: BuiltinCall::Closure(function),
            is_method: false,
            doc: doc.into(),
            signature: None,
            module: None,
        }
    }

    /// A function that gets one value for each parameter of its signature.
    pub fn with_signature(
        signature: Signature,
        doc: &str,
        function: impl Fn(&mut Vm, Vec<Value>) -> PyResult<Value> + 'static,
    ) -> PyBuiltin {
        Self::binding(signature, doc, Box::new(function))
    }

    /// There are hundreds of functions: what they share is here once.
    fn binding(signature: Signature, doc: &str, function: Box<BoundFn>) -> PyBuiltin {
        let signature = Rc::new(signature);
        let bound = signature.clone();
        let qualname = signature.name.clone();
        let name = qualname.rsplit('.').next().unwrap_or("").to_string();
        let call: ClosureFn = Rc::new(move |vm, args| {
            let values = bound.bind(vm, args)?;
            function(vm, values)
        });
        PyBuiltin {
            name: Name::new(&name),
            qualname: qualname.into(),
            call: BuiltinCall::Closure(call),
            is_method: false,
            doc: doc.into(),
            signature: Some(signature),
            module: None,
        }
    }

    /// Calls it with positional arguments alone.
    #[inline]
    pub fn call_fast(&self, vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
        match &self.call {
            BuiltinCall::Fast(function, least, most) => {
                let given = args.len().wrapping_sub(usize::from(self.is_method));
                if given < usize::from(*least) || given > usize::from(*most) {
                    return Err(self.arity_error(args.len(), usize::from(*least), usize::from(*most)));
                }
                function(vm, args)
            }
            BuiltinCall::Full(function) => function(vm, Args::new(args)),
            BuiltinCall::Closure(function) => function(vm, Args::new(args)),
        }
    }

    pub fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        match &self.call {
            BuiltinCall::Fast(..) => {
                if !args.keywords.is_empty() {
                    return Err(PyError::type_error(format!("{}() takes no keyword arguments", self.qualname)));
                }
                self.call_fast(vm, &args.positional)
            }
            BuiltinCall::Full(function) => function(vm, args),
            BuiltinCall::Closure(function) => function(vm, args),
        }
    }

    fn arity_error(&self, given: usize, least: usize, most: usize) -> PyError {
        let name = match &self.module {
            Some(module) => format!("{module}.{}", self.qualname),
            None => self.qualname.to_string(),
        };
        if self.is_method && given == 0 {
            return PyError::type_error(format!("unbound method {name}() needs an argument"));
        }
        let given = given - usize::from(self.is_method);
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        PyError::type_error(match (least, most) {
            (0, 0) if self.name.starts_with("__") => format!("expected 0 arguments, got {given}"),
            (0, 0) => format!("{name}() takes no arguments ({given} given)"),
            (1, 1) => format!("{name}() takes exactly one argument ({given} given)"),
            _ if least == most => format!("{} expected {least} argument{}, got {given}", self.name, plural(least)),
            _ if given < least => format!("{} expected at least {least} argument{}, got {given}", self.name, plural(least)),
            _ => format!("{} expected at most {most} argument{}, got {given}", self.name, plural(most)),
        })
    }
}

impl Value {
    /// A function from Rust: `Value::function("col(col)", "A column by its name.", |vm, args| …)`; one value for each parameter.
    pub fn function(signature: &str, doc: &str, function: impl Fn(&mut Vm, Vec<Value>) -> PyResult<Value> + 'static) -> Value {
        Value::Builtin(Rc::new(PyBuiltin::with_signature(Signature::parse(signature), doc, function)))
    }

    /// A function from Rust that binds its arguments itself.
    pub fn raw_function(name: &str, doc: &str, function: impl Fn(&mut Vm, Args) -> PyResult<Value> + 'static) -> Value {
        Value::Builtin(Rc::new(PyBuiltin::closure(name, doc, Rc::new(function))))
    }
}

impl PyFunction {
    /// Its parameters, as inspection shows them.
    pub fn signature(&self) -> Signature {
        let code = &self.code;
        let defaults = self.defaults.borrow();
        let keyword_defaults = self.keyword_defaults.borrow();
        let positional = code.positional_count as usize;
        let first_default = positional - defaults.len().min(positional);
        let annotations = match &*self.annotations.borrow() {
            Value::Dict(dict) => dict.items(),
            _ => Vec::new(),
        };
        let annotation = |name: &Name| {
            let (_, value) = annotations.iter().find(|(key, _)| key.as_str() == Some(&**name))?;
            match value {
                Value::Class(class) => Some(class.name.borrow().to_string()),
                Value::Str(text) => Some(text.as_str().to_string()),
                Value::None => Some("None".to_string()),
                _ => None,
            }
        };
        let mut parameters = Vec::new();
        for (index, name) in code.parameters.iter().enumerate().take(positional) {
            let kind = if index < code.positional_only as usize { ParameterKind::PositionalOnly } else { ParameterKind::Normal };
            let default = index.checked_sub(first_default).and_then(|at| defaults.get(at).cloned());
            parameters.push(Parameter { name: name.clone(), kind, default, annotation: annotation(name) });
        }
        let keyword_only = code.keyword_only as usize;
        let mut next = positional + keyword_only;
        if code.has_varargs {
            parameters.push(Parameter {
                name: code.parameters[next].clone(),
                kind: ParameterKind::VarPositional,
                default: None,
                annotation: None,
            });
            next += 1;
        }
        for name in &code.parameters[positional..positional + keyword_only] {
            let default = keyword_defaults.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            parameters.push(Parameter { name: name.clone(), kind: ParameterKind::KeywordOnly, default, annotation: annotation(name) });
        }
        if code.has_kwargs {
            parameters.push(Parameter {
                name: code.parameters[next].clone(),
                kind: ParameterKind::VarKeyword,
                default: None,
                annotation: None,
            });
        }
        Signature::new(&self.qualname.borrow(), parameters)
    }
}
