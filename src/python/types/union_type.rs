//! `int | str` and `list[int]`: types as annotations write them.

use std::rc::Rc;

use crate::args::Args;
use crate::class::PyClass;
use crate::error::PyResult;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::{Operator, Vm};

/// `int | None`.
pub struct UnionType {
    members: Vec<Value>,
}

impl UnionType {
    pub fn new(parts: &[Value]) -> UnionType {
        let mut members: Vec<Value> = Vec::new();
        for part in parts {
            let more = match part.as_native::<UnionType>() {
                Some(union) => union.members.clone(),
                None => vec![part.clone()],
            };
            for member in more {
                if !members.iter().any(|known| known.is(&member)) {
                    members.push(member);
                }
            }
        }
        UnionType { members }
    }

    pub fn members(&self) -> &[Value] {
        &self.members
    }
}

fn type_text(vm: &mut Vm, value: &Value) -> PyResult<String> {
    Ok(match value {
        Value::Class(class) => class.full_name(),
        Value::None => "None".into(),
        Value::Ellipsis => "...".into(),
        Value::List(items) => {
            let items = items.0.borrow().clone();
            let mut parts = Vec::new();
            for item in &items {
                parts.push(type_text(vm, item)?);
            }
            format!("[{}]", parts.join(", "))
        }
        other => vm.repr(other)?,
    })
}

impl NativeObject for UnionType {
    fn class_name(&self) -> &str {
        "UnionType"
    }

    fn binary(&self, _: &mut Vm, this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        let valid = matches!(other, Value::Class(_) | Value::None | Value::Native(_));
        Ok(match operator {
            Operator::BitOr if valid => {
                let parts = if reflected { [other.clone(), this.clone()] } else { [this.clone(), other.clone()] };
                Some(Value::native(UnionType::new(&parts)))
            }
            Operator::Eq => other.as_native::<UnionType>().map(|other| {
                let same = self.members.len() == other.members.len()
                    && self.members.iter().all(|member| other.members.iter().any(|known| known.is(member)));
                Value::Bool(same)
            }),
            _ => None,
        })
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "__args__").then(|| Value::tuple(self.members.clone())))
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        if let [only] = self.members.as_slice() {
            return vm.repr(only);
        }
        let mut parts = Vec::new();
        for member in &self.members {
            parts.push(type_text(vm, member)?);
        }
        Ok(parts.join(" | "))
    }
}

/// `list[int]`: calls make what the class makes.
pub struct GenericAlias {
    origin: Value,
    args: Vec<Value>,
}

impl GenericAlias {
    pub fn new(origin: &Value, key: &Value) -> GenericAlias {
        let args = match key {
            Value::Tuple(items) => items.0.to_vec(),
            other => vec![other.clone()],
        };
        GenericAlias { origin: origin.clone(), args }
    }
}

impl NativeObject for GenericAlias {
    fn class_name(&self) -> &str {
        "GenericAlias"
    }

    fn call(&self, vm: &mut Vm, args: Args) -> PyResult<Value> {
        vm.call(&self.origin, args)
    }

    fn binary(&self, _: &mut Vm, this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        let valid = matches!(other, Value::Class(_) | Value::None | Value::Native(_));
        Ok((operator == Operator::BitOr && valid).then(|| {
            let parts = if reflected { [other.clone(), this.clone()] } else { [this.clone(), other.clone()] };
            Value::native(UnionType::new(&parts))
        }))
    }

    fn get_item(&self, _: &mut Vm, this: &Value, _: &Value) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn get_attr(&self, vm: &mut Vm, this: &Value, name: &str) -> PyResult<Option<Value>> {
        match name {
            "__origin__" => Ok(Some(self.origin.clone())),
            "__args__" => Ok(Some(Value::tuple(self.args.clone()))),
            "__mro_entries__" => {
                let origin = self.origin.clone();
                Ok(Some(Value::raw_function("__mro_entries__", "", move |_, _| Ok(Value::tuple([origin.clone()])))))
            }
            "__class__" => Ok(None),
            _ if name.starts_with("__") => Ok(None),
            _ => {
                let _ = this;
                vm.try_attr(&self.origin, &crate::Name::new(name))
            }
        }
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        let origin = type_text(vm, &self.origin)?;
        let mut parts = Vec::new();
        for arg in &self.args {
            parts.push(type_text(vm, arg)?);
        }
        Ok(format!("{origin}[{}]", parts.join(", ")))
    }
}

/// Whether a builtin class can be written with type arguments.
pub(crate) fn is_generic(class: &Rc<PyClass>) -> bool {
    class.builtin && matches!(&**class.name.borrow(), "list" | "dict" | "tuple" | "set" | "frozenset" | "type" | "deque" | "defaultdict")
}
