//! The exception classes.

use std::collections::HashMap;
use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, Payload, PyClass, PyInstance};
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::text::Name;
use crate::types::{Methods, fill};
use crate::value::Value;
use crate::vm::Vm;

/// Name and base of each builtin exception, bases first.
const HIERARCHY: &[(&str, &str)] = &[
    ("BaseException", ""),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("Exception", "BaseException"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("ArithmeticError", "Exception"),
    ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("Warning", "Exception"),
    ("DeprecationWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"),
    ("ResourceWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("SyntaxWarning", "Warning"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
    ("BytesWarning", "Warning"),
    ("EncodingWarning", "Warning"),
];

pub(crate) fn classes(object: &Rc<PyClass>) -> HashMap<&'static str, Rc<PyClass>> {
    let mut classes: HashMap<&'static str, Rc<PyClass>> = HashMap::new();
    for (name, base) in HIERARCHY {
        let base = classes.get(base).unwrap_or(object).clone();
        let class = PyClass::builtin(name, Layout::Exception, &[base]);
        let methods: &[Methods] = match *name {
            "BaseException" => &[METHODS],
            "KeyError" => &[KEY_ERROR],
            "OSError" => &[OS_ERROR],
            "SyntaxError" => &[SYNTAX_ERROR],
            _ => &[],
        };
        fill(&class, name, methods);
        classes.insert(name, Rc::new(class));
    }
    classes
}

/// Every builtin exception by name, in the order of the hierarchy.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    HIERARCHY.iter().map(|(name, _)| *name)
}

const METHODS: Methods = &[
    ("__init__", Native::Full(init)),
    ("__str__", Native::Fast(str, 0, 0)),
    ("__repr__", Native::Fast(repr, 0, 0)),
    ("with_traceback", Native::Fast(|_, args| Ok(args[0].clone()), 1, 1)),
    ("add_note", Native::Fast(add_note, 1, 1)),
];

const KEY_ERROR: Methods = &[("__str__", Native::Fast(key_error_str, 0, 0))];

const OS_ERROR: Methods = &[("__str__", Native::Fast(os_error_str, 0, 0))];

const SYNTAX_ERROR: Methods = &[("__str__", Native::Fast(syntax_error_str, 0, 0))];

fn data(value: &Value) -> Option<&crate::error::ExceptionData> {
    match value {
        Value::Instance(instance) => instance.exception(),
        _ => None,
    }
}

fn arguments(value: &Value) -> Vec<Value> {
    data(value).and_then(|data| data.args.borrow().as_sequence()).unwrap_or_default()
}

fn init(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let this = args.positional.first().cloned().unwrap_or_default();
    let Value::Instance(instance) = &this else { return Ok(Value::None) };
    let class = instance.class();
    let is = |name: &str| class.mro().any(|class| class.builtin && &**class.name.borrow() == name);
    for (name, value) in &args.keywords {
        let allowed = match &**name {
            "name" | "path" if is("ImportError") => true,
            "name" | "obj" if is("AttributeError") => true,
            "name" if is("NameError") => true,
            _ => false,
        };
        if !allowed {
            return Err(PyError::type_error(format!("{}() takes no keyword arguments", class.name.borrow())));
        }
        instance.set_attr(name.clone(), value.clone());
    }
    if let Some(data) = instance.exception() {
        *data.args.borrow_mut() = Value::tuple(&args.positional[1..]);
    }
    let _ = vm;
    Ok(Value::None)
}

fn str(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match arguments(&args[0]).as_slice() {
        [] => Ok(Value::str("")),
        [one] => vm.str_value(one),
        many => Ok(Value::str(vm.repr(&Value::tuple(many))?)),
    }
}

fn key_error_str(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match arguments(&args[0]).as_slice() {
        [one] => Ok(Value::str(vm.repr(one)?)),
        _ => str(vm, args),
    }
}

fn os_error_str(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match arguments(&args[0]).as_slice() {
        [errno, text] => Ok(Value::str(format!("[Errno {}] {}", vm.str(errno)?, vm.str(text)?))),
        [errno, text, file, ..] => Ok(Value::str(format!("[Errno {}] {}: {}", vm.str(errno)?, vm.str(text)?, vm.repr(file)?))),
        _ => str(vm, args),
    }
}

/// Its third argument is the file's name, and no argument afterwards.
fn is_os_error(value: &Value) -> bool {
    let Value::Instance(instance) = value else { return false };
    instance.class().mro().any(|class| class.builtin && &**class.name.borrow() == "OSError")
}

fn syntax_error_str(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let attribute = |name: &str| match &args[0] {
        Value::Instance(instance) => instance.get_attr(&Name::new(name)).filter(|value| !value.is_none()),
        _ => None,
    };
    let message = attribute("msg").or_else(|| arguments(&args[0]).first().cloned()).unwrap_or(Value::None);
    let message = vm.str(&message)?;
    let file = attribute("filename").and_then(|file| file.as_str().map(|file| file.rsplit('/').next().unwrap_or(file).to_owned()));
    let line = attribute("lineno").and_then(|line| line.as_i64());
    Ok(Value::str(match (file, line) {
        (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
        (Some(file), None) => format!("{message} ({file})"),
        (None, Some(line)) => format!("{message} (line {line})"),
        (None, None) => message,
    }))
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let name = vm.type_name(&args[0]);
    let mut items = arguments(&args[0]);
    if is_os_error(&args[0]) && items.len() > 2 {
        items.truncate(2);
    }
    let inner = match items.as_slice() {
        [one] => format!("({})", vm.repr(one)?),
        many => vm.repr(&Value::tuple(many))?,
    };
    Ok(Value::str(format!("{name}{inner}")))
}

fn add_note(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let Value::Instance(instance) = &args[0] else { return Ok(Value::None) };
    if args[1].as_str().is_none() {
        let name = vm.type_name(&args[1]);
        return Err(PyError::type_error(format!("note must be a str, not '{name}'")));
    }
    let name = Name::new("__notes__");
    match instance.get_attr(&name) {
        Some(Value::List(notes)) => notes.0.borrow_mut().push(args[1].clone()),
        _ => instance.set_attr(name, Value::list([args[1].clone()])),
    }
    Ok(Value::None)
}

/// The value that ended a generator.
pub(crate) fn stop_value(error: &PyError) -> Value {
    match &*error.data().args.borrow() {
        Value::Tuple(args) => args.0.first().cloned().unwrap_or(Value::None),
        _ => Value::None,
    }
}

/// Attributes of every exception, computed.
pub(crate) fn attr(value: &Value, name: &Name) -> Option<Value> {
    let Value::Instance(instance) = value else { return None };
    let Payload::Exception(data) = &instance.payload else { return None };
    let link = |link: &Option<Rc<PyInstance>>| link.clone().map_or(Value::None, Value::Instance);
    let argument = |index: usize| arguments(value).get(index).cloned().unwrap_or(Value::None);
    let class = instance.class();
    let is = |name: &str| class.mro().any(|class| class.builtin && &**class.name.borrow() == name);
    Some(match &**name {
        "args" if is("OSError") && arguments(value).len() > 2 => Value::tuple(&arguments(value)[..2]),
        "args" => data.args.borrow().clone(),
        "__cause__" => link(&data.cause.borrow()),
        "__context__" => link(&data.context.borrow()),
        "__suppress_context__" => Value::Bool(data.suppress_context.get()),
        "__traceback__" => {
            if data.traceback.borrow().is_empty() {
                Value::None
            } else {
                Value::native(crate::traceback::TracebackObject::new(data.traceback.borrow().clone()))
            }
        }
        "value" if is("StopIteration") => argument(0),
        "code" if is("SystemExit") => argument(0),
        "errno" if is("OSError") => argument(0),
        "strerror" if is("OSError") => argument(1),
        "filename" if is("OSError") => argument(2),
        "name" | "obj" if is("AttributeError") || is("NameError") || is("ImportError") => Value::None,
        "msg" if is("ImportError") || is("SyntaxError") => argument(0),
        _ => return None,
    })
}

/// Sets `__cause__` and its like; false for any other name.
pub(crate) fn set_attr(instance: &PyInstance, name: &Name, value: &Value) -> PyResult<bool> {
    let Payload::Exception(data) = &instance.payload else { return Ok(false) };
    let link = || -> PyResult<Option<Rc<PyInstance>>> {
        match value {
            Value::None => Ok(None),
            Value::Instance(other) if other.exception().is_some() => Ok(Some(other.clone())),
            _ => Err(PyError::type_error("exception cause must be None or derive from BaseException")),
        }
    };
    match &**name {
        "__cause__" => {
            *data.cause.borrow_mut() = link()?;
            data.suppress_context.set(true);
        }
        "__context__" => *data.context.borrow_mut() = link()?,
        "__suppress_context__" => data.suppress_context.set(matches!(value, Value::Bool(true))),
        "__traceback__" => {
            if value.is_none() {
                data.traceback.borrow_mut().clear();
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}
