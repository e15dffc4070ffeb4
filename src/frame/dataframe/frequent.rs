//! Frequent items, samples of strata, and rows as they are now.

use indexmap::IndexMap;
use kindling_partition::{Error, Result};

use super::DataFrame;
use crate::column::Column;
use crate::schema::Schema;
use crate::types::{DataType, Field};
use crate::value::Value;

impl DataFrame {
    /// `freqItems(cols, support)`: of each column the values that may make up at least this share of the rows, some others among them.
    /// Computes now, as Spark does.
    ///
    /// Karp, Schenker, Papadimitriou: "A simple algorithm for finding frequent elements in streams and bags" (2003).
    ///
    /// # Errors
    /// A support that is no share above 0.0001; `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
    pub fn freq_items(&self, columns: &[&str], support: f64) -> Result<DataFrame> {
        if !(1e-4..=1.0).contains(&support) {
            return Err(Error::illegal_argument(format!("Support must be in [1e-4, 1], but got {support}.")));
        }
        let chosen = self.select(&columns.iter().map(|c| self.col(c)).collect::<Result<Vec<_>>>()?)?;
        let most = (1.0 / support) as usize;
        let mut counters: Vec<IndexMap<String, (Value, i64)>> = vec![IndexMap::new(); columns.len()];
        for row in chosen.collect()? {
            for (counter, value) in counters.iter_mut().zip(row.values) {
                let key = format!("{value:?}");
                if let Some(entry) = counter.get_mut(&key) {
                    entry.1 += 1;
                } else if counter.len() < most {
                    counter.insert(key, (value, 1));
                } else {
                    // One of each of `most + 1` different values goes.
                    counter.values_mut().for_each(|entry| entry.1 -= 1);
                    counter.retain(|_, entry| entry.1 > 0);
                }
            }
        }
        let fields = chosen
            .schema
            .iter()
            .map(|f| Field::new(format!("{}_freqItems", f.name), DataType::Array(Box::new(f.data_type.clone()), true), true));
        let row = counters.into_iter().map(|c| Value::Array(c.into_values().map(|(value, _)| value).collect()));
        let rows = vec![row.collect()];
        self.session.create_dataframe(&rows, Schema::new(fields.collect()))
    }

    /// `sampleBy(col, fractions, seed)`: of the rows with each value of a column, this share; none of other values.
    ///
    /// # Errors
    /// A fraction outside 0 to 1; whatever is wrong with the column.
    pub fn sample_by(&self, column: &Column, fractions: &[(Value, f64)], seed: i64) -> Result<DataFrame> {
        if let Some((_, bad)) = fractions.iter().find(|(_, f)| !(0.0..=1.0).contains(f)) {
            return Err(Error::illegal_argument(format!("Fractions must be in [0, 1], but got {bad}.")));
        }
        let mut share: Option<Column> = None;
        for (value, fraction) in fractions {
            let (same, fraction) = (column.eq(&Column::lit(value.clone())), Column::lit(*fraction));
            share = Some(match share {
                None => Column::when(&same, &fraction),
                Some(before) => before.and_when(&same, &fraction)?,
            });
        }
        let Some(share) = share else { return self.filter(&Column::lit(false)) };
        let draw = Column::call("rand", [Column::lit(seed)]);
        self.filter(&draw.lt(&share.otherwise(&Column::lit(0.0))?))
    }

    /// `checkpoint()`: the rows as they are now, whatever they came from.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn checkpoint(&self) -> Result<DataFrame> {
        Ok(DataFrame::from_batches(&self.session, self.schema.clone(), self.partitions()?))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Column, Session, Value};

    #[test]
    fn frequent_items_are_never_missed() {
        let session = Session::in_memory(1);
        let frame = session.range(0, 90, 1, Some(3)).expect("a range");
        // Every third row is 7, the others are all different.
        let value = Column::when(&Column::name("id").rem(&Column::lit(3_i64)).eq(&Column::lit(0_i64)), &Column::lit(7_i64));
        let frame = frame.select(&[value.otherwise(&Column::name("id")).expect("else").alias("x")]).expect("selected");
        let found = frame.freq_items(&["x"], 0.3).expect("counted").collect().expect("a row");
        let Value::Array(items) = &found[0].values[0] else { panic!("an array") };
        assert!(items.contains(&Value::Long(7)) && items.len() <= 3, "{items:?}");
    }
}
