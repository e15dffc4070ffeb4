//! What Python sees of k-means.

use std::sync::Arc;

use kindling_partition::Result;

use super::estimator::KMeans;
use super::model::KMeansModel;
use crate::clustering::summary;
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, StageDecl};

pub(super) const K: ParamDecl =
    ParamDecl::new("k", "The number of clusters to create. Must be > 1.", ParamKind::Int(Range::above(1.0))).default_int(2);
pub(super) const INIT_MODE: ParamDecl = ParamDecl::new(
    "initMode",
    "The initialization algorithm. This can be either \"random\" to choose random points as initial cluster centers, or \"k-means||\" to use \
     a parallel variant of k-means++",
    ParamKind::choice(&["k-means||", "random"]),
)
.default_text("k-means||");
pub(super) const INIT_STEPS: ParamDecl =
    ParamDecl::new("initSteps", "The number of steps for k-means|| initialization mode. Must be > 0.", ParamKind::Int(Range::above(0.0)))
        .default_int(2);
const SOLVER: ParamDecl = shared::SOLVER
    .doc("The solver algorithm for optimization. Supported options: auto, row, block.")
    .kind(ParamKind::choice(&["auto", "row", "block"]))
    .default_text("auto");
const INTERMEDIATE_STORAGE_LEVEL: ParamDecl =
    ParamDecl::new("intermediateStorageLevel", "StorageLevel for intermediate datasets. Cannot be 'NONE'.", ParamKind::Text)
        .default_text("MEMORY_AND_DISK");

const PARAMS: &[ParamDecl] = &[
    shared::FEATURES_COL,
    shared::PREDICTION_COL,
    K,
    INIT_MODE,
    INIT_STEPS,
    shared::TOL.default_float(1e-4),
    shared::MAX_ITER.default_int(20),
    shared::SEED,
    shared::DISTANCE_MEASURE,
    shared::WEIGHT_COL,
    SOLVER,
    shared::MAX_BLOCK_SIZE_IN_MB,
    INTERMEDIATE_STORAGE_LEVEL,
];

pub static KMEANS: StageDecl = StageDecl::estimator(
    "KMeans",
    "clustering",
    "K-means: k centres, each the mean of the rows nearest to it. Starts from k-means|| (Bahmani et al.), a parallel k-means++.",
    PARAMS,
    |params| Ok(Arc::new(KMeans::new(params)?) as Arc<dyn Estimator>),
    &KMEANS_MODEL,
);

pub static KMEANS_MODEL: StageDecl =
    StageDecl::model("KMeansModel", "clustering", "Fitted k-means: adds the number of the nearest centre.", PARAMS)
        .members(&[
            MemberDecl::method("clusterCenters", &[], "The cluster centers, a list of arrays."),
            members::PREDICT_CLUSTER,
            members::NUM_FEATURES,
            members::HAS_SUMMARY,
            MemberDecl::attribute("summary", "Summary of the clustering of the training set."),
        ])
        .saved("clusterIdx int, clusterCenter vector", |params, stored| {
            let rows = stored.rows("data")?;
            let centers = rows.iter().map(|row| Ok((row.int("clusterIdx")?, row.numbers("clusterCenter")?)));
            let mut centers = centers.collect::<Result<Vec<_>>>()?;
            centers.sort_by_key(|(cluster, _)| *cluster);
            let width = centers.first().map_or(0, |(_, center)| center.len());
            Ok(Arc::new(KMeansModel::new(params, centers.into_iter().flat_map(|(_, center)| center).collect(), width)?))
        });

pub static KMEANS_SUMMARY: StageDecl =
    StageDecl::summary("KMeansSummary", "clustering", "How a k-means model clusters the data it was trained on.")
        .members(summary::OF_CENTERS);
