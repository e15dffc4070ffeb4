//! `numpy.ndarray` and `numpy.dtype` as Python sees them.

use std::rc::Rc;

use crate::class::{ClassBuilder, PyClass};
use crate::error::{PyError, PyResult};
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::{Operator, UnaryOperator, Vm};

use super::array::{Buffer, Kind, NdArray};
use super::{arithmetic, convert, index, order, print, reduce};

/// `array.dtype`
pub(super) struct Dtype(pub(super) Kind, pub(super) String);

impl NativeObject for Dtype {
    fn class_name(&self) -> &str {
        "dtype"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::str(if self.1.starts_with('<') { "str" } else { &*self.1 })),
            "kind" => Some(Value::str(match self.0 {
                Kind::Bool => "b",
                Kind::Int => "i",
                Kind::Float => "f",
                Kind::Text => "U",
            })),
            "itemsize" => Some(Value::Int(if self.0 == Kind::Bool { 1 } else { 8 })),
            _ => None,
        })
    }

    fn binary(&self, vm: &mut Vm, _: &Value, operator: Operator, other: &Value, _: bool) -> PyResult<Option<Value>> {
        let same = matches!(convert::kind_of(vm, other), Ok(Some(kind)) if kind == self.0);
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        Ok(format!("dtype('{}')", self.1))
    }

    fn str(&self, _: &mut Vm) -> PyResult<String> {
        Ok(self.1.clone())
    }

    fn hash(&self, _: &mut Vm) -> PyResult<Option<i64>> {
        Ok(Some(self.0 as i64))
    }
}

/// What scalars have beside their operators: the attributes of an array without dimensions.
pub(super) fn is_scalar_attribute(name: &str) -> bool {
    matches!(
        name,
        "dtype"
            | "shape"
            | "ndim"
            | "size"
            | "T"
            | "itemsize"
            | "nbytes"
            | "item"
            | "tolist"
            | "astype"
            | "sum"
            | "mean"
            | "std"
            | "var"
            | "min"
            | "max"
            | "round"
            | "any"
            | "all"
            | "copy"
            | "reshape"
            | "ravel"
            | "flatten"
            | "prod"
            | "cumsum"
            | "clip"
            | "argmax"
            | "argmin"
    )
}

/// The array or number at the other side of an operator.
fn operand(vm: &mut Vm, value: &Value) -> PyResult<Option<NdArray>> {
    Ok(match value {
        Value::Class(_) | Value::Function(_) | Value::Module(_) => None,
        Value::Instance(_) if super::scalar::without_dimensions(value).is_none() && value.as_sequence().is_none() => None,
        Value::Native(native) if native.downcast_ref::<NdArray>().is_none() => {
            let has_items = vm.has_attr(value, &crate::Name::new("toArray"))?;
            if has_items { Some(convert::to_array(vm, value, None)?) } else { None }
        }
        _ => Some(convert::to_array(vm, value, None)?),
    })
}

impl NativeObject for NdArray {
    fn class_name(&self) -> &str {
        "ndarray"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "shape" => convert::shape_value(&self.shape),
            "ndim" => Value::from(self.ndim()),
            "size" => Value::from(self.size()),
            "dtype" => {
                let data = self.data();
                Value::native(Dtype(data.kind(), print::dtype_name(&data)))
            }
            "itemsize" => Value::Int(if self.kind() == Kind::Bool { 1 } else { 8 }),
            "nbytes" => Value::from(self.size() * if self.kind() == Kind::Bool { 1 } else { 8 }),
            "T" => Value::native(self.transposed(&(0..self.ndim()).rev().collect::<Vec<_>>())),
            "flat" => Value::native(self.reshaped(vec![self.size()])),
            _ => return Ok(None),
        }))
    }

    fn binary(&self, vm: &mut Vm, _: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        if operator == Operator::DivMod {
            return Ok(None);
        }
        // A comparison is never handed over reflected: `1 < a` comes as `a > 1`.
        let Some(other) = operand(vm, other)? else { return Ok(None) };
        let (a, b) = if reflected { (&other, self) } else { (self, &other) };
        let result = arithmetic::binary(vm, operator, a, b)?;
        Ok(result.map(|array| convert::value(vm, array)))
    }

    fn inplace(&self, vm: &mut Vm, this: &Value, operator: Operator, other: &Value) -> PyResult<Option<Value>> {
        let Some(other) = operand(vm, other)? else { return Ok(None) };
        let Some(result) = arithmetic::binary(vm, operator, self, &other)? else { return Ok(None) };
        if result.kind() > self.kind() {
            let name = match operator {
                Operator::Add => "add",
                Operator::Sub => "subtract",
                Operator::Mul => "multiply",
                Operator::Div => "divide",
                Operator::Pow => "power",
                _ => "floor_divide",
            };
            let class = vm.native_class("UFuncTypeError");
            let message = format!(
                "Cannot cast ufunc '{name}' output from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                result.kind().name(),
                self.kind().name()
            );
            return Err(PyError::of(&class, vec![Value::str(message)]));
        }
        if result.shape != self.shape {
            return Err(PyError::value_error(format!(
                "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                super::array::shape_text(&self.shape),
                super::array::shape_text(&result.shape)
            )));
        }
        index::assign(self, &self.places(), &self.shape, &result)?;
        Ok(Some(this.clone()))
    }

    fn unary(&self, vm: &mut Vm, _: &Value, operator: UnaryOperator) -> PyResult<Option<Value>> {
        let result = arithmetic::unary(operator, self)?;
        Ok(Some(convert::value(vm, result)))
    }

    fn len(&self, _: &mut Vm) -> PyResult<Option<usize>> {
        match self.shape.first() {
            Some(length) => Ok(Some(*length)),
            None => Err(PyError::type_error("len() of unsized object")),
        }
    }

    fn iter(&self, vm: &mut Vm, _: &Value) -> PyResult<Option<Value>> {
        if self.ndim() == 0 {
            return Err(PyError::type_error("iteration over a 0-d array"));
        }
        let rows = convert::rows(vm, self);
        vm.iter(&Value::list(rows)).map(Some)
    }

    fn get_item(&self, vm: &mut Vm, _: &Value, key: &Value) -> PyResult<Option<Value>> {
        index::get(vm, self, key).map(Some)
    }

    fn set_item(&self, vm: &mut Vm, key: &Value, value: Value) -> PyResult<bool> {
        index::set(vm, self, key, &value)?;
        Ok(true)
    }

    fn contains(&self, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        let item = convert::to_array(vm, item, None)?;
        let equal = arithmetic::binary(vm, Operator::Eq, self, &item)?;
        Ok(equal.map(|array| arithmetic::truths(array.gather()).contains(&true)))
    }

    fn truth(&self, _: &mut Vm) -> PyResult<Option<bool>> {
        match self.size() {
            0 => Err(PyError::value_error(
                "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.",
            )),
            1 => Ok(arithmetic::truths(self.gather()).first().copied()),
            _ => Err(PyError::value_error("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")),
        }
    }

    fn hash(&self, _: &mut Vm) -> PyResult<Option<i64>> {
        Err(PyError::type_error("unhashable type: 'numpy.ndarray'"))
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        print::repr(vm, self, "array")
    }

    fn str(&self, vm: &mut Vm) -> PyResult<String> {
        print::text(vm, self)
    }
}

/// The array in `values[0]`.
pub(super) fn this(values: &[Value]) -> PyResult<&NdArray> {
    values[0].as_native::<NdArray>().ok_or_else(|| PyError::type_error("not a numpy.ndarray"))
}

fn axis(vm: &mut Vm, value: &Value, array: &NdArray) -> PyResult<Option<usize>> {
    if value.is_none() || (array.ndim() == 0 && matches!(value.as_i64(), Some(0 | -1))) {
        Ok(None)
    } else {
        convert::axis_of(vm, value, array.ndim()).map(Some)
    }
}

type Fold = fn(&NdArray, Option<usize>, bool) -> PyResult<NdArray>;

const FOLDS: &[(&str, &str, Fold)] = &[
    ("sum", "The sum of all items, or along an axis.", reduce::sum),
    ("prod", "The product of all items, or along an axis.", reduce::product),
    ("max", "The greatest item.", |array, axis, keep| reduce::extreme(array, axis, keep, true)),
    ("min", "The least item.", |array, axis, keep| reduce::extreme(array, axis, keep, false)),
    ("any", "Whether any item is true.", |array, axis, keep| Ok(reduce::truth(array, axis, keep, true))),
    ("all", "Whether all items are true.", |array, axis, keep| Ok(reduce::truth(array, axis, keep, false))),
    ("mean", "The mean of all items, or along an axis.", mean),
];

/// The sum over the count.
fn mean(array: &NdArray, axis: Option<usize>, keep: bool) -> PyResult<NdArray> {
    if array.kind() == Kind::Text {
        return Err(PyError::type_error("unsupported operand type(s) for /: 'str' and 'int'"));
    }
    let floats = NdArray { buffer: Rc::new(std::cell::RefCell::new(array.data().clone().cast(Kind::Float))), ..array.clone() };
    let sums = reduce::sum(&floats, axis, keep)?;
    let count = axis.map_or(array.size(), |axis| array.shape[axis]) as f64;
    Ok(NdArray::new(Buffer::Float(sums.gather().floats().into_iter().map(|sum| sum / count).collect()), sums.shape))
}

/// The mean of squared distances from the mean, with `ddof` fewer in the count.
fn variance(vm: &mut Vm, array: &NdArray, axis: Option<usize>, ddof: f64, keep: bool) -> PyResult<NdArray> {
    let centre = match axis {
        None => mean(array, None, false)?,
        Some(axis) => mean(array, Some(axis), true)?,
    };
    let Some(off) = arithmetic::binary(vm, Operator::Sub, array, &centre)? else { return Err(PyError::type_error("not numbers")) };
    let Some(squares) = arithmetic::binary(vm, Operator::Mul, &off, &off)? else { return Err(PyError::type_error("not numbers")) };
    let sums = reduce::sum(&squares, axis, keep)?;
    let count = (axis.map_or(array.size(), |axis| array.shape[axis]) as f64 - ddof).max(0.0);
    Ok(NdArray::new(Buffer::Float(sums.gather().floats().into_iter().map(|sum| sum / count).collect()), sums.shape))
}

/// A shape with at most one `-1`. Errors: `ValueError` when the sizes differ.
pub(super) fn reshape(vm: &mut Vm, array: &NdArray, shape: &Value) -> PyResult<NdArray> {
    let lengths = convert::shape_of(vm, shape)?;
    let misfit = || {
        let wanted: Vec<String> = lengths.iter().map(i64::to_string).collect();
        let wanted = if wanted.len() == 1 { format!("({},)", wanted[0]) } else { format!("({})", wanted.join(",")) };
        PyError::value_error(format!("cannot reshape array of size {} into shape {wanted}", array.size()))
    };
    let known: i64 = lengths.iter().filter(|&&length| length >= 0).product();
    let unknown = lengths.iter().filter(|&&length| length < 0).count();
    if unknown > 1 {
        return Err(PyError::value_error("can only specify one unknown dimension"));
    }
    let mut made = Vec::with_capacity(lengths.len());
    for &length in &lengths {
        made.push(if length >= 0 {
            length as usize
        } else if known > 0 && (array.size() as i64) % known == 0 {
            array.size() / known as usize
        } else {
            return Err(misfit());
        });
    }
    if made.iter().product::<usize>() != array.size() {
        return Err(misfit());
    }
    Ok(array.reshaped(made))
}

/// One argument that is a sequence, or several numbers.
fn spread(values: &Value) -> Value {
    match values {
        Value::Tuple(items) if items.0.len() == 1 && items.0[0].as_sequence().is_some() => items.0[0].clone(),
        other => other.clone(),
    }
}

/// Makes the classes of arrays and dtypes.
pub(super) fn classes(vm: &mut Vm) -> Rc<PyClass> {
    let dtype = ClassBuilder::new("dtype", "numpy").build();
    vm.register_class(&dtype);
    let casting = ClassBuilder::exception("UFuncTypeError", "numpy._core._exceptions", &vm.types.exception_named("TypeError")).build();
    vm.register_class(&casting);
    let mut builder = ClassBuilder::new("ndarray", "numpy").doc("Numbers in rows, columns and more dimensions.");
    for &(name, doc, fold) in FOLDS {
        builder = builder.method(&format!("{name}(self, axis=None, dtype=None, out=None, keepdims=False)"), doc, move |vm, values| {
            let array = this(&values)?;
            if name == "mean" && array.ndim() == 0 && !values[1].is_none() {
                convert::axis_of(vm, &values[1], 0)?;
            }
            let (axis, keep) = (axis(vm, &values[1], array)?, vm.truth(&values[4])?);
            let result = fold(array, axis, keep)?;
            Ok(convert::value(vm, result))
        });
    }
    for (name, doc, is_root) in [("var", "The variance.", false), ("std", "The standard deviation.", true)] {
        builder =
            builder.method(&format!("{name}(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False)"), doc, move |vm, values| {
                let array = this(&values)?;
                let (axis, ddof, keep) = (axis(vm, &values[1], array)?, vm.to_float(&values[4])?, vm.truth(&values[5])?);
                let mut result = variance(vm, array, axis, ddof, keep)?;
                if is_root {
                    result = arithmetic::map("sqrt", &result, f64::sqrt)?;
                }
                Ok(convert::value(vm, result))
            });
    }
    for (name, doc, largest) in [("argmax", "Where the greatest item is.", true), ("argmin", "Where the least item is.", false)] {
        builder = builder.method(&format!("{name}(self, axis=None, out=None)"), doc, move |vm, values| {
            let array = this(&values)?;
            let result = reduce::place(array, axis(vm, &values[1], array)?, largest)?;
            Ok(convert::value(vm, result))
        });
    }
    for (name, doc, multiply) in [("cumsum", "Sums of the items so far.", false), ("cumprod", "Products of the items so far.", true)] {
        builder = builder.method(&format!("{name}(self, axis=None, dtype=None, out=None)"), doc, move |vm, values| {
            let array = this(&values)?;
            Ok(Value::native(reduce::cumulative(array, axis(vm, &values[1], array)?, multiply)?))
        });
    }
    let class = builder
        .method("tolist(self)", "The items as nested lists.", |_, values| Ok(convert::to_list(this(&values)?)))
        .method("copy(self, order='C')", "A copy.", |_, values| Ok(Value::native(this(&values)?.copied())))
        .method("flatten(self, order='C')", "The items in one row, copied.", |_, values| {
            let array = this(&values)?;
            Ok(Value::native(NdArray::new(array.gather(), vec![array.size()])))
        })
        .method("ravel(self, order='C')", "The items in one row.", |_, values| {
            let array = this(&values)?;
            Ok(Value::native(array.reshaped(vec![array.size()])))
        })
        .method("reshape(self, *shape, order='C')", "The same items in another shape.", |vm, values| {
            let array = this(&values)?;
            Ok(Value::native(reshape(vm, array, &spread(&values[1]))?))
        })
        .method("transpose(self, *axes)", "The axes in another order.", |vm, values| {
            let array = this(&values)?;
            let axes = spread(&values[1]).as_sequence().unwrap_or_default();
            let axes: Vec<usize> = if axes.is_empty() || axes[0].is_none() {
                (0..array.ndim()).rev().collect()
            } else {
                axes.iter().map(|axis| convert::axis_of(vm, axis, array.ndim())).collect::<PyResult<_>>()?
            };
            let mut sorted = axes.clone();
            sorted.sort_unstable();
            if sorted != (0..array.ndim()).collect::<Vec<_>>() {
                return Err(PyError::value_error("axes don't match array"));
            }
            Ok(Value::native(array.transposed(&axes)))
        })
        .method("astype(self, dtype, copy=True)", "The items as another type.", |vm, values| {
            let array = this(&values)?;
            let kind = convert::kind_of(vm, &values[1])?.unwrap_or(Kind::Float);
            let buffer = match (array.gather(), kind) {
                (text @ Buffer::Text(_), Kind::Text) => text,
                (Buffer::Text(items), kind) => return convert::to_array(vm, &Value::list(items), Some(kind)).map(Value::native),
                (items, Kind::Text) => {
                    let mut texts = Vec::with_capacity(items.len());
                    for at in 0..items.len() {
                        texts.push(Value::str(vm.str(&convert::plain(&items, at))?));
                    }
                    Buffer::Text(texts)
                }
                (items, kind) => items.cast(kind),
            };
            Ok(Value::native(NdArray::new(buffer, array.shape.clone())))
        })
        .method("item(self, *args)", "One item as Python's own number.", |vm, values| {
            let array = this(&values)?;
            match spread(&values[1]).as_sequence().unwrap_or_default().as_slice() {
                [] if array.size() == 1 => Ok(convert::plain(&array.gather(), 0)),
                [] => Err(PyError::value_error("can only convert an array of size 1 to a Python scalar")),
                [flat] => {
                    let row = array.reshaped(vec![array.size()]);
                    let found = index::get(vm, &row, flat)?;
                    Ok(found.base().clone())
                }
                many => Ok(index::get(vm, array, &Value::tuple(many))?.base().clone()),
            }
        })
        .method("fill(self, value)", "Sets all items.", |vm, values| {
            let array = this(&values)?;
            let new = convert::to_array(vm, &values[1], Some(array.kind()))?;
            index::assign(array, &array.places(), &array.shape, &new)?;
            Ok(Value::None)
        })
        .method("round(self, decimals=0, out=None)", "The items rounded.", |vm, values| {
            let array = this(&values)?;
            let result = arithmetic::round(array, vm.index(&values[1])?);
            Ok(convert::value(vm, result))
        })
        .method("dot(self, b, out=None)", "The product with a vector or matrix.", |vm, values| super::dot(vm, &values[0], &values[1]))
        .method("sort(self, axis=-1)", "Sorts the array itself.", |vm, values| {
            let array = this(&values)?;
            let axis = convert::axis_of(vm, &values[1], array.ndim())?;
            let sorted = order::sort(vm, array, axis)?;
            index::assign(array, &array.places(), &array.shape, &sorted)?;
            Ok(Value::None)
        })
        .method("argsort(self, axis=-1, kind=None)", "The places of the items in order.", |vm, values| {
            let array = this(&values)?;
            let array = if array.ndim() == 0 { array.reshaped(vec![1]) } else { array.clone() };
            let axis = convert::axis_of(vm, &values[1], array.ndim())?;
            Ok(Value::native(order::argsort(vm, &array, axis)?))
        })
        .method("nonzero(self)", "The places of items that aren't zero, axis by axis.", |_, values| {
            if this(&values)?.ndim() == 0 {
                return Err(PyError::value_error(
                    "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.",
                ));
            }
            Ok(Value::tuple(super::nonzero(this(&values)?).into_iter().map(Value::native).collect::<Vec<_>>()))
        })
        .method("clip(self, min=None, max=None)", "The items within bounds.", |vm, values| {
            let mut array = this(&values)?.clone();
            for (bound, largest) in [(&values[1], true), (&values[2], false)] {
                if !bound.is_none() {
                    let bound = convert::to_array(vm, bound, None)?;
                    array = arithmetic::extreme(&array, &bound, largest)?;
                }
            }
            Ok(convert::value(vm, array))
        })
        .method("repeat(self, repeats, axis=None)", "Each item several times.", |vm, values| {
            let module = vm.import("numpy")?;
            vm.call_method(&module, "repeat", crate::Args::new(values))
        })
        .method("squeeze(self, axis=None)", "Without axes of length one.", |_, values| {
            let array = this(&values)?;
            let axes: Vec<usize> = (0..array.ndim()).filter(|&axis| array.shape[axis] != 1).collect();
            Ok(Value::native(array.transposed(&axes)))
        })
        .method("__array__(self, dtype=None)", "", |_, values| Ok(values[0].clone()))
        .method("__abs__(self)", "", |vm, values| {
            let result = arithmetic::absolute(this(&values)?)?;
            Ok(convert::value(vm, result))
        })
        .method("__float__(self)", "", |vm, values| Ok(Value::Float(vm.to_float(&single(&values)?)?)))
        .method("__int__(self)", "", |vm, values| crate::types::int_from(vm, &single(&values)?))
        .build();
    vm.register_class(&class);
    class
}

/// The only item.
fn single(values: &[Value]) -> PyResult<Value> {
    let array = this(values)?;
    if array.size() != 1 {
        return Err(PyError::type_error("only 0-dimensional arrays can be converted to Python scalars"));
    }
    Ok(convert::plain(&array.gather(), 0))
}
