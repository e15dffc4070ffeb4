use kindling_partition::Result;

use super::super::declare::{Cells, Function, Outcome, Sketch, params};
use super::{aggregate, binary, constant, exactly, hinted, made, theta};
use crate::coerce::{cast_to, expect, literal, wrong_type};
use crate::sketches::{Compact, Flavour, Intersection, Mode, Summary, Union, check_size, difference};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The functions of one kind of numbers: `double` or `integer`.
macro_rules! functions {
    ($double:literal, $number:literal,
        $build:literal $unite:literal $intersect:literal $estimate:literal $summary:literal $theta:literal
        $union:literal $union_theta:literal $intersection:literal $intersection_theta:literal $difference:literal $difference_theta:literal
    ) => {
        &[
            aggregate(
                $build,
                concat!(
                    "A tuple sketch of the different keys, each with ", $number, " made of its summaries: their 'sum', 'min' or 'max', or ",
                    "'alwaysone'. It keeps about 2 to the power of `lgNomEntries` of them (4 to 26, 12 where it is left out)."
                ),
                params!("key", "summary", "?lgNomEntries", "?mode"),
                Sketch::Tuple { double: $double },
                |args| build($build, args, $double),
            ),
            aggregate(
                $unite,
                "All tuple sketches in one, with the numbers of the same key put together as `mode` says: 'sum', 'min', 'max' or 'alwaysone'.",
                params!("col", "?lgNomEntries", "?mode"),
                Sketch::TupleUnion { double: $double },
                |args| {
                    expect($unite, args, 0, &DataType::Binary)?;
                    options($unite, args, Some(1), 2, false)?;
                    made()
                },
            ),
            aggregate(
                $intersect,
                "A tuple sketch of the keys that all have, with their numbers put together as `mode` says: 'sum', 'min', 'max' or 'alwaysone'.",
                params!("col", "?mode"),
                Sketch::TupleIntersection { double: $double },
                |args| {
                    expect($intersect, args, 0, &DataType::Binary)?;
                    options($intersect, args, None, 1, false)?;
                    made()
                },
            ),
            Function::rows(
                $estimate,
                "About how many different keys a tuple sketch has seen.",
                params!("col"),
                |args| one($estimate, args, DataType::Double),
                |c| Ok(Value::Double(read(c, 0, $estimate, $double)?.estimate(Flavour::Tuple { double: $double }))),
            ),
            Function::rows(
                $summary,
                "The numbers of a tuple sketch put together as `mode` says: 'sum', 'min', 'max', or how many with 'alwaysone'.",
                params!("col", "?mode"),
                |args| {
                    options($summary, args, None, 1, true)?;
                    one($summary, args, if $double { DataType::Double } else { DataType::Long })
                },
                |c| summary(c, $summary, $double),
            ),
            Function::rows(
                $theta,
                "The share of all hashes below the limit under which a tuple sketch has kept keys.",
                params!("col"),
                |args| one($theta, args, DataType::Double),
                |c| Ok(Value::Double(read(c, 0, $theta, $double)?.theta())),
            ),
            Function::rows(
                $union,
                "Two tuple sketches in one, with the numbers of the same key put together as `mode` says: 'sum', 'min', 'max' or 'alwaysone'.",
                params!("col1", "col2", "?lgNomEntries", "?mode"),
                |args| both($union, args, Some(2), Some(3)),
                |c| union(c, $union, $double, false),
            ),
            Function::rows(
                $union_theta,
                "A tuple sketch and a theta sketch in one; keys of the second have the number that `mode` starts from.",
                params!("col1", "col2", "?lgNomEntries", "?mode"),
                |args| both($union_theta, args, Some(2), Some(3)),
                |c| union(c, $union_theta, $double, true),
            ),
            Function::rows(
                $intersection,
                "A tuple sketch of the keys that both have, with their numbers put together as `mode` says: 'sum', 'min', 'max' or 'alwaysone'.",
                params!("col1", "col2", "?mode"),
                |args| both($intersection, args, None, Some(2)),
                |c| intersection(c, $intersection, $double, false),
            ),
            Function::rows(
                $intersection_theta,
                "A tuple sketch of the keys that a theta sketch has too, which there have the number that `mode` starts from.",
                params!("col1", "col2", "?mode"),
                |args| both($intersection_theta, args, None, Some(2)),
                |c| intersection(c, $intersection_theta, $double, true),
            ),
            Function::rows(
                $difference,
                "A tuple sketch of the keys that the first has and the second hasn't.",
                params!("col1", "col2"),
                |args| both($difference, args, None, None),
                |c| difference_of(c, $difference, $double, false),
            ),
            Function::rows(
                $difference_theta,
                "A tuple sketch of the keys that a theta sketch hasn't.",
                params!("col1", "col2"),
                |args| both($difference_theta, args, None, None),
                |c| difference_of(c, $difference_theta, $double, true),
            ),
        ]
    };
}

pub(in crate::functions) const DOUBLES: &[Function] = functions!(true, "a double",
    "tuple_sketch_agg_double" "tuple_union_agg_double" "tuple_intersection_agg_double"
    "tuple_sketch_estimate_double" "tuple_sketch_summary_double" "tuple_sketch_theta_double"
    "tuple_union_double" "tuple_union_theta_double" "tuple_intersection_double" "tuple_intersection_theta_double"
    "tuple_difference_double" "tuple_difference_theta_double");

pub(in crate::functions) const INTEGERS: &[Function] = functions!(false, "a whole number",
    "tuple_sketch_agg_integer" "tuple_union_agg_integer" "tuple_intersection_agg_integer"
    "tuple_sketch_estimate_integer" "tuple_sketch_summary_integer" "tuple_sketch_theta_integer"
    "tuple_union_integer" "tuple_union_theta_integer" "tuple_intersection_integer" "tuple_intersection_theta_integer"
    "tuple_difference_integer" "tuple_difference_theta_integer");

/// Keys and summaries are cast, unlike the arguments of other sketches.
fn build(function: &str, args: &mut [Typed], double: bool) -> Result<Outcome> {
    let key = match &args[0].data_type {
        DataType::Byte | DataType::Short | DataType::Decimal(..) => Some(DataType::Double),
        DataType::Array(element, _) if matches!(**element, DataType::Byte | DataType::Short) => Some(DataType::array(DataType::Int)),
        DataType::Boolean | DataType::Date | DataType::Timestamp | DataType::TimestampNtz | DataType::Time(_) => Some(DataType::String),
        _ => None,
    };
    if let Some(key) = key {
        cast_to(&mut args[0], &key);
    }
    exactly(function, args, 0, &theta::keys())?;
    let number = if double { DataType::Double } else { DataType::Int };
    if args[1].data_type.is_numeric() && args[1].data_type != DataType::Float {
        cast_to(&mut args[1], &number);
    }
    if !double || args[1].data_type != DataType::Float {
        expect(function, args, 1, &number)?;
    }
    options(function, args, Some(2), 3, false)?;
    made()
}

/// Checks how many keys are asked for, and how numbers of the same key become one.
fn options(function: &str, args: &mut [Typed], size: Option<usize>, mode: usize, strict: bool) -> Result<()> {
    for (i, name, wanted) in size.map(|i| (i, "lgNomEntries", DataType::Int)).into_iter().chain([(mode, "mode", DataType::String)]) {
        if strict {
            exactly(function, args, i, std::slice::from_ref(&wanted))?;
        }
        constant(function, args, i, name)?;
        if !strict {
            expect(function, args, i, &wanted)?;
        }
    }
    if let Some(given) = size.map(|i| literal(function, args, i)).transpose()?.flatten() {
        let number = given.as_i64().or_else(|| given.as_str().and_then(|t| t.trim().parse().ok())).unwrap_or(0);
        hinted(check_size(number, function).map(drop), function, args)?;
    }
    if let Some(given) = literal(function, args, mode)?.map(ToString::to_string) {
        hinted(Mode::asked(&given, function).map(drop), function, args)?;
    }
    if let Some(last) = args.get(mode)
        && !matches!(last.data_type, DataType::String)
    {
        return Err(wrong_type(function, args, mode, "STRING"));
    }
    Ok(())
}

fn one(function: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    binary(function, args, 0)?;
    Ok(Outcome::strict(result, args))
}

fn both(function: &str, args: &mut [Typed], size: Option<usize>, mode: Option<usize>) -> Result<Outcome> {
    binary(function, args, 0)?;
    binary(function, args, 1)?;
    if let Some(mode) = mode {
        options(function, args, size, mode, true)?;
    }
    Ok(Outcome::strict(DataType::Binary, args))
}

fn read(c: &Cells<'_>, i: usize, function: &str, double: bool) -> Result<Compact> {
    Compact::read(c.bytes(i), Flavour::Tuple { double }, function)
}

fn mode(c: &Cells<'_>, i: usize, function: &str) -> Result<Mode> {
    c.maybe_text(i).map_or(Ok(Mode::Sum), |name| Mode::asked(name, function))
}

/// The second sketch, and the number that its keys have if it has none.
fn second(c: &Cells<'_>, function: &str, double: bool, theta: bool, mode: Mode) -> Result<(Compact, Option<Summary>)> {
    let flavour = Flavour::Tuple { double };
    if theta {
        return Ok((Compact::read(c.bytes(1), Flavour::Theta, function)?, Some(Summary::new(mode, flavour))));
    }
    Ok((read(c, 1, function, double)?, None))
}

fn union(c: &Cells<'_>, function: &str, double: bool, theta: bool) -> Result<Value> {
    let size = check_size(if c.values.len() > 2 { c.long(2) } else { 12 }, function)?;
    let (mode, flavour) = (mode(c, 3, function)?, Flavour::Tuple { double });
    let mut union = Union::new(size, mode, flavour);
    union.take(&read(c, 0, function, double)?, None);
    let (other, summary) = second(c, function, double, theta, mode)?;
    union.take(&other, summary);
    Ok(Value::Binary(union.result().bytes(flavour).into()))
}

fn intersection(c: &Cells<'_>, function: &str, double: bool, theta: bool) -> Result<Value> {
    let (mode, flavour) = (mode(c, 2, function)?, Flavour::Tuple { double });
    let mut intersection = Intersection::new(mode, flavour);
    intersection.take(&read(c, 0, function, double)?, None);
    let (other, summary) = second(c, function, double, theta, mode)?;
    intersection.take(&other, summary);
    Ok(intersection.result().map_or(Value::Null, |made| Value::Binary(made.bytes(flavour).into())))
}

fn difference_of(c: &Cells<'_>, function: &str, double: bool, theta: bool) -> Result<Value> {
    let first = read(c, 0, function, double)?;
    let (other, _) = second(c, function, double, theta, Mode::Sum)?;
    Ok(Value::Binary(difference(&first, &other).bytes(Flavour::Tuple { double }).into()))
}

fn summary(c: &Cells<'_>, function: &str, double: bool) -> Result<Value> {
    let mode = mode(c, 1, function)?;
    let sketch = read(c, 0, function, double)?;
    let numbers = sketch.summaries();
    let found = match mode {
        Mode::Sum => numbers.fold(0.0, |sum, v| sum + v),
        Mode::Min => numbers.reduce(f64::min).unwrap_or(0.0),
        Mode::Max => numbers.reduce(f64::max).unwrap_or(0.0),
        Mode::AlwaysOne => numbers.count() as f64,
    };
    Ok(if double { Value::Double(found) } else { Value::Long(found as i64) })
}
