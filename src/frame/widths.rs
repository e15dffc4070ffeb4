//! Columns of tables declared as CHAR(n) and VARCHAR(n): what is written into them fits, and what CHAR is compared with is as wide
//! (Spark's `CharVarcharUtils` and `ApplyCharTypePadding`).

use std::cell::Cell;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::analyze::make_call;
use crate::expr::Attribute;
use crate::functions::{Function, Outcome, params};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::{Row, Value};

/// Whether tables and schemas take CHAR and VARCHAR for plain strings; false.
pub(crate) const AS_STRING: &str = "spark.sql.legacy.charVarcharAsString";
/// Whether they are types of their own beyond tables, which Kindling doesn't have.
pub(crate) const PRESERVED: &str = "spark.sql.preserveCharVarcharTypeInfo";

thread_local! {
    /// Plans are made on the driver's thread.
    static ARE_STRINGS: Cell<bool> = const { Cell::new(false) };
}

/// As before any setting.
pub(crate) fn reset() {
    ARE_STRINGS.set(false);
}

/// Takes notice of a setting.
///
/// # Errors
/// `spark.sql.preserveCharVarcharTypeInfo` switched on.
pub(crate) fn set(key: &str, value: &str) -> Result<()> {
    let on = value.eq_ignore_ascii_case("true");
    match key {
        AS_STRING => ARE_STRINGS.set(on),
        PRESERVED if on => {
            return Err(Error::unsupported(format!(
                "Kindling keeps the widths of CHAR and VARCHAR in tables only: {PRESERVED} stays off."
            )));
        }
        _ => {}
    }
    Ok(())
}

/// Whether CHAR and VARCHAR are plain strings in tables.
pub(crate) fn are_strings() -> bool {
    ARE_STRINGS.get()
}

/// The type as a schema of rows takes it: with strings for CHAR and VARCHAR where the setting says so.
///
/// # Errors
/// `UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING`
pub fn as_strings(data_type: &DataType) -> Result<DataType> {
    let plain = data_type.plain();
    if plain == *data_type || are_strings() {
        return Ok(plain);
    }
    let text = format!(
        "The char/varchar type can't be used in the table schema. If you want Spark treat them as string type as same as Spark 3.0 and \
         earlier, please set \"{AS_STRING}\" to \"true\"."
    );
    Err(Error::analysis(text).with_condition("UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING"))
}

/// The type of rows that come from the notebook.
///
/// # Errors
/// `INTERNAL_ERROR`, as Spark says it, for CHAR and VARCHAR.
pub fn of_rows(data_type: DataType) -> Result<DataType> {
    if data_type.plain() == data_type {
        return Ok(data_type);
    }
    let text = format!("Logical plan should not have output of char/varchar type when {PRESERVED} is false. Use a string instead.");
    Err(Error::analysis(text).with_condition("INTERNAL_ERROR"))
}

/// Functions that nobody can write. Their names begin as those of the steps that no column's name tells.
pub(crate) const FIT: &str = "zone:fit";
const PAD: &str = "zone:pad";

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::rows(
        FIT,
        "The value as a column of declared widths takes it.",
        params!("value", "=type"),
        |args| Ok(Outcome::new(args[0].data_type.clone(), args[0].nullable)),
        |c| fitted(&c.values[0], &DataType::parse_whole(c.text(1))?),
    ),
    Function::rows(
        PAD,
        "The text with spaces up to a width.",
        params!("value", "=width"),
        |args| Ok(Outcome::new(DataType::String, args[0].nullable)),
        |c| Ok(padded(c.text(0), c.long(1) as usize)),
    ),
];

fn padded(text: &str, width: usize) -> Value {
    format!("{text:width$}").into()
}

/// # Errors
/// `EXCEED_LIMIT_LENGTH` when more than spaces would be lost.
pub(crate) fn fitted(value: &Value, declared: &DataType) -> Result<Value> {
    Ok(match (value, declared) {
        (Value::String(text), DataType::Char(length) | DataType::Varchar(length)) => {
            let most = *length as usize;
            let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
            if !text[end..].bytes().all(|b| b == b' ') {
                let text = format!("Exceeds char/varchar type length limitation: {length}.");
                return Err(Error::runtime(text).with_condition("EXCEED_LIMIT_LENGTH"));
            }
            padded(&text[..end], if matches!(declared, DataType::Char(_)) { most } else { 0 })
        }
        (Value::Array(items), DataType::Array(element, _)) => {
            Value::Array(items.iter().map(|item| fitted(item, element)).collect::<Result<_>>()?)
        }
        (Value::Map(entries), DataType::Map(key, item, _)) => {
            Value::Map(entries.iter().map(|(k, v)| Ok((fitted(k, key)?, fitted(v, item)?))).collect::<Result<_>>()?)
        }
        (Value::Struct(row), DataType::Struct(fields)) => {
            let values = row.values.iter().zip(fields).map(|(v, f)| fitted(v, &f.data_type)).collect::<Result<_>>()?;
            Value::Struct(Row { names: Arc::clone(&row.names), values })
        }
        (value, _) => value.clone(),
    })
}

/// Fills up columns of CHAR and the plain texts or other such columns that they are compared with, to the widest of them.
pub(crate) fn pad(attributes: &[Attribute], args: &mut [Typed]) -> Result<()> {
    if are_strings() {
        return Ok(());
    }
    let width = |arg: &Typed| match &arg.kind {
        Kind::Literal(Value::String(text)) => Some((text.chars().count(), false)),
        Kind::Attribute(id, _) => match attributes.iter().find(|a| a.id == *id)?.field.declared()? {
            DataType::Char(length) => Some((length as usize, true)),
            _ => None,
        },
        _ => None,
    };
    let Some(widths) = args.iter().map(width).collect::<Option<Vec<_>>>() else { return Ok(()) };
    let widest = widths.iter().map(|w| w.0).max().unwrap_or(0);
    if !widths.iter().any(|w| w.1) {
        return Ok(());
    }
    for (arg, _) in args.iter_mut().zip(widths).filter(|(_, (width, _))| *width < widest) {
        let value = std::mem::replace(arg, Typed::literal(Value::Null));
        *arg = make_call(PAD, vec![value, Typed::literal(Value::Int(widest as i32))], false)?;
    }
    Ok(())
}
