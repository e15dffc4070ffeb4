use std::sync::Arc;

use arrow_array::ArrayRef;
use kindling_frame::{DataFrame, Schema, VectorBuilder, VectorColumn};
use kindling_linalg::{Vector, VectorRef, sparse_is_smaller};
use kindling_partition::{Error, Executor, Result};

use super::columns::{CHUNK, with_native};
use super::mapped::refuse_nulls;
use super::standard_scaler::scaled_schema;
use super::statistics::Statistics;
use crate::param::{ParamDecl, ParamKind, Params, Range, python_float, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[MIN, MAX, shared::INPUT_COL, shared::OUTPUT_COL];
const MIN: ParamDecl = ParamDecl::new("min", "Lower bound of the output feature range", ParamKind::Float(Range::ANY)).default_float(0.0);
const MAX: ParamDecl = ParamDecl::new("max", "Upper bound of the output feature range", ParamKind::Float(Range::ANY)).default_float(1.0);

/// Brings each feature linearly into a range. Spark's `org.apache.spark.ml.feature.MinMaxScaler`.
pub static MIN_MAX_SCALER: StageDecl = StageDecl::estimator(
    "MinMaxScaler",
    "feature",
    "Rescale each feature individually to a common range [min, max] linearly using column summary statistics, which is also known as min-max \
     normalization or Rescaling. A feature with a single value becomes the middle of the range.",
    PARAMS,
    |params| {
        bounds(params)?;
        Ok(Arc::new(MinMaxScaler { input: params.checked()?.text(&shared::INPUT_COL)?, params: params.clone() }))
    },
    &MIN_MAX_SCALER_MODEL,
);

/// What a [`MIN_MAX_SCALER`] learned.
pub static MIN_MAX_SCALER_MODEL: StageDecl = StageDecl::model("MinMaxScalerModel", "feature", "Model fitted by MinMaxScaler.", PARAMS)
    .members(&[
        MemberDecl::attribute("originalMin", "Min value for each original column during fitting."),
        MemberDecl::attribute("originalMax", "Max value for each original column during fitting."),
    ])
    .saved("originalMin vector, originalMax vector", |params, stored| {
        let row = stored.row()?;
        Ok(Arc::new(MinMaxScalerModel::new(params, row.numbers("originalMin")?, row.numbers("originalMax")?)?))
    });

/// The output range, which must not be empty.
fn bounds(params: &Params) -> Result<(f64, f64)> {
    let checked = params.checked()?;
    let (min, max) = (checked.float(&MIN)?, checked.float(&MAX)?);
    if min < max {
        Ok((min, max))
    } else {
        Err(Error::illegal_argument(format!(
            "requirement failed: The specified min({}) is larger or equal to max({})",
            python_float(min),
            python_float(max)
        )))
    }
}

struct MinMaxScaler {
    params: Params,
    input: Arc<str>,
}

impl Estimator for MinMaxScaler {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        scaled_schema(&self.params, schema, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let Statistics { min, max, .. } = Statistics::of(data, &self.input)?;
        Ok(Arc::new(MinMaxScalerModel::new(self.params.for_model(&MIN_MAX_SCALER_MODEL), min, max)?))
    }
}

struct MinMaxScalerModel {
    params: Params,
    range: (f64, f64),
    original_min: Vec<f64>,
    original_max: Vec<f64>,
}

impl MinMaxScalerModel {
    fn new(params: Params, original_min: Vec<f64>, original_max: Vec<f64>) -> Result<Self> {
        Ok(Self { range: bounds(&params)?, params, original_min, original_max })
    }
}

impl Transformer for MinMaxScalerModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        scaled_schema(&self.params, schema, Some(self.original_min.len()))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let field = schema[schema.len() - 1].clone();
        let (low, high) = self.range;
        let shift = self.original_min.clone();
        let scale: Vec<f64> = self
            .original_max
            .iter()
            .zip(&self.original_min)
            .map(|(max, min)| if max == min { 0.0 } else { (high - low) / (max - min) })
            .collect();
        let input = self.params.checked()?.text(&shared::INPUT_COL)?;
        with_native(data, "MinMaxScaler", vec![data.col(&input)?], field, move |executor, arrays, _| {
            refuse_nulls(&input, &arrays[0])?;
            rescale(executor, &arrays[0], &shift, &scale, (low, high))
        })
    }
}

fn rescale(executor: &Executor, array: &ArrayRef, shift: &[f64], scale: &[f64], (low, high): (f64, f64)) -> Result<ArrayRef> {
    let column = VectorColumn::new(array)?;
    let width = shift.len();
    let middle = (low + high) / 2.0;
    let mut out = VectorBuilder::with_capacity(column.len(), column.len() * width);
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
        vector.write_dense(&mut buffer);
        for (j, value) in buffer.iter_mut().enumerate().filter(|(_, value)| !value.is_nan()) {
            *value = if scale[j] == 0.0 { middle } else { (*value - shift[j]) * scale[j] + low };
        }
        let dense = VectorRef::Dense(&buffer);
        if sparse_is_smaller(dense.nonzeros(), width) { out.append(dense.compressed().as_ref()) } else { out.append(dense) }
    }
    Ok(out.finish())
}

impl Object for MinMaxScalerModel {
    fn decl(&self) -> &'static StageDecl {
        &MIN_MAX_SCALER_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "originalMin" => Ok(Vector::Dense(self.original_min.clone()).into()),
            "originalMax" => Ok(Vector::Dense(self.original_max.clone()).into()),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        let (min, max) = (python_float(self.range.0), python_float(self.range.1));
        format!("MinMaxScalerModel: uid={}, numFeatures={}, min={min}, max={max}", self.params.uid(), self.original_min.len())
    }
}

impl Model for MinMaxScalerModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.original_min.clone(), self.original_max.clone())?))
    }
}
