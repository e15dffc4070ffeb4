//! Attributes: look-up, binding, assignment.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Payload, PyClass};
use crate::error::{PyError, PyResult};
use crate::function::PyMethod;
use crate::native::NativeObject;
use crate::text::Name;
use crate::value::{Descriptor, Value};
use crate::vm::Vm;
use crate::vm::protocol::is_data_descriptor;

/// An attribute that was looked up already: it stands where its object stood, and gives it for any name.
struct FoundMethod(Value);

impl NativeObject for FoundMethod {
    fn class_name(&self) -> &str {
        "method"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, _: &str) -> PyResult<Option<Value>> {
        Ok(Some(self.0.clone()))
    }
}

impl Vm {
    /// Looks for a method before its arguments are found: an error when there is none, and what is to stand for the object from now on when
    /// finding it ran code (`__getattr__`, a property, a host's object), so that it runs once.
    pub(crate) fn find_method(&mut self, value: &Value, name: &Name) -> PyResult<Option<Value>> {
        let plain = match value {
            Value::Instance(instance) => {
                let class = instance.class();
                let found = class.lookup(name);
                let hooks = class.hooks();
                let method = matches!(found, Some(Value::Function(_) | Value::Builtin(_)));
                !hooks.getattribute && (method || found.is_none() && instance.get_attr(name).is_some())
            }
            Value::Native(_) => false,
            Value::Class(class) => class.lookup(name).is_some(),
            Value::Module(module) => module.attrs.borrow().contains_key(name),
            Value::Descriptor(_) | Value::Iterator(_) => true,
            value => self.types.of_builtin_ref(value).lookup(name).is_some(),
        };
        if plain {
            return Ok(None);
        }
        let found = self.get_attr(value, name)?;
        Ok(Some(Value::native(FoundMethod(found))))
    }

    /// `value.name`. Errors: `AttributeError`, and what properties and `__getattr__` raise.
    pub fn get_attr(&mut self, value: &Value, name: &Name) -> PyResult<Value> {
        match self.find_attr(value, name)? {
            Some(found) => Ok(found),
            None => Err(self.no_attribute(value, name)),
        }
    }

    /// As `get_attr`, with a name that isn't interned yet.
    pub fn get_attr_str(&mut self, value: &Value, name: &str) -> PyResult<Value> {
        self.get_attr(value, &Name::new(name))
    }

    /// `None` when there is no such attribute (an `AttributeError` from `__getattr__` too).
    pub fn try_attr(&mut self, value: &Value, name: &Name) -> PyResult<Option<Value>> {
        match self.find_attr(value, name) {
            Err(error) if error.is("AttributeError") => Ok(None),
            other => other,
        }
    }

    pub fn has_attr(&mut self, value: &Value, name: &Name) -> PyResult<bool> {
        Ok(self.try_attr(value, name)?.is_some())
    }

    pub(crate) fn no_attribute(&mut self, value: &Value, name: &str) -> PyError {
        let owner = match value {
            Value::Class(class) => format!("type object '{}'", class.name.borrow()),
            Value::Module(module) => format!("module '{}'", module.name),
            _ => format!("'{}' object", self.type_name(value)),
        };
        PyError::attribute(value, &owner, name)
    }

    fn find_attr(&mut self, value: &Value, name: &Name) -> PyResult<Option<Value>> {
        match value {
            Value::Instance(instance) => {
                let class = instance.class();
                let hooks = class.hooks();
                if hooks.getattribute
                    && let Some(function) = class.lookup(&self.n.getattribute)
                {
                    return match self.call_special(&function, value, &[Value::name(name)]) {
                        Err(error) if hooks.getattr && error.is("AttributeError") => self.call_getattr(&class, value, name),
                        other => other.map(Some),
                    };
                }
                match self.generic_get_attr(value, &class, name) {
                    Ok(None) if hooks.getattr => self.call_getattr(&class, value, name),
                    Err(error) if hooks.getattr && error.is("AttributeError") => self.call_getattr(&class, value, name),
                    other => other,
                }
            }
            Value::Class(class) => self.class_attr(class, name),
            Value::Module(module) => {
                let found = module.attrs.borrow().get(name).cloned();
                match found {
                    Some(found) => Ok(Some(found)),
                    None if *name == self.n.dict => {
                        let items: Vec<_> = module.attrs.borrow().iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
                        Ok(Some(Value::dict(items)))
                    }
                    None if !name.starts_with("__")
                        && let Some(function @ (Value::Function(_) | Value::Builtin(_))) = module.get("__getattr__") =>
                    {
                        match self.call(&function, Args::new([Value::name(name)])) {
                            Err(error) if error.is("AttributeError") => Ok(self.modules.get(&format!("{}.{name}", module.name)).cloned()),
                            other => other.map(Some),
                        }
                    }
                    None => match self.modules.get(&format!("{}.{name}", module.name)) {
                        Some(child) => Ok(Some(child.clone())),
                        None => Ok(None),
                    },
                }
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(found) = native.object().get_attr(self, value, name)? {
                    return Ok(Some(found));
                }
                let class = self.native_class(native.object().class_name());
                self.type_attr(value, &class, name)
            }
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Super { class, object, object_class } => {
                    let (class, object, object_class) = (class.clone(), object.clone(), object_class.clone());
                    self.super_attr(value, &class, &object, &object_class, name)
                }
                Descriptor::Property { get, set, delete, doc, .. } => match &**name {
                    "fget" => Ok(Some(get.clone())),
                    "fset" => Ok(Some(set.clone())),
                    "fdel" => Ok(Some(delete.clone())),
                    "__doc__" => Ok(Some(doc.clone())),
                    "__isabstractmethod__" => match get {
                        Value::Function(_) => Ok(Some(self.try_attr(&get.clone(), name)?.unwrap_or(Value::Bool(false)))),
                        _ => Ok(Some(Value::Bool(false))),
                    },
                    _ => {
                        let class = self.class_of(value);
                        self.type_attr(value, &class, name)
                    }
                },
                Descriptor::StaticMethod(function) | Descriptor::ClassMethod(function) => match &**name {
                    "__func__" | "__wrapped__" => Ok(Some(function.clone())),
                    "__isabstractmethod__" | "__name__" | "__doc__" => self.try_attr(&function.clone(), name),
                    _ => Ok(None),
                },
                Descriptor::Getter { .. } => Ok(None),
            },
            _ => {
                if let Some(found) = crate::types::object::builtin_attr(self, value, name)? {
                    return Ok(Some(found));
                }
                let class = self.class_of(value);
                self.type_attr(value, &class, name)
            }
        }
    }

    fn call_getattr(&mut self, class: &Rc<PyClass>, value: &Value, name: &Name) -> PyResult<Option<Value>> {
        match class.lookup(&self.n.getattr) {
            Some(function) => self.call_special(&function, value, &[Value::name(name)]).map(Some),
            None => Ok(None),
        }
    }

    /// Object's own look-up on an instance: data descriptors, the instance, then the class.
    pub(crate) fn generic_get_attr(&mut self, value: &Value, class: &Rc<PyClass>, name: &Name) -> PyResult<Option<Value>> {
        let Value::Instance(instance) = value else { return self.type_attr(value, class, name) };
        let on_class = class.lookup(name);
        if let Some(found) = &on_class
            && (is_data_descriptor(found) || (matches!(found, Value::Instance(_)) && self.is_program_data_descriptor(found)))
        {
            return self.bind(found, value, class).map(Some);
        }
        if let Some(found) = instance.get_attr(name) {
            return Ok(Some(found));
        }
        if let Some(found) = on_class {
            return self.bind(&found, value, class).map(Some);
        }
        if *name == self.n.dict {
            return Ok(Some(Value::Dict(instance.dict())));
        }
        if *name == self.n.class {
            return Ok(Some(Value::Class(class.clone())));
        }
        if let Payload::Exception(_) = &instance.payload {
            return Ok(crate::types::exception::attr(value, name));
        }
        Ok(None)
    }

    fn is_program_data_descriptor(&mut self, value: &Value) -> bool {
        let class = self.class_of(value);
        class.lookup(&self.n.set).is_some() || class.lookup(&self.n.delete).is_some()
    }

    /// An attribute found on the type of a value that has none of its own.
    fn type_attr(&mut self, value: &Value, class: &Rc<PyClass>, name: &Name) -> PyResult<Option<Value>> {
        if *name == self.n.class {
            return Ok(Some(Value::Class(class.clone())));
        }
        match class.lookup(name) {
            Some(found) => self.bind(&found, value, class).map(Some),
            None => Ok(None),
        }
    }

    fn class_attr(&mut self, class: &Rc<PyClass>, name: &Name) -> PyResult<Option<Value>> {
        let metaclass = class.metaclass.clone().unwrap_or_else(|| self.types.type_.clone());
        let this = Value::Class(class.clone());
        let on_meta = metaclass.lookup(name);
        if let Some(found) = &on_meta
            && is_data_descriptor(found)
        {
            return self.bind(found, &this, &metaclass).map(Some);
        }
        if let Some(found) = class.lookup(name) {
            return self.bind_to_class(&found, class).map(Some);
        }
        if let Some(found) = crate::types::type_::class_attr(self, class, name)? {
            return Ok(Some(found));
        }
        if let Some(found) = on_meta {
            return self.bind(&found, &this, &metaclass).map(Some);
        }
        if let Some(function) = metaclass.lookup(&self.n.getattr) {
            return self.call_special(&function, &this, &[Value::name(name)]).map(Some);
        }
        Ok(None)
    }

    fn super_attr(
        &mut self,
        this: &Value,
        class: &Rc<PyClass>,
        object: &Value,
        object_class: &Rc<PyClass>,
        name: &Name,
    ) -> PyResult<Option<Value>> {
        let found = object_class
            .mro()
            .skip_while(|candidate| !Rc::ptr_eq(candidate, class))
            .skip(1)
            .find_map(|class| class.attrs.borrow().get(name).cloned());
        match found {
            Some(found) => {
                let on_class = matches!(object, Value::Class(class) if Rc::ptr_eq(class, object_class));
                if on_class {
                    self.bind_to_class(&found, object_class).map(Some)
                } else {
                    self.bind(&found, object, object_class).map(Some)
                }
            }
            None if *name == self.n.class => Ok(Some(Value::Class(self.types.super_.clone()))),
            None => {
                let _ = this;
                Ok(None)
            }
        }
    }

    /// What a value found on a class becomes when read through an instance: methods bind, properties compute.
    pub fn bind(&mut self, found: &Value, this: &Value, class: &Rc<PyClass>) -> PyResult<Value> {
        match found {
            Value::Function(_) => Ok(Value::Method(Rc::new(PyMethod { function: found.clone(), this: this.clone() }))),
            Value::Builtin(builtin) if builtin.is_method => {
                Ok(Value::Method(Rc::new(PyMethod { function: found.clone(), this: this.clone() })))
            }
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Property { get, name, .. } => {
                    if get.is_none() {
                        let class_name = class.qualname.borrow().to_string();
                        let property = name.borrow().as_ref().map_or_else(String::new, |name| format!(" '{name}'"));
                        return Err(PyError::new("AttributeError", format!("property{property} of '{class_name}' object has no getter")));
                    }
                    self.call(get, Args::new([this.clone()]))
                }
                Descriptor::StaticMethod(function) => Ok(function.clone()),
                Descriptor::ClassMethod(function) => self.bind_class_method(function, class),
                Descriptor::Getter { get, .. } => get(self, std::slice::from_ref(this)),
                Descriptor::Super { .. } => Ok(found.clone()),
            },
            Value::Instance(_) => match self.special(found, &self.n.get) {
                Some(function) => self.call_special(&function, found, &[this.clone(), Value::Class(class.clone())]),
                None => Ok(found.clone()),
            },
            Value::Native(native) if native.object().class_name() == "partialmethod" => Ok(found.clone()),
            _ => Ok(found.clone()),
        }
    }

    fn bind_class_method(&mut self, function: &Value, class: &Rc<PyClass>) -> PyResult<Value> {
        match function {
            Value::Function(_) | Value::Builtin(_) => {
                Ok(Value::Method(Rc::new(PyMethod { function: function.clone(), this: Value::Class(class.clone()) })))
            }
            Value::Descriptor(_) => {
                let metaclass = class.metaclass.clone().unwrap_or_else(|| self.types.type_.clone());
                self.bind(function, &Value::Class(class.clone()), &metaclass)
            }
            _ => Ok(Value::Method(Rc::new(PyMethod { function: function.clone(), this: Value::Class(class.clone()) }))),
        }
    }

    /// What a value found on a class becomes when read through the class itself.
    fn bind_to_class(&mut self, found: &Value, class: &Rc<PyClass>) -> PyResult<Value> {
        match found {
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::StaticMethod(function) => Ok(function.clone()),
                Descriptor::ClassMethod(function) => self.bind_class_method(function, class),
                _ => Ok(found.clone()),
            },
            Value::Instance(_) => match self.special(found, &self.n.get) {
                Some(function) => self.call_special(&function, found, &[Value::None, Value::Class(class.clone())]),
                None => Ok(found.clone()),
            },
            _ => Ok(found.clone()),
        }
    }

    /// `value.name = new`.
    pub fn set_attr(&mut self, value: &Value, name: &Name, new: Value) -> PyResult<()> {
        match value {
            Value::Instance(instance) => {
                let class = instance.class();
                if class.hooks().setattr
                    && let Some(function) = class.lookup(&self.n.setattr)
                {
                    self.call_special(&function, value, &[Value::name(name), new])?;
                    return Ok(());
                }
                self.generic_set_attr(value, name, new)
            }
            Value::Class(class) => self.set_class_attr(class, name, new),
            Value::Module(module) => {
                module.attrs.borrow_mut().insert(name.clone(), new);
                Ok(())
            }
            Value::Native(native) => {
                let native = native.clone();
                if native.object().set_attr(self, name, new.clone())? {
                    return Ok(());
                }
                let class = self.native_class(native.object().class_name());
                match class.lookup(name) {
                    Some(Value::Descriptor(descriptor)) if matches!(&*descriptor, Descriptor::Property { .. }) => {
                        self.set_property(&descriptor, value, &class, name, new)
                    }
                    Some(_) => {
                        Err(PyError::new("AttributeError", format!("'{}' object attribute '{name}' is read-only", class.name.borrow())))
                    }
                    None => Err(self.no_attribute(value, name)),
                }
            }
            Value::Function(function) => {
                crate::types::object::set_function_attr(function, name, new);
                Ok(())
            }
            _ => {
                let is_number = matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::BigInt(_));
                let is_part = is_number && matches!(&**name, "real" | "imag" | "numerator" | "denominator");
                if is_part || self.class_of(value).lookup(name).is_some() {
                    return Err(self.read_only(value, name));
                }
                Err(self.no_attribute(value, name))
            }
        }
    }

    /// The exception for setting or deleting what a builtin type declares.
    fn read_only(&mut self, value: &Value, name: &Name) -> PyError {
        let class = self.type_name(value);
        if matches!(&**name, "real" | "imag" | "numerator" | "denominator") {
            let owner = if class == "float" { "float" } else { "int" };
            return PyError::new("AttributeError", format!("attribute '{name}' of '{owner}' objects is not writable"));
        }
        PyError::new("AttributeError", format!("'{class}' object attribute '{name}' is read-only"))
    }

    fn set_class_attr(&mut self, class: &Rc<PyClass>, name: &Name, new: Value) -> PyResult<()> {
        if class.builtin {
            return Err(PyError::type_error(format!("cannot set '{name}' attribute of immutable type '{}'", class.name.borrow())));
        }
        if let Some(metaclass) = &class.metaclass
            && metaclass.hooks().setattr
            && let Some(function) = metaclass.lookup(&self.n.setattr)
        {
            self.call_special(&function, &Value::Class(class.clone()), &[Value::name(name), new])?;
            return Ok(());
        }
        self.set_class_attr_raw(class, name, new)
    }

    pub(crate) fn set_class_attr_raw(&mut self, class: &Rc<PyClass>, name: &Name, new: Value) -> PyResult<()> {
        match (&**name, &new) {
            ("__name__", Value::Str(text)) => *class.name.borrow_mut() = text.as_str().into(),
            ("__qualname__", Value::Str(text)) => *class.qualname.borrow_mut() = text.as_str().into(),
            _ => class.set(name.clone(), new),
        }
        Ok(())
    }

    /// Object's own assignment: data descriptors, slots, then the instance.
    pub(crate) fn generic_set_attr(&mut self, value: &Value, name: &Name, new: Value) -> PyResult<()> {
        let Value::Instance(instance) = value else { return self.set_attr(value, name, new) };
        let class = instance.class();
        match class.lookup(name) {
            Some(Value::Descriptor(descriptor)) => {
                if matches!(&*descriptor, Descriptor::Property { .. }) {
                    return self.set_property(&descriptor, value, &class, name, new);
                }
            }
            Some(found @ Value::Instance(_)) => {
                if let Some(function) = self.special(&found, &self.n.set) {
                    self.call_special(&function, &found, &[value.clone(), new])?;
                    return Ok(());
                }
            }
            _ => {}
        }
        if let Some(slots) = &class.slots
            && !slots.contains(name)
        {
            return Err(self.no_attribute(value, name));
        }
        if name.starts_with("__") {
            if *name == self.n.class {
                if let Value::Class(class) = new {
                    instance.set_class(class);
                    return Ok(());
                }
            } else if *name == self.n.dict {
                if let Value::Dict(dict) = new {
                    instance.set_dict(dict);
                    return Ok(());
                }
            } else if let Payload::Exception(_) = &instance.payload
                && crate::types::exception::set_attr(instance, name, &new)?
            {
                return Ok(());
            }
        } else if *name == self.n.args
            && let Payload::Exception(data) = &instance.payload
        {
            let items = self.collect(&new)?;
            *data.args.borrow_mut() = Value::tuple(items);
            return Ok(());
        }
        instance.set_attr(name.clone(), new);
        Ok(())
    }

    fn set_property(&mut self, descriptor: &Descriptor, value: &Value, class: &Rc<PyClass>, name: &Name, new: Value) -> PyResult<()> {
        let Descriptor::Property { set, .. } = descriptor else { return Ok(()) };
        if set.is_none() {
            return Err(PyError::new("AttributeError", format!("property '{name}' of '{}' object has no setter", class.qualname.borrow())));
        }
        self.call(&set.clone(), Args::new([value.clone(), new]))?;
        Ok(())
    }

    /// `del value.name`.
    pub fn delete_attr(&mut self, value: &Value, name: &Name) -> PyResult<()> {
        match value {
            Value::Instance(instance) => {
                let class = instance.class();
                if class.hooks().delattr
                    && let Some(function) = class.lookup(&self.n.delattr)
                {
                    self.call_special(&function, value, &[Value::name(name)])?;
                    return Ok(());
                }
                self.generic_delete_attr(value, name)
            }
            Value::Class(class) if !class.builtin => {
                if class.attrs.borrow_mut().shift_remove(name).is_none() {
                    return Err(PyError::new("AttributeError", format!("type object '{}' has no attribute '{name}'", class.name.borrow())));
                }
                crate::class::touch_classes();
                Ok(())
            }
            Value::Module(module) => match module.attrs.borrow_mut().shift_remove(name) {
                Some(_) => Ok(()),
                None => Err(PyError::new("AttributeError", format!("module '{}' has no attribute '{name}'", module.name))),
            },
            Value::Function(function) if function.attrs.borrow_mut().shift_remove(name).is_some() => Ok(()),
            Value::Int(_)
            | Value::BigInt(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Bool(_)
            | Value::List(_)
            | Value::Tuple(_)
            | Value::Dict(_)
                if self.class_of(value).lookup(name).is_some()
                    || matches!(&**name, "real" | "imag" | "numerator" | "denominator") && value.as_f64().is_some() =>
            {
                Err(self.read_only(value, name))
            }
            _ => Err(self.no_attribute(value, name)),
        }
    }

    pub(crate) fn generic_delete_attr(&mut self, value: &Value, name: &Name) -> PyResult<()> {
        let Value::Instance(instance) = value else { return Err(self.no_attribute(value, name)) };
        let class = instance.class();
        match class.lookup(name) {
            Some(Value::Descriptor(descriptor)) => {
                if let Descriptor::Property { delete, .. } = &*descriptor {
                    if delete.is_none() {
                        return Err(PyError::new(
                            "AttributeError",
                            format!("property '{name}' of '{}' object has no deleter", class.qualname.borrow()),
                        ));
                    }
                    self.call(&delete.clone(), Args::new([value.clone()]))?;
                    return Ok(());
                }
            }
            Some(found @ Value::Instance(_)) => {
                if let Some(function) = self.special(&found, &self.n.delete) {
                    self.call_special(&function, &found, std::slice::from_ref(value))?;
                    return Ok(());
                }
            }
            _ => {}
        }
        match instance.delete_attr(name) {
            Some(_) => Ok(()),
            None => Err(self.no_attribute(value, name)),
        }
    }
}
