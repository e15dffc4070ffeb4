//! What each aggregate remembers of its groups: filled partition by partition, merged in partition order.

mod counted;
mod kept;
mod sums;

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, Float64Array, Int64Array, PrimitiveArray};
use kindling_partition::{Error, Result};

use self::counted::Counted;
use self::kept::{by, collect, pick, truths};
use self::sums::{Digits, Mean, Product, Total, count, finish_decimals, finish_totals, half_up, sum_decimals, sum_doubles, sum_longs};
use super::moments::{Moments, Pairs};
use super::quantiles::{Digest, Exact, Way};
use crate::batch::{array_of, value_at};
use crate::functions::{Aggregate, Cold, order};
use crate::types::DataType;
use crate::value::Value;

/// The states of one aggregate over many groups.
pub(crate) trait Accumulator: Send + Sync {
    /// Room for this many groups; new ones are empty.
    fn resize(&mut self, groups: usize);

    /// Takes in rows: row `i` belongs to group `groups[i]`.
    fn update(&mut self, groups: &[u32], args: &[ArrayRef]) -> Result<()>;

    /// Takes in another's groups: its group `i` is `groups[i]` here.
    fn merge(&mut self, groups: &[u32], other: Box<dyn Accumulator>) -> Result<()>;

    /// Another of the same aggregate: its group `i` has the state of group `groups[i]` here.
    fn picked(&self, groups: &[u32]) -> Box<dyn Accumulator>;

    /// One value for each group.
    fn finish(self: Box<Self>) -> Result<ArrayRef>;

    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// An accumulator whose states are one to a group and know how to merge.
pub(crate) trait State: Clone + Send + Sync + 'static {
    fn absorb(&mut self, later: Self) -> Result<()>;
}

type Update<S> = dyn Fn(&mut [S], &[u32], &[ArrayRef]) -> Result<()> + Send + Sync;
type Finish<S> = dyn Fn(Vec<S>) -> Result<ArrayRef> + Send + Sync;

struct States<S: State> {
    states: Vec<S>,
    empty: S,
    update: Arc<Update<S>>,
    finish: Arc<Finish<S>>,
}

impl<S: State> Accumulator for States<S> {
    fn resize(&mut self, groups: usize) {
        self.states.resize(groups, self.empty.clone());
    }

    fn update(&mut self, groups: &[u32], args: &[ArrayRef]) -> Result<()> {
        (self.update)(&mut self.states, groups, args)
    }

    fn merge(&mut self, groups: &[u32], other: Box<dyn Accumulator>) -> Result<()> {
        let other = other.into_any().downcast::<Self>().map_err(|_| Error::runtime("Aggregates of two kinds can't be merged."))?;
        for (state, group) in other.states.into_iter().zip(groups) {
            self.states[*group as usize].absorb(state)?;
        }
        Ok(())
    }

    fn picked(&self, groups: &[u32]) -> Box<dyn Accumulator> {
        let states = groups.iter().map(|g| self.states[*g as usize].clone()).collect();
        Box::new(Self { states, empty: self.empty.clone(), update: self.update.clone(), finish: self.finish.clone() })
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        (self.finish)(self.states)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

pub(crate) fn states<S: State>(
    empty: S,
    update: impl Fn(&mut [S], &[u32], &[ArrayRef]) -> Result<()> + Send + Sync + 'static,
    finish: impl Fn(Vec<S>) -> Result<ArrayRef> + Send + Sync + 'static,
) -> Box<dyn Accumulator> {
    Box::new(States { states: Vec::new(), empty, update: Arc::new(update), finish: Arc::new(finish) })
}

/// What is known of an aggregate's call: the types of its arguments and result, and its plain values.
pub(crate) struct Call<'a> {
    pub aggregate: Aggregate,
    pub types: &'a [DataType],
    pub result: &'a DataType,
    /// The plain value of each argument that has one.
    pub plain: &'a [Option<Value>],
}

/// A fresh accumulator for a call.
pub(crate) fn accumulator(call: &Call<'_>) -> Box<dyn Accumulator> {
    let result = call.result.clone();
    let input = call.types.first().cloned().unwrap_or(DataType::Null);
    let flag = |i: usize| call.plain.get(i).and_then(|v| v.as_ref()).and_then(Value::as_bool).unwrap_or(false);
    match call.aggregate {
        Aggregate::Count => states(Total(0), count, finish_totals),
        Aggregate::CountIf => states(
            Total(0),
            |states, groups, args| {
                let truths = args[0].as_boolean();
                each(groups, &args[0], |i, g| states[g].0 += i64::from(truths.value(i)));
                Ok(())
            },
            finish_totals,
        ),
        Aggregate::Sum if result.is_ansi_interval() => super::cold::accumulator(Cold::IntervalSum, call),
        Aggregate::Avg if result.is_ansi_interval() => super::cold::accumulator(Cold::IntervalAvg, call),
        Aggregate::Sum => match result {
            DataType::Long => {
                states(None::<Total>, sum_longs, |sums| Ok(Arc::new(Int64Array::from_iter(sums.into_iter().map(|s| s.map(|s| s.0))))))
            }
            DataType::Decimal(..) => {
                states(None::<Digits>, sum_decimals, move |sums| finish_decimals(&result, sums.into_iter().map(|s| s.map(|s| s.sum))))
            }
            _ => states(Mean::default(), sum_doubles, |sums| {
                Ok(Arc::new(Float64Array::from_iter(sums.into_iter().map(|s| (s.count > 0).then_some(s.sum)))))
            }),
        },
        Aggregate::Avg => match result {
            DataType::Decimal(_, scale) => {
                let from = if let DataType::Decimal(_, s) = input { s } else { 0 };
                states(None::<Digits>, sum_decimals, move |sums| {
                    let up = 10_i128.pow(u32::try_from(scale - from).unwrap_or(0));
                    finish_decimals(&result, sums.into_iter().map(|s| s.map(|s| half_up(s.sum * up, i128::from(s.count)))))
                })
            }
            _ => states(Mean::default(), sum_doubles, |sums| {
                Ok(Arc::new(Float64Array::from_iter(sums.into_iter().map(|s| (s.count > 0).then_some(s.sum / s.count as f64)))))
            }),
        },
        Aggregate::Min => extreme(&input, false),
        Aggregate::Max => extreme(&input, true),
        Aggregate::First { ignore_nulls } => pick(&input, true, ignore_nulls || flag(1)),
        Aggregate::Last { ignore_nulls } => pick(&input, false, ignore_nulls || flag(1)),
        Aggregate::StddevSamp => moments(2, |m| m.variance(1.0).map(libm::sqrt)),
        Aggregate::StddevPop => moments(2, |m| m.variance(0.0).map(libm::sqrt)),
        Aggregate::VarSamp => moments(2, |m| m.variance(1.0)),
        Aggregate::VarPop => moments(2, |m| m.variance(0.0)),
        Aggregate::Skewness => moments(3, Moments::skewness),
        Aggregate::Kurtosis => moments(4, Moments::kurtosis),
        Aggregate::Corr => pairs(Pairs::correlation),
        Aggregate::CovarSamp => pairs(|p| p.covariance(1.0)),
        Aggregate::CovarPop => pairs(|p| p.covariance(0.0)),
        Aggregate::CollectList => collect(input, result, false),
        Aggregate::CollectSet => collect(input, result, true),
        Aggregate::Percentile | Aggregate::PercentileDisc | Aggregate::Median => {
            let way = Way { discrete: call.aggregate == Aggregate::PercentileDisc, reverse: flag(2) };
            Box::new(Exact::new(Arc::new(Shares(shares(call, 0.5).0, way)), result))
        }
        Aggregate::PercentileApprox => {
            let shares = shares(call, 0.5);
            let accuracy = call.plain.get(2).and_then(|v| v.as_ref()).and_then(Value::as_f64).unwrap_or(10_000.0);
            let element = input.clone();
            states(
                Digest::new(1.0 / accuracy),
                move |states, groups, args| {
                    each(groups, &args[0], |i, g| states[g].insert(value_at(&args[0], &input, i).as_f64().unwrap_or(0.0)));
                    Ok(())
                },
                move |all| shares.finish(&result, all, |state, share| state.quantile(share).map(|v| back(&element, v))),
            )
        }
        Aggregate::Mode => {
            let tie = match (flag(1), flag(2)) {
                (_, true) => Some(Ordering::Greater),
                (true, _) => Some(Ordering::Less),
                _ => None,
            };
            let element = input.clone();
            states(
                Counted::default(),
                move |states, groups, args| {
                    each(groups, &args[0], |i, g| states[g].add(value_at(&args[0], &element, i), 1));
                    Ok(())
                },
                move |all| {
                    let best: Vec<Value> = all.into_iter().map(|counted| counted.most(tie)).collect();
                    array_of(&result, &best)
                },
            )
        }
        Aggregate::BoolAnd => truths(|a, b| a && b),
        Aggregate::BoolOr => truths(|a, b| a || b),
        Aggregate::MaxBy if call.types.len() > 2 => super::cold::accumulator(Cold::MaxBy, call),
        Aggregate::MinBy if call.types.len() > 2 => super::cold::accumulator(Cold::MinBy, call),
        Aggregate::MaxBy => by(call.types, true),
        Aggregate::MinBy => by(call.types, false),
        Aggregate::Product => states(
            None::<Product>,
            |states, groups, args| {
                let numbers = args[0].as_primitive::<Float64Type>();
                each(groups, &args[0], |i, g| {
                    let before = states[g].as_ref().map_or(1.0, |p| p.0);
                    states[g] = Some(Product(before * numbers.value(i)));
                });
                Ok(())
            },
            |all| Ok(Arc::new(Float64Array::from_iter(all.into_iter().map(|p| p.map(|p| p.0))))),
        ),
        Aggregate::Sketch(sketch) => crate::sketches::accumulator(sketch, call),
        Aggregate::Cold(Cold::VectorMetrics) => super::vector_metrics::accumulator(call),
        Aggregate::Regression(part) => super::regression::accumulator(part),
        Aggregate::Cold(cold) => super::cold::accumulator(cold, call),
        Aggregate::ApproxCountDistinct => {
            let rsd = call.plain.get(1).and_then(|v| v.as_ref()).and_then(Value::as_f64).unwrap_or(0.05);
            states(
                super::hyperloglog::Sketch::new(rsd),
                |states, groups, args| {
                    let hashes = super::hyperloglog::hashes(&args[0])?;
                    each(groups, &args[0], |i, g| states[g].insert(hashes[i]));
                    Ok(())
                },
                |all| Ok(Arc::new(Int64Array::from_iter_values(all.iter().map(super::hyperloglog::Sketch::estimate)))),
            )
        }
    }
}

/// Calls `f(group, first, second)` for each row in which neither of two numbers is null.
pub(super) fn each_pair(groups: &[u32], args: &[ArrayRef], mut f: impl FnMut(usize, f64, f64)) {
    let (first, second) = (args[0].as_primitive::<Float64Type>(), args[1].as_primitive::<Float64Type>());
    for (i, group) in groups.iter().enumerate() {
        if first.is_valid(i) && second.is_valid(i) {
            f(*group as usize, first.value(i), second.value(i));
        }
    }
}

/// Calls `f(row, group)` for each row that isn't null.
#[inline]
fn each(groups: &[u32], column: &ArrayRef, mut f: impl FnMut(usize, usize)) {
    match column.logical_nulls() {
        None => {
            for (i, group) in groups.iter().enumerate() {
                f(i, *group as usize);
            }
        }
        Some(nulls) => nulls.valid_indices().for_each(|i| f(i, groups[i] as usize)),
    }
}

/// The smallest or largest: numbers as numbers, anything else by Spark's order of values.
fn extreme(input: &DataType, largest: bool) -> Box<dyn Accumulator> {
    match input {
        DataType::Byte => ordered::<Int8Type>(input, largest),
        DataType::Short => ordered::<Int16Type>(input, largest),
        DataType::Int | DataType::YearMonthInterval(..) => ordered::<Int32Type>(input, largest),
        DataType::Long | DataType::DayTimeInterval(..) | DataType::Time(_) => ordered::<Int64Type>(input, largest),
        DataType::Date => ordered::<Date32Type>(input, largest),
        DataType::Timestamp | DataType::TimestampNtz => ordered::<TimestampMicrosecondType>(input, largest),
        DataType::Decimal(..) => ordered::<Decimal128Type>(input, largest),
        DataType::Double => states(
            Best::<f64>::none(largest),
            |states, groups, args| {
                let numbers = args[0].as_primitive::<Float64Type>().values();
                each(groups, &args[0], |i, g| states[g].offer(numbers[i], |a, b| crate::functions::double_order(*a, *b)));
                Ok(())
            },
            |all| Ok(Arc::new(Float64Array::from_iter(all.into_iter().map(|b| b.value)))),
        ),
        DataType::String => states(
            Best::<Box<str>>::none(largest),
            |states, groups, args| {
                let texts = args[0].as_string::<i32>();
                each(groups, &args[0], |i, g| {
                    let (state, text) = (&mut states[g], texts.value(i));
                    if state.value.as_deref().is_none_or(|best| if state.largest { text > best } else { text < best }) {
                        state.value = Some(text.into());
                    }
                });
                Ok(())
            },
            |all| Ok(Arc::new(arrow_array::StringArray::from_iter(all.into_iter().map(|b| b.value)))),
        ),
        other => {
            let (data_type, result) = (other.clone(), other.clone());
            states(
                Best::<Value>::none(largest),
                move |states, groups, args| {
                    each(groups, &args[0], |i, g| states[g].offer(value_at(&args[0], &data_type, i), order));
                    Ok(())
                },
                move |all| {
                    let values: Vec<Value> = all.into_iter().map(|b| b.value.unwrap_or(Value::Null)).collect();
                    array_of(&result, &values)
                },
            )
        }
    }
}

fn ordered<T: ArrowPrimitiveType>(data_type: &DataType, largest: bool) -> Box<dyn Accumulator>
where
    T::Native: Ord + SparkOrder,
{
    let arrow = data_type.to_arrow();
    states(
        Best::<T::Native>::none(largest),
        |states, groups, args| {
            let numbers = args[0].as_primitive::<T>().values();
            each(groups, &args[0], |i, g| states[g].offer(numbers[i], Ord::cmp));
            Ok(())
        },
        move |all| Ok(Arc::new(PrimitiveArray::<T>::from_iter(all.into_iter().map(|b| b.value)).with_data_type(arrow.clone()))),
    )
}

#[derive(Clone)]
struct Best<T> {
    value: Option<T>,
    largest: bool,
}

impl<T> Best<T> {
    fn none(largest: bool) -> Self {
        Self { value: None, largest }
    }

    fn offer(&mut self, value: T, compare: impl Fn(&T, &T) -> std::cmp::Ordering) {
        let better = self.value.as_ref().is_none_or(|best| {
            let order = compare(&value, best);
            if self.largest { order.is_gt() } else { order.is_lt() }
        });
        if better {
            self.value = Some(value);
        }
    }
}

/// What can be compared by Spark's rules.
trait SparkOrder {
    fn spark_order(&self, other: &Self) -> std::cmp::Ordering;
}

macro_rules! spark_order {
    ($($t:ty),*) => {$(
        impl SparkOrder for $t {
            fn spark_order(&self, other: &Self) -> std::cmp::Ordering {
                self.cmp(other)
            }
        }
    )*};
}

spark_order!(i8, i16, i32, i64, i128, Box<str>);

impl SparkOrder for f64 {
    fn spark_order(&self, other: &Self) -> std::cmp::Ordering {
        crate::functions::double_order(*self, *other)
    }
}

impl SparkOrder for Value {
    fn spark_order(&self, other: &Self) -> std::cmp::Ordering {
        order(self, other)
    }
}

impl<T: SparkOrder + Clone + Send + Sync + 'static> State for Best<T> {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if let Some(value) = later.value {
            self.offer(value, T::spark_order);
        }
        Ok(())
    }
}

fn moments(order: u8, result: impl Fn(&Moments) -> Option<f64> + Send + Sync + 'static) -> Box<dyn Accumulator> {
    states(
        Moments::new(order),
        |states, groups, args| {
            let numbers = args[0].as_primitive::<Float64Type>().values();
            each(groups, &args[0], |i, g| states[g].insert(numbers[i]));
            Ok(())
        },
        move |all| Ok(Arc::new(Float64Array::from_iter(all.iter().map(&result)))),
    )
}

fn pairs(result: impl Fn(&Pairs) -> Option<f64> + Send + Sync + 'static) -> Box<dyn Accumulator> {
    states(
        Pairs::default(),
        |states, groups, args| {
            each_pair(groups, args, |group, x, y| states[group].insert(x, y));
            Ok(())
        },
        move |all| Ok(Arc::new(Float64Array::from_iter(all.iter().map(&result)))),
    )
}

/// The shares (0 to 1) that a percentile was asked for: one, or a list of them.
pub(super) struct Shares(pub Vec<f64>, pub Way);

fn shares(call: &Call<'_>, default: f64) -> Shares {
    let shares = match call.plain.get(1).and_then(|v| v.as_ref()) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_f64).collect(),
        Some(value) => vec![value.as_f64().unwrap_or(default)],
        None => vec![default],
    };
    Shares(shares, Way::default())
}

impl Shares {
    pub(super) fn finish<S>(
        &self,
        result: &DataType,
        all: impl IntoIterator<Item = S>,
        quantile: impl Fn(&mut S, f64) -> Option<Value>,
    ) -> Result<ArrayRef> {
        let values: Vec<Value> = all
            .into_iter()
            .map(|mut state| {
                let found: Option<Vec<Value>> = self.0.iter().map(|share| quantile(&mut state, *share)).collect();
                match (found, result) {
                    (None, _) => Value::Null,
                    (Some(values), DataType::Array(..)) => Value::Array(values.into()),
                    (Some(mut values), _) => values.pop().unwrap_or(Value::Null),
                }
            })
            .collect();
        array_of(result, &values)
    }
}

/// A number as a value of the type that it came from.
fn back(data_type: &DataType, number: f64) -> Value {
    match data_type {
        DataType::Byte => Value::Byte(number as i8),
        DataType::Short => Value::Short(number as i16),
        DataType::Int => Value::Int(number as i32),
        DataType::Long => Value::Long(number as i64),
        DataType::Float => Value::Float(number as f32),
        DataType::Decimal(precision, scale) => {
            let unscaled = (number * libm::pow(10.0, f64::from(*scale))).round() as i128;
            Value::Decimal { unscaled, precision: *precision, scale: *scale }
        }
        _ => Value::Double(number),
    }
}
