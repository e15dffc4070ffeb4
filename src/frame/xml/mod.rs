//! XML: `spark.read.xml`, `df.write.xml`, and what `from_xml`, `to_xml` and `schema_of_xml` share with them.
//!
//! A text is read as [events], never as a tree: they are fitted to a schema ([`Parser`]) or looked at for one ([`Inference`]);
//! [`write_record`] goes the other way. What an element becomes, which values fit which types, and what a part that doesn't fit leaves behind
//! are Spark's, which leaves its parser where it failed and goes on there: so does [`Parser`]. As with CSV a time without a date is no
//! timestamp here (Spark takes today's date).

mod events;
mod infer;
mod members;
mod options;
mod parse;
mod source;
#[cfg(test)]
mod tests;
mod values;
mod variant;
mod write;

pub(crate) use events::{Event, Events, is_allowed, is_name, predefined};
pub(crate) use infer::Inference;
pub(crate) use options::XmlOptions;
pub(crate) use parse::{Failure, Parser};
pub(crate) use source::XmlFormat;
pub(crate) use variant::variant_of;
pub(crate) use write::{write_record, write_xml};
