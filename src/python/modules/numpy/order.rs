//! Sorting and searching.

use std::cmp::Ordering;

use crate::error::PyResult;
use crate::vm::Vm;

use super::array::{Buffer, NdArray};
use super::reduce::lanes;

/// NaN comes last.
fn by_size(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The places of the items in order, the first of equals first. Errors: `TypeError` for things that have no order.
pub(super) fn places(vm: &mut Vm, items: &Buffer) -> PyResult<Vec<usize>> {
    let mut places: Vec<usize> = (0..items.len()).collect();
    match items {
        Buffer::Float(values) => places.sort_by(|&a, &b| by_size(values[a], values[b])),
        Buffer::Int(values) => places.sort_by_key(|&at| values[at]),
        Buffer::Bool(values) => places.sort_by_key(|&at| values[at]),
        Buffer::Text(values) => {
            let mut failure = None;
            places.sort_by(|&a, &b| match (vm.less(&values[a], &values[b]), vm.less(&values[b], &values[a])) {
                (Ok(true), _) => Ordering::Less,
                (_, Ok(true)) => Ordering::Greater,
                (Err(error), _) | (_, Err(error)) => {
                    failure.get_or_insert(error);
                    Ordering::Equal
                }
                _ => Ordering::Equal,
            });
            if let Some(error) = failure {
                return Err(error);
            }
        }
    }
    Ok(places)
}

/// The places in order along an axis.
pub(super) fn argsort(vm: &mut Vm, array: &NdArray, axis: usize) -> PyResult<NdArray> {
    let items = array.gather();
    let flat: Vec<usize> = (0..items.len()).collect();
    let mut orders = Vec::new();
    for lane in lanes(&flat, &array.shape, axis, <[usize]>::to_vec) {
        orders.push((lane.clone(), places(vm, &items.pick(&lane))?));
    }
    let mut result = vec![0i64; items.len()];
    for (lane, order) in &orders {
        for (at, place) in lane.iter().zip(order) {
            result[*at] = *place as i64;
        }
    }
    Ok(NdArray::new(Buffer::Int(result), array.shape.clone()))
}

/// The items in order along an axis.
pub(super) fn sort(vm: &mut Vm, array: &NdArray, axis: usize) -> PyResult<NdArray> {
    let items = array.gather();
    let flat: Vec<usize> = (0..items.len()).collect();
    let mut from = vec![0usize; items.len()];
    for lane in lanes(&flat, &array.shape, axis, <[usize]>::to_vec) {
        let order = places(vm, &items.pick(&lane))?;
        for (at, place) in lane.iter().zip(order) {
            from[*at] = lane[place];
        }
    }
    Ok(NdArray::new(items.pick(&from), array.shape.clone()))
}

/// Where each value would go among sorted numbers.
pub(super) fn search(sorted: &[f64], values: &[f64], right: bool) -> Vec<i64> {
    values
        .iter()
        .map(|&value| {
            sorted.partition_point(|&item| {
                let order = by_size(item, value);
                order == Ordering::Less || (right && order == Ordering::Equal)
            }) as i64
        })
        .collect()
}
