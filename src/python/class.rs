//! Classes and their instances.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use crate::args::Args;
use crate::dict::PyDict;
use crate::error::{ExceptionData, PyResult};
use crate::function::PyBuiltin;
use crate::set::PySet;
use crate::signature::Signature;
use crate::text::{Attrs, Name};
use crate::value::{Descriptor, PyList, Value, drop_flat};
use crate::vm::Vm;

/// What the instances of a class carry beside their attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    Object,
    Exception,
    /// Instances of subclasses hold a value of this builtin type.
    Int,
    Float,
    Str,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Type,
    /// Values of a type that can't be subclassed.
    Closed,
}

/// Makes an instance: the class itself, and the arguments of the call.
pub type Constructor = Rc<dyn Fn(&mut Vm, &Rc<PyClass>, Args) -> PyResult<Value>>;

pub struct PyClass {
    pub name: RefCell<Rc<str>>,
    pub qualname: RefCell<Rc<str>>,
    pub bases: Vec<Rc<PyClass>>,
    /// The linearisation after the class itself (C3).
    pub ancestors: Vec<Rc<PyClass>>,
    pub metaclass: Option<Rc<PyClass>>,
    pub attrs: RefCell<Attrs>,
    pub layout: Layout,
    /// Builtin and native classes; their attributes can't be set by a program.
    pub builtin: bool,
    pub constructor: Option<Constructor>,
    /// Names allowed by `__slots__`, when the class and all its bases have them.
    pub slots: Option<Vec<Name>>,
    /// Whether attribute access must ask `__getattribute__`, `__getattr__`, `__setattr__`, `__delattr__`.
    pub hooks: OnceCell<Hooks>,
    pub subclasses: RefCell<Vec<std::rc::Weak<PyClass>>>,
}

#[derive(Clone, Copy, Default)]
pub struct Hooks {
    pub getattribute: bool,
    pub getattr: bool,
    pub setattr: bool,
    pub delattr: bool,
}

thread_local! {
    static EPOCH: Cell<u32> = const { Cell::new(1) };
}

/// A number that changes whenever any class changes: caches of class look-ups are valid within one epoch.
#[inline]
pub fn class_epoch() -> u32 {
    EPOCH.with(Cell::get)
}

/// Invalidates every cache of class look-ups.
pub fn touch_classes() {
    EPOCH.with(|epoch| epoch.set(epoch.get().wrapping_add(1)));
}

impl PyClass {
    /// A builtin class with the given bases.
    pub fn builtin(name: &str, layout: Layout, bases: &[Rc<PyClass>]) -> PyClass {
        let ancestors = linearise(bases).unwrap_or_default();
        PyClass {
            name: RefCell::new(name.into()),
            qualname: RefCell::new(name.into()),
            bases: bases.to_vec(),
            ancestors,
            metaclass: None,
            attrs: RefCell::default(),
            layout,
            builtin: true,
            constructor: None,
            slots: None,
            hooks: OnceCell::new(),
            subclasses: RefCell::default(),
        }
    }

    /// The class, then its ancestors in the order of attribute look-up.
    pub fn mro(self: &Rc<PyClass>) -> impl Iterator<Item = &Rc<PyClass>> {
        std::iter::once(self).chain(self.ancestors.iter())
    }

    /// The attribute as found along the linearisation, not bound.
    pub fn lookup(&self, name: &Name) -> Option<Value> {
        if let Some(value) = self.attrs.borrow().get(name) {
            return Some(value.clone());
        }
        for class in &self.ancestors {
            if let Some(value) = class.attrs.borrow().get(name) {
                return Some(value.clone());
            }
        }
        None
    }

    /// As `lookup`, with the class it was found on.
    pub fn lookup_with_owner(self: &Rc<PyClass>, name: &Name) -> Option<(Value, Rc<PyClass>)> {
        self.mro().find_map(|class| class.attrs.borrow().get(name).map(|value| (value.clone(), class.clone())))
    }

    /// A special method defined by a class of the program (or a native one), not by `object`.
    pub fn has_own(&self, name: &Name) -> bool {
        self.attrs.borrow().contains_key(name)
    }

    pub fn set(&self, name: Name, value: Value) {
        self.attrs.borrow_mut().insert(name, value);
        touch_classes();
    }

    pub fn is_subclass_of(self: &Rc<PyClass>, other: &Rc<PyClass>) -> bool {
        Rc::ptr_eq(self, other) || self.ancestors.iter().any(|class| Rc::ptr_eq(class, other))
    }

    pub fn hooks(&self) -> Hooks {
        *self.hooks.get_or_init(|| {
            let program = |name: &str| {
                let name = Name::new(name);
                self.attrs.borrow().contains_key(&name)
                    || self.ancestors.iter().any(|class| class.attrs.borrow().contains_key(&name) && &**class.name.borrow() != "object")
            };
            Hooks {
                getattribute: program("__getattribute__"),
                getattr: program("__getattr__"),
                setattr: program("__setattr__"),
                delattr: program("__delattr__"),
            }
        })
    }

    /// `module.qualname` as reprs show it: builtins and the notebook's own module in their usual forms.
    pub fn full_name(&self) -> String {
        let module = match self.attrs.borrow().get(&Name::new("__module__")) {
            Some(Value::Str(module)) => module.as_str().to_string(),
            _ => String::new(),
        };
        if module.is_empty() || module == "builtins" {
            self.qualname.borrow().to_string()
        } else {
            format!("{module}.{}", self.qualname.borrow())
        }
    }
}

/// The ancestors of a class with these bases, by C3; `None` when no order fits.
pub fn linearise(bases: &[Rc<PyClass>]) -> Option<Vec<Rc<PyClass>>> {
    let mut lists: Vec<Vec<Rc<PyClass>>> = bases.iter().map(|base| base.mro().cloned().collect()).collect();
    lists.push(bases.to_vec());
    let mut result: Vec<Rc<PyClass>> = Vec::new();
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return Some(result);
        }
        let next = lists
            .iter()
            .map(|list| &list[0])
            .find(|candidate| !lists.iter().any(|list| list[1..].iter().any(|class| Rc::ptr_eq(class, candidate))))?
            .clone();
        for list in &mut lists {
            if Rc::ptr_eq(&list[0], &next) {
                list.remove(0);
            }
        }
        result.push(next);
    }
}

pub enum Payload {
    None,
    /// The builtin value of an instance of a subclass of a builtin type.
    Value(Value),
    Exception(Box<ExceptionData>),
}

pub struct PyInstance {
    class: RefCell<Rc<PyClass>>,
    pub attrs: RefCell<InstanceAttrs>,
    pub payload: Payload,
}

/// The attributes of an instance: a small map, until somebody asks for `__dict__`.
pub enum InstanceAttrs {
    Own(Attrs),
    Dict(Rc<PyDict>),
}

impl PyInstance {
    pub fn new(class: Rc<PyClass>) -> PyInstance {
        PyInstance::with_payload(class, Payload::None)
    }

    pub fn with_payload(class: Rc<PyClass>, payload: Payload) -> PyInstance {
        PyInstance { class: RefCell::new(class), attrs: RefCell::new(InstanceAttrs::Own(Attrs::default())), payload }
    }

    #[inline]
    pub fn class(&self) -> Rc<PyClass> {
        self.class.borrow().clone()
    }

    #[inline]
    pub fn class_ptr(&self) -> *const PyClass {
        // SAFETY: the class is only replaced by `set_class`, which nothing calls while this reads one word.
        unsafe { Rc::as_ptr(&*self.class.as_ptr()) }
    }

    pub fn set_class(&self, class: Rc<PyClass>) {
        *self.class.borrow_mut() = class;
    }

    #[inline]
    pub fn base_value(&self) -> Option<&Value> {
        match &self.payload {
            Payload::Value(value) => Some(value),
            _ => None,
        }
    }

    pub fn exception(&self) -> Option<&ExceptionData> {
        match &self.payload {
            Payload::Exception(data) => Some(data),
            _ => None,
        }
    }

    pub fn get_attr(&self, name: &Name) -> Option<Value> {
        match &*self.attrs.borrow() {
            InstanceAttrs::Own(attrs) => attrs.get(name).cloned(),
            InstanceAttrs::Dict(dict) => dict.get_str(name),
        }
    }

    pub fn set_attr(&self, name: Name, value: Value) {
        let previous = match &mut *self.attrs.borrow_mut() {
            InstanceAttrs::Own(attrs) => attrs.insert(name, value),
            InstanceAttrs::Dict(dict) => dict.set_str_object(name.object().clone(), value),
        };
        drop(previous);
    }

    pub fn delete_attr(&self, name: &Name) -> Option<Value> {
        match &mut *self.attrs.borrow_mut() {
            InstanceAttrs::Own(attrs) => attrs.shift_remove(name),
            InstanceAttrs::Dict(dict) => dict.remove_str(name),
        }
    }

    pub fn attr_names(&self) -> Vec<Name> {
        match &*self.attrs.borrow() {
            InstanceAttrs::Own(attrs) => attrs.keys().cloned().collect(),
            InstanceAttrs::Dict(dict) => dict.keys().iter().filter_map(|key| key.as_str().map(Name::new)).collect(),
        }
    }

    /// `__dict__`: from now on the attributes live in this dict.
    pub fn dict(&self) -> Rc<PyDict> {
        let mut attrs = self.attrs.borrow_mut();
        let dict = match &mut *attrs {
            InstanceAttrs::Dict(dict) => return dict.clone(),
            InstanceAttrs::Own(own) => {
                let dict = PyDict::default();
                for (name, value) in own.drain(..) {
                    dict.set_str_object(name.object().clone(), value);
                }
                Rc::new(dict)
            }
        };
        *attrs = InstanceAttrs::Dict(dict.clone());
        dict
    }

    pub fn set_dict(&self, dict: Rc<PyDict>) {
        *self.attrs.borrow_mut() = InstanceAttrs::Dict(dict);
    }
}

impl Drop for PyInstance {
    fn drop(&mut self) {
        if let InstanceAttrs::Own(attrs) = self.attrs.get_mut()
            && !attrs.is_empty()
        {
            drop_flat(&mut attrs.drain(..).map(|(_, value)| value));
        }
    }
}

/// An empty builtin value for a new instance of a subclass of a builtin type.
pub fn empty_payload(layout: Layout) -> Payload {
    match layout {
        Layout::List => Payload::Value(Value::List(Rc::new(PyList::default()))),
        Layout::Dict => Payload::Value(Value::Dict(Rc::new(PyDict::default()))),
        Layout::Set => Payload::Value(Value::Set(Rc::new(PySet::default()))),
        Layout::Exception => Payload::Exception(Box::default()),
        _ => Payload::None,
    }
}

/// Declares a class that Rust provides: its constructor, methods and properties, each with signature and documentation.
///
/// A program can call it, use it in `isinstance`, read its members, and, unless it is an exception, not subclass it.
pub struct ClassBuilder {
    class: PyClass,
    module: String,
}

impl ClassBuilder {
    pub fn new(name: &str, module: &str) -> ClassBuilder {
        let object = crate::types::Types::get().object.clone();
        ClassBuilder { class: PyClass::builtin(name, Layout::Closed, &[object]), module: module.into() }
    }

    /// An exception class under `base`, which a program may catch, raise and subclass.
    pub fn exception(name: &str, module: &str, base: &Rc<PyClass>) -> ClassBuilder {
        ClassBuilder { class: PyClass::builtin(name, Layout::Exception, std::slice::from_ref(base)), module: module.into() }
    }

    pub fn base(mut self, base: &Rc<PyClass>) -> ClassBuilder {
        self.class.bases = vec![base.clone()];
        self.class.ancestors = base.mro().cloned().collect();
        self
    }

    /// Several bases, in the order of attribute look-up; without effect when no order fits.
    pub fn bases(mut self, bases: &[Rc<PyClass>]) -> ClassBuilder {
        if let Some(ancestors) = linearise(bases) {
            self.class.bases = bases.to_vec();
            self.class.ancestors = ancestors;
        }
        self
    }

    /// Lets programs subclass it and set its attributes, as if a program had defined it.
    pub fn like_own(mut self) -> ClassBuilder {
        self.class.builtin = false;
        self.open()
    }

    /// Lets programs subclass it; such instances are plain objects with these methods, and the constructor is not called.
    pub fn open(mut self) -> ClassBuilder {
        self.class.layout = Layout::Object;
        self
    }

    pub fn doc(self, doc: &str) -> ClassBuilder {
        self.class.attrs.borrow_mut().insert(Name::new("__doc__"), Value::str(doc));
        self
    }

    /// `signature` is written as in Python, without `self`: `"(featuresCol='features', k=2)"`. The function gets one value for each parameter.
    pub fn constructor(
        mut self,
        signature: &str,
        construct: impl Fn(&mut Vm, &Rc<PyClass>, Vec<Value>) -> PyResult<Value> + 'static,
    ) -> ClassBuilder {
        let name = format!("{}.__init__", self.class.name.borrow());
        let signature = Rc::new(Signature::parse_named(&name, signature).with_hidden_self());
        let init = PyBuiltin::closure("__init__", "", Rc::new(|_: &mut Vm, _| Ok(Value::None)));
        let init = PyBuiltin { signature: Some(signature.clone()), is_method: true, ..init };
        self.class.attrs.borrow_mut().insert(Name::new("__init__"), Value::Builtin(Rc::new(init)));
        self.class.constructor = Some(Rc::new(move |vm, class, args| {
            let values = signature.bind(vm, args)?;
            construct(vm, class, values)
        }));
        self
    }

    /// `signature` is written as in Python, with `self`: `"randomSplit(self, weights, seed=None)"`.
    pub fn method(self, signature: &str, doc: &str, method: impl Fn(&mut Vm, Vec<Value>) -> PyResult<Value> + 'static) -> ClassBuilder {
        let (name, signature) = self.own_signature(signature);
        let builtin = PyBuiltin { is_method: true, ..PyBuiltin::with_signature(signature, doc, method) };
        self.attribute(&name, Value::Builtin(Rc::new(builtin)))
    }

    /// A member's name, and its signature under the class's name.
    fn own_signature(&self, signature: &str) -> (String, Signature) {
        let mut signature = Signature::parse(signature);
        let qualified = format!("{}.{}", self.class.name.borrow(), signature.name);
        (std::mem::replace(&mut signature.name, qualified), signature)
    }

    /// A function of the class itself: `SparkSession.active()`.
    pub fn static_method(
        self,
        signature: &str,
        doc: &str,
        method: impl Fn(&mut Vm, Vec<Value>) -> PyResult<Value> + 'static,
    ) -> ClassBuilder {
        let (name, signature) = self.own_signature(signature);
        let builtin = Value::Builtin(Rc::new(PyBuiltin::with_signature(signature, doc, method)));
        self.attribute(&name, Value::Descriptor(Rc::new(Descriptor::StaticMethod(builtin))))
    }

    pub fn property(self, name: &str, doc: &str, get: impl Fn(&mut Vm, &Value) -> PyResult<Value> + 'static) -> ClassBuilder {
        let getter =
            PyBuiltin::closure(name, doc, Rc::new(move |vm: &mut Vm, args: Args| get(vm, args.positional.first().unwrap_or(&Value::None))));
        let descriptor = Descriptor::Property {
            get: Value::Builtin(Rc::new(getter)),
            set: Value::None,
            delete: Value::None,
            doc: Value::str(doc),
            name: RefCell::new(Some(Name::new(name))),
        };
        self.class.attrs.borrow_mut().insert(Name::new(name), Value::Descriptor(Rc::new(descriptor)));
        self
    }

    /// A plain attribute of the class.
    pub fn attribute(self, name: &str, value: Value) -> ClassBuilder {
        self.class.attrs.borrow_mut().insert(Name::new(name), value);
        self
    }

    pub fn build(self) -> Rc<PyClass> {
        self.class.attrs.borrow_mut().insert(Name::new("__module__"), Value::str(self.module));
        Rc::new(self.class)
    }
}
