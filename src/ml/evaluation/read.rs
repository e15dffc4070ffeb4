//! Reading the columns that evaluators need.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_frame::{Batch, Column, DataFrame, DataType, VectorColumn};
use kindling_partition::{Error, Result};

use crate::check::{is_numeric, numeric_column};
use crate::dataset::{doubles, weights};

/// A column of numbers as doubles.
pub(super) fn number(data: &DataFrame, name: &str) -> Result<Column> {
    numeric_column(data.schema(), name)?;
    Ok(data.col(name)?.cast(DataType::Double))
}

/// A column of vectors as it is, or of numbers as doubles.
pub(super) fn vector_or_number(data: &DataFrame, name: &str) -> Result<Column> {
    let data_type = &data.schema().field(name)?.data_type;
    if *data_type == DataType::Vector {
        data.col(name)
    } else if is_numeric(data_type) {
        number(data, name)
    } else {
        Err(Error::illegal_argument(format!(
            "requirement failed: Column {name} must be of type equal to one of the following types: [double, vector] but was actually of type \
             {data_type}."
        )))
    }
}

/// The partitions of these columns, and of the weights when there are any, last.
pub(super) fn partitions(data: &DataFrame, mut columns: Vec<Column>, weight: Option<&str>) -> Result<Vec<Batch>> {
    if let Some(weight) = weight {
        columns.push(number(data, weight)?);
    }
    data.select(&columns)?.partitions()
}

/// The weights of a partition that [`partitions`] gave.
pub(super) fn weights_of(batch: &Batch, weight: Option<&str>) -> Result<Option<Vec<f64>>> {
    weight.map(|name| weights(name, &batch.columns[batch.columns.len() - 1])).transpose()
}

/// Element `i` of each vector, or each number as it is.
pub(super) fn element(array: &ArrayRef, i: usize, name: &str) -> Result<Vec<f64>> {
    if array.as_primitive_opt::<Float64Type>().is_some() {
        return Ok(doubles(array));
    }
    let column = VectorColumn::new(array)?;
    (0..column.len())
        .map(|row| {
            if column.is_null(row) {
                return Err(Error::runtime(format!("Column {name} has a null where every row needs a value.")));
            }
            let vector = column.row(row);
            if vector.size() <= i {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: Column {name} needs vectors of at least {} numbers, found one of {}.",
                    i + 1,
                    vector.size()
                )));
            }
            Ok(vector.get(i))
        })
        .collect()
}
