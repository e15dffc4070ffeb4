use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_partition::Result;

use super::binary_curve::{BinaryCurve, Scored};
use super::read::{element, number, partitions, vector_or_number, weights_of};
use crate::dataset::doubles;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl = ParamDecl::new(
    "metricName",
    "metric name in evaluation (areaUnderROC|areaUnderPR)",
    ParamKind::choice(&["areaUnderROC", "areaUnderPR"]),
)
.default_text("areaUnderROC");

const NUM_BINS: ParamDecl = ParamDecl::new(
    "numBins",
    "Number of bins to down-sample the curves (ROC curve, PR curve) in area computation. If 0, no down-sampling will occur. Must be >= 0.",
    ParamKind::Int(Range::at_least(0.0)),
)
.default_int(1000);

/// The area under the ROC or precision-recall curve of a binary classifier. Spark's
/// `org.apache.spark.ml.evaluation.BinaryClassificationEvaluator`.
pub static BINARY_CLASSIFICATION_EVALUATOR: StageDecl = StageDecl::evaluator(
    "BinaryClassificationEvaluator",
    "evaluation",
    "Evaluator for binary classification, which expects input columns rawPrediction, label and an optional weight column. The rawPrediction \
     column can be of type double (binary 0/1 prediction, or probability of label 1) or of type vector (length-2 vector of raw predictions, \
     scores, or label probabilities).",
    &[shared::RAW_PREDICTION_COL.kind(ParamKind::Column), shared::LABEL_COL, METRIC_NAME, shared::WEIGHT_COL, NUM_BINS],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(BinaryClassificationEvaluator {
            raw: checked.text(&shared::RAW_PREDICTION_COL)?,
            label: checked.text(&shared::LABEL_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            under_pr: &*checked.text(&METRIC_NAME)? == "areaUnderPR",
            num_bins: checked.count(&NUM_BINS)?,
            params: params.clone(),
        }))
    },
);

struct BinaryClassificationEvaluator {
    params: Params,
    raw: Arc<str>,
    label: Arc<str>,
    weight: Option<Arc<str>>,
    under_pr: bool,
    num_bins: usize,
}

impl Evaluator for BinaryClassificationEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        let columns = vec![vector_or_number(data, &self.raw)?, number(data, &self.label)?];
        let batches = partitions(data, columns, self.weight.as_deref())?;
        let executor = data.session().executor();
        let scored = executor.map("read scores", &batches, |_, batch| {
            Ok(Scored {
                scores: element(&batch.columns[0], 1, &self.raw)?,
                labels: doubles(&batch.columns[1]),
                weights: weights_of(batch, self.weight.as_deref())?,
            })
        })?;
        let curve = BinaryCurve::new(executor, &scored, self.num_bins)?;
        Ok(if self.under_pr { curve.area_under_pr() } else { curve.area_under_roc() })
    }

    fn is_larger_better(&self) -> bool {
        true
    }
}
