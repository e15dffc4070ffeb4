use std::sync::Arc;

use arrow_array::Int64Array;
use kindling_partition::{Error, Executor, Result};

use super::DataFrame;
use crate::batch::{Batch, array_of};
use crate::schema::Schema;
use crate::session::Session;
use crate::source::Source;
use crate::types::{DataType, Field};
use crate::value::Value;

/// How many rows PySpark sends to the JVM at once at most.
const LARGEST_CHUNK: usize = 1024;

impl Session {
    /// `spark.createDataFrame(rows, schema)`, cut into partitions as PySpark cuts a list.
    ///
    /// # Errors
    /// When a row has not as many values as the schema has fields, or a value is not of its field's type, or null where it mustn't be.
    pub fn create_dataframe(&self, rows: &[Vec<Value>], schema: Schema) -> Result<DataFrame> {
        self.create_dataframe_in(rows, schema, self.default_parallelism())
    }

    /// As [`create_dataframe`](Self::create_dataframe), in so many partitions.
    ///
    /// # Errors
    /// As of [`create_dataframe`](Self::create_dataframe).
    pub fn create_dataframe_in(&self, rows: &[Vec<Value>], schema: Schema, partitions: usize) -> Result<DataFrame> {
        if let Some((i, row)) = rows.iter().enumerate().find(|(_, r)| r.len() != schema.len()) {
            let message = format!("Row {} has {} values, but the schema has {} fields.", i + 1, row.len(), schema.len());
            return Err(Error::value_error(message).with_condition("LENGTH_SHOULD_BE_THE_SAME"));
        }
        for (c, field) in schema.iter().enumerate().filter(|(_, f)| !f.nullable) {
            if let Some(i) = rows.iter().position(|r| r[c].is_null()) {
                let message = format!("Row {} has no value for field '{}', which is not nullable.", i + 1, field.name);
                return Err(Error::value_error(message).with_condition("FIELD_NOT_NULLABLE"));
            }
        }
        let batches = slices(rows.len(), partitions)
            .into_iter()
            .map(|range| {
                let part = &rows[range];
                let columns = schema
                    .iter()
                    .enumerate()
                    .map(|(c, field)| {
                        // A string column takes anything, as its text.
                        let texts: Vec<Value> = if field.data_type == DataType::String {
                            part.iter().map(|r| if r[c].is_null() { Value::Null } else { Value::from(r[c].to_string()) }).collect()
                        } else {
                            Vec::new()
                        };
                        let cells = part.iter().enumerate().map(|(i, r)| texts.get(i).unwrap_or(&r[c]));
                        array_of(&field.data_type, cells).map_err(|error| {
                            Error::new(error.kind(), format!("Field '{}': {}", field.name, error.message()))
                                .with_condition("FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME")
                        })
                    })
                    .collect::<Result<Vec<_>>>()?;
                Ok(Batch::new(columns, part.len()))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(DataFrame::from_batches(self, Arc::new(schema), batches))
    }

    /// `spark.range(start, end, step, numPartitions)`: a column `id`.
    ///
    /// # Errors
    /// When the step is zero or there are no partitions.
    pub fn range(&self, start: i64, end: i64, step: i64, partitions: Option<usize>) -> Result<DataFrame> {
        if step == 0 || partitions == Some(0) {
            return Err(Error::illegal_argument("range needs a step that is not zero, and at least one partition."));
        }
        let span = i128::from(end) - i128::from(start);
        let step_wide = i128::from(step);
        let count = if (span > 0) == (step > 0) && span != 0 { (span.abs() + step_wide.abs() - 1) / step_wide.abs() } else { 0 };
        let count = usize::try_from(count)
            .map_err(|_| Error::illegal_argument(format!("A range has at most {} rows here, not {count}.", usize::MAX)))?;
        let partitions = partitions.unwrap_or_else(|| self.default_parallelism());
        Ok(DataFrame::from_source(self, Arc::new(Range { start, step, end, count, partitions })))
    }
}

/// The rows of each partition: PySpark cuts a list into chunks, and the chunks evenly into partitions.
fn slices(rows: usize, partitions: usize) -> Vec<std::ops::Range<usize>> {
    let chunk = (rows / partitions).clamp(1, LARGEST_CHUNK);
    let chunks = rows.div_ceil(chunk);
    (0..partitions)
        .map(|i| {
            let edge = |i: usize| (i * chunks / partitions * chunk).min(rows);
            edge(i)..edge(i + 1)
        })
        .collect()
}

/// The fields that PySpark infers from rows: the type of the values that aren't null.
///
/// # Errors
/// `CANNOT_DETERMINE_TYPE` when a column has only nulls, `CANNOT_MERGE_TYPE` when its values are of types that don't mix.
pub fn infer_schema(names: &[&str], rows: &[Vec<Value>]) -> Result<Schema> {
    names
        .iter()
        .enumerate()
        .map(|(c, name)| {
            let mut found = DataType::Null;
            for row in rows {
                let next = row.get(c).map_or(DataType::Null, type_of);
                found = merged(&found, &next).ok_or_else(|| {
                    Error::type_error(format!(
                        "Column '{name}' has values of types that don't mix: {found} and {next}. Make them all one type, or give a schema."
                    ))
                    .with_condition("CANNOT_MERGE_TYPE")
                })?;
            }
            if has_null(&found) {
                return Err(Error::value_error(format!("The type of column '{name}' can't be told: it has only nulls. Give a schema."))
                    .with_condition("CANNOT_DETERMINE_TYPE"));
            }
            Ok(Field::new(*name, found, true))
        })
        .collect()
}

/// The type of a value; of a list whose elements are texts and others, a list of texts.
fn type_of(value: &Value) -> DataType {
    match value {
        Value::Array(items) => {
            let element = items.iter().map(type_of).try_fold(DataType::Null, |common, next| merged(&common, &next));
            element.map_or_else(|| value.data_type(), DataType::array)
        }
        _ => value.data_type(),
    }
}

fn has_null(data_type: &DataType) -> bool {
    match data_type {
        DataType::Null => true,
        DataType::Array(element, _) => has_null(element),
        DataType::Map(key, value, _) => has_null(key) || has_null(value),
        _ => false,
    }
}

fn merged(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType as T;
    Some(match (a, b) {
        (T::Null, other) | (other, T::Null) => other.clone(),
        (T::Array(x, _), T::Array(y, _)) => T::Array(Box::new(merged(x, y)?), true),
        (T::Map(k1, v1, _), T::Map(k2, v2, _)) => T::Map(Box::new(merged(k1, k2)?), Box::new(merged(v1, v2)?), true),
        (T::Struct(x), T::Struct(y)) if x.len() == y.len() => T::Struct(
            x.iter()
                .zip(y)
                .map(|(p, q)| Some(Field::new(p.name.clone(), merged(&p.data_type, &q.data_type)?, true)))
                .collect::<Option<_>>()?,
        ),
        (T::Decimal(..), T::Decimal(..)) => T::Decimal(38, 18),
        (a, b) if a == b => a.clone(),
        (T::Timestamp, T::TimestampNtz) | (T::TimestampNtz, T::Timestamp) => a.clone(),
        (T::String, other) | (other, T::String) if !matches!(other, T::Array(..) | T::Map(..) | T::Struct(_) | T::Vector) => T::String,
        _ => return None,
    })
}

/// The numbers of `spark.range`.
struct Range {
    start: i64,
    end: i64,
    step: i64,
    count: usize,
    partitions: usize,
}

impl Range {
    /// The number of the first row of a partition.
    fn edge(&self, partition: usize) -> usize {
        (partition as u128 * self.count as u128 / self.partitions as u128) as usize
    }
}

impl Source for Range {
    fn name(&self) -> String {
        format!("Range ({}, {}, step={}, splits={})", self.start, self.end, self.step, self.partitions)
    }

    fn schema(&self) -> Arc<Schema> {
        Arc::new(Schema::new(vec![Field::new("id", DataType::Long, false)]))
    }

    fn partitions(&self) -> usize {
        self.partitions
    }

    fn is_single(&self) -> bool {
        self.partitions == 1
    }

    fn read(&self, _executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        let (first, last) = (self.edge(partition), self.edge(partition + 1));
        let numbers = || Int64Array::from_iter_values((first..last).map(|i| self.start.wrapping_add((i as i64).wrapping_mul(self.step))));
        Ok(Batch::new(columns.iter().map(|_| Arc::new(numbers()) as _).collect(), last - first))
    }

    fn rows(&self, partition: usize) -> Option<usize> {
        Some(self.edge(partition + 1) - self.edge(partition))
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.count * 8)
    }
}
