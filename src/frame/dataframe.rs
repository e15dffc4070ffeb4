use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::batch::Batch;
use crate::column::Column;
use crate::plan::Plan;
use crate::schema::Schema;
use crate::session::Session;
use crate::source::{MemorySource, Source};
use crate::types::Metadata;
use crate::value::{Row, Value};

/// Rows in partitions, as a lazy plan: every transformation checks its names and types at once and computes nothing; actions compute.
#[derive(Clone)]
pub struct DataFrame {
    session: Session,
    plan: Arc<Plan>,
    schema: Arc<Schema>,
}

/// How two frames are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    LeftSemi,
    LeftAnti,
    Cross,
}

/// What two frames are joined on.
#[derive(Clone, Debug)]
pub enum JoinOn {
    /// Equal values in columns of these names, which come out once.
    Names(Vec<String>),
    Condition(Column),
}

/// The first rows of a frame as text, for a table on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct TablePreview {
    pub columns: Vec<PreviewColumn>,
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether the frame has more rows.
    pub truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewColumn {
    pub name: String,
    pub data_type: String,
    pub numeric: bool,
}

/// A frame grouped by keys, waiting for its aggregates.
pub struct GroupedData {
    frame: DataFrame,
    keys: Vec<Column>,
}

fn soon<T>(what: &str) -> Result<T> {
    Err(Error::unsupported(format!("{what} is not here yet.")))
}

impl DataFrame {
    pub(crate) fn new(session: Session, plan: Arc<Plan>) -> Self {
        let schema = Arc::new(plan.schema());
        Self { session, plan, schema }
    }

    pub fn from_source(session: &Session, source: Arc<dyn Source>) -> Self {
        Self::new(session.clone(), Arc::new(Plan::scan(source)))
    }

    /// A frame of these partitions, which have the schema's columns.
    pub fn from_batches(session: &Session, schema: Arc<Schema>, partitions: Vec<Batch>) -> Self {
        Self::from_source(session, Arc::new(MemorySource::new(schema, partitions)))
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub fn columns(&self) -> Vec<String> {
        self.schema.names().map(str::to_owned).collect()
    }

    /// `df[name]`: this frame's own column, whatever it is joined with later.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`, `AMBIGUOUS_REFERENCE`
    pub fn col(&self, name: &str) -> Result<Column> {
        let i = self.schema.index_of(name)?;
        Ok(Column::attribute(self.plan.output()[i].clone()))
    }

    pub fn select(&self, _columns: &[Column]) -> Result<DataFrame> {
        soon("select")
    }

    pub fn with_column(&self, name: &str, column: &Column) -> Result<DataFrame> {
        self.with_columns(&[(name.to_owned(), column.clone())])
    }

    pub fn with_columns(&self, _columns: &[(String, Column)]) -> Result<DataFrame> {
        soon("withColumns")
    }

    pub fn with_column_renamed(&self, _old: &str, _new: &str) -> Result<DataFrame> {
        soon("withColumnRenamed")
    }

    pub fn with_metadata(&self, _name: &str, _metadata: Metadata) -> Result<DataFrame> {
        soon("withMetadata")
    }

    pub fn filter(&self, _condition: &Column) -> Result<DataFrame> {
        soon("filter")
    }

    pub fn drop(&self, _names: &[&str]) -> Result<DataFrame> {
        soon("drop")
    }

    pub fn distinct(&self) -> Result<DataFrame> {
        self.drop_duplicates(None)
    }

    pub fn drop_duplicates(&self, _subset: Option<&[&str]>) -> Result<DataFrame> {
        soon("dropDuplicates")
    }

    pub fn group_by(&self, keys: &[Column]) -> Result<GroupedData> {
        Ok(GroupedData { frame: self.clone(), keys: keys.to_vec() })
    }

    pub fn agg(&self, aggregates: &[Column]) -> Result<DataFrame> {
        self.group_by(&[])?.agg(aggregates)
    }

    pub fn join(&self, _other: &DataFrame, _on: &JoinOn, _kind: JoinKind) -> Result<DataFrame> {
        soon("join")
    }

    pub fn cross_join(&self, _other: &DataFrame) -> Result<DataFrame> {
        soon("crossJoin")
    }

    pub fn union(&self, _other: &DataFrame) -> Result<DataFrame> {
        soon("union")
    }

    pub fn union_by_name(&self, _other: &DataFrame, _allow_missing: bool) -> Result<DataFrame> {
        soon("unionByName")
    }

    /// `orderBy`: over all partitions.
    pub fn sort(&self, _orders: &[Column]) -> Result<DataFrame> {
        soon("sort")
    }

    pub fn limit(&self, _rows: usize) -> Result<DataFrame> {
        soon("limit")
    }

    pub fn offset(&self, _rows: usize) -> Result<DataFrame> {
        soon("offset")
    }

    /// `dropna(how, thresh, subset)`: drops rows with fewer than `thresh` values that are neither null nor NaN; without `thresh`, rows
    /// with `any` or `all` of the columns missing.
    pub fn dropna(&self, _how: &str, _thresh: Option<usize>, _subset: Option<&[&str]>) -> Result<DataFrame> {
        soon("dropna")
    }

    /// `fillna(value, subset)`: only columns of the value's type are filled.
    pub fn fillna(&self, _value: &Value, _subset: Option<&[&str]>) -> Result<DataFrame> {
        soon("fillna")
    }

    /// `fillna({column: value})`
    pub fn fillna_each(&self, _values: &[(String, Value)]) -> Result<DataFrame> {
        soon("fillna")
    }

    /// `replace({old: new}, subset=…)`
    pub fn replace(&self, _pairs: &[(Value, Value)], _subset: Option<&[&str]>) -> Result<DataFrame> {
        soon("replace")
    }

    pub fn random_split(&self, _weights: &[f64], _seed: i64) -> Result<Vec<DataFrame>> {
        soon("randomSplit")
    }

    pub fn sample(&self, _with_replacement: bool, _fraction: f64, _seed: i64) -> Result<DataFrame> {
        soon("sample")
    }

    /// `repartition(n, *columns)`
    pub fn repartition(&self, _partitions: Option<usize>, _columns: &[Column]) -> Result<DataFrame> {
        soon("repartition")
    }

    pub fn coalesce(&self, _partitions: usize) -> Result<DataFrame> {
        soon("coalesce")
    }

    /// Keeps the rows in memory once an action has computed them.
    #[must_use]
    pub fn cache(&self) -> DataFrame {
        self.clone()
    }

    pub fn unpersist(&self) {}

    pub fn alias(&self, _name: &str) -> DataFrame {
        self.clone()
    }

    pub fn to_df(&self, _names: &[&str]) -> Result<DataFrame> {
        soon("toDF")
    }

    pub fn create_or_replace_temp_view(&self, name: &str) {
        self.session.set_view(name, self.plan.clone());
    }

    pub fn describe(&self, _columns: &[&str]) -> Result<DataFrame> {
        soon("describe")
    }

    pub fn summary(&self, _statistics: &[&str]) -> Result<DataFrame> {
        soon("summary")
    }

    /// Computes all partitions, in order.
    pub fn partitions(&self) -> Result<Vec<Batch>> {
        soon("partitions")
    }

    pub fn num_partitions(&self) -> Result<usize> {
        Ok(self.partitions()?.len())
    }

    pub fn collect(&self) -> Result<Vec<Row>> {
        soon("collect")
    }

    pub fn take(&self, _rows: usize) -> Result<Vec<Row>> {
        soon("take")
    }

    pub fn tail(&self, _rows: usize) -> Result<Vec<Row>> {
        soon("tail")
    }

    pub fn first(&self) -> Result<Option<Row>> {
        Ok(self.take(1)?.pop())
    }

    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.first()?.is_none())
    }

    pub fn count(&self) -> Result<usize> {
        soon("count")
    }

    /// What `show(n, truncate, vertical)` prints; `truncate` 0 cuts nothing.
    pub fn show_string(&self, _rows: usize, _truncate: usize, _vertical: bool) -> Result<String> {
        soon("show")
    }

    /// The first rows as text, running only what is needed for them.
    pub fn preview(&self, _rows: usize) -> Result<TablePreview> {
        soon("display")
    }

    pub fn explain(&self) -> String {
        String::new()
    }
}

impl GroupedData {
    pub fn agg(&self, _aggregates: &[Column]) -> Result<DataFrame> {
        let _ = (&self.frame, &self.keys);
        soon("agg")
    }

    pub fn count(&self) -> Result<DataFrame> {
        self.agg(&[Column::call("count", [Column::lit(1)]).alias("count")])
    }
}

impl Session {
    /// `spark.createDataFrame(rows, schema)` in `DEFAULT_PARALLELISM` partitions.
    pub fn create_dataframe(&self, _rows: &[Vec<Value>], _schema: Schema) -> Result<DataFrame> {
        soon("createDataFrame")
    }

    /// `spark.range(start, end, step, numPartitions)`
    pub fn range(&self, _start: i64, _end: i64, _step: i64, _partitions: Option<usize>) -> Result<DataFrame> {
        soon("range")
    }
}
