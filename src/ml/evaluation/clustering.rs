use std::collections::BTreeMap;
use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::kernels::{axpy, dot};
use kindling_partition::{Error, Executor, Result};

use super::read::{number, partitions, weights_of};
use crate::check::vector_column;
use crate::dataset::{Rows, doubles};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{Evaluator, StageDecl};

const METRIC_NAME: ParamDecl =
    ParamDecl::new("metricName", "metric name in evaluation (silhouette)", ParamKind::choice(&["silhouette"])).default_text("silhouette");

const DISTANCE_MEASURE: ParamDecl = ParamDecl::new(
    "distanceMeasure",
    "The distance measure. Supported options: 'squaredEuclidean' and 'cosine'.",
    ParamKind::choice(&["squaredEuclidean", "cosine"]),
)
.default_text("squaredEuclidean");

/// The mean silhouette of a clustering: how much nearer points are to their own cluster than to the next. Spark's
/// `org.apache.spark.ml.evaluation.ClusteringEvaluator`, whose formulas need two passes and no pairs of points.
pub static CLUSTERING_EVALUATOR: StageDecl = StageDecl::evaluator(
    "ClusteringEvaluator",
    "evaluation",
    "Evaluator for Clustering results, which expects two input columns: prediction and features. The metric computes the Silhouette measure using \
     the squared Euclidean distance. The Silhouette is a measure for the validation of the consistency within clusters. It ranges between 1 and \
     -1, where a value close to 1 means that the points in a cluster are close to the other points in the same cluster and far from the points of \
     the other clusters.",
    &[shared::PREDICTION_COL.kind(ParamKind::Column), shared::FEATURES_COL, METRIC_NAME, DISTANCE_MEASURE, shared::WEIGHT_COL],
    |params| {
        let checked = params.checked()?;
        Ok(Arc::new(ClusteringEvaluator {
            prediction: checked.text(&shared::PREDICTION_COL)?,
            features: checked.text(&shared::FEATURES_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            cosine: &*checked.text(&DISTANCE_MEASURE)? == "cosine",
            params: params.clone(),
        }))
    },
);

struct ClusteringEvaluator {
    params: Params,
    prediction: Arc<str>,
    features: Arc<str>,
    weight: Option<Arc<str>>,
    cosine: bool,
}

/// One partition's points, row-major, as the distance has them (of length one for cosine), with their squared lengths.
struct Points {
    rows: Vec<f64>,
    norms: Vec<f64>,
    /// The place of each point's cluster in the rising list of clusters.
    clusters: Vec<usize>,
    weights: Option<Vec<f64>>,
}

/// What the distances to a cluster need to know of it.
#[derive(Clone)]
struct ClusterStats {
    feature_sum: Vec<f64>,
    norm_sum: f64,
    weight: f64,
}

impl ClusterStats {
    fn new(width: usize) -> Self {
        Self { feature_sum: vec![0.0; width], norm_sum: 0.0, weight: 0.0 }
    }

    /// The mean distance of a point to the points of the cluster.
    fn distance(&self, point: &[f64], norm: f64, cosine: bool) -> f64 {
        let product = dot(point, &self.feature_sum);
        if cosine { 1.0 - product / self.weight } else { norm + self.norm_sum / self.weight - 2.0 * product / self.weight }
    }
}

impl Points {
    fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }
}

impl ClusteringEvaluator {
    fn points(&self, executor: &Executor, rows: &Rows, width: usize) -> Result<(Vec<f64>, Vec<f64>)> {
        let mut block = rows.to_dense().into_owned();
        let mut norms = Vec::with_capacity(rows.len());
        for (i, point) in block.chunks_exact_mut(width).enumerate() {
            if i % 4096 == 0 {
                executor.check()?;
            }
            let norm = dot(point, point);
            if self.cosine {
                if norm == 0.0 {
                    return Err(Error::illegal_argument("requirement failed: Cosine distance is not defined for zero-length vectors."));
                }
                let length = norm.sqrt();
                point.iter_mut().for_each(|value| *value *= 1.0 / length);
            }
            norms.push(norm);
        }
        Ok((block, norms))
    }
}

impl Evaluator for ClusteringEvaluator {
    fn params(&self) -> &Params {
        &self.params
    }

    fn evaluate(&self, data: &DataFrame) -> Result<f64> {
        vector_column(data.schema(), &self.features)?;
        let columns = vec![data.col(&self.features)?, number(data, &self.prediction)?];
        let batches = partitions(data, columns, self.weight.as_deref())?;
        let executor = data.session().executor();
        let width = batches.iter().find_map(|batch| kindling_frame::VectorColumn::new(&batch.columns[0]).ok()?.size()).unwrap_or(0);
        let found = executor.map("clusters", &batches, |_, batch| {
            Ok(doubles(&batch.columns[1]).into_iter().map(|id| (cluster_key(id), ())).collect::<BTreeMap<i64, ()>>())
        })?;
        let ids: Vec<i64> = found.into_iter().flatten().collect::<BTreeMap<_, _>>().into_keys().collect();
        if ids.len() < 2 {
            return Err(Error::runtime("assertion failed: Number of clusters must be greater than one."));
        }
        let parts = executor.map("read clusters", &batches, |_, batch| {
            let (rows, norms) = self.points(executor, &Rows::read(&batch.columns[0], width)?, width)?;
            let places = doubles(&batch.columns[1]).into_iter().map(|id| ids.binary_search(&cluster_key(id)).unwrap_or(0)).collect();
            Ok(Points { rows, norms, clusters: places, weights: weights_of(batch, self.weight.as_deref())? })
        })?;
        let stats = executor.aggregate(
            "cluster statistics",
            &parts,
            || vec![ClusterStats::new(width); ids.len()],
            |mut stats, _, part| {
                for (row, point) in part.rows.chunks_exact(width).enumerate() {
                    if row % 4096 == 0 {
                        executor.check()?;
                    }
                    let (stats, weight) = (&mut stats[part.clusters[row]], part.weight(row));
                    axpy(weight, point, &mut stats.feature_sum);
                    stats.norm_sum += weight * part.norms[row];
                    stats.weight += weight;
                }
                Ok(stats)
            },
            |mut a, b| {
                for (a, b) in a.iter_mut().zip(&b) {
                    axpy(1.0, &b.feature_sum, &mut a.feature_sum);
                    a.norm_sum += b.norm_sum;
                    a.weight += b.weight;
                }
                a
            },
        )?;
        let (sum, weight) = executor.aggregate(
            "silhouettes",
            &parts,
            || (0.0, 0.0),
            |mut sums, _, part| {
                for (row, point) in part.rows.chunks_exact(width).enumerate() {
                    if row % 1024 == 0 {
                        executor.check()?;
                    }
                    let weight = part.weight(row);
                    sums.0 += weight * silhouette(&stats, point, part.norms[row], (part.clusters[row], weight), self.cosine);
                    sums.1 += weight;
                }
                Ok(sums)
            },
            |a, b| (a.0 + b.0, a.1 + b.1),
        )?;
        Ok(sum / weight)
    }

    fn is_larger_better(&self) -> bool {
        true
    }
}

/// Cluster ids are integers in every clustering; others are told apart by their bits.
fn cluster_key(id: f64) -> i64 {
    if id.fract() == 0.0 && id.abs() < 9e15 { id as i64 } else { (id.to_bits() | 1 << 62).cast_signed() }
}

fn silhouette(stats: &[ClusterStats], point: &[f64], norm: f64, (own, weight): (usize, f64), cosine: bool) -> f64 {
    if stats[own].weight == weight {
        return 0.0;
    }
    let mut next = f64::INFINITY;
    let mut inner = 0.0;
    for (i, cluster) in stats.iter().enumerate() {
        let distance = cluster.distance(point, norm, cosine);
        if i == own {
            // The point itself, at distance zero, does not count.
            inner = distance * cluster.weight / (cluster.weight - weight);
        } else if distance < next {
            next = distance;
        }
    }
    if inner < next {
        1.0 - inner / next
    } else if inner > next {
        next / inner - 1.0
    } else {
        0.0
    }
}
