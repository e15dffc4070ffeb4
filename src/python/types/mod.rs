//! The builtin types and their methods.

pub(crate) mod bytes;
mod bytes_methods;
mod dict;
pub(crate) mod dunder;
pub(crate) mod exception;
pub(crate) use int::int_from;
pub(crate) mod float;
mod generator;
pub(crate) mod int;
pub(crate) mod list;
pub(crate) mod object;
pub(crate) mod set;
pub(crate) mod str;
mod str_split;
mod tuple;
pub(crate) mod type_;
pub(crate) mod union_type;

use std::collections::HashMap;
use std::rc::Rc;

use crate::class::{Constructor, Layout, PyClass};
use crate::function::{Native, PyBuiltin};
use crate::text::{Name, PyStr};
use crate::value::{Descriptor, Value, ViewKind};

/// A table of methods of a builtin type.
pub(crate) type Methods = &'static [(&'static str, Native)];

/// The classes of builtin values, one set for each thread.
pub struct Types {
    pub object: Rc<PyClass>,
    pub type_: Rc<PyClass>,
    pub none: Rc<PyClass>,
    pub ellipsis: Rc<PyClass>,
    pub not_implemented: Rc<PyClass>,
    pub bool_: Rc<PyClass>,
    pub int: Rc<PyClass>,
    pub float: Rc<PyClass>,
    pub str: Rc<PyClass>,
    pub bytes: Rc<PyClass>,
    pub tuple: Rc<PyClass>,
    pub list: Rc<PyClass>,
    pub dict: Rc<PyClass>,
    pub set: Rc<PyClass>,
    pub frozenset: Rc<PyClass>,
    pub range: Rc<PyClass>,
    pub slice: Rc<PyClass>,
    pub dict_keys: Rc<PyClass>,
    pub dict_values: Rc<PyClass>,
    pub dict_items: Rc<PyClass>,
    pub function: Rc<PyClass>,
    pub builtin: Rc<PyClass>,
    pub method_descriptor: Rc<PyClass>,
    pub method: Rc<PyClass>,
    pub module: Rc<PyClass>,
    pub generator: Rc<PyClass>,
    pub property: Rc<PyClass>,
    pub static_method: Rc<PyClass>,
    pub class_method: Rc<PyClass>,
    pub super_: Rc<PyClass>,
    pub getter: Rc<PyClass>,
    pub cell: Rc<PyClass>,
    iterators: std::cell::RefCell<HashMap<&'static str, Rc<PyClass>>>,
    pub(crate) exceptions: HashMap<&'static str, Rc<PyClass>>,
    /// Strings of one ASCII character.
    pub(crate) ascii: Vec<Value>,
}

thread_local! {
    static TYPES: Rc<Types> = Rc::new(Types::new());
}

fn class(name: &str, layout: Layout, base: &Rc<PyClass>, constructor: Option<Constructor>, methods: &[Methods]) -> Rc<PyClass> {
    let mut class = PyClass::builtin(name, layout, std::slice::from_ref(base));
    class.constructor = constructor;
    fill(&class, name, methods);
    Rc::new(class)
}

fn fill(class: &PyClass, owner: &str, methods: &[Methods]) {
    let mut attrs = class.attrs.borrow_mut();
    attrs.insert(Name::new("__module__"), Value::str("builtins"));
    for (name, native) in methods.iter().copied().flatten() {
        let value = if let Some(name) = name.strip_prefix("part ") {
            let get = match native {
                Native::Fast(function, ..) => *function,
                Native::Full(_) => continue,
            };
            let name = Name::new(name);
            let owner: Rc<str> = owner.into();
            attrs.insert(name.clone(), Value::Descriptor(Rc::new(Descriptor::Getter { name, owner, get })));
            continue;
        } else if let Some(name) = name.strip_prefix("static ") {
            let builtin = PyBuiltin { is_method: false, ..PyBuiltin::from_table(name, Some(owner), *native) };
            attrs.insert(Name::new(name), Value::Descriptor(Rc::new(Descriptor::StaticMethod(Value::Builtin(Rc::new(builtin))))));
            continue;
        } else if let Some(name) = name.strip_prefix("class ") {
            let builtin = PyBuiltin::from_table(name, Some(owner), *native);
            attrs.insert(Name::new(name), Value::Descriptor(Rc::new(Descriptor::ClassMethod(Value::Builtin(Rc::new(builtin))))));
            continue;
        } else {
            Value::Builtin(Rc::new(PyBuiltin::from_table(name, Some(owner), *native)))
        };
        attrs.insert(Name::new(name), value);
    }
}

impl Types {
    /// The types of this thread.
    pub fn get() -> Rc<Types> {
        TYPES.with(Rc::clone)
    }

    fn new() -> Types {
        let object_class = PyClass::builtin("object", Layout::Object, &[]);
        fill(&object_class, "object", &[object::METHODS]);
        let object = Rc::new(object_class);
        let plain = |name: &str, methods: &[Methods]| class(name, Layout::Closed, &object, None, methods);
        let int = class("int", Layout::Int, &object, Some(int::constructor()), &[int::METHODS, dunder::NUMBER, dunder::COMPARE]);
        let mut types = Types {
            type_: class("type", Layout::Type, &object, Some(type_::constructor()), &[type_::METHODS]),
            none: plain("NoneType", &[dunder::PLAIN]),
            ellipsis: plain("ellipsis", &[dunder::PLAIN]),
            not_implemented: plain("NotImplementedType", &[dunder::PLAIN]),
            bool_: class("bool", Layout::Closed, &int, Some(int::bool_constructor()), &[dunder::PLAIN]),
            float: class("float", Layout::Float, &object, Some(float::constructor()), &[float::METHODS, dunder::NUMBER, dunder::COMPARE]),
            str: class(
                "str",
                Layout::Str,
                &object,
                Some(str::constructor()),
                &[str::METHODS, str_split::METHODS, dunder::SEQUENCE, dunder::COMPARE],
            ),
            bytes: class(
                "bytes",
                Layout::Bytes,
                &object,
                Some(bytes::constructor()),
                &[bytes::CODECS, bytes_methods::METHODS, dunder::SEQUENCE, dunder::COMPARE],
            ),
            tuple: class("tuple", Layout::Tuple, &object, Some(tuple::constructor()), &[tuple::METHODS, dunder::SEQUENCE, dunder::COMPARE]),
            list: class(
                "list",
                Layout::List,
                &object,
                Some(list::constructor()),
                &[list::METHODS, dunder::SEQUENCE, dunder::MUTABLE, dunder::COMPARE],
            ),
            dict: class("dict", Layout::Dict, &object, Some(dict::constructor()), &[dict::METHODS, dunder::MUTABLE, dunder::EQUALITY]),
            set: class("set", Layout::Set, &object, Some(set::constructor()), &[set::METHODS, set::MUTABLE, dunder::SET, dunder::COMPARE]),
            frozenset: class(
                "frozenset",
                Layout::FrozenSet,
                &object,
                Some(set::frozen_constructor()),
                &[set::METHODS, dunder::SET, dunder::COMPARE, dunder::HASH],
            ),
            range: class(
                "range",
                Layout::Closed,
                &object,
                Some(tuple::range_constructor()),
                &[tuple::RANGE_METHODS, dunder::SEQUENCE, dunder::EQUALITY],
            ),
            slice: class("slice", Layout::Closed, &object, Some(tuple::slice_constructor()), &[tuple::SLICE_METHODS]),
            dict_keys: plain("dict_keys", &[dict::VIEW_METHODS, dunder::SET, dunder::COMPARE]),
            dict_values: plain("dict_values", &[dict::VIEW_METHODS]),
            dict_items: plain("dict_items", &[dict::VIEW_METHODS, dunder::SET, dunder::COMPARE]),
            function: plain("function", &[object::FUNCTION_METHODS]),
            builtin: plain("builtin_function_or_method", &[object::FUNCTION_METHODS]),
            method_descriptor: plain("method_descriptor", &[object::FUNCTION_METHODS]),
            method: plain("method", &[object::FUNCTION_METHODS]),
            module: plain("module", &[]),
            generator: plain("generator", &[generator::METHODS]),
            property: class("property", Layout::Closed, &object, Some(object::property_constructor()), &[object::PROPERTY_METHODS]),
            static_method: class("staticmethod", Layout::Closed, &object, Some(object::static_method_constructor()), &[]),
            class_method: class("classmethod", Layout::Closed, &object, Some(object::class_method_constructor()), &[]),
            super_: class("super", Layout::Closed, &object, Some(object::super_constructor()), &[]),
            getter: plain("getset_descriptor", &[]),
            cell: plain("cell", &[]),
            iterators: Default::default(),
            exceptions: exception::classes(&object),
            ascii: (0..128u8).map(|byte| Value::Str(Rc::new(PyStr::new(char::from(byte))))).collect(),
            int,
            object,
        };
        let _ = &mut types;
        for class in [&types.list, &types.dict, &types.set] {
            class.attrs.borrow_mut().insert(Name::new("__hash__"), Value::None);
        }
        types
    }

    /// A builtin exception class.
    pub fn exception(&self, name: &str) -> Option<Rc<PyClass>> {
        self.exceptions.get(name).cloned()
    }

    /// A builtin exception class that is known to exist; `Exception` otherwise.
    pub fn exception_named(&self, name: &str) -> Rc<PyClass> {
        self.exceptions.get(name).or_else(|| self.exceptions.get("Exception")).cloned().unwrap_or_else(|| self.object.clone())
    }

    /// The builtin type whose values instances of a layout hold.
    pub fn of_layout(&self, layout: Layout) -> Rc<PyClass> {
        match layout {
            Layout::Int => &self.int,
            Layout::Float => &self.float,
            Layout::Str => &self.str,
            Layout::Bytes => &self.bytes,
            Layout::Tuple => &self.tuple,
            Layout::List => &self.list,
            Layout::Dict => &self.dict,
            Layout::Set => &self.set,
            Layout::FrozenSet => &self.frozenset,
            Layout::Type => &self.type_,
            Layout::Object | Layout::Exception | Layout::Closed => &self.object,
        }
        .clone()
    }

    /// The type of a value that is no instance, class or native object.
    pub fn of_builtin(&self, value: &Value) -> Rc<PyClass> {
        if let Value::Iterator(iterator) = value {
            let name = iterator.class_name;
            let make = || class(name, Layout::Closed, &self.object, None, &[generator::ITERATOR_METHODS]);
            return self.iterators.borrow_mut().entry(name).or_insert_with(make).clone();
        }
        self.of_builtin_ref(value).clone()
    }

    /// As `of_builtin`, for anything but iterators.
    #[inline]
    pub(crate) fn of_builtin_ref(&self, value: &Value) -> &Rc<PyClass> {
        match value {
            Value::None => &self.none,
            Value::Ellipsis => &self.ellipsis,
            Value::NotImplemented => &self.not_implemented,
            Value::Bool(_) => &self.bool_,
            Value::Int(_) | Value::BigInt(_) => &self.int,
            Value::Float(_) => &self.float,
            Value::Str(_) => &self.str,
            Value::Bytes(_) => &self.bytes,
            Value::Tuple(_) => &self.tuple,
            Value::List(_) => &self.list,
            Value::Dict(_) => &self.dict,
            Value::Set(_) => &self.set,
            Value::FrozenSet(_) => &self.frozenset,
            Value::Range(_) => &self.range,
            Value::Slice(_) => &self.slice,
            Value::DictView(view) => match view.kind {
                ViewKind::Keys => &self.dict_keys,
                ViewKind::Values => &self.dict_values,
                ViewKind::Items => &self.dict_items,
            },
            Value::Function(_) => &self.function,
            Value::Builtin(builtin) if builtin.is_method => &self.method_descriptor,
            Value::Builtin(_) => &self.builtin,
            Value::Method(method) if matches!(method.function, Value::Builtin(_)) => &self.builtin,
            Value::Method(_) => &self.method,
            Value::Module(_) => &self.module,
            Value::Generator(_) => &self.generator,
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Property { .. } => &self.property,
                Descriptor::StaticMethod(_) => &self.static_method,
                Descriptor::ClassMethod(_) => &self.class_method,
                Descriptor::Super { .. } => &self.super_,
                Descriptor::Getter { .. } => &self.getter,
            },
            Value::Cell(_) => &self.cell,
            Value::Class(_) => &self.type_,
            Value::Instance(_) | Value::Native(_) | Value::Iterator(_) | Value::Unbound => &self.object,
        }
    }
}

pub(crate) use dict::reversed as dict_reversed;
pub(crate) use generator::send as generator_send;
