//! A chart as a Python value: the page draws it when it is shown.

use std::cell::RefCell;

use kindling_chart::Chart;
use kindling_python::{ClassBuilder, NativeObject, PyError, PyResult, Value, Vm};

use crate::display::show;
use crate::{Shown, args};

pub(crate) struct ChartObject(RefCell<Chart>);

pub(crate) fn chart_value(chart: Chart) -> Value {
    Value::native(ChartObject(RefCell::new(chart)))
}

impl ChartObject {
    pub(crate) fn chart(&self) -> Chart {
        self.0.borrow().clone()
    }
}

impl NativeObject for ChartObject {
    fn class_name(&self) -> &str {
        "Chart"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "title" => Some(Value::from(self.0.borrow().title.clone())),
            "summary" => Some(Value::str(self.0.borrow().summary.as_str())),
            _ => None,
        })
    }

    /// The chart in words.
    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(self.0.borrow().summary.clone())
    }
}

fn this(value: &Value) -> PyResult<&ChartObject> {
    value.as_native::<ChartObject>().ok_or_else(|| PyError::type_error("not a Chart"))
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("Chart", "kindling.plot")
        .doc("A chart: shown when it ends a cell, by display(chart) or by chart.show().")
        .method("show(self)", "Shows the chart.", |vm, values| {
            show(vm, Shown::Chart(this(&values[0])?.chart()));
            Ok(Value::None)
        })
        .method(
            "update_layout(self, title=None, xaxis_title=None, yaxis_title=None)",
            "Changes the title or the labels of the axes.",
            |vm, values| {
                let title = args::optional_text(vm, &values[1], "title")?;
                let labels = (args::optional_text(vm, &values[2], "xaxis_title")?, args::optional_text(vm, &values[3], "yaxis_title")?);
                let object = this(&values[0])?;
                let mut chart = object.chart().labelled(labels.0, labels.1);
                if let Some(title) = title {
                    chart = chart.titled(title);
                }
                *object.0.borrow_mut() = chart;
                Ok(values[0].clone())
            },
        )
        .build();
    vm.register_class(&class);
}
