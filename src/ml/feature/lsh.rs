//! Locality-sensitive hashing: what both its kinds share. Near vectors get the same hash in some table with a good chance, so that neighbours
//! are looked for among those alone (`org.apache.spark.ml.feature.LSH`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Value, VectorColumn, array_of};
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
            Ok(Arc::new(arrow_array::Float64Array::from(distances)))
        });
        let measured = near.with_column(name, &distance)?;
        measured.sort(&[Column::name(format!("`{name}`"))])?.limit(count)
    }

    /// Pairs of rows that share a bucket in some table and are near. The rows themselves are held at the driver.
    fn join(&self, a: &DataFrame, b: &DataFrame, threshold: f64, name: &str) -> Result<DataFrame> {
        let (a, b) = (self.hashed(a)?, self.hashed(b)?);
        let (output, input) = (self.params.checked()?.text(&shared::OUTPUT_COL)?, self.input()?);
        let place = |data: &DataFrame| Ok::<_, Error>((data.schema().index_of(&input)?, data.schema().index_of(&output)?));
        let (at_a, at_b) = (place(&a)?, place(&b)?);
        let (rows_a, rows_b) = (a.collect()?, b.collect()?);
        let mut buckets: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
        for (i, row) in rows_b.iter().enumerate() {
            for (table, value) in values_of(&row.values[at_b.1]).into_iter().enumerate() {
                buckets.entry((table, value.to_bits())).or_default().push(i);
            }
        }
        let executor = a.session().executor();
        let pairs = executor.map("similar pairs", &rows_a.chunks(64).collect::<Vec<_>>(), |_, rows| {
            let mut pairs = Vec::new();
            for row in *rows {
                executor.check()?;
                let own = values_of(&row.values[at_a.1]);
                let near = own.into_iter().enumerate().filter_map(|(table, value)| buckets.get(&(table, value.to_bits())));
                let near: BTreeSet<usize> = near.flatten().copied().collect();
                for i in near {
                    let (Value::Vector(x), Value::Vector(y)) = (&row.values[at_a.0], &rows_b[i].values[at_b.0]) else { continue };
                    let distance = self.hashes.distance(x.as_ref(), y.as_ref())?;
                    if distance < threshold {
                        pairs.push(vec![Value::Struct(row.clone()), Value::Struct(rows_b[i].clone()), Value::Double(distance)]);
                    }
                }
            }
            Ok(pairs)
        })?;
        let side = |name: &str, data: &DataFrame| Field::new(name, DataType::Struct(data.schema().fields().to_vec()), false);
        let schema = Schema::new(vec![side("datasetA", &a), side("datasetB", &b), Field::new(name, DataType::Double, true)]);
        a.session().create_dataframe(&pairs.concat(), schema)
    }
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
