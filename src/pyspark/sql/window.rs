//! `pyspark.sql.Window`: known by name, so that a notebook that imports it loads.

use std::rc::Rc;

use kindling_python::{ClassBuilder, PyClass, Value, Vm};

use crate::errors::missing;

/// Makes `Window` and `WindowSpec`.
pub(crate) fn install(vm: &mut Vm) -> (Rc<PyClass>, Rc<PyClass>) {
    let mut window = ClassBuilder::new("Window", "pyspark.sql")
        .doc("Window functions are not in Kindling yet.")
        .attribute("unboundedPreceding", Value::Int(i64::MIN))
        .attribute("unboundedFollowing", Value::Int(i64::MAX))
        .attribute("currentRow", Value::Int(0));
    for name in ["partitionBy", "orderBy", "rowsBetween", "rangeBetween"] {
        window = window.static_method(&format!("{name}(*args)"), "Not in Kindling.", |_, _| {
            Err(missing("window functions", "groupBy() and join() can often do the same."))
        });
    }
    let window = window.build();
    let spec = ClassBuilder::new("WindowSpec", "pyspark.sql").doc("Window functions are not in Kindling yet.").build();
    vm.register_class(&window);
    vm.register_class(&spec);
    (window, spec)
}
