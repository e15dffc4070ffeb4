//! Summaries of classification: how well a model does on a data set, and how its training went
//! (`org.apache.spark.ml.classification.ClassificationSummary`).

use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_partition::{Error, Result};

use crate::param::{Params, shared};
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

/// How a training went.
#[derive(Clone, Debug)]
pub(crate) struct Training {
    /// The objective at the start and after each iteration.
    pub objective_history: Vec<f64>,
}

/// A model's predictions on a data set, and what can be said of them.
pub struct ClassificationSummary {
    decl: &'static StageDecl,
    predictions: DataFrame,
    label: Arc<str>,
    features: Arc<str>,
    weight: Option<Arc<str>>,
    prediction: String,
    score: String,
    training: Option<Training>,
}

impl ClassificationSummary {
    /// Of predictions that `params` (a model's) and the two column names made; `binary` when there are at most two classes.
    pub(crate) fn new(
        _family: &str,
        predictions: DataFrame,
        params: &Params,
        prediction: &str,
        score: &str,
        _binary: bool,
        training: Option<Training>,
    ) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            decl: &LOGISTIC_REGRESSION_TRAINING_SUMMARY,
            predictions,
            label: checked.text(&shared::LABEL_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            prediction: prediction.to_owned(),
            score: score.to_owned(),
            training,
        })
    }

    fn training(&self) -> Result<&Training> {
        self.training.as_ref().ok_or_else(|| Error::runtime("This summary is not of a training."))
    }
}

impl Object for ClassificationSummary {
    fn decl(&self) -> &'static StageDecl {
        self.decl
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "predictions" => MlValue::DataFrame(self.predictions.clone()),
            "labelCol" => MlValue::from(&*self.label),
            "featuresCol" => MlValue::from(&*self.features),
            "weightCol" => MlValue::from(self.weight.as_deref().unwrap_or("weightCol")),
            "predictionCol" => MlValue::from(self.prediction.as_str()),
            "probabilityCol" => MlValue::from(self.score.as_str()),
            "objectiveHistory" => MlValue::floats(self.training()?.objective_history.iter().copied()),
            "totalIterations" => MlValue::Int(self.training()?.objective_history.len() as i64 - 1),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        self.decl.name.to_owned()
    }
}

macro_rules! summary {
    ($decl:ident, $name:literal, $doc:literal, $members:expr) => {
        pub static $decl: StageDecl = StageDecl::summary($name, "classification", $doc).members($members);
    };
}

const PREDICTIONS: MemberDecl = MemberDecl::attribute("predictions", "The data with the model's predictions.");
const HISTORY: MemberDecl =
    MemberDecl::attribute("objectiveHistory", "The objective (scaled loss and penalty) at the start and after each iteration.");
const ITERATIONS: MemberDecl = MemberDecl::attribute("totalIterations", "Number of training iterations.");

summary!(
    LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    "LogisticRegressionTrainingSummary",
    "How a multinomial fit went.",
    &[PREDICTIONS, HISTORY, ITERATIONS]
);
