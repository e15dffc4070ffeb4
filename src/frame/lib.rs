//! Spark SQL's DataFrame: schema, column expressions, lazy plan, execution over partitions, functions, readers and writers.

#![feature(portable_simd)]

mod batch;
pub mod cast;
mod column;
pub mod csv;
mod dataframe;
pub mod dates;
pub mod datetime;
mod expr;
pub mod files;
pub mod format;
pub mod functions;
pub mod hash;
pub mod libsvm;

pub mod numbers;
mod plan;
pub mod random;
mod schema;
mod session;
mod source;
mod typed;
mod types;
mod value;
pub mod vector_column;

pub use batch::{Batch, array_of, value_at};
pub use column::Column;
pub use dataframe::{DataFrame, GroupedData, JoinKind, JoinOn, PreviewColumn, TablePreview};
pub use expr::{Attribute, AttributeId, Expr, Native, NativeFn, SortOrder};
pub use schema::Schema;
pub use session::{DEFAULT_PARALLELISM, FileEntry, FileStore, MemoryFiles, Session, list_folder, plain_path};
pub use source::{MemorySource, Source};
pub use types::{DataType, Field, Metadata};
pub use value::{Row, Value};
pub use vector_column::{VectorBuilder, VectorColumn};
