//! Estimators, transformers, evaluators and models as Python objects.

use kindling_ml::{Role, Stage};
use kindling_python::{Member, MemberKind, NativeObject, PyError, PyResult, Value, Vm};

use super::foreign::with_engine;
use super::param::ParamObject;
use super::value::{to_engine, to_python};
use crate::errors::OrRaise;

pub(crate) struct StageObject(pub(crate) Stage);

impl NativeObject for StageObject {
    fn class_name(&self) -> &str {
        self.0.decl().name
    }

    /// `uid`, params (`lr.maxIter`) and attributes of models.
    fn get_attr(&self, vm: &mut Vm, this: &Value, name: &str) -> PyResult<Option<Value>> {
        if name == "uid" {
            return Ok(Some(Value::str(&*self.0.uid())));
        }
        let decl = self.0.decl();
        // A model's own attribute before a param of the same name, as Python finds it.
        if let Some(member) = decl.member(name)
            && member.kind == kindling_ml::MemberKind::Attribute
        {
            let value = self.0.member(name, &[]).or_raise_plain()?;
            return to_python(vm, &value).map(Some);
        }
        if decl.param(name).is_some() {
            super::value::remember(this, &self.0);
            return Ok(Some(Value::native(ParamObject::new(self.0.params().reference(name).or_raise_plain()?))));
        }
        let class = vm.native_class(decl.name);
        if name.starts_with("__") || class.lookup(&kindling_python::Name::new(name)).is_some() {
            return Ok(None);
        }
        let known = decl.members.iter().map(|member| member.name).chain(decl.params.iter().map(|param| param.name));
        let near = kindling_partition::did_you_mean(name, known);
        let hint = match self.0.role() {
            Role::Estimator if near.is_empty() => " An estimator learns by fit(); what it learned is in the model that fit() gives.",
            _ => "",
        };
        Err(PyError::attribute(this, &format!("'{}' object", decl.name), name).with_hint(&near, hint))
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(self.0.to_string())
    }

    fn members(&self) -> Vec<Member> {
        let decl = self.0.decl();
        let params = decl.params.iter().map(|param| (param.name, param.doc));
        let attributes = decl.members.iter().filter(|m| m.kind == kindling_ml::MemberKind::Attribute).map(|m| (m.name, m.doc));
        params
            .chain(attributes)
            .map(|(name, doc)| Member { name: name.to_owned(), kind: MemberKind::Property, signature: String::new(), doc: doc.to_owned() })
            .collect()
    }
}

/// Adds what helps to the text of an error.
trait WithHint {
    fn with_hint(self, near: &str, hint: &str) -> PyError;
}

impl WithHint for PyError {
    fn with_hint(self, near: &str, hint: &str) -> PyError {
        if near.is_empty() && hint.is_empty() {
            return self;
        }
        let text = format!("{}.{near}{hint}", self.message());
        *self.data().args.borrow_mut() = Value::tuple([Value::str(text)]);
        self
    }
}

/// Calls a method of a model with arguments by position.
pub(crate) fn call_member(vm: &mut Vm, stage: &Stage, name: &str, args: &[Value]) -> PyResult<Value> {
    let args = args.iter().map(|value| to_engine(vm, value)).collect::<PyResult<Vec<_>>>()?;
    let value = with_engine(vm, || stage.member(name, &args)).or_raise_plain()?;
    to_python(vm, &value)
}
