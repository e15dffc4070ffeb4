//! The notebook as a document: its cells and what they showed, and the files and links it travels in.
//!
//! Reading never trusts: every reader takes any text at all and answers with a notebook or with a sentence for the person who opened it.

mod document;
mod ids;
mod ipynb;
mod mime;
mod script;
mod share;

pub use document::{Cell, CellKind, Notebook, Shown, StreamName, Traceback};
pub use ipynb::{from_ipynb, to_ipynb};
pub use script::from_script;
pub use share::{MAX_ENCODED, MAX_INFLATED, decode_link, encode_link};

use kindling_partition::Result;

/// Reads a file by its name: `.ipynb` is JSON, anything else Python (Databricks source, percent format, or one plain cell).
///
/// # Errors
/// A sentence that says what is wrong with the file, as [`from_ipynb`] and [`from_script`] give it.
pub fn from_file(name: &str, text: &str) -> Result<Notebook> {
    let is_ipynb = name.len() > 6 && name.is_char_boundary(name.len() - 6) && name[name.len() - 6..].eq_ignore_ascii_case(".ipynb");
    if is_ipynb { from_ipynb(text) } else { Ok(from_script(text)) }
}
