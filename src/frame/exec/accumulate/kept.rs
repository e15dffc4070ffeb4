//! Aggregates that keep values as they came: the first, the last, lists, sets, and the value where another is largest.

use std::sync::Arc;

use arrow_array::BooleanArray;
use arrow_array::cast::AsArray;
use kindling_partition::Result;

use super::{Accumulator, State, each, states};
use crate::batch::{array_of, value_at};
use crate::functions::order;
use crate::types::DataType;
use crate::value::Value;

/// The first or last value that was met; `None` before any was.
#[derive(Clone)]
struct Picked {
    value: Option<Value>,
    first: bool,
}

impl State for Picked {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if later.value.is_some() && (!self.first || self.value.is_none()) {
            self.value = later.value;
        }
        Ok(())
    }
}

pub(super) fn pick(input: &DataType, first: bool, ignore_nulls: bool) -> Box<dyn Accumulator> {
    let (data_type, result) = (input.clone(), input.clone());
    states(
        Picked { value: None, first },
        move |states, groups, args| {
            let nulls = args[0].logical_nulls().filter(|_| ignore_nulls);
            let skip = |i: usize| nulls.as_ref().is_some_and(|n| n.is_null(i));
            if first {
                for (i, group) in groups.iter().enumerate() {
                    let state = &mut states[*group as usize];
                    if state.value.is_none() && !skip(i) {
                        state.value = Some(value_at(&args[0], &data_type, i));
                    }
                }
            } else {
                let mut latest = vec![usize::MAX; states.len()];
                (0..groups.len()).filter(|i| !skip(*i)).for_each(|i| latest[groups[i] as usize] = i);
                for (state, i) in states.iter_mut().zip(latest).filter(|(_, i)| *i != usize::MAX) {
                    state.value = Some(value_at(&args[0], &data_type, i));
                }
            }
            Ok(())
        },
        move |all| {
            let values: Vec<Value> = all.into_iter().map(|p| p.value.unwrap_or(Value::Null)).collect();
            array_of(&result, &values)
        },
    )
}

#[derive(Clone)]
struct Collected {
    values: Vec<Value>,
    once: bool,
}

impl Collected {
    fn push(&mut self, value: Value) {
        if !self.once || !self.values.iter().any(|v| order(v, &value).is_eq()) {
            self.values.push(value);
        }
    }
}

impl State for Collected {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if self.once {
            later.values.into_iter().for_each(|v| self.push(v));
        } else {
            self.values.extend(later.values);
        }
        Ok(())
    }
}

pub(super) fn collect(input: DataType, result: DataType, once: bool) -> Box<dyn Accumulator> {
    states(
        Collected { values: Vec::new(), once },
        move |states, groups, args| {
            each(groups, &args[0], |i, g| states[g].push(value_at(&args[0], &input, i)));
            Ok(())
        },
        move |all| {
            let lists: Vec<Value> = all.into_iter().map(|c| Value::Array(c.values.into())).collect();
            array_of(&result, &lists)
        },
    )
}

#[derive(Clone, Copy)]
struct Truth(Option<bool>, fn(bool, bool) -> bool);

impl State for Truth {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.0 = match (self.0, later.0) {
            (Some(a), Some(b)) => Some((self.1)(a, b)),
            (a, b) => a.or(b),
        };
        Ok(())
    }
}

pub(super) fn truths(combine: fn(bool, bool) -> bool) -> Box<dyn Accumulator> {
    states(
        Truth(None, combine),
        move |states, groups, args| {
            let truths = args[0].as_boolean();
            each(groups, &args[0], |i, g| states[g].0 = Some(states[g].0.map_or(truths.value(i), |t| combine(t, truths.value(i)))));
            Ok(())
        },
        |all| Ok(Arc::new(BooleanArray::from_iter(all.into_iter().map(|t| t.0)))),
    )
}

#[derive(Clone)]
struct ByBest {
    best: Option<(Value, Value)>,
    largest: bool,
}

impl ByBest {
    /// Of several the last is kept.
    fn offer(&mut self, value: Value, key: Value) {
        let better = self.best.as_ref().is_none_or(|(_, best)| {
            let order = order(&key, best);
            if self.largest { order.is_ge() } else { order.is_le() }
        });
        if better {
            self.best = Some((value, key));
        }
    }
}

impl State for ByBest {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if let Some((value, key)) = later.best {
            self.offer(value, key);
        }
        Ok(())
    }
}

pub(super) fn by(types: &[DataType], largest: bool) -> Box<dyn Accumulator> {
    let (value_type, key_type, result) = (types[0].clone(), types[1].clone(), types[0].clone());
    states(
        ByBest { best: None, largest },
        move |states, groups, args| {
            each(groups, &args[1], |i, g| states[g].offer(value_at(&args[0], &value_type, i), value_at(&args[1], &key_type, i)));
            Ok(())
        },
        move |all| {
            let values: Vec<Value> = all.into_iter().map(|b| b.best.map_or(Value::Null, |(value, _)| value)).collect();
            array_of(&result, &values)
        },
    )
}
