//! What `match` patterns ask of a subject.

use crate::error::{PyError, PyResult};
use crate::text::Name;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    pub(crate) fn is_pattern_sequence(&mut self, subject: &Value) -> bool {
        match subject.base() {
            Value::List(_) | Value::Tuple(_) | Value::Range(_) => true,
            Value::Instance(instance) => {
                instance.class().mro().any(|class| &**class.name.borrow() == "deque" || &**class.name.borrow() == "Sequence")
            }
            Value::Native(native) => matches!(native.object().class_name(), "deque" | "Row"),
            _ => false,
        }
    }

    pub(crate) fn is_pattern_mapping(&mut self, subject: &Value) -> bool {
        match subject.base() {
            Value::Dict(_) => true,
            Value::Instance(instance) => instance.class().mro().any(|class| &**class.name.borrow() == "Mapping"),
            _ => false,
        }
    }

    /// The values of all keys, when the mapping has them.
    pub(crate) fn match_keys(&mut self, subject: &Value, keys: &[Value]) -> PyResult<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(keys.len());
        for (index, key) in keys.iter().enumerate() {
            for earlier in &keys[..index] {
                if self.eq(earlier, key)? {
                    let repr = self.repr(key)?;
                    return Err(PyError::value_error(format!("mapping pattern checks duplicate key ({repr})")));
                }
            }
            match self.mapping_get(subject, key)? {
                Some(value) => values.push(value),
                None => return Ok(None),
            }
        }
        Ok(Some(values))
    }

    /// The attributes that a class pattern looks into, when the subject is an instance and has them.
    pub(crate) fn match_class(
        &mut self,
        subject: &Value,
        class: &Value,
        positional: usize,
        names: &[Name],
    ) -> PyResult<Option<Vec<Value>>> {
        let Value::Class(class) = class else {
            return Err(PyError::type_error("called match pattern must be a class"));
        };
        if !self.check_instance(subject, &Value::Class(class.clone()))? {
            return Ok(None);
        }
        let mut values = Vec::new();
        if positional > 0 {
            let own = ["bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];
            let class_name = class.name.borrow().to_string();
            let match_args = class.lookup(&self.n.match_args);
            if match_args.is_none() && class.mro().any(|class| class.builtin && own.contains(&&**class.name.borrow())) {
                if positional > 1 {
                    return Err(PyError::type_error(format!("{class_name}() accepts 1 positional sub-pattern ({positional} given)")));
                }
                values.push(subject.clone());
            } else {
                let fields = match match_args {
                    Some(Value::Tuple(fields)) => fields.0.to_vec(),
                    Some(other) => {
                        let name = self.type_name(&other);
                        return Err(PyError::type_error(format!("{class_name}.__match_args__ must be a tuple (got {name})")));
                    }
                    None => Vec::new(),
                };
                if positional > fields.len() {
                    let plural = if fields.len() == 1 { "" } else { "s" };
                    return Err(PyError::type_error(format!(
                        "{class_name}() accepts {} positional sub-pattern{plural} ({positional} given)",
                        fields.len()
                    )));
                }
                for field in &fields[..positional] {
                    let Some(name) = field.as_str() else {
                        return Err(PyError::type_error("__match_args__ elements must be strings"));
                    };
                    match self.try_attr(subject, &Name::new(name))? {
                        Some(value) => values.push(value),
                        None => return Ok(None),
                    }
                }
            }
        }
        for name in names {
            match self.try_attr(subject, name)? {
                Some(value) => values.push(value),
                None => return Ok(None),
            }
        }
        Ok(Some(values))
    }

    /// `isinstance(value, classes)`.
    pub fn check_instance(&mut self, value: &Value, classes: &Value) -> PyResult<bool> {
        match classes {
            Value::Class(class) => {
                let class = class.clone();
                if class.metaclass.is_some()
                    && let Some(function) = self.special(classes, &self.n.instancecheck)
                {
                    let result = self.call_special(&function, classes, std::slice::from_ref(value))?;
                    return self.truth(&result);
                }
                Ok(self.is_instance(value, &class))
            }
            Value::Tuple(classes) => {
                for class in classes.0.iter() {
                    if self.check_instance(value, class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Native(native) => match native.downcast_ref::<crate::types::union_type::UnionType>() {
                Some(union) => {
                    for member in union.members() {
                        let fits = if member.is_none() { value.is_none() } else { self.check_instance(value, member)? };
                        if fits {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                }
                None => match native.downcast_ref::<crate::types::union_type::GenericAlias>() {
                    Some(_) => Err(PyError::type_error("isinstance() argument 2 cannot be a parameterized generic")),
                    None => Err(PyError::type_error("isinstance() arg 2 must be a type, a tuple of types, or a union")),
                },
            },
            Value::Instance(_) if self.special(classes, &self.n.instancecheck).is_some() => {
                let Some(function) = self.special(classes, &self.n.instancecheck) else { return Ok(false) };
                let result = self.call_special(&function, classes, std::slice::from_ref(value))?;
                self.truth(&result)
            }
            _ => Err(PyError::type_error("isinstance() arg 2 must be a type, a tuple of types, or a union")),
        }
    }
}
