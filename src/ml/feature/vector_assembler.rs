use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use kindling_frame::vector_column::{dense_buffer, from_dense_block};
use kindling_frame::{DataFrame, DataType, Field, Metadata, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::sparse_is_smaller;
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

/// Writes the rows of a partition into one row-major block, column by column; rows that take less room sparse come out sparse, as Spark's
/// `compressed` has it.
fn assemble(executor: &Executor, arrays: &[ArrayRef], rows: usize, widths: &[usize], keep: bool) -> Result<ArrayRef> {
    let total: usize = widths.iter().sum();
    let mut block = vec![0.0; rows * total];
    let mut nonzeros = vec![0_u32; rows];
    let mut offset = 0;
    for (array, width) in arrays.iter().zip(widths) {
        match array.as_primitive_opt::<Float64Type>() {
            Some(numbers) => write_numbers(executor, numbers, &mut block, &mut nonzeros, (total, offset), keep)?,
            None => write_vectors(executor, array, &mut block, &mut nonzeros, (total, offset, *width), keep)?,
        }
        offset += width;
    }
    let sparse = |row: usize| sparse_is_smaller(nonzeros[row] as usize, total);
    if !(0..rows).any(sparse) {
        return from_dense_block(rows, total, block);
    }
    let stored = (0..rows).map(|row| if sparse(row) { nonzeros[row] as usize } else { total }).sum();
    let mut builder = VectorBuilder::with_capacity(rows, stored);
    let (mut indices, mut values) = (Vec::new(), Vec::new());
    for (row, numbers) in block.chunks_exact(total).enumerate() {
        if row % CHUNK == 0 {
            executor.check()?;
        }
        if !sparse(row) {
            builder.append_dense(numbers);
            continue;
        }
        indices.clear();
        values.clear();
        for (j, value) in numbers.iter().enumerate().filter(|entry| *entry.1 != 0.0) {
            indices.push(j as i32);
            values.push(*value);
        }
        builder.append_sparse(total, &indices, &values);
    }
    Ok(builder.finish())
}

fn write_numbers(
    executor: &Executor,
    numbers: &Float64Array,
    block: &mut [f64],
    nonzeros: &mut [u32],
    (total, offset): (usize, usize),
    keep: bool,
) -> Result<()> {
    executor.check()?;
    if !keep && numbers.null_count() > 0 {
        return Err(null_error());
    }
    let nulls = numbers.nulls();
    for (row, ((out, count), value)) in block.chunks_exact_mut(total).zip(nonzeros).zip(numbers.values()).enumerate() {
        let value = if nulls.is_some_and(|nulls| nulls.is_null(row)) { f64::NAN } else { *value };
        if value.is_nan() && !keep {
            return Err(nan_error());
        }
        // Adding zero makes a negative zero positive, as Spark's detour over non-zero entries does.
        out[offset] = value + 0.0;
        *count += u32::from(value != 0.0);
    }
    Ok(())
}

fn write_vectors(
    executor: &Executor,
    array: &ArrayRef,
    block: &mut [f64],
    nonzeros: &mut [u32],
    (total, offset, width): (usize, usize, usize),
    keep: bool,
) -> Result<()> {
    executor.check()?;
    if let Some((values, found)) = dense_buffer(array)
        && found == width
        && width > 0
    {
        for ((out, count), vector) in block.chunks_exact_mut(total).zip(nonzeros).zip(values.chunks_exact(width)) {
            for (slot, value) in out[offset..offset + width].iter_mut().zip(vector) {
                *slot = *value + 0.0;
                *count += u32::from(*value != 0.0);
            }
        }
        return Ok(());
    }
    let column = VectorColumn::new(array)?;
    for (row, (out, count)) in block.chunks_exact_mut(total).zip(nonzeros).enumerate() {
        let out = &mut out[offset..offset + width];
        if column.is_null(row) {
            if !keep {
                return Err(null_error());
            }
            out.fill(f64::NAN);
            *count += width as u32;
            continue;
        }
        let vector = column.row(row);
        if vector.size() != width {
            return Err(Error::illegal_argument(format!(
                "VectorAssembler: a vector has {} numbers where the column's others have {width}.",
                vector.size()
            )));
        }
        for (j, value) in vector.active().filter(|entry| entry.1 != 0.0) {
            out[j] = value;
            *count += 1;
        }
    }
    Ok(())
}
