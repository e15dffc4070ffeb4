//! Binary and unary operators.

use std::rc::Rc;

use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::names::Names;
use crate::number;
use crate::set::PySet;
use crate::text::Name;
use crate::value::{Value, ViewKind};
use crate::vm::Vm;

/// Every binary operator a native object may answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operator {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitAnd,
    BitOr,
    BitXor,
    DivMod,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum UnaryOperator {
    Neg,
    Pos,
    Invert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CompareOperator {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
    Is,
    IsNot,
}

impl Operator {
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Mul => "*",
            Operator::MatMul => "@",
            Operator::Div => "/",
            Operator::FloorDiv => "//",
            Operator::Mod => "%",
            Operator::Pow => "** or pow()",
            Operator::LShift => "<<",
            Operator::RShift => ">>",
            Operator::BitAnd => "&",
            Operator::BitOr => "|",
            Operator::BitXor => "^",
            Operator::DivMod => "divmod()",
            Operator::Eq => "==",
            Operator::Ne => "!=",
            Operator::Lt => "<",
            Operator::Le => "<=",
            Operator::Gt => ">",
            Operator::Ge => ">=",
        }
    }

    /// The special methods of the left operand and of the right one.
    pub(crate) fn methods(self, n: &'static Names) -> (&'static Name, &'static Name) {
        match self {
            Operator::Add => (&n.add, &n.radd),
            Operator::Sub => (&n.sub, &n.rsub),
            Operator::Mul => (&n.mul, &n.rmul),
            Operator::MatMul => (&n.matmul, &n.rmatmul),
            Operator::Div => (&n.truediv, &n.rtruediv),
            Operator::FloorDiv => (&n.floordiv, &n.rfloordiv),
            Operator::Mod => (&n.mod_, &n.rmod),
            Operator::Pow => (&n.pow, &n.rpow),
            Operator::LShift => (&n.lshift, &n.rlshift),
            Operator::RShift => (&n.rshift, &n.rrshift),
            Operator::BitAnd => (&n.and, &n.rand),
            Operator::BitOr => (&n.or, &n.ror),
            Operator::BitXor => (&n.xor, &n.rxor),
            Operator::DivMod => (&n.divmod, &n.rdivmod),
            Operator::Eq => (&n.eq, &n.eq),
            Operator::Ne => (&n.ne, &n.ne),
            Operator::Lt => (&n.lt, &n.gt),
            Operator::Le => (&n.le, &n.ge),
            Operator::Gt => (&n.gt, &n.lt),
            Operator::Ge => (&n.ge, &n.le),
        }
    }

    fn inplace_method(self, n: &'static Names) -> Option<&'static Name> {
        Some(match self {
            Operator::Add => &n.iadd,
            Operator::Sub => &n.isub,
            Operator::Mul => &n.imul,
            Operator::MatMul => &n.imatmul,
            Operator::Div => &n.itruediv,
            Operator::FloorDiv => &n.ifloordiv,
            Operator::Mod => &n.imod,
            Operator::Pow => &n.ipow,
            Operator::LShift => &n.ilshift,
            Operator::RShift => &n.irshift,
            Operator::BitAnd => &n.iand,
            Operator::BitOr => &n.ior,
            Operator::BitXor => &n.ixor,
            _ => return None,
        })
    }
}

/// Whether operators on it may be defined by a program or a native object.
#[inline]
fn is_open(value: &Value) -> bool {
    matches!(value, Value::Instance(_) | Value::Native(_) | Value::Class(_))
}

impl Vm {
    /// `a op b` for the arithmetic and bit operators.
    pub fn binary(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Value> {
        match self.try_binary(operator, a, b)? {
            Some(value) => Ok(value),
            None => Err(self.unsupported(operator, a, b, "")),
        }
    }

    fn unsupported(&mut self, operator: Operator, a: &Value, b: &Value, suffix: &str) -> PyError {
        let (left, right) = (self.type_name(a), self.type_name(b));
        if suffix.is_empty() {
            match (operator, a, b) {
                (Operator::Add, Value::Str(_), _) => {
                    return PyError::type_error(format!("can only concatenate str (not \"{right}\") to str"));
                }
                (Operator::Add, Value::List(_), _) => {
                    return PyError::type_error(format!("can only concatenate list (not \"{right}\") to list"));
                }
                (Operator::Add, Value::Tuple(_), _) => {
                    return PyError::type_error(format!("can only concatenate tuple (not \"{right}\") to tuple"));
                }
                (Operator::Add, Value::Bytes(_), _) => return PyError::type_error(format!("can't concat {right} to bytes")),
                (Operator::Mul, Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_), _) => {
                    return PyError::type_error(format!("can't multiply sequence by non-int of type '{right}'"));
                }
                (Operator::Mul, _, Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_)) => {
                    return PyError::type_error(format!("can't multiply sequence by non-int of type '{left}'"));
                }
                (Operator::RShift, Value::Builtin(function), _) if &*function.name == "print" => {
                    return PyError::type_error(format!(
                        "unsupported operand type(s) for >>: 'builtin_function_or_method' and '{right}'. Did you mean \"print(<message>, file=<output_stream>)\"?"
                    ));
                }
                _ => {}
            }
        }
        let symbol = if !suffix.is_empty() && operator == Operator::Pow { "**" } else { operator.symbol() };
        PyError::type_error(format!("unsupported operand type(s) for {symbol}{suffix}: '{left}' and '{right}'"))
    }

    /// As `binary`; `None` when neither operand knows the operator.
    pub fn try_binary(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Option<Value>> {
        if !is_open(a) && !is_open(b) {
            return self.binary_builtin(operator, a, b);
        }
        self.binary_open(operator, a, b)
    }

    /// The dance of `__op__` and `__rop__`.
    fn binary_open(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Option<Value>> {
        let (forward, reflected) = operator.methods(self.n);
        let a_class = self.class_of(a);
        let b_class = self.class_of(b);
        let mut tried_reflected = false;
        if !Rc::ptr_eq(&a_class, &b_class) && b_class.is_subclass_of(&a_class) && is_open(b) {
            let overrides = match (b_class.lookup(reflected), a_class.lookup(reflected)) {
                (Some(b_method), Some(a_method)) => !b_method.is(&a_method),
                (Some(_), None) => true,
                _ => false,
            };
            if overrides {
                tried_reflected = true;
                if let Some(value) = self.call_operator(operator, b, a, reflected, true)? {
                    return Ok(Some(value));
                }
            }
        }
        if let Some(value) = self.call_operator(operator, a, b, forward, false)? {
            return Ok(Some(value));
        }
        if !tried_reflected && !Rc::ptr_eq(&a_class, &b_class) {
            return self.call_operator(operator, b, a, reflected, true);
        }
        Ok(None)
    }

    fn call_operator(
        &mut self,
        operator: Operator,
        this: &Value,
        other: &Value,
        method: &Name,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        match this {
            Value::Native(native) => native.clone().object().binary(self, this, operator, other, reflected),
            Value::Instance(_) | Value::Class(_) => {
                let Some(function) = self.class_of(this).lookup(method) else {
                    if let (Value::Class(_), Operator::BitOr) = (this, operator) {
                        return Ok(self.type_union(this, other, reflected));
                    }
                    return Ok(None);
                };
                let result = self.call_special(&function, this, std::slice::from_ref(other))?;
                Ok(if matches!(result, Value::NotImplemented) { None } else { Some(result) })
            }
            // A number leaves an instance of another type of numbers to that type's reflected method.
            Value::Int(_) | Value::BigInt(_) | Value::Bool(_) | Value::Float(_)
                if matches!(other, Value::Instance(instance) if instance.base_value().is_some())
                    && !self.class_of(other).is_subclass_of(&self.types.int)
                    && !(matches!(this, Value::Float(_)) && self.class_of(other).is_subclass_of(&self.types.float)) =>
            {
                Ok(None)
            }
            _ => {
                let (a, b) = if reflected { (other, this) } else { (this, other) };
                self.binary_builtin(operator, a.base(), b.base())
            }
        }
    }

    /// `int | str`, for annotations and `isinstance`.
    fn type_union(&mut self, this: &Value, other: &Value, reflected: bool) -> Option<Value> {
        let valid = |value: &Value| matches!(value, Value::Class(_) | Value::None);
        if !valid(other) {
            return None;
        }
        let (a, b) = if reflected { (other, this) } else { (this, other) };
        Some(Value::native(crate::types::union_type::UnionType::new(&[a.clone(), b.clone()])))
    }

    /// Operators between builtin values; `None` when they don't apply. Instances of subclasses count by their builtin value.
    pub(crate) fn binary_builtin(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Option<Value>> {
        if let Some(result) = number::arithmetic(operator, a, b) {
            if let (Value::Bool(a), Value::Bool(b)) = (a, b) {
                match operator {
                    Operator::BitAnd => return Ok(Some(Value::Bool(*a & *b))),
                    Operator::BitOr => return Ok(Some(Value::Bool(*a | *b))),
                    Operator::BitXor => return Ok(Some(Value::Bool(*a ^ *b))),
                    _ => {}
                }
            }
            return result.map(Some);
        }
        Ok(Some(match (operator, a.base(), b.base()) {
            (Operator::DivMod, _, _) => {
                if number::number(a).is_none() || number::number(b).is_none() {
                    return Ok(None);
                }
                if matches!(a.base(), Value::Float(_)) || matches!(b.base(), Value::Float(_)) {
                    if b.as_f64() == Some(0.0) {
                        return Err(PyError::new("ZeroDivisionError", "float divmod()"));
                    }
                } else if b.as_i64() == Some(0) {
                    return Err(PyError::new("ZeroDivisionError", "integer division or modulo by zero"));
                }
                let quotient = self.binary(Operator::FloorDiv, a, b)?;
                let rest = self.binary(Operator::Mod, a, b)?;
                Value::tuple([quotient, rest])
            }
            (Operator::Add, Value::Str(a), Value::Str(b)) => {
                self.check_size(a.as_str().len() + b.as_str().len(), 1)?;
                let mut text = String::with_capacity(a.as_str().len() + b.as_str().len());
                text.push_str(a.as_str());
                text.push_str(b.as_str());
                Value::str(text)
            }
            (Operator::Add, Value::List(a), Value::List(b)) => {
                self.check_size(a.0.borrow().len() + b.0.borrow().len(), 16)?;
                let mut items = a.0.borrow().clone();
                items.extend_from_slice(&b.0.borrow());
                Value::list(items)
            }
            (Operator::Add, Value::Tuple(a), Value::Tuple(b)) => {
                self.check_size(a.0.len() + b.0.len(), 16)?;
                Value::tuple([&a.0[..], &b.0[..]].concat())
            }
            (Operator::Add, Value::Bytes(a), Value::Bytes(b)) => {
                self.check_size(a.len() + b.len(), 1)?;
                Value::bytes([&a[..], &b[..]].concat())
            }
            (Operator::Mul, Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_), count) => {
                return self.repeat(a.base(), count);
            }
            (Operator::Mul, count, Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_)) => {
                return self.repeat(b.base(), count);
            }
            (Operator::Mod, Value::Str(format), _) => Value::str(crate::percent::format(self, format.as_str(), b)?),
            (Operator::Mod, Value::Bytes(format), _) => Value::bytes(crate::percent::format_bytes(self, format, b)?),
            (Operator::BitOr, Value::Dict(a), Value::Dict(b)) => {
                let result = a.copy();
                result.update(self, b)?;
                Value::Dict(Rc::new(result))
            }
            (_, Value::Set(_) | Value::FrozenSet(_), Value::Set(_) | Value::FrozenSet(_)) => {
                return self.set_operator(operator, a.base(), b.base());
            }
            (_, Value::DictView(view), other) | (_, other, Value::DictView(view)) if view.kind != ViewKind::Values => {
                let other_fits = match other {
                    Value::DictView(view) => view.kind != ViewKind::Values,
                    Value::Set(_) | Value::FrozenSet(_) | Value::List(_) | Value::Tuple(_) => true,
                    _ => false,
                };
                if !other_fits || !matches!(operator, Operator::BitAnd | Operator::BitOr | Operator::BitXor | Operator::Sub) {
                    return Ok(None);
                }
                let a = self.set_from(a)?;
                let b = self.set_from(b)?;
                return self.set_operator(operator, &Value::Set(a), &Value::Set(b));
            }
            _ => return Ok(None),
        }))
    }

    /// A new set of what an iterable gives.
    pub(crate) fn set_from(&mut self, value: &Value) -> PyResult<Rc<PySet>> {
        if let Value::Set(set) | Value::FrozenSet(set) = value.base() {
            return Ok(Rc::new(set.clone().copy(self)?));
        }
        let items = self.collect(value)?;
        let set = PySet::default();
        if let Value::Dict(_) = value {
            set.reserve(items.len());
        }
        for item in items {
            set.add(self, item)?;
        }
        Ok(Rc::new(set))
    }

    fn set_operator(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Option<Value>> {
        let (Value::Set(left) | Value::FrozenSet(left), Value::Set(right) | Value::FrozenSet(right)) = (a, b) else { return Ok(None) };
        let result = match operator {
            Operator::BitOr => self.set_union(left, right)?,
            Operator::BitAnd => self.set_intersection(left, right)?,
            Operator::Sub => self.set_difference(left, right)?,
            Operator::BitXor => self.set_symmetric_difference(left, right)?,
            _ => return Ok(None),
        };
        Ok(Some(if matches!(a, Value::FrozenSet(_)) { Value::FrozenSet(Rc::new(result)) } else { Value::Set(Rc::new(result)) }))
    }

    pub(crate) fn set_union(&mut self, a: &PySet, b: &PySet) -> PyResult<PySet> {
        let result = a.copy(self)?;
        result.merge(self, b)?;
        Ok(result)
    }

    pub(crate) fn set_intersection(&mut self, a: &PySet, b: &PySet) -> PyResult<PySet> {
        // CPython walks the smaller set, the right one when they are alike.
        let (walked, other) = if b.len() > a.len() { (a, b) } else { (b, a) };
        let result = PySet::default();
        for item in walked.items() {
            if other.contains(self, &item)? {
                result.add(self, item)?;
            }
        }
        Ok(result)
    }

    pub(crate) fn set_difference(&mut self, a: &PySet, b: &PySet) -> PyResult<PySet> {
        if (a.len() >> 2) > b.len() {
            let result = a.copy(self)?;
            for item in b.items() {
                result.remove(self, &item)?;
            }
            return Ok(result);
        }
        let result = PySet::default();
        for item in a.items() {
            if !b.contains(self, &item)? {
                result.add(self, item)?;
            }
        }
        Ok(result)
    }

    pub(crate) fn set_symmetric_difference(&mut self, a: &PySet, b: &PySet) -> PyResult<PySet> {
        // CPython copies the right set, then toggles each item of the left one.
        let result = b.copy(self)?;
        for item in a.items() {
            if !result.remove(self, &item)? {
                result.add(self, item)?;
            }
        }
        Ok(result)
    }

    fn repeat(&mut self, sequence: &Value, count: &Value) -> PyResult<Option<Value>> {
        let count = match count.base() {
            Value::Int(count) => *count,
            Value::Bool(flag) => i64::from(*flag),
            Value::BigInt(_) => return Err(PyError::overflow("cannot fit 'int' into an index-sized integer")),
            _ => return Ok(None),
        };
        let count = count.max(0) as usize;
        Ok(Some(match sequence {
            Value::Str(text) => {
                self.check_size(text.as_str().len(), count)?;
                Value::str(text.as_str().repeat(count))
            }
            Value::Bytes(bytes) => {
                self.check_size(bytes.len(), count)?;
                Value::bytes(bytes.repeat(count))
            }
            Value::List(list) => {
                let items = list.0.borrow();
                self.check_size(items.len().saturating_mul(16), count)?;
                Value::list(repeat_items(&items, count))
            }
            Value::Tuple(tuple) => {
                self.check_size(tuple.0.len().saturating_mul(16), count)?;
                Value::tuple(repeat_items(&tuple.0, count))
            }
            _ => return Ok(None),
        }))
    }

    /// `a op= b`; the result is what is assigned.
    pub fn inplace(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Value> {
        match (operator, a) {
            (_, Value::Native(native)) => {
                if let Some(value) = native.clone().object().inplace(self, a, operator, b)? {
                    return Ok(value);
                }
            }
            (Operator::Add, Value::List(list)) => {
                self.list_extend(list, b)?;
                return Ok(a.clone());
            }
            (Operator::Mul, Value::List(list)) => {
                if let Some(count) = b.as_i64() {
                    let count = count.max(0) as usize;
                    let repeated = {
                        let items = list.0.borrow();
                        self.check_size(items.len().saturating_mul(16), count)?;
                        repeat_items(&items, count)
                    };
                    let previous = std::mem::replace(&mut *list.0.borrow_mut(), repeated);
                    drop(previous);
                    return Ok(a.clone());
                }
            }
            (Operator::BitOr, Value::Dict(dict)) => {
                self.dict_update(dict, b)?;
                return Ok(a.clone());
            }
            (Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor, Value::Set(set)) => {
                if let Value::Set(other) | Value::FrozenSet(other) = b.base() {
                    return self.set_inplace(operator, a, set, other);
                }
            }
            (_, Value::Instance(_)) => {
                if let Some(method) = operator.inplace_method(self.n)
                    && let Some(function) = self.class_of(a).lookup(method)
                {
                    let result = self.call_special(&function, a, std::slice::from_ref(b))?;
                    if !matches!(result, Value::NotImplemented) {
                        return Ok(result);
                    }
                }
            }
            _ => {}
        }
        match self.try_binary(operator, a, b)? {
            Some(value) => Ok(value),
            None => match (operator, a, b) {
                (Operator::Add, Value::Str(_) | Value::Tuple(_) | Value::Bytes(_), _)
                | (Operator::Mul, Value::Str(_) | Value::List(_) | Value::Tuple(_), _)
                | (Operator::Mul, _, Value::Str(_) | Value::List(_) | Value::Tuple(_)) => Err(self.unsupported(operator, a, b, "")),
                _ => Err(self.unsupported(operator, a, b, "=")),
            },
        }
    }

    fn set_inplace(&mut self, operator: Operator, this: &Value, set: &Rc<PySet>, other: &Rc<PySet>) -> PyResult<Value> {
        match operator {
            Operator::BitOr => set.merge(self, other)?,
            Operator::Sub => {
                for item in other.items() {
                    set.remove(self, &item)?;
                }
            }
            Operator::BitAnd => {
                let result = self.set_intersection(set, other)?;
                set.clear();
                set.merge(self, &result)?;
            }
            _ => {
                for item in other.items() {
                    if !set.remove(self, &item)? {
                        set.add(self, item)?;
                    }
                }
            }
        }
        Ok(this.clone())
    }

    pub(crate) fn list_extend(&mut self, list: &Rc<crate::value::PyList>, more: &Value) -> PyResult<()> {
        let items = self.collect_to_list(more)?;
        self.check_size(list.0.borrow().len() + items.len(), 16)?;
        list.0.borrow_mut().extend(items);
        Ok(())
    }

    /// `dict.update(other)`: a mapping, or pairs.
    pub(crate) fn dict_update(&mut self, dict: &Rc<PyDict>, other: &Value) -> PyResult<()> {
        if let Value::Dict(other) = other.base() {
            return dict.update(self, &other.clone());
        }
        if self.has_attr(other, &self.n.keys)? {
            let keys = self.call_method(other, "keys", crate::Args::none())?;
            for key in self.collect(&keys)? {
                let value = self.get_item(other, &key)?;
                dict.set(self, key, value)?;
            }
            return Ok(());
        }
        for (index, pair) in self.collect(other)?.into_iter().enumerate() {
            let items = match self.collect(&pair) {
                Ok(items) => items,
                Err(error) if error.is("TypeError") => {
                    return Err(PyError::type_error(format!("cannot convert dictionary update sequence element #{index} to a sequence")));
                }
                Err(error) => return Err(error),
            };
            let [key, value] = <[Value; 2]>::try_from(items).map_err(|items| {
                PyError::value_error(format!("dictionary update sequence element #{index} has length {}; 2 is required", items.len()))
            })?;
            dict.set(self, key, value)?;
        }
        Ok(())
    }

    pub fn unary(&mut self, operator: UnaryOperator, a: &Value) -> PyResult<Value> {
        match a {
            Value::Native(native) => {
                if let Some(value) = native.clone().object().unary(self, a, operator)? {
                    return Ok(value);
                }
            }
            Value::Instance(_) | Value::Class(_) => {
                let method = match operator {
                    UnaryOperator::Neg => &self.n.neg,
                    UnaryOperator::Pos => &self.n.pos,
                    UnaryOperator::Invert => &self.n.invert,
                };
                if let Some(function) = self.class_of(a).lookup(method) {
                    return self.call_special(&function, a, &[]);
                }
            }
            _ => {
                if let Some(value) = unary_builtin(operator, a) {
                    return Ok(value);
                }
            }
        }
        let symbol = match operator {
            UnaryOperator::Neg => "unary -",
            UnaryOperator::Pos => "unary +",
            UnaryOperator::Invert => "unary ~",
        };
        Err(PyError::type_error(format!("bad operand type for {symbol}: '{}'", self.type_name(a))))
    }
}

/// A unary operator on a number; `None` for anything else.
pub(crate) fn unary_builtin(operator: UnaryOperator, a: &Value) -> Option<Value> {
    Some(match (operator, a.base()) {
        (UnaryOperator::Neg, Value::Int(value)) => match value.checked_neg() {
            Some(value) => Value::Int(value),
            None => Value::int(-num_bigint::BigInt::from(*value)),
        },
        (UnaryOperator::Neg, Value::Float(value)) => Value::Float(-value),
        (UnaryOperator::Neg, Value::BigInt(value)) => Value::int(-(**value).clone()),
        (UnaryOperator::Neg, Value::Bool(value)) => Value::Int(-i64::from(*value)),
        (UnaryOperator::Pos, Value::Bool(value)) => Value::Int(i64::from(*value)),
        (UnaryOperator::Pos, value @ (Value::Int(_) | Value::Float(_) | Value::BigInt(_))) => value.clone(),
        (UnaryOperator::Invert, Value::Int(value)) => Value::Int(!value),
        (UnaryOperator::Invert, Value::Bool(value)) => Value::Int(!i64::from(*value)),
        (UnaryOperator::Invert, Value::BigInt(value)) => Value::int(-(**value).clone() - 1),
        _ => return None,
    })
}

fn repeat_items(items: &[Value], count: usize) -> Vec<Value> {
    if let [one] = items {
        return vec![one.clone(); count];
    }
    let mut result = Vec::with_capacity(items.len() * count);
    for _ in 0..count {
        result.extend_from_slice(items);
    }
    result
}
