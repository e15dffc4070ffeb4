//! A small array of numbers, for what NumPy arrays are in PySpark: `vector.toArray()`, cluster centres, matrices.

use std::rc::Rc;

use kindling_python::{ClassBuilder, NativeObject, Operator, PyClass, PyError, PyResult, UnaryOperator, Value, Vm};

/// Numbers in one row, or in rows of equal length.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArrayObject {
    values: Vec<f64>,
    /// The length of a row; none for an array of one dimension.
    columns: Option<usize>,
}

impl ArrayObject {
    pub(crate) fn row(values: Vec<f64>) -> Self {
        Self { values, columns: None }
    }

    /// `values` row by row.
    pub(crate) fn matrix(values: Vec<f64>, columns: usize) -> Self {
        Self { values, columns: Some(columns) }
    }

    pub(crate) fn numbers(&self) -> &[f64] {
        &self.values
    }

    fn rows(&self) -> Vec<Value> {
        match self.columns {
            None => self.values.iter().copied().map(Value::Float).collect(),
            Some(columns) => self.values.chunks(columns.max(1)).map(|row| Value::native(Self::row(row.to_vec()))).collect(),
        }
    }

    fn list(&self) -> Value {
        match self.columns {
            None => Value::from(self.values.clone()),
            Some(columns) => Value::list(self.values.chunks(columns.max(1)).map(|row| Value::from(row.to_vec())).collect::<Vec<_>>()),
        }
    }

    fn shape(&self) -> Vec<usize> {
        match self.columns {
            None => vec![self.values.len()],
            Some(columns) => vec![self.values.len() / columns.max(1), columns],
        }
    }

    fn with(&self, values: Vec<f64>) -> Value {
        Value::native(Self { values, columns: self.columns })
    }
}

/// NumPy's layout of numbers: as few decimals as tell them apart, at most eight, the points below each other.
pub(crate) fn layout(values: &[f64]) -> Vec<String> {
    let finite = || values.iter().copied().filter(|v| v.is_finite() && *v != 0.0).map(f64::abs);
    let (most, least) = (finite().fold(0.0, f64::max), finite().fold(f64::INFINITY, f64::min));
    let scientific = most >= 1e8 || (least < 1e-4) || (most > 0.0 && most / least > 1000.0 && least < 1e-4);
    let texts: Vec<String> = values
        .iter()
        .map(|v| {
            if !v.is_finite() {
                if v.is_nan() {
                    "nan".to_owned()
                } else if *v > 0.0 {
                    "inf".to_owned()
                } else {
                    "-inf".to_owned()
                }
            } else if scientific {
                exponent(*v)
            } else {
                let short = format!("{v}");
                let decimals = short.split_once('.').map_or(0, |(_, f)| f.len()).min(8);
                let text = format!("{v:.decimals$}");
                if text.contains('.') { text.trim_end_matches('0').to_owned() } else { text + "." }
            }
        })
        .collect();
    if scientific {
        let width = texts.iter().map(String::len).max().unwrap_or(0);
        return texts.into_iter().map(|t| format!("{t:>width$}")).collect();
    }
    let before = |t: &str| t.find('.').unwrap_or(t.len());
    let whole = texts.iter().map(|t| before(t)).max().unwrap_or(0);
    let fraction = texts.iter().map(|t| t.len() - before(t)).max().unwrap_or(0);
    texts
        .into_iter()
        .map(|t| {
            let at = before(&t);
            format!("{}{t}{}", " ".repeat(whole - at), " ".repeat(fraction - (t.len() - at)))
        })
        .collect()
}

/// `1.5e-05` with at most eight decimals.
fn exponent(value: f64) -> String {
    let text = format!("{value:.8e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    // NumPy keeps one decimal at least.
    let mantissa = mantissa.trim_end_matches('0');
    let mantissa = if mantissa.ends_with('.') { format!("{mantissa}0") } else { mantissa.to_owned() };
    let power: i32 = power.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.unsigned_abs())
}

/// `array([1., 2.])` under another name than `array`.
pub(crate) fn bracketed(name: &str, values: &[f64], columns: Option<usize>) -> String {
    let texts = layout(values);
    match columns {
        None => format!("{name}([{}])", texts.join(", ")),
        Some(columns) => {
            let indent = " ".repeat(name.len() + 2);
            let rows: Vec<String> = texts.chunks(columns.max(1)).map(|row| format!("[{}]", row.join(", "))).collect();
            format!("{name}([{}])", rows.join(&format!(",\n{indent}")))
        }
    }
}

impl NativeObject for ArrayObject {
    fn class_name(&self) -> &str {
        "ndarray"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "shape" => Some(Value::tuple(self.shape().into_iter().map(Value::from).collect::<Vec<_>>())),
            "size" => Some(Value::from(self.values.len())),
            "ndim" => Some(Value::from(self.shape().len())),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        let other = match numbers(other) {
            Some(values) if values.len() == self.values.len() => values,
            Some(values) => {
                return Err(PyError::value_error(format!(
                    "operands could not be broadcast together with shapes ({},) ({},)",
                    self.values.len(),
                    values.len()
                )));
            }
            None => match other.as_f64() {
                Some(value) => vec![value; self.values.len()],
                None => return Ok(None),
            },
        };
        let pairs = self.values.iter().zip(&other).map(|(a, b)| if reflected { (*b, *a) } else { (*a, *b) });
        if let Some(compare) = comparison(operator) {
            return Ok(Some(Value::list(pairs.map(|(a, b)| Value::Bool(compare(a, b))).collect::<Vec<_>>())));
        }
        let Some(compute) = arithmetic(operator) else { return Ok(None) };
        Ok(Some(self.with(pairs.map(|(a, b)| compute(a, b)).collect())))
    }

    fn unary(&self, _vm: &mut Vm, _this: &Value, operator: UnaryOperator) -> PyResult<Option<Value>> {
        Ok(match operator {
            UnaryOperator::Neg => Some(self.with(self.values.iter().map(|v| -v).collect())),
            _ => None,
        })
    }

    fn len(&self, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(self.shape().first().copied())
    }

    fn iter(&self, vm: &mut Vm, _this: &Value) -> PyResult<Option<Value>> {
        vm.iter(&Value::list(self.rows())).map(Some)
    }

    /// `a[0]`, `a[0, 1]`, `a[1:]`
    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        if let Some(places) = key.as_sequence() {
            let mut found = Value::native(self.clone());
            for place in &places {
                found = vm.get_item(&found, place)?;
            }
            return Ok(Some(found));
        }
        if let Value::Slice(_) = key {
            let rows = vm.get_item(&Value::list(self.rows()), key)?;
            let values = rows
                .as_sequence()
                .unwrap_or_default()
                .iter()
                .flat_map(|row| numbers(row).unwrap_or_else(|| row.as_f64().into_iter().collect()))
                .collect();
            return Ok(Some(self.with(values)));
        }
        let rows = self.rows();
        let Some(i) = key.as_i64() else {
            return Err(PyError::index_error("only integers and slices (`:`) are valid indices"));
        };
        let at = if i < 0 { i + rows.len() as i64 } else { i };
        match usize::try_from(at).ok().and_then(|at| rows.get(at)) {
            Some(found) => Ok(Some(found.clone())),
            None => Err(PyError::index_error(format!("index {i} is out of bounds for axis 0 with size {}", rows.len()))),
        }
    }

    fn truth(&self, _vm: &mut Vm) -> PyResult<Option<bool>> {
        match self.values.as_slice() {
            [] => Ok(Some(false)),
            [one] => Ok(Some(*one != 0.0)),
            _ => Err(PyError::value_error("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")),
        }
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(bracketed("array", &self.values, self.columns))
    }

    fn str(&self, _vm: &mut Vm) -> PyResult<String> {
        let texts = layout(&self.values);
        Ok(match self.columns {
            None => format!("[{}]", texts.join(" ")),
            Some(columns) => {
                let rows: Vec<String> = texts.chunks(columns.max(1)).map(|row| format!("[{}]", row.join(" "))).collect();
                format!("[{}]", rows.join("\n "))
            }
        })
    }
}

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

fn comparison(operator: Operator) -> Option<fn(f64, f64) -> bool> {
    Some(match operator {
        Operator::Eq => |a, b| a == b,
        Operator::Ne => |a, b| a != b,
        Operator::Lt => |a, b| a < b,
        Operator::Le => |a, b| a <= b,
        Operator::Gt => |a, b| a > b,
        Operator::Ge => |a, b| a >= b,
        _ => return None,
    })
}

/// The numbers of an array, a vector, or a list of numbers.
pub(crate) fn numbers(value: &Value) -> Option<Vec<f64>> {
    if let Some(array) = value.as_native::<ArrayObject>() {
        return Some(array.values.clone());
    }
    if let Some(vector) = value.as_native::<crate::ml::linalg::VectorObject>() {
        return Some(vector.vector().to_dense());
    }
    if let Value::Range(range) = value {
        return Some((0..range.len()).map(|i| range.item(i) as f64).collect());
    }
    value.as_sequence()?.iter().map(Value::as_f64).collect()
}

/// One value of all numbers of an array.
type Fold = fn(&[f64]) -> Value;

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let mut builder = ClassBuilder::new("ndarray", "numpy")
        .doc("Numbers in a row or in rows.")
        .method("tolist(self)", "The numbers as a list.", |_, values| {
            Ok(values[0].as_native::<ArrayObject>().map_or(Value::None, ArrayObject::list))
        })
        .method("round(self, decimals=0)", "The numbers rounded.", |vm, values| {
            let Some(array) = values[0].as_native::<ArrayObject>() else { return Ok(Value::None) };
            let scale = libm::pow(10.0, crate::args::int(vm, &values[1], "decimals")? as f64);
            Ok(array.with(array.values.iter().map(|v| libm::rint(v * scale) / scale).collect()))
        });
    let folds: [(&str, &str, Fold); 8] = [
        ("sum", "The sum.", |v| Value::Float(v.iter().sum())),
        ("mean", "The mean.", |v| Value::Float(v.iter().sum::<f64>() / v.len() as f64)),
        ("max", "The greatest number.", |v| v.iter().copied().reduce(f64::max).map_or(Value::None, Value::Float)),
        ("min", "The least number.", |v| v.iter().copied().reduce(f64::min).map_or(Value::None, Value::Float)),
        ("argmax", "Where the greatest number is.", |v| place(v, |a, b| a > b)),
        ("argmin", "Where the least number is.", |v| place(v, |a, b| a < b)),
        ("any", "Whether any number is not zero.", |v| Value::Bool(v.iter().any(|x| *x != 0.0))),
        ("all", "Whether all numbers are not zero.", |v| Value::Bool(v.iter().all(|x| *x != 0.0))),
    ];
    for (name, doc, fold) in folds {
        builder = builder.method(&format!("{name}(self)"), doc, move |_, values| {
            Ok(values[0].as_native::<ArrayObject>().map_or(Value::None, |array| fold(&array.values)))
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}

/// The first place whose number wins over all others.
fn place(values: &[f64], wins: fn(f64, f64) -> bool) -> Value {
    (0..values.len()).reduce(|best, i| if wins(values[i], values[best]) { i } else { best }).map_or(Value::None, Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As NumPy 2 prints them.
    #[test]
    fn arrays_print_as_in_numpy() {
        assert_eq!(bracketed("array", &[1.0, 2.5, -3.0], None), "array([ 1. ,  2.5, -3. ])");
        assert_eq!(bracketed("array", &[1.0, 3.0, 2.0, 4.0], Some(2)), "array([[1., 3.],\n       [2., 4.]])");
        assert_eq!(bracketed("array", &[0.123_456_789_12, 10.0], None), "array([ 0.12345679, 10.        ])");
        assert_eq!(bracketed("array", &[1e-5, 1.5], None), "array([1.0e-05, 1.5e+00])");
    }
}
