//! `pyspark.ml`, from the engine's declarations.

mod class;
pub(crate) mod linalg;
pub(crate) mod matrix;
mod object;
mod param;
pub(crate) mod stage;
mod stat;
mod summarizer;
mod tuning;
pub(crate) mod value;

use kindling_python::Vm;

/// Makes `pyspark.ml` and its modules.
pub(crate) fn install(vm: &mut Vm) {
    linalg::install(vm);
    matrix::install(vm);
    param::install(vm);
    class::install(vm);
    tuning::install(vm);
    stat::install(vm);
}
