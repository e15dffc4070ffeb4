//! Bisecting k-means (Steinbach, Karypis and Kumar, "A comparison of document clustering techniques", 2000) as in
//! `org.apache.spark.mllib.clustering.BisectingKMeans`.

use std::collections::BTreeMap;
use std::sync::Arc;

use kindling_frame::random::JavaRandom;
use kindling_frame::{DataFrame, Schema};
use kindling_linalg::{VectorRef, kernels};
use kindling_partition::{Error, Executor, Result};
use serde_json::json;

use super::summary::{self, ClusteringSummary, prediction_column, prediction_field, prediction_schema, summary_member};
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::{Block, InstanceColumns, Instances};
use crate::feature::statistics::blocks;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::persist::{Saved, Stored};
use crate::scala;
use crate::stage::members;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const K: ParamDecl =
    ParamDecl::new("k", "The desired number of leaf clusters. Must be > 1.", ParamKind::Int(Range::above(1.0))).default_int(4);
const MIN_DIVISIBLE_CLUSTER_SIZE: ParamDecl = ParamDecl::new(
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
    StageDecl::summary("BisectingKMeansSummary", "clustering", "How bisecting k-means clusters the data it was trained on.").members(&[
        summary::PREDICTIONS,
        summary::CLUSTER,
        summary::CLUSTER_SIZES,
        summary::K,
        summary::NUM_ITER,
        MemberDecl::attribute("trainingCost", "Sum of squared distances to the nearest centroid for all points in the training data set."),
        summary::FEATURES_COL,
        summary::PREDICTION_COL,
    ]);

/// Of this size and larger, a level's indices would not fit 64 bits.
const LEVELS: usize = 63;

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
struct Cluster {
    index: u64,
    rows: usize,
    center: Vec<f64>,
    cost: f64,
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

/// The squared distance of a row to a centre or, by angle, one less the cosine.
fn distance(center: &[f64], row: VectorRef<'_>, cosine: bool) -> f64 {
    if !cosine {
        return match row {
            VectorRef::Dense(x) => kernels::squared_distance(x, center),
            sparse => kernels::squared_distance(&sparse.to_dense(), center),
        };
    }
    let squares: f64 = row.active().map(|(_, v)| v * v).sum();
    1.0 - row.dot(center) / kernels::norm(center) / libm::sqrt(squares)
}

/// The nearest of some centres, the first of several: its place and distance.
fn nearest<'a>(centers: impl Iterator<Item = &'a [f64]>, row: VectorRef<'_>, cosine: bool) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (i, center) in centers.enumerate() {
        let found = distance(center, row, cosine);
        if best.is_none_or(|(_, least)| found < least) {
            best = Some((i, found));
        }
    }
    best
}

fn zero_length() -> Error {
    Error::illegal_argument("Cosine distance is not defined for zero-length vectors.")
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
                if i % 1024 == 0 {
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
                executor.check()?;
                let place = |(i, index): (usize, &u64)| assigned(block.features.row(i), *index, &divided, &halves, self.cosine);
                Ok(places[p].iter().enumerate().map(place).collect())
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
        let checked = self.params.checked()?;
        let (features, weight) = (checked.text(&shared::FEATURES_COL)?, checked.opt_column(&shared::WEIGHT_COL));
        let instances = Instances::read(data, &InstanceColumns { features: &features, label: None, weight: weight.as_deref() })?;
        let clusters = self.clusters(data.session().executor(), &instances.blocks, instances.width)?;
        let tree = Tree::new(&clusters, self.cosine, instances.width);
        let model = BisectingKMeansModel::new(self.params.for_model(&BISECTING_KMEANS_MODEL), tree)?;
        Ok(Arc::new(model.with_training(data, self.max_iter)?))
    }
}

/// The tree of clusters, each before its children; the first is the root.
#[derive(Clone, Debug)]
struct Tree {
    nodes: Vec<Node>,
    leaves: usize,
    cosine: bool,
    width: usize,
}

#[derive(Clone, Debug)]
struct Node {
    center: Vec<f64>,
    rows: usize,
    cost: f64,
    children: Vec<usize>,
    /// The number of the cluster, of a leaf.
    leaf: usize,
}

impl Tree {
    fn new(clusters: &[Cluster], cosine: bool, width: usize) -> Self {
        let mut tree = Self { nodes: Vec::new(), leaves: 0, cosine, width };
        tree.grow(clusters, 1);
        tree
    }

    fn grow(&mut self, clusters: &[Cluster], index: u64) -> Option<usize> {
        let cluster = clusters.iter().find(|cluster| cluster.index == index)?;
        let at = self.nodes.len();
        let (center, rows, cost) = (cluster.center.clone(), cluster.rows, cluster.cost);
        self.nodes.push(Node { center, rows, cost, children: Vec::new(), leaf: self.leaves });
        let children: Vec<usize> = [2 * index, 2 * index + 1].into_iter().filter_map(|child| self.grow(clusters, child)).collect();
        if children.is_empty() {
            self.leaves += 1;
        }
        self.nodes[at].children = children;
        Some(at)
    }

    /// The tree that `org.apache.spark.mllib.clustering.BisectingKMeansModel` saved: leaves have their clusters' numbers, others less than zero.
    fn load(stored: &Stored<'_>) -> Result<Self> {
        let line = stored.line("data/metadata")?;
        let rows = stored.rows("data/data")?.into_iter().map(|row| Ok((row.int("index")?, row))).collect::<Result<BTreeMap<_, _>>>()?;
        let mut tree = Self { nodes: Vec::new(), leaves: 0, cosine: line["distanceMeasure"] == "cosine", width: 0 };
        let mut below = vec![(line["rootId"].as_i64().unwrap_or(0), None)];
        while let Some((index, parent)) = below.pop() {
            let row = rows.get(&index).ok_or_else(|| stored.broken("misses a cluster"))?;
            let at = tree.nodes.len();
            let node = Node {
                center: row.numbers("center")?,
                rows: row.count("size")?,
                cost: row.float("cost")?,
                children: Vec::new(),
                leaf: usize::try_from(index).unwrap_or(0),
            };
            tree.width = node.center.len();
            tree.nodes.push(node);
            if let Some(parent) = parent {
                let parent: &mut Node = &mut tree.nodes[parent];
                parent.children.push(at);
            }
            tree.leaves += usize::from(index >= 0);
            below.extend(row.list("children")?.iter().rev().filter_map(MlValue::as_f64).map(|child| (child as i64, Some(at))));
        }
        Ok(tree)
    }

    fn saved(&self, decl: &'static StageDecl) -> Result<Saved> {
        let mut inner = 0;
        let indices: Vec<i64> = self
            .nodes
            .iter()
            .map(|node| {
                inner -= i64::from(!node.children.is_empty());
                if node.children.is_empty() { node.leaf as i64 } else { inner }
            })
            .collect();
        let row = |(at, node): (usize, &Node)| {
            let away = |child: &usize| distance(&node.center, VectorRef::Dense(&self.nodes[*child].center), self.cosine);
            let farthest = node.children.iter().map(away).fold(0.0, f64::max);
            vec![
                MlValue::Int(indices[at]),
                MlValue::Int(node.rows as i64),
                MlValue::Array(node.center.clone()),
                kernels::norm(&node.center).into(),
                node.cost.into(),
                if self.cosine { farthest } else { libm::sqrt(farthest) }.into(),
                MlValue::List(node.children.iter().map(|child| MlValue::Int(indices[*child])).collect()),
            ]
        };
        let line = json!({
            "class": "org.apache.spark.mllib.clustering.BisectingKMeansModel",
            "version": "3.0",
            "rootId": indices.first(),
            "distanceMeasure": if self.cosine { "cosine" } else { "euclidean" },
            "trainingCost": self.leaves().map(|leaf| leaf.cost).sum::<f64>(),
        });
        let columns = "index int, size bigint, center mllib vector, norm double, cost double, height double, children array<int>";
        let saved = Saved::rows(decl, Vec::new())?.line("data/metadata", line);
        saved.table("data/data", columns, self.nodes.iter().enumerate().map(row).collect())
    }

    fn leaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.children.is_empty())
    }

    /// The cluster of a row, and the row's distance to its centre.
    fn find(&self, row: VectorRef<'_>) -> Result<(usize, f64)> {
        if self.cosine && row.active().all(|(_, v)| v == 0.0) {
            return Err(zero_length());
        }
        let Some(mut node) = self.nodes.first() else { return Ok((0, 0.0)) };
        let mut cost = None;
        while !node.children.is_empty() {
            let Some((i, found)) = nearest(node.children.iter().map(|child| &*self.nodes[*child].center), row, self.cosine) else { break };
            (node, cost) = (&self.nodes[node.children[i]], Some(found));
        }
        Ok((node.leaf, cost.unwrap_or_else(|| distance(&node.center, row, self.cosine))))
    }
}

/// `pyspark.ml.clustering.BisectingKMeansModel`.
#[derive(Clone)]
pub struct BisectingKMeansModel {
    params: Params,
    tree: Arc<Tree>,
    features: Arc<str>,
    prediction: Arc<str>,
    summary: Option<Arc<ClusteringSummary>>,
}

impl BisectingKMeansModel {
    fn new(params: Params, tree: Tree) -> Result<Self> {
        let checked = params.checked()?;
        let (features, prediction) = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::PREDICTION_COL)?);
        Ok(Self { features, prediction, params, tree: Arc::new(tree), summary: None })
    }

    fn with_training(mut self, data: &DataFrame, iterations: usize) -> Result<Self> {
        let predictions = self.transform(data)?;
        let cost: f64 = self.tree.leaves().map(|leaf| leaf.cost).sum();
        let k = self.params.checked()?.count(&K)?;
        let (decl, own) = (&BISECTING_KMEANS_SUMMARY, vec![("trainingCost", cost.into())]);
        let (features, prediction) = (self.features.clone(), self.prediction.clone());
        self.summary = Some(Arc::new(ClusteringSummary { decl, predictions, features, prediction, k, iterations, own }));
        Ok(self)
    }

    fn cost(&self, data: &DataFrame) -> Result<f64> {
        check::vector_column(data.schema(), &self.features)?;
        let executor = data.session().executor();
        let costs = executor.map("cost", &blocks(data, &self.features)?, |_, rows| {
            executor.check()?;
            rows.iter().map(|row| self.tree.find(row).map(|found| found.1)).sum::<Result<f64>>()
        })?;
        Ok(costs.iter().sum())
    }
}

impl Transformer for BisectingKMeansModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        prediction_schema(schema, &self.features, &self.prediction, Some(self.tree.leaves))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let (tree, field) = (self.tree.clone(), prediction_field(&self.prediction, Some(self.tree.leaves)));
        let (column, width) = (data.col(&self.features)?, tree.width);
        let column = prediction_column("BisectingKMeansModel", column, field, width, move |row| tree.find(row).map(|found| found.0));
        data.with_column(&self.prediction, &column)
    }
}

impl Object for BisectingKMeansModel {
    fn decl(&self) -> &'static StageDecl {
        &BISECTING_KMEANS_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match (name, args) {
            ("clusterCenters", _) => MlValue::List(self.tree.leaves().map(|leaf| MlValue::Array(leaf.center.clone())).collect()),
            ("computeCost", [MlValue::DataFrame(data)]) => MlValue::Float(self.cost(data)?),
            ("computeCost", _) => return Err(Error::type_error("computeCost() takes a DataFrame.")),
            ("predict", _) => MlValue::Int(self.tree.find(vector_argument(args, self.tree.width)?.as_ref())?.0 as i64),
            ("numFeatures", _) => MlValue::Int(self.tree.width as i64),
            _ => return summary_member(self.summary.as_ref(), self, name),
        })
    }

    fn describe(&self) -> String {
        let (tree, measure) = (&self.tree, if self.tree.cosine { "cosine" } else { "euclidean" });
        let (uid, k, width) = (self.params.uid(), tree.leaves, tree.width);
        format!("BisectingKMeansModel: uid={uid}, k={k}, distanceMeasure={measure}, numFeatures={width}")
    }
}

impl Model for BisectingKMeansModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let other = Self::new(params, (*self.tree).clone())?;
        Ok(Arc::new(Self { summary: self.summary.clone(), ..other }))
    }

    fn saved(&self) -> Result<Saved> {
        self.tree.saved(self.decl())
    }
}
