//! `Summarizer`: metrics of a column of vectors, feature by feature, kept in one pass (`org.apache.spark.ml.stat.SummarizerBuffer`).

use std::sync::Arc;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_linalg::Vector;
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::accumulate::{Accumulator, Call, State, states};
use crate::batch::array_of;
use crate::types::DataType;
use crate::value::{Row, Value};
use crate::vector_column::VectorColumn;

/// What is known of the rows of one group.
#[derive(Clone, Default)]
struct Metrics {
    rows: i64,
    weight: f64,
    squared_weights: f64,
    features: Vec<Feature>,
}

/// What is known of one feature. Zeros are counted in at the end.
#[derive(Clone, Copy)]
struct Feature {
    /// Of the rows where it isn't zero, as mean and deviations are.
    weight: f64,
    mean: f64,
    deviations: f64,
    squares: f64,
    sizes: f64,
    nonzeros: i64,
    max: f64,
    min: f64,
}

const NOTHING: Feature =
    Feature { weight: 0.0, mean: 0.0, deviations: 0.0, squares: 0.0, sizes: 0.0, nonzeros: 0, max: -f64::MAX, min: f64::MAX };

impl Metrics {
    fn room(&mut self, size: usize) -> Result<()> {
        if self.features.is_empty() {
            if size == 0 {
                return Err(Error::illegal_argument("requirement failed: Vector should have dimension larger than zero."));
            }
            self.features = vec![NOTHING; size];
        }
        if size == self.features.len() {
            return Ok(());
        }
        Err(Error::illegal_argument(format!(
            "requirement failed: Dimensions mismatch when adding new sample. Expecting {} but got {size}.",
            self.features.len()
        )))
    }

    fn add(&mut self, active: impl Iterator<Item = (usize, f64)>, weight: f64) {
        for (j, value) in active.filter(|entry| entry.1 != 0.0) {
            let f = &mut self.features[j];
            if value > f.max {
                f.max = value;
            }
            if value < f.min {
                f.min = value;
            }
            let difference = value - f.mean;
            f.mean += weight * difference / (f.weight + weight);
            f.deviations += weight * (value - f.mean) * difference;
            f.weight += weight;
            f.squares += weight * value * value;
            f.sizes += weight * value.abs();
            f.nonzeros += 1;
        }
        self.weight += weight;
        self.squared_weights += weight * weight;
        self.rows += 1;
    }

    fn metric(&self, name: &str) -> Value {
        if name == "count" {
            return Value::Long(self.rows);
        }
        let denominator = self.weight - self.squared_weights / self.weight;
        let variance = |f: &Feature| {
            let zeros = f.mean * f.mean * f.weight * (self.weight - f.weight) / self.weight;
            let value = (f.deviations + zeros) / denominator;
            if value < 0.0 || denominator <= 0.0 { 0.0 } else { value }
        };
        let or_zero = |f: &Feature, value: f64, beyond: bool| if f.nonzeros < self.rows && beyond { 0.0 } else { value };
        let one = |f: &Feature| match name {
            "mean" => f.mean * (f.weight / self.weight),
            "sum" => f.mean * f.weight,
            "variance" => variance(f),
            "std" => libm::sqrt(variance(f)),
            "numNonZeros" => f.nonzeros as f64,
            "max" => or_zero(f, f.max, f.max < 0.0),
            "min" => or_zero(f, f.min, f.min > 0.0),
            "normL1" => f.sizes,
            _ => libm::sqrt(f.squares),
        };
        Value::Vector(Vector::Dense(self.features.iter().map(one).collect()))
    }
}

impl State for Metrics {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if later.rows == 0 || self.rows == 0 {
            if self.rows == 0 {
                *self = later;
            }
            return Ok(());
        }
        self.room(later.features.len())?;
        self.rows += later.rows;
        self.weight += later.weight;
        self.squared_weights += later.squared_weights;
        for (f, other) in self.features.iter_mut().zip(&later.features) {
            let weight = f.weight + other.weight;
            if weight != 0.0 {
                let difference = other.mean - f.mean;
                f.mean += difference * other.weight / weight;
                f.deviations += other.deviations + difference * difference * f.weight * other.weight / weight;
            }
            f.weight = weight;
            f.squares += other.squares;
            f.sizes += other.sizes;
            f.nonzeros += other.nonzeros;
            f.max = f.max.max(other.max);
            f.min = f.min.min(other.min);
        }
        Ok(())
    }
}

/// The vectors are the first argument, their weights the second. The members of the result say which metrics are asked for.
pub(super) fn accumulator(call: &Call<'_>) -> Box<dyn Accumulator> {
    let result = call.result.clone();
    states(
        Metrics::default(),
        |states, groups, args| {
            let (vectors, weights) = (VectorColumn::new(&args[0])?, args[1].as_primitive::<Float64Type>());
            for (i, group) in groups.iter().enumerate() {
                if vectors.is_null(i) {
                    return Err(Error::runtime("Vectors MUST NOT be Null."));
                }
                let (row, weight) = (vectors.row(i), if weights.is_null(i) { 0.0 } else { weights.value(i) });
                if weight.is_nan() || weight < 0.0 {
                    let found = java_double(weight);
                    return Err(Error::illegal_argument(format!("requirement failed: sample weight, {found} has to be >= 0.0")));
                }
                if weight > 0.0 {
                    let state = &mut states[*group as usize];
                    state.room(row.size())?;
                    state.add(row.active(), weight);
                }
            }
            Ok(())
        },
        move |all| {
            let DataType::Struct(fields) = &result else { return array_of(&result, &[]) };
            let names: Arc<[Arc<str>]> = fields.iter().map(|f| f.name.clone()).collect();
            let rows = all.iter().map(|metrics| {
                if metrics.rows == 0 && fields.iter().any(|f| &*f.name != "count") {
                    return Err(Error::illegal_argument("requirement failed: Nothing has been added to this summarizer."));
                }
                Ok(Value::Struct(Row { names: names.clone(), values: names.iter().map(|name| metrics.metric(name)).collect() }))
            });
            array_of(&result, &rows.collect::<Result<Vec<_>>>()?)
        },
    )
}
