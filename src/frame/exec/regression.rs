//! `regr_slope` and its kin: what a straight line says of pairs of numbers.

use std::sync::Arc;

use arrow_array::{Float64Array, Int64Array};
use kindling_partition::Result;

use super::accumulate::{Accumulator, State, each_pair, states};
use super::moments::{Moments, Pairs};
use crate::functions::Regression;

/// What Spark keeps of the pairs for each of the functions, which differ by their last digits: moments of either number, and the co-moments
/// with either first.
#[derive(Clone)]
struct Line {
    count: i64,
    sum: (f64, f64),
    x: Moments,
    y: Moments,
    x_first: Pairs,
    y_first: Pairs,
}

impl Line {
    fn new() -> Self {
        let (moments, pairs) = (Moments::new(2), Pairs::default());
        Self { count: 0, sum: (0.0, 0.0), x: moments, y: moments, x_first: pairs, y_first: pairs }
    }

    fn insert(&mut self, y: f64, x: f64) {
        self.count += 1;
        self.sum = (self.sum.0 + x, self.sum.1 + y);
        self.x.insert(x);
        self.y.insert(y);
        self.x_first.insert(x, y);
        self.y_first.insert(y, x);
    }

    fn value(&self, part: Regression) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let count = self.count as f64;
        match part {
            Regression::AvgX => Some(self.sum.0 / count),
            Regression::AvgY => Some(self.sum.1 / count),
            Regression::Sxx => Some(self.x.m2()),
            Regression::Syy => Some(self.y.m2()),
            Regression::Sxy => Some(self.y_first.xy),
            // Here xx is the moment of y, the first of the pairs.
            Regression::R2 if self.y_first.yy == 0.0 => None,
            Regression::R2 if self.y_first.xx == 0.0 => Some(1.0),
            Regression::R2 => {
                let correlation = self.y_first.xy / libm::sqrt(self.y_first.xx * self.y_first.yy);
                Some(correlation * correlation)
            }
            _ if self.x.m2() == 0.0 => None,
            Regression::Slope => Some(self.x_first.xy / self.x.m2()),
            _ => Some(self.x_first.y_mean - self.x_first.xy / self.x.m2() * self.x_first.x_mean),
        }
    }
}

impl State for Line {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.count += later.count;
        self.sum = (self.sum.0 + later.sum.0, self.sum.1 + later.sum.1);
        self.x.absorb(later.x)?;
        self.y.absorb(later.y)?;
        self.x_first.absorb(later.x_first)?;
        self.y_first.absorb(later.y_first)
    }
}

pub(super) fn accumulator(part: Regression) -> Box<dyn Accumulator> {
    states(
        Line::new(),
        |states, groups, args| {
            each_pair(groups, args, |group, y, x| states[group].insert(y, x));
            Ok(())
        },
        move |all| match part {
            Regression::Count => Ok(Arc::new(Int64Array::from_iter_values(all.iter().map(|line| line.count)))),
            _ => Ok(Arc::new(Float64Array::from_iter(all.iter().map(|line| line.value(part))))),
        },
    )
}
