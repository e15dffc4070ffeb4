//! Forms of SQL that stand for functions or for simpler expressions: `BETWEEN`, `extract`, `int(x)`.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::column::Column;
use crate::expr::Expr;
use crate::functions::lookup;
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
        ("<<", [value, bits]) => call("shiftleft", &[value, bits]),
        (">>", [value, bits]) => call("shiftright", &[value, bits]),
        (">>>", [value, bits]) => call("shiftrightunsigned", &[value, bits]),
        ("space", [length]) if !known => call("repeat", &[&Expr::Literal(" ".into()).into(), length]),
        ("luhn_check", [text]) if !known => call(crate::functions::LUHN, &[text]),
        ("space" | "luhn_check", args) if !known => {
            let text = format!("The `{function}` requires 1 parameters but the actual number is {}.", args.len());
            return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
        }
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
        (name, args) if !known && crate::variables::routine(name).is_some() => return crate::sql::inlined(name, args),
        (name, args) if !known && crate::functions::is_registered(name) => {
            let args = args.iter().map(|a| Column::from(a.clone())).collect();
            return Ok(crate::functions::registered(name, args).map(|column| column.expr().clone()));
        }
        // `double(x)`: a type's name casts.
        (name, [value]) if !known => match casts_to(name) {
            Some(to) => Expr::Cast { child: value.clone(), to, to_null: false }.into(),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// The type that a function such as `double` casts to.
pub(crate) fn casts_to(name: &str) -> Option<DataType> {
    const NAMES: [&str; 12] =
        ["boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "date", "timestamp", "binary", "string"];
    NAMES.contains(&name).then(|| DataType::parse(name).ok()).flatten()
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
