//! The columns that a booster is trained on and predicts from, read as XGBoost reads them: numbers of 32 bits, missing ones as NaN.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use kindling_frame::{Batch, Column, DataFrame, DataType, Schema, VectorColumn};
use kindling_partition::{Error, Executor, Result};

use crate::check;
use crate::dataset::{doubles, named};

/// Rows of features, one after the other.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: usize,
    pub width: usize,
    /// Row-major; NaN where a value is missing.
    values: Vec<f32>,
}

impl Table {
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    /// The values of this row and those behind it.
    pub fn rows_from(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..]
    }

    #[optimize(speed)]
    pub fn column(&self, feature: usize) -> Vec<f32> {
        self.values.chunks_exact(self.width.max(1)).map(|row| row[feature]).collect()
    }

    /// These rows, in this order.
    fn select(&self, rows: &[u32]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.width);
        rows.iter().for_each(|row| values.extend_from_slice(self.row(*row as usize)));
        Self { rows: rows.len(), width: self.width, values }
    }

    fn join(tables: Vec<Self>) -> Self {
        let width = tables.iter().map(|table| table.width).max().unwrap_or(0);
        let mut tables = tables.into_iter().filter(|table| table.rows > 0);
        let mut all = tables.next().unwrap_or_default();
        for table in tables {
            all.rows += table.rows;
            all.values.extend(table.values);
        }
        Self { width, ..all }
    }
}

/// Where features come from, and what counts as missing.
#[derive(Clone, Debug)]
pub(super) struct Features {
    pub source: Source,
    /// NaN is missing whatever this is.
    pub missing: f32,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A column of vectors, or of arrays of numbers.
    One(Arc<str>),
    /// A column of numbers for each feature.
    Many(Arc<[Arc<str>]>),
}

impl Features {
    /// # Errors
    /// In the words of `xgboost.spark` when a column has no numbers.
    pub fn check(&self, schema: &Schema) -> Result<()> {
        match &self.source {
            Source::One(name) => match &schema.field(name)?.data_type {
                DataType::Vector => Ok(()),
                DataType::Array(element, _) if check::is_numeric(element) => Ok(()),
                DataType::Array(element, _) => {
                    Err(Error::value_error(format!("If feature column is array type, its elements must be number type, got {element}.")))
                }
                _ => Err(Error::value_error(
                    "feature column must be array type or `pyspark.ml.linalg.Vector` type, if you want to use multiple numeric columns as \
                     features, please use `pyspark.ml.transform.VectorAssembler` to assemble them into a vector type column first.",
                )),
            },
            Source::Many(names) => names.iter().try_for_each(|name| {
                if check::is_numeric(&schema.field(name)?.data_type) {
                    Ok(())
                } else {
                    Err(Error::value_error("Values in feature columns must be integral types or float/double types."))
                }
            }),
        }
    }

    /// The columns that [`read`](Self::read) takes.
    pub fn columns(&self, data: &DataFrame) -> Result<Vec<Column>> {
        match &self.source {
            Source::One(name) => {
                let column = named(data, name)?;
                let is_vector = data.schema().field(name)?.data_type == DataType::Vector;
                Ok(vec![if is_vector { column } else { column.cast(DataType::array(DataType::Double)) }])
            }
            Source::Many(names) => names.iter().map(|name| Ok(named(data, name)?.cast(DataType::Double))).collect(),
        }
    }

    /// The rows of one partition. Without a `width` the first row says it.
    ///
    /// # Errors
    /// Rows of different widths, a null in the place of a row, an infinite number.
    pub fn read(&self, executor: &Executor, columns: &[ArrayRef], width: Option<usize>) -> Result<Table> {
        let rows = columns.first().map_or(0, |column| column.len());
        let mut reader = Reader { missing: self.missing, width, values: Vec::new() };
        match &self.source {
            Source::Many(_) => {
                let columns: Vec<Vec<f64>> = columns.iter().map(doubles).collect();
                for row in 0..rows {
                    if row % 1024 == 0 {
                        executor.check()?;
                    }
                    reader.push(columns.len(), columns.iter().map(|column| column[row]))?;
                }
            }
            Source::One(_) if columns[0].data_type().is_nested() && columns[0].as_list_opt::<i32>().is_some() => {
                let lists = columns[0].as_list::<i32>();
                let numbers = doubles(lists.values());
                let offsets = lists.value_offsets();
                for row in 0..rows {
                    if row % 1024 == 0 {
                        executor.check()?;
                    }
                    if lists.is_null(row) {
                        return Err(null_row());
                    }
                    let values = &numbers[offsets[row] as usize..offsets[row + 1] as usize];
                    reader.push(values.len(), values.iter().copied())?;
                }
            }
            Source::One(_) => {
                let vectors = VectorColumn::new(&columns[0])?;
                let mut dense = Vec::new();
                for row in 0..rows {
                    if row % 1024 == 0 {
                        executor.check()?;
                    }
                    if vectors.is_null(row) {
                        return Err(null_row());
                    }
                    let vector = vectors.row(row);
                    dense.resize(vector.size(), 0.0);
                    vector.write_dense(&mut dense);
                    reader.push(dense.len(), dense.iter().copied())?;
                }
            }
        }
        Ok(Table { rows, width: reader.width.unwrap_or(0), values: reader.values })
    }
}

fn null_row() -> Error {
    Error::runtime("The features of a row are null. Imputer fills missing values, and DataFrame.dropna() leaves such rows out.")
}

struct Reader {
    missing: f32,
    width: Option<usize>,
    values: Vec<f32>,
}

impl Reader {
    fn push(&mut self, size: usize, row: impl Iterator<Item = f64>) -> Result<()> {
        let width = *self.width.get_or_insert(size);
        if size != width {
            return Err(Error::runtime(format!(
                "Feature shape mismatch, expected: {width}, got {size}: all rows must have as many features as the booster."
            )));
        }
        for value in row {
            let value = value as f32;
            if value.is_infinite() && value != self.missing {
                return Err(Error::runtime("Input data contains `inf` or a value too large, while `missing` is not set to `inf`"));
            }
            self.values.push(if value == self.missing { f32::NAN } else { value });
        }
        Ok(())
    }
}

/// The columns to train on, beside the features.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub label: Arc<str>,
    pub weight: Option<Arc<str>>,
    pub margin: Option<Arc<str>>,
    pub query: Option<Arc<str>>,
    pub validation: Option<Arc<str>>,
}

/// Rows to train on, or to watch while others train.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub features: Table,
    pub labels: Vec<f32>,
    /// One for each row, or for each group when there are groups.
    pub weights: Option<Vec<f32>>,
    pub margins: Option<Vec<f32>>,
    /// Where each group of rows with the same query begins; one more at the end. Empty without queries.
    pub groups: Vec<usize>,
}

impl Data {
    /// The weight of each row, whatever the weights are of.
    pub fn row_weights(&self) -> Option<Vec<f32>> {
        let weights = self.weights.as_ref()?;
        if self.groups.is_empty() {
            return Some(weights.clone());
        }
        Some(self.groups.windows(2).zip(weights).flat_map(|(group, weight)| vec![*weight; group[1] - group[0]]).collect())
    }
}

/// The rows to train on, and those to watch when there is a column that marks them.
///
/// # Errors
/// A missing column or one of a wrong type, no rows, a label or weight that is no finite number.
pub(super) fn read(data: &DataFrame, features: &Features, columns: &Columns) -> Result<(Data, Option<Data>)> {
    let schema = data.schema();
    features.check(schema)?;
    let mut selected = features.columns(data)?;
    let width = selected.len();
    for name in [Some(&columns.label), columns.weight.as_ref(), columns.margin.as_ref(), columns.query.as_ref()].into_iter().flatten() {
        check::numeric_column(schema, name)?;
        selected.push(named(data, name)?.cast(DataType::Double));
    }
    if let Some(name) = &columns.validation {
        if schema.field(name)?.data_type != DataType::Boolean {
            return Err(Error::type_error("The validation indicator must be boolean type."));
        }
        selected.push(named(data, name)?.cast(DataType::Double));
    }
    let batches: Vec<Batch> = data.select(&selected)?.partitions()?.into_iter().filter(|batch| batch.rows > 0).collect();
    let executor = data.session().executor();
    let tables = executor.map("read features", &batches, |_, batch| features.read(executor, &batch.columns[..width], None))?;
    if let Some(pair) = tables.windows(2).find(|pair| pair[0].width != pair[1].width) {
        return Err(Error::runtime(format!("Feature shape mismatch, expected: {}, got {}.", pair[0].width, pair[1].width)));
    }
    let table = Table::join(tables);
    if table.rows == 0 || table.width == 0 {
        return Err(Error::runtime("The data set is empty: XGBoost needs at least one row and one feature to train on."));
    }
    let mut next = width;
    let mut column = |wanted: bool| {
        wanted.then(|| {
            next += 1;
            batches.iter().flat_map(|batch| doubles(&batch.columns[next - 1])).collect::<Vec<f64>>()
        })
    };
    let labels = column(true).unwrap_or_default();
    let (weights, margins) = (column(columns.weight.is_some()), column(columns.margin.is_some()));
    let (queries, validation) = (column(columns.query.is_some()), column(columns.validation.is_some()));
    if labels.iter().any(|label| !label.is_finite()) {
        return Err(Error::runtime("Label contains NaN, infinity or a value too large."));
    }
    if weights.as_ref().is_some_and(|weights| weights.iter().any(|weight| !(weight.is_finite() && *weight >= 0.0))) {
        return Err(Error::runtime("Weights must be positive values."));
    }
    if margins.as_ref().is_some_and(|margins| margins.iter().any(|margin| !margin.is_finite())) {
        return Err(Error::runtime("Base margin contains NaN, infinity or a value too large."));
    }
    let whole = Whole { table, labels, weights, margins, queries };
    if validation.is_none() && whole.queries.is_none() {
        return Ok((whole.all(), None));
    }
    let marked = |wanted: bool| -> Vec<u32> {
        let is = |row: &u32| validation.as_ref().is_some_and(|marks| marks[*row as usize] == 1.0) == wanted;
        (0..whole.labels.len() as u32).filter(is).collect()
    };
    let train = whole.pick(marked(false))?;
    if train.labels.is_empty() {
        return Err(Error::runtime("The data set is empty: every row is marked for validation, and none is left to train on."));
    }
    let watched = if validation.is_some() { Some(whole.pick(marked(true))?) } else { None };
    Ok((train, watched))
}

struct Whole {
    table: Table,
    labels: Vec<f64>,
    weights: Option<Vec<f64>>,
    margins: Option<Vec<f64>>,
    queries: Option<Vec<f64>>,
}

impl Whole {
    /// All rows as they came, of data without queries.
    fn all(self) -> Data {
        let narrow = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect::<Vec<f32>>();
        Data {
            features: self.table,
            labels: narrow(self.labels),
            weights: self.weights.map(narrow),
            margins: self.margins.map(narrow),
            groups: Vec::new(),
        }
    }

    /// These rows, those of a query together.
    fn pick(&self, mut rows: Vec<u32>) -> Result<Data> {
        let mut groups = Vec::new();
        let mut weights: Option<Vec<f32>> = None;
        if let Some(queries) = &self.queries {
            if queries.iter().any(|query| !query.is_finite()) {
                return Err(Error::runtime("qid contains a null or no number."));
            }
            rows.sort_by(|a, b| queries[*a as usize].total_cmp(&queries[*b as usize]));
            let query = |i: usize| queries[rows[i] as usize];
            groups = (0..rows.len()).filter(|i| *i == 0 || query(*i) != query(*i - 1)).chain([rows.len()]).collect();
            // The first row of a group says its weight.
            weights = self.weights.as_ref().map(|all| {
                let firsts = &groups[..groups.len() - 1];
                firsts.iter().map(|first| all[rows[*first] as usize] as f32).collect()
            });
        }
        let narrow = |values: &Vec<f64>| rows.iter().map(|row| values[*row as usize] as f32).collect::<Vec<f32>>();
        let weights = if self.queries.is_some() { weights } else { self.weights.as_ref().map(narrow) };
        Ok(Data {
            features: self.table.select(&rows),
            labels: narrow(&self.labels),
            weights,
            margins: self.margins.as_ref().map(narrow),
            groups,
        })
    }
}
