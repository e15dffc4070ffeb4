//! A fitted classifier whose predictions come from the scores of what was learned: its columns, `predict`, its summary, its copies.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::Result;

use super::probabilistic::{Decision, Outputs, Scores, predict_member};
use super::summary::{ClassificationSummary, Family, Training, summary_member};
use crate::param::{Checked, Params, shared};
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// What a classifier learned, and how it differs from others.
pub(super) trait Learned: Scores {
    fn decl(&self) -> &'static StageDecl;

    /// How scores become a class.
    ///
    /// # Errors
    /// When the params don't fit the classes.
    fn decision(&self, params: Checked<'_>) -> Result<Decision> {
        Decision::by_thresholds(self.decl().name, params.opt_floats(&shared::THRESHOLDS), self.classes())
    }

    /// Whose summaries it gives, and whether they are those of two classes; none gives none.
    fn family(&self) -> Option<(Family, bool)>;

    /// An attribute of its own.
    fn attribute(&self, name: &str) -> Option<MlValue>;

    /// What its text tells after the uid: `numClasses=2, numFeatures=3`.
    fn facts(&self, params: &Params) -> String;
}

/// A model of `pyspark.ml.classification`; which one, what it learned says.
#[derive(Clone)]
pub(super) struct ClassificationModel {
    params: Params,
    learned: Arc<dyn Learned>,
    outputs: Outputs,
    summary: Option<Arc<ClassificationSummary>>,
}

impl ClassificationModel {
    /// # Errors
    /// When a param is out of range, or doesn't fit the classes.
    pub fn new(params: Params, learned: Arc<dyn Learned>) -> Result<Self> {
        let checked = params.checked()?;
        let outputs = Outputs::new(checked, learned.decision(checked)?)?;
        Ok(Self { params, learned, outputs, summary: None })
    }

    /// The same with a summary of how it was trained on these data.
    ///
    /// # Errors
    /// When the data's columns don't fit.
    pub fn trained(mut self, data: &DataFrame, objective_history: Vec<f64>) -> Result<Self> {
        if let Some((family, binary)) = self.learned.family() {
            self.summary = Some(Arc::new(self.summarise(data, family, binary, Some(Training { objective_history }))?));
        }
        Ok(self)
    }

    fn summarise(&self, data: &DataFrame, family: Family, binary: bool, training: Option<Training>) -> Result<ClassificationSummary> {
        let outputs = self.outputs.for_summary(self.params.uid());
        let predictions = outputs.transform(data, &self.scores())?;
        ClassificationSummary::new(family, predictions, &self.params, outputs.prediction(), outputs.score(), binary, training)
    }

    fn scores(&self) -> Arc<dyn Scores> {
        self.learned.clone()
    }
}

impl Transformer for ClassificationModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.outputs.schema(schema, Some(self.learned.classes()))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.outputs.transform(data, &self.scores())
    }
}

impl Object for ClassificationModel {
    fn decl(&self) -> &'static StageDecl {
        self.learned.decl()
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        if let Some((family, binary)) = self.learned.family() {
            let summarise = |data: &DataFrame| self.summarise(data, family, binary, None);
            if let Some(result) = summary_member(self.decl(), self.summary.as_ref(), &summarise, name, args) {
                return result;
            }
        }
        match name {
            "numClasses" => Ok(MlValue::Int(self.learned.classes() as i64)),
            "numFeatures" => Ok(MlValue::Int(self.learned.features() as i64)),
            _ => match self.learned.attribute(name) {
                Some(value) => Ok(value),
                None => predict_member(&*self.scores(), &self.outputs.decision, name, args).unwrap_or_else(|| Err(self.no_member(name))),
            },
        }
    }

    fn describe(&self) -> String {
        format!("{}: uid={}, {}", self.decl().name, self.params.uid(), self.learned.facts(&self.params))
    }
}

impl Model for ClassificationModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { summary: self.summary.clone(), ..Self::new(params, self.learned.clone())? }))
    }
}
