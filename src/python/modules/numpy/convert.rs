//! From Python values to arrays and back.

use std::rc::Rc;

use crate::error::{PyError, PyResult};
use crate::value::Value;
use crate::vm::Vm;

use super::array::{Buffer, Kind, NdArray};
use super::scalar;

/// An item as Python's own type: `float`, `int`, `bool`, `str`.
pub(super) fn plain(buffer: &Buffer, at: usize) -> Value {
    match buffer {
        Buffer::Bool(items) => Value::Bool(items[at]),
        Buffer::Int(items) => Value::Int(items[at]),
        Buffer::Float(items) => Value::Float(items[at]),
        Buffer::Text(items) => items[at].clone(),
    }
}

/// An item as NumPy's scalar.
pub(super) fn item(vm: &mut Vm, buffer: &Buffer, at: usize) -> Value {
    match buffer {
        Buffer::Text(items) => items[at].clone(),
        _ => scalar::of(vm, plain(buffer, at)),
    }
}

/// An array as a value: one without dimensions is a scalar.
pub(super) fn value(vm: &mut Vm, array: NdArray) -> Value {
    if array.ndim() == 0 {
        let buffer = array.gather();
        return item(vm, &buffer, 0);
    }
    Value::native(array)
}

/// What a function made of each item of a value: of the value's own kind when it can wrap an array (`__array_wrap__`).
pub(super) fn wrapped(vm: &mut Vm, of: &Value, array: NdArray) -> PyResult<Value> {
    let made = value(vm, array);
    if matches!(of, Value::Instance(_)) && vm.has_attr(of, &crate::Name::new("__array_wrap__"))? {
        return vm.call_method(of, "__array_wrap__", crate::Args::new([made]));
    }
    Ok(made)
}

/// The dtype that a `dtype=` argument means. Errors: `TypeError` for types that there aren't.
pub(super) fn kind_of(vm: &mut Vm, value: &Value) -> PyResult<Option<Kind>> {
    let name = match value {
        Value::None => return Ok(None),
        Value::Class(class) => class.name.borrow().to_string(),
        Value::Str(text) => text.as_str().to_string(),
        Value::Native(native) => match native.downcast_ref::<super::object::Dtype>() {
            Some(dtype) => return Ok(Some(dtype.0)),
            None => String::new(),
        },
        _ => vm.type_name(value),
    };
    Ok(Some(match name.as_str() {
        "float" | "float64" | "double" | "f8" | "d" | "<f8" => Kind::Float,
        "int" | "int64" | "i8" | "<i8" | "l" | "intp" => Kind::Int,
        "bool" | "bool_" | "?" => Kind::Bool,
        "str" | "object" | "O" | "U" | "str_" => Kind::Text,
        "float32" | "float16" | "int32" | "int16" | "int8" | "uint8" | "uint16" | "uint32" | "uint64" | "complex" | "complex128"
        | "datetime64" => {
            return Err(PyError::not_supported(format!("numpy here has the dtypes float64, int64 and bool, not {name}")));
        }
        _ => return Err(PyError::type_error(format!("data type '{name}' not understood"))),
    }))
}

/// What a nested list holds, found in one walk.
struct Walk {
    items: Vec<Value>,
    kind: Kind,
    shape: Vec<usize>,
    ragged: Option<usize>,
}

/// The array that an object says itself it is (`__array__`), as a column of pandas does.
fn own_array(vm: &mut Vm, value: &Value) -> PyResult<Option<Value>> {
    if !matches!(value.base(), Value::Instance(_)) || !vm.has_attr(value, &crate::Name::new("__array__"))? {
        return Ok(None);
    }
    vm.call_method(value, "__array__", crate::Args::none()).map(Some)
}

fn children(vm: &mut Vm, value: &Value) -> PyResult<Option<Vec<Value>>> {
    if let Some(own) = own_array(vm, value)? {
        return children(vm, &own);
    }
    if let Some(array) = value.as_native::<NdArray>() {
        return Ok(if array.ndim() == 0 { None } else { Some(rows(vm, array)) });
    }
    Ok(match value.base() {
        Value::List(_) | Value::Tuple(_) => value.as_sequence(),
        Value::Range(_) => Some(vm.collect(value)?),
        Value::Native(native) => {
            // Spark's vectors and the like: they say themselves what array they are.
            let native = native.clone();
            match native.object().get_attr(vm, value, "toArray")? {
                Some(method) => Some(vm.call(&method, crate::Args::none())?),
                None if vm.has_attr(value, &crate::Name::new("toArray"))? => Some(vm.call_method(value, "toArray", crate::Args::none())?),
                None => None,
            }
            .and_then(|array| array.as_native::<NdArray>().map(|array| array.gather().floats().into_iter().map(Value::Float).collect()))
        }
        _ => None,
    })
}

/// The parts along the first axis.
pub(super) fn rows(vm: &mut Vm, array: &NdArray) -> Vec<Value> {
    if array.ndim() == 1 {
        let buffer = array.gather();
        return (0..buffer.len()).map(|at| item(vm, &buffer, at)).collect();
    }
    (0..array.shape[0]).map(|index| Value::native(array.at(0, index))).collect()
}

impl Walk {
    fn add(&mut self, vm: &mut Vm, value: &Value, depth: usize) -> PyResult<()> {
        vm.tick()?;
        if depth > 32 {
            return Err(PyError::value_error(
                "setting an array element with a sequence. The requested array would exceed the maximum number of dimension of 32.",
            ));
        }
        match children(vm, value)? {
            Some(parts) => {
                if self.shape.len() == depth && self.items.is_empty() {
                    self.shape.push(parts.len());
                } else if self.shape.get(depth) != Some(&parts.len()) {
                    self.ragged = Some(self.ragged.map_or(depth, |known| known.min(depth)));
                    return Ok(());
                }
                for part in &parts {
                    self.add(vm, part, depth + 1)?;
                }
            }
            None => {
                if self.shape.len() != depth {
                    self.ragged = Some(self.ragged.map_or(depth, |known| known.min(depth)));
                    return Ok(());
                }
                let kind = match value.base() {
                    Value::Bool(_) => Kind::Bool,
                    Value::Int(_) => Kind::Int,
                    Value::Float(_) => Kind::Float,
                    _ => Kind::Text,
                };
                self.kind = if self.items.is_empty() { kind } else { self.kind.max(kind) };
                self.items.push(value.base().clone());
            }
        }
        Ok(())
    }
}

/// An array of a number, a nested list, or an array (which is not copied).
pub(super) fn to_array(vm: &mut Vm, value: &Value, kind: Option<Kind>) -> PyResult<NdArray> {
    if let Some(array) = value.as_native::<NdArray>() {
        return Ok(match kind {
            Some(kind) if kind != array.kind() => NdArray::new(array.gather().cast(kind), array.shape.clone()),
            _ => array.clone(),
        });
    }
    if let Some(own) = own_array(vm, value)? {
        return to_array(vm, &own, kind);
    }
    let value = match value.base() {
        Value::Iterator(_) | Value::Generator(_) | Value::Set(_) | Value::Dict(_) | Value::DictView(_) | Value::None
            if kind != Some(Kind::Text) =>
        {
            return match value {
                Value::None if kind == Some(Kind::Float) => Ok(NdArray::new(Buffer::Float(vec![f64::NAN]), vec![])),
                _ => Ok(NdArray::new(Buffer::Text(vec![value.clone()]), vec![])),
            };
        }
        _ => value,
    };
    let mut walk = Walk { items: Vec::new(), kind: Kind::Float, shape: Vec::new(), ragged: None };
    walk.add(vm, value, 0)?;
    if let Some(depth) = walk.ragged {
        let detected = super::array::shape_text(&walk.shape[..depth.min(walk.shape.len())]);
        return Err(PyError::value_error(format!(
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after {depth} dimensions. The detected shape was {} + inhomogeneous part.",
            detected.replace(',', ", ").replace(", )", ",)")
        )));
    }
    let wanted = kind.unwrap_or(walk.kind);
    let buffer = match wanted {
        Kind::Text => Buffer::Text(walk.items),
        _ if walk.kind == Kind::Text => {
            let mut numbers = Vec::with_capacity(walk.items.len());
            for item in &walk.items {
                let number = match (item, wanted) {
                    (Value::None, _) => Value::Float(f64::NAN),
                    (Value::Str(_), Kind::Int) => vm.call(&Value::Class(vm.types.int.clone()), crate::Args::new([item.clone()]))?,
                    (item, _) => vm.call(&Value::Class(vm.types.float.clone()), crate::Args::new([item.clone()]))?,
                };
                numbers.push(number.as_f64().unwrap_or(f64::NAN));
            }
            Buffer::Float(numbers).cast(wanted)
        }
        _ => match walk.kind {
            Kind::Bool => Buffer::Bool(walk.items.iter().map(|item| item.as_bool().unwrap_or(false)).collect()),
            Kind::Int => Buffer::Int(walk.items.iter().map(|item| item.as_i64().unwrap_or(0)).collect()),
            _ => Buffer::Float(walk.items.iter().map(|item| item.as_f64().unwrap_or(f64::NAN)).collect()),
        }
        .cast(wanted),
    };
    let mut shape = walk.shape;
    if buffer.len() == 0 && !shape.contains(&0) {
        shape.push(0);
    }
    Ok(NdArray::new(buffer, shape))
}

/// Nested lists of Python's own numbers.
pub(super) fn to_list(array: &NdArray) -> Value {
    fn nest(items: &mut impl Iterator<Item = Value>, shape: &[usize]) -> Value {
        match shape {
            [] => items.next().unwrap_or(Value::None),
            [length, rest @ ..] => Value::list((0..*length).map(|_| nest(items, rest)).collect::<Vec<_>>()),
        }
    }
    let buffer = array.gather();
    let mut items = (0..buffer.len()).map(|at| plain(&buffer, at));
    nest(&mut items, &array.shape)
}

/// A shape: one length, or a sequence of them.
pub(super) fn shape_of(vm: &mut Vm, value: &Value) -> PyResult<Vec<i64>> {
    match value.base() {
        Value::List(_) | Value::Tuple(_) => {
            let parts = value.as_sequence().unwrap_or_default();
            parts.iter().map(|part| vm.index(part)).collect()
        }
        _ if value.as_native::<NdArray>().is_some() => {
            let parts = vm.collect(value)?;
            parts.iter().map(|part| vm.index(part)).collect()
        }
        _ => Ok(vec![vm.index(value)?]),
    }
}

/// A shape for a new array. Errors: `ValueError` for negative lengths, `MemoryError` for too many items.
pub(super) fn new_shape(vm: &mut Vm, value: &Value) -> PyResult<Vec<usize>> {
    let lengths = shape_of(vm, value)?;
    let shape: Option<Vec<usize>> = lengths.iter().map(|&length| usize::try_from(length).ok()).collect();
    let shape = shape.ok_or_else(|| PyError::value_error("negative dimensions are not allowed"))?;
    let size = shape.iter().try_fold(1usize, |size, &length| size.checked_mul(length)).unwrap_or(usize::MAX);
    vm.check_size(size, 16)?;
    Ok(shape)
}

/// An axis counted from the end when negative. Errors: `AxisError`.
pub(super) fn axis_of(vm: &mut Vm, value: &Value, dims: usize) -> PyResult<usize> {
    let axis = vm.index(value)?;
    let at = if axis < 0 { axis + dims as i64 } else { axis };
    match usize::try_from(at).ok().filter(|&at| at < dims) {
        Some(at) => Ok(at),
        None => {
            let class = super::axis_error(vm);
            Err(PyError::of(&class, vec![Value::str(format!("axis {axis} is out of bounds for array of dimension {dims}"))]))
        }
    }
}

/// The shape as a tuple.
pub(super) fn shape_value(shape: &[usize]) -> Value {
    Value::Tuple(Rc::new(crate::value::PyTuple(shape.iter().map(|&length| Value::from(length)).collect())))
}
