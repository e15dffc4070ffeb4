//! Forms of SQL that stand for functions or for simpler expressions: `BETWEEN`, `extract`, `date + INTERVAL 1 DAY`.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use kindling_partition::{Error, Result};

use crate::analyze::make_call;
use crate::coerce::cast_to;
use crate::datetime;
use crate::expr::{Expr, Interval};
use crate::functions::lookup;
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

fn call(function: &str, args: &[&Arc<Expr>]) -> Arc<Expr> {
    Expr::Call { function: function.into(), args: args.iter().map(|a| (*a).clone()).collect(), distinct: false }.into()
}

/// What a call that is no function stands for; none for an ordinary call.
///
/// # Errors
/// When the form can't be understood: an unknown field of `extract`, a pattern that ends in its escape character.
pub(crate) fn expanded(function: &str, args: &[Arc<Expr>]) -> Result<Option<Arc<Expr>>> {
    let known = lookup(function).is_some();
    Ok(Some(match (function, args) {
        ("-", [child]) => call("negative", &[child]),
        ("mod", [left, right]) if !known => call("%", &[left, right]),
        ("between", [value, low, high]) if !known => call("and", &[&call(">=", &[value, low]), &call("<=", &[value, high])]),
        ("if" | "iff", [condition, yes, no]) if !known => {
            Expr::Case { branches: vec![(condition.clone(), yes.clone())], otherwise: Some(no.clone()) }.into()
        }
        ("extract" | "date_part" | "datepart", [field, source]) if !known => match &**field {
            Expr::Literal(Value::String(field)) => call(part(field)?, &[source]),
            other => {
                return Err(Error::analysis(format!("{function} takes the name of a field, such as YEAR, not {other}."))
                    .with_condition("NON_FOLDABLE_ARGUMENT"));
            }
        },
        ("named_struct", pairs) if !known && !pairs.is_empty() && pairs.len() % 2 == 0 => {
            let members = pairs.chunks(2).map(|pair| match &*pair[0] {
                Expr::Literal(Value::String(name)) => Ok(Expr::Alias { child: pair[1].clone(), name: name.clone(), metadata: None }.into()),
                other => Err(Error::analysis(format!("named_struct takes plain texts for names, not {other}."))
                    .with_condition("DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING")),
            });
            Expr::Call { function: "struct".into(), args: members.collect::<Result<_>>()?, distinct: false }.into()
        }
        ("like" | "ilike", [value, pattern, escape]) => {
            let (Expr::Literal(Value::String(text)), Expr::Literal(Value::String(escape))) = (&**pattern, &**escape) else {
                return Ok(None);
            };
            let text = escaped_by(text, escape).ok_or_else(|| {
                Error::analysis(format!("The pattern '{text}' ends in its escape character, or escapes what needs none."))
                    .with_condition("INVALID_FORMAT.ESC_IN_THE_MIDDLE")
            })?;
            call(function, &[value, &Expr::Literal(text.into()).into()])
        }
        _ => return Ok(None),
    }))
}

/// The function that gives a field of a date or time.
fn part(field: &str) -> Result<&'static str> {
    Ok(match field.to_lowercase().as_str() {
        "year" | "y" | "years" | "yr" | "yrs" => "year",
        "quarter" | "qtr" => "quarter",
        "month" | "mon" | "mons" | "months" => "month",
        "week" | "w" | "weeks" => "weekofyear",
        "day" | "d" | "days" => "dayofmonth",
        "dayofweek" | "dow" => "dayofweek",
        "doy" => "dayofyear",
        "hour" | "h" | "hours" | "hr" | "hrs" => "hour",
        "minute" | "m" | "min" | "mins" | "minutes" => "minute",
        "second" | "s" | "sec" | "seconds" | "secs" => "second",
        _ => {
            return Err(Error::analysis(format!("The field `{field}` is not known; try YEAR, MONTH, DAY, HOUR, MINUTE or SECOND."))
                .with_condition("INVALID_EXTRACT_FIELD"));
        }
    })
}

/// A pattern with backslashes in the place of its own escape character.
fn escaped_by(pattern: &str, escape: &str) -> Option<String> {
    let mut chars = escape.chars();
    let (Some(escape), None) = (chars.next(), chars.next()) else { return None };
    let mut out = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c == escape {
            let next = rest.next().filter(|n| matches!(n, '%' | '_') || *n == escape)?;
            if matches!(next, '%' | '_' | '\\') {
                out.push('\\');
            }
            out.push(next);
        } else {
            if c == '\\' {
                out.push('\\');
            }
            out.push(c);
        }
    }
    Some(out)
}

/// A date or timestamp and an interval, added.
///
/// # Errors
/// `DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES` for any other type.
pub(crate) fn shifted(mut base: Typed, by: &Interval) -> Result<Typed> {
    if base.data_type == DataType::Date && by.micros == 0 {
        if by.months != 0 {
            base = make_call("add_months", vec![base, Typed::literal(Value::Int(by.months))], false)?;
        }
        if by.days != 0 || by.months == 0 {
            base = make_call("date_add", vec![base, Typed::literal(Value::Int(by.days))], false)?;
        }
        return Ok(base);
    }
    match base.data_type {
        DataType::Date | DataType::Null => cast_to(&mut base, &DataType::Timestamp),
        DataType::Timestamp | DataType::TimestampNtz => {}
        ref other => {
            let text = format!("Cannot add {by} to {}: it is no date or timestamp but \"{}\".", crate::coerce::text(&base), other.sql());
            return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"));
        }
    }
    let (by, to) = (by.clone(), base.data_type.to_arrow());
    let func = move |_: &kindling_partition::Executor, args: &[ArrayRef], _: usize| -> Result<ArrayRef> {
        let moments = args[0].as_primitive::<TimestampMicrosecondType>();
        let moved = moments.unary::<_, TimestampMicrosecondType>(|micros| moved(micros, &by)).with_data_type(to.clone());
        Ok(Arc::new(moved))
    };
    let (data_type, nullable) = (base.data_type.clone(), base.nullable);
    Ok(Typed {
        kind: Kind::Native { name: "timestampadd".into(), args: vec![base], func: Arc::new(func), on_driver: false },
        data_type,
        nullable,
    })
}

fn moved(micros: i64, by: &Interval) -> i64 {
    const DAY: i64 = 86_400_000_000;
    let (mut day, time) = (micros.div_euclid(DAY) as i32, micros.rem_euclid(DAY));
    if by.months != 0 {
        let date = datetime::civil(day);
        let months = date.year * 12 + date.month as i32 - 1 + by.months;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        let last = datetime::days_in_month(year, month);
        day = datetime::days(year, month, date.day.min(last)).unwrap_or(day);
    }
    i64::from(day).wrapping_mul(DAY).wrapping_add(time).wrapping_add(by.all_micros())
}
