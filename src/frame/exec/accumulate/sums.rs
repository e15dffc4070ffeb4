//! Counts, sums and products.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, PrimitiveArray};
use kindling_partition::{Error, ErrorKind, Result};

use super::{State, each};
use crate::types::DataType;

#[derive(Clone, Copy)]
pub(super) struct Total(pub i64);

impl State for Total {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.0 += later.0;
        Ok(())
    }
}

#[optimize(speed)]
pub(super) fn count(states: &mut [Total], groups: &[u32], args: &[ArrayRef]) -> Result<()> {
    let nulls = args.iter().fold(None, |nulls, c| arrow_buffer::NullBuffer::union(nulls.as_ref(), c.logical_nulls().as_ref()));
    match nulls {
        None => groups.iter().for_each(|g| states[*g as usize].0 += 1),
        Some(nulls) => nulls.valid_indices().for_each(|i| states[groups[i] as usize].0 += 1),
    }
    Ok(())
}

pub(super) fn finish_totals(totals: Vec<Total>) -> Result<ArrayRef> {
    Ok(Arc::new(Int64Array::from_iter_values(totals.into_iter().map(|t| t.0))))
}

impl State for Option<Total> {
    fn absorb(&mut self, later: Self) -> Result<()> {
        let Some(Total(more)) = later else { return Ok(()) };
        *self = Some(Total(plus(self.map_or(0, |t| t.0), more)?));
        Ok(())
    }
}

fn plus(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b).ok_or_else(overflow)
}

fn overflow() -> Error {
    Error::new(ErrorKind::Arithmetic, "long overflow. Use 'try_sum' to tolerate overflow and return NULL instead.")
        .with_condition("ARITHMETIC_OVERFLOW")
}

/// Of longs, or of ints as they are.
#[optimize(speed)]
pub(super) fn sum_longs(states: &mut [Option<Total>], groups: &[u32], args: &[ArrayRef]) -> Result<()> {
    let mut overflows = false;
    let mut add = |group: usize, number: i64| {
        let (sum, over) = states[group].map_or(0, |t| t.0).overflowing_add(number);
        overflows |= over;
        states[group] = Some(Total(sum));
    };
    match args[0].as_primitive_opt::<Int32Type>() {
        Some(ints) => {
            let ints = ints.values();
            each(groups, &args[0], |i, g| add(g, ints[i].into()));
        }
        None => {
            let longs = args[0].as_primitive::<Int64Type>().values();
            each(groups, &args[0], |i, g| add(g, longs[i]));
        }
    }
    if overflows { Err(overflow()) } else { Ok(()) }
}

#[derive(Clone, Copy, Default)]
pub(super) struct Mean {
    pub sum: f64,
    pub count: i64,
}

impl State for Mean {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.sum += later.sum;
        self.count += later.count;
        Ok(())
    }
}

/// Of doubles, or of ints as they are.
#[optimize(speed)]
pub(super) fn sum_doubles(states: &mut [Mean], groups: &[u32], args: &[ArrayRef]) -> Result<()> {
    let mut add = |group: usize, number: f64| {
        let state = &mut states[group];
        state.sum += number;
        state.count += 1;
    };
    match args[0].as_primitive_opt::<Int32Type>() {
        Some(ints) => {
            let ints = ints.values();
            each(groups, &args[0], |i, g| add(g, ints[i].into()));
        }
        None => {
            let doubles = args[0].as_primitive::<Float64Type>().values();
            each(groups, &args[0], |i, g| add(g, doubles[i]));
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
pub(super) struct Digits {
    pub sum: i128,
    pub count: i64,
}

impl State for Option<Digits> {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if let Some(more) = later {
            let before = self.unwrap_or(Digits { sum: 0, count: 0 });
            *self = Some(Digits { sum: before.sum + more.sum, count: before.count + more.count });
        }
        Ok(())
    }
}

pub(super) fn sum_decimals(states: &mut [Option<Digits>], groups: &[u32], args: &[ArrayRef]) -> Result<()> {
    let numbers = args[0].as_primitive::<Decimal128Type>();
    each(groups, &args[0], |i, g| {
        let before = states[g].unwrap_or(Digits { sum: 0, count: 0 });
        states[g] = Some(Digits { sum: before.sum.saturating_add(numbers.value(i)), count: before.count + 1 });
    });
    Ok(())
}

pub(super) fn finish_decimals(result: &DataType, sums: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef> {
    let DataType::Decimal(precision, _) = result else { return Err(Error::runtime("A decimal sum of another type.")) };
    let limit = 10_i128.checked_pow(u32::from(*precision)).unwrap_or(i128::MAX);
    let sums = sums.map(|s| {
        s.map(|s| {
            if s.abs() < limit {
                Ok(s)
            } else {
                Err(Error::new(ErrorKind::Arithmetic, "The sum of decimals is too large.").with_condition("NUMERIC_VALUE_OUT_OF_RANGE"))
            }
        })
        .transpose()
    });
    let sums = sums.collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(PrimitiveArray::<Decimal128Type>::from_iter(sums).with_data_type(result.to_arrow())))
}

pub(super) fn half_up(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value / by, value % by);
    if rest.abs() * 2 >= by { quotient + value.signum() } else { quotient }
}

#[derive(Clone, Copy)]
pub(super) struct Product(pub f64);

impl State for Option<Product> {
    fn absorb(&mut self, later: Self) -> Result<()> {
        if let Some(Product(more)) = later {
            *self = Some(Product(self.map_or(1.0, |p| p.0) * more));
        }
        Ok(())
    }
}
