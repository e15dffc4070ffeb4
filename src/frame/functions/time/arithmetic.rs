//! `+ - * /` where a time or an interval takes part: which function each stands for, by the types of both sides (Spark's
//! `BinaryArithmeticWithDatetimeResolver`).

use arrow_array::ArrayRef;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kindling_partition::{Error, ErrorKind, Result};

use super::super::aggregates::whole_interval;
use super::super::declare::{Args, Cells, Function, Outcome, params};
use super::super::loops::Arg;
use super::super::temporal::add_months;
use super::units::plus_months;
use crate::batch::value_at;
use crate::coerce::{cast_to, wrong_type};
use crate::datetime::{MICROS_PER_DAY, MICROS_PER_SECOND, NANOS_PER_DAY};
use crate::numbers::divide_half_up;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The function that an operator stands for over these arguments; none for an operator of numbers. The interval or number that stood first
/// stands second afterwards.
///
/// # Errors
/// `DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE` when an interval is added to what it can't be.
pub(crate) fn time_operator(sign: &str, args: &mut [Typed]) -> Result<Option<&'static str>> {
    let name = match &*args {
        [one] => unary(sign, &one.data_type),
        [left, right] => binary(sign, &left.data_type, &right.data_type),
        _ => None,
    };
    let clock = |a: &Typed| matches!(a.data_type, DataType::Time(_));
    if name.is_none() && matches!(sign, "+" | "-") && args.len() == 2 && args.iter().any(clock) {
        let dated =
            |a: &Typed| matches!(a.data_type, DataType::Date | DataType::Timestamp | DataType::TimestampNtz | DataType::CalendarInterval);
        if let Some(i) = args.iter().position(dated) {
            return Err(wrong_type(sign, args, i, "INTERVAL DAY TO SECOND"));
        }
    } else if name.is_none() && matches!(sign, "+" | "-") && args.len() == 2 {
        let other = |i: usize| is_span(&args[1 - i].data_type) && !matches!(args[i].data_type, DataType::String | DataType::Null);
        if let Some(i) = (0..2).find(|i| other(*i)) {
            return Err(wrong_type(sign, args, i, &args[1 - i].data_type.sql()));
        }
    }
    if name.is_some_and(|name| unswapped(name).is_some()) {
        args.swap(0, 1);
    }
    Ok(name)
}

/// The name of a function without the note that its arguments were written the other way round; none when they weren't.
pub(crate) fn unswapped(name: &str) -> Option<&'static str> {
    Some(match name {
        "+ time" => "time +",
        "+days date" => "date +days",
        "* span" => "span *",
        "* calendar" => "calendar *",
        _ => return None,
    })
}

fn is_span(data_type: &DataType) -> bool {
    data_type.is_ansi_interval() || *data_type == DataType::CalendarInterval
}

fn unary(sign: &str, of: &DataType) -> Option<&'static str> {
    match sign {
        "negative" if is_span(of) => Some("span negative"),
        "abs" if of.is_ansi_interval() => Some("span abs"),
        "signum" if of.is_ansi_interval() => Some("span sign"),
        _ => None,
    }
}

pub(in super::super) fn binary(sign: &str, left: &DataType, right: &DataType) -> Option<&'static str> {
    use DataType as T;
    let time = |t: &T| matches!(t, T::Date | T::Timestamp | T::TimestampNtz);
    let number = |t: &T| t.is_numeric() || *t == T::String;
    let small = |t: &T| matches!(t, T::Byte | T::Short | T::Int);
    let days = |t: &T| *t == T::DayTimeInterval(0, 0);
    // Of a time of the day a span of days to seconds is taken, and nothing else.
    let clock = |t: &T| matches!(t, T::Time(_));
    let by_clock = |t: &T| matches!(t, T::DayTimeInterval(..) | T::Null);
    let clocks = |t: &T| clock(t) || matches!(t, T::String | T::Null);
    let alike = matches!(
        (left, right),
        (T::DayTimeInterval(..), T::DayTimeInterval(..))
            | (T::YearMonthInterval(..), T::YearMonthInterval(..))
            | (T::CalendarInterval, T::CalendarInterval)
    );
    Some(match (sign, left, right) {
        ("+", T::Date, by) if days(by) => "date +days",
        ("+", by, T::Date) if days(by) => "+days date",
        ("-", T::Date, by) if days(by) => "date -days",
        ("+", T::Date, by) if small(by) => "date_add",
        ("-", T::Date, by) if small(by) => "date_sub",
        ("+", base, by) if clock(base) && by_clock(by) => "time +",
        ("+", by, base) if clock(base) && by_clock(by) => "+ time",
        ("-", base, by) if clock(base) && matches!(by, T::DayTimeInterval(..)) => "time -",
        ("-", a, b) if clocks(a) && clocks(b) && (clock(a) || clock(b)) => "hour -",
        ("+", base, by) if time(base) && is_span(by) => "time +",
        ("+", by, base) if time(base) && is_span(by) => "+ time",
        ("-", base, by) if time(base) && is_span(by) => "time -",
        ("-", T::Date, T::Date) => "days -",
        ("-", a, b) if time(a) && time(b) => "times -",
        ("+", ..) if alike => "span +",
        ("-", ..) if alike => "span -",
        ("*", T::CalendarInterval, by) if number(by) => "calendar *",
        ("*", by, T::CalendarInterval) if number(by) => "* calendar",
        ("/", T::CalendarInterval, by) if number(by) => "calendar /",
        ("*", span, by) if is_span(span) && number(by) => "span *",
        ("*", by, span) if is_span(span) && number(by) => "* span",
        ("/", span, by) if is_span(span) && number(by) => "span /",
        _ => return None,
    })
}

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::scalar("time +", "The time later by an interval.", params!("time", "by", "~zone"), resolve_moved, |a| moved(a, 1)),
    Function::scalar("+ time", "The time later by an interval.", params!("time", "by", "~zone"), resolve_moved, |a| moved(a, 1)),
    Function::scalar("time -", "The time earlier by an interval.", params!("time", "by", "~zone"), resolve_moved, |a| moved(a, -1)),
    Function::scalar("date +days", "The date later by days.", params!("date", "by"), resolve_moved, |a| moved(a, 1)),
    Function::scalar("+days date", "The date later by days.", params!("date", "by"), resolve_moved, |a| moved(a, 1)),
    Function::scalar("date -days", "The date earlier by days.", params!("date", "by"), resolve_moved, |a| moved(a, -1)),
    Function::scalar(
        "days -",
        "The days between two dates.",
        params!("left", "right"),
        |args| Ok(Outcome::strict(DataType::DayTimeInterval(0, 0), args)),
        |args| {
            let (a, b) = (args.args[0].nums::<Date32Type>(), args.args[1].nums::<Date32Type>());
            args.rows_to_nums::<Int64Type>(|i| Ok(a.get(i).zip(b.get(i)).map(|(a, b)| (i64::from(a) - i64::from(b)) * MICROS_PER_DAY)))
        },
    ),
    Function::scalar(
        "times -",
        "The time between two times.",
        params!("left", "right"),
        |args| {
            let clock = args.iter().any(|a| a.data_type == DataType::TimestampNtz);
            args.iter_mut().for_each(|a| cast_to(a, if clock { &DataType::TimestampNtz } else { &DataType::Timestamp }));
            Ok(Outcome::strict(DataType::DayTimeInterval(0, 3), args))
        },
        |args| {
            let (a, b) = (args.args[0].nums::<TimestampMicrosecondType>(), args.args[1].nums::<TimestampMicrosecondType>());
            args.rows_to_nums::<Int64Type>(|i| match a.get(i).zip(b.get(i)) {
                Some((a, b)) => a.checked_sub(b).map(Some).ok_or_else(overflow),
                None => Ok(None),
            })
        },
    ),
    Function::scalar(
        "hour -",
        "The time between two times of the day.",
        params!("left", "right"),
        |args| {
            crate::time_type::needed()?;
            for arg in args.iter_mut().filter(|a| !matches!(a.data_type, DataType::Time(_))) {
                cast_to(arg, &DataType::Time(6));
            }
            Ok(Outcome::new(DataType::DayTimeInterval(1, 3), true))
        },
        |args| args.binary::<Int64Type, Int64Type, Int64Type>(|a, b| a.wrapping_sub(b) / 1000),
    ),
    Function::rows("span +", "The sum of two intervals.", params!("left", "right"), resolve_alike, |c| sum(c, 1)),
    Function::rows("span -", "The difference of two intervals.", params!("left", "right"), resolve_alike, |c| sum(c, -1)),
    Function::rows("span *", "So many times the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, false)),
    Function::rows("* span", "So many times the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, false)),
    Function::rows("span /", "A part of the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, true)),
    Function::rows("calendar *", "So many times the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, false)),
    Function::rows("* calendar", "So many times the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, false)),
    Function::rows("calendar /", "A part of the interval.", params!("span", "by"), resolve_scaled, |c| scaled(c, true)),
    Function::rows("span negative", "The interval the other way.", params!("span"), resolve_same, |c| times(&c.values[0], -1)),
    Function::rows("span abs", "The interval without its sign.", params!("span"), resolve_same, |c| {
        times(&c.values[0], if count(&c.values[0]) < 0 { -1 } else { 1 })
    }),
    Function::rows(
        "span sign",
        "-1, 0 or 1 by the interval's sign.",
        params!("span"),
        |args| Ok(Outcome::strict(DataType::Double, args)),
        |c| Ok(Value::Double(count(&c.values[0]).signum() as f64)),
    ),
];

fn overflow() -> Error {
    Error::new(ErrorKind::Arithmetic, "Integer overflow while operating with intervals. Use the try_ function to get null instead.")
        .with_condition("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION")
}

fn resolve_moved(args: &mut [Typed]) -> Result<Outcome> {
    if args[0].data_type == DataType::Date && matches!(args[1].data_type, DataType::DayTimeInterval(_, 1..)) {
        cast_to(&mut args[0], &DataType::Timestamp);
    }
    if let DataType::Time(precision) = args[0].data_type {
        crate::time_type::needed()?;
        // Seconds of an interval have six digits of a fraction.
        let seconds = !matches!(args[1].data_type, DataType::DayTimeInterval(_, ..3));
        return Ok(Outcome::new(DataType::Time(if seconds { precision.max(6) } else { precision }), true));
    }
    Ok(Outcome::strict(args[0].data_type.clone(), args))
}

fn resolve_alike(args: &mut [Typed]) -> Result<Outcome> {
    let common = crate::coerce::unify("+", args)?;
    Ok(Outcome::strict(common, args))
}

fn resolve_same(args: &mut [Typed]) -> Result<Outcome> {
    Ok(Outcome::strict(args[0].data_type.clone(), args))
}

fn resolve_scaled(args: &mut [Typed]) -> Result<Outcome> {
    let result = whole_interval(&args[0].data_type).unwrap_or(DataType::CalendarInterval);
    if args[1].data_type == DataType::String || result == DataType::CalendarInterval {
        cast_to(&mut args[1], &DataType::Double);
    }
    Ok(Outcome::strict(result, args))
}

/// Months, days and microseconds of a row's interval.
fn parts(by: &Arg, row: usize) -> Option<(i64, i64, i64)> {
    match by.data_type {
        DataType::DayTimeInterval(..) => by.nums::<Int64Type>().get(row).map(|v| (0, v / MICROS_PER_DAY, v % MICROS_PER_DAY)),
        DataType::YearMonthInterval(..) => by.nums::<Int32Type>().get(row).map(|v| (i64::from(v), 0, 0)),
        _ => match value_at(&by.array, &by.data_type, by.at(row)) {
            Value::CalendarInterval { months, days, micros } => Some((i64::from(months), i64::from(days), micros)),
            _ => None,
        },
    }
}

fn moved(args: &Args<'_>, sign: i64) -> Result<ArrayRef> {
    let (base, by) = (&args.args[0], &args.args[1]);
    let too_far =
        || Error::new(ErrorKind::Arithmetic, "Datetime operation overflow: the time is out of range.").with_condition("DATETIME_OVERFLOW");
    if base.data_type == DataType::Date {
        let dates = base.nums::<Date32Type>();
        return args.rows_to_nums::<Date32Type>(|i| {
            let Some((date, (months, days, micros))) = dates.get(i).zip(parts(by, i)) else { return Ok(None) };
            if micros != 0 {
                return Err(Error::illegal_argument(
                    "Cannot add hours, minutes or seconds, milliseconds, microseconds to a date: cast it to a timestamp.",
                ));
            }
            let date = add_months(date, (sign * months) as i32);
            i32::try_from(i64::from(date) + sign * days).map(Some).map_err(|_| too_far())
        });
    }
    if matches!(base.data_type, DataType::Time(_)) {
        let times = base.nums::<Int64Type>();
        return args.rows_to_nums::<Int64Type>(|i| {
            let Some((time, (_, days, micros))) = times.get(i).zip(parts(by, i)) else { return Ok(None) };
            let moved = micros.checked_add(days * MICROS_PER_DAY).and_then(|m| time.checked_add(m.checked_mul(1000 * sign)?));
            moved.filter(|m| (0..NANOS_PER_DAY).contains(m)).map(Some).ok_or_else(too_far)
        });
    }
    let times = base.nums::<TimestampMicrosecondType>();
    args.rows_to_nums::<TimestampMicrosecondType>(|i| {
        let Some((time, (months, days, micros))) = times.get(i).zip(parts(by, i)) else { return Ok(None) };
        let time = if months == 0 { Some(time) } else { plus_months(time, sign * months) };
        let time = time.and_then(|t| t.checked_add((sign * days).checked_mul(MICROS_PER_DAY)?));
        time.and_then(|t| t.checked_add(sign * micros)).map(Some).ok_or_else(too_far)
    })
}

/// Microseconds or months of an interval that has an order.
fn count(value: &Value) -> i128 {
    match value {
        Value::DayTimeInterval(micros, ..) => i128::from(*micros),
        Value::YearMonthInterval(months, ..) => i128::from(*months),
        _ => 0,
    }
}

/// An interval of so many microseconds or months in a type.
fn made(count: i128, data_type: &DataType) -> Result<Value> {
    match data_type {
        DataType::DayTimeInterval(from, to) => i64::try_from(count).map(|v| Value::DayTimeInterval(v, *from, *to)),
        DataType::YearMonthInterval(from, to) => i32::try_from(count).map(|v| Value::YearMonthInterval(v, *from, *to)),
        _ => return Ok(Value::Null),
    }
    .map_err(|_| overflow())
}

fn times(value: &Value, by: i32) -> Result<Value> {
    match value {
        Value::CalendarInterval { months, days, micros } => {
            let found = months.checked_mul(by).zip(days.checked_mul(by)).zip(micros.checked_mul(i64::from(by)));
            found.map(|((months, days), micros)| Value::CalendarInterval { months, days, micros }).ok_or_else(overflow)
        }
        other => made(count(other) * i128::from(by), &other.data_type()),
    }
}

fn sum(c: &Cells<'_>, sign: i32) -> Result<Value> {
    match (&c.values[0], times(&c.values[1], sign)?) {
        (Value::CalendarInterval { months, days, micros }, Value::CalendarInterval { months: m, days: d, micros: u }) => {
            let found = months.checked_add(m).zip(days.checked_add(d)).zip(micros.checked_add(u));
            found.map(|((months, days), micros)| Value::CalendarInterval { months, days, micros }).ok_or_else(overflow)
        }
        (left, right) => made(count(left) + count(&right), c.result),
    }
}

/// The interval times a number, or divided by one, rounded half up.
fn scaled(c: &Cells<'_>, divide: bool) -> Result<Value> {
    let zero = match &c.values[1] {
        Value::Decimal { unscaled, .. } => *unscaled == 0,
        other => other.as_f64() == Some(0.0),
    };
    if divide && zero {
        return Err(Error::new(
            ErrorKind::Arithmetic,
            "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.",
        )
        .with_condition("INTERVAL_DIVIDED_BY_ZERO"));
    }
    if let Value::CalendarInterval { months, days, micros } = &c.values[0] {
        let by = c.double(1);
        return calendar(if divide { 1.0 / by } else { by }, *months, *days, *micros, if divide { Some(by) } else { None });
    }
    let whole = count(&c.values[0]);
    let found = match &c.values[1] {
        Value::Decimal { unscaled, scale, .. } => {
            let power = 10_i128.pow(u32::try_from(*scale).unwrap_or(0));
            let (up, down) = if divide { (power, *unscaled) } else { (*unscaled, power) };
            divide_half_up(whole.checked_mul(up).ok_or_else(overflow)?, down)
        }
        Value::Float(_) | Value::Double(_) => {
            let by = c.double(1);
            let found = if divide { whole as f64 / by } else { whole as f64 * by };
            if !found.is_finite() {
                return Err(overflow());
            }
            found.round() as i128
        }
        _ if divide => divide_half_up(whole, i128::from(c.long(1))),
        _ => whole * i128::from(c.long(1)),
    };
    made(found, c.result)
}

/// What is less than a month becomes days, what is less than a day microseconds: Spark's `fromDoubles`.
fn calendar(by: f64, months: i32, days: i32, micros: i64, divisor: Option<f64>) -> Result<Value> {
    let of = |v: f64| divisor.map_or(v * by, |d| v / d);
    let (months, days, micros) = (of(f64::from(months)), of(f64::from(days)), of(micros as f64));
    let whole = months.trunc();
    let days = days + 30.0 * (months - whole);
    let rest = days - days.trunc();
    let micros = micros + rest * MICROS_PER_DAY as f64;
    let fits = |v: f64| v.is_finite() && v.abs() <= f64::from(i32::MAX);
    if !fits(whole) || !fits(days) || !micros.is_finite() || micros.abs() > 9e18 {
        return Err(overflow());
    }
    Ok(Value::CalendarInterval { months: whole as i32, days: days.trunc() as i32, micros: micros.round() as i64 })
}

/// `make_interval` and its like.
pub(in super::super) const MAKERS: &[Function] = &[
    Function::rows(
        "make_dt_interval",
        "The interval of days, hours, minutes and seconds.",
        params!("~days", "~hours", "~mins", "~secs"),
        |args| made_of("make_dt_interval", args, 3, DataType::DayTimeInterval(0, 3)),
        |c| {
            let seconds =
                [86_400, 3600, 60].iter().enumerate().map(|(i, size)| i128::from(c.long(i)) * size * i128::from(MICROS_PER_SECOND));
            made(seconds.sum::<i128>() + i128::from(micros(c, 3)), c.result)
        },
    ),
    Function::rows(
        "make_ym_interval",
        "The interval of years and months.",
        params!("~years", "~months"),
        |args| made_of("make_ym_interval", args, 2, DataType::YearMonthInterval(0, 1)),
        |c| made(i128::from(c.long(0)) * 12 + i128::from(c.long(1)), c.result),
    ),
    Function::rows(
        "make_interval",
        "The interval of years, months, weeks, days, hours, minutes and seconds.",
        params!("~years", "~months", "~weeks", "~days", "~hours", "~mins", "~secs"),
        |args| made_of("make_interval", args, 6, DataType::CalendarInterval),
        |c| {
            let whole = |a: i64, each: i64, b: i64| i32::try_from(i128::from(a) * i128::from(each) + i128::from(b)).ok();
            let time = i128::from(c.long(4) * 3600 + c.long(5) * 60) * i128::from(MICROS_PER_SECOND) + i128::from(micros(c, 6));
            let found = whole(c.long(0), 12, c.long(1)).zip(whole(c.long(2), 7, c.long(3))).zip(i64::try_from(time).ok());
            found.map(|((months, days), micros)| Value::CalendarInterval { months, days, micros }).ok_or_else(|| {
                Error::new(ErrorKind::Arithmetic, "integer overflow. Use 'try_make_interval' to tolerate overflow and return NULL instead.")
                    .with_condition("ARITHMETIC_OVERFLOW")
            })
        },
    ),
    Function::rows_with_nulls(
        "try_make_interval",
        "As make_interval, but null where it is too large.",
        params!("~years", "~months", "~weeks", "~days", "~hours", "~mins", "~secs"),
        |a| super::super::attempts::resolve("make_interval", a),
        |c| super::super::attempts::value("make_interval", c),
    ),
];

/// The microseconds of an argument in seconds.
fn micros(c: &Cells<'_>, i: usize) -> i64 {
    match c.values.get(i) {
        Some(Value::Decimal { unscaled, .. }) => *unscaled as i64,
        _ => 0,
    }
}

/// Whole numbers, but for the last, which has seconds with a fraction.
fn made_of(name: &str, args: &mut [Typed], whole: usize, result: DataType) -> Result<Outcome> {
    for i in 0..args.len() {
        if i < whole {
            crate::coerce::expect(name, args, i, &DataType::Int)?;
        } else if args[i].data_type.is_numeric() || matches!(args[i].data_type, DataType::String | DataType::Null) {
            cast_to(&mut args[i], &DataType::Decimal(18, 6));
        } else {
            return Err(wrong_type(name, args, i, "\"DECIMAL(18,6)\""));
        }
    }
    Ok(Outcome::strict(result, args))
}
