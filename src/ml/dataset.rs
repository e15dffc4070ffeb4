//! A frame as an algorithm reads it: per partition one block of features, with labels and weights beside it.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, Float64Array};
use arrow_buffer::ScalarBuffer;
use kindling_frame::vector_column::dense_buffer;
use kindling_frame::{Column, DataFrame, DataType, VectorColumn};
use kindling_linalg::number::java_double;
use kindling_linalg::{VectorRef, kernels};
use kindling_partition::{Error, Executor, Result};

use crate::attribute::{Attribute, AttributeGroup};
use crate::check;
use crate::param::{Checked, shared};
use crate::task::Task;

/// Which columns to read.
#[derive(Clone, Copy, Debug)]
pub struct InstanceColumns<'a> {
    pub features: &'a str,
    pub label: Option<(&'a str, LabelKind)>,
    pub weight: Option<&'a str>,
}

/// What labels may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// Any finite number.
    Regression,
    /// An integer from 0; below `classes` when their number is known.
    Classes { classes: Option<usize> },
}

/// A data set in partitions, read and checked.
#[derive(Clone, Debug)]
pub struct Instances {
    pub blocks: Vec<Block>,
    /// The number of features.
    pub width: usize,
    /// The number of rows of all blocks.
    pub rows: usize,
    /// What the column's metadata says of the features.
    pub attributes: Option<AttributeGroup>,
}

/// One partition's rows.
#[derive(Clone, Debug)]
pub struct Block {
    pub features: Rows,
    /// A label for each row; empty when none was asked for.
    pub labels: Vec<f64>,
    /// A weight for each row; `None` when all are 1.
    pub weights: Option<Vec<f64>>,
}

/// Vectors of one size, one after the other.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Row-major; shared with the column it came from.
    Dense { values: ScalarBuffer<f64>, width: usize },
    /// Compressed rows: the entries of row `i` are `offsets[i]..offsets[i + 1]`.
    Sparse { width: usize, offsets: Vec<usize>, indices: Vec<i32>, values: Vec<f64> },
}

impl Rows {
    /// The vectors of a column, all of size `width`. Stored dense where that costs little more than sparse.
    ///
    /// # Errors
    /// When a vector is null or of another size.
    pub fn read(array: &ArrayRef, width: usize) -> Result<Self> {
        if let Some((values, found)) = dense_buffer(array)
            && found == width
        {
            return Ok(Self::Dense { values, width });
        }
        let column = VectorColumn::new(array)?;
        let mut stored = 0;
        for i in 0..column.len() {
            if column.is_null(i) {
                return Err(Error::runtime("Vectors MUST NOT be Null."));
            }
            let row = column.row(i);
            if row.size() != width {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: All vectors of a column must have the same size: expected {width}, found {}.",
                    row.size()
                )));
            }
            stored += row.active().count();
        }
        if width <= 32 || stored.saturating_mul(4) >= column.len().saturating_mul(width) {
            let values = column.to_dense_block(width)?.into_owned();
            return Ok(Self::Dense { values: values.into(), width });
        }
        let (mut offsets, mut indices, mut values) = (Vec::with_capacity(column.len() + 1), Vec::new(), Vec::new());
        offsets.push(0);
        for i in 0..column.len() {
            for (j, value) in column.row(i).active().filter(|entry| entry.1 != 0.0) {
                indices.push(j as i32);
                values.push(value);
            }
            offsets.push(values.len());
        }
        Ok(Self::Sparse { width, offsets, indices, values })
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Dense { width: 0, .. } => 0,
            Self::Dense { values, width } => values.len() / width,
            Self::Sparse { offsets, .. } => offsets.len() - 1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn width(&self) -> usize {
        match self {
            Self::Dense { width, .. } | Self::Sparse { width, .. } => *width,
        }
    }

    pub fn row(&self, i: usize) -> VectorRef<'_> {
        match self {
            Self::Dense { values, width } => VectorRef::Dense(&values[i * width..(i + 1) * width]),
            Self::Sparse { width, offsets, indices, values } => {
                let run = offsets[i]..offsets[i + 1];
                VectorRef::Sparse { size: *width, indices: &indices[run.clone()], values: &values[run] }
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = VectorRef<'_>> {
        (0..self.len()).map(|i| self.row(i))
    }

    /// The row-major block, when stored so.
    pub fn dense(&self) -> Option<&[f64]> {
        match self {
            Self::Dense { values, .. } => Some(values),
            Self::Sparse { .. } => None,
        }
    }

    /// The row-major block, written out when stored sparse.
    pub fn to_dense(&self) -> Cow<'_, [f64]> {
        match self {
            Self::Dense { values, .. } => Cow::Borrowed(values),
            Self::Sparse { width, .. } => {
                let mut block = vec![0.0; self.len() * width];
                for (row, out) in self.iter().zip(block.chunks_exact_mut(*width)) {
                    row.write_dense(out);
                }
                Cow::Owned(block)
            }
        }
    }

    /// Every stored number.
    pub fn values(&self) -> &[f64] {
        match self {
            Self::Dense { values, .. } => values,
            Self::Sparse { values, .. } => values,
        }
    }
}

impl Block {
    pub fn len(&self) -> usize {
        self.features.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }
}

impl Instances {
    /// The features, labels and weights that the params name.
    ///
    /// # Errors
    /// As of [`read`](Self::read).
    pub(crate) fn labelled(data: &DataFrame, params: Checked<'_>, kind: LabelKind) -> Result<Self> {
        let weight = params.opt_column(&shared::WEIGHT_COL);
        Self::weighted_by(data, params, kind, weight.as_deref())
    }

    /// As [`labelled`](Self::labelled), with weights from this column, or all 1.
    pub(crate) fn weighted_by(data: &DataFrame, params: Checked<'_>, kind: LabelKind, weight: Option<&str>) -> Result<Self> {
        let (features, label) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::LABEL_COL)?);
        Self::read(data, &InstanceColumns { features: &features, label: Some((&label, kind)), weight })
    }

    /// The features and weights that the params name.
    ///
    /// # Errors
    /// As of [`read`](Self::read).
    pub(crate) fn unlabelled(data: &DataFrame, params: Checked<'_>) -> Result<Self> {
        let (features, weight) = (params.text(&shared::FEATURES_COL)?, params.opt_column(&shared::WEIGHT_COL));
        Self::read(data, &InstanceColumns { features: &features, label: None, weight: weight.as_deref() })
    }

    /// The blocks as algorithms take them.
    pub(crate) fn tasks(&self) -> Vec<Task<'_>> {
        self.blocks.iter().map(Task::from).collect()
    }

    /// Reads and checks the columns, partition by partition.
    ///
    /// # Errors
    /// A column that is missing or of the wrong type; a null, NaN or infinite number; vectors of different sizes; a label that is no class;
    /// a negative weight; no rows at all.
    pub fn read(data: &DataFrame, columns: &InstanceColumns<'_>) -> Result<Self> {
        let schema = data.schema();
        let attributes = AttributeGroup::of(check::vector_column(schema, columns.features)?);
        let mut selected = vec![named(data, columns.features)?];
        for name in columns.label.iter().map(|(name, _)| *name).chain(columns.weight) {
            check::numeric_column(schema, name)?;
            selected.push(named(data, name)?.cast(DataType::Double));
        }
        let batches = data.select(&selected)?.partitions()?;
        let width = batches.iter().find_map(|batch| VectorColumn::new(&batch.columns[0]).ok().and_then(|column| column.size()));
        let Some(width) = width else {
            return Err(Error::runtime(format!("The data set is empty: column {} has no vector.", columns.features)));
        };
        let executor = data.session().executor();
        let blocks = executor.map("read features", &batches, |_, batch| {
            let features = Rows::read(&batch.columns[0], width)?;
            finite_values(executor, columns.features, &features)?;
            let labels = match columns.label {
                Some((name, kind)) => labels(name, kind, &batch.columns[1])?,
                None => Vec::new(),
            };
            let weights = match columns.weight {
                Some(name) => Some(weights(name, &batch.columns[batch.columns.len() - 1])?),
                None => None,
            };
            Ok(Block { features, labels, weights })
        })?;
        let rows = blocks.iter().map(Block::len).sum();
        Ok(Self { blocks, width, rows, attributes })
    }

    /// How many categories each feature has, as the metadata says: `None` for numbers.
    pub fn categories(&self) -> Vec<Option<usize>> {
        let attributes = self.attributes.as_ref().and_then(|group| group.attributes.as_ref());
        (0..self.width).map(|i| attributes.and_then(|a| a.get(i)).and_then(Attribute::categories)).collect()
    }
}

/// How many classes a label column has: as its metadata says, else one more than the greatest label.
///
/// # Errors
/// When no metadata says it and it would be more than `most`, or a label is no class.
pub fn num_classes(data: &DataFrame, label: &str, most: usize) -> Result<usize> {
    let field = check::numeric_column(data.schema(), label)?;
    if let Some(classes) = Attribute::of(field).as_ref().and_then(Attribute::categories) {
        return Ok(classes);
    }
    let batches = data.select(&[named(data, label)?.cast(DataType::Double)])?.partitions()?;
    let kind = LabelKind::Classes { classes: None };
    let greatest = data.session().executor().aggregate(
        "count classes",
        &batches,
        || None,
        |greatest: Option<f64>, _, batch| Ok(labels(label, kind, &batch.columns[0])?.into_iter().fold(greatest, later_max)),
        |a, b| b.into_iter().fold(a, later_max),
    )?;
    let Some(greatest) = greatest else {
        return Err(Error::runtime(format!("The data set is empty: column {label} has no label.")));
    };
    let classes = greatest as usize + 1;
    if classes > most {
        return Err(Error::illegal_argument(format!(
            "requirement failed: Classifier inferred {classes} from label values in column {label}, but this exceeded the max numClasses \
             ({most}) allowed to be inferred from values. To avoid this error for labels with > {most} classes, specify numClasses explicitly \
             in the metadata; this can be done by applying StringIndexer to the label column."
        )));
    }
    Ok(classes)
}

fn later_max(greatest: Option<f64>, value: f64) -> Option<f64> {
    Some(greatest.map_or(value, |g| g.max(value)))
}

/// The frame's own column of this name, dots in it and all.
pub fn named(data: &DataFrame, name: &str) -> Result<Column> {
    data.col(name)
}

/// A column of doubles, nulls as NaN.
pub fn doubles(array: &ArrayRef) -> Vec<f64> {
    let array: &Float64Array = array.as_primitive::<Float64Type>();
    if array.null_count() == 0 { array.values().to_vec() } else { array.iter().map(|value| value.unwrap_or(f64::NAN)).collect() }
}

/// The numbers of a column of labels, checked.
pub fn labels(name: &str, kind: LabelKind, array: &ArrayRef) -> Result<Vec<f64>> {
    let values = doubles(array);
    let wrong = |why: &str| Error::runtime(format!("Column {name}: {why}"));
    for &value in &values {
        if value.is_nan() {
            return Err(wrong("Labels MUST NOT be Null or NaN."));
        }
        let LabelKind::Classes { classes } = kind else {
            if value.is_infinite() {
                return Err(wrong(&format!("Labels MUST NOT be Infinity, but got {}.", java_double(value))));
            }
            continue;
        };
        let most = classes.map_or(f64::from(i32::MAX), |classes| classes as f64);
        if classes == Some(2) && value != 0.0 && value != 1.0 {
            return Err(wrong(&format!("Labels MUST be in {{0, 1}}, but got {}.", java_double(value))));
        }
        if value < 0.0 || value >= most {
            return Err(wrong(&format!("Labels MUST be in [0, {most}), but got {}.", java_double(value))));
        }
        if value.fract() != 0.0 {
            return Err(wrong(&format!("Labels MUST be Integers, but got {}.", java_double(value))));
        }
    }
    Ok(values)
}

/// The numbers of a column of weights, checked.
pub fn weights(name: &str, array: &ArrayRef) -> Result<Vec<f64>> {
    let values = doubles(array);
    for &value in &values {
        if value.is_nan() {
            return Err(Error::runtime(format!("Column {name}: Weights MUST NOT be Null or NaN.")));
        }
        if value < 0.0 || value.is_infinite() {
            return Err(Error::runtime(format!(
                "Column {name}: Weights MUST NOT be Negative or Infinity, but got {}.",
                java_double(value)
            )));
        }
    }
    Ok(values)
}

fn finite_values(executor: &Executor, name: &str, rows: &Rows) -> Result<()> {
    for chunk in rows.values().chunks(1 << 18) {
        executor.check()?;
        if kernels::are_finite(chunk) {
            continue;
        }
        if let Some(bad) = chunk.iter().find(|value| !value.is_finite()) {
            return Err(Error::runtime(format!(
                "Column {name}: Vector values MUST NOT be NaN or Infinity, but got {}. Imputer fills missing values.",
                java_double(*bad)
            )));
        }
    }
    Ok(())
}
