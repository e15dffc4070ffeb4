use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Numbers, Outcome, Sketch, params};
use super::{aggregate, binary, constant, exactly, hinted, is_constant, made};
use crate::coerce::{cast_to, described, expect, literal, text, wrong_type};
use crate::sketches::{Kll, invalid_kll};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The functions of one kind of numbers.
macro_rules! functions {
    ($numbers:ident, $build:literal $unite:literal $summary:literal $count:literal $merge:literal $quantile:literal $rank:literal) => {
        &[
            aggregate(
                $build,
                "A KLL sketch, which tells quantiles and ranks of the values. A larger `k` (8 to 65535, 200 where it is left out) errs less.",
                params!("col", "?k"),
                Sketch::Kll(Numbers::$numbers),
                |args| {
                    exactly($build, args, 0, items(Numbers::$numbers))?;
                    size($build, args)
                },
            ),
            aggregate(
                $unite,
                "All KLL sketches in one, with this `k` (8 to 65535) or, where it is left out, with the first one's.",
                params!("col", "?k"),
                Sketch::KllMerge(Numbers::$numbers),
                |args| {
                    binary($unite, args, 0)?;
                    size($unite, args)
                },
            ),
            Function::rows(
                $summary,
                "What a KLL sketch holds, as text for people.",
                params!("col"),
                |args| of_one($summary, args, DataType::String),
                |c| Ok(read(c, 0, $summary, Numbers::$numbers)?.summary().into()),
            ),
            Function::rows(
                $count,
                "How many values a KLL sketch has seen.",
                params!("col"),
                |args| of_one($count, args, DataType::Long),
                |c| Ok(Value::Long(read(c, 0, $count, Numbers::$numbers)?.count() as i64)),
            ),
            Function::rows(
                $merge,
                "Two KLL sketches in one, with the first one's `k`.",
                params!("left", "right"),
                |args| {
                    expect($merge, args, 1, &DataType::Binary)?;
                    of_one($merge, args, DataType::Binary)
                },
                |c| {
                    let mut both = read(c, 0, $merge, Numbers::$numbers)?;
                    both.unite(&read(c, 1, $merge, Numbers::$numbers)?);
                    Ok(Value::Binary(both.bytes().into()))
                },
            ),
            Function::rows(
                $quantile,
                "The quantile of a rank (0 to 1) that a KLL sketch tells, or those of an array of ranks.",
                params!("sketch", "rank"),
                |args| asked($quantile, args, "rank", &DataType::Double, item(Numbers::$numbers)),
                |c| {
                    let sketch = read(c, 0, $quantile, Numbers::$numbers)?;
                    each(c, |rank| {
                        let rank = rank.as_f64().unwrap_or(0.0);
                        if !(0.0..=1.0).contains(&rank) {
                            let text = format!("For function `{}`, the quantile value must be between 0.0 and 1.0 (inclusive).", $quantile);
                            return Err(Error::runtime(text).with_condition("KLL_SKETCH_INVALID_QUANTILE_RANGE"));
                        }
                        sketch.quantile(rank).ok_or_else(|| invalid_kll($quantile))
                    })
                },
            ),
            Function::rows(
                $rank,
                "The rank (0 to 1) of a quantile that a KLL sketch tells, or those of an array of quantiles.",
                params!("sketch", "quantile"),
                |args| asked($rank, args, "quantile", &item(Numbers::$numbers), DataType::Double),
                |c| {
                    let sketch = read(c, 0, $rank, Numbers::$numbers)?;
                    each(c, |quantile| sketch.rank(quantile).map(Value::Double).ok_or_else(|| invalid_kll($rank)))
                },
            ),
        ]
    };
}

pub(in crate::functions) const LONGS: &[Function] = functions!(Long,
    "kll_sketch_agg_bigint" "kll_merge_agg_bigint" "kll_sketch_to_string_bigint" "kll_sketch_get_n_bigint" "kll_sketch_merge_bigint"
    "kll_sketch_get_quantile_bigint" "kll_sketch_get_rank_bigint");

pub(in crate::functions) const FLOATS: &[Function] = functions!(Float,
    "kll_sketch_agg_float" "kll_merge_agg_float" "kll_sketch_to_string_float" "kll_sketch_get_n_float" "kll_sketch_merge_float"
    "kll_sketch_get_quantile_float" "kll_sketch_get_rank_float");

pub(in crate::functions) const DOUBLES: &[Function] = functions!(Double,
    "kll_sketch_agg_double" "kll_merge_agg_double" "kll_sketch_to_string_double" "kll_sketch_get_n_double" "kll_sketch_merge_double"
    "kll_sketch_get_quantile_double" "kll_sketch_get_rank_double");

fn item(numbers: Numbers) -> DataType {
    match numbers {
        Numbers::Long => DataType::Long,
        Numbers::Float => DataType::Float,
        Numbers::Double => DataType::Double,
    }
}

/// The types that the values of a sketch may have.
fn items(numbers: Numbers) -> &'static [DataType] {
    match numbers {
        Numbers::Long => &[DataType::Byte, DataType::Int, DataType::Long, DataType::Short],
        Numbers::Float => &[DataType::Float],
        Numbers::Double => &[DataType::Float, DataType::Double],
    }
}

fn size(function: &str, args: &mut [Typed]) -> Result<Outcome> {
    exactly(function, args, 1, &[DataType::Int])?;
    constant(function, args, 1, "k")?;
    if let Some(k) = literal(function, args, 1)?.and_then(Value::as_i64)
        && !(8..=65_535).contains(&k)
    {
        let text = format!("For function `{function}`, the k parameter must be between 8 and 65535 (inclusive), but got {k}.");
        hinted(Err(Error::runtime(text).with_condition("KLL_SKETCH_K_OUT_OF_RANGE")), function, args)?;
    }
    made()
}

fn of_one(function: &str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    expect(function, args, 0, &DataType::Binary)?;
    Ok(Outcome::strict(result, args))
}

/// A function of a sketch and of one value, or of an array of them, that is the same for all rows.
fn asked(function: &str, args: &mut [Typed], name: &str, wanted: &DataType, given: DataType) -> Result<Outcome> {
    expect(function, args, 0, &DataType::Binary)?;
    let both = format!("({} or ARRAY<{}>)", wanted.sql(), wanted.sql());
    let result = match &args[1].data_type {
        DataType::Array(_, true) => return Err(wrong_type(function, args, 1, &both)),
        DataType::Array(element, false) if element.is_numeric() => {
            cast_to(&mut args[1], &DataType::Array(wanted.clone().into(), false));
            DataType::Array(given.into(), false)
        }
        DataType::Array(..) => return Err(wrong_type(function, args, 1, &both)),
        from => {
            if from.is_numeric() || matches!(from, DataType::String | DataType::Null) {
                cast_to(&mut args[1], wanted);
            }
            exactly(function, args, 1, std::slice::from_ref(wanted))?;
            given
        }
    };
    if !is_constant(&args[1]) {
        let call = described(function, args);
        let text = format!(
            "Cannot resolve {call} due to data type mismatch: the input `{name}` should be a foldable {} expression; however, got {}.",
            wanted.sql(),
            text(&args[1])
        );
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"));
    }
    Ok(Outcome::strict(result, args))
}

fn read(c: &Cells<'_>, i: usize, function: &str, numbers: Numbers) -> Result<Kll> {
    Kll::read(c.bytes(i), numbers).ok_or_else(|| invalid_kll(function))
}

/// What `f` makes of the second argument, or of each of its elements.
fn each(c: &Cells<'_>, f: impl Fn(&Value) -> Result<Value>) -> Result<Value> {
    match &c.values[1] {
        Value::Array(items) => Ok(Value::Array(items.iter().map(f).collect::<Result<_>>()?)),
        one => f(one),
    }
}
