//! What Python sees of linear regression.

use std::sync::Arc;

use super::estimator::LinearRegression;
use super::model::LinearRegressionModel;
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, StageDecl};

pub(super) const SOLVER: ParamDecl = shared::SOLVER
    .doc("The solver algorithm for optimization. Supported options: auto, normal, l-bfgs.")
    .kind(ParamKind::choice(&["auto", "normal", "l-bfgs"]))
    .default_text("auto");
pub(super) const LOSS: ParamDecl = shared::LOSS
    .doc("The loss function to be optimized. Supported options: squaredError, huber.")
    .kind(ParamKind::choice(&["squaredError", "huber"]))
    .default_text("squaredError");
pub(super) const EPSILON: ParamDecl = ParamDecl::new(
    "epsilon",
    "The shape parameter to control the amount of robustness. Must be > 1.0. Only valid when loss is huber",
    ParamKind::Float(Range::above(1.0)),
)
.default_float(1.35);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::LABEL_COL,
    shared::PREDICTION_COL,
    shared::MAX_ITER.default_int(100),
    shared::REG_PARAM.default_float(0.0),
    shared::ELASTIC_NET_PARAM,
    shared::TOL.default_float(1e-6),
    shared::FIT_INTERCEPT,
    shared::STANDARDIZATION,
    SOLVER,
    shared::WEIGHT_COL,
    shared::AGGREGATION_DEPTH,
    LOSS,
    EPSILON,
    shared::MAX_BLOCK_SIZE_IN_MB,
];

pub static LINEAR_REGRESSION: StageDecl = StageDecl::estimator(
    "LinearRegression",
    "regression",
    "Linear regression: the label as a weighted sum of the features, by least squares or by the Huber loss, which outliers don't pull; with L2 \
     (ridge), L1 (lasso) or elastic net penalty.",
    PARAMS,
    |params| Ok(Arc::new(LinearRegression::new(params)?) as Arc<dyn Estimator>),
    &LINEAR_REGRESSION_MODEL,
);

pub static LINEAR_REGRESSION_MODEL: StageDecl =
    StageDecl::model("LinearRegressionModel", "regression", "A fitted linear regression: adds the predicted label.", PARAMS)
        .members(&[
            MemberDecl::attribute("coefficients", "Model coefficients."),
            MemberDecl::attribute("intercept", "Model intercept."),
            MemberDecl::attribute("scale", "The value by which |y - X'w| is scaled down when loss is \"huber\", otherwise 1.0."),
            members::NUM_FEATURES,
            members::HAS_SUMMARY,
            MemberDecl::attribute("summary", "Summary of the training set: residuals, error, R-squared, and how the fit converged."),
            members::EVALUATE,
            members::PREDICT_LABEL,
        ])
        .saved("intercept double, coefficients vector, scale double", |params, stored| {
            let row = stored.row()?;
            Ok(Arc::new(LinearRegressionModel::new(params, row.numbers("coefficients")?, row.float("intercept")?, row.float("scale")?)?))
        });
