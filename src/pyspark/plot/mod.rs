//! Charts of frames (`df.plot`) and of models (`kindling.plot`).

mod chart;
pub(crate) mod data;
mod frame;
mod model;

use kindling_frame::DataFrame;
use kindling_python::{Value, Vm};

pub(crate) use chart::{ChartObject, chart_value};

/// `df.plot`
pub(crate) fn accessor(frame: &DataFrame) -> Value {
    Value::native(frame::PlotObject(frame.clone()))
}

/// Makes the classes and the module.
pub(crate) fn install(vm: &mut Vm) {
    chart::install(vm);
    frame::install(vm);
    model::install(vm);
}
