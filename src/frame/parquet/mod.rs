//! Parquet files: `spark.read.parquet` and `df.write.parquet`.
//!
//! Written here rather than taken from the `parquet` crate because of its weight: that adds 595 kB (with its Arrow layer; 258 kB without) to a
//! download of 2.2 MB, this a small part of it, being one dynamic path for all types instead of one for each. A file's footer
//! ([`meta`](self)) names the schema and where each column's pages lie; a column's pages become levels and values ([`pages`](self)), and
//! those the arrays of whole rows ([`assemble`](self)). Writing goes the other way ([`shred`](self), [`write`](self)).
//!
//! Types, and the schema that Spark keeps in the footer (so that vectors come back as vectors), are Spark's. Read are all encodings but the
//! deprecated `BIT_PACKED`, and the codecs `snappy`, `gzip`, `zstd` and `lz4`; written are version 1 pages, plain or by dictionary, as Spark's
//! default, with `snappy`, `gzip` or none.

mod assemble;
mod codec;
mod encode;
mod encoding;
mod meta;
mod pages;
mod shape;
mod shred;
mod source;
mod statistics;
#[cfg(test)]
mod tests;
mod thrift;
mod write;

pub use meta::parquet_schema;
pub(crate) use source::{ParquetFormat, ParquetOptions};
pub(crate) use write::{ParquetWriteOptions, write_parquet};

use kindling_partition::Error;

/// A file that isn't what its bytes promise.
fn broken(what: &str) -> Error {
    Error::runtime(format!("This is no whole Parquet file: {what}.")).with_condition("FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER")
}
