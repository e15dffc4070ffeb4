use std::sync::Arc;

use kindling_frame::{Batch, DataFrame, VectorColumn};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::multiclass_metrics::{MulticlassMetrics, Predicted, log_loss};
use super::read::{number, partitions, weights_of};
use crate::check::vector_column;
use crate::dataset::doubles;
use crate::param::{Limit, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl = ParamDecl::new(
    "metricName",
    "metric name in evaluation (f1|accuracy|weightedPrecision|weightedRecall|weightedTruePositiveRate| \
     weightedFalsePositiveRate|weightedFMeasure|truePositiveRateByLabel| falsePositiveRateByLabel|precisionByLabel|recallByLabel|fMeasureByLabel| \
     logLoss|hammingLoss)",
    ParamKind::choice(&[
        "f1",
        "accuracy",
        "weightedPrecision",
        "weightedRecall",
        "weightedTruePositiveRate",
        "weightedFalsePositiveRate",
        "weightedFMeasure",
        "truePositiveRateByLabel",
        "falsePositiveRateByLabel",
        "precisionByLabel",
        "recallByLabel",
        "fMeasureByLabel",
        "logLoss",
        "hammingLoss",
    ]),
)
.default_text("f1");

const METRIC_LABEL: ParamDecl = ParamDecl::new(
    "metricLabel",
    "The class whose metric will be computed in truePositiveRateByLabel|falsePositiveRateByLabel|precisionByLabel|recallByLabel|fMeasureByLabel. \
     Must be >= 0. The default value is 0.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);

const BETA: ParamDecl = ParamDecl::new(
    "beta",
    "The beta value used in weightedFMeasure|fMeasureByLabel. Must be > 0. The default value is 1.",
    ParamKind::Float(Range::above(0.0)),
)
.default_float(1.0);

const EPS: ParamDecl = ParamDecl::new(
    "eps",
    "log-loss is undefined for p=0 or p=1, so probabilities are clipped to max(eps, min(1 - eps, p)). Must be in range (0, 0.5). The default \
     value is 1e-15.",
    ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Exclusive(0.5) }),
)
.default_float(1e-15);

/// How good a classifier is, by any of Spark's metrics. Spark's `org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator`.
pub static MULTICLASS_CLASSIFICATION_EVALUATOR: StageDecl = StageDecl::evaluator(
    "MulticlassClassificationEvaluator",
    "evaluation",
    "Evaluator for multiclass classification, which expects input columns prediction, label, weight (optional) and probability (only for \
     logLoss).",
    &[
        shared::PREDICTION_COL.kind(ParamKind::Column),
        shared::LABEL_COL,
        METRIC_NAME,
        shared::WEIGHT_COL,
        METRIC_LABEL,
        BETA,
        shared::PROBABILITY_COL.kind(ParamKind::Column),
        EPS,
    ],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(MulticlassClassificationEvaluator {
            prediction: checked.text(&shared::PREDICTION_COL)?,
            label: checked.text(&shared::LABEL_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            probability: checked.text(&shared::PROBABILITY_COL)?,
            metric: checked.text(&METRIC_NAME)?,
            metric_label: checked.float(&METRIC_LABEL)?,
            beta: checked.float(&BETA)?,
            eps: checked.float(&EPS)?,
            params: params.clone(),
        }))
    },
);

struct MulticlassClassificationEvaluator {
    params: Params,
    prediction: Arc<str>,
    label: Arc<str>,
    weight: Option<Arc<str>>,
    probability: Arc<str>,
    metric: Arc<str>,
    metric_label: f64,
    beta: f64,
    eps: f64,
}

impl MulticlassClassificationEvaluator {
    fn log_loss(&self, data: &DataFrame) -> Result<f64> {
        vector_column(data.schema(), &self.probability)?;
        let columns = vec![data.col(&self.probability)?, number(data, &self.label)?];
        let batches = partitions(data, columns, self.weight.as_deref())?;
        let (loss, weight) = data.session().executor().aggregate(
            "log loss",
            &batches,
            || (0.0, 0.0),
            |sums, _, batch| self.log_loss_of(batch).map(|part| (sums.0 + part.0, sums.1 + part.1)),
            |a, b| (a.0 + b.0, a.1 + b.1),
        )?;
        Ok(loss / weight)
    }

    fn log_loss_of(&self, batch: &Batch) -> Result<(f64, f64)> {
        let probabilities = VectorColumn::new(&batch.columns[0])?;
        if (0..probabilities.len()).any(|row| probabilities.is_null(row)) {
            return Err(Error::runtime(format!("Column {} has a null where every row needs probabilities.", self.probability)));
        }
        let (labels, weights) = (doubles(&batch.columns[1]), weights_of(batch, self.weight.as_deref())?);
        let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
        log_loss((0..labels.len()).map(|row| (probabilities.row(row), labels[row], weight(row))), self.eps)
    }
}

impl Evaluator for MulticlassClassificationEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        if &*self.metric == "logLoss" {
            return self.log_loss(data);
        }
        let columns = vec![number(data, &self.prediction)?, number(data, &self.label)?];
        let batches = partitions(data, columns, self.weight.as_deref())?;
        let executor = data.session().executor();
        let predicted = executor.map("read predictions", &batches, |_, batch| {
            let weights = weights_of(batch, self.weight.as_deref())?;
            Ok(Predicted { predictions: doubles(&batch.columns[0]), labels: doubles(&batch.columns[1]), weights })
        })?;
        let metrics = MulticlassMetrics::new(executor, &predicted)?;
        if self.metric.ends_with("ByLabel") && !metrics.labels().contains(&self.metric_label) {
            let labels: Vec<String> = metrics.labels().iter().map(|label| java_double(*label)).collect();
            return Err(Error::illegal_argument(format!(
                "MulticlassClassificationEvaluator.metricLabel must be one of the labels {}, found {}.",
                labels.join(", "),
                java_double(self.metric_label)
            )));
        }
        let label = self.metric_label;
        Ok(match &*self.metric {
            "accuracy" => metrics.accuracy(),
            "weightedPrecision" => metrics.weighted_precision(),
            "weightedRecall" | "weightedTruePositiveRate" => metrics.weighted_recall(),
            "weightedFalsePositiveRate" => metrics.weighted_false_positive_rate(),
            "weightedFMeasure" => metrics.weighted_f_measure(self.beta),
            "truePositiveRateByLabel" | "recallByLabel" => metrics.recall(label),
            "falsePositiveRateByLabel" => metrics.false_positive_rate(label),
            "precisionByLabel" => metrics.precision(label),
            "fMeasureByLabel" => metrics.f_measure(label, self.beta),
            "hammingLoss" => metrics.hamming_loss(),
            _ => metrics.weighted_f_measure(1.0),
        })
    }

    fn is_larger_better(&self) -> bool {
        !matches!(&*self.metric, "weightedFalsePositiveRate" | "falsePositiveRateByLabel" | "logLoss" | "hammingLoss")
    }
}
