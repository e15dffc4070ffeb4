use std::sync::Arc;

use arrow_buffer::ScalarBuffer;
use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_linalg::{DenseMatrix, Matrix};
use kindling_partition::{Error, Executor, Result};

use crate::check::vector_column;
use crate::dataset::Rows;
use crate::feature::statistics::{blocks, covariances};

/// Below this a variance counts as zero, as in Spark.
const NO_VARIANCE: f64 = 1e-12;

/// `Correlation.corr(dataset, column, method)`: one row with the matrix of the correlations of all pairs of features, Pearson's or Spearman's
/// (`org.apache.spark.ml.stat.Correlation`). With a constant feature a correlation is NaN.
///
/// # Errors
/// When the column is missing or holds no vectors, there are fewer than two rows, or the method is another.
pub fn correlation(data: &DataFrame, column: &str, method: &str) -> Result<DataFrame> {
    vector_column(data.schema(), column)?;
    let executor = data.session().executor();
    let blocks = match method {
        "pearson" => blocks(data, column)?,
        "spearman" => ranked(executor, &blocks(data, column)?)?,
        other => {
            return Err(Error::illegal_argument(format!(
                "Unrecognized method name. Supported correlations: pearson, spearman; found '{other}'."
            )));
        }
    };
    let (size, rows) = (blocks.first().map_or(0, Rows::width), blocks.iter().map(Rows::len).sum::<usize>());
    if rows < 2 {
        return Err(Error::runtime(format!(
            "RowMatrix.computeCovariance called on matrix with only {rows} rows. Cannot compute the covariance of a RowMatrix with <= 1 row."
        )));
    }
    let mut matrix = covariances(executor, &blocks)?;
    let deviation = |i: usize| if matrix[i * size + i].abs() <= NO_VARIANCE { 0.0 } else { libm::sqrt(matrix[i * size + i]) };
    let deviations: Vec<f64> = (0..size).map(deviation).collect();
    for (at, value) in matrix.iter_mut().enumerate() {
        let (i, j) = (at % size, at / size);
        let (low, high) = (deviations[i.min(j)], deviations[i.max(j)]);
        *value = if i == j {
            1.0
        } else if low == 0.0 || high == 0.0 {
            f64::NAN
        } else {
            *value / (high * low)
        };
    }
    let matrix = Matrix::Dense(DenseMatrix::new(size, size, matrix, false)?);
    let schema: Schema = [Field::new(format!("{method}({column})"), DataType::Matrix, false)].into_iter().collect();
    data.session().create_dataframe(&[vec![Value::Matrix(Arc::new(matrix))]], schema)
}

/// The ranks of the numbers of each feature; equal ones share the mean of theirs, and no NaN equals another.
fn ranked(executor: &Executor, blocks: &[Rows]) -> Result<Vec<Rows>> {
    let (rows, width) = (blocks.iter().map(Rows::len).sum::<usize>(), blocks.first().map_or(0, Rows::width));
    let columns = executor.range("ranks", width, |j| {
        let mut values: Vec<(f64, usize)> = Vec::with_capacity(rows);
        values.extend(blocks.iter().flat_map(Rows::iter).enumerate().map(|(i, row)| (row.get(j), i)));
        executor.check()?;
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        executor.check()?;
        let mut ranks = vec![0.0; rows];
        let mut first = 0;
        for same in values.chunk_by(|a, b| a.0 == b.0) {
            same.iter().for_each(|(_, i)| ranks[*i] = first as f64 + (same.len() as f64 - 1.0) / 2.0);
            first += same.len();
        }
        Ok(ranks)
    })?;
    let values: Vec<f64> = (0..rows).flat_map(|i| columns.iter().map(move |column| column[i])).collect();
    let all = ScalarBuffer::from(values);
    let mut start = 0;
    Ok(blocks
        .iter()
        .map(|block| {
            let values = all.slice(start * width, block.len() * width);
            start += block.len();
            Rows::Dense { values, width }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use kindling_frame::Session;

    use super::*;
    use crate::testing::{close, frame, list, number, reference};

    #[test]
    fn correlations_are_sparks() {
        let reference = reference("ml_stat.json");
        for case in list(&reference["correlations"]) {
            let (name, method) = (case["data"].as_str().expect("data"), case["method"].as_str().expect("method"));
            let data = frame(&Session::in_memory(2), "key int, weight double, features vector", &reference["rows"][name]);
            let found = correlation(&data, "features", method);
            if let Some(text) = case["error"].as_str() {
                let found = found.err().map(|error| error.message().to_owned()).unwrap_or_default();
                assert!(!found.is_empty() && text.replace("  ", " ").ends_with(&found), "{found}");
                continue;
            }
            let found = found.expect("a matrix");
            assert_eq!(found.columns(), [format!("{method}(features)")]);
            let Value::Matrix(matrix) = &found.collect().expect("a row")[0].values[0] else { panic!("a matrix") };
            let expected: Vec<f64> = list(&case["matrix"]).iter().flat_map(list).filter_map(number).collect();
            assert_eq!(matrix.to_rows().len(), expected.len());
            for (found, expected) in matrix.to_rows().iter().zip(&expected) {
                assert!(close(*expected, *found, 1e-9), "{name} {method}: {found}, not {expected}");
            }
        }
    }

    /// `Summarizer` over the same data: whole, weighted and by groups.
    #[test]
    fn metrics_of_vectors_are_sparks() {
        use kindling_frame::Column;
        let reference = reference("ml_stat.json");
        let metrics = "mean,sum,variance,std,count,numNonZeros,max,min,normL1,normL2";
        let numbers = |value: &Value| match value {
            Value::Vector(vector) => vector.to_dense(),
            other => vec![other.as_f64().expect("a number")],
        };
        for case in list(&reference["summaries"]) {
            let name = case["data"].as_str().expect("data");
            let data = frame(&Session::in_memory(2), "key int, weight double, features vector", &reference["rows"][name]);
            let column =
                |weight: Column| Column::call("aggregate_metrics", [data.col("features").expect("features"), weight, Column::lit(metrics)]);
            let weight = data.col("weight").expect("weight");
            let whole = data.select(&[column(Column::lit(1.0))]).expect("a frame");
            let mut frames = vec![("whole", whole)];
            if name != "one" {
                frames.push(("weighted", data.select(&[column(weight.clone())]).expect("a frame")));
                let grouped = data.group_by(&[Column::name("key")]).expect("groups").agg(&[column(weight).alias("s")]).expect("a frame");
                frames.push(("grouped", grouped.sort(&[Column::name("key")]).expect("a frame")));
            }
            for (kind, frame) in frames {
                let rows = frame.collect().expect("rows");
                assert_eq!(rows.len(), list(&case[kind]).len());
                for (row, expected) in rows.iter().zip(list(&case[kind])) {
                    let (Some(Value::Struct(found)), Some(expected)) = (row.values.last(), list(expected).last()) else {
                        panic!("a struct")
                    };
                    for ((metric, found), expected) in metrics.split(',').zip(&found.values).zip(list(expected)) {
                        let expected: Vec<f64> = expected
                            .as_array()
                            .map_or_else(|| vec![expected], |v| v.iter().collect())
                            .into_iter()
                            .filter_map(number)
                            .collect();
                        let found = numbers(found);
                        assert!(
                            found.len() == expected.len() && found.iter().zip(&expected).all(|(a, b)| close(*a, *b, 1e-12)),
                            "{name} {kind} {metric}: {found:?}, not {expected:?}"
                        );
                    }
                }
            }
        }
    }
}
