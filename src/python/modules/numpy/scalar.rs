//! NumPy's scalars: `np.float64(1.5)`, `np.int64(2)`, `np.True_`. They are instances over Python's own numbers, so that everything that takes
//! a number takes them.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, Payload, PyClass, PyInstance};
use crate::error::{PyError, PyResult};
use crate::function::PyBuiltin;
use crate::text::Name;
use crate::types::Types;
use crate::value::Value;
use crate::vm::{Operator, UnaryOperator, Vm};

use super::array::{Buffer, NdArray};
use super::{arithmetic, convert};

/// The classes of scalars.
#[derive(Clone)]
pub(super) struct Scalars {
    pub(super) float64: Rc<PyClass>,
    pub(super) int64: Rc<PyClass>,
    pub(super) bool_: Rc<PyClass>,
}

thread_local! {
    static SCALARS: Scalars = Scalars::new();
}

const OPERATORS: &[(Operator, &str, &str)] = &[
    (Operator::Add, "__add__", "__radd__"),
    (Operator::Sub, "__sub__", "__rsub__"),
    (Operator::Mul, "__mul__", "__rmul__"),
    (Operator::Div, "__truediv__", "__rtruediv__"),
    (Operator::FloorDiv, "__floordiv__", "__rfloordiv__"),
    (Operator::Mod, "__mod__", "__rmod__"),
    (Operator::Pow, "__pow__", "__rpow__"),
    (Operator::BitAnd, "__and__", "__rand__"),
    (Operator::BitOr, "__or__", "__ror__"),
    (Operator::BitXor, "__xor__", "__rxor__"),
    (Operator::LShift, "__lshift__", "__rlshift__"),
    (Operator::RShift, "__rshift__", "__rrshift__"),
    (Operator::Eq, "__eq__", ""),
    (Operator::Ne, "__ne__", ""),
    (Operator::Lt, "__lt__", ""),
    (Operator::Le, "__le__", ""),
    (Operator::Gt, "__gt__", ""),
    (Operator::Ge, "__ge__", ""),
];

/// The item without dimensions that a number is; `None` for anything else.
pub(super) fn without_dimensions(value: &Value) -> Option<NdArray> {
    let buffer = match value.base() {
        Value::Bool(item) => Buffer::Bool(vec![*item]),
        Value::Int(item) => Buffer::Int(vec![*item]),
        Value::Float(item) => Buffer::Float(vec![*item]),
        Value::BigInt(_) => Buffer::Float(vec![value.as_f64()?]),
        _ => return None,
    };
    Some(NdArray::new(buffer, vec![]))
}

fn operate(vm: &mut Vm, operator: Operator, reflected: bool, args: &[Value]) -> PyResult<Value> {
    let Some(this) = without_dimensions(&args[0]) else { return Ok(Value::NotImplemented) };
    let other = match args[1].as_native::<NdArray>() {
        Some(array) => array.clone(),
        None => match without_dimensions(&args[1]) {
            Some(other) => other,
            None => return Ok(Value::NotImplemented),
        },
    };
    let (a, b) = if reflected { (&other, &this) } else { (&this, &other) };
    Ok(match arithmetic::binary(vm, operator, a, b)? {
        Some(result) => convert::value(vm, result),
        None => Value::NotImplemented,
    })
}

fn this(args: &Args) -> Value {
    args.positional.first().map_or(Value::None, |value| value.base().clone())
}

/// A class whose instances carry a number of Python's.
fn class(name: &'static str, layout: Layout, bases: &[Rc<PyClass>], convert_with: fn(&mut Vm, Value) -> PyResult<Value>) -> Rc<PyClass> {
    let mut class = PyClass::builtin(name, layout, bases);
    class.constructor = Some(Rc::new(move |vm, _, args| match args.positional.as_slice() {
        [] => convert_with(vm, Value::Int(0)),
        [value] => match value.as_native::<NdArray>() {
            Some(array) => {
                let kind = convert::kind_of(vm, &Value::str(name))?;
                convert::to_array(vm, &Value::native(array.clone()), kind).map(|array| convert::value(vm, array))
            }
            None => convert_with(vm, value.clone()),
        },
        many => Err(PyError::type_error(format!("{name} takes at most 1 argument ({} given)", many.len()))),
    }));
    let add = |method: &str, function: crate::function::ClosureFn| {
        let builtin =
            PyBuiltin { is_method: true, qualname: format!("{name}.{method}").into(), ..PyBuiltin::closure(method, "", function) };
        class.attrs.borrow_mut().insert(Name::new(method), Value::Builtin(Rc::new(builtin)));
    };
    for &(operator, forward, reflected) in OPERATORS {
        add(forward, Rc::new(move |vm, args| operate(vm, operator, false, &args.positional)));
        if !reflected.is_empty() {
            add(reflected, Rc::new(move |vm, args| operate(vm, operator, true, &args.positional)));
        }
    }
    for (operator, method) in [(UnaryOperator::Neg, "__neg__"), (UnaryOperator::Pos, "__pos__"), (UnaryOperator::Invert, "__invert__")] {
        add(
            method,
            Rc::new(move |vm, args| {
                let Some(array) = without_dimensions(&this(&args)) else { return Ok(Value::NotImplemented) };
                let result = arithmetic::unary(operator, &array)?;
                Ok(convert::value(vm, result))
            }),
        );
    }
    add(
        "__abs__",
        Rc::new(|vm, args| {
            let Some(array) = without_dimensions(&this(&args)) else { return Ok(Value::NotImplemented) };
            let result = arithmetic::absolute(&array)?;
            Ok(convert::value(vm, result))
        }),
    );
    add("__bool__", Rc::new(|vm, args| Ok(Value::Bool(vm.truth(&this(&args))?))));
    add("__float__", Rc::new(|vm, args| Ok(Value::Float(vm.to_float(&this(&args))?))));
    add("__int__", Rc::new(|vm, args| crate::types::int_from(vm, &this(&args))));
    add("__hash__", Rc::new(|vm, args| Ok(Value::Int(vm.hash(&this(&args))?))));
    add("__str__", Rc::new(|vm, args| Ok(Value::str(vm.str(&this(&args))?))));
    add(
        "__repr__",
        Rc::new(move |vm, args| {
            let text = vm.repr(&this(&args))?;
            Ok(Value::str(if name == "bool" { format!("np.{text}_") } else { format!("np.{name}({text})") }))
        }),
    );
    add(
        "__format__",
        Rc::new(|vm, args| {
            let spec = args.positional.get(1).and_then(|spec| spec.as_str()).unwrap_or("").to_string();
            Ok(Value::str(vm.format(&this(&args), &spec)?))
        }),
    );
    add(
        "__round__",
        Rc::new(|vm, args| {
            let digits = args.positional.get(1).filter(|digits| !digits.is_none()).cloned();
            let rounded = crate::builtins::round_value(vm, &this(&args), digits.as_ref())?;
            Ok(if digits.is_some() { of(vm, rounded) } else { rounded })
        }),
    );
    add(
        "astype",
        Rc::new(|vm, args| {
            let kind = convert::kind_of(vm, args.positional.get(1).unwrap_or(&Value::None))?;
            let array = convert::to_array(vm, &this(&args), kind)?;
            Ok(convert::value(vm, array))
        }),
    );
    if name == "int64" {
        add("__index__", Rc::new(|_, args| Ok(this(&args))));
    }
    // Everything else that an array without dimensions has.
    add(
        "__getattr__",
        Rc::new(move |vm, args| {
            let attribute = args.positional.get(1).and_then(|name| name.as_str()).unwrap_or("").to_string();
            let known = super::object::is_scalar_attribute(&attribute);
            match without_dimensions(&this(&args)) {
                Some(array) if known => vm.get_attr_str(&Value::native(array), &attribute),
                _ => Err(PyError::new("AttributeError", format!("'numpy.{name}' object has no attribute '{attribute}'"))),
            }
        }),
    );
    class.attrs.borrow_mut().insert(Name::new("__module__"), Value::str("numpy"));
    Rc::new(class)
}

impl Scalars {
    fn new() -> Scalars {
        let types = Types::get();
        Scalars {
            float64: class("float64", Layout::Float, std::slice::from_ref(&types.float), |vm, value| {
                let float = vm.call(&Value::Class(vm.types.float.clone()), Args::new([value.base().clone()]))?;
                Ok(of(vm, float))
            }),
            int64: class("int64", Layout::Int, std::slice::from_ref(&types.object), |vm, value| {
                let int = vm.call(&Value::Class(vm.types.int.clone()), Args::new([value.base().clone()]))?;
                match int {
                    Value::Int(_) => Ok(of(vm, int)),
                    _ => Err(PyError::overflow("Python int too large to convert to C long")),
                }
            }),
            bool_: class("bool", Layout::Int, std::slice::from_ref(&types.object), |vm, value| {
                let truth = vm.truth(&value)?;
                Ok(of(vm, Value::Bool(truth)))
            }),
        }
    }
}

/// The classes.
pub(super) fn scalars() -> Scalars {
    SCALARS.with(Clone::clone)
}

/// NumPy's scalar of a number of Python's.
pub(super) fn of(_: &mut Vm, value: Value) -> Value {
    let class = SCALARS.with(|scalars| match &value {
        Value::Bool(_) => Some(scalars.bool_.clone()),
        Value::Int(_) => Some(scalars.int64.clone()),
        Value::Float(_) => Some(scalars.float64.clone()),
        _ => None,
    });
    match class {
        Some(class) => Value::Instance(Rc::new(PyInstance::with_payload(class, Payload::Value(value)))),
        None => value,
    }
}
