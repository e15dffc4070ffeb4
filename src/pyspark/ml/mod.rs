//! `pyspark.ml`, from the engine's declarations.

mod cells;
mod class;
mod foreign;
pub(crate) mod linalg;
pub(crate) mod matrix;
mod object;
mod param;
mod persist;
pub(crate) mod stage;
mod stat;
mod summarizer;
mod tuning;
pub(crate) mod value;
#[cfg(test)]
mod xgboost_tests;

use kindling_frame::Session;
use kindling_python::Vm;

pub(crate) use foreign::raised_by_stage;

/// Makes `pyspark.ml` and its modules.
pub(crate) fn install(vm: &mut Vm, session: &Session) {
    linalg::install(vm);
    matrix::install(vm);
    param::install(vm);
    persist::install(vm);
    class::install(vm, session);
    tuning::install(vm);
    stat::install(vm);
    cells::install(vm);
}
