//! Arrays folded along an axis, in the order in which NumPy folds them: sums of neighbours by pairs, across rows one after the other.

use crate::error::{PyError, PyResult};

use super::array::{Buffer, Kind, NdArray};

/// NumPy's pairwise sum: eight partial sums for up to 128 numbers, halves for more.
pub(super) fn pairwise(a: &[f64]) -> f64 {
    let n = a.len();
    if n < 8 {
        return a.iter().fold(-0.0, |sum, x| sum + x);
    }
    if n <= 128 {
        let mut part = [0.0; 8];
        part.copy_from_slice(&a[..8]);
        let whole = n - n % 8;
        for block in a[8..whole].as_chunks::<8>().0 {
            for (part, x) in part.iter_mut().zip(block) {
                *part += x;
            }
        }
        let sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
        return a[whole..].iter().fold(sum, |sum, x| sum + x);
    }
    let half = n / 2 - (n / 2) % 8;
    pairwise(&a[..half]) + pairwise(&a[half..])
}

/// The shape without an axis, or with length one in its place.
pub(super) fn reduced_shape(shape: &[usize], axis: usize, keep: bool) -> Vec<usize> {
    let mut shape = shape.to_vec();
    if keep {
        shape[axis] = 1;
    } else {
        shape.remove(axis);
    }
    shape
}

/// Rows along an axis: how many before it, its length, how many after it.
fn extents(shape: &[usize], axis: usize) -> (usize, usize, usize) {
    (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product())
}

/// Folds the items along an axis, each lane copied out.
pub(super) fn lanes<T: Clone, R>(items: &[T], shape: &[usize], axis: usize, mut fold: impl FnMut(&[T]) -> R) -> Vec<R> {
    let (before, length, after) = extents(shape, axis);
    let mut results = Vec::with_capacity(before * after);
    let mut lane = Vec::with_capacity(length);
    for outer in 0..before {
        for inner in 0..after {
            lane.clear();
            lane.extend((0..length).map(|step| items[(outer * length + step) * after + inner].clone()));
            results.push(fold(&lane));
        }
    }
    results
}

/// The sum of all numbers.
pub(super) fn sum_all(array: &NdArray) -> f64 {
    let values = array.gather().floats();
    if array.is_contiguous() || array.ndim() < 2 {
        return 0.0 + pairwise(&values);
    }
    // A transposed array is walked as it lies in memory.
    let mut axes: Vec<usize> = (0..array.ndim()).collect();
    axes.sort_by_key(|&axis| std::cmp::Reverse(array.strides[axis].unsigned_abs()));
    let straight = array.transposed(&axes);
    let values = straight.gather().floats();
    if straight.is_contiguous() {
        return 0.0 + pairwise(&values);
    }
    let inner = *straight.shape.last().unwrap_or(&1);
    values.chunks(inner.max(1)).fold(0.0, |sum, row| sum + pairwise(row))
}

/// Sums along an axis: neighbours in memory by pairs, else row after row.
pub(super) fn sum_axis(array: &NdArray, axis: usize) -> Vec<f64> {
    let values = array.gather().floats();
    let step = array.strides[axis].unsigned_abs();
    let is_inner = array.strides.iter().zip(&array.shape).all(|(stride, &length)| length <= 1 || stride.unsigned_abs() >= step);
    lanes(&values, &array.shape, axis, |lane| if is_inner { 0.0 + pairwise(lane) } else { lane.iter().fold(0.0, |sum, x| sum + x) })
}

/// What a fold gives: whole numbers for whole numbers, floats for floats.
pub(super) fn sum(array: &NdArray, axis: Option<usize>, keep: bool) -> PyResult<NdArray> {
    let shape = axis.map_or_else(|| if keep { vec![1; array.ndim()] } else { vec![] }, |axis| reduced_shape(&array.shape, axis, keep));
    let buffer = match array.gather() {
        Buffer::Float(_) => Buffer::Float(match axis {
            None => vec![sum_all(array)],
            Some(axis) => sum_axis(array, axis),
        }),
        Buffer::Text(_) => return Err(PyError::type_error("can only concatenate str (not \"int\") to str")),
        other => {
            let Buffer::Int(items) = other.cast(Kind::Int) else { return Err(PyError::type_error("not numbers")) };
            let add = |lane: &[i64]| lane.iter().fold(0i64, |sum, x| sum.wrapping_add(*x));
            Buffer::Int(axis.map_or_else(|| vec![add(&items)], |axis| lanes(&items, &array.shape, axis, add)))
        }
    };
    Ok(NdArray::new(buffer, shape))
}

pub(super) fn product(array: &NdArray, axis: Option<usize>, keep: bool) -> PyResult<NdArray> {
    let shape = axis.map_or_else(|| if keep { vec![1; array.ndim()] } else { vec![] }, |axis| reduced_shape(&array.shape, axis, keep));
    let buffer = match array.gather() {
        Buffer::Float(items) => {
            let times = |lane: &[f64]| lane.iter().product::<f64>();
            Buffer::Float(axis.map_or_else(|| vec![times(&items)], |axis| lanes(&items, &array.shape, axis, times)))
        }
        other => {
            let Buffer::Int(items) = other.cast(Kind::Int) else { return Err(PyError::type_error("not numbers")) };
            let times = |lane: &[i64]| lane.iter().fold(1i64, |product, x| product.wrapping_mul(*x));
            Buffer::Int(axis.map_or_else(|| vec![times(&items)], |axis| lanes(&items, &array.shape, axis, times)))
        }
    };
    Ok(NdArray::new(buffer, shape))
}

/// The place of the greatest (or least) number; NaN wins, the first of equals.
fn best(lane: &[f64], largest: bool) -> usize {
    let mut found = 0;
    for (at, x) in lane.iter().enumerate() {
        if lane[found].is_nan() {
            break;
        }
        if x.is_nan() || (largest && *x > lane[found]) || (!largest && *x < lane[found]) {
            found = at;
        }
    }
    found
}

/// `max` and `min`.
pub(super) fn extreme(array: &NdArray, axis: Option<usize>, keep: bool, largest: bool) -> PyResult<NdArray> {
    let shape = axis.map_or_else(|| if keep { vec![1; array.ndim()] } else { vec![] }, |axis| reduced_shape(&array.shape, axis, keep));
    if array.size() == 0 {
        let name = if largest { "maximum" } else { "minimum" };
        return Err(PyError::value_error(format!("zero-size array to reduction operation {name} which has no identity")));
    }
    let buffer = match array.gather() {
        Buffer::Int(items) => {
            let fold = |lane: &[i64]| if largest { lane.iter().copied().max() } else { lane.iter().copied().min() }.unwrap_or(0);
            Buffer::Int(axis.map_or_else(|| vec![fold(&items)], |axis| lanes(&items, &array.shape, axis, fold)))
        }
        Buffer::Bool(items) => {
            let fold = |lane: &[bool]| if largest { lane.contains(&true) } else { !lane.contains(&false) };
            Buffer::Bool(axis.map_or_else(|| vec![fold(&items)], |axis| lanes(&items, &array.shape, axis, fold)))
        }
        Buffer::Float(items) => {
            let fold = |lane: &[f64]| lane[best(lane, largest)];
            Buffer::Float(axis.map_or_else(|| vec![fold(&items)], |axis| lanes(&items, &array.shape, axis, fold)))
        }
        Buffer::Text(mut items) => {
            items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            Buffer::Text(if largest { items.pop() } else { items.into_iter().next() }.into_iter().collect())
        }
    };
    Ok(NdArray::new(buffer, shape))
}

/// `argmax` and `argmin`.
pub(super) fn place(array: &NdArray, axis: Option<usize>, largest: bool) -> PyResult<NdArray> {
    if array.size() == 0 {
        let name = if largest { "argmax" } else { "argmin" };
        return Err(PyError::value_error(format!("attempt to get {name} of an empty sequence")));
    }
    let items = array.gather().floats();
    Ok(match axis {
        None => NdArray::new(Buffer::Int(vec![best(&items, largest) as i64]), vec![]),
        Some(axis) => {
            let places = lanes(&items, &array.shape, axis, |lane| best(lane, largest) as i64);
            NdArray::new(Buffer::Int(places), reduced_shape(&array.shape, axis, false))
        }
    })
}

/// `any` and `all`.
pub(super) fn truth(array: &NdArray, axis: Option<usize>, keep: bool, any: bool) -> NdArray {
    let shape = axis.map_or_else(|| if keep { vec![1; array.ndim()] } else { vec![] }, |axis| reduced_shape(&array.shape, axis, keep));
    let items = super::arithmetic::truths(array.gather());
    let fold = |lane: &[bool]| if any { lane.contains(&true) } else { !lane.contains(&false) };
    NdArray::new(Buffer::Bool(axis.map_or_else(|| vec![fold(&items)], |axis| lanes(&items, &array.shape, axis, fold))), shape)
}

/// `cumsum` and `cumprod`, one after the other.
pub(super) fn cumulative(array: &NdArray, axis: Option<usize>, multiply: bool) -> PyResult<NdArray> {
    let (flat, axis) = match axis {
        None => (array.reshaped(vec![array.size()]), 0),
        Some(axis) => (array.clone(), axis),
    };
    let (_, length, after) = extents(&flat.shape, axis);
    let buffer = match flat.gather() {
        Buffer::Float(mut items) => {
            run(&mut items, length, after, |a, b| if multiply { a * b } else { a + b });
            Buffer::Float(items)
        }
        other => {
            let Buffer::Int(mut items) = other.cast(Kind::Int) else { return Err(PyError::type_error("not numbers")) };
            run(&mut items, length, after, |a, b| if multiply { a.wrapping_mul(b) } else { a.wrapping_add(b) });
            Buffer::Int(items)
        }
    };
    Ok(NdArray::new(buffer, flat.shape))
}

fn run<T: Copy>(items: &mut [T], length: usize, after: usize, step: impl Fn(T, T) -> T) {
    for at in 0..items.len() {
        let along = (at / after.max(1)) % length.max(1);
        if along > 0 {
            items[at] = step(items[at - after], items[at]);
        }
    }
}
