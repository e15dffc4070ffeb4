use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, Sketch, params};
use super::{aggregate, binary, exactly, is_constant, made};
use crate::sketches::{Compact, Flavour, Intersection, Mode, Union, check_size, difference};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    aggregate(
        "theta_sketch_agg",
        "A theta sketch of the different values, which keeps about 2 to the power of `lgNomEntries` hashes (4 to 26, 12 where it is left out).",
        params!("col", "?lgNomEntries"),
        Sketch::Theta,
        |args| {
            exactly("theta_sketch_agg", args, 0, &keys())?;
            size("theta_sketch_agg", args)?;
            made()
        },
    ),
    aggregate(
        "theta_union_agg",
        "All theta sketches in one, which keeps about 2 to the power of `lgNomEntries` hashes (4 to 26, 12 where it is left out).",
        params!("col", "?lgNomEntries"),
        Sketch::ThetaUnion,
        |args| {
            binary("theta_union_agg", args, 0)?;
            size("theta_union_agg", args)?;
            made()
        },
    ),
    aggregate(
        "theta_intersection_agg",
        "A theta sketch of the values that all theta sketches have.",
        params!("col"),
        Sketch::ThetaIntersection,
        |args| {
            binary("theta_intersection_agg", args, 0)?;
            made()
        },
    ),
    Function::rows(
        "theta_sketch_estimate",
        "About how many different values a theta sketch has seen.",
        params!("col"),
        |args| {
            binary("theta_sketch_estimate", args, 0)?;
            Ok(Outcome::strict(DataType::Long, args))
        },
        |c| Ok(Value::Long((read(c, 0, "theta_sketch_estimate")?.estimate(Flavour::Theta) + 0.5).floor() as i64)),
    ),
    Function::rows(
        "theta_union",
        "Two theta sketches in one, which keeps about 2 to the power of `lgNomEntries` hashes (4 to 26, 12 where it is left out).",
        params!("col1", "col2", "?lgNomEntries"),
        |args| {
            exactly("theta_union", args, 2, &[DataType::Int])?;
            both("theta_union", args)
        },
        |c| {
            let size = check_size(if c.values.len() > 2 { c.long(2) } else { 12 }, "theta_union")?;
            let mut union = Union::new(size, Mode::Sum, Flavour::Theta);
            union.take(&read(c, 0, "theta_union")?, None);
            union.take(&read(c, 1, "theta_union")?, None);
            Ok(bytes(&union.result()))
        },
    ),
    Function::rows(
        "theta_intersection",
        "A theta sketch of the values that both theta sketches have.",
        params!("col1", "col2"),
        |args| both("theta_intersection", args),
        |c| {
            let mut intersection = Intersection::new(Mode::Sum, Flavour::Theta);
            intersection.take(&read(c, 0, "theta_intersection")?, None);
            intersection.take(&read(c, 1, "theta_intersection")?, None);
            Ok(intersection.result().as_ref().map_or(Value::Null, bytes))
        },
    ),
    Function::rows(
        "theta_difference",
        "A theta sketch of the values that the first theta sketch has and the second hasn't.",
        params!("col1", "col2"),
        |args| both("theta_difference", args),
        |c| Ok(bytes(&difference(&read(c, 0, "theta_difference")?, &read(c, 1, "theta_difference")?))),
    ),
];

/// The types that values of theta sketches, and keys of tuple sketches, may have.
pub(super) fn keys() -> [DataType; 8] {
    use DataType::{Binary, Double, Float, Int, Long, String};
    [DataType::array(Int), DataType::array(Long), Binary, Double, Float, Int, Long, String]
}

fn size(function: &str, args: &mut [Typed]) -> Result<()> {
    exactly(function, args, 1, &[DataType::Int])?;
    if args.get(1).is_some_and(|size| !is_constant(size)) {
        let text =
            format!("Invalid call to `{function}`; the `lgNomEntries` value must be a constant value, but got a non-constant expression.");
        return Err(Error::runtime(text).with_condition("THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT"));
    }
    Ok(())
}

fn both(function: &str, args: &mut [Typed]) -> Result<Outcome> {
    binary(function, args, 0)?;
    binary(function, args, 1)?;
    Ok(Outcome::strict(DataType::Binary, args))
}

fn read(c: &Cells<'_>, i: usize, function: &str) -> Result<Compact> {
    Compact::read(c.bytes(i), Flavour::Theta, function)
}

fn bytes(sketch: &Compact) -> Value {
    Value::Binary(sketch.bytes(Flavour::Theta).into())
}
