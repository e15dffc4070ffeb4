//! Cells as `df.show()` prints them.

use arrow_array::{Array, ArrayRef};

use crate::cast::{Nulls, text_column};
use crate::types::DataType;

/// Each cell of a column as `show()` prints it: doubles as Java does, `[1, 2]`, `{a -> 1}`, `{1, x}`, bytes as `[61 62]`, null as `NULL`,
/// and control characters escaped (`\n`).
pub fn shown(column: &ArrayRef, data_type: &DataType) -> Vec<String> {
    if *data_type == DataType::Null {
        return vec!["NULL".to_owned(); column.len()];
    }
    let zoned = crate::zone::shown(column, data_type);
    text_column(zoned.as_ref().unwrap_or(column), data_type, Nulls::Upper)
        .iter()
        .map(|cell| cell.map_or_else(|| "NULL".to_owned(), escaped))
        .collect()
}

/// Control characters that would break a table, written as in Spark's `SchemaUtils.escapeMetaCharacters`.
pub(crate) fn escaped(text: &str) -> String {
    if !text.contains(|c: char| c.is_ascii_control()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{c}' => out.push_str("\\f"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{7}' => out.push_str("\\a"),
            other => out.push(other),
        }
    }
    out
}

/// Expected values: `show()` of Spark 4.3, by tests/reference/casts.py.
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::Value as Json;

    use super::*;
    use crate::types::Field;
    use crate::value::{Row, Value};
    use crate::{Batch, DataFrame, Schema, Session, array_of};

    fn show(cells: Vec<(DataType, Value)>) -> String {
        let fields = cells.iter().zip("abcdef".chars()).map(|((t, _), name)| Field::new(name.to_string(), t.clone(), true)).collect();
        let columns = cells.iter().map(|(t, v)| array_of(t, [v]).expect("a column")).collect();
        let frame = DataFrame::from_batches(&Session::in_memory(1), Arc::new(Schema::new(fields)), vec![Batch::new(columns, 1)]);
        frame.show_string(20, 20, false).expect("shown")
    }

    #[test]
    fn tables_print_as_in_spark() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/casts.json");
        let reference: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON");
        let expected =
            |name: &str| reference["show"].as_array().expect("a list").iter().find(|c| c["name"] == name).expect(name)["text"].clone();
        let (bytes, text) = (|b: &[u8]| Value::Binary(b.into()), |t: &str| (DataType::String, Value::from(t)));
        let binary = vec![
            (DataType::Binary, bytes(b"ab")),
            (DataType::Binary, bytes(b"")),
            (DataType::Binary, Value::Null),
            (DataType::array(DataType::Binary), Value::Array([bytes(b"a")].into())),
        ];
        assert_eq!(Json::from(show(binary)), expected("binary"));
        assert_eq!(Json::from(show(vec![text("a\nb"), text("tab\there"), text("wide 日本"), text("")])), expected("text"));
        let member = |name: &str, t: DataType| Field::new(name, t, true);
        let row = |names: [&str; 2], values: Vec<Value>| Value::Struct(Row::new(names.into_iter().take(values.len()), values));
        let inner = DataType::Struct(vec![member("x", DataType::array(DataType::Null))]);
        let nested = vec![
            (DataType::array(DataType::Int), Value::Array([Value::Int(1), Value::Int(2)].into())),
            (
                DataType::Map(Box::new(DataType::String), Box::new(DataType::Int), true),
                Value::Map([(Value::from("a"), Value::Int(1))].into()),
            ),
            (
                DataType::Struct(vec![member("x", DataType::Int), member("y", DataType::String)]),
                row(["x", "y"], vec![Value::Int(1), Value::from("b")]),
            ),
            (DataType::array(inner), Value::Array([row(["x", ""], vec![Value::Array([Value::Null].into())])].into())),
            (
                DataType::Map(Box::new(DataType::String), Box::new(DataType::array(DataType::String)), true),
                Value::Map([(Value::from("k"), Value::Array([Value::from("v")].into()))].into()),
            ),
        ];
        assert_eq!(Json::from(show(nested)), expected("nested"));
    }
}
