use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use crate::coerce::{described, literal, text, unify, wrong_type};
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows_with_nulls(
        "named_struct",
        "A struct of names and values, given in turns.",
        params!("*cols"),
        |args| {
            if args.is_empty() || !args.len().is_multiple_of(2) {
                let text = format!("The `named_struct` requires 2n (n > 0) parameters but the actual number is {}.", args.len());
                return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
            }
            let mut fields = Vec::new();
            for i in (0..args.len()).step_by(2) {
                let name = literal("named_struct", args, i)?
                    .and_then(Value::as_str)
                    .ok_or_else(|| wrong_type("named_struct", args, i, "STRING"))?;
                fields.push(Field::new(name, args[i + 1].data_type.clone(), args[i + 1].nullable));
            }
            Ok(Outcome::new(DataType::Struct(fields), false))
        },
        |c| Ok(made(c.result, c.values.iter().skip(1).step_by(2).cloned().collect())),
    ),
    Function::rows_with_nulls(
        "arrays_zip",
        "An array of structs of the arrays' elements at the same places; nulls where an array has ended.",
        params!("*cols"),
        |args| {
            let mut fields = Vec::new();
            for (i, arg) in args.iter().enumerate() {
                let DataType::Array(element, _) = &arg.data_type else { return Err(wrong_type("arrays_zip", args, i, "ARRAY")) };
                let name = match &arg.kind {
                    Kind::Attribute(_, name) => name.to_string(),
                    Kind::Call { function, args, .. } if matches!(function.name, "getfield" | "named") => {
                        args.get(1).map_or_else(String::new, text)
                    }
                    _ => i.to_string(),
                };
                fields.push(Field::new(name, (**element).clone(), true));
            }
            Ok(Outcome::strict(DataType::Array(DataType::Struct(fields).into(), false), args))
        },
        zip,
    ),
    Function::rows_with_nulls(STACK, "The rows of stack as an array of structs.", params!("*cols"), resolve_stack, |c| {
        let DataType::Array(row, _) = c.result else { return Ok(Value::Null) };
        let DataType::Struct(fields) = &**row else { return Ok(Value::Null) };
        let count = c.long(0).max(0) as usize;
        let cell = |at: usize, column: usize| c.values.get(1 + at * fields.len() + column).cloned().unwrap_or(Value::Null);
        Ok(Value::Array((0..count).map(|at| made(row, (0..fields.len()).map(|column| cell(at, column)).collect())).collect()))
    }),
];

/// What `stack` gives before it is made into rows; not a name that anybody can write.
pub(in super::super) const STACK: &str = "stack:rows";

fn made(data_type: &DataType, values: Vec<Value>) -> Value {
    let DataType::Struct(fields) = data_type else { return Value::Null };
    let names: Arc<[Arc<str>]> = fields.iter().map(|f| f.name.clone()).collect();
    Value::Struct(Row { names, values })
}

fn zip(c: &Cells<'_>) -> Result<Value> {
    if c.values.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    let DataType::Array(row, _) = c.result else { return Ok(Value::Null) };
    let longest = (0..c.values.len()).map(|i| c.items(i).len()).max().unwrap_or(0);
    let cell = |at: usize, i: usize| c.items(i).get(at).cloned().unwrap_or(Value::Null);
    Ok(Value::Array((0..longest).map(|at| made(row, (0..c.values.len()).map(|i| cell(at, i)).collect())).collect()))
}

/// `stack(n, v1, v2, …)`: the values fill n rows, column by column of one type.
fn resolve_stack(args: &mut [Typed]) -> Result<Outcome> {
    let rows = literal("stack", args, 0)?.and_then(Value::as_i64).unwrap_or(0);
    if rows < 1 {
        let text = format!("Cannot resolve {}: the number of rows must be positive, but it is {rows}.", described("stack", args));
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"));
    }
    let width = (args.len() - 1).div_ceil(rows as usize);
    let mut fields = Vec::new();
    for column in 0..width {
        let places: Vec<usize> = (1 + column..args.len()).step_by(width).collect();
        let mut cells: Vec<Typed> = places.iter().map(|p| args[*p].clone()).collect();
        let data_type = unify("stack", &mut cells).map_err(|e| e.with_condition("DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES"))?;
        let nullable = cells.iter().any(|c| c.nullable) || places.len() < rows as usize;
        places.into_iter().zip(cells).for_each(|(p, c)| args[p] = c);
        fields.push(Field::new(format!("col{column}"), data_type, nullable));
    }
    Ok(Outcome::new(DataType::Array(DataType::Struct(fields).into(), false), false))
}
