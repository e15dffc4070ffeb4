use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_partition::Result;

use super::learned::{Fitted, Learner};
use super::selector::{SAVED, SELECTED, Selected, selected_schema};
use super::statistics::Statistics;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, StageDecl};

const PARAMS: &[ParamDecl] = &[shared::FEATURES_COL, shared::OUTPUT_COL, VARIANCE_THRESHOLD];
const VARIANCE_THRESHOLD: ParamDecl = ParamDecl::new(
    "varianceThreshold",
    "Param for variance threshold. Features with a variance not greater than this threshold will be removed. The default value is \
     0.0.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);

/// Leaves out features that hardly vary. Spark's `org.apache.spark.ml.feature.VarianceThresholdSelector`.
pub static VARIANCE_THRESHOLD_SELECTOR: StageDecl = StageDecl::estimator(
    "VarianceThresholdSelector",
    "feature",
    "Feature selector that removes all low-variance features. Features with a (sample) variance not greater than the threshold will be removed. \
     The default is to keep all features with non-zero variance, i.e. remove the features that have the same value in all samples.",
    PARAMS,
    |params| Learner::make(params, selected_schema, fit),
    &VARIANCE_THRESHOLD_SELECTOR_MODEL,
);

/// What a [`VARIANCE_THRESHOLD_SELECTOR`] learned.
pub static VARIANCE_THRESHOLD_SELECTOR_MODEL: StageDecl =
    StageDecl::model("VarianceThresholdSelectorModel", "feature", "Model fitted by VarianceThresholdSelector.", PARAMS)
        .members(&[SELECTED])
        .saved(SAVED, |params, stored| Selected::load(params, stored, false));

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let threshold = checked.float(&VARIANCE_THRESHOLD)?;
    let variances = Statistics::of(data, &checked.text(&shared::FEATURES_COL)?)?.variance();
    let features = (0..variances.len()).filter(|i| variances[*i] > threshold).collect();
    Fitted::model(params, &VARIANCE_THRESHOLD_SELECTOR_MODEL, Selected { features, size: Some(variances.len()), nominal: false })
}
