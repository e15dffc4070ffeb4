//! `pyspark.ml.linalg`: matrices.

use kindling_linalg::{DenseMatrix, Matrix, SparseMatrix};
use kindling_python::{ClassBuilder, NativeObject, Operator, PyError, PyModule, PyResult, Value, Vm};

use super::linalg::four_places;
use crate::args;
use crate::array::{ArrayObject, numbers};
use crate::errors::OrRaise;

const MODULE: &str = "pyspark.ml.linalg";

pub(crate) struct MatrixObject {
    matrix: Matrix,
    /// Given by a model: what PySpark unpickles has 0 or 1 where others have a truth value.
    unpickled: bool,
}

impl MatrixObject {
    pub(crate) fn matrix(&self) -> &Matrix {
        &self.matrix
    }
}

pub(crate) fn matrix_value(matrix: Matrix) -> Value {
    Value::native(MatrixObject { matrix, unpickled: false })
}

/// A matrix that a model gives.
pub(crate) fn model_matrix(matrix: Matrix) -> Value {
    Value::native(MatrixObject { matrix, unpickled: true })
}

impl NativeObject for MatrixObject {
    fn class_name(&self) -> &str {
        match self.matrix {
            Matrix::Dense(_) => "DenseMatrix",
            Matrix::Sparse(_) => "SparseMatrix",
        }
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        let array = |values: &[f64]| Some(Value::native(ArrayObject::row(values.to_vec())));
        let ints = |values: &[i32]| Some(Value::list(values.iter().map(|i| Value::from(*i)).collect::<Vec<_>>()));
        Ok(match (name, &self.matrix) {
            ("numRows", matrix) => Some(Value::from(matrix.num_rows())),
            ("numCols", matrix) => Some(Value::from(matrix.num_cols())),
            ("isTransposed", matrix) if self.unpickled => Some(Value::from(i64::from(matrix.is_transposed()))),
            ("isTransposed", matrix) => Some(Value::Bool(matrix.is_transposed())),
            ("values", Matrix::Dense(matrix)) => array(matrix.values()),
            ("values", Matrix::Sparse(matrix)) => array(matrix.values()),
            ("colPtrs", Matrix::Sparse(matrix)) => ints(matrix.pointers()),
            ("rowIndices", Matrix::Sparse(matrix)) => ints(matrix.indices()),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, _reflected: bool) -> PyResult<Option<Value>> {
        let same = other.as_native::<Self>().is_some_and(|other| self.matrix == other.matrix);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    /// `matrix[row, column]`
    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        let Some([row, column]) = key.as_sequence().and_then(|places| <[Value; 2]>::try_from(places).ok()) else {
            return Err(PyError::index_error("A matrix is indexed with a row and a column: matrix[0, 1]"));
        };
        let (row, column) = (vm.index(&row)?, vm.index(&column)?);
        let within = |i: i64, n: usize, what: &str| {
            let found = usize::try_from(i).ok().filter(|i| *i < n);
            found.ok_or_else(|| PyError::index_error(format!("{what} index {i} is out of range [0, {n})")))
        };
        let (row, column) = (within(row, self.matrix.num_rows(), "Row")?, within(column, self.matrix.num_cols(), "Column")?);
        Ok(Some(Value::Float(self.matrix.get(row, column))))
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        let floats = |values: &[f64]| shortened(values.iter().map(|v| four_places(*v)).collect());
        let ints = |values: &[i32]| shortened(values.iter().map(ToString::to_string).collect());
        let (rows, columns) = (self.matrix.num_rows(), self.matrix.num_cols());
        let transposed = match (self.unpickled, self.matrix.is_transposed()) {
            (true, true) => "1",
            (true, false) => "0",
            (false, true) => "True",
            (false, false) => "False",
        };
        Ok(match &self.matrix {
            Matrix::Dense(m) => format!("DenseMatrix({rows}, {columns}, [{}], {transposed})", floats(m.values())),
            Matrix::Sparse(m) => {
                format!(
                    "SparseMatrix({rows}, {columns}, [{}], [{}], [{}], {transposed})",
                    ints(m.pointers()),
                    ints(m.indices()),
                    floats(m.values())
                )
            }
        })
    }

    fn str(&self, vm: &mut Vm) -> PyResult<String> {
        match &self.matrix {
            Matrix::Dense(_) => {
                // As PySpark makes it: the array's own text under another name, which is 6 letters longer.
                let array = Value::native(ArrayObject::matrix(self.matrix.to_rows(), self.matrix.num_cols()));
                let text = vm.repr(&array)?;
                Ok(text.replacen("array", "DenseMatrix", 1).replace('\n', "\n      "))
            }
            Matrix::Sparse(m) => {
                let kind = if m.is_transposed() { "CSRMatrix" } else { "CSCMatrix" };
                let mut lines = vec![format!("{} X {} {kind}", self.matrix.num_rows(), self.matrix.num_cols())];
                for (major, run) in m.pointers().windows(2).enumerate() {
                    for k in (run[0] as usize..run[1] as usize).filter(|k| *k < SHOWN) {
                        let (row, column) = if m.is_transposed() { (major as i32, m.indices()[k]) } else { (m.indices()[k], major as i32) };
                        lines.push(format!("({row},{column}) {}", four_places(m.values()[k])));
                    }
                }
                lines.extend(std::iter::repeat_n("..".to_owned(), if m.values().len() > SHOWN { 2 } else { 0 }));
                Ok(lines.join("\n"))
            }
        }
    }
}

/// Entries of a sparse matrix that are printed.
const SHOWN: usize = 16;

/// The same matrix, stored by columns: sparse, or with all its numbers.
fn stored(matrix: &Matrix, sparse: bool) -> PyResult<Value> {
    let (rows, columns) = (matrix.num_rows(), matrix.num_cols());
    let (mut pointers, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for j in 0..columns {
        for i in 0..rows {
            let value = matrix.get(i, j);
            if !sparse || value != 0.0 {
                indices.push(i as i32);
                values.push(value);
            }
        }
        pointers.push(values.len() as i32);
    }
    if sparse {
        let matrix = SparseMatrix::new(rows, columns, pointers, indices, values, false).or_raise_plain()?;
        return Ok(matrix_value(Matrix::Sparse(matrix)));
    }
    DenseMatrix::new(rows, columns, values, false).or_raise_plain().map(|matrix| matrix_value(Matrix::Dense(matrix)))
}

/// Of more than 16 the first and the last eight.
fn shortened(mut entries: Vec<String>) -> String {
    if entries.len() > 16 {
        entries.splice(8..entries.len() - 8, ["...".to_owned()]);
    }
    entries.join(", ")
}

fn this(value: &Value) -> PyResult<&Matrix> {
    value.as_native::<MatrixObject>().map(|object| &object.matrix).ok_or_else(|| PyError::type_error("not a matrix"))
}

fn dense(vm: &mut Vm, values: &[Value]) -> PyResult<Value> {
    let (rows, columns) = (args::count(vm, &values[0], "numRows")?, args::count(vm, &values[1], "numCols")?);
    let entries = numbers(&values[2]).ok_or_else(|| PyError::type_error("values must be a list of numbers"))?;
    let transposed = values.get(3).is_some_and(|value| value.as_bool() == Some(true));
    DenseMatrix::new(rows, columns, entries, transposed).or_raise_plain().map(|matrix| matrix_value(Matrix::Dense(matrix)))
}

fn sparse(vm: &mut Vm, values: &[Value]) -> PyResult<Value> {
    let (rows, columns) = (args::count(vm, &values[0], "numRows")?, args::count(vm, &values[1], "numCols")?);
    let mut ints = |value: &Value, name: &str| {
        let items = vm.collect(value)?;
        items.iter().map(|item| Ok(args::int(vm, item, name)? as i32)).collect::<PyResult<Vec<i32>>>()
    };
    let (pointers, indices) = (ints(&values[2], "colPtrs")?, ints(&values[3], "rowIndices")?);
    let entries = numbers(&values[4]).ok_or_else(|| PyError::type_error("values must be a list of numbers"))?;
    let transposed = values.get(5).is_some_and(|value| value.as_bool() == Some(true));
    SparseMatrix::new(rows, columns, pointers, indices, entries, transposed)
        .or_raise_plain()
        .map(|matrix| matrix_value(Matrix::Sparse(matrix)))
}

/// Adds the matrices to the module.
pub(crate) fn install(vm: &mut Vm) {
    let base = ClassBuilder::new("Matrix", MODULE)
        .doc("A matrix of numbers, column by column.")
        .method("toArray(self)", "The numbers as an array of rows.", |_, values| {
            let matrix = this(&values[0])?;
            Ok(Value::native(ArrayObject::matrix(matrix.to_rows(), matrix.num_cols())))
        })
        .build();
    let full = ClassBuilder::new("DenseMatrix", MODULE)
        .base(&base)
        .doc("A matrix with all its numbers stored.")
        .method("toSparse(self)", "The matrix with only the numbers stored that are not zero.", |_, values| stored(this(&values[0])?, true))
        .constructor("(numRows, numCols, values, isTransposed=False)", |vm, _, values| dense(vm, &values))
        .build();
    let thin = ClassBuilder::new("SparseMatrix", MODULE)
        .base(&base)
        .doc("A matrix with the numbers stored that are not zero.")
        .method("toDense(self)", "The matrix with all its numbers stored.", |_, values| stored(this(&values[0])?, false))
        .constructor("(numRows, numCols, colPtrs, rowIndices, values, isTransposed=False)", |vm, _, values| sparse(vm, &values))
        .build();
    let maker = ClassBuilder::new("Matrices", MODULE)
        .doc("Makes matrices.")
        .static_method("dense(numRows, numCols, values)", "A dense matrix of numbers column by column.", |vm, values| dense(vm, &values))
        .static_method("sparse(numRows, numCols, colPtrs, rowIndices, values)", "A sparse matrix in columns.", |vm, values| {
            sparse(vm, &values)
        })
        .build();
    for class in [&base, &full, &thin, &maker] {
        vm.register_class(class);
    }
    let udt = vm.native_class("MatrixUDT");
    if let Ok(Value::Module(module)) = vm.import(MODULE) {
        let module: &PyModule = &module;
        module.set("MatrixUDT", udt);
        for (name, class) in [("Matrix", base), ("DenseMatrix", full), ("SparseMatrix", thin), ("Matrices", maker)] {
            module.set(name, class);
        }
    }
}
