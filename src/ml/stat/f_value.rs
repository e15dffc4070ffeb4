use kindling_frame::DataFrame;
use kindling_partition::Result;

use super::distribution::f_tail;
use super::test_result::{TestResult, read};
use crate::moments::moments;
use crate::task::tasks;

/// Whether each feature goes along with a label that is a number: the F test of a line through them
/// (`org.apache.spark.ml.stat.FValueTest`).
///
/// # Errors
/// When a column is missing or of the wrong type, or a number isn't finite.
pub fn f_value(data: &DataFrame, features: &str, label: &str) -> Result<Vec<TestResult>> {
    let instances = read(data, features, label)?;
    let executor = data.session().executor();
    let partitions = instances.tasks();
    let tasks = tasks(&partitions, instances.width);
    let of_features = moments(executor, &tasks)?;
    let rows = instances.rows as f64;
    let middle = instances.blocks.iter().flat_map(|block| &block.labels).sum::<f64>() / rows;
    let parts = executor.map_quietly(&tasks, |_, task| {
        let (mut products, mut squares) = (vec![0.0; instances.width], 0.0);
        let mut row = vec![0.0; instances.width];
        for (i, label) in task.labels.iter().enumerate() {
            task.rows.row(i).write_dense(&mut row);
            squares += (label - middle) * (label - middle);
            for ((product, value), mean) in products.iter_mut().zip(&row).zip(&of_features.mean) {
                *product += (value - mean) * (label - middle);
            }
        }
        Ok((products, squares))
    })?;
    let squares: f64 = parts.iter().map(|(_, squares)| squares).sum();
    let spread = libm::sqrt(squares / (rows - 1.0));
    let degrees = instances.rows as i64 - 2;
    let test = |j: usize| {
        let covariance = parts.iter().map(|(products, _)| products[j]).sum::<f64>() / (rows - 1.0);
        let correlation = covariance / (of_features.std[j] * spread);
        let statistic = correlation * correlation / (1.0 - correlation * correlation) * degrees as f64;
        TestResult { p_value: f_tail(statistic, 1.0, degrees as f64), degrees, statistic }
    };
    Ok((0..instances.width).map(test).collect())
}
