//! Summaries: objects with members alone.

use std::sync::Arc;

use kindling_ml::{MemberKind as Kind, MlValue, Object};
use kindling_python::{Member, MemberKind, NativeObject, PyResult, Value, Vm};

use super::matrix::matrix_value;
use super::value::to_python;
use crate::errors::OrRaise;

pub(crate) struct SummaryObject(pub(crate) Arc<dyn Object>);

impl NativeObject for SummaryObject {
    fn class_name(&self) -> &str {
        self.0.decl().name
    }

    fn get_attr(&self, vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        match self.0.decl().member(name) {
            Some(member) if member.kind == Kind::Attribute => {
                match self.0.member(name, &[]).or_raise_plain()? {
                    // PySpark makes the matrix of a Gaussian itself, so that it prints as one that a reader made.
                    MlValue::Matrix(matrix) => Ok(Some(matrix_value(matrix))),
                    value => to_python(vm, &value).map(Some),
                }
            }
            _ => Ok(None),
        }
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(self.0.describe())
    }

    fn members(&self) -> Vec<Member> {
        let members = self.0.decl().members.iter().filter(|m| m.kind == Kind::Attribute);
        members
            .map(|m| Member { name: m.name.to_owned(), kind: MemberKind::Property, signature: String::new(), doc: m.doc.to_owned() })
            .collect()
    }
}
