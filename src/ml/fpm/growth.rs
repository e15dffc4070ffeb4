//! FP-growth as a stage (`org.apache.spark.ml.fpm.FPGrowth`).

use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_partition::{Error, Result};

use super::items::{Items, merged, numbered};
use super::mine::frequent_sets;
use super::model::{FP_GROWTH_MODEL, Found, FpGrowthModel};
use crate::check;
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Estimator, Model, StageDecl};

pub(super) const MIN_SUPPORT: ParamDecl = ParamDecl::new(
    "minSupport",
    "Minimal support level of the frequent pattern. [0.0, 1.0]. Any pattern that appears more than (minSupport * size-of-the-dataset) times \
     will be output in the frequent itemsets.",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.3);
pub(super) const MIN_CONFIDENCE: ParamDecl = ParamDecl::new(
    "minConfidence",
    "Minimal confidence for generating Association Rule. [0.0, 1.0]. minConfidence will not affect the mining for frequent itemsets, but \
     will affect the association rules generation.",
    ParamKind::Float(Range::between(0.0, 1.0)),
)
.default_float(0.8);
pub(super) const ITEMS_COL: ParamDecl = ParamDecl::new("itemsCol", "items column name", ParamKind::Column).default_text("items");
const NUM_PARTITIONS: ParamDecl = ParamDecl::new(
    "numPartitions",
    "Number of partitions (at least 1) used by parallel FP-growth. By default the param is not set, and partition number of the input \
     dataset is used.",
    ParamKind::Int(Range::at_least(1.0)),
);

pub(super) const PARAMS: &[ParamDecl] = &[MIN_SUPPORT, MIN_CONFIDENCE, ITEMS_COL, shared::PREDICTION_COL, NUM_PARTITIONS];

/// Sets of items that come together.
///
/// Sets, rules and their rows come in Spark's order; where items are equally frequent and their hashes fall on each other, that order
/// depends in Spark on which partition is read first.
pub static FP_GROWTH: StageDecl = StageDecl::estimator(
    "FPGrowth",
    "fpm",
    "A parallel FP-growth algorithm to mine frequent itemsets: which items are often in one basket, and which follow from others.",
    PARAMS,
    |params| Ok(Arc::new(FpGrowth::new(params)?) as Arc<dyn Estimator>),
    &FP_GROWTH_MODEL,
);

/// `pyspark.ml.fpm.FPGrowth` with checked params.
pub struct FpGrowth {
    params: Params,
}

impl FpGrowth {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        params.checked()?;
        Ok(Self { params: params.clone() })
    }
}

/// The schema with a column of foretold items, of the type of the baskets.
pub(super) fn schema_with(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    let items = schema.field(&params.text(&ITEMS_COL)?)?;
    if !matches!(items.data_type, DataType::Array(..)) {
        return Err(Error::illegal_argument(format!(
            "requirement failed: The input column must be array, but got {}.",
            items.data_type.simple_string()
        )));
    }
    check::append(schema, Field::new(params.text(&shared::PREDICTION_COL)?, items.data_type.clone(), true))
}

/// The numbers of a basket's items.
fn basket(items: &mut Items, basket: &[Value]) -> Result<Vec<u32>> {
    let numbers: Vec<u32> = basket.iter().map(|item| items.number(item)).collect();
    let mut distinct = numbers.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < numbers.len() {
        let shown: Vec<String> = basket.iter().map(ToString::to_string).collect();
        return Err(Error::runtime(format!(
            "Items in a transaction must be unique but got ArraySeq({}). array_distinct() leaves out what is there twice.",
            shown.join(", ")
        )));
    }
    Ok(numbers)
}

impl Estimator for FpGrowth {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        schema_with(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let checked = self.params.checked()?;
        let column = checked.text(&ITEMS_COL)?;
        let read = numbered(data, &column, basket)?;
        let executor = data.session().executor();
        let rows = read.iter().map(|part| part.rows.len()).sum::<usize>() as u64;
        let partitions = checked.opt_int(&NUM_PARTITIONS).map_or(read.len(), |n| n as usize);
        let least = libm::ceil(checked.float(&MIN_SUPPORT)? * rows as f64) as u64;
        let (items, places) = merged(&read);
        let (mut counts, mut numbers) = (vec![0; items.values.len()], Vec::with_capacity(rows as usize));
        for (part, places) in read.into_iter().zip(&places) {
            for (i, mut basket) in part.rows.into_iter().enumerate() {
                if i % 1024 == 0 {
                    executor.check()?;
                }
                for item in &mut basket {
                    *item = places[*item as usize];
                    counts[*item as usize] += 1;
                }
                numbers.push(basket);
            }
        }
        let ranked = items.ranked(&counts, least.max(1), partitions);
        let mut ranks = vec![None; items.values.len()];
        ranked.iter().enumerate().for_each(|(rank, item)| ranks[*item as usize] = Some(rank as u32));
        for basket in &mut numbers {
            *basket = basket.iter().filter_map(|item| ranks[*item as usize]).collect();
            basket.sort_unstable();
        }
        numbers.retain(|basket| !basket.is_empty());
        let sets = frequent_sets(executor, &numbers, ranked.len(), least.max(1), partitions)?;
        let item = |rank: u32| items.values[ranked[rank as usize] as usize].clone();
        let named =
            sets.into_iter().map(|part| part.into_iter().map(|set| (set.ranks.into_iter().map(item).collect(), set.count)).collect());
        let found = Found { sets: named.collect(), rows, data_type: data.schema().field(&column)?.data_type.clone() };
        Ok(Arc::new(FpGrowthModel::new(self.params.for_model(&FP_GROWTH_MODEL), data.session(), Arc::new(found))?))
    }
}
