use std::fmt;

use kindling_partition::{Error, Result};

use crate::kernels::{axpy, dot};
use crate::number::java_double;
use crate::{Vector, VectorRef};

/// `pyspark.ml.linalg.Matrix`: dense or sparse, stored by columns, or by rows when `transposed`.
#[derive(Clone, Debug)]
pub enum Matrix {
    Dense(DenseMatrix),
    Sparse(SparseMatrix),
}

/// `rows × cols` numbers, column after column (row after row when `transposed`).
#[derive(Clone, Debug)]
pub struct DenseMatrix {
    rows: usize,
    cols: usize,
    values: Vec<f64>,
    transposed: bool,
}

/// Compressed sparse columns (rows when `transposed`): the entries of column `j` are `pointers[j]..pointers[j + 1]` of `indices`, which
/// hold their rows, and of `values`.
#[derive(Clone, Debug)]
pub struct SparseMatrix {
    rows: usize,
    cols: usize,
    pointers: Vec<i32>,
    indices: Vec<i32>,
    values: Vec<f64>,
    transposed: bool,
}

impl DenseMatrix {
    /// # Errors
    /// When there are not `rows · cols` values.
    pub fn new(rows: usize, cols: usize, values: Vec<f64>, transposed: bool) -> Result<Self> {
        if values.len() != rows * cols {
            return Err(Error::value_error(format!("A {rows} x {cols} matrix needs {} values, got {}.", rows * cols, values.len())));
        }
        Ok(Self { rows, cols, values, transposed })
    }

    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self { rows, cols, values: vec![0.0; rows * cols], transposed: false }
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub fn is_transposed(&self) -> bool {
        self.transposed
    }

    fn position(&self, i: usize, j: usize) -> usize {
        if self.transposed { i * self.cols + j } else { j * self.rows + i }
    }
}

impl SparseMatrix {
    /// # Errors
    /// When the pointers don't cut the entries into columns, or the indices of one don't strictly increase within the matrix.
    pub fn new(rows: usize, cols: usize, pointers: Vec<i32>, indices: Vec<i32>, values: Vec<f64>, transposed: bool) -> Result<Self> {
        let (major, minor) = if transposed { (rows, cols) } else { (cols, rows) };
        if indices.len() != values.len() {
            return Err(Error::value_error(format!(
                "A sparse matrix needs one index for each value: {} indices, {} values.",
                indices.len(),
                values.len()
            )));
        }
        let whole = pointers.len() == major + 1
            && pointers[0] == 0
            && pointers.last().is_some_and(|last| usize::try_from(*last) == Ok(values.len()));
        if !whole || pointers.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(Error::value_error(format!(
                "The pointers of a sparse {rows} x {cols} matrix are {} numbers that rise from 0 to the number of values, {}.",
                major + 1,
                values.len()
            )));
        }
        for pair in pointers.windows(2) {
            let run = &indices[pair[0] as usize..pair[1] as usize];
            if run.windows(2).any(|pair| pair[0] >= pair[1]) || run.iter().any(|i| usize::try_from(*i).map_or(true, |i| i >= minor)) {
                return Err(Error::value_error(format!(
                    "The indices of each column strictly increase within 0 to {}.",
                    minor.saturating_sub(1)
                )));
            }
        }
        Ok(Self { rows, cols, pointers, indices, values, transposed })
    }

    pub fn pointers(&self) -> &[i32] {
        &self.pointers
    }

    pub fn indices(&self) -> &[i32] {
        &self.indices
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub fn is_transposed(&self) -> bool {
        self.transposed
    }
}

impl Matrix {
    pub fn num_rows(&self) -> usize {
        match self {
            Self::Dense(m) => m.rows,
            Self::Sparse(m) => m.rows,
        }
    }

    pub fn num_cols(&self) -> usize {
        match self {
            Self::Dense(m) => m.cols,
            Self::Sparse(m) => m.cols,
        }
    }

    pub fn is_transposed(&self) -> bool {
        match self {
            Self::Dense(m) => m.transposed,
            Self::Sparse(m) => m.transposed,
        }
    }

    /// The entry in row `i` and column `j`, both in range.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Dense(m) => m.values[m.position(i, j)],
            Self::Sparse(m) => {
                let (major, minor) = if m.transposed { (i, j) } else { (j, i) };
                let run = m.pointers[major] as usize..m.pointers[major + 1] as usize;
                m.indices[run.clone()].binary_search_by(|probe| (*probe as usize).cmp(&minor)).map_or(0.0, |k| m.values[run.start + k])
            }
        }
    }

    /// All entries, row after row.
    pub fn to_rows(&self) -> Vec<f64> {
        if let Self::Dense(m) = self
            && (m.transposed || m.rows == 1)
        {
            return m.values.clone();
        }
        (0..self.num_rows()).flat_map(|i| (0..self.num_cols()).map(move |j| (i, j))).map(|(i, j)| self.get(i, j)).collect()
    }

    /// Row `i` as a vector.
    pub fn row(&self, i: usize) -> Vector {
        Vector::Dense((0..self.num_cols()).map(|j| self.get(i, j)).collect())
    }

    /// The product with a vector whose size is the number of columns.
    pub fn multiply(&self, vector: VectorRef<'_>) -> Vec<f64> {
        let mut product = vec![0.0; self.num_rows()];
        match (self, vector) {
            (Self::Dense(m), VectorRef::Dense(x)) if m.transposed && m.cols > 0 => {
                for (out, row) in product.iter_mut().zip(m.values.chunks_exact(m.cols)) {
                    *out = dot(row, x);
                }
            }
            (Self::Dense(m), x) if !m.transposed => {
                for (j, value) in x.active() {
                    axpy(value, &m.values[j * m.rows..(j + 1) * m.rows], &mut product);
                }
            }
            (_, x) => {
                for (j, value) in x.active() {
                    for (i, out) in product.iter_mut().enumerate() {
                        *out += value * self.get(i, j);
                    }
                }
            }
        }
        product
    }

    /// Spark's `compressed`: dense, sparse by columns or sparse by rows, whichever takes least room.
    pub fn compressed(self) -> Self {
        let (rows, cols) = (self.num_rows(), self.num_cols());
        let entries = self.to_rows();
        let nonzeros = entries.iter().filter(|v| **v != 0.0).count();
        let sparse = |pointers: usize| 12 * nonzeros + 4 * pointers + 3 * 12 + 9;
        let dense = 8 * rows * cols + 12 + 9;
        let by_rows = sparse(rows + 1) < sparse(cols + 1);
        if dense <= sparse(rows.min(cols) + 1) {
            return match self {
                Self::Dense(_) => self,
                Self::Sparse(m) => Self::Dense(DenseMatrix { rows, cols, values: entries, transposed: true }.laid_out(m.transposed)),
            };
        }
        let (major, minor) = if by_rows { (rows, cols) } else { (cols, rows) };
        let (mut pointers, mut indices, mut values) = (vec![0], Vec::with_capacity(nonzeros), Vec::with_capacity(nonzeros));
        for a in 0..major {
            for b in 0..minor {
                let value = if by_rows { entries[a * cols + b] } else { entries[b * cols + a] };
                if value != 0.0 {
                    indices.push(b as i32);
                    values.push(value);
                }
            }
            pointers.push(values.len() as i32);
        }
        Self::Sparse(SparseMatrix { rows, cols, pointers, indices, values, transposed: by_rows })
    }
}

impl DenseMatrix {
    /// The same matrix stored by rows (`transposed`) or by columns.
    fn laid_out(self, transposed: bool) -> Self {
        if self.transposed == transposed {
            return self;
        }
        let mut other = Self { rows: self.rows, cols: self.cols, values: vec![0.0; self.values.len()], transposed };
        for i in 0..self.rows {
            for j in 0..self.cols {
                let at = other.position(i, j);
                other.values[at] = self.values[self.position(i, j)];
            }
        }
        other
    }
}

/// Equal as matrices, however stored.
impl PartialEq for Matrix {
    fn eq(&self, other: &Self) -> bool {
        self.num_rows() == other.num_rows() && self.num_cols() == other.num_cols() && self.to_rows() == other.to_rows()
    }
}

/// As PySpark's `repr`: `DenseMatrix(2, 2, [0.0, 2.0, 1.0, 3.0], False)`; of more than 16 values the first and last eight.
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transposed = if self.is_transposed() { "True" } else { "False" };
        match self {
            Self::Dense(m) => write!(f, "DenseMatrix({}, {}, [{}], {transposed})", m.rows, m.cols, listed(&m.values, |v| java_double(*v))),
            Self::Sparse(m) => write!(
                f,
                "SparseMatrix({}, {}, [{}], [{}], [{}], {transposed})",
                m.rows,
                m.cols,
                listed(&m.pointers, i32::to_string),
                listed(&m.indices, i32::to_string),
                listed(&m.values, |v| java_double(*v))
            ),
        }
    }
}

fn listed<T>(values: &[T], text: impl Fn(&T) -> String) -> String {
    let parts: Vec<String> = if values.len() < 17 {
        values.iter().map(text).collect()
    } else {
        let (head, tail) = (&values[..8], &values[values.len() - 8..]);
        head.iter().map(&text).chain(["...".to_owned()]).chain(tail.iter().map(&text)).collect()
    };
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_by_three(transposed: bool) -> Matrix {
        let values = if transposed { vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] } else { vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0] };
        Matrix::Dense(DenseMatrix::new(2, 3, values, transposed).expect("six values"))
    }

    #[test]
    fn both_layouts_are_one_matrix() {
        assert_eq!(two_by_three(true), two_by_three(false));
        let x = Vector::Dense(vec![1.0, 0.0, -1.0]);
        for transposed in [true, false] {
            assert_eq!(two_by_three(transposed).multiply(x.as_ref()), [-2.0, -2.0]);
            assert_eq!(two_by_three(transposed).multiply(x.as_ref().compressed().as_ref()), [-2.0, -2.0]);
        }
        assert_eq!(two_by_three(false).to_string(), "DenseMatrix(2, 3, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0], False)");
    }

    #[test]
    fn a_compressed_matrix_keeps_its_entries() {
        let mut values = vec![0.0; 30];
        values[7] = 2.5;
        let matrix = Matrix::Dense(DenseMatrix::new(3, 10, values, true).expect("thirty values"));
        let compressed = matrix.clone().compressed();
        assert!(matches!(&compressed, Matrix::Sparse(m) if m.is_transposed()));
        assert_eq!(compressed, matrix);
        assert_eq!(compressed.get(0, 7), 2.5);
        assert!(matches!(two_by_three(true).compressed(), Matrix::Dense(_)));
    }

    #[test]
    fn a_matrix_refuses_what_makes_none() {
        assert!(DenseMatrix::new(2, 2, vec![1.0], false).is_err());
        assert!(SparseMatrix::new(2, 2, vec![0, 1], vec![0], vec![1.0], false).is_err());
        assert!(SparseMatrix::new(2, 2, vec![0, 1, 2], vec![0, 2], vec![1.0, 1.0], false).is_err());
    }
}
