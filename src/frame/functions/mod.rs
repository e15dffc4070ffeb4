//! The functions of `pyspark.sql.functions`, each declared once: name, doc, parameters, type rule, kernel.

pub(crate) mod aggregates;
mod attempts;
mod bits;
mod cells;
mod cold_aggregates;
mod collection;
mod collections;
mod compare;
mod conditional;
mod declare;
mod formats;
mod higher_order;
mod json;
mod loops;
mod math;
mod misc;
mod names;
mod operators;
mod random;
mod regexp;
mod registered;
mod sketches;
mod sorting;
mod string;
mod temporal;
mod text;
mod time;
mod variants;
mod vectors;
mod xxhash;

pub(crate) use aggregates::{CONTINUOUS, DISCRETE, LARGEST_MODE};
pub(crate) use cold_aggregates::ORDERED_TEXTS;
pub(crate) use collection::order;
pub(crate) use collections::map_keys::{SETTING as MAP_KEY_POLICY, set_policy as set_map_key_policy};
pub(crate) use compare::double_order;
pub(crate) use conditional::choose;
pub use declare::{Aggregate, Cold, Function, Numbers, Param, ParamKind, Regression, Sketch, all, call, lookup};
pub(crate) use declare::{Args, Body, Cells, Context, Outcome, declare_unknown, param, params};
pub(crate) use higher_order::HigherOrder;
pub(crate) use loops::Arg;
pub(crate) use names::sql_names;
pub(crate) use regexp::names_like;
pub use registered::{is_registered, is_user_function, register, register_table};
pub(crate) use registered::{registered, registered_names, registered_table, unregister};
pub(crate) use text::aes::encrypt_block;
pub(crate) use text::digests::sha256;
pub(crate) use text::numbers::LUHN;
pub use time::set_query_time;
pub(crate) use time::{NANOS, OF_NANOS, SESSION, time_operator, unswapped};
pub(crate) use time::{database_now, local_now, query_time, set_database, with_database};
pub use variants::table_name;
pub(crate) use variants::{refused, set_operation};
pub(crate) use xxhash::hash as xxhash;

/// The function that makes the array of structs of a generator that is written with other arguments.
pub(crate) fn rows_of(generator: &str) -> Option<&'static str> {
    match generator {
        "stack" => Some(collections::structs::STACK),
        "window" => Some(time::window::WINDOWS),
        "json_tuple" => Some(json::extract::TUPLE),
        variants::EXPLODE | variants::EXPLODE_OUTER => Some(variants::PARTS),
        _ => None,
    }
}
