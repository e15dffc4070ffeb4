//! JSON: `spark.read.json`, `df.write.json`, and what the functions over JSON texts share with them.
//!
//! A text is read into a [`Json`] tree that borrows from it, then fitted to a schema ([`convert`](convert())) or looked at for one
//! ([`infer`](infer())); [`write_value`] goes the other way. Which texts are JSON, which values fit which types, and what a part that
//! doesn't fit leaves behind are Spark's (Jackson's).

mod convert;
mod infer;
mod options;
mod parse;
mod source;
mod write;

pub use convert::{Unfit, convert};
pub use infer::{Inference, infer};
pub(crate) use infer::{scalar_type, settled, utf16_order};
pub use options::{JsonOptions, JsonWriteOptions};
pub use parse::{Json, Syntax, SyntaxFailure, parse};
pub(crate) use source::JsonFormat;
pub use write::write_value;
pub(crate) use write::{java_decimal, quoted, write_json};
