//! NumPy's arrays in PySpark: `vector.toArray()`, cluster centres, matrices.

use kindling_python::{Operator, Value, Vm};

pub(crate) use kindling_python::NdArray as ArrayObject;

pub(crate) fn arithmetic(operator: Operator) -> Option<fn(f64, f64) -> f64> {
    Some(match operator {
        Operator::Add => |a, b| a + b,
        Operator::Sub => |a, b| a - b,
        Operator::Mul => |a, b| a * b,
        Operator::Div => |a, b| a / b,
        Operator::Mod => |a, b| a - b * libm::floor(a / b),
        Operator::Pow => libm::pow,
        Operator::FloorDiv => |a, b| libm::floor(a / b),
        _ => return None,
    })
}

/// The numbers of an array, a vector, or a list of numbers.
pub(crate) fn numbers(value: &Value) -> Option<Vec<f64>> {
    if let Some(array) = value.as_native::<ArrayObject>() {
        return array.numbers();
    }
    if let Some(vector) = value.as_native::<crate::ml::linalg::VectorObject>() {
        return Some(vector.vector().to_dense());
    }
    if let Value::Range(range) = value {
        return Some((0..range.len()).map(|i| range.item(i) as f64).collect());
    }
    value.as_sequence()?.iter().map(Value::as_f64).collect()
}

/// Makes the class of arrays, which `numpy` shares.
pub(crate) fn install(vm: &mut Vm) {
    let loaded = vm.import("_numpy");
    debug_assert!(loaded.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As NumPy 2 prints them.
    #[test]
    fn arrays_print_as_in_numpy() {
        let mut interpreter = kindling_python::Interpreter::new(crate::reference::Paper::default());
        let vm = interpreter.vm();
        install(vm);
        let mut printed = |array: ArrayObject| vm.repr(&Value::native(array)).expect("text");
        assert_eq!(printed(ArrayObject::row(vec![1.0, 2.5, -3.0])), "array([ 1. ,  2.5, -3. ])");
        assert_eq!(printed(ArrayObject::matrix(vec![1.0, 3.0, 2.0, 4.0], 2)), "array([[1., 3.],\n       [2., 4.]])");
        assert_eq!(printed(ArrayObject::row(vec![0.123_456_789_12, 10.0])), "array([ 0.12345679, 10.        ])");
        assert_eq!(printed(ArrayObject::row(vec![1e-5, 1.5])), "array([1.0e-05, 1.5e+00])");
    }
}
