//! Values of params, members and arguments on their way between Python and the engine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use kindling_ml::{MlValue, ParamMap, Stage};
use kindling_python::{PyDict, PyError, PyNative, PyResult, Value, Vm};

use super::foreign::{cell_of_stage, opaque, opaque_value, stage_of_cell};
use super::linalg::{VectorObject, vector_value};
use super::matrix::{MatrixObject, model_matrix};
use super::object::SummaryObject;
use super::param::ParamObject;
use super::stage::StageObject;
use crate::array::ArrayObject;
use crate::sql::frame::{FrameObject, frame_value};

thread_local! {
    /// The Python objects of stages by uid, so that a stage that comes back from the engine is the object that went in.
    static OBJECTS: RefCell<BTreeMap<String, Vec<Weak<PyNative>>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The Python object of a stage: the one that there is already, or a new one.
pub(crate) fn stage_value(stage: &Stage) -> Value {
    if let Some(object) = cell_of_stage(stage) {
        return object;
    }
    OBJECTS.with(|objects| {
        let mut objects = objects.borrow_mut();
        let known = objects.entry(stage.uid().to_string()).or_default();
        known.retain(|object| object.strong_count() > 0);
        for object in known.iter().filter_map(Weak::upgrade) {
            if object.downcast_ref::<StageObject>().is_some_and(|object| object.0.is(stage)) {
                return Value::Native(object);
            }
        }
        let object = Rc::new(PyNative::new(StageObject(stage.clone())));
        known.push(Rc::downgrade(&object));
        Value::Native(object)
    })
}

pub(crate) fn to_python(vm: &mut Vm, value: &MlValue) -> PyResult<Value> {
    Ok(match value {
        MlValue::None => Value::None,
        MlValue::Bool(v) => Value::Bool(*v),
        MlValue::Int(v) => Value::Int(*v),
        MlValue::Float(v) => Value::Float(*v),
        MlValue::Text(text) => Value::str(&**text),
        MlValue::Bytes(bytes) => Value::Bytes(Rc::new(bytes.to_vec())),
        MlValue::Vector(vector) => vector_value(vector.clone()),
        MlValue::Array(values) => Value::native(ArrayObject::row(values.clone())),
        MlValue::Matrix(matrix) => model_matrix(matrix.clone()),
        MlValue::List(items) => Value::list(items.iter().map(|item| to_python(vm, item)).collect::<PyResult<Vec<_>>>()?),
        MlValue::Tuple(items) => Value::tuple(items.iter().map(|item| to_python(vm, item)).collect::<PyResult<Vec<_>>>()?),
        MlValue::Map(entries) => {
            let dict = PyDict::default();
            for (key, item) in entries {
                let (key, item) = (to_python(vm, key)?, to_python(vm, item)?);
                dict.set(vm, key, item)?;
            }
            Value::Dict(Rc::new(dict))
        }
        MlValue::ParamMap(map) => param_map_value(vm, map)?,
        MlValue::DataFrame(frame) => frame_value(frame.clone()),
        MlValue::Stage(stage) => stage_value(stage),
        MlValue::Object(object) => Value::native(SummaryObject(object.clone())),
        MlValue::Opaque(value) => opaque_value(value),
    })
}

/// A param map as a dict of params.
pub(crate) fn param_map_value(vm: &mut Vm, map: &ParamMap) -> PyResult<Value> {
    let dict = PyDict::default();
    for (param, item) in map.iter() {
        let item = to_python(vm, item)?;
        dict.set(vm, Value::native(ParamObject::new(param.clone())), item)?;
    }
    Ok(Value::Dict(Rc::new(dict)))
}

pub(crate) fn to_engine(vm: &mut Vm, value: &Value) -> PyResult<MlValue> {
    Ok(match value.base() {
        Value::None => MlValue::None,
        Value::Bool(v) => MlValue::Bool(*v),
        Value::Int(v) => MlValue::Int(*v),
        Value::Float(v) => MlValue::Float(*v),
        Value::Str(text) => MlValue::from(text.as_str()),
        Value::List(_) | Value::Tuple(_) => {
            let items = value.as_sequence().unwrap_or_default();
            MlValue::List(items.iter().map(|item| to_engine(vm, item)).collect::<PyResult<_>>()?)
        }
        Value::Range(_) => {
            let items = vm.collect(value)?;
            MlValue::List(items.iter().map(|item| to_engine(vm, item)).collect::<PyResult<_>>()?)
        }
        Value::Dict(dict) => {
            let items = dict.items();
            if !items.is_empty() && items.iter().all(|(key, _)| key.as_native::<ParamObject>().is_some()) {
                return param_map(vm, value).map(MlValue::ParamMap);
            }
            MlValue::Map(items.iter().map(|(key, item)| Ok((to_engine(vm, key)?, to_engine(vm, item)?))).collect::<PyResult<_>>()?)
        }
        other => {
            if let Some(vector) = other.as_native::<VectorObject>() {
                MlValue::Vector(vector.vector().clone())
            } else if let Some(matrix) = other.as_native::<MatrixObject>() {
                MlValue::Matrix(matrix.matrix().clone())
            } else if let Some(array) = other.as_native::<ArrayObject>() {
                MlValue::floats(array.numbers().unwrap_or_default())
            } else if let Some(frame) = other.as_native::<FrameObject>() {
                MlValue::DataFrame(frame.0.clone())
            } else if let Some(stage) = other.as_native::<StageObject>() {
                remember(other, &stage.0);
                MlValue::Stage(stage.0.clone())
            } else if let Some(object) = other.as_native::<SummaryObject>() {
                MlValue::Object(object.0.clone())
            } else if let Some(stage) = stage_of_cell(vm, other) {
                MlValue::Stage(stage)
            } else {
                let found = vm.type_name(other);
                return Err(PyError::type_error(format!("A value of type '{found}' can't be given to pyspark.ml.")));
            }
        }
    })
}

/// Notes the Python object of a stage, for when the stage comes back.
pub(crate) fn remember(value: &Value, stage: &Stage) {
    let Value::Native(native) = value else { return };
    OBJECTS.with(|objects| {
        let mut objects = objects.borrow_mut();
        let known = objects.entry(stage.uid().to_string()).or_default();
        known.retain(|object| object.strong_count() > 0);
        if !known.iter().any(|object| object.as_ptr() == Rc::as_ptr(native)) {
            known.push(Rc::downgrade(native));
        }
    });
}

/// The value of a param in a param map: what a param of a cell's class is given is its own affair.
pub(super) fn map_entry(vm: &mut Vm, param: &ParamObject, value: &Value) -> PyResult<MlValue> {
    if param.converter.is_some() { opaque(vm, value) } else { to_engine(vm, value) }
}

/// A dict of params, or None for an empty map.
pub(crate) fn param_map(vm: &mut Vm, value: &Value) -> PyResult<ParamMap> {
    if value.is_none() {
        return Ok(ParamMap::new());
    }
    let Some(dict) = value.as_dict().cloned() else {
        let found = vm.type_name(value);
        return Err(PyError::type_error(format!(
            "Params must be either a param map or a list/tuple of param maps, but got <class '{found}'>."
        )));
    };
    let mut map = ParamMap::new();
    for (key, item) in dict.items() {
        let Some(param) = key.as_native::<ParamObject>() else {
            let shown = vm.repr(&key)?;
            return Err(PyError::type_error(format!("A param map has params as keys, such as lr.maxIter; found {shown}.")));
        };
        map.put(param.reference.clone(), map_entry(vm, param, &item)?);
    }
    Ok(map)
}
