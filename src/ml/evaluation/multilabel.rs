use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::arrays::{Pair, distinct, pairs};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl = ParamDecl::new(
    "metricName",
    "metric name in evaluation (subsetAccuracy|accuracy|hammingLoss|precision|recall|f1Measure|precisionByLabel|recallByLabel|\
     f1MeasureByLabel|microPrecision|microRecall|microF1Measure)",
    ParamKind::choice(&[
        "subsetAccuracy",
        "accuracy",
        "hammingLoss",
        "precision",
        "recall",
        "f1Measure",
        "precisionByLabel",
        "recallByLabel",
        "f1MeasureByLabel",
        "microPrecision",
        "microRecall",
        "microF1Measure",
    ]),
)
.default_text("f1Measure");

const METRIC_LABEL: ParamDecl = ParamDecl::new(
    "metricLabel",
    "The class whose metric will be computed in precisionByLabel|recallByLabel|f1MeasureByLabel. Must be >= 0. The default value is 0.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);

/// How good predicted sets of labels are. Spark's `org.apache.spark.ml.evaluation.MultilabelClassificationEvaluator`.
pub static MULTILABEL_CLASSIFICATION_EVALUATOR: StageDecl = StageDecl::evaluator(
    "MultilabelClassificationEvaluator",
    "evaluation",
    "Evaluator for Multilabel Classification, which expects two input columns: prediction and label, both arrays of labels.",
    &[shared::PREDICTION_COL.kind(ParamKind::Column), shared::LABEL_COL, METRIC_NAME, METRIC_LABEL],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(MultilabelClassificationEvaluator {
            prediction: checked.text(&shared::PREDICTION_COL)?,
            label: checked.text(&shared::LABEL_COL)?,
            metric: checked.text(&METRIC_NAME)?,
            metric_label: checked.float(&METRIC_LABEL)?,
            params: params.clone(),
        }))
    },
);

struct MultilabelClassificationEvaluator {
    params: Params,
    prediction: Arc<str>,
    label: Arc<str>,
    metric: Arc<str>,
    metric_label: f64,
}

/// How many of `predicted` are in `labels`, each label counting as often as it is in both.
fn common(predicted: &[f64], labels: &[f64]) -> f64 {
    let times = |values: &[f64], value: f64| values.iter().filter(|v| **v == value).count();
    distinct(predicted).into_iter().map(|value| times(predicted, value).min(times(labels, value))).sum::<usize>() as f64
}

impl MultilabelClassificationEvaluator {
    /// Two numbers of a row; the sums of both over all rows make the metric.
    fn of(&self, (predicted, labels): &Pair) -> [f64; 2] {
        let one = |values: &[f64]| values.iter().copied().filter(|value| *value == self.metric_label).collect::<Vec<_>>();
        let sides = if self.metric.ends_with("ByLabel") { (one(predicted), one(labels)) } else { (predicted.clone(), labels.clone()) };
        let (p, l) = (sides.0.len() as f64, sides.1.len() as f64);
        let both = common(&sides.0, &sides.1);
        match &*self.metric {
            "subsetAccuracy" => [f64::from(u8::from(predicted == labels)), 1.0],
            "accuracy" => [both / (l + p - both), 1.0],
            "hammingLoss" => [l + p - 2.0 * both, 1.0],
            "precision" => [if p > 0.0 { both / p } else { 0.0 }, 1.0],
            "recall" => [both / l, 1.0],
            "f1Measure" => [2.0 * both / (p + l), 1.0],
            "precisionByLabel" | "microPrecision" => [both, p],
            "recallByLabel" | "microRecall" => [both, l],
            _ => [2.0 * both, p + l],
        }
    }
}

impl Evaluator for MultilabelClassificationEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        let parts = pairs(data, &self.prediction, &self.label)?;
        let executor = data.session().executor();
        let sums = executor.map("compare labels", &parts, |_, pairs| {
            executor.check()?;
            Ok(pairs.iter().map(|pair| self.of(pair)).fold([0.0, 0.0], |a, b| [a[0] + b[0], a[1] + b[1]]))
        })?;
        let [found, mut all] = sums.into_iter().fold([0.0, 0.0], |a, b| [a[0] + b[0], a[1] + b[1]]);
        if &*self.metric == "hammingLoss" {
            let labels: Vec<f64> = parts.iter().flatten().flat_map(|(_, labels)| labels.iter().copied()).collect();
            all *= distinct(&labels).len() as f64;
        }
        if found == 0.0 && self.metric.ends_with("ByLabel") {
            return Err(Error::runtime(format!(
                "key not found: {} (no row has this metricLabel in both columns {} and {}).",
                java_double(self.metric_label),
                self.prediction,
                self.label
            )));
        }
        Ok(found / all)
    }

    fn is_larger_better(&self) -> bool {
        &*self.metric != "hammingLoss"
    }
}
