//! Matrices as cells of a column: as Spark's MatrixUDT keeps them, and as `show` prints them.

use std::sync::Arc;

use kindling_linalg::number::java_double;
use kindling_linalg::{DenseMatrix, Matrix, SparseMatrix};

use crate::types::matrix_fields;
use crate::value::{Row, Value};

/// The struct that a matrix is kept as; anything else is null.
pub(crate) fn stored(value: &Value) -> Value {
    let Value::Matrix(matrix) = value else { return Value::Null };
    let ints = |values: &[i32]| Value::Array(values.iter().map(|v| Value::Int(*v)).collect());
    let (kind, pointers, indices, values) = match &**matrix {
        Matrix::Dense(m) => (1, Value::Null, Value::Null, m.values()),
        Matrix::Sparse(m) => (0, ints(m.pointers()), ints(m.indices()), m.values()),
    };
    let values = vec![
        Value::Byte(kind),
        Value::Int(matrix.num_rows() as i32),
        Value::Int(matrix.num_cols() as i32),
        pointers,
        indices,
        Value::Array(values.iter().map(|v| Value::Double(*v)).collect()),
        Value::Boolean(matrix.is_transposed()),
    ];
    Value::Struct(Row { names: matrix_fields().into_iter().map(|f| f.name).collect(), values })
}

/// The matrix that a struct keeps; null when it keeps none.
pub(crate) fn read(value: &Value) -> Value {
    matrix(value).map_or(Value::Null, |matrix| Value::Matrix(Arc::new(matrix)))
}

fn matrix(value: &Value) -> Option<Matrix> {
    let Value::Struct(row) = value else { return None };
    let [kind, rows, columns, pointers, indices, values, transposed] = &row.values[..] else { return None };
    let size = |value: &Value| usize::try_from(value.as_i64()?).ok();
    let items = |value: &Value| if let Value::Array(items) = value { Some(items.clone()) } else { None };
    let ints = |value: &Value| items(value)?.iter().map(|v| i32::try_from(v.as_i64()?).ok()).collect::<Option<Vec<i32>>>();
    let (rows, columns, transposed) = (size(rows)?, size(columns)?, transposed.as_bool()?);
    let values = items(values)?.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>()?;
    if kind.as_i64() == Some(1) {
        DenseMatrix::new(rows, columns, values, transposed).ok().map(Matrix::Dense)
    } else {
        SparseMatrix::new(rows, columns, ints(pointers)?, ints(indices)?, values, transposed).ok().map(Matrix::Sparse)
    }
}

/// As Spark's `toString`: a dense matrix in rows and aligned columns, a sparse one as the list of its entries.
pub(crate) fn text(matrix: &Matrix) -> String {
    let (rows, columns) = (matrix.num_rows(), matrix.num_cols());
    if let Matrix::Sparse(m) = matrix {
        let mut lines = vec![format!("{rows} x {columns} CSCMatrix")];
        for (column, run) in m.pointers().windows(2).enumerate() {
            for k in run[0] as usize..run[1] as usize {
                let (row, column) = if m.is_transposed() { (column as i32, m.indices()[k]) } else { (m.indices()[k], column as i32) };
                lines.push(format!("({row},{column}) {}", java_double(m.values()[k])));
            }
        }
        return lines.join("\n");
    }
    let cell = |i: usize, j: usize| java_double(matrix.get(i, j));
    let widths: Vec<usize> = (0..columns).map(|j| (0..rows).map(|i| cell(i, j).len() + 2).max().unwrap_or(0)).collect();
    let line = |i: usize| (0..columns).map(|j| format!("{:<width$}", cell(i, j), width = widths[j])).collect::<String>();
    (0..rows).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataType, batch};

    #[test]
    fn matrices_keep_their_layout_in_a_column() {
        let dense = Matrix::Dense(DenseMatrix::new(2, 2, vec![1.0, -0.5, 0.25, 10.0], true).expect("four values"));
        let sparse = Matrix::Sparse(SparseMatrix::new(3, 2, vec![0, 1, 2], vec![2, 0], vec![7.0, 8.0], false).expect("two values"));
        let values = [Value::Matrix(Arc::new(dense)), Value::Null, Value::Matrix(Arc::new(sparse))];
        let column = batch::array_of(&DataType::Matrix, &values).expect("a column");
        let back: Vec<Value> = (0..3).map(|i| batch::value_at(&column, &DataType::Matrix, i)).collect();
        assert_eq!(back, values);
        assert!(matches!(&back[0], Value::Matrix(m) if m.is_transposed()));
        // As Spark 4.3 shows them.
        assert_eq!(back[0].to_string(), "1.0   -0.5  \n0.25  10.0  ");
        assert_eq!(back[2].to_string(), "3 x 2 CSCMatrix\n(2,0) 7.0\n(0,1) 8.0");
    }
}
