//! Sketches: small summaries of many values, with the very bytes that Spark's are made of (Apache DataSketches for Java 6.2, and Spark's own
//! `CountMinSketch`), so that one written here is read there and back.

mod count_min;
mod hash;
mod hll;
mod kll;
#[cfg(test)]
mod tests;
mod theta;

use std::any::Any;
use std::sync::Arc;

use arrow_array::builder::BinaryBuilder;
use arrow_array::{Array, ArrayRef};
use kindling_partition::{Error, Result};

use crate::batch::value_at;
use crate::exec::{Accumulator, Call, State, states};
use crate::functions::{Numbers, Sketch};
use crate::value::Value;
use theta::How;

pub(crate) use hll::{Hll, different_sizes as different_hll_sizes, invalid_hll, rounded_estimate as hll_estimate, united as hll_united};
pub(crate) use kll::{Kll, invalid_kll};
pub(crate) use theta::{Compact, Flavour, Intersection, Mode, Summary, Union, check_size, difference};

/// What an aggregate keeps of one group: it takes rows, then what other partitions kept, and ends as bytes. Each does what Spark's aggregate
/// of that name does at that point, so that the bytes are Spark's for the same partitions.
trait Sketching: Any + Send + Sync {
    /// Takes in the values of a row's columns, none of them null.
    fn update(&mut self, row: &[Value]) -> Result<()>;

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()>;

    fn finish(self: Box<Self>) -> Result<Vec<u8>>;

    fn copy(&self) -> Box<dyn Sketching>;
}

/// The state of one group.
struct Group(Box<dyn Sketching>);

impl Clone for Group {
    fn clone(&self) -> Self {
        Self(self.0.copy())
    }
}

impl State for Group {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.0.merge(later.0)
    }
}

/// What there is of a group when the aggregate's own arguments are wrong, which Spark finds when it runs.
#[derive(Clone)]
struct Refused;

impl State for Refused {
    fn absorb(&mut self, _: Self) -> Result<()> {
        Ok(())
    }
}

/// How many of the arguments are columns.
pub(crate) fn columns(sketch: Sketch) -> usize {
    if matches!(sketch, Sketch::Tuple { .. }) { 2 } else { 1 }
}

pub(crate) fn accumulator(sketch: Sketch, call: &Call<'_>) -> Box<dyn Accumulator> {
    let types = call.types[..columns(sketch)].to_vec();
    let empty = match begun(sketch, call) {
        Ok(empty) => empty,
        Err(error) => return states(Refused, |_, _, _| Ok(()), move |_| Err(error.clone())),
    };
    states(
        Group(empty),
        move |groups, places, args| {
            let mut row = Vec::with_capacity(types.len());
            for (i, place) in places.iter().enumerate() {
                if args.iter().any(|a| a.is_null(i)) {
                    continue;
                }
                row.clear();
                row.extend(args.iter().zip(&types).map(|(a, t)| value_at(a, t, i)));
                groups[*place as usize].0.update(&row)?;
            }
            Ok(())
        },
        |groups| {
            let mut made = BinaryBuilder::new();
            for group in groups {
                made.append_value(group.0.finish()?);
            }
            Ok(Arc::new(made.finish()) as ArrayRef)
        },
    )
}

/// The state of an empty group.
fn begun(sketch: Sketch, call: &Call<'_>) -> Result<Box<dyn Sketching>> {
    let plain = |i: usize| call.plain.get(i).and_then(|v| v.as_ref());
    let long = |i: usize, default: i64| plain(i).map_or(default, |v| v.as_i64().unwrap_or(0));
    Ok(match sketch {
        Sketch::CountMin => {
            let share = |i: usize| plain(i).and_then(Value::as_f64).unwrap_or(0.5);
            Box::new(count_min::CountMin::new(share(1), share(2), long(3, 0))?)
        }
        Sketch::Hll => Box::new(Hll::asked(long(1, i64::from(hll::DEFAULT_LG_K)))?),
        Sketch::HllUnion => Box::new(hll::Union::new(plain(1).and_then(Value::as_bool).unwrap_or(false))),
        Sketch::Kll(numbers) => Box::new(Kll::new(long(1, kll::DEFAULT_K) as u16, numbers)),
        Sketch::KllMerge(numbers) => {
            let function = match numbers {
                Numbers::Long => "kll_merge_agg_bigint",
                Numbers::Float => "kll_merge_agg_float",
                Numbers::Double => "kll_merge_agg_double",
            };
            Box::new(kll::Merged::new(plain(1).and_then(Value::as_i64).map(|k| k as u16), numbers, function))
        }
        _ => {
            let (how, function, double, size, mode) = set_operation(sketch);
            let flavour = double.map_or(Flavour::Theta, |double| Flavour::Tuple { double });
            let lg_size = size.map_or(Ok(theta::DEFAULT_LG_SIZE), |i| check_size(long(i, i64::from(theta::DEFAULT_LG_SIZE)), function))?;
            let named = mode.and_then(plain).and_then(Value::as_str);
            let mode = named.map_or(Ok(Mode::Sum), |name| Mode::asked(name, function))?;
            Box::new(theta::Aggregated::new(how, function, flavour, lg_size, mode))
        }
    })
}

/// What an aggregate of theta or tuple sketches does, its name, whether it keeps doubles (of tuples), and the places of size and mode.
fn set_operation(sketch: Sketch) -> (How, &'static str, Option<bool>, Option<usize>, Option<usize>) {
    match sketch {
        Sketch::ThetaUnion => (How::Unite, "theta_union_agg", None, Some(1), None),
        Sketch::ThetaIntersection => (How::Intersect, "theta_intersection_agg", None, None, None),
        Sketch::Tuple { double: true } => (How::Build, "tuple_sketch_agg_double", Some(true), Some(2), Some(3)),
        Sketch::Tuple { double: false } => (How::Build, "tuple_sketch_agg_integer", Some(false), Some(2), Some(3)),
        Sketch::TupleUnion { double: true } => (How::Unite, "tuple_union_agg_double", Some(true), Some(1), Some(2)),
        Sketch::TupleUnion { double: false } => (How::Unite, "tuple_union_agg_integer", Some(false), Some(1), Some(2)),
        Sketch::TupleIntersection { double: true } => (How::Intersect, "tuple_intersection_agg_double", Some(true), None, Some(1)),
        Sketch::TupleIntersection { double: false } => (How::Intersect, "tuple_intersection_agg_integer", Some(false), None, Some(1)),
        _ => (How::Build, "theta_sketch_agg", None, Some(1), None),
    }
}

/// The other state of the same aggregate.
fn same<T: 'static>(later: Box<dyn Sketching>) -> Result<Box<T>> {
    let later: Box<dyn Any> = later;
    later.downcast().map_err(|_| Error::runtime("Sketches of two kinds can't be merged."))
}

/// What Spark says of bytes that are no sketch of the kind.
pub(crate) fn invalid(function: &str, kind: &str, maker: &str, condition: &'static str) -> Error {
    Error::runtime(format!(
        "Invalid call to `{function}`; only valid {kind} sketch buffers are supported as inputs (such as those produced by the {maker} function)."
    ))
    .with_condition(condition)
}
