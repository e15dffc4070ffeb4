//! `pyspark.sql.Observation`: figures of a frame's rows, told once they have been through.

use std::cell::RefCell;
use std::rc::Rc;

use kindling_frame::{Column, DataFrame};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyResult, Value, Vm};

use super::column::column_or_name;
use super::frame::frame_value;
use crate::args;
use crate::convert::to_python;
use crate::errors::{OrRaise, not_expected, spark_error};

/// The aggregates of one frame. Kindling computes them when they are asked for, from the same rows.
#[derive(Default)]
struct Observation {
    of: RefCell<Option<DataFrame>>,
}

impl NativeObject for Observation {
    fn class_name(&self) -> &str {
        "Observation"
    }
}

pub(super) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let class = ClassBuilder::new("Observation", "pyspark.sql.observation")
        .doc("Collects the figures that df.observe(observation, ...) names.")
        .constructor("(name=None)", |vm, _, values| {
            if !values[0].is_none() && args::text(vm, &values[0], "name")?.is_empty() {
                let text = "Value for `name` must be a non-empty string, got ''.";
                return Err(spark_error("PySparkValueError", "VALUE_NOT_NON_EMPTY_STR", text));
            }
            Ok(Value::native(Observation::default()))
        })
        .property("get", "The figures by their names, as a dict.", |vm, value| {
            let Some(frame) = value.as_native::<Observation>().and_then(|o| o.of.borrow().clone()) else {
                let text = "Should observe by calling `DataFrame.observe` before `get`.";
                return Err(spark_error("PySparkAssertionError", "NO_OBSERVE_BEFORE_GET", text));
            };
            let mut figures = Vec::new();
            for row in frame.collect().or_raise()? {
                for (name, figure) in row.names.iter().zip(&row.values) {
                    figures.push((name.to_string(), to_python(vm, figure)?));
                }
            }
            Ok(Value::dict(figures))
        })
        .build();
    vm.register_class(&class);
    class
}

/// `df.observe(observation, *exprs)`
pub(super) fn observe(vm: &mut Vm, frame: &DataFrame, observation: &Value, figures: &[Value]) -> PyResult<Value> {
    if figures.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_BE_EMPTY", "At least one exprs must be specified."));
    }
    let figures = figures.iter().map(|figure| column_or_name(vm, figure, "exprs")).collect::<PyResult<Vec<Column>>>()?;
    let figures = frame.agg(&figures).or_raise()?;
    match (observation.as_native::<Observation>(), observation.as_str()) {
        (Some(observation), _) if observation.of.borrow().is_some() => {
            let text = "An Observation can be used with a DataFrame only once.";
            Err(spark_error("PySparkAssertionError", "REUSE_OBSERVATION", text))
        }
        (Some(observation), _) => {
            *observation.of.borrow_mut() = Some(figures);
            Ok(frame_value(frame.clone()))
        }
        (None, Some(_)) => Ok(frame_value(frame.clone())),
        (None, None) => Err(not_expected(vm, "observation", "Observation or str", observation)),
    }
}
