//! What every value answers to: its type, truth, length, hash, text and format.

use std::rc::Rc;

use num_bigint::BigInt;

use crate::args::Args;
use crate::class::PyClass;
use crate::error::{PyError, PyResult};
use crate::hash;
use crate::text::Name;
use crate::value::{Descriptor, Value, ViewKind};
use crate::vm::Vm;

impl Vm {
    /// `type(value)`.
    pub fn class_of(&mut self, value: &Value) -> Rc<PyClass> {
        let types = &self.types;
        match value {
            Value::Instance(instance) => instance.class(),
            Value::Class(class) => class.metaclass.clone().unwrap_or_else(|| types.type_.clone()),
            Value::Native(native) => {
                let native = native.clone();
                self.native_class(native.object().class_name())
            }
            _ => types.of_builtin(value),
        }
    }

    /// `type(value).__name__`.
    pub fn type_name(&mut self, value: &Value) -> String {
        let class = self.class_of(value);
        let name = class.name.borrow();
        // CPython writes these in C, and names such types with their module.
        match &**name {
            "ndarray" | "float64" | "int64" | "date" | "datetime" | "time" | "timedelta" | "timezone" | "deque" | "OrderedDict"
            | "defaultdict" | "partial" | "Decimal" | "Context" => match class.attrs.borrow().get(&self.n.module) {
                Some(Value::Str(module)) if matches!(module.as_str(), "datetime" | "collections" | "functools" | "numpy" | "decimal") => {
                    format!("{}.{name}", module.as_str())
                }
                _ => name.to_string(),
            },
            _ => name.to_string(),
        }
    }

    /// `isinstance(value, class)` for one class, without `__instancecheck__`.
    pub fn is_instance(&mut self, value: &Value, class: &Rc<PyClass>) -> bool {
        self.class_of(value).is_subclass_of(class)
    }

    /// The special method of an instance, class or native object's type.
    #[inline]
    pub(crate) fn special(&mut self, value: &Value, name: &Name) -> Option<Value> {
        match value {
            Value::Instance(_) | Value::Class(_) | Value::Native(_) => self.class_of(value).lookup(name),
            _ => None,
        }
    }

    /// Calls a special method found on a type.
    pub(crate) fn call_special(&mut self, function: &Value, this: &Value, args: &[Value]) -> PyResult<Value> {
        match function {
            Value::Function(_) => {
                let mut all = Vec::with_capacity(args.len() + 1);
                all.push(this.clone());
                all.extend_from_slice(args);
                self.call(function, Args::new(all))
            }
            Value::Builtin(builtin) if builtin.is_method => {
                let mut all = Vec::with_capacity(args.len() + 1);
                all.push(this.clone());
                all.extend_from_slice(args);
                builtin.clone().call_fast(self, &all)
            }
            _ => {
                let class = self.class_of(this);
                let bound = self.bind(function, this, &class)?;
                self.call(&bound, Args::new(args))
            }
        }
    }

    /// `bool(value)`.
    #[inline]
    pub fn truth(&mut self, value: &Value) -> PyResult<bool> {
        match value {
            Value::Bool(value) => Ok(*value),
            Value::None => Ok(false),
            Value::Int(value) => Ok(*value != 0),
            _ => self.truth_slow(value),
        }
    }

    fn truth_slow(&mut self, value: &Value) -> PyResult<bool> {
        match value {
            Value::Instance(_) | Value::Class(_) => {
                let class = self.class_of(value);
                if let Some(function) = class.lookup(&self.n.bool_) {
                    let result = self.call_special(&function, value, &[])?;
                    return match result {
                        Value::Bool(value) => Ok(value),
                        other => {
                            let name = self.type_name(&other);
                            Err(PyError::type_error(format!("__bool__ should return bool, returned {name}")))
                        }
                    };
                }
                if class.lookup(&self.n.len).is_some() {
                    return Ok(self.len(value)? != 0);
                }
                Ok(true)
            }
            Value::Native(native) => {
                let native = native.clone();
                match native.object().truth(self)? {
                    Some(truth) => Ok(truth),
                    None => Ok(native.object().len(self)?.is_none_or(|len| len != 0)),
                }
            }
            _ => Ok(truth_builtin(value)),
        }
    }

    /// `len(value)`.
    pub fn len(&mut self, value: &Value) -> PyResult<usize> {
        match value {
            Value::Instance(_) | Value::Class(_) => {
                if let Some(function) = self.special(value, &self.n.len) {
                    let result = self.call_special(&function, value, &[])?;
                    let length = self.index(&result)?;
                    return usize::try_from(length).map_err(|_| PyError::value_error("__len__() should return >= 0"));
                }
            }
            Value::Native(native) => {
                if let Some(length) = native.clone().object().len(self)? {
                    return Ok(length);
                }
            }
            _ => {
                if let Some(length) = len_builtin(value) {
                    return Ok(length);
                }
            }
        }
        Err(PyError::type_error(format!("object of type '{}' has no len()", self.type_name(value))))
    }

    /// An integer within 64 bits, through `__index__`. Errors: `TypeError`, `OverflowError`.
    pub fn index(&mut self, value: &Value) -> PyResult<i64> {
        match value.base() {
            Value::Int(value) => Ok(*value),
            Value::Bool(value) => Ok(i64::from(*value)),
            Value::BigInt(_) => Err(PyError::new("IndexError", "cannot fit 'int' into an index-sized integer")),
            _ => {
                let value = self.to_int(value)?;
                match value {
                    Value::Int(value) => Ok(value),
                    _ => Err(PyError::new("IndexError", "cannot fit 'int' into an index-sized integer")),
                }
            }
        }
    }

    /// An `int` of any size, through `__index__`.
    pub fn to_int(&mut self, value: &Value) -> PyResult<Value> {
        match value.base() {
            Value::Int(_) | Value::BigInt(_) => return Ok(value.base().clone()),
            Value::Bool(flag) => return Ok(Value::Int(i64::from(*flag))),
            _ => {}
        }
        if let Some(function) = self.special(value, &self.n.index) {
            let result = self.call_special(&function, value, &[])?;
            if matches!(result.base(), Value::Int(_) | Value::BigInt(_) | Value::Bool(_)) {
                return self.to_int(&result);
            }
            let name = self.type_name(&result);
            return Err(PyError::type_error(format!("__index__ returned non-int (type {name})")));
        }
        Err(PyError::type_error(format!("'{}' object cannot be interpreted as an integer", self.type_name(value))))
    }

    pub fn to_bigint(&mut self, value: &Value) -> PyResult<BigInt> {
        let value = self.to_int(value)?;
        Ok(value.as_bigint().unwrap_or_default())
    }

    /// A float as `math` functions take it: numbers, `__float__`, `__index__`.
    pub fn to_float(&mut self, value: &Value) -> PyResult<f64> {
        match value.base() {
            Value::Float(value) => return Ok(*value),
            Value::Int(value) => return Ok(*value as f64),
            Value::Bool(value) => return Ok(f64::from(u8::from(*value))),
            Value::BigInt(value) => return crate::number::big_to_float(value),
            _ => {}
        }
        if let Some(function) = self.special(value, &self.n.float) {
            let result = self.call_special(&function, value, &[])?;
            if let Value::Float(value) = result.base() {
                return Ok(*value);
            }
            let (class, got) = (self.type_name(value), self.type_name(&result));
            return Err(PyError::type_error(format!("{class}.__float__ returned non-float (type {got})")));
        }
        if self.special(value, &self.n.index).is_some() {
            let int = self.to_int(value)?;
            return self.to_float(&int);
        }
        Err(PyError::type_error(format!("must be real number, not {}", self.type_name(value))))
    }

    /// `hash(value)`.
    pub fn hash(&mut self, value: &Value) -> PyResult<i64> {
        if let Some(hash) = hash::quick_hash(value) {
            return Ok(hash);
        }
        match value {
            Value::Tuple(tuple) => {
                let tuple = tuple.clone();
                let hashes: PyResult<Vec<i64>> = self.deeper(|vm| tuple.0.iter().map(|item| vm.hash(item)).collect());
                Ok(hash::hash_tuple(hashes?.into_iter()))
            }
            Value::FrozenSet(set) => Ok(hash::hash_frozenset(set.hashes().into_iter())),
            Value::Range(range) => {
                let length = range.len() as i64;
                let first = if length == 0 { Value::None } else { Value::Int(range.start) };
                let step = if length <= 1 { Value::None } else { Value::Int(range.step) };
                self.hash(&Value::tuple([Value::Int(length), first, step]))
            }
            Value::Method(method) => Ok(((method.this.identity().1 ^ method.function.identity().1) >> 4) as i64),
            Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Slice(_) | Value::DictView(_) => {
                Err(PyError::type_error(format!("unhashable type: '{}'", self.type_name(value))))
            }
            Value::Native(native) => {
                let native = native.clone();
                Ok(match native.object().hash(self)? {
                    Some(hash) => hash,
                    None => (value.identity().1 >> 4) as i64,
                })
            }
            Value::Instance(_) | Value::Class(_) => match self.special(value, &self.n.hash) {
                Some(Value::None) => Err(PyError::type_error(format!("unhashable type: '{}'", self.type_name(value)))),
                Some(function) => {
                    let result = self.call_special(&function, value, &[])?;
                    match result.base() {
                        Value::Int(hash) => Ok(if *hash == -1 { -2 } else { *hash }),
                        Value::BigInt(hash) => Ok(hash::hash_bigint(hash)),
                        Value::Bool(flag) => Ok(i64::from(*flag)),
                        _ => Err(PyError::type_error("__hash__ method should return an integer")),
                    }
                }
                None => Ok((value.identity().1 >> 4) as i64),
            },
            _ => Ok((value.identity().1 >> 4) as i64),
        }
    }

    /// `repr(value)`.
    pub fn repr(&mut self, value: &Value) -> PyResult<String> {
        match value {
            Value::Instance(_) | Value::Class(_) => {
                if let Some(function) = self.special(value, &self.n.repr) {
                    let result = self.deeper(|vm| vm.call_special(&function, value, &[]))?;
                    return match result.as_str() {
                        Some(text) => Ok(text.to_string()),
                        None => Err(PyError::type_error(format!("__repr__ returned non-string (type {})", self.type_name(&result)))),
                    };
                }
                crate::repr::repr(self, value)
            }
            Value::Native(native) => native.clone().object().repr(self),
            _ => crate::repr::repr(self, value),
        }
    }

    /// `str(value)`.
    pub fn str(&mut self, value: &Value) -> PyResult<String> {
        match value {
            Value::Str(text) => Ok(text.as_str().to_string()),
            Value::Instance(_) | Value::Class(_) => {
                if let Some(function) = self.special(value, &self.n.str) {
                    let result = self.deeper(|vm| vm.call_special(&function, value, &[]))?;
                    return match result.as_str() {
                        Some(text) => Ok(text.to_string()),
                        None => Err(PyError::type_error(format!("__str__ returned non-string (type {})", self.type_name(&result)))),
                    };
                }
                self.repr(value)
            }
            Value::Native(native) => native.clone().object().str(self),
            _ => self.repr(value),
        }
    }

    /// As `str`, without a copy for strings.
    pub fn str_value(&mut self, value: &Value) -> PyResult<Value> {
        match value {
            Value::Str(_) => Ok(value.clone()),
            _ => Ok(Value::str(self.str(value)?)),
        }
    }

    /// `format(value, spec)`.
    pub fn format(&mut self, value: &Value, spec: &str) -> PyResult<String> {
        if let Value::Instance(_) | Value::Class(_) | Value::Native(_) = value
            && let Some(function) = self.special(value, &self.n.format)
        {
            let result = self.call_special(&function, value, &[Value::str(spec)])?;
            return match result.as_str() {
                Some(text) => Ok(text.to_string()),
                None => Err(PyError::type_error(format!("__format__ must return a str, not {}", self.type_name(&result)))),
            };
        }
        self.format_builtin(value, spec)
    }

    pub(crate) fn format_builtin(&mut self, value: &Value, spec: &str) -> PyResult<String> {
        match value.base() {
            base @ (Value::Str(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Bool(_)) => {
                if spec.is_empty() {
                    return self.str(value);
                }
                crate::format::format_value(base, spec)
            }
            _ if spec.is_empty() => self.str(value),
            _ => Err(PyError::type_error(format!("unsupported format string passed to {}.__format__", self.type_name(value)))),
        }
    }
}

pub(crate) fn truth_builtin(value: &Value) -> bool {
    match value.base() {
        Value::Bool(value) => *value,
        Value::None => false,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        other => len_builtin(other).is_none_or(|len| len != 0),
    }
}

pub(crate) fn len_builtin(value: &Value) -> Option<usize> {
    Some(match value.base() {
        Value::Str(text) => text.char_len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.0.borrow().len(),
        Value::Tuple(tuple) => tuple.0.len(),
        Value::Dict(dict) => dict.len(),
        Value::Set(set) | Value::FrozenSet(set) => set.len(),
        Value::Range(range) => range.len(),
        Value::DictView(view) => match view.kind {
            ViewKind::Keys | ViewKind::Values | ViewKind::Items => view.dict.len(),
        },
        _ => return None,
    })
}

/// Whether a value found on a class is a descriptor that also catches assignment.
pub(crate) fn is_data_descriptor(value: &Value) -> bool {
    matches!(value, Value::Descriptor(descriptor) if matches!(**descriptor, Descriptor::Property { .. } | Descriptor::Getter { .. }))
}
