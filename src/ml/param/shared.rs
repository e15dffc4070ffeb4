//! The params that several stages share, with PySpark's docs and defaults (`pyspark/ml/param/shared.py`).

use super::decl::{ParamDecl, ParamDefault, ParamKind};
use super::range::Range;

const fn text_default(name: &'static str, doc: &'static str, kind: ParamKind, default: &'static str) -> ParamDecl {
    ParamDecl::new(name, doc, kind).default_text(default)
}

pub const MAX_ITER: ParamDecl = ParamDecl::new("maxIter", "max number of iterations (>= 0).", ParamKind::Int(Range::at_least(0.0)));
pub const REG_PARAM: ParamDecl = ParamDecl::new("regParam", "regularization parameter (>= 0).", ParamKind::Float(Range::at_least(0.0)));
pub const FEATURES_COL: ParamDecl = text_default("featuresCol", "features column name.", ParamKind::Column, "features");
pub const LABEL_COL: ParamDecl = text_default("labelCol", "label column name.", ParamKind::Column, "label");
pub const PREDICTION_COL: ParamDecl = text_default("predictionCol", "prediction column name.", ParamKind::OutputColumn, "prediction");
pub const PROBABILITY_COL: ParamDecl = text_default(
    "probabilityCol",
    "Column name for predicted class conditional probabilities. Note: Not all models output well-calibrated probability estimates! \
     These probabilities should be treated as confidences, not precise probabilities.",
    ParamKind::OutputColumn,
    "probability",
);
pub const RAW_PREDICTION_COL: ParamDecl =
    text_default("rawPredictionCol", "raw prediction (a.k.a. confidence) column name.", ParamKind::OutputColumn, "rawPrediction");
pub const INPUT_COL: ParamDecl = ParamDecl::new("inputCol", "input column name.", ParamKind::Column);
pub const INPUT_COLS: ParamDecl = ParamDecl::new("inputCols", "input column names.", ParamKind::Columns);
pub const OUTPUT_COL: ParamDecl =
    ParamDecl::new("outputCol", "output column name.", ParamKind::OutputColumn).default(ParamDefault::OutputOfUid);
pub const OUTPUT_COLS: ParamDecl = ParamDecl::new("outputCols", "output column names.", ParamKind::OutputColumns);
pub const NUM_FEATURES: ParamDecl =
    ParamDecl::new("numFeatures", "Number of features. Should be greater than 0.", ParamKind::Int(Range::above(0.0))).default_int(262_144);
pub const CHECKPOINT_INTERVAL: ParamDecl = ParamDecl::new(
    "checkpointInterval",
    "set checkpoint interval (>= 1) or disable checkpoint (-1). E.g. 10 means that the cache will get checkpointed every 10 iterations. \
     Note: this setting will be ignored if the checkpoint directory is not set in the SparkContext.",
    ParamKind::Int(Range::at_least(-1.0)),
);
pub const SEED: ParamDecl = ParamDecl::new("seed", "random seed.", ParamKind::Long).default(ParamDefault::Seed);
pub const TOL: ParamDecl =
    ParamDecl::new("tol", "the convergence tolerance for iterative algorithms (>= 0).", ParamKind::Float(Range::at_least(0.0)));
pub const RELATIVE_ERROR: ParamDecl = ParamDecl::new(
    "relativeError",
    "the relative target precision for the approximate quantile algorithm. Must be in the range [0, 1]",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.001);
pub const STEP_SIZE: ParamDecl =
    ParamDecl::new("stepSize", "Step size to be used for each iteration of optimization (>= 0).", ParamKind::Float(Range::above(0.0)));
/// Stages with more options, or only some, give their own kind and doc.
pub const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "how to handle invalid entries. Options are skip (which will filter out rows with bad values), or error (which will throw an error). \
     More options may be added later.",
    ParamKind::choice(&["skip", "error"]),
);
pub const ELASTIC_NET_PARAM: ParamDecl = ParamDecl::new(
    "elasticNetParam",
    "the ElasticNet mixing parameter, in range [0, 1]. For alpha = 0, the penalty is an L2 penalty. For alpha = 1, it is an L1 penalty.",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.0);
pub const FIT_INTERCEPT: ParamDecl =
    ParamDecl::new("fitIntercept", "whether to fit an intercept term.", ParamKind::Boolean).default_bool(true);
pub const STANDARDIZATION: ParamDecl =
    ParamDecl::new("standardization", "whether to standardize the training features before fitting the model.", ParamKind::Boolean)
        .default_bool(true);
pub const THRESHOLDS: ParamDecl = ParamDecl::new(
    "thresholds",
    "Thresholds in multi-class classification to adjust the probability of predicting each class. Array must have length equal to the \
     number of classes, with values > 0, excepting that at most one value may be 0. The class with largest value p/t is predicted, where p \
     is the original probability of that class and t is the class's threshold.",
    ParamKind::FloatList(Range::at_least(0.0)),
);
pub const THRESHOLD: ParamDecl = ParamDecl::new(
    "threshold",
    "threshold in binary classification prediction, in range [0, 1]",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.5);
pub const WEIGHT_COL: ParamDecl = ParamDecl::new(
    "weightCol",
    "weight column name. If this is not set or empty, we treat all instance weights as 1.0.",
    ParamKind::Column,
);
/// Stages give their own options.
pub const SOLVER: ParamDecl = text_default(
    "solver",
    "the solver algorithm for optimization. If this is not set or empty, default value is 'auto'.",
    ParamKind::Text,
    "auto",
);
pub const VARIANCE_COL: ParamDecl =
    ParamDecl::new("varianceCol", "column name for the biased sample variance of prediction.", ParamKind::OutputColumn);
pub const AGGREGATION_DEPTH: ParamDecl =
    ParamDecl::new("aggregationDepth", "suggested depth for treeAggregate (>= 2).", ParamKind::Int(Range::at_least(2.0))).default_int(2);
pub const PARALLELISM: ParamDecl = ParamDecl::new(
    "parallelism",
    "the number of threads to use when running parallel algorithms (>= 1).",
    ParamKind::Int(Range::at_least(1.0)),
)
.default_int(1);
pub const COLLECT_SUB_MODELS: ParamDecl = ParamDecl::new(
    "collectSubModels",
    "Param for whether to collect a list of sub-models trained during tuning. If set to false, then only the single best sub-model will be \
     available after fitting. If set to true, then all sub-models will be available. Warning: For large models, collecting all sub-models \
     can cause OOMs on the Spark driver.",
    ParamKind::Boolean,
)
.default_bool(false);
/// Stages give their own options and doc.
pub const LOSS: ParamDecl = ParamDecl::new("loss", "the loss function to be optimized.", ParamKind::Text);
pub const DISTANCE_MEASURE: ParamDecl = text_default(
    "distanceMeasure",
    "the distance measure. Supported options: 'euclidean' and 'cosine'.",
    ParamKind::choice(&["euclidean", "cosine"]),
    "euclidean",
);
pub const VALIDATION_INDICATOR_COL: ParamDecl = ParamDecl::new(
    "validationIndicatorCol",
    "name of the column that indicates whether each row is for training or for validation. False indicates training; true indicates \
     validation.",
    ParamKind::Column,
);
pub const BLOCK_SIZE: ParamDecl = ParamDecl::new(
    "blockSize",
    "block size for stacking input data in matrices. Data is stacked within partitions. If block size is more than remaining data in a \
     partition then it is adjusted to the size of this data.",
    ParamKind::Int(Range::above(0.0)),
);
pub const MAX_BLOCK_SIZE_IN_MB: ParamDecl = ParamDecl::new(
    "maxBlockSizeInMB",
    "maximum memory in MB for stacking input data into blocks. Data is stacked within partitions. If more than remaining data size in a \
     partition then it is adjusted to the data size. Default 0.0 represents choosing optimal value, depends on specific algorithm. Must be \
     >= 0.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);
