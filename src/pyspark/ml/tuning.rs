//! `ParamGridBuilder`.

use std::cell::RefCell;

use kindling_ml::{MlValue, ParamMap, ParamRef};
use kindling_python::{ClassBuilder, NativeObject, PyError, PyModule, PyResult, Value, Vm};

use super::param::ParamObject;
use super::value::{map_entry, param_map_value};

/// Params with the values to try, in the order in which they were added.
#[derive(Default)]
struct GridObject(RefCell<Vec<(ParamRef, Vec<MlValue>)>>);

impl NativeObject for GridObject {
    fn class_name(&self) -> &str {
        "ParamGridBuilder"
    }
}

impl GridObject {
    fn add(&self, param: ParamRef, values: Vec<MlValue>) {
        let mut grid = self.0.borrow_mut();
        match grid.iter_mut().find(|(known, _)| *known == param) {
            Some(entry) => entry.1 = values,
            None => grid.push((param, values)),
        }
    }

    /// Every combination, the last param changing fastest.
    fn points(&self) -> Vec<ParamMap> {
        let mut points = vec![ParamMap::new()];
        for (param, values) in self.0.borrow().iter() {
            let mut next = Vec::with_capacity(points.len() * values.len());
            for point in &points {
                for value in values {
                    let mut point = point.clone();
                    point.put(param.clone(), value.clone());
                    next.push(point);
                }
            }
            points = next;
        }
        points
    }
}

fn this(value: &Value) -> PyResult<&GridObject> {
    value.as_native::<GridObject>().ok_or_else(|| PyError::type_error("not a ParamGridBuilder"))
}

fn param_of(value: &Value) -> PyResult<&ParamObject> {
    match value.as_native::<ParamObject>() {
        Some(param) => Ok(param),
        None => Err(PyError::type_error("param must be an instance of Param")),
    }
}

/// A value of the grid; a param of a cell's class converts its own.
fn converted(vm: &mut Vm, param: &ParamObject, value: &Value) -> PyResult<MlValue> {
    let value = match &param.converter {
        Some(converter) => vm.call_values(converter, std::slice::from_ref(value))?,
        None => value.clone(),
    };
    map_entry(vm, param, &value)
}

/// Adds the class to `pyspark.ml.tuning`.
pub(crate) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("ParamGridBuilder", "pyspark.ml.tuning")
        .doc("Makes a grid of params: all combinations of the values that were added.")
        .constructor("()", |_, _, _| Ok(Value::native(GridObject::default())))
        .method("addGrid(self, param, values)", "Tries these values of a param: addGrid(lr.regParam, [0.01, 0.1]).", |vm, values| {
            let param = param_of(&values[1])?;
            let items = vm.collect(&values[2])?;
            let items = items.iter().map(|item| converted(vm, param, item)).collect::<PyResult<Vec<_>>>()?;
            this(&values[0])?.add(param.reference.clone(), items);
            Ok(values[0].clone())
        })
        .method("baseOn(self, *args)", "Sets a param to one value: a dict, or pairs of a param and a value.", |vm, values| {
            let grid = this(&values[0])?;
            for given in values[1].as_sequence().unwrap_or_default() {
                if let Some(dict) = given.as_dict().cloned() {
                    for (param, value) in dict.items() {
                        let param = param_of(&param)?;
                        grid.add(param.reference.clone(), vec![converted(vm, param, &value)?]);
                    }
                } else if let Some([param, value]) = given.as_sequence().and_then(|pair| <[Value; 2]>::try_from(pair).ok()) {
                    let param = param_of(&param)?;
                    grid.add(param.reference.clone(), vec![converted(vm, param, &value)?]);
                } else {
                    return Err(PyError::type_error("baseOn takes a dict of params, or pairs of a param and a value"));
                }
            }
            Ok(values[0].clone())
        })
        .method("build(self)", "The grid: a list of param maps.", |vm, values| {
            let points = this(&values[0])?.points();
            Ok(Value::list(points.iter().map(|point| param_map_value(vm, point)).collect::<PyResult<Vec<_>>>()?))
        })
        .build();
    vm.register_class(&class);
    match vm.import("pyspark.ml.tuning") {
        Ok(Value::Module(module)) => module.set("ParamGridBuilder", class),
        _ => vm.add_module(PyModule::new("pyspark.ml.tuning").with("ParamGridBuilder", class)),
    }
}
