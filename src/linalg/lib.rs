//! Vectors and matrices as Spark ML has them, the dense kernels over rows, and the optimisers that fits run on.
#![feature(portable_simd)]

mod cholesky;
mod gram;
pub mod kernels;
mod lbfgs;
mod lbfgsb;
mod line_search;
pub mod logistic;
mod matrix;
pub mod number;
mod rows;
mod screen;
pub mod single;
mod svd;
mod vector;

pub use cholesky::Cholesky;
pub use gram::Gram;
pub use lbfgs::{Convergence, Lbfgs, Minimum};
pub use lbfgsb::Lbfgsb;
pub use matrix::{DenseMatrix, Matrix, SparseMatrix};
pub use rows::RowsRef;
pub use screen::Screen;
pub use svd::{Svd, svd};
pub use vector::{SparseVector, Vector, VectorRef, sparse_is_smaller};
