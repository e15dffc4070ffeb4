//! What Python sees of generalized linear regression.

use std::sync::Arc;

use super::estimator::GeneralizedLinearRegression;
use super::model::GeneralizedLinearRegressionModel;
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, StageDecl};

pub(super) const FAMILY: ParamDecl = ParamDecl::new(
    "family",
    "The name of family which is a description of the error distribution to be used in the model. Supported options: gaussian (default), \
     binomial, poisson, gamma and tweedie.",
    ParamKind::choice_any_case(&["gaussian", "binomial", "poisson", "gamma", "tweedie"]),
)
.default_text("gaussian");
pub(super) const LINK: ParamDecl = ParamDecl::new(
    "link",
    "The name of link function which provides the relationship between the linear predictor and the mean of the distribution function. \
     Supported options: identity, log, inverse, logit, probit, cloglog and sqrt.",
    ParamKind::choice_any_case(&["identity", "log", "inverse", "logit", "probit", "cloglog", "sqrt"]),
);
pub(super) const LINK_PREDICTION_COL: ParamDecl =
    ParamDecl::new("linkPredictionCol", "link prediction (linear predictor) column name", ParamKind::OutputColumn);
pub(super) const VARIANCE_POWER: ParamDecl = ParamDecl::new(
    "variancePower",
    "The power in the variance function of the Tweedie distribution which characterizes the relationship between the variance and mean of \
     the distribution. Only applicable for the Tweedie family. Supported values: 0 and [1, Inf).",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);
pub(super) const LINK_POWER: ParamDecl = ParamDecl::new(
    "linkPower",
    "The index in the power link function. Only applicable to the Tweedie family.",
    ParamKind::Float(Range::ANY),
);
pub(super) const OFFSET_COL: ParamDecl = ParamDecl::new(
    "offsetCol",
    "The offset column name. If this is not set or empty, we treat all instance offsets as 0.0",
    ParamKind::Column,
);
pub(super) const SOLVER: ParamDecl = shared::SOLVER
    .doc("The solver algorithm for optimization. Supported options: irls.")
    .kind(ParamKind::choice(&["irls"]))
    .default_text("irls");

const PARAMS: &[ParamDecl] = &[
    shared::LABEL_COL,
    shared::FEATURES_COL,
    shared::PREDICTION_COL,
    FAMILY,
    LINK,
    shared::FIT_INTERCEPT,
    shared::MAX_ITER.default_int(25),
    shared::TOL.default_float(1e-6),
    shared::REG_PARAM.default_float(0.0),
    shared::WEIGHT_COL,
    SOLVER,
    LINK_PREDICTION_COL,
    VARIANCE_POWER,
    LINK_POWER,
    OFFSET_COL,
    shared::AGGREGATION_DEPTH,
];

pub static GENERALIZED_LINEAR_REGRESSION: StageDecl = StageDecl::estimator(
    "GeneralizedLinearRegression",
    "regression",
    "Generalized linear regression: a weighted sum of the features, through a link function, is the mean of a label that varies around it as a \
     Gaussian, binomial, Poisson, gamma or Tweedie distribution does: shares, counts, waiting times, claims.",
    PARAMS,
    |params| Ok(Arc::new(GeneralizedLinearRegression::new(params)?) as Arc<dyn Estimator>),
    &GENERALIZED_LINEAR_REGRESSION_MODEL,
);

pub static GENERALIZED_LINEAR_REGRESSION_MODEL: StageDecl = StageDecl::model(
    "GeneralizedLinearRegressionModel",
    "regression",
    "A fitted generalized linear regression: adds the predicted mean, and the linear predictor if asked.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("coefficients", "Model coefficients."),
    MemberDecl::attribute("intercept", "Model intercept."),
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::attribute("summary", "Summary of the training set: deviance, AIC, standard errors and p-values."),
    members::EVALUATE,
    MemberDecl::method("predict", &["value"], "The predicted mean of one vector of features."),
])
.saved("intercept double, coefficients vector", |params, stored| {
    let row = stored.row()?;
    Ok(Arc::new(GeneralizedLinearRegressionModel::new(params, row.numbers("coefficients")?, row.float("intercept")?)?))
});
