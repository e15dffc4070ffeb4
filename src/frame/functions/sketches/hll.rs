use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, Sketch, params};
use super::{aggregate, binary, constant, exactly, is_constant, made};
use crate::coerce::{described, literal};
use crate::sketches::{Hll, different_hll_sizes, hll_estimate, hll_united, invalid_hll};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    aggregate(
        "hll_sketch_agg",
        "A HyperLogLog sketch of the different values, with 2 to the power of `lgConfigK` registers (4 to 21, 12 where it is left out).",
        params!("col", "?lgConfigK"),
        Sketch::Hll,
        |args| {
            exactly("hll_sketch_agg", args, 0, &[DataType::Int, DataType::Long, DataType::String, DataType::Binary])?;
            exactly("hll_sketch_agg", args, 1, &[DataType::Int])?;
            if args.get(1).is_some_and(|k| !is_constant(k)) {
                let text = "Invalid call to `hll_sketch_agg`; the `K` value must be a constant value, but got a non-constant expression.";
                return Err(Error::runtime(text).with_condition("HLL_K_MUST_BE_CONSTANT"));
            }
            made()
        },
    ),
    aggregate(
        "hll_union_agg",
        "All HyperLogLog sketches in one. Sketches of different sizes are an error, unless `allowDifferentLgConfigK` is true.",
        params!("col", "?allowDifferentLgConfigK"),
        Sketch::HllUnion,
        |args| {
            binary("hll_union_agg", args, 0)?;
            exactly("hll_union_agg", args, 1, &[DataType::Boolean])?;
            made()
        },
    ),
    Function::rows(
        "hll_sketch_estimate",
        "About how many different values a HyperLogLog sketch has seen.",
        params!("col"),
        |args| {
            binary("hll_sketch_estimate", args, 0)?;
            Ok(Outcome::strict(DataType::Long, args))
        },
        |c| hll_estimate(c.bytes(0)).map(Value::Long).ok_or_else(|| invalid_hll("hll_sketch_estimate")),
    ),
    Function::rows(
        "hll_union",
        "Two HyperLogLog sketches in one. Sketches of different sizes are an error, unless `allowDifferentLgConfigK` is true.",
        params!("col1", "col2", "?allowDifferentLgConfigK"),
        |args| {
            binary("hll_union", args, 0)?;
            binary("hll_union", args, 1)?;
            exactly("hll_union", args, 2, &[DataType::Boolean])?;
            Ok(Outcome::strict(DataType::Binary, args))
        },
        union,
    ),
    aggregate(
        "count_min_sketch",
        "A count-min sketch: how often each value comes, at most the share `eps` of all rows too often, with this `confidence`.",
        params!("col", "=eps", "=confidence", "=seed"),
        Sketch::CountMin,
        |args| {
            const NAME: &str = "count_min_sketch";
            let whole = [DataType::Byte, DataType::Short, DataType::Int, DataType::Long, DataType::String, DataType::Binary];
            exactly(NAME, args, 0, &whole)?;
            exactly(NAME, args, 1, &[DataType::Double])?;
            exactly(NAME, args, 2, &[DataType::Double])?;
            exactly(NAME, args, 3, &[DataType::Int, DataType::Long])?;
            for (i, name) in [(1, "`eps`"), (2, "`confidence`"), (3, "`seed`")] {
                constant(NAME, args, i, name)?;
            }
            in_range(args, 1, "eps", f64::MAX, |v| v > 0.0)?;
            in_range(args, 2, "confidence", 1.0, |v| v > 0.0 && v < 1.0)?;
            made()
        },
    ),
];

fn union(c: &Cells<'_>) -> Result<Value> {
    let read = |i: usize| Hll::read(c.bytes(i)).ok_or_else(|| invalid_hll("hll_union"));
    let (first, second) = (read(0)?, read(1)?);
    if first.lg_k != second.lg_k && c.values.get(2).and_then(Value::as_bool) != Some(true) {
        return Err(different_hll_sizes(first.lg_k, second.lg_k, "hll_union"));
    }
    Ok(Value::Binary(hll_united(&first, &second).into()))
}

fn in_range(args: &[Typed], i: usize, name: &str, most: f64, fits: impl Fn(f64) -> bool) -> Result<()> {
    match literal("count_min_sketch", args, i)?.and_then(Value::as_f64) {
        Some(value) if !fits(value) => {
            let (value, most) = (Value::Double(value), Value::Double(most));
            let call = described("count_min_sketch", args);
            let text = format!(
                "Cannot resolve {call} due to data type mismatch: The {name} must be between (0.0, {most}] (current value = {value}D)."
            );
            Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"))
        }
        _ => Ok(()),
    }
}
