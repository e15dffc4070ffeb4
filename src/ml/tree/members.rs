//! Members that models of trees have, declared once.

use crate::stage::MemberDecl;

pub(crate) const TREES: MemberDecl = MemberDecl::attribute("trees", "Trees in this ensemble.");
pub(crate) const TREE_WEIGHTS: MemberDecl = MemberDecl::attribute("treeWeights", "Return the weights for each tree");
pub(crate) const GET_NUM_TREES: MemberDecl = MemberDecl::attribute("getNumTrees", "Number of trees in ensemble.");
pub(crate) const TOTAL_NUM_NODES: MemberDecl =
    MemberDecl::attribute("totalNumNodes", "Total number of nodes, summed over all trees in the ensemble.");
pub(crate) const TO_DEBUG_STRING: MemberDecl =
    MemberDecl::attribute("toDebugString", "Full description of model, each tree as nested If and Else.");
pub(crate) const FEATURE_IMPORTANCES: MemberDecl =
    MemberDecl::attribute("featureImportances", "Estimate of the importance of each feature; they sum to 1.");
pub(crate) const PREDICT_LEAF: MemberDecl =
    MemberDecl::method("predictLeaf", &["value"], "In each tree the number of the leaf of one vector of features, in preorder.");
