//! Special methods of builtin types, for subclasses that call or inherit them.

use crate::error::PyResult;
use crate::function::Native;
use crate::types::Methods;
use crate::value::Value;
use crate::vm::{Operator, UnaryOperator, Vm};

fn binary(vm: &mut Vm, operator: Operator, args: &[Value], reflected: bool) -> PyResult<Value> {
    let (a, b) = if reflected { (&args[1], &args[0]) } else { (&args[0], &args[1]) };
    // An `int` knows nothing of floats.
    let is_whole = |value: &Value| matches!(value.base(), Value::Int(_) | Value::BigInt(_) | Value::Bool(_));
    if is_whole(&args[0]) && !is_whole(&args[1]) {
        return Ok(Value::NotImplemented);
    }
    Ok(vm.binary_builtin(operator, a.base(), b.base())?.unwrap_or(Value::NotImplemented))
}

fn compare(vm: &mut Vm, operator: Operator, args: &[Value]) -> PyResult<Value> {
    Ok(vm.compare_builtin(operator, args[0].base(), args[1].base())?.unwrap_or(Value::NotImplemented))
}

macro_rules! binary {
    ($operator:ident) => {
        Native::Fast(|vm, args| binary(vm, Operator::$operator, args, false), 1, 1)
    };
    (reflected $operator:ident) => {
        Native::Fast(|vm, args| binary(vm, Operator::$operator, args, true), 1, 1)
    };
}

macro_rules! compare {
    ($operator:ident) => {
        Native::Fast(|vm, args| compare(vm, Operator::$operator, args), 1, 1)
    };
}

macro_rules! unary {
    ($operator:ident) => {
        Native::Fast(|_, args| Ok(crate::vm::unary_builtin(UnaryOperator::$operator, &args[0]).unwrap_or(Value::NotImplemented)), 0, 0)
    };
}

const REPR: Native = Native::Fast(|vm, args| Ok(Value::str(vm.repr(&args[0].base().clone())?)), 0, 0);
const HASH_OF: Native = Native::Fast(|vm, args| Ok(Value::Int(vm.hash(&args[0].base().clone())?)), 0, 0);
const LEN: Native = Native::Fast(|vm, args| Ok(Value::from(vm.len(&args[0].base().clone())?)), 0, 0);
const CONTAINS: Native = Native::Fast(|vm, args| Ok(Value::Bool(vm.contains_builtin(&args[0].base().clone(), &args[1])?)), 1, 1);
const ITER: Native = Native::Fast(|vm, args| vm.iter(&args[0].base().clone()), 0, 0);
const GETITEM: Native = Native::Fast(|vm, args| vm.get_item_builtin(&args[0], &args[1]), 1, 1);

pub(crate) const PLAIN: Methods = &[
    ("__repr__", REPR),
    ("__hash__", HASH_OF),
    ("__bool__", Native::Fast(|_, args| Ok(Value::Bool(crate::vm::truth_builtin(&args[0]))), 0, 0)),
];

pub(crate) const HASH: Methods = &[("__hash__", HASH_OF)];

pub(crate) const EQUALITY: Methods = &[("__eq__", compare!(Eq)), ("__ne__", compare!(Ne))];

pub(crate) const COMPARE: Methods = &[
    ("__eq__", compare!(Eq)),
    ("__ne__", compare!(Ne)),
    ("__lt__", compare!(Lt)),
    ("__le__", compare!(Le)),
    ("__gt__", compare!(Gt)),
    ("__ge__", compare!(Ge)),
];

pub(crate) const NUMBER: Methods = &[
    ("__repr__", REPR),
    ("__hash__", HASH_OF),
    ("__bool__", Native::Fast(|_, args| Ok(Value::Bool(crate::vm::truth_builtin(&args[0]))), 0, 0)),
    ("__add__", binary!(Add)),
    ("__radd__", binary!(reflected Add)),
    ("__sub__", binary!(Sub)),
    ("__rsub__", binary!(reflected Sub)),
    ("__mul__", binary!(Mul)),
    ("__rmul__", binary!(reflected Mul)),
    ("__truediv__", binary!(Div)),
    ("__rtruediv__", binary!(reflected Div)),
    ("__floordiv__", binary!(FloorDiv)),
    ("__rfloordiv__", binary!(reflected FloorDiv)),
    ("__mod__", binary!(Mod)),
    ("__rmod__", binary!(reflected Mod)),
    ("__divmod__", binary!(DivMod)),
    ("__rdivmod__", binary!(reflected DivMod)),
    ("__pow__", binary!(Pow)),
    ("__rpow__", binary!(reflected Pow)),
    ("__lshift__", binary!(LShift)),
    ("__rlshift__", binary!(reflected LShift)),
    ("__rshift__", binary!(RShift)),
    ("__rrshift__", binary!(reflected RShift)),
    ("__and__", binary!(BitAnd)),
    ("__rand__", binary!(reflected BitAnd)),
    ("__or__", binary!(BitOr)),
    ("__ror__", binary!(reflected BitOr)),
    ("__xor__", binary!(BitXor)),
    ("__rxor__", binary!(reflected BitXor)),
    ("__neg__", unary!(Neg)),
    ("__pos__", unary!(Pos)),
    ("__invert__", unary!(Invert)),
    ("__abs__", Native::Fast(|vm, args| crate::builtins::abs(vm, &args[..1]), 0, 0)),
    ("__int__", Native::Fast(|vm, args| crate::types::int_from(vm, &args[0].base().clone()), 0, 0)),
    ("__float__", Native::Fast(|vm, args| Ok(Value::Float(vm.to_float(&args[0].base().clone())?)), 0, 0)),
    ("__round__", Native::Fast(|vm, args| crate::builtins::round_value(vm, &args[0].base().clone(), args.get(1)), 0, 1)),
    ("__format__", Native::Fast(format, 1, 1)),
];

pub(crate) const SEQUENCE: Methods = &[
    ("__repr__", REPR),
    ("__hash__", HASH_OF),
    ("__len__", LEN),
    ("__contains__", CONTAINS),
    ("__iter__", ITER),
    ("__getitem__", GETITEM),
    ("__add__", binary!(Add)),
    ("__mul__", binary!(Mul)),
    ("__rmul__", binary!(reflected Mul)),
    ("__mod__", binary!(Mod)),
    ("__format__", Native::Fast(format, 1, 1)),
];

pub(crate) const MUTABLE: Methods = &[
    ("__repr__", REPR),
    ("__len__", LEN),
    ("__contains__", CONTAINS),
    ("__iter__", ITER),
    ("__getitem__", GETITEM),
    (
        "__setitem__",
        Native::Fast(
            |vm, args| {
                vm.set_item_builtin(&args[0], &args[1], args[2].clone())?;
                Ok(Value::None)
            },
            2,
            2,
        ),
    ),
    (
        "__delitem__",
        Native::Fast(
            |vm, args| {
                vm.delete_item_builtin(&args[0], &args[1])?;
                Ok(Value::None)
            },
            1,
            1,
        ),
    ),
    (
        "__iadd__",
        Native::Fast(
            |vm, args| {
                if let Value::List(list) = args[0].base() {
                    vm.list_extend(&list.clone(), &args[1])?;
                    return Ok(args[0].clone());
                }
                Ok(Value::NotImplemented)
            },
            1,
            1,
        ),
    ),
    ("__or__", binary!(BitOr)),
    ("__ror__", binary!(reflected BitOr)),
    (
        "__ior__",
        Native::Fast(
            |vm, args| {
                if let Value::Dict(dict) = args[0].base() {
                    vm.dict_update(&dict.clone(), &args[1])?;
                    return Ok(args[0].clone());
                }
                Ok(Value::NotImplemented)
            },
            1,
            1,
        ),
    ),
];

pub(crate) const SET: Methods = &[
    (
        "__repr__",
        Native::Fast(
            |vm, args| {
                let (Value::Set(set) | Value::FrozenSet(set)) = args[0].base() else {
                    return Ok(Value::str(crate::repr::repr(vm, &args[0])?));
                };
                let items = set.items();
                let named = matches!(args[0], Value::Instance(_)) || matches!(args[0], Value::FrozenSet(_));
                let name = vm.type_name(&args[0]);
                Ok(Value::str(crate::repr::set_repr(vm, &args[0], &items, &name, named)?))
            },
            0,
            0,
        ),
    ),
    ("__len__", LEN),
    ("__contains__", CONTAINS),
    ("__iter__", ITER),
    ("__or__", binary!(BitOr)),
    ("__ror__", binary!(reflected BitOr)),
    ("__and__", binary!(BitAnd)),
    ("__rand__", binary!(reflected BitAnd)),
    ("__sub__", binary!(Sub)),
    ("__rsub__", binary!(reflected Sub)),
    ("__xor__", binary!(BitXor)),
    ("__rxor__", binary!(reflected BitXor)),
];

fn format(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let spec = args[1].as_str().unwrap_or("").to_string();
    Ok(Value::str(vm.format_builtin(&args[0], &spec)?))
}
