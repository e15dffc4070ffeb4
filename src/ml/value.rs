//! A value on its way between Python and the engine: of a param, of a model's attribute, of an argument.

use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::{Matrix, Vector};

use crate::param::ParamMap;
use crate::stage::{Object, Opaque, Stage};

/// What params hold and members of models give.
#[derive(Clone)]
pub enum MlValue {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    /// Python's `bytes`, which only members give.
    Bytes(Arc<[u8]>),
    Vector(Vector),
    /// Plain numbers where PySpark gives a NumPy array.
    Array(Vec<f64>),
    Matrix(Matrix),
    List(Vec<MlValue>),
    /// A Python tuple, which only members give.
    Tuple(Vec<MlValue>),
    /// A Python dict, in its order.
    Map(Vec<(MlValue, MlValue)>),
    DataFrame(DataFrame),
    /// An estimator, transformer, model or evaluator.
    Stage(Stage),
    /// A summary, or another thing with members alone.
    Object(Arc<dyn Object>),
    ParamMap(ParamMap),
    /// A value of a param that is declared outside the engine.
    Opaque(Opaque),
}

impl MlValue {
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether it is or holds a stage that is written outside the engine.
    pub fn has_foreign(&self) -> bool {
        match self {
            Self::Stage(stage) => stage.is_foreign(),
            Self::List(values) => values.iter().any(Self::has_foreign),
            Self::ParamMap(map) => map.iter().any(|(_, value)| value.has_foreign()),
            _ => false,
        }
    }

    /// The numbers of a list or vector.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::List(values) => values.iter().map(Self::as_f64).collect(),
            Self::Vector(vector) => Some(vector.to_dense()),
            Self::Array(values) => Some(values.clone()),
            _ => None,
        }
    }

    /// The strings of a list.
    pub fn texts(&self) -> Option<Vec<Arc<str>>> {
        match self {
            Self::List(values) => values.iter().map(|value| if let Self::Text(text) = value { Some(text.clone()) } else { None }).collect(),
            _ => None,
        }
    }

    pub fn floats(values: impl IntoIterator<Item = f64>) -> Self {
        Self::List(values.into_iter().map(Self::Float).collect())
    }

    /// `<class 'int'>`, as Python prints a value's type.
    pub fn python_type(&self) -> &'static str {
        match self {
            Self::None => "<class 'NoneType'>",
            Self::Bool(_) => "<class 'bool'>",
            Self::Int(_) => "<class 'int'>",
            Self::Float(_) => "<class 'float'>",
            Self::Text(_) => "<class 'str'>",
            Self::Bytes(_) => "<class 'bytes'>",
            Self::Vector(Vector::Dense(_)) => "<class 'pyspark.ml.linalg.DenseVector'>",
            Self::Vector(Vector::Sparse(_)) => "<class 'pyspark.ml.linalg.SparseVector'>",
            Self::Array(_) => "<class 'numpy.ndarray'>",
            Self::Matrix(_) => "<class 'pyspark.ml.linalg.DenseMatrix'>",
            Self::List(_) => "<class 'list'>",
            Self::Tuple(_) => "<class 'tuple'>",
            Self::Map(_) | Self::ParamMap(_) => "<class 'dict'>",
            Self::DataFrame(_) => "<class 'pyspark.sql.dataframe.DataFrame'>",
            Self::Stage(_) | Self::Object(_) | Self::Opaque(_) => "<class 'object'>",
        }
    }
}

/// As Python prints it.
impl std::fmt::Debug for MlValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::param::python_str(self))
    }
}

impl From<bool> for MlValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for MlValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for MlValue {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<f64> for MlValue {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for MlValue {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for MlValue {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<Arc<str>> for MlValue {
    fn from(value: Arc<str>) -> Self {
        Self::Text(value)
    }
}

impl From<Vector> for MlValue {
    fn from(value: Vector) -> Self {
        Self::Vector(value)
    }
}

impl From<Matrix> for MlValue {
    fn from(value: Matrix) -> Self {
        Self::Matrix(value)
    }
}

impl From<DataFrame> for MlValue {
    fn from(value: DataFrame) -> Self {
        Self::DataFrame(value)
    }
}

impl From<Stage> for MlValue {
    fn from(value: Stage) -> Self {
        Self::Stage(value)
    }
}

impl From<Arc<dyn Object>> for MlValue {
    fn from(value: Arc<dyn Object>) -> Self {
        Self::Object(value)
    }
}

impl<T: Into<MlValue>> From<Vec<T>> for MlValue {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<MlValue>, const N: usize> From<[T; N]> for MlValue {
    fn from(values: [T; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
