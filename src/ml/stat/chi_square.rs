use std::collections::BTreeMap;

use kindling_frame::DataFrame;
use kindling_partition::{Error, Result};

use super::distribution::chi_square_tail;
use super::test_result::{TestResult, read};
use crate::dataset::Rows;

/// Categories of a feature or label at most, as in Spark.
const MOST: usize = 10_000;

/// A number as a key that sorts as the number does; the two zeros are one.
fn key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// How often each category of a feature meets each label.
type Counts = BTreeMap<(i64, i64), f64>;

/// Pearson's test of independence of each feature and the label, all of them categories (`org.apache.spark.ml.stat.ChiSquareTest`).
///
/// # Errors
/// When a column is missing or of the wrong type, a number isn't finite, or a feature has more than 10,000 distinct values.
pub fn chi_square(data: &DataFrame, features: &str, label: &str) -> Result<Vec<TestResult>> {
    let instances = read(data, features, label)?;
    let executor = data.session().executor();
    let width = instances.width;
    let parts = executor.map("contingency tables", &instances.blocks, |_, block| {
        let mut counts = vec![Counts::new(); width];
        let mut row = vec![0.0; width];
        for (i, label) in block.labels.iter().enumerate() {
            if i % 1024 == 0 {
                executor.check()?;
            }
            Rows::row(&block.features, i).write_dense(&mut row);
            for ((counts, value), feature) in counts.iter_mut().zip(&row).zip(0..) {
                *counts.entry((key(*value), key(*label))).or_insert(0.0) += 1.0;
                if counts.len() > MOST * 64 {
                    return Err(too_many(feature));
                }
            }
        }
        Ok(counts)
    })?;
    let mut tables = vec![Counts::new(); width];
    for part in parts {
        for (table, counts) in tables.iter_mut().zip(part) {
            counts.into_iter().for_each(|(at, count)| *table.entry(at).or_insert(0.0) += count);
        }
    }
    tables.iter().enumerate().map(|(feature, table)| test(feature, table)).collect()
}

fn too_many(feature: usize) -> Error {
    Error::runtime(format!(
        "Chi-square test expect factors (categorical values) but found more than {MOST} distinct values in column {feature}."
    ))
}

fn test(feature: usize, table: &Counts) -> Result<TestResult> {
    let (mut values, mut labels, mut total) = (BTreeMap::new(), BTreeMap::new(), 0.0);
    for ((value, label), count) in table {
        *values.entry(*value).or_insert(0.0) += count;
        *labels.entry(*label).or_insert(0.0) += count;
        total += count;
    }
    if values.len() > MOST || labels.len() > MOST {
        return Err(too_many(feature));
    }
    let degrees = (values.len() as i64 - 1) * (labels.len() as i64 - 1);
    if degrees == 0 {
        return Ok(TestResult { p_value: 1.0, degrees, statistic: 0.0 });
    }
    let mut statistic = 0.0;
    for (value, of_value) in &values {
        for (label, of_label) in &labels {
            let expected: f64 = of_value * of_label / total;
            let difference = table.get(&(*value, *label)).copied().unwrap_or(0.0) - expected;
            statistic += difference * difference / expected;
        }
    }
    Ok(TestResult { p_value: chi_square_tail(statistic, degrees as f64), degrees, statistic })
}
