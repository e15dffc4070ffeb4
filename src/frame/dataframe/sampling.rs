use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::DataFrame;
use crate::analyze::Scope;
use crate::column::Column;
use crate::expr::SortOrder;
use crate::plan::{DIRECT, Plan};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

impl DataFrame {
    /// `randomSplit(weights, seed)`: the same seed over the same partitions gives Spark's own rows. Every partition is sorted by all
    /// columns first, so that the parts don't overlap whatever order the rows come in.
    ///
    /// # Errors
    /// When there is no weight, or one is negative, or all are zero.
    pub fn random_split(&self, weights: &[f64], seed: i64) -> Result<Vec<DataFrame>> {
        let total: f64 = weights.iter().sum();
        if weights.iter().any(|w| *w < 0.0 || w.is_nan()) || total <= 0.0 {
            return Err(Error::illegal_argument(format!("Weights must be nonnegative and their sum positive, but got {weights:?}.")));
        }
        let orders: Vec<(Typed, SortOrder)> = self
            .plan
            .output()
            .iter()
            .filter(|a| !matches!(a.field.data_type, DataType::Map(..)))
            .map(|a| (Typed::attribute(a), SortOrder::ASCENDING))
            .collect();
        let child =
            if orders.is_empty() { self.plan.clone() } else { Arc::new(Plan::Sort { child: self.plan.clone(), orders, global: false }) };
        let mut lower = 0.0;
        Ok(weights
            .iter()
            .map(|weight| {
                let upper = lower + weight / total;
                let part = Plan::Sample { child: child.clone(), lower, upper, replacement: false, seed };
                lower = upper;
                self.over(part)
            })
            .collect())
    }

    /// `sample(withReplacement, fraction, seed)`: the same seed over the same partitions gives Spark's own rows.
    ///
    /// # Errors
    /// When the fraction is negative, or above 1 without replacement.
    pub fn sample(&self, with_replacement: bool, fraction: f64, seed: i64) -> Result<DataFrame> {
        if fraction.is_nan() || fraction < 0.0 || !with_replacement && fraction > 1.0 {
            let range = if with_replacement { "nonnegative with replacement" } else { "on interval [0, 1] without replacement" };
            return Err(Error::illegal_argument(format!("Sampling fraction ({fraction}) must be {range}.")));
        }
        Ok(self.over(Plan::Sample { child: self.plan.clone(), lower: 0.0, upper: fraction, replacement: with_replacement, seed }))
    }

    /// `repartition(n, *columns)`: by the hash of the columns, or in turns without columns.
    ///
    /// # Errors
    /// When `partitions` is 0, or neither a number nor columns are given; whatever is wrong with a column.
    pub fn repartition(&self, partitions: Option<usize>, columns: &[Column]) -> Result<DataFrame> {
        if partitions == Some(0) || partitions.is_none() && columns.is_empty() {
            return Err(Error::illegal_argument("Number of partitions must be positive."));
        }
        let output = self.plan.output();
        let scope = Scope::new(&output);
        let keys = columns.iter().map(|c| scope.resolve(c.expr())).collect::<Result<Vec<_>>>()?;
        if let Some(key) = keys.iter().find(|k| k.data_type.has_variant()) {
            let text = format!(
                "The feature is not supported: Cannot use VARIANT producing expressions to partition a DataFrame, but the type of expression \"{}\" is \"{}\".",
                crate::coerce::text(key),
                key.data_type.sql()
            );
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.PARTITION_BY_VARIANT"));
        }
        Ok(self.over(Plan::Repartition { child: self.plan.clone(), partitions, keys, orders: Vec::new() }))
    }

    /// `repartitionByRange(n, *columns)`: rows whose keys lie next to each other come together, ascending unless a column says otherwise. The
    /// borders are Spark's as long as its sample, 300 rows for each partition asked for, holds all rows; here they always come from all.
    ///
    /// # Errors
    /// When `partitions` is 0; whatever is wrong with a column.
    pub fn repartition_by_range(&self, partitions: Option<usize>, columns: &[Column]) -> Result<DataFrame> {
        if partitions == Some(0) {
            return Err(Error::illegal_argument("requirement failed: Number of partitions (0) must be positive."));
        }
        let output = self.plan.output();
        let scope = Scope::new(&output);
        let (keys, orders) = columns.iter().map(|c| scope.order(c.expr())).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        Ok(self.over(Plan::Repartition { child: self.plan.clone(), partitions, keys, orders }))
    }

    /// `repartitionById(n, column)`: the column's value, modulo `n`, is the partition; null is the first one.
    ///
    /// # Errors
    /// When `partitions` is 0; a column that has no whole numbers.
    pub fn repartition_by_id(&self, partitions: usize, column: &Column) -> Result<DataFrame> {
        if partitions == 0 {
            return Err(Error::illegal_argument("requirement failed: Number of partitions (0) must be positive."));
        }
        let output = self.plan.output();
        let id = Scope::new(&output).resolve(column.expr())?;
        if !matches!(id.data_type, DataType::Byte | DataType::Short | DataType::Int) {
            let text = format!("The partition's number must be an INT, but {column} is \"{}\".", id.data_type.sql());
            return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"));
        }
        let mut id = crate::analyze::make_call("coalesce", vec![id, Typed::literal(Value::Int(0))], false)?;
        crate::coerce::cast_to(&mut id, &DataType::Int);
        let func = |_: &kindling_partition::Executor, args: &[arrow_array::ArrayRef], _: usize| Ok(args[0].clone());
        let kind = Kind::Native { name: DIRECT.into(), args: vec![id], func: Arc::new(func), on_driver: false };
        let keys = vec![Typed { kind, data_type: DataType::Int, nullable: false }];
        Ok(self.over(Plan::Repartition { child: self.plan.clone(), partitions: Some(partitions), keys, orders: Vec::new() }))
    }

    /// `coalesce(n)`: neighbouring partitions put together; never more than there are.
    ///
    /// # Errors
    /// When `partitions` is 0.
    pub fn coalesce(&self, partitions: usize) -> Result<DataFrame> {
        if partitions == 0 {
            return Err(Error::illegal_argument("Number of partitions must be positive."));
        }
        Ok(self.over(Plan::Coalesce { child: self.plan.clone(), partitions }))
    }
}
