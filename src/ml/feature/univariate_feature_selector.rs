use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::learned::{Fitted, Learner};
use super::selector::{MODES, SAVED, SELECTED, Selected, select, selected_schema};
use crate::check::numeric_column;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, StageDecl};
use crate::stat::{anova, chi_square, f_value};

const PARAMS: &[ParamDecl] =
    &[shared::FEATURES_COL, shared::OUTPUT_COL, shared::LABEL_COL, SELECTION_MODE, FEATURE_TYPE, LABEL_TYPE, SELECTION_THRESHOLD];
const KINDS: ParamKind = ParamKind::choice(&["categorical", "continuous"]);
const SELECTION_MODE: ParamDecl =
    ParamDecl::new("selectionMode", "The selection mode. Supported options: numTopFeatures (default), percentile, fpr, fdr, fwe.", MODES)
        .default_text("numTopFeatures");
const FEATURE_TYPE: ParamDecl = ParamDecl::new("featureType", "The feature type. Supported options: categorical, continuous.", KINDS);
const LABEL_TYPE: ParamDecl = ParamDecl::new("labelType", "The label type. Supported options: categorical, continuous.", KINDS);
const SELECTION_THRESHOLD: ParamDecl =
    ParamDecl::new("selectionThreshold", "The upper bound of the features that selector will select.", ParamKind::Float(Range::ANY));

/// Chooses features that say something of a label, by the test that fits both. Spark's
/// `org.apache.spark.ml.feature.UnivariateFeatureSelector`.
pub static UNIVARIATE_FEATURE_SELECTOR: StageDecl = StageDecl::estimator(
    "UnivariateFeatureSelector",
    "feature",
    "Feature selector based on univariate statistical tests against labels. The user sets featureType and labelType, and Spark picks the score \
     function: chi-squared for categorical features and labels, ANOVA F for continuous features and categorical labels, F-value for continuous \
     features and labels. selectionMode is numTopFeatures (50 unless selectionThreshold says otherwise), percentile (0.1), fpr, fdr or fwe (0.05).",
    PARAMS,
    |params| Learner::make(params, schema, fit),
    &UNIVARIATE_FEATURE_SELECTOR_MODEL,
);

/// What a [`UNIVARIATE_FEATURE_SELECTOR`] learned.
pub static UNIVARIATE_FEATURE_SELECTOR_MODEL: StageDecl =
    StageDecl::model("UnivariateFeatureSelectorModel", "feature", "Model fitted by UnivariateFeatureSelector.", PARAMS)
        .members(&[SELECTED])
        .saved(SAVED, |params, stored| Selected::load(params, stored, false));

/// The threshold, in the range that the mode allows.
fn threshold(params: &Params) -> Result<f64> {
    let checked = params.checked()?;
    let mode = checked.text(&SELECTION_MODE)?;
    let top = &*mode == "numTopFeatures";
    let Some(threshold) = checked.opt_float(&SELECTION_THRESHOLD) else {
        return Ok(if top {
            50.0
        } else if &*mode == "percentile" {
            0.1
        } else {
            0.05
        });
    };
    let found = java_double(threshold);
    if top && (threshold < 1.0 || threshold.fract() != 0.0) {
        return Err(Error::illegal_argument(format!(
            "requirement failed: selectionThreshold needs to be a positive Integer for selection mode numTopFeatures, but got {found}"
        )));
    }
    if !top && !(0.0..=1.0).contains(&threshold) {
        return Err(Error::illegal_argument(format!(
            "requirement failed: selectionThreshold needs to be in the range [0, 1] for selection mode {mode}, but got {found}"
        )));
    }
    Ok(threshold)
}

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    threshold(params)?;
    if checked.opt_text(&FEATURE_TYPE).is_none() || checked.opt_text(&LABEL_TYPE).is_none() {
        return Err(Error::illegal_argument("requirement failed: featureType and labelType need to be set"));
    }
    numeric_column(schema, &checked.text(&shared::LABEL_COL)?)?;
    selected_schema(params, schema)
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (features, label) = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::LABEL_COL)?);
    let tests = match (&*checked.text(&FEATURE_TYPE)?, &*checked.text(&LABEL_TYPE)?) {
        ("categorical", "categorical") => chi_square(data, &features, &label)?,
        ("continuous", "categorical") => anova(data, &features, &label)?,
        ("continuous", "continuous") => f_value(data, &features, &label)?,
        (feature, label) => {
            return Err(Error::illegal_argument(format!(
                "Unsupported combination: featureType={feature}, labelType={label}. Categorical features need a categorical label."
            )));
        }
    };
    let features = select(&tests, &checked.text(&SELECTION_MODE)?, threshold(params)?);
    Fitted::model(params, &UNIVARIATE_FEATURE_SELECTOR_MODEL, Selected { features, size: Some(tests.len()), nominal: false })
}
