//! The params of `xgboost.spark`, with its names and defaults, and what they ask of training. Real `xgboost.spark` says of most only where
//! XGBoost's own documentation is; the words here are Kindling's.

use kindling_partition::{Error, Result, did_you_mean};

use super::data::{Columns, Features, Source};
use super::grow::Growth;
use super::metric::Metric;
use super::objective::Objective;
use super::sample::Shares;
use super::split::Penalty;
use super::train::Settings;
use crate::param::{Checked, Limit, ParamDecl, ParamDefault, ParamKind, Params, Range, shared};
use crate::value::MlValue;

/// A param that is `None` until it is set.
const fn unset(name: &'static str, doc: &'static str, kind: ParamKind) -> ParamDecl {
    ParamDecl::new(name, doc, kind).default(ParamDefault::Null)
}

const SHARE: ParamKind = ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Inclusive(1.0) });
const COUNT: ParamKind = ParamKind::Int(Range::at_least(0.0));
const NOT_NEGATIVE: ParamKind = ParamKind::Float(Range::at_least(0.0));

pub(super) const PRED_CONTRIB_COL: ParamDecl =
    ParamDecl::new("pred_contrib_col", "feature contributions to individual predictions.", ParamKind::OutputColumn);
const BASE_MARGIN_COL: ParamDecl =
    ParamDecl::new("base_margin_col", "This stores the name for the column of the base margin", ParamKind::Column);
pub(super) const QID_COL: ParamDecl = ParamDecl::new("qid_col", "query id column name", ParamKind::Column);
const FEATURES_COLS: ParamDecl =
    ParamDecl::new("features_cols", "feature column names.", ParamKind::Columns).default(ParamDefault::TextList(&[]));
const NUM_WORKERS: ParamDecl = ParamDecl::new(
    "num_workers",
    "The number of XGBoost workers. Each XGBoost worker corresponds to one spark task.",
    ParamKind::Int(Range::at_least(1.0)),
)
.default_int(1);
const DEVICE: ParamDecl = ParamDecl::new(
    "device",
    "The device type for XGBoost executors. Available options are `cpu`,`cuda` and `gpu`. Set `device` to `cuda` or `gpu` if the executors are \
     running on GPU instances. Currently, only one GPU per task is supported.",
    ParamKind::choice(&["cpu"]),
)
.default_text("cpu");
const ENABLE_SPARSE_DATA_OPTIM: ParamDecl = ParamDecl::new(
    "enable_sparse_data_optim",
    "This stores the boolean config of enabling sparse data optimization, if enabled, Xgboost DMatrix object will be constructed from sparse \
     matrix instead of dense matrix. This config is disabled by default. If most of examples in your training dataset contains sparse \
     features, we suggest to enable this config.",
    ParamKind::Boolean,
)
.default_bool(false);
pub(super) const ARBITRARY: ParamDecl = ParamDecl::new(
    "arbitrary_params_dict",
    "arbitrary_params_dict This parameter holds all of the additional parameters which are not exposed as the XGBoost Spark estimator params \
     but can be recognized by underlying XGBoost library. It is stored as a dictionary.",
    ParamKind::Any,
)
.default(ParamDefault::EmptyMap);
const N_ESTIMATORS: ParamDecl =
    unset("n_estimators", "How many rounds of boosting: trees, or trees for each class.", ParamKind::Int(Range::at_least(1.0)))
        .default_int(100);
const OBJECTIVE: ParamDecl = unset(
    "objective",
    "What is made small. A classifier takes binary:logistic for two classes and multi:softprob for more; a regressor reg:squarederror; a \
     ranker rank:ndcg or rank:pairwise.",
    ParamKind::Text,
);
const LEARNING_RATE: ParamDecl =
    unset("learning_rate", "How much of each tree counts, eta; 0.3 when not set. Less needs more rounds.", NOT_NEGATIVE);
const MAX_DEPTH: ParamDecl =
    unset("max_depth", "How many splits lie between the root and a leaf at most; 6 when not set, 0 for any.", COUNT);
const MAX_LEAVES: ParamDecl = unset("max_leaves", "How many leaves a tree has at most; any when not set or 0.", COUNT);
const MAX_BIN: ParamDecl =
    unset("max_bin", "Into how many bins a feature is cut at most; 256 when not set.", ParamKind::Int(Range::between(2.0, 65_535.0)));
const GAMMA: ParamDecl = unset("gamma", "How much a split has to lower the loss, min_split_loss; 0 when not set.", NOT_NEGATIVE);
const MIN_CHILD_WEIGHT: ParamDecl =
    unset("min_child_weight", "The least sum of second derivatives (of rows, for squared error) in a child; 1 when not set.", NOT_NEGATIVE);
const MAX_DELTA_STEP: ParamDecl =
    unset("max_delta_step", "The most that a leaf may say before the learning rate; any when not set or 0.", NOT_NEGATIVE);
const REG_ALPHA: ParamDecl = unset("reg_alpha", "The L1 penalty on what leaves say, alpha; 0 when not set.", NOT_NEGATIVE);
const REG_LAMBDA: ParamDecl = unset("reg_lambda", "The L2 penalty on what leaves say, lambda; 1 when not set.", NOT_NEGATIVE);
const SUBSAMPLE: ParamDecl = unset("subsample", "The share of rows that each round sees, drawn anew; all when not set.", SHARE);
const COLSAMPLE_BYTREE: ParamDecl = unset("colsample_bytree", "The share of features that each tree sees; all when not set.", SHARE);
const COLSAMPLE_BYLEVEL: ParamDecl = unset("colsample_bylevel", "The share of a tree's features that each of its levels sees.", SHARE);
const COLSAMPLE_BYNODE: ParamDecl = unset("colsample_bynode", "The share of a level's features that each split sees.", SHARE);
const SCALE_POS_WEIGHT: ParamDecl =
    unset("scale_pos_weight", "What rows of class 1 count, for uneven classes: rows of class 0 over rows of class 1.", NOT_NEGATIVE);
const BASE_SCORE: ParamDecl =
    unset("base_score", "The prediction that boosting starts from; estimated from the labels when not set.", ParamKind::Float(Range::ANY));
const RANDOM_STATE: ParamDecl = unset("random_state", "The seed of what subsample and colsample_… draw; 0 when not set.", ParamKind::Long);
const MISSING: ParamDecl = unset(
    "missing",
    "The number that stands for a missing value, beside NaN: 0.0 for the zeros of sparse vectors.",
    ParamKind::Float(Range::ANY),
)
.default_float(f64::NAN);
const EVAL_METRIC: ParamDecl = unset(
    "eval_metric",
    "The metrics after each round, one name or a list: rmse, mae, logloss, error, auc, mlogloss, merror, ndcg, ndcg@10. The last one on \
     the rows of validation_indicator_col stops training early.",
    ParamKind::Any,
);
const EARLY_STOPPING_ROUNDS: ParamDecl = unset(
    "early_stopping_rounds",
    "After how many rounds without a better metric on the rows of validation_indicator_col training stops.",
    ParamKind::Int(Range::at_least(1.0)),
);
const FEATURE_NAMES: ParamDecl = unset("feature_names", "A list of str to specify feature names.", ParamKind::TextList);
const FEATURE_TYPES: ParamDecl =
    unset("feature_types", "What each feature is: 'q' or 'float' numbers, 'int' whole ones, 'i' an indicator.", ParamKind::TextList);
const TREE_METHOD: ParamDecl = unset("tree_method", "How trees grow: hist, on histograms, is what auto takes as well.", ParamKind::Text);
const BOOSTER: ParamDecl = unset("booster", "gbtree: trees.", ParamKind::Text);
const GROW_POLICY: ParamDecl = unset("grow_policy", "depthwise: level by level.", ParamKind::Text);
const SAMPLING_METHOD: ParamDecl = unset("sampling_method", "uniform: all rows are drawn with the same probability.", ParamKind::Text);
const MULTI_STRATEGY: ParamDecl = unset("multi_strategy", "one_output_per_tree: each class has its own trees.", ParamKind::Text);
const NUM_PARALLEL_TREE: ParamDecl = unset("num_parallel_tree", "Trees of each round and class: 1.", ParamKind::Int(Range::at_least(1.0)));
const MONOTONE_CONSTRAINTS: ParamDecl =
    unset("monotone_constraints", "Which features may only raise or lower the prediction. Not in Kindling.", ParamKind::Any);
const INTERACTION_CONSTRAINTS: ParamDecl =
    unset("interaction_constraints", "Which features may share a branch. Not in Kindling.", ParamKind::Any);
const FEATURE_WEIGHTS: ParamDecl =
    unset("feature_weights", "How likely each feature is drawn by colsample_…. Not in Kindling.", ParamKind::Any);
const CALLBACKS: ParamDecl = unset("callbacks", "What is called in each round. Not in Kindling.", ParamKind::Any);
const XGB_MODEL: ParamDecl = unset("xgb_model", "A booster to go on from. Not in Kindling.", ParamKind::Any);
const ITERATION_RANGE: ParamDecl =
    unset("iteration_range", "Which rounds predict: all, or up to the best one after early stopping. Not in Kindling.", ParamKind::Any);

/// In the order of a constructor's keywords: what `xgboost.spark` names first, then XGBoost's own.
macro_rules! params {
    ($objective:expr, $verbose:expr; $($first:expr),*; $($query:expr),*; $($last:expr),*) => {
        &[
            shared::FEATURES_COL,
            shared::LABEL_COL,
            shared::PREDICTION_COL,
            $($first,)*
            PRED_CONTRIB_COL,
            shared::VALIDATION_INDICATOR_COL,
            shared::WEIGHT_COL,
            BASE_MARGIN_COL,
            $($query,)*
            NUM_WORKERS,
            DEVICE,
            ParamDecl::new(
                "force_repartition",
                "A boolean variable. Set force_repartition=true if you want to force the input dataset to be repartitioned before XGBoost \
                 training.Note: The auto repartitioning judgement is not fully accurate, so it is recommendedto have force_repartition be True.",
                ParamKind::Boolean,
            )
            .default_bool(false),
            ParamDecl::new(
                "repartition_random_shuffle",
                "A boolean variable. Set repartition_random_shuffle=true if you want to random shuffle dataset when repartitioning is \
                 required. By default is True.",
                ParamKind::Boolean,
            )
            .default_bool(false),
            ENABLE_SPARSE_DATA_OPTIM,
            ParamDecl::new(
                "launch_tracker_on_driver",
                "A boolean variable. Set launch_tracker_on_driver to true if you want the tracker to be launched on the driver side; otherwise, \
                 it will be launched on the executor side.",
                ParamKind::Boolean,
            )
            .default_bool(true),
            ParamDecl::new("coll_cfg", "xgboost.collective.Config. The collective configuration.", ParamKind::Any),
            N_ESTIMATORS,
            LEARNING_RATE,
            MAX_DEPTH,
            MAX_LEAVES,
            MAX_BIN,
            GAMMA,
            MIN_CHILD_WEIGHT,
            MAX_DELTA_STEP,
            REG_ALPHA,
            REG_LAMBDA,
            SUBSAMPLE,
            COLSAMPLE_BYTREE,
            COLSAMPLE_BYLEVEL,
            COLSAMPLE_BYNODE,
            SCALE_POS_WEIGHT,
            BASE_SCORE,
            RANDOM_STATE,
            MISSING,
            $objective,
            EVAL_METRIC,
            EARLY_STOPPING_ROUNDS,
            FEATURE_NAMES,
            FEATURE_TYPES,
            FEATURES_COLS,
            TREE_METHOD,
            BOOSTER,
            GROW_POLICY,
            SAMPLING_METHOD,
            MULTI_STRATEGY,
            NUM_PARALLEL_TREE,
            MONOTONE_CONSTRAINTS,
            INTERACTION_CONSTRAINTS,
            FEATURE_WEIGHTS,
            unset("max_cat_threshold", "Only of categorical features, which Kindling's booster doesn't have.", ParamKind::Int(Range::ANY)),
            unset("max_cat_to_onehot", "Only of categorical features, which Kindling's booster doesn't have.", ParamKind::Int(Range::ANY)),
            unset("importance_type", "The importance that XGBoost's own feature_importances_ has.", ParamKind::Text),
            CALLBACKS,
            XGB_MODEL,
            ITERATION_RANGE,
            unset("validate_parameters", "Whether XGBoost warns of params that it doesn't know; Kindling refuses them.", ParamKind::Boolean),
            unset("verbosity", "How much XGBoost prints while it trains. Kindling prints nothing.", ParamKind::Int(Range::between(0.0, 3.0))),
            ParamDecl::new("verbose", "Whether XGBoost prints the metrics of each round. Kindling prints nothing.", ParamKind::Any).default_bool($verbose),
            ARBITRARY,
            $($last,)*
        ]
    };
}

pub(super) const CLASSIFIER: &[ParamDecl] = params![OBJECTIVE, true; shared::PROBABILITY_COL, shared::RAW_PREDICTION_COL;; QID_COL];
pub(super) const REGRESSOR: &[ParamDecl] = params![OBJECTIVE.default_text("reg:squarederror"), true;;; QID_COL];
pub(super) const RANKER: &[ParamDecl] = params![OBJECTIVE.default_text("rank:ndcg"), false;; QID_COL;];

/// Which of the three a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Classify,
    Regress,
    Rank,
}

/// Sets what a constructor was given: `xgboost.spark` has its own names for Spark's params, and takes XGBoost's params that it doesn't declare.
///
/// # Errors
/// As `xgboost.spark` has them, and for names that XGBoost doesn't have, of which it only warns.
pub(crate) fn set_keyword(params: &mut Params, name: &str, value: MlValue) -> Result<()> {
    const NAMES: [(&str, &str); 7] = [
        ("features_col", "featuresCol"),
        ("label_col", "labelCol"),
        ("weight_col", "weightCol"),
        ("raw_prediction_col", "rawPredictionCol"),
        ("prediction_col", "predictionCol"),
        ("probability_col", "probabilityCol"),
        ("validation_indicator_col", "validationIndicatorCol"),
    ];
    // XGBoost's first names of the params that its Python classes call otherwise.
    const ALIASES: [(&str, &str); 6] = [
        ("eta", "learning_rate"),
        ("min_split_loss", "gamma"),
        ("alpha", "reg_alpha"),
        ("lambda", "reg_lambda"),
        ("seed", "random_state"),
        ("num_round", "n_estimators"),
    ];
    const UNSUPPORTED: [&str; 18] = [
        "enable_categorical",
        "n_jobs",
        "nthread",
        "sample_weight",
        "eval_set",
        "sample_weight_eval_set",
        "base_margin",
        "base_margin_eval_set",
        "group",
        "qid",
        "eval_group",
        "eval_qid",
        "evals",
        "evals_result",
        "output_margin",
        "validate_features",
        "X",
        "y",
    ];
    let value_error = |text: String| Err(Error::value_error(text));
    if name == "arbitrary_params_dict" {
        return value_error("Invalid param name: 'arbitrary_params_dict'.".to_owned());
    }
    if name == "features_cols" {
        return value_error("Unsupported param 'features_cols' please use features_col instead.".to_owned());
    }
    if let Some((own, _)) = NAMES.iter().find(|(_, sparks)| *sparks == name) {
        return value_error(format!("Please use param name {own} instead."));
    }
    if name == "features_col" && matches!(value, MlValue::List(_)) {
        return params.set(FEATURES_COLS.name, value);
    }
    if let Some((_, param)) = NAMES.iter().chain(&ALIASES).find(|(known, _)| *known == name) {
        return params.set(param, value);
    }
    if params.decl().param(name).is_some() {
        return params.set(name, value);
    }
    if name == "enable_categorical" {
        return value_error(
            "`xgboost.spark` estimators do not have 'enable_categorical' param, but you can set `feature_types` param and mark categorical \
             features with 'c' string."
                .to_owned(),
        );
    }
    if UNSUPPORTED.contains(&name) {
        return value_error(format!("Unsupported param '{name}'."));
    }
    let known = params.decl().params.iter().map(|param| param.name).chain(NAMES.iter().chain(&ALIASES).map(|(name, _)| *name));
    let near = did_you_mean(name, known);
    value_error(format!(
        "{} has no param '{name}'.{near} XGBoost itself would pass it over with a warning when it doesn't know it either.",
        params.decl().name
    ))
}

/// Where the rows come from.
pub(super) fn features(params: Checked<'_>) -> Result<Features> {
    let many = params.texts(&FEATURES_COLS)?;
    let source = if many.is_empty() { Source::One(params.text(&shared::FEATURES_COL)?) } else { Source::Many(many.into()) };
    let missing = params.float(&MISSING)? as f32;
    if params.bool(&ENABLE_SPARSE_DATA_OPTIM)? {
        if missing != 0.0 {
            return Err(Error::value_error("If enable_sparse_data_optim is True, missing param != 0 is not supported."));
        }
        if matches!(source, Source::Many(_)) {
            return Err(Error::value_error(
                "If enable_sparse_data_optim is True, you cannot set multiple feature columns but you should set one feature column with \
                 values of `pyspark.ml.linalg.Vector` type.",
            ));
        }
    }
    Ok(Features { source, missing })
}

pub(super) fn columns(params: Checked<'_>, task: Task) -> Result<Columns> {
    Ok(Columns {
        label: params.text(&shared::LABEL_COL)?,
        weight: params.opt_column(&shared::WEIGHT_COL),
        margin: params.opt_column(&BASE_MARGIN_COL),
        query: if task == Task::Rank { params.opt_column(&QID_COL) } else { None },
        validation: params.opt_column(&shared::VALIDATION_INDICATOR_COL),
    })
}

/// The column of base margins, for predictions.
pub(super) fn margin_column(params: Checked<'_>) -> Option<std::sync::Arc<str>> {
    params.opt_column(&BASE_MARGIN_COL)
}

/// What a fit with these params is to do; the number of classes is known later.
pub(super) fn settings(params: Checked<'_>, task: Task) -> Result<Settings> {
    refuse_others(params, task)?;
    let float = |param: &ParamDecl, default: f32| params.opt_float(param).map_or(default, |value| value as f32);
    let count = |param: &ParamDecl, default: usize| params.opt_int(param).map_or(default, |value| usize::try_from(value).unwrap_or(0));
    let objective = match (task, params.opt_text(&OBJECTIVE).as_deref()) {
        (Task::Classify, None) => Objective::Logistic { positive_weight: float(&SCALE_POS_WEIGHT, 1.0) },
        (Task::Classify, Some(_)) => {
            return Err(Error::value_error("Setting custom 'objective' param is not allowed in 'SparkXGBClassifier'."));
        }
        (Task::Regress, None | Some("reg:squarederror")) => Objective::SquaredError,
        (Task::Rank, None | Some("rank:ndcg")) => Objective::Ndcg,
        (Task::Rank, Some("rank:pairwise")) => Objective::Pairwise,
        (_, Some(other)) => {
            let fits = if task == Task::Rank { "rank:ndcg and rank:pairwise" } else { "reg:squarederror" };
            return Err(Error::unsupported(format!("XGBoost's objective '{other}' isn't here; for this stage Kindling has {fits}.")));
        }
    };
    features(params)?;
    let stop_after = params.opt_int(&EARLY_STOPPING_ROUNDS).map(|rounds| rounds as usize);
    if stop_after.is_some() && params.opt_column(&shared::VALIDATION_INDICATOR_COL).is_none() {
        return Err(Error::value_error(
            "If 'early_stopping_rounds' param is set, you need to set 'validation_indicator_col' param as well.",
        ));
    }
    Ok(Settings {
        objective,
        growth: Growth {
            penalty: Penalty {
                lambda: float(&REG_LAMBDA, 1.0),
                alpha: float(&REG_ALPHA, 0.0),
                max_delta_step: float(&MAX_DELTA_STEP, 0.0),
                min_child_weight: float(&MIN_CHILD_WEIGHT, 1.0),
            },
            learning_rate: float(&LEARNING_RATE, 0.3),
            gamma: float(&GAMMA, 0.0),
            max_depth: count(&MAX_DEPTH, 6),
            max_leaves: count(&MAX_LEAVES, 0),
            shares: Shares {
                subsample: float(&SUBSAMPLE, 1.0),
                by_tree: float(&COLSAMPLE_BYTREE, 1.0),
                by_level: float(&COLSAMPLE_BYLEVEL, 1.0),
                by_node: float(&COLSAMPLE_BYNODE, 1.0),
            },
        },
        rounds: params.count(&N_ESTIMATORS)?,
        max_bin: count(&MAX_BIN, 256),
        seed: params.opt_int(&RANDOM_STATE).unwrap_or(0).cast_unsigned(),
        base_score: params.opt_float(&BASE_SCORE).map(|score| score as f32),
        metrics: Vec::new(),
        stop_after,
        names: params.opt_texts(&FEATURE_NAMES).into_iter().flatten().map(|name| name.to_string()).collect(),
        types: params.opt_texts(&FEATURE_TYPES).into_iter().flatten().map(|name| name.to_string()).collect(),
    })
}

/// The metrics of each round: those of `eval_metric`, or the objective's own.
pub(super) fn metrics(params: Checked<'_>, objective: Objective) -> Result<Vec<Metric>> {
    let wrong = || Error::value_error("Only string type or list of string type 'eval_metric' param is allowed.");
    let names: Vec<String> = match params.params().get(EVAL_METRIC.name) {
        None | Some(MlValue::None) => vec![objective.metric().to_owned()],
        Some(MlValue::Text(name)) => vec![name.to_string()],
        Some(list) => list.texts().ok_or_else(wrong)?.iter().map(|name| name.to_string()).collect(),
    };
    names.iter().map(|name| Metric::named(name, objective)).collect()
}

/// What real `xgboost.spark` refuses, and what Kindling doesn't have.
fn refuse_others(params: Checked<'_>, task: Task) -> Result<()> {
    let is_set = |param: &ParamDecl| params.params().get(param.name).is_some_and(|value| !matches!(value, MlValue::None));
    match task {
        Task::Rank if !is_set(&QID_COL) => {
            return Err(Error::value_error("Spark Xgboost ranker estimator requires setting `qid_col` param."));
        }
        Task::Classify if is_set(&QID_COL) => {
            return Err(Error::value_error("Spark Xgboost classifier estimator does not support `qid_col` param."));
        }
        Task::Regress if is_set(&QID_COL) => {
            return Err(Error::value_error("Spark Xgboost regressor estimator does not support `qid_col` param."));
        }
        _ => {}
    }
    if params.opt_text(&TREE_METHOD).as_deref() == Some("exact") {
        return Err(Error::value_error("The `exact` tree method is not supported for distributed systems."));
    }
    let only: [(&ParamDecl, &[&str]); 5] = [
        (&TREE_METHOD, &["hist", "auto"]),
        (&BOOSTER, &["gbtree"]),
        (&GROW_POLICY, &["depthwise"]),
        (&SAMPLING_METHOD, &["uniform"]),
        (&MULTI_STRATEGY, &["one_output_per_tree"]),
    ];
    for (param, words) in only {
        if let Some(found) = params.opt_text(param).filter(|found| !words.contains(&&**found)) {
            return Err(Error::unsupported(format!("{}='{found}' isn't here: Kindling has {}.", param.name, words.join(" and "))));
        }
    }
    if params.opt_int(&NUM_PARALLEL_TREE).is_some_and(|trees| trees != 1) {
        return Err(Error::unsupported("num_parallel_tree above 1 isn't here: RandomForestClassifier and -Regressor grow forests."));
    }
    for param in
        [&MONOTONE_CONSTRAINTS, &INTERACTION_CONSTRAINTS, &FEATURE_WEIGHTS, &CALLBACKS, &XGB_MODEL, &ITERATION_RANGE, &PRED_CONTRIB_COL]
    {
        if is_set(param) {
            return Err(Error::unsupported(format!("Kindling's XGBoost doesn't have '{}'.", param.name)));
        }
    }
    if params.opt_texts(&FEATURE_TYPES).is_some_and(|types| types.iter().any(|kind| &**kind == "c")) {
        return Err(Error::unsupported("Categorical features aren't here: StringIndexer and OneHotEncoder make numbers of them."));
    }
    Ok(())
}
