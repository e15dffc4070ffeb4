//! Comparisons, membership and identity.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::error::{PyError, PyResult};
use crate::hash::quick_eq;
use crate::number;
use crate::value::{Value, ViewKind};
use crate::vm::{CompareOperator, Operator, Vm};

impl CompareOperator {
    pub(crate) fn operator(self) -> Option<Operator> {
        Some(match self {
            CompareOperator::Eq => Operator::Eq,
            CompareOperator::Ne => Operator::Ne,
            CompareOperator::Lt => Operator::Lt,
            CompareOperator::Le => Operator::Le,
            CompareOperator::Gt => Operator::Gt,
            CompareOperator::Ge => Operator::Ge,
            _ => return None,
        })
    }

    #[inline]
    pub(crate) fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        match self {
            CompareOperator::Eq | CompareOperator::Is => a == b,
            CompareOperator::Ne | CompareOperator::IsNot => a != b,
            CompareOperator::Lt => a < b,
            CompareOperator::Le => a <= b,
            CompareOperator::Gt => a > b,
            CompareOperator::Ge => a >= b,
            CompareOperator::In | CompareOperator::NotIn => false,
        }
    }
}

fn ordering_holds(operator: Operator, ordering: Option<Ordering>) -> bool {
    match (operator, ordering) {
        (Operator::Eq, Some(Ordering::Equal)) => true,
        (Operator::Ne, ordering) => ordering != Some(Ordering::Equal),
        (Operator::Lt, Some(Ordering::Less)) => true,
        (Operator::Le, Some(Ordering::Less | Ordering::Equal)) => true,
        (Operator::Gt, Some(Ordering::Greater)) => true,
        (Operator::Ge, Some(Ordering::Greater | Ordering::Equal)) => true,
        _ => false,
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::BigInt(_))
}

impl Vm {
    /// Any comparison, `in` and `is` too; the result need not be a bool.
    pub fn compare(&mut self, operator: CompareOperator, a: &Value, b: &Value) -> PyResult<Value> {
        match operator {
            CompareOperator::Is => Ok(Value::Bool(a.is(b))),
            CompareOperator::IsNot => Ok(Value::Bool(!a.is(b))),
            CompareOperator::In => Ok(Value::Bool(self.contains(b, a)?)),
            CompareOperator::NotIn => Ok(Value::Bool(!self.contains(b, a)?)),
            _ => self.rich_compare(operator.operator().unwrap_or(Operator::Eq), a, b),
        }
    }

    /// `==` as a bool, an object being equal to itself: what containers use.
    #[inline]
    pub fn eq(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        match quick_eq(a, b) {
            Some(equal) => Ok(equal),
            None if a.is(b) => Ok(true),
            None => {
                let result = self.rich_compare(Operator::Eq, a, b)?;
                self.truth(&result)
            }
        }
    }

    /// `a < b` as a bool, for sorting.
    pub fn less(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => Ok(a < b),
            (Value::Float(a), Value::Float(b)) => Ok(a < b),
            (Value::Str(a), Value::Str(b)) => Ok(a.as_str() < b.as_str()),
            _ => {
                let result = self.rich_compare(Operator::Lt, a, b)?;
                self.truth(&result)
            }
        }
    }

    pub fn rich_compare(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Value> {
        let open = |value: &Value| matches!(value, Value::Instance(_) | Value::Native(_) | Value::Class(_));
        if !open(a) && !open(b) {
            if let Some(value) = self.compare_builtin(operator, a, b)? {
                return Ok(value);
            }
        } else {
            let (forward, reflected) = operator.methods(self.n);
            let (a_class, b_class) = (self.class_of(a), self.class_of(b));
            let right_first = !Rc::ptr_eq(&a_class, &b_class) && b_class.is_subclass_of(&a_class) && b_class.lookup(reflected).is_some();
            let mirrored = match operator {
                Operator::Lt => Operator::Gt,
                Operator::Le => Operator::Ge,
                Operator::Gt => Operator::Lt,
                Operator::Ge => Operator::Le,
                other => other,
            };
            if right_first && let Some(value) = self.call_compare(mirrored, b, a, reflected)? {
                return Ok(value);
            }
            if let Some(value) = self.call_compare(operator, a, b, forward)? {
                return Ok(value);
            }
            if !right_first && let Some(value) = self.call_compare(mirrored, b, a, reflected)? {
                return Ok(value);
            }
        }
        match operator {
            Operator::Eq => Ok(Value::Bool(a.is(b))),
            Operator::Ne => Ok(Value::Bool(!a.is(b))),
            _ => {
                let (left, right) = (self.type_name(a), self.type_name(b));
                Err(PyError::type_error(format!("'{}' not supported between instances of '{left}' and '{right}'", operator.symbol())))
            }
        }
    }

    fn call_compare(&mut self, operator: Operator, this: &Value, other: &Value, method: &crate::Name) -> PyResult<Option<Value>> {
        match this {
            Value::Native(native) => native.clone().object().binary(self, this, operator, other, false),
            Value::Instance(_) | Value::Class(_) => {
                let Some(function) = self.class_of(this).lookup(method) else { return Ok(None) };
                let result = self.call_special(&function, this, std::slice::from_ref(other))?;
                Ok(if matches!(result, Value::NotImplemented) { None } else { Some(result) })
            }
            // A number leaves an instance of another type of numbers to that type's reflected method.
            Value::Int(_) | Value::BigInt(_) | Value::Bool(_) | Value::Float(_)
                if matches!(other, Value::Instance(instance) if instance.base_value().is_some())
                    && !self.class_of(other).is_subclass_of(&self.types.int)
                    && !self.class_of(other).is_subclass_of(&self.class_of(this)) =>
            {
                Ok(None)
            }
            _ => self.compare_builtin(operator, this, other.base()),
        }
    }

    /// Comparison of builtin values; `None` when they don't compare.
    pub(crate) fn compare_builtin(&mut self, operator: Operator, a: &Value, b: &Value) -> PyResult<Option<Value>> {
        let equality = matches!(operator, Operator::Eq | Operator::Ne);
        let flag = |value: bool| Ok(Some(Value::Bool(value)));
        match (a.base(), b.base()) {
            (a, b) if is_number(a) && is_number(b) => flag(ordering_holds(operator, number::compare(a, b))),
            (Value::Str(a), Value::Str(b)) => flag(ordering_holds(operator, Some(a.as_str().cmp(b.as_str())))),
            (Value::Bytes(a), Value::Bytes(b)) => flag(ordering_holds(operator, Some(a.cmp(b)))),
            (Value::Tuple(a), Value::Tuple(b)) => self.deeper(|vm| vm.compare_sequences(operator, &a.0, &b.0)).map(Some),
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.0.borrow().clone(), b.0.borrow().clone());
                self.deeper(|vm| vm.compare_sequences(operator, &a, &b)).map(Some)
            }
            (Value::Dict(a), Value::Dict(b)) if equality => {
                let equal = self.deeper(|vm| vm.dicts_equal(a, b))?;
                flag(equal == (operator == Operator::Eq))
            }
            (Value::Set(a) | Value::FrozenSet(a), Value::Set(b) | Value::FrozenSet(b)) => {
                let holds = match operator {
                    Operator::Eq => a.len() == b.len() && self.is_subset(a, b)?,
                    Operator::Ne => a.len() != b.len() || !self.is_subset(a, b)?,
                    Operator::Lt => a.len() < b.len() && self.is_subset(a, b)?,
                    Operator::Le => self.is_subset(a, b)?,
                    Operator::Gt => b.len() < a.len() && self.is_subset(b, a)?,
                    _ => self.is_subset(b, a)?,
                };
                flag(holds)
            }
            (Value::Range(a), Value::Range(b)) if equality => {
                let same = a.len() == b.len() && (a.is_empty() || (a.start == b.start && (a.len() == 1 || a.step == b.step)));
                flag(same == (operator == Operator::Eq))
            }
            (Value::Slice(a), Value::Slice(b)) => {
                let parts = |slice: &crate::value::PySlice| [slice.start.clone(), slice.stop.clone(), slice.step.clone()];
                self.compare_sequences(operator, &parts(a), &parts(b)).map(Some)
            }
            (Value::DictView(view), other @ (Value::DictView(_) | Value::Set(_) | Value::FrozenSet(_)))
                if view.kind != ViewKind::Values =>
            {
                if matches!(other, Value::DictView(view) if view.kind == ViewKind::Values) {
                    return Ok(None);
                }
                let (a, b) = (self.set_from(a)?, self.set_from(other)?);
                self.compare_builtin(operator, &Value::Set(a), &Value::Set(b))
            }
            (Value::Method(a), Value::Method(b)) if equality => {
                flag((a.this.is(&b.this) && a.function.is(&b.function)) == (operator == Operator::Eq))
            }
            _ => Ok(None),
        }
    }

    fn compare_sequences(&mut self, operator: Operator, a: &[Value], b: &[Value]) -> PyResult<Value> {
        if matches!(operator, Operator::Eq | Operator::Ne) && a.len() != b.len() {
            return Ok(Value::Bool(operator == Operator::Ne));
        }
        for (x, y) in a.iter().zip(b) {
            self.tick()?;
            if !self.eq(x, y)? {
                return match operator {
                    Operator::Eq => Ok(Value::Bool(false)),
                    Operator::Ne => Ok(Value::Bool(true)),
                    _ => self.rich_compare(operator, x, y),
                };
            }
        }
        Ok(Value::Bool(ordering_holds(operator, Some(a.len().cmp(&b.len())))))
    }

    fn dicts_equal(&mut self, a: &crate::dict::PyDict, b: &crate::dict::PyDict) -> PyResult<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (key, value) in a.items() {
            match b.get(self, &key)? {
                Some(other) => {
                    if !self.eq(&value, &other)? {
                        return Ok(false);
                    }
                }
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    pub(crate) fn is_subset(&mut self, a: &crate::set::PySet, b: &crate::set::PySet) -> PyResult<bool> {
        if a.len() > b.len() {
            return Ok(false);
        }
        for item in a.items() {
            if !b.contains(self, &item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `item in container`.
    pub fn contains(&mut self, container: &Value, item: &Value) -> PyResult<bool> {
        match container {
            Value::Native(native) => {
                if let Some(found) = native.clone().object().contains(self, item)? {
                    return Ok(found);
                }
            }
            Value::Instance(_) | Value::Class(_) => {
                if let Some(function) = self.class_of(container).lookup(&self.n.contains) {
                    if function.is_none() {
                        return Err(PyError::type_error(format!("'{}' object is not a container", self.type_name(container))));
                    }
                    let result = self.call_special(&function, container, std::slice::from_ref(item))?;
                    return self.truth(&result);
                }
            }
            _ => return self.contains_builtin(container, item),
        }
        let iterator = match self.iter(container) {
            Ok(iterator) => iterator,
            Err(error) if error.is("TypeError") && error.message().ends_with("is not iterable") => {
                return Err(PyError::type_error(format!("argument of type '{}' is not iterable", self.type_name(container))));
            }
            Err(error) => return Err(error),
        };
        while let Some(candidate) = self.next(&iterator)? {
            if self.eq(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) fn contains_builtin(&mut self, container: &Value, item: &Value) -> PyResult<bool> {
        match container.base() {
            Value::Str(text) => match item.base() {
                Value::Str(part) => Ok(text.as_str().contains(part.as_str())),
                _ => Err(PyError::type_error(format!("'in <string>' requires string as left operand, not {}", self.type_name(item)))),
            },
            Value::Bytes(bytes) => match item.base() {
                Value::Bytes(part) => Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == &part[..])),
                Value::Int(byte) => {
                    let byte = u8::try_from(*byte).map_err(|_| PyError::value_error("byte must be in range(0, 256)"))?;
                    Ok(bytes.contains(&byte))
                }
                _ => Err(PyError::type_error(format!("a bytes-like object is required, not '{}'", self.type_name(item)))),
            },
            Value::List(list) => {
                let mut index = 0;
                loop {
                    let Some(candidate) = list.0.borrow().get(index).cloned() else { return Ok(false) };
                    if self.eq(&candidate, item)? {
                        return Ok(true);
                    }
                    index += 1;
                    self.tick()?;
                }
            }
            Value::Tuple(tuple) => {
                for candidate in tuple.0.iter() {
                    if self.eq(candidate, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Dict(dict) => dict.contains(self, item),
            Value::Set(set) | Value::FrozenSet(set) => set.contains(self, &crate::types::set::sought(item)),
            Value::Range(range) => match item {
                Value::Int(value) => Ok(range.contains(*value)),
                Value::Bool(value) => Ok(range.contains(i64::from(*value))),
                Value::Float(value) => Ok(value.fract() == 0.0 && value.abs() < 9e18 && range.contains(*value as i64)),
                _ => Ok(false),
            },
            Value::DictView(view) => match view.kind {
                ViewKind::Keys => view.dict.contains(self, item),
                ViewKind::Items => match item {
                    Value::Tuple(pair) if pair.0.len() == 2 => match view.dict.get(self, &pair.0[0])? {
                        Some(value) => self.eq(&value, &pair.0[1]),
                        None => Ok(false),
                    },
                    _ => Ok(false),
                },
                ViewKind::Values => {
                    for value in view.dict.values() {
                        if self.eq(&value, item)? {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                }
            },
            Value::Iterator(_) | Value::Generator(_) => {
                while let Some(candidate) = self.next(container)? {
                    if self.eq(&candidate, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(PyError::type_error(format!("argument of type '{}' is not iterable", self.type_name(container)))),
        }
    }
}
