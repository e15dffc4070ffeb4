//! The functions of `pyspark.sql.functions`, each declared once: name, doc, parameters, type rule, kernel.

pub(crate) mod aggregates;
mod collection;
mod compare;
mod conditional;
mod declare;
mod loops;
mod math;
mod misc;
mod operators;
mod regexp;
mod string;
mod temporal;

pub use declare::{Aggregate, Body, Function, Param, ParamKind, all, call, lookup};
pub(crate) use declare::{Args, Context, declare_unknown};
pub(crate) use collection::order;
pub(crate) use compare::double_order;
pub(crate) use conditional::choose;
pub(crate) use loops::Arg;
