//! The params of trees and forests, with PySpark's docs and defaults.

use std::sync::Arc;

use kindling_partition::Result;

use super::impurity::Impurity;
use super::strategy::Strategy;
use crate::param::{Checked, Limit, ParamDecl, ParamKind, Range, shared};

pub const MAX_DEPTH: ParamDecl = ParamDecl::new(
    "maxDepth",
    "Maximum depth of the tree. (>= 0) E.g., depth 0 means 1 leaf node; depth 1 means 1 internal node + 2 leaf nodes. Must be in range [0, \
     30].",
    ParamKind::Int(Range::between(0.0, 30.0)),
)
.default_int(5);
pub const MAX_BINS: ParamDecl = ParamDecl::new(
    "maxBins",
    "Max number of bins for discretizing continuous features.  Must be >=2 and >= number of categories for any categorical feature.",
    ParamKind::Int(Range::at_least(2.0)),
)
.default_int(32);
pub const MIN_INSTANCES_PER_NODE: ParamDecl = ParamDecl::new(
    "minInstancesPerNode",
    "Minimum number of instances each child must have after split. If a split causes the left or right child to have fewer than \
     minInstancesPerNode, the split will be discarded as invalid. Should be >= 1.",
    ParamKind::Int(Range::at_least(1.0)),
)
.default_int(1);
pub const MIN_INFO_GAIN: ParamDecl = ParamDecl::new(
    "minInfoGain",
    "Minimum information gain for a split to be considered at a tree node.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.0);
pub const MIN_WEIGHT_FRACTION_PER_NODE: ParamDecl = ParamDecl::new(
    "minWeightFractionPerNode",
    "Minimum fraction of the weighted sample count that each child must have after split. If a split causes the fraction of the total weight \
     in the left or right child to be less than minWeightFractionPerNode, the split will be discarded as invalid. Should be in interval [0.0, \
     0.5).",
    ParamKind::Float(Range { low: Limit::Inclusive(0.0), high: Limit::Exclusive(0.5) }),
)
.default_float(0.0);
pub const MAX_MEMORY_IN_MB: ParamDecl = ParamDecl::new(
    "maxMemoryInMB",
    "Maximum memory in MB allocated to histogram aggregation. If too small, then 1 node will be split per iteration, and its aggregates may \
     exceed this size.",
    ParamKind::Int(Range::at_least(0.0)),
)
.default_int(256);
pub const CACHE_NODE_IDS: ParamDecl = ParamDecl::new(
    "cacheNodeIds",
    "If false, the algorithm will pass trees to executors to match instances with nodes. If true, the algorithm will cache node IDs for each \
     instance. Caching can speed up training of deeper trees. Users can set how often should the cache be checkpointed or disable it by \
     setting checkpointInterval.",
    ParamKind::Boolean,
)
.default_bool(false);
pub const CHECKPOINT_INTERVAL: ParamDecl = shared::CHECKPOINT_INTERVAL.default_int(10);
pub const LEAF_COL: ParamDecl = ParamDecl::new(
    "leafCol",
    "Leaf indices column name. Predicted leaf index of each instance in each tree by preorder.",
    ParamKind::OutputColumn,
)
.default_text("");
pub const PRUNE_TREE: ParamDecl = ParamDecl::new(
    "pruneTree",
    "If true, the trained tree will undergo a pruning process after training, in which sibling leaf nodes with the same prediction are merged \
     into their parent. The resulting tree will be smaller and have faster predictions. Class probabilities remain available after pruning. \
     If false, no pruning is applied after training.",
    ParamKind::Boolean,
)
.default_bool(true);
pub const CLASSIFIER_IMPURITY: ParamDecl = ParamDecl::new(
    "impurity",
    "Criterion used for information gain calculation (case-insensitive). Supported options: entropy, gini",
    ParamKind::choice_any_case(&["entropy", "gini"]),
)
.default_text("gini");
pub const REGRESSOR_IMPURITY: ParamDecl = ParamDecl::new(
    "impurity",
    "Criterion used for information gain calculation (case-insensitive). Supported options: variance",
    ParamKind::choice_any_case(&["variance"]),
)
.default_text("variance");
pub const NUM_TREES: ParamDecl =
    ParamDecl::new("numTrees", "Number of trees to train (>= 1).", ParamKind::Int(Range::at_least(1.0))).default_int(20);
pub const FEATURE_SUBSET_STRATEGY: ParamDecl = ParamDecl::new(
    "featureSubsetStrategy",
    "The number of features to consider for splits at each tree node. Supported options: 'auto' (choose automatically for task: If numTrees \
     == 1, set to 'all'. If numTrees > 1 (forest), set to 'sqrt' for classification and to 'onethird' for regression), 'all' (use all \
     features), 'onethird' (use 1/3 of the features), 'sqrt' (use sqrt(number of features)), 'log2' (use log2(number of features)), 'n' (when \
     n is in the range (0, 1.0], use n * number of features. When n is in the range (1, number of features), use n features). default = \
     'auto'",
    ParamKind::Text,
)
.default_text("auto");
pub const SUBSAMPLING_RATE: ParamDecl = ParamDecl::new(
    "subsamplingRate",
    "Fraction of the training data used for learning each decision tree, in range (0, 1].",
    ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Inclusive(1.0) }),
)
.default_float(1.0);
pub const MAX_ITER: ParamDecl = shared::MAX_ITER.default_int(20);
pub const STEP_SIZE: ParamDecl = shared::STEP_SIZE
    .doc("Step size (a.k.a. learning rate) in interval (0, 1] for shrinking the contribution of each estimator.")
    .kind(ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Inclusive(1.0) }))
    .default_float(0.1);
pub const VALIDATION_TOL: ParamDecl = ParamDecl::new(
    "validationTol",
    "Threshold for stopping early when fit with validation is used. If the error rate on the validation input changes by less than the \
     validationTol, then learning will stop early (before `maxIter`). This parameter is ignored when fit without validation is used.",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(0.01);
pub const BOOTSTRAP: ParamDecl =
    ParamDecl::new("bootstrap", "Whether bootstrap samples are used when building trees.", ParamKind::Boolean).default_bool(true);

/// The strategy of a single tree; `classes` is not known before the data are.
pub(crate) fn tree_strategy(params: Checked<'_>) -> Result<Strategy> {
    let impurity = match params.choice(&CLASSIFIER_IMPURITY)?.as_str() {
        "entropy" => Impurity::Entropy,
        "variance" => Impurity::Variance,
        _ => Impurity::Gini,
    };
    Ok(Strategy {
        classes: 0,
        impurity,
        max_depth: params.count(&MAX_DEPTH)?,
        max_bins: params.count(&MAX_BINS)?,
        min_instances_per_node: params.count(&MIN_INSTANCES_PER_NODE)?,
        min_weight_fraction_per_node: params.float(&MIN_WEIGHT_FRACTION_PER_NODE)?,
        min_info_gain: params.float(&MIN_INFO_GAIN)?,
        num_trees: 1,
        bootstrap: false,
        subsampling_rate: 1.0,
        feature_subset: "all".to_owned(),
        max_memory_in_mb: params.count(&MAX_MEMORY_IN_MB)?,
        seed: params.int(&shared::SEED)?,
        prune: if impurity == Impurity::Variance { true } else { params.bool(&PRUNE_TREE)? },
    })
}

/// The strategy of a forest.
///
/// # Errors
/// When `featureSubsetStrategy` is neither a name nor a number in range.
pub(crate) fn forest_strategy(params: Checked<'_>) -> Result<Strategy> {
    let strategy = Strategy {
        num_trees: params.count(&NUM_TREES)?,
        bootstrap: params.bool(&BOOTSTRAP)?,
        subsampling_rate: params.float(&SUBSAMPLING_RATE)?,
        feature_subset: params.choice(&FEATURE_SUBSET_STRATEGY)?,
        ..tree_strategy(params)?
    };
    strategy.features_per_node(1)?;
    Ok(strategy)
}

/// The name of the column of leaves, when one is asked for.
pub(crate) fn leaf_column(params: Checked<'_>) -> Option<Arc<str>> {
    params.opt_column(&LEAF_COL)
}
