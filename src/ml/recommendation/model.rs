//! Fitted factors as a stage (`org.apache.spark.ml.recommendation.ALSModel`).

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Float32Array};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, Schema, Session, Value, array_of};
use kindling_partition::{Error, Result};

use super::als::{BLOCK_SIZE, COLD_START_STRATEGY, ITEM_COL, USER_COL, check_ids, ids};
use super::factorize::Factors;
use super::recommend::recommend;
use crate::check;
use crate::param::{Params, shared};
use crate::persist::Saved;
use crate::stage::{MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

pub static ALS_MODEL: StageDecl = StageDecl::model(
    "ALSModel",
    "recommendation",
    "Model fitted by ALS: adds the rating that a user would give an item, and recommends items to users and users to items.",
    &[BLOCK_SIZE, COLD_START_STRATEGY, ITEM_COL, shared::PREDICTION_COL, USER_COL],
)
.members(&[
    MemberDecl::attribute("rank", "rank of the matrix factorization model"),
    MemberDecl::attribute("userFactors", "a DataFrame that stores user factors in two columns: id and features"),
    MemberDecl::attribute("itemFactors", "a DataFrame that stores item factors in two columns: id and features"),
    MemberDecl::method("recommendForAllUsers", &["numItems"], "Returns top numItems items recommended for each user, for all users."),
    MemberDecl::method("recommendForAllItems", &["numUsers"], "Returns top numUsers users recommended for each item, for all items."),
    MemberDecl::method(
        "recommendForUserSubset",
        &["dataset", "numItems"],
        "Returns top numItems items recommended for each user id in the input data set, once for each.",
    ),
    MemberDecl::method(
        "recommendForItemSubset",
        &["dataset", "numUsers"],
        "Returns top numUsers users recommended for each item id in the input data set, once for each.",
    ),
])
.saved("", |params, stored| {
    let rank = stored.count("rank")?;
    let side = |folder: &str| {
        let (mut ids, mut values) = (Vec::new(), Vec::new());
        for row in stored.rows(folder)? {
            let features = row.numbers("features")?;
            if features.len() != rank {
                return Err(stored.broken("has factors of another rank than its metadata tells"));
            }
            ids.push(row.int("id")? as i32);
            values.extend(features.into_iter().map(|v| v as f32));
        }
        Ok(Factors { blocks: vec![0, ids.len()], ids, values })
    };
    Ok(Arc::new(AlsModel::new(params, stored.session, rank, side("userFactors")?, side("itemFactors")?)?))
})
.saved_fields(&["rank"]);

/// `pyspark.ml.recommendation.ALSModel`.
#[derive(Clone)]
pub struct AlsModel {
    params: Params,
    session: Session,
    rank: usize,
    users: Arc<Lookup>,
    items: Arc<Lookup>,
}

/// Factors, and where each id's are.
pub(super) struct Lookup {
    pub factors: Factors,
    /// Ids in rising order with their place.
    places: Vec<(i32, u32)>,
}

impl Lookup {
    fn new(factors: Factors) -> Arc<Self> {
        let mut places: Vec<(i32, u32)> = factors.ids.iter().copied().zip(0..).collect();
        places.sort_unstable();
        Arc::new(Self { factors, places })
    }

    /// The factors of an id; `None` when it wasn't rated.
    pub fn get(&self, id: i32, rank: usize) -> Option<&[f32]> {
        let at = self.places.binary_search_by_key(&id, |place| place.0).ok()?;
        let at = self.places[at].1 as usize * rank;
        Some(&self.factors.values[at..at + rank])
    }

    /// `id` and `features`, a partition for each block.
    fn frame(&self, session: &Session, rank: usize) -> Result<DataFrame> {
        let features = DataType::Array(DataType::Float.into(), false);
        let batches = self.factors.blocks.windows(2).map(|ends| {
            let ids: Vec<Value> = self.factors.ids[ends[0]..ends[1]].iter().map(|id| Value::Int(*id)).collect();
            let rows = self.factors.values[ends[0] * rank..ends[1] * rank].chunks_exact(rank);
            let rows: Vec<Value> = rows.map(|row| Value::Array(row.iter().map(|v| Value::Float(*v)).collect())).collect();
            Ok(Batch::new(vec![array_of(&DataType::Int, &ids)?, array_of(&features, &rows)?], ids.len()))
        });
        let batches = batches.collect::<Result<_>>()?;
        let schema = Schema::new(vec![Field::new("id", DataType::Int, false), Field::new("features", features, true)]);
        Ok(DataFrame::from_batches(session, Arc::new(schema), batches))
    }
}

/// What a user makes of an item.
pub(super) fn product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl AlsModel {
    pub(super) fn new(params: Params, session: &Session, rank: usize, users: Factors, items: Factors) -> Result<Self> {
        params.checked()?;
        Ok(Self { params, session: session.clone(), rank, users: Lookup::new(users), items: Lookup::new(items) })
    }

    /// The best of one side for each id of the other: for the ids of a column, or for all.
    fn recommend(&self, for_users: bool, args: &[MlValue]) -> Result<MlValue> {
        let (count, ids) = match args {
            [MlValue::Int(count)] => (*count, None),
            [MlValue::DataFrame(data), MlValue::Int(count)] => (*count, Some(data)),
            _ => return Err(Error::type_error("A recommendation takes a number of recommendations, after the data set of a subset.")),
        };
        if count < 1 {
            return Err(Error::illegal_argument(format!("The number of recommendations must be at least 1, found {count}.")));
        }
        let checked = self.params.checked()?;
        let (user, item) = (checked.text(&USER_COL)?, checked.text(&ITEM_COL)?);
        let (own, other, own_name, other_name) =
            if for_users { (&self.users, &self.items, user, item) } else { (&self.items, &self.users, item, user) };
        let asked: Option<BTreeSet<i32>> = match ids {
            None => None,
            Some(data) => {
                let batches = data.select(&[self::ids(data, &own_name)?])?.partitions()?;
                Some(batches.iter().flat_map(|batch| batch.columns[0].as_primitive::<Int32Type>().values().iter().copied()).collect())
            }
        };
        let of_block = |ends: &[usize]| {
            let ids = own.factors.ids[ends[0]..ends[1]].iter().copied();
            ids.filter(|id| asked.as_ref().is_none_or(|asked| asked.contains(id))).collect::<Vec<_>>()
        };
        let blocks: Vec<Vec<i32>> = own.factors.blocks.windows(2).map(of_block).collect();
        recommend(&self.session, self.rank, &blocks, own, other, (&own_name, &other_name), count as usize).map(MlValue::DataFrame)
    }
}

impl Transformer for AlsModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        check_ids(schema, &checked.text(&USER_COL)?)?;
        check_ids(schema, &checked.text(&ITEM_COL)?)?;
        check::append(schema, Field::new(checked.text(&shared::PREDICTION_COL)?, DataType::Float, false))
    }

    /// Rows stay where they are; Spark's come in the order of its joins.
    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let checked = self.params.checked()?;
        let field = schema[schema.len() - 1].clone();
        let name = field.name.clone();
        let (users, items, rank) = (self.users.clone(), self.items.clone(), self.rank);
        let args = [ids(data, &checked.text(&USER_COL)?)?, ids(data, &checked.text(&ITEM_COL)?)?];
        let column = Column::native(name.clone(), args, field, move |executor, args, _| {
            let (of_user, of_item) = (args[0].as_primitive::<Int32Type>(), args[1].as_primitive::<Int32Type>());
            let mut ratings = Vec::with_capacity(of_user.values().len());
            for (i, (user, item)) in of_user.values().iter().zip(of_item.values()).enumerate() {
                if i % 4096 == 0 {
                    executor.check()?;
                }
                let both = users.get(*user, rank).zip(items.get(*item, rank));
                ratings.push(both.map_or(f32::NAN, |(user, item)| product(user, item)));
            }
            Ok(Arc::new(Float32Array::from(ratings)) as ArrayRef)
        });
        let data = data.with_column(&name, &column)?;
        if checked.choice(&COLD_START_STRATEGY)? == "drop" {
            let known = Column::call("isnan", [data.col(&name)?]).not();
            return data.filter(&known);
        }
        Ok(data)
    }
}

impl Object for AlsModel {
    fn decl(&self) -> &'static StageDecl {
        &ALS_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "rank" => MlValue::Int(self.rank as i64),
            "userFactors" => self.users.frame(&self.session, self.rank)?.into(),
            "itemFactors" => self.items.frame(&self.session, self.rank)?.into(),
            "recommendForAllUsers" | "recommendForUserSubset" => self.recommend(true, args)?,
            "recommendForAllItems" | "recommendForItemSubset" => self.recommend(false, args)?,
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("ALSModel: uid={}, rank={}", self.params.uid(), self.rank)
    }
}

impl Model for AlsModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, ..self.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let rows = |factors: &Factors| {
            let features = |row: &[f32]| MlValue::Array(row.iter().map(|v| f64::from(*v)).collect());
            let rows = factors.ids.iter().zip(factors.values.chunks_exact(self.rank));
            rows.map(|(id, row)| vec![MlValue::Int(i64::from(*id)), features(row)]).collect()
        };
        const COLUMNS: &str = "id int, features array<float>";
        let saved = Saved::default().with_fields(self)?.table("userFactors", COLUMNS, rows(&self.users.factors))?;
        saved.table("itemFactors", COLUMNS, rows(&self.items.factors))
    }
}
