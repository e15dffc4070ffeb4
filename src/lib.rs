//! Kindling: the machine-learning notebook in one static page.
//!
//! Each room is a crate in the folder of its name, and knows only the rooms before it:
//! [`partition`] (the executor, the one error) ← `linalg` ← [`frame`] (`pyspark.sql`) ← [`ml`] (`pyspark.ml`);
//! [`python`] (the cell language, which knows nothing of Spark); `chart` (a chart as data, and its drawing);
//! [`pyspark`] (Spark as seen from Python); [`notebook`] (documents and their files); [`kernel`] (a session that runs cells).
//! This crate joins them: [`runner`] for the terminal, `wasm` for the page.
#![cfg_attr(target_arch = "wasm32", feature(alloc_error_hook))]

#[cfg(feature = "page")]
pub use kindling_chart as chart;
#[cfg(feature = "kernel")]
pub use {kindling_frame as frame, kindling_kernel as kernel, kindling_ml as ml, kindling_pyspark as pyspark, kindling_python as python};
pub use {kindling_notebook as notebook, kindling_partition as partition};

#[cfg(feature = "terminal")]
pub mod runner;
#[cfg(target_arch = "wasm32")]
mod wasm;

/// Counts, so that a job can ask for memory before it takes it: a page has little, and an engine that runs out of it is gone.
#[cfg(all(target_arch = "wasm32", feature = "kernel"))]
#[global_allocator]
static ALLOCATOR: kindling_partition::Counting = kindling_partition::Counting;
