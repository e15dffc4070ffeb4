//! Columns of a frame as numbers and names, read partition by partition.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_chart::{BoxStats, Positions};
use kindling_frame::{Column, DataFrame, DataType};
use kindling_partition::{Error, Result};

/// The most outliers that a box shows.
const OUTLIERS: usize = 1000;

fn named(name: &str) -> Column {
    Column::name(format!("`{}`", name.replace('`', "``")))
}

/// One column as numbers; what is null is NaN.
///
/// # Errors
/// When the column doesn't exist, or isn't numeric.
pub(crate) fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<f64>> {
    Ok(columns(frame, &[name])?.pop().unwrap_or_default())
}

/// Several columns as numbers, row for row.
pub(crate) fn columns(frame: &DataFrame, names: &[&str]) -> Result<Vec<Vec<f64>>> {
    let doubles = as_doubles(frame, names)?;
    let mut columns = vec![Vec::new(); names.len()];
    for batch in doubles.partitions()? {
        for (column, array) in columns.iter_mut().zip(&batch.columns) {
            column.extend(values(array));
        }
    }
    Ok(columns)
}

/// A frame of these columns as doubles.
fn as_doubles(frame: &DataFrame, names: &[&str]) -> Result<DataFrame> {
    for name in names {
        let field = frame.schema().field(name)?;
        if !field.data_type.is_numeric() && field.data_type != DataType::Boolean {
            return Err(Error::illegal_argument(format!("Column '{name}' is of type {}: a chart needs numbers here.", field.data_type)));
        }
    }
    let columns: Vec<Column> = names.iter().map(|name| named(name).cast(DataType::Double).alias(*name)).collect();
    frame.select(&columns)
}

fn values(array: &ArrayRef) -> impl Iterator<Item = f64> + '_ {
    let doubles = array.as_primitive_opt::<Float64Type>();
    (0..array.len()).map(move |i| match doubles {
        Some(doubles) if doubles.is_valid(i) => doubles.value(i),
        _ => f64::NAN,
    })
}

/// A column as texts; null is `null`.
pub(crate) fn texts(frame: &DataFrame, name: &str) -> Result<Vec<String>> {
    let column = frame.select(&[named(name).cast(DataType::String).alias(name)])?;
    let mut texts = Vec::new();
    for batch in column.partitions()? {
        for array in &batch.columns {
            let strings = array.as_string_opt::<i32>();
            texts.extend((0..array.len()).map(|i| match strings {
                Some(strings) if strings.is_valid(i) => strings.value(i).to_owned(),
                _ => "null".to_owned(),
            }));
        }
    }
    Ok(texts)
}

/// A column as places along an axis: numbers, or names for anything else.
pub(crate) fn positions(frame: &DataFrame, name: &str) -> Result<Positions> {
    if frame.schema().field(name)?.data_type.is_numeric() {
        numbers(frame, name).map(Positions::Numbers)
    } else {
        texts(frame, name).map(Positions::Names)
    }
}

/// The names of the numeric columns.
pub(crate) fn numeric(frame: &DataFrame) -> Vec<String> {
    frame.schema().fields().iter().filter(|field| field.data_type.is_numeric()).map(|field| field.name.to_string()).collect()
}

/// The edges of `bins` equal bins over all of these columns, and how many values of each column are in each bin, counted partition by
/// partition. Nulls and NaN are in none.
pub(crate) fn histogram(frame: &DataFrame, names: &[&str], bins: usize) -> Result<(Vec<f64>, Vec<Vec<f64>>)> {
    let doubles = as_doubles(frame, names)?;
    let executor = frame.session().executor().clone();
    let partitions = doubles.partitions()?;
    let reach = executor.aggregate(
        "histogram range",
        &partitions,
        || (f64::INFINITY, f64::NEG_INFINITY),
        |reach, _, batch| {
            let finite = batch.columns.iter().flat_map(values).filter(|v| v.is_finite());
            Ok(finite.fold(reach, |(low, high), v| (low.min(v), high.max(v))))
        },
        |a, b| (a.0.min(b.0), a.1.max(b.1)),
    )?;
    let (low, high) = match reach {
        (low, high) if low > high => return Ok((Vec::new(), vec![Vec::new(); names.len()])),
        // One value alone gets a bin of its own, as numpy.histogram does.
        (low, high) if low == high => (low - 0.5, high + 0.5),
        reach => reach,
    };
    let edges: Vec<f64> = (0..=bins).map(|i| if i == bins { high } else { low + (high - low) * i as f64 / bins as f64 }).collect();
    let counts = executor.aggregate(
        "histogram",
        &partitions,
        || vec![vec![0.0; bins]; names.len()],
        |mut counts, _, batch| {
            for (count, array) in counts.iter_mut().zip(&batch.columns) {
                for value in values(array).filter(|v| v.is_finite()) {
                    let bin = edges.partition_point(|edge| *edge <= value);
                    count[bin.clamp(1, bins) - 1] += 1.0;
                }
            }
            Ok(counts)
        },
        |mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| a.iter_mut().zip(b).for_each(|(a, b)| *a += b));
            a
        },
    )?;
    Ok((edges, counts))
}

/// The numbers of a box by Tukey's rule; quartiles are values of the column, as Spark's `percentile_approx` gives them.
pub(crate) fn box_stats(mut values: Vec<f64>) -> Option<BoxStats> {
    values.retain(|v| v.is_finite());
    values.sort_by(f64::total_cmp);
    let quantile = |p: f64| values.get((libm::ceil(p * values.len() as f64).max(1.0) as usize) - 1).copied();
    let (q1, median, q3) = (quantile(0.25)?, quantile(0.5)?, quantile(0.75)?);
    let reach = 1.5 * (q3 - q1);
    let inside = |v: &&f64| **v >= q1 - reach && **v <= q3 + reach;
    let (low, high) = (values.iter().find(inside).copied()?, values.iter().rev().find(inside).copied()?);
    let mut outliers: Vec<f64> = values.iter().filter(|v| !inside(v)).copied().collect();
    if outliers.len() > OUTLIERS {
        outliers.sort_by(|a, b| (b - median).abs().total_cmp(&(a - median).abs()));
        outliers.truncate(OUTLIERS);
    }
    Some(BoxStats { low, q1, median, q3, high, outliers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_its_quartiles_whiskers_and_outliers() {
        let stats = box_stats(vec![1.0, 2.0, 3.0, 4.0, 100.0, f64::NAN]).expect("five values");
        assert_eq!((stats.q1, stats.median, stats.q3), (2.0, 3.0, 4.0));
        assert_eq!((stats.low, stats.high, stats.outliers), (1.0, 4.0, vec![100.0]));
        assert_eq!(box_stats(vec![f64::NAN]), None);
    }
}
