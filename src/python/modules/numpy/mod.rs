//! `numpy`, of the size that notebooks about data touch: arrays of floats, whole numbers and truths, with NumPy's own printing and random
//! streams. Arrays are views of shared buffers, as in NumPy, so slices write through; that is why their layout is our own. What is made of
//! these parts is written in Python (`lib/numpy.py`).

mod arithmetic;
mod array;
mod convert;
mod index;
mod object;
mod order;
mod print;
mod products;
mod random;
mod reduce;
mod scalar;
mod ziggurat;

use std::rc::Rc;

use crate::class::{ClassBuilder, PyClass};
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::module::PyModule;
use crate::value::Value;
use crate::vm::Vm;

pub use array::NdArray;
use array::{Buffer, Kind};

/// The module under the Python side.
pub(super) fn module(vm: &mut Vm) -> PyModule {
    let ndarray = object::classes(vm);
    let bits = random::class(vm);
    let scalars = scalar::scalars();
    let mut module = super::from_table("_numpy", TABLE)
        .with("ndarray", ndarray)
        .with("Bits", bits)
        .with("float64", scalars.float64)
        .with("int64", scalars.int64)
        .with("bool_", scalars.bool_)
        .with("AxisError", axis_error(vm));
    for &(name, function) in arithmetic::FLOAT_FUNCTIONS {
        module = module.with(
            name,
            Value::function(&format!("{name}(x)"), "", move |vm, values| {
                let array = convert::to_array(vm, &values[0], None)?;
                let result = arithmetic::map(name, &array, function)?;
                convert::wrapped(vm, &values[0], result)
            }),
        );
    }
    for &(name, function) in arithmetic::ROUNDING_FUNCTIONS {
        module = module.with(
            name,
            Value::function(&format!("{name}(x)"), "", move |vm, values| {
                let array = convert::to_array(vm, &values[0], None)?;
                let result = if array.kind() == Kind::Int { array.copied() } else { arithmetic::map(name, &array, function)? };
                convert::wrapped(vm, &values[0], result)
            }),
        );
    }
    module
}

/// `numpy.exceptions.AxisError`, a `ValueError` and an `IndexError`.
fn axis_error(vm: &mut Vm) -> Rc<PyClass> {
    if let Some(class) = vm.native_classes.get("AxisError") {
        return class.clone();
    }
    let class = ClassBuilder::exception("AxisError", "numpy.exceptions", &vm.types.exception_named("ValueError")).build();
    vm.register_class(&class);
    class
}

const TABLE: super::Table = &[
    ("array", Native::Fast(array, 1, 2)),
    ("asarray", Native::Fast(asarray, 1, 2)),
    ("full", Native::Fast(full, 3, 3)),
    ("arange", Native::Fast(arange, 3, 4)),
    ("linspace", Native::Fast(linspace, 4, 4)),
    ("dot", Native::Fast(|vm, args| dot(vm, &args[0], &args[1]), 2, 2)),
    ("where", Native::Fast(choose, 3, 3)),
    ("concatenate", Native::Fast(concatenate, 2, 2)),
    ("unique", Native::Fast(unique, 1, 1)),
    ("sort", Native::Fast(sort, 2, 2)),
    ("sign", Native::Fast(|vm, args| one(vm, args, |array| Ok(arithmetic::sign(array))), 1, 1)),
    ("absolute", Native::Fast(|vm, args| one(vm, args, arithmetic::absolute), 1, 1)),
    ("isnan", Native::Fast(|vm, args| one(vm, args, |array| Ok(arithmetic::test(array, f64::is_nan))), 1, 1)),
    ("isinf", Native::Fast(|vm, args| one(vm, args, |array| Ok(arithmetic::test(array, f64::is_infinite))), 1, 1)),
    ("isfinite", Native::Fast(|vm, args| one(vm, args, |array| Ok(arithmetic::test(array, f64::is_finite))), 1, 1)),
    ("logical_not", Native::Fast(|vm, args| one(vm, args, |array| Ok(truth_array(array, |item| !item))), 1, 1)),
    ("as_bool", Native::Fast(|vm, args| one(vm, args, |array| Ok(truth_array(array, |item| item))), 1, 1)),
    ("maximum", Native::Fast(|vm, args| extreme(vm, args, true), 2, 2)),
    ("minimum", Native::Fast(|vm, args| extreme(vm, args, false), 2, 2)),
    ("broadcast_to", Native::Fast(broadcast_to, 2, 2)),
    ("searchsorted", Native::Fast(searchsorted, 3, 3)),
    ("solve", Native::Fast(solve, 2, 2)),
    ("kind", Native::Fast(|_, args| Ok(Value::str(object::this(args)?.kind().name())), 1, 1)),
];

fn array(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let kind = args.get(1).map_or(Ok(None), |kind| convert::kind_of(vm, kind))?;
    let made = convert::to_array(vm, &args[0], kind)?;
    Ok(Value::native(if args[0].as_native::<NdArray>().is_some() { made.copied() } else { made }))
}

fn asarray(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let kind = args.get(1).map_or(Ok(None), |kind| convert::kind_of(vm, kind))?;
    if args[0].as_native::<NdArray>().is_some_and(|array| kind.is_none_or(|kind| kind == array.kind())) {
        return Ok(args[0].clone());
    }
    Ok(Value::native(convert::to_array(vm, &args[0], kind)?))
}

/// `full(shape, value, dtype)`
fn full(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let shape = convert::new_shape(vm, &args[0])?;
    let kind = convert::kind_of(vm, &args[2])?;
    let value = convert::to_array(vm, &args[1], kind)?;
    let Some(wide) = value.broadcast(&shape) else {
        return Err(PyError::value_error(format!(
            "could not broadcast input array from shape {} into shape {}",
            array::shape_text(&value.shape),
            array::shape_text(&shape)
        )));
    };
    Ok(Value::native(wide.copied()))
}

/// `arange(start, stop, step)`, whole when all three are.
fn arange(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let kind = args.get(3).map_or(Ok(None), |kind| convert::kind_of(vm, kind))?;
    let (start, stop, step) = (vm.to_float(&args[0])?, vm.to_float(&args[1])?, vm.to_float(&args[2])?);
    if step == 0.0 {
        return Err(PyError::new("ZeroDivisionError", "division by zero"));
    }
    let length = ((stop - start) / step).ceil();
    if length.is_nan() {
        return Err(PyError::value_error("arange: cannot compute length"));
    }
    let length = if length > 0.0 { length as usize } else { 0 };
    vm.check_size(length, 16)?;
    let whole: Option<Vec<i64>> = args[..3].iter().map(Value::as_i64).collect();
    let is_whole = whole.is_some() && args[..3].iter().all(|value| !matches!(value.base(), Value::Float(_)));
    let buffer = match whole {
        Some(whole) if is_whole => Buffer::Int((0..length as i64).map(|at| whole[0].wrapping_add(at.wrapping_mul(whole[2]))).collect()),
        _ => {
            // The second item is rounded first, and the others follow its distance.
            let delta = (start + step) - start;
            Buffer::Float((0..length).map(|at| start + at as f64 * delta).collect())
        }
    };
    let buffer = kind.map_or(buffer.clone(), |kind| buffer.cast(kind));
    Ok(Value::native(NdArray::new(buffer, vec![length])))
}

/// `linspace(start, stop, count, endpoint)`
fn linspace(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (start, stop) = (vm.to_float(&args[0])?, vm.to_float(&args[1])?);
    let count = vm.index(&args[2])?;
    let Ok(count) = usize::try_from(count) else {
        return Err(PyError::value_error(format!("Number of samples, {count}, must be non-negative.")));
    };
    vm.check_size(count, 16)?;
    let endpoint = vm.truth(&args[3])?;
    let parts = if endpoint { count.saturating_sub(1) } else { count };
    let delta = stop - start;
    let step = delta / parts as f64;
    let mut items: Vec<f64> = (0..count)
        .map(|at| match parts {
            0 => at as f64 * delta + start,
            _ if step == 0.0 => at as f64 / parts as f64 * delta + start,
            _ => at as f64 * step + start,
        })
        .collect();
    if endpoint
        && count > 1
        && let Some(last) = items.last_mut()
    {
        *last = stop;
    }
    Ok(Value::native(NdArray::row(items)))
}

fn dot(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<Value> {
    let (a, b) = (convert::to_array(vm, a, None)?, convert::to_array(vm, b, None)?);
    let result = if a.ndim() == 0 || b.ndim() == 0 {
        arithmetic::binary(vm, crate::vm::Operator::Mul, &a, &b)?.ok_or_else(|| PyError::type_error("not numbers"))?
    } else {
        products::dot(&a, &b)?
    };
    Ok(convert::value(vm, result))
}

fn choose(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let condition = convert::to_array(vm, &args[0], None)?;
    let (a, b) = (convert::to_array(vm, &args[1], None)?, convert::to_array(vm, &args[2], None)?);
    let result = arithmetic::choose(&condition, &a, &b)?;
    Ok(if result.ndim() == 0 { Value::native(result) } else { convert::value(vm, result) })
}

/// `concatenate(arrays, axis)`
fn concatenate(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let mut arrays = Vec::new();
    for part in vm.collect(&args[0])? {
        arrays.push(convert::to_array(vm, &part, None)?);
    }
    let Some(first) = arrays.first() else { return Err(PyError::value_error("need at least one array to concatenate")) };
    if arrays.iter().any(|array| array.ndim() == 0) {
        return Err(PyError::value_error("zero-dimensional arrays cannot be concatenated"));
    }
    let axis = convert::axis_of(vm, &args[1], first.ndim())?;
    let mut shape = first.shape.clone();
    shape[axis] = 0;
    for (at, array) in arrays.iter().enumerate() {
        if array.ndim() != first.ndim() {
            return Err(PyError::value_error(format!(
                "all the input array dimensions except for the concatenation axis must match exactly, but along dimension 0, the array at index 0 has {} dimension(s) and the array at index {at} has {} dimension(s)",
                first.ndim(),
                array.ndim()
            ).replace("all the input array dimensions except for the concatenation axis must match exactly, but along dimension 0,", "all the input arrays must have same number of dimensions, but")));
        }
        for dimension in (0..first.ndim()).filter(|&dimension| dimension != axis) {
            if array.shape[dimension] != first.shape[dimension] {
                return Err(PyError::value_error(format!(
                    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension {dimension}, the array at index 0 has size {} and the array at index {at} has size {}",
                    first.shape[dimension], array.shape[dimension]
                )));
            }
        }
        shape[axis] += array.shape[axis];
    }
    let kind = arrays.iter().map(NdArray::kind).max().unwrap_or(Kind::Float);
    let before: usize = shape[..axis].iter().product();
    let blocks: Vec<(Buffer, usize)> =
        arrays.iter().map(|array| (array.gather().cast(kind), array.shape[axis..].iter().product())).collect();
    let mut result = match kind {
        Kind::Float => Buffer::Float(Vec::new()),
        Kind::Int => Buffer::Int(Vec::new()),
        Kind::Bool => Buffer::Bool(Vec::new()),
        Kind::Text => Buffer::Text(Vec::new()),
    };
    for row in 0..before {
        for (items, width) in &blocks {
            let part = row * width..(row + 1) * width;
            match (&mut result, items) {
                (Buffer::Float(to), Buffer::Float(from)) => to.extend_from_slice(&from[part]),
                (Buffer::Int(to), Buffer::Int(from)) => to.extend_from_slice(&from[part]),
                (Buffer::Bool(to), Buffer::Bool(from)) => to.extend_from_slice(&from[part]),
                (Buffer::Text(to), Buffer::Text(from)) => to.extend_from_slice(&from[part]),
                _ => {}
            }
        }
    }
    Ok(Value::native(NdArray::new(result, shape)))
}

/// The different items in order, with where each first was, which one each item is, and how often it was there.
fn unique(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let array = convert::to_array(vm, &args[0], None)?;
    let items = array.gather();
    let order = order::places(vm, &items)?;
    let (mut firsts, mut inverse, mut counts): (Vec<usize>, Vec<i64>, Vec<i64>) = (Vec::new(), vec![0; items.len()], Vec::new());
    for &at in &order {
        let is_new = match firsts.last() {
            None => true,
            Some(&known) => match &items {
                Buffer::Float(values) => values[known] != values[at] && !(values[known].is_nan() && values[at].is_nan()),
                Buffer::Int(values) => values[known] != values[at],
                Buffer::Bool(values) => values[known] != values[at],
                Buffer::Text(values) => !vm.eq(&values[known], &values[at])?,
            },
        };
        if is_new {
            firsts.push(at);
            counts.push(0);
        }
        inverse[at] = firsts.len() as i64 - 1;
        if let Some(count) = counts.last_mut() {
            *count += 1;
        }
    }
    let whole = |items: Vec<i64>| {
        let shape = vec![items.len()];
        NdArray::new(Buffer::Int(items), shape)
    };
    let values = NdArray::new(items.pick(&firsts), vec![firsts.len()]);
    let index = whole(firsts.iter().map(|&at| at as i64).collect());
    let inverse = NdArray::new(Buffer::Int(inverse), array.shape.clone());
    Ok(Value::tuple([values, index, inverse, whole(counts)].map(Value::native)))
}

fn sort(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let array = convert::to_array(vm, &args[0], None)?;
    let axis = convert::axis_of(vm, &args[1], array.ndim())?;
    Ok(Value::native(order::sort(vm, &array, axis)?))
}

fn one(vm: &mut Vm, args: &[Value], f: impl Fn(&NdArray) -> PyResult<NdArray>) -> PyResult<Value> {
    let array = convert::to_array(vm, &args[0], None)?;
    let result = f(&array)?;
    convert::wrapped(vm, &args[0], result)
}

fn truth_array(array: &NdArray, f: impl Fn(bool) -> bool) -> NdArray {
    NdArray::new(Buffer::Bool(arithmetic::truths(array.gather()).into_iter().map(f).collect()), array.shape.clone())
}

fn extreme(vm: &mut Vm, args: &[Value], largest: bool) -> PyResult<Value> {
    let (a, b) = (convert::to_array(vm, &args[0], None)?, convert::to_array(vm, &args[1], None)?);
    let result = arithmetic::extreme(&a, &b, largest)?;
    Ok(convert::value(vm, result))
}

fn broadcast_to(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let array = convert::to_array(vm, &args[0], None)?;
    let shape = convert::new_shape(vm, &args[1])?;
    match array.broadcast(&shape) {
        Some(wide) => Ok(Value::native(wide.copied())),
        None => Err(PyError::value_error(format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: {}  and requested shape {}",
            array::shape_text(&array.shape),
            array::shape_text(&shape)
        ))),
    }
}

fn searchsorted(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (sorted, values) = (convert::to_array(vm, &args[0], None)?, convert::to_array(vm, &args[1], None)?);
    let right = args[2].as_str() == Some("right");
    let places = order::search(&sorted.gather().floats(), &values.gather().floats(), right);
    Ok(convert::value(vm, NdArray::new(Buffer::Int(places), values.shape)))
}

/// The solution of a system and the determinant; `None` when it has none.
fn solve(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let (a, b) = (convert::to_array(vm, &args[0], None)?, convert::to_array(vm, &args[1], None)?);
    if a.ndim() != 2 || a.shape[0] != a.shape[1] || b.ndim() == 0 || b.shape[0] != a.shape[0] {
        return Err(PyError::value_error("the shapes of the system don't fit"));
    }
    Ok(match products::solve(&a, &b) {
        Some((items, sign, logarithm)) => {
            let solution = Value::native(NdArray::new(Buffer::Float(items), b.shape));
            Value::tuple([solution, Value::Float(sign), Value::Float(logarithm)])
        }
        None => Value::None,
    })
}

/// The places of items that aren't zero, one array for each axis.
fn nonzero(array: &NdArray) -> Vec<NdArray> {
    let flags = arithmetic::truths(array.gather());
    let mut places: Vec<Vec<i64>> = vec![Vec::new(); array.ndim()];
    for (at, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        let mut rest = at;
        for axis in (0..array.ndim()).rev() {
            places[axis].push((rest % array.shape[axis]) as i64);
            rest /= array.shape[axis];
        }
    }
    places
        .into_iter()
        .map(|axis| {
            let shape = vec![axis.len()];
            NdArray::new(Buffer::Int(axis), shape)
        })
        .collect()
}
