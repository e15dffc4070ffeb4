//! The one type of every Python value: sixteen bytes, cheap to clone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::class::{PyClass, PyInstance};
use crate::dict::PyDict;
use crate::function::{PyBuiltin, PyFunction, PyMethod};
use crate::iterator::PyIterator;
use crate::module::PyModule;
use crate::native::{NativeObject, PyNative};
use crate::set::PySet;
use crate::text::{Name, PyStr};
use crate::vm::PyGenerator;

/// A Python value. Small immutable values are held in place, everything else by reference.
///
/// The tag is a whole word, so that a value is copied as two words; with a tag of one byte, copies were made of odd pieces, and each
/// stalled on the writes before it.
#[derive(Default)]
#[repr(C, u64)]
pub enum Value {
    /// An empty slot; never seen by a program.
    #[default]
    Unbound,
    None,
    Ellipsis,
    NotImplemented,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// An integer outside the range of `i64`; one inside is always `Int`.
    BigInt(Rc<BigInt>),
    Str(Rc<PyStr>),
    Bytes(Rc<Vec<u8>>),
    Tuple(Rc<PyTuple>),
    List(Rc<PyList>),
    Dict(Rc<PyDict>),
    Set(Rc<PySet>),
    FrozenSet(Rc<PySet>),
    Range(Rc<PyRange>),
    Slice(Rc<PySlice>),
    DictView(Rc<PyDictView>),
    Function(Rc<PyFunction>),
    Builtin(Rc<PyBuiltin>),
    Method(Rc<PyMethod>),
    Descriptor(Rc<Descriptor>),
    Class(Rc<PyClass>),
    Instance(Rc<PyInstance>),
    Module(Rc<PyModule>),
    Iterator(Rc<PyIterator>),
    Generator(Rc<PyGenerator>),
    Native(Rc<PyNative>),
    /// A variable shared with inner functions.
    Cell(Rc<PyCell>),
}

const _: () = assert!(size_of::<Value>() == 16 && size_of::<Option<Value>>() == 16);

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        match self {
            Value::Unbound => Value::Unbound,
            Value::None => Value::None,
            Value::Bool(value) => Value::Bool(*value),
            Value::Int(value) => Value::Int(*value),
            Value::Float(value) => Value::Float(*value),
            other => other.clone_slow(),
        }
    }
}

pub struct PyTuple(pub Box<[Value]>);

#[derive(Default)]
pub struct PyList(pub RefCell<Vec<Value>>);

/// `range(start, stop, step)`, within `i64`.
#[derive(Clone, Copy, PartialEq)]
pub struct PyRange {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
}

pub struct PySlice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ViewKind {
    Keys,
    Values,
    Items,
}

pub struct PyDictView {
    pub dict: Rc<PyDict>,
    pub kind: ViewKind,
}

#[derive(Default)]
pub struct PyCell(pub RefCell<Value>);

/// The descriptors of the language.
pub enum Descriptor {
    Property {
        get: Value,
        set: Value,
        delete: Value,
        doc: Value,
        name: RefCell<Option<Name>>,
    },
    StaticMethod(Value),
    ClassMethod(Value),
    Super {
        class: Rc<PyClass>,
        object: Value,
        object_class: Rc<PyClass>,
    },
    /// A field of a builtin class read through a function, like `BaseException.args`.
    Getter {
        name: Name,
        owner: Rc<str>,
        get: crate::function::FastFn,
    },
}

impl PyRange {
    pub fn len(&self) -> usize {
        let (low, high, step) = if self.step > 0 {
            (self.start as i128, self.stop as i128, self.step as i128)
        } else {
            (self.stop as i128, self.start as i128, -(self.step as i128))
        };
        if low >= high { 0 } else { ((high - low - 1) / step + 1) as usize }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, which must be below the length.
    pub fn item(&self, index: usize) -> i64 {
        self.start.wrapping_add((index as i64).wrapping_mul(self.step))
    }

    pub fn contains(&self, value: i64) -> bool {
        let inside = if self.step > 0 { value >= self.start && value < self.stop } else { value <= self.start && value > self.stop };
        inside && (value as i128 - self.start as i128) % self.step as i128 == 0
    }
}

impl Value {
    pub fn str(text: impl Into<String>) -> Value {
        Value::Str(Rc::new(PyStr::new(text)))
    }

    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Value {
        Value::Bytes(Rc::new(bytes.into()))
    }

    pub fn tuple(items: impl Into<Vec<Value>>) -> Value {
        Value::Tuple(Rc::new(PyTuple(items.into().into_boxed_slice())))
    }

    pub fn list(items: impl Into<Vec<Value>>) -> Value {
        Value::List(Rc::new(PyList(RefCell::new(items.into()))))
    }

    /// A dict with string keys.
    pub fn dict<K: AsRef<str>>(items: impl IntoIterator<Item = (K, Value)>) -> Value {
        let dict = PyDict::default();
        for (key, value) in items {
            dict.set_str(key.as_ref(), value);
        }
        Value::Dict(Rc::new(dict))
    }

    /// The smallest form of an integer.
    pub fn int(value: BigInt) -> Value {
        match value.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::BigInt(Rc::new(value)),
        }
    }

    pub fn native(object: impl NativeObject) -> Value {
        Value::Native(Rc::new(PyNative::new(object)))
    }

    pub fn name(name: &Name) -> Value {
        Value::Str(name.object().clone())
    }

    /// Counts one more reference.
    fn clone_slow(&self) -> Value {
        match self {
            Value::Unbound => Value::Unbound,
            Value::None => Value::None,
            Value::Ellipsis => Value::Ellipsis,
            Value::NotImplemented => Value::NotImplemented,
            Value::Bool(value) => Value::Bool(*value),
            Value::Int(value) => Value::Int(*value),
            Value::Float(value) => Value::Float(*value),
            Value::BigInt(rc) => Value::BigInt(rc.clone()),
            Value::Str(rc) => Value::Str(rc.clone()),
            Value::Bytes(rc) => Value::Bytes(rc.clone()),
            Value::Tuple(rc) => Value::Tuple(rc.clone()),
            Value::List(rc) => Value::List(rc.clone()),
            Value::Dict(rc) => Value::Dict(rc.clone()),
            Value::Set(rc) => Value::Set(rc.clone()),
            Value::FrozenSet(rc) => Value::FrozenSet(rc.clone()),
            Value::Range(rc) => Value::Range(rc.clone()),
            Value::Slice(rc) => Value::Slice(rc.clone()),
            Value::DictView(rc) => Value::DictView(rc.clone()),
            Value::Function(rc) => Value::Function(rc.clone()),
            Value::Builtin(rc) => Value::Builtin(rc.clone()),
            Value::Method(rc) => Value::Method(rc.clone()),
            Value::Descriptor(rc) => Value::Descriptor(rc.clone()),
            Value::Class(rc) => Value::Class(rc.clone()),
            Value::Instance(rc) => Value::Instance(rc.clone()),
            Value::Module(rc) => Value::Module(rc.clone()),
            Value::Iterator(rc) => Value::Iterator(rc.clone()),
            Value::Generator(rc) => Value::Generator(rc.clone()),
            Value::Native(rc) => Value::Native(rc.clone()),
            Value::Cell(rc) => Value::Cell(rc.clone()),
        }
    }

    /// Whether it holds no reference, so that dropping it does nothing.
    #[inline(always)]
    pub(crate) fn is_simple(&self) -> bool {
        matches!(
            self,
            Value::Unbound | Value::None | Value::Ellipsis | Value::NotImplemented | Value::Bool(_) | Value::Int(_) | Value::Float(_)
        )
    }

    #[inline]
    pub fn is_unbound(&self) -> bool {
        matches!(self, Value::Unbound)
    }

    #[inline]
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The value behind an instance of a subclass of a builtin type (`class Names(list)`), else the value itself.
    #[inline]
    pub fn base(&self) -> &Value {
        match self {
            Value::Instance(instance) => instance.base_value().unwrap_or(self),
            _ => self,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self.base() {
            Value::Str(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// An `int` (or `bool`) that fits in 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match self.base() {
            Value::Int(value) => Some(*value),
            Value::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// Any `int`, as a big integer.
    pub fn as_bigint(&self) -> Option<BigInt> {
        match self.base() {
            Value::Int(value) => Some(BigInt::from(*value)),
            Value::Bool(value) => Some(BigInt::from(i64::from(*value))),
            Value::BigInt(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// A `float`, or an `int` as a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self.base() {
            Value::Float(value) => Some(*value),
            Value::Int(value) => Some(*value as f64),
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::BigInt(value) => value.to_f64(),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The native object of type `T`.
    pub fn as_native<T: NativeObject>(&self) -> Option<&T> {
        match self {
            Value::Native(native) => native.downcast_ref::<T>(),
            _ => None,
        }
    }

    /// The items of a `list` or `tuple`.
    pub fn as_sequence(&self) -> Option<Vec<Value>> {
        match self.base() {
            Value::Tuple(tuple) => Some(tuple.0.to_vec()),
            Value::List(list) => Some(list.0.borrow().clone()),
            _ => None,
        }
    }

    pub fn as_dict(&self) -> Option<&Rc<PyDict>> {
        match self.base() {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Whether two names stand for one object (`is`).
    pub fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            _ => self.identity() == other.identity(),
        }
    }

    /// What `id()` is made of.
    pub fn identity(&self) -> (u8, usize) {
        fn address<T: ?Sized>(rc: &Rc<T>) -> (u8, usize) {
            (9, Rc::as_ptr(rc) as *const () as usize)
        }
        match self {
            Value::Unbound => (0, 0),
            Value::None => (1, 0x7f10_0010),
            Value::Ellipsis => (2, 0x7f10_0020),
            Value::NotImplemented => (3, 0x7f10_0030),
            Value::Bool(value) => (4, 0x7f10_0040 + usize::from(*value) * 32),
            Value::Int(value) => (5, (*value as usize).wrapping_mul(32).wrapping_add(0x7f20_0000)),
            Value::Float(value) => (6, value.to_bits() as usize),
            Value::BigInt(rc) => address(rc),
            Value::Str(rc) => address(rc),
            Value::Bytes(rc) => address(rc),
            Value::Tuple(rc) if rc.0.is_empty() => (7, 0x7f10_0100),
            Value::Tuple(rc) => address(rc),
            Value::List(rc) => address(rc),
            Value::Dict(rc) => address(rc),
            Value::Set(rc) | Value::FrozenSet(rc) => address(rc),
            Value::Range(rc) => address(rc),
            Value::Slice(rc) => address(rc),
            Value::DictView(rc) => address(rc),
            Value::Function(rc) => address(rc),
            Value::Builtin(rc) => address(rc),
            Value::Method(rc) => address(rc),
            Value::Descriptor(rc) => address(rc),
            Value::Class(rc) => address(rc),
            Value::Instance(rc) => address(rc),
            Value::Module(rc) => address(rc),
            Value::Iterator(rc) => address(rc),
            Value::Generator(rc) => address(rc),
            Value::Native(rc) => address(rc),
            Value::Cell(rc) => address(rc),
        }
    }

    /// Whether dropping it may reach further values.
    fn is_container(&self) -> bool {
        !matches!(
            self,
            Value::Unbound
                | Value::None
                | Value::Ellipsis
                | Value::NotImplemented
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::BigInt(_)
                | Value::Str(_)
                | Value::Bytes(_)
                | Value::Range(_)
        )
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}
impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::Int(value.into())
    }
}
impl From<usize> for Value {
    fn from(value: usize) -> Value {
        Value::Int(value as i64)
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::str(value)
    }
}
impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::str(value)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::None, Into::into)
    }
}
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::list(values.into_iter().map(Into::into).collect::<Vec<_>>())
    }
}

thread_local! {
    static DROP_DEPTH: Cell<u32> = const { Cell::new(0) };
    static DEFERRED: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// How deep containers are dropped by recursion before the rest is queued.
const MAX_DROP_DEPTH: u32 = 40;

/// Drops values without deep recursion, so that a list nested a million deep doesn't overflow the stack.
pub(crate) fn drop_flat(values: &mut dyn Iterator<Item = Value>) {
    let mut containers = values.filter(Value::is_container).peekable();
    if containers.peek().is_none() {
        return;
    }
    let depth = DROP_DEPTH.try_with(Cell::get).unwrap_or(0);
    if depth >= MAX_DROP_DEPTH {
        let _ = DEFERRED.try_with(|deferred| {
            if let Ok(mut deferred) = deferred.try_borrow_mut() {
                deferred.extend(&mut containers);
            }
        });
        return;
    }
    let _ = DROP_DEPTH.try_with(|cell| cell.set(depth + 1));
    for value in containers {
        drop(value);
    }
    if depth == 0 {
        while let Some(value) = DEFERRED.try_with(|deferred| deferred.borrow_mut().pop()).ok().flatten() {
            drop(value);
        }
    }
    let _ = DROP_DEPTH.try_with(|cell| cell.set(depth));
}

impl Drop for PyTuple {
    fn drop(&mut self) {
        if self.0.iter().any(Value::is_container) {
            drop_flat(&mut std::mem::take(&mut self.0).into_vec().into_iter());
        }
    }
}

impl Drop for PyList {
    fn drop(&mut self) {
        let items = self.0.get_mut();
        if items.iter().any(Value::is_container) {
            drop_flat(&mut std::mem::take(items).into_iter());
        }
    }
}

impl Drop for PyCell {
    fn drop(&mut self) {
        let value = std::mem::take(self.0.get_mut());
        if value.is_container() {
            drop_flat(&mut std::iter::once(value));
        }
    }
}
