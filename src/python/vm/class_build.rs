//! Making classes: the `class` statement and `type(name, bases, namespace)`.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, PyClass, linearise, touch_classes};
use crate::error::{PyError, PyResult};
use crate::set::PySet;
use crate::text::{Attrs, Name};
use crate::value::{Descriptor, Value};
use crate::vm::Vm;

impl Vm {
    /// A class from its name, bases, keywords of the statement, and the names its body bound.
    pub(crate) fn build_class(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        mut keywords: Vec<(Name, Value)>,
        namespace: Attrs,
    ) -> PyResult<Value> {
        let metaclass = keywords.iter().position(|(key, _)| *key == self.n.metaclass).map(|index| keywords.remove(index).1);
        let bases = self.resolve_bases(bases)?;
        let mut winner = match metaclass {
            Some(Value::Class(class)) => class,
            Some(callable) => {
                let items: Vec<(String, Value)> = namespace.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
                let args = Args { positional: vec![Value::str(name), Value::tuple(bases), Value::dict(items)], keywords };
                return self.call(&callable, args);
            }
            None => self.types.type_.clone(),
        };
        for base in &bases {
            let base_meta = self.class_of(base);
            if winner.is_subclass_of(&base_meta) {
                continue;
            }
            if base_meta.is_subclass_of(&winner) {
                winner = base_meta;
                continue;
            }
            return Err(PyError::type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        if !Rc::ptr_eq(&winner, &self.types.type_) {
            let new = winner.lookup(&self.n.new);
            if let Some(Value::Descriptor(descriptor)) = new
                && let Descriptor::StaticMethod(function @ Value::Function(_)) = &*descriptor
            {
                let items: Vec<(String, Value)> = namespace.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
                let positional = vec![Value::Class(winner.clone()), Value::str(name), Value::tuple(bases), Value::dict(items)];
                let args = Args { positional, keywords: keywords.clone() };
                let class = self.call(&function.clone(), args.clone())?;
                self.call_meta_init(&winner, &class, args)?;
                return Ok(class);
            }
        }
        let class = self.new_class(&winner, name, bases.clone(), keywords.clone(), namespace.clone())?;
        if let Some(Value::Function(_)) = winner.lookup(&self.n.init) {
            let items: Vec<(String, Value)> = namespace.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            let args = Args {
                positional: vec![Value::Class(winner.clone()), Value::str(name), Value::tuple(bases), Value::dict(items)],
                keywords,
            };
            self.call_meta_init(&winner, &class, args)?;
        }
        Ok(class)
    }

    fn call_meta_init(&mut self, metaclass: &Rc<PyClass>, class: &Value, mut args: Args) -> PyResult<()> {
        if let Some(function @ Value::Function(_)) = metaclass.lookup(&self.n.init) {
            args.positional[0] = class.clone();
            self.call(&function, args)?;
        }
        Ok(())
    }

    /// Bases as classes: `__mro_entries__` of what isn't one (`Generic[T]`, `NamedTuple`).
    fn resolve_bases(&mut self, bases: Vec<Value>) -> PyResult<Vec<Value>> {
        let entries = Name::new("__mro_entries__");
        let mut result = Vec::new();
        for base in bases.iter() {
            if !matches!(base, Value::Class(_))
                && let Some(method) = self.try_attr(base, &entries)?
            {
                let more = self.call_values(&method, &[Value::tuple(bases.clone())])?;
                result.extend(self.collect(&more)?);
                continue;
            }
            result.push(base.clone());
        }
        Ok(result)
    }

    /// `type.__new__`.
    pub(crate) fn new_class(
        &mut self,
        metaclass: &Rc<PyClass>,
        name: &str,
        bases: Vec<Value>,
        keywords: Vec<(Name, Value)>,
        mut namespace: Attrs,
    ) -> PyResult<Value> {
        let mut base_classes = Vec::new();
        for base in &bases {
            match base {
                Value::Class(class) => {
                    if class.layout == Layout::Closed {
                        return Err(PyError::type_error(format!("type '{}' is not an acceptable base type", class.name.borrow())));
                    }
                    if base_classes.iter().any(|other| Rc::ptr_eq(other, class)) {
                        return Err(PyError::type_error(format!("duplicate base class {}", class.name.borrow())));
                    }
                    base_classes.push(class.clone());
                }
                other => {
                    let class = self.class_of(other);
                    return Err(
                        PyError::type_error(format!("{}() takes no arguments", class.name.borrow())).with_attr("base", other.clone())
                    );
                }
            }
        }
        if base_classes.is_empty() {
            base_classes.push(self.types.object.clone());
        }
        let Some(ancestors) = linearise(&base_classes) else {
            let names: Vec<String> = base_classes.iter().map(|class| class.name.borrow().to_string()).collect();
            return Err(PyError::type_error(format!(
                "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                names.join(", ")
            )));
        };
        let mut layout = Layout::Object;
        for base in &base_classes {
            if base.layout != Layout::Object {
                if layout != Layout::Object && layout != base.layout {
                    return Err(PyError::type_error("multiple bases have instance lay-out conflict"));
                }
                layout = base.layout;
            }
        }
        // `__new__` is a static method, `__init_subclass__` and `__class_getitem__` are class methods.
        for (name, is_static) in [(&self.n.new, true), (&self.n.init_subclass, false), (&self.n.class_getitem, false)] {
            if let Some(value) = namespace.get_mut(name)
                && let Value::Function(_) = value
            {
                let function = value.clone();
                *value = Value::Descriptor(Rc::new(if is_static {
                    Descriptor::StaticMethod(function)
                } else {
                    Descriptor::ClassMethod(function)
                }));
            }
        }
        if namespace.contains_key(&self.n.eq) && !namespace.contains_key(&self.n.hash) {
            namespace.insert(self.n.hash.clone(), Value::None);
        }
        let qualname = match namespace.shift_remove(&self.n.qualname) {
            Some(Value::Str(text)) => text.as_str().to_string(),
            _ => name.to_string(),
        };
        if !namespace.contains_key(&self.n.module) {
            let module = self.main.module_name.borrow().to_string();
            namespace.insert(self.n.module.clone(), Value::str(module));
        }
        if !namespace.contains_key(&self.n.doc) {
            namespace.insert(self.n.doc.clone(), Value::None);
        }
        let slots = self.slots_of(&base_classes, &namespace)?;
        let class = PyClass {
            name: RefCell::new(name.into()),
            qualname: RefCell::new(qualname.into()),
            bases: base_classes.clone(),
            ancestors,
            metaclass: if Rc::ptr_eq(metaclass, &self.types.type_) { None } else { Some(metaclass.clone()) },
            attrs: RefCell::new(namespace),
            layout,
            builtin: false,
            constructor: None,
            slots,
            hooks: OnceCell::new(),
            subclasses: RefCell::default(),
        };
        let class = Rc::new(class);
        for base in &base_classes {
            base.subclasses.borrow_mut().push(Rc::downgrade(&class));
        }
        touch_classes();
        self.find_abstract_methods(&class)?;
        let value = Value::Class(class.clone());
        let items: Vec<(Name, Value)> = class.attrs.borrow().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, member) in items {
            match &member {
                Value::Instance(_) => {
                    if let Some(function) = self.special(&member, &self.n.set_name) {
                        self.call_special(&function, &member, &[value.clone(), Value::name(&name)])?;
                    }
                }
                Value::Descriptor(descriptor) => {
                    if let Descriptor::Property { name: own, .. } = &**descriptor {
                        own.borrow_mut().get_or_insert(name);
                    }
                }
                _ => {}
            }
        }
        let init_subclass = class.ancestors.iter().find_map(|base| base.attrs.borrow().get(&self.n.init_subclass).cloned());
        match init_subclass {
            Some(function) => {
                let bound = self.bind(&function, &value, &class)?;
                self.call(&bound, Args { positional: vec![], keywords })?;
            }
            None if !keywords.is_empty() => {
                return Err(PyError::type_error(format!("{name}.__init_subclass__() takes no keyword arguments")));
            }
            None => {}
        }
        Ok(value)
    }

    fn slots_of(&mut self, bases: &[Rc<PyClass>], namespace: &Attrs) -> PyResult<Option<Vec<Name>>> {
        let Some(declared) = namespace.get(&self.n.slots).cloned() else { return Ok(None) };
        let mut names: Vec<Name> = match &declared {
            Value::Str(text) => vec![Name::new(text.as_str())],
            other => self.collect(other)?.iter().filter_map(|name| name.as_str().map(Name::new)).collect(),
        };
        for name in &names {
            if namespace.contains_key(name) {
                return Err(PyError::value_error(format!("'{name}' in __slots__ conflicts with class variable")));
            }
        }
        for base in bases {
            if Rc::ptr_eq(base, &self.types.object) {
                continue;
            }
            match &base.slots {
                Some(slots) => names.extend(slots.iter().cloned()),
                None => return Ok(None),
            }
        }
        if names.contains(&self.n.dict) {
            return Ok(None);
        }
        Ok(Some(names))
    }

    /// Records what `@abstractmethod` left open, for classes whose metaclass is `ABCMeta` or that derive from a class with such a record.
    fn find_abstract_methods(&mut self, class: &Rc<PyClass>) -> PyResult<()> {
        let of_abc = class.metaclass.as_ref().is_some_and(|class| class.mro().any(|meta| &**meta.name.borrow() == "ABCMeta"));
        let inherits = || class.bases.iter().any(|base| base.attrs.borrow().contains_key(&self.n.abstract_methods));
        if !of_abc && !inherits() {
            return Ok(());
        }
        let mut candidates: Vec<Name> = class.attrs.borrow().keys().cloned().collect();
        for base in &class.bases {
            if let Some(Value::FrozenSet(names)) = base.attrs.borrow().get(&self.n.abstract_methods) {
                candidates.extend(names.items().iter().filter_map(|name| name.as_str().map(Name::new)));
            }
        }
        let mut names = Vec::new();
        for name in candidates {
            let Some(value) = class.lookup(&name) else { continue };
            let flag = match &value {
                Value::Function(_) | Value::Descriptor(_) | Value::Instance(_) => self.try_attr(&value, &self.n.is_abstract)?,
                _ => None,
            };
            if matches!(flag, Some(Value::Bool(true))) {
                names.push(Value::name(&name));
            }
        }
        let set = PySet::from_items(self, names)?;
        class.attrs.borrow_mut().insert(self.n.abstract_methods.clone(), Value::FrozenSet(Rc::new(set)));
        Ok(())
    }
}
