use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kindling_partition::Result;

use super::declare::{Args, Function, Outcome, params};
use crate::coerce::{cast_to, expect};
use crate::datetime::{Civil, MICROS_PER_DAY, MICROS_PER_SECOND, NANOS_PER_SECOND, civil, days, days_in_month};
use crate::typed::Typed;
use crate::types::DataType;

macro_rules! part {
    ($name:literal, $doc:literal, $f:expr) => {
        Function::scalar(
            $name,
            $doc,
            params!("col"),
            |args| of_date($name, args, DataType::Int),
            |args| args.unary::<Date32Type, Int32Type>($f),
        )
    };
}

macro_rules! clock {
    ($name:literal, $doc:literal, $f:expr) => {
        Function::scalar($name, $doc, params!("col"), |args| on_clock($name, args), |args| second_of_day(args, $f))
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    part!("year", "The year.", |d| civil(d).year),
    part!("quarter", "The quarter, 1 to 4.", |d| (civil(d).month as i32 - 1) / 3 + 1),
    part!("month", "The month, 1 to 12.", |d| civil(d).month as i32),
    part!("dayofmonth", "The day of the month, 1 to 31.", |d| civil(d).day as i32),
    part!("dayofyear", "The day of the year, from 1.", |d| d - days(civil(d).year, 1, 1).unwrap_or(d) + 1),
    part!("dayofweek", "The day of the week, 1 for Sunday to 7 for Saturday.", |d| (d + 4).rem_euclid(7) + 1),
    part!("weekday", "The day of the week, 0 for Monday to 6 for Sunday.", |d| (d + 3).rem_euclid(7)),
    part!("weekofyear", "The week of the year by ISO 8601.", week_of_year),
    clock!("hour", "The hour, 0 to 23.", |s| s / 3600),
    clock!("minute", "The minute, 0 to 59.", |s| s / 60 % 60),
    clock!("second", "The second, 0 to 59.", |s| s % 60),
    Function::scalar(
        "last_day",
        "The last day of the month.",
        params!("date"),
        |args| of_date("last_day", args, DataType::Date),
        |args| {
            args.unary::<Date32Type, Date32Type>(|d| {
                let Civil { year, month, day } = civil(d);
                d + (days_in_month(year, month) - day) as i32
            })
        },
    ),
    Function::scalar(
        "date_add",
        "The date `days` days later.",
        params!("start", "days"),
        |args| shifted("date_add", args),
        |args| args.binary::<Date32Type, Int32Type, Date32Type>(i32::wrapping_add),
    ),
    Function::scalar(
        "date_sub",
        "The date `days` days earlier.",
        params!("start", "days"),
        |args| shifted("date_sub", args),
        |args| args.binary::<Date32Type, Int32Type, Date32Type>(i32::wrapping_sub),
    ),
    Function::scalar(
        "add_months",
        "The date `months` months later, at the month's end when it has no such day.",
        params!("start", "months"),
        |args| shifted("add_months", args),
        |args| args.binary::<Date32Type, Int32Type, Date32Type>(add_months),
    ),
    Function::scalar(
        "datediff",
        "How many days from `start` to `end`.",
        params!("end", "start"),
        |args| {
            expect("datediff", args, 1, &DataType::Date)?;
            of_date("datediff", args, DataType::Int)
        },
        |args| args.binary::<Date32Type, Date32Type, Int32Type>(i32::wrapping_sub),
    ),
    Function::scalar(
        "months_between",
        "How many months from `date2` to `date1`, rounded to 8 digits unless `roundOff` is false.",
        params!("date1", "date2", "?roundOff"),
        |args| {
            expect("months_between", args, 0, &DataType::Timestamp)?;
            expect("months_between", args, 1, &DataType::Timestamp)?;
            Ok(Outcome::strict(DataType::Double, args))
        },
        |args| {
            let round = args.args.get(2).is_none_or(|a| a.bools().value(0));
            let pair = Args { args: &args.args[..2], rows: args.rows, result: args.result, context: args.context };
            pair.binary::<TimestampMicrosecondType, TimestampMicrosecondType, Float64Type>(|a, b| months_between(a, b, round))
        },
    ),
    Function::scalar(
        "next_day",
        "The first date after this one that is a `dayOfWeek` (Mon, Tue, …); null for another word.",
        params!("date", "dayOfWeek"),
        |args| {
            expect("next_day", args, 1, &DataType::String)?;
            of_date("next_day", args, DataType::Date).map(|o| Outcome::new(o.data_type, true))
        },
        |args| {
            let (dates, names) = (args.args[0].nums::<Date32Type>(), args.args[1].strs());
            args.rows_to_nums::<Date32Type>(|i| {
                let (Some(date), Some(day)) = (dates.get(i), names.get(i).and_then(weekday_number)) else { return Ok(None) };
                Ok(Some(date + 1 + (day - 1 - (date + 4)).rem_euclid(7)))
            })
        },
    ),
    Function::scalar(
        "trunc",
        "The first day of the date's year, quarter, month or week; null for another `format`.",
        params!("date", "format"),
        |args| {
            expect("trunc", args, 1, &DataType::String)?;
            of_date("trunc", args, DataType::Date).map(|o| Outcome::new(o.data_type, true))
        },
        |args| {
            let (dates, units) = (args.args[0].nums::<Date32Type>(), args.args[1].strs());
            args.rows_to_nums::<Date32Type>(|i| {
                let (Some(date), Some(unit)) = (dates.get(i), units.get(i)) else { return Ok(None) };
                Ok(truncate_date(date, &unit.to_lowercase()))
            })
        },
    ),
    Function::scalar(
        "date_trunc",
        "The timestamp at the start of its year, month, day, hour …; null for another `format`.",
        params!("format", "timestamp"),
        |args| {
            expect("date_trunc", args, 0, &DataType::String)?;
            expect("date_trunc", args, 1, &DataType::Timestamp)?;
            Ok(Outcome::new(DataType::Timestamp, true))
        },
        |args| {
            let (units, times) = (args.args[0].strs(), args.args[1].nums::<TimestampMicrosecondType>());
            args.rows_to_nums::<TimestampMicrosecondType>(|i| {
                let (Some(unit), Some(time)) = (units.get(i), times.get(i)) else { return Ok(None) };
                Ok(truncate_time(time, &unit.to_lowercase()))
            })
        },
    ),
    Function::scalar(
        "make_date",
        "The date of year, month and day; an error when there is no such day.",
        params!("year", "month", "day"),
        |args| {
            for i in 0..3 {
                expect("make_date", args, i, &DataType::Int)?;
            }
            Ok(Outcome::strict(DataType::Date, args))
        },
        |args| {
            let [y, m, d] = [0, 1, 2].map(|i| args.args[i].nums::<Int32Type>());
            args.rows_to_nums::<Date32Type>(|i| {
                let (Some(y), Some(m), Some(d)) = (y.get(i), m.get(i), d.get(i)) else { return Ok(None) };
                let day = u32::try_from(m).ok().zip(u32::try_from(d).ok()).and_then(|(m, d)| days(y, m, d));
                day.map(Some).ok_or_else(|| {
                    kindling_partition::Error::new(
                        kindling_partition::ErrorKind::DateTime,
                        format!("There is no date of year {y}, month {m}, day {d}."),
                    )
                    .with_condition("DATETIME_FIELD_OUT_OF_BOUNDS")
                })
            })
        },
    ),
    Function::scalar(
        "unix_date",
        "Days since 1970-01-01.",
        params!("col"),
        |args| of_date("unix_date", args, DataType::Int),
        |args| args.unary::<Date32Type, Int32Type>(|d| d),
    ),
];

fn of_date(name: &'static str, args: &mut [Typed], result: DataType) -> Result<Outcome> {
    expect(name, args, 0, &DataType::Date)?;
    Ok(Outcome::strict(result, args))
}

fn on_clock(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if let DataType::Time(_) = args[0].data_type {
        crate::time_type::needed()?;
        return Ok(Outcome::new(DataType::Int, true));
    }
    expect(name, args, 0, &DataType::Timestamp)?;
    Ok(Outcome::strict(DataType::Int, args))
}

/// `f` of the whole seconds since midnight.
fn second_of_day(args: &Args<'_>, f: fn(i64) -> i64) -> Result<arrow_array::ArrayRef> {
    if let DataType::Time(_) = args.args[0].data_type {
        return args.unary::<Int64Type, Int32Type>(|nanos| f(nanos / NANOS_PER_SECOND) as i32);
    }
    args.unary::<TimestampMicrosecondType, Int32Type>(|t| f(t.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND) as i32)
}

fn shifted(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    if args[1].data_type.is_integral() {
        cast_to(&mut args[1], &DataType::Int);
    }
    expect(name, args, 1, &DataType::Int)?;
    of_date(name, args, DataType::Date)
}

fn week_of_year(date: i32) -> i32 {
    // The Thursday of a week decides which year the week belongs to.
    let thursday = date - (date + 3).rem_euclid(7) + 3;
    (thursday - days(civil(thursday).year, 1, 1).unwrap_or(thursday)) / 7 + 1
}

pub(super) fn add_months(date: i32, months: i32) -> i32 {
    let Civil { year, month, day } = civil(date);
    let total = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let (year, month) = (total.div_euclid(12) as i32, total.rem_euclid(12) as u32 + 1);
    days(year, month, day.min(days_in_month(year, month))).unwrap_or(date)
}

/// `DateTimeUtils.monthsBetween`: whole months when both are the same day of the month or both the last one.
fn months_between(a: i64, b: i64, round: bool) -> f64 {
    let split = |t: i64| (civil(t.div_euclid(MICROS_PER_DAY) as i32), t.rem_euclid(MICROS_PER_DAY));
    let ((x, x_micros), (y, y_micros)) = (split(a), split(b));
    let months = f64::from((x.year - y.year) * 12) + f64::from(x.month) - f64::from(y.month);
    let last = |c: Civil| c.day == days_in_month(c.year, c.month);
    if x.day == y.day || last(x) && last(y) {
        return months;
    }
    let seconds = (i64::from(x.day) - i64::from(y.day)) * 86_400 + x_micros / MICROS_PER_SECOND - y_micros / MICROS_PER_SECOND;
    let difference = months + seconds as f64 / (31.0 * 86_400.0);
    if round { (difference * 1e8).round() / 1e8 } else { difference }
}

/// 1 for Monday to 7 for Sunday.
fn weekday_number(name: &str) -> Option<i32> {
    let name = name.to_lowercase();
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .position(|day| name == *day || name == day[..2] || name == day[..3])
        .map(|i| i as i32 + 1)
}

fn truncate_date(date: i32, unit: &str) -> Option<i32> {
    let Civil { year, month, .. } = civil(date);
    match unit {
        "year" | "yyyy" | "yy" => days(year, 1, 1),
        "quarter" => days(year, (month - 1) / 3 * 3 + 1, 1),
        "month" | "mon" | "mm" => days(year, month, 1),
        "week" => Some(date - (date + 3).rem_euclid(7)),
        _ => None,
    }
}

fn truncate_time(time: i64, unit: &str) -> Option<i64> {
    let micros = match unit {
        "microsecond" => 1,
        "millisecond" => 1_000,
        "second" => MICROS_PER_SECOND,
        "minute" => 60 * MICROS_PER_SECOND,
        "hour" => 3_600 * MICROS_PER_SECOND,
        "day" | "dd" => MICROS_PER_DAY,
        unit => return truncate_date(time.div_euclid(MICROS_PER_DAY) as i32, unit).map(|d| i64::from(d) * MICROS_PER_DAY),
    };
    Some(time - time.rem_euclid(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_move_by_the_calendar() {
        let day = |y, m, d| days(y, m, d).expect("a day");
        assert_eq!(add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
        assert_eq!(add_months(day(2024, 3, 15), -15), day(2022, 12, 15));
        assert_eq!((week_of_year(day(2021, 1, 3)), week_of_year(day(2024, 12, 30))), (53, 1));
        assert_eq!(truncate_date(day(2024, 5, 17), "quarter"), Some(day(2024, 4, 1)));
        let at = |d: i32, hours: i64| i64::from(d) * MICROS_PER_DAY + hours * 3_600 * MICROS_PER_SECOND;
        // The example of `months_between` in Spark's documentation.
        assert_eq!(months_between(at(day(1997, 2, 28), 0) + 37_800 * MICROS_PER_SECOND, at(day(1996, 10, 30), 0), true), 3.949_596_77);
    }
}
