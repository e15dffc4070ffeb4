use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_frame::{DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Result};

use super::columns::{CHUNK, with_native};
use crate::attribute::Attribute;
use crate::check::{append, is_numeric};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{StageDecl, Transformer};

/// Gives back the strings that a StringIndexer made numbers of, from `labels` or from the column's metadata. Spark's
/// `org.apache.spark.ml.feature.IndexToString`.
pub static INDEX_TO_STRING: StageDecl = StageDecl::transformer(
    "IndexToString",
    "feature",
    "A Transformer that maps a column of indices back to a new column of corresponding string values. The index-string mapping is either from \
     the ML attributes of the input column, or from user-supplied labels (which take precedence over ML attributes).",
    &[shared::INPUT_COL, shared::OUTPUT_COL, LABELS],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(IndexToString {
            input: checked.text(&shared::INPUT_COL)?,
            output: checked.text(&shared::OUTPUT_COL)?,
            labels: checked.opt_texts(&LABELS).filter(|labels| !labels.is_empty()),
            params: params.clone(),
        }))
    },
);

const LABELS: ParamDecl = ParamDecl::new(
    "labels",
    "Optional array of labels specifying index-string mapping. If not provided or if empty, then metadata from inputCol is used instead.",
    ParamKind::TextList,
);

struct IndexToString {
    params: Params,
    input: Arc<str>,
    output: Arc<str>,
    labels: Option<Vec<Arc<str>>>,
}

impl Transformer for IndexToString {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let data_type = &schema.field(&self.input)?.data_type;
        if !is_numeric(data_type) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: The input column {} must be a numeric type, but got {data_type}.",
                self.input
            )));
        }
        if schema.names().any(|name| name == &*self.output) {
            return Err(Error::illegal_argument(format!("requirement failed: Output column {} already exists.", self.output)));
        }
        append(schema, Field::new(self.output.clone(), DataType::String, true))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let known = || Attribute::of(data.schema().field(&self.input).ok()?)?.values().map(<[_]>::to_vec);
        let labels = self.labels.clone().or_else(known).ok_or_else(|| {
            Error::illegal_argument(format!(
                "IndexToString needs labels: column {} has none in its metadata. Set labels, for example to indexerModel.labels.",
                self.input
            ))
        })?;
        let field = Field::new(self.output.clone(), DataType::String, true);
        let input = data.col(&self.input)?.cast(DataType::Double);
        with_native(data, "IndexToString", vec![input], field, move |executor, arrays, rows| {
            let indices = arrays[0].as_primitive::<Float64Type>();
            let mut out = StringBuilder::with_capacity(rows, 8 * rows);
            for (row, index) in indices.iter().enumerate() {
                if row % CHUNK == 0 {
                    executor.check()?;
                }
                match index {
                    None => return Err(Error::runtime("Unseen index: null ??")),
                    Some(index) => match labels.get(index as usize).filter(|_| index > -1.0) {
                        Some(label) => out.append_value(label),
                        None => return Err(Error::runtime(format!("Unseen index: {} ??", index as i64))),
                    },
                }
            }
            Ok(Arc::new(out.finish()) as ArrayRef)
        })
    }
}
