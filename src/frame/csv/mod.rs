//! CSV files: `spark.read.csv` and `df.write.csv`.
//!
//! A file is read in three steps. Its structure is looked at once, in parallel, 64 bytes at a time: where records may part, and whether its
//! quotes stand where they should ([`index`](self)). Then, at each action, the wanted columns are parsed partition by partition: a few
//! hundred records are cut into fields, then column after column is read straight into Arrow buffers. With `inferSchema` this happens at
//! once, each column as the type that it has so far, and is kept for the first action; only a column that turns out to be of another type
//! is read again ([`guess`](self)).
//!
//! The number of partitions, which rows are in which, the types, names, nulls and what happens to bad records are Spark's. One thing is
//! more than Spark does without `multiLine`: newlines within quotes always belong to the field. And one is less: a time without a date is
//! no timestamp here (Spark takes today's date), nor is one in a zone with rules such as `Europe/Berlin`.

mod blocks;
mod columns;
mod fields;
mod guess;
mod header;
mod index;
mod infer;
mod line;
mod options;
mod single;
mod source;
#[cfg(test)]
mod tests;
mod tokens;
mod values;
mod writer;

pub(crate) use line::{fields_of, infer_fields, value_of};
pub use options::{CsvOptions, ParseMode};
pub(crate) use single::{Single, check_single};
pub use source::CsvSource;
pub use writer::{CsvWriteOptions, write_csv};
