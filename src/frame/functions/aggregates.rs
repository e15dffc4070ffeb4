use kindling_partition::{Error, Result};

use super::declare::{Aggregate, Body, Function, Outcome, Param, params};
use crate::coerce::{adjusted_decimal, cast_to, expect, literal, unify, wrong_type};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// What `WITHIN GROUP` makes: functions that take the column that it sorts by, and no name in Python.
pub(crate) const CONTINUOUS: &str = "percentile_cont within";
pub(crate) const DISCRETE: &str = "percentile_disc within";
pub(crate) const LARGEST_MODE: &str = "mode within";

pub(super) const FUNCTIONS: &[Function] = &[
    declare("count", "How many rows, or how many where the column isn't null.", params!("*cols"), Aggregate::Count, |args| {
        let _ = args;
        Ok(Outcome::new(DataType::Long, false))
    }),
    declare("sum", "The sum, nulls left out.", params!("col"), Aggregate::Sum, |args| {
        if args[0].data_type.is_ansi_interval() {
            return Ok(Outcome::new(args[0].data_type.clone(), true));
        }
        numeric("sum", args)?;
        let result = match args[0].data_type {
            DataType::Decimal(p, s) => adjusted_decimal(i16::from(p) + 10, i16::from(s)),
            ref t if t.is_integral() => DataType::Long,
            _ => DataType::Double,
        };
        if !matches!(result, DataType::Decimal(..)) {
            cast_to(&mut args[0], &result);
        }
        Ok(Outcome::new(result, true))
    }),
    declare("avg", "The mean, nulls left out.", params!("col"), Aggregate::Avg, |args| {
        if let Some(interval) = whole_interval(&args[0].data_type) {
            return Ok(Outcome::new(interval, true));
        }
        numeric("avg", args)?;
        if let DataType::Decimal(p, s) = args[0].data_type {
            return Ok(Outcome::new(adjusted_decimal(i16::from(p) + 4, i16::from(s) + 4), true));
        }
        cast_to(&mut args[0], &DataType::Double);
        Ok(Outcome::new(DataType::Double, true))
    }),
    declare("min", "The smallest value.", params!("col"), Aggregate::Min, |args| orderable("min", args)),
    declare("max", "The largest value.", params!("col"), Aggregate::Max, |args| orderable("max", args)),
    declare(
        "first",
        "The first value; with `ignorenulls`, the first that isn't null.",
        params!("col", "?ignorenulls"),
        Aggregate::First { ignore_nulls: false },
        one,
    ),
    declare(
        "last",
        "The last value; with `ignorenulls`, the last that isn't null.",
        params!("col", "?ignorenulls"),
        Aggregate::Last { ignore_nulls: false },
        one,
    ),
    declare("stddev", "The standard deviation of a sample.", params!("col"), Aggregate::StddevSamp, |args| doubles("stddev", args)),
    declare("stddev_samp", "The standard deviation of a sample.", params!("col"), Aggregate::StddevSamp, |args| {
        doubles("stddev_samp", args)
    }),
    declare("stddev_pop", "The standard deviation of a whole population.", params!("col"), Aggregate::StddevPop, |args| {
        doubles("stddev_pop", args)
    }),
    declare("var_samp", "The variance of a sample.", params!("col"), Aggregate::VarSamp, |args| doubles("var_samp", args)),
    declare("var_pop", "The variance of a whole population.", params!("col"), Aggregate::VarPop, |args| doubles("var_pop", args)),
    declare("skewness", "The skewness.", params!("col"), Aggregate::Skewness, |args| doubles("skewness", args)),
    declare("kurtosis", "The excess kurtosis.", params!("col"), Aggregate::Kurtosis, |args| doubles("kurtosis", args)),
    declare("corr", "Pearson's correlation.", params!("col1", "col2"), Aggregate::Corr, |args| doubles("corr", args)),
    declare("covar_samp", "The covariance of a sample.", params!("col1", "col2"), Aggregate::CovarSamp, |args| doubles("covar_samp", args)),
    declare("covar_pop", "The covariance of a whole population.", params!("col1", "col2"), Aggregate::CovarPop, |args| {
        doubles("covar_pop", args)
    }),
    declare("collect_list", "The values that aren't null, as an array.", params!("col"), Aggregate::CollectList, list),
    declare("collect_set", "The different values that aren't null, as an array.", params!("col"), Aggregate::CollectSet, list),
    declare(
        "approx_count_distinct",
        "About how many different values (HyperLogLog++); `rsd` is the largest standard deviation allowed.",
        params!("col", "?rsd"),
        Aggregate::ApproxCountDistinct,
        |args| {
            expect("approx_count_distinct", args, 1, &DataType::Double)?;
            literal("approx_count_distinct", args, 1)?;
            Ok(Outcome::new(DataType::Long, false))
        },
    ),
    declare(
        "percentile",
        "The exact percentile(s), interpolated.",
        params!("col", "=percentage", "?frequency"),
        Aggregate::Percentile,
        |args| {
            expect("percentile", args, 0, &DataType::Double)?;
            percentages("percentile", args, &DataType::Double)
        },
    ),
    declare(
        CONTINUOUS,
        "The percentile(s) of WITHIN GROUP (ORDER BY col), interpolated.",
        params!("col", "=percentage", "?reverse"),
        Aggregate::Percentile,
        |args| ordered_percentile(CONTINUOUS, args),
    ),
    declare(
        DISCRETE,
        "The percentile(s) of WITHIN GROUP (ORDER BY col): values that are there.",
        params!("col", "=percentage", "?reverse"),
        Aggregate::PercentileDisc,
        |args| ordered_percentile(DISCRETE, args),
    ),
    declare(
        "percentile_approx",
        "The smallest value that is not below the share `percentage` of the values.",
        params!("col", "=percentage", "?accuracy"),
        Aggregate::PercentileApprox,
        |args| {
            numeric("percentile_approx", args)?;
            let value = args[0].data_type.clone();
            percentages("percentile_approx", args, &value)
        },
    ),
    declare("median", "The exact median, interpolated.", params!("col"), Aggregate::Median, |args| doubles("median", args)),
    declare(
        LARGEST_MODE,
        "The most frequent value; of several the largest.",
        params!("col", "=deterministic", "=largest"),
        Aggregate::Mode,
        |args| Ok(Outcome::new(args[0].data_type.clone(), true)),
    ),
    declare("mode", "The most frequent value; of several the smallest.", params!("col", "?deterministic"), Aggregate::Mode, |args| {
        Ok(Outcome::new(args[0].data_type.clone(), true))
    }),
    declare("bool_and", "Whether all are true.", params!("col"), Aggregate::BoolAnd, |args| boolean("bool_and", args)),
    declare("bool_or", "Whether one is true.", params!("col"), Aggregate::BoolOr, |args| boolean("bool_or", args)),
    declare("count_if", "How many rows are true.", params!("col"), Aggregate::CountIf, |args| {
        boolean("count_if", args)?;
        Ok(Outcome::new(DataType::Long, false))
    }),
    declare(
        "max_by",
        "The value of `col` where `ord` is largest, or the `k` values.",
        params!("col", "ord", "?k"),
        Aggregate::MaxBy,
        |args| best("max_by", args),
    ),
    declare(
        "min_by",
        "The value of `col` where `ord` is smallest, or the `k` values.",
        params!("col", "ord", "?k"),
        Aggregate::MinBy,
        |args| best("min_by", args),
    ),
    declare("product", "The product, nulls left out.", params!("col"), Aggregate::Product, |args| doubles("product", args)),
];

const fn declare(
    name: &'static str,
    doc: &'static str,
    params: &'static [Param],
    aggregate: Aggregate,
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
) -> Function {
    Function { name, doc, params, resolve, body: Body::Aggregate(aggregate) }
}

fn best(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let Some(k) = literal(name, args, 2)? else { return Ok(Outcome::new(args[0].data_type.clone(), true)) };
    if k.as_i64().is_none_or(|k| !(1..=100_000).contains(&k)) {
        let text =
            format!("Cannot resolve {}: the k must be between [1, 100000] (current value = {k}).", crate::coerce::described(name, args));
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"));
    }
    Ok(Outcome::new(DataType::Array(Box::new(args[0].data_type.clone()), true), true))
}

/// An interval type with all its units.
pub(super) fn whole_interval(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::DayTimeInterval(..) => Some(DataType::DayTimeInterval(0, 3)),
        DataType::YearMonthInterval(..) => Some(DataType::YearMonthInterval(0, 1)),
        _ => None,
    }
}

fn numeric(name: &'static str, args: &mut [Typed]) -> Result<()> {
    if matches!(args[0].data_type, DataType::String | DataType::Null) {
        cast_to(&mut args[0], &DataType::Double);
    }
    if args[0].data_type.is_numeric() { Ok(()) } else { Err(wrong_type(name, args, 0, "NUMERIC")) }
}

fn doubles(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::Double)?;
    }
    Ok(Outcome::new(DataType::Double, true))
}

fn boolean(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Boolean)?;
    Ok(Outcome::new(DataType::Boolean, true))
}

fn orderable(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if matches!(args[0].data_type, DataType::Map(..) | DataType::Vector | DataType::Matrix) {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: the function {name} does not support ordering on type \"{}\".",
            crate::coerce::described(name, args),
            args[0].data_type.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"));
    }
    Ok(Outcome::new(args[0].data_type.clone(), true))
}

fn one(args: &mut [Typed]) -> Result<Outcome> {
    expect("first", args, 1, &DataType::Boolean)?;
    literal("first", args, 1)?;
    Ok(Outcome::new(args[0].data_type.clone(), true))
}

fn list(args: &mut [Typed]) -> Result<Outcome> {
    Ok(Outcome::new(DataType::Array(Box::new(args[0].data_type.clone()), false), false))
}

fn ordered_percentile(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Double)?;
    percentages(name, &mut args[..2], &DataType::Double)
}

/// # Errors
/// `DATATYPE_MISMATCH.NON_FOLDABLE_INPUT`, `DATATYPE_MISMATCH.UNEXPECTED_NULL`, `DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE`
fn percentages(name: &'static str, args: &mut [Typed], value: &DataType) -> Result<Outcome> {
    let many = match &args[1].data_type {
        DataType::Array(..) => {
            cast_to(&mut args[1], &DataType::array(DataType::Double));
            true
        }
        _ => {
            expect(name, args, 1, &DataType::Double)?;
            false
        }
    };
    if args.len() > 2 {
        unify(name, &mut args[2..])?;
    }
    let mut references = std::collections::BTreeSet::new();
    args[1].references(&mut references);
    if !references.is_empty() {
        literal(name, args, 1)?;
    }
    // Also those of an array as it is written.
    let any = |test: &dyn Fn(&Value) -> bool| args[1].any(&|part| matches!(&part.kind, Kind::Literal(value) if test(value)));
    let problem = if any(&|value| value.is_null()) {
        Some(("DATATYPE_MISMATCH.UNEXPECTED_NULL", "the percentage must not be null"))
    } else if any(&|value| value.as_f64().is_some_and(|share| !(0.0..=1.0).contains(&share))) {
        Some(("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "the percentage must be between [0.0, 1.0]"))
    } else {
        None
    };
    if let Some((condition, what)) = problem {
        let text = format!("Cannot resolve {} due to data type mismatch: {what}.", crate::coerce::described(name, args));
        return Err(Error::analysis(text).with_condition(condition));
    }
    Ok(Outcome::new(if many { DataType::Array(Box::new(value.clone()), false) } else { value.clone() }, true))
}
