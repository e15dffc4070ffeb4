//! Alternating least squares as a stage (`org.apache.spark.ml.recommendation.ALS`).

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Result};

use super::blocks::Rating;
use super::factorize::{Settings, factorize};
use super::model::{ALS_MODEL, AlsModel};
use crate::check;
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Estimator, Model, StageDecl};

const STORAGE_LEVELS: &[&str] = &[
    "MEMORY_AND_DISK",
    "MEMORY_ONLY",
    "DISK_ONLY",
    "NONE",
    "DISK_ONLY_2",
    "DISK_ONLY_3",
    "MEMORY_ONLY_2",
    "MEMORY_ONLY_SER",
    "MEMORY_ONLY_SER_2",
    "MEMORY_AND_DISK_2",
    "MEMORY_AND_DISK_SER",
    "MEMORY_AND_DISK_SER_2",
    "OFF_HEAP",
];

const fn count(name: &'static str, doc: &'static str) -> ParamDecl {
    ParamDecl::new(name, doc, ParamKind::Int(Range::at_least(1.0))).default_int(10)
}

const RANK: ParamDecl = count("rank", "rank of the factorization");
const MAX_ITER: ParamDecl = shared::MAX_ITER.default_int(10);
const REG_PARAM: ParamDecl = shared::REG_PARAM.default_float(0.1);
const NUM_USER_BLOCKS: ParamDecl = count("numUserBlocks", "number of user blocks");
const NUM_ITEM_BLOCKS: ParamDecl = count("numItemBlocks", "number of item blocks");
const IMPLICIT_PREFS: ParamDecl =
    ParamDecl::new("implicitPrefs", "whether to use implicit preference", ParamKind::Boolean).default_bool(false);
const ALPHA: ParamDecl =
    ParamDecl::new("alpha", "alpha for implicit preference", ParamKind::Float(Range::at_least(0.0))).default_float(1.0);
pub(super) const USER_COL: ParamDecl =
    ParamDecl::new("userCol", "column name for user ids. Ids must be within the integer value range.", ParamKind::Column)
        .default_text("user");
pub(super) const ITEM_COL: ParamDecl =
    ParamDecl::new("itemCol", "column name for item ids. Ids must be within the integer value range.", ParamKind::Column)
        .default_text("item");
const RATING_COL: ParamDecl = ParamDecl::new("ratingCol", "column name for ratings", ParamKind::Column).default_text("rating");
const NONNEGATIVE: ParamDecl =
    ParamDecl::new("nonnegative", "whether to use nonnegative constraint for least squares", ParamKind::Boolean).default_bool(false);
const INTERMEDIATE_STORAGE_LEVEL: ParamDecl = ParamDecl::new(
    "intermediateStorageLevel",
    "StorageLevel for intermediate datasets. Cannot be 'NONE'.",
    ParamKind::choice(STORAGE_LEVELS),
)
.default_text("MEMORY_AND_DISK");
const FINAL_STORAGE_LEVEL: ParamDecl =
    ParamDecl::new("finalStorageLevel", "StorageLevel for ALS model factors.", ParamKind::choice(STORAGE_LEVELS))
        .default_text("MEMORY_AND_DISK");
pub(super) const COLD_START_STRATEGY: ParamDecl = ParamDecl::new(
    "coldStartStrategy",
    "strategy for dealing with unknown or new users/items at prediction time. This may be useful in cross-validation or production \
     scenarios, for handling user/item ids the model has not seen in the training data. Supported values: 'nan', 'drop'.",
    ParamKind::choice_any_case(&["nan", "drop"]),
)
.default_text("nan");
pub(super) const BLOCK_SIZE: ParamDecl = shared::BLOCK_SIZE.default_int(4096);

/// Users' and items' factors from ratings.
///
/// Blocks, initial factors and the order of ratings within an id are Spark's, so that the same seed gives the same factors; their last
/// digits differ where Spark's own depend on the order in which blocks arrive.
pub static ALS: StageDecl = StageDecl::estimator(
    "ALS",
    "recommendation",
    "Alternating Least Squares (ALS) matrix factorization: gives every user and item a few numbers, so that their products come near the \
     ratings, and those that are missing can be foretold.",
    &[
        RANK,
        MAX_ITER,
        REG_PARAM,
        NUM_USER_BLOCKS,
        NUM_ITEM_BLOCKS,
        IMPLICIT_PREFS,
        ALPHA,
        USER_COL,
        ITEM_COL,
        shared::SEED,
        RATING_COL,
        NONNEGATIVE,
        shared::CHECKPOINT_INTERVAL.default_int(10),
        INTERMEDIATE_STORAGE_LEVEL,
        FINAL_STORAGE_LEVEL,
        COLD_START_STRATEGY,
        BLOCK_SIZE,
        shared::PREDICTION_COL,
    ],
    |params| Ok(Arc::new(Als::new(params)?) as Arc<dyn Estimator>),
    &ALS_MODEL,
);

/// `pyspark.ml.recommendation.ALS` with checked params.
pub struct Als {
    params: Params,
    settings: Settings,
}

impl Als {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        if &*checked.text(&INTERMEDIATE_STORAGE_LEVEL)? == "NONE" {
            return Err(Error::illegal_argument("ALS.intermediateStorageLevel can be any storage level but NONE."));
        }
        let settings = Settings {
            rank: checked.count(&RANK)?,
            max_iter: checked.count(&MAX_ITER)?,
            reg: checked.float(&REG_PARAM)?,
            user_blocks: checked.count(&NUM_USER_BLOCKS)?,
            item_blocks: checked.count(&NUM_ITEM_BLOCKS)?,
            implicit: if checked.bool(&IMPLICIT_PREFS)? { Some(checked.float(&ALPHA)?) } else { None },
            nonnegative: checked.bool(&NONNEGATIVE)?,
            seed: checked.int(&shared::SEED)?,
        };
        Ok(Self { settings, params: params.clone() })
    }

    fn ratings(&self, data: &DataFrame, checked: Checked<'_>) -> Result<Vec<Rating>> {
        let name = checked.text(&RATING_COL)?;
        let rating = data.col(&name)?.cast(DataType::Float);
        let columns = [ids(data, &checked.text(&USER_COL)?)?, ids(data, &checked.text(&ITEM_COL)?)?, rating];
        let batches = data.select(&columns)?.partitions()?;
        let mut ratings = Vec::with_capacity(batches.iter().map(|batch| batch.rows).sum());
        for batch in &batches {
            data.session().executor().check()?;
            let (users, items) = (batch.columns[0].as_primitive::<Int32Type>(), batch.columns[1].as_primitive::<Int32Type>());
            for (i, rating) in batch.columns[2].as_primitive::<Float32Type>().iter().enumerate() {
                let rating = rating.filter(|rating| !rating.is_nan());
                let rating = rating.ok_or_else(|| Error::runtime(format!("Column {name}: Ratings MUST NOT be Null or NaN")))?;
                ratings.push(Rating { user: users.value(i), item: items.value(i), rating });
            }
        }
        if ratings.is_empty() {
            return Err(Error::illegal_argument("requirement failed: No ratings available: the data set is empty."));
        }
        Ok(ratings)
    }
}

/// Fails unless a column holds numbers, which ids are.
pub(super) fn check_ids(schema: &Schema, name: &str) -> Result<()> {
    check::numeric_column(schema, name).map(|_| ())
}

/// A column of ids as integers.
///
/// # Errors
/// A null, a fraction or a number beyond 32 bits is told of when the column is read.
pub(super) fn ids(data: &DataFrame, name: &str) -> Result<Column> {
    check_ids(data.schema(), name)?;
    let label: Arc<str> = name.into();
    Ok(Column::native(name, [data.col(name)?.cast(DataType::Double)], Field::new(name, DataType::Int, false), move |_, args, _| {
        let id = |value: Option<f64>| match value {
            Some(value) if value.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value) => Ok(value as i32),
            Some(value) => Err(Error::illegal_argument(format!(
                "ALS only supports non-Null values in Integer range and without fractional part for column {label}, but got {value}."
            ))),
            None => Err(Error::runtime(format!("{label} Ids MUST NOT be Null"))),
        };
        let values = args[0].as_primitive::<arrow_array::types::Float64Type>();
        Ok(Arc::new(arrow_array::Int32Array::from(values.iter().map(id).collect::<Result<Vec<_>>>()?)) as arrow_array::ArrayRef)
    }))
}

impl Estimator for Als {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        check_ids(schema, &checked.text(&USER_COL)?)?;
        check_ids(schema, &checked.text(&ITEM_COL)?)?;
        check::numeric_column(schema, &checked.text(&RATING_COL)?)?;
        check::append(schema, Field::new(checked.text(&shared::PREDICTION_COL)?, DataType::Float, false))
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let ratings = self.ratings(data, self.params.checked()?)?;
        let (users, items) = factorize(data.session().executor(), &ratings, &self.settings)?;
        Ok(Arc::new(AlsModel::new(self.params.for_model(&ALS_MODEL), data.session(), self.settings.rank, users, items)?))
    }
}
