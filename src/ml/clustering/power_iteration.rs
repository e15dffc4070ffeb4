//! Power iteration clustering (Lin and Cohen, ICML 2010) as in `org.apache.spark.mllib.clustering.PowerIterationClustering`.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use kindling_frame::random::XorShiftRandom;
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Value};
use kindling_linalg::{RowsRef, kernels};
use kindling_partition::{Error, Executor, Result};

use super::kmeans;
use crate::check;
use crate::dataset::{named, weights};
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::scala::open_slots;
use crate::stage::{MemberDecl, StageDecl, Transformer};
use crate::task::Task;
use crate::value::MlValue;

const K: ParamDecl =
    ParamDecl::new("k", "The number of clusters to create. Must be > 1.", ParamKind::Int(Range::above(1.0))).default_int(2);
const INIT_MODE: ParamDecl = ParamDecl::new(
    "initMode",
    "The initialization algorithm. This can be either 'random' to use a random vector as vertex properties, or 'degree' to use a normalized \
     sum of similarities with other vertices.  Supported options: 'random' and 'degree'.",
    ParamKind::choice(&["random", "degree"]),
)
.default_text("random");
const SRC_COL: ParamDecl =
    ParamDecl::new("srcCol", "Name of the input column for source vertex IDs.", ParamKind::Column).default_text("src");
const DST_COL: ParamDecl =
    ParamDecl::new("dstCol", "Name of the input column for destination vertex IDs.", ParamKind::Column).default_text("dst");

/// Neither an estimator nor a transformer in Spark: `assignClusters` does it all.
pub static POWER_ITERATION_CLUSTERING: StageDecl = StageDecl::transformer(
    "PowerIterationClustering",
    "clustering",
    "Clusters the vertices of a graph whose edges say how alike two of them are: by a vector that the matrix of likenesses is multiplied with a \
     few times.",
    &[K, shared::MAX_ITER.default_int(20), INIT_MODE, SRC_COL, DST_COL, shared::WEIGHT_COL],
    |params| Ok(Arc::new(PowerIterationClustering::new(params)?) as Arc<dyn Transformer>),
)
.members(&[MemberDecl::method(
    "assignClusters",
    &["dataset"],
    "The cluster of each vertex: a frame of id and cluster. Each row of the dataset is an edge, its weight how alike the two vertices are.",
)]);

/// How far vertices are told apart, at least.
const EPSILON: f64 = f64::EPSILON;

/// `pyspark.ml.clustering.PowerIterationClustering` with checked params.
pub struct PowerIterationClustering {
    params: Params,
    k: usize,
    max_iter: usize,
    random: bool,
}

/// The edges of one partition, both ways, sorted by their ends; ends are the places of vertices.
struct Edges(Vec<(usize, usize, f64)>);

/// The vertices by partition, in the order in which Spark's graph keeps them.
struct Vertices {
    ids: Vec<Vec<i64>>,
}

impl PowerIterationClustering {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            k: checked.count(&K)?,
            max_iter: checked.count(&shared::MAX_ITER)?,
            random: &*checked.text(&INIT_MODE)? == "random",
            params: params.clone(),
        })
    }

    /// The frame of ids and clusters.
    ///
    /// # Errors
    /// When a column is missing or not of the right type, there is no edge, or a weight is negative.
    pub fn assign_clusters(&self, data: &DataFrame) -> Result<DataFrame> {
        let executor = data.session().executor();
        let partitions = read(data, self.params.checked()?)?;
        let vertices = Vertices::of(&partitions);
        let mut places: Vec<(i64, usize)> = vertices.ids.iter().flatten().copied().enumerate().map(|(at, id)| (id, at)).collect();
        places.sort_unstable();
        let place = |id: i64| places.binary_search_by_key(&id, |(id, _)| *id).map_or(0, |at| places[at].1);
        let mut edges: Vec<Edges> =
            partitions.iter().map(|rows| Edges(rows.iter().map(|(i, j, weight)| (place(*i), place(*j), *weight)).collect())).collect();
        let count = places.len();
        let degrees = product(executor, &edges, count, &|_| 1.0)?;
        for (from, _, weight) in edges.iter_mut().flat_map(|edges| &mut edges.0) {
            *weight /= degrees[*from].max(EPSILON);
        }
        let start = if self.random { vertices.gaussians() } else { degrees };
        let vector = self.iterate(executor, &edges, scaled(start))?;
        let clusters = self.clusters(executor, &vertices, &vector)?;
        let rows: Vec<Vec<Value>> =
            vertices.ids.iter().flatten().zip(clusters).map(|(id, c)| vec![Value::Long(*id), Value::Int(c)]).collect();
        let fields = [Field::new("id", DataType::Long, false), Field::new("cluster", DataType::Int, false)];
        data.session().create_dataframe(&rows, fields.into_iter().collect::<Schema>())
    }

    /// Multiplies until the speed at which the vector changes stays the same, or `maxIter` times.
    fn iterate(&self, executor: &Executor, edges: &[Edges], mut vector: Vec<f64>) -> Result<Vec<f64>> {
        let tolerance = (1e-5 / vector.len() as f64).max(1e-8);
        let mut before = f64::MAX;
        for iteration in 0..self.max_iter {
            let next = scaled(product(executor, edges, vector.len(), &|to| vector[to])?);
            let delta: f64 = vector.iter().zip(&next).map(|(x, y)| (x - y).abs()).sum();
            vector = next;
            executor.step("PowerIterationClustering", iteration as u64 + 1, self.max_iter as u64)?;
            if (delta - before).abs() <= tolerance {
                break;
            }
            before = delta;
        }
        Ok(vector)
    }

    /// K-means of the vector's numbers, from Spark's own start.
    fn clusters(&self, executor: &Executor, vertices: &Vertices, vector: &[f64]) -> Result<Vec<i32>> {
        let (mut tasks, mut start) = (Vec::new(), 0);
        for ids in &vertices.ids {
            let rows = RowsRef::Dense { values: &vector[start..start + ids.len()], width: 1 };
            tasks.push(Task { rows, labels: &[], weights: None });
            start += ids.len();
        }
        let centers = kmeans::of_numbers(executor, &tasks, self.k, 20)?;
        let nearest = |value: &f64| {
            let distance = |center: &f64| kernels::squared_distance(&[*value], &[*center]);
            let best = centers.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
            best.map_or(0, |(at, _)| at as i32)
        };
        Ok(vector.iter().map(nearest).collect())
    }
}

/// A vector divided by the sum of its absolute numbers.
fn scaled(mut vector: Vec<f64>) -> Vec<f64> {
    let sum: f64 = vector.iter().map(|v| v.abs()).sum();
    vector.iter_mut().for_each(|v| *v /= sum);
    vector
}

/// The sum over each vertex's edges of the weight by the value at the other end.
fn product(executor: &Executor, edges: &[Edges], count: usize, value: &(dyn Fn(usize) -> f64 + Sync)) -> Result<Vec<f64>> {
    let parts = executor.map_quietly(edges, |_, edges| {
        let mut part = vec![0.0; count];
        for chunk in edges.0.chunks(1 << 16) {
            executor.check()?;
            chunk.iter().for_each(|(from, to, weight)| part[*from] += weight * value(*to));
        }
        Ok(part)
    })?;
    let mut sum = vec![0.0; count];
    parts.iter().for_each(|part| kernels::axpy(1.0, part, &mut sum));
    Ok(sum)
}

/// The edges of each partition, each both ways, sorted.
fn read(data: &DataFrame, params: Checked<'_>) -> Result<Vec<Vec<(i64, i64, f64)>>> {
    let schema = data.schema();
    let mut columns = Vec::new();
    for param in [&SRC_COL, &DST_COL] {
        let name = params.text(param)?;
        let field = schema.field(&name)?;
        if !matches!(field.data_type, DataType::Int | DataType::Long) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: Column {name} must be of type equal to one of the following types: [int, bigint] but was actually of type \
                 {}.",
                field.data_type
            )));
        }
        columns.push(named(data, &name)?.cast(DataType::Long));
    }
    let weight = params.opt_column(&shared::WEIGHT_COL);
    columns.push(match &weight {
        Some(name) => {
            check::numeric_column(schema, name)?;
            named(data, name)?.cast(DataType::Double)
        }
        None => Column::lit(1.0),
    });
    let batches = data.select(&columns)?.partitions()?;
    let executor = data.session().executor();
    let partitions = executor.map("read edges", &batches, |_, batch| {
        executor.check()?;
        let ends = [0, 1].map(|at| batch.columns[at].as_primitive::<Int64Type>());
        let weights = weights(weight.as_deref().unwrap_or_default(), &batch.columns[2])?;
        let mut edges = Vec::with_capacity(2 * weights.len());
        for (i, weight) in weights.into_iter().enumerate() {
            let (from, to) = (ends[0].value(i), ends[1].value(i));
            if from != to {
                edges.extend([(from, to, weight), (to, from, weight)]);
            }
        }
        executor.check()?;
        edges.sort_by_key(|(from, to, _)| (*from, *to));
        Ok(edges)
    })?;
    if partitions.iter().all(Vec::is_empty) {
        return Err(Error::runtime("The data set is empty: there is no edge between two vertices."));
    }
    Ok(partitions)
}

impl Vertices {
    /// Vertices are dealt to as many partitions as the edges have, by the hash of their ids, and kept there in a hash set.
    fn of(partitions: &[Vec<(i64, i64, f64)>]) -> Self {
        let count = partitions.len();
        let mut ids: Vec<Vec<i64>> = vec![Vec::new(); count];
        let mut known = std::collections::BTreeSet::new();
        for edges in partitions {
            let mut ends: Vec<i64> = Vec::new();
            let mut here = std::collections::BTreeSet::new();
            for end in edges.iter().flat_map(|(from, to, _)| [*from, *to]) {
                if here.insert(end) {
                    ends.push(end);
                }
            }
            // In the order in which the partition of edges tells of its ends.
            for at in open_slots(&ends) {
                let id = ends[at];
                if known.insert(id) {
                    let hash = (id ^ ((id as u64) >> 32) as i64) as i32;
                    ids[hash.rem_euclid(count as i32) as usize].push(id);
                }
            }
        }
        // The graph is made anew from its own vertices before the first numbers are drawn.
        for ids in &mut ids {
            for _ in 0..2 {
                *ids = open_slots(ids).into_iter().map(|at| ids[at]).collect();
            }
        }
        Self { ids }
    }

    fn gaussians(&self) -> Vec<f64> {
        let draw = |(partition, ids): (usize, &Vec<i64>)| {
            let mut random = XorShiftRandom::new(partition as i64);
            ids.iter().map(|_| random.next_gaussian()).collect::<Vec<_>>()
        };
        self.ids.iter().enumerate().flat_map(draw).collect()
    }
}

impl Transformer for PowerIterationClustering {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, _schema: &Schema) -> Result<Schema> {
        Err(Error::type_error("PowerIterationClustering has no transform(): assignClusters(dataset) gives the cluster of each vertex."))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema()).and(Ok(data.clone()))
    }

    fn method(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        match (name, args) {
            ("assignClusters", [MlValue::DataFrame(data)]) => self.assign_clusters(data).map(MlValue::DataFrame),
            _ => Err(Error::type_error("assignClusters() takes a DataFrame of edges.")),
        }
    }
}
