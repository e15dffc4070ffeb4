//! Indexing: numbers, slices, `...`, `None`, masks and lists of places, read and written.

use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;

use super::array::{Buffer, Kind, NdArray, common_shape, shape_text};
use super::convert;

enum Part {
    Index(i64),
    Slice { start: i64, step: i64, count: usize },
    Full,
    NewAxis,
    Places(NdArray),
}

/// What an index chooses: a view, or places in the buffer with their shape.
pub(super) enum Choice {
    View(NdArray),
    Places(Vec<usize>, Vec<usize>),
}

fn invalid() -> PyError {
    PyError::index_error(
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices",
    )
}

fn out_of_bounds(index: i64, axis: usize, length: usize) -> PyError {
    PyError::index_error(format!("index {index} is out of bounds for axis {axis} with size {length}"))
}

/// An index counted from the end when negative.
fn within(index: i64, axis: usize, length: usize) -> PyResult<usize> {
    let at = if index < 0 { index + length as i64 } else { index };
    usize::try_from(at).ok().filter(|&at| at < length).ok_or_else(|| out_of_bounds(index, axis, length))
}

/// The axes that one part of a key uses up.
fn consumed(part: &Value) -> usize {
    match part {
        Value::None | Value::Ellipsis => 0,
        _ => match part.as_native::<NdArray>() {
            Some(mask) if mask.kind() == Kind::Bool => mask.ndim(),
            _ => 1,
        },
    }
}

/// What `key` means for `array`.
pub(super) fn choose(vm: &mut Vm, array: &NdArray, key: &Value) -> PyResult<Choice> {
    let keys = match key {
        Value::Tuple(parts) => parts.0.to_vec(),
        other => vec![other.clone()],
    };
    // Lists are arrays of places or masks.
    let mut parts_given = Vec::with_capacity(keys.len());
    for part in keys {
        parts_given.push(match part.base() {
            Value::List(_) => {
                let made = convert::to_array(vm, &part, None)?;
                let made = if made.size() == 0 { NdArray::new(Buffer::Int(vec![]), made.shape) } else { made };
                Value::native(made)
            }
            Value::Bool(flag) => Value::Bool(*flag),
            _ => part,
        });
    }
    if let [Value::Bool(flag)] = parts_given.as_slice() {
        // One truth for the whole array: everything, or nothing.
        let view = view(array, &std::iter::once(Part::NewAxis).chain(array.shape.iter().map(|_| Part::Full)).collect::<Vec<_>>())?;
        let places = if *flag { view.places() } else { Vec::new() };
        let shape = [&[usize::from(*flag)], array.shape.as_slice()].concat();
        return Ok(Choice::Places(places, shape));
    }
    if parts_given.iter().any(|part| matches!(part, Value::Str(_) | Value::Float(_))) {
        return Err(invalid());
    }
    let used: usize = parts_given.iter().map(consumed).sum();
    if used > array.ndim() {
        return Err(PyError::index_error(format!(
            "too many indices for array: array is {}-dimensional, but {used} were indexed",
            array.ndim()
        )));
    }
    let missing = array.ndim() - used;
    if !parts_given.iter().any(|part| matches!(part, Value::Ellipsis)) {
        parts_given.push(Value::Ellipsis);
    }
    let mut parts = Vec::new();
    let mut axis = 0;
    for part in &parts_given {
        match part {
            Value::Ellipsis => {
                parts.extend((0..missing).map(|_| Part::Full));
                axis += missing;
                continue;
            }
            Value::None => {
                parts.push(Part::NewAxis);
                continue;
            }
            Value::Slice(slice) => {
                let indices = vm.slice_indices(slice, array.shape[axis])?;
                parts.push(Part::Slice { start: indices.start, step: indices.step, count: indices.count });
            }
            Value::Bool(_) => return Err(PyError::not_supported("indexing an array with a single bool is not supported")),
            Value::Str(_) | Value::Float(_) => return Err(invalid()),
            _ => match part.as_native::<NdArray>() {
                Some(mask) if mask.kind() == Kind::Bool => {
                    for (offset, &length) in mask.shape.iter().enumerate() {
                        if array.shape[axis + offset] != length {
                            return Err(PyError::index_error(format!(
                                "boolean index did not match indexed array along axis {}; size of axis is {} but size of corresponding boolean axis is {length}",
                                axis + offset,
                                array.shape[axis + offset]
                            )));
                        }
                    }
                    for places in super::nonzero(mask) {
                        parts.push(Part::Places(places));
                    }
                    axis += mask.ndim();
                    continue;
                }
                Some(places) if places.kind() == Kind::Int => parts.push(Part::Places(places.clone())),
                Some(_) => return Err(PyError::index_error("arrays used as indices must be of integer (or boolean) type")),
                None => match part.base() {
                    Value::Int(index) => {
                        within(*index, axis, array.shape[axis])?;
                        parts.push(Part::Index(*index));
                    }
                    _ => return Err(invalid()),
                },
            },
        }
        axis += 1;
    }
    if parts.iter().any(|part| matches!(part, Part::Places(_))) { scattered(array, &parts) } else { view(array, &parts).map(Choice::View) }
}

fn view(array: &NdArray, parts: &[Part]) -> PyResult<NdArray> {
    let (mut shape, mut strides, mut offset, mut axis) = (Vec::new(), Vec::new(), array.offset as isize, 0);
    for part in parts {
        match part {
            Part::NewAxis => {
                shape.push(1);
                strides.push(0);
                continue;
            }
            Part::Index(index) => offset += within(*index, axis, array.shape[axis])? as isize * array.strides[axis],
            Part::Slice { start, step, count } => {
                if *count > 0 {
                    offset += *start as isize * array.strides[axis];
                }
                shape.push(*count);
                strides.push(array.strides[axis] * *step as isize);
            }
            Part::Full => {
                shape.push(array.shape[axis]);
                strides.push(array.strides[axis]);
            }
            Part::Places(_) => {}
        }
        axis += 1;
    }
    Ok(NdArray { buffer: array.buffer.clone(), shape, strides, offset: offset as usize })
}

/// Lists of places: they are broadcast against each other, and their shape stands where the first of them stood (in front, when a slice
/// lies between them).
fn scattered(array: &NdArray, parts: &[Part]) -> PyResult<Choice> {
    let mut shape: Vec<usize> = Vec::new();
    for part in parts {
        if let Part::Places(places) = part {
            shape = common_shape(&shape, &places.shape).ok_or_else(|| {
                let shapes: Vec<String> = parts
                    .iter()
                    .filter_map(|part| match part {
                        Part::Places(places) => Some(shape_text(&places.shape)),
                        _ => None,
                    })
                    .collect();
                PyError::index_error(format!(
                    "shape mismatch: indexing arrays could not be broadcast together with shapes {} ",
                    shapes.join(" ")
                ))
            })?;
        }
    }
    // Where the chosen places begin, axis by axis: first the rest as a view, then the offsets of the places.
    let mut rest = Vec::new();
    let mut offsets = vec![0isize; shape.iter().product()];
    let (mut axis, mut front, mut seen_places, mut split, mut gap) = (0, 0, false, false, false);
    for part in parts {
        match part {
            Part::Places(places) => {
                if seen_places && gap {
                    split = true;
                }
                if !seen_places {
                    front = rest.len();
                }
                seen_places = true;
                let Some(Buffer::Int(chosen)) = places.broadcast(&shape).map(|wide| wide.gather()) else { return Err(invalid()) };
                for (offset, index) in offsets.iter_mut().zip(chosen) {
                    *offset += within(index, axis, array.shape[axis])? as isize * array.strides[axis];
                }
            }
            Part::Index(index) => {
                if seen_places && gap {
                    split = true;
                }
                let at = within(*index, axis, array.shape[axis])? as isize * array.strides[axis];
                offsets.iter_mut().for_each(|offset| *offset += at);
            }
            Part::NewAxis => {
                gap = seen_places;
                rest.push((1, 0));
                continue;
            }
            Part::Full => {
                gap = seen_places;
                rest.push((array.shape[axis], array.strides[axis]));
            }
            Part::Slice { start, step, count } => {
                gap = seen_places;
                let begin = if *count > 0 { *start as isize * array.strides[axis] } else { 0 };
                offsets.iter_mut().for_each(|offset| *offset += begin);
                rest.push((*count, array.strides[axis] * *step as isize));
            }
        }
        axis += 1;
    }
    let front = if split { 0 } else { front };
    let before: usize = rest[..front].iter().map(|(length, _)| length).product();
    let (outer, inner) = (walk(&rest[..front]), walk(&rest[front..]));
    debug_assert_eq!(outer.len(), before);
    let mut places = Vec::with_capacity(outer.len() * offsets.len() * inner.len());
    for a in &outer {
        for b in &offsets {
            places.extend(inner.iter().map(|c| (array.offset as isize + a + b + c) as usize));
        }
    }
    let lengths = |part: &[(usize, isize)]| part.iter().map(|(length, _)| *length).collect::<Vec<_>>();
    let whole = [lengths(&rest[..front]), shape, lengths(&rest[front..])].concat();
    Ok(Choice::Places(places, whole))
}

/// The offsets of all items of some axes.
fn walk(axes: &[(usize, isize)]) -> Vec<isize> {
    axes.iter().fold(vec![0], |offsets, (length, stride)| {
        offsets.iter().flat_map(|offset| (0..*length).map(move |step| offset + step as isize * stride)).collect()
    })
}

fn has_ellipsis(key: &Value) -> bool {
    match key {
        Value::Tuple(parts) => parts.0.iter().any(|part| matches!(part, Value::Ellipsis)),
        other => matches!(other, Value::Ellipsis),
    }
}

/// `array[key]`.
pub(super) fn get(vm: &mut Vm, array: &NdArray, key: &Value) -> PyResult<Value> {
    Ok(match choose(vm, array, key)? {
        // `a[..., 0]` stays an array.
        Choice::View(view) if view.ndim() == 0 && has_ellipsis(key) => Value::native(view),
        Choice::View(view) => convert::value(vm, view),
        Choice::Places(places, shape) => {
            let buffer = array.data().pick(&places);
            convert::value(vm, NdArray::new(buffer, shape))
        }
    })
}

/// `array[key] = value`.
pub(super) fn set(vm: &mut Vm, array: &NdArray, key: &Value, value: &Value) -> PyResult<()> {
    let (places, shape) = match choose(vm, array, key)? {
        Choice::View(view) => {
            if view.ndim() == 0 && !has_ellipsis(key) && matches!(value.base(), Value::List(_) | Value::Tuple(_)) {
                let name = vm.type_name(value);
                return Err(match array.kind() {
                    Kind::Int => {
                        PyError::type_error(format!("int() argument must be a string, a bytes-like object or a real number, not '{name}'"))
                    }
                    _ => PyError::value_error("setting an array element with a sequence."),
                });
            }
            (view.places(), view.shape)
        }
        Choice::Places(places, shape) => (places, shape),
    };
    let kind = array.kind();
    let new = convert::to_array(vm, value, None)?;
    if new.kind() == Kind::Text && kind != Kind::Text {
        let converted = convert::to_array(vm, value, Some(kind))?;
        return assign(array, &places, &shape, &converted);
    }
    if kind == Kind::Int && new.kind() == Kind::Float && new.ndim() == 0 {
        let number = new.gather().floats()[0];
        if !number.is_finite() {
            return Err(if number.is_nan() {
                PyError::value_error("cannot convert float NaN to integer")
            } else {
                PyError::overflow("cannot convert float infinity to integer")
            });
        }
    }
    assign(array, &places, &shape, &new)
}

/// Writes the items of `new`, repeated to `shape`, to places of the buffer.
pub(super) fn assign(array: &NdArray, places: &[usize], shape: &[usize], new: &NdArray) -> PyResult<()> {
    let mut source = new.clone();
    while source.ndim() > shape.len() && source.shape[0] == 1 {
        source = source.at(0, 0);
    }
    let Some(wide) = source.broadcast(shape) else {
        return Err(PyError::value_error(format!(
            "could not broadcast input array from shape {} into shape {}",
            shape_text(&source.shape),
            shape_text(shape)
        )));
    };
    let items = wide.gather().cast(array.kind());
    let mut data = array.buffer.borrow_mut();
    match (&mut *data, items) {
        (Buffer::Float(to), Buffer::Float(from)) => places.iter().zip(from).for_each(|(&at, item)| to[at] = item),
        (Buffer::Int(to), Buffer::Int(from)) => places.iter().zip(from).for_each(|(&at, item)| to[at] = item),
        (Buffer::Bool(to), Buffer::Bool(from)) => places.iter().zip(from).for_each(|(&at, item)| to[at] = item),
        (Buffer::Text(to), Buffer::Text(from)) => places.iter().zip(from).for_each(|(&at, item)| to[at] = item),
        _ => return Err(PyError::type_error("the items don't fit the array")),
    }
    Ok(())
}
