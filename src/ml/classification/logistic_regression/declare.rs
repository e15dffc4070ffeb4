//! What Python sees of logistic regression.

use std::sync::Arc;

use crate::param::{ParamDecl, ParamKind, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, StageDecl};

use super::estimator::LogisticRegression;
use super::model::LogisticRegressionModel;

pub(super) const FAMILY: ParamDecl = ParamDecl::new(
    "family",
    "The name of family which is a description of the label distribution to be used in the model. Supported options: auto, binomial, \
     multinomial",
    ParamKind::choice_any_case(&["auto", "binomial", "multinomial"]),
)
.default_text("auto");
pub(super) const THRESHOLD: ParamDecl = shared::THRESHOLD.doc(
    "Threshold in binary classification prediction, in range [0, 1]. If threshold and thresholds are both set, they must match.e.g. if \
     threshold is p, then thresholds must be equal to [1-p, p].",
);
pub(super) const LOWER_BOUNDS_ON_COEFFICIENTS: ParamDecl = ParamDecl::new(
    "lowerBoundsOnCoefficients",
    "The lower bounds on coefficients if fitting under bound constrained optimization. The bound matrix must be compatible with the shape \
     (1, number of features) for binomial regression, or (number of classes, number of features) for multinomial regression.",
    ParamKind::Matrix,
);
pub(super) const UPPER_BOUNDS_ON_COEFFICIENTS: ParamDecl = ParamDecl::new(
    "upperBoundsOnCoefficients",
    "The upper bounds on coefficients if fitting under bound constrained optimization. The bound matrix must be compatible with the shape \
     (1, number of features) for binomial regression, or (number of classes, number of features) for multinomial regression.",
    ParamKind::Matrix,
);
pub(super) const LOWER_BOUNDS_ON_INTERCEPTS: ParamDecl = ParamDecl::new(
    "lowerBoundsOnIntercepts",
    "The lower bounds on intercepts if fitting under bound constrained optimization. The bounds vector size must beequal with 1 for binomial \
     regression, or the number oflasses for multinomial regression.",
    ParamKind::Vector,
);
pub(super) const UPPER_BOUNDS_ON_INTERCEPTS: ParamDecl = ParamDecl::new(
    "upperBoundsOnIntercepts",
    "The upper bounds on intercepts if fitting under bound constrained optimization. The bound vector size must be equal with 1 for binomial \
     regression, or the number of classes for multinomial regression.",
    ParamKind::Vector,
);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::MAX_ITER.default_int(100),
    shared::REG_PARAM.default_float(0.0),
    shared::ELASTIC_NET_PARAM,
    shared::TOL.default_float(1e-6),
    shared::FIT_INTERCEPT,
    THRESHOLD,
    shared::THRESHOLDS,
    shared::PROBABILITY_COL,
    shared::RAW_PREDICTION_COL,
    shared::STANDARDIZATION,
    shared::WEIGHT_COL,
    shared::AGGREGATION_DEPTH,
    FAMILY,
    LOWER_BOUNDS_ON_COEFFICIENTS,
    UPPER_BOUNDS_ON_COEFFICIENTS,
    LOWER_BOUNDS_ON_INTERCEPTS,
    UPPER_BOUNDS_ON_INTERCEPTS,
    shared::MAX_BLOCK_SIZE_IN_MB,
];

pub static LOGISTIC_REGRESSION: StageDecl = StageDecl::estimator(
    "LogisticRegression",
    "classification",
    "Logistic regression: the probability of each class from a weighted sum of the features. Binomial for two classes, multinomial (softmax) \
     for more; with L2 (ridge), L1 (lasso) or elastic net penalty.",
    PARAMS,
    |params| Ok(Arc::new(LogisticRegression::new(params)?) as Arc<dyn Estimator>),
    &LOGISTIC_REGRESSION_MODEL,
);

pub static LOGISTIC_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "LogisticRegressionModel",
    "classification",
    "A fitted logistic regression: adds the margins, probabilities and most probable class of each row.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("coefficients", "Model coefficients of binomial logistic regression; an error for multinomial models."),
    MemberDecl::attribute("intercept", "Model intercept of binomial logistic regression; an error for multinomial models."),
    MemberDecl::attribute("coefficientMatrix", "Model coefficients: one row for binomial, one row per class for multinomial models."),
    MemberDecl::attribute("interceptVector", "Model intercepts: one for binomial, one per class for multinomial models."),
    members::NUM_CLASSES,
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::attribute("summary", "Summary of the training set: accuracy, other metrics, and how the fit converged."),
    members::EVALUATE,
    members::PREDICT_CLASS,
    MemberDecl::method("predictRaw", &["value"], "The margins (confidences) of one vector of features."),
    members::PREDICT_PROBABILITY,
])
.saved(
    "numClasses int, numFeatures int, interceptVector vector, coefficientMatrix matrix, isMultinomial boolean",
    LogisticRegressionModel::load,
);
