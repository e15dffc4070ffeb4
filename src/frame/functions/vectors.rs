//! Vectors as arrays of floats: `vector_inner_product` and the like.

use kindling_partition::{Error, Result};

use super::declare::{Cells, Function, Outcome, params};
use crate::coerce::{expect, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "unwrap_udt",
        "A vector as the struct that it is kept as.",
        params!("col"),
        |args| match args[0].data_type {
            DataType::Vector => Ok(Outcome::new(DataType::Struct(crate::types::vector_fields()), args[0].nullable)),
            _ => Err(wrong_type("unwrap_udt", args, 0, "USERDEFINEDTYPE")),
        },
        |args| args.args[0].expand(args.rows),
    ),
    Function::rows(
        "vector_inner_product",
        "The inner product of two arrays of floats.",
        params!("left", "right"),
        |a| two("vector_inner_product", a),
        |c| both(c, "vector_inner_product", |a, b| Some(sum(a, b, |x, y| x * y))),
    ),
    Function::rows(
        "vector_l2_distance",
        "The Euclidean distance of two arrays of floats.",
        params!("left", "right"),
        |a| two("vector_l2_distance", a),
        |c| both(c, "vector_l2_distance", |a, b| Some(libm::sqrt(sum(a, b, |x, y| (x - y) * (x - y))))),
    ),
    Function::rows(
        "vector_cosine_similarity",
        "The cosine of the angle between two arrays of floats; null for one of zeros.",
        params!("left", "right"),
        |a| two("vector_cosine_similarity", a),
        |c| {
            both(c, "vector_cosine_similarity", |a, b| {
                let lengths = libm::sqrt(sum(a, a, |x, y| x * y) * sum(b, b, |x, y| x * y));
                if lengths == 0.0 { None } else { Some(sum(a, b, |x, y| x * y) / lengths) }
            })
        },
    ),
    Function::rows(
        "vector_norm",
        "The norm of an array of floats: of degree 1, 2 (when nothing is said) or infinity.",
        params!("vector", "~degree"),
        |args| {
            one("vector_norm", args)?;
            Ok(Outcome::new(DataType::Float, true))
        },
        |c| match floats(c, 0) {
            Some(a) => Ok(Value::Float(norm(&a, c, "vector_norm")? as f32)),
            None => Ok(Value::Null),
        },
    ),
    Function::rows(
        "vector_normalize",
        "The array of floats divided by its norm; null for one of zeros.",
        params!("vector", "~degree"),
        |args| {
            one("vector_normalize", args)?;
            Ok(Outcome::new(DataType::Array(DataType::Float.into(), false), true))
        },
        |c| {
            let Some(a) = floats(c, 0) else { return Ok(Value::Null) };
            let norm = norm(&a, c, "vector_normalize")?;
            if norm == 0.0 && !a.is_empty() {
                return Ok(Value::Null);
            }
            Ok(Value::Array(a.iter().map(|x| Value::Float((x / norm) as f32)).collect()))
        },
    ),
];

fn is_floats(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Array(element, _) if **element == DataType::Float)
}

fn two(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..2 {
        if !is_floats(&args[i].data_type) {
            return Err(wrong_type(name, args, i, "ARRAY<FLOAT>"));
        }
    }
    Ok(Outcome::new(DataType::Float, true))
}

fn one(name: &str, args: &mut [Typed]) -> Result<()> {
    if !is_floats(&args[0].data_type) {
        return Err(wrong_type(name, args, 0, "ARRAY<FLOAT>"));
    }
    expect(name, args, 1, &DataType::Double)
}

fn floats(c: &Cells<'_>, i: usize) -> Option<Vec<f64>> {
    c.items(i).iter().map(Value::as_f64).collect()
}

fn sum(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    a.iter().zip(b).map(|(x, y)| f(*x, *y)).sum()
}

fn both(c: &Cells<'_>, name: &str, f: impl Fn(&[f64], &[f64]) -> Option<f64>) -> Result<Value> {
    let (left, right) = (c.items(0).len(), c.items(1).len());
    if left != right {
        let text = format!("Vectors passed to {name} must have the same dimension, but got {left} and {right}.");
        return Err(Error::runtime(text).with_condition("VECTOR_DIMENSION_MISMATCH"));
    }
    let (Some(a), Some(b)) = (floats(c, 0), floats(c, 1)) else { return Ok(Value::Null) };
    Ok(f(&a, &b).map_or(Value::Null, |v| Value::Float(v as f32)))
}

fn norm(a: &[f64], c: &Cells<'_>, name: &str) -> Result<f64> {
    let degree = if c.values.len() > 1 { c.double(1) } else { 2.0 };
    if degree == 1.0 {
        Ok(a.iter().map(|x| libm::fabs(*x)).sum())
    } else if degree == 2.0 {
        Ok(libm::sqrt(sum(a, a, |x, y| x * y)))
    } else if degree == f64::INFINITY {
        Ok(a.iter().fold(0.0, |m, x| libm::fabs(*x).max(m)))
    } else {
        let text = format!("The degree of {name} must be 1.0, 2.0 or positive infinity, but is {degree}.");
        Err(Error::runtime(text).with_condition("INVALID_VECTOR_NORM_DEGREE"))
    }
}
