//! Variants whose parts lie in columns of their own, as Spark writes them to Parquet where rows are alike (`VariantShredding.md`).

use std::sync::Arc;

use kindling_partition::Result;

use super::build::Tree;
use super::read::View;
use crate::value::{Row, Value};

/// The variant of a row of `metadata`, `value` and `typed_value`.
///
/// # Errors
/// `MALFORMED_VARIANT`
pub(crate) fn rebuilt(row: &Row) -> Result<Value> {
    let Some(Value::Binary(metadata)) = row.get("metadata") else { return Ok(Value::Null) };
    tree(row, metadata)?.unwrap_or(Tree::NULL).encode_after("parquet", metadata).map(Value::Variant)
}

/// What `value` and `typed_value` say together; none when neither does, for a member that isn't there.
fn tree(row: &Row, metadata: &[u8]) -> Result<Option<Tree>> {
    let plain = match row.get("value") {
        Some(Value::Binary(value)) => Some(Tree::of(View { value, metadata })?),
        _ => None,
    };
    let part = |value: &Value| match value {
        Value::Struct(row) => tree(row, metadata),
        _ => Ok(None),
    };
    Ok(match row.get("typed_value") {
        None | Some(Value::Null) => plain,
        Some(Value::Struct(typed)) => {
            let mut members: Vec<(Arc<str>, Tree)> = Vec::new();
            for (name, value) in typed.names.iter().zip(&typed.values) {
                members.extend(part(value)?.map(|found| (name.clone(), found)));
            }
            // Members that have no columns.
            if let Some(Tree::Object(rest)) = plain {
                members.extend(rest);
            }
            Some(Tree::Object(members))
        }
        Some(Value::Array(items)) => {
            Some(Tree::Array(items.iter().map(|item| Ok(part(item)?.unwrap_or(Tree::NULL))).collect::<Result<_>>()?))
        }
        Some(value) => Some(Tree::from_value(value)?),
    })
}
