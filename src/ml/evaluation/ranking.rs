use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_partition::{Error, Result};

use super::arrays::{Pair, distinct, pairs};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl = ParamDecl::new(
    "metricName",
    "metric name in evaluation (meanAveragePrecision|meanAveragePrecisionAtK|precisionAtK|ndcgAtK|recallAtK)",
    ParamKind::choice(&["meanAveragePrecision", "meanAveragePrecisionAtK", "precisionAtK", "ndcgAtK", "recallAtK"]),
)
.default_text("meanAveragePrecision");

const K: ParamDecl = ParamDecl::new(
    "k",
    "The ranking position value used in meanAveragePrecisionAtK|precisionAtK|ndcgAtK|recallAtK. Must be > 0. The default value is 10.",
    ParamKind::Int(Range::above(0.0)),
)
.default_int(10);

/// How good rankings are. Spark's `org.apache.spark.ml.evaluation.RankingEvaluator`.
pub static RANKING_EVALUATOR: StageDecl = StageDecl::evaluator(
    "RankingEvaluator",
    "evaluation",
    "Evaluator for Ranking, which expects two input columns: prediction and label, both arrays: what is recommended, the best first, and \
     what is right.",
    &[shared::PREDICTION_COL.kind(ParamKind::Column), shared::LABEL_COL, METRIC_NAME, K],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(RankingEvaluator {
            prediction: checked.text(&shared::PREDICTION_COL)?,
            label: checked.text(&shared::LABEL_COL)?,
            metric: checked.text(&METRIC_NAME)?,
            k: checked.count(&K)?,
            params: params.clone(),
        }))
    },
);

struct RankingEvaluator {
    params: Params,
    prediction: Arc<str>,
    label: Arc<str>,
    metric: Arc<str>,
    k: usize,
}

impl RankingEvaluator {
    /// The metric of one ranking; zero when nothing is right.
    fn of(&self, (ranked, right): &Pair) -> f64 {
        let right = distinct(right);
        if right.is_empty() {
            return 0.0;
        }
        let is_right = |i: usize| ranked.get(i).is_some_and(|item| right.contains(item));
        let hits = || (0..self.k.min(ranked.len())).filter(|i| is_right(*i)).count() as f64;
        match &*self.metric {
            "precisionAtK" => hits() / self.k as f64,
            "recallAtK" => hits() / right.len() as f64,
            "ndcgAtK" => {
                let gain = |i: usize| 1.0 / libm::log((i + 2) as f64);
                let n = ranked.len().max(right.len()).min(self.k);
                let found: f64 = (0..n).filter(|i| is_right(*i)).map(gain).sum();
                found / (0..n.min(right.len())).map(gain).sum::<f64>()
            }
            metric => {
                let k = if metric == "meanAveragePrecision" { ranked.len().max(right.len()) } else { self.k };
                let (mut hits, mut sum) = (0.0, 0.0);
                for i in (0..k.min(ranked.len())).filter(|i| is_right(*i)) {
                    hits += 1.0;
                    sum += hits / (i + 1) as f64;
                }
                sum / right.len().min(k) as f64
            }
        }
    }
}

impl Evaluator for RankingEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        let parts = pairs(data, &self.prediction, &self.label)?;
        let rows: usize = parts.iter().map(Vec::len).sum();
        if rows == 0 {
            return Err(Error::runtime(format!("The data set is empty: column {} has no ranking.", self.prediction)));
        }
        let executor = data.session().executor();
        let sums = executor.map("rank", &parts, |_, pairs| {
            executor.check()?;
            Ok(pairs.iter().map(|pair| self.of(pair)).sum::<f64>())
        })?;
        Ok(sums.into_iter().sum::<f64>() / rows as f64)
    }

    fn is_larger_better(&self) -> bool {
        true
    }
}
