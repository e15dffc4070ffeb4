use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_frame::{DataFrame, DataType, Field, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::number::java_double;
use kindling_linalg::{SparseVector, Vector};
use kindling_partition::{Error, Executor, Result};

use super::columns::with_native;
use super::mapped::each_row;
use crate::attribute::{Attribute, AttributeGroup, AttributeKind};
use crate::check::{append, is_numeric};
use crate::param::{Params, shared};
use crate::stage::{StageDecl, Transformer};

/// All products of the features of several columns. Spark's `org.apache.spark.ml.feature.Interaction`.
pub static INTERACTION: StageDecl = StageDecl::transformer(
    "Interaction",
    "feature",
    "Implements the feature interaction transform. This transformer takes in Double and Vector type columns and outputs a flattened vector of \
     their feature interactions. To handle interaction, we first one-hot encode any nominal features. Then, a vector of the feature \
     cross-products is produced.",
    &[shared::INPUT_COLS, shared::OUTPUT_COL],
    |params| {
        let checked = params.checked()?;
        let inputs = checked.texts(&shared::INPUT_COLS)?;
        let fail = |why: &str| Err(Error::illegal_argument(format!("requirement failed: {why}")));
        if inputs.is_empty() {
            return fail("Input cols must have non-zero length.");
        }
        if (1..inputs.len()).any(|i| inputs[..i].contains(&inputs[i])) {
            return fail("Input cols must be distinct.");
        }
        Ok(Arc::new(Interaction { inputs, output: checked.text(&shared::OUTPUT_COL)?, params: params.clone() }))
    },
);

struct Interaction {
    params: Params,
    inputs: Vec<Arc<str>>,
    output: Arc<str>,
}

/// A feature as it enters: how many categories it has, none for a number, and what its parts are called.
struct Part {
    categories: Option<usize>,
    names: Vec<String>,
}

impl Interaction {
    fn parts(&self, field: &Field) -> Result<Vec<Part>> {
        let part = |group: Option<&str>, i: usize, attribute: &Attribute| {
            let own = attribute.name.as_deref().map_or_else(|| i.to_string(), str::to_owned);
            let name = |value: Option<&str>| [group, Some(&own), value].into_iter().flatten().collect::<Vec<_>>().join("_");
            if !matches!(attribute.kind, AttributeKind::Nominal { .. }) {
                return Ok(Part { categories: None, names: vec![name(None)] });
            }
            let Some(count) = attribute.categories() else {
                return Err(Error::runtime("Nominal fields must have attr numValues defined."));
            };
            let names = match attribute.values() {
                Some(values) => values.iter().map(|value| name(Some(value))).collect(),
                None => (0..count).map(|value| name(Some(&value.to_string()))).collect(),
            };
            Ok(Part { categories: Some(count), names })
        };
        if field.data_type == DataType::Vector {
            let Some(attributes) = AttributeGroup::of(field).and_then(|group| group.attributes) else {
                return Err(Error::runtime(format!(
                    "Vector attributes must be defined for interaction. Column {} has none; VectorAssembler writes them.",
                    field.name
                )));
            };
            return attributes.iter().enumerate().map(|(i, attribute)| part(Some(&field.name), i, attribute)).collect();
        }
        // A column's attribute bears the column's name.
        let attribute = Attribute { name: Some(field.name.clone()), ..Attribute::of(field).unwrap_or_default() };
        Ok(vec![part(None, 0, &attribute)?])
    }
}

impl Transformer for Interaction {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        for name in &self.inputs {
            let data_type = &schema.field(name)?.data_type;
            if !(is_numeric(data_type) || matches!(data_type, DataType::Boolean | DataType::Vector)) {
                return Err(Error::illegal_argument(format!(
                    "Column {name} must hold numbers, booleans or vectors, but it is {data_type}."
                )));
            }
        }
        append(schema, Field::new(self.output.clone(), DataType::Vector, true))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = data.schema();
        self.transform_schema(schema)?;
        let parts = self.inputs.iter().map(|name| self.parts(schema.field(name)?)).collect::<Result<Vec<_>>>()?;
        let mut names: Vec<String> = Vec::new();
        for column in parts.iter().rev() {
            let own: Vec<&String> = column.iter().flat_map(|part| &part.names).collect();
            names = match names.is_empty() {
                true => own.into_iter().cloned().collect(),
                false => own.iter().flat_map(|head| names.iter().map(move |tail| format!("{head}:{tail}"))).collect(),
            };
        }
        // The features of the last column alone stay binary where they are.
        let binary = |i: usize| parts.len() == 1 && self.is_binary(&parts[0], i);
        let attributes = names.into_iter().enumerate().map(|(i, name)| {
            let name = Some(name.into());
            if binary(i) { Attribute::binary(name) } else { Attribute::numeric(name) }
        });
        let metadata = AttributeGroup::new(attributes.collect()).to_metadata(None);
        let field = Field::new(self.output.clone(), DataType::Vector, true).with_metadata(Some(metadata));
        let columns = self.inputs.iter().map(|name| {
            let column = data.col(name)?;
            Ok(if schema.field(name)?.data_type == DataType::Vector { column } else { column.cast(DataType::Double) })
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let sizes: Vec<Vec<Option<usize>>> = parts.iter().map(|column| column.iter().map(|part| part.categories).collect()).collect();
        with_native(data, "Interaction", columns, field, move |executor, arrays, rows| interact(executor, arrays, rows, &sizes))
    }
}

impl Interaction {
    fn is_binary(&self, parts: &[Part], mut i: usize) -> bool {
        for part in parts {
            if i < part.names.len() {
                return part.categories.is_some();
            }
            i -= part.names.len();
        }
        false
    }
}

fn interact(executor: &Executor, arrays: &[ArrayRef], rows: usize, sizes: &[Vec<Option<usize>>]) -> Result<ArrayRef> {
    let mut out = VectorBuilder::with_capacity(rows, 0);
    each_row(executor, rows, &mut |row| {
        let mut products = vec![(0, 1.0)];
        let mut size = 1;
        for (array, sizes) in arrays.iter().zip(sizes).rev() {
            let mut found = Vec::new();
            let mut start = 0;
            for (value, categories) in values(array, row, sizes.len())?.into_iter().zip(sizes) {
                let (place, value) = match categories {
                    None => (start, value),
                    Some(count) if value >= 0.0 && value.fract() == 0.0 && value < *count as f64 => (start + value as usize, 1.0),
                    Some(_) => return Err(Error::runtime(format!("Values from column must be indices, but got {}.", java_double(value)))),
                };
                found.extend(products.iter().map(|(at, product): &(usize, f64)| (at + place * size, product * value)));
                start += categories.unwrap_or(1);
            }
            size *= start;
            products = found;
        }
        let (indices, values) = products.into_iter().map(|(at, value)| (at as i32, value)).unzip();
        out.append(Vector::Sparse(SparseVector::new(size, indices, values)?).as_ref().compressed().as_ref());
        Ok(())
    })?;
    Ok(out.finish())
}

/// The numbers of a row of a column.
fn values(array: &ArrayRef, row: usize, size: usize) -> Result<Vec<f64>> {
    if array.is_null(row) {
        return Err(Error::runtime("Values to interact cannot be null."));
    }
    let values = match array.as_primitive_opt::<Float64Type>() {
        Some(numbers) => vec![numbers.value(row)],
        None => VectorColumn::new(array)?.row(row).to_dense(),
    };
    if values.len() != size {
        return Err(Error::runtime(format!("Vector column size was {}, expected {size}.", values.len())));
    }
    Ok(values)
}
