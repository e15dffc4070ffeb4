//! What the selectors of features share: which features p-values choose, and the model that keeps them.

use std::sync::Arc;

use kindling_frame::{DataType, Field, Schema};
use kindling_partition::Result;

use super::learned::{Fitted, Learned};
use super::mapped::{Mapped, expect_size, vectors};
use super::vector_slicer::append_slice;
use crate::attribute::{Attribute, AttributeGroup, AttributeKind};
use crate::check::{append, vector_column};
use crate::param::{ParamKind, Params, shared};
use crate::persist::Stored;
use crate::stage::{MemberDecl, Model, Transformer};
use crate::stat::TestResult;
use crate::value::MlValue;

/// How selectors choose.
pub(super) const MODES: ParamKind = ParamKind::choice(&["numTopFeatures", "percentile", "fpr", "fdr", "fwe"]);

pub(super) const SELECTED: MemberDecl = MemberDecl::attribute("selectedFeatures", "List of indices to select (filter).");

/// The features that the mode chooses, in the order in which Spark tells them; those that make fewest mistakes first where it sorts.
pub(super) fn select(tests: &[TestResult], mode: &str, threshold: f64) -> Vec<usize> {
    let features = tests.len() as f64;
    let mut ordered: Vec<usize> = (0..tests.len()).collect();
    // SQL's order of numbers: NaN is the greatest.
    ordered.sort_by(|a, b| {
        let (a, b) = (tests[*a].p_value, tests[*b].p_value);
        a.is_nan().cmp(&b.is_nan()).then(a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal))
    });
    let top = match mode {
        "percentile" => (features * threshold) as usize,
        "fdr" => {
            // Benjamini and Hochberg's procedure.
            let step = threshold / features;
            (1..=tests.len()).rev().find(|rank| tests[ordered[rank - 1]].p_value <= step * *rank as f64).unwrap_or(0)
        }
        "fpr" | "fwe" => {
            let most = if mode == "fwe" { threshold / features } else { threshold };
            return (0..tests.len()).filter(|feature| tests[*feature].p_value < most).collect();
        }
        _ => threshold as usize,
    };
    ordered.truncate(top);
    ordered
}

/// The schema that a selector's model gives.
pub(super) fn selected_schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    vector_column(schema, &checked.text(&shared::FEATURES_COL)?)?;
    append(schema, Field::new(checked.text(&shared::OUTPUT_COL)?, DataType::Vector, true))
}

/// The columns that a selector's model saves.
pub(super) const SAVED: &str = "selectedFeatures array<int>";

/// The chosen features.
pub(super) struct Selected {
    pub features: Vec<usize>,
    /// How many features there were; a saved model doesn't say.
    pub size: Option<usize>,
    /// Whether features without metadata are categories.
    pub nominal: bool,
}

impl Selected {
    pub fn load(params: Params, stored: &Stored<'_>, nominal: bool) -> Result<Arc<dyn Model>> {
        let features = stored.row()?.numbers(SELECTED.name)?.into_iter().map(|feature| feature as usize).collect();
        Fitted::loaded(params, Self { features, size: None, nominal })
    }
}

impl Learned for Selected {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let checked = params.checked()?;
        let mut places = self.features.clone();
        places.sort_unstable();
        let (kept, size) = (places.clone(), self.size);
        let map = vectors(move |vector, out| {
            if let Some(size) = size {
                expect_size(vector, size)?;
            }
            append_slice(out, vector, &places);
            Ok(())
        });
        let kind = if self.nominal { AttributeKind::Nominal { values: None, count: None, ordinal: None } } else { AttributeKind::Numeric };
        let field = move |schema: &Schema, input: &str, output: &Arc<str>| {
            let known = AttributeGroup::of(vector_column(schema, input)?).and_then(|group| group.attributes);
            let attribute = |place: &usize| match &known {
                Some(known) => known.get(*place).cloned().unwrap_or_default(),
                None => Attribute { name: None, kind: kind.clone() },
            };
            let metadata = AttributeGroup::new(kept.iter().map(attribute).collect()).to_metadata(None);
            Ok(Field::new(output.clone(), DataType::Vector, true).with_metadata(Some(metadata)))
        };
        let pair = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::OUTPUT_COL)?, map);
        Ok(Mapped::new(params, vec![pair], field).arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        (name == SELECTED.name).then(|| MlValue::List(self.features.iter().map(|feature| MlValue::Int(*feature as i64)).collect()))
    }

    fn describe(&self, _params: &Params) -> String {
        format!(", numSelectedFeatures={}", self.features.len())
    }
}
