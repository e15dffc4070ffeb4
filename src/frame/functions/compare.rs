use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use kindling_partition::{Error, Result};

use super::declare::{Args, Function, Outcome, params};
use super::loops::{Arg, strict_nulls};
use crate::coerce::{cast_to, described, expect, unify, wider};
use crate::typed::Typed;
use crate::types::DataType;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "=",
        "Whether both are equal; null when one is null.",
        params!("left", "right"),
        |a| comparison("=", a),
        |a| compare(a, Test::Eq),
    ),
    Function::scalar("<", "Whether the left is less.", params!("left", "right"), |a| comparison("<", a), |a| compare(a, Test::Lt)),
    Function::scalar(
        "<=",
        "Whether the left is less or equal.",
        params!("left", "right"),
        |a| comparison("<=", a),
        |a| compare(a, Test::Le),
    ),
    Function::scalar(">", "Whether the left is greater.", params!("left", "right"), |a| comparison(">", a), |a| compare(a, Test::Gt)),
    Function::scalar(
        ">=",
        "Whether the left is greater or equal.",
        params!("left", "right"),
        |a| comparison(">=", a),
        |a| compare(a, Test::Ge),
    ),
    Function::scalar(
        "<=>",
        "Whether both are equal, where null equals null.",
        params!("left", "right"),
        |args| comparison("<=>", args).map(|o| Outcome::new(o.data_type, false)),
        null_safe,
    ),
    Function::scalar("in", "Whether the value is one of the options.", params!("col", "*options"), resolve_in, is_in),
    Function::scalar("and", "True when both are.", params!("left", "right"), |a| logical("and", a), |a| Ok(Arc::new(and(a)))),
    Function::scalar("or", "True when one is.", params!("left", "right"), |a| logical("or", a), |a| Ok(Arc::new(or(a)))),
    Function::scalar(
        "not",
        "True when it isn't.",
        params!("col"),
        |args| logical("not", args),
        |args| {
            let truths = args.args[0].bools();
            Ok(Arc::new(BooleanArray::new(!truths.values(), truths.nulls().cloned())))
        },
    ),
    Function::scalar(
        "isnull",
        "Whether the value is null.",
        params!("col"),
        |_| Ok(Outcome::new(DataType::Boolean, false)),
        |args| Ok(Arc::new(BooleanArray::new(nulls_of(&args.args[0], args.rows), None))),
    ),
    Function::scalar(
        "isnotnull",
        "Whether the value is not null.",
        params!("col"),
        |_| Ok(Outcome::new(DataType::Boolean, false)),
        |args| Ok(Arc::new(BooleanArray::new(!&nulls_of(&args.args[0], args.rows), None))),
    ),
    Function::scalar(
        "isnan",
        "Whether the number is NaN; false for null.",
        params!("col"),
        |args| {
            if args[0].data_type != DataType::Float {
                expect("isnan", args, 0, &DataType::Double)?;
            }
            Ok(Outcome::new(DataType::Boolean, false))
        },
        is_nan,
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Eq,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Test {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

fn comparison(sign: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    let (left, right) = (args[0].data_type.clone(), args[1].data_type.clone());
    let Some(common) = wider(&left, &right).filter(|t| !matches!(t, DataType::Map(..))) else {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: the left and right operands of the binary operator have incompatible types (\"{}\" and \"{}\").",
            described(sign, args),
            left.sql(),
            right.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"));
    };
    if common == DataType::CalendarInterval {
        return Err(Error::analysis(format!(
            "Cannot resolve {} due to data type mismatch: the binary operator does not support ordering on type \"INTERVAL\".",
            described(sign, args)
        ))
        .with_condition("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"));
    }
    args.iter_mut().for_each(|a| cast_to(a, &common));
    Ok(Outcome::strict(DataType::Boolean, args))
}

fn compare(args: &Args<'_>, test: Test) -> Result<ArrayRef> {
    let nulls = strict_nulls(args.args, args.rows);
    Ok(Arc::new(BooleanArray::new(order_bits(&args.args[0], &args.args[1], args.rows, test)?, nulls)))
}

/// How two doubles compare in Spark: NaN equals NaN and is the largest, both zeros are equal.
pub(crate) fn double_order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn order_bits(left: &Arg, right: &Arg, rows: usize, test: Test) -> Result<BooleanBuffer> {
    let numbers = |f: &dyn Fn(usize) -> bool| BooleanBuffer::collect_bool(rows, f);
    Ok(match left.data_type {
        DataType::Double => {
            let (a, b) = (left.nums::<Float64Type>(), right.nums::<Float64Type>());
            match test {
                Test::Eq => BooleanBuffer::collect_bool(rows, |i| {
                    let (a, b) = (a.raw(i), b.raw(i));
                    a == b || a.is_nan() && b.is_nan()
                }),
                Test::Lt => BooleanBuffer::collect_bool(rows, |i| a.raw(i) < b.raw(i) || b.raw(i).is_nan() && !a.raw(i).is_nan()),
                Test::Le => BooleanBuffer::collect_bool(rows, |i| a.raw(i) <= b.raw(i) || b.raw(i).is_nan()),
                Test::Gt => BooleanBuffer::collect_bool(rows, |i| a.raw(i) > b.raw(i) || a.raw(i).is_nan() && !b.raw(i).is_nan()),
                Test::Ge => BooleanBuffer::collect_bool(rows, |i| a.raw(i) >= b.raw(i) || a.raw(i).is_nan()),
            }
        }
        DataType::Float => {
            let (a, b) = (left.nums::<Float32Type>(), right.nums::<Float32Type>());
            numbers(&|i| test.holds(double_order(f64::from(a.raw(i)), f64::from(b.raw(i)))))
        }
        DataType::Byte => ordered::<Int8Type>(left, right, rows, test),
        DataType::Short => ordered::<Int16Type>(left, right, rows, test),
        DataType::Int | DataType::YearMonthInterval(..) => ordered::<Int32Type>(left, right, rows, test),
        DataType::Long | DataType::DayTimeInterval(..) | DataType::Time(_) => ordered::<Int64Type>(left, right, rows, test),
        DataType::Decimal(..) => ordered::<Decimal128Type>(left, right, rows, test),
        DataType::Date => ordered::<Date32Type>(left, right, rows, test),
        DataType::Timestamp | DataType::TimestampNtz => ordered::<TimestampMicrosecondType>(left, right, rows, test),
        DataType::Boolean => {
            let (a, b) = (left.bools(), right.bools());
            numbers(&|i| test.holds(a.value(left.at(i)).cmp(&b.value(right.at(i)))))
        }
        DataType::String => {
            let (a, b) = (left.array.as_string::<i32>(), right.array.as_string::<i32>());
            numbers(&|i| test.holds(a.value(left.at(i)).cmp(b.value(right.at(i)))))
        }
        DataType::Binary => {
            let (a, b) = (left.array.as_binary::<i32>(), right.array.as_binary::<i32>());
            numbers(&|i| test.holds(a.value(left.at(i)).cmp(b.value(right.at(i)))))
        }
        DataType::Null => BooleanBuffer::new_unset(rows),
        _ => {
            let order = crate::batch::comparator(&left.array, &right.array)?;
            numbers(&|i| test.holds(order(left.at(i), right.at(i))))
        }
    })
}

fn ordered<T: ArrowPrimitiveType>(left: &Arg, right: &Arg, rows: usize, test: Test) -> BooleanBuffer
where
    T::Native: Ord,
{
    let (a, b) = (left.nums::<T>(), right.nums::<T>());
    match test {
        Test::Eq => BooleanBuffer::collect_bool(rows, |i| a.raw(i) == b.raw(i)),
        Test::Lt => BooleanBuffer::collect_bool(rows, |i| a.raw(i) < b.raw(i)),
        Test::Le => BooleanBuffer::collect_bool(rows, |i| a.raw(i) <= b.raw(i)),
        Test::Gt => BooleanBuffer::collect_bool(rows, |i| a.raw(i) > b.raw(i)),
        Test::Ge => BooleanBuffer::collect_bool(rows, |i| a.raw(i) >= b.raw(i)),
    }
}

fn null_safe(args: &Args<'_>) -> Result<ArrayRef> {
    let (left, right) = (&args.args[0], &args.args[1]);
    let equal = order_bits(left, right, args.rows, Test::Eq)?;
    let null = |arg: &Arg, i: usize| arg.data_type == DataType::Null || arg.is_null(i);
    let truths = BooleanBuffer::collect_bool(args.rows, |i| match (null(left, i), null(right, i)) {
        (false, false) => equal.value(i),
        (a, b) => a && b,
    });
    Ok(Arc::new(BooleanArray::new(truths, None)))
}

fn resolve_in(args: &mut [Typed]) -> Result<Outcome> {
    unify("in", args)?;
    Ok(Outcome::new(DataType::Boolean, args.iter().any(|a| a.nullable)))
}

/// True when an option equals the value, else null when the value or an option is null, else false.
fn is_in(args: &Args<'_>) -> Result<ArrayRef> {
    let value = &args.args[0];
    let mut found = BooleanBuffer::new_unset(args.rows);
    let mut unknown = nulls_of(value, args.rows);
    for option in &args.args[1..] {
        args.context.executor.check()?;
        let nulls = nulls_of(option, args.rows);
        found = &found | &(&order_bits(value, option, args.rows, Test::Eq)? & &!&nulls);
        unknown = &unknown | &nulls;
    }
    let value_nulls = nulls_of(value, args.rows);
    found = &found & &!&value_nulls;
    let valid = NullBuffer::new(&found | &!&unknown);
    Ok(Arc::new(BooleanArray::new(found, Some(valid).filter(|n| n.null_count() > 0))))
}

fn logical(sign: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        if !matches!(args[i].data_type, DataType::Boolean | DataType::Null) {
            let mixed = args.iter().any(|a| a.data_type != args[i].data_type);
            return Err(Error::analysis(format!(
                "Cannot resolve {} due to data type mismatch: '{sign}' requires boolean operands, but {} is {}.",
                described(sign, args),
                crate::coerce::text(&args[i]),
                args[i].data_type.sql()
            ))
            .with_condition(if mixed {
                "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"
            } else {
                "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"
            }));
        }
        cast_to(&mut args[i], &DataType::Boolean);
    }
    Ok(Outcome::strict(DataType::Boolean, args))
}

/// The rows that are true, and those that are null, of a boolean argument.
fn truth_and_null(arg: &Arg, rows: usize) -> (BooleanBuffer, BooleanBuffer) {
    let nulls = nulls_of(arg, rows);
    let truths = if arg.scalar {
        if arg.bools().value(0) { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) }
    } else {
        arg.bools().values().clone()
    };
    (&truths & &!&nulls, nulls)
}

/// Three-valued and: false wins over null.
pub(crate) fn and(args: &Args<'_>) -> BooleanArray {
    let ((a, a_null), (b, b_null)) = (truth_and_null(&args.args[0], args.rows), truth_and_null(&args.args[1], args.rows));
    let (a_false, b_false) = (!&(&a | &a_null), !&(&b | &b_null));
    let truths = &a & &b;
    let known = &(&truths | &a_false) | &b_false;
    BooleanArray::new(truths, Some(NullBuffer::new(known)).filter(|n| n.null_count() > 0))
}

/// Three-valued or: true wins over null.
pub(crate) fn or(args: &Args<'_>) -> BooleanArray {
    let ((a, a_null), (b, b_null)) = (truth_and_null(&args.args[0], args.rows), truth_and_null(&args.args[1], args.rows));
    let truths = &a | &b;
    let known = &truths | &!&(&a_null | &b_null);
    BooleanArray::new(truths, Some(NullBuffer::new(known)).filter(|n| n.null_count() > 0))
}

pub(super) fn nulls_of(arg: &Arg, rows: usize) -> BooleanBuffer {
    if arg.scalar {
        let null = arg.data_type == DataType::Null || arg.array.is_null(0);
        return if null { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) };
    }
    arg.array.logical_nulls().map_or_else(|| BooleanBuffer::new_unset(rows), |n| !n.inner())
}

fn is_nan(args: &Args<'_>) -> Result<ArrayRef> {
    let arg = &args.args[0];
    let valid = !&nulls_of(arg, args.rows);
    let nan = if arg.data_type == DataType::Float {
        let numbers = arg.nums::<Float32Type>();
        BooleanBuffer::collect_bool(args.rows, |i| numbers.raw(i).is_nan())
    } else {
        let numbers = arg.nums::<Float64Type>();
        BooleanBuffer::collect_bool(args.rows, |i| numbers.raw(i).is_nan())
    };
    Ok(Arc::new(BooleanArray::new(&nan & &valid, None)))
}
