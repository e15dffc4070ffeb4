//! Sketches: small summaries of many values, with the very bytes that Spark's are made of (Apache DataSketches for Java 6.2, and Spark's own
//! `CountMinSketch`), so that one written here is read there and back.

mod count_min;
mod hash;
mod hll;

use std::any::Any;
use std::sync::Arc;

use arrow_array::builder::BinaryBuilder;
use arrow_array::{Array, ArrayRef};
use kindling_partition::{Error, Result};

use crate::batch::value_at;
use crate::exec::{Accumulator, Call, State, states};
use crate::functions::Sketch;
use crate::value::Value;

pub(crate) use hll::{Hll, different_sizes as different_hll_sizes, invalid_hll, rounded_estimate as hll_estimate, united as hll_united};

/// What an aggregate keeps of one group: it takes rows, then what other partitions kept, and ends as bytes. Each does what Spark's aggregate
/// of that name does at that point, so that the bytes are Spark's for the same partitions.
trait Sketching: Send + Sync {
    /// Takes in the values of a row's columns, none of them null.
    fn update(&mut self, row: &[Value]) -> Result<()>;

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()>;

    fn finish(self: Box<Self>) -> Result<Vec<u8>>;

    fn copy(&self) -> Box<dyn Sketching>;

    fn into_any(self: Box<Self>) -> Box<dyn Any>;
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
pub(crate) fn columns(_: Sketch) -> usize {
    1
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
            Box::new(count_min::CountMin::new(share(1), share(2), long(3, 0)))
        }
        Sketch::Hll => Box::new(Hll::asked(long(1, i64::from(hll::DEFAULT_LG_K)))?),
        Sketch::HllUnion => Box::new(hll::Union::new(plain(1).and_then(Value::as_bool).unwrap_or(false))),
    })
}

/// The other state of the same aggregate.
fn same<T: 'static>(later: Box<dyn Sketching>) -> Result<Box<T>> {
    later.into_any().downcast().map_err(|_| Error::runtime("Sketches of two kinds can't be merged."))
}

/// What Spark says of bytes that are no sketch of the kind.
pub(crate) fn invalid(function: &str, kind: &str, maker: &str, condition: &'static str) -> Error {
    Error::runtime(format!(
        "Invalid call to `{function}`; only valid {kind} sketch buffers are supported as inputs (such as those produced by the {maker} function)."
    ))
    .with_condition(condition)
}
