use std::sync::Arc;

use arrow_array::ArrayRef;
use kindling_frame::vector_column::{dense_buffer, from_dense_block};
use kindling_frame::{DataFrame, DataType, Field, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::{Vector, VectorRef, kernels};
use kindling_partition::{Error, Executor, Result};

use super::columns::{CHUNK, with_native};
use super::mapped::refuse_nulls;
use super::statistics::Statistics;
use crate::attribute::AttributeGroup;
use crate::check::{append, vector_column};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[WITH_MEAN, WITH_STD, shared::INPUT_COL, shared::OUTPUT_COL];
const WITH_MEAN: ParamDecl = ParamDecl::new("withMean", "Center data with mean", ParamKind::Boolean).default_bool(false);
const WITH_STD: ParamDecl = ParamDecl::new("withStd", "Scale to unit standard deviation", ParamKind::Boolean).default_bool(true);

/// Brings each feature to unit standard deviation and, if asked, zero mean. Spark's `org.apache.spark.ml.feature.StandardScaler`.
pub static STANDARD_SCALER: StageDecl = StageDecl::estimator(
    "StandardScaler",
    "feature",
    "Standardizes features by removing the mean and scaling to unit variance using column summary statistics on the samples in the training \
     set. The \"unit std\" is computed using the corrected sample standard deviation, which is computed as the square root of the unbiased sample \
     variance.",
    PARAMS,
    |params| Ok(Arc::new(StandardScaler { input: params.checked()?.text(&shared::INPUT_COL)?, params: params.clone() })),
    &STANDARD_SCALER_MODEL,
);

/// What a [`STANDARD_SCALER`] learned.
pub static STANDARD_SCALER_MODEL: StageDecl = StageDecl::model("StandardScalerModel", "feature", "Model fitted by StandardScaler.", PARAMS)
    .members(&[
        MemberDecl::attribute("mean", "Mean of the StandardScalerModel."),
        MemberDecl::attribute("std", "Standard deviation of the StandardScalerModel."),
    ])
    .saved("std vector, mean vector", |params, stored| {
        let row = stored.row()?;
        Ok(Arc::new(StandardScalerModel::new(params, row.numbers("mean")?, row.numbers("std")?)?))
    });

struct StandardScaler {
    params: Params,
    input: Arc<str>,
}

impl Estimator for StandardScaler {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        scaled_schema(&self.params, schema, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let statistics = Statistics::of(data, &self.input)?;
        let (std, mean) = (statistics.std(), statistics.mean);
        Ok(Arc::new(StandardScalerModel::new(self.params.for_model(&STANDARD_SCALER_MODEL), mean, std)?))
    }
}

/// The schema with the scaled column, whose metadata tells the size when it is known.
pub(super) fn scaled_schema(params: &Params, schema: &Schema, size: Option<usize>) -> Result<Schema> {
    let checked = params.checked()?;
    vector_column(schema, &checked.text(&shared::INPUT_COL)?)?;
    let metadata = size.map(|size| AttributeGroup::of_size(size).to_metadata(None));
    append(schema, Field::new(checked.text(&shared::OUTPUT_COL)?, DataType::Vector, true).with_metadata(metadata))
}

struct StandardScalerModel {
    params: Params,
    with_mean: bool,
    with_std: bool,
    mean: Vec<f64>,
    std: Vec<f64>,
}

impl StandardScalerModel {
    fn new(params: Params, mean: Vec<f64>, std: Vec<f64>) -> Result<Self> {
        let checked = params.checked()?;
        let (with_mean, with_std) = (checked.bool(&WITH_MEAN)?, checked.bool(&WITH_STD)?);
        Ok(Self { with_mean, with_std, params, mean, std })
    }
}

impl Transformer for StandardScalerModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        scaled_schema(&self.params, schema, Some(self.mean.len()))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let field = schema[schema.len() - 1].clone();
        let shift = self.with_mean.then(|| self.mean.clone());
        // A constant feature is scaled by zero, as in Spark.
        let scale = self.with_std.then(|| self.std.iter().map(|std| if *std == 0.0 { 0.0 } else { 1.0 / std }).collect::<Vec<_>>());
        let input = self.params.checked()?.text(&shared::INPUT_COL)?;
        with_native(data, "StandardScaler", vec![data.col(&input)?], field, move |executor, arrays, _| {
            refuse_nulls(&input, &arrays[0])?;
            standardize(executor, &arrays[0], shift.as_deref(), scale.as_deref())
        })
    }
}

fn standardize(executor: &Executor, array: &ArrayRef, shift: Option<&[f64]>, scale: Option<&[f64]>) -> Result<ArrayRef> {
    let width = match shift.or(scale) {
        None => return Ok(array.clone()),
        Some(factors) => factors.len(),
    };
    let apply = |j: usize, value: f64| match (shift, scale) {
        (Some(shift), Some(scale)) => (value - shift[j]) * scale[j],
        (Some(shift), None) => value - shift[j],
        (None, Some(scale)) => value * scale[j],
        (None, None) => value,
    };
    if let Some((values, found)) = dense_buffer(array)
        && found == width
        && width > 0
    {
        // Less zero and times one a number stays what it is.
        let (zeros, ones) = (vec![0.0; width], vec![1.0; width]);
        let mut block = Vec::with_capacity(values.len());
        for rows in values.chunks(CHUNK * width) {
            executor.check()?;
            kernels::standardize(rows, shift.unwrap_or(&zeros), scale.unwrap_or(&ones), &mut block);
        }
        return from_dense_block(values.len() / width, width, block);
    }
    let column = VectorColumn::new(array)?;
    let mut out = VectorBuilder::with_capacity(column.len(), 0);
    let mut buffer = vec![0.0; width];
    for row in 0..column.len() {
        if row % CHUNK == 0 {
            executor.check()?;
        }
        let vector = column.row(row);
        if vector.size() != width {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Input vector has {} features where the scaler was fitted on {width}.",
                vector.size()
            )));
        }
        match (vector, shift) {
            // Without a shift, zeros stay zeros: the vector stays sparse.
            (VectorRef::Sparse { size, indices, values }, None) => {
                buffer.clear();
                buffer.extend(indices.iter().zip(values).map(|(j, value)| apply(*j as usize, *value)));
                out.append_sparse(size, indices, &buffer);
                buffer.resize(width, 0.0);
            }
            _ => {
                vector.write_dense(&mut buffer);
                buffer.iter_mut().enumerate().for_each(|(j, value)| *value = apply(j, *value));
                out.append_dense(&buffer);
            }
        }
    }
    Ok(out.finish())
}

impl Object for StandardScalerModel {
    fn decl(&self) -> &'static StageDecl {
        &STANDARD_SCALER_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "mean" => Ok(Vector::Dense(self.mean.clone()).into()),
            "std" => Ok(Vector::Dense(self.std.clone()).into()),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        format!(
            "StandardScalerModel: uid={}, numFeatures={}, withMean={}, withStd={}",
            self.params.uid(),
            self.mean.len(),
            self.with_mean,
            self.with_std
        )
    }
}

impl Model for StandardScalerModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.mean.clone(), self.std.clone())?))
    }
}
