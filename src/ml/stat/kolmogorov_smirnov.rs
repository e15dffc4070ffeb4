use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_partition::{Error, Result};

use crate::check::numeric_column;

/// `KolmogorovSmirnovTest.test(dataset, sampleCol, 'norm', mean, deviation)`: whether a sample comes from a normal distribution. The p-value is
/// that of Marsaglia, Tsang and Wang ("Evaluating Kolmogorov's Distribution", Journal of Statistical Software 8(18), 2003).
///
/// # Errors
/// When the column is missing or not numeric, holds no number, or the deviation isn't positive.
pub fn kolmogorov_smirnov(data: &DataFrame, sample: &str, mean: f64, deviation: f64) -> Result<DataFrame> {
    numeric_column(data.schema(), sample)?;
    if deviation.is_nan() || deviation <= 0.0 {
        return Err(Error::illegal_argument(format!(
            "The standard deviation of a normal distribution must be greater than 0, found {deviation}."
        )));
    }
    let batches = data.select(&[data.col(sample)?.cast(DataType::Double)])?.partitions()?;
    let mut values: Vec<f64> = batches.iter().flat_map(|batch| batch.columns[0].as_primitive::<Float64Type>().iter().flatten()).collect();
    if values.is_empty() {
        return Err(Error::runtime(format!("The data set is empty: column {sample} has no number.")));
    }
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let expected = |value: f64| 0.5 * libm::erfc(-(value - mean) / (deviation * std::f64::consts::SQRT_2));
    let distance = |(i, value): (usize, &f64)| {
        let share = expected(*value);
        (share - i as f64 / count).max((i + 1) as f64 / count - share)
    };
    let statistic = values.iter().enumerate().map(distance).fold(0.0, f64::max);
    let schema: Schema =
        [Field::new("pValue", DataType::Double, false), Field::new("statistic", DataType::Double, false)].into_iter().collect();
    data.session().create_dataframe(&[vec![Value::Double(tail(statistic, values.len())), Value::Double(statistic)]], schema)
}

/// The probability that the statistic of `n` numbers is greater than `d`.
fn tail(d: f64, n: usize) -> f64 {
    let count = n as f64;
    let s = d * d * count;
    // Where seven digits need no more than the first term of the limit.
    if s > 7.24 || (s > 3.76 && n > 99) {
        return 2.0 * libm::exp(-(2.000_071 + 0.331 / libm::sqrt(count) + 1.409 / count) * s);
    }
    let k = (count * d) as usize + 1;
    let (m, h) = (2 * k - 1, k as f64 - count * d);
    let mut matrix = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m.min(i + 2) {
            matrix[i * m + j] = 1.0;
        }
    }
    for i in 0..m {
        matrix[i * m] -= libm::pow(h, (i + 1) as f64);
        matrix[(m - 1) * m + i] -= libm::pow(h, (m - i) as f64);
    }
    matrix[(m - 1) * m] += if 2.0 * h > 1.0 { libm::pow(2.0 * h - 1.0, m as f64) } else { 0.0 };
    for i in 0..m {
        for j in 0..m.min(i + 2) {
            (1..=(i + 1).saturating_sub(j)).for_each(|g| matrix[i * m + j] /= g as f64);
        }
    }
    let (power, mut exponent) = raised(&matrix, m, n);
    let mut probability = power[(k - 1) * m + k - 1];
    for i in 1..=n {
        probability *= i as f64 / count;
        if probability < 1e-140 {
            probability *= 1e140;
            exponent -= 140;
        }
    }
    1.0 - probability * libm::pow(10.0, f64::from(exponent))
}

/// A power of a matrix, scaled by a power of ten.
fn raised(matrix: &[f64], m: usize, n: usize) -> (Vec<f64>, i32) {
    if n == 1 {
        return (matrix.to_vec(), 0);
    }
    let product =
        |a: &[f64], b: &[f64]| -> Vec<f64> { (0..m * m).map(|at| (0..m).map(|k| a[at / m * m + k] * b[k * m + at % m]).sum()).collect() };
    let (half, exponent) = raised(matrix, m, n / 2);
    let (mut power, mut exponent) = (product(&half, &half), 2 * exponent);
    if n % 2 == 1 {
        power = product(matrix, &power);
    }
    if power[(m / 2) * m + m / 2] > 1e140 {
        power.iter_mut().for_each(|value| *value *= 1e-140);
        exponent += 140;
    }
    (power, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 - K(10, 0.274)` of the paper's program prints K = 0.62847961....
    #[test]
    fn the_papers_example_comes_out() {
        assert!((1.0 - tail(0.274, 10) - 0.628_479_615_456_504_3).abs() < 1e-12);
    }
}
