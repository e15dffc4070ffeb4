//! Kindling: the machine-learning notebook in one static page.
//!
//! The rooms of the house are crates, lowest first: [`kindling_partition`] (the executor), linalg, frame (`pyspark.sql`), ml (`pyspark.ml`),
//! python (the cell language), pyspark (the API as cells see it), chart, [`kindling_notebook`] (the document) and kernel (the session). This
//! crate puts them together for the browser (`wasm`) and for the terminal (`bin/kindling.rs`).
#![cfg_attr(target_arch = "wasm32", feature(alloc_error_hook))]

#[cfg(target_arch = "wasm32")]
mod wasm;
