//! Locality-sensitive hashing: what both its kinds share. Near vectors get the same hash in some table with a good chance, so that neighbours
//! are looked for among those alone (`org.apache.spark.ml.feature.LSH`).

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, UInt32Array};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, Schema, Value, VectorColumn, array_of, struct_of};
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::{Error, Result};

use super::mapped::{each_row, new_output, refuse_nulls};
use crate::check::{append, vector_column};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::persist::Saved;
use crate::stage::{MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

pub(super) const NUM_HASH_TABLES: ParamDecl = ParamDecl::new(
    "numHashTables",
    "number of hash tables, where increasing number of hash tables lowers the false negative rate, and decreasing it improves the \
     running performance.",
    ParamKind::Int(Range::at_least(1.0)),
)
.default_int(1);

pub(super) const MEMBERS: &[MemberDecl] = &[
    MemberDecl::method(
        "approxNearestNeighbors",
        &["dataset", "key", "numNearestNeighbors", "distCol='distCol'"],
        "Given a large dataset and an item, approximately find at most k items which have the closest distance to the item. If the outputCol is \
         missing, the method will transform the data; if the outputCol exists, it will use that.",
    ),
    MemberDecl::method(
        "approxSimilarityJoin",
        &["datasetA", "datasetB", "threshold", "distCol='distCol'"],
        "Join two datasets to approximately find all pairs of rows whose distance are smaller than the threshold. If the outputCol is missing, \
         the method will transform the data; if the outputCol exists, it will use that.",
    ),
];

/// The functions that one kind of hashing learned.
pub(super) trait Hashes: Send + Sync {
    /// One number for each table.
    fn hash(&self, vector: VectorRef<'_>) -> Result<Vec<f64>>;

    fn distance(&self, a: VectorRef<'_>, b: VectorRef<'_>) -> Result<f64>;

    fn tables(&self) -> usize;

    /// What is saved of them.
    fn saved(&self) -> Result<MlValue>;
}

/// The schema that the model gives.
pub(super) fn hashed_schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    vector_column(schema, &checked.text(&shared::INPUT_COL)?)?;
    let output = checked.text(&shared::OUTPUT_COL)?;
    new_output(schema, &output)?;
    append(schema, Field::new(output, DataType::array(DataType::Vector), true))
}

/// The number of features of a column of vectors.
pub(super) fn width(params: &Params, data: &DataFrame) -> Result<usize> {
    let input = params.checked()?.text(&shared::INPUT_COL)?;
    let known = super::mapped::known_size(data.schema().field(&input)?);
    let size = match known {
        Some(size) => Some(size),
        None => match data.select(&[data.col(&input)?])?.first()?.map(|row| row.values[0].clone()) {
            Some(Value::Vector(vector)) => Some(vector.size()),
            _ => None,
        },
    };
    size.ok_or_else(|| Error::runtime(format!("The data set is empty: column {input} has no vector.")))
}

pub(super) struct LshModel {
    params: Params,
    hashes: Arc<dyn Hashes>,
}

impl LshModel {
    pub fn make(params: Params, hashes: Arc<dyn Hashes>) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, hashes }))
    }

    fn input(&self) -> Result<Arc<str>> {
        self.params.checked()?.text(&shared::INPUT_COL)
    }

    /// The frame with its hashes: those that it has, else new ones.
    fn hashed(&self, data: &DataFrame) -> Result<DataFrame> {
        let output = self.params.checked()?.text(&shared::OUTPUT_COL)?;
        if data.schema().names().any(|name| name == &*output) { Ok(data.clone()) } else { self.transform(data) }
    }

    fn nearest(&self, data: &DataFrame, key: &Vector, count: usize, name: &str) -> Result<DataFrame> {
        let data = self.hashed(data)?;
        let (output, input) = (self.params.checked()?.text(&shared::OUTPUT_COL)?, self.input()?);
        let own = self.hashes.hash(key.as_ref())?;
        let (hashes, key) = (self.hashes.clone(), Arc::new(key.clone()));
        let near = super::columns::filter_native(&data, "same bucket", vec![data.col(&output)?], move |arrays, row| {
            let Value::Array(found) = kindling_frame::value_at(&arrays[0], &DataType::array(DataType::Vector), row) else {
                return Ok(false);
            };
            Ok(table_values(&found).iter().zip(&own).any(|(a, b)| a == b))
        })?;
        let field = Field::new(name, DataType::Double, true);
        let distance = Column::native("distance", [near.col(&input)?], field, move |executor, arrays, rows| {
            let column = VectorColumn::new(&arrays[0])?;
            let mut distances = Vec::with_capacity(rows);
            each_row(executor, rows, &mut |row| {
                distances.push(hashes.distance(column.row(row), key.as_ref().as_ref())?);
                Ok(())
            })?;
            Ok(Arc::new(Float64Array::from(distances)))
        });
        let measured = near.with_column(name, &distance)?;
        measured.sort(&[Column::name(format!("`{name}`"))])?.limit(count)
    }

    /// Pairs of rows that share a bucket in some table and are near.
    fn join(&self, a: &DataFrame, b: &DataFrame, threshold: f64, name: &str) -> Result<DataFrame> {
        let (a, b) = (self.side(a)?, self.side(b)?);
        let executor = a.data.session().executor();
        let (vectors_a, vectors_b) = (VectorColumn::new(&a.rows.columns[a.input])?, VectorColumn::new(&b.rows.columns[b.input])?);
        let mut buckets = b.hashes.clone();
        buckets.sort_unstable_by_key(|hash| (hash.table, hash.bits, hash.row));
        let pair_bytes = (a.rows.bytes() / a.rows.rows.max(1)) + (b.rows.bytes() / b.rows.rows.max(1)) + 16;
        let by_row: Vec<&[Hash]> = a.hashes.chunk_by(|x, y| x.row == y.row).collect();
        let pairs = executor.map("similar pairs", &by_row.chunks(64).collect::<Vec<_>>(), |_, rows| {
            let (mut pairs, mut near) = (Pairs::default(), Vec::new());
            for hashes in *rows {
                executor.check()?;
                near.clear();
                for hash in *hashes {
                    let start = buckets.partition_point(|other| (other.table, other.bits) < (hash.table, hash.bits));
                    let same = buckets[start..].iter().take_while(|other| (other.table, other.bits) == (hash.table, hash.bits));
                    near.extend(same.map(|other| other.row));
                }
                near.sort_unstable();
                near.dedup();
                for (i, row) in near.iter().enumerate() {
                    if i % 4096 == 0 {
                        executor.check()?;
                    }
                    let distance = self.hashes.distance(vectors_a.row(hashes[0].row as usize), vectors_b.row(*row as usize))?;
                    if distance < threshold {
                        pairs.a.push(hashes[0].row);
                        pairs.b.push(*row);
                        pairs.distances.push(distance);
                    }
                }
            }
            executor.ask("Joining similar rows", pairs.a.len() as u64 * pair_bytes as u64, "A lower threshold or fewer rows would do.")?;
            Ok(pairs)
        })?;
        let side = |name: &str, side: &Side| Field::new(name, DataType::Struct(side.data.schema().fields().to_vec()), false);
        let schema = Schema::new(vec![side("datasetA", &a), side("datasetB", &b), Field::new(name, DataType::Double, true)]);
        let types: Vec<DataType> = schema.iter().map(|field| field.data_type.clone()).collect();
        let found: usize = pairs.iter().map(|pairs| pairs.a.len()).sum();
        executor.ask("Joining similar rows", found as u64 * pair_bytes as u64, "A lower threshold or fewer rows would do.")?;
        let partitions = executor.map("rows of the pairs", &pairs, |_, pairs| {
            let columns = vec![
                a.members(&types[0], &pairs.a)?,
                b.members(&types[1], &pairs.b)?,
                Arc::new(Float64Array::from(pairs.distances.clone())) as ArrayRef,
            ];
            Ok(Batch::new(columns, pairs.a.len()))
        })?;
        let (rows, count) = (Batch::concat(executor, &partitions, &types)?, a.data.session().default_parallelism());
        let edge = |i: usize| i * rows.rows / count;
        let partitions = (0..count).map(|i| rows.slice(edge(i), edge(i + 1) - edge(i))).collect();
        Ok(DataFrame::from_batches(a.data.session(), Arc::new(schema), partitions))
    }

    /// A side of a join, with its hashes.
    fn side(&self, data: &DataFrame) -> Result<Side> {
        let data = self.hashed(data)?;
        let (input, output) =
            (data.schema().index_of(&self.input()?)?, data.schema().index_of(&self.params.checked()?.text(&shared::OUTPUT_COL)?)?);
        let types: Vec<DataType> = data.schema().iter().map(|field| field.data_type.clone()).collect();
        let rows = Batch::concat(data.session().executor(), &data.partitions()?, &types)?;
        let mut hashes = Vec::with_capacity(rows.rows * self.hashes.tables());
        each_row(data.session().executor(), rows.rows, &mut |row| {
            let values = values_of(&rows.value(&types[output], output, row));
            let each = values.into_iter().enumerate();
            hashes.extend(each.map(|(table, value)| Hash { row: row as u32, table: table as u32, bits: value.to_bits() }));
            Ok(())
        })?;
        Ok(Side { data, rows, input, hashes })
    }
}

/// The hash of a row in a table.
#[derive(Clone, Copy)]
struct Hash {
    row: u32,
    table: u32,
    bits: u64,
}

/// What is joined: all rows of a frame.
struct Side {
    data: DataFrame,
    rows: Batch,
    /// The place of the vectors among the columns.
    input: usize,
    /// Row after row.
    hashes: Vec<Hash>,
}

impl Side {
    /// These rows, as a column of structs.
    fn members(&self, data_type: &DataType, rows: &[u32]) -> Result<ArrayRef> {
        struct_of(data_type, self.rows.take(&UInt32Array::from(rows.to_vec()))?)
    }
}

/// Rows of both sides, and how far they are from each other.
#[derive(Default)]
struct Pairs {
    a: Vec<u32>,
    b: Vec<u32>,
    distances: Vec<f64>,
}

/// The numbers of an array of vectors of one number each.
fn table_values(vectors: &[Value]) -> Vec<f64> {
    vectors.iter().filter_map(|value| if let Value::Vector(v) = value { v.to_dense().first().copied() } else { None }).collect()
}

fn values_of(value: &Value) -> Vec<f64> {
    if let Value::Array(vectors) = value { table_values(vectors) } else { Vec::new() }
}

impl Transformer for LshModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        hashed_schema(&self.params, schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let field = schema[schema.len() - 1].clone();
        let (hashes, input) = (self.hashes.clone(), self.input()?);
        super::columns::with_native(data, self.params.decl().name, vec![data.col(&input)?], field, move |executor, arrays, rows| {
            refuse_nulls(&input, &arrays[0])?;
            let column = VectorColumn::new(&arrays[0])?;
            let mut out = Vec::with_capacity(rows);
            each_row(executor, rows, &mut |row| {
                let values = hashes.hash(column.row(row))?;
                out.push(Value::Array(values.into_iter().map(|value| Value::Vector(Vector::Dense(vec![value]))).collect()));
                Ok(())
            })?;
            array_of(&DataType::array(DataType::Vector), &out)
        })
    }
}

impl Object for LshModel {
    fn decl(&self) -> &'static StageDecl {
        self.params.decl()
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let wrong = |what: &str| Error::type_error(format!("{name} needs {what}."));
        let frame = |i: usize, what: &str| match args.get(i) {
            Some(MlValue::DataFrame(frame)) => Ok(frame),
            _ => Err(wrong(&format!("a DataFrame as {what}"))),
        };
        let Some(MlValue::Text(distance)) = args.get(3) else { return Err(wrong("the name of a column as distCol")) };
        match name {
            "approxNearestNeighbors" => {
                let key = match args.get(1) {
                    Some(MlValue::Vector(key)) => key.clone(),
                    Some(list) => Vector::Dense(list.numbers().ok_or_else(|| wrong("a vector as key"))?),
                    None => return Err(wrong("a vector as key")),
                };
                match args.get(2) {
                    Some(MlValue::Int(count)) if *count > 0 => {
                        self.nearest(frame(0, "dataset")?, &key, *count as usize, distance).map(MlValue::DataFrame)
                    }
                    _ => Err(Error::illegal_argument("requirement failed: The number of nearest neighbors cannot be less than 1")),
                }
            }
            "approxSimilarityJoin" => {
                let threshold = args.get(2).and_then(MlValue::as_f64).ok_or_else(|| wrong("a number as threshold"))?;
                self.join(frame(0, "datasetA")?, frame(1, "datasetB")?, threshold, distance).map(MlValue::DataFrame)
            }
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        format!("{}: uid={}, numHashTables={}", self.decl().name, self.params.uid(), self.hashes.tables())
    }
}

impl Model for LshModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Self::make(params, self.hashes.clone())
    }

    fn saved(&self) -> Result<Saved> {
        Saved::row(self.decl(), [self.hashes.saved()?])
    }
}
