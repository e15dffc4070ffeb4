//! Python functions of columns as lambdas of higher-order functions: `F.transform("xs", lambda x: x + 1)`.

use std::sync::Arc;

use kindling_frame::{AttributeId, Column, Expr};
use kindling_python::{Args, Parameter, ParameterKind, PyResult, Value, Vm};

use super::column::column_value;
use super::functions::column_of;
use crate::errors::{not_expected, spark_error};

/// Calls the function with a variable for each of its one to three parameters.
///
/// # Errors
/// As PySpark: `WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION`, `UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION`,
/// `HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN`; what the function itself raises.
pub(super) fn lambda(vm: &mut Vm, function: &Value, name: &str) -> PyResult<Column> {
    let parameters = parameters(vm, function, name)?;
    let shown = vm.get_attr_str(function, "__name__").ok().and_then(|n| n.as_str().map(str::to_owned)).unwrap_or_else(|| name.to_owned());
    if !(1..=3).contains(&parameters.len()) {
        let text =
            format!("Function `{shown}` should take between 1 and 3 arguments, but the provided function takes {}.", parameters.len());
        return Err(spark_error("PySparkValueError", "WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION", text));
    }
    if !parameters.iter().all(|p| matches!(p.kind, ParameterKind::Normal | ParameterKind::PositionalOnly)) {
        let text = format!("Function `{shown}` should use only POSITIONAL or POSITIONAL OR KEYWORD arguments.");
        return Err(spark_error("PySparkValueError", "UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION", text));
    }
    // A number that no other lambda has keeps the variables of nested ones apart.
    let number = AttributeId::fresh().to_string().replace('#', "");
    let names: Vec<Arc<str>> = ["x", "y", "z"].iter().take(parameters.len()).map(|n| format!("{n}_{number}").into()).collect();
    let args: Vec<Value> = names.iter().map(|n| column_value(Column::from(Expr::Variable(n.clone())))).collect();
    let result = vm.call(function, Args::new(args))?;
    match column_of(&result) {
        Some(body) => Ok(Expr::Lambda { params: names, body: body.expr().clone() }.into()),
        None => {
            let text = format!("Function `{shown}` should return Column, got {}.", vm.type_name(&result));
            Err(spark_error("PySparkValueError", "HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN", text))
        }
    }
}

fn parameters(vm: &mut Vm, function: &Value, name: &str) -> PyResult<Vec<Parameter>> {
    match function {
        Value::Function(function) => Ok(function.signature().parameters),
        Value::Builtin(builtin) if builtin.signature.is_some() => {
            Ok(builtin.signature.as_ref().map(|s| s.parameters.clone()).unwrap_or_default())
        }
        _ => Err(not_expected(vm, name, "a Python function of one to three columns", function)),
    }
}
