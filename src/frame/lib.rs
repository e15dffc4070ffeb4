//! Spark SQL's DataFrame: schema, column expressions, lazy plan, execution over partitions, functions, readers and writers.

// The crate is built for size in WebAssembly; `#[optimize(speed)]` stands on the loops over rows that take the time.
#![feature(portable_simd, optimize_attribute)]

mod again;
mod alter;
mod analyze;
mod base64;
mod batch;
mod cache;
pub mod cast;
mod chance;
mod coerce;
mod column;
mod create_statement;
pub mod csv;
mod databases;
mod dataframe;
pub mod dates;
pub mod datetime;
mod ddl;
mod defaults;
mod direct;
mod eval;
mod exec;
mod explain;
mod expr;
mod file_columns;
pub mod files;
mod float_text;
pub mod format;
mod forms;
pub mod functions;
pub mod hash;
mod insert;
mod interval;
pub mod json;
pub mod libsvm;
mod matrix_value;

pub mod numbers;
mod optimize;
mod options;
mod parquet;
mod partitions;
mod plan;
pub mod random;
mod read;
#[cfg(test)]
mod reference;
mod save;
mod schema;
mod select;
mod session;
mod sketches;
mod source;
pub mod sql;
mod tables;
mod text;
mod time_type;
mod time_windows;
mod typed;
mod types;
mod value;
mod variables;
pub mod variant;
pub mod vector_column;
mod widths;
mod window;
mod xml;
mod xpath;
mod zone;

pub use again::JobConditions;
pub use analyze::default_of;
pub use batch::{Batch, array_of, struct_of, value_at};
pub use chance::add_entropy;
pub use column::Column;
pub use databases::DEFAULT as DEFAULT_DATABASE;
pub use dataframe::{
    ColumnProfile, DataFrame, FilterTest, GroupedData, JoinKind, JoinOn, PreviewColumn, Spread, TableFilter, TablePreview, TableQuery,
    TableRows, TableSort, infer_schema, one_row, table_function,
};
pub use exec::Digest;
pub use explain::ExplainMode;
pub use expr::{
    Attribute, AttributeId, Expr, FrameBound, FrameId, FrameKind, Native, NativeFn, SortOrder, Window, WindowFrame, WindowSpec,
};
pub use file_columns::uri;
pub use files::whole_path;
pub use parquet::parquet_schema;
pub use read::{FORMATS, read_files, read_texts};
pub use save::{Save, SaveMode, WRITTEN, below};
pub use schema::Schema;
pub use session::{DEFAULT_PARALLELISM, FileEntry, FileStore, MemoryFiles, Session, list_folder, plain_path};
pub use source::{Is, MemorySource, Pieces, Source, Test};
pub use tables::Saved;
pub use types::{DataType, Field, MLLIB, Metadata};
pub use value::{Row, Value};
pub use variant::Variant;
pub use vector_column::{VectorBuilder, VectorColumn};
pub use widths::{as_strings, of_rows};
