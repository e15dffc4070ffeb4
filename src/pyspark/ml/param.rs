//! `pyspark.ml.param.Param`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use kindling_ml::ParamRef;
use kindling_python::{ClassBuilder, NativeObject, Operator, PyError, PyModule, PyResult, Value, Vm, str_repr};

/// A param of one stage, `lr.maxIter`: a key of param maps.
pub(crate) struct ParamObject {
    pub(crate) reference: ParamRef,
    /// The function that a cell gave it for the values that it is set to; none for a param of the engine's.
    pub(crate) converter: Option<Value>,
}

impl ParamObject {
    pub(crate) fn new(reference: ParamRef) -> Self {
        Self { reference, converter: None }
    }
}

/// Names and texts of params live as long as the program: each is kept once.
fn kept(text: &str) -> &'static str {
    thread_local! {
        static KEPT: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    }
    KEPT.with_borrow_mut(|all| match all.get(text) {
        Some(known) => known,
        None => {
            let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
            all.insert(text);
            text
        }
    })
}

impl NativeObject for ParamObject {
    fn class_name(&self) -> &str {
        "Param"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::str(self.reference.name)),
            "doc" => Some(Value::str(self.reference.doc)),
            "parent" => Some(Value::str(&*self.reference.parent)),
            "typeConverter" => self.converter.clone(),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, _reflected: bool) -> PyResult<Option<Value>> {
        let same = other
            .as_native::<Self>()
            .is_some_and(|other| self.reference.parent == other.reference.parent && self.reference.name == other.reference.name);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        let (parent, name, doc) = (str_repr(&self.reference.parent), str_repr(self.reference.name), str_repr(self.reference.doc));
        Ok(format!("Param(parent={parent}, name={name}, doc={doc})"))
    }

    fn str(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(format!("{}__{}", self.reference.parent, self.reference.name))
    }

    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        let text = Value::str(format!("{}__{}", self.reference.parent, self.reference.name));
        vm.hash(&text).map(Some)
    }
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("Param", "pyspark.ml.param")
        .doc("A param of a stage, with its name and what it means.")
        .constructor("(parent, name, doc, typeConverter=None)", |vm, _, values| {
            let identifiable = vm.native_class("Identifiable");
            if !vm.is_instance(&values[0], &identifiable) {
                let found = vm.class_of(&values[0]).full_name();
                return Err(PyError::type_error(format!("Parent must be an Identifiable but got type <class '{found}'>.")));
            }
            let parent = vm.get_attr_str(&values[0], "uid")?;
            let parent = vm.str(&parent)?.into();
            let (name, doc) = (vm.str(&values[1])?, vm.str(&values[2])?);
            let converter = match &values[3] {
                Value::None => Value::function("identity(value)", "The value as it is.", |_, values| Ok(values[0].clone())),
                given => given.clone(),
            };
            let reference = ParamRef { parent, name: kept(&name), doc: kept(&doc) };
            Ok(Value::native(ParamObject { reference, converter: Some(converter) }))
        })
        .method("_copy_new_parent(self, parent)", "The same param of another stage, for a param that is of none yet.", |vm, values| {
            if this(&values[0])?.reference.parent.as_ref() != "undefined" {
                let parent = vm.str(&values[1])?;
                return Err(PyError::value_error(format!("Cannot copy from non-dummy parent {parent}.")));
            }
            let uid = vm.get_attr_str(&values[1], "uid")?;
            moved(vm, &values[0], &uid)
        })
        .method("_of_parent(self, uid)", "The same param of the stage with this uid.", |vm, values| moved(vm, &values[0], &values[1]))
        .build();
    vm.register_class(&class);
    vm.add_module(PyModule::new("pyspark.ml.param").doc("Params of stages.").with("Param", class));
}

fn this(value: &Value) -> PyResult<&ParamObject> {
    value.as_native::<ParamObject>().ok_or_else(|| PyError::type_error("not a Param"))
}

fn moved(vm: &mut Vm, param: &Value, uid: &Value) -> PyResult<Value> {
    let parent = vm.str(uid)?.into();
    let param = this(param)?;
    let reference = ParamRef { parent, ..param.reference.clone() };
    Ok(Value::native(ParamObject { reference, converter: param.converter.clone() }))
}
