use std::fmt;

use kindling_partition::{Error, Result};

use crate::number::java_double;

/// `pyspark.ml.linalg.Vector`: dense, or sparse by the positions that are not zero.
#[derive(Clone, Debug)]
pub enum Vector {
    Dense(Vec<f64>),
    Sparse(SparseVector),
}

/// A vector of `size` numbers, `values[k]` at `indices[k]` and zero elsewhere; the indices strictly increase.
#[derive(Clone, Debug)]
pub struct SparseVector {
    size: usize,
    indices: Vec<i32>,
    values: Vec<f64>,
}

/// A vector that lives in a column.
#[derive(Clone, Copy, Debug)]
pub enum VectorRef<'a> {
    Dense(&'a [f64]),
    Sparse { size: usize, indices: &'a [i32], values: &'a [f64] },
}

impl SparseVector {
    /// # Errors
    /// When the two slices differ in length, an index is outside `0..size`, or the indices don't strictly increase.
    pub fn new(size: usize, indices: Vec<i32>, values: Vec<f64>) -> Result<Self> {
        if indices.len() != values.len() {
            return Err(Error::value_error(format!(
                "A sparse vector needs one value for each index: {} indices, {} values.",
                indices.len(),
                values.len()
            )));
        }
        if let Some(bad) = indices.iter().find(|i| usize::try_from(**i).map_or(true, |i| i >= size)) {
            return Err(Error::value_error(format!(
                "Index {bad} is out of the range of a vector of size {size} (0 to {}).",
                size.saturating_sub(1)
            )));
        }
        if let Some(pair) = indices.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::value_error(format!("Indices {} and {} are not strictly increasing.", pair[0], pair[1])));
        }
        Ok(Self { size, indices, values })
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn indices(&self) -> &[i32] {
        &self.indices
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

impl Vector {
    pub fn as_ref(&self) -> VectorRef<'_> {
        match self {
            Self::Dense(values) => VectorRef::Dense(values),
            Self::Sparse(v) => VectorRef::Sparse { size: v.size, indices: &v.indices, values: &v.values },
        }
    }

    pub fn size(&self) -> usize {
        self.as_ref().size()
    }

    pub fn to_dense(&self) -> Vec<f64> {
        self.as_ref().to_dense()
    }
}

/// Equal as vectors, however stored (as in Spark).
impl PartialEq for Vector {
    fn eq(&self, other: &Self) -> bool {
        self.size() == other.size() && self.as_ref().active().filter(|e| e.1 != 0.0).eq(other.as_ref().active().filter(|e| e.1 != 0.0))
    }
}

/// As Spark prints a vector in a table: `[1.0,2.0]`, `(4,[0,3],[1.0,2.0])`.
impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl<'a> VectorRef<'a> {
    pub fn size(self) -> usize {
        match self {
            Self::Dense(values) => values.len(),
            Self::Sparse { size, .. } => size,
        }
    }

    /// The stored entries as (index, value), in order.
    pub fn active(self) -> impl Iterator<Item = (usize, f64)> + 'a {
        let (indices, values) = match self {
            Self::Dense(values) => (None, values),
            Self::Sparse { indices, values, .. } => (Some(indices), values),
        };
        values.iter().enumerate().map(move |(k, v)| (indices.map_or(k, |indices| index(indices[k])), *v))
    }

    pub fn get(self, i: usize) -> f64 {
        match self {
            Self::Dense(values) => values[i],
            Self::Sparse { indices, values, .. } => indices.binary_search_by(|probe| index(*probe).cmp(&i)).map_or(0.0, |k| values[k]),
        }
    }

    pub fn to_dense(self) -> Vec<f64> {
        let mut dense = vec![0.0; self.size()];
        self.write_dense(&mut dense);
        dense
    }

    /// Writes the vector over `out`, which has its size.
    pub fn write_dense(self, out: &mut [f64]) {
        match self {
            Self::Dense(values) => out.copy_from_slice(values),
            Self::Sparse { indices, values, .. } => {
                out.fill(0.0);
                for (i, v) in indices.iter().zip(values) {
                    out[index(*i)] = *v;
                }
            }
        }
    }

    /// The dot product with a dense vector of the same size, added up in index order.
    pub fn dot(self, dense: &[f64]) -> f64 {
        self.active().map(|(i, v)| v * dense[i]).sum()
    }

    pub fn nonzeros(self) -> usize {
        self.active().filter(|e| e.1 != 0.0).count()
    }

    pub fn to_owned(self) -> Vector {
        match self {
            Self::Dense(values) => Vector::Dense(values.to_vec()),
            Self::Sparse { size, indices, values } => {
                Vector::Sparse(SparseVector { size, indices: indices.to_vec(), values: values.to_vec() })
            }
        }
    }

    /// Spark's `compressed`: sparse when that takes less room ([`sparse_is_smaller`]).
    pub fn compressed(self) -> Vector {
        let nonzeros = self.nonzeros();
        if sparse_is_smaller(nonzeros, self.size()) {
            let (indices, values) = self.active().filter(|e| e.1 != 0.0).map(|(i, v)| (i as i32, v)).unzip();
            Vector::Sparse(SparseVector { size: self.size(), indices, values })
        } else {
            Vector::Dense(self.to_dense())
        }
    }
}

impl fmt::Display for VectorRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense(values) => write!(f, "[{}]", joined(values.iter().map(|v| java_double(*v)))),
            Self::Sparse { size, indices, values } => {
                write!(f, "({size},[{}],[{}])", joined(indices.iter().map(i32::to_string)), joined(values.iter().map(|v| java_double(*v))))
            }
        }
    }
}

/// Whether Spark 4 keeps a vector of so many non-zero numbers sparse: 12 bytes an entry and 28 more against 8 an element and 12 more.
pub fn sparse_is_smaller(nonzeros: usize, size: usize) -> bool {
    12 * nonzeros + 28 < 8 * size + 12
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

/// An index of a sparse vector; never negative, [`SparseVector::new`] sees to it.
fn index(i: i32) -> usize {
    i as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Vectors.dense(1, 2).toString`, `Vectors.sparse(4, [0, 3], [1, 2]).toString` and `.compressed` in Spark 4.
    #[test]
    fn vectors_print_and_compress_as_in_spark() {
        let sparse = Vector::Sparse(SparseVector::new(4, vec![0, 3], vec![1.0, 2.0]).expect("valid"));
        assert_eq!(sparse.to_string(), "(4,[0,3],[1.0,2.0])");
        assert_eq!(Vector::Dense(vec![1.0, 2.0]).to_string(), "[1.0,2.0]");
        assert!(matches!(Vector::Dense(vec![0.0, 0.0, 0.0, 0.0, 5.0]).as_ref().compressed(), Vector::Sparse(_)));
        assert!(matches!(Vector::Dense(vec![0.0, 0.0, 5.0]).as_ref().compressed(), Vector::Dense(_)));
        assert!(matches!(Vector::Dense(vec![0.0, 0.0]).as_ref().compressed(), Vector::Dense(_)));
        assert_eq!(sparse, Vector::Dense(vec![1.0, 0.0, 0.0, 2.0]));
    }

    #[test]
    fn a_sparse_vector_refuses_indices_that_make_no_sense() {
        for (indices, values) in [(vec![4], vec![1.0]), (vec![-1], vec![1.0]), (vec![2, 1], vec![1.0, 1.0]), (vec![1], vec![])] {
            assert!(SparseVector::new(4, indices, values).is_err());
        }
    }
}
