//! The functions of `pyspark.sql.functions`, each declared once: name, doc, parameters, type rule, kernel.

pub(crate) mod aggregates;
mod collection;
mod compare;
mod conditional;
mod declare;
mod formats;
mod loops;
mod math;
mod misc;
mod operators;
mod regexp;
mod string;
mod temporal;

pub(crate) use collection::order;
pub(crate) use compare::double_order;
pub(crate) use conditional::choose;
pub use declare::{Aggregate, Function, Param, ParamKind, all, call, lookup};
pub(crate) use declare::{Args, Body, Context, declare_unknown};
pub(crate) use loops::Arg;
