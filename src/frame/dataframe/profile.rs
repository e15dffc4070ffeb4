//! What a column looks like at a glance: how full it is, how it is spread.

use arrow_array::Array;
use kindling_partition::Result;

use super::DataFrame;
use super::table::text;
use crate::batch::Batch;
use crate::column::Column;
use crate::types::DataType;
use crate::value::Value;

/// Bars of a histogram.
const BINS: usize = 20;
/// Numbers with no more different values than this are counted one by one.
const FEW: i64 = 20;
/// Of other columns the most frequent values.
const TOP: usize = 10;
const POLL: usize = 4096;

/// A column at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    pub rows: usize,
    pub nulls: usize,
    /// How many different values there are, nulls apart: exact where the values were counted, else by HyperLogLog++ within 5 %.
    pub distinct: Option<usize>,
    pub min: Option<String>,
    pub max: Option<String>,
    /// Of numbers only; the deviation is the sample's.
    pub mean: Option<f64>,
    pub stddev: Option<f64>,
    pub spread: Spread,
}

/// How a column's values are spread.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// Rows in bins of the same width from the smallest to the largest finite value.
    Histogram(Vec<usize>),
    /// The most frequent values and their rows, the most frequent first, equals in order of value.
    Top(Vec<(String, usize)>),
    /// Values of this type have no order.
    Unknown,
}

impl DataFrame {
    /// Looks through a whole column.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn profile(&self, number: usize) -> Result<ColumnProfile> {
        let column = self.column_at(number)?;
        let frame = self.select(&[column.alias("value")])?;
        let data_type = self.schema.get(number).map_or(DataType::Null, |f| f.data_type.clone());
        let measured = data_type.is_numeric() || matches!(data_type, DataType::Date | DataType::Timestamp | DataType::TimestampNtz);
        if !measured && !matches!(data_type, DataType::String | DataType::Boolean) {
            let batches = frame.partitions()?;
            let nulls = batches.iter().map(|batch| batch.columns[0].null_count()).sum();
            let rows = batches.iter().map(|batch| batch.rows).sum();
            return Ok(ColumnProfile {
                rows,
                nulls,
                distinct: None,
                min: None,
                max: None,
                mean: None,
                stddev: None,
                spread: Spread::Unknown,
            });
        }
        let value = frame.column_at(0)?;
        let of = |function: &'static str| Column::call(function, [value.clone()]);
        let mut aggregates = vec![Column::call("count", [Column::lit(1)]), of("count"), of("approx_count_distinct"), of("min"), of("max")];
        if data_type.is_numeric() {
            aggregates.extend([of("avg"), of("stddev_samp")]);
        }
        let found = frame.agg(&aggregates)?.first()?.map_or_else(Vec::new, |row| row.values);
        let count = |i: usize| found.get(i).and_then(Value::as_f64).unwrap_or(0.0) as usize;
        let number = |i: usize| found.get(i).and_then(Value::as_f64);
        let (mut distinct, whole) = (count(2), matches!(data_type, DataType::Byte | DataType::Short | DataType::Int | DataType::Long));
        let spread = if measured && !(whole && distinct as i64 <= FEW) {
            Spread::Histogram(frame.histogram()?)
        } else {
            let groups = frame.filter(&value.is_not_null())?.group_by(std::slice::from_ref(&value))?.count()?;
            distinct = groups.count()?;
            let top = groups.sort(&[groups.column_at(1)?.desc(), groups.column_at(0)?.asc()])?.take(TOP)?;
            let bar = |values: &[Value]| Some((text(values.first()?)?, values.get(1)?.as_f64()? as usize));
            Spread::Top(top.iter().filter_map(|row| bar(&row.values)).collect())
        };
        Ok(ColumnProfile {
            rows: count(0),
            nulls: count(0) - count(1),
            distinct: Some(distinct),
            min: found.get(3).and_then(text),
            max: found.get(4).and_then(text),
            mean: number(5),
            stddev: number(6),
            spread,
        })
    }

    /// Rows of the only column in [`BINS`] bins; one bin when all values are the same, none when there are none.
    fn histogram(&self) -> Result<Vec<usize>> {
        let batches = self.partitions()?;
        let executor = self.session.executor();
        let data_type = self.schema.iter().next().map_or(DataType::Null, |f| f.data_type.clone());
        let each = |batch: &Batch, with: &mut dyn FnMut(f64)| -> Result<()> {
            for row in 0..batch.rows {
                if row % POLL == 0 {
                    executor.check()?;
                }
                if let Some(x) = measure(&batch.value(&data_type, 0, row)) {
                    with(x);
                }
            }
            Ok(())
        };
        let ends = executor.map("range", &batches, |_, batch| {
            let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
            each(batch, &mut |x| ends = (ends.0.min(x), ends.1.max(x)))?;
            Ok(ends)
        })?;
        let (low, high) = ends.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        if low > high {
            return Ok(Vec::new());
        }
        let bins = if low == high { 1 } else { BINS };
        // Half of each, so that the width of the widest range is a number too.
        let width = high / 2.0 - low / 2.0;
        let counts = executor.map("histogram", &batches, |_, batch| {
            let mut counts = vec![0; bins];
            each(batch, &mut |x| counts[(((x / 2.0 - low / 2.0) / width * bins as f64) as usize).min(bins - 1)] += 1)?;
            Ok(counts)
        })?;
        Ok((0..bins).map(|bin| counts.iter().map(|counts| counts[bin]).sum()).collect())
    }
}

/// A finite number for values that can be measured.
fn measure(value: &Value) -> Option<f64> {
    match value {
        Value::Date(days) => Some(f64::from(*days)),
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => Some(*micros as f64),
        other => other.as_f64().filter(|x| x.is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::session::Session;
    use crate::types::Field;

    fn profile(data_type: DataType, values: impl IntoIterator<Item = Value>) -> ColumnProfile {
        let rows: Vec<Vec<Value>> = values.into_iter().map(|value| vec![value]).collect();
        let schema = Schema::new(vec![Field::new("x", data_type, true)]);
        Session::in_memory(2).create_dataframe(&rows, schema).expect("a frame").profile(0).expect("a profile")
    }

    #[test]
    fn numbers_have_moments_and_a_histogram() {
        // 0, 1, …, 99: mean 49.5, sample variance 100·101/12.
        let found = profile(DataType::Double, (0..100).map(|i| Value::Double(f64::from(i))).chain([Value::Null, Value::Double(f64::NAN)]));
        assert_eq!((found.rows, found.nulls), (102, 1));
        assert_eq!(found.min.as_deref(), Some("0.0"));
        assert_eq!(found.spread, Spread::Histogram(vec![5; 20]));
        let whole = profile(DataType::Long, (0..100).map(Value::Long));
        assert!((whole.mean.expect("a mean") - 49.5).abs() < 1e-12);
        assert!((whole.stddev.expect("a deviation") - (100.0_f64 * 101.0 / 12.0).sqrt()).abs() < 1e-12);
        assert!(whole.distinct.is_some_and(|distinct| (90..=110).contains(&distinct)));
    }

    #[test]
    fn the_widest_and_the_narrowest_range_have_a_histogram() {
        let wide = profile(DataType::Double, [f64::MIN, 0.0, f64::MAX, f64::INFINITY].map(Value::Double));
        let Spread::Histogram(counts) = wide.spread else { panic!("a histogram") };
        assert_eq!((counts[0], counts[10], counts[19]), (1, 1, 1));
        assert_eq!(profile(DataType::Double, [2.5, 2.5].map(Value::Double)).spread, Spread::Histogram(vec![2]));
        assert_eq!(profile(DataType::Double, [Value::Null]).spread, Spread::Histogram(Vec::new()));
    }

    #[test]
    fn few_values_are_counted() {
        let found = profile(DataType::String, ["b", "a", "b", "c", "a"].map(Value::from).into_iter().chain([Value::Null]));
        assert_eq!((found.rows, found.nulls, found.distinct), (6, 1, Some(3)));
        assert_eq!(found.spread, Spread::Top(vec![("a".to_owned(), 2), ("b".to_owned(), 2), ("c".to_owned(), 1)]));
        let classes = profile(DataType::Int, (0..30).map(|i| Value::Int(i % 3)));
        assert_eq!(classes.spread, Spread::Top(vec![("0".to_owned(), 10), ("1".to_owned(), 10), ("2".to_owned(), 10)]));
    }
}
