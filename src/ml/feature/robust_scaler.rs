use std::sync::Arc;

use kindling_frame::{DataFrame, Digest, VectorColumn};
use kindling_linalg::Vector;
use kindling_partition::{Error, Result};

use super::columns::CHUNK;
use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, expect_size, scaled, sized, vectors};
use super::standard_scaler::scaled_schema;
use crate::dataset::Rows;
use crate::param::{Limit, ParamDecl, ParamKind, Params, Range, python_float, shared};
use crate::stage::{MemberDecl, Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[LOWER, UPPER, WITH_CENTERING, WITH_SCALING, shared::INPUT_COL, shared::OUTPUT_COL, shared::RELATIVE_ERROR];
const INSIDE: Range = Range { low: Limit::Exclusive(0.0), high: Limit::Exclusive(1.0) };
const LOWER: ParamDecl =
    ParamDecl::new("lower", "Lower quantile to calculate quantile range", ParamKind::Float(INSIDE)).default_float(0.25);
const UPPER: ParamDecl =
    ParamDecl::new("upper", "Upper quantile to calculate quantile range", ParamKind::Float(INSIDE)).default_float(0.75);
const WITH_CENTERING: ParamDecl =
    ParamDecl::new("withCentering", "Whether to center data with median", ParamKind::Boolean).default_bool(false);
const WITH_SCALING: ParamDecl =
    ParamDecl::new("withScaling", "Whether to scale the data to quantile range", ParamKind::Boolean).default_bool(true);

/// Scales each feature by the distance of two quantiles. Spark's `org.apache.spark.ml.feature.RobustScaler`.
pub static ROBUST_SCALER: StageDecl = StageDecl::estimator(
    "RobustScaler",
    "feature",
    "RobustScaler removes the median and scales the data according to the quantile range. The quantile range is by default IQR (Interquartile \
     Range, quantile range between the 1st quartile = 25th quantile and the 3rd quartile = 75th quantile) but can be configured. Centering and \
     scaling happen independently on each feature by computing the relevant statistics on the samples in the training set. Median and quantile \
     range are then stored to be used on later data using the transform method. Note that NaN values are ignored in the computation of medians \
     and ranges.",
    PARAMS,
    |params| {
        bounds(params)?;
        Learner::make(params, |params, schema| scaled_schema(params, schema, None), fit)
    },
    &ROBUST_SCALER_MODEL,
);

/// What a [`ROBUST_SCALER`] learned.
pub static ROBUST_SCALER_MODEL: StageDecl = StageDecl::model("RobustScalerModel", "feature", "Model fitted by RobustScaler.", PARAMS)
    .members(&[
        MemberDecl::attribute("median", "Median of the RobustScalerModel."),
        MemberDecl::attribute("range", "Quantile range of the RobustScalerModel."),
    ])
    .saved("range vector, median vector", |params, stored| {
        let row = stored.row()?;
        Fitted::loaded(params, Quantiles { median: row.numbers("median")?, range: row.numbers("range")? })
    });

fn bounds(params: &Params) -> Result<(f64, f64)> {
    let checked = params.checked()?;
    let (lower, upper) = (checked.float(&LOWER)?, checked.float(&UPPER)?);
    if lower < upper {
        return Ok((lower, upper));
    }
    Err(Error::illegal_argument(format!(
        "requirement failed: The specified lower quantile({}) is larger or equal to upper quantile({})",
        python_float(lower),
        python_float(upper)
    )))
}

struct Quantiles {
    median: Vec<f64>,
    range: Vec<f64>,
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (lower, upper) = bounds(params)?;
    let (input, error) = (checked.text(&shared::INPUT_COL)?, checked.float(&shared::RELATIVE_ERROR)?);
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let width = batches.iter().find_map(|batch| VectorColumn::new(&batch.columns[0]).ok()?.size());
    let Some(width) = width else {
        return Err(Error::runtime(format!("The data set is empty: column {input} has no vector.")));
    };
    let executor = data.session().executor();
    let mut digests = executor.aggregate(
        "quantiles",
        &batches,
        || vec![Digest::new(error); width],
        |mut digests, _, batch| {
            let rows = Rows::read(&batch.columns[0], width)?;
            let mut row = vec![0.0; width];
            for i in 0..rows.len() {
                if i % (CHUNK / 16) == 0 {
                    executor.check()?;
                }
                rows.row(i).write_dense(&mut row);
                digests.iter_mut().zip(&row).filter(|(_, value)| !value.is_nan()).for_each(|(digest, value)| digest.insert(*value));
            }
            Ok(digests)
        },
        |mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| a.merge(b));
            a
        },
    )?;
    let mut at = |share: f64| digests.iter_mut().map(|digest| digest.quantile(share).unwrap_or(f64::NAN)).collect::<Vec<_>>();
    let (low, median, high) = (at(lower), at(0.5), at(upper));
    let range = high.iter().zip(&low).map(|(high, low)| high - low).collect();
    Fitted::model(params, &ROBUST_SCALER_MODEL, Quantiles { median, range })
}

impl Learned for Quantiles {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let checked = params.checked()?;
        let (center, scale) = (checked.bool(&WITH_CENTERING)?, checked.bool(&WITH_SCALING)?);
        let size = self.median.len();
        let factors: Vec<f64> = self
            .range
            .iter()
            .map(|range| {
                if !scale {
                    1.0
                } else if *range == 0.0 {
                    0.0
                } else {
                    1.0 / range
                }
            })
            .collect();
        let map = vectors(move |vector, out| {
            expect_size(vector, size)?;
            if center {
                let mut values = vector.to_dense();
                values.iter_mut().zip(&self.median).zip(&factors).for_each(|((value, median), factor)| *value = (*value - median) * factor);
                out.append_dense(&values);
            } else if scale {
                scaled(out, vector, &factors);
            } else {
                out.append(vector);
            }
            Ok(())
        });
        Ok(Mapped::single(params, sized(size), map)?.arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        match name {
            "median" => Some(Vector::Dense(self.median.clone()).into()),
            "range" => Some(Vector::Dense(self.range.clone()).into()),
            _ => None,
        }
    }

    fn describe(&self, params: &Params) -> String {
        let flag = |param: &ParamDecl| matches!(params.get(param.name), Some(MlValue::Bool(true)));
        format!(", numFeatures={}, withCentering={}, withScaling={}", self.median.len(), flag(&WITH_CENTERING), flag(&WITH_SCALING))
    }
}
