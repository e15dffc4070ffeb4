//! Summaries of classification: how well a model does on a data set, and how its training went
//! (`org.apache.spark.ml.classification.ClassificationSummary`).

use std::sync::{Arc, OnceLock};

use arrow_array::Float64Array;
use kindling_frame::{Batch, DataFrame, DataType, Field, Schema, VectorColumn};
use kindling_partition::{Error, Result};

use crate::dataset::doubles;
use crate::evaluation::{BinaryCurve, MulticlassMetrics, Predicted, Scored};
use crate::param::{Params, shared};
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

/// Points of a curve, at most about as many.
const BINS: usize = 1000;

const COMMON: &[MemberDecl] = &[
    MemberDecl::attribute("predictions", "The data with the model's predictions."),
    MemberDecl::attribute("predictionCol", "Field in predictions which gives the prediction of each class."),
    MemberDecl::attribute("labelCol", "Field in predictions which gives the true label of each instance."),
    MemberDecl::attribute("weightCol", "Field in predictions which gives the weight of each instance."),
    MemberDecl::attribute("labels", "The labels in ascending order: the order of the metrics by label."),
    MemberDecl::attribute("accuracy", "The part of the instances that is classified correctly."),
    MemberDecl::attribute("truePositiveRateByLabel", "True positive rate for each label (category)."),
    MemberDecl::attribute("falsePositiveRateByLabel", "False positive rate for each label (category)."),
    MemberDecl::attribute("precisionByLabel", "Precision for each label (category)."),
    MemberDecl::attribute("recallByLabel", "Recall for each label (category)."),
    MemberDecl::method("fMeasureByLabel", &["beta=1.0"], "F-measure for each label (category)."),
    MemberDecl::attribute("weightedTruePositiveRate", "Weighted true positive rate, the same as weighted recall."),
    MemberDecl::attribute("weightedFalsePositiveRate", "Weighted false positive rate."),
    MemberDecl::attribute("weightedRecall", "Weighted averaged recall, the same as accuracy."),
    MemberDecl::attribute("weightedPrecision", "Weighted averaged precision."),
    MemberDecl::method("weightedFMeasure", &["beta=1.0"], "Weighted averaged F-measure."),
];
const BINARY: &[MemberDecl] = &[
    MemberDecl::attribute("scoreCol", "Field in predictions which gives the probability of each class as a vector."),
    MemberDecl::attribute("roc", "The receiver operating characteristic (ROC) curve: a DataFrame of FPR and TPR from (0, 0) to (1, 1)."),
    MemberDecl::attribute("areaUnderROC", "The area under the ROC curve."),
    MemberDecl::attribute("pr", "The precision-recall curve: a DataFrame of recall and precision."),
    MemberDecl::attribute("fMeasureByThreshold", "A DataFrame of threshold and F-Measure with beta 1."),
    MemberDecl::attribute("precisionByThreshold", "A DataFrame of threshold and precision."),
    MemberDecl::attribute("recallByThreshold", "A DataFrame of threshold and recall."),
];
const TRAINING: &[MemberDecl] = &[
    MemberDecl::attribute("objectiveHistory", "The objective (scaled loss and penalty) at the start and after each iteration."),
    MemberDecl::attribute("totalIterations", "Number of training iterations."),
];
const LOGISTIC: &[MemberDecl] = &[
    MemberDecl::attribute("probabilityCol", "Field in predictions which gives the probability of each class as a vector."),
    MemberDecl::attribute("featuresCol", "Field in predictions which gives the features of each instance as a vector."),
];

/// The members of all parts, one after the other; `N` is their number.
const fn joined<const N: usize>(parts: &[&[MemberDecl]]) -> [MemberDecl; N] {
    let mut members = [COMMON[0]; N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            members[at] = parts[part][i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    assert!(at == N, "every place is filled");
    members
}

macro_rules! summary {
    ($decl:ident, $name:literal, $doc:literal, $($part:expr),+) => {
        pub static $decl: StageDecl =
            StageDecl::summary($name, "classification", $doc).members(&const { joined::<{ 0 $(+ $part.len())+ }>(&[$($part),+]) });
    };
}

summary!(LOGISTIC_REGRESSION_SUMMARY, "LogisticRegressionSummary", "How a logistic regression does on a data set.", COMMON, LOGISTIC);
summary!(
    LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    "LogisticRegressionTrainingSummary",
    "How a logistic regression does on the data it was trained on.",
    COMMON,
    LOGISTIC,
    TRAINING
);
summary!(
    BINARY_LOGISTIC_REGRESSION_SUMMARY,
    "BinaryLogisticRegressionSummary",
    "How a logistic regression of two classes does on a data set.",
    COMMON,
    LOGISTIC,
    BINARY
);
summary!(
    BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY,
    "BinaryLogisticRegressionTrainingSummary",
    "How a logistic regression of two classes does on the data it was trained on.",
    COMMON,
    LOGISTIC,
    BINARY,
    TRAINING
);
summary!(RANDOM_FOREST_CLASSIFICATION_SUMMARY, "RandomForestClassificationSummary", "How a random forest does on a data set.", COMMON);
summary!(
    RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    "RandomForestClassificationTrainingSummary",
    "How a random forest does on the data it was trained on.",
    COMMON,
    TRAINING
);
summary!(
    BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
    "BinaryRandomForestClassificationSummary",
    "How a random forest of two classes does on a data set.",
    COMMON,
    BINARY
);
summary!(
    BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
    "BinaryRandomForestClassificationTrainingSummary",
    "How a random forest of two classes does on the data it was trained on.",
    COMMON,
    BINARY,
    TRAINING
);

summary!(LINEAR_SVC_SUMMARY, "LinearSVCSummary", "How a linear support vector machine does on a data set.", COMMON, BINARY);
summary!(
    LINEAR_SVC_TRAINING_SUMMARY,
    "LinearSVCTrainingSummary",
    "How a linear support vector machine does on the data it was trained on.",
    COMMON,
    BINARY,
    TRAINING
);
summary!(
    MULTILAYER_PERCEPTRON_CLASSIFICATION_SUMMARY,
    "MultilayerPerceptronClassificationSummary",
    "How a multilayer perceptron does on a data set.",
    COMMON
);
summary!(
    MULTILAYER_PERCEPTRON_CLASSIFICATION_TRAINING_SUMMARY,
    "MultilayerPerceptronClassificationTrainingSummary",
    "How a multilayer perceptron does on the data it was trained on.",
    COMMON,
    TRAINING
);
summary!(FM_CLASSIFICATION_SUMMARY, "FMClassificationSummary", "How a factorization machine does on a data set.", COMMON, BINARY);
summary!(
    FM_CLASSIFICATION_TRAINING_SUMMARY,
    "FMClassificationTrainingSummary",
    "How a factorization machine does on the data it was trained on.",
    COMMON,
    BINARY,
    TRAINING
);

/// How a training went.
#[derive(Clone, Debug)]
pub(crate) struct Training {
    /// The objective at the start and after each iteration.
    pub objective_history: Vec<f64>,
}

/// Whose summary it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    LogisticRegression,
    RandomForest,
    LinearSvc,
    Perceptron,
    FactorizationMachine,
}

/// A model's predictions on a data set, and what can be said of them. Nothing is computed before it is asked for.
pub struct ClassificationSummary {
    decl: &'static StageDecl,
    predictions: DataFrame,
    label: Arc<str>,
    features: Arc<str>,
    weight: String,
    prediction: String,
    score: String,
    training: Option<Training>,
    metrics: OnceLock<MulticlassMetrics>,
    curve: OnceLock<BinaryCurve>,
}

impl ClassificationSummary {
    /// Of predictions that a model of these params made, with the names of their columns of predictions and probabilities; `binary` when
    /// there are at most two classes.
    pub(crate) fn new(
        family: Family,
        predictions: DataFrame,
        params: &Params,
        prediction: &str,
        score: &str,
        binary: bool,
        training: Option<Training>,
    ) -> Result<Self> {
        let checked = params.checked()?;
        let decl = match (family, binary, training.is_some()) {
            (Family::LogisticRegression, false, false) => &LOGISTIC_REGRESSION_SUMMARY,
            (Family::LogisticRegression, false, true) => &LOGISTIC_REGRESSION_TRAINING_SUMMARY,
            (Family::LogisticRegression, true, false) => &BINARY_LOGISTIC_REGRESSION_SUMMARY,
            (Family::LogisticRegression, true, true) => &BINARY_LOGISTIC_REGRESSION_TRAINING_SUMMARY,
            (Family::RandomForest, false, false) => &RANDOM_FOREST_CLASSIFICATION_SUMMARY,
            (Family::RandomForest, false, true) => &RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
            (Family::RandomForest, true, false) => &BINARY_RANDOM_FOREST_CLASSIFICATION_SUMMARY,
            (Family::RandomForest, true, true) => &BINARY_RANDOM_FOREST_CLASSIFICATION_TRAINING_SUMMARY,
            (Family::LinearSvc, _, false) => &LINEAR_SVC_SUMMARY,
            (Family::LinearSvc, _, true) => &LINEAR_SVC_TRAINING_SUMMARY,
            (Family::Perceptron, _, false) => &MULTILAYER_PERCEPTRON_CLASSIFICATION_SUMMARY,
            (Family::Perceptron, _, true) => &MULTILAYER_PERCEPTRON_CLASSIFICATION_TRAINING_SUMMARY,
            (Family::FactorizationMachine, _, false) => &FM_CLASSIFICATION_SUMMARY,
            (Family::FactorizationMachine, _, true) => &FM_CLASSIFICATION_TRAINING_SUMMARY,
        };
        Ok(Self {
            decl,
            predictions,
            label: checked.text(&shared::LABEL_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: match params.decl().param(shared::WEIGHT_COL.name) {
                Some(_) => checked.opt_column(&shared::WEIGHT_COL).map_or_else(|| "weightCol".to_owned(), |name| name.to_string()),
                None => String::new(),
            },
            prediction: prediction.to_owned(),
            score: score.to_owned(),
            training,
            metrics: OnceLock::new(),
            curve: OnceLock::new(),
        })
    }

    /// Batches of one column, the labels, and the weights where the data have them.
    fn read(&self, column: &str, cast: bool) -> Result<Vec<Batch>> {
        let data = &self.predictions;
        let first = data.col(column)?;
        let mut columns = vec![if cast { first.cast(DataType::Double) } else { first }, data.col(&self.label)?.cast(DataType::Double)];
        if data.schema().names().any(|name| name == self.weight) {
            columns.push(data.col(&self.weight)?.cast(DataType::Double));
        }
        data.select(&columns)?.partitions()
    }

    fn metrics(&self) -> Result<&MulticlassMetrics> {
        if let Some(metrics) = self.metrics.get() {
            return Ok(metrics);
        }
        let batches = self.read(&self.prediction, true)?;
        let parts: Vec<Predicted> = batches
            .iter()
            .map(|b| Predicted {
                predictions: doubles(&b.columns[0]),
                labels: doubles(&b.columns[1]),
                weights: b.columns.get(2).map(doubles),
            })
            .collect();
        let metrics = MulticlassMetrics::new(self.predictions.session().executor(), &parts)?;
        Ok(self.metrics.get_or_init(|| metrics))
    }

    fn curve(&self) -> Result<&BinaryCurve> {
        if let Some(curve) = self.curve.get() {
            return Ok(curve);
        }
        let batches = self.read(&self.score, false)?;
        let part = |batch: &Batch| {
            let vectors = VectorColumn::new(&batch.columns[0])?;
            let scores = (0..vectors.len()).map(|i| vectors.row(i).get(1)).collect();
            Ok(Scored { scores, labels: doubles(&batch.columns[1]), weights: batch.columns.get(2).map(doubles) })
        };
        let parts = batches.iter().map(part).collect::<Result<Vec<_>>>()?;
        let curve = BinaryCurve::new(self.predictions.session().executor(), &parts, BINS)?;
        Ok(self.curve.get_or_init(|| curve))
    }

    /// A frame of two columns of numbers.
    fn frame(&self, names: [&str; 2], points: &[(f64, f64)]) -> MlValue {
        let schema: Schema = names.into_iter().map(|name| Field::new(name, DataType::Double, false)).collect();
        let columns: Vec<arrow_array::ArrayRef> = vec![
            Arc::new(points.iter().map(|p| p.0).collect::<Float64Array>()),
            Arc::new(points.iter().map(|p| p.1).collect::<Float64Array>()),
        ];
        let batch = Batch::new(columns, points.len());
        MlValue::DataFrame(DataFrame::from_batches(self.predictions.session(), Arc::new(schema), vec![batch]))
    }

    fn by_label(&self, metric: impl Fn(&MulticlassMetrics, f64) -> f64) -> Result<MlValue> {
        let metrics = self.metrics()?;
        Ok(MlValue::floats(metrics.labels().iter().map(|label| metric(metrics, *label))))
    }

    fn binary(&self, name: &str) -> Result<MlValue> {
        let curve = self.curve()?;
        Ok(match name {
            "roc" => self.frame(["FPR", "TPR"], &curve.roc()),
            "areaUnderROC" => MlValue::Float(curve.area_under_roc()),
            "pr" => self.frame(["recall", "precision"], &curve.pr()),
            "fMeasureByThreshold" => self.frame(["threshold", "F-Measure"], &curve.f_measure_by_threshold(1.0)),
            "precisionByThreshold" => self.frame(["threshold", "precision"], &curve.precision_by_threshold()),
            _ => self.frame(["threshold", "recall"], &curve.recall_by_threshold()),
        })
    }
}

/// `hasSummary`, `summary` and `evaluate` of a model; nothing for other members.
pub(crate) fn summary_member(
    owner: &StageDecl,
    summary: Option<&Arc<ClassificationSummary>>,
    summarise: &dyn Fn(&DataFrame) -> Result<ClassificationSummary>,
    name: &str,
    args: &[MlValue],
) -> Option<Result<MlValue>> {
    Some(match (name, args, summary) {
        ("hasSummary", ..) => Ok(MlValue::Bool(summary.is_some())),
        ("summary", _, Some(summary)) => Ok(MlValue::Object(summary.clone())),
        ("summary", ..) => Err(Error::runtime(format!("No training summary available for this {}", owner.name))),
        ("evaluate", [MlValue::DataFrame(data)], _) => summarise(data).map(|summary| MlValue::Object(Arc::new(summary))),
        ("evaluate", ..) => Err(Error::type_error("evaluate() takes one DataFrame.")),
        _ => return None,
    })
}

/// The one argument of an F-measure.
fn beta(args: &[MlValue]) -> Result<f64> {
    match args {
        [] | [MlValue::None] => Ok(1.0),
        [value] => value.as_f64().ok_or_else(|| Error::type_error(format!("beta must be a number, not {}.", value.python_type()))),
        _ => Err(Error::type_error(format!("An F-measure takes beta alone, not {} arguments.", args.len()))),
    }
}

impl Object for ClassificationSummary {
    fn decl(&self) -> &'static StageDecl {
        self.decl
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        if self.decl.member(name).is_none() {
            return Err(self.no_member(name));
        }
        let float = |value: f64| Ok(MlValue::Float(value));
        match name {
            "predictions" => Ok(MlValue::DataFrame(self.predictions.clone())),
            "labelCol" => Ok(MlValue::from(&*self.label)),
            "featuresCol" => Ok(MlValue::from(&*self.features)),
            "weightCol" => Ok(MlValue::from(self.weight.as_str())),
            "predictionCol" => Ok(MlValue::from(self.prediction.as_str())),
            "probabilityCol" | "scoreCol" => Ok(MlValue::from(self.score.as_str())),
            "labels" => Ok(MlValue::floats(self.metrics()?.labels().iter().copied())),
            "accuracy" => float(self.metrics()?.accuracy()),
            "truePositiveRateByLabel" | "recallByLabel" => self.by_label(MulticlassMetrics::recall),
            "falsePositiveRateByLabel" => self.by_label(MulticlassMetrics::false_positive_rate),
            "precisionByLabel" => self.by_label(MulticlassMetrics::precision),
            "fMeasureByLabel" => {
                let beta = beta(args)?;
                self.by_label(|metrics, label| metrics.f_measure(label, beta))
            }
            "weightedTruePositiveRate" | "weightedRecall" => float(self.metrics()?.weighted_recall()),
            "weightedFalsePositiveRate" => float(self.metrics()?.weighted_false_positive_rate()),
            "weightedPrecision" => float(self.metrics()?.weighted_precision()),
            "weightedFMeasure" => float(self.metrics()?.weighted_f_measure(beta(args)?)),
            "objectiveHistory" | "totalIterations" => match &self.training {
                Some(training) if name == "objectiveHistory" => Ok(MlValue::floats(training.objective_history.iter().copied())),
                Some(training) => Ok(MlValue::Int(training.objective_history.len() as i64 - 1)),
                None => Err(self.no_member(name)),
            },
            binary => self.binary(binary),
        }
    }

    fn describe(&self) -> String {
        self.decl.name.to_owned()
    }
}
