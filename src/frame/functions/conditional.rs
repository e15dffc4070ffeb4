use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{ArrayRef, BooleanArray};
use arrow_buffer::BooleanBuffer;
use kindling_partition::Result;

use super::compare::nulls_of;
use super::declare::{Args, Function, Outcome, params};
use super::loops::Arg;
use crate::batch::{comparator, gather};
use crate::coerce::{unify, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar("coalesce", "The first value that isn't null.", params!("*cols"), |args| first_of("coalesce", args), coalesce),
    Function::scalar(
        "ifnull",
        "`col2` where `col1` is null, else `col1`.",
        params!("col1", "col2"),
        |args| first_of("ifnull", args),
        coalesce,
    ),
    Function::scalar(
        "nullif",
        "Null where both are equal, else `col1`.",
        params!("col1", "col2"),
        |args| {
            let common = unify("nullif", args)?;
            Ok(Outcome::new(common, true))
        },
        null_if,
    ),
    Function::scalar(
        "nvl2",
        "`col2` where `col1` isn't null, else `col3`.",
        params!("col1", "col2", "col3"),
        |args| {
            let common = unify("nvl2", &mut args[1..])?;
            Ok(Outcome::new(common, args[1].nullable || args[2].nullable))
        },
        |args| {
            let present = BooleanArray::new(!&nulls_of(&args.args[0], args.rows), None);
            choose(&present, &args.args[1], &args.args[2], args.rows)
        },
    ),
    Function::scalar(
        "nanvl",
        "`col2` where `col1` is NaN, else `col1`.",
        params!("col1", "col2"),
        |args| {
            let common = unify("nanvl", args)?;
            let common = if common == DataType::Float { common } else { DataType::Double };
            args.iter_mut().for_each(|a| crate::coerce::cast_to(a, &common));
            Ok(Outcome::new(common, args.iter().any(|a| a.nullable)))
        },
        nanvl,
    ),
    Function::scalar(
        "greatest",
        "The largest value, nulls left out.",
        params!("col1", "col2", "*cols"),
        |args| extreme_of("greatest", args),
        |args| extreme(args, true),
    ),
    Function::scalar(
        "least",
        "The smallest value, nulls left out.",
        params!("col1", "col2", "*cols"),
        |args| extreme_of("least", args),
        |args| extreme(args, false),
    ),
];

fn first_of(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let common = unify(name, args)?;
    Ok(Outcome::new(common, args.iter().all(|a| a.nullable)))
}

fn extreme_of(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let common = unify(name, args)?;
    if matches!(common, DataType::Map(..) | DataType::Vector | DataType::Matrix) {
        return Err(wrong_type(name, args, 0, "ORDERABLE"));
    }
    Ok(Outcome::new(common, args.iter().all(|a| a.nullable)))
}

/// `left` where `condition` is true, `right` where it is false or null.
pub(crate) fn choose(condition: &BooleanArray, left: &Arg, right: &Arg, rows: usize) -> Result<ArrayRef> {
    let (left, right) = (left.expand(rows)?, right.expand(rows)?);
    pick(condition, left, right)
}

fn pick(condition: &BooleanArray, left: ArrayRef, right: ArrayRef) -> Result<ArrayRef> {
    gather(&[left, right], condition.iter().enumerate().map(|(i, chosen)| (usize::from(chosen != Some(true)), i)))
}

fn coalesce(args: &Args<'_>) -> Result<ArrayRef> {
    let mut result = args.args[0].clone();
    for next in &args.args[1..] {
        let present = BooleanArray::new(!&nulls_of(&result, args.rows), None);
        if present.true_count() == args.rows && !result.scalar {
            break;
        }
        let array = choose(&present, &result, next, args.rows)?;
        result = Arg { array, scalar: false, data_type: result.data_type.clone() };
    }
    result.expand(args.rows)
}

fn null_if(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (args.args[0].expand(args.rows)?, args.args[1].expand(args.rows)?);
    let order = comparator(&left, &right)?;
    let nulls = (nulls_of(&args.args[0], args.rows), nulls_of(&args.args[1], args.rows));
    let equal = BooleanBuffer::collect_bool(args.rows, |i| !nulls.0.value(i) && !nulls.1.value(i) && order(i, i).is_eq());
    crate::select::nullif(&left, &BooleanArray::new(equal, None))
}

fn nanvl(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (&args.args[0], &args.args[1]);
    if *args.result == DataType::Float {
        let (a, b) = (left.nums::<Float32Type>(), right.nums::<Float32Type>());
        args.rows_to_nums::<Float32Type>(|i| Ok(if a.get(i).is_some_and(f32::is_nan) { b.get(i) } else { a.get(i) }))
    } else {
        let (a, b) = (left.nums::<Float64Type>(), right.nums::<Float64Type>());
        args.rows_to_nums::<Float64Type>(|i| Ok(if a.get(i).is_some_and(f64::is_nan) { b.get(i) } else { a.get(i) }))
    }
}

fn extreme(args: &Args<'_>, largest: bool) -> Result<ArrayRef> {
    let mut best = args.args[0].expand(args.rows)?;
    for next in &args.args[1..] {
        let next = next.expand(args.rows)?;
        let order = comparator(&best, &next)?;
        let keep = BooleanBuffer::collect_bool(args.rows, |i| {
            if best.is_null(i) || next.is_null(i) {
                next.is_null(i)
            } else if largest {
                order(i, i).is_ge()
            } else {
                order(i, i).is_le()
            }
        });
        best = pick(&BooleanArray::new(keep, None), best, next)?;
    }
    Ok(best)
}
