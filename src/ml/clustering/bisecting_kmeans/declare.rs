//! The names, params and members.

use std::sync::Arc;

use super::estimator::BisectingKMeans;
use super::model::BisectingKMeansModel;
use super::tree::Tree;
use crate::clustering::summary;
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, StageDecl};

pub(super) const K: ParamDecl =
    ParamDecl::new("k", "The desired number of leaf clusters. Must be > 1.", ParamKind::Int(Range::above(1.0))).default_int(4);
pub(super) const MIN_DIVISIBLE_CLUSTER_SIZE: ParamDecl = ParamDecl::new(
    "minDivisibleClusterSize",
    "The minimum number of points (if >= 1.0) or the minimum proportion of points (if < 1.0) of a divisible cluster.",
    ParamKind::Float(Range::above(0.0)),
)
.default_float(1.0);

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::PREDICTION_COL,
    shared::MAX_ITER.default_int(20),
    shared::SEED,
    K,
    MIN_DIVISIBLE_CLUSTER_SIZE,
    shared::DISTANCE_MEASURE,
    shared::WEIGHT_COL,
];

pub static BISECTING_KMEANS: StageDecl = StageDecl::estimator(
    "BisectingKMeans",
    "clustering",
    "Bisecting k-means: starts with one cluster of all rows and cuts clusters in two by k-means, level by level, until there are k.",
    PARAMS,
    |params| Ok(Arc::new(BisectingKMeans::new(params)?) as Arc<dyn Estimator>),
    &BISECTING_KMEANS_MODEL,
);

pub static BISECTING_KMEANS_MODEL: StageDecl = StageDecl::model(
    "BisectingKMeansModel",
    "clustering",
    "Fitted bisecting k-means: adds the number of the cluster that is reached through the nearer centre at each cut.",
    PARAMS,
)
.members(&[
    MemberDecl::method("clusterCenters", &[], "The cluster centers, a list of arrays."),
    MemberDecl::method("computeCost", &["dataset"], "The sum of squared distances of the rows to their clusters' centers."),
    members::PREDICT_CLUSTER,
    members::NUM_FEATURES,
    members::HAS_SUMMARY,
    MemberDecl::attribute("summary", "Summary of the clustering of the training set."),
])
.saved("", |params, stored| Ok(Arc::new(BisectingKMeansModel::new(params, Tree::load(stored)?)?)));

pub static BISECTING_KMEANS_SUMMARY: StageDecl =
    StageDecl::summary("BisectingKMeansSummary", "clustering", "How bisecting k-means clusters the data it was trained on.")
        .members(summary::OF_CENTERS);
