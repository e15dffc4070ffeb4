//! Reading the two columns of arrays that the evaluators of rankings and of sets of labels compare.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_frame::{DataFrame, DataType};
use kindling_partition::{Error, Result};

/// A row: what was predicted, and what is true.
pub(super) type Pair = (Vec<f64>, Vec<f64>);

/// The rows of each partition.
///
/// # Errors
/// When a column is not of arrays of doubles, or has a null.
pub(super) fn pairs(data: &DataFrame, prediction: &str, label: &str) -> Result<Vec<Vec<Pair>>> {
    for name in [prediction, label] {
        let data_type = &data.schema().field(name)?.data_type;
        if !matches!(data_type, DataType::Array(element, _) if **element == DataType::Double) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Column {name} must be of type equal to one of the following types: [\"ARRAY<DOUBLE>\", \
                 \"ARRAY<DOUBLE>\"] but was actually of type {data_type}."
            )));
        }
    }
    let batches = data.select(&[data.col(prediction)?, data.col(label)?])?.partitions()?;
    data.session().executor().map("read predictions", &batches, |_, batch| {
        let side = |i: usize, name: &str| {
            let lists = batch.columns[i].as_list::<i32>();
            (0..lists.len())
                .map(|row| {
                    let numbers = lists.value(row);
                    if lists.is_null(row) || numbers.null_count() > 0 {
                        return Err(Error::runtime(format!("Column {name} has a null where every row needs an array of numbers.")));
                    }
                    Ok(numbers.as_primitive::<Float64Type>().values().to_vec())
                })
                .collect::<Result<Vec<_>>>()
        };
        Ok(side(0, prediction)?.into_iter().zip(side(1, label)?).collect())
    })
}

/// The different numbers, in rising order.
pub(super) fn distinct(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}
