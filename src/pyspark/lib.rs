//! `pyspark`, `dbutils` and `kindling.plot` as seen from Python.
//!
//! [`install`] puts them into an interpreter: the modules to import, and the names that a Spark notebook expects from the start (`spark`,
//! `sc`, `display`, `dbutils`). The classes of `pyspark.ml` and the functions of `pyspark.sql.functions` are made from the engine's
//! declarations, so that what the engine has, Python has.

mod args;
mod array;
mod beyond;
#[cfg(test)]
mod beyond_reference;
mod convert;
mod dbutils;
mod display;
mod errors;
#[cfg(test)]
mod function_reference;
mod info;
mod ml;
#[cfg(test)]
mod plan_reference;
mod plot;
#[cfg(test)]
mod reference;
mod sql;

use kindling_frame::Session;
use kindling_python::Vm;

pub use display::{Shown, Sink, end_cell, shown};
pub use info::{ParamDescription, StageDescription, stages};
pub use sql::query::{run_sql_cell, sql_cell};

/// Makes all modules and names. `sink` receives what `display` shows; without one it is printed.
pub fn install(vm: &mut Vm, session: &Session, sink: Option<Sink>) {
    errors::install(vm);
    array::install(vm);
    sql::install(vm, session);
    ml::install(vm, session);
    plot::install(vm);
    beyond::install(vm, session);
    dbutils::install(vm, session);
    display::install(vm, session, sink);
}
