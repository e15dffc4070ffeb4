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
    text_column(column, data_type, Nulls::Upper).iter().map(|cell| cell.map_or_else(|| "NULL".to_owned(), escaped)).collect()
}

/// Control characters that would break a table, written as in Spark's `SchemaUtils.escapeMetaCharacters`.
fn escaped(text: &str) -> String {
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
