//! Vectors and matrices as Spark ML has them, the dense kernels over rows, and the optimisers that fits run on.

pub mod number;
mod vector;

pub use vector::{SparseVector, Vector, VectorRef};
