//! Members that models of several kinds have, declared once.

use super::MemberDecl;

pub(crate) const NUM_FEATURES: MemberDecl = MemberDecl::attribute("numFeatures", "Number of features the model was trained on.");
pub(crate) const NUM_CLASSES: MemberDecl = MemberDecl::attribute("numClasses", "Number of classes (values which the label can take).");
pub(crate) const HAS_SUMMARY: MemberDecl = MemberDecl::attribute("hasSummary", "Whether the model has a summary of its training.");
pub(crate) const EVALUATE: MemberDecl = MemberDecl::method("evaluate", &["dataset"], "The model's summary on another data set.");
pub(crate) const PREDICT_CLASS: MemberDecl = MemberDecl::method("predict", &["value"], "The predicted class of one vector of features.");
pub(crate) const PREDICT_LABEL: MemberDecl = MemberDecl::method("predict", &["value"], "The predicted label of one vector of features.");
pub(crate) const PREDICT_CLUSTER: MemberDecl = MemberDecl::method("predict", &["value"], "The cluster of one vector of features.");
pub(crate) const PREDICT_PROBABILITY: MemberDecl =
    MemberDecl::method("predictProbability", &["value"], "The probability of each class for one vector of features.");
