//! What Python sees of LDA.

use std::sync::Arc;

use super::estimator::Lda;
use super::saved;
use crate::param::{Limit, ParamDecl, ParamKind, Range, shared};
use crate::stage::{Estimator, MemberDecl, StageDecl};

pub(super) const K: ParamDecl =
    ParamDecl::new("k", "The number of topics (clusters) to infer. Must be > 1.", ParamKind::Int(Range::above(1.0))).default_int(10);
pub(super) const OPTIMIZER: ParamDecl = ParamDecl::new(
    "optimizer",
    "Optimizer or inference algorithm used to estimate the LDA model.  Supported: online, em",
    ParamKind::choice_any_case(&["online", "em"]),
)
.default_text("online");
pub(super) const LEARNING_OFFSET: ParamDecl = ParamDecl::new(
    "learningOffset",
    "A (positive) learning parameter that downweights early iterations. Larger values make early iterations count less",
    ParamKind::Float(Range::above(0.0)),
)
.default_float(1024.0);
pub(super) const LEARNING_DECAY: ParamDecl = ParamDecl::new(
    "learningDecay",
    "Learning rate, set as anexponential decay rate. This should be between (0.5, 1.0] to guarantee asymptotic convergence.",
    ParamKind::Float(Range::above(0.0)),
)
.default_float(0.51);
pub(super) const SUBSAMPLING_RATE: ParamDecl = ParamDecl::new(
    "subsamplingRate",
    "Fraction of the corpus to be sampled and used in each iteration of mini-batch gradient descent, in range (0, 1].",
    ParamKind::Float(Range { low: Limit::Exclusive(0.0), high: Limit::Inclusive(1.0) }),
)
.default_float(0.05);
pub(super) const OPTIMIZE_DOC_CONCENTRATION: ParamDecl = ParamDecl::new(
    "optimizeDocConcentration",
    "Indicates whether the docConcentration (Dirichlet parameter for document-topic distribution) will be optimized during training.",
    ParamKind::Boolean,
)
.default_bool(true);
pub(super) const DOC_CONCENTRATION: ParamDecl = ParamDecl::new(
    "docConcentration",
    "Concentration parameter (commonly named \"alpha\") for the prior placed on documents' distributions over topics (\"theta\").",
    ParamKind::FloatList(Range::at_least(0.0)),
);
pub(super) const TOPIC_CONCENTRATION: ParamDecl = ParamDecl::new(
    "topicConcentration",
    "Concentration parameter (commonly named \"beta\" or \"eta\") for the prior placed on topic' distributions over terms.",
    ParamKind::Float(Range::at_least(0.0)),
);
pub(super) const TOPIC_DISTRIBUTION_COL: ParamDecl = ParamDecl::new(
    "topicDistributionCol",
    "Output column with estimates of the topic mixture distribution for each document (often called \"theta\" in the literature). Returns a \
     vector of zeros for an empty document.",
    ParamKind::OutputColumn,
)
.default_text("topicDistribution");
const KEEP_LAST_CHECKPOINT: ParamDecl = ParamDecl::new(
    "keepLastCheckpoint",
    "(For EM optimizer) If using checkpointing, this indicates whether to keep the last checkpoint. If false, then the checkpoint will be \
     deleted. Deleting the checkpoint can cause failures if a data partition is lost, so set this bit with care.",
    ParamKind::Boolean,
)
.default_bool(true);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::MAX_ITER.default_int(20),
    shared::SEED,
    shared::CHECKPOINT_INTERVAL.default_int(10),
    K,
    OPTIMIZER,
    LEARNING_OFFSET,
    LEARNING_DECAY,
    SUBSAMPLING_RATE,
    OPTIMIZE_DOC_CONCENTRATION,
    DOC_CONCENTRATION,
    TOPIC_CONCENTRATION,
    TOPIC_DISTRIBUTION_COL,
    KEEP_LAST_CHECKPOINT,
];

pub static LDA: StageDecl = StageDecl::estimator(
    "LDA",
    "clustering",
    "Latent Dirichlet allocation: topics of words that go together in documents. Takes vectors of word counts, as CountVectorizer makes them.",
    PARAMS,
    |params| Ok(Arc::new(Lda::new(params)?) as Arc<dyn Estimator>),
    &LOCAL_LDA_MODEL,
);

pub static LOCAL_LDA_MODEL: StageDecl =
    StageDecl::model("LocalLDAModel", "clustering", "Fitted topics: adds each document's distribution over them.", PARAMS)
        .members(LOCAL)
        .saved(saved::LOCAL, saved::load_local);

pub static DISTRIBUTED_LDA_MODEL: StageDecl = StageDecl::model(
    "DistributedLDAModel",
    "clustering",
    "Topics fitted with optimizer='em', together with the topics of the training documents.",
    PARAMS,
)
.members(DISTRIBUTED)
.saved("", saved::load_distributed);

const DISTRIBUTED: &[MemberDecl] = &[
    LOCAL[0],
    LOCAL[1],
    LOCAL[2],
    LOCAL[3],
    LOCAL[4],
    LOCAL[5],
    LOCAL[6],
    MemberDecl::method("toLocal", &[], "The topics alone, as a LocalLDAModel."),
    MemberDecl::method("trainingLogLikelihood", &[], "The log likelihood of the observed tokens in the training set."),
    MemberDecl::method("logPrior", &[], "The log probability of the topics, and of the documents' distributions over them."),
    MemberDecl::method("getCheckpointFiles", &[], "Files of checkpoints: none, for Kindling makes no checkpoints."),
];

const LOCAL: &[MemberDecl] = &[
    MemberDecl::method("isDistributed", &[], "Whether the model is a DistributedLDAModel."),
    MemberDecl::method("vocabSize", &[], "Vocabulary size (number of terms or words in the vocabulary)."),
    MemberDecl::method("topicsMatrix", &[], "A matrix of words by topics: each column is a topic. Its numbers don't sum to 1."),
    MemberDecl::method("estimatedDocConcentration", &[], "The docConcentration that was given, or learned."),
    MemberDecl::method("logLikelihood", &["dataset"], "A lower bound on the log likelihood of a corpus."),
    MemberDecl::method("logPerplexity", &["dataset"], "An upper bound on the log perplexity per token of a corpus: less is better."),
    MemberDecl::method("describeTopics", &["maxTermsPerTopic=10"], "The words of most weight of each topic, a row each."),
];
