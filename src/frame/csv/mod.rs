//! CSV files: `spark.read.csv` and `df.write.csv`.
//!
//! A file is read in three steps. Its structure is looked at once, in parallel, 64 bytes at a time: where records may part, and whether its
//! quotes stand where they should ([`index`](self)). Then, with `inferSchema`, every field is looked at for its type, and at each action
//! the wanted columns are parsed, both partition by partition: a few hundred records are cut into fields, then column after column is read
//! straight into Arrow buffers.
//!
//! The number of partitions, which rows are in which, the types, names, nulls and what happens to bad records are Spark's. One thing is
//! more than Spark does without `multiLine`: newlines within quotes always belong to the field. And one is less: a time without a date is
//! no timestamp here (Spark takes today's date), nor is one in a zone with rules such as `Europe/Berlin`.

mod blocks;
mod columns;
mod fields;
mod header;
mod index;
mod infer;
mod line;
mod options;
mod source;
#[cfg(test)]
mod tests;
mod tokens;
mod values;
mod writer;

pub(crate) use line::{fields_of, infer_fields, value_of};
pub use options::{CsvOptions, ParseMode};
pub use source::CsvSource;
pub use writer::{CsvWriteOptions, write_csv};
