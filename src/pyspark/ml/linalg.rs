//! `pyspark.ml.linalg`: vectors.

use kindling_linalg::{SparseVector, Vector};
use kindling_python::{ClassBuilder, NativeObject, Operator, PyError, PyModule, PyResult, UnaryOperator, Value, Vm, float_repr};

use crate::args;
use crate::array::{ArrayObject, arithmetic, numbers};

const MODULE: &str = "pyspark.ml.linalg";

pub(crate) struct VectorObject(Vector);

impl VectorObject {
    pub(crate) fn vector(&self) -> &Vector {
        &self.0
    }
}

pub(crate) fn vector_value(vector: Vector) -> Value {
    Value::native(VectorObject(vector))
}

/// The vector of an argument: a vector, or a list of numbers.
pub(crate) fn vector_of(value: &Value) -> Option<Vector> {
    match value.as_native::<VectorObject>() {
        Some(object) => Some(object.0.clone()),
        None => numbers(value).map(Vector::Dense),
    }
}

impl NativeObject for VectorObject {
    fn class_name(&self) -> &str {
        match self.0 {
            Vector::Dense(_) => "DenseVector",
            Vector::Sparse(_) => "SparseVector",
        }
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match (name, &self.0) {
            ("size", vector) => Some(Value::from(vector.size())),
            ("values" | "array", Vector::Dense(values)) => Some(Value::native(ArrayObject::row(values.clone()))),
            ("values", Vector::Sparse(v)) => Some(Value::native(ArrayObject::row(v.values().to_vec()))),
            ("indices", Vector::Sparse(v)) => Some(Value::list(v.indices().iter().map(|i| Value::from(*i)).collect::<Vec<_>>())),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        if matches!(operator, Operator::Eq | Operator::Ne) {
            let same = other.as_native::<Self>().is_some_and(|other| self.0 == other.0);
            return Ok(Some(Value::Bool(same == (operator == Operator::Eq))));
        }
        let (Vector::Dense(values), Some(compute)) = (&self.0, arithmetic(operator)) else { return Ok(None) };
        let right = match other.as_f64() {
            Some(number) => vec![number; values.len()],
            None => match numbers(other) {
                Some(right) if right.len() == values.len() => right,
                Some(right) => {
                    let text = format!("operands could not be broadcast together with shapes ({},) ({},) ", values.len(), right.len());
                    return Err(PyError::value_error(text));
                }
                None => return Ok(None),
            },
        };
        let pairs = values.iter().zip(&right);
        let result = pairs.map(|(a, b)| if reflected { compute(*b, *a) } else { compute(*a, *b) });
        Ok(Some(vector_value(Vector::Dense(result.collect()))))
    }

    fn unary(&self, _vm: &mut Vm, _this: &Value, operator: UnaryOperator) -> PyResult<Option<Value>> {
        match (&self.0, operator) {
            (Vector::Dense(values), UnaryOperator::Neg) => Ok(Some(vector_value(Vector::Dense(values.iter().map(|v| -v).collect())))),
            _ => Ok(None),
        }
    }

    fn len(&self, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.0.size()))
    }

    fn iter(&self, vm: &mut Vm, _this: &Value) -> PyResult<Option<Value>> {
        vm.iter(&Value::from(self.0.to_dense())).map(Some)
    }

    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        let size = self.0.size();
        if let Value::Slice(_) = key {
            let part = vm.get_item(&Value::from(self.0.to_dense()), key)?;
            return Ok(Some(Value::native(ArrayObject::row(numbers(&part).unwrap_or_default()))));
        }
        let i = match key.as_i64() {
            Some(i) => i,
            None => {
                return Err(PyError::index_error(format!("Indices must be of type integer, got type {}", vm.class_of(key).full_name())));
            }
        };
        let at = if i < 0 { i + size as i64 } else { i };
        match usize::try_from(at).ok().filter(|at| *at < size) {
            Some(at) => Ok(Some(Value::Float(self.0.as_ref().get(at)))),
            None => Err(PyError::index_error(match self.0 {
                Vector::Dense(_) => format!("index {i} is out of bounds for axis 0 with size {size}"),
                Vector::Sparse(_) => format!("Index {i} out of bounds."),
            })),
        }
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(match &self.0 {
            Vector::Dense(values) => format!("DenseVector([{}])", values.iter().map(|v| four_places(*v)).collect::<Vec<_>>().join(", ")),
            Vector::Sparse(v) => {
                let entries = v.indices().iter().zip(v.values()).map(|(i, v)| format!("{i}: {}", four_places(*v)));
                format!("SparseVector({}, {{{}}})", v.size(), entries.collect::<Vec<_>>().join(", "))
            }
        })
    }

    fn str(&self, _vm: &mut Vm) -> PyResult<String> {
        let list = |values: &[f64]| values.iter().map(|v| float_repr(*v)).collect::<Vec<_>>().join(",");
        Ok(match &self.0 {
            Vector::Dense(values) => format!("[{}]", list(values)),
            Vector::Sparse(v) => {
                let indices: Vec<String> = v.indices().iter().map(ToString::to_string).collect();
                format!("({},[{}],[{}])", v.size(), indices.join(","), list(v.values()))
            }
        })
    }

    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        let active = self.0.as_ref().active().filter(|(_, v)| *v != 0.0).map(|(i, v)| Value::tuple([Value::from(i), Value::Float(v)]));
        let key = Value::tuple(active.collect::<Vec<_>>());
        vm.hash(&key).map(Some)
    }
}

/// PySpark shows four decimals of a vector's numbers.
pub(super) fn four_places(value: f64) -> String {
    let text = float_repr(libm::rint(value * 1e4) / 1e4);
    if value.abs() >= 1e11 { float_repr(value) } else { text }
}

fn this(value: &Value) -> PyResult<&Vector> {
    value.as_native::<VectorObject>().map(|object| &object.0).ok_or_else(|| PyError::type_error("not a vector"))
}

fn other(vm: &mut Vm, size: usize, value: &Value) -> PyResult<Vector> {
    match vector_of(value) {
        Some(vector) if vector.size() == size => Ok(vector),
        Some(_) => Err(PyError::new("AssertionError", "dimension mismatch")),
        None => Err(PyError::type_error(format!("Cannot treat type {} as a vector", vm.class_of(value).full_name()))),
    }
}

/// Makes the module.
pub(crate) fn install(vm: &mut Vm) {
    let base = ClassBuilder::new("Vector", MODULE)
        .doc("A vector of numbers.")
        .method("toArray(self)", "The numbers as an array.", |_, values| Ok(Value::native(ArrayObject::row(this(&values[0])?.to_dense()))))
        .method("numNonzeros(self)", "How many numbers are not zero.", |_, values| Ok(Value::from(this(&values[0])?.as_ref().nonzeros())))
        .method("dot(self, other)", "The dot product with another vector.", |vm, values| {
            let vector = this(&values[0])?;
            if let Some(array) = values[1].as_native::<ArrayObject>()
                && let [rows, columns] = *array.shape()
            {
                let numbers = array.numbers().filter(|_| rows == vector.size());
                let numbers = numbers.ok_or_else(|| PyError::new("AssertionError", "dimension mismatch"))?;
                let product = |j: usize| vector.as_ref().active().map(|(i, v)| v * numbers[i * columns + j]).sum();
                return Ok(Value::native(ArrayObject::row((0..columns).map(product).collect())));
            }
            let other = other(vm, vector.size(), &values[1])?;
            Ok(Value::Float(vector.as_ref().dot(&other.to_dense())))
        })
        .method("squared_distance(self, other)", "The square of the distance to another vector.", |vm, values| {
            let vector = this(&values[0])?;
            let other = other(vm, vector.size(), &values[1])?;
            Ok(Value::Float(vector.to_dense().iter().zip(other.to_dense()).map(|(a, b)| (a - b) * (a - b)).sum()))
        })
        .method("norm(self, p)", "The p-norm: 1, 2 or float('inf').", |vm, values| norm(vm, this(&values[0])?, &values[1]))
        .build();
    let dense = ClassBuilder::new("DenseVector", MODULE)
        .base(&base)
        .doc("A vector with all its numbers stored.")
        .constructor("(ar)", |vm, _, values| dense_vector(vm, &values[0]))
        .build();
    let sparse = ClassBuilder::new("SparseVector", MODULE)
        .base(&base)
        .doc("A vector with the numbers stored that are not zero.")
        .constructor("(size, *args)", |vm, _, values| sparse_vector(vm, &values[0], &values[1]))
        .build();
    let vectors = ClassBuilder::new("Vectors", MODULE)
        .doc("Makes vectors.")
        .static_method("dense(*elements)", "A dense vector of numbers, or of a list of them.", |vm, values| {
            let items = values[0].as_sequence().unwrap_or_default();
            match items.as_slice() {
                [one] if one.as_f64().is_none() => dense_vector(vm, one),
                _ => dense_vector(vm, &values[0]),
            }
        })
        .static_method(
            "sparse(size, *args)",
            "A sparse vector: of a dict, of pairs, or of two lists, the positions and the values.",
            |vm, values| sparse_vector(vm, &values[0], &values[1]),
        )
        .static_method("zeros(size)", "A dense vector of zeros.", |vm, values| {
            Ok(vector_value(Vector::Dense(vec![0.0; args::count(vm, &values[0], "size")?])))
        })
        .static_method("norm(vector, p)", "The p-norm of a vector.", |vm, values| norm(vm, this(&values[0])?, &values[1]))
        .static_method("squared_distance(v1, v2)", "The square of the distance of two vectors.", |vm, values| {
            vm.call_method(&values[0], "squared_distance", kindling_python::Args::new([values[1].clone()]))
        })
        .build();
    for class in [&base, &dense, &sparse, &vectors] {
        vm.register_class(class);
    }
    let udt = vm.native_class("VectorUDT");
    let module = PyModule::new(MODULE).doc("Vectors and matrices.");
    vm.add_module(
        module.with("Vector", base).with("DenseVector", dense).with("SparseVector", sparse).with("Vectors", vectors).with("VectorUDT", udt),
    );
}

fn dense_vector(vm: &mut Vm, value: &Value) -> PyResult<Value> {
    if let Some(values) = numbers(value) {
        return Ok(vector_value(Vector::Dense(values)));
    }
    let items = vm.collect(value)?;
    let values = items.iter().map(|item| vm.to_float(item)).collect::<PyResult<Vec<_>>>()?;
    Ok(vector_value(Vector::Dense(values)))
}

/// `sparse(4, {1: 2.0})`, `sparse(4, [(1, 2.0)])`, `sparse(4, [1], [2.0])`
fn sparse_vector(vm: &mut Vm, size: &Value, rest: &Value) -> PyResult<Value> {
    let size = args::count(vm, size, "size")?;
    let rest = rest.as_sequence().unwrap_or_default();
    let mut pairs: Vec<(i64, f64)> = Vec::new();
    let two_lists = rest.len() == 2;
    match rest.as_slice() {
        [indices, values] => {
            let (indices, values) = (vm.collect(indices)?, vm.collect(values)?);
            if indices.len() != values.len() {
                return Err(PyError::new("AssertionError", "index and value arrays not same length"));
            }
            for (i, v) in indices.iter().zip(&values) {
                pairs.push((vm.index(i)?, vm.to_float(v)?));
            }
        }
        [one] => {
            let entries = match one.as_dict() {
                Some(dict) => dict.items(),
                None => {
                    let mut entries = Vec::new();
                    for item in vm.collect(one)? {
                        match vm.collect(&item)?.as_slice() {
                            [i, v] => entries.push((i.clone(), v.clone())),
                            _ => return Err(PyError::value_error("a sparse vector takes pairs of a position and a value")),
                        }
                    }
                    entries
                }
            };
            for (i, v) in &entries {
                pairs.push((vm.index(i)?, vm.to_float(v)?));
            }
            pairs.sort_by_key(|(i, _)| *i);
        }
        _ => return Err(PyError::new("AssertionError", "must pass either 2 or 3 arguments")),
    }
    if let Some(pair) = pairs.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        let text = if two_lists {
            format!("Indices {} and {} are not strictly increasing", pair[0].0, pair[1].0)
        } else {
            format!("Index {} appears twice", pair[0].0)
        };
        return Err(PyError::type_error(text));
    }
    if let Some((bad, _)) = pairs.iter().find(|(i, _)| *i < 0) {
        return Err(PyError::new("AssertionError", format!("Contains negative index {bad}")));
    }
    if let Some((bad, _)) = pairs.iter().find(|(i, _)| usize::try_from(*i).map_or(true, |i| i >= size)) {
        return Err(PyError::new("AssertionError", format!("Index {bad} is out of the size of vector with size={size}")));
    }
    let (indices, values) = pairs.into_iter().map(|(i, v)| (i32::try_from(i).unwrap_or(i32::MAX), v)).unzip();
    let vector = SparseVector::new(size, indices, values).map_err(|error| crate::errors::raised_plain(&error))?;
    Ok(vector_value(Vector::Sparse(vector)))
}

fn norm(vm: &mut Vm, vector: &Vector, p: &Value) -> PyResult<Value> {
    let p = args::float(vm, p, "p")?;
    let sizes = vector.as_ref().active().map(|(_, v)| v.abs());
    Ok(Value::Float(if p == 1.0 {
        sizes.sum()
    } else if p == 2.0 {
        libm::sqrt(sizes.map(|v| v * v).sum())
    } else if p == f64::INFINITY {
        sizes.fold(0.0, f64::max)
    } else {
        libm::pow(sizes.map(|v| libm::pow(v, p)).sum(), 1.0 / p)
    }))
}
