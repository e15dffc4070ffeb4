//! Spark's VARIANT: values whose types each row has for itself, in the binary encoding that Parquet and Spark share (`VariantEncoding.md`;
//! Spark's `Variant`, `VariantUtil` and `VariantBuilder`).

mod build;
mod convert;
mod edit;
mod path;
mod read;
mod schema;
mod shredded;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use crate::json::{Syntax, parse};
use crate::types::{DataType, Field};

pub use build::Tree;
pub(crate) use convert::{cast_from, cast_to, json_text, readable, storable};
pub(crate) use edit::Edit;
pub(crate) use path::Step;
pub(crate) use read::stripped;
pub use read::{Node, View};
pub(crate) use schema::{merged, printed, schema_of};
pub(crate) use shredded::rebuilt;

/// Most bytes that a value, and its names, may take.
const SIZE_LIMIT: usize = 128 << 20;

/// One value of the type VARIANT.
#[derive(Clone, PartialEq, Eq)]
pub struct Variant {
    pub value: Arc<[u8]>,
    /// The names of the members of all objects within.
    pub metadata: Arc<[u8]>,
}

impl Variant {
    /// What PySpark's `VariantVal.parseJson` makes of a text of JSON: of members of one name the last one counts. None when it is no JSON.
    pub fn parse(text: &str) -> Option<Self> {
        let syntax = Syntax { single_quotes: false, ..Syntax::default() };
        let mut tree = Tree::from_json(&parse(text, syntax).ok()??);
        tree.keep_last();
        tree.encode("parseJson").ok()
    }

    pub fn view(&self) -> View<'_> {
        View { value: &self.value, metadata: &self.metadata }
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// As JSON, its moments in UTC, which is what `show()` prints.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.view().json().unwrap_or_default())
    }
}

impl View<'_> {
    /// The value as JSON, its moments in UTC.
    ///
    /// # Errors
    /// `MALFORMED_VARIANT`
    pub fn json(self) -> Result<String> {
        json_text(self, &|micros| micros)
    }
}

/// How a variant lies in memory and in files, in the order that Spark writes.
pub(crate) fn variant_fields() -> Vec<Field> {
    ["metadata", "value"].map(|name| Field::new(name, DataType::Binary, false)).into()
}

fn malformed() -> Error {
    Error::new(ErrorKind::Runtime, "Variant binary is malformed. Please check the data source is valid.")
        .with_condition("MALFORMED_VARIANT")
}

fn too_large(function: &str) -> Error {
    let text = format!(
        "Cannot build variant bigger than 128.0 MiB in '{function}'. Please avoid large input strings to this expression (for example, add \
         function call(s) to check the expression size and convert it to NULL first if it is too big)."
    );
    Error::new(ErrorKind::Runtime, text).with_condition("VARIANT_SIZE_LIMIT")
}
