use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_partition::{Error, Result};

use super::{DataFrame, quoted};
use crate::batch::{Batch, array_of};
use crate::column::Column;
use crate::exec::Digest;
use crate::schema::Schema;
use crate::types::{DataType, Field};
use crate::value::Value;

impl DataFrame {
    /// `describe(*cols)`: count, mean, standard deviation, smallest and largest value as texts, of these columns or of all that are
    /// numbers or texts.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`; whatever fails while rows are computed.
    pub fn describe(&self, columns: &[&str]) -> Result<DataFrame> {
        self.summarized(columns, &["count", "mean", "stddev", "min", "max"])
    }

    /// `summary(*statistics)`: as [`describe`](Self::describe) over all columns, with quartiles, or with the statistics named.
    ///
    /// # Errors
    /// When a statistic isn't known; whatever fails while rows are computed.
    pub fn summary(&self, statistics: &[&str]) -> Result<DataFrame> {
        let all = ["count", "mean", "stddev", "min", "25%", "50%", "75%", "max"];
        self.summarized(&[], if statistics.is_empty() { &all } else { statistics })
    }

    fn summarized(&self, columns: &[&str], statistics: &[&str]) -> Result<DataFrame> {
        let all: Vec<&Field> = if columns.is_empty() {
            self.schema.iter().collect()
        } else {
            columns.iter().map(|c| self.schema.field(c)).collect::<Result<_>>()?
        };
        let described = |f: &&Field| f.data_type.is_numeric() || f.data_type == DataType::String;
        let fields: Vec<&Field> = all.into_iter().filter(described).collect();
        let mut aggregates = Vec::new();
        for statistic in statistics {
            for field in &fields {
                let column = self.col(&quoted(&field.name))?;
                let number = if field.data_type == DataType::String { column.try_cast(DataType::Double) } else { column.clone() };
                let value = match *statistic {
                    "count" => Column::call("count", [column]),
                    "mean" => Column::call("avg", [number]),
                    "stddev" => Column::call("stddev", [number]),
                    "min" => Column::call("min", [column]),
                    "max" => Column::call("max", [column]),
                    "count_distinct" => Column::call_distinct("count", [column]),
                    "approx_count_distinct" => Column::call("approx_count_distinct", [column]),
                    percent => {
                        let share =
                            percent.strip_suffix('%').and_then(|p| p.trim().parse::<f64>().ok()).filter(|p| (0.0..=100.0).contains(p));
                        let share = share.ok_or_else(|| {
                            Error::illegal_argument(format!(
                                "{percent} is not a recognised statistic: use count, mean, stddev, min, max, or a percentage such as 25%."
                            ))
                        })?;
                        Column::call("percentile_approx", [number, Column::lit(share / 100.0)])
                    }
                };
                aggregates.push(value.cast(DataType::String).alias(format!("{statistic}({})", field.name)));
            }
        }
        let found =
            if aggregates.is_empty() { Vec::new() } else { self.agg(&aggregates)?.first()?.map_or_else(Vec::new, |row| row.values) };
        let mut names = vec![Field::new("summary", DataType::String, true)];
        names.extend(fields.iter().map(|f| Field::new(f.name.clone(), DataType::String, true)));
        let labels: Vec<Value> = statistics.iter().map(|s| Value::from(*s)).collect();
        let mut arrays: Vec<ArrayRef> = vec![array_of(&DataType::String, &labels)?];
        for i in 0..fields.len() {
            arrays.push(array_of(&DataType::String, found.iter().skip(i).step_by(fields.len()))?);
        }
        let batch = Batch::new(arrays, statistics.len());
        Ok(DataFrame::from_batches(&self.session, Arc::new(Schema::new(names)), vec![batch]))
    }

    /// Pearson's correlation of two numeric columns, whose nulls count as 0; NaN when one doesn't vary.
    ///
    /// # Errors
    /// When a column doesn't exist or isn't numeric.
    pub fn corr(&self, first: &str, second: &str) -> Result<f64> {
        Ok(self.pair_statistic("corr", "correlation", first, second)?.unwrap_or(f64::NAN))
    }

    /// The sample covariance of two numeric columns, whose nulls count as 0; 0 for less than two rows.
    ///
    /// # Errors
    /// When a column doesn't exist or isn't numeric.
    pub fn cov(&self, first: &str, second: &str) -> Result<f64> {
        Ok(self.pair_statistic("covar_samp", "covariance", first, second)?.unwrap_or(0.0))
    }

    fn pair_statistic(&self, function: &str, what: &str, first: &str, second: &str) -> Result<Option<f64>> {
        let number = |name: &str| {
            let column = self.col(name)?;
            let data_type = self.select(std::slice::from_ref(&column))?.plan.output().remove(0).field.data_type;
            if !data_type.is_numeric() {
                let data_type = data_type.simple_string();
                let text = format!("requirement failed: Currently {what} calculation for columns with dataType {data_type} not supported.");
                return Err(Error::illegal_argument(text));
            }
            Ok(Column::call("coalesce", [column.cast(DataType::Double), Column::lit(0.0)]))
        };
        let row = self.agg(&[Column::call(function, [number(first)?, number(second)?])])?.first()?;
        Ok(row.and_then(|r| r.values.first().and_then(Value::as_f64)))
    }

    fn number(&self, name: &str) -> Result<Column> {
        let field = self.schema.field(name)?;
        if !field.data_type.is_numeric() {
            return Err(Error::illegal_argument(format!("The column '{name}' must be numeric, but it is {}.", field.data_type)));
        }
        Ok(self.col(&quoted(name))?.cast(DataType::Double))
    }

    /// `approxQuantile`: for each column its quantiles at these probabilities, each off by at most `error` in rank. Nulls and NaNs are
    /// left out; a column without numbers has none.
    ///
    /// # Errors
    /// When a probability is outside 0 to 1, the error negative, or a column isn't numeric.
    pub fn approx_quantile(&self, columns: &[&str], probabilities: &[f64], error: f64) -> Result<Vec<Vec<f64>>> {
        if let Some(bad) = probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(Error::illegal_argument(format!("percentile should be in the range [0.0, 1.0], but got {bad}.")));
        }
        if error.is_nan() || error < 0.0 {
            return Err(Error::illegal_argument(format!("Relative Error must be non-negative but got {error}.")));
        }
        let numbers = columns.iter().map(|c| self.number(c).map(|n| n.alias(*c))).collect::<Result<Vec<_>>>()?;
        let partitions = self.select(&numbers)?.partitions()?;
        let executor = self.session.executor();
        let digests = executor.map("quantiles", &partitions, |_, batch| {
            batch
                .columns
                .iter()
                .map(|column| {
                    executor.check()?;
                    let mut digest = Digest::new(error);
                    let values = column.as_primitive::<Float64Type>();
                    (0..values.len())
                        .filter(|i| values.is_valid(*i) && !values.value(*i).is_nan())
                        .for_each(|i| digest.insert(values.value(i)));
                    Ok(digest)
                })
                .collect::<Result<Vec<_>>>()
        })?;
        let mut totals: Vec<Digest> = columns.iter().map(|_| Digest::new(error)).collect();
        for part in digests {
            totals.iter_mut().zip(part).for_each(|(total, digest)| total.merge(digest));
        }
        Ok(totals.into_iter().map(|mut d| probabilities.iter().filter_map(|p| d.quantile(*p)).collect()).collect())
    }

    /// `crosstab`: how often each pair of values occurs, one row for each value of `first`, one column for each of `second`.
    ///
    /// # Errors
    /// When a column doesn't exist.
    pub fn crosstab(&self, first: &str, second: &str) -> Result<DataFrame> {
        let text = |name: &str| -> Result<Column> {
            let value = self.col(&quoted(name))?.cast(DataType::String);
            Ok(Column::call("coalesce", [value, Column::lit("null")]))
        };
        let corner = format!("{first}_{second}");
        let pairs = self.select(&[text(first)?.alias("a"), text(second)?.alias("b")])?;
        let columns = pairs.select(&["b".into()])?.distinct()?.collect()?;
        let mut values: Vec<Value> = columns.into_iter().filter_map(|mut r| r.values.pop()).collect();
        values.sort_by(crate::functions::order);
        let counts = pairs
            .group_by(&[Column::name("a").alias(corner)])?
            .pivot(&"b".into(), Some(values))?
            .agg(&[Column::call("count", [Column::lit(1)])])?;
        counts.fillna(&Value::Long(0), None)
    }
}
