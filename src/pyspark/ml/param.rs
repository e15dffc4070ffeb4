//! `pyspark.ml.param.Param`.

use kindling_ml::ParamRef;
use kindling_python::{ClassBuilder, NativeObject, Operator, PyModule, PyResult, Value, Vm, str_repr};

/// A param of one stage, `lr.maxIter`: a key of param maps.
pub(crate) struct ParamObject(pub(crate) ParamRef);

impl NativeObject for ParamObject {
    fn class_name(&self) -> &str {
        "Param"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::str(self.0.name)),
            "doc" => Some(Value::str(self.0.doc)),
            "parent" => Some(Value::str(&*self.0.parent)),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, _reflected: bool) -> PyResult<Option<Value>> {
        let same = other.as_native::<Self>().is_some_and(|other| self.0.parent == other.0.parent && self.0.name == other.0.name);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        let (parent, name, doc) = (str_repr(&self.0.parent), str_repr(self.0.name), str_repr(self.0.doc));
        Ok(format!("Param(parent={parent}, name={name}, doc={doc})"))
    }

    fn str(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(format!("{}__{}", self.0.parent, self.0.name))
    }

    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        let text = Value::str(format!("{}__{}", self.0.parent, self.0.name));
        vm.hash(&text).map(Some)
    }
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("Param", "pyspark.ml.param").doc("A param of a stage, with its name and what it means.").build();
    vm.register_class(&class);
    vm.add_module(PyModule::new("pyspark.ml.param").doc("Params of stages.").with("Param", class));
}
