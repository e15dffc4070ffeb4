//! Products of vectors and matrices, and systems of linear equations.

use crate::error::{PyError, PyResult};

use super::array::{Buffer, Kind, NdArray, shape_text};

/// Sums of products of whole numbers stay whole.
fn multiply(a: &Buffer, b: &Buffer, rows: usize, inner: usize, columns: usize) -> Buffer {
    if let (Buffer::Int(a), Buffer::Int(b)) = (a, b) {
        let mut items = vec![0i64; rows * columns];
        for row in 0..rows {
            for step in 0..inner {
                let factor = a[row * inner + step];
                for column in 0..columns {
                    let at = row * columns + column;
                    items[at] = items[at].wrapping_add(factor.wrapping_mul(b[step * columns + column]));
                }
            }
        }
        return Buffer::Int(items);
    }
    let (a, b) = (a.clone().floats(), b.clone().floats());
    let mut items = vec![0.0; rows * columns];
    for row in 0..rows {
        for step in 0..inner {
            let factor = a[row * inner + step];
            for (item, other) in items[row * columns..(row + 1) * columns].iter_mut().zip(&b[step * columns..(step + 1) * columns]) {
                *item += factor * other;
            }
        }
    }
    Buffer::Float(items)
}

fn numbers(array: &NdArray) -> Buffer {
    match array.gather() {
        bools @ Buffer::Bool(_) => bools.cast(Kind::Int),
        other => other,
    }
}

/// `a @ b` of one or two dimensions.
pub(super) fn matmul(a: &NdArray, b: &NdArray) -> PyResult<NdArray> {
    if a.ndim() == 0 || b.ndim() == 0 {
        let which = usize::from(a.ndim() != 0);
        return Err(PyError::value_error(format!(
            "matmul: Input operand {which} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
        )));
    }
    if a.ndim() > 2 || b.ndim() > 2 {
        return Err(PyError::not_supported("matrix products of more than two dimensions are not supported"));
    }
    let (inner, other) = (a.shape[a.ndim() - 1], b.shape[0]);
    if inner != other {
        return Err(PyError::value_error(format!(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {other} is different from {inner})"
        )));
    }
    Ok(product(a, b))
}

/// `numpy.dot` of one or two dimensions; of scalars it multiplies.
pub(super) fn dot(a: &NdArray, b: &NdArray) -> PyResult<NdArray> {
    if a.ndim() > 2 || b.ndim() > 2 {
        return Err(PyError::not_supported("dot() of more than two dimensions is not supported"));
    }
    let (last, first) = (a.ndim() - 1, 0);
    let (inner, other) = (a.shape[last], b.shape[first]);
    if inner != other {
        return Err(PyError::value_error(format!(
            "shapes {} and {} not aligned: {inner} (dim {last}) != {other} (dim {first})",
            shape_text(&a.shape),
            shape_text(&b.shape)
        )));
    }
    Ok(product(a, b))
}

fn product(a: &NdArray, b: &NdArray) -> NdArray {
    let rows = if a.ndim() == 2 { a.shape[0] } else { 1 };
    let inner = a.shape[a.ndim() - 1];
    let columns = if b.ndim() == 2 { b.shape[1] } else { 1 };
    let mut shape = Vec::new();
    if a.ndim() == 2 {
        shape.push(rows);
    }
    if b.ndim() == 2 {
        shape.push(columns);
    }
    NdArray::new(multiply(&numbers(a), &numbers(b), rows, inner, columns), shape)
}

/// Solves `a x = b` for all columns of `b` by elimination with row exchanges; the determinant of `a` comes with it.
///
/// The determinant comes as its sign and the logarithm of its size. `None` when `a` is singular.
pub(super) fn solve(a: &NdArray, b: &NdArray) -> Option<(Vec<f64>, f64, f64)> {
    let n = a.shape[0];
    let columns = b.size() / n.max(1);
    let (mut a, mut b) = (a.gather().floats(), b.gather().floats());
    let (mut sign, mut logarithm) = (1.0, 0.0);
    for step in 0..n {
        let pivot = (step..n).reduce(|best, row| if a[row * n + step].abs() > a[best * n + step].abs() { row } else { best })?;
        if a[pivot * n + step] == 0.0 {
            return None;
        }
        if pivot != step {
            sign = -sign;
            for column in 0..n {
                a.swap(step * n + column, pivot * n + column);
            }
            for column in 0..columns {
                b.swap(step * columns + column, pivot * columns + column);
            }
        }
        let pivot = a[step * n + step];
        sign *= pivot.signum();
        logarithm += crate::modules::elementary::log(pivot.abs());
        for row in step + 1..n {
            let factor = a[row * n + step] / a[step * n + step];
            for column in step..n {
                a[row * n + column] -= factor * a[step * n + column];
            }
            for column in 0..columns {
                b[row * columns + column] -= factor * b[step * columns + column];
            }
        }
    }
    for column in 0..columns {
        for row in (0..n).rev() {
            let rest: f64 = (row + 1..n).map(|other| a[row * n + other] * b[other * columns + column]).sum();
            b[row * columns + column] = (b[row * columns + column] - rest) / a[row * n + row];
        }
    }
    Some((b, sign, logarithm))
}
