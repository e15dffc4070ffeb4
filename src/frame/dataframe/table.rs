//! Frames as the page's tables read them: a preview, any range of the sorted and filtered rows.

use arrow_array::BooleanArray;
use kindling_partition::{Error, Result};

use super::DataFrame;
use crate::batch::Batch;
use crate::column::Column;
use crate::schema::Schema;
use crate::types::DataType;
use crate::value::Value;

use std::sync::Arc;

/// Rows between two looks whether the reader pressed Stop.
const POLL: usize = 1024;

/// The first rows of a frame as text, for a table on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct TablePreview {
    pub columns: Vec<PreviewColumn>,
    /// Row by row; none for a null.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether the frame has more rows.
    pub truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewColumn {
    pub name: String,
    /// Spark's simple string of the type.
    pub data_type: String,
    /// Whether the column reads best right-aligned.
    pub numeric: bool,
}

/// Which rows of a frame a table shows, and in which order. Columns go by their numbers: names may stand twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableQuery {
    pub sort: Option<TableSort>,
    /// A text that a row must have in one of its columns, as they are shown; case doesn't matter. Empty for all rows.
    pub search: String,
    /// All must hold.
    pub filters: Vec<TableFilter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSort {
    pub column: usize,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFilter {
    pub column: usize,
    pub test: FilterTest,
    /// Read as a value of the column's type; of no meaning to the tests for null.
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterTest {
    Contains,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Null,
    NotNull,
}

/// The rows that a query found, computed once.
pub struct TableRows {
    schema: Arc<Schema>,
    batches: Vec<Batch>,
}

impl DataFrame {
    /// The first rows as text, running only what is needed for them.
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn preview(&self, rows: usize) -> Result<TablePreview> {
        let mut found = self.take(rows.saturating_add(1))?;
        let truncated = found.len() > rows;
        found.truncate(rows);
        let columns = self.schema.iter().map(|f| PreviewColumn {
            name: f.name.to_string(),
            data_type: f.data_type.simple_string(),
            numeric: f.data_type.is_numeric(),
        });
        let rows = found.into_iter().map(|row| row.values.iter().map(text).collect());
        Ok(TablePreview { columns: columns.collect(), rows: rows.collect(), truncated })
    }

    /// Computes the rows that a table shows.
    ///
    /// # Errors
    /// When a column can't be sorted or doesn't take a filter's value; whatever fails while rows are computed.
    pub fn table_rows(&self, query: &TableQuery) -> Result<TableRows> {
        let mut frame = self.clone();
        for filter in &query.filters {
            frame = frame.filter(&frame.condition(filter)?)?;
        }
        if let Some(sort) = query.sort {
            let column = frame.column_at(sort.column)?;
            frame = frame.sort(&[if sort.descending { column.desc() } else { column.asc() }])?;
        }
        let mut batches = frame.partitions()?;
        if !query.search.is_empty() {
            let needle = query.search.to_lowercase();
            batches = self.session.executor().map("search", &batches, |_, batch| self.having(batch, &needle))?;
        }
        Ok(TableRows { schema: self.schema.clone(), batches })
    }

    /// The frame's own column of this number.
    pub(super) fn column_at(&self, number: usize) -> Result<Column> {
        let attribute = self.plan.output().into_iter().nth(number);
        let attribute = attribute.ok_or_else(|| Error::illegal_argument(format!("There is no column {number}.")))?;
        Ok(Column::attribute(attribute, self.id))
    }

    fn condition(&self, filter: &TableFilter) -> Result<Column> {
        let column = self.column_at(filter.column)?;
        let data_type = self.schema.get(filter.column).map_or(DataType::String, |f| f.data_type.clone());
        let text = Column::lit(filter.value.as_str());
        // Whole numbers compare with fractions too.
        let value = || text.cast(if data_type.is_numeric() { DataType::Double } else { data_type.clone() });
        Ok(match filter.test {
            FilterTest::Contains => {
                let lower = |column: Column| Column::call("lower", [column.cast(DataType::String)]);
                Column::call("contains", [lower(column), lower(text)])
            }
            FilterTest::Equal => column.eq(&value()),
            FilterTest::NotEqual => column.ne(&value()),
            FilterTest::Less => column.lt(&value()),
            FilterTest::LessOrEqual => column.le(&value()),
            FilterTest::Greater => column.gt(&value()),
            FilterTest::GreaterOrEqual => column.ge(&value()),
            FilterTest::Null => column.is_null(),
            FilterTest::NotNull => column.is_not_null(),
        })
    }

    /// The rows with a column in which the text stands.
    fn having(&self, batch: &Batch, needle: &str) -> Result<Batch> {
        let types: Vec<&DataType> = self.schema.iter().map(|f| &f.data_type).collect();
        let mut keep = Vec::with_capacity(batch.rows);
        for row in 0..batch.rows {
            if row % POLL == 0 {
                self.session.executor().check()?;
            }
            let mut values = types.iter().enumerate().map(|(column, data_type)| batch.value(data_type, column, row));
            keep.push(values.any(|value| text(&value).is_some_and(|text| text.to_lowercase().contains(needle))));
        }
        batch.filter(&BooleanArray::from(keep))
    }
}

impl TableRows {
    pub fn len(&self) -> usize {
        self.batches.iter().map(|batch| batch.rows).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows from number `from` on, at most `count`, each column as text; none for a null.
    pub fn read(&self, from: usize, count: usize) -> Vec<Vec<Option<String>>> {
        let types: Vec<&DataType> = self.schema.iter().map(|f| &f.data_type).collect();
        let (mut skip, mut rows) = (from, Vec::new());
        for batch in &self.batches {
            let end = batch.rows.min(skip.saturating_add(count - rows.len()));
            for row in skip.min(end)..end {
                rows.push(types.iter().enumerate().map(|(column, data_type)| text(&batch.value(data_type, column, row))).collect());
            }
            skip = skip.saturating_sub(batch.rows);
        }
        rows
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::types::Field;

    fn people() -> DataFrame {
        let session = Session::in_memory(2);
        let rows: Vec<Vec<Value>> = [("Ada", Some(36)), ("Bob", None), ("ada", Some(7)), ("Cy", Some(36)), ("Di", Some(-1))]
            .into_iter()
            .map(|(name, age)| vec![Value::from(name), age.map_or(Value::Null, Value::Int)])
            .collect();
        let schema = Schema::new(vec![Field::new("name", DataType::String, true), Field::new("age", DataType::Int, true)]);
        session.create_dataframe(&rows, schema).expect("a frame").repartition(Some(3), &[]).expect("a frame")
    }

    fn names(query: &TableQuery) -> Vec<String> {
        let rows = people().table_rows(query).expect("rows");
        let all = rows.read(0, usize::MAX);
        assert_eq!(all.len(), rows.len());
        // Any range is a part of the whole.
        for from in 0..=all.len() {
            assert_eq!(rows.read(from, 2), all[from..(from + 2).min(all.len())]);
        }
        all.into_iter().filter_map(|row| row[0].clone()).collect()
    }

    fn sorted(column: usize, descending: bool) -> TableQuery {
        TableQuery { sort: Some(TableSort { column, descending }), ..TableQuery::default() }
    }

    #[test]
    fn rows_are_sorted_as_spark_sorts_them() {
        assert_eq!(names(&sorted(0, false)), ["Ada", "Bob", "Cy", "Di", "ada"]);
        assert_eq!(names(&sorted(1, false))[..3], ["Bob", "Di", "ada"]);
        assert_eq!(names(&sorted(1, true))[4], "Bob");
    }

    #[test]
    fn rows_are_found_by_what_they_show() {
        assert_eq!(names(&TableQuery { search: "ADA".to_owned(), ..sorted(0, false) }), ["Ada", "ada"]);
        assert_eq!(names(&TableQuery { search: "36".to_owned(), ..sorted(0, false) }), ["Ada", "Cy"]);
        assert_eq!(names(&TableQuery { search: "zz".to_owned(), ..sorted(0, false) }), [""; 0]);
    }

    #[test]
    fn filters_compare_as_the_column_does() {
        let filtered = |column, test, value: &str| {
            names(&TableQuery { filters: vec![TableFilter { column, test, value: value.to_owned() }], ..sorted(0, false) })
        };
        assert_eq!(filtered(0, FilterTest::Contains, "D"), ["Ada", "Di", "ada"]);
        assert_eq!(filtered(0, FilterTest::Equal, "Ada"), ["Ada"]);
        assert_eq!(filtered(1, FilterTest::Equal, "36"), ["Ada", "Cy"]);
        assert_eq!(filtered(1, FilterTest::NotEqual, "36"), ["Di", "ada"]);
        assert_eq!(filtered(1, FilterTest::Less, "6.5"), ["Di"]);
        assert_eq!(filtered(1, FilterTest::GreaterOrEqual, "7"), ["Ada", "Cy", "ada"]);
        assert_eq!(filtered(1, FilterTest::Null, ""), ["Bob"]);
        assert_eq!(filtered(1, FilterTest::NotNull, "").len(), 4);
        let wrong =
            TableQuery { filters: vec![TableFilter { column: 1, test: FilterTest::Less, value: "x".to_owned() }], ..TableQuery::default() };
        assert!(people().table_rows(&wrong).err().expect("an error").message().contains("'x'"));
    }
}
