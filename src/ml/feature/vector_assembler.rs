use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_buffer::ScalarBuffer;
use kindling_frame::vector_column::{dense_buffer, from_dense_block};
use kindling_frame::{DataFrame, DataType, Field, Metadata, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::{VectorRef, sparse_is_smaller};
use kindling_partition::{Error, Executor, Result};

use super::columns::{CHUNK, drop_missing, with_native};
use crate::attribute::{Attribute, AttributeGroup};
use crate::check::{append, is_numeric};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{StageDecl, Transformer};

/// Puts columns of numbers, booleans and vectors side by side in one vector column, which is what estimators read. Spark's
/// `org.apache.spark.ml.feature.VectorAssembler`.
pub static VECTOR_ASSEMBLER: StageDecl = StageDecl::transformer(
    "VectorAssembler",
    "feature",
    "A feature transformer that merges multiple columns into a vector column.",
    &[shared::INPUT_COLS, shared::OUTPUT_COL, HANDLE_INVALID],
    |params| Ok(Arc::new(VectorAssembler::new(params)?)),
);

const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "How to handle invalid data (NULL and NaN values). Options are 'skip' (filter out rows with invalid data), 'error' (throw an error), or \
     'keep' (return relevant number of NaN in the output). Column lengths are taken from the size of ML Attribute Group, which can be set \
     using `VectorSizeHint` in a pipeline before `VectorAssembler`. Column lengths can also be inferred from first rows of the data since it \
     is safe to do so but only in case of 'error' or 'skip').",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

struct VectorAssembler {
    params: Params,
    inputs: Vec<Arc<str>>,
    output: Arc<str>,
    invalid: Invalid,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Invalid {
    Error,
    Skip,
    Keep,
}

impl VectorAssembler {
    fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let invalid = match &*checked.text(&HANDLE_INVALID)? {
            "skip" => Invalid::Skip,
            "keep" => Invalid::Keep,
            _ => Invalid::Error,
        };
        Ok(Self {
            inputs: checked.texts(&shared::INPUT_COLS)?,
            output: checked.text(&shared::OUTPUT_COL)?,
            invalid,
            params: params.clone(),
        })
    }

    /// The number of features that each input gives: one, or the size of its vectors as metadata or else the first row says.
    fn widths(&self, data: &DataFrame) -> Result<Vec<usize>> {
        let mut widths = Vec::new();
        let mut unknown = Vec::new();
        for name in &self.inputs {
            let field = data.schema().field(name)?;
            let width = if field.data_type == DataType::Vector { AttributeGroup::of(field).and_then(|group| group.size) } else { Some(1) };
            if width.is_none() {
                unknown.push(name.clone());
            }
            widths.push(width.unwrap_or(0));
        }
        if unknown.is_empty() {
            return Ok(widths);
        }
        if self.invalid == Invalid::Keep {
            return Err(Error::runtime(format!(
                "Can not infer column lengths with handleInvalid = \"keep\". Consider using VectorSizeHint to add metadata for columns: [{}].",
                unknown.join(", ")
            )));
        }
        let columns = unknown.iter().map(|name| data.col(name)).collect::<Result<Vec<_>>>()?;
        let selected = data.select(&columns)?;
        let first = if self.invalid == Invalid::Skip { drop_missing(&selected, &unknown)? } else { selected }.first()?;
        for (i, name) in unknown.iter().enumerate() {
            let size = match first.as_ref().map(|row| &row.values[i]) {
                Some(kindling_frame::Value::Vector(vector)) => vector.size(),
                Some(_) => return Err(null_error()),
                None => 0,
            };
            for (width, _) in widths.iter_mut().zip(&self.inputs).filter(|(_, input)| *input == name) {
                *width = size;
            }
        }
        Ok(widths)
    }

    /// Names and kinds of the features, input after input.
    fn metadata(&self, schema: &Schema, widths: &[usize]) -> Result<Metadata> {
        let mut attributes = Vec::new();
        for (name, width) in self.inputs.iter().zip(widths) {
            let field = schema.field(name)?;
            match &field.data_type {
                DataType::Double => {
                    attributes.push(Attribute { name: Some(name.clone()), ..Attribute::of(field).unwrap_or_default() });
                }
                DataType::Vector => {
                    let known = AttributeGroup::of(field).and_then(|group| group.attributes);
                    let inner = known.unwrap_or_else(|| vec![Attribute::default(); *width]);
                    attributes.extend(inner.into_iter().enumerate().map(|(i, attribute)| {
                        let inner_name = attribute.name.as_ref().map_or_else(|| i.to_string(), |name| name.to_string());
                        Attribute { name: Some(format!("{name}_{inner_name}").into()), ..attribute }
                    }));
                }
                _ => attributes.push(Attribute::numeric(Some(name.clone()))),
            }
        }
        Ok(AttributeGroup::new(attributes).to_metadata(None))
    }
}

impl Transformer for VectorAssembler {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        if schema.names().any(|name| name == &*self.output) {
            return Err(Error::illegal_argument(format!("Output column {} already exists.", self.output)));
        }
        let mut wrong = Vec::new();
        for name in &self.inputs {
            let data_type = &schema.field(name)?.data_type;
            if !(is_numeric(data_type) || matches!(data_type, DataType::Boolean | DataType::Vector)) {
                wrong.push(format!("Data type {data_type} of column {name} is not supported."));
            }
        }
        if wrong.is_empty() {
            append(schema, Field::new(self.output.clone(), DataType::Vector, true))
        } else {
            Err(Error::illegal_argument(wrong.join("\n")))
        }
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let widths = self.widths(data)?;
        let metadata = self.metadata(data.schema(), &widths)?;
        let mut filtered = None;
        if self.invalid == Invalid::Skip {
            filtered = Some(drop_missing(data, &self.inputs)?);
        }
        let data = filtered.as_ref().unwrap_or(data);
        let columns = self.inputs.iter().map(|name| {
            let column = data.col(name)?;
            Ok(if data.schema().field(name)?.data_type == DataType::Vector { column } else { column.cast(DataType::Double) })
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let field = Field::new(self.output.clone(), DataType::Vector, true).with_metadata(Some(metadata));
        let keep = self.invalid == Invalid::Keep;
        with_native(data, "VectorAssembler", columns, field, move |executor, arrays, rows| assemble(executor, arrays, rows, &widths, keep))
    }
}

fn null_error() -> Error {
    Error::runtime(
        "Encountered null while assembling a row with handleInvalid = \"error\". Consider removing nulls from dataset or using handleInvalid = \
         \"keep\" or \"skip\".",
    )
}

fn nan_error() -> Error {
    Error::runtime(
        "Encountered NaN while assembling a row with handleInvalid = \"error\". Consider removing NaNs from dataset or using handleInvalid = \
         \"keep\" or \"skip\".",
    )
}

/// One input column.
enum Source<'a> {
    Numbers(&'a Float64Array),
    /// Row-major vectors of one size.
    Dense(ScalarBuffer<f64>, usize),
    Vectors(VectorColumn<'a>, usize),
}

impl<'a> Source<'a> {
    fn new(array: &'a ArrayRef, width: usize) -> Result<Self> {
        if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
            return Ok(Self::Numbers(numbers));
        }
        Ok(match dense_buffer(array) {
            Some((values, found)) if found == width && width > 0 => Self::Dense(values, width),
            _ => Self::Vectors(VectorColumn::new(array)?, width),
        })
    }

    fn width(&self) -> usize {
        match self {
            Self::Numbers(_) => 1,
            Self::Dense(_, width) | Self::Vectors(_, width) => *width,
        }
    }

    /// Adds up how many of these numbers of each row aren't zero, and refuses what can't be taken.
    #[optimize(speed)]
    fn count(&self, nonzeros: &mut [u32], keep: bool) -> Result<()> {
        match self {
            Self::Numbers(numbers) => {
                if !keep && numbers.null_count() > 0 {
                    return Err(null_error());
                }
                let mut found = false;
                for (count, value) in nonzeros.iter_mut().zip(numbers.values()) {
                    found |= value.is_nan();
                    *count += u32::from(*value != 0.0);
                }
                if let Some(nulls) = numbers.nulls().filter(|_| keep) {
                    for (row, count) in nonzeros.iter_mut().enumerate() {
                        *count += u32::from(nulls.is_null(row) && numbers.value(row) == 0.0);
                    }
                }
                if found && !keep {
                    return Err(nan_error());
                }
            }
            Self::Dense(values, width) => {
                for (count, vector) in nonzeros.iter_mut().zip(values.chunks_exact(*width)) {
                    *count += vector.iter().map(|value| u32::from(*value != 0.0)).sum::<u32>();
                }
            }
            Self::Vectors(column, width) => {
                for (row, count) in nonzeros.iter_mut().enumerate() {
                    if column.is_null(row) {
                        if !keep {
                            return Err(null_error());
                        }
                        *count += *width as u32;
                        continue;
                    }
                    let vector = column.row(row);
                    if vector.size() != *width {
                        return Err(Error::illegal_argument(format!(
                            "VectorAssembler: a vector has {} numbers where the column's others have {width}.",
                            vector.size()
                        )));
                    }
                    let (VectorRef::Dense(values) | VectorRef::Sparse { values, .. }) = vector;
                    *count += values.iter().map(|value| u32::from(*value != 0.0)).sum::<u32>();
                }
            }
        }
        Ok(())
    }

    /// Calls `put` with the numbers of a row that aren't zero and their places among this column's.
    #[inline(always)]
    fn each(&self, row: usize, mut put: impl FnMut(usize, f64)) {
        match self {
            Self::Numbers(numbers) => {
                let value = if numbers.is_null(row) { f64::NAN } else { numbers.value(row) };
                if value != 0.0 {
                    put(0, value);
                }
            }
            Self::Dense(values, width) => {
                for (j, value) in values[row * width..(row + 1) * width].iter().enumerate().filter(|entry| *entry.1 != 0.0) {
                    put(j, *value);
                }
            }
            Self::Vectors(column, width) if column.is_null(row) => (0..*width).for_each(|j| put(j, f64::NAN)),
            Self::Vectors(column, _) => match column.row(row) {
                VectorRef::Dense(values) => {
                    for (j, value) in values.iter().enumerate().filter(|entry| *entry.1 != 0.0) {
                        put(j, *value);
                    }
                }
                VectorRef::Sparse { indices, values, .. } => {
                    for (j, value) in indices.iter().zip(values).filter(|entry| *entry.1 != 0.0) {
                        put(*j as usize, *value);
                    }
                }
            },
        }
    }
}

/// Rows that are written together: few enough to stay in the cache while column after column goes into them.
const STRIP: usize = 256;

/// The columns of a partition side by side; rows that take less room sparse come out sparse, as Spark's `compressed` has it.
fn assemble(executor: &Executor, arrays: &[ArrayRef], rows: usize, widths: &[usize], keep: bool) -> Result<ArrayRef> {
    let total: usize = widths.iter().sum();
    let sources = arrays.iter().zip(widths).map(|(array, width)| Source::new(array, *width)).collect::<Result<Vec<_>>>()?;
    let mut nonzeros = vec![0_u32; rows];
    for source in &sources {
        executor.check()?;
        source.count(&mut nonzeros, keep)?;
    }
    let sparse = |count: u32| sparse_is_smaller(count as usize, total);
    if !nonzeros.iter().any(|count| sparse(*count)) {
        let mut block = vec![0.0; rows * total];
        for start in (0..rows).step_by(STRIP) {
            executor.check()?;
            let end = (start + STRIP).min(rows);
            write_strip(&sources, start, total, &mut block[start * total..end * total]);
        }
        return from_dense_block(rows, total, block);
    }
    let stored = nonzeros.iter().map(|count| if sparse(*count) { *count as usize } else { total }).sum();
    let mut builder = VectorBuilder::with_capacity(rows, stored);
    let mut dense = vec![0.0; total];
    for (row, count) in nonzeros.iter().enumerate() {
        if row % CHUNK == 0 {
            executor.check()?;
        }
        if sparse(*count) {
            append_sparse(&sources, row, total, &mut builder);
        } else {
            write_strip(&sources, row, total, &mut dense);
            builder.append_dense(&dense);
        }
    }
    Ok(builder.finish())
}

#[optimize(speed)]
fn append_sparse(sources: &[Source<'_>], row: usize, total: usize, builder: &mut VectorBuilder) {
    builder.append_filled(total, |indices, values| {
        let mut offset = 0;
        for source in sources {
            source.each(row, |j, value| {
                indices.push((offset + j) as i32);
                values.push(value);
            });
            offset += source.width();
        }
    });
}

/// Writes the rows from `start` on as a row-major block. A negative zero comes out positive, as by Spark's detour over what isn't zero.
#[optimize(speed)]
fn write_strip(sources: &[Source<'_>], start: usize, total: usize, block: &mut [f64]) {
    block.fill(0.0);
    let mut offset = 0;
    for source in sources {
        let width = source.width();
        let rows = block.chunks_exact_mut(total.max(1)).map(|out| &mut out[offset..offset + width]);
        match source {
            Source::Numbers(numbers) if numbers.null_count() == 0 => {
                rows.zip(&numbers.values()[start..]).for_each(|(out, value)| out[0] = *value + 0.0);
            }
            Source::Dense(values, _) => {
                for (out, values) in rows.zip(values[start * width..].chunks_exact(width)) {
                    out.iter_mut().zip(values).for_each(|(out, value)| *out = *value + 0.0);
                }
            }
            source => rows.enumerate().for_each(|(row, out)| source.each(start + row, |j, value| out[j] = value)),
        }
        offset += width;
    }
}
