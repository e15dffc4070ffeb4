//! The fit: clusters are cut in two, level by level.

use std::sync::Arc;

use kindling_frame::random::JavaRandom;
use kindling_frame::{DataFrame, Schema};
use kindling_linalg::{VectorRef, kernels};
use kindling_partition::{Error, Executor, Result};

use super::declare::{BISECTING_KMEANS_MODEL, K, MIN_DIVISIBLE_CLUSTER_SIZE};
use super::distance::{nearest, zero_length};
use super::model::BisectingKMeansModel;
use super::tree::Tree;
use crate::check;
use crate::clustering::summary::prediction_schema;
use crate::dataset::{Block, Instances};
use crate::param::{Params, shared};
use crate::scala;
use crate::stage::{Estimator, Model};

/// Of this size and larger, a level's indices would not fit 64 bits.
const LEVELS: usize = 63;
/// A few distances each: well under a millisecond for a thousand features.
pub(super) const ROWS_BETWEEN_CHECKS: usize = 256;

/// `pyspark.ml.clustering.BisectingKMeans` with checked params.
pub struct BisectingKMeans {
    params: Params,
    k: usize,
    max_iter: usize,
    min_size: f64,
    seed: i64,
    cosine: bool,
}

/// A cluster as it is added up.
#[derive(Clone, Default)]
struct Sum {
    rows: usize,
    weight: f64,
    sum: Vec<f64>,
    squares: f64,
}

/// A node of the tree. The children of node `i` are `2i` and `2i + 1`; the root is 1.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub index: u64,
    pub rows: usize,
    pub center: Vec<f64>,
    pub cost: f64,
}

impl Sum {
    fn cluster(self, index: u64, cosine: bool) -> Cluster {
        let Self { rows, weight, sum, squares } = self;
        let mut center = sum.clone();
        kernels::scale(1.0 / weight, &mut center);
        if cosine {
            let norm = kernels::norm(&center);
            kernels::scale(1.0 / norm, &mut center);
        }
        let cost = if cosine { weight - kernels::dot(&center, &sum) } else { squares - weight * kernels::dot(&center, &center) };
        Cluster { index, rows, center, cost: cost.max(0.0) }
    }
}

/// The centres that the halves of some clusters have at present, by the cluster's place among them; none where no row is near.
type Halves = Vec<[Option<Vec<f64>>; 2]>;

/// One pass over the rows: the index of the cluster that each row goes to.
fn assigned(row: VectorRef<'_>, index: u64, divided: &[u64], halves: &Halves, cosine: bool) -> u64 {
    let Ok(at) = divided.binary_search(&index) else { return index };
    let sides: Vec<u64> = (0..2).filter(|side| halves[at][*side].is_some()).map(|side| side as u64).collect();
    let centers = halves[at].iter().flatten().map(Vec::as_slice);
    nearest(centers, row, cosine).map_or(index, |(i, _)| 2 * index + sides[i])
}

impl BisectingKMeans {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            k: checked.count(&K)?,
            max_iter: checked.count(&shared::MAX_ITER)?,
            min_size: checked.float(&MIN_DIVISIBLE_CLUSTER_SIZE)?,
            seed: checked.int(&shared::SEED)?,
            cosine: &*checked.text(&shared::DISTANCE_MEASURE)? == "cosine",
            params: params.clone(),
        })
    }

    /// Adds up the clusters of the rows that `cluster` gives one for; they come in the order in which Spark collects them.
    fn sums(
        &self,
        executor: &Executor,
        blocks: &[Block],
        width: usize,
        cluster: impl Fn(usize, usize, VectorRef<'_>) -> Option<u64> + Sync + Send,
    ) -> Result<Vec<Cluster>> {
        let parts = executor.map("bisecting k-means", blocks, |p, block| {
            let mut sums: Vec<(u64, Sum)> = Vec::new();
            for i in 0..block.len() {
                if i % ROWS_BETWEEN_CHECKS == 0 {
                    executor.check()?;
                }
                let row = block.features.row(i);
                let Some(index) = cluster(p, i, row) else { continue };
                let at = sums.binary_search_by_key(&index, |(index, _)| *index).unwrap_or_else(|at| {
                    sums.insert(at, (index, Sum { sum: vec![0.0; width], ..Sum::default() }));
                    at
                });
                let (sum, weight) = (&mut sums[at].1, block.weight(i));
                let squares: f64 = row.active().map(|(_, v)| v * v).sum();
                let mut share = weight;
                if self.cosine {
                    if squares == 0.0 {
                        return Err(zero_length());
                    }
                    share = weight / libm::sqrt(squares);
                }
                sum.rows += 1;
                sum.weight += weight;
                sum.squares += squares * weight;
                row.active().for_each(|(j, value)| sum.sum[j] += share * value);
            }
            Ok(sums)
        })?;
        let mut sums: Vec<(u64, Sum)> = Vec::new();
        for (index, part) in parts.into_iter().flatten() {
            match sums.binary_search_by_key(&index, |(index, _)| *index) {
                Ok(at) => {
                    let sum = &mut sums[at].1;
                    sum.rows += part.rows;
                    sum.weight += part.weight;
                    sum.squares += part.squares;
                    kernels::axpy(1.0, &part.sum, &mut sum.sum);
                }
                Err(at) => sums.insert(at, (index, part)),
            }
        }
        let keys: Vec<i64> = sums.iter().map(|(index, _)| *index as i64).collect();
        let order = scala::collected_order(&keys, blocks.len());
        let mut clusters: Vec<Option<Cluster>> = sums.into_iter().map(|(index, sum)| Some(sum.cluster(index, self.cosine))).collect();
        Ok(order.into_iter().filter_map(|at| clusters[at].take()).collect())
    }

    /// All clusters that ever were, level by level.
    fn clusters(&self, executor: &Executor, blocks: &[Block], width: usize) -> Result<Vec<Cluster>> {
        let mut active = self.sums(executor, blocks, width, |_, _, _| Some(1))?;
        let rows = active.first().map_or(0, |root| root.rows);
        let min_size = libm::ceil(if self.min_size >= 1.0 { self.min_size } else { self.min_size * rows as f64 }) as usize;
        let mut places: Vec<Vec<u64>> = blocks.iter().map(|block| vec![1; block.len()]).collect();
        let (mut all, mut random, mut needed) = (Vec::new(), JavaRandom::new(self.seed), self.k - 1);
        for level in 1..LEVELS {
            // In the order of Spark's map of clusters: whatever it filters keeps being a hash map once it was one.
            let hashed = active.len() > 4;
            scala::sort_as_map(&mut active, hashed, |cluster| cluster.index as i32);
            let divisible = |c: &&Cluster| c.rows >= min_size && c.cost > f64::EPSILON * c.rows as f64;
            let mut chosen: Vec<Cluster> = active.iter().filter(divisible).cloned().collect();
            scala::sort_as_map(&mut chosen, hashed, |cluster| cluster.index as i32);
            if chosen.len() > needed {
                chosen.sort_by_key(|cluster| std::cmp::Reverse(cluster.rows));
                chosen.truncate(needed);
                let hashed = chosen.len() > 4;
                scala::sort_as_map(&mut chosen, hashed, |cluster| cluster.index as i32);
            }
            if chosen.is_empty() {
                break;
            }
            let mut halves: Vec<(u64, [Option<Vec<f64>>; 2])> =
                chosen.iter().map(|cluster| (cluster.index, self.halved(&cluster.center, &mut random).map(Some))).collect();
            halves.sort_by_key(|(index, _)| *index);
            let (divided, mut halves): (Vec<u64>, Halves) = halves.into_iter().unzip();
            let mut next = Vec::new();
            for _ in 0..self.max_iter {
                next = self.sums(executor, blocks, width, |p, i, row| {
                    let before = places[p][i];
                    Some(assigned(row, before, &divided, &halves, self.cosine)).filter(|index| *index != before)
                })?;
                halves = vec![[None, None]; divided.len()];
                for cluster in &next {
                    if let Ok(at) = divided.binary_search(&(cluster.index / 2)) {
                        halves[at][(cluster.index % 2) as usize] = Some(cluster.center.clone());
                    }
                }
            }
            places = executor.map("bisecting k-means", blocks, |p, block| {
                let place = |(i, index): (usize, &u64)| {
                    if i % ROWS_BETWEEN_CHECKS == 0 {
                        executor.check()?;
                    }
                    Ok(assigned(block.features.row(i), *index, &divided, &halves, self.cosine))
                };
                places[p].iter().enumerate().map(place).collect()
            })?;
            needed -= chosen.len();
            all.append(&mut active);
            active = next;
            executor.step("BisectingKMeans", (self.k - 1 - needed) as u64, (self.k - 1) as u64)?;
            if needed == 0 || level + 1 == LEVELS {
                break;
            }
        }
        all.append(&mut active);
        Ok(all)
    }

    /// Two centres a little to both sides of one.
    fn halved(&self, center: &[f64], random: &mut JavaRandom) -> [Vec<f64>; 2] {
        let level = 1e-4 * if self.cosine { 1.0 } else { kernels::norm(center) };
        let noise: Vec<f64> = center.iter().map(|_| random.next_double()).collect();
        [-level, level].map(|level| {
            let mut half = center.to_vec();
            kernels::axpy(level, &noise, &mut half);
            if self.cosine {
                let norm = kernels::norm(&half);
                kernels::scale(1.0 / norm, &mut half);
            }
            half
        })
    }
}

impl Estimator for BisectingKMeans {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        if let Some(weight) = checked.opt_column(&shared::WEIGHT_COL) {
            check::numeric_column(schema, &weight)?;
        }
        prediction_schema(schema, &checked.text(&shared::FEATURES_COL)?, &checked.text(&shared::PREDICTION_COL)?, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        if self.max_iter == 0 {
            return Err(Error::illegal_argument("requirement failed: maxIterations must be positive but got 0."));
        }
        let instances = Instances::unlabelled(data, self.params.checked()?)?;
        let clusters = self.clusters(data.session().executor(), &instances.blocks, instances.width)?;
        let tree = Tree::new(&clusters, self.cosine, instances.width);
        let model = BisectingKMeansModel::new(self.params.for_model(&BISECTING_KMEANS_MODEL), tree)?;
        Ok(Arc::new(model.with_training(data, self.max_iter)?))
    }
}
