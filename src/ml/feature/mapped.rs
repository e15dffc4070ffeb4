//! Stages that make one column of another, each row on its own: what most transformers of features and most of their models are.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Executor, Result};

use crate::attribute::AttributeGroup;
use crate::check::{append, vector_column};
use crate::param::{Params, shared};
use crate::stage::Transformer;

/// A function over the whole columns of one partition.
pub(super) type Map = Arc<dyn Fn(&Executor, &[ArrayRef], usize) -> Result<ArrayRef> + Send + Sync>;

/// The column that a stage adds, for the schema it is given: it fails when an input doesn't fit.
type FieldOf = Box<dyn Fn(&Schema, &str, &Arc<str>) -> Result<Field> + Send + Sync>;

/// Turns the input column into what the map reads.
type Prepare = Box<dyn Fn(Column) -> Column + Send + Sync>;

/// A transformer of pairs of columns, each by its own map.
pub(super) struct Mapped {
    params: Params,
    pairs: Vec<(Arc<str>, Arc<str>, Map)>,
    field: FieldOf,
    prepare: Option<Prepare>,
    takes_nulls: bool,
}

impl Mapped {
    /// From `inputCol` to `outputCol`.
    pub fn single(
        params: &Params,
        field: impl Fn(&Schema, &str, &Arc<str>) -> Result<Field> + Send + Sync + 'static,
        map: Map,
    ) -> Result<Self> {
        let checked = params.checked()?;
        let pair = (checked.text(&shared::INPUT_COL)?, checked.text(&shared::OUTPUT_COL)?, map);
        Ok(Self::new(params, vec![pair], field))
    }

    pub fn new(
        params: &Params,
        pairs: Vec<(Arc<str>, Arc<str>, Map)>,
        field: impl Fn(&Schema, &str, &Arc<str>) -> Result<Field> + Send + Sync + 'static,
    ) -> Self {
        Self { params: params.clone(), pairs, field: Box::new(field), prepare: None, takes_nulls: false }
    }

    pub fn prepared(mut self, prepare: impl Fn(Column) -> Column + Send + Sync + 'static) -> Self {
        self.prepare = Some(Box::new(prepare));
        self
    }

    /// The maps know what to do with nulls; others are never called with one.
    pub fn taking_nulls(mut self) -> Self {
        self.takes_nulls = true;
        self
    }

    pub fn arc(self) -> Arc<dyn Transformer> {
        Arc::new(self)
    }
}

impl Transformer for Mapped {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let mut out = schema.clone();
        for (input, output, _) in &self.pairs {
            let field = (self.field)(schema, input, output)?;
            new_output(&out, output)?;
            out = append(&out, field)?;
        }
        Ok(out)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let mut added = Vec::with_capacity(self.pairs.len());
        for (input, output, map) in &self.pairs {
            let column = data.col(input)?;
            let column = match &self.prepare {
                Some(prepare) => prepare(column),
                None => column,
            };
            let (map, input, takes_nulls) = (map.clone(), input.clone(), self.takes_nulls);
            let native = Column::native(self.params.decl().name, [column], schema.field(output)?.clone(), move |executor, arrays, rows| {
                if !takes_nulls {
                    refuse_nulls(&input, &arrays[0])?;
                }
                map(executor, arrays, rows)
            });
            added.push((output.to_string(), native));
        }
        data.with_columns(&added)
    }
}

/// Fails on a null, as Spark's functions of rows do: with a `NullPointerException`.
pub(super) fn refuse_nulls(input: &str, array: &dyn Array) -> Result<()> {
    if array.null_count() == 0 {
        return Ok(());
    }
    Err(Error::runtime(format!(
        "Column {input} has a null, which ends in a NullPointerException in Spark too. Leave such rows out, as \
         df.na.drop(subset=[\"{input}\"]) does, or fill them."
    )))
}

/// Fails when there is a column of this name already, in the words of Spark's transformers.
pub(super) fn new_output(schema: &Schema, name: &str) -> Result<()> {
    if schema.names().any(|existing| existing == name) {
        return Err(Error::illegal_argument(format!("requirement failed: Output column {name} already exists.")));
    }
    Ok(())
}

/// A column of vectors whose size is told when it is known.
pub(super) fn vector_field(output: &Arc<str>, size: Option<usize>) -> Field {
    let metadata = size.map(|size| AttributeGroup::of_size(size).to_metadata(None));
    Field::new(output.clone(), DataType::Vector, true).with_metadata(metadata)
}

/// The size that the metadata of a column of vectors tells.
pub(super) fn known_size(field: &Field) -> Option<usize> {
    AttributeGroup::of(field).and_then(|group| group.size)
}

/// Vectors in, vectors of the same size out.
pub(super) fn same_size(schema: &Schema, input: &str, output: &Arc<str>) -> Result<Field> {
    Ok(vector_field(output, known_size(vector_column(schema, input)?)))
}

/// Vectors in, vectors of one known size out.
pub(super) fn sized(size: usize) -> impl Fn(&Schema, &str, &Arc<str>) -> Result<Field> + Send + Sync + 'static {
    move |schema, input, output| {
        vector_column(schema, input)?;
        Ok(vector_field(output, Some(size)))
    }
}

/// Fails when a column isn't of strings.
pub(super) fn string_column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    typed(schema, name, "string type", |data_type| *data_type == DataType::String)
}

/// Fails when a column isn't of arrays of strings.
pub(super) fn words_column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    typed(schema, name, "array<string>", |data_type| matches!(data_type, DataType::Array(element, _) if **element == DataType::String))
}

fn typed<'a>(schema: &'a Schema, name: &str, what: &str, fits: fn(&DataType) -> bool) -> Result<&'a Field> {
    let field = schema.field(name)?;
    if fits(&field.data_type) {
        return Ok(field);
    }
    let hint = if what != "string type" && field.data_type == DataType::String { " Tokenizer makes words of text." } else { "" };
    Err(Error::illegal_argument(format!(
        "requirement failed: Input type must be {what} but got {}. Column: {name}.{hint}",
        field.data_type
    )))
}

/// Calls `row` for each row, with a look at the Stop flag now and then.
pub(super) fn each_row(executor: &Executor, rows: usize, row: &mut dyn FnMut(usize) -> Result<()>) -> Result<()> {
    for i in 0..rows {
        // A row may be a wide vector: the look costs less than it.
        if i % 64 == 0 {
            executor.check()?;
        }
        row(i)?;
    }
    Ok(())
}

/// What is done with one vector.
type VectorFn = dyn Fn(VectorRef<'_>, &mut VectorBuilder) -> Result<()> + Send + Sync;

/// A map of vectors to vectors.
pub(super) fn vectors(function: impl Fn(VectorRef<'_>, &mut VectorBuilder) -> Result<()> + Send + Sync + 'static) -> Map {
    let function: Box<VectorFn> = Box::new(function);
    Arc::new(move |executor, arrays, rows| map_vectors(executor, &arrays[0], rows, &*function))
}

fn map_vectors(executor: &Executor, array: &ArrayRef, rows: usize, function: &VectorFn) -> Result<ArrayRef> {
    let column = VectorColumn::new(array)?;
    let mut out = VectorBuilder::with_capacity(rows, rows * column.size().unwrap_or(0));
    each_row(executor, rows, &mut |row| function(column.row(row), &mut out))?;
    Ok(out.finish())
}

/// Multiplies each feature by its factor; sparse vectors stay sparse.
pub(super) fn scaled(out: &mut VectorBuilder, vector: VectorRef<'_>, factors: &[f64]) {
    match vector {
        VectorRef::Dense(values) => out.append_dense(&values.iter().zip(factors).map(|(v, f)| v * f).collect::<Vec<_>>()),
        VectorRef::Sparse { size, indices, values } => {
            let values: Vec<f64> = indices.iter().zip(values).map(|(i, v)| v * factors[*i as usize]).collect();
            out.append_sparse(size, indices, &values);
        }
    }
}

/// Fails when a vector has another size than the stage expects.
pub(super) fn expect_size(vector: VectorRef<'_>, size: usize) -> Result<()> {
    if vector.size() == size {
        return Ok(());
    }
    Err(Error::illegal_argument(format!("requirement failed: Input vector has {} features where {size} are expected.", vector.size())))
}

/// A run of words of a row; a word may be null.
pub(super) type Words<'a> = [Option<&'a str>];

/// What is done with the words of one row.
type WordsFn = dyn for<'a> Fn(&Words<'a>, &mut Vec<Option<String>>) + Send + Sync;

/// A map of words to words.
pub(super) fn words(function: impl for<'a> Fn(&Words<'a>, &mut Vec<Option<String>>) + Send + Sync + 'static) -> Map {
    let function: Box<WordsFn> = Box::new(function);
    Arc::new(move |executor, arrays, rows| {
        let mut out = ListBuilder::new(StringBuilder::new());
        let mut found = Vec::new();
        each_words(executor, &arrays[0], rows, &mut |row| {
            found.clear();
            function(row, &mut found);
            found.iter().for_each(|word| out.values().append_option(word.as_deref()));
            out.append(true);
            Ok(())
        })?;
        Ok(Arc::new(out.finish()))
    })
}

/// Calls `row` with the words of each row; a null has none.
pub(super) fn each_words(executor: &Executor, array: &ArrayRef, rows: usize, row: &mut dyn FnMut(&Words<'_>) -> Result<()>) -> Result<()> {
    let lists = array.as_list::<i32>();
    let strings = lists.values().as_string::<i32>();
    let mut found: Vec<Option<&str>> = Vec::new();
    each_row(executor, rows, &mut |i| {
        let offsets = lists.value_offsets();
        found.clear();
        found.extend((offsets[i] as usize..offsets[i + 1] as usize).map(|k| strings.is_valid(k).then(|| strings.value(k))));
        row(&found)
    })
}
