//! `pyspark.sql`.

mod asked;
mod catalog;
pub(crate) mod column;
mod column_repr;
pub(crate) mod create;
pub(crate) mod frame;
mod frame_methods;
mod frame_rare;
pub(crate) mod functions;
mod group;
mod lambda;
mod left_out;
mod missing;
mod observe;
pub(crate) mod pandas;
mod pandas_udf;
pub(crate) mod query;
mod rdd;
mod reader;
pub(crate) mod row;
pub(crate) mod session;
pub(crate) mod types;
mod udf;
mod udtf;
pub(crate) mod variant;
mod window;
mod writer;

use std::rc::Rc;

use kindling_frame::Session;
use kindling_python::{PyModule, Vm};

/// Makes `pyspark.sql` and what is in it.
pub(crate) fn install(vm: &mut Vm, session: &Session) {
    let row = row::install(vm);
    let column = column::install(vm);
    let frame = frame::install(vm);
    let group = group::install(vm);
    frame_rare::install(vm);
    let (na, stat) = missing::install(vm);
    let observation = observe::install(vm);
    rdd::install(vm);
    let spark = session::install(vm, session);
    types::install(vm, &row);
    udf::install_classes(vm);
    pandas_udf::install_classes(vm);
    udtf::install_classes(vm);
    functions::install(vm);
    let window = window::install(vm);
    let reader = reader::install(vm);
    let writer = writer::install(vm);
    let module = PyModule::new("pyspark.sql")
        .doc("Frames, columns and the session.")
        .with("Row", row)
        .with("Column", column.clone())
        .with("DataFrame", frame.clone())
        .with("GroupedData", group.clone())
        .with("DataFrameNaFunctions", na)
        .with("DataFrameStatFunctions", stat)
        .with("DataFrameReader", reader.clone())
        .with("DataFrameWriter", writer.clone())
        .with("Observation", observation.clone())
        .with("SparkSession", spark.clone())
        .with("Window", window.0.clone())
        .with("WindowSpec", window.1.clone());
    vm.add_module(module);
    let places = [
        ("pyspark.sql.column", "Column", column),
        ("pyspark.sql.dataframe", "DataFrame", frame),
        ("pyspark.sql.group", "GroupedData", group),
        ("pyspark.sql.observation", "Observation", observation),
        ("pyspark.sql.session", "SparkSession", spark),
        ("pyspark.sql.window", "Window", window.0),
    ];
    for (module, name, class) in places {
        vm.add_module(PyModule::new(module).with(name, Rc::clone(&class)));
    }
    vm.add_module(PyModule::new("pyspark.sql.readwriter").with("DataFrameReader", reader).with("DataFrameWriter", writer));
}
