//! Folders that are named after values of columns, as `year=2024/month=1`: Spark's `PartitioningUtils`.

use arrow_array::ArrayRef;
use kindling_partition::{Error, Result};

use crate::batch::{array_of, value_at};
use crate::cast::cast;
use crate::dates::{Pattern, parse_date};
use crate::numbers::{decimal_shape, is_double, parse_decimal, parse_long};
use crate::schema::{Schema, same_name};
use crate::types::{DataType, Field};
use crate::value::Value;

/// Where the value is null or an empty text.
pub(crate) const DEFAULT_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// The columns that the folders of all files name, with the type that holds all values of each.
///
/// # Errors
/// When files name different columns.
pub(super) fn columns(files: &[&[String]], schema: Option<&Schema>) -> Result<Vec<Field>> {
    let Some(first) = files.first() else { return Ok(Vec::new()) };
    let names: Vec<&str> = first.iter().filter_map(|folder| folder.split_once('=')).map(|(name, _)| name).collect();
    let mut columns = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let mut data_type = DataType::Null;
        for folders in files {
            let found = folders.get(i).and_then(|folder| folder.split_once('='));
            let Some((_, raw)) = found.filter(|(other, _)| other == name && folders.len() == names.len()) else {
                return Err(conflict(&folders.join("/")));
            };
            data_type = wider(data_type, type_of(raw));
        }
        let given = schema.and_then(|schema| schema.iter().find(|f| same_name(&f.name, &unescaped(name))));
        let data_type = match (given, data_type) {
            (Some(field), _) => field.data_type.clone(),
            (None, found) => found,
        };
        let name = given.map_or_else(|| unescaped(name).into(), |field| field.name.clone());
        columns.push(Field::new(name, data_type, true));
    }
    Ok(columns)
}

fn conflict(path: &str) -> Error {
    let text = format!(
        "The folders don't all name the same columns, as at '{path}'. Each file must lie as deep as the others, in folders such as year=2024/month=1."
    );
    Error::runtime(text).with_condition("CONFLICTING_PARTITION_COLUMN_NAMES")
}

/// The value that a file's folders give a column.
///
/// # Errors
/// When the text isn't of the column's type.
pub(super) fn value(folders: &[String], column: &Field) -> Result<Value> {
    let raw = folders.iter().filter_map(|folder| folder.split_once('=')).find(|(name, _)| same_name(&unescaped(name), &column.name));
    match raw {
        Some((_, raw)) if raw != DEFAULT_PARTITION => {
            let texts: ArrayRef = array_of(&DataType::String, &[Value::string(unescaped(raw))])?;
            Ok(value_at(&cast(&texts, &DataType::String, &column.data_type, false)?, &column.data_type, 0))
        }
        _ => Ok(Value::Null),
    }
}

fn type_of(raw: &str) -> DataType {
    let bytes = raw.as_bytes();
    if raw == DEFAULT_PARTITION {
        return DataType::Null;
    }
    if let Some(value) = parse_long(bytes) {
        return if i32::try_from(value).is_ok() { DataType::Int } else { DataType::Long };
    }
    if let Some((precision @ 1..=38, 0)) = decimal_shape(bytes)
        && parse_decimal(bytes, 38, 0).is_ok()
    {
        return DataType::Decimal(precision as u8, 0);
    }
    if is_double(bytes) {
        return DataType::Double;
    }
    let text = unescaped(raw);
    let time = Pattern::new("yyyy-MM-dd HH:mm:ss[.S]").is_ok_and(|pattern| pattern.try_parse(&text).is_some());
    if time {
        DataType::Timestamp
    } else if text.len() == 10 && parse_date(text.as_bytes()).is_some() {
        DataType::Date
    } else {
        DataType::String
    }
}

/// The type that both texts can be read as.
fn wider(a: DataType, b: DataType) -> DataType {
    use DataType::{Date, Decimal, Double, Int, Long, Null, String, Timestamp};
    match (a, b) {
        (a, b) if a == b => a,
        (Null, other) | (other, Null) => other,
        (Int, Long) | (Long, Int) => Long,
        (Int, Double) | (Double, Int) => Double,
        (Decimal(p, _), Int) | (Int, Decimal(p, _)) => Decimal(p.max(10), 0),
        (Decimal(p, _), Long) | (Long, Decimal(p, _)) => Decimal(p.max(20), 0),
        (Decimal(p, _), Decimal(q, _)) => Decimal(p.max(q), 0),
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        _ => String,
    }
}

/// Characters that a folder's name can't have.
const SPECIAL: &str = "\"#%'*/:=?\\{[]^";

/// A name or value as a part of a folder's name, special characters as `%2F`: Spark's `ExternalCatalogUtils.escapePathName`.
pub(crate) fn escape_path_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c < ' ' || c == '\u{7f}' || SPECIAL.contains(c) {
            out.push_str(&format!("%{:02X}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

/// The other way.
fn unescaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        match rest.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(code) => {
                out.push(char::from(code));
                rest = &rest[at + 3..];
            }
            None => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}
