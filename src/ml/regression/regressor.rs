//! What all regressors share: the schema, and the prediction column (`org.apache.spark.ml.regression.RegressionModel`).

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Metadata, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::Result;
use serde_json::{Map, json};

use crate::check;
use crate::param::{Checked, shared};
use crate::tree::ensemble::each_row;

/// What a regressor demands of a schema when it is fitted, and what it adds.
pub(super) fn fit_schema(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    check::numeric_column(schema, &params.text(&shared::LABEL_COL)?)?;
    if let Some(weight) = params.opt_column(&shared::WEIGHT_COL) {
        check::numeric_column(schema, &weight)?;
    }
    schema_with(schema, &params.text(&shared::FEATURES_COL)?, &params.text(&shared::PREDICTION_COL)?)
}

/// The schema with a column of predictions; an empty name leaves it out.
pub(super) fn schema_with(schema: &Schema, features: &str, prediction: &Arc<str>) -> Result<Schema> {
    check::vector_column(schema, features)?;
    if prediction.is_empty() { Ok(schema.clone()) } else { check::append(schema, number_field(prediction)) }
}

/// A column of numbers, marked as a numeric attribute of which nothing more is known.
pub(super) fn number_field(name: &Arc<str>) -> Field {
    let mut metadata = Map::new();
    metadata.insert("ml_attr".to_owned(), json!({}));
    let metadata: Metadata = Arc::new(metadata);
    Field::new(name.clone(), DataType::Double, false).with_metadata(Some(metadata))
}

/// Adds a column of one number for each vector of features of size `width`; an empty name leaves it out.
pub(super) fn with_numbers(
    data: &DataFrame,
    features: &str,
    name: &Arc<str>,
    width: usize,
    number: impl Fn(VectorRef<'_>) -> f64 + Send + Sync + 'static,
) -> Result<DataFrame> {
    if name.is_empty() {
        return Ok(data.clone());
    }
    let column = Column::native(name.clone(), [data.col(features)?], number_field(name), move |executor, args, _| {
        let numbers = each_row(executor, &args[0], width, 1, |row, out| out[0] = number(row))?;
        Ok(Arc::new(Float64Array::from(numbers)) as ArrayRef)
    });
    data.with_column(name, &column)
}
