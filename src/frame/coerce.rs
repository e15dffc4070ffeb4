//! Which types fit together, by Spark's ANSI rules, and the casts that make them fit.

use kindling_partition::{Error, Result};

use crate::expr::Expr;
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// The type that values of both types can have without losing what they mean (`AnsiTypeCoercion.findWiderTypeForTwo`).
pub(crate) fn wider(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType as T;
    Some(match (a, b) {
        (a, b) if a == b => a.clone(),
        (T::Null, other) | (other, T::Null) => other.clone(),
        (T::Decimal(p1, s1), T::Decimal(p2, s2)) => {
            let scale = *s1.max(s2);
            bounded_decimal(i16::from(*p1) - i16::from(*s1), i16::from(*p2) - i16::from(*s2), scale)
        }
        (T::Decimal(..), T::Float | T::Double) | (T::Float | T::Double, T::Decimal(..)) => T::Double,
        (T::Decimal(..), other) if other.is_integral() => return wider(a, &decimal_for(other)?),
        (other, T::Decimal(..)) if other.is_integral() => return wider(&decimal_for(other)?, b),
        (T::Float, other) | (other, T::Float) if other.is_integral() => T::Double,
        (a, b) if rank(a).is_some() && rank(b).is_some() => {
            if rank(a) >= rank(b) {
                a.clone()
            } else {
                b.clone()
            }
        }
        (T::Date, T::Timestamp) | (T::Timestamp, T::Date) => T::Timestamp,
        (T::Time(a), T::Time(b)) => T::Time(*a.max(b)),
        (T::DayTimeInterval(a, b), T::DayTimeInterval(c, d)) => T::DayTimeInterval(*a.min(c), *b.max(d)),
        (T::YearMonthInterval(a, b), T::YearMonthInterval(c, d)) => T::YearMonthInterval(*a.min(c), *b.max(d)),
        (T::Date | T::Timestamp, T::TimestampNtz) | (T::TimestampNtz, T::Date | T::Timestamp) => T::TimestampNtz,
        (T::String, other) | (other, T::String) => match other {
            T::Float | T::Double | T::Decimal(..) => T::Double,
            other if other.is_integral() => T::Long,
            T::Date | T::Timestamp | T::TimestampNtz | T::Time(_) | T::Boolean | T::Binary | T::Variant => other.clone(),
            _ => return None,
        },
        (T::Array(a, n1), T::Array(b, n2)) => T::Array(Box::new(wider(a, b)?), *n1 || *n2),
        (T::Map(k1, v1, n1), T::Map(k2, v2, n2)) => T::Map(Box::new(wider(k1, k2)?), Box::new(wider(v1, v2)?), *n1 || *n2),
        (T::Struct(a), T::Struct(b)) if a.len() == b.len() => T::Struct(
            a.iter()
                .zip(b)
                .map(|(x, y)| {
                    let mut field = x.clone();
                    field.data_type = wider(&x.data_type, &y.data_type)?;
                    field.nullable |= y.nullable;
                    Some(field)
                })
                .collect::<Option<_>>()?,
        ),
        _ => return None,
    })
}

fn rank(data_type: &DataType) -> Option<u8> {
    Some(match data_type {
        DataType::Byte => 0,
        DataType::Short => 1,
        DataType::Int => 2,
        DataType::Long => 3,
        DataType::Float => 4,
        DataType::Double => 5,
        _ => return None,
    })
}

fn bounded_decimal(whole1: i16, whole2: i16, scale: i8) -> DataType {
    adjusted_decimal(whole1.max(whole2) + i16::from(scale), i16::from(scale))
}

/// A decimal type cut to 38 digits the way Spark does, keeping at least 6 digits of the fraction (`DecimalType.adjustPrecisionScale`).
pub(crate) fn adjusted_decimal(precision: i16, scale: i16) -> DataType {
    if precision <= 38 {
        return DataType::Decimal(precision as u8, scale as i8);
    }
    let whole = precision - scale;
    DataType::Decimal(38, (38 - whole).max(scale.min(6)) as i8)
}

/// The decimal type that holds every value of an integral type.
pub(crate) fn decimal_for(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Byte => DataType::Decimal(3, 0),
        DataType::Short => DataType::Decimal(5, 0),
        DataType::Int => DataType::Decimal(10, 0),
        DataType::Long => DataType::Decimal(20, 0),
        DataType::Decimal(..) => data_type.clone(),
        _ => return None,
    })
}

/// Makes the expression of this type by a cast where it is of another.
pub(crate) fn cast_to(expr: &mut Typed, to: &DataType) {
    if expr.data_type == *to {
        return;
    }
    if let Kind::Literal(Value::Null) = expr.kind {
        expr.data_type = to.clone();
        return;
    }
    if same_layout(&expr.data_type, to) {
        expr.data_type = to.clone();
        return;
    }
    let child = std::mem::replace(expr, Typed::literal(Value::Null));
    *expr = crate::zone::cast(child, to, false);
}

/// Types that differ only in what may be null.
pub(crate) fn same_layout(a: &DataType, b: &DataType) -> bool {
    match (a, b) {
        (DataType::Array(a, _), DataType::Array(b, _)) => same_layout(a, b),
        (DataType::Map(k1, v1, _), DataType::Map(k2, v2, _)) => same_layout(k1, k2) && same_layout(v1, v2),
        (DataType::Struct(a), DataType::Struct(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.name == y.name && same_layout(&x.data_type, &y.data_type))
        }
        (a, b) => a == b,
    }
}

/// Brings all arguments to their common type.
pub(crate) fn unify(function: &str, args: &mut [Typed]) -> Result<DataType> {
    let common = args.iter().try_fold(DataType::Null, |common, arg| wider(&common, &arg.data_type)).ok_or_else(|| {
        let types: Vec<String> = args.iter().map(|a| format!("\"{}\"", a.data_type.sql())).collect();
        Error::analysis(format!(
            "Cannot resolve {}: its arguments should all have the same type, but they are {}.",
            described(function, args),
            types.join(", ")
        ))
        .with_condition("DATATYPE_MISMATCH.DATA_DIFF_TYPES")
    })?;
    args.iter_mut().for_each(|arg| cast_to(arg, &common));
    Ok(common)
}

/// Whether Spark casts an argument of this type by itself where the other is expected (`AnsiTypeCoercion.implicitCast`).
fn casts_implicitly(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    match (from, to) {
        (from, to) if from == to => true,
        (T::Null, _) => true,
        (T::Array(..) | T::Map(..) | T::Struct(_) | T::Vector, _) => false,
        (_, T::String) => true,
        (T::String, T::Int | T::Long | T::Double | T::Date | T::Timestamp | T::Boolean | T::Binary) => true,
        (T::Date, T::Timestamp) | (T::Timestamp, T::Date) | (T::TimestampNtz, T::Timestamp | T::Date) => true,
        (T::Date | T::Timestamp | T::String, T::TimestampNtz) => true,
        (T::Time(_), T::Timestamp | T::TimestampNtz) | (T::String | T::Timestamp | T::TimestampNtz, T::Time(_)) => true,
        (from, T::Double) => from.is_numeric(),
        (from, T::Long) => from.is_integral(),
        (from, T::Int) => from.is_integral(),
        _ => false,
    }
}

/// Casts argument `i` to the type that the function expects.
pub(crate) fn expect(function: &str, args: &mut [Typed], i: usize, to: &DataType) -> Result<()> {
    let Some(arg) = args.get(i) else { return Ok(()) };
    if !casts_implicitly(&arg.data_type, to) {
        return Err(wrong_type(function, args, i, &to.sql()));
    }
    cast_to(&mut args[i], to);
    Ok(())
}

/// `DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE`
pub(crate) fn wrong_type(function: &str, args: &[Typed], i: usize, expected: &str) -> Error {
    const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    let ordinal = ORDINALS.get(i).copied().unwrap_or("last");
    let arg = &args[i];
    Error::analysis(format!(
        "Cannot resolve {} due to data type mismatch: the {ordinal} parameter requires the {expected} type, however {} has the type {}.",
        described(function, args),
        text(arg),
        arg.data_type.sql()
    ))
    .with_condition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE")
}

/// The plain value that a literal argument has; none when it was left out.
///
/// # Errors
/// `DATATYPE_MISMATCH.NON_FOLDABLE_INPUT` when the argument is no literal.
pub(crate) fn literal<'a>(function: &str, args: &'a [Typed], i: usize) -> Result<Option<&'a Value>> {
    match args.get(i).map(folded) {
        None => Ok(None),
        Some(Some(value)) => Ok(Some(value)),
        Some(None) => {
            Err(Error::analysis(format!("{} needs a plain value there, not the column {}.", described(function, args), text(&args[i])))
                .with_condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"))
        }
    }
}

fn folded(expr: &Typed) -> Option<&Value> {
    match &expr.kind {
        Kind::Literal(value) => Some(value),
        Kind::Cast { child, .. } => folded(child),
        _ => None,
    }
}

/// An analyzed expression as messages show it.
pub(crate) fn text(expr: &Typed) -> String {
    syntax(expr).to_string()
}

/// The call as messages show it: `"(name * 2)"`.
pub(crate) fn described(function: &str, args: &[Typed]) -> String {
    let args = args.iter().map(|a| syntax(a).into()).collect();
    format!("\"{}\"", Expr::Call { function: function.into(), args, distinct: false })
}

/// The expression as somebody would have written it; casts that Spark put in are left out.
pub(crate) fn syntax(expr: &Typed) -> Expr {
    if let Some(inner) = crate::zone::unzoned(expr) {
        return syntax(inner);
    }
    match &expr.kind {
        Kind::Attribute(_, name) => Expr::Name(name.clone()),
        Kind::Literal(value) => Expr::Literal(value.clone()),
        Kind::Call { function, args, distinct } => {
            Expr::Call { function: function.name.into(), args: args.iter().map(|a| syntax(a).into()).collect(), distinct: *distinct }
        }
        Kind::Native { name, args, .. } => {
            Expr::Call { function: name.clone(), args: args.iter().map(|a| syntax(a).into()).collect(), distinct: false }
        }
        Kind::Cast { child, .. } => syntax(child),
        Kind::Window(over) => {
            let name = match over.function {
                crate::window::OverFunction::Aggregate(function) => function.name,
                _ => "window",
            };
            Expr::Call { function: name.into(), args: over.args.iter().map(|a| syntax(a).into()).collect(), distinct: false }
        }
        Kind::Variable(_, name) => Expr::Variable(name.clone()),
        Kind::Lambda { params, body } => Expr::Lambda { params: params.iter().map(|_| "x".into()).collect(), body: syntax(body).into() },
        Kind::Case { branches, otherwise } => Expr::Case {
            branches: branches.iter().map(|(c, v)| (syntax(c).into(), syntax(v).into())).collect(),
            otherwise: otherwise.as_ref().map(|o| syntax(o).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DataType as T;

    /// The table of least common types in Spark's "ANSI compliance" page.
    #[test]
    fn types_widen_as_in_ansi_mode() {
        let cases = [
            (T::Int, T::Long, Some(T::Long)),
            (T::Int, T::Float, Some(T::Double)),
            (T::Float, T::Double, Some(T::Double)),
            (T::String, T::Int, Some(T::Long)),
            (T::String, T::Double, Some(T::Double)),
            (T::String, T::Date, Some(T::Date)),
            (T::Date, T::Timestamp, Some(T::Timestamp)),
            (T::Decimal(10, 2), T::Int, Some(T::Decimal(12, 2))),
            (T::Boolean, T::Int, None),
        ];
        for (a, b, common) in cases {
            assert_eq!(wider(&a, &b), common, "{a} and {b}");
            assert_eq!(wider(&b, &a), common, "{b} and {a}");
        }
    }
}
