use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::Result;

use super::learned::{Fitted, Learner};
use super::selector::{MODES, SAVED, SELECTED, Selected, select, selected_schema};
use crate::check::numeric_column;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, StageDecl};
use crate::stat::chi_square;

const PARAMS: &[ParamDecl] =
    &[NUM_TOP_FEATURES, shared::FEATURES_COL, shared::OUTPUT_COL, shared::LABEL_COL, SELECTOR_TYPE, PERCENTILE, FPR, FDR, FWE];
const NUM_TOP_FEATURES: ParamDecl = ParamDecl::new(
    "numTopFeatures",
    "Number of features that selector will select, ordered by ascending p-value. If the number of features is < numTopFeatures, then \
     this will select all features.",
    ParamKind::Int(Range::at_least(1.0)),
)
.default_int(50);
const SELECTOR_TYPE: ParamDecl =
    ParamDecl::new("selectorType", "The selector type. Supported options: numTopFeatures (default), percentile, fpr, fdr, fwe.", MODES)
        .default_text("numTopFeatures");
const PERCENTILE: ParamDecl = ParamDecl::new(
    "percentile",
    "Percentile of features that selector will select, ordered by ascending p-value.",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.1);
const FPR: ParamDecl =
    ParamDecl::new("fpr", "The highest p-value for features to be kept.", ParamKind::Float(Range::between(0.0, 1.0))).default_float(0.05);
const FDR: ParamDecl =
    ParamDecl::new("fdr", "The upper bound of the expected false discovery rate.", ParamKind::Float(Range::between(0.0, 1.0)))
        .default_float(0.05);
const FWE: ParamDecl =
    ParamDecl::new("fwe", "The upper bound of the expected family-wise error rate.", ParamKind::Float(Range::between(0.0, 1.0)))
        .default_float(0.05);

/// Chooses features that say something of a label, by the chi-squared test. Spark's `org.apache.spark.ml.feature.ChiSqSelector`.
pub static CHI_SQ_SELECTOR: StageDecl = StageDecl::estimator(
    "ChiSqSelector",
    "feature",
    "Chi-Squared feature selection, which selects categorical features to use for predicting a categorical label. The selector supports \
     different selection methods: numTopFeatures, percentile, fpr, fdr, fwe. UnivariateFeatureSelector takes its place since Spark 3.1.",
    PARAMS,
    |params| Learner::make(params, schema, fit),
    &CHI_SQ_SELECTOR_MODEL,
);

/// What a [`CHI_SQ_SELECTOR`] learned.
pub static CHI_SQ_SELECTOR_MODEL: StageDecl = StageDecl::model("ChiSqSelectorModel", "feature", "Model fitted by ChiSqSelector.", PARAMS)
    .members(&[SELECTED])
    .saved(SAVED, |params, stored| Selected::load(params, stored, true));

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    numeric_column(schema, &params.checked()?.text(&shared::LABEL_COL)?)?;
    selected_schema(params, schema)
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let tests = chi_square(data, &checked.text(&shared::FEATURES_COL)?, &checked.text(&shared::LABEL_COL)?)?;
    let mode = checked.text(&SELECTOR_TYPE)?;
    let threshold = match &*mode {
        "percentile" => checked.float(&PERCENTILE)?,
        "fpr" => checked.float(&FPR)?,
        "fdr" => checked.float(&FDR)?,
        "fwe" => checked.float(&FWE)?,
        _ => checked.count(&NUM_TOP_FEATURES)? as f64,
    };
    let mut features = select(&tests, &mode, threshold);
    features.sort_unstable();
    Fitted::model(params, &CHI_SQ_SELECTOR_MODEL, Selected { features, size: Some(tests.len()), nominal: true })
}
