//! Objects that Rust lends to Python: what they are, do and answer to.

use std::any::Any;
use std::rc::Rc;

use crate::args::Args;
use crate::class::PyClass;
use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::{Operator, UnaryOperator, Vm};

/// A Rust object seen from Python.
///
/// Its type is the class registered under `class_name` with [`Vm::register_class`]; methods and properties declared there (see
/// [`crate::ClassBuilder`]) need nothing here. Every other method has the behaviour of a plain object.
#[allow(unused_variables)]
pub trait NativeObject: Any {
    fn class_name(&self) -> &str;

    /// An attribute that the class doesn't declare; `this` is the object itself. `None` means that there is none.
    fn get_attr(&self, vm: &mut Vm, this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// Sets an attribute; `false` means that this can't be.
    fn set_attr(&self, vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        Ok(false)
    }

    fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        Err(PyError::type_error(format!("'{}' object is not callable", self.class_name())))
    }

    /// `self op other`, or `other op self` when reflected: arithmetic, bits and comparisons. `None` is Python's `NotImplemented`.
    fn binary(&self, vm: &mut Vm, this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `self op= other`, changed in place; `None` means to bind the result of `self op other` instead.
    fn inplace(&self, vm: &mut Vm, this: &Value, operator: Operator, other: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    fn unary(&self, vm: &mut Vm, this: &Value, operator: UnaryOperator) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `None` means that it has no length.
    fn len(&self, vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(None)
    }

    /// An iterator (see [`crate::NativeIterator`]); `None` means that it can't be iterated.
    fn iter(&self, vm: &mut Vm, this: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    fn get_item(&self, vm: &mut Vm, this: &Value, key: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `false` means that items can't be set.
    fn set_item(&self, vm: &mut Vm, key: &Value, value: Value) -> PyResult<bool> {
        Ok(false)
    }

    /// `item in self`; `None` means to look through the iterator.
    fn contains(&self, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(None)
    }

    /// In `if` and `and`; `None` means by length, else true.
    fn truth(&self, vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(None)
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        Ok(format!("<{} object>", self.class_name()))
    }

    fn str(&self, vm: &mut Vm) -> PyResult<String> {
        self.repr(vm)
    }

    /// `None` means by identity; an error that it is unhashable.
    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        Ok(None)
    }

    fn enter(&self, vm: &mut Vm, this: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// Leaves a `with`; true swallows the exception, which is `None` when there was none.
    fn exit(&self, vm: &mut Vm, exception: Option<&PyError>) -> PyResult<bool> {
        Ok(false)
    }

    /// What completion offers beside the members of the class.
    fn members(&self) -> Vec<Member> {
        Vec::new()
    }
}

/// One thing behind a dot, for completion and help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub kind: MemberKind,
    /// `(weights, seed=None)` for what can be called, the type of a variable or column, else empty.
    pub signature: String,
    pub doc: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Class,
    Function,
    Method,
    Property,
    Variable,
    Module,
    Keyword,
    Parameter,
    /// A column of a data frame.
    Column,
    /// One of the values that a parameter may have.
    Value,
}

/// A native object on the heap.
pub struct PyNative {
    object: Box<dyn NativeObject>,
}

impl PyNative {
    pub fn new(object: impl NativeObject) -> PyNative {
        PyNative { object: Box::new(object) }
    }

    pub fn object(&self) -> &dyn NativeObject {
        &*self.object
    }

    pub fn downcast_ref<T: NativeObject>(&self) -> Option<&T> {
        (&*self.object as &dyn Any).downcast_ref::<T>()
    }
}

impl Vm {
    /// Makes `class` the type of every native object whose `class_name` is the class's name.
    pub fn register_class(&mut self, class: &Rc<PyClass>) {
        let name = class.name.borrow().to_string();
        self.native_classes.insert(name, class.clone());
    }

    /// The class registered under a native object's class name; a bare one when nobody registered any.
    pub fn native_class(&mut self, name: &str) -> Rc<PyClass> {
        if let Some(class) = self.native_classes.get(name) {
            return class.clone();
        }
        let class = crate::class::ClassBuilder::new(name, "builtins").build();
        self.native_classes.insert(name.to_string(), class.clone());
        class
    }
}
