use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_partition::Result;

use super::read::{number, partitions, weights_of};
use super::regression_metrics::{Observed, RegressionMetrics};
use crate::dataset::doubles;
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl = ParamDecl::new(
    "metricName",
    "metric name in evaluation - one of:
                       rmse - root mean squared error (default)
                       mse - mean squared error
                       r2 - r^2 metric
                       mae - mean absolute error
                       var - explained variance.",
    ParamKind::choice(&["rmse", "mse", "r2", "mae", "var"]),
)
.default_text("rmse");

const THROUGH_ORIGIN: ParamDecl =
    ParamDecl::new("throughOrigin", "whether the regression is through the origin.", ParamKind::Boolean).default_bool(false);

/// How far predictions are from the truth. Spark's `org.apache.spark.ml.evaluation.RegressionEvaluator`.
pub static REGRESSION_EVALUATOR: StageDecl = StageDecl::evaluator(
    "RegressionEvaluator",
    "evaluation",
    "Evaluator for Regression, which expects input columns prediction, label and an optional weight column.",
    &[shared::PREDICTION_COL.kind(ParamKind::Column), shared::LABEL_COL, METRIC_NAME, shared::WEIGHT_COL, THROUGH_ORIGIN],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(RegressionEvaluator {
            prediction: checked.text(&shared::PREDICTION_COL)?,
            label: checked.text(&shared::LABEL_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            metric: checked.text(&METRIC_NAME)?,
            through_origin: checked.bool(&THROUGH_ORIGIN)?,
            params: params.clone(),
        }))
    },
);

struct RegressionEvaluator {
    params: Params,
    prediction: Arc<str>,
    label: Arc<str>,
    weight: Option<Arc<str>>,
    metric: Arc<str>,
    through_origin: bool,
}

impl Evaluator for RegressionEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        let columns = vec![number(data, &self.prediction)?, number(data, &self.label)?];
        let batches = partitions(data, columns, self.weight.as_deref())?;
        let executor = data.session().executor();
        let observed = executor.map("read predictions", &batches, |_, batch| {
            let weights = weights_of(batch, self.weight.as_deref())?;
            Ok(Observed { predictions: doubles(&batch.columns[0]), labels: doubles(&batch.columns[1]), weights })
        })?;
        let metrics = RegressionMetrics::new(executor, &observed)?;
        Ok(match &*self.metric {
            "mse" => metrics.mean_squared_error(),
            "r2" => metrics.r2(self.through_origin),
            "mae" => metrics.mean_absolute_error(),
            "var" => metrics.explained_variance(),
            _ => metrics.root_mean_squared_error(),
        })
    }

    fn is_larger_better(&self) -> bool {
        matches!(&*self.metric, "r2" | "var")
    }
}
