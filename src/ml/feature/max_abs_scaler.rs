use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::Vector;
use kindling_partition::Result;

use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, expect_size, scaled, sized, vectors};
use super::standard_scaler::scaled_schema;
use super::statistics::Statistics;
use crate::param::{ParamDecl, Params, shared};
use crate::stage::{MemberDecl, Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[shared::INPUT_COL, shared::OUTPUT_COL];

/// Divides each feature by its greatest absolute value. Spark's `org.apache.spark.ml.feature.MaxAbsScaler`.
pub static MAX_ABS_SCALER: StageDecl = StageDecl::estimator(
    "MaxAbsScaler",
    "feature",
    "Rescale each feature individually to range [-1, 1] by dividing through the largest maximum absolute value in each feature. It does not \
     shift/center the data, and thus does not destroy any sparsity.",
    PARAMS,
    |params| Learner::make(params, |params, schema| scaled_schema(params, schema, None), fit),
    &MAX_ABS_SCALER_MODEL,
);

/// What a [`MAX_ABS_SCALER`] learned.
pub static MAX_ABS_SCALER_MODEL: StageDecl = StageDecl::model("MaxAbsScalerModel", "feature", "Model fitted by MaxAbsScaler.", PARAMS)
    .members(&[MemberDecl::attribute("maxAbs", "Max Abs vector.")])
    .saved("maxAbs vector", |params, stored| Fitted::loaded(params, MaxAbs(stored.row()?.numbers("maxAbs")?)));

struct MaxAbs(Vec<f64>);

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let Statistics { min, max, .. } = Statistics::of(data, &params.checked()?.text(&shared::INPUT_COL)?)?;
    let greatest = min.iter().zip(&max).map(|(min, max)| min.abs().max(max.abs())).collect();
    Fitted::model(params, &MAX_ABS_SCALER_MODEL, MaxAbs(greatest))
}

impl Learned for MaxAbs {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let size = self.0.len();
        let factors: Vec<f64> = self.0.iter().map(|max| if *max == 0.0 { 1.0 } else { 1.0 / max }).collect();
        let map = vectors(move |vector, out| {
            expect_size(vector, size)?;
            scaled(out, vector, &factors);
            Ok(())
        });
        Ok(Mapped::single(params, sized(size), map)?.arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        (name == "maxAbs").then(|| Vector::Dense(self.0.clone()).into())
    }

    fn describe(&self, _params: &Params) -> String {
        format!(", numFeatures={}", self.0.len())
    }
}
