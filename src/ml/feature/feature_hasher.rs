use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_frame::hash::{SEED, murmur3_bytes, pmod};
use kindling_frame::{DataFrame, DataType, Schema, VectorBuilder};
use kindling_partition::{Error, Executor, Result};

use super::columns::with_native;
use super::hashing_tf::append_sums;
use super::mapped::{each_row, vector_field};
use crate::check::{append, is_numeric};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{StageDecl, Transformer};

/// Projects columns of any kind into one vector by the hashes of their names and values. Spark's
/// `org.apache.spark.ml.feature.FeatureHasher`.
pub static FEATURE_HASHER: StageDecl = StageDecl::transformer(
    "FeatureHasher",
    "feature",
    "Feature hashing projects a set of categorical or numerical features into a feature vector of specified dimension (typically substantially \
     smaller than that of the original feature space). This is done using the hashing trick to map features to indices in the feature vector. \
     Numeric columns keep their value at the hash of the column name; texts, booleans and the columns of categoricalCols get a 1.0 at the hash of \
     \"column_name=value\". Null (missing) values are ignored (implicitly zero in the resulting feature vector).",
    &[shared::NUM_FEATURES, shared::INPUT_COLS, shared::OUTPUT_COL, CATEGORICAL_COLS],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(FeatureHasher {
            inputs: checked.texts(&shared::INPUT_COLS)?,
            categorical: checked.opt_texts(&CATEGORICAL_COLS).unwrap_or_default(),
            output: checked.text(&shared::OUTPUT_COL)?,
            size: checked.count(&shared::NUM_FEATURES)?,
            params: params.clone(),
        }))
    },
);

const CATEGORICAL_COLS: ParamDecl = ParamDecl::new("categoricalCols", "numeric columns to treat as categorical", ParamKind::Columns);

struct FeatureHasher {
    params: Params,
    inputs: Vec<Arc<str>>,
    categorical: Vec<Arc<str>>,
    output: Arc<str>,
    size: usize,
}

impl Transformer for FeatureHasher {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        for name in &self.inputs {
            let data_type = &schema.field(name)?.data_type;
            if !(is_numeric(data_type) || matches!(data_type, DataType::String | DataType::Boolean)) {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: FeatureHasher requires columns to be of numeric, boolean or string. Column {name} was {data_type}."
                )));
            }
        }
        append(schema, vector_field(&self.output, Some(self.size)))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let columns = self.inputs.iter().map(|name| {
            let real = is_numeric(&data.schema().field(name)?.data_type) && !self.categorical.contains(name);
            Ok(data.col(name)?.cast(if real { DataType::Double } else { DataType::String }))
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let (names, size) = (self.inputs.clone(), self.size);
        with_native(data, "FeatureHasher", columns, vector_field(&self.output, Some(size)), move |executor, arrays, rows| {
            hashed(executor, arrays, rows, &names, size)
        })
    }
}

fn hashed(executor: &Executor, arrays: &[ArrayRef], rows: usize, names: &[Arc<str>], size: usize) -> Result<ArrayRef> {
    let place = |text: &str| pmod(murmur3_bytes(text.as_bytes(), SEED), size);
    let own: Vec<usize> = names.iter().map(|name| place(name)).collect();
    let mut out = VectorBuilder::with_capacity(rows, rows * names.len());
    let mut places = Vec::new();
    each_row(executor, rows, &mut |row| {
        places.clear();
        for ((array, name), own) in arrays.iter().zip(names).zip(&own).filter(|((array, _), _)| array.is_valid(row)) {
            places.push(match array.as_primitive_opt::<Float64Type>() {
                Some(numbers) => (*own, numbers.value(row)),
                None => (place(&format!("{name}={}", array.as_string::<i32>().value(row))), 1.0),
            });
        }
        append_sums(&mut out, size, &mut places, false);
        Ok(())
    })?;
    Ok(out.finish())
}
