use std::sync::Arc;

use arrow_array::Array;
use kindling_frame::{Column, DataFrame, DataType, Schema, VectorColumn};
use kindling_partition::{Error, Result};

use super::columns::filter_native;
use super::mapped::each_row;
use crate::attribute::AttributeGroup;
use crate::check::put;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{StageDecl, Transformer};

/// Says how long the vectors of a column are. Spark's `org.apache.spark.ml.feature.VectorSizeHint`.
pub static VECTOR_SIZE_HINT: StageDecl = StageDecl::transformer(
    "VectorSizeHint",
    "feature",
    "A feature transformer that adds size information to the metadata of a vector column. VectorAssembler needs size information for its input \
     columns and cannot be used with handleInvalid='keep' without this metadata. VectorSizeHint modifies inputCol to include size metadata and \
     does not have an outputCol.",
    &[shared::INPUT_COL, SIZE, HANDLE_INVALID],
    |params| {
        let checked = params.checked()?;
        let invalid = checked.text(&HANDLE_INVALID)?;
        Ok(Arc::new(VectorSizeHint {
            input: checked.text(&shared::INPUT_COL)?,
            size: checked.count(&SIZE)?,
            invalid,
            params: params.clone(),
        }))
    },
);

const SIZE: ParamDecl = ParamDecl::new("size", "Size of vectors in column.", ParamKind::Int(Range::at_least(0.0)));
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "How to handle invalid vectors in inputCol. Invalid vectors include nulls and vectors with the wrong size. The options are \
     `skip` (filter out rows with invalid vectors), `error` (throw an error) and `optimistic` (do not check the vector size, and \
     keep all rows). `error` by default.",
    ParamKind::choice(&["skip", "error", "optimistic"]),
)
.default_text("error");

struct VectorSizeHint {
    params: Params,
    input: Arc<str>,
    size: usize,
    invalid: Arc<str>,
}

impl Transformer for VectorSizeHint {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let field = schema.field(&self.input)?;
        if field.data_type != DataType::Vector {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Input column, {} must be of Vector type, got {}",
                self.input, field.data_type
            )));
        }
        let group = match AttributeGroup::of(field) {
            Some(group) if group.size == Some(self.size) => group,
            Some(AttributeGroup { size: Some(size), .. }) => {
                return Err(Error::illegal_argument(format!(
                    "Trying to set size of vectors in `{}` to {} but size already set to {size}.",
                    self.input, self.size
                )));
            }
            _ => AttributeGroup::of_size(self.size),
        };
        Ok(put(schema, field.clone().with_metadata(Some(group.to_metadata(None)))))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let mut field = schema.field(&self.input)?.clone();
        let (size, invalid) = (self.size, self.invalid.clone());
        let fits = move |arrays: &[arrow_array::ArrayRef], row: usize| -> Result<bool> {
            let column = VectorColumn::new(&arrays[0])?;
            Ok(!column.is_null(row) && column.row(row).size() == size)
        };
        if &*self.invalid == "skip" {
            let kept = filter_native(data, "vector of the size", vec![data.col(&self.input)?], fits)?;
            return kept.with_metadata(&self.input, field.metadata.take().unwrap_or_default());
        }
        let checked = Column::native("VectorSizeHint", [data.col(&self.input)?], field, move |executor, arrays, rows| {
            if &*invalid == "error" {
                let column = VectorColumn::new(&arrays[0])?;
                each_row(executor, rows, &mut |row| {
                    if arrays[0].is_null(row) {
                        return Err(Error::runtime(
                            "Got null vector in VectorSizeHint, set `handleInvalid` to 'skip' to filter invalid rows.",
                        ));
                    }
                    match column.row(row).size() {
                        found if found == size => Ok(()),
                        found => Err(Error::runtime(format!("VectorSizeHint Expecting a vector of size {size} but got {found}"))),
                    }
                })?;
            }
            Ok(arrays[0].clone())
        });
        data.with_column(&self.input, &checked)
    }
}
